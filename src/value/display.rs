//! Values as people read them.
//!
//! Nothing is rounded in silence: a number is shown with all its decimals; one whose decimals never end is shown as
//! a fraction, or with `≈` and as many decimals as the reader asks for.

use super::types::Enums;
use super::{Currency, EnumId, Number, RoundingMode, Style, Type, Unit, Value};
use crate::base::Lang;

/// How values are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Show {
    /// The reader's language.
    pub lang: Lang,
    /// The currency that need not be named.
    pub home: Option<Currency>,
    /// Whether large amounts are told in 万 and 亿 where that is shorter and as exact.
    pub wan: bool,
    /// How many decimals are shown, after `≈`, of a number that has more than can be read; `None` shows the fraction.
    pub approximate: Option<u32>,
    /// Whether the label of a grade or kind stands behind its name: `CA2 优良`.
    pub labels: bool,
}

impl Show {
    /// For readers of a language, with all else at its plainest.
    #[must_use]
    pub fn new(lang: Lang) -> Show {
        Show { lang, ..Show::default() }
    }
}

/// The value as people read it: `1,275,000.00`, `12.5%`, `30 days`, `2026-10-01`, `CA2`, `yes`.
#[must_use]
pub fn show(value: &Value, ty: &Type, enums: &Enums, how: &Show) -> String {
    match value {
        Value::Unknown(_) => how.lang.pick("unknown", "未知").to_owned(),
        Value::Bool(true) => how.lang.pick("yes", "是").to_owned(),
        Value::Bool(false) => how.lang.pick("no", "否").to_owned(),
        Value::Number(number) => show_number(number, ty.unit().unwrap_or(Unit::NUMBER), how),
        Value::Date(day) => day.to_string(),
        Value::Code(code) => match ty {
            Type::Enum(id) | Type::Set(id) => member(*id, *code, enums, how),
            _ => code.to_string(),
        },
        Value::Set(members) => set(*members, ty, enums, how),
        Value::Text(text) => text.to_string(),
        Value::List(values) => {
            let of = match ty {
                Type::List(of) => of,
                other => other,
            };
            let shown: Vec<String> = values.iter().map(|value| show(value, of, enums, how)).collect();
            format!("[{}]", shown.join(how.lang.pick(", ", "、")))
        }
    }
}

/// The number as people read it, with its unit.
#[must_use]
pub fn show_number(number: &Number, unit: Unit, how: &Show) -> String {
    let lang = how.lang;
    if unit == Unit::DAYS || unit == Unit::MONTHS {
        let figure = figure(number, 0, how);
        let one = figure == "1" || figure == "-1";
        return match (lang, unit == Unit::DAYS) {
            (Lang::En, true) => format!("{figure} {}", if one { "day" } else { "days" }),
            (Lang::En, false) => format!("{figure} {}", if one { "month" } else { "months" }),
            (Lang::Zh, true) => format!("{figure}天"),
            (Lang::Zh, false) => format!("{figure}个月"),
        };
    }
    if unit.is_plain() {
        return match unit.style {
            Style::Number | Style::Ratio => figure(number, 0, how),
            Style::Percent => percent(number, how),
        };
    }
    if unit.money == 1 && unit.days == 0 && unit.months == 0 {
        let amount = money(number, unit.currency.map_or(2, Currency::decimals), how);
        return match unit.currency {
            Some(currency) if how.home.is_some() && how.home != Some(currency) => {
                format!("{currency} {amount}")
            }
            Some(_) | None => amount,
        };
    }
    format!("{} {}", money(number, 0, how), unit.counted(lang, how.home))
}

/// The decimals in groups of three: `1275000.00` becomes `1,275,000.00`. A fraction stays as it is.
#[must_use]
pub fn grouped(text: &str) -> String {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    if !rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return text.to_owned();
    }
    let (whole, decimals) = match rest.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (rest, None),
    };
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        let left = whole.len().saturating_sub(place);
        if place > 0 && left.checked_rem(3) == Some(0) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(decimals) = decimals {
        out.push('.');
        out.push_str(decimals);
    }
    out
}

/// The figure with all its decimals and at least `least`; what never ends as the reader asked for it.
fn figure(number: &Number, least: u32, how: &Show) -> String {
    let endless = number.decimals().is_none();
    match how.approximate {
        Some(decimals) if endless => {
            format!("≈{}", number.round(RoundingMode::HalfUp, decimals).to_fixed(decimals))
        }
        Some(_) | None => number.to_fixed(least),
    }
}

fn percent(number: &Number, how: &Show) -> String {
    let text = figure(&number.mul(&Number::from_i64(100)), 0, how);
    // Digits behind which nothing stands are none of a figure that is cut off: ≈145.7%.
    let text = match text.starts_with('≈') && text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    };
    // 1/3 as a fraction of a percent figure: (100/3)%.
    if text.contains('/') { format!("({text})%") } else { format!("{text}%") }
}

fn money(number: &Number, least: u32, how: &Show) -> String {
    if let Some(short) = in_wan(number).filter(|_| how.wan) {
        return short;
    }
    let figure = figure(number, least, how);
    match figure.strip_prefix('≈') {
        Some(text) => format!("≈{}", grouped(text)),
        None => grouped(&figure),
    }
}

/// The amount in 万 or 亿, if it has no more than four decimals there: 120万, 1.5亿.
fn in_wan(number: &Number) -> Option<String> {
    let size = number.abs();
    for (unit, exponent) in [("亿", 8_u32), ("万", 4)] {
        let one = Number::power_of_ten(exponent);
        if size < one {
            continue;
        }
        let amount = number.div(&one)?;
        if amount.decimals().is_some_and(|decimals| decimals <= 4) {
            return Some(format!("{}{unit}", grouped(&amount.to_string())));
        }
    }
    None
}

fn member(id: EnumId, code: u32, enums: &Enums, how: &Show) -> String {
    match enums.get(id).and_then(|kind| kind.member(code)) {
        Some(member) if how.labels && *member.label.pick(how.lang) != member.name => {
            format!("{} {}", member.name, member.label.pick(how.lang))
        }
        Some(member) => member.name.to_string(),
        None => code.to_string(),
    }
}

fn set(members: u128, ty: &Type, enums: &Enums, how: &Show) -> String {
    let codes = (0..u128::BITS).filter(|code| members.checked_shr(*code).unwrap_or(0) & 1 == 1);
    let names: Vec<String> = codes
        .map(|code| match ty {
            Type::Enum(id) | Type::Set(id) => member(*id, code, enums, how),
            _ => code.to_string(),
        })
        .collect();
    if names.is_empty() {
        return how.lang.pick("none", "无").to_owned();
    }
    names.join(how.lang.pick(", ", "、"))
}
