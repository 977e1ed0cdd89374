//! Tables: CSV, and the sheets of a workbook, which are put into the same form.
//!
//! Only the beginnings of the rows are kept beside the text, so that a file of a million customers is held once; a row is
//! taken apart when it is asked for. The csv crate reads forward only and gives no places of fields, therefore the few
//! rules of the format (RFC 4180) stand here.

use std::borrow::Cow;

use super::json::offset;
use super::node::{Leaf, Shape};
use crate::base::{FileId, Span, Str};
use crate::diag::Diagnostic;

/// A table with a row of headings.
#[derive(Debug)]
pub(super) struct Table {
    /// The text.
    pub file: FileId,
    /// Its contents.
    pub text: Str,
    /// The headings in order.
    pub headings: Vec<Leaf<'static>>,
    /// Where each row of data begins; rows without any text are left out.
    rows: Vec<u32>,
    /// The line of each row of a sheet, from 0; empty for CSV.
    lines: Vec<u32>,
    delimiter: u8,
    /// What a workbook says about its cells; none for CSV.
    pub sheet: Option<Sheet>,
}

/// What a workbook says about the cells of one sheet. The text of the table is a picture of the sheet: line 7 is row 7.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// The sheet's name.
    pub name: String,
    /// By line of the text from 0, then column; missing ones are `Written`.
    pub shapes: Vec<Vec<Shape>>,
}

/// One row, taken apart.
#[derive(Debug)]
pub(super) struct Cells<'a> {
    /// Its cells in order.
    pub cells: Vec<Leaf<'a>>,
    /// The whole row, without its line end.
    pub span: Span,
    /// A quote that is not closed, or text behind a closing quote.
    pub fault: Option<(u32, &'static str)>,
    next: usize,
}

impl Cells<'_> {
    /// What is wrong with the row as a row of so many columns. A sheet has no cells where nothing stands; a line of CSV that is
    /// too short has lost some.
    pub(super) fn problem(&self, columns: usize, is_sheet: bool) -> Option<Diagnostic> {
        if let Some((at, what)) = self.fault {
            let span = Span::new(self.span.file, at, at.saturating_add(1));
            return Some(Diagnostic::new("E617", span).variant(what).help("quotes"));
        }
        let found = self.cells.len();
        let over = self.cells.get(columns..).unwrap_or(&[]).iter().any(|cell| !cell.text.trim().is_empty());
        let problem = Diagnostic::new("E617", self.span).variant("cells");
        let problem = problem.arg("found", found).arg("expected", columns);
        // Mostly the comma in the name of a company; in a workbook no sign parts the cells.
        let problem = if over && !is_sheet { problem.help("quotes") } else { problem };
        (over || found < columns && !is_sheet).then_some(problem)
    }
}

/// What of a delimiter can be wrong before any row is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NoTable {
    /// There is not even a row of headings.
    Empty,
    /// The headings hold two delimiters equally often.
    Delimiter,
    /// What stands between the headings is a full-width mark.
    FullWidth(char),
}

impl Table {
    /// A CSV table; without a declared delimiter the one that the headings use.
    pub(super) fn csv(file: FileId, text: Str, declared: Option<u8>) -> Result<Table, NoTable> {
        let mut start = 0;
        let mut delimiter = declared;
        // Excel writes the delimiter into a line of its own before the headings.
        if let Some(rest) = text.strip_prefix("sep=") {
            let line = rest.lines().next().unwrap_or("");
            if let [byte] = line.as_bytes() {
                delimiter = delimiter.or(Some(*byte));
                start = next_line(&text, 0);
            }
        }
        let delimiter = match delimiter {
            Some(byte) => byte,
            None => sniff(&text, start)?,
        };
        Self::new(file, text, start, delimiter, None)
    }

    /// The picture of a sheet, with tabs between its cells.
    pub(super) fn sheet(file: FileId, text: Str, sheet: Sheet) -> Result<Table, NoTable> {
        Self::new(file, text, 0, b'\t', Some(sheet))
    }

    fn new(
        file: FileId,
        text: Str,
        start: usize,
        delimiter: u8,
        sheet: Option<Sheet>,
    ) -> Result<Table, NoTable> {
        let mut table =
            Table { file, text, headings: Vec::new(), rows: Vec::new(), lines: Vec::new(), delimiter, sheet };
        let mut at = start;
        let mut headed = false;
        let mut line = 0u32;
        while at < table.text.len() {
            let row = table.split(at);
            let empty = row.fault.is_none() && row.cells.iter().all(|cell| cell.text.trim().is_empty());
            let next = row.next;
            if !empty && !headed {
                headed = true;
                let headings = row
                    .cells
                    .into_iter()
                    .map(|cell| Leaf { text: Cow::Owned(cell.text.trim().to_owned()), ..cell })
                    .collect();
                table.headings = headings;
            } else if !empty {
                table.rows.push(offset(at));
                if table.sheet.is_some() {
                    table.lines.push(line);
                }
            }
            line = line.saturating_add(1);
            at = next;
        }
        // Empty columns at the end are no columns.
        while table.headings.last().is_some_and(|heading| heading.text.is_empty()) {
            table.headings.pop();
        }
        if table.headings.is_empty() { Err(NoTable::Empty) } else { Ok(table) }
    }

    /// How many rows of data there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// A row of data, from 0.
    pub(super) fn row(&self, row: usize) -> Option<Cells<'_>> {
        let mut cells = self.rows.get(row).map(|start| self.split(*start as usize))?;
        if let (Some(sheet), Some(line)) = (&self.sheet, self.lines.get(row)) {
            let shapes = sheet.shapes.get(*line as usize).map_or(&[][..], Vec::as_slice);
            for (cell, shape) in cells.cells.iter_mut().zip(shapes) {
                cell.shape = *shape;
            }
        }
        Some(cells)
    }

    /// The cell of a sheet at a place of its picture, as a workbook names it: `C7`. None for CSV.
    pub(super) fn cell(&self, at: u32) -> Option<String> {
        self.sheet.as_ref()?;
        let row = self.rows.partition_point(|start| *start <= at).checked_sub(1);
        let (start, line) = match row {
            Some(row) => (self.rows.get(row).copied()?, self.lines.get(row).copied()?),
            None => (self.headings.first()?.span.start, 0),
        };
        let before = self.text.get(start as usize..at as usize).unwrap_or("");
        let column = before.bytes().filter(|byte| *byte == b'\t').count();
        Some(format!("{}{}", super::xlsx::column_name(column), line.saturating_add(1)))
    }

    /// The separator, to write a table alike.
    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    fn split(&self, start: usize) -> Cells<'_> {
        split(&self.text, self.file, start, self.delimiter, self.sheet.is_none())
    }
}

/// Takes the row that begins at `start` apart.
fn split(text: &str, file: FileId, start: usize, delimiter: u8, quotes: bool) -> Cells<'_> {
    let bytes = text.as_bytes();
    let mut cells = Vec::new();
    let mut fault = None;
    let mut at = start;
    loop {
        let from = at;
        let quoted = quotes && bytes.get(at) == Some(&b'"');
        let content = if quoted {
            let (content, after) = quoted_cell(text, at);
            at = after;
            if content.is_none() {
                fault = fault.or(Some((offset(from), "quote")));
            }
            let rest = at;
            at = cell_end(bytes, at, delimiter);
            let behind = text.get(rest..at).is_some_and(|rest| !rest.trim().is_empty());
            if behind {
                fault = fault.or(Some((offset(rest), "behind")));
            }
            // A cell that cannot be taken apart is given back as it stands.
            content.filter(|_| !behind).unwrap_or(Cow::Borrowed(text.get(from..at).unwrap_or("")))
        } else {
            at = cell_end(bytes, at, delimiter);
            Cow::Borrowed(text.get(from..at).unwrap_or(""))
        };
        let mut end = at;
        if !quoted
            && bytes.get(at) != Some(&delimiter)
            && end > from
            && bytes.get(end.saturating_sub(1)) == Some(&b'\r')
        {
            end = end.saturating_sub(1);
        }
        let content = match content {
            Cow::Borrowed(_) if !quoted => Cow::Borrowed(text.get(from..end).unwrap_or("")),
            other => other,
        };
        cells.push(Leaf {
            text: content,
            shape: Shape::Written,
            span: Span::new(file, offset(from), offset(end)),
        });
        if bytes.get(at) == Some(&delimiter) {
            at = at.saturating_add(1);
            continue;
        }
        let span = Span::new(file, offset(start), offset(end));
        return Cells { cells, span, fault, next: at.saturating_add(1) };
    }
}

/// The next delimiter or line end.
fn cell_end(bytes: &[u8], from: usize, delimiter: u8) -> usize {
    let rest = bytes.get(from..).unwrap_or(&[]);
    let length = rest.iter().position(|byte| *byte == delimiter || *byte == b'\n').unwrap_or(rest.len());
    from.saturating_add(length)
}

/// The contents of a cell that begins with a quote, and the place behind its closing quote; no contents where none closes it.
fn quoted_cell(text: &str, open: usize) -> (Option<Cow<'_, str>>, usize) {
    let mut from = open.saturating_add(1);
    let mut made = String::new();
    loop {
        let Some(length) = text.get(from..).and_then(|rest| rest.find('"')) else {
            return (None, text.len());
        };
        let close = from.saturating_add(length);
        let after = close.saturating_add(1);
        let piece = text.get(from..close).unwrap_or("");
        if text.as_bytes().get(after) == Some(&b'"') {
            made.push_str(piece);
            made.push('"');
            from = after.saturating_add(1);
        } else if made.is_empty() {
            return (Some(Cow::Borrowed(piece)), after);
        } else {
            made.push_str(piece);
            return (Some(Cow::Owned(made)), after);
        }
    }
}

fn next_line(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or("");
    rest.find('\n').map_or(text.len(), |length| from.saturating_add(length).saturating_add(1))
}

/// The delimiter that the headings use most; a file of one column has none and needs none.
fn sniff(text: &str, start: usize) -> Result<u8, NoTable> {
    let rest = text.get(start..).unwrap_or("");
    let head = rest.lines().find(|line| !line.trim().is_empty()).ok_or(NoTable::Empty)?;
    let mut counts = [(b',', 0usize), (b';', 0), (b'\t', 0)];
    let mut inside = false;
    for byte in head.bytes() {
        if byte == b'"' {
            inside = !inside;
        }
        for (delimiter, count) in &mut counts {
            if !inside && byte == *delimiter {
                *count = count.saturating_add(1);
            }
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let [(first, most), (_, second), _] = counts;
    if most == 0 {
        match head.chars().find(|ch| matches!(ch, '，' | '；' | '、')) {
            Some(found) => Err(NoTable::FullWidth(found)),
            None => Ok(b','),
        }
    } else if most == second {
        Err(NoTable::Delimiter)
    } else {
        Ok(first)
    }
}
