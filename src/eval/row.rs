//! The interpreter: one customer at a time, step by step.
//!
//! All that does not depend on the customer is done once, in [`Program::prepare`]: which steps a decision needs, what
//! comes out of those that rest on constants, parameters and the day alone. What is left is a walk over a list of steps;
//! every value has its slot, and the slots are kept from one customer to the next.

use std::collections::BTreeSet;

use super::along;
use super::book::Book;
use super::facts::Facts;
use super::ops::{self, Computed};
use super::script_host::{ScriptFailure, ScriptHost};
use super::signatures;
use super::signed_on;
use super::step::{ByKey, Customer, Item, NO_BASE, NOTHING, Read, SHORT, known, lookup};
use super::trace::Observer;
use crate::base::{Idx, Label, Str};
use crate::plan::{self, GivenItems, Op, Plan, Scope, SignedOn, Step, StepId};
use crate::value::{Calendar, Cause, Date, FieldId, Precision, Rounding, Style, Value};

/// What a decision depends on beside the policy and the customer.
#[derive(Clone)]
pub struct Env<'e> {
    /// The as-of date.
    pub today: Date,
    /// The parameters, by their number in [`Plan::params`]; one that is not there has its default.
    pub params: Vec<Value>,
    /// The calendars of the plan, in the order of [`Plan::calendars`]. A day that is asked of one that is not there is unknown.
    pub calendars: &'e [Calendar],
    /// What calls the functions of scripts; without it every call fails.
    pub scripts: Option<&'e dyn ScriptHost>,
    /// The book of all customers; without it, what a policy reads of the book is unknown.
    pub book: Option<&'e Book>,
}

impl<'e> Env<'e> {
    /// A day, with all parameters at their defaults, without calendars and scripts.
    #[must_use]
    pub fn on(today: Date) -> Env<'e> {
        Env { today, params: Vec::new(), calendars: &[], scripts: None, book: None }
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
struct Instruction {
    id: StepId,
    home: Home,
    /// A copy, so that the walk over the steps stays in one piece of memory.
    op: Op,
}

/// A plan made ready to be run for some of its steps on one day: the steps needed in their order, all that is constant
/// already computed.
pub struct Program<'p> {
    pub(super) plan: &'p Plan,
    pub(super) env: Env<'p>,
    pub(super) calendars: Vec<Option<&'p Calendar>>,
    code: Vec<Instruction>,
    homes: Vec<Home>,
    /// The lists whose items are computed.
    lists: Vec<FieldId>,
    /// By the number of each step: what is constant; the rest is filled in for each customer.
    fixed: Vec<Value>,
    /// The values of items that stand, in the run of a case.
    given: Vec<GivenItems>,
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
        Program::prepare_knowing(plan, targets, given, &[], env)
    }

    /// The same where some values of items stand, too.
    pub(super) fn prepare_given(
        plan: &'p Plan,
        targets: &[StepId],
        given: &[(StepId, Value)],
        items: &[GivenItems],
        env: &Env<'p>,
    ) -> Program<'p> {
        Program::ready(plan, targets, (given, items), &[], env)
    }

    /// The same where the values of some steps of the customer are known before each run; [`Scratch::know`] sets them.
    pub(super) fn prepare_knowing(
        plan: &'p Plan,
        targets: &[StepId],
        given: &[(StepId, Value)],
        known: &[StepId],
        env: &Env<'p>,
    ) -> Program<'p> {
        Program::ready(plan, targets, (given, &[]), known, env)
    }

    fn ready(
        plan: &'p Plan,
        targets: &[StepId],
        (given, items): (&[(StepId, Value)], &[GivenItems]),
        known: &[StepId],
        env: &Env<'p>,
    ) -> Program<'p> {
        let whole = items.iter().filter(|it| it.is_whole()).map(|it| it.step);
        let ids: BTreeSet<StepId> =
            given.iter().map(|(id, _)| *id).chain(known.iter().copied()).chain(whole).collect();
        let calendars = (0..plan.calendars.len()).map(|number| env.calendars.get(number)).collect();
        let mut program = Program {
            plan,
            env: env.clone(),
            calendars,
            code: Vec::new(),
            homes: vec![Home::Absent; plan.steps.len()],
            lists: Vec::new(),
            fixed: vec![NOTHING.clone(); plan.steps.len()],
            given: items.to_vec(),
        };
        for id in plan::slice(plan, targets, &ids) {
            let Some(step) = plan.steps.get(id) else { continue };
            if known.contains(&id) {
                if let Some(home) = program.homes.get_mut(id.place()) {
                    *home = Home::Customer;
                }
                continue;
            }
            if let Some(given) = items.iter().find(|given| given.step == id) {
                // What every item gives is not computed at all.
                let op = if given.is_whole() { Op::Const(NOTHING.clone()) } else { ready(step) };
                program.run_each(id, op, step.scope);
                continue;
            }
            let op = ready(step);
            let stands = given.iter().find(|(given, _)| *given == id).map(|(_, value)| value.clone());
            match stands.or_else(|| program.constant(id, &op)) {
                Some(value) => program.fix(id, value),
                None => program.run_each(id, op, step.scope),
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

    fn run_each(&mut self, id: StepId, op: Op, scope: Scope) {
        let home = match (&op, scope) {
            // What is read of the customer is one value, wherever it is written.
            (Op::Fact(_) | Op::Aggregate { .. } | Op::Latest { .. } | Op::Signed(_), _)
            | (_, Scope::Customer) => Home::Customer,
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
        self.code.push(Instruction { id, home, op });
    }

    /// The value of a step that rests on nothing of the customer.
    fn constant(&self, id: StepId, op: &Op) -> Option<Value> {
        match op {
            Op::Fact(_)
            | Op::Field(..)
            | Op::Aggregate { .. }
            | Op::Running { .. }
            | Op::Latest { .. }
            | Op::Lookup { .. }
            | Op::SignedOn(_)
            | Op::Signed(_)
            | Op::Script(..)
            | Op::Book(..) => return None,
            Op::Param(number) => {
                let set = self.env.params.get(*number as usize);
                let default = || self.plan.params.get(*number as usize).map(|param| &param.default);
                return set.or_else(default).cloned();
            }
            _ => {}
        }
        let mut constant = true;
        op.each_operand(|operand| {
            constant &= self.homes.get(operand.place()) == Some(&Home::Fixed);
        });
        constant.then(|| {
            let mut value = NOTHING.clone();
            self.compute(id.0, op, Customer { slots: &self.fixed }, &mut value);
            value
        })
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
            match instruction.home {
                Home::Items(list) => {
                    let items = scratch.items.get(list as usize).copied().unwrap_or(0);
                    self.run_items(instruction, items, facts, scratch);
                    if !self.given.is_empty() {
                        self.stand(instruction.id, items, scratch);
                    }
                    if O::WATCHES {
                        observer.items(instruction.id, scratch.values(instruction.id, items));
                    }
                }
                Home::Customer | Home::Fixed | Home::Absent => {
                    self.run_customer(instruction, facts, scratch);
                    if O::WATCHES {
                        observer.customer(instruction.id, scratch.value(instruction.id, 0));
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

    fn run_items(&self, instruction: &Instruction, items: usize, facts: &Facts, scratch: &mut Scratch) {
        let Scratch { slots, arena, bases, failures, .. } = scratch;
        let base = bases.get(instruction.id.place()).copied().unwrap_or(NO_BASE);
        let Some((before, rest)) = arena.split_at_mut_checked(base) else { return };
        let Some(own) = rest.get_mut(..items) else { return };
        if let Op::Field(list, field) = &instruction.op {
            let column = facts.records(*list).and_then(|records| records.columns.get(*field as usize));
            for (value, given) in own.iter_mut().zip(column.into_iter().flatten()) {
                value.clone_from(given);
            }
            return;
        }
        if let Op::Running { of, keys, .. } = &instruction.op {
            let before = &*before;
            let read = |item: usize| Item { slots, arena: before, bases, item };
            along::running(items, |item| read(item).get(*of), keys, |item, key| read(item).get(key), own);
            return;
        }
        // Few items: a walk over the records for each costs less than to sort them.
        let by_key = match &instruction.op {
            Op::Lookup { list, key: Some((key, _)), .. } if items > SHORT => {
                ByKey::of(facts.records(*list), *key)
            }
            _ => None,
        };
        for (item, value) in own.iter_mut().enumerate() {
            let read = Item { slots, arena: before, bases, item };
            match &instruction.op {
                Op::Lookup { list, key, field } => {
                    let key = key.as_ref().map(|(at, step)| (*at, read.get(*step)));
                    let found =
                        lookup(facts.records(*list), by_key.as_ref(), *list, key, *field, instruction.id);
                    *value = found.unwrap_or_else(Value::Unknown);
                }
                Op::SignedOn(signed) => {
                    *value = self.signed_on(signed, facts, read, instruction.id);
                }
                Op::Script(function, of) => {
                    let given = self.call(*function, of, read, instruction.id, Some(item), failures);
                    *value = given.unwrap_or_else(Value::Unknown);
                }
                op => self.compute(instruction.id.0, op, read, value),
            }
        }
    }

    /// Puts the values of items that a case gives in the place of the computed ones.
    fn stand(&self, id: StepId, items: usize, scratch: &mut Scratch) {
        let Some(given) = self.given.iter().find(|given| given.step == id) else { return };
        let base = scratch.bases.get(id.place()).copied().unwrap_or(NO_BASE);
        let own = scratch.arena.get_mut(base..base.saturating_add(items)).unwrap_or_default();
        for (value, given) in own.iter_mut().zip(&given.values) {
            if let Some(given) = given {
                value.clone_from(given);
            }
        }
    }

    #[inline]
    fn run_customer(&self, instruction: &Instruction, facts: &Facts, scratch: &mut Scratch) {
        let id = instruction.id;
        let Scratch { slots, arena, bases, failures, .. } = scratch;
        // INVARIANT: a step reads only steps before it.
        let Some((before, rest)) = slots.split_at_mut_checked(id.place()) else { return };
        let Some(value) = rest.first_mut() else { return };
        let read = Customer { slots: before };
        match &instruction.op {
            Op::Fact(field) => value.clone_from(facts.value(*field).unwrap_or(&NOTHING)),
            Op::Aggregate { function, known, list, operand, filter } => {
                let computed = match facts.value(*list) {
                    Some(Value::Unknown(cause)) => Err(*cause),
                    Some(_) | None => {
                        let items = facts.records(*list).map_or(0, |records| records.items);
                        let (slots, arena, bases) = (&*before, arena.as_slice(), bases.as_slice());
                        let items = (0..items).map(move |item| {
                            let read = Item { slots, arena, bases, item };
                            (filter.map(|step| read.get(step)), operand.map(|step| read.get(step)))
                        });
                        ops::aggregate(*function, *known, items, id.0)
                    }
                };
                *value = computed.unwrap_or_else(Value::Unknown);
            }
            Op::Latest { list, of, keys, filter } => {
                let computed = match facts.value(*list) {
                    Some(Value::Unknown(cause)) => Err(*cause),
                    Some(_) | None => {
                        let items = facts.records(*list).map_or(0, |records| records.items);
                        let (slots, arena, bases) = (&*before, arena.as_slice(), bases.as_slice());
                        let read = |item: usize, step: StepId| Item { slots, arena, bases, item }.get(step);
                        along::latest(items, *of, keys, *filter, read, id.0)
                    }
                };
                *value = computed.unwrap_or_else(Value::Unknown);
            }
            Op::Signed(signed) => {
                let records = facts.records(signed.list).map_or(0, |records| records.items);
                let read = OfRecords { slots: before, arena, bases };
                *value = match facts.value(signed.list) {
                    Some(Value::Unknown(cause)) => Value::Unknown(*cause),
                    Some(_) | None => signatures::result(signed, records, &read, id.0),
                };
            }
            Op::Lookup { list, key, field } => {
                let key = key.as_ref().map(|(at, step)| (*at, read.get(*step)));
                *value =
                    lookup(facts.records(*list), None, *list, key, *field, id).unwrap_or_else(Value::Unknown);
            }
            Op::SignedOn(signed) => *value = self.signed_on(signed, facts, read, id),
            Op::Script(function, of) => {
                *value = self.call(*function, of, read, id, None, failures).unwrap_or_else(Value::Unknown);
            }
            Op::Book(entry, part, key) => {
                let key = key.map(|key| (key, read.get(key)));
                let found = match self.env.book {
                    Some(book) => book.read(self.plan, *entry, *part, key, &facts.id, id.0),
                    None => Err(Cause::Book(id.0)),
                };
                *value = found.unwrap_or_else(Value::Unknown);
            }
            op => self.compute(id.0, op, read, value),
        }
    }

    /// The day since which something is signed. A list that is not given holds no signature.
    fn signed_on<'v>(&self, signed: &SignedOn, facts: &Facts, read: impl Read<'v>, id: StepId) -> Value {
        let subject = read.get(signed.subject);
        let amount = match signed.amount.map(|amount| read.get(amount)) {
            Some(unknown @ Value::Unknown(_)) => return unknown.clone(),
            Some(amount) => amount.as_number(),
            None => None,
        };
        let found = facts
            .records(signed.list)
            .and_then(|records| signed_on::signed_on(records, subject, &signed.ways, amount, self.env.today));
        found.map_or(Value::Unknown(Cause::NotComputable(id.0)), Value::Date)
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
        let values = known(of, read)?;
        let failed = match self.env.scripts.map(|host| host.call(function, &values)) {
            Some(Ok(value)) => return Ok(value),
            Some(Err(error)) => error.message,
            None => Label {
                en: Str::from("there is nothing that calls scripts"),
                zh: Str::from("没有可调用脚本的程序"),
            },
        };
        failures.push(ScriptFailure { step: id, item, function, message: failed });
        Err(Cause::Script(id.0))
    }
}

/// The steps of the customer, and those of the records of a list.
struct OfRecords<'r> {
    slots: &'r [Value],
    arena: &'r [Value],
    bases: &'r [usize],
}

impl signatures::Signatures for OfRecords<'_> {
    fn value(&self, step: StepId) -> &Value {
        Customer { slots: self.slots }.get(step)
    }

    fn of_record(&self, step: StepId, item: usize) -> &Value {
        Item { slots: self.slots, arena: self.arena, bases: self.bases, item }.get(step)
    }
}

impl Scratch {
    /// Sets the value of a step of the customer that is known before the run.
    pub(super) fn know(&mut self, step: StepId, value: &Value) {
        if let Some(slot) = self.slots.get_mut(step.place()) {
            slot.clone_from(value);
        }
    }

    /// The value that the last run gave a step: of the customer, or of this item.
    #[must_use]
    pub fn value(&self, step: StepId, item: usize) -> &Value {
        Item { slots: &self.slots, arena: &self.arena, bases: &self.bases, item }.get(step)
    }

    /// The values of an item step, one an item.
    fn values(&self, step: StepId, items: usize) -> &[Value] {
        let base = self.bases.get(step.place()).copied().unwrap_or(NO_BASE);
        self.arena.get(base..).and_then(|rest| rest.get(..items)).unwrap_or(&[])
    }
}

/// The operation of a step, made ready: the decimals of a percent are those of the figure, its value is the fraction.
fn ready(step: &Step) -> Op {
    let percent = step.ty.unit().is_some_and(|unit| unit.is_plain() && unit.style == Style::Percent);
    match &step.op {
        Op::Round(of, Rounding { mode, precision: Precision::Decimals(decimals) }) if percent => {
            let precision = Precision::Decimals(decimals.saturating_add(2));
            Op::Round(*of, Rounding { mode: *mode, precision })
        }
        op => op.clone(),
    }
}
