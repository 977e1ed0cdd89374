//! Cases as the text of a case file.

use std::fmt::Write as _;

use crate::base::Lang;
use crate::plan::{CaseItem, ExpectValue, Given, Plan};
use crate::value::display::{Show, show_number};
use crate::value::{Cause, Field, FieldType, Number, Type, Unit, Value};

use super::make::Names;

/// The lines of a case, from `[[case]]` on.
pub(super) fn case_text(plan: &Plan, names: &Names, case: &CaseItem, lang: Lang) -> String {
    let mut out = String::from("[[case]]\n");
    let _ = writeln!(out, "name = {}", quoted(&case.name));
    if let Some(day) = case.as_of {
        let _ = writeln!(out, "as_of = {day}");
    }
    let mut given = String::new();
    let mut last: Vec<String> = Vec::new();
    for (fact, value, _) in &case.facts {
        let Some(field) = plan.schema.fields.get(*fact) else { continue };
        let written = match value {
            Given::Value(value) => fact_text(plan, field, value, lang),
            Given::Records(records) => records_text(plan, field, records, lang),
        };
        match field.name.strip_prefix("last.") {
            Some(rest) => last.push(format!("{} = {written}", key(rest))),
            None => {
                let _ = writeln!(given, "{} = {written}", key(&field.name));
            }
        }
    }
    if !last.is_empty() {
        let _ = writeln!(given, "last = {{ {} }}", last.join(", "));
    }
    for (step, value, _) in &case.values {
        let (Some(name), Some(step)) = (names.of_step(*step), plan.steps.get(*step)) else { continue };
        let _ = writeln!(given, "{} = {}", key(name), value_text(plan, &step.ty, value, lang));
    }
    for (number, value, _) in &case.params {
        let Some(param) = plan.params.get(*number as usize) else { continue };
        let _ = writeln!(given, "{} = {}", key(&param.name), value_text(plan, &param.ty, value, lang));
    }
    if !given.is_empty() {
        let _ = write!(out, "[case.given]\n{given}");
    }
    out.push_str("[case.expect]\n");
    for expect in &case.expect {
        let ty = expect.step.and_then(|step| plan.steps.get(step)).map(|step| &step.ty);
        let written = match (&expect.value, ty) {
            (ExpectValue::Value(value), Some(ty)) => value_text(plan, ty, value, lang),
            (ExpectValue::Withheld, _) => quoted(lang.pick("withheld", "不予核定")),
            _ => quoted(lang.pick("unknown", "未知")),
        };
        let _ = writeln!(out, "{} = {written}", key(&expect.written));
    }
    out
}

fn fact_text(plan: &Plan, field: &Field, value: &Value, lang: Lang) -> String {
    match (&field.ty, value) {
        (FieldType::List { of, .. }, Value::List(values)) => {
            let values: Vec<String> = values.iter().map(|value| fact_text(plan, of, value, lang)).collect();
            format!("[{}]", values.join(", "))
        }
        _ => value_text(plan, &field.ty.ty(0), value, lang),
    }
}

fn records_text(plan: &Plan, field: &Field, records: &[Vec<(u32, Value)>], lang: Lang) -> String {
    let FieldType::Records(fields) = &field.ty else { return String::from("[]") };
    let record = |record: &Vec<(u32, Value)>| {
        let cells: Vec<String> = record
            .iter()
            .filter_map(|(place, value)| {
                let field = fields.get(*place as usize)?;
                Some(format!("{} = {}", key(&field.name), fact_text(plan, field, value, lang)))
            })
            .collect();
        format!("{{ {} }}", cells.join(", "))
    };
    match records {
        [] => String::from("[]"),
        [one] => format!("[ {} ]", record(one)),
        several => {
            let lines: Vec<String> = several.iter().map(|it| format!("  {},\n", record(it))).collect();
            format!("[\n{}]", lines.concat())
        }
    }
}

/// A value as a case file has it.
fn value_text(plan: &Plan, ty: &Type, value: &Value, lang: Lang) -> String {
    let member = |code: u32| match ty {
        Type::Enum(kind) | Type::Set(kind) => {
            let kind = plan.schema.enums.get(*kind);
            kind.and_then(|kind| kind.member(code)).map_or_else(|| code.to_string(), |it| it.name.to_string())
        }
        _ => code.to_string(),
    };
    match value {
        Value::Unknown(Cause::Withheld(_)) => quoted(lang.pick("withheld", "不予核定")),
        Value::Unknown(_) => quoted(lang.pick("unknown", "未知")),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number_text(number, ty, lang),
        Value::Date(day) => day.to_string(),
        Value::Code(code) => quoted(&member(*code)),
        Value::Set(bits) => {
            let codes = (0..u128::BITS).filter(|code| bits.checked_shr(*code).unwrap_or(0) & 1 == 1);
            let names: Vec<String> = codes.map(|code| quoted(&member(code))).collect();
            format!("[{}]", names.join(", "))
        }
        Value::Text(text) => quoted(text),
        Value::List(values) => {
            let of = match ty {
                Type::List(of) => of,
                other => other,
            };
            let values: Vec<String> = values.iter().map(|value| value_text(plan, of, value, lang)).collect();
            format!("[{}]", values.join(", "))
        }
    }
}

/// A number that TOML can write stands as such, percents, days and months with their unit.
fn number_text(number: &Number, ty: &Type, lang: Lang) -> String {
    let unit = ty.unit().unwrap_or(Unit::NUMBER);
    if unit == Unit::PERCENT || unit == Unit::DAYS || unit == Unit::MONTHS {
        return quoted(&show_number(number, unit, &Show::new(lang)));
    }
    let text = number.to_decimal_string().unwrap_or_else(|| number.fraction_string());
    // TOML holds whole numbers of 64 bits.
    let fits = text.contains('.') || text.parse::<i64>().is_ok();
    if fits { text } else { quoted(&text) }
}

/// A key, in quotation marks where TOML wants it so.
pub(super) fn key(name: &str) -> String {
    let bare = |ch: char| ch.is_ascii_alphanumeric() || ch == '_' || ch == '-';
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { quoted(name) }
}

/// A text of TOML.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for ch in text.chars() {
        match ch {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            ch if ch.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(ch));
            }
            ch => out.push(ch),
        }
    }
    out.push('"');
    out
}
