//! `mutants [PATHS]`: which changes of a policy no test notices.

use std::sync::Mutex;
use std::time::Duration;

use super::test::SCRIPTING;
use crate::base::Lang;
use crate::cli::Exit;
use crate::cli::args::{Format, Tried, span_of_time};
use crate::cli::kept::{How, Look};
use crate::cli::session::{Failure, Session};
use crate::cli::snapshots::{self, Options, Unreferenced, Update};
use crate::diag::Diagnostic;
use crate::diag::render::Colour;
use crate::trial::mutants::{self, Limits, PolicyMutants, Score};
use crate::trial::{Painter, Suite};

/// Changes policies, one mistake at a time, and tells which change no test notices
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The policies and the cases that are tried.
    #[command(flatten)]
    pub tried: Tried,
    /// Stop after so much time: `60s`, `5m`
    #[arg(long, value_name = "TIME", value_parser = span_of_time)]
    pub time_limit: Option<Duration>,
    /// Only lines that have changed since a revision of git
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    /// So many changes in a hundred must be noticed; without it, all
    #[arg(id = "noticed", long = "threshold", value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub threshold: Option<u8>,
    /// Name the changes and try none
    #[arg(long)]
    pub list: bool,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json, Format::Md, Format::Github]))]
    pub format: Option<Format>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let world = session.world;
    let began = world.elapsed();
    let (asked, wanted) = (args.tried.asked(), args.tried.wanted());
    let suite = Suite::open(session.world, &session.settings, &asked, Some(SCRIPTING), &mut session.sources)?;
    session.tell(&suite.wrong);
    if suite.wrong.iter().any(Diagnostic::is_error) {
        return Ok(Exit::Failed);
    }
    let failing = mutants::failing(&suite, &wanted);
    if !failing.is_empty() {
        return Err(Failure(failing));
    }
    let lines = match &args.since {
        Some(revision) => Some(mutants::since(world, &suite, revision)?),
        None => None,
    };
    let options = Options {
        update: Update::No,
        unreferenced: Unreferenced::Ignore,
        run: wanted.run.clone(),
        how: How { jobs: asked.jobs, look: Look::People },
        // Who names case files means these alone; a policy that is named has its decisions as well as its cases.
        cases_alone: asked.paths.iter().any(|path| path.extension().is_some_and(|ending| ending == "toml")),
    };
    let (accepted, others) = snapshots::accepted(&suite, &options, session)?;
    if others > 0 {
        session.note(&match session.lang() {
            Lang::En => format!("{others} decisions are not as accepted and notice nothing: `gradus test`"),
            Lang::Zh => format!("有 {others} 项评定与已接受的不同, 不计入: `gradus test`"),
        });
    }
    let bar: Mutex<Option<indicatif::ProgressBar>> = Mutex::new(None);
    let shows = session.shows_progress();
    let limits = Limits {
        lang: session.lang(),
        lines,
        accepted: &accepted,
        is_over: &|| {
            args.list || args.time_limit.is_some_and(|limit| world.elapsed().saturating_sub(began) >= limit)
        },
        begins: &|count| {
            if shows && let Ok(mut bar) = bar.lock() {
                *bar = Some(indicatif::ProgressBar::new(count as u64));
            }
        },
        done: &|| {
            if let Ok(bar) = bar.lock()
                && let Some(bar) = &*bar
            {
                bar.inc(1);
            }
        },
    };
    let tried = mutants::run(&suite, &wanted, &session.sources, &limits);
    if let Ok(bar) = bar.lock()
        && let Some(bar) = &*bar
    {
        bar.finish_and_clear();
    }
    if args.list {
        let text = mutants::list(&tried, &session.sources, session.lang());
        session.write(&text)?;
        return Ok(Exit::Done);
    }
    report(&tried, args, session)?;
    Ok(exit(&Score::of_all(&tried), args.threshold))
}

/// Whether the tests are good enough, as far as there was time to find out.
fn exit(score: &Score, threshold: Option<u8>) -> Exit {
    let enough = match threshold {
        Some(percent) => score.reaches(percent),
        None => score.survived == 0,
    };
    match (enough, score.not_tried) {
        (false, _) => Exit::Found,
        (true, 0) => Exit::Done,
        (true, _) => Exit::Inconclusive,
    }
}

fn report(tried: &[PolicyMutants<'_>], args: &Args, session: &mut Session<'_>) -> Result<(), Failure> {
    let format = args.format.unwrap_or(if session.terminal.github { Format::Github } else { Format::Pretty });
    let (lang, sources) = (session.lang(), &session.sources);
    let text = match format {
        Format::Json => mutants::json(tried, sources, lang),
        Format::Md => mutants::markdown(tried, sources, lang),
        Format::Github => mutants::github(tried, sources, lang),
        Format::Pretty => mutants::text(tried, sources, lang, Painter(session.colour() == Colour::With)),
        _ => mutants::text(tried, sources, lang, Painter(false)),
    };
    let summary = mutants::summary(tried, lang);
    let document = mutants::markdown(tried, sources, lang);
    session.write(&text)?;
    session.note(&summary);
    if format == Format::Github {
        session.job_summary(&document)?;
    }
    Ok(())
}
