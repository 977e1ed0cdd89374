//! The policies of a run side by side: each with its environment, its decision and its book, and the customers' files as each
//! reads them.
//!
//! Mostly there is one. Where several policies of a folder say by `applies when` to whom they apply, each customer goes to one.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::args::Facts;
use super::policy::Ready;
use super::scope::{self, Assigned};
use super::session::{Failure, Session};
use super::{book, input};
use crate::base::{Lang, SourceMap, Str};
use crate::diag::Diagnostic;
use crate::engine;
use crate::eval::book::{Book, Kept, Portfolio};
use crate::eval::{self, Decider, Decision, Env, Scratch};
use crate::interop::{self, Reader, Reject};
use crate::plan::DecisionItem;
use crate::value::{FieldId, Schema};

/// So many customers are read and decided before their rows are written.
const CHUNK: usize = 2_048;

/// One policy of the run.
pub struct Lane<'p> {
    /// The policy and its decision.
    pub ready: &'p Ready,
    /// The policy's name.
    pub name: Str,
    /// The decision that is made.
    pub decision: &'p DecisionItem,
    /// The environment, without a book.
    pub env: Env<'p>,
    /// What a customer's file may say.
    pub schema: Cow<'p, Schema>,
    /// The facts that must be given.
    pub needed: BTreeSet<FieldId>,
    /// Whether the book is made of all customers of the run.
    pub is_made: bool,
}

impl<'p> Lane<'p> {
    /// A policy made ready for a run, with the book of `given` or one that is made.
    ///
    /// # Errors
    /// A parameter that cannot be set; the policy makes no decision.
    pub fn new(ready: &'p Ready, given: Option<&Path>) -> Result<Lane<'p>, Failure> {
        let plan = &ready.plan;
        let decision = plan.decisions.get(ready.decision).ok_or_else(none)?;
        let is_made = book::is_made(plan, ready.decision, given);
        Ok(Lane {
            ready,
            name: plan.policies.last().map_or_else(|| Str::from("?"), |policy| policy.name.clone()),
            decision,
            env: ready.environment()?,
            schema: Cow::Borrowed(&plan.schema),
            needed: match is_made {
                true => engine::facts_needed_of_all(plan, decision),
                false => engine::facts_needed(plan, decision),
            },
            is_made,
        })
    }

    /// What makes the decision, with the book that it reads.
    ///
    /// # Errors
    /// The policy makes no decision.
    pub fn decider<'b>(&'b self, book: Option<&'b Book>) -> Result<Decider<'b>, Failure> {
        let env = Env { book, ..self.env.clone() };
        Decider::new(&self.ready.plan, self.ready.decision, &env).ok_or_else(none)
    }
}

fn none() -> Failure {
    Failure::from(Diagnostic::nowhere("E540").variant("none").help("add"))
}

/// A file of customers, as each policy reads it.
pub struct Source<'s> {
    readers: Vec<Reader<'s>>,
    /// Which policy decides each customer; none where one decides all.
    assigned: Option<Vec<Assigned>>,
    /// The items of lists that belong to no customer, each once.
    strays: Vec<Reject>,
}

/// The customers of a file that are a policy's own.
pub struct Members<'a, 's> {
    /// The file.
    pub reader: &'a Reader<'s>,
    /// Which policy decides each customer, and the place of this one; none where it decides all.
    pub own: Option<(&'a [Assigned], usize)>,
}

impl<'s> Source<'s> {
    /// The file as the policy at a place reads it.
    #[must_use]
    pub fn reader(&self, lane: usize) -> Option<&Reader<'s>> {
        self.readers.get(lane)
    }

    fn len(&self) -> usize {
        self.readers.first().map_or(0, Reader::len)
    }

    /// The policy that decides a customer, by its place.
    fn lane(&self, customer: usize) -> Result<usize, Box<Reject>> {
        match self.assigned.as_ref().and_then(|assigned| assigned.get(customer)) {
            Some(assigned) => assigned.clone(),
            None => Ok(0),
        }
    }
}

/// All policies of a run.
pub struct Lanes<'p> {
    all: Vec<Lane<'p>>,
    /// Whether each decides its own customers alone.
    scoped: bool,
}

impl<'p> Lanes<'p> {
    /// The policies of a run. One that is `named` decides whomever it is asked for; else each decides those to whom it applies.
    #[must_use]
    pub fn new(all: Vec<Lane<'p>>, named: bool) -> Lanes<'p> {
        let scoped = match all.as_slice() {
            [lane] => !named && lane.ready.plan.applies.is_some(),
            _ => true,
        };
        Lanes { all, scoped }
    }

    /// The policies, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Lane<'p>> {
        self.all.iter()
    }

    /// The policy at a place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<&Lane<'p>> {
        self.all.get(place)
    }

    /// Whether rows name the policy that decided.
    #[must_use]
    pub fn are_several(&self) -> bool {
        self.scoped
    }

    /// What makes the decisions, each with the book that it reads.
    ///
    /// # Errors
    /// A policy makes no decision.
    pub fn deciders<'b>(&'b self, books: &'b [Option<Book>]) -> Result<Vec<Decider<'b>>, Failure> {
        self.all.iter().zip(books).map(|(lane, book)| lane.decider(book.as_ref())).collect()
    }

    /// Opens a file of customers for all policies, and tells what is to be noted of it: a column that one of them reads is read.
    ///
    /// # Errors
    /// A file that cannot be read or understood at all; a setting that cannot be.
    pub fn open<'s>(
        &'s self,
        facts: &Facts,
        file: &Path,
        origins: bool,
        session: &mut Session<'_>,
    ) -> Result<Source<'s>, Failure> {
        let assigned = if self.scoped {
            let policies: Vec<&Ready> = self.all.iter().map(|lane| lane.ready).collect();
            Some(scope::assign(&policies, facts, file, session)?)
        } else {
            None
        };
        let schemas: Vec<&Schema> = self.all.iter().map(|lane| &*lane.schema).collect();
        let mut readers: Vec<Reader<'s>> = Vec::new();
        for lane in &self.all {
            let needed = lane.needed.clone();
            readers.push(input::open(facts, file, &lane.schema, &schemas, needed, origins, session)?);
        }
        let mut notes = common_notes(&readers);
        if readers.len() > 1 && (facts.strict || session.settings.decide.strict == Some(true)) {
            for note in notes.iter_mut().filter(|note| unread_code(note)) {
                note.code = "E607";
            }
            if notes.iter().any(Diagnostic::is_error) {
                return Err(Failure(notes));
            }
        }
        session.tell(&interop::gathered(notes));
        let mut strays: Vec<Reject> = Vec::new();
        for stray in readers.iter().flat_map(Reader::strays) {
            let place = |reject: &Reject| place_of(&session.sources, reject);
            if readers.len() < 2 || !strays.iter().any(|known| place(known) == place(stray)) {
                strays.push(stray.clone());
            }
        }
        Ok(Source { readers, assigned, strays })
    }

    /// The book of each policy: made of its own customers, or read from its file.
    ///
    /// # Errors
    /// A file that cannot be read, or is of another policy; too many customers.
    pub fn books(
        &self,
        opened: &[Source<'_>],
        given: Option<&Path>,
        jobs: Option<u16>,
        session: &Session<'_>,
    ) -> Result<Vec<Option<Book>>, Failure> {
        (0..self.all.len()).map(|place| self.book(place, opened, given, jobs, session)).collect()
    }

    /// The book of the policy at a place.
    ///
    /// # Errors
    /// As [`Lanes::books`].
    pub fn book(
        &self,
        place: usize,
        opened: &[Source<'_>],
        given: Option<&Path>,
        jobs: Option<u16>,
        session: &Session<'_>,
    ) -> Result<Option<Book>, Failure> {
        let Some(lane) = self.all.get(place) else { return Ok(None) };
        let (plan, decision) = (&lane.ready.plan, lane.ready.decision);
        if lane.is_made {
            return Ok(self.kept(place, opened, jobs, session)?.map(Kept::into_book));
        }
        let reads = |lane: &Lane<'_>| Portfolio::of(&lane.ready.plan, lane.ready.decision).is_some();
        // That nobody reads the book that is given is told once.
        if !reads(lane) && (place > 0 || self.all.iter().any(reads)) {
            return Ok(None);
        }
        let path = given.map(|path| self.book_path(path, lane));
        book::given(path.as_deref(), plan, decision, &lane.env, session)
    }

    /// The book of the policy at a place with what it is made of; none where it is not made of the customers of the run.
    ///
    /// # Errors
    /// Too many customers.
    pub fn kept<'l>(
        &'l self,
        place: usize,
        opened: &[Source<'_>],
        jobs: Option<u16>,
        session: &Session<'_>,
    ) -> Result<Option<Kept<'l>>, Failure> {
        let Some(lane) = self.all.get(place).filter(|lane| lane.is_made) else { return Ok(None) };
        let members = opened.iter().filter_map(|source| {
            let own = source.assigned.as_ref().map(|assigned| (assigned.as_slice(), place));
            Some(Members { reader: source.readers.get(place)?, own })
        });
        let (plan, decision) = (&lane.ready.plan, lane.ready.decision);
        book::make(&members.collect::<Vec<_>>(), plan, decision, &lane.env, jobs, session)
    }

    /// Writes the books of the policies that have one.
    ///
    /// # Errors
    /// One cannot be written.
    pub fn write_books(
        &self,
        path: &Path,
        books: &[Option<Book>],
        session: &Session<'_>,
    ) -> Result<(), Failure> {
        if books.iter().all(Option::is_none) {
            return book::write(path, None, session);
        }
        for (lane, book) in self.all.iter().zip(books).filter(|(_, book)| book.is_some()) {
            book::write(&self.book_path(path, lane), book.as_ref(), session)?;
        }
        Ok(())
    }

    /// The books of several policies stand in files of their own: `book.credit_north.json`.
    fn book_path(&self, path: &Path, lane: &Lane<'_>) -> PathBuf {
        if !self.scoped {
            return path.to_owned();
        }
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("book");
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("json");
        path.with_file_name(format!("{stem}.{}.{ending}", lane.name))
    }

    /// The budgets that did not reach, in sentences; of several policies each under its name.
    #[must_use]
    pub fn short(&self, books: &[Option<Book>], lang: Lang) -> Vec<String> {
        let mut found = Vec::new();
        for (lane, book) in self.all.iter().zip(books) {
            let sentences = book.iter().flat_map(|book| book::short(&lane.ready.plan, book, lang));
            found.extend(sentences.map(|sentence| self.named(lane, &sentence, lang)));
        }
        found
    }

    /// A sentence about one of several policies, with its name.
    #[must_use]
    pub fn named(&self, lane: &Lane<'_>, sentence: &str, lang: Lang) -> String {
        match self.scoped {
            false => sentence.to_owned(),
            true => format!("{}{}{sentence}", lane.name, lang.pick(": ", "：")),
        }
    }
}

/// Where a reject stands, the same for all readers of a file.
fn place_of(sources: &SourceMap, reject: &Reject) -> (Str, u32, u32) {
    let span = reject.span;
    let name = sources.get(span.file).map(|source| Str::from(source.name()));
    (name.unwrap_or_default(), span.start, span.end)
}

/// What is to be noted of a file that several policies read: a column is unread where none of them reads it; all else is
/// told once.
fn common_notes(readers: &[Reader<'_>]) -> Vec<Diagnostic> {
    let same = |one: &Diagnostic, other: &Diagnostic| {
        one.code == other.code && one.variant == other.variant && one.args == other.args
    };
    if let [reader] = readers {
        return reader.notes().to_vec();
    }
    // What is near may differ from policy to policy; the column is the same by its file and heading.
    let heading = |note: &Diagnostic| {
        let arg = |name: &str| note.args.iter().find(|(key, _)| *key == name).map(|(_, text)| text.clone());
        (arg("file"), arg("heading"))
    };
    let unread = |reader: &Reader<'_>, note: &Diagnostic| {
        reader.notes().iter().any(|other| unread_code(other) && heading(other) == heading(note))
    };
    let mut told: Vec<Diagnostic> = Vec::new();
    for note in readers.iter().flat_map(Reader::notes) {
        let is_known = match note.code {
            "W606" | "W675" => told.iter().any(|other| unread_code(other) && heading(other) == heading(note)),
            _ => told.iter().any(|other| same(other, note)),
        };
        let is_due = !unread_code(note) || readers.iter().all(|reader| unread(reader, note));
        if is_due && !is_known {
            told.push(note.clone());
        }
    }
    told
}

/// Whether a note is of a column that nobody reads.
fn unread_code(note: &Diagnostic) -> bool {
    matches!(note.code, "W606" | "W675")
}

/// One customer, decided by a policy or rejected.
type Outcome = Result<(usize, eval::Facts, Decision), Box<Reject>>;

/// Reads and decides all customers of a file in order, in portions; `each` takes them one by one, with the place of the policy
/// that decided. Gives the rejected.
///
/// # Errors
/// What `each` could not do.
pub fn run_all(
    source: &Source<'_>,
    deciders: &[Decider<'_>],
    jobs: Option<u16>,
    session: &mut Session<'_>,
    mut each: impl FnMut(usize, eval::Facts, Decision, &mut Session<'_>) -> Result<(), Failure>,
) -> Result<Vec<Reject>, Failure> {
    // Where the machine gives no threads, one customer is decided after the other.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.map_or(0, usize::from)).build().ok();
    let bar = session.shows_progress().then(|| indicatif::ProgressBar::new(source.len() as u64));
    let scratches = || -> Vec<Scratch> { deciders.iter().map(Decider::scratch).collect() };
    let one = |scratches: &mut Vec<Scratch>, place: usize| -> Option<Outcome> {
        let lane = match source.lane(place) {
            Ok(lane) => lane,
            Err(reject) => return Some(Err(reject)),
        };
        let (reader, decider) = (source.readers.get(lane)?, deciders.get(lane)?);
        Some(reader.customer(place).map(|facts| {
            let decided = scratches.get_mut(lane).map(|scratch| decider.decide(&facts, scratch, &mut ()));
            let decided = decided.unwrap_or_else(|| decider.decide(&facts, &mut decider.scratch(), &mut ()));
            (lane, facts, decided)
        }))
    };
    let mut rejected = Vec::new();
    let mut start = 0usize;
    while start < source.len() && !session.is_closed() {
        let end = start.saturating_add(CHUNK).min(source.len());
        let outcomes: Vec<Option<Outcome>> = match &pool {
            Some(pool) => pool.install(|| (start..end).into_par_iter().map_init(scratches, one).collect()),
            None => {
                let mut scratches = scratches();
                (start..end).map(|place| one(&mut scratches, place)).collect()
            }
        };
        for outcome in outcomes.into_iter().flatten() {
            match outcome {
                Ok((lane, facts, decided)) => each(lane, facts, decided, session)?,
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
    rejected.extend(source.strays.iter().cloned());
    Ok(rejected)
}
