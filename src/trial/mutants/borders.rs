//! The border between two neighbouring rows: where one ends and the next begins, moved as a whole, so that neither a gap nor an
//! overlap gives the change away.

use super::Change;
use super::figures::{Way, moved};
use super::vocabulary::spelled;
use crate::base::{Span, Str};
use crate::syntax::Node;

/// A border moved, or given to the other row.
pub(super) struct Border {
    pub(super) change: Change,
    pub(super) span: Span,
    pub(super) text: Str,
    pub(super) old: Str,
    pub(super) new: Str,
}

/// One end of a cell.
#[derive(Clone, Copy)]
struct End<'n> {
    /// The word before the bound; none in `46..60`.
    word: Option<&'n Node>,
    /// The bound.
    bound: Span,
    /// Whether the bound itself is in.
    included: bool,
}

/// All changes of the borders between two rows, cell by cell.
pub(super) fn between(one: &Node, next: &Node, text: &str) -> Vec<Border> {
    let (mine, others) = (cells(one), cells(next));
    let mut found = Vec::new();
    for (cell, other) in mine.iter().zip(&others) {
        let ((low, high), (other_low, other_high)) = (ends(cell), ends(other));
        // Rows that climb meet at the upper end of the first, rows that fall at its lower end.
        for (upper, lower) in [(high, other_low), (other_high, low)] {
            if let (Some(upper), Some(lower)) = (upper, lower) {
                found.extend(at(upper, lower, text));
            }
        }
    }
    found
}

/// The only pattern of each cell of a row; none for a cell of several.
fn cells(row: &Node) -> Vec<Option<&Node>> {
    let Some(cells) = row.child("cells") else { return Vec::new() };
    let only = |cell: &'_ Node| cell.children_of("pattern").count() == 1;
    cells
        .children_of("cell")
        .map(|cell| if only(cell) { cell.children.iter().find(|it| it.rule == "pattern") } else { None })
        .collect()
}

/// The lower and the upper end of a pattern.
fn ends<'n>(pattern: &Option<&'n Node>) -> (Option<End<'n>>, Option<End<'n>>) {
    let Some(pattern) = pattern else { return (None, None) };
    let bound = |rule: &str, word: &str, included: bool| {
        let node: &'n Node = pattern.children.iter().find(|it| it.rule == rule)?;
        let word = node.children.iter().find(|it| it.rule == word);
        let bound = node.children.iter().find(|it| it.rule == "sum")?.span;
        Some(End { word, bound, included })
    };
    let low = bound("from", "kw_from_bound", true).or_else(|| bound("above", "kw_above", false));
    let high = bound("below", "kw_below", false).or_else(|| bound("at_most", "kw_at_most", true));
    if low.is_some() || high.is_some() {
        return (low, high);
    }
    let sums: Vec<&Node> = pattern.children.iter().filter(|it| it.rule == "sum").collect();
    match sums.as_slice() {
        [low, high] => {
            let end = |node: &Node| Some(End { word: None, bound: node.span, included: true });
            (end(low), end(high))
        }
        _ => (None, None),
    }
}

/// The changes of one border: the upper end of one row, the lower end of the other.
fn at(upper: End<'_>, lower: End<'_>, text: &str) -> Vec<Border> {
    let slice = |span: Span| text.get(span.range()).unwrap_or("");
    let (high, low) = (slice(upper.bound), slice(lower.bound));
    let mut found = Vec::new();
    let touching = if upper.included && lower.included {
        // 46..60 and 61..85 meet between 60 and 61.
        moved(high, Way::Up).as_deref() == Some(low)
    } else {
        high == low && upper.included != lower.included
    };
    if !touching {
        return found;
    }
    for way in [Way::Up, Way::Down] {
        let (Some(new_high), Some(new_low)) = (moved(high, way), moved(low, way)) else { continue };
        let edits = [(upper.bound, new_high.clone()), (lower.bound, new_low)];
        found.extend(border(Change::Border, edits, high, &new_high, text));
    }
    if let (Some(ends), Some(begins)) = (upper.word, lower.word) {
        let (ends_now, begins_now) = (slice(ends.span), slice(begins.span));
        let (ends_as, begins_as) =
            if upper.included { ("below", "from_bound") } else { ("at_most", "above") };
        if let (Some(new_end), Some(new_begin)) = (spelled(ends_as, ends_now), spelled(begins_as, begins_now))
        {
            let edits = [(ends.span, new_end.to_owned()), (begins.span, new_begin.to_owned())];
            let (old, new) = (format!("{ends_now} {high}"), format!("{new_end} {high}"));
            found.extend(border(Change::Bound, edits, &old, &new, text));
        }
    }
    found
}

/// Two replacements as one edit, with what stands between them as it is.
fn border(change: Change, edits: [(Span, String); 2], old: &str, new: &str, text: &str) -> Option<Border> {
    let [first, second] = edits;
    let (first, second) = if first.0.start < second.0.start { (first, second) } else { (second, first) };
    let between = text.get(first.0.end as usize..second.0.start as usize)?;
    Some(Border {
        change,
        span: first.0.to(second.0),
        text: format!("{}{between}{}", first.1, second.1).into(),
        old: old.into(),
        new: new.into(),
    })
}
