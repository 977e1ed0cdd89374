//! How a decision differs from the one that was accepted, in the words of the business.

use serde_json::{Map, Value as Json};

use super::decided::{Decided, Output, shown};
use super::file::Snapshot;
use crate::base::{Lang, Str};
use crate::plan::Plan;
use crate::value::{FieldId, Number, Type};

/// What moved for one customer.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Moved {
    /// The customer.
    pub customer: String,
    /// What is new about each output that differs: `risk class A → B`; empty where only the way there differs.
    pub outputs: Vec<String>,
    /// Facts that differ: `net assets 5,000,000.00 → 4,000,000.00`.
    pub facts: Vec<String>,
}

impl Moved {
    /// Whether an output moved.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        !self.outputs.is_empty()
    }
}

/// What an accepted snapshot keeps of a customer: the values and the facts.
#[must_use]
pub fn kept<'s>(snapshot: &'s Snapshot, customer: &str, what: &str) -> Option<&'s Map<String, Json>> {
    snapshot.info.get("decided")?.get(customer)?.get(what)?.as_object()
}

/// What differs for each customer of a snapshot whose text is another.
#[must_use]
pub fn moved(
    was: Option<&Snapshot>,
    is: &[Decided],
    plan: &Plan,
    outputs: &[Output],
    lang: Lang,
) -> Vec<Moved> {
    let Some(was) = was else { return Vec::new() };
    let mut found = Vec::new();
    for decided in is {
        let customer = decided.customer.to_string();
        let Some(values) = kept(was, &customer, "values") else {
            // Without figures to compare the texts tell.
            if !was.body.contains(&decided.body) {
                found.push(Moved { customer, ..Moved::default() });
            }
            continue;
        };
        let mut moved = Moved { customer, ..Moved::default() };
        for output in status().iter().chain(outputs) {
            let before = values.get(&*output.name).unwrap_or(&Json::Null);
            let after = decided.values.get(&*output.name).unwrap_or(&Json::Null);
            if before != after {
                let text = |json| match output.name.as_ref() {
                    "status" => status_words(json, lang),
                    _ => shown(plan, json, output.ty.as_ref(), lang),
                };
                let label = output.label.pick(lang);
                moved.outputs.push(format!("{label} {} → {}", text(before), text(after)));
            }
        }
        let empty = Map::new();
        let before = kept(was, &moved.customer, "facts").unwrap_or(&empty);
        moved.facts = facts(before, &decided.facts, plan, lang);
        if moved.is_moved() || !was.body.contains(&decided.body) {
            found.push(moved);
        }
    }
    let decided = was.info.get("decided").and_then(Json::as_object);
    for gone in decided.into_iter().flat_map(Map::keys) {
        if !is.iter().any(|decided| *decided.customer == **gone) {
            let outputs = vec![lang.pick("no longer decided", "不再评定").to_owned()];
            found.push(Moved { customer: gone.clone(), outputs, facts: Vec::new() });
        }
    }
    found
}

/// How far it is decided stands beside the outputs.
fn status() -> [Output; 1] {
    let label = crate::plan::Label { en: Str::from("status"), zh: Str::from("状态") };
    [Output { name: Str::from("status"), label, ty: None, granted: false }]
}

fn status_words(json: &Json, lang: Lang) -> String {
    match json.as_str() {
        Some("final") => lang.pick("decided", "已定案"),
        Some("open") => lang.pick("open", "有待答问题"),
        Some("refused") => lang.pick("refused", "不予受理"),
        Some("withheld") => lang.pick("withheld", "不予发布"),
        Some(_) | None => "–",
    }
    .to_owned()
}

fn facts(before: &Map<String, Json>, after: &Map<String, Json>, plan: &Plan, lang: Lang) -> Vec<String> {
    let mut found = Vec::new();
    for (name, is) in after {
        let Some(was) = before.get(name).filter(|was| *was != is) else { continue };
        let field = plan
            .schema
            .fields
            .ids()
            .find(|id| plan.schema.fields.get(*id).is_some_and(|it| *it.name == **name));
        let field = field.and_then(|id: FieldId| Some((id, plan.schema.fields.get(id)?)));
        let label = field.map_or_else(|| name.clone(), |(_, field)| field.label.pick(lang).to_string());
        let label = if label.is_empty() { name.clone() } else { label };
        let ty: Option<Type> = field.map(|(id, field)| field.ty.ty(id.0));
        let items = |json: &Json| json.as_str().and_then(|text| Some(text.split_once(" · ")?.0.to_owned()));
        found.push(match (items(was), items(is)) {
            (Some(was), Some(is)) if was == is => match lang {
                Lang::En => format!("{label}: {is} items, not the same"),
                Lang::Zh => format!("{label}：{is} 笔，内容有变"),
            },
            (Some(was), Some(is)) => match lang {
                Lang::En => format!("{label}: {was} → {is} items"),
                Lang::Zh => format!("{label}：{was} 笔 → {is} 笔"),
            },
            _ => format!(
                "{label} {} → {}",
                shown(plan, was, ty.as_ref(), lang),
                shown(plan, is, ty.as_ref(), lang)
            ),
        });
    }
    found
}

/// How far amounts that are granted moved, up and down, over some snapshots.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Amounts {
    /// The name of the output.
    pub name: String,
    /// How many went up, and by how much in all.
    pub up: (usize, Number),
    /// How many went down, and by how much in all.
    pub down: (usize, Number),
    /// How many are new, gone or unknown on one side.
    pub other: usize,
}

/// Adds what moved between two snapshots of the same customers.
pub fn add_amounts(found: &mut Vec<Amounts>, was: Option<&Snapshot>, is: &Snapshot) {
    let names = is.info.get("granted").and_then(Json::as_array);
    let names: Vec<&str> = names.into_iter().flatten().filter_map(Json::as_str).collect();
    let decided = is.info.get("decided").and_then(Json::as_object);
    for (customer, now) in decided.into_iter().flatten() {
        let before = was.and_then(|was| kept(was, customer, "values"));
        for name in &names {
            let number = |json: Option<&Json>| json.and_then(Json::as_str).and_then(amount);
            let after = number(now.get("values").and_then(|values| values.get(*name)));
            let before = number(before.and_then(|values| values.get(*name)));
            let place = found.iter().position(|it| it.name == *name).unwrap_or_else(|| {
                let zero = (0, Number::ZERO);
                let none = Amounts { name: (*name).to_owned(), up: zero.clone(), down: zero, other: 0 };
                found.push(none);
                found.len().saturating_sub(1)
            });
            let Some(sum) = found.get_mut(place) else { continue };
            match (before, after) {
                (Some(before), Some(after)) => {
                    let by = after.sub(&before);
                    let side = if by.is_positive() { &mut sum.up } else { &mut sum.down };
                    if !by.is_zero() {
                        *side = (side.0.saturating_add(1), side.1.add(&by));
                    }
                }
                (None, None) => {}
                (Some(_), None) | (None, Some(_)) => sum.other = sum.other.saturating_add(1),
            }
        }
    }
}

/// `120000`, `1/3`.
fn amount(text: &str) -> Option<Number> {
    match text.split_once('/') {
        Some((above, below)) => Number::decimal(above)?.div(&Number::decimal(below)?),
        None => Number::decimal(text),
    }
}
