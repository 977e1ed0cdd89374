//! `reject [NAMES]`: pending decisions are thrown away; what was accepted stays.

use super::accept::{Which, prune, rest};
use crate::cli::Exit;
use crate::cli::session::{Failure, Session};
use crate::cli::snapshots;
use crate::trial::snapshot::waiting;

/// Rejects pending decisions: what was accepted before stays
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which.
    #[command(flatten)]
    pub which: Which,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let waiting = snapshots::pending(session);
    let chosen = args.which.among(&waiting, session)?;
    for it in &chosen {
        waiting::reject(it, session.world)?;
        let lang = session.lang();
        session.write(&format!("{} {}\n", lang.pick("rejected", "已拒绝"), it.name()))?;
    }
    prune(&chosen, session)?;
    rest(&waiting, &chosen, session);
    if !chosen.is_empty() {
        session.note(session.lang().pick(
            "the rules still decide so: change them back, or `gradus test` will tell it again",
            "条文仍如此评定：请改回条文，否则 `gradus test` 会再次报告",
        ));
    }
    Ok(Exit::Done)
}
