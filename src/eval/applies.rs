//! Whether a policy applies to a customer, asked before anything is decided.

use super::facts::Facts;
use super::row::{Env, Program, Scratch};
use crate::plan::{Plan, StepId};
use crate::value::Value;

/// The question to whom a policy applies, made ready for many customers on one day.
pub struct Applies<'p> {
    program: Option<(Program<'p>, StepId)>,
}

impl<'p> Applies<'p> {
    /// Makes it ready. A policy that says nothing applies to all.
    #[must_use]
    pub fn new(plan: &'p Plan, env: &Env<'p>) -> Applies<'p> {
        let program = plan.applies.map(|step| (Program::prepare(plan, &[step], &[], env), step));
        Applies { program }
    }

    /// A working place, to be kept from customer to customer.
    #[must_use]
    pub fn scratch(&self) -> Option<Scratch> {
        self.program.as_ref().map(|(program, _)| program.scratch())
    }

    /// Whether the policy applies to a customer; none where its facts do not tell.
    pub fn holds(&self, facts: &Facts, scratch: &mut Option<Scratch>) -> Option<bool> {
        let (Some((program, step)), Some(scratch)) = (&self.program, scratch) else { return Some(true) };
        program.run(facts, scratch, &mut ());
        match scratch.value(*step, 0) {
            Value::Bool(applies) => Some(*applies),
            _ => None,
        }
    }
}
