//! Caps that a correction behind them lifts the limit over, and caps at the very method that was just corrected.

use crate::diag::Diagnostic;
use crate::lint::{Policy, read};
use crate::plan::{ItemKind, LimitItem, LineKind, Plan, StepId};
use crate::value::Number;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let plan = policy.seen.plan;
    let limits = policy.items().filter_map(|item| match &item.kind {
        ItemKind::Limit(limit) => Some((item, limit)),
        _ => None,
    });
    let mut found = Vec::new();
    for (item, limit) in limits {
        for (place, line) in limit.lines.iter().enumerate() {
            let before = limit.lines.get(..place).unwrap_or_default();
            let Some(here) = plan.rules.get(line.rule).map(|rule| rule.span) else { continue };
            let earlier = |wanted: fn(&LineKind) -> bool| {
                let line = before.iter().find(|line| wanted(&line.kind))?;
                plan.rules.get(line.rule).map(|rule| rule.span)
            };
            let cap = earlier(|kind| *kind == LineKind::Cap);
            let correction = earlier(|kind| *kind == LineKind::Correct);
            let told = match line.kind {
                LineKind::Correct | LineKind::Times
                    if line.operand.is_some_and(|step| raises(plan, step)) =>
                {
                    cap.map(|cap| ("lifted", cap, "after"))
                }
                LineKind::Cap if line.operand.is_some_and(|step| is_own_method(plan, limit, step)) => {
                    correction.map(|correction| ("taken_back", correction, "basis"))
                }
                _ => None,
            };
            if let Some((variant, other, help)) = told {
                let diagnostic = Diagnostic::new("L009", here).variant(variant).arg("limit", &item.name);
                found.push(
                    diagnostic
                        .label(other, if variant == "lifted" { "cap" } else { "correction" })
                        .help(help),
                );
            }
        }
    }
    found
}

fn raises(plan: &Plan, factor: StepId) -> bool {
    read::range(plan, factor).is_some_and(|(_, most)| *most > Number::ONE)
}

fn is_own_method(plan: &Plan, limit: &LimitItem, step: StepId) -> bool {
    let methods = limit.methods.iter().map(|method| method.value).chain([limit.taken]);
    methods.into_iter().any(|method| read::source(plan, method) == read::source(plan, step))
}
