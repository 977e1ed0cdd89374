//! What several lints read from a plan: figures, what a value rests on, what a condition says of a value.

use std::collections::BTreeSet;

use crate::check::hir::Compare;
use crate::plan::{ItemKind, Op, Plan, StepId};
use crate::value::{Number, Value};

/// The step that a chain of names leads to.
pub(super) fn source(plan: &Plan, step: StepId) -> StepId {
    let mut step = step;
    while let Some(Op::Same(of)) = plan.steps.get(step).map(|it| &it.op) {
        step = *of;
    }
    step
}

/// The number of a step: a literal, or what a parameter is unless it is turned.
pub(super) fn number(plan: &Plan, step: StepId) -> Option<&Number> {
    match &plan.steps.get(source(plan, step))?.op {
        Op::Const(value) => value.as_number(),
        Op::Param(param) => plan.params.get(*param as usize)?.default.as_number(),
        _ => None,
    }
}

/// The least and the greatest that a step can be.
pub(super) fn range(plan: &Plan, step: StepId) -> Option<&(Number, Number)> {
    plan.steps.get(step)?.bounds.range.as_ref()
}

/// The steps that these rest on, themselves included.
pub(super) fn under(plan: &Plan, steps: impl IntoIterator<Item = StepId>) -> BTreeSet<StepId> {
    let mut found = BTreeSet::new();
    let mut open: Vec<StepId> = steps.into_iter().collect();
    while let Some(at) = open.pop() {
        if found.insert(at)
            && let Some(step) = plan.steps.get(at)
        {
            step.op.each_operand(|operand| open.push(operand));
        }
    }
    found
}

/// The steps that limits rest on.
pub(super) fn under_limits(plan: &Plan) -> BTreeSet<StepId> {
    let limits = plan.items.iter().filter(|item| matches!(item.kind, ItemKind::Limit(_)));
    under(plan, limits.map(|item| item.value))
}

/// Whether two steps are the same value, however often it is read.
pub(super) fn same(plan: &Plan, one: StepId, other: StepId) -> bool {
    let (one, other) = (source(plan, one), source(plan, other));
    one == other || matches!((plan.steps.get(one), plan.steps.get(other)), (Some(a), Some(b)) if a.op == b.op)
}

/// Between which bounds a condition wants a value, each with whether it is included; or whether it wants a yes or a no; or which
/// members of a kind, or which not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Wanted {
    /// The value.
    pub(super) value: StepId,
    lower: Option<(Number, bool)>,
    upper: Option<(Number, bool)>,
    truth: Option<bool>,
    members: Option<(BTreeSet<u32>, bool)>,
}

impl Wanted {
    /// Nothing of a value yet.
    fn of(value: StepId) -> Wanted {
        Wanted { value, lower: None, upper: None, truth: None, members: None }
    }

    /// Whether both want the same of one value.
    pub(super) fn is_same(&self, plan: &Plan, other: &Wanted) -> bool {
        same(plan, self.value, other.value) && *self == Wanted { value: self.value, ..other.clone() }
    }

    /// Whether no value satisfies both.
    pub(super) fn excludes(&self, other: &Wanted) -> bool {
        if let (Some(one), Some(other)) = (self.truth, other.truth) {
            return one != other;
        }
        if let (Some((one, yes)), Some((other, no))) = (&self.members, &other.members) {
            return match (yes, no) {
                (true, true) => one.is_disjoint(other),
                (true, false) => one.is_subset(other),
                (false, true) => other.is_subset(one),
                (false, false) => false,
            };
        }
        let apart = |upper: &Option<(Number, bool)>, lower: &Option<(Number, bool)>| match (upper, lower) {
            (Some((high, high_in)), Some((low, low_in))) => {
                high < low || high == low && !(*high_in && *low_in)
            }
            _ => false,
        };
        apart(&self.upper, &other.lower) || apart(&other.upper, &self.lower)
    }

    /// Whether it bounds the value on one side only, and on which: below (`true`) or above.
    pub(super) fn wants_more(&self) -> Option<bool> {
        match (&self.lower, &self.upper) {
            (Some(_), None) => Some(true),
            (None, Some(_)) => Some(false),
            (None, None) | (Some(_), Some(_)) => None,
        }
    }
}

/// What a condition wants, as far as it is comparisons with figures and questions of yes or no, all of which must hold.
pub(super) fn wanted(plan: &Plan, condition: StepId) -> Vec<Wanted> {
    let mut found = Vec::new();
    let mut open = vec![(condition, true)];
    while let Some((at, truth)) = open.pop() {
        let at = source(plan, at);
        let Some(step) = plan.steps.get(at) else { continue };
        match &step.op {
            Op::And(of) if truth => open.extend(of.iter().map(|of| (*of, true))),
            Op::Or(of) if !truth => open.extend(of.iter().map(|of| (*of, false))),
            Op::Not(of) => open.push((*of, !truth)),
            Op::Compare(how, a, b) => {
                let how = if truth { *how } else { how.opposite() };
                let (value, bound, how) = match (number(plan, *a), number(plan, *b)) {
                    (None, Some(bound)) => (*a, bound, how),
                    (Some(bound), None) => (*b, bound, how.mirrored()),
                    _ => continue,
                };
                let bound = |included: bool| Some((bound.clone(), included));
                let (lower, upper) = match how {
                    Compare::Less => (None, bound(false)),
                    Compare::LessOrEqual => (None, bound(true)),
                    Compare::Greater => (bound(false), None),
                    Compare::GreaterOrEqual => (bound(true), None),
                };
                found.push(Wanted { lower, upper, ..Wanted::of(source(plan, value)) });
            }
            Op::Equal(a, b) => {
                let constant = |step: StepId| match plan.steps.get(source(plan, step)).map(|it| &it.op) {
                    Some(Op::Const(value)) => Some(value.clone()),
                    _ => None,
                };
                let (value, wanted) = match (constant(*a), constant(*b)) {
                    (None, Some(wanted)) => (*a, wanted),
                    (Some(wanted), None) => (*b, wanted),
                    _ => continue,
                };
                let of = Wanted::of(source(plan, value));
                match wanted {
                    Value::Code(code) => {
                        let members = Some((BTreeSet::from([code]), truth));
                        found.push(Wanted { members, ..of });
                    }
                    Value::Bool(yes) => found.push(Wanted { truth: Some(yes == truth), ..of }),
                    _ => {}
                }
            }
            Op::OneOf(value, codes) => {
                let members = Some((codes.iter().copied().collect(), truth));
                found.push(Wanted { members, ..Wanted::of(source(plan, *value)) });
            }
            Op::Fact(_) | Op::Field(..) => found.push(Wanted { truth: Some(truth), ..Wanted::of(at) }),
            Op::Const(Value::Bool(_)) => {}
            _ => {}
        }
    }
    found
}
