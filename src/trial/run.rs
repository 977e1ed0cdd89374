//! Running the cases of a plan, and keeping what is needed to tell why one failed.

use std::collections::BTreeSet;

use crate::base::{FileId, Lang, SourceMap};
use crate::eval::{CaseResult, ScriptHost, run_case, trace_case};
use crate::explain::{Run, excerpt, unknown_because};
use crate::plan::{CaseItem, Plan, StepId};
use crate::value::{Calendar, Date};

/// Which cases are run, and on which day.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only cases whose name holds this text, or all of a policy whose name holds it.
    pub text: Option<String>,
    /// The day for cases that state none.
    pub as_of: Option<Date>,
    /// Only cases that stand in these files; none: all.
    pub files: Option<BTreeSet<FileId>>,
}

/// A policy and what came of its cases.
#[derive(Clone, Debug)]
pub struct PolicyTrial {
    /// Its plan.
    pub plan: Plan,
    /// The name of its file.
    pub file: String,
    /// Its cases, in the order written, those of case files behind.
    pub cases: Vec<CaseTrial>,
}

/// A case and what came of it.
#[derive(Clone, Debug)]
pub struct CaseTrial {
    /// The case, its day settled.
    pub case: CaseItem,
    /// What came out.
    pub result: CaseResult,
    /// Why, for each expectation; empty where it came out as expected.
    pub stories: Vec<Story>,
}

/// Why an expectation came out otherwise.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Story {
    /// Why the value is unknown, in words.
    pub unknown: Option<String>,
    /// What led to the value, line by line.
    pub lines: Vec<String>,
}

/// How many cases there were.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Policies with cases.
    pub policies: usize,
    /// Cases that came out as expected.
    pub passed: usize,
    /// Cases that did not, or could not be run.
    pub failed: usize,
}

impl Tally {
    /// Counts.
    #[must_use]
    pub fn of(policies: &[PolicyTrial]) -> Tally {
        let mut tally = Tally::default();
        for policy in policies.iter().filter(|policy| !policy.cases.is_empty()) {
            let passed = policy.cases.iter().filter(|case| case.result.passed()).count();
            tally.policies = tally.policies.saturating_add(1);
            tally.passed = tally.passed.saturating_add(passed);
            tally.failed = tally.failed.saturating_add(policy.cases.len().saturating_sub(passed));
        }
        tally
    }

    /// How many were run.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.passed.saturating_add(self.failed)
    }
}

/// Runs the cases of a plan that are wanted; what is told of failures is told in a language.
#[must_use]
pub fn run(
    plan: &Plan,
    wanted: &Wanted,
    calendars: &[Calendar],
    scripts: Option<&dyn ScriptHost>,
    sources: &SourceMap,
    lang: Lang,
) -> Vec<CaseTrial> {
    let policy = plan.policies.last().map_or("", |policy| &policy.name);
    let is_wanted = |case: &&CaseItem| {
        wanted.text.as_ref().is_none_or(|text| policy.contains(text) || case.name.contains(text))
            && wanted.files.as_ref().is_none_or(|files| files.contains(&case.span.file))
    };
    let mut trials = Vec::new();
    for case in plan.cases.iter().filter(is_wanted) {
        let case = CaseItem { as_of: case.as_of.or(wanted.as_of), ..case.clone() };
        let result = run_case(plan, &case, calendars, scripts);
        let stories = match result.passed() {
            true => Vec::new(),
            false => stories(plan, &case, &result, calendars, scripts, sources, lang),
        };
        trials.push(CaseTrial { case, result, stories });
    }
    trials
}

fn stories(
    plan: &Plan,
    case: &CaseItem,
    result: &CaseResult,
    calendars: &[Calendar],
    scripts: Option<&dyn ScriptHost>,
    sources: &SourceMap,
    lang: Lang,
) -> Vec<Story> {
    let failed = |step: &StepId, place: usize| {
        let given = case.values.iter().any(|(given, _, _)| given == step);
        !given && result.outcomes.get(place).is_some_and(|outcome| !outcome.passed)
    };
    let steps: Vec<Option<StepId>> = case
        .expect
        .iter()
        .enumerate()
        .map(|(place, expect)| expect.step.filter(|step| failed(step, place)))
        .collect();
    let traced = trace_case(plan, case, calendars, scripts);
    let run = Run {
        plan,
        facts: &traced.facts,
        trace: &traced.trace,
        failures: &traced.failures,
        today: case.as_of.unwrap_or(Date(0)),
        sources,
    };
    let mut told: Vec<(StepId, Option<usize>)> = Vec::new();
    let mut stories = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        let outcome = result.outcomes.get(place).filter(|outcome| !outcome.passed);
        let actual = outcome.and_then(|outcome| outcome.actual.as_ref());
        let unknown = actual.and_then(|actual| unknown_because(&run, actual, lang));
        let item = traced.items.get(place).copied().flatten();
        let lines = match step {
            Some(step) if !told.contains(&(*step, item)) => {
                told.push((*step, item));
                excerpt(&run, *step, item, lang)
            }
            Some(_) | None => Vec::new(),
        };
        stories.push(Story { unknown, lines });
    }
    stories
}
