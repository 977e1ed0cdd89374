//! Steps of a ladder that no item can reach: they ask for what keeps an item off the ladder, or are skipped whenever they are due.

use crate::diag::Diagnostic;
use crate::lint::{Policy, read};
use crate::plan::{EscalationItem, ItemKind, LadderRung, Plan, RuleId};

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let plan = policy.seen.plan;
    let mut found = Vec::new();
    for item in policy.items() {
        let ItemKind::Escalation(ladder) = &item.kind else { continue };
        for rung in &ladder.rungs {
            let against = against_entry(plan, ladder, rung).or_else(|| always_skipped(plan, rung));
            let here = plan.rules.get(rung.rule).map(|rule| rule.span);
            if let (Some((variant, other)), Some(here)) = (against, here)
                && let Some(there) = plan.rules.get(other).map(|rule| rule.span)
            {
                let told = Diagnostic::new("L006", here).variant(variant).arg("step", &rung.name);
                found.push(told.arg("ladder", &item.name).label(there, variant).help(variant));
            }
        }
    }
    found
}

fn wanted(plan: &Plan, rule: RuleId) -> Vec<read::Wanted> {
    let condition = plan.rules.get(rule).and_then(|rule| rule.condition);
    condition.map(|condition| read::wanted(plan, condition)).unwrap_or_default()
}

fn against_entry(plan: &Plan, ladder: &EscalationItem, rung: &LadderRung) -> Option<(&'static str, RuleId)> {
    let entry = wanted(plan, ladder.entry);
    let excluded = wanted(plan, rung.rule).iter().any(|here| {
        entry.iter().any(|there| read::same(plan, here.value, there.value) && here.excludes(there))
    });
    excluded.then_some(("entry", ladder.entry))
}

fn always_skipped(plan: &Plan, rung: &LadderRung) -> Option<(&'static str, RuleId)> {
    let own = plan.rules.get(rung.rule)?.condition?;
    let skipped = rung.skips.iter().find(|skip| {
        plan.rules.get(**skip).and_then(|rule| rule.condition).is_some_and(|skip| read::same(plan, skip, own))
    });
    skipped.map(|skip| ("skip", *skip))
}
