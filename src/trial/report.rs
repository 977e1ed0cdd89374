//! What came of the cases, for people, for programs, for a job on GitHub.

use serde_json::{Value as Json, json};

use super::run::{CaseTrial, PolicyTrial, Story, Tally};
use crate::base::{Lang, SourceMap, Span};
use crate::diag::Severity;
use crate::diag::render::annotation;
use crate::eval::{CaseError, ExpectOutcome};
use crate::explain::value_json;
use crate::plan::{ExpectItem, ExpectValue, Plan};
use crate::value::display::{Show, show};
use crate::value::{Type, Value};

/// Whether text is coloured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Painter(pub bool);

impl Painter {
    fn paint(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    fn bad(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }
}

/// All policies with the cases that failed.
#[must_use]
pub fn text(policies: &[PolicyTrial<'_>], sources: &SourceMap, lang: Lang, painter: Painter) -> String {
    let mut out = String::new();
    for policy in policies.iter().filter(|policy| !policy.cases.is_empty()) {
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
            for line in said(policy, case, lang) {
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

/// What is to be said of a case that failed, line by line.
fn said(policy: &PolicyTrial<'_>, case: &CaseTrial, lang: Lang) -> Vec<String> {
    let mut lines: Vec<String> =
        case.result.errors.iter().map(|error| error_words(&policy.subject.plan, case, error, lang)).collect();
    for ((expect, outcome), place) in case.case.expect.iter().zip(&case.result.outcomes).zip(0..) {
        if outcome.passed {
            continue;
        }
        let none = Story::default();
        let story = case.stories.get(place).unwrap_or(&none);
        lines.extend(failure(&policy.subject.plan, expect, outcome, story, lang));
        lines.extend(story.lines.iter().map(|line| format!("  {line}")));
    }
    lines
}

/// What was expected and what came out.
fn failure(
    plan: &Plan,
    expect: &ExpectItem,
    outcome: &ExpectOutcome,
    story: &Story,
    lang: Lang,
) -> Vec<String> {
    let (expected, came) = (lang.pick("expected", "应得"), lang.pick("came out", "实得"));
    let mut lines = Vec::new();
    let ty = expect.step.and_then(|step| plan.steps.get(step)).map(|step| step.ty.clone());
    if let (Some(actual), Some(ty)) = (&outcome.actual, &ty) {
        let written = match &expect.value {
            ExpectValue::Value(value) => {
                let shown = figure(plan, value, ty, lang);
                let is_there = expect.written.contains(&shown);
                if is_there { expect.written.to_string() } else { format!("{} ({shown})", expect.written) }
            }
            ExpectValue::Unknown
            | ExpectValue::Withheld
            | ExpectValue::Fault
            | ExpectValue::Asks(_)
            | ExpectValue::NoItems
            | ExpectValue::Any => expect.written.to_string(),
        };
        let mut found = figure(plan, actual, ty, lang);
        if let Some(why) = &story.unknown {
            found = format!("{found}{}{why}", lang.pick(": ", "："));
        }
        if let (ExpectValue::Value(Value::Number(expected)), Value::Number(actual)) = (&expect.value, actual)
            && expected != actual
        {
            let apart = figure(plan, &Value::Number(actual.sub(expected).abs()), ty, lang);
            found = match (actual > expected, lang) {
                (true, Lang::En) => format!("{found}, {apart} more"),
                (false, Lang::En) => format!("{found}, {apart} less"),
                (true, Lang::Zh) => format!("{found}，多 {apart}"),
                (false, Lang::Zh) => format!("{found}，少 {apart}"),
            };
        }
        lines.push(format!("{expected}  {written}"));
        lines.push(format!("{came}  {found}"));
    }
    match &expect.value {
        ExpectValue::Fault => {
            lines.push(format!("{expected}  {}", expect.written));
            let none = lang.pick("a decision with which nothing is wrong", "评定无任何不符");
            lines.push(format!("{came}  {none}"));
        }
        ExpectValue::Asks(role) => {
            lines.push(format!("{expected}  {}", expect.written));
            lines.push(match lang {
                Lang::En => format!("{came}  nothing is asked of {role}"),
                Lang::Zh => format!("{came}  没有向 {role} 提问"),
            });
        }
        ExpectValue::NoItems => {
            lines.push(format!("{expected}  {}", expect.written));
            lines.push(format!("{came}  {}", lang.pick("there are items", "有项目")));
        }
        ExpectValue::Value(_) | ExpectValue::Unknown | ExpectValue::Withheld | ExpectValue::Any => {}
    }
    if let (Some(code), Some(false)) = (&expect.because, outcome.reason) {
        if lines.is_empty() {
            lines.push(format!("{expected}  because {code}"));
        }
        lines.push(match lang {
            Lang::En => format!("no rule that applies gives the reason `{code}`"),
            Lang::Zh => format!("适用的规则中没有给出理由 `{code}` 的"),
        });
    }
    lines
}

fn figure(plan: &Plan, value: &Value, ty: &Type, lang: Lang) -> String {
    let home = plan.policies.last().map(|policy| policy.currency);
    let how = Show { home, approximate: Some(4), ..Show::new(lang) };
    match value {
        Value::Unknown(crate::value::Cause::Withheld(_)) => lang.pick("withheld", "不予核定").to_owned(),
        _ => show(value, ty, &plan.schema.enums, &how),
    }
}

/// Why a case could not be run.
fn error_words(plan: &Plan, case: &CaseTrial, error: &CaseError, lang: Lang) -> String {
    let names = error.names(plan, &case.case);
    let name = |place: usize| names.get(place).map_or("?", |name| &**name);
    match (error, lang) {
        (CaseError::MissingFact(_), Lang::En) => {
            format!("the fact `{}` is needed and not given", name(0))
        }
        (CaseError::MissingFact(_), Lang::Zh) => format!("需要事实 `{}`, 案例未给定", name(0)),
        (CaseError::MissingField(_, _, item), Lang::En) => format!(
            "`{}` of record {} of `{}` is needed and not given",
            name(0),
            item.saturating_add(1),
            name(1)
        ),
        (CaseError::MissingField(_, _, item), Lang::Zh) => {
            format!("需要 `{}` 第 {} 条的 `{}`, 案例未给定", name(1), item.saturating_add(1), name(0))
        }
        (CaseError::MissingDay, Lang::En) => {
            String::from("the day is needed and not given: state it in the case, or with `--as-of`")
        }
        (CaseError::MissingDay, Lang::Zh) => {
            String::from("需要日期, 案例未给定: 请在案例中写明, 或用 `--as-of`")
        }
        (CaseError::NoSuchItem(_), Lang::En) => format!("no item has this key: {}", name(0)),
        (CaseError::NoSuchItem(_), Lang::Zh) => format!("没有此主键的明细: {}", name(0)),
    }
}

/// One annotation a case that failed.
#[must_use]
pub fn github(policies: &[PolicyTrial<'_>], sources: &SourceMap, lang: Lang) -> String {
    let mut out = String::new();
    for policy in policies {
        for case in policy.cases.iter().filter(|case| !case.result.passed()) {
            let title = match lang {
                Lang::En => format!("case \"{}\" of {} fails", case.case.name, policy.subject.name()),
                Lang::Zh => format!("{} 的案例 “{}” 未通过", policy.subject.name(), case.case.name),
            };
            let text = said(policy, case, lang).join("\n");
            out.push_str(&annotation(Severity::Error, sources, Some(case.case.span), &title, &text));
        }
    }
    out
}

/// One document with every case.
#[must_use]
pub fn json(policies: &[PolicyTrial<'_>], sources: &SourceMap, lang: Lang) -> String {
    let tally = Tally::of(policies);
    let document = json!({
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
    json!({ "kind": kind, "names": names, "text": error_words(plan, case, error, lang) })
}
