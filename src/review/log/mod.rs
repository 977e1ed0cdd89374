//! A log of decisions: a line each, chained by hashes, so that no line can be changed, dropped or moved unseen.
//!
//! A line is an object of JSON in the canonical form of RFC 8785 (keys in order, no blanks). `hash` is SHA-256 over the line without
//! `hash`; `prev` is the hash of the line before. Anybody can repeat it: `jq -cS 'del(.hash)' | tr -d '\n' | sha256sum`. Beside the log
//! stands its head, the number of lines and the hash of the last, by which lines that are missing at the end are noticed.

mod append;
mod entry;
mod verify;

pub use append::{Log, Opened};
pub use entry::{Entry, Kind};
pub use verify::{Facts, Head, Read, facts, head, read, verify};

use std::path::{Path, PathBuf};

/// The file that holds the head of a log.
#[must_use]
pub fn head_of(log: &Path) -> PathBuf {
    beside(log, "head")
}

/// The file for what was left of a line when a run was killed.
#[must_use]
pub fn torn_of(log: &Path) -> PathBuf {
    beside(log, "torn")
}

fn beside(log: &Path, ending: &str) -> PathBuf {
    let mut name = log.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}
