//! A customer as a case in the words of the language, ready to be put into a policy.

use crate::base::{Idx, Str};
use crate::plan::{CaseItem, Given, Plan};
use crate::value::{EnumId, Enums, Field, FieldType, Number, Type, Unit, Value};

/// `case "…" as of … { given { … } expect { … } }`
pub(super) fn case(plan: &Plan, name: &str, case: &CaseItem, expect: &[(Str, String)]) -> String {
    let mut given: Vec<String> = Vec::new();
    let mut last: Vec<String> = Vec::new();
    for (id, value, _) in &case.facts {
        let Some(field) = plan.schema.fields.get(*id) else { continue };
        if let Some(name) = field.name.strip_prefix("last.") {
            last.push(format!("{name} {}", fact(plan, field, value)));
            continue;
        }
        given.push(format!("{} {}", field.name, fact(plan, field, value)));
    }
    if !last.is_empty() {
        given.push(format!("last {{ {} }}", last.join(", ")));
    }
    for (step, value, _) in &case.values {
        let Some(ty) = plan.steps.get(*step).map(|step| &step.ty) else { continue };
        given.extend(
            name_of(plan, *step).map(|name| format!("{name} {}", written(value, ty, &plan.schema.enums))),
        );
    }
    for (number, value, _) in &case.params {
        let Some(param) = plan.params.get(*number as usize) else { continue };
        given.push(format!("{} {}", param.name, written(value, &param.ty, &plan.schema.enums)));
    }
    let day = case.as_of.map(|day| format!(" as of {day}")).unwrap_or_default();
    let expect: Vec<String> = expect.iter().map(|(name, value)| format!("{name} {value}")).collect();
    format!(
        "case {} {day} {{\n  given  {{ {} }}\n  expect {{ {} }}\n}}",
        quoted(name),
        given.join(", "),
        expect.join(", ")
    )
    .replace("  {", " {")
    .replace("\"  as of", "\" as of")
    .replace("given {", "given  {")
}

/// The name under which a step is asked for.
pub(super) fn name_of(plan: &Plan, step: crate::plan::StepId) -> Option<Str> {
    let mut names: Vec<&Str> =
        plan.names.iter().filter(|(_, id)| **id == step).map(|(name, _)| name).collect();
    names.sort_by_key(|name| name.len());
    names.first().map(|name| (*name).clone())
}

fn fact(plan: &Plan, field: &Field, value: &Given) -> String {
    let enums = &plan.schema.enums;
    match (value, &field.ty) {
        (Given::Value(value), ty) => written(value, &ty.ty(0), enums),
        (Given::Records(rows), FieldType::Records(fields)) => {
            let rows: Vec<String> = rows
                .iter()
                .map(|row| {
                    let parts: Vec<String> = row
                        .iter()
                        .filter_map(|(place, value)| {
                            let field = fields.get(*place as usize)?;
                            Some(format!("{} {}", field.name, written(value, &field.ty.ty(0), enums)))
                        })
                        .collect();
                    format!("{{ {} }}", parts.join(", "))
                })
                .collect();
            if rows.is_empty() { String::from("[]") } else { format!("[ {} ]", rows.join(", ")) }
        }
        (Given::Records(_), _) => String::from("[]"),
    }
}

/// A value as a case gives it: `12.5%`, `30 days`, `CA2`, `"GBP"`.
pub(super) fn written(value: &Value, ty: &Type, enums: &Enums) -> String {
    match (value, ty) {
        (Value::Unknown(_), _) => String::from("unknown"),
        (Value::Bool(yes), _) => String::from(if *yes { "yes" } else { "no" }),
        (Value::Number(number), ty) => figure(number, ty.unit()),
        (Value::Date(day), _) => day.to_string(),
        (Value::Code(code), Type::Enum(id)) => member(*code, *id, enums),
        (Value::Code(code), _) => code.to_string(),
        (Value::Set(set), Type::Set(id)) => {
            let codes = (0..128u32).filter(|code| set.checked_shr(*code).is_some_and(|rest| rest & 1 == 1));
            let members: Vec<String> = codes.map(|code| member(code, *id, enums)).collect();
            format!("[{}]", members.join(", "))
        }
        (Value::Set(_), _) => String::from("[]"),
        (Value::Text(text), _) => quoted(text),
        (Value::List(values), Type::List(of)) => {
            format!(
                "[{}]",
                values.iter().map(|value| written(value, of, enums)).collect::<Vec<_>>().join(", ")
            )
        }
        (Value::List(_), _) => String::from("[]"),
    }
}

fn figure(number: &Number, unit: Option<Unit>) -> String {
    let plain = |number: &Number| number.to_decimal_string().unwrap_or_else(|| number.fraction_string());
    match unit {
        Some(unit) if unit == Unit::PERCENT => format!("{}%", plain(&number.mul(&Number::from_i64(100)))),
        Some(unit) if unit == Unit::DAYS => format!("{} days", plain(number)),
        Some(unit) if unit == Unit::MONTHS => format!("{} months", plain(number)),
        Some(_) | None => plain(number),
    }
}

fn member(code: u32, kind: EnumId, enums: &Enums) -> String {
    let name =
        enums.get(kind).and_then(|kind| kind.members.get(code as usize)).map(|member| member.name.clone());
    match name {
        Some(name) if name.chars().all(|ch| ch.is_alphanumeric() || ch == '_') => name.to_string(),
        Some(name) => format!("`{name}`"),
        None => format!("#{code} of {}", kind.place()),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('{', "{{").replace('}', "}}"))
}
