//! Branches and rows: who is caught by another one, and what that one comes to.

use super::relate::{ANY, Dir, Rel, Relate};
use super::side::Side;
use crate::plan::{Op, StepId};

impl Relate<'_> {
    pub(super) fn branches(
        &mut self,
        (c, a, b): (StepId, StepId, StepId),
        (d, x, y): (StepId, StepId, StepId),
    ) -> Rel {
        let condition = self.of(c, d);
        let taken = self.all([(a, x), (b, y)]);
        if condition.dir == Dir::Same || condition.dir == Dir::Any || !condition.known {
            return if condition.dir == Dir::Same { taken } else { ANY };
        }
        // Where the condition holds for more, some go from the second branch of the old plan to the first of the new one.
        let crossing = if condition.dir == Dir::Up { self.of(b, x) } else { self.of(a, y) };
        Rel { dir: taken.dir.and(crossing.dir), known: taken.known && crossing.known }
    }

    /// The place of the first condition that holds.
    pub(super) fn first_true(&mut self, was: &[StepId], is: &[StepId]) -> Rel {
        if was.len() != is.len() || !self.is_search_sound(was, is) {
            return ANY;
        }
        let rel = self.all(was.iter().copied().zip(is.iter().copied()));
        Rel { dir: rel.dir.turned(), known: true }
    }

    /// Whether a search among conditions comes to an end for the same customers on both sides: all conditions are known, or those
    /// that may not be are so together, and one of them stands alone behind all that have changed.
    fn is_search_sound(&mut self, was: &[StepId], is: &[StepId]) -> bool {
        let open = |side: &Side<'_>, steps: &[StepId]| steps.iter().any(|step| side.is_unknown(*step));
        if !open(&self.was, was) && !open(&self.is, is) {
            return true;
        }
        if was.len() != is.len() {
            return false;
        }
        let mut source: Option<(StepId, StepId)> = None;
        let mut last_changed = 0;
        let mut last_alone = None;
        for (place, (old, new)) in was.iter().zip(is).enumerate() {
            let changed = self.of(*old, *new).dir != Dir::Same;
            if changed {
                last_changed = place;
            }
            if !self.was.is_unknown(*old) && !self.is.is_unknown(*new) {
                // It could be reached before one of which nothing is known, on one side only.
                if changed {
                    return false;
                }
                continue;
            }
            let (Some((then, alone)), Some((now, _))) = (self.was.source(*old), self.is.source(*new)) else {
                return false;
            };
            if source.is_some_and(|known| known != (then, now)) || self.of(then, now).dir == Dir::Any {
                return false;
            }
            source = Some((then, now));
            if alone {
                last_alone = Some(place);
            }
        }
        last_alone.is_some_and(|alone| alone >= last_changed)
    }

    /// The value of the first row that applies.
    pub(super) fn choose(&mut self, (at, was): (StepId, &[StepId]), (on, is): (StepId, &[StepId])) -> Rel {
        let place = self.of(at, on);
        if place.dir == Dir::Same && was.len() == is.len() {
            return self.all(was.iter().copied().zip(is.iter().copied()));
        }
        let (Some(Op::FirstTrue(conditions)), Some(Op::FirstTrue(others))) =
            (self.was.op(at).cloned(), self.is.op(on).cloned())
        else {
            return ANY;
        };
        if conditions.len() != was.len() || others.len() != is.len() {
            return ANY;
        }
        let rel = self.by_member((&conditions, was), (&others, is));
        if rel.dir != Dir::Any {
            return rel;
        }
        let rel = self.by_stretch((&conditions, was), (&others, is));
        if rel.dir != Dir::Any {
            return rel;
        }
        if !self.is_search_sound(&conditions, &others)
            || was.iter().any(|step| self.was.is_unknown(*step))
            || is.iter().any(|step| self.is.is_unknown(*step))
        {
            return ANY;
        }
        let old: Vec<(StepId, StepId)> = conditions.into_iter().zip(was.iter().copied()).collect();
        let new: Vec<(StepId, StepId)> = others.into_iter().zip(is.iter().copied()).collect();
        let dir = self.rows(&old, &new);
        if dir == Dir::Any {
            return ANY;
        }
        Rel { dir, known: true }
    }

    /// Rows against rows, from the top: conditions with their values.
    fn rows(&mut self, old: &[(StepId, StepId)], new: &[(StepId, StepId)]) -> Dir {
        let (mut old, mut new) = (old, new);
        let mut dir = Dir::Same;
        while let (Some(((when, value), rest)), Some(((when_now, value_now), rest_now))) =
            (old.split_first(), new.split_first())
        {
            let condition = self.of(*when, *when_now).dir;
            if condition == Dir::Same {
                dir = dir.and(self.of(*value, *value_now).dir);
                (old, new) = (rest, rest_now);
            } else if old.len() < new.len() {
                // A row more: who is caught by it came to one of the rows behind.
                for (_, value) in old {
                    dir = dir.and(self.of(*value, *value_now).dir);
                }
                new = rest_now;
            } else if old.len() > new.len() {
                for (_, value_now) in new {
                    dir = dir.and(self.of(*value, *value_now).dir);
                }
                old = rest;
            } else {
                dir = dir.and(self.of(*value, *value_now).dir);
                if matches!(condition, Dir::Up | Dir::Any) {
                    for (_, value) in rest {
                        dir = dir.and(self.of(*value, *value_now).dir);
                    }
                }
                if matches!(condition, Dir::Down | Dir::Any) {
                    for (_, value_now) in rest_now {
                        dir = dir.and(self.of(*value, *value_now).dir);
                    }
                }
                (old, new) = (rest, rest_now);
            }
            if dir == Dir::Any {
                return dir;
            }
        }
        // Rows that are left on one side only are reached by nobody whom the rows above caught on both.
        dir
    }
}
