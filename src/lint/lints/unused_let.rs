//! Values that nothing reads and no decision lists.

use crate::check::hir::DefinitionKind;
use crate::diag::Diagnostic;
use crate::lint::Policy;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    // A policy that decides nothing lends its values to others.
    if policy.header().is_none_or(|header| header.decisions.is_empty()) {
        return Vec::new();
    }
    let lets = policy
        .definitions()
        .filter(|it| matches!(it.kind, DefinitionKind::Let(_) | DefinitionKind::Table(_)));
    let unread = lets.filter(|it| !policy.words.reads(&it.name));
    unread.map(|it| Diagnostic::new("L024", it.name_span).arg("name", &it.name).help("drop")).collect()
}
