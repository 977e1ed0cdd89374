//! Numbers by date: what is known of them before any customer is seen.

use super::super::{Interest, StepId};
use super::number::{Figures, MOST_DAYS, around, declared, figures, hull, multiply};
use super::{Plan, Range};
use crate::check::hir::{ReferenceId, SeriesId};
use crate::value::{MOST_INSTALMENTS, Number};

/// A parameter by date: the hull of its values.
pub(super) fn series(plan: &Plan<'_>, series: u32) -> Figures {
    let Some(series) = plan.program.series.get(SeriesId(series)) else { return (None, None) };
    let numbers = || series.periods.iter().filter_map(|period| period.value.as_number());
    let decimals = numbers().map(Number::decimals).try_fold(0, |most, it| Some(it?.max(most)));
    (decimals, around(numbers().cloned()))
}

/// A cell of a reference: as its column is declared.
pub(super) fn reference(plan: &Plan<'_>, table: u32, column: u32) -> Figures {
    let table = plan.program.references.get(ReferenceId(table));
    table.and_then(|table| table.columns.get(column as usize)).map_or((None, None), declared)
}

/// Interest: a part of a year is a fraction, so its decimals can be endless; at most it runs from the first to the last day.
pub(super) fn interest(plan: &Plan<'_>, it: &Interest) -> Figures {
    let (_, principal) = figures(plan, it.principal);
    let (_, rates) = hull(plan, it.rates.iter().map(|(_, rate)| *rate));
    let days = Number::from_i64(MOST_DAYS.saturating_add(1));
    let years = days.div(&Number::from(it.basis.unwrap_or(365))).unwrap_or(days);
    let range = principal
        .zip(rates)
        .map(|(principal, rates)| multiply(multiply(principal, rates), (Number::ZERO, years)));
    (None, range)
}

/// An instalment is never more than the debt with the interest of one period, and never of the other sign.
pub(super) fn instalment(principal: Option<Range>, rate: Option<Range>) -> Option<Range> {
    let (_, most) = rate?;
    let most = Number::ONE.add(&most).max(Number::ONE);
    Some(multiply(principal?, (Number::ZERO, most)))
}

/// Whether interest can be unknown beyond its operands: its rates begin or end on a day.
pub(super) fn has_ends(it: &Interest) -> bool {
    it.until.is_some() || it.rates.first().is_none_or(|(from, _)| *from > crate::value::Date::MIN)
}

/// Whether an instalment can be not computable: the count not whole or out of bounds, the rate -100% or less.
pub(super) fn instalment_fails(plan: &Plan<'_>, rate: StepId, count: StepId) -> bool {
    let (decimals, range) = figures(plan, count);
    let most = Number::from(MOST_INSTALMENTS);
    let whole =
        decimals == Some(0) && range.is_some_and(|(least, greatest)| least.is_positive() && greatest <= most);
    let grows = figures(plan, rate).1.is_some_and(|(least, _)| least > Number::ONE.neg());
    !(whole && grows)
}
