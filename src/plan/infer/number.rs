//! Decimals and ranges of numbers.

use super::super::{AggregateFunction, Op, Signed, SignedResult, Step, StepId, Take};
use super::{Plan, Range, by_date};
use crate::check::hir::ValueRange;
use crate::value::{
    Field, FieldType, MOST_ITEMS, Number, Precision, Rounding, RoundingMode, Style, Type, Value,
};

/// Decimals, and the range; each none where there is no end.
pub(super) type Figures = (Option<u32>, Option<Range>);

/// The most days between two days of the years 1 to 9999.
pub(super) const MOST_DAYS: i64 = 3_652_058;

/// So many decimals a script can give.
const SCRIPT_DECIMALS: u32 = 28;

/// So many different sums of weights are looked at.
const MOST_SUMS: usize = 4_096;

/// The decimals and the range of a number.
pub(super) fn number(plan: &Plan<'_>, step: &Step) -> Figures {
    let of = |id: StepId| figures(plan, id);
    match &step.op {
        Op::Const(Value::Number(number)) => (number.decimals(), Some((number.clone(), number.clone()))),
        Op::Fact(field) => plan.fact(*field).map_or((None, None), declared),
        Op::Field(list, place) => plan.field(*list, *place).map_or((None, None), declared),
        Op::Lookup { list, field, .. } => plan.field(*list, *field).map_or((None, None), declared),
        Op::Param(param) => parameter(plan, *param),
        Op::Same(a) => of(*a),
        Op::Add(a, b) => both(of(*a), of(*b), u32::max, add),
        Op::Subtract(a, b) => both(of(*a), of(*b), u32::max, |a, b| add(a, negate(b))),
        Op::Multiply(a, b) if a == b => power(of(*a), 2),
        Op::Multiply(a, b) => both(of(*a), of(*b), u32::saturating_add, multiply),
        Op::Divide(a, b) => divide(of(*a), of(*b)),
        Op::Negate(a) => (of(*a).0, of(*a).1.map(negate)),
        Op::Power(a, exponent) => power(of(*a), *exponent),
        Op::Round(a, rounding) => round(of(*a), rounding, &step.ty),
        Op::Floor(a) => (Some(0), of(*a).1.map(|(least, most)| (least.floor(), most.floor()))),
        Op::Pick { take, of: many, skip_unknown } => pick(plan, *take, many, *skip_unknown),
        Op::WeightedMean(terms) => {
            let hull = hull(plan, terms.iter().map(|(_, step)| *step));
            (mean_decimals(plan, terms), hull.1)
        }
        Op::WeightedSum(terms) => weighted_sum(plan, terms),
        Op::KnownWeight(terms) => known_weight(plan, terms),
        Op::IfUnknown(a, b) if plan.step(*a).is_some_and(|it| it.bounds.unknown) => hull(plan, [*a, *b]),
        Op::IfUnknown(a, _) => of(*a),
        Op::If(_, a, b) => hull(plan, [*a, *b]),
        Op::Choose(_, many) => hull(plan, many.iter().copied()),
        Op::Rank(_, kind) => {
            let ordered = plan.program.schema.enums.get(*kind).map_or(0, crate::value::Enum::ordered);
            (Some(0), Some((Number::ZERO, count(ordered.saturating_sub(1)))))
        }
        // The place of the condition that holds.
        Op::FirstTrue(many) => (Some(0), Some((Number::ZERO, count(many.len().saturating_sub(1))))),
        Op::DaysBetween(..) => {
            let most = Number::from_i64(MOST_DAYS);
            (Some(0), Some((most.neg(), most)))
        }
        Op::Aggregate { function, operand, .. } => {
            let figures = operand.map_or((Some(0), None), of);
            aggregate(*function, figures, 0, MOST_ITEMS)
        }
        Op::ListAggregate { function, known, list } => {
            let (least, most) = plan.length(*list);
            let least = if *known && plan.element_unknown(*list) { 0 } else { least };
            aggregate(*function, of(*list), least, most)
        }
        Op::Running { of: step, .. } => aggregate(AggregateFunction::Sum, of(*step), 1, MOST_ITEMS),
        Op::Latest { of: step, .. } => of(*step),
        Op::ListWeightedMean(list, weights) => list_mean(of(*list), weights),
        Op::Script(function, _) => script(plan, *function, &step.ty),
        Op::ByDate(series, _) => by_date::series(plan, *series),
        Op::Reference { table, column, .. } => by_date::reference(plan, *table, *column),
        Op::Interest(it) => by_date::interest(plan, it),
        Op::Instalment(principal, rate, _) => (None, by_date::instalment(of(*principal).1, of(*rate).1)),
        Op::Signed(signed) => signatures(plan, signed),
        // Its construct knows over what it is taken.
        Op::Book(..)
        | Op::Const(_)
        | Op::Today
        | Op::Unknown(_)
        | Op::Compare(..)
        | Op::Equal(..)
        | Op::OneOf(..)
        | Op::Has(..)
        | Op::And(_)
        | Op::Or(_)
        | Op::Not(_)
        | Op::AtLeast(..)
        | Op::IsKnown(_)
        | Op::Collect(_)
        | Op::OfRank(..)
        | Op::AddDays(..)
        | Op::AddBusinessDays(..)
        | Op::ToBusinessDay(..)
        | Op::AddMonths(..)
        | Op::EndOfMonth(_)
        | Op::Anchor(..)
        | Op::Recent { .. }
        | Op::InARow { .. }
        | Op::PeriodStart(..)
        | Op::NameOfItem(..)
        | Op::SignedOn(_)
        | Op::List(_) => (None, None),
    }
}

/// The decimals and the range of the values of a list.
pub(super) fn elements(plan: &Plan<'_>, step: &Step) -> Figures {
    match &step.op {
        Op::Fact(field) => plan.fact(*field).map_or((None, None), of_elements),
        Op::Field(list, place) => plan.field(*list, *place).map_or((None, None), of_elements),
        Op::Same(a) | Op::Recent { list: a, .. } => figures(plan, *a),
        Op::List(many) => hull(plan, many.iter().copied()),
        Op::If(_, a, b) | Op::IfUnknown(a, b) => hull(plan, [*a, *b]),
        Op::Choose(_, many) => hull(plan, many.iter().copied()),
        Op::Const(Value::List(values)) => {
            let numbers: Vec<&Number> = values.iter().filter_map(Value::as_number).collect();
            let decimals = numbers.iter().map(|it| it.decimals()).try_fold(0, |most, it| Some(it?.max(most)));
            let range = match (numbers.iter().min(), numbers.iter().max()) {
                (Some(least), Some(most)) => Some(((*least).clone(), (*most).clone())),
                _ => None,
            };
            (decimals, range)
        }
        _ => (None, None),
    }
}

pub(super) fn figures(plan: &Plan<'_>, step: StepId) -> Figures {
    plan.step(step).map_or((None, None), |it| (it.bounds.decimals, it.bounds.range.clone()))
}

fn of_elements(field: &Field) -> Figures {
    match &field.ty {
        FieldType::List { of, .. } => declared(of),
        _ => (None, None),
    }
}

/// What is declared of a fact. A bound that is out itself moves by the smallest step there is.
pub(super) fn declared(field: &Field) -> Figures {
    let figure = if field.ty == FieldType::Percent { 2 } else { 0 };
    let decimals = field.decimals.saturating_add(figure);
    let range = field.range.clone().or_else(|| field.ty.default_range()).map(|(mut least, mut most)| {
        let smallest = smallest(decimals);
        if field.open.0 {
            least = least.add(&smallest);
        }
        if field.open.1 {
            most = most.sub(&smallest);
        }
        (least, most)
    });
    (Some(decimals), range)
}

/// The smallest number above 0 with so many decimals.
fn smallest(decimals: u32) -> Number {
    Number::ONE.div(&Number::power_of_ten(decimals)).unwrap_or(Number::ONE)
}

fn parameter(plan: &Plan<'_>, param: u32) -> Figures {
    let Some(param) = plan.program.params.get(crate::check::hir::ParamId(param)) else { return (None, None) };
    let Type::Number(unit) = &param.ty else { return (None, None) };
    let figure = if unit.is_plain() && unit.style == Style::Percent { 2 } else { 0 };
    let decimals = param.decimals.saturating_add(figure);
    (Some(decimals), ranged(&param.range, super::usual_range(*unit), decimals))
}

fn script(plan: &Plan<'_>, function: u32, ty: &Type) -> Figures {
    let Some(script) = plan.program.scripts.get(crate::check::hir::ScriptId(function)) else {
        return (None, None);
    };
    let usual = ty.unit().and_then(super::usual_range);
    (Some(SCRIPT_DECIMALS), ranged(&script.range, usual, SCRIPT_DECIMALS))
}

/// A declared range, its open ends from the usual one.
fn ranged(range: &ValueRange, usual: Option<Range>, decimals: u32) -> Option<Range> {
    let (least, most) = match usual {
        Some((least, most)) => (Some(least), Some(most)),
        None => (None, None),
    };
    let inside = |bound: &(Number, bool), up: bool| match bound {
        (number, true) => number.clone(),
        (number, false) if up => number.add(&smallest(decimals)),
        (number, false) => number.sub(&smallest(decimals)),
    };
    let from = range.from.as_ref().map(|bound| inside(bound, true)).or(least)?;
    let to = range.to.as_ref().map(|bound| inside(bound, false)).or(most)?;
    Some((from, to))
}

fn both(a: Figures, b: Figures, decimals: fn(u32, u32) -> u32, range: fn(Range, Range) -> Range) -> Figures {
    let decimals = a.0.zip(b.0).map(|(a, b)| decimals(a, b));
    (decimals, a.1.zip(b.1).map(|(a, b)| range(a, b)))
}

fn add(a: Range, b: Range) -> Range {
    (a.0.add(&b.0), a.1.add(&b.1))
}

fn negate(a: Range) -> Range {
    (a.1.neg(), a.0.neg())
}

pub(super) fn multiply(a: Range, b: Range) -> Range {
    let corners = [a.0.mul(&b.0), a.0.mul(&b.1), a.1.mul(&b.0), a.1.mul(&b.1)];
    around(corners.into_iter()).unwrap_or((Number::ZERO, Number::ZERO))
}

/// The interval around some numbers.
pub(super) fn around(numbers: impl Iterator<Item = Number>) -> Option<Range> {
    numbers.fold(None, |range, number| match range {
        None => Some((number.clone(), number)),
        Some((least, most)) => Some((least.min(number.clone()), most.max(number))),
    })
}

fn power((decimals, range): Figures, exponent: u32) -> Figures {
    // The caller of a power bounds it; a power beyond sense has no bound here.
    const MOST: u32 = 1_000;
    let decimals = decimals.map(|it| it.saturating_mul(exponent));
    if exponent > MOST {
        return (decimals, None);
    }
    let range = range.and_then(|(least, most)| {
        let through_zero = !least.is_positive() && !most.is_negative();
        let ends = [least.pow(exponent), most.pow(exponent)];
        around(ends.into_iter().chain((through_zero && exponent > 0).then_some(Number::ZERO)))
    });
    (decimals, range)
}

/// A quotient: unknown where the divisor is 0, and else its divisor is at least as far from 0 as its decimals allow.
fn divide(a: Figures, b: Figures) -> Figures {
    let by_constant = match &b.1 {
        Some((least, most)) if least == most => Some(least.clone()),
        Some(_) | None => None,
    };
    let decimals = by_constant
        .as_ref()
        .and_then(|by| Number::ONE.div(by))
        .and_then(|times| Some(a.0?.saturating_add(times.decimals()?)));
    let range = a.1.zip(b.1).and_then(|(over, (least, most))| {
        let mut parts = Vec::new();
        let nearest = b.0.map(smallest);
        if most.is_positive() {
            let from = if least.is_positive() { least.clone() } else { nearest.clone()? };
            parts.push((from, most.clone()));
        }
        if least.is_negative() {
            let to = if most.is_negative() { most } else { nearest?.neg() };
            parts.push((least, to));
        }
        let corners = parts.iter().flat_map(|(from, to)| {
            [over.0.div(from), over.0.div(to), over.1.div(from), over.1.div(to)].into_iter().flatten()
        });
        around(corners)
    });
    (decimals, range)
}

/// The rounding of a figure: a percent's decimals count in its figure.
fn round((decimals, range): Figures, rounding: &Rounding, ty: &Type) -> Figures {
    let percent = ty.unit().is_some_and(|unit| unit.is_plain() && unit.style == Style::Percent);
    let precision = match &rounding.precision {
        Precision::Decimals(to) if percent => Precision::Decimals(to.saturating_add(2)),
        other => other.clone(),
    };
    let allowed = match &precision {
        Precision::Decimals(to) => Some(*to),
        Precision::Multiples(step) => step.decimals(),
    };
    let decimals = match (decimals, allowed, &precision) {
        (Some(own), Some(allowed), Precision::Decimals(_)) => Some(own.min(allowed)),
        (_, allowed, _) => allowed,
    };
    let at = |mode: RoundingMode, number: &Number| precision.round(mode, number);
    let range = range.map(|(least, most)| (at(rounding.mode, &least), at(rounding.mode, &most)));
    (decimals, range)
}

fn can_be_unknown(plan: &Plan<'_>, step: StepId) -> bool {
    plan.step(step).is_none_or(|it| it.bounds.unknown)
}

/// Any of these: what the policy leaves unknown adds nothing.
pub(super) fn hull(plan: &Plan<'_>, of: impl IntoIterator<Item = StepId>) -> Figures {
    let mut decimals = Some(0_u32);
    let mut range: Option<Option<Range>> = None;
    for step in of {
        if matches!(plan.op(plan.behind(step)), Some(Op::Unknown(_) | Op::Const(Value::Unknown(_)))) {
            continue;
        }
        let (own_decimals, own) = figures(plan, step);
        decimals = decimals.zip(own_decimals).map(|(a, b)| a.max(b));
        range = Some(match range {
            None => own,
            Some(before) => before
                .zip(own)
                .map(|((least, most), (own_least, own_most))| (least.min(own_least), most.max(own_most))),
        });
    }
    (decimals, range.flatten())
}

fn pick(plan: &Plan<'_>, take: Take, of: &[StepId], skip_unknown: bool) -> Figures {
    let (decimals, around) = hull(plan, of.iter().copied());
    // With unknown ones left out, only those that are always there bound the other side.
    let sure: Vec<Range> = of
        .iter()
        .filter(|step| !skip_unknown || !can_be_unknown(plan, **step))
        .filter_map(|step| figures(plan, *step).1)
        .collect();
    // One that has no end bounds nothing, yet the others still bound it.
    let lows = of.iter().map(|step| figures(plan, *step).1.map(|range| range.0)).collect::<Option<Vec<_>>>();
    let highs = of.iter().map(|step| figures(plan, *step).1.map(|range| range.1)).collect::<Option<Vec<_>>>();
    match take {
        Take::Lowest => {
            let least = lows.and_then(|lows| lows.into_iter().min());
            let most = sure.into_iter().map(|range| range.1).min().or(around.map(|range| range.1));
            (decimals, least.zip(most))
        }
        Take::Highest => {
            let most = highs.and_then(|highs| highs.into_iter().max());
            let least = sure.into_iter().map(|range| range.0).max().or(around.map(|range| range.0));
            (decimals, least.zip(most))
        }
        Take::Average => {
            let counts = if skip_unknown { 1 } else { of.len() };
            (average_decimals(decimals, counts, of.len()), around)
        }
        Take::Middle => (decimals, around),
        Take::First if skip_unknown => (decimals, around),
        Take::First => of.first().map_or((None, None), |first| figures(plan, *first)),
    }
}

/// The decimals of a sum over so many, from the fewest to the most.
fn average_decimals(decimals: Option<u32>, fewest: usize, most: usize) -> Option<u32> {
    let mut more = 0_u32;
    for count_of in fewest.max(1)..=most {
        // Beyond ten some count always has a 3 in it.
        if count_of.saturating_sub(fewest) > 10 {
            return None;
        }
        more = more.max(Number::ONE.div(&count(count_of))?.decimals()?);
    }
    decimals.map(|decimals| decimals.saturating_add(more))
}

fn count(of: usize) -> Number {
    Number::from_i64(i64::try_from(of).unwrap_or(i64::MAX))
}

fn aggregate(function: AggregateFunction, (decimals, range): Figures, least: usize, most: usize) -> Figures {
    match function {
        AggregateFunction::Sum => {
            let range = range.map(|(low, high)| {
                let ends = [
                    low.mul(&count(least)),
                    low.mul(&count(most)),
                    high.mul(&count(least)),
                    high.mul(&count(most)),
                ];
                around(ends.into_iter()).unwrap_or((Number::ZERO, Number::ZERO))
            });
            (decimals, range)
        }
        AggregateFunction::Count => (Some(0), Some((count(least), count(most)))),
        AggregateFunction::Lowest | AggregateFunction::Highest => (decimals, range),
        AggregateFunction::Average => (average_decimals(decimals, least, most), range),
        AggregateFunction::Share => {
            (average_decimals(Some(0), least, most), Some((Number::ZERO, Number::ONE)))
        }
        AggregateFunction::Any | AggregateFunction::All => (None, None),
    }
}

/// The decimals of a weighted mean: of each weight over every sum of weights that can come about.
fn mean_decimals(plan: &Plan<'_>, terms: &[(Number, StepId)]) -> Option<u32> {
    let (open, sure): (Vec<_>, Vec<_>) = terms.iter().partition(|(_, step)| can_be_unknown(plan, *step));
    let mut sums = std::collections::BTreeSet::from([Number::sum(sure.iter().map(|(weight, _)| weight))]);
    for (weight, _) in open {
        let more: Vec<Number> = sums.iter().map(|sum| sum.add(weight)).collect();
        sums.extend(more);
        if sums.len() > MOST_SUMS {
            return None;
        }
    }
    let mut most = 0_u32;
    for sum in sums.iter().filter(|sum| !sum.is_zero()) {
        for (weight, step) in terms {
            let part = weight.div(sum)?.decimals()?;
            most = most.max(part.saturating_add(figures(plan, *step).0?));
        }
    }
    Some(most)
}

fn weighted_sum(plan: &Plan<'_>, terms: &[(Number, StepId)]) -> Figures {
    let mut sum: Figures = (Some(0), Some((Number::ZERO, Number::ZERO)));
    for (weight, step) in terms {
        let (decimals, range) = figures(plan, *step);
        let decimals = weight.decimals().zip(decimals).map(|(a, b)| a.saturating_add(b));
        let range = range.map(|range| {
            let (least, most) = multiply(range, (weight.clone(), weight.clone()));
            if can_be_unknown(plan, *step) {
                (least.min(Number::ZERO), most.max(Number::ZERO))
            } else {
                (least, most)
            }
        });
        sum = both(sum, (decimals, range), u32::max, add);
    }
    sum
}

fn known_weight(plan: &Plan<'_>, terms: &[(Number, StepId)]) -> Figures {
    let mut sum: Figures = (Some(0), Some((Number::ZERO, Number::ZERO)));
    for (weight, step) in terms {
        let range = if can_be_unknown(plan, *step) {
            (weight.clone().min(Number::ZERO), weight.clone().max(Number::ZERO))
        } else {
            (weight.clone(), weight.clone())
        };
        sum = both(sum, (weight.decimals(), Some(range)), u32::max, add);
    }
    sum
}

fn list_mean((decimals, range): Figures, weights: &[Number]) -> Figures {
    let all = Number::sum(weights);
    let more = weights
        .iter()
        .map(|weight| weight.div(&all).and_then(|part| part.decimals()))
        .collect::<Option<Vec<u32>>>()
        .and_then(|each| each.into_iter().max());
    (decimals.zip(more).map(|(a, b)| a.saturating_add(b)), range)
}

/// What is granted lies between nothing and the value, at an amount that somebody names or at which a band ends.
fn signatures(plan: &Plan<'_>, signed: &Signed) -> Figures {
    let [_, _, _, _, amount, _] = signed.fields;
    let of = |step: StepId| {
        plan.step(step).map_or((None, None), |it| (it.bounds.decimals, it.bounds.range.clone()))
    };
    let mut figures = of(signed.value);
    for other in [amount].into_iter().chain(signed.bounds.iter().map(|(amount, _)| *amount)) {
        figures = both(figures, of(other), u32::max, |a, b| (a.0.min(b.0), a.1.max(b.1)));
    }
    match (signed.result, &signed.carries) {
        (SignedResult::Carried, Some(part)) => {
            let decimals = figures.0.zip(part.decimals()).map(|(a, b)| a.saturating_add(b));
            let most = figures.1.map(|(least, most)| (Number::ZERO, most.sub(&least).mul(part)));
            (decimals, most)
        }
        _ => figures,
    }
}
