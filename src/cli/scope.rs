//! Several policies of a folder, each for customers of its own: which one decides whom.

use std::collections::BTreeSet;
use std::path::Path;

use super::args::Facts;
use super::input;
use super::policy::Ready;
use super::session::{Failure, Session};
use crate::diag::Diagnostic;
use crate::engine;
use crate::eval::Applies;
use crate::interop::Reject;
use crate::value::{FieldId, Schema};

/// Which policy decides a customer, by its place; or why none does.
pub type Assigned = Result<usize, Box<Reject>>;

/// Finds for each customer of a file the one policy that applies to it. A customer to whom none applies, or several, or of
/// whom the facts do not tell, is rejected: whose rules hold is not chosen silently.
///
/// # Errors
/// The file cannot be read; a parameter cannot be set.
pub fn assign(
    policies: &[&Ready],
    facts: &Facts,
    file: &Path,
    session: &mut Session<'_>,
) -> Result<Vec<Assigned>, Failure> {
    let schemas: Vec<&Schema> = policies.iter().map(|ready| &ready.plan.schema).collect();
    let mut told: Vec<Vec<Option<bool>>> = Vec::new();
    let mut rejected: Vec<Option<Box<Reject>>> = Vec::new();
    for (place, ready) in policies.iter().enumerate() {
        let env = ready.environment()?;
        let applies = Applies::new(&ready.plan, &env);
        let needed: BTreeSet<FieldId> = engine::facts_of_scope(&ready.plan);
        let reader = input::open(facts, file, &ready.plan.schema, &schemas, needed, false, session)?;
        let mut scratch = applies.scratch();
        if place == 0 {
            told = vec![Vec::new(); reader.len()];
            rejected = vec![None; reader.len()];
        }
        for (customer, (answers, reject)) in told.iter_mut().zip(&mut rejected).enumerate() {
            match reader.customer(customer) {
                Ok(facts) => answers.push(applies.holds(&facts, &mut scratch)),
                Err(why) => {
                    answers.push(None);
                    reject.get_or_insert(why);
                }
            }
        }
        // The last policy's reader still knows the rows: what nobody decides is rejected by it.
        if place.saturating_add(1) == policies.len() {
            for (customer, (answers, reject)) in told.iter().zip(&mut rejected).enumerate() {
                if reject.is_none()
                    && let Err(why) = choose(answers, policies)
                {
                    *reject = reader.refuse(customer, *why).map(Box::new);
                }
            }
        }
    }
    Ok(told
        .iter()
        .zip(rejected)
        .map(|(answers, reject)| match (reject, choose(answers, policies)) {
            (None, Ok(place)) => Ok(place),
            (Some(reject), _) => Err(reject),
            (None, Err(_)) => Ok(0),
        })
        .collect())
}

/// The policy that decides one customer, by its place; the first where no file has the customer, which is told by who looks
/// for it. A policy that is named decides whomever it is asked for.
///
/// # Errors
/// As [`assign`]; and where it is not sure which policy decides the customer.
pub fn of_customer(
    policies: &[Ready],
    named: bool,
    facts: &Facts,
    customer: &str,
    session: &mut Session<'_>,
) -> Result<usize, Failure> {
    if matches!(policies, [ready] if named || ready.plan.applies.is_none()) {
        return Ok(0);
    }
    let policies: Vec<&Ready> = policies.iter().collect();
    let schemas: Vec<&Schema> = policies.iter().map(|ready| &ready.plan.schema).collect();
    let Some(first) = policies.first() else { return Ok(0) };
    for file in &facts.files {
        let schema = &first.plan.schema;
        let reader = input::open(facts, file, schema, &schemas, BTreeSet::new(), false, session)?;
        if let Some(place) = reader.find(customer)
            && let Some(found) = assign(&policies, facts, file, session)?.into_iter().nth(place)
        {
            return found.map_err(|reject| Failure(reject.problems));
        }
    }
    Ok(0)
}

/// The one policy that applies.
fn choose(answers: &[Option<bool>], policies: &[&Ready]) -> Result<usize, Box<Diagnostic>> {
    let named = |wanted: Option<bool>| {
        let those = answers.iter().zip(policies).filter(|(answer, _)| **answer == wanted);
        let names =
            those.map(|(_, ready)| format!("`{}`", ready.plan.policies.last().map_or("?", |it| &it.name)));
        names.collect::<Vec<_>>().join(", ")
    };
    if answers.contains(&None) {
        return Err(Box::new(Diagnostic::nowhere("E637").arg("policies", named(None)).help("facts")));
    }
    let mut applying = answers.iter().enumerate().filter(|(_, answer)| **answer == Some(true));
    match (applying.next(), applying.next()) {
        (Some((place, _)), None) => Ok(place),
        (None, _) => {
            Err(Box::new(Diagnostic::nowhere("E635").arg("policies", named(Some(false))).help("all")))
        }
        (Some(_), Some(_)) => {
            Err(Box::new(Diagnostic::nowhere("E636").arg("policies", named(Some(true))).help("one")))
        }
    }
}
