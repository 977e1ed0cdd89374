//! Where one plan does something more than the other: a cap, a condition, a coefficient around what the other has.

use super::relate::{ANY, Dir, Rel, Relate};
use super::side::Sign;
use crate::plan::{Op, StepId, Take};
use crate::value::{Number, RoundingMode, Value};

impl Relate<'_> {
    /// One side does something more: a cap, a condition, a coefficient around what the other side has. Where `lifted`, values below zero
    /// count as zero.
    pub(super) fn wrapped(&mut self, (was, is): (StepId, StepId), lifted: bool) -> Rel {
        for around in [true, false] {
            let side = if around { &self.is } else { &self.was };
            let outer = if around { is } else { was };
            let Some(op) = side.op(outer).cloned() else { continue };
            let rel = self.around(&op, (was, is), around, lifted);
            if rel.dir != Dir::Any {
                return rel;
            }
        }
        ANY
    }

    /// `op` is that of the new step where `around`, else of the old one; what it does more is turned for the old one.
    fn around(&mut self, op: &Op, (was, is): (StepId, StepId), around: bool, lifted: bool) -> Rel {
        let more = |dir: Dir| if around { dir } else { dir.turned() };
        let sure =
            |relate: &Self, step: StepId| !(if around { &relate.is } else { &relate.was }).is_unknown(step);
        let of = |relate: &Self, step: StepId, sign: Sign| {
            (if around { &relate.is } else { &relate.was }).is_of(step, sign)
        };
        let range = |relate: &Self, step: StepId| {
            let side = if around { &relate.is } else { &relate.was };
            side.step(step).and_then(|it| it.bounds.range.clone())
        };
        let inner = |relate: &mut Self, step: StepId| {
            let (old, new) = if around { (was, step) } else { (step, is) };
            if lifted { relate.lifted(old, new) } else { relate.of(old, new) }
        };
        let joined = |rel: Rel, dir: Dir| Rel { dir: rel.dir.and(more(dir)), known: rel.known };
        match op {
            Op::Same(of) => inner(self, *of),
            Op::Pick { take, of: steps, skip_unknown } => {
                let dir = match take {
                    Take::Lowest => Dir::Down,
                    Take::Highest => Dir::Up,
                    Take::Average | Take::Middle | Take::First => return ANY,
                };
                for (place, step) in steps.iter().enumerate() {
                    let others_sure =
                        steps.iter().enumerate().all(|(at, other)| at == place || sure(self, *other));
                    let fits = match skip_unknown {
                        false => others_sure,
                        true => sure(self, *step),
                    };
                    let rel = if fits { inner(self, *step) } else { ANY };
                    if joined(rel, dir).dir != Dir::Any {
                        return joined(rel, dir);
                    }
                }
                ANY
            }
            Op::If(condition, a, b) if sure(self, *condition) => {
                let (first, second) = (inner(self, *a), inner(self, *b));
                Rel { dir: first.dir.and(second.dir), known: first.known && second.known }
            }
            Op::And(steps) | Op::Or(steps) => {
                let dir = if matches!(op, Op::And(_)) { Dir::Down } else { Dir::Up };
                for step in steps {
                    let rel = inner(self, *step);
                    if joined(rel, dir).dir != Dir::Any {
                        return Rel { known: false, ..joined(rel, dir) };
                    }
                }
                ANY
            }
            Op::IfUnknown(of, instead) => {
                let side = if around { &self.is } else { &self.was };
                let dir = match side.op(*instead) {
                    Some(Op::Const(Value::Bool(true))) => Dir::Up,
                    Some(Op::Const(Value::Bool(false))) => Dir::Down,
                    _ => return ANY,
                };
                Rel { known: false, ..joined(inner(self, *of), dir) }
            }
            Op::Multiply(a, b) => {
                for (value, by) in [(*a, *b), (*b, *a)] {
                    let Some((least, most)) = range(self, by) else { continue };
                    let dir = if most <= Number::ONE && !least.is_negative() {
                        Dir::Down
                    } else if least >= Number::ONE {
                        Dir::Up
                    } else {
                        continue;
                    };
                    if (lifted || of(self, value, Sign::NotNegative)) && sure(self, by) {
                        let rel = joined(inner(self, value), dir);
                        if rel.dir != Dir::Any {
                            return rel;
                        }
                    }
                }
                ANY
            }
            Op::Round(value, rounding) => {
                let dir = match rounding.mode {
                    RoundingMode::Floor => Dir::Down,
                    RoundingMode::Ceiling => Dir::Up,
                    RoundingMode::Down if lifted || of(self, *value, Sign::NotNegative) => Dir::Down,
                    RoundingMode::Up if lifted || of(self, *value, Sign::NotNegative) => Dir::Up,
                    RoundingMode::Down | RoundingMode::Up | RoundingMode::HalfUp | RoundingMode::HalfEven => {
                        return ANY;
                    }
                };
                joined(inner(self, *value), dir)
            }
            Op::Add(a, b) | Op::AddDays(a, b) => {
                let dir = if of(self, *b, Sign::NotNegative) {
                    Dir::Up
                } else if of(self, *b, Sign::NotPositive) {
                    Dir::Down
                } else {
                    return ANY;
                };
                if sure(self, *b) { joined(inner(self, *a), dir) } else { ANY }
            }
            Op::Subtract(a, b) if of(self, *b, Sign::NotNegative) && sure(self, *b) => {
                joined(inner(self, *a), Dir::Down)
            }
            Op::OfRank(..) | Op::Rank(..) => ANY,
            _ => ANY,
        }
    }
}
