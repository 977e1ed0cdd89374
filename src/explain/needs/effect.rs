//! What a change is, and how much it weighs.

use std::cmp::Reverse;

use super::{Change, Figure, Given, Move, Need};
use crate::eval::{Decision, Outcome};
use crate::plan::{DecisionItem, Plan};
use crate::value::{EnumSort, Number, Type, Value};

/// How much a need weighs: those that weigh most come first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::explain) struct Effect {
    /// It changes nothing.
    nothing: bool,
    /// Nor does it count in the book.
    nowhere: bool,
    /// It settles what is not known or still open.
    settles: Reverse<bool>,
    /// By so many grades.
    grades: Reverse<u32>,
    /// By so much money.
    money: Reverse<Number>,
    /// Changes other values.
    others: Reverse<usize>,
    /// Of so many items.
    items: Reverse<usize>,
}

impl Effect {
    pub(super) fn of(plan: &Plan, need: &Need) -> Effect {
        let mut effect = Effect {
            nothing: need.moves.is_empty(),
            nowhere: need.moves.is_empty() && !need.in_book,
            settles: Reverse(false),
            grades: Reverse(0),
            money: Reverse(Number::ZERO),
            others: Reverse(0),
            items: Reverse(0),
        };
        for one in &need.moves {
            match &one.change {
                Change::Status { .. } => effect.settles = Reverse(true),
                Change::Items { most, .. } => effect.items.0 = effect.items.0.max(*most),
                Change::Value { from, to, .. } => {
                    effect.settles.0 |= !from.value.is_known();
                    let graded = grades(plan, from);
                    for (after, _) in to {
                        match (&from.value, &after.value, &from.ty) {
                            (Value::Code(a), Value::Code(b), _) if graded => {
                                effect.grades.0 = effect.grades.0.max(a.abs_diff(*b));
                            }
                            (Value::Number(a), Value::Number(b), Type::Number(unit))
                                if unit.currency.is_some() =>
                            {
                                let by = b.sub(a).abs();
                                if by > effect.money.0 {
                                    effect.money.0 = by;
                                }
                            }
                            _ => {}
                        }
                    }
                    effect.others.0 = effect.others.0.saturating_add(1);
                }
            }
        }
        effect
    }
}

fn grades(plan: &Plan, figure: &Figure) -> bool {
    let Type::Enum(kind) = &figure.ty else { return false };
    plan.schema.enums.get(*kind).is_some_and(|kind| kind.sort == EnumSort::Grades)
}

/// Adds what differs between two decisions, each new outcome once.
pub(super) fn compare(
    plan: &Plan,
    decision: &DecisionItem,
    (now, then): (&Decision, &Decision),
    with: &[Given],
    moves: &mut Vec<Move>,
) {
    if now.status != then.status {
        let found = entry(moves, None, || Change::Status { from: now.status, to: Vec::new() });
        if let Some(Change::Status { to, .. }) = found
            && !to.iter().any(|(status, _)| *status == then.status)
        {
            to.push((then.status, with.to_vec()));
        }
    }
    for (place, output) in decision.outputs.iter().enumerate() {
        let outcome = |decision: &Decision| decision.values.get(place).map(|value| value.outcome.clone());
        let (Some(before), Some(after)) = (outcome(now), outcome(then)) else { continue };
        let name = Some((output.name.clone(), output.label.clone()));
        if let (Outcome::One(before), Outcome::One(after)) = (&before, &after) {
            let silent = !before.is_known() && !after.is_known();
            if before == after || silent || plan.is_personal(output.step) {
                continue;
            }
            let Some(ty) = plan.steps.get(output.step).map(|step| step.ty.clone()) else { continue };
            let figure = |value: &Value| Figure { value: value.clone(), ty: ty.clone() };
            let (from, after) = (figure(before), figure(after));
            let found = entry(moves, name, || Change::Value { from, to: Vec::new(), between: 0 });
            if let Some(Change::Value { to, .. }) = found
                && !to.iter().any(|(known, _)| same(known, &after))
            {
                to.push((after, with.to_vec()));
            }
            continue;
        }
        let changed = differing(&before, &after);
        if changed == 0 {
            continue;
        }
        let found = entry(moves, name, || Change::Items { most: 0, with: Vec::new() });
        if let Some(Change::Items { most, with: by }) = found
            && changed > *most
        {
            (*most, *by) = (changed, with.to_vec());
        }
    }
}

/// Where a move is told: the status, grades and kinds, money, other values, items.
pub(super) fn place(plan: &Plan, one: &Move) -> u8 {
    match &one.change {
        Change::Status { .. } => 0,
        Change::Value { from, .. } if grades(plan, from) => 1,
        Change::Value { from: Figure { ty: Type::Number(unit), .. }, .. } if unit.currency.is_some() => 2,
        Change::Value { .. } => 3,
        Change::Items { .. } => 4,
    }
}

/// Whether two outcomes read the same: of what is unknown the cause does not count.
fn same(a: &Figure, b: &Figure) -> bool {
    a.value == b.value || !a.value.is_known() && !b.value.is_known()
}

fn entry(
    moves: &mut Vec<Move>,
    output: Option<(crate::base::Str, crate::plan::Label)>,
    new: impl FnOnce() -> Change,
) -> Option<&mut Change> {
    let name = output.as_ref().map(|it| it.0.clone());
    if !moves.iter().any(|it| it.output.as_ref().map(|it| &it.0) == name.as_ref()) {
        moves.push(Move { output, change: new() });
    }
    let found = moves.iter_mut().find(|it| it.output.as_ref().map(|it| &it.0) == name.as_ref());
    found.map(|it| &mut it.change)
}

/// Of how many items something differs.
fn differing(before: &Outcome, after: &Outcome) -> usize {
    fn count<T: PartialEq>(before: &[T], after: &[T]) -> usize {
        let changed = before.iter().zip(after).filter(|(a, b)| a != b).count();
        changed.saturating_add(before.len().abs_diff(after.len()))
    }
    match (before, after) {
        (Outcome::Items(a), Outcome::Items(b)) => count(a, b),
        (Outcome::Ladder(a), Outcome::Ladder(b)) => count(a, b),
        (Outcome::Checks(a), Outcome::Checks(b)) => count(a, b),
        _ => 0,
    }
}

/// Takes out what another need moves the same output to; of amounts and days, whatever it moves it to.
pub(super) fn drop_same(one: &mut Move, other: &Move) {
    if !one.same(other) {
        return;
    }
    match (&mut one.change, &other.change) {
        (Change::Value { from, to, .. }, _) if matches!(from.value, Value::Number(_) | Value::Date(_)) => {
            to.clear()
        }
        (Change::Value { to, .. }, Change::Value { to: known, .. }) => {
            to.retain(|(after, _)| !known.iter().any(|(known, _)| same(known, after)));
        }
        (Change::Status { to, .. }, Change::Status { to: known, .. }) => {
            to.retain(|(after, _)| !known.iter().any(|(known, _)| known == after));
        }
        (Change::Items { most, .. }, Change::Items { most: known, .. }) if *known >= *most => *most = 0,
        _ => {}
    }
}

/// Puts outcomes in order, and keeps of numbers and days the least and the greatest.
pub(super) fn settle(one: &mut Move) {
    let Change::Value { to, between, .. } = &mut one.change else { return };
    let (mut known, unknown): (Vec<_>, Vec<_>) =
        to.drain(..).partition(|(figure, _)| figure.value.is_known());
    known.sort_by(|(a, _), (b, _)| match (&a.value, &b.value) {
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Code(a), Value::Code(b)) => a.cmp(b),
        _ => std::cmp::Ordering::Equal,
    });
    let measured = known.iter().all(|(it, _)| matches!(it.value, Value::Number(_) | Value::Date(_)));
    if measured && known.len() > 2 {
        *between = known.len().saturating_sub(2);
        let last = known.pop();
        known.truncate(1);
        known.extend(last);
    }
    to.extend(known);
    to.extend(unknown);
}
