//! `check [PATHS]`: every mistake of the rules at once.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::base::Lang;
use crate::cli::args::Format;
use crate::cli::gate;
use crate::cli::session::{Failure, Session};
use crate::cli::{Exit, released};
use crate::diag::render::{Colour, concise, full, github, json, sarif};
use crate::diag::{Diagnostic, Severity};
use crate::engine;
use crate::review::versions::Lock;
use crate::script;
use crate::store::{self, Roots, RulesFolder};

/// Checks policies: all mistakes at once, each with its place and what to do
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders of rules; `-` is standard input; without any, those of gradus.toml, or the folder `rules`
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Concise, Format::Json, Format::Sarif, Format::Github]))]
    pub format: Option<Format>,
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
    let folder = store::load(session.world, &roots, &session.settings, &mut session.sources);
    let whole = args.paths.is_empty();
    let (checked, diagnostics) = everything(&folder, whole, session);
    let (lang, sources) = (session.lang(), &session.sources);
    let text = match format {
        Format::Pretty => full(&diagnostics, sources, lang, session.colour()),
        Format::Concise => concise(&diagnostics, sources, lang),
        Format::Json => json(&diagnostics, sources, lang),
        Format::Sarif => sarif(&diagnostics, sources, lang),
        Format::Github => github(&diagnostics, sources, lang),
        Format::Plain
        | Format::Jsonl
        | Format::Csv
        | Format::Xlsx
        | Format::Md
        | Format::Junit
        | Format::Html => full(&diagnostics, sources, lang, Colour::Without),
    };
    session.write(&text)?;
    let summary = summary(checked, &diagnostics, lang);
    session.note(&summary);
    if format == Format::Github {
        session.job_summary(&format!("{summary}\n"))?;
    }
    if let Some(sentence) = gate::unapproved(&folder, session)? {
        session.note(&sentence);
    }
    let unreadable = diagnostics.iter().any(|diagnostic| diagnostic.code == "E532");
    Ok(match (unreadable, diagnostics.iter().any(Diagnostic::is_error)) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Found,
        (false, false) => Exit::Done,
    })
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
