//! One decided customer as it is kept: the text that people read, and the figures that are compared.

use serde_json::{Map, Value as Json};

use crate::base::{Lang, Str};
use crate::explain::{Explanation, FactLine, Figure, LadderStory, record, value_json, value_of};
use crate::plan::{ItemKind, OutputItem, Plan, Scope, StepId, digest_of};
use crate::value::{Type, Value};

/// One decided customer.
#[derive(Clone, PartialEq, Debug)]
pub struct Decided {
    /// The customer's key, or the name of the case.
    pub customer: Str,
    /// What was decided and how it came about, in the language of the project.
    pub body: String,
    /// The outputs, as JSON writes them.
    pub values: Map<String, Json>,
    /// The facts that were read, the personal ones hidden; of lists, how many items they have, and the digest of these.
    pub facts: Map<String, Json>,
}

impl Decided {
    /// What is kept of a story.
    #[must_use]
    pub fn of(story: &Explanation, plan: &Plan, lang: Lang) -> Decided {
        let mut values = Map::new();
        values.insert(String::from("status"), Json::from(story.status));
        for output in &story.outputs {
            let value = match &output.value {
                Some(figure) => value_json(&figure.value, &figure.ty, &plan.schema.enums),
                None => of_items(story, plan, &output.name),
            };
            values.insert(output.name.to_string(), value);
        }
        let facts = story.facts.iter().map(|fact| (fact.name.to_string(), fact_json(fact, plan))).collect();
        Decided {
            customer: story.customer.clone(),
            body: record(story, plan, lang).trim_end().to_owned(),
            values,
            facts,
        }
    }
}

/// An output of items in a line: `F-1 letter, F-2 call`; the verdicts of order checks; the values of items.
fn of_items(story: &Explanation, plan: &Plan, name: &str) -> Json {
    let key =
        |key: &Option<Figure>| key.as_ref().map_or_else(String::new, |key| format!("{} ", plain(key, plan)));
    let told: Vec<String> = if let Some(ladder) = story.ladders.iter().find(|ladder| &*ladder.name == name) {
        steps(ladder, plan)
    } else if let Some(checks) = story.checks.iter().find(|checks| &*checks.name == name) {
        checks.items.iter().map(|item| format!("{}{}", key(&item.key), plain(&item.verdict, plan))).collect()
    } else {
        let values = story.values.iter().find(|value| &*value.name == name);
        values.into_iter().flat_map(|value| &value.values).map(|figure| plain(figure, plan)).collect()
    };
    Json::from(told.join(", "))
}

fn steps(ladder: &LadderStory, plan: &Plan) -> Vec<String> {
    let on = ladder.items.iter().filter(|item| item.entry.standing.takes_effect());
    on.map(|item| {
        let key = item.key.as_ref().map_or_else(String::new, |key| format!("{} ", plain(key, plan)));
        let step = item.step.as_ref().map_or_else(|| String::from("–"), |step| plain(step, plan));
        format!("{key}{step}")
    })
    .collect()
}

fn plain(figure: &Figure, plan: &Plan) -> String {
    match value_json(&figure.value, &figure.ty, &plan.schema.enums) {
        Json::String(text) => text,
        Json::Null => String::from("–"),
        other => other.to_string(),
    }
}

fn fact_json(fact: &FactLine, plan: &Plan) -> Json {
    let Some((fields, rows)) = &fact.items else {
        return value_json(&fact.value.value, &fact.value.ty, &plan.schema.enums);
    };
    let mut text = String::new();
    for (values, _) in rows {
        for ((name, _), figure) in fields.iter().zip(values) {
            text.push_str(&format!("{name} {}\n", plain(figure, plan)));
        }
    }
    let digest: String = digest_of(&text).trim_start_matches("sha256:").chars().take(12).collect();
    Json::from(format!("{} · {digest}", rows.len()))
}

/// An output of a decision, as differences are told.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: crate::plan::Label,
    /// Its type; none for values of items.
    pub ty: Option<Type>,
    /// Whether it is an amount that is granted: the value of a `limit` in money.
    pub granted: bool,
}

/// The outputs of a decision.
#[must_use]
pub fn outputs(plan: &Plan, decision: usize) -> Vec<Output> {
    let outputs = plan.decisions.get(decision).map(|it| it.outputs.as_slice()).unwrap_or_default();
    outputs.iter().map(|output| describe(plan, output)).collect()
}

fn describe(plan: &Plan, output: &OutputItem) -> Output {
    let step = plan.steps.get(output.step).filter(|step| step.scope == Scope::Customer);
    let ty = step.map(|step| step.ty.clone());
    let money = matches!(&ty, Some(Type::Number(unit)) if unit.money == 1);
    let is_limit = |step: StepId| {
        plan.items.iter().any(|item| item.value == step && matches!(item.kind, ItemKind::Limit(_)))
    };
    let overridden = plan.items.iter().any(|item| {
        let named = item.name == output.name && matches!(item.kind, ItemKind::Limit(_));
        named || matches!(&item.kind, ItemKind::Override(_)) && item.name == output.name
    });
    Output {
        name: output.name.clone(),
        label: output.label.clone(),
        ty,
        granted: money && (is_limit(output.step) || overridden),
    }
}

/// A kept value in words.
#[must_use]
pub fn shown(plan: &Plan, json: &Json, ty: Option<&Type>, lang: Lang) -> String {
    let value = ty.and_then(|ty| Some((value_of(json, ty, plan)?, ty)));
    match (value, json) {
        (_, Json::Null) | (Some((Value::Unknown(_), _)), _) => lang.pick("unknown", "未知").to_owned(),
        (Some((value, ty)), _) => plan.shown(&value, ty, lang, false),
        (None, Json::String(text)) if text.is_empty() => String::from("–"),
        (None, Json::String(text)) => text.clone(),
        (None, other) => other.to_string(),
    }
}
