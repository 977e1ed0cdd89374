//! The values that a place could be given so that it is what is wanted.

use super::customer::{
    Change, Customer, Grid, Place, field_of, figure, plausible, plausible_record, record_fields,
};
use super::want::{Range, Want};
use crate::base::Str;
use crate::plan::{Plan, StepId};
use crate::value::{Cause, Default, Field, FieldId, FieldType, Number, Type, Value};

/// So many members of a kind are tried for one place.
const MOST_MEMBERS: usize = 6;

/// The changes of one place of a customer that could bring what is wanted, the smallest first.
pub(super) fn changes(plan: &Plan, customer: &Customer, place: Place, want: &Want) -> Vec<Change> {
    let now = customer.value(plan, place);
    let field = field_of(plan, place);
    let mut values: Vec<Value> = Vec::new();
    match want {
        Want::Unknown => {
            let may = field.is_some_and(|field| field.default == Default::Unknown);
            if may && now.is_known() && !matches!(place, Place::Element(..)) {
                return vec![Change::Set(place, Value::Unknown(Cause::Missing(0)))];
            }
            return Vec::new();
        }
        Want::Known => {
            if !now.is_known() {
                values.extend(example(plan, customer, place));
            }
        }
        Want::Truth(yes) => values.push(Value::Bool(*yes)),
        Want::Within(range) => values.extend(within(plan, customer, place, &now, range)),
        Want::Move(up) => values.extend(moved(plan, place, &now, *up)),
        Want::OneOf(codes) => values.extend(codes.iter().take(MOST_MEMBERS).map(|code| Value::Code(*code))),
        Want::NoneOf(codes) => {
            let known = match (field.map(|field| &field.ty), place) {
                (Some(FieldType::Enum(kind)), _) => Some(*kind),
                (_, Place::Value(step)) => match plan.steps.get(step).map(|step| &step.ty) {
                    Some(Type::Enum(kind)) => Some(*kind),
                    Some(_) | None => None,
                },
                _ => None,
            };
            let members =
                known.and_then(|kind| plan.schema.enums.get(kind)).map_or(0, |kind| kind.members.len());
            let all = (0..members).filter_map(|code| u32::try_from(code).ok());
            values.extend(all.filter(|code| !codes.contains(code)).take(MOST_MEMBERS).map(Value::Code));
        }
        Want::Member(member, wanted) => {
            let bit = 1_u128.checked_shl(*member).unwrap_or(0);
            let bits = if let Value::Set(bits) = now { bits } else { 0 };
            values.push(Value::Set(if *wanted { bits | bit } else { bits & !bit }));
        }
        Want::Text(text, true) => values.push(Value::Text(text.clone())),
        Want::Text(_, false) => values.push(Value::Text(Str::from("A-9"))),
        Want::Is(value) => values.push(value.clone()),
        Want::Other => match &now {
            Value::Bool(yes) => values.push(Value::Bool(!yes)),
            Value::Number(_) | Value::Date(_) => {
                values.extend(moved(plan, place, &now, true));
                values.extend(moved(plan, place, &now, false));
            }
            Value::Code(code) => return changes(plan, customer, place, &Want::NoneOf(vec![*code])),
            Value::Text(text) => return changes(plan, customer, place, &Want::Text(text.clone(), false)),
            Value::Unknown(_) => return changes(plan, customer, place, &Want::Known),
            Value::Set(_) | Value::List(_) => {}
        },
    }
    values.retain(|value| *value != now && field.is_none_or(|field| admits(field, value)));
    let mut found: Vec<Change> = Vec::new();
    for value in values {
        let change = Change::Set(place, value);
        if !found.contains(&change) {
            found.push(change);
        }
    }
    found
}

fn admits(field: &Field, value: &Value) -> bool {
    field.misfit(value).is_none() && !field.unknown_when.contains(value)
}

fn example(plan: &Plan, customer: &Customer, place: Place) -> Option<Value> {
    match place {
        Place::Value(step) => return example_of_step(plan, step),
        Place::Day => return plan.policies.last().and_then(|policy| policy.effective_from).map(Value::Date),
        Place::Fact(_) | Place::Element(..) | Place::Cell(..) | Place::Items(_) => {}
    }
    let nth = match place {
        Place::Cell(_, item, _) => item,
        Place::Fact(_) | Place::Element(..) | Place::Items(_) | Place::Value(_) | Place::Day => 0,
    };
    field_of(plan, place).map(|field| plausible(field, &plan.schema.enums, customer.as_of, nth))
}

fn example_of_step(plan: &Plan, step: StepId) -> Option<Value> {
    let ty = &plan.steps.get(step)?.ty;
    match ty {
        Type::YesNo => Some(Value::Bool(false)),
        Type::Number(_) | Type::Date => {
            let grid = Grid::of(plan, Place::Value(step))?;
            Some(grid.value(&grid.near(&Number::from_i64(if grid.days { 20_000 } else { 5 }))))
        }
        Type::Enum(_) => Some(Value::Code(0)),
        Type::Set(_) => Some(Value::Set(0)),
        Type::Text => Some(Value::Text(Str::from("A-1"))),
        Type::List(_) | Type::Records(_) => None,
    }
}

fn within(plan: &Plan, customer: &Customer, place: Place, now: &Value, range: &Range) -> Vec<Value> {
    let Some(grid) = Grid::of(plan, place) else { return Vec::new() };
    let lowest = match &range.low {
        Some((low, included)) => grid.above(low).and_then(|least| {
            let least = if least == *low && !included { least.add(&grid.step) } else { least };
            (least <= grid.most).then_some(least)
        }),
        None => Some(grid.least.clone()),
    };
    let highest = match &range.high {
        Some((high, included)) => grid.below(high).and_then(|most| {
            let most = if most == *high && !included { most.sub(&grid.step) } else { most };
            (most >= grid.least).then_some(most)
        }),
        None => Some(grid.most.clone()),
    };
    let (lowest, highest) = match (lowest, highest) {
        (Some(lowest), Some(highest)) if lowest <= highest => (lowest, highest),
        // The place alone cannot bring it: as near as it comes, so that another one may bring the rest.
        (Some(_), None) => return vec![grid.value(&grid.least)],
        (None, Some(_)) => return vec![grid.value(&grid.most)],
        (Some(over), Some(under)) => return vec![grid.value(&under), grid.value(&over)],
        (None, None) => return Vec::new(),
    };
    let clip = |number: &Number| {
        if *number < lowest {
            lowest.clone()
        } else if *number > highest {
            highest.clone()
        } else {
            grid.near(number)
        }
    };
    let start = figure(now).or_else(|| figure(&example(plan, customer, place)?)).unwrap_or(Number::ZERO);
    let mut found = vec![grid.value(&clip(&start))];
    if range.low.is_some() && range.high.is_some() {
        let half = Number::ratio(1, 2).unwrap_or(Number::ZERO);
        found.push(grid.value(&clip(&lowest.add(&highest).mul(&half))));
        found.push(grid.value(&lowest));
        found.push(grid.value(&highest));
    }
    found
}

/// Some way up or down: twice as much, ten times as much, the end of the range where it is not far.
fn moved(plan: &Plan, place: Place, now: &Value, up: bool) -> Vec<Value> {
    let (Some(grid), Some(number)) = (Grid::of(plan, place), figure(now)) else { return Vec::new() };
    let mut found: Vec<Number> = Vec::new();
    if grid.days {
        for days in [1_i64, 10, 31, 100, 400, 2_000] {
            found.push(number.add(&Number::from_i64(if up { days } else { days.saturating_neg() })));
        }
    } else {
        let near = grid.most.sub(&grid.least) <= Number::from_i64(1_000_000);
        let size = number.abs();
        let by = |factor: i64| {
            let by = size.mul(&Number::from_i64(factor));
            if by < grid.step { Number::from_i64(factor) } else { by }
        };
        let steps = [by(1), by(9), by(99)].into_iter();
        if up {
            found.extend(steps.map(|step| number.add(&step)));
            if near {
                found.push(grid.most.clone());
            }
        } else {
            let half = number.mul(&Number::ratio(1, 2).unwrap_or(Number::ZERO));
            found.extend([half, Number::ZERO]);
            found.extend(steps.map(|step| number.sub(&step)));
            if near {
                found.push(grid.least.clone());
            }
        }
        found.push(if up { number.add(&grid.step) } else { number.sub(&grid.step) });
    }
    let is_on_side = |to: &Number| if up { *to > number } else { *to < number };
    found.iter().map(|to| grid.near(to)).filter(is_on_side).map(|to| grid.value(&to)).collect()
}

/// A list with one record more, in which some fields are as wanted.
pub(super) fn another_record(
    plan: &Plan,
    customer: &Customer,
    list: FieldId,
    cells: &[(u32, Value)],
) -> Option<Change> {
    let items = customer.items(list);
    let fields = record_fields(plan, list);
    // A second member of a kind that is the key cannot be there twice.
    let key = fields.iter().zip(0_u32..).find(|(field, _)| field.key);
    let mut record = None;
    for nth in items..items.saturating_add(64) {
        let mut made = plausible_record(plan, list, customer.as_of, nth);
        for (at, value) in cells {
            made.retain(|(place, _)| place != at);
            made.push((*at, value.clone()));
        }
        made.sort_by_key(|(place, _)| *place);
        let taken = key.is_some_and(|(_, at)| {
            let own = made.iter().find(|(place, _)| *place == at).map(|(_, value)| value);
            (0..items).any(|item| Some(&customer.value(plan, Place::Cell(list, item, at))) == own)
        });
        if !taken {
            record = Some(made);
            break;
        }
    }
    record.map(|record| Change::Add(list, record))
}
