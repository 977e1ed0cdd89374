//! Reading what is broken as it was likely meant.
//!
//! Who loses a bracket, a mark or a word makes one mistake, and all that the lost sign held together falls apart. So a stretch of
//! items that does not read is tried with one change: a sign or a word put in, taken out or in the place of another. Where it then
//! reads from its first byte to its last, the change is what was lacking: the mistake is told once, nothing of the stretch is lost,
//! and every place is that of the text as it stands.

use std::ops::Range;

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};

use super::again::Kept;
use super::ast::{self, Change, Moves as _, Shift};
use super::expected::word_of;
use super::grammar::{GradusParser, Rule};
use super::keywords::{self, keyword};
use super::lower::Lowering;
use super::scan::scan;
use super::{Parsed, Trivia, followers};
use crate::base::{FileId, Span};
use crate::diag::Diagnostic;

/// How many bytes are read in search of what was meant, so that a file with many mistakes is told as soon as one with few.
const BYTES: usize = 128 << 10;
/// How long a stretch is at most.
const LONGEST: usize = 16 << 10;
/// How many changes of a stretch are tried.
const EDITS: usize = 400;
/// How many stretches are tried.
const STRETCHES: usize = 8;
/// The signs that part what stands on a line.
const SIGNS: [&str; 6] = [",", ":", "=", "->", "..", ";"];
/// What is told of brackets without their twins.
pub(super) const BRACKETS: [&str; 2] = ["E103", "E104"];
/// What is told where nothing is known of a mistake but that the grammar does not go on; all others know what was meant.
pub(super) const UNREADABLE: [&str; 5] = ["E101", "E102", "E103", "E104", "E105"];

/// A broken file, as far as it was read piece by piece.
pub(super) struct Broken<'t> {
    pub(super) file: FileId,
    pub(super) source: &'t str,
    pub(super) items: Vec<ast::Item>,
    /// For each item the stretch that it was read from, if that is sound.
    pub(super) stretches: Vec<Option<(usize, usize)>>,
    pub(super) lost: Vec<ast::Name>,
    /// The lines that were read as they were likely meant, or that could not be read.
    pub(super) mended: Vec<Span>,
    /// Every mistake, in the order of the text.
    pub(super) told: Vec<Diagnostic>,
}

/// One change of a stretch: what is read in the place of what stands there.
struct Edit {
    cut: Range<usize>,
    put: String,
}

impl Edit {
    fn put(at: usize, put: impl Into<String>) -> Edit {
        Edit { cut: at..at, put: put.into() }
    }

    /// A word or a sign with blanks around it.
    fn word(at: usize, word: &str) -> Edit {
        Edit::put(at, format!(" {word} "))
    }

    fn made(&self, text: &str) -> Option<String> {
        Some(format!("{}{}{}", text.get(..self.cut.start)?, self.put, text.get(self.cut.end..)?))
    }
}

impl Broken<'_> {
    /// The file; where guesses are wanted, with what was likely meant in the place of what is broken, if that is found. `read` is
    /// the text that the grammar has read.
    pub(super) fn restored(
        mut self,
        whole: Span,
        trivia: Vec<Trivia>,
        read: String,
        guesses: bool,
    ) -> Parsed {
        self.in_order();
        if guesses && self.told.iter().any(Diagnostic::is_error) {
            self.restore();
            self.in_order();
        }
        self.mended.extend(followers::unread(self.source, &self.told, &self.lost, !guesses));
        followers::leave_out(self.source, &mut self.told);
        let file = ast::File {
            items: self.items,
            lost: self.lost,
            mended: self.mended,
            span: whole,
            chinese: false,
        };
        Parsed { file, trivia, diagnostics: self.told, kept: Kept::new(read, self.stretches) }
    }

    fn in_order(&mut self) {
        self.told.sort_by_key(|told| told.span.map(|span| (span.start, span.end)));
        self.told.dedup();
    }

    /// Reads every stretch with a mistake as it was likely meant, where one change is enough for that.
    fn restore(&mut self) {
        let mut budget = BYTES;
        let mut tried: usize = 0;
        for (start, end) in cut_at_items(self.source) {
            let of_stretch = |span: Span| (start..end).contains(&span.range().start);
            let told: Vec<&Diagnostic> = self
                .told
                .iter()
                .filter(|told| told.is_error() && told.span.is_some_and(of_stretch))
                .collect();
            let is_lost = self.lost.iter().any(|name| of_stretch(name.span));
            let bracket = told.iter().find(|told| BRACKETS.contains(&told.code)).and_then(|told| told.span);
            if told.is_empty() || !is_lost && bracket.is_none() {
                continue;
            }
            tried = tried.saturating_add(1);
            if tried > STRETCHES {
                return;
            }
            let text = self.source.get(start..end).filter(|text| text.len() < LONGEST);
            let found = text.and_then(|text| meant(self.file, start, text, &told, &mut budget));
            if let Some((items, edit)) = found
                && let Some(first) = first_of(&told, &edit).cloned()
            {
                self.take(start..end, items, &edit, first);
            } else if let Some(bracket) = bracket {
                // What belongs together is not known without its bracket.
                self.mended.push(span(self.file, member_of(self.source, bracket.range().start)));
            }
        }
    }

    /// Takes the items of a stretch in the place of what was read of it.
    fn take(&mut self, stretch: Range<usize>, items: Vec<ast::Item>, edit: &Edit, first: Diagnostic) {
        let of_stretch = |span: Span| stretch.contains(&span.range().start);
        let read = std::mem::take(&mut self.items).into_iter().zip(std::mem::take(&mut self.stretches));
        let (before, behind): (Vec<_>, Vec<_>) = read
            .filter(|(item, _)| !of_stretch(item.span))
            .partition(|(item, _)| item.span.range().start < stretch.start);
        let meant = items.into_iter().map(|item| (item, None));
        let all = before.into_iter().chain(meant).chain(behind);
        (self.items, self.stretches) = all.unzip();
        // What the change has taken out is not there.
        let at = stretch.start.saturating_add(edit.cut.start);
        let cut = at..at.saturating_add(edit.cut.len());
        let is_cut = |span: Span| edit.put.is_empty() && cut.contains(&span.range().start);
        self.lost.retain(|name| !of_stretch(name.span) || is_cut(name.span));
        self.told.retain(|told| !(told.is_error() && told.span.is_some_and(of_stretch)));
        self.mended
            .extend(first.span.map(|told| span(self.file, member_of(self.source, told.range().start))));
        self.told.push(first);
        self.mended.push(span(self.file, member_of(self.source, at)));
    }
}

/// The mistake that is told of a stretch: the first, or the first of the kind that the change mends.
fn first_of<'d>(told: &[&'d Diagnostic], edit: &Edit) -> Option<&'d Diagnostic> {
    let codes: &[&str] = match edit.put.trim() {
        "\"" | "“" | "”" | "「" | "」" => &["E102"],
        "{" | "}" | "(" | ")" => &["E101", "E103", "E104"],
        _ => &[],
    };
    let of_kind = told.iter().find(|told| codes.contains(&told.code));
    of_kind.or(told.first()).copied()
}

/// The items of a stretch as they were likely meant, and by which change.
fn meant(
    file: FileId,
    start: usize,
    text: &str,
    told: &[&Diagnostic],
    budget: &mut usize,
) -> Option<(Vec<ast::Item>, Edit)> {
    let base = u32::try_from(start).ok()?;
    for edit in edits(file, start, text, told) {
        let changed = edit.made(text)?;
        *budget = budget.checked_sub(changed.len())?;
        let seen = scan(file, &changed, false);
        if !seen.diagnostics.is_empty() || !seen.balanced {
            continue;
        }
        let Ok(mut pairs) = GradusParser::parse(Rule::file, &seen.text) else { continue };
        let mut lowering = Lowering::new(file, 0);
        let mut items = pairs.next().map(|pair| lowering.items(pair)).unwrap_or_default();
        if !lowering.diagnostics.is_empty() {
            continue;
        }
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let change = Change {
            piece: base,
            at: place(edit.cut.start),
            cut: place(edit.cut.len()),
            put: place(edit.put.len()),
        };
        items.iter_mut().for_each(|item| item.moves(Shift::Back(change)));
        return Some((items, edit));
    }
    None
}

/// The changes that may be what was meant, the likeliest first.
fn edits(file: FileId, start: usize, text: &str, told: &[&Diagnostic]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let inside = |span: Span| {
        let range = span.range();
        Some(range.start.checked_sub(start)?..range.end.checked_sub(start)?)
    };
    // What the mistake itself says is to be done.
    for fix in told.iter().take(3).flat_map(|told| &told.fixes).filter(|fix| fix.key != "prose") {
        if let [(span, put)] = fix.edits.as_slice()
            && let Some(cut) = inside(*span)
        {
            edits.push(Edit { cut, put: put.to_string() });
        }
    }
    // A row without a result: what stands below it is read without it.
    let empty = told.iter().filter(|told| matches!(told.variant, "result" | "error"));
    for line in empty.filter_map(|told| Some(line_of(text, inside(told.span?)?.start))) {
        let row = text.get(line.clone()).unwrap_or("").trim_end().len();
        edits.insert(0, Edit { cut: line.start..line.start.saturating_add(row), put: String::new() });
    }
    let own = edits.len();
    let places: Vec<usize> = told.iter().filter_map(|told| Some(inside(told.span?)?.start)).collect();
    let has = |codes: &[&str]| told.iter().any(|told| codes.contains(&told.code));
    let mut lines: Vec<Range<usize>> = places.iter().map(|at| line_of(text, *at)).collect();
    lines.dedup();
    if has(&["E102"]) {
        lines.iter().for_each(|line| quotes(text, line.clone(), &mut edits));
    }
    let seen = scan(file, text, false);
    let stopped = match GradusParser::parse(Rule::file, &seen.text) {
        Ok(_) => None,
        Err(error) => match (error.location, error.variant) {
            (InputLocation::Pos(at), ErrorVariant::ParsingError { positives, .. }) => Some((at, positives)),
            _ => None,
        },
    };
    if let Some((at, _)) = &stopped {
        let line = line_of(text, *at);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if has(&["E103", "E104"]) || stopped.as_ref().is_some_and(|(_, rules)| rules.contains(&Rule::open_curly))
    {
        lines.iter().for_each(|line| brackets(text, line.clone(), &mut edits));
        closings(text, &places, &mut edits);
    }
    if let Some((at, rules)) = stopped {
        let line = line_of(text, at);
        let before = line_of(text, line.start.saturating_sub(1));
        edits.extend(swapped(text, line.clone(), at));
        // A line that was broken in two; not where a text is open, which would swallow the other.
        let breaks = [line.start.checked_sub(1), line.end.checked_sub(1)].into_iter().flatten();
        for end in breaks.filter(|_| !has(&["E102"])) {
            edits.push(Edit { cut: end..end.saturating_add(1), put: " ".to_owned() });
        }
        if told.len() < 2 {
            edits.extend(taken_out(text, at));
        }
        words(text, at, &rules, &mut edits);
        if told.len() < 2 {
            signs(text, line.clone(), &mut edits);
            joined(text, line.clone(), &mut edits);
        }
        // A comma at the end of a line, by which the next goes on.
        edits.extend(swapped(text, before.clone(), at));
        for line in [before, line] {
            let end = text.get(line.clone()).unwrap_or("").trim_end().len();
            edits.push(Edit::put(line.start.saturating_add(end), ","));
        }
    }
    let known = told.iter().skip(1).any(|told| !UNREADABLE.contains(&told.code));
    edits.truncate(if known { own } else { EDITS });
    edits
}

/// Quotation marks that a line may lack: the one that closes a text, and the one that opens it.
fn quotes(text: &str, line: Range<usize>, edits: &mut Vec<Edit>) {
    let written = text.get(line.clone()).unwrap_or("");
    let (open, close) = if written.contains(['“', '”']) {
        ("“", "”")
    } else if written.contains(['「', '」']) {
        ("「", "」")
    } else {
        ("\"", "\"")
    };
    let signs = written
        .char_indices()
        .filter(|(_, ch)| matches!(ch, ',' | ';' | ':' | '}' | ')' | '，' | '；' | '：'));
    let signs: Vec<usize> = signs.map(|(at, _)| line.start.saturating_add(at)).collect();
    let (starts, mut ends) = bounds(text, line);
    ends.extend(signs);
    ends.sort_unstable();
    edits.extend(ends.into_iter().map(|at| Edit::put(at, close)));
    edits.extend(starts.into_iter().map(|at| Edit::put(at, open)));
}

/// Brackets that a line may lack, or have too many of.
fn brackets(text: &str, line: Range<usize>, edits: &mut Vec<Edit>) {
    let (starts, ends) = bounds(text, line.clone());
    edits.extend(ends.iter().rev().map(|at| Edit::put(*at, " {")));
    edits.extend(ends.iter().rev().map(|at| Edit::put(*at, "}")));
    edits.extend(ends.iter().rev().map(|at| Edit::put(*at, ")")));
    edits.extend(starts.iter().map(|at| Edit::put(*at, "(")));
    let written = text.get(line.clone()).unwrap_or("").char_indices();
    for (at, sign) in written.filter(|(_, ch)| matches!(ch, '(' | ')' | '{' | '}' | '（' | '）')) {
        let at = line.start.saturating_add(at);
        edits.push(Edit { cut: at..at.saturating_add(sign.len_utf8()), put: String::new() });
    }
}

/// Lines behind which a block may have been meant to end: those before a line that stands as far left as its head, and the last.
fn closings(text: &str, places: &[usize], edits: &mut Vec<Edit>) {
    let Some(open) = places.first() else { return };
    let head = line_of(text, *open);
    let indent = |line: &str| line.len().saturating_sub(line.trim_start().len());
    let own = indent(text.get(head.clone()).unwrap_or(""));
    let mut at = head.end;
    for line in text.get(head.end..).unwrap_or("").split_inclusive('\n') {
        if !line.trim().is_empty() && indent(line) <= own {
            edits.push(Edit::put(at, "}\n"));
        }
        at = at.saturating_add(line.len());
    }
    edits.push(Edit::put(text.len(), "\n}\n"));
}

/// The words and signs that could have stood where the grammar stopped, there and before the words around it.
fn words(text: &str, at: usize, rules: &[Rule], edits: &mut Vec<Edit>) {
    let mut words: Vec<&str> = Vec::new();
    let chinese = text.trim_start().starts_with(|ch: char| !ch.is_ascii());
    let mut add = |known: &'static keywords::Keyword| {
        let both = if chinese { [known.zh, known.en] } else { [known.en, known.zh] };
        words.extend(both.into_iter().find(|word| !word.is_empty()));
    };
    for rule in rules {
        match rule {
            Rule::item | Rule::item_alone | Rule::file | Rule::kw_policy => {
                keywords::items().for_each(&mut add)
            }
            rule => word_of(*rule).and_then(keyword).into_iter().for_each(&mut add),
        }
    }
    words.splice(0..0, SIGNS);
    words.push("{");
    let line = line_of(text, at);
    let (starts, _) = bounds(text, line);
    let before = starts.iter().rev().find(|start| **start < at).copied();
    let first = starts.first().copied();
    let mut places = vec![at];
    places.extend(before.into_iter().chain(first).filter(|place| *place != at));
    places.dedup();
    for place in places {
        // A sign at the end of a line would join the next to it.
        let ends =
            text.get(place..).is_some_and(|rest| rest.trim_start_matches(' ').starts_with(['\n', '\r']));
        let here = words.iter().filter(|word| !ends || !SIGNS.contains(word));
        edits.extend(here.map(|word| Edit::word(place, word)));
    }
}

/// Signs of a line that are taken one for the other, the nearest first: `;` and `,`, `,` and `:`, `=>` and `>=`.
fn swapped(text: &str, line: Range<usize>, near: usize) -> Vec<Edit> {
    let written = text.get(line.clone()).unwrap_or("");
    let pairs = [
        ("=>", ">="),
        ("=<", "<="),
        (";", ","),
        ("；", "，"),
        (",", ":"),
        ("，", "："),
        (":", ","),
        ("：", "，"),
    ];
    let of_pair = |(sign, put): (&'static str, &'static str)| {
        written.match_indices(sign).map(move |(at, _)| {
            let at = line.start.saturating_add(at);
            Edit { cut: at..at.saturating_add(sign.len()), put: put.to_owned() }
        })
    };
    let mut edits: Vec<Edit> = pairs.into_iter().flat_map(of_pair).collect();
    edits.sort_by_key(|edit| edit.cut.start.abs_diff(near));
    edits
}

/// The word before the place where the grammar stopped at the end of a line, with the comma before it: `…, because`.
fn taken_out(text: &str, at: usize) -> Option<Edit> {
    text.get(at..).filter(|rest| rest.trim_start_matches(' ').starts_with(['\n', '\r', ';', '；', '}']))?;
    let before = text.get(..at)?.trim_end();
    let start = before.trim_end_matches(|ch| unicode_ident::is_xid_continue(ch) || ch == ' ');
    let word = before.len().saturating_sub(before.trim_end_matches(unicode_ident::is_xid_continue).len());
    let start = if start.ends_with([',', '，']) {
        start.len().saturating_sub(start.chars().next_back().map_or(0, char::len_utf8))
    } else {
        before.len().saturating_sub(word)
    };
    Some(Edit { cut: start..at, put: String::new() }).filter(|_| word > 0)
}

/// A sign of a line that may stand in the place of another, or too many.
fn signs(text: &str, line: Range<usize>, edits: &mut Vec<Edit>) {
    let written = text.get(line.clone()).unwrap_or("");
    let is_sign = |ch: char| matches!(ch, ',' | ':' | ';' | '=' | '，' | '：' | '；' | '-');
    for (at, sign) in written.char_indices().filter(|(_, ch)| is_sign(*ch)) {
        let at = line.start.saturating_add(at);
        let cut = at..at.saturating_add(sign.len_utf8());
        edits.extend(SIGNS.iter().map(|put| Edit { cut: cut.clone(), put: (*put).to_owned() }));
        edits.push(Edit { cut, put: String::new() });
    }
}

/// Two words of a line that may be one name.
fn joined(text: &str, line: Range<usize>, edits: &mut Vec<Edit>) {
    let written = text.get(line.clone()).unwrap_or("");
    let is_part = |ch: char| unicode_ident::is_xid_continue(ch);
    for (at, _) in written.match_indices(' ') {
        let before = written.get(..at).is_some_and(|before| before.ends_with(is_part));
        let behind = written.get(at.saturating_add(1)..).is_some_and(|behind| behind.starts_with(is_part));
        if before && behind {
            let at = line.start.saturating_add(at);
            edits.push(Edit { cut: at..at.saturating_add(1), put: "_".to_owned() });
        }
    }
}

/// Where the words of a line begin, and where they end.
fn bounds(text: &str, line: Range<usize>) -> (Vec<usize>, Vec<usize>) {
    let (mut starts, mut ends, mut blank) = (Vec::new(), Vec::new(), true);
    for (at, ch) in text.get(line.clone()).unwrap_or("").char_indices() {
        let place = line.start.saturating_add(at);
        match (blank, ch.is_whitespace()) {
            (true, false) => starts.push(place),
            (false, true) => ends.push(place),
            _ => {}
        }
        blank = ch.is_whitespace();
    }
    if !blank {
        ends.push(line.end);
    }
    (starts, ends)
}

/// The member of a place, as far as its line shows it: what stands between the signs that part members.
fn member_of(text: &str, at: usize) -> Range<usize> {
    let line = line_of(text, at);
    let parts = |ch: char| matches!(ch, ';' | '；' | '{' | '}' | '｛' | '｝' | '\n');
    let before = text.get(line.start..at).and_then(|before| before.rfind(parts));
    let rest = text.get(at..line.end).unwrap_or("");
    let behind = rest.find(parts).map_or(line.end, |length| at.saturating_add(length));
    before.map_or(line.start, |length| line.start.saturating_add(length))..behind.max(at)
}

/// The line of a place, with the sign that ends it.
pub(super) fn line_of(text: &str, at: usize) -> Range<usize> {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |at| at.saturating_add(1));
    let rest = text.get(at..).unwrap_or("");
    let end = rest.find('\n').map_or(text.len(), |length| at.saturating_add(length).saturating_add(1));
    start..end
}

/// The stretches of a text that begin with an item's first word in column 0.
pub(super) fn cut_at_items(text: &str) -> Vec<(usize, usize)> {
    let mut starts = vec![0];
    let mut at: usize = 0;
    for line in text.split_inclusive('\n') {
        let end = line.find(|ch| !unicode_ident::is_xid_continue(ch)).unwrap_or(line.len());
        if at > 0 && line.get(..end).is_some_and(keywords::begins_item) {
            starts.push(at);
        }
        at = at.saturating_add(line.len());
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([text.len()]).collect();
    starts.into_iter().zip(ends).collect()
}

fn span(file: FileId, range: Range<usize>) -> Span {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(file, place(range.start), place(range.end))
}
