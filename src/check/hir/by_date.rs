//! Numbers by date: parameters whose value changes on a day, references, interest.

use super::{Expr, PolicyId};
use crate::base::{Label, Span, Str};
use crate::value::{Date, Field, Type, Value};

pub use crate::syntax::ast::Frozen;

crate::define_index! {
    /// A parameter whose value changes by date.
    SeriesId
}
crate::define_index! {
    /// A table that stands in a file beside a policy.
    ReferenceId
}

/// `param base_rate percent by date { … }`
#[derive(Clone, Debug)]
pub struct Series {
    /// The policy it belongs to.
    pub policy: PolicyId,
    /// Its name.
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

/// One value of a parameter by date.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SeriesPeriod {
    /// The first day on which it holds.
    pub from: Date,
    /// The value.
    pub value: Value,
    /// What the figure follows.
    pub cite: Option<Str>,
}

impl Series {
    /// The value that holds on a day; none before the first one and after the last day of the last.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&SeriesPeriod> {
        if self.until.is_some_and(|until| day > until) {
            return None;
        }
        self.periods.iter().rev().find(|period| period.from <= day)
    }
}

/// `reference rates from "rates.csv" { … }`
#[derive(Clone, Debug)]
pub struct Reference {
    /// The policy it belongs to.
    pub policy: PolicyId,
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// The file, as written.
    pub file: Str,
    /// The text of the file.
    pub source: Str,
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

/// `interest on open from due to today at base_rate + 8% …`
#[derive(Clone, Debug)]
pub struct Interest {
    /// What bears interest: money.
    pub principal: Expr,
    /// The day from which it does.
    pub from: Expr,
    /// The day to which it does.
    pub to: Expr,
    /// The rate of a year; a parameter by date that is named bare is read on each day of the stretch.
    pub rate: Expr,
    /// The parameters by date that the rate reads on each day.
    pub series: Vec<SeriesId>,
    /// The rate of the first day of such a period holds for the whole of it.
    pub frozen: Option<Frozen>,
    /// How many days a year has; none: as many as the year of the day has.
    pub basis: Option<u32>,
    /// Whether the day `from` counts.
    pub first_day: bool,
    /// Whether the day `to` counts.
    pub last_day: bool,
}
