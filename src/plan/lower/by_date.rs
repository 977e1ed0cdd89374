//! Numbers by date into steps. A rate that changes becomes one step for each stretch of days on which it is one figure, so
//! that all that is known of steps is known of rates as well; the freeze of a rate is told by the days from which it counts.

use super::super::{Op, StepId};
use super::{Lower, nothing};
use crate::base::{Idx, Span, Str};
use crate::check::hir::{self, Frozen};
use crate::plan::by_date::{Interest, Reference, Series};
use crate::plan::digest;
use crate::value::{Date, MonthEnd, Type};

impl Lower<'_> {
    /// A parameter by date, inside a rate: its figure on the day at which the stretch begins.
    pub(super) fn rate_there(&mut self, id: hir::SeriesId, ty: Type, span: Span) -> StepId {
        let series = self.program.series.get(id);
        let value = self.rate_day.and_then(|day| series?.on(day)).map(|period| period.value.clone());
        self.value_of(value.unwrap_or_else(nothing), ty, span)
    }

    /// `interest on …`
    pub(super) fn interest(&mut self, it: &hir::Interest, ty: Type, span: Span) -> StepId {
        let principal = self.expr(&it.principal);
        let (from, to) = (self.expr(&it.from), self.expr(&it.to));
        let series: Vec<&hir::Series> =
            it.series.iter().filter_map(|id| self.program.series.get(*id)).collect();
        let begin = series.iter().filter_map(|it| it.periods.first()).map(|it| it.from).max();
        let end = series.iter().filter_map(|it| it.until).min();
        let mut days: Vec<Date> = match begin {
            None => vec![Date::MIN],
            Some(begin) => {
                let all = series.iter().flat_map(|it| &it.periods).map(|period| period.from);
                all.filter(|day| *day >= begin).filter_map(|day| frozen_from(it.frozen, day)).collect()
            }
        };
        days.sort_unstable();
        days.dedup();
        days.retain(|day| end.is_none_or(|end| *day <= end));
        let outer = self.rate_day;
        let mut rates = Vec::new();
        for day in days {
            self.rate_day = Some(day);
            rates.push((day, self.expr(&it.rate)));
        }
        self.rate_day = outer;
        let interest = Interest {
            principal,
            from,
            to,
            series: it.series.iter().map(|id| id.0).collect(),
            rates,
            until: end.map(|end| frozen_until(it.frozen, end)),
            frozen: it.frozen,
            basis: it.basis,
            first_day: it.first_day,
            last_day: it.last_day,
        };
        self.push(Op::Interest(Box::new(interest)), ty, span)
    }
}

/// How many months such a period has.
fn months(frozen: Frozen) -> i16 {
    match frozen {
        Frozen::Month => 1,
        Frozen::Quarter => 3,
        Frozen::HalfYear => 6,
        Frozen::Year => 12,
    }
}

/// The first day of the period in which a day lies.
fn first_of(frozen: Frozen, day: Date) -> Option<Date> {
    let (year, month, _) = day.ymd();
    let into = i16::from(month).checked_sub(1)?.checked_rem(months(frozen))?;
    let month = i16::from(month).checked_sub(into)?;
    Date::from_ymd(year, u8::try_from(month).ok()?, 1)
}

/// The day from which a rate counts that holds from a day: the first period that begins on that day or behind it.
fn frozen_from(frozen: Option<Frozen>, day: Date) -> Option<Date> {
    let Some(frozen) = frozen else { return Some(day) };
    let first = first_of(frozen, day)?;
    if first == day {
        return Some(day);
    }
    first.add_months(i32::from(months(frozen)), MonthEnd::Last)
}

/// The last day for which a rate counts that is known until a day: that of the period in which it lies.
fn frozen_until(frozen: Option<Frozen>, day: Date) -> Date {
    let Some(frozen) = frozen else { return day };
    first_of(frozen, day)
        .and_then(|first| first.add_months(i32::from(months(frozen)), MonthEnd::Last))
        .and_then(|next| next.add_days(-1))
        .unwrap_or(day)
}

/// The parameters by date and the references of a program, named as the root policy knows them.
pub(super) fn outside(program: &hir::Program) -> (Vec<Series>, Vec<Reference>) {
    let root = program.policies.as_slice().last();
    let called = |target: hir::Target, policy: hir::PolicyId, name: &Str| -> Str {
        let bare = root.into_iter().flat_map(|root| &root.names).find(|(_, other)| *other == target);
        match (bare, program.policies.get(policy)) {
            (Some((name, _)), _) => name.clone(),
            (None, Some(owner)) if policy.place().saturating_add(1) != program.policies.len() => {
                format!("{}.{name}", owner.name).into()
            }
            (None, _) => name.clone(),
        }
    };
    let series = program.series.iter_enumerated().map(|(id, it)| Series {
        name: called(hir::Target::Series(id), it.policy, &it.name),
        label: it.label.clone(),
        ty: it.ty.clone(),
        periods: it.periods.clone(),
        until: it.until,
        span: it.span,
    });
    let references = program.references.iter_enumerated().map(|(id, it)| Reference {
        name: called(hir::Target::Reference(id), it.policy, &it.name),
        label: it.label.clone(),
        file: it.file.clone(),
        digest: digest::of_text(&it.source),
        columns: it.columns.clone(),
        keys: it.keys.clone(),
        latest_within: it.latest_within,
        rows: it.rows.clone(),
        span: it.span,
    });
    (series.collect(), references.collect())
}
