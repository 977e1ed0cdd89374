//! How a version stands: who has approved it, which approvals do not count and why, and who is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::change::{Against, Change, Class};
use super::file::{Kept, stem};
use super::people::{Person, Rulebook};
use super::statement::{Form, Statement};
use crate::base::Str;
use crate::value::Date;
use crate::value::office::person_key;

/// A version whose approval is in question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// The policy.
    pub policy: Str,
    /// Its version.
    pub version: Str,
    /// What it means.
    pub digest: Str,
    /// What it means without its tables.
    pub rules: Str,
    /// What it changes against the version before.
    pub change: Change,
}

impl Subject {
    /// `trade_credit@2026.4`
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}@{}", self.policy, self.version)
    }

    /// Whether only its tables are in question: it is held against itself, as it was approved.
    #[must_use]
    pub fn is_of_tables(&self) -> bool {
        matches!(&self.change.against, Against::Version { version, .. } if *version == self.version)
    }
}

/// How a version stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// What is approved, or not.
    pub verdict: Verdict,
    /// What the approvals are for: the change against the version before, or against what was approved before its tables changed.
    pub change: Change,
    /// Those that count, the first first.
    pub given: Vec<Statement>,
    /// Who is missing.
    pub missing: Vec<Missing>,
    /// Those that do not count.
    pub faults: Vec<Fault>,
}

/// What is approved, or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// All that is needed is there.
    Approved,
    /// One has approved for the time being; others must follow.
    Emergency {
        /// The last day.
        until: Date,
        /// Who.
        by: Str,
    },
    /// The same, and the time is over.
    Over {
        /// The last day.
        until: Date,
    },
    /// Some have approved it, and more must.
    Incomplete,
    /// Nobody has approved it.
    Unsigned,
    /// What was approved is something else.
    Altered {
        /// The digest of what was.
        signed: Str,
    },
    /// What was approved is the same but for references, rates and calendars.
    Tables {
        /// The digest of what was.
        signed: Str,
    },
}

impl Verdict {
    /// Whether the version may decide.
    #[must_use]
    pub fn holds(&self) -> bool {
        match self {
            Verdict::Approved | Verdict::Emergency { .. } => true,
            Verdict::Over { .. }
            | Verdict::Incomplete
            | Verdict::Unsigned
            | Verdict::Altered { .. }
            | Verdict::Tables { .. } => false,
        }
    }

    /// The last day of an emergency approval, where one lets the version decide or did.
    #[must_use]
    pub fn until(&self) -> Option<Date> {
        match self {
            Verdict::Emergency { until, .. } | Verdict::Over { until } => Some(*until),
            Verdict::Approved
            | Verdict::Incomplete
            | Verdict::Unsigned
            | Verdict::Altered { .. }
            | Verdict::Tables { .. } => None,
        }
    }

    /// The word in machine formats.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Verdict::Approved => "approved",
            Verdict::Emergency { .. } => "emergency",
            Verdict::Over { .. } => "emergency_over",
            Verdict::Incomplete => "incomplete",
            Verdict::Unsigned => "unsigned",
            Verdict::Altered { .. } => "altered",
            Verdict::Tables { .. } => "tables_changed",
        }
    }
}

/// Who is missing for a class.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Missing {
    /// The class.
    pub class: Class,
    /// How many more persons.
    pub persons: usize,
    /// As what they may approve; none: as anything.
    pub roles: Vec<Str>,
    /// Roles that must be among all, and are not.
    pub each: Vec<Str>,
    /// Those who have approved wrote the version.
    pub another: bool,
}

/// An approval that does not count.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Its file.
    pub path: PathBuf,
    /// Whose it is; nobody's where it cannot be read.
    pub by: Option<Str>,
    /// Why it does not count.
    pub why: Why,
}

/// Why an approval does not count.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// The statement is not as Gradus wrote it.
    Altered,
    /// There is no signature beside it.
    Unsigned,
    /// The signature is not one, or not that of this statement by a key of this person.
    Signature,
    /// The key is theirs, and did not sign on that day.
    Key {
        /// The day.
        on: Date,
    },
    /// Nobody of that name is listed.
    Person,
    /// The person does not have the role.
    Role {
        /// The role.
        role: Str,
    },
    /// It is of a day to come.
    Early {
        /// The day.
        on: Date,
    },
    /// Approvals on paper do not count for a class of it.
    Paper,
    /// It was given against another version.
    Against {
        /// What it was given against.
        signed: Against,
    },
    /// It is for another class of change.
    Classes {
        /// The class that it does not cover.
        lacking: Class,
    },
    /// The role may not approve a class of it.
    NotTheirs {
        /// The role.
        role: Str,
        /// The class.
        class: Class,
    },
}

/// A statement that somebody has made indeed.
struct Valid<'k> {
    statement: &'k Statement,
    kept: &'k Kept,
    person: &'k Person,
}

/// How a version stands on a day of the office (not the day for which is decided).
#[must_use]
pub fn standing(subject: &Subject, all: &[Kept], book: &Rulebook, today: Date) -> Standing {
    let mut faults = Vec::new();
    let mut valid = Vec::new();
    let begins = format!("{}.", stem(&subject.policy, &subject.version));
    for kept in all {
        let concerns = match &kept.statement {
            Some(it) => it.policy == subject.policy && it.version == subject.version,
            None => kept.path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&begins)),
        };
        if !concerns {
            continue;
        }
        match examine(kept, book, today) {
            Ok(approval) => valid.push(approval),
            Err(why) => {
                let by = kept.statement.as_ref().map(|statement| statement.by.clone());
                faults.push(Fault { path: kept.path.clone(), by, why });
            }
        }
    }
    let of = |digest: &Str| valid.iter().filter(|it| it.statement.digest == *digest).collect::<Vec<_>>();
    let mut told = Standing {
        verdict: Verdict::Unsigned,
        change: subject.change.clone(),
        given: Vec::new(),
        missing: Vec::new(),
        faults,
    };
    let before = before_tables(subject, &valid, book);
    let mine = of(&subject.digest);
    // Where the version was approved before its tables changed, only the tables are in question.
    if let Some(signed) = before {
        let against = Against::Version { version: subject.version.clone(), digest: signed.clone() };
        let whole = weigh(&mine, &subject.change, book);
        if !whole.missing.is_empty() {
            told.change = Change { against, classes: BTreeSet::from([Class::Tables]) };
            if mine.is_empty() {
                told.missing = weigh(&mine, &told.change, book).missing;
                told.verdict = Verdict::Tables { signed };
                return told;
            }
        }
    }
    let weighed = weigh(&mine, &told.change, book);
    told.faults.extend(weighed.faults);
    told.given = weighed.counted.iter().map(|it| it.statement.clone()).collect();
    told.missing = weighed.missing;
    told.verdict = if told.missing.is_empty() {
        Verdict::Approved
    } else if let Some(emergency) = urgent(&weighed.counted, &weighed.authors, book, today) {
        emergency
    } else if !told.given.is_empty() {
        Verdict::Incomplete
    } else {
        match valid.iter().rfind(|it| it.statement.digest != subject.digest) {
            Some(other) => Verdict::Altered { signed: other.statement.digest.clone() },
            None => Verdict::Unsigned,
        }
    };
    told
}

/// The digest under which the same version was approved when its tables were others.
fn before_tables(subject: &Subject, valid: &[Valid<'_>], book: &Rulebook) -> Option<Str> {
    let others: BTreeSet<&Str> = valid
        .iter()
        .filter(|it| it.statement.rules == subject.rules && it.statement.digest != subject.digest)
        .map(|it| &it.statement.digest)
        .collect();
    let approved = others.into_iter().filter(|digest| {
        let given: Vec<&Valid<'_>> = valid.iter().filter(|it| it.statement.digest == **digest).collect();
        // What the tables were then is not known any more; what was signed says whether they were part of the change.
        let mut classes = subject.change.classes.clone();
        classes.remove(&Class::Tables);
        if classes.is_empty() || given.iter().any(|it| it.statement.classes.contains(&Class::Tables)) {
            classes.insert(Class::Tables);
        }
        let change = Change { against: subject.change.against.clone(), classes };
        weigh(&given, &change, book).missing.is_empty()
    });
    let last = |digest: &&Str| {
        valid.iter().filter(|it| it.statement.digest == **digest).map(|it| it.statement.on).max()
    };
    approved.max_by_key(last).cloned()
}

/// Whether an approval is what somebody has signed, and who may sign.
fn examine<'k>(kept: &'k Kept, book: &'k Rulebook, today: Date) -> Result<Valid<'k>, Why> {
    let statement = kept.statement.as_ref().ok_or(Why::Altered)?;
    let person = book.person(&statement.by).ok_or(Why::Person)?;
    if !person.roles.contains(&statement.role) {
        return Err(Why::Role { role: statement.role.clone() });
    }
    if statement.on > today {
        return Err(Why::Early { on: statement.on });
    }
    match &statement.form {
        Form::Paper { .. } => {}
        Form::Signed | Form::Emergency { .. } => {
            if kept.signatures.is_empty() {
                return Err(Why::Unsigned);
            }
            // One that does not hold makes the others doubtful, too: somebody has been at the files.
            for signature in &kept.signatures {
                let signature = signature.as_ref().ok_or(Why::Signature)?;
                let by = person.keys.iter().find(|held| held.key.verifies(&kept.bytes, signature));
                let by = by.ok_or(Why::Signature)?;
                if !by.signs_on(statement.on) {
                    return Err(Why::Key { on: statement.on });
                }
            }
        }
    }
    Ok(Valid { statement, kept, person })
}

/// What approvals come to for a change.
struct Weighed<'a, 'k> {
    counted: Vec<&'a Valid<'k>>,
    authors: BTreeSet<String>,
    missing: Vec<Missing>,
    faults: Vec<Fault>,
}

fn weigh<'a, 'k>(given: &[&'a Valid<'k>], change: &Change, book: &Rulebook) -> Weighed<'a, 'k> {
    let mut faults = Vec::new();
    let mut counted = Vec::new();
    for approval in given {
        match stray(approval, change, book) {
            Some(why) => {
                let by = Some(approval.statement.by.clone());
                faults.push(Fault { path: approval.kept.path.clone(), by, why });
            }
            None => counted.push(*approval),
        }
    }
    counted.sort_by_key(|it| (it.statement.on, it.person.name.clone()));
    let authors: BTreeSet<String> = counted
        .iter()
        .flat_map(|it| &it.statement.authors)
        .map(|author| person_key(book.person(author).map_or(author, |person| &person.name)))
        .collect();
    let missing =
        change.classes.iter().filter_map(|class| missing(*class, &counted, &authors, book)).collect();
    Weighed { counted, authors, missing, faults }
}

/// Why an approval does nothing for a change.
fn stray(approval: &Valid<'_>, change: &Change, book: &Rulebook) -> Option<Why> {
    let statement = approval.statement;
    if statement.against != change.against {
        return Some(Why::Against { signed: statement.against.clone() });
    }
    let lacking = change.classes.iter().find(|class| !covers(statement, **class));
    if let Some(class) = lacking {
        return Some(Why::Classes { lacking: *class });
    }
    let on_paper = matches!(statement.form, Form::Paper { .. });
    if on_paper && !change.classes.iter().any(|class| book.takes_paper(*class)) {
        return Some(Why::Paper);
    }
    let may = |class: &Class| may(&book.rule(*class).roles, &statement.role);
    let urgent = match (&statement.form, &book.emergency) {
        (Form::Emergency { .. }, Some(emergency)) => {
            emergency.roles.is_empty() || emergency.roles.contains(&statement.role.to_string())
        }
        _ => false,
    };
    if !urgent && !change.classes.iter().any(may) {
        let class = change.classes.first().copied().unwrap_or(Class::Mixed);
        return Some(Why::NotTheirs { role: statement.role.clone(), class });
    }
    None
}

fn covers(statement: &Statement, class: Class) -> bool {
    statement.classes.iter().any(|signed| signed.covers(class))
}

fn may(roles: &[String], role: &str) -> bool {
    roles.is_empty() || roles.iter().any(|known| known == role)
}

/// Who is missing for a class; nothing where nobody is.
fn missing(
    class: Class,
    counted: &[&Valid<'_>],
    authors: &BTreeSet<String>,
    book: &Rulebook,
) -> Option<Missing> {
    let rule = book.rule(class);
    // A person counts once, whatever they have signed as, and however often.
    let mut persons: BTreeMap<String, BTreeSet<Str>> = BTreeMap::new();
    for approval in counted {
        let statement = approval.statement;
        let on_paper = matches!(statement.form, Form::Paper { .. });
        if may(&rule.roles, &statement.role) && (!on_paper || book.takes_paper(class)) {
            let who = person_key(&approval.person.name);
            persons.entry(who).or_default().insert(statement.role.clone());
        }
    }
    let seats: Vec<Str> = rule.each.iter().map(|role| Str::from(role.as_str())).collect();
    let each = unseated(&seats, &persons.values().collect::<Vec<_>>());
    let short = rule.needed.saturating_sub(persons.len());
    let another = !persons.is_empty() && persons.keys().all(|who| authors.contains(who));
    let more = short.max(each.len()).max(usize::from(another));
    (more > 0).then(|| Missing {
        class,
        persons: more,
        roles: rule.roles.iter().map(|role| Str::from(role.as_str())).collect(),
        each,
        another,
    })
}

/// The seats that stay empty where as many as can be are taken, each by a person of its own.
fn unseated(seats: &[Str], persons: &[&BTreeSet<Str>]) -> Vec<Str> {
    /// Finds a seat for a person, moving others to seats that they can take as well.
    fn sit(
        seat: usize,
        seats: &[Str],
        persons: &[&BTreeSet<Str>],
        taken: &mut BTreeMap<usize, usize>,
        tried: &mut BTreeSet<usize>,
    ) -> bool {
        let Some(role) = seats.get(seat) else { return false };
        for (place, roles) in persons.iter().enumerate() {
            if !roles.contains(role) || !tried.insert(place) {
                continue;
            }
            let free = match taken.get(&place).copied() {
                None => true,
                Some(other) => sit(other, seats, persons, taken, tried),
            };
            if free {
                taken.insert(place, seat);
                return true;
            }
        }
        false
    }
    let mut taken = BTreeMap::new();
    let empty = (0..seats.len()).filter(|seat| !sit(*seat, seats, persons, &mut taken, &mut BTreeSet::new()));
    let empty: Vec<usize> = empty.collect();
    empty.into_iter().filter_map(|seat| seats.get(seat).cloned()).collect()
}

/// What an emergency approval makes of a version that is not approved in full. Who wrote it cannot let it through alone.
fn urgent(
    counted: &[&Valid<'_>],
    authors: &BTreeSet<String>,
    book: &Rulebook,
    today: Date,
) -> Option<Verdict> {
    let emergency = book.emergency.as_ref()?;
    let mut last: Option<(Date, Str)> = None;
    for approval in counted {
        let statement = approval.statement;
        let Form::Emergency { until } = &statement.form else { continue };
        if !may(&emergency.roles, &statement.role) || authors.contains(&person_key(&approval.person.name)) {
            continue;
        }
        let longest = statement.on.add_days(i64::from(emergency.days)).unwrap_or(*until);
        let until = (*until).min(longest);
        if last.as_ref().is_none_or(|(known, _)| until > *known) {
            last = Some((until, statement.by.clone()));
        }
    }
    last.map(
        |(until, by)| {
            if today <= until { Verdict::Emergency { until, by } } else { Verdict::Over { until } }
        },
    )
}
