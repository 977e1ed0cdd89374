//! What is personal: facts that are marked so, and what is shown of them.

use super::{Op, Plan, StepId};
use crate::value::{FieldId, FieldType};

/// What stands for a personal value.
pub const HIDDEN: &str = "•••";

impl Plan {
    /// Whether the value of a step is a personal fact, or worked out of one without a name of its own. What a policy makes of it
    /// under a name, or decides on it, is not hidden.
    #[must_use]
    pub fn is_personal(&self, step: StepId) -> bool {
        if !self.has_personal() {
            return false;
        }
        let mut waiting = vec![step];
        while let Some(step) = waiting.pop() {
            let Some(it) = self.steps.get(step) else { continue };
            match &it.op {
                Op::Fact(fact) if self.schema.fields.get(*fact).is_some_and(|field| field.personal) => {
                    return true;
                }
                Op::Field(list, field) | Op::Lookup { list, field, .. }
                    if self.is_personal_field(*list, *field) =>
                {
                    return true;
                }
                Op::Field(..) | Op::Lookup { .. } => {}
                Op::Latest { of, .. } | Op::Running { of, .. } => waiting.push(*of),
                Op::Same(_)
                | Op::Add(..)
                | Op::Subtract(..)
                | Op::Multiply(..)
                | Op::Divide(..)
                | Op::Negate(_)
                | Op::Power(..)
                | Op::Round(..)
                | Op::Floor(_)
                | Op::IfUnknown(..)
                | Op::AddDays(..)
                | Op::AddBusinessDays(..)
                | Op::AddMonths(..)
                | Op::DaysBetween(..)
                | Op::ToBusinessDay(..)
                | Op::EndOfMonth(_)
                | Op::Recent { .. }
                | Op::List(_) => {
                    // A value with a name is the policy's own, unless it is the fact once more.
                    let named =
                        !matches!(it.op, Op::Same(_)) && self.items.iter().any(|item| item.value == step);
                    if !named {
                        waiting.extend(it.op.operands());
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// Whether a field of a list is personal, or the list itself.
    #[must_use]
    pub fn is_personal_field(&self, list: FieldId, field: u32) -> bool {
        let Some(declared) = self.schema.fields.get(list) else { return false };
        let of_field = match &declared.ty {
            FieldType::Records(fields) => fields.get(field as usize).is_some_and(|field| field.personal),
            _ => false,
        };
        declared.personal || of_field
    }

    /// Whether any fact is personal.
    #[must_use]
    pub fn has_personal(&self) -> bool {
        self.schema.has_personal()
    }

    /// Takes no fact as personal from now on: for a reader who may see them. What is decided and its digest stay as they are.
    pub fn show_personal(&mut self) {
        let ids: Vec<FieldId> = self.schema.fields.ids().collect();
        for id in ids {
            let Some(field) = self.schema.fields.get_mut(id) else { continue };
            field.personal = false;
            if let FieldType::Records(fields) = &mut field.ty {
                fields.iter_mut().for_each(|field| field.personal = false);
            }
        }
    }
}
