//! What changed since a recorded decision, and which input did it: each input that differs is set back alone, and it is decided
//! again.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Figure, value_json};
use crate::base::{Idx, Str};
use crate::eval::{Facts, Records};
use crate::plan::{DecisionItem, Label, Plan, digest_of};
use crate::value::{Cause, Date, Field, FieldId, FieldType, Number, Type, Value};

/// What is not as the last record says.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The day of the last decision, ISO.
    pub since: String,
    /// The outputs that differ.
    pub outputs: Vec<OutputChange>,
    /// The inputs that differ, with what each of them did; none where the last run did not record its facts.
    pub inputs: Option<Vec<InputChange>>,
    /// Whether all outputs are as they were once all inputs are set back together; none where there was nothing to try.
    pub together: Option<bool>,
}

/// An output that differs.
#[derive(Clone, Debug)]
pub struct OutputChange {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What was recorded.
    pub before: Figure,
    /// What it is.
    pub after: Figure,
}

/// An input that differs.
#[derive(Clone, Debug)]
pub struct InputChange {
    /// Which.
    pub input: Input,
    /// What the outputs would be if this alone were as before, of those that would then differ; none where that cannot be tried.
    pub alone: Option<Vec<(Str, Label, Figure)>>,
}

/// What goes into a decision.
#[derive(Clone, Debug)]
pub enum Input {
    /// A fact: name, label, before, after.
    Fact(Str, Label, Figure, Figure),
    /// A list of records: name, label, how many items before and after.
    List(Str, Label, u64, u64),
    /// The day for which it is decided.
    Day(Date, Date),
    /// The version of the policy.
    Policy(Str, Str),
    /// The text of the policy under the same version, or parameters that were set.
    Text,
}

/// What can be done to find out which input did it.
pub struct Again<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The decision.
    pub decision: &'a DecisionItem,
    /// The customer's facts.
    pub facts: &'a Facts,
    /// The day.
    pub today: Date,
    /// Decides these facts on a day: the outputs in their order; those that are no single value are unknown.
    pub decide: &'a dyn Fn(&Facts, Date) -> Vec<Value>,
    /// What the policy of a version decides of these facts, by the names of outputs; none where it is not at hand.
    pub by_version: &'a dyn Fn(&str) -> Option<BTreeMap<Str, Json>>,
}

/// The facts that a record keeps so that a later run can tell what changed: no personal ones; of lists of records, how many items
/// they have and the digest of these.
#[must_use]
pub fn kept(field: &Field) -> bool {
    !field.personal && !field.key && !field.name.starts_with("last.")
}

/// The digest of the items of a list, without their personal fields.
#[must_use]
pub fn fingerprint(plan: &Plan, records: &Records) -> Str {
    let Some(FieldType::Records(fields)) = plan.schema.fields.get(records.field).map(|field| &field.ty)
    else {
        return digest_of("");
    };
    let mut text = String::new();
    for (field, column) in fields.iter().zip(&records.columns).filter(|(field, _)| !field.personal) {
        let ty = field.ty.ty(records.field.0);
        for value in column {
            text.push_str(&value_json(value, &ty, &plan.schema.enums).to_string());
            text.push(' ');
        }
        text.push_str(&format!("{}\n", field.name));
    }
    digest_of(&text)
}

/// Compares a decision with a record of an earlier one of the same customer; none where the record is of another decision.
#[must_use]
pub fn changes(again: &Again<'_>, record: &Json) -> Option<Changes> {
    let text = |key: &str| record.get(key).and_then(Json::as_str);
    if text("decision").is_some_and(|name| name != &*again.decision.name) {
        return None;
    }
    let recorded = record.get("values")?.as_object()?;
    let now = (again.decide)(again.facts, again.today);
    let mut before: Vec<Option<Figure>> = Vec::new();
    for output in &again.decision.outputs {
        let step = again.plan.steps.get(output.step);
        // What is personal is told nowhere but where it is asked for.
        let single = !again.plan.is_personal(output.step)
            && step.is_some_and(|step| step.scope == crate::plan::Scope::Customer);
        let known = recorded.get(&*output.name).zip(step).filter(|_| single);
        before.push(known.and_then(|(json, step)| {
            Some(Figure { value: value_of(json, &step.ty, again.plan)?, ty: step.ty.clone() })
        }));
    }
    let mut outputs = Vec::new();
    for ((output, before), after) in again.decision.outputs.iter().zip(&before).zip(&now) {
        let Some(before) = before.as_ref().filter(|before| !same(&before.value, after)) else { continue };
        outputs.push(OutputChange {
            name: output.name.clone(),
            label: output.label.clone(),
            after: Figure { value: after.clone(), ty: before.ty.clone() },
            before: before.clone(),
        });
    }
    let day = text("as_of").and_then(Date::parse);
    let mut found =
        Changes { since: text("as_of").unwrap_or("?").to_owned(), outputs, inputs: None, together: None };
    if let Some(facts) = record.get("facts").and_then(Json::as_object) {
        let mut inputs = facts_changed(again, facts, &now);
        let mut set_back = again.facts.clone();
        for (field, value, _) in &inputs {
            set(&mut set_back, *field, value);
        }
        let mut lines: Vec<InputChange> = inputs.drain(..).map(|(.., line)| line).collect();
        lines.extend(lists_changed(again, facts));
        if let Some(day) = day.filter(|day| *day != again.today) {
            let then = (again.decide)(again.facts, day);
            lines.push(InputChange {
                input: Input::Day(day, again.today),
                alone: Some(moved(again, &now, &then)),
            });
        }
        lines.extend(policy_changed(again, record, &now));
        if !found.outputs.is_empty() {
            let then = (again.decide)(&set_back, day.unwrap_or(again.today));
            let all = before
                .iter()
                .zip(&then)
                .all(|(before, then)| before.as_ref().is_none_or(|before| same(&before.value, then)));
            found.together = Some(all);
        }
        found.inputs = Some(lines);
    }
    Some(found)
}

/// The single facts that differ, with the value to which each is set back, and what that alone does.
fn facts_changed(
    again: &Again<'_>,
    recorded: &serde_json::Map<String, Json>,
    now: &[Value],
) -> Vec<(FieldId, Value, InputChange)> {
    let mut found = Vec::new();
    for (id, field) in again.plan.schema.fields.iter_enumerated().filter(|(_, field)| kept(field)) {
        if matches!(field.ty, FieldType::Records(_)) {
            continue;
        }
        let ty = field.ty.ty(id.0);
        let was = recorded.get(&*field.name).and_then(|json| match json {
            Json::Null => Some(Value::Unknown(Cause::Missing(id.0))),
            json => value_of(json, &ty, again.plan),
        });
        let (Some(was), Some(is)) = (was, again.facts.value(id)) else { continue };
        if same(&was, is) {
            continue;
        }
        let mut facts = again.facts.clone();
        set(&mut facts, id, &was);
        let then = (again.decide)(&facts, again.today);
        let before = Figure { value: was.clone(), ty: ty.clone() };
        let after = Figure { value: is.clone(), ty };
        let input = Input::Fact(field.name.clone(), field.label.clone(), before, after);
        found.push((id, was, InputChange { input, alone: Some(moved(again, now, &then)) }));
    }
    found
}

fn set(facts: &mut Facts, field: FieldId, value: &Value) {
    if let Some(slot) = facts.values.get_mut(field.place()) {
        *slot = value.clone();
    }
}

/// The lists of records that differ: a record keeps only how many items they had, and their digest.
fn lists_changed(again: &Again<'_>, recorded: &serde_json::Map<String, Json>) -> Vec<InputChange> {
    let mut found = Vec::new();
    for records in &again.facts.records {
        let Some(field) = again.plan.schema.fields.get(records.field).filter(|field| kept(field)) else {
            continue;
        };
        let Some(was) = recorded.get(&*field.name) else { continue };
        if was.get("digest").and_then(Json::as_str) == Some(&*fingerprint(again.plan, records)) {
            continue;
        }
        let items = was
            .get("items")
            .and_then(|items| items.as_str().map_or_else(|| items.as_u64(), |text| text.parse().ok()));
        let is = u64::try_from(records.items).unwrap_or(u64::MAX);
        let input = Input::List(field.name.clone(), field.label.clone(), items.unwrap_or(0), is);
        found.push(InputChange { input, alone: None });
    }
    found
}

/// Whether the policy differs, and what the one of the last time says of today's facts.
fn policy_changed(again: &Again<'_>, record: &Json, now: &[Value]) -> Option<InputChange> {
    let text = |key: &str| record.get(key).and_then(Json::as_str);
    let own = again.plan.policies.last()?;
    let (version, digest) = (text("version")?, text("digest")?);
    if *digest == *again.plan.digest && record.get("set").is_none() {
        return None;
    }
    if *version == *own.version {
        return Some(InputChange { input: Input::Text, alone: None });
    }
    let input = Input::Policy(Str::from(version), own.version.clone());
    let alone = (again.by_version)(version).map(|values| {
        let then: Vec<Value> = again
            .decision
            .outputs
            .iter()
            .zip(now)
            .map(|(output, now)| {
                let ty = again.plan.steps.get(output.step).map(|step| step.ty.clone());
                let read =
                    values.get(&output.name).zip(ty).and_then(|(json, ty)| value_of(json, &ty, again.plan));
                read.unwrap_or_else(|| now.clone())
            })
            .collect();
        moved(again, now, &then)
    });
    Some(InputChange { input, alone })
}

/// The outputs that differ between now and then, with what they would be.
fn moved(again: &Again<'_>, now: &[Value], then: &[Value]) -> Vec<(Str, Label, Figure)> {
    let outputs = again.decision.outputs.iter().zip(now.iter().zip(then));
    outputs
        .filter(|(output, (now, then))| !same(now, then) && !again.plan.is_personal(output.step))
        .map(|(output, (_, then))| {
            let ty = again.plan.steps.get(output.step).map_or(Type::YesNo, |step| step.ty.clone());
            (output.name.clone(), output.label.clone(), Figure { value: then.clone(), ty })
        })
        .collect()
}

/// Two values are the same; what is unknown is so for whatever cause.
fn same(one: &Value, other: &Value) -> bool {
    one == other || !one.is_known() && !other.is_known()
}

/// `0.3`, `1/3`.
fn recorded_number(text: &str) -> Option<Number> {
    match text.split_once('/') {
        Some((above, below)) => Number::decimal(above)?.div(&Number::decimal(below)?),
        None => Number::decimal(text),
    }
}

/// A value that [`value_json`] wrote, as one of its type; none where it cannot be one.
#[must_use]
pub fn value_of(json: &Json, ty: &Type, plan: &Plan) -> Option<Value> {
    let member = |id, name: &str| {
        let kind = plan.schema.enums.get(id)?;
        let place = kind.members.iter().position(|member| *member.name == *name)?;
        u32::try_from(place).ok()
    };
    match (json, ty) {
        (Json::Null, _) => Some(Value::Unknown(Cause::NotComputable(0))),
        (Json::Bool(yes), Type::YesNo) => Some(Value::Bool(*yes)),
        (Json::String(text), Type::Number(_)) => recorded_number(text).map(Value::Number),
        (Json::Number(number), Type::Number(_)) => recorded_number(&number.to_string()).map(Value::Number),
        (Json::String(text), Type::Date) => Date::parse(text).map(Value::Date),
        (Json::String(text), Type::Text) => Some(Value::Text(Str::from(text.as_str()))),
        (Json::String(text), Type::Enum(id)) => member(*id, text).map(Value::Code),
        (Json::Array(names), Type::Set(id)) => {
            let mut members = 0u128;
            for name in names {
                members |= 1u128.checked_shl(member(*id, name.as_str()?)?)?;
            }
            Some(Value::Set(members))
        }
        (Json::Array(values), Type::List(of)) => {
            let values: Option<Vec<Value>> = values.iter().map(|value| value_of(value, of, plan)).collect();
            Some(Value::List(values?.into()))
        }
        _ => None,
    }
}

/// The changes as JSON.
pub(super) fn json(changes: &Changes, figure: &dyn Fn(&Figure) -> Json) -> Json {
    let label = |name: &Str| Json::from(&**name);
    let input = |it: &InputChange| {
        let mut object = match &it.input {
            Input::Fact(name, _, before, after) => serde_json::json!({
                "fact": label(name), "before": figure(before), "after": figure(after),
            }),
            Input::List(name, _, before, after) => serde_json::json!({
                "list": label(name), "items_before": before, "items_after": after,
            }),
            Input::Day(before, after) => serde_json::json!({
                "day": true, "before": before.to_string(), "after": after.to_string(),
            }),
            Input::Policy(before, after) => serde_json::json!({
                "policy": true, "before": label(before), "after": label(after),
            }),
            Input::Text => serde_json::json!({ "policy": true }),
        };
        if let (Some(object), Some(alone)) = (object.as_object_mut(), &it.alone) {
            let would = alone.iter().map(|(name, _, value)| (name.to_string(), figure(value)));
            object.insert("set_back_alone".into(), Json::Object(would.collect()));
        }
        object
    };
    serde_json::json!({
        "since": changes.since,
        "outputs": changes.outputs.iter().map(|it| serde_json::json!({
            "name": label(&it.name), "before": figure(&it.before), "after": figure(&it.after),
        })).collect::<Vec<_>>(),
        "inputs": changes.inputs.as_ref().map(|inputs| inputs.iter().map(input).collect::<Vec<_>>()),
        "together": changes.together,
    })
}
