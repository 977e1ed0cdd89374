//! `[approval]`: who approves versions of policies, and how many it takes. docs/approve.md tells people what each means.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::day;
use crate::value::Date;

/// `[approval]`
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Whether `decide` and `worklist` refuse what is not approved; else it is told.
    #[serde(default = "yes")]
    pub required: bool,
    /// Whether `release` refuses what is not approved; else it is told.
    #[serde(default)]
    pub before_release: bool,
    /// Where approvals are kept; none: `approvals` beside the settings.
    pub folder: Option<PathBuf>,
    /// Whether approvals on paper count.
    #[serde(default)]
    pub paper: bool,
    /// Who may approve, and who writes policies.
    #[serde(default)]
    pub people: Vec<Person>,
    /// What it takes for each class of a change; `any` for the classes that are not named.
    #[serde(default)]
    pub rules: BTreeMap<RuleName, Rule>,
    /// What may be done with one approval, until the others follow.
    pub emergency: Option<Emergency>,
}

/// `[[approval.people]]`
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Who it is.
    pub name: String,
    /// What else they are called: the name and the address under which git knows them.
    #[serde(default)]
    pub also: Vec<String>,
    /// What they may approve as; none: they only write policies.
    #[serde(default)]
    pub roles: Vec<String>,
    /// The public keys with which they sign.
    #[serde(default)]
    pub keys: Vec<KeyEntry>,
}

/// A public key, alone or with the days on which it may sign.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(untagged)]
pub enum KeyEntry {
    /// `"ssh-ed25519 AAAA…"`, `"RWQ…"`
    Plain(String),
    /// `{ key = "…", from = 2026-01-01, until = 2026-12-31 }`
    Dated(DatedKey),
}

/// A public key with the days on which it may sign.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatedKey {
    /// The key.
    pub key: String,
    /// The first day.
    #[serde(default, deserialize_with = "maybe_day")]
    pub from: Option<Date>,
    /// The last day.
    #[serde(default, deserialize_with = "maybe_day")]
    pub until: Option<Date>,
}

/// The class of a change, or all that are not named.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleName {
    /// Every class without a rule of its own.
    Any,
    /// Customers get less.
    Tighter,
    /// Customers get more.
    Looser,
    /// Some get more and some less, or nobody can say.
    Mixed,
    /// Something else is told, and nobody gets more or less.
    Neutral,
    /// Words alone.
    LabelOnly,
    /// References, rates and calendars.
    Tables,
    /// The first version of a policy.
    First,
}

/// What it takes.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// How many persons.
    #[serde(default = "one")]
    pub needed: usize,
    /// As what they may approve; none: as anything.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Roles that must be among them, a person each.
    #[serde(default)]
    pub each: Vec<String>,
    /// Whether approvals on paper count, where that is otherwise than for all.
    pub paper: Option<bool>,
}

impl Default for Rule {
    fn default() -> Self {
        Rule { needed: 1, roles: Vec::new(), each: Vec::new(), paper: None }
    }
}

/// `[approval.emergency]`
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emergency {
    /// As what one may approve alone; none: as anything.
    #[serde(default)]
    pub roles: Vec<String>,
    /// How many days the others may take.
    pub days: u16,
}

fn yes() -> bool {
    true
}

fn one() -> usize {
    1
}

fn maybe_day<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Option<Date>, D::Error> {
    day(input).map(Some)
}
