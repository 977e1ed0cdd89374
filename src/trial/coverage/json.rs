//! Coverage for programs: one JSON document.

use serde_json::{Map, Value as Json, json};

use super::goal::GoalKind;
use super::tally::{Count, Coverage, PolicyCoverage};
use super::words::Teller;
use crate::base::{Lang, SourceMap};

/// One document with `format_version`. Addresses, kinds and names are never translated; what is said of a goal is.
#[must_use]
pub fn json(coverage: &Coverage<'_>, sources: &SourceMap, lang: Lang) -> String {
    let policies: Vec<Json> =
        coverage.policies.iter().map(|policy| of_policy(policy, sources, lang)).collect();
    let document = json!({
        "format_version": 1,
        "all": of_count(coverage.count()),
        "kinds": of_kinds(|kind| coverage.count_of(kind)),
        "policies": policies,
    });
    format!("{document:#}\n")
}

fn of_policy(policy: &PolicyCoverage<'_>, sources: &SourceMap, lang: Lang) -> Json {
    let teller = Teller::new(&policy.subject.plan, lang);
    let goals = policy.goals.iter().enumerate().map(|(place, goal)| {
        let source = sources.get(goal.span.file);
        let at = source.map(|source| source.line_column(goal.span.start));
        let mut one = json!({
            "address": &*goal.address,
            "kind": goal.kind.name(),
            "name": &**goal.name.pick(lang),
            "file": source.map(|source| source.name()),
            "line": at.map(|at| at.line),
            "column": at.map(|at| at.column),
            "reached": policy.reached.has(place),
            "runs": policy.runs.iter().filter(|run| run.reached.has(place)).map(|run| &*run.name).collect::<Vec<_>>(),
        });
        if let Some(fields) = one.as_object_mut() {
            match teller.never(goal) {
                Some(never) => fields.insert("never".to_owned(), Json::from(never)),
                None if !policy.reached.has(place) => fields.insert("missing".to_owned(), Json::from(teller.gap(goal))),
                None => None,
            };
        }
        one
    });
    json!({
        "policy": policy.subject.name(),
        "version": policy.subject.version(),
        "file": policy.subject.file,
        "all": of_count(policy.count(None)),
        "kinds": of_kinds(|kind| policy.count(Some(kind))),
        "goals": goals.collect::<Vec<Json>>(),
    })
}

fn of_count(count: Count) -> Json {
    json!({ "reached": count.reached, "of": count.of, "percent": count.percent() })
}

fn of_kinds(count: impl Fn(GoalKind) -> Count) -> Json {
    let kinds = GoalKind::ALL.iter().map(|kind| (kind.name().to_owned(), count(*kind)));
    let kinds: Map<String, Json> =
        kinds.filter(|(_, count)| count.of > 0).map(|(name, count)| (name, of_count(count))).collect();
    Json::Object(kinds)
}
