//! What follows from a mistake in a text that is read as it stands.
//!
//! Where nothing is guessed, or no guess reads, what is broken falls apart: the lines of a block without its bracket read as no
//! construct, and the rest of a line as a line of its own. That is not told beside the mistake itself. Of a member that could not
//! be read the checker believes nothing, for its author has not finished it.

use std::ops::Range;

use super::ast;
use super::restore::{BRACKETS, UNREADABLE, cut_at_items, line_of};
use crate::base::Span;
use crate::diag::Diagnostic;

/// What is told of lines that lost the head of their block.
const WITHOUT_HEAD: &str = "E105";
/// What is told of the rest of a line that could not be read on, beside what cannot be read at all.
const REST: [&str; 2] = ["E155", "E156"];
/// What is told of a word that is read as the one that was meant.
const MEANT: [(&str, &str); 3] = [("E141", ""), ("E151", "word"), ("E151", "member")];
/// What stands between two members.
const PARTS: [char; 7] = ['\n', ';', '；', '{', '}', '｛', '｝'];
/// What is told to be lacking at the head of a block, where the line that holds it has a mistake.
const LACKING: [(&str, &str); 3] = [("E120", "grid"), ("E120", "heading"), ("E131", "")];

/// Leaves out what follows from another mistake of its stretch; `told` stands in the order of the text.
pub(super) fn leave_out(text: &str, told: &mut Vec<Diagnostic>) {
    if told.len() < 2 {
        return;
    }
    for (start, end) in cut_at_items(text) {
        let places = told.iter().enumerate().filter(|(_, told)| {
            told.is_error() && told.span.is_some_and(|span| (start..end).contains(&span.range().start))
        });
        let of_stretch: Vec<(usize, &Diagnostic)> = places.collect();
        let followers = followers(text, &of_stretch);
        let mut place: usize = 0;
        told.retain(|_| {
            let stays = !followers.contains(&place);
            place = place.saturating_add(1);
            stays
        });
    }
}

/// What holds a mistake and could not be read: the member; of a text that is being written all its lines, of which the author has
/// not finished any.
pub(super) fn unread(text: &str, told: &[Diagnostic], lost: &[ast::Name], is_written: bool) -> Vec<Span> {
    let members = told.iter().filter(|told| told.is_error()).filter_map(|told| {
        let span = told.span?;
        let member = if is_written { lines_of(text, span) } else { member_of(text, span) };
        let is_lost = || lost.iter().any(|name| overlap(member, name.span));
        (is_written && BRACKETS.contains(&told.code) || is_lost()).then_some(member)
    });
    members.collect()
}

fn overlap(one: Span, other: Span) -> bool {
    one.start < other.end && other.start < one.end
}

/// Which mistakes of a stretch follow from one before them.
fn followers(text: &str, told: &[(usize, &Diagnostic)]) -> Vec<usize> {
    let Some(((_, first), rest)) = told.split_first() else { return Vec::new() };
    if UNREADABLE.contains(&first.code) && rest.iter().any(|(_, told)| fell_apart(text, told)) {
        return rest.iter().map(|(place, _)| *place).collect();
    }
    let pairs = told.iter().zip(rest);
    let follows = pairs.filter_map(|((before_it, before), (place, told))| {
        let (first, then) = (before.span?.range().start, told.span?.range().start);
        let (line, behind) = (line_of(text, first), line_of(text, then));
        let next = line.end == behind.start;
        if LACKING.contains(&(before.code, before.variant)) && (line == behind || next) {
            return Some(*before_it);
        }
        // Behind a word that was read as the one that was meant the grammar has read on, and lacks something else at the end.
        let at_end = text.get(then..behind.end).is_some_and(|rest| rest.trim().is_empty());
        let read_on = at_end && MEANT.contains(&(before.code, before.variant));
        let unreadable = UNREADABLE.contains(&told.code) && !read_on;
        let rest = unreadable || REST.contains(&told.code) && !REST.contains(&before.code);
        let of_member = text.get(first..then).is_some_and(|between| !between.contains(PARTS));
        (rest && of_member || next && unreadable && goes_on(text, first, then)).then_some(*place)
    });
    follows.collect()
}

/// Whether a member stands outside its block: it begins no construct, or the bracket behind it closes nothing.
fn fell_apart(text: &str, told: &Diagnostic) -> bool {
    let Some(at) = told.span.map(|span| span.range().start) else { return false };
    let line = line_of(text, at);
    let is_first = text.get(line.start..at).is_some_and(|lead| lead.trim().is_empty());
    let closes = text.get(at..).is_some_and(|rest| rest.starts_with(['}', '｝']));
    is_first && (told.code == WITHOUT_HEAD && line.start < at || BRACKETS.contains(&told.code) && closes)
}

/// Whether a mistake on a line and one at the head of the next are of a line that was broken in two.
fn goes_on(text: &str, first: usize, then: usize) -> bool {
    let rest = text.get(first..line_of(text, first).end).unwrap_or("");
    let lead = text.get(line_of(text, then).start..then).unwrap_or("");
    let sign = text.get(then..).is_some_and(|rest| rest.starts_with([':', '：']));
    lead.trim().is_empty() && (sign || rest.trim().is_empty())
}

/// The member of a place, as far as its line shows it.
fn member_of(text: &str, span: Span) -> Span {
    let member = super::restore::member_of(text, span.range().start);
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(span.file, place(member.start), place(member.end))
}

/// The lines of the member of a place: its own, and those above that it goes on from, by what they are indented.
fn lines_of(text: &str, span: Span) -> Span {
    let own = line_of(text, span.range().start);
    let mut start = own.start;
    let mut indent = indent_of(text, &own);
    while let Some(at) = start.checked_sub(1) {
        let above = line_of(text, at);
        let line = text.get(above.clone()).unwrap_or("").trim();
        let of_above = indent_of(text, &above);
        if line.is_empty() || of_above >= indent || line.ends_with(['{', '｛', '}', '｝']) {
            break;
        }
        (start, indent) = (above.start, of_above);
    }
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(span.file, place(start), place(own.end))
}

fn indent_of(text: &str, line: &Range<usize>) -> usize {
    let line = text.get(line.clone()).unwrap_or("");
    line.len().saturating_sub(line.trim_start().len())
}
