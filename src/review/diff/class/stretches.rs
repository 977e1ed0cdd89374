//! Tables by a number: which row holds on each stretch between the borders of both sides.

use super::relate::{ANY, Dir, Rel, Relate, SAME};
use super::side::Side;
use crate::plan::{Compare, Op, StepId};
use crate::value::{Number, Value};

/// The ends that a row asks for: each test of the key against a number.
type Tests = Vec<(Compare, Number)>;

impl Relate<'_> {
    /// Rows that ask nothing but where a number lies that is the same on both sides, and always known. Between two borders, of whichever
    /// side, one row holds throughout: it is held against the one that holds there on the other side.
    pub(super) fn by_stretch(
        &mut self,
        (conditions, was): (&[StepId], &[StepId]),
        (others, is): (&[StepId], &[StepId]),
    ) -> Rel {
        let (Some((from, old)), Some((to, new))) = (tests(&self.was, conditions), tests(&self.is, others))
        else {
            return ANY;
        };
        if self.was.is_unknown(from) || self.is.is_unknown(to) || self.of(from, to).dir != Dir::Same {
            return ANY;
        }
        let (Some(then), Some(now)) = (self.was.step(from), self.is.step(to)) else { return ANY };
        let decimals = then.bounds.decimals.zip(now.bounds.decimals).map(|(then, now)| then.max(now));
        let Some(points) = points(old.iter().chain(&new), decimals) else { return ANY };
        let range = then.bounds.range.clone();
        let inside = |at: &Number| range.as_ref().is_none_or(|(least, most)| least <= at && at <= most);
        let mut all = SAME;
        for at in points.into_iter().filter(inside) {
            let row =
                |rows: &[Tests]| rows.iter().position(|tests| tests.iter().all(|test| holds(test, &at)));
            let rel = match (row(&old), row(&new)) {
                (Some(old), Some(new)) => match (was.get(old), is.get(new)) {
                    (Some(was), Some(is)) => self.of(*was, *is),
                    (_, _) => return ANY,
                },
                // Where no row holds, nothing is known: on both sides, or it is no direction.
                (None, None) => SAME,
                (_, _) => return ANY,
            };
            all = Rel { dir: all.dir.and(rel.dir), known: all.known && rel.known };
            if all.dir == Dir::Any {
                return ANY;
            }
        }
        all
    }
}

/// What rows ask of the one number that all of them ask for; none where they ask for anything else.
fn tests(side: &Side<'_>, conditions: &[StepId]) -> Option<(StepId, Vec<Tests>)> {
    let mut key = None;
    let mut rows = Vec::new();
    for condition in conditions {
        let mut own = Vec::new();
        ask(side, *condition, &mut key, &mut own)?;
        rows.push(own);
    }
    Some((key?, rows))
}

fn ask(side: &Side<'_>, condition: StepId, key: &mut Option<StepId>, tests: &mut Tests) -> Option<()> {
    match side.op(condition)? {
        Op::And(parts) => parts.iter().try_for_each(|part| ask(side, *part, key, tests)),
        Op::Const(Value::Bool(true)) => Some(()),
        Op::Compare(how, of, with) => {
            let Some(Op::Const(Value::Number(border))) = side.op(*with) else { return None };
            if key.is_some_and(|known| known != *of) {
                return None;
            }
            *key = Some(*of);
            tests.push((*how, border.clone()));
            Some(())
        }
        _ => None,
    }
}

fn holds((how, border): &(Compare, Number), at: &Number) -> bool {
    match how {
        Compare::Less => at < border,
        Compare::LessOrEqual => at <= border,
        Compare::Greater => at > border,
        Compare::GreaterOrEqual => at >= border,
    }
}

/// A number on each stretch: of a key with so many decimals each border and its neighbours; else each border, one between two of them, one
/// before and one behind all. None where a border has more decimals than the key.
fn points<'t>(rows: impl Iterator<Item = &'t Tests>, decimals: Option<u32>) -> Option<Vec<Number>> {
    let mut borders: Vec<Number> = rows.flatten().map(|(_, border)| border.clone()).collect();
    borders.sort();
    borders.dedup();
    let mut all = Vec::new();
    if let Some(decimals) = decimals {
        let scale = Number::power_of_ten(decimals);
        let least = Number::ONE.div(&scale)?;
        for border in &borders {
            if !border.mul(&scale).is_integer() {
                return None;
            }
            all.extend([border.sub(&least), border.clone(), border.add(&least)]);
        }
        return Some(all);
    }
    let two = Number::from(2_u32);
    all.extend(borders.iter().zip(borders.iter().skip(1)).filter_map(|(a, b)| a.add(b).div(&two)));
    all.extend(borders.first().map(|first| first.sub(&Number::ONE)));
    all.extend(borders.last().map(|last| last.add(&Number::ONE)));
    all.extend(borders);
    Some(all)
}
