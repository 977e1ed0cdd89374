//! The search: from a customer that is known towards one of whom steps are what is wanted.
//!
//! It goes on from the customer that is nearest so far, tries the changes that [`super::backward`] proposes, runs the plan for
//! each, and stops at the first that is right, or when as many customers were tried as it may. Nothing in it is left to
//! chance: the same plan and the same start give the same customer.

use std::collections::BTreeSet;

use super::backward::proposals;
use super::customer::{Customer, figure};
use super::oracle::Oracle;
use super::want::{Range, Want};
use crate::plan::{Compare, Op, Plan, StepId};
use crate::value::{Number, Value};

/// So many customers wait to be gone on from.
const MOST_WAITING: usize = 48;

/// What a customer has to bring about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Aim {
    /// A step is what is wanted: of the customer, or of this item.
    Step {
        /// The step.
        step: StepId,
        /// The item, by its place in its list.
        item: usize,
        /// What is wanted of it.
        want: Want,
    },
    /// A comparison comes out so, whether the plan makes it or not.
    Compared {
        /// How they are compared.
        how: Compare,
        /// The one.
        left: StepId,
        /// The other.
        right: StepId,
        /// The item, by its place in its list.
        item: usize,
        /// Whether it holds.
        yes: bool,
    },
    /// Two values are known, and differ.
    Apart {
        /// The one.
        left: StepId,
        /// The other.
        right: StepId,
        /// The item, by its place in its list.
        item: usize,
    },
    /// Two values are known, and are the same.
    Level {
        /// The one.
        left: StepId,
        /// The other.
        right: StepId,
        /// The item, by its place in its list.
        item: usize,
    },
}

impl Aim {
    /// That a step of the customer, or of an item, is what is wanted.
    #[must_use]
    pub fn step(step: StepId, item: usize, want: Want) -> Aim {
        Aim::Step { step, item, want }
    }

    /// The steps that it looks at.
    pub fn steps(&self) -> impl Iterator<Item = StepId> {
        let (one, other) = match self {
            Aim::Step { step, .. } => (*step, None),
            Aim::Level { left, right, .. }
            | Aim::Apart { left, right, .. }
            | Aim::Compared { left, right, .. } => (*left, Some(*right)),
        };
        std::iter::once(one).chain(other)
    }
}

/// How far a customer is from what is wanted: how many conditions stand open, and how wide the first gap is.
type Distance = (u32, Number);

/// Searches from a customer for one that brings all aims about; none where `tries` customers did not.
///
/// Facts alone are changed, and computed values that no fact can bring; with `gives`, also other values with a name.
#[must_use]
pub fn reach(
    oracle: &mut Oracle<'_>,
    start: &Customer,
    aims: &[Aim],
    tries: usize,
    gives: bool,
) -> Option<Customer> {
    let end = oracle.asked.saturating_add(tries.max(1));
    oracle.ask(start);
    let aims: Vec<Aim> = aims.iter().map(|aim| settled(oracle, aim)).collect();
    let aims = aims.as_slice();
    let at_start = distance(oracle, aims);
    if at_start.0 == 0 {
        return Some(start.clone());
    }
    let mut seen: BTreeSet<String> = BTreeSet::from([format!("{start:?}")]);
    let mut waiting: Vec<(Distance, usize, Customer)> = vec![(at_start, 0, start.clone())];
    let mut number = 0_usize;
    while oracle.asked < end && !waiting.is_empty() {
        let (_, _, customer) = waiting.remove(0);
        oracle.ask(&customer);
        let mut changes = Vec::new();
        for aim in aims {
            for change in of_aim(oracle, &customer, aim, gives) {
                if !changes.contains(&change) {
                    changes.push(change);
                }
            }
        }
        for change in changes {
            if oracle.asked >= end {
                break;
            }
            let Some(next) = customer.with(oracle.plan(), &change) else { continue };
            if !seen.insert(format!("{next:?}")) {
                continue;
            }
            oracle.ask(&next);
            let far = distance(oracle, aims);
            if far.0 == 0 {
                return Some(next);
            }
            number = number.saturating_add(1);
            let place = waiting.partition_point(|(other, earlier, _)| (other, earlier) <= (&far, &number));
            waiting.insert(place, (far, number, next));
            waiting.truncate(MOST_WAITING);
        }
    }
    None
}

/// An aim that says only which way from where the customer is now, as one that says when it is reached.
fn settled(oracle: &Oracle<'_>, aim: &Aim) -> Aim {
    let Aim::Step { step, item, want } = aim else { return aim.clone() };
    let now = oracle.value(*step, *item);
    let want = match (want, figure(&now)) {
        (Want::Move(true) | Want::Other, Some(number)) => Want::Within(Range::from(number, false)),
        (Want::Move(false), Some(number)) => Want::Within(Range::up_to(number, false)),
        (Want::Other, None) => Want::another(&now).unwrap_or(Want::Known),
        _ => return aim.clone(),
    };
    Aim::Step { step: *step, item: *item, want }
}

/// The changes that could bring an aim nearer.
pub(super) fn of_aim(
    oracle: &Oracle<'_>,
    customer: &Customer,
    aim: &Aim,
    gives: bool,
) -> Vec<super::customer::Change> {
    match aim {
        Aim::Step { step, item, want } => {
            let now = oracle.value(*step, *item);
            if want.holds(&now) { Vec::new() } else { proposals(oracle, customer, *step, *item, want, gives) }
        }
        Aim::Compared { how, left, right, item, yes } => {
            let (a, b) = (oracle.value(*left, *item), oracle.value(*right, *item));
            let mut found = Vec::new();
            for (step, value) in [(*left, &a), (*right, &b)] {
                if !value.is_known() {
                    found.extend(proposals(oracle, customer, step, *item, &Want::Known, gives));
                }
            }
            if let (Some(a), Some(b)) = (figure(&a), figure(&b)) {
                let (for_left, for_right) = sides(*how, *yes, a, b);
                for (step, range) in [(*left, for_left), (*right, for_right)] {
                    found.extend(proposals(oracle, customer, step, *item, &Want::Within(range), gives));
                }
            }
            found
        }
        Aim::Apart { left, right, item } => {
            let mut found = Vec::new();
            for step in [*left, *right] {
                let now = oracle.value(step, *item);
                let want =
                    if now.is_known() { Want::another(&now).unwrap_or(Want::Other) } else { Want::Known };
                found.extend(proposals(oracle, customer, step, *item, &want, gives));
                for up in [true, false] {
                    if is_figure(&now) {
                        found.extend(proposals(oracle, customer, step, *item, &Want::Move(up), gives));
                    }
                }
            }
            found
        }
        Aim::Level { left, right, item } => {
            let (a, b) = (oracle.value(*left, *item), oracle.value(*right, *item));
            let mut found = Vec::new();
            for (step, own, other) in [(*left, &a, &b), (*right, &b, &a)] {
                let want = Want::same(other).unwrap_or(Want::Known);
                if other.is_known() || !own.is_known() {
                    found.extend(proposals(oracle, customer, step, *item, &want, gives));
                }
            }
            found
        }
    }
}

fn distance(oracle: &Oracle<'_>, aims: &[Aim]) -> Distance {
    aims.iter().fold((0, Number::ZERO), |sum, aim| plus(sum, of(oracle, aim)))
}

fn plus(left: Distance, right: Distance) -> Distance {
    (left.0.saturating_add(right.0), left.1.add(&right.1))
}

fn of(oracle: &Oracle<'_>, aim: &Aim) -> Distance {
    match aim {
        Aim::Step { step, item, want } => of_step(oracle, *step, *item, want, 24),
        Aim::Compared { how, left, right, item, yes } => {
            match (figure(&oracle.value(*left, *item)), figure(&oracle.value(*right, *item))) {
                (Some(left), Some(right)) if compared(*how, &left, &right) == *yes => (0, Number::ZERO),
                (Some(left), Some(right)) => (1, left.sub(&right).abs()),
                _ => (2, Number::ZERO),
            }
        }
        Aim::Apart { left, right, item } => {
            let (left, right) = (oracle.value(*left, *item), oracle.value(*right, *item));
            match (left.is_known(), right.is_known()) {
                (true, true) => (u32::from(left == right), Number::ZERO),
                (one, other) => {
                    (1_u32.saturating_add(u32::from(!one)).saturating_add(u32::from(!other)), Number::ZERO)
                }
            }
        }
        Aim::Level { left, right, item } => {
            let values = (oracle.value(*left, *item), oracle.value(*right, *item));
            if values.0.is_known() && values.0 == values.1 {
                return (0, Number::ZERO);
            }
            match (figure(&values.0), figure(&values.1)) {
                (Some(left), Some(right)) if left == right => (0, Number::ZERO),
                (Some(left), Some(right)) => (1, left.sub(&right).abs()),
                _ => (2, Number::ZERO),
            }
        }
    }
}

/// How many conditions keep a step from being what is wanted.
fn of_step(oracle: &Oracle<'_>, step: StepId, item: usize, want: &Want, depth: u32) -> Distance {
    let now = oracle.value(step, item);
    if want.holds(&now) {
        return (0, Number::ZERO);
    }
    let plan: &Plan = oracle.plan();
    let Some(depth) = depth.checked_sub(1) else { return (1, Number::ZERO) };
    let down = |step: StepId, want: &Want| of_step(oracle, step, item, want, depth);
    let all = |of: &[StepId], want: &Want| {
        of.iter().fold((0, Number::ZERO), |sum, one| plus(sum, down(*one, want)))
    };
    let one = |of: &[StepId], want: &Want| of.iter().map(|one| down(*one, want)).min();
    let unknown: u32 = if now.is_known() { 1 } else { 2 };
    let found = match (plan.steps.get(step).map(|step| &step.op), want) {
        (Some(Op::Same(a)), _) => Some(down(*a, want)),
        (Some(Op::Not(a)), Want::Truth(yes)) => Some(down(*a, &Want::Truth(!yes))),
        (Some(Op::And(of)), Want::Truth(true)) | (Some(Op::Or(of)), Want::Truth(false)) => {
            Some(all(of, want))
        }
        (Some(Op::And(of)), Want::Truth(false)) | (Some(Op::Or(of)), Want::Truth(true)) => one(of, want),
        (Some(Op::Compare(_, a, b)), Want::Truth(_)) => {
            match (figure(&oracle.value(*a, item)), figure(&oracle.value(*b, item))) {
                (Some(a), Some(b)) => Some((1, a.sub(&b).abs())),
                _ => None,
            }
        }
        (Some(Op::FirstTrue(of)), Want::OneOf(codes)) => codes
            .iter()
            .filter_map(|code| {
                let place = *code as usize;
                let before = all(of.get(..place)?, &Want::Truth(false));
                Some(plus(before, down(*of.get(place)?, &Want::Truth(true))))
            })
            .min(),
        (_, Want::Within(range)) => figure(&now).map(|number| (1, range.distance(&number))),
        _ => None,
    };
    // What is wanted does not hold, whatever its parts say.
    match found {
        Some((0, gap)) => (1, gap),
        Some(found) => found,
        None => (unknown, Number::ZERO),
    }
}

/// Whether a comparison of two numbers or days holds.
#[must_use]
pub fn compared(how: Compare, left: &Number, right: &Number) -> bool {
    match how {
        Compare::Less => left < right,
        Compare::LessOrEqual => left <= right,
        Compare::Greater => left > right,
        Compare::GreaterOrEqual => left >= right,
    }
}

/// Where the left has to lie for a comparison to come out so while the right stays, and the other way round.
pub(super) fn sides(how: Compare, yes: bool, left: Number, right: Number) -> (Range, Range) {
    // Whether the left has to be above, and whether the same will do.
    let (above, equal) = match (how, yes) {
        (Compare::Less, true) | (Compare::GreaterOrEqual, false) => (false, false),
        (Compare::LessOrEqual, true) | (Compare::Greater, false) => (false, true),
        (Compare::Greater, true) | (Compare::LessOrEqual, false) => (true, false),
        (Compare::GreaterOrEqual, true) | (Compare::Less, false) => (true, true),
    };
    match above {
        true => (Range::from(right, equal), Range::up_to(left, equal)),
        false => (Range::up_to(right, equal), Range::from(left, equal)),
    }
}

/// Whether a value is a number or a day.
pub(super) fn is_figure(value: &Value) -> bool {
    matches!(value, Value::Number(_) | Value::Date(_))
}
