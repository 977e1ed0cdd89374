//! `times 50` where `times 50%` was meant: the limit fifty times over.

use crate::diag::Diagnostic;
use crate::lint::{Policy, read};
use crate::plan::{ItemKind, LineKind, Op};
use crate::value::{Number, Type, Unit};

/// From what factor on hardly a policy means it: limits are doubled and trebled.
const LEAST: i64 = 5;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let plan = policy.seen.plan;
    let mut found = Vec::new();
    for item in policy.items() {
        let ItemKind::Limit(limit) = &item.kind else { continue };
        for line in limit.lines.iter().filter(|line| line.kind == LineKind::Times) {
            let Some(step) = line.operand.and_then(|step| plan.steps.get(read::source(plan, step))) else {
                continue;
            };
            let Op::Const(value) = &step.op else { continue };
            let is_percent = step.ty == Type::Number(Unit::PERCENT);
            if let Some(factor) = value.as_number()
                && !is_percent
                && *factor >= Number::from_i64(LEAST)
                && *factor <= Number::from_i64(100)
            {
                let told = Diagnostic::new("L031", step.span).arg("limit", &item.name).arg("factor", factor);
                found.push(told.fix("percent", step.span.after(), "%", false));
            }
        }
    }
    found
}
