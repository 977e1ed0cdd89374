//! A calendar from its TOML text: every mistake is told, each at its place.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Calendar, CalendarError, CalendarMistake};
use crate::base::Str;
use crate::value::{Date, Weekday};

/// Far more than any holiday list has been published for, and little enough to hold every day of it.
const MOST_DAYS: i64 = 200 * 366;

type Place = Range<usize>;

pub(super) fn read(text: &str) -> Result<Calendar, Vec<CalendarError>> {
    let mut reader = Reader { text, errors: Vec::new() };
    let calendar = match DeTable::parse(text) {
        Ok(table) => reader.calendar(table.get_ref()),
        Err(error) => {
            let place = error.span().unwrap_or(0..0);
            reader.tell(place, CalendarMistake::Toml(Str::from(error.message())));
            None
        }
    };
    match calendar {
        Some(calendar) if reader.errors.is_empty() => Ok(calendar),
        Some(_) | None => {
            reader.errors.sort_by_key(|error| error.bytes.start);
            Err(reader.errors)
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    errors: Vec<CalendarError>,
}

impl Reader<'_> {
    fn calendar(&mut self, table: &DeTable<'_>) -> Option<Calendar> {
        let (mut name, mut from, mut until) = (None, None, None);
        let (mut weekend, mut holidays, mut working) = (BTreeSet::new(), Vec::new(), Vec::new());
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "name" => name = self.text("name", value),
                "from" => from = self.day(value).map(|day| (day, value.span())),
                "until" => until = self.day(value).map(|day| (day, value.span())),
                "weekend" => weekend = self.weekend(value),
                "holidays" => holidays = self.days("holidays", value),
                "working" => working = self.days("working", value),
                unknown => self.tell(key.span(), CalendarMistake::UnknownKey(Str::from(unknown))),
            }
        }
        for key in ["name", "from", "until", "weekend"] {
            if !table.contains_key(key) {
                self.tell(0..0, CalendarMistake::MissingKey(Str::from(key)));
            }
        }
        let ((from, _), (until, until_place)) = (from?, until?);
        if until < from {
            self.tell(until_place, CalendarMistake::Reversed(from, until));
            return None;
        }
        if from.days_until(until) > MOST_DAYS {
            self.tell(until_place, CalendarMistake::TooLong(from, until));
            return None;
        }
        let within = (from, until);
        let holidays = self.spread(&holidays, within, |_| None);
        let working = self.spread(&working, within, |day| {
            if holidays.contains(&day) {
                Some(CalendarMistake::ClosedAndWorking(day))
            } else if weekend.contains(&day.weekday()) {
                None
            } else {
                Some(CalendarMistake::AlreadyWorking(day))
            }
        });
        Some(Calendar::new(name?, within, &weekend, &holidays, &working))
    }

    /// The single days of ranges; the first day of each that is outside or wrong is told.
    fn spread(
        &mut self,
        ranges: &[(Date, Date, Place)],
        (from, until): (Date, Date),
        wrong: impl Fn(Date) -> Option<CalendarMistake>,
    ) -> BTreeSet<Date> {
        let mut days = BTreeSet::new();
        for (first, last, place) in ranges {
            if *first < from || *last > until {
                let day = if *first < from { *first } else { *last };
                self.tell(place.clone(), CalendarMistake::Outside(day));
                continue;
            }
            let range = (first.0..=last.0).map(Date);
            if let Some(mistake) = range.clone().find_map(&wrong) {
                self.tell(place.clone(), mistake);
            }
            days.extend(range);
        }
        days
    }

    fn weekend(&mut self, value: &Spanned<DeValue<'_>>) -> BTreeSet<Weekday> {
        let Some(items) = value.get_ref().as_array() else {
            self.tell(value.span(), CalendarMistake::WrongValue(Str::from("weekend")));
            return BTreeSet::new();
        };
        let mut weekend = BTreeSet::new();
        for item in items.iter() {
            let Some(word) = self.text("weekend", item) else { continue };
            match Weekday::parse(&word) {
                Some(day) => {
                    weekend.insert(day);
                }
                None => self.tell(item.span(), CalendarMistake::NotAWeekday(word)),
            }
        }
        weekend
    }

    fn days(&mut self, key: &'static str, value: &Spanned<DeValue<'_>>) -> Vec<(Date, Date, Place)> {
        match value.get_ref().as_array() {
            Some(items) => items.iter().filter_map(|item| self.range(key, item)).collect(),
            None => {
                self.tell(value.span(), CalendarMistake::WrongValue(Str::from(key)));
                Vec::new()
            }
        }
    }

    /// A day, or `{ on = … }`, or `{ from = …, to = … }`.
    fn range(&mut self, key: &'static str, item: &Spanned<DeValue<'_>>) -> Option<(Date, Date, Place)> {
        let Some(table) = item.get_ref().as_table() else {
            let day = self.day(item)?;
            return Some((day, day, item.span()));
        };
        let (mut on, mut from, mut to) = (None, None, None);
        let before = self.errors.len();
        for (part, value) in table {
            match part.get_ref().as_ref() {
                "on" => on = self.day(value),
                "from" => from = self.day(value),
                "to" => to = self.day(value),
                "name" => {
                    self.text("name", value);
                }
                unknown => self.tell(part.span(), CalendarMistake::UnknownKey(Str::from(unknown))),
            }
        }
        match (on, from, to) {
            _ if self.errors.len() > before => None,
            (Some(day), None, None) => Some((day, day, item.span())),
            (None, Some(from), Some(to)) if from <= to => Some((from, to, item.span())),
            (None, Some(from), Some(to)) => {
                self.tell(item.span(), CalendarMistake::Reversed(from, to));
                None
            }
            (None, Some(_), None) => {
                self.tell(item.span(), CalendarMistake::MissingKey(Str::from("to")));
                None
            }
            (None, None, Some(_)) => {
                self.tell(item.span(), CalendarMistake::MissingKey(Str::from("from")));
                None
            }
            (None, None, None) => {
                self.tell(item.span(), CalendarMistake::MissingKey(Str::from("on")));
                None
            }
            (Some(_), _, _) => {
                self.tell(item.span(), CalendarMistake::WrongValue(Str::from(key)));
                None
            }
        }
    }

    fn text(&mut self, key: &'static str, value: &Spanned<DeValue<'_>>) -> Option<Str> {
        let text = value.get_ref().as_str().map(Str::from);
        if text.is_none() {
            self.tell(value.span(), CalendarMistake::WrongValue(Str::from(key)));
        }
        text
    }

    /// A TOML day, or the same in quotes.
    fn day(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Date> {
        let day = match value.get_ref() {
            DeValue::Datetime(moment) if moment.time.is_none() && moment.offset.is_none() => moment
                .date
                .and_then(|date| Date::from_ymd(i16::try_from(date.year).ok()?, date.month, date.day)),
            DeValue::String(text) => Date::parse(text),
            _ => None,
        };
        if day.is_none() {
            let written = self.text.get(value.span()).unwrap_or_default();
            self.tell(value.span(), CalendarMistake::NotADay(Str::from(written)));
        }
        day
    }

    fn tell(&mut self, bytes: Place, mistake: CalendarMistake) {
        let before = self.text.as_bytes().get(..bytes.start).unwrap_or_default();
        let breaks = before.iter().filter(|byte| **byte == b'\n').count();
        let line = u32::try_from(breaks).unwrap_or(u32::MAX).saturating_add(1);
        self.errors.push(CalendarError { line, bytes, mistake });
    }
}
