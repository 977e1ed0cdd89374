//! Facts that are asked for and never read: somebody has to find them out for every customer.

use crate::diag::Diagnostic;
use crate::lint::Policy;
use crate::syntax::ast;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let facts = policy.seen.file.items.iter().filter_map(|item| match &item.kind {
        ast::ItemKind::Facts(facts) => Some(facts),
        _ => None,
    });
    let has_papers =
        policy.seen.file.items.iter().any(|item| matches!(item.kind, ast::ItemKind::Checklist(_)));
    // A checklist finds the field of its papers by its kind.
    let is_paper = |field: &ast::Fact| has_papers && matches!(field.ty.kind, ast::TypeKind::Named(_));
    let mut found = Vec::new();
    for fact in facts.flatten() {
        let fields: &[ast::Fact] = match &fact.ty.kind {
            ast::TypeKind::Records(fields) => fields,
            _ => &[],
        };
        // Signatures and exceptions are read by what they are.
        let is_record = match &fact.ty.kind {
            ast::TypeKind::List(_, of) => {
                matches!(of.kind, ast::TypeKind::SignOff(_) | ast::TypeKind::Exception(_))
            }
            ast::TypeKind::SignOff(_) | ast::TypeKind::Exception(_) => true,
            _ => false,
        };
        if !is_record && fact.key.is_none() && !policy.words.reads_fact(&fact.name.text) {
            found.push(
                Diagnostic::new("L016", fact.name.span)
                    .variant("fact")
                    .arg("name", &fact.name.text)
                    .help("drop"),
            );
            continue;
        }
        let unread = fields.iter().filter(|field| {
            field.key.is_none() && !is_paper(field) && !policy.words.reads_fact(&field.name.text)
        });
        found.extend(unread.map(|field| {
            let told =
                Diagnostic::new("L016", field.name.span).variant("field").arg("name", &field.name.text);
            told.arg("list", &fact.name.text).help("drop")
        }));
    }
    found
}
