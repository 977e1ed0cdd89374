//! The record of the last decision of a customer, and what changed since.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use super::args::{Facts, Moment, Rules};
use super::policy::{self, Ready};
use super::session::{Failure, Session};
use super::{book, input};
use crate::base::Str;
use crate::engine;
use crate::eval::{self, Decider, Decision, Env, Outcome};
use crate::explain::{self, Again, Changes};
use crate::plan::Plan;
use crate::value::{Cause, Date, Value};

/// What changed for a customer since the record of `--last`; none without one, and where it is of another decision.
///
/// # Errors
/// The file of the last decisions cannot be read.
pub fn changes(
    ready: &Ready,
    rules: &Rules,
    given: &Facts,
    facts: &eval::Facts,
    env: &Env<'_>,
    session: &mut Session<'_>,
) -> Result<Option<Changes>, Failure> {
    let plan = &ready.plan;
    let Some(path) = &given.last else { return Ok(None) };
    let Some(decision) = plan.decisions.get(ready.decision) else { return Ok(None) };
    let Some(record) = record(path, &facts.id, ready.day, session)? else { return Ok(None) };
    let own = plan.policies.last().map(|policy| (policy.name.clone(), policy.version.clone()));
    let text = |key: &str| record.get(key).and_then(Json::as_str);
    let old = match (own, text("policy"), text("version")) {
        (Some((name, version)), Some(policy), Some(last)) if *name == *policy && *version != *last => {
            let values = by_version(
                &format!("{name}@{last}"),
                &decision.name,
                ready,
                rules,
                given,
                &facts.id,
                session,
            );
            values.map(|values| (last.to_owned(), values))
        }
        _ => None,
    };
    let decide = |facts: &eval::Facts, day: Date| {
        let env = Env { today: day, ..env.clone() };
        let decider = Decider::new(plan, ready.decision, &env);
        let decided = decider.map(|decider| decider.decide(facts, &mut decider.scratch(), &mut ()));
        decided.map_or_else(Vec::new, |decided| decided.values.into_iter().map(|it| it.outcome).collect())
    };
    let again = Again {
        plan,
        decision,
        facts,
        today: ready.day,
        decide: &decide,
        by_version: &|version| {
            old.as_ref().filter(|(known, _)| known == version).map(|(_, values)| values.clone())
        },
    };
    Ok(explain::changes(&again, &record))
}

/// The outputs that are single values; the others as unknown.
fn single(decided: &Decision) -> Vec<Value> {
    let value = |outcome: &Outcome| match outcome {
        Outcome::One(value) => value.clone(),
        Outcome::Items(_) | Outcome::Checks(_) | Outcome::Ladder(_) => {
            Value::Unknown(Cause::NotComputable(0))
        }
    };
    decided.values.iter().map(|output| value(&output.outcome)).collect()
}

/// The youngest record of a customer that is not from after the day.
fn record(path: &Path, customer: &str, day: Date, session: &Session<'_>) -> Result<Option<Json>, Failure> {
    let bytes = session.read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let whole = serde_json::from_str::<Json>(text.trim_start_matches('\u{feff}')).ok();
    let records: Vec<Json> = match whole {
        Some(Json::Array(records)) => records,
        Some(Json::Object(mut object)) => match object.remove("decisions") {
            Some(Json::Array(records)) => records,
            _ => vec![Json::Object(object)],
        },
        _ => text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect(),
    };
    let of = |record: &Json| record.get("as_of").and_then(Json::as_str).and_then(Date::parse);
    let own = |record: &&Json| {
        record.get("id").and_then(Json::as_str) == Some(customer) && of(record).is_some_and(|on| on <= day)
    };
    Ok(records.iter().filter(own).max_by_key(|record| of(record)).cloned())
}

/// What another version of the policy decides of today's facts; none where it is not at hand, or needs the book of all customers.
fn by_version(
    policy: &str,
    decision: &Str,
    ready: &Ready,
    rules: &Rules,
    given: &Facts,
    customer: &str,
    session: &mut Session<'_>,
) -> Option<BTreeMap<Str, Json>> {
    let rules = Rules {
        paths: rules.paths.clone(),
        policy: Some(policy.to_owned()),
        decision: Some(decision.to_string()),
        moment: Moment { as_of: Some(ready.day), known_at: None },
        show_personal: rules.show_personal,
        settings: Vec::new(),
    };
    let old = policy::load(&rules, session, |_: &Plan| None).ok()?.into_iter().next()?;
    if book::is_made(&old.plan, old.decision, given.book.as_deref()) {
        return None;
    }
    let env = old.environment().ok()?;
    let decision = old.plan.decisions.get(old.decision)?;
    let decider = Decider::new(&old.plan, old.decision, &env)?;
    for file in &given.files {
        let needed = engine::facts_needed(&old.plan, decision);
        let reader = input::open(given, file, &old.plan.schema, &[], needed, false, session).ok()?;
        let Some(place) = reader.find(customer) else { continue };
        let decided = decider.decide(&reader.customer(place).ok()?, &mut decider.scratch(), &mut ());
        let values = decision.outputs.iter().zip(single(&decided)).filter_map(|(output, value)| {
            let ty = &old.plan.steps.get(output.step)?.ty;
            Some((output.name.clone(), explain::value_json(&value, ty, &old.plan.schema.enums)))
        });
        return Some(values.collect());
    }
    None
}
