//! Conditions and choices: which of them has to come out otherwise, and which row, branch, member would do.

use super::{Back, MOST_TURNS};
use crate::plan::{Compare, Op, StepId};
use crate::trial::boundary::customer::figure;
use crate::trial::boundary::search::sides;
use crate::trial::boundary::want::{Range, Want};
use crate::value::{EnumId, Number, Value};

impl Back<'_, '_> {
    pub(super) fn compared(&mut self, how: Compare, a: StepId, b: StepId, yes: bool, item: usize) {
        let (left, right) = (self.number(a, item), self.number(b, item));
        let of = |number: &Option<Number>| number.clone().unwrap_or(Number::ZERO);
        let (for_left, for_right) = sides(how, yes, of(&left), of(&right));
        if right.is_some() {
            self.solve(a, item, &Want::Within(for_left));
        }
        if left.is_some() {
            self.solve(b, item, &Want::Within(for_right));
        }
    }

    /// `and` and `or` alike.
    pub(super) fn connected(&mut self, of: &[StepId], item: usize, want: &Want) {
        let Want::Truth(yes) = want else {
            of.iter().for_each(|one| self.solve(*one, item, want));
            return;
        };
        // What keeps the whole from being so comes before what is merely unknown.
        let (unknown, known): (Vec<StepId>, Vec<StepId>) =
            of.iter().copied().partition(|one| !self.value(*one, item).is_known());
        for one in known.into_iter().chain(unknown) {
            self.solve(one, item, &Want::Truth(*yes));
        }
    }

    pub(super) fn first_true(&mut self, of: &[StepId], item: usize, want: &Want) {
        let now = of.iter().position(|one| self.value(*one, item) != Value::Bool(false));
        let wanted: Vec<usize> = match want {
            Want::OneOf(codes) => codes.iter().map(|code| *code as usize).collect(),
            Want::NoneOf(codes) => {
                (0..of.len()).filter(|place| !codes.iter().any(|code| *code as usize == *place)).collect()
            }
            Want::Other | Want::Known => (0..of.len()).filter(|place| Some(*place) != now).collect(),
            Want::Unknown => {
                of.iter().take(now.map_or(of.len(), |now| now.saturating_add(1))).for_each(|one| {
                    self.solve(*one, item, &Want::Unknown);
                });
                return;
            }
            _ => return,
        };
        for place in wanted.into_iter().take(MOST_TURNS) {
            for earlier in of.iter().take(place) {
                if self.value(*earlier, item) != Value::Bool(false) {
                    self.solve(*earlier, item, &Want::Truth(false));
                }
            }
            if let Some(own) = of.get(place) {
                self.solve(*own, item, &Want::Truth(true));
            }
        }
    }

    pub(super) fn choose(&mut self, place: StepId, of: &[StepId], item: usize, want: &Want) {
        if *want == Want::Unknown {
            self.solve(place, item, want);
        }
        let now = match self.value(place, item) {
            Value::Code(place) => Some(place as usize),
            _ => None,
        };
        if let Some(taken) = now.and_then(|now| of.get(now)) {
            self.solve(*taken, item, want);
        }
        let others = || of.iter().enumerate().filter(|(other, _)| Some(*other) != now).take(MOST_TURNS);
        let fits = |back: &Self, one: StepId| match want {
            Want::Move(up) => {
                let here = now.and_then(|now| back.number(*of.get(now)?, item));
                let there = back.number(one, item);
                matches!((here, there), (Some(here), Some(there)) if (there > here) == *up && there != here)
            }
            Want::Other | Want::Known => back.value(one, item).is_known(),
            other => other.holds(&back.value(one, item)),
        };
        let code = |other: usize| u32::try_from(other).unwrap_or(u32::MAX);
        // The rows that give what is wanted as they are; then those that could be made to.
        for (other, one) in others() {
            if fits(self, *one) {
                self.solve(place, item, &Want::OneOf(vec![code(other)]));
            }
        }
        for (other, one) in others() {
            let constant = matches!(self.op(*one), Some(Op::Const(_)));
            if !constant && !fits(self, *one) {
                self.solve(*one, item, want);
                self.solve(place, item, &Want::OneOf(vec![code(other)]));
            }
        }
    }

    pub(super) fn rank(&mut self, of: StepId, kind: EnumId, item: usize, now: &Value, want: &Want) {
        let Some(scale) = self.plan.schema.enums.get(kind) else { return };
        let ranked = (0_u32..).zip(&scale.members).filter(|(_, member)| !member.apart).map(|(code, _)| code);
        let current = figure(now);
        let fits = |code: &u32| {
            let place = Number::from(*code);
            match want {
                Want::Within(range) => range.holds(&place),
                Want::Move(up) => current.as_ref().is_some_and(|now| (place > *now) == *up && place != *now),
                _ => true,
            }
        };
        let mut codes: Vec<u32> = ranked.filter(fits).collect();
        if let Some(now) = &current {
            codes.sort_by_key(|code| Number::from(*code).sub(now).abs());
        }
        match want {
            Want::Unknown => self.solve(of, item, want),
            _ => {
                for code in &codes {
                    self.solve(of, item, &Want::OneOf(vec![*code]));
                }
            }
        }
    }

    pub(super) fn of_rank(&mut self, of: StepId, kind: EnumId, item: usize, want: &Want) {
        let Some(scale) = self.plan.schema.enums.get(kind) else { return };
        let codes: Vec<u32> =
            (0_u32..).zip(&scale.members).filter(|(_, member)| !member.apart).map(|(code, _)| code).collect();
        match want {
            Want::OneOf(_) | Want::NoneOf(_) => {
                for code in codes {
                    if want.holds(&Value::Code(code)) {
                        self.solve(of, item, &Want::Within(Range::exactly(Number::from(code))));
                    }
                }
            }
            other => self.solve(of, item, other),
        }
    }
}
