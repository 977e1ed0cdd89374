//! Reading a text anew of which most was read a moment ago.
//!
//! Between two keystrokes, one item of a policy changes. An item depends on nothing but its own stretch of the text, so one whose
//! stretch stands in the next text as well is taken over, moved to where it stands now.

use std::collections::BTreeMap;

use super::ast::{self, Moves as _, Shift};
use super::scan::Scan;
use crate::diag::Diagnostic;

/// What a tree was read from: it goes with the tree to [`super::parse_again`].
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// The text as the grammar has read it: blanks in the place of comments.
    text: String,
    /// For each item of the tree the stretch that it was read from, where that holds nothing else and no mistake.
    stretches: Vec<Option<(usize, usize)>>,
}

impl Kept {
    pub(super) fn new(text: String, stretches: Vec<Option<(usize, usize)>>) -> Kept {
        Kept { text, stretches }
    }

    /// The items of a text, each with its place; none where this was not kept of the text, or an item has no stretch of its own.
    pub(super) fn pieces(&self, text: &str) -> Option<Vec<(usize, &str)>> {
        if self.text.len() != text.len() || self.stretches.is_empty() {
            return None;
        }
        let piece = |stretch: &Option<(usize, usize)>| {
            let (start, end) = (*stretch)?;
            Some((start, self.text.get(start..end)?))
        };
        self.stretches.iter().map(piece).collect()
    }
}

/// The stretches of the items of a text that was read as a whole; none for an item in which something was found wrong.
pub(super) fn stretches(
    scan: &Scan,
    items: &[ast::Item],
    wrong: &[Diagnostic],
) -> Vec<Option<(usize, usize)>> {
    let ends: Vec<usize> = scan.ends.iter().filter(|(_, block)| block.is_none()).map(|(at, _)| *at).collect();
    let stretch = |item: &ast::Item| {
        let at = item.span.range();
        let behind = ends.partition_point(|end| *end <= at.start);
        let before = behind.checked_sub(1).and_then(|last| ends.get(last));
        let start = before.map_or(0, |end| behind_sign(&scan.text, *end));
        let end = ends.get(behind).copied().unwrap_or(scan.text.len());
        // A line that begins with `when` belongs to the item before it.
        let sound = at.end <= end && !wrong.iter().any(|it| within(it, start, end));
        sound.then_some((start, end))
    };
    items.iter().map(stretch).collect()
}

/// Whether a mistake lies in a stretch.
fn within(told: &Diagnostic, start: usize, end: usize) -> bool {
    told.span.is_none_or(|span| (start..=end).contains(&span.range().start))
}

/// The byte behind the sign that ends a member: a line end, `;`, or its twin `；` of three bytes.
pub(super) fn behind_sign(text: &str, end: usize) -> usize {
    let sign = text.get(end..).and_then(|rest| rest.chars().next());
    end.saturating_add(sign.map_or(1, char::len_utf8))
}

/// The items that were read before, by what they were read from.
#[derive(Default)]
pub(super) struct Before<'k> {
    items: BTreeMap<&'k str, Vec<(usize, ast::Item)>>,
}

impl<'k> Before<'k> {
    pub(super) fn new(items: Vec<ast::Item>, kept: &'k Kept) -> Before<'k> {
        let mut before = Before::default();
        for (item, stretch) in items.into_iter().zip(&kept.stretches) {
            if let Some((start, end)) = *stretch
                && let Some(text) = kept.text.get(start..end)
            {
                before.items.entry(text).or_default().push((start, item));
            }
        }
        before
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The item of a stretch that begins at a place, if the same stretch was read before.
    pub(super) fn take(&mut self, text: &str, start: usize) -> Option<ast::Item> {
        let (was, mut item) = self.items.get_mut(text)?.pop()?;
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        item.moves(Shift::By(place(start).wrapping_sub(place(was))));
        Some(item)
    }
}
