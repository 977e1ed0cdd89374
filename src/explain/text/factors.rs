//! What the factors of the cards cost, most first: of each card the factors that lost most by name, the others together.

use super::super::words::Words;
use super::super::{Explanation, FactorLine, GradeStory, ReasonLine, ScoreStory, StageKind, Standing};
use super::scores::{signed, unknown, weighty};
use crate::base::Lang;
use crate::plan::Op;
use crate::value::{Number, RoundingMode, Value};

/// So many factors are named with what they lost; the others are counted.
const MOST_FACTORS: usize = 5;
/// So many a customer reads of: a letter gives the main reasons.
const MOST_IN_LETTER: usize = 4;

/// Whether a reason is one of a scorecard's.
pub(super) fn within(line: &ReasonLine, score: &ScoreStory) -> bool {
    line.address.split('/').any(|part| *part == *score.name)
}

/// Whether a reason is a factor's own, or that of a row of its points.
fn of_factor(line: &ReasonLine, score: &ScoreStory, factor: &FactorLine) -> bool {
    within(line, score)
        && (line.factor.as_ref() == Some(&factor.label)
            || line.address.split('/').any(|part| *part == *factor.name))
}

/// The cards that have a value on which the outcome rests, and in which points are lost.
fn cards(story: &Explanation) -> impl Iterator<Item = &ScoreStory> {
    story.scores.iter().filter(|score| score.live && score.value.value.is_known() && !score.gathers)
}

/// Whether a reason tells of a factor that lost little beside others of its card, and gives no words: those are counted together.
pub(super) fn minor(story: &Explanation, line: &ReasonLine) -> bool {
    let (Some(label), true, None) = (&line.factor, line.lost.is_some(), &line.reason.text) else {
        return false;
    };
    let main = |score: &ScoreStory| {
        weighty(score).iter().take(MOST_FACTORS).any(|(factor, _)| factor.label == *label)
    };
    cards(story).any(|score| within(line, score) && !main(score))
}

/// The factors that lost most and stand as no reason of their own, each with what it lost.
pub(super) fn unsaid(words: &Words<'_>, story: &Explanation) -> Vec<(String, Number)> {
    let alone = |score: &ScoreStory, factor: &FactorLine| {
        story.reasons.iter().any(|line| line.lost.is_some() && of_factor(line, score, factor))
    };
    let mut told = Vec::new();
    for score in cards(story) {
        for (factor, lost) in weighty(score).into_iter().take(MOST_FACTORS) {
            if !alone(score, factor) {
                let text = format!(
                    "{}{}{}",
                    words.label(&factor.label),
                    words.pick(": ", "："),
                    lost_points(words, factor, &lost)
                );
                told.push((text, lost));
            }
        }
    }
    told
}

/// `not provided, 21.25 points lost`
fn lost_points(words: &Words<'_>, factor: &FactorLine, lost: &Number) -> String {
    // As the card has it: two decimals at most.
    let points = lost.round(RoundingMode::HalfUp, 2).to_fixed(0);
    let missing = factor.missing.is_some();
    match (words.lang, missing) {
        (Lang::En, missing) => {
            let unit = if points == "1" { "point" } else { "points" };
            format!("{}{points} {unit} lost", if missing { "not provided, " } else { "" })
        }
        (Lang::Zh, missing) => format!("{}失 {points} 分", if missing { "未提供，" } else { "" }),
    }
}

/// What a factor lost that stands as a reason of its own; of what nobody has given or looked into, that first.
pub(super) fn points_lost(words: &Words<'_>, story: &Explanation, line: &ReasonLine) -> Option<String> {
    let lost = line.lost.as_ref()?.value.as_number().filter(|lost| !lost.is_zero())?;
    let mut own = story.scores.iter().filter_map(|score| {
        let factor = score.factors.iter().find(|factor| of_factor(line, score, factor))?;
        Some((score, factor))
    });
    let (score, factor) = own.next()?;
    let shown = weighty(score).into_iter().find(|(it, _)| it.name == factor.name).map(|(_, lost)| lost);
    Some(lost_points(words, factor, &shown.unwrap_or_else(|| lost.clone())))
}

/// `in all: score 58.40, 41.60 points lost, 3 more factors with 8.20 of them`; of a card that gathers, its parts.
pub(super) fn in_all(words: &Words<'_>, score: &ScoreStory) -> Option<String> {
    let parts: Vec<(&FactorLine, Number)> = weighty(score);
    if parts.is_empty() {
        return None;
    }
    let (label, value) = (words.label(&score.label), words.figure(&score.value));
    if score.gathers {
        return Some(gathered(words, score, &parts, label, &value));
    }
    let sum = |parts: &[(&FactorLine, Number)]| {
        Number::sum(&parts.iter().map(|(_, points)| points.clone()).collect::<Vec<_>>()).to_fixed(2)
    };
    let all = sum(&parts);
    let rest = parts.get(MOST_FACTORS..).unwrap_or_default();
    Some(match (words.lang, rest.len()) {
        (Lang::En, 0) => format!("in all: {label} {value}, {all} points lost"),
        (Lang::En, 1) => {
            format!("in all: {label} {value}, {all} points lost, {} of them by 1 more factor", sum(rest))
        }
        (Lang::En, more) => {
            format!(
                "in all: {label} {value}, {all} points lost, {} of them by {more} more factors",
                sum(rest)
            )
        }
        (Lang::Zh, 0) => format!("合计：{label} {value}，共失 {all} 分"),
        (Lang::Zh, more) => {
            format!("合计：{label} {value}，共失 {all} 分，其中另 {more} 项共 {} 分", sum(rest))
        }
    })
}

/// `signs of danger 12: bounced cheques +6.00, rumours +4.00 (not yet looked into) and 3 more`
fn gathered(
    words: &Words<'_>,
    score: &ScoreStory,
    parts: &[(&FactorLine, Number)],
    label: &str,
    value: &str,
) -> String {
    let named: Vec<String> = parts
        .iter()
        .take(MOST_FACTORS)
        .map(|(factor, points)| {
            let aside = unknown(words, score, factor);
            let aside = if aside.is_empty() { String::new() } else { words.bracketed(aside) };
            format!("{} {}{aside}", words.label(&factor.label), signed(score, points))
        })
        .collect();
    let more = parts.len().saturating_sub(named.len());
    let named = named.join(words.pick(", ", "，"));
    let named = match (words.lang, more) {
        (_, 0) => named,
        (Lang::En, more) => format!("{named} and {more} more"),
        (Lang::Zh, more) => format!("{named}，另 {more} 项"),
    };
    format!("{label} {value}{}{named}", words.pick(": ", "："))
}

/// For the customer, whose score or grade is told and is not the best: what cost most, without points. What is merely missing stands
/// among what has not been provided, and what the house alone knows is not told.
pub(super) fn main(words: &Words<'_>, story: &Explanation, said: &[String]) -> Option<String> {
    let listed = |name: &str, label: &str| {
        let mut told = story.outputs.iter().filter(|output| !output.internal);
        told.any(|output| *output.name == *name || words.label(&output.label) == label)
    };
    let counts = |score: &&ScoreStory| {
        // Where one card counts, a grade that goes by no card's name goes by it.
        let named = |grade: &GradeStory| story.scores.iter().any(|it| it.name == grade.score_name);
        let only = cards(story).count() == 1;
        let grades = || {
            let of =
                story.grades.iter().filter(|grade| grade.score_name == score.name || only && !named(grade));
            of.filter(|grade| listed(&grade.name, words.label(&grade.label)))
        };
        match grades().next() {
            Some(_) => grades().any(by_points),
            None => listed(&score.name, words.label(&score.label)),
        }
    };
    let mut named: Vec<&str> = Vec::new();
    for score in cards(story).filter(counts) {
        for (factor, _) in weighty(score) {
            let label = words.label(&factor.label);
            let told = said.iter().any(|line| line.contains(label));
            let ours = factor.reason.internal || of_the_house(words, factor);
            if factor.missing.is_none()
                && factor.value.value.is_known()
                && !ours
                && !told
                && !named.contains(&label)
            {
                named.push(label);
            }
        }
    }
    named.truncate(MOST_IN_LETTER);
    let factors = named.join(words.pick("; ", "、"));
    (!named.is_empty()).then(|| format!("{}{factors}", words.pick("what weighed most: ", "主要短板：")))
}

/// Whether a grade is as it is for want of points: it is not the best, and no rule has forced it.
fn by_points(grade: &GradeStory) -> bool {
    let forced =
        grade.stages.iter().filter(|stage| matches!(stage.kind, StageKind::Forces | StageKind::Apart));
    let mut forced = forced.flat_map(|stage| &stage.rules);
    matches!(grade.value.value, Value::Code(place) if place > 0)
        && grade.next.is_some()
        && !forced.any(|rule| rule.standing.takes_effect())
}

/// Whether a factor scores a fact that the house alone knows.
fn of_the_house(words: &Words<'_>, factor: &FactorLine) -> bool {
    let mut step = factor.step;
    while let Some(Op::Same(of)) = words.plan.steps.get(step).map(|it| &it.op) {
        step = *of;
    }
    match words.plan.steps.get(step).map(|it| &it.op) {
        Some(Op::Fact(fact)) => words.plan.schema.fields.get(*fact).is_some_and(|field| field.internal),
        _ => false,
    }
}

/// What a missing factor means for a card that was withheld because too little is known.
pub(super) fn withheld(words: &Words<'_>, score: &ScoreStory, factor: &FactorLine) -> Option<String> {
    let unmet = |standing: Standing| standing != Standing::Applies;
    let require = score.require.iter().find(|require| unmet(require.standing))?;
    let known = require.comparisons.first()?;
    let (least, has) = (words.bare(known.threshold.as_ref()?), words.bare(&known.value));
    let (card, weight) = (words.label(&score.label), words.figure(&factor.weight));
    Some(match (words.lang, least.ends_with('%')) {
        (Lang::En, true) => format!("weight {weight}; {card} needs {least} of the weight known, {has} is"),
        (Lang::En, false) => format!("{card} needs {least} of its factors known, {has} are"),
        (Lang::Zh, true) => format!("权重 {weight}；{card}须已知权重 {least}，现知 {has}"),
        (Lang::Zh, false) => format!("{card}须已知 {least} 项，现知 {has} 项"),
    })
}
