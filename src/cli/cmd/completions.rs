//! `completions SHELL`: what a shell needs to complete commands and options.

use clap_complete::Shell;

use crate::cli::session::{Failure, Session};
use crate::cli::{Exit, args};

/// Prints a completion script for a shell
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::command(session.lang()), "gradus", &mut script);
    session.write_bytes(&script)?;
    Ok(Exit::Done)
}
