//! Interest as people check it: from when to when, how many days, at what rate, how much.

use super::sources::Reader;
use super::{Figure, Unknowing};
use crate::base::Str;
use crate::plan::{Interest, Item, Op, Scope, StepId};
use crate::value::{Date, FieldType, Number, Type, Value};

/// Interest, stretch by stretch.
#[derive(Clone, Debug)]
pub struct InterestStory {
    /// The key of the item; none where it is the customer's.
    pub item: Option<Figure>,
    /// What bears interest.
    pub principal: Figure,
    /// Why it is unknown.
    pub because: Option<Unknowing>,
    /// The stretches in their order.
    pub stretches: Vec<StretchLine>,
    /// The interest, exactly.
    pub amount: Figure,
}

/// Some days on end with one rate.
#[derive(Clone, Debug)]
pub struct StretchLine {
    /// The first day that counts.
    pub first: Date,
    /// The last day that counts.
    pub last: Date,
    /// How many days that are.
    pub days: i64,
    /// How many days the year has.
    pub basis: u32,
    /// The rate of a year.
    pub rate: Figure,
    /// Its step.
    pub rate_step: StepId,
    /// The interest of the stretch, exactly.
    pub amount: Figure,
    /// What the rate follows, where it says so.
    pub cite: Option<Str>,
}

/// The interest in a value: of the customer, or of each item.
pub(super) fn story(reader: &Reader<'_>, item: &Item) -> Vec<InterestStory> {
    let Some((step, interest)) = inside(reader, item.value) else { return Vec::new() };
    match item.scope {
        Scope::Customer => vec![one(reader, step, interest, None)],
        Scope::Items(list) => {
            let count = reader.facts.records(list).map_or(0, |records| records.items);
            let told = (0..count).map(|place| {
                let key = key(reader, list, place);
                one(&reader.at_item(place), step, interest, key)
            });
            told.collect()
        }
    }
}

/// The interest that a value works out itself, not through another value with a name.
fn inside<'a>(reader: &Reader<'a>, value: StepId) -> Option<(StepId, &'a Interest)> {
    let mut waiting = vec![value];
    while let Some(step) = waiting.pop() {
        let op = &reader.plan.steps.get(step)?.op;
        if let Op::Interest(interest) = op {
            return Some((step, interest));
        }
        op.each_operand(|operand| {
            if reader.name(operand).is_none() {
                waiting.push(operand);
            }
        });
    }
    None
}

fn one(reader: &Reader<'_>, step: StepId, interest: &Interest, item: Option<Figure>) -> InterestStory {
    let (principal, amount) = (reader.figure(interest.principal), reader.figure(step));
    InterestStory {
        item,
        stretches: lines(reader, interest, &principal).unwrap_or_default(),
        because: reader.because(&amount.value),
        amount,
        principal,
    }
}

/// The stretches; none where the days, the amount or a rate are not known.
fn lines(reader: &Reader<'_>, interest: &Interest, principal: &Figure) -> Option<Vec<StretchLine>> {
    let (Value::Date(from), Value::Date(to)) = (reader.value(interest.from), reader.value(interest.to))
    else {
        return None;
    };
    let lines = interest.stretches(from, to).ok()?.into_iter().map(|stretch| {
        let rate = reader.figure(stretch.rate);
        let share = Number::from_i64(stretch.days).div(&Number::from(stretch.basis))?;
        let amount = principal.value.as_number()?.mul(rate.value.as_number()?).mul(&share);
        let series = interest.series.iter().filter_map(|at| reader.plan.series.get(*at as usize));
        // The rate of a stretch is that of the day from which it counts.
        let begin = interest.rates.iter().rev().map(|(from, _)| *from).find(|from| *from <= stretch.first);
        let cite = series.filter_map(|series| series.on(begin?)?.cite.clone()).next();
        Some(StretchLine {
            first: stretch.first,
            last: stretch.last,
            days: stretch.days,
            basis: stretch.basis,
            rate,
            rate_step: stretch.rate,
            amount: Figure { value: Value::Number(amount), ty: principal.ty.clone() },
            cite,
        })
    });
    lines.collect()
}

fn key(reader: &Reader<'_>, list: crate::value::FieldId, place: usize) -> Option<Figure> {
    let FieldType::Records(fields) = &reader.plan.schema.fields.get(list)?.ty else { return None };
    let at = fields.iter().position(|field| field.key)?;
    let value = reader.facts.records(list)?.columns.get(at)?.get(place)?.clone();
    let ty = fields.get(at).map_or(Type::Text, |field| field.ty.ty(list.0));
    Some(Figure { value, ty })
}
