//! Reading a log, and holding each line against the one before.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use super::entry::{Entry, Kind, digest};
use crate::base::{FileId, SourceMap, Span, Str};
use crate::diag::Diagnostic;
use crate::store::shown;

/// So much of a line is shown where something is wrong with it.
const MARKED: usize = 72;

/// A log that was read.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// Its lines, up to the first that does not follow.
    pub entries: Vec<Entry>,
    /// The place of each of these lines.
    pub spans: Vec<Span>,
    /// How many bytes are whole lines.
    pub sound: usize,
    /// That a run was killed while it wrote the last line.
    pub torn: Option<Diagnostic>,
    /// What was changed, dropped, moved.
    pub faults: Vec<Diagnostic>,
}

/// Reads a log and holds its lines together.
#[must_use]
pub fn read(path: &Path, bytes: &[u8], sources: &mut SourceMap) -> Read {
    let sound = whole(bytes);
    let text = String::from_utf8_lossy(bytes.get(..sound).unwrap_or_default()).into_owned();
    let file = sources.add(shown(path), text.clone());
    let mut read = Read { sound, ..Read::default() };
    if sound < bytes.len() {
        let torn = Diagnostic::nowhere("W582").arg("path", shown(path));
        read.torn = Some(torn.arg("line", text.lines().count().saturating_add(1)).help("kept"));
    }
    let (mut at, mut prev) = (0_usize, Str::from(""));
    for (place, line) in text.split_inclusive('\n').enumerate() {
        let span = place_of(file, at, line);
        at = at.saturating_add(line.len());
        let number = u64::try_from(place).unwrap_or(u64::MAX).saturating_add(1);
        let broken = |variant: &'static str| Diagnostic::new("E580", span).variant(variant);
        let Some(entry) = Entry::read(line.trim_end_matches('\n')) else {
            read.faults.push(broken("form").help("whole"));
            return read;
        };
        if entry.true_hash() != entry.hash {
            read.faults.push(broken("changed").help("restore"));
            return read;
        }
        if entry.number != number || entry.prev != prev {
            let order = broken("order").arg("expected", number).arg("number", entry.number);
            read.faults.push(order.help("restore"));
            return read;
        }
        if !holds(&entry.kind) {
            read.faults.push(broken("facts").help("restore"));
            return read;
        }
        prev = entry.hash.clone();
        read.entries.push(entry);
        read.spans.push(span);
    }
    read
}

/// How many bytes of a file are whole lines.
pub(super) fn whole(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end.saturating_add(1))
}

fn place_of(file: FileId, at: usize, line: &str) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        file,
        start: offset(at),
        end: offset(at.saturating_add(line.trim_end().floor_char_boundary(MARKED))),
    }
}

/// Whether what a line carries is what its digests name.
fn holds(kind: &Kind) -> bool {
    match kind {
        Kind::Book { book, digest: named } => digest(book) == *named,
        Kind::Decision { facts: Some(facts), facts_digest, .. } => digest(facts) == *facts_digest,
        Kind::Decision { facts: None, .. } => true,
    }
}

/// The head of a log: how many lines there were, and the hash of the last.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Head {
    /// How many lines.
    pub entries: u64,
    /// The hash of the last; empty where there is none.
    pub hash: Str,
}

/// The head in its file; none where the text is none.
#[must_use]
pub fn head(text: &[u8]) -> Option<Head> {
    let head: Json = serde_json::from_slice(text).ok()?;
    Some(Head { entries: head.get("entries")?.as_u64()?, hash: Str::from(head.get("hash")?.as_str()?) })
}

/// Holds a log against its head: a log may have grown since, it may not have shrunk.
#[must_use]
pub fn verify(path: &Path, read: &Read, head: Option<&Head>) -> Vec<Diagnostic> {
    let mut faults = read.faults.clone();
    let Some(head) = head.filter(|_| faults.is_empty()) else { return faults };
    let have = u64::try_from(read.entries.len()).unwrap_or(u64::MAX);
    let at = head.entries.checked_sub(1).and_then(|at| usize::try_from(at).ok());
    let found = at.and_then(|at| read.entries.get(at));
    let short = || {
        let short = Diagnostic::nowhere("E581").arg("path", shown(path));
        short.arg("entries", head.entries).arg("have", have).help("restore")
    };
    match found {
        Some(entry) if entry.hash == head.hash => {}
        Some(_) => faults.push(short().variant("other")),
        None if head.entries == 0 => {}
        None => faults.push(short()),
    }
    faults
}

/// Facts that are kept apart from the log.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// By their digest.
    pub by_digest: BTreeMap<Str, Json>,
    /// Lines that are not what they say they are.
    pub faults: Vec<Diagnostic>,
}

/// Reads facts that are kept apart. A line may be missing: who is erased from it is erased.
#[must_use]
pub fn facts(path: &Path, bytes: &[u8], sources: &mut SourceMap) -> Facts {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let file = sources.add(shown(path), text.clone());
    let (mut facts, mut at) = (Facts::default(), 0_usize);
    for line in text.split_inclusive('\n') {
        let span = place_of(file, at, line);
        at = at.saturating_add(line.len());
        // The last line may be torn: it is of a decision that was never logged.
        let torn = !line.ends_with('\n');
        if line.trim().is_empty() || torn {
            continue;
        }
        let kept = serde_json::from_str::<Json>(line).ok().and_then(|mut kept| {
            let named = Str::from(kept.get("digest")?.as_str()?);
            let facts = kept.get_mut("facts")?.take();
            (digest(&facts) == named).then_some((named, facts))
        });
        match kept {
            Some((named, kept)) => {
                facts.by_digest.insert(named, kept);
            }
            None => facts.faults.push(Diagnostic::new("E580", span).variant("apart").help("restore")),
        }
    }
    facts
}
