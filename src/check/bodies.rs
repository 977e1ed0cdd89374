//! Bodies: each value is checked once, after those that it needs; a circle is drawn by name.

use super::constructs;
use super::context::{Checker, Construct, Entity, Expected, Scope, State};
use super::hir::{self, DefinitionKind, Part, ValueId};
use super::order;
use crate::base::{Idx, Span, Str};
use crate::diag::Diagnostic;
use crate::value::{EnumId, Type, Unit};

/// So deep values may be met unchecked inside one another; the order of [`Checker::check_bodies`] keeps it small.
const MOST_OPEN: usize = 64;

impl Checker<'_> {
    /// Checks every body.
    pub(super) fn check_bodies(&mut self) {
        for id in self.in_order() {
            let span = self.declarations.get(id).map(|declaration| declaration.name_span);
            if let Some(span) = span {
                self.ensure(id, span);
            }
        }
    }

    /// The values, each behind those whose names its text mentions, as far as there is no circle. Walks with a stack of
    /// its own: a chain of ten thousand `let`s, written last one first, is no deeper than one.
    fn in_order(&self) -> Vec<ValueId> {
        let needs: Vec<Vec<ValueId>> = self.declarations.ids().map(|id| self.mentioned(id)).collect();
        let mut order = Vec::with_capacity(needs.len());
        let mut seen = vec![false; needs.len()];
        let mut stack: Vec<(ValueId, usize)> = Vec::new();
        for root in self.declarations.ids() {
            stack.push((root, 0));
            while let Some((id, next)) = stack.pop() {
                let Some(visited) = seen.get_mut(id.place()) else { continue };
                if next == 0 && std::mem::replace(visited, true) {
                    continue;
                }
                match needs.get(id.place()).and_then(|needs| needs.get(next)) {
                    Some(need) => {
                        stack.push((id, next.saturating_add(1)));
                        if !seen.get(need.place()).copied().unwrap_or(true) {
                            stack.push((*need, 0));
                        }
                    }
                    None => order.push(id),
                }
            }
        }
        order
    }

    /// The values whose names the text of a value mentions; more than it needs where a name stands for something else.
    fn mentioned(&self, id: ValueId) -> Vec<ValueId> {
        let Some(declaration) = self.declarations.get(id) else { return Vec::new() };
        let Some(names) = self.names.get(declaration.scope.policy) else { return Vec::new() };
        let mut found = Vec::new();
        for name in order::names(declaration.construct) {
            let customer = names.customer.get(name);
            let items = names.items.values().filter_map(|items| items.get(name));
            for declared in customer.into_iter().chain(items) {
                if let Entity::Value(other) = declared.entity
                    && other != id
                {
                    found.push(other);
                }
            }
        }
        found
    }

    /// Sees to it that the body of a value has been checked. False where it needs itself, which is reported.
    pub(super) fn ensure(&mut self, id: ValueId, from: Span) -> bool {
        let too_deep = self.open.len() >= MOST_OPEN;
        let Some(declaration) = self.declarations.get_mut(id) else { return false };
        match declaration.state {
            State::Done => return true,
            State::Open => {
                self.circle(id, from);
                return false;
            }
            State::Waiting if too_deep => {
                let name = self.value_name(id);
                self.report(Diagnostic::new("E207", from).variant("deep").arg("name", name));
                return false;
            }
            State::Waiting => declaration.state = State::Open,
        }
        let (construct, scope) = (declaration.construct, declaration.scope.clone());
        self.open.push((id, from));
        let outer = std::mem::replace(&mut self.policy, scope.policy);
        let (in_rate, rounded) = (self.in_rate.take(), std::mem::replace(&mut self.rounded, false));
        let kind = self.body(construct, &scope);
        (self.in_rate, self.rounded) = (in_rate, rounded);
        self.policy = outer;
        self.open.pop();
        let declared = self.declarations.get(id).and_then(|declaration| declaration.ty.clone());
        let ty = declared.or_else(|| main_type(construct, &kind));
        if let Some(definition) = self.program.values.get_mut(id) {
            definition.kind = kind;
            definition.ty = ty.clone().unwrap_or(Type::YesNo);
        }
        if let Some(declaration) = self.declarations.get_mut(id) {
            declaration.ty = ty;
            declaration.state = State::Done;
        }
        true
    }

    fn body(&mut self, construct: Construct<'_>, scope: &Scope) -> DefinitionKind {
        match construct {
            Construct::Let(value) => {
                self.rounded = value.rounding.is_some();
                let lowered = self.expr(&value.value, scope, &Expected::Any);
                self.rounded = false;
                if let Type::Records(_) = lowered.ty
                    && !is_error(&lowered)
                {
                    self.report(Diagnostic::new("E236", value.value.span));
                    return DefinitionKind::Error;
                }
                let rounding = match (&value.rounding, lowered.ty.unit()) {
                    (None, _) => None,
                    (Some(_), _) if is_error(&lowered) => None,
                    (Some(rounding), Some(unit)) => self.rounding(rounding, unit),
                    (Some(rounding), None) => {
                        let report = Diagnostic::new("E233", rounding.span).variant("type");
                        let report = self.with_type(report, "type", &lowered.ty);
                        self.report(report);
                        None
                    }
                };
                let reason = self.reason(&value.reason);
                if is_error(&lowered) {
                    return DefinitionKind::Error;
                }
                DefinitionKind::Let(hir::Let { value: lowered, rounding, reason })
            }
            Construct::Table(table) => constructs::table(self, table, scope),
            Construct::Scorecard(card) => constructs::scorecard(self, card, scope),
            Construct::Grades(grades) => constructs::grades(self, grades, scope),
            Construct::Correction(correction) => constructs::correction(self, correction, scope),
            Construct::Limit(limit) => constructs::limit(self, limit, scope),
            Construct::Triggers(triggers) => constructs::triggers(self, triggers, scope),
            Construct::Escalation(ladder) => constructs::escalation(self, ladder, scope),
            Construct::Total(total) => constructs::total(self, total, scope),
            Construct::Allocation(it) => constructs::allocation(self, it, scope),
            Construct::AllocationRest(it) => constructs::allocation_rest(self, it, scope),
            Construct::Checks(checks) => constructs::checks(self, checks, scope),
            Construct::Judgement(judgement) => constructs::judgement(self, judgement, scope),
            Construct::Book(value, book, group) => constructs::book(self, value, book, group, scope),
            Construct::Authority(authority) => constructs::authority(self, authority, scope),
            Construct::Checklist(papers) => constructs::checklist(self, papers, scope),
        }
    }

    /// Draws the circle by which a value needs itself.
    fn circle(&mut self, id: ValueId, from: Span) {
        let begin = self.open.iter().position(|(open, _)| *open == id).unwrap_or(0);
        let ring: Vec<(ValueId, Span)> = self.open.iter().skip(begin).copied().collect();
        let names: Vec<Str> = ring.iter().map(|(id, _)| self.value_name(*id)).collect();
        let name = self.value_name(id);
        let mut drawn: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        drawn.push(format!("`{name}`"));
        // Through the book a circle goes by way of the other customers, which the reader would not look for.
        let by_book = |(id, _): &(ValueId, Span)| {
            let declaration = self.declarations.get(*id);
            declaration.is_some_and(|it| matches!(it.construct, Construct::Book(..)))
        };
        let code = if ring.iter().any(by_book) { "E275" } else { "E207" };
        let mut report = Diagnostic::new(code, from).arg("name", &name).arg("circle", drawn.join(" → "));
        if code == "E275" {
            report = report.help("").note("");
        }
        // Each value of the ring is mentioned inside the one before.
        for ((_, span), name) in ring.iter().zip(&names).skip(1) {
            report = report.label_with(*span, "needs", ("other", name.clone()));
        }
        self.report(report);
    }

    pub(super) fn value_name(&self, id: ValueId) -> Str {
        self.program.values.get(id).map_or_else(|| Str::from("?"), |value| value.name.clone())
    }

    /// The authorities of a policy by name.
    pub(super) fn authorities(&self, policy: crate::check::hir::PolicyId) -> Vec<Str> {
        let own = self.names.get(policy).into_iter().flat_map(|names| &names.customer);
        own.filter(|(_, declared)| match declared.entity {
            Entity::Value(id) => {
                self.declarations.get(id).is_some_and(|it| matches!(it.construct, Construct::Authority(_)))
            }
            Entity::Fact(_)
            | Entity::Field(..)
            | Entity::Param(_)
            | Entity::Script(_)
            | Entity::Series(_)
            | Entity::Reference(_) => false,
        })
        .map(|(name, _)| name.clone())
        .collect()
    }

    /// Whether a value of a type that nothing declares has not been looked at yet.
    pub(super) fn waits(&self, id: ValueId) -> bool {
        self.declarations
            .get(id)
            .is_some_and(|declaration| declaration.state == State::Waiting && declaration.ty.is_none())
    }

    /// The type of a value that has been checked; none where its body is wrong or it has several results.
    pub(super) fn value_type(&self, id: ValueId) -> Option<Type> {
        self.declarations.get(id)?.ty.clone()
    }

    /// The part of this name of a value that has been checked, with its type.
    pub(super) fn part(&self, id: ValueId, name: &str) -> Option<(Part, Type)> {
        let definition = self.program.values.get(id)?;
        let plain = Type::Number(Unit::NUMBER);
        // What the policy itself comes to stands beside what an exception grants.
        let is_sound = !matches!(definition.kind, DefinitionKind::Error);
        if is_sound && self.overridden.contains_key(&id) && matches!(name, "computed" | "计算值") {
            return Some((Part::Computed, definition.ty.clone()));
        }
        match &definition.kind {
            DefinitionKind::Let(_)
            | DefinitionKind::Grades(_)
            | DefinitionKind::Correction(_)
            | DefinitionKind::Triggers(_)
            | DefinitionKind::Allocation(_)
            | DefinitionKind::Judgement(_)
            | DefinitionKind::Error => None,
            DefinitionKind::Total(total) => {
                let place = total.lines.iter().position(|line| &*line.name == name)?;
                Some((Part::Line(u32::try_from(place).ok()?), definition.ty.clone()))
            }
            DefinitionKind::Table(table) => {
                let place = table.results.iter().position(|column| column.name.as_deref() == Some(name))?;
                Some((Part::Result(u32::try_from(place).ok()?), table.results.get(place)?.ty.clone()))
            }
            DefinitionKind::Scorecard(card) => {
                if let Some(place) = card.sections.iter().position(|section| &*section.name == name) {
                    return Some((Part::Section(u32::try_from(place).ok()?), definition.ty.clone()));
                }
                if let Some(place) = card.factors.iter().position(|factor| &*factor.name == name) {
                    let own = card.factors.get(place).and_then(|factor| factor.value.ty.unit());
                    let ty = Type::Number(own.unwrap_or(Unit::NUMBER));
                    return Some((Part::Factor(u32::try_from(place).ok()?), ty));
                }
                let part = match name {
                    "of" | "满分" => Part::Of,
                    "known" | "已知" => Part::Known,
                    "sum" | "得分" => Part::Sum,
                    _ => return None,
                };
                Some((part, plain))
            }
            DefinitionKind::Limit(limit) => {
                if let Some(place) = limit.methods.iter().position(|method| &*method.name == name) {
                    let ty = limit.methods.get(place)?.value.ty.clone();
                    return Some((Part::Method(u32::try_from(place).ok()?), ty));
                }
                if let Some(place) = limit.layers.iter().position(|layer| &*layer.name == name) {
                    return Some((Part::Layer(u32::try_from(place).ok()?), definition.ty.clone()));
                }
                if limit.layers_for.is_some() && matches!(name, "unsecured" | "无担保") {
                    return Some((Part::Unsecured, definition.ty.clone()));
                }
                matches!(name, "computed" | "计算值").then(|| (Part::Computed, definition.ty.clone()))
            }
            DefinitionKind::Checks(checks) => {
                let own = checks.holds_enum;
                Some(match name {
                    "verdict" | "结论" => (Part::Verdict, Type::Enum(checks.verdicts)),
                    "standing" | "未消除项" => (Part::Standing, Type::Set(own)),
                    "worst" | "最重项" => (Part::Worst, Type::Enum(own)),
                    _ => {
                        let place = checks.holds.iter().position(|hold| &*hold.name == name)?;
                        (Part::Hold(u32::try_from(place).ok()?), Type::Enum(checks.statuses))
                    }
                })
            }
            DefinitionKind::Authority(authority) => {
                let roles = self.program.role_kind.map_or(Type::YesNo, Type::Set);
                Some(match name {
                    "needed" | "须批" => (Part::Needed, Type::Enum(authority.kind)),
                    "given" | "已批" => (Part::Given, roles),
                    "missing" | "缺批" => (Part::Missing, roles),
                    "granted" | "核准" => (Part::Granted, definition.ty.clone()),
                    "carried" | "自担额" if authority.carries.is_some() => {
                        (Part::Carried, definition.ty.clone())
                    }
                    "carrier" | "自担人" if authority.carries.is_some() => (Part::Carrier, Type::Text),
                    _ => return None,
                })
            }
            DefinitionKind::Checklist(papers) => {
                let set = Type::Set(papers.kind);
                Some(match name {
                    "required" | "应交" => (Part::Required, set),
                    "missing" | "缺交" => (Part::Absent, set),
                    "expired" | "过期" => (Part::Expired, set),
                    "complete" | "齐备" => (Part::Complete, Type::YesNo),
                    _ => return None,
                })
            }
            DefinitionKind::Escalation(ladder) => {
                let step = Type::Enum(ladder.steps_enum);
                Some(match name {
                    "step" | "步骤" => (Part::Step, step),
                    "awaiting" | "待批" => (Part::Awaiting, step),
                    "day" | "步骤日" => (Part::Day, Type::Date),
                    "next" | "下一步" => (Part::Next, step),
                    "next_day" | "下一步日" => (Part::NextDay, Type::Date),
                    "held" | "暂缓中" => (Part::Held, Type::YesNo),
                    "act" | "今日执行" => (Part::Act, Type::YesNo),
                    "tactics" | "策略" => {
                        let kind = ladder.tactics.as_ref()?.tactics;
                        (Part::Tactics, Type::List(Box::new(Type::Enum(kind))))
                    }
                    _ => return None,
                })
            }
            DefinitionKind::Book(value) => {
                let own = definition.ty.clone();
                let capped = |part: Part, ty: Type| value.cap.is_some().then_some((part, ty));
                match name {
                    "served" | "实得" => capped(Part::Served, own),
                    "left" | "剩余" => capped(Part::Left, own),
                    "place" | "次序" => capped(Part::Place, plain),
                    "budget" | "预算" => capped(Part::Budget, own),
                    "members" | "成员数" => Some((Part::Members, plain)),
                    "left_out" | "未计数" => Some((Part::LeftOut, plain)),
                    _ => None,
                }
            }
        }
    }

    /// The names of the parts of a value, for a suggestion, in the language of the name that was tried.
    pub(super) fn part_names(&self, id: ValueId, tried: &str) -> Vec<Str> {
        let names = self.program.part_names(id).into_iter();
        names.map(|(en, zh)| if tried.is_ascii() { en } else { zh }).collect()
    }

    /// The members of an enumeration.
    pub(super) fn members(&self, of: EnumId) -> Vec<Str> {
        let kind = self.program.schema.enums.get(of);
        kind.map(|kind| kind.members.iter().map(|member| member.name.clone()).collect()).unwrap_or_default()
    }
}

/// Whether an expression could not be checked.
pub(crate) fn is_error(expr: &hir::Expr) -> bool {
    matches!(expr.kind, hir::ExprKind::Error)
}

/// The type of a value, by its body.
fn main_type(construct: Construct<'_>, kind: &DefinitionKind) -> Option<Type> {
    match kind {
        DefinitionKind::Let(value) => Some(value.value.ty.clone()),
        DefinitionKind::Limit(limit) => constructs::limit_unit(limit).map(Type::Number),
        DefinitionKind::Total(total) => constructs::total_unit(total).map(Type::Number),
        DefinitionKind::Allocation(it) => Some(it.amount.ty.clone()),
        DefinitionKind::Book(value) => constructs::book_type(value),
        DefinitionKind::Authority(authority) => Some(authority.of.ty.clone()),
        DefinitionKind::Scorecard(card) => match construct {
            Construct::Scorecard(written) => {
                Some(Type::Number(constructs::scorecard_unit(written, &card.factors)))
            }
            _ => None,
        },
        DefinitionKind::Table(_)
        | DefinitionKind::Grades(_)
        | DefinitionKind::Correction(_)
        | DefinitionKind::Triggers(_)
        | DefinitionKind::Escalation(_)
        | DefinitionKind::Checks(_)
        | DefinitionKind::Judgement(_)
        | DefinitionKind::Checklist(_)
        | DefinitionKind::Error => None,
    }
}
