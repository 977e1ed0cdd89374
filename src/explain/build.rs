//! The whole story of one customer, put together from plan, trace and decision.

use std::collections::BTreeSet;

use super::condition::{comparisons, line};
use super::sources::Reader;
use super::{
    AlwaysLine, Explanation, FactLine, FaultLine, Figure, OpenLine, OutputLine, ParamLine, ReasonLine,
    ReferenceLine, RoundingLine, RowTaken, RuleLine, Standing, ValueLine, authority, book, checks, interest,
    judgement, ladder, missing, money, ours, papers, phrase, score, staircase, stance, table, totals,
};
use crate::base::{Idx, SourceMap, Span, Str};
use crate::eval::facts::{Origin, Place};
use crate::eval::{Book, Decision, Facts, Fault, ReasonSource, Trace};
use crate::plan::{
    AggregateFunction, DecisionItem, HIDDEN, Item, ItemKind, Label, LineKind, Op, Plan, RuleId, Scope,
    StepId, slice, with_book,
};
use crate::value::{Date, FieldId, FieldType, Number, Style, Type, Unit, Value};

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
    /// The book that was read, where there was one.
    pub book: Option<&'a Book>,
    /// Computed values that were given and stand, so that nothing they rest on counts.
    pub stands: &'a BTreeSet<StepId>,
}

/// Tells the whole story of one customer.
#[must_use]
pub fn explain(asked: &Asked<'_>) -> Explanation {
    let reader = Reader::new(asked);
    let targets: Vec<StepId> = asked.decision.outputs.iter().map(|output| output.step).collect();
    let needed: BTreeSet<StepId> = slice(asked.plan, &targets, asked.stands).into_iter().collect();
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
        known_at: None,
        decision: (asked.decision.name.clone(), asked.decision.label.clone()),
        status: asked.decided.status.name(),
        outputs: outputs(&reader, asked),
        changes: None,
        reasons: reasons(&reader, asked),
        figures: phrase::figures(asked.plan, |step| asked.trace.value(step).cloned()),
        scores: Vec::new(),
        grades: Vec::new(),
        limits: Vec::new(),
        totals: Vec::new(),
        allocations: Vec::new(),
        tables: Vec::new(),
        stances: Vec::new(),
        authorities: Vec::new(),
        ladders: Vec::new(),
        roles: asked.plan.roles.iter().map(|(name, _)| name.clone()).collect(),
        checks: Vec::new(),
        judgements: Vec::new(),
        overrides: Vec::new(),
        book: Vec::new(),
        checklists: Vec::new(),
        values: Vec::new(),
        roundings: Vec::new(),
        missing: missing::lines(&reader, &needed, asked),
        not_judged: Vec::new(),
        open: open(&reader, asked),
        always: always(&reader, asked.plan),
        faults: asked.decided.faults.iter().map(|fault| fault_line(&reader, asked, fault)).collect(),
        references: references(asked.plan, &needed),
        params: params(&reader, asked, &needed),
        facts: facts(&reader, &slice(asked.plan, &read_for(asked, &targets, &needed), asked.stands)),
    };
    let tells = |item: &&Item| match &item.kind {
        // Of a shared budget a decision often reads only what is served.
        ItemKind::Book(book) => {
            let cap = book.cap.iter().flat_map(|cap| [cap.served, cap.left, cap.place, cap.budget]);
            let parts = [item.value, book.members, book.left_out];
            parts.into_iter().chain(cap).any(|step| needed.contains(&step))
        }
        // Of a table with several results a decision may read any.
        ItemKind::Table(table) => {
            needed.contains(&item.value) || table.results.iter().any(|(.., step)| needed.contains(step))
        }
        _ => needed.contains(&item.value),
    };
    let computed = |item: &&Item| !asked.stands.contains(&item.value);
    for item in asked.plan.items.iter().filter(tells).filter(computed) {
        tell(&reader, item, asked.today, &mut story);
    }
    other_grades(&reader, &needed, &mut story);
    story.not_judged = not_judged(&story);
    missing::costs(&reader, &mut story);
    story
}

/// What is read for the outputs, for the book, and for what holds, delays or leaves out the steps of a ladder that is told.
fn read_for(asked: &Asked<'_>, targets: &[StepId], needed: &BTreeSet<StepId>) -> Vec<StepId> {
    let (mut steps, ..) = with_book(asked.plan, targets);
    for item in asked.plan.items.iter().filter(|item| needed.contains(&item.value)) {
        let ItemKind::Escalation(ladder) = &item.kind else { continue };
        let skips = ladder.rungs.iter().flat_map(|rung| rung.skips.iter().copied());
        let holds = ladder.holds.iter().map(|hold| hold.rule);
        let rules = holds.chain(ladder.delays.iter().map(|(rule, _)| *rule)).chain(skips);
        steps.extend(rules.filter_map(|rule| asked.plan.rules.get(rule)?.condition));
    }
    steps
}

fn empty_label() -> crate::plan::Label {
    crate::plan::Label { en: Str::from(""), zh: Str::from("") }
}

fn fault_line(reader: &Reader<'_>, asked: &Asked<'_>, fault: &Fault) -> FaultLine {
    let output = |place: usize| match asked.decision.outputs.get(place) {
        Some(output) => (output.name.clone(), output.label.clone()),
        None => (Str::from("?"), Label::same("?")),
    };
    let always = |place: usize| match asked.plan.always.get(place) {
        Some(always) => (clause(reader, always.span), always.holds),
        None => (Str::from("?"), StepId::new(place)),
    };
    match fault {
        Fault::Always(place) => {
            let (written, step) = always(*place);
            FaultLine::Always(written, step)
        }
        Fault::AlwaysUnknown(place, cause) => {
            let (written, step) = always(*place);
            FaultLine::AlwaysUnknown(written, step, reader.because(&Value::Unknown(*cause)))
        }
        Fault::Digits(place, digits) => {
            let (name, label) = output(*place);
            FaultLine::Digits(name, label, *digits)
        }
        Fault::Endless(place) => {
            let (name, label) = output(*place);
            FaultLine::Endless(name, label)
        }
        Fault::Script(failure) => FaultLine::Script(failure.message.clone()),
        Fault::Contradiction(item, people) => {
            let (name, label) = match asked.plan.items.get(*item) {
                Some(item) => (item.name.clone(), item.label.clone()),
                None => (Str::from("?"), Label::same("?")),
            };
            FaultLine::Contradiction(name, label, people.clone())
        }
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
            story.limits.push(money::story(reader, item, limit, today));
        }
        ItemKind::Total(total) => story.totals.push(totals::total(reader, item, total)),
        ItemKind::Allocation(it) => story.allocations.push(totals::allocation(reader, item, it)),
        ItemKind::Authority(it) => story.authorities.extend(authority::story(reader, item, it)),
        ItemKind::Triggers(triggers) => story.stances.push(stance::story(reader, item, triggers)),
        ItemKind::Checks(it) => story.checks.push(checks::story(reader, item, it)),
        ItemKind::Book(it) => story.book.extend(book::story(reader, item, it)),
        ItemKind::Checklist(it) => story.checklists.push(papers::story(reader, item, it)),
        ItemKind::Escalation(it) => story.ladders.push(ladder::story(reader, item, it, today)),
        ItemKind::Judgement(it) => story.judgements.push(judgement::judgement(reader, item, it)),
        ItemKind::Override(it) => story.overrides.push(judgement::exception(reader, item, it, today)),
    }
}

fn value_line(reader: &Reader<'_>, item: &Item) -> ValueLine {
    let keys = match item.scope {
        Scope::Customer => Vec::new(),
        Scope::Items(list) => {
            let count = reader.facts.records(list).map_or(0, |records| records.items);
            (0..count).map(|place| key(reader, list, place)).collect()
        }
    };
    let values: Vec<Figure> = match item.scope {
        Scope::Customer => vec![reader.figure(item.value)],
        Scope::Items(list) => {
            let count = reader.facts.records(list).map_or(0, |records| records.items);
            (0..count).map(|place| reader.at_item(place).figure(item.value)).collect()
        }
    };
    // What a choice between percents comes to is a percent.
    let percent = Type::Number(Unit::PERCENT);
    let values: Vec<Figure> = match is_percent(reader, item.value) {
        true => values.into_iter().map(|figure| Figure { ty: percent.clone(), ..figure }).collect(),
        false => values,
    };
    let because = values.first().and_then(|first| reader.because(&first.value));
    ValueLine {
        name: item.name.clone(),
        label: item.label.clone(),
        written: reader.rule_text(item.span),
        step: item.value,
        of_items: item.scope != Scope::Customer,
        because: if item.scope == Scope::Customer { because } else { None },
        unused: unused(reader, item, values.len()),
        interest: interest::story(reader, item),
        keys,
        from: from(reader, item.value).unwrap_or_default(),
        rows: taken(reader, item, values.len()),
        values,
    }
}

/// Whether a value is interest of items on which of none of them the outcome rests.
fn unused(reader: &Reader<'_>, item: &Item, count: usize) -> bool {
    let interest = !interest::story(reader, item).is_empty();
    interest
        && item.scope != Scope::Customer
        && count > 0
        && (0..count).all(|place| !reader.at_item(place).rests_on_it(item.value))
}

/// Whether a plain number is chosen or added up from percents alone.
fn is_percent(reader: &Reader<'_>, step: StepId) -> bool {
    let Some(it) = reader.plan.steps.get(step) else { return false };
    let Type::Number(unit) = &it.ty else { return false };
    let of = |step: &StepId| is_percent(reader, *step);
    unit.is_plain()
        && (unit.style == Style::Percent
            || match &it.op {
                Op::Same(a) | Op::Round(a, _) => of(a),
                Op::If(_, a, b) | Op::IfUnknown(a, b) | Op::Add(a, b) | Op::Subtract(a, b) => of(a) && of(b),
                Op::Pick { of: picked, .. } => !picked.is_empty() && picked.iter().all(of),
                // So much for each month, times the months.
                Op::Multiply(a, b) => of(a) != of(b),
                _ => false,
            })
}

/// The row that each item took of a table for each item, with what it gives.
fn taken(reader: &Reader<'_>, item: &Item, count: usize) -> Vec<Option<RowTaken>> {
    if item.scope == Scope::Customer || !matches!(item.kind, ItemKind::Table(_)) {
        return Vec::new();
    }
    let row = |place: usize| {
        let table = table::story(&reader.at_item(place), item)?;
        let mut taken = table.rows.into_iter().filter(|row| row.rule.standing.takes_effect());
        let row = taken.next()?;
        let columns = table.results.iter().map(|(name, label, _)| name.as_ref().map(|_| label.clone()));
        let percent = is_percent(reader, item.value) && row.results.len() == 1;
        let shown = |figure: Figure| match percent {
            true => Figure { ty: Type::Number(Unit::PERCENT), ..figure },
            false => figure,
        };
        let results = columns.zip(row.results.into_iter().map(shown)).collect();
        taken.next().is_none().then_some((row.rule, results))
    };
    (0..count).map(row).collect()
}

/// The items of which a value is the highest or the lowest.
fn from(reader: &Reader<'_>, step: StepId) -> Option<Vec<Figure>> {
    let value = reader.value(step);
    // Nothing comes from no one.
    if value.as_number().is_some_and(Number::is_zero) {
        return None;
    }
    match &reader.plan.steps.get(step)?.op {
        Op::Same(of) | Op::IfUnknown(of, _) => from(reader, *of),
        Op::Aggregate {
            function: AggregateFunction::Highest | AggregateFunction::Lowest,
            operand: Some(operand),
            filter,
            list,
            ..
        } => {
            let count = reader.facts.records(*list).map_or(0, |records| records.items);
            let at = (0..count).filter(|place| {
                let item = reader.at_item(*place);
                value.is_known()
                    && item.value(*operand) == value
                    && filter.is_none_or(|filter| item.holds(filter) == Some(true))
            });
            at.map(|place| key(reader, *list, place)).collect()
        }
        _ => None,
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
                internal: output.internal || ours::is(reader.plan, output.step),
                because: if of_items { None } else { reader.because(&figure.value) },
                value: (!of_items).then_some(figure),
            }
        })
        .collect()
}

/// What is signed where this row of an approval is the one taken: the step, the figure.
fn signs(reader: &Reader<'_>, rule: RuleId) -> Option<(StepId, Figure)> {
    reader.plan.items.iter().find_map(|item| match &item.kind {
        ItemKind::Authority(it) => {
            let of = it.table.rows.iter().any(|row| row.rule == rule);
            of.then(|| (it.value, reader.figure(it.value)))
        }
        _ => None,
    })
}

/// The key of the item of a list that something concerns.
fn item_key(reader: &Reader<'_>, scope: Scope, item: Option<usize>) -> Option<Figure> {
    match (scope, item) {
        (Scope::Items(list), Some(place)) => key(reader, list, place),
        _ => None,
    }
}

fn open(reader: &Reader<'_>, asked: &Asked<'_>) -> Vec<OpenLine> {
    let labelled = |role: &Str| {
        let label = asked.plan.roles.iter().find(|(name, _)| name == role).map(|(_, label)| label.clone());
        (role.clone(), label.unwrap_or_else(|| crate::plan::Label { en: role.clone(), zh: role.clone() }))
    };
    asked
        .decided
        .open
        .iter()
        .map(|question| {
            let rule = asked.plan.rules.get(question.rule);
            let at_item = question.item.map(|place| reader.at_item(place));
            OpenLine {
                role: labelled(&question.role),
                text: question.text.clone(),
                signs: signs(at_item.as_ref().unwrap_or(reader), question.rule),
                item: rule.and_then(|rule| item_key(reader, rule.scope, question.item)),
                address: rule.map_or_else(|| Str::from(""), |rule| rule.address.clone()),
                idle: idle(reader, question.rule),
            }
        })
        .collect()
}

/// Whether the outcome does not rest on what a judgement would be: no row that was reached reads it.
fn idle(reader: &Reader<'_>, rule: RuleId) -> bool {
    let of = |item: &&Item| matches!(&item.kind, ItemKind::Judgement(it) if it.rule == rule);
    reader.plan.items.iter().find(of).is_some_and(|item| !reader.is_reached(item.value))
}

/// An `always` clause as written, without its keyword.
fn clause(reader: &Reader<'_>, span: Span) -> Str {
    let text = reader.written(span);
    let text = text.strip_prefix("always").or_else(|| text.strip_prefix("始终")).unwrap_or(&text);
    Str::from(text.trim_start_matches([' ', ':', '：']))
}

/// The rules that shaped the decision.
fn reasons(reader: &Reader<'_>, asked: &Asked<'_>) -> Vec<ReasonLine> {
    let factor = |rule: RuleId| {
        asked.plan.items.iter().find_map(|item| match &item.kind {
            ItemKind::Scorecard(card) => card
                .factors
                .iter()
                .find(|factor| factor.rule == rule)
                .map(|factor| reader.factor_label(factor)),
            _ => None,
        })
    };
    asked
        .decided
        .reasons
        .iter()
        .filter_map(|reason| {
            let ReasonSource::Rule(id) = reason.source else { return None };
            let rule = asked.plan.rules.get(id)?;
            let item = item_key(reader, rule.scope, reason.item);
            let points = |number: &crate::value::Number| Figure {
                value: Value::Number(number.clone()),
                ty: Type::Number(crate::value::Unit::NUMBER),
            };
            let at_item = reason.item.map(|place| reader.at_item(place));
            let line = line(at_item.as_ref().unwrap_or(reader), id)?;
            Some(ReasonLine {
                address: line.address,
                factor: factor(id),
                reason: line.reason,
                lost: reason.lost.as_ref().map(points),
                added: reason.added.as_ref().map(points),
                standing: line.standing,
                comparisons: line.comparisons,
                item,
                counts: reader.counts(id),
                live: reader.is_live(id),
            })
        })
        .collect()
}

/// The key of an item of a list.
pub(super) fn key(reader: &Reader<'_>, list: FieldId, place: usize) -> Option<Figure> {
    let FieldType::Records(fields) = &reader.plan.schema.fields.get(list)?.ty else { return None };
    let field = fields.iter().position(|field| field.key)?;
    let value = reader.facts.records(list)?.columns.get(field)?.get(place)?.clone();
    Some(Figure { value, ty: fields.get(field)?.ty.ty(list.0) })
}

/// Which band each grade would reach with a card under the other missing mode.
fn other_grades(reader: &Reader<'_>, needed: &BTreeSet<StepId>, story: &mut Explanation) {
    for score in &mut story.scores {
        let Some(other) = score.other_mode.as_ref().and_then(|other| other.value.as_number()) else {
            continue;
        };
        let Some(card) = reader.plan.items.iter().find(|item| item.name == score.name) else { continue };
        let found = reader.plan.items.iter().filter(|item| needed.contains(&item.value)).filter_map(|item| {
            let ItemKind::Grades(grades) = &item.kind else { return None };
            let grade = staircase::band_of(reader, grades, card.value, other)?;
            Some((item.name.clone(), item.label.clone(), grade))
        });
        score.other_grades = found.collect();
    }
}

fn always(reader: &Reader<'_>, plan: &Plan) -> Vec<AlwaysLine> {
    plan.always
        .iter()
        .filter(|always| reader.ran(always.holds))
        .map(|always| AlwaysLine {
            written: clause(reader, always.span),
            step: always.holds,
            holds: reader.holds(always.holds),
            comparisons: comparisons(reader, always.holds),
        })
        .collect()
}

/// The figures of the policy that the decision read, each as it holds today.
fn params(reader: &Reader<'_>, asked: &Asked<'_>, needed: &BTreeSet<StepId>) -> Vec<ParamLine> {
    let mut found: Vec<ParamLine> = Vec::new();
    let mut add = |line: ParamLine| {
        if !found.iter().any(|known| known.name == line.name) {
            found.push(line);
        }
    };
    for step in needed {
        let Some(it) = asked.plan.steps.get(*step) else { continue };
        let series: &[u32] = match &it.op {
            Op::Param(number) => {
                if let Some(param) = asked.plan.params.get(*number as usize) {
                    let value = reader.value(*step);
                    let value = if value.is_known() { value } else { param.default.clone() };
                    let (name, label) = (param.name.clone(), param.label.clone());
                    let value = Figure { value, ty: param.ty.clone() };
                    add(ParamLine { name, label, value, since: None, cite: param.cite.clone() });
                }
                &[]
            }
            Op::ByDate(number, _) => std::slice::from_ref(number),
            Op::Interest(interest) => &interest.series,
            _ => &[],
        };
        for series in series.iter().filter_map(|number| asked.plan.series.get(*number as usize)) {
            if let Some(period) = series.on(asked.today) {
                let (name, label) = (series.name.clone(), series.label.clone());
                let value = Figure { value: period.value.clone(), ty: series.ty.clone() };
                add(ParamLine { name, label, value, since: Some(period.from), cite: period.cite.clone() });
            }
        }
    }
    found
}

/// The tables outside that the decision read.
fn references(plan: &Plan, needed: &BTreeSet<StepId>) -> Vec<ReferenceLine> {
    let read: BTreeSet<u32> = needed
        .iter()
        .filter_map(|step| match &plan.steps.get(*step)?.op {
            Op::Reference { table, .. } => Some(*table),
            _ => None,
        })
        .collect();
    let tables = read.into_iter().filter_map(|table| plan.references.get(table as usize));
    tables
        .map(|table| ReferenceLine {
            name: table.name.clone(),
            label: table.label.clone(),
            file: table.file.clone(),
            rows: table.rows.len(),
            digest: table.digest.clone(),
        })
        .collect()
}

/// The facts that the decision read of this customer, for itself and for the book, in the order of the policy, lists of records by their number of items.
fn facts(reader: &Reader<'_>, needed: &[StepId]) -> Vec<FactLine> {
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
            let origin = origin(reader.facts, fact);
            let (value, origin) = match field.personal {
                true => (value.hidden(), origin.map(|(place, _)| (place, Str::from(HIDDEN)))),
                false => (value, origin),
            };
            Some(FactLine {
                name,
                label,
                value,
                origin,
                items: items(reader, fact),
                personal: field.personal,
            })
        })
        .collect()
}

fn origin(facts: &Facts, fact: FieldId) -> Option<(String, Str)> {
    let origins = facts.origins.as_ref()?;
    if let Some(origin) = origins.values.get(fact.0 as usize)? {
        return Some((place(origin), origin.written.clone()));
    }
    // A list from a file of its own came from where its items stand.
    let list = facts.records.iter().position(|records| records.field == fact)?;
    let first = origins.records.get(list)?.iter().find_map(|column| column.first()?.as_ref())?;
    Some((first.file.to_string(), Str::default()))
}

fn place(origin: &Origin) -> String {
    match &origin.place {
        Place::Text { line, column } => format!("{}:{line}:{column}", origin.file),
        Place::Cell { sheet, cell } => format!("{}:{sheet}!{cell}", origin.file),
        Place::Whole => origin.file.to_string(),
    }
}

/// The items of a list of records, each with the place of the first of its fields that a file gave.
fn items(reader: &Reader<'_>, list: FieldId) -> Option<super::Records> {
    let FieldType::Records(fields) = &reader.plan.schema.fields.get(list)?.ty else { return None };
    let records = reader.facts.records(list)?;
    let at = reader.facts.records.iter().position(|records| records.field == list);
    let origins = reader.facts.origins.as_ref().zip(at).and_then(|(origins, at)| origins.records.get(at));
    let names = fields.iter().map(|field| (field.name.clone(), field.label.clone())).collect();
    let rows = (0..records.items).map(|item| {
        let values = fields.iter().enumerate().map(|(place, field)| {
            let value = records.columns.get(place).and_then(|column| column.get(item));
            let missing = || Value::Unknown(crate::value::Cause::Missing(list.0));
            let figure = Figure { value: value.cloned().unwrap_or_else(missing), ty: field.ty.ty(list.0) };
            let personal = u32::try_from(place).is_ok_and(|at| reader.plan.is_personal_field(list, at));
            if personal { figure.hidden() } else { figure }
        });
        let first = origins.and_then(|columns| columns.iter().find_map(|column| column.get(item)?.as_ref()));
        (values.collect(), first.map(place))
    });
    Some((names, rows.collect()))
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
        .chain(story.limits.iter().flat_map(|limit| limit.layers.iter().map(|layer| &layer.rule)))
        .chain(story.limits.iter().flat_map(|limit| limit.lines.iter().map(|line| &line.rule)))
        .chain(story.tables.iter().flat_map(|table| table.rows.iter().map(|row| &row.rule)))
        .chain(story.authorities.iter().flat_map(|it| it.table.rows.iter().map(|row| &row.rule)))
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
        }))
        .chain(story.checks.iter().flat_map(|checks| checks.items.iter().flat_map(super::checks::rules)));
    let papers = story.checklists.iter().flat_map(|list| list.papers.iter().map(|paper| &paper.rule));
    for rule in stories.chain(papers).filter(|rule| unjudged(rule.standing)) {
        if !found.iter().any(|known| known.address == rule.address) {
            found.push(rule.clone());
        }
    }
    found
}
