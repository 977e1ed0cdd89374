//! In which class a change falls: what it does to what customers get, for all customers at once.
//!
//! Customers get limits, grades, terms, holds on orders, letters; `direction` says which way each of these is the better one. Values that
//! are better neither way, such as who must sign, are told beside it and count only where nothing else moves. What people have
//! signed and what other customers get is taken as it stands (`people`).

mod around;
mod direction;
mod floor;
mod members;
mod people;
mod relate;
mod rows;
mod side;
mod stretches;

use std::collections::BTreeSet;

use relate::{Dir, Relate};

use direction::better;

use super::change::{Also, Class, Moves, Reach, Way, Why};
use crate::base::{Span, Str};
use crate::plan::{ChecksItem, EscalationItem, Item, ItemKind, OutputItem, Plan, StepId};
use crate::value::Type;

/// The class of what is between two plans, and why.
pub(super) fn judge(was: &Plan, is: &Plan) -> (Class, Why, Vec<Also>) {
    if was.digest == is.digest {
        return (Class::Neutral, Why::SameMeaning, Vec::new());
    }
    let currency = |plan: &Plan| plan.policies.last().map(|policy| policy.currency);
    if currency(was) != currency(is) {
        return (Class::Mixed, Why::Open(Vec::new(), Vec::new()), Vec::new());
    }
    let mut relate = Relate::new(was, is);
    // Steps are looked at from the first on: what is asked later then finds its operands there.
    for (name, step) in &was.names {
        if let Some(new) = is.names.get(name) {
            relate.of(*step, *new);
        }
    }
    let mut told: Vec<(Str, Effect)> = Vec::new();
    scope(&mut relate, was, is, &mut told);
    for (name, old, new) in outputs(was, is) {
        let effect = match (old, new) {
            (Some(old), Some(new)) => effect(&mut relate, (was, old), (is, new)),
            // What is only told, or told no longer, makes nobody better off.
            (None, Some(_)) | (Some(_), None) | (None, None) => Effect::Same,
        };
        told.push((name, effect));
    }
    summed(told)
}

/// What a change does to an output.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    Same,
    Goes(Way),
    Open,
    /// It moves, and it is better neither way.
    Beside(Moves),
}

/// To whom the policy applies, which decisions there are. What must always hold gives nobody anything: a clause of it is looked at where it
/// changes itself.
fn scope(relate: &mut Relate<'_>, was: &Plan, is: &Plan, told: &mut Vec<(Str, Effect)>) {
    let same = match (was.applies, is.applies) {
        (Some(old), Some(new)) => relate.of(old, new).dir == Dir::Same,
        (None, None) => true,
        (_, _) => false,
    };
    if !same {
        told.push((Str::from("applies when"), Effect::Open));
    }
    for decision in was.decisions.iter().filter(|old| !is.decisions.iter().any(|new| new.name == old.name)) {
        told.push((decision.name.clone(), Effect::Open));
    }
}

/// An output of one name on both sides.
type Told<'p> = (Str, Option<&'p OutputItem>, Option<&'p OutputItem>);

fn outputs<'p>(was: &'p Plan, is: &'p Plan) -> Vec<Told<'p>> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for decision in &was.decisions {
        let Some(new) = is.decisions.iter().find(|new| new.name == decision.name) else { continue };
        for output in &decision.outputs {
            if seen.insert(output.name.clone()) {
                let now = new.outputs.iter().find(|it| it.name == output.name);
                all.push((output.name.clone(), Some(output), now));
            }
        }
    }
    all
}

fn item<'p>(plan: &'p Plan, output: &OutputItem) -> Option<&'p Item> {
    plan.items.get(output.item?)
}

fn effect(
    relate: &mut Relate<'_>,
    (was, old): (&Plan, &OutputItem),
    (is, new): (&Plan, &OutputItem),
) -> Effect {
    if let (Some(then), Some(now)) = (item(was, old), item(is, new)) {
        match (&then.kind, &now.kind) {
            (ItemKind::Checks(then), ItemKind::Checks(now)) => {
                return of_checks(relate, (was, then), (is, now));
            }
            (ItemKind::Escalation(then), ItemKind::Escalation(now)) => {
                return of_ladder(relate, (was, then), (is, now));
            }
            (_, _) => {}
        }
    }
    let rel = relate.of(old.step, new.step);
    let moves = match rel.dir {
        Dir::Same => return Effect::Same,
        Dir::Up if rel.known => Moves::Higher,
        Dir::Down if rel.known => Moves::Lower,
        Dir::Up | Dir::Down | Dir::Any => Moves::Otherwise,
    };
    // Members of a kind that is no scale of grades are neither higher nor lower.
    let is_kind = is.steps.get(new.step).is_some_and(|step| matches!(step.ty, Type::Enum(_)));
    match (better(is, new), moves) {
        (None, _) if is_kind => Effect::Beside(Moves::Otherwise),
        (None, moves) => Effect::Beside(moves),
        (Some(_), Moves::Otherwise) => Effect::Open,
        (Some(up), moves) if (moves == Moves::Higher) == up => Effect::Goes(Way::NeverWorse),
        (Some(_), _) => Effect::Goes(Way::NeverBetter),
    }
}

/// Order checks: a hold that stands more often is worse; who may release it, and for how long, must be the
/// same. For how much the release must be follows what is held.
fn of_checks(
    relate: &mut Relate<'_>,
    (was, old): (&Plan, &ChecksItem),
    (is, new): (&Plan, &ChecksItem),
) -> Effect {
    let mut dir = Dir::Same;
    let stands = |plan: &Plan, rule| plan.rules.get(rule).and_then(|rule| rule.applies.or(rule.condition));
    for hold in &old.holds {
        let Some(other) = new.holds.iter().find(|it| it.name == hold.name) else {
            dir = dir.and(Dir::Down);
            continue;
        };
        let (Some(then), Some(now)) = (stands(was, hold.rule), stands(is, other.rule)) else {
            return Effect::Open;
        };
        dir = dir.and(relate.of(then, now).dir);
        let step = |relate: &mut Relate<'_>, then: Option<StepId>, now: Option<StepId>| match (then, now) {
            (Some(then), Some(now)) => relate.of(then, now).dir == Dir::Same,
            (None, None) => true,
            (_, _) => false,
        };
        let same = hold.release == other.release
            && step(relate, hold.at_most, other.at_most)
            && step(relate, hold.granted.as_ref().map(|it| it.0), other.granted.as_ref().map(|it| it.0))
            && hold.granted.as_ref().map(|it| &it.1) == other.granted.as_ref().map(|it| &it.1)
            && format!("{:?}", hold.after_cure) == format!("{:?}", other.after_cure);
        if !same {
            return Effect::Open;
        }
    }
    if new.holds.iter().any(|hold| !old.holds.iter().any(|it| it.name == hold.name)) {
        dir = dir.and(Dir::Up);
    }
    rarer_is_better(dir.and(of_exclusions(relate, (was, old), (is, new))))
}

/// What excludes orders from being held: the more of it, the fewer are.
fn of_exclusions(
    relate: &mut Relate<'_>,
    (was, old): (&Plan, &ChecksItem),
    (is, new): (&Plan, &ChecksItem),
) -> Dir {
    let stands = |plan: &Plan, rule| plan.rules.get(rule).and_then(|rule| rule.applies.or(rule.condition));
    let names = |item: &ChecksItem, codes: &[u32]| -> Vec<Str> {
        codes.iter().filter_map(|code| Some(item.holds.get(*code as usize)?.name.clone())).collect()
    };
    let mut left: Vec<_> = new.exclusions.iter().collect();
    let mut dir = Dir::Same;
    for then in &old.exclusions {
        let rel = |relate: &mut Relate<'_>, at: usize| {
            let now = left.get(at)?;
            let alike = names(old, &then.1) == names(new, &now.1);
            let (Some(a), Some(b), true) = (stands(was, then.0), stands(is, now.0), alike) else {
                return None;
            };
            Some(relate.of(a, b).dir).filter(|dir| *dir != Dir::Any)
        };
        let all: Vec<(usize, Dir)> = (0..left.len()).filter_map(|at| Some((at, rel(relate, at)?))).collect();
        let best = all.iter().find(|(_, dir)| *dir == Dir::Same).or(all.first());
        match best {
            Some((at, more)) => {
                dir = dir.and(more.turned());
                left.remove(*at);
            }
            // It is no longer excluded.
            None => dir = dir.and(Dir::Up),
        }
    }
    if left.is_empty() { dir } else { dir.and(Dir::Down) }
}

/// A ladder: a step that is open more often, or earlier, is worse.
fn of_ladder(
    relate: &mut Relate<'_>,
    (was, old): (&Plan, &EscalationItem),
    (is, new): (&Plan, &EscalationItem),
) -> Effect {
    let names =
        |ladder: &EscalationItem| ladder.rungs.iter().map(|rung| rung.name.clone()).collect::<Vec<_>>();
    let same = names(old) == names(new)
        && old.climbs == new.climbs
        && old.one_letter == new.one_letter
        && old.above_minimum.is_some() == new.above_minimum.is_some();
    if !same {
        return Effect::Open;
    }
    let stands = |plan: &Plan, rule| plan.rules.get(rule).map(|rule| rule.applies.or(rule.condition));
    let mut dir = relate.of(old.held, new.held).dir;
    dir = Dir::Same.and(match dir {
        Dir::Up => Dir::Down,
        Dir::Down => Dir::Up,
        Dir::Same | Dir::Any => dir,
    });
    match (stands(was, old.entry), stands(is, new.entry)) {
        (Some(Some(then)), Some(Some(now))) => dir = dir.and(relate.of(then, now).dir),
        (Some(None), Some(None)) => {}
        (_, _) => return Effect::Open,
    }
    if let (Some(then), Some(now)) = (old.above_minimum, new.above_minimum) {
        dir = dir.and(relate.of(then, now).dir);
    }
    for (then, now) in old.rungs.iter().zip(&new.rungs) {
        let does = then.actions == now.actions && then.approval == now.approval;
        let approved = match (then.approved, now.approved) {
            (Some(then), Some(now)) => relate.of(then, now).dir == Dir::Same,
            (None, None) => true,
            (_, _) => false,
        };
        if !does || !approved {
            return Effect::Open;
        }
        dir = dir.and(relate.of(then.open, now.open).dir);
    }
    // Which tactics a row names, and which row it is.
    let rows = |ladder: &EscalationItem| -> Option<Vec<Vec<u32>>> {
        Some(ladder.tactics.as_ref()?.2.iter().map(|row| row.tactics.clone()).collect())
    };
    let tactics = |ladder: &EscalationItem| ladder.tactics.as_ref().map(|it| it.3);
    let kept = match (tactics(old), tactics(new)) {
        (Some(then), Some(now)) => relate.of(then, now).dir == Dir::Same && rows(old) == rows(new),
        (None, None) => true,
        (_, _) => false,
    };
    if kept { rarer_is_better(dir) } else { Effect::Open }
}

fn rarer_is_better(dir: Dir) -> Effect {
    match dir {
        Dir::Same => Effect::Same,
        Dir::Up => Effect::Goes(Way::NeverBetter),
        Dir::Down => Effect::Goes(Way::NeverWorse),
        Dir::Any => Effect::Open,
    }
}

/// The class of all effects together.
fn summed(told: Vec<(Str, Effect)>) -> (Class, Why, Vec<Also>) {
    let (mut open, mut ways, mut also) = (Vec::new(), Vec::new(), Vec::new());
    for (name, effect) in told {
        match effect {
            Effect::Same => {}
            Effect::Open => open.push(name),
            Effect::Goes(way) => ways.push((name, way)),
            Effect::Beside(moves) => also.push(Also { name, moves }),
        }
    }
    let worse = ways.iter().any(|(_, way)| *way == Way::NeverBetter);
    let better = ways.iter().any(|(_, way)| *way == Way::NeverWorse);
    let (class, why) = match (worse, better) {
        _ if !open.is_empty() => (Class::Mixed, Why::Open(open, ways)),
        (true, true) => (Class::Mixed, Why::BothWays(ways)),
        (true, false) => (Class::Tighter, Why::Proved(ways)),
        (false, true) => (Class::Looser, Why::Proved(ways)),
        (false, false) if also.is_empty() => (Class::Neutral, Why::SameOutputs),
        // Who must sign, which form of security: somebody has to look at it.
        (false, false) => (Class::Mixed, Why::NoDirection),
    };
    (class, why, also)
}

/// Whether the rule at a place holds for fewer or for more: the innermost whose text holds the place.
pub(super) fn reach(was: &Plan, is: &Plan, at: Span) -> Option<Reach> {
    let holds = |span: Span| span.file == at.file && span.start <= at.start && at.end <= span.end;
    let width = |span: Span| span.end.saturating_sub(span.start);
    let rule = was.rules.iter().filter(|rule| holds(rule.span)).min_by_key(|rule| width(rule.span))?;
    let other = is.rules.iter().find(|it| it.span == rule.span && it.kind == rule.kind)?;
    let rel = Relate::new(was, is).of(rule.condition?, other.condition?);
    match rel.dir {
        Dir::Up => Some(Reach::Wider),
        Dir::Down => Some(Reach::Narrower),
        Dir::Same | Dir::Any => None,
    }
}
