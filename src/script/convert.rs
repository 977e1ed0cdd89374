//! Values of a policy to values of a script and back, exactly or not at all.

use rhai::{Array, Dynamic};
use rust_decimal::Decimal;

use super::engine::{MOST_TEXT, MOST_VALUES};
use crate::eval::ValueRange;
use crate::value::{Date, Enum, EnumId, Enums, Number, Type, Value};

/// What a script is handed: decimals, yes or no, texts, arrays; a day as `2026-10-01`, a code by its name.
pub(super) fn into_script(value: &Value, ty: &Type, enums: &Enums) -> Result<Dynamic, String> {
    match (value, ty) {
        (Value::Bool(bool), Type::YesNo) => Ok(Dynamic::from_bool(*bool)),
        (Value::Number(number), Type::Number(_)) => number
            .to_rust_decimal()
            .map(Dynamic::from_decimal)
            .ok_or_else(|| format!("{number} has no exact decimal of 28 digits, which a script needs")),
        (Value::Date(date), Type::Date) => Ok(date.to_string().into()),
        (Value::Text(text), Type::Text) if text.len() <= MOST_TEXT => Ok(text.to_string().into()),
        (Value::Text(text), Type::Text) => {
            Err(format!("a text of {} bytes; a script takes {MOST_TEXT} at most", text.len()))
        }
        (Value::Code(code), Type::Enum(kind)) => member(enums, *kind, *code).map(Dynamic::from),
        (Value::Set(set), Type::Set(kind)) => {
            let members =
                (0..128_u32).filter(|code| set.checked_shr(*code).is_some_and(|rest| rest & 1 == 1));
            let names = members.map(|code| member(enums, *kind, code).map(Dynamic::from));
            Ok(Dynamic::from_array(names.collect::<Result<Array, String>>()?))
        }
        (Value::List(values), Type::List(of)) => {
            if values.len() > MOST_VALUES {
                return Err(format!(
                    "a list of {} values; a script takes {MOST_VALUES} at most",
                    values.len()
                ));
            }
            let values = values.iter().map(|value| into_script(value, of, enums));
            Ok(Dynamic::from_array(values.collect::<Result<Array, String>>()?))
        }
        (Value::Unknown(_), _) => Err("a value of the list is unknown".to_owned()),
        _ => Err("an argument is not of the declared type".to_owned()),
    }
}

/// What a script gave, as a value of the declared type and within the declared range.
pub(super) fn from_script(
    given: &Dynamic,
    ty: &Type,
    range: &ValueRange,
    enums: &Enums,
) -> Result<Value, String> {
    let wrong = |wanted: &str| format!("the script gave {} where {wanted} is declared", noun(given));
    match ty {
        Type::YesNo => given.as_bool().map(Value::Bool).map_err(|_| wrong("yes or no")),
        Type::Number(_) => {
            let number = number(given).ok_or_else(|| wrong("a number"))?;
            within(&number, range)?;
            Ok(Value::Number(number))
        }
        Type::Date => {
            let text = text(given).ok_or_else(|| wrong("a date"))?;
            Date::parse(&text).map(Value::Date).ok_or_else(|| format!("`{text}` is no date like 2026-10-01"))
        }
        Type::Text => text(given).map(|text| Value::Text(text.into())).ok_or_else(|| wrong("a text")),
        Type::Enum(kind) => {
            let name = text(given).ok_or_else(|| wrong("a name"))?;
            code(enums, *kind, &name).map(Value::Code)
        }
        Type::Set(kind) => {
            let names = given.read_lock::<Array>().ok_or_else(|| wrong("a list of names"))?;
            let mut set = 0_u128;
            for name in names.iter() {
                let name = text(name).ok_or_else(|| wrong("a list of names"))?;
                set |= 1_u128.checked_shl(code(enums, *kind, &name)?).unwrap_or(0);
            }
            Ok(Value::Set(set))
        }
        Type::List(of) => {
            let values = given.read_lock::<Array>().ok_or_else(|| wrong("a list"))?;
            let values = values.iter().map(|value| from_script(value, of, range, enums));
            Ok(Value::List(values.collect::<Result<Vec<_>, String>>()?.into()))
        }
        Type::Records(_) => Err(wrong("a list of records")),
    }
}

fn number(given: &Dynamic) -> Option<Number> {
    match given.as_int() {
        Ok(whole) => Some(Number::from_i64(whole)),
        Err(_) => given.as_decimal().ok().map(|decimal: Decimal| Number::from_rust_decimal(decimal)),
    }
}

fn text(given: &Dynamic) -> Option<String> {
    given.clone().into_string().ok()
}

fn within(number: &Number, range: &ValueRange) -> Result<(), String> {
    let below =
        range.from.as_ref().is_some_and(|(least, included)| number < least || (!included && number == least));
    let above =
        range.to.as_ref().is_some_and(|(most, included)| number > most || (!included && number == most));
    if below || above { Err(format!("the script gave {number}, outside the declared range")) } else { Ok(()) }
}

fn kind(enums: &Enums, id: EnumId) -> Result<&Enum, String> {
    enums.get(id).ok_or_else(|| "a kind that is not declared".to_owned())
}

fn member(enums: &Enums, id: EnumId, code: u32) -> Result<String, String> {
    let kind = kind(enums, id)?;
    kind.member(code)
        .map(|member| member.name.to_string())
        .ok_or_else(|| format!("`{}` has no member {code}", kind.name))
}

fn code(enums: &Enums, id: EnumId, name: &str) -> Result<u32, String> {
    let kind = kind(enums, id)?;
    kind.code(name).ok_or_else(|| format!("the script gave `{name}`, which is no member of `{}`", kind.name))
}

/// How a value of a script is called.
fn noun(given: &Dynamic) -> &'static str {
    if given.is_unit() {
        "nothing"
    } else if given.is_bool() {
        "yes or no"
    } else if given.is_int() || given.is_decimal() {
        "a number"
    } else if given.is_string() || given.is_char() {
        "a text"
    } else if given.is_array() {
        "a list"
    } else {
        "a value of another kind"
    }
}
