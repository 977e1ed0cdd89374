//! Phrases whose words are known and whose order or form is another one here: `净资产的30%`, `A 优 满 86`, `为 B、C`, `: letter`,
//! `half up`.

use super::figures::with_unit_of;
use super::grammar::Rule;
use super::keywords::{self, keyword};
use super::slips::Place;
use crate::base::nearest;
use crate::diag::Diagnostic;

/// A phrase that is known.
pub(super) fn recognise(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    share_behind(place)
        .or_else(|| share_before(place))
        .or_else(|| rounding(place, rules))
        .or_else(|| yes_or_no(place, rules))
        .or_else(|| one_of(place))
        .or_else(|| what_is_done(place, rules))
        .or_else(|| label(place, rules))
        .or_else(|| role(place, rules))
        .or_else(|| row_of_commas(place, rules))
}

/// Where the last word of a text begins.
fn last_word(text: &str) -> usize {
    text.trim_end_matches(unicode_ident::is_xid_continue).len()
}

/// Whether a word is one of the language.
fn is_keyword(word: &str) -> bool {
    let known = |known: &keywords::Keyword| {
        known.zh == word || known.en.split(' ').next() == Some(word) || known.others.contains(&word)
    };
    keywords::RESERVED.contains(&word) || keywords::KEYWORDS.iter().any(known)
}

/// A percent or permille at the beginning of a text, in bytes: `30%`, `2.5 ‰`.
fn percent(text: &str) -> Option<usize> {
    let figure = text.find(|ch: char| !(ch.is_ascii_digit() || ch == '.'))?;
    let sign = text.get(figure..)?.chars().next().filter(|sign| matches!(sign, '%' | '％' | '‰'))?;
    text.starts_with(|ch: char| ch.is_ascii_digit()).then(|| figure.saturating_add(sign.len_utf8()))
}

/// `净资产的30%`: one name to the grammar, which stops inside the figure.
fn share_behind(place: &Place<'_>) -> Option<Diagnostic> {
    let before = place.before();
    let is_part = |ch: char| unicode_ident::is_xid_continue(ch) || ch == '.';
    let start = before.trim_end_matches(is_part).len();
    let begun = before.get(start..)?;
    let (name, figure) = begun.rsplit_once('的').filter(|(name, _)| !name.is_empty())?;
    let from = place.from.saturating_add(start);
    let figure_at = place.at.checked_sub(figure.len())?;
    let length = percent(place.text.get(figure_at..)?)?;
    let end = figure_at.saturating_add(length);
    if end < place.at {
        return None;
    }
    let span = place.stretch(from, end);
    let found = place.text.get(span.range())?;
    let written = format!("{name} 的 {}", place.text.get(figure_at..end)?);
    let told = Diagnostic::new("E106", span).variant("keyword").arg("found", found).arg("word", "的");
    Some(told.fix("blank", span, written, true))
}

/// `30% net_assets`, `30%净资产`: a share says of what. Where the two touch, the grammar stops at the sign.
fn share_before(place: &Place<'_>) -> Option<Diagnostic> {
    let sign = place.rest().chars().next().filter(|sign| matches!(sign, '%' | '％' | '‰'));
    let name_at = place.at.saturating_add(sign.map_or(0, char::len_utf8));
    let head = place.text.get(place.from..name_at)?.trim_end_matches([' ', '\u{3000}']);
    let figure = head.trim_end_matches(['%', '％', '‰']);
    let start = figure.trim_end_matches(|ch: char| ch.is_ascii_digit() || ch == '.').len();
    let share = head.get(start..)?;
    percent(share).filter(|length| *length == share.len())?;
    let rest = place.text.get(name_at..)?;
    let is_part = |ch: char| unicode_ident::is_xid_continue(ch) || ch == '.';
    let name = rest.get(..rest.find(|ch| !is_part(ch)).unwrap_or(rest.len()))?;
    let is_name = name.starts_with(unicode_ident::is_xid_start) && !is_keyword(name);
    if !is_name || matches!(name, "elseif" | "elsif" | "elif" | "otherwise") {
        return None;
    }
    let span = place.stretch(place.from.saturating_add(start), name_at.saturating_add(name.len()));
    let written = if name.is_ascii() && !place.chinese() {
        format!("{share} of {name}")
    } else {
        format!("{name} 的 {share}")
    };
    let told = Diagnostic::new("E151", span).variant("share").arg("found", share).arg("written", &written);
    Some(told.fix("share", span, written, false))
}

/// Modes of rounding as they are called elsewhere, and here; whether nothing else can be meant.
const MODES: &[(&str, &str, bool)] = &[
    ("round half up", "half_up", true),
    ("round half even", "half_even", true),
    ("half-up", "half_up", true),
    ("half up", "half_up", true),
    ("halfup", "half_up", true),
    ("half-even", "half_even", true),
    ("half even", "half_even", true),
    ("bankers", "half_even", true),
    ("banker's", "half_even", true),
    ("commercial", "half_up", true),
    ("round up", "up", false),
    ("round down", "down", false),
    ("truncate", "down", true),
    ("nearest", "half_up", false),
    ("四舍六入五成双", "四舍六入", true),
    ("四舍六入五留双", "四舍六入", true),
    ("银行家舍入", "四舍六入", true),
    ("截尾", "去尾", true),
    ("去尾法", "去尾", true),
    ("进一法", "进一", true),
    ("向下取整", "向下", false),
    ("向上取整", "向上", false),
];

/// `rounding half up`, `rounded half up to 2 decimals`: a mode is one word.
fn rounding(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    if !rules.iter().any(|rule| matches!(rule, Rule::rounding_mode | Rule::kw_half_up)) {
        return None;
    }
    let rest = place.rest();
    let ends = |mode: &str| {
        rest.get(mode.len()..).is_some_and(|rest| !rest.starts_with(unicode_ident::is_xid_continue))
    };
    let (found, word, sure) = MODES.iter().find(|(mode, ..)| rest.starts_with(mode) && ends(mode))?;
    let span = place.stretch(place.at, place.at.saturating_add(found.len()));
    let told = Diagnostic::new("E151", span).variant("word").arg("found", found).arg("word", word);
    Some(told.fix("when", span, *word, *sure))
}

/// `x round to 1 decimal`, `round x to 1 decimal`, and `round to 1 decimal` as a line of a limit.
pub(super) fn round_first(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    if place.word() == "round" {
        let behind = place.rest().split(['\n', ';', '}']).next()?.strip_prefix("round ")?.trim_start();
        let span = place.word_span();
        // `round half_up` in the header says how all is rounded.
        let header = rules.iter().any(|rule| matches!(rule, Rule::header_rounding | Rule::kw_rounding));
        let word = if header { "rounding" } else { "rounded" };
        let told = Diagnostic::new("E151", span).variant("word").arg("found", "round").arg("word", word);
        let goes_on = ["to ", "half_", "up to ", "down to "].into_iter().any(|word| behind.starts_with(word));
        let decimals = behind.contains("decimal") || behind.contains("multiples");
        return (header || goes_on && decimals).then(|| told.fix("when", span, word, true));
    }
    let before = place.before().trim_end();
    let start = last_word(before);
    if before.get(start..)? != "round" {
        return None;
    }
    if let Some(told) = round_alone(place, place.from.saturating_add(start)) {
        return Some(told);
    }
    let line = place.rest().split(['\n', ';', '}', '#']).next()?.trim_end();
    let (value, figure) = line.split_once(" to ")?;
    let value = value.trim_end_matches(" rounded");
    let digits = figure.find(|ch: char| !ch.is_ascii_digit()).unwrap_or(figure.len());
    let unit = figure.get(digits..)?.trim_start();
    let unit = ["decimals", "decimal"].into_iter().find(|word| unit.starts_with(word))?;
    let end = place.at.saturating_add(line.find(unit)?).saturating_add(unit.len());
    let span = place.stretch(place.from.saturating_add(start), end);
    let found = place.text.get(span.range())?;
    let written = format!("{value} rounded to {} {unit}", figure.get(..digits)?);
    let told = Diagnostic::new("E151", span).variant("word").arg("found", found).arg("word", &written);
    Some(told.fix("when", span, written, true))
}

/// `round to 1 decimal place`, `round(1)` as a line of its own, where `round` was read as a name.
fn round_alone(place: &Place<'_>, start: usize) -> Option<Diagnostic> {
    let rest = place.text.get(start..)?.split(['\n', ';', '}', '#']).next()?.trim_end();
    let behind = rest.strip_prefix("round")?.trim_start_matches([' ', '(', '（']);
    let behind = behind.strip_prefix("to ").unwrap_or(behind).trim_start();
    let digits = behind.find(|ch: char| !ch.is_ascii_digit()).unwrap_or(behind.len());
    let figure = behind.get(..digits).filter(|figure| !figure.is_empty())?;
    let unit = behind.get(digits..)?.trim_matches([' ', ')', '）']);
    let known = ["", "decimal", "decimals", "decimal place", "decimal places", "dp", "digits", "digit"];
    known.contains(&unit).then_some(())?;
    let word = if figure == "1" { "decimal" } else { "decimals" };
    let written = format!("rounded to {figure} {word}");
    let span = place.stretch(start, start.saturating_add(rest.len()));
    let told = Diagnostic::new("E151", span).variant("word").arg("found", rest).arg("word", &written);
    Some(told.fix("when", span, written, unit.starts_with("dec")))
}

/// `Y/N`, `有/无`, `true/false`, `yes / no` as the type of a fact.
fn yes_or_no(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    const PAIRS: &[(&str, &str)] = &[
        ("y", "n"),
        ("yes", "no"),
        ("true", "false"),
        ("t", "f"),
        ("有", "无"),
        ("是", "否"),
        ("是", "不是"),
        ("真", "假"),
        ("对", "错"),
    ];
    let in_type = |rule: &Rule| matches!(rule, Rule::r#type | Rule::default | Rule::kw_default);
    if !rules.iter().any(in_type) {
        return None;
    }
    let before = place.before().trim_end();
    let (start, one) = if place.rest().starts_with(['/', '／']) {
        (place.from.saturating_add(last_word(before)), before.get(last_word(before)..)?)
    } else {
        (place.at, place.word())
    };
    let rest = place.text.get(start.saturating_add(one.len())..)?;
    let other = rest.trim_start_matches(' ').strip_prefix(['/', '／'])?.trim_start_matches(' ');
    let second = other.get(..other.find(|ch| !unicode_ident::is_xid_continue(ch)).unwrap_or(other.len()))?;
    let same = |pair: &(&str, &str)| pair.0.eq_ignore_ascii_case(one) && pair.1.eq_ignore_ascii_case(second);
    PAIRS.iter().find(|pair| same(pair))?;
    let end = place.text.len().checked_sub(other.len())?.saturating_add(second.len());
    let span = place.stretch(start, end);
    let word = keyword("yes_no")?;
    let word = if one.is_ascii() && !place.chinese() { word.en } else { word.zh };
    let found = place.text.get(span.range())?;
    let told = Diagnostic::new("E151", span).variant("word").arg("found", found).arg("word", word);
    Some(told.fix("when", span, word, true))
}

/// `grade is B, C`, `等级 为 B、C`: each is compared by itself.
fn one_of(place: &Place<'_>) -> Option<Diagnostic> {
    let line = place.before().rfind(['\n', ';', '；', '{']).map_or(0, |at| at.saturating_add(1));
    let before = place.before().get(line..)?;
    let first = before.trim_end().strip_suffix(['、', ',', '，'])?;
    let word = place.word();
    if word.is_empty() || is_keyword(word) {
        return None;
    }
    let compares = [("不为", true), ("is not", true), ("为", false), ("is", false)];
    let (at, sign, negated) = compares.into_iter().find_map(|(sign, negated)| {
        let at = first.rfind(sign)?;
        let touches = |text: &str| text.starts_with(unicode_ident::is_xid_continue);
        let behind = first.get(at.checked_add(sign.len())?..)?;
        let head = first.get(..at)?;
        let apart = head.ends_with([' ', '\u{3000}']) && !touches(behind);
        apart.then_some((at, sign, negated))
    })?;
    let is_name = |name: &str| !name.is_empty() && name.chars().all(unicode_ident::is_xid_continue);
    let mut members: Vec<&str> =
        first.get(at.checked_add(sign.len())?..)?.split(['、', ',', '，']).map(str::trim).collect();
    members.push(word);
    let mut end = place.at.checked_add(word.len())?;
    while let Some(rest) = place.text.get(end..)?.trim_start_matches(' ').strip_prefix('、') {
        let rest = rest.trim_start_matches(' ');
        let next = rest.get(..rest.find(|ch| !unicode_ident::is_xid_continue(ch)).unwrap_or(rest.len()))?;
        if next.is_empty() {
            break;
        }
        members.push(next);
        end = place.text.len().checked_sub(rest.len())?.checked_add(next.len())?;
    }
    let head = first.get(..at)?.trim_end();
    let is_part = |ch: char| unicode_ident::is_xid_continue(ch) || ch == '.';
    let start = head.trim_end_matches(is_part).len();
    let subject = head.get(start..)?;
    if !is_name(subject.trim_matches('.')) || !members.iter().all(|member| is_name(member)) {
        return None;
    }
    let joint = match (sign.is_ascii(), negated) {
        (true, true) => "and",
        (true, false) => "or",
        (false, true) => "且",
        (false, false) => "或",
    };
    let each: Vec<String> = members.iter().map(|member| format!("{subject} {sign} {member}")).collect();
    let written = format!("({})", each.join(&format!(" {joint} ")));
    let from = place.from.saturating_add(line);
    let span = place.stretch(from.saturating_add(start), end);
    let sign_at = from.checked_add(first.len())?;
    let mark = place.text.get(sign_at..)?.chars().next()?;
    let told = Diagnostic::new("E151", span).variant("each").arg("found", mark).arg("written", &written);
    Some(told.fix("each", span, written, false))
}

/// `step first at due + 5 days : letter`: what is done, whom it tells, stands behind a word.
fn what_is_done(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let wants = |rule: &Rule| matches!(rule, Rule::step_actions | Rule::step_action | Rule::kw_do);
    let word = place.word();
    if !rules.iter().any(wants) || !word.starts_with(unicode_ident::is_xid_start) || is_keyword(word) {
        return None;
    }
    let known = keyword("do")?;
    let own = if place.chinese() { known.zh } else { known.en };
    let span = place.word_span();
    const OTHERS: &[(&str, &str)] = &[
        ("send", "do"),
        ("issue", "do"),
        ("perform", "do"),
        ("tell", "notify"),
        ("inform", "notify"),
        ("发送", "do"),
        ("发出", "do"),
        ("寄送", "do"),
        ("实施", "do"),
        ("采取", "do"),
        ("进行", "do"),
        ("告知", "notify"),
        ("通报", "notify"),
    ];
    let behind = place.rest().get(word.len()..)?.trim_start_matches(' ');
    let other = OTHERS.iter().find(|(other, _)| *other == word);
    if let Some((_, role)) = other.filter(|_| behind.starts_with(unicode_ident::is_xid_start)) {
        let known = keyword(role)?;
        let own = if place.chinese() { known.zh } else { known.en };
        let told = Diagnostic::new("E151", span).variant("word").arg("found", word).arg("word", own);
        return Some(told.fix("when", span, own, false));
    }
    let told = Diagnostic::new("E151", span).variant("do").arg("found", word).arg("word", own);
    Some(told.fix("do", place.stretch(place.at, place.at), format!("{own} "), false))
}

/// `A 优 满 86`, `sales 年销售额 money`: a label stands in quotation marks.
fn label(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let word = place.word();
    let name = place.before().trim();
    let is_name = |text: &str| !text.is_empty() && text.chars().all(unicode_ident::is_xid_continue);
    if !is_name(name) || !word.starts_with(unicode_ident::is_xid_start) || is_keyword(word) {
        return None;
    }
    let behind = place.rest().get(word.len()..)?.trim_start_matches([' ', '\u{3000}']);
    let begins = |roles: &[&str]| {
        let words = roles.iter().filter_map(|role| keyword(role));
        words
            .flat_map(|known| [known.en, known.zh])
            .any(|known| !known.is_empty() && behind.starts_with(known))
    };
    let in_grades = rules.iter().any(|rule| matches!(rule, Rule::from | Rule::kw_from_bound | Rule::apart))
        && nearest(word, ["from", "above", "apart"]).is_none()
        && begins(&["from_bound", "above", "apart"]);
    let in_roles = rules.iter().any(|rule| matches!(rule, Rule::role_above | Rule::kw_above_role))
        && !word.is_ascii()
        && (behind.is_empty() || behind.starts_with([',', '，', '、', '\n', ';', '；', '}', '｝']));
    let span = place.word_span();
    (in_grades || in_roles).then(|| {
        let told = Diagnostic::new("E158", span).variant("label").arg("found", word).arg("name", name);
        told.fix("quotes", span, format!("\"{word}\""), true)
    })
}

/// `credit manager` among the roles, and as who signs: a name has no blanks.
fn role(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let declared = rules.iter().any(|rule| matches!(rule, Rule::role_above | Rule::kw_above_role));
    let signs = rules.iter().any(|rule| matches!(rule, Rule::signers | Rule::kw_or | Rule::kw_and))
        && rules.iter().any(|rule| matches!(rule, Rule::because | Rule::kw_because))
        && !rules.iter().any(|rule| matches!(rule, Rule::op_add));
    let before = place.before().trim_end_matches(' ');
    let start = last_word(before);
    let (first, word) = (before.get(start..)?, place.word());
    let is_word =
        |word: &str| word.is_ascii() && word.starts_with(unicode_ident::is_xid_start) && !is_keyword(word);
    if !(declared || signs) || !is_word(first) || !is_word(word) || before.len() == place.before().len() {
        return None;
    }
    let mut end = place.at.saturating_add(word.len());
    let mut name = format!("{first}_{word}");
    while let Some(rest) = place.text.get(end..)?.strip_prefix(' ') {
        let next = rest.get(..rest.find(|ch| !unicode_ident::is_xid_continue(ch)).unwrap_or(rest.len()))?;
        if !is_word(next) {
            break;
        }
        name = format!("{name}_{next}");
        end = end.saturating_add(next.len()).saturating_add(1);
    }
    let span = place.stretch(place.from.saturating_add(start), end);
    let written = place.text.get(span.range())?;
    let told = Diagnostic::new("E125", span).variant("blank").arg("name", written);
    let mut told = told.fix("joined", span, name, false);
    // Further names of the list that are written so.
    let mut at = end;
    let rest = place.text.get(end..)?.split(['\n', ';', '}']).next()?;
    for entry in rest.split_inclusive(',') {
        // A comma in a label parts no names.
        if entry.matches('"').count() % 2 == 1 {
            break;
        }
        let lead = entry.len().saturating_sub(entry.trim_start_matches(' ').len());
        let words = entry.trim_start_matches(' ').split([',', '"', '“', '「']).next()?.trim_end();
        if words.contains(' ') && words.split(' ').all(is_word) {
            let start = at.saturating_add(lead);
            let span = place.stretch(start, start.saturating_add(words.len()));
            told = told.label(span, "also");
            told.fixes.iter_mut().for_each(|fix| fix.edits.push((span, words.replace(' ', "_").into())));
        }
        at = at.saturating_add(entry.len());
    }
    Some(told)
}

/// `61,85,10%`: a row of a file whose cells are parted by commas alone.
fn row_of_commas(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    if !rules.contains(&Rule::colon) || !place.at_line_end() {
        return None;
    }
    let row = place.before().trim();
    let cells: Vec<&str> = row.split([',', '，', '、']).map(str::trim).collect();
    let plain =
        |cell: &&str| !cell.is_empty() && !cell.contains([' ', ':', '：', '(', '.']) || cell.starts_with('"');
    if cells.len() < 2 || !cells.iter().all(plain) {
        return None;
    }
    let blanks = place.before().len().saturating_sub(place.before().trim_start().len());
    let start = place.from.saturating_add(blanks);
    let span = place.stretch(start, start.saturating_add(row.len()));
    let told = Diagnostic::new("E153", span).variant("commas").help("row");
    let head = place.text.get(..place.from)?.rfind(['{', '｛']).and_then(|end| place.text.get(..end))?;
    let columns = columns(head.rsplit('\n').next()?);
    Some(match columns.and_then(|(keys, results)| row_meant(&cells, keys, results)) {
        Some(written) => told.arg("written", &written).fix("commas", span, written, false),
        None => told,
    })
}

/// How many keys and results the head of a table has, as far as it stands on one line.
fn columns(head: &str) -> Option<(usize, usize)> {
    let begins = keyword("table").is_some_and(|word| head.starts_with(word.en) || head.starts_with(word.zh));
    let (keys, results) = head.split_once("->").or_else(|| head.split_once('→')).filter(|_| begins)?;
    let count = |text: &str| text.matches([',', '，', '、']).count().saturating_add(1);
    let (_, keys) = keys.split_once(" by ").or_else(|| keys.split_once('按'))?;
    Some((count(keys), count(results)))
}

/// The row that cells between commas stand for, in a table of so many keys and results: two figures before the results of a table of
/// one key are a span.
pub(super) fn row_meant(cells: &[&str], keys: usize, results: usize) -> Option<String> {
    let is_figure = |cell: &str| {
        let bare = cell.trim_end_matches(['%', '万', '元', '天']);
        !bare.is_empty() && bare.chars().all(|ch| ch.is_ascii_digit() || matches!(ch, '.' | '_'))
    };
    let (before, given) = cells.split_at_checked(cells.len().checked_sub(results)?)?;
    let given = given.join(", ");
    match before {
        [] => None,
        [from, to] if keys == 1 && is_figure(from) && is_figure(to) => {
            Some(format!("{}..{to} : {given}", with_unit_of(from, to)))
        }
        before if before.len() == keys => Some(format!("{} : {given}", before.join(", "))),
        _ => None,
    }
}
