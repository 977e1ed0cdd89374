//! `why CUSTOMER FACTS…`: one decision told in full.

use crate::cli::args::{self, Facts, Format, Rules};
use crate::cli::session::{Failure, Session};
use crate::cli::{Exit, customer, last};
use crate::engine;
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
    customer::tell(&args.customer, &args.facts, &args.rules, session, |ready, facts, env, session| {
        let plan = &ready.plan;
        let mut story = engine::why(plan, ready.decision, facts, env, &session.sources)?;
        story.changes = last::changes(ready, &args.rules, &args.facts, facts, env, session)?;
        Ok(match args.format {
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
        })
    })
}
