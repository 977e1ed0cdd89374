//! Scorecards factor by factor, and the points lost.

use super::super::words::{Words, apportion};
use super::super::{Explanation, FactorLine, Figure, ScoreStory};
use super::lines::{Lines, Side};
use super::rules::{self, rule};
use crate::base::{Lang, Str};
use crate::plan::Missing;
use crate::value::{Number, Precision, Rounding, Type, Unit, Value};

/// How many decimals contributions are shown with; what is left over goes where most was cut off.
const SHOWN: u32 = 2;

/// The scorecards, factor by factor.
pub(super) fn scores(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    if story.scores.is_empty() {
        return;
    }
    out.heading(words.pick("Scores", "评分"));
    for score in story.scores.iter().filter(|score| score.live) {
        one(words, score, out);
    }
    // Of a card on which nothing rests its value is enough.
    for score in story.scores.iter().filter(|score| !score.live) {
        let title = words.title(&score.name, &score.label);
        let value = fixed(words, &score.value, score.rounding.as_ref());
        // A grade begins with its score also where a rule has given it outright.
        let graded = story.grades.iter().any(|grade| grade.score_name == score.name);
        let unused = words.bracketed(match graded {
            true => words.pick("changes nothing: the grade is given outright", "不影响结果：等级系直接评定"),
            false => words.pick("not used for this customer", "本次未采用"),
        });
        out.line(1, &format!("{title}{}{value}{unused}", words.pick(": ", "：")));
    }
}

fn number_of(figure: &Figure) -> Number {
    figure.value.as_number().cloned().unwrap_or(Number::ZERO)
}

/// A score with as many decimals as it is rounded to: `27.10`.
fn fixed(words: &Words<'_>, figure: &Figure, rounding: Option<&Rounding>) -> String {
    match (&figure.value, &figure.ty, rounding.map(|rounding| &rounding.precision)) {
        (Value::Number(number), Type::Number(unit), Some(Precision::Decimals(decimals)))
            if *unit == Unit::NUMBER =>
        {
            number.to_fixed(*decimals)
        }
        _ => words.figure(figure),
    }
}

/// One card.
pub(super) fn one(words: &Words<'_>, score: &ScoreStory, out: &mut Lines) {
    let colon = words.pick(": ", "：");
    let title = words.title(&score.name, &score.label);
    out.line(1, &format!("{title}{colon}{}", fixed(words, &score.value, score.rounding.as_ref())));
    if let Some(why) = &score.because {
        out.line(2, &words.unknowing(why));
    }
    if !score.live {
        out.line(2, words.pick("(not used for this customer)", "（本次未采用）"));
    }
    factors(words, score, out);
    let counted = score.value.value.is_known();
    for (name, label, value) in score.sections.iter().filter(|_| counted) {
        out.line(
            2,
            &format!(
                "{} {}{colon}{}{}",
                words.pick("section", "分组"),
                words.label(label),
                words.figure(value),
                of_section(words, score, name)
            ),
        );
    }
    let known = words.figure(&score.known);
    let weight = score.weight_known.as_ref().map(percent);
    out.line(
        2,
        &match (words.lang, weight) {
            (Lang::En, Some(weight)) => format!(
                "points {} of {}; factors known {known} of {}; weight known {weight}",
                words.figure(&score.sum),
                words.figure(&score.of),
                score.factors_in_all
            ),
            (Lang::En, None) => format!(
                "points {} of at most {}; factors known {known} of {}",
                words.figure(&score.sum),
                words.figure(&score.of),
                score.factors_in_all
            ),
            (Lang::Zh, weight) => format!(
                "得分 {} / {}；已知因素 {known} / {}{}",
                words.figure(&score.sum),
                words.figure(&score.of),
                score.factors_in_all,
                weight.map(|weight| format!("；已知权重 {weight}")).unwrap_or_default()
            ),
        },
    );
    if let Some(rounding) = score.rounding.as_ref().filter(|_| score.value.value.is_known()) {
        let (raw, value) = (words.figure(&score.raw), fixed(words, &score.value, Some(rounding)));
        out.line(2, &format!("{raw} → {} → {value}", words.rounding(rounding)));
    }
    for require in &score.require {
        rule(words, require, 2, out);
    }
    if let Some(other) = &score.other_mode {
        let other = fixed(words, other, score.rounding.as_ref());
        out.line(
            2,
            &format!(
                "{}{other}",
                words.pick("with what is missing treated the other way: ", "若改用另一种缺项处理：")
            ),
        );
    }
    // Of a factor that is missing no row was asked, but for one that says what a missing one scores.
    let asked = |factor: &&FactorLine| {
        factor.value.value.is_known() || factor.rows.iter().any(|row| row.rule.standing.takes_effect())
    };
    for factor in score.factors.iter().filter(|factor| !factor.rows.is_empty()).filter(asked) {
        let (label, value) = (words.label(&factor.label), words.figure(&factor.value));
        out.line(2, &format!("{} {label}{colon}{value}", words.pick("points of", "分值表")));
        rules::rows(words, &factor.rows, &[(factor.step, factor.value.ty.clone())], false, None, 3, out);
    }
}

/// What the factors of a section bring to the card, of what they could: ` (19.50 of 35.00 points)`.
fn of_section(words: &Words<'_>, score: &ScoreStory, section: &Str) -> String {
    let of: Vec<&FactorLine> = score
        .factors
        .iter()
        .filter(|factor| factor.section.as_ref() == Some(section) && factor.points.value.is_known())
        .collect();
    let sum = |part: fn(&FactorLine) -> &Figure| {
        Number::sum(&of.iter().map(|factor| number_of(part(factor))).collect::<Vec<_>>())
    };
    let brings = sum(|factor| &factor.contribution);
    let all = brings.add(&sum(|factor| &factor.lost));
    if score.gathers || !all.is_positive() || !number_of(&score.base).is_zero() {
        return String::new();
    }
    let shown = |sum: &Number| sum.round(crate::value::RoundingMode::HalfUp, SHOWN).to_fixed(SHOWN);
    let (brings, all) = (shown(&brings), shown(&all));
    words.bracketed(&match words.lang {
        Lang::En => format!("{brings} of {all} points"),
        Lang::Zh => format!("{brings} / {all} 分"),
    })
}

/// The factors in columns; what they bring adds up to the card.
fn factors(words: &Words<'_>, score: &ScoreStory, out: &mut Lines) {
    let known = score.raw.value.is_known();
    let exact: Vec<Number> = std::iter::once(number_of(&score.base))
        .chain(score.factors.iter().map(|factor| number_of(&factor.contribution)))
        .collect();
    let contributions = apportion(&exact, SHOWN);
    let lost =
        apportion(&score.factors.iter().map(|factor| number_of(&factor.lost)).collect::<Vec<_>>(), SHOWN);
    let head = match words.lang {
        Lang::En => ["factor", "weight", "value", "points", "brings", "loses", ""],
        Lang::Zh => ["因素", "权重", "数值", "得分", "贡献", "失分", ""],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    // Points that are added up have no weights.
    if score.added
        && let Some(weight) = rows.first_mut().and_then(|head| head.get_mut(1))
    {
        weight.clear();
    }
    // Points that speak against the customer are not lost where they are not counted.
    if score.gathers
        && let Some(loses) = rows.first_mut().and_then(|head| head.get_mut(5))
    {
        loses.clear();
    }
    let blank = || vec![String::new(); 7];
    let total = |title: &str, brings: String, loses: String| {
        let mut row = blank();
        for (cell, text) in
            row.iter_mut().zip([title.to_owned(), String::new(), String::new(), String::new(), brings, loses])
        {
            *cell = text;
        }
        row
    };
    if !number_of(&score.base).is_zero() {
        let base = contributions.first().map(|part| part.to_fixed(SHOWN)).unwrap_or_default();
        rows.push(total(words.pick("begins with", "基础分"), base, String::new()));
    }
    for (place, factor) in score.factors.iter().enumerate() {
        let left_out = !factor.points.value.is_known();
        let part = |parts: &[Number], at: usize| {
            if left_out {
                String::from("–")
            } else {
                parts.get(at).map(|part| part.to_fixed(SHOWN)).unwrap_or_default()
            }
        };
        let weight = if score.added { String::new() } else { words.figure(&factor.weight) };
        rows.push(vec![
            words.title(&factor.name, &factor.label),
            weight,
            words.figure(&factor.value),
            if left_out { String::from("–") } else { words.figure(&factor.points) },
            part(&contributions, place.saturating_add(1)),
            if score.gathers { String::new() } else { part(&lost, place) },
            note(words, factor, left_out),
        ]);
    }
    let sum = |parts: &[Number]| Number::sum(parts).to_fixed(SHOWN);
    let all_lost = if score.gathers { String::new() } else { sum(&lost) };
    rows.push(total(words.pick("together", "合计"), sum(&contributions), all_lost));
    let right = Side::Right;
    out.table(2, &[Side::Left, right, right, right, right, right, Side::Left], &rows);
    // On a scale that does not begin at 0 nobody can multiply weight and points.
    let base = number_of(&score.base);
    let plain = |factor: &&FactorLine| {
        let above = number_of(&factor.points).sub(&base);
        !factor.points.value.is_known()
            || number_of(&factor.weight).mul(&above) == number_of(&factor.contribution)
    };
    if known && !score.added && !base.is_zero() && score.factors.iter().all(|factor| plain(&factor)) {
        let sign = if base.is_negative() { "+" } else { "−" };
        let by = base.abs().to_fixed(0);
        out.line(
            2,
            &match words.lang {
                Lang::En => format!("brings = weight × (points {sign} {by})"),
                Lang::Zh => format!("贡献 = 权重 ×（得分 {sign} {by}）"),
            },
        );
    }
    if !known {
        out.line(2, words.pick("the card has no value: the parts do not count", "评分无值：以上各项不作数"));
    }
}

fn note(words: &Words<'_>, factor: &FactorLine, left_out: bool) -> String {
    let mut note = match (&factor.missing, left_out) {
        (Some(Missing::LeftOut), _) => words.pick("missing: left out", "缺项：剔除").to_owned(),
        (Some(Missing::Scores(points)), _) => {
            format!("{} {points}", words.pick("missing: scores", "缺项：计"))
        }
        (Some(Missing::Unknown), _) => {
            words.pick("missing: the card is unknown", "缺项：评分未知").to_owned()
        }
        (None, true) => words.pick("left out", "剔除").to_owned(),
        (None, false) => String::new(),
    };
    if let Some(reason) = words.reason(&factor.reason) {
        note = format!("{note} {reason}").trim().to_owned();
    }
    note
}

/// A ratio as a percent with two decimals at most.
fn percent(figure: &Figure) -> String {
    let figure = number_of(figure).mul(&Number::from_i64(100));
    let exact = figure.decimals().is_some_and(|decimals| decimals <= SHOWN);
    let rounded = figure.round(crate::value::RoundingMode::HalfUp, SHOWN);
    if exact { format!("{rounded}%") } else { format!("≈{}%", rounded.to_fixed(SHOWN)) }
}

/// The points lost, most first; then what was gathered against the customer.
pub(super) fn lost(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    for (gathers, en, zh) in [
        (false, "Points lost, most first", "失分，由多到少"),
        (true, "What speaks against it, the weightiest first", "不利情形，由重到轻"),
    ] {
        // A card without a value has lost no points.
        let counts = |score: &&ScoreStory| score.live && score.value.value.is_known();
        let cards = story.scores.iter().filter(|score| counts(score) && score.gathers == gathers);
        let mut cards = cards.filter(|score| !weighty(score).is_empty()).peekable();
        if cards.peek().is_some() {
            out.heading(words.pick(en, zh));
        }
        for score in cards {
            let value = fixed(words, &score.value, score.rounding.as_ref());
            let label = words.label(&score.label);
            let all = Number::sum(&weighty(score).into_iter().map(|(_, points)| points).collect::<Vec<_>>());
            out.line(
                1,
                &match (gathers, words.lang) {
                    (true, _) => format!("{label}{}{value}", words.pick(": ", "：")),
                    (false, Lang::En) => format!("{label} {value}, {} points lost", all.to_fixed(SHOWN)),
                    (false, Lang::Zh) => format!("{label} {value}，共失 {} 分", all.to_fixed(SHOWN)),
                },
            );
            let rows: Vec<Vec<String>> = weighty(score)
                .into_iter()
                .map(|(factor, points)| {
                    vec![
                        words.label(&factor.label).to_owned(),
                        signed(score, &points),
                        unknown(words, score, factor).to_owned(),
                    ]
                })
                .collect();
            out.table(2, &[Side::Left, Side::Right, Side::Left], &rows);
        }
    }
}

/// Points with the sign of what they do to the card.
pub(super) fn signed(score: &ScoreStory, points: &Number) -> String {
    let sign = if score.gathers { "+" } else { "−" };
    format!("{sign}{}", points.to_fixed(SHOWN))
}

/// That a factor is missing; what is gathered against the customer has then not been looked into.
pub(super) fn unknown(words: &Words<'_>, score: &ScoreStory, factor: &FactorLine) -> &'static str {
    match (factor.missing.is_some(), score.gathers) {
        (false, _) => "",
        (true, false) => words.pick("missing", "缺项"),
        (true, true) => words.pick("not yet looked into", "尚未查明"),
    }
}

/// The factors that count, most first, with two decimals that still add up: those that lost points; in a card that gathers
/// those that added any.
pub(super) fn weighty(score: &ScoreStory) -> Vec<(&FactorLine, Number)> {
    let of = |factor: &FactorLine| number_of(if score.gathers { &factor.contribution } else { &factor.lost });
    let exact: Vec<Number> = score.factors.iter().map(of).collect();
    let mut factors: Vec<(&FactorLine, Number)> =
        score.factors.iter().zip(apportion(&exact, SHOWN)).collect();
    factors.retain(|(factor, _)| of(factor).is_positive());
    factors.sort_by_key(|(factor, _)| std::cmp::Reverse(of(factor)));
    factors
}
