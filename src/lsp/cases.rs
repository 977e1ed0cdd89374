//! A case is run where it is written, and its decision shown.

use crate::base::{Lang, SourceMap, Span};
use crate::engine::{self, Built};
use crate::eval;
use crate::explain::{self, Audience};
use crate::plan::CaseItem;
use crate::script::Host;
use crate::value::{Enums, Type, Value};

/// So many outputs stand in one line.
const SHOWN: usize = 3;

/// What came of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Ran {
    /// Whether all came out as expected.
    pub(super) passed: bool,
    /// The decision in one line.
    pub(super) line: String,
    /// The whole story, where a decision can be made of what the case gives.
    pub(super) story: Option<String>,
}

/// Runs the case whose name stands at a place. None where the policy does not run.
pub(super) fn run(built: &Built, name: Span, sources: &SourceMap, lang: Lang) -> Option<Ran> {
    let plan = built.plan.as_ref()?;
    let case = plan.cases.iter().find(|case| case.span == name)?;
    let scripts = Host::new(&plan.scripts, &plan.schema.enums);
    let result = eval::run_case(plan, case, &built.calendars, Some(&scripts));
    let tools = (built.calendars.as_slice(), Some(&scripts as &dyn eval::ScriptHost));
    // The decision whose outputs the case speaks of; another may need what the case does not give.
    let mut places: Vec<usize> = (0..plan.decisions.len()).collect();
    places.sort_by_key(|place| std::cmp::Reverse(spoken_of(built, case, *place)));
    let story = places.into_iter().find_map(|place| engine::why_case(plan, place, case, tools, sources).ok());
    let enums = &plan.schema.enums;
    let mut shown: Vec<String> = Vec::new();
    match &story {
        Some((story, _)) => {
            for output in story.outputs.iter().filter(|output| !output.internal) {
                if let Some(figure) = &output.value {
                    shown.push(format!(
                        "{} {}",
                        output.name,
                        in_short(&figure.value, &figure.ty, enums, lang)
                    ));
                }
            }
        }
        None => {
            for (expect, outcome) in case.expect.iter().zip(&result.outcomes) {
                let ty = expect.step.and_then(|step| plan.steps.get(step)).map(|step| &step.ty);
                if let (Some(actual), Some(ty)) = (&outcome.actual, ty) {
                    let name = sources.get(expect.span.file).map_or("", |source| source.slice(expect.span));
                    let name = name.split_whitespace().next().unwrap_or_default();
                    shown.push(format!("{name} {}", in_short(actual, ty, enums, lang)));
                }
            }
        }
    }
    let more = if shown.len() > SHOWN { " …" } else { "" };
    shown.truncate(SHOWN);
    let passed = result.passed();
    let verdict = if passed {
        lang.pick("as expected", "符合预期")
    } else {
        lang.pick("NOT as expected", "不符合预期")
    };
    let line = match shown.is_empty() {
        true => verdict.to_owned(),
        false => format!("{verdict} · {}{more}", shown.join(" · ")),
    };
    let story = story.map(|(story, _)| explain::render(&story, plan, lang, Audience::Auditor));
    Some(Ran { passed, line, story })
}

/// How many of the expectations look at outputs of a decision.
fn spoken_of(built: &Built, case: &CaseItem, place: usize) -> usize {
    let decision = built.plan.as_ref().and_then(|plan| plan.decisions.get(place));
    let outputs = decision.map(|decision| decision.outputs.as_slice()).unwrap_or_default();
    case.expect.iter().filter(|it| outputs.iter().any(|output| Some(output.step) == it.step)).count()
}

fn in_short(value: &Value, ty: &Type, enums: &Enums, lang: Lang) -> String {
    crate::ide::value(value, ty, enums, lang)
}
