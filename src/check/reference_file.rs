//! The file of a reference: comma-separated text into typed rows, each mistake at its place.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::base::{FileId, Lang, Span, nearest};
use crate::diag::Diagnostic;
use crate::value::{Cause, Date, Default, Enums, Field, FieldType, Misfit, Number, Value};

/// So many mistakes of one file are told.
const MOST_TOLD: usize = 20;

/// What a file gives.
pub(super) struct Read {
    /// The rows, ascending by their keys.
    pub(super) rows: Vec<Vec<Value>>,
    /// What is wrong with it.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A cell: what it says, without quotation marks, and its place.
struct Cell {
    text: String,
    start: usize,
    end: usize,
}

/// Reads the columns of a reference from a text, by the names in its first line; columns that the policy does not name
/// are passed over.
pub(super) fn read(file: FileId, text: &str, columns: &[Field], keys: &[u32], enums: &Enums) -> Read {
    let mut found = Read { rows: Vec::new(), diagnostics: Vec::new() };
    let place = |start: usize, end: usize| {
        let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Span::new(file, at(start), at(end))
    };
    let lines = match lines(text) {
        Ok(lines) => lines,
        Err(at) => {
            found.diagnostics.push(Diagnostic::new("E627", place(at, at.saturating_add(1))).variant("quote"));
            return found;
        }
    };
    let mut lines = lines.into_iter();
    let Some(head) = lines.next() else {
        found.diagnostics.push(Diagnostic::new("E623", place(0, 0)).variant("empty"));
        return found;
    };
    let names: Vec<&str> = head.iter().map(|cell| cell.text.trim()).collect();
    let whole_head = head.first().zip(head.last()).map_or(place(0, 0), |(a, b)| place(a.start, b.end));
    let mut places: Vec<usize> = Vec::new();
    for column in columns {
        let mine =
            |name: &&str| **name == *column.name || column.labels.iter().any(|label| **label == **name);
        let mut of = names.iter().enumerate().filter(|(_, name)| mine(name)).map(|(at, _)| at);
        match (of.next(), of.next()) {
            (Some(at), None) => places.push(at),
            (Some(_), Some(twice)) => {
                let at = head.get(twice).map_or(whole_head, |cell| place(cell.start, cell.end));
                found
                    .diagnostics
                    .push(Diagnostic::new("E623", at).variant("twice").arg("name", &column.name));
            }
            (None, _) => {
                let missing = Diagnostic::new("E623", whole_head).arg("name", &column.name);
                found.diagnostics.push(match nearest(&column.name, names.iter().copied()) {
                    Some(near) => missing.arg("near", near).help("near"),
                    None => missing.arg("columns", names.join(", ")).help("columns"),
                });
            }
        }
    }
    if places.len() != columns.len() {
        return found;
    }
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for line in lines {
        if found.diagnostics.len() >= MOST_TOLD {
            break;
        }
        let whole = line.first().zip(line.last()).map_or(place(0, 0), |(a, b)| place(a.start, b.end));
        if line.len() != names.len() {
            found
                .diagnostics
                .push(Diagnostic::new("E627", whole).arg("cells", line.len()).arg("columns", names.len()));
            continue;
        }
        let mut row: Vec<Value> = Vec::new();
        for (column, at) in columns.iter().zip(&places) {
            let Some(cell) = line.get(*at) else { continue };
            let span = place(cell.start, cell.end);
            match value(column, cell.text.trim(), span, enums) {
                Ok(value) => row.push(value),
                Err(diagnostic) => found.diagnostics.push(*diagnostic),
            }
        }
        if row.len() != columns.len() {
            continue;
        }
        let key: Vec<&Value> = keys.iter().filter_map(|key| row.get(*key as usize)).collect();
        if let Some(first) = seen.insert(format!("{key:?}"), whole) {
            found.diagnostics.push(Diagnostic::new("E625", whole).label(first, "first"));
            continue;
        }
        found.rows.push(row);
    }
    found.rows.sort_by(|left, right| by_keys(keys, left, right));
    found
}

fn by_keys(keys: &[u32], left: &[Value], right: &[Value]) -> Ordering {
    let of = |key: &u32| Some((left.get(*key as usize)?, right.get(*key as usize)?));
    keys.iter()
        .filter_map(of)
        .map(|(left, right)| left.key_order(right).unwrap_or(Ordering::Equal))
        .find(|order| *order != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}

/// The value of a cell.
fn value(column: &Field, text: &str, span: Span, enums: &Enums) -> Result<Value, Box<Diagnostic>> {
    if text.is_empty() {
        return match column.default {
            Default::Unknown => Ok(Value::Unknown(Cause::NotComputable(u32::MAX))),
            Default::Required | Default::Value(_) => {
                Err(Box::new(Diagnostic::new("E624", span).variant("empty").arg("name", &column.name)))
            }
        };
    }
    let found = match &column.ty {
        FieldType::Number | FieldType::Money(_) | FieldType::Days | FieldType::Months => {
            Number::decimal(text).map(Value::Number)
        }
        FieldType::Percent => text
            .strip_suffix(['%', '％'])
            .and_then(|figure| Number::decimal(figure.trim_end())?.div(&Number::power_of_ten(2)))
            .map(Value::Number),
        FieldType::Date => Date::parse(text).map(Value::Date),
        FieldType::Text => Some(Value::Text(text.into())),
        FieldType::YesNo => match text {
            "yes" | "是" => Some(Value::Bool(true)),
            "no" | "否" => Some(Value::Bool(false)),
            _ => None,
        },
        FieldType::Enum(kind) => enums.get(*kind).and_then(|kind| {
            let label = |lang: Lang| {
                kind.members.iter().position(|member| lang.pick(&*member.label.en, &*member.label.zh) == text)
            };
            let place = kind.code(text).or_else(|| {
                label(Lang::Zh).or_else(|| label(Lang::En)).and_then(|place| u32::try_from(place).ok())
            });
            place.map(Value::Code)
        }),
        FieldType::Set(_) | FieldType::List { .. } | FieldType::Records(_) => None,
    };
    let Some(value) = found else {
        let report = Diagnostic::new("E624", span).arg("written", text).arg("name", &column.name).arg_in(
            "type",
            column.ty.ty(0).describe(enums, Lang::En),
            column.ty.ty(0).describe(enums, Lang::Zh),
        );
        let help = match &column.ty {
            FieldType::Date => Some("date"),
            FieldType::Percent => Some("percent"),
            FieldType::Number | FieldType::Money(_) => Some("number"),
            _ => None,
        };
        return Err(Box::new(help.into_iter().fold(report, Diagnostic::help)));
    };
    let variant = match column.misfit(&value) {
        None => return Ok(value),
        Some(Misfit::Below) => "below",
        Some(Misfit::Above) => "above",
        Some(Misfit::Decimals | Misfit::Length | Misfit::TooMany) => "decimals",
    };
    Err(Box::new(
        Diagnostic::new("E626", span)
            .variant(variant)
            .arg("written", text)
            .arg("name", &column.name)
            .arg("decimals", column.decimals),
    ))
}

/// The lines that are not blank, cut into cells; the place of a quotation mark that is not closed.
fn lines(text: &str) -> Result<Vec<Vec<Cell>>, usize> {
    let mut lines = Vec::new();
    let mut line: Vec<Cell> = Vec::new();
    let mut cell = Cell { text: String::new(), start: 0, end: 0 };
    let mut quoted: Option<usize> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        let behind = at.saturating_add(ch.len_utf8());
        match (ch, quoted) {
            ('"', None) if cell.text.trim().is_empty() => {
                cell.text.clear();
                quoted = Some(at);
            }
            ('"', Some(_)) if chars.next_if(|(_, next)| *next == '"').is_some() => cell.text.push('"'),
            ('"', Some(_)) => quoted = None,
            (',', None) => {
                cell.end = at;
                line.push(std::mem::replace(
                    &mut cell,
                    Cell { text: String::new(), start: behind, end: behind },
                ));
            }
            ('\n', None) => {
                cell.end = at;
                line.push(std::mem::replace(
                    &mut cell,
                    Cell { text: String::new(), start: behind, end: behind },
                ));
                finish(&mut lines, &mut line);
            }
            ('\r', None) => {}
            _ => cell.text.push(ch),
        }
    }
    if let Some(at) = quoted {
        return Err(at);
    }
    cell.end = text.len();
    line.push(cell);
    finish(&mut lines, &mut line);
    Ok(lines)
}

/// Ends a line; a blank one is passed over.
fn finish(lines: &mut Vec<Vec<Cell>>, line: &mut Vec<Cell>) {
    let line = std::mem::take(line);
    if line.iter().any(|cell| !cell.text.trim().is_empty()) {
        lines.push(line);
    }
}
