//! `decide FACTS…`: one customer or a whole book.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rayon::prelude::*;

use crate::base::{Lang, Str};
use crate::cli::args::{Facts, Format, Rules};
use crate::cli::compare::Comparison;
use crate::cli::output::{Writer, aligned};
use crate::cli::session::{Failure, Session};
use crate::cli::{Exit, book, input, policy};
use crate::diag::Diagnostic;
use crate::engine;
use crate::eval::{self, Decider, Decision, Env, Scratch};
use crate::interop::{self, Reader, Reject, Row, WriterOptions};

/// So many customers are read and decided before their rows are written.
const CHUNK: usize = 2_048;

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
    /// The file for the book of this run: what all customers and each group come to, for customers decided alone later
    #[arg(long, value_name = "FILE")]
    pub book_out: Option<PathBuf>,
    /// Columns with what is granted today, to be compared with what the policy decides: `current_limit`, or `credit_limit=current_limit`
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub compare: Vec<String>,
}

/// What a run over all customers came to.
#[derive(Default)]
pub(super) struct Tally {
    pub decided: u64,
    pub rejected: u64,
    pub open: u64,
    pub withheld: u64,
}

impl Tally {
    /// Adds a decision.
    pub fn add(&mut self, decided: &Decision) {
        self.decided = self.decided.saturating_add(1);
        match decided.status {
            eval::Status::Open => self.open = self.open.saturating_add(1),
            eval::Status::Withheld => self.withheld = self.withheld.saturating_add(1),
            eval::Status::Final | eval::Status::Refused => {}
        }
    }

    /// What happened, in a sentence.
    pub fn sentence(&self, lang: Lang) -> String {
        let Tally { decided, rejected, open, withheld } = self;
        match lang {
            Lang::En => {
                let plural = |count: u64, one: &str, several: &str| {
                    format!("{count} {}", if count == 1 { one } else { several })
                };
                format!(
                    "{} decided ({open} with open questions, {withheld} withheld), {} rejected",
                    plural(*decided, "customer", "customers"),
                    plural(*rejected, "record", "records")
                )
            }
            Lang::Zh => format!(
                "已评定 {decided} 户（{open} 户有待答问题，{withheld} 户不予发布），拒收 {rejected} 条记录"
            ),
        }
    }

    /// How the command ends: 1 where more was rejected than may be, or a decision breaks what must always hold.
    pub fn exit(&self, most_rejects: u64) -> Exit {
        if self.rejected > most_rejects || self.withheld > 0 { Exit::Found } else { Exit::Done }
    }
}

/// One customer, decided or rejected.
pub(super) type Outcome = Result<(eval::Facts, Decision), Box<Reject>>;

/// Reads and decides all customers of a file in order, in portions; `each` takes them one by one. Gives the rejected.
///
/// # Errors
/// What `each` could not do.
pub(super) fn run_all(
    reader: &Reader<'_>,
    decider: &Decider<'_>,
    jobs: Option<u16>,
    session: &mut Session<'_>,
    mut each: impl FnMut(eval::Facts, Decision, &mut Session<'_>) -> Result<(), Failure>,
) -> Result<Vec<Reject>, Failure> {
    // Where the machine gives no threads, one customer is decided after the other.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.map_or(0, usize::from)).build().ok();
    let bar = session.shows_progress().then(|| indicatif::ProgressBar::new(reader.len() as u64));
    let mut rejected = Vec::new();
    let mut start = 0usize;
    while start < reader.len() && !session.is_closed() {
        let end = start.saturating_add(CHUNK).min(reader.len());
        let one = |scratch: &mut Scratch, place: usize| -> Outcome {
            let facts = reader.customer(place)?;
            let decided = decider.decide(&facts, scratch, &mut ());
            Ok((facts, decided))
        };
        let outcomes: Vec<Outcome> = match &pool {
            Some(pool) => {
                pool.install(|| (start..end).into_par_iter().map_init(|| decider.scratch(), one).collect())
            }
            None => {
                let mut scratch = decider.scratch();
                (start..end).map(|place| one(&mut scratch, place)).collect()
            }
        };
        for outcome in outcomes {
            match outcome {
                Ok((facts, decided)) => each(facts, decided, session)?,
                Err(reject) => rejected.push(*reject),
            }
        }
        start = end;
        if let Some(bar) = &bar {
            bar.set_position(end as u64);
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    rejected.extend(reader.strays().iter().cloned());
    Ok(rejected)
}

/// Where rows go: to a file format at once, or to lines that are put under each other at the end.
pub(super) enum Sink {
    File(Box<interop::Writer<Vec<u8>>>),
    Lines(Vec<Vec<String>>),
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let policies = policy::load_all(&args.rules, session, |_| None)?;
    // Who names a policy decides all customers by it; else its own alone.
    let named = args.rules.policy.is_some() || session.settings.decide.policy.is_some();
    let ready = match policies.as_slice() {
        [ready] if named || ready.plan.applies.is_none() => ready,
        several => return super::decide_each::run(args, several, session),
    };
    let env = ready.environment()?;
    let plan = &ready.plan;
    let none = || Failure::from(Diagnostic::nowhere("E540").variant("none").help("add"));
    let decision = plan.decisions.get(ready.decision).ok_or_else(none)?;
    let writer = Writer::new(plan, decision, &ready.settings, session.lang());
    let mut comparison = Comparison::new(plan, decision, &args.compare)?;
    let schema = comparison.schema().unwrap_or(&plan.schema).clone();
    let is_made = book::is_made(plan, ready.decision, args.facts.book.as_deref());
    let mut needed = if is_made {
        engine::facts_needed_of_all(plan, decision)
    } else {
        engine::facts_needed(plan, decision)
    };
    needed.extend(comparison.columns());
    // A book is made of all customers before one is decided, so that their files are opened at once.
    let mut opened = Vec::new();
    for file in args.facts.files.iter().filter(|_| is_made) {
        opened.push(input::open(&args.facts, file, &schema, needed.clone(), false, session)?);
    }
    let book = match is_made {
        true => book::make(&opened, plan, ready.decision, &env, args.jobs, session)?,
        false => book::given(args.facts.book.as_deref(), plan, ready.decision, &env, session)?,
    };
    if let Some(path) = &args.book_out {
        book::write(path, book.as_ref(), session)?;
    }
    let env = Env { book: book.as_ref(), ..env };
    let decider = Decider::new(plan, ready.decision, &env).ok_or_else(none)?;
    let mut opened = opened.into_iter();
    let format = format(args.format, session)?;
    let mut sink = match format {
        Format::Pretty | Format::Plain | Format::Concise | Format::Sarif | Format::Github => {
            Sink::Lines(Vec::new())
        }
        Format::Csv => sink(interop::Format::Csv, session)?,
        Format::Json => sink(interop::Format::Json, session)?,
        Format::Jsonl => sink(interop::Format::Jsonl, session)?,
        Format::Xlsx => sink(interop::Format::Xlsx, session)?,
    };
    let whole = matches!(format, Format::Json | Format::Jsonl);
    let mut tally = Tally::default();
    let mut seen: BTreeMap<Str, PathBuf> = BTreeMap::new();
    let several = args.facts.files.len() > 1;
    for file in &args.facts.files {
        let reader = match opened.next() {
            Some(reader) => reader,
            None => input::open(&args.facts, file, &schema, needed.clone(), false, session)?,
        };
        let mut twice: Vec<Str> = Vec::new();
        let rejected = run_all(&reader, &decider, args.jobs, session, |facts, decided, session| {
            if several && seen.insert(facts.id.clone(), file.clone()).is_some() {
                twice.push(facts.id.clone());
                return Ok(());
            }
            tally.add(&decided);
            let compared = comparison.compare(plan, &facts, &decided, session.lang());
            match &mut sink {
                Sink::Lines(lines) => {
                    lines.push(if compared.is_empty() {
                        writer.line(&decided)
                    } else {
                        let texts = compared.iter().flat_map(|it| it.texts(plan, session.lang()));
                        std::iter::once(decided.id.to_string()).chain(texts).collect()
                    });
                    Ok(())
                }
                Sink::File(file) => {
                    let mut row: Row =
                        if whole { writer.record(&decided, &facts) } else { writer.flat(&decided) };
                    row.extend(compared.iter().flat_map(|it| it.cells(&writer, whole)));
                    write(file, &row)
                }
            }
        })?;
        for id in &twice {
            session.tell(&[Diagnostic::nowhere("E913")
                .arg("id", id)
                .arg("file", crate::store::shown(file))
                .help("one")]);
        }
        tally.rejected = tally
            .rejected
            .saturating_add(u64::try_from(rejected.len()).unwrap_or(u64::MAX))
            .saturating_add(u64::try_from(twice.len()).unwrap_or(u64::MAX));
        let target =
            args.rejects.as_ref().map(|path| if several { beside(path, file) } else { path.clone() });
        input::tell_rejects(&reader, &rejected, target.as_ref(), session)?;
    }
    match sink {
        Sink::File(file) => {
            let bytes = file.finish().map_err(|error| unwritable(&error))?;
            session.write_bytes(&bytes)?;
        }
        Sink::Lines(lines) => {
            let compared = comparison.headings(session.lang());
            let headings = if compared.is_empty() {
                writer.titles()
            } else {
                std::iter::once(Str::from(session.lang().pick("id", "客户"))).chain(compared).collect()
            };
            session.write(&aligned(&headings, &lines))?;
        }
    }
    let totals = comparison.totals(plan, session.lang());
    if !totals.is_empty() {
        match format {
            Format::Pretty | Format::Plain => session.write(&format!("\n{totals}"))?,
            _ => session.note(totals.trim_end()),
        }
    }
    session.note(&tally.sentence(session.lang()));
    for sentence in book.iter().flat_map(|book| book::short(plan, book, session.lang())) {
        session.note(&sentence);
    }
    match &book {
        Some(book) if book::is_disputed(book) => Ok(Exit::Found),
        Some(_) | None => Ok(tally.exit(args.max_rejects)),
    }
}

/// The rejects of several files of customers go to files of their own: `rejects.south.csv`.
fn beside(path: &std::path::Path, file: &std::path::Path) -> PathBuf {
    let stem =
        |path: &std::path::Path| path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("").to_owned();
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("jsonl");
    path.with_file_name(format!("{}.{}.{ending}", stem(path), stem(file)))
}

/// The format asked for, of the settings, or the usual one: lines on a terminal.
pub(super) fn format(asked: Option<Format>, session: &Session<'_>) -> Result<Format, Failure> {
    const KNOWN: [Format; 6] =
        [Format::Pretty, Format::Plain, Format::Csv, Format::Json, Format::Jsonl, Format::Xlsx];
    match (asked, session.settings.decide.format.as_deref()) {
        (Some(format), _) => Ok(format),
        (None, Some(name)) => KNOWN.into_iter().find(|format| format.name() == name).ok_or_else(|| {
            let known: BTreeSet<&str> = KNOWN.iter().map(|format| format.name()).collect();
            let known = known.into_iter().collect::<Vec<_>>().join(", ");
            Diagnostic::nowhere("E910")
                .arg("setting", "format")
                .arg("written", name)
                .arg("known", known)
                .help("known")
                .into()
        }),
        (None, None) => Ok(Format::Pretty),
    }
}

pub(super) fn sink(format: interop::Format, session: &Session<'_>) -> Result<Sink, Failure> {
    let called = session.lang().pick("decisions", "评定结果");
    let options = WriterOptions { mark: true, columns: Vec::new(), called: Str::from(called) };
    let options = if matches!(format, interop::Format::Json) {
        WriterOptions { called: Str::from("decisions"), ..options }
    } else {
        options
    };
    let writer = interop::Writer::new(Vec::new(), format, options).map_err(|error| unwritable(&error))?;
    Ok(Sink::File(Box::new(writer)))
}

pub(super) fn write(file: &mut interop::Writer<Vec<u8>>, row: &Row) -> Result<(), Failure> {
    file.write(row).map_err(|error| unwritable(&error))
}

pub(super) fn unwritable(error: &interop::WriteError) -> Failure {
    Diagnostic::nowhere("E907").arg("path", "-").arg("reason", error).into()
}
