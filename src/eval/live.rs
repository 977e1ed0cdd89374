//! On which steps an outcome rests for one customer.

use crate::base::Idx;
use crate::plan::{Op, Plan, Scope, StepId};
use crate::value::Value;

/// By the number of each step, whether these outputs rest on it for one customer: of what is chosen between only on what was
/// taken, of a condition that fails only on the parts that fail. `read` gives what a step of the customer came to; where it gives
/// what those of an item came to, also of that item.
///
/// A judgement that a row behind the one taken would have asked for plays no part, and nobody is told its reason.
#[must_use]
pub fn rests_on<'v>(
    plan: &Plan,
    outputs: &[StepId],
    read: &dyn Fn(StepId) -> Option<&'v Value>,
) -> Vec<bool> {
    walk(plan, outputs, read, usize::MAX)
}

/// The same as somebody goes through it who stops where it is settled: of a condition that fails in several parts only the first
/// that fails, of a row whose key does not match nothing else.
#[must_use]
pub fn reached<'v>(plan: &Plan, outputs: &[StepId], read: &dyn Fn(StepId) -> Option<&'v Value>) -> Vec<bool> {
    walk(plan, outputs, read, 1)
}

/// Of a condition that is settled by several parts, so many of them count.
fn walk<'v>(
    plan: &Plan,
    outputs: &[StepId],
    read: &dyn Fn(StepId) -> Option<&'v Value>,
    settling: usize,
) -> Vec<bool> {
    let mut live = vec![false; plan.steps.len()];
    let mut waiting = outputs.to_vec();
    let yes = |step: StepId| read(step).and_then(Value::as_bool);
    while let Some(step) = waiting.pop() {
        let Some(flag) = live.get_mut(step.place()).filter(|flag| !**flag) else { continue };
        *flag = true;
        let Some(it) = plan.steps.get(step) else { continue };
        // Of an item nothing is told here but by who looks at that item alone.
        if it.scope != Scope::Customer && read(step).is_none() {
            it.op.each_operand(|operand| waiting.push(operand));
            continue;
        }
        match &it.op {
            Op::Choose(place, of) => {
                waiting.push(*place);
                if let Some(Value::Code(taken)) = read(*place) {
                    waiting.extend(of.get(*taken as usize));
                }
            }
            Op::If(condition, then, other) => {
                waiting.push(*condition);
                match yes(*condition) {
                    Some(true) => waiting.push(*then),
                    Some(false) => waiting.push(*other),
                    None => {}
                }
            }
            // The conditions behind the first that holds were not asked.
            Op::FirstTrue(of) => {
                let failed = of.iter().take_while(|part| yes(**part) == Some(false)).count();
                waiting.extend(of.iter().take(failed.saturating_add(1)));
            }
            Op::And(of) if yes(step) != Some(true) => {
                let most = if yes(step).is_some() { settling } else { usize::MAX };
                waiting.extend(of.iter().filter(|part| yes(**part) == yes(step)).take(most));
            }
            Op::Or(of) if yes(step) != Some(false) => {
                let most = if yes(step).is_some() { settling } else { usize::MAX };
                waiting.extend(of.iter().filter(|part| yes(**part) == yes(step)).take(most));
            }
            Op::IfUnknown(first, other) => {
                waiting.push(*first);
                if !read(*first).is_some_and(Value::is_known) {
                    waiting.push(*other);
                }
            }
            op => op.each_operand(|operand| waiting.push(operand)),
        }
    }
    live
}
