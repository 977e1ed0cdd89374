//! The thresholds of a plan: each comparison of numbers or days that stands in the policy.

use super::search::Aim;
use super::want::Want;
use crate::base::{Span, Str};
use crate::plan::{Compare, ItemId, Label, Op, Plan, StepId};
use crate::trial::coverage::{Goal, Never};
use crate::value::Value;

/// A comparison of a value with its bound, as it stands in the policy.
#[derive(Clone, PartialEq, Debug)]
pub struct Threshold {
    /// The goals that are its sides, by their places among the goals of the plan.
    pub goals: Vec<usize>,
    /// Where it is compared: a table that is applied in several places compares several times.
    pub ways: Vec<Way>,
    /// The construct that it stands in.
    pub item: ItemId,
    /// What it is called: `risk class, CA2: score ≥ 61`.
    pub name: Label,
    /// Where it stands.
    pub span: Span,
    /// Why one of its sides can never be reached, where that is proved.
    pub never: Option<Never>,
}

/// One place where a threshold is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Way {
    /// The comparison.
    pub step: StepId,
    /// How they are compared.
    pub how: Compare,
    /// The value.
    pub left: StepId,
    /// Its bound.
    pub right: StepId,
}

/// The thresholds among the goals of a plan, in the order of the policy.
#[must_use]
pub fn thresholds(plan: &Plan, goals: &[Goal]) -> Vec<Threshold> {
    let mut found: Vec<Threshold> = Vec::new();
    for (place, goal) in goals.iter().enumerate() {
        let ways: Vec<Way> = goal
            .thresholds(plan)
            .iter()
            .map(|it| Way { step: it.compare, how: it.how, left: it.key, right: it.bound })
            .collect();
        let same =
            |other: &&mut Threshold| other.span == goal.span && other.item == goal.item && other.ways == ways;
        if ways.is_empty() {
            continue;
        }
        match found.iter_mut().find(same) {
            Some(known) => {
                known.goals.push(place);
                known.never = known.never.take().or_else(|| goal.never.clone());
            }
            None => found.push(Threshold {
                goals: vec![place],
                ways,
                item: goal.item,
                name: called(&goal.name),
                span: goal.span,
                never: goal.never.clone(),
            }),
        }
    }
    found
}

/// What both sides are called: without which side it is.
fn called(name: &Label) -> Label {
    let without = |text: &Str, ends: [&str; 2]| {
        let bare = ends.iter().find_map(|end| text.strip_suffix(end));
        Str::from(bare.unwrap_or(text))
    };
    Label { en: without(&name.en, [" not met", " met"]), zh: without(&name.zh, [" 不满足", " 满足"]) }
}

/// Whether no customer and no day moves a step.
#[must_use]
pub fn is_fixed(plan: &Plan, step: StepId) -> bool {
    match plan.steps.get(step).map(|step| &step.op) {
        Some(Op::Const(_) | Op::Param(_) | Op::Unknown(_)) => true,
        Some(
            Op::Today
            | Op::Fact(_)
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
        Aim::Level { .. } | Aim::Apart { .. } | Aim::Compared { .. } => false,
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
