//! Workflow commands by which a GitHub job marks lines of a change.

use std::collections::BTreeMap;

use super::{Place, ToldFix, tell};
use crate::base::{SourceMap, Span};
use crate::diag::{Diagnostic, Lang, Severity};

/// One workflow command a diagnostic: `::error file=…,line=…,col=…,title=…::message`.
#[must_use]
pub fn github(diagnostics: &[Diagnostic], sources: &SourceMap, lang: Lang) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let told = tell(diagnostic, lang);
        let words = told.main.iter().map(|(_, words)| words).filter(|words| !words.is_empty());
        let fixes: Vec<String> = told.fixes.iter().map(|fix| suggestion(fix, sources)).collect();
        let lines = std::iter::once(&told.message).chain(words).chain(&told.helps).chain(&fixes);
        let lines: Vec<&str> = lines.map(String::as_str).filter(|line| !line.is_empty()).collect();
        let title = format!("{} {}", told.code, told.name);
        let place = told.main.as_ref().map(|(span, _)| *span);
        out.push_str(&annotation(told.severity, sources, place, &title, &lines.join("\n")));
    }
    out
}

/// What to put between two places of a line.
type Edit<'t> = (usize, usize, &'t str);

/// A fix in words, with the lines as they would stand: an annotation shows no change.
fn suggestion(fix: &ToldFix, sources: &SourceMap) -> String {
    let mut lines: BTreeMap<(Span, usize), Vec<Edit<'_>>> = BTreeMap::new();
    for (span, new) in &fix.edits {
        let Some(place) = Place::new(sources, *span) else { continue };
        let (from, to) = (place.from(), place.to());
        let begins = place
            .source
            .text()
            .get(..place.range().start)
            .map_or(0, |before| before.rfind('\n').map_or(0, |at| at.saturating_add(1)));
        if from.line == to.line && !new.contains('\n') {
            let file = Span { start: 0, end: 0, ..*span };
            let range = place.range();
            let edit = (range.start.saturating_sub(begins), range.end.saturating_sub(begins), &**new);
            lines.entry((file, from.line)).or_default().push(edit);
        }
    }
    let mended = lines.into_iter().filter_map(|((file, line), mut edits)| {
        let mut text = sources.get(file.file)?.line(line).to_owned();
        edits.sort_unstable_by(|one, other| other.cmp(one));
        for (start, end, new) in edits {
            text = format!("{}{new}{}", text.get(..start)?, text.get(end..)?);
        }
        Some(format!("  {}", text.trim()))
    });
    std::iter::once(fix.title.clone()).chain(mended).collect::<Vec<_>>().join("\n")
}

/// The workflow command that marks a place with a text, ended by a line end.
#[must_use]
pub fn annotation(
    severity: Severity,
    sources: &SourceMap,
    place: Option<Span>,
    title: &str,
    text: &str,
) -> String {
    let command = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(place) = place.and_then(|span| Place::new(sources, span)) {
        let (from, to) = (place.from(), place.to());
        properties.push(format!("file={}", property(place.source.name())));
        properties.push(format!("line={}", from.line));
        // GitHub refuses columns on a stretch of several lines.
        if from.line == to.line {
            properties.push(format!("col={}", from.column));
            properties.push(format!("endColumn={}", to.column));
        } else {
            properties.push(format!("endLine={}", to.line));
        }
    }
    properties.push(format!("title={}", property(title)));
    format!("::{command} {}::{}\n", properties.join(","), data(text))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
