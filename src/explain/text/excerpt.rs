//! A part of a story: what leads to one value, in a dozen lines, for a case that came out otherwise than expected.

use std::collections::BTreeSet;

use super::super::sources::Reader;
use super::super::words::Words;
use super::super::{
    Comparison, Figure, RuleLine, StageKind, Standing, authority, checks, judgement, ladder, money, papers,
    phrase, score, staircase, stance, table, totals,
};
use super::lines::Lines;
use super::{
    Audience, approval, checks as told_checks, judgement as told_judgement, ladders, money as told_money,
    papers as told_papers, rules, scores, staircase as told_grades, totals as told_totals,
};
use crate::base::{Idx, Lang, SourceMap, Str};
use crate::eval::{Facts, ScriptFailure, Trace};
use crate::plan::{Item, ItemId, ItemKind, Op, Plan, Scope, StepId};
use crate::value::{Date, FieldType, Value};

/// The most lines of an excerpt.
const MOST_LINES: usize = 12;
/// The most rows of a table that are told before the one taken.
const MOST_ROWS: usize = 3;

/// A run of some steps of a plan that came to no decision.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The facts.
    pub facts: &'a Facts,
    /// What each step gave.
    pub trace: &'a Trace,
    /// Calls of scripts that failed.
    pub failures: &'a [ScriptFailure],
    /// The as-of date.
    pub today: Date,
    /// The texts of the policies.
    pub sources: &'a SourceMap,
}

impl<'a> Run<'a> {
    pub(super) fn reader(&self) -> Reader<'a> {
        Reader::of(self.plan, self.facts, self.trace, self.failures.iter().collect(), self.sources)
    }
}

/// The construct that a step is the value of, or a part of: `credit_limit` of `credit_limit.assets`.
pub(super) fn item_behind(plan: &Plan, step: StepId) -> Option<ItemId> {
    let whole = |item: &Item| item.value == step;
    let names: Vec<&Str> =
        plan.names.iter().filter(|(_, known)| **known == step).map(|(name, _)| name).collect();
    let part = |item: &Item| {
        let of = |name: &&Str| name.strip_prefix(&*item.name).is_some_and(|rest| rest.starts_with('.'));
        names.iter().copied().any(|name| of(&name))
    };
    let found = plan.items.iter().position(whole).or_else(|| plan.items.iter().position(part));
    found.map(ItemId::new)
}

/// Why a value is unknown, in words; none where it is known.
#[must_use]
pub fn unknown_because(run: &Run<'_>, value: &Value, lang: Lang) -> Option<String> {
    let words = Words::new(run.plan, lang, Audience::Auditor);
    run.reader().because(value).map(|why| words.unknowing(&why))
}

/// What leads to the value of a step (of an item, where it is one of items), at most a dozen lines.
#[must_use]
pub fn excerpt(run: &Run<'_>, step: StepId, item: Option<usize>, lang: Lang) -> Vec<String> {
    let words = Words::new(run.plan, lang, Audience::Auditor);
    let reader = match item {
        Some(item) => run.reader().at_item(item),
        None => run.reader(),
    };
    let mut out = Lines::new();
    match item_behind(run.plan, step).and_then(|id| run.plan.items.get(id)) {
        Some(behind) => construct(run, &reader, &words, behind, step, &mut out),
        None => reads(&reader, &words, step, &mut out),
    }
    let text = out.finish();
    let mut lines: Vec<String> =
        text.lines().map(|line| line.strip_prefix("  ").unwrap_or(line).to_owned()).collect();
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        lines.push(String::from("…"));
    }
    lines
}

fn construct(
    run: &Run<'_>,
    reader: &Reader<'_>,
    words: &Words<'_>,
    item: &Item,
    step: StepId,
    out: &mut Lines,
) {
    match &item.kind {
        ItemKind::Let | ItemKind::Book(_) => reads(reader, words, step, out),
        ItemKind::Table(_) | ItemKind::Correction(_) => match table::story(reader, item) {
            Some(mut story) => {
                story.rows.retain(|row| row.rule.standing != Standing::NotReached);
                let told = story.rows.len().saturating_sub(MOST_ROWS.saturating_add(1));
                story.rows.drain(..told);
                for row in &mut story.rows {
                    // That a key is known shows where it is held against a bound.
                    let compared = row.rule.comparisons.clone();
                    row.rule.comparisons.retain(|it| {
                        let told = |other: &Comparison| other.threshold.is_some() && other.name == it.name;
                        it.threshold.is_some() || !compared.iter().any(told)
                    });
                }
                rules::table_story(words, &story, out);
            }
            None => reads(reader, words, step, out),
        },
        ItemKind::Scorecard(card) => {
            let mut story = score::story(reader, item, card);
            story.live = true;
            scores::one(words, &story, out);
        }
        ItemKind::Grades(grades) => {
            let mut story = staircase::story(reader, item, grades);
            for stage in &mut story.stages {
                // Of the bands only the one reached says something; of the rest also what did not apply.
                if stage.kind == StageKind::Band {
                    stage.rules.retain(|rule| rule.standing != Standing::DoesNotApply);
                }
            }
            story.stages.retain(|stage| {
                matches!(stage.kind, StageKind::Band) || stage.rules.iter().any(|rule| !is_quiet(rule))
            });
            told_grades::one(words, &[], &story, Audience::Auditor, out);
        }
        ItemKind::Limit(limit) => match step == item.value {
            true => {
                let figures = phrase::figures(run.plan, |step| run.trace.value(step).cloned());
                told_money::one(
                    words,
                    &figures,
                    &money::story(reader, item, limit, run.today),
                    Audience::Auditor,
                    out,
                );
            }
            false => reads(reader, words, step, out),
        },
        ItemKind::Total(total) if step == item.value => {
            let figures = phrase::figures(run.plan, |step| run.trace.value(step).cloned());
            let mut story = totals::total(reader, item, total);
            if let Some(place) = reader.item() {
                story.sums = story.sums.into_iter().skip(place).take(1).collect();
            }
            told_totals::total(words, &figures, &story, Audience::Auditor, out);
        }
        ItemKind::Allocation(it) if step == item.value => {
            told_totals::allocation(words, &totals::allocation(reader, item, it), out);
        }
        ItemKind::Total(_) | ItemKind::Allocation(_) => reads(reader, words, step, out),
        ItemKind::Triggers(triggers) => {
            rules::stance_story(words, &stance::story(reader, item, triggers), Audience::Auditor, out);
        }
        ItemKind::Checks(it) => {
            let story = checks::story(reader, item, it);
            let of = reader.item();
            for (_, item) in story.items.iter().enumerate().filter(|(at, _)| of.is_none_or(|of| of == *at)) {
                told_checks::one(words, item, Audience::Auditor, out);
            }
        }
        ItemKind::Judgement(it) => {
            told_judgement::one(words, &judgement::judgement(reader, item, it), Audience::Auditor, out);
        }
        ItemKind::Override(it) => {
            let story = judgement::exception(reader, item, it, run.today);
            told_judgement::exception(words, &story, Audience::Auditor, out);
        }
        ItemKind::Authority(it) => match authority::story(reader, item, it) {
            Some(story) => approval::one(words, &[], &story, Audience::Sales, out),
            None => reads(reader, words, step, out),
        },
        ItemKind::Checklist(it) => {
            told_papers::one(words, &papers::story(reader, item, it), Audience::Auditor, out)
        }
        ItemKind::Escalation(it) => {
            let mut story = ladder::story(reader, item, it, run.today);
            let of = reader.item();
            for (place, on_ladder) in story.items.iter_mut().enumerate() {
                if of.is_none_or(|of| of == place) {
                    on_ladder.rules.retain(|rule| !is_quiet(rule));
                    ladders::one(words, on_ladder, Audience::Auditor, out);
                }
            }
        }
    }
}

/// Whether a rule does nothing, and nothing stood in doubt.
fn is_quiet(rule: &RuleLine) -> bool {
    rule.standing == Standing::DoesNotApply
}

/// A value as written, and the named values that it reads.
fn reads(reader: &Reader<'_>, words: &Words<'_>, step: StepId, out: &mut Lines) {
    if let Some(it) = reader.plan.steps.get(step) {
        let written = reader.written(it.span);
        if !written.is_empty() {
            out.line(1, &written);
        }
    }
    let (mut told, mut waiting): (BTreeSet<StepId>, Vec<StepId>) = (BTreeSet::new(), Vec::new());
    let behind = |step: StepId, waiting: &mut Vec<StepId>| {
        let mut operands = Vec::new();
        if let Some(it) = reader.plan.steps.get(step) {
            it.op.each_operand(|operand| operands.push(operand));
        }
        waiting.extend(operands.into_iter().rev());
    };
    behind(step, &mut waiting);
    while let Some(next) = waiting.pop() {
        if !told.insert(next) {
            continue;
        }
        match name(reader, next) {
            Some(name) => {
                let of_items = reader.plan.steps.get(next).is_some_and(|it| it.scope != Scope::Customer);
                let figures: Vec<Figure> = match (of_items, reader.item()) {
                    (true, None) => {
                        let count = reader.trace.items(next).map_or(0, <[Value]>::len);
                        (0..count).map(|item| reader.at_item(item).figure(next)).collect()
                    }
                    _ => vec![reader.figure(next)],
                };
                let shown: Vec<String> = figures.iter().map(|figure| words.figure(figure)).collect();
                out.line(2, &format!("{name}  {}", shown.join(words.pick(", ", "、"))));
            }
            None => behind(next, &mut waiting),
        }
    }
}

/// The name of a step that has one: a value, a fact, a field, a parameter, the day.
fn name(reader: &Reader<'_>, step: StepId) -> Option<Str> {
    if let Some(name) = reader.name(step) {
        return Some(name.clone());
    }
    match &reader.plan.steps.get(step)?.op {
        Op::Fact(_) | Op::Param(_) | Op::Today => Some(reader.words(step)),
        Op::Field(list, place) => match &reader.plan.schema.fields.get(*list)?.ty {
            FieldType::Records(fields) => Some(fields.get(*place as usize)?.name.clone()),
            _ => None,
        },
        _ => None,
    }
}
