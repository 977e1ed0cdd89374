//! Values and facts as rows: what a decision and a log of decisions write of them.

use super::write::{Cell, Row, plain};
use crate::base::Str;
use crate::eval::Facts;
use crate::value::{Enums, Field, FieldType, Schema, Style, Type, Value};

/// A value as a cell: kinds and grades by name, percents as such, unknown empty.
#[must_use]
pub fn cell(value: &Value, ty: &Type, enums: &Enums) -> Cell {
    match value {
        Value::Unknown(_) => Cell::Empty,
        Value::Bool(yes) => Cell::Bool(*yes),
        Value::Number(number) => match ty {
            Type::Number(unit) if unit.is_plain() && unit.style == Style::Percent => {
                Cell::Percent(number.clone())
            }
            _ => Cell::Number(number.clone()),
        },
        Value::Date(day) => Cell::Date(*day),
        Value::Code(code) => member(ty, *code, enums),
        Value::Set(members) => Cell::List(
            (0..u128::BITS)
                .filter(|code| members.checked_shr(*code).is_some_and(|bits| bits & 1 == 1))
                .map(|code| member(ty, code, enums))
                .collect(),
        ),
        Value::Text(it) => Cell::Text(it.clone()),
        Value::List(values) => {
            let of = match ty {
                Type::List(of) => of,
                other => other,
            };
            Cell::List(values.iter().map(|value| cell(value, of, enums)).collect())
        }
    }
}

fn member(ty: &Type, code: u32, enums: &Enums) -> Cell {
    let id = match ty {
        Type::Enum(id) | Type::Set(id) => *id,
        _ => return Cell::Empty,
    };
    let member = enums.get(id).and_then(|it| it.member(code));
    member.map_or(Cell::Empty, |member| Cell::Text(member.name.clone()))
}

/// All that is known of a customer as one row, which [`super::Reader`] reads back as the same facts from an object of JSON. A
/// missing fact has no cell; percents carry their sign.
#[must_use]
pub fn record(schema: &Schema, facts: &Facts) -> Row {
    let mut row = Row::new();
    if !schema.fields.iter().any(|field| field.key) {
        row.push((Str::from("id"), Cell::Text(facts.id.clone())));
    }
    for (id, field) in schema.fields.iter_enumerated() {
        let Some(value) = facts.value(id).filter(|value| value.is_known()) else { continue };
        let written = match (&field.ty, facts.records(id)) {
            (FieldType::Records(fields), Some(records)) => {
                let item = |at: usize| {
                    let columns = fields.iter().zip(&records.columns);
                    let known = columns.filter_map(|(field, column)| {
                        let value = column.get(at).filter(|value| value.is_known())?;
                        Some((field.name.clone(), fact(schema, field, value, id.0)))
                    });
                    Cell::Map(known.collect())
                };
                Cell::List((0..records.items).map(item).collect())
            }
            _ => fact(schema, field, value, id.0),
        };
        row.push((field.name.clone(), written));
    }
    row
}

/// A fact as a file writes it: a percent with its sign, which a file without a mapping asks for.
fn fact(schema: &Schema, field: &Field, value: &Value, place: u32) -> Cell {
    let signed = |cell: Cell| match cell {
        Cell::Percent(_) => Cell::Text(Str::from(plain(&cell))),
        other => other,
    };
    let ty = field.ty.ty(place);
    match cell(value, &ty, &schema.enums) {
        Cell::List(cells) => Cell::List(cells.into_iter().map(signed).collect()),
        cell => signed(cell),
    }
}
