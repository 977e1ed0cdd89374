//! One layout: the least change of a text that gives it.

use std::ops::Range;

use crate::fmt;

/// What to put in place of which bytes so that a text is laid out; none where it is already, or where the layout would break one
/// of its laws. A `.md` is laid out in its `gradus` blocks alone.
#[must_use]
pub fn format(text: &str, is_literate: bool) -> Option<(Range<usize>, String)> {
    let formatted = if is_literate { fmt::format_literate(text, None) } else { fmt::format(text, None) };
    let new = formatted.ok()?.text;
    if new == text {
        return None;
    }
    let lines = |text: &str, other: &str| -> usize {
        let pairs = text.split_inclusive('\n').zip(other.split_inclusive('\n'));
        pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len()).sum()
    };
    // Whole lines that stay are left alone, so that a cursor in them stays where it is.
    let head = lines(text, &new);
    let (old_rest, new_rest) = (text.get(head..)?, new.get(head..)?);
    let back = |text: &str| text.split_inclusive('\n').map(str::to_owned).rev().collect::<Vec<_>>();
    let tail: usize =
        back(old_rest).iter().zip(&back(new_rest)).take_while(|(a, b)| a == b).map(|(a, _)| a.len()).sum();
    let until = |all: &str| all.len().saturating_sub(tail);
    Some((head..until(text), new.get(head..until(&new))?.to_owned()))
}
