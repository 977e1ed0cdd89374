//! A smallest set of cases that reaches what the cases there are do not.

use super::customer::Customer;
use super::file::Pen;
use super::make::{Names, case, least};
use super::oracle::{Bench, Oracle};
use super::search::{Aim, reach};
use super::want::{Range, Want};
use crate::base::{Lang, Str};
use crate::plan::{CaseItem, StepId};
use crate::trial::coverage::{Goal, Index, Reached, Sight, of_case};
use crate::trial::threads;
use crate::value::Number;

/// So many known customers a search for a goal begins from.
const MOST_STARTS: usize = 6;
/// So many customers are run for one way to a goal from one start.
const TRIES: usize = 200;
/// So many ways to a goal are tried.
const MOST_WAYS: usize = 6;

/// A case that reaches goals.
#[derive(Clone, Debug)]
pub struct Covering {
    /// The case.
    pub case: CaseItem,
    /// The goal for which it was searched, by its place.
    pub goal: usize,
    /// What it reaches.
    pub reached: Reached,
}

/// What came of the search for a smallest set.
#[derive(Clone, Debug, Default)]
pub struct Cover {
    /// The cases: none of them can be left out. In the order of the goals for which they stand.
    pub cases: Vec<Covering>,
    /// How many goals there are that are not proved out of reach.
    pub reachable: usize,
    /// How many of those the cases of the policy reach.
    pub before: usize,
    /// The goals that nothing reaches, with how many customers were tried for each; those proved out of reach say so
    /// themselves ([`Goal::never`]).
    pub unreached: Vec<(usize, usize)>,
}

/// Looks for cases that reach every goal of a plan that its own cases do not.
///
/// Of the cases found, always the one that reaches most of what is left is taken; then every one without which nothing is
/// lost is left out again. So none of the set can be left out; that no other set is smaller is not said.
#[must_use]
pub fn cover(pen: &Pen<'_>, known: &[Customer]) -> Cover {
    let Pen { bench, goals, lang, .. } = *pen;
    let names = Names::of(bench.plan);
    let before = Index::of(bench.plan, goals, &bench.plan.cases, bench.calendars, bench.scripts).all();
    let may = |goal: &usize| goals.get(*goal).is_some_and(|goal| goal.never.is_none());
    let missing: Vec<usize> = (0..goals.len()).filter(|goal| may(goal) && !before.has(*goal)).collect();
    let mut found: Vec<Covering> = Vec::new();
    let mut unreached = Vec::new();
    let wanted: Vec<(usize, &Goal)> =
        missing.iter().filter_map(|place| Some((*place, goals.get(*place)?))).collect();
    let search = |goal: &(usize, &Goal)| for_goal(bench, &names, goals, *goal, known, lang);
    for ((place, _), case) in wanted.iter().zip(threads::map(pen.jobs, &wanted, search)) {
        match case {
            Ok(case) => found.push(case),
            Err(tries) => unreached.push((*place, tries)),
        }
    }
    unreached.retain(|(goal, _)| !found.iter().any(|case| case.reached.has(*goal)));
    unreached.extend((0..goals.len()).filter(|goal| !may(goal) && !before.has(*goal)).map(|goal| (goal, 0)));
    unreached.sort_unstable();
    let reachable = (0..goals.len()).filter(may).count();
    Cover {
        cases: smallest(found, &missing),
        reachable,
        before: reachable.saturating_sub(missing.len()),
        unreached,
    }
}

/// Greedy choice, then the removal of what is not needed.
fn smallest(found: Vec<Covering>, missing: &[usize]) -> Vec<Covering> {
    let mut left: Vec<usize> = missing.to_vec();
    let mut taken: Vec<Covering> = Vec::new();
    let mut rest = found;
    loop {
        let gain = |case: &Covering| left.iter().filter(|goal| case.reached.has(**goal)).count();
        let mut best: Option<(usize, usize)> = None;
        for (place, case) in rest.iter().enumerate() {
            let gain = gain(case);
            if gain > 0 && best.is_none_or(|(_, most)| gain > most) {
                best = Some((place, gain));
            }
        }
        let Some((place, _)) = best else { break };
        let case = rest.remove(place);
        left.retain(|goal| !case.reached.has(*goal));
        taken.push(case);
    }
    let mut place = taken.len();
    while let Some(last) = place.checked_sub(1) {
        place = last;
        let Some(case) = taken.get(place) else { continue };
        let elsewhere = |goal: &usize| {
            taken.iter().enumerate().any(|(other, case)| other != place && case.reached.has(*goal))
        };
        if missing.iter().filter(|goal| case.reached.has(**goal)).all(elsewhere) {
            taken.remove(place);
        }
    }
    taken.sort_by_key(|case| case.goal);
    taken
}

/// A case that reaches a goal; else how many customers were tried.
fn for_goal(
    bench: Bench<'_>,
    names: &Names,
    goals: &[Goal],
    (place, goal): (usize, &Goal),
    known: &[Customer],
    lang: Lang,
) -> Result<Covering, usize> {
    let value = bench.plan.items.get(goal.item).map(|item| item.value);
    let mut starts: Vec<&Customer> = known.iter().collect();
    starts.sort_by_key(|customer| (!customer.values.is_empty(), customer.size()));
    let mut tried = 0_usize;
    for way in goal.ways.iter().take(MOST_WAYS) {
        for aims in ways(way).into_iter().take(MOST_WAYS) {
            let steps: Vec<StepId> = aims.iter().flat_map(Aim::steps).collect();
            let mut oracle = Oracle::new(bench, &steps);
            let deepest = steps.iter().max().copied();
            for gives in [false, true] {
                for start in starts.iter().take(MOST_STARTS) {
                    let Some(customer) = reach(&mut oracle, start, &aims, TRIES, gives) else { continue };
                    let Some(deepest) = deepest else { continue };
                    // What rests on all of it; else, for each part of it, the nearest that rests on that.
                    let behind = names.behind(bench.plan, deepest, value).into_iter();
                    let together =
                        behind.map(|target| vec![target]).chain(apart(bench, names, &steps, &customer));
                    for targets in together {
                        let mut kept = steps.clone();
                        kept.extend(&targets);
                        let small = least(bench, std::slice::from_ref(&customer), &kept);
                        let name = goal.name.pick(lang).clone();
                        for customer in small.iter().chain([&customer]) {
                            let Some((_, case)) = case(bench, names, customer, name.clone(), &targets) else {
                                continue;
                            };
                            let (result, reached) =
                                of_case(bench.plan, goals, &case, bench.calendars, bench.scripts);
                            if result.passed() && reached.has(place) {
                                return Ok(Covering { case, goal: place, reached });
                            }
                        }
                    }
                }
            }
            tried = tried.saturating_add(oracle.asked);
        }
    }
    Err(tried)
}

/// For each of several steps, the nearest value that rests on it and is not given; none where one rests on them all.
fn apart(bench: Bench<'_>, names: &Names, steps: &[StepId], customer: &Customer) -> Option<Vec<StepId>> {
    let is_given = |step: &StepId| customer.values.contains_key(step);
    let mut targets: Vec<StepId> = Vec::new();
    for step in steps {
        let nearest = names.behind(bench.plan, *step, None).into_iter().find(|target| !is_given(target))?;
        if !targets.contains(&nearest) {
            targets.push(nearest);
        }
    }
    (targets.len() > 1).then_some(targets)
}

/// What has to be brought about for a sight to be seen: alternatives, each a list of aims.
fn ways(sight: &Sight) -> Vec<Vec<Aim>> {
    let one = |step: StepId, want: Want| vec![vec![Aim::step(step, 0, want)]];
    match sight {
        Sight::Is(step, so) => one(*step, Want::Truth(*so)),
        Sight::Code(step, code) => one(*step, Want::OneOf(vec![*code])),
        Sight::Among(step, codes) => one(*step, Want::OneOf(codes.clone())),
        Sight::Known(step) => one(*step, Want::Known),
        Sight::Unknown(step) => one(*step, Want::Unknown),
        Sight::Positive(step) => one(*step, Want::Within(Range::from(Number::ZERO, false))),
        Sight::Differ(left, right) => vec![vec![Aim::Apart { left: *left, right: *right, item: 0 }]],
        Sight::Same(left, right) => vec![vec![Aim::Level { left: *left, right: *right, item: 0 }]],
        Sight::Would(it) => {
            vec![vec![Aim::Compared { how: it.how, left: it.key, right: it.bound, item: 0, yes: it.met }]]
        }
        Sight::Exactly(count, of) => {
            // The first so many, the second so many …
            let count = *count as usize;
            (0..of.len().max(1))
                .map(|first| {
                    let holds = |place: usize| {
                        let behind = place
                            .checked_sub(first)
                            .unwrap_or_else(|| place.saturating_add(of.len()).saturating_sub(first));
                        behind < count
                    };
                    let aims = of.iter().enumerate();
                    aims.map(|(place, step)| Aim::step(*step, 0, Want::Truth(holds(place)))).collect()
                })
                .collect()
        }
        Sight::All(of) => of.iter().fold(vec![Vec::new()], |found, part| {
            let parts = ways(part);
            let mut next = Vec::new();
            for before in &found {
                for part in &parts {
                    if next.len() < MOST_WAYS {
                        next.push(before.iter().cloned().chain(part.iter().cloned()).collect());
                    }
                }
            }
            next
        }),
        Sight::Any(of) => of.iter().flat_map(ways).collect(),
    }
}

/// The words for why a goal is out of reach or was not reached.
#[must_use]
pub fn why_unreached(goal: &Goal, tries: usize, lang: Lang) -> Str {
    use crate::trial::coverage::Never;
    let text = match (&goal.never, lang) {
        (Some(Never::Constant(_)), Lang::En) => {
            String::from("proved out of reach: it always comes out the same")
        }
        (Some(Never::Constant(_)), Lang::Zh) => String::from("已证明不可达：结果恒定"),
        (Some(Never::Range(_, least, most)), Lang::En) => {
            format!("proved out of reach: the value always lies between {least} and {most}")
        }
        (Some(Never::Range(_, least, most)), Lang::Zh) => {
            format!("已证明不可达：取值总在 {least} 与 {most} 之间")
        }
        (Some(Never::Known(_)), Lang::En) => String::from("proved out of reach: it is always known"),
        (Some(Never::Known(_)), Lang::Zh) => String::from("已证明不可达：总是已知"),
        (Some(Never::Excluded(..)), Lang::En) => {
            String::from("proved out of reach: its conditions exclude each other")
        }
        (Some(Never::Excluded(..)), Lang::Zh) => String::from("已证明不可达：各条件互相排斥"),
        (None, Lang::En) => format!("not found among {tries} customers, which is no proof"),
        (None, Lang::Zh) => format!("试过 {tries} 个客户未找到（并非证明）"),
    };
    text.into()
}
