//! Cases that expect nothing: they pass whatever the policy says.

use crate::diag::Diagnostic;
use crate::lint::Policy;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let cases = policy.header().into_iter().flat_map(|header| &header.cases);
    let empty = cases.filter(|case| case.expect.is_empty() && policy.owns(case.span));
    empty.map(|case| Diagnostic::new("L022", case.span).arg("name", &case.name).help("expect")).collect()
}
