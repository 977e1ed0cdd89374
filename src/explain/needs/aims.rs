//! At which values of a fact something may change: the bounds that the plan holds a value against, carried back to the facts.
//!
//! Where a ratio is held against 1 and one side of it is known, the other side is aimed at the value that makes the ratio 1.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Idx, Str};
use crate::eval::Scratch;
use crate::plan::{Op, Plan, Scope, StepId};
use crate::value::{Date, FieldId, MonthEnd, Number, Value};

/// So many bounds of one step are carried on at most.
const MOST_CARRIED: usize = 32;

/// The values at which something may change.
#[derive(Clone, Default, Debug)]
pub(super) struct Aims {
    /// Numbers.
    pub(super) numbers: BTreeSet<Number>,
    /// Days.
    pub(super) days: BTreeSet<Date>,
    /// Texts.
    pub(super) texts: BTreeSet<Str>,
}

impl Aims {
    fn add(&mut self, value: &Value) {
        match value {
            Value::Number(number) if self.numbers.len() < MOST_CARRIED => {
                self.numbers.insert(number.clone());
            }
            Value::Date(day) if self.days.len() < MOST_CARRIED => {
                self.days.insert(*day);
            }
            Value::Text(text) if self.texts.len() < MOST_CARRIED => {
                self.texts.insert(text.clone());
            }
            Value::Number(_)
            | Value::Date(_)
            | Value::Text(_)
            | Value::Unknown(_)
            | Value::Bool(_)
            | Value::Code(_)
            | Value::Set(_)
            | Value::List(_) => {}
        }
    }
}

struct Back<'a> {
    plan: &'a Plan,
    scratch: &'a Scratch,
    aims: Vec<Aims>,
}

/// The aims of every fact that stands before a bound, by what the last run came to.
pub(super) fn aims(plan: &Plan, scratch: &Scratch, runs: impl Fn(StepId) -> bool) -> BTreeMap<FieldId, Aims> {
    let mut back = Back { plan, scratch, aims: vec![Aims::default(); plan.steps.len()] };
    let mut found: BTreeMap<FieldId, Aims> = BTreeMap::new();
    for (id, step) in plan.steps.iter_enumerated().rev() {
        if step.scope != Scope::Customer || !runs(id) {
            continue;
        }
        let own = back.aims.get(id.place()).cloned().unwrap_or_default();
        if let Op::Fact(fact) = &step.op {
            let all = found.entry(*fact).or_default();
            all.numbers.extend(own.numbers);
            all.days.extend(own.days);
            all.texts.extend(own.texts);
            continue;
        }
        back.step(&step.op, &own);
    }
    found
}

impl Back<'_> {
    fn value(&self, step: StepId) -> Option<&Value> {
        let customer = self.plan.steps.get(step).is_some_and(|it| it.scope == Scope::Customer);
        // A bound that is personal would be told by the value that is tried there.
        let told = customer && !self.plan.is_personal(step);
        told.then(|| self.scratch.value(step, 0)).filter(|value| value.is_known())
    }

    fn number(&self, step: StepId) -> Option<Number> {
        self.value(step).and_then(Value::as_number).cloned()
    }

    fn aim(&mut self, step: StepId, value: &Value) {
        if let Some(aims) = self.aims.get_mut(step.place()) {
            aims.add(value);
        }
    }

    /// Hands the same aims on.
    fn pass(&mut self, step: StepId, own: &Aims) {
        let numbers = own.numbers.iter().cloned().map(Value::Number);
        let days = own.days.iter().copied().map(Value::Date);
        let texts = own.texts.iter().cloned().map(Value::Text);
        for value in numbers.chain(days).chain(texts) {
            self.aim(step, &value);
        }
    }

    /// Hands numbers on, worked back.
    fn numbers(&mut self, step: StepId, own: &Aims, back: impl Fn(&Number) -> Option<Number>) {
        for number in own.numbers.iter().filter_map(back) {
            self.aim(step, &Value::Number(number));
        }
    }

    fn step(&mut self, op: &Op, own: &Aims) {
        match op {
            Op::Compare(_, a, b) | Op::Equal(a, b) => {
                for (step, other) in [(*a, *b), (*b, *a)] {
                    if let Some(value) = self.value(other).cloned() {
                        self.aim(step, &value);
                    }
                }
            }
            Op::Same(a) | Op::Round(a, _) | Op::Floor(a) => self.pass(*a, own),
            Op::IfUnknown(a, b) | Op::If(_, a, b) => {
                self.pass(*a, own);
                self.pass(*b, own);
            }
            Op::Choose(_, of) => of.iter().for_each(|step| self.pass(*step, own)),
            Op::Pick { of, .. } => {
                // Where one overtakes another, another one is picked.
                let others: Vec<Value> = of.iter().filter_map(|step| self.value(*step).cloned()).collect();
                for step in of {
                    self.pass(*step, own);
                    others.iter().for_each(|value| self.aim(*step, value));
                }
            }
            Op::Negate(a) => self.numbers(*a, own, |aim| Some(aim.neg())),
            Op::Add(a, b) => {
                for (step, other) in [(*a, *b), (*b, *a)] {
                    if let Some(other) = self.number(other) {
                        self.numbers(step, own, |aim| Some(aim.sub(&other)));
                    }
                }
            }
            Op::Subtract(a, b) => {
                if let Some(b) = self.number(*b) {
                    self.numbers(*a, own, |aim| Some(aim.add(&b)));
                }
                if let Some(a) = self.number(*a) {
                    self.numbers(*b, own, |aim| Some(a.sub(aim)));
                }
            }
            Op::Multiply(a, b) => {
                for (step, other) in [(*a, *b), (*b, *a)] {
                    if let Some(other) = self.number(other) {
                        self.numbers(step, own, |aim| aim.div(&other));
                    }
                }
            }
            Op::Divide(a, b) => {
                if let Some(b) = self.number(*b) {
                    self.numbers(*a, own, |aim| Some(aim.mul(&b)));
                }
                if let Some(a) = self.number(*a) {
                    self.numbers(*b, own, |aim| a.div(aim));
                }
            }
            Op::WeightedSum(terms) => self.terms(terms, own, false),
            Op::WeightedMean(terms) => self.terms(terms, own, true),
            Op::DaysBetween(a, b) => self.days_between(*a, *b, own),
            Op::AddDays(day, days) => self.add_days(*day, *days, own),
            Op::AddMonths(from, months, _) => {
                let months = self.number(*months).and_then(|it| it.neg().to_i64());
                let months = months.and_then(|it| i32::try_from(it).ok());
                let days = own.days.iter().filter_map(|day| day.add_months(months?, MonthEnd::Last));
                for day in days.collect::<Vec<_>>() {
                    self.aim(*from, &Value::Date(day));
                }
            }
            _ => {}
        }
    }

    /// What one term has to be, with the others as they are, for the sum or mean to reach an aim.
    fn terms(&mut self, terms: &[(Number, StepId)], own: &Aims, mean: bool) {
        for (place, (weight, step)) in terms.iter().enumerate() {
            let (mut sum, mut weights) = (Number::ZERO, weight.clone());
            for (_, (other, step)) in terms.iter().enumerate().filter(|(at, _)| *at != place) {
                if let Some(value) = self.number(*step) {
                    sum = sum.add(&value.mul(other));
                    weights = weights.add(other);
                }
            }
            let whole = if mean { weights } else { Number::ONE };
            self.numbers(*step, own, |aim| aim.mul(&whole).sub(&sum).div(weight));
        }
    }

    fn days_between(&mut self, a: StepId, b: StepId, own: &Aims) {
        let spans: Vec<i64> = own.numbers.iter().filter_map(|it| it.floor().to_i64()).collect();
        if let Some(Value::Date(b)) = self.value(b).cloned() {
            for day in spans.iter().filter_map(|span| b.add_days(*span)).collect::<Vec<_>>() {
                self.aim(a, &Value::Date(day));
            }
        }
        if let Some(Value::Date(a)) = self.value(a).cloned() {
            for day in spans.iter().filter_map(|span| a.add_days(span.checked_neg()?)).collect::<Vec<_>>() {
                self.aim(b, &Value::Date(day));
            }
        }
    }

    fn add_days(&mut self, day: StepId, days: StepId, own: &Aims) {
        if let Some(span) = self.number(days).and_then(|it| it.neg().to_i64()) {
            for aim in own.days.iter().filter_map(|aim| aim.add_days(span)).collect::<Vec<_>>() {
                self.aim(day, &Value::Date(aim));
            }
        }
        if let Some(Value::Date(from)) = self.value(day).cloned() {
            for aim in &own.days {
                self.aim(days, &Value::Number(Number::from_i64(from.days_until(*aim))));
            }
        }
    }
}
