//! The domain's values: exact numbers, dates, codes of kinds and grades; their types, units and ranges.
//!
//! Nothing here knows a policy. A [`Value`] holds no unit; its [`Type`] does, and the checker has seen to it that
//! the two belong together before any customer is seen.

mod calendar;
mod date;
pub mod display;
mod number;
pub mod office;
mod round;
mod schema;
mod types;

#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::sync::Arc;

use crate::base::Str;
pub use calendar::{Calendar, CalendarError, CalendarMistake};
pub use date::{Date, MonthEnd, Period, Weekday, Window, month_day_exists};
pub use number::Number;
pub use round::{Precision, Rounding, RoundingMode};
pub use schema::{
    Default, Field, FieldId, FieldType, LastField, ListField, ListFieldId, MOST_INSTALMENTS, MOST_ITEMS,
    Misfit, Schema,
};
pub use types::{Currency, Enum, EnumId, EnumSort, Enums, Member, Style, Type, Unit};

/// A value of one customer or one item: known, or unknown with its cause.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// Not known, and why.
    Unknown(Cause),
    /// Yes or no.
    Bool(bool),
    /// A number of any unit: money in whole currency units, a percent as its fraction (10% is 1/10), days as days.
    Number(Number),
    /// A day.
    Date(Date),
    /// A member of a kind, a grade, a stance, a step: its place in the declared order.
    Code(u32),
    /// Some members of a kind: bit `n` for the member at place `n`.
    Set(u128),
    /// A text.
    Text(Str),
    /// A list of values, in the order of the fact.
    List(Arc<[Value]>),
}

/// Why a value is unknown. Numbers are ids of the plan that was run; the explanation makes words of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Cause {
    /// The fact of this number was not given (or is `unknown when` what was given).
    Missing(u32),
    /// The step of this number cannot be computed: division by zero, nothing to pick from, no row for it.
    NotComputable(u32),
    /// The step of this number says: no recommendation.
    Withheld(u32),
    /// The step of this number waits for the answer of a role.
    Referred(u32),
    /// The rule of this step refuses to go on.
    Refused(u32),
    /// The script called by the step of this number failed.
    Script(u32),
    /// The step of this number asks a calendar for a day after its end.
    PastCalendar(u32),
    /// The step of this number asks for a figure of a day on which none is known to hold.
    Expired(u32),
    /// The step of this number asks a reference for a row that it does not have.
    NoRow(u32),
    /// The step of this number asks the book, which does not tell: the customer is decided alone, or not all members are known.
    Book(u32),
}

impl Value {
    /// Whether it is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !matches!(self, Value::Unknown(_))
    }

    /// How two keys lie to each other; none for values of different types and for those that are no keys.
    #[must_use]
    pub fn key_order(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
            (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
            (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
            (Value::Code(left), Value::Code(right)) => Some(left.cmp(right)),
            _ => None,
        }
    }

    /// The number, if it is one.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Yes or no, if it is that.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(bool) => Some(*bool),
            _ => None,
        }
    }
}
