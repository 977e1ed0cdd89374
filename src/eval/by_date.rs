//! Numbers by date: what a parameter is on a day, what a reference has for a key, interest, instalments. All exact.

use super::ops::{Computed, day, number};
use crate::plan::{Anchor, Interest, Reference, Series, StepId};
use crate::value::{Cause, Date, MOST_INSTALMENTS, Number, Value};

/// A day of the calendar told from another day.
pub fn anchor(of: &Value, anchor: Anchor, at: u32) -> Computed<Date> {
    let of = day(of, at)?;
    let found = match anchor {
        Anchor::DayAfter(day) => of.next_on(day),
        Anchor::OfYear(month, day) => of.in_year(month, day),
    };
    found.ok_or(Cause::NotComputable(at))
}

/// A parameter by date on a day; unknown before its first day and after its last.
pub fn on_day(series: Option<&Series>, on: &Value, at: u32) -> Computed {
    let on = day(on, at)?;
    series.and_then(|series| series.on(on)).map(|period| period.value.clone()).ok_or(Cause::Expired(at))
}

/// The cell of a reference; unknown where it has no such row.
pub fn cell(reference: Option<&Reference>, column: u32, keys: &[&Value], at: u32) -> Computed {
    if let Some(cause) = keys.iter().find_map(|key| match key {
        Value::Unknown(cause) => Some(*cause),
        _ => None,
    }) {
        return Err(cause);
    }
    match reference.and_then(|it| it.row(keys)).and_then(|row| row.get(column as usize)) {
        Some(Value::Unknown(_)) | None => Err(Cause::NoRow(at)),
        Some(value) => Ok(value.clone()),
    }
}

/// Interest: the sum over its stretches of principal × rate × days / days of the year. Unknown where the rate of a day is;
/// rates of other days are not asked for.
pub fn interest<'v>(it: &Interest, get: impl Fn(StepId) -> &'v Value, at: u32) -> Computed<Number> {
    let principal = number(get(it.principal), at)?;
    let (from, to) = (day(get(it.from), at)?, day(get(it.to), at)?);
    let stretches = it.stretches(from, to).map_err(|_| Cause::Expired(at))?;
    let mut sum = Number::ZERO;
    for stretch in stretches {
        let rate = number(get(stretch.rate), at)?;
        let share = Number::from_i64(stretch.days).div(&Number::from(stretch.basis));
        sum = sum.add(&rate.mul(&share.ok_or(Cause::NotComputable(at))?));
    }
    Ok(principal.mul(&sum))
}

/// The equal instalment that pays off a debt in `count` periods at `rate` a period, the first one after one period; the
/// debt over the count where the rate is 0. Not computable for a count that is not whole, below 1 or above
/// [`MOST_INSTALMENTS`], and for a rate of -100% or less.
pub fn instalment(principal: &Value, rate: &Value, count: &Value, at: u32) -> Computed<Number> {
    let none = Cause::NotComputable(at);
    let (principal, rate, count) = (number(principal, at)?, number(rate, at)?, number(count, at)?);
    let whole =
        count.to_i64().filter(|count| (1..=i64::from(MOST_INSTALMENTS)).contains(count)).ok_or(none)?;
    let growth = Number::ONE.add(rate);
    if !growth.is_positive() {
        return Err(none);
    }
    if rate.is_zero() {
        return principal.div(count).ok_or(none);
    }
    let grown = growth.pow(u32::try_from(whole).map_err(|_| none)?);
    principal.mul(rate).mul(&grown).div(&grown.sub(&Number::ONE)).ok_or(none)
}
