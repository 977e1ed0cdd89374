//! Checklists: which papers are required, there, and hold. Whether all is complete is known wherever the list is given.

use super::super::{
    AggregateFunction, ChecklistItem, ItemKind, Op, PaperItem, Reason, RuleKind, Scope, StepId, ValidityItem,
};
use super::Lower;
use crate::base::{Span, Str};
use crate::check::hir;
use crate::value::{FieldId, Type, Unit};

impl Lower<'_> {
    /// `checklist`
    pub(super) fn lower_checklist(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        it: &hir::Checklist,
    ) {
        let span = definition.span;
        let address = self.address(definition);
        let papers: Vec<PaperItem> = it.papers.iter().map(|paper| self.paper(it, paper, &address)).collect();
        let set = |lower: &mut Self, part: hir::Part, which: &dyn Fn(&mut Self, &PaperItem) -> StepId| {
            let of: Vec<(StepId, u32)> =
                papers.iter().map(|paper| (which(lower, paper), paper.code)).collect();
            let step = lower.push(Op::Collect(of), Type::Set(it.kind), span);
            lower.name(id, part, step)
        };
        let required = set(self, hir::Part::Required, &|_, paper| paper.required);
        let missing = set(self, hir::Part::Absent, &|lower, paper| {
            let none = lower.not(paper.given, span);
            lower.and(vec![paper.required, none], span)
        });
        let expired = set(self, hir::Part::Expired, &|lower, paper| {
            let none = lower.not(paper.holds, span);
            lower.and(vec![paper.required, paper.given, none], span)
        });
        let lacking = papers.iter().map(|paper| paper.lacking).collect();
        let lacking = self.or(lacking, span);
        let complete = self.not(lacking, span);
        let value = self.name(id, hir::Part::Main, complete);
        self.alias(id, hir::Part::Complete, value);
        let (kind, list, field) = (it.kind, it.list, it.field);
        let kind = ChecklistItem { kind, list, field, papers, sets: (required, missing, expired) };
        self.item(id, definition, value, None, Reason::default(), ItemKind::Checklist(kind));
    }

    fn paper(&mut self, of: &hir::Checklist, paper: &hir::Paper, address: &str) -> PaperItem {
        let span = paper.condition.span;
        let member = self.program.schema.enums.get(of.kind).and_then(|kind| kind.member(paper.code));
        let name = member.map(|member| member.name.clone()).unwrap_or_default();
        let address: Str = format!("{address}/{name}").into();
        let (rule, applies) = self.condition(&paper.condition, RuleKind::Paper, address.clone(), None);
        let required = self.applies(applies, span);
        let which = self.push(Op::Field(of.list, of.field), Type::Enum(of.kind), span);
        let is = self.is_code(which, vec![paper.code], span);
        let given = self.any(of.list, is, span);
        let (holds, validity) = match &paper.validity {
            None => (given, None),
            Some(validity) => {
                let (valid, item) = self.validity(of.list, validity, format!("{address}/valid").into());
                let both = self.and(vec![is, valid], validity.condition.span);
                (self.any(of.list, both, span), Some(item))
            }
        };
        let none = self.not(holds, span);
        let lacking = self.and(vec![required, none], span);
        PaperItem { code: paper.code, rule, required, given, holds, lacking, is, validity }
    }

    /// Whether some record of the list is so: of an empty list none is, which is known.
    fn any(&mut self, list: FieldId, which: StepId, span: Span) -> StepId {
        let filter = Some(self.for_items(which, Scope::Items(list)));
        let function = AggregateFunction::Count;
        let count = Op::Aggregate { function, known: false, list, operand: None, filter };
        let count = self.push(count, Type::Number(Unit::NUMBER), span);
        let none = self.place(0, span);
        self.compare(hir::Compare::Greater, count, none, span)
    }

    /// Whether a record holds, of each record.
    fn validity(&mut self, list: FieldId, it: &hir::Validity, address: Str) -> (StepId, ValidityItem) {
        let span = it.condition.span;
        let (holds, until) = match &it.kind {
            hir::ValidityKind::While(condition) => (self.expr(condition), None),
            hir::ValidityKind::Since(length, since) => {
                let since = self.expr(since);
                let until = self.later(since, length, span);
                let today = self.push(Op::Today, Type::Date, span);
                (self.compare(hir::Compare::LessOrEqual, today, until, span), Some(until))
            }
        };
        let holds = self.for_items(holds, Scope::Items(list));
        let until = until.map(|until| self.for_items(until, Scope::Items(list)));
        let judged = self.judge_step(holds, &it.condition, RuleKind::Validity, None);
        let rule = self.judged_rule(judged, &it.condition, RuleKind::Validity, address);
        (self.applies(judged.applies, span), ValidityItem { rule, until })
    }
}
