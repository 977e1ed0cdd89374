//! Values, ranges and units in a few words.

use crate::base::Lang;
use crate::value::{Enums, Number, Style, Type, Value};

/// A number in its unit: `0.5` of percent is `50%`.
pub(super) fn number(number: &Number, ty: &Type) -> String {
    match ty {
        Type::Number(unit) if unit.is_plain() && unit.style == Style::Percent => {
            format!("{}%", number.mul(&Number::from_i64(100)))
        }
        _ => number.to_string(),
    }
}

/// A value as a reader takes it.
#[must_use]
pub fn value(value: &Value, ty: &Type, enums: &Enums, lang: Lang) -> String {
    let member = |code: u32| match ty {
        Type::Enum(id) | Type::Set(id) => {
            enums.get(*id).and_then(|it| it.member(code)).map(|member| member.name.to_string())
        }
        _ => None,
    };
    match value {
        Value::Unknown(_) => lang.pick("unknown", "未知").to_owned(),
        Value::Bool(yes) => if *yes { lang.pick("yes", "是") } else { lang.pick("no", "否") }.to_owned(),
        Value::Number(figure) => number(figure, ty),
        Value::Date(day) => day.to_string(),
        Value::Code(code) => member(*code).unwrap_or_else(|| code.to_string()),
        Value::Text(text) => format!("\"{text}\""),
        Value::Set(bits) => {
            let set = (0..128).filter(|code| bits.checked_shr(*code).is_some_and(|bits| bits & 1 == 1));
            format!("[{}]", set.filter_map(member).collect::<Vec<_>>().join(", "))
        }
        Value::List(values) => {
            let of = match ty {
                Type::List(of) => of,
                other => other,
            };
            let shown: Vec<String> = values.iter().map(|it| self::value(it, of, enums, lang)).collect();
            format!("[{}]", shown.join(", "))
        }
    }
}

/// `0..100`, from the least to the greatest number, each with whether it belongs to it.
pub(super) fn range(from: Option<(&Number, bool)>, to: Option<(&Number, bool)>, ty: &Type) -> Option<String> {
    let side = |bound: (&Number, bool)| number(bound.0, ty);
    match (from, to) {
        (None, None) => None,
        (Some(low), Some(high)) if low.1 && high.1 => Some(format!("{}..{}", side(low), side(high))),
        (Some(low), None) => Some(format!("{} {}", if low.1 { "≥" } else { ">" }, side(low))),
        (None, Some(high)) => Some(format!("{} {}", if high.1 { "≤" } else { "<" }, side(high))),
        (Some(low), Some(high)) => {
            let (above, below) = (if low.1 { "≥" } else { ">" }, if high.1 { "≤" } else { "<" });
            Some(format!("{above} {}, {below} {}", side(low), side(high)))
        }
    }
}
