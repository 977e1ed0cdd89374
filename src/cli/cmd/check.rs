//! `check [PATHS]`: every mistake of the rules at once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::base::Lang;
use crate::cli::args::Format;
use crate::cli::gate;
use crate::cli::mending::{Looked, Mending};
use crate::cli::session::{Failure, Session};
use crate::cli::{Exit, released};
use crate::diag::render::{Colour, concise, full, github, json, sarif};
use crate::diag::{Diagnostic, Severity};
use crate::engine;
use crate::review::versions::Lock;
use crate::script;
use crate::store::{self, Roots, RulesFolder, shown};

/// Checks policies: all mistakes at once, each with its place and what to do
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
    /// The name under which standard input (`-`) is shown
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let format = args.format.unwrap_or(if session.terminal.github { Format::Github } else { Format::Pretty });
    let (stdin, paths): (Vec<&PathBuf>, Vec<&PathBuf>) =
        args.paths.iter().partition(|path| path.as_os_str() == "-");
    let paths: Vec<PathBuf> = paths.into_iter().cloned().collect();
    let mut roots = Roots::new(session.world, &session.settings, &paths);
    if let Some(path) = stdin.first() {
        let bytes = session.read(path)?;
        let name = args.stdin_filename.as_deref().unwrap_or("<stdin>");
        let text = store::decode(&bytes, name, &mut session.sources)?;
        if paths.is_empty() {
            // The text that comes in is checked alone; what it uses stands in the usual folders.
            roots = Roots { around: roots.asked, ..Roots::default() };
        }
        roots.texts.push((PathBuf::from(name), text));
    }
    let whole = args.paths.is_empty();
    if args.fix || args.diff {
        return fix(args, roots, whole, format, session);
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

/// What was found, in a format.
pub(super) fn rendered(diagnostics: &[Diagnostic], format: Format, session: &Session<'_>) -> String {
    let (lang, sources) = (session.lang(), &session.sources);
    match format {
        Format::Pretty => full(diagnostics, sources, lang, session.colour()),
        Format::Concise => concise(diagnostics, sources, lang),
        Format::Json => json(diagnostics, sources, lang),
        Format::Sarif => sarif(diagnostics, sources, lang),
        Format::Github => github(diagnostics, sources, lang),
        Format::Plain
        | Format::Jsonl
        | Format::Csv
        | Format::Xlsx
        | Format::Md
        | Format::Junit
        | Format::Html => full(diagnostics, sources, lang, Colour::Without),
    }
}

/// What is said at the end, and the exit code.
fn close(found: &Found, format: Format, session: &Session<'_>) -> Result<Exit, Failure> {
    let summary = summary(found.checked, &found.diagnostics, session.lang());
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
    args: &Args,
    roots: Roots,
    whole: bool,
    format: Format,
    session: &mut Session<'_>,
) -> Result<Exit, Failure> {
    let stdin = args.paths.iter().any(|path| path.as_os_str() == "-");
    let name = args.stdin_filename.clone().unwrap_or_else(|| "<stdin>".to_owned());
    let look = |roots: &Roots, session: &mut Session<'_>| Found::of(roots, whole, session);
    let mending = Mending::new(roots, args.unsafe_fixes, session, look)?;
    let written = if stdin { Some(Path::new(&name)) } else { None };
    write_mended(&mending, args.diff, written, session)?;
    if args.diff {
        let exit = mending.found.exit();
        return Ok(if exit == Exit::Done && !mending.changed.is_empty() { Exit::Found } else { exit });
    }
    if stdin {
        session.write(&mending.text_of(Path::new(&name)))?;
        session.tell(&mending.found.diagnostics);
    } else {
        let text = rendered(&mending.found.diagnostics, format, session);
        session.write(&text)?;
    }
    close(&mending.found, format, session)
}

/// Writes the texts that were mended, or shows what changed in them; one that came from standard input is written nowhere.
pub(super) fn write_mended<F: Looked>(
    mending: &Mending<F>,
    only_shows: bool,
    stdin: Option<&Path>,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    for text in &mending.changed {
        if only_shows {
            let name = shown(&text.path);
            let diff = TextDiff::from_lines(text.was.as_str(), text.is.as_str());
            session.write(&diff.unified_diff().header(&name, &name).to_string())?;
        } else if stdin != Some(&text.path) {
            session.write_file(&text.path, text.is.as_bytes())?;
        }
    }
    for line in &mending.told {
        session.note(line);
    }
    session.note(&mending.summary(only_shows, session.lang()));
    Ok(())
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
        diagnostics.extend(built.plan.iter().flat_map(|plan| script::check(&plan.scripts)));
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

fn summary(checked: usize, diagnostics: &[Diagnostic], lang: Lang) -> String {
    let count = |severity: Severity| {
        diagnostics.iter().filter(|diagnostic| diagnostic.severity() == severity).count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match lang {
        Lang::En => {
            let plural = |count: usize, one: &str, several: &str| {
                format!("{count} {}", if count == 1 { one } else { several })
            };
            format!(
                "checked {}: {}, {}",
                plural(checked, "policy", "policies"),
                plural(errors, "error", "errors"),
                plural(warnings, "warning", "warnings")
            )
        }
        Lang::Zh => format!("检查了 {checked} 项政策: {errors} 个错误, {warnings} 个警告"),
    }
}
