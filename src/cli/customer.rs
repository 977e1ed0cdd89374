//! One customer found in files, with the policy that decides it: what `why` and `needs` begin with.

use super::args::{Facts, Rules};
use super::policy::{self, Ready};
use super::session::{Failure, Session};
use super::{Exit, book, input, scope};
use crate::base::Lang;
use crate::diag::Diagnostic;
use crate::engine;
use crate::eval::{self, Env};

/// Finds a customer and writes what `tell` makes of it.
///
/// # Errors
/// No such customer, or one that is rejected; what hinders the policy, the files or the book.
pub fn tell(
    customer: &str,
    facts: &Facts,
    rules: &Rules,
    session: &mut Session<'_>,
    tell: impl FnOnce(&Ready, &eval::Facts, &Env<'_>, &Session<'_>) -> Result<String, Failure>,
) -> Result<Exit, Failure> {
    let policies = policy::load_all(rules, session, |_| None)?;
    // Where each of several policies has customers of its own, the one that applies tells.
    let named = rules.policy.is_some() || session.settings.decide.policy.is_some();
    let own = scope::of_customer(&policies, named, facts, customer, session)?;
    let Some(ready) = policies.get(own) else { return Ok(Exit::Done) };
    let env = ready.environment()?;
    let plan = &ready.plan;
    let is_made = book::is_made(plan, ready.decision, facts.book.as_deref());
    let decision = plan.decisions.get(ready.decision);
    let needed = decision.map(|decision| match is_made {
        true => engine::facts_needed_of_all(plan, decision),
        false => engine::facts_needed(plan, decision),
    });
    let needed = needed.unwrap_or_default();
    // Where the story rests on the other customers, all of them are read for it.
    let mut opened = Vec::new();
    for file in facts.files.iter().filter(|_| is_made) {
        opened.push(input::open(facts, file, &plan.schema, needed.clone(), true, session)?);
    }
    let book = match is_made {
        true => book::make(&opened, plan, ready.decision, &env, None, session)?,
        false => book::given(facts.book.as_deref(), plan, ready.decision, &env, session)?,
    };
    if let Some(book) = book.as_ref().filter(|_| is_made) {
        session.note(&match session.lang() {
            Lang::En => format!("the book is that of the {} customers in these files", book.customers),
            Lang::Zh => format!("账簿由这些文件中的 {} 户得出", book.customers),
        });
    }
    let env = Env { book: book.as_ref(), ..env };
    let mut opened = opened.into_iter();
    let mut near: Option<String> = None;
    for file in &facts.files {
        let reader = match opened.next() {
            Some(reader) => reader,
            None => input::open(facts, file, &plan.schema, needed.clone(), true, session)?,
        };
        let Some(place) = reader.find(customer) else {
            near = near.or_else(|| reader.nearest(customer).map(str::to_owned));
            continue;
        };
        let found = match reader.customer(place) {
            Ok(found) => found,
            Err(reject) => return Err(Failure(reject.problems)),
        };
        let text = tell(ready, &found, &env, session)?;
        session.write(&text)?;
        return Ok(Exit::Done);
    }
    let unknown = Diagnostic::nowhere("E915").arg("customer", customer);
    Err(match near {
        Some(near) => unknown.arg("near", near).help("near"),
        None => unknown.help("key"),
    }
    .into())
}
