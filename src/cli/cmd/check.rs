//! `check [PATHS]`: every mistake of the rules at once.

use std::collections::BTreeSet;

use crate::cli::args::{Format, Looking};
use crate::cli::gate;
use crate::cli::looking::{rendered, tally, write_mended};
use crate::cli::mending::{Looked, Mending};
use crate::cli::session::{Failure, Session};
use crate::cli::{Exit, released};
use crate::diag::Diagnostic;
use crate::engine;
use crate::review::versions::Lock;
use crate::script;
use crate::store::{self, Roots, RulesFolder};

/// Checks policies: all mistakes at once, each with its place and what to do
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The rules, and what is mended in them.
    #[command(flatten)]
    pub looking: Looking,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let looking = &args.looking;
    let format = looking.format_in(session);
    let roots = looking.roots(session)?;
    let whole = looking.paths.is_empty();
    if looking.fix || looking.diff {
        return fix(looking, roots, whole, format, session);
    }
    let found = Found::of(&roots, whole, session);
    let text = rendered(&found.diagnostics, format, session);
    session.write(&text)?;
    close(&found, format, session)
}

/// What stands in the folders, and what was found there.
pub(in crate::cli) struct Found {
    /// The policies as they were read.
    pub(in crate::cli) folder: RulesFolder,
    /// What is wrong with them, in the order of the texts.
    pub(in crate::cli) diagnostics: Vec<Diagnostic>,
    /// How many policies were checked.
    checked: usize,
}

impl Found {
    /// Reads and checks all that stands at the roots; the `whole` project, or a part of it.
    pub(in crate::cli) fn of(roots: &Roots, whole: bool, session: &mut Session<'_>) -> Self {
        let folder = store::load(session.world, roots, &session.settings, &mut session.sources);
        let (checked, diagnostics) = everything(&folder, whole, session);
        Found { folder, checked, diagnostics }
    }

    fn exit(&self) -> Exit {
        let unreadable = self.diagnostics.iter().any(|diagnostic| diagnostic.code == "E532");
        match (unreadable, self.diagnostics.iter().any(Diagnostic::is_error)) {
            (true, _) => Exit::Failed,
            (false, true) => Exit::Found,
            (false, false) => Exit::Done,
        }
    }
}

impl Looked for Found {
    fn folder(&self) -> &RulesFolder {
        &self.folder
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

/// What is said at the end, and the exit code.
fn close(found: &Found, format: Format, session: &Session<'_>) -> Result<Exit, Failure> {
    let summary = tally(("checked", "检查"), found.checked, &found.diagnostics, session.lang());
    session.note(&summary);
    if format == Format::Github {
        session.job_summary(&format!("{summary}\n"))?;
    }
    if let Some(sentence) = gate::unapproved(&found.folder, session)? {
        session.note(&sentence);
    }
    Ok(found.exit())
}

/// `--fix`: what can be mended is; what is left is told. `--diff`: what would be mended is shown. Of standard input, the mended text
/// is the result.
fn fix(
    looking: &Looking,
    roots: Roots,
    whole: bool,
    format: Format,
    session: &mut Session<'_>,
) -> Result<Exit, Failure> {
    let look = |roots: &Roots, session: &mut Session<'_>| Found::of(roots, whole, session);
    let mending = Mending::new(roots, looking.unsafe_fixes, session, look)?;
    write_mended(&mending, looking, session)?;
    if looking.diff {
        let exit = mending.found.exit();
        return Ok(if exit == Exit::Done && !mending.changed.is_empty() { Exit::Found } else { exit });
    }
    if let Some(name) = looking.stdin() {
        session.write(&mending.text_of(name))?;
        session.tell(&mending.found.diagnostics);
    } else {
        let text = rendered(&mending.found.diagnostics, format, session);
        session.write(&text)?;
    }
    close(&mending.found, format, session)
}

/// How many policies were checked, and all that is wrong with them, each thing once, in the order of the texts. Where the `whole`
/// project is checked, a version that was released is missed.
fn everything(folder: &RulesFolder, whole: bool, session: &mut Session<'_>) -> (usize, Vec<Diagnostic>) {
    let mut places = BTreeSet::new();
    let mut diagnostics = Vec::new();
    let mut plans = released::Built::new();
    let lock = match Lock::load(session.world, &session.settings, &mut session.sources) {
        Ok(lock) => lock,
        Err(wrong) => {
            diagnostics.extend(wrong);
            Lock::default()
        }
    };
    for (place, file) in folder.files.iter().enumerate() {
        if !file.asked {
            continue;
        }
        places.extend(folder.with_uses(place));
        let built = engine::build(folder, place, &session.sources);
        diagnostics.extend(built.diagnostics);
        if let Some(plan) = &built.plan {
            diagnostics.extend(script::check_in(&plan.scripts, &mut session.sources));
        }
        plans.insert(place, built.plan);
    }
    diagnostics.extend(released::hold(&lock, folder, &plans, whole, session));
    // What is wrong with a policy that only stands beside is for those who ask for it.
    diagnostics.extend(folder.concerning(&places).cloned());
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.map(|span| (span.file, span.start, span.end)));
    let mut told: Vec<Diagnostic> = Vec::new();
    for mut diagnostic in diagnostics {
        folder.tell_known(&mut diagnostic);
        // A policy that several others use is checked with each of them; at one place stand few diagnostics.
        let here = told.iter().rev().take_while(|other| other.span == diagnostic.span);
        if !here.into_iter().any(|other| *other == diagnostic) {
            told.push(diagnostic);
        }
    }
    (places.len(), told)
}
