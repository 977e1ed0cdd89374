//! Cards that gather what speaks against the customer, and those that measure how good it is.
//!
//! Of the former people ask what occurred, of the latter what was lost. Nothing in a card says which it is: what reads it does.

use std::collections::BTreeSet;

use super::{CellTest, Item, ItemKind, Op, Plan, RowItem, RuleKind, StepId};
use crate::check::hir::Compare;
use crate::value::{Number, Value};

/// What more points of a card mean to what reads it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum More {
    Better,
    Worse,
}

/// Whether a card gathers what speaks against the customer: its points are added up from 0, none is taken off, and nothing that
/// reads it makes more of them the better outcome.
///
/// Signs of a payment crisis: from 80 the alarm is the last of its kind. A card that grades read measures instead: there
/// more is better.
#[must_use]
pub fn gathers(plan: &Plan, card: &Item) -> bool {
    let ItemKind::Scorecard(it) = &card.kind else { return false };
    let added = |row: &RowItem| {
        !row.results.first().and_then(|step| number(plan, *step)).is_some_and(Number::is_negative)
    };
    it.added
        && it.base.is_zero()
        && it.factors.iter().all(|factor| factor.best.is_positive() && factor.rows.iter().all(added))
        && read(plan, card.value) != Some(More::Better)
}

/// What more of a value means, by the first of its readers that shows it.
fn read(plan: &Plan, value: StepId) -> Option<More> {
    let rising = rising(plan, value);
    let of_grades = |item: &Item| match &item.kind {
        ItemKind::Grades(grades) => rising.contains(&grades.score).then_some(More::Better),
        ItemKind::Table(table) => by_rows(plan, &table.keys, &table.rows, &rising),
        _ => None,
    };
    let found = plan.items.iter().find_map(of_grades);
    found.or_else(|| {
        plan.rules.iter().find_map(|rule| {
            let against = match rule.kind {
                RuleKind::Down | RuleKind::NotAbove | RuleKind::Force | RuleKind::Hold => true,
                RuleKind::Up => false,
                _ => return None,
            };
            let above = above(plan, rule.condition?, &rising)?;
            Some(if above == against { More::Worse } else { More::Better })
        })
    })
}

/// The value and what grows with it.
fn rising(plan: &Plan, value: StepId) -> BTreeSet<StepId> {
    let mut rising = BTreeSet::from([value]);
    // Operands stand before their step, so that one way through the plan finds all.
    for (id, step) in plan.steps.iter_enumerated() {
        let grows = match &step.op {
            Op::Same(of) | Op::Round(of, _) | Op::Floor(of) | Op::Subtract(of, _) => rising.contains(of),
            Op::Add(a, b) | Op::IfUnknown(a, b) => rising.contains(a) || rising.contains(b),
            Op::Pick { of, .. } => of.iter().any(|of| rising.contains(of)),
            Op::WeightedSum(of) | Op::WeightedMean(of) => of.iter().any(|(_, of)| rising.contains(of)),
            _ => false,
        };
        if grows {
            rising.insert(id);
        }
    }
    rising
}

fn number(plan: &Plan, step: StepId) -> Option<&Number> {
    match &plan.steps.get(step)?.op {
        Op::Const(Value::Number(number)) => Some(number),
        _ => None,
    }
}

/// Whether the row of the most points gives a member behind that of the row of the fewest: kinds and scales are written from the
/// best to the worst.
fn by_rows(plan: &Plan, keys: &[StepId], rows: &[RowItem], rising: &BTreeSet<StepId>) -> Option<More> {
    let key = keys.iter().position(|key| rising.contains(key))?;
    let plain = |row: &&RowItem| {
        let others = row.cells.iter().enumerate().filter(|(place, _)| *place != key);
        row.guard.is_none()
            && others.flat_map(|(_, cell)| &cell.pattern).all(|test| matches!(test, CellTest::Any))
    };
    let mut known: Vec<(Option<&Number>, u32)> = Vec::new();
    for row in rows.iter().filter(plain) {
        let Some(Op::Const(Value::Code(member))) =
            row.results.first().and_then(|step| plan.steps.get(*step)).map(|step| &step.op)
        else {
            continue;
        };
        let from = match row.cells.get(key).and_then(|cell| cell.pattern.first()) {
            Some(CellTest::Bounds { lower, .. }) => lower.and_then(|(step, _)| number(plan, step)),
            Some(CellTest::Any) => None,
            _ => continue,
        };
        known.push((from, *member));
    }
    let fewest = known.iter().min_by(|a, b| a.0.cmp(&b.0))?;
    let most = known.iter().max_by(|a, b| a.0.cmp(&b.0))?;
    match most.1.cmp(&fewest.1) {
        std::cmp::Ordering::Greater => Some(More::Worse),
        std::cmp::Ordering::Less => Some(More::Better),
        std::cmp::Ordering::Equal => None,
    }
}

/// Whether a condition asks that one of these is above a bound; none where it asks nothing of them.
fn above(plan: &Plan, condition: StepId, rising: &BTreeSet<StepId>) -> Option<bool> {
    match &plan.steps.get(condition)?.op {
        Op::Compare(how, value, _) if rising.contains(value) => {
            Some(matches!(how, Compare::Greater | Compare::GreaterOrEqual))
        }
        Op::And(parts) | Op::Or(parts) => parts.iter().find_map(|part| above(plan, *part, rising)),
        _ => None,
    }
}
