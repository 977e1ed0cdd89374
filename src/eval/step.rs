//! One step: an operation, its operands, its value, written where it stays.

use std::cmp::Ordering;
use std::sync::Arc;

use super::by_date;
use super::facts::Records;
use super::ops::{self, Computed};
use super::row::Program;
use crate::base::{Idx, Str};
use crate::plan::{Op, Silence, StepId};
use crate::value::{Calendar, Cause, Date, Enum, EnumId, FieldId, Number, Type, Value};

/// What stands where no step was run.
pub(super) static NOTHING: Value = Value::Unknown(Cause::NotComputable(u32::MAX));

/// The base of a step that is not one of items.
pub(super) const NO_BASE: usize = usize::MAX;

/// Where operands are read.
pub(super) trait Read<'v>: Copy {
    fn get(self, step: StepId) -> &'v Value;
}

/// The operands of a step of the customer.
#[derive(Clone, Copy)]
pub(super) struct Customer<'r> {
    pub(super) slots: &'r [Value],
}

impl<'v> Read<'v> for Customer<'v> {
    #[inline]
    fn get(self, step: StepId) -> &'v Value {
        self.slots.get(step.place()).unwrap_or(&NOTHING)
    }
}

/// The operands of a step of an item: of the same item, or of the customer.
#[derive(Clone, Copy)]
pub(super) struct Item<'r> {
    pub(super) slots: &'r [Value],
    pub(super) arena: &'r [Value],
    pub(super) bases: &'r [usize],
    pub(super) item: usize,
}

impl<'v> Read<'v> for Item<'v> {
    #[inline]
    fn get(self, step: StepId) -> &'v Value {
        let value = match self.bases.get(step.place()) {
            None | Some(&NO_BASE) => self.slots.get(step.place()),
            Some(base) => self.arena.get(base.saturating_add(self.item)),
        };
        value.unwrap_or(&NOTHING)
    }
}

/// What an operator comes to, put where the value of the step stays. A value is written once: to hand it from function to
/// function costs more than most operators do.
trait Put {
    fn put(self, out: &mut Value);
}

impl Put for Computed {
    #[inline]
    fn put(self, out: &mut Value) {
        *out = self.unwrap_or_else(Value::Unknown);
    }
}

macro_rules! put {
    ($($known:ty => $variant:ident),*) => {$(
        impl Put for Computed<$known> {
            #[inline]
            fn put(self, out: &mut Value) {
                match self {
                    Ok(known) => *out = Value::$variant(known),
                    Err(cause) => *out = Value::Unknown(cause),
                }
            }
        }
    )*};
}

put!(Number => Number, bool => Bool, Date => Date, u32 => Code, u128 => Set);

impl Program<'_> {
    /// What an operation makes of its operands; `at` is the number of its step. What reads facts is done by the caller, who
    /// has them.
    #[inline]
    pub(super) fn compute<'v>(&self, at: u32, op: &Op, read: impl Read<'v>, out: &mut Value) {
        let get = |step: &StepId| read.get(*step);
        match op {
            Op::Const(value) => out.clone_from(value),
            Op::Today => *out = Value::Date(self.env.today),
            Op::Same(of) => out.clone_from(get(of)),
            Op::Add(left, right) => ops::add(get(left), get(right), at).put(out),
            Op::Subtract(left, right) => ops::subtract(get(left), get(right), at).put(out),
            Op::Multiply(left, right) => ops::multiply(get(left), get(right), at).put(out),
            Op::Divide(left, right) => ops::divide(get(left), get(right), at).put(out),
            Op::Negate(of) => ops::negate(get(of), at).put(out),
            Op::Power(of, exponent) => ops::power(get(of), *exponent, at).put(out),
            Op::Round(of, rounding) => ops::round(get(of), rounding, at).put(out),
            Op::Floor(of) => ops::floor(get(of), at).put(out),
            Op::Pick { take, of, skip_unknown } => {
                ops::pick(*take, *skip_unknown, of.iter().map(get), at).put(out);
            }
            Op::WeightedMean(terms) => {
                ops::weighted_mean(terms.iter().map(|(weight, of)| (weight, get(of))), at).put(out);
            }
            Op::WeightedSum(terms) => {
                *out = Value::Number(ops::weighted_sum(terms.iter().map(|(weight, of)| (weight, get(of)))));
            }
            Op::KnownWeight(terms) => {
                *out = Value::Number(ops::known_weight(terms.iter().map(|(weight, of)| (weight, get(of)))));
            }
            Op::Compare(how, left, right) => ops::compare(*how, get(left), get(right), at).put(out),
            Op::Equal(left, right) => ops::equal(get(left), get(right)).put(out),
            Op::OneOf(of, codes) => ops::one_of(get(of), codes, at).put(out),
            Op::Has(of, member) => ops::has(get(of), *member, at).put(out),
            Op::And(of) => ops::and(of.iter().map(get), at).put(out),
            Op::Or(of) => ops::or(of.iter().map(get), at).put(out),
            Op::Not(of) => ops::not(get(of), at).put(out),
            Op::AtLeast(least, of) => ops::at_least(*least, of.iter().map(get), at).put(out),
            Op::IsKnown(of) => *out = Value::Bool(get(of).is_known()),
            Op::IfUnknown(of, otherwise) => {
                let of = get(of);
                out.clone_from(if of.is_known() { of } else { get(otherwise) });
            }
            Op::If(condition, then, otherwise) => match ops::truth(get(condition), at) {
                Ok(true) => out.clone_from(get(then)),
                Ok(false) => out.clone_from(get(otherwise)),
                Err(cause) => *out = Value::Unknown(cause),
            },
            Op::FirstTrue(of) => ops::first_true(of.iter().map(get), at).put(out),
            Op::Choose(place, of) => match ops::code(get(place), at).map(|place| of.get(place as usize)) {
                Ok(Some(taken)) => out.clone_from(get(taken)),
                Ok(None) => *out = Value::Unknown(Cause::NotComputable(at)),
                Err(cause) => *out = Value::Unknown(cause),
            },
            Op::Collect(of) => {
                ops::collect(of.iter().map(|(condition, code)| (get(condition), *code)), at).put(out);
            }
            Op::Unknown(silence) => *out = Value::Unknown(silent(*silence, at)),
            Op::Rank(of, scale) => {
                ops::code(get(of), at).and_then(|code| rank(code, self.scale(*scale), at)).put(out);
            }
            Op::OfRank(of, scale) => {
                ops::number(get(of), at).and_then(|place| of_rank(place, self.scale(*scale), at)).put(out);
            }
            Op::NameOfItem(name, key) => *out = self.name_of_item(name, *key, get(key)),
            Op::AddDays(from, days) => ops::add_days(get(from), get(days), at).put(out),
            Op::AddBusinessDays(from, days, calendar) => {
                ops::add_business_days(get(from), get(days), self.calendar(*calendar), at).put(out);
            }
            Op::ToBusinessDay(of, holiday, calendar) => {
                ops::to_business_day(get(of), *holiday, self.calendar(*calendar), at).put(out);
            }
            Op::AddMonths(from, months, end) => ops::add_months(get(from), get(months), *end, at).put(out),
            Op::DaysBetween(to, from) => ops::days_between(get(to), get(from), at).put(out),
            Op::Anchor(of, anchor) => by_date::anchor(get(of), *anchor, at).put(out),
            Op::EndOfMonth(of) => ops::end_of_month(get(of), at).put(out),
            Op::PeriodStart(of, period, later) => ops::period_start(get(of), *period, *later, at).put(out),
            Op::ListAggregate { function, known, list } => ops::list(get(list), at)
                .and_then(|values| {
                    let values = values.iter().map(|value| (None, Some(value)));
                    ops::aggregate(*function, *known, values, at)
                })
                .put(out),
            Op::ListWeightedMean(list, weights) => ops::list_weighted_mean(get(list), weights, at).put(out),
            Op::ByDate(series, on) => {
                by_date::on_day(self.plan.series.get(*series as usize), get(on), at).put(out);
            }
            Op::Reference { table, column, keys } => {
                let keys: Vec<&Value> = keys.iter().map(get).collect();
                by_date::cell(self.plan.references.get(*table as usize), *column, &keys, at).put(out);
            }
            Op::Interest(it) => by_date::interest(it, |step| read.get(step), at).put(out),
            Op::Instalment(principal, rate, count) => {
                by_date::instalment(get(principal), get(rate), get(count), at).put(out);
            }
            Op::Recent { list, count, oldest_first } => {
                ops::recent(get(list), *count, *oldest_first, at).put(out);
            }
            Op::InARow { list, rises, steps, oldest_first } => {
                ops::in_a_row(get(list), *rises, *steps, *oldest_first, at).put(out);
            }
            Op::List(of) => known(of, read).map(|values| Value::List(Arc::from(values))).put(out),
            // Facts are read by the caller, parameters are constant: neither comes here.
            Op::Fact(_)
            | Op::Field(..)
            | Op::Param(_)
            | Op::Aggregate { .. }
            | Op::Running { .. }
            | Op::Latest { .. }
            | Op::Lookup { .. }
            | Op::Book(..)
            | Op::SignedOn(_)
            | Op::Signed(_)
            | Op::Script(..) => *out = Value::Unknown(Cause::NotComputable(at)),
        }
    }

    /// The name of a value of an item: `release.over_limit["O-1"]`.
    fn name_of_item(&self, name: &Str, step: StepId, key: &Value) -> Value {
        let key = match key {
            Value::Unknown(_) => return key.clone(),
            Value::Text(text) => format!("\"{text}\""),
            Value::Number(number) => number.to_string(),
            Value::Date(day) => day.to_string(),
            Value::Bool(yes) => String::from(if *yes { "yes" } else { "no" }),
            Value::Code(code) => {
                let scale = match self.plan.steps.get(step).map(|it| &it.ty) {
                    Some(Type::Enum(id)) => self.scale(*id),
                    Some(_) | None => None,
                };
                let member = scale.and_then(|scale| scale.member(*code));
                member.map_or_else(|| code.to_string(), |member| member.name.to_string())
            }
            Value::Set(_) | Value::List(_) => String::new(),
        };
        Value::Text(format!("{name}[{key}]").into())
    }

    fn calendar(&self, number: u32) -> Option<&Calendar> {
        self.calendars.get(number as usize).copied().flatten()
    }

    fn scale(&self, id: EnumId) -> Option<&Enum> {
        self.plan.schema.enums.get(id)
    }
}

/// Why a policy leaves something unknown.
fn silent(silence: Silence, at: u32) -> Cause {
    match silence {
        Silence::Unknown | Silence::TooLittleKnown => Cause::NotComputable(at),
        Silence::Withheld => Cause::Withheld(at),
        Silence::Referred => Cause::Referred(at),
        Silence::Refused => Cause::Refused(at),
    }
}

/// The values of some steps, all of which must be known.
pub(super) fn known<'v>(of: &[StepId], read: impl Read<'v>) -> Computed<Vec<Value>> {
    let known = |step: &StepId| match read.get(*step) {
        Value::Unknown(cause) => Err(*cause),
        known => Ok(known.clone()),
    };
    of.iter().map(known).collect()
}

/// The place of a member in its order.
fn rank(code: u32, scale: Option<&Enum>, at: u32) -> Computed<Number> {
    match scale.and_then(|scale| scale.member(code)) {
        Some(member) if !member.apart => Ok(Number::from(code)),
        Some(_) | None => Err(Cause::NotComputable(at)),
    }
}

/// The member at a place in the order.
fn of_rank(place: &Number, scale: Option<&Enum>, at: u32) -> Computed<u32> {
    place
        .to_i64()
        .and_then(|place| u32::try_from(place).ok())
        .filter(|place| scale.and_then(|scale| scale.member(*place)).is_some_and(|member| !member.apart))
        .ok_or(Cause::NotComputable(at))
}

/// The records of a list by their keys, where the list is long: an item's record is found without a walk over all.
pub(super) struct ByKey<'f>(Vec<(&'f Value, usize)>);

/// Lists of so many records, and lists of so many items, are searched from the front.
pub(super) const SHORT: usize = 16;

impl<'f> ByKey<'f> {
    /// `None` where the list is short, or holds keys that have no order.
    pub(super) fn of(records: Option<&'f Records>, key: u32) -> Option<ByKey<'f>> {
        let keys = records?.columns.get(key as usize)?;
        if keys.len() <= SHORT {
            return None;
        }
        let mut sorted: Vec<(&Value, usize)> = keys.iter().zip(0..).collect();
        if sorted.iter().any(|(key, _)| key.key_order(key).is_none()) {
            return None;
        }
        sorted.sort_by(|(left, _), (right, _)| left.key_order(right).unwrap_or(Ordering::Equal));
        Some(ByKey(sorted))
    }

    /// The first record with this key.
    fn first(&self, key: &Value) -> Option<usize> {
        let before = |(own, _): &(&Value, usize)| own.key_order(key) == Some(Ordering::Less);
        let (own, item) = self.0.get(self.0.partition_point(before))?;
        (*own == key).then_some(*item)
    }
}

/// A field of the record with this key; of the only record where there is no key.
pub(super) fn lookup(
    records: Option<&Records>,
    by_key: Option<&ByKey<'_>>,
    list: FieldId,
    key: Option<(u32, &Value)>,
    field: u32,
    at: StepId,
) -> Computed {
    let missing = Cause::Missing(list.0);
    let records = records.ok_or(missing)?;
    let item = match (key, by_key) {
        (Some((_, Value::Unknown(cause))), _) => return Err(*cause),
        (Some((_, key)), Some(by_key)) => by_key.first(key).ok_or(missing)?,
        (Some((place, key)), None) => {
            let keys = records.columns.get(place as usize).ok_or(missing)?;
            keys.iter().position(|other| other == key).ok_or(missing)?
        }
        (None, _) if records.items > 1 => return Err(Cause::NotComputable(at.0)),
        (None, _) => 0,
    };
    match records.columns.get(field as usize).and_then(|column| column.get(item)) {
        Some(Value::Unknown(cause)) => Err(*cause),
        Some(value) => Ok(value.clone()),
        None => Err(missing),
    }
}
