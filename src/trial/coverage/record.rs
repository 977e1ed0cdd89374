//! What a run reached: of a case, of the decision of a customer, of all cases of a policy.

use std::collections::BTreeSet;

use super::goal::{Goal, Reached, Sight};
use crate::base::Idx;
use crate::eval::{self, CaseResult, ScriptHost, Trace, watch_case};
use crate::plan::{self, CaseItem, Plan, StepId};
use crate::value::Calendar;

/// What a trace shows of the goals of its plan. A step that was not run shows nothing.
#[must_use]
pub fn of_trace(plan: &Plan, goals: &[Goal], trace: &Trace) -> Reached {
    seen(plan, goals, trace, &|_| true)
}

/// Runs a case; what came of it, and which goals it reached. It reaches those that its expectations rest on and no others:
/// a case that gives the risk class reaches no band.
#[must_use]
pub fn of_case(
    plan: &Plan,
    goals: &[Goal],
    case: &CaseItem,
    calendars: &[Calendar],
    scripts: Option<&dyn ScriptHost>,
) -> (CaseResult, Reached) {
    let mut trace = Trace::new();
    let result = watch_case(plan, case, calendars, scripts, &mut trace);
    let reached = of_trace(plan, goals, &trace);
    (result, reached)
}

/// What the decision of a customer reached, by its trace: one of [`Decider::new`](eval::Decider::new) or of
/// [`Decider::whole`](eval::Decider::whole), of which only the steps count that the decision needs,
/// beside values that `stands` says are given.
#[must_use]
pub fn of_decision(
    plan: &Plan,
    goals: &[Goal],
    decision: usize,
    stands: &BTreeSet<StepId>,
    trace: &Trace,
) -> Reached {
    let Some(decision) = plan.decisions.get(decision) else { return Reached::none() };
    let mut needed = vec![false; plan.steps.len()];
    for step in plan::slice(plan, &eval::targets(plan, decision), stands) {
        if let Some(flag) = needed.get_mut(step.place()) {
            *flag = true;
        }
    }
    seen(plan, goals, trace, &|step| needed.get(step.place()) == Some(&true))
}

fn seen(plan: &Plan, goals: &[Goal], trace: &Trace, counts: &dyn Fn(StepId) -> bool) -> Reached {
    let rests = |way: &Sight| {
        let mut all = true;
        way.each_step(&mut |step| all &= counts(step));
        all
    };
    let mut reached = Reached::none();
    for (place, goal) in goals.iter().enumerate() {
        if goal.ways.iter().any(|way| rests(way) && way.seen(plan, trace)) {
            reached.add(place);
        }
    }
    reached
}

/// Which case reaches which goals.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// What each case reached, in the order of the cases.
    pub of_case: Vec<Reached>,
}

impl Index {
    /// Runs cases and notes what each reaches.
    #[must_use]
    pub fn of(
        plan: &Plan,
        goals: &[Goal],
        cases: &[CaseItem],
        calendars: &[Calendar],
        scripts: Option<&dyn ScriptHost>,
    ) -> Index {
        let of_case = cases.iter().map(|case| of_case(plan, goals, case, calendars, scripts).1).collect();
        Index { of_case }
    }

    /// The cases that reach a goal, by their places.
    #[must_use]
    pub fn reaching(&self, goal: usize) -> Vec<usize> {
        let reaches = |reached: &Reached| reached.has(goal);
        self.of_case.iter().enumerate().filter(|(_, it)| reaches(it)).map(|(place, _)| place).collect()
    }

    /// What all cases together reach.
    #[must_use]
    pub fn all(&self) -> Reached {
        let mut all = Reached::none();
        self.of_case.iter().for_each(|reached| all.merge(reached));
        all
    }
}
