//! `decide FACTS…`: one customer or a whole book.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::base::{Lang, Str};
use crate::cli::args::{Facts, Format, Rules};
use crate::cli::compare::Comparison;
use crate::cli::gate::Gate;
use crate::cli::lanes::{self, Lane, Lanes};
use crate::cli::logbook::Logbook;
use crate::cli::output::{Writer, aligned};
use crate::cli::session::{Failure, Session};
use crate::cli::strays::Strays;
use crate::cli::{Exit, book, input, policy};
use crate::diag::Diagnostic;
use crate::eval::{self, Decision};
use crate::interop::{self, Cell, Row, WriterOptions};

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
    /// Keep the facts in each record, but personal ones: `why --last` then tells which of them moved a decision
    #[arg(long)]
    pub with_facts: bool,
    /// The log to which each decision is added, chained to those before
    #[arg(long, value_name = "FILE", conflicts_with = "show_personal")]
    pub log: Option<PathBuf>,
    /// The file in which the log's facts are kept apart, so that those of one person can be erased
    #[arg(long, value_name = "FILE", requires = "log")]
    pub log_facts: Option<PathBuf>,
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

/// Where rows go: to a file format at once, or to lines that are put under each other at the end.
enum Sink {
    File(Box<interop::Writer<Vec<u8>>>),
    Lines(Vec<Vec<String>>),
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let policies = policy::load_held(&args.rules, session, |_| None, Gate::Refuse)?;
    let given = args.facts.book.as_deref();
    let mut lanes = policies.iter().map(|ready| Lane::new(ready, given)).collect::<Result<Vec<_>, _>>()?;
    let mut desks = Vec::new();
    for lane in &mut lanes {
        desks.push(Desk::new(lane, &args.compare, args.with_facts, session.lang())?);
    }
    // Who names a policy decides all customers by it; else each decides its own.
    let named = args.rules.policy.is_some() || session.settings.decide.policy.is_some();
    let lanes = Lanes::new(lanes, named);
    let format = format(args.format, session)?;
    let whole = matches!(format, Format::Json | Format::Jsonl);
    if !whole {
        hold_alike(&lanes, &desks, session.lang())?;
    }
    let is_made = lanes.iter().any(|lane| lane.is_made);
    // A book is made of all customers before one is decided, so that their files are opened at once.
    let mut opened = Vec::new();
    for file in args.facts.files.iter().filter(|_| is_made) {
        opened.push(lanes.open(&args.facts, file, false, session)?);
    }
    let books = lanes.books(&opened, given, args.jobs, session)?;
    if let Some(path) = &args.book_out {
        lanes.write_books(path, &books, session)?;
    }
    let deciders = lanes.deciders(&books)?;
    let mut logbook = match &args.log {
        Some(path) => Some(Logbook::open(path, args.log_facts.as_deref(), &lanes, &books, session)?),
        None => None,
    };
    let mut opened = opened.into_iter();
    let mut sink = match format {
        Format::Pretty
        | Format::Plain
        | Format::Concise
        | Format::Sarif
        | Format::Github
        | Format::Md
        | Format::Junit
        | Format::Html => Sink::Lines(Vec::new()),
        Format::Csv => sink(interop::Format::Csv, session)?,
        Format::Json => sink(interop::Format::Json, session)?,
        Format::Jsonl => sink(interop::Format::Jsonl, session)?,
        Format::Xlsx => sink(interop::Format::Xlsx, session)?,
    };
    let mut tally = Tally::default();
    let mut strays: Vec<Strays<'_>> = lanes.iter().map(|lane| Strays::new(&lane.ready.plan)).collect();
    let mut seen: BTreeMap<Str, PathBuf> = BTreeMap::new();
    let several = args.facts.files.len() > 1;
    for file in &args.facts.files {
        let source = match opened.next() {
            Some(source) => source,
            None => lanes.open(&args.facts, file, false, session)?,
        };
        let mut twice: Vec<Str> = Vec::new();
        let rejected =
            lanes::run_all(&source, &deciders, args.jobs, session, |at, facts, decided, session| {
                if several && seen.insert(facts.id.clone(), file.clone()).is_some() {
                    twice.push(facts.id.clone());
                    return Ok(());
                }
                tally.add(&decided);
                if let Some(strays) = strays.get_mut(at) {
                    strays.look(&facts, session);
                }
                let (Some(lane), Some(desk)) = (lanes.get(at), desks.get_mut(at)) else { return Ok(()) };
                if let Some(logbook) = &mut logbook {
                    logbook.add(at, &facts, &decided)?;
                }
                let name = lanes.are_several().then(|| lane.name.clone());
                match &mut sink {
                    Sink::Lines(lines) => {
                        lines.push(desk.line(lane, name, &facts, &decided, session.lang()));
                        Ok(())
                    }
                    Sink::File(file) => {
                        write(file, &desk.row(lane, name, &facts, &decided, whole, session.lang()))
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
        if let Some(reader) = source.reader(0) {
            input::tell_rejects(reader, &rejected, target.as_ref(), session)?;
        }
    }
    // Nothing is told that is not on record.
    if let Some(logbook) = &mut logbook {
        logbook.close(session)?;
    }
    match sink {
        Sink::File(file) => {
            let bytes = file.finish().map_err(|error| unwritable(&error))?;
            session.write_bytes(&bytes)?;
        }
        Sink::Lines(lines) => {
            let titles = desks.first().map(|desk| desk.titles(lanes.are_several(), session.lang()));
            session.write(&aligned(&titles.unwrap_or_default(), &lines))?;
        }
    }
    let totals: String =
        lanes.iter().zip(&desks).map(|(lane, desk)| desk.totals(&lanes, lane, session.lang())).collect();
    if !totals.is_empty() {
        match format {
            Format::Pretty | Format::Plain => session.write(&format!("\n{totals}"))?,
            _ => session.note(totals.trim_end()),
        }
    }
    session.note(&tally.sentence(session.lang()));
    for sentence in lanes.short(&books, session.lang()) {
        session.note(&sentence);
    }
    if books.iter().flatten().any(book::is_disputed) {
        return Ok(Exit::Found);
    }
    Ok(tally.exit(args.max_rejects))
}

/// How the decisions of one policy are written, beside what is granted today.
struct Desk<'p> {
    writer: Writer<'p>,
    comparison: Comparison<'p>,
}

impl<'p> Desk<'p> {
    /// The columns that are compared become facts of the policy's customers.
    fn new(
        lane: &mut Lane<'p>,
        compare: &[String],
        with_facts: bool,
        lang: Lang,
    ) -> Result<Desk<'p>, Failure> {
        let plan = &lane.ready.plan;
        let comparison = Comparison::new(plan, lane.decision, compare)?;
        if let Some(schema) = comparison.schema() {
            lane.schema = Cow::Owned(schema.clone());
        }
        let kept = if with_facts { lane.needed.clone() } else { BTreeSet::new() };
        lane.needed.extend(comparison.columns());
        let writer = Writer::new(plan, lane.decision, &lane.ready.settings, lang);
        let writer = writer.known(lane.ready.known_at).standing(lane.ready.standing.as_ref()).keeping(kept);
        Ok(Desk { writer, comparison })
    }

    /// A line for a terminal; of several policies with the name of the one that decided.
    fn line(
        &mut self,
        lane: &Lane<'p>,
        name: Option<Str>,
        facts: &eval::Facts,
        decided: &Decision,
        lang: Lang,
    ) -> Vec<String> {
        let plan = &lane.ready.plan;
        let compared = self.comparison.compare(plan, facts, decided, lang);
        let mut line = if compared.is_empty() {
            self.writer.line(decided)
        } else {
            let texts = compared.iter().flat_map(|it| it.texts(plan, lang));
            std::iter::once(decided.id.to_string()).chain(texts).collect()
        };
        if let Some(name) = name {
            line.insert(1.min(line.len()), name.to_string());
        }
        line
    }

    /// A row of a file; `whole` for a record, which names its policy by itself.
    fn row(
        &mut self,
        lane: &Lane<'p>,
        name: Option<Str>,
        facts: &eval::Facts,
        decided: &Decision,
        whole: bool,
        lang: Lang,
    ) -> Row {
        let compared = self.comparison.compare(&lane.ready.plan, facts, decided, lang);
        let mut row = if whole { self.writer.record(decided, facts) } else { self.writer.flat(decided) };
        if let Some(name) = name.filter(|_| !whole) {
            row.insert(1.min(row.len()), (Str::from("policy"), Cell::Text(name)));
        }
        row.extend(compared.iter().flat_map(|it| it.cells(&self.writer, whole)));
        row
    }

    /// The headings of [`Desk::line`].
    fn titles(&self, several: bool, lang: Lang) -> Vec<Str> {
        let compared = self.comparison.headings(lang);
        let mut titles = match compared.is_empty() {
            true => self.writer.titles(),
            false => std::iter::once(Str::from(lang.pick("id", "客户"))).chain(compared).collect(),
        };
        if several {
            titles.insert(1.min(titles.len()), Str::from(lang.pick("policy", "政策")));
        }
        titles
    }

    /// What both come to in all, a line each.
    fn totals(&self, lanes: &Lanes<'p>, lane: &Lane<'p>, lang: Lang) -> String {
        let totals = self.comparison.totals(&lane.ready.plan, lang);
        totals.lines().map(|line| format!("{}\n", lanes.named(lane, line, lang))).collect()
    }
}

/// Policies whose customers stand in one table list the same results.
///
/// # Errors
/// Two of them do not.
fn hold_alike(lanes: &Lanes<'_>, desks: &[Desk<'_>], lang: Lang) -> Result<(), Failure> {
    let lists = |lane: &Lane<'_>, desk: &Desk<'_>| {
        let outputs = lane.decision.outputs.iter().map(|output| output.name.clone());
        (outputs.collect::<Vec<_>>(), desk.comparison.headings(lang))
    };
    let mut all = lanes.iter().zip(desks);
    let Some((first, desk)) = all.next() else { return Ok(()) };
    match all.find(|(lane, other)| lists(lane, other) != lists(first, desk)) {
        None => Ok(()),
        Some((other, _)) => {
            let differ = Diagnostic::nowhere("E543").arg("one", &first.name).arg("other", &other.name);
            Err(differ.help("jsonl").help("policy").into())
        }
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
fn format(asked: Option<Format>, session: &Session<'_>) -> Result<Format, Failure> {
    const KNOWN: [Format; 6] =
        [Format::Pretty, Format::Plain, Format::Csv, Format::Json, Format::Jsonl, Format::Xlsx];
    match (asked, session.settings.decide.format.as_deref()) {
        (Some(format), _) => Ok(format),
        (None, Some(name)) => KNOWN.into_iter().find(|format| format.name() == name).ok_or_else(|| {
            let known: BTreeSet<&str> = KNOWN.iter().map(|format| format.name()).collect();
            let known = known.into_iter().collect::<Vec<_>>().join(", ");
            input::bad_setting("format", name, &known, session)
        }),
        (None, None) => Ok(Format::Pretty),
    }
}

fn sink(format: interop::Format, session: &Session<'_>) -> Result<Sink, Failure> {
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

fn write(file: &mut interop::Writer<Vec<u8>>, row: &Row) -> Result<(), Failure> {
    file.write(row).map_err(|error| unwritable(&error))
}

fn unwritable(error: &interop::WriteError) -> Failure {
    Diagnostic::nowhere("E907").arg("path", "-").arg("reason", error).into()
}
