//! Lists: the items that count, the values of a row of figures, the records of what persons have signed.

use std::collections::BTreeSet;

use super::{Back, MOST_TURNS, direction};
use crate::plan::{AggregateFunction, Op, StepId};
use crate::trial::boundary::customer::{Change, Grid, Place, figure, record_fields};
use crate::trial::boundary::places::{another_record, changes};
use crate::trial::boundary::want::Want;
use crate::value::{Default, FieldId, Number, Value};

impl Back<'_, '_> {
    /// A record where there is none.
    pub(super) fn some_record(&mut self, list: FieldId, now: &Value) {
        if !now.is_known() || self.customer.items(list) == 0 {
            another_record(self.plan, self.customer, list, &[]).into_iter().for_each(|it| self.add(it));
        }
    }

    pub(super) fn lookup(
        &mut self,
        list: FieldId,
        key: Option<(u32, StepId)>,
        field: u32,
        item: usize,
        want: &Want,
    ) {
        let looked_for = key.map(|(at, step)| (at, self.value(step, item)));
        let found = (0..self.customer.items(list)).find(|record| match &looked_for {
            Some((at, key)) => self.customer.value(self.plan, Place::Cell(list, *record, *at)) == *key,
            None => true,
        });
        match found {
            Some(record) => self.change(Place::Cell(list, record, field), want),
            None => {
                let cells: Vec<(u32, Value)> =
                    looked_for.into_iter().filter(|(_, key)| key.is_known()).collect();
                // A record that is missing, with the field as wanted where that can be said outright.
                let made = another_record(self.plan, self.customer, list, &cells);
                let Some(Change::Add(_, record)) = made else { return };
                let place = Place::Cell(list, self.customer.items(list), field);
                let with = self.customer.with(self.plan, &Change::Add(list, record.clone()));
                let values = with.map(|with| changes(self.plan, &with, place, want)).unwrap_or_default();
                for change in values {
                    let Change::Set(_, value) = change else { continue };
                    let mut record = record.clone();
                    record.retain(|(at, _)| *at != field);
                    record.push((field, value));
                    record.sort_by_key(|(at, _)| *at);
                    self.add(Change::Add(list, record));
                }
                self.add(Change::Add(list, record));
            }
        }
        if *want == Want::Unknown
            && let Some(record) = found
        {
            self.add(Change::Remove(list, record));
        }
    }

    pub(super) fn required(&self, list: FieldId) -> bool {
        self.plan.schema.fields.get(list).is_some_and(|field| field.default == Default::Required)
    }

    /// The number of elements that a list of values has, as far as single facts hold them.
    pub(super) fn elements(&self, list: StepId) -> Vec<Place> {
        match self.op(list) {
            Some(Op::Fact(fact)) => match self.customer.value(self.plan, Place::Fact(*fact)) {
                Value::List(values) => (0..values.len()).map(|at| Place::Element(*fact, at)).collect(),
                _ => Vec::new(),
            },
            Some(Op::Same(of)) => self.elements(*of),
            Some(Op::Recent { list, count, oldest_first }) => {
                let all = self.elements(*list);
                let count = (*count as usize).min(all.len());
                if *oldest_first {
                    all.get(all.len().saturating_sub(count)..).unwrap_or(&[]).to_vec()
                } else {
                    all.get(..count).unwrap_or(&[]).to_vec()
                }
            }
            _ => Vec::new(),
        }
    }

    /// An element of a mean: how much it has to be for the mean to be what is wanted.
    pub(super) fn one_of_mean(
        &mut self,
        place: Place,
        weight: &Number,
        weights: &Number,
        now: &Value,
        want: &Want,
    ) {
        let own = figure(&self.customer.value(self.plan, place));
        match (want, own, figure(now)) {
            (Want::Within(range), Some(own), Some(mean)) if !weight.is_zero() => {
                let others = mean.mul(weights).sub(&weight.mul(&own));
                let range =
                    range.through(weight.is_negative(), |end| end.mul(weights).sub(&others).div(weight));
                self.change(place, &Want::Within(range));
            }
            (other, ..) => self.change(place, other),
        }
    }

    pub(super) fn of_list(
        &mut self,
        function: AggregateFunction,
        list: StepId,
        item: usize,
        now: &Value,
        want: &Want,
    ) {
        let places = self.elements(list);
        if places.is_empty() {
            // A list that is put together of other values, or one that is not given.
            self.solve(list, item, if now.is_known() { &Want::Other } else { &Want::Known });
            if let Some(Op::List(of)) = self.op(list).cloned() {
                of.iter().for_each(|one| self.solve(*one, item, want));
                self.toward(&of, item, now, want);
            }
            return;
        }
        let count = Number::from_i64(i64::try_from(places.len()).unwrap_or(1));
        for place in &places {
            match function {
                AggregateFunction::Sum => self.one_of_mean(*place, &Number::ONE, &Number::ONE, now, want),
                AggregateFunction::Average => self.one_of_mean(*place, &Number::ONE, &count, now, want),
                AggregateFunction::Count
                | AggregateFunction::Lowest
                | AggregateFunction::Highest
                | AggregateFunction::Share
                | AggregateFunction::Any
                | AggregateFunction::All => self.change(*place, want),
            }
        }
    }

    pub(super) fn in_a_row(&mut self, list: StepId, rises: bool, want: &Want) {
        let (Want::Truth(yes), Some(Place::Element(fact, _))) = (want, self.elements(list).first().copied())
        else {
            self.solve(list, 0, &Want::Known);
            return;
        };
        let oldest_first = !matches!(self.op(list), Some(Op::Recent { oldest_first: false, .. }));
        let Value::List(values) = self.customer.value(self.plan, Place::Fact(fact)) else { return };
        let Some(grid) = Grid::of(self.plan, Place::Element(fact, 0)) else { return };
        // A row that goes one way all along, and one that stays level.
        for ascending in [rises == *yes, rises != *yes] {
            let middle = values.first().and_then(figure).unwrap_or(Number::ONE);
            let unit = if grid.step < Number::ONE { Number::ONE } else { grid.step.clone() };
            let row: Vec<Value> = (0_i64..)
                .take(values.len())
                .map(|nth| {
                    let by = unit.mul(&Number::from_i64(nth));
                    let up = ascending == oldest_first;
                    grid.value(&grid.near(&if up { middle.add(&by) } else { middle.sub(&by) }))
                })
                .collect();
            self.add(Change::Set(Place::Fact(fact), Value::List(row.into())));
        }
        for place in self.elements(list) {
            self.change(place, &Want::Move(true));
            self.change(place, &Want::Move(false));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one operation")]
    pub(super) fn aggregate(
        &mut self,
        function: AggregateFunction,
        known_only: bool,
        list: FieldId,
        operand: Option<StepId>,
        filter: Option<StepId>,
        now: &Value,
        want: &Want,
    ) {
        let given = self.customer.facts.contains_key(&list);
        if *want == Want::Unknown {
            if given && !self.required(list) {
                self.change(Place::Fact(list), want);
            }
            for item in 0..self.oracle.items(list) {
                operand.iter().chain(&filter).for_each(|step| self.solve(*step, item, want));
            }
            return;
        }
        let items = self.oracle.items(list);
        let counts = |back: &Self, item: usize| {
            filter.is_none_or(|filter| back.value(filter, item) == Value::Bool(true))
        };
        let counted: Vec<usize> = (0..items).filter(|item| counts(self, *item)).collect();
        if !now.is_known() {
            for item in 0..items {
                for step in filter.iter().chain(operand.iter().filter(|_| !known_only)) {
                    if !self.value(*step, item).is_known() {
                        self.solve(*step, item, &Want::Known);
                    }
                }
                if counted.is_empty()
                    && let Some(filter) = filter
                {
                    self.solve(filter, item, &Want::Truth(true));
                }
            }
            if items == 0 || !given {
                self.some_record(list, now);
            }
            return;
        }
        let up = direction(now, want);
        match function {
            AggregateFunction::Sum | AggregateFunction::Average => {
                let values: Vec<(usize, Number)> =
                    counted.iter().filter_map(|item| Some((*item, self.number(operand?, *item)?))).collect();
                let sum = Number::sum(values.iter().map(|(_, value)| value));
                let count = Number::from_i64(i64::try_from(values.len()).unwrap_or(1));
                for (item, value) in &values {
                    let others = sum.sub(value);
                    let wanted = match want {
                        Want::Within(range) => Want::Within(range.through(false, |end| {
                            let whole = if function == AggregateFunction::Sum {
                                end.clone()
                            } else {
                                end.mul(&count)
                            };
                            Some(whole.sub(&others))
                        })),
                        other => other.clone(),
                    };
                    operand.iter().for_each(|step| self.solve(*step, *item, &wanted));
                }
                self.in_or_out(&counted, items, filter, up);
            }
            AggregateFunction::Lowest | AggregateFunction::Highest => {
                for item in &counted {
                    operand.iter().for_each(|step| self.solve(*step, *item, want));
                }
                self.in_or_out(&counted, items, filter, None);
            }
            AggregateFunction::Count => self.in_or_out(&counted, items, filter, up),
            AggregateFunction::Share | AggregateFunction::Any | AggregateFunction::All => {
                let wanted = match (want, up) {
                    (Want::Truth(yes), _) => Some(*yes),
                    (_, Some(up)) => Some(up),
                    _ => None,
                };
                for item in 0..items {
                    for step in operand.iter().chain(&filter) {
                        match wanted {
                            Some(yes) if Some(*step) == operand => {
                                self.solve(*step, item, &Want::Truth(yes));
                            }
                            _ => self.solve(*step, item, &Want::Other),
                        }
                    }
                }
            }
        }
        if up != Some(false) || function != AggregateFunction::Sum {
            another_record(self.plan, self.customer, list, &[]).into_iter().for_each(|it| self.add(it));
        }
        if let (Some(filter), true) = (filter, counted.is_empty()) {
            for item in 0..items {
                self.solve(filter, item, &Want::Truth(true));
            }
        }
        if up != Some(true) {
            for item in (0..items).rev() {
                self.add(Change::Remove(list, item));
            }
        }
    }

    /// Items that do not count yet are made to, those that count no longer to; where it is to grow, only the first.
    pub(super) fn in_or_out(
        &mut self,
        counted: &[usize],
        items: usize,
        filter: Option<StepId>,
        up: Option<bool>,
    ) {
        let Some(filter) = filter else { return };
        for item in 0..items {
            let counts = counted.contains(&item);
            if counts && up != Some(true) {
                self.solve(filter, item, &Want::Truth(false));
            } else if !counts && up != Some(false) {
                self.solve(filter, item, &Want::Truth(true));
            }
        }
    }

    /// A record of a signature in each role that could be asked for.
    pub(super) fn signed(&mut self, signed: &crate::plan::Signed, now: &Value, want: &Want) {
        self.solve(signed.value, 0, &Want::Other);
        if !now.is_known() {
            self.solve(signed.value, 0, &Want::Known);
        }
        let [subject, role, person, on, amount, verdict] = signed.fields;
        let at = |step: StepId| match self.op(step) {
            Some(Op::Field(_, at)) => Some(*at),
            Some(Op::Same(of)) => match self.op(*of) {
                Some(Op::Field(_, at)) => Some(*at),
                _ => None,
            },
            _ => None,
        };
        let places = [subject, role, person, on, amount, verdict].map(at);
        let [Some(subject), Some(role), Some(person), Some(on), Some(amount), Some(verdict)] = places else {
            return;
        };
        let value = self.value(signed.value, 0);
        let mut roles: BTreeSet<u32> = BTreeSet::new();
        for seat in signed.ways.iter().flatten().flatten() {
            roles.insert(seat.role);
            roles.extend((0..128).filter(|role| seat.may & 1_u128.checked_shl(*role).unwrap_or(0) != 0));
        }
        for code in roles.into_iter().take(MOST_TURNS) {
            for approves in [true, false] {
                let mut cells = vec![
                    (subject, Value::Text(signed.subject.clone())),
                    (role, Value::Code(code)),
                    (person, Value::Text(format!("P-{}", code.saturating_add(1)).into())),
                    (verdict, Value::Code(u32::from(!approves))),
                ];
                cells.extend(self.customer.as_of.map(|day| (on, Value::Date(day))));
                if value.is_known() {
                    cells.push((amount, value.clone()));
                }
                another_record(self.plan, self.customer, signed.list, &cells)
                    .into_iter()
                    .for_each(|it| self.add(it));
            }
        }
        for item in 0..self.customer.items(signed.list) {
            for cell in [amount, role, on, verdict] {
                self.change(Place::Cell(signed.list, item, cell), &Want::Other);
            }
            if let Want::Within(_) = want {
                self.change(Place::Cell(signed.list, item, amount), want);
            }
        }
    }

    pub(super) fn signed_on(&mut self, signed: &crate::plan::SignedOn, item: usize, now: &Value) {
        let subject = self.value(signed.subject, item);
        let fields = record_fields(self.plan, signed.list);
        let at = |name: &str| {
            (0_u32..).zip(fields).find(|(_, field)| &*field.name == name).map(|(place, _)| place)
        };
        let (Some(subject_at), Some(role)) = (at("subject"), at("role")) else { return };
        if !now.is_known() {
            let amount = signed.amount.map(|amount| self.value(amount, item));
            for (nth, seat) in signed.ways.iter().flatten().enumerate().take(MOST_TURNS) {
                let Some(code) = (0..128).find(|role| seat & 1_u128.checked_shl(*role).unwrap_or(0) != 0)
                else {
                    continue;
                };
                let mut cells = vec![(subject_at, subject.clone()), (role, Value::Code(code))];
                cells.extend(
                    at("person").map(|at| (at, Value::Text(format!("P-{}", nth.saturating_add(1)).into()))),
                );
                cells.extend(at("on").zip(self.customer.as_of).map(|(at, day)| (at, Value::Date(day))));
                cells.extend(at("verdict").map(|at| (at, Value::Code(0))));
                if let (Some(at), Some(amount)) = (at("amount"), amount.clone().filter(Value::is_known)) {
                    cells.push((at, amount));
                }
                another_record(self.plan, self.customer, signed.list, &cells)
                    .into_iter()
                    .for_each(|it| self.add(it));
            }
            return;
        }
        for record in 0..self.customer.items(signed.list) {
            if let Some(on) = at("on") {
                self.change(Place::Cell(signed.list, record, on), &Want::Other);
            }
        }
    }
}
