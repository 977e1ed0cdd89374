//! What people bring along from spreadsheets, word processors and other languages: recognised where the grammar stopped, so that the
//! message says how the same is written here.

use super::grammar::Rule;
use super::keywords::keyword;
use super::slips::Place;
use crate::diag::Diagnostic;

/// A habit that is known.
pub(super) fn recognise(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    function(place)
        .or_else(|| condition(place, rules))
        .or_else(|| nothing_there(place))
        .or_else(|| pasted(place, rules))
        .or_else(|| money_sign(place))
        .or_else(|| colon(place, rules))
        .or_else(|| weight(place, rules))
        .or_else(|| band(place, rules))
        .or_else(|| bare_text(place, rules))
}

/// Functions of a spreadsheet, and how the same is written in English and in Chinese.
const FUNCTIONS: &[(&[&str], &str, &str)] = &[
    (&["IF", "IFS"], "if a then b else c", "若 a 则 b 否则 c"),
    (&["MIN"], "lowest of (a, b)", "取小 (a, b)"),
    (&["MAX"], "highest of (a, b)", "取大 (a, b)"),
    (
        &["SUM", "SUMIF", "SUMIFS"],
        "sum of amount in invoices where (paid > 0)",
        "合计 金额 于 发票 其中 (已付 > 0)",
    ),
    (
        &["COUNT", "COUNTIF", "COUNTIFS", "COUNTA"],
        "count of invoices where (paid > 0)",
        "计数 发票 其中 (已付 > 0)",
    ),
    (&["AVERAGE", "AVG", "MEAN"], "average of amount in invoices", "平均 金额 于 发票"),
    (&["ROUND", "ROUNDDOWN", "ROUNDUP", "INT"], "x rounded to 2 decimals", "x 保留 2 位小数"),
    (&["AND"], "a and b", "a 且 b"),
    (&["OR"], "a or b", "a 或 b"),
    (
        &["VLOOKUP", "HLOOKUP", "XLOOKUP", "LOOKUP"],
        "table t by x -> percent { … }",
        "对照表 t 按 x -> 百分比 { … }",
    ),
    (&["IFERROR", "IFNA"], "x if unknown y", "x 若未知 y"),
    (&["TODAY", "NOW"], "today", "今日"),
];

/// `IF(a, b, c)`, `MIN(a, b)`: the grammar stops at the bracket.
fn function(place: &Place<'_>) -> Option<Diagnostic> {
    if !place.rest().starts_with(['(', '（']) {
        return None;
    }
    let before = place.before().trim_end();
    let start = before.trim_end_matches(unicode_ident::is_xid_continue).len();
    let word = before.get(start..)?;
    let (_, en, zh) =
        FUNCTIONS.iter().find(|(names, _, _)| names.iter().any(|name| name.eq_ignore_ascii_case(word)))?;
    let from = place.from.saturating_add(start);
    let span = place.stretch(from, from.saturating_add(word.len()));
    let written = if place.chinese() { zh } else { en };
    Some(Diagnostic::new("E150", span).arg("found", word).arg("written", written).help("written"))
}

/// `cap at 0 if late`, `上限 0 如果 …`: a condition behind a line begins with `when`; and `between`, which the language has not.
fn condition(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let word = place.word();
    let span = place.word_span();
    let told = |variant: &'static str| Diagnostic::new("E151", span).variant(variant).arg("found", word);
    if matches!(word, "if" | "If" | "IF" | "如果" | "假如" | "如" | "where" | "whenever") {
        let line_may_go_on =
            rules.iter().any(|rule| matches!(rule, Rule::when | Rule::kw_because | Rule::kw_when));
        let when = keyword("when")?;
        let when = if word.is_ascii() { when.en } else { when.zh };
        return line_may_go_on.then(|| told("when").arg("word", when).fix("when", span, when, true));
    }
    if matches!(word, "between" | "BETWEEN" | "介于" | "在") {
        return Some(told("between").help("between"));
    }
    None
}

/// `x is empty`, `净资产 为空`: what a cell without a figure is called elsewhere.
fn nothing_there(place: &Place<'_>) -> Option<Diagnostic> {
    let word = place.word();
    let is_known = matches!(
        word,
        "为空" | "是空" | "缺失" | "空白" | "没有" | "未填" | "empty" | "blank" | "missing" | "null"
    );
    is_known.then(|| {
        let unknown = if word.is_ascii() { "is unknown" } else { "未知" };
        Diagnostic::new("E151", place.word_span())
            .variant("nothing")
            .arg("found", word)
            .arg("word", unknown)
            .help("nothing")
    })
}

/// A row that was copied from a sheet: cells between tabs, or between bars.
fn pasted(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    if place.rest().starts_with(['|', '｜']) {
        let span = place.stretch(place.at, place.at.saturating_add(place.rest().chars().next()?.len_utf8()));
        return Some(Diagnostic::new("E153", span).variant("bars").help("row"));
    }
    let before = place.written_before();
    let gap = before.trim_end_matches([' ', '\t', '\u{3000}']).len();
    let between = before.get(gap..)?;
    if !between.contains('\t') || !rules.contains(&Rule::colon) || place.at_line_end() {
        return None;
    }
    let span = place.stretch(place.from.saturating_add(gap), place.at);
    Some(Diagnostic::new("E153", span).help("row").fix("colon", span, " : ", false))
}

/// `¥300_000`, `$5`: the policy has one currency, and a fact of another says so.
fn money_sign(place: &Place<'_>) -> Option<Diagnostic> {
    let sign = place.rest().chars().next().filter(|sign| matches!(sign, '¥' | '￥' | '$' | '€' | '£'))?;
    let span = place.stretch(place.at, place.at.saturating_add(sign.len_utf8()));
    Some(Diagnostic::new("E154", span).arg("found", sign).fix("remove", span, "", false))
}

/// `amount: money`, `method a: x`, `weight: 35%`: a colon stands in rows of tables and nowhere else.
fn colon(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let sign = place.rest().chars().next().filter(|sign| matches!(sign, ':' | '：'))?;
    let end = place.at.saturating_add(sign.len_utf8());
    let span = place.stretch(place.at, end);
    let told = Diagnostic::new("E155", span).arg("found", sign);
    if rules.contains(&Rule::define) {
        let blank = if place.before().ends_with(' ') { "" } else { " " };
        let behind = if place.text.get(end..).is_some_and(|rest| rest.starts_with(' ')) { "" } else { " " };
        return Some(told.variant("define").fix("define", span, format!("{blank}={behind}"), true));
    }
    let before = place.before().trim_end();
    let behind_a_word = before.ends_with(unicode_ident::is_xid_continue) || before.ends_with(['"', '”']);
    let is_row = rules.iter().any(|rule| matches!(rule, Rule::cell | Rule::cells | Rule::pattern));
    (behind_a_word && !is_row).then(|| told.fix("remove", span, " ", true))
}

/// `payment_record 40%` in a scorecard.
fn weight(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let number: usize = place.rest().chars().take_while(char::is_ascii_digit).count();
    if number == 0 || !rules.iter().any(|rule| matches!(rule, Rule::kw_weight | Rule::weight)) {
        return None;
    }
    let line = place.rest().split(['\n', ';', '；']).next().unwrap_or("").trim_end();
    let weight = keyword("weight")?;
    let weight = if place.chinese() { weight.zh } else { weight.en };
    let span = place.stretch(place.at, place.at.saturating_add(line.len()));
    let before = place.stretch(place.at, place.at);
    Some(Diagnostic::new("E156", span).arg("found", line).arg("word", weight).fix(
        "weight",
        before,
        format!("{weight} "),
        true,
    ))
}

/// `B 61-85` among grades: a grade says where it begins, and ends where the better one begins.
fn band(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let is_digit = place.rest().starts_with(|ch: char| ch.is_ascii_digit());
    if !is_digit || !rules.iter().any(|rule| matches!(rule, Rule::kw_apart | Rule::apart)) {
        return None;
    }
    let line = place.rest().split(['\n', ';', '；', '}']).next().unwrap_or("").trim_end();
    let first: String = line.chars().take_while(|ch| ch.is_ascii_digit() || *ch == '.').collect();
    let first = first.trim_end_matches('.');
    let from = keyword("from_bound")?;
    let from = if place.chinese() { from.zh } else { from.en };
    let span = place.stretch(place.at, place.at.saturating_add(line.len()));
    let written = format!("{from} {first}");
    Some(
        Diagnostic::new("E157", span)
            .arg("found", line)
            .arg("written", &written)
            .fix("written", span, written, false),
    )
}

/// `version 2026.1`: what is a text stands in quotation marks.
fn bare_text(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    if !rules.contains(&Rule::text) {
        return None;
    }
    let is_part = |ch: &char| unicode_ident::is_xid_continue(*ch) || matches!(ch, '.' | '-');
    let found: String = place.rest().chars().take_while(is_part).collect();
    let found = found.trim_end_matches(['.', '-']);
    if !found.starts_with(|ch: char| ch.is_ascii_digit()) {
        return None;
    }
    let span = place.stretch(place.at, place.at.saturating_add(found.len()));
    Some(Diagnostic::new("E158", span).arg("found", found).fix("quotes", span, format!("\"{found}\""), true))
}
