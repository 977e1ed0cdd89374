//! What people bring along from spreadsheets, word processors and other languages: recognised where the grammar stopped, so that the
//! message says how the same is written here.

use super::figures::{Meant, figure_meant, with_unit_of};
use super::grammar::Rule;
use super::keywords::{self, keyword};
use super::slips::Place;
use super::{formulas, grades, phrases};
use crate::base::Span;
use crate::diag::Diagnostic;

/// A habit that is known.
pub(super) fn recognise(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    rule_alone(place, rules)
        .or_else(|| grades::compared(place))
        .or_else(|| no_result(place))
        .or_else(|| formulas::recognise(place))
        .or_else(|| without_of(place))
        .or_else(|| two_ways(place))
        .or_else(|| condition(place, rules))
        .or_else(|| phrases::recognise(place, rules))
        .or_else(|| nothing_there(place))
        .or_else(|| dash(place, rules))
        .or_else(|| pasted(place, rules))
        .or_else(|| money_sign(place))
        .or_else(|| given_by_sign(place, rules))
        .or_else(|| text_as_name(place, rules))
        .or_else(|| blank_in_name(place, rules))
        .or_else(|| colon(place, rules))
        .or_else(|| weight(place, rules))
        .or_else(|| band(place, rules))
        .or_else(|| bare_text(place, rules))
}

/// `if late > 60 then limit = 0` behind a block that has ended: a rule that stands nowhere.
fn rule_alone(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    // The line was read as going on with the one before: only the source has its beginning.
    let line = place.source.get(..place.at)?.rsplit('\n').next()?;
    let ended = place.text.get(..place.at)?.trim_end().ends_with('}');
    let alone = line.trim().is_empty() && ended && rules.contains(&Rule::EOI);
    let told = Diagnostic::new("E105", place.word_span()).arg("found", place.word());
    (alone && keywords::ASKS.contains(&place.word())).then(|| told.help("condition"))
}

/// `class isn't A`
pub(super) fn apostrophe(place: &Place<'_>) -> Option<Diagnostic> {
    let behind = place.rest().strip_prefix(['\'', '’'])?.strip_prefix('t')?;
    let ends = !behind.starts_with(unicode_ident::is_xid_continue);
    let start = place.before().strip_suffix("isn")?.len();
    let from = place.from.saturating_add(start);
    let end = place.text.len().saturating_sub(behind.len());
    let span = place.stretch(from, end);
    let found = place.text.get(span.range())?;
    let told = Diagnostic::new("E151", span).variant("word").arg("found", found).arg("word", "is not");
    ends.then(|| told.fix("when", span, "is not", true))
}

/// `sum amount in invoices`: an aggregate says of what.
fn without_of(place: &Place<'_>) -> Option<Diagnostic> {
    let before = place.before().trim_end();
    let start = before.trim_end_matches(unicode_ident::is_xid_continue).len();
    let word = before.get(start..)?;
    let begins_name = place.rest().starts_with(|ch: char| unicode_ident::is_xid_start(ch) || ch == '(');
    let known = ["sum", "count", "average", "lowest", "highest", "middle", "earliest", "latest", "share"];
    if !known.contains(&word) || !begins_name || place.at_line_end() {
        return None;
    }
    let from = place.from.saturating_add(start);
    let behind = from.saturating_add(word.len());
    let span = place.stretch(from, behind);
    let told = Diagnostic::new("E151", span).variant("of").arg("found", word);
    Some(told.fix("of", place.stretch(behind, behind), " of", true))
}

/// `score >= 86 ? 20% : 10%`, `20% if score >= 86`, `20% when score >= 86, otherwise 10%`: a value that depends on a condition.
fn two_ways(place: &Place<'_>) -> Option<Diagnostic> {
    let is_sign = place.rest().starts_with(['?', '？']);
    let word = place.word();
    let is_word = matches!(word, "if" | "when" | "elseif" | "elsif" | "elif" | "当" | "若" | "如果");
    let is_let = ["let ", "param ", "method ", "设 ", "参数 ", "方法 "];
    let line = place.before().trim_start();
    if !(is_sign || is_word && is_let.iter().any(|begin| line.starts_with(begin))) || place.at_member_start()
    {
        return None;
    }
    let span = if is_sign { place.span() } else { place.word_span() };
    if matches!(word, "elseif" | "elsif" | "elif") {
        let told = Diagnostic::new("E151", span).variant("elseif").arg("found", word);
        return Some(told.fix("elseif", span, "else if", true));
    }
    let found = if is_sign { "?" } else { word };
    let chinese = place.chinese();
    let written = if chinese { "若 a 则 b 否则 c" } else { "if a then b else c" };
    let told = Diagnostic::new("E151", span).variant("two_ways").arg("found", found).arg("written", written);
    Some(told.help("two_ways"))
}

/// A figure as it is said or shortened: `100W`, `1.5m`, `8折`, `50 thousand`, `100000 CNY`, `RMB 100000`.
pub(super) fn figure(place: &Place<'_>) -> Option<Diagnostic> {
    let rest = place.rest();
    let is_part = |ch: char| unicode_ident::is_xid_continue(ch) || matches!(ch, '.' | '_' | ',');
    let before = place.before();
    let start = before.trim_end_matches(is_part).len();
    let inside = before.get(start..)?;
    let end = rest.find(|ch: char| !(unicode_ident::is_xid_continue(ch) || ch == '.')).unwrap_or(rest.len());
    let found = format!("{inside}{}", rest.get(..end)?.trim_end_matches('.'));
    let from = place.from.saturating_add(start);
    let span = place.stretch(from, from.saturating_add(found.len()));
    if found.starts_with(|ch: char| ch.is_ascii_digit()) {
        if let Some(meant) = figure_meant(&found) {
            return span_said(place, span, &meant).or_else(|| Some(said(&found, &meant, span)));
        }
        let currency = CURRENCIES.iter().find(|currency| found.ends_with(**currency));
        if let Some(currency) = currency.filter(|currency| !currency.is_ascii()) {
            return Some(currency_beside(place, span, currency));
        }
    }
    // `销售额 打八折`
    if let Some(discount) = place.word().strip_prefix('打').and_then(figure_meant) {
        let span = place.word_span();
        let written = format!("* {}", discount.written);
        let told = Diagnostic::new("E159", span).arg("found", place.word()).arg("written", &written);
        return Some(told.fix("written", span, written, false));
    }
    // A word of its own: `1.5 million`, `100000 CNY`.
    let word = place.word();
    let number_before = before.trim_end();
    let number_start = number_before.trim_end_matches(|ch: char| is_part(ch) && !ch.is_alphabetic()).len();
    let number = number_before.get(number_start..)?;
    if number.starts_with(|ch: char| ch.is_ascii_digit()) && !word.is_empty() {
        let from = place.from.saturating_add(number_start);
        let whole = place.stretch(from, place.at.saturating_add(word.len()));
        if let Some(meant) = figure_meant(&format!("{}{word}", number.replace(',', ""))) {
            let alone = || Some(said(place.text.get(whole.range())?, &meant, whole));
            return span_said(place, whole, &meant).or_else(alone);
        }
        let scale = ["万亿", "亿", "万"].into_iter().find_map(|scale| word.strip_prefix(scale));
        if scale.is_some_and(|unit| matches!(unit, "" | "元")) {
            let end = number_before.len();
            let blank = place.stretch(place.from.saturating_add(end), place.at);
            let told = Diagnostic::new("E108", whole)
                .variant("scale")
                .arg("written", place.text.get(whole.range())?);
            return Some(told.arg("word", word).fix("scale", blank, "", true));
        }
        if CURRENCIES.contains(&word) {
            return Some(currency_beside(place, place.word_span(), word));
        }
    }
    // `RMB 100000`: the word before was taken for a name.
    let start = number_before.trim_end_matches(unicode_ident::is_xid_continue).len();
    let currency = number_before.get(start..).filter(|word| CURRENCIES.contains(word))?;
    let from = place.from.saturating_add(start);
    let span = place.stretch(from, from.saturating_add(currency.len()));
    rest.starts_with(|ch: char| ch.is_ascii_digit()).then(|| currency_beside(place, span, currency))
}

/// Names of currencies, as they are written beside amounts.
const CURRENCIES: &[&str] = &[
    "CNY",
    "RMB",
    "USD",
    "EUR",
    "GBP",
    "HKD",
    "JPY",
    "yuan",
    "dollars",
    "euros",
    "人民币",
    "美元",
    "美金",
    "欧元",
    "港元",
    "港币",
    "英镑",
    "日元",
];

fn currency_beside(place: &Place<'_>, span: Span, found: &str) -> Diagnostic {
    let told = Diagnostic::new("E154", span).variant("word").arg("found", found);
    if place.text.get(span.range()) == Some(found) {
        told.fix("remove", span, "", false)
    } else {
        told.help("other")
    }
}

/// `在61至85之间`, which reads as one name, as the row of a table writes it.
#[must_use]
pub fn stretch_meant(found: &str) -> Option<String> {
    let stretch = found.strip_suffix("之间")?;
    let stretch = stretch.strip_prefix('在').or_else(|| stretch.strip_prefix("介于")).unwrap_or(stretch);
    let (from, to, length) = ends(stretch)?;
    (length == stretch.len()).then(|| format!("{}..{to}", with_unit_of(from, to)))
}

/// What is told of a figure that is not written in digits.
fn said(found: &str, meant: &Meant, span: Span) -> Diagnostic {
    told_as(found, &meant.written, span, meant.sure)
}

/// What is told of figures, and how they are written.
fn told_as(found: &str, written: &str, span: Span, sure: bool) -> Diagnostic {
    let told = Diagnostic::new("E159", span).arg("found", found).arg("written", written);
    let told = told.fix("written", span, written, sure);
    let unit = ["year", "yr", "week", "wk", "quarter", "年", "周", "星期", "季度"];
    if unit.into_iter().any(|unit| found.contains(unit)) { told.help("plain") } else { told }
}

/// `2 - 5 years` in a row: the unit is that of both ends.
fn span_said(place: &Place<'_>, upper: Span, meant: &Meant) -> Option<Diagnostic> {
    let start = upper.range().start;
    let found = place.text.get(upper.range())?;
    let unit = found.trim_start_matches(|ch: char| ch.is_ascii_digit() || ".,_ ".contains(ch));
    let head = place.text.get(place.from..start)?.trim_end();
    let marks = ["-", "–", "—", "~", "～", "至", "到", " to", " and"];
    let head = marks.into_iter().find_map(|mark| head.strip_suffix(mark))?;
    // `1-3年`: nothing is taken from three years that touches them.
    let tight = head.ends_with(|ch: char| ch.is_ascii_digit());
    let head = head.trim_end();
    let digits = head.trim_end_matches(|ch: char| ch.is_ascii_digit() || ch == '.').len();
    let figure = head.get(digits..).filter(|figure| figure.starts_with(|ch: char| ch.is_ascii_digit()))?;
    let line = place.text.get(upper.range().end..)?.split(['\n', ';', '；']).next()?;
    if !tight && !line.trim_start().starts_with([':', '：', ',', '，']) {
        return None;
    }
    let lower = figure_meant(&format!("{figure}{unit}"))?;
    let span = place.stretch(place.from.saturating_add(digits), upper.range().end);
    let written = format!("{}..{}", lower.written, meant.written);
    Some(told_as(place.text.get(span.range())?, &written, span, false))
}

/// `cap at 0 if late`, `上限 0 如果 …`: a condition behind a line begins with `when`; and `between`, which the language has not.
fn condition(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let word = place.word();
    let span = place.word_span();
    let told = |variant: &'static str| Diagnostic::new("E151", span).variant(variant).arg("found", word);
    if matches!(word, "if" | "If" | "IF" | "如果" | "假如" | "如" | "where" | "whenever") {
        // `if missing applies`: what holds where the condition is not known.
        let behind = place.rest().get(word.len()..).unwrap_or("").trim_start();
        let missing = ["missing", "not known", "not given", "empty", "blank", "缺失", "未提供", "不明"];
        if let Some(missing) = missing.into_iter().find(|missing| behind.starts_with(missing)) {
            let length = place.rest().len().saturating_sub(behind.len()).saturating_add(missing.len());
            let span = place.stretch(place.at, place.at.saturating_add(length));
            let unknown = keyword("if_unknown")?;
            let unknown = if word.is_ascii() { unknown.en } else { unknown.zh };
            let found = place.text.get(span.range())?;
            let told = Diagnostic::new("E151", span).variant("word").arg("found", found).arg("word", unknown);
            return Some(told.fix("when", span, unknown, false));
        }
        let line_may_go_on =
            rules.iter().any(|rule| matches!(rule, Rule::when | Rule::kw_because | Rule::kw_when));
        let when = keyword("when")?;
        let when = if word.is_ascii() { when.en } else { when.zh };
        return line_may_go_on.then(|| told("when").arg("word", when).fix("when", span, when, true));
    }
    between(place)
}

/// `x between 61 and 85`, `评分 在 61 至 85 之间`, and the row of a table that is written so.
pub(super) fn between(place: &Place<'_>) -> Option<Diagnostic> {
    let line_start = place.before().rfind(['\n', ';', '；', '{', '｛']).map_or(0, |at| at.saturating_add(1));
    let start = place.from.saturating_add(line_start);
    let words = ["between ", "Between ", "BETWEEN ", "介于", "在"];
    let line = place.text.get(start..)?.split(['\n', ';', '；', ':', '：']).next()?;
    let (at, word) = words.into_iter().find_map(|word| Some((line.find(word)?, word)))?;
    let begins = start.checked_add(at)?;
    let rest = line.get(at.checked_add(word.len())?..)?;
    let (from, to, length) = ends(rest)?;
    // The grammar stopped in it, or just before it.
    let end = begins.checked_add(word.len())?.checked_add(length)?;
    if place.at > end || place.at < begins {
        return None;
    }
    let span = place.stretch(begins, end);
    let word = word.trim_end();
    let told = Diagnostic::new("E151", span).variant("between").arg("found", word);
    let subject = line.get(..at)?.trim_end();
    let name = subject.get(subject.trim_end_matches(unicode_ident::is_xid_continue).len()..)?;
    if subject.trim_start().is_empty() {
        // Whether the ends belong to it, only who wrote it knows; most say so of bands.
        return Some(told.fix("span", span, format!("{}..{to}", with_unit_of(from, to)), false));
    }
    if name.is_empty() {
        return Some(told.help("between"));
    }
    // `days between 0 and 365` among facts: the range of a type.
    if is_type_word(name) {
        return Some(told.fix("range", span, format!("{}..{to}", with_unit_of(from, to)), false));
    }
    let and = if word.is_ascii() { "and" } else { "且" };
    let from = with_unit_of(from, to);
    Some(told.fix("both", span, format!(">= {from} {and} {name} <= {to}"), false))
}

/// The two ends of a stretch and how many bytes they take: `61 and 85`, `61 至 85 之间`.
pub(super) fn ends(text: &str) -> Option<(&str, &str, usize)> {
    let figure = |text: &str| {
        text.find(|ch: char| !(ch.is_ascii_digit() || ".%_万亿元天-".contains(ch))).unwrap_or(text.len())
    };
    let skip = |text: &str| text.len().saturating_sub(text.trim_start().len());
    let mut at = skip(text);
    let length = figure(text.get(at..)?);
    let from = text.get(at..at.checked_add(length)?)?;
    at = at.checked_add(length)?;
    at = at.checked_add(skip(text.get(at..)?))?;
    let mark = ["and", "to", "至", "到", "和", "与", "~", "～", "—", "–"]
        .into_iter()
        .find(|mark| text.get(at..).is_some_and(|rest| rest.starts_with(mark)))?;
    at = at.checked_add(mark.len())?;
    at = at.checked_add(skip(text.get(at..)?))?;
    let length = figure(text.get(at..)?);
    let to = text.get(at..at.checked_add(length)?)?;
    at = at.checked_add(length)?;
    let digit = |text: &str| text.starts_with(|ch: char| ch.is_ascii_digit());
    if !digit(from) || !digit(to) {
        return None;
    }
    let rest = text.get(at..)?;
    let behind = skip(rest);
    if rest.trim_start().starts_with("之间") {
        at = at.checked_add(behind)?.checked_add("之间".len())?;
    }
    Some((from, to, at))
}

/// Errors of a sheet's cell, which begin as a comment does; a cell too narrow for its figure, too.
const CELL_ERRORS: &[&str] =
    &["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "###"];

/// `AA :` with nothing behind it: the line goes on, and takes the next row for its result.
fn no_result(place: &Place<'_>) -> Option<Diagnostic> {
    let (span, sign) = place.joined_by().filter(|(_, sign)| matches!(sign, ':' | '：'))?;
    let line = place.rest().split(['\n', ';', '；']).next()?;
    let bare = line.split(['"', '“', '「']).next()?;
    let is_row =
        bare.contains([':', '：']) || bare.trim_start().starts_with(['}', '｝']) || bare.trim().is_empty();
    if !is_row {
        return None;
    }
    let behind = place.source.get(span.range().end..)?.split('\n').next()?;
    let comment = behind.trim();
    if CELL_ERRORS.iter().any(|error| comment.starts_with(error)) {
        let at = span.range().end.saturating_add(behind.len().saturating_sub(behind.trim_start().len()));
        let span = place.stretch(at, at.saturating_add(comment.len()));
        return Some(Diagnostic::new("E150", span).variant("error").arg("found", comment).help("error"));
    }
    Some(Diagnostic::new("E120", span).variant("result").arg("sign", sign).help("result"))
}

/// `below 50 : -`: a dash says nothing.
fn dash(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let before = place.before().trim_end();
    let wants_result = rules.iter().any(|rule| {
        matches!(
            rule,
            Rule::outcome
                | Rule::outcomes
                | Rule::expr
                | Rule::sum
                | Rule::path
                | Rule::literal
                | Rule::paren
                | Rule::name
        )
    });
    let own = place.rest().chars().next().filter(|ch| matches!(ch, '—' | '–' | '/' | '／' | '\\' | '-'));
    let (span, found) = match own {
        Some(sign) => (place.stretch(place.at, place.at.saturating_add(sign.len_utf8())), sign),
        None if place.at_line_end() || place.rest().starts_with(['}', ',', '，']) => {
            let sign = before.chars().next_back().filter(|ch| matches!(ch, '-' | '—' | '－'))?;
            let end = place.from.saturating_add(before.len());
            (place.stretch(end.checked_sub(sign.len_utf8())?, end), sign)
        }
        None => return None,
    };
    let head = place.text.get(place.from..span.range().start)?.trim_end();
    let stands_alone = head.ends_with([':', '：', ',', '，', '=', '＝']);
    (wants_result && stands_alone)
        .then(|| Diagnostic::new("E151", span).variant("dash").arg("found", found).help("dash"))
}

/// `cut percent = 5%` among facts: what stands in for a fact that is not given is its default.
fn given_by_sign(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let sign = place.rest().chars().next().filter(|sign| matches!(sign, '=' | '＝'))?;
    if !rules.iter().any(|rule| matches!(rule, Rule::default | Rule::kw_default)) {
        return None;
    }
    let span = place.stretch(place.at, place.at.saturating_add(sign.len_utf8()));
    let word = keyword("default")?;
    let word = if place.chinese() { word.zh } else { word.en };
    let told = Diagnostic::new("E151", span).variant("default").arg("found", sign).arg("word", word);
    Some(told.fix("when", span, word, false))
}

/// `yearly sales money`, `net assets / debts`: a name has no blanks.
fn blank_in_name(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let word = place.word();
    let is_keyword = |word: &str| {
        keywords::KEYWORDS.iter().any(|known| {
            known.zh == word || known.en.split(' ').next() == Some(word) || known.others.contains(&word)
        }) || keywords::RESERVED.contains(&word)
    };
    let before = place.before();
    let bare = before.trim_end_matches(' ');
    let start = bare.trim_end_matches(unicode_ident::is_xid_continue).len();
    // The label of a name in its place, of which the first word may be one of the language: `days they take`.
    let words = place.stretch(place.from.saturating_add(start), place.at.saturating_add(word.len()));
    if let Some((name, label)) = labelled(place, words, place.text.get(words.range())?)
        && !word.is_empty()
        && rules.iter().any(|rule| matches!(rule, Rule::op_multiply | Rule::op_add | Rule::op_divide))
    {
        let whole = place.stretch(words.range().start, words.range().start.saturating_add(label.len()));
        let told = Diagnostic::new("E125", whole).variant("label").arg("name", label).arg("own", name);
        return Some(told.fix("own", whole, name, false));
    }
    let first = bare.get(start..).filter(|first| !first.is_empty() && !is_keyword(first))?;
    let lettered = |word: &str| word.starts_with(unicode_ident::is_xid_start);
    let in_fact = rules.iter().any(|rule| matches!(rule, Rule::default | Rule::kw_default));
    let from = place.from.saturating_add(start);
    if in_fact {
        // `yearly sales money`: `sales` was taken for a type, and the type is not understood.
        let name_end = bare.get(..start)?.trim_end();
        let name_start = name_end.trim_end_matches(unicode_ident::is_xid_continue).len();
        let name = name_end.get(name_start..).filter(|name| !name.is_empty())?;
        let is_type = is_type_word(word)
            || place.rest().starts_with("yes/no")
            // `cash flow_score zh "现金流量得分" … number`: the label stands behind the name.
            || matches!(word, "zh" | "en")
            || place.rest().starts_with(['"', '“', '「']);
        if !is_type || !name_end.get(..name_start)?.trim().is_empty() {
            return None;
        }
        let end = place.from.saturating_add(start).saturating_add(first.len());
        // `sales 年销售额 money`: the name is there, and its label stands behind it.
        if name.is_ascii() != first.is_ascii() && is_type_word(word) {
            let span = place.stretch(place.from.saturating_add(start), end);
            let told = Diagnostic::new("E158", span).variant("label").arg("found", first).arg("name", name);
            return Some(told.fix("quotes", span, format!("\"{first}\""), true));
        }
        let span = place.stretch(place.from.saturating_add(name_start), end);
        return Some(one_name(place, span, name, first));
    }
    let behind_value =
        rules.iter().any(|rule| matches!(rule, Rule::op_multiply | Rule::op_add | Rule::op_divide));
    // Chinese names are written without blanks; what stands behind one there is something else.
    if !behind_value
        || !first.is_ascii()
        || !word.is_ascii()
        || before.len() == bare.len()
        || word.is_empty()
        || !lettered(word)
        || !lettered(first)
        || is_keyword(word)
    {
        return None;
    }
    Some(one_name(place, place.stretch(from, place.at.saturating_add(word.len())), first, word))
}

fn is_type_word(word: &str) -> bool {
    let types = ["money", "number", "percent", "date", "days", "months", "text", "yes_no", "list"];
    types.into_iter().filter_map(keyword).any(|known| known.en == word || known.zh == word)
}

/// `"yearly sales" money`: the label stands behind the name, and there is none.
fn text_as_name(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let close = place.rest().chars().next().and_then(|open| match open {
        '"' => Some('"'),
        '“' => Some('”'),
        '「' => Some('」'),
        _ => None,
    })?;
    // `table "points for age" by …`
    let declares = keywords::begins_item(place.before().trim());
    if !(place.at_member_start() || declares)
        || !rules.iter().any(|rule| matches!(rule, Rule::name | Rule::fact | Rule::named))
    {
        return None;
    }
    let inside = place.rest().get(close.len_utf8()..)?;
    let inside = inside.get(..inside.find(close)?)?;
    let length = close.len_utf8().saturating_mul(2).saturating_add(inside.len());
    let span = place.stretch(place.at, place.at.saturating_add(length));
    // `"monthly turnover" turnover money`: the name is there, and the label stands behind it.
    let behind = place.text.get(span.range().end..)?;
    let bare = behind.trim_start_matches(' ');
    let name = grades::word(bare);
    let goes_on = bare.get(name.len()..).is_some_and(|rest| rest.starts_with(' '));
    let type_next = bare.get(name.len()..).is_some_and(|rest| is_type_word(grades::word(rest.trim_start())));
    if name.starts_with(unicode_ident::is_xid_start) && goes_on && type_next && !is_type_word(name) {
        let end = span
            .range()
            .end
            .saturating_add(behind.len().saturating_sub(bare.len()))
            .saturating_add(name.len());
        let whole = place.stretch(place.at, end);
        let told = Diagnostic::new("E125", span).variant("before").arg("name", name);
        return Some(told.fix("before", whole, format!("{name} {}", place.text.get(span.range())?), true));
    }
    let word = |ch: char| if unicode_ident::is_xid_continue(ch) { ch } else { '_' };
    let name: String = inside.trim().chars().map(word).collect();
    let told = Diagnostic::new("E125", span).variant("text").arg("name", inside);
    // `"A" "good"`: the label is there, and the name alone is wanted.
    let labelled = place.text.get(span.range().end..)?.trim_start_matches(' ').starts_with(['"', '“', '「']);
    let label = if labelled { "" } else { place.text.get(span.range())? };
    let fix = format!("{name} {label}").trim_end().to_owned();
    Some(told.fix("joined", span, fix, false))
}

/// The name of which words at a place are the label, with these words: `monthly turnover` of `turnover "monthly turnover"`.
fn labelled<'t>(place: &Place<'t>, span: Span, written: &str) -> Option<(&'t str, &'t str)> {
    let rest = place.text.get(span.range().start..)?;
    let open = ['"', '“', '「'];
    let labels = place.source.match_indices(open).filter_map(|(at, sign)| {
        let label = place.source.get(at.checked_add(sign.len())?..)?;
        let label = label.get(..label.find(['"', '”', '」', '\n'])?)?;
        let head = place.source.get(..at)?.trim_end_matches(' ');
        let name = head.get(head.trim_end_matches(unicode_ident::is_xid_continue).len()..)?;
        let is = label.starts_with(written) && rest.starts_with(label) && !name.is_empty();
        is.then_some((name, rest.get(..label.len())?))
    });
    labels.max_by_key(|(_, label)| label.len())
}

fn one_name(place: &Place<'_>, span: Span, first: &str, second: &str) -> Diagnostic {
    let mark = if first.is_ascii() && second.is_ascii() { "_" } else { "" };
    let written = place.text.get(span.range()).unwrap_or("");
    let name = format!("{first}{mark}{second}");
    Diagnostic::new("E125", span).variant("blank").arg("name", written).fix("joined", span, name, false)
}

/// `x is empty`, `净资产 为空`: what a cell without a figure is called elsewhere.
fn nothing_there(place: &Place<'_>) -> Option<Diagnostic> {
    let word = place.word();
    if let Some(word) = ["不为空", "非空", "不为无", "不空", "已填"].into_iter().find(|known| *known == word)
    {
        let told = Diagnostic::new("E151", place.word_span())
            .variant("given")
            .arg("found", word)
            .arg("word", "已知");
        return Some(told.fix("when", place.word_span(), "已知", true));
    }
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
    // `currency ¥`
    let code = match sign {
        '¥' | '￥' => "CNY",
        '$' => "USD",
        '€' => "EUR",
        _ => "GBP",
    };
    let words = keyword("currency").map(|word| [word.en, word.zh]);
    if words.into_iter().flatten().any(|word| place.before().trim_end().ends_with(word)) {
        let told = Diagnostic::new("E224", span).variant("named").arg("name", sign).arg("code", code);
        return Some(told.fix("code", span, code, false));
    }
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
        let rest = place.text.get(end..).unwrap_or_default();
        // `let net := sales` has its sign already: the colon alone goes.
        if rest.starts_with(['=', '＝']) {
            return Some(told.variant("define").fix("define", span, blank, true));
        }
        let behind = if rest.starts_with(' ') { "" } else { " " };
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
        // `total 100` is no factor, and its 100 no weight.
        false,
    ))
}

/// `B 61-85` among grades: a grade says where it begins, and ends where the better one begins.
fn band(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let is_digit = place.rest().starts_with(|ch: char| ch.is_ascii_digit());
    if !is_digit || !rules.iter().any(|rule| matches!(rule, Rule::kw_apart | Rule::apart)) {
        return None;
    }
    let line = place.rest().split(['\n', ';', '；', '}']).next().unwrap_or("").trim_end();
    // A line that ends in `-` goes on: only the source has its end.
    let ends = place.source.get(place.at..).and_then(|rest| rest.split('\n').next()).map_or(0, str::len);
    let line = line.get(..ends.min(line.len())).unwrap_or(line).trim_end();
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
