//! Fixes put into the texts.
//!
//! Two fixes that touch the same place are not both applied: what the second one meant was the text before the first. Who
//! applies them looks at the texts anew and asks again, until nothing is left.

use std::collections::BTreeMap;

use super::{Diagnostic, Fix};
use crate::base::{FileId, SourceMap, Span, Str};

/// Texts with fixes in them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Mended {
    /// The texts that changed, each as it is now.
    pub texts: BTreeMap<FileId, String>,
    /// Which diagnostics were mended, as places in what was given.
    pub applied: Vec<usize>,
}

/// Applies one fix of each diagnostic: the first that is safe, or with `unsafe_too` the first at all; none where it overlaps one
/// that was applied before, or where the text is `barred`.
#[must_use]
pub fn mend(
    diagnostics: &[Diagnostic],
    sources: &SourceMap,
    unsafe_too: bool,
    barred: impl Fn(FileId) -> bool,
) -> Mended {
    let mut chosen: BTreeMap<FileId, Vec<(Span, &Str)>> = BTreeMap::new();
    let mut applied = Vec::new();
    for (place, diagnostic) in diagnostics.iter().enumerate() {
        let Some(fix) = mending(diagnostic, unsafe_too) else { continue };
        let is_free = |(span, _): &(Span, Str)| {
            !barred(span.file)
                && lies_in(sources, *span)
                && chosen
                    .get(&span.file)
                    .is_none_or(|edits| !edits.iter().any(|(other, _)| touch(*other, *span)))
        };
        if !fix.edits.iter().all(is_free) {
            continue;
        }
        for (span, new) in &fix.edits {
            chosen.entry(span.file).or_default().push((*span, new));
        }
        applied.push(place);
    }
    let texts = chosen.into_iter().filter_map(|(file, edits)| {
        let text = sources.get(file)?.text();
        Some((file, with(text, edits)))
    });
    Mended { texts: texts.collect(), applied }
}

/// The fix that would be applied to a diagnostic.
#[must_use]
pub fn mending(diagnostic: &Diagnostic, unsafe_too: bool) -> Option<&Fix> {
    let safe = diagnostic.fixes.iter().find(|fix| fix.safe);
    safe.or_else(|| diagnostic.fixes.first().filter(|_| unsafe_too)).filter(|fix| !fix.edits.is_empty())
}

/// Two that begin where the other ends touch, too: in which order they would stand, nobody has said.
fn touch(one: Span, other: Span) -> bool {
    one.start <= other.end && other.start <= one.end
}

/// Whether a place is one of the text: a stale one, or one inside a character, is not written to.
fn lies_in(sources: &SourceMap, span: Span) -> bool {
    sources.get(span.file).is_some_and(|source| source.text().get(span.range()).is_some())
}

fn with(text: &str, mut edits: Vec<(Span, &Str)>) -> String {
    edits.sort_by_key(|(span, _)| span.start);
    let mut mended = String::with_capacity(text.len());
    let mut rest = 0;
    for (span, new) in edits {
        let range = span.range();
        mended.push_str(text.get(rest..range.start).unwrap_or_default());
        mended.push_str(new);
        rest = range.end;
    }
    mended.push_str(text.get(rest..).unwrap_or_default());
    mended
}
