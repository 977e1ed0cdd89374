//! Grades as people compare them: `class is below B`, `信用等级 低于 B`. Grades have an order of their own, and no signs for it.

use super::keywords::{begins_with, keyword};
use super::slips::Place;
use crate::diag::Diagnostic;

/// Words that compare, and how a grade is compared so: the negation before it, the word behind it.
const WORDS: &[(&str, bool, &str)] = &[
    ("is not worse than", false, "or_better"),
    ("is no worse than", false, "or_better"),
    ("is not better than", false, "or_worse"),
    ("is no better than", false, "or_worse"),
    ("is not below", false, "or_better"),
    ("is not above", false, "or_worse"),
    ("is at least", false, "or_better"),
    ("is at most", false, "or_worse"),
    ("is worse than", true, "or_better"),
    ("is lower than", true, "or_better"),
    ("is less than", true, "or_better"),
    ("is better than", true, "or_worse"),
    ("is higher than", true, "or_worse"),
    ("is below", true, "or_better"),
    ("is under", true, "or_better"),
    ("is above", true, "or_worse"),
    ("is over", true, "or_worse"),
    ("at least", false, "or_better"),
    ("at most", false, "or_worse"),
    ("worse than", true, "or_better"),
    ("lower than", true, "or_better"),
    ("less than", true, "or_better"),
    ("better than", true, "or_worse"),
    ("higher than", true, "or_worse"),
    ("below", true, "or_better"),
    ("under", true, "or_better"),
    ("above", true, "or_worse"),
    ("over", true, "or_worse"),
    ("不低于", false, "or_better"),
    ("不差于", false, "or_better"),
    ("不劣于", false, "or_better"),
    ("大于等于", false, "or_better"),
    ("至少为", false, "or_better"),
    ("不高于", false, "or_worse"),
    ("不优于", false, "or_worse"),
    ("不好于", false, "or_worse"),
    ("小于等于", false, "or_worse"),
    ("低于", true, "or_better"),
    ("差于", true, "or_better"),
    ("劣于", true, "or_better"),
    ("次于", true, "or_better"),
    ("小于", true, "or_better"),
    ("高于", true, "or_worse"),
    ("优于", true, "or_worse"),
    ("好于", true, "or_worse"),
    ("大于", true, "or_worse"),
    ("超过", true, "or_worse"),
];

/// The grades that a text declares: the first words of the lines of its `grades` blocks that say where they begin.
fn declared(text: &str) -> impl Iterator<Item = &str> {
    let blocks = text.match_indices(['{', '｛']).filter_map(|(open, _)| {
        let head = text.get(..open)?.rsplit(['\n', ';', '；', '}']).next()?;
        begins_with(head, "grades").then_some(())?;
        text.get(open..)?.split(['}', '｝']).next()
    });
    let lines = blocks.flat_map(|block| block.split(['\n', ';', '；', '{', '｛']));
    lines.filter_map(|line| {
        let line = line.trim();
        let name = word(line.trim_start_matches('`'));
        let begins = ["from_bound", "above", "apart"].into_iter().filter_map(keyword);
        let says = begins.into_iter().any(|known| {
            line.split([' ', '\u{3000}']).skip(1).any(|word| word == known.en || word == known.zh)
        });
        (says && !name.is_empty()).then_some(name)
    })
}

/// Whether a text declares a grade of this name.
pub(super) fn is_declared(text: &str, name: &str) -> bool {
    !name.is_empty() && declared(text).any(|grade| grade == name)
}

/// The word at the beginning of a text.
pub(super) fn word(text: &str) -> &str {
    text.get(..text.find(|ch| !unicode_ident::is_xid_continue(ch)).unwrap_or(text.len())).unwrap_or("")
}

/// A grade as offices call it, without the word for it: `B级` is B.
fn bare(word: &str) -> &str {
    word.strip_suffix('级').unwrap_or(word)
}

/// The words of comparison that stand before a grade, where they begin at a place; their length and the grade's place.
fn at(place: &Place<'_>, start: usize) -> Option<(&'static (&'static str, bool, &'static str), usize)> {
    let rest = place.text.get(start..)?;
    let head = place.text.get(place.from..start)?;
    let begins = |phrase: &str| {
        rest.strip_prefix(phrase).is_some_and(|behind| {
            !phrase.is_ascii() || behind.starts_with(' ') && !head.ends_with(unicode_ident::is_xid_continue)
        })
    };
    let known = WORDS.iter().filter(|(phrase, ..)| begins(phrase)).max_by_key(|(phrase, ..)| phrase.len())?;
    let behind = rest.get(known.0.len()..)?;
    let blanks = behind.len().saturating_sub(behind.trim_start_matches([' ', '\u{3000}']).len());
    let grade = start.saturating_add(known.0.len()).saturating_add(blanks);
    is_declared(place.source, bare(word(place.text.get(grade..)?))).then_some((known, grade))
}

/// Whether words of comparison at a place stand before a grade.
pub(super) fn compares(place: &Place<'_>, start: usize) -> bool {
    at(place, start).is_some()
}

/// `class is below B`: the comparison begins at the place where the grammar stopped, or some words before it.
pub(super) fn compared(place: &Place<'_>) -> Option<Diagnostic> {
    let line = place.before().rfind(['\n', ';', '；', '{', '｛']).map_or(0, |at| at.saturating_add(1));
    let from = place.from.saturating_add(line);
    let line = place.text.get(from..place.at.saturating_add(place.word().len()))?;
    let starts = line.char_indices().map(|(at, _)| from.saturating_add(at));
    let mut found = starts.filter_map(|start| Some((start, at(place, start)?)));
    let (start, ((phrase, negated, role), grade)) =
        found.find(|(_, (_, grade))| *grade >= place.at.saturating_sub(1))?;
    let written = word(place.text.get(grade..)?);
    let name = if is_declared(place.source, written) { written } else { bare(written) };
    // A line of the grades themselves has a word of its own for it, and a row a bound.
    let head = place.text.get(from..start)?.trim();
    if head.is_empty()
        || head.ends_with(unicode_ident::is_xid_continue) != phrase.is_ascii() && head.is_ascii()
    {
        return None;
    }
    let known = keyword(role)?;
    let form = |is: &str, order: &str| format!("{is} {name} {order}");
    let said = match (phrase.is_ascii(), *negated) {
        (true, true) => form("is not", known.en),
        (true, false) => form("is", known.en),
        (false, true) => form("不为", known.zh),
        (false, false) => form("为", known.zh),
    };
    let end = grade.saturating_add(written.len());
    // `低于 B 级`
    let behind = place.text.get(end..)?;
    let end = end.saturating_add(if behind.starts_with('级') { '级'.len_utf8() } else { 0 });
    let span = place.stretch(start, end);
    let found = place.text.get(span.range())?;
    let blank =
        if phrase.is_ascii() || place.text.get(..start)?.ends_with([' ', '\u{3000}']) { "" } else { " " };
    let told = Diagnostic::new("E151", span).variant("word").arg("found", found).arg("word", &said);
    Some(told.fix("when", span, format!("{blank}{said}"), true))
}
