//! Days: what is added to them, what lies between them, windows told from today.

use crate::base::Span;
use crate::check::bodies::is_error;
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir::{self, Arithmetic, ExprKind, Offset};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{MonthEnd, Number, Type, Unit, Value};

/// A number of business days as written: how many, and where.
#[derive(Clone, Copy)]
pub(super) struct BusinessDays<'e> {
    literal: &'e ast::Literal,
    negative: bool,
}

/// The business days that an expression is, also with a sign or in brackets.
pub(super) fn business_days(expr: &ast::Expr) -> Option<BusinessDays<'_>> {
    match &expr.kind {
        ast::ExprKind::Literal(literal) => {
            matches!(literal.kind, ast::LiteralKind::Number(_, ast::NumberUnit::BusinessDays))
                .then_some(BusinessDays { literal, negative: false })
        }
        ast::ExprKind::Group(of) => business_days(of),
        ast::ExprKind::Unary(ast::UnaryOp::Negate, of) => {
            business_days(of).map(|days| BusinessDays { negative: !days.negative, ..days })
        }
        _ => None,
    }
}

impl Checker<'_> {
    /// How many business days; reported where they are not whole.
    fn business(&mut self, days: BusinessDays<'_>) -> Option<hir::Expr> {
        let ast::LiteralKind::Number(text, _) = &days.literal.kind else { return None };
        let Some(number) = Number::decimal(text).filter(Number::is_integer) else {
            self.report(
                Diagnostic::new("E214", days.literal.span)
                    .variant("whole")
                    .arg("written", &days.literal.written),
            );
            return None;
        };
        self.needs_calendar(days.literal.span, "");
        let number = if days.negative { number.neg() } else { number };
        Some(hir::Expr {
            kind: ExprKind::Const(Value::Number(number)),
            ty: Type::Number(Unit::DAYS),
            span: days.literal.span,
        })
    }

    /// Reports business days (`""`) or a rule on holidays (`"holiday"`) in a policy whose header names no calendar.
    pub(crate) fn needs_calendar(&mut self, span: Span, key: &'static str) {
        if self.program.policies.get(self.policy).is_some_and(|policy| policy.calendar.is_none()) {
            self.report(Diagnostic::new("E386", span).variant(key).help(""));
        }
    }

    pub(super) fn add_business_days(
        &mut self,
        op: Arithmetic,
        day: &ast::Expr,
        days: BusinessDays<'_>,
        span: Span,
        scope: &Scope,
    ) -> hir::Expr {
        let day = self.expr(day, scope, &Expected::Type(Type::Date, Why::at("business", days.literal.span)));
        let days =
            self.business(BusinessDays { negative: days.negative ^ (op == Arithmetic::Subtract), ..days });
        match days {
            Some(days) if !is_error(&day) => hir::Expr {
                kind: ExprKind::AddBusinessDays(Box::new(day), Box::new(days)),
                ty: Type::Date,
                span,
            },
            _ => Self::error(span),
        }
    }

    /// A sum or difference of which one operand at least is a day.
    pub(super) fn add_to_date(
        &mut self,
        op: Arithmetic,
        left: hir::Expr,
        right: hir::Expr,
        span: Span,
    ) -> hir::Expr {
        let date = |kind: ExprKind| hir::Expr { kind, ty: Type::Date, span };
        match (op, &left.ty, &right.ty) {
            (Arithmetic::Subtract, Type::Date, Type::Date) => hir::Expr {
                kind: ExprKind::DaysBetween(Box::new(left), Box::new(right)),
                ty: Type::Number(Unit::DAYS),
                span,
            },
            (_, Type::Date, Type::Number(unit)) if *unit == Unit::DAYS => {
                let days = if op == Arithmetic::Subtract { negated(right) } else { right };
                date(ExprKind::AddDays(Box::new(left), Box::new(days)))
            }
            (Arithmetic::Add, Type::Number(unit), Type::Date) if *unit == Unit::DAYS => {
                date(ExprKind::AddDays(Box::new(right), Box::new(left)))
            }
            (_, Type::Date, Type::Number(unit)) if *unit == Unit::MONTHS => {
                match &mut self.month_end {
                    Some(used) => *used = true,
                    None => {
                        let told = Diagnostic::new("E213", span).label(right.span, "months");
                        self.report(self.with_month_end(told, span));
                        return Self::error(span);
                    }
                }
                let months = if op == Arithmetic::Subtract { negated(right) } else { right };
                date(ExprKind::AddMonths(Box::new(left), Box::new(months), MonthEnd::Last))
            }
            (_, Type::Date, Type::Number(unit)) if unit.is_plain() => {
                let report = Diagnostic::new("E211", span)
                    .variant(if op == Arithmetic::Subtract { "subtract" } else { "add" })
                    .label(left.span, "left")
                    .label(right.span, "right")
                    .help("days");
                let report = self.with_type(report, "left", &left.ty);
                let report = self.with_type(report, "right", &right.ty);
                self.report(report);
                Self::error(span)
            }
            _ => {
                let variant = if op == Arithmetic::Subtract { "subtract" } else { "add" };
                self.units_apart(variant, &left, &right, span);
                Self::error(span)
            }
        }
    }

    /// Proposes what is missing behind a day that a month may not have.
    pub(super) fn with_month_end(&self, told: Diagnostic, span: Span) -> Diagnostic {
        let words = self.spelled(", or month end", "，逢月末");
        told.arg("words", words).fix("month_end", span.after(), words, false)
    }

    /// `due + 1 month, or month end`
    pub(super) fn or_month_end(
        &mut self,
        of: &ast::Expr,
        span: Span,
        scope: &Scope,
        expected: &Expected,
    ) -> hir::Expr {
        let outer = self.month_end.replace(false);
        let inner = self.expr(of, scope, expected);
        let used = std::mem::replace(&mut self.month_end, outer);
        if !is_error(&inner) && used == Some(false) {
            self.report(Diagnostic::new("E213", span).variant("needless"));
        }
        hir::Expr { span, ..inner }
    }

    /// A stretch of days, business days or months behind a date; none where it was reported. Months say what happens at a
    /// month's end.
    pub(crate) fn offset(&mut self, expr: &ast::Expr, scope: &Scope) -> Option<Offset> {
        let offset = self.stretch(expr, scope)?;
        if matches!(offset, Offset::Months(..)) && !matches!(expr.kind, ast::ExprKind::OrMonthEnd(_)) {
            self.report(self.with_month_end(Diagnostic::new("E213", expr.span), expr.span));
            return None;
        }
        Some(offset)
    }

    /// A stretch of days, business days or months; none where it was reported.
    pub(crate) fn stretch(&mut self, expr: &ast::Expr, scope: &Scope) -> Option<Offset> {
        if let Some(days) = business_days(expr) {
            return self.business(days).map(Offset::BusinessDays);
        }
        if let ast::ExprKind::OrMonthEnd(of) = &expr.kind {
            let months = Expected::Type(Type::Number(Unit::MONTHS), Why::plain("month_end"));
            let months = self.expr(of, scope, &months);
            return (!is_error(&months)).then_some(Offset::Months(months, MonthEnd::Last));
        }
        let written = super::plain_literal(expr);
        let stretch = match written.map(|literal| &literal.kind) {
            Some(ast::LiteralKind::Number(_, ast::NumberUnit::Months)) => {
                self.expr(expr, scope, &Expected::Number(Why::plain("stretch")))
            }
            _ => self.expr(expr, scope, &Expected::Type(Type::Number(Unit::DAYS), Why::plain("stretch"))),
        };
        if is_error(&stretch) {
            return None;
        }
        Some(if stretch.ty == Type::Number(Unit::MONTHS) {
            Offset::Months(stretch, MonthEnd::Last)
        } else {
            Offset::Days(stretch)
        })
    }

    /// `d in the last 12 months`
    pub(super) fn in_window(
        &mut self,
        day: &ast::Expr,
        window: &ast::Window,
        span: Span,
        scope: &Scope,
    ) -> hir::Expr {
        let day = self.expr(day, scope, &Expected::Type(Type::Date, Why::at("window", window.span)));
        let window = match &window.kind {
            ast::WindowKind::Calendar { last, period } => {
                hir::Window::Calendar { last: *last, period: *period }
            }
            ast::WindowKind::Last(length) => {
                let lowered = self.expr(length, scope, &Expected::Number(Why::plain("stretch")));
                match lowered.ty {
                    _ if is_error(&lowered) => return lowered,
                    Type::Number(unit) if unit == Unit::DAYS => hir::Window::LastDays(Box::new(lowered)),
                    Type::Number(unit) if unit == Unit::MONTHS => hir::Window::LastMonths(Box::new(lowered)),
                    ty => {
                        let report = Diagnostic::new("E241", length.span).help("unit");
                        let report = self.with_type(report, "type", &ty);
                        self.report(report);
                        return Self::error(span);
                    }
                }
            }
        };
        if is_error(&day) {
            return Self::error(span);
        }
        hir::Expr { kind: ExprKind::InWindow(Box::new(day), window), ty: Type::YesNo, span }
    }
}

fn negated(expr: hir::Expr) -> hir::Expr {
    let (ty, span) = (expr.ty.clone(), expr.span);
    let kind = match expr.kind {
        ExprKind::Const(Value::Number(number)) => ExprKind::Const(Value::Number(number.neg())),
        kind => ExprKind::Negate(Box::new(hir::Expr { kind, ty: ty.clone(), span })),
    };
    hir::Expr { kind, ty, span }
}
