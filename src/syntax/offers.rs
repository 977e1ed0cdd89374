//! What may stand at a place of a text, as the grammar has it: for who helps a writer on.
//!
//! The construct is read up to the place, with a sign behind it that stands nowhere. The grammar stops at that sign, and knows
//! what it looked for there. So an offer is what the grammar takes, of every construct that is and will be, and no list of
//! positions beside the grammar is to be kept.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use pest::Parser;

use super::again::behind_sign;
use super::grammar::{GradusParser, Rule};
use super::keywords::{self, KEYWORDS, ends_with_word};
use super::scan::{Scan, scan};
use crate::base::FileId;

/// A sign that no rule of the grammar takes but inside a text, and that is no ASCII, for which the grammar looks ahead.
const NOWHERE: char = '\u{e000}';
/// So many mistakes before the place are passed over.
const MISTAKES: usize = 8;

/// The words of folds and picks, of which the grammar alone has the spellings: `sum of` is `合计`.
const FOLDS: [(&str, &str); 15] = [
    ("sum of", "合计"),
    ("count of", "计数"),
    ("lowest of", "最小"),
    ("highest of", "最大"),
    ("average of", "均值"),
    ("share of", "占比"),
    ("any of", "存在"),
    ("all of", "全部满足"),
    ("middle of", "取中"),
    ("earliest of", "取最早"),
    ("latest of", "取最晚"),
    ("", "取小"),
    ("", "取大"),
    ("", "取平均"),
    ("", "当月末"),
];

/// The words by which a member goes on behind a line end.
const GOING_ON: [&str; 10] =
    ["and", "or", "because", "cite", "if unknown", "且", "或", "理由", "依据", "若未知"];

/// A word of the language that may stand somewhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Word {
    /// As it is written.
    pub text: &'static str,
    /// The same in the other language; empty where that has no such word.
    pub other: &'static str,
}

/// What may stand at a place.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Offers {
    /// The words that may begin there, each once.
    pub words: Vec<Word>,
    /// Whether a name may, one that is there or a new one.
    pub name: bool,
    /// Whether a value may: a name, a number, all that is worked out.
    pub value: bool,
    /// Whether a whole condition may: what `if`, `not` and comparisons begin.
    pub condition: bool,
    /// Whether a type may.
    pub types: bool,
    /// Whether a cell of a table may: `below 30`, `any`.
    pub cell: bool,
    /// The construct up to the place, with blanks for its comments.
    pub before: String,
}

/// What may stand at a byte of a text where a word begins; none where the line before it cannot be read.
#[must_use]
pub fn offers(text: &str, at: usize) -> Option<Offers> {
    let seen = scan(FileId(0), text.get(..at)?, true);
    if !seen.too_deep.is_empty() {
        return None;
    }
    let outside = seen.ends.iter().rev().find(|(_, block)| block.is_none());
    let start = outside.map_or(0, |(end, _)| behind_sign(&seen.text, *end)).min(at);
    let mut before = seen.text.get(start..)?.to_owned();
    let (mut stopped, mut tokens) = attempt(&before)?;
    for _ in 0..MISTAKES {
        if stopped >= before.len() {
            break;
        }
        blank(&seen, start, start.saturating_add(stopped), &mut before)?;
        (stopped, tokens) = attempt(&before)?;
    }
    if stopped < before.len() {
        return None;
    }
    if stopped > before.len() {
        // Inside a text, where any sign may stand.
        return Some(Offers { before, ..Offers::default() });
    }
    if let Some(own) = of_keyword(&before, &tokens) {
        tokens = own;
    }
    let mut words = words(&before, &tokens);
    let mut lines = before.rsplitn(2, '\n');
    if let (Some(line), Some(above)) = (lines.next(), lines.next())
        && line.trim().is_empty()
        && !above.trim().is_empty()
    {
        let joined = format!("{above} {line}");
        if let Some((_, tokens)) = attempt(&joined).filter(|(stopped, _)| *stopped == joined.len()) {
            let going_on = self::words(&joined, &tokens);
            words.extend(going_on.into_iter().filter(|word| GOING_ON.contains(&word.text)));
        }
    }
    words.extend(begun_before(&before, &words));
    words.sort_by_key(|word| (word.text, word.other.is_empty()));
    words.dedup_by_key(|word| word.text);
    let has = |token: &str| tokens.contains(token);
    Some(Offers {
        words,
        name: has("`"),
        value: has("today"),
        condition: has("today") && has("not"),
        types: has("money") && has("yes/no"),
        cell: has("below") && has("any") && has("today"),
        before,
    })
}

/// Where the grammar stops in a construct that breaks off, and what it looked for there, word by word; none where it reads the
/// sign that stands nowhere.
fn attempt(before: &str) -> Option<(usize, BTreeSet<String>)> {
    // What the grammar looks for is kept where a switch says so that holds for the whole process. Nobody else turns it; who reads
    // meanwhile is a little slower.
    static SWITCH: Mutex<()> = Mutex::new(());
    let text = format!("{before}{NOWHERE}");
    let held = SWITCH.lock().unwrap_or_else(PoisonError::into_inner);
    pest::set_error_detail(true);
    let read = GradusParser::parse(Rule::item_alone, &text).map(|_| ());
    pest::set_error_detail(false);
    drop(held);
    let attempts = read.err()?.parse_attempts()?;
    Some((attempts.max_position, attempts.expected_tokens().iter().map(ToString::to_string).collect()))
}

/// Puts blanks in the place of the member with a mistake; none where that is the one that is being written.
fn blank(seen: &Scan, start: usize, wrong: usize, before: &mut String) -> Option<()> {
    let members = seen.ends.iter().map(|(end, _)| *end);
    let open = seen.blocks.iter().map(|block| block.open).filter(|open| *open < wrong).max();
    let from = members.clone().filter(|end| *end < wrong).chain(open).max()?.max(start);
    let to = members.filter(|end| *end >= wrong).min()?;
    let (from, to) = (from.checked_add(1)?.checked_sub(start)?, to.checked_sub(start)?);
    let member = before.get(from..to)?;
    if member.trim().is_empty() {
        return None;
    }
    let blanks = " ".repeat(member.len());
    before.replace_range(from..to, &blanks);
    Some(())
}

/// The words that may stand behind a construct that breaks off: those of which the grammar looked for the spellings of both
/// languages, so that `at` of `at most` is none by itself.
fn words(before: &str, tokens: &BTreeSet<String>) -> Vec<Word> {
    let first = |text: &'static str| text.split(' ').next().unwrap_or(text);
    let expected = |text: &'static str| text.is_empty() || tokens.contains(first(text));
    let keywords = KEYWORDS.iter().map(|word| (word.en, word.zh));
    let pairs: Vec<_> = keywords.chain(FOLDS).collect();
    let may: BTreeSet<_> = pairs.iter().filter(|(en, zh)| expected(en) && expected(zh)).collect();
    let mut fit: Vec<Word> = Vec::new();
    for (en, zh) in pairs.iter().copied() {
        let alike = may.iter().filter(|it| first(it.0) == first(en) && first(it.1) == first(zh)).count();
        let is_clear = alike == 1 && !zh.is_empty() || !en.contains(' ');
        if may.contains(&(en, zh)) && (is_clear || is_whole(before, en)) {
            let both = [Word { text: en, other: zh }, Word { text: zh, other: en }];
            fit.extend(both.into_iter().filter(|word| !word.text.is_empty()));
        }
        // `at ` was written: `most` is still to come.
        let splits =
            en.match_indices(' ').filter_map(|(at, _)| Some((en.get(..at)?, en.get(at.checked_add(1)?..)?)));
        for (begun, rest) in splits {
            if tokens.contains(first(rest)) && ends_with_word(before.trim_end(), begun) {
                fit.push(Word { text: rest, other: "" });
            }
        }
    }
    fit
}

/// The rest of words that were begun where the grammar has taken their first for a name: `to` behind `if unknown refer`.
fn begun_before(before: &str, known: &[Word]) -> Vec<Word> {
    let splits = KEYWORDS.iter().filter_map(|word| word.en.split_once(' ').map(|split| (word, split)));
    let open = splits.filter(|(_, (begun, rest))| {
        ends_with_word(before.trim_end(), begun) && !known.iter().any(|word| word.text == *rest)
    });
    let mut found = Vec::new();
    for (word, (begun, rest)) in open {
        let at = before.trim_end().len().saturating_sub(begun.len());
        let Some(begins) = before.get(..at) else { continue };
        // Some are words of the language only where what belongs to them stands behind: a name may be called `refer`.
        let fits = ["", "x "].into_iter().any(|behind| {
            let whole = format!("{begins}{} {behind}", word.en);
            attempt(&whole).is_some_and(|(stopped, _)| stopped == whole.len())
        });
        if fits {
            found.push(Word { text: rest, other: "" });
        }
    }
    found
}

/// Whether words that begin as others do stand there as a whole: `unknown when`, and not `unknown`.
fn is_whole(before: &str, words: &str) -> bool {
    words.match_indices(' ').all(|(at, _)| {
        let begun = format!("{before}{} ", words.get(..at).unwrap_or(words));
        let next = words.get(at..).and_then(|rest| rest.split_whitespace().next()).unwrap_or("");
        attempt(&begun).is_some_and(|(stopped, tokens)| stopped == begun.len() && tokens.contains(next))
    })
}

/// What fits only because the member begins with a word of the language, where that word might be a name as well: behind
/// `missing` of a scorecard `left out`, and not what may stand behind a factor that is called so.
fn of_keyword(before: &str, tokens: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    let line = before.rsplit(['\n', ';', '；', '{']).next()?;
    let word = Some(line.trim()).filter(|word| !word.is_empty())?;
    let known = |known: &&keywords::Keyword| known.en == word || known.zh == word;
    KEYWORDS.iter().find(known).filter(|_| !keywords::RESERVED.contains(&word))?;
    let start = before.len().checked_sub(line.trim_start().len())?;
    let as_name = format!(
        "{}x{}",
        before.get(..start)?,
        " ".repeat(before.len().checked_sub(before.trim_end().len())?)
    );
    let (stopped, named) = attempt(&as_name)?;
    let own: BTreeSet<String> = tokens.difference(&named).cloned().collect();
    let is_own = own.contains("`") || !words(before, &own).is_empty();
    (stopped == as_name.len() && is_own).then_some(own)
}

/// Whether a construct is written in Chinese, by the word that begins it or the nearest one before it; none where no construct
/// stands before a place.
#[must_use]
pub fn is_chinese(text: &str, at: usize) -> Option<bool> {
    let before = text.get(..at)?;
    before.lines().rev().find_map(|line| {
        let end = line.find(|ch| !unicode_ident::is_xid_continue(ch)).unwrap_or(line.len());
        let word = line.get(..end).filter(|word| keywords::begins_item(word))?;
        Some(!word.is_ascii())
    })
}
