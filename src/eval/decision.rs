//! What is decided of one customer.

use std::collections::BTreeSet;

use super::checks::{self, CheckRecord};
use super::facts::Facts;
use super::reasons::{self, OpenQuestion, Probes, ReasonRef, ReasonSource};
use super::row::{Env, Program, Scratch};
use super::script_host::ScriptFailure;
use super::trace::Observer;
use crate::base::{Idx, Str};
use crate::plan::{
    self, ChecksItem, DecisionItem, EscalationItem, GivenItems, GrantsItem, ItemId, ItemKind, LadderRung,
    OutputItem, Plan, Scope, Step, StepId, TacticsRow,
};
use crate::value::{Cause, Date, FieldId, FieldType, Number, Value};

/// The most digits that an output may have.
pub const MOST_DIGITS: u32 = 28;

/// What is decided of one customer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// The customer's key.
    pub id: Str,
    /// Which decision, by its place in [`Plan::decisions`].
    pub decision: usize,
    /// The as-of date.
    pub as_of: Date,
    /// How far it is decided.
    pub status: Status,
    /// The outputs, in the order in which the decision lists them. Where a fault withholds the decision, all unknown.
    pub values: Vec<OutputValue>,
    /// The rules that applied and say why, in the order of the policy; behind them why outputs are unknown.
    pub reasons: Vec<ReasonRef>,
    /// The questions that roles have not answered.
    pub open: Vec<OpenQuestion>,
    /// What went wrong with this customer.
    pub faults: Vec<Fault>,
}

/// How far a customer is decided.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Status {
    /// It is decided.
    Final,
    /// A role has still to answer.
    Open,
    /// The policy refuses to decide on what is known.
    Refused,
    /// A fault withholds the decision.
    Withheld,
}

impl Status {
    /// The word for it in files: `final`, `open`, `refused`, `withheld`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::Final => "final",
            Status::Open => "open",
            Status::Refused => "refused",
            Status::Withheld => "withheld",
        }
    }
}

/// An output of a decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutputValue {
    /// What it is.
    pub outcome: Outcome,
    /// Since when it is so, where the policy reads that of its last decision: the as-of date for what is new.
    pub since: Option<Date>,
}

/// What an output is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// A value of the customer.
    One(Value),
    /// A value of each item of a list.
    Items(Vec<ItemValue>),
    /// Where the items of a list stand on a ladder; those that are on it. A ladder of the customer has one record.
    Ladder(Vec<LadderRecord>),
    /// What order checks come to for each item of a list. Checks on the customer have one record.
    Checks(Vec<CheckRecord>),
}

/// A value of an item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ItemValue {
    /// The item, by its place in its list.
    pub item: usize,
    /// The item's key, where its list has one.
    pub key: Option<Value>,
    /// The value.
    pub value: Value,
}

/// Where an item (or the customer) stands on a ladder. What there is none of is unknown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LadderRecord {
    /// The item, by its place in its list; none for a ladder of the customer.
    pub item: Option<usize>,
    /// The item's key, where its list has one.
    pub key: Option<Value>,
    /// The step in force, a code.
    pub step: Value,
    /// Its day.
    pub day: Value,
    /// The step whose approval is missing.
    pub awaiting: Value,
    /// The step that comes next.
    pub next: Value,
    /// Its day.
    pub next_day: Value,
    /// Whether the step in force is to be acted on today.
    pub act: Value,
    /// Whether a hold stands.
    pub held: Value,
    /// The days for which the clock has stood.
    pub held_days: Value,
    /// Since when the standing hold stands.
    pub held_since: Value,
    /// The step last done.
    pub done: Value,
    /// The day on which it was done.
    pub done_on: Value,
    /// The row of the tactics, by its place.
    pub tactics: Option<usize>,
}

impl LadderRecord {
    /// The step in force with its actions and the roles that it tells and asks.
    #[must_use]
    pub fn rung<'p>(&self, ladder: &'p EscalationItem) -> Option<&'p LadderRung> {
        match self.step {
            Value::Code(code) => ladder.rungs.get(code as usize),
            _ => None,
        }
    }

    /// The tactics in the order to be tried, as codes of their kind.
    #[must_use]
    pub fn tactics<'p>(&self, ladder: &'p EscalationItem) -> &'p [u32] {
        let row = |rows: &'p Vec<TacticsRow>| rows.get(self.tactics?).map(|row| row.tactics.as_slice());
        ladder.tactics.as_ref().and_then(|(_, _, rows, _)| row(rows)).unwrap_or(&[])
    }
}

/// What went wrong with a customer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// What must always hold does not; the clause by its place in [`Plan::always`].
    Always(usize),
    /// It is not known whether what must always hold does, and why. It is noted and withholds nothing.
    AlwaysUnknown(usize, Cause),
    /// An output has more digits than can be handed on: the output by its place, and how many it has.
    Digits(usize, u32),
    /// The decimals of an output never end; the output by its place.
    Endless(usize),
    /// A script failed. What rests on it is unknown; it withholds nothing.
    Script(ScriptFailure),
    /// Decisions of persons of the same rank contradict each other: the judgement or exception, and who decided.
    Contradiction(ItemId, Vec<Str>),
}

impl Fault {
    /// Whether nothing may be granted on such a decision.
    #[must_use]
    pub fn withholds(&self) -> bool {
        match self {
            Fault::Always(_) | Fault::Digits(..) | Fault::Endless(_) | Fault::Contradiction(..) => true,
            Fault::AlwaysUnknown(..) | Fault::Script(_) => false,
        }
    }
}

/// One decision of a plan made ready for many customers on one day.
pub struct Decider<'p> {
    program: Program<'p>,
    place: usize,
    decision: &'p DecisionItem,
    outputs: Vec<Output<'p>>,
    /// The steps of the outputs, one by one.
    output_steps: Vec<StepId>,
    probes: Vec<Probes>,
    /// What persons have decided, of what the outputs rest on.
    grants: Vec<(ItemId, &'p GrantsItem)>,
    /// By the number of each step, whether the outputs rest on it.
    needed: Vec<bool>,
}

/// How an output is made.
struct Output<'p> {
    step: StepId,
    shape: Shape<'p>,
    /// The facts that hold the last value and the day since when.
    last: Option<(FieldId, FieldId)>,
    /// Whether its digits have to be counted: the plan could not bound them.
    counted: bool,
}

enum Shape<'p> {
    One,
    Items(FieldId),
    Ladder(&'p EscalationItem, Option<FieldId>),
    Checks(&'p ChecksItem, Option<FieldId>),
}

impl<'p> Decider<'p> {
    /// Makes a decision ready, with the steps that it needs and no others; `None` where the plan has no such decision.
    #[must_use]
    pub fn new(plan: &'p Plan, decision: usize, env: &Env<'p>) -> Option<Decider<'p>> {
        Decider::prepare(plan, decision, env, false)
    }

    /// The same with every step of the plan, so that a trace can tell also what did not count. It decides the same.
    #[must_use]
    pub fn whole(plan: &'p Plan, decision: usize, env: &Env<'p>) -> Option<Decider<'p>> {
        Decider::prepare(plan, decision, env, true)
    }

    fn prepare(plan: &'p Plan, place: usize, env: &Env<'p>, whole: bool) -> Option<Decider<'p>> {
        let decision = plan.decisions.get(place)?;
        let outputs: Vec<Output<'p>> =
            decision.outputs.iter().map(|output| Output::of(plan, output)).collect();
        let (needed, probes) = rest_on(plan, &outputs, &BTreeSet::new());
        let program = if whole {
            Program::prepare(plan, &plan.steps.ids().collect::<Vec<_>>(), &[], env)
        } else {
            Program::prepare(plan, &all_targets(plan, &outputs, &probes), &[], env)
        };
        Some(Decider::with(program, place, decision, outputs, needed, probes))
    }

    /// The same for a case, of which some values stand: what is given gives no reasons and asks nothing. With `every`, each step
    /// of the plan is run.
    pub(super) fn of_case(
        plan: &'p Plan,
        place: usize,
        given: &[(StepId, Value)],
        items: &[GivenItems],
        env: &Env<'p>,
        every: bool,
    ) -> Option<Decider<'p>> {
        let decision = plan.decisions.get(place)?;
        let outputs: Vec<Output<'p>> =
            decision.outputs.iter().map(|output| Output::of(plan, output)).collect();
        let whole = items.iter().filter(|it| it.is_whole()).map(|it| it.step);
        let stands: BTreeSet<StepId> = given.iter().map(|(step, _)| *step).chain(whole).collect();
        let (needed, probes) = rest_on(plan, &outputs, &stands);
        let targets = match every {
            true => plan.steps.ids().collect(),
            false => all_targets(plan, &outputs, &probes),
        };
        let program = Program::prepare_given(plan, &targets, given, items, env);
        Some(Decider::with(program, place, decision, outputs, needed, probes))
    }

    fn with(
        program: Program<'p>,
        place: usize,
        decision: &'p DecisionItem,
        outputs: Vec<Output<'p>>,
        needed: Vec<bool>,
        probes: Vec<Probes>,
    ) -> Decider<'p> {
        let output_steps = outputs.iter().map(|output| output.step).collect();
        let rests = |grants: &GrantsItem| needed.get(grants.conflict.place()) == Some(&true);
        let grants = grants(program.plan).filter(|(_, it)| rests(it)).collect();
        Decider { program, place, decision, outputs, output_steps, probes, grants, needed }
    }

    /// The decision that it makes.
    #[must_use]
    pub fn decision(&self) -> &'p DecisionItem {
        self.decision
    }

    /// The steps that are run.
    #[must_use]
    pub fn program(&self) -> &Program<'p> {
        &self.program
    }

    /// A working place for this decision and no other, to be kept from customer to customer.
    #[must_use]
    pub fn scratch(&self) -> Scratch {
        self.program.scratch()
    }

    /// Decides one customer.
    pub fn decide<O: Observer>(&self, facts: &Facts, scratch: &mut Scratch, observer: &mut O) -> Decision {
        self.program.run(facts, scratch, observer);
        let mut values = Vec::with_capacity(self.outputs.len());
        let mut faults = Vec::new();
        for (place, output) in self.outputs.iter().enumerate() {
            let value = self.output(output, facts, scratch);
            if output.counted {
                faults.extend(digits(place, &value.outcome));
            }
            values.push(value);
        }
        let (mut reasons, mut open) = (Vec::new(), Vec::new());
        let items = |list: FieldId| facts.records(list).map_or(0, |records| records.items);
        reasons::collect(
            self.program.plan,
            &self.probes,
            &self.output_steps,
            &items,
            scratch,
            &mut reasons,
            &mut open,
        );
        self.always(scratch, &mut faults);
        faults.extend(self.contradictions(facts, scratch));
        let of_outputs = |failure: &ScriptFailure| self.needed.get(failure.step.place()) == Some(&true);
        faults.extend(
            scratch.failures.iter().filter(|failure| of_outputs(failure)).cloned().map(Fault::Script),
        );

        let mut status = if open.is_empty() { Status::Final } else { Status::Open };
        for (output, value) in values.iter().enumerate() {
            match &value.outcome {
                Outcome::One(Value::Unknown(cause)) => {
                    reasons.push(ReasonRef {
                        source: ReasonSource::Unknown { output, cause: *cause },
                        item: None,
                        lost: None,
                        added: None,
                        figures: Vec::new(),
                    });
                    status = status.max(status_of(*cause));
                }
                Outcome::Items(items) => {
                    for item in items {
                        if let Value::Unknown(cause) = item.value {
                            status = status.max(status_of(cause));
                        }
                    }
                }
                Outcome::Checks(records) => {
                    for record in records {
                        if let Value::Unknown(cause) = record.verdict {
                            status = status.max(status_of(cause));
                        }
                    }
                }
                Outcome::One(_) | Outcome::Ladder(_) => {}
            }
        }
        if faults.iter().any(Fault::withholds) {
            status = Status::Withheld;
            withhold(&self.outputs, &mut values);
        }
        let as_of = self.program.env.today;
        Decision { id: facts.id.clone(), decision: self.place, as_of, status, values, reasons, open, faults }
    }

    fn always(&self, scratch: &Scratch, faults: &mut Vec<Fault>) {
        for (place, always) in self.program.plan.always.iter().enumerate() {
            match scratch.value(always.holds, 0) {
                Value::Bool(true) => {}
                Value::Unknown(cause) => faults.push(Fault::AlwaysUnknown(place, *cause)),
                _ => faults.push(Fault::Always(place)),
            }
        }
    }

    /// The judgements and exceptions of which the persons contradict each other.
    fn contradictions(&self, facts: &Facts, scratch: &Scratch) -> Vec<Fault> {
        let torn = |grants: &GrantsItem| scratch.value(grants.conflict, 0) == &Value::Bool(true);
        let decided = self.grants.iter().filter(|(_, grants)| torn(grants));
        decided.map(|(item, grants)| Fault::Contradiction(*item, people(grants, facts, scratch))).collect()
    }

    fn output(&self, output: &Output<'_>, facts: &Facts, scratch: &Scratch) -> OutputValue {
        let outcome = match output.shape {
            Shape::One => Outcome::One(scratch.value(output.step, 0).clone()),
            Shape::Items(list) => Outcome::Items(
                keys(self.program.plan, facts, list)
                    .map(|(item, key)| ItemValue {
                        item,
                        key,
                        value: scratch.value(output.step, item).clone(),
                    })
                    .collect(),
            ),
            Shape::Checks(checks, None) => Outcome::Checks(vec![checks::record(checks, None, None, scratch)]),
            Shape::Checks(checks, Some(list)) => Outcome::Checks(
                keys(self.program.plan, facts, list)
                    .map(|(item, key)| checks::record(checks, Some(item), key, scratch))
                    .collect(),
            ),
            Shape::Ladder(ladder, None) => {
                Outcome::Ladder(self.record(ladder, None, None, scratch).into_iter().collect())
            }
            Shape::Ladder(ladder, Some(list)) => Outcome::Ladder(
                keys(self.program.plan, facts, list)
                    .filter_map(|(item, key)| self.record(ladder, Some(item), key, scratch))
                    .collect(),
            ),
        };
        let since = match (&outcome, output.last) {
            (Outcome::One(value), Some((last, since))) if value.is_known() => match facts.value(last) {
                Some(last) if last == value => match facts.value(since) {
                    Some(Value::Date(since)) => Some(*since),
                    _ => None,
                },
                _ => Some(self.program.env.today),
            },
            _ => None,
        };
        OutputValue { outcome, since }
    }

    /// Where an item stands on a ladder; `None` where it is not on it.
    fn record(
        &self,
        ladder: &EscalationItem,
        item: Option<usize>,
        key: Option<Value>,
        scratch: &Scratch,
    ) -> Option<LadderRecord> {
        let place = item.unwrap_or(0);
        let read = |step: StepId| scratch.value(step, place).clone();
        let entry = self.program.plan.rules.get(ladder.entry).and_then(|rule| rule.applies);
        if entry.is_some_and(|entry| scratch.value(entry, place) == &Value::Bool(false)) {
            return None;
        }
        let tactics =
            ladder.tactics.as_ref().and_then(|(_, _, _, chosen)| match scratch.value(*chosen, place) {
                Value::Code(row) => Some(*row as usize),
                _ => None,
            });
        Some(LadderRecord {
            item,
            key,
            step: read(ladder.step),
            day: read(ladder.day),
            awaiting: read(ladder.awaiting),
            next: read(ladder.next),
            next_day: read(ladder.next_day),
            act: read(ladder.act),
            held: read(ladder.held),
            held_days: read(ladder.held_days),
            held_since: read(ladder.held_since),
            done: read(ladder.done),
            done_on: read(ladder.done_on),
            tactics,
        })
    }
}

impl<'p> Output<'p> {
    fn of(plan: &'p Plan, output: &'p OutputItem) -> Output<'p> {
        let item = output.item.and_then(|item| plan.items.get(item));
        let step = plan.steps.get(output.step);
        let list = match step.map(|step| step.scope) {
            Some(Scope::Items(list)) => Some(list),
            Some(Scope::Customer) | None => None,
        };
        let whole = item.filter(|item| item.name == output.name);
        let shaped = whole.and_then(|item| match &item.kind {
            ItemKind::Escalation(ladder) => Some(Shape::Ladder(ladder, ladder.list)),
            ItemKind::Checks(checks) => Some(Shape::Checks(checks, checks.list)),
            ItemKind::Let
            | ItemKind::Table(_)
            | ItemKind::Scorecard(_)
            | ItemKind::Grades(_)
            | ItemKind::Correction(_)
            | ItemKind::Limit(_)
            | ItemKind::Total(_)
            | ItemKind::Allocation(_)
            | ItemKind::Triggers(_)
            | ItemKind::Judgement(_)
            | ItemKind::Override(_)
            | ItemKind::Book(_)
            | ItemKind::Authority(_)
            | ItemKind::Checklist(_) => None,
        });
        let shape = match (shaped, list) {
            (Some(shape), _) => shape,
            (None, Some(list)) => Shape::Items(list),
            (None, None) => Shape::One,
        };
        let last = plan.schema.last_of(&output.name).and_then(|last| Some((last.value?, last.since?)));
        Output { step: output.step, shape, last, counted: step.is_some_and(|step| !bounded(step)) }
    }

    /// The steps that the output needs.
    fn targets(&self, plan: &Plan) -> Vec<StepId> {
        let mut targets = vec![self.step];
        match self.shape {
            Shape::Ladder(ladder, _) => targets.extend(ladder_targets(plan, ladder)),
            Shape::Checks(checks, _) => targets.extend(checks::targets(plan, checks)),
            Shape::One | Shape::Items(_) => {}
        }
        targets
    }
}

/// The steps that a decision looks at: its outputs, all that a ladder tells of an item, what its reasons ask for, the
/// `always` clauses. What these rest on is what it needs.
#[must_use]
pub fn targets(plan: &Plan, decision: &DecisionItem) -> Vec<StepId> {
    let outputs: Vec<Output<'_>> = decision.outputs.iter().map(|output| Output::of(plan, output)).collect();
    let (_, probes) = rest_on(plan, &outputs, &BTreeSet::new());
    all_targets(plan, &outputs, &probes)
}

fn all_targets(plan: &Plan, outputs: &[Output<'_>], probes: &[Probes]) -> Vec<StepId> {
    let mut targets: Vec<StepId> = outputs.iter().flat_map(|output| output.targets(plan)).collect();
    targets.extend(probes.iter().flat_map(Probes::reads));
    targets.extend(plan.always.iter().map(|always| always.holds));
    targets
}

/// By the number of each step, whether the outputs rest on it, but for what is given; and the rules that shape them.
fn rest_on(plan: &Plan, outputs: &[Output<'_>], given: &BTreeSet<StepId>) -> (Vec<bool>, Vec<Probes>) {
    let targets: Vec<StepId> = outputs.iter().flat_map(|output| output.targets(plan)).collect();
    let mut needed = vec![false; plan.steps.len()];
    for step in plan::slice(plan, &targets, given).into_iter().filter(|step| !given.contains(step)) {
        if let Some(flag) = needed.get_mut(step.place()) {
            *flag = true;
        }
    }
    let probes = reasons::find(plan, &|step| needed.get(step.place()) == Some(&true));
    (needed, probes)
}

/// The steps of all that a construct comes to.
pub(super) fn construct_targets(plan: &Plan, item: ItemId) -> Vec<StepId> {
    let Some(item) = plan.items.get(item) else { return Vec::new() };
    let mut targets = vec![item.value];
    match &item.kind {
        ItemKind::Escalation(ladder) => targets.extend(ladder_targets(plan, ladder)),
        ItemKind::Checks(checks) => targets.extend(checks::targets(plan, checks)),
        _ => {}
    }
    targets
}

/// The steps of a record of a ladder, and of the rules whose reasons it gives.
fn ladder_targets(plan: &Plan, ladder: &EscalationItem) -> Vec<StepId> {
    let mut targets = vec![
        ladder.step,
        ladder.in_force,
        ladder.awaiting,
        ladder.day,
        ladder.next,
        ladder.next_day,
        ladder.held,
        ladder.held_days,
        ladder.held_since,
        ladder.act,
        ladder.done,
        ladder.done_on,
    ];
    let rules = [ladder.entry].into_iter();
    let rules = rules.chain(ladder.rungs.iter().flat_map(|rung| rung.skips.iter().copied()));
    let rules = rules.chain(ladder.holds.iter().map(|hold| hold.rule));
    let rules = rules.chain(ladder.delays.iter().map(|(rule, _)| *rule));
    let rules = rules.filter_map(|rule| plan.rules.get(rule));
    targets.extend(rules.flat_map(|rule| [rule.applies, rule.condition]).flatten());
    targets.extend(ladder.tactics.iter().map(|(_, _, _, chosen)| *chosen));
    targets
}

/// Whether the plan has seen to it that a step has at most 28 digits.
fn bounded(step: &Step) -> bool {
    let Some((least, greatest)) = &step.bounds.range else { return false };
    let whole = |bound: &Number| bound.abs().floor().digits();
    match (step.bounds.decimals, whole(least), whole(greatest)) {
        (Some(decimals), Some(least), Some(greatest)) => {
            least.max(greatest).saturating_add(decimals) <= MOST_DIGITS
        }
        _ => false,
    }
}

/// What is wrong with the digits of an output.
fn digits(output: usize, outcome: &Outcome) -> Option<Fault> {
    let wrong = |value: &Value| match value {
        Value::Number(number) => match number.digits() {
            None => Some(Fault::Endless(output)),
            Some(digits) => (digits > MOST_DIGITS).then_some(Fault::Digits(output, digits)),
        },
        _ => None,
    };
    match outcome {
        Outcome::One(value) => wrong(value),
        Outcome::Items(items) => items.iter().find_map(|item| wrong(&item.value)),
        Outcome::Ladder(_) | Outcome::Checks(_) => None,
    }
}

/// What persons have decided, with the judgement or the exception that it belongs to.
pub(super) fn grants(plan: &Plan) -> impl Iterator<Item = (ItemId, &GrantsItem)> {
    plan.items.iter_enumerated().filter_map(|(id, item)| {
        if let ItemKind::Judgement(it) = &item.kind {
            return Some((id, &it.answers));
        }
        let ItemKind::Override(it) = &item.kind else { return None };
        Some((id, &it.exceptions))
    })
}

/// Who made the decisions that win; by the number of the record where no name was given.
fn people(grants: &GrantsItem, facts: &Facts, scratch: &Scratch) -> Vec<Str> {
    let Some(records) = facts.records(grants.list) else { return Vec::new() };
    let column = grants.person.and_then(|person| records.columns.get(person as usize));
    let name = |record: usize| match column.and_then(|column| column.get(record)) {
        Some(Value::Text(name)) => name.clone(),
        _ => Str::from(format!("#{}", record.saturating_add(1))),
    };
    let winners =
        (0..records.items).filter(|record| scratch.value(grants.wins, *record) == &Value::Bool(true));
    winners.map(name).collect()
}

/// How far a customer is decided of whom a value is unknown for this cause.
fn status_of(cause: Cause) -> Status {
    match cause {
        Cause::Referred(_) => Status::Open,
        Cause::Refused(_) => Status::Refused,
        Cause::Missing(_)
        | Cause::NotComputable(_)
        | Cause::Withheld(_)
        | Cause::Script(_)
        | Cause::PastCalendar(_)
        | Cause::Expired(_)
        | Cause::NoRow(_)
        | Cause::Book(_) => Status::Final,
    }
}

/// Takes the values away: a fault never becomes an approval.
fn withhold(outputs: &[Output<'_>], values: &mut [OutputValue]) {
    for (output, value) in outputs.iter().zip(values) {
        let unknown = Value::Unknown(Cause::Withheld(output.step.0));
        value.since = None;
        match &mut value.outcome {
            Outcome::One(value) => *value = unknown,
            Outcome::Items(items) => items.iter_mut().for_each(|item| item.value = unknown.clone()),
            Outcome::Ladder(records) => records.clear(),
            Outcome::Checks(records) => records.clear(),
        }
    }
}

/// The items of a list, each with its key.
pub(super) fn keys<'f>(
    plan: &Plan,
    facts: &'f Facts,
    list: FieldId,
) -> impl Iterator<Item = (usize, Option<Value>)> + use<'f> {
    let key = match plan.schema.fields.get(list).map(|field| &field.ty) {
        Some(FieldType::Records(fields)) => fields.iter().position(|field| field.key),
        _ => None,
    };
    let records = facts.records(list);
    let column = key.and_then(|key| records?.columns.get(key));
    let items = records.map_or(0, |records| records.items);
    (0..items).map(move |item| (item, column.and_then(|column| column.get(item)).cloned()))
}

/// Decides one customer by one decision of a plan; `None` where the plan has no such decision. For many customers a
/// [`Decider`] is made once.
#[must_use]
pub fn decide(plan: &Plan, decision: usize, facts: &Facts, env: &Env<'_>) -> Option<Decision> {
    let decider = Decider::new(plan, decision, env)?;
    Some(decider.decide(facts, &mut decider.scratch(), &mut ()))
}
