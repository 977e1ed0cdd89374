//! Tables by grade: what each grade gets, and so what a worse grade gets.

use super::relate::{ANY, Dir, Rel, Relate, SAME};
use super::side::Side;
use crate::plan::{Op, StepId};
use crate::value::Type;

/// A row as one member of the key sees it: what else it asks, and what it comes to.
type Seen = (Vec<StepId>, StepId);

impl Relate<'_> {
    /// Rows that ask for members of a kind, where the one that is asked for moves within its order: each member on the old side is held
    /// against all to which it may have moved on the new one.
    pub(super) fn by_member(
        &mut self,
        (conditions, was): (&[StepId], &[StepId]),
        (others, is): (&[StepId], &[StepId]),
    ) -> Rel {
        let Some((from, to, dir)) = self.moved_key(conditions, others) else { return ANY };
        let Some(Type::Enum(kind)) = self.was.step(from).map(|step| step.ty.clone()) else { return ANY };
        let members = self.was.plan.schema.enums.get(kind).map(|it| it.members.len()).unwrap_or_default();
        let members = u32::try_from(members).unwrap_or(0);
        let ranked = self.was.ranked(kind);
        let mut all = SAME;
        for old in 0..members {
            let rows = seen(&self.was, from, old, conditions, was);
            for new in 0..members {
                let reached = match dir {
                    _ if old == new => true,
                    Dir::Up => old < new && new < ranked,
                    Dir::Down => new < old && old < ranked,
                    Dir::Same | Dir::Any => false,
                };
                if !reached {
                    continue;
                }
                let now = seen(&self.is, to, new, others, is);
                let rel = self.held_against(&rows, &now);
                all = Rel { dir: all.dir.and(rel.dir), known: all.known && rel.known };
                if all.dir == Dir::Any {
                    return ANY;
                }
            }
        }
        all
    }

    /// The key that moves: the only one of which members are asked for that is not the same on both sides.
    fn moved_key(&mut self, was: &[StepId], is: &[StepId]) -> Option<(StepId, StepId, Dir)> {
        let (old, new) = (keys(&self.was, was), keys(&self.is, is));
        let mut found = None;
        for from in &old {
            if new.iter().any(|to| self.of(*from, *to).dir == Dir::Same) {
                continue;
            }
            for to in &new {
                let rel = self.of(*from, *to);
                if !matches!(rel.dir, Dir::Up | Dir::Down) || !rel.known {
                    continue;
                }
                if found.is_some() {
                    return None;
                }
                found = Some((*from, *to, rel.dir));
            }
        }
        found
    }

    /// The first row that applies on the one side against that on the other: one by one where both ask the same beside, else each against each.
    fn held_against(&mut self, old: &[Seen], new: &[Seen]) -> Rel {
        let alike = old.len() == new.len()
            && old.iter().zip(new).all(|((asks, _), (asked, _))| {
                asks.len() == asked.len()
                    && asks.iter().zip(asked).all(|(was, is)| self.of(*was, *is).dir == Dir::Same)
            });
        if alike {
            return self.all(old.iter().zip(new).map(|((_, was), (_, is))| (*was, *is)));
        }
        let sure = |side: &Side<'_>, rows: &[Seen]| {
            rows.iter().flat_map(|(asks, _)| asks).all(|step| !side.is_unknown(*step))
        };
        if !sure(&self.was, old) || !sure(&self.is, new) || old.is_empty() || new.is_empty() {
            return ANY;
        }
        let pairs: Vec<(StepId, StepId)> =
            old.iter().flat_map(|(_, was)| new.iter().map(|(_, is)| (*was, *is))).collect();
        self.all(pairs)
    }
}

/// What a condition asks, part by part.
fn parts(side: &Side<'_>, condition: StepId) -> Vec<StepId> {
    match side.op(condition) {
        Some(Op::And(parts)) => parts.iter().flat_map(|part| self::parts(side, *part)).collect(),
        _ => vec![condition],
    }
}

/// The values of which members are asked for.
fn keys(side: &Side<'_>, conditions: &[StepId]) -> Vec<StepId> {
    let mut found = Vec::new();
    for part in conditions.iter().flat_map(|condition| parts(side, *condition)) {
        if let Some(Op::OneOf(key, _)) = side.op(part)
            && !found.contains(key)
        {
            found.push(*key);
        }
    }
    found
}

/// The rows that may apply where a key has one member, up to the first that asks nothing else.
fn seen(side: &Side<'_>, key: StepId, member: u32, conditions: &[StepId], values: &[StepId]) -> Vec<Seen> {
    let mut rows = Vec::new();
    for (condition, value) in conditions.iter().zip(values) {
        let mut asks = Vec::new();
        let mut holds = true;
        for part in parts(side, *condition) {
            match side.op(part) {
                Some(Op::OneOf(of, codes)) if *of == key => holds &= codes.contains(&member),
                _ => asks.push(part),
            }
        }
        if holds {
            let last = asks.is_empty();
            rows.push((asks, *value));
            if last {
                break;
            }
        }
    }
    rows
}
