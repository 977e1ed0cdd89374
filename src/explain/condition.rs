//! Conditions told apart: what was compared with what, and how far it was from the bound.

use super::sources::Reader;
use super::{Comparison, Figure, RuleLine, Standing};
use crate::plan::{IfUnknown, Op, Rule, RuleId, StepId};
use crate::value::{Number, Type, Unit, Value};

/// The comparisons of a condition, in the order written; conditions in conditions are taken apart.
pub(super) fn comparisons(reader: &Reader<'_>, condition: StepId) -> Vec<Comparison> {
    let mut found = Vec::new();
    collect(reader, condition, &mut found, 0);
    // That a value is known goes without saying where it is compared.
    let compared: Vec<_> =
        found.iter().filter(|it| it.threshold.is_some()).map(|it| it.name.clone()).collect();
    found.retain(|it| it.threshold.is_some() || it.holds != Some(true) || !compared.contains(&it.name));
    found
}

/// Conditions deeper than this are told as one.
const DEEPEST: u32 = 24;

fn collect(reader: &Reader<'_>, step: StepId, found: &mut Vec<Comparison>, depth: u32) {
    let Some(it) = reader.plan.steps.get(step) else { return };
    if depth > DEEPEST {
        return;
    }
    let deeper = depth.saturating_add(1);
    match &it.op {
        Op::And(parts) | Op::Or(parts) | Op::AtLeast(_, parts) => {
            for part in parts {
                collect(reader, *part, found, deeper);
            }
        }
        Op::Not(inner) => collect(reader, *inner, found, deeper),
        Op::IfUnknown(first, _) => collect(reader, *first, found, deeper),
        Op::Const(_) => {}
        Op::Compare(_, value, threshold) | Op::Equal(value, threshold) => {
            let (value_figure, threshold_figure) = (reader.figure(*value), reader.figure(*threshold));
            found.push(Comparison {
                written: reader.written(it.span),
                name: reader.words(*value),
                distance: distance(&value_figure, &threshold_figure),
                value: value_figure,
                threshold: Some(threshold_figure),
                holds: reader.holds(step),
            });
        }
        Op::OneOf(value, _) | Op::Has(value, _) | Op::IsKnown(value) => found.push(Comparison {
            written: reader.written(it.span),
            name: reader.words(*value),
            value: reader.figure(*value),
            threshold: None,
            holds: reader.holds(step),
            distance: None,
        }),
        _ => found.push(Comparison {
            written: reader.written(it.span),
            name: reader.words(step),
            value: reader.figure(step),
            threshold: None,
            holds: reader.holds(step),
            distance: None,
        }),
    }
}

/// How far two numbers or two days are apart; never negative.
pub(super) fn distance(a: &Figure, b: &Figure) -> Option<Figure> {
    match (&a.value, &b.value) {
        (Value::Number(x), Value::Number(y)) => {
            Some(Figure { value: Value::Number(x.sub(y).abs()), ty: a.ty.clone() })
        }
        (Value::Date(x), Value::Date(y)) => Some(Figure {
            value: Value::Number(Number::from_i64(x.days_until(*y)).abs()),
            ty: Type::Number(Unit::DAYS),
        }),
        _ => None,
    }
}

/// How a rule stands in this run.
pub(super) fn standing(reader: &Reader<'_>, rule: &Rule) -> Standing {
    let Some(condition) = rule.condition else { return Standing::Applies };
    match reader.value(condition) {
        Value::Bool(true) => Standing::Applies,
        Value::Bool(false) => Standing::DoesNotApply,
        _ => match &rule.if_unknown {
            Some(IfUnknown::Applies | IfUnknown::Refer { .. }) => Standing::UnknownApplies,
            Some(IfUnknown::DoesNotApply) => Standing::UnknownDoesNot,
            Some(IfUnknown::Refuse) => Standing::Unknown,
            None => match rule.applies.map(|applies| reader.value(applies)) {
                Some(Value::Bool(true)) => Standing::UnknownApplies,
                Some(Value::Bool(false)) => Standing::UnknownDoesNot,
                _ => Standing::Unknown,
            },
        },
    }
}

/// A rule with its standing and what it compares.
pub(super) fn line(reader: &Reader<'_>, id: RuleId) -> Option<RuleLine> {
    let rule = reader.plan.rules.get(id)?;
    Some(RuleLine {
        address: rule.address.clone(),
        kind: rule.kind,
        written: reader.rule_text(rule.span),
        standing: standing(reader, rule),
        comparisons: rule.condition.map(|condition| comparisons(reader, condition)).unwrap_or_default(),
        reason: rule.reason.clone(),
        place: reader.place(rule.span),
    })
}
