//! Scorecards: what each factor brings and loses, adding up to the card to the last digit.

use super::condition::line;
use super::sources::Reader;
use super::{FactorLine, Figure, RuleLine, ScoreStory, table};
use crate::base::Str;
use crate::plan::{FactorItem, Item, Missing, RuleId, ScorecardItem};
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
                    let lost = if card.added {
                        factor.best.sub(number)
                    } else {
                        part(factor, &factor.best.sub(number))
                    };
                    (if card.added { number.clone() } else { part(factor, &number.sub(&low)) }, lost)
                }
                None => (Number::ZERO, Number::ZERO),
            };
            let missing = (!reader.value(factor.points).is_known()).then(|| factor.missing.clone());
            let unit = if factor.weight > Number::ONE || card.added { Unit::NUMBER } else { Unit::PERCENT };
            FactorLine {
                name: factor.name.clone(),
                label: factor.label.clone(),
                section: factor
                    .section
                    .and_then(|place| card.sections.get(place))
                    .map(|section| section.name.clone()),
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
                    .map(|rule| rule.reason.clone())
                    .unwrap_or_default(),
                rows: table::rows(reader, &factor.rows, None),
            }
        })
        .collect();
    let value = reader.figure(item.value);
    let some_missing = card.factors.iter().any(|factor| {
        !reader.value(factor.points).is_known()
            && matches!(factor.missing, Missing::LeftOut | Missing::Scores(_))
    });
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
        require: card.require.iter().filter_map(|it| required(reader, item, it.rule)).collect(),
        raw: reader.figure(card.raw),
        rounding: item.rounding.as_ref().map(|(_, rounding)| rounding.clone()),
        other_mode: if some_missing { card.other_mode.map(|step| reader.figure(step)) } else { None },
        added: card.added,
    }
}

/// What a card requires. Cards over the same factors share the step that counts what is known, so the name is this card's;
/// the part of the weight has no name in a policy, and is a percent.
fn required(reader: &Reader<'_>, item: &Item, rule: RuleId) -> Option<RuleLine> {
    let mut told = line(reader, rule)?;
    let of_weight = told.written.contains(['%', '％', '‰']);
    for comparison in &mut told.comparisons {
        if !of_weight {
            comparison.name = format!("{}.known", item.name).into();
            continue;
        }
        comparison.name = Str::default();
        let figures =
            [Some(&mut comparison.value), comparison.threshold.as_mut(), comparison.distance.as_mut()];
        for figure in figures.into_iter().flatten() {
            figure.ty = Type::Number(Unit::PERCENT);
        }
    }
    Some(told)
}
