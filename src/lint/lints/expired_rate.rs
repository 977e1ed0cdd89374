//! Numbers by date that end before the policy does, or that are asked for a day behind their end.

use crate::diag::Diagnostic;
use crate::lint::{Policy, read};
use crate::plan::Op;
use crate::value::Value;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let (plan, day) = (policy.seen.plan, policy.seen.day);
    let header = policy.header();
    let (from, until) = header.map_or((None, None), |it| (it.effective_from, it.effective_until));
    let mut found = Vec::new();
    for series in policy.seen.program.series.iter().filter(|series| policy.owns(series.span)) {
        let Some(end) = series.until else { continue };
        let variant = if from.is_some_and(|from| from > end) {
            "before"
        } else if until.is_some_and(|until| until > end) {
            "during"
        } else if until.is_none() && day > end {
            "today"
        } else {
            continue;
        };
        let told =
            Diagnostic::new("L013", series.span).variant(variant).arg("name", &series.name).arg("end", end);
        found.push(told.arg("until", until.map(|day| day.to_string()).unwrap_or_default()).help("extend"));
    }
    for step in plan.steps.iter().filter(|step| policy.owns(step.span)) {
        let Op::ByDate(series, on) = &step.op else { continue };
        let asked = plan.steps.get(read::source(plan, *on)).map(|on| &on.op);
        let series = plan.series.get(*series as usize);
        if let (Some(Op::Const(Value::Date(asked))), Some(series)) = (asked, series)
            && let Some(end) = series.until.filter(|end| asked > end)
        {
            let told = Diagnostic::new("L013", step.span).variant("asked").arg("name", &series.name);
            found.push(told.arg("end", end).arg("day", asked).help("extend"));
        }
    }
    found
}
