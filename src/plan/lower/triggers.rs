//! Triggers: which groups fire, which of them wins, and whether the last stance stays.

use super::super::{ItemKind, Op, Reason, RuleKind, StepId, TriggerItem, TriggersItem};
use super::{Lower, code};
use crate::base::Str;
use crate::check::hir;
use crate::value::{Type, Unit};

impl Lower<'_> {
    /// `triggers`
    pub(super) fn lower_triggers(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        it: &hir::Triggers,
    ) {
        let span = definition.span;
        let address = self.address(definition);
        let ty = Type::Enum(it.states);
        let mut groups = Vec::new();
        for (place, group) in it.groups.iter().enumerate() {
            let mut triggers = Vec::new();
            let mut fire = Vec::new();
            for trigger in &group.triggers {
                let address: Str = format!("{address}/{}", trigger.name).into();
                let silent = Some(&hir::IfUnknown::DoesNotApply);
                let (rule, applies) = self.condition(&trigger.condition, RuleKind::Trigger, address, silent);
                fire.push(self.applies(applies, trigger.condition.span));
                triggers.push((trigger.name.clone(), trigger.label.clone(), rule));
            }
            let fires = match group.at_least {
                Some(1) => self.or(fire, group.span),
                Some(least) if (least as usize) < fire.len() => {
                    self.push(Op::AtLeast(least, fire), Type::YesNo, group.span)
                }
                Some(least) if (least as usize) > fire.len() => self.yes_no(false, group.span),
                Some(_) | None => self.and(fire, group.span),
            };
            groups.push(TriggerItem { state: code(place), at_least: group.at_least, triggers, fires });
        }
        let mut order: Vec<StepId> = Vec::new();
        let mut states: Vec<StepId> = Vec::new();
        for place in &it.precedence {
            if let Some(group) = groups.get(*place as usize) {
                order.push(group.fires);
                states.push(self.member(*place, it.states, span));
            }
        }
        order.push(self.yes_no(true, span));
        states.push(self.member(it.otherwise, it.states, span));
        let first = self.first_true(order, Type::Number(Unit::NUMBER), span);
        let fresh = self.choose(first, states, ty.clone(), span);
        let (value, dwell) = match (&it.stays, it.last) {
            (Some(stays), Some((last, since))) => {
                let stays = self.expr(stays);
                let last = self.push(Op::Fact(last), ty.clone(), span);
                let since = self.push(Op::Fact(since), Type::Date, span);
                let known = (self.is_known(last, span), self.is_known(since, span));
                let today = self.push(Op::Today, Type::Date, span);
                let free = self.push(Op::AddDays(since, stays), Type::Date, span);
                let early = self.compare(hir::Compare::Less, today, free, span);
                let kept = self.and(vec![known.0, known.1, early], span);
                (self.choose_if(kept, last, fresh, ty, span), Some((last, since, stays, kept)))
            }
            _ => (fresh, None),
        };
        let value = self.name(id, hir::Part::Main, value);
        let kind = TriggersItem {
            states: it.states,
            otherwise: it.otherwise,
            groups,
            precedence: it.precedence.clone(),
            fresh,
            dwell,
        };
        self.item(id, definition, value, None, Reason::default(), ItemKind::Triggers(kind));
    }
}
