//! TOML to nodes with their places.

use std::borrow::Cow;

use ::toml::de::{DeTable, DeValue};

use super::json::offset;
use super::node::{Entry, Leaf, Node, Shape};
use crate::base::{FileId, Span};

/// The whole document as a map.
///
/// # Errors
///
/// The byte where it is not TOML, and what the parser says about it (in English).
pub(super) fn parse(text: &str, file: FileId) -> Result<Node<'static>, (u32, String)> {
    match DeTable::parse(text) {
        Ok(document) => {
            let span = Span::new(file, 0, offset(text.len()));
            Ok(map(document.get_ref(), span, file))
        }
        Err(error) => {
            let at = error.span().map_or(0, |range| offset(range.start));
            Err((at, error.message().trim().replace('\n', ", ")))
        }
    }
}

fn map(table: &DeTable<'_>, span: Span, file: FileId) -> Node<'static> {
    let place = |range: std::ops::Range<usize>| Span::new(file, offset(range.start), offset(range.end));
    let entries = table
        .iter()
        .map(|(key, value)| Entry {
            key: Cow::Owned(key.get_ref().to_string()),
            at: place(key.span()),
            value: node(value.get_ref(), place(value.span()), file),
        })
        .collect();
    Node::Map(entries, span)
}

fn node(value: &DeValue<'_>, span: Span, file: FileId) -> Node<'static> {
    let leaf = |text: String, shape: Shape| Node::Leaf(Leaf { text: Cow::Owned(text), shape, span });
    match value {
        DeValue::String(text) => leaf(text.to_string(), Shape::Written),
        DeValue::Integer(number) if number.radix() == 10 => leaf(unsigned(number.as_str()), Shape::Number),
        DeValue::Integer(number) => leaf(number.to_string(), Shape::Written),
        DeValue::Float(number) => leaf(unsigned(number.as_str()), Shape::Number),
        DeValue::Boolean(yes) => leaf(yes.to_string(), Shape::Bool),
        DeValue::Datetime(day) => {
            let plain = day.time.is_none() && day.offset.is_none();
            leaf(day.to_string(), if plain { Shape::Date } else { Shape::Time })
        }
        DeValue::Array(items) => {
            let place =
                |range: std::ops::Range<usize>| Span::new(file, offset(range.start), offset(range.end));
            Node::List(
                items.iter().map(|item| node(item.get_ref(), place(item.span()), file)).collect(),
                span,
            )
        }
        DeValue::Table(table) => map(table, span, file),
    }
}

/// TOML allows `+5`.
fn unsigned(number: &str) -> String {
    number.strip_prefix('+').unwrap_or(number).to_owned()
}
