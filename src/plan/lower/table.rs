//! Tables: the first row that matches, all rows that match, each row for the part of the key in its band.

use super::super::{ItemKind, Op, RowItem, SliceItem, StepId, TableItem, Take};
use super::Lower;
use crate::base::Span;
use crate::check::hir;
use crate::value::{Type, Value};

impl Lower<'_> {
    /// A table by values in scope; one with parameters is lowered where it is applied.
    pub(super) fn lower_table(&mut self, id: hir::ValueId, definition: &hir::Definition, it: &hir::Table) {
        if it.keys.iter().any(|key| matches!(key, hir::Key::Parameter { .. })) {
            return;
        }
        let results = self.table(id, definition, it, None);
        for (column, step) in results.iter().enumerate() {
            let step = self.name(id, hir::Part::Result(super::code(column)), *step);
            if results.len() == 1 {
                self.alias(id, hir::Part::Main, step);
            }
        }
        self.point_table_at_names(id);
    }

    /// The table's item tells the steps that have the names.
    fn point_table_at_names(&mut self, id: hir::ValueId) {
        let parts = &self.parts;
        let Some((_, item)) = self.items.iter_mut().rev().find(|(value, _)| *value == id) else { return };
        let part = |column: usize| parts.get(&(id, hir::Part::Result(super::code(column)))).copied();
        if let Some(step) = part(0) {
            item.value = step;
        }
        if let ItemKind::Table(table) = &mut item.kind {
            for (column, result) in table.results.iter_mut().enumerate() {
                if let Some(step) = part(column) {
                    result.3 = step;
                }
            }
        }
    }

    /// A result of an applied table.
    pub(super) fn apply(&mut self, id: hir::ValueId, column: u32, keys: Vec<StepId>, span: Span) -> StepId {
        let call = (id, keys);
        if !self.applied.contains_key(&call) {
            let definition = self.program.values.get(id);
            let Some(definition) = definition.filter(|_| !self.under_way.contains(&id)) else {
                return self.value_of(super::nothing(), Type::YesNo, span);
            };
            let it = match &definition.kind {
                hir::DefinitionKind::Table(it) => it,
                hir::DefinitionKind::Authority(it) => &it.applied,
                _ => return self.value_of(super::nothing(), definition.ty.clone(), span),
            };
            let arguments = std::mem::replace(&mut self.arguments, call.1.clone());
            self.under_way.push(id);
            let results = self.table(id, definition, it, Some(span));
            self.under_way.pop();
            self.arguments = arguments;
            self.applied.insert(call.clone(), results);
        }
        match self.applied.get(&call).and_then(|results| results.get(column as usize)) {
            Some(step) => *step,
            None => self.value_of(super::nothing(), Type::YesNo, span),
        }
    }

    /// A table over its keys; its results.
    fn table(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        it: &hir::Table,
        applied: Option<Span>,
    ) -> Vec<StepId> {
        let keys = self.keys(&it.keys);
        let address = self.address(definition);
        let columns: Vec<Type> = it.results.iter().map(|column| column.ty.clone()).collect();
        let row_columns: Vec<Type> = match it.mode {
            hir::TableMode::First | hir::TableMode::Unique | hir::TableMode::All => columns.clone(),
            // What a row of slices gives is a rate, whatever the table's result is.
            hir::TableMode::BySlices => it
                .rows
                .first()
                .map(|row| row.results.iter().map(|outcome| outcome_type(outcome, &columns)).collect())
                .unwrap_or_default(),
        };
        let rows = self.rows(&keys, &it.rows, &row_columns, &address, false);
        let mut slices = Vec::new();
        let (chosen, raw) = match it.mode {
            hir::TableMode::First | hir::TableMode::Unique => {
                let (chosen, results) = self.choose_rows(&rows, &columns, definition.span);
                (Some(chosen), results)
            }
            hir::TableMode::All => (None, vec![self.collect(&rows, &columns, definition.span)]),
            hir::TableMode::BySlices => {
                let ty = columns.first().cloned().unwrap_or(Type::YesNo);
                let (sum, bands) = self.slices(&keys, it, &rows, &ty, definition.span);
                slices = bands;
                (None, vec![sum])
            }
        };
        let results: Vec<StepId> =
            raw.iter().map(|step| self.rounded(*step, it.rounding.as_ref(), definition.span)).collect();
        let rounding = match (&it.rounding, raw.first()) {
            (Some(rounding), Some(raw)) => Some((*raw, rounding.clone())),
            _ => None,
        };
        let key_names = self.key_names(&it.keys);
        let named = it
            .results
            .iter()
            .zip(&results)
            .map(|(column, step)| (column.name.clone(), column.label.clone(), column.ty.clone(), *step))
            .collect();
        let kind =
            TableItem { mode: it.mode, keys, key_names, rows, chosen, results: named, slices, applied };
        let value = match results.first() {
            Some(step) => *step,
            None => self.value_of(super::nothing(), definition.ty.clone(), definition.span),
        };
        let reason = self.reason(&it.reason);
        self.item(id, definition, value, rounding, reason, ItemKind::Table(kind));
        results
    }

    /// The set of what all rows that match give.
    fn collect(&mut self, rows: &[RowItem], columns: &[Type], span: Span) -> StepId {
        let rules: Vec<_> = rows.iter().map(|row| row.rule).collect();
        let conditions = self.row_conditions(&rules);
        let mut members = Vec::new();
        for (row, condition) in rows.iter().zip(conditions) {
            let result = row.results.first().and_then(|step| self.constant(*step));
            match result {
                Some(Value::Code(code)) => members.push((condition, *code)),
                Some(Value::Set(set)) => {
                    let set = *set;
                    members.extend(
                        (0..u128::BITS)
                            .filter(|code| set.checked_shr(*code).is_some_and(|bits| bits & 1 == 1))
                            .map(|code| (condition, code)),
                    );
                }
                _ => {}
            }
        }
        self.push(Op::Collect(members), columns.first().cloned().unwrap_or(Type::YesNo), span)
    }

    /// Each row for the part of the key in its band: a band begins where the one before ends (or ends where the one before
    /// begins, in a table that goes down).
    fn slices(
        &mut self,
        keys: &[StepId],
        it: &hir::Table,
        rows: &[RowItem],
        ty: &Type,
        span: Span,
    ) -> (StepId, Vec<SliceItem>) {
        let Some(key) = keys.first().copied() else {
            return (self.value_of(super::nothing(), ty.clone(), span), Vec::new());
        };
        let key_type = self.ty(key);
        let (mut last_upper, mut last_lower): (Option<StepId>, Option<StepId>) = (None, None);
        let mut bands = Vec::new();
        let mut sum: Option<StepId> = None;
        for (row, item) in it.rows.iter().zip(rows) {
            let at = row.condition.span;
            let (lower, upper) = self.band(row);
            let from = lower.or(last_upper);
            let to = upper.or(last_lower);
            last_upper = upper.or(last_upper.filter(|_| lower.is_none()));
            last_lower = if upper.is_none() { lower } else { None };
            let mut part = match to {
                Some(to) => self.pick(Take::Lowest, vec![key, to], key_type.clone(), at),
                None => key,
            };
            if let Some(from) = from {
                let above = self.subtract(part, from, key_type.clone(), at);
                let none = self.like(0, key, at);
                part = self.pick(Take::Highest, vec![above, none], key_type.clone(), at);
            }
            let rate = item.results.first().copied().unwrap_or(part);
            let mut amount = self.multiply(part, rate, ty.clone(), at);
            if let Some(guard) = row.condition.when.as_ref() {
                let guard = self.expr(guard);
                let guard = self.unless_unknown(guard, row.condition.if_unknown.as_ref(), at);
                let none = self.value_of(Value::Number(crate::value::Number::ZERO), ty.clone(), at);
                amount = self.choose_if(guard, amount, none, ty.clone(), at);
            }
            sum = Some(match sum {
                Some(sum) => self.add(sum, amount, ty.clone(), span),
                None => amount,
            });
            bands.push(SliceItem { part, amount });
        }
        let sum = match sum {
            Some(sum) => sum,
            None => self.value_of(super::nothing(), ty.clone(), span),
        };
        (sum, bands)
    }

    /// The bounds that a row of slices names.
    fn band(&mut self, row: &hir::Row) -> (Option<StepId>, Option<StepId>) {
        let patterns = row.cells.first().map(|cell| cell.patterns.as_slice());
        match patterns {
            Some([hir::Pattern::Bounds { lower, upper }]) => {
                let lower = lower.as_ref().map(|(bound, _)| self.expr(bound));
                let upper = upper.as_ref().map(|(bound, _)| self.expr(bound));
                (lower, upper)
            }
            _ => (None, None),
        }
    }
}

/// The type of a result of a row of slices.
fn outcome_type(outcome: &hir::Outcome, columns: &[Type]) -> Type {
    match &outcome.kind {
        hir::OutcomeKind::Value(value) => value.ty.clone(),
        hir::OutcomeKind::Unknown
        | hir::OutcomeKind::Refer { .. }
        | hir::OutcomeKind::Refuse
        | hir::OutcomeKind::Cancel
        | hir::OutcomeKind::NoRecommendation => columns.first().cloned().unwrap_or(Type::YesNo),
    }
}
