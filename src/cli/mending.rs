//! `check --fix`, `lint --fix`: fixes applied round by round, in memory, until no fix is left that may be applied.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::session::{Failure, Session};
use crate::base::{Lang, Str};
use crate::diag::render::tell;
use crate::diag::{Diagnostic, mend, mending};
use crate::store::{Roots, RulesFolder, shown};

/// More rounds than mistakes can hide behind one another in a policy that people write. Each round mends something; a fix whose
/// result is mended back would go on for ever.
const ROUNDS: usize = 64;

/// A text that was mended.
pub(super) struct Changed {
    pub(super) path: PathBuf,
    pub(super) was: String,
    pub(super) is: String,
}

/// What a command has found in a folder.
pub(super) trait Looked {
    /// The policies as they were read.
    fn folder(&self) -> &RulesFolder;
    /// What was found, in the order of the texts.
    fn diagnostics(&self) -> &[Diagnostic];
}

/// What came of the fixes.
pub(super) struct Mending<F> {
    /// The texts that changed, in the order of their paths.
    pub(super) changed: Vec<Changed>,
    /// One line for each fix: where, which code, what was done.
    pub(super) told: Vec<String>,
    /// What is left, its places in the texts as they are now.
    pub(super) found: F,
    given: BTreeMap<PathBuf, Str>,
    left_with_a_fix: usize,
}

impl<F: Looked> Mending<F> {
    /// Looks, mends, and looks again. Only texts that were asked for change; nothing is written.
    ///
    /// # Errors
    /// The settings cannot be read.
    pub(super) fn new(
        mut roots: Roots,
        unsafe_too: bool,
        session: &mut Session<'_>,
        look: impl Fn(&Roots, &mut Session<'_>) -> F,
    ) -> Result<Self, Failure> {
        let given: BTreeMap<PathBuf, Str> = roots.texts.iter().cloned().collect();
        let (mut was, mut told) = (BTreeMap::<PathBuf, String>::new(), Vec::new());
        let mut found = look(&roots, session);
        let mut offered = found.diagnostics().to_vec();
        for _ in 0..ROUNDS {
            let asked = |file| found.folder().file(file).is_some_and(|policy| policy.asked);
            let mended = mend(&offered, &session.sources, unsafe_too, |file| !asked(file));
            if mended.applied.is_empty() {
                break;
            }
            let applied: Vec<(usize, Line)> = mended
                .applied
                .iter()
                .filter_map(|place| Some((*place, Line::of(offered.get(*place)?, session)?)))
                .collect();
            let kinds = Line::of_wrong_kinds(found.diagnostics(), session);
            let lines = mended.applied.iter().filter_map(|place| offered.get(*place));
            let lines: Vec<String> = lines.map(|diagnostic| line(diagnostic, unsafe_too, session)).collect();
            let before = (roots.texts.clone(), was.clone());
            for (file, text) in mended.texts {
                let Some(policy) = found.folder().file(file) else { continue };
                let path = policy.path.clone();
                let before = session.sources.get(file).map(|source| source.text().to_string());
                was.entry(path.clone()).or_insert_with(|| before.unwrap_or_default());
                roots.texts.retain(|(known, _)| *known != path);
                roots.texts.push((path, Str::from(text)));
            }
            session.read_settings()?;
            let next = look(&roots, session);
            // A line that reads now, and whose value is of a kind that it cannot have there, was something else.
            let now = Line::of_wrong_kinds(next.diagnostics(), session);
            let wrong: Vec<usize> = applied
                .iter()
                .filter(|(_, line)| !unsafe_too && now.contains(line) && !kinds.contains(line))
                .map(|(place, _)| *place)
                .collect();
            if wrong.is_empty() {
                told.extend(lines);
                offered = next.diagnostics().to_vec();
                found = next;
                continue;
            }
            for (place, diagnostic) in offered.iter_mut().enumerate() {
                if wrong.contains(&place) {
                    diagnostic.fixes.iter_mut().for_each(|fix| fix.safe = false);
                }
            }
            (roots.texts, was) = before;
        }
        let now = |path: &Path| roots.texts.iter().find(|(known, _)| known == path).map(|(_, text)| text);
        let changed = was.into_iter().filter_map(|(path, was)| {
            let is = now(&path)?.to_string();
            (was != is).then_some(Changed { path, was, is })
        });
        let left = found.diagnostics().iter().filter(|diagnostic| mending(diagnostic, true).is_some());
        Ok(Mending { changed: changed.collect(), told, left_with_a_fix: left.count(), found, given })
    }

    /// The text of a path as it is now, of those that were handed over.
    pub(super) fn text_of(&self, path: &Path) -> String {
        let changed = self.changed.iter().find(|text| text.path == path).map(|text| text.is.clone());
        changed.or_else(|| self.given.get(path).map(ToString::to_string)).unwrap_or_default()
    }

    /// What was mended, and what is left that a fix could mend if somebody looks at it.
    pub(super) fn summary(&self, only_looks: bool, lang: Lang) -> String {
        let (mistakes, files, left) = (self.told.len(), self.changed.len(), self.left_with_a_fix);
        let plural = |count: usize, one: &str, several: &str| {
            format!("{count} {}", if count == 1 { one } else { several })
        };
        let mut text = match (lang, only_looks) {
            (Lang::En, _) => format!(
                "{} {} in {}",
                if only_looks { "would mend" } else { "mended" },
                plural(mistakes, "mistake", "mistakes"),
                plural(files, "file", "files"),
            ),
            (Lang::Zh, false) => format!("修复了 {files} 个文件中的 {mistakes} 处错误"),
            (Lang::Zh, true) => format!("可修复 {files} 个文件中的 {mistakes} 处错误"),
        };
        if left > 0 {
            text.push_str(&match lang {
                Lang::En => format!(
                    "; {} left with a fix to be looked at: by hand, or all of them with `--unsafe-fixes`",
                    plural(left, "mistake is", "mistakes are"),
                ),
                Lang::Zh => {
                    format!(
                        "; 另有 {left} 处有改法, 须经人工确认: 请手工修改, 或以 `--unsafe-fixes` 全部采用"
                    )
                }
            });
        }
        text
    }
}

/// A line of a text: its path, and its number.
#[derive(PartialEq, Eq)]
struct Line(String, usize);

impl Line {
    fn of(diagnostic: &Diagnostic, session: &Session<'_>) -> Option<Line> {
        let span = diagnostic.span?;
        let source = session.sources.get(span.file)?;
        Some(Line(source.name().to_owned(), source.line_column(span.start).line))
    }

    /// The lines with a value of a kind that it cannot have there: days among months, a grade beside `<`.
    fn of_wrong_kinds(diagnostics: &[Diagnostic], session: &Session<'_>) -> Vec<Line> {
        let wrong = diagnostics.iter().filter(|diagnostic| matches!(diagnostic.code, "E210" | "E211"));
        wrong.filter_map(|diagnostic| Line::of(diagnostic, session)).collect()
    }
}

/// `rules/fee.gradus:4: E117 a bound is written `from`, not `>=`: write the word`.
fn line(diagnostic: &Diagnostic, unsafe_too: bool, session: &Session<'_>) -> String {
    let lang = session.lang();
    let told = tell(diagnostic, lang);
    let place = diagnostic.span.and_then(|span| {
        let source = session.sources.get(span.file)?;
        let line = source.line_column(span.start).line;
        Some(format!("{}:{line}: ", shown(Path::new(source.name()))))
    });
    let fix = mending(diagnostic, unsafe_too);
    let chosen = told.fixes.iter().find(|told| fix.is_some_and(|fix| told.edits == fix.edits));
    let title = chosen.map(|fix| fix.title.as_str()).filter(|title| !title.is_empty());
    let colon = lang.pick(": ", "：");
    let title = title.map(|title| format!("{colon}{title}")).unwrap_or_default();
    format!("{}{} {}{title}", place.unwrap_or_default(), told.code, told.message)
}
