//! Bounds as offices write them: `10万元以内`, `≥1万且<10万`, `86 ~ 100`, `86分（含）以上`, each told in the words that the language has.

use super::figures::{figure_meant, with_unit_of};
use super::grammar::Rule;
use super::keywords::{begins_with, keyword};
use super::slips::Place;
use super::{grades, habits};
use crate::base::Span;
use crate::diag::Diagnostic;

/// Signs of comparison, and the words that bound so.
const OPERATORS: &[(&str, &str)] = &[
    ("＞＝", "from_bound"),
    ("＜＝", "at_most"),
    ("＞=", "from_bound"),
    ("＜=", "at_most"),
    ("≧", "from_bound"),
    ("≦", "at_most"),
    ("＞", "above"),
    ("＜", "below"),
    (">=", "from_bound"),
    ("<=", "at_most"),
    ("≥", "from_bound"),
    ("≤", "at_most"),
    (">", "above"),
    ("<", "below"),
];

/// Words for bounds that are not those of the language, at the beginning of a row.
const PHRASES: &[(&str, &str)] = &[
    ("at least", "from_bound"),
    ("not less than", "from_bound"),
    ("more than", "above"),
    ("greater than", "above"),
    ("over", "above"),
    ("less than", "below"),
    ("under", "below"),
    ("up to", "at_most"),
    ("not more than", "at_most"),
    ("otherwise", "any"),
    ("else", "any"),
    ("default", "any"),
    ("不少于", "from_bound"),
    ("不足", "below"),
    ("不到", "below"),
    ("未满", "below"),
    ("少于", "below"),
    ("多于", "above"),
    ("不多于", "at_most"),
    ("大于等于", "from_bound"),
    ("不小于", "from_bound"),
    ("不低于", "from_bound"),
    ("至少", "from_bound"),
    ("大于", "above"),
    ("高于", "above"),
    ("小于等于", "at_most"),
    ("不大于", "at_most"),
    ("不高于", "at_most"),
    ("至多", "at_most"),
    ("小于", "below"),
    ("低于", "below"),
    ("其他", "any"),
    ("其它", "any"),
    ("其余", "any"),
    ("否则", "any"),
];

/// The Chinese bound that a name begins with, a number behind it, and the word of the language for it: `满20万`, `大于20万`.
pub(super) fn glued_bound(name: &str) -> Option<(&'static str, &'static str)> {
    let own = ["from_bound", "below", "above", "at_most"]
        .into_iter()
        .filter_map(keyword)
        .map(|word| (word.zh, word.zh));
    let others = PHRASES.iter().filter_map(|(phrase, role)| Some((*phrase, keyword(role)?.zh)));
    own.chain(others).find(|(phrase, _)| {
        name.strip_prefix(phrase).is_some_and(|rest| rest.starts_with(|ch: char| ch.is_ascii_digit()))
    })
}

/// `不高于 B 当 …`, `at most B when …` among grades: the best grade that may be given is a rule with a word of its own.
pub(super) fn grade_bound(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    if !rules.iter().any(|rule| matches!(rule, Rule::kw_apart | Rule::apart)) {
        return None;
    }
    let before = place.before().trim_end();
    let phrase =
        ["不高于", "不超过", "不优于", "至多", "最高", "at most", "no better than", "not better than"];
    let phrase = phrase.into_iter().find(|phrase| before.ends_with(phrase))?;
    let start = place.from.saturating_add(before.len()).saturating_sub(phrase.len());
    let span = place.stretch(start, start.saturating_add(phrase.len()));
    let word = keyword("not_above").map_or("", |word| if phrase.is_ascii() { word.en } else { word.zh });
    let told = Diagnostic::new("E117", span).variant("operator").arg("found", phrase).arg("word", word);
    Some(told.fix("word", span, word, true))
}

/// Where the grammar stopped, as far as bounds are concerned.
#[derive(Clone, Copy)]
struct Within {
    /// In a cell, or where a grade says where it begins.
    cell: bool,
    /// Among grades.
    grades: bool,
    /// In a range, which has two ends.
    range: bool,
    /// Where the colon of a row could stand.
    row: bool,
}

impl Within {
    fn of(rules: &[Rule]) -> Within {
        let any = |wanted: fn(&Rule) -> bool| rules.iter().any(wanted);
        Within {
            cell: any(|rule| {
                matches!(
                    rule,
                    Rule::cells
                        | Rule::cell
                        | Rule::pattern
                        | Rule::row
                        | Rule::correction_row
                        | Rule::row_when
                        | Rule::columns
                        | Rule::from
                        | Rule::above
                        | Rule::kw_from_bound
                )
            }),
            grades: any(|rule| matches!(rule, Rule::kw_apart | Rule::apart)),
            range: any(|rule| matches!(rule, Rule::dots | Rule::default | Rule::kw_default)),
            row: rules.contains(&Rule::colon),
        }
    }
}

/// A number with a word behind it that sets a bound: `10万元以内`, `86 ~ 100`, `>= 86` in a cell.
pub(super) fn bound(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let within = Within::of(rules);
    let word = Figure::at(place);
    let bounds = || both_bounds(place).or_else(|| operator(place, within));
    (if within.cell || within.row { bounds() } else { None })
        .or_else(|| open_end(place, within))
        .or_else(|| spelled(place, within))
        .or_else(|| inclusive(place, &word, within.grades))
        .or_else(|| span_in_word(place, &word))
        .or_else(|| ending(place, &word, within))
        .or_else(|| between_figures(place, within))
}

/// The word that holds a place, from its beginning, with the signs of figures: the grammar may have stopped behind the number.
struct Figure<'t> {
    start: usize,
    text: &'t str,
    /// What stands behind it.
    behind: &'t str,
    numeric: bool,
}

impl<'t> Figure<'t> {
    fn at(place: &Place<'t>) -> Figure<'t> {
        let begins = |ch: char| unicode_ident::is_xid_continue(ch) || matches!(ch, '.' | '-');
        let start = place.from.saturating_add(place.before().trim_end_matches(begins).len());
        let whole = place.text.get(start..).unwrap_or("");
        let goes_on = |ch: char| unicode_ident::is_xid_continue(ch) || matches!(ch, '.' | '%' | '-');
        let end = whole.find(|ch| !goes_on(ch)).unwrap_or(whole.len());
        let (text, behind) = whole.split_at_checked(end).unwrap_or((whole, ""));
        let numeric = text.starts_with(|ch: char| ch.is_ascii_digit() || ch == '-');
        Figure { start, text, behind, numeric }
    }

    fn span(&self, place: &Place<'_>) -> Span {
        place.stretch(self.start, self.start.saturating_add(self.text.len()))
    }
}

/// `>= 86` in a cell: a bound is a word.
fn operator(place: &Place<'_>, within: Within) -> Option<Diagnostic> {
    let rest = place.rest();
    let (mark, role) = OPERATORS.iter().find(|(mark, _)| rest.starts_with(mark))?;
    // `years >= 5 : 10`: the key is named in the head of the table.
    let start = place.before().rfind(['\n', ';', '；', '{', '，', ',']).map_or(0, |at| at.saturating_add(1));
    let head = place.before().get(start..)?;
    let blanks = head.len().saturating_sub(head.trim_start().len());
    let from = place.from.saturating_add(start).saturating_add(blanks);
    let part = |ch: char| unicode_ident::is_xid_continue(ch) || ch == '.';
    let is_name = head.trim().starts_with(unicode_ident::is_xid_start) && head.trim().chars().all(part);
    if !within.cell && !is_name {
        return None;
    }
    if within.grades && matches!(*role, "at_most" | "below") {
        let (line, span) = rest_of_member(place);
        return Some(Diagnostic::new("E157", span).arg("found", line).help("upper"));
    }
    let span = place.stretch(place.at, place.at.saturating_add(mark.len()));
    let blank = if rest.get(mark.len()..)?.starts_with(' ') { "" } else { " " };
    let word = said(role, place.chinese());
    let told = Diagnostic::new("E117", span).variant("operator").arg("found", mark).arg("word", word);
    let whole = if is_name && !within.grades { place.stretch(from, span.range().end) } else { span };
    Some(told.fix("word", whole, format!("{word}{blank}"), true))
}

/// Words and signs behind a figure that leave one end open.
const OPEN_ENDS: &[(&str, &str)] = &[
    ("+", "from_bound"),
    ("and more", "from_bound"),
    ("or more", "from_bound"),
    ("and above", "from_bound"),
    ("or above", "from_bound"),
    ("and over", "from_bound"),
    ("or over", "from_bound"),
    ("or higher", "from_bound"),
    ("and up", "from_bound"),
    ("及更多", "from_bound"),
    ("or less", "at_most"),
    ("and less", "at_most"),
    ("or fewer", "at_most"),
    ("or below", "at_most"),
    ("and below", "at_most"),
    ("or under", "at_most"),
];

/// `80+`, `5 or more : …`: a figure with an open end.
fn open_end(place: &Place<'_>, within: Within) -> Option<Diagnostic> {
    let grades = within.grades || begins_with(place.head, "grades");
    let start = place.before().rfind(['\n', ';', '；', '{']).map_or(0, |at| at.saturating_add(1));
    let from = place.from.saturating_add(start);
    // A line that ends in `+` goes on: only the source has its end.
    let line = place.source.get(from..)?.split(['\n', ';', '；', ':', '：', '#', '}']).next()?.trim_end();
    let (phrase, role) = OPEN_ENDS.iter().find(|(phrase, _)| line.ends_with(phrase))?;
    let head = line.strip_suffix(phrase)?.trim_end();
    let parts = |ch: char| matches!(ch, ' ' | ',' | '，' | '\u{3000}');
    let figure =
        head.rfind(parts).and_then(|at| Some(at.saturating_add(head.get(at..)?.chars().next()?.len_utf8())));
    let figure = figure.unwrap_or(0);
    let written = head.get(figure..)?;
    if !written.starts_with(|ch: char| ch.is_ascii_digit()) {
        return None;
    }
    let start = from.saturating_add(figure);
    let end = from.saturating_add(line.len());
    let near = place.at >= start && place.source.get(end..place.at).is_none_or(|rest| rest.trim().is_empty());
    let is_row = place.source.get(end..)?.trim_start_matches(' ').starts_with([':', '：']);
    let chinese = place.chinese();
    let bound = format!("{} {written}", said(role, chinese));
    let span = place.stretch(start, end);
    let found = place.source.get(start..end)?;
    if grades && *role == "from_bound" && near {
        let told = Diagnostic::new("E157", span).arg("found", found).arg("written", &bound);
        return Some(told.fix("written", span, bound, true));
    }
    let told = Diagnostic::new("E117", span).variant("ending").arg("found", found).arg("written", &bound);
    (near && is_row && !grades).then(|| told.fix("written", span, bound, true))
}

/// `at least 86 : …`, `其他 ：…`: the bound of a row in another word.
fn spelled(place: &Place<'_>, within: Within) -> Option<Diagnostic> {
    if !within.cell && !within.row {
        return None;
    }
    let member = place.text.get(place.from..place.to)?;
    let begins = member.trim_start();
    let start = place.from.saturating_add(member.len().saturating_sub(begins.len()));
    let (phrase, role) = PHRASES.iter().find(|(phrase, _)| {
        let rest = begins.strip_prefix(phrase);
        rest.is_some_and(|rest| !rest.starts_with(|ch: char| ch.is_ascii_alphabetic()))
    })?;
    let span = place.stretch(start, start.saturating_add(phrase.len()));
    let word = said(role, place.chinese());
    let glued = begins.get(phrase.len()..)?.starts_with(|ch: char| ch.is_ascii_digit());
    let told = Diagnostic::new("E117", span).variant("operator").arg("found", phrase).arg("word", word);
    Some(told.fix("word", span, format!("{word}{}", if glued { " " } else { "" }), true))
}

/// `86分（含）以上`, `60万（含）以下`: what stands in the brackets, the word behind them says, too.
fn inclusive(place: &Place<'_>, figure: &Figure<'_>, in_grades: bool) -> Option<Diagnostic> {
    let (mark, word) = ["（含）", "(含)", "（含本数）", "(含本数)"].into_iter().find_map(|mark| {
        let behind = figure.behind.strip_prefix(mark)?;
        let word = ["以上", "以下", "以内"].into_iter().find(|word| behind.starts_with(word))?;
        Some((mark, word))
    })?;
    let length = figure.text.len().saturating_add(mark.len()).saturating_add(word.len());
    let span = place.stretch(figure.start, figure.start.saturating_add(length));
    let found = format!("{}{mark}{word}", figure.text);
    let above = word == "以上";
    if in_grades && !above {
        return Some(Diagnostic::new("E157", span).arg("found", found).help("upper"));
    }
    let role = keyword(if above { "from_bound" } else { "at_most" })?.zh;
    let written = format!("{role} {}", figure.text.strip_suffix('分').unwrap_or(figure.text));
    let told = Diagnostic::new("E117", span).variant("ending").arg("found", found).arg("written", &written);
    Some(told.fix("written", span, written, true))
}

/// `0到100%` in the range of a fact, `在61至85之间`: both ends in one word.
fn span_in_word(place: &Place<'_>, figure: &Figure<'_>) -> Option<Diagnostic> {
    let (found, span) = (figure.text, figure.span(place));
    let ends = habits::ends(found).filter(|(.., length)| figure.numeric && *length == found.len());
    if let Some((from, to, _)) = ends {
        let told = Diagnostic::new("E117", span).variant("between").arg("found", found);
        return Some(told.fix("dots", span, format!("{}..{to}", with_unit_of(from, to)), false));
    }
    if !found.ends_with("之间") {
        return None;
    }
    // The ends are known, the word is not.
    habits::between(place).or_else(|| {
        let told = Diagnostic::new("E151", span).variant("between").arg("found", "之间");
        Some(told.fix("span", span, habits::stretch_meant(found)?, false))
    })
}

/// Words behind a figure that bound it.
const ENDINGS: &[(&str, &str)] = &[
    ("以内", "at_most"),
    ("及以上", "or_better"),
    ("及以下", "or_worse"),
    ("以上", "from_bound"),
    ("以下", "at_most"),
];

/// `10万元以内`, `CA2以上`: a figure or a grade with the word behind it.
fn ending(place: &Place<'_>, figure: &Figure<'_>, within: Within) -> Option<Diagnostic> {
    let (found, span, numeric) = (figure.text, figure.span(place), figure.numeric);
    let cut = ENDINGS.iter().find_map(|(ending, role)| {
        Some((found.strip_suffix(ending).filter(|stem| !stem.is_empty())?, *role))
    });
    let (stem, role) = cut?;
    let stem = stem.strip_suffix('分').filter(|_| numeric).unwrap_or(stem);
    // `C级及以下`, where C is the grade.
    let grade = stem.strip_suffix('级').filter(|grade| !numeric && grades::is_declared(place.source, grade));
    let stem = grade.unwrap_or(stem);
    // `1年以下` is a bound of 12 months, if it is months that are counted.
    let said_otherwise = figure_meant(stem).filter(|_| numeric);
    let (stem, sure) = said_otherwise.as_ref().map_or((stem, true), |meant| (&*meant.written, meant.sure));
    if let Some(told) = left_out(place, figure, stem, (role, within.grades)) {
        return Some(told);
    }
    if numeric && !stem.chars().all(|ch| ch.is_ascii_digit() || "._%‰-千万亿元天日周个月年".contains(ch))
    {
        return Some(Diagnostic::new("E117", span).variant("ending").arg("found", found).help("two"));
    }
    if numeric && within.grades && matches!(role, "or_worse" | "at_most" | "below") {
        return Some(Diagnostic::new("E157", span).arg("found", found).help("upper"));
    }
    let say = |role: &str| said(role, place.chinese());
    let fix = match (numeric, role) {
        // `cap at 10万元以内`: the line says already which end it is.
        (true, "at_most" | "or_worse") if ends_with_word(place, figure.start, &["cap_at"]) => stem.to_owned(),
        (true, "from_bound" | "or_better") if ends_with_word(place, figure.start, &["floor_at"]) => {
            stem.to_owned()
        }
        (true, "or_better") => format!("{} {stem}", say("from_bound")),
        (true, "or_worse") => format!("{} {stem}", say("at_most")),
        (true, _) => format!("{} {stem}", say(role)),
        (false, "or_better" | "from_bound") => format!("{stem} {}", say("or_better")),
        (false, _) => format!("{stem} {}", say("or_worse")),
    };
    // `信用等级 C以下`: the comparison lacks its word, too.
    let head = place.text.get(place.from..figure.start).unwrap_or("").trim_end_matches([' ', '\u{3000}']);
    let compared_by =
        ["为", "是", "is", "is not", "或", "or"].into_iter().any(|word| ends_with_word_of(head, word));
    let value = head.get(head.trim_end_matches(unicode_ident::is_xid_continue).len()..).unwrap_or("");
    let lacks = !numeric && !within.cell && !compared_by && !value.is_empty();
    let fix = if lacks { format!("{} {fix}", if place.chinese() { "为" } else { "is" }) } else { fix };
    // Behind `>=` the phrase says it twice, and which of the two was meant is not known.
    let compared = place
        .text
        .get(place.from..figure.start)
        .is_some_and(|before| before.trim_end().ends_with(['<', '>', '=', '≤', '≥', '＜', '＞', '＝']));
    let told = Diagnostic::new("E117", span).variant("ending").arg("found", found).arg("written", &fix);
    Some(told.fix("written", span, fix, !compared && sure))
}

/// `1万以下(不含)`: the words behind a bound turn it.
fn left_out(
    place: &Place<'_>,
    figure: &Figure<'_>,
    stem: &str,
    (role, in_grades): (&str, bool),
) -> Option<Diagnostic> {
    let turned = ["（不含", "(不含"].into_iter().any(|mark| figure.behind.starts_with(mark));
    let close = figure.behind.find(['）', ')']).filter(|_| figure.numeric && turned)?;
    let above = matches!(role, "from_bound" | "or_better");
    let written = format!("{} {stem}", said(if above { "above" } else { "below" }, place.chinese()));
    let close = close.saturating_add(figure.behind.get(close..)?.chars().next()?.len_utf8());
    let behind = figure.start.saturating_add(figure.text.len());
    let span = place.stretch(figure.start, behind.saturating_add(close));
    let found = place.text.get(span.range())?;
    let told = Diagnostic::new("E117", span).variant("ending").arg("found", found).arg("written", &written);
    Some(told.fix("written", span, written, !in_grades || above))
}

/// `86 ~ 100`, `10~50万`: a mark between two figures.
fn between_figures(place: &Place<'_>, within: Within) -> Option<Diagnostic> {
    let before = place.before();
    let figure = |ch: char| ch.is_ascii_digit() || matches!(ch, '%' | '万' | '亿');
    let between = before.trim_end().ends_with(figure)
        || within.range && before.ends_with(|ch: char| ch.is_ascii_digit());
    let marks: &[&str] = if within.range {
        &["~", "～", "—", "–", "至", "到", "to ", "-"]
    } else {
        &["~", "～", "—", "–", "至", "to "]
    };
    let mark = marks.iter().copied().find(|mark| place.rest().starts_with(mark))?;
    if matches!(mark, "to " | "到" | "至")
        && let Some(told) = spans_by_dash(place)
    {
        return Some(told);
    }
    if !between {
        return None;
    }
    let in_grades = within.grades || begins_with(place.head, "grades");
    if let Some(told) = behind_bound(place, mark.trim_end()).filter(|_| !in_grades) {
        return Some(told);
    }
    // `A from 86 to 100`: the upper end is the beginning of the grade above.
    if in_grades {
        let (line, span) = rest_of_member(place);
        let told = Diagnostic::new("E157", span).variant("end").arg("found", line);
        return Some(told.fix("end", span, "", false));
    }
    let span = place.stretch(place.at, place.at.saturating_add(mark.trim_end().len()));
    let told = Diagnostic::new("E117", span).variant("between").arg("found", mark.trim_end());
    let from = before.trim_end();
    let from = from.get(from.trim_end_matches(|ch: char| ch.is_ascii_digit() || ch == '.').len()..)?;
    let behind = place.rest().get(mark.len()..)?.trim_start();
    if let Some((written, length)) = turned(from, behind) {
        let start = place.from.saturating_add(before.trim_end().len()).saturating_sub(from.len());
        let end = place.text.len().saturating_sub(behind.len()).saturating_add(length);
        return Some(told.fix("dots", place.stretch(start, end), written, false));
    }
    let to =
        behind.get(..behind.find(|ch| !(figure(ch) || "._元天‰".contains(ch))).unwrap_or(behind.len()))?;
    let spread = with_unit_of(from, to);
    let unit = spread.strip_prefix(from).filter(|unit| !unit.is_empty());
    // The unit of both ends stands at the upper one alone.
    let at = place.from.saturating_add(before.trim_end().len());
    Some(match unit {
        Some(unit) => told.fix("dots", place.stretch(at, span.range().end), format!("{unit}.."), false),
        None => told.fix("dots", span, "..", false),
    })
}

/// `from 2 to 5`, `from 2 to below 5`: the lower end is said by a word, and the upper one wants one, too.
fn behind_bound(place: &Place<'_>, mark: &str) -> Option<Diagnostic> {
    let start = place.before().rfind(['\n', ';', '；', '{', '，', ',']).map_or(0, |at| at.saturating_add(1));
    let cell = place.before().get(start..)?.trim_start();
    let low = ["from_bound", "above"].into_iter().any(|role| begins_with(cell, role));
    let behind = place.rest().get(mark.len()..)?;
    let span = place.stretch(place.at, place.at.saturating_add(mark.len()));
    let says = ["below", "at_most"].into_iter().any(|role| begins_with(behind, role));
    if !low {
        return None;
    }
    let blanks = behind.len().saturating_sub(behind.trim_start().len());
    let whole = place.stretch(place.at, place.at.saturating_add(mark.len()).saturating_add(blanks));
    let word = said("below", place.chinese());
    let told = Diagnostic::new("E117", span).variant("upper").arg("found", mark).arg("word", word);
    Some(if says {
        told.fix("bare", whole, "", true)
    } else {
        told.fix("upper", whole, format!("{word} "), false)
    })
}

/// Two figures with a unit at the upper one that is turned into another: `1` and `3年` are 12 and 36 months. How they are written, and
/// how long the upper one is.
fn turned(from: &str, behind: &str) -> Option<(String, usize)> {
    let figure = behind.find(|ch: char| !(ch.is_ascii_digit() || ch == '.'))?;
    let unit = behind.get(figure..)?;
    let bare = unit.trim_start_matches(' ');
    let word = bare.get(..bare.find(|ch| !unicode_ident::is_xid_continue(ch)).unwrap_or(bare.len()))?;
    let known =
        ["year", "years", "week", "weeks", "quarter", "quarters", "年", "周", "季度", "个季度", "个星期"];
    known.contains(&word).then_some(())?;
    let said = |figure: &str| figure_meant(&format!("{figure}{word}"));
    let (low, high) = (said(from)?, said(behind.get(..figure)?)?);
    let length = behind.len().saturating_sub(bare.len()).saturating_add(word.len());
    Some((format!("{}..{}", low.written, high.written), length))
}

/// A bound's word in the language of the policy.
fn said(role: &str, chinese: bool) -> &'static str {
    keyword(role).map_or("", |word| if chinese { word.zh } else { word.en })
}

/// What stands from the place to the end of its member.
fn rest_of_member<'t>(place: &Place<'t>) -> (&'t str, Span) {
    let line = place.rest().split(['\n', ';', '；', '}']).next().unwrap_or("").trim_end();
    (line, place.stretch(place.at, place.at.saturating_add(line.len())))
}

/// `≥1万且<10万`, `大于1万小于10万`: both ends of a cell, joined as conditions are.
fn both_bounds(place: &Place<'_>) -> Option<Diagnostic> {
    let start = place.before().rfind(['\n', ';', '；', '{', '，', ',']).map_or(0, |at| at.saturating_add(1));
    let from = place.from.saturating_add(start);
    let cell = place.text.get(from..)?.split(['\n', ':', '：', ',', '，']).next()?;
    let skipped = cell.len().saturating_sub(cell.trim_start().len());
    let from = from.saturating_add(skipped);
    let written = both_ends(cell.trim(), place.chinese())?;
    let span = place.stretch(from, from.saturating_add(cell.trim().len()));
    let told =
        Diagnostic::new("E117", span).variant("ending").arg("found", cell.trim()).arg("written", &written);
    Some(told.fix("written", span, written, true))
}

/// A cell that says both its ends in other words, as the language says them: the lower end first.
pub(super) fn both_ends(cell: &str, chinese: bool) -> Option<String> {
    // `x >= 1 and x < 3`: the key is named in the head of the table.
    let name = cell.find(|ch| !unicode_ident::is_xid_continue(ch)).and_then(|end| cell.get(..end));
    let name = name.filter(|name| {
        let signs = |(sign, _): &(&str, &str)| {
            cell.get(name.len()..).is_some_and(|rest| rest.trim_start().starts_with(sign))
        };
        name.starts_with(unicode_ident::is_xid_start) && OPERATORS.iter().any(signs)
    });
    let nameless =
        |text: &'_ str| name.and_then(|name| text.strip_prefix(name)).map_or(0, |_| name.map_or(0, str::len));
    let (first, low, rest) = match chained(cell) {
        Some(chained) => chained,
        None => bounded(cell.get(nameless(cell)..)?.trim_start())?,
    };
    let joined =
        ["且", "并且", "and", "&&", "&"].into_iter().find_map(|word| rest.trim_start().strip_prefix(word));
    let rest = joined.unwrap_or(rest).trim_start();
    let (second, high, rest) = bounded(rest.get(nameless(rest)..)?.trim_start())?;
    let is_low = |role: &str| matches!(role, "from_bound" | "above");
    if !rest.trim().is_empty() || is_low(first) == is_low(second) {
        return None;
    }
    let (one, other) = ((first, low), (second, high));
    let (low, high) = if is_low(first) { (one, other) } else { (other, one) };
    Some(format!("{} {} {} {}", said(low.0, chinese), low.1, said(high.0, chinese), high.1))
}

/// `1 <= x` at the beginning of `1 <= x < 3`: the bound as it reads from the other side, its figure, and what stands behind the name.
fn chained(text: &str) -> Option<(&'static str, &str, &str)> {
    let end = text.find(|ch: char| !(ch.is_ascii_digit() || "._%‰万亿元天".contains(ch)))?;
    let figure = text.get(..end).filter(|figure| figure.starts_with(|ch: char| ch.is_ascii_digit()))?;
    let behind = text.get(end..)?.trim_start();
    let (sign, role) = OPERATORS.iter().find(|(sign, _)| behind.starts_with(sign))?;
    let turned = match *role {
        "from_bound" => "at_most",
        "at_most" => "from_bound",
        "above" => "below",
        _ => "above",
    };
    let rest = behind.get(sign.len()..)?.trim_start();
    let name = rest
        .find(|ch| !unicode_ident::is_xid_continue(ch))
        .filter(|_| rest.starts_with(unicode_ident::is_xid_start))?;
    let rest = rest.get(name..)?;
    OPERATORS.iter().any(|(sign, _)| rest.trim_start().starts_with(sign)).then_some((turned, figure, rest))
}

/// A bound at the beginning of a text: the role of its word, its figure, and what stands behind it.
fn bounded(text: &str) -> Option<(&'static str, &str, &str)> {
    const OTHERS: &[(&str, &str)] = &[
        ("满", "from_bound"),
        ("不满", "below"),
        ("超过", "above"),
        ("不超过", "at_most"),
        ("＞", "above"),
        ("＜", "below"),
        ("›", "above"),
        ("‹", "below"),
    ];
    let phrases = OPERATORS.iter().chain(OTHERS).chain(PHRASES.iter().filter(|(_, role)| *role != "any"));
    let (phrase, role) =
        phrases.filter(|(phrase, _)| text.starts_with(phrase)).max_by_key(|(phrase, _)| phrase.len())?;
    let behind = text.get(phrase.len()..)?.trim_start();
    let end =
        behind.find(|ch: char| !(ch.is_ascii_digit() || "._%‰万亿元天".contains(ch))).unwrap_or(behind.len());
    let figure = behind.get(..end).filter(|figure| figure.starts_with(|ch: char| ch.is_ascii_digit()))?;
    Some((role, figure, behind.get(end..)?))
}

/// `scale 0-10 to 0-100`: the grammar took the dash for a minus and stopped at `to`, where nothing is wrong.
fn spans_by_dash(place: &Place<'_>) -> Option<Diagnostic> {
    let figure = |text: &str| !text.is_empty() && text.chars().all(|ch| ch.is_ascii_digit() || ch == '.');
    let dashed = |text: &str| {
        let (from, to) = text.split_once('-')?;
        (figure(from) && figure(to)).then(|| format!("{from}..{to}"))
    };
    let before = place.before().trim_end();
    let start = before.rfind([' ', '\t']).map_or(0, |at| at.saturating_add(1));
    let found = before.get(start..)?;
    let from = place.from.saturating_add(start);
    let span = place.stretch(from, from.saturating_add(found.len()));
    let told = Diagnostic::new("E117", span).variant("range").arg("found", found);
    let mut told = told.fix("dots", span, dashed(found)?, false);
    let mark = ["to", "到", "至"].into_iter().find(|mark| place.rest().starts_with(mark))?;
    let behind = place.rest().get(mark.len()..)?;
    let second = behind.split_whitespace().next()?;
    if let (Some(written), Some(fix)) = (dashed(second), told.fixes.first_mut()) {
        let blanks = behind.len().saturating_sub(behind.trim_start().len());
        let at = place.at.saturating_add(mark.len()).saturating_add(blanks);
        fix.edits.push((place.stretch(at, at.saturating_add(second.len())), written.into()));
    }
    Some(told)
}

/// The cell that an interval stands for, which a line holds: `[2, 5)` is `from 2 below 5`.
pub(super) fn interval(found: &str, line: &str) -> Option<String> {
    let inside = found.get(found.chars().next()?.len_utf8()..)?;
    let inside = inside.get(..inside.len().checked_sub(inside.chars().next_back()?.len_utf8())?)?;
    let (from, to) = inside.split_once([',', '，', ';', '；', '~', '～'])?;
    let figure = |text: &str| {
        let text = text.trim();
        text.starts_with(|ch: char| ch.is_ascii_digit()) && !text.contains([' ', '(', '[', ':'])
    };
    if !figure(from) || !figure(to) {
        return None;
    }
    let chinese = line.lines().next().is_some_and(|line| !line.is_ascii());
    let low = said(if found.starts_with(['[', '【']) { "from_bound" } else { "above" }, chinese);
    let high = said(if found.ends_with([']', '】']) { "at_most" } else { "below" }, chinese);
    Some(format!("{low} {} {high} {}", from.trim(), to.trim()))
}

/// Whether a text ends with a word of its own.
fn ends_with_word_of(text: &str, word: &str) -> bool {
    super::keywords::ends_with_word(text, word)
}

/// Whether the member up to a place ends with one of these keywords.
fn ends_with_word(place: &Place<'_>, at: usize, roles: &[&str]) -> bool {
    let before = place.text.get(place.from..at).unwrap_or("").trim_end();
    let mut words = roles.iter().filter_map(|role| keyword(role)).flat_map(|word| [word.en, word.zh]);
    words.any(|word| !word.is_empty() && before.ends_with(word))
}
