//! `allocate`: an amount of the customer over the items of a list, and what of it is left.

use super::common::{broken, unit};
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir::{self, DefinitionKind, ExprKind};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{FieldId, Type};

/// `allocate`, what each item gets; the scope is that of the items.
pub(crate) fn allocation(cx: &mut Checker<'_>, written: &ast::Allocation, scope: &Scope) -> DefinitionKind {
    let Some(list) = scope.item else { return DefinitionKind::Error };
    let Some((amount, up_to)) = parts(cx, written, list, scope) else { return DefinitionKind::Error };
    let Some(keys) = cx.order_keys(&written.keys, list, scope) else { return DefinitionKind::Error };
    let reason = cx.reason(&written.reason);
    DefinitionKind::Allocation(Box::new(hir::Allocation { list, amount, keys, up_to, reason }))
}

/// What is left of it: the amount less what the items got.
pub(crate) fn rest(cx: &mut Checker<'_>, written: &ast::Allocation, scope: &Scope) -> DefinitionKind {
    let Some(list) = cx.list(&written.list, scope) else { return DefinitionKind::Error };
    let items = scope.with_item(list, None);
    let applied = cx.expr(&name_of(&written.applied.name), &items, &Expected::Subject);
    let amount = cx.expr(&written.amount, scope, &Expected::Number(Why::plain("allocate")));
    if broken(&applied) || broken(&amount) {
        return DefinitionKind::Error;
    }
    let (span, ty) = (written.amount.span, amount.ty.clone());
    let made = |kind: ExprKind| hir::Expr { kind, ty: ty.clone(), span };
    let given = made(ExprKind::Aggregate {
        function: hir::AggregateFunction::Sum,
        known: false,
        list,
        operand: Some(Box::new(applied)),
        filter: None,
    });
    let less = hir::Arithmetic::Subtract;
    let value = made(ExprKind::Arithmetic(less, Box::new(amount), Box::new(given)));
    let reason = cx.reason(&written.reason);
    DefinitionKind::Let(hir::Let { value, rounding: None, reason })
}

fn name_of(name: &ast::Name) -> ast::Expr {
    ast::Expr { kind: ast::ExprKind::Name(name.clone()), span: name.span }
}

/// The amount, what an item takes at most, of one unit. The amount is one value of the customer.
fn parts(
    cx: &mut Checker<'_>,
    written: &ast::Allocation,
    list: FieldId,
    items: &Scope,
) -> Option<(hir::Expr, hir::Expr)> {
    let customer = Scope { item: None, item_name: None, ..items.clone() };
    let span = written.amount.span;
    let amount = cx.expr(&written.amount, &customer, &Expected::Number(Why::plain("allocate")));
    let own = unit(&amount).filter(|_| !broken(&amount))?;
    let expected = Expected::Type(Type::Number(own), Why::at("allocate", span));
    let items = items.with_item(list, items.item_name.clone());
    let up_to = cx.expr(&written.up_to, &items, &expected);
    (!broken(&up_to)).then_some((amount, up_to))
}

impl Checker<'_> {
    /// The keys by which the items of a list are put in order: numbers, days, texts or members of a kind. The last of them
    /// must be the list's own key, so that no two items can stand at one place.
    pub(crate) fn order_keys(
        &mut self,
        keys: &[ast::Expr],
        list: FieldId,
        scope: &Scope,
    ) -> Option<Vec<hir::Expr>> {
        let items = scope.with_item(list, scope.item_name.clone());
        let field = self.program.schema.fields.get(list)?.clone();
        let crate::value::FieldType::Records(fields) = &field.ty else { return None };
        let own = fields.iter().position(|field| field.key);
        let mut found = Vec::new();
        let mut decided: Option<crate::base::Span> = None;
        for key in keys {
            let value = self.expr(key, &items, &Expected::Subject);
            if broken(&value) {
                return None;
            }
            if !matches!(value.ty, Type::Number(_) | Type::Date | Type::Text | Type::Enum(_)) {
                let report = Diagnostic::new("E286", key.span).variant("type");
                let report = self.with_type(report, "type", &value.ty);
                self.report(report);
                return None;
            }
            if let Some(earlier) = decided {
                self.report(Diagnostic::new("E286", key.span).variant("behind").label(earlier, "key"));
                return None;
            }
            let is_key = matches!(&value.kind, ExprKind::Field(of, place) if *of == list && own == Some(*place as usize));
            decided = is_key.then_some(key.span);
            found.push(value);
        }
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return None };
        if decided.is_none() {
            let report = Diagnostic::new("E286", first.span.to(last.span)).arg("list", &field.name);
            let report = match own.and_then(|own| fields.get(own)) {
                Some(key) => report.arg("key", &key.name).label(key.span, "key").fix(
                    "add",
                    last.span.after(),
                    format!(", {}", key.name),
                    false,
                ),
                None => report.variant("keyless").label(field.span, "list").help("keyless"),
            };
            self.report(report);
            return None;
        }
        Some(found)
    }
}
