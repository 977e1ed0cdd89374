//! Parameters that nothing reads: whoever turns one sees nothing move.

use crate::diag::Diagnostic;
use crate::lint::Policy;
use crate::syntax::ast;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let params = policy.seen.file.items.iter().filter_map(|item| match &item.kind {
        ast::ItemKind::Param(param) => Some(&param.name),
        _ => None,
    });
    let unread = params.filter(|name| !policy.words.reads(&name.text));
    unread.map(|name| Diagnostic::new("L023", name.span).arg("name", &name.text).help("drop")).collect()
}
