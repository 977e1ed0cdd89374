//! The façade that wires the stages: rules in, a [`Policy`] out that decides and explains.
//!
//! ```text
//! store::load ─► check::check ─► plan::compile ─► Policy ─► decide, explain
//! ```

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::base::{SourceMap, Str, nearest};
use crate::check;
use crate::diag::Diagnostic;
use crate::eval::book::Kept;
use crate::eval::{self, CaseError, Decider, Decision, Env, Facts, ScriptHost, Trace};
use crate::explain::{self, Asked, Explanation, Needs, explain};
use crate::plan::{self, CaseItem, DecisionItem, Param, Plan};
use crate::store::{self, Roots, RulesFolder, Settings, World};
use crate::syntax::ast;
use crate::value::office::{NumberStyle, half_width, parse_office_number};
use crate::value::{Calendar, Date, FieldId, Number, Style, Type, Unit, Value};

/// What came of building one policy of a rules folder.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// The plan; none where there is an error.
    pub plan: Option<Plan>,
    /// The calendars of the plan, in its order.
    pub calendars: Vec<Calendar>,
    /// Every mistake and warning: of the policy, of what it uses, of the folder.
    pub diagnostics: Vec<Diagnostic>,
    /// What the policy means as far as it is sound, for who writes it. Whoever decides rests on the plan.
    pub program: check::hir::Program,
}

/// Builds the policy at a place of the folder, with all that it uses.
#[must_use]
pub fn build(folder: &RulesFolder, place: usize, sources: &SourceMap) -> Built {
    build_with(folder, place, Vec::new(), sources)
}

/// The same, with items that stand elsewhere behind those of the policy: the cases of case files.
#[must_use]
pub fn build_with(folder: &RulesFolder, place: usize, more: Vec<ast::Item>, sources: &SourceMap) -> Built {
    build_instead(folder, place, None, more, sources)
}

/// The same, with another tree in the place of one of the folder's: what an edit would make of a policy, tried before anything is
/// written.
#[must_use]
pub fn build_instead<'f>(
    folder: &'f RulesFolder,
    place: usize,
    instead: Option<(usize, &'f ast::File)>,
    more: Vec<ast::Item>,
    sources: &SourceMap,
) -> Built {
    build_by(&plan::compile, folder, place, instead, more, sources)
}

/// Builds the policy at a place of the folder for who writes it: its plan has no digest.
#[must_use]
pub fn build_undigested(folder: &RulesFolder, place: usize, sources: &SourceMap) -> Built {
    let compile: Compile<'_> = &|program, _| plan::compile_undigested(program);
    build_by(compile, folder, place, None, Vec::new(), sources)
}

/// Program and calendars into a plan.
type Compile<'c> = &'c dyn Fn(&check::hir::Program, &BTreeMap<Str, Calendar>) -> plan::Compiled;

fn build_by<'f>(
    compile: Compile<'_>,
    folder: &'f RulesFolder,
    place: usize,
    instead: Option<(usize, &'f ast::File)>,
    more: Vec<ast::Item>,
    sources: &SourceMap,
) -> Built {
    let order = folder.with_uses(place);
    let placed = order.iter().filter_map(|at| Some((*at, folder.files.get(*at)?)));
    let (places, files): (Vec<usize>, Vec<_>) = placed.unzip();
    let mut diagnostics: Vec<Diagnostic> =
        files.iter().flat_map(|file| file.diagnostics.iter().cloned()).collect();
    let scripts: Vec<_> = files
        .iter()
        .map(|file| {
            let id = file.file;
            move |name: &str| -> Option<Str> {
                let script =
                    folder.scripts.iter().find(|script| script.policy == id && &*script.name == name)?;
                sources.get(script.file).map(|source| source.text().clone())
            }
        })
        .collect();
    let references: Vec<_> = files
        .iter()
        .map(|file| {
            let id = file.file;
            move |name: &str| {
                let table = folder.references.iter().find(|it| it.policy == id && &*it.name == name)?;
                sources.get(table.file).map(|source| (table.file, source.text().clone()))
            }
        })
        .collect();
    let tree = |(at, file): (&usize, &&'f store::PolicyFile)| match instead {
        Some((other, tree)) if other == *at => Cow::Borrowed(tree),
        Some(_) | None => Cow::Borrowed(&file.tree),
    };
    let mut trees: Vec<Cow<'f, ast::File>> = places.iter().zip(&files).map(tree).collect();
    if let Some(root) = trees.last_mut().filter(|_| !more.is_empty()) {
        root.to_mut().items.extend(more);
    }
    let policies: Vec<check::Source<'_>> = trees
        .iter()
        .zip(scripts.iter().zip(&references))
        .map(|(tree, (scripts, references))| check::Source { file: tree, scripts, references })
        .collect();
    let checked = check::check(&policies);
    diagnostics.extend(checked.diagnostics);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Built { diagnostics, program: checked.program, ..Built::default() };
    }
    let calendars: BTreeMap<Str, Calendar> = folder
        .calendars
        .iter()
        .filter_map(|(name, file)| Some((Str::from(name.as_str()), file.calendar.clone()?)))
        .collect();
    let compiled = compile(&checked.program, &calendars);
    diagnostics.extend(compiled.diagnostics);
    let sound = !diagnostics.iter().any(Diagnostic::is_error);
    let calendars = compiled.plan.calendars.iter().map_while(|name| calendars.get(name).cloned()).collect();
    Built { plan: sound.then_some(compiled.plan), calendars, diagnostics, program: checked.program }
}

/// A policy that decides: its plan, and the texts that its explanations quote.
#[derive(Clone, Debug)]
pub struct Policy {
    plan: Plan,
    calendars: Vec<Calendar>,
    sources: SourceMap,
    warnings: Vec<Diagnostic>,
}

/// Why a policy could not be loaded: every mistake, and the texts that they point into.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The mistakes.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts.
    pub sources: SourceMap,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&crate::diag::render::concise(&self.diagnostics, &self.sources, crate::base::Lang::En))
    }
}

impl std::error::Error for Refused {}

impl Policy {
    /// Loads a policy from files and folders of rules: `wanted` is a name, `name@version`, or nothing where there is but one.
    /// Without a version, the one in force on `day` is taken.
    ///
    /// # Errors
    /// No such policy, none in force, or mistakes in it: all of them at once.
    pub fn load(
        world: &dyn World,
        paths: &[PathBuf],
        wanted: Option<&str>,
        day: Date,
    ) -> Result<Policy, Box<Refused>> {
        let mut sources = SourceMap::new();
        let settings = Settings::default();
        let roots = Roots::new(world, &settings, paths);
        let folder = store::load(world, &roots, &settings, &mut sources);
        let place = match folder.select(wanted, day) {
            Ok(place) => place,
            Err(diagnostic) => return Err(Box::new(Refused { diagnostics: vec![*diagnostic], sources })),
        };
        let built = build(&folder, place, &sources);
        match built.plan {
            Some(plan) => {
                Ok(Policy { plan, calendars: built.calendars, sources, warnings: built.diagnostics })
            }
            None => Err(Box::new(Refused { diagnostics: built.diagnostics, sources })),
        }
    }

    /// What runs.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The texts of the policies.
    #[must_use]
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// What is no mistake, but likely not what was meant.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Decides one customer on a day. Without a name, the policy's only decision is made.
    ///
    /// # Errors
    /// There is no such decision, or there are several and none was named.
    pub fn decide(
        &self,
        decision: Option<&str>,
        facts: &Facts,
        day: Date,
    ) -> Result<Decision, Box<Diagnostic>> {
        let env = Env { calendars: &self.calendars, ..Env::on(day) };
        let place = choose(&self.plan, decision)?;
        let decider = prepare(&self.plan, place, &env, false)?;
        Ok(decider.decide(facts, &mut decider.scratch(), &mut ()))
    }

    /// Decides one customer on a day and tells the whole story.
    ///
    /// # Errors
    /// As [`Policy::decide`].
    pub fn why(
        &self,
        decision: Option<&str>,
        facts: &Facts,
        day: Date,
    ) -> Result<Explanation, Box<Diagnostic>> {
        let place = choose(&self.plan, decision)?;
        let env = Env { calendars: &self.calendars, ..Env::on(day) };
        why(&self.plan, place, facts, &env, &self.sources)
    }
}

/// The place of the decision of a name; without a name, of the only one.
///
/// # Errors
/// There is no such decision, or there are several and none was named.
pub fn choose(plan: &Plan, name: Option<&str>) -> Result<usize, Box<Diagnostic>> {
    let known = || plan.decisions.iter().map(|decision| &*decision.name).collect::<Vec<_>>().join(", ");
    match name {
        Some(name) => {
            let found = plan.decisions.iter().position(|decision| &*decision.name == name);
            found.ok_or_else(|| {
                let near = nearest(name, plan.decisions.iter().map(|decision| &*decision.name));
                let unknown = Diagnostic::nowhere("E540").arg("name", name).arg("known", known());
                Box::new(match near {
                    Some(near) => unknown.arg("near", near).help("near"),
                    None => unknown.help("known"),
                })
            })
        }
        None => match plan.decisions.as_slice() {
            [_] => Ok(0),
            [] => Err(Box::new(Diagnostic::nowhere("E540").variant("none").help("add"))),
            _ => Err(Box::new(
                Diagnostic::nowhere("E540").variant("several").arg("known", known()).help("choose"),
            )),
        },
    }
}

/// The facts that tell whether a policy applies to a customer.
#[must_use]
pub fn facts_of_scope(plan: &Plan) -> BTreeSet<FieldId> {
    plan::facts_under(plan, &plan.applies.into_iter().collect::<Vec<_>>())
}

/// The facts that a decision reads, with what its `always` clauses read: only these have to be given.
#[must_use]
pub fn facts_needed(plan: &Plan, decision: &DecisionItem) -> BTreeSet<FieldId> {
    plan::facts_under(plan, &eval::targets(plan, decision))
}

/// The facts that a decision reads of all customers of a run: its own, and those that the book is made of.
#[must_use]
pub fn facts_needed_of_all(plan: &Plan, decision: &DecisionItem) -> BTreeSet<FieldId> {
    plan::facts_under(plan, &plan::with_book(plan, &eval::targets(plan, decision)).0)
}

fn prepare<'p>(
    plan: &'p Plan,
    place: usize,
    env: &Env<'p>,
    whole: bool,
) -> Result<Decider<'p>, Box<Diagnostic>> {
    let decider = if whole { Decider::whole(plan, place, env) } else { Decider::new(plan, place, env) };
    decider.ok_or_else(|| Box::new(Diagnostic::nowhere("E540").variant("none").help("add")))
}

/// Decides one customer under an environment and tells the whole story.
///
/// # Errors
/// There is no decision at that place.
pub fn why(
    plan: &Plan,
    place: usize,
    facts: &Facts,
    env: &Env<'_>,
    sources: &SourceMap,
) -> Result<Explanation, Box<Diagnostic>> {
    story(plan, place, facts, env, sources).map(|(story, _)| story)
}

/// The same, with what each step gave.
///
/// # Errors
/// As [`why`].
pub fn story(
    plan: &Plan,
    place: usize,
    facts: &Facts,
    env: &Env<'_>,
    sources: &SourceMap,
) -> Result<(Explanation, Trace), Box<Diagnostic>> {
    let decider = prepare(plan, place, env, true)?;
    let mut trace = Trace::new();
    let decided = decider.decide(facts, &mut decider.scratch(), &mut trace);
    let story = explain(&Asked {
        plan,
        decision: decider.decision(),
        facts,
        trace: &trace,
        decided: &decided,
        today: env.today,
        sources,
        book: env.book,
        stands: &BTreeSet::new(),
    });
    Ok((story, trace))
}

/// Makes a decision of a case, as of a customer with its facts, and tells the whole story; with it what each step gave.
///
/// # Errors
/// What the decision needs and the case does not give; none where there is no decision at that place.
pub fn why_case(
    plan: &Plan,
    place: usize,
    case: &CaseItem,
    (calendars, scripts): (&[Calendar], Option<&dyn ScriptHost>),
    sources: &SourceMap,
) -> Result<(Explanation, Trace), Vec<CaseError>> {
    let mut decided = eval::decide_case(plan, place, case, calendars, scripts)?;
    decided.facts.origins = Some(Box::new(given_at(plan, case, sources)));
    let decision = plan.decisions.get(place).ok_or_else(Vec::new)?;
    let story = explain(&Asked {
        plan,
        decision,
        facts: &decided.facts,
        trace: &decided.trace,
        decided: &decided.decision,
        today: case.as_of.unwrap_or(Date(0)),
        sources,
        book: None,
        stands: &eval::stands(case),
    });
    Ok((story, decided.trace))
}

/// Where a case gives each of its facts: its own text is the file they come from.
fn given_at(plan: &Plan, case: &CaseItem, sources: &SourceMap) -> eval::Origins {
    let mut values = vec![None; plan.schema.fields.len()];
    for (fact, _, span) in &case.facts {
        let (Some(source), Some(slot)) = (sources.get(span.file), values.get_mut(fact.0 as usize)) else {
            continue;
        };
        let at = source.line_column(span.start);
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let place = eval::Place::Text { line: number(at.line), column: number(at.column) };
        *slot = Some(eval::Origin { file: source.name().into(), place, written: Str::default() });
    }
    eval::Origins { values, records: Vec::new() }
}

/// What is still wanted of a customer: which missing facts and papers could move which outputs, and by what.
///
/// Where the decision reads a book of which it is known what it is made of, the book is made again for whatever changes it; else it
/// stands still, and what counts in it is told.
///
/// # Errors
/// There is no decision at that place.
pub fn needs(
    plan: &Plan,
    place: usize,
    facts: &Facts,
    env: &Env<'_>,
    kept: Option<&Kept<'_>>,
) -> Result<Needs, Box<Diagnostic>> {
    let decider = prepare(plan, place, env, true)?;
    let wanted = facts_needed(plan, decider.decision());
    let (_, read) = plan::with_book(plan, &eval::targets(plan, decider.decision()));
    let inputs: Vec<plan::StepId> =
        read.into_iter().filter_map(|id| plan.book.get(id)).flat_map(plan::BookEntry::inputs).collect();
    let in_book = plan::facts_under(plan, &inputs);
    let member = kept.and_then(|kept| kept.member(&facts.id));
    let anew = member.as_ref().map(|member| {
        move |facts: &Facts| {
            let book = member.book_with(facts)?;
            let env = Env { book: Some(&book), ..env.clone() };
            let decider = Decider::whole(plan, place, &env)?;
            let mut scratch = decider.scratch();
            let decided = decider.decide(facts, &mut scratch, &mut ());
            Some((decided, scratch))
        }
    });
    let anew = anew.as_ref().map(|anew| anew as &explain::Anew<'_>);
    Ok(explain::needs(plan, &decider, (&wanted, &in_book), anew, facts, env.today))
}

/// The environment of a day, with some parameters set: `standard_term=45`, `chosen_weights=sales`, `rate=12.5%`.
///
/// # Errors
/// A parameter that there is not, a value of another type, or one outside its range: all of them at once.
pub fn environment<'p>(
    plan: &'p Plan,
    day: Date,
    settings: &[(String, String)],
    calendars: &'p [Calendar],
    scripts: Option<&'p dyn ScriptHost>,
) -> Result<Env<'p>, Vec<Diagnostic>> {
    let mut params: Vec<Value> = plan.params.iter().map(|param| param.default.clone()).collect();
    let mut wrong = Vec::new();
    for (name, written) in settings {
        let Some(place) = plan.params.iter().position(|param| &*param.name == name.as_str()) else {
            if let Some(series) = plan.series.iter().find(|it| &*it.name == name.as_str()) {
                wrong.push(Diagnostic::new("E505", series.span).arg("name", name).help("by_date"));
                continue;
            }
            let near = nearest(name, plan.params.iter().map(|param| &*param.name));
            let unknown = Diagnostic::nowhere("E541").arg("name", name);
            wrong.push(match near {
                Some(near) => unknown.arg("near", near).help("near"),
                None => unknown.help("params"),
            });
            continue;
        };
        let Some(param) = plan.params.get(place) else { continue };
        match param_value(plan, param, written) {
            Some(value) if within(param, &value) => {
                if let Some(slot) = params.get_mut(place) {
                    *slot = value;
                }
            }
            found => {
                let variant = if found.is_some() { "range" } else { "type" };
                let ty = param.ty.describe(&plan.schema.enums, crate::base::Lang::En);
                let ty_zh = param.ty.describe(&plan.schema.enums, crate::base::Lang::Zh);
                let told = Diagnostic::new("E542", param.span)
                    .variant(variant)
                    .arg("name", name)
                    .arg("written", written)
                    .arg("range", range_text(param))
                    .arg_in("type", ty, ty_zh);
                let number = variant == "type" && matches!(param.ty, Type::Number(_));
                let spelled = |ch: char| "一二三四五六七八九十百千两零〇".contains(ch);
                let grouped = |ch: char| matches!(ch, ',' | '，' | '\'' | ' ');
                wrong.push(if number && written.contains(spelled) {
                    told.help("digits")
                } else if number && written.trim().contains(grouped) {
                    let plain: String = half_width(written).chars().filter(|ch| !grouped(*ch)).collect();
                    told.arg("plain", plain.trim_start_matches('¥')).help("groups")
                } else if number && param_value(plan, param, &format!("{written}%")).is_some() {
                    told.arg("percent", format!("{}%", written.trim())).help("percent")
                } else {
                    told
                });
            }
        }
    }
    if wrong.is_empty() { Ok(Env { today: day, params, calendars, scripts, book: None }) } else { Err(wrong) }
}

/// The value of a parameter from its text: a number with or without its unit, a day, yes or no, a member by name or label.
fn param_value(plan: &Plan, param: &Param, written: &str) -> Option<Value> {
    let written = written.trim();
    match &param.ty {
        Type::YesNo => match written {
            "yes" | "true" | "是" => Some(Value::Bool(true)),
            "no" | "false" | "否" => Some(Value::Bool(false)),
            _ => None,
        },
        Type::Date => Date::parse(written).map(Value::Date),
        Type::Text => Some(Value::Text(Str::from(written))),
        Type::Enum(id) => {
            let members = &plan.schema.enums.get(*id)?.members;
            let place =
                members.iter().position(|member| &*member.name == written || member.label.is(written))?;
            Some(Value::Code(u32::try_from(place).ok()?))
        }
        Type::Number(unit) => number(written, *unit).map(Value::Number),
        Type::Set(_) | Type::List(_) | Type::Records(_) => None,
    }
}

/// A number as a command line has it, with or without its unit: `12.5%`, `30 days`, `100万`, `¥3000`; a percent needs its sign.
#[must_use]
pub fn number(written: &str, unit: Unit) -> Option<Number> {
    // `１００万元` can only be 100万 of the policy's money.
    let written = &*half_width(written);
    let written = match unit.currency {
        Some(_) => written.strip_prefix('¥').unwrap_or(written).trim_end_matches('元').trim(),
        None => written,
    };
    let percent = unit.is_plain() && unit.style == Style::Percent;
    let (figure, factor) = if percent {
        (written.strip_suffix(['%', '％'])?, Number::ratio(1, 100)?)
    } else if unit == Unit::DAYS {
        (
            ["days", "day", "天"].iter().find_map(|word| written.strip_suffix(word)).unwrap_or(written),
            Number::ONE,
        )
    } else if unit == Unit::MONTHS {
        (
            ["months", "month", "个月"].iter().find_map(|word| written.strip_suffix(word)).unwrap_or(written),
            Number::ONE,
        )
    } else if let Some(figure) = written.strip_suffix('万') {
        (figure, Number::from_i64(10_000))
    } else if let Some(figure) = written.strip_suffix('亿') {
        (figure, Number::from_i64(100_000_000))
    } else {
        (written, Number::ONE)
    };
    let figure = figure.trim().replace('_', "");
    parse_office_number(&figure, &NumberStyle::plain()).ok().map(|number| number.mul(&factor))
}

fn within(param: &Param, value: &Value) -> bool {
    let Value::Number(number) = value else { return true };
    let above =
        param.range.from.as_ref().is_none_or(|(low, included)| number > low || *included && number == low);
    let below =
        param.range.to.as_ref().is_none_or(|(high, included)| number < high || *included && number == high);
    let scale = matches!(param.ty, Type::Number(unit) if unit.is_plain() && unit.style == Style::Percent);
    let allowed = param.decimals.saturating_add(if scale { 2 } else { 0 });
    above && below && number.decimals().is_some_and(|needed| needed <= allowed)
}

fn range_text(param: &Param) -> String {
    let scale = matches!(param.ty, Type::Number(unit) if unit.is_plain() && unit.style == Style::Percent);
    let shown = |number: &Number| {
        if scale { format!("{}%", number.mul(&Number::from_i64(100))) } else { number.to_string() }
    };
    let side =
        |bound: &Option<(Number, bool)>| bound.as_ref().map_or_else(String::new, |(number, _)| shown(number));
    format!("{}..{}", side(&param.range.from), side(&param.range.to))
}
