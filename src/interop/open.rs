//! The files of a run, opened: which column is which fact, where the customers' keys stand, which items belong to whom.

use std::collections::{BTreeMap, BTreeSet};

use super::convert::clip;
use super::mapping::{FileMapping, Styles, path};
use super::names::{Found, KeyRule, Names, Target, canonical};
use super::node::Node;
use super::read::{LastFile, ListFile, Reader, numbered, rows_of};
use super::rows::{Row, Rows, Source, Stray, Strays};
use super::{Format, Input, Reject, Request};
use crate::base::{Idx, SourceMap, Span, Str, nearest};
use crate::diag::Diagnostic;
use crate::value::office::PercentStyle;
use crate::value::{Date, Default, Field, FieldId, FieldType, Schema};

/// How many customers a note names before it counts.
const NAMED: usize = 3;

/// For how many items without a customer the nearest key is sought, and among how many keys: comparing all of a large
/// book with all of another would take hours, and the first few show what is wrong.
const SUGGESTED: usize = 20;
const COMPARED: usize = 100_000;

impl<'a> Reader<'a> {
    /// Takes the files in: their text, headings and keys.
    ///
    /// # Errors
    ///
    /// What keeps the files from being read at all, all of it at once.
    pub fn open(
        schema: &'a Schema,
        request: Request,
        sources: &mut SourceMap,
    ) -> Result<Reader<'a>, Vec<Diagnostic>> {
        let mut opening = Opening { schema, problems: Vec::new(), strays: Vec::new() };
        let Request { customers, lists, last, mapping, strict, origins, needed } = request;
        let key_fact = schema.fields.iter_enumerated().find(|(_, field)| field.key).map(|(id, _)| id);
        let customers = opening.customers(customers, &mapping.file, key_fact, sources);
        let mut files: Vec<ListFile> = Vec::new();
        for (name, input) in lists {
            let declared = mapping.list(&name);
            let headings = customers.as_ref().and_then(key_heading).into_iter();
            files.extend(opening.list(name, input, declared, key_fact, headings.collect(), sources));
        }
        let last = last.and_then(|input| opening.last(input, key_fact, sources));
        let Some(customers) = customers else { return Err(opening.problems) };
        let nested = schema
            .fields
            .iter()
            .filter_map(|field| match &field.ty {
                FieldType::Records(fields) => Some((field, fields)),
                _ => None,
            })
            .map(|(field, fields)| {
                let declared = mapping.list(&field.name);
                let key = KeyRule { headings: customer_headings(schema, key_fact), usual: false };
                (field.name.clone(), (Names::new(numbered(fields), &declared.columns, key), declared.styles))
            })
            .collect();
        let mut reader = Reader {
            schema,
            customers,
            styles: mapping.file.styles,
            numbered: false,
            keys: Vec::new(),
            lists: files,
            nested,
            last,
            strays: Vec::new(),
            notes: Vec::new(),
            origins,
            needed,
        };
        reader.columns(&mut opening.problems);
        reader.index(&mut opening.strays);
        reader.unread(opening.strays, strict, &mut opening.problems);
        if opening.problems.is_empty() {
            reader.join();
            Ok(reader)
        } else {
            Err(opening.problems)
        }
    }
}

/// What is needed while the files are opened.
struct Opening<'a> {
    schema: &'a Schema,
    problems: Vec<Diagnostic>,
    strays: Vec<(Str, Stray)>,
}

/// The key under which a decision that was recorded names its customer.
const RECORDED: &str = "id";

impl Opening<'_> {
    fn source(
        &mut self,
        input: Input,
        keys: &[&str],
        names: Names,
        key_fact: Option<FieldId>,
        sources: &mut SourceMap,
    ) -> Option<(Source, Vec<Stray>)> {
        let mut strays = Strays::default();
        let result = Rows::load(input, keys, sources)
            .map_err(|problem| vec![*problem])
            .and_then(|rows| Source::new(rows, names, key_fact.map(|id| id.0), &mut strays));
        match result {
            Ok(source) => Some((source, strays.found)),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    fn customers(
        &mut self,
        input: Input,
        declared: &FileMapping,
        key_fact: Option<FieldId>,
        sources: &mut SourceMap,
    ) -> Option<Source> {
        let fields = self.schema.fields.iter_enumerated().map(|(id, field)| (id.0, field));
        let key = KeyRule {
            headings: declared.key.iter().map(|key| canonical(key)).collect(),
            usual: key_fact.is_none() && declared.key.is_none(),
        };
        let names = Names::new(fields, &declared.columns, key);
        let (source, strays) = self.source(input, &["customers", "customer"], names, key_fact, sources)?;
        let name = source.rows.name.clone();
        self.strays.extend(strays.into_iter().map(|stray| (name.clone(), stray)));
        if declared.key.is_some() && !source.may_have_key() {
            self.problems.push(no_column(&source, "key", declared.key.as_deref().unwrap_or("")));
        }
        Some(source)
    }

    fn list(
        &mut self,
        name: Str,
        input: Input,
        declared: FileMapping,
        key_fact: Option<FieldId>,
        customers: Vec<String>,
        sources: &mut SourceMap,
    ) -> Option<ListFile> {
        let found = self.schema.fields.iter_enumerated().find(|(_, field)| {
            field.name == name || field.labels.iter().any(|label| canonical(label) == canonical(&name))
        });
        let Some((field, FieldType::Records(fields), list)) =
            found.map(|(id, field)| (id, &field.ty, &field.name))
        else {
            let lists = self.schema.fields.iter().filter(|field| matches!(field.ty, FieldType::Records(_)));
            let near = nearest(&name, lists.map(|field| &*field.name));
            let problem = Diagnostic::nowhere("E604").variant("list").arg("list", &name);
            self.problems.push(match near {
                Some(near) => problem.arg("near", near).help("near"),
                None => problem,
            });
            return None;
        };
        let headings = match &declared.key {
            Some(key) => vec![canonical(key)],
            None => {
                let own = |heading: &String| fields.iter().any(|field| canonical(&field.name) == *heading);
                let all = customer_headings(self.schema, key_fact).into_iter().chain(customers);
                all.filter(|heading| !own(heading)).collect()
            }
        };
        let names = Names::new(numbered(fields), &declared.columns, KeyRule { headings, usual: false });
        let keys = [&*name, &**list, "items"];
        let (source, strays) = self.source(input, &keys, names, None, sources)?;
        let file = source.rows.name.clone();
        self.strays.extend(strays.into_iter().map(|stray| (file.clone(), stray)));
        if !source.may_have_key() {
            self.problems.push(no_column(&source, "join", list).help("join"));
        }
        for (number, field) in numbered(fields) {
            if field.default == Default::Required && !source.may_give(number) {
                self.problems.push(no_column(&source, "item_column", &path(list, &field.name)));
            }
        }
        Some(ListFile { name: list.clone(), field, source, styles: declared.styles, keys: Vec::new() })
    }

    fn last(&mut self, input: Input, key_fact: Option<FieldId>, sources: &mut SourceMap) -> Option<LastFile> {
        let own = matches!(input.format, Format::Json | Format::Jsonl);
        let fields = self.schema.fields.iter_enumerated().map(|(id, field)| (id.0, field));
        let fields = fields.filter(|(_, field)| field.name.starts_with("last."));
        // The day of a recorded decision is the day for which it was made.
        let mut columns = BTreeMap::new();
        if self.schema.find("last.on").is_some() {
            columns.insert(String::from("as_of"), String::from("last.on"));
        }
        let mut headings = vec![RECORDED.to_owned()];
        headings.extend(customer_headings(self.schema, key_fact));
        let names = Names::new(fields, &columns, KeyRule { headings, usual: false }).with_prefix("last.");
        let (source, _) = self.source(input, &["customers", "decisions", "last"], names, None, sources)?;
        if !source.may_have_key() {
            self.problems.push(no_column(&source, "join", "last").help("join"));
        }
        let mut styles = Styles::default();
        if own {
            // A recorded decision gives a percent as its fraction.
            styles.numbers.percent = PercentStyle::Fraction;
        }
        let on = self.schema.find("last.on").map(|id| id.0);
        let mut rows: BTreeMap<Str, (u32, bool, Option<Date>)> = BTreeMap::new();
        for (place, number) in (0..source.rows.len()).zip(0u32..) {
            let Some(row) = source.row(place, None) else { continue };
            let Some((key, _)) = &row.key else { continue };
            let day = row.given.iter().find(|given| on.is_some_and(|on| given.target == Target::Fact(on)));
            let day = day.and_then(|given| given.node.text()).and_then(Date::parse);
            let key = Str::from(key.as_str());
            match rows.get_mut(&key) {
                Some(known) if day > known.2 => *known = (number, false, day),
                Some(known) if day == known.2 => known.1 = true,
                Some(_) => {}
                None => {
                    rows.insert(key, (number, false, day));
                }
            }
        }
        let rows = rows.into_iter().map(|(key, (row, twice, _))| (key, (row, twice))).collect();
        Some(LastFile { source, styles, rows })
    }
}

fn no_column(source: &Source, variant: &'static str, what: &str) -> Diagnostic {
    let file = source.rows.file;
    let at =
        source.rows.headings().and_then(|headings| Some(headings.first()?.span.to(headings.last()?.span)));
    let problem = Diagnostic::new("E604", at.unwrap_or(Span::new(file, 0, 0))).variant(variant);
    problem.arg("file", &source.rows.name).arg("what", what)
}

/// The heading under which a table has the customer's key.
fn key_heading(source: &Source) -> Option<String> {
    source.key_heading().map(canonical)
}

/// The headings that mean the customer in a file that is not the customers'.
fn customer_headings(schema: &Schema, key_fact: Option<FieldId>) -> Vec<String> {
    let own = key_fact.and_then(|id| schema.fields.get(id));
    let names = own.into_iter().flat_map(|field| std::iter::once(&field.name).chain(&field.labels));
    let usual = ["customer", "customer_id", "客户", "客户编号", "客户号"];
    names.map(|name| canonical(name)).chain(usual.map(str::to_owned)).collect()
}

impl Reader<'_> {
    /// Every required fact must have its column, or the file is another one than the policy asks for.
    fn columns(&self, problems: &mut Vec<Diagnostic>) {
        for (id, field) in self.schema.fields.iter_enumerated() {
            let separate = self.lists.iter().any(|file| file.field == id);
            let wanted = field.default == Default::Required && !self.lenient(id) && !separate;
            if wanted && !self.customers.may_give(id.0) {
                let problem = if matches!(field.ty, FieldType::Records(_)) {
                    no_column(&self.customers, "no_list", &field.name).help("list")
                } else {
                    no_column(&self.customers, "column", &field.name)
                };
                problems.push(problem);
            }
        }
    }

    /// Reads the key of every row once, and with it the headings of objects.
    fn index(&mut self, strays: &mut Vec<(Str, Stray)>) {
        let mut found = Strays::default();
        let mut keys = keys_of(&self.customers, &mut found, |row, found| self.nested_strays(row, found));
        self.numbered = keys.is_empty() && self.customers.key_heading().is_none();
        if self.numbered {
            keys = (1..=self.len())
                .zip(0u32..)
                .map(|(number, row)| (Str::from(number.to_string()), row))
                .collect();
            keys.sort();
        }
        self.keys = keys;
        let name = self.customers.rows.name.clone();
        strays.extend(found.found.into_iter().map(|stray| (name.clone(), stray)));
        for file in &mut self.lists {
            let mut found = Strays::default();
            file.keys = keys_of(&file.source, &mut found, |_, _| {});
            let name = file.source.rows.name.clone();
            strays.extend(found.found.into_iter().map(|stray| (name.clone(), stray)));
        }
    }

    /// The keys of nested items that no field of the list has.
    fn nested_strays(&self, row: &Row<'_>, found: &mut Strays) {
        for given in &row.given {
            let Target::Fact(number) = given.target else { continue };
            let Some(field) = self.schema.fields.get(FieldId::new(number as usize)) else { continue };
            let (Some((names, _)), Node::List(items, _)) = (self.nested.get(&field.name), &given.node) else {
                continue;
            };
            for item in items {
                let Node::Map(entries, _) = item else { continue };
                for entry in entries.iter().filter(|entry| names.find(&entry.key) == Found::Unknown) {
                    let heading = path(&field.name, &Str::from(&*entry.key));
                    found.push(&heading, entry.at, || names.near(&entry.key));
                }
            }
        }
    }

    /// What nobody reads: one note a heading, at its first place.
    fn unread(&mut self, strays: Vec<(Str, Stray)>, strict: bool, problems: &mut Vec<Diagnostic>) {
        let mut seen: BTreeSet<(Str, String)> = BTreeSet::new();
        for (file, stray) in strays {
            if !seen.insert((file.clone(), stray.heading.clone())) {
                continue;
            }
            let absent = stray.near.as_deref().is_some_and(|near| self.is_missed(&file, near));
            let code = match (strict, absent) {
                (true, _) => "E607",
                (false, true) => "W675",
                (false, false) => "W606",
            };
            let mut note =
                Diagnostic::new(code, stray.at).arg("file", file).arg("heading", clip(&stray.heading));
            if let Some(near) = stray.near {
                note = note.arg("near", near).help("near");
            }
            if strict { problems.push(note) } else { self.notes.push(note) }
        }
    }

    /// Whether a table has no column for the fact of this name or label: under another heading it is missing for everybody.
    fn is_missed(&self, file: &str, near: &str) -> bool {
        let called = |field: &Field| {
            canonical(&field.name) == canonical(near)
                || field.labels.iter().any(|label| canonical(label) == canonical(near))
        };
        let missed =
            |source: &Source, number: u32| source.rows.headings().is_some() && !source.may_give(number);
        let of_customers = self.schema.fields.iter_enumerated().any(|(id, field)| {
            let separate = self.lists.iter().any(|list| list.field == id);
            called(field) && !separate && missed(&self.customers, id.0)
        });
        let of_list = |list: &ListFile| match self.schema.fields.get(list.field).map(|field| &field.ty) {
            Some(FieldType::Records(fields)) => {
                numbered(fields).any(|(number, field)| called(field) && missed(&list.source, number))
            }
            _ => false,
        };
        if &*self.customers.rows.name == file {
            return of_customers;
        }
        self.lists.iter().filter(|list| &*list.source.rows.name == file).any(of_list)
    }

    /// An item that belongs to no customer.
    fn stray(&self, file: &ListFile, row: usize, suggest: bool) -> Option<Reject> {
        let mut taken = file.source.row(row, None)?;
        let problem = match &taken.key {
            Some((key, at)) => {
                let problem = Diagnostic::new("E618", *at).arg("list", &file.name).arg("id", clip(key));
                match suggest.then(|| self.nearest(key)).flatten() {
                    Some(near) => problem.arg("near", near).help("near"),
                    None => problem,
                }
            }
            None => Diagnostic::new("E620", taken.span).variant("item").arg("list", &file.name),
        };
        let mut problems = std::mem::take(&mut taken.problems);
        if taken.key.is_some() || problems.is_empty() {
            problems.push(problem);
        }
        problems.iter_mut().for_each(|problem| self.locate(problem));
        Some(Reject {
            id: taken.key.map(|(key, _)| Str::from(key)),
            list: Some(file.name.clone()),
            span: taken.span,
            problems,
            original: file.source.rows.original(row),
            items: Vec::new(),
        })
    }

    /// Finds the items that belong to no customer.
    fn join(&mut self) {
        let mut strays = Vec::new();
        if self.is_empty() {
            // Without a customer every item is astray, and the mistake is one.
            self.notes.push(Diagnostic::nowhere("W676").arg("file", &self.customers.rows.name).help("rows"));
        }
        for file in self.lists.iter().filter(|_| !self.is_empty()) {
            let mut keyed = vec![false; file.source.rows.len()];
            let mut astray = Vec::new();
            for (key, row) in &file.keys {
                if let Some(keyed) = keyed.get_mut(*row as usize) {
                    *keyed = true;
                }
                if rows_of(&self.keys, key).is_empty() {
                    astray.push(*row as usize);
                }
            }
            astray.extend(keyed.iter().enumerate().filter(|(_, keyed)| !**keyed).map(|(row, _)| row));
            astray.sort_unstable();
            let suggest = self.keys.len() <= COMPARED;
            let rows = astray.into_iter().enumerate();
            strays
                .extend(rows.filter_map(|(place, row)| self.stray(file, row, suggest && place < SUGGESTED)));
        }
        self.strays = strays;
        if let Some(file) = &self.last {
            let gone: Vec<&Str> =
                file.rows.keys().filter(|key| rows_of(&self.keys, key).is_empty()).collect();
            if !gone.is_empty() {
                let named = gone
                    .iter()
                    .take(NAMED)
                    .map(|key| format!("`{}`", clip(key)))
                    .collect::<Vec<_>>()
                    .join(", ");
                let named = if gone.len() > NAMED { format!("{named}, …") } else { named };
                let note = Diagnostic::nowhere("W622").arg("file", &file.source.rows.name);
                self.notes.push(note.arg("count", gone.len()).arg("named", named));
            }
        }
    }
}

/// The keys of all rows, in order of the key; `each` sees every row, too.
fn keys_of(source: &Source, strays: &mut Strays, each: impl Fn(&Row<'_>, &mut Strays)) -> Vec<(Str, u32)> {
    let mut keys: Vec<(Str, u32)> = (0..source.rows.len())
        .zip(0u32..)
        .filter_map(|(place, number)| {
            let row = source.row(place, Some(strays))?;
            each(&row, strays);
            Some((Str::from(row.key?.0), number))
        })
        .collect();
    keys.sort();
    keys
}
