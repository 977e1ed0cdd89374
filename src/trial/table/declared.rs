//! What a case file says of a table: `[[table]]`.

use toml::de::{DeTable, DeValue};

use crate::base::Span;
use crate::diag::Diagnostic;
use crate::interop::Encoding;
use crate::syntax::ast;
use crate::trial::read::{Keep, Reader, Value};
use crate::value::office::{DatePattern, DateStyle, NumberStyle};

/// The keys of a table, and of a column.
const TABLE_KEYS: &[&str] =
    &["from", "name", "as_of", "snapshot", "encoding", "delimiter", "columns", "given", "expect"];
const COLUMN_KEYS: &[&str] = &["is", "unit"];
const NUMBERS: &str = "`1,234.56`, `1.234,56`, `1 234,56`, `1234,56`";
const ENCODINGS: &str = "`utf-8`, `gbk`, `utf-16`";

/// A table as it is declared.
#[derive(Clone, Debug)]
pub(in crate::trial) struct Declared {
    /// The file, as written.
    pub from: ast::Text,
    /// The heading of the column that names the cases.
    pub name: Option<ast::Text>,
    /// The day of rows that have none.
    pub as_of: Option<ast::Literal>,
    /// How the decisions of its rows are kept; none: they are not.
    pub keep: Option<Keep>,
    /// How its text is encoded; none: UTF-8.
    pub encoding: Option<Encoding>,
    /// What separates its columns; none: as its headings show.
    pub delimiter: Option<u8>,
    /// How its numbers are written; none: as in a policy.
    pub numbers: Option<NumberStyle>,
    /// How its days are written; none: as in a policy.
    pub dates: Option<DateStyle>,
    /// What headings mean that do not say it themselves.
    pub columns: Vec<Meaning>,
    /// What all rows give unless they say otherwise.
    pub given: Vec<ast::Given>,
    /// What is expected of all rows unless they say otherwise.
    pub expect: Vec<ast::Expect>,
}

/// What a heading means.
#[derive(Clone, Debug)]
pub(in crate::trial) struct Meaning {
    /// The heading.
    pub heading: ast::Text,
    /// `given.net_assets`, `expect.risk_class`, `name`, `as_of`, `-`.
    pub is: ast::Text,
    /// What stands behind every number of the column: `万`.
    pub unit: Option<ast::Text>,
}

impl Reader<'_> {
    /// Takes a `[[table]]` in.
    pub(in crate::trial) fn table(&mut self, table: &DeTable<'_>, span: Span) {
        let (mut from, mut name, mut as_of) = (None, None, None);
        let (mut encoding, mut delimiter) = (None, None);
        let mut keep = self.keep.clone();
        let (mut numbers, mut dates) = (None, None);
        let (mut columns, mut given, mut expect) = (Vec::new(), Vec::new(), Vec::new());
        let mut misspelt = false;
        for (key, value) in table {
            let at = value.span();
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("from", DeValue::String(text)) => from = Some(self.text(text, &at)),
                ("name", DeValue::String(text)) => name = Some(self.text(text, &at)),
                ("as_of", _) => as_of = self.day(value),
                ("snapshot", _) => keep = self.keeping(value),
                ("encoding", DeValue::String(text)) => {
                    encoding = Encoding::of_name(text);
                    if encoding.is_none() {
                        self.unknown_setting("encoding", value, ENCODINGS);
                    }
                }
                ("delimiter", DeValue::String(text)) => match text.as_bytes() {
                    [byte] if !byte.is_ascii_alphanumeric() => delimiter = Some(*byte),
                    _ => self.unknown_setting("delimiter", value, "`,`, `;`, `\\t`"),
                },
                ("numbers", DeValue::String(text)) => {
                    numbers = NumberStyle::of_sample(text);
                    if numbers.is_none() {
                        self.unknown_setting("numbers", value, NUMBERS);
                    }
                }
                ("dates", DeValue::String(text)) => {
                    dates = DateStyle::of_names(text);
                    if dates.is_none() {
                        let known: Vec<String> =
                            DatePattern::ALL.iter().map(|pattern| format!("`{}`", pattern.name())).collect();
                        self.unknown_setting("dates", value, &known.join(", "));
                    }
                }
                (key @ ("from" | "name" | "encoding" | "delimiter" | "numbers" | "dates"), _) => {
                    misspelt |= key == "from";
                    self.wrong("text", key, value);
                }
                ("columns", DeValue::Table(entries)) => columns = self.columns(entries),
                ("given", DeValue::Table(entries)) => self.given(None, entries, &mut given),
                ("expect", DeValue::Table(entries)) => self.expect(None, entries, &mut expect),
                (key @ ("columns" | "given" | "expect"), _) => self.wrong("subtable", key, value),
                _ => {
                    misspelt = true;
                    self.unknown_key(key, TABLE_KEYS);
                }
            }
        }
        let Some(from) = from else {
            if !misspelt {
                self.report(Diagnostic::new("E705", span).variant("missing").arg("key", "from").help("from"));
            }
            return;
        };
        self.found.tables.push(Declared {
            from,
            name,
            as_of,
            keep,
            encoding,
            delimiter,
            numbers,
            dates,
            columns,
            given,
            expect,
        });
    }

    fn unknown_setting(&mut self, key: &str, value: &Value<'_>, known: &str) {
        let span = self.span(&value.span());
        let unknown = Diagnostic::new("E705", span).variant("setting").arg("key", key);
        self.report(unknown.arg("known", known).help("known"));
    }

    fn columns(&mut self, entries: &DeTable<'_>) -> Vec<Meaning> {
        let mut columns = Vec::new();
        for (key, value) in entries {
            let heading = self.key(key);
            match value.get_ref() {
                DeValue::String(text) => {
                    let is = self.text(text, &value.span());
                    columns.push(Meaning { heading, is, unit: None });
                }
                DeValue::Table(parts) => {
                    let (mut is, mut unit) = (None, None);
                    for (key, value) in parts {
                        match (key.get_ref().as_ref(), value.get_ref()) {
                            ("is", DeValue::String(text)) => is = Some(self.text(text, &value.span())),
                            ("unit", DeValue::String(text)) => unit = Some(self.text(text, &value.span())),
                            (key @ ("is" | "unit"), _) => self.wrong("text", key, value),
                            _ => self.unknown_key(key, COLUMN_KEYS),
                        }
                    }
                    // A column of which only the unit is said is named by its heading.
                    let is = is.unwrap_or_else(|| heading.clone());
                    columns.push(Meaning { heading, is, unit });
                }
                _ => self.wrong("column", &heading.value, value),
            }
        }
        columns
    }
}
