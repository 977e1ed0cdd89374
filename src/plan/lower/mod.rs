//! Constructs into steps, one file a construct.
//!
//! A value is lowered when something first asks for it, so that the steps come out in an order in which each refers only to
//! earlier ones. Two steps that do the same are one step, but a value with a name keeps a step of its own: a case may set
//! that value, and only that.

mod along;
mod authority;
mod book;
mod by_date;
mod checks;
mod conditions;
mod correction;
mod decisions;
mod escalation;
mod expr;
mod grades;
mod judgement;
mod ladder;
mod layers;
mod limit;
mod order;
mod papers;
mod scorecard;
mod steps;
mod table;
mod total;
mod triggers;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use super::{BookEntry, BookId, Item, Op, Reason, Rule, RuleId, RuleKind, Scope, Step, StepId};
use crate::base::{Idx, IndexVec, Span, Str};
use crate::check::hir;
use crate::diag::Diagnostic;
use crate::value::{Cause, Number, Type, Value};

pub(super) use conditions::Said;
pub(super) use decisions::Findings;
use decisions::names;
pub(super) use words::ShownFigure;

/// A construct under way to steps, with all that was made so far.
pub(super) struct Lower<'a> {
    program: &'a hir::Program,
    steps: IndexVec<StepId, Step>,
    rules: IndexVec<RuleId, Rule>,
    book: IndexVec<BookId, BookEntry>,
    /// The constructs as they came, each with the value it is.
    items: Vec<(hir::ValueId, Item)>,
    calendars: Vec<Str>,
    findings: Findings,
    parts: BTreeMap<(hir::ValueId, hir::Part), StepId>,
    /// What was lowered already.
    done: BTreeSet<hir::ValueId>,
    /// What is being lowered, innermost last.
    under_way: Vec<hir::ValueId>,
    /// Applications of tables: table and arguments to the results.
    applied: BTreeMap<(hir::ValueId, Vec<StepId>), Vec<StepId>>,
    /// The arguments of the application that is being lowered.
    arguments: Vec<StepId>,
    /// The day for which the rate of interest is being lowered.
    rate_day: Option<crate::value::Date>,
    /// Steps by what they do, to be found again.
    shared: BTreeMap<String, StepId>,
    /// The types of steps, by their numbers in those keys.
    types: Vec<Type>,
    /// In which value each step was made, and under which key it is shared.
    owners: Vec<(Option<hir::ValueId>, Option<String>)>,
    /// Steps that have a name.
    named: BTreeSet<StepId>,
    /// The texts for people whose figures are still to be lowered.
    unsaid: IndexVec<super::WordsId, words::Unsaid>,
}

impl<'a> Lower<'a> {
    pub(super) fn new(program: &'a hir::Program) -> Self {
        Lower {
            program,
            steps: IndexVec::new(),
            rules: IndexVec::new(),
            book: IndexVec::new(),
            items: Vec::new(),
            calendars: Vec::new(),
            findings: Findings::default(),
            parts: BTreeMap::new(),
            done: BTreeSet::new(),
            under_way: Vec::new(),
            applied: BTreeMap::new(),
            arguments: Vec::new(),
            rate_day: None,
            shared: BTreeMap::new(),
            types: Vec::new(),
            owners: Vec::new(),
            named: BTreeSet::new(),
            unsaid: IndexVec::new(),
        }
    }

    /// Lowers every value of the program.
    pub(super) fn all(&mut self) {
        for id in order::order(self.program) {
            self.value(id);
        }
    }

    /// The step of a value or of a part of it; an unknown step where it has no such part or depends on itself, which has been
    /// reported.
    pub(super) fn part(&mut self, id: hir::ValueId, part: hir::Part, span: Span) -> StepId {
        // A line of a total reads lines before it while the total is still under way; an exception is bounded by what its own
        // value was computed to.
        if !self.parts.contains_key(&(id, part)) {
            self.value(id);
        }
        if let Some(step) = self.parts.get(&(id, part)) {
            return *step;
        }
        let ty = self.program.values.get(id).map_or(Type::YesNo, |it| it.ty.clone());
        self.unknown(super::Silence::Unknown, ty, span)
    }

    /// Lowers a value, once.
    fn value(&mut self, id: hir::ValueId) {
        if self.done.contains(&id) {
            return;
        }
        let Some(definition) = self.program.values.get(id) else { return };
        if self.under_way.contains(&id) {
            let name = &definition.name;
            let circle = Diagnostic::new("E207", definition.name_span)
                .arg("name", name)
                .arg("circle", format!("{name} → {name}"));
            self.findings.circles.push(circle);
            self.done.insert(id);
            return;
        }
        self.under_way.push(id);
        let arguments = std::mem::take(&mut self.arguments);
        let rate_day = self.rate_day.take();
        match &definition.kind {
            hir::DefinitionKind::Let(it) => self.lower_let(id, definition, it),
            hir::DefinitionKind::Table(it) => self.lower_table(id, definition, it),
            hir::DefinitionKind::Scorecard(it) => self.lower_scorecard(id, definition, it),
            hir::DefinitionKind::Grades(it) => self.lower_grades(id, definition, it),
            hir::DefinitionKind::Correction(it) => self.lower_correction(id, definition, it),
            hir::DefinitionKind::Limit(it) => self.lower_limit(id, definition, it),
            hir::DefinitionKind::Triggers(it) => self.lower_triggers(id, definition, it),
            hir::DefinitionKind::Escalation(it) => self.lower_escalation(id, definition, it),
            hir::DefinitionKind::Total(it) => self.lower_total(id, definition, it),
            hir::DefinitionKind::Allocation(it) => self.lower_allocation(id, definition, it),
            hir::DefinitionKind::Checks(it) => self.lower_checks(id, definition, it),
            hir::DefinitionKind::Judgement(it) => self.lower_judgement(id, definition, it),
            hir::DefinitionKind::Book(it) => self.lower_book(id, definition, it),
            hir::DefinitionKind::Authority(it) => self.lower_authority(id, definition, it),
            hir::DefinitionKind::Checklist(it) => self.lower_checklist(id, definition, it),
            hir::DefinitionKind::Error => {}
        }
        if let Some(it) = self.program.overrides.get(&id) {
            self.lower_override(id, definition, it);
        }
        self.arguments = arguments;
        self.rate_day = rate_day;
        self.under_way.pop();
        self.done.insert(id);
    }

    /// The construct that is being lowered.
    fn here(&self) -> Option<&'a hir::Definition> {
        self.under_way.last().and_then(|id| self.program.values.get(*id))
    }

    /// Gives a part of a value its step, one of its own. What a construct comes to is only the computed value where
    /// exceptions may be made from it.
    fn name(&mut self, id: hir::ValueId, part: hir::Part, step: StepId) -> StepId {
        match (part, self.program.overrides.contains_key(&id)) {
            (hir::Part::Main, true) => self.name_as(id, hir::Part::Computed, step),
            (hir::Part::Computed, true) => step,
            _ => self.name_as(id, part, step),
        }
    }

    /// Gives a part of a value its step, whatever the construct is.
    fn name_as(&mut self, id: hir::ValueId, part: hir::Part, step: StepId) -> StepId {
        let scope = self.program.values.get(id).map_or(Scope::Customer, |it| it.scope);
        let owned = self.owners.get(step.place()).is_some_and(|(owner, _)| *owner == Some(id));
        let (ty, at, own) = match self.steps.get(step) {
            Some(it) => (
                it.ty.clone(),
                it.span,
                owned
                    && it.scope == scope
                    && !self.named.contains(&step)
                    && !matches!(
                        it.op,
                        Op::Const(_) | Op::Fact(_) | Op::Field(..) | Op::Param(_) | Op::Today
                    ),
            ),
            None => return step,
        };
        let step = if own { step } else { self.push_own(Op::Same(step), ty, scope, at) };
        self.named.insert(step);
        // Nobody else shares it from now on.
        if let Some(key) = self.owners.get_mut(step.place()).and_then(|(_, key)| key.take()) {
            self.shared.remove(&key);
        }
        self.parts.insert((id, part), step);
        step
    }

    /// A second name of a part that has one.
    fn alias(&mut self, id: hir::ValueId, part: hir::Part, step: StepId) {
        if part == hir::Part::Computed && self.program.overrides.contains_key(&id) {
            return;
        }
        self.parts.insert((id, part), step);
    }

    /// `let`
    fn lower_let(&mut self, id: hir::ValueId, definition: &hir::Definition, it: &hir::Let) {
        let raw = self.expr(&it.value);
        let value = self.rounded(raw, it.rounding.as_ref(), definition.span);
        let value = self.name(id, hir::Part::Main, value);
        self.set_type(value, &definition.ty);
        let rounding = it.rounding.clone().map(|rounding| (raw, rounding));
        let reason = self.reason(&it.reason);
        self.item(id, definition, value, rounding, reason, super::ItemKind::Let);
    }

    /// Adds a construct.
    fn item(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        value: StepId,
        rounding: Option<(StepId, crate::value::Rounding)>,
        reason: Reason,
        kind: super::ItemKind,
    ) {
        let item = Item {
            name: self.public_name(id, definition),
            label: definition.label.clone(),
            address: self.address(definition),
            policy: definition.policy.place(),
            scope: self.steps.get(value).map_or(definition.scope, |it| it.scope),
            value,
            rounding,
            reason,
            kind,
            span: definition.span,
        };
        self.items.push((id, item));
    }

    /// The name by which the root policy knows a value: bare, or behind its policy.
    fn public_name(&self, id: hir::ValueId, definition: &hir::Definition) -> Str {
        let Some(root) = self.program.policies.as_slice().last() else { return definition.name.clone() };
        let bare = root.names.iter().find(|(_, target)| *target == hir::Target::Value(id));
        match bare {
            Some((name, _)) => name.clone(),
            None if definition.policy.place().saturating_add(1) == self.program.policies.len() => {
                definition.name.clone()
            }
            None => match self.program.policies.get(definition.policy) {
                Some(policy) => format!("{}.{}", policy.name, definition.name).into(),
                None => definition.name.clone(),
            },
        }
    }

    /// The stable address of a construct: `trade_credit/limit_percent`.
    fn address(&self, definition: &hir::Definition) -> Str {
        match self.program.policies.get(definition.policy) {
            Some(policy) => format!("{}/{}", policy.name, definition.name).into(),
            None => definition.name.clone(),
        }
    }

    /// Adds a rule.
    fn rule(&mut self, rule: Rule) -> RuleId {
        self.rules.push(rule)
    }

    /// A rule that always applies: a method, a factor.
    fn plain_rule(&mut self, kind: RuleKind, address: Str, reason: Reason, span: Span) -> RuleId {
        let scope = self.here().map_or(Scope::Customer, |it| it.scope);
        self.rule(Rule {
            kind,
            address,
            condition: None,
            applies: None,
            if_unknown: None,
            reason,
            scope,
            span,
        })
    }

    /// The name of what an expression reads, for people; none for a computation.
    fn expr_name(&self, expr: &hir::Expr) -> Option<Str> {
        match &expr.kind {
            hir::ExprKind::Fact(field) => self.program.schema.fields.get(*field).map(|it| it.name.clone()),
            hir::ExprKind::Field(list, place) => {
                let crate::value::FieldType::Records(fields) = &self.program.schema.fields.get(*list)?.ty
                else {
                    return None;
                };
                fields.get(*place as usize).map(|it| it.name.clone())
            }
            hir::ExprKind::Param(param) => self.program.params.get(*param).map(|it| it.name.clone()),
            hir::ExprKind::Value(id, part) => {
                let definition = self.program.values.get(*id)?;
                let name = self.public_name(*id, definition);
                match names(definition, *part).into_iter().next() {
                    Some(part) => Some(format!("{name}.{part}").into()),
                    None => Some(name),
                }
            }
            hir::ExprKind::ByDate(id, day) => {
                let name = &self.program.series.get(*id)?.name;
                Some(format!("{name}[{}]", self.expr_name(day)?).into())
            }
            hir::ExprKind::Today => Some("today".into()),
            hir::ExprKind::Apply(id, _, keys) => {
                let table = self.public_name(*id, self.program.values.get(*id)?);
                let keys: Option<Vec<Str>> = keys.iter().map(|key| self.expr_name(key)).collect();
                Some(format!("{table}[{}]", keys?.join(", ")).into())
            }
            hir::ExprKind::Const(Value::Number(number)) => number.to_decimal_string().map(Str::from),
            _ => None,
        }
    }
}

/// A whole number.
fn whole(number: usize) -> Number {
    Number::from_i64(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The place as a code.
fn code(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// A value that is not known because nobody said so: what stands for a mistake that has been reported.
#[must_use]
fn nothing() -> Value {
    Value::Unknown(Cause::NotComputable(0))
}
