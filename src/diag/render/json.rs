//! One JSON document, for programs.

use serde::Serialize;

use super::{Place, severity_key, tell};
use crate::base::{LineColumn, SourceMap, Span};
use crate::diag::{Diagnostic, Lang};

/// The version of the layout below; it grows when a key changes its meaning or goes.
const FORMAT_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    format_version: u32,
    diagnostics: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    code: &'a str,
    name: String,
    severity: &'static str,
    message: String,
    #[serde(flatten)]
    place: Option<Stretch<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    labels: Vec<Label<'a>>,
    help: Vec<String>,
    notes: Vec<String>,
    fixes: Vec<Fix<'a>>,
}

/// Lines and columns from 1, columns in characters; the span in bytes, its end not included.
#[derive(Serialize)]
struct Stretch<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end: End,
    span: Bytes,
}

#[derive(Serialize)]
struct End {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Bytes {
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct Label<'a> {
    message: String,
    #[serde(flatten)]
    place: Stretch<'a>,
}

#[derive(Serialize)]
struct Fix<'a> {
    message: String,
    safe: bool,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    place: Stretch<'a>,
    replacement: String,
}

fn stretch(sources: &SourceMap, span: Span) -> Option<Stretch<'_>> {
    let place = Place::new(sources, span)?;
    let (LineColumn { line, column }, end) = (place.from(), place.to());
    Some(Stretch {
        file: place.source.name(),
        line,
        column,
        end: End { line: end.line, column: end.column },
        span: Bytes { start: place.start, end: place.end },
    })
}

/// One document with `format_version` and `diagnostics`. Keys and codes are never translated; messages are.
#[must_use]
pub fn json(diagnostics: &[Diagnostic], sources: &SourceMap, lang: Lang) -> String {
    let document =
        Document { format_version: FORMAT_VERSION, diagnostics: items(diagnostics, sources, lang).collect() };
    crate::base::document(&document)
}

/// The same items for a document that tells of more than diagnostics.
#[must_use]
pub fn json_items(diagnostics: &[Diagnostic], sources: &SourceMap, lang: Lang) -> serde_json::Value {
    let all: Vec<Item<'_>> = items(diagnostics, sources, lang).collect();
    serde_json::to_value(all).unwrap_or_default()
}

fn items<'a>(
    diagnostics: &'a [Diagnostic],
    sources: &'a SourceMap,
    lang: Lang,
) -> impl Iterator<Item = Item<'a>> {
    diagnostics.iter().map(move |diagnostic| {
        let told = tell(diagnostic, lang);
        Item {
            code: told.code,
            severity: severity_key(told.severity),
            place: told.main.as_ref().and_then(|(span, _)| stretch(sources, *span)),
            label: told.main.map(|(_, words)| words).filter(|words| !words.is_empty()),
            labels: told
                .labels
                .into_iter()
                .filter_map(|(span, message)| Some(Label { message, place: stretch(sources, span)? }))
                .collect(),
            help: told.helps,
            notes: told.notes,
            fixes: told
                .fixes
                .into_iter()
                .map(|fix| Fix {
                    message: fix.title,
                    safe: fix.safe,
                    edits: fix
                        .edits
                        .iter()
                        .filter_map(|(span, new)| {
                            Some(Edit { place: stretch(sources, *span)?, replacement: new.to_string() })
                        })
                        .collect(),
                })
                .collect(),
            name: told.name,
            message: told.message,
        }
    })
}
