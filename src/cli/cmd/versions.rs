//! `versions`: which version of each policy is in force when.

use std::path::PathBuf;

use crate::cli::args::{Format, day};
use crate::value::Date;

/// Lists the versions of the policies and when each is in force
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders of rules; without any, those of gradus.toml, or the folder `rules`
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// The day for which to say which version is in force; without it, today
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Date>,
    /// How to print the list
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json, Format::Csv]))]
    pub format: Option<Format>,
}
