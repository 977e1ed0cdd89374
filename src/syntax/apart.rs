//! Chinese words that were written without the blanks between them: `信用等级为C`, `不得高于B`, `月均销售额10万`. A name takes all of it,
//! and so the words are told apart by what is known: keywords, figures, and names.

use super::keywords::{self, KEYWORDS};
use super::slips::Place;
use crate::diag::Diagnostic;

/// The most parts that a word is cut into.
const PARTS: usize = 8;

/// The words of expressions that are likely glued to a name. A name may well end in another: `逾期天数` is none of days.
const JOINTS: [&str; 9] = ["为", "不为", "且", "或", "非", "的", "已知", "未知", "若未知"];

/// The parts of a word that is no name, of which each is a word of expressions, a figure or a name that is known, with a blank between
/// them; none where it is not made of such.
#[must_use]
pub fn apart(word: &str, is_known: &dyn Fn(&str) -> bool) -> Option<String> {
    cut(word, is_known, &|part| JOINTS.contains(&part))
}

fn cut(word: &str, is_known: &dyn Fn(&str) -> bool, is_keyword: &dyn Fn(&str) -> bool) -> Option<String> {
    let chinese = |ch: char| !ch.is_ascii() && ch.is_alphabetic();
    let parts = word.chars().any(chinese).then(|| parts(word, is_known, is_keyword, PARTS)).flatten()?;
    let says = |part: &&str| is_keyword(part) || part.starts_with(|ch: char| ch.is_ascii_digit());
    // `财务总监高于信用经理` holds a keyword between names; `当前` is a word of two that are none.
    let named = |part: &&str| is_known(part) || part.starts_with(|ch: char| ch.is_ascii_digit());
    // `10%净资产` is a share that does not say of what.
    let share =
        |two: &[&str]| matches!(two, [one, next] if one.ends_with(['%', '％', '‰']) && !is_keyword(next));
    if parts.windows(2).any(share) {
        return None;
    }
    // `信用等级A`: a name and a grade.
    let graded = matches!(parts.as_slice(), [one, grade] if grade.is_ascii() && !one.is_ascii());
    let says = graded || parts.iter().any(says);
    let whole = parts.len() > 1 && says && parts.iter().any(named);
    // `1级` and `2项` are written in one.
    let counts = |part: &str| matches!(part, "级" | "项" | "日");
    let mut written = String::new();
    for part in parts {
        let figure = written.ends_with(|ch: char| ch.is_ascii_digit());
        if !(written.is_empty() || figure && counts(part)) {
            written.push(' ');
        }
        written.push_str(part);
    }
    whole.then_some(written)
}

fn is_keyword(part: &str) -> bool {
    KEYWORDS.iter().any(|known| !known.zh.is_empty() && known.zh == part)
        || keywords::RESERVED.contains(&part)
}

fn parts<'t>(
    word: &'t str,
    is_known: &dyn Fn(&str) -> bool,
    is_keyword: &dyn Fn(&str) -> bool,
    most: usize,
) -> Option<Vec<&'t str>> {
    if word.is_empty() {
        return Some(Vec::new());
    }
    let most = most.checked_sub(1)?;
    let figure = figure(word);
    let ends = word.char_indices().map(|(at, ch)| at.saturating_add(ch.len_utf8())).rev();
    let fits = |part: &str, rest: &str| {
        if part.starts_with(|ch: char| ch.is_ascii_digit()) {
            return Some(part.len()) == figure;
        }
        // A word of letters is one: `C` is none of `CA2`.
        let cut = part.ends_with(|ch: char| ch.is_ascii_alphanumeric())
            && rest.starts_with(|ch: char| ch.is_ascii_alphanumeric() && !ch.is_ascii_digit());
        !cut && (is_keyword(part) || is_known(part))
    };
    for end in ends {
        let (part, rest) = word.split_at_checked(end)?;
        if fits(part, rest)
            && let Some(mut behind) = parts(rest, is_known, is_keyword, most)
        {
            behind.insert(0, part);
            return Some(behind);
        }
    }
    None
}

/// How long the figure is with which a text begins, its unit with it.
fn figure(text: &str) -> Option<usize> {
    let digits =
        text.find(|ch: char| !(ch.is_ascii_digit() || matches!(ch, '.' | '_'))).unwrap_or(text.len());
    let rest = text.get(digits..)?;
    let units =
        ["万亿元", "万亿", "亿元", "亿", "万元", "万", "元", "天", "个工作日", "个月", "%", "％", "‰"];
    let unit = units.into_iter().find(|unit| rest.starts_with(unit)).map_or(0, str::len);
    (digits > 0).then(|| digits.saturating_add(unit))
}

/// Whether a word stands alone somewhere in a text, but for its place in another.
pub(super) fn stands_in(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).is_some_and(|before| before.ends_with(unicode_ident::is_xid_continue));
        let behind = at.checked_add(word.len()).and_then(|end| text.get(end..));
        !before && !behind.is_some_and(|behind| behind.starts_with(unicode_ident::is_xid_continue))
    })
}

/// Whether a word lacks its blanks: it is none that is told by itself, and no name that stands elsewhere, too, and only ends in a short
/// word of the language.
fn is_meant(place: &Place<'_>, word: &str, written: &str) -> bool {
    const OTHERS: [&str; 7] = ["不为空", "为空", "是空", "非空", "不为无", "不空", "已填"];
    let places = place.source.match_indices(word).count();
    let long = |part: &str| is_keyword(part) && part.chars().count() > 1;
    !OTHERS.contains(&word) && (places < 2 || written.split(' ').any(long))
}

/// A word without its blanks where the grammar stopped: the word there, or the one before it, which the grammar took for a name.
pub(super) fn recognise(place: &Place<'_>) -> Option<Diagnostic> {
    let is_part = |ch: char| unicode_ident::is_xid_continue(ch) || matches!(ch, '%' | '％' | '‰');
    let line = place.before().rfind(['\n', ';', '；', '{', '｛']).map_or(0, |at| at.saturating_add(1));
    let from = place.from.saturating_add(line);
    let before = place.text.get(from..place.at)?;
    let mut start = from.saturating_add(before.trim_end_matches(is_part).len());
    for _ in 0..2 {
        let rest = place.text.get(start..)?;
        let word = rest.get(..rest.find(|ch| !is_part(ch)).unwrap_or(rest.len()))?;
        let known = |part: &str| part != word && stands_in(place.source, part);
        let is_name = start
            == place
                .from
                .saturating_add(place.before().len())
                .saturating_sub(place.before().trim_start().len())
            && word.starts_with(|ch: char| ch.is_ascii_digit());
        if let Some(written) = cut(word, &known, &is_keyword)
            .filter(|written| written != word && !is_name && is_meant(place, word, written))
        {
            let span = place.stretch(start, start.saturating_add(word.len()));
            let part =
                written.split(' ').find(|part| is_keyword(part)).or_else(|| written.split(' ').next())?;
            let numeric = word.starts_with(|ch: char| ch.is_ascii_digit());
            let variant = if numeric { "number" } else { "keyword" };
            let told = Diagnostic::new("E106", span).variant(variant).arg("found", word).arg("word", part);
            return Some(told.fix("blank", span, written, true));
        }
        let before = place.text.get(from..start)?.trim_end();
        let next = from.saturating_add(before.trim_end_matches(is_part).len());
        if next == start {
            break;
        }
        start = next;
    }
    None
}
