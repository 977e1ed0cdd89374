//! Running the cases of a plan, and keeping what is needed to tell why one failed.

use super::suite::Subject;
use crate::base::{Lang, SourceMap};
use crate::eval::{CaseResult, trace_case};
use crate::explain::{Run, excerpt, near_miss, unknown_because};
use crate::plan::{CaseItem, ExpectValue, StepId};
use crate::value::Date;

/// A policy and what came of its cases.
pub struct PolicyTrial<'s> {
    /// The policy.
    pub subject: &'s Subject,
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
    /// Which row, band or group of triggers would have given the value, and by how much it was missed.
    pub near: Option<String>,
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
    pub fn of(policies: &[PolicyTrial<'_>]) -> Tally {
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

/// Runs a case; of a failure it is told why, in a language.
pub(super) fn try_case(subject: &Subject, case: &CaseItem, sources: &SourceMap, lang: Lang) -> CaseTrial {
    let result = subject.on(&subject.plan, case);
    let stories = match result.passed() {
        true => Vec::new(),
        false => stories(subject, case, &result, sources, lang),
    };
    CaseTrial { case: case.clone(), result, stories }
}

fn stories(
    subject: &Subject,
    case: &CaseItem,
    result: &CaseResult,
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
    let traced = trace_case(&subject.plan, case, &subject.calendars, subject.scripts());
    let run = Run {
        plan: &subject.plan,
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
        let near = match (step, case.expect.get(place).map(|expect| &expect.value)) {
            (Some(step), Some(ExpectValue::Value(expected))) => near_miss(&run, *step, item, expected, lang),
            _ => None,
        };
        stories.push(Story { unknown, near, lines });
    }
    stories
}
