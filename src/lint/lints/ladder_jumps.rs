//! Ladders that can jump: what was not looked at for months goes from nothing to the last step.

use crate::check::hir::{DefinitionKind, Escalation, LadderStep, StepDay};
use crate::diag::Diagnostic;
use crate::lint::Policy;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for definition in policy.definitions() {
        if let DefinitionKind::Escalation(ladder) = &definition.kind
            && can_jump(ladder)
        {
            let told = Diagnostic::new("L012", definition.name_span).arg("ladder", &definition.name);
            found.push(told.help("climbs"));
        }
    }
    found
}

/// A step that somebody must approve waits for a day of its own, and not for the step before.
fn can_jump(ladder: &Escalation) -> bool {
    let by_date = |day: &StepDay| match day {
        StepDay::Anchor { .. } => true,
        StepDay::Done { .. } => false,
    };
    let grave =
        |(place, step): (usize, &LadderStep)| place > 0 && by_date(&step.day) && !step.approval.is_empty();
    ladder.climbs.is_none() && ladder.steps.iter().enumerate().any(grave)
}
