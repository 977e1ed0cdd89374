//! The layers of a limit, filled from the top.
//!
//! A layer bears the lowest of three: what its security is worth after the haircut (nothing where it does not count or has
//! expired), what its share allows, and what the layers above leave of the amount. A share of a limit without an amount is
//! one of the layers down to and with this one: `x ≤ s × (above + x)`, so `x ≤ above × s ÷ (1 − s)`. It rests only on the
//! layers above, so nothing goes in a circle, and as the whole is no less, the layer is never more than that share of it.

use super::super::{IfUnknown, LayerItem, Op, RuleKind, StepId, Take};
use super::Lower;
use super::conditions::Judged;
use crate::base::{Span, Str};
use crate::check::hir;
use crate::value::{Number, Type, Unit};

/// The layers of a limit and what they come to.
pub(super) struct Filled {
    pub(super) layers: Vec<LayerItem>,
    /// What they bear together.
    pub(super) borne: StepId,
    /// The amount that they are for, and what they leave of it.
    pub(super) amount: Option<(StepId, StepId)>,
}

impl Lower<'_> {
    /// Fills the layers of a limit; none where it has none.
    pub(super) fn layers(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        it: &hir::Limit,
    ) -> Option<Filled> {
        if it.layers.is_empty() {
            return None;
        }
        let ty = definition.ty.clone();
        let amount = it.layers_for.as_ref().map(|amount| self.expr(amount));
        let mut left = amount.map(|amount| self.not_below_zero(amount, ty.clone(), definition.span));
        let mut borne: Option<StepId> = None;
        let mut layers = Vec::new();
        for (place, layer) in it.layers.iter().enumerate() {
            let item = self.layer(id, definition, (place, layer), amount, borne, left);
            let span = item.span;
            let sum = match borne {
                Some(above) => self.add(above, item.bears, ty.clone(), span),
                None => item.bears,
            };
            borne = Some(sum);
            left = amount.map(|amount| {
                let left = self.subtract(amount, sum, ty.clone(), span);
                self.not_below_zero(left, ty.clone(), span)
            });
            layers.push(item);
        }
        let amount = amount.zip(left).map(|(amount, left)| {
            let left = self.name(id, hir::Part::Unsecured, left);
            self.set_type(left, &ty);
            (amount, left)
        });
        Some(Filled { layers, borne: borne?, amount })
    }

    fn layer(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        (place, layer): (usize, &hir::Layer),
        amount: Option<StepId>,
        above: Option<StepId>,
        left: Option<StepId>,
    ) -> LayerItem {
        let (ty, span) = (definition.ty.clone(), layer.condition.span);
        let worth = self.expr(&layer.value);
        let haircut = layer.haircut.as_ref().map(|haircut| self.expr(haircut));
        let after = match haircut {
            Some(haircut) => {
                let rest = self.rest_of(haircut, span);
                self.multiply(worth, rest, ty.clone(), span)
            }
            None => worth,
        };
        let lendable = self.not_below_zero(after, ty.clone(), span);
        let zero = self.like(0, lendable, span);
        let address: Str = format!("{}/{}", self.address(definition), layer.name).into();
        let judged = self.counts(&layer.condition);
        let rule = self.judged_rule(judged, &layer.condition, RuleKind::Line, address);
        let mut bears = lendable;
        if layer.skip_unknown {
            bears = self.if_unknown(bears, zero, span);
        }
        if let Some(applies) = judged.applies {
            bears = self.choose_if(applies, bears, zero, ty.clone(), span);
        }
        let share = layer.share.as_ref().map(|share| {
            let share = self.expr(share);
            let most = match (amount, above) {
                (Some(amount), _) => {
                    let most = self.multiply(amount, share, ty.clone(), span);
                    self.not_below_zero(most, ty.clone(), span)
                }
                (None, above) => {
                    let above = above.unwrap_or(zero);
                    self.share_with(above, share, bears, ty.clone(), span)
                }
            };
            (share, most)
        });
        let mut of = vec![bears];
        of.extend(share.map(|(_, most)| most).filter(|most| *most != bears));
        of.extend(left);
        let bears = self.pick(Take::Lowest, of, ty.clone(), span);
        let bears = self.name(id, hir::Part::Layer(super::code(place)), bears);
        self.set_type(bears, &ty);
        LayerItem {
            name: layer.name.clone(),
            label: layer.label.clone(),
            worth,
            haircut,
            valid_until: layer.valid_until.as_ref().map(|last| self.expr(last)),
            guarded: layer.guarded,
            lendable,
            share,
            left,
            bears,
            skip_unknown: layer.skip_unknown,
            rule,
            span,
        }
    }

    /// Whether a layer counts. Security that nobody can vouch for bears nothing, also while a role is asked: silence makes no
    /// limit higher.
    fn counts(&mut self, condition: &hir::Condition) -> Judged {
        let Some(when) = &condition.when else { return Judged { condition: None, applies: None } };
        let step = self.expr(when);
        let said = match &condition.if_unknown {
            Some(IfUnknown::Refer { .. }) => Some(&IfUnknown::DoesNotApply),
            other => other.as_ref(),
        };
        let applies = self.decided(step, said, true, condition.span);
        self.note_said((step, applies), condition, RuleKind::Line, true);
        Judged { condition: Some(step), applies: Some(applies) }
    }

    /// 1 less a part.
    fn rest_of(&mut self, part: StepId, span: Span) -> StepId {
        let one = self.number(Number::ONE, Unit::NUMBER, span);
        self.subtract(one, part, Type::Number(Unit::NUMBER), span)
    }

    /// The most that a layer may bear so that it is no greater a part of itself and those above; a share of all bounds nothing.
    fn share_with(
        &mut self,
        above: StepId,
        share: StepId,
        unbounded: StepId,
        ty: Type,
        span: Span,
    ) -> StepId {
        if let Some(part) = self.constant_number(share) {
            let Some(times) = part.div(&Number::ONE.sub(&part)).filter(|_| part < Number::ONE) else {
                return unbounded;
            };
            let times = self.number(times, Unit::NUMBER, span);
            return self.multiply(above, times, ty, span);
        }
        let rest = self.rest_of(share, span);
        let zero = self.number(Number::ZERO, Unit::NUMBER, span);
        let some = self.compare(hir::Compare::Greater, rest, zero, span);
        let times = self.divide(share, rest, Type::Number(Unit::NUMBER), span);
        let most = self.multiply(above, times, ty.clone(), span);
        self.push(Op::If(some, most, unbounded), ty, span)
    }
}
