//! `needs CUSTOMER FACTS…`: what is still wanted of a customer, and what it could change.

use crate::cli::args::{Facts, Format, Rules};
use crate::cli::session::{Failure, Session};
use crate::cli::{Exit, customer};
use crate::engine;
use crate::explain;

/// Lists the facts and papers still wanted of a customer, ordered by what they could change
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
    /// How to print it
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json]))]
    pub format: Option<Format>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    customer::tell(&args.customer, &args.facts, &args.rules, session, |ready, facts, env, session| {
        let plan = &ready.plan;
        let needs = engine::needs(plan, ready.decision, facts, env)?;
        Ok(match args.format {
            Some(Format::Json) => {
                let document = explain::needs_json(&needs, &plan.schema.enums);
                let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
                text.push('\n');
                text
            }
            _ => explain::needs_text(&needs, plan, session.lang()),
        })
    })
}
