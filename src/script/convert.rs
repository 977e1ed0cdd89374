//! Values of a policy to values of a script and back, exactly or not at all.

use rhai::{Array, Dynamic};
use rust_decimal::Decimal;

use super::engine::{MOST_TEXT, MOST_VALUES};
use super::said;
use crate::base::Label;
use crate::eval::ValueRange;
use crate::value::{Date, Enum, EnumId, Enums, Number, Type, Value};

/// What values of a script are called, in English and Chinese.
const YES_NO: (&str, &str) = ("yes or no", "是或否");
const NUMBER: (&str, &str) = ("a number", "数值");
const TEXT: (&str, &str) = ("a text", "文本");
const LIST: (&str, &str) = ("a list", "列表");

/// What a script is handed: decimals, yes or no, texts, arrays; a day as `2026-10-01`, a code by its name.
pub(super) fn into_script(value: &Value, ty: &Type, enums: &Enums) -> Result<Dynamic, Label> {
    match (value, ty) {
        (Value::Bool(bool), Type::YesNo) => Ok(Dynamic::from_bool(*bool)),
        (Value::Number(number), Type::Number(_)) => {
            number.to_rust_decimal().map(Dynamic::from_decimal).ok_or_else(|| {
                said(
                    format!("{number} has no exact decimal of 28 digits, which a script needs"),
                    format!("{number} 不能用 28 位以内的小数精确表示，脚本无法接受"),
                )
            })
        }
        (Value::Date(date), Type::Date) => Ok(date.to_string().into()),
        (Value::Text(text), Type::Text) if text.len() <= MOST_TEXT => Ok(text.to_string().into()),
        (Value::Text(text), Type::Text) => {
            let bytes = text.len();
            Err(said(
                format!("a text of {bytes} bytes; a script takes {MOST_TEXT} at most"),
                format!("文本长 {bytes} 字节；脚本至多接受 {MOST_TEXT} 字节"),
            ))
        }
        (Value::Code(code), Type::Enum(kind)) => member(enums, *kind, *code).map(Dynamic::from),
        (Value::Set(set), Type::Set(kind)) => {
            let members =
                (0..128_u32).filter(|code| set.checked_shr(*code).is_some_and(|rest| rest & 1 == 1));
            let names = members.map(|code| member(enums, *kind, code).map(Dynamic::from));
            Ok(Dynamic::from_array(names.collect::<Result<Array, Label>>()?))
        }
        (Value::List(values), Type::List(of)) => {
            if values.len() > MOST_VALUES {
                let count = values.len();
                return Err(said(
                    format!("a list of {count} values; a script takes {MOST_VALUES} at most"),
                    format!("列表有 {count} 个值；脚本至多接受 {MOST_VALUES} 个"),
                ));
            }
            let values = values.iter().map(|value| into_script(value, of, enums));
            Ok(Dynamic::from_array(values.collect::<Result<Array, Label>>()?))
        }
        (Value::Unknown(_), _) => Err(said("a value of the list is unknown", "列表中有未知值")),
        _ => Err(said("an argument is not of the declared type", "参数与声明的类型不符")),
    }
}

/// What a script gave, as a value of the declared type and within the declared range.
pub(super) fn from_script(
    given: &Dynamic,
    ty: &Type,
    range: &ValueRange,
    enums: &Enums,
) -> Result<Value, Label> {
    let wrong = |wanted: (&str, &str)| {
        let (en, zh) = noun(given);
        said(
            format!("the script gave {en} where {} is declared", wanted.0),
            format!("脚本给出的是{zh}，声明的是{}", wanted.1),
        )
    };
    match ty {
        Type::YesNo => given.as_bool().map(Value::Bool).map_err(|_| wrong(YES_NO)),
        Type::Number(_) => {
            let number = number(given).ok_or_else(|| wrong(NUMBER))?;
            within(&number, range)?;
            Ok(Value::Number(number))
        }
        Type::Date => {
            let text = text(given).ok_or_else(|| wrong(("a date", "日期")))?;
            Date::parse(&text).map(Value::Date).ok_or_else(|| {
                said(
                    format!("`{text}` is no date like 2026-10-01"),
                    format!("`{text}` 不是 2026-10-01 这样的日期"),
                )
            })
        }
        Type::Text => text(given).map(|text| Value::Text(text.into())).ok_or_else(|| wrong(TEXT)),
        Type::Enum(kind) => {
            let name = text(given).ok_or_else(|| wrong(("a name", "名称")))?;
            code(enums, *kind, &name).map(Value::Code)
        }
        Type::Set(kind) => {
            let names = given.read_lock::<Array>().ok_or_else(|| wrong(("a list of names", "名称列表")))?;
            let mut set = 0_u128;
            for name in names.iter() {
                let name = text(name).ok_or_else(|| wrong(("a list of names", "名称列表")))?;
                set |= 1_u128.checked_shl(code(enums, *kind, &name)?).unwrap_or(0);
            }
            Ok(Value::Set(set))
        }
        Type::List(of) => {
            let values = given.read_lock::<Array>().ok_or_else(|| wrong(LIST))?;
            let values = values.iter().map(|value| from_script(value, of, range, enums));
            Ok(Value::List(values.collect::<Result<Vec<_>, Label>>()?.into()))
        }
        Type::Records(_) => Err(wrong(("a list of records", "记录列表"))),
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

fn within(number: &Number, range: &ValueRange) -> Result<(), Label> {
    let below =
        range.from.as_ref().is_some_and(|(least, included)| number < least || (!included && number == least));
    let above =
        range.to.as_ref().is_some_and(|(most, included)| number > most || (!included && number == most));
    if !below && !above {
        return Ok(());
    }
    Err(said(
        format!("the script gave {number}, outside the declared range"),
        format!("脚本给出 {number}，超出声明的范围"),
    ))
}

fn kind(enums: &Enums, id: EnumId) -> Result<&Enum, Label> {
    enums.get(id).ok_or_else(|| said("a kind that is not declared", "类别未声明"))
}

fn member(enums: &Enums, id: EnumId, code: u32) -> Result<String, Label> {
    let kind = kind(enums, id)?;
    kind.member(code).map(|member| member.name.to_string()).ok_or_else(|| {
        said(format!("`{}` has no member {code}", kind.name), format!("`{}` 没有第 {code} 个成员", kind.name))
    })
}

fn code(enums: &Enums, id: EnumId, name: &str) -> Result<u32, Label> {
    let kind = kind(enums, id)?;
    kind.code(name).ok_or_else(|| {
        said(
            format!("the script gave `{name}`, which is no member of `{}`", kind.name),
            format!("脚本给出 `{name}`，它不是 `{}` 的成员", kind.name),
        )
    })
}

/// How a value of a script is called.
fn noun(given: &Dynamic) -> (&'static str, &'static str) {
    if given.is_unit() {
        ("nothing", "空值")
    } else if given.is_bool() {
        YES_NO
    } else if given.is_int() || given.is_decimal() {
        NUMBER
    } else if given.is_string() || given.is_char() {
        TEXT
    } else if given.is_array() {
        LIST
    } else {
        ("a value of another kind", "其他类型的值")
    }
}
