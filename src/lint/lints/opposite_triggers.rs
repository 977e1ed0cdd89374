//! Triggers of opposite states that hold together, and triggers of one state that never do.

use crate::diag::Diagnostic;
use crate::lint::{Policy, read};
use crate::plan::{ItemKind, Plan, RuleId, TriggerItem, TriggersItem};

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let plan = policy.seen.plan;
    let mut found = Vec::new();
    for item in policy.items() {
        if let ItemKind::Triggers(triggers) = &item.kind {
            opposites(plan, triggers, &mut found);
            triggers.groups.iter().for_each(|group| never_together(plan, group, &mut found));
        }
    }
    found
}

/// Strict below 90 days of stock and loose above 60: between them, both.
fn opposites(plan: &Plan, triggers: &TriggersItem, found: &mut Vec<Diagnostic>) {
    for (place, group) in triggers.groups.iter().enumerate() {
        let others = triggers.groups.iter().skip(place.saturating_add(1));
        for (name, _, rule) in &group.triggers {
            let triggers = others.clone().flat_map(|other| other.triggers.iter().map(move |it| (other, it)));
            for (against, (other_name, _, other)) in triggers {
                // A red light by one sign and a yellow one by two of the same are no opposites.
                let by_one = needs_one(group) && needs_one(against);
                if by_one && are_alike(plan, *rule, *other) || overlap(plan, *rule, *other) {
                    found.extend(told(plan, "opposite", (*other, other_name), (*rule, name)));
                }
            }
        }
    }
}

fn never_together(plan: &Plan, group: &TriggerItem, found: &mut Vec<Diagnostic>) {
    if group.at_least.is_some_and(|least| (least as usize) < group.triggers.len()) {
        return;
    }
    for (place, (name, _, rule)) in group.triggers.iter().enumerate() {
        for (other_name, _, other) in group.triggers.iter().skip(place.saturating_add(1)) {
            let (Some(one), Some(two)) = (only(plan, *rule), only(plan, *other)) else { continue };
            if read::same(plan, one.value, two.value) && one.excludes(&two) {
                found.extend(told(plan, "never", (*other, other_name), (*rule, name)));
            }
        }
    }
}

fn needs_one(group: &TriggerItem) -> bool {
    group.at_least == Some(1)
}

/// Whether one trigger wants more of a value and the other less, and some values are both.
fn overlap(plan: &Plan, rule: RuleId, other: RuleId) -> bool {
    let (Some(one), Some(two)) = (only(plan, rule), only(plan, other)) else { return false };
    let opposite = match (one.wants_more(), two.wants_more()) {
        (Some(one), Some(two)) => one != two,
        _ => false,
    };
    opposite && read::same(plan, one.value, two.value) && !one.excludes(&two)
}

/// Whether two triggers ask for the same.
fn are_alike(plan: &Plan, rule: RuleId, other: RuleId) -> bool {
    let wanted = |rule: RuleId| {
        let condition = plan.rules.get(rule).and_then(|rule| rule.condition);
        condition.map(|condition| read::wanted(plan, condition)).unwrap_or_default()
    };
    let (one, two) = (wanted(rule), wanted(other));
    let holds = |all: &[read::Wanted], it: &read::Wanted| all.iter().any(|other| other.is_same(plan, it));
    !one.is_empty() && one.len() == two.len() && one.iter().all(|it| holds(&two, it))
}

/// What the condition of a trigger wants, where it is one thing.
fn only(plan: &Plan, rule: RuleId) -> Option<read::Wanted> {
    let wanted = read::wanted(plan, plan.rules.get(rule)?.condition?);
    <[read::Wanted; 1]>::try_from(wanted).ok().map(|[wanted]| wanted)
}

fn told(
    plan: &Plan,
    variant: &'static str,
    (here, name): (RuleId, &str),
    (there, other): (RuleId, &str),
) -> Option<Diagnostic> {
    let span = |rule: RuleId| plan.rules.get(rule).map(|rule| rule.span);
    let told = Diagnostic::new("L007", span(here)?).variant(variant).arg("name", name).arg("other", other);
    Some(told.label(span(there)?, "other").help(variant))
}
