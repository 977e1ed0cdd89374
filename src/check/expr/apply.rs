//! Applied tables and functions of scripts.

use super::names::Found;
use crate::base::Span;
use crate::check::bodies::is_error;
use crate::check::context::{Checker, Construct, Declared, Entity, Expected, Scope, Why};
use crate::check::hir::{self, ExprKind, Part, ValueId};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::Type;

impl Checker<'_> {
    /// `haircut[kind]`, `fees[amount].share`, `seasonal[contracts]`
    pub(super) fn apply(
        &mut self,
        of: &ast::Expr,
        arguments: &[ast::Expr],
        column: Option<&ast::Name>,
        span: Span,
        scope: &Scope,
    ) -> hir::Expr {
        let (base, found) = match &of.kind {
            ast::ExprKind::Name(name) => (name, self.lookup(&name.text, scope)),
            ast::ExprKind::Member(policy, name) => match &policy.kind {
                ast::ExprKind::Name(policy) => match self.policy_named(policy, scope) {
                    Some(id) => {
                        let other = Scope { policy: id, ..scope.clone() };
                        (name, self.lookup(&name.text, &other))
                    }
                    None => {
                        self.unknown_policy(policy, scope);
                        return Self::error(span);
                    }
                },
                _ => {
                    self.report(Diagnostic::new("E220", of.span).variant("neither"));
                    return Self::error(span);
                }
            },
            ast::ExprKind::Error => return Self::error(span),
            _ => {
                self.report(Diagnostic::new("E220", of.span).variant("neither"));
                return Self::error(span);
            }
        };
        self.mention_found(base.span, &found, scope);
        match found {
            Found::Nothing => {
                self.undeclared(base, scope, &Expected::Subject);
                Self::error(span)
            }
            Found::One(Declared { entity: Entity::Value(id), span: declared }) => {
                self.apply_table(id, base, declared, arguments, column, span, scope)
            }
            Found::One(Declared { entity: Entity::Script(id), span: declared }) => {
                let Some(script) = self.program.scripts.get(id) else { return Self::error(span) };
                let types: Vec<(Type, Span)> =
                    script.parameters.iter().map(|ty| (ty.clone(), declared)).collect();
                let ty = script.result.clone();
                let Some(arguments) = self.arguments(base, declared, &types, arguments, span, scope) else {
                    return Self::error(span);
                };
                if let Some(column) = column {
                    self.report(
                        Diagnostic::new("E221", column.span).variant("none").arg("part", &column.text),
                    );
                    return Self::error(span);
                }
                hir::Expr { kind: ExprKind::Call(id, arguments), ty, span }
            }
            Found::One(Declared { entity: Entity::Series(id), span: declared }) => {
                let types = [(Type::Date, declared)];
                let Some(arguments) = self.arguments(base, declared, &types, arguments, span, scope) else {
                    return Self::error(span);
                };
                if let Some(column) = column {
                    self.report(
                        Diagnostic::new("E221", column.span).variant("none").arg("part", &column.text),
                    );
                    return Self::error(span);
                }
                self.series_on(id, &arguments, span)
            }
            Found::One(Declared { entity: Entity::Reference(id), span: declared }) => {
                let types = self.reference_keys(id);
                match self.arguments(base, declared, &types, arguments, span, scope) {
                    Some(keys) => self.reference_cell(id, keys, column, span),
                    None => Self::error(span),
                }
            }
            Found::One(declared) | Found::Both(declared, _) => {
                let list = matches!(declared.entity, Entity::Fact(id) if self.is_records(id));
                let report = Diagnostic::new("E220", base.span)
                    .variant(if list { "records" } else { "not" })
                    .arg("name", &base.text)
                    .label(declared.span, "declared");
                self.report(if list { report.help("aggregate") } else { report });
                Self::error(span)
            }
            Found::Parameter(..) | Found::Line(..) => {
                self.report(Diagnostic::new("E220", base.span).variant("not").arg("name", &base.text));
                Self::error(span)
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "an application has a table, its place, arguments, a column and a scope"
    )]
    fn apply_table(
        &mut self,
        id: ValueId,
        base: &ast::Name,
        declared: Span,
        arguments: &[ast::Expr],
        column: Option<&ast::Name>,
        span: Span,
        scope: &Scope,
    ) -> hir::Expr {
        if let Some(hir::Scope::Items(list)) = self.program.values.get(id).map(|value| value.scope)
            && scope.item != Some(list)
        {
            self.not_here(base, list);
            return Self::error(span);
        }
        let types: Vec<(Type, Span)> = self
            .declarations
            .get(id)
            .into_iter()
            .flat_map(|declaration| &declaration.parameters)
            .map(|parameter| (parameter.ty.clone(), parameter.span))
            .collect();
        if types.is_empty()
            && let Some(signed) = self.apply_authority(id, base, declared, arguments, column, span, scope)
        {
            return signed;
        }
        if types.is_empty() {
            self.report(
                Diagnostic::new("E220", base.span)
                    .variant("not")
                    .arg("name", &base.text)
                    .label(declared, "declared"),
            );
            return Self::error(span);
        }
        if !self.ensure(id, base.span) {
            return Self::error(span);
        }
        let Some(arguments) = self.arguments(base, declared, &types, arguments, span, scope) else {
            return Self::error(span);
        };
        let (place, ty) = match column {
            Some(column) => match self.part(id, &column.text) {
                Some((Part::Result(place), ty)) => (place, ty),
                _ => {
                    self.no_part(base, column, scope);
                    return Self::error(span);
                }
            },
            None => match self.value_type(id) {
                Some(ty) => (0, ty),
                None => {
                    self.several_results(id, base);
                    return Self::error(span);
                }
            },
        };
        hir::Expr { kind: ExprKind::Apply(id, place, arguments), ty, span }
    }

    /// `grant[exposure + amount]`: who must sign for another amount. None where the value is no authority.
    #[expect(clippy::too_many_arguments, reason = "as an application of a table")]
    fn apply_authority(
        &mut self,
        id: ValueId,
        base: &ast::Name,
        declared: Span,
        arguments: &[ast::Expr],
        column: Option<&ast::Name>,
        span: Span,
        scope: &Scope,
    ) -> Option<hir::Expr> {
        if !matches!(self.declarations.get(id)?.construct, Construct::Authority(_)) {
            return None;
        }
        if !self.ensure(id, base.span) {
            return Some(Self::error(span));
        }
        let (amount, kind) = match self.program.values.get(id).map(|value| &value.kind) {
            Some(hir::DefinitionKind::Authority(authority)) => (authority.of.ty.clone(), authority.kind),
            _ => return Some(Self::error(span)),
        };
        if let Some(column) = column.filter(|column| !matches!(&*column.text, "needed" | "须批")) {
            self.no_part(base, column, scope);
            return Some(Self::error(span));
        }
        let arguments = self.arguments(base, declared, &[(amount, declared)], arguments, span, scope);
        Some(match arguments {
            Some(arguments) => {
                hir::Expr { kind: ExprKind::Apply(id, 0, arguments), ty: Type::Enum(kind), span }
            }
            None => Self::error(span),
        })
    }

    fn arguments(
        &mut self,
        base: &ast::Name,
        declared: Span,
        types: &[(Type, Span)],
        arguments: &[ast::Expr],
        span: Span,
        scope: &Scope,
    ) -> Option<Vec<hir::Expr>> {
        if types.len() != arguments.len() {
            self.report(
                Diagnostic::new("E220", span)
                    .variant("count")
                    .arg("name", &base.text)
                    .arg("count", types.len())
                    .arg("given", arguments.len())
                    .label(declared, "declared"),
            );
            return None;
        }
        let lowered: Vec<hir::Expr> = types
            .iter()
            .zip(arguments)
            .map(|((ty, place), argument)| {
                let expected = Expected::Type(ty.clone(), Why::at("parameter", *place));
                self.expr(argument, scope, &expected)
            })
            .collect();
        (!lowered.iter().any(is_error)).then_some(lowered)
    }
}
