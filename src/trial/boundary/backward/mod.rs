//! From what is wanted of a step back to the facts: the single changes to a customer that could bring it.
//!
//! Each operation is solved for one operand while the others stay as they are: a sum of 60 that shall be 61 wants one of its
//! terms one higher, a weighted mean wants one factor higher by 1 ÷ its part of the weight. The search that asks runs each
//! change and sees what it brought, so nothing here has to be right in all cases, only fruitful.

mod arithmetic;
mod choices;
mod lists;

use std::collections::BTreeSet;

use super::customer::{Change, Customer, Place, figure};
use super::oracle::Oracle;
use super::places::{another_record, changes};
use super::want::{Range, Want};
use crate::plan::{Op, Plan, Scope, StepId};
use crate::value::{FieldId, MonthEnd, Number, Precision, Rounding, RoundingMode, Style, Type, Value};

/// So many changes are proposed at most.
const MOST_CHANGES: usize = 64;
/// So many steps are gone through at most.
const MOST_STEPS: usize = 3_000;
/// So many rows, periods, members are tried in turn.
const MOST_TURNS: usize = 12;

/// The changes to the customer that the oracle was asked for last that could make a step what is wanted.
pub(super) fn proposals(
    oracle: &Oracle<'_>,
    customer: &Customer,
    step: StepId,
    item: usize,
    want: &Want,
    gives: bool,
) -> Vec<Change> {
    let mut back = Back {
        oracle,
        plan: oracle.plan(),
        customer,
        gives,
        moves_day: false,
        seen: BTreeSet::new(),
        steps: 0,
        found: Vec::new(),
    };
    back.solve(step, item, want);
    if back.found.is_empty() {
        // No fact of the customer helps: it may be another day.
        back = Back { moves_day: true, seen: BTreeSet::new(), steps: 0, ..back };
        back.solve(step, item, want);
    }
    back.found
}

struct Back<'a, 'p> {
    oracle: &'a Oracle<'p>,
    plan: &'p Plan,
    customer: &'a Customer,
    /// Whether computed values with a name may be given.
    gives: bool,
    /// Whether the day may be another one.
    moves_day: bool,
    /// What was asked before, so that a value that is read twice is not solved twice.
    seen: BTreeSet<(StepId, usize, String)>,
    steps: usize,
    found: Vec<Change>,
}

impl Back<'_, '_> {
    fn value(&self, step: StepId, item: usize) -> Value {
        self.oracle.value(step, item)
    }

    fn number(&self, step: StepId, item: usize) -> Option<Number> {
        figure(&self.value(step, item))
    }

    fn op(&self, step: StepId) -> Option<&'_ Op> {
        self.plan.steps.get(step).map(|step| &step.op)
    }

    fn change(&mut self, place: Place, want: &Want) {
        for change in changes(self.plan, self.customer, place, want) {
            self.add(change);
        }
    }

    fn add(&mut self, change: Change) {
        if self.found.len() < MOST_CHANGES && !self.found.contains(&change) {
            self.found.push(change);
        }
    }

    fn solve(&mut self, step: StepId, item: usize, want: &Want) {
        if self.found.len() >= MOST_CHANGES || self.steps >= MOST_STEPS {
            return;
        }
        self.steps = self.steps.saturating_add(1);
        if !self.seen.insert((step, item, format!("{want:?}"))) {
            return;
        }
        let now = self.value(step, item);
        if want.holds(&now) {
            return;
        }
        if self.customer.values.contains_key(&step) {
            self.change(Place::Value(step), want);
            return;
        }
        let Some(it) = self.plan.steps.get(step) else { return };
        let is_named = || self.plan.names.values().any(|named| *named == step);
        if (self.gives || matches!(it.op, Op::Book(..))) && it.scope == Scope::Customer && is_named() {
            self.change(Place::Value(step), want);
        }
        let op = it.op.clone();
        let reads_all = !matches!(
            op,
            Op::IsKnown(_)
                | Op::IfUnknown(..)
                | Op::If(..)
                | Op::FirstTrue(_)
                | Op::Choose(..)
                | Op::And(_)
                | Op::Or(_)
                | Op::AtLeast(..)
                | Op::Pick { .. }
                | Op::WeightedMean(_)
                | Op::WeightedSum(_)
                | Op::KnownWeight(_)
                | Op::Aggregate { .. }
                | Op::Lookup { .. }
                | Op::Reference { .. }
                | Op::ByDate(..)
                | Op::Signed(_)
                | Op::SignedOn(_)
                | Op::Running { .. }
                | Op::Latest { .. }
                | Op::Collect(_)
        );
        if reads_all && !now.is_known() && *want != Want::Unknown {
            // An operand that is not known is in the way of every value.
            let unknown: Vec<StepId> =
                op.operands().into_iter().filter(|of| !self.value(*of, item).is_known()).collect();
            for of in &unknown {
                self.solve(*of, item, &Want::Known);
            }
            if !unknown.is_empty() {
                return;
            }
        }
        if reads_all && *want == Want::Unknown {
            for of in op.operands() {
                self.solve(of, item, &Want::Unknown);
            }
        }
        self.through(&op, &it.ty, item, &now, want);
    }

    /// One operation, solved for each of its operands.
    fn through(&mut self, op: &Op, ty: &Type, item: usize, now: &Value, want: &Want) {
        match op {
            Op::Const(_) | Op::Param(_) | Op::Unknown(_) | Op::NameOfItem(..) => {}
            Op::Today => {
                if self.moves_day {
                    self.change(Place::Day, want);
                }
            }
            Op::Fact(fact) => self.fact(*fact, want),
            Op::Field(list, at) => {
                if item >= self.customer.items(*list) {
                    let record = another_record(self.plan, self.customer, *list, &[]);
                    record.into_iter().for_each(|record| self.add(record));
                } else {
                    self.change(Place::Cell(*list, item, *at), want);
                }
            }
            Op::Same(a) => self.solve(*a, item, want),
            Op::Add(a, b) => {
                self.shifted(*a, *b, item, want, |end, by| Some(end.sub(by)));
                self.shifted(*b, *a, item, want, |end, by| Some(end.sub(by)));
            }
            Op::Subtract(a, b) | Op::DaysBetween(a, b) => {
                self.shifted(*a, *b, item, want, |end, by| Some(end.add(by)));
                self.turned(*b, *a, item, want);
            }
            Op::AddDays(a, b) => {
                self.shifted(*a, *b, item, want, |end, by| Some(end.sub(by)));
                self.shifted(*b, *a, item, want, |end, by| Some(end.sub(by)));
            }
            Op::Multiply(a, b) => {
                self.factor(*a, *b, item, want);
                self.factor(*b, *a, item, want);
            }
            Op::Divide(a, b) => self.quotient(*a, *b, item, want),
            Op::Negate(a) => match want {
                Want::Within(range) => {
                    let range = range.through(true, |end| Some(end.neg()));
                    self.solve(*a, item, &Want::Within(range));
                }
                Want::Move(up) => self.solve(*a, item, &Want::Move(!up)),
                other => self.solve(*a, item, other),
            },
            Op::Round(a, rounding) => {
                let percent = ty.unit().is_some_and(|unit| unit.is_plain() && unit.style == Style::Percent);
                self.rounded(*a, item, rounding, percent, want);
            }
            Op::Floor(a) => {
                let precision = Precision::Decimals(0);
                self.rounded(*a, item, &Rounding { mode: RoundingMode::Floor, precision }, false, want);
            }
            Op::Power(a, _) => self.toward(&[*a], item, now, want),
            Op::Instalment(a, b, _) => self.toward(&[*a, *b], item, now, want),
            Op::Pick { take, of, skip_unknown } => self.pick(*take, of, *skip_unknown, item, now, want),
            Op::WeightedMean(terms) => self.weighted(terms, true, item, want),
            Op::WeightedSum(terms) => self.weighted(terms, false, item, want),
            Op::KnownWeight(terms) => self.known_weight(terms, item, now, want),
            Op::Compare(how, a, b) => {
                if let Want::Truth(yes) = want {
                    self.compared(*how, *a, *b, *yes, item);
                } else {
                    self.solve(*a, item, want);
                    self.solve(*b, item, want);
                }
            }
            Op::Equal(a, b) => {
                for (one, other) in [(*a, *b), (*b, *a)] {
                    let other = self.value(other, item);
                    let wanted = match want {
                        Want::Truth(true) => Want::same(&other),
                        Want::Truth(false) => Want::another(&other),
                        _ => None,
                    };
                    if let Some(wanted) = wanted {
                        self.solve(one, item, &wanted);
                    }
                }
            }
            Op::OneOf(a, codes) => match want {
                Want::Truth(true) => self.solve(*a, item, &Want::OneOf(codes.clone())),
                Want::Truth(false) => self.solve(*a, item, &Want::NoneOf(codes.clone())),
                _ => {}
            },
            Op::Has(a, member) => {
                if let Want::Truth(yes) = want {
                    self.solve(*a, item, &Want::Member(*member, *yes));
                }
            }
            Op::And(of) | Op::Or(of) => self.connected(of, item, want),
            Op::Not(a) => match want {
                Want::Truth(yes) => self.solve(*a, item, &Want::Truth(!yes)),
                other => self.solve(*a, item, other),
            },
            Op::AtLeast(_, of) => {
                for one in of {
                    self.solve(*one, item, want);
                }
            }
            Op::IsKnown(a) => match want {
                Want::Truth(true) => self.solve(*a, item, &Want::Known),
                Want::Truth(false) => self.solve(*a, item, &Want::Unknown),
                _ => {}
            },
            Op::IfUnknown(a, b) => {
                let known = self.value(*a, item).is_known();
                let (first, then) = if known { (*a, *b) } else { (*b, *a) };
                self.solve(first, item, want);
                if !known {
                    self.solve(then, item, want);
                } else if want.holds(&self.value(then, item)) || *want == Want::Unknown {
                    self.solve(first, item, &Want::Unknown);
                }
            }
            Op::If(condition, a, b) => {
                let taken = self.value(*condition, item);
                for (branch, truth) in [(*a, true), (*b, false)] {
                    if taken == Value::Bool(truth) {
                        self.solve(branch, item, want);
                    }
                }
                for (branch, truth) in [(*a, true), (*b, false)] {
                    if taken != Value::Bool(truth)
                        && (want.holds(&self.value(branch, item)) || !taken.is_known())
                    {
                        self.solve(*condition, item, &Want::Truth(truth));
                    }
                }
                for (branch, truth) in [(*a, true), (*b, false)] {
                    if taken != Value::Bool(truth) {
                        self.solve(*condition, item, &Want::Truth(truth));
                        self.solve(branch, item, want);
                    }
                }
                if *want == Want::Unknown {
                    self.solve(*condition, item, want);
                }
            }
            Op::FirstTrue(of) => self.first_true(of, item, want),
            Op::Choose(place, of) => self.choose(*place, of, item, want),
            Op::Collect(rows) => {
                for (condition, code) in rows {
                    match want {
                        Want::Member(member, yes) if member == code => {
                            self.solve(*condition, item, &Want::Truth(*yes));
                        }
                        Want::Member(..) => {}
                        Want::Is(Value::Set(bits)) => {
                            let yes = bits & 1_u128.checked_shl(*code).unwrap_or(0) != 0;
                            self.solve(*condition, item, &Want::Truth(yes));
                        }
                        Want::Known => {
                            if !self.value(*condition, item).is_known() {
                                self.solve(*condition, item, want);
                            }
                        }
                        _ => self.solve(*condition, item, &Want::Other),
                    }
                }
            }
            Op::Rank(a, kind) => self.rank(*a, *kind, item, now, want),
            Op::OfRank(a, kind) => self.of_rank(*a, *kind, item, want),
            Op::AddBusinessDays(a, b, _) => {
                // Five days of business are a week, or a little more.
                let days = self.number(*b, item).unwrap_or(Number::ZERO);
                let week = Number::ratio(7, 5).unwrap_or(Number::ONE);
                let by = days.mul(&week).round(RoundingMode::HalfUp, 0);
                if let Want::Within(range) = want {
                    for more in [0, 1, 2, 3, 8, 12] {
                        let by = by.add(&Number::from_i64(more));
                        self.solve(*a, item, &Want::Within(range.through(false, |end| Some(end.sub(&by)))));
                    }
                }
                self.toward(&[*a, *b], item, now, want);
            }
            Op::AddMonths(a, b, _) => {
                let months = self.number(*b, item).and_then(|months| months.to_i64()).unwrap_or(0);
                if let (Want::Within(range), Ok(months)) = (want, i32::try_from(months.saturating_neg())) {
                    for more in [0_i64, -1, 1, -2, 2, -3, 3] {
                        let earlier = |end: &Number| {
                            let day = crate::value::Date(i32::try_from(end.to_i64()?).ok()?);
                            let day = day.add_months(months, MonthEnd::Last)?.add_days(more)?;
                            Some(Number::from_i64(i64::from(day.0)))
                        };
                        self.solve(*a, item, &Want::Within(range.through(false, earlier)));
                    }
                }
                self.toward(&[*a, *b], item, now, want);
            }
            Op::ToBusinessDay(a, ..) | Op::EndOfMonth(a) | Op::Anchor(a, _) | Op::PeriodStart(a, ..) => {
                self.solve(*a, item, want);
                self.toward(&[*a], item, now, want);
            }
            Op::Aggregate { function, known, list, operand, filter } => {
                self.aggregate(*function, *known, *list, *operand, *filter, now, want);
            }
            Op::ListAggregate { function, list, .. } => self.of_list(*function, *list, item, now, want),
            Op::ListWeightedMean(list, weights) => {
                let elements = self.elements(*list);
                let sum = Number::sum(weights);
                for (place, weight) in elements.iter().zip(weights) {
                    self.one_of_mean(*place, weight, &sum, now, want);
                }
            }
            Op::Running { list, of, .. } => {
                for item in 0..self.oracle.items(*list) {
                    self.toward(&[*of], item, now, want);
                    self.solve(*of, item, want);
                }
            }
            Op::Latest { list, of, keys, filter } => {
                self.some_record(*list, now);
                for item in (0..self.oracle.items(*list)).rev() {
                    self.solve(*of, item, want);
                    for key in keys {
                        self.solve(*key, item, &Want::Other);
                    }
                    if let Some(filter) = filter {
                        self.solve(*filter, item, &Want::Other);
                    }
                }
            }
            Op::Recent { list, .. } => self.solve(*list, item, want),
            Op::InARow { list, rises, .. } => self.in_a_row(*list, *rises, want),
            Op::List(of) => match want {
                Want::Is(Value::List(values)) => {
                    for (one, value) in of.iter().zip(values.iter()) {
                        if let Some(want) = Want::same(value) {
                            self.solve(*one, item, &want);
                        }
                    }
                }
                _ => of.iter().for_each(|one| self.solve(*one, item, want)),
            },
            Op::Lookup { list, key, field } => self.lookup(*list, *key, *field, item, want),
            Op::ByDate(series, day) => {
                let Some(series) = self.plan.series.get(*series as usize) else { return };
                for period in series.periods.iter().take(MOST_TURNS) {
                    if want.holds(&period.value) {
                        let from = Number::from_i64(i64::from(period.from.0));
                        self.solve(*day, item, &Want::Within(Range::from(from, true)));
                    }
                }
            }
            Op::Reference { table, column, keys } => {
                let Some(table) = self.plan.references.get(*table as usize) else { return };
                let fitting: Vec<&Vec<Value>> = table
                    .rows
                    .iter()
                    .filter(|row| row.get(*column as usize).is_some_and(|value| want.holds(value)))
                    .take(MOST_TURNS)
                    .collect();
                for row in fitting {
                    for (at, key) in table.keys.iter().zip(keys) {
                        if let Some(want) = row.get(*at as usize).and_then(Want::same) {
                            self.solve(*key, item, &want);
                        }
                    }
                }
            }
            Op::Interest(it) => {
                self.toward(&[it.principal, it.to], item, now, want);
                self.away(&[it.from], item, now, want);
                for of in [it.principal, it.from, it.to] {
                    if !self.value(of, item).is_known() {
                        self.solve(of, item, &Want::Known);
                    }
                }
            }
            Op::Script(_, of) => {
                for one in of {
                    self.solve(*one, item, &Want::Other);
                }
            }
            Op::Signed(signed) => self.signed(signed, now, want),
            Op::SignedOn(signed) => self.signed_on(signed, item, now),
            Op::Book(_, _, key) => {
                if let Some(key) = key {
                    self.solve(*key, item, &Want::Known);
                }
            }
        }
    }

    fn fact(&mut self, fact: FieldId, want: &Want) {
        let Some(field) = self.plan.schema.fields.get(fact) else { return };
        if matches!(field.ty, crate::value::FieldType::Records(_)) {
            match want {
                Want::Unknown => self.change(Place::Fact(fact), want),
                _ => another_record(self.plan, self.customer, fact, &[])
                    .into_iter()
                    .for_each(|it| self.add(it)),
            }
            return;
        }
        self.change(Place::Fact(fact), want);
    }
}

/// Whether a number has to grow to be what is wanted; none where that does not say.
fn direction(now: &Value, want: &Want) -> Option<bool> {
    match (want, figure(now)) {
        (Want::Move(up), _) => Some(*up),
        (Want::Within(range), Some(number)) if range.is_above(&number) => Some(true),
        (Want::Within(range), Some(number)) if range.is_below(&number) => Some(false),
        _ => None,
    }
}
