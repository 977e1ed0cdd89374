//! Numbers by date: parameters whose value changes on a day, references, interest.

use super::{Expr, Fact, Label, Literal, Name, Text};
use crate::base::Span;

/// What a parameter is.
#[derive(Clone, PartialEq, Debug)]
pub enum ParamValue {
    /// `= 30 days`
    One(Expr),
    /// `by date { … }`
    ByDate(ByDate),
}

/// `by date { from 2026-01-01 : 3.00%; from 2026-07-01 : 2.75%; until 2026-12-31 }`
#[derive(Clone, PartialEq, Debug)]
pub struct ByDate {
    /// The values in the order written.
    pub periods: Vec<PeriodFrom>,
    /// The last day on which the last value is known to hold.
    pub until: Option<Literal>,
    /// The block.
    pub span: Span,
}

/// `from 2026-01-01 : 3.00% cite "…"`
#[derive(Clone, PartialEq, Debug)]
pub struct PeriodFrom {
    /// The first day on which it holds.
    pub from: Literal,
    /// The value.
    pub value: Expr,
    /// What the figure follows.
    pub cite: Option<Text>,
    /// The whole line.
    pub span: Span,
}

/// `reference rates "汇率表" from "rates.csv" { pair text key; day date key; rate number }`
#[derive(Clone, PartialEq, Debug)]
pub struct Reference {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// The file beside the policy.
    pub file: Text,
    /// Its columns.
    pub fields: Vec<Fact>,
}

/// `interest on open from due to today at base_rate + 8% frozen by half_year basis 365, first day excluded`
#[derive(Clone, PartialEq, Debug)]
pub struct Interest {
    /// What bears interest.
    pub principal: Expr,
    /// The day from which it does.
    pub from: Expr,
    /// The day to which it does.
    pub to: Expr,
    /// The rate of a year.
    pub rate: Expr,
    /// `frozen by half_year`: the rate of the first day of a period holds for the whole of it.
    pub frozen: Option<(Frozen, Span)>,
    /// How many days a year has.
    pub basis: Basis,
    /// `first day included`
    pub first_day: bool,
    /// The last day counts, unless it is `excluded`.
    pub last_day: bool,
}

/// For how long the rate of a period's first day holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Frozen {
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// Half a year, from January and from July.
    HalfYear,
    /// A year.
    Year,
}

/// How many days a year has for interest.
#[derive(Clone, PartialEq, Debug)]
pub enum Basis {
    /// So many: `basis 365`.
    Days(Literal),
    /// As many as the year of the day has: `basis actual`.
    Actual,
}
