//! The part of a plan that some values need.

use std::collections::BTreeSet;

use super::{Op, Plan, StepId};
use crate::base::Idx;
use crate::value::FieldId;

/// The steps that `targets` need, in the order in which they run. A step of `given` stands as it is: it is among them where it
/// is needed, what it reads is not.
///
/// A case that expects `risk_class` of a given score needs neither the balance sheet nor the invoices.
#[must_use]
pub fn slice(plan: &Plan, targets: &[StepId], given: &BTreeSet<StepId>) -> Vec<StepId> {
    let mut needed = vec![false; plan.steps.len()];
    for target in targets {
        if let Some(flag) = needed.get_mut(target.place()) {
            *flag = true;
        }
    }
    // Operands stand before their step, so that one way back through the plan finds all.
    for (id, step) in plan.steps.iter_enumerated().rev() {
        if needed.get(id.place()) == Some(&true) && !given.contains(&id) {
            step.op.each_operand(|operand| {
                if let Some(flag) = needed.get_mut(operand.place()) {
                    *flag = true;
                }
            });
        }
    }
    plan.steps.ids().filter(|id| needed.get(id.place()) == Some(&true)).collect()
}

/// The facts that some steps rest on.
#[must_use]
pub fn facts_under(plan: &Plan, targets: &[StepId]) -> BTreeSet<FieldId> {
    let mut needed = BTreeSet::new();
    for step in slice(plan, targets, &BTreeSet::new()) {
        match plan.steps.get(step).map(|it| &it.op) {
            Some(Op::Fact(fact) | Op::Field(fact, _)) => {
                needed.insert(*fact);
            }
            Some(Op::SignedOn(signed)) => {
                needed.insert(signed.list);
            }
            Some(Op::Aggregate { list, .. } | Op::Lookup { list, .. }) => {
                needed.insert(*list);
            }
            Some(Op::Signed(signed)) => {
                needed.insert(signed.list);
            }
            _ => {}
        }
    }
    needed
}
