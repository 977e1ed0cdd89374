//! The whole story of one customer, put together from plan, trace and decision.

use std::collections::BTreeSet;

use super::condition::comparisons;
use super::sources::Reader;
use super::{
    AlwaysLine, Explanation, FactLine, FaultLine, Figure, MissingLine, OpenLine, OutputLine, RoundingLine,
    RuleLine, Standing, ValueLine, ladder, money, score, staircase, stance, table,
};
use crate::base::{SourceMap, Str};
use crate::eval::facts::Place;
use crate::eval::{Decision, Facts, Fault, Trace};
use crate::plan::{DecisionItem, Item, ItemKind, LineKind, Plan, Scope, StepId, slice};
use crate::value::{Date, FieldId, FieldType, Type, Value};

/// What is explained: a plan, one of its decisions, and what one customer's run gave.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The plan that was run.
    pub plan: &'a Plan,
    /// The decision that was asked for.
    pub decision: &'a DecisionItem,
    /// The customer's facts.
    pub facts: &'a Facts,
    /// What each step gave.
    pub trace: &'a Trace,
    /// What was decided.
    pub decided: &'a Decision,
    /// The as-of date.
    pub today: Date,
    /// The texts of the policies.
    pub sources: &'a SourceMap,
}

/// Tells the whole story of one customer.
#[must_use]
pub fn explain(asked: &Asked<'_>) -> Explanation {
    let reader = Reader::new(asked);
    let targets: Vec<StepId> = asked.decision.outputs.iter().map(|output| output.step).collect();
    let needed: BTreeSet<StepId> = slice(asked.plan, &targets, &BTreeSet::new()).into_iter().collect();
    let policy = asked.plan.policies.last();
    let mut story = Explanation {
        customer: asked.facts.id.clone(),
        policy: policy.map_or_else(
            || (Str::from(""), empty_label(), Str::from(""), asked.plan.digest.clone()),
            |policy| {
                (policy.name.clone(), policy.label.clone(), policy.version.clone(), asked.plan.digest.clone())
            },
        ),
        as_of: asked.today.to_string(),
        decision: (asked.decision.name.clone(), asked.decision.label.clone()),
        status: asked.decided.status.name(),
        outputs: outputs(&reader, asked),
        scores: Vec::new(),
        grades: Vec::new(),
        limits: Vec::new(),
        tables: Vec::new(),
        stances: Vec::new(),
        ladders: Vec::new(),
        values: Vec::new(),
        roundings: Vec::new(),
        missing: missing(&reader, &needed, asked.decision),
        not_judged: Vec::new(),
        open: open(asked),
        always: always(&reader, asked.plan),
        faults: asked.decided.faults.iter().map(|fault| fault_line(&reader, asked, fault)).collect(),
        facts: facts(&reader, &needed),
    };
    for item in asked.plan.items.iter().filter(|item| needed.contains(&item.value)) {
        tell(&reader, item, asked.today, &mut story);
    }
    story.not_judged = not_judged(&story);
    story
}

fn empty_label() -> crate::plan::Label {
    crate::plan::Label { en: Str::from(""), zh: Str::from("") }
}

fn fault_line(reader: &Reader<'_>, asked: &Asked<'_>, fault: &Fault) -> FaultLine {
    let output = |place: usize| {
        asked.decision.outputs.get(place).map_or_else(|| Str::from("?"), |output| output.name.clone())
    };
    let always = |place: usize| {
        asked.plan.always.get(place).map_or_else(|| Str::from("?"), |always| reader.written(always.span))
    };
    match fault {
        Fault::Always(place) => FaultLine::Always(always(*place)),
        Fault::AlwaysUnknown(place, cause) => {
            FaultLine::AlwaysUnknown(always(*place), reader.because(&Value::Unknown(*cause)))
        }
        Fault::Digits(place, digits) => FaultLine::Digits(output(*place), *digits),
        Fault::Endless(place) => FaultLine::Endless(output(*place)),
        Fault::Script(failure) => FaultLine::Script(failure.message.clone()),
    }
}

fn tell(reader: &Reader<'_>, item: &Item, today: Date, story: &mut Explanation) {
    if item.scope == Scope::Customer
        && !matches!(item.kind, ItemKind::Limit(_))
        && let Some((before, rounding)) = &item.rounding
    {
        story.roundings.push(RoundingLine {
            name: item.name.clone(),
            label: item.label.clone(),
            before: reader.figure(*before),
            rounding: rounding.clone(),
            after: reader.figure(item.value),
        });
    }
    match &item.kind {
        ItemKind::Let => story.values.push(value_line(reader, item)),
        ItemKind::Table(_) | ItemKind::Correction(_) => match item.scope {
            Scope::Customer => story.tables.extend(table::story(reader, item)),
            Scope::Items(_) => story.values.push(value_line(reader, item)),
        },
        ItemKind::Scorecard(card) => story.scores.push(score::story(reader, item, card)),
        ItemKind::Grades(grades) => story.grades.push(staircase::story(reader, item, grades)),
        ItemKind::Limit(limit) => {
            for method in &limit.methods {
                if let Some((before, rounding)) = &method.rounding {
                    story.roundings.push(RoundingLine {
                        name: Str::from(format!("{}.{}", item.name, method.name)),
                        label: method.label.clone(),
                        before: reader.figure(*before),
                        rounding: rounding.clone(),
                        after: reader.figure(method.value),
                    });
                }
            }
            for it in &limit.lines {
                if let LineKind::Round(rounding) = &it.kind {
                    story.roundings.push(RoundingLine {
                        name: item.name.clone(),
                        label: item.label.clone(),
                        before: reader.figure(it.before),
                        rounding: rounding.clone(),
                        after: reader.figure(it.after),
                    });
                }
            }
            story.limits.push(money::story(reader, item, limit));
        }
        ItemKind::Triggers(triggers) => story.stances.push(stance::story(reader, item, triggers)),
        ItemKind::Escalation(it) => story.ladders.push(ladder::story(reader, item, it, today)),
    }
}

fn value_line(reader: &Reader<'_>, item: &Item) -> ValueLine {
    let values: Vec<Figure> = match item.scope {
        Scope::Customer => vec![reader.figure(item.value)],
        Scope::Items(list) => {
            let count = reader.facts.records(list).map_or(0, |records| records.items);
            (0..count).map(|place| reader.at_item(place).figure(item.value)).collect()
        }
    };
    let because = values.first().and_then(|first| reader.because(&first.value));
    ValueLine {
        name: item.name.clone(),
        label: item.label.clone(),
        written: reader.written(item.span),
        because: if item.scope == Scope::Customer { because } else { None },
        values,
    }
}

fn outputs(reader: &Reader<'_>, asked: &Asked<'_>) -> Vec<OutputLine> {
    asked
        .decision
        .outputs
        .iter()
        .map(|output| {
            let of_items =
                asked.plan.steps.get(output.step).is_some_and(|step| step.scope != Scope::Customer);
            let figure = reader.figure(output.step);
            OutputLine {
                name: output.name.clone(),
                label: output.label.clone(),
                because: if of_items { None } else { reader.because(&figure.value) },
                value: (!of_items).then_some(figure),
            }
        })
        .collect()
}

/// Facts that were not given, and what reads them.
fn missing(reader: &Reader<'_>, needed: &BTreeSet<StepId>, decision: &DecisionItem) -> Vec<MissingLine> {
    let mut read: BTreeSet<FieldId> = BTreeSet::new();
    for output in &decision.outputs {
        read.extend(reader.facts_under(output.step));
    }
    let items: Vec<(&Item, BTreeSet<FieldId>)> = reader
        .plan
        .items
        .iter()
        .filter(|item| needed.contains(&item.value) && !matches!(item.kind, ItemKind::Let))
        .map(|item| (item, reader.facts_under(item.value)))
        .collect();
    read.into_iter()
        .filter(|fact| reader.facts.value(*fact).is_some_and(|value| !value.is_known()))
        .filter(|fact| !reader.fact_name(*fact).0.starts_with("last."))
        .map(|fact| {
            let (name, label) = reader.fact_name(fact);
            let feeds = items
                .iter()
                .filter(|(_, facts)| facts.contains(&fact))
                .map(|(item, _)| item.name.clone())
                .collect();
            MissingLine { name, label, feeds }
        })
        .collect()
}

fn open(asked: &Asked<'_>) -> Vec<OpenLine> {
    let labelled = |role: &Str| {
        let label = asked.plan.roles.iter().find(|(name, _)| name == role).map(|(_, label)| label.clone());
        (role.clone(), label.unwrap_or_else(|| crate::plan::Label { en: role.clone(), zh: role.clone() }))
    };
    asked
        .decided
        .open
        .iter()
        .map(|question| OpenLine {
            role: labelled(&question.role),
            text: question.text.clone(),
            address: asked
                .plan
                .rules
                .get(question.rule)
                .map_or_else(|| Str::from(""), |rule| rule.address.clone()),
        })
        .collect()
}

fn always(reader: &Reader<'_>, plan: &Plan) -> Vec<AlwaysLine> {
    plan.always
        .iter()
        .filter(|always| reader.ran(always.holds))
        .map(|always| AlwaysLine {
            written: reader.written(always.span),
            holds: reader.holds(always.holds),
            comparisons: comparisons(reader, always.holds),
        })
        .collect()
}

/// The facts that the decision read, in the order of the policy, lists of records by their number of items.
fn facts(reader: &Reader<'_>, needed: &BTreeSet<StepId>) -> Vec<FactLine> {
    let mut read: BTreeSet<FieldId> = BTreeSet::new();
    for step in needed {
        read.extend(reader.facts_read(*step));
    }
    read.into_iter()
        .filter_map(|fact| {
            let field = reader.plan.schema.fields.get(fact)?;
            let (name, label) = reader.fact_name(fact);
            let value = reader.facts.value(fact)?.clone();
            let value = match reader.facts.records(fact) {
                Some(records) if matches!(field.ty, FieldType::Records(_)) => Figure {
                    value: Value::Number(crate::value::Number::from_i64(
                        i64::try_from(records.items).unwrap_or(0),
                    )),
                    ty: Type::Records(fact.0),
                },
                _ => Figure { value, ty: field.ty.ty(fact.0) },
            };
            Some(FactLine {
                name,
                label,
                value,
                origin: origin(reader.facts, fact),
                personal: field.personal,
            })
        })
        .collect()
}

fn origin(facts: &Facts, fact: FieldId) -> Option<(String, Str)> {
    let origins = facts.origins.as_ref()?;
    let origin = match origins.values.get(fact.0 as usize)? {
        Some(origin) => origin,
        // A list from a file of its own came from where its items stand.
        None => {
            let list = facts.records.iter().position(|records| records.field == fact)?;
            let first = origins.records.get(list)?.iter().find_map(|column| column.first()?.as_ref())?;
            return Some((first.file.to_string(), Str::default()));
        }
    };
    let place = match &origin.place {
        Place::Text { line, column } => format!("{}:{line}:{column}", origin.file),
        Place::Cell { sheet, cell } => format!("{}:{sheet}!{cell}", origin.file),
        Place::Whole => origin.file.to_string(),
    };
    Some((place, origin.written.clone()))
}

/// All rules of the story that could not be judged, each once.
fn not_judged(story: &Explanation) -> Vec<RuleLine> {
    let unjudged = |standing: Standing| {
        matches!(standing, Standing::UnknownApplies | Standing::UnknownDoesNot | Standing::Unknown)
    };
    let mut found: Vec<RuleLine> = Vec::new();
    let stories = story
        .grades
        .iter()
        .flat_map(|grade| grade.stages.iter().flat_map(|stage| &stage.rules))
        .chain(story.limits.iter().flat_map(|limit| limit.lines.iter().map(|line| &line.rule)))
        .chain(story.tables.iter().flat_map(|table| table.rows.iter().map(|row| &row.rule)))
        .chain(
            story
                .stances
                .iter()
                .flat_map(|it| it.groups.iter().flat_map(|group| group.triggers.iter().map(|it| &it.2))),
        )
        .chain(story.ladders.iter().flat_map(|ladder| {
            ladder.items.iter().flat_map(|item| {
                item.rules
                    .iter()
                    .chain(std::iter::once(&item.entry))
                    .chain(item.rungs.iter().map(|rung| &rung.rule))
            })
        }));
    for rule in stories.filter(|rule| unjudged(rule.standing)) {
        if !found.iter().any(|known| known.address == rule.address) {
            found.push(rule.clone());
        }
    }
    found
}
