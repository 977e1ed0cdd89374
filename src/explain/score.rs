//! Scorecards: what each factor brings and loses, adding up to the card to the last digit.

use super::condition::line_of;
use super::reason::reason;
use super::sources::Reader;
use super::{FactorLine, Figure, RuleLine, ScoreStory, Subject, table};
use crate::plan::{FactorItem, Item, Missing, RequireItem, RequireKind, ScorecardItem, gathers};
use crate::value::{Number, Type, Unit, Value};

/// The story of a scorecard.
pub(super) fn story(reader: &Reader<'_>, item: &Item, card: &ScorecardItem) -> ScoreStory {
    let ty = reader.figure(item.value).ty;
    let figure = |number: Number| Figure { value: Value::Number(number), ty: ty.clone() };
    // A point of a weighted card counts (to high − to low) / (from high − from low), for each part of the counted weight.
    let (low, stretch, base) = match (&card.scale, card.added) {
        (Some((from_low, from_high, to_low, to_high)), false) => (
            from_low.clone(),
            to_high.sub(to_low).div(&from_high.sub(from_low)).unwrap_or(Number::ONE),
            to_low.clone(),
        ),
        (None, false) => (Number::ZERO, Number::ONE, Number::ZERO),
        (_, true) => (Number::ZERO, Number::ONE, card.base.clone()),
    };
    let counted_weight = Number::sum(
        &card
            .factors
            .iter()
            .filter(|factor| reader.value(factor.counted).is_known())
            .map(|factor| factor.weight.clone())
            .collect::<Vec<_>>(),
    );
    // Weights that add up to 1 were written as percents.
    let gathers = gathers(reader.plan, item);
    let all: Vec<Number> = card.factors.iter().map(|factor| factor.weight.clone()).collect();
    let unit = if !card.added && Number::sum(&all) == Number::ONE { Unit::PERCENT } else { Unit::NUMBER };
    let part = |factor: &FactorItem, points: &Number| -> Number {
        if card.added {
            return points.clone();
        }
        let weighted = factor.weight.mul(points).mul(&stretch);
        weighted.div(&counted_weight).unwrap_or(Number::ZERO)
    };
    let factors = card
        .factors
        .iter()
        .map(|factor| {
            let points = reader.figure(factor.counted);
            let (contribution, lost) = match points.value.as_number() {
                Some(number) => {
                    let lost = match (card.added, gathers) {
                        (_, true) => Number::ZERO,
                        (true, false) => factor.best.sub(number),
                        (false, false) => part(factor, &factor.best.sub(number)),
                    };
                    (if card.added { number.clone() } else { part(factor, &number.sub(&low)) }, lost)
                }
                None => (Number::ZERO, Number::ZERO),
            };
            let missing = (!reader.value(factor.points).is_known()).then(|| factor.missing.clone());
            FactorLine {
                name: factor.name.clone(),
                label: reader.factor_label(factor),
                section: factor
                    .section
                    .and_then(|place| card.sections.get(place))
                    .map(|section| section.name.clone()),
                step: factor.value,
                value: reader.figure(factor.value),
                points,
                weight: Figure { value: Value::Number(factor.weight.clone()), ty: Type::Number(unit) },
                contribution: figure(contribution),
                lost: figure(lost),
                missing,
                reason: reader
                    .plan
                    .rules
                    .get(factor.rule)
                    .map(|rule| reason(reader, &rule.reason))
                    .unwrap_or_default(),
                rows: table::rows(reader, &factor.rows, None, false),
            }
        })
        .collect();
    let value = reader.figure(item.value);
    let some_missing = card.factors.iter().any(|factor| {
        !reader.value(factor.points).is_known()
            && matches!(factor.missing, Missing::LeftOut | Missing::Scores(_))
    });
    let known = value.value.is_known();
    ScoreStory {
        name: item.name.clone(),
        label: item.label.clone(),
        because: reader.because(&value.value),
        value,
        factors,
        sections: card
            .sections
            .iter()
            .map(|section| (section.name.clone(), section.label.clone(), reader.figure(section.value)))
            .collect(),
        base: figure(base),
        sum: reader.figure(card.sum),
        of: reader.figure(card.of),
        known: reader.figure(card.known),
        factors_in_all: card.factors.len(),
        weight_known: card.weight_known.map(|step| reader.figure(step)),
        require: card.require.iter().filter_map(|require| require_line(reader, require)).collect(),
        raw: reader.figure(card.raw),
        rounding: item.rounding.as_ref().map(|(_, rounding)| rounding.clone()),
        other_mode: other_mode(reader, item, card).filter(|_| some_missing && known),
        other_grades: Vec::new(),
        live: reader.live(item.value),
        added: card.added,
        gathers,
    }
}

/// The card under the other missing mode, rounded as the card is.
fn other_mode(reader: &Reader<'_>, item: &Item, card: &ScorecardItem) -> Option<Figure> {
    let figure = reader.figure(card.other_mode?);
    let Some((_, rounding)) = &item.rounding else { return Some(figure) };
    match &figure.value {
        Value::Number(number) => Some(Figure { value: Value::Number(rounding.apply(number)), ty: figure.ty }),
        _ => Some(figure),
    }
}

/// How much must be known, and how much is; a part of the weight is told as a percent.
fn require_line(reader: &Reader<'_>, require: &RequireItem) -> Option<RuleLine> {
    let (least, unit) = match &require.kind {
        RequireKind::Known(factors) => (Number::from(*factors), Unit::NUMBER),
        RequireKind::WeightKnown(part) => (part.clone(), Unit::PERCENT),
    };
    let least = Figure { value: Value::Number(least), ty: Type::Number(unit) };
    let mut line = line_of(reader, require.rule, Subject::Require(least))?;
    for comparison in &mut line.comparisons {
        let figures =
            [Some(&mut comparison.value), comparison.threshold.as_mut(), comparison.distance.as_mut()];
        for figure in figures.into_iter().flatten() {
            figure.ty = Type::Number(unit);
        }
    }
    Some(line)
}
