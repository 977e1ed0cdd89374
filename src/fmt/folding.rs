//! Lines too wide to be read, in two or more: where a line breaks that the author let run on.
//!
//! A line breaks at its outermost parts first: between the entries of a block, then around and within a block or a list of
//! records, before a clause, behind the `=` of a definition and the `:` of a row, before `and` and `or`, behind a comma, before a
//! sign of arithmetic. What has none of these stays.

use std::ops::Range;

use super::columns;
use super::lines::{self, Line};
use super::token::{Shape, Token, goes_on};

/// How wide a line may be, as people see it: a Chinese character counts two.
pub(super) const WIDEST: usize = 120;

/// The clauses that may begin a line.
const CLAUSES: [&str; 14] = [
    "when",
    "because",
    "cite",
    "if_unknown",
    "needs",
    "internal",
    "customer_says",
    "note_to",
    "late",
    "validity",
    "tolerance",
    "release_by",
    "after_cure",
    "release_days",
];

/// Breaks every line that is wider than `widest`, as long as it has a part to break at.
pub(super) fn fold(mut lines: Vec<Line>, tokens: &[Token], widest: usize) -> Vec<Line> {
    loop {
        lines::indent(&mut lines, tokens);
        let before = lines.len();
        let folded = lines.into_iter().flat_map(|line| match parts(&line, tokens, widest) {
            Some(parts) => in_parts(line, parts),
            None => vec![line],
        });
        lines = folded.collect();
        if lines.len() == before {
            return lines;
        }
    }
}

/// A line in its parts: what stands before it stays before the first, the comment behind it behind the last.
fn in_parts(mut line: Line, parts: Vec<Range<usize>>) -> Vec<Line> {
    let behind = line.behind.take();
    let mut parts = parts.into_iter();
    line.tokens = parts.next().unwrap_or_default();
    let rest = parts.map(|tokens| Line { tokens, ..Line::default() });
    let mut lines: Vec<Line> = std::iter::once(line).chain(rest).collect();
    if let Some(last) = lines.last_mut() {
        last.behind = behind;
    }
    lines
}

/// The parts of a line that is too wide; none where it is not, or has no part to break at.
fn parts(line: &Line, tokens: &[Token], widest: usize) -> Option<Vec<Range<usize>>> {
    let wide = Wide { tokens, line: line.tokens.clone(), room: widest.checked_sub(line.indent)? };
    let of_line = tokens.get(line.tokens.clone())?;
    if of_line.iter().any(|token| token.shape == Shape::Verbatim)
        || wide.width(line.tokens.clone()) <= wide.room
    {
        return None;
    }
    let breaks = wide.between_entries().or_else(|| wide.around_block()).or_else(|| wide.before_clauses())?;
    let starts = std::iter::once(line.tokens.start).chain(breaks.iter().copied());
    let ends = breaks.iter().copied().chain([line.tokens.end]);
    // A line end parts the members of a block as `;` does.
    let last = |start: usize, end: usize| {
        let before = end.saturating_sub(1);
        let is_sign = end < line.tokens.end && tokens.get(before).is_some_and(|token| token.text == ";");
        start..if is_sign { before } else { end }
    };
    Some(starts.zip(ends).map(|(start, end)| last(start, end)).collect())
}

/// A line that is too wide.
struct Wide<'t> {
    tokens: &'t [Token],
    line: Range<usize>,
    /// How wide its text may be.
    room: usize,
}

impl Wide<'_> {
    fn width(&self, tokens: Range<usize>) -> usize {
        columns::width(&Line { tokens, ..Line::default() }, self.tokens)
    }

    /// The tokens, each with how many brackets of the line are open before it, and whether one of them is that of a block.
    fn placed(&self) -> impl Iterator<Item = Placed<'_>> {
        let mut open: Vec<bool> = Vec::new();
        let of_line = self.tokens.get(self.line.clone()).unwrap_or_default();
        self.line.clone().zip(of_line).map(move |(place, token)| {
            if token.closes() {
                open.pop();
            }
            let placed = Placed { place, token, depth: open.len(), in_block: open.contains(&true) };
            if token.opens() {
                open.push(matches!(token.shape, Shape::OpenBlock { .. }));
            }
            placed
        })
    }

    /// The places behind the first at which it may break.
    fn places(&self, fits: impl Fn(&Placed<'_>) -> bool) -> impl Iterator<Item = Placed<'_>> {
        self.placed().skip(1).filter(fits)
    }

    /// The places of some, as few as are needed: each part takes in what still has room.
    fn filled(&self, places: &[usize], alone: impl Fn(Range<usize>) -> bool) -> Option<Vec<usize>> {
        let mut breaks = Vec::new();
        let mut start = self.line.start;
        let ends = places.iter().skip(1).copied().chain([self.line.end]);
        let mut was_alone = places.first().is_some_and(|first| alone(self.line.start..*first));
        for (place, end) in places.iter().copied().zip(ends) {
            let is_alone = alone(place..end);
            if was_alone || is_alone || self.width(start..end) > self.room {
                breaks.push(place);
                start = place;
            }
            was_alone = is_alone;
        }
        Some(breaks).filter(|breaks| !breaks.is_empty())
    }

    /// Between the entries that share the line; an entry with a list of records has its own.
    fn between_entries(&self) -> Option<Vec<usize>> {
        let entries = self.places(|it| it.depth == 0 && it.token.begins.is_some());
        let entries: Vec<usize> = entries.map(|it| it.place).collect();
        let has_records = |entry: Range<usize>| {
            let mut of_entry = self.tokens.get(entry).unwrap_or_default().iter();
            of_entry.any(|token| matches!(token.shape, Shape::Open { wide: true, .. }))
        };
        self.filled(&entries, has_records)
    }

    /// Around and within the widest block or list of records that the line opens and closes.
    fn around_block(&self) -> Option<Vec<usize>> {
        let mut open = None;
        let mut blocks: Vec<Range<usize>> = Vec::new();
        for it in self.placed().filter(|it| it.depth == 0) {
            if matches!(it.token.shape, Shape::OpenBlock { .. } | Shape::Open { wide: true, .. }) {
                open = Some(it.place);
            } else if it.token.closes()
                && let Some(open) = open.take()
            {
                blocks.push(open..it.place);
            }
        }
        let full = blocks.into_iter().filter(|block| block.len() > 1);
        let block = full.max_by_key(|block| self.width(block.clone()))?;
        let first = block.start.saturating_add(1);
        let fills =
            self.tokens.get(block.start).is_some_and(|open| open.shape == Shape::OpenBlock { fills: true });
        let members = self.places(|it| it.depth == 1 && it.place > first && it.token.begins.is_some());
        let members = members.map(|it| it.place).filter(|place| !fills && block.contains(place));
        Some(std::iter::once(first).chain(members).chain([block.end]).collect())
    }

    /// Before clauses; behind `=`; behind `:`; before `and` and `or`; behind commas; before signs of arithmetic: the outermost of
    /// the first that there are.
    fn before_clauses(&self) -> Option<Vec<usize>> {
        let before = |place: usize| place.checked_sub(1).and_then(|before| self.tokens.get(before));
        let behind_comma = |it: &Placed<'_>| before(it.place).is_some_and(|token| token.text == ",");
        let is_clause = |it: &Placed<'_>| {
            it.token.cell.is_some_and(|(cell, _)| CLAUSES.contains(&cell.holds))
                && (behind_comma(it) || goes_on(&it.token.text))
        };
        let defined = |it: &Placed<'_>| {
            before(it.place).and_then(|token| token.cell).is_some_and(|(cell, _)| cell.holds == "define")
        };
        let behind_colon = |it: &Placed<'_>| before(it.place).is_some_and(|token| token.text == ":");
        let joins = |it: &Placed<'_>| it.token.is_infix && goes_on(&it.token.text);
        let listed = |it: &Placed<'_>| behind_comma(it) && !it.token.closes();
        let adds = |it: &Placed<'_>| it.token.is_infix && matches!(it.token.text.as_str(), "+" | "*" | "/");
        let kinds: [&dyn Fn(&Placed<'_>) -> bool; 6] =
            [&is_clause, &defined, &behind_colon, &joins, &listed, &adds];
        kinds.into_iter().find_map(|is_of| {
            let of_kind: Vec<Placed<'_>> = self.places(|it| !it.in_block && is_of(it)).collect();
            let outermost = of_kind.iter().map(|it| it.depth).min()?;
            let outer = of_kind.iter().filter(|it| it.depth == outermost);
            self.filled(&outer.map(|it| it.place).collect::<Vec<_>>(), |_| false)
        })
    }
}

/// A token of a line.
struct Placed<'t> {
    place: usize,
    token: &'t Token,
    /// How many brackets of the line are open before it.
    depth: usize,
    /// Whether a block that the line opens is one of them.
    in_block: bool,
}
