//! What came of the cases, for a terminal and for programs.

use serde_json::{Value as Json, json};

use super::run::{CaseTrial, PolicyTrial, Story, Tally};
use super::snapshot;
use super::words::{lacks, misses};
use crate::base::{Lang, SourceMap, Span};
use crate::diag::Diagnostic;
use crate::diag::render::json_items;
use crate::eval::{CaseError, ExpectOutcome};
use crate::explain::value_json;
use crate::plan::{ExpectItem, ExpectValue, Plan};
use crate::value::Value;

/// Whether text is coloured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Painter(pub bool);

impl Painter {
    fn paint(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(super) fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    pub(super) fn bad(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    pub(super) fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }
}

/// All policies with the cases that failed.
#[must_use]
pub fn text(policies: &[PolicyTrial<'_>], sources: &SourceMap, lang: Lang, painter: Painter) -> String {
    told(policies.iter(), sources, lang, painter)
}

/// Only the policies of which a case failed, with these cases.
#[must_use]
pub fn failures(policies: &[PolicyTrial<'_>], sources: &SourceMap, lang: Lang, painter: Painter) -> String {
    let failed = |policy: &&PolicyTrial<'_>| policy.cases.iter().any(|case| !case.result.passed());
    told(policies.iter().filter(failed), sources, lang, painter)
}

fn told<'t>(
    policies: impl Iterator<Item = &'t PolicyTrial<'t>>,
    sources: &SourceMap,
    lang: Lang,
    painter: Painter,
) -> String {
    let mut out = String::new();
    for policy in policies.filter(|policy| !policy.cases.is_empty()) {
        if !out.is_empty() && out.ends_with("\n\n") {
            out.truncate(out.len().saturating_sub(1));
        }
        out.push_str(&head(policy, lang, painter));
        let failed: Vec<&CaseTrial> = policy.cases.iter().filter(|case| !case.result.passed()).collect();
        for case in &failed {
            out.push_str(&format!(
                "\n  {} {}  {}\n",
                painter.bad("✗"),
                case.case.name,
                painter.faint(&line(case.case.span, sources))
            ));
            for line in misses(policy, case, lang).iter().flat_map(|miss| miss.lines(lang)) {
                out.push_str(&format!("      {line}\n"));
            }
        }
        if !failed.is_empty() {
            out.push('\n');
        }
    }
    out
}

fn head(policy: &PolicyTrial<'_>, lang: Lang, painter: Painter) -> String {
    let (name, version) = (policy.subject.name(), policy.subject.version());
    let tally = Tally::of(std::slice::from_ref(policy));
    let count = counted(&tally, lang);
    let count = if tally.failed == 0 { painter.good(&count) } else { painter.bad(&count) };
    match lang {
        Lang::En => format!("{name} {version} ({}): {count}\n", policy.subject.file),
        Lang::Zh => format!("{name} {version}（{}）：{count}\n", policy.subject.file),
    }
}

fn counted(tally: &Tally, lang: Lang) -> String {
    match (tally.failed, lang) {
        (0, Lang::En) => format!("{} passed", tally.passed),
        (failed, Lang::En) => format!("{} passed, {failed} failed", tally.passed),
        (0, Lang::Zh) => format!("{} 个通过", tally.passed),
        (failed, Lang::Zh) => format!("{} 个通过，{failed} 个未通过", tally.passed),
    }
}

/// One sentence on the whole run.
#[must_use]
pub fn summary(policies: &[PolicyTrial<'_>], lang: Lang) -> String {
    let tally = Tally::of(policies);
    let plural = |count: usize, one: &str, several: &str| {
        format!("{count} {}", if count == 1 { one } else { several })
    };
    match lang {
        Lang::En => format!(
            "{} of {}: {}",
            plural(tally.cases(), "case", "cases"),
            plural(tally.policies, "policy", "policies"),
            counted(&tally, lang)
        ),
        Lang::Zh => {
            format!("{} 项政策的 {} 个案例：{}", tally.policies, tally.cases(), counted(&tally, lang))
        }
    }
}

/// `rules/trade_credit.gradus:172`
fn line(span: Span, sources: &SourceMap) -> String {
    match sources.get(span.file) {
        Some(source) => format!("{}:{}", source.name(), source.line_column(span.start).line),
        None => String::from("?"),
    }
}

/// One document with every case, with the snapshots where there are any, and with what is told beside them.
#[must_use]
pub fn json(
    policies: &[PolicyTrial<'_>],
    kept: &snapshot::Report,
    told: &[Diagnostic],
    sources: &SourceMap,
    lang: Lang,
) -> String {
    let tally = Tally::of(policies);
    let mut document = json!({
        "format_version": 1,
        "summary": {
            "policies": tally.policies,
            "cases": tally.cases(),
            "passed": tally.passed,
            "failed": tally.failed,
        },
        "policies": policies.iter().filter(|policy| !policy.cases.is_empty())
            .map(|policy| policy_json(policy, sources, lang)).collect::<Vec<_>>(),
    });
    if let Some(document) = document.as_object_mut() {
        if kept.all() > 0 {
            document.insert("snapshots".into(), kept.json(lang));
        }
        if !told.is_empty() {
            document.insert("diagnostics".into(), json_items(told, sources, lang));
        }
    }
    crate::base::document(&document)
}

fn policy_json(policy: &PolicyTrial<'_>, sources: &SourceMap, lang: Lang) -> Json {
    let (name, version) = (policy.subject.name(), policy.subject.version());
    json!({
        "policy": name,
        "version": version,
        "digest": &*policy.subject.plan.digest,
        "file": policy.subject.file,
        "cases": policy.cases.iter().map(|case| case_json(policy, case, sources, lang)).collect::<Vec<_>>(),
    })
}

fn case_json(policy: &PolicyTrial<'_>, case: &CaseTrial, sources: &SourceMap, lang: Lang) -> Json {
    let source = sources.get(case.case.span.file);
    let status = match (case.result.errors.is_empty(), case.result.passed()) {
        (false, _) => "error",
        (true, true) => "passed",
        (true, false) => "failed",
    };
    let expectations: Vec<Json> = case
        .case
        .expect
        .iter()
        .zip(&case.result.outcomes)
        .zip(0..)
        .map(|((expect, outcome), place)| {
            expectation_json(&policy.subject.plan, expect, outcome, case.stories.get(place))
        })
        .collect();
    json!({
        "name": &*case.case.name,
        "file": source.map(|source| source.name()),
        "line": source.map(|source| source.line_column(case.case.span.start).line),
        "as_of": case.case.as_of.map(|day| day.to_string()),
        "status": status,
        "expectations": expectations,
        "errors": case.result.errors.iter()
            .map(|error| error_json(&policy.subject.plan, case, error, lang)).collect::<Vec<_>>(),
    })
}

fn expectation_json(
    plan: &Plan,
    expect: &ExpectItem,
    outcome: &ExpectOutcome,
    story: Option<&Story>,
) -> Json {
    let ty = expect.step.and_then(|step| plan.steps.get(step)).map(|step| step.ty.clone());
    let value = |value: &Value| match (value, &ty) {
        (Value::Unknown(_), _) | (_, None) => Json::Null,
        (value, Some(ty)) => value_json(value, ty, &plan.schema.enums),
    };
    let expected = match &expect.value {
        ExpectValue::Value(expected) => value(expected),
        ExpectValue::Unknown
        | ExpectValue::Withheld
        | ExpectValue::Fault
        | ExpectValue::Asks(_)
        | ExpectValue::Decided(..)
        | ExpectValue::NoItems
        | ExpectValue::Any => Json::Null,
    };
    json!({
        "written": &*expect.written,
        "passed": outcome.passed,
        "expected": expected,
        "actual": outcome.actual.as_ref().map(value),
        "unknown": story.and_then(|story| story.unknown.clone()),
        "because": expect.because.as_deref(),
        "because_given": outcome.reason,
        "near": story.and_then(|story| story.near.clone()),
        "story": story.map(|story| story.lines.clone()).unwrap_or_default(),
    })
}

fn error_json(plan: &Plan, case: &CaseTrial, error: &CaseError, lang: Lang) -> Json {
    let kind = match error {
        CaseError::MissingFact(_) => "missing_fact",
        CaseError::MissingField(..) => "missing_field",
        CaseError::MissingDay => "missing_day",
        CaseError::NoSuchItem(_) => "no_such_item",
    };
    let names: Vec<Json> = error.names(plan, &case.case).iter().map(|name| json!(&**name)).collect();
    json!({ "kind": kind, "names": names, "text": lacks(plan, &case.case, error, lang) })
}
