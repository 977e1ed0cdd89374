//! Workbooks. The only place that meets binary floating point, since that is what a workbook holds; a number leaves it
//! as the shortest decimal that names it, or is refused.

use std::io::Cursor;

use calamine::{Data, DataRef, ExcelDateTime, Reader as _, Xlsx};

use super::node::Shape;
use super::table::Sheet;
use super::{Cell, WriteError};
use crate::diag::Diagnostic;

/// A number of so many digits or more is no longer held exactly by a workbook.
const DIGITS: usize = 16;

/// How long the picture of a sheet may become; a workbook can claim a cell in its last row and last column.
const LONGEST: usize = 1 << 30;

/// A sheet as a text, a line a row and a tab between cells, and what the workbook says about each cell.
///
/// # Errors
///
/// It is no workbook, or it has no sheet of that name.
pub(super) fn picture(
    book: &str,
    bytes: Vec<u8>,
    wanted: Option<&str>,
) -> Result<(String, Sheet), Box<Diagnostic>> {
    let broken = |error: calamine::XlsxError| {
        Box::new(Diagnostic::nowhere("E602").variant("xlsx").arg("file", book).arg("detail", error))
    };
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let names = workbook.sheet_names();
    let name = match wanted {
        Some(wanted) => names.iter().find(|name| *name == wanted).ok_or_else(|| {
            let all = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let told = Diagnostic::nowhere("E604").variant("sheet").arg("file", book).arg("sheet", wanted);
            Box::new(told.arg("sheets", all).help("sheets"))
        })?,
        None => names
            .first()
            .ok_or_else(|| Box::new(Diagnostic::nowhere("E602").variant("empty").arg("file", book)))?,
    };
    let mut reader = workbook.worksheet_cells_reader(name).map_err(broken)?;
    // A cell that the workbook shows as a percent holds the fraction: 12.5% is kept as 0.125.
    let percents: Vec<bool> = reader
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().is_some_and(|format| shows_percent(&format.format_code)))
        .collect();
    let mut text = String::new();
    let mut shapes: Vec<Vec<Shape>> = vec![Vec::new()];
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(broken)? {
        let (row, column) = cell.get_position();
        let percent = percents.get(style).copied().unwrap_or(false);
        let (written, shape) = leaf(cell.get_value(), percent);
        if written.is_empty() {
            continue;
        }
        let (row, column) = (row as usize, column as usize);
        if text.len().saturating_add(row).saturating_add(column) > LONGEST {
            return Err(Box::new(Diagnostic::nowhere("E602").variant("large").arg("file", book)));
        }
        // Cells stand row by row; a workbook in which one goes back was written by no office program.
        let current = shapes.len().saturating_sub(1);
        if row < current || row == current && shapes.last().is_some_and(|cells| column < cells.len()) {
            let detail = format!("{}{}", column_name(column), row.saturating_add(1));
            let problem = Diagnostic::nowhere("E602").variant("xlsx").arg("file", book);
            return Err(Box::new(problem.arg("detail", detail)));
        }
        for _ in current..row {
            text.push('\n');
            shapes.push(Vec::new());
        }
        if let Some(cells) = shapes.last_mut() {
            if !cells.is_empty() {
                text.push('\t');
            }
            for _ in cells.len()..column {
                text.push('\t');
                cells.push(Shape::Null);
            }
            cells.push(shape);
        }
        // A line break or a tab inside a cell would break the picture.
        text.extend(written.chars().map(|ch| if matches!(ch, '\t' | '\n' | '\r') { ' ' } else { ch }));
    }
    Ok((text, Sheet { name: name.clone(), shapes }))
}

/// Whether a number format shows percents: a `%` that is no literal.
fn shows_percent(format: &str) -> bool {
    let mut quoted = false;
    let mut escaped = false;
    for ch in format.chars() {
        match ch {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '%' if !quoted => return true,
            _ => {}
        }
    }
    false
}

fn leaf(value: &DataRef<'_>, percent: bool) -> (String, Shape) {
    match value {
        DataRef::Empty => (String::new(), Shape::Null),
        DataRef::String(text) => (text.trim().to_owned(), Shape::Written),
        DataRef::SharedString(text) => (text.trim().to_owned(), Shape::Written),
        DataRef::Bool(yes) => (yes.to_string(), Shape::Bool),
        DataRef::Int(number) => (number.to_string(), if percent { Shape::Fraction } else { Shape::Number }),
        DataRef::Float(number) => decimal(*number, percent),
        DataRef::DateTime(day) => date(day),
        DataRef::DateTimeIso(text) => {
            let day = text.strip_suffix("T00:00:00").unwrap_or(text);
            (day.to_owned(), if day.len() == 10 { Shape::Date } else { Shape::Time })
        }
        DataRef::DurationIso(text) => (text.clone(), Shape::Time),
        DataRef::Error(error) => (error.to_string(), Shape::ErrorCell),
    }
}

/// The shortest decimal that names this number and no other. A cell of 1234.56 holds the binary number nearest to it,
/// and 1234.56 is its shortest name; a number of 16 digits may name what nobody wrote.
#[expect(clippy::disallowed_types, reason = "a workbook holds binary numbers; they end here")]
fn decimal(number: f64, percent: bool) -> (String, Shape) {
    let text = Data::Float(number).to_string();
    let digits = text.trim_start_matches(['-', '0', '.']).replace('.', "");
    let digits = digits.trim_end_matches('0');
    let shape = if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
        || digits.len() >= DIGITS
    {
        Shape::TooManyDigits
    } else if percent {
        Shape::Fraction
    } else {
        Shape::Number
    };
    (text, shape)
}

/// Days are counted from 1899-12-30 or from 1904-01-01; calamine turns the count into a day exactly.
fn date(day: &ExcelDateTime) -> (String, Shape) {
    let (count, _) = decimal(day.as_f64(), false);
    let (year, month, of_month, ..) = day.to_ymd_hms_milli();
    let whole = !count.contains('.') && !count.starts_with('-') && day.is_datetime();
    if whole {
        (format!("{year:04}-{month:02}-{of_month:02}"), Shape::Date)
    } else {
        (format!("{year:04}-{month:02}-{of_month:02} ({count})"), Shape::Time)
    }
}

/// The letters of a column, from 0: A, …, Z, AA.
pub(super) fn column_name(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column.saturating_add(1);
    while rest > 0 {
        let digit = u8::try_from(rest.saturating_sub(1).checked_rem(26).unwrap_or(0)).unwrap_or(0);
        letters.push(char::from(b'A'.saturating_add(digit)));
        rest = rest.saturating_sub(1).checked_div(26).unwrap_or(0);
    }
    letters.iter().rev().collect()
}

/// A workbook that is being written: one sheet, its headings in bold.
pub(super) struct Book {
    workbook: rust_xlsxwriter::Workbook,
    /// The sheet that is written.
    sheet: usize,
    bold: rust_xlsxwriter::Format,
    day: rust_xlsxwriter::Format,
    percent: rust_xlsxwriter::Format,
}

impl Book {
    pub(super) fn new(sheet: &str) -> Result<Book, WriteError> {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        workbook.add_worksheet().set_name(sheet).map_err(full)?;
        Ok(Book {
            workbook,
            sheet: 0,
            bold: rust_xlsxwriter::Format::new().set_bold(),
            day: rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd"),
            percent: rust_xlsxwriter::Format::new().set_num_format("0.00##%"),
        })
    }

    /// Adds a sheet, which is written from now on.
    pub(super) fn add(&mut self, sheet: &str) -> Result<(), WriteError> {
        self.workbook.add_worksheet().set_name(sheet).map_err(full)?;
        self.sheet = self.sheet.saturating_add(1);
        Ok(())
    }

    /// Makes columns as wide as what stands in them.
    pub(super) fn fit(&mut self) -> Result<(), WriteError> {
        let sheet = self.workbook.worksheet_from_index(self.sheet).map_err(full)?;
        sheet.set_autofit_max_width(600);
        sheet.autofit();
        Ok(())
    }

    /// Writes a title at the beginning of a row.
    pub(super) fn title(&mut self, row: u32, text: &str) -> Result<(), WriteError> {
        let sheet = self.workbook.worksheet_from_index(self.sheet).map_err(full)?;
        sheet.write_string_with_format(row, 0, text, &self.bold).map_err(full)?;
        Ok(())
    }

    pub(super) fn heading(&mut self, row: u32, column: u16, name: &str) -> Result<(), WriteError> {
        let sheet = self.workbook.worksheet_from_index(self.sheet).map_err(full)?;
        sheet.write_string_with_format(row, column, name, &self.bold).map_err(full)?;
        Ok(())
    }

    /// Writes a cell; a number that a workbook cannot hold exactly is written as its text.
    pub(super) fn cell(&mut self, row: u32, column: u16, cell: &Cell, plain: &str) -> Result<(), WriteError> {
        let sheet = self.workbook.worksheet_from_index(self.sheet).map_err(full)?;
        match cell {
            Cell::Empty => {}
            Cell::Bool(yes) => {
                sheet.write_boolean(row, column, *yes).map_err(full)?;
            }
            Cell::Number(number) => match binary(&number.to_string()) {
                Some(number) => {
                    sheet.write_number(row, column, number).map_err(full)?;
                }
                None => {
                    sheet.write_string(row, column, plain).map_err(full)?;
                }
            },
            Cell::Percent(fraction) => match binary(&fraction.to_string()) {
                Some(number) => {
                    sheet.write_number_with_format(row, column, number, &self.percent).map_err(full)?;
                }
                None => {
                    sheet.write_string(row, column, plain).map_err(full)?;
                }
            },
            Cell::Date(day) => {
                let (year, month, of_month) = day.ymd();
                let year = u16::try_from(year).unwrap_or(0);
                match rust_xlsxwriter::ExcelDateTime::from_ymd(year, month, of_month) {
                    Ok(date) => {
                        sheet.write_datetime_with_format(row, column, &date, &self.day).map_err(full)?
                    }
                    Err(_) => sheet.write_string(row, column, plain).map_err(full)?,
                };
            }
            Cell::Text(_) | Cell::List(_) | Cell::Map(_) => {
                sheet.write_string(row, column, plain).map_err(full)?;
            }
        }
        Ok(())
    }

    pub(super) fn bytes(mut self) -> Result<Vec<u8>, WriteError> {
        self.workbook.save_to_buffer().map_err(full)
    }
}

/// The binary number that a workbook holds for a decimal, if it names that decimal back.
#[expect(clippy::disallowed_types, reason = "a workbook holds binary numbers; they begin here")]
fn binary(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok()?;
    let (back, shape) = decimal(number, false);
    (back == text && shape == Shape::Number).then_some(number)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn full(error: rust_xlsxwriter::XlsxError) -> WriteError {
    WriteError::Workbook(error.to_string())
}
