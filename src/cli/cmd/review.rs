//! `review`: pending decisions one by one, at a terminal, with the keys of cargo-insta.

use console::{Key, Term};

use super::accept::{Which, accept, prune};
use crate::cli::Exit;
use crate::cli::session::{Failure, Session};
use crate::cli::snapshots;
use crate::diag::Diagnostic;
use crate::trial::snapshot::review::{Desk, Verdict, review};
use crate::trial::snapshot::waiting::{self, Waiting};

/// Goes through pending decisions one by one and asks for a verdict on each
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which; without any, all that are pending.
    #[command(flatten)]
    pub which: Which,
    /// Who accepts; without it, the reviewer is asked
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Why; without it, the reviewer is asked
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

/// The terminal of the reviewer.
struct Screen(Term);

impl Desk for Screen {
    fn show(&mut self, text: &str) {
        // Where nobody can see, nothing can be shown.
        let _ = self.0.write_str(text);
    }

    fn key(&mut self) -> Option<char> {
        loop {
            match self.0.read_key() {
                Ok(Key::Char(key)) => return Some(key),
                Ok(Key::Escape | Key::CtrlC) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    if !(session.terminal.stdin && session.terminal.stderr) {
        return Err(Diagnostic::nowhere("E565").help("instead").into());
    }
    let waiting = snapshots::pending(session);
    let is_chosen = !args.which.names.is_empty() || !args.which.causes.is_empty();
    let chosen = if is_chosen { args.which.among(&waiting, session)? } else { waiting };
    let lang = session.lang();
    if chosen.is_empty() {
        session.note(lang.pick("nothing is pending", "没有待定的快照"));
        return Ok(Exit::Done);
    }
    let mut screen = Screen(Term::stderr());
    let verdicts = review(&chosen, &mut screen, lang);
    let those = |wanted: Verdict| -> Vec<Waiting> {
        let all = chosen.iter().zip(&verdicts);
        all.filter(|(_, verdict)| **verdict == wanted).map(|(it, _)| it.clone()).collect()
    };
    let (accepted, rejected, skipped) =
        (those(Verdict::Accept), those(Verdict::Reject), those(Verdict::Skip));
    if !accepted.is_empty() {
        let by = answer(&mut screen, args.by.as_deref(), lang.pick("accepted by: ", "接受人："))?;
        let reason = answer(&mut screen, args.reason.as_deref(), lang.pick("reason: ", "理由："))?;
        accept(&accepted, &by, &reason, session)?;
    }
    for it in &rejected {
        waiting::reject(it, session.world)?;
        session.write(&format!("{} {}\n", lang.pick("rejected", "已拒绝"), it.name()))?;
    }
    prune(&rejected, session)?;
    Ok(if skipped.is_empty() { Exit::Done } else { Exit::Found })
}

/// What was given, or what the reviewer types; nothing is accepted without it.
fn answer(screen: &mut Screen, given: Option<&str>, question: &str) -> Result<String, Failure> {
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    screen.show(question);
    let typed = screen.0.read_line().unwrap_or_default();
    match typed.trim() {
        "" => Err(Diagnostic::nowhere("E566").variant("who").help("who").into()),
        typed => Ok(typed.to_owned()),
    }
}
