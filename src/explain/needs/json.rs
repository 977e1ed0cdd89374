//! What is wanted, as JSON.

use serde_json::{Value as Json, json as object};

use super::{Change, Given, Need, Needs};
use crate::explain::{Figure, value_json};
use crate::value::Enums;

/// What is wanted as one JSON document: names and codes never translated, decimals as strings.
#[must_use]
pub fn needs_json(needs: &Needs, enums: &Enums) -> Json {
    object!({
        "format_version": 1,
        "customer": &*needs.customer,
        "decision": &*needs.decision.0,
        "as_of": needs.as_of.to_string(),
        "wanted": needs.wanted.iter().map(|need| one(need, enums)).collect::<Vec<_>>(),
        "open": needs.open.iter().map(|line| object!({
            "role": &*line.role.0,
            "text": line.text.as_ref().map(|text| object!({ "en": &*text.en, "zh": &*text.zh })),
            "rule": &*line.address,
        })).collect::<Vec<_>>(),
        "decisions": needs.decisions,
        "cut_short": needs.cut_short,
    })
}

fn one(need: &Need, enums: &Enums) -> Json {
    object!({
        "kind": need.kind.name(),
        "whole": need.whole.as_ref().map(|(name, _)| &**name),
        "parts": need.parts.iter().map(|(name, _)| &**name).collect::<Vec<_>>(),
        "moves": need.moves.iter().map(|it| {
            let output = it.output.as_ref().map(|(name, _)| &**name);
            match &it.change {
                Change::Value { from, to, between } => object!({
                    "output": output,
                    "from": figure(from, enums),
                    "to": to.iter().map(|(after, with)| object!({
                        "value": figure(after, enums), "with": given(with, enums),
                    })).collect::<Vec<_>>(),
                    "values_between": between,
                }),
                Change::Status { from, to } => object!({
                    "status": from.name(),
                    "to": to.iter().map(|(after, with)| object!({
                        "status": after.name(), "with": given(with, enums),
                    })).collect::<Vec<_>>(),
                }),
                Change::Items { most, with } => object!({
                    "output": output, "items": most, "with": given(with, enums),
                }),
            }
        }).collect::<Vec<_>>(),
        "tried": need.tried,
        "all_tried": need.all_tried,
        "withheld": need.withheld,
        "no_record": need.no_record,
        "in_book": need.in_book,
    })
}

fn given(with: &[Given], enums: &Enums) -> Json {
    let pairs = with.iter().map(|it| (it.fact.0.to_string(), figure(&it.value, enums)));
    Json::Object(pairs.collect())
}

fn figure(figure: &Figure, enums: &Enums) -> Json {
    value_json(&figure.value, &figure.ty, enums)
}
