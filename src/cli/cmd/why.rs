//! `why CUSTOMER FACTS…`: one decision told in full.

use crate::base::document;
use crate::cli::args::{self, Format};
use crate::cli::session::{Failure, Session};
use crate::cli::{Exit, customer, last};
use crate::engine;
use crate::explain::{self, Audience};

/// Tells the whole story of one customer's decision
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Who is told of.
    #[command(flatten)]
    pub of: customer::Customer,
    /// Who reads it: the customer, the salesman, or the auditor, who reads all
    #[arg(long = "for", value_name = "READER", default_value = "auditor")]
    pub reader: args::Audience,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    customer::tell(&args.of, session, |found, session| {
        let customer::Found { ready, facts, env, .. } = *found;
        let plan = &ready.plan;
        let mut story = engine::why(plan, ready.decision, facts, env, &session.sources)?;
        story.known_at = ready.known_at.map(|day| day.to_string());
        story.changes = last::changes(ready, &args.of.rules, &args.of.facts, facts, env, session)?;
        Ok(match args.of.format {
            Some(Format::Json) => document(&explain::json(&story, &plan.schema.enums)),
            _ => {
                let audience = match args.reader {
                    args::Audience::Customer => Audience::Customer,
                    args::Audience::Sales => Audience::Sales,
                    args::Audience::Auditor => Audience::Auditor,
                };
                explain::render(&story, plan, session.lang(), audience)
            }
        })
    })
}
