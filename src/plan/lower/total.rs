//! Totals: the lines, capped and rounded one by one, then their sum.

use super::super::{
    ItemKind, Op, Question, Reason, RuleKind, Silence, StepId, Take, TotalItem, TotalLineItem,
};
use super::Lower;
use crate::base::{Span, Str};
use crate::check::hir;
use crate::value::Type;

impl Lower<'_> {
    /// `total`
    pub(super) fn lower_total(&mut self, id: hir::ValueId, definition: &hir::Definition, it: &hir::Total) {
        let ty = definition.ty.clone();
        let mut lines: Vec<TotalLineItem> = Vec::new();
        let mut sum: Option<StepId> = None;
        for (place, line) in it.lines.iter().enumerate() {
            let line = self.total_line(id, definition, place, line);
            sum = Some(match (sum, line.minus) {
                (Some(sum), false) => self.add(sum, line.counted, ty.clone(), line.span),
                (Some(sum), true) => self.subtract(sum, line.counted, ty.clone(), line.span),
                (None, false) => line.counted,
                (None, true) => self.negate(line.counted, ty.clone(), line.span),
            });
            lines.push(line);
        }
        let Some(sum) = sum else { return };
        let address = self.address(definition);
        let floor = it.floor.as_ref().map(|(least, why, span)| {
            let least = self.expr(least);
            let address: Str = format!("{address}/floor").into();
            let reason = self.reason(why);
            (least, self.plain_rule(RuleKind::Line, address, reason, *span))
        });
        let floored = match floor {
            Some((least, _)) => self.pick(Take::Highest, vec![sum, least], ty.clone(), definition.span),
            None => sum,
        };
        let value = self.rounded(floored, it.rounding.as_ref(), definition.span);
        let value = self.name(id, hir::Part::Main, value);
        self.set_type(value, &ty);
        let rounding = it.rounding.clone().map(|rounding| (floored, rounding));
        let kind = ItemKind::Total(TotalItem { lines, sum, floor, floored });
        self.item(id, definition, value, rounding, Reason::default(), kind);
    }

    fn total_line(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        place: usize,
        line: &hir::TotalLine,
    ) -> TotalLineItem {
        let (ty, span) = (definition.ty.clone(), line.span);
        let raw = self.expr(&line.value);
        let at_most = line.at_most.as_ref().map(|most| {
            let most = self.expr(most);
            (most, self.not_below_zero(most, ty.clone(), span))
        });
        let capped = match at_most {
            Some((_, most)) => self.pick(Take::Lowest, vec![raw, most], ty.clone(), span),
            None => raw,
        };
        let mut value = self.rounded(capped, line.rounding.as_ref(), span);
        let rounding = line.rounding.clone().map(|rounding| (capped, rounding));
        let mut question = None;
        if let Some(said) = line.if_unknown.as_ref().filter(|_| self.can_be_unknown(value)) {
            let silence = match said {
                hir::IfUnknown::Refer { role, question: text } => {
                    question = Some(Question { role: role.clone(), text: text.clone() });
                    Silence::Referred
                }
                hir::IfUnknown::Refuse | hir::IfUnknown::Applies | hir::IfUnknown::DoesNotApply => {
                    Silence::Refused
                }
            };
            let silent = self.unknown(silence, ty.clone(), span);
            value = self.if_unknown(value, silent, span);
        }
        let value = self.name(id, hir::Part::Line(super::code(place)), value);
        self.set_type(value, &ty);
        let counted = if line.skip_unknown {
            let nothing = self.like(0, value, span);
            self.if_unknown(value, nothing, span)
        } else {
            value
        };
        let address: Str = format!("{}/{}", self.address(definition), line.name).into();
        let reason = self.reason(&line.reason);
        let rule = self.plain_rule(RuleKind::Line, address, reason, span);
        TotalLineItem {
            minus: line.minus,
            name: line.name.clone(),
            label: line.label.clone(),
            raw,
            at_most,
            beside: beside(id, line.at_most.as_ref()),
            rounding,
            value,
            counted,
            skip_unknown: line.skip_unknown,
            question,
            rule,
            span,
        }
    }

    /// A number, but 0 where it is less.
    pub(super) fn not_below_zero(&mut self, step: StepId, ty: Type, span: Span) -> StepId {
        let never = self.bounds(step).range.is_some_and(|(least, _)| !least.is_negative());
        if never {
            return step;
        }
        let zero = self.like(0, step, span);
        self.push(Op::Pick { take: Take::Highest, of: vec![step, zero], skip_unknown: false }, ty, span)
    }
}

/// The earlier line of the same total that an expression is.
fn beside(id: hir::ValueId, most: Option<&hir::Expr>) -> Option<u32> {
    match most.map(|most| &most.kind) {
        Some(hir::ExprKind::Value(of, hir::Part::Line(place))) if *of == id => Some(*place),
        _ => None,
    }
}
