//! Civil days: no clock, no zone.

/// A civil day, counted from 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub i32);

/// What a month later is when that month has no such day (31 January + 1 month).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MonthEnd {
    /// The last day of that month.
    Last,
    /// The first day of the month after.
    Next,
}

impl std::fmt::Debug for Date {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Date({})", self.0)
    }
}
