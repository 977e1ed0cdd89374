//! Where parts of values are named: `sales` of `method sales = …`, which `credit_limit.sales` reads. Hover, references and a
//! change of the name need it; nothing that runs does.

use super::names::Found;
use crate::base::Span;
use crate::check::context::{Checker, Construct};
use crate::check::hir::{self, Meaning, Part, ValueId};
use crate::syntax::ast;

/// A part as its construct names it.
struct Named<'a> {
    name: &'a ast::Name,
    /// Whether the name is that of a value which the part scores: `payment_record weight 12`.
    is_of_value: bool,
}

impl<'a> Checker<'a> {
    /// Notes where the parts of all values are declared, once their bodies are checked.
    pub(in crate::check) fn mention_parts(&mut self) {
        for id in self.declarations.ids().collect::<Vec<_>>() {
            for Named { name, is_of_value } in self.named_parts(id) {
                if let (false, Some(part)) = (is_of_value, self.own_part(id, name)) {
                    self.mention(name.span, name.span, Meaning::Part(id, part));
                }
            }
            self.mention_heading(id);
        }
    }

    /// The heading of a table names its results again.
    fn mention_heading(&mut self, id: ValueId) {
        let Some(Construct::Table(table)) = self.declarations.get(id).map(|it| it.construct) else { return };
        let results: Vec<&ast::Name> =
            table.results.iter().filter_map(|result| result.name.as_ref()).collect();
        for name in table.heading.iter().flatten() {
            let result = results.iter().find(|result| result.text == name.text);
            if let (Some(result), Some(part)) = (result, self.own_part(id, name)) {
                self.mention(name.span, result.span, Meaning::Part(id, part));
            }
        }
    }

    /// Notes that a part is read by its name, in the words of a policy or of a case.
    pub(super) fn mention_part(&mut self, at: Span, id: ValueId, part: Part, name: &str) {
        let holds = self.program.values.get(id).and_then(|value| match &value.kind {
            hir::DefinitionKind::Checks(checks) => Some(checks.holds_enum),
            _ => None,
        });
        if let (Part::Hold(place), Some(kind)) = (part, holds) {
            return self.mention_member(at, kind, place);
        }
        let named = self.named_parts(id).into_iter().find(|named| &*named.name.text == name);
        let Some(Named { name, is_of_value }) = named else { return };
        let scope = self.declarations.get(id).map(|declaration| declaration.scope.clone());
        match scope.filter(|_| is_of_value) {
            Some(scope) => {
                if let Found::One(declared) | Found::Both(declared, _) = self.lookup(&name.text, &scope) {
                    self.mention_declared(at, declared);
                }
            }
            None => self.mention(at, name.span, Meaning::Part(id, part)),
        }
    }

    /// The part of a name that the construct itself gives.
    fn own_part(&self, id: ValueId, name: &ast::Name) -> Option<Part> {
        self.part(id, &name.text).map(|(part, _)| part)
    }

    fn named_parts(&self, id: ValueId) -> Vec<Named<'a>> {
        let own = |name: &'a ast::Name| Named { name, is_of_value: false };
        match self.declarations.get(id).map(|declaration| declaration.construct) {
            Some(Construct::Table(table)) => {
                table.results.iter().filter_map(|result| result.name.as_ref()).map(own).collect()
            }
            Some(Construct::Total(total)) => total.lines.iter().map(|line| own(&line.name)).collect(),
            Some(Construct::Limit(limit)) => {
                limit.lines.iter().filter_map(|line| line.kind.named()).map(|(name, _)| own(name)).collect()
            }
            Some(Construct::Scorecard(card)) => {
                let factor = |factor: &'a ast::Factor| {
                    let is_of_value = factor.value.span == factor.name.span;
                    Named { name: &factor.name, is_of_value }
                };
                let parts = card.parts.iter().flat_map(|part| match part {
                    ast::CardPart::Factor(it) => vec![factor(it)],
                    ast::CardPart::Section(section) => {
                        let factors = section.factors.iter().map(factor);
                        std::iter::once(own(&section.name)).chain(factors).collect()
                    }
                });
                parts.collect()
            }
            Some(
                Construct::Let(_)
                | Construct::Grades(_)
                | Construct::Correction(_)
                | Construct::Triggers(_)
                | Construct::Escalation(_)
                | Construct::Allocation(_)
                | Construct::AllocationRest(_)
                | Construct::Judgement(_)
                | Construct::Checks(_)
                | Construct::Book(..)
                | Construct::Authority(_)
                | Construct::Checklist(_),
            )
            | None => Vec::new(),
        }
    }
}
