//! What is the house's own, and no customer is told: who must sign and who has, how tight the policy is, what was gathered against
//! the customer, and what follows from nothing else.

use std::collections::BTreeSet;

use crate::plan::{Item, ItemKind, Op, PaperItem, Plan, RowItem, StepId, gathers};
use crate::value::{EnumSort, Type};

/// Whether a value is the house's own.
pub(super) fn is(plan: &Plan, step: StepId) -> bool {
    of(plan, step, &mut BTreeSet::new())
}

fn of(plan: &Plan, step: StepId, seen: &mut BTreeSet<StepId>) -> bool {
    if !seen.insert(step) {
        return false;
    }
    let Some(it) = plan.steps.get(step) else { return false };
    // Roles are offices of the house.
    let kind = match &it.ty {
        Type::Enum(kind) | Type::Set(kind) => plan.schema.enums.get(*kind),
        _ => None,
    };
    if kind.is_some_and(|kind| kind.sort == EnumSort::BuiltIn) && matches!(it.ty, Type::Set(_)) {
        return true;
    }
    if plan.items.iter().any(|item| holds(plan, item, step, seen)) {
        return true;
    }
    match &it.op {
        Op::Same(inner) | Op::Round(inner, _) | Op::IfUnknown(inner, _) => of(plan, *inner, seen),
        _ => false,
    }
}

/// Whether a value is a part of this construct, and the construct is the house's own.
fn holds(plan: &Plan, item: &Item, step: StepId, seen: &mut BTreeSet<StepId>) -> bool {
    let own = item.value == step;
    match &item.kind {
        // How much is granted is the customer's to know; who grants it is not.
        ItemKind::Authority(it) => {
            let carried = it.carried.is_some_and(|(amount, person)| step == amount || step == person);
            [it.needed, it.given, it.missing].contains(&step) || carried
        }
        ItemKind::Triggers(_) => own,
        ItemKind::Scorecard(card) => {
            let part = card.sections.iter().any(|section| section.value == step);
            (own || part) && gathers(plan, item)
        }
        ItemKind::Override(it) => step == it.computed,
        ItemKind::Table(it) => {
            let result = own || it.results.iter().any(|(.., result)| *result == step);
            result && (kept(plan, &it.rows) || follows(plan, &it.keys, seen))
        }
        ItemKind::Correction(it) => own && (kept(plan, &it.rows) || follows(plan, &it.keys, seen)),
        // Forms that the desk fills in are none of the customer's papers.
        ItemKind::Checklist(it) => {
            let inside = |paper: &PaperItem| {
                let rule = plan.rules.get(paper.rule);
                rule.is_some_and(|rule| rule.reason.internal && rule.reason.customer.is_none())
            };
            let (required, missing, expired) = it.sets;
            (own || [required, missing, expired].contains(&step)) && it.papers.iter().all(inside)
        }
        // What others have is not told to the customer; what is served to it of a budget is.
        ItemKind::Book(it) => {
            let cap = it.cap.iter().flat_map(|cap| [cap.left, cap.place, cap.budget]);
            own || [it.members, it.left_out].into_iter().chain(cap).any(|part| part == step)
        }
        ItemKind::Let
        | ItemKind::Allocation(_)
        | ItemKind::Grades(_)
        | ItemKind::Limit(_)
        | ItemKind::Total(_)
        | ItemKind::Checks(_)
        | ItemKind::Judgement(_)
        | ItemKind::Escalation(_) => false,
    }
}

/// Whether every row that gives a reason keeps it from the customer.
fn kept(plan: &Plan, rows: &[RowItem]) -> bool {
    let mut speaking = rows
        .iter()
        .filter_map(|row| plan.rules.get(row.rule))
        .filter(|rule| rule.reason.because.is_some())
        .peekable();
    speaking.peek().is_some() && speaking.all(|rule| rule.reason.internal && rule.reason.customer.is_none())
}

/// Whether all that a table goes by is the house's own.
fn follows(plan: &Plan, keys: &[StepId], seen: &mut BTreeSet<StepId>) -> bool {
    !keys.is_empty() && keys.iter().all(|key| of(plan, *key, seen))
}
