//! Keywords as other languages, offices and hurried hands write them: `如果 … 那么`, `greater than`, `Cap At`. Where such a word is why the
//! grammar stopped, it is told, and the line is read on as if the keyword stood there: one slip hides no other.

use super::keywords::{KEYWORDS, keyword};
use super::slips::Place;
use super::{grades, offices};
use crate::diag::{Diagnostic, Label};

/// A keyword that can stand in the place of what was written.
pub(super) struct Instead {
    /// The first byte of what was written.
    pub(super) start: usize,
    /// Behind its last byte.
    pub(super) end: usize,
    /// What is read there; never longer than what was written.
    pub(super) word: &'static str,
    /// Why.
    pub(super) kind: Kind,
}

/// What was wrong with a word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is a keyword, but for its capital letters.
    Capital,
    /// It is a word for the same in other places.
    Other,
    /// A comma before a word that goes on.
    Comma,
    /// A bullet or a number before a member.
    Mark,
    /// A comma between members, each of which ends its line or ends in `;`.
    Member,
    /// The full stop of a sentence at the end of a line.
    Stop,
}

/// Other words for keywords; none is shorter than its keyword, so that what stands behind it keeps its place.
const OTHERS: &[(&str, &str)] = &[
    ("是", "为"),
    ("average value of", "average of"),
    ("不是", "不为"),
    ("on", "at"),
    ("is <=", "<="),
    ("is >=", ">="),
    ("is <", "<"),
    ("is >", ">"),
    ("如果", "若"),
    ("假如", "若"),
    ("假若", "若"),
    ("倘若", "若"),
    ("要是", "若"),
    ("那么", "则"),
    ("那就", "则"),
    ("就", "则"),
    ("否则的话", "否则"),
    ("不然", "否则"),
    ("并且", "且"),
    ("而且", "且"),
    ("以及", "且"),
    ("同时", "且"),
    ("或者", "或"),
    ("等于", "为"),
    ("不等于", "不为"),
    ("属于", "为"),
    ("大于等于", ">="),
    ("大于或等于", ">="),
    ("小于等于", "<="),
    ("小于或等于", "<="),
    ("不小于", ">="),
    ("不低于", ">="),
    ("不少于", ">="),
    ("不大于", "<="),
    ("不高于", "<="),
    ("不超过", "<="),
    ("不多于", "<="),
    ("大于", ">"),
    ("高于", ">"),
    ("超过", ">"),
    ("多于", ">"),
    ("小于", "<"),
    ("低于", "<"),
    ("少于", "<"),
    ("不满", "<"),
    ("不足", "<"),
    ("乘以", "*"),
    ("乘", "*"),
    ("除以", "/"),
    ("加上", "+"),
    ("加", "+"),
    ("减去", "-"),
    ("减", "-"),
    ("求和", "合计"),
    ("总和", "合计"),
    ("平均值", "均值"),
    ("最大值", "最大"),
    ("最小值", "最小"),
    ("个数", "计数"),
    ("因为", "理由"),
    ("原因", "理由"),
    ("依据", "依"),
    ("依照", "依"),
    ("按照", "按"),
    ("根据", "依据"),
    ("参见", "依据"),
    ("is greater than or equal to", ">="),
    ("is less than or equal to", "<="),
    ("is not less than", ">="),
    ("is not more than", "<="),
    ("is greater than", ">"),
    ("is more than", ">"),
    ("is less than", "<"),
    ("is at least", ">="),
    ("is at most", "<="),
    ("is above", ">"),
    ("is over", ">"),
    ("is below", "<"),
    ("is under", "<"),
    ("is equal to", "is"),
    ("greater than or equal to", ">="),
    ("less than or equal to", "<="),
    ("not less than", ">="),
    ("not more than", "<="),
    ("no less than", ">="),
    ("no more than", "<="),
    ("greater than", ">"),
    ("more than", ">"),
    ("less than", "<"),
    ("at least", ">="),
    ("at most", "<="),
    ("exceeds", ">"),
    ("above", ">"),
    ("over", ">"),
    ("below", "<"),
    ("under", "<"),
    ("equal to", "is"),
    ("equals", "is"),
    ("divided by", "/"),
    ("multiplied by", "*"),
    ("times", "*"),
    ("plus", "+"),
    ("minus", "-"),
    ("otherwise", "else"),
    ("whenever", "when"),
];

/// What may have been meant at the place, and at the word before it, which the grammar may have taken for a name.
pub(super) fn instead(place: &Place<'_>) -> Vec<Instead> {
    let mut found = Vec::new();
    let mut at = place.at;
    for _ in 0..3 {
        found.extend(at_word(place, at));
        let before = place.text.get(place.from..at).unwrap_or("").trim_end_matches([' ', '\t', '\u{3000}']);
        let start = before.trim_end_matches(unicode_ident::is_xid_continue).len();
        if start == before.len() {
            break;
        }
        at = place.from.saturating_add(start);
    }
    found
}

fn at_word(place: &Place<'_>, at: usize) -> Vec<Instead> {
    let Some(rest) = place.text.get(at..) else { return Vec::new() };
    let inside =
        place.text.get(place.from..at).is_some_and(|before| before.ends_with(unicode_ident::is_xid_continue));
    let mut found = Vec::new();
    if !inside {
        let other = OTHERS
            .iter()
            .filter(|(other, _)| begins(rest, other, false) && !calls(rest, other))
            // Grades are compared in words of their own.
            .filter(|_| !grades::compares(place, at))
            .filter(|(other, _)| *other != "属于" || !lists(rest, other))
            .max_by_key(|(other, _)| other.len());
        found.extend(other.map(|(other, word)| Instead {
            start: at,
            end: at.saturating_add(other.len()),
            word,
            kind: Kind::Other,
        }));
        let words = KEYWORDS.iter().map(|keyword| keyword.en).chain(AGGREGATES.iter().copied());
        let words = words.filter(|word| {
            !word.is_empty() && begins(rest, word, true) && !rest.starts_with(word) && !calls(rest, word)
        });
        found.extend(words.max_by_key(|word| word.len()).map(|word| Instead {
            start: at,
            end: at.saturating_add(word.len()),
            word,
            kind: Kind::Capital,
        }));
    }
    found.extend(comma(place, at));
    if at == place.at && place.at_member_start() {
        found.extend(list_mark(place));
    }
    if at == place.at {
        found.extend(member(place));
        found.extend(stop(place));
    }
    found
}

/// Aggregates and picks, which the grammar reads as one word each.
const AGGREGATES: &[&str] = &[
    "sum of",
    "count of",
    "average of",
    "lowest of",
    "highest of",
    "middle of",
    "earliest of",
    "latest of",
    "share of",
    "any of",
    "all of",
];

/// Whether a text begins with words, whatever number of blanks stands between them in the text (one, as the table has them).
fn begins(text: &str, words: &str, any_case: bool) -> bool {
    let Some(head) = text.get(..words.len()) else { return false };
    let same = if any_case { head.eq_ignore_ascii_case(words) } else { head == words };
    let goes_on =
        text.get(words.len()..).is_some_and(|rest| rest.starts_with(unicode_ident::is_xid_continue));
    same && !goes_on
}

/// `IF(a, b, c)`: a function of spreadsheets, which is told as one.
fn calls(text: &str, word: &str) -> bool {
    text.get(word.len()..).is_some_and(|rest| rest.starts_with(['(', '（']))
}

/// `属于 （B，C）`: each is compared by itself, and that is told.
fn lists(text: &str, word: &str) -> bool {
    text.get(word.len()..).is_some_and(|rest| rest.trim_start().starts_with(['(', '（', '[', '【']))
}

/// `若 评分 >= 61，则 5%`: no comma parts a condition from what follows.
fn comma(place: &Place<'_>, at: usize) -> Option<Instead> {
    let rest = place.text.get(at..)?;
    let goes_on =
        ["then", "else", "and", "or", "则", "否则", "且", "或", "那么", "就", "otherwise", "并且", "或者"];
    goes_on.into_iter().find(|word| begins(rest, word, true))?;
    let before = place.text.get(place.from..at)?.trim_end();
    let comma = before.chars().next_back().filter(|ch| matches!(ch, ',' | '，'))?;
    let end = place.from.checked_add(before.len())?;
    Some(Instead { start: end.checked_sub(comma.len_utf8())?, end, word: "", kind: Kind::Comma })
}

/// `- sales money`, `2. sales money`, `（1）上限 50万`: a word processor's list.
fn list_mark(place: &Place<'_>) -> Option<Instead> {
    let rest = place.rest();
    let inside = rest.trim_start_matches(['(', '（']);
    let figures =
        inside.trim_start_matches(|ch: char| ch.is_ascii_digit() || "一二三四五六七八九十".contains(ch));
    let numbered = (figures.len() < inside.len()).then(|| {
        let mark = figures.chars().next().filter(|ch| matches!(ch, '.' | '、' | ')' | '）'))?;
        figures.get(mark.len_utf8()..)
    });
    let behind = match numbered.flatten() {
        Some(behind) => behind,
        None => rest.strip_prefix(['-', '–', '•', '·', '●', '■', '◆', '→', '○', '①', '②', '③', '④', '⑤'])?,
    };
    let end = place.at.checked_add(rest.len().checked_sub(behind.trim_start_matches(' ').len())?)?;
    behind.starts_with([' ', '\t']).then_some(()).or_else(|| numbered.flatten().map(|_| ()))?;
    Some(Instead { start: place.at, end, word: "", kind: Kind::Mark })
}

/// `facts { sales money, score number }`
fn member(place: &Place<'_>) -> Option<Instead> {
    let before = place.before().trim_end();
    let comma = before.chars().next_back().filter(|ch| matches!(ch, ',' | '，'))?;
    let end = place.from.checked_add(before.len())?;
    let start = end.checked_sub(comma.len_utf8())?;
    // A line that begins with a comma is a row whose first cell was merged with the one above.
    let line = place.source.get(place.from..start)?.rsplit('\n').next()?;
    let reason = offices::REASONS.contains(&place.word());
    let gives =
        place.rest().get(place.word().len()..).is_some_and(|rest| rest.trim_start().starts_with(['=', '＝']));
    (!line.trim().is_empty() && !reason && !gives).then_some(Instead {
        start,
        end,
        word: ";",
        kind: Kind::Member,
    })
}

/// `A 满 86。`
fn stop(place: &Place<'_>) -> Option<Instead> {
    let stop = place.rest().chars().next().filter(|ch| matches!(ch, '。' | '．' | '｡' | '.'))?;
    let end = place.at.checked_add(stop.len_utf8())?;
    let behind = place.text.get(end..)?.trim_start_matches(' ');
    let ends = behind.is_empty() || behind.starts_with(['\n', ';', '；', '}', '｝']);
    ends.then_some(Instead { start: place.at, end, word: "", kind: Kind::Stop })
}

/// What is told of a word that was read as a keyword.
pub(super) fn told(place: &Place<'_>, instead: &Instead) -> Diagnostic {
    let span = place.stretch(instead.start, instead.end);
    let (code, variant, key) = words(instead.kind);
    Diagnostic::new(code, span)
        .variant(variant)
        .arg("found", place.text.get(span.range()).unwrap_or(""))
        .arg("word", instead.word)
        // Among the holds of order checks a comma may stand before the rest of one: `over_limit when …, tolerance 5%`.
        .fix(key, span, new(place, instead), instead.kind != Kind::Member || !in_checks(place))
}

/// Whether the item that a place is in holds checks.
fn in_checks(place: &Place<'_>) -> bool {
    let Some(before) = place.source.get(..place.at) else { return false };
    let head = before.lines().rev().find(|line| line.starts_with(unicode_ident::is_xid_start));
    let first = head.and_then(|line| line.split_whitespace().next());
    keyword("checks").is_some_and(|word| first == Some(word.en) || first == Some(word.zh))
}

/// Whether the last that was told is the same slip on the same line; then the word joins it: `If … Then … Else` is one slip.
pub(super) fn joins(last: &mut Diagnostic, place: &Place<'_>, instead: &Instead) -> bool {
    let (code, variant, _) = words(instead.kind);
    let Some(first) = last.span else { return false };
    let between = place.text.get(first.range().end..instead.start);
    let same_line = between.is_some_and(|between| !between.contains(['\n', ';', '；', '{', '}']));
    let Some(fix) =
        last.fixes.first_mut().filter(|_| last.code == code && last.variant == variant && same_line)
    else {
        return false;
    };
    let span = place.stretch(instead.start, instead.end);
    fix.edits.push((span, new(place, instead).into()));
    last.labels.push(Label { span, key: "also", args: vec![("also", instead.word.into())] });
    true
}

fn words(kind: Kind) -> (&'static str, &'static str, &'static str) {
    match kind {
        Kind::Capital => ("E141", "", "when"),
        Kind::Other => ("E151", "word", "when"),
        Kind::Comma => ("E151", "comma", "comma"),
        Kind::Mark => ("E144", "", "mark"),
        Kind::Stop => ("E144", "stop", "mark"),
        Kind::Member => ("E151", "member", "member"),
    }
}

/// What mends it.
fn new(place: &Place<'_>, instead: &Instead) -> &'static str {
    let blank = place.text.get(instead.end..).is_some_and(|rest| rest.starts_with(' '));
    match instead.kind {
        Kind::Comma if !blank => " ",
        Kind::Comma | Kind::Mark | Kind::Member | Kind::Capital | Kind::Other | Kind::Stop => instead.word,
    }
}
