//! The plan itself, asked what it makes of a customer.

use std::collections::BTreeMap;

use super::customer::Customer;
use crate::base::Str;
use crate::eval::{Env, Facts, Program, Scratch, ScriptHost, case_facts};
use crate::plan::{Plan, Scope, StepId};
use crate::value::{Calendar, Date, FieldId, Value};

/// A plan with what it needs to be run.
#[derive(Clone, Copy)]
pub struct Bench<'p> {
    /// The plan.
    pub plan: &'p Plan,
    /// Its calendars.
    pub calendars: &'p [Calendar],
    /// What calls the functions of its scripts.
    pub scripts: Option<&'p dyn ScriptHost>,
}

/// What has to stay the same for a program to be run again.
type Ready = (Option<Date>, BTreeMap<StepId, Value>, BTreeMap<u32, Value>);

/// Asks a plan for the values of some steps, of one customer after the other.
pub struct Oracle<'p> {
    bench: Bench<'p>,
    targets: Vec<StepId>,
    program: Option<(Ready, Program<'p>, Scratch)>,
    items: BTreeMap<FieldId, usize>,
    /// How many customers were asked for.
    pub asked: usize,
}

impl<'p> Oracle<'p> {
    /// An oracle for these steps and all that they read.
    #[must_use]
    pub fn new(bench: Bench<'p>, targets: &[StepId]) -> Oracle<'p> {
        Oracle { bench, targets: targets.to_vec(), program: None, items: BTreeMap::new(), asked: 0 }
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &'p Plan {
        self.bench.plan
    }

    /// Runs a customer; [`Oracle::value`] tells what came out.
    pub fn ask(&mut self, customer: &Customer) {
        self.asked = self.asked.saturating_add(1);
        let ready = (customer.as_of, customer.values.clone(), customer.params.clone());
        if self.program.as_ref().is_none_or(|(other, ..)| *other != ready) {
            let plan = self.bench.plan;
            let mut params: Vec<Value> = plan.params.iter().map(|param| param.default.clone()).collect();
            for (number, value) in &customer.params {
                if let Some(param) = params.get_mut(*number as usize) {
                    *param = value.clone();
                }
            }
            let env = Env {
                today: customer.as_of.unwrap_or(Date(0)),
                params,
                calendars: self.bench.calendars,
                scripts: self.bench.scripts,
                book: None,
            };
            let given: Vec<(StepId, Value)> =
                customer.values.iter().map(|(step, value)| (*step, value.clone())).collect();
            let program = Program::prepare(plan, &self.targets, &given, &env);
            let scratch = program.scratch();
            self.program = Some((ready, program, scratch));
        }
        let facts = facts(self.bench.plan, customer);
        self.items = facts.records.iter().map(|records| (records.field, records.items)).collect();
        if let Some((_, program, scratch)) = &mut self.program {
            program.run(&facts, scratch, &mut ());
        }
    }

    /// The value of a step for the customer asked last: its own, or that of an item.
    #[must_use]
    pub fn value(&self, step: StepId, item: usize) -> Value {
        match &self.program {
            Some((_, program, scratch)) if program.has(step) => match program_scope(self.bench.plan, step) {
                Scope::Items(list) if item >= self.items(list) => none(step),
                Scope::Items(_) | Scope::Customer => scratch.value(step, item).clone(),
            },
            Some(_) | None => none(step),
        }
    }

    /// How many items a list has.
    #[must_use]
    pub fn items(&self, list: FieldId) -> usize {
        self.items.get(&list).copied().unwrap_or(0)
    }
}

fn program_scope(plan: &Plan, step: StepId) -> Scope {
    plan.steps.get(step).map_or(Scope::Customer, |step| step.scope)
}

fn none(step: StepId) -> Value {
    Value::Unknown(crate::value::Cause::NotComputable(step.0))
}

/// The facts of a customer, with their defaults.
fn facts(plan: &Plan, customer: &Customer) -> Facts {
    case_facts(plan, &customer.case(plan, Str::from("customer"), Vec::new()))
}
