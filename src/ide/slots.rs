//! What a place wants, by what stands before it: a currency behind `currency`, a role behind `refer to`, a member of the fact's kind
//! behind `is`.

use crate::syntax::Offers;
use crate::syntax::keywords::ends_with;

/// Which names a place wants where only a name may stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Named {
    /// A currency.
    Currency,
    /// A role.
    Role,
    /// An action.
    Action,
    /// A list of records.
    List,
    /// A kind.
    Kind,
    /// A policy.
    Policy,
    /// A grade, a state, a step, a hold of the construct around.
    OwnMember,
    /// The code of a reason.
    Code,
    /// A judgement.
    Judgement,
}

/// The words before a name, by their roles, and what the name is then.
const NAMED: [(Named, &[&str]); 9] = [
    (
        Named::Role,
        &[
            "refer_to",
            "notify",
            "approval",
            "by_role",
            "on_disagreement",
            "note_to",
            "needs_sign_off_of",
            "signed_after_cure",
            "above_role",
            "exactly",
            "release_by",
            "and",
            "or",
        ],
    ),
    (Named::Action, &["do"]),
    (Named::Kind, &["set_of", "checklist_of", "value_of"]),
    (Named::Policy, &["use"]),
    (Named::OwnMember, &["not_above", "force", "wins_over", "skip", "except"]),
    (Named::Code, &["because"]),
    (Named::Judgement, &["asks"]),
    (Named::List, &["from_records", "against", "over", "in_list", "for_each"]),
    (Named::Currency, &["currency", "in_currency", "convert_to"]),
];

/// Which name is wanted; none for one that is new.
pub(super) fn named(offers: &Offers) -> Option<Named> {
    let behind = |roles: &[&str]| roles.iter().any(|role| ends_with(&offers.before, role));
    let by_word = NAMED.iter().find(|(_, roles)| behind(roles)).map(|(named, _)| *named);
    // Who signs: the word for nobody fits, too.
    let signs = || offers.words.iter().any(|word| word.text == "nobody").then_some(Named::Role);
    by_word.or_else(signs)
}

/// A bracket that is open before a place, and what stands before it and behind.
pub(super) struct Open<'t> {
    /// The bracket.
    pub(super) bracket: char,
    /// The member up to it.
    pub(super) head: &'t str,
    /// What stands behind it, up to the place.
    pub(super) inside: &'t str,
}

/// The brackets that are open before a place, the innermost first.
pub(super) fn open(before: &str) -> Vec<Open<'_>> {
    let mut stack: Vec<(char, usize)> = Vec::new();
    let mut close: Option<char> = None;
    for (at, ch) in before.char_indices() {
        match (close, ch) {
            (Some(end), _) if ch == end || ch == '\n' => {
                close = None;
                stack.retain(|(kind, _)| *kind != '"');
            }
            (Some(_), '{') => stack.push(('"', at)),
            (Some(_), '}') => {
                stack.pop_if(|(kind, _)| *kind == '"');
            }
            (Some(_), _) => {}
            (None, '"') => close = Some('"'),
            (None, '“' | '”') => close = Some('”'),
            (None, '「') => close = Some('」'),
            (None, '{' | '｛') => stack.push(('{', at)),
            (None, '[' | '【') => stack.push(('[', at)),
            (None, '(' | '（') => stack.push(('(', at)),
            (None, '}' | '｝' | ']' | '】' | ')' | '）') => {
                stack.pop();
            }
            (None, _) => {}
        }
    }
    let place = |(bracket, at): (char, usize)| {
        let head = before.get(..at).unwrap_or("");
        let head = head.rsplit('\n').find(|line| !line.trim().is_empty()).unwrap_or("");
        let behind = before.get(at..).unwrap_or("").chars().next().map_or(0, char::len_utf8);
        Open { bracket, head, inside: before.get(at.saturating_add(behind)..).unwrap_or("") }
    };
    stack.into_iter().rev().map(place).collect()
}

/// The member that is being written: what stands behind the last line end or `;` outside brackets of its block.
pub(super) fn member(inside: &str) -> &str {
    last_outside(inside, &['\n', ';', '；'])
}

/// The same of entries, which commas separate, too.
pub(super) fn entry(inside: &str) -> &str {
    last_outside(inside, &['\n', ';', '；', ',', '，', '、'])
}

/// What stands behind the last of some signs outside brackets and texts.
fn last_outside<'t>(inside: &'t str, signs: &[char]) -> &'t str {
    let at = outside(inside).filter(|(_, ch)| signs.contains(ch)).last();
    let start = at.map_or(0, |(at, ch)| at.saturating_add(ch.len_utf8()));
    inside.get(start..).unwrap_or("")
}

/// The characters outside brackets and texts.
fn outside(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut depth: usize = 0;
    let mut close: Option<char> = None;
    text.char_indices().filter(move |(_, ch)| {
        match (close, ch) {
            (Some(end), _) => {
                if *ch == end || *ch == '\n' {
                    close = None;
                }
                return *ch == '\n';
            }
            (None, '"') => close = Some('"'),
            (None, '“') => close = Some('”'),
            (None, '「') => close = Some('」'),
            (None, '{' | '｛' | '[' | '【' | '(' | '（') => depth = depth.saturating_add(1),
            (None, '}' | '｝' | ']' | '】' | ')' | '）') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        depth == 0 && close.is_none()
    })
}

/// Where a row breaks off: before its colon in which cell, or behind it in which result.
pub(super) fn column(row: &str) -> (bool, usize) {
    let signs: Vec<char> = outside(row).map(|(_, ch)| ch).collect();
    let is_comma = |ch: &&char| matches!(ch, ',' | '，' | '、');
    match signs.iter().position(|ch| matches!(ch, ':' | '：')) {
        Some(colon) => (true, signs.iter().skip(colon).filter(is_comma).count()),
        None => (false, signs.iter().filter(is_comma).count()),
    }
}

/// Whether the next thing is reckoned or compared with: it stands behind `+`, `<` and the like.
pub(super) fn is_reckoned(before: &str) -> bool {
    let before = before.trim_end();
    before.ends_with([
        '+', '-', '*', '/', '×', '÷', '−', '－', '＋', '＊', '／', '^', '<', '>', '≤', '≥', '＜', '＞',
    ]) && !before.ends_with("->")
        || before.ends_with("<=")
        || before.ends_with(">=")
}

/// Whether a place lies in a text, and if so, whether in a figure of it.
pub(super) fn in_text(before: &str) -> Option<bool> {
    let line = before.rsplit('\n').next().unwrap_or("");
    let mut close: Option<char> = None;
    let mut figure = false;
    let mut chars = line.chars().peekable();
    while let Some(ch) = chars.next() {
        match (close, ch) {
            (None, '#') => return None,
            (None, '"') => close = Some('"'),
            (None, '“' | '”') => close = Some('”'),
            (None, '「') => close = Some('」'),
            (None, _) => {}
            (Some(_), '\\') => {
                chars.next();
            }
            (Some(_), '{') if !figure && chars.next_if_eq(&'{').is_some() => {}
            (Some(_), '{') => figure = true,
            (Some(_), '}') => figure = false,
            (Some(end), _) if ch == end => (close, figure) = (None, false),
            (Some(_), _) => {}
        }
    }
    close.map(|_| figure)
}
