//! Dates as offices write them.

use super::half_width;
use crate::base::Lang;
use crate::value::Date;

/// A way of writing a day. Years have four digits everywhere; months and days one or two, except where nothing
/// stands between them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DatePattern {
    /// `2026-10-01`
    YmdDash,
    /// `2026/10/1`
    YmdSlash,
    /// `2026.10.1`
    YmdDot,
    /// `01.10.2026`
    DmyDot,
    /// `01/10/2026`, the first of October
    DmySlash,
    /// `01-10-2026`, the first of October
    DmyDash,
    /// `10/01/2026`, the first of October
    MdySlash,
    /// `20261001`
    Compact,
    /// `2026年10月1日`
    Chinese,
}

impl DatePattern {
    /// All of them.
    pub const ALL: [DatePattern; 9] = [
        DatePattern::YmdDash,
        DatePattern::YmdSlash,
        DatePattern::YmdDot,
        DatePattern::DmyDot,
        DatePattern::DmySlash,
        DatePattern::DmyDash,
        DatePattern::MdySlash,
        DatePattern::Compact,
        DatePattern::Chinese,
    ];

    /// How a mapping file names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DatePattern::YmdDash => "yyyy-mm-dd",
            DatePattern::YmdSlash => "yyyy/mm/dd",
            DatePattern::YmdDot => "yyyy.mm.dd",
            DatePattern::DmyDot => "dd.mm.yyyy",
            DatePattern::DmySlash => "dd/mm/yyyy",
            DatePattern::DmyDash => "dd-mm-yyyy",
            DatePattern::MdySlash => "mm/dd/yyyy",
            DatePattern::Compact => "yyyymmdd",
            DatePattern::Chinese => "yyyy年mm月dd日",
        }
    }

    /// The pattern of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<DatePattern> {
        DatePattern::ALL.into_iter().find(|pattern| pattern.name().eq_ignore_ascii_case(name))
    }

    /// Year, month and day as digits; `None` where the text is not of this form.
    fn split(self, text: &str) -> Option<[&str; 3]> {
        let three = |separator: char| {
            let mut parts = text.split(separator);
            let found = [parts.next()?, parts.next()?, parts.next()?];
            parts.next().is_none().then_some(found)
        };
        match self {
            DatePattern::YmdDash => three('-'),
            DatePattern::YmdSlash => three('/'),
            DatePattern::YmdDot => three('.'),
            DatePattern::DmyDot => three('.').map(|[day, month, year]| [year, month, day]),
            DatePattern::DmySlash => three('/').map(|[day, month, year]| [year, month, day]),
            DatePattern::DmyDash => three('-').map(|[day, month, year]| [year, month, day]),
            DatePattern::MdySlash => three('/').map(|[month, day, year]| [year, month, day]),
            DatePattern::Compact if text.len() == 8 => {
                Some([text.get(..4)?, text.get(4..6)?, text.get(6..)?])
            }
            DatePattern::Compact => None,
            DatePattern::Chinese => {
                let (year, rest) = text.split_once('年')?;
                let (month, rest) = rest.split_once('月')?;
                Some([year.trim(), month.trim(), rest.strip_suffix(['日', '号'])?.trim()])
            }
        }
    }
}

/// How a file writes days: one or several patterns that cannot be mixed up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DateStyle {
    patterns: Vec<DatePattern>,
}

impl DateStyle {
    /// The style of these patterns; `None` where there are none, or where two of them read one text as two days
    /// (`01/02/2026` under `dd/mm/yyyy` and `mm/dd/yyyy`).
    #[must_use]
    pub fn new(patterns: &[DatePattern]) -> Option<DateStyle> {
        let both = patterns.contains(&DatePattern::DmySlash) && patterns.contains(&DatePattern::MdySlash);
        (!patterns.is_empty() && !both).then(|| DateStyle { patterns: patterns.to_vec() })
    }

    /// The patterns of some names, joined by commas: `yyyy-mm-dd, dd.mm.yyyy`.
    #[must_use]
    pub fn of_names(names: &str) -> Option<DateStyle> {
        let patterns: Option<Vec<DatePattern>> =
            names.split(',').map(|name| DatePattern::parse(name.trim())).collect();
        DateStyle::new(&patterns?)
    }

    /// `2026-10-01` alone.
    #[must_use]
    pub fn iso() -> DateStyle {
        DateStyle { patterns: vec![DatePattern::YmdDash] }
    }

    /// The patterns.
    #[must_use]
    pub fn patterns(&self) -> &[DatePattern] {
        &self.patterns
    }
}

impl Default for DateStyle {
    fn default() -> DateStyle {
        DateStyle::iso()
    }
}

/// Why a text is no day in the style of its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DateFault {
    /// There is nothing.
    Empty,
    /// It is written in none of the declared patterns.
    Pattern,
    /// It is written in another pattern, which the file does not declare.
    Undeclared(DatePattern),
    /// There is no such day: 30 February, month 13.
    NoSuchDay,
    /// A year of two digits.
    ShortYear,
    /// A time of the day stands behind it.
    Time,
}

impl DateFault {
    /// Why, in words: lower case, without a full stop.
    #[must_use]
    pub fn describe(self, lang: Lang) -> String {
        match self {
            DateFault::Empty => lang.pick("there is nothing", "空值").to_owned(),
            DateFault::Pattern => lang
                .pick("this is not written as the file declares its dates", "日期写法与本文件的声明不符")
                .to_owned(),
            DateFault::Undeclared(pattern) => match lang {
                Lang::En => {
                    format!("this looks like `{}`, which is not declared for this file", pattern.name())
                }
                Lang::Zh => format!("写法像 `{}`, 但本文件未声明", pattern.name()),
            },
            DateFault::NoSuchDay => lang.pick("there is no such day", "没有这一天").to_owned(),
            DateFault::ShortYear => lang.pick("a year has four digits", "年份应为四位").to_owned(),
            DateFault::Time => {
                lang.pick("a time of the day stands behind the date", "日期后面带有时刻").to_owned()
            }
        }
    }
}

impl std::fmt::Display for DateFault {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.describe(Lang::En))
    }
}

impl std::error::Error for DateFault {}

/// The day of a text.
///
/// A midnight behind it (`2026-10-01 00:00:00`), which databases export, is left out, since it says nothing.
///
/// # Errors
///
/// Why it is none in this style.
pub fn parse_office_date(text: &str, style: &DateStyle) -> Result<Date, DateFault> {
    let text = half_width(text);
    if text.is_empty() {
        return Err(DateFault::Empty);
    }
    let text = without_midnight(&text)?;
    let mut fault = None;
    for pattern in &style.patterns {
        match read(text, *pattern) {
            Some(Ok(day)) => return Ok(day),
            Some(Err(found)) => fault = fault.or(Some(found)),
            None => {}
        }
    }
    Err(fault.unwrap_or_else(|| {
        let other = DatePattern::ALL.into_iter().find(|pattern| matches!(read(text, *pattern), Some(Ok(_))));
        other.map_or(DateFault::Pattern, DateFault::Undeclared)
    }))
}

/// The day of a text in a pattern; `None` where it has another form.
fn read(text: &str, pattern: DatePattern) -> Option<Result<Date, DateFault>> {
    let [year, month, day] = pattern.split(text)?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if ![year, month, day].into_iter().all(digits) || month.len() > 2 || day.len() > 2 {
        return None;
    }
    match year.len() {
        4 => {}
        2 => return Some(Err(DateFault::ShortYear)),
        _ => return None,
    }
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    Some(Date::from_ymd(year, month, day).ok_or(DateFault::NoSuchDay))
}

fn without_midnight(text: &str) -> Result<&str, DateFault> {
    let Some((day, time)) = text.split_once(['T', ' ']).filter(|(_, time)| time.contains(':')) else {
        return Ok(text);
    };
    let midnight = time.bytes().all(|byte| matches!(byte, b'0' | b':' | b'.'));
    if midnight { Ok(day.trim_end()) } else { Err(DateFault::Time) }
}
