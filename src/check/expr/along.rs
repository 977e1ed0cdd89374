//! What is read along a list: running sums, the latest item, the latest values, runs in a row.

use crate::base::Span;
use crate::check::bodies::is_error;
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir::{self, ExprKind};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{MOST_ITEMS, Type};

impl Checker<'_> {
    /// `running sum of open by due, number`
    pub(super) fn running(&mut self, running: &ast::Running, span: Span, scope: &Scope) -> hir::Expr {
        let Some(list) = scope.item else {
            self.report(Diagnostic::new("E285", span).help(""));
            return Self::error(span);
        };
        let of = self.expr(&running.of, scope, &Expected::Number(Why::plain("aggregate")));
        let keys = self.order_keys(&running.keys, list, scope);
        let Some(keys) = keys.filter(|_| !is_error(&of)) else { return Self::error(span) };
        let ty = of.ty.clone();
        hir::Expr { kind: ExprKind::Running { list, of: Box::new(of), keys }, ty, span }
    }

    /// `latest outcome in events by on, id where (…)`
    pub(super) fn latest_in(&mut self, latest: &ast::LatestIn, span: Span, scope: &Scope) -> hir::Expr {
        let Some(list) = self.list(&latest.list, scope) else { return Self::error(span) };
        let items = scope.with_item(list, None);
        let of = self.expr(&latest.of, &items, &Expected::Subject);
        let filter = latest.filter.as_ref().map(|filter| self.yes_no(filter, &items));
        let keys = self.order_keys(&latest.keys, list, &items);
        let sound = !is_error(&of) && !filter.as_ref().is_some_and(is_error);
        let Some(keys) = keys.filter(|_| sound) else { return Self::error(span) };
        let ty = of.ty.clone();
        let filter = filter.map(Box::new);
        hir::Expr { kind: ExprKind::LatestIn { list, of: Box::new(of), keys, filter }, ty, span }
    }

    /// `latest 6 of contracts`
    pub(super) fn latest_of(
        &mut self,
        count: &ast::Literal,
        of: &ast::Expr,
        span: Span,
        scope: &Scope,
    ) -> hir::Expr {
        let list = self.expr(of, scope, &Expected::Subject);
        let count = self.whole(count, 1, most()).map(|count| (count, count, count_span(span, of)));
        let Some((list, count, oldest_first)) = self.along(list, count) else { return Self::error(span) };
        let ty = list.ty.clone();
        hir::Expr { kind: ExprKind::Recent { list: Box::new(list), count, oldest_first }, ty, span }
    }

    /// `collections rises for 3 in a row`: the last three steps, four values.
    pub(super) fn in_a_row(
        &mut self,
        of: &ast::Expr,
        rises: bool,
        steps: &ast::Literal,
        span: Span,
        scope: &Scope,
    ) -> hir::Expr {
        let list = self.expr(of, scope, &Expected::Subject);
        if let Type::List(of) = &list.ty
            && !matches!(**of, Type::Number(_) | Type::Date)
        {
            let report = Diagnostic::new("E218", list.span).variant("element");
            let report = self.with_type(report, "type", of);
            self.report(report);
            return Self::error(span);
        }
        let at = steps.span;
        let steps = self.whole(steps, 1, most()).map(|steps| (steps, steps.saturating_add(1), at));
        let Some((list, steps, oldest_first)) = self.along(list, steps) else { return Self::error(span) };
        let kind = ExprKind::InARow { list: Box::new(list), rises, steps, oldest_first };
        hir::Expr { kind, ty: Type::YesNo, span }
    }

    /// A list of values with an order, and a figure of which the list can hold as many values as it needs: the figure, the
    /// values, where it stands.
    fn along(&mut self, list: hir::Expr, needs: Option<(u32, u32, Span)>) -> Option<(hir::Expr, u32, bool)> {
        if is_error(&list) {
            return None;
        }
        if !matches!(list.ty, Type::List(_)) {
            let report = Diagnostic::new("E218", list.span).variant("list").help("list");
            let report = self.with_type(report, "type", &list.ty);
            self.report(report);
            return None;
        }
        let Some(oldest_first) = self.oldest_first(&list) else {
            let mut report = Diagnostic::new("E283", list.span);
            if let ExprKind::Fact(id) = &list.kind
                && let Some(field) = self.program.schema.fields.get(*id)
            {
                let order = self.spelled(" oldest first", " 由远及近");
                let end = field.span.after();
                report = report.label(field.span, "declared").fix("oldest", end, order, false);
            } else {
                report = report.variant("written").help("written");
            }
            self.report(report);
            return None;
        };
        let (figure, values, at) = needs?;
        let (length, declared) = self.length(&list);
        if let Some(length) = length
            && usize::try_from(values).is_ok_and(|values| values > length)
        {
            let mut report = Diagnostic::new("E284", at).arg("needed", values).arg("length", length);
            if let Some(declared) = declared {
                report = report.label(declared, "declared");
            }
            self.report(report);
            return None;
        }
        Some((list, figure, oldest_first))
    }

    /// Whether a list begins with its oldest value; none where nobody has said so.
    fn oldest_first(&self, list: &hir::Expr) -> Option<bool> {
        match &list.kind {
            ExprKind::Fact(id) => self.list_orders.get(id).map(|(oldest_first, _)| *oldest_first),
            ExprKind::Recent { oldest_first, .. } => Some(*oldest_first),
            _ => None,
        }
    }
}

/// As many values as a list has at most.
fn most() -> u32 {
    u32::try_from(MOST_ITEMS).unwrap_or(u32::MAX)
}

/// Where the figure of `latest 6 of x` stands.
fn count_span(whole: Span, of: &ast::Expr) -> Span {
    Span { end: of.span.start, ..whole }
}
