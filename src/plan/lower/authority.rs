//! Authorities: a table of who must sign, the same table over the amount of each signature and over the end of each band,
//! and what the signatures come to.

use super::super::{
    AuthorityItem, CellTest, ItemKind, Op, RowItem, Scope, Seat, Signed, SignedResult, StepId, TableItem,
};
use super::Lower;
use crate::base::Span;
use crate::check::hir::{self, SignOffField};
use crate::value::{FieldType, Number, Type, Value};

impl Lower<'_> {
    /// `authority`
    pub(super) fn lower_authority(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        it: &hir::Authority,
    ) {
        let span = definition.span;
        let mut keys = self.keys(&it.table.keys);
        let Some(value) = keys.pop() else { return };
        let address = self.address(definition);
        let (rows, chosen, needed) = self.who_signs(&keys, value, it, &address, span);
        let needed = self.name(id, hir::Part::Needed, needed);
        let fields = SignOffField::ALL.map(|field| self.field_of(it.list, field, span));
        let [_, _, _, _, amount, _] = fields;
        let (_, _, needed_of) = self.who_signs(&keys, amount, it, &address, span);
        let needed_of = self.for_items(needed_of, Scope::Items(it.list));
        let bounds = self.ends(&rows, &keys, value, it, &address, span);
        let today = self.push(Op::Today, Type::Date, span);
        let program = self.program;
        let seat =
            |seat: &hir::Seat| Seat { role: seat.role, may: program.may_take(definition.policy, *seat) };
        let way = |way: &Vec<hir::Seat>| way.iter().map(seat).collect::<Vec<_>>();
        let ways = it.signers.iter().map(|one| one.alternatives().iter().map(way).collect()).collect();
        let signed = Signed {
            result: SignedResult::Granted,
            list: it.list,
            subject: it.subject.clone(),
            fields,
            needed_of,
            value,
            needed,
            today,
            bounds,
            ways,
            arbiter: it.arbiter.as_ref().map(seat),
            carries: it.carries.clone(),
        };
        let roles = program.role_kind.map_or(Type::YesNo, Type::Set);
        let result = |lower: &mut Self, result: SignedResult, part: hir::Part| {
            let ty = match result {
                SignedResult::Given | SignedResult::Missing => roles.clone(),
                SignedResult::Granted | SignedResult::Carried => definition.ty.clone(),
                SignedResult::Carrier => Type::Text,
            };
            let step = lower.push(Op::Signed(Box::new(Signed { result, ..signed.clone() })), ty, span);
            lower.name(id, part, step)
        };
        let given = result(self, SignedResult::Given, hir::Part::Given);
        let missing = result(self, SignedResult::Missing, hir::Part::Missing);
        let granted = result(self, SignedResult::Granted, hir::Part::Main);
        let carried = it.carries.as_ref().map(|_| {
            let carried = result(self, SignedResult::Carried, hir::Part::Carried);
            (carried, result(self, SignedResult::Carrier, hir::Part::Carrier))
        });
        self.alias(id, hir::Part::Granted, granted);
        let key_names = self.key_names(&it.table.keys);
        keys.push(value);
        let results =
            it.table.results.iter().map(|one| (None, one.label.clone(), one.ty.clone(), needed)).collect();
        let mode = it.table.mode;
        let slices = Vec::new();
        let table =
            TableItem { mode, keys, key_names, rows, chosen: Some(chosen), results, slices, applied: None };
        let arbiter = it.arbiter.and_then(|seat| program.roles.get(seat.role as usize));
        let kind = AuthorityItem {
            table,
            value,
            kind: it.kind,
            needed,
            given,
            missing,
            granted,
            carried,
            arbiter: arbiter.map(|role| role.name.clone()),
            subject: it.subject.clone(),
        };
        let reason = self.reason(&it.table.reason);
        self.item(id, definition, granted, None, reason, ItemKind::Authority(Box::new(kind)));
    }

    /// Who must sign for an amount: the rows, the one taken, and what it asks for.
    fn who_signs(
        &mut self,
        keys: &[StepId],
        amount: StepId,
        it: &hir::Authority,
        address: &str,
        span: Span,
    ) -> (Vec<RowItem>, StepId, StepId) {
        let keys: Vec<StepId> = keys.iter().copied().chain([amount]).collect();
        let columns = [Type::Enum(it.kind)];
        let rows = self.rows(&keys, &it.table.rows, &columns, address, true);
        let (chosen, results) = self.choose_rows(&rows, &columns, span);
        (rows, chosen, results.first().copied().unwrap_or(chosen))
    }

    fn field_of(&mut self, list: crate::value::FieldId, field: SignOffField, span: Span) -> StepId {
        let place = field.place();
        let ty = match self.program.schema.fields.get(list).map(|it| &it.ty) {
            Some(FieldType::Records(fields)) => fields.get(place as usize).map(|it| it.ty.ty(list.0)),
            Some(_) | None => None,
        };
        self.push(Op::Field(list, place), ty.unwrap_or(Type::YesNo), span)
    }

    /// The greatest amount of each band, with who must sign for it. A bound that is itself out of the band counts with the
    /// least amount that it can be smaller: a fen, a day, a hundredth of a percent.
    fn ends(
        &mut self,
        rows: &[RowItem],
        keys: &[StepId],
        value: StepId,
        it: &hir::Authority,
        address: &str,
        span: Span,
    ) -> Vec<(StepId, StepId)> {
        let ty = self.ty(value);
        let decimals = match ty.unit() {
            Some(unit) if unit.currency.is_some() => {
                unit.currency.map_or(2, crate::value::Currency::decimals)
            }
            Some(unit) if unit.is_plain() => 4,
            Some(_) | None => 0,
        };
        let mut ends: Vec<Number> = Vec::new();
        for row in rows {
            let Some(cell) = row.cells.last().filter(|_| row.cells.len() > keys.len()) else { continue };
            for test in &cell.pattern {
                let (bound, out) = match test {
                    CellTest::Bounds { upper: Some((bound, included)), .. } => (*bound, !included),
                    CellTest::Bounds { upper: None, lower: Some((bound, included)) } => (*bound, *included),
                    _ => continue,
                };
                let Some(end) = self.constant_number(bound) else { continue };
                let end = if out { end.sub(&least(decimals)) } else { end };
                if !ends.contains(&end) {
                    ends.push(end);
                }
            }
        }
        ends.into_iter()
            .map(|end| {
                let amount = self.value_of(Value::Number(end), ty.clone(), span);
                let (_, _, needed) = self.who_signs(keys, amount, it, address, span);
                (amount, needed)
            })
            .collect()
    }
}

/// The least amount of so many decimals.
fn least(decimals: u32) -> Number {
    let ten = Number::from_i64(10);
    (0..decimals).fold(Number::ONE, |least, _| least.div(&ten).unwrap_or(least))
}
