//! From what is wanted of a step back to the facts: the single changes to a customer that could bring it.
//!
//! Each operation is solved for one operand while the others stay as they are: a sum of 60 that shall be 61 wants one of its
//! terms one higher, a weighted mean wants one factor higher by 1 ÷ its part of the weight. The search that asks runs each
//! change and sees what it brought, so nothing here has to be right in all cases, only fruitful.

use std::collections::BTreeSet;

use super::customer::{Change, Customer, Place, figure, record_fields};
use super::oracle::Oracle;
use super::places::{another_record, changes};
use super::want::{Range, Want};
use crate::check::hir::Compare;
use crate::plan::{AggregateFunction, Op, Plan, Scope, StepId, Take};
use crate::value::{
    Default, EnumId, FieldId, MonthEnd, Number, Precision, Rounding, RoundingMode, Style, Type, Value,
};

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
        seen: BTreeSet::new(),
        steps: 0,
        found: Vec::new(),
    };
    back.solve(step, item, want);
    back.found
}

struct Back<'a, 'p> {
    oracle: &'a Oracle<'p>,
    plan: &'p Plan,
    customer: &'a Customer,
    /// Whether computed values with a name may be given.
    gives: bool,
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
        self.through(step, &op, &it.ty, item, &now, want);
    }

    /// One operation, solved for each of its operands.
    fn through(&mut self, step: StepId, op: &Op, ty: &Type, item: usize, now: &Value, want: &Want) {
        match op {
            Op::Const(_) | Op::Param(_) | Op::Today | Op::Unknown(_) | Op::NameOfItem(..) => {}
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
            Op::And(of) => self.connected(of, item, want, true),
            Op::Or(of) => self.connected(of, item, want, false),
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
                    if taken != Value::Bool(truth) && (want.holds(&self.value(branch, item)) || !taken.is_known()) {
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
                let _ = step;
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
                _ => another_record(self.plan, self.customer, fact, &[]).into_iter().for_each(|it| self.add(it)),
            }
            return;
        }
        self.change(Place::Fact(fact), want);
    }

    /// The operand of a sum or a difference that goes the same way as the result.
    fn shifted(
        &mut self,
        of: StepId,
        other: StepId,
        item: usize,
        want: &Want,
        by: impl Fn(&Number, &Number) -> Option<Number>,
    ) {
        let Some(number) = self.number(other, item) else { return };
        match want {
            Want::Within(range) => {
                let range = range.through(false, |end| by(end, &number));
                self.solve(of, item, &Want::Within(range));
            }
            Want::Move(_) | Want::Other => self.solve(of, item, want),
            _ => {}
        }
    }

    /// What is taken off.
    fn turned(&mut self, of: StepId, from: StepId, item: usize, want: &Want) {
        let Some(number) = self.number(from, item) else { return };
        match want {
            Want::Within(range) => {
                let range = range.through(true, |end| Some(number.sub(end)));
                self.solve(of, item, &Want::Within(range));
            }
            Want::Move(up) => self.solve(of, item, &Want::Move(!up)),
            Want::Other => self.solve(of, item, want),
            _ => {}
        }
    }

    fn factor(&mut self, of: StepId, other: StepId, item: usize, want: &Want) {
        let Some(number) = self.number(other, item) else { return };
        if number.is_zero() {
            // Whatever the other is, the product is 0.
            self.solve(other, item, &Want::Within(Range::from(Number::ZERO, false)));
            return;
        }
        match want {
            Want::Within(range) => {
                let range = range.through(number.is_negative(), |end| end.div(&number));
                self.solve(of, item, &Want::Within(range));
            }
            Want::Move(up) => self.solve(of, item, &Want::Move(*up != number.is_negative())),
            Want::Other => self.solve(of, item, want),
            _ => {}
        }
    }

    fn quotient(&mut self, a: StepId, b: StepId, item: usize, want: &Want) {
        let (Some(above), Some(below)) = (self.number(a, item), self.number(b, item)) else { return };
        if below.is_zero() {
            if *want != Want::Unknown {
                self.solve(b, item, &Want::Within(Range::from(Number::ZERO, false)));
            }
            return;
        }
        match want {
            Want::Within(range) => {
                let of_a = range.through(below.is_negative(), |end| Some(end.mul(&below)));
                self.solve(a, item, &Want::Within(of_a));
                // The divisor that brings an end, if the dividend stays; beyond it the quotient goes on the same way.
                let ends = range.low.iter().map(|end| (end, true)).chain(range.high.iter().map(|end| (end, false)));
                for ((end, included), is_low) in ends {
                    let Some(divisor) = above.div(end) else { continue };
                    let wanted = match (is_low, range.low.is_some() && range.high.is_some()) {
                        (_, true) => Range::exactly(divisor),
                        // A greater quotient of positive numbers wants a lesser divisor.
                        (true, false) => {
                            Range { low: Some((Number::ZERO, false)), high: Some((divisor, *included)) }
                        }
                        (false, false) => Range::from(divisor, *included),
                    };
                    self.solve(b, item, &Want::Within(wanted));
                }
            }
            Want::Move(up) => {
                self.solve(a, item, &Want::Move(*up != below.is_negative()));
                self.solve(b, item, &Want::Move(!up));
            }
            Want::Unknown => self.solve(b, item, &Want::Within(Range::exactly(Number::ZERO))),
            Want::Other => {
                self.solve(a, item, want);
                self.solve(b, item, want);
            }
            _ => {}
        }
    }

    fn rounded(&mut self, of: StepId, item: usize, rounding: &Rounding, percent: bool, want: &Want) {
        let step = match &rounding.precision {
            Precision::Decimals(decimals) => {
                let decimals = if percent { decimals.saturating_add(2) } else { *decimals };
                Number::ONE.div(&Number::power_of_ten(decimals))
            }
            Precision::Multiples(step) => Some(step.clone()),
        };
        let (Want::Within(range), Some(step)) = (want, step) else {
            self.solve(of, item, want);
            return;
        };
        let on_grid = |end: &Number, mode| end.round_to_multiple(mode, &step);
        let low = range.low.as_ref().map(|(low, included)| {
            let first = on_grid(low, RoundingMode::Ceiling);
            if first == *low && !included { (first.add(&step), true) } else { (first, true) }
        });
        let high = range.high.as_ref().map(|(high, included)| {
            let last = on_grid(high, RoundingMode::Floor);
            if last == *high && !included { (last.sub(&step), true) } else { (last, true) }
        });
        self.solve(of, item, &Want::Within(Range { low, high }));
    }

    /// Operands with which a result grows that cannot be solved for.
    fn toward(&mut self, of: &[StepId], item: usize, now: &Value, want: &Want) {
        if let Some(up) = direction(now, want) {
            of.iter().for_each(|one| self.solve(*one, item, &Want::Move(up)));
        } else if *want == Want::Other {
            of.iter().for_each(|one| self.solve(*one, item, want));
        }
    }

    /// Operands with which it falls.
    fn away(&mut self, of: &[StepId], item: usize, now: &Value, want: &Want) {
        if let Some(up) = direction(now, want) {
            of.iter().for_each(|one| self.solve(*one, item, &Want::Move(!up)));
        } else if *want == Want::Other {
            of.iter().for_each(|one| self.solve(*one, item, want));
        }
    }

    fn pick(&mut self, take: Take, of: &[StepId], skip: bool, item: usize, now: &Value, want: &Want) {
        let values: Vec<(StepId, Option<Number>)> =
            of.iter().map(|one| (*one, self.number(*one, item))).collect();
        if *want == Want::Unknown {
            of.iter().for_each(|one| self.solve(*one, item, want));
            return;
        }
        if !now.is_known() {
            for (one, value) in &values {
                if value.is_none() {
                    self.solve(*one, item, &Want::Known);
                }
            }
            if !skip {
                return;
            }
        }
        let known: Vec<&(StepId, Option<Number>)> = values.iter().filter(|(_, value)| value.is_some()).collect();
        match (take, want) {
            (Take::Lowest | Take::Highest, Want::Within(range)) => {
                let low_wins = take == Take::Lowest;
                let current = figure(now).unwrap_or(Number::ZERO);
                // Where the winner is too far on its own side, one operand is enough; else all have to move.
                let one_is_enough = if low_wins { range.is_below(&current) } else { range.is_above(&current) };
                for (one, value) in &known {
                    let Some(value) = value else { continue };
                    let is_in_the_way = if low_wins { range.is_above(value) } else { range.is_below(value) };
                    if one_is_enough || is_in_the_way {
                        self.solve(*one, item, &Want::Within(range.clone()));
                    }
                }
            }
            (Take::Average, Want::Within(range)) => {
                let count = Number::from_i64(i64::try_from(known.len()).unwrap_or(1));
                let sum = Number::sum(known.iter().filter_map(|(_, value)| value.as_ref()));
                for (one, value) in &known {
                    let Some(value) = value else { continue };
                    let others = sum.sub(value);
                    let range = range.through(false, |end| Some(end.mul(&count).sub(&others)));
                    self.solve(*one, item, &Want::Within(range));
                }
            }
            _ => of.iter().for_each(|one| self.solve(*one, item, want)),
        }
        if skip {
            for (one, _) in values.iter().filter(|(_, value)| value.is_some()) {
                self.solve(*one, item, &Want::Unknown);
            }
        }
    }

    fn weighted(&mut self, terms: &[(Number, StepId)], mean: bool, item: usize, want: &Want) {
        let known: Vec<(Number, StepId, Number)> = terms
            .iter()
            .filter_map(|(weight, of)| Some((weight.clone(), *of, self.number(*of, item)?)))
            .collect();
        let weights = Number::sum(known.iter().map(|(weight, ..)| weight));
        let sum = known.iter().fold(Number::ZERO, |sum, (weight, _, value)| sum.add(&weight.mul(value)));
        match want {
            Want::Within(range) => {
                for (weight, of, value) in &known {
                    if weight.is_zero() {
                        continue;
                    }
                    let others = sum.sub(&weight.mul(value));
                    let range = range.through(weight.is_negative(), |end| {
                        let whole = if mean { end.mul(&weights) } else { end.clone() };
                        whole.sub(&others).div(weight)
                    });
                    self.solve(*of, item, &Want::Within(range));
                }
            }
            Want::Move(up) => {
                for (weight, of, _) in &known {
                    self.solve(*of, item, &Want::Move(*up != weight.is_negative()));
                }
            }
            _ => {
                for (_, of) in terms {
                    self.solve(*of, item, want);
                }
            }
        }
        for (_, of) in terms {
            if !self.value(*of, item).is_known() && *want != Want::Unknown {
                self.solve(*of, item, &Want::Known);
            }
        }
    }

    fn known_weight(&mut self, terms: &[(Number, StepId)], item: usize, now: &Value, want: &Want) {
        let up = direction(now, want);
        for (_, of) in terms {
            let known = self.value(*of, item).is_known();
            if known && up != Some(true) {
                self.solve(*of, item, &Want::Unknown);
            } else if !known && up != Some(false) {
                self.solve(*of, item, &Want::Known);
            }
        }
    }

    fn compared(&mut self, how: Compare, a: StepId, b: StepId, yes: bool, item: usize) {
        let (left, right) = (self.number(a, item), self.number(b, item));
        // (whether the left has to be above, whether equal will do)
        let (above, equal) = match (how, yes) {
            (Compare::Less, true) | (Compare::GreaterOrEqual, false) => (false, false),
            (Compare::LessOrEqual, true) | (Compare::Greater, false) => (false, true),
            (Compare::Greater, true) | (Compare::LessOrEqual, false) => (true, false),
            (Compare::GreaterOrEqual, true) | (Compare::Less, false) => (true, true),
        };
        if let Some(right) = right {
            let range = if above { Range::from(right, equal) } else { Range::up_to(right, equal) };
            self.solve(a, item, &Want::Within(range));
        }
        if let Some(left) = left {
            let range = if above { Range::up_to(left, equal) } else { Range::from(left, equal) };
            self.solve(b, item, &Want::Within(range));
        }
    }

    /// `and` where `all`, else `or`.
    fn connected(&mut self, of: &[StepId], item: usize, want: &Want, all: bool) {
        let Want::Truth(yes) = want else {
            of.iter().for_each(|one| self.solve(*one, item, want));
            return;
        };
        // What keeps the whole from being so comes before what is merely unknown.
        let (unknown, known): (Vec<StepId>, Vec<StepId>) =
            of.iter().copied().partition(|one| !self.value(*one, item).is_known());
        for one in known.into_iter().chain(unknown) {
            let _ = all;
            self.solve(one, item, &Want::Truth(*yes));
        }
    }

    fn first_true(&mut self, of: &[StepId], item: usize, want: &Want) {
        let now = of.iter().position(|one| self.value(*one, item) != Value::Bool(false));
        let wanted: Vec<usize> = match want {
            Want::OneOf(codes) => codes.iter().map(|code| *code as usize).collect(),
            Want::NoneOf(codes) => {
                (0..of.len()).filter(|place| !codes.iter().any(|code| *code as usize == *place)).collect()
            }
            Want::Other | Want::Known => (0..of.len()).filter(|place| Some(*place) != now).collect(),
            Want::Unknown => {
                of.iter().take(now.map_or(of.len(), |now| now.saturating_add(1))).for_each(|one| {
                    self.solve(*one, item, &Want::Unknown);
                });
                return;
            }
            _ => return,
        };
        for place in wanted.into_iter().take(MOST_TURNS) {
            for earlier in of.iter().take(place) {
                if self.value(*earlier, item) != Value::Bool(false) {
                    self.solve(*earlier, item, &Want::Truth(false));
                }
            }
            if let Some(own) = of.get(place) {
                self.solve(*own, item, &Want::Truth(true));
            }
        }
    }

    fn choose(&mut self, place: StepId, of: &[StepId], item: usize, want: &Want) {
        if *want == Want::Unknown {
            self.solve(place, item, want);
        }
        let now = match self.value(place, item) {
            Value::Code(place) => Some(place as usize),
            _ => None,
        };
        if let Some(taken) = now.and_then(|now| of.get(now)) {
            self.solve(*taken, item, want);
        }
        let others = || of.iter().enumerate().filter(|(other, _)| Some(*other) != now).take(MOST_TURNS);
        let fits = |back: &Self, one: StepId| match want {
            Want::Move(up) => {
                let here = now.and_then(|now| back.number(*of.get(now)?, item));
                let there = back.number(one, item);
                matches!((here, there), (Some(here), Some(there)) if (there > here) == *up && there != here)
            }
            Want::Other | Want::Known => back.value(one, item).is_known(),
            other => other.holds(&back.value(one, item)),
        };
        let code = |other: usize| u32::try_from(other).unwrap_or(u32::MAX);
        // The rows that give what is wanted as they are; then those that could be made to.
        for (other, one) in others() {
            if fits(self, *one) {
                self.solve(place, item, &Want::OneOf(vec![code(other)]));
            }
        }
        for (other, one) in others() {
            let constant = matches!(self.op(*one), Some(Op::Const(_)));
            if !constant && !fits(self, *one) {
                self.solve(*one, item, want);
                self.solve(place, item, &Want::OneOf(vec![code(other)]));
            }
        }
    }

    fn rank(&mut self, of: StepId, kind: EnumId, item: usize, now: &Value, want: &Want) {
        let Some(scale) = self.plan.schema.enums.get(kind) else { return };
        let ranked = (0_u32..).zip(&scale.members).filter(|(_, member)| !member.apart).map(|(code, _)| code);
        let current = figure(now);
        let fits = |code: &u32| {
            let place = Number::from(*code);
            match want {
                Want::Within(range) => range.holds(&place),
                Want::Move(up) => current.as_ref().is_some_and(|now| (place > *now) == *up && place != *now),
                _ => true,
            }
        };
        let mut codes: Vec<u32> = ranked.filter(fits).collect();
        if let Some(now) = &current {
            codes.sort_by_key(|code| Number::from(*code).sub(now).abs());
        }
        match want {
            Want::Unknown => self.solve(of, item, want),
            _ => {
                for code in &codes {
                    self.solve(of, item, &Want::OneOf(vec![*code]));
                }
            }
        }
    }

    fn of_rank(&mut self, of: StepId, kind: EnumId, item: usize, want: &Want) {
        let Some(scale) = self.plan.schema.enums.get(kind) else { return };
        let codes: Vec<u32> =
            (0_u32..).zip(&scale.members).filter(|(_, member)| !member.apart).map(|(code, _)| code).collect();
        match want {
            Want::OneOf(_) | Want::NoneOf(_) => {
                for code in codes {
                    if want.holds(&Value::Code(code)) {
                        self.solve(of, item, &Want::Within(Range::exactly(Number::from(code))));
                    }
                }
            }
            other => self.solve(of, item, other),
        }
    }

    /// A record where there is none.
    fn some_record(&mut self, list: FieldId, now: &Value) {
        if !now.is_known() || self.customer.items(list) == 0 {
            another_record(self.plan, self.customer, list, &[]).into_iter().for_each(|it| self.add(it));
        }
    }

    fn lookup(&mut self, list: FieldId, key: Option<(u32, StepId)>, field: u32, item: usize, want: &Want) {
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

    fn required(&self, list: FieldId) -> bool {
        self.plan.schema.fields.get(list).is_some_and(|field| field.default == Default::Required)
    }

    /// The number of elements that a list of values has, as far as single facts hold them.
    fn elements(&self, list: StepId) -> Vec<Place> {
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
    fn one_of_mean(&mut self, place: Place, weight: &Number, weights: &Number, now: &Value, want: &Want) {
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

    fn of_list(&mut self, function: AggregateFunction, list: StepId, item: usize, now: &Value, want: &Want) {
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

    fn in_a_row(&mut self, list: StepId, rises: bool, want: &Want) {
        let (Want::Truth(yes), Some(Place::Element(fact, _))) = (want, self.elements(list).first().copied()) else {
            self.solve(list, 0, &Want::Known);
            return;
        };
        let oldest_first = !matches!(self.op(list), Some(Op::Recent { oldest_first: false, .. }));
        let Value::List(values) = self.customer.value(self.plan, Place::Fact(fact)) else { return };
        let Some(grid) = super::customer::Grid::of(self.plan, Place::Element(fact, 0)) else { return };
        // A row that goes one way all along, and one that stays level.
        for ascending in [rises == *yes, !(rises == *yes)] {
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
    fn aggregate(
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
                let values: Vec<(usize, Number)> = counted
                    .iter()
                    .filter_map(|item| Some((*item, self.number(operand?, *item)?)))
                    .collect();
                let sum = Number::sum(values.iter().map(|(_, value)| value));
                let count = Number::from_i64(i64::try_from(values.len()).unwrap_or(1));
                for (item, value) in &values {
                    let others = sum.sub(value);
                    let wanted = match want {
                        Want::Within(range) => Want::Within(range.through(false, |end| {
                            let whole =
                                if function == AggregateFunction::Sum { end.clone() } else { end.mul(&count) };
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
    fn in_or_out(&mut self, counted: &[usize], items: usize, filter: Option<StepId>, up: Option<bool>) {
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
    fn signed(&mut self, signed: &crate::plan::Signed, now: &Value, want: &Want) {
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

    fn signed_on(&mut self, signed: &crate::plan::SignedOn, item: usize, now: &Value) {
        let subject = self.value(signed.subject, item);
        let fields = record_fields(self.plan, signed.list);
        let at = |name: &str| {
            (0_u32..).zip(fields).find(|(_, field)| &*field.name == name).map(|(place, _)| place)
        };
        let (Some(subject_at), Some(role)) = (at("subject"), at("role")) else { return };
        if !now.is_known() {
            let amount = signed.amount.map(|amount| self.value(amount, item));
            for (nth, seat) in signed.ways.iter().flatten().enumerate().take(MOST_TURNS) {
                let Some(code) = (0..128).find(|role| seat & 1_u128.checked_shl(*role).unwrap_or(0) != 0) else {
                    continue;
                };
                let mut cells = vec![(subject_at, subject.clone()), (role, Value::Code(code))];
                cells.extend(at("person").map(|at| (at, Value::Text(format!("P-{}", nth.saturating_add(1)).into()))));
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

/// Whether a number has to grow to be what is wanted; none where that does not say.
fn direction(now: &Value, want: &Want) -> Option<bool> {
    match (want, figure(now)) {
        (Want::Move(up), _) => Some(*up),
        (Want::Within(range), Some(number)) if range.is_above(&number) => Some(true),
        (Want::Within(range), Some(number)) if range.is_below(&number) => Some(false),
        _ => None,
    }
}
