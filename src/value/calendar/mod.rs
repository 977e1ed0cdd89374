//! Calendars: which days are business days.
//!
//! A calendar is a TOML file that is versioned with the policies that use it. It has a first and a last day; what
//! lies outside is not known, since nobody has published those holidays yet.
//!
//! ```toml
//! name     = "China 2026"
//! from     = 2026-01-01
//! until    = 2026-12-31
//! weekend  = ["saturday", "sunday"]
//! holidays = [2026-01-01, { from = 2026-02-16, to = 2026-02-22, name = "春节" }]
//! working  = [2026-02-14, { on = 2026-02-28, name = "春节调休" }]
//! ```

mod read;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use super::{Date, Weekday};
use crate::base::{Lang, Str};

/// The business days of a stretch of time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calendar {
    name: Str,
    from: Date,
    until: Date,
    /// All business days, ascending.
    business: Vec<Date>,
}

/// What is wrong in a calendar file, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CalendarError {
    /// The line, from 1.
    pub line: u32,
    /// The bytes of the file that are wrong.
    pub bytes: Range<usize>,
    /// What is wrong with them.
    pub mistake: CalendarMistake,
}

/// A mistake in a calendar file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CalendarMistake {
    /// The file is no TOML; what the TOML reader says.
    Toml(Str),
    /// A key that calendars do not have.
    UnknownKey(Str),
    /// A key that is required.
    MissingKey(Str),
    /// Another kind of value than the key asks for.
    WrongValue(Str),
    /// No day of the week in English.
    NotAWeekday(Str),
    /// No day of the years 1 to 9999, or one with a time.
    NotADay(Str),
    /// A range that ends before it begins.
    Reversed(Date, Date),
    /// The calendar spans more than 200 years.
    TooLong(Date, Date),
    /// A day before the first or after the last day of the calendar.
    Outside(Date),
    /// A day that is both closed and working.
    ClosedAndWorking(Date),
    /// An extra working day that is no weekend day, so that it is a working day already.
    AlreadyWorking(Date),
}

impl Calendar {
    /// The calendar of a TOML text.
    ///
    /// # Errors
    ///
    /// All mistakes of the text, in its order.
    pub fn parse(text: &str) -> Result<Calendar, Vec<CalendarError>> {
        read::read(text)
    }

    /// Puts a calendar together from what was read.
    fn new(
        name: Str,
        (from, until): (Date, Date),
        weekend: &BTreeSet<Weekday>,
        holidays: &BTreeSet<Date>,
        working: &BTreeSet<Date>,
    ) -> Calendar {
        let business = (from.0..=until.0)
            .map(Date)
            .filter(|day| {
                let closed = weekend.contains(&day.weekday()) || holidays.contains(day);
                !closed || working.contains(day)
            })
            .collect();
        Calendar { name, from, until, business }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &Str {
        &self.name
    }

    /// The first day of which it knows something.
    #[must_use]
    pub fn from(&self) -> Date {
        self.from
    }

    /// The last day of which it knows something.
    #[must_use]
    pub fn until(&self) -> Date {
        self.until
    }

    /// Whether the calendar knows of this day.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }

    /// Whether this is a business day; `None` outside the calendar.
    #[must_use]
    pub fn is_business_day(&self, day: Date) -> Option<bool> {
        self.covers(day).then(|| self.business.binary_search(&day).is_ok())
    }

    /// The `days`-th business day after `day`, or before it where `days` is negative; `day` itself, business day or
    /// not, where `days` is 0. `None` where that lies outside the calendar, or `day` does.
    #[must_use]
    pub fn add_business_days(&self, day: Date, days: i64) -> Option<Date> {
        if !self.covers(day) {
            return None;
        }
        if days == 0 {
            return Some(day);
        }
        // Before `place` stand the business days that do not come after it (or that come before it, going back).
        let place = if days > 0 {
            self.business.partition_point(|other| *other <= day)
        } else {
            self.business.partition_point(|other| *other < day)
        };
        let steps = if days > 0 { days.checked_sub(1)? } else { days };
        let place = i64::try_from(place).ok()?.checked_add(steps)?;
        self.business.get(usize::try_from(place).ok()?).copied()
    }

    /// The day itself if it is a business day, else the first one after it; `None` outside the calendar.
    #[must_use]
    pub fn on_or_after(&self, day: Date) -> Option<Date> {
        if self.is_business_day(day)? { Some(day) } else { self.add_business_days(day, 1) }
    }

    /// The day itself if it is a business day, else the last one before it; `None` outside the calendar.
    #[must_use]
    pub fn on_or_before(&self, day: Date) -> Option<Date> {
        if self.is_business_day(day)? { Some(day) } else { self.add_business_days(day, -1) }
    }

    /// The first business day after this day; `None` outside the calendar.
    #[must_use]
    pub fn next_business_day(&self, day: Date) -> Option<Date> {
        self.add_business_days(day, 1)
    }

    /// The last business day before this day; `None` outside the calendar.
    #[must_use]
    pub fn previous_business_day(&self, day: Date) -> Option<Date> {
        self.add_business_days(day, -1)
    }

    /// How many business days lie after `from`, up to and including `to`; negative where `to` is earlier.
    /// `None` where one of the two lies outside the calendar.
    #[must_use]
    pub fn business_days_between(&self, from: Date, to: Date) -> Option<i64> {
        if !self.covers(from) || !self.covers(to) {
            return None;
        }
        let until = |day: Date| i64::try_from(self.business.partition_point(|other| *other <= day)).ok();
        until(to)?.checked_sub(until(from)?)
    }

    /// The business days as one text, the same for every way of writing them: what a digest is taken of. Names are not in it, nor
    /// which of the days off are holidays.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut text = format!("from {}\nuntil {}\n", self.from, self.until);
        for day in &self.business {
            // Writing into a text does not fail.
            let _ = writeln!(text, "{day}");
        }
        text
    }
}

impl CalendarMistake {
    /// The key under which a catalog of messages holds the words for it.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            CalendarMistake::Toml(_) => "toml",
            CalendarMistake::UnknownKey(_) => "unknown_key",
            CalendarMistake::MissingKey(_) => "missing_key",
            CalendarMistake::WrongValue(_) => "wrong_value",
            CalendarMistake::NotAWeekday(_) => "not_a_weekday",
            CalendarMistake::NotADay(_) => "not_a_day",
            CalendarMistake::Reversed(..) => "reversed",
            CalendarMistake::TooLong(..) => "too_long",
            CalendarMistake::Outside(_) => "outside",
            CalendarMistake::ClosedAndWorking(_) => "closed_and_working",
            CalendarMistake::AlreadyWorking(_) => "already_working",
        }
    }

    /// What is wrong, in words: lower case, without a full stop.
    #[must_use]
    pub fn describe(&self, lang: Lang) -> String {
        match (self, lang) {
            (CalendarMistake::Toml(said), Lang::En) => format!("this is no TOML: {said}"),
            (CalendarMistake::Toml(said), Lang::Zh) => format!("不是合法的 TOML: {said}"),
            (CalendarMistake::UnknownKey(key), Lang::En) => format!("a calendar has no `{key}`"),
            (CalendarMistake::UnknownKey(key), Lang::Zh) => format!("日历没有 `{key}` 这一项"),
            (CalendarMistake::MissingKey(key), Lang::En) => format!("`{key}` is missing"),
            (CalendarMistake::MissingKey(key), Lang::Zh) => format!("缺少 `{key}`"),
            (CalendarMistake::WrongValue(key), Lang::En) => format!("`{key}` asks for another kind of value"),
            (CalendarMistake::WrongValue(key), Lang::Zh) => format!("`{key}` 的值类型不对"),
            (CalendarMistake::NotAWeekday(word), Lang::En) => format!("`{word}` is no day of the week"),
            (CalendarMistake::NotAWeekday(word), Lang::Zh) => format!("`{word}` 不是星期几的英文名"),
            (CalendarMistake::NotADay(word), Lang::En) => format!("`{word}` is no day"),
            (CalendarMistake::NotADay(word), Lang::Zh) => format!("`{word}` 不是日期"),
            (CalendarMistake::Reversed(from, to), Lang::En) => format!("{to} comes before {from}"),
            (CalendarMistake::Reversed(from, to), Lang::Zh) => format!("{to} 早于 {from}"),
            (CalendarMistake::TooLong(from, to), Lang::En) => {
                format!("from {from} to {to} is more than 200 years")
            }
            (CalendarMistake::TooLong(from, to), Lang::Zh) => format!("{from} 至 {to} 超过 200 年"),
            (CalendarMistake::Outside(day), Lang::En) => format!("{day} lies outside the calendar"),
            (CalendarMistake::Outside(day), Lang::Zh) => format!("{day} 不在日历的起止日期之内"),
            (CalendarMistake::ClosedAndWorking(day), Lang::En) => {
                format!("{day} is listed both as a holiday and as a working day")
            }
            (CalendarMistake::ClosedAndWorking(day), Lang::Zh) => format!("{day} 既列为假日又列为工作日"),
            (CalendarMistake::AlreadyWorking(day), Lang::En) => {
                format!("{day} is no weekend day, so it is a working day without being listed")
            }
            (CalendarMistake::AlreadyWorking(day), Lang::Zh) => format!("{day} 不是周末, 本来就是工作日"),
        }
    }
}

impl std::fmt::Display for CalendarError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "line {}: {}", self.line, self.mistake.describe(Lang::En))
    }
}

impl std::error::Error for CalendarError {}
