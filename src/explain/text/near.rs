//! How near a value came to the one that a case expects: which row, band, group of triggers, line of a limit or points of a factor
//! would have given it, and by how much it was missed.

use super::super::sources::Reader;
use super::super::words::Words;
use super::super::{
    Comparison, Figure, LimitStory, RowLine, RuleLine, ScoreStory, StanceGroup, Standing, condition, money,
    score, stance, table,
};
use super::Audience;
use super::excerpt::{Run, item_behind};
use crate::base::Lang;
use crate::plan::{GradesItem, Item, ItemKind, LineKind, StepId, Take};
use crate::value::{Number, Type, Value};

/// The most triggers that are told of a group.
const MOST_TOLD: usize = 3;

/// What would have given an expected value of a step, and what it lacks, in a sentence; nothing where that cannot be said of
/// one row, band or group.
#[must_use]
pub fn near_miss(
    run: &Run<'_>,
    step: StepId,
    item: Option<usize>,
    expected: &Value,
    lang: Lang,
) -> Option<String> {
    let words = Words::new(run.plan, lang, Audience::Auditor);
    let reader = match item {
        Some(item) => run.reader().at_item(item),
        None => run.reader(),
    };
    let behind = item_behind(run.plan, step).and_then(|id| run.plan.items.get(id))?;
    if behind.value != step {
        return None;
    }
    match &behind.kind {
        ItemKind::Table(_) | ItemKind::Correction(_) => row(&reader, &words, behind, expected),
        ItemKind::Grades(grades) => band(&reader, &words, grades, expected),
        ItemKind::Triggers(triggers) => {
            let story = stance::story(&reader, behind, triggers);
            story.groups.iter().find(|group| group.state.value == *expected).and_then(|it| group(&words, it))
        }
        ItemKind::Limit(it) => limit(&words, &money::story(&reader, behind, it, run.today), expected),
        ItemKind::Scorecard(card) => points(&words, &score::story(&reader, behind, card), expected),
        ItemKind::Let
        | ItemKind::Total(_)
        | ItemKind::Allocation(_)
        | ItemKind::Escalation(_)
        | ItemKind::Authority(_)
        | ItemKind::Checks(_)
        | ItemKind::Judgement(_)
        | ItemKind::Override(_)
        | ItemKind::Book(_)
        | ItemKind::Checklist(_) => None,
    }
}

/// What a row asks for and is not so.
fn open(row: &RowLine) -> Vec<&Comparison> {
    row.rule.comparisons.iter().filter(|it| it.holds != Some(true) && it.threshold.is_some()).collect()
}

/// The row with the expected result that lacks least.
fn row(reader: &Reader<'_>, words: &Words<'_>, item: &Item, expected: &Value) -> Option<String> {
    let story = table::story(reader, item)?;
    let gives = |row: &&RowLine| row.results.first().is_some_and(|result| result.value == *expected);
    let row = story.rows.iter().filter(gives).min_by_key(|row| open(row).len())?;
    let lacks: Vec<String> = open(row).into_iter().map(|it| words.comparison(it)).collect();
    let sentence = words.sentence(&row.rule);
    match (lacks.is_empty(), row.rule.standing) {
        (false, _) => Some(match words.lang {
            Lang::En => format!("nearest row `{sentence}`: {}", lacks.join("; ")),
            Lang::Zh => format!("最接近的行 “{sentence}”：{}", lacks.join("；")),
        }),
        // It would apply, had not another been taken before.
        (true, Standing::NotReached) if !row.rule.comparisons.is_empty() => Some(match words.lang {
            Lang::En => format!("the row `{sentence}` gives it, but one before it was taken"),
            Lang::Zh => format!("行 “{sentence}” 会给出此值, 但之前已有一行适用"),
        }),
        (true, _) => None,
    }
}

/// The band of the expected grade, where the score lies in another.
fn band(reader: &Reader<'_>, words: &Words<'_>, grades: &GradesItem, expected: &Value) -> Option<String> {
    let Value::Code(code) = expected else { return None };
    let score = reader.figure(grades.score);
    let band = grades.bands.iter().find(|band| band.code == *code)?;
    let better = code.checked_sub(1).and_then(|better| grades.bands.iter().find(|it| it.code == better));
    let (Value::Number(points), Value::Code(reached)) = (&score.value, reader.value(grades.by_band)) else {
        return None;
    };
    if reached == *code {
        return None;
    }
    let from = reader.figure(band.from);
    let (bound, is_below) = match &from.value {
        Value::Number(least) if points < least || points == least && !band.inclusive => (from, true),
        _ => (reader.figure(better?.from), false),
    };
    let apart = condition::distance(&score, &bound)?;
    let bound_value = bound.value.clone();
    let grade = words.figure(&Figure { value: expected.clone(), ty: Type::Enum(grades.scale) });
    let (name, points, bound, apart) =
        (words.phrase(grades.score), words.figure(&score), words.figure(&bound), words.figure(&apart));
    if score.value == bound_value {
        return Some(match words.lang {
            Lang::En => format!(
                "{grade} wants {name} {} {bound}: {points} is just on it",
                if is_below { "above" } else { "below" }
            ),
            Lang::Zh => format!(
                "{grade} 要求{name}{} {bound}：{points} 恰为界限",
                if is_below { "高于" } else { "低于" }
            ),
        });
    }
    Some(match (is_below, words.lang) {
        (true, Lang::En) => format!("{grade} begins at {name} {bound}: {points} is {apart} below"),
        (false, Lang::En) => format!("{grade} ends at {name} {bound}: {points} is {apart} above"),
        (true, Lang::Zh) => format!("{grade} 自{name} {bound} 起：{points} 低 {apart}"),
        (false, Lang::Zh) => format!("{grade} 止于{name} {bound}：{points} 高 {apart}"),
    })
}

/// What a group of triggers lacks.
fn group(words: &Words<'_>, group: &StanceGroup) -> Option<String> {
    let lacking = group.needed.checked_sub(group.holding).filter(|lacking| *lacking > 0)?;
    let open = group.triggers.iter().filter(|(_, _, rule)| !rule.standing.takes_effect());
    let told: Vec<String> = open
        .filter_map(|(_, label, rule)| {
            let missed =
                rule.comparisons.iter().find(|it| it.holds != Some(true) && it.threshold.is_some())?;
            Some(match words.lang {
                Lang::En => format!("{} ({})", words.label(label), words.comparison(missed)),
                Lang::Zh => format!("{}（{}）", words.label(label), words.comparison(missed)),
            })
        })
        .take(MOST_TOLD)
        .collect();
    let state = words.figure(&group.state);
    (!told.is_empty()).then(|| match words.lang {
        Lang::En => format!("{state} lacks {lacking}: {}", told.join("; ")),
        Lang::Zh => format!("{state} 还差 {lacking} 项：{}", told.join("；")),
    })
}

/// The line of a limit that makes it other than expected, or would have made it so; else the method that gives it.
fn limit(words: &Words<'_>, story: &LimitStory, expected: &Value) -> Option<String> {
    let bites = |it: &&super::super::LimitLine| it.before.value != it.after.value;
    if let Some(line) = story.lines.iter().rev().filter(bites).find(|it| it.before.value == *expected) {
        let (before, after) = (words.figure(&line.before), words.figure(&line.after));
        let sentence = super::money::sentence(words, line);
        return Some(match words.lang {
            Lang::En => format!("it was {before} before the line `{sentence}` made it {after}"),
            Lang::Zh => format!("“{sentence}” 之前为 {before}，该行使其成为 {after}"),
        });
    }
    let would = |it: &&super::super::LimitLine| -> bool {
        let (Some(operand), Value::Number(before)) = (&it.operand, &it.before.value) else { return false };
        let Value::Number(with) = &operand.value else { return false };
        let after = match &it.kind {
            LineKind::Times => Value::Number(before.mul(with)),
            LineKind::Cap | LineKind::Floor => operand.value.clone(),
            LineKind::Correct | LineKind::Round(_) => return false,
        };
        !it.rule.standing.takes_effect() && after == *expected
    };
    if let Some(line) = story.lines.iter().find(would) {
        let (sentence, lacks) = (super::money::sentence(words, line), lacking(words, &line.rule));
        return (!lacks.is_empty()).then(|| match words.lang {
            Lang::En => format!("`{sentence}` would give it: {}", lacks.join("; ")),
            Lang::Zh => format!("“{sentence}” 会给出此值：{}", lacks.join("；")),
        });
    }
    let method = story.methods.iter().find(|it| !it.taken && it.value.value == *expected)?;
    let taken = story.methods.iter().find(|it| it.taken)?;
    let (own, other) = (words.label(&method.label), words.label(&taken.label));
    let why = match story.take {
        Take::Lowest => words.lang.pick("the lowest counts", "取最低者"),
        Take::Highest => words.lang.pick("the highest counts", "取最高者"),
        Take::Middle => words.lang.pick("the middle one counts", "取居中者"),
        Take::First => words.lang.pick("the first that is known counts", "取首个已知者"),
        Take::Average => return None,
    };
    Some(match words.lang {
        Lang::En => format!("{own} gives it, and {other} was taken: {why}"),
        Lang::Zh => format!("{own}给出此值，但采用了{other}：{why}"),
    })
}

/// What a rule asks for and is not so, in words.
fn lacking(words: &Words<'_>, rule: &RuleLine) -> Vec<String> {
    let open = rule.comparisons.iter().filter(|it| it.holds != Some(true) && it.threshold.is_some());
    open.map(|it| words.comparison(it)).take(MOST_TOLD).collect()
}

/// The factor whose points, by another of its rows, would bring the card to what is expected.
fn points(words: &Words<'_>, story: &ScoreStory, expected: &Value) -> Option<String> {
    let (Value::Number(raw), Value::Number(expected)) = (&story.raw.value, expected) else { return None };
    let rounded = |number: Number| match &story.rounding {
        Some(rounding) => rounding.precision.round(rounding.mode, &number),
        None => number,
    };
    let mut found: Vec<(usize, String)> = Vec::new();
    for factor in &story.factors {
        let (Value::Number(points), Value::Number(brings)) =
            (&factor.points.value, &factor.contribution.value)
        else {
            continue;
        };
        // What one point brings; of no points nobody can tell.
        let Some(each) = brings.div(points) else { continue };
        for row in factor.rows.iter().filter(|row| !row.rule.standing.takes_effect()) {
            let Some(Value::Number(other)) = row.results.first().map(|it| &it.value) else { continue };
            let lacks = lacking(words, &row.rule);
            if lacks.is_empty() || rounded(raw.add(&other.sub(points).mul(&each))) != *expected {
                continue;
            }
            let (label, sentence) = (words.label(&factor.label), words.sentence(&row.rule));
            found.push((
                open(row).len(),
                match words.lang {
                    Lang::En => {
                        format!("{label} by its row `{sentence}` would bring it: {}", lacks.join("; "))
                    }
                    Lang::Zh => format!("{label}按行 “{sentence}” 会得此值：{}", lacks.join("；")),
                },
            ));
        }
    }
    found.into_iter().min_by_key(|(open, _)| *open).map(|(_, told)| told)
}
