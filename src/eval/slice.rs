//! Which steps a step rests on.

use crate::base::Idx;
use crate::plan::{Op, Plan, StepId};

/// Calls `visit` for each operand of an operation, in the order written.
pub(super) fn operands(op: &Op, visit: &mut dyn FnMut(StepId)) {
    match op {
        Op::Const(_) | Op::Fact(_) | Op::Field(..) | Op::Param(_) | Op::Today | Op::Unknown(_) => {}
        Op::Negate(of)
        | Op::Power(of, _)
        | Op::Round(of, _)
        | Op::Floor(of)
        | Op::OneOf(of, _)
        | Op::Has(of, _)
        | Op::Not(of)
        | Op::IsKnown(of)
        | Op::Rank(of, _)
        | Op::OfRank(of, _)
        | Op::ToBusinessDay(of, ..)
        | Op::EndOfMonth(of)
        | Op::PeriodStart(of, ..)
        | Op::ListAggregate { list: of, .. }
        | Op::ListWeightedMean(of, _) => visit(*of),
        Op::Add(left, right)
        | Op::Subtract(left, right)
        | Op::Multiply(left, right)
        | Op::Divide(left, right)
        | Op::Compare(_, left, right)
        | Op::Equal(left, right)
        | Op::IfUnknown(left, right)
        | Op::AddDays(left, right)
        | Op::AddBusinessDays(left, right, _)
        | Op::AddMonths(left, right, _)
        | Op::DaysBetween(left, right) => {
            visit(*left);
            visit(*right);
        }
        Op::If(condition, then, otherwise) => {
            visit(*condition);
            visit(*then);
            visit(*otherwise);
        }
        Op::Pick { of, .. }
        | Op::And(of)
        | Op::Or(of)
        | Op::AtLeast(_, of)
        | Op::FirstTrue(of)
        | Op::List(of)
        | Op::Script(_, of) => of.iter().copied().for_each(visit),
        Op::Choose(place, of) => {
            visit(*place);
            of.iter().copied().for_each(visit);
        }
        Op::WeightedMean(terms) | Op::WeightedSum(terms) | Op::KnownWeight(terms) => {
            terms.iter().for_each(|(_, of)| visit(*of));
        }
        Op::Collect(conditions) => conditions.iter().for_each(|(of, _)| visit(*of)),
        Op::Aggregate { operand, filter, .. } => {
            filter.iter().copied().for_each(&mut *visit);
            operand.iter().copied().for_each(visit);
        }
        Op::Lookup { key, .. } => key.iter().for_each(|(_, of)| visit(*of)),
    }
}

/// By the number of each step, whether the targets rest on it; what a given step rests on does not count.
pub(super) fn needed(plan: &Plan, targets: impl IntoIterator<Item = StepId>, given: &[StepId]) -> Vec<bool> {
    let mut needed = vec![false; plan.steps.len()];
    for target in targets {
        if let Some(place) = needed.get_mut(target.place()) {
            *place = true;
        }
    }
    for (id, step) in plan.steps.iter_enumerated().rev() {
        if needed.get(id.place()) == Some(&true) && !given.contains(&id) {
            operands(&step.op, &mut |operand| {
                if let Some(place) = needed.get_mut(operand.place()) {
                    *place = true;
                }
            });
        }
    }
    needed
}
