//! Decisions out into files: rows of named cells as CSV, JSON, JSON lines or a workbook.

use std::io;

use super::{Format, xlsx};
use crate::base::Str;
use crate::value::{Date, Number};

/// One row: its columns in order.
pub type Row = Vec<(Str, Cell)>;

/// One cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    /// Nothing: an empty cell, `null`.
    Empty,
    /// A text.
    Text(Str),
    /// Yes or no: `yes`, `no` in CSV, `true`, `false` in JSON.
    Bool(bool),
    /// A number; a text in JSON, so that no digit is lost.
    Number(Number),
    /// A percent as its fraction: `12.5%` in CSV, `"0.125"` in JSON.
    Percent(Number),
    /// A day.
    Date(Date),
    /// Several cells: a list in JSON, else with semicolons between them.
    List(Vec<Cell>),
    /// Named cells: an object in JSON, else its JSON text.
    Map(Vec<(Str, Cell)>),
}

/// How a file is written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WriterOptions {
    /// Begins CSV with the mark of UTF-8, without which Excel takes it for another encoding.
    pub mark: bool,
    /// The headings, for a file that may have no row; else those of the first row.
    pub columns: Vec<Str>,
    /// What the rows are: the key of their list in JSON, the name of the sheet in a workbook.
    pub called: Str,
}

/// Why a file could not be written.
#[derive(Debug)]
pub enum WriteError {
    /// The door to the file said so.
    Io(io::Error),
    /// A workbook cannot hold it: more than its 1,048,576 rows, a text longer than a cell.
    Workbook(String),
    /// No decisions are written in this format.
    Format(Format),
}

/// Writes rows one after the other.
pub struct Writer<W: io::Write> {
    form: Form<W>,
    options: WriterOptions,
    headed: bool,
    rows: u64,
}

enum Form<W: io::Write> {
    Csv(Box<csv::Writer<W>>),
    Json(W),
    Jsonl(W),
    Workbook(W, Box<xlsx::Book>),
}

impl<W: io::Write> Writer<W> {
    /// A writer of a format.
    ///
    /// # Errors
    ///
    /// TOML is not written, and a door that does not open.
    pub fn new(mut out: W, format: Format, options: WriterOptions) -> Result<Self, WriteError> {
        let form = match format {
            Format::Csv => {
                if options.mark {
                    out.write_all(&[0xEF, 0xBB, 0xBF])?;
                }
                Form::Csv(Box::new(csv::WriterBuilder::new().flexible(true).from_writer(out)))
            }
            Format::Json => {
                let key = serde_json::Value::from(called(&options));
                write!(out, "{{\"format_version\":1,{key}:[")?;
                Form::Json(out)
            }
            Format::Jsonl => Form::Jsonl(out),
            Format::Xlsx => Form::Workbook(out, Box::new(xlsx::Book::new(called(&options))?)),
            Format::Toml => return Err(WriteError::Format(format)),
        };
        let mut writer = Writer { form, options, headed: false, rows: 0 };
        if !writer.options.columns.is_empty() {
            let columns = std::mem::take(&mut writer.options.columns);
            writer.head(&columns)?;
        }
        Ok(writer)
    }

    /// Writes one row; its columns are those of the first.
    ///
    /// # Errors
    ///
    /// The door, or a workbook that is full.
    pub fn write(&mut self, row: &[(Str, Cell)]) -> Result<(), WriteError> {
        if !self.headed {
            let columns: Vec<Str> = row.iter().map(|(name, _)| name.clone()).collect();
            self.head(&columns)?;
        }
        let first = self.rows == 0;
        self.rows = self.rows.saturating_add(1);
        match &mut self.form {
            Form::Csv(writer) => {
                writer.write_record(row.iter().map(|(_, cell)| plain(cell))).map_err(from_csv)?;
            }
            Form::Json(out) => {
                out.write_all(if first { b"\n" } else { b",\n" })?;
                serde_json::to_writer(out, &object(row)).map_err(io::Error::from)?;
            }
            Form::Jsonl(out) => {
                serde_json::to_writer(&mut *out, &object(row)).map_err(io::Error::from)?;
                out.write_all(b"\n")?;
            }
            Form::Workbook(_, book) => {
                let line = u32::try_from(self.rows).unwrap_or(u32::MAX);
                for (column, (_, cell)) in (0u16..).zip(row) {
                    book.cell(line, column, cell, &plain(cell))?;
                }
            }
        }
        Ok(())
    }

    /// Ends the file and gives the door back.
    ///
    /// # Errors
    ///
    /// The door, or a workbook that cannot be made.
    pub fn finish(self) -> Result<W, WriteError> {
        match self.form {
            Form::Csv(writer) => writer.into_inner().map_err(|error| WriteError::Io(error.into_error())),
            Form::Json(mut out) => {
                out.write_all(b"\n]}\n")?;
                Ok(out)
            }
            Form::Jsonl(out) => Ok(out),
            Form::Workbook(mut out, book) => {
                out.write_all(&book.bytes()?)?;
                Ok(out)
            }
        }
    }

    fn head(&mut self, columns: &[Str]) -> Result<(), WriteError> {
        self.headed = true;
        match &mut self.form {
            Form::Csv(writer) => writer.write_record(columns.iter().map(|name| &**name)).map_err(from_csv)?,
            Form::Workbook(_, book) => {
                for (column, name) in (0u16..).zip(columns) {
                    book.heading(0, column, name)?;
                }
            }
            Form::Json(_) | Form::Jsonl(_) => {}
        }
        Ok(())
    }
}

/// A sheet of a workbook: sentences, then tables under each other.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sheet {
    /// Its name; at most 31 characters, without `[]:*?/\\`.
    pub name: String,
    /// The sentences.
    pub lines: Vec<String>,
    /// The tables: what each shows, its headings, its rows.
    pub tables: Vec<(String, Vec<String>, Vec<Vec<Cell>>)>,
}

/// A workbook of several sheets.
///
/// # Errors
///
/// More rows or longer texts than a workbook holds.
pub fn workbook(sheets: &[Sheet]) -> Result<Vec<u8>, WriteError> {
    let mut book: Option<xlsx::Book> = None;
    for sheet in sheets {
        let own = match &mut book {
            Some(book) => {
                book.add(&sheet.name)?;
                book
            }
            None => book.insert(xlsx::Book::new(&sheet.name)?),
        };
        let mut line = 0_u32;
        for text in &sheet.lines {
            own.cell(line, 0, &Cell::Text(Str::from(text.as_str())), text)?;
            line = line.saturating_add(1);
        }
        for (title, heads, rows) in &sheet.tables {
            if !title.is_empty() {
                own.title(line, title)?;
                line = line.saturating_add(1);
            }
            for (column, head) in (0u16..).zip(heads) {
                own.heading(line, column, head)?;
            }
            for row in rows {
                line = line.saturating_add(1);
                for (column, cell) in (0u16..).zip(row) {
                    own.cell(line, column, cell, &plain(cell))?;
                }
            }
            line = line.saturating_add(2);
        }
        own.fit()?;
    }
    match book {
        Some(book) => book.bytes(),
        None => xlsx::Book::new("–")?.bytes(),
    }
}

fn called(options: &WriterOptions) -> &str {
    if options.called.is_empty() { "decisions" } else { &options.called }
}

/// A cell as a text without quotes.
pub(super) fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.to_string(),
        Cell::Bool(yes) => String::from(if *yes { "yes" } else { "no" }),
        Cell::Number(number) => number.to_string(),
        Cell::Percent(fraction) => format!("{}%", fraction.mul(&Number::power_of_ten(2))),
        Cell::Date(day) => day.to_string(),
        Cell::List(cells) if cells.iter().all(|cell| !matches!(cell, Cell::List(_) | Cell::Map(_))) => {
            cells.iter().map(plain).collect::<Vec<_>>().join(";")
        }
        Cell::List(_) | Cell::Map(_) => json(cell).to_string(),
    }
}

fn json(cell: &Cell) -> serde_json::Value {
    match cell {
        Cell::Empty => serde_json::Value::Null,
        Cell::Text(text) => (&**text).into(),
        Cell::Bool(yes) => (*yes).into(),
        Cell::Number(number) | Cell::Percent(number) => number.to_string().into(),
        Cell::Date(day) => day.to_string().into(),
        Cell::List(cells) => cells.iter().map(json).collect(),
        Cell::Map(cells) => object(cells),
    }
}

/// A row as an object of JSON, as [`Writer`] writes it.
#[must_use]
pub fn object(row: &[(Str, Cell)]) -> serde_json::Value {
    row.iter().map(|(name, cell)| (name.to_string(), json(cell))).collect()
}

fn from_csv(error: csv::Error) -> WriteError {
    WriteError::Io(io::Error::from(error))
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        WriteError::Io(error)
    }
}

impl std::fmt::Display for WriteError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WriteError::Io(error) => write!(out, "{error}"),
            WriteError::Workbook(detail) => out.write_str(detail),
            WriteError::Format(format) => write!(out, "{format:?}"),
        }
    }
}

impl std::error::Error for WriteError {}
