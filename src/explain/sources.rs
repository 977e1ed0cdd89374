//! What an explanation is read from: plan, trace, facts, texts.

use std::collections::{BTreeMap, BTreeSet};

use super::{Asked, Figure, Unknowing, ours};
use crate::base::{Idx, SourceMap, Span, Str};
use crate::eval::{Book, Facts, Fault, ScriptFailure, Trace, reached, rests_on};
use crate::plan::{Item, ItemKind, Label, Op, Plan, RuleId, Scope, Silence, StepId};
use crate::value::{Cause, Default, Field, FieldId, FieldType, Number, Type, Value};

/// Reads a plan together with what one customer's run left behind.
pub(super) struct Reader<'a> {
    pub(super) plan: &'a Plan,
    pub(super) trace: &'a Trace,
    pub(super) facts: &'a Facts,
    pub(super) sources: &'a SourceMap,
    /// The calls of scripts that failed.
    failures: Vec<&'a ScriptFailure>,
    /// The book that was read.
    pub(super) book: Option<&'a Book>,
    /// The names under which steps are known, shortest first found.
    names: BTreeMap<StepId, Str>,
    /// By the number of each step, whether the outcome of this customer rests on it.
    live: std::rc::Rc<Vec<bool>>,
    /// The same of what the customer is told of the outcome.
    told: std::rc::Rc<Vec<bool>>,
    /// By the number of each step, whether somebody who goes through the rules of the outcome comes to ask for it.
    reached: std::rc::Rc<Vec<bool>>,
    /// The steps of the outputs.
    outputs: std::rc::Rc<Vec<StepId>>,
    /// The values of judgements, exceptions and checklists.
    alone: std::rc::Rc<BTreeSet<StepId>>,
    /// The item that is looked at, by its place in its list.
    item: Option<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(asked: &Asked<'a>) -> Self {
        let failures = asked.decided.faults.iter().filter_map(|fault| match fault {
            Fault::Script(failure) => Some(failure),
            _ => None,
        });
        let mut reader = Reader::of(asked.plan, asked.facts, asked.trace, failures.collect(), asked.sources);
        reader.book = asked.book;
        let outputs: Vec<StepId> = asked.decision.outputs.iter().map(|output| output.step).collect();
        reader.live = std::rc::Rc::new(rests_on(asked.plan, &outputs, &|step| asked.trace.value(step)));
        reader.reached = std::rc::Rc::new(reached(asked.plan, &outputs, &|step| asked.trace.value(step)));
        let told = asked.decision.outputs.iter().filter(|it| !it.internal && !ours::is(asked.plan, it.step));
        let told: Vec<StepId> = told.map(|output| output.step).collect();
        // Of a decision for the house alone the customer reads the words that the policy has for it.
        let told = if told.is_empty() { outputs.clone() } else { told };
        reader.outputs = std::rc::Rc::new(outputs);
        reader.told = std::rc::Rc::new(rests_on(asked.plan, &told, &|step| asked.trace.value(step)));
        reader
    }

    /// For a run that came to no decision.
    pub(super) fn of(
        plan: &'a Plan,
        facts: &'a Facts,
        trace: &'a Trace,
        failures: Vec<&'a ScriptFailure>,
        sources: &'a SourceMap,
    ) -> Self {
        let names: BTreeMap<StepId, Str> =
            super::names::names(plan).into_iter().map(|(step, name)| (step, name.name)).collect();
        let (live, told, reached) = (std::rc::Rc::default(), std::rc::Rc::default(), std::rc::Rc::default());
        let outputs = std::rc::Rc::default();
        let kind = |item: &&Item| {
            matches!(item.kind, ItemKind::Judgement(_) | ItemKind::Override(_) | ItemKind::Checklist(_))
        };
        let alone = std::rc::Rc::new(plan.items.iter().filter(kind).map(|item| item.value).collect());
        Reader {
            plan,
            trace,
            facts,
            sources,
            failures,
            book: None,
            names,
            live,
            told,
            reached,
            outputs,
            alone,
            item: None,
        }
    }

    /// Whether a step is what a judgement, exceptions or a checklist come to: people know it by that name.
    pub(super) fn stands_alone(&self, step: StepId) -> bool {
        self.alone.contains(&step)
    }

    /// Whether the outcome of this customer rests on a step.
    pub(super) fn live(&self, step: StepId) -> bool {
        self.live.get(step.place()) == Some(&true)
    }

    /// Whether the outcome rests on a step of the item looked at.
    pub(super) fn rests_on_it(&self, step: StepId) -> bool {
        let read = |step: StepId| match self.plan.steps.get(step)?.scope {
            Scope::Customer => self.trace.value(step),
            Scope::Items(_) => self.trace.items(step)?.get(self.item?),
        };
        rests_on(self.plan, &self.outputs, &read).get(step.place()) == Some(&true)
    }

    /// Whether somebody who goes through the rules of the outcome comes to ask for a step.
    pub(super) fn is_reached(&self, step: StepId) -> bool {
        self.reached.get(step.place()) == Some(&true)
    }

    /// Whether what the customer is told of the outcome rests on the construct of a rule: the coefficient by record says nothing where
    /// the coefficient by grade is the one in use. Of what is done, paper by paper and step by step, it always does.
    pub(super) fn counts(&self, rule: RuleId) -> bool {
        self.rests(rule, &self.told)
    }

    /// The same of all of the outcome.
    pub(super) fn is_live(&self, rule: RuleId) -> bool {
        self.rests(rule, &self.live)
    }

    fn rests(&self, rule: RuleId, on: &[bool]) -> bool {
        let Some(rule) = self.plan.rules.get(rule).filter(|rule| rule.scope == Scope::Customer) else {
            return true;
        };
        let within = |item: &&Item| {
            item.span.file == rule.span.file
                && item.span.start <= rule.span.start
                && rule.span.end <= item.span.end
        };
        let told = |step: StepId| on.get(step.place()) == Some(&true);
        let mut of = self.plan.items.iter().filter(within).peekable();
        of.peek().is_none()
            || of.any(|item| match &item.kind {
                ItemKind::Table(table) => {
                    told(item.value) || table.results.iter().any(|(.., result)| told(*result))
                }
                ItemKind::Correction(_) | ItemKind::Grades(_) | ItemKind::Limit(_) | ItemKind::Total(_) => {
                    told(item.value)
                }
                ItemKind::Let
                | ItemKind::Scorecard(_)
                | ItemKind::Allocation(_)
                | ItemKind::Authority(_)
                | ItemKind::Triggers(_)
                | ItemKind::Checks(_)
                | ItemKind::Book(_)
                | ItemKind::Checklist(_)
                | ItemKind::Escalation(_)
                | ItemKind::Judgement(_)
                | ItemKind::Override(_) => true,
            })
    }

    /// The same, looking at one item of a list.
    pub(super) fn at_item(&self, item: usize) -> Reader<'a> {
        Reader {
            plan: self.plan,
            trace: self.trace,
            facts: self.facts,
            sources: self.sources,
            failures: self.failures.clone(),
            book: self.book,
            names: self.names.clone(),
            live: self.live.clone(),
            told: self.told.clone(),
            reached: self.reached.clone(),
            outputs: self.outputs.clone(),
            alone: self.alone.clone(),
            item: Some(item),
        }
    }

    /// What the item looked at is, where its record must say of which kind it is, and of one kind only: people know a paper by its name,
    /// not by our number of it.
    pub(super) fn what(&self, list: FieldId) -> Option<Figure> {
        let FieldType::Records(fields) = &self.plan.schema.fields.get(list)?.ty else { return None };
        let kind = |field: &&Field| {
            matches!(field.ty, FieldType::Enum(_)) && matches!(field.default, Default::Required)
        };
        let mut kinds = fields.iter().filter(kind).filter(|field| !field.personal && !field.internal);
        let (field, None) = (kinds.next()?, kinds.next()) else { return None };
        let place = fields.iter().position(|it| it.name == field.name)?;
        let value = self.facts.records(list)?.columns.get(place)?.get(self.item?)?.clone();
        value.is_known().then(|| Figure { value, ty: field.ty.ty(list.0) })
    }

    /// The item that is looked at.
    pub(super) fn item(&self) -> Option<usize> {
        self.item
    }

    /// Whether the run computed this step.
    pub(super) fn ran(&self, step: StepId) -> bool {
        self.plan.steps.get(step).is_some_and(|it| match it.scope {
            Scope::Customer => self.trace.value(step).is_some(),
            Scope::Items(_) => self.trace.items(step).is_some(),
        })
    }

    /// The value of a step; of the item looked at, for an item step.
    pub(super) fn value(&self, step: StepId) -> Value {
        let unknown = || Value::Unknown(Cause::NotComputable(step.0));
        let Some(it) = self.plan.steps.get(step) else { return unknown() };
        match (it.scope, self.item) {
            (Scope::Customer, _) => self.trace.value(step).cloned().unwrap_or_else(unknown),
            (Scope::Items(_), Some(item)) => {
                self.trace.items(step).and_then(|values| values.get(item)).cloned().unwrap_or_else(unknown)
            }
            (Scope::Items(_), None) => unknown(),
        }
    }

    /// The value of a step with its type.
    pub(super) fn figure(&self, step: StepId) -> Figure {
        let ty = self.plan.steps.get(step).map_or(Type::YesNo, |it| it.ty.clone());
        let figure = Figure { value: self.value(step), ty };
        if self.plan.is_personal(step) { figure.hidden() } else { figure }
    }

    /// Yes, no, or not known.
    pub(super) fn holds(&self, step: StepId) -> Option<bool> {
        self.value(step).as_bool()
    }

    /// The step in the policy's own words: its name, or the text it was written as.
    pub(super) fn words(&self, step: StepId) -> Str {
        if let Some(name) = self.names.get(&step) {
            return name.clone();
        }
        let Some(it) = self.plan.steps.get(step) else { return Str::from("…") };
        match &it.op {
            Op::Fact(fact) => {
                self.plan.schema.fields.get(*fact).map_or_else(|| Str::from("…"), |it| it.name.clone())
            }
            Op::Param(number) => {
                self.plan.params.get(*number as usize).map_or_else(|| Str::from("…"), |it| it.name.clone())
            }
            Op::ByDate(number, _) => {
                self.plan.series.get(*number as usize).map_or_else(|| Str::from("…"), |it| it.name.clone())
            }
            // What a construct comes to before it is rounded or refused goes by the construct's name.
            _ => match self.plan.items.iter().find(|item| item.span == it.span) {
                Some(item) => item.name.clone(),
                None => self.written(it.span),
            },
        }
    }

    /// The name under which a step is known, if it has one.
    pub(super) fn name(&self, step: StepId) -> Option<&Str> {
        self.names.get(&step)
    }

    /// The text of a place, on one line.
    pub(super) fn written(&self, span: Span) -> Str {
        let text = self.sources.get(span.file).map_or("", |source| source.slice(span));
        let words: Vec<&str> = text
            .lines()
            .map(|line| {
                line.split_once('#')
                    .map_or(line, |(before, _)| if before.contains('"') { line } else { before })
            })
            .flat_map(str::split_whitespace)
            .collect();
        Str::from(words.join(" "))
    }

    /// The text of a rule without its labels and reasons: `not above CA3 when current_ratio < 1`.
    pub(super) fn rule_text(&self, span: Span) -> Str {
        let text = self.written(span);
        let ends =
            [" because ", " cite ", " 理由 ", " 依据 ", " if unknown ", " 若未知 ", "，理由", ", because"];
        let end = ends.iter().filter_map(|word| text.find(word)).min().unwrap_or(text.len());
        let mut left = text.get(..end).unwrap_or("");
        let mut kept = String::new();
        // What stands in quotes behind a name is its label.
        while let Some((before, quoted)) = left.split_once(['"', '“']) {
            let before = before.trim_end();
            let before = before.strip_suffix(" zh").or_else(|| before.strip_suffix(" en")).unwrap_or(before);
            kept.push_str(before);
            left = quoted.split_once(['"', '”']).map_or("", |(_, behind)| behind);
        }
        kept.push_str(left);
        Str::from(kept.trim_end_matches([' ', ',', '，', ';']))
    }

    /// `file:line:column`.
    pub(super) fn place(&self, span: Span) -> String {
        self.sources.place(span)
    }

    /// Why a value is unknown; none where it is known.
    pub(super) fn because(&self, value: &Value) -> Option<Unknowing> {
        let Value::Unknown(cause) = value else { return None };
        Some(match cause {
            Cause::Missing(fact) => {
                let (name, label) = self.fact_name(FieldId::new(*fact as usize));
                Unknowing::Missing(name, label)
            }
            Cause::NotComputable(step) => {
                let step = StepId(*step);
                let words = self.words(step);
                match self.plan.steps.get(step).map(|it| &it.op) {
                    Some(Op::Unknown(Silence::TooLittleKnown)) => Unknowing::TooLittleKnown(words),
                    Some(Op::Divide(_, by)) if self.value(*by).as_number().is_some_and(Number::is_zero) => {
                        Unknowing::DividedByZero(words, *by)
                    }
                    Some(Op::Aggregate { list, filter, .. } | Op::Latest { list, filter, .. })
                        if self.none_counts(*list, *filter) =>
                    {
                        Unknowing::NoItem(words, step)
                    }
                    _ => Unknowing::NotComputable(words, step),
                }
            }
            Cause::Withheld(_) => Unknowing::Withheld,
            Cause::Referred(_) => Unknowing::Referred,
            Cause::Refused(_) => Unknowing::Refused,
            Cause::Script(step) => Unknowing::Script(self.script_error(StepId(*step))),
            Cause::PastCalendar(_) => Unknowing::PastCalendar,
            Cause::Expired(step) => self.expired(StepId(*step)),
            Cause::NoRow(step) => self.no_row(StepId(*step)),
            Cause::Book(step) => super::book::silence(self, StepId(*step)),
        })
    }

    /// Whether no item of a list counts.
    fn none_counts(&self, list: FieldId, filter: Option<StepId>) -> bool {
        let count = self.facts.records(list).map_or(0, |records| records.items);
        let counts =
            |item: usize| filter.is_none_or(|filter| self.at_item(item).holds(filter) != Some(false));
        !(0..count).any(counts)
    }

    /// Which parameter by date has no value on which day.
    fn expired(&self, step: StepId) -> Unknowing {
        let day = |value: Value| match value {
            Value::Date(day) => Some(day),
            _ => None,
        };
        let (series, on) = match self.plan.steps.get(step).map(|it| &it.op) {
            Some(Op::ByDate(series, on)) => (self.plan.series.get(*series as usize), day(self.value(*on))),
            Some(Op::Interest(it)) => {
                let on = match (day(self.value(it.from)), day(self.value(it.to))) {
                    (Some(from), Some(to)) => it.stretches(from, to).err(),
                    _ => None,
                };
                let all = || it.series.iter().filter_map(|at| self.plan.series.get(*at as usize));
                let ended = all().find(|series| on.is_some_and(|on| series.on(on).is_none()));
                (ended.or_else(|| all().next()), on)
            }
            _ => (None, None),
        };
        let label = series.map_or_else(|| Label::same(self.words(step)), |it| it.label.clone());
        let first = series.and_then(|it| it.periods.first()).map(|period| period.from);
        Unknowing::Expired(label, on, first, series.and_then(|it| it.until))
    }

    /// Which reference has no row for which keys.
    fn no_row(&self, step: StepId) -> Unknowing {
        match self.plan.steps.get(step).map(|it| &it.op) {
            Some(Op::Reference { table, keys, .. }) => {
                let table = self.plan.references.get(*table as usize);
                let label = table.map_or_else(|| Label::same(self.words(step)), |it| it.label.clone());
                Unknowing::NoRow(label, keys.iter().map(|key| self.figure(*key)).collect())
            }
            _ => Unknowing::NoRow(Label::same(self.words(step)), Vec::new()),
        }
    }

    fn script_error(&self, step: StepId) -> Label {
        let failure = self.failures.iter().find(|failure| failure.step == step);
        failure.map_or_else(|| Label::same(self.words(step)), |failure| failure.message.clone())
    }

    /// The label of a factor: its own, else that of the fact or value that it scores.
    pub(super) fn factor_label(&self, factor: &crate::plan::FactorItem) -> Label {
        if *factor.label.en != *factor.name || *factor.label.zh != *factor.name {
            return factor.label.clone();
        }
        let mut step = factor.value;
        loop {
            if let Some(item) = self.plan.items.iter().find(|item| item.value == step) {
                return item.label.clone();
            }
            match self.plan.steps.get(step).map(|it| &it.op) {
                Some(Op::Same(of)) => step = *of,
                Some(Op::Fact(fact)) => return self.fact_name(*fact).1,
                _ => return factor.label.clone(),
            }
        }
    }

    /// Name and label of a fact.
    pub(super) fn fact_name(&self, fact: FieldId) -> (Str, Label) {
        match self.plan.schema.fields.get(fact) {
            Some(field) => (field.name.clone(), field.label.clone()),
            None => (Str::from("?"), Label { zh: Str::from("?"), en: Str::from("?") }),
        }
    }

    /// The facts that a step itself reads.
    pub(super) fn facts_read(&self, step: StepId) -> Vec<FieldId> {
        match self.plan.steps.get(step).map(|it| &it.op) {
            Some(Op::Fact(fact) | Op::Field(fact, _)) => vec![*fact],
            Some(Op::Aggregate { list, .. } | Op::Lookup { list, .. }) => vec![*list],
            Some(Op::SignedOn(signed)) => vec![signed.list],
            Some(Op::Signed(signed)) => vec![signed.list],
            _ => Vec::new(),
        }
    }

    /// The fields of a list that a step of the item looked at rests on, and that this item lacks.
    pub(super) fn fields_under(&self, list: FieldId, step: StepId) -> BTreeSet<u32> {
        let (mut found, mut seen, mut waiting) = (BTreeSet::new(), BTreeSet::new(), vec![step]);
        while let Some(step) = waiting.pop() {
            let Some(it) = self.plan.steps.get(step).filter(|_| seen.insert(step)) else { continue };
            match &it.op {
                Op::Field(of, place) if *of == list && !self.value(step).is_known() => {
                    found.insert(*place);
                }
                op => op.each_operand(|operand| waiting.push(operand)),
            }
        }
        found
    }

    /// The facts that a step reads, directly or through others.
    pub(super) fn facts_under(&self, step: StepId) -> BTreeSet<FieldId> {
        let mut facts = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![step];
        while let Some(step) = waiting.pop() {
            if !seen.insert(step) {
                continue;
            }
            let Some(it) = self.plan.steps.get(step) else { continue };
            facts.extend(self.facts_read(step));
            it.op.each_operand(|operand| waiting.push(operand));
            waiting.extend(self.brought(&it.op));
        }
        facts
    }

    /// What a customer itself brings to a value of the book.
    fn brought(&self, op: &Op) -> Vec<StepId> {
        match op {
            Op::Book(id, ..) => {
                self.plan.book.get(*id).map(crate::plan::BookEntry::inputs).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// The facts that a construct reads itself, not through another construct.
    pub(super) fn facts_of(&self, item: StepId) -> BTreeSet<FieldId> {
        let plain = |step: &StepId| {
            let op = self.plan.steps.get(*step).map(|it| &it.op);
            matches!(op, Some(Op::Fact(_) | Op::Field(..) | Op::Param(_) | Op::Today))
        };
        // `credit_limit.assets` is a part of `credit_limit`.
        let own = |step: &StepId| match (self.names.get(&item), self.names.get(step)) {
            (Some(whole), Some(part)) => {
                part.strip_prefix(&**whole).is_some_and(|rest| rest.starts_with('.'))
            }
            _ => false,
        };
        let others: BTreeSet<StepId> = self
            .names
            .keys()
            .copied()
            .filter(|other| *other != item && !plain(other) && !own(other))
            .collect();
        let mut facts = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![item];
        while let Some(step) = waiting.pop() {
            if !seen.insert(step) {
                continue;
            }
            let Some(it) = self.plan.steps.get(step) else { continue };
            facts.extend(self.facts_read(step));
            it.op.each_operand(|operand| {
                if !others.contains(&operand) {
                    waiting.push(operand);
                }
            });
            waiting.extend(self.brought(&it.op).into_iter().filter(|step| !others.contains(step)));
        }
        facts
    }
}
