//! A customer that tells two plans apart: one whom the policy and a changed policy decide differently.

use super::customer::Customer;
use super::oracle::{Bench, Oracle};
use super::search::{Aim, reach};
use super::thresholds::pins;
use super::want::Want;
use crate::plan::{Compare, Op, Plan, Scope, StepId, Take};
use crate::value::Value;

/// So many known customers each search begins from.
const MOST_STARTS: usize = 6;
/// So many customers are run for one aim.
const TRIES: usize = 120;
/// So often a difference is followed one step on.
const MOST_ROUNDS: usize = 24;

/// A customer for whom one of `looked_at` differs between two plans; none where none was found among about `tries`.
///
/// The plans have the same steps, by number, and the same facts: of one, an operation or a constant was changed. First the known
/// customers are run; then some for whom the steps that were changed differ, and from these on, step by step, some for whom the
/// difference is not swallowed before it is looked at.
#[must_use]
pub fn tell_apart(
    bench: Bench<'_>,
    changed: &Plan,
    looked_at: &[StepId],
    known: &[Customer],
    tries: usize,
) -> Option<Customer> {
    let steps: Vec<StepId> = bench
        .plan
        .steps
        .iter_enumerated()
        .filter(|(id, step)| changed.steps.get(*id).is_none_or(|other| other.op != step.op))
        .map(|(id, _)| id)
        .collect();
    let mut pair = Pair {
        one: Oracle::new(bench, &all(bench.plan)),
        other: Oracle::new(Bench { plan: changed, ..bench }, &all(changed)),
        looked_at,
        end: tries,
    };
    if let Some(found) = known.iter().find(|customer| pair.apart(customer)) {
        return Some((*found).clone());
    }
    let mut starts: Vec<&Customer> = known.iter().collect();
    starts.sort_by_key(|customer| (!customer.values.is_empty(), customer.size()));
    for step in &steps {
        for aims in aims(bench.plan, changed, *step) {
            for pinned in [true, false] {
                for start in starts.iter().take(MOST_STARTS) {
                    if pair.spent() {
                        return None;
                    }
                    let mut aims = aims.clone();
                    if pinned {
                        aims.extend(pins(bench.plan, *step, 0));
                    }
                    for changed_plan in [false, true] {
                        let oracle = if changed_plan { &mut pair.other } else { &mut pair.one };
                        let Some(found) = reach(oracle, start, &aims, TRIES, pinned) else { continue };
                        if let Some(found) = pair.follow(found, &aims) {
                            return Some(found);
                        }
                    }
                }
            }
        }
    }
    None
}

struct Pair<'p, 'l> {
    one: Oracle<'p>,
    other: Oracle<'p>,
    looked_at: &'l [StepId],
    end: usize,
}

impl Pair<'_, '_> {
    fn spent(&self) -> bool {
        self.one.asked.saturating_add(self.other.asked) > self.end
    }

    fn apart(&mut self, customer: &Customer) -> bool {
        self.one.ask(customer);
        self.other.ask(customer);
        self.looked_at.iter().any(|step| self.differs(*step))
    }

    /// Whether a step of the customer asked last, or of one of its items, is not the same in both.
    fn differs(&self, step: StepId) -> bool {
        let items = match self.one.plan().steps.get(step).map(|step| step.scope) {
            Some(Scope::Items(list)) => self.one.items(list),
            Some(Scope::Customer) | None => 1,
        };
        (0..items).any(|item| !same(&self.one.value(step, item), &self.other.value(step, item)))
    }

    /// Follows a difference on to what is looked at: where the next step swallows it, what keeps it back is changed, and what
    /// brought the difference about is kept.
    fn follow(&mut self, start: Customer, kept: &[Aim]) -> Option<Customer> {
        let mut customer = start;
        let mut tried: Vec<(StepId, StepId)> = Vec::new();
        for _ in 0..MOST_ROUNDS {
            if self.apart(&customer) {
                return Some(customer);
            }
            let plan = self.one.plan();
            let different: Vec<StepId> = plan.steps.ids().filter(|step| self.differs(*step)).collect();
            let mut found = None;
            for (user, step) in plan.steps.iter_enumerated().rev() {
                if different.contains(&user) {
                    continue;
                }
                let of = step.op.operands().into_iter().rev();
                let mut of = of.filter(|of| different.contains(of) && !tried.contains(&(*of, user)));
                if let Some(of) = of.next() {
                    found = Some((of, user, opened(&step.op, of)));
                    break;
                }
            }
            let (of, user, mut aims) = found?;
            tried.push((of, user));
            if aims.is_empty() {
                continue;
            }
            if self.spent() {
                return None;
            }
            aims.extend_from_slice(kept);
            if let Some(next) = reach(&mut self.one, &customer, &aims, TRIES, true) {
                customer = next;
            }
        }
        self.apart(&customer).then_some(customer)
    }
}

/// What has to hold for a step to show a difference in one of its operands.
fn opened(op: &Op, at: StepId) -> Vec<Aim> {
    let truth = |step: StepId, yes: bool| Aim::step(step, 0, Want::Truth(yes));
    let others = |of: &[StepId], yes: bool| -> Vec<Aim> {
        of.iter().filter(|one| **one != at).map(|one| truth(*one, yes)).collect()
    };
    match op {
        Op::And(of) => others(of, true),
        Op::Or(of) => others(of, false),
        Op::FirstTrue(of) => of.iter().take_while(|one| **one != at).map(|one| truth(*one, false)).collect(),
        Op::If(condition, then, otherwise) => {
            if at == *then {
                vec![truth(*condition, true)]
            } else if at == *otherwise {
                vec![truth(*condition, false)]
            } else {
                vec![Aim::Apart { left: *then, right: *otherwise, item: 0 }]
            }
        }
        Op::IfUnknown(of, otherwise) if at == *otherwise => vec![Aim::step(*of, 0, Want::Unknown)],
        Op::Choose(place, of) => of
            .iter()
            .position(|one| *one == at)
            .and_then(|code| u32::try_from(code).ok())
            .map(|code| vec![Aim::step(*place, 0, Want::OneOf(vec![code]))])
            .unwrap_or_default(),
        Op::Pick { take: Take::Lowest | Take::Highest, of, .. } => {
            let how = if matches!(op, Op::Pick { take: Take::Lowest, .. }) {
                Compare::LessOrEqual
            } else {
                Compare::GreaterOrEqual
            };
            let others = of.iter().filter(|one| **one != at);
            others.map(|other| Aim::Compared { how, left: at, right: *other, item: 0, yes: true }).collect()
        }
        Op::Compare(_, left, right) => vec![Aim::Level { left: *left, right: *right, item: 0 }],
        _ => Vec::new(),
    }
}

/// Whether two values are decided alike; why something is unknown does not count.
fn same(one: &Value, other: &Value) -> bool {
    one == other || !one.is_known() && !other.is_known()
}

fn all(plan: &Plan) -> Vec<StepId> {
    plan.steps.ids().collect()
}

/// What could make a step that was changed come out otherwise than before.
fn aims(plan: &Plan, changed: &Plan, step: StepId) -> Vec<Vec<Aim>> {
    let ops = [plan, changed].into_iter().filter_map(|plan| plan.steps.get(step).map(|step| &step.op));
    let mut found: Vec<Vec<Aim>> = Vec::new();
    let truth = |step: StepId, yes: bool| Aim::step(step, 0, Want::Truth(yes));
    for op in ops {
        match op {
            Op::Compare(_, left, right) => {
                found.push(vec![Aim::Level { left: *left, right: *right, item: 0 }])
            }
            Op::And(of) | Op::Or(of) => {
                let all = matches!(op, Op::And(_));
                for one in of {
                    found.push(of.iter().map(|other| truth(*other, (other == one) != all)).collect());
                }
            }
            Op::FirstTrue(of) => {
                for place in 0..of.len() {
                    let earlier = of.iter().take(place).map(|one| truth(*one, false));
                    let own = of.get(place).map(|one| truth(*one, true));
                    found.push(earlier.chain(own).collect());
                }
            }
            Op::Choose(place, of) => {
                let codes = (0..of.len()).filter_map(|code| u32::try_from(code).ok());
                found.extend(codes.map(|code| vec![Aim::step(*place, 0, Want::OneOf(vec![code]))]));
            }
            // A constant shows where it is compared: the customers at the old bound and at the new one.
            Op::Const(_) => {
                for user in plan.steps.iter() {
                    match user.op {
                        Op::Compare(_, left, right) if left == step || right == step => {
                            found.push(vec![Aim::Level { left, right, item: 0 }]);
                        }
                        _ => {}
                    }
                }
            }
            _ => {
                found.extend(op.operands().into_iter().map(|of| vec![Aim::step(of, 0, Want::Known)]));
                for up in [true, false] {
                    found.extend(op.operands().into_iter().map(|of| vec![Aim::step(of, 0, Want::Move(up))]));
                }
            }
        }
    }
    found.dedup();
    found
}
