//! Lists whose records have no key: no decision can say which record it speaks of, and a record given twice counts twice.

use crate::diag::Diagnostic;
use crate::lint::Policy;
use crate::value::FieldType;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let program = policy.seen.program;
    let mut found = Vec::new();
    for (id, field) in program.schema.fields.iter_enumerated() {
        let FieldType::Records(fields) = &field.ty else { continue };
        let brought_along = program.records.contains_key(&id) || field.name.contains('.');
        if policy.owns(field.span) && !brought_along && !fields.iter().any(|field| field.key) {
            found.push(Diagnostic::new("L026", field.span).arg("list", &field.name).help("key"));
        }
    }
    found
}
