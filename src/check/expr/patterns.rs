//! What stands behind `is` and in the cells of rows.

use crate::base::Span;
use crate::check::bodies::is_error;
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir::{self, ExprKind, Pattern};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{EnumId, EnumSort, Type, Value};

type Bound = Option<(hir::Expr, bool)>;

impl Checker<'_> {
    /// A cell.
    pub(crate) fn cell(&mut self, cell: &ast::Cell, key: &Type, scope: &Scope) -> hir::Cell {
        let patterns = cell.patterns.iter().map(|pattern| self.pattern(pattern, key, scope)).collect();
        hir::Cell { patterns, span: cell.span }
    }

    /// What a key of this type must be. What could not be checked is an [`Pattern::Equals`] of [`ExprKind::Error`].
    pub(crate) fn pattern(&mut self, pattern: &ast::Pattern, key: &Type, scope: &Scope) -> Pattern {
        self.pattern_against(pattern, key, None, scope)
    }

    pub(super) fn pattern_against(
        &mut self,
        pattern: &ast::Pattern,
        key: &Type,
        place: Option<Span>,
        scope: &Scope,
    ) -> Pattern {
        match &pattern.kind {
            ast::PatternKind::Any => Pattern::Any,
            ast::PatternKind::Unknown => Pattern::Unknown,
            ast::PatternKind::AtMost(_)
            | ast::PatternKind::Below(_)
            | ast::PatternKind::From(_)
            | ast::PatternKind::Above(_)
            | ast::PatternKind::Between(..)
            | ast::PatternKind::Span(..) => self.bounds_pattern(pattern, key, place, scope),
            ast::PatternKind::OrBetter(grade) => match self.place(grade, key, pattern.span) {
                Some(code) => Pattern::OrBetter(code),
                None => broken(pattern.span),
            },
            ast::PatternKind::OrWorse(grade) => match self.place(grade, key, pattern.span) {
                Some(code) => Pattern::OrWorse(code),
                None => broken(pattern.span),
            },
            ast::PatternKind::Value(value) => self.value_pattern(value, key, place, scope),
        }
    }

    fn value_pattern(
        &mut self,
        value: &ast::Expr,
        key: &Type,
        place: Option<Span>,
        scope: &Scope,
    ) -> Pattern {
        let why = place.map_or(Why::plain("key"), |span| Why::at("operand", span));
        let wanted = match key {
            // `flags is bounced`: the set contains it.
            Type::Set(kind) => Type::Enum(*kind),
            Type::List(_) | Type::Records(_) => {
                let report = self.with_type(Diagnostic::new("E240", value.span).variant("list"), "type", key);
                self.report(report);
                return broken(value.span);
            }
            Type::YesNo | Type::Number(_) | Type::Date | Type::Text | Type::Enum(_) => key.clone(),
        };
        let lowered = self.expr(value, scope, &Expected::Type(wanted, why));
        match &lowered.kind {
            ExprKind::Const(Value::Code(code)) => Pattern::Code(*code),
            _ if matches!(key, Type::Set(_)) && !is_error(&lowered) => {
                self.report(Diagnostic::new("E240", value.span).variant("member"));
                broken(value.span)
            }
            _ => Pattern::Equals(lowered),
        }
    }

    /// The place of a grade or a step in its order.
    fn place(&mut self, grade: &ast::Name, key: &Type, span: Span) -> Option<u32> {
        let kind = match key {
            Type::Enum(kind) => *kind,
            _ => {
                let report = self.with_type(Diagnostic::new("E240", span).variant("order"), "type", key);
                self.report(report);
                return None;
            }
        };
        let sort = self.program.schema.enums.get(kind)?.sort;
        if !matches!(sort, EnumSort::Grades | EnumSort::Steps | EnumSort::BuiltIn) {
            let report = self.with_type(Diagnostic::new("E240", span).variant("order"), "type", key);
            self.report(report);
            return None;
        }
        let code = self.enum_member(kind, grade)?;
        if self.apart(kind, code) {
            self.report(Diagnostic::new("E240", grade.span).variant("apart").arg("name", &grade.text));
            return None;
        }
        Some(code)
    }

    fn apart(&self, kind: EnumId, code: u32) -> bool {
        let kind = self.program.schema.enums.get(kind);
        kind.and_then(|kind| kind.member(code)).is_some_and(|member| member.apart)
    }

    fn bounds_pattern(
        &mut self,
        pattern: &ast::Pattern,
        key: &Type,
        place: Option<Span>,
        scope: &Scope,
    ) -> Pattern {
        if !matches!(key, Type::Number(_) | Type::Date) {
            let report = Diagnostic::new("E240", pattern.span).variant("bounds");
            let report = self.with_type(report, "type", key);
            let grades = matches!(key, Type::Enum(_));
            self.report(if grades { report.help("grade") } else { report });
            return broken(pattern.span);
        }
        let (mut lower, mut upper): (Bound, Bound) = (None, None);
        if !self.bound(pattern, key, place, scope, &mut lower, &mut upper) {
            return broken(pattern.span);
        }
        if let (Some((from, in_from)), Some((to, in_to))) = (&lower, &upper) {
            let empty = match (&from.kind, &to.kind) {
                (ExprKind::Const(Value::Number(from)), ExprKind::Const(Value::Number(to))) => {
                    from > to || from == to && !(*in_from && *in_to)
                }
                (ExprKind::Const(Value::Date(from)), ExprKind::Const(Value::Date(to))) => {
                    from > to || from == to && !(*in_from && *in_to)
                }
                _ => false,
            };
            if empty {
                self.report(Diagnostic::new("E227", pattern.span));
                return broken(pattern.span);
            }
        }
        Pattern::Bounds { lower, upper }
    }

    /// Adds the bounds of a pattern; false where something was reported.
    fn bound(
        &mut self,
        pattern: &ast::Pattern,
        key: &Type,
        place: Option<Span>,
        scope: &Scope,
        lower: &mut Bound,
        upper: &mut Bound,
    ) -> bool {
        let why = place.map_or(Why::plain("key"), |span| Why::at("operand", span));
        let expected = Expected::Type(key.clone(), why);
        let (side, expr, inclusive) = match &pattern.kind {
            ast::PatternKind::AtMost(expr) => (&mut *upper, expr, true),
            ast::PatternKind::Below(expr) => (&mut *upper, expr, false),
            ast::PatternKind::From(expr) => (&mut *lower, expr, true),
            ast::PatternKind::Above(expr) => (&mut *lower, expr, false),
            ast::PatternKind::Span(from, to) => {
                let from = self.expr(from, scope, &expected);
                let to = self.expr(to, scope, &expected);
                let fine = !is_error(&from) && !is_error(&to);
                *lower = Some((from, true));
                *upper = Some((to, true));
                return fine;
            }
            ast::PatternKind::Between(first, second) => {
                return self.bound(first, key, place, scope, lower, upper)
                    && self.bound(second, key, place, scope, lower, upper);
            }
            ast::PatternKind::OrBetter(_)
            | ast::PatternKind::OrWorse(_)
            | ast::PatternKind::Any
            | ast::PatternKind::Unknown
            | ast::PatternKind::Value(_) => return false,
        };
        if side.is_some() {
            self.report(Diagnostic::new("E240", pattern.span).variant("twice"));
            return false;
        }
        let lowered = self.expr(expr, scope, &expected);
        let fine = !is_error(&lowered);
        *side = Some((lowered, inclusive));
        fine
    }
}

fn broken(span: Span) -> Pattern {
    Pattern::Equals(hir::Expr { kind: ExprKind::Error, ty: Type::YesNo, span })
}
