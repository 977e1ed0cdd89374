//! Whether a fix that is to be made without being looked at mends what it was told for.
//!
//! A fix is made of what its author thought the line to be. So each is tried on the stretch that it changes: where that has as many
//! mistakes as before, also when all that is safe on the line is mended after it, the line was something else, and the fix is one to
//! be looked at.

use std::collections::BTreeMap;
use std::ops::Range;

use super::again::Before;
use super::recover;
use super::restore::{cut_at_items, line_of};
use crate::base::{FileId, Span, Str};
use crate::diag::{Diagnostic, Fix};

/// How many bytes are read anew at most: what is beyond waits for the next round, when less is wrong.
const BYTES: usize = 512 << 10;
/// How many fixes of one line are made one behind the other.
const ROUNDS: usize = 6;

/// Lets no fix stand as safe that leaves as many mistakes as it found.
pub(super) fn hold(file: FileId, text: &str, diagnostics: &mut [Diagnostic]) {
    let is_safe = |told: &Diagnostic| told.fixes.iter().any(|fix| fix.safe);
    if !diagnostics.iter().any(is_safe) {
        return;
    }
    let stretches = cut_at_items(text);
    let (mut budget, mut began) = (BYTES, BTreeMap::new());
    for told in diagnostics.iter_mut().filter(|told| is_safe(told)) {
        for fix in told.fixes.iter_mut().filter(|fix| fix.safe) {
            let mends = mends(file, text, &stretches, fix, &mut began, &mut budget);
            fix.safe = mends.unwrap_or(false);
        }
    }
}

/// Whether a fix leaves fewer mistakes than it found; none where that is not to be known.
fn mends(
    file: FileId,
    text: &str,
    stretches: &[(usize, usize)],
    fix: &Fix,
    began: &mut BTreeMap<usize, usize>,
    budget: &mut usize,
) -> Option<bool> {
    let first = fix.edits.iter().map(|(span, _)| span.range().start).min()?;
    let last = fix.edits.iter().map(|(span, _)| span.range().end).max()?;
    let of = stretches.partition_point(|(start, _)| *start <= first).checked_sub(1)?;
    let (start, _) = *stretches.get(of)?;
    let (_, end) = *stretches.iter().find(|(_, end)| *end >= last)?;
    let stretch = text.get(start..end)?;
    let known = began.get(&start).copied();
    let before = match known {
        Some(count) => count,
        None => {
            let count = mistakes(file, stretch, budget)?.len();
            began.insert(start, count);
            count
        }
    };
    let mut lines = line_of(stretch, first.checked_sub(start)?);
    lines.end = lines.end.max(line_of(stretch, last.checked_sub(start)?).end);
    let edits = fix.edits.iter().map(|(span, put)| Some((inside(*span, start)?, put.clone())));
    let mut edits: Vec<(Range<usize>, Str)> = edits.collect::<Option<_>>()?;
    let mut made = stretch.to_owned();
    for _ in 0..ROUNDS {
        lines.end = changed(&mut made, &mut edits, lines.end)?;
        let left = mistakes(file, &made, budget)?;
        if left.len() < before {
            return Some(true);
        }
        // What hid behind the mistake may be mended as safely.
        let on_line = |fix: &&Fix| fix.edits.iter().all(|(span, _)| lines.contains(&span.range().start));
        let next = left.iter().flat_map(|told| &told.fixes).filter(|fix| fix.safe).find(on_line)?;
        edits = next.edits.iter().map(|(span, put)| (span.range(), put.clone())).collect();
    }
    Some(false)
}

/// The mistakes of a stretch as it stands.
fn mistakes(file: FileId, text: &str, budget: &mut usize) -> Option<Vec<Diagnostic>> {
    *budget = budget.checked_sub(text.len())?;
    let told = recover::parse(file, text, Before::default(), false).diagnostics;
    Some(told.into_iter().filter(Diagnostic::is_error).collect())
}

fn inside(span: Span, start: usize) -> Option<Range<usize>> {
    let range = span.range();
    Some(range.start.checked_sub(start)?..range.end.checked_sub(start)?)
}

/// Puts edits into a text; gives where the lines end then that ended at a place.
fn changed(text: &mut String, edits: &mut [(Range<usize>, Str)], end: usize) -> Option<usize> {
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let was = text.len();
    for (range, put) in edits {
        text.get(range.clone())?;
        text.replace_range(range.clone(), put);
    }
    end.checked_add(text.len())?.checked_sub(was)
}
