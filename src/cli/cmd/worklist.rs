//! `worklist FACTS…`: what to do today and next for each invoice.

use std::path::PathBuf;

use crate::cli::args::{Facts, Format, Rules};

/// Lists what to do today and next for each invoice
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The customers and how their files are written.
    #[command(flatten)]
    pub facts: Facts,
    /// The policy that decides.
    #[command(flatten)]
    pub rules: Rules,
    /// How to print the list
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Csv, Format::Json, Format::Jsonl]))]
    pub format: Option<Format>,
    /// The file for the customers that could not be read, with what is wrong with each
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// How many customers may be rejected before the command ends with 1
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub max_rejects: u64,
}
