//! What rests on what people have signed, and on other customers: both are taken as they stand.
//!
//! A signature is no part of the policy. Of what is granted it is asked what it comes to where everybody has signed who must; of an
//! exception, what the policy itself computes and the most that it may grant; of a budget that customers share, what this one
//! gets while the others stay as they are.

use super::relate::{ANY, Dir, Rel, Relate, SAME};
use super::side::{Side, exceptions};
use crate::plan::{BookId, BookPart, BookWhat, Op, OverrideItem, Signed, SignedResult, StepId};
use crate::value::{Number, Value};

impl Relate<'_> {
    /// What is granted of a value goes where the value goes.
    pub(super) fn signed(&mut self, was: &Signed, is: &Signed) -> Rel {
        let granted = |it: &Signed| it.result == SignedResult::Granted;
        if granted(was) && granted(is) && was.subject == is.subject {
            self.of(was.value, is.value)
        } else {
            ANY
        }
    }

    /// A value from which exceptions are made. One that no longer lies within the bounds was higher than whatever stands then,
    /// for the bounds are never below what was computed.
    pub(super) fn by_people(&mut self, was: StepId, is: StepId) -> Rel {
        let (Some(old), Some(new)) = (exceptions(self.was.plan, was), exceptions(self.is.plan, is)) else {
            return ANY;
        };
        if old.roles != new.roles || !bounds_above(&self.was, old) || !bounds_above(&self.is, new) {
            return ANY;
        }
        let both = |relate: &mut Self, old: Option<StepId>, new: Option<StepId>| match (old, new) {
            (Some(old), Some(new)) => relate.of(old, new),
            (None, None) => SAME,
            (_, _) => ANY,
        };
        if both(self, old.length, new.length).dir != Dir::Same {
            return ANY;
        }
        let computed = self.of(old.computed, new.computed);
        let most = both(self, old.most, new.most);
        Rel { dir: computed.dir.and(most.dir), known: computed.known }
    }

    /// A value of the book.
    pub(super) fn book(&mut self, part: BookPart, was: BookId, is: BookId) -> Rel {
        let (Some(old), Some(new)) = (self.was.plan.book.get(was), self.is.plan.book.get(is)) else {
            return ANY;
        };
        let named = old.name == new.name && old.skip_unknown == new.skip_unknown;
        let grouped = match (&old.group, &new.group) {
            (Some(old), Some(new)) => self.of(old.key, new.key).dir == Dir::Same,
            (None, None) => true,
            (_, _) => false,
        };
        let filtered = match (old.filter, new.filter) {
            (Some(old), Some(new)) => self.of(old, new).dir == Dir::Same,
            (None, None) => true,
            (_, _) => false,
        };
        let folded = matches!((&old.what, &new.what), (BookWhat::Fold(was), BookWhat::Fold(is)) if was == is);
        let (Some(of), Some(now), true) = (old.operand, new.operand, named && grouped && filtered && folded)
        else {
            return ANY;
        };
        let operand = self.of(of, now);
        let (BookPart::Served, Some(cap), Some(other)) = (part, &old.cap, &new.cap) else { return ANY };
        let budget = self.of(cap.budget, other.budget);
        if cap.keys.len() != other.keys.len() {
            return ANY;
        }
        let mut dir = operand.dir.and(budget.dir);
        for (key, now) in cap.keys.iter().zip(&other.keys) {
            let rel = self.of(key.step, now.step);
            if key.highest_first != now.highest_first || !rel.known {
                return ANY;
            }
            // Who is served later gets no more.
            dir = dir.and(if key.highest_first { rel.dir } else { rel.dir.turned() });
        }
        Rel { dir, known: operand.known && budget.known }
    }
}

/// Whether the most that an exception may grant is never below what the policy computes: so many percent of it, a hundred or more.
fn bounds_above(side: &Side<'_>, it: &OverrideItem) -> bool {
    let Some(most) = it.most else { return true };
    let at_least_one = |step: StepId| match side.op(step) {
        Some(Op::Const(Value::Number(number))) => *number >= Number::ONE,
        _ => false,
    };
    match side.op(most) {
        Some(Op::Multiply(a, b)) => {
            *a == it.computed && at_least_one(*b) || *b == it.computed && at_least_one(*a)
        }
        _ => most == it.computed,
    }
}
