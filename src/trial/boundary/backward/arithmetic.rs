//! Sums, products, quotients, roundings, means, solved for one of their operands.

use super::{Back, direction};
use crate::plan::{StepId, Take};
use crate::trial::boundary::customer::figure;
use crate::trial::boundary::want::{Range, Want};
use crate::value::{Number, Precision, Rounding, RoundingMode, Value};

impl Back<'_, '_> {
    /// The operand of a sum or a difference that goes the same way as the result.
    pub(super) fn shifted(
        &mut self,
        of: StepId,
        other: StepId,
        item: usize,
        want: &Want,
        by: impl Fn(&Number, &Number) -> Option<Number>,
    ) {
        let Some(number) = self.number(other, item) else { return };
        match want {
            Want::Within(range) => {
                let range = range.through(false, |end| by(end, &number));
                self.solve(of, item, &Want::Within(range));
            }
            Want::Move(_) | Want::Other => self.solve(of, item, want),
            _ => {}
        }
    }

    /// What is taken off.
    pub(super) fn turned(&mut self, of: StepId, from: StepId, item: usize, want: &Want) {
        let Some(number) = self.number(from, item) else { return };
        match want {
            Want::Within(range) => {
                let range = range.through(true, |end| Some(number.sub(end)));
                self.solve(of, item, &Want::Within(range));
            }
            Want::Move(up) => self.solve(of, item, &Want::Move(!up)),
            Want::Other => self.solve(of, item, want),
            _ => {}
        }
    }

    pub(super) fn factor(&mut self, of: StepId, other: StepId, item: usize, want: &Want) {
        let Some(number) = self.number(other, item) else { return };
        if number.is_zero() {
            // Whatever the other is, the product is 0.
            self.solve(other, item, &Want::Within(Range::from(Number::ZERO, false)));
            return;
        }
        match want {
            Want::Within(range) => {
                let range = range.through(number.is_negative(), |end| end.div(&number));
                self.solve(of, item, &Want::Within(range));
            }
            Want::Move(up) => self.solve(of, item, &Want::Move(*up != number.is_negative())),
            Want::Other => self.solve(of, item, want),
            _ => {}
        }
    }

    pub(super) fn quotient(&mut self, a: StepId, b: StepId, item: usize, want: &Want) {
        let (Some(above), Some(below)) = (self.number(a, item), self.number(b, item)) else { return };
        if below.is_zero() {
            if *want != Want::Unknown {
                self.solve(b, item, &Want::Within(Range::from(Number::ZERO, false)));
            }
            return;
        }
        match want {
            Want::Within(range) => {
                let of_a = range.through(below.is_negative(), |end| Some(end.mul(&below)));
                self.solve(a, item, &Want::Within(of_a));
                // The divisor that brings an end, if the dividend stays; beyond it the quotient goes on the same way.
                let ends =
                    range.low.iter().map(|end| (end, true)).chain(range.high.iter().map(|end| (end, false)));
                for ((end, included), is_low) in ends {
                    let Some(divisor) = above.div(end) else { continue };
                    let wanted = match (is_low, range.low.is_some() && range.high.is_some()) {
                        (_, true) => Range::exactly(divisor),
                        // A greater quotient of positive numbers wants a lesser divisor.
                        (true, false) => {
                            Range { low: Some((Number::ZERO, false)), high: Some((divisor, *included)) }
                        }
                        (false, false) => Range::from(divisor, *included),
                    };
                    self.solve(b, item, &Want::Within(wanted));
                }
            }
            Want::Move(up) => {
                self.solve(a, item, &Want::Move(*up != below.is_negative()));
                self.solve(b, item, &Want::Move(!up));
            }
            Want::Unknown => self.solve(b, item, &Want::Within(Range::exactly(Number::ZERO))),
            Want::Other => {
                self.solve(a, item, want);
                self.solve(b, item, want);
            }
            _ => {}
        }
    }

    pub(super) fn rounded(
        &mut self,
        of: StepId,
        item: usize,
        rounding: &Rounding,
        percent: bool,
        want: &Want,
    ) {
        let step = match &rounding.precision {
            Precision::Decimals(decimals) => {
                let decimals = if percent { decimals.saturating_add(2) } else { *decimals };
                Number::ONE.div(&Number::power_of_ten(decimals))
            }
            Precision::Multiples(step) => Some(step.clone()),
        };
        let (Want::Within(range), Some(step)) = (want, step) else {
            self.solve(of, item, want);
            return;
        };
        let on_grid = |end: &Number, mode| end.round_to_multiple(mode, &step);
        let low = range.low.as_ref().map(|(low, included)| {
            let first = on_grid(low, RoundingMode::Ceiling);
            if first == *low && !included { (first.add(&step), true) } else { (first, true) }
        });
        let high = range.high.as_ref().map(|(high, included)| {
            let last = on_grid(high, RoundingMode::Floor);
            if last == *high && !included { (last.sub(&step), true) } else { (last, true) }
        });
        self.solve(of, item, &Want::Within(Range { low, high }));
    }

    /// Operands with which a result grows that cannot be solved for.
    pub(super) fn toward(&mut self, of: &[StepId], item: usize, now: &Value, want: &Want) {
        if let Some(up) = direction(now, want) {
            of.iter().for_each(|one| self.solve(*one, item, &Want::Move(up)));
        } else if *want == Want::Other {
            of.iter().for_each(|one| self.solve(*one, item, want));
        }
    }

    /// Operands with which it falls.
    pub(super) fn away(&mut self, of: &[StepId], item: usize, now: &Value, want: &Want) {
        if let Some(up) = direction(now, want) {
            of.iter().for_each(|one| self.solve(*one, item, &Want::Move(!up)));
        } else if *want == Want::Other {
            of.iter().for_each(|one| self.solve(*one, item, want));
        }
    }

    pub(super) fn pick(
        &mut self,
        take: Take,
        of: &[StepId],
        skip: bool,
        item: usize,
        now: &Value,
        want: &Want,
    ) {
        let values: Vec<(StepId, Option<Number>)> =
            of.iter().map(|one| (*one, self.number(*one, item))).collect();
        if *want == Want::Unknown {
            of.iter().for_each(|one| self.solve(*one, item, want));
            return;
        }
        if !now.is_known() {
            for (one, value) in &values {
                if value.is_none() {
                    self.solve(*one, item, &Want::Known);
                }
            }
            if !skip {
                return;
            }
        }
        let known: Vec<&(StepId, Option<Number>)> =
            values.iter().filter(|(_, value)| value.is_some()).collect();
        match (take, want) {
            (Take::Lowest | Take::Highest, Want::Within(range)) => {
                let low_wins = take == Take::Lowest;
                let current = figure(now).unwrap_or(Number::ZERO);
                // Where the winner is too far on its own side, one operand is enough; else all have to move.
                let one_is_enough =
                    if low_wins { range.is_below(&current) } else { range.is_above(&current) };
                for (one, value) in &known {
                    let Some(value) = value else { continue };
                    let is_in_the_way = if low_wins { range.is_above(value) } else { range.is_below(value) };
                    if one_is_enough || is_in_the_way {
                        self.solve(*one, item, &Want::Within(range.clone()));
                    }
                }
            }
            (Take::Average, Want::Within(range)) => {
                let count = Number::from_i64(i64::try_from(known.len()).unwrap_or(1));
                let sum = Number::sum(known.iter().filter_map(|(_, value)| value.as_ref()));
                for (one, value) in &known {
                    let Some(value) = value else { continue };
                    let others = sum.sub(value);
                    let range = range.through(false, |end| Some(end.mul(&count).sub(&others)));
                    self.solve(*one, item, &Want::Within(range));
                }
            }
            _ => of.iter().for_each(|one| self.solve(*one, item, want)),
        }
        if skip {
            for (one, _) in values.iter().filter(|(_, value)| value.is_some()) {
                self.solve(*one, item, &Want::Unknown);
            }
        }
    }

    pub(super) fn weighted(&mut self, terms: &[(Number, StepId)], mean: bool, item: usize, want: &Want) {
        let known: Vec<(Number, StepId, Number)> = terms
            .iter()
            .filter_map(|(weight, of)| Some((weight.clone(), *of, self.number(*of, item)?)))
            .collect();
        let weights = Number::sum(known.iter().map(|(weight, ..)| weight));
        let sum = known.iter().fold(Number::ZERO, |sum, (weight, _, value)| sum.add(&weight.mul(value)));
        match want {
            Want::Within(range) => {
                for (weight, of, value) in &known {
                    if weight.is_zero() {
                        continue;
                    }
                    let others = sum.sub(&weight.mul(value));
                    let range = range.through(weight.is_negative(), |end| {
                        let whole = if mean { end.mul(&weights) } else { end.clone() };
                        whole.sub(&others).div(weight)
                    });
                    self.solve(*of, item, &Want::Within(range));
                }
            }
            Want::Move(up) => {
                for (weight, of, _) in &known {
                    self.solve(*of, item, &Want::Move(*up != weight.is_negative()));
                }
            }
            _ => {
                for (_, of) in terms {
                    self.solve(*of, item, want);
                }
            }
        }
        for (_, of) in terms {
            if !self.value(*of, item).is_known() && *want != Want::Unknown {
                self.solve(*of, item, &Want::Known);
            }
        }
    }

    pub(super) fn known_weight(&mut self, terms: &[(Number, StepId)], item: usize, now: &Value, want: &Want) {
        let up = direction(now, want);
        for (_, of) in terms {
            let known = self.value(*of, item).is_known();
            if known && up != Some(true) {
                self.solve(*of, item, &Want::Unknown);
            } else if !known && up != Some(false) {
                self.solve(*of, item, &Want::Known);
            }
        }
    }
}
