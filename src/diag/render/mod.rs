//! Text made of diagnostics: one renderer a file.
//!
//! All of them show the same [`Told`]: a diagnostic with its words filled in. Places come from outside and may be
//! stale, so every renderer fits them to the text first; no place, however odd, ends a run.

mod concise;
mod full;
mod github;
mod json;
mod sarif;

use std::ops::Range;

use super::catalog::Part;
use super::{Diagnostic, Lang, Severity, entry};
use crate::base::{LineColumn, Source, SourceMap, Span, Str};
pub use concise::concise;
pub use full::{Colour, full};
pub use github::{annotation, github};
pub use json::{json, json_items};
pub use sarif::{Finding, Rule, findings_of, sarif, sarif_log};

/// A diagnostic in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// The code, e.g. `E201`.
    pub code: &'static str,
    /// The name of the code, e.g. `unknown-name`; the code itself where the catalog has none.
    pub name: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The place, with its own words where the catalog has some.
    pub main: Option<(Span, String)>,
    /// Further places, each with its words.
    pub labels: Vec<(Span, String)>,
    /// What to do.
    pub helps: Vec<String>,
    /// Why it is so.
    pub notes: Vec<String>,
    /// Changes that mend it.
    pub fixes: Vec<ToldFix>,
}

/// A change of the text, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ToldFix {
    /// What the change does.
    pub title: String,
    /// What to put in place of what.
    pub edits: Vec<(Span, Str)>,
    /// Whether it can be applied without being looked at.
    pub safe: bool,
}

/// The words of a diagnostic. A word that is missing in one language is given in English; one that is missing there,
/// too, gives the code (for a message) or nothing.
#[must_use]
pub fn tell(diagnostic: &Diagnostic, lang: Lang) -> Told {
    let code = diagnostic.code;
    let words = |part: Part, key: &str, args: &[&[(&'static str, Str)]]| -> Option<String> {
        let entry = entry(code)?;
        let text = entry.words(lang, part, key).or_else(|| entry.words(Lang::En, part, key))?;
        Some(fill(text, args))
    };
    let in_chinese: &[(&'static str, Str)] = match lang {
        Lang::En => &[],
        Lang::Zh => &diagnostic.zh,
    };
    let own: &[&[(&'static str, Str)]] = &[in_chinese, &diagnostic.args];
    let several =
        |part: Part, keys: &[&'static str]| keys.iter().filter_map(|key| words(part, key, own)).collect();
    let variant = diagnostic.variant;
    Told {
        code,
        name: entry(code).map_or_else(|| code.to_owned(), |entry| entry.name.clone()),
        severity: diagnostic.severity(),
        message: words(Part::Message, variant, own)
            .or_else(|| words(Part::Message, "", own))
            .unwrap_or_else(|| code.to_owned()),
        main: diagnostic.span.map(|span| {
            let label = words(Part::Label, variant, own).or_else(|| words(Part::Label, "", own));
            (span, label.unwrap_or_default())
        }),
        labels: diagnostic
            .labels
            .iter()
            .map(|label| {
                let text = words(Part::Label, label.key, &[&label.args, in_chinese, &diagnostic.args]);
                (label.span, text.unwrap_or_default())
            })
            .collect(),
        helps: several(Part::Help, &diagnostic.helps),
        notes: several(Part::Note, &diagnostic.notes),
        fixes: diagnostic
            .fixes
            .iter()
            .map(|fix| ToldFix {
                title: words(Part::Help, fix.key, own).unwrap_or_default(),
                edits: fix.edits.clone(),
                safe: fix.safe,
            })
            .collect(),
    }
}

/// Puts figures and names in place of `{key}`; the first list that has a key gives it. A key that none has stays as it
/// is written, so that a slip shows instead of hiding a figure.
fn fill(text: &str, args: &[&[(&'static str, Str)]]) -> String {
    let find = |key: &str| args.iter().flat_map(|list| list.iter()).find(|(name, _)| *name == key);
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}').and_then(|(key, behind)| Some((find(key)?, behind))) {
            Some(((_, value), behind)) => {
                filled.push_str(value);
                rest = behind;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// The word for a severity, as people read it. Machine formats have their own, which are never translated.
#[must_use]
pub fn severity_word(severity: Severity, lang: Lang) -> &'static str {
    match (lang, severity) {
        (Lang::En, Severity::Error) => "error",
        (Lang::En, Severity::Warning) => "warning",
        (Lang::En, Severity::Note) => "note",
        (Lang::Zh, Severity::Error) => "错误",
        (Lang::Zh, Severity::Warning) => "警告",
        (Lang::Zh, Severity::Note) => "说明",
    }
}

/// The word for a severity in machine formats.
fn severity_key(severity: Severity) -> &'static str {
    severity_word(severity, Lang::En)
}

/// A place fitted to its text: inside it, on the borders of characters, its end not before its beginning.
#[derive(Clone, Copy)]
struct Place<'a> {
    source: &'a Source,
    start: u32,
    end: u32,
}

impl<'a> Place<'a> {
    /// `None` if there is no such text.
    fn new(sources: &'a SourceMap, span: Span) -> Option<Self> {
        let source = sources.get(span.file)?;
        let text: &str = source.text();
        let whole = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let mut start = span.start.min(whole);
        while !text.is_char_boundary(start as usize) {
            start = start.saturating_sub(1);
        }
        let mut end = span.end.clamp(start, whole);
        while !text.is_char_boundary(end as usize) {
            end = end.saturating_add(1);
        }
        Some(Place { source, start, end })
    }

    fn from(self) -> LineColumn {
        self.source.line_column(self.start)
    }

    fn to(self) -> LineColumn {
        self.source.line_column(self.end)
    }

    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The text and its name are the same.
    fn same_source(self, other: &Self) -> bool {
        std::ptr::eq(self.source, other.source)
    }
}
