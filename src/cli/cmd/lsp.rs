//! `lsp`: a language server over stdin and stdout, for editors.

use crate::cli::Exit;
use crate::cli::session::{Failure, Session};
use crate::diag::Diagnostic;
use crate::lsp;

/// Serves an editor over stdin and stdout
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What editors that know several ways add; stdin and stdout are the only one
    #[arg(long, hide = true)]
    pub stdio: bool,
}

pub(super) fn run(_: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    match lsp::serve(session.world, session.lang()) {
        Ok(()) => Ok(Exit::Done),
        Err(reason) => Err(Diagnostic::nowhere("E906").arg("path", "-").arg("reason", reason).into()),
    }
}
