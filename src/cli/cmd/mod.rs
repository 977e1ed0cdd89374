//! One command a file.

pub mod accept;
pub mod approve;
pub mod cases;
pub mod check;
pub mod completions;
pub mod decide;
pub mod diff;
pub mod explain;
pub mod fmt;
pub mod impact;
pub mod lint;
pub mod lsp;
pub mod mutants;
pub mod needs;
pub mod new;
pub mod pending;
pub mod reject;
pub mod release;
pub mod replay;
pub mod review;
pub mod test;
pub mod verify;
pub mod versions;
pub mod why;
pub mod worklist;

use super::Exit;
use super::args::Command;
use super::session::{Failure, Session};

/// Runs a command.
///
/// # Errors
/// Why it could not do its work.
pub(super) fn run(command: &Command, session: &mut Session<'_>) -> Result<Exit, Failure> {
    match command {
        Command::New(args) => new::run(args, session),
        Command::Check(args) => check::run(args, session),
        Command::Approve(args) => approve::run(args, session),
        Command::Versions(args) => versions::run(args, session),
        Command::Release(args) => release::run(args, session),
        Command::Decide(args) => decide::run(args, session),
        Command::Why(args) => why::run(args, session),
        Command::Needs(args) => needs::run(args, session),
        Command::Cases(args) => cases::run(args, session),
        Command::Test(args) => test::run(args, session),
        Command::Pending(args) => pending::run(args, session),
        Command::Review(args) => review::run(args, session),
        Command::Accept(args) => accept::run(args, session),
        Command::Reject(args) => reject::run(args, session),
        Command::Mutants(args) => mutants::run(args, session),
        Command::Impact(args) => impact::run(args, session),
        Command::Worklist(args) => worklist::run(args, session),
        Command::Verify(args) => verify::run(args, session),
        Command::Replay(args) => replay::run(args, session),
        Command::Diff(args) => diff::run(args, session),
        Command::Fmt(args) => fmt::run(args, session),
        Command::Lsp(args) => lsp::run(args, session),
        Command::Lint(args) => lint::run(args, session),
        Command::Explain(args) => explain::run(args, session),
        Command::Completions(args) => completions::run(args, session),
    }
}
