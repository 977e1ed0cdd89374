//! Workflow commands by which a GitHub job marks lines of a change.

use super::{Place, tell};
use crate::base::{SourceMap, Span};
use crate::diag::{Diagnostic, Lang, Severity};

/// One workflow command a diagnostic: `::error file=…,line=…,col=…,title=…::message`.
#[must_use]
pub fn github(diagnostics: &[Diagnostic], sources: &SourceMap, lang: Lang) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let told = tell(diagnostic, lang);
        let words = told.main.iter().map(|(_, words)| words).filter(|words| !words.is_empty());
        let lines: Vec<&str> =
            std::iter::once(&told.message).chain(words).chain(&told.helps).map(String::as_str).collect();
        let title = format!("{} {}", told.code, told.name);
        let place = told.main.as_ref().map(|(span, _)| *span);
        out.push_str(&annotation(told.severity, sources, place, &title, &lines.join("\n")));
    }
    out
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
