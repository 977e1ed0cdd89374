//! Lines as a policy in Word or a sheet has them, where the language has a line of its own for the same: `max 500000` in a limit,
//! `cap at B` among grades, `Customers with …` between two constructs.

use super::grammar::Rule;
use super::keywords::keyword;
use super::slips::Place;
use crate::base::{Span, nearest};
use crate::diag::Diagnostic;

/// A line that is known.
pub(super) fn recognise(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    line_of_limit(place, rules)
        .or_else(|| formula_of_limit(place, rules))
        .or_else(|| reason(place, rules))
        .or_else(|| fact_given(place, rules))
        .or_else(|| sign_of_row(place, rules))
        .or_else(|| merged(place))
        .or_else(|| groups(place))
        .or_else(|| dash_as_minus(place, rules))
        .or_else(|| points(place, rules))
        .or_else(|| line_of_grades(place, rules))
        .or_else(|| name_with_more(place, rules))
        .or_else(|| one_of_several(place))
        .or_else(|| operator(place))
        .or_else(|| star_row(place))
        .or_else(|| counted(place))
        .or_else(|| after_a_day(place, rules))
        .or_else(|| unquoted(place, rules))
}

/// What reasons are called elsewhere.
pub(super) const REASONS: &[&str] = &[
    "reason",
    "reasons",
    "due",
    "rationale",
    "note",
    "remark",
    "comment",
    "依照",
    "按照",
    "说明",
    "备注",
    "因",
    "由于",
];

/// `not above B when net_assets < 0 reason "…"`
fn reason(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let word = REASONS.iter().find(|word| **word == place.word())?;
    if !rules.iter().any(|rule| matches!(rule, Rule::because | Rule::kw_because | Rule::cite | Rule::kw_cite))
        || place.at_member_start()
    {
        return None;
    }
    let because = own("because", word);
    let told =
        Diagnostic::new("E151", place.word_span()).variant("word").arg("found", word).arg("word", because);
    Some(told.fix("when", place.word_span(), because, false))
}

/// What is said elsewhere of a fact that must be given, and of one that need not.
const GIVEN: &[(&str, bool)] = &[
    ("required", true),
    ("mandatory", true),
    ("not null", true),
    ("必填", true),
    ("必须", true),
    ("不为空", true),
    ("nullable", false),
    ("null", false),
    ("(optional)", false),
    ("（可缺）", false),
    ("可空", false),
    ("选填", false),
    ("可选", false),
];

fn fact_given(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    if !rules.iter().any(|rule| matches!(rule, Rule::optional | Rule::kw_optional)) {
        return None;
    }
    let (found, must) = GIVEN.iter().find(|(found, _)| place.rest().starts_with(found))?;
    let span = place.stretch(place.at, place.at.saturating_add(found.len()));
    if *must {
        let told = Diagnostic::new("E151", span).variant("required").arg("found", found);
        return Some(told.fix("required", span, "", true));
    }
    let word = if found.is_ascii() { "optional" } else { "可缺" };
    let told = Diagnostic::new("E151", span).variant("word").arg("found", found).arg("word", word);
    Some(told.fix(
        "when",
        span,
        format!(" {word}").trim_start_matches(if place.before().ends_with(' ') { ' ' } else { '\0' }),
        true,
    ))
}

/// `low = 10%`, `low => 10%`: the result of a row stands behind its colon.
fn sign_of_row(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    // `table t by x => days {`: the head of a table, whose results stand behind an arrow.
    if rules.contains(&Rule::arrow) {
        let sign = ["=>", "-->", "—>", "==>", "＝>", ":", "："]
            .into_iter()
            .find(|sign| place.rest().starts_with(sign))?;
        let span = place.stretch(place.at, place.at.saturating_add(sign.len()));
        let told = Diagnostic::new("E151", span).variant("word").arg("found", sign).arg("word", "->");
        return Some(told.fix("when", span, "->", sign.len() > 1));
    }
    if !rules.contains(&Rule::colon) {
        return None;
    }
    let sign = ["=>", "->", "=", "＝", "→"].into_iter().find(|sign| place.rest().starts_with(sign))?;
    let span = place.stretch(place.at, place.at.saturating_add(sign.len()));
    Some(Diagnostic::new("E153", span).variant("sign").arg("found", sign).fix("sign", span, ":", true))
}

/// `     , below 60 : 5%`: the first cell was merged with the one above.
fn merged(place: &Place<'_>) -> Option<Diagnostic> {
    let before = place.before().trim_end();
    let own_sign = place.rest().chars().next().filter(|ch| matches!(ch, ',' | '，'));
    let (start, sign) = match own_sign {
        Some(sign) => (place.at, sign),
        None => {
            let sign = before.chars().next_back().filter(|ch| matches!(ch, ',' | '，'))?;
            (place.from.checked_add(before.len())?.checked_sub(sign.len_utf8())?, sign)
        }
    };
    let line = place.source.get(place.from..start)?.rsplit('\n').next()?;
    let span = place.stretch(start, start.saturating_add(sign.len_utf8()));
    line.trim().is_empty().then(|| Diagnostic::new("E153", span).variant("merged").help("merged"))
}

/// `1 000 000`: digits are grouped by `_`.
fn groups(place: &Place<'_>) -> Option<Diagnostic> {
    let before = place.before();
    let bare = before.trim_end_matches([' ', '\u{a0}', '\u{202f}', '\u{2009}']);
    let start = bare.trim_end_matches(|ch: char| ch.is_ascii_digit()).len();
    let first =
        bare.get(start..).filter(|first| (1..=3).contains(&first.len()) && bare.len() < before.len())?;
    let mut written = first.to_owned();
    let mut rest = place.rest();
    loop {
        let group: String = rest.chars().take_while(char::is_ascii_digit).collect();
        if group.len() != 3 {
            break;
        }
        written = format!("{written}_{group}");
        rest = rest.get(3..)?;
        let next = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        if !next.starts_with(|ch: char| ch.is_ascii_digit()) {
            break;
        }
        rest = next;
    }
    if written == first {
        return None;
    }
    let end = place.text.len().checked_sub(rest.len())?;
    let span = place.stretch(place.from.saturating_add(start), end);
    let told = Diagnostic::new("E108", span).variant("blanks").arg("written", place.text.get(span.range())?);
    Some(told.fix("plain", span, written, true))
}

/// `sales – paid`: the dash of a word processor.
fn dash_as_minus(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let sign = place.rest().chars().next().filter(|ch| matches!(ch, '–' | '—' | '＆' | '&'))?;
    // `90–100` is a span.
    let figure = |ch: char| ch.is_ascii_digit() || matches!(ch, '%' | '万' | '亿' | '分');
    let behind = place.rest().get(sign.len_utf8()..)?.trim_start();
    if place.before().trim_end().ends_with(figure) && behind.starts_with(|ch: char| ch.is_ascii_digit()) {
        return None;
    }
    if !rules
        .iter()
        .any(|rule| matches!(rule, Rule::op_subtract | Rule::op_and | Rule::kw_and | Rule::op_multiply))
    {
        return None;
    }
    let span = place.stretch(place.at, place.at.saturating_add(sign.len_utf8()));
    let is_dash = matches!(sign, '–' | '—');
    if is_dash && says_why(behind) {
        let dashes = place.rest().len().saturating_sub(place.rest().trim_start_matches(sign).len());
        let span = place.stretch(place.at, place.at.saturating_add(dashes));
        let found = place.text.get(span.range())?;
        return Some(Diagnostic::new("E124", span).arg("found", found).fix("hash", span, "#", false));
    }
    let and = if place.chinese() { "且" } else { "and" };
    let (variant, written) = if matches!(sign, '＆' | '&') { ("and", and) } else { ("minus", "-") };
    Some(Diagnostic::new("E110", span).variant(variant).arg("found", sign).fix("power", span, written, true))
}

/// Whether words behind a dash are a remark: `– fair: sixty percent`, `——单方面降额`, no value that is taken away.
fn says_why(behind: &str) -> bool {
    let line = behind.trim_start_matches(['—', '–', ' ']).split(['\n', ';', '；', '}']).next().unwrap_or("");
    let word = line.trim_end();
    let first =
        word.find(|ch: char| !(unicode_ident::is_xid_continue(ch) || ch == '.')).unwrap_or(word.len());
    let rest = word.get(first..).unwrap_or("").trim_start();
    let begins = word.starts_with(unicode_ident::is_xid_start);
    let goes_on = rest.starts_with(|ch: char| unicode_ident::is_xid_start(ch) || matches!(ch, ':' | '：'));
    let clause =
        ["because", "cite", "when", "if", "rounded", "and", "or", "理由", "依据", "当", "若", "且", "或"];
    begins && goes_on && !clause.into_iter().any(|word| super::keywords::begins_with_word(rest, word))
}

/// `years >= 5 : 10 points`, `逾期 扣20分` in a scorecard: points are rows.
fn points(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    if !rules.iter().any(|rule| matches!(rule, Rule::weight | Rule::kw_weight)) {
        return None;
    }
    let said = ["加", "扣", "减", "得", ">", "<", "=", "≥", "≤", "+", "-"];
    let sign = said.into_iter().find(|sign| place.rest().starts_with(sign))?;
    if place.at_member_start() {
        return None;
    }
    let line = place.rest().split(['\n', ';', '；', '}']).next()?.trim_end();
    if sign.chars().next()?.is_alphabetic() && !line.contains(|ch: char| ch.is_ascii_digit()) {
        return None;
    }
    let span = place.stretch(place.at, place.at.saturating_add(line.len()));
    Some(Diagnostic::new("E156", span).variant("points").arg("found", line).help("points"))
}

/// `limit credit = …`, `sales * 10%` as a line: a limit is a block of lines, and a figure of it is a method.
fn formula_of_limit(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let before = place.before().trim_start();
    let head = before.starts_with("limit ") || before.starts_with("额度 ");
    if head && place.rest().starts_with(['=', '＝']) && rules.contains(&Rule::open_curly) {
        return Some(Diagnostic::new("E152", place.span()).variant("formula").help("formula"));
    }
    let line = place.rest().split(['\n', ';', '；', '}']).next()?;
    let figure =
        line.contains(['*', '×', '/', '÷', '+']) && place.rest().starts_with(unicode_ident::is_xid_start);
    (rules.contains(&Rule::limit_line) && place.at_member_start() && figure)
        .then(|| Diagnostic::new("E152", place.word_span()).variant("formula").help("formula"))
}

/// How the lines of a limit begin elsewhere, and how they begin here; without a word, a table says it.
const LIMIT_LINES: &[(&str, &str)] = &[
    ("cap", "cap_at"),
    ("floor", "floor_at"),
    ("maximum", "cap_at"),
    ("max", "cap_at"),
    ("at most", "cap_at"),
    ("not more than", "cap_at"),
    ("no more than", "cap_at"),
    ("up to", "cap_at"),
    ("minimum", "floor_at"),
    ("min", "floor_at"),
    ("at least", "floor_at"),
    ("not less than", "floor_at"),
    ("multiply by", "times"),
    ("multiplied by", "times"),
    ("最高不超过", "cap_at"),
    ("不得超过", "cap_at"),
    ("不超过", "cap_at"),
    ("不高于", "cap_at"),
    ("最高", "cap_at"),
    ("最多", "cap_at"),
    ("封顶", "cap_at"),
    ("最低不低于", "floor_at"),
    ("不得低于", "floor_at"),
    ("不低于", "floor_at"),
    ("最低", "floor_at"),
    ("最少", "floor_at"),
    ("保底", "floor_at"),
    ("round to nearest", "rounded"),
    ("round to the nearest", "rounded"),
    ("round to multiples of", "rounded"),
    ("round to", "rounded"),
    ("取整至", "whole_to"),
    ("四舍五入到", "whole_to"),
    ("四舍五入至", "whole_to"),
    ("if", ""),
    ("else", ""),
    ("otherwise", ""),
    ("若", ""),
    ("如果", ""),
    ("否则", ""),
];

fn line_of_limit(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    if !rules.contains(&Rule::limit_line) || !place.at_member_start() {
        return None;
    }
    let (written, role) = phrase(place, LIMIT_LINES)?;
    let span = place.stretch(place.at, place.at.saturating_add(written.len()));
    if role.is_empty() {
        return Some(Diagnostic::new("E152", span).variant("choice").help("choice"));
    }
    let decimals = place.rest().split(['\n', ';']).next()?.contains("decimal");
    let word = match role {
        "rounded" if decimals => "rounded to",
        "rounded" => "rounded to multiples of",
        "whole_to" if written.starts_with('四') => "四舍五入 取整到",
        role => own(role, written),
    };
    let told = Diagnostic::new("E151", span).variant("word").arg("found", written).arg("word", word);
    Some(told.fix("when", span, separate(place, written, word), false))
}

/// How rules among grades begin elsewhere.
const GRADE_LINES: &[(&str, &str)] = &[
    ("cap at", "not_above"),
    ("capped at", "not_above"),
    ("limited to", "not_above"),
    ("maximum", "not_above"),
    ("max", "not_above"),
    ("downgrade by", "down"),
    ("downgrade", "down"),
    ("lower by", "down"),
    ("minus", "down"),
    ("upgrade by", "up"),
    ("upgrade", "up"),
    ("raise by", "up"),
    ("set to", "force"),
    ("directly", "force"),
    ("下调", "down"),
    ("降低", "down"),
    ("上调", "up"),
    ("提高", "up"),
    ("最高为", "not_above"),
    ("直接定为", "force"),
    ("直接评定为", "force"),
    ("一律为", "force"),
];

fn line_of_grades(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    if !rules.iter().any(|rule| matches!(rule, Rule::kw_apart | Rule::apart)) {
        return None;
    }
    // `A: 90-100`: the colon is not all that is wrong.
    let behind = place.rest().trim_start_matches([':', '：', ' ']);
    if place.rest().starts_with([':', '：']) && behind.starts_with(|ch: char| ch.is_ascii_digit()) {
        let line = place.rest().split(['\n', ';', '；', '}']).next()?.trim_end();
        let first: String = behind.chars().take_while(|ch| ch.is_ascii_digit() || *ch == '.').collect();
        let span = place.stretch(place.at, place.at.saturating_add(line.len()));
        let written = format!("{} {}", own("from_bound", place.before().trim()), first.trim_end_matches('.'));
        let told = Diagnostic::new("E157", span).arg("found", line.trim_start_matches([':', '：', ' ']));
        return Some(told.arg("written", &written).fix("written", span, format!(" {written}"), false));
    }
    // `C else`: where the last grade begins is said, too.
    if matches!(place.word(), "else" | "otherwise" | "rest" | "其余" | "其他" | "否则") {
        let written = format!("{} 0", own("from_bound", place.word()));
        let span = place.word_span();
        let told = Diagnostic::new("E157", span).arg("found", place.word()).arg("written", &written);
        return Some(told.fix("written", span, written, false));
    }
    let line = place.before().rfind(['\n', ';', '；', '{', '｛']).map_or(0, |at| at.saturating_add(1));
    let line = place.from.saturating_add(line);
    let start = line.saturating_add({
        let rest = place.text.get(line..)?;
        rest.len().saturating_sub(rest.trim_start().len())
    });
    let moved = Place { at: start, ..*place };
    let (written, role) = phrase(&moved, GRADE_LINES)?;
    let span = place.stretch(start, start.saturating_add(written.len()));
    let word = own(role, written);
    let told = Diagnostic::new("E151", span).variant("word").arg("found", written).arg("word", word);
    Some(told.fix("when", span, separate(&moved, written, word), true))
}

/// The phrase of a list that stands at a place, the longest first.
fn phrase(
    place: &Place<'_>,
    phrases: &[(&'static str, &'static str)],
) -> Option<(&'static str, &'static str)> {
    let rest = place.rest();
    let fits = |written: &str| {
        let behind = rest.get(written.len()..);
        rest.starts_with(written)
            && (!written.is_ascii()
                || behind.is_some_and(|behind| !behind.starts_with(unicode_ident::is_xid_continue)))
    };
    phrases.iter().copied().filter(|(written, _)| fits(written)).max_by_key(|(written, _)| written.len())
}

/// The keyword of a role in the language of what was written.
fn own(role: &str, written: &str) -> &'static str {
    keyword(role).map_or("", |word| if written.is_ascii() { word.en } else { word.zh })
}

/// A word for a phrase, and a blank where what follows touches it.
fn separate(place: &Place<'_>, written: &str, word: &str) -> String {
    let touches = place.rest().get(written.len()..).is_some_and(|rest| !rest.starts_with([' ', '\n', '\t']));
    format!("{word}{}", if touches { " " } else { "" })
}

/// `credit score (0-100) number`, `payment history 40%`: a name is one word, and what brackets say has its own place.
fn name_with_more(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let in_fact = rules
        .iter()
        .any(|rule| matches!(rule, Rule::kw_money | Rule::r#type | Rule::default | Rule::kw_default));
    let in_card = rules.iter().any(|rule| matches!(rule, Rule::weight | Rule::kw_weight));
    if !in_fact && !in_card {
        return None;
    }
    let start =
        place.from.saturating_add(place.before().len().saturating_sub(place.before().trim_start().len()));
    let line = place.text.get(start..)?.split(['\n', ';', '；', '}']).next()?;
    let bracket = place.rest().starts_with(['(', '（', '[']);
    if bracket {
        let name = place.text.get(start..place.at)?.trim();
        let types = ["text", "money", "number", "date", "percent", "文本", "金额", "数值", "日期"];
        let plain = !types.iter().any(|ty| name.ends_with(ty))
            && name.chars().all(|ch| unicode_ident::is_xid_continue(ch) || ch == ' ');
        let end = line.find([')', '）', ']']).map(|at| start.saturating_add(at))?;
        let mark = place.text.get(end..)?.chars().next()?;
        let span = place.stretch(place.at, end.saturating_add(mark.len_utf8()));
        let told = Diagnostic::new("E125", span).variant("brackets").arg("name", name);
        return (plain && !name.is_empty()).then(|| told.help("brackets"));
    }
    if !in_card || !place.rest().starts_with(unicode_ident::is_xid_start) {
        return None;
    }
    let end =
        line.find(|ch: char| !(unicode_ident::is_xid_continue(ch) && !ch.is_ascii_digit() || ch == ' '));
    let words = line.get(..end?)?.trim_end();
    // A keyword with a slip of the pen in it is no part of a name.
    let last = words.rsplit(' ').next()?;
    nearest(last, ["weight", "points", "missing", "because", "cite"]).is_none().then_some(())?;
    let several = words.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>();
    if several.len() < 2 || words.contains("weight") || words.contains("points") || !words.is_ascii() {
        return None;
    }
    let span = place.stretch(start, start.saturating_add(words.len()));
    Some(Diagnostic::new("E125", span).variant("blank").arg("name", words).fix(
        "joined",
        span,
        several.join("_"),
        false,
    ))
}

/// `score in (90, 80)`, `risk is not in (high, low)`.
fn one_of_several(place: &Place<'_>) -> Option<Diagnostic> {
    let before = place.before().trim_end();
    let (start, word) = match place.word() {
        word @ ("in" | "IN" | "在" | "属于") => (place.at, word),
        _ if place.rest().starts_with(['(', '[', '（', '【']) => {
            let word = ["in", "IN", "在", "于", "属于"].into_iter().find(|word| {
                let head = before.strip_suffix(word);
                head.is_some_and(|head| !word.is_ascii() || !head.ends_with(unicode_ident::is_xid_continue))
            })?;
            (place.from.saturating_add(before.len()).checked_sub(word.len())?, word)
        }
        _ => return None,
    };
    let behind = place.text.get(start.checked_add(word.len())?..)?.trim_start();
    let inside = behind.strip_prefix(['(', '[', '（', '【'])?;
    let span = place.stretch(start, start.saturating_add(word.len()));
    let told = Diagnostic::new("E151", span).variant("between").arg("found", word);
    Some(match each_of(place, start, inside) {
        Some((whole, written)) => told.arg("written", &written).fix("each", whole, written, false),
        None => told.help("several"),
    })
}

/// What is compared with one of several names, said for each by itself, and where it stands: `class is in (B, C)`.
fn each_of(place: &Place<'_>, word: usize, inside: &str) -> Option<(Span, String)> {
    let head = place.text.get(place.from..word)?.trim_end();
    let (head, negated) = ["is not", "不"]
        .into_iter()
        .find_map(|no| Some((head.strip_suffix(no)?, true)))
        .unwrap_or_else(|| {
            (
                ["is one of", "is", "为"].into_iter().find_map(|is| head.strip_suffix(is)).unwrap_or(head),
                false,
            )
        });
    let head = head.trim_end();
    let is_part = |ch: char| unicode_ident::is_xid_continue(ch) || ch == '.';
    let subject = head.get(head.trim_end_matches(is_part).len()..).filter(|name| !name.is_empty())?;
    let close = inside.find([')', ']', '）', '】'])?;
    let names: Vec<&str> = inside.get(..close)?.split([',', '，', '、']).map(str::trim).collect();
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(unicode_ident::is_xid_continue);
    if names.len() < 2 || !names.iter().all(is_name) {
        return None;
    }
    let english = place.text.get(word..)?.starts_with(|ch: char| ch.is_ascii());
    let (is, joint) = match (english, negated) {
        (true, true) => ("is not", " and "),
        (true, false) => ("is", " or "),
        (false, true) => ("不为", " 且 "),
        (false, false) => ("为", " 或 "),
    };
    let each: Vec<String> = names.iter().map(|name| format!("{subject} {is} {name}")).collect();
    let start = place.from.saturating_add(head.len()).checked_sub(subject.len())?;
    let sign = inside.get(close..)?.chars().next()?.len_utf8();
    let end = place.text.len().checked_sub(inside.len())?.checked_add(close)?.checked_add(sign)?;
    let rest = place.text.get(end..)?;
    let bare = rest.trim_start_matches(' ');
    let closing = ["之中", "之内", "中", "内"].into_iter().find(|word| bare.starts_with(word));
    let closing = closing.map_or(0, |word| rest.len().saturating_sub(bare.len()).saturating_add(word.len()));
    let end = end.saturating_add(closing);
    Some((place.stretch(start, end), format!("({})", each.join(joint))))
}

/// `a ** 2`, `a x 2`
fn operator(place: &Place<'_>) -> Option<Diagnostic> {
    let before = place.before();
    if place.rest().starts_with('*') && before.ends_with('*') {
        let span = place.stretch(place.at.checked_sub(1)?, place.at.checked_add(1)?);
        let told = Diagnostic::new("E110", span).variant("power").arg("found", "**");
        return Some(told.fix("power", span, "^", true));
    }
    let behind = place.rest().get(place.word().len()..)?.trim_start();
    let times = before.ends_with(' ')
        && matches!(place.word(), "x" | "X")
        && behind.starts_with(|ch: char| ch.is_alphanumeric());
    times.then(|| {
        let span = place.word_span();
        Diagnostic::new("E110", span)
            .variant("times")
            .arg("found", place.word())
            .fix("power", span, "*", false)
    })
}

/// `* : 0` and `/ : 0` as the last row of a table; the sign goes on from the row before.
fn star_row(place: &Place<'_>) -> Option<Diagnostic> {
    if !place.rest().starts_with([':', '：']) {
        return None;
    }
    let before = place.before().trim_end();
    let sign = before.chars().next_back().filter(|sign| matches!(sign, '*' | '/' | '＊' | '／'))?;
    let end = place.from.checked_add(before.len())?;
    let start = end.checked_sub(sign.len_utf8())?;
    let line = place.source.get(place.from..start)?.rsplit('\n').next()?;
    let word = if place.chinese() { "任一" } else { "any" };
    let span = place.stretch(start, end);
    let told = Diagnostic::new("E117", span).variant("operator").arg("found", sign).arg("word", word);
    line.trim().is_empty().then(|| told.fix("word", span, word, true))
}

/// What is counted, behind its number.
const COUNTED: &[&str] = &[
    "分",
    "家",
    "次",
    "笔",
    "户",
    "张",
    "人",
    "岁",
    "名",
    "points",
    "times",
    "pcs",
    "invoices",
    "customers",
    "orders",
];

/// `90 分`, `3 times`: a plain number has no word behind it.
fn counted(place: &Place<'_>) -> Option<Diagnostic> {
    let before = place.before().trim_end();
    let word = COUNTED.iter().find(|word| **word == place.word())?;
    if !before.ends_with(|ch: char| ch.is_ascii_digit()) {
        return None;
    }
    let number = before.get(before.trim_end_matches(|ch: char| ch.is_ascii_digit() || ch == '.').len()..)?;
    // `86分（含）以上` is a bound.
    if place.rest().get(word.len()..).is_some_and(|rest| rest.starts_with(['（', '('])) {
        return None;
    }
    let span = place.word_span();
    let told = Diagnostic::new("E109", span).arg("number", number).arg("unit", word);
    Some(told.fix("remove", span, "", true))
}

/// `step third 30 days after due`, `步骤 二 到期日后30天`.
fn after_a_day(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    if !rules.iter().any(|rule| matches!(rule, Rule::colon | Rule::kw_step_at)) {
        return None;
    }
    let line = place.rest().split(['\n', ';', '；', ':', '：']).next()?.trim_end();
    let span = place.stretch(place.at, place.at.saturating_add(line.len()));
    let told = Diagnostic::new("E151", span).variant("after");
    for (word, sign) in [(" after ", "+"), (" before ", "-"), (" from ", "+")] {
        if let Some((length, day)) = line.split_once(word)
            && length.starts_with(|ch: char| ch.is_ascii_digit())
        {
            let written = format!("at {} {sign} {length}", day.trim_start_matches("the "));
            return Some(told.arg("found", line).arg("written", &written).fix("after", span, written, false));
        }
    }
    for (word, sign) in [("后", "+"), ("前", "-")] {
        let whole = line.replace(' ', "");
        if let Some((day, length)) = whole.split_once(word)
            && length.starts_with(|ch: char| ch.is_ascii_digit())
            && !day.is_empty()
        {
            let at = if place.before().trim_end().ends_with('于') { "" } else { "于 " };
            let written = format!("{at}{day} {sign} {length}");
            return Some(told.arg("found", line).arg("written", &written).fix("after", span, written, false));
        }
    }
    None
}

/// `case fine { … }`: what is a text stands in quotation marks.
fn unquoted(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let word = place.word();
    let before = place.before().trim();
    let wanted = matches!(before, "case" | "案例" | "version" | "版本" | "calendar" | "日历");
    if !word.starts_with(unicode_ident::is_xid_start)
        || !wanted
        || !rules.iter().any(|rule| matches!(rule, Rule::text | Rule::label))
    {
        return None;
    }
    // `case a strong one {`: all up to the bracket or the day.
    let line = place.rest().split(['\n', '{', '｛', '"', '“']).next()?;
    let ends = [" as of ", " 截至 "].into_iter().filter_map(|word| line.find(word)).min();
    let found = line.get(..ends.unwrap_or(line.len()))?.trim_end();
    let found = if matches!(before, "case" | "案例") { found } else { word };
    let span = place.stretch(place.at, place.at.saturating_add(found.len()));
    Some(Diagnostic::new("E158", span).arg("found", found).fix("quotes", span, format!("\"{found}\""), true))
}

/// Whether a line between constructs is prose: no bracket opens in it, and it gives no value.
pub(super) fn is_prose(place: &Place<'_>) -> bool {
    let line = place.rest().split('\n').next().unwrap_or("");
    !line.contains(['{', '｛', '=', '＝']) && line.chars().count() > 8
}
