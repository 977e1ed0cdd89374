//! What is read along a list: running sums and allocations; an allocation is the running sum of what the items can take.

use super::super::{AllocationItem, ItemKind, Op, Scope, StepId, Take};
use super::Lower;
use crate::check::hir;
use crate::value::{FieldId, Type};

impl Lower<'_> {
    /// The keys of an order, each a value of the items.
    pub(super) fn order_of(&mut self, keys: &[hir::Expr], list: FieldId) -> Vec<StepId> {
        keys.iter()
            .map(|key| {
                let key = self.expr(key);
                self.for_items(key, Scope::Items(list))
            })
            .collect()
    }

    /// `allocate`: each item gets the lower of what it can take and what the items before it leave.
    pub(super) fn lower_allocation(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        it: &hir::Allocation,
    ) {
        let (ty, span, list) = (definition.ty.clone(), definition.span, it.list);
        let amount = self.expr(&it.amount);
        let keys = self.order_of(&it.keys, list);
        let wanted = self.expr(&it.up_to);
        let wanted = self.for_items(wanted, Scope::Items(list));
        let up_to = self.not_below_zero(wanted, ty.clone(), span);
        let up_to = self.for_items(up_to, Scope::Items(list));
        let op = Op::Running { list, of: up_to, keys: keys.clone() };
        let running = self.push(op, ty.clone(), span);
        let before = self.subtract(running, up_to, ty.clone(), span);
        let left = self.subtract(amount, before, ty.clone(), span);
        let left = self.not_below_zero(left, ty.clone(), span);
        let value = self.pick(Take::Lowest, vec![up_to, left], ty.clone(), span);
        let value = self.name(id, hir::Part::Main, value);
        self.set_type(value, &Type::clone(&ty));
        let kind = ItemKind::Allocation(AllocationItem { list, amount, keys, up_to, left });
        let reason = self.reason(&it.reason);
        self.item(id, definition, value, None, reason, kind);
    }
}
