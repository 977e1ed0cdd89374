//! Text into tree. Parsing never fails: it gives what is sound, and every mistake of the file at once.
//!
//! 1. `scan` finds comments, brackets and the ends of lines, and refuses what no parser should meet.
//! 2. `grammar` reads the text, at first as a whole; `recover` reads a broken file piece by piece.
//! 3. `lower` makes the tree of [`ast`] from what the grammar has read.
//!
//! `slips`, `habits` and what they call tell what people mean who write otherwise; `proof` holds a correction that is called safe to mend
//! what it was told for.
//!
//! `concrete` gives what the grammar has read as it stands, for who changes a text.

mod again;
mod apart;
pub mod ast;
mod bounds;
mod clauses;
mod concrete;
mod days;
mod expected;
mod figures;
mod followers;
mod forms;
mod formulas;
mod grades;
mod grammar;
mod habits;
pub mod keywords;
mod literate;
mod lower;
mod offers;
mod offices;
mod phrases;
mod pieces;
mod proof;
mod recover;
mod restore;
mod scan;
mod slips;
mod synonyms;

pub use again::Kept;
pub use apart::apart;
pub use concrete::{
    Known, Looked, Node, Reading, Stretch, Stretches, concrete, look, parse_item, read, rules_alone,
    stretches,
};
pub use figures::{Meant, figure_meant};
pub use habits::stretch_meant;
pub use literate::{blocks, literate};
pub use offers::{Offers, Word, is_chinese, offers};
pub use pieces::{parse_datum, parse_path};
pub use scan::{Trivia, TriviaKind};

use crate::base::FileId;
use crate::diag::Diagnostic;

/// What came of a text.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree: every item that could be read.
    pub file: ast::File,
    /// Comments and blank lines in the order of the text.
    pub trivia: Vec<Trivia>,
    /// Every mistake, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// What the tree was read from.
    pub kept: Kept,
}

/// Reads a text. Places are bytes of it. What is broken is read as it was likely meant, where one change is enough for that.
#[must_use]
pub fn parse(file: FileId, text: &str) -> Parsed {
    in_its_language(recover::parse(file, text, again::Before::default(), true), text)
}

/// Reads a text that is being written: as it stands, for half a line is no slip, and what it is meant to be its author will say.
#[must_use]
pub fn parse_as_typed(file: FileId, text: &str) -> Parsed {
    in_its_language(recover::parse(file, text, again::Before::default(), false), text)
}

/// Reads the next text of a file, which is likely most of the one that was read before: the same tree and the same mistakes as
/// [`parse_as_typed`] gives, for less work.
#[must_use]
pub fn parse_again(file: FileId, text: &str, before: ast::File, kept: &Kept) -> Parsed {
    let items = if before.span.file == file { before.items } else { Vec::new() };
    in_its_language(recover::parse(file, text, again::Before::new(items, kept), false), text)
}

/// Notes in which language the keywords of a text are, by the first of them, and holds what is called safe to be so.
fn in_its_language(mut parsed: Parsed, text: &str) -> Parsed {
    proof::hold(parsed.file.span.file, text, &mut parsed.diagnostics);
    let mut lines = text.lines().map(|line| line.trim_start_matches('\u{feff}').trim_start());
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    parsed.file.chinese = first.is_some_and(|line| line.starts_with(|ch: char| !ch.is_ascii()));
    parsed
}
