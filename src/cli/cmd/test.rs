//! `test [PATHS]`: the cases of policies and of case files.

use std::path::PathBuf;

use crate::cli::args::{Format, day};
use crate::value::Date;

/// Runs the cases in the policies and in case files
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Policies, case files, and folders of them; without any, those of gradus.toml, or the folder `rules`
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// Only cases whose policy or name holds this text
    #[arg(long, value_name = "TEXT")]
    pub run: Option<String>,
    /// The day for cases that state none
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Date>,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json, Format::Github]))]
    pub format: Option<Format>,
}
