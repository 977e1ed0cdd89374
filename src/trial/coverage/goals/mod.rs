//! The goals of a plan, construct by construct, one file each.
//!
//! Conditions are told by the truth of their own steps, never by what is made of them later, so that a run that computes a
//! construct shows all of its goals.

mod grades;
mod ladders;
mod money;
mod people;
mod rows;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use super::goal::{Goal, GoalKind, Sight};
use super::proof;
use crate::base::{Lang, Span, Str};
use crate::explain::Phrases;
use crate::plan::{Item, ItemId, ItemKind, Label, Op, Plan, Rule, RuleId, StepId};

/// Everything that tests of a policy can exercise, in the order in which it stands in the policy. What stands in policies
/// that it uses is theirs, and counted where they are tested themselves.
#[must_use]
pub fn goals(plan: &Plan) -> Vec<Goal> {
    let own = plan.policies.len().saturating_sub(1);
    let mut collector = Collector::new(plan);
    for (id, item) in plan.items.iter_enumerated().filter(|(_, item)| item.policy == own) {
        collector.item(id, item);
    }
    let mut goals = collector.goals;
    goals.sort_by_key(|goal| (goal.span.file, goal.span.start));
    goals
}

/// A place in the policy, with what goals there are called.
#[derive(Clone)]
struct Site {
    item: ItemId,
    rule: Option<RuleId>,
    address: Str,
    name: Label,
    span: Span,
    /// A table that may be applied elsewhere, too: the same goals are met again.
    applied: bool,
}

struct Collector<'p> {
    plan: &'p Plan,
    en: Phrases<'p>,
    zh: Phrases<'p>,
    /// Steps that have a name or are a construct's own: what is behind them is told where they stand.
    stops: BTreeSet<StepId>,
    walked: BTreeSet<StepId>,
    goals: Vec<Goal>,
    places: BTreeMap<Str, usize>,
}

impl<'p> Collector<'p> {
    fn new(plan: &'p Plan) -> Collector<'p> {
        let mut stops: BTreeSet<StepId> = plan.names.values().copied().collect();
        for item in &plan.items {
            stops.insert(item.value);
            if let ItemKind::Table(table) = &item.kind {
                stops.extend(table.results.iter().map(|(_, _, _, step)| *step));
                stops.extend(table.chosen);
                stops.extend(item.rounding.as_ref().map(|(step, _)| *step));
            }
        }
        Collector {
            plan,
            en: Phrases::new(plan, Lang::En),
            zh: Phrases::new(plan, Lang::Zh),
            stops,
            walked: BTreeSet::new(),
            goals: Vec::new(),
            places: BTreeMap::new(),
        }
    }

    fn item(&mut self, id: ItemId, item: &Item) {
        let site = Site {
            item: id,
            rule: None,
            address: item.address.clone(),
            name: item.label.clone(),
            span: item.span,
            applied: false,
        };
        match &item.kind {
            ItemKind::Let => {
                let raw = item.rounding.as_ref().map_or(item.value, |(raw, _)| *raw);
                self.written(&site, raw, item.value);
            }
            ItemKind::Table(table) => self.table(&site, table),
            ItemKind::Correction(it) => {
                it.keys.iter().for_each(|key| self.expression(&site, *key));
                self.taken_rows(&site, GoalKind::Correction, &it.rows, &it.keys, it.chosen);
            }
            ItemKind::Authority(it) => self.table(&site, &it.table),
            ItemKind::Scorecard(card) => self.scorecard(&site, card),
            ItemKind::Grades(it) => self.grades(&site, it),
            ItemKind::Limit(it) => self.limit(&site, it),
            ItemKind::Total(it) => self.total(&site, it),
            ItemKind::Allocation(it) => self.allocation(&site, item.value, it),
            ItemKind::Triggers(it) => self.triggers(&site, it),
            ItemKind::Escalation(it) => self.ladder(&site, it),
            ItemKind::Checks(it) => self.checks(&site, it),
            ItemKind::Judgement(it) => self.judgement(&site, it),
            ItemKind::Override(it) => self.exception(&site, it),
            ItemKind::Checklist(it) => self.checklist(&site, it),
            ItemKind::Book(it) => self.book(&site, it),
        }
    }

    fn rule(&self, id: RuleId) -> Option<&'p Rule> {
        self.plan.rules.get(id)
    }

    /// Whether a rule applies, as a step; none where it always does.
    fn applies(&self, id: RuleId) -> Option<StepId> {
        self.rule(id).and_then(|rule| rule.applies).filter(|step| !self.is_constant(*step))
    }

    fn is_constant(&self, step: StepId) -> bool {
        matches!(self.plan.steps.get(step).map(|it| &it.op), Some(Op::Const(_)))
    }

    fn can_be_unknown(&self, step: StepId) -> bool {
        self.plan.steps.get(step).is_some_and(|it| it.bounds.unknown)
    }

    /// The place of a rule of a construct.
    fn site_of(&self, site: &Site, id: RuleId, en: &str, zh: &str) -> Site {
        let rule = self.rule(id);
        Site {
            rule: Some(id),
            address: rule.map_or_else(|| site.address.clone(), |rule| rule.address.clone()),
            name: Label { en: Str::from(en), zh: Str::from(zh) },
            span: rule.map_or(site.span, |rule| rule.span),
            ..site.clone()
        }
    }

    /// Adds a goal that a place itself is: the row, the hold.
    fn add(&mut self, site: &Site, kind: GoalKind, way: Sight) {
        self.put(site, kind, site.span, "", site.name.clone(), way);
    }

    /// Adds a goal of a place, called by what it says of it.
    fn add_as(&mut self, site: &Site, kind: GoalKind, (tail, en, zh): (&str, &str, &str), way: Sight) {
        let name = Label {
            en: Str::from(format!("{}: {en}", site.name.en)),
            zh: Str::from(format!("{}：{zh}", site.name.zh)),
        };
        self.put(site, kind, site.span, tail, name, way);
    }

    fn put(&mut self, site: &Site, kind: GoalKind, span: Span, tail: &str, name: Label, way: Sight) -> usize {
        let address = match tail {
            "" => site.address.to_string(),
            tail => format!("{} · {tail}", site.address),
        };
        let never = proof::never(self.plan, &way);
        let known = self.places.get(address.as_str()).copied();
        if let Some(place) = known.filter(|_| site.applied)
            && let Some(goal) = self.goals.get_mut(place).filter(|goal| goal.kind == kind)
        {
            goal.never = goal.never.take().filter(|_| never.is_some());
            if !goal.ways.contains(&way) {
                goal.ways.push(way);
            }
            return place;
        }
        let (address, place) = (self.free(address), self.goals.len());
        self.places.insert(address.clone(), place);
        self.goals.push(Goal {
            address,
            kind,
            item: site.item,
            rule: site.rule,
            name,
            about: site.name.clone(),
            wants: None,
            span,
            ways: vec![way],
            never,
        });
        place
    }

    /// Says what a goal wants, where its way does not tell it well.
    fn wants(&mut self, goal: usize, wants: Label) {
        if let Some(goal) = self.goals.get_mut(goal) {
            goal.wants.get_or_insert(wants);
        }
    }

    /// An address that no other goal has.
    fn free(&self, address: String) -> Str {
        if !self.places.contains_key(address.as_str()) {
            return address.into();
        }
        (2_u32..)
            .map(|count| Str::from(format!("{address} ({count})")))
            .find(|address| !self.places.contains_key(address))
            .unwrap_or_default()
    }

    /// Where a step stands, if within the construct; a step that is shared with another one stands there.
    fn place_of(&self, site: &Site, step: StepId) -> Span {
        let whole = self.plan.items.get(site.item).map_or(site.span, |item| item.span);
        let own = self.plan.steps.get(step).map(|it| it.span);
        own.filter(|own| own.file == whole.file && whole.start <= own.start && own.end <= whole.end)
            .unwrap_or(site.span)
    }
}

/// A name before Chinese words: with a blank where it ends in a letter or figure.
fn spaced(name: &str) -> String {
    let blank = if name.ends_with(|last: char| last.is_ascii()) { " " } else { "" };
    format!("{name}{blank}")
}
