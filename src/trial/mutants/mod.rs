//! Mutants: what the tests of a policy are worth. Each mistake that one could make in it is made, one at a time, and the tests
//! are run: a change that no test notices is told, with a customer that would have told the two apart.
//!
//! ```text
//! text ─► concrete ─► sites: Mutation ─► parse_item ─► build_instead ─► the cases ─► Fate
//!                                                             └─► the same plan, or one that cannot differ
//! ```
//!
//! A change is an edit of the text at one place, as a slip of the pen would make it; the policy is built from the edited text
//! in memory, the policies that it uses as they are. Only two kinds are no edits, for no word of the language says them: a
//! fact that is unknown wherever a test gives it, and a rule that cannot be judged.

mod accepted;
mod borders;
mod build;
mod cuts;
mod equal;
mod figures;
mod report;
mod sites;
mod vocabulary;
mod witness;

use std::collections::BTreeMap;

pub use accepted::{Accepted, People};
pub use build::Ground;
pub use report::{Score, github, json, list, markdown, summary, text, told};
pub use vocabulary::Both;
pub use witness::{Difference, Witness};

use super::suite::{Subject, Suite};
use super::threads;
use super::wanted::Wanted;
use crate::base::{FileId, Lang, SourceMap, Span, Str};
use crate::diag::Diagnostic;
use crate::plan::RuleId;
use crate::store::World;
use crate::value::FieldId;

/// What kind of mistake it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Change {
    /// A number or a day moved by one step of its own.
    Number,
    /// The border between two rows moved by one step.
    Border,
    /// A bound that is included excluded, or the other way round.
    Bound,
    /// The weights of two neighbouring factors have changed places.
    Weights,
    /// The results of two neighbouring rows have changed places.
    Results,
    /// Two neighbours have changed places.
    Order,
    /// A line or a clause is left out.
    Dropped,
    /// `and` for `or`, or the other way round.
    AndOr,
    /// What is done where something is unknown.
    IfUnknown,
    /// `is` for `is not`, or the other way round.
    Negated,
    /// Another operator of arithmetic.
    Operator,
    /// Another choice: the highest for the lowest, up for down.
    Choice,
    /// The member beside the one that is written: a grade, a level, yes or no.
    Member,
    /// A fact that is unknown, whatever the test gives.
    Fact,
    /// A rule whose condition cannot be judged.
    Input,
}

impl Change {
    /// All of them.
    pub const ALL: [Change; 15] = [
        Change::Number,
        Change::Border,
        Change::Bound,
        Change::Weights,
        Change::Results,
        Change::Order,
        Change::Dropped,
        Change::AndOr,
        Change::IfUnknown,
        Change::Negated,
        Change::Operator,
        Change::Choice,
        Change::Member,
        Change::Fact,
        Change::Input,
    ];

    /// Its name in programs, never translated.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Change::Number => "number",
            Change::Border => "border",
            Change::Bound => "bound",
            Change::Weights => "weights",
            Change::Results => "results",
            Change::Order => "order",
            Change::Dropped => "dropped",
            Change::AndOr => "and-or",
            Change::IfUnknown => "if-unknown",
            Change::Negated => "negated",
            Change::Operator => "operator",
            Change::Choice => "choice",
            Change::Member => "member",
            Change::Fact => "fact-unknown",
            Change::Input => "rule-unknown",
        }
    }
}

/// How it is made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Edit {
    /// This text in the place of the stretch.
    Text(Str),
    /// The fact is unknown wherever a case gives it; with a place, that field of its records.
    Fact(FieldId, Option<u32>),
    /// The condition of the rule is unknown.
    Input(RuleId),
}

/// Where it is made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The item of the file, by its place.
    pub item: usize,
    /// Where that item stands.
    pub item_span: Span,
    /// The name of the construct.
    pub construct: Str,
    /// The part of it: a factor, a row, a trigger.
    pub member: Option<Str>,
    /// Where that part stands.
    pub member_span: Span,
}

/// One mistake.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mutation {
    /// Its kind.
    pub change: Change,
    /// The stretch of the text that is changed; for what is no edit, where the fact or the rule stands.
    pub span: Span,
    /// How.
    pub edit: Edit,
    /// What stood there, as far as it is of interest.
    pub old: Str,
    /// What stands there now; empty where something is left out.
    pub new: Str,
    /// What that is: a weight, a bound.
    pub role: Both,
    /// Where.
    pub place: Place,
}

/// What came of a change.
#[derive(Clone, PartialEq, Debug)]
pub enum Fate {
    /// A test noticed it.
    Killed,
    /// No test noticed it.
    Survived(Option<Box<Witness>>),
    /// It changes nothing.
    Equivalent,
    /// It is no policy: the checker refuses it, with this code; none where it does not even read.
    Refused(Option<&'static str>),
    /// The time ran out.
    NotTried,
}

/// A change and what came of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Tried {
    /// The change.
    pub mutation: Mutation,
    /// What came of it.
    pub fate: Fate,
}

/// A policy, its changes and what came of them.
pub struct PolicyMutants<'s> {
    /// The policy.
    pub subject: &'s Subject,
    /// The changes in the order of the text.
    pub tried: Vec<Tried>,
}

/// Lines of files, first and last of each stretch, from 1.
pub type Lines = BTreeMap<FileId, Vec<(usize, usize)>>;

/// Whether no more time is left.
pub type IsOver<'l> = &'l (dyn Fn() -> bool + Sync);

/// Which changes are tried, and who is told.
pub struct Limits<'l> {
    /// The language in which customers are written.
    pub lang: Lang,
    /// Only changes on these lines of these files, each from 1; none: all.
    pub lines: Option<Lines>,
    /// The decisions that were accepted: what moves one of them is noticed.
    pub accepted: &'l [Accepted],
    /// Whether no more time is left. What was noticed stays so; no customer is looked for any more.
    pub is_over: IsOver<'l>,
    /// Is told how many there are, once.
    pub begins: &'l (dyn Fn(usize) + Sync),
    /// Is told of each that is done.
    pub done: &'l (dyn Fn() + Sync),
}

/// Makes every change of the policies of a suite and runs the tests. The cases of all policies pass: who calls this has seen to
/// it. The result does not hang on the number of threads, but for what the time cuts off.
#[must_use]
pub fn run<'s: 'g, 'g>(
    suite: &'s Suite,
    wanted: &Wanted,
    sources: &'g SourceMap,
    limits: &Limits<'g>,
) -> Vec<PolicyMutants<'s>> {
    let subjects: Vec<&'g Subject> = suite.subjects.iter().collect();
    let grounds: Vec<Ground<'_>> = threads::map(suite.jobs, &subjects, |subject: &&'g Subject| {
        Ground::new(suite, subject, wanted, sources, limits)
    });
    let all: Vec<(&Ground<'_>, &Mutation)> =
        grounds.iter().flat_map(|ground| ground.mutations.iter().map(move |it| (ground, it))).collect();
    (limits.begins)(all.len());
    let fates = threads::map(suite.jobs, &all, |(ground, mutation)| {
        let fate = if (limits.is_over)() { Fate::NotTried } else { ground.fate(mutation, limits.is_over) };
        (limits.done)();
        fate
    });
    let mut fates = fates.into_iter();
    let of_ground = |ground: Ground<'_>, fates: &mut dyn Iterator<Item = Fate>| {
        ground.mutations.into_iter().zip(fates).map(|(mutation, fate)| Tried { mutation, fate }).collect()
    };
    let mut tried = Vec::new();
    for (subject, ground) in suite.subjects.iter().zip(grounds) {
        tried.push(PolicyMutants { subject, tried: of_ground(ground, &mut fates) });
    }
    tried
}

/// The policies whose cases fail as they stand: as long as they do, a failing case tells nothing of a change.
#[must_use]
pub fn failing(suite: &Suite, wanted: &Wanted) -> Vec<Diagnostic> {
    let failed = threads::map(suite.jobs, &suite.subjects, |subject| {
        let mut cases = subject.cases(wanted).into_iter();
        let first = cases.find(|case| !subject.on(&subject.plan, case).passed())?;
        let name = Diagnostic::new("E945", first.span).arg("policy", subject.name()).arg("case", &first.name);
        Some(name.help("test"))
    });
    failed.into_iter().flatten().collect()
}

/// The lines of the policies that have changed since a revision of git.
///
/// # Errors
/// Git does not tell.
pub fn since(world: &dyn World, suite: &Suite, revision: &str) -> Result<Lines, Box<Diagnostic>> {
    let mut lines = BTreeMap::new();
    for file in suite.subjects.iter().filter_map(|subject| suite.folder.files.get(subject.place)) {
        let found = world.lines_since(&file.path, revision).map_err(|error| {
            let told = Diagnostic::nowhere("E946").arg("revision", revision).arg("reason", &error);
            let variant = if error.to_string().is_empty() { "revision" } else { "" };
            Box::new(told.variant(variant).help("git"))
        })?;
        lines.insert(file.file, found);
    }
    Ok(lines)
}

impl Mutation {
    /// The text of the file with the change made; the same text where it is no edit.
    #[must_use]
    pub fn applied(&self, text: &str) -> String {
        let Edit::Text(new) = &self.edit else { return text.to_owned() };
        let (before, behind) = (
            text.get(..self.span.start as usize).unwrap_or(""),
            text.get(self.span.end as usize..).unwrap_or(""),
        );
        format!("{before}{new}{behind}")
    }
}
