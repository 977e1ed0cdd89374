//! One customer found in files, with the policy that decides it: what `why` and `needs` begin with.

use super::args::{Facts, Format, Rules};
use super::gate::Gate;
use super::lanes::{Lane, Lanes};
use super::policy::{self, Ready};
use super::session::{Failure, Session};
use super::strays::Strays;
use super::{Exit, scope};
use crate::base::Lang;
use crate::diag::Diagnostic;
use crate::eval::book::Kept;
use crate::eval::{self, Env};

/// Whose decision is told, and how.
#[derive(Debug, clap::Args)]
pub struct Customer {
    /// The key of the customer
    #[arg(value_name = "CUSTOMER")]
    pub customer: String,
    /// The customers and how their files are written.
    #[command(flatten)]
    pub facts: Facts,
    /// The policy that decides.
    #[command(flatten)]
    pub rules: Rules,
    /// How to print it
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json]))]
    pub format: Option<Format>,
}

/// A customer with what decides it.
pub struct Found<'f> {
    /// The policy.
    pub ready: &'f Ready,
    /// The customer's facts.
    pub facts: &'f eval::Facts,
    /// The day, the parameters, the book.
    pub env: &'f Env<'f>,
    /// The book with what it is made of; none where it was given, or none is read.
    pub kept: Option<&'f Kept<'f>>,
}

/// Finds a customer and writes what `tell` makes of it.
///
/// # Errors
/// No such customer, or one that is rejected; what hinders the policy, the files or the book.
pub fn tell(
    of: &Customer,
    session: &mut Session<'_>,
    tell: impl FnOnce(&Found<'_>, &mut Session<'_>) -> Result<String, Failure>,
) -> Result<Exit, Failure> {
    let Customer { customer, facts, rules, .. } = of;
    let policies = policy::load_held(rules, session, |_| None, Gate::Tell)?;
    // Where each of several policies has customers of its own, the one that applies tells.
    let named = rules.policy.is_some() || session.settings.decide.policy.is_some();
    let own = scope::of_customer(&policies, named, facts, customer, session)?;
    let given = facts.book.as_deref();
    let lanes = policies.iter().map(|ready| Lane::new(ready, given)).collect::<Result<Vec<_>, _>>()?;
    let lanes = Lanes::new(lanes, named);
    let Some(lane) = lanes.get(own) else { return Ok(Exit::Done) };
    // Where the story rests on the other customers, all of them are read for it.
    let mut opened = Vec::new();
    for file in facts.files.iter().filter(|_| lane.is_made) {
        opened.push(lanes.open(facts, file, true, session)?);
    }
    let kept = lanes.kept(own, &opened, None, session)?;
    let given = if lane.is_made { None } else { lanes.book(own, &opened, given, None, session)? };
    let book = kept.as_ref().map(Kept::book).or(given.as_ref());
    if let Some(book) = book.filter(|_| lane.is_made) {
        let (name, count) = (&lane.name, book.customers);
        session.note(&match (session.lang(), lanes.are_several()) {
            (Lang::En, false) => format!("the book is that of the {count} customers in these files"),
            (Lang::Zh, false) => format!("账簿由这些文件中的 {count} 户得出"),
            (Lang::En, true) => {
                format!("the book is that of the {count} customers in these files to whom `{name}` applies")
            }
            (Lang::Zh, true) => format!("账簿由这些文件中适用 `{name}` 的 {count} 户得出"),
        });
    }
    let env = Env { book, ..lane.env.clone() };
    let mut opened = opened.into_iter();
    let mut near: Option<String> = None;
    for file in &facts.files {
        let source = match opened.next() {
            Some(source) => source,
            None => lanes.open(facts, file, true, session)?,
        };
        let Some(reader) = source.reader(own) else { continue };
        let Some(place) = reader.find(customer) else {
            near = near.or_else(|| reader.nearest(customer).map(str::to_owned));
            continue;
        };
        let found = match reader.customer(place) {
            Ok(found) => found,
            Err(reject) => return Err(Failure(reject.problems)),
        };
        Strays::new(&lane.ready.plan).look(&found, session);
        let told = Found { ready: lane.ready, facts: &found, env: &env, kept: kept.as_ref() };
        let text = tell(&told, session)?;
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
