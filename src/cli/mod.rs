//! The `gradus` command: its contract stands in docs/exit-codes.md and in the help of each command.
//!
//! The language is found before the arguments are read, so that help and a usage error, too, are told in it. stdout carries the
//! result and nothing else; what is told to people meanwhile goes to stderr.

pub mod args;
mod book;
pub mod cmd;
mod compare;
mod coverage;
mod customer;
mod examples;
mod exit;
mod gate;
mod impact;
mod input;
mod kept;
mod lanes;
mod lang;
mod last;
mod logbook;
mod looking;
mod mending;
pub mod output;
mod policy;
mod released;
mod scope;
pub mod session;
mod snapshots;
mod strays;
pub mod table;
mod usage;
mod watch;
mod words;

use std::ffi::OsString;
use std::io::IsTerminal as _;

use clap::FromArgMatches as _;

use crate::review::approval::Password;
use crate::store::Disk;
pub use exit::Exit;
use session::{Failure, Session, Terminal};

/// Runs the command with the arguments, environment, disk and terminal of this process.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the command's own arguments and environment")]
pub fn main() -> Exit {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    // How far gradus.toml is looked for upwards.
    let depth = std::env::current_dir().map_or(0, |folder| folder.components().count().saturating_sub(1));
    let terminal = Terminal {
        stdout: std::io::stdout().is_terminal(),
        stderr: std::io::stderr().is_terminal(),
        no_color: variable("NO_COLOR").is_some(),
        stdin: std::io::stdin().is_terminal(),
        ci: variable("CI").is_some_and(|value| !matches!(value.as_str(), "false" | "0")),
        github: variable("GITHUB_ACTIONS").as_deref() == Some("true"),
        summary: variable("GITHUB_STEP_SUMMARY"),
        depth,
        key_password: variable("GRADUS_KEY_PASSWORD").map(Password),
    };
    let mut session = Session::new(&Disk, terminal, lang::of(&arguments, &variable));
    session.hear(lang::of_arguments(&arguments));
    if !lang::is_given(&arguments) {
        session.foresee(lang::config(&arguments).as_deref());
    }
    let exit = run(&arguments, &mut session).unwrap_or_else(|failure| session.fail(&failure));
    session.finish(exit)
}

fn run(arguments: &[OsString], session: &mut Session<'_>) -> Result<Exit, Failure> {
    let arguments = &help_as_option(arguments);
    let mut command = args::command(session.lang());
    let parsed = match command.try_get_matches_from_mut(arguments) {
        Ok(matches) => {
            args::Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
        }
        Err(error) => Err(error),
    };
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => return usage::answer(&error, arguments, &command, session),
    };
    session.begin(&arguments.global)?;
    match arguments.command {
        None => {
            session.write(&words::greeting(session.lang(), &command))?;
            Ok(Exit::Done)
        }
        Some(command) => cmd::run(&command, session),
    }
}

/// `gradus help decide`, as other tools have it, is `gradus decide --help`.
fn help_as_option(arguments: &[OsString]) -> Vec<OsString> {
    let mut asked = arguments.to_vec();
    if asked.get(1).is_some_and(|word| word == "help") {
        asked.remove(1);
        asked.push(OsString::from("--help"));
    }
    asked
}
