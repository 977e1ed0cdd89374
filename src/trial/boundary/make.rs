//! A customer made a case: as little of it as shows the same, and what the policy says of it today.

use std::collections::{BTreeMap, BTreeSet};

use super::customer::{
    Change, Customer, Place, cell_field, here, plausible, plausible_record, record_fields,
};
use super::oracle::{Bench, Oracle};
use crate::base::Str;
use crate::eval::{CaseError, run_case};
use crate::plan::{self, CaseItem, ExpectItem, ExpectValue, Given, Op, Plan, Scope, StepId};
use crate::value::{Cause, Date, Default, FieldType, Type, Value};

/// So many facts that are still lacking are filled in.
const MOST_FILLED: usize = 80;
/// So many values that rest on a step are looked at for one with a name.
const MOST_BEHIND: usize = 12;

/// A value that a case can expect: the step, and the path that names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Target {
    pub step: StepId,
    pub path: Str,
}

/// The names of a plan, by step.
pub(super) struct Names(BTreeMap<StepId, Str>);

impl Names {
    pub(super) fn of(plan: &Plan) -> Names {
        let mut names: BTreeMap<StepId, Str> = BTreeMap::new();
        for (name, step) in &plan.names {
            let known = names.entry(*step).or_insert_with(|| name.clone());
            if name.len() < known.len() {
                *known = name.clone();
            }
        }
        Names(names)
    }

    /// The name of a step, or of what it is the same as.
    pub(super) fn name(&self, plan: &Plan, step: StepId) -> Option<(StepId, Str)> {
        let mut at = step;
        for _ in 0..16 {
            if let Some(name) = self.0.get(&at) {
                return Some((at, name.clone()));
            }
            match plan.steps.get(at).map(|step| &step.op) {
                Some(Op::Same(of)) => at = *of,
                _ => return None,
            }
        }
        None
    }

    /// The name of this very step.
    pub(super) fn of_step(&self, step: StepId) -> Option<&Str> {
        self.0.get(&step)
    }

    /// What a case can expect that rests on a step: the step itself, the construct, then what is made of it, nearest first.
    pub(super) fn behind(&self, plan: &Plan, step: StepId, item: Option<StepId>) -> Vec<StepId> {
        let mut found: Vec<StepId> = item.into_iter().filter(|value| self.0.contains_key(value)).collect();
        let mut reached: BTreeSet<StepId> = BTreeSet::from([step]);
        for (id, it) in plan.steps.iter_enumerated() {
            if found.len() >= MOST_BEHIND {
                break;
            }
            let mut rests = id == step;
            it.op.each_operand(|of| rests |= reached.contains(&of));
            if rests {
                reached.insert(id);
                if self.0.contains_key(&id) && !found.contains(&id) {
                    found.push(id);
                }
            }
        }
        found
    }
}

/// How a value is named in the expectations of a customer's case; none where it cannot be: a list without a key, no item.
pub(super) fn target(
    plan: &Plan,
    names: &Names,
    customer: &Customer,
    step: StepId,
) -> Option<(Target, Option<Value>)> {
    let (step, name) = names.name(plan, step)?;
    let Scope::Items(list) = plan.steps.get(step)?.scope else {
        return Some((Target { step, path: name }, None));
    };
    let key = record_fields(plan, list).iter().position(|field| field.key)?;
    let key = u32::try_from(key).ok()?;
    if customer.items(list) == 0 {
        return None;
    }
    let value = customer.value(plan, Place::Cell(list, 0, key));
    let written = match &value {
        Value::Text(text) => format!("{text:?}"),
        Value::Number(number) => number.to_decimal_string()?,
        Value::Date(day) => day.to_string(),
        Value::Code(code) => match cell_field(plan, list, key).map(|field| &field.ty) {
            Some(FieldType::Enum(kind)) => plan.schema.enums.get(*kind)?.member(*code)?.name.to_string(),
            _ => return None,
        },
        Value::Unknown(_) | Value::Bool(_) | Value::Set(_) | Value::List(_) => return None,
    };
    // `collection["F-1"].step`: the key stands behind the construct.
    let construct = plan
        .items
        .iter()
        .map(|item| &item.name)
        .find(|item| name.strip_prefix(&***item).is_some_and(|rest| rest.starts_with('.')));
    let path = match construct.and_then(|item| Some((item, name.strip_prefix(&**item)?))) {
        Some((item, rest)) => format!("{item}[{written}]{rest}"),
        None => format!("{name}[{written}]"),
    };
    Some((Target { step, path: path.into() }, Some(value)))
}

/// A case of a customer that expects what the policy says of some values today; none where a case cannot say it.
///
/// Facts that are required and lack are filled in with plausible ones; the day stands where the policy asks for it.
pub(super) fn case(
    bench: Bench<'_>,
    names: &Names,
    customer: &Customer,
    name: Str,
    steps: &[StepId],
) -> Option<(Customer, CaseItem)> {
    let plan = bench.plan;
    let mut customer = customer.clone();
    let expect = |customer: &Customer, value: &dyn Fn(usize) -> ExpectValue| -> Vec<ExpectItem> {
        let mut seen: Vec<Str> = Vec::new();
        let targets = steps.iter().filter_map(|step| target(plan, names, customer, *step));
        let targets = targets.filter(|(target, _)| {
            let new = !seen.contains(&target.path);
            seen.push(target.path.clone());
            new
        });
        targets
            .enumerate()
            .map(|(place, (target, item))| ExpectItem {
                step: Some(target.step),
                item,
                value: value(place),
                because: None,
                written: target.path,
                span: here(plan),
            })
            .collect()
    };
    let any = |_: usize| ExpectValue::Any;
    for _ in 0..MOST_FILLED {
        let made = customer.case(plan, name.clone(), expect(&customer, &any));
        if made.expect.is_empty() {
            return None;
        }
        let result = run_case(plan, &made, bench.calendars, bench.scripts);
        if result.errors.is_empty() {
            let actual: Vec<Option<Value>> = result.outcomes.into_iter().map(|it| it.actual).collect();
            return expected(bench, customer, made, &actual);
        }
        for error in &result.errors {
            customer = filled(plan, &customer, error)?;
        }
    }
    None
}

/// The case with the values that came out, without those that nobody can write, run once more.
fn expected(
    bench: Bench<'_>,
    customer: Customer,
    made: CaseItem,
    actual: &[Option<Value>],
) -> Option<(Customer, CaseItem)> {
    let mut expect = Vec::new();
    for (item, actual) in made.expect.into_iter().zip(actual) {
        let value = match actual {
            Some(Value::Unknown(Cause::Withheld(_))) => ExpectValue::Withheld,
            Some(Value::Unknown(_)) => ExpectValue::Unknown,
            Some(value) if writable(value) && ends(bench.plan, item.step) => {
                ExpectValue::Value(value.clone())
            }
            Some(_) | None => continue,
        };
        expect.push(ExpectItem { value, ..item });
    }
    if expect.is_empty() {
        return None;
    }
    let case = CaseItem { expect, ..made };
    run_case(bench.plan, &case, bench.calendars, bench.scripts).passed().then_some((customer, case))
}

/// Whether the decimals of a step always end: a case may not compare one whose decimals need not.
fn ends(plan: &Plan, step: Option<StepId>) -> bool {
    let step = step.and_then(|step| plan.steps.get(step));
    step.is_some_and(|it| !matches!(it.ty, Type::Number(_)) || it.bounds.decimals.is_some())
}

/// Whether a value can be written down exactly.
fn writable(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.digits().is_some_and(|digits| digits <= crate::eval::MOST_DIGITS),
        Value::List(values) => values.iter().all(writable),
        Value::Unknown(_) => false,
        Value::Bool(_) | Value::Date(_) | Value::Code(_) | Value::Set(_) | Value::Text(_) => true,
    }
}

fn filled(plan: &Plan, customer: &Customer, error: &CaseError) -> Option<Customer> {
    match error {
        CaseError::MissingFact(fact) => {
            let field = plan.schema.fields.get(*fact)?;
            let given = match &field.ty {
                FieldType::Records(_) => Given::Records(Vec::new()),
                _ => Given::Value(plausible(field, &plan.schema.enums, customer.as_of, 0)),
            };
            let mut next = customer.clone();
            next.facts.insert(*fact, given);
            Some(next)
        }
        CaseError::MissingField(list, place, item) => {
            let record = plausible_record(plan, *list, customer.as_of, *item);
            let value = record.into_iter().find(|(at, _)| at == place).map(|(_, value)| value)?;
            customer.with(plan, &Change::Set(Place::Cell(*list, *item, *place), value))
        }
        CaseError::MissingDay => {
            let mut next = customer.clone();
            next.as_of = Some(day(plan)?);
            Some(next)
        }
        CaseError::NoSuchItem(_) => None,
    }
}

/// A day on which the policy is in force.
pub(super) fn day(plan: &Plan) -> Option<Date> {
    let policy = plan.policies.last()?;
    policy.effective_from.or(policy.effective_until).or(Date::from_ymd(2026, 1, 1))
}

/// The customers with as little given as leaves some values of all of them as they are. What is required stays.
pub(super) fn least(bench: Bench<'_>, customers: &[Customer], kept: &[StepId]) -> Vec<Customer> {
    let plan = bench.plan;
    let mut now: Vec<Customer> = customers.to_vec();
    let mut oracle = Oracle::new(bench, kept);
    let mut shown = |customers: &[Customer]| -> Vec<Value> {
        let mut values = Vec::new();
        for customer in customers {
            oracle.ask(customer);
            values.extend(kept.iter().map(|step| bare(oracle.value(*step, 0))));
        }
        values
    };
    let wanted = shown(&now);
    let read = read(plan, &now, kept);
    let needs_day = read.iter().any(|step| matches!(plan.steps.get(*step).map(|it| &it.op), Some(Op::Today)));
    let facts: BTreeSet<_> = now.iter().flat_map(|customer| customer.facts.keys().copied()).collect();
    let values: BTreeSet<_> = now.iter().flat_map(|customer| customer.values.keys().copied()).collect();
    for customer in &mut now {
        customer.values.retain(|step, _| read.contains(step));
        if !needs_day {
            customer.as_of = None;
        }
    }
    let mut attempt = |now: &mut Vec<Customer>, change: &dyn Fn(&mut Customer)| {
        let mut next = now.clone();
        next.iter_mut().for_each(change);
        if next != *now && shown(&next) == wanted {
            *now = next;
        }
    };
    let params: BTreeSet<u32> = now.iter().flat_map(|customer| customer.params.keys().copied()).collect();
    for param in params {
        attempt(&mut now, &|customer| {
            customer.params.remove(&param);
        });
    }
    for step in values {
        attempt(&mut now, &|customer| {
            customer.values.remove(&step);
        });
    }
    for fact in facts {
        let Some(field) = plan.schema.fields.get(fact) else { continue };
        attempt(&mut now, &|customer| {
            customer.facts.remove(&fact);
        });
        let items = now.iter().map(|customer| customer.items(fact)).max().unwrap_or(0);
        for item in (0..items).rev() {
            attempt(&mut now, &|customer| {
                if let Some(Given::Records(records)) = customer.facts.get_mut(&fact)
                    && item < records.len()
                {
                    records.remove(item);
                }
            });
        }
        let FieldType::Records(fields) = &field.ty else { continue };
        let items = now.iter().map(|customer| customer.items(fact)).max().unwrap_or(0);
        for (place, cell) in (0_u32..).zip(fields) {
            if cell.key || cell.default == Default::Required {
                continue;
            }
            for item in 0..items {
                attempt(&mut now, &|customer| {
                    if let Some(Given::Records(records)) = customer.facts.get_mut(&fact)
                        && let Some(record) = records.get_mut(item)
                    {
                        record.retain(|(at, _)| *at != place);
                    }
                });
            }
        }
    }
    now
}

/// The steps that some steps rest on, as far as computed values that all customers give do not stand for them.
fn read(plan: &Plan, customers: &[Customer], kept: &[StepId]) -> BTreeSet<StepId> {
    let mut given: Option<BTreeSet<StepId>> = None;
    for customer in customers {
        let own: BTreeSet<StepId> = customer.values.keys().copied().collect();
        given = Some(match given {
            Some(given) => given.intersection(&own).copied().collect(),
            None => own,
        });
    }
    plan::slice(plan, kept, &given.unwrap_or_default()).into_iter().collect()
}

/// Why something is unknown does not count.
fn bare(value: Value) -> Value {
    if value.is_known() { value } else { Value::Unknown(Cause::NotComputable(0)) }
}
