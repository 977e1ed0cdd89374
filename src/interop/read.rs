//! Rows of files to facts of customers.

use std::collections::{BTreeMap, BTreeSet};

use super::convert::{Asked, Converter, Path, absent, clip};
use super::mapping::Styles;
use super::names::{Found, Names, Target};
use super::node::{Leaf, Node, Shape};
use super::rows::{Given, Row, Rows, Source};
use super::{Item, Reject};
use crate::base::{Idx, Span, Str, nearest};
use crate::diag::Diagnostic;
use crate::eval::{Facts, Origin, Origins, Records};
use crate::value::{EnumSort, Field, FieldId, FieldType, MOST_ITEMS, Schema, Value};

/// The files of a run, understood; makes the facts of each customer when asked.
#[derive(Debug)]
pub struct Reader<'a> {
    pub(super) schema: &'a Schema,
    pub(super) customers: Source,
    pub(super) styles: Styles,
    /// Whether the customers have no key at all and are known by the numbers of their rows.
    pub(super) numbered: bool,
    /// The customers by key: for duplicates, for joins, and to find one. In order of the key, then of the row.
    pub(super) keys: Vec<(Str, u32)>,
    pub(super) lists: Vec<ListFile>,
    /// How the items of each list that stand inside their customers are read, by the list's name.
    pub(super) nested: BTreeMap<Str, (Names, Styles)>,
    pub(super) last: Option<LastFile>,
    pub(super) strays: Vec<Reject>,
    pub(super) notes: Vec<Diagnostic>,
    pub(super) origins: bool,
    pub(super) needed: Option<BTreeSet<FieldId>>,
}

/// The file of one list.
#[derive(Debug)]
pub(super) struct ListFile {
    pub(super) name: Str,
    pub(super) field: FieldId,
    pub(super) source: Source,
    pub(super) styles: Styles,
    /// The items by the customer's key.
    pub(super) keys: Vec<(Str, u32)>,
}

/// What was decided the last time.
#[derive(Debug)]
pub(super) struct LastFile {
    pub(super) source: Source,
    pub(super) styles: Styles,
    /// The row of each customer; the second says that two rows are equally late.
    pub(super) rows: BTreeMap<Str, (u32, bool)>,
}

impl<'a> Reader<'a> {
    /// How many customers the file has, sound or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.customers.rows.len()
    }

    /// Whether the file has no customer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What a reader should know: columns that are not read.
    #[must_use]
    pub fn notes(&self) -> &[Diagnostic] {
        &self.notes
    }

    /// The items of lists that belong to no customer.
    #[must_use]
    pub fn strays(&self) -> &[Reject] {
        &self.strays
    }

    /// The place of the customer of this key; the first where several have it.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<usize> {
        rows_of(&self.keys, id).first().map(|(_, row)| *row as usize)
    }

    /// The keys that are nearest to one that no customer has.
    #[must_use]
    pub fn nearest(&self, id: &str) -> Option<&str> {
        nearest(id, self.keys.iter().map(|(key, _)| &**key))
    }

    /// The headings of the customers' file, or of a list's, where it is a table: for the rejects.
    pub(super) fn headings(&self, list: Option<&str>) -> Option<(Vec<Str>, u8)> {
        let rows = match list {
            None => &self.customers.rows,
            Some(list) => &self.lists.iter().find(|file| &*file.name == list)?.source.rows,
        };
        let headings = rows.headings()?.iter().map(|heading| Str::from(&*heading.text)).collect();
        Some((headings, rows.delimiter()))
    }

    /// The facts of a customer, by its place in the file.
    ///
    /// # Errors
    ///
    /// The customer as it came, with all that is wrong. A place behind the last customer has nothing wrong and no text.
    pub fn customer(&self, place: usize) -> Result<Facts, Box<Reject>> {
        let Some(mut row) = self.customers.row(place, None) else {
            return Err(Box::new(self.reject(
                place,
                None,
                Span::new(self.customers.rows.file, 0, 0),
                Vec::new(),
            )));
        };
        let mut problems = std::mem::take(&mut row.problems);
        let id = self.id(place, &row, &mut problems);
        if let Some(id) = &id {
            self.duplicate(place, id, &row, &mut problems);
        }
        let span = row.span;
        if problems.is_empty() {
            let facts = self.facts(id.clone().unwrap_or_default(), &row, &mut problems);
            if problems.is_empty() {
                return Ok(facts);
            }
        }
        Err(Box::new(self.reject(place, id, span, problems)))
    }

    /// The customer's key: the fact that is the key, the usual column, or the number of the row.
    fn id(&self, place: usize, row: &Row<'_>, problems: &mut Vec<Diagnostic>) -> Option<Str> {
        match &row.key {
            Some((key, _)) => Some(Str::from(key.as_str())),
            None if self.numbered => Some(Str::from(place.saturating_add(1).to_string())),
            None => {
                if problems.is_empty() {
                    problems.push(Diagnostic::new("E620", row.span));
                }
                None
            }
        }
    }

    fn duplicate(&self, place: usize, id: &str, row: &Row<'_>, problems: &mut Vec<Diagnostic>) {
        let same = rows_of(&self.keys, id);
        if same.len() < 2 {
            return;
        }
        let at = row.key.as_ref().map_or(row.span, |(_, span)| *span);
        let mut problem = Diagnostic::new("E614", at).arg("id", clip(id)).arg("count", same.len());
        let other = same.iter().find(|(_, row)| *row as usize != place).and_then(|(_, row)| {
            let row = self.customers.row(*row as usize, None)?;
            Some(row.key.map_or(row.span, |(_, span)| span))
        });
        if let Some(other) = other {
            problem = problem.label(other, "other");
        }
        problems.push(problem);
    }

    /// A customer that is sound in itself and yet not decided, with why.
    #[must_use]
    pub fn refuse(&self, place: usize, why: Diagnostic) -> Option<Reject> {
        let mut row = self.customers.row(place, None)?;
        let mut problems = std::mem::take(&mut row.problems);
        let id = self.id(place, &row, &mut problems);
        let span = row.key.as_ref().map_or(row.span, |(_, span)| *span);
        problems.push(Diagnostic { span: Some(span), ..why });
        Some(self.reject(place, id, row.span, problems))
    }

    fn reject(&self, place: usize, id: Option<Str>, span: Span, mut problems: Vec<Diagnostic>) -> Reject {
        let personal = self.schema.has_personal();
        for problem in &mut problems {
            // The line holds what is personal, whatever is wrong in it.
            problem.hides_text = personal;
            self.locate(problem);
        }
        problems.sort_by_key(|problem| problem.span.map(|span| (span.file, span.start)));
        let mut items = Vec::new();
        // The items of two customers of one key belong to neither alone; the first takes them along.
        let first = id.as_ref().is_some_and(|id| self.find(id) == Some(place));
        for file in self.lists.iter().filter(|_| first) {
            for (_, row) in id.iter().flat_map(|id| rows_of(&file.keys, id)) {
                let row = *row as usize;
                let span = file.source.row(row, None).map_or(span, |row| row.span);
                items.push(Item { list: file.name.clone(), span, original: file.source.rows.original(row) });
            }
        }
        Reject { id, list: None, span, problems, original: self.customers.rows.original(place), items }
    }

    /// Names the cell of a problem in a workbook, whose picture has lines and columns that nobody sees.
    pub(super) fn locate(&self, problem: &mut Diagnostic) {
        let cell = problem.span.and_then(|span| {
            self.all_rows().find(|rows| rows.file == span.file).and_then(|rows| rows.cell(span.start))
        });
        let at = cell.map_or_else(String::new, |(sheet, cell)| format!("`{sheet}!{cell}`: "));
        problem.args.push(("at", Str::from(at)));
    }

    fn all_rows(&self) -> impl Iterator<Item = &Rows> {
        let lists = self.lists.iter().map(|file| &file.source.rows);
        let last = self.last.iter().map(|file| &file.source.rows);
        std::iter::once(&self.customers.rows).chain(lists).chain(last)
    }

    pub(super) fn lenient(&self, field: FieldId) -> bool {
        self.needed.as_ref().is_some_and(|needed| !needed.contains(&field))
    }

    fn facts(&self, id: Str, row: &Row<'_>, problems: &mut Vec<Diagnostic>) -> Facts {
        let mut facts = Facts::unknown(id, self.schema);
        let mut origins = self.origins.then(|| Box::new(Origins::default()));
        let mut elements: BTreeMap<u32, BTreeMap<u32, Node<'_>>> = BTreeMap::new();
        let mut given: Vec<Option<&Node<'_>>> = vec![None; self.schema.fields.len()];
        for Given { target, node } in &row.given {
            match target {
                Target::Fact(number) => {
                    if let Some(place) = given.get_mut(*number as usize) {
                        *place = Some(node);
                    }
                }
                Target::Element(number, place) => {
                    elements.entry(*number).or_default().insert(*place, node.clone());
                }
                Target::Nothing => {}
            }
        }
        let lists: BTreeMap<u32, Node<'_>> = elements
            .into_iter()
            .filter_map(|(number, values)| Some((number, self.columns_list(values)?)))
            .collect();
        let last = self.last_row(&facts.id, row.span, problems);
        let last_given = last.iter().flat_map(|row| &row.given).filter(|given| !given.is_null());
        let last_given: BTreeMap<u32, &Node<'_>> = last_given
            .filter_map(|given| match given.target {
                Target::Fact(number) => Some((number, &given.node)),
                Target::Element(..) | Target::Nothing => None,
            })
            .collect();
        for (field, declared) in self.schema.fields.iter_enumerated() {
            let whole = given
                .get(field.place())
                .copied()
                .flatten()
                .filter(|node| !self.converter(&self.styles).blank(node));
            let (node, styles) = match (whole, lists.get(&field.0)) {
                (Some(node), Some(list)) => {
                    let twice =
                        Diagnostic::new("E605", list.span()).variant("fact").arg("fact", &declared.name);
                    problems.push(twice.label(node.span(), "whole"));
                    continue;
                }
                (None, Some(list)) => (Some(list), &self.styles),
                (Some(node), None) => (Some(node), &self.styles),
                (None, None) => match (last_given.get(&field.0), &self.last) {
                    (Some(node), Some(file)) => (Some(*node), &file.styles),
                    _ => (None, &self.styles),
                },
            };
            let converter = self.converter(styles);
            let node = node.filter(|node| !converter.blank(node));
            let origin = node.filter(|_| self.origins).and_then(|node| self.origin(node));
            let asked = Asked {
                field: declared,
                name: Path::fact(&declared.name),
                unit: &declared.name,
                unknown: field.0,
                lenient: self.lenient(field),
            };
            if let FieldType::Records(fields) = &declared.ty {
                let from_last = whole.is_none();
                self.records(
                    &mut facts,
                    field,
                    fields,
                    node.map(|node| (node, from_last)),
                    row.span,
                    origins.as_deref_mut(),
                    problems,
                );
            } else {
                let value = match node {
                    Some(node) => converter.value(asked, node, problems),
                    None => absent(asked, row.span, problems),
                };
                if let Some(value) = value {
                    facts.set(field, value);
                }
            }
            if let Some(origins) = &mut origins {
                origins.values.push(origin);
            }
        }
        facts.origins = origins;
        facts
    }

    fn converter<'b>(&'b self, styles: &'b Styles) -> Converter<'b> {
        Converter { schema: self.schema, styles }
    }

    /// The values of `collections.1 … collections.6` as one list; none where all are empty. Empty ones at the end are no
    /// values; an empty one before a given one is a value that is missing.
    fn columns_list<'n>(&self, values: BTreeMap<u32, Node<'n>>) -> Option<Node<'n>> {
        let converter = self.converter(&self.styles);
        let last = *values.iter().rfind(|(_, node)| !converter.blank(node))?.0;
        let span = values.values().next()?.span();
        let mut values = values;
        let items = (0..=last)
            .map(|place| {
                let nothing = Leaf { text: "".into(), shape: Shape::Null, span };
                values.remove(&place).unwrap_or(Node::Leaf(nothing))
            })
            .collect();
        Some(Node::List(items, span))
    }

    fn last_row(&self, id: &str, at: Span, problems: &mut Vec<Diagnostic>) -> Option<Row<'_>> {
        let file = self.last.as_ref()?;
        let (row, twice) = file.rows.get(id)?;
        let mut row = file.source.row(*row as usize, None)?;
        if *twice {
            let place = row.key.as_ref().map_or(row.span, |(_, span)| *span);
            problems.push(Diagnostic::new("E621", place).arg("id", clip(id)).label(at, "customer"));
        }
        problems.append(&mut row.problems);
        Some(row)
    }

    fn origin(&self, node: &Node<'_>) -> Option<Origin> {
        let span = node.span();
        let rows = self.all_rows().find(|rows| rows.file == span.file)?;
        let written = match node {
            Node::Leaf(leaf) => Str::from(&*leaf.text),
            // The values of columns stand at the place of the first.
            Node::List(items, _) if items.first().is_some_and(|item| item.span() == span) => {
                let texts: Vec<&str> = items.iter().map(|item| item.text().unwrap_or("")).collect();
                Str::from(texts.join(";"))
            }
            Node::List(..) | Node::Map(..) => rows.written(span),
        };
        Some(Origin { file: rows.name.clone(), place: rows.place(span), written })
    }

    /// The items of a list: inside the customer, in a file of their own, or from the last decision.
    #[expect(clippy::too_many_arguments, reason = "one customer's state, which lives for this call alone")]
    fn records(
        &self,
        facts: &mut Facts,
        field: FieldId,
        fields: &[Field],
        node: Option<(&Node<'_>, bool)>,
        at: Span,
        mut origins: Option<&mut Origins>,
        problems: &mut Vec<Diagnostic>,
    ) {
        let Some(declared) = self.schema.fields.get(field) else { return };
        let file = self.lists.iter().find(|file| file.field == field);
        let before = problems.len();
        let mut items = Items {
            list: &declared.name,
            field,
            fields,
            records: Records::empty(field, fields.len()),
            origins: Vec::new(),
            keys: BTreeMap::new(),
        };
        let mut known = true;
        match (node, file) {
            (Some((node, _)), Some(file)) => {
                let twice = Diagnostic::new("E605", node.span()).variant("list").arg("fact", &declared.name);
                problems.push(twice.arg("file", &file.source.rows.name));
            }
            (Some((Node::List(nodes, span), from_last)), None) => {
                if nodes.len() > MOST_ITEMS {
                    problems.push(too_many(&declared.name, *span, nodes.len()));
                } else if let Some((names, styles)) = self.nested.get(&declared.name) {
                    let styles = self.last.as_ref().filter(|_| from_last).map_or(styles, |file| &file.styles);
                    for node in nodes {
                        let row = nested_row(names, node, problems);
                        items.add(self, styles, &row, problems);
                    }
                }
            }
            (Some((node, _)), None) => {
                let wrong = Diagnostic::new("E611", node.span()).arg("fact", &declared.name);
                let wrong = wrong.arg("value", super::convert::shown(node));
                problems.push(match node {
                    Node::Leaf(_) => wrong.variant("file").help("list"),
                    Node::List(..) | Node::Map(..) => wrong.variant("records"),
                });
            }
            (None, Some(file)) => {
                let rows = rows_of(&file.keys, &facts.id);
                if rows.len() > MOST_ITEMS {
                    problems.push(too_many(&declared.name, at, rows.len()));
                } else {
                    for (_, row) in rows {
                        if let Some(mut row) = file.source.row(*row as usize, None) {
                            problems.append(&mut row.problems);
                            items.add(self, &file.styles, &row, problems);
                        }
                    }
                }
            }
            (None, None) => {
                let asked = Asked {
                    field: declared,
                    name: Path::fact(&declared.name),
                    unit: &declared.name,
                    unknown: field.0,
                    lenient: self.lenient(field),
                };
                known = absent(asked, at, problems).is_some_and(|value| value.is_known());
            }
        }
        if let Some(origins) = &mut origins {
            origins.records.push(items.origins);
        }
        if problems.len() == before {
            if let Some(records) = facts.records_mut(field) {
                *records = items.records;
            }
            if known {
                facts.set(field, Value::List(std::sync::Arc::from([])));
            }
        }
    }
}

/// The items of one list of one customer, while they are read.
struct Items<'a> {
    list: &'a Str,
    field: FieldId,
    fields: &'a [Field],
    records: Records,
    origins: Vec<Vec<Option<Origin>>>,
    keys: BTreeMap<String, Span>,
}

impl Items<'_> {
    fn add(&mut self, reader: &Reader<'_>, styles: &Styles, row: &Row<'_>, problems: &mut Vec<Diagnostic>) {
        let converter = reader.converter(styles);
        let mut values = Vec::with_capacity(self.fields.len());
        if self.origins.is_empty() && reader.origins {
            self.origins = vec![Vec::new(); self.fields.len()];
        }
        for (number, field) in numbered(self.fields) {
            let node =
                row.given.iter().find(|given| given.target == Target::Fact(number)).map(|given| &given.node);
            let elements: BTreeMap<u32, Node<'_>> = row
                .given
                .iter()
                .filter_map(|given| match given.target {
                    Target::Element(list, place) if list == number => Some((place, given.node.clone())),
                    Target::Element(..) | Target::Fact(_) | Target::Nothing => None,
                })
                .collect();
            let list = if node.is_none() { reader.columns_list(elements) } else { None };
            let node = node.or(list.as_ref()).filter(|node| !converter.blank(node));
            let name = Path { list: Some(self.list), name: &field.name, place: None };
            let asked = Asked { field, name, unit: &field.name, unknown: self.field.0, lenient: false };
            let value = match node {
                Some(node) => converter.value(asked, node, problems),
                None => absent(asked, row.span, problems),
            };
            if let (true, Some(value), Some(node)) = (field.key, &value, node) {
                let at = node.span();
                if let Some(first) = self.keys.insert(format!("{value:?}"), at) {
                    let twice = Diagnostic::new("E615", at).arg("fact", name).label(first, "first");
                    problems.push(twice.arg("value", super::convert::shown(node)));
                }
            }
            if let Some(origins) = self.origins.get_mut(number as usize) {
                origins.push(node.and_then(|node| reader.origin(node)));
            }
            values.extend(value);
        }
        if let Some(problem) = self.ends_early(reader, row, &values) {
            problems.push(problem);
        }
        self.records.push(values);
    }

    /// An exception whose last day is before its first: it would never hold, and nobody would know.
    fn ends_early(&self, reader: &Reader<'_>, row: &Row<'_>, values: &[Value]) -> Option<Diagnostic> {
        let exception = self.fields.iter().any(|field| match field.ty {
            FieldType::Enum(kind) => reader
                .schema
                .enums
                .get(kind)
                .is_some_and(|kind| kind.sort == EnumSort::BuiltIn && &*kind.name == "scope"),
            _ => false,
        });
        let place = |name: &str| self.fields.iter().position(|field| &*field.name == name);
        let (from, until) = (place("from").filter(|_| exception)?, place("until")?);
        let (Some(Value::Date(first)), Some(Value::Date(last))) = (values.get(from), values.get(until))
        else {
            return None;
        };
        if last >= first {
            return None;
        }
        let at = |place: usize| {
            let given = row.given.iter().find(|given| match given.target {
                Target::Fact(number) => number as usize == place,
                Target::Element(..) | Target::Nothing => false,
            });
            given.map(|given| given.node.span())
        };
        let told = Diagnostic::new("E677", at(until).unwrap_or(row.span)).arg("list", self.list);
        let told = told.arg("from", first).arg("until", last).help("days");
        Some(match at(from) {
            Some(from) => told.label(from, "from"),
            None => told,
        })
    }
}

/// An object of a nested list. A key that no field of the list has was noted when the file was opened.
fn nested_row<'n>(names: &Names, node: &Node<'n>, problems: &mut Vec<Diagnostic>) -> Row<'n> {
    let mut row = Row { span: node.span(), given: Vec::new(), key: None, problems: Vec::new() };
    let Node::Map(entries, _) = node else {
        problems.push(Diagnostic::new("E617", node.span()).variant("object"));
        return row;
    };
    for entry in entries {
        if let Found::Target(target @ (Target::Fact(_) | Target::Element(..))) = names.find(&entry.key) {
            if row.given.iter().any(|given| given.target == target) {
                problems.push(Diagnostic::new("E605", entry.at).variant("twice").arg("heading", &entry.key));
            } else {
                row.given.push(Given { target, node: entry.value.clone() });
            }
        }
    }
    row
}

fn too_many(fact: &str, at: Span, found: usize) -> Diagnostic {
    Diagnostic::new("E616", at)
        .variant("many")
        .arg("fact", fact)
        .arg("found", found)
        .arg("expected", MOST_ITEMS)
}

/// The rows of one key.
pub(super) fn rows_of<'k>(keys: &'k [(Str, u32)], id: &str) -> &'k [(Str, u32)] {
    let start = keys.partition_point(|(key, _)| **key < *id);
    let rest = keys.get(start..).unwrap_or(&[]);
    rest.get(..rest.partition_point(|(key, _)| **key == *id)).unwrap_or(&[])
}

pub(super) fn numbered(fields: &[Field]) -> impl Iterator<Item = (u32, &Field)> + Clone {
    (0u32..).zip(fields)
}
