//! `accept [NAMES]`: pending decisions take the place of those accepted before, and who accepted them and why is recorded.

use std::collections::BTreeSet;

use crate::base::Lang;
use crate::cli::Exit;
use crate::cli::session::{Failure, Session};
use crate::cli::snapshots;
use crate::diag::Diagnostic;
use crate::store::shown;
use crate::trial::snapshot::waiting::{self, Acceptance, Choice, Waiting};

/// Accepts pending decisions, and records who did and why
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which.
    #[command(flatten)]
    pub which: Which,
    /// Who accepts
    #[arg(long, value_name = "NAME", required = true)]
    pub by: String,
    /// Why
    #[arg(long, value_name = "TEXT", required = true)]
    pub reason: String,
}

/// Which pending decisions are meant.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// Snapshots by name, file or customer; `*` and `?` stand for any characters
    #[arg(value_name = "NAMES")]
    pub names: Vec<String>,
    /// All that moved because of this edit of the rules and nothing else: its address, or the end of it; may be given several times
    #[arg(long = "cause", value_name = "ADDRESS")]
    pub causes: Vec<String>,
    /// All that are pending
    #[arg(long)]
    pub all: bool,
}

impl Which {
    /// Those of the pending that are meant.
    ///
    /// # Errors
    /// Nothing is named, or a name means none.
    pub fn among(&self, waiting: &[Waiting], session: &Session<'_>) -> Result<Vec<Waiting>, Failure> {
        if self.names.is_empty() && self.causes.is_empty() && !self.all {
            return Err(Diagnostic::nowhere("E566").help("ways").into());
        }
        let choice = Choice { names: self.names.clone(), causes: self.causes.clone(), all: self.all };
        let places = choice.among(waiting).map_err(Failure)?;
        for (it, others) in choice.mixed(waiting) {
            let others = others.join(", ");
            session.note(&match session.lang() {
                Lang::En => format!("left pending: {}, which moved because of {others}, too", it.name()),
                Lang::Zh => format!("仍待定：{}，另有原因 {others}", it.name()),
            });
        }
        Ok(places.into_iter().filter_map(|place| waiting.get(place).cloned()).collect())
    }
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let waiting = snapshots::pending(session);
    let chosen = args.which.among(&waiting, session)?;
    accept(&chosen, &args.by, &args.reason, session)?;
    rest(&waiting, &chosen, session);
    Ok(Exit::Done)
}

/// Accepts some of them; all must be what would be decided today, or none is accepted.
///
/// # Errors
/// One is stale; a file cannot be written.
pub(super) fn accept(
    chosen: &[Waiting],
    by: &str,
    reason: &str,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    if by.trim().is_empty() || reason.trim().is_empty() {
        return Err(Diagnostic::nowhere("E566").variant("who").help("who").into());
    }
    let all: Vec<&Waiting> = chosen.iter().collect();
    snapshots::hold_fresh(&all, session)?;
    let acceptance = Acceptance { by: by.to_owned(), reason: reason.to_owned(), on: session.as_of(None) };
    let (approvals, base) = (snapshots::approvals(session), snapshots::base(session));
    for it in chosen {
        waiting::accept(it, &acceptance, &approvals, &base, session.world)?;
        let lang = session.lang();
        session.write(&format!("{} {}\n", lang.pick("accepted", "已接受"), it.name()))?;
    }
    prune(chosen, session)?;
    if !chosen.is_empty() {
        let count = chosen.len();
        session.note(&match session.lang() {
            Lang::En => format!("recorded in {}: {count} by {by}", shown(&approvals)),
            Lang::Zh => format!("已记入 {}：{by} 接受 {count} 个", shown(&approvals)),
        });
    }
    Ok(())
}

/// Removes the rules that no snapshot needs any more.
///
/// # Errors
/// A file cannot be removed.
pub(super) fn prune(chosen: &[Waiting], session: &Session<'_>) -> Result<(), Failure> {
    for folder in chosen.iter().filter_map(|it| it.path.parent()).collect::<BTreeSet<_>>() {
        waiting::prune(folder, session.world)?;
    }
    Ok(())
}

/// Says how many still wait.
pub(super) fn rest(waiting: &[Waiting], chosen: &[Waiting], session: &Session<'_>) {
    let left = waiting.len().saturating_sub(chosen.len());
    if left > 0 {
        session.note(&match session.lang() {
            Lang::En => format!("{left} still pending: `gradus pending`"),
            Lang::Zh => format!("仍有 {left} 个待定：`gradus pending`"),
        });
    }
}
