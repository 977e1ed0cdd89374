//! `lint [PATHS]`: what policies may say and should not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::base::{FileId, Str};
use crate::cli::Exit;
use crate::cli::args::{Format, Looking};
use crate::cli::looking::{rendered, tally, write_mended};
use crate::cli::mending::{Looked, Mending};
use crate::cli::session::{Failure, Session};
use crate::diag::Diagnostic;
use crate::lint::{self, Around, Levels};
use crate::store::{self, Roots, RulesFolder};
use crate::value::Date;
use crate::{engine, trial};

/// Tells what a policy may say and should not: cliffs, caps that never bind, what nothing reads
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The rules, and what is mended in them.
    #[command(flatten)]
    pub looking: Looking,
    /// End with 1 where anything is told
    #[arg(long)]
    pub deny_warnings: bool,
    /// The day for which it is asked whether rates still hold; without it, today
    #[arg(long, value_name = "DATE", value_parser = crate::cli::args::day)]
    pub as_of: Option<Date>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let looking = &args.looking;
    let format = looking.format_in(session);
    let base = session.settings.path.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let levels = Levels::read(&session.settings.lint, base)?;
    let roots = looking.roots(session)?;
    let day = session.as_of(args.as_of);
    let look = |roots: &Roots, session: &mut Session<'_>| Found::of(roots, &levels, day, session);
    let found = if looking.fix || looking.diff {
        let mending = Mending::new(roots, looking.unsafe_fixes, session, look)?;
        write_mended(&mending, looking, session)?;
        if looking.diff {
            let exit = exit(args, &mending.found.diagnostics);
            let changes = exit == Exit::Done && !mending.changed.is_empty();
            return Ok(if changes { Exit::Found } else { exit });
        }
        if let Some(name) = looking.stdin() {
            session.write(&mending.text_of(name))?;
            session.tell(&mending.found.diagnostics);
            return Ok(exit(args, &mending.found.diagnostics));
        }
        mending.found
    } else {
        look(&roots, session)
    };
    session.write(&rendered(&found.diagnostics, format, session))?;
    let summary = tally(("linted", "检视"), found.linted, &found.diagnostics, session.lang());
    session.note(&summary);
    if format == Format::Github {
        session.job_summary(&format!("{summary}\n"))?;
    }
    Ok(exit(args, &found.diagnostics))
}

fn exit(args: &Args, found: &[Diagnostic]) -> Exit {
    let unreadable = found.iter().any(|diagnostic| diagnostic.code == "E532");
    let counts = |diagnostic: &Diagnostic| args.deny_warnings || diagnostic.is_error();
    match (unreadable, found.iter().any(counts)) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Found,
        (false, false) => Exit::Done,
    }
}

/// What stands in the folders, and what the lints say of it.
struct Found {
    folder: RulesFolder,
    linted: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Found {
    fn of(roots: &Roots, levels: &Levels, day: Date, session: &mut Session<'_>) -> Found {
        let folder = store::load(session.world, roots, &session.settings, &mut session.sources);
        let (linted, diagnostics) = everything(&folder, roots, levels, day, session);
        Found { folder, linted, diagnostics }
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

/// How many policies were linted, and what was found in them. Of one that does not check, its mistakes are told and nothing else.
fn everything(
    folder: &RulesFolder,
    roots: &Roots,
    levels: &Levels,
    day: Date,
    session: &mut Session<'_>,
) -> (usize, Vec<Diagnostic>) {
    let tried = tried(roots, session);
    let around = Around::of(folder);
    let mut found: Vec<Diagnostic> =
        folder.diagnostics.iter().filter(|diagnostic| diagnostic.code == "E532").cloned().collect();
    let mut linted = 0_usize;
    let mut broken: BTreeMap<Option<FileId>, Vec<Diagnostic>> = BTreeMap::new();
    for (place, file) in folder.files.iter().enumerate().filter(|(_, file)| file.asked) {
        linted = linted.saturating_add(1);
        let built = engine::build(folder, place, &session.sources);
        let level = |code| levels.of(code, &file.path);
        match lint::of_folder(folder, place, &built, (&around, &tried, day), &level) {
            Some(told) => found.extend(told),
            // A used policy that is wrong is wrong for each that uses it.
            None => {
                for mistake in built.diagnostics.into_iter().filter(Diagnostic::is_error) {
                    let told = broken.entry(mistake.span.map(|span| span.file)).or_default();
                    if !told.contains(&mistake) {
                        told.push(mistake);
                    }
                }
            }
        }
    }
    found.extend(broken.into_values().flatten());
    (linted, found)
}

/// The policies that case files try.
fn tried(roots: &Roots, session: &mut Session<'_>) -> BTreeSet<Str> {
    let beside = roots.asked.iter().filter_map(|path| path.parent()).map(Path::to_owned);
    let places = roots.asked.iter().chain(&roots.around).cloned().chain(beside);
    let places: Vec<PathBuf> = places.chain(session.settings.test.paths.iter().cloned()).collect();
    trial::tried(session.world, &places)
}
