//! Lints: what a policy may say and should not, of the trade and of its text. Each stands in a file of its own under `lints/`.
//!
//! A lint sees a policy that checks: its tree and text, what it means, and the plan, which knows the ranges of values. What
//! `check` warns of has a name here, too, and obeys the same levels and the same comments; nothing is told twice.

mod allow;
mod around;
mod level;
mod lints;
mod read;
mod words;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use crate::base::{Span, Str};
use crate::check::hir;
use crate::diag::{Diagnostic, Severity, codes, entry};
use crate::plan::{Item, Plan, Rule};
use crate::syntax::{Kept, Known, Node, Trivia, ast, rules_alone};
use crate::value::Date;
pub use around::{Around, of_folder};
pub use level::{Level, Levels};
use words::Words;

/// What a lint sees of a policy.
pub struct Seen<'a> {
    /// What the policy means, with what it uses; the policy itself stands last.
    pub program: &'a hir::Program,
    /// How it runs: the ranges of all values.
    pub plan: &'a Plan,
    /// Its tree.
    pub file: &'a ast::File,
    /// Its text; of a policy manual the blocks, every byte in its place.
    pub text: &'a str,
    /// What its tree was read from.
    pub kept: &'a Kept,
    /// Its comments and blank lines.
    pub trivia: &'a [Trivia],
    /// The names that policies which use it read.
    pub above: &'a BTreeSet<Str>,
    /// The names that policies which it uses read: a fact that it declares again for their sake is one of them.
    pub below: &'a BTreeSet<Str>,
    /// Whether a case file tries it.
    pub tried: bool,
    /// The day of the run.
    pub day: Date,
}

/// A policy as the lints look through it: what several of them ask of it is made once.
pub(crate) struct Policy<'a> {
    seen: &'a Seen<'a>,
    words: Words,
    as_read: OnceCell<Vec<Node>>,
    known: &'a RefCell<Known>,
}

impl<'a> Policy<'a> {
    /// Whether a place is in the policy itself and not in one that it uses.
    fn owns(&self, span: Span) -> bool {
        span.file == self.seen.file.span.file
    }

    /// Its header, decisions, cases.
    fn header(&self) -> Option<&'a hir::Policy> {
        self.seen.program.policies.iter().last()
    }

    /// Its constructs as they run.
    fn items(&self) -> impl Iterator<Item = &'a Item> {
        self.seen.plan.items.iter().filter(|item| self.owns(item.span))
    }

    /// Its constructs as they are meant.
    fn definitions(&self) -> impl Iterator<Item = &'a hir::Definition> {
        self.seen.program.values.iter().filter(|definition| self.owns(definition.span))
    }

    /// Its constructs as the grammar reads them, without its cases.
    fn rules_as_read(&self) -> &[Node] {
        self.as_read.get_or_init(|| {
            let (file, text) = (self.seen.file.span.file, self.seen.text);
            rules_alone(file, text, self.seen.kept, &mut self.known.borrow_mut())
        })
    }

    /// Its rules.
    fn rules(&self) -> impl Iterator<Item = &'a Rule> {
        self.seen.plan.rules.iter().filter(|rule| self.owns(rule.span))
    }
}

/// A lint.
pub struct Lint {
    /// Its code; its name stands in the catalog.
    pub code: &'static str,
    /// The group by which its level can be set together with others.
    pub group: &'static str,
    /// Its level where the settings say nothing.
    pub usual: Level,
    find: fn(&Policy<'_>) -> Vec<Diagnostic>,
}

impl Lint {
    /// Its name, as settings and comments give it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        entry(self.code).map_or(self.code, |entry| entry.name.as_str())
    }
}

/// The code of an allow without a reason.
const NO_REASON: &str = "L001";
/// The code of an allow that allows nothing.
const UNUSED_ALLOW: &str = "L002";

const fn lint(code: &'static str, group: &'static str, find: fn(&Policy<'_>) -> Vec<Diagnostic>) -> Lint {
    Lint { code, group, usual: Level::Warn, find }
}

/// All lints in the order of their codes.
pub const LINTS: &[Lint] = &[
    lint(NO_REASON, "comments", |_| Vec::new()),
    lint(UNUSED_ALLOW, "comments", |_| Vec::new()),
    lint("L003", "ratings", lints::weights_total::find),
    lint("L004", "limits", lints::cliff::find),
    lint("L005", "limits", lints::idle_cap::find),
    lint("L006", "ladders", lints::unreachable_step::find),
    lint("L007", "ratings", lints::opposite_triggers::find),
    lint("L008", "data", lints::silence_pays::find),
    lint("L009", "limits", lints::cap_and_correction::find),
    lint("L010", "people", lints::third_party::find),
    lint("L011", "people", lints::own_approval::find),
    lint("L012", "ladders", lints::ladder_jumps::find),
    lint("L013", "data", lints::expired_rate::find),
    lint("L014", "ladders", lints::hold_without_release::find),
    lint("L015", "people", lints::approval_by_nobody::find),
    lint("L016", "tidy", lints::unused_fact::find),
    Lint { usual: Level::Allow, ..lint("L017", "people", lints::missing_citation::find) },
    lint("L018", "tidy", lints::repeated_number::find),
    lint("L019", "people", lints::one_language::find),
    lint("L020", "limits", lints::rounded_midway::find),
    lint("L021", "data", lints::float_margin::find),
    lint("L022", "cases", lints::empty_case::find),
    lint("L023", "tidy", lints::unused_param::find),
    lint("L024", "tidy", lints::unused_let::find),
    lint("L025", "cases", lints::untried_policy::find),
    lint("L026", "data", lints::list_without_key::find),
    lint("L027", "tidy", lints::mixed_names::find),
    lint("L028", "people", lints::unexplained_refusal::find),
    lint("L029", "tidy", lints::unused_use::find),
    lint("L030", "tidy", lints::unused_word::find),
    lint("L031", "limits", lints::times_percent::find),
    lint("L032", "people", lints::same_label::find),
];

/// Whether settings and comments may name this: a lint, or a warning of `check`.
#[must_use]
pub fn is_lint(name: &str) -> bool {
    names().any(|known| known == name)
}

/// All lints, and the warnings of `check` about policies, each by code and name.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let known = codes().values().filter(|entry| {
        entry.code.starts_with('L')
            || entry.severity == Severity::Warning
                && ["W2", "W3", "W4"].iter().any(|area| entry.code.starts_with(area))
    });
    known.map(|entry| (entry.code.as_str(), entry.name.as_str()))
}

/// The names of them.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|(_, name)| name)
}

/// The group of a lint; none of a warning of `check`, which is set by its name or with all.
fn group_of(code: &str) -> Option<&'static str> {
    LINTS.iter().find(|lint| lint.code == code).map(|lint| lint.group)
}

/// Lints a policy: what the lints find and what `check` has warned of, at the levels of the settings (`level` is told a code),
/// without what comments in the text allow. In the order of the text.
#[must_use]
pub fn run(
    seen: &Seen<'_>,
    checked: &[Diagnostic],
    level: &dyn Fn(&'static str) -> Level,
) -> Vec<Diagnostic> {
    run_again(seen, &RefCell::default(), checked, level)
}

/// The same for a policy of which constructs are known as they were read last.
fn run_again(
    seen: &Seen<'_>,
    known: &RefCell<Known>,
    checked: &[Diagnostic],
    level: &dyn Fn(&'static str) -> Level,
) -> Vec<Diagnostic> {
    let policy = Policy { seen, words: Words::of(seen), as_read: OnceCell::new(), known };
    let warned = checked
        .iter()
        .filter(|it| it.severity() == Severity::Warning && it.span.is_some_and(|span| policy.owns(span)));
    let mut found: Vec<Diagnostic> = warned.cloned().collect();
    found.extend(LINTS.iter().flat_map(|lint| (lint.find)(&policy)));
    let mut allows = allow::allows(seen);
    found.retain(|diagnostic| !allow::allowed(&mut allows, diagnostic));
    found.extend(allow::judge(&allows));
    found.retain_mut(|diagnostic| {
        let level = level(diagnostic.code);
        diagnostic.level = Some(match level {
            Level::Allow | Level::Warn => Severity::Warning,
            Level::Deny => Severity::Error,
        });
        level != Level::Allow
    });
    found.sort_by_key(|diagnostic| diagnostic.span.map(|span| (span.start, span.end)));
    found
}
