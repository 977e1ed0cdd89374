//! What a run of `decide` adds to a log.

use std::path::Path;

use super::lanes::Lanes;
use super::output::Writer;
use super::session::{Failure, Session};
use crate::base::{Lang, Str};
use crate::eval::book::Book;
use crate::eval::{Decision, Facts};
use crate::interop::{self, write_book};
use crate::review::log::{Head, Log, Opened};
use crate::value::Schema;

/// So many decisions are brought to the disk at once.
const BATCH: usize = 2_048;

/// A log that is added to, and how the decisions of each policy are written in it.
pub struct Logbook<'w, 'p> {
    log: Log<'w>,
    pages: Vec<Page<'p>>,
    waiting: usize,
    lang: Lang,
}

/// One policy of the run.
struct Page<'p> {
    writer: Writer<'p>,
    schema: &'p Schema,
    book: Option<Str>,
}

impl<'w, 'p> Logbook<'w, 'p> {
    /// Opens the log of a run; the books that its policies read are recorded first.
    ///
    /// # Errors
    /// The log cannot be read, or its lines do not follow from one another.
    pub fn open(
        path: &Path,
        apart: Option<&Path>,
        lanes: &Lanes<'p>,
        books: &[Option<Book>],
        session: &mut Session<'w>,
    ) -> Result<Logbook<'w, 'p>, Failure> {
        let lang = session.lang();
        let Opened { mut log, notes } =
            Log::open(session.world, path, apart, &mut session.sources).map_err(Failure)?;
        session.tell(&notes);
        let mut pages = Vec::new();
        for (place, lane) in lanes.iter().enumerate() {
            let plan = &lane.ready.plan;
            let book = books.get(place).and_then(Option::as_ref);
            let book = book.and_then(|book| serde_json::from_str(&write_book(book)).ok());
            let writer = Writer::new(plan, lane.decision, &lane.ready.settings, lang);
            pages.push(Page {
                writer: writer.known(lane.ready.known_at).standing(lane.ready.standing.as_ref()),
                schema: &plan.schema,
                book: book.map(|book| log.book(book)),
            });
        }
        Ok(Logbook { log, pages, waiting: 0, lang })
    }

    /// Records a decision of the policy at a place.
    ///
    /// # Errors
    /// The log cannot be written.
    pub fn add(&mut self, place: usize, facts: &Facts, decided: &Decision) -> Result<(), Failure> {
        let Some(page) = self.pages.get(place) else { return Ok(()) };
        let record = interop::object(&page.writer.record(decided, facts));
        let known = interop::object(&interop::record(page.schema, facts));
        self.log.decision(record, known, page.book.clone(), self.lang);
        self.waiting = self.waiting.saturating_add(1);
        if self.waiting >= BATCH {
            self.waiting = 0;
            self.log.flush().map_err(Failure)?;
        }
        Ok(())
    }

    /// Brings the rest to the disk and tells the head of the log, which is to be kept elsewhere.
    ///
    /// # Errors
    /// The log cannot be written.
    pub fn close(&mut self, session: &Session<'_>) -> Result<(), Failure> {
        self.log.flush().map_err(Failure)?;
        let Head { entries, hash } = self.log.head();
        session.note(&match self.lang {
            Lang::En => format!("the log has {entries} lines, its head is {hash}"),
            Lang::Zh => format!("日志共 {entries} 行，末行哈希为 {hash}"),
        });
        Ok(())
    }
}
