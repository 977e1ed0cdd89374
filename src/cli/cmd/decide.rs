//! `decide FACTS…`: one customer or a whole book.

use std::path::PathBuf;

use crate::cli::args::{Facts, Format, Rules};

/// Decides customers: grade, limit, terms, each with its reasons
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The customers and how their files are written.
    #[command(flatten)]
    pub facts: Facts,
    /// The policy that decides.
    #[command(flatten)]
    pub rules: Rules,
    /// How to print the decisions
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Csv, Format::Json, Format::Jsonl, Format::Xlsx]))]
    pub format: Option<Format>,
    /// How many threads decide; without it, all cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// The file for the customers that could not be read, with what is wrong with each
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// How many customers may be rejected before the command ends with 1
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub max_rejects: u64,
    /// Columns with what is granted today, to be compared with what the policy decides
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub compare: Vec<String>,
}
