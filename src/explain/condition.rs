//! Conditions told apart: what was compared with what, and how far it was from the bound.

use super::reason::reason;
use super::sources::Reader;
use super::{Comparison, Figure, RuleLine, Standing, Subject};
use crate::base::Str;
use crate::plan::{IfUnknown, Op, Rule, RuleId, StepId};
use crate::value::{Number, Type, Unit, Value};

/// The comparisons of a condition, in the order written; conditions in conditions are taken apart.
pub(super) fn comparisons(reader: &Reader<'_>, condition: StepId) -> Vec<Comparison> {
    let mut found = Vec::new();
    collect(reader, condition, &mut found, 0);
    // That a value is known goes without saying where it is compared.
    if found.is_empty() {
        // `not papers_complete`, `when unknown`: what is denied or asked for is what people want to see.
        let mut step = condition;
        while let Some(Op::Not(of) | Op::IsKnown(of)) = reader.plan.steps.get(step).map(|it| &it.op) {
            step = *of;
        }
        found.push(plain(reader, reader.words(condition), step, condition));
    }
    let compared: Vec<_> =
        found.iter().filter(|it| it.threshold.is_some()).map(|it| it.name.clone()).collect();
    let told = |it: &Comparison| it.holds == Some(true) || !it.value.value.is_known();
    found.retain(|it| it.threshold.is_some() || !told(it) || !compared.contains(&it.name));
    found
}

/// Conditions deeper than this are told as one.
const DEEPEST: u32 = 24;

fn collect(reader: &Reader<'_>, step: StepId, found: &mut Vec<Comparison>, depth: u32) {
    let Some(it) = reader.plan.steps.get(step) else { return };
    if depth > DEEPEST {
        return;
    }
    // An answer, a checklist is told as what it came to, not as the records behind it: those have a section of their own.
    if reader.stands_alone(step) {
        found.push(plain(reader, reader.written(it.span), step, step));
        return;
    }
    let deeper = depth.saturating_add(1);
    match &it.op {
        Op::And(parts) | Op::Or(parts) | Op::AtLeast(_, parts) => {
            for part in parts {
                collect(reader, *part, found, deeper);
            }
        }
        Op::Not(inner) => {
            let before = found.len();
            collect(reader, *inner, found, deeper);
            found.iter_mut().skip(before).for_each(|it| it.denied = !it.denied);
        }
        Op::IfUnknown(first, _) => collect(reader, *first, found, deeper),
        Op::Const(_) => {}
        Op::Same(of) => collect(reader, *of, found, deeper),
        // Grades compare by their places; people read the grades.
        Op::Compare(_, place, bound) if let Some((grade, bound)) = ranks(reader, *place, *bound) => {
            let value = reader.figure(grade);
            found.push(Comparison {
                written: reader.written(it.span),
                name: reader.words(grade),
                step: grade,
                because: reader.because(&value.value),
                value,
                threshold: Some(bound),
                bound: None,
                holds: reader.holds(step),
                denied: false,
                distance: None,
            });
        }
        Op::Compare(_, value, threshold) | Op::Equal(value, threshold) => {
            let (value_figure, threshold_figure) = (reader.figure(*value), reader.figure(*threshold));
            found.push(Comparison {
                written: reader.written(it.span),
                name: reader.words(*value),
                step: *value,
                distance: distance(&value_figure, &threshold_figure),
                because: reader.because(&value_figure.value),
                value: value_figure,
                threshold: Some(threshold_figure),
                bound: Some(*threshold),
                holds: reader.holds(step),
                denied: false,
            });
        }
        Op::IsKnown(value) if reader.value(*value).is_known() => {}
        Op::OneOf(value, _) | Op::Has(value, _) | Op::IsKnown(value) => {
            found.push(plain(reader, reader.written(it.span), *value, step));
        }
        _ => found.push(plain(reader, reader.written(it.span), step, step)),
    }
}

/// A value that is held against no bound; `holds` is the step that says what was asked of it.
fn plain(reader: &Reader<'_>, written: Str, step: StepId, holds: StepId) -> Comparison {
    let value = reader.figure(step);
    Comparison {
        written,
        name: reader.words(step),
        step,
        because: reader.because(&value.value),
        value,
        threshold: None,
        bound: None,
        holds: reader.holds(holds),
        denied: false,
        distance: None,
    }
}

/// The grade whose place is compared, and the grade at the bound.
fn ranks(reader: &Reader<'_>, place: StepId, bound: StepId) -> Option<(StepId, Figure)> {
    let Op::Rank(grade, scale) = &reader.plan.steps.get(place)?.op else { return None };
    let bound = u32::try_from(reader.value(bound).as_number()?.to_i64()?).ok()?;
    Some((*grade, Figure { value: Value::Code(bound), ty: Type::Enum(*scale) }))
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
            // A layer that refers bears nothing meanwhile; every other rule that refers applies.
            Some(IfUnknown::Refer { .. })
                if rule.applies.is_some_and(|applies| reader.value(applies) == Value::Bool(false)) =>
            {
                Standing::UnknownDoesNot
            }
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

/// The same of a rule that does something of its own.
pub(super) fn line_of(reader: &Reader<'_>, id: RuleId, subject: Subject) -> Option<RuleLine> {
    Some(RuleLine { subject, ..line(reader, id)? })
}

/// A rule with its standing and what it compares.
pub(super) fn line(reader: &Reader<'_>, id: RuleId) -> Option<RuleLine> {
    let rule = reader.plan.rules.get(id)?;
    Some(RuleLine {
        address: rule.address.clone(),
        kind: rule.kind,
        written: reader.rule_text(rule.span),
        subject: Subject::Plain,
        condition: rule.condition,
        standing: standing(reader, rule),
        comparisons: rule.condition.map(|condition| comparisons(reader, condition)).unwrap_or_default(),
        reason: reason(reader, &rule.reason),
        place: reader.place(rule.span),
    })
}
