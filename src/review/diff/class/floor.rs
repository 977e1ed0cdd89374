//! What has a floor at zero: below it, nothing is lost by being multiplied.
//!
//! A limit that is the lower of what working assets and sales come to, times a coefficient, and at least 0: where working assets are below
//! zero, a higher coefficient makes less of them, and yet the limit is 0 before and after. So behind a floor values are related as if
//! those below zero were zero: caps, coefficients and roundings come to the same whether that is done before them or behind them.

use super::relate::{ANY, Dir, Rel, Relate, SAME, with_known};
use super::side::Sign;
use crate::plan::{Op, StepId, Take};
use crate::value::Type;

impl Relate<'_> {
    /// The highest of values of which one is never below zero: the others are related as if those below zero were zero.
    pub(super) fn floored(&mut self, was: &[StepId], is: &[StepId]) -> Rel {
        let pairs: Vec<(StepId, StepId)> = was.iter().copied().zip(is.iter().copied()).collect();
        let has_floor = pairs.iter().any(|(old, new)| {
            self.both(*old, *new, Sign::NotNegative)
                && !self.was.is_unknown(*old)
                && !self.is.is_unknown(*new)
        });
        if has_floor { self.all_lifted(pairs) } else { ANY }
    }

    /// How the higher of zero and a step of the new plan is related to the higher of zero and one of the old plan.
    pub(super) fn lifted(&mut self, was: StepId, is: StepId) -> Rel {
        let rel = self.of(was, is);
        if rel.dir != Dir::Any {
            return rel;
        }
        if let Some(rel) = self.lifted.get(&(was, is)) {
            return *rel;
        }
        if self.is_deep() {
            return ANY;
        }
        let rel = self.deeper(|relate| relate.look_lifted(was, is));
        self.lifted.insert((was, is), rel);
        rel
    }

    fn all_lifted(&mut self, pairs: impl IntoIterator<Item = (StepId, StepId)>) -> Rel {
        let mut all = SAME;
        for (was, is) in pairs {
            let rel = self.lifted(was, is);
            all = Rel { dir: all.dir.and(rel.dir), known: all.known && rel.known };
        }
        all
    }

    fn look_lifted(&mut self, was: StepId, is: StepId) -> Rel {
        let (Some(old), Some(new)) = (self.was.step(was), self.is.step(is)) else { return ANY };
        if !matches!((&old.ty, &new.ty), (Type::Number(_), Type::Number(_))) {
            return ANY;
        }
        let mut rel = self.lifted_by_op(was, is);
        if rel.dir == Dir::Any {
            rel = self.wrapped((was, is), true);
        }
        with_known(rel, old, new)
    }

    fn lifted_by_op(&mut self, was: StepId, is: StepId) -> Rel {
        let (Some(old), Some(new)) = (self.was.op(was).cloned(), self.is.op(is).cloned()) else { return ANY };
        match (&old, &new) {
            (Op::Round(a, how), Op::Round(b, other)) if how == other => self.lifted(*a, *b),
            (
                Op::Pick { take, of: was, skip_unknown: skips },
                Op::Pick { take: other, of: is, skip_unknown: also },
            ) if take == other
                && skips == also
                && was.len() == is.len()
                && matches!(take, Take::Lowest | Take::Highest) =>
            {
                self.all_lifted(was.iter().copied().zip(is.iter().copied()))
            }
            (Op::Multiply(a, b), Op::Multiply(c, d)) => {
                let rel = self.scaled((*a, *c), (*b, *d));
                if rel.dir == Dir::Any { self.scaled((*b, *d), (*a, *c)) } else { rel }
            }
            (Op::Divide(a, b), Op::Divide(c, d)) if self.both(*b, *d, Sign::Positive) => {
                let (value, by) = (self.lifted(*a, *c), self.of(*b, *d));
                Rel { dir: value.dir.and(by.dir.turned()), known: value.known && by.known }
            }
            (Op::If(c, a, b), Op::If(d, x, y)) => {
                let condition = self.of(*c, *d);
                let taken = self.all_lifted([(*a, *x), (*b, *y)]);
                let crossing = match condition.dir {
                    Dir::Same => return taken,
                    Dir::Up if condition.known => self.lifted(*b, *x),
                    Dir::Down if condition.known => self.lifted(*a, *y),
                    Dir::Up | Dir::Down | Dir::Any => return ANY,
                };
                Rel { dir: taken.dir.and(crossing.dir), known: taken.known && crossing.known }
            }
            (Op::IfUnknown(a, b), Op::IfUnknown(c, d)) => self.all_lifted([(*a, *c), (*b, *d)]),
            (Op::Choose(at, was), Op::Choose(on, is))
                if was.len() == is.len() && self.of(*at, *on).dir == Dir::Same =>
            {
                self.all_lifted(was.iter().copied().zip(is.iter().copied()))
            }
            // What else is done to a value is not looked through: it must go one way as it is.
            (_, _) => ANY,
        }
    }

    /// A value times a coefficient that is never below zero.
    fn scaled(&mut self, value: (StepId, StepId), by: (StepId, StepId)) -> Rel {
        if !self.both(by.0, by.1, Sign::NotNegative) {
            return ANY;
        }
        let (value, by) = (self.lifted(value.0, value.1), self.of(by.0, by.1));
        Rel { dir: value.dir.and(by.dir), known: value.known && by.known }
    }
}
