//! Names that a `use` brings in and nothing reads.

use crate::base::Span;
use crate::diag::Diagnostic;
use crate::lint::Policy;
use crate::syntax::ast;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let uses = policy.seen.file.items.iter().filter_map(|item| match &item.kind {
        ast::ItemKind::Use(used) => Some(used),
        _ => None,
    });
    let mut found = Vec::new();
    for used in uses {
        for (place, name) in used.names.iter().enumerate() {
            if policy.words.reads(&name.text) || brings_members(policy, &name.text) {
                continue;
            }
            let told =
                Diagnostic::new("L029", name.span).arg("name", &name.text).arg("policy", &used.policy.text);
            found.push(match without(&used.names, place) {
                // Cases and the reader of an explanation may still ask for the name, and the policy's digest is another without it.
                Some(gone) => told.fix("drop", gone, "", false),
                None => told.help("drop"),
            });
        }
    }
    found
}

/// Whether a name is that of a kind or a scale whose members are read bare.
fn brings_members(policy: &Policy<'_>, name: &str) -> bool {
    let named = policy.seen.program.schema.enums.iter().filter(|kind| &*kind.name == name);
    named.flat_map(|kind| &kind.members).any(|member| policy.words.reads(&member.name))
}

/// What goes with a name when it is taken out of the list; the only one cannot go without the colon before it.
fn without(names: &[ast::Name], place: usize) -> Option<Span> {
    let name = names.get(place)?.span;
    let next = names.get(place.saturating_add(1));
    let before = place.checked_sub(1).and_then(|before| names.get(before));
    match (next, before) {
        (Some(next), _) => Some(Span::new(name.file, name.start, next.span.start)),
        (None, Some(before)) => Some(Span::new(name.file, before.span.end, name.end)),
        (None, None) => None,
    }
}
