//! A customer that tells a policy and its mutant apart: one of the cases as it stands, where the two differ in what it does not
//! expect; else one of them with a fact moved about the place that was changed.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::build::hide;
use super::figures::{Way, moved};
use super::{Edit, IsOver, Mutation};
use crate::base::{Lang, Str};
use crate::eval::{Trace, run_case, trace_case};
use crate::plan::{CaseItem, ExpectItem, ExpectValue, Given, ItemKind, Op, Plan, Scope, StepId, slice};
use crate::syntax::keywords::keyword;
use crate::trial::boundary::{self, Bench};
use crate::trial::suite::Subject;
use crate::trial::written::Pen;
use crate::value::{Calendar, Cause, Date, Field, FieldId, FieldType, Number, Type, Value};

/// So many customers are tried for one change at most.
const MOST_TRIED: usize = 240;
/// So many cases are taken to start from.
const MOST_CASES: usize = 12;
/// So many customers are asked where one is solved for.
const MOST_SOLVED: usize = 300;
/// So many cases are asked for their reasons as they stand.
const MOST_ASKED: usize = 40;
/// So many differences are told.
const MOST_TOLD: usize = 3;

/// A customer that tells a policy and its mutant apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Witness {
    /// The case that it was made of; none where it was solved for.
    pub case: Option<Str>,
    /// What was changed of it: facts and their values; none where the case itself tells the two apart.
    pub changed: Vec<(Str, String)>,
    /// What differs: first what the policy gives, then what its mutant does.
    pub differs: Vec<Difference>,
    /// The customer as a case of the language, with what the policy gives.
    pub text: String,
}

/// A value that differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Its name.
    pub name: Str,
    /// What the policy gives.
    pub before: String,
    /// What its mutant gives.
    pub after: String,
}

impl Move {
    /// Whether the fact has few answers: yes or no, a member of a kind, or none at all.
    fn is_of_few(&self) -> bool {
        let (Move::Fact(_, value) | Move::Part(_, _, _, value) | Move::Given(_, value)) = self;
        matches!(value, Value::Bool(_) | Value::Code(_) | Value::Unknown(_))
    }

    /// Whether both set the same.
    fn is_of(&self, other: &Move) -> bool {
        match (self, other) {
            (Move::Fact(one, _), Move::Fact(other, _)) => one == other,
            (Move::Part(one, item, part, _), Move::Part(other, row, field, _)) => {
                one == other && item == row && part == field
            }
            (Move::Given(one, _), Move::Given(other, _)) => one == other,
            (Move::Fact(..) | Move::Part(..) | Move::Given(..), _) => false,
        }
    }
}

/// The search for a customer.
pub(super) struct Search<'s> {
    pub(super) subject: &'s Subject,
    pub(super) plan: &'s Plan,
    pub(super) calendars: &'s [Calendar],
    pub(super) mutation: &'s Mutation,
    pub(super) cases: &'s [usize],
    pub(super) as_of: Option<Date>,
    /// The language in which the customer is written.
    pub(super) lang: Lang,
    pub(super) is_over: IsOver<'s>,
}

/// What a fact of a case is set to.
enum Move {
    Fact(FieldId, Value),
    Part(FieldId, usize, u32, Value),
    Given(usize, Value),
}

impl Search<'_> {
    /// A customer, the first that is found in the order of the cases.
    pub(super) fn witness(&self) -> Option<Witness> {
        let (plan, other) = (&self.subject.plan, self.plan);
        let pairs: Vec<(CaseItem, CaseItem)> = self
            .cases
            .iter()
            .filter_map(|place| {
                let settled = |case: &CaseItem| CaseItem { as_of: case.as_of.or(self.as_of), ..case.clone() };
                Some((settled(plan.cases.get(*place)?), settled(other.cases.get(*place)?)))
            })
            .collect();
        for (case, twin) in pairs.iter().take_while(|_| !(self.is_over)()) {
            let differs = self.differences(case, twin);
            if !differs.is_empty() {
                return Some(self.told(case, Vec::new(), differs, true));
            }
        }
        for (case, twin) in pairs.iter().take(MOST_ASKED).take_while(|_| !(self.is_over)()) {
            let differs = self.sayings(case, twin);
            if !differs.is_empty() {
                return Some(self.told(case, Vec::new(), differs, true));
            }
        }
        let facts = self.facts();
        let figures = self.figures();
        let mut near: Vec<&(CaseItem, CaseItem)> = pairs.iter().collect();
        // Cases that give what the changed place reads come first.
        near.sort_by_key(|(case, _)| {
            Reverse(case.facts.iter().filter(|(id, _, _)| facts.contains(id)).count())
        });
        near.truncate(MOST_CASES);
        let mut left = MOST_TRIED;
        for (case, twin) in &near {
            for step in self.moves(case, &facts, &figures) {
                if (self.is_over)() {
                    return None;
                }
                let Some(rest) = left.checked_sub(1) else { return self.solved() };
                left = rest;
                if let Some(found) = self.after(case, twin, &[&step]) {
                    return Some(found);
                }
            }
        }
        // A row of two keys, a condition with an exception: two facts at once, among those of few answers.
        for (case, twin) in near {
            let moves: Vec<Move> =
                self.moves(case, &facts, &[]).into_iter().filter(|it| it.is_of_few()).collect();
            for (place, one) in moves.iter().enumerate() {
                for other in moves.iter().skip(place.saturating_add(1)).filter(|other| !one.is_of(other)) {
                    let Some(rest) = left.checked_sub(1) else { return self.solved() };
                    left = rest;
                    if let Some(found) = self.after(case, twin, &[one, other]) {
                        return Some(found);
                    }
                }
            }
        }
        self.solved()
    }

    /// A customer that is solved for, backward through the plan, where the change has left every step at its place.
    fn solved(&self) -> Option<Witness> {
        let (plan, other) = (&self.subject.plan, self.plan);
        if (self.is_over)() {
            return None;
        }
        let hides = matches!(self.mutation.edit, Edit::Fact(..));
        if hides || plan.steps.len() != other.steps.len() || plan.names != other.names {
            return None;
        }
        let bench = Bench { plan, calendars: &self.subject.calendars, scripts: self.subject.scripts() };
        let looked_at: Vec<StepId> =
            plan.names.values().copied().filter(|step| !is_fact(plan, *step)).collect();
        let known = boundary::known(plan, self.as_of);
        let customer = boundary::tell_apart(bench, other, &looked_at, &known, MOST_SOLVED)?;
        let name =
            self.mutation.place.member.clone().unwrap_or_else(|| self.mutation.place.construct.clone());
        let case = customer.case(plan, name, Vec::new());
        let differs = self.differences(&case, &case);
        (!differs.is_empty()).then(|| self.told(&case, Vec::new(), differs, false))
    }

    /// The customer of a case with some facts set otherwise, if it tells the two apart.
    fn after(&self, case: &CaseItem, twin: &CaseItem, moves: &[&Move]) -> Option<Witness> {
        let (mut case, mut twin) = (case.clone(), twin.clone());
        let mut changed = Vec::new();
        for step in moves {
            changed.push(apply(&self.subject.plan, &mut case, step, self.lang)?);
            apply(self.plan, &mut twin, step, self.lang)?;
        }
        let mut differs = self.differences(&case, &twin);
        if differs.is_empty() {
            differs = self.sayings(&case, &twin);
        }
        (!differs.is_empty()).then(|| self.told(&case, changed, differs, true))
    }

    /// The customer as the mutant sees it: with the fact unknown, where that is the change.
    fn spoiled<'c>(&self, twin: &'c CaseItem) -> Cow<'c, CaseItem> {
        let Edit::Fact(fact, part) = &self.mutation.edit else { return Cow::Borrowed(twin) };
        let mut twin = twin.clone();
        for (_, given, _) in twin.facts.iter_mut().filter(|(id, _, _)| id == fact) {
            hide(given, Some((*fact, *part)));
        }
        Cow::Owned(twin)
    }

    /// Which reasons the policy gives and its mutant does not, and which roles only the policy asks, by rules of the changed
    /// construct.
    fn sayings(&self, case: &CaseItem, twin: &CaseItem) -> Vec<Difference> {
        let plan = &self.subject.plan;
        let within = self.mutation.place.item_span;
        let here = plan.rules.iter().filter(|rule| {
            rule.span.file == within.file && within.start <= rule.span.start && rule.span.end <= within.end
        });
        let codes: BTreeSet<&Str> = here.filter_map(|rule| rule.reason.code.as_ref()).collect();
        let because = codes.into_iter().map(|code| ("because", code.clone()));
        let asks = plan.roles.iter().map(|(role, _)| ("asks", role.clone()));
        let twin = self.spoiled(twin);
        let mut found = Vec::new();
        for (word, said) in because.chain(asks) {
            let expect = ExpectItem {
                step: None,
                item: None,
                value: if word == "asks" { ExpectValue::Asks(said.clone()) } else { ExpectValue::Any },
                because: (word == "because").then(|| said.clone()),
                written: said.clone(),
                span: case.span,
            };
            if self.is_told_by(case, &twin, &expect, None) {
                let name = Str::from(keyword(word).map_or(word, |it| self.lang.pick(it.en, it.zh)));
                found.push(Difference { name, before: said.to_string(), after: String::from("–") });
            }
        }
        found.truncate(MOST_TOLD);
        found
    }

    /// Whether an expectation passes in the policy and fails in its mutant, where the value has this step in it.
    fn is_told_by(
        &self,
        case: &CaseItem,
        twin: &CaseItem,
        expect: &ExpectItem,
        step: Option<StepId>,
    ) -> bool {
        let with = |case: &CaseItem, step: Option<StepId>| CaseItem {
            expect: vec![ExpectItem { step, ..expect.clone() }],
            ..case.clone()
        };
        let scripts = self.subject.scripts();
        run_case(&self.subject.plan, &with(case, expect.step), &self.subject.calendars, scripts).passed()
            && !run_case(self.plan, &with(twin, step), self.calendars, scripts).passed()
    }

    fn told(
        &self,
        case: &CaseItem,
        changed: Vec<(Str, String)>,
        differs: Vec<Difference>,
        is_known: bool,
    ) -> Witness {
        let expect: Vec<(Str, String)> =
            differs.iter().map(|it| (it.name.clone(), it.before.clone())).collect();
        let set: Vec<String> = changed.iter().map(|(fact, value)| format!("{fact} {value}")).collect();
        // No two cases have one name: one that changes nothing is told by what it expects besides.
        let name = match (set.as_slice(), differs.first()) {
            ([], Some(first)) => format!("{}: {} {}", case.name, first.name, first.before),
            _ => format!("{}: {}", case.name, set.join(", ")),
        };
        let text = Pen::of_policy(&self.subject.plan, self.lang).item(&name, case, &expect);
        Witness { case: is_known.then(|| case.name.clone()), changed, differs, text }
    }

    /// What differs for a customer, the outputs of decisions first.
    fn differences(&self, case: &CaseItem, twin: &CaseItem) -> Vec<Difference> {
        let plan = &self.subject.plan;
        let other = self.plan;
        let twin_case = &*self.spoiled(twin);
        let one = trace_case(plan, case, &self.subject.calendars, self.subject.scripts());
        let two = trace_case(other, twin_case, self.calendars, self.subject.scripts());
        let mut found: Vec<(bool, Difference, ExpectItem, StepId)> = Vec::new();
        let outputs: BTreeSet<StepId> =
            plan.decisions.iter().flat_map(|decision| decision.outputs.iter().map(|it| it.step)).collect();
        let mut named: BTreeSet<StepId> = BTreeSet::new();
        for (name, step) in &plan.names {
            // A value with a name in each language is told once.
            let Some(twin) = other.names.get(name).filter(|_| named.insert(*step)) else { continue };
            if case.values.iter().any(|(given, _, _)| given == step) || is_fact(plan, *step) {
                continue;
            }
            // What a policy itself comes to has a name only where exceptions are made from it.
            let is_overridden = |name: &str| {
                plan.items
                    .iter()
                    .any(|item| matches!(item.kind, ItemKind::Override(_)) && &*item.name == name)
            };
            if name.strip_suffix(".computed").is_some_and(|name| !is_overridden(name)) {
                continue;
            }
            let Some(own) = plan.steps.get(*step) else { continue };
            let list = match own.scope {
                Scope::Customer => None,
                Scope::Items(list) => Some(list),
            };
            let items = list.map_or(1, |list| one.facts.records(list).map_or(0, |records| records.items));
            for item in 0..items {
                let at = |trace: &Trace, step: StepId| match list {
                    None => trace.value(step).cloned(),
                    Some(_) => trace.item(step, item).cloned(),
                };
                let (Some(before), Some(after)) = (at(&one.trace, *step), at(&two.trace, *twin)) else {
                    continue;
                };
                if same(&before, &after) {
                    continue;
                }
                let show = |value: &Value, plan: &Plan| Pen::of_policy(plan, self.lang).value(&own.ty, value);
                // No case can state a figure that has no last digit.
                if matches!(before, Value::Number(_)) && own.bounds.decimals.is_none() {
                    continue;
                }
                let (name, key) = match list {
                    None => (name.clone(), None),
                    Some(list) => match key(&Pen::of_policy(plan, self.lang), plan, &one.facts, list, item) {
                        Some((key, shown)) => (keyed(name, &shown), Some(key)),
                        None => continue,
                    },
                };
                let difference = Difference {
                    name: name.clone(),
                    before: show(&before, plan),
                    after: show(&after, other),
                };
                let value = match before {
                    Value::Unknown(Cause::Withheld(_)) => ExpectValue::Withheld,
                    Value::Unknown(_) => ExpectValue::Unknown,
                    known => ExpectValue::Value(known),
                };
                let (step, because, span) = (Some(*step), None, case.span);
                let expect = ExpectItem { step, item: key, value, because, written: name, span };
                found.push((!outputs.contains(&expect.step.unwrap_or(*twin)), difference, expect, *twin));
                break;
            }
        }
        found.sort_by(|(one, first, ..), (other, second, ..)| {
            (one, first.name.len(), &first.name).cmp(&(other, second.name.len(), &second.name))
        });
        // What differs shows in a case only where the case gives all that it rests on.
        let told = found
            .into_iter()
            .filter(|(_, _, expect, twin)| self.is_told_by(case, twin_case, expect, Some(*twin)));
        told.map(|(_, difference, ..)| difference).take(MOST_TOLD).collect()
    }

    /// The facts that the changed place reads; all that are read at all, where it reads none.
    fn facts(&self) -> BTreeSet<FieldId> {
        let plan = &self.subject.plan;
        if let Edit::Fact(fact, _) = self.mutation.edit {
            return BTreeSet::from([fact]);
        }
        let within = |span: crate::base::Span, of: crate::base::Span| {
            span.file == of.file && of.start <= span.start && span.end <= of.end
        };
        for place in [self.mutation.place.member_span, self.mutation.place.item_span] {
            let here: Vec<StepId> = plan
                .steps
                .iter_enumerated()
                .filter(|(_, step)| within(step.span, place))
                .map(|(id, _)| id)
                .collect();
            let mut facts = BTreeSet::new();
            for step in slice(plan, &here, &BTreeSet::new()) {
                match plan.steps.get(step).map(|step| &step.op) {
                    Some(Op::Fact(fact) | Op::Field(fact, _)) => {
                        facts.insert(*fact);
                    }
                    Some(Op::Aggregate { list, .. } | Op::Running { list, .. } | Op::Latest { list, .. }) => {
                        facts.insert(*list);
                    }
                    _ => {}
                }
            }
            if !facts.is_empty() {
                return facts;
            }
        }
        // A parameter reads nothing; what reads it may read anything.
        plan.schema.fields.ids().collect()
    }

    /// The figures that stand at the changed place, before and after, and one step beside each.
    fn figures(&self) -> Vec<Number> {
        let Edit::Text(_) = &self.mutation.edit else { return Vec::new() };
        let mut found: Vec<Number> = Vec::new();
        let mut texts: Vec<String> = vec![self.mutation.old.to_string(), self.mutation.new.to_string()];
        texts.extend(self.mutation.place.member.iter().map(|member| member.to_string()));
        for text in &texts {
            for word in text.split(|ch: char| ch.is_whitespace() || matches!(ch, '(' | ')' | ',' | '，')) {
                for word in word.split("..") {
                    let Some(number) = figure(word) else { continue };
                    found.push(number);
                    found.extend(
                        [Way::Up, Way::Down].into_iter().filter_map(|way| figure(&moved(word, way)?)),
                    );
                }
            }
        }
        found.dedup();
        found
    }

    /// What is tried of a case: each fact at and beside the figures of the changed place, and at the other answers of its type.
    fn moves(&self, case: &CaseItem, facts: &BTreeSet<FieldId>, figures: &[Number]) -> Vec<Move> {
        let plan = &self.subject.plan;
        let mut moves = Vec::new();
        for (place, (step, value, _)) in case.values.iter().enumerate() {
            let Some(ty) = plan.steps.get(*step).map(|step| &step.ty) else { continue };
            moves.extend(
                values(plan, value, ty, None, figures, case.as_of)
                    .into_iter()
                    .map(|it| Move::Given(place, it)),
            );
        }
        for fact in facts {
            let Some(field) = plan.schema.fields.get(*fact) else { continue };
            let given = case.facts.iter().find(|(id, _, _)| id == fact).map(|(_, given, _)| given);
            match (&field.ty, given) {
                (FieldType::Records(fields), Some(Given::Records(rows))) => {
                    for (item, row) in rows.iter().enumerate().take(2) {
                        for (number, field) in (0u32..).zip(fields) {
                            if field.key {
                                continue;
                            }
                            let now = row.iter().find(|(own, _)| *own == number).map(|(_, value)| value);
                            let now = now.cloned().unwrap_or(Value::Bool(false));
                            let others =
                                values(plan, &now, &field.ty.ty(0), Some(field), figures, case.as_of);
                            moves.extend(others.into_iter().map(|it| Move::Part(*fact, item, number, it)));
                        }
                    }
                }
                (FieldType::Records(_), _) => {}
                (ty, given) => {
                    let now = match given {
                        Some(Given::Value(value)) => value.clone(),
                        Some(Given::Records(_)) => continue,
                        None => Value::Bool(false),
                    };
                    let others = values(plan, &now, &ty.ty(0), Some(field), figures, case.as_of);
                    moves.extend(others.into_iter().map(|it| Move::Fact(*fact, it)));
                }
            }
        }
        moves
    }
}

/// `12.5%` as a fraction, `120万`, `30 days`.
fn figure(word: &str) -> Option<Number> {
    let end = word
        .char_indices()
        .find(|(_, ch)| !(ch.is_ascii_digit() || matches!(ch, '_' | '.')))
        .map_or(word.len(), |(at, _)| at);
    let (digits, unit) = word.split_at_checked(end)?;
    let number = Number::decimal(&digits.replace('_', ""))?;
    let factor = match unit {
        "%" | "％" => return number.div(&Number::from_i64(100)),
        "‰" => return number.div(&Number::from_i64(1_000)),
        unit if unit.starts_with("万亿") => 1_000_000_000_000,
        unit if unit.starts_with('亿') => 100_000_000,
        unit if unit.starts_with('万') => 10_000,
        _ => 1,
    };
    Some(number.mul(&Number::from_i64(factor)))
}

/// Other values of a type: numbers at and beside the figures, all other answers of a small set.
fn values(
    plan: &Plan,
    now: &Value,
    ty: &Type,
    field: Option<&Field>,
    figures: &[Number],
    today: Option<Date>,
) -> Vec<Value> {
    let mut found: Vec<Value> = match ty {
        Type::YesNo => vec![Value::Bool(true), Value::Bool(false)],
        Type::Enum(id) => {
            let count = plan.schema.enums.get(*id).map_or(0, |kind| kind.members.len());
            (0..u32::try_from(count).unwrap_or(0)).map(Value::Code).collect()
        }
        Type::Number(_) => {
            let decimals = field.map_or(2, |field| {
                field.decimals.saturating_add(if field.ty == FieldType::Percent { 2 } else { 0 })
            });
            let step =
                Number::from_i64(1).div(&Number::power_of_ten(decimals)).unwrap_or(Number::from_i64(1));
            let mut all: Vec<Number> = figures.to_vec();
            all.extend(figures.iter().map(|it| it.sub(&step)));
            all.extend(figures.iter().map(|it| it.add(&step)));
            if let Some(now) = now.as_number() {
                let part = now.div(&Number::from_i64(2));
                all.extend([
                    now.add(&step),
                    now.sub(&step),
                    now.mul(&Number::from_i64(2)),
                    Number::from_i64(0),
                ]);
                all.extend(part.filter(|it| it.decimals().is_some_and(|own| own <= decimals)));
                all.push(now.mul(&Number::from_i64(100)));
            } else if figures.is_empty() {
                all.extend([1, 100, 10_000].map(Number::from_i64));
            }
            all.into_iter().map(Value::Number).collect()
        }
        Type::Date => match now {
            Value::Date(day) => [1, -1, 7, -7, 30, -30, 90, -90, 180, -180, 365, -365]
                .into_iter()
                .filter_map(|days| day.add_days(days))
                .map(Value::Date)
                .collect(),
            _ => [0, -1, -40, -400, 1, 40, 400]
                .into_iter()
                .filter_map(|days| today?.add_days(days))
                .map(Value::Date)
                .collect(),
        },
        Type::Text | Type::Set(_) | Type::List(_) | Type::Records(_) => Vec::new(),
    };
    if field.is_some_and(|field| field.default == crate::value::Default::Unknown) {
        found.push(Value::Unknown(Cause::Missing(0)));
    }
    found.retain(|value| value != now && field.is_none_or(|field| field.misfit(value).is_none()));
    found
}

/// Sets a fact of a case; gives its name and value, none where the case has no such place.
fn apply(plan: &Plan, case: &mut CaseItem, step: &Move, lang: Lang) -> Option<(Str, String)> {
    let pen = Pen::of_policy(plan, lang);
    match step {
        Move::Fact(fact, value) => {
            let field = plan.schema.fields.get(*fact)?;
            case.facts.retain(|(id, _, _)| id != fact);
            case.facts.push((*fact, Given::Value(value.clone()), field.span));
            Some((field.name.clone(), pen.fact(field, value)))
        }
        Move::Part(fact, item, part, value) => {
            let FieldType::Records(fields) = &plan.schema.fields.get(*fact)?.ty else { return None };
            let field = fields.get(*part as usize)?;
            let given = case.facts.iter_mut().find(|(id, _, _)| id == fact).map(|(_, given, _)| given)?;
            let Given::Records(rows) = given else { return None };
            let row = rows.get_mut(*item)?;
            row.retain(|(own, _)| own != part);
            row.push((*part, value.clone()));
            Some((field.name.clone(), pen.fact(field, value)))
        }
        Move::Given(place, value) => {
            let (id, slot, _) = case.values.get_mut(*place)?;
            *slot = value.clone();
            let ty = plan.steps.get(*id).map(|step| step.ty.clone())?;
            let name = plan.name_of(*id)?.clone();
            Some((name, pen.value(&ty, value)))
        }
    }
}

/// Whether two values are the same to a reader: unknown is unknown, whatever the cause.
fn same(one: &Value, other: &Value) -> bool {
    one == other || (!one.is_known() && !other.is_known())
}

fn is_fact(plan: &Plan, step: StepId) -> bool {
    matches!(
        plan.steps.get(step).map(|step| &step.op),
        Some(Op::Fact(_) | Op::Field(..) | Op::Const(_) | Op::Param(_))
    )
}

/// The key of an item, as it stands in brackets.
fn key(
    pen: &Pen<'_>,
    plan: &Plan,
    facts: &crate::eval::Facts,
    list: FieldId,
    item: usize,
) -> Option<(Value, String)> {
    let FieldType::Records(fields) = &plan.schema.fields.get(list)?.ty else { return None };
    let place = fields.iter().position(|field| field.key)?;
    let field = fields.get(place)?;
    let value = facts.records(list)?.columns.get(place)?.get(item)?;
    Some((value.clone(), pen.fact(field, value)))
}

/// `collection.step` of an item: `collection["F-1"].step`.
fn keyed(name: &Str, key: &str) -> Str {
    match name.split_once('.') {
        Some((head, rest)) => Str::from(format!("{head}[{key}].{rest}")),
        None => Str::from(format!("{name}[{key}]")),
    }
}
