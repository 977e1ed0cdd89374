//! What is decided and what must hold of every decision.

use super::Source;
use super::bodies::is_error;
use super::context::{Checker, Declared, Entity, Expected, Scope};
use super::hir::{self, PolicyId, Target};
use crate::base::{Span, Str};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{FieldId, Type};

impl<'a> Checker<'a> {
    /// Checks decisions, `always` and cases of a policy, whose values are all checked.
    pub(super) fn finish(&mut self, policy: PolicyId, source: &Source<'a>) {
        self.policy = policy;
        let scope = Scope::customer(policy);
        let mut decisions: Vec<hir::Decision> = Vec::new();
        let mut always = Vec::new();
        let mut places: Vec<(Str, Span)> = Vec::new();
        for item in &source.file.items {
            match &item.kind {
                ast::ItemKind::Decision(decision) => {
                    match places.iter().find(|(name, _)| *name == decision.name.text) {
                        Some((_, first)) => {
                            let first = *first;
                            self.twice(&decision.name, first);
                        }
                        None => places.push((decision.name.text.clone(), decision.name.span)),
                    }
                    let decision = self.decision(decision, item.span, &scope);
                    decisions.push(decision);
                }
                ast::ItemKind::Always(holds) => {
                    let holds = self.yes_no(holds, &scope);
                    if !is_error(&holds) {
                        always.push(hir::Always { holds, span: item.span });
                    }
                }
                _ => {}
            }
        }
        self.has_always = !always.is_empty();
        self.overrides(&source.file.items, &scope);
        let applies = self.applies(&source.file.items, &scope);
        let cases = self.cases(source.file, &scope);
        let names = self.targets(policy);
        if let Some(policy) = self.program.policies.get_mut(policy) {
            policy.decisions = decisions;
            policy.always = always;
            policy.applies = applies;
            policy.cases = cases;
            policy.names = names;
        }
    }

    fn targets(&self, policy: PolicyId) -> Vec<(Str, Target)> {
        let Some(names) = self.names.get(policy) else { return Vec::new() };
        let target = |entity: Entity| match entity {
            Entity::Fact(id) => Some(Target::Fact(id)),
            Entity::Value(id) => Some(Target::Value(id)),
            Entity::Param(id) => Some(Target::Param(id)),
            Entity::Series(id) => Some(Target::Series(id)),
            Entity::Reference(id) => Some(Target::Reference(id)),
            Entity::Field(..) | Entity::Script(_) => None,
        };
        names
            .customer
            .iter()
            .chain(names.items.values().flatten())
            .filter_map(|(name, declared)| Some((name.clone(), target(declared.entity)?)))
            .collect()
    }

    fn decision(&mut self, decision: &ast::Decision, span: Span, scope: &Scope) -> hir::Decision {
        let mut outputs: Vec<hir::Output> = Vec::new();
        for output in &decision.outputs {
            let name = Str::from(path(&output.value));
            if let Some(first) = outputs.iter().find(|other| other.name == name) {
                self.report(
                    Diagnostic::new("E237", output.value.span).arg("name", &name).label(first.span, "first"),
                );
                continue;
            }
            let scope = match self.list_of_output(&output.value, scope) {
                Some(list) => scope.with_item(list, None),
                None => scope.clone(),
            };
            let value = self.expr(&output.value, &scope, &Expected::Subject);
            if is_error(&value) || self.refuse_product(&value) {
                continue;
            }
            if let Type::Records(_) = value.ty {
                self.report(Diagnostic::new("E237", output.value.span).variant("records").arg("name", &name));
                continue;
            }
            let also = self.of_authority(&name, &value, output.span);
            let (optional, internal) = (output.optional.is_some(), output.internal.is_some());
            outputs.push(hir::Output { name, value, optional, internal, span: output.span });
            // A part that is listed by itself stands where it is listed.
            let listed = |part: &hir::Output| decision.outputs.iter().any(|it| path(&it.value) == *part.name);
            outputs.extend(also.into_iter().filter(|part| !listed(part)));
        }
        hir::Decision {
            name: decision.name.text.clone(),
            label: Self::label(&decision.label, &decision.name),
            outputs,
            span,
        }
    }

    /// What belongs to an authority that a decision lists: who must sign, who has, who is missing, who carries what.
    fn of_authority(&self, name: &Str, value: &hir::Expr, span: Span) -> Vec<hir::Output> {
        let hir::ExprKind::Value(id, hir::Part::Main) = value.kind else { return Vec::new() };
        let kind = self.program.values.get(id).map(|value| &value.kind);
        let Some(hir::DefinitionKind::Authority(_)) = kind else { return Vec::new() };
        let parts = self.part_names(id, "needed").into_iter().filter(|part| &**part != "granted");
        parts
            .filter_map(|part| {
                let (which, ty) = self.part(id, &part)?;
                let value = hir::Expr { kind: hir::ExprKind::Value(id, which), ty, span: value.span };
                let name = Str::from(format!("{name}.{part}"));
                // They are unknown where the value or who must sign for it is, which is told of the authority.
                Some(hir::Output { name, value, optional: true, internal: true, span })
            })
            .collect()
    }

    /// The list of whose items an output is a value: `collection`, `invoices.days_late`.
    pub(super) fn list_of_output(&self, expr: &ast::Expr, scope: &Scope) -> Option<FieldId> {
        let root = root(expr)?;
        let (names, root) = match (self.names.get(scope.policy)?, root) {
            // `policy.collection` is looked up in that policy.
            (own, (policy, Some(name))) if own.uses.contains_key(&policy.text) => {
                if own.customer.contains_key(&policy.text) {
                    (own, policy)
                } else {
                    (self.names.get(*own.uses.get(&policy.text)?)?, name)
                }
            }
            (own, (name, _)) => (own, name),
        };
        match names.customer.get(&root.text) {
            Some(Declared { entity: Entity::Fact(list), .. }) => {
                let whole = matches!(expr.kind, ast::ExprKind::Name(_));
                (self.is_records(*list) && !whole).then_some(*list)
            }
            Some(_) => None,
            None => {
                let mut lists = names.items.iter().filter(|(_, items)| {
                    matches!(items.get(&root.text), Some(Declared { entity: Entity::Value(_), .. }))
                });
                lists.next().map(|(list, _)| *list)
            }
        }
    }
}

/// The first name of a path, and the one behind it.
pub(super) fn root(expr: &ast::Expr) -> Option<(&ast::Name, Option<&ast::Name>)> {
    match &expr.kind {
        ast::ExprKind::Name(name) => Some((name, None)),
        ast::ExprKind::Member(of, name) => {
            let (first, second) = root(of)?;
            Some((first, second.or(Some(name))))
        }
        ast::ExprKind::Apply(of, _) | ast::ExprKind::Group(of) => root(of),
        _ => None,
    }
}

/// A name, a dotted name or an item as it is written.
pub(crate) fn path(expr: &ast::Expr) -> String {
    match &expr.kind {
        ast::ExprKind::Name(name) => name.text.to_string(),
        ast::ExprKind::Member(of, name) => format!("{}.{}", path(of), name.text),
        ast::ExprKind::Apply(of, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(path).collect();
            format!("{}[{}]", path(of), arguments.join(", "))
        }
        ast::ExprKind::List(values) => {
            let values: Vec<String> = values.iter().map(path).collect();
            format!("[{}]", values.join(", "))
        }
        ast::ExprKind::Literal(literal) => literal.written.to_string(),
        ast::ExprKind::Unary(ast::UnaryOp::Negate, of) => format!("-{}", path(of)),
        ast::ExprKind::Group(of) => format!("({})", path(of)),
        ast::ExprKind::Last => "last".to_owned(),
        ast::ExprKind::Today => "today".to_owned(),
        _ => "…".to_owned(),
    }
}
