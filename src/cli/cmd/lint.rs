//! `lint [PATHS]`: what policies may say and should not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::check::{rendered, write_mended};
use crate::base::{FileId, Lang, Str};
use crate::cli::Exit;
use crate::cli::args::Format;
use crate::cli::mending::{Looked, Mending};
use crate::cli::session::{Failure, Session};
use crate::diag::{Diagnostic, Severity};
use crate::lint::{self, Around, Levels};
use crate::store::{self, Roots, RulesFolder};
use crate::value::Date;
use crate::{engine, trial};

/// Tells what a policy may say and should not: cliffs, caps that never bind, what nothing reads
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders of rules; `-` is standard input; without any, those of gradus.toml, or the folder `rules`
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Concise, Format::Json, Format::Sarif, Format::Github]))]
    pub format: Option<Format>,
    /// Mend what has a fix that cannot be wrong; tell what is left
    #[arg(long, group = "mended")]
    pub fix: bool,
    /// Write nothing; show what would change
    #[arg(long, group = "mended")]
    pub diff: bool,
    /// With `--fix` or `--diff`: take the fixes, too, that may not be what was meant; look at every one
    #[arg(long, requires = "mended")]
    pub unsafe_fixes: bool,
    /// End with 1 where anything is told
    #[arg(long)]
    pub deny_warnings: bool,
    /// The day for which it is asked whether rates still hold; without it, today
    #[arg(long, value_name = "DATE", value_parser = crate::cli::args::day)]
    pub as_of: Option<Date>,
    /// The name under which standard input (`-`) is shown
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let format = args.format.unwrap_or(if session.terminal.github { Format::Github } else { Format::Pretty });
    let base = session.settings.path.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let levels = Levels::read(&session.settings.lint, base)?;
    let (stdin, paths): (Vec<&PathBuf>, Vec<&PathBuf>) =
        args.paths.iter().partition(|path| path.as_os_str() == "-");
    let paths: Vec<PathBuf> = paths.into_iter().cloned().collect();
    let mut roots = Roots::new(session.world, &session.settings, &paths);
    if let Some(path) = stdin.first() {
        let bytes = session.read(path)?;
        let name = args.stdin_filename.as_deref().unwrap_or("<stdin>");
        let text = store::decode(&bytes, name, &mut session.sources)?;
        if paths.is_empty() {
            roots = Roots { around: roots.asked, ..Roots::default() };
        }
        roots.texts.push((PathBuf::from(name), text));
    }
    let day = session.as_of(args.as_of);
    let look = |roots: &Roots, session: &mut Session<'_>| Found::of(roots, &levels, day, session);
    let found = if args.fix || args.diff {
        let mending = Mending::new(roots, args.unsafe_fixes, session, look)?;
        let name = Path::new(args.stdin_filename.as_deref().unwrap_or("<stdin>"));
        write_mended(&mending, args.diff, stdin.first().map(|_| name), session)?;
        if args.diff {
            let exit = exit(args, &mending.found.diagnostics);
            let changes = exit == Exit::Done && !mending.changed.is_empty();
            return Ok(if changes { Exit::Found } else { exit });
        }
        if !stdin.is_empty() {
            session.write(&mending.text_of(name))?;
            session.tell(&mending.found.diagnostics);
            return Ok(exit(args, &mending.found.diagnostics));
        }
        mending.found
    } else {
        look(&roots, session)
    };
    session.write(&rendered(&found.diagnostics, format, session))?;
    let summary = summary(found.linted, &found.diagnostics, session.lang());
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

fn summary(linted: usize, found: &[Diagnostic], lang: Lang) -> String {
    let count = |severity: Severity| found.iter().filter(|it| it.severity() == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match lang {
        Lang::En => {
            let plural = |count: usize, one: &str, several: &str| {
                format!("{count} {}", if count == 1 { one } else { several })
            };
            format!(
                "linted {}: {}, {}",
                plural(linted, "policy", "policies"),
                plural(errors, "error", "errors"),
                plural(warnings, "warning", "warnings")
            )
        }
        Lang::Zh => format!("检视了 {linted} 项政策: {errors} 个错误, {warnings} 个警告"),
    }
}
