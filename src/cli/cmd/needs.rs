//! `needs CUSTOMER FACTS…`: what is still wanted of a customer, and what it could change.

use crate::base::document;
use crate::cli::args::Format;
use crate::cli::session::{Failure, Session};
use crate::cli::{Exit, customer};
use crate::engine;
use crate::explain;

/// Lists the facts and papers still wanted of a customer, ordered by what they could change
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Who is told of.
    #[command(flatten)]
    pub of: customer::Customer,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    customer::tell(&args.of, session, |found, session| {
        let customer::Found { ready, facts, env, kept } = *found;
        let plan = &ready.plan;
        let needs = engine::needs(plan, ready.decision, facts, env, kept)?;
        Ok(match args.of.format {
            Some(Format::Json) => document(&explain::needs_json(&needs, &plan.schema.enums)),
            _ => explain::needs_text(&needs, plan, session.lang()),
        })
    })
}
