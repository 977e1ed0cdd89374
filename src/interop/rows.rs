//! The rows of one file, whatever its format: each a set of headings with what stands under them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::json;
use super::names::{Found, Names, Target};
use super::node::{Leaf, Node, Shape};
use super::table::{NoTable, Table};
use super::{Format, Input, Original, decode, toml, xlsx};
use crate::base::{FileId, SourceMap, Span, Str};
use crate::diag::Diagnostic;
use crate::eval::Place;

/// The rows of a file.
#[derive(Debug)]
pub(super) struct Rows {
    /// The name of the file.
    pub name: Str,
    /// The text (for a workbook, the picture of the sheet).
    pub file: FileId,
    text: Str,
    kind: Kind,
    /// Where each line begins; found when a place is first told, since a run without a story tells none.
    lines: OnceLock<Vec<u32>>,
}

#[derive(Debug)]
enum Kind {
    Table(Table),
    /// Where each object stands; it is read when it is asked for.
    Json(Vec<Span>),
    Tree(Vec<Node<'static>>),
}

/// One row, its headings understood.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// The row as a whole.
    pub span: Span,
    /// What it gives.
    pub given: Vec<Given<'a>>,
    /// The customer's key, where it has one.
    pub key: Option<(String, Span)>,
    /// What is wrong with the row as a row.
    pub problems: Vec<Diagnostic>,
}

/// One value of a row.
#[derive(Debug)]
pub(super) struct Given<'a> {
    /// Which fact it is.
    pub target: Target,
    /// What stands there.
    pub node: Node<'a>,
}

/// A file with its headings understood.
#[derive(Debug)]
pub(super) struct Source {
    /// Its rows.
    pub rows: Rows,
    names: Names,
    /// The fact that is the key of the customers, if it is given here as a fact.
    key_fact: Option<u32>,
    /// For a table: what each column gives, and which holds the customer's key.
    columns: Vec<Option<Target>>,
    key_column: Option<usize>,
}

/// A heading that no fact has.
#[derive(Debug)]
pub(super) struct Stray {
    pub heading: String,
    pub at: Span,
    pub near: Option<String>,
}

/// The headings that no fact has, each at its first place.
#[derive(Debug, Default)]
pub(super) struct Strays {
    pub found: Vec<Stray>,
    seen: BTreeSet<String>,
}

impl Strays {
    pub(super) fn push(&mut self, heading: &str, at: Span, near: impl FnOnce() -> Option<String>) {
        if !self.seen.contains(heading) {
            self.seen.insert(heading.to_owned());
            self.found.push(Stray { heading: heading.to_owned(), at, near: near() });
        }
    }
}

impl Rows {
    /// Takes a file in. `keys` are the names under which a JSON or TOML document may hold its list.
    pub(super) fn load(
        input: Input,
        keys: &[&str],
        sources: &mut SourceMap,
    ) -> Result<Rows, Box<Diagnostic>> {
        let name = input.name.clone();
        let no_table = |error: NoTable, file: FileId| no_table(error, &name, file);
        if input.format == Format::Xlsx {
            let (text, sheet) = xlsx::picture(&name, input.bytes, input.sheet.as_deref())?;
            let text = Str::from(text);
            let file = sources.add(format!("{name}!{}", sheet.name), text.clone());
            let table = Table::sheet(file, text.clone(), sheet).map_err(|error| no_table(error, file))?;
            return Ok(Rows {
                name: input.name,
                file,
                text,
                kind: Kind::Table(table),
                lines: OnceLock::new(),
            });
        }
        let (file, text) = decode::decode(&name, input.bytes, input.encoding, sources)?;
        let fault = |fault: json::Fault| Box::new(broken_json(&name, file, &text, fault));
        let kind = match input.format {
            Format::Csv | Format::Xlsx => {
                let table = Table::csv(file, text.clone(), input.delimiter);
                Kind::Table(table.map_err(|error| no_table(error, file))?)
            }
            Format::Json => {
                Kind::Json(json::Reader::new(&text, file, 0, text.len()).items(keys).map_err(fault)?)
            }
            Format::Jsonl => Kind::Json(lines(&text, file)),
            Format::Toml => {
                let document = toml::parse(&text, file).map_err(|(at, detail)| {
                    let at = Span::new(file, at, at);
                    Box::new(
                        Diagnostic::new("E602", at).variant("toml").arg("file", &name).arg("detail", detail),
                    )
                })?;
                Kind::Tree(listed(document, keys))
            }
        };
        Ok(Rows { name: input.name, file, text, kind, lines: OnceLock::new() })
    }

    pub(super) fn len(&self) -> usize {
        match &self.kind {
            Kind::Table(table) => table.len(),
            Kind::Json(spans) => spans.len(),
            Kind::Tree(nodes) => nodes.len(),
        }
    }

    /// The headings of a table; none for objects, each of which has its own keys.
    pub(super) fn headings(&self) -> Option<&[Leaf<'static>]> {
        match &self.kind {
            Kind::Table(table) => Some(&table.headings),
            Kind::Json(_) | Kind::Tree(_) => None,
        }
    }

    /// The delimiter of a CSV file; a comma for any other.
    pub(super) fn delimiter(&self) -> u8 {
        match &self.kind {
            Kind::Table(table) if table.sheet.is_none() => table.delimiter(),
            Kind::Table(_) | Kind::Json(_) | Kind::Tree(_) => b',',
        }
    }

    /// `Sheet1!C7` for a place in a workbook.
    pub(super) fn cell(&self, at: u32) -> Option<(Str, Str)> {
        match &self.kind {
            Kind::Table(table) => {
                let sheet = table.sheet.as_ref()?;
                Some((Str::from(sheet.name.as_str()), Str::from(table.cell(at)?)))
            }
            Kind::Json(_) | Kind::Tree(_) => None,
        }
    }

    /// A place as people look for it.
    pub(super) fn place(&self, span: Span) -> Place {
        if let Some((sheet, cell)) = self.cell(span.start) {
            return Place::Cell { sheet, cell };
        }
        let lines = self.lines.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0)
                .chain(ends.filter_map(|(at, _)| u32::try_from(at.saturating_add(1)).ok()))
                .collect()
        });
        let line = lines.partition_point(|start| *start <= span.start);
        let start = lines.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start as usize..span.start as usize).unwrap_or("");
        let column = before.chars().count().saturating_add(1);
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Place::Text { line: number(line), column: number(column) }
    }

    /// What stands at a place.
    pub(super) fn written(&self, span: Span) -> Str {
        Str::from(self.text.get(span.range()).unwrap_or(""))
    }

    /// A row as it came, to be given back.
    pub(super) fn original(&self, row: usize) -> Original {
        match &self.kind {
            Kind::Table(table) => {
                let cells = table.row(row).map(|row| row.cells).unwrap_or_default();
                Original::Cells(cells.iter().map(|cell| Str::from(&*cell.text)).collect())
            }
            Kind::Json(spans) => {
                Original::Json(spans.get(row).map_or_else(|| Str::from(""), |span| self.written(*span)))
            }
            Kind::Tree(nodes) => Original::Json(
                nodes.get(row).map_or_else(String::new, |node| node.to_json().to_string()).into(),
            ),
        }
    }
}

impl Source {
    /// Understands the headings of a file.
    ///
    /// # Errors
    ///
    /// Two columns for one fact, or a heading that two facts have as their label.
    pub(super) fn new(
        rows: Rows,
        names: Names,
        key_fact: Option<u32>,
        stray: &mut Strays,
    ) -> Result<Source, Vec<Diagnostic>> {
        let mut problems: Vec<Diagnostic> = Vec::new();
        let mut columns: Vec<Option<Target>> = Vec::new();
        let mut seen: Vec<(Target, Span)> = Vec::new();
        let mut key_column: Option<(usize, usize)> = None;
        for (place, heading) in rows.headings().unwrap_or(&[]).iter().enumerate() {
            let text = heading.text.as_ref();
            let target = match names.find(text) {
                Found::Target(target) => {
                    if let Some((_, first)) =
                        seen.iter().find(|(other, _)| *other == target && target != Target::Nothing)
                    {
                        let twice = Diagnostic::new("E605", heading.span).variant("twice");
                        problems.push(twice.arg("heading", text).label(*first, "first"));
                    }
                    seen.push((target, heading.span));
                    Some(target)
                }
                Found::Ambiguous => {
                    problems.push(
                        Diagnostic::new("E605", heading.span)
                            .variant("label")
                            .arg("heading", text)
                            .help("map"),
                    );
                    None
                }
                Found::Unknown => {
                    if !text.is_empty() {
                        stray.push(text, heading.span, || names.near(text));
                    }
                    None
                }
            };
            let rank = if key_fact.is_some() && target == key_fact.map(Target::Fact) {
                Some(0)
            } else {
                names.key_rank(text).map(|rank| rank.saturating_add(1))
            };
            if let Some(rank) = rank.filter(|rank| key_column.is_none_or(|(_, best)| *rank < best)) {
                key_column = Some((place, rank));
            }
            columns.push(target);
        }
        if problems.is_empty() {
            let key_column = key_column.map(|(place, _)| place);
            Ok(Source { rows, names, key_fact, columns, key_column })
        } else {
            Err(problems)
        }
    }

    /// Whether a table has a column for a fact, whole or by its values. Of objects nobody can say before they are read.
    pub(super) fn may_give(&self, fact: u32) -> bool {
        self.rows.headings().is_none()
            || self.columns.iter().flatten().any(|target| match target {
                Target::Fact(number) | Target::Element(number, _) => *number == fact,
                Target::Nothing => false,
            })
    }

    /// The heading of the customer's key, in a table that has one.
    pub(super) fn key_heading(&self) -> Option<&str> {
        self.rows.headings()?.get(self.key_column?).map(|heading| heading.text.as_ref())
    }

    /// Whether a table has a column for the customer's key.
    pub(super) fn may_have_key(&self) -> bool {
        self.rows.headings().is_none() || self.key_column.is_some()
    }

    /// Takes a row apart. Headings of objects that no fact has go to `stray`, where somebody wants them.
    pub(super) fn row(&self, row: usize, stray: Option<&mut Strays>) -> Option<Row<'_>> {
        match &self.rows.kind {
            Kind::Table(table) => self.table_row(table, row),
            Kind::Json(spans) => {
                let span = *spans.get(row)?;
                let (start, end) = (span.start as usize, span.end as usize);
                let read = json::Reader::new(&self.rows.text, span.file, start, end).whole();
                Some(match read {
                    Ok(node) => self.object(node, stray),
                    Err(fault) => {
                        let problem = broken_json(&self.rows.name, span.file, &self.rows.text, fault);
                        Row { span, given: Vec::new(), key: None, problems: vec![problem] }
                    }
                })
            }
            Kind::Tree(nodes) => nodes.get(row).map(|node| self.object(node.clone(), stray)),
        }
    }

    fn table_row<'a>(&'a self, table: &'a Table, row: usize) -> Option<Row<'a>> {
        let cells = table.row(row)?;
        let problems: Vec<Diagnostic> =
            cells.problem(self.columns.len(), table.sheet.is_some()).into_iter().collect();
        let mut key = None;
        let mut given = Vec::new();
        if problems.is_empty() {
            for (place, (cell, target)) in cells.cells.into_iter().zip(&self.columns).enumerate() {
                let node = Node::Leaf(cell);
                if self.key_column == Some(place) {
                    key = node.text().map(|text| (text.to_owned(), node.span()));
                }
                if let Some(target @ (Target::Fact(_) | Target::Element(..))) = target {
                    given.push(Given { target: *target, node });
                }
            }
        } else if let Some(cell) = self.key_column.and_then(|place| cells.cells.get(place)) {
            key = Some((cell.text.trim().to_owned(), cell.span));
        }
        Some(Row { span: cells.span, given, key, problems })
    }

    fn object<'a>(&'a self, node: Node<'a>, mut stray: Option<&mut Strays>) -> Row<'a> {
        let span = node.span();
        let mut row = Row { span, given: Vec::new(), key: None, problems: Vec::new() };
        let Node::Map(entries, _) = node else {
            row.problems.push(Diagnostic::new("E617", span).variant("object"));
            return row;
        };
        let mut best: Option<usize> = None;
        let mut flat = Vec::with_capacity(entries.len());
        // Where the items of a ladder stand is decided; what was carried out of it, which the next run reads, stands under
        // `last` of the recorded decision, and goes before what `values` says under the same name.
        let carried_out: Vec<String> = entries
            .iter()
            .filter(|entry| entry.key == "last")
            .flat_map(|entry| match &entry.value {
                Node::Map(done, _) => done.iter().map(|done| done.key.to_string()).collect(),
                Node::Leaf(_) | Node::List(..) => Vec::new(),
            })
            .collect();
        for mut entry in entries {
            if let ("values", Node::Map(values, _)) = (entry.key.as_ref(), &mut entry.value) {
                values.retain(|value| !carried_out.iter().any(|done| *done == value.key));
            }
            flatten(entry.key, entry.at, entry.value, &mut flat);
        }
        for (heading, at, node) in flat {
            let found = self.names.find(&heading);
            let rank = match &found {
                Found::Target(Target::Fact(number)) if Some(*number) == self.key_fact => Some(0),
                _ => self.names.key_rank(&heading).map(|rank| rank.saturating_add(1)),
            };
            if let (Some(rank), Some(text)) = (rank, node.text())
                && best.is_none_or(|best| rank < best)
            {
                best = Some(rank);
                row.key = Some((text.to_owned(), node.span()));
            }
            match found {
                Found::Target(Target::Nothing) => {}
                Found::Target(target) => {
                    if row.given.iter().any(|other| other.target == target) {
                        let twice = Diagnostic::new("E605", at).variant("twice").arg("heading", &heading);
                        row.problems.push(twice);
                    } else {
                        row.given.push(Given { target, node });
                    }
                }
                Found::Ambiguous => {
                    let label =
                        Diagnostic::new("E605", at).variant("label").arg("heading", &heading).help("map");
                    row.problems.push(label);
                }
                Found::Unknown => {
                    if let Some(stray) = stray.as_deref_mut() {
                        stray.push(&heading, at, || self.names.near(&heading));
                    }
                }
            }
        }
        row
    }
}

/// A group of facts stands under one key where a decision was recorded: `last`, `values`, `since`.
fn flatten<'a>(key: Cow<'a, str>, at: Span, node: Node<'a>, out: &mut Vec<(Cow<'a, str>, Span, Node<'a>)>) {
    let (entries, span) = match node {
        Node::Map(entries, span) => (entries, span),
        other @ (Node::Leaf(_) | Node::List(..)) => {
            out.push((key, at, other));
            return;
        }
    };
    match key.as_ref() {
        "last" => {
            for entry in entries {
                if let ("since", Node::Map(days, _)) = (entry.key.as_ref(), &entry.value) {
                    for day in days.clone() {
                        out.push((format!("last.{}.since", day.key).into(), day.at, day.value));
                    }
                } else {
                    out.push((format!("last.{}", entry.key).into(), entry.at, entry.value));
                }
            }
        }
        "values" => out.extend(entries.into_iter().map(|entry| (entry.key, entry.at, entry.value))),
        "since" => {
            out.extend(
                entries
                    .into_iter()
                    .map(|entry| (format!("{}.since", entry.key).into(), entry.at, entry.value)),
            );
        }
        _ => out.push((key, at, Node::Map(entries, span))),
    }
}

fn lines(text: &str, file: FileId) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = 0usize;
    for line in text.split_inclusive('\n') {
        let end = start.saturating_add(line.trim_end().len());
        if !line.trim().is_empty() {
            spans.push(Span::new(file, json::offset(start), json::offset(end)));
        }
        start = start.saturating_add(line.len());
    }
    spans
}

/// The objects that a document lists under one of the keys; the document itself where it lists none.
fn listed(document: Node<'static>, keys: &[&str]) -> Vec<Node<'static>> {
    let found = keys.iter().find_map(|key| match document.get(key) {
        Some(Node::List(items, _)) => Some(items.clone()),
        _ => None,
    });
    match (found, &document) {
        (Some(items), _) => items,
        (None, Node::Map(entries, _)) if entries.is_empty() => Vec::new(),
        (None, _) => vec![document],
    }
}

/// Why a file is no table.
pub(super) fn no_table(error: NoTable, name: &Str, file: FileId) -> Box<Diagnostic> {
    Box::new(match error {
        NoTable::Empty => Diagnostic::nowhere("E602").variant("empty").arg("file", name),
        NoTable::FullWidth(found) => Diagnostic::new("E602", Span::new(file, 0, 0))
            .variant("full_width")
            .arg("file", name)
            .arg("found", found)
            .help("full_width"),
        NoTable::Delimiter => Diagnostic::new("E602", Span::new(file, 0, 0))
            .variant("delimiter")
            .arg("file", name)
            .help("delimiter"),
    })
}

fn broken_json(name: &Str, file: FileId, text: &str, fault: json::Fault) -> Diagnostic {
    let found =
        text.get(fault.at as usize..).and_then(|rest| rest.chars().next()).filter(|ch| !ch.is_whitespace());
    let end = fault.at.saturating_add(json::offset(found.map_or(0, char::len_utf8)));
    let found = found.map_or_else(String::new, |ch| super::convert::clip(&ch.to_string()));
    Diagnostic::new("E602", Span::new(file, fault.at, end))
        .variant(fault.what)
        .arg("file", name)
        .arg("found", found)
}

impl Given<'_> {
    /// Whether nothing is given.
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.node, Node::Leaf(leaf) if leaf.shape == Shape::Null)
    }
}
