//! `checklist`: the papers of a kind, when each is required, until when it holds.

use super::common::{broken, nothing_in, unique};
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir::{self, DefinitionKind, ValidityKind};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{EnumId, FieldId, FieldType, Type};

/// `checklist`
pub(crate) fn checklist(cx: &mut Checker<'_>, it: &ast::Checklist, scope: &Scope) -> DefinitionKind {
    if it.papers.is_empty() {
        nothing_in(cx, &it.name, "checklist");
    }
    unique(cx, it.papers.iter().map(|paper| &paper.paper), &it.name, "paper");
    let kind = match (it.kind.first(), it.kind.last()) {
        (Some(first), Some(last)) => {
            let span = first.span.to(last.span);
            let written = ast::TypeExpr { kind: ast::TypeKind::Named(it.kind.clone()), span };
            cx.type_expr(&written, scope)
        }
        _ => None,
    };
    let list = cx.list(&it.list, scope);
    let (Some(Type::Enum(kind)), Some(list)) = (kind, list) else { return DefinitionKind::Error };
    let Some(field) = field_of(cx, it, kind, list) else { return DefinitionKind::Error };
    let papers = it.papers.iter().filter_map(|it| paper(cx, it, kind, scope, list)).collect();
    DefinitionKind::Checklist(hir::Checklist { kind, list, field, papers })
}

/// The one field of the list that says which paper it is: its key, where that is of the kind.
fn field_of(cx: &mut Checker<'_>, it: &ast::Checklist, kind: EnumId, list: FieldId) -> Option<u32> {
    let declared = cx.program.schema.fields.get(list)?;
    let (span, FieldType::Records(fields)) = (declared.span, &declared.ty) else { return None };
    let of_kind = |field: &crate::value::Field| matches!(field.ty, FieldType::Enum(id) if id == kind);
    let places: Vec<usize> =
        fields.iter().enumerate().filter(|(_, field)| of_kind(field)).map(|(place, _)| place).collect();
    let keyed = places.iter().copied().find(|place| fields.get(*place).is_some_and(|field| field.key));
    match (keyed, places.as_slice()) {
        (Some(place), _) => u32::try_from(place).ok(),
        (None, [place]) => u32::try_from(*place).ok(),
        (None, places) => {
            let variant = if places.is_empty() { "none" } else { "several" };
            let kind = cx.program.schema.enums.get(kind).map(|kind| kind.name.clone()).unwrap_or_default();
            cx.report(
                Diagnostic::new("E374", it.list.span)
                    .variant(variant)
                    .arg("list", &it.list.text)
                    .arg("kind", kind)
                    .label(span, "declared")
                    .help("field"),
            );
            None
        }
    }
}

fn paper(
    cx: &mut Checker<'_>,
    it: &ast::Paper,
    kind: EnumId,
    scope: &Scope,
    list: FieldId,
) -> Option<hir::Paper> {
    let code = cx.enum_member(kind, &it.paper);
    let condition = cx.condition(it.when.as_ref(), it.if_unknown.as_ref(), &it.reason, it.span, scope);
    let validity = it.validity.as_ref().map(|it| validity(cx, it, &scope.with_item(list, None)));
    let validity = match validity {
        Some(None) => return None,
        Some(validity) => validity,
        None => None,
    };
    Some(hir::Paper { code: code?, condition, validity })
}

fn validity(cx: &mut Checker<'_>, it: &ast::Validity, scope: &Scope) -> Option<hir::Validity> {
    if let Some(unknown) = &it.if_unknown
        && matches!(unknown.kind, ast::IfUnknownKind::Refer(..) | ast::IfUnknownKind::Refuse)
    {
        cx.report(Diagnostic::new("E375", unknown.span).help("say"));
        return None;
    }
    let kind = match &it.kind {
        ast::ValidityKind::While(condition) => ValidityKind::While(cx.yes_no(condition, scope)),
        ast::ValidityKind::Since(length, since) => {
            let length = cx.stretch(length, scope)?;
            let since = cx.expr(since, scope, &Expected::Type(Type::Date, Why::plain("paper")));
            if broken(&since) {
                return None;
            }
            ValidityKind::Since(length, since)
        }
    };
    let words = ast::Reason::default();
    let condition = cx.condition(None, it.if_unknown.as_ref(), &words, it.span, scope);
    Some(hir::Validity { kind, condition })
}
