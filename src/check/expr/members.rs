//! Dotted names: parts of constructs, names of policies, fields of the item, members of kinds, the last time.

use super::names::{Found, member_expr};
use crate::base::{Span, Str, nearest};
use crate::check::context::{Checker, Construct, Declared, Entity, Expected, Scope};
use crate::check::hir::{self, ExprKind, PolicyId};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{FieldId, Type};

impl Checker<'_> {
    /// `limit_percent.share`, `working_assets.appraisal` of a policy, `invoice.amount`, `level.high`, `last.stance`.
    pub(super) fn member(
        &mut self,
        of: &ast::Expr,
        name: &ast::Name,
        span: Span,
        scope: &Scope,
        _expected: &Expected,
    ) -> hir::Expr {
        match &of.kind {
            ast::ExprKind::Group(of) => self.member(of, name, span, scope, _expected),
            ast::ExprKind::Last => self.last_member(name, span, scope),
            ast::ExprKind::Member(last, value) if matches!(last.kind, ast::ExprKind::Last) => {
                self.last_since(value, name, span, scope)
            }
            ast::ExprKind::Apply(table, arguments) => self.apply(table, arguments, Some(name), span, scope),
            ast::ExprKind::Name(base) => self.member_of_name(base, name, span, scope),
            ast::ExprKind::Member(policy, value) => match &policy.kind {
                ast::ExprKind::Name(policy) => match self.policy_named(policy, scope) {
                    Some(id) => {
                        let other = Scope { policy: id, ..scope.clone() };
                        self.mention_policy(policy, id);
                        let found = self.lookup(&value.text, &other);
                        self.mention_found(value.span, &found, &other);
                        self.part_of_name(value, name, span, &other)
                    }
                    None => {
                        self.no_part(policy, value, scope);
                        Self::error(span)
                    }
                },
                _ => {
                    self.report(Diagnostic::new("E221", name.span).variant("none").arg("part", &name.text));
                    Self::error(span)
                }
            },
            ast::ExprKind::Error => Self::error(span),
            _ => {
                self.report(Diagnostic::new("E221", name.span).variant("none").arg("part", &name.text));
                Self::error(span)
            }
        }
    }

    pub(super) fn policy_named(&self, name: &ast::Name, scope: &Scope) -> Option<PolicyId> {
        self.names.get(scope.policy)?.uses.get(&name.text).copied()
    }

    fn member_of_name(&mut self, base: &ast::Name, name: &ast::Name, span: Span, scope: &Scope) -> hir::Expr {
        let found = self.lookup(&base.text, scope);
        if !matches!(&found, Found::One(_)) || self.policy_named(base, scope).is_none() {
            self.mention_found(base.span, &found, scope);
        }
        // The item by its own name, or by that of its list.
        let own_list = match &found {
            Found::One(Declared { entity: Entity::Fact(list), .. }) => scope.item == Some(*list),
            _ => false,
        };
        if let Some(list) = scope.item
            && (own_list || scope.item_name.as_ref() == Some(&base.text))
        {
            let declared = self
                .names
                .get(scope.policy)
                .and_then(|names| names.items.get(&list)?.get(&name.text))
                .copied();
            return match declared {
                Some(declared) => {
                    self.mention_declared(name.span, declared);
                    let whole = ast::Name { text: name.text.clone(), span };
                    self.entity(declared.entity, &whole, scope)
                }
                None => {
                    self.undeclared(name, scope, &Expected::Subject);
                    Self::error(span)
                }
            };
        }
        let part = match &found {
            Found::One(Declared { entity: Entity::Value(id), .. }) => {
                let id = *id;
                if let Some(answers) = self.answers(id, &name.text) {
                    let ty = Type::Records(answers.0);
                    return hir::Expr { kind: ExprKind::Fact(answers), ty, span };
                }
                if !self.ensure(id, base.span) {
                    return Self::error(span);
                }
                self.part(id, &name.text).is_some()
            }
            _ => false,
        };
        let policy = self.policy_named(base, scope);
        let in_policy = policy.is_some_and(|id| {
            let names = self.names.get(id);
            let item = scope.item.and_then(|list| names?.items.get(&list)?.get(&name.text));
            item.is_some() || names.is_some_and(|names| names.customer.contains_key(&name.text))
        });
        let kind = self.names.get(scope.policy).and_then(|names| names.enums.get(&base.text)).copied();
        let code = kind.and_then(|kind| Some((kind, self.code(kind, &name.text)?)));
        match (part, policy, code) {
            (true, Some(_), _) if in_policy => {
                self.report(
                    Diagnostic::new("E206", span)
                        .variant("policy")
                        .arg("name", format!("{}.{}", base.text, name.text))
                        .arg("base", &base.text),
                );
                Self::error(span)
            }
            (true, ..) => {
                self.mention_found(base.span, &found, scope);
                self.part_of_name(base, name, span, scope)
            }
            (false, _, Some((kind, code))) if !in_policy => self.kind_member(base, name, (kind, code), span),
            (false, Some(id), _) if in_policy || matches!(found, Found::Nothing) => {
                let other = Scope { policy: id, ..scope.clone() };
                let whole = ast::Name { text: name.text.clone(), span };
                self.mention_policy(base, id);
                match self.lookup(&name.text, &other) {
                    Found::One(declared) | Found::Both(declared, _) => {
                        self.mention_declared(name.span, declared);
                        self.entity(declared.entity, &whole, scope)
                    }
                    Found::Nothing | Found::Parameter(..) | Found::Line(..) => {
                        self.not_in_policy(name, &base.text, id);
                        Self::error(span)
                    }
                }
            }
            (false, _, Some((kind, code))) => self.kind_member(base, name, (kind, code), span),
            // `book.total`: a value of a portfolio.
            (false, _, None) if self.in_book(base, name, scope) => self.name(name, scope, &Expected::Subject),
            (false, _, None) => {
                if let (Found::Nothing, Some(kind)) = (&found, kind) {
                    self.enum_member(kind, name);
                } else {
                    self.no_part(base, name, scope);
                }
                Self::error(span)
            }
        }
    }

    /// `level.high`
    fn kind_member(
        &mut self,
        base: &ast::Name,
        name: &ast::Name,
        (kind, code): (crate::value::EnumId, u32),
        span: Span,
    ) -> hir::Expr {
        self.mention_kind(base.span, kind);
        self.mention_member(name.span, kind, code);
        member_expr(kind, code, span)
    }

    fn mention_policy(&mut self, name: &ast::Name, id: PolicyId) {
        if let Some(header) = self.program.policies.get(id).map(|policy| policy.span) {
            self.mention(name.span, header, hir::Meaning::Policy(id));
        }
    }

    /// The list of its own that a judgement has for its answers: a fact.
    fn answers(&self, id: hir::ValueId, name: &str) -> Option<FieldId> {
        let Construct::Judgement(judgement) = self.declarations.get(id)?.construct else { return None };
        let own = judgement.from.is_none() && matches!(name, "answers" | "答复");
        let name = format!("{}.answers", judgement.name.text);
        own.then(|| self.program.schema.find(&name)).flatten()
    }

    /// Whether a portfolio of this name has a value of that name.
    fn in_book(&self, book: &ast::Name, name: &ast::Name, scope: &Scope) -> bool {
        let books = self.names.get(scope.policy).map(|names| &names.books);
        books.and_then(|books| books.get(&book.text)).is_some_and(|own| own.contains(&name.text))
    }

    fn not_in_policy(&mut self, name: &ast::Name, policy: &Str, id: PolicyId) {
        let known: Vec<Str> =
            self.names.get(id).map(|names| names.customer.keys().cloned().collect()).unwrap_or_default();
        let report = Diagnostic::new("E504", name.span).arg("name", &name.text).arg("policy", policy);
        let report = match nearest(&name.text, known.iter().map(|name| &**name)) {
            Some(near) => report.arg("near", near).help("near"),
            None => report,
        };
        self.report(report);
    }

    /// A part of a construct that `base` names in the policy of the scope.
    fn part_of_name(&mut self, base: &ast::Name, name: &ast::Name, span: Span, scope: &Scope) -> hir::Expr {
        if let Found::One(Declared { entity: Entity::Value(id), .. }) = self.lookup(&base.text, scope) {
            if let Some(hir::Scope::Items(list)) = self.program.values.get(id).map(|value| value.scope)
                && scope.item != Some(list)
            {
                self.not_here(base, list);
                return Self::error(span);
            }
            if !self.ensure(id, base.span) {
                return Self::error(span);
            }
            if let Some((part, ty)) = self.part(id, &name.text) {
                self.mention_part(name.span, id, part, &name.text);
                return hir::Expr { kind: ExprKind::Value(id, part), ty, span };
            }
        }
        self.no_part(base, name, scope);
        Self::error(span)
    }

    /// Reports that a name has no part of this name, or stands for nothing itself.
    pub(super) fn no_part(&mut self, base: &ast::Name, name: &ast::Name, scope: &Scope) {
        let declared = match self.lookup(&base.text, scope) {
            Found::Nothing => {
                self.undeclared(base, scope, &Expected::Subject);
                return;
            }
            Found::Parameter(..) | Found::Line(..) | Found::Both(..) => None,
            Found::One(declared) => Some(declared),
        };
        let mut report = Diagnostic::new("E221", name.span).arg("name", &base.text).arg("part", &name.text);
        if let Some(Declared { entity: Entity::Value(id), span }) = declared {
            if matches!(
                self.program.values.get(id).map(|value| &value.kind),
                Some(hir::DefinitionKind::Error)
            ) {
                // Its body is wrong, which was reported; so nothing can be said of its parts.
                return;
            }
            let parts = self.part_names(id, &name.text);
            report = report.label(span, "declared");
            report = match nearest(&name.text, parts.iter().map(|name| &**name)) {
                Some(near) => report.arg("near", near).fix("near", name.span, near, false),
                None if parts.is_empty() => report,
                None => {
                    let shown: Vec<String> = parts.iter().map(|part| format!("`{part}`")).collect();
                    report.arg("parts", shown.join(", ")).help("parts")
                }
            };
        }
        self.report(report);
    }
}
