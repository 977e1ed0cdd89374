//! Civil days: no clock, no zone.

use jiff::civil;

/// A civil day, counted from 1970-01-01; from 0001-01-01 to 9999-12-31.
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

/// A day of the week.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Weekday {
    /// All seven, Monday first.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// The English name in lower case, as calendar files write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Weekday::Monday => "monday",
            Weekday::Tuesday => "tuesday",
            Weekday::Wednesday => "wednesday",
            Weekday::Thursday => "thursday",
            Weekday::Friday => "friday",
            Weekday::Saturday => "saturday",
            Weekday::Sunday => "sunday",
        }
    }

    /// The day of the week of this name, upper or lower case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Weekday> {
        Weekday::ALL.into_iter().find(|day| day.name().eq_ignore_ascii_case(name))
    }
}

/// A calendar period.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Period {
    /// A month.
    Month,
    /// A quarter: from January, April, July, October.
    Quarter,
    /// A year.
    Year,
}

impl Period {
    /// How many months it lasts.
    #[must_use]
    pub const fn months(self) -> u8 {
        match self {
            Period::Month => 1,
            Period::Quarter => 3,
            Period::Year => 12,
        }
    }
}

impl Date {
    /// 0001-01-01, the earliest day.
    pub const MIN: Date = Date(-719_162);
    /// 9999-12-31, the latest day.
    pub const MAX: Date = Date(2_932_896);

    /// The day of a year, month and day of the month; `None` where the month has no such day or the year is not
    /// within 1 and 9999.
    #[must_use]
    pub fn from_ymd(year: i16, month: u8, day: u8) -> Option<Date> {
        if !(1..=9999).contains(&year) {
            return None;
        }
        civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok().map(Date::of)
    }

    /// Year, month and day of the month.
    #[must_use]
    pub fn ymd(self) -> (i16, u8, u8) {
        let date = self.civil();
        (date.year(), date.month().unsigned_abs(), date.day().unsigned_abs())
    }

    /// The day of `2026-10-01`, exactly so: four digits, two, two.
    #[must_use]
    pub fn parse(text: &str) -> Option<Date> {
        let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
        let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = bytes else { return None };
        let number = |digits: &[&u8]| {
            digits.iter().try_fold(0_i16, |sum, byte| {
                let digit = byte.is_ascii_digit().then(|| i16::from(byte.wrapping_sub(b'0')))?;
                sum.checked_mul(10)?.checked_add(digit)
            })
        };
        let (month, day) = (number(&[m0, m1])?, number(&[d0, d1])?);
        Date::from_ymd(number(&[y0, y1, y2, y3])?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// The day so many days later (before, where negative); `None` outside the years 1 to 9999.
    #[must_use]
    pub fn add_days(self, days: i64) -> Option<Date> {
        let day = i32::try_from(i64::from(self.0).checked_add(days)?).ok()?;
        (Date::MIN.0..=Date::MAX.0).contains(&day).then_some(Date(day))
    }

    /// How many days from this day until `later`; negative where it is earlier.
    #[must_use]
    pub fn days_until(self, later: Date) -> i64 {
        i64::from(later.0).saturating_sub(i64::from(self.0))
    }

    /// The same day of the month so many months later (before, where negative); where that month has no such day,
    /// what `end` says. `None` outside the years 1 to 9999.
    #[must_use]
    pub fn add_months(self, months: i32, end: MonthEnd) -> Option<Date> {
        let (_, _, day) = self.ymd();
        let (year, month) = self.month_after(months)?;
        if month_day_exists(year, month, day) {
            return Date::from_ymd(year, month, day);
        }
        let last = Date::from_ymd(year, month, 1)?.last_of_month();
        match end {
            MonthEnd::Last => Some(last),
            MonthEnd::Next => last.add_days(1),
        }
    }

    /// Whether the month so many months later has this day of the month, so that nothing has to be said of its end.
    #[must_use]
    pub fn keeps_day(self, months: i32) -> bool {
        let (_, _, day) = self.ymd();
        self.month_after(months).is_some_and(|(year, month)| month_day_exists(year, month, day))
    }

    /// The first such day of a month behind this day: in its own month where it is still to come, else in the next one; the
    /// month's last where it has no such day. `None` after the year 9999.
    #[must_use]
    pub fn next_on(self, day: u8) -> Option<Date> {
        let here = self.first_of_month().day_of_month(day)?;
        if here > self {
            Some(here)
        } else {
            self.first_of_month().add_months(1, MonthEnd::Last)?.day_of_month(day)
        }
    }

    /// This day of its month, or the month's last where it has no such day.
    fn day_of_month(self, day: u8) -> Option<Date> {
        let (year, month, _) = self.ymd();
        Date::from_ymd(year, month, day).or_else(|| Some(self.last_of_month()))
    }

    /// This month and day of its year; the month's last where the year has no such day (02-29). `None` for no month.
    #[must_use]
    pub fn in_year(self, month: u8, day: u8) -> Option<Date> {
        let (year, _, _) = self.ymd();
        Date::from_ymd(year, month, 1)?.day_of_month(day)
    }

    /// The first day of its month.
    #[must_use]
    pub fn first_of_month(self) -> Date {
        self.first_of(Period::Month)
    }

    /// The last day of its month.
    #[must_use]
    pub fn last_of_month(self) -> Date {
        self.last_of(Period::Month)
    }

    /// The last day of its month, as `end of month of d` says it.
    #[must_use]
    pub fn end_of_month(self) -> Date {
        self.last_of(Period::Month)
    }

    /// The first day of its quarter.
    #[must_use]
    pub fn first_of_quarter(self) -> Date {
        self.first_of(Period::Quarter)
    }

    /// The last day of its quarter.
    #[must_use]
    pub fn last_of_quarter(self) -> Date {
        self.last_of(Period::Quarter)
    }

    /// The first day of its year.
    #[must_use]
    pub fn first_of_year(self) -> Date {
        self.first_of(Period::Year)
    }

    /// The last day of its year.
    #[must_use]
    pub fn last_of_year(self) -> Date {
        self.last_of(Period::Year)
    }

    /// The first day of the calendar period that it lies in.
    #[must_use]
    pub fn first_of(self, period: Period) -> Date {
        let (year, month, _) = self.ymd();
        let first = match period {
            Period::Month => month,
            Period::Quarter => month.saturating_sub(month.saturating_sub(1).checked_rem(3).unwrap_or(0)),
            Period::Year => 1,
        };
        Date::from_ymd(year, first, 1).unwrap_or(self)
    }

    /// The last day of the calendar period that it lies in.
    #[must_use]
    pub fn last_of(self, period: Period) -> Date {
        let (year, month, _) = self.first_of(period).ymd();
        let last = month.saturating_add(period.months().saturating_sub(1));
        let days = civil::Date::new(year, last.cast_signed(), 1).map_or(31, civil::Date::days_in_month);
        Date::from_ymd(year, last, days.unsigned_abs()).unwrap_or(self)
    }

    /// The day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday, three days after a Monday.
        match i64::from(self.0).saturating_add(3).rem_euclid(7) {
            0 => Weekday::Monday,
            1 => Weekday::Tuesday,
            2 => Weekday::Wednesday,
            3 => Weekday::Thursday,
            4 => Weekday::Friday,
            5 => Weekday::Saturday,
            _ => Weekday::Sunday,
        }
    }

    /// Year and month of the month so many months later.
    fn month_after(self, months: i32) -> Option<(i16, u8)> {
        let (year, month, _) = self.ymd();
        let count = i32::from(year).checked_mul(12)?.checked_add(i32::from(month).checked_sub(1)?)?;
        let count = count.checked_add(months)?;
        let year = i16::try_from(count.div_euclid(12)).ok().filter(|year| (1..=9999).contains(year))?;
        Some((year, u8::try_from(count.rem_euclid(12).checked_add(1)?).ok()?))
    }

    fn of(date: civil::Date) -> Date {
        // The span between two days of the years 1 to 9999 always fits.
        date.since(EPOCH).map_or(Date(0), |span| Date(span.get_days()))
    }

    fn civil(self) -> civil::Date {
        let within = self.0.clamp(Date::MIN.0, Date::MAX.0);
        let span = jiff::Span::new().try_days(within).unwrap_or_default();
        EPOCH.saturating_add(span)
    }
}

const EPOCH: civil::Date = civil::date(1970, 1, 1);

/// Whether a month has such a day: 29 February only in leap years.
#[must_use]
pub fn month_day_exists(year: i16, month: u8, day: u8) -> bool {
    Date::from_ymd(year, month, day).is_some()
}

/// Some days on end, both ends included; empty where the last comes before the first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Window {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Window {
    /// `in the last n days`: after `today` − n days, up to and including today.
    /// `None` where that leaves the years 1 to 9999.
    #[must_use]
    pub fn last_days(today: Date, days: u32) -> Option<Window> {
        let before = today.add_days(0_i64.saturating_sub(i64::from(days)))?;
        Some(Window { first: before.add_days(1)?, last: today })
    }

    /// `in the last n months`: after `today` − n months, up to and including today. A month that has no such day
    /// ends at its last: twelve months before 29 February 2028 is 28 February 2027.
    /// `None` where that leaves the years 1 to 9999.
    #[must_use]
    pub fn last_months(today: Date, months: u32) -> Option<Window> {
        let back = 0_i32.checked_sub(i32::try_from(months).ok()?)?;
        Some(Window { first: today.add_months(back, MonthEnd::Last)?.add_days(1)?, last: today })
    }

    /// `this month`, `this quarter`, `this year`: the whole calendar period that `today` lies in.
    #[must_use]
    pub fn this(today: Date, period: Period) -> Window {
        Window { first: today.first_of(period), last: today.last_of(period) }
    }

    /// `last month`, `last quarter`, `last year`: the calendar period before that of `today`.
    /// `None` before the year 1.
    #[must_use]
    pub fn previous(today: Date, period: Period) -> Option<Window> {
        Some(Window::this(today.first_of(period).add_days(-1)?, period))
    }

    /// Whether the day lies in it.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.ymd();
        out.pad(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

impl std::fmt::Debug for Date {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{self}")
    }
}
