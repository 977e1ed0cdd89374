//! Every operator once: what it makes of known values, and what it says of unknown ones.
//!
//! All of them are exact. An unknown operand makes the result unknown, with the cause of the first unknown operand in
//! the order written, unless the operator says otherwise. A value of another type than the operator asks for cannot
//! come out of a checked policy; it gives [`Cause::NotComputable`] and never a panic.

use std::cmp::Ordering;

use crate::plan::{AggregateFunction, Compare, Holiday, Period, Take};
use crate::value::{self, Calendar, Cause, Date, MonthEnd, Number, Rounding, Value};

/// What an operator comes to, or why there is none.
pub type Computed<T = Value> = Result<T, Cause>;

/// The number of a step's value; `at` is the number of the step that asks.
pub fn number(value: &Value, at: u32) -> Result<&Number, Cause> {
    match value {
        Value::Number(number) => Ok(number),
        Value::Unknown(cause) => Err(*cause),
        Value::Bool(_)
        | Value::Date(_)
        | Value::Code(_)
        | Value::Set(_)
        | Value::Text(_)
        | Value::List(_) => Err(Cause::NotComputable(at)),
    }
}

/// The yes or no of a step's value.
pub fn truth(value: &Value, at: u32) -> Result<bool, Cause> {
    match value {
        Value::Bool(bool) => Ok(*bool),
        Value::Unknown(cause) => Err(*cause),
        Value::Number(_)
        | Value::Date(_)
        | Value::Code(_)
        | Value::Set(_)
        | Value::Text(_)
        | Value::List(_) => Err(Cause::NotComputable(at)),
    }
}

/// The day of a step's value.
pub fn day(value: &Value, at: u32) -> Result<Date, Cause> {
    match value {
        Value::Date(date) => Ok(*date),
        Value::Unknown(cause) => Err(*cause),
        Value::Number(_)
        | Value::Bool(_)
        | Value::Code(_)
        | Value::Set(_)
        | Value::Text(_)
        | Value::List(_) => Err(Cause::NotComputable(at)),
    }
}

/// The code of a step's value.
pub fn code(value: &Value, at: u32) -> Result<u32, Cause> {
    match value {
        Value::Code(code) => Ok(*code),
        Value::Unknown(cause) => Err(*cause),
        Value::Number(_)
        | Value::Bool(_)
        | Value::Date(_)
        | Value::Set(_)
        | Value::Text(_)
        | Value::List(_) => Err(Cause::NotComputable(at)),
    }
}

/// The values of a list.
pub fn list(value: &Value, at: u32) -> Result<&[Value], Cause> {
    match value {
        Value::List(values) => Ok(values),
        Value::Unknown(cause) => Err(*cause),
        Value::Number(_)
        | Value::Bool(_)
        | Value::Date(_)
        | Value::Code(_)
        | Value::Set(_)
        | Value::Text(_) => Err(Cause::NotComputable(at)),
    }
}

/// The sum.
#[inline]
pub fn add(left: &Value, right: &Value, at: u32) -> Computed<Number> {
    Ok(number(left, at)?.add(number(right, at)?))
}

/// The difference.
#[inline]
pub fn subtract(left: &Value, right: &Value, at: u32) -> Computed<Number> {
    Ok(number(left, at)?.sub(number(right, at)?))
}

/// The product.
#[inline]
pub fn multiply(left: &Value, right: &Value, at: u32) -> Computed<Number> {
    Ok(number(left, at)?.mul(number(right, at)?))
}

/// The quotient, a fraction; not computable where the divisor is 0.
#[inline]
pub fn divide(left: &Value, right: &Value, at: u32) -> Computed<Number> {
    let (left, right) = (number(left, at)?, number(right, at)?);
    left.div(right).ok_or(Cause::NotComputable(at))
}

/// The number with its sign turned.
pub fn negate(of: &Value, at: u32) -> Computed<Number> {
    Ok(number(of, at)?.neg())
}

/// A whole power; anything to the power of 0 is 1.
pub fn power(of: &Value, exponent: u32, at: u32) -> Computed<Number> {
    Ok(number(of, at)?.pow(exponent))
}

/// The number rounded; the caller counts the two decimals by which a percent figure and its fraction differ.
pub fn round(of: &Value, rounding: &Rounding, at: u32) -> Computed<Number> {
    Ok(rounding.apply(number(of, at)?))
}

/// The greatest whole number not above it.
pub fn floor(of: &Value, at: u32) -> Computed<Number> {
    Ok(number(of, at)?.floor())
}

/// How two numbers or two days lie to each other.
#[inline]
fn order(left: &Value, right: &Value, at: u32) -> Result<Ordering, Cause> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Ok(left.cmp(right)),
        (Value::Unknown(cause), _) | (_, Value::Unknown(cause)) => Err(*cause),
        (Value::Date(left), Value::Date(right)) => Ok(left.cmp(right)),
        _ => Err(Cause::NotComputable(at)),
    }
}

/// Compares two numbers or two days.
#[inline]
pub fn compare(compare: Compare, left: &Value, right: &Value, at: u32) -> Computed<bool> {
    let order = order(left, right, at)?;
    Ok(match compare {
        Compare::Less => order == Ordering::Less,
        Compare::LessOrEqual => order != Ordering::Greater,
        Compare::Greater => order == Ordering::Greater,
        Compare::GreaterOrEqual => order != Ordering::Less,
    })
}

/// Whether both are the same value: `2.50` is `2.5`.
pub fn equal(left: &Value, right: &Value) -> Computed<bool> {
    match (left, right) {
        (Value::Unknown(cause), _) | (_, Value::Unknown(cause)) => Err(*cause),
        (left, right) => Ok(left == right),
    }
}

/// Whether a code is one of these.
pub fn one_of(of: &Value, codes: &[u32], at: u32) -> Computed<bool> {
    Ok(codes.contains(&code(of, at)?))
}

/// Whether a set holds this member.
pub fn has(of: &Value, member: u32, at: u32) -> Computed<bool> {
    match of {
        Value::Set(set) => Ok(set.checked_shr(member).is_some_and(|rest| rest & 1 == 1)),
        Value::Unknown(cause) => Err(*cause),
        Value::Number(_)
        | Value::Bool(_)
        | Value::Date(_)
        | Value::Code(_)
        | Value::Text(_)
        | Value::List(_) => Err(Cause::NotComputable(at)),
    }
}

/// All hold: no where one does not, whatever the others are; unknown where one is unknown and none is no.
#[inline]
pub fn and<'v>(operands: impl Iterator<Item = &'v Value>, at: u32) -> Computed<bool> {
    let mut unknown = None;
    for operand in operands {
        match truth(operand, at) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(cause) => unknown = unknown.or(Some(cause)),
        }
    }
    unknown.map_or(Ok(true), Err)
}

/// One holds: yes where one does, whatever the others are; unknown where one is unknown and none is yes.
#[inline]
pub fn or<'v>(operands: impl Iterator<Item = &'v Value>, at: u32) -> Computed<bool> {
    let mut unknown = None;
    for operand in operands {
        match truth(operand, at) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(cause) => unknown = unknown.or(Some(cause)),
        }
    }
    unknown.map_or(Ok(false), Err)
}

/// It does not hold.
pub fn not(of: &Value, at: u32) -> Computed<bool> {
    truth(of, at).map(|holds| !holds)
}

/// At least so many hold: yes when so many do, no when fewer could, unknown between.
pub fn at_least<'v>(least: u32, operands: impl Iterator<Item = &'v Value>, at: u32) -> Computed<bool> {
    let mut holding = 0_u32;
    let mut open = 0_u32;
    let mut unknown = None;
    for operand in operands {
        match truth(operand, at) {
            Ok(true) => holding = holding.saturating_add(1),
            Ok(false) => {}
            Err(cause) => {
                open = open.saturating_add(1);
                unknown = unknown.or(Some(cause));
            }
        }
    }
    match unknown {
        Some(cause) if holding < least && holding.saturating_add(open) >= least => Err(cause),
        Some(_) | None => Ok(holding >= least),
    }
}

/// The place of the first condition that holds. An unknown one stops the search; none holding is not computable.
#[inline]
pub fn first_true<'v>(conditions: impl Iterator<Item = &'v Value>, at: u32) -> Computed<u32> {
    for (place, condition) in (0_u32..).zip(conditions) {
        if truth(condition, at)? {
            return Ok(place);
        }
    }
    Err(Cause::NotComputable(at))
}

/// The set of the codes whose condition holds.
pub fn collect<'v>(conditions: impl Iterator<Item = (&'v Value, u32)>, at: u32) -> Computed<u128> {
    let mut set = 0_u128;
    for (condition, member) in conditions {
        if truth(condition, at)? {
            set |= 1_u128.checked_shl(member).ok_or(Cause::NotComputable(at))?;
        }
    }
    Ok(set)
}

/// One of several numbers or days. The middle one is that of an odd number of them; of an even number there is none.
pub fn pick<'v>(take: Take, skip_unknown: bool, of: impl Iterator<Item = &'v Value>, at: u32) -> Computed {
    let mut of = of.filter(|value| !skip_unknown || value.is_known());
    let none = Cause::NotComputable(at);
    match take {
        Take::First => of.next().ok_or(none).and_then(known),
        Take::Lowest => extreme(Ordering::Less, of, at),
        Take::Highest => extreme(Ordering::Greater, of, at),
        Take::Average => {
            let mut sum = Number::ZERO;
            let mut count = 0_u32;
            for value in of {
                sum = sum.add(number(value, at)?);
                count = count.saturating_add(1);
            }
            sum.div(&Number::from(count)).map(Value::Number).ok_or(none)
        }
        Take::Middle => {
            let mut sorted: Vec<&Value> = Vec::new();
            for value in of {
                let mut place = sorted.len();
                for (there, other) in sorted.iter().enumerate().rev() {
                    if order(value, other, at)? == Ordering::Less {
                        place = there;
                    }
                }
                known(value)?;
                sorted.insert(place, value);
            }
            if sorted.len() & 1 == 0 {
                return Err(none);
            }
            sorted.get(sorted.len() >> 1_u32).map(|value| (*value).clone()).ok_or(none)
        }
    }
}

/// A value unless it is unknown.
fn known(value: &Value) -> Computed {
    match value {
        Value::Unknown(cause) => Err(*cause),
        known => Ok(known.clone()),
    }
}

/// The lowest or the highest; not computable over nothing.
#[inline]
fn extreme<'v>(wanted: Ordering, of: impl Iterator<Item = &'v Value>, at: u32) -> Computed {
    let mut best: Option<&Value> = None;
    for value in of {
        if let Value::Unknown(cause) = value {
            return Err(*cause);
        }
        match best {
            Some(other) if order(value, other, at)? != wanted => {}
            Some(_) | None => best = Some(value),
        }
    }
    best.ok_or(Cause::NotComputable(at)).and_then(known)
}

/// Σ weight × value / Σ weight over the terms that are known; not computable where none is.
pub fn weighted_mean<'v>(terms: impl Iterator<Item = (&'v Number, &'v Value)>, at: u32) -> Computed<Number> {
    let mut sum = Number::ZERO;
    let mut weights = Number::ZERO;
    for (weight, value) in terms {
        if let Value::Number(value) = value {
            sum = sum.add(&weight.mul(value));
            weights = weights.add(weight);
        }
    }
    sum.div(&weights).ok_or(Cause::NotComputable(at))
}

/// Σ weight × value over the terms that are known; 0 where none is.
pub fn weighted_sum<'v>(terms: impl Iterator<Item = (&'v Number, &'v Value)>) -> Number {
    let mut sum = Number::ZERO;
    for (weight, value) in terms {
        if let Value::Number(value) = value {
            sum = sum.add(&weight.mul(value));
        }
    }
    sum
}

/// Σ weight over the terms that are known.
pub fn known_weight<'v>(terms: impl Iterator<Item = (&'v Number, &'v Value)>) -> Number {
    terms.filter(|(_, value)| value.is_known()).fold(Number::ZERO, |sum, (weight, _)| sum.add(weight))
}

/// Σ weight × value / Σ weight over a list, one weight a value; not computable where the two are not equally long.
pub fn list_weighted_mean(of: &Value, weights: &[Number], at: u32) -> Computed<Number> {
    let values = list(of, at)?;
    if values.len() != weights.len() {
        return Err(Cause::NotComputable(at));
    }
    if let Some(Value::Unknown(cause)) = values.iter().find(|value| !value.is_known()) {
        return Err(*cause);
    }
    weighted_mean(weights.iter().zip(values), at)
}

/// The whole number of a step's value, as days and months are counted.
fn whole(value: &Value, at: u32) -> Result<i64, Cause> {
    number(value, at)?.to_i64().ok_or(Cause::NotComputable(at))
}

/// A day so many days later; not computable for a part of a day or outside the years 1 to 9999.
pub fn add_days(from: &Value, days: &Value, at: u32) -> Computed<Date> {
    let (from, days) = (day(from, at)?, whole(days, at)?);
    from.add_days(days).ok_or(Cause::NotComputable(at))
}

/// A day so many months later.
pub fn add_months(from: &Value, months: &Value, end: MonthEnd, at: u32) -> Computed<Date> {
    let (from, months) = (day(from, at)?, whole(months, at)?);
    i32::try_from(months).ok().and_then(|months| from.add_months(months, end)).ok_or(Cause::NotComputable(at))
}

/// A day so many business days later; unknown past the end of the calendar.
pub fn add_business_days(from: &Value, days: &Value, calendar: Option<&Calendar>, at: u32) -> Computed<Date> {
    let (from, days) = (day(from, at)?, whole(days, at)?);
    calendar.and_then(|calendar| calendar.add_business_days(from, days)).ok_or(Cause::PastCalendar(at))
}

/// The day itself if it is a business day, else the next or the previous one; unknown past the end of the calendar.
pub fn to_business_day(of: &Value, holiday: Holiday, calendar: Option<&Calendar>, at: u32) -> Computed<Date> {
    let of = day(of, at)?;
    let moved = match holiday {
        Holiday::AsItIs => return Ok(of),
        Holiday::Next => calendar.and_then(|calendar| calendar.on_or_after(of)),
        Holiday::Previous => calendar.and_then(|calendar| calendar.on_or_before(of)),
    };
    moved.ok_or(Cause::PastCalendar(at))
}

/// The days from the second to the first.
pub fn days_between(to: &Value, from: &Value, at: u32) -> Computed<Number> {
    let (to, from) = (day(to, at)?, day(from, at)?);
    Ok(Number::from_i64(from.days_until(to)))
}

/// The last day of its month.
pub fn end_of_month(of: &Value, at: u32) -> Computed<Date> {
    Ok(day(of, at)?.end_of_month())
}

/// The first day of the period in which the day lies, so many periods later.
pub fn period_start(of: &Value, period: Period, later: i32, at: u32) -> Computed<Date> {
    let period = match period {
        Period::Month => value::Period::Month,
        Period::Quarter => value::Period::Quarter,
        Period::Year => value::Period::Year,
    };
    let first = day(of, at)?.first_of(period);
    i32::from(period.months())
        .checked_mul(later)
        .and_then(|months| first.add_months(months, MonthEnd::Last))
        .ok_or(Cause::NotComputable(at))
}

/// An aggregate over items, each with whether it counts (`None`: it does) and what is aggregated. Over nothing, sum
/// and count are 0, the rest is not computable.
///
/// With `known`, an item of which the operand is unknown is left out. An item of which it is unknown whether it counts
/// makes the aggregate unknown, unless yes or no is certain without it: silence is never an advantage.
pub fn aggregate<'v>(
    function: AggregateFunction,
    known: bool,
    items: impl Iterator<Item = (Option<&'v Value>, Option<&'v Value>)>,
    at: u32,
) -> Computed {
    let wanted = match function {
        AggregateFunction::Any => return quantified(true, known, items, at).map(Value::Bool),
        AggregateFunction::All => return quantified(false, known, items, at).map(Value::Bool),
        AggregateFunction::Lowest => Ordering::Less,
        AggregateFunction::Highest => Ordering::Greater,
        AggregateFunction::Sum
        | AggregateFunction::Count
        | AggregateFunction::Average
        | AggregateFunction::Share => Ordering::Equal,
    };
    let none = Cause::NotComputable(at);
    let mut count = 0_u32;
    let mut sum = Number::ZERO;
    let mut best: Option<&Value> = None;
    for (filter, operand) in items {
        match filter.map(|filter| truth(filter, at)) {
            None | Some(Ok(true)) => {}
            Some(Ok(false)) => continue,
            Some(Err(cause)) => return Err(cause),
        }
        match operand {
            Some(Value::Unknown(_)) if known => continue,
            Some(Value::Unknown(cause)) => return Err(*cause),
            Some(_) | None => count = count.saturating_add(1),
        }
        match (function, operand) {
            (AggregateFunction::Count, _) => {}
            (_, None) => return Err(none),
            (AggregateFunction::Sum | AggregateFunction::Average, Some(value)) => {
                sum = sum.add(number(value, at)?);
            }
            (AggregateFunction::Share, Some(value)) => {
                if truth(value, at)? {
                    sum = sum.add(&Number::ONE);
                }
            }
            (AggregateFunction::Lowest | AggregateFunction::Highest, Some(value)) => match best {
                Some(other) if order(value, other, at)? != wanted => {}
                Some(_) | None => best = Some(value),
            },
            (AggregateFunction::Any | AggregateFunction::All, Some(_)) => return Err(none),
        }
    }
    match function {
        AggregateFunction::Sum => Ok(Value::Number(sum)),
        AggregateFunction::Count => Ok(Value::Number(Number::from(count))),
        AggregateFunction::Average | AggregateFunction::Share => {
            sum.div(&Number::from(count)).map(Value::Number).ok_or(none)
        }
        AggregateFunction::Lowest | AggregateFunction::Highest => best.cloned().ok_or(none),
        AggregateFunction::Any | AggregateFunction::All => Err(none),
    }
}

/// `any of` (decided by one yes) and `all of` (decided by one no). Unknown where an item could still decide it, and
/// where it is not certain that any item counts.
fn quantified<'v>(
    deciding: bool,
    known: bool,
    items: impl Iterator<Item = (Option<&'v Value>, Option<&'v Value>)>,
    at: u32,
) -> Computed<bool> {
    let mut counted = false;
    // An item that could decide it; one of which it is open whether it counts at all.
    let mut could_decide = None;
    let mut could_count = None;
    for (filter, operand) in items {
        let counts = match filter.map(|filter| truth(filter, at)) {
            None | Some(Ok(true)) => Ok(()),
            Some(Ok(false)) => continue,
            Some(Err(cause)) => Err(cause),
        };
        let holds = operand.ok_or(Cause::NotComputable(at)).and_then(|operand| truth(operand, at));
        match (counts, holds) {
            (_, Err(_)) if known => {}
            (Ok(()), Ok(holds)) if holds == deciding => return Ok(deciding),
            (Ok(()), Ok(_)) => counted = true,
            (Ok(()), Err(cause)) => {
                counted = true;
                could_decide = could_decide.or(Some(cause));
            }
            (Err(cause), Ok(holds)) if holds != deciding => could_count = could_count.or(Some(cause)),
            (Err(cause), _) => could_decide = could_decide.or(Some(cause)),
        }
    }
    match (could_decide, counted, could_count) {
        (Some(cause), _, _) | (None, false, Some(cause)) => Err(cause),
        (None, true, _) => Ok(!deciding),
        (None, false, None) => Err(Cause::NotComputable(at)),
    }
}

/// The recent end of a list, so many values of it.
fn recent_values(of: &Value, count: u32, oldest_first: bool, at: u32) -> Result<&[Value], Cause> {
    let values = list(of, at)?;
    let count = count as usize;
    let none = Cause::NotComputable(at);
    if oldest_first {
        values.len().checked_sub(count).and_then(|from| values.get(from..)).ok_or(none)
    } else {
        values.get(..count).ok_or(none)
    }
}

/// So many values from the recent end of a list, in its own order; not computable where it has fewer.
pub fn recent(of: &Value, count: u32, oldest_first: bool, at: u32) -> Computed {
    recent_values(of, count, oldest_first, at).map(|values| Value::List(values.into()))
}

/// Whether each of the last so many steps of a list goes up, or down: no where one is known not to, whatever the others are.
pub fn in_a_row(of: &Value, rises: bool, steps: u32, oldest_first: bool, at: u32) -> Computed<bool> {
    let values = recent_values(of, steps.saturating_add(1), oldest_first, at)?;
    let wanted = if rises == oldest_first { Ordering::Less } else { Ordering::Greater };
    let mut unknown = None;
    for (first, second) in values.iter().zip(values.iter().skip(1)) {
        match order(first, second, at) {
            Ok(found) if found == wanted => {}
            Ok(_) => return Ok(false),
            Err(cause) => unknown = unknown.or(Some(cause)),
        }
    }
    unknown.map_or(Ok(true), Err)
}
