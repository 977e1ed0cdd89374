//! Numbers by date in a plan: parameters whose value changes on a day, references, interest.

use super::{Field, StepId};
use crate::base::{Label, Span, Str};
use crate::value::{Date, Type, Value};

pub use crate::check::hir::{Frozen, SeriesPeriod};

/// A parameter whose value changes by date.
#[derive(Clone, Debug)]
pub struct Series {
    /// Its name; with its policy where the root does not know it bare.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Its type.
    pub ty: Type,
    /// The values, each with the day from which it holds; the days ascend. Percents are fractions.
    pub periods: Vec<SeriesPeriod>,
    /// The last day on which the last value is known to hold; none: it holds until a new one is written.
    pub until: Option<Date>,
    /// Where it stands.
    pub span: Span,
}

impl Series {
    /// The value that holds on a day; none before the first one and after the last day of the last.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&SeriesPeriod> {
        if self.until.is_some_and(|until| day > until) {
            return None;
        }
        let behind = self.periods.partition_point(|period| period.from <= day);
        self.periods.get(behind.checked_sub(1)?)
    }
}

/// A table that stands in a file beside the policy.
#[derive(Clone, Debug)]
pub struct Reference {
    /// Its name; with its policy where the root does not know it bare.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// The file, as written.
    pub file: Str,
    /// The digest of the file's text: `sha256:…`, lower-case hexadecimal.
    pub digest: Str,
    /// The columns in the order declared.
    pub columns: Vec<Field>,
    /// The columns that are keys, by place; the one read by `latest within` last.
    pub keys: Vec<u32>,
    /// The last key is a day: where no row is of that day, the latest one within so many days before it is read.
    pub latest_within: Option<u32>,
    /// The rows: a value for each column, ascending by their keys.
    pub rows: Vec<Vec<Value>>,
    /// Where it stands.
    pub span: Span,
}

impl Reference {
    /// The row of these keys, in the order of [`Reference::keys`]; none where there is no such row.
    #[must_use]
    pub fn row(&self, keys: &[&Value]) -> Option<&[Value]> {
        let order = |row: &Vec<Value>| {
            let own = self.keys.iter().filter_map(|key| row.get(*key as usize));
            own.zip(keys)
                .map(|(own, key)| own.key_order(key).unwrap_or(std::cmp::Ordering::Less))
                .find(|order| order.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        };
        // The rows up to the one looked for; the last of them is it, or the latest before it.
        let behind = self.rows.partition_point(|row| order(row).is_le());
        let row = self.rows.get(behind.checked_sub(1)?)?;
        if order(row).is_eq() {
            return Some(row);
        }
        let within = i64::from(self.latest_within?);
        let (last, others) = self.keys.split_last()?;
        let same = others.iter().zip(keys).all(|(key, wanted)| row.get(*key as usize) == Some(wanted));
        match (row.get(*last as usize)?, keys.last()?) {
            (Value::Date(own), Value::Date(wanted)) if same && own.days_until(*wanted) <= within => Some(row),
            _ => None,
        }
    }
}

/// Interest: an amount, from a day to a day, at rates that hold from days on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Interest {
    /// What bears interest.
    pub principal: StepId,
    /// The day from which it does.
    pub from: StepId,
    /// The day to which it does.
    pub to: StepId,
    /// The parameters by date that the rate goes by.
    pub series: Vec<u32>,
    /// The rates of a year, each with the first day for which it counts; ascending. A freeze has moved these days already.
    pub rates: Vec<(Date, StepId)>,
    /// The last day for which a rate is known; none: the last one goes on.
    pub until: Option<Date>,
    /// For how long the rate of a period's first day holds.
    pub frozen: Option<Frozen>,
    /// How many days a year has; none: as many as the year of the day has.
    pub basis: Option<u32>,
    /// Whether the day `from` counts.
    pub first_day: bool,
    /// Whether the day `to` counts.
    pub last_day: bool,
}

/// A day of the calendar told from another day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Anchor {
    /// The first such day of a month behind it; the month's last where it has no such day.
    DayAfter(u8),
    /// This month and day of its year; 02-29 is the end of February where there is none.
    OfYear(u8, u8),
}

/// Some days on end for which one rate counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// The first day that counts.
    pub first: Date,
    /// The last day that counts.
    pub last: Date,
    /// How many days that are.
    pub days: i64,
    /// How many days the year has.
    pub basis: u32,
    /// The rate.
    pub rate: StepId,
}

impl Interest {
    /// The stretches between two days, in their order: none where no day counts.
    ///
    /// # Errors
    /// The first day for which no rate is known.
    pub fn stretches(&self, from: Date, to: Date) -> Result<Vec<Stretch>, Date> {
        let first = if self.first_day { Some(from) } else { from.add_days(1) };
        let last = if self.last_day { Some(to) } else { to.add_days(-1) };
        let (Some(mut day), Some(last)) = (first, last) else { return Ok(Vec::new()) };
        let mut stretches = Vec::new();
        while day <= last {
            let behind = self.rates.partition_point(|(from, _)| *from <= day);
            let rate = behind.checked_sub(1).and_then(|at| self.rates.get(at)).map(|(_, rate)| *rate);
            let Some(rate) = rate.filter(|_| self.until.is_none_or(|until| day <= until)) else {
                return Err(day);
            };
            let mut end = last;
            if let Some((next, _)) = self.rates.get(behind) {
                end = end.min(next.add_days(-1).unwrap_or(end));
            }
            if let Some(until) = self.until {
                end = end.min(until);
            }
            let basis = match self.basis {
                Some(basis) => basis,
                None => {
                    end = end.min(day.last_of_year());
                    let year = day.first_of_year().days_until(day.last_of_year()).saturating_add(1);
                    u32::try_from(year).unwrap_or(365)
                }
            };
            let days = day.days_until(end).saturating_add(1);
            stretches.push(Stretch { first: day, last: end, days, basis, rate });
            match end.add_days(1) {
                Some(next) => day = next,
                None => break,
            }
        }
        Ok(stretches)
    }
}
