//! Exceptions from values, and to whom a policy applies: what is checked when all values are.

use super::constructs;
use super::context::{Checker, Construct, Declared, Entity, Scope};
use super::hir::{self, ExprKind, ValueId};
use crate::diag::Diagnostic;
use crate::syntax::ast;

impl Checker<'_> {
    /// Marks the values from which exceptions may be made, so that `.computed` is a part of them.
    pub(super) fn declare_overrides(&mut self, items: &[ast::Item]) {
        for item in items {
            let ast::ItemKind::Override(it) = &item.kind else { continue };
            let Some(id) = self.override_target(it) else { continue };
            match self.overridden.get(&id).copied() {
                Some(first) => {
                    let name = self.value_name(id);
                    self.report(
                        Diagnostic::new("E292", it.target.span)
                            .arg("name", name)
                            .label(first, "first")
                            .help("one"),
                    );
                }
                None => {
                    self.overridden.insert(id, it.target.span);
                }
            }
        }
    }

    /// The value of the customer that an override names, if one can be made from it.
    fn override_target(&mut self, it: &ast::Override) -> Option<ValueId> {
        let name = match &it.target.kind {
            ast::ExprKind::Name(name) => name,
            _ => {
                self.report(Diagnostic::new("E291", it.target.span).variant("part").help("values"));
                return None;
            }
        };
        let names = self.names.get(self.policy)?;
        let Some(Declared { entity, span }) = names.customer.get(&name.text).copied() else {
            if self.is_unresolved(self.policy, name) {
                return None;
            }
            let report = Diagnostic::new("E291", name.span).variant("undeclared").arg("name", &name.text);
            let report = match names.nearest_value(&name.text) {
                Some(near) => report.arg("near", near).fix("near", name.span, near, false),
                None => report.help("values"),
            };
            self.report(report);
            return None;
        };
        self.mention(name.span, span, entity.meaning());
        let Entity::Value(id) = entity else {
            let report = Diagnostic::new("E291", name.span).variant("fact").arg("name", &name.text);
            self.report(report.label(span, "declared").help("values"));
            return None;
        };
        let own = self.program.values.get(id).is_some_and(|value| value.policy == self.policy);
        if !own {
            let report = Diagnostic::new("E294", name.span).arg("name", &name.text);
            self.report(report.label(span, "declared").help("own"));
            return None;
        }
        let declaration = self.declarations.get(id)?;
        let fits = match declaration.construct {
            Construct::Let(_) | Construct::Limit(_) | Construct::Grades(_) => true,
            Construct::Table(table) => {
                declaration.parameters.is_empty()
                    && table.all.is_none()
                    && matches!(table.results.as_slice(), [only] if only.name.is_none())
            }
            _ => false,
        };
        if !fits {
            let report = Diagnostic::new("E291", name.span).arg("name", &name.text);
            self.report(report.label(span, "declared").help("values"));
            return None;
        }
        Some(id)
    }

    /// Checks the exceptions, whose values are all checked.
    pub(super) fn overrides(&mut self, items: &[ast::Item], scope: &Scope) {
        for item in items {
            let ast::ItemKind::Override(it) = &item.kind else { continue };
            let ast::ExprKind::Name(name) = &it.target.kind else { continue };
            let found = self.overridden.iter().find(|(_, span)| **span == it.target.span).map(|(id, _)| *id);
            let Some(id) = found else { continue };
            let Some(definition) = self.program.values.get(id).cloned() else { continue };
            if matches!(definition.kind, hir::DefinitionKind::Error) {
                continue;
            }
            if let Some(made) = constructs::exception(self, it, name, &definition, item.span, scope) {
                self.program.overrides.insert(id, made);
            }
        }
        self.check_words();
    }

    /// `applies when`: that it reads facts alone, and so can be asked before anything is decided, is proved on the plan.
    pub(super) fn applies(&mut self, items: &[ast::Item], scope: &Scope) -> Option<hir::Expr> {
        let written = items.iter().find_map(|item| match &item.kind {
            ast::ItemKind::Policy(policy) => policy.applies.as_ref(),
            _ => None,
        })?;
        let found = self.yes_no(&written.when, scope);
        (!matches!(found.kind, ExprKind::Error)).then_some(found)
    }
}
