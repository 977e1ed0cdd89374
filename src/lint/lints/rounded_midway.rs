//! Values that are rounded and then calculated with: the rounding is multiplied with the rest.

use crate::diag::Diagnostic;
use crate::lint::{Policy, read};
use crate::plan::{ItemKind, Op, Plan, StepId};

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let plan = policy.seen.plan;
    let mut found = Vec::new();
    for item in policy.items() {
        if !matches!(item.kind, ItemKind::Let) || item.rounding.is_none() {
            continue;
        }
        let reader =
            plan.steps.iter().find(|step| policy.owns(step.span) && multiplies(plan, &step.op, item.value));
        if let Some(reader) = reader {
            let told = Diagnostic::new("L020", item.span).arg("name", &item.name);
            found.push(told.label(reader.span, "reader").help("end").note("grows"));
        }
    }
    found
}

/// Whether an operation multiplies or divides the value: a sum of rounded amounts is what an invoice shows, too.
fn multiplies(plan: &Plan, op: &Op, value: StepId) -> bool {
    let is = |step: &StepId| read::source(plan, *step) == value || *step == value;
    match op {
        Op::Multiply(a, b) | Op::Divide(a, b) => is(a) || is(b),
        Op::Power(a, _) => is(a),
        _ => false,
    }
}
