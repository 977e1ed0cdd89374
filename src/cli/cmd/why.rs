//! `why CUSTOMER FACTS…`: one decision told in full.

use crate::cli::args::{Audience, Facts, Format, Rules};

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
    pub reader: Audience,
    /// How to print it
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json]))]
    pub format: Option<Format>,
}
