//! `diff A B`: what changed in meaning.

use crate::cli::Exit;
use crate::cli::args::{Format, day};
use crate::cli::session::{Failure, Session};
use crate::diag::render::Colour;
use crate::review::Side;
use crate::review::diff::{self, formats};
use crate::value::Date;

/// Tells what changed in meaning between two sides, in policy words
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The old side: a file, a folder, `name@version`, each also at a revision of git (`main:rules`)
    #[arg(value_name = "OLD")]
    pub was: String,
    /// The new side, written in the same ways
    #[arg(value_name = "NEW")]
    pub is: String,
    /// Only this policy
    #[arg(id = "policy_compared", long = "policy", value_name = "NAME")]
    pub policy: Option<String>,
    /// The day for which a policy without a version is taken; default: today
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Date>,
    /// How to print what changed
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json, Format::Md, Format::Html, Format::Github]))]
    pub format: Option<Format>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let day = session.as_of(args.as_of);
    let (world, settings) = (session.world, session.settings.clone());
    let was = Side::open(world, &settings, &args.was, day, &mut session.sources).map_err(Failure)?;
    let is = Side::open(world, &settings, &args.is, day, &mut session.sources).map_err(Failure)?;
    let mut found = diff::diff(&was, &is, &mut session.sources).map_err(Failure)?;
    if let Some(name) = &args.policy {
        found.pairs.retain(|pair| *pair.name == **name);
    }
    let (lang, sources) = (session.lang(), &session.sources);
    let format = args.format.unwrap_or(if session.terminal.github { Format::Github } else { Format::Pretty });
    let sides = (args.was.as_str(), args.is.as_str());
    let text = match format {
        Format::Json => formats::json(&found, sides, sources, lang),
        Format::Md => formats::markdown(&found, sides, sources, lang),
        Format::Html => formats::html(&found, sides, sources, lang),
        Format::Github => formats::github(&found, sources, lang),
        Format::Pretty => formats::text(&found, sources, lang, session.colour() == Colour::With),
        _ => formats::text(&found, sources, lang, false),
    };
    let document = formats::markdown(&found, sides, sources, lang);
    let summary = formats::summary(&found, lang);
    session.write(&text)?;
    session.note(&summary);
    if format == Format::Github {
        session.job_summary(&document)?;
    }
    Ok(if found.is_empty() { Exit::Done } else { Exit::Found })
}
