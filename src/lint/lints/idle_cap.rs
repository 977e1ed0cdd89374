//! Caps that can never bind: the limit before them is never higher.

use crate::diag::Diagnostic;
use crate::lint::{Policy, read};
use crate::plan::{ItemKind, LineKind};

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let plan = policy.seen.plan;
    let mut found = Vec::new();
    for item in policy.items() {
        let ItemKind::Limit(limit) = &item.kind else { continue };
        for line in limit.lines.iter().filter(|line| line.kind == LineKind::Cap) {
            let most = read::range(plan, line.before).map(|(_, most)| most);
            let cap = line.operand.and_then(|step| read::range(plan, step)).map(|(least, _)| least);
            let here = plan.rules.get(line.rule).map(|rule| rule.span);
            if let (Some(most), Some(cap), Some(here)) = (most, cap, here)
                && most <= cap
            {
                let told = Diagnostic::new("L005", here).arg("limit", &item.name);
                found.push(told.arg("most", most).arg("cap", cap).help("figure"));
            }
        }
    }
    found
}
