//! Constructs that cite nothing, where the folder demands that each says which regulation it follows.

use crate::diag::Diagnostic;
use crate::lint::Policy;
use crate::plan::ItemKind;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let decides = |kind: &ItemKind| match kind {
        ItemKind::Table(_)
        | ItemKind::Scorecard(_)
        | ItemKind::Grades(_)
        | ItemKind::Correction(_)
        | ItemKind::Limit(_)
        | ItemKind::Triggers(_)
        | ItemKind::Escalation(_)
        | ItemKind::Checks(_)
        | ItemKind::Checklist(_)
        | ItemKind::Authority(_) => true,
        ItemKind::Let
        | ItemKind::Total(_)
        | ItemKind::Allocation(_)
        | ItemKind::Judgement(_)
        | ItemKind::Override(_)
        | ItemKind::Book(_) => false,
    };
    let uncited = policy.items().filter(|item| decides(&item.kind) && item.reason.cite.is_none());
    let uncited = uncited.filter(|item| {
        let inside = |span: crate::base::Span| item.span.start <= span.start && span.end <= item.span.end;
        !policy.rules().any(|rule| inside(rule.span) && rule.reason.cite.is_some())
    });
    let mut found: Vec<Diagnostic> =
        uncited.map(|item| Diagnostic::new("L017", item.span).arg("name", &item.name).help("cite")).collect();
    // A table that is applied several times is several items.
    found.dedup_by(|one, other| one.span == other.span);
    found
}
