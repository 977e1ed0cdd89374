//! Boundary customers: for each threshold of a policy, customers just below, at and just above it, found by running the plan.
//!
//! [`search`] finds a customer of whom steps are what is wanted. It begins from customers that are known, those of the cases,
//! solves backward through the plan for the changes that could help, and asks the interpreter what each brings. It is exact,
//! leaves nothing to chance, and proves nothing by not finding: what it does not find it says it did not find.

mod backward;
mod cover;
mod customer;
mod differ;
mod file;
mod make;
mod oracle;
mod places;
mod probe;
mod search;
mod thresholds;
mod want;

pub use cover::{Cover, Covering, cover};
pub use customer::{Change, Customer, Grid, Place, full, plain};
pub use differ::tell_apart;
pub use file::{Kept, Pen, Unreached, Written, boundaries, covering, kept};
pub use oracle::{Bench, Oracle};
pub use probe::{Found, Probe, Side, Why, probe};
pub use search::{Aim, reach};
pub use thresholds::{Threshold, Way, thresholds};
pub use want::{Range, Want};

use crate::plan::{Plan, StepId};
use crate::value::Date;

/// So many customers are run for one search, unless it is said otherwise.
pub const TRIES: usize = 400;

/// The customers that a search begins from: those of the policy's cases, then two of whom only the declarations are known.
/// Where a case states no day, theirs is `today`, else that of another case, else the first on which the policy is in force.
#[must_use]
pub fn known(plan: &Plan, today: Option<Date>) -> Vec<Customer> {
    let of_cases = || plan.cases.iter().rev().find_map(|case| case.as_of);
    let day = today.or_else(of_cases).or_else(|| make::day(plan));
    let mut customers: Vec<Customer> = Vec::new();
    for case in &plan.cases {
        let mut customer = Customer::of(case);
        customer.as_of = customer.as_of.or(day);
        if !customers.contains(&customer) {
            customers.push(customer);
        }
    }
    customers.push(plain(plan, day));
    customers.push(full(plan, day));
    customers
}

/// A customer that brings all aims about; none where `tries` customers, from each of the known ones, did not.
#[must_use]
pub fn search(bench: Bench<'_>, known: &[Customer], aims: &[Aim], tries: usize) -> Option<Customer> {
    let targets: Vec<StepId> = aims.iter().flat_map(Aim::steps).collect();
    let mut oracle = Oracle::new(bench, &targets);
    let (facts, values): (Vec<&Customer>, Vec<&Customer>) =
        known.iter().partition(|customer| customer.values.is_empty());
    for gives in [false, true] {
        for start in facts.iter().chain(&values) {
            if let Some(found) = reach(&mut oracle, start, aims, tries, gives) {
                return Some(found);
            }
        }
    }
    None
}
