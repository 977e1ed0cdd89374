//! Who may approve what, as `[approval]` of the settings says it, held to make sense.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::change::Class;
use super::key::{Key, NoKey};
use crate::base::{Lang, Str, nearest};
use crate::diag::Diagnostic;
use crate::store::settings::{self, Emergency, KeyEntry, Rule, RuleName};
use crate::value::Date;
use crate::value::office::person_key;

/// The people and the rules of a project.
#[derive(Clone, Debug)]
pub struct Rulebook {
    /// Whether what is not approved is refused.
    pub required: bool,
    /// Whether what is not approved cannot be released.
    pub before_release: bool,
    /// Where approvals are kept.
    pub folder: PathBuf,
    /// Who there is.
    pub people: Vec<Person>,
    paper: bool,
    rules: BTreeMap<RuleName, Rule>,
    /// What one may do alone for the time being.
    pub emergency: Option<Emergency>,
}

/// Somebody who approves policies or writes them.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their name.
    pub name: Str,
    /// Their names as they are compared.
    names: BTreeSet<String>,
    /// What they may approve as.
    pub roles: Vec<Str>,
    /// The keys with which they sign.
    pub keys: Vec<Held>,
}

/// A key that somebody holds.
#[derive(Clone, Debug)]
pub struct Held {
    /// The key.
    pub key: Key,
    /// The first day on which it signs.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

impl Held {
    /// Whether it signs on a day.
    #[must_use]
    pub fn signs_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

impl Person {
    /// Whether this is somebody's name.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.names.contains(&person_key(name))
    }
}

impl Rulebook {
    /// The people and rules of the settings.
    ///
    /// # Errors
    /// What makes no sense in them, all at once: a key that is none or two people's, a name that is two people's, a role that nobody has,
    /// more people than there are.
    pub fn new(settings: &settings::Approval) -> Result<Rulebook, Vec<Diagnostic>> {
        let mut wrong = Vec::new();
        let mut people: Vec<Person> = Vec::new();
        for entry in &settings.people {
            let person = read(entry, &mut wrong);
            for other in &people {
                if let Some(name) = person.names.intersection(&other.names).next() {
                    let twice = Diagnostic::nowhere("E573").variant("person").arg("name", name);
                    wrong.push(twice.arg("one", &other.name).arg("other", &person.name).help("person"));
                }
                for held in &person.keys {
                    if other.keys.iter().any(|known| known.key.is(&held.key)) {
                        let twice = Diagnostic::nowhere("E573").variant("key").arg("key", held.key.name());
                        wrong.push(twice.arg("one", &other.name).arg("other", &person.name).help("key"));
                    }
                }
            }
            people.push(person);
        }
        let book = Rulebook {
            required: settings.required,
            before_release: settings.before_release,
            folder: settings.folder.clone().unwrap_or_else(|| PathBuf::from("approvals")),
            people,
            paper: settings.paper,
            rules: settings.rules.clone(),
            emergency: settings.emergency.clone(),
        };
        book.hold(&mut wrong);
        if wrong.is_empty() { Ok(book) } else { Err(wrong) }
    }

    /// Rules can be kept.
    fn hold(&self, wrong: &mut Vec<Diagnostic>) {
        let known: BTreeSet<&str> =
            self.people.iter().flat_map(|person| &person.roles).map(|role| &**role).collect();
        let urgent = self.emergency.iter().flat_map(|emergency| &emergency.roles);
        let asked = self.rules.values().flat_map(|rule| rule.roles.iter().chain(&rule.each)).chain(urgent);
        let asked: BTreeSet<&String> = asked.collect();
        for role in asked.into_iter().filter(|role| !known.contains(role.as_str())) {
            let unknown = Diagnostic::nowhere("E573").variant("role").arg("role", role);
            wrong.push(match nearest(role, known.iter().copied()) {
                Some(near) => unknown.arg("near", near).help("near"),
                None => unknown.help("role"),
            });
        }
        for class in Class::ALL {
            let rule = self.rule(class);
            let may = self.people.iter().filter(|person| {
                person
                    .roles
                    .iter()
                    .any(|role| rule.roles.is_empty() || rule.roles.contains(&role.to_string()))
            });
            let have = may.count();
            let needed = rule.needed.max(rule.each.len());
            if have < needed || needed == 0 {
                let few = Diagnostic::nowhere("E573").variant(if needed == 0 { "none" } else { "few" });
                let few = few.arg_in("class", class.word(Lang::En), class.word(Lang::Zh));
                let told = few.arg("needed", needed).arg("have", have).help("few");
                // One rule serves several classes: it is told of once.
                let same = |it: &Diagnostic| it.code == told.code && it.variant == told.variant;
                if !wrong.iter().any(same) {
                    wrong.push(told);
                }
            }
        }
    }

    /// Somebody by name.
    #[must_use]
    pub fn person(&self, name: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.is(name))
    }

    /// What it takes for a class.
    #[must_use]
    pub fn rule(&self, class: Class) -> Rule {
        let own = self.rules.get(&class.rule()).or_else(|| self.rules.get(&RuleName::Any));
        own.cloned().unwrap_or_default()
    }

    /// Whether an approval on paper counts for a class.
    #[must_use]
    pub fn takes_paper(&self, class: Class) -> bool {
        self.rule(class).paper.unwrap_or(self.paper)
    }
}

/// A person of the settings.
fn read(entry: &settings::Person, wrong: &mut Vec<Diagnostic>) -> Person {
    let mut keys = Vec::new();
    for key in &entry.keys {
        let (text, from, until) = match key {
            KeyEntry::Plain(text) => (text, None, None),
            KeyEntry::Dated(dated) => (&dated.key, dated.from, dated.until),
        };
        match Key::parse(text) {
            Ok(key) => keys.push(Held { key, from, until }),
            Err(why) => {
                let (variant, help) = match why {
                    NoKey::Kind => ("kind", "kind"),
                    NoKey::Secret => ("secret", "secret"),
                    NoKey::Form => ("form", "form"),
                };
                let start: String = text.chars().take(16).collect();
                let broken = Diagnostic::nowhere("E573").variant(variant).arg("name", &entry.name);
                wrong.push(broken.arg("key", format!("{start}…")).help(help));
            }
        }
    }
    let names = std::iter::once(&entry.name).chain(&entry.also).map(|name| person_key(name)).collect();
    let roles = entry.roles.iter().map(|role| Str::from(role.as_str())).collect();
    Person { name: Str::from(entry.name.as_str()), names, roles, keys }
}
