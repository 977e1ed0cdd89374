//! What changed since a recorded decision, and which input did it: each input that differs is set back alone, and it is decided
//! again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::{Figure, value_json};
use crate::base::{Idx, Str};
use crate::eval::{Facts, Outcome, Records, targets};
use crate::plan::{
    DecisionItem, ItemKind, Label, OutputItem, Plan, Scope, digest_of, facts_under, with_book,
};
use crate::value::{Cause, Date, Field, FieldId, FieldType, Number, Type, Value};

/// What is not as the last record says.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The day of the last decision, ISO.
    pub since: String,
    /// The outputs that differ, item by item where they are told of items.
    pub outputs: Vec<OutputChange>,
    /// The outputs of which the record says nothing: name and label.
    pub unrecorded: Vec<(Str, Label)>,
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
    /// The item by its key, where it is told of items.
    pub item: Option<Str>,
    /// What was recorded; none for an item that was not there.
    pub before: Option<Figure>,
    /// What it is; none for an item that is not there.
    pub after: Option<Figure>,
}

/// An input that differs.
#[derive(Clone, Debug)]
pub struct InputChange {
    /// Which.
    pub input: Input,
    /// What the outputs would be if this alone were as before, of those that would then differ; none where that cannot be tried.
    pub alone: Option<Vec<Would>>,
}

/// What an output would be.
#[derive(Clone, Debug)]
pub struct Would {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// The item by its key, where it is told of items.
    pub item: Option<Str>,
    /// What it would be; none for an item that would not be there.
    pub value: Option<Figure>,
}

/// What a decision says: by output, and by the key of the item where it is told of items.
type Told = BTreeMap<(usize, Option<Str>), Figure>;

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
    /// Decides these facts on a day: the outputs in their order.
    pub decide: &'a dyn Fn(&Facts, Date) -> Vec<Outcome>,
    /// What the policy of a version decides of these facts, by the names of outputs; none where it is not at hand.
    pub by_version: &'a dyn Fn(&str) -> Option<BTreeMap<Str, Json>>,
}

/// The facts that a record keeps so that a later run can tell what changed: no personal ones; of lists of records, how many items
/// they have and the digest of these. Of the decision before, what it said of the customer is kept; what was done of it by then is not.
#[must_use]
pub fn kept(field: &Field) -> bool {
    let done = field.name.starts_with("last.") && matches!(field.ty, FieldType::Records(_));
    !field.personal && !field.key && !done
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
    let now = again.told(again.facts, again.today);
    let before = again.recorded(recorded);
    let outputs = differing(again, &before, &now, recorded);
    let unrecorded = again.decision.outputs.iter().filter(|output| !recorded.contains_key(&*output.name));
    let unrecorded = unrecorded.filter(|output| !again.plan.is_personal(output.step));
    let unrecorded = unrecorded.map(|output| (output.name.clone(), output.label.clone())).collect();
    let day = text("as_of").and_then(Date::parse);
    let mut found = Changes {
        since: text("as_of").unwrap_or("?").to_owned(),
        outputs,
        unrecorded,
        inputs: None,
        together: None,
    };
    if let Some(facts) = record.get("facts").and_then(Json::as_object) {
        let mut inputs = facts_changed(again, facts, &now);
        let mut set_back = again.facts.clone();
        for (field, value, _) in &inputs {
            set(&mut set_back, *field, value);
        }
        let mut lines: Vec<InputChange> = inputs.drain(..).map(|(.., line)| line).collect();
        lines.extend(lists_changed(again, facts));
        if let Some(day) = day.filter(|day| *day != again.today) {
            let then = again.told(again.facts, day);
            lines.push(InputChange {
                input: Input::Day(day, again.today),
                alone: Some(moved(again, &now, &then)),
            });
        }
        lines.extend(policy_changed(again, record, &now));
        if !found.outputs.is_empty() {
            let then = again.told(&set_back, day.unwrap_or(again.today));
            found.together = Some(differing(again, &before, &then, recorded).is_empty());
        }
        found.inputs = Some(lines);
    }
    Some(found)
}

/// The single facts that differ, with the value to which each is set back, and what that alone does.
fn facts_changed(
    again: &Again<'_>,
    recorded: &serde_json::Map<String, Json>,
    now: &Told,
) -> Vec<(FieldId, Value, InputChange)> {
    let mut found = Vec::new();
    // Another decision may have read more than this one: what this one does not read has no part in it.
    let read = again.read();
    let fields = again.plan.schema.fields.iter_enumerated();
    for (id, field) in fields.filter(|(id, field)| kept(field) && read.contains(id)) {
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
        let then = again.told(&facts, again.today);
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
    let read = again.read();
    for records in again.facts.records.iter().filter(|records| read.contains(&records.field)) {
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
fn policy_changed(again: &Again<'_>, record: &Json, now: &Told) -> Option<InputChange> {
    let text = |key: &str| record.get(key).and_then(Json::as_str);
    let own = again.plan.policies.last()?;
    // What another policy recorded of the same ladder says nothing of this one's text.
    let version = text("version").filter(|_| text("policy").is_none_or(|policy| *policy == *own.name))?;
    if *version == *own.version {
        let same = *text("digest")? == *again.plan.digest && record.get("set").is_none();
        return (!same).then_some(InputChange { input: Input::Text, alone: None });
    }
    let input = Input::Policy(Str::from(version), own.version.clone());
    let alone = (again.by_version)(version).map(|values| {
        // The other version tells single values only; of items it says nothing.
        let mut then = now.clone();
        for ((place, item), figure) in &mut then {
            let output = again.decision.outputs.get(*place).filter(|_| item.is_none());
            let json = output.and_then(|output| values.get(&output.name));
            if let Some(value) = json.and_then(|json| value_of(json, &figure.ty, again.plan)) {
                figure.value = value;
            }
        }
        moved(again, now, &then)
    });
    Some(InputChange { input, alone })
}

impl Again<'_> {
    /// The facts that the decision reads, for itself and for the book.
    fn read(&self) -> BTreeSet<FieldId> {
        facts_under(self.plan, &with_book(self.plan, &targets(self.plan, self.decision)).0)
    }

    /// What is decided of these facts on a day. What is personal is told nowhere but where it is asked for.
    fn told(&self, facts: &Facts, day: Date) -> Told {
        let mut told = Told::new();
        for ((place, output), outcome) in
            self.decision.outputs.iter().enumerate().zip((self.decide)(facts, day))
        {
            let Some(ty) = self.ty(output) else { continue };
            let figure = |value: &Value| Figure { value: value.clone(), ty: ty.clone() };
            let key = |key: &Option<Value>, item: Option<usize>| {
                let shown =
                    key.as_ref().map(|key| name_of(&value_json(key, &Type::Text, &self.plan.schema.enums)));
                shown.or_else(|| item.map(|item| Str::from(item.to_string())))
            };
            match outcome {
                Outcome::One(value) => {
                    told.insert((place, None), figure(&value));
                }
                Outcome::Items(items) => told
                    .extend(items.iter().map(|it| ((place, key(&it.key, Some(it.item))), figure(&it.value)))),
                Outcome::Ladder(records) => {
                    told.extend(records.iter().map(|it| ((place, key(&it.key, it.item)), figure(&it.step))))
                }
                Outcome::Checks(records) => told
                    .extend(records.iter().map(|it| ((place, key(&it.key, it.item)), figure(&it.verdict)))),
            }
        }
        told
    }

    /// What a record says of the outputs, as far as it says something.
    fn recorded(&self, values: &serde_json::Map<String, Json>) -> Told {
        let mut told = Told::new();
        for (place, output) in self.decision.outputs.iter().enumerate() {
            let (Some(ty), Some(json)) = (self.ty(output), values.get(&*output.name)) else { continue };
            let figure =
                |json: &Json| Some(Figure { value: value_of(json, &ty, self.plan)?, ty: ty.clone() });
            let single = self.plan.steps.get(output.step).is_some_and(|step| step.scope == Scope::Customer);
            match json.as_array().filter(|_| !single || self.rows(output).is_some()) {
                None => told.extend(figure(json).map(|figure| ((place, None), figure))),
                Some(items) => {
                    let (key, value) = self.rows(output).unwrap_or((Str::from("key"), "value"));
                    told.extend(items.iter().enumerate().filter_map(|(number, item)| {
                        let keyed = item.get(&*key).map(name_of);
                        let item_key = keyed.or_else(|| (!single).then(|| Str::from(number.to_string())));
                        Some(((place, item_key), figure(item.get(value)?)?))
                    }));
                }
            }
        }
        told
    }

    /// The type of an output; none of one that is personal.
    fn ty(&self, output: &OutputItem) -> Option<Type> {
        let step = self.plan.steps.get(output.step).filter(|_| !self.plan.is_personal(output.step));
        step.map(|step| step.ty.clone())
    }

    /// How a record tells of the items of a ladder or of checks: what their key is called, and what stands in force.
    fn rows(&self, output: &OutputItem) -> Option<(Str, &'static str)> {
        let (list, key, value) = match &self.plan.items.get(output.item?)?.kind {
            ItemKind::Escalation(it) => (it.list, it.item_key, "step"),
            ItemKind::Checks(it) => (it.list, it.item_key, "verdict"),
            _ => return None,
        };
        let name = list.zip(key).and_then(|(list, key)| match &self.plan.schema.fields.get(list)?.ty {
            FieldType::Records(fields) => Some(fields.get(key as usize)?.name.clone()),
            _ => None,
        });
        Some((name.unwrap_or_else(|| Str::from("key")), value))
    }
}

/// A key as people write it.
fn name_of(json: &Json) -> Str {
    Str::from(json.as_str().map_or_else(|| json.to_string(), str::to_owned))
}

/// The outputs of which a record says something else than is decided.
fn differing(
    again: &Again<'_>,
    before: &Told,
    after: &Told,
    recorded: &serde_json::Map<String, Json>,
) -> Vec<OutputChange> {
    let mut found = Vec::new();
    for (place, output) in again.decision.outputs.iter().enumerate() {
        if !recorded.contains_key(&*output.name) {
            continue;
        }
        for (item, before, after) in pairs(before, after, place) {
            // An item that stands on no step is as one that is not there.
            let nothing = |figure: Option<&Figure>| figure.is_none_or(|figure| !figure.value.is_known());
            let equal = match (before, after) {
                (Some(before), Some(after)) => same(&before.value, &after.value),
                (before, after) => nothing(before) && nothing(after),
            };
            if !equal {
                found.push(OutputChange {
                    name: output.name.clone(),
                    label: output.label.clone(),
                    item,
                    before: before.cloned(),
                    after: after.cloned(),
                });
            }
        }
    }
    found
}

/// What two decisions say of an output, item by item.
fn pairs<'t>(
    one: &'t Told,
    other: &'t Told,
    place: usize,
) -> Vec<(Option<Str>, Option<&'t Figure>, Option<&'t Figure>)> {
    let keys = |told: &'t Told| told.keys().filter(move |(of, _)| *of == place);
    let mut all: Vec<&(usize, Option<Str>)> = keys(one).chain(keys(other)).collect();
    all.sort();
    all.dedup();
    all.into_iter().map(|key| (key.1.clone(), one.get(key), other.get(key))).collect()
}

/// The outputs that differ between now and then, with what they would be.
fn moved(again: &Again<'_>, now: &Told, then: &Told) -> Vec<Would> {
    let mut found = Vec::new();
    for (place, output) in again.decision.outputs.iter().enumerate() {
        for (item, now, then) in pairs(now, then, place) {
            let equal = match (now, then) {
                (Some(now), Some(then)) => same(&now.value, &then.value),
                (now, then) => now.is_none() && then.is_none(),
            };
            if !equal {
                let (name, label) = (output.name.clone(), output.label.clone());
                found.push(Would { name, label, item, value: then.cloned() });
            }
        }
    }
    found
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
            let name = |it: &Would| match &it.item {
                Some(item) => format!("{}[{item}]", it.name),
                None => it.name.to_string(),
            };
            let would = alone.iter().map(|it| (name(it), it.value.as_ref().map_or(Json::Null, figure)));
            object.insert("set_back_alone".into(), Json::Object(would.collect()));
        }
        object
    };
    serde_json::json!({
        "since": changes.since,
        "outputs": changes.outputs.iter().map(|it| serde_json::json!({
            "name": label(&it.name), "item": it.item.as_deref(),
            "before": it.before.as_ref().map(figure), "after": it.after.as_ref().map(figure),
        })).collect::<Vec<_>>(),
        "unrecorded": changes.unrecorded.iter().map(|(name, _)| label(name)).collect::<Vec<_>>(),
        "inputs": changes.inputs.as_ref().map(|inputs| inputs.iter().map(input).collect::<Vec<_>>()),
        "together": changes.together,
    })
}
