//! The samples of a key: one for every stretch on which all rows answer alike.

use std::collections::BTreeSet;

use super::{by_name, constant};
use crate::plan::{CellTest, Plan, RowItem, StepId};
use crate::value::{Cause, Date, EnumSort, Number, Type, Value};

/// The samples of the key in column `column` of the rows, in ascending order; unknown comes last, if the key can be.
pub(super) fn samples(plan: &Plan, key: StepId, column: usize, rows: &[RowItem]) -> Vec<Value> {
    let Some(step) = plan.steps.get(key) else { return Vec::new() };
    let cells = rows.iter().filter_map(|row| row.cells.get(column)).flat_map(|cell| &cell.pattern);
    let bounds: Vec<&Value> = cells.flat_map(|test| mentioned(plan, test)).collect();
    let mut samples = match &step.ty {
        Type::YesNo => vec![Value::Bool(true), Value::Bool(false)],
        Type::Enum(id) => {
            let scale = plan.schema.enums.get(*id);
            // The steps of a ladder and the states of a stance are enumerations like any other.
            let members = scale.map_or(0, |scale| match scale.sort {
                EnumSort::Kind
                | EnumSort::Grades
                | EnumSort::Stance
                | EnumSort::Steps
                | EnumSort::Holds
                | EnumSort::BuiltIn => scale.members.len(),
            });
            (0..members).filter_map(|code| u32::try_from(code).ok()).map(Value::Code).collect()
        }
        Type::Number(_) => {
            let numbers = bounds.iter().filter_map(|bound| bound.as_number().cloned()).collect();
            numbers_between(numbers, step.bounds.range.as_ref(), step.bounds.decimals)
        }
        Type::Date => dates_between(&bounds),
        Type::Text => {
            let mut texts: Vec<Value> = Vec::new();
            for bound in bounds {
                if !texts.contains(bound) {
                    texts.push(bound.clone());
                }
            }
            texts.push(Value::Text("\u{2026}".into()));
            texts
        }
        Type::Set(_) | Type::List(_) | Type::Records(_) => Vec::new(),
    };
    if step.bounds.unknown {
        samples.push(Value::Unknown(Cause::NotComputable(key.0)));
    }
    samples
}

/// The bounds of a column of numbers that are no constants, each once however often it is named.
pub(super) fn open_bounds(plan: &Plan, column: usize, rows: &[RowItem]) -> Vec<StepId> {
    let mut open: Vec<StepId> = Vec::new();
    let cells = rows.iter().filter_map(|row| row.cells.get(column)).flat_map(|cell| &cell.pattern);
    for test in cells {
        let CellTest::Bounds { lower, upper } = test else { continue };
        for (step, _) in [lower, upper].into_iter().flatten() {
            let step = by_name(plan, *step);
            let number = plan.steps.get(step).is_some_and(|it| matches!(it.ty, Type::Number(_)));
            if number && constant(plan, step).is_none() && !open.contains(&step) {
                open.push(step);
            }
        }
    }
    open
}

/// The samples of a key of numbers and of its bounds that are no constants: every cut, and between two cuts so many numbers that
/// all of them can stand there in every order.
pub(super) fn samples_of_both(
    plan: &Plan,
    key: StepId,
    column: usize,
    rows: &[RowItem],
    open: &[StepId],
) -> (Vec<Value>, Vec<Vec<Value>>) {
    let bounds = |step: StepId| plan.steps.get(step).map(|it| &it.bounds);
    let decimals = bounds(key).and_then(|it| it.decimals);
    let cells = rows.iter().filter_map(|row| row.cells.get(column)).flat_map(|cell| &cell.pattern);
    let constants =
        cells.flat_map(|test| mentioned(plan, test)).filter_map(|bound| bound.as_number().cloned());
    let mut cuts: BTreeSet<Number> = constants.collect();
    for step in open.iter().chain([&key]) {
        if let Some((low, high)) = bounds(*step).and_then(|it| it.range.as_ref()) {
            cuts.insert(low.clone());
            cuts.insert(high.clone());
        }
    }
    let between = open.len().saturating_mul(2).saturating_add(1);
    let room = Number::from(u32::try_from(between.saturating_add(1)).unwrap_or(u32::MAX));
    let low = cuts.first().map_or(Number::ZERO, |first| first.sub(&room));
    let high = cuts.last().map_or(Number::ZERO, |last| last.add(&room));
    cuts.insert(low);
    cuts.insert(high);
    let mut numbers: Vec<Number> = Vec::new();
    for cut in cuts {
        for _ in 0..between {
            let Some(before) = numbers.last() else { break };
            let Some(next) = self::between(before, &cut, decimals) else { break };
            numbers.push(next);
        }
        numbers.push(cut);
    }
    let of = |step: StepId, on_grid: bool| {
        let bounds = bounds(step);
        let range = bounds.and_then(|it| it.range.as_ref());
        let fits = |number: &&Number| {
            range.is_none_or(|(low, high)| *number >= low && *number <= high)
                && (!on_grid || self::on_grid(number, decimals))
        };
        let mut samples: Vec<Value> = numbers.iter().filter(fits).cloned().map(Value::Number).collect();
        if bounds.is_some_and(|it| it.unknown) {
            samples.push(Value::Unknown(Cause::NotComputable(step.0)));
        }
        samples
    };
    (of(key, true), open.iter().map(|step| of(*step, false)).collect())
}

/// The constants that a test mentions.
fn mentioned<'a>(plan: &'a Plan, test: &CellTest) -> Vec<&'a Value> {
    match test {
        CellTest::Bounds { lower, upper } => {
            [lower, upper].into_iter().flatten().filter_map(|(step, _)| constant(plan, *step)).collect()
        }
        CellTest::Equals(step) => constant(plan, *step).into_iter().collect(),
        CellTest::OrBetter(_)
        | CellTest::OrWorse(_)
        | CellTest::Code(_)
        | CellTest::Any
        | CellTest::Unknown => Vec::new(),
    }
}

/// Every cut and one number of every stretch between two cuts that a number of so many decimals can be.
fn numbers_between(
    mut cuts: BTreeSet<Number>,
    range: Option<&(Number, Number)>,
    decimals: Option<u32>,
) -> Vec<Value> {
    match range {
        Some((low, high)) => {
            cuts.retain(|cut| cut > low && cut < high);
            cuts.insert(low.clone());
            cuts.insert(high.clone());
        }
        None => {
            let one = Number::ONE;
            let low = cuts.first().map_or(Number::ZERO, |first| first.sub(&one));
            let high = cuts.last().map_or(Number::ZERO, |last| last.add(&one));
            cuts.insert(low);
            cuts.insert(high);
        }
    }
    let mut samples = Vec::new();
    let mut before: Option<Number> = None;
    for cut in cuts {
        if let Some(between) = before.as_ref().and_then(|low| between(low, &cut, decimals)) {
            samples.push(Value::Number(between));
        }
        if on_grid(&cut, decimals) {
            samples.push(Value::Number(cut.clone()));
        }
        before = Some(cut);
    }
    samples
}

/// Whether a number of so many decimals can be this one.
fn on_grid(number: &Number, decimals: Option<u32>) -> bool {
    decimals.is_none_or(|decimals| number.decimals().is_some_and(|needed| needed <= decimals))
}

/// A number strictly between two, of so many decimals; the one nearest the lower where decimals are limited.
fn between(low: &Number, high: &Number, decimals: Option<u32>) -> Option<Number> {
    let Some(decimals) = decimals else {
        // A step beside one end reads better than the middle of a wide stretch.
        let one = Number::ONE;
        let steps = [low.add(&one), high.sub(&one)];
        let near = steps.into_iter().filter(|step| step > low && step < high).min_by_key(Number::abs);
        return near.or_else(|| low.add(high).div(&Number::from_i64(2)));
    };
    let scale = Number::power_of_ten(decimals);
    let candidate = low.mul(&scale).floor().add(&Number::ONE).div(&scale)?;
    (candidate < *high).then_some(candidate)
}

fn dates_between(bounds: &[&Value]) -> Vec<Value> {
    let cuts: BTreeSet<Date> = bounds
        .iter()
        .filter_map(|bound| match bound {
            Value::Date(day) => Some(*day),
            _ => None,
        })
        .collect();
    let around = cuts.iter().flat_map(|day| [day.add_days(-1), Some(*day), day.add_days(1)]).flatten();
    let days: BTreeSet<Date> = around.collect();
    if days.is_empty() { vec![Value::Date(Date(0))] } else { days.into_iter().map(Value::Date).collect() }
}
