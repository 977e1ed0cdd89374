//! Goals that no customer can reach, by what the plan knows of its values before it sees one.

use std::collections::BTreeMap;

use super::goal::{Never, Sight};
use crate::plan::{Compare, Op, Plan, StepId, Take};
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
        Sight::Differ(before, after) => level(plan, *before, *after),
        Sight::Among(..) | Sight::Known(_) | Sight::Positive(_) | Sight::Same(..) | Sight::Exactly(..) => {
            None
        }
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

/// Two comparisons that cannot come out so together: what they compare comes to the same sum, and their bounds leave nothing
/// between them. `overdue ≤ 0` and `overdue - 0 > 1万`, as a check with a tolerance has them, are two such.
fn excluded(plan: &Plan, of: &[Sight]) -> Option<Never> {
    let mut told: Vec<Told> = Vec::new();
    for way in of {
        match way {
            // The opposite of the same condition, asked for by two parts.
            Sight::Is(step, so) if of.contains(&Sight::Is(*step, !so)) => {
                return Some(Never::Excluded(*step, *step));
            }
            Sight::Is(step, so) => of_condition(plan, *step, *so, *step, &mut told),
            Sight::Would(it) => {
                of_comparison(plan, it.how, (it.key, it.bound), it.met, it.compare, &mut told)
            }
            _ => {}
        }
    }
    for (place, one) in told.iter().enumerate() {
        for other in told.iter().skip(place.saturating_add(1)) {
            if one.of == other.of && (one.excludes(other) || other.excludes(one)) {
                return Some(Never::Excluded(one.by, other.by));
            }
        }
    }
    None
}

/// What a comparison that came out so tells of a sum: that it lies above, or below, a bound.
struct Told {
    of: Terms,
    above: bool,
    bound: Number,
    included: bool,
    by: StepId,
}

impl Told {
    /// Whether this one, a lower bound, leaves nothing below the other's upper bound.
    fn excludes(&self, other: &Told) -> bool {
        let both = self.included && other.included;
        self.above && !other.above && (self.bound > other.bound || self.bound == other.bound && !both)
    }
}

/// Steps with what each is taken times.
type Terms = BTreeMap<StepId, Number>;

/// What a condition that came out so tells.
fn of_condition(plan: &Plan, step: StepId, so: bool, by: StepId, told: &mut Vec<Told>) {
    match plan.steps.get(step).map(|it| &it.op) {
        Some(Op::Compare(how, a, b)) => of_comparison(plan, *how, (*a, *b), so, by, told),
        Some(Op::Same(of)) => of_condition(plan, *of, so, by, told),
        Some(Op::Not(of)) => of_condition(plan, *of, !so, by, told),
        Some(Op::And(of)) if so => of.iter().for_each(|one| of_condition(plan, *one, true, by, told)),
        Some(Op::Or(of)) if !so => of.iter().for_each(|one| of_condition(plan, *one, false, by, told)),
        // What is said where it is unknown is the other answer: so it is known.
        Some(Op::IfUnknown(of, otherwise)) if truth(plan, *otherwise) == Some(!so) => {
            of_condition(plan, *of, so, by, told);
        }
        _ => {}
    }
}

fn truth(plan: &Plan, step: StepId) -> Option<bool> {
    match plan.steps.get(step).map(|it| &it.op) {
        Some(Op::Const(Value::Bool(so))) => Some(*so),
        _ => None,
    }
}

fn of_comparison(
    plan: &Plan,
    how: Compare,
    (a, b): (StepId, StepId),
    met: bool,
    by: StepId,
    told: &mut Vec<Told>,
) {
    let (above, included) = match (how, met) {
        (Compare::GreaterOrEqual, true) | (Compare::Less, false) => (true, true),
        (Compare::Greater, true) | (Compare::LessOrEqual, false) => (true, false),
        (Compare::LessOrEqual, true) | (Compare::Greater, false) => (false, true),
        (Compare::Less, true) | (Compare::GreaterOrEqual, false) => (false, false),
    };
    let (mine, other) = (sum(plan, a), sum(plan, b));
    let mut tell = |(terms, rest): (Terms, Number), above: bool, bound: Number, included: bool| {
        told.extend(scaled(terms, above, bound.sub(&rest), included, by));
    };
    tell(plus(mine.clone(), &other, true), above, Number::ZERO, included);
    // Either side against the end of the other's range: above a value that is never negative is above 0.
    let range = |step: StepId| plan.steps.get(step)?.bounds.range.clone();
    if let Some((low, high)) = range(b) {
        tell(mine, above, if above { low } else { high }, included);
    }
    if let Some((low, high)) = range(a) {
        tell(other, !above, if above { high } else { low }, included);
    }
    // What is above 0 for certain, where this is.
    let positive =
        above && range(b).is_some_and(|(low, _)| !(low.is_negative() || low.is_zero() && included));
    if positive {
        let mut needed = Vec::new();
        positives(plan, a, &mut needed);
        for step in needed {
            tell(sum(plan, step), true, Number::ZERO, false);
        }
    }
}

/// A bound of a sum whose first term is taken once.
fn scaled(terms: Terms, above: bool, bound: Number, included: bool, by: StepId) -> Option<Told> {
    let first = terms.values().next()?.clone();
    let of = terms.into_iter().map(|(step, times)| Some((step, times.div(&first)?)));
    let above = above != first.is_negative();
    Some(Told { of: of.collect::<Option<Terms>>()?, above, bound: bound.div(&first)?, included, by })
}

/// A value as a sum: what is taken how often, and a number.
fn sum(plan: &Plan, step: StepId) -> (Terms, Number) {
    let own = || (Terms::from([(step, Number::ONE)]), Number::ZERO);
    match plan.steps.get(step).map(|it| &it.op) {
        Some(Op::Const(Value::Number(number))) => (Terms::new(), number.clone()),
        Some(Op::Same(of)) => sum(plan, *of),
        Some(Op::Add(a, b)) => plus(sum(plan, *a), &sum(plan, *b), false),
        Some(Op::Subtract(a, b)) => plus(sum(plan, *a), &sum(plan, *b), true),
        Some(Op::Negate(of)) => plus((Terms::new(), Number::ZERO), &sum(plan, *of), true),
        _ => own(),
    }
}

/// Two sums together; the second taken off, where that is wanted.
fn plus((mut terms, rest): (Terms, Number), (more, other): &(Terms, Number), off: bool) -> (Terms, Number) {
    let signed = |number: &Number| if off { number.neg() } else { number.clone() };
    for (step, times) in more {
        let known = terms.remove(step).unwrap_or(Number::ZERO);
        let times = known.add(&signed(times));
        if !times.is_zero() {
            terms.insert(*step, times);
        }
    }
    (terms, rest.add(&signed(other)))
}

/// What is above 0 wherever a value is: what it is the lowest of, the branch that alone can give such a value.
fn positives(plan: &Plan, step: StepId, found: &mut Vec<StepId>) {
    let never_above = |step: StepId| {
        let range = plan.steps.get(step).and_then(|it| it.bounds.range.as_ref());
        range.is_some_and(|(_, high)| !high.is_positive())
    };
    if found.contains(&step) {
        return;
    }
    found.push(step);
    match plan.steps.get(step).map(|it| &it.op) {
        Some(Op::Same(of)) => positives(plan, *of, found),
        Some(Op::Pick { take: Take::Lowest, of, skip_unknown: false }) => {
            of.iter().for_each(|one| positives(plan, *one, found));
        }
        Some(Op::Pick { take: Take::Highest, of, .. }) => {
            let mut able = of.iter().filter(|one| !never_above(**one));
            if let (Some(only), None) = (able.next(), able.next()) {
                positives(plan, *only, found);
            }
        }
        Some(Op::If(_, one, other) | Op::IfUnknown(one, other)) => {
            match (never_above(*one), never_above(*other)) {
                (false, true) => positives(plan, *one, found),
                (true, false) => positives(plan, *other, found),
                (true, true) | (false, false) => {}
            }
        }
        _ => {}
    }
}

/// Why an amount is never changed by a line that caps it or puts a floor under it: its range leaves that nothing to do.
fn level(plan: &Plan, before: StepId, after: StepId) -> Option<Never> {
    let (low, high) = plan.steps.get(before)?.bounds.range.clone()?;
    is_level(plan, before, after, (&low, &high)).then_some(Never::Range(before, low, high))
}

fn is_level(plan: &Plan, before: StepId, after: StepId, (low, high): (&Number, &Number)) -> bool {
    if before == after {
        return true;
    }
    let range = |step: StepId| plan.steps.get(step)?.bounds.range.clone();
    match plan.steps.get(after).map(|it| &it.op) {
        Some(Op::Same(of)) => is_level(plan, before, *of, (low, high)),
        Some(Op::If(_, yes, no)) => {
            is_level(plan, before, *yes, (low, high)) && is_level(plan, before, *no, (low, high))
        }
        Some(Op::Pick { take, of, .. }) => {
            let yields = |step: StepId| match (take, range(step)) {
                (Take::Highest, Some((_, most))) => most <= *low,
                (Take::Lowest, Some((least, _))) => least >= *high,
                (Take::Average | Take::Middle | Take::First, _) | (_, None) => false,
            };
            of.contains(&before) && of.iter().all(|step| *step == before || yields(*step))
        }
        _ => false,
    }
}
