//! What is wanted of a value.

use super::customer::figure;
use crate::base::Str;
use crate::value::{Number, Value};

/// An end of an interval, and whether it belongs to it.
pub type End = Option<(Number, bool)>;

/// An interval of numbers; days count from the first one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Range {
    /// The lower end; none where there is none.
    pub low: End,
    /// The upper end; none where there is none.
    pub high: End,
}

/// What is wanted of a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Want {
    /// That it is known.
    Known,
    /// That it is not.
    Unknown,
    /// Yes, or no.
    Truth(bool),
    /// A number or a day in an interval.
    Within(Range),
    /// A number or a day above what it is, or below; how far is tried.
    Move(bool),
    /// One of these codes.
    OneOf(Vec<u32>),
    /// A code, and none of these.
    NoneOf(Vec<u32>),
    /// A set with this member, or without it.
    Member(u32, bool),
    /// This text, or another one.
    Text(Str, bool),
    /// This list or set.
    Is(Value),
    /// Anything that it is not now.
    Other,
}

impl Range {
    /// One number.
    #[must_use]
    pub fn exactly(number: Number) -> Range {
        Range { low: Some((number.clone(), true)), high: Some((number, true)) }
    }

    /// From a number on.
    #[must_use]
    pub fn from(number: Number, included: bool) -> Range {
        Range { low: Some((number, included)), high: None }
    }

    /// Up to a number.
    #[must_use]
    pub fn up_to(number: Number, included: bool) -> Range {
        Range { low: None, high: Some((number, included)) }
    }

    /// Whether a number lies below it.
    #[must_use]
    pub fn is_above(&self, number: &Number) -> bool {
        self.low.as_ref().is_some_and(|(low, included)| number < low || number == low && !included)
    }

    /// Whether a number lies above it.
    #[must_use]
    pub fn is_below(&self, number: &Number) -> bool {
        self.high.as_ref().is_some_and(|(high, included)| number > high || number == high && !included)
    }

    /// Whether a number lies in it.
    #[must_use]
    pub fn holds(&self, number: &Number) -> bool {
        !self.is_above(number) && !self.is_below(number)
    }

    /// The interval of the numbers that a change of this kind brings into it; where it turns the order, the ends change places.
    #[must_use]
    pub fn through(&self, turned: bool, change: impl Fn(&Number) -> Option<Number>) -> Range {
        let end = |end: &End| end.as_ref().and_then(|(at, included)| Some((change(at)?, *included)));
        let (low, high) = (end(&self.low), end(&self.high));
        if turned { Range { low: high, high: low } } else { Range { low, high } }
    }

    /// How far a number lies outside.
    #[must_use]
    pub fn distance(&self, number: &Number) -> Number {
        match (&self.low, &self.high) {
            (Some((low, _)), _) if self.is_above(number) => low.sub(number),
            (_, Some((high, _))) if self.is_below(number) => number.sub(high),
            _ => Number::ZERO,
        }
    }
}

impl Want {
    /// That a value is the same as this one; none for an unknown one.
    #[must_use]
    pub fn same(value: &Value) -> Option<Want> {
        Some(match value {
            Value::Unknown(_) => return None,
            Value::Bool(yes) => Want::Truth(*yes),
            Value::Number(_) | Value::Date(_) => Want::Within(Range::exactly(figure(value)?)),
            Value::Code(code) => Want::OneOf(vec![*code]),
            Value::Text(text) => Want::Text(text.clone(), true),
            Value::Set(_) | Value::List(_) => Want::Is(value.clone()),
        })
    }

    /// That a value is another one than this.
    #[must_use]
    pub fn another(value: &Value) -> Option<Want> {
        Some(match value {
            Value::Unknown(_) => return None,
            Value::Bool(yes) => Want::Truth(!yes),
            Value::Code(code) => Want::NoneOf(vec![*code]),
            Value::Text(text) => Want::Text(text.clone(), false),
            Value::Number(_) | Value::Date(_) | Value::Set(_) | Value::List(_) => Want::Other,
        })
    }

    /// Whether a value is what is wanted. A mere direction is never reached: it says where to go, not where to stop.
    #[must_use]
    pub fn holds(&self, value: &Value) -> bool {
        match (self, value) {
            (Want::Unknown, value) => !value.is_known(),
            (_, Value::Unknown(_)) => false,
            (Want::Known, _) => true,
            (Want::Truth(wanted), Value::Bool(yes)) => wanted == yes,
            (Want::Within(range), value) => figure(value).is_some_and(|number| range.holds(&number)),
            (Want::OneOf(codes), Value::Code(code)) => codes.contains(code),
            (Want::NoneOf(codes), Value::Code(code)) => !codes.contains(code),
            (Want::Member(member, wanted), Value::Set(bits)) => {
                (bits & 1_u128.checked_shl(*member).unwrap_or(0) != 0) == *wanted
            }
            (Want::Text(text, wanted), Value::Text(own)) => (text == own) == *wanted,
            (Want::Is(wanted), value) => wanted == value,
            (
                Want::Truth(_)
                | Want::Move(_)
                | Want::OneOf(_)
                | Want::NoneOf(_)
                | Want::Member(..)
                | Want::Text(..)
                | Want::Other,
                _,
            ) => false,
        }
    }
}
