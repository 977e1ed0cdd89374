//! Policies without a case: a slip of the pen is noticed by a customer.

use crate::diag::Diagnostic;
use crate::lint::Policy;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let Some(header) = policy.header().filter(|header| policy.owns(header.span)) else { return Vec::new() };
    if policy.seen.tried || !header.cases.is_empty() {
        return Vec::new();
    }
    vec![Diagnostic::new("L025", header.span).arg("name", &header.name).help("case")]
}
