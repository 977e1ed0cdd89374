//! The two sides of a comparison made ready to decide.

use crate::base::{Str, nearest};
use crate::cli::args::{Moment, Rules};
use crate::cli::cmd::impact::Args;
use crate::cli::policy::{self, Ready};
use crate::cli::session::{Failure, Session};
use crate::diag::Diagnostic;
use crate::review::Side;
use crate::review::impact::view;

/// A side, and the place of its policy.
pub struct Opened {
    side: Side,
    /// The place of the policy that is compared.
    pub place: usize,
}

impl Opened {
    /// The side as if only the policy that is compared were meant.
    #[must_use]
    pub fn alone(&self) -> Side {
        Side { meant: vec![self.place], ..self.side.clone() }
    }
}

/// A side that decides.
pub struct Prepared {
    /// As people wrote it.
    pub written: String,
    /// The policy; behind its own decisions it makes the one that is all of them.
    pub ready: Ready,
    /// The place of that decision.
    pub place: usize,
}

impl Prepared {
    /// Adds the decision that is all of these.
    pub fn unite(&mut self, decisions: &[Str]) {
        self.place = view::unite(&mut self.ready.plan, decisions);
    }
}

/// Reads both sides: where only one is named, it is what is and what is proposed.
///
/// # Errors
/// A side cannot be read, or means several policies and none is named.
pub fn open(args: &Args, session: &mut Session<'_>) -> Result<(Opened, Opened), Failure> {
    let day = session.as_of(args.rules.moment.as_of);
    let mut settings = session.settings.clone();
    if !args.rules.paths.is_empty() {
        settings.project.rules = args.rules.paths.clone();
    }
    let mut one = |written: &str| -> Result<Opened, Failure> {
        let side =
            Side::open(session.world, &settings, written, day, &mut session.sources).map_err(Failure)?;
        // A folder of many policies means the one that the settings decide by.
        let usual = settings.decide.policy.as_deref().filter(|usual| side.folder.asks_for(name_of(usual)));
        let named = args.rules.policy.as_deref().or_else(|| usual.filter(|_| side.meant.len() > 1));
        let place = side.one(named)?;
        Ok(Opened { side, place })
    };
    let old = one(args.sides.first().map_or("", String::as_str))?;
    let new = one(args.sides.last().map_or("", String::as_str))?;
    if let Some(header) = old.side.file(old.place).and_then(|file| file.header.as_ref()) {
        policy::settle(&header.name, session);
    }
    Ok((old, new))
}

fn name_of(wanted: &str) -> &str {
    wanted.split('@').next().unwrap_or("")
}

/// Builds a side; what is set is set on the `proposed` one alone.
///
/// # Errors
/// The policy has mistakes; a parameter cannot be set.
pub fn prepare(
    opened: &Opened,
    proposed: bool,
    args: &Args,
    session: &mut Session<'_>,
) -> Result<Prepared, Failure> {
    let built = opened.side.build(opened.place, &session.sources);
    let ready = policy::built(built, &rules(args, proposed), opened.side.day, session)?;
    // What is set wrongly is told before anything is read.
    ready.environment()?;
    Ok(Prepared { written: opened.side.written.clone(), ready, place: 0 })
}

/// How a side is built; what is set is set on the `proposed` one alone.
#[must_use]
pub fn rules(args: &Args, proposed: bool) -> Rules {
    Rules {
        paths: Vec::new(),
        policy: None,
        decision: None,
        moment: Moment { as_of: args.rules.moment.as_of, known_at: None },
        settings: if proposed { args.rules.settings.clone() } else { Vec::new() },
        show_personal: args.rules.show_personal,
    }
}

/// The decisions that are compared: the one that is named, or all that both sides make.
///
/// # Errors
/// One side does not make the one that is named; both have none in common.
pub fn decisions(old: &Prepared, new: &Prepared, args: &Args) -> Result<Vec<Str>, Failure> {
    let names = |side: &Prepared| -> Vec<Str> {
        side.ready.plan.decisions.iter().map(|decision| decision.name.clone()).collect()
    };
    let (was, is) = (names(old), names(new));
    let common: Vec<Str> = was.iter().filter(|name| is.contains(name)).cloned().collect();
    match &args.rules.decision {
        Some(name) if common.iter().any(|known| **known == **name) => Ok(vec![Str::from(name.as_str())]),
        Some(name) => {
            let told = Diagnostic::nowhere("E540").arg("name", name);
            Err(match nearest(name, common.iter().map(|name| &**name)) {
                Some(near) => told.arg("near", near).help("near").into(),
                None => told.arg("known", common.join(", ")).help("known").into(),
            })
        }
        None if common.is_empty() => {
            let list = |names: &[Str]| if names.is_empty() { String::from("–") } else { names.join(", ") };
            let told = Diagnostic::nowhere("E593").arg("old", list(&was)).arg("new", list(&is));
            Err(told.help("same").into())
        }
        None => Ok(common),
    }
}
