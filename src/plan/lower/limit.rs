//! Limits: methods, which of them is taken, then line by line.

use super::super::{
    ItemKind, LimitItem, LineItem, LineKind, MethodItem, Op, Reason, RuleId, RuleKind, StepId, Take,
};
use super::Lower;
use crate::base::Str;
use crate::check::hir;
use crate::value::{Rounding, Type};

impl Lower<'_> {
    /// `limit`
    pub(super) fn lower_limit(&mut self, id: hir::ValueId, definition: &hir::Definition, it: &hir::Limit) {
        let ty = definition.ty.clone();
        let address = self.address(definition);
        let methods = self.methods(id, definition, it);
        let values: Vec<StepId> = methods.iter().map(|method| method.value).collect();
        let span = it.take_span.unwrap_or(definition.span);
        let filled = self.layers(id, definition, it);
        let taken = match (values.as_slice(), it.take) {
            _ if let Some(filled) = &filled => filled.borne,
            ([only], _) => *only,
            ([first, ..], Take::First) if !it.skip_unknown => *first,
            _ => {
                let op = Op::Pick { take: it.take, of: values, skip_unknown: it.skip_unknown };
                self.push(op, ty.clone(), span)
            }
        };
        let reason = self.reason(&it.take_reason);
        let take_rule = (!reason.is_empty())
            .then(|| self.plain_rule(RuleKind::Method, format!("{address}/take").into(), reason, span));
        let mut now = taken;
        let mut computed = None;
        let mut lines = Vec::new();
        // Once a row may have withheld the limit, no later line may give it another cause.
        let mut corrected = false;
        for (place, line) in it.lines.iter().enumerate() {
            if matches!(line.kind, hir::LimitLineKind::Round(_)) {
                computed = Some(now);
            }
            let address: Str = format!("{address}/line {}", place.saturating_add(1)).into();
            let item = self.line(now, line, address, &ty, corrected);
            corrected |= item.kind == LineKind::Correct;
            now = item.after;
            lines.push(item);
        }
        let last = lines.last().map(|line| line.kind.clone());
        let value = self.name(id, hir::Part::Main, now);
        if let Some(line) = lines.last_mut() {
            line.after = value;
        }
        let computed = computed.unwrap_or(value);
        if computed == value {
            self.alias(id, hir::Part::Computed, value);
        } else {
            self.name(id, hir::Part::Computed, computed);
        }
        let rounding: Option<(StepId, Rounding)> = match (last, lines.last()) {
            (Some(LineKind::Round(rounding)), Some(line)) => Some((line.before, rounding)),
            _ => None,
        };
        let (layers, layers_for) = filled.map_or((Vec::new(), None), |it| (it.layers, it.amount));
        let kind = LimitItem {
            methods,
            layers,
            layers_for,
            take: it.take,
            skip_unknown: it.skip_unknown,
            take_rule,
            taken,
            lines,
        };
        self.item(id, definition, value, rounding, Reason::default(), ItemKind::Limit(kind));
    }

    fn methods(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        it: &hir::Limit,
    ) -> Vec<MethodItem> {
        let address = self.address(definition);
        let mut methods = Vec::new();
        for (place, method) in it.methods.iter().enumerate() {
            let raw = self.expr(&method.value);
            let value = self.rounded(raw, method.rounding.as_ref(), method.span);
            let value = self.name(id, hir::Part::Method(super::code(place)), value);
            self.set_type(value, &definition.ty);
            let address: Str = format!("{address}/{}", method.name).into();
            let reason = self.reason(&method.reason);
            let rule = self.plain_rule(RuleKind::Method, address, reason, method.span);
            methods.push(MethodItem {
                name: method.name.clone(),
                label: method.label.clone(),
                value,
                rounding: method.rounding.clone().map(|rounding| (raw, rounding)),
                rule,
                span: method.span,
            });
        }
        methods
    }

    fn line(
        &mut self,
        before: StepId,
        line: &hir::LimitLine,
        address: Str,
        ty: &Type,
        corrected: bool,
    ) -> LineItem {
        let span = line.condition.span;
        let (rule, applies): (RuleId, _) = self.condition(&line.condition, RuleKind::Line, address, None);
        let (kind, operand) = match &line.kind {
            hir::LimitLineKind::Correct(by) => (LineKind::Correct, Some(by)),
            hir::LimitLineKind::Times(by) => (LineKind::Times, Some(by)),
            hir::LimitLineKind::Cap(by) => (LineKind::Cap, Some(by)),
            hir::LimitLineKind::Floor(by) => (LineKind::Floor, Some(by)),
            hir::LimitLineKind::Round(rounding) => (LineKind::Round(rounding.clone()), None),
        };
        let operand_name = operand.and_then(|by| self.expr_name(by));
        let operand = operand.map(|by| self.expr(by));
        let changed = match (&kind, operand) {
            // What withholds the limit speaks before what else may be missing.
            (LineKind::Correct, Some(by)) if !corrected => self.multiply(by, before, ty.clone(), span),
            (LineKind::Correct | LineKind::Times, Some(by)) => self.multiply(before, by, ty.clone(), span),
            (LineKind::Cap, Some(by)) => self.pick(Take::Lowest, vec![before, by], ty.clone(), span),
            (LineKind::Floor, Some(by)) => self.pick(Take::Highest, vec![before, by], ty.clone(), span),
            (LineKind::Round(rounding), _) => {
                self.push(Op::Round(before, rounding.clone()), ty.clone(), span)
            }
            (LineKind::Correct | LineKind::Times | LineKind::Cap | LineKind::Floor, None) => before,
        };
        let mut conditions: Vec<StepId> = applies.into_iter().collect();
        if let Some(by) = operand.filter(|by| line.skip_unknown && self.can_be_unknown(*by)) {
            conditions.push(self.is_known(by, span));
        }
        let condition = self.and(conditions, span);
        let after = self.choose_if(condition, changed, before, ty.clone(), span);
        LineItem { kind, operand, operand_name, before, after, skip_unknown: line.skip_unknown, rule }
    }
}
