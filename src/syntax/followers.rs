//! What follows from a mistake in a text that is read as it stands.
//!
//! Where nothing is guessed, or no guess reads, what is broken falls apart: the lines of a block without its bracket read as no
//! construct, and the rest of a line as a line of its own. That is not told beside the mistake itself. Of a member that could not
//! be read the checker believes nothing, for its author has not finished it.

use std::collections::BTreeSet;
use std::ops::Range;

use super::ast;
use super::restore::{BRACKETS, UNREADABLE, cut_at_items};
use crate::base::Span;
use crate::diag::Diagnostic;

/// What is told of lines that lost the head of their block.
const WITHOUT_HEAD: &str = "E105";
/// What is told of the rest of a line that could not be read on, beside what cannot be read at all.
const REST: [&str; 2] = ["E155", "E156"];
/// What is told of a word that is read as the one that was meant.
const MEANT: [(&str, &str); 3] = [("E141", ""), ("E151", "word"), ("E151", "member")];
/// A bracket that is not closed because a text of its line is not.
const QUOTED: [(&str, &str); 1] = [("E103", "E102")];
/// What stands between two members.
const PARTS: [char; 7] = ['\n', ';', '；', '{', '}', '｛', '｝'];
/// What is told to be lacking at the head of a block, where the line that holds it has a mistake.
const LACKING: [(&str, &str); 3] = [("E120", "grid"), ("E120", "heading"), ("E131", "")];

/// Leaves out what follows from another mistake of its stretch; `told` stands in the order of the text.
pub(super) fn leave_out(text: &str, told: &mut Vec<Diagnostic>) {
    if told.len() < 2 {
        return;
    }
    let lines = Lines::of(text);
    let mut leaving = BTreeSet::new();
    let mut rest: Vec<(usize, &Diagnostic)> =
        told.iter().enumerate().filter(|(_, it)| it.is_error()).collect();
    rest.reverse();
    for (_, end) in cut_at_items(text) {
        let mut of_stretch = Vec::new();
        while let Some(next) = rest.pop_if(|(_, told)| told.span.is_none_or(|span| span.range().start < end))
        {
            of_stretch.push(next);
        }
        leaving.extend(lines.followers(&of_stretch));
    }
    let mut place: usize = 0;
    told.retain(|_| {
        let stays = !leaving.contains(&place);
        place = place.saturating_add(1);
        stays
    });
}

/// What holds a mistake and could not be read: the member; of a text that is being written all its lines, of which the author has
/// not finished any.
pub(super) fn unread(text: &str, told: &[Diagnostic], lost: &[ast::Name], is_written: bool) -> Vec<Span> {
    if told.is_empty() {
        return Vec::new();
    }
    let lines = Lines::of(text);
    let mut ends: Vec<(u32, u32)> = lost.iter().map(|name| (name.span.start, name.span.end)).collect();
    ends.sort_unstable();
    // The furthest end up to each of them.
    let mut furthest = 0;
    for (_, end) in &mut ends {
        furthest = furthest.max(*end);
        *end = furthest;
    }
    let is_lost = |member: Span| {
        let before = ends.partition_point(|(start, _)| *start < member.end);
        before.checked_sub(1).and_then(|last| ends.get(last)).is_some_and(|(_, end)| *end > member.start)
    };
    let members = told.iter().filter(|told| told.is_error()).filter_map(|told| {
        let span = told.span?;
        let at = span.range().start;
        let member = if is_written { lines.member(at) } else { member_of(text, at) };
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let member = Span::new(span.file, place(member.start), place(member.end));
        (is_written && BRACKETS.contains(&told.code) || is_lost(member)).then_some(member)
    });
    members.collect()
}

/// The member of a place, as far as its line shows it.
fn member_of(text: &str, at: usize) -> Range<usize> {
    let before = text.get(..at).and_then(|before| before.rfind(PARTS));
    let behind = text.get(at..).and_then(|rest| rest.find(PARTS));
    before.map_or(0, |at| at.saturating_add(1))..behind.map_or(text.len(), |length| at.saturating_add(length))
}

/// A text with the places where its lines begin: mistakes by the thousand on one line must not cost time by the square.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl Lines<'_> {
    fn of(text: &str) -> Lines<'_> {
        let ends = text.match_indices('\n').map(|(at, _)| at.saturating_add(1));
        Lines { text, starts: std::iter::once(0).chain(ends).collect() }
    }

    /// Which line a place stands on.
    fn number(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.text.len())
    }

    fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or("")
    }

    /// What stands on the line of a place behind it, and before it.
    fn behind(&self, at: usize) -> &str {
        self.slice(at..self.start(self.number(at).saturating_add(1)))
    }

    fn before(&self, at: usize) -> &str {
        self.slice(self.start(self.number(at))..at)
    }

    /// Which mistakes of a stretch follow from one before them.
    fn followers(&self, told: &[(usize, &Diagnostic)]) -> Vec<usize> {
        let Some(((_, first), rest)) = told.split_first() else { return Vec::new() };
        if UNREADABLE.contains(&first.code) && rest.iter().any(|(_, told)| self.fell_apart(told)) {
            return rest.iter().map(|(place, _)| *place).collect();
        }
        let pairs = told.iter().zip(rest);
        let follows = pairs.filter_map(|((before_it, before), (place, told))| {
            let (first, then) = (before.span?.range().start, told.span?.range().start);
            let (line, behind) = (self.number(first), self.number(then));
            let next = line.saturating_add(1) == behind;
            if LACKING.contains(&(before.code, before.variant)) && (line == behind || next) {
                return Some(*before_it);
            }
            if line == behind && QUOTED.contains(&(before.code, told.code)) {
                return Some(*before_it);
            }
            // Behind a word that was read as the one that was meant the grammar has read on, and lacks something else at the end.
            let meant = MEANT.contains(&(before.code, before.variant));
            let read_on = meant && self.behind(then).trim().is_empty();
            let unreadable = UNREADABLE.contains(&told.code) && !read_on;
            let rest = unreadable || REST.contains(&told.code) && !REST.contains(&before.code);
            let of_member = rest && line == behind && !self.slice(first..then).contains(PARTS);
            let of_line = line == behind && UNREADABLE.contains(&before.code) && self.fell_out(told);
            let of_next = next && unreadable && self.goes_on(first, then);
            (of_member || of_line || of_next).then_some(*place)
        });
        follows.collect()
    }

    /// Whether a member stands outside its block: it begins no construct, or the bracket behind it closes nothing.
    fn fell_out(&self, told: &Diagnostic) -> bool {
        let Some(at) = told.span.map(|span| span.range().start) else { return false };
        let closes = self.text.get(at..).is_some_and(|rest| rest.starts_with(['}', '｝']));
        let begins = told.code == WITHOUT_HEAD && !self.before(at).is_empty();
        begins || BRACKETS.contains(&told.code) && closes
    }

    /// The same at the head of a line: the whole block has no head.
    fn fell_apart(&self, told: &Diagnostic) -> bool {
        let lead = told.span.map(|span| self.before(span.range().start));
        self.fell_out(told) && lead.is_some_and(|lead| lead.trim().is_empty())
    }

    /// Whether a mistake on the line behind one with a mistake is of the same member: the line was broken in two, or goes on further
    /// to the right.
    fn goes_on(&self, first: usize, then: usize) -> bool {
        let sign = self.text.get(then..).is_some_and(|rest| rest.starts_with([':', '：']));
        let at_head = self.before(then).trim().is_empty();
        let (above, own) = (self.number(first), self.number(then));
        let opens = self.slice(self.start(above)..self.start(own)).trim_end().ends_with(['{', '｛']);
        let further = !opens && self.indent(own) > self.indent(above);
        at_head && (sign || self.behind(first).trim().is_empty()) || further
    }

    /// The lines of the member of a place: its own, and those above that it goes on from, by what they are indented.
    fn member(&self, at: usize) -> Range<usize> {
        let own = self.number(at);
        let (mut first, mut indent) = (own, self.indent(own));
        while let Some(above) = first.checked_sub(1) {
            let line = self.slice(self.start(above)..self.start(first)).trim_end();
            let of_above = self.indent(above);
            if line.is_empty() || of_above >= indent || line.ends_with(['{', '｛', '}', '｝']) {
                break;
            }
            (first, indent) = (above, of_above);
        }
        self.start(first)..self.start(own.saturating_add(1))
    }

    fn indent(&self, line: usize) -> usize {
        let line = self.slice(self.start(line)..self.start(line.saturating_add(1)));
        line.len().saturating_sub(line.trim_start().len())
    }
}
