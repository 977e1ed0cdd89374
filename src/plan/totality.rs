//! What must hold of a plan before it may decide anybody: every condition decided, every output known or said to be
//! optional, with decimals that end and digits that fit.

use std::collections::{BTreeMap, BTreeSet};

use super::infer;
use super::lower::{Findings, Said};
use super::roots::Roots;
use super::{ItemKind, Op, Plan, RuleKind, Silence, Step, StepId};
use crate::base::{Span, Str};
use crate::check::hir;
use crate::diag::{Diagnostic, Label};
use crate::value::{FieldId, FieldType, Number, Type, Value};

/// So many digits an output may have.
const MOST_DIGITS: u32 = 28;

/// So many further factors of one card are shown.
const MOST_SHOWN: usize = 4;

/// Holds a plan to all this; `proofs` are those of its tables, and are told what hangs on them.
pub(super) fn judge(
    program: &hir::Program,
    plan: &Plan,
    findings: Findings,
    proofs: &mut [Diagnostic],
) -> Vec<Diagnostic> {
    let roots = Roots::of(program, &plan.steps, &findings, proofs);
    let mut judge = Judge { program, plan, names: names(plan), roots };
    let mut found = findings.circles.clone();
    judge.conditions(&findings, &mut found);
    judge.missing(&findings, &mut found);
    judge.outputs(&mut found);
    judge.words(&findings, &mut found);
    judge.cases(&mut found);
    judge.applies(&mut found);
    judge.thresholds(&mut found);
    judge.totals(&mut found);
    judge.roots.counted(&mut found);
    judge.roots.counted(proofs);
    found
}

struct Judge<'a> {
    program: &'a hir::Program,
    plan: &'a Plan,
    names: BTreeMap<StepId, Str>,
    /// What can be unknown though all that is told were mended.
    roots: Roots,
}

/// The name of each step that has one; the shortest of several.
fn names(plan: &Plan) -> BTreeMap<StepId, Str> {
    let mut names: BTreeMap<StepId, Str> = BTreeMap::new();
    for (name, step) in &plan.names {
        match names.get(step) {
            Some(before) if before.len() <= name.len() => {}
            Some(_) | None => {
                names.insert(*step, name.clone());
            }
        }
    }
    names
}

impl<'a> Judge<'a> {
    fn step(&self, step: StepId) -> Option<&'a Step> {
        self.plan.steps.get(step)
    }

    fn unknown(&self, step: StepId) -> bool {
        self.step(step).is_none_or(|it| it.bounds.unknown)
    }

    /// Whether a step is a mistake of its own where it can be unknown; else it is noted under the mistake that it follows from.
    fn is_root(&mut self, step: StepId, of: &Str) -> bool {
        if self.roots.unknown(step) {
            return true;
        }
        let plan = infer::Plan { program: self.program, steps: &self.plan.steps };
        if let Some(leak) = infer::leak(&plan, step) {
            self.roots.follows(&leak.path, of);
        }
        false
    }

    /// A condition that can be unknown says what then; one that cannot need not.
    fn conditions(&mut self, findings: &Findings, found: &mut Vec<Diagnostic>) {
        let mut seen = BTreeSet::new();
        // A table that is applied twice judges its rows twice.
        let needed: BTreeSet<Span> =
            findings.said.iter().filter(|it| self.unknown(it.condition)).map(|it| it.span).collect();
        for said in &findings.said {
            if !seen.insert(said.span) {
                continue;
            }
            let unknown = needed.contains(&said.span);
            if unknown && said.must && !said.said {
                let at = |it: &&Said| it.span == said.span && self.unknown(it.condition);
                let all: Vec<StepId> = findings.said.iter().filter(at).map(|it| it.condition).collect();
                let first = all.first().copied().unwrap_or(said.condition);
                let root = all.iter().copied().find(|it| self.roots.unknown(*it)).unwrap_or(first);
                if !self.is_root(root, &said.construct) {
                    continue;
                }
                let diagnostic = Diagnostic::new("E401", said.span)
                    .variant(match said.kind {
                        RuleKind::Band => "needs",
                        _ => "main",
                    })
                    .arg("construct", &said.construct)
                    .help("say");
                found.push(self.with_source(diagnostic, root));
            } else if !unknown && said.said {
                found.push(Diagnostic::new("W406", said.span).arg("construct", &said.construct).help("drop"));
            }
        }
    }

    /// A card says of each factor what it does without it. The factors of one card may be left to one word of the card, and are
    /// told together.
    fn missing(&mut self, findings: &Findings, found: &mut Vec<Diagnostic>) {
        let mut cards: BTreeMap<&Str, (Diagnostic, usize)> = BTreeMap::new();
        for one in &findings.unsaid_missing {
            if !self.is_root(one.points, &one.card) {
                continue;
            }
            if let Some((first, further)) = cards.get_mut(&one.card) {
                *further = further.saturating_add(1);
                let args = vec![("also", one.factor.clone())];
                match first.labels.last_mut() {
                    Some(last) if *further > MOST_SHOWN => {
                        let more = Str::from(further.saturating_sub(MOST_SHOWN).to_string());
                        last.args.retain(|(key, _)| *key != "more");
                        last.args.push(("more", more));
                        last.key = "more";
                    }
                    _ => first.labels.push(Label { span: one.span, key: "also", args }),
                }
                continue;
            }
            let told = Diagnostic::new("E405", one.span)
                .arg("factor", &one.factor)
                .arg("card", &one.card)
                .help("say");
            let told = self.with_source(told, one.points);
            cards.insert(&one.card, (told, 0));
        }
        found.extend(cards.into_values().map(|(told, _)| told));
    }

    fn outputs(&mut self, found: &mut Vec<Diagnostic>) {
        for decision in &self.plan.decisions {
            for output in &decision.outputs {
                let ladder = output.item.and_then(|item| self.plan.items.get(item)).and_then(|item| {
                    match &item.kind {
                        ItemKind::Escalation(ladder) if ladder.step == output.step => Some(ladder),
                        _ => None,
                    }
                });
                // An item on no step is no item of which the step is unknown; and what waits for a signature is open.
                let waits =
                    output.item.and_then(|item| self.plan.items.get(item)).and_then(|item| {
                        match &item.kind {
                            ItemKind::Authority(it) if it.waits(output.step) => {
                                Some(if self.unknown(it.value) { it.value } else { it.needed })
                            }
                            _ => None,
                        }
                    });
                let asked = waits.unwrap_or_else(|| ladder.map_or(output.step, |ladder| ladder.in_force));
                if !output.optional && self.unknown(asked) && self.is_root(asked, &decision.name) {
                    let diagnostic = Diagnostic::new("E402", output.span)
                        .arg("output", &output.name)
                        .arg("decision", &decision.name)
                        .help("optional");
                    found.push(self.with_source(diagnostic, asked));
                }
                self.finite("output", &output.name, output.span, output.step, found);
            }
        }
    }

    /// The figures of texts have an end, as all that people read.
    fn words(&self, findings: &Findings, found: &mut Vec<Diagnostic>) {
        let mut seen = BTreeSet::new();
        for shown in &findings.shown {
            if seen.insert(shown.written) {
                self.finite(
                    "words",
                    &self.name_of(shown.step).unwrap_or_else(|| Str::from("…")),
                    shown.written,
                    shown.step,
                    found,
                );
            }
        }
    }

    fn cases(&self, found: &mut Vec<Diagnostic>) {
        for case in &self.plan.cases {
            for expect in &case.expect {
                let Some(step) = expect.step else { continue };
                if matches!(expect.value, hir::ExpectValue::Value(Value::Number(_))) {
                    let name = self.names.get(&step).cloned().unwrap_or_else(|| expect.written.clone());
                    self.finite("case", &name, expect.span, step, found);
                }
            }
        }
    }

    /// A number that people read ends, and fits.
    fn finite(
        &self,
        variant: &'static str,
        name: &Str,
        span: Span,
        step: StepId,
        found: &mut Vec<Diagnostic>,
    ) {
        let Some(it) = self.step(step).filter(|it| matches!(it.ty, Type::Number(_))) else { return };
        let Some(decimals) = it.bounds.decimals else {
            let mut diagnostic = Diagnostic::new("E403", span).variant(variant).arg("name", name);
            diagnostic = diagnostic.help(if variant == "words" { "shown" } else { "round" });
            if let Some((at, denominator)) = self.endless(step) {
                diagnostic.labels.push(match denominator {
                    Some(by) => Label { span: at, key: "by", args: vec![("by", by)] },
                    None => Label { span: at, key: "share", args: Vec::new() },
                });
            }
            found.push(diagnostic);
            return;
        };
        if variant != "output" {
            return;
        }
        let most = it.bounds.range.as_ref().map(|(least, most)| least.abs().max(most.abs()));
        let digits = most.as_ref().map(|most| {
            let whole = most.floor();
            let whole = if whole.is_zero() { 0 } else { whole.digits().unwrap_or(u32::MAX) };
            whole.saturating_add(decimals)
        });
        if digits.is_none_or(|digits| digits > MOST_DIGITS) {
            let diagnostic = Diagnostic::new("E404", span)
                .arg("name", name)
                .arg("decimals", decimals)
                .arg("most", most.as_ref().map_or_else(|| String::from("∞"), approximate))
                .help("range");
            found.push(diagnostic);
        }
    }

    /// Where a number gets decimals without end, and what it is divided by there.
    fn endless(&self, step: StepId) -> Option<(Span, Option<Str>)> {
        let mut at = step;
        for _ in 0..self.plan.steps.len() {
            let it = self.step(at)?;
            let endless = |operand: &StepId| {
                self.step(*operand).is_some_and(|it| {
                    it.bounds.decimals.is_none() && matches!(it.ty, Type::Number(_)) && !self.silent(*operand)
                })
            };
            if let Op::Divide(over, by) = &it.op
                && !endless(over)
                && !endless(by)
            {
                return Some((it.span, self.name_of(*by)));
            }
            match it.op.operands().into_iter().find(endless) {
                Some(next) => at = next,
                None => return Some((it.span, None)),
            }
        }
        None
    }

    /// Whether a step gives nothing but unknown.
    fn silent(&self, step: StepId) -> bool {
        matches!(self.step(step).map(|it| &it.op), Some(Op::Unknown(_) | Op::Const(Value::Unknown(_))))
    }

    /// The name of a step, of the fact or the parameter that it reads; a constant is its own name.
    fn name_of(&self, step: StepId) -> Option<Str> {
        if let Some(name) = self.names.get(&step) {
            return Some(name.clone());
        }
        match &self.step(step)?.op {
            Op::Fact(field) => self.fact(*field),
            Op::Field(list, place) => self.field(*list, *place),
            Op::Param(param) => self.plan.params.get(*param as usize).map(|param| param.name.clone()),
            Op::ByDate(series, _) => self.plan.series.get(*series as usize).map(|series| series.name.clone()),
            Op::Const(Value::Number(number)) => Some(number.to_string().into()),
            Op::Same(of) => self.name_of(*of),
            _ => None,
        }
    }

    fn fact(&self, field: FieldId) -> Option<Str> {
        self.plan.schema.fields.get(field).map(|field| field.name.clone())
    }

    fn field(&self, list: FieldId, place: u32) -> Option<Str> {
        match &self.plan.schema.fields.get(list)?.ty {
            FieldType::Records(fields) => fields.get(place as usize).map(|field| field.name.clone()),
            _ => None,
        }
    }

    /// Adds from where a step can be unknown, and over which values.
    fn with_source(&self, mut diagnostic: Diagnostic, step: StepId) -> Diagnostic {
        let plan = infer::Plan { program: self.program, steps: &self.roots.steps };
        let Some(leak) = infer::leak(&plan, step) else { return diagnostic };
        let Some(source) = self.step(leak.source) else { return diagnostic };
        let mut args: Vec<(&'static str, Str)> = Vec::new();
        let mut span = source.span;
        let key = match &source.op {
            Op::Fact(field) => {
                args.push(("what", self.fact(*field).unwrap_or_else(|| Str::from("?"))));
                if let Some(declared) = self.plan.schema.fields.get(*field) {
                    span = declared.span;
                }
                "fact"
            }
            Op::Field(list, place) => {
                args.push(("what", self.field(*list, *place).unwrap_or_else(|| Str::from("?"))));
                if let Some(FieldType::Records(fields)) = self.plan.schema.fields.get(*list).map(|it| &it.ty)
                {
                    span = fields.get(*place as usize).map_or(span, |field| field.span);
                }
                "fact"
            }
            Op::Divide(_, by) => {
                args.push(("what", self.name_of(*by).unwrap_or_else(|| Str::from("…"))));
                "zero"
            }
            Op::FirstTrue(_) => "row",
            Op::Aggregate { list, .. } => {
                args.push(("what", self.fact(*list).unwrap_or_else(|| Str::from("?"))));
                "empty"
            }
            Op::Latest { list, .. } => {
                args.push(("what", self.fact(*list).unwrap_or_else(|| Str::from("?"))));
                "empty"
            }
            Op::ListAggregate { .. } | Op::ListWeightedMean(..) | Op::Recent { .. } | Op::InARow { .. } => {
                "values"
            }
            Op::Lookup { list, .. } => {
                args.push(("what", self.fact(*list).unwrap_or_else(|| Str::from("?"))));
                "record"
            }
            Op::Script(..) => "script",
            Op::Book(entry, ..) => {
                let name = self.plan.book.get(*entry).map(|entry| entry.name.clone());
                args.push(("what", name.unwrap_or_else(|| Str::from("?"))));
                "book"
            }
            Op::AddBusinessDays(..) | Op::ToBusinessDay(..) => "calendar",
            Op::ByDate(series, _) => {
                args.push((
                    "what",
                    self.plan
                        .series
                        .get(*series as usize)
                        .map_or_else(|| Str::from("?"), |it| it.name.clone()),
                ));
                "by_date"
            }
            Op::Interest(it) => {
                let series = it.series.first().and_then(|at| self.plan.series.get(*at as usize));
                args.push(("what", series.map_or_else(|| Str::from("?"), |it| it.name.clone())));
                "by_date"
            }
            Op::Reference { table, .. } => {
                let table = self.plan.references.get(*table as usize);
                args.push(("what", table.map_or_else(|| Str::from("?"), |it| it.name.clone())));
                "reference"
            }
            Op::Instalment(..) => "instalment",
            Op::Rank(..) | Op::OfRank(..) => "place",
            Op::Unknown(Silence::TooLittleKnown) => "card",
            Op::Unknown(Silence::Withheld) => "withheld",
            Op::Unknown(Silence::Referred) => "referred",
            Op::Unknown(Silence::Unknown | Silence::Refused) => "open",
            _ => "open",
        };
        diagnostic.labels.push(Label { span, key, args });
        let mut way: Vec<Str> = leak.path.iter().filter_map(|step| self.name_of(*step)).collect();
        way.dedup();
        if way.len() > 1 {
            diagnostic = diagnostic.arg("path", way.join(" ← ")).note("path");
        }
        diagnostic
    }

    /// A total that lines can take below 0, where what is added never is. A line that takes off no more than an earlier line
    /// holds leaves that line at 0 at least.
    fn totals(&self, found: &mut Vec<Diagnostic>) {
        for item in &self.plan.items {
            let ItemKind::Total(total) = &item.kind else { continue };
            if total.floor.is_some() {
                continue;
            }
            let range = |step: StepId| self.step(step).and_then(|it| it.bounds.range.clone());
            let mut open: Vec<usize> = Vec::new();
            let mut least = Some(Number::ZERO);
            let mut taken: BTreeSet<u32> = BTreeSet::new();
            for (place, line) in total.lines.iter().enumerate() {
                if line.minus && !line.beside.is_some_and(|beside| taken.insert(beside)) {
                    open.push(place);
                }
            }
            for (place, line) in (0_u32..).zip(&total.lines) {
                let low = range(line.counted).map(|(low, _)| low);
                match low {
                    // What can be below 0 by itself is the policy's own.
                    Some(low) if !line.minus && low.is_negative() => least = None,
                    None if !line.minus => least = None,
                    Some(low) if !line.minus && !taken.contains(&place) => {
                        least = least.map(|least| least.add(&low));
                    }
                    Some(_) | None => {}
                }
            }
            let Some(mut least) = least else { continue };
            let mut endless = false;
            for line in open.iter().filter_map(|place| total.lines.get(*place)) {
                match range(line.counted) {
                    Some((_, high)) => least = least.sub(&high),
                    None => endless = true,
                }
            }
            let Some(line) = open.first().and_then(|place| total.lines.get(*place)) else { continue };
            if !endless && !least.is_negative() {
                continue;
            }
            let most = range(total.sum).map_or_else(|| String::from("∞"), |(_, most)| approximate(&most));
            let least = if endless { String::from("−∞") } else { approximate(&least) };
            found.push(
                Diagnostic::new("W424", line.span)
                    .arg("total", &item.name)
                    .arg("least", least)
                    .arg("most", most)
                    .help(""),
            );
        }
    }

    /// To whom the policy applies is told from facts and parameters alone, before anything is decided.
    fn applies(&self, found: &mut Vec<Diagnostic>) {
        let Some(applies) = self.plan.applies else { return };
        let read = super::slice(self.plan, &[applies], &BTreeSet::new());
        let computed = read.into_iter().find_map(|step| self.names.get(&step));
        if let (Some(name), Some(step)) = (computed, self.step(applies)) {
            found.push(Diagnostic::new("E428", step.span).arg("name", name).help("facts"));
        }
    }

    /// A comparison that always or never holds.
    fn thresholds(&self, found: &mut Vec<Diagnostic>) {
        let mut seen = BTreeSet::new();
        for rule in &self.plan.rules {
            if rule.kind == RuleKind::Row {
                continue;
            }
            let mut open: Vec<StepId> = rule.condition.into_iter().collect();
            while let Some(at) = open.pop() {
                let Some(step) = self.step(at) else { continue };
                match &step.op {
                    Op::And(of) | Op::Or(of) => open.extend(of),
                    Op::Not(of) => open.push(*of),
                    Op::Compare(how, a, b) if seen.insert(at) => {
                        if let Some(diagnostic) = self.threshold(step.span, *how, *a, *b) {
                            found.push(diagnostic);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn threshold(&self, span: Span, how: hir::Compare, a: StepId, b: StepId) -> Option<Diagnostic> {
        let number = |step: StepId| match &self.step(step)?.op {
            Op::Const(Value::Number(number)) => Some(number.clone()),
            _ => None,
        };
        let (value, bound, how) = match (number(a), number(b)) {
            (None, Some(bound)) => (a, bound, how),
            (Some(bound), None) => (b, bound, how.mirrored()),
            _ => return None,
        };
        let (least, most) = self.step(value)?.bounds.range.clone()?;
        let (never, always) = match how {
            hir::Compare::Less => (bound <= least, bound > most),
            hir::Compare::LessOrEqual => (bound < least, bound >= most),
            hir::Compare::Greater => (bound >= most, bound < least),
            hir::Compare::GreaterOrEqual => (bound > most, bound <= least),
        };
        let variant = match (never, always) {
            (true, _) => "never",
            (_, true) => "always",
            _ => return None,
        };
        let name = self.name_of(value).unwrap_or_else(|| Str::from("…"));
        let diagnostic = Diagnostic::new("W407", span)
            .variant(variant)
            .arg("name", name)
            .arg("least", approximate(&least))
            .arg("most", approximate(&most));
        Some(diagnostic.note("range"))
    }
}

/// A number for people; one of many digits by its size.
fn approximate(number: &Number) -> String {
    let text = number.to_string();
    if text.len() <= 18 {
        return text;
    }
    let sign = if number.is_negative() { "-" } else { "" };
    let digits = number.abs().floor().digits().unwrap_or(0);
    format!("{sign}10^{digits}")
}
