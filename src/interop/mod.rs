//! Facts of customers in files, and decisions out into files.
//!
//! [`Reader::open`] understands the files of a run once: their headings, the customers' keys, which items of a list belong
//! to whom. [`Reader::customer`] then makes the facts of one customer, and may be asked from several threads. Every
//! fact is held against its declared type, range and decimals here, at the border; a customer with a bad one becomes a
//! [`Reject`] with all that is wrong, and no other customer is touched by it.
//!
//! Nothing is read or written but bytes that the caller hands over. Nothing about a file is guessed but the delimiter of
//! its headings: how numbers and dates are written is declared in a [`Mapping`].

mod book;
mod convert;
mod decode;
mod json;
mod mapping;
mod names;
mod node;
mod open;
mod read;
mod record;
mod rejects;
mod rows;
mod table;
mod texts;
mod toml;
mod write;
mod xlsx;

use std::collections::BTreeSet;

use crate::base::{SourceMap, Span, Str};
use crate::diag::Diagnostic;
use crate::value::{FieldId, Schema};
pub use book::{read_book, write_book};
pub use mapping::Mapping;
pub use read::Reader;
pub use record::{cell, record};
pub use rejects::{RejectsFile, rejects_csv, rejects_jsonl};
pub use texts::{Text, TextRow, Texts};
pub use write::{Cell, Row, Sheet, WriteError, Writer, WriterOptions, object, workbook};

/// Reads all customers of some files at once. For files larger than memory should hold as facts, ask a [`Reader`] one by one.
///
/// # Errors
///
/// What keeps the files from being read at all: no text, no table, no column for a fact that is required.
pub fn read(schema: &Schema, request: Request, sources: &mut SourceMap) -> Result<Read, Vec<Diagnostic>> {
    let reader = Reader::open(schema, request, sources)?;
    let notes = gathered(reader.notes().to_vec());
    let mut read = Read { customers: Vec::new(), rejects: Vec::new(), notes };
    for place in 0..reader.len() {
        match reader.customer(place) {
            Ok(facts) => read.customers.push(facts),
            Err(reject) => read.rejects.push(*reject),
        }
    }
    read.rejects.extend(reader.strays().iter().cloned());
    Ok(read)
}

/// The notes with the columns that nobody reads told once a file, each at its place.
#[must_use]
pub fn gathered(notes: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let arg = |note: &Diagnostic, name: &str| {
        note.args.iter().find(|(key, _)| *key == name).map_or_else(Str::default, |(_, text)| text.clone())
    };
    let mut all: Vec<Diagnostic> = Vec::new();
    for note in notes {
        let same = |other: &&mut Diagnostic| {
            other.code == "W606" && note.code == "W606" && arg(other, "file") == arg(&note, "file")
        };
        match all.iter_mut().find(same) {
            Some(known) => {
                let mut headings: Vec<String> =
                    arg(known, "headings").split(", ").map(str::to_owned).collect();
                headings.retain(|heading| !heading.is_empty());
                if headings.is_empty() {
                    headings.push(format!("`{}`", arg(known, "heading")));
                }
                headings.push(format!("`{}`", arg(&note, "heading")));
                known.args.retain(|(key, _)| *key != "headings" && *key != "near");
                known.helps.clear();
                let one = std::mem::replace(known, Diagnostic::nowhere("W606"));
                *known = one.variant("several").arg("headings", headings.join(", "));
            }
            None => all.push(note),
        }
    }
    all
}

/// What came out of the files.
#[derive(Clone, Debug)]
pub struct Read {
    /// The facts of the sound customers, in the order of the file.
    pub customers: Vec<crate::eval::Facts>,
    /// The others, and the items of lists that belong to no customer.
    pub rejects: Vec<Reject>,
    /// What a reader should know: columns that are not read.
    pub notes: Vec<Diagnostic>,
}

/// How a file of facts is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Format {
    /// Values with commas, semicolons or tabs between them, under a line of headings.
    Csv,
    /// A list of objects, an object with such a list under `customers`, or one object.
    Json,
    /// An object a line.
    Jsonl,
    /// Tables `[[customer]]`.
    Toml,
    /// A sheet of a workbook.
    Xlsx,
}

impl Format {
    /// The format that the end of a file's name says.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Format> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "csv" | "tsv" | "txt" => Some(Format::Csv),
            "json" => Some(Format::Json),
            "jsonl" | "ndjson" => Some(Format::Jsonl),
            "toml" => Some(Format::Toml),
            "xlsx" | "xlsm" => Some(Format::Xlsx),
            _ => None,
        }
    }
}

/// How the text of a file is encoded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    #[default]
    Utf8,
    /// GBK and what extends it, GB 18030: what Chinese Excel saves as CSV.
    Gbk,
    /// UTF-16: what Excel saves as Unicode text.
    Utf16,
}

impl Encoding {
    /// The encoding of a name: `utf-8`, `gbk`, `gb18030`, `gb2312`, `utf-16`, in any case.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Encoding> {
        match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Some(Encoding::Utf8),
            "gbk" | "gb18030" | "gb2312" => Some(Encoding::Gbk),
            "utf-16" | "utf16" | "utf-16le" | "utf-16be" => Some(Encoding::Utf16),
            _ => None,
        }
    }
}

/// One file, already in memory.
#[derive(Clone, Debug)]
pub struct Input {
    /// The name by which people know it.
    pub name: Str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: Format,
    /// Its encoding, for a format that is text.
    pub encoding: Encoding,
    /// The delimiter of CSV; none for the one that the headings use.
    pub delimiter: Option<u8>,
    /// The sheet of a workbook; none for its first.
    pub sheet: Option<Str>,
}

impl Input {
    /// A file in UTF-8, its delimiter found by its headings; of a workbook, the first sheet.
    #[must_use]
    pub fn new(name: impl Into<Str>, bytes: impl Into<Vec<u8>>, format: Format) -> Input {
        let (name, bytes) = (name.into(), bytes.into());
        Input { name, bytes, format, encoding: Encoding::Utf8, delimiter: None, sheet: None }
    }
}

/// The files of a run and how they are to be read.
#[derive(Clone, Debug)]
pub struct Request {
    /// The customers.
    pub customers: Input,
    /// The items of list facts that stand in files of their own, by the list's name.
    pub lists: Vec<(Str, Input)>,
    /// What was decided the last time: facts `last.…`. A fact that the customers' file gives itself goes before it.
    pub last: Option<Input>,
    /// What is declared about the files.
    pub mapping: Mapping,
    /// A column that nobody reads is an error.
    pub strict: bool,
    /// Keep where each fact came from.
    pub origins: bool,
    /// The facts that the run needs; another one that is required may be absent and is then unknown. None: all.
    pub needed: Option<BTreeSet<FieldId>>,
}

impl Request {
    /// One file of customers, with nothing declared.
    #[must_use]
    pub fn new(customers: Input) -> Request {
        Request {
            customers,
            lists: Vec::new(),
            last: None,
            mapping: Mapping::default(),
            strict: false,
            origins: false,
            needed: None,
        }
    }
}

/// A customer that is not decided, or an item that belongs to no customer: as it came, with all that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reject {
    /// The customer's key, where there is one.
    pub id: Option<Str>,
    /// The list whose file it stands in; none for the customers' file.
    pub list: Option<Str>,
    /// The row.
    pub span: Span,
    /// All that is wrong, with places.
    pub problems: Vec<Diagnostic>,
    /// The row as it came.
    pub original: Original,
    /// The items of its lists that stand in files of their own, as they came.
    pub items: Vec<Item>,
}

/// An item of a rejected customer, as it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// The list.
    pub list: Str,
    /// The row.
    pub span: Span,
    /// As it came.
    pub original: Original,
}

/// A row as it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Original {
    /// The cells of a table.
    Cells(Vec<Str>),
    /// An object, as text.
    Json(Str),
}

impl Mapping {
    /// Reads a mapping file against the facts of a policy.
    ///
    /// # Errors
    ///
    /// Every slip in it, with its place.
    pub fn parse(
        name: impl Into<Str>,
        bytes: Vec<u8>,
        schema: &Schema,
        sources: &mut SourceMap,
    ) -> Result<Mapping, Vec<Diagnostic>> {
        let name = name.into();
        let (file, text) =
            decode::decode(&name, bytes, Encoding::Utf8, sources).map_err(|problem| vec![*problem])?;
        let document = toml::parse(&text, file).map_err(|(at, detail)| {
            let problem = Diagnostic::new("E602", Span::new(file, at, at)).variant("toml");
            vec![problem.arg("file", &name).arg("detail", detail)]
        })?;
        mapping::parse(&document, schema)
    }
}
