//! A case that failed, in words.

use super::run::{CaseTrial, PolicyTrial, Story};
use crate::base::Lang;
use crate::eval::{CaseError, ExpectOutcome, Status};
use crate::plan::{CaseItem, ExpectItem, ExpectValue, Plan};
use crate::value::display::{Show, show};
use crate::value::{Type, Value};

/// One thing that came out otherwise than it must.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Miss {
    /// What must come out, with its name: `credit_limit 37万 (370,000.00)`; empty where the whole could not be tried.
    pub expected: String,
    /// What came out, and by how much it is apart; empty where only a reason is missing.
    pub actual: String,
    /// What more is to be said, a sentence each.
    pub notes: Vec<String>,
    /// What led to the value, line by line.
    pub story: Vec<String>,
}

impl Miss {
    /// What could not be tried, and why.
    #[must_use]
    pub fn because(why: impl Into<String>) -> Miss {
        Miss { notes: vec![why.into()], ..Miss::default() }
    }

    /// The lines for a terminal.
    #[must_use]
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let (expected, came) = (lang.pick("expected", "应得"), lang.pick("came out", "实得"));
        let mut lines = Vec::new();
        for (word, text) in [(expected, &self.expected), (came, &self.actual)] {
            if !text.is_empty() {
                lines.push(format!("{word}  {text}"));
            }
        }
        lines.extend(self.notes.iter().cloned());
        lines.extend(self.story.iter().map(|line| format!("  {line}")));
        lines
    }

    /// One sentence: `expected credit_limit 37万, came out 36万, 1万 less`.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> String {
        let mut parts = Vec::new();
        if !self.expected.is_empty() {
            parts.push(format!("{}{}", lang.pick("expected ", "应得 "), self.expected));
        }
        if !self.actual.is_empty() {
            parts.push(format!("{}{}", lang.pick("came out ", "实得 "), self.actual));
        }
        parts.extend(self.notes.iter().cloned());
        parts.join(lang.pick("; ", "；"))
    }
}

/// All that came out otherwise in a case.
#[must_use]
pub fn misses(policy: &PolicyTrial<'_>, case: &CaseTrial, lang: Lang) -> Vec<Miss> {
    let plan = &policy.subject.plan;
    let mut misses: Vec<Miss> =
        case.result.errors.iter().map(|error| Miss::because(lacks(plan, &case.case, error, lang))).collect();
    for ((expect, outcome), place) in case.case.expect.iter().zip(&case.result.outcomes).zip(0..) {
        if !outcome.passed {
            let none = Story::default();
            let story = case.stories.get(place).unwrap_or(&none);
            misses.push(miss(plan, expect, outcome, story, lang));
        }
    }
    misses
}

/// What was expected and what came out.
fn miss(plan: &Plan, expect: &ExpectItem, outcome: &ExpectOutcome, story: &Story, lang: Lang) -> Miss {
    let near = story.near.iter().cloned().collect();
    let mut miss = Miss { notes: near, story: story.lines.clone(), ..Miss::default() };
    let ty = expect.step.and_then(|step| plan.steps.get(step)).map(|step| step.ty.clone());
    if let (Some(actual), Some(ty)) = (&outcome.actual, &ty) {
        miss.expected = match &expect.value {
            ExpectValue::Value(value) => {
                let shown = figure(plan, value, ty, lang);
                let is_there = expect.written.contains(&shown);
                if is_there { expect.written.to_string() } else { format!("{} ({shown})", expect.written) }
            }
            ExpectValue::Unknown
            | ExpectValue::Withheld
            | ExpectValue::Fault
            | ExpectValue::Asks(_)
            | ExpectValue::Decided(..)
            | ExpectValue::NoItems
            | ExpectValue::Any => expect.written.to_string(),
        };
        miss.actual = figure(plan, actual, ty, lang);
        if let Some(why) = &story.unknown {
            miss.actual = format!("{}{}{why}", miss.actual, lang.pick(": ", "："));
        }
        if let (ExpectValue::Value(Value::Number(expected)), Value::Number(actual)) = (&expect.value, actual)
            && expected != actual
        {
            let apart = figure(plan, &Value::Number(actual.sub(expected).abs()), ty, lang);
            let found = &miss.actual;
            miss.actual = match (actual > expected, lang) {
                (true, Lang::En) => format!("{found}, {apart} more"),
                (false, Lang::En) => format!("{found}, {apart} less"),
                (true, Lang::Zh) => format!("{found}，多 {apart}"),
                (false, Lang::Zh) => format!("{found}，少 {apart}"),
            };
        }
    }
    let otherwise = match &expect.value {
        ExpectValue::Fault => {
            Some(lang.pick("a decision with which nothing is wrong", "评定无任何不符").to_owned())
        }
        ExpectValue::Decided(..) => outcome.status.map(|status| {
            String::from(match (status, lang) {
                (_, Lang::En) => status.name(),
                (Status::Final, Lang::Zh) => "已定案",
                (Status::Open, Lang::Zh) => "待答复",
                (Status::Refused, Lang::Zh) => "已拒绝",
                (Status::Withheld, Lang::Zh) => "不予发布",
            })
        }),
        ExpectValue::Asks(role) => Some(match lang {
            Lang::En => format!("nothing is asked of {role}"),
            Lang::Zh => format!("没有向 {role} 提问"),
        }),
        ExpectValue::NoItems => Some(lang.pick("there are items", "有项目").to_owned()),
        ExpectValue::Value(_) | ExpectValue::Unknown | ExpectValue::Withheld | ExpectValue::Any => None,
    };
    if let Some(otherwise) = otherwise {
        miss.expected = expect.written.to_string();
        miss.actual = otherwise;
    }
    if let (Some(code), Some(false)) = (&expect.because, outcome.reason) {
        if miss.expected.is_empty() {
            miss.expected = format!("because {code}");
        }
        miss.notes.push(match lang {
            Lang::En => format!("no rule that applies gives the reason `{code}`"),
            Lang::Zh => format!("适用的规则中没有给出理由 `{code}` 的"),
        });
    }
    miss
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
pub(super) fn lacks(plan: &Plan, case: &CaseItem, error: &CaseError, lang: Lang) -> String {
    let names = error.names(plan, case);
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
