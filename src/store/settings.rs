//! `gradus.toml`: the settings of a project. docs/settings.md tells people what each means.

mod approval;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Place, World, decode};
use crate::base::{FileId, SourceMap, Span, Str, nearest};
use crate::diag::Diagnostic;
use crate::value::Date;
pub use approval::{Approval, DatedKey, Emergency, KeyEntry, Person, Rule, RuleName};

/// The name of the file.
pub const FILE: &str = "gradus.toml";

/// The settings of a project; paths are already written from where the command was started.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `[project]`
    pub project: Project,
    /// `[decide]`
    pub decide: Decide,
    /// `[test]`
    pub test: Test,
    /// `[approval]`: who approves versions; none: nobody has to.
    pub approval: Option<Approval>,
    /// `[impact]`
    pub impact: Impact,
    /// `[calendars]`: a calendar's name and its file.
    pub calendars: BTreeMap<String, PathBuf>,
    /// `[lint]`: the level of each lint; read by the linter alone.
    pub lint: toml::Table,
    /// Where the file stands; `None` if there is none.
    #[serde(skip)]
    pub path: Option<PathBuf>,
}

/// `[project]`
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Project {
    /// What people call it.
    pub name: Option<String>,
    /// Folders and files of rules.
    pub rules: Vec<PathBuf>,
    /// The language of messages.
    pub lang: Option<LangSetting>,
    /// The file of released versions; none: `gradus.lock` beside the settings.
    pub lock: Option<PathBuf>,
}

/// A language, or that of the machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LangSetting {
    /// English.
    En,
    /// Chinese.
    Zh,
    /// As the environment says.
    Auto,
}

/// `[decide]`: what `decide`, `why` and `worklist` do unless they are told otherwise.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Decide {
    /// The policy, `name` or `name@version`.
    pub policy: Option<String>,
    /// The decision of the policy.
    pub decision: Option<String>,
    /// The format of the result.
    pub format: Option<String>,
    /// How the files of facts are encoded: `utf-8` or `gbk`.
    pub encoding: Option<String>,
    /// How numbers are written: `1,234.56`, `1.234,56`.
    pub numbers: Option<String>,
    /// How days are written: `2026-10-01`, `2026/10/1`, `01.10.2026`.
    pub dates: Option<String>,
    /// Headings and the facts that they mean.
    pub mapping: Option<PathBuf>,
    /// List facts and their files.
    pub lists: BTreeMap<String, PathBuf>,
    /// Whether an unknown column is an error.
    pub strict: Option<bool>,
}

/// `[test]`
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Test {
    /// Case files and folders of them, beside the cases in the policies.
    pub paths: Vec<PathBuf>,
    /// Files of facts, and case files, whose decisions are compared with those that were accepted.
    #[serde(deserialize_with = "sets")]
    pub snapshots: Vec<SnapshotSet>,
    /// The file in which acceptances are recorded; none: `approvals.jsonl` beside the settings.
    pub approvals: Option<PathBuf>,
}

/// `[impact]`: how a change of a policy is held against a book.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Impact {
    /// What a customer owes: a fact or a value in money.
    pub exposure: Option<String>,
    /// By what the limits won and lost are told apart: a fact or a value.
    pub segment: Option<String>,
    /// What the book may come to, by the name of a value or a measure: `credit_limit = "5亿"`.
    pub budgets: BTreeMap<String, String>,
}

/// `[[test.snapshots]]`: files of facts and how they are decided. What is not said here is as `[decide]` says, where it says it of
/// the same policy.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotSet {
    /// The files of facts.
    #[serde(default)]
    pub facts: Vec<PathBuf>,
    /// Case files, and folders of them: the decision of each of their cases is kept.
    #[serde(default)]
    pub cases: Vec<PathBuf>,
    /// The day for which is decided, of cases that state none: there is no clock in a snapshot, so that facts need it.
    #[serde(default, deserialize_with = "some_day")]
    pub as_of: Option<Date>,
    /// The policy, `name` or `name@version`.
    pub policy: Option<String>,
    /// The decision of the policy.
    pub decision: Option<String>,
    /// Parameters that are set.
    #[serde(default)]
    pub set: BTreeMap<String, String>,
    /// Headings and the facts that they mean.
    pub mapping: Option<PathBuf>,
    /// List facts and their files.
    #[serde(default)]
    pub lists: BTreeMap<String, PathBuf>,
    /// What the last decisions said.
    pub last: Option<PathBuf>,
    /// The book of all customers; none: that of the customers in these files.
    pub book: Option<PathBuf>,
    /// How the files are encoded.
    pub encoding: Option<String>,
    /// How numbers are written.
    pub numbers: Option<String>,
    /// How days are written.
    pub dates: Option<String>,
    /// The customers whose decisions are kept; none: all.
    #[serde(default)]
    pub customers: Vec<String>,
    /// One file for each customer, or one for each file of facts.
    #[serde(default)]
    pub per: Per,
}

/// What one snapshot file holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    /// One customer.
    #[default]
    Customer,
    /// All customers of a file of facts.
    File,
}

impl SnapshotSet {
    /// What is wrong with a set, in words of settings; none where it says of what decisions are kept, and on which day.
    fn wrong(&self) -> Option<String> {
        if self.facts.is_empty() {
            let told = [
                ("policy", self.policy.is_some()),
                ("set", !self.set.is_empty()),
                ("mapping", self.mapping.is_some()),
                ("lists", !self.lists.is_empty()),
                ("last", self.last.is_some()),
                ("book", self.book.is_some()),
                ("encoding", self.encoding.is_some()),
                ("numbers", self.numbers.is_some()),
                ("dates", self.dates.is_some()),
                ("customers", !self.customers.is_empty()),
            ];
            let stray = told.iter().find(|(_, told)| *told).map(|(key, _)| *key);
            return match (self.cases.is_empty(), stray) {
                (true, _) => Some(String::from("missing field `facts`, or `cases`")),
                (false, Some(key)) => {
                    Some(format!("`{key}` says how `facts` are decided, and there are none"))
                }
                (false, None) => None,
            };
        }
        self.as_of.is_none().then(|| String::from("missing field `as_of`"))
    }
}

/// A set that says enough; so that a mistake is told at its place.
struct Sound(SnapshotSet);

impl<'de> Deserialize<'de> for Sound {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let set = SnapshotSet::deserialize(input)?;
        match set.wrong() {
            Some(wrong) => Err(serde::de::Error::custom(wrong)),
            None => Ok(Sound(set)),
        }
    }
}

fn sets<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Vec<SnapshotSet>, D::Error> {
    let sets = Vec::<Sound>::deserialize(input)?;
    Ok(sets.into_iter().map(|Sound(set)| set).collect())
}

fn some_day<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Option<Date>, D::Error> {
    day(input).map(Some)
}

/// A day, as TOML has it or as a text.
///
/// # Errors
/// It is no day.
pub fn day<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Date, D::Error> {
    let value = toml::Value::deserialize(input)?;
    let written = match &value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let wrong = || serde::de::Error::custom(format!("`{written}` is no day: a day is written 2026-10-01"));
    Date::parse(&written).ok_or_else(wrong)
}

/// The settings of `config`, or of the nearest `gradus.toml`: where the command was started, or up to `depth` folders above.
/// Without such a file all settings are their defaults. The file becomes a source.
///
/// # Errors
/// The file cannot be read, is not TOML, has a setting that there is not, or a value of another kind.
pub fn find(
    world: &dyn World,
    config: Option<&Path>,
    depth: usize,
    sources: &mut SourceMap,
) -> Result<Settings, Box<Diagnostic>> {
    let path = match config {
        Some(path) => path.to_owned(),
        None => {
            let mut folder = PathBuf::new();
            let found = std::iter::repeat_with(|| {
                let here = folder.join(FILE);
                folder.push("..");
                here
            });
            match found.take(depth.saturating_add(1)).find(|path| world.place(path) == Some(Place::File)) {
                Some(path) => path,
                None => return Ok(Settings::default()),
            }
        }
    };
    let name = world.name_of(&path);
    let bytes = super::read(world, &path)?;
    let text = decode(&bytes, &name, sources)?;
    let file = sources.add(name, text.clone());
    let mut settings = read(file, &text)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let at = |path: &mut PathBuf| *path = folder.join(&path);
    settings.project.rules.iter_mut().chain(&mut settings.project.lock).for_each(at);
    settings.calendars.values_mut().for_each(at);
    settings.test.paths.iter_mut().for_each(at);
    settings.test.approvals.iter_mut().for_each(at);
    if let Some(approval) = &mut settings.approval {
        at(approval.folder.get_or_insert_with(|| PathBuf::from("approvals")));
    }
    for set in &mut settings.test.snapshots {
        set.facts.iter_mut().chain(&mut set.cases).for_each(at);
        set.lists.values_mut().for_each(at);
        set.mapping.iter_mut().chain(&mut set.last).chain(&mut set.book).for_each(at);
    }
    settings.decide.lists.values_mut().for_each(at);
    settings.decide.mapping.iter_mut().for_each(at);
    settings.path = Some(path);
    Ok(settings)
}

/// The settings as written.
///
/// # Errors
/// As [`find`].
fn read(file: FileId, text: &Str) -> Result<Settings, Box<Diagnostic>> {
    toml::from_str(text).map_err(|error| {
        let span = error.span().and_then(|range| {
            Some(Span::new(file, u32::try_from(range.start).ok()?, u32::try_from(range.end).ok()?))
        });
        let diagnostic = match span {
            Some(span) => Diagnostic::new("E533", span),
            None => Diagnostic::nowhere("E533"),
        };
        let diagnostic = match unknown(error.message()) {
            Some((kind, key, known)) => {
                let diagnostic = diagnostic.variant(kind).arg("key", &key).arg("value", &key);
                match nearest(&key, known.iter().map(String::as_str)) {
                    Some(near) if kind == "unknown" => diagnostic.arg("near", near).help("near"),
                    _ if known.is_empty() => diagnostic,
                    _ => diagnostic.arg("known", listed(&known)).help("known"),
                }
            }
            None => diagnostic.arg("reason", error.message().replace('\n', " ")),
        };
        Box::new(diagnostic.help("page"))
    })
}

/// What serde says of a key that a table does not have, or of a word that a setting does not take: which of the two, the word,
/// and the words that would do.
fn unknown(message: &str) -> Option<(&'static str, String, Vec<String>)> {
    let (kind, rest) = match message.strip_prefix("unknown field `") {
        Some(rest) => ("unknown", rest),
        None => ("value", message.strip_prefix("unknown variant `")?),
    };
    let (key, rest) = rest.split_once('`')?;
    let known = rest.split('`').skip(1).step_by(2).map(str::to_owned);
    Some((kind, key.to_owned(), known.collect()))
}

fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
