//! The thresholds of a plan: each comparison of numbers or days.

use std::collections::BTreeSet;

use super::search::Aim;
use super::want::Want;
use crate::plan::{self, Compare, ItemId, Op, Plan, Scope, StepId};
use crate::value::{FieldId, Value};

/// A comparison of a value with its bound.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Threshold {
    /// The comparison.
    pub step: StepId,
    /// How they are compared.
    pub how: Compare,
    /// The value.
    pub left: StepId,
    /// Its bound.
    pub right: StepId,
    /// The list whose items are compared, where it is not the customer.
    pub list: Option<FieldId>,
    /// The construct that it stands in.
    pub item: Option<ItemId>,
}

/// The thresholds that some output or named value rests on, in the order of the plan.
#[must_use]
pub fn thresholds(plan: &Plan) -> Vec<Threshold> {
    let mut roots: Vec<StepId> = plan.names.values().copied().collect();
    roots.extend(plan.items.iter().map(|item| item.value));
    roots.extend(plan.rules.iter().filter_map(|rule| rule.condition));
    roots.extend(plan.always.iter().map(|always| always.holds));
    roots.extend(plan.applies);
    let read: BTreeSet<StepId> = plan::slice(plan, &roots, &BTreeSet::new()).into_iter().collect();
    let compared = plan.steps.iter_enumerated().filter(|(id, _)| read.contains(id));
    compared
        .filter_map(|(id, step)| {
            let Op::Compare(how, left, right) = step.op else { return None };
            if is_fixed(plan, left) && is_fixed(plan, right) {
                return None;
            }
            let list = match step.scope {
                Scope::Items(list) => Some(list),
                Scope::Customer => None,
            };
            Some(Threshold { step: id, how, left, right, list, item: owner(plan, id) })
        })
        .collect()
}

/// The threshold at a step; none where it compares nothing, or constants alone.
#[must_use]
pub fn threshold_at(plan: &Plan, step: StepId) -> Option<Threshold> {
    thresholds(plan).into_iter().find(|threshold| threshold.step == step)
}

/// Whether no customer moves a step.
#[must_use]
pub fn is_fixed(plan: &Plan, step: StepId) -> bool {
    match plan.steps.get(step).map(|step| &step.op) {
        Some(Op::Const(_) | Op::Param(_) | Op::Today | Op::Unknown(_)) => true,
        Some(
            Op::Fact(_)
            | Op::Field(..)
            | Op::Aggregate { .. }
            | Op::Running { .. }
            | Op::Latest { .. }
            | Op::Lookup { .. }
            | Op::Book(..)
            | Op::Signed(_)
            | Op::SignedOn(_)
            | Op::Script(..),
        )
        | None => false,
        Some(op) => op.operands().iter().all(|of| is_fixed(plan, *of)),
    }
}

/// The construct that a step stands in: the one with the narrowest place around it.
fn owner(plan: &Plan, step: StepId) -> Option<ItemId> {
    let span = plan.steps.get(step)?.span;
    plan.items
        .iter_enumerated()
        .filter(|(_, item)| {
            item.span.file == span.file && item.span.start <= span.start && span.end <= item.span.end
        })
        .min_by_key(|(id, item)| (item.span.end.saturating_sub(item.span.start), *id))
        .map(|(id, _)| id)
}

/// What else has to hold for a condition to matter: the other cells and conditions of its row, the rows before it.
#[must_use]
pub fn pins(plan: &Plan, step: StepId, item: usize) -> Vec<Aim> {
    let mut pins = Vec::new();
    let mut at = step;
    for _ in 0..12 {
        let Some((user, op)) = user_of(plan, at) else { break };
        match op {
            Op::And(of) => pins.extend(others(of, at, item, true)),
            Op::Or(of) => pins.extend(others(of, at, item, false)),
            Op::FirstTrue(of) => {
                pins.extend(
                    of.iter()
                        .take_while(|one| **one != at)
                        .map(|one| Aim::step(*one, item, Want::Truth(false))),
                );
                break;
            }
            Op::Not(_) | Op::Same(_) | Op::IfUnknown(..) => {}
            _ => break,
        }
        at = user;
    }
    let constant = |aim: &Aim| match aim {
        Aim::Step { step, .. } => {
            matches!(plan.steps.get(*step).map(|it| &it.op), Some(Op::Const(Value::Bool(_))))
        }
        Aim::Level { .. } => false,
    };
    pins.retain(|aim| !constant(aim));
    pins
}

fn user_of(plan: &Plan, step: StepId) -> Option<(StepId, &Op)> {
    let uses = |op: &Op| {
        let mut uses = false;
        op.each_operand(|of| uses |= of == step);
        uses
    };
    plan.steps.iter_enumerated().find(|(_, it)| uses(&it.op)).map(|(id, it)| (id, &it.op))
}

fn others(of: &[StepId], own: StepId, item: usize, yes: bool) -> impl Iterator<Item = Aim> {
    of.iter().filter(move |one| **one != own).map(move |one| Aim::step(*one, item, Want::Truth(yes)))
}
