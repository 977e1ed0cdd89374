//! The cases of a policy: facts that are given, and what must come out.
//!
//! Only what a case expects is computed, so that a case of a grade needs no invoices. What is not given has the default of
//! its declaration; a required fact without one is an error of the case where it is needed, and so is the day.

use std::collections::BTreeSet;

use super::decision::{self, Decider, Decision, Status};
use super::facts::Facts;
use super::reasons::{self, Probes, ReasonSource};
use super::row::{Env, Program, Scratch};
use super::script_host::{ScriptFailure, ScriptHost};
use super::trace::{Observer, Trace};
use crate::base::Str;
use crate::plan::{
    self, CaseItem, Decided, ExpectItem, ExpectValue, Given, GrantTest, ItemKind, Op, Plan, Scope, StepId,
};
use crate::value::{Calendar, Cause, Date, Default, Field, FieldId, FieldType, Value};

/// What came out of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CaseResult {
    /// What came out of each expectation, in the order written; empty where the case itself is wrong.
    pub outcomes: Vec<ExpectOutcome>,
    /// Why it could not be run.
    pub errors: Vec<CaseError>,
    /// Calls of scripts that failed on the way.
    pub failures: Vec<ScriptFailure>,
}

impl CaseResult {
    /// Whether everything came out as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.errors.is_empty() && self.outcomes.iter().all(|outcome| outcome.passed)
    }
}

/// What came out of one expectation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExpectOutcome {
    /// Whether it is as expected.
    pub passed: bool,
    /// What came out; none where only a reason is expected.
    pub actual: Option<Value>,
    /// Whether the reason expected was given; none where none is expected.
    pub reason: Option<bool>,
    /// How far the decision is decided, where that is expected.
    pub status: Option<Status>,
}

/// Why a case cannot be run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CaseError {
    /// A required fact is needed and not given.
    MissingFact(FieldId),
    /// A required field of an item is needed and not given: the list, the field, the item.
    MissingField(FieldId, u32, usize),
    /// The day is needed, and the case has no `as of`.
    MissingDay,
    /// No item has this key: the expectation by its place.
    NoSuchItem(usize),
}

/// Runs a case.
#[must_use]
pub fn run_case(
    plan: &Plan,
    case: &CaseItem,
    calendars: &[Calendar],
    scripts: Option<&dyn ScriptHost>,
) -> CaseResult {
    watch_case(plan, case, calendars, scripts, &mut ())
}

/// Runs a case, and tells an observer the value of every step that the expectations rest on. Of a grade that is among them,
/// it is told each stage on the way, too.
#[must_use]
pub fn watch_case<O: Observer>(
    plan: &Plan,
    case: &CaseItem,
    calendars: &[Calendar],
    scripts: Option<&dyn ScriptHost>,
    observer: &mut O,
) -> CaseResult {
    let mut targets = targets(plan, case);
    let given: Vec<(StepId, Value)> =
        case.values.iter().map(|(step, value, _)| (*step, value.clone())).collect();
    let given_ids = stands(case);
    let held = held(plan, case, &given_ids);
    let torn_apart = torn_apart(plan, case, &given_ids);
    targets.extend(held.iter().chain(&torn_apart).copied());
    let needed = plan::slice(plan, &targets, &given_ids);
    let facts = case_facts(plan, case);
    let errors = lacking(plan, case, &targets, &given_ids);
    if !errors.is_empty() {
        return CaseResult { outcomes: Vec::new(), errors, failures: Vec::new() };
    }
    let env = environment(plan, case, calendars, scripts);
    // What is given gives no reasons: a class that stands was not made worse by anything.
    let computed: BTreeSet<StepId> = needed.into_iter().filter(|step| !given_ids.contains(step)).collect();
    let probes = reasons::find(plan, &|step| computed.contains(&step));
    let looked_at = probes.iter().flat_map(Probes::reads);
    let stages = if O::WATCHES { stages(plan, &computed) } else { Vec::new() };
    let steps: Vec<StepId> = targets.iter().copied().chain(looked_at).chain(stages).collect();
    let program = Program::prepare_given(plan, &steps, &given, &case.item_values, &env);
    let mut scratch = program.scratch();
    program.run(&facts, &mut scratch, observer);
    let status = |decision: usize| {
        let decider = Decider::of_case(plan, decision, &given, &case.item_values, &env, false)?;
        Some(decider.decide(&facts, &mut decider.scratch(), &mut ()).status)
    };
    let (mut given_reasons, mut open) = (Vec::new(), Vec::new());
    let items = |list: FieldId| facts.records(list).map_or(0, |records| records.items);
    reasons::collect(plan, &probes, &targets, &items, &scratch, &mut given_reasons, &mut open);
    let said = |code: &Str| {
        given_reasons.iter().any(|reason| match reason.source {
            ReasonSource::Rule(rule) => {
                plan.rules.get(rule).is_some_and(|rule| rule.reason.code.as_ref() == Some(code))
            }
            ReasonSource::Unknown { .. } => false,
        })
    };

    let mut outcomes = Vec::new();
    let mut errors = Vec::new();
    for (place, expect) in case.expect.iter().enumerate() {
        let Some(item) = item(plan, &facts, expect) else {
            errors.push(CaseError::NoSuchItem(place));
            continue;
        };
        let reason = expect.because.as_ref().map(said);
        let decided = match expect.value {
            ExpectValue::Decided(decision, how) => status(decision).map(|status| (status, how)),
            _ => None,
        };
        let (actual, as_expected) = match (&expect.value, expect.step) {
            (ExpectValue::Fault, _) => {
                let broken = |holds: &StepId| scratch.value(*holds, 0) == &Value::Bool(false);
                let torn = |step: &StepId| scratch.value(*step, 0) == &Value::Bool(true);
                (None, held.iter().any(broken) || torn_apart.iter().any(torn))
            }
            (ExpectValue::Asks(role), _) => (None, open.iter().any(|question| question.role == *role)),
            (ExpectValue::Decided(..), _) => {
                let wanted = |how: Decided| match how {
                    Decided::Final => Status::Final,
                    Decided::Open => Status::Open,
                    Decided::Refused => Status::Refused,
                };
                (None, decided.is_some_and(|(status, how)| status == wanted(how)))
            }
            (ExpectValue::NoItems, Some(step)) => (None, no_items(plan, step, &items, &scratch)),
            (value, Some(step)) => {
                let actual = scratch.value(step, item).clone();
                let as_expected = matches(&actual, value);
                (Some(actual), as_expected)
            }
            (_, None) => (None, true),
        };
        let passed = as_expected && reason != Some(false);
        let status = decided.map(|(status, _)| status);
        outcomes.push(ExpectOutcome { passed, actual, reason, status });
    }
    CaseResult { outcomes, errors, failures: scratch.failures }
}

/// The stages of grades that are computed: no value rests on them, but they rest on nothing else than the grade does.
fn stages(plan: &Plan, computed: &BTreeSet<StepId>) -> Vec<StepId> {
    let grades = plan.items.iter().filter(|item| computed.contains(&item.value));
    let stages = grades.filter_map(|item| match &item.kind {
        ItemKind::Grades(it) => Some([it.by_band, it.after_needs, it.after_notches, it.after_caps]),
        _ => None,
    });
    stages.flatten().collect()
}

/// What a case's run left behind, for the explanation of a failure.
#[derive(Clone, Debug)]
pub struct CaseTrace {
    /// The facts of the case.
    pub facts: Facts,
    /// What each step gave.
    pub trace: Trace,
    /// Calls of scripts that failed.
    pub failures: Vec<ScriptFailure>,
    /// The item that each expectation looks at, by its place in its list; none for a value of the customer.
    pub items: Vec<Option<usize>>,
}

/// Runs a case once more, with every step of the plan, and keeps their values. What rests on a fact that the case does not
/// give is unknown.
#[must_use]
pub fn trace_case(
    plan: &Plan,
    case: &CaseItem,
    calendars: &[Calendar],
    scripts: Option<&dyn ScriptHost>,
) -> CaseTrace {
    let targets: Vec<StepId> = plan.steps.ids().collect();
    let given: Vec<(StepId, Value)> =
        case.values.iter().map(|(step, value, _)| (*step, value.clone())).collect();
    let facts = case_facts(plan, case);
    let env = environment(plan, case, calendars, scripts);
    let program = Program::prepare_given(plan, &targets, &given, &case.item_values, &env);
    let (mut scratch, mut trace) = (program.scratch(), Trace::new());
    program.run(&facts, &mut scratch, &mut trace);
    let of_item = |expect: &ExpectItem| expect.item.as_ref().and_then(|_| item(plan, &facts, expect));
    let items = case.expect.iter().map(of_item).collect();
    CaseTrace { facts, trace, failures: scratch.failures, items }
}

/// What a case comes to when a decision is made of it as of a customer.
#[derive(Clone, Debug)]
pub struct CaseDecision {
    /// The facts of the case.
    pub facts: Facts,
    /// What each step gave.
    pub trace: Trace,
    /// What was decided.
    pub decision: Decision,
}

/// Makes a decision of a case, as of a customer with its facts: every step of the plan is run, and what the case gives stands.
///
/// # Errors
/// A required fact, a field of an item, or the day is needed and not given; there is no decision at that place: nothing.
pub fn decide_case(
    plan: &Plan,
    place: usize,
    case: &CaseItem,
    calendars: &[Calendar],
    scripts: Option<&dyn ScriptHost>,
) -> Result<CaseDecision, Vec<CaseError>> {
    let given: Vec<(StepId, Value)> =
        case.values.iter().map(|(step, value, _)| (*step, value.clone())).collect();
    let targets = plan.decisions.get(place).map(|it| decision::targets(plan, it)).unwrap_or_default();
    let errors = lacking(plan, case, &targets, &stands(case));
    if !errors.is_empty() {
        return Err(errors);
    }
    let env = environment(plan, case, calendars, scripts);
    let decider =
        Decider::of_case(plan, place, &given, &case.item_values, &env, true).ok_or_else(Vec::new)?;
    let (facts, mut trace) = (case_facts(plan, case), Trace::new());
    let decision = decider.decide(&facts, &mut decider.scratch(), &mut trace);
    Ok(CaseDecision { facts, trace, decision })
}

/// The values that a case gives as a whole: nothing that they rest on is needed.
#[must_use]
pub fn stands(case: &CaseItem) -> BTreeSet<StepId> {
    let whole = case.item_values.iter().filter(|it| it.is_whole()).map(|it| it.step);
    case.values.iter().map(|(step, _, _)| *step).chain(whole).collect()
}

fn environment<'e>(
    plan: &Plan,
    case: &CaseItem,
    calendars: &'e [Calendar],
    scripts: Option<&'e dyn ScriptHost>,
) -> Env<'e> {
    let mut params: Vec<Value> = plan.params.iter().map(|param| param.default.clone()).collect();
    for (number, value, _) in &case.params {
        if let Some(param) = params.get_mut(*number as usize) {
            *param = value.clone();
        }
    }
    // The day is asked for only where the case has one.
    Env { today: case.as_of.unwrap_or(Date(0)), params, calendars, scripts, book: None }
}

/// Whether a value is what is expected of it.
fn matches(actual: &Value, expected: &ExpectValue) -> bool {
    match expected {
        ExpectValue::Value(expected) => actual == expected,
        ExpectValue::Unknown => {
            matches!(actual, Value::Unknown(cause) if !matches!(cause, Cause::Withheld(_)))
        }
        ExpectValue::Withheld => matches!(actual, Value::Unknown(Cause::Withheld(_))),
        ExpectValue::Any
        | ExpectValue::Fault
        | ExpectValue::Asks(_)
        | ExpectValue::Decided(..)
        | ExpectValue::NoItems => true,
    }
}

/// Whether a list has no items, and a ladder none that is on it.
fn no_items(plan: &Plan, step: StepId, items: &dyn Fn(FieldId) -> usize, scratch: &Scratch) -> bool {
    let Some(Scope::Items(list)) = plan.steps.get(step).map(|step| step.scope) else { return false };
    let entry = plan.items.iter().find_map(|item| match &item.kind {
        ItemKind::Escalation(ladder) if ladder.step == step => {
            plan.rules.get(ladder.entry).and_then(|rule| rule.applies)
        }
        _ => None,
    });
    (0..items(list)).all(|item| entry.is_some_and(|entry| scratch.value(entry, item) == &Value::Bool(false)))
}

/// Whether decisions of persons contradict each other, where a case expects a fault: of those that it gives.
fn torn_apart(plan: &Plan, case: &CaseItem, given: &BTreeSet<StepId>) -> Vec<StepId> {
    if !case.expect.iter().any(|expect| expect.value == ExpectValue::Fault) {
        return Vec::new();
    }
    let ready = |step: &StepId| lacking(plan, case, &[*step], given).is_empty();
    decision::grants(plan).map(|(_, grants)| grants.conflict).filter(ready).collect()
}

/// What must always hold, where a case expects a fault: all clauses for which it gives the facts; all, where it gives
/// those of none, so that it is told what is missing.
fn held(plan: &Plan, case: &CaseItem, given: &BTreeSet<StepId>) -> Vec<StepId> {
    if !case.expect.iter().any(|expect| expect.value == ExpectValue::Fault) {
        return Vec::new();
    }
    let all: Vec<StepId> = plan.always.iter().map(|always| always.holds).collect();
    let ready = |holds: &StepId| lacking(plan, case, &[*holds], given).is_empty();
    let found: Vec<StepId> = all.iter().copied().filter(ready).collect();
    if found.is_empty() && torn_apart(plan, case, given).is_empty() { all } else { found }
}

/// The steps that the expectations look at; for a reason that none of them can give, the constructs that can.
fn targets(plan: &Plan, case: &CaseItem) -> Vec<StepId> {
    let mut targets: Vec<StepId> = case.expect.iter().filter_map(|expect| expect.step).collect();
    let ladders = plan.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Escalation(ladder)
            if case
                .expect
                .iter()
                .any(|it| it.value == ExpectValue::NoItems && it.step == Some(ladder.step)) =>
        {
            plan.rules.get(ladder.entry).and_then(|rule| rule.applies)
        }
        _ => None,
    });
    let entries: Vec<StepId> = ladders.collect();
    targets.extend(entries);
    for expect in &case.expect {
        if let ExpectValue::Decided(place, _) = expect.value
            && let Some(decision) = plan.decisions.get(place)
        {
            targets.extend(decision::targets(plan, decision));
        }
    }
    let needed: BTreeSet<StepId> = plan::slice(plan, &targets, &BTreeSet::new()).into_iter().collect();
    for code in case.expect.iter().filter_map(|expect| expect.because.as_ref()) {
        if reasons::find(plan, &|step| needed.contains(&step)).iter().any(|probes| probes.may_say(plan, code))
        {
            continue;
        }
        for probes in reasons::find(plan, &|_| true).iter().filter(|probes| probes.may_say(plan, code)) {
            targets.extend(decision::construct_targets(plan, probes.item()));
        }
    }
    // So it is with a question that a case expects.
    let roles = case.expect.iter().filter_map(|expect| match &expect.value {
        ExpectValue::Asks(role) => Some(role),
        _ => None,
    });
    for role in roles {
        if reasons::find(plan, &|step| needed.contains(&step)).iter().any(|probes| probes.may_ask(role)) {
            continue;
        }
        for probes in reasons::find(plan, &|_| true).iter().filter(|probes| probes.may_ask(role)) {
            targets.extend(decision::construct_targets(plan, probes.item()));
        }
    }
    targets
}

/// The item that an expectation looks at; 0 for a value of the customer.
fn item(plan: &Plan, facts: &Facts, expect: &ExpectItem) -> Option<usize> {
    if expect.value == ExpectValue::NoItems {
        return Some(0);
    }
    let scope = expect.step.and_then(|step| plan.steps.get(step)).map(|step| step.scope);
    match (scope, &expect.item) {
        (Some(Scope::Items(list)), key) => {
            let found = decision::keys(plan, facts, list).find(|(_, own)| own == key);
            found.map(|(item, _)| item)
        }
        (Some(Scope::Customer) | None, _) => Some(0),
    }
}

/// The facts of a case: what is given, and the defaults of the rest.
#[must_use]
pub fn case_facts(plan: &Plan, case: &CaseItem) -> Facts {
    let mut facts = Facts::unknown(case.name.clone(), &plan.schema);
    for (id, field) in plan.schema.fields.iter_enumerated() {
        if let Default::Value(value) = &field.default {
            facts.set(id, value.clone());
        }
    }
    for (id, given, _) in &case.facts {
        let Some(field) = plan.schema.fields.get(*id) else { continue };
        match given {
            Given::Value(value) => facts.set(*id, stated(field, value, *id)),
            Given::Records(rows) => {
                facts.set(*id, Value::List(std::sync::Arc::from([])));
                let FieldType::Records(fields) = &field.ty else { continue };
                let Some(records) = facts.records_mut(*id) else { continue };
                for row in rows {
                    records.push(fields.iter().enumerate().map(|(place, field)| {
                        match row.iter().find(|(own, _)| *own as usize == place) {
                            Some((_, value)) => stated(field, value, *id),
                            None => absent(field, *id),
                        }
                    }));
                }
            }
        }
    }
    facts
}

/// A value that is given; what means unknown is unknown.
fn stated(field: &Field, value: &Value, of: FieldId) -> Value {
    if value.is_known() && !field.unknown_when.contains(value) {
        value.clone()
    } else {
        Value::Unknown(Cause::Missing(of.0))
    }
}

fn absent(field: &Field, of: FieldId) -> Value {
    match &field.default {
        Default::Value(value) => value.clone(),
        Default::Required | Default::Unknown => Value::Unknown(Cause::Missing(of.0)),
    }
}

/// The steps that ask whom the records of persons name, where no record of the case names anybody: they ask for nothing.
fn names_nobody(plan: &Plan, case: &CaseItem) -> Vec<StepId> {
    let mut found = Vec::new();
    for (_, grants) in decision::grants(plan) {
        let Some((_, step)) = grants.tests.iter().find(|(test, _)| *test == GrantTest::Concerns) else {
            continue;
        };
        let given = case.facts.iter().find(|(id, _, _)| *id == grants.list).map(|(_, given, _)| given);
        let named = match (given, grants.key) {
            (Some(Given::Records(rows)), Some(key)) => {
                rows.iter().flatten().any(|(place, value)| *place == key && value.is_known())
            }
            _ => false,
        };
        if !named {
            found.push(*step);
        }
    }
    found
}

/// What the steps looked at need and the case does not give.
fn lacking(plan: &Plan, case: &CaseItem, targets: &[StepId], given: &BTreeSet<StepId>) -> Vec<CaseError> {
    let stop: BTreeSet<StepId> = given.iter().copied().chain(names_nobody(plan, case)).collect();
    let needed = plan::slice(plan, targets, &stop);
    let mut errors = Vec::new();
    let mut add = |error: CaseError| {
        if !errors.contains(&error) {
            errors.push(error);
        }
    };
    let stands = |id: FieldId| case.facts.iter().find(|(own, _, _)| *own == id).map(|(_, given, _)| given);
    let required = |field: &Field| field.default == Default::Required;
    let mut fact = |id: FieldId| match plan.schema.fields.get(id) {
        Some(field) if required(field) && stands(id).is_none() => add(CaseError::MissingFact(id)),
        Some(_) | None => {}
    };
    for id in needed.iter().filter(|id| !given.contains(id)) {
        match plan.steps.get(*id).map(|step| &step.op) {
            Some(Op::Fact(field)) => fact(*field),
            Some(Op::SignedOn(signed)) => fact(signed.list),
            Some(Op::Aggregate { list, .. } | Op::Lookup { list, .. } | Op::Field(list, _)) => fact(*list),
            Some(Op::Signed(signed)) => fact(signed.list),
            _ => {}
        }
    }
    for id in needed.iter().filter(|id| !given.contains(id)) {
        match plan.steps.get(*id).map(|step| &step.op) {
            Some(Op::Today) if case.as_of.is_none() => add(CaseError::MissingDay),
            Some(Op::Field(list, place)) => {
                let Some(FieldType::Records(fields)) = plan.schema.fields.get(*list).map(|field| &field.ty)
                else {
                    continue;
                };
                let Some(Given::Records(rows)) = stands(*list) else { continue };
                if !fields.get(*place as usize).is_some_and(required) {
                    continue;
                }
                for (item, row) in rows.iter().enumerate() {
                    if !row.iter().any(|(own, _)| own == place) {
                        add(CaseError::MissingField(*list, *place, item));
                    }
                }
            }
            _ => {}
        }
    }
    errors
}

impl CaseError {
    /// What is missing, by the names of the policy: `due` of `invoices`; none for the day.
    #[must_use]
    pub fn names(&self, plan: &Plan, case: &CaseItem) -> Vec<Str> {
        let name = |id: &FieldId| plan.schema.fields.get(*id).map(|field| field.name.clone());
        match self {
            CaseError::MissingFact(id) => name(id).into_iter().collect(),
            CaseError::MissingField(list, place, _) => {
                let field = plan.schema.fields.get(*list).and_then(|field| match &field.ty {
                    FieldType::Records(fields) => fields.get(*place as usize).map(|field| field.name.clone()),
                    _ => None,
                });
                field.into_iter().chain(name(list)).collect()
            }
            CaseError::MissingDay => Vec::new(),
            CaseError::NoSuchItem(expect) => {
                case.expect.get(*expect).map(|expect| expect.written.clone()).into_iter().collect()
            }
        }
    }
}
