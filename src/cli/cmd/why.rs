//! `why CUSTOMER FACTS…`: one decision told in full.

use crate::base::Lang;
use crate::cli::args::{self, Facts, Format, Rules};
use crate::cli::session::{Failure, Session};
use crate::cli::{Exit, book, input, policy, scope};
use crate::diag::Diagnostic;
use crate::engine;
use crate::eval::Env;
use crate::explain::{self, Audience};

/// Tells the whole story of one customer's decision
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The key of the customer
    #[arg(value_name = "CUSTOMER")]
    pub customer: String,
    /// The customers and how their files are written.
    #[command(flatten)]
    pub facts: Facts,
    /// The policy that decides.
    #[command(flatten)]
    pub rules: Rules,
    /// Who reads it: the customer, the salesman, or the auditor, who reads all
    #[arg(long = "for", value_name = "READER", default_value = "auditor")]
    pub reader: args::Audience,
    /// How to print it
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json]))]
    pub format: Option<Format>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let policies = policy::load_all(&args.rules, session, |_| None)?;
    // Where each of several policies has customers of its own, the one that applies tells.
    let named = args.rules.policy.is_some() || session.settings.decide.policy.is_some();
    let own = scope::of_customer(&policies, named, &args.facts, &args.customer, session)?;
    let Some(ready) = policies.get(own) else { return Ok(Exit::Done) };
    let env = ready.environment()?;
    let plan = &ready.plan;
    let is_made = book::is_made(plan, ready.decision, args.facts.book.as_deref());
    let decision = plan.decisions.get(ready.decision);
    let needed = decision.map(|decision| match is_made {
        true => engine::facts_needed_of_all(plan, decision),
        false => engine::facts_needed(plan, decision),
    });
    let needed = needed.unwrap_or_default();
    // Where the story rests on the other customers, all of them are read for it.
    let mut opened = Vec::new();
    for file in args.facts.files.iter().filter(|_| is_made) {
        opened.push(input::open(&args.facts, file, &plan.schema, needed.clone(), true, session)?);
    }
    let book = match is_made {
        true => book::make(&opened, plan, ready.decision, &env, None, session)?,
        false => book::given(args.facts.book.as_deref(), plan, ready.decision, &env, session)?,
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
    for file in &args.facts.files {
        let reader = match opened.next() {
            Some(reader) => reader,
            None => input::open(&args.facts, file, &plan.schema, needed.clone(), true, session)?,
        };
        let Some(place) = reader.find(&args.customer) else {
            near = near.or_else(|| reader.nearest(&args.customer).map(str::to_owned));
            continue;
        };
        let facts = match reader.customer(place) {
            Ok(facts) => facts,
            Err(reject) => return Err(Failure(reject.problems)),
        };
        let story = engine::why(plan, ready.decision, &facts, &env, &session.sources)?;
        let text = match args.format {
            Some(Format::Json) => {
                let document = explain::json(&story, &plan.schema.enums);
                let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
                text.push('\n');
                text
            }
            _ => {
                let audience = match args.reader {
                    args::Audience::Customer => Audience::Customer,
                    args::Audience::Sales => Audience::Sales,
                    args::Audience::Auditor => Audience::Auditor,
                };
                explain::render(&story, plan, session.lang(), audience)
            }
        };
        session.write(&text)?;
        return Ok(Exit::Done);
    }
    let unknown = Diagnostic::nowhere("E915").arg("customer", &args.customer);
    Err(match near {
        Some(near) => unknown.arg("near", near).help("near"),
        None => unknown.help("key"),
    }
    .into())
}
