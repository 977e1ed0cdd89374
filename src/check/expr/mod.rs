//! Expressions: names resolved, types and units told.

use super::context::{Checker, Expected, Scope};
use super::hir;
use crate::base::Span;
use crate::syntax::ast;
use crate::value::{EnumId, Number, Rounding, Type, Unit};

impl Checker<'_> {
    /// An expression of the type that its place expects.
    pub(crate) fn expr(&mut self, expr: &ast::Expr, _scope: &Scope, _expected: &Expected) -> hir::Expr {
        Self::error(expr.span)
    }

    /// A condition with what it does where it cannot be judged, and why it is there.
    pub(crate) fn condition(
        &mut self,
        _when: Option<&ast::Expr>,
        _if_unknown: Option<&ast::IfUnknown>,
        reason: &ast::Reason,
        span: Span,
        _scope: &Scope,
    ) -> hir::Condition {
        hir::Condition { when: None, if_unknown: None, reason: self.reason(reason), span }
    }

    /// What stands behind `is` or in a cell, for a key of this type.
    pub(crate) fn pattern(&mut self, _pattern: &ast::Pattern, _key: &Type, _scope: &Scope) -> hir::Pattern {
        hir::Pattern::Any
    }

    /// A cell.
    pub(crate) fn cell(&mut self, cell: &ast::Cell, key: &Type, scope: &Scope) -> hir::Cell {
        let patterns = cell.patterns.iter().map(|pattern| self.pattern(pattern, key, scope)).collect();
        hir::Cell { patterns, span: cell.span }
    }

    /// A result that must be of this type. The outcomes of corrections (`up 50%`) are reported.
    pub(crate) fn outcome(&mut self, outcome: &ast::Outcome, _ty: &Type, _scope: &Scope) -> hir::Outcome {
        hir::Outcome { kind: hir::OutcomeKind::Unknown, span: outcome.span }
    }

    /// A type as written; none where it was reported.
    pub(crate) fn type_expr(&mut self, _ty: &ast::TypeExpr, _scope: &Scope) -> Option<Type> {
        None
    }

    /// The range behind a type.
    pub(crate) fn range(&mut self, _range: &ast::Range, _ty: &Type, _scope: &Scope) -> hir::ValueRange {
        hir::ValueRange::default()
    }

    /// A constant of this unit: a literal with its sign. Percents are fractions.
    pub(crate) fn constant_number(&mut self, _expr: &ast::Expr, _unit: Unit) -> Option<Number> {
        None
    }

    /// A rounding of a value of this unit.
    pub(crate) fn rounding(&mut self, _rounding: &ast::Rounding, _unit: Unit) -> Option<Rounding> {
        None
    }

    /// A stretch of days, business days or months.
    pub(crate) fn offset(&mut self, _expr: &ast::Expr, _scope: &Scope) -> Option<hir::Offset> {
        None
    }

    /// A label in each language; the name where there is none.
    pub(crate) fn label(label: &ast::Label, name: &ast::Name) -> hir::Label {
        let pick = |own: &Option<ast::Text>, other: &Option<ast::Text>| {
            own.as_ref()
                .or(label.plain.as_ref())
                .or(other.as_ref())
                .map_or_else(|| name.text.clone(), |text| text.value.clone())
        };
        hir::Label { en: pick(&label.en, &label.zh), zh: pick(&label.zh, &label.en) }
    }

    /// Why a rule is there.
    pub(crate) fn reason(&mut self, reason: &ast::Reason) -> hir::Reason {
        let text = |text: &Option<ast::Text>| text.as_ref().map(|text| text.value.clone());
        if let Some(code) = &reason.code {
            self.codes.insert(code.text.clone());
        }
        hir::Reason {
            code: reason.code.as_ref().map(|code| code.text.clone()),
            because: text(&reason.because),
            cite: text(&reason.cite),
        }
    }

    /// A declared role; reported where it is not declared.
    pub(crate) fn role(&mut self, name: &ast::Name) -> crate::base::Str {
        name.text.clone()
    }

    /// A declared action; reported where it is not declared.
    pub(crate) fn action(&mut self, name: &ast::Name) -> crate::base::Str {
        name.text.clone()
    }

    /// The place of a member in an enumeration; reported where there is none of this name.
    pub(crate) fn enum_member(&mut self, _of: EnumId, _name: &ast::Name) -> Option<u32> {
        None
    }

    /// The enumeration that a construct of the current policy declares: grades, a stance, the steps of a ladder.
    pub(crate) fn own_enum(&self, _name: &ast::Name) -> Option<EnumId> {
        None
    }

    /// The facts that hold what the last decision said of a value of the customer, and since when.
    pub(crate) fn last_value(
        &mut self,
        _name: &ast::Name,
        _ty: &Type,
    ) -> Option<(crate::value::FieldId, crate::value::FieldId)> {
        None
    }

    /// The facts that hold what a ladder has carried out.
    pub(crate) fn last_ladder(
        &mut self,
        _name: &ast::Name,
        _steps: EnumId,
        _scope: &Scope,
    ) -> Option<hir::LastLadder> {
        None
    }

    /// The record list of this name.
    pub(crate) fn list(&mut self, _name: &ast::Name, _scope: &Scope) -> Option<crate::value::FieldId> {
        None
    }
}
