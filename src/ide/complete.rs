//! What may be written at a place: names, members, parts, and the words of the language, English and Chinese.

use super::View;
use super::found::{Found, Wanted};
use super::slots::{self, Named};
use crate::base::Lang;
use crate::check::hir::Program;
use crate::syntax::keywords::{begins_with, ends_with};
use crate::syntax::{self, Offers};
use crate::{diag, lint};

/// Something that may be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completion {
    /// What is written.
    pub text: String,
    /// What it is.
    pub kind: CompletionKind,
    /// Type, and how people call it.
    pub detail: String,
    /// The lower, the likelier.
    pub rank: u8,
}

/// What may be written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum CompletionKind {
    /// A fact or a field.
    Fact,
    /// A value.
    Value,
    /// A parameter.
    Param,
    /// A member of a kind, a grade.
    Member,
    /// A kind.
    Kind,
    /// A role, an action.
    Person,
    /// A policy.
    Policy,
    /// A word of the language.
    Keyword,
    /// A lint, in a comment that allows it.
    Lint,
}

/// The words that may stand in the place of a name where a value is wanted: behind the names. The others carry the construct on.
const IN_PLACE_OF_NAMES: [&str; 27] = [
    "if",
    "not",
    "today",
    "last",
    "yes",
    "no",
    "weighted average of",
    "interest on",
    "instalment",
    "convert",
    "running sum of",
    "latest",
    "end of month of",
    "sum of",
    "count of",
    "lowest of",
    "highest of",
    "average of",
    "share of",
    "any of",
    "all of",
    "middle of",
    "earliest of",
    "latest of",
    "取小",
    "取大",
    "取平均",
];

/// Where the word begins that ends at a byte: letters, digits, `_`; nothing where none stands before it.
#[must_use]
pub fn word_before(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or("");
    before.trim_end_matches(|ch: char| ch == '_' || unicode_ident::is_xid_continue(ch)).len()
}

/// Where the word begins that is completed at a byte, and what may be written there, the likeliest first. What the grammar does
/// not take at the place is not offered, nor, as far as it is known which type is wanted, a name of another. `beside` is what the
/// other policies mean: those that a `use` may name, whether it reads yet or not.
#[must_use]
pub fn complete(view: &View<'_>, offset: u32, beside: &[&Program]) -> (usize, Vec<Completion>) {
    let start = word_before(view.text, offset as usize);
    let before = view.text.get(..start).unwrap_or("");
    if in_comment(before) {
        return lints(view, offset as usize);
    }
    let number = view.text.get(start..).is_some_and(|word| word.starts_with(|ch: char| ch.is_numeric()));
    if number && start < offset as usize || slots::in_text(before) == Some(false) {
        return (offset as usize, Vec::new());
    }
    let zh = syntax::is_chinese(view.text, start).unwrap_or(view.lang == Lang::Zh);
    let mut found = Found::new(view, beside, start, zh);
    let bare = before.trim_end_matches(['.', '．', '。']);
    if bare.len() < before.len() {
        if !bare.ends_with(|ch: char| ch.is_ascii_digit()) {
            found.behind_dot(bare);
        }
    } else {
        match syntax::offers(view.text, start) {
            Some(offers) => fill(&mut found, &offers),
            // The line is broken before the place: whatever may be meant.
            None => {
                found.values(&Wanted::Anything, false);
                found.all_words();
            }
        }
    }
    (start, found.in_order())
}

/// Whether a byte stands on a line on which the names of other policies are written.
#[must_use]
pub fn names_others(text: &str, offset: u32) -> bool {
    let before = text.get(..offset as usize).unwrap_or("");
    begins_with(before.rsplit('\n').next().unwrap_or(""), "use")
}

/// Puts in what a place takes.
fn fill(found: &mut Found<'_>, offers: &Offers) {
    let open = slots::open(&offers.before);
    let block = open.iter().find(|open| open.bracket != '"');
    let inside = block.map_or(offers.before.as_str(), |open| open.inside);
    if ends_with(&offers.before, "refer_to") {
        return found.roles();
    }
    let wanted = wanted(found, offers, &open, inside);
    for word in &offers.words {
        let english = if word.text.is_ascii() || word.other.is_empty() { word.text } else { word.other };
        found.word(word.text, word.other, if IN_PLACE_OF_NAMES.contains(&english) { 4 } else { 1 });
    }
    if offers.types {
        found.kinds(2);
    } else if offers.value {
        let in_case = block.is_some_and(|open| is_data(open.head));
        if in_case && slots::entry(inside).trim().is_empty() {
            let expects = block.is_some_and(|open| ends_with(open.head, "expect"));
            found.subjects(expects);
        } else {
            found.values(&wanted, offers.condition);
        }
    } else if offers.name {
        let of_list =
            block.filter(|open| open.bracket == '{').and_then(|open| record_of(open.head, &offers.before));
        match slots::named(offers) {
            _ if begins_with(&offers.before, "use") && !ends_with(&offers.before, "use") => {
                found.names_of_used(&offers.before);
            }
            Some(Named::Currency) => found.currencies(),
            Some(Named::Role) => found.roles(),
            Some(Named::Action) => found.actions(),
            Some(Named::Kind) => found.kinds(1),
            Some(Named::List) => found.lists(),
            Some(Named::Policy) => found.policies(),
            Some(Named::OwnMember) => found.own_members(&offers.before),
            Some(Named::Code) => found.codes(),
            Some(Named::Judgement) => found.judgements(),
            None => {
                if let Some(list) = of_list {
                    found.fields_of(&list, 1);
                }
            }
        }
    }
}

/// Whether the block behind a head holds what is given or expected.
fn is_data(head: &str) -> bool {
    ends_with(head, "given") || ends_with(head, "expect")
}

/// The list of which a record is being written, in `invoices [ { … }, {`, or `last` in `last {`.
fn record_of(head: &str, before: &str) -> Option<String> {
    let name = |text: &str| {
        let text = text.trim_end();
        text.get(word_before(text, text.len())..).filter(|name| !name.is_empty()).map(str::to_owned)
    };
    let open = slots::open(before);
    let mut around = open.iter().filter(|open| open.bracket != '"');
    around.next()?;
    match around.next() {
        Some(list) if list.bracket == '[' => name(list.head),
        Some(_) if ends_with(head, "last") => name(head),
        Some(_) | None => None,
    }
}

/// Which type is wanted at a place, as far as it is known.
fn wanted(found: &Found<'_>, offers: &Offers, open: &[slots::Open<'_>], inside: &str) -> Wanted {
    let before = offers.before.trim_end();
    let subject = ["is_not", "is"].into_iter().find(|role| ends_with(before, role));
    if subject.is_some() {
        let words = ["is not", "is", "不为", "为"];
        let rest = words.into_iter().find_map(|word| before.strip_suffix(word)).unwrap_or("").trim_end();
        return found.of_name(rest);
    }
    if slots::is_reckoned(before) {
        return Wanted::Number;
    }
    let mut blocks = open.iter().filter(|open| open.bracket != '"');
    let Some(block) = blocks.next() else { return Wanted::Anything };
    if offers.cell || block.bracket == '{' && slots::column(slots::member(inside)).0 {
        let (is_result, place) = slots::column(slots::member(inside));
        return found.of_column(block.head, is_result, place);
    }
    let record = block.bracket == '{' && blocks.next().is_some_and(|list| list.bracket == '[');
    if is_data(block.head) || record || ends_with(block.head, "last") {
        let entry = slots::entry(inside).trim_end();
        return if entry.is_empty() { Wanted::Anything } else { found.of_name(entry) };
    }
    if block.bracket == '[' && blocks.next().is_some_and(|open| is_data(open.head)) {
        return found.of_name(block.head.trim_end());
    }
    if ends_with(before, "default") {
        return found.of_declared(slots::member(inside));
    }
    Wanted::Anything
}

/// Within `# gradus: allow(` the names of lints, each with what it finds; in another comment nothing.
fn lints(view: &View<'_>, offset: usize) -> (usize, Vec<Completion>) {
    let before = view.text.get(..offset).unwrap_or("");
    let comment = before.rsplit('\n').next().and_then(|line| line.rsplit('#').next()).unwrap_or("");
    let listed = comment.trim_start().strip_prefix("gradus").map(str::trim_start);
    let listed = listed.and_then(|rest| rest.strip_prefix([':', '：'])).map(str::trim_start);
    let listed = listed.and_then(|rest| rest.strip_prefix("allow").or_else(|| rest.strip_prefix("允许")));
    let listed = listed.and_then(|rest| rest.trim_start().strip_prefix(['(', '（']));
    let Some(listed) = listed.filter(|listed| !listed.contains([')', '）'])) else {
        return (offset, Vec::new());
    };
    let word = listed.rsplit([',', '，', '、']).next().unwrap_or("").trim_start();
    let found = |(code, name): (&'static str, &'static str)| Completion {
        text: name.to_owned(),
        kind: CompletionKind::Lint,
        detail: first_sentence(code, view.lang),
        rank: u8::from(!code.starts_with('L')),
    };
    let mut found: Vec<Completion> = lint::all().map(found).collect();
    found.sort_by(|a, b| (a.rank, &a.text).cmp(&(b.rank, &b.text)));
    (offset.saturating_sub(word.len()), found)
}

/// Whether a place lies in a comment: behind a `#` that is not in a text.
fn in_comment(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or("");
    line.char_indices()
        .any(|(at, ch)| ch == '#' && line.get(..at).is_some_and(|rest| slots::in_text(rest).is_none()))
}

/// What a code tells of, by the first sentence of its page.
fn first_sentence(code: &str, lang: Lang) -> String {
    let page = diag::page(code, lang).unwrap_or_default();
    let line = page.lines().find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or("");
    let end = line.find(". ").or_else(|| line.find('。')).unwrap_or(line.len());
    line.get(..end).unwrap_or(line).trim_end_matches('.').to_owned()
}
