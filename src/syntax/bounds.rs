//! Bounds as offices write them: `10万元以内`, `≥1万且<10万`, `86 ~ 100`, `86分（含）以上`, each told in the words that the language has.

use super::grammar::Rule;
use super::habits;
use super::keywords::keyword;
use super::slips::Place;
use crate::base::Span;
use crate::diag::Diagnostic;

/// Signs of comparison, and the words that bound so.
const OPERATORS: &[(&str, &str)] = &[
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

/// `86分（含）以上`, `60万（含）以下`: the figure that stands at a place, what is in brackets behind it, and the word that bounds.
fn inclusive(place: &Place<'_>, it: (usize, &str, &str, &str), in_grades: bool) -> Diagnostic {
    let (start, figure, mark, word) = it;
    let length = figure.len().saturating_add(mark.len()).saturating_add(word.len());
    let span = place.stretch(start, start.saturating_add(length));
    let found = format!("{figure}{mark}{word}");
    let above = word == "以上";
    if in_grades && !above {
        return Diagnostic::new("E157", span).arg("found", found).help("upper");
    }
    let role = keyword(if above { "from_bound" } else { "at_most" }).map_or("", |word| word.zh);
    let written = format!("{role} {}", figure.strip_suffix('分').unwrap_or(figure));
    let told = Diagnostic::new("E117", span).variant("ending").arg("found", found).arg("written", &written);
    told.fix("written", span, written, true)
}

/// A number with a word behind it that sets a bound: `10万元以内`, `86 ~ 100`, `>= 86` in a cell.
pub(super) fn bound(place: &Place<'_>, rules: &[Rule]) -> Option<Diagnostic> {
    let rest = place.rest();
    let in_cell = rules.iter().any(|rule| {
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
    });
    let in_grades = rules.iter().any(|rule| matches!(rule, Rule::kw_apart | Rule::apart));
    let chinese = place.chinese();
    let say = |role: &str| said(role, chinese);
    if in_cell && let Some(told) = both_bounds(place) {
        return Some(told);
    }
    if in_cell && let Some((mark, role)) = OPERATORS.iter().find(|(mark, _)| rest.starts_with(mark)) {
        if in_grades && matches!(*role, "at_most" | "below") {
            let (line, span) = rest_of_member(place);
            return Some(Diagnostic::new("E157", span).arg("found", line).help("upper"));
        }
        let span = place.stretch(place.at, place.at.saturating_add(mark.len()));
        let blank = if rest.get(mark.len()..).is_some_and(|rest| rest.starts_with(' ')) { "" } else { " " };
        let fix = format!("{}{blank}", say(role));
        return Some(
            Diagnostic::new("E117", span)
                .variant("operator")
                .arg("found", mark)
                .arg("word", say(role))
                .fix("word", span, fix, true),
        );
    }
    if in_cell || rules.contains(&Rule::colon) {
        let member = place.text.get(place.from..place.to).unwrap_or("");
        let start = place.from.saturating_add(member.len().saturating_sub(member.trim_start().len()));
        let spelled = PHRASES.iter().find(|(phrase, _)| {
            let rest = member.trim_start().strip_prefix(phrase);
            rest.is_some_and(|rest| !rest.starts_with(|ch: char| ch.is_ascii_alphabetic()))
        });
        if let Some((phrase, role)) = spelled {
            let span = place.stretch(start, start.saturating_add(phrase.len()));
            let fix = say(role);
            let glued = place
                .text
                .get(span.range().end..)
                .is_some_and(|rest| rest.starts_with(|ch: char| ch.is_ascii_digit()));
            let told =
                Diagnostic::new("E117", span).variant("operator").arg("found", phrase).arg("word", fix);
            return Some(told.fix("word", span, format!("{fix}{}", if glued { " " } else { "" }), true));
        }
    }
    // The word that holds the place, back to its beginning: the grammar may have stopped behind the number.
    let start = place
        .before()
        .char_indices()
        .rev()
        .take_while(|(_, ch)| unicode_ident::is_xid_continue(*ch) || matches!(ch, '.' | '-'))
        .last()
        .map_or(place.at, |(at, _)| place.from.saturating_add(at));
    let whole = place.text.get(start..).unwrap_or("");
    let end = whole
        .char_indices()
        .find(|(_, ch)| !(unicode_ident::is_xid_continue(*ch) || matches!(ch, '.' | '%' | '-')))
        .map_or(whole.len(), |(at, _)| at);
    // `86分（含）以上`: what stands in the brackets, the word behind them says, too.
    let rest_of_it = whole.get(end..).unwrap_or("");
    let included = ["（含）", "(含)", "（含本数）", "(含本数)"].into_iter().find_map(|mark| {
        let behind = rest_of_it.strip_prefix(mark)?;
        let word = ["以上", "以下", "以内"].into_iter().find(|word| behind.starts_with(word))?;
        Some((mark, word))
    });
    if let Some((mark, word)) = included {
        return Some(inclusive(place, (start, whole.get(..end)?, mark, word), in_grades));
    }
    let whole = whole.get(..end).unwrap_or("");
    let span = place.stretch(start, start.saturating_add(whole.len()));
    let numeric = whole.starts_with(|ch: char| ch.is_ascii_digit() || ch == '-');
    let behind = [
        ("以内", "at_most"),
        ("及以上", "or_better"),
        ("及以下", "or_worse"),
        ("以上", "from_bound"),
        ("以下", "at_most"),
    ];
    // `0到100%` in the range of a fact
    if numeric && let Some((from, to, _)) = habits::ends(whole).filter(|(.., length)| *length == whole.len())
    {
        let told = Diagnostic::new("E117", span).variant("between").arg("found", whole);
        return Some(told.fix("dots", span, format!("{from}..{to}"), false));
    }
    // `在61至85之间` and `61到85之间`: the ends are known, the word is not.
    if whole.ends_with("之间") {
        if let Some(told) = habits::between(place) {
            return Some(told);
        }
        if let Some(written) = habits::stretch_meant(whole) {
            let told = Diagnostic::new("E151", span).variant("between").arg("found", "之间");
            return Some(told.fix("span", span, written, false));
        }
    }
    // Behind `>=` the phrase says it twice, and which of the two was meant is not known.
    let compared = place
        .text
        .get(place.from..start)
        .is_some_and(|before| before.trim_end().ends_with(['<', '>', '=', '≤', '≥', '＜', '＞', '＝']));
    for (ending, role) in behind {
        let Some(stem) = whole.strip_suffix(ending).filter(|stem| !stem.is_empty()) else { continue };
        let stem = stem.strip_suffix('分').filter(|_| numeric).unwrap_or(stem);
        // `1万以下(不含)`: the words behind it turn it.
        let behind = place.text.get(span.range().end..).unwrap_or("");
        let left_out = ["（不含", "(不含"].into_iter().any(|mark| behind.starts_with(mark));
        if let Some(close) = behind.find(['）', ')']).filter(|_| numeric && left_out) {
            let above = matches!(role, "from_bound" | "or_better");
            let written = format!("{} {stem}", say(if above { "above" } else { "below" }));
            let close = close.saturating_add(behind.get(close..)?.chars().next()?.len_utf8());
            let span = place.stretch(start, span.range().end.saturating_add(close));
            let found = place.text.get(span.range())?;
            let told =
                Diagnostic::new("E117", span).variant("ending").arg("found", found).arg("written", &written);
            return Some(told.fix("written", span, written, !in_grades || above));
        }
        if numeric && !stem.chars().all(|ch| ch.is_ascii_digit() || "._%‰-千万亿元天日周个月年".contains(ch))
        {
            return Some(Diagnostic::new("E117", span).variant("ending").arg("found", whole).help("two"));
        }
        if numeric && in_grades && matches!(role, "or_worse" | "at_most" | "below") {
            return Some(Diagnostic::new("E157", span).arg("found", whole).help("upper"));
        }
        let fix = match (numeric, role) {
            // `cap at 10万元以内`: the line says already which end it is.
            (true, "at_most" | "or_worse") if ends_with_word(place, start, &["cap_at"]) => stem.to_owned(),
            (true, "from_bound" | "or_better") if ends_with_word(place, start, &["floor_at"]) => {
                stem.to_owned()
            }
            (true, "or_better") => format!("{} {stem}", say("from_bound")),
            (true, "or_worse") => format!("{} {stem}", say("at_most")),
            (true, _) => format!("{} {stem}", say(role)),
            (false, "or_better" | "from_bound") => format!("{stem} {}", say("or_better")),
            (false, _) => format!("{stem} {}", say("or_worse")),
        };
        return Some(
            Diagnostic::new("E117", span)
                .variant("ending")
                .arg("found", whole)
                .arg("written", &fix)
                .fix("written", span, fix, !compared),
        );
    }
    let between = place
        .before()
        .trim_end()
        .ends_with(|ch: char| ch.is_ascii_digit() || matches!(ch, '%' | '万' | '亿'));
    let spans = rules.iter().any(|rule| matches!(rule, Rule::dots | Rule::default | Rule::kw_default));
    let between = between || spans && place.before().ends_with(|ch: char| ch.is_ascii_digit());
    let marks: &[&str] = if spans {
        &["~", "～", "—", "–", "至", "到", "to ", "-"]
    } else {
        &["~", "～", "—", "–", "至", "to "]
    };
    let mark = marks.iter().copied().find(|mark| rest.starts_with(mark));
    if matches!(mark, Some("to " | "到" | "至"))
        && let Some(told) = spans_by_dash(place)
    {
        return Some(told);
    }
    // `A from 86 to 100`: the upper end is the beginning of the grade above.
    if let (true, true, Some(_)) = (between, in_grades, mark) {
        let (line, span) = rest_of_member(place);
        return Some(
            Diagnostic::new("E157", span).variant("end").arg("found", line).fix("end", span, "", false),
        );
    }
    if let (true, Some(mark)) = (between, mark) {
        let span = place.stretch(place.at, place.at.saturating_add(mark.trim_end().len()));
        return Some(
            Diagnostic::new("E117", span)
                .variant("between")
                .arg("found", mark.trim_end())
                .fix("dots", span, "..", false),
        );
    }
    None
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
    let (first, low, rest) = bounded(cell)?;
    let joined =
        ["且", "并且", "and", "&&", "&"].into_iter().find_map(|word| rest.trim_start().strip_prefix(word));
    let (second, high, rest) = bounded(joined.unwrap_or(rest).trim_start())?;
    let is_low = |role: &str| matches!(role, "from_bound" | "above");
    if !rest.trim().is_empty() || is_low(first) == is_low(second) {
        return None;
    }
    let (one, other) = ((first, low), (second, high));
    let (low, high) = if is_low(first) { (one, other) } else { (other, one) };
    Some(format!("{} {} {} {}", said(low.0, chinese), low.1, said(high.0, chinese), high.1))
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

/// Whether the member up to a place ends with one of these keywords.
fn ends_with_word(place: &Place<'_>, at: usize, roles: &[&str]) -> bool {
    let before = place.text.get(place.from..at).unwrap_or("").trim_end();
    let mut words = roles.iter().filter_map(|role| keyword(role)).flat_map(|word| [word.en, word.zh]);
    words.any(|word| !word.is_empty() && before.ends_with(word))
}
