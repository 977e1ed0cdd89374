//! Which values of a fact are tried.

use std::collections::BTreeSet;

use super::aims::Aims;
use crate::base::Str;
use crate::eval::Facts;
use crate::plan::Plan;
use crate::value::{Date, Field, FieldId, FieldType, Number, Value};

/// So many values of one fact are tried at most.
const MOST_TRIED: usize = 96;
/// A kind of so many members is tried in all its sets.
const MOST_IN_SETS: usize = 6;
/// So many whole numbers of a range are all tried.
const MOST_IN_RANGE: i64 = 64;

/// The values of a fact that are tried, the plainest first, and whether it can have no other.
pub(super) fn values(
    plan: &Plan,
    facts: &Facts,
    fact: FieldId,
    aims: Option<&Aims>,
    today: Date,
) -> (Vec<Value>, bool) {
    let Some(field) = plan.schema.fields.get(fact) else { return (Vec::new(), false) };
    let none = Aims::default();
    let aims = aims.unwrap_or(&none);
    let (values, all) = of_type(plan, field, aims, today, &figures(plan, facts, &field.ty));
    let mut tried: Vec<Value> = Vec::new();
    for value in values {
        let admitted = field.misfit(&value).is_none() && !field.unknown_when.contains(&value);
        if admitted && !tried.contains(&value) {
            tried.push(value);
        }
    }
    let all = all && tried.len() <= MOST_TRIED;
    tried.truncate(MOST_TRIED);
    (tried, all)
}

/// The numbers of the same type that the customer gave: they tell in which order of size the missing one lies.
fn figures(plan: &Plan, facts: &Facts, ty: &FieldType) -> Vec<Number> {
    // What is personal is not told by a value that was tried, either.
    let same = plan.schema.fields.iter_enumerated();
    let same = same.filter(|(_, field)| field.ty == *ty && !field.personal);
    same.filter_map(|(id, _)| facts.value(id)?.as_number().cloned()).take(6).collect()
}

/// Values of a type without regard to ranges: aims first, then usual values, then a last digit on either side of the aims.
pub(super) fn of_type(
    plan: &Plan,
    field: &Field,
    aims: &Aims,
    today: Date,
    figures: &[Number],
) -> (Vec<Value>, bool) {
    let members = |kind| plan.schema.enums.get(kind).map_or(0, |kind| kind.members.len());
    match &field.ty {
        FieldType::YesNo => (vec![Value::Bool(true), Value::Bool(false)], true),
        FieldType::Enum(kind) => ((0_u32..).take(members(*kind)).map(Value::Code).collect(), true),
        FieldType::Set(kind) => {
            let members = members(*kind);
            let bits = u32::try_from(members).unwrap_or(u32::MAX);
            let full = 1_u128.checked_shl(bits).map_or(u128::MAX, |it| it.saturating_sub(1));
            if members <= MOST_IN_SETS {
                return ((0..=full).map(Value::Set).collect(), true);
            }
            let single = (0..bits).filter_map(|bit| 1_u128.checked_shl(bit));
            ([0, full].into_iter().chain(single).map(Value::Set).collect(), false)
        }
        FieldType::Date => (days(aims, today, field.dates), false),
        FieldType::Text => {
            (aims.texts.iter().cloned().map(Value::Text).chain([other(&aims.texts)]).collect(), false)
        }
        FieldType::Number
        | FieldType::Percent
        | FieldType::Money(_)
        | FieldType::Days
        | FieldType::Months => numbers(field, aims, figures),
        // Items cannot be made up; that there are none can be tried.
        FieldType::Records(_) => (vec![Value::List(Vec::new().into())], false),
        FieldType::List { .. } => (Vec::new(), false),
    }
}

/// A text that is none of these.
fn other(texts: &BTreeSet<Str>) -> Value {
    let mut text = String::from("-");
    while texts.contains(text.as_str()) {
        text.push('-');
    }
    Value::Text(Str::from(text))
}

fn days(aims: &Aims, today: Date, range: Option<(Date, Date)>) -> Vec<Value> {
    let beside = |by: i64| move |day: &Date| day.add_days(by);
    let usual = [0, -1, -30, -90, -180, -365, -730, -1_825, -3_650, 1, 30, 90, 365];
    let mut found: Vec<Date> = aims.days.iter().copied().collect();
    found.extend(usual.into_iter().filter_map(|by| today.add_days(by)));
    found.extend(range.into_iter().flat_map(|(from, to)| [from, to]));
    found.extend(aims.days.iter().filter_map(beside(-1)));
    found.extend(aims.days.iter().filter_map(beside(1)));
    found.into_iter().map(Value::Date).collect()
}

fn numbers(field: &Field, aims: &Aims, figures: &[Number]) -> (Vec<Value>, bool) {
    let percent = matches!(field.ty, FieldType::Percent);
    let places = field.decimals.saturating_add(if percent { 2 } else { 0 });
    let unit = Number::power_of_ten(places);
    let least = Number::ONE.div(&unit).unwrap_or(Number::ONE);
    let declared = field.range.clone().filter(|range| field.ty.default_range().as_ref() != Some(range));
    if let (0, false, Some((from, to))) = (field.decimals, percent, &declared)
        && let (Some(from), Some(to)) = (from.to_i64(), to.to_i64())
        && to.saturating_sub(from) < MOST_IN_RANGE
    {
        return ((from..=to).map(|it| Value::Number(Number::from_i64(it))).collect(), true);
    }
    let near = |number: &Number| {
        let scaled = number.mul(&unit);
        [scaled.floor(), scaled.ceil()].into_iter().filter_map(|it| it.div(&unit)).collect::<Vec<_>>()
    };
    let exact: BTreeSet<Number> = aims.numbers.iter().flat_map(near).collect();
    let two = Number::from_i64(2);
    let own = figures.iter().flat_map(|it| [Some(it.clone()), it.div(&two), Some(it.mul(&two))]).flatten();
    let default = field.ty.default_range();
    let ends = declared.into_iter().zip(default).flat_map(|((from, to), (least, most))| {
        [Some(from).filter(|it| *it != least), Some(to).filter(|it| *it != most)]
    });
    let mut found: Vec<Number> =
        exact.iter().cloned().chain(usual(&field.ty)).chain(own.flat_map(|it| near(&it))).collect();
    found.extend(ends.flatten());
    found.extend(exact.iter().flat_map(|it| [it.sub(&least), it.add(&least)]));
    found.retain(|it| it.decimals().is_some_and(|decimals| decimals <= places));
    (found.into_iter().map(Value::Number).collect(), false)
}

/// Values that facts of a type usually have, of several orders of size.
fn usual(ty: &FieldType) -> Vec<Number> {
    let whole: &[i64] = match ty {
        FieldType::Percent => &[50, 10, 100, 0, 30, 80, 150, -10],
        FieldType::Money(_) => &[100_000, 1_000_000, 0, 10_000, 10_000_000, 1_000, 100_000_000, -100_000],
        FieldType::Days => &[30, 0, 60, 90, 180, 365, 7, 15],
        FieldType::Months => &[12, 0, 6, 24, 36, 60, 3],
        _ => &[5, 0, 1, 2, 10, 20, 50, 80, 100, 1_000],
    };
    let part = if matches!(ty, FieldType::Percent) { 100 } else { 1 };
    whole.iter().filter_map(|it| Number::ratio(*it, part)).collect()
}
