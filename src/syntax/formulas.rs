//! Formulas of spreadsheets: functions with arguments in brackets, and cells. What a formula says is rewritten as the language says it,
//! where that is plain.

use super::slips::Place;
use crate::diag::Diagnostic;

/// A formula that is known.
pub(super) fn recognise(place: &Place<'_>) -> Option<Diagnostic> {
    function(place).or_else(|| choice(place)).or_else(|| cell(place))
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
    (&["AND", "且"], "a and b", "a 且 b"),
    (&["OR", "或"], "a or b", "a 或 b"),
    (
        &["VLOOKUP", "HLOOKUP", "XLOOKUP", "LOOKUP"],
        "table t by x -> percent { … }",
        "对照表 t 按 x -> 百分比 { … }",
    ),
    (&["IFERROR", "IFNA"], "x if unknown y", "x 若未知 y"),
    (&["TODAY", "NOW"], "today", "今日"),
    (&["ISBLANK", "ISNA", "ISNULL"], "x is unknown", "x 未知"),
    (&["NOT"], "not a", "非 a"),
    (&["MEDIAN"], "middle of (a, b, c)", "取中 (a, b, c)"),
    (&["SUMPRODUCT"], "sum of amount * days_late in invoices", "合计 金额 * 逾期天数 于 发票"),
    (&["DATEDIF", "DAYS"], "today - due", "今日 - 到期日"),
    (&["EDATE"], "due + 1 month, or month end", "到期日 + 1个月，逢月末"),
    (&["EOMONTH"], "end of month of due", "到期日当月末"),
    (&["ABS"], "highest of (x, -x)", "取大 (x, -x)"),
    (
        &["SWITCH", "CHOOSE", "INDEX", "MATCH"],
        "table t by x -> percent { … }",
        "对照表 t 按 x -> 百分比 { … }",
    ),
    (&["求和"], "", "合计 金额 于 发票"),
    (&["合计"], "", "合计 金额 于 发票"),
    (&["平均", "平均值", "均值"], "", "均值 金额 于 发票"),
    (&["计数", "个数"], "", "计数 发票"),
    (&["最大值", "最大", "取大"], "", "取大 (a, b)"),
    (&["最小值", "最小", "取小"], "", "取小 (a, b)"),
    (&["如果", "若"], "", "若 a 则 b 否则 c"),
];

/// `IF(a, b, c)`, `MIN(a, b)`: the grammar stops at the bracket.
fn function(place: &Place<'_>) -> Option<Diagnostic> {
    if !place.rest().starts_with(['(', '（']) {
        return None;
    }
    let before = place.before().trim_end();
    let start = before.trim_end_matches(unicode_ident::is_xid_continue).len();
    told(place, before.get(start..)?, place.from.saturating_add(start))
}

/// `if(a, b, c)` and `and(a, b)`, which begin with words of the language: the grammar stops behind the brackets, or at the word.
fn choice(place: &Place<'_>) -> Option<Diagnostic> {
    let line = place.before().rfind(['\n', ';', '；', '{']).map_or(0, |at| at.saturating_add(1));
    let until = place.at.saturating_add(place.word().len());
    let text = place.text.get(place.from.saturating_add(line)..until)?;
    let found = text.char_indices().find_map(|(at, _)| {
        let head = text.get(..at)?;
        let word = ["if", "and", "or", "若", "且", "或"].into_iter().find(|word| {
            text.get(at..).is_some_and(|rest| rest.starts_with(word))
                && !head.ends_with(unicode_ident::is_xid_continue)
        })?;
        let behind = place.from.saturating_add(line).saturating_add(at).saturating_add(word.len());
        let rest = place.text.get(behind..)?;
        let several = arguments(rest).filter(|(arguments, _)| arguments.len() > 1)?;
        // Behind an operand `and (a, b)` is no call.
        let joins = head.trim_end().ends_with(|ch: char| unicode_ident::is_xid_continue(ch) || ch == ')');
        (!several.0.is_empty() && (!joins || matches!(word, "if" | "若"))).then_some((word, at))
    });
    let (word, at) = found?;
    told(place, word, place.from.saturating_add(line).saturating_add(at))
}

/// What is told of a function that begins at a place.
fn told(place: &Place<'_>, word: &str, from: usize) -> Option<Diagnostic> {
    let (_, en, zh) =
        FUNCTIONS.iter().find(|(names, _, _)| names.iter().any(|name| name.eq_ignore_ascii_case(word)))?;
    let behind = from.saturating_add(word.len());
    let span = place.stretch(from, behind);
    let chinese = place.chinese() || en.is_empty();
    let written = if chinese { zh } else { en };
    let told = Diagnostic::new("E150", span).arg("found", word).arg("written", written);
    let rest = place.text.get(behind..)?;
    let said =
        arguments(rest).and_then(|(arguments, length)| Some((said(word, &arguments, chinese)?, length)));
    let Some((said, length)) = said else { return Some(told.help("written")) };
    let whole = place.stretch(from, behind.saturating_add(length));
    Some(told.arg("said", &said).fix("said", whole, said, false))
}

/// The arguments in the brackets at the beginning of a text, and how many bytes the brackets take with all that stands in them; none
/// where they do not end on the line, or hold a call of their own.
fn arguments(text: &str) -> Option<(Vec<&str>, usize)> {
    let blanks = text.len().saturating_sub(text.trim_start_matches(' ').len());
    let open = text.get(blanks..)?.chars().next().filter(|ch| matches!(ch, '(' | '（'))?;
    let first = blanks.saturating_add(open.len_utf8());
    let (mut depth, mut begin, mut found) = (1_usize, first, Vec::new());
    for (at, ch) in text.get(first..)?.char_indices() {
        let at = first.saturating_add(at);
        match ch {
            '\n' | '"' | '“' | '「' => return None,
            '(' | '（' if text.get(..at)?.ends_with(unicode_ident::is_xid_continue) => return None,
            '(' | '（' => depth = depth.saturating_add(1),
            ')' | '）' => depth = depth.saturating_sub(1),
            ',' | '，' | ';' | '；' if depth == 1 => {
                found.push(text.get(begin..at)?.trim());
                begin = at.saturating_add(ch.len_utf8());
            }
            _ => {}
        }
        if depth == 0 {
            found.push(text.get(begin..at)?.trim());
            let whole = found.iter().all(|argument| !argument.is_empty());
            return whole.then_some((found, at.saturating_add(ch.len_utf8())));
        }
    }
    None
}

/// A function with its arguments as the language says it, in brackets where it may be part of something greater.
fn said(word: &str, arguments: &[&str], chinese: bool) -> Option<String> {
    let joined = |word: &str| format!("({})", arguments.join(&format!(" {word} ")));
    let picked = |word: &str| format!("{word} ({})", arguments.join(", "));
    let pick = |en, zh| picked(if chinese { zh } else { en });
    let word = word.to_ascii_uppercase();
    Some(match (word.as_str(), arguments) {
        ("IF" | "若" | "如果", [when, then, other]) if chinese => {
            format!("(若 {when} 则 {then} 否则 {other})")
        }
        ("IF" | "若" | "如果", [when, then, other]) => format!("(if {when} then {then} else {other})"),
        ("AND" | "且", [_, _, ..]) => joined(if chinese { "且" } else { "and" }),
        ("OR" | "或", [_, _, ..]) => joined(if chinese { "或" } else { "or" }),
        ("MIN" | "最小值" | "最小" | "取小", [_, _, ..]) => pick("lowest of", "取小"),
        ("MAX" | "最大值" | "最大" | "取大", [_, _, ..]) => pick("highest of", "取大"),
        ("IFERROR" | "IFNA", [value, other]) if chinese => format!("({value} 若未知 {other})"),
        ("IFERROR" | "IFNA", [value, other]) => format!("({value} if unknown {other})"),
        ("ISBLANK" | "ISNA" | "ISNULL", [value]) if chinese => format!("({value} 未知)"),
        ("ISBLANK" | "ISNA" | "ISNULL", [value]) => format!("({value} is unknown)"),
        _ => return None,
    })
}

/// `B2`, `$B$2`, `Sheet1!C4`, `A2:A10` where the grammar stops at its sign.
fn cell(place: &Place<'_>) -> Option<Diagnostic> {
    let sign = place.rest().chars().next().filter(|sign| matches!(sign, '$' | '!' | ':'))?;
    let before = place.before();
    let is_part = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '$' | '!' | ':');
    let start = before.trim_end_matches(is_part).len();
    let behind = place.rest().split(|ch: char| !is_part(ch)).next()?.len();
    let from = place.from.saturating_add(start);
    let span = place.stretch(from, place.at.saturating_add(behind));
    let found = place.text.get(span.range())?;
    let cell = found.rsplit(['!', ':']).next()?.replace('$', "");
    let is_sheet = sign != '!' || start < before.len();
    (is_sheet && is_cell(&cell))
        .then(|| Diagnostic::new("E150", span).variant("cell").arg("found", found).help("cell"))
}

/// Whether a word is the address of a cell: letters, then a number.
pub(super) fn is_cell(word: &str) -> bool {
    let letters = word.chars().take_while(char::is_ascii_uppercase).count();
    let digits = word.chars().skip(letters);
    (1..=3).contains(&letters) && digits.clone().count() > 0 && digits.clone().all(|ch| ch.is_ascii_digit())
}
