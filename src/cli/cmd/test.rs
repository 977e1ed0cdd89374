//! `test [PATHS]`: the cases of policies and of case files.

use crate::cli::Exit;
use crate::cli::args::{Format, Tried};
use crate::cli::coverage::CoverageArgs;
use crate::cli::gate;
use crate::cli::kept::{How, Look};
use crate::cli::session::{Failure, Session};
use crate::cli::snapshots::{self, Unreferenced, Update};
use crate::cli::watch;
use crate::diag::Diagnostic;
use crate::diag::render::Colour;
use crate::script::{self, Host};
use crate::trial::coverage::Coverage;
use crate::trial::formats::{self, Findings};
use crate::trial::{self, Painter, PolicyTrial, Scripting, Suite, snapshot};

/// Runs the cases in the policies and in case files
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The policies and the cases that are tried.
    #[command(flatten)]
    pub tried: Tried,
    /// Run again whenever a rule, a case or a fact is changed, until Ctrl-C
    #[arg(long, conflicts_with_all = ["format", "output"])]
    pub watch: bool,
    /// Fail where a policy has no case, or a case expects nothing
    #[arg(long)]
    pub fail_on_empty: bool,
    /// What to do with decisions that are not as accepted: `auto` writes them as `.snap.new`, and nothing where `CI` is set
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub update: Update,
    /// What to do with snapshots that nothing asks for any more
    #[arg(long, value_name = "HOW", default_value = "warn")]
    pub unreferenced: Unreferenced,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json, Format::Junit, Format::Sarif, Format::Github, Format::Md]))]
    pub format: Option<Format>,
    /// What is wanted of coverage.
    #[command(flatten)]
    pub coverage: CoverageArgs,
}

/// Scripts are read and called by Rhai.
pub(in crate::cli) const SCRIPTING: Scripting =
    Scripting { check: script::check, host: |functions, enums| Box::new(Host::new(functions, enums)) };

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    if args.watch {
        return watch::watch(&args.tried.asked().paths, session, |session| once(args, session));
    }
    once(args, session)
}

fn once(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let (asked, wanted) = (args.tried.asked(), args.tried.wanted());
    let suite = Suite::open(session.world, &session.settings, &asked, Some(SCRIPTING), &mut session.sources)?;
    let policies = suite.run(&wanted, &session.sources, session.lang());
    let mut kept = snapshots::run(&suite, &args.kept(!asked.paths.is_empty()), session)?;
    let own = kept.wrong.iter().filter(|it| !suite.wrong.contains(it));
    let wrong: Vec<Diagnostic> = suite.wrong.iter().chain(own).cloned().collect();
    let is_broken = wrong.iter().any(Diagnostic::is_error);
    let mut whole = if args.fail_on_empty { suite.empty(&kept.policies) } else { Vec::new() };
    let nothing_ran = policies.iter().all(|policy| policy.cases.is_empty()) && kept.all() == 0;
    if nothing_ran && !is_broken {
        whole.push(suite.nothing_ran(&wanted));
    }
    if args.unreferenced == Unreferenced::Reject && !kept.unreferenced.is_empty() {
        whole.push(unreferenced(&kept.unreferenced));
    }
    let coverage = (args.coverage.wanted() && !is_broken && !nothing_ran).then(|| {
        let mut coverage = Coverage::of(&suite, &wanted);
        for (place, customer, reached) in std::mem::take(&mut kept.reached) {
            coverage.add(place, customer, reached);
        }
        coverage
    });
    whole.extend(coverage.as_ref().and_then(|coverage| args.coverage.too_little(coverage)));
    session.tell(&wrong);
    report(&policies, &kept, (&wrong, &whole), args, session)?;
    if let Some(coverage) = &coverage {
        args.coverage.report(coverage, format(args, session), session)?;
    }
    session.tell(&whole);
    if let Some(sentence) = gate::unapproved(&suite.folder, session)? {
        session.note(&sentence);
    }
    if is_broken {
        return Ok(Exit::Failed);
    }
    let passed = policies.iter().flat_map(|policy| &policy.cases).all(|case| case.result.passed());
    let stands = kept.findings.is_empty() && whole.is_empty();
    Ok(if passed && stands { Exit::Done } else { Exit::Found })
}

/// Snapshots that nothing asks for, where they are refused.
fn unreferenced(files: &[String]) -> Diagnostic {
    let told = Diagnostic::nowhere("E927").arg("files", files.join(", "));
    told.help("delete")
}

fn format(args: &Args, session: &Session<'_>) -> Format {
    let usual = if session.terminal.github && !args.watch { Format::Github } else { Format::Pretty };
    args.format.unwrap_or(usual)
}

impl Args {
    /// Who names paths asks for their cases; the customers that the settings want kept are those of the project.
    fn kept(&self, cases_alone: bool) -> snapshots::Options {
        snapshots::Options {
            update: self.update,
            unreferenced: self.unreferenced,
            run: self.tried.run.clone(),
            how: How {
                jobs: self.tried.jobs,
                look: if self.coverage.wanted() { Look::Coverage } else { Look::Decisions },
            },
            cases_alone,
        }
    }
}

fn report(
    policies: &[PolicyTrial<'_>],
    kept: &snapshot::Report,
    (wrong, whole): (&[Diagnostic], &[Diagnostic]),
    args: &Args,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let format = format(args, session);
    let (lang, sources) = (session.lang(), &session.sources);
    let ran = policies.iter().any(|policy| !policy.cases.is_empty());
    let mut headline: Vec<String> = ran.then(|| trial::summary(policies, lang)).into_iter().collect();
    headline.extend((kept.all() > 0).then(|| kept.summary(lang)));
    let findings = || {
        let (mut groups, headline) = (formats::groups(policies, lang), headline.clone());
        groups.extend(kept.groups(lang));
        Findings { groups, wrong, whole, headline, sources, lang }
    };
    let text = match format {
        Format::Json => {
            let told: Vec<Diagnostic> = wrong.iter().chain(whole).cloned().collect();
            trial::json(policies, kept, &told, sources, lang)
        }
        Format::Junit => formats::junit(&findings()),
        Format::Sarif => formats::sarif(&findings()),
        Format::Github => formats::annotations(&findings()),
        Format::Md => formats::md(&findings()),
        // Who watches waits for what fails.
        Format::Pretty if args.watch => {
            let painter = Painter(session.colour() == Colour::With);
            let told = if kept.findings.is_empty() { String::new() } else { kept.text(lang, painter) };
            format!("{}{told}", trial::failures(policies, sources, lang, painter))
        }
        Format::Pretty
        | Format::Plain
        | Format::Concise
        | Format::Jsonl
        | Format::Csv
        | Format::Xlsx
        | Format::Html => {
            let painter = Painter(format == Format::Pretty && session.colour() == Colour::With);
            format!("{}{}", trial::text(policies, sources, lang, painter), kept.text(lang, painter))
        }
    };
    let job = (format == Format::Github).then(|| formats::md(&findings()));
    session.write(&text)?;
    headline.iter().for_each(|sentence| session.note(sentence));
    snapshots::tell(kept, args.unreferenced, session);
    match job {
        Some(summary) => session.job_summary(&summary),
        None => Ok(()),
    }
}
