//! Whether a step can be unknown, and from where.
//!
//! `if x is known then x else 0` is never unknown, nor is a table with an `unknown` row: what holds in a branch is taken
//! along into it.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use super::super::{AggregateFunction, Op, SignedResult, StepId};
use super::{Plan, by_date, can_be_missing, search};
use crate::check::hir::Compare;
use crate::value::{Default, Number, Value};

/// What holds in a branch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Holds {
    /// The step is known.
    Known(StepId),
    /// The number is not 0.
    NotZero(StepId),
}

/// All that holds in a branch.
pub(super) type Branch = BTreeSet<Holds>;

/// So much is looked at for one step; what is not settled by then counts as unknown.
const MOST_LOOKS: u32 = 20_000;
/// So deep.
const DEEPEST: u32 = 400;

/// One question: can this be unknown where that holds?
pub(super) struct Asked<'p, 'a> {
    pub(super) plan: &'p Plan<'a>,
    branch: Branch,
    answers: BTreeMap<StepId, bool>,
    looks: &'p Cell<u32>,
    depth: u32,
}

/// Whether a step can be unknown, from what is known of its operands.
pub(in super::super) fn unknown(plan: &Plan<'_>, step: StepId) -> bool {
    let looks = Cell::new(0);
    let mut asked = Asked { plan, branch: Branch::new(), answers: BTreeMap::new(), looks: &looks, depth: 0 };
    asked.by_operation(step)
}

impl<'a> Asked<'_, 'a> {
    /// Whether an operand can be unknown where the branch holds.
    pub(super) fn can_be(&mut self, step: StepId) -> bool {
        if self.branch.contains(&Holds::Known(step)) {
            return false;
        }
        if self.plan.step(step).is_some_and(|it| !it.bounds.unknown) {
            return false;
        }
        // Without a branch, what was found for the operand itself stands.
        if self.branch.is_empty() {
            return true;
        }
        if let Some(answer) = self.answers.get(&step) {
            return *answer;
        }
        let looks = self.looks.get().saturating_add(1);
        self.looks.set(looks);
        if looks > MOST_LOOKS || self.depth > DEEPEST {
            return true;
        }
        self.depth = self.depth.saturating_add(1);
        let answer = self.by_operation(step);
        self.depth = self.depth.saturating_sub(1);
        self.answers.insert(step, answer);
        answer
    }

    /// The same where more holds.
    fn where_also(&mut self, more: Branch, step: StepId) -> bool {
        if self.plan.step(step).is_some_and(|it| !it.bounds.unknown) {
            return false;
        }
        if more.iter().all(|holds| self.branch.contains(holds)) {
            return self.can_be(step);
        }
        let mut branch = self.branch.clone();
        branch.extend(more);
        let mut asked = Asked {
            plan: self.plan,
            branch,
            answers: BTreeMap::new(),
            looks: self.looks,
            depth: self.depth.saturating_add(1),
        };
        asked.can_be(step)
    }

    fn any(&mut self, steps: &[StepId]) -> bool {
        steps.iter().any(|step| self.can_be(*step))
    }

    /// Whether the operation can give unknown.
    fn by_operation(&mut self, step: StepId) -> bool {
        let Some(it) = self.plan.step(step) else { return true };
        match &it.op {
            Op::Const(value) => !value.is_known(),
            Op::Fact(field) => self.plan.fact(*field).is_none_or(can_be_missing),
            Op::Field(list, place) => self.plan.field(*list, *place).is_none_or(can_be_missing),
            Op::Param(_) | Op::Today | Op::IsKnown(_) | Op::WeightedSum(_) | Op::KnownWeight(_) => false,
            // A calendar ends; a customer is decided alone; a script fails; a record may not be there; the policy leaves it open.
            Op::AddBusinessDays(..)
            | Op::ToBusinessDay(..)
            | Op::Book(..)
            | Op::Script(..)
            | Op::Lookup { .. }
            | Op::SignedOn(_)
            | Op::ByDate(..)
            | Op::Reference { .. }
            | Op::Unknown(_) => true,
            Op::Interest(interest) => by_date::has_ends(interest) || self.any(&it.op.operands()),
            Op::Instalment(_, rate, count) => {
                self.any(&it.op.operands()) || by_date::instalment_fails(self.plan, *rate, *count)
            }
            Op::Signed(signed) => match signed.result {
                // Nobody has signed; nobody carries anything.
                SignedResult::Granted | SignedResult::Carrier => true,
                SignedResult::Given | SignedResult::Missing | SignedResult::Carried => {
                    let list_missing =
                        self.plan.fact(signed.list).is_none_or(|it| it.default == Default::Unknown);
                    list_missing || self.any(&[signed.value, signed.needed])
                }
            },
            Op::Divide(a, b) => self.any(&[*a, *b]) || self.can_be_zero(*b),
            Op::Pick { of, skip_unknown: true, .. } => of.iter().all(|step| self.can_be(*step)),
            Op::WeightedMean(terms) => terms.iter().all(|(_, step)| self.can_be(*step)),
            Op::And(of) => self.each_beside(of, true_facts),
            Op::Or(of) => self.each_beside(of, false_facts),
            Op::IfUnknown(a, b) => self.can_be(*a) && self.can_be(*b),
            Op::If(c, a, b) => {
                self.can_be(*c)
                    || self.where_also(true_facts(self.plan, *c), *a)
                    || self.where_also(false_facts(self.plan, *c), *b)
            }
            Op::FirstTrue(of) => search::can_fail(self, of),
            Op::Choose(place, of) => self.choose(*place, of),
            Op::Rank(a, kind) => self.can_be_apart(*a, *kind, 0) || self.can_be(*a),
            Op::OfRank(a, kind) => self.can_be(*a) || !self.is_place(*a, *kind),
            Op::Aggregate { function, known, list, operand, filter } => {
                let over_nothing = !matches!(function, AggregateFunction::Sum | AggregateFunction::Count);
                let list_missing = self.plan.fact(*list).is_none_or(|it| it.default == Default::Unknown);
                over_nothing
                    || list_missing
                    || (!known && operand.is_some_and(|step| self.can_be(step)))
                    || filter.is_some_and(|step| self.can_be(step))
            }
            Op::ListAggregate { function, known, list } => {
                let sums = matches!(function, AggregateFunction::Sum | AggregateFunction::Count);
                let unknown = self.plan.element_unknown(*list);
                self.can_be(*list)
                    || (unknown && !known)
                    || (!sums && (unknown || self.plan.length(*list).0 == 0))
            }
            Op::Running { .. } => self.any(&it.op.operands()),
            // No item may count.
            Op::Latest { .. } => true,
            Op::Recent { list, count, .. } => {
                self.can_be(*list) || self.plan.length(*list).0 < *count as usize
            }
            Op::InARow { list, steps, .. } => {
                self.can_be(*list)
                    || self.plan.element_unknown(*list)
                    || self.plan.length(*list).0 <= *steps as usize
            }
            Op::ListWeightedMean(list, _) => self.can_be(*list) || self.plan.element_unknown(*list),
            Op::Same(_)
            | Op::Add(..)
            | Op::Subtract(..)
            | Op::Multiply(..)
            | Op::Negate(_)
            | Op::Power(..)
            | Op::Round(..)
            | Op::Floor(_)
            | Op::Pick { .. }
            | Op::Compare(..)
            | Op::Equal(..)
            | Op::OneOf(..)
            | Op::Has(..)
            | Op::Not(_)
            | Op::AtLeast(..)
            | Op::Collect(_)
            | Op::AddDays(..)
            | Op::AddMonths(..)
            | Op::DaysBetween(..)
            | Op::EndOfMonth(_)
            | Op::Anchor(..)
            | Op::PeriodStart(..)
            | Op::NameOfItem(..)
            | Op::List(_) => self.any(&it.op.operands()),
        }
    }

    /// Each operand of `and` matters only where the others hold, of `or` where they do not.
    fn each_beside(&mut self, of: &[StepId], facts: fn(&Plan<'_>, StepId) -> Branch) -> bool {
        if !of.iter().any(|step| self.plan.step(*step).is_none_or(|it| it.bounds.unknown)) {
            return false;
        }
        let known: Vec<Branch> = of
            .iter()
            .map(|step| if known_test(self.plan, *step) { facts(self.plan, *step) } else { Branch::new() })
            .collect();
        of.iter().enumerate().any(|(place, step)| {
            let beside = known.iter().enumerate().filter(|(other, _)| *other != place);
            let branch = beside.flat_map(|(_, facts)| facts.iter().copied()).collect();
            self.where_also(branch, *step)
        })
    }

    /// A result counts only where its row is the one taken.
    fn choose(&mut self, place: StepId, of: &[StepId]) -> bool {
        if self.can_be(place) {
            return true;
        }
        let conditions = match self.plan.op(self.plan.behind(place)) {
            Some(Op::FirstTrue(conditions)) => conditions.as_slice(),
            _ => &[],
        };
        let mut before = Branch::new();
        for (row, result) in of.iter().enumerate() {
            let mut branch = before.clone();
            if let Some(condition) = conditions.get(row) {
                branch.extend(true_facts(self.plan, *condition));
                before.extend(false_facts(self.plan, *condition));
            }
            if self.where_also(branch, *result) {
                return true;
            }
        }
        false
    }

    fn can_be_zero(&self, step: StepId) -> bool {
        let range = self.plan.step(step).and_then(|it| it.bounds.range.as_ref());
        let through = range.is_none_or(|(least, most)| !least.is_positive() && !most.is_negative());
        through && !self.branch.contains(&Holds::NotZero(step))
    }

    /// Whether a step can be a member outside the order.
    fn can_be_apart(&self, step: StepId, kind: crate::value::EnumId, depth: u32) -> bool {
        let Some(of) = self.plan.program.schema.enums.get(kind) else { return true };
        let ordered = of.ordered();
        if ordered == of.members.len() {
            return false;
        }
        let deeper = depth.saturating_add(1);
        match self.plan.op(step) {
            _ if depth > DEEPEST => true,
            Some(Op::OfRank(..) | Op::Unknown(_)) => false,
            // The place of a condition is the place of a band.
            Some(Op::FirstTrue(conditions)) => conditions.len() > ordered,
            Some(Op::Const(Value::Code(code))) => of.member(*code).is_none_or(|member| member.apart),
            Some(Op::Same(a)) => self.can_be_apart(*a, kind, deeper),
            Some(Op::If(_, a, b) | Op::IfUnknown(a, b)) => {
                self.can_be_apart(*a, kind, deeper) || self.can_be_apart(*b, kind, deeper)
            }
            _ => true,
        }
    }

    /// Whether a number is always a place of the order.
    fn is_place(&self, step: StepId, kind: crate::value::EnumId) -> bool {
        let ordered = self.plan.program.schema.enums.get(kind).map_or(0, crate::value::Enum::ordered);
        let most = Number::from_i64(i64::try_from(ordered).unwrap_or(0).saturating_sub(1));
        let range = self.plan.step(step).and_then(|it| it.bounds.range.as_ref());
        range.is_some_and(|(least, highest)| !least.is_negative() && *highest <= most)
    }
}

/// Whether it only asks what is known, so that it never is unknown itself.
fn known_test(plan: &Plan<'_>, step: StepId) -> bool {
    plan.step(step).is_some_and(|it| !it.bounds.unknown)
}

/// What holds where a condition does.
pub(super) fn true_facts(plan: &Plan<'_>, condition: StepId) -> Branch {
    let mut found = Branch::new();
    facts(plan, condition, true, &mut found, 0);
    found
}

/// What holds where a condition is known not to hold.
pub(super) fn false_facts(plan: &Plan<'_>, condition: StepId) -> Branch {
    let mut found = Branch::new();
    facts(plan, condition, false, &mut found, 0);
    found
}

fn facts(plan: &Plan<'_>, condition: StepId, holds: bool, found: &mut Branch, depth: u32) {
    if depth > DEEPEST {
        return;
    }
    let deeper = depth.saturating_add(1);
    let constant = |step: StepId| match plan.op(step) {
        Some(Op::Const(Value::Number(number))) => Some(number),
        _ => None,
    };
    match plan.op(condition) {
        Some(Op::Same(a)) => facts(plan, *a, holds, found, deeper),
        Some(Op::IsKnown(a)) if holds => {
            found.insert(Holds::Known(*a));
        }
        Some(Op::Not(a)) => facts(plan, *a, !holds, found, deeper),
        Some(Op::And(of)) if holds => of.iter().for_each(|it| facts(plan, *it, true, found, deeper)),
        Some(Op::Or(of)) if !holds => of.iter().for_each(|it| facts(plan, *it, false, found, deeper)),
        // Where the stand-in says otherwise, the condition itself was known to be so.
        Some(Op::IfUnknown(a, b)) if matches!(plan.op(*b), Some(Op::Const(Value::Bool(instead))) if *instead != holds) =>
        {
            facts(plan, *a, holds, found, deeper);
        }
        Some(Op::OneOf(a, _) | Op::Has(a, _)) => {
            found.insert(Holds::Known(*a));
        }
        Some(Op::Equal(a, b)) => {
            found.extend([Holds::Known(*a), Holds::Known(*b)]);
            if !holds && constant(*b).is_some_and(Number::is_zero) {
                found.insert(Holds::NotZero(*a));
            }
        }
        Some(Op::Compare(how, a, b)) => {
            found.extend([Holds::Known(*a), Holds::Known(*b)]);
            let Some(bound) = constant(*b) else { return };
            let how = if holds { *how } else { how.opposite() };
            let not_zero = match how {
                Compare::Greater => !bound.is_negative(),
                Compare::GreaterOrEqual => bound.is_positive(),
                Compare::Less => !bound.is_positive(),
                Compare::LessOrEqual => bound.is_negative(),
            };
            if not_zero {
                found.insert(Holds::NotZero(*a));
            }
        }
        _ => {}
    }
}

/// From where a step can be unknown.
pub(in super::super) struct Leak {
    /// The step that is the source: an optional fact, a quotient, a search without a row.
    pub(in super::super) source: StepId,
    /// The way from the step to the source, both included.
    pub(in super::super) path: Vec<StepId>,
}

/// From where a step can be unknown: the first way back to a source.
pub(in super::super) fn leak(plan: &Plan<'_>, step: StepId) -> Option<Leak> {
    let looks = Cell::new(0);
    let mut path = Vec::new();
    let mut branch = Branch::new();
    let mut at = step;
    while path.len() < plan.steps.len() {
        path.push(at);
        let op = plan.op(at)?;
        let depth = 0;
        let mut asked = Asked { plan, branch, answers: BTreeMap::new(), looks: &looks, depth };
        let next = match op {
            Op::Divide(_, by) if asked.can_be_zero(*by) => {
                op.operands().into_iter().find(|step| asked.can_be(*step)).map(|step| (step, Branch::new()))
            }
            Op::If(c, a, b) => {
                let ways = [(*c, Branch::new()), (*a, true_facts(plan, *c)), (*b, false_facts(plan, *c))];
                ways.into_iter().find(|(step, facts)| asked.where_also(facts.clone(), *step))
            }
            Op::Choose(place, of) if !asked.can_be(*place) => {
                of.iter().find(|step| asked.can_be(**step)).map(|step| (*step, Branch::new()))
            }
            // A customer decided alone knows its group, and yet not what the others in it have.
            Op::Book(..) => None,
            _ => op.operands().into_iter().find(|step| asked.can_be(*step)).map(|step| (step, Branch::new())),
        };
        branch = asked.branch;
        match next {
            Some((next, facts)) => {
                branch.extend(facts);
                at = next;
            }
            None => return Some(Leak { source: at, path }),
        }
    }
    None
}
