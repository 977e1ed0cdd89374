//! Adding to a log, safe against a kill at any moment and beside other runs.
//!
//! Lines go to the disk in one write behind the last whole line, then the head is written. A kill in between leaves a torn line at
//! the end, or a head that is behind; both are recognised the next time, and nothing before them is touched. Where another run has
//! added lines meanwhile, those of this one follow them.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::entry::{Entry, Kind, canonical, digest};
use super::verify::{self, Head, whole};
use super::{head_of, torn_of};
use crate::base::{Lang, SourceMap, Str};
use crate::diag::Diagnostic;
use crate::store::{World, shown};

/// A log that is added to.
pub struct Log<'w> {
    world: &'w dyn World,
    path: PathBuf,
    end: End,
    waiting: Vec<Kind>,
    /// The file for the facts, where they are kept apart, and what waits to be added to it.
    apart: Option<(PathBuf, String)>,
}

/// How a log ends.
struct End {
    head: Head,
    /// How long the file is, and how much of it is whole lines.
    seen: u64,
    sound: u64,
    /// What is left of a line that was torn.
    torn: Vec<u8>,
}

/// A log ready to be added to, and what should be known of it.
pub struct Opened<'w> {
    /// The log.
    pub log: Log<'w>,
    /// A torn line at its end.
    pub notes: Vec<Diagnostic>,
}

impl<'w> Log<'w> {
    /// Opens a log, or begins one; `apart` names the file for the facts where they are not to stand in the log itself.
    ///
    /// # Errors
    /// It cannot be read, or its lines do not follow from one another.
    pub fn open(
        world: &'w dyn World,
        path: &Path,
        apart: Option<&Path>,
        sources: &mut SourceMap,
    ) -> Result<Opened<'w>, Vec<Diagnostic>> {
        let (end, torn) = end(world, path, sources)?;
        let apart = apart.map(|path| (path.to_owned(), String::new()));
        let log = Log { world, path: path.to_owned(), end, waiting: Vec::new(), apart };
        Ok(Opened { log, notes: torn.into_iter().collect() })
    }

    /// How many lines there are on the disk, and the hash of the last.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.end.head
    }

    /// Records the book of a run; gives its digest.
    pub fn book(&mut self, book: Json) -> Str {
        let digest = digest(&book);
        self.waiting.push(Kind::Book { book, digest: digest.clone() });
        digest
    }

    /// Records a decision with the facts that it was made of.
    pub fn decision(&mut self, record: Json, facts: Json, book: Option<Str>, lang: Lang) {
        let facts_digest = digest(&facts);
        let facts = match &mut self.apart {
            None => Some(facts),
            Some((_, waiting)) => {
                waiting.push_str(&canonical(&json!({ "digest": &*facts_digest, "facts": facts })));
                waiting.push('\n');
                None
            }
        };
        let lang = Str::from(lang.pick("en", "zh"));
        self.waiting.push(Kind::Decision { record, facts_digest, facts, book, lang });
    }

    /// Brings what was recorded to the disk: the facts first, then the lines that name them, then the head.
    ///
    /// # Errors
    /// A file cannot be written; the log was changed meanwhile otherwise than by adding to it.
    pub fn flush(&mut self) -> Result<(), Vec<Diagnostic>> {
        self.flush_facts().map_err(|(path, error)| vec![hindered(&path, &error)])?;
        if self.waiting.is_empty() {
            return Ok(());
        }
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error: io::Error| vec![hindered(&path, &error)]
        };
        if !self.end.torn.is_empty() {
            let path = torn_of(&self.path);
            self.world.write(&path, &self.end.torn).map_err(failed(&path))?;
        }
        loop {
            let (text, head) = self.behind(&self.end.head);
            let End { seen, sound, .. } = self.end;
            match self.world.append_at(&self.path, seen, sound, text.as_bytes()) {
                Ok(()) => {
                    let length = sound.saturating_add(length(text.as_bytes()));
                    self.end = End { head, seen: length, sound: length, torn: Vec::new() };
                    break;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.end = end(self.world, &self.path, &mut SourceMap::new())?.0;
                }
                Err(error) => return Err(vec![hindered(&self.path, &error)]),
            }
        }
        self.waiting.clear();
        let Head { entries, hash } = &self.end.head;
        let head = crate::base::document(&json!({ "entries": entries, "hash": &**hash }));
        let path = head_of(&self.path);
        self.world.write(&path, head.as_bytes()).map_err(failed(&path))
    }

    /// What waits, as lines behind a head; and the head behind them.
    fn behind(&self, head: &Head) -> (String, Head) {
        let (mut text, mut head) = (String::new(), head.clone());
        for kind in &self.waiting {
            let entry = Entry::after(head.entries.saturating_add(1), head.hash, kind.clone());
            text.push_str(&entry.line());
            text.push('\n');
            head = Head { entries: entry.number, hash: entry.hash };
        }
        (text, head)
    }

    fn flush_facts(&mut self) -> Result<(), (PathBuf, io::Error)> {
        let Some((path, waiting)) = self.apart.as_mut().filter(|(_, waiting)| !waiting.is_empty()) else {
            return Ok(());
        };
        loop {
            let bytes = bytes(self.world, path).map_err(|error| (path.clone(), error))?;
            // A torn line of facts is of a decision that was never logged: it goes.
            let sound = bytes.get(..whole(&bytes)).unwrap_or_default();
            match self.world.append_at(path, length(&bytes), length(sound), waiting.as_bytes()) {
                Ok(()) => {
                    waiting.clear();
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err((path.clone(), error)),
            }
        }
    }
}

/// How the log of a path ends, and that a line is torn there.
fn end(
    world: &dyn World,
    path: &Path,
    sources: &mut SourceMap,
) -> Result<(End, Option<Diagnostic>), Vec<Diagnostic>> {
    let bytes = bytes(world, path).map_err(|error| vec![hindered(path, &error)])?;
    let read = verify::read(path, &bytes, sources);
    if !read.faults.is_empty() {
        return Err(read.faults);
    }
    let last = read.entries.last();
    let head =
        last.map_or_else(Head::default, |entry| Head { entries: entry.number, hash: entry.hash.clone() });
    let (sound, torn) = bytes.split_at_checked(read.sound).unwrap_or((&bytes, &[]));
    let end = End { head, seen: length(&bytes), sound: length(sound), torn: torn.to_vec() };
    Ok((end, read.torn))
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn bytes(world: &dyn World, path: &Path) -> io::Result<Vec<u8>> {
    match world.read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read,
    }
}

fn hindered(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::nowhere("E907").arg("path", shown(path)).arg("reason", error).help("other")
}
