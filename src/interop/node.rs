//! What stands in a file of facts before anything is made of it: leaves, lists, maps, each with its place. Every format comes to this.

use std::borrow::Cow;

use crate::base::Span;

/// What a leaf is said to be by its format. Only what a person wrote (`Written`) is read by the declared styles.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// A text as a person wrote it: a cell of a CSV file, a JSON string.
    Written,
    /// A number of the format: `1234.5`, `1e6`.
    Number,
    /// A number in a cell that the workbook shows as a percent: 0.125 for 12.5%.
    Fraction,
    /// `true` or `false` of the format.
    Bool,
    /// A day, as `2026-10-01`.
    Date,
    /// Nothing.
    Null,
    /// A number of a workbook with 16 or more digits, which its binary form no longer holds exactly.
    TooManyDigits,
    /// An error of a workbook, `#DIV/0!`.
    ErrorCell,
    /// A day with a time, or a duration.
    Time,
}

/// One value as it stands in the file.
#[derive(Clone, Debug)]
pub(super) struct Leaf<'a> {
    /// Its text.
    pub text: Cow<'a, str>,
    /// What it is said to be.
    pub shape: Shape,
    /// Where it stands.
    pub span: Span,
}

/// A leaf, a list or a map.
#[derive(Clone, Debug)]
pub(super) enum Node<'a> {
    Leaf(Leaf<'a>),
    List(Vec<Node<'a>>, Span),
    Map(Vec<Entry<'a>>, Span),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    pub key: Cow<'a, str>,
    pub at: Span,
    pub value: Node<'a>,
}

impl<'a> Node<'a> {
    pub(super) fn span(&self) -> Span {
        match self {
            Node::Leaf(leaf) => leaf.span,
            Node::List(_, span) | Node::Map(_, span) => *span,
        }
    }

    /// The value under a key of a map.
    pub(super) fn get(&self, key: &str) -> Option<&Node<'a>> {
        match self {
            Node::Map(entries, _) => entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value),
            Node::Leaf(_) | Node::List(..) => None,
        }
    }

    /// The text of a leaf that is not empty.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Node::Leaf(leaf) if leaf.shape != Shape::Null && !leaf.text.trim().is_empty() => {
                Some(leaf.text.trim())
            }
            Node::Leaf(_) | Node::List(..) | Node::Map(..) => None,
        }
    }

    /// The same as JSON: for the rejects, which are given back as they came.
    pub(super) fn to_json(&self) -> serde_json::Value {
        match self {
            Node::Leaf(leaf) => match leaf.shape {
                Shape::Null => serde_json::Value::Null,
                Shape::Bool => serde_json::Value::Bool(leaf.text == "true"),
                Shape::Written
                | Shape::Number
                | Shape::Fraction
                | Shape::Date
                | Shape::TooManyDigits
                | Shape::ErrorCell
                | Shape::Time => serde_json::Value::String(leaf.text.clone().into_owned()),
            },
            Node::List(items, _) => items.iter().map(Node::to_json).collect(),
            Node::Map(entries, _) => {
                entries.iter().map(|entry| (entry.key.clone().into_owned(), entry.value.to_json())).collect()
            }
        }
    }
}
