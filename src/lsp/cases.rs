//! A case is run where it is written, and its decision shown.

use crate::base::{Lang, SourceMap, Span, Str};
use crate::engine::{self, Built};
use crate::eval;
use crate::explain::{self, Audience, Explanation};
use crate::plan::{self, CaseItem, Plan};
use crate::script::Host;
use crate::value::{Date, Enums, FieldId, Type, Value};

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

/// Runs the case whose name stands at a place; the story of one that states no day is told as of `today`. None where the policy
/// does not run.
pub(super) fn run(
    built: &Built,
    name: Span,
    sources: &SourceMap,
    (today, lang): (Date, Lang),
) -> Option<Ran> {
    let plan = &*plan::digested(built.plan.as_ref()?, &built.calendars);
    let case = plan.cases.iter().find(|case| case.span == name)?;
    let scripts = Host::new(&plan.scripts, &plan.schema.enums);
    let result = eval::run_case(plan, case, &built.calendars, Some(&scripts));
    let tools = (built.calendars.as_slice(), Some(&scripts as &dyn eval::ScriptHost));
    // The decision whose outputs the case speaks of; another may need what the case does not give.
    let mut places: Vec<usize> = (0..plan.decisions.len()).collect();
    places.sort_by_key(|place| std::cmp::Reverse(spoken_of(built, case, *place)));
    let told = CaseItem { as_of: case.as_of.or(Some(today)), ..case.clone() };
    let mut story =
        places.into_iter().find_map(|place| engine::why_case(plan, place, &told, tools, sources).ok());
    if let Some((story, _)) = &mut story {
        name_origins(story, built, case, sources, lang);
    }
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
        lang.pick("as expected", "符合预期").to_owned()
    } else {
        let missed = missed(plan, case, &result, lang);
        let verdict = lang.pick("NOT as expected", "不符合预期");
        if missed.is_empty() { verdict.to_owned() } else { format!("{verdict}: {missed}") }
    };
    let line = match shown.is_empty() {
        true => verdict,
        false => format!("{verdict} · {}{more}", shown.join(" · ")),
    };
    let story = story.map(|(story, _)| explain::render(&story, plan, lang, Audience::Auditor));
    Some(Ran { passed, line, story })
}

/// The first thing that came out otherwise, and how; or that the case cannot be run.
fn missed(plan: &Plan, case: &CaseItem, result: &eval::CaseResult, lang: Lang) -> String {
    if !result.errors.is_empty() {
        return lang.pick("the case lacks what is needed", "案例未给出所需的资料").to_owned();
    }
    let mut wrong = case.expect.iter().zip(&result.outcomes).filter(|(_, outcome)| !outcome.passed);
    let Some((expect, outcome)) = wrong.next() else { return String::new() };
    let ty = expect.step.and_then(|step| plan.steps.get(step)).map(|step| &step.ty);
    let actual = outcome.actual.as_ref().zip(ty);
    let actual = actual.map(|(actual, ty)| in_short(actual, ty, &plan.schema.enums, lang));
    match (actual, lang) {
        (Some(actual), Lang::En) => format!("`{}`, but it is {actual}", expect.written),
        (Some(actual), Lang::Zh) => format!("应为 `{}`，实为 {actual}", expect.written),
        (None, Lang::En) => format!("`{}` does not hold", expect.written),
        (None, Lang::Zh) => format!("`{}` 不成立", expect.written),
    }
}

/// The facts that the case gives come from its lines: in an editor, where the case is in sight, a path would be in the way.
fn name_origins(story: &mut Explanation, built: &Built, case: &CaseItem, sources: &SourceMap, lang: Lang) {
    let name = |id: FieldId| built.plan.as_ref()?.schema.fields.get(id).map(|field| field.name.clone());
    for (id, _, span) in &case.facts {
        let Some(source) = sources.get(span.file) else { continue };
        let line = source.line_column(span.start).line;
        let place = match lang {
            Lang::En => format!("the case, line {line}"),
            Lang::Zh => format!("案例第 {line} 行"),
        };
        let fact = story.facts.iter_mut().find(|fact| Some(&fact.name) == name(*id).as_ref());
        if let Some(fact) = fact {
            fact.origin = Some((place, written_behind(source.text(), span.range().end)));
        }
    }
}

/// The value as it is written behind the name of a fact, in a policy or in a case file.
fn written_behind(text: &str, name: usize) -> Str {
    let rest = text.get(name..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let rest = rest.trim_start_matches(['"', '\'']).trim_start_matches([' ', '\t', '=']);
    let quoted = rest.strip_prefix('"').and_then(|rest| rest.split('"').next());
    let value = quoted.unwrap_or_else(|| rest.split([',', '，', '}', '#']).next().unwrap_or_default());
    Str::from(value.trim())
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
