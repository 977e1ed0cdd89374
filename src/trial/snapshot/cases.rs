//! The decisions of cases: each as of a customer of the name of the case, with what the case gives.

use std::path::Path;

use serde_json::Value as Json;

use super::decided::{Decided, outputs};
use super::{Project, Subject};
use crate::base::{Lang, SourceMap};
use crate::diag::Diagnostic;
use crate::engine;
use crate::eval::{ScriptHost, Trace};
use crate::explain::value_json;
use crate::plan::{CaseItem, Plan, StepId};
use crate::store::settings::Per;
use crate::trial::kept::KeptCase;
use crate::trial::threads;
use crate::trial::words::lacks;
use crate::value::{Calendar, Type, Value};

/// A policy, and the cases of it whose decisions are kept.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The policy.
    pub plan: &'a Plan,
    /// Its calendars.
    pub calendars: &'a [Calendar],
    /// What calls its scripts.
    pub scripts: Option<&'a dyn ScriptHost>,
    /// The texts.
    pub sources: &'a SourceMap,
    /// How many threads.
    pub jobs: Option<u16>,
}

/// One decided case.
pub struct DecidedCase {
    /// The place of its decision in the plan.
    pub decision: usize,
    /// What is kept of it.
    pub decided: Decided,
    /// What each step gave.
    pub trace: Trace,
}

/// Decides cases, each with the day on which it is decided.
///
/// What is wrong with one keeps only that one from being decided.
#[must_use]
pub fn decide(
    ground: &Ground<'_>,
    cases: &[(&KeptCase, CaseItem)],
    project: &Project,
) -> Vec<Result<DecidedCase, Box<Diagnostic>>> {
    threads::map(ground.jobs, cases, |(kept, case)| one(ground, kept, case, project.lang))
}

fn one(
    ground: &Ground<'_>,
    kept: &KeptCase,
    case: &CaseItem,
    lang: Lang,
) -> Result<DecidedCase, Box<Diagnostic>> {
    let plan = ground.plan;
    let decision = engine::choose(plan, kept.keep.decision.as_deref()).map_err(|mut diagnostic| {
        diagnostic.span = Some(kept.keep.span.unwrap_or(case.span));
        diagnostic
    })?;
    let (story, trace) =
        engine::why_case(plan, decision, case, (ground.calendars, ground.scripts), ground.sources).map_err(
            |errors| {
                let reason = |lang: Lang| {
                    let all: Vec<String> =
                        errors.iter().map(|error| lacks(plan, case, error, lang)).collect();
                    all.join(lang.pick("; ", "；"))
                };
                let told = Diagnostic::new("E710", case.span).arg("case", &case.name);
                Box::new(told.arg_in("reason", reason(Lang::En), reason(Lang::Zh)).help("give"))
            },
        )?;
    let mut decided = Decided::of(&story, plan, lang);
    stands(&mut decided, plan, case, lang);
    Ok(DecidedCase { decision, decided, trace })
}

/// What a case gives that is no fact is a part of what was decided on, and is told.
fn stands(decided: &mut Decided, plan: &Plan, case: &CaseItem, lang: Lang) {
    let step_type = |step: StepId| plan.steps.get(step).map(|it| it.ty.clone());
    let mut values: Vec<(String, String)> = Vec::new();
    let mut params: Vec<(String, String)> = Vec::new();
    let mut add = |name: String, value: &Value, ty: &Type, to: &mut Vec<(String, String)>| {
        decided.facts.insert(name.clone(), value_json(value, ty, &plan.schema.enums));
        to.push((name, plan.shown(value, ty, lang, false)));
    };
    for (step, value, _) in &case.values {
        if let (Some(name), Some(ty)) = (plan.name_of(*step), step_type(*step)) {
            add(name.to_string(), value, &ty, &mut values);
        }
    }
    for (number, value, _) in &case.params {
        if let Some(param) = plan.params.get(*number as usize) {
            add(param.name.to_string(), value, &param.ty, &mut params);
        }
    }
    for given in &case.item_values {
        let (Some(name), Some(ty)) = (plan.name_of(given.step), step_type(given.step)) else { continue };
        let plain = |value: &Option<Value>| match value {
            Some(value) => plan.shown(value, &ty, lang, false),
            None => String::from("–"),
        };
        let told = given.values.iter().map(plain).collect::<Vec<_>>().join(", ");
        decided.facts.insert(name.to_string(), Json::from(told.clone()));
        values.push((name.to_string(), told));
    }
    for (head, told) in [
        (lang.pick("given, not computed", "直接给出，未经计算"), values),
        (lang.pick("parameters of this case", "本案例的参数"), params),
    ] {
        if !told.is_empty() {
            let told: Vec<String> = told.iter().map(|(name, value)| format!("{name} {value}")).collect();
            let colon = lang.pick(": ", "：");
            decided.body.push_str(&format!("\n\n{head}{colon}{}", told.join(lang.pick(", ", "，"))));
        }
    }
}

/// The files that decided cases fill: those of a case file in its order.
#[must_use]
pub fn subjects(
    plan: &Plan,
    cases: &[(&KeptCase, CaseItem, DecidedCase)],
    project: &Project,
) -> Vec<Subject> {
    let mut found: Vec<Subject> = Vec::new();
    for (kept, case, it) in cases {
        let day = case.as_of.map(|day| day.to_string()).unwrap_or_default();
        let whole = kept.per == Per::File;
        let subject = project.subject(
            plan,
            it.decision,
            (&kept.file, &stem(&kept.file)),
            (!whole).then_some(&*case.name),
            day.clone(),
        );
        let own = Subject {
            source: super::rulebook::beneath(&project.base, &crate::store::shown(&kept.file)),
            decided: vec![it.decided.clone()],
            outputs: outputs(plan, it.decision),
            ..subject
        };
        match found.iter_mut().find(|known| whole && known.path == own.path) {
            Some(known) => {
                known.decided.extend(own.decided);
                // Cases of one file may be of several days.
                if !known.as_of.split(", ").any(|known| known == day) {
                    known.as_of = format!("{}, {day}", known.as_of);
                }
            }
            None => found.push(own),
        }
    }
    found
}

/// `late` of `cases/late.cases.toml`
fn stem(file: &Path) -> String {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.strip_suffix(".toml").unwrap_or(&name);
    name.strip_suffix(".cases").unwrap_or(name).to_owned()
}
