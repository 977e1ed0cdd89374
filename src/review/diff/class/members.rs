//! Tables by grade: what each grade gets, and so what a worse grade gets.

use super::relate::{ANY, Dir, Rel, Relate, SAME};
use super::side::Side;
use crate::plan::{Op, StepId};
use crate::value::Type;

/// A row as one member of the key sees it: what else it asks, and what it comes to.
type Seen = (Vec<StepId>, StepId);

impl Relate<'_> {
    /// Rows that ask for members of a kind. Where the one that is asked for moves within its order, each member on the old side is held
    /// against all to which it may have moved on the new one; where it stays, against itself, in whatever rows it stands.
    pub(super) fn by_member(&mut self, old: (&[StepId], &[StepId]), new: (&[StepId], &[StepId])) -> Rel {
        if let Some(key) = self.moved_key(old.0, new.0) {
            return self.by_key(key, old, new);
        }
        for (from, to) in self.kept_keys(old.0, new.0) {
            let rel = self.by_key((from, to, Dir::Same), old, new);
            if rel.dir != Dir::Any {
                return rel;
            }
        }
        ANY
    }

    /// The keys that are the same on both sides.
    fn kept_keys(&mut self, was: &[StepId], is: &[StepId]) -> Vec<(StepId, StepId)> {
        let (old, new) = (keys(&self.was, was), keys(&self.is, is));
        let pairs = old.iter().flat_map(|from| new.iter().map(move |to| (*from, *to)));
        pairs.filter(|(from, to)| self.of(*from, *to).dir == Dir::Same).collect()
    }

    fn by_key(
        &mut self,
        (from, to, dir): (StepId, StepId, Dir),
        (conditions, was): (&[StepId], &[StepId]),
        (others, is): (&[StepId], &[StepId]),
    ) -> Rel {
        // Without the key nobody knows which row applies: for whom that is so must not hang on the rows of one side.
        let open = self.was.is_unknown(from) || self.is.is_unknown(to);
        if open && !same_rows((&self.was, from, conditions), (&self.is, to, others)) {
            return ANY;
        }
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

/// Whether the rows ask for the same members of a key, one by one, in as many parts.
fn same_rows(
    (was, from, conditions): (&Side<'_>, StepId, &[StepId]),
    (is, to, others): (&Side<'_>, StepId, &[StepId]),
) -> bool {
    let asked = |side: &Side<'_>, key: StepId, conditions: &[StepId]| -> Vec<Vec<Option<Vec<u32>>>> {
        let of = |part: StepId| match side.op(part) {
            Some(Op::OneOf(of, codes)) if *of == key => Some(codes.clone()),
            _ => None,
        };
        conditions.iter().map(|condition| parts(side, *condition).into_iter().map(of).collect()).collect()
    };
    asked(was, from, conditions) == asked(is, to, others)
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
