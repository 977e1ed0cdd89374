//! `check [PATHS]`: every mistake of the rules at once.

use std::path::PathBuf;

use crate::cli::args::Format;

/// Checks policies: all mistakes at once, each with its place and what to do
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders of rules; without any, those of gradus.toml, or the folder `rules`
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Concise, Format::Json, Format::Sarif, Format::Github]))]
    pub format: Option<Format>,
    /// The name under which standard input (`-`) is shown
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
}
