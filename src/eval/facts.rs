//! The facts of one customer, as the interpreter reads them.
//!
//! Nothing here checks anything: facts are held against their declared types and ranges where they come in, at the
//! border, and what stands here is sound.

use crate::base::{Idx, Str};
use crate::value::{Cause, FieldId, FieldType, ListFieldId, Schema, Value};

/// All facts of one customer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// The customer's key, as written.
    pub id: Str,
    /// The facts by [`FieldId`], one for every field of the schema. An absent optional fact is
    /// `Unknown(Missing(its number))`. A fact that is a list of records holds an empty [`Value::List`] when it was given (its
    /// rows stand in `records`) and is unknown when it was not.
    pub values: Vec<Value>,
    /// The lists of records, one for every such field of the schema, in the order of the schema. A list that was not given has no items.
    pub records: Vec<Records>,
    /// Where each fact came from; kept only when the reader was asked to keep it, since a portfolio does not need it.
    pub origins: Option<Box<Origins>>,
}

/// The items of one list of records, column by column: all amounts, all due days.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Records {
    /// The fact that is this list.
    pub field: FieldId,
    /// How many items there are.
    pub items: usize,
    /// One column a list field, by [`ListFieldId`]; each has one value an item. An absent optional one is
    /// `Unknown(Missing(the number of the list fact))`.
    pub columns: Vec<Vec<Value>>,
}

/// Where the facts of one customer came from.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Origins {
    /// By [`FieldId`]; `None` for what no file gave (a default, an absent fact).
    pub values: Vec<Option<Origin>>,
    /// By the place of the list in [`Facts::records`], then list field, then item.
    pub records: Vec<Vec<Vec<Option<Origin>>>>,
}

/// Where one fact came from, and how it was written there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    /// The file's name.
    pub file: Str,
    /// The place in it.
    pub place: Place,
    /// The text as it was written there, before anything was made of it.
    pub written: Str,
}

/// A place in a file of facts, as people look for it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    /// Line and column of a text, both from 1; a column is a character.
    Text {
        /// The line.
        line: u32,
        /// The character in the line.
        column: u32,
    },
    /// A cell of a workbook.
    Cell {
        /// The sheet's name.
        sheet: Str,
        /// The cell as a workbook names it, `C7`.
        cell: Str,
    },
    /// The file as a whole.
    Whole,
}

impl Facts {
    /// A customer of whom nothing was given: every fact missing, every list without items.
    #[must_use]
    pub fn unknown(id: impl Into<Str>, schema: &Schema) -> Self {
        let values = schema.fields.ids().map(|field| Value::Unknown(Cause::Missing(field.0))).collect();
        let records = schema
            .fields
            .iter_enumerated()
            .filter_map(|(field, declared)| match &declared.ty {
                FieldType::Records(fields) => Some(Records::empty(field, fields.len())),
                FieldType::YesNo
                | FieldType::Number
                | FieldType::Percent
                | FieldType::Money(_)
                | FieldType::Days
                | FieldType::Months
                | FieldType::Date
                | FieldType::Text
                | FieldType::Enum(_)
                | FieldType::Set(_)
                | FieldType::List { .. } => None,
            })
            .collect();
        Facts { id: id.into(), values, records, origins: None }
    }

    /// The value of a fact; `None` for a field of another schema.
    #[must_use]
    pub fn value(&self, field: FieldId) -> Option<&Value> {
        self.values.get(field.place())
    }

    /// Sets the value of a fact; a field of another schema changes nothing.
    pub fn set(&mut self, field: FieldId, value: Value) {
        if let Some(place) = self.values.get_mut(field.place()) {
            *place = value;
        }
    }

    /// The items of a fact that is a list of records; `None` for any other.
    #[must_use]
    pub fn records(&self, field: FieldId) -> Option<&Records> {
        self.records.iter().find(|records| records.field == field)
    }

    /// The items of a fact that is a list of records, to be filled.
    pub fn records_mut(&mut self, field: FieldId) -> Option<&mut Records> {
        self.records.iter_mut().find(|records| records.field == field)
    }
}

impl Records {
    /// A list without items, of so many list fields.
    #[must_use]
    pub fn empty(field: FieldId, fields: usize) -> Self {
        Records { field, items: 0, columns: vec![Vec::new(); fields] }
    }

    /// All values of one list field, one an item; empty for a field of another list.
    #[must_use]
    pub fn column(&self, field: ListFieldId) -> &[Value] {
        self.columns.get(field.place()).map_or(&[], Vec::as_slice)
    }

    /// The value of one list field of one item.
    #[must_use]
    pub fn value(&self, item: usize, field: ListFieldId) -> Option<&Value> {
        self.columns.get(field.place())?.get(item)
    }

    /// Adds an item: its values in the order of the list fields. A value too few is unknown, one too many is left out.
    pub fn push(&mut self, item: impl IntoIterator<Item = Value>) {
        let mut values = item.into_iter();
        for column in &mut self.columns {
            column.push(values.next().unwrap_or(Value::Unknown(Cause::Missing(self.field.0))));
        }
        self.items = self.items.saturating_add(1);
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Text { line, column } => write!(out, "{line}:{column}"),
            Place::Cell { sheet, cell } => write!(out, "{sheet}!{cell}"),
            Place::Whole => Ok(()),
        }
    }
}

impl std::fmt::Display for Origin {
    /// `customers.csv:3:14`, `book.xlsx:Sheet1!C7`.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.place {
            Place::Whole => write!(out, "{}", self.file),
            Place::Text { .. } | Place::Cell { .. } => write!(out, "{}:{}", self.file, self.place),
        }
    }
}
