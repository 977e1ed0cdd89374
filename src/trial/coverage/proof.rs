//! Goals that no customer can reach, by what the plan knows of its values before it sees one.

use super::goal::{Never, Sight, Threshold};
use crate::plan::{Compare, Op, Plan, StepId};
use crate::value::{Number, Value};

/// Why a goal cannot be reached; none where nothing is proved.
pub(super) fn never(plan: &Plan, way: &Sight) -> Option<Never> {
    match way {
        Sight::Is(step, so) => stuck(plan, *step, *so),
        Sight::Would(it) => out_of_range(plan, it.how, it.key, it.bound, it.met),
        Sight::Unknown(step) => {
            let it = plan.steps.get(*step)?;
            (!it.bounds.unknown).then_some(Never::Known(*step))
        }
        Sight::Code(chosen, place) => match &plan.steps.get(*chosen)?.op {
            Op::FirstTrue(rows) => stuck(plan, *rows.get(*place as usize)?, true),
            _ => None,
        },
        Sight::All(of) => of.iter().find_map(|one| never(plan, one)).or_else(|| excluded(plan, of)),
        Sight::Any(of) => {
            let mut reasons = of.iter().map(|one| never(plan, one));
            let first = reasons.next()??;
            reasons.all(|reason| reason.is_some()).then_some(first)
        }
        Sight::Among(..)
        | Sight::Known(_)
        | Sight::Positive(_)
        | Sight::Differ(..)
        | Sight::Same(..)
        | Sight::Exactly(..) => None,
    }
}

/// Why a condition never comes out so.
fn stuck(plan: &Plan, step: StepId, so: bool) -> Option<Never> {
    let it = plan.steps.get(step)?;
    match &it.op {
        Op::Const(Value::Bool(always)) => (*always != so).then_some(Never::Constant(step)),
        Op::Compare(how, a, b) => out_of_range(plan, *how, *a, *b, so),
        Op::Not(of) => stuck(plan, *of, !so),
        Op::Same(of) => stuck(plan, *of, so),
        Op::IsKnown(of) => {
            let can = plan.steps.get(*of)?.bounds.unknown;
            (!so && !can).then_some(Never::Known(*of))
        }
        Op::And(of) if so => of.iter().find_map(|part| stuck(plan, *part, true)),
        Op::Or(of) if !so => of.iter().find_map(|part| stuck(plan, *part, false)),
        Op::And(of) | Op::Or(of) => {
            let mut reasons = of.iter().map(|part| stuck(plan, *part, so));
            let first = reasons.next()??;
            reasons.all(|reason| reason.is_some()).then_some(first)
        }
        _ => None,
    }
}

/// Whether the ranges of both sides leave a comparison no choice.
fn out_of_range(plan: &Plan, how: Compare, a: StepId, b: StepId, so: bool) -> Option<Never> {
    let range = |step: StepId| plan.steps.get(step)?.bounds.range.clone();
    let ((low, high), (least, most)) = (range(a)?, range(b)?);
    let (sure, never) = match how {
        Compare::Less => (high < least, low >= most),
        Compare::LessOrEqual => (high <= least, low > most),
        Compare::Greater => (low > most, high <= least),
        Compare::GreaterOrEqual => (low >= most, high < least),
    };
    let fixed = if so { never } else { sure };
    fixed.then_some(Never::Range(a, low, high))
}

/// The values between which a key must lie.
struct Between<'p> {
    key: StepId,
    low: Option<(&'p Number, bool)>,
    high: Option<(&'p Number, bool)>,
    first: StepId,
}

/// Two comparisons of one key with constants that cannot come out so together.
fn excluded(plan: &Plan, of: &[Sight]) -> Option<Never> {
    let mut keys: Vec<Between<'_>> = Vec::new();
    for way in of {
        let Sight::Is(step, so) = way else { continue };
        // The opposite of the same condition, asked for by two parts.
        if of.contains(&Sight::Is(*step, !so)) {
            return Some(Never::Excluded(*step, *step));
        }
        let Some(it) = Threshold::of(plan, way) else { continue };
        let Some(Op::Const(Value::Number(bound))) = plan.steps.get(it.bound).map(|it| &it.op) else {
            continue;
        };
        let (above, included) = match (it.how, it.met) {
            (Compare::GreaterOrEqual, true) | (Compare::Less, false) => (true, true),
            (Compare::Greater, true) | (Compare::LessOrEqual, false) => (true, false),
            (Compare::LessOrEqual, true) | (Compare::Greater, false) => (false, true),
            (Compare::Less, true) | (Compare::GreaterOrEqual, false) => (false, false),
        };
        if !keys.iter().any(|between| between.key == it.key) {
            keys.push(Between { key: it.key, low: None, high: None, first: *step });
        }
        let Some(between) = keys.iter_mut().find(|between| between.key == it.key) else { continue };
        let side = if above { &mut between.low } else { &mut between.high };
        let tighter = side.is_none_or(|(known, open)| match above {
            true => bound > known || bound == known && open && !included,
            false => bound < known || bound == known && open && !included,
        });
        if tighter {
            *side = Some((bound, included));
        }
        if let (Some((low, at_low)), Some((high, at_high))) = (between.low, between.high)
            && (low > high || low == high && !(at_low && at_high))
        {
            return Some(Never::Excluded(between.first, *step));
        }
    }
    None
}
