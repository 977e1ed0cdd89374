//! A table of texts: the cells of a CSV file, each with its place, for those who make something else of them than facts.

use std::borrow::Cow;

use super::decode::decode;
use super::node::Leaf;
use super::rows::no_table;
use super::table::Table;
use super::{Format, Input};
use crate::base::{SourceMap, Span, Str};
use crate::diag::Diagnostic;

/// A table under a row of headings.
#[derive(Debug)]
pub struct Texts {
    table: Table,
}

/// What stands in one cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    /// The text, without blanks around it and without its quotation marks.
    pub value: Str,
    /// Its place; with the quotation marks only where doubled ones stand within.
    pub span: Span,
}

/// One row of a table.
#[derive(Clone, PartialEq, Debug)]
pub struct TextRow {
    /// Its cells, one for each heading.
    pub cells: Vec<Text>,
    /// The whole row.
    pub span: Span,
}

impl Texts {
    /// Takes a CSV file in; its text becomes a source.
    ///
    /// # Errors
    /// The bytes are not text in the encoding that is declared, there are no headings, or they leave open what separates them.
    pub fn open(input: Input, sources: &mut SourceMap) -> Result<Texts, Box<Diagnostic>> {
        debug_assert_eq!(input.format, Format::Csv);
        let (file, text) = decode(&input.name, input.bytes, input.encoding, sources)?;
        let table =
            Table::csv(file, text, input.delimiter).map_err(|error| no_table(error, &input.name, file))?;
        Ok(Texts { table })
    }

    /// The headings in order.
    pub fn headings(&self) -> impl Iterator<Item = Text> {
        self.table.headings.iter().map(|heading| self.text(heading))
    }

    /// The rows that have any text, each taken apart, or why it cannot be.
    pub fn rows(&self) -> impl Iterator<Item = Result<TextRow, Box<Diagnostic>>> {
        (0..self.table.len()).filter_map(|row| self.table.row(row)).map(|cells| {
            match cells.problem(self.table.headings.len(), false) {
                Some(problem) => Err(Box::new(problem.arg("at", ""))),
                None => {
                    let texts = cells.cells.iter().take(self.table.headings.len());
                    Ok(TextRow { cells: texts.map(|cell| self.text(cell)).collect(), span: cells.span })
                }
            }
        })
    }

    fn text(&self, leaf: &Leaf<'_>) -> Text {
        let raw = self.table.text.get(leaf.span.range()).unwrap_or("");
        // A heading was trimmed already; what matters is where its words stand in the file.
        let inner = raw.trim().strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
        let value = match &leaf.text {
            Cow::Borrowed(text) => text.trim(),
            Cow::Owned(text) => text.trim(),
        };
        let place = match inner {
            Some(inner) if inner.contains('"') => None,
            _ => raw.find(value),
        };
        let span = match place.and_then(|at| u32::try_from(at).ok()) {
            Some(at) if !value.is_empty() => {
                let start = leaf.span.start.saturating_add(at);
                let length = u32::try_from(value.len()).unwrap_or(0);
                Span { start, end: start.saturating_add(length), ..leaf.span }
            }
            _ => leaf.span,
        };
        Text { value: Str::from(value), span }
    }
}
