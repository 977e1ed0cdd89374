//! A customer under way: what is given of it, what of that can be changed, and in which smallest steps.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Span, Str};
use crate::plan::{CaseItem, ExpectItem, Given, Plan, StepId};
use crate::value::{Cause, Date, Default, Enums, Field, FieldId, FieldType, Number, RoundingMode, Value};

/// What is given of a customer, as a case gives it. What is not given has its default, or is unknown.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Customer {
    /// The day on which it is decided; none where nothing asks for one.
    pub as_of: Option<Date>,
    /// The facts.
    pub facts: BTreeMap<FieldId, Given>,
    /// Computed values that are given and stand.
    pub values: BTreeMap<StepId, Value>,
    /// Parameters that are set, by number.
    pub params: BTreeMap<u32, Value>,
}

/// Something of a customer that can be changed alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    /// A fact.
    Fact(FieldId),
    /// A value of a list of values: the list, its place in it.
    Element(FieldId, usize),
    /// A field of a record: the list, the record, the field.
    Cell(FieldId, usize, u32),
    /// How many records a list has.
    Items(FieldId),
    /// A computed value that is given.
    Value(StepId),
    /// The day on which it is decided.
    Day,
}

/// One change to a customer.
#[derive(Clone, PartialEq, Debug)]
pub enum Change {
    /// A place gets a value; unknown takes away what was given.
    Set(Place, Value),
    /// A list gets one record more.
    Add(FieldId, Vec<(u32, Value)>),
    /// A list loses a record.
    Remove(FieldId, usize),
}

impl Change {
    /// What is changed.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Change::Set(place, _) => *place,
            Change::Add(list, _) | Change::Remove(list, _) => Place::Items(*list),
        }
    }
}

impl Customer {
    /// What a case gives.
    #[must_use]
    pub fn of(case: &CaseItem) -> Customer {
        Customer {
            as_of: case.as_of,
            facts: case.facts.iter().map(|(fact, given, _)| (*fact, given.clone())).collect(),
            values: case.values.iter().map(|(step, value, _)| (*step, value.clone())).collect(),
            params: case.params.iter().map(|(param, value, _)| (*param, value.clone())).collect(),
        }
    }

    /// The customer as a case, with what is expected of it.
    #[must_use]
    pub fn case(&self, plan: &Plan, name: Str, expect: Vec<ExpectItem>) -> CaseItem {
        let span = here(plan);
        CaseItem {
            name,
            policy: plan.policies.len().saturating_sub(1),
            as_of: self.as_of,
            facts: self.facts.iter().map(|(fact, given)| (*fact, given.clone(), span)).collect(),
            values: self.values.iter().map(|(step, value)| (*step, value.clone(), span)).collect(),
            item_values: Vec::new(),
            params: self.params.iter().map(|(param, value)| (*param, value.clone(), span)).collect(),
            expect,
            span,
        }
    }

    /// The value that a place has: what is given, else its default, else unknown.
    #[must_use]
    pub fn value(&self, plan: &Plan, place: Place) -> Value {
        let field = |fact: FieldId| plan.schema.fields.get(fact);
        match place {
            Place::Fact(fact) => match self.facts.get(&fact) {
                Some(Given::Value(value)) => value.clone(),
                Some(Given::Records(_)) => Value::List(Arc::from([])),
                None => field(fact).map_or(missing(fact), |field| absent(field, fact)),
            },
            Place::Element(fact, at) => match self.value(plan, Place::Fact(fact)) {
                Value::List(values) => values.get(at).cloned().unwrap_or(missing(fact)),
                _ => missing(fact),
            },
            Place::Cell(list, item, at) => {
                let given = self.record(list, item).and_then(|record| {
                    record.iter().find(|(place, _)| *place == at).map(|(_, value)| value.clone())
                });
                given.unwrap_or_else(|| {
                    cell_field(plan, list, at).map_or(missing(list), |field| absent(field, list))
                })
            }
            Place::Items(list) => {
                Value::Number(Number::from_i64(i64::try_from(self.items(list)).unwrap_or(i64::MAX)))
            }
            Place::Day => self.as_of.map_or(Value::Unknown(Cause::NotComputable(u32::MAX)), Value::Date),
            Place::Value(step) => {
                self.values.get(&step).cloned().unwrap_or(Value::Unknown(Cause::NotComputable(step.0)))
            }
        }
    }

    /// How many records a list has.
    #[must_use]
    pub fn items(&self, list: FieldId) -> usize {
        match self.facts.get(&list) {
            Some(Given::Records(records)) => records.len(),
            Some(Given::Value(_)) | None => 0,
        }
    }

    fn record(&self, list: FieldId, item: usize) -> Option<&Vec<(u32, Value)>> {
        match self.facts.get(&list) {
            Some(Given::Records(records)) => records.get(item),
            Some(Given::Value(_)) | None => None,
        }
    }

    /// The customer after a change; none where the place is not there.
    #[must_use]
    pub fn with(&self, plan: &Plan, change: &Change) -> Option<Customer> {
        let mut next = self.clone();
        match change {
            Change::Set(Place::Fact(fact), Value::Unknown(_)) => {
                next.facts.remove(fact);
            }
            Change::Set(Place::Fact(fact), value) => {
                next.facts.insert(*fact, Given::Value(value.clone()));
            }
            Change::Set(Place::Element(fact, at), value) => {
                let Value::List(values) = self.value(plan, Place::Fact(*fact)) else { return None };
                let mut values: Vec<Value> = values.to_vec();
                *values.get_mut(*at)? = value.clone();
                next.facts.insert(*fact, Given::Value(Value::List(values.into())));
            }
            Change::Set(Place::Cell(list, item, at), value) => {
                let Some(Given::Records(records)) = next.facts.get_mut(list) else { return None };
                let record = records.get_mut(*item)?;
                record.retain(|(place, _)| place != at);
                if value.is_known() {
                    record.push((*at, value.clone()));
                    record.sort_by_key(|(place, _)| *place);
                }
            }
            Change::Set(Place::Items(_), _) => return None,
            Change::Set(Place::Day, Value::Date(day)) => next.as_of = Some(*day),
            Change::Set(Place::Day, _) => return None,
            Change::Set(Place::Value(step), value) => {
                next.values.insert(*step, value.clone());
            }
            Change::Add(list, record) => {
                let mut records = match next.facts.remove(list) {
                    Some(Given::Records(records)) => records,
                    Some(Given::Value(_)) | None => Vec::new(),
                };
                records.push(record.clone());
                next.facts.insert(*list, Given::Records(records));
            }
            Change::Remove(list, item) => {
                let Some(Given::Records(records)) = next.facts.get_mut(list) else { return None };
                if *item >= records.len() {
                    return None;
                }
                records.remove(*item);
            }
        }
        Some(next)
    }

    /// How much is given: facts, records and their fields. Of two customers that show the same, the one with less is read
    /// sooner.
    #[must_use]
    pub fn size(&self) -> usize {
        let of_fact = |given: &Given| match given {
            Given::Value(Value::List(values)) => values.len().saturating_add(1),
            Given::Value(_) => 1,
            Given::Records(records) => {
                records.iter().map(|record| record.len().saturating_add(1)).sum::<usize>().saturating_add(1)
            }
        };
        let facts: usize = self.facts.values().map(of_fact).sum();
        facts.saturating_add(self.values.len().saturating_mul(4))
    }
}

/// The field of a place: its type, decimals, range.
#[must_use]
pub fn field_of(plan: &Plan, place: Place) -> Option<&Field> {
    match place {
        Place::Fact(fact) => plan.schema.fields.get(fact),
        Place::Element(fact, _) => match &plan.schema.fields.get(fact)?.ty {
            FieldType::List { of, .. } => Some(of),
            _ => None,
        },
        Place::Cell(list, _, at) => cell_field(plan, list, at),
        Place::Items(_) | Place::Value(_) | Place::Day => None,
    }
}

/// A field of the records of a list.
#[must_use]
pub fn cell_field(plan: &Plan, list: FieldId, at: u32) -> Option<&Field> {
    match &plan.schema.fields.get(list)?.ty {
        FieldType::Records(fields) => fields.get(at as usize),
        _ => None,
    }
}

/// The fields of the records of a list; none for any other fact.
#[must_use]
pub fn record_fields(plan: &Plan, list: FieldId) -> &[Field] {
    match plan.schema.fields.get(list).map(|field| &field.ty) {
        Some(FieldType::Records(fields)) => fields,
        Some(_) | None => &[],
    }
}

/// Where what is generated is said to stand: the header of the policy.
#[must_use]
pub fn here(plan: &Plan) -> Span {
    plan.policies.last().map_or(Span::new(crate::base::FileId(0), 0, 0), |policy| policy.span)
}

fn missing(fact: FieldId) -> Value {
    Value::Unknown(Cause::Missing(fact.0))
}

fn absent(field: &Field, of: FieldId) -> Value {
    match &field.default {
        Default::Value(value) => value.clone(),
        Default::Required | Default::Unknown => missing(of),
    }
}

/// Numbers and days as numbers: days count from the first one.
#[must_use]
pub fn figure(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::Date(day) => Some(Number::from_i64(i64::from(day.0))),
        _ => None,
    }
}

/// The values that a place can have, as a grid of numbers: multiples of the smallest step between two ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grid {
    /// The smallest step.
    pub step: Number,
    /// The least value, which is on the grid.
    pub least: Number,
    /// The greatest value, which is on the grid.
    pub most: Number,
    /// The numbers are days.
    pub days: bool,
}

impl Grid {
    /// The grid of a place; none where its values are no numbers and no days.
    #[must_use]
    pub fn of(plan: &Plan, place: Place) -> Option<Grid> {
        if place == Place::Day {
            // The policy has to be in force.
            let policy = plan.policies.last()?;
            let day = |day: Option<Date>, end: Date| Number::from_i64(i64::from(day.unwrap_or(end).0));
            let (least, most) =
                (day(policy.effective_from, Date::MIN), day(policy.effective_until, Date::MAX));
            return Some(Grid { step: Number::ONE, least, most, days: true });
        }
        if let Place::Value(step) = place {
            let step = plan.steps.get(step)?;
            let (decimals, ends) = match step.ty {
                crate::value::Type::Date => (0, (Date::MIN, Date::MAX)),
                crate::value::Type::Number(_) => {
                    let decimals = step.bounds.decimals.unwrap_or(6).min(6);
                    let (least, most) = step.bounds.range.clone().unwrap_or_else(widest);
                    return Grid::between(decimals, least, most, (false, false));
                }
                _ => return None,
            };
            let day = |day: Date| Number::from_i64(i64::from(day.0));
            return Some(Grid {
                days: true,
                ..Grid::between(decimals, day(ends.0), day(ends.1), (false, false))?
            });
        }
        Grid::of_field(field_of(plan, place)?)
    }

    /// The grid of a field.
    #[must_use]
    pub fn of_field(field: &Field) -> Option<Grid> {
        match &field.ty {
            FieldType::Date => {
                let (first, last) = field.dates.unwrap_or((Date::MIN, Date::MAX));
                let day = |day: Date| Number::from_i64(i64::from(day.0));
                Some(Grid { step: Number::ONE, least: day(first), most: day(last), days: true })
            }
            FieldType::Number
            | FieldType::Percent
            | FieldType::Money(_)
            | FieldType::Days
            | FieldType::Months => {
                let figure = if field.ty == FieldType::Percent { 2 } else { 0 };
                let (least, most) =
                    field.range.clone().or_else(|| field.ty.default_range()).unwrap_or_else(widest);
                Grid::between(field.decimals.saturating_add(figure), least, most, field.open)
            }
            FieldType::YesNo
            | FieldType::Text
            | FieldType::Enum(_)
            | FieldType::Set(_)
            | FieldType::List { .. }
            | FieldType::Records(_) => None,
        }
    }

    fn between(decimals: u32, least: Number, most: Number, open: (bool, bool)) -> Option<Grid> {
        let step = Number::ONE.div(&Number::power_of_ten(decimals))?;
        let mut first = least.round(RoundingMode::Ceiling, decimals);
        let mut last = most.round(RoundingMode::Floor, decimals);
        if open.0 && first == least {
            first = first.add(&step);
        }
        if open.1 && last == most {
            last = last.sub(&step);
        }
        (first <= last).then_some(Grid { step, least: first, most: last, days: false })
    }

    /// The greatest value of the grid that is not above a number.
    #[must_use]
    pub fn below(&self, number: &Number) -> Option<Number> {
        let snapped = number.round_to_multiple(RoundingMode::Floor, &self.step);
        if snapped < self.least {
            return None;
        }
        Some(if snapped > self.most { self.most.clone() } else { snapped })
    }

    /// The least value of the grid that is not below a number.
    #[must_use]
    pub fn above(&self, number: &Number) -> Option<Number> {
        let snapped = number.round_to_multiple(RoundingMode::Ceiling, &self.step);
        if snapped > self.most {
            return None;
        }
        Some(if snapped < self.least { self.least.clone() } else { snapped })
    }

    /// The value of the grid that is next to a number, within the ends.
    #[must_use]
    pub fn near(&self, number: &Number) -> Number {
        if *number <= self.least {
            return self.least.clone();
        }
        if *number >= self.most {
            return self.most.clone();
        }
        number.round_to_multiple(RoundingMode::HalfUp, &self.step)
    }

    /// A number of the grid as a value of its place.
    #[must_use]
    pub fn value(&self, number: &Number) -> Value {
        match (self.days, number.to_i64().and_then(|day| i32::try_from(day).ok())) {
            (true, Some(day)) => Value::Date(Date(day)),
            _ => Value::Number(number.clone()),
        }
    }
}

/// Wider than any figure of trade credit, and yet no endless search.
fn widest() -> (Number, Number) {
    let most = Number::power_of_ten(15);
    (most.neg(), most)
}

/// A value that a customer might have, for a field that has to be given; `nth` tells the records of a list apart.
#[must_use]
pub fn plausible(field: &Field, enums: &Enums, today: Option<Date>, nth: usize) -> Value {
    let of_grid = |usual: Number| match Grid::of_field(field) {
        Some(grid) => {
            let usual = if grid.least <= usual && usual <= grid.most { usual } else { middle(&grid) };
            let mut near = grid.near(&usual);
            // What means unknown is no example of a value.
            while field.unknown_when.contains(&grid.value(&near)) && near < grid.most {
                near = near.add(&grid.step);
            }
            grid.value(&near)
        }
        None => Value::Number(usual),
    };
    match &field.ty {
        FieldType::YesNo => Value::Bool(false),
        FieldType::Number => of_grid(Number::from_i64(5)),
        FieldType::Percent => of_grid(Number::ratio(1, 5).unwrap_or(Number::ZERO)),
        FieldType::Money(_) => of_grid(Number::from_i64(100_000)),
        FieldType::Days => of_grid(Number::from_i64(30)),
        FieldType::Months => of_grid(Number::from_i64(6)),
        FieldType::Date => {
            let day = today.and_then(|today| today.add_days(-60)).unwrap_or(Date(0));
            of_grid(Number::from_i64(i64::from(day.0)))
        }
        FieldType::Text => Value::Text(Str::from(match nth {
            0 => String::from("A-1"),
            nth => format!("A-{}", nth.saturating_add(1)),
        })),
        FieldType::Enum(kind) => {
            let members = enums.get(*kind).map_or(1, |kind| kind.members.len());
            let place = if field.key { nth.min(members.saturating_sub(1)) } else { 0 };
            Value::Code(u32::try_from(place).unwrap_or(0))
        }
        FieldType::Set(_) => Value::Set(0),
        FieldType::List { of, length } => {
            let value = plausible(of, enums, today, 0);
            let length = length.map_or(6, |length| length as usize);
            Value::List(vec![value; length].into())
        }
        FieldType::Records(_) => Value::List(Arc::from([])),
    }
}

fn middle(grid: &Grid) -> Number {
    let half = Number::ratio(1, 2).unwrap_or(Number::ZERO);
    grid.near(&grid.least.add(&grid.most).mul(&half))
}

/// A record of a list with all that has to be given, and its key.
#[must_use]
pub fn plausible_record(plan: &Plan, list: FieldId, today: Option<Date>, nth: usize) -> Vec<(u32, Value)> {
    let fields = record_fields(plan, list).iter().zip(0_u32..);
    fields
        .filter(|(field, _)| field.key || field.default == Default::Required)
        .map(|(field, at)| {
            let value = match &field.ty {
                FieldType::Number | FieldType::Date if field.key => {
                    let nth = Number::from_i64(i64::try_from(nth).unwrap_or(0));
                    let usual =
                        figure(&plausible(field, &plan.schema.enums, today, 0)).unwrap_or(Number::ZERO);
                    Grid::of_field(field).map_or(Value::Number(nth.clone()), |grid| {
                        grid.value(&grid.near(&usual.add(&grid.step.mul(&nth))))
                    })
                }
                _ => plausible(field, &plan.schema.enums, today, nth),
            };
            (at, value)
        })
        .collect()
}

/// A customer of whom all that is required is given.
#[must_use]
pub fn plain(plan: &Plan, today: Option<Date>) -> Customer {
    let mut customer = Customer { as_of: today, ..Customer::default() };
    for (fact, field) in plan.schema.fields.iter_enumerated() {
        if field.default != Default::Required {
            continue;
        }
        let given = match &field.ty {
            FieldType::Records(_) => Given::Records(vec![plausible_record(plan, fact, today, 0)]),
            _ => Given::Value(plausible(field, &plan.schema.enums, today, 0)),
        };
        customer.facts.insert(fact, given);
    }
    customer
}

/// The same, with the optional facts given, too.
#[must_use]
pub fn full(plan: &Plan, today: Option<Date>) -> Customer {
    let mut customer = plain(plan, today);
    for (fact, field) in plan.schema.fields.iter_enumerated() {
        if field.default == Default::Unknown && !matches!(field.ty, FieldType::Records(_)) {
            let value = plausible(field, &plan.schema.enums, today, 0);
            customer.facts.insert(fact, Given::Value(value));
        }
    }
    customer
}
