//! What `check` and `lint` do alike: which rules they look at, how they print what they found, what they write of what was mended.

use std::path::{Path, PathBuf};

use similar::TextDiff;

use super::args::{Format, Looking};
use super::mending::{Looked, Mending};
use super::session::{Failure, Session};
use crate::base::Lang;
use crate::diag::render::{Colour, concise, full, github, json, sarif};
use crate::diag::{Diagnostic, Severity};
use crate::store::{self, Roots, shown};

impl Looking {
    /// The format that was asked for, or the one of the place where the command runs.
    pub(super) fn format_in(&self, session: &Session<'_>) -> Format {
        self.format.unwrap_or(if session.terminal.github { Format::Github } else { Format::Pretty })
    }

    /// The name of standard input, where it is looked at.
    pub(super) fn stdin(&self) -> Option<&Path> {
        let name = Path::new(self.stdin_filename.as_deref().unwrap_or("<stdin>"));
        self.paths.iter().any(|path| path.as_os_str() == "-").then_some(name)
    }

    /// Where the rules stand; standard input is read.
    pub(super) fn roots(&self, session: &mut Session<'_>) -> Result<Roots, Failure> {
        let (stdin, paths): (Vec<&PathBuf>, Vec<&PathBuf>) =
            self.paths.iter().partition(|path| path.as_os_str() == "-");
        let paths: Vec<PathBuf> = paths.into_iter().cloned().collect();
        let mut roots = Roots::new(session.world, &session.settings, &paths);
        if let (Some(path), Some(name)) = (stdin.first(), self.stdin()) {
            let bytes = session.read(path)?;
            let text = store::decode(&bytes, &name.to_string_lossy(), &mut session.sources)?;
            if paths.is_empty() {
                // The text that comes in is looked at alone; what it uses stands in the usual folders.
                roots = Roots { around: roots.asked, ..Roots::default() };
            }
            roots.texts.push((name.to_owned(), text));
        }
        Ok(roots)
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

/// Writes the texts that were mended, or shows what changed in them; one that came from standard input is written nowhere.
pub(super) fn write_mended<F: Looked>(
    mending: &Mending<F>,
    looking: &Looking,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    for text in &mending.changed {
        if looking.diff {
            let name = shown(&text.path);
            let diff = TextDiff::from_lines(text.was.as_str(), text.is.as_str());
            session.write(&diff.unified_diff().header(&name, &name).to_string())?;
        } else if looking.stdin() != Some(&text.path) {
            session.write_file(&text.path, text.is.as_bytes())?;
        }
    }
    for line in &mending.told {
        session.note(line);
    }
    session.note(&mending.summary(looking.diff, session.lang()));
    Ok(())
}

/// How many policies were looked at, and how many errors and warnings were found; `done` is what was done to them, in both languages.
pub(super) fn tally(done: (&str, &str), policies: usize, found: &[Diagnostic], lang: Lang) -> String {
    let count = |severity: Severity| found.iter().filter(|it| it.severity() == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match lang {
        Lang::En => {
            let plural = |count: usize, one: &str, several: &str| {
                format!("{count} {}", if count == 1 { one } else { several })
            };
            format!(
                "{} {}: {}, {}",
                done.0,
                plural(policies, "policy", "policies"),
                plural(errors, "error", "errors"),
                plural(warnings, "warning", "warnings")
            )
        }
        Lang::Zh => format!("{}了 {policies} 项政策: {errors} 个错误, {warnings} 个警告", done.1),
    }
}
