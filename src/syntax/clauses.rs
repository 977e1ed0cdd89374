//! Clauses in another order than the language has, and lines that say in one phrase what is a keyword and a figure here:
//! `when class is C cap at 0`, `若 … 则 上限 0`, `reduce by 40% when …`, `打五折`.

use super::expected::word_of;
use super::figures::figure_meant;
use super::grammar::Rule;
use super::keywords::{begins_with, begins_with_word, keyword};
use super::phrases;
use super::slips::Place;
use crate::diag::Diagnostic;

/// A line that is known.
pub(super) fn recognise(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    condition_first(place)
        .or_else(|| phrases::round_first(place, rules))
        .or_else(|| factor_of_limit(place, rules))
        .or_else(|| until(place, rules))
        .or_else(|| needless(place))
        .or_else(|| other_word(place))
        .or_else(|| blank_within(place, rules))
        .or_else(|| included(place))
        .or_else(|| bracket_below(place, rules))
        .or_else(|| formula_sign(place, rules))
        .or_else(|| data_sign(place))
        .or_else(|| turned_sign(place))
}

/// The lines that a condition stands behind, by the head of their block.
const LINES: &[(&str, &[&str])] = &[
    ("limit", &["cap_at", "floor_at", "times"]),
    ("grades", &["not_above", "force", "down", "up"]),
    ("scorecard", &["points"]),
];

/// `when class is C cap at 0 because …`: the condition stands behind what it is for.
fn condition_first(place: &Place<'_>) -> Option<Diagnostic> {
    let (_, lines) = LINES.iter().find(|(head, _)| begins_with(place.head, head))?;
    // A line that begins with `if` goes on with the one before, and only the source has its beginning.
    let words = ["when", "if", "where", "当", "若", "如果", "如"];
    let begins = |from: usize| {
        let line = place.source.get(from..place.to)?.split('\n').next()?;
        let from = from.saturating_add(line.len().saturating_sub(line.trim_start().len()));
        let member = place.text.get(from..)?.get(..line.trim_start().len())?.trim_end();
        let word = words.into_iter().find(|word| begins_with_word(member, word))?;
        Some((from, member, word))
    };
    let line = place
        .source
        .get(place.from..place.at)?
        .rfind('\n')
        .map(|at| place.from.saturating_add(at).saturating_add(1));
    let (from, member, word) = line.and_then(begins).or_else(|| begins(place.from))?;
    let rest = member.get(word.len()..)?;
    let action = lines.iter().filter_map(|role| keyword(role)).flat_map(|known| [known.en, known.zh]);
    let begins = |word: &'static str| {
        let places = rest.match_indices(word).map(|(at, _)| at);
        places.into_iter().find(|at| {
            let apart = rest.get(..*at).is_some_and(|before| before.ends_with([' ', ',', '，', '则']));
            apart && rest.get(*at..).is_some_and(|rest| begins_with_word(rest, word))
        })
    };
    let at = action.filter(|word| !word.is_empty()).filter_map(begins).min()?;
    let joints = [' ', ',', '，', '\u{3000}'];
    let condition = rest.get(..at)?.trim_matches(joints);
    let joined = ["then", "那么", "则"].into_iter().find_map(|word| condition.strip_suffix(word));
    let condition = joined.unwrap_or(condition).trim_matches(joints);
    let action = rest.get(at..)?;
    let reasons = ["because", "cite", "理由", "依据"].into_iter();
    let tail = reasons.filter_map(|word| action.find(word)).min().unwrap_or(action.len());
    let (action, tail) = action.split_at_checked(tail)?;
    let when = keyword("when")?;
    let when = if word.is_ascii() { when.en } else { when.zh };
    let written = format!("{} {when} {condition} {tail}", action.trim_matches(joints)).trim_end().to_owned();
    let span = place.stretch(from, from.saturating_add(word.len()));
    let whole = place.stretch(from, from.saturating_add(member.len()));
    let told = Diagnostic::new("E151", span).variant("order").arg("found", word).arg("written", &written);
    (!condition.is_empty()).then(|| told.fix("order", whole, written, true))
}

/// Phrases that lower or raise a figure by a share, and whether they raise it.
const BY_A_SHARE: &[(&str, bool)] = &[
    ("reduced by", false),
    ("reduce by", false),
    ("decrease by", false),
    ("lower by", false),
    ("cut by", false),
    ("minus", false),
    ("less", false),
    ("increase by", true),
    ("raise by", true),
    ("plus", true),
    ("下调", false),
    ("下浮", false),
    ("降低", false),
    ("减少", false),
    ("扣减", false),
    ("核减", false),
    ("上调", true),
    ("上浮", true),
    ("提高", true),
    ("增加", true),
];

/// `reduce by 40% when …`, `x 60% when …`, `打五折 当 …` as a line of a limit: it is multiplied.
fn factor_of_limit(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    if !rules.contains(&Rule::limit_line) || !place.at_member_start() {
        return None;
    }
    let line = place.rest().split(['\n', ';', '；', '}']).next()?;
    let times = keyword("times")?;
    let (length, written) = if let Some((phrase, raises)) =
        BY_A_SHARE.iter().find(|(phrase, _)| line.starts_with(phrase))
    {
        let behind = line.get(phrase.len()..)?.trim_start();
        let digits = behind.find(|ch: char| !ch.is_ascii_digit())?;
        let share: u32 = behind.get(..digits)?.parse().ok()?;
        let sign = behind.get(digits..)?.trim_start().chars().next().filter(|ch| matches!(ch, '%' | '％'))?;
        let factor = if *raises { 100_u32.checked_add(share)? } else { 100_u32.checked_sub(share)? };
        let end = line.find(sign)?.saturating_add(sign.len_utf8());
        (end, format!("{} {factor}%", if phrase.is_ascii() { times.en } else { times.zh }))
    } else if let Some(tenths) = line.strip_prefix('打') {
        let word = tenths.get(..tenths.find(' ').unwrap_or(tenths.len()))?;
        let meant = figure_meant(word)?;
        (line.find(word)?.saturating_add(word.len()), format!("{} {}", times.zh, meant.written))
    } else {
        let sign = ["x ", "X ", "×", "*", "乘 ", "乘"].into_iter().find(|sign| line.starts_with(sign))?;
        let behind = line.get(sign.len()..)?;
        behind.trim_start().starts_with(|ch: char| ch.is_ascii_digit()).then_some(())?;
        let word = if place.chinese() { times.zh } else { times.en };
        let blank = if sign.ends_with(' ') || !behind.starts_with(' ') { " " } else { "" };
        (sign.len(), format!("{word}{blank}"))
    };
    let span = place.stretch(place.at, place.at.saturating_add(length));
    let found = place.text.get(span.range())?.trim();
    let told = Diagnostic::new("E151", span).variant("word").arg("found", found).arg("word", written.trim());
    Some(told.fix("when", span, written, false))
}

/// `effective from 2026-01-01 to 2026-12-31`, `生效自 A 至 B`.
fn until(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let wants = rules.contains(&Rule::kw_until);
    let words = ["to", "till", "through", "至", "到", "截至", "截止", "~", "～", "—", "–", "-"];
    let found = words.into_iter().find(|word| place.rest().starts_with(word)).filter(|_| wants)?;
    let until = keyword("until")?;
    let word = if found.is_ascii() && !place.chinese() { until.en } else { until.zh };
    let span = place.stretch(place.at, place.at.saturating_add(found.len()));
    let touches = !place.before().ends_with(' ');
    let behind = place.rest().get(found.len()..)?;
    let blanks = (if touches { " " } else { "" }, if behind.starts_with(' ') { "" } else { " " });
    let told = Diagnostic::new("E151", span).variant("word").arg("found", found).arg("word", word);
    Some(told.fix("when", span, format!("{}{word}{}", blanks.0, blanks.1), true))
}

/// `当 信用等级 为 C 时`: the sentence ends in a word that says nothing here.
fn needless(place: &Place<'_>) -> Option<Diagnostic> {
    let found = ["的情况下", "的时候", "情形下", "时"].into_iter().find(|word| place.word() == *word)?;
    let begins = ["当", "若", "如果"].into_iter().any(|word| place.before().contains(word));
    let told = Diagnostic::new("E151", place.word_span()).variant("needless").arg("found", found);
    begins.then(|| told.fix("required", place.word_span(), "", true))
}

/// Words that hold a keyword and say the same: cut in two, they would be none.
const OTHERS: &[(&str, &str)] = &[
    ("未知时", "if_unknown"),
    ("如未知", "if_unknown"),
    ("不明时", "if_unknown"),
    ("缺失时", "if_unknown"),
    ("版本号", "version"),
    ("生效日期", "effective_from"),
    ("生效日", "effective_from"),
    ("货币", "currency"),
    ("币别", "currency"),
    ("舍入方式", "rounding"),
];

/// `未知时 适用`, `版本号 “2026.1”`.
fn other_word(place: &Place<'_>) -> Option<Diagnostic> {
    let (found, role) = OTHERS.iter().find(|(found, _)| *found == place.word())?;
    let word = keyword(role)?.zh;
    let header = *role != "if_unknown";
    if header != (place.at_member_start() && begins_with(place.head, "policy")) {
        return None;
    }
    let told =
        Diagnostic::new("E151", place.word_span()).variant("word").arg("found", found).arg("word", word);
    Some(told.fix("when", place.word_span(), word, true))
}

/// `生效 自 2026-01-01`, `不 超过 5`: a word of the language with a blank in it.
fn blank_within(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let line = place.rest().split('\n').next()?;
    let length = |word: &str| {
        let mut wanted = word.chars().peekable();
        let mut length: usize = 0;
        for ch in line.chars() {
            if wanted.peek().is_none() {
                break;
            }
            if Some(&ch) == wanted.peek() {
                wanted.next();
            } else if ch != ' ' || length == 0 {
                return None;
            }
            length = length.saturating_add(ch.len_utf8());
        }
        (wanted.peek().is_none() && length > word.len()).then_some(length)
    };
    let words = rules.iter().filter_map(|rule| word_of(*rule)).filter_map(keyword);
    let words = words.map(|known| known.zh).filter(|word| !word.is_empty());
    let (word, length) =
        words.filter_map(|word| Some((word, length(word)?))).max_by_key(|(_, length)| *length)?;
    let span = place.stretch(place.at, place.at.saturating_add(length));
    let told = Diagnostic::new("E151", span).variant("word").arg("found", place.text.get(span.range())?);
    Some(told.arg("word", word).fix("when", span, word, true))
}

/// `不超过 12（含）`, `below 50 (excl.)`: whether the end belongs to it, the word before it says.
fn included(place: &Place<'_>) -> Option<Diagnostic> {
    let inside = place.rest().strip_prefix(['(', '（'])?;
    let close = inside.find([')', '）'])?;
    let said = inside.get(..close)?.trim();
    let out = ["不含", "excl", "not incl"].into_iter().any(|word| said.starts_with(word));
    let within = ["含", "incl"].into_iter().any(|word| said.starts_with(word));
    if !out && !within {
        return None;
    }
    let length = inside.get(close..)?.chars().next()?.len_utf8();
    let end = place.text.len().checked_sub(inside.len())?.checked_add(close)?.checked_add(length)?;
    let start = place.from.saturating_add(place.before().trim_end().len());
    let span = place.stretch(place.at, end);
    let line =
        place.before().rfind(['\n', ';', '；', '{', '｛', ',', '，']).map_or(0, |at| at.saturating_add(1));
    let cell = place.before().get(line..)?;
    let last = |roles: &[&str]| {
        let words = roles.iter().filter_map(|role| keyword(role)).flat_map(|known| [known.en, known.zh]);
        words
            .filter(|word| !word.is_empty())
            .filter_map(|word| Some((cell.rfind(word)?.saturating_add(word.len()), word.len())))
            .max()
    };
    let (holds, leaves) = (last(&["from_bound", "at_most"]), last(&["below", "above"]));
    let told = Diagnostic::new("E117", span).variant("included").arg("found", place.text.get(span.range())?);
    let agrees = if holds > leaves { within } else { leaves.is_some() && out };
    Some(if agrees { told.fix("bare", place.stretch(start, end), "", true) } else { told.help("included") })
}

/// A block whose bracket stands on the line below its head.
fn bracket_below(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let ends = place.rest().starts_with('\n') || place.at >= place.to;
    if !rules.contains(&Rule::open_curly) || !ends {
        return None;
    }
    let rest = place.source.get(place.at..)?;
    let below = rest.trim_start();
    let sign = below.chars().next().filter(|sign| matches!(sign, '{' | '｛'))?;
    let at = place.at.saturating_add(rest.len().saturating_sub(below.len()));
    let line = place.source.get(..at)?.rsplit('\n').next()?;
    line.trim().is_empty().then_some(())?;
    let head = place.from.saturating_add(place.before().trim_end().len());
    let span = place.stretch(at, at.saturating_add(sign.len_utf8()));
    let mut told = Diagnostic::new("E145", span).variant("below").fix("below", span, "", true);
    let end = place.stretch(head, head);
    told.fixes.iter_mut().for_each(|fix| fix.edits.insert(0, (end, " {".into())));
    Some(told.label(end, "head"))
}

/// `method a = =sales*2`: a formula as a cell has it.
fn formula_sign(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let rest = place.rest().strip_prefix(['=', '＝'])?;
    let sign = place.rest().len().saturating_sub(rest.len());
    let second = rest.trim_start().strip_prefix(['=', '＝'])?;
    rules.contains(&Rule::define).then_some(())?;
    let end = place.at.saturating_add(place.rest().len().saturating_sub(second.len()));
    let from = place.at.saturating_add(sign);
    let span = place.stretch(from, end);
    let told = Diagnostic::new("E155", span).variant("formula").arg("found", "=");
    Some(told.fix("remove", span, if second.starts_with(' ') { "" } else { " " }, true))
}

/// `late => 60 days`, where a condition is: `>=`.
fn turned_sign(place: &Place<'_>) -> Option<Diagnostic> {
    let sign = place.rest().chars().next().filter(|sign| matches!(sign, '>' | '<'))?;
    let start = place.at.checked_sub(1)?;
    place.before().ends_with('=').then_some(())?;
    let span = place.stretch(start, place.at.saturating_add(1));
    let told = Diagnostic::new("E151", span).variant("word").arg("found", format!("={sign}"));
    let written = format!("{sign}=");
    Some(told.arg("word", &written).fix("when", span, written, true))
}

/// `given { turnover = 20_000 }`: a case gives each value behind its name.
fn data_sign(place: &Place<'_>) -> Option<Diagnostic> {
    let sign = place.rest().chars().next().filter(|sign| matches!(sign, '=' | '＝'))?;
    let in_case = begins_with(place.head, "given") || begins_with(place.head, "expect");
    let behind = place.rest().get(sign.len_utf8()..)?;
    if !in_case || place.at_member_start() || behind.starts_with(['=', '＝']) {
        return None;
    }
    let span = place.stretch(place.at, place.at.saturating_add(sign.len_utf8()));
    let blanks = behind.len().saturating_sub(behind.trim_start_matches(' ').len());
    let whole = place.stretch(place.at, span.range().end.saturating_add(blanks));
    let told = Diagnostic::new("E155", span).variant("data").arg("found", sign);
    Some(told.fix("remove", whole, if place.before().ends_with(' ') { "" } else { " " }, true))
}
