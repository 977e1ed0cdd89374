//! The interpreter: one customer at a time, step by step.
//!
//! All that does not depend on the customer is done once, in [`Program::prepare`]: which steps a decision needs, what
//! comes out of those that rest on constants, parameters and the day alone. What is left is a walk over a list of steps;
//! every value has its slot, and the slots are kept from one customer to the next.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::facts::{Facts, Records};
use super::ops::{self, Computed};
use super::script_host::{ScriptFailure, ScriptHost};
use super::trace::Observer;
use crate::base::Idx;
use crate::plan::{self, Op, Plan, Scope, Silence, Step, StepId};
use crate::value::{Calendar, Cause, Date, Enum, FieldId, Number, Precision, Rounding, Style, Type, Value};

/// What a decision depends on beside the policy and the customer.
#[derive(Clone)]
pub struct Env<'e> {
    /// The as-of date.
    pub today: Date,
    /// The parameters, by their number in [`Plan::params`]; one that is not there has its default.
    pub params: Vec<Value>,
    /// The calendars; those of the plan are found by their names.
    pub calendars: &'e [Calendar],
    /// What calls the functions of scripts; without it every call fails.
    pub scripts: Option<&'e dyn ScriptHost>,
}

impl<'e> Env<'e> {
    /// A day, with all parameters at their defaults, without calendars and scripts.
    #[must_use]
    pub fn on(today: Date) -> Env<'e> {
        Env { today, params: Vec::new(), calendars: &[], scripts: None }
    }
}

/// Where the value of a step is found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Home {
    /// Nowhere: the step is not run.
    Absent,
    /// In the slots, the same for every customer.
    Fixed,
    /// In the slots.
    Customer,
    /// With each item of the list of this place.
    Items(u32),
}

/// A step that is run for each customer.
struct Instruction<'p> {
    id: StepId,
    step: &'p Step,
    home: Home,
}

/// A plan made ready to be run for some of its steps on one day: the steps needed in their order, all that is constant
/// already computed.
pub struct Program<'p> {
    pub(super) plan: &'p Plan,
    pub(super) env: Env<'p>,
    calendars: Vec<Option<&'p Calendar>>,
    code: Vec<Instruction<'p>>,
    homes: Vec<Home>,
    /// The lists whose items are computed.
    lists: Vec<FieldId>,
    /// By the number of each step: what is constant; the rest is filled in for each customer.
    fixed: Vec<Value>,
}

/// What a [`Program`] works in, kept from customer to customer.
pub struct Scratch {
    slots: Vec<Value>,
    /// Values of items: those of one step side by side.
    arena: Vec<Value>,
    /// By the number of each step, where its values begin in the arena.
    bases: Vec<usize>,
    /// By the place of each list, how many items it has.
    items: Vec<usize>,
    pub(super) failures: Vec<ScriptFailure>,
}

/// What stands where no step was run.
static NOTHING: Value = Value::Unknown(Cause::NotComputable(u32::MAX));

const NO_BASE: usize = usize::MAX;

impl<'p> Program<'p> {
    /// Makes a plan ready to compute some steps; a given step is not computed, its value stands (for each item, where it
    /// is one of items).
    #[must_use]
    pub fn prepare(
        plan: &'p Plan,
        targets: &[StepId],
        given: &[(StepId, Value)],
        env: &Env<'p>,
    ) -> Program<'p> {
        let ids: BTreeSet<StepId> = given.iter().map(|(id, _)| *id).collect();
        let calendars = plan
            .calendars
            .iter()
            .map(|name| env.calendars.iter().find(|calendar| calendar.name() == name))
            .collect();
        let mut program = Program {
            plan,
            env: env.clone(),
            calendars,
            code: Vec::new(),
            homes: vec![Home::Absent; plan.steps.len()],
            lists: Vec::new(),
            fixed: vec![NOTHING.clone(); plan.steps.len()],
        };
        for id in plan::slice(plan, targets, &ids) {
            let Some(step) = plan.steps.get(id) else { continue };
            let stands = given.iter().find(|(given, _)| *given == id).map(|(_, value)| value.clone());
            match stands.or_else(|| program.constant(id, step)) {
                Some(value) => program.fix(id, value),
                None => program.run_each(id, step),
            }
        }
        program
    }

    fn fix(&mut self, id: StepId, value: Value) {
        if let (Some(slot), Some(home)) = (self.fixed.get_mut(id.place()), self.homes.get_mut(id.place())) {
            *slot = value;
            *home = Home::Fixed;
        }
    }

    fn run_each(&mut self, id: StepId, step: &'p Step) {
        let home = match (&step.op, step.scope) {
            // What is read of the customer is one value, wherever it is written.
            (Op::Fact(_) | Op::Aggregate { .. }, _) | (_, Scope::Customer) => Home::Customer,
            (_, Scope::Items(list)) => {
                let place = self.lists.iter().position(|other| *other == list).unwrap_or_else(|| {
                    self.lists.push(list);
                    self.lists.len().saturating_sub(1)
                });
                Home::Items(u32::try_from(place).unwrap_or(u32::MAX))
            }
        };
        if let Some(place) = self.homes.get_mut(id.place()) {
            *place = home;
        }
        self.code.push(Instruction { id, step, home });
    }

    /// The value of a step that rests on nothing of the customer.
    fn constant(&self, id: StepId, step: &Step) -> Option<Value> {
        match &step.op {
            Op::Fact(_) | Op::Field(..) | Op::Aggregate { .. } | Op::Lookup { .. } | Op::Script(..) => {
                return None;
            }
            Op::Param(number) => {
                let set = self.env.params.get(*number as usize);
                let default = || self.plan.params.get(*number as usize).map(|param| &param.default);
                return set.or_else(default).cloned();
            }
            _ => {}
        }
        let mut constant = true;
        step.op.each_operand(|operand| {
            constant &= self.homes.get(operand.place()) == Some(&Home::Fixed);
        });
        let read = Customer { slots: &self.fixed };
        constant.then(|| self.compute(id, step, read).unwrap_or_else(Value::Unknown))
    }

    /// An empty working place for this program and no other.
    #[must_use]
    pub fn scratch(&self) -> Scratch {
        Scratch {
            slots: self.fixed.clone(),
            arena: Vec::new(),
            bases: vec![NO_BASE; self.fixed.len()],
            items: vec![0; self.lists.len()],
            failures: Vec::new(),
        }
    }

    /// How many steps are run for each customer; those of items once for each.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.code.len()
    }

    /// Whether a step is computed or stands.
    #[must_use]
    pub fn has(&self, step: StepId) -> bool {
        self.homes.get(step.place()).is_some_and(|home| *home != Home::Absent)
    }

    /// Runs all steps over the facts of one customer. The values stay in `scratch` until the next run.
    pub fn run<O: Observer>(&self, facts: &Facts, scratch: &mut Scratch, observer: &mut O) {
        self.make_room(facts, scratch);
        if O::WATCHES {
            self.tell_fixed(observer);
        }
        for instruction in &self.code {
            let place = instruction.id.place();
            match instruction.home {
                Home::Items(list) => {
                    let items = scratch.items.get(list as usize).copied().unwrap_or(0);
                    self.run_items(instruction, items, facts, scratch);
                    if O::WATCHES {
                        observer.items(instruction.id, scratch.values(instruction.id, items));
                    }
                }
                Home::Customer | Home::Fixed | Home::Absent => {
                    let value = self.run_customer(instruction, facts, scratch);
                    if O::WATCHES {
                        observer.customer(instruction.id, &value);
                    }
                    if let Some(slot) = scratch.slots.get_mut(place) {
                        *slot = value;
                    }
                }
            }
        }
    }

    fn tell_fixed<O: Observer>(&self, observer: &mut O) {
        for (place, (home, value)) in self.homes.iter().zip(&self.fixed).enumerate() {
            if *home == Home::Fixed {
                observer.customer(StepId::new(place), value);
            }
        }
    }

    /// Counts the items and gives each item step its place in the arena.
    fn make_room(&self, facts: &Facts, scratch: &mut Scratch) {
        scratch.failures.clear();
        for (items, list) in scratch.items.iter_mut().zip(&self.lists) {
            *items = facts.records(*list).map_or(0, |records| records.items);
        }
        if self.lists.is_empty() {
            return;
        }
        let mut end = 0_usize;
        for instruction in &self.code {
            if let Home::Items(list) = instruction.home {
                if let Some(base) = scratch.bases.get_mut(instruction.id.place()) {
                    *base = end;
                }
                end = end.saturating_add(scratch.items.get(list as usize).copied().unwrap_or(0));
            }
        }
        if scratch.arena.len() < end {
            scratch.arena.resize(end, Value::Bool(false));
        }
    }

    fn run_items(&self, instruction: &Instruction<'_>, items: usize, facts: &Facts, scratch: &mut Scratch) {
        let Scratch { slots, arena, bases, failures, .. } = scratch;
        let base = bases.get(instruction.id.place()).copied().unwrap_or(NO_BASE);
        let Some((before, rest)) = arena.split_at_mut_checked(base) else { return };
        let Some(own) = rest.get_mut(..items) else { return };
        if let Op::Field(list, field) = &instruction.step.op {
            let column = facts.records(*list).and_then(|records| records.columns.get(*field as usize));
            for (value, given) in own.iter_mut().zip(column.into_iter().flatten()) {
                value.clone_from(given);
            }
            return;
        }
        for (item, value) in own.iter_mut().enumerate() {
            let read = Item { slots, arena: before, bases, item };
            *value = match &instruction.step.op {
                Op::Lookup { list, key, field } => {
                    let key = key.as_ref().map(|(at, step)| (*at, read.get(*step)));
                    lookup(facts.records(*list), *list, key, *field, instruction.id)
                }
                Op::Script(function, of) => {
                    self.call(*function, of, read, instruction.id, Some(item), failures)
                }
                _ => self.compute(instruction.id, instruction.step, read),
            }
            .unwrap_or_else(Value::Unknown);
        }
    }

    #[inline]
    fn run_customer(&self, instruction: &Instruction<'_>, facts: &Facts, scratch: &mut Scratch) -> Value {
        let id = instruction.id;
        let read = Customer { slots: &scratch.slots };
        match &instruction.step.op {
            Op::Fact(field) => return facts.value(*field).unwrap_or(&NOTHING).clone(),
            Op::Aggregate { function, known, list, operand, filter } => match facts.value(*list) {
                Some(Value::Unknown(cause)) => Err(*cause),
                Some(_) | None => {
                    let Scratch { slots, arena, bases, .. } = &*scratch;
                    let items = facts.records(*list).map_or(0, |records| records.items);
                    let items = (0..items).map(move |item| {
                        let read = Item { slots, arena, bases, item };
                        (filter.map(|step| read.get(step)), operand.map(|step| read.get(step)))
                    });
                    ops::aggregate(*function, *known, items, id.0)
                }
            },
            Op::Lookup { list, key, field } => {
                let key = key.as_ref().map(|(at, step)| (*at, read.get(*step)));
                lookup(facts.records(*list), *list, key, *field, id)
            }
            Op::Script(function, of) => self.call(*function, of, read, id, None, &mut scratch.failures),
            _ => self.compute(id, instruction.step, read),
        }
        .unwrap_or_else(Value::Unknown)
    }

    fn call<'v>(
        &self,
        function: u32,
        of: &[StepId],
        read: impl Read<'v>,
        id: StepId,
        item: Option<usize>,
        failures: &mut Vec<ScriptFailure>,
    ) -> Computed {
        let mut values = Vec::with_capacity(of.len());
        for step in of {
            match read.get(*step) {
                Value::Unknown(cause) => return Err(*cause),
                known => values.push(known.clone()),
            }
        }
        let failed = match self.env.scripts.map(|host| host.call(function, &values)) {
            Some(Ok(value)) => return Ok(value),
            Some(Err(error)) => error.message,
            None => "there is nothing that calls scripts".into(),
        };
        failures.push(ScriptFailure { step: id, item, function, message: failed });
        Err(Cause::Script(id.0))
    }

    /// What an operation makes of its operands. What reads facts is done by the caller, who has them.
    #[inline]
    fn compute<'v>(&self, id: StepId, step: &Step, read: impl Read<'v>) -> Computed {
        let at = id.0;
        let get = |step: &StepId| read.get(*step);
        match &step.op {
            Op::Const(value) => Ok(value.clone()),
            Op::Today => Ok(Value::Date(self.env.today)),
            Op::Same(of) => Ok(get(of).clone()),
            Op::Add(left, right) => ops::add(get(left), get(right), at),
            Op::Subtract(left, right) => ops::subtract(get(left), get(right), at),
            Op::Multiply(left, right) => ops::multiply(get(left), get(right), at),
            Op::Divide(left, right) => ops::divide(get(left), get(right), at),
            Op::Negate(of) => ops::negate(get(of), at),
            Op::Power(of, exponent) => ops::power(get(of), *exponent, at),
            Op::Round(of, rounding) => match figure(&step.ty, rounding) {
                Some(rounding) => ops::round(get(of), &rounding, at),
                None => ops::round(get(of), rounding, at),
            },
            Op::Floor(of) => ops::floor(get(of), at),
            Op::Pick { take, of, skip_unknown } => ops::pick(*take, *skip_unknown, of.iter().map(get), at),
            Op::WeightedMean(terms) => ops::weighted_mean(terms.iter().map(|(w, of)| (w, get(of))), at),
            Op::WeightedSum(terms) => Ok(ops::weighted_sum(terms.iter().map(|(w, of)| (w, get(of))))),
            Op::KnownWeight(terms) => Ok(ops::known_weight(terms.iter().map(|(w, of)| (w, get(of))))),
            Op::Compare(how, left, right) => ops::compare(*how, get(left), get(right), at),
            Op::Equal(left, right) => ops::equal(get(left), get(right)),
            Op::OneOf(of, codes) => ops::one_of(get(of), codes, at),
            Op::Has(of, member) => ops::has(get(of), *member, at),
            Op::And(of) => ops::and(of.iter().map(get), at),
            Op::Or(of) => ops::or(of.iter().map(get), at),
            Op::Not(of) => ops::not(get(of), at),
            Op::AtLeast(least, of) => ops::at_least(*least, of.iter().map(get), at),
            Op::IsKnown(of) => Ok(Value::Bool(get(of).is_known())),
            Op::IfUnknown(of, otherwise) => match get(of) {
                Value::Unknown(_) => Ok(get(otherwise).clone()),
                known => Ok(known.clone()),
            },
            Op::If(condition, then, otherwise) => {
                let taken = if ops::truth(get(condition), at)? { then } else { otherwise };
                Ok(get(taken).clone())
            }
            Op::FirstTrue(of) => ops::first_true(of.iter().map(get), at),
            Op::Choose(place, of) => {
                let place = ops::code(get(place), at)? as usize;
                of.get(place).map(get).cloned().ok_or(Cause::NotComputable(at))
            }
            Op::Collect(of) => ops::collect(of.iter().map(|(condition, code)| (get(condition), *code)), at),
            Op::Unknown(silence) => Err(match silence {
                Silence::Unknown | Silence::TooLittleKnown => Cause::NotComputable(at),
                Silence::Withheld => Cause::Withheld(at),
                Silence::Referred => Cause::Referred(at),
                Silence::Refused => Cause::Refused(at),
            }),
            Op::Rank(of, scale) => rank(ops::code(get(of), at)?, self.plan.schema.enums.get(*scale), at),
            Op::OfRank(of, scale) => {
                of_rank(ops::number(get(of), at)?, self.plan.schema.enums.get(*scale), at)
            }
            Op::AddDays(from, days) => ops::add_days(get(from), get(days), at),
            Op::AddBusinessDays(from, days, calendar) => {
                ops::add_business_days(get(from), get(days), self.calendar(*calendar), at)
            }
            Op::ToBusinessDay(of, holiday, calendar) => {
                ops::to_business_day(get(of), *holiday, self.calendar(*calendar), at)
            }
            Op::AddMonths(from, months, end) => ops::add_months(get(from), get(months), *end, at),
            Op::DaysBetween(to, from) => ops::days_between(get(to), get(from), at),
            Op::EndOfMonth(of) => ops::end_of_month(get(of), at),
            Op::PeriodStart(of, period, later) => ops::period_start(get(of), *period, *later, at),
            Op::ListAggregate { function, known, list } => {
                let values = ops::list(get(list), at)?;
                ops::aggregate(*function, *known, values.iter().map(|value| (None, Some(value))), at)
            }
            Op::ListWeightedMean(list, weights) => ops::list_weighted_mean(get(list), weights, at),
            Op::List(of) => {
                let mut values = Vec::with_capacity(of.len());
                for step in of {
                    match get(step) {
                        Value::Unknown(cause) => return Err(*cause),
                        known => values.push(known.clone()),
                    }
                }
                Ok(Value::List(Arc::from(values)))
            }
            // Facts are read by the caller, parameters are constant: neither comes here.
            Op::Fact(_)
            | Op::Field(..)
            | Op::Param(_)
            | Op::Aggregate { .. }
            | Op::Lookup { .. }
            | Op::Script(..) => Err(Cause::NotComputable(at)),
        }
    }

    fn calendar(&self, number: u32) -> Option<&'p Calendar> {
        self.calendars.get(number as usize).copied().flatten()
    }
}

impl Scratch {
    /// The value of a step: of the customer, or of this item.
    pub(super) fn value(&self, step: StepId, item: usize) -> &Value {
        Item { slots: &self.slots, arena: &self.arena, bases: &self.bases, item }.get(step)
    }

    /// The values of an item step, one an item.
    fn values(&self, step: StepId, items: usize) -> &[Value] {
        let base = self.bases.get(step.place()).copied().unwrap_or(NO_BASE);
        self.arena.get(base..).and_then(|rest| rest.get(..items)).unwrap_or(&[])
    }
}

/// Where operands are read.
trait Read<'v>: Copy {
    fn get(self, step: StepId) -> &'v Value;
}

/// The operands of a step of the customer.
#[derive(Clone, Copy)]
struct Customer<'r> {
    slots: &'r [Value],
}

impl<'v> Read<'v> for Customer<'v> {
    #[inline]
    fn get(self, step: StepId) -> &'v Value {
        self.slots.get(step.place()).unwrap_or(&NOTHING)
    }
}

/// The operands of a step of an item: of the same item, or of the customer.
#[derive(Clone, Copy)]
struct Item<'r> {
    slots: &'r [Value],
    arena: &'r [Value],
    bases: &'r [usize],
    item: usize,
}

impl<'v> Read<'v> for Item<'v> {
    #[inline]
    fn get(self, step: StepId) -> &'v Value {
        let value = match self.bases.get(step.place()) {
            None | Some(&NO_BASE) => self.slots.get(step.place()),
            Some(base) => self.arena.get(base.saturating_add(self.item)),
        };
        value.unwrap_or(&NOTHING)
    }
}

/// The rounding of a percent: its decimals are those of the figure, its value is the fraction.
fn figure(ty: &Type, rounding: &Rounding) -> Option<Rounding> {
    let percent = ty.unit().is_some_and(|unit| unit.is_plain() && unit.style == Style::Percent);
    match rounding.precision {
        Precision::Decimals(decimals) if percent => {
            Some(Rounding { mode: rounding.mode, precision: Precision::Decimals(decimals.saturating_add(2)) })
        }
        Precision::Decimals(_) | Precision::Multiples(_) => None,
    }
}

/// The place of a member in its order.
fn rank(code: u32, scale: Option<&Enum>, at: u32) -> Computed {
    match scale.and_then(|scale| scale.member(code)) {
        Some(member) if !member.apart => Ok(Value::Number(Number::from(code))),
        Some(_) | None => Err(Cause::NotComputable(at)),
    }
}

/// The member at a place in the order.
fn of_rank(place: &Number, scale: Option<&Enum>, at: u32) -> Computed {
    place
        .to_i64()
        .and_then(|place| u32::try_from(place).ok())
        .filter(|place| scale.and_then(|scale| scale.member(*place)).is_some_and(|member| !member.apart))
        .map(Value::Code)
        .ok_or(Cause::NotComputable(at))
}

/// A field of the record with this key; of the only record where there is no key.
fn lookup(
    records: Option<&Records>,
    list: FieldId,
    key: Option<(u32, &Value)>,
    field: u32,
    at: StepId,
) -> Computed {
    let missing = Cause::Missing(list.0);
    let records = records.ok_or(missing)?;
    let item = match key {
        Some((_, Value::Unknown(cause))) => return Err(*cause),
        Some((place, key)) => {
            let keys = records.columns.get(place as usize).ok_or(missing)?;
            keys.iter().position(|other| other == key).ok_or(missing)?
        }
        None if records.items > 1 => return Err(Cause::NotComputable(at.0)),
        None => 0,
    };
    match records.columns.get(field as usize).and_then(|column| column.get(item)) {
        Some(Value::Unknown(cause)) => Err(*cause),
        Some(value) => Ok(value.clone()),
        None => Err(missing),
    }
}
