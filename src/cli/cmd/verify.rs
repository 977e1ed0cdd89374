//! `verify LOG`: whether a log of decisions is as it was written.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::base::{Lang, document};
use crate::cli::Exit;
use crate::cli::args::Format;
use crate::cli::session::{Failure, Session};
use crate::diag::Diagnostic;
use crate::review::log::{self, Kind, Read};
use crate::store::{Place, shown};

/// Holds every line of a log of decisions against the one before, and the log against its head
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The log, as `decide --log` wrote it
    #[arg(value_name = "LOG")]
    pub log: PathBuf,
    /// The file in which its facts are kept apart
    #[arg(long, value_name = "FILE")]
    pub log_facts: Option<PathBuf>,
    /// A hash that was noted elsewhere: a line of the log must have it
    #[arg(long, value_name = "HASH")]
    pub head: Option<String>,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json]))]
    pub format: Option<Format>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let Checked { read, faults } = checked(&args.log, session)?;
    let mut faults = faults;
    if let Some(noted) = &args.head
        && faults.is_empty()
        && !read.entries.iter().any(|entry| *entry.hash == **noted)
    {
        let other = Diagnostic::nowhere("E581").variant("noted").arg("path", shown(&args.log));
        faults.push(other.arg("hash", noted).help("restore"));
    }
    let mut kept = None;
    if let Some(path) = &args.log_facts {
        let bytes = session.read(path)?;
        let facts = log::facts(path, &bytes, &mut session.sources);
        faults.extend(facts.faults.iter().cloned());
        kept = Some(facts);
    }
    let mut decisions = 0_usize;
    let mut erased = 0_usize;
    for entry in &read.entries {
        let Kind::Decision { facts, facts_digest, .. } = &entry.kind else { continue };
        decisions = decisions.saturating_add(1);
        let apart = kept.as_ref().is_some_and(|kept| kept.by_digest.contains_key(facts_digest));
        if facts.is_none() && !apart && kept.is_some() {
            erased = erased.saturating_add(1);
        }
    }
    session.tell(&faults);
    let head = read.entries.last().map_or("", |entry| &*entry.hash);
    let text = match args.format {
        Some(Format::Json) => document(&json!({
            "format_version": 1,
            "log": shown(&args.log),
            "whole": faults.is_empty(),
            "torn": read.torn.is_some(),
            "lines": read.entries.len(),
            "decisions": decisions,
            "erased": erased,
            "head": head,
        })),
        _ => sentence(&args.log, &read, !faults.is_empty(), decisions, erased, session.lang()),
    };
    session.write(&text)?;
    Ok(if faults.is_empty() { Exit::Done } else { Exit::Found })
}

/// A log that was read, with all that is wrong with it.
pub(super) struct Checked {
    /// Its lines.
    pub read: Read,
    /// What was changed, dropped, moved.
    pub faults: Vec<Diagnostic>,
}

/// Reads a log and holds it together; a torn end is told at once.
///
/// # Errors
/// It cannot be read.
pub(super) fn checked(path: &Path, session: &mut Session<'_>) -> Result<Checked, Failure> {
    let bytes = session.read(path)?;
    let read = log::read(path, &bytes, &mut session.sources);
    let beside = log::head_of(path);
    let head = match session.world.place(&beside) {
        Some(Place::File) => log::head(&session.read(&beside)?),
        Some(Place::Folder) | None => None,
    };
    session.tell(read.torn.as_slice());
    let faults = log::verify(path, &read, head.as_ref());
    Ok(Checked { read, faults })
}

fn sentence(path: &Path, read: &Read, broken: bool, decisions: usize, erased: usize, lang: Lang) -> String {
    let (path, lines) = (shown(path), read.entries.len());
    let head = read.entries.last().map_or("-", |entry| &*entry.hash);
    let gone = match (erased, lang) {
        (0, _) => String::new(),
        (_, Lang::En) => format!("; the facts of {erased} were erased"),
        (_, Lang::Zh) => format!("；其中 {erased} 条的客户资料已清除"),
    };
    match (broken, lang) {
        (true, Lang::En) => {
            let sound = match lines {
                0 => String::from("none of its lines can be relied on"),
                1 => String::from("only its first line holds"),
                _ => format!("its first {lines} lines hold"),
            };
            format!("{path} is not as it was written: {sound}\n")
        }
        (true, Lang::Zh) if lines == 0 => format!("{path} 与写入时不符：没有一行可信\n"),
        (true, Lang::Zh) => format!("{path} 与写入时不符：前 {lines} 行完好\n"),
        (false, Lang::En) => {
            format!("{path} holds: {lines} lines, {decisions} decisions{gone}\nhead {head}\n")
        }
        (false, Lang::Zh) => format!("{path} 完好：{lines} 行，{decisions} 项决定{gone}\n末行哈希 {head}\n"),
    }
}
