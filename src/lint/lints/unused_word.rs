//! Roles, actions and kinds that nothing reads.

use crate::diag::Diagnostic;
use crate::lint::Policy;
use crate::syntax::ast;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for item in &policy.seen.file.items {
        let (sort, names): (&'static str, Vec<&ast::Name>) = match &item.kind {
            ast::ItemKind::Roles(roles) => {
                // A role above another may sign for it; records of signatures and facts say in which role somebody is.
                let program = policy.seen.program;
                let signs = !program.records.is_empty() || program.role_kind.is_some();
                let alone = roles.iter().filter(|role| role.above.is_empty() && !signs);
                ("role", alone.map(|role| &role.named.name).collect())
            }
            ast::ItemKind::Actions(actions) => {
                ("action", actions.iter().map(|action| &action.name).collect())
            }
            ast::ItemKind::Kind(kind) => {
                let is_read = kind.members.iter().any(|member| policy.words.reads(&member.name.text));
                ("kind", if is_read { Vec::new() } else { vec![&kind.name] })
            }
            _ => continue,
        };
        let unread = names.into_iter().filter(|name| !policy.words.reads(&name.text));
        found.extend(unread.map(|name| {
            Diagnostic::new("L030", name.span).variant(sort).arg("name", &name.text).help("drop")
        }));
    }
    found
}
