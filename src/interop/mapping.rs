//! What a user declares about a file: which heading is which fact, how numbers and dates are written, which word is which member.
//!
//! ```toml
//! key = "Kundennummer"                 # the column that names the customer
//!
//! [columns]                            # heading = fact; "-" for a column that is not read
//! "Umsatz" = "quarter_orders"
//! "Bearbeiter" = "-"
//!
//! [numbers]
//! style = "1.234,56"                   # by example; plain 1234.56 where nothing is declared
//! negative = "500-"                    # besides -500: "500-" or "(500)"
//! percent = "figure"                   # 12.5 means 12.5%; "fraction": 0.125 does; "sign": only 12.5% does
//! marks = ["€"]                        # may stand around a figure and mean nothing
//! wan = true                           # 120万 and 1.5亿 are numbers
//!
//! [dates]
//! style = "01.10.2026"                 # or a pattern, "dd.mm.yyyy"; or a list of them
//!
//! [yes_no]
//! yes = ["J"]
//! no = ["N"]
//!
//! [unknown]
//! words = ["n/a", "-"]                 # cells that give nothing
//!
//! [values.debtor_type]                 # word = member of the kind
//! "强" = "tough"
//!
//! [units]
//! current_assets = 10_000              # the file counts in 万元
//!
//! [lists.invoices]                     # the same for a list's own file; what it does not say is as above
//! key = "Kunde"
//! columns = { "Betrag" = "amount" }
//! ```

use std::collections::BTreeMap;

use super::convert::{exact, member};
use super::node::{Entry, Node, Shape};
use crate::base::{Span, Str, nearest};
use crate::diag::Diagnostic;
use crate::value::office::{DatePattern, DateStyle, NumberStyle, PercentStyle, parse_office_date};
use crate::value::{Field, FieldType, Number, Schema};

/// What is declared about a file of customers and about the files of its lists.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Mapping {
    /// The file of customers.
    pub(super) file: FileMapping,
    /// The file of each list, by the list's name.
    pub(super) lists: BTreeMap<String, FileMapping>,
}

/// What is declared about one file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct FileMapping {
    /// The heading of the customer's key.
    pub key: Option<String>,
    /// Facts by heading; `-` for a column that is not read.
    pub columns: BTreeMap<String, String>,
    /// How values are written.
    pub styles: Styles,
}

/// How the values of a file are written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Styles {
    pub numbers: NumberStyle,
    /// The mapping itself says which mark stands before the decimals.
    pub numbers_said: bool,
    pub dates: DateStyle,
    /// The mapping itself says how days are written.
    pub dates_said: bool,
    pub yes: Vec<String>,
    pub no: Vec<String>,
    pub unknown: Vec<String>,
    /// Members by word, by kind.
    pub members: BTreeMap<String, BTreeMap<String, String>>,
    /// By what a figure is multiplied, by the fact's name.
    pub units: BTreeMap<String, Number>,
}

impl Mapping {
    /// Declares how numbers and days are written in the files about which the mapping itself says nothing else.
    pub fn declare(&mut self, numbers: Option<NumberStyle>, dates: Option<DateStyle>) {
        for styles in
            std::iter::once(&mut self.file.styles).chain(self.lists.values_mut().map(|list| &mut list.styles))
        {
            // What the mapping says of percents, of marks, of figures below zero stands beside the marks declared here.
            if let Some(numbers) = numbers.as_ref().filter(|_| !styles.numbers_said) {
                styles.numbers.group = numbers.group;
                styles.numbers.point = numbers.point;
            }
            if let Some(dates) = dates.as_ref().filter(|_| !styles.dates_said) {
                styles.dates = dates.clone();
            }
        }
    }

    /// What is declared about the items of a list, in a file of their own or inside their customers.
    pub(super) fn list(&self, name: &str) -> FileMapping {
        self.lists.get(name).cloned().unwrap_or_else(|| self.file.for_list())
    }
}

impl FileMapping {
    /// A list's file is written as the customers' is, unless it says something else. Units belong to facts, and a field of a list
    /// that has the name of a customer's fact is another fact.
    fn for_list(&self) -> FileMapping {
        let styles = Styles { units: BTreeMap::new(), ..self.styles.clone() };
        FileMapping { styles, ..FileMapping::default() }
    }
}

/// Reads a mapping file against the facts of a policy.
///
/// # Errors
///
/// Every slip in it: a word that means nothing here, a fact, kind or member that the policy does not have, a style that
/// does not say which mark is which.
pub(super) fn parse(document: &Node<'_>, schema: &Schema) -> Result<Mapping, Vec<Diagnostic>> {
    let mut reader = MappingReader { schema, problems: Vec::new() };
    let mut mapping = Mapping::default();
    let customers: Vec<&Field> = schema.fields.iter().collect();
    reader.file(document, &customers, true, &mut mapping.file);
    if let Some(lists) = document.get("lists") {
        for entry in reader.table(lists) {
            let Some(FieldType::Records(fields)) =
                schema.find(&entry.key).and_then(|id| schema.fields.get(id)).map(|field| &field.ty)
            else {
                let all = schema.fields.iter().filter(|field| matches!(field.ty, FieldType::Records(_)));
                let near = nearest(&entry.key, all.map(|field| &*field.name));
                reader.slip("list", entry.at, &entry.key, near);
                continue;
            };
            let mut list = mapping.file.for_list();
            reader.file(&entry.value, &fields.iter().collect::<Vec<_>>(), false, &mut list);
            mapping.lists.insert(entry.key.clone().into_owned(), list);
        }
    }
    if reader.problems.is_empty() { Ok(mapping) } else { Err(reader.problems) }
}

struct MappingReader<'a> {
    schema: &'a Schema,
    problems: Vec<Diagnostic>,
}

const WORDS: [&str; 9] =
    ["key", "columns", "numbers", "dates", "yes_no", "unknown", "values", "units", "lists"];

impl MappingReader<'_> {
    fn slip(&mut self, variant: &'static str, at: Span, written: &str, near: Option<&str>) {
        let problem = Diagnostic::new("E603", at).variant(variant).arg("written", written);
        self.problems.push(match near {
            Some(near) => problem.arg("near", near).help("near"),
            None => problem,
        });
    }

    fn table<'n>(&mut self, node: &'n Node<'n>) -> &'n [Entry<'n>] {
        if let Node::Map(entries, _) = node {
            entries
        } else {
            self.slip("table", node.span(), "", None);
            &[]
        }
    }

    fn text(&mut self, node: &Node<'_>) -> Option<String> {
        match node {
            Node::Leaf(leaf) if leaf.shape == Shape::Written => Some(leaf.text.clone().into_owned()),
            Node::Leaf(_) | Node::List(..) | Node::Map(..) => {
                self.slip("text", node.span(), "", None);
                None
            }
        }
    }

    fn texts(&mut self, node: &Node<'_>) -> Vec<String> {
        match node {
            Node::List(items, _) => items.iter().filter_map(|item| self.text(item)).collect(),
            Node::Leaf(_) | Node::Map(..) => self.text(node).into_iter().collect(),
        }
    }

    fn file(&mut self, node: &Node<'_>, fields: &[&Field], top: bool, file: &mut FileMapping) {
        for entry in self.table(node) {
            let value = &entry.value;
            match entry.key.as_ref() {
                "key" => file.key = self.text(value),
                "columns" => self.columns(value, fields, &mut file.columns),
                "numbers" => self.numbers(value, &mut file.styles),
                "dates" => self.dates(value, &mut file.styles),
                "yes_no" => {
                    for entry in self.table(value) {
                        match entry.key.as_ref() {
                            "yes" => file.styles.yes = self.texts(&entry.value),
                            "no" => file.styles.no = self.texts(&entry.value),
                            other => self.slip("word", entry.at, other, nearest(other, ["yes", "no"])),
                        }
                    }
                }
                "unknown" => {
                    for entry in self.table(value) {
                        match entry.key.as_ref() {
                            "words" => file.styles.unknown = self.texts(&entry.value),
                            other => self.slip("word", entry.at, other, nearest(other, ["words"])),
                        }
                    }
                }
                "values" => self.members(value, &mut file.styles),
                "units" => self.units(value, fields, &mut file.styles),
                "lists" if top => {}
                other => self.slip("word", entry.at, other, nearest(other, WORDS)),
            }
        }
    }

    fn columns(&mut self, node: &Node<'_>, fields: &[&Field], columns: &mut BTreeMap<String, String>) {
        for entry in self.table(node) {
            let Some(fact) = self.text(&entry.value) else { continue };
            let base =
                fact.trim_end_matches(']').rsplit_once(['.', '[']).map_or(fact.as_str(), |(base, _)| base);
            let known = |name: &str| fields.iter().any(|field| &*field.name == name);
            let list =
                fields.iter().any(|field| &*field.name == base && matches!(field.ty, FieldType::List { .. }));
            if fact == "-" || known(&fact) || list {
                columns.insert(entry.key.clone().into_owned(), fact);
            } else {
                let near = nearest(&fact, fields.iter().map(|field| &*field.name));
                self.slip("fact", entry.value.span(), &fact, near);
            }
        }
    }

    fn numbers(&mut self, node: &Node<'_>, styles: &mut Styles) {
        let numbers = &mut styles.numbers;
        for entry in self.table(node) {
            let at = entry.value.span();
            match entry.key.as_ref() {
                "marks" => {
                    numbers.marks = self.texts(&entry.value).into_iter().map(Str::from).collect();
                    continue;
                }
                "wan" => {
                    match &entry.value {
                        Node::Leaf(leaf) if leaf.shape == Shape::Bool => numbers.wan = leaf.text == "true",
                        Node::Leaf(_) | Node::List(..) | Node::Map(..) => self.slip("flag", at, "", None),
                    }
                    continue;
                }
                _ => {}
            }
            let Some(text) = self.text(&entry.value) else { continue };
            match entry.key.as_ref() {
                "style" => match NumberStyle::of_sample(&text) {
                    Some(NumberStyle { group, point, .. }) => {
                        (numbers.group, numbers.point) = (group, point);
                        styles.numbers_said = true;
                    }
                    None => self.slip("number", at, &text, None),
                },
                "negative" => match text.trim() {
                    "-500" => {}
                    "500-" => numbers.trailing_minus = true,
                    "(500)" => numbers.parentheses = true,
                    _ => self.slip("negative", at, &text, None),
                },
                "percent" => match text.trim() {
                    "sign" => numbers.percent = PercentStyle::Signed,
                    "figure" => numbers.percent = PercentStyle::Figure,
                    "fraction" => numbers.percent = PercentStyle::Fraction,
                    _ => self.slip("percent", at, &text, None),
                },
                other => {
                    let near = nearest(other, ["style", "negative", "percent", "marks", "wan"]);
                    self.slip("word", entry.at, other, near);
                }
            }
        }
    }

    fn dates(&mut self, node: &Node<'_>, styles: &mut Styles) {
        for entry in self.table(node) {
            if entry.key != "style" {
                self.slip("word", entry.at, &entry.key, nearest(&entry.key, ["style"]));
                continue;
            }
            let texts = self.texts(&entry.value);
            let patterns: Option<Vec<DatePattern>> = texts.iter().map(|text| date_pattern(text)).collect();
            match patterns.and_then(|patterns| DateStyle::new(&patterns)) {
                Some(style) => {
                    styles.dates = style;
                    styles.dates_said = true;
                }
                None => self.slip("date", entry.value.span(), &texts.join("`, `"), None),
            }
        }
    }

    fn members(&mut self, node: &Node<'_>, styles: &mut Styles) {
        for entry in self.table(node) {
            let Some(kind) = self.schema.enums.iter().find(|kind| *kind.name == *entry.key) else {
                let near = nearest(&entry.key, self.schema.enums.iter().map(|kind| &*kind.name));
                self.slip("kind", entry.at, &entry.key, near);
                continue;
            };
            let words = styles.members.entry(kind.name.to_string()).or_default();
            for word in self.table(&entry.value) {
                let Some(name) = self.text(&word.value) else { continue };
                if member(kind, &name).is_some() {
                    words.insert(word.key.clone().into_owned(), name);
                } else {
                    let near = nearest(&name, kind.members.iter().map(|member| &*member.name));
                    self.slip("member", word.value.span(), &name, near);
                }
            }
        }
    }

    fn units(&mut self, node: &Node<'_>, fields: &[&Field], styles: &mut Styles) {
        for entry in self.table(node) {
            if !fields.iter().any(|field| *field.name == *entry.key) {
                let near = nearest(&entry.key, fields.iter().map(|field| &*field.name));
                self.slip("fact", entry.at, &entry.key, near);
                continue;
            }
            let factor = match &entry.value {
                Node::Leaf(leaf) if matches!(leaf.shape, Shape::Number | Shape::Written) => exact(&leaf.text),
                Node::Leaf(_) | Node::List(..) | Node::Map(..) => None,
            };
            match factor.filter(Number::is_positive) {
                Some(factor) => {
                    styles.units.insert(entry.key.clone().into_owned(), factor);
                }
                None => self.slip("factor", entry.value.span(), "", None),
            }
        }
    }
}

/// The pattern of a name (`dd.mm.yyyy`), or of a day that can be read in one pattern only: `01.10.2026`, but not `01/10/2026`.
fn date_pattern(text: &str) -> Option<DatePattern> {
    if let Some(pattern) = DatePattern::parse(text.trim()) {
        return Some(pattern);
    }
    let reads = |pattern: &DatePattern| {
        DateStyle::new(&[*pattern]).is_some_and(|style| parse_office_date(text, &style).is_ok())
    };
    let mut found = DatePattern::ALL.into_iter().filter(reads);
    found.next().filter(|_| found.next().is_none())
}

/// The name of a list, as a path in messages.
pub(super) fn path(list: &Str, field: &Str) -> String {
    format!("{list}.{field}")
}
