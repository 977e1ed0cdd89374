//! One layout for all policies: the same text whoever typed it.
//!
//! 1. `words` tells the text as tokens, each word in its spelling; a few constructs in another order, where keywords change
//!    their language.
//! 2. `lines` breaks them into lines: where the author broke them, and where a member of a tall block begins.
//! 3. `folding` breaks what is too wide to be read.
//! 4. `columns` prints the lines; rows, facts, bands that follow each other share their columns.
//!
//! What cannot be read is printed as it was written. Numbers keep their written form, texts and comments every character.
//!
//! Laws, which [`format()`] holds against each text that it changes: it means the same, no comment is lost, and formatting
//! it again changes nothing.

mod columns;
mod folding;
mod lines;
mod literate;
mod spelling;
mod token;
mod words;

pub use literate::format_literate;

use crate::base::{FileId, Lang};
use crate::syntax::{self, Stretches, Trivia, TriviaKind};

/// Places are told as bytes of the text alone.
const NOWHERE: FileId = FileId(0);

/// A text that was formatted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Formatted {
    /// The text.
    pub text: String,
    /// The beginnings of the stretches that could not be read and stand as they were written, as bytes of the text that came in.
    pub unread: Vec<usize>,
}

/// A law of the formatter that a text would break; the text must stay as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Broken {
    /// It would mean something else.
    Meaning,
    /// A comment would be lost or changed.
    Comment,
    /// Formatting it again would change it again.
    Again,
}

/// Lays a policy out. With a language, its keywords are printed in it, and the lines stay as they are: going to another
/// language and back must give the same text, and Chinese words are narrower than English ones.
///
/// # Errors
/// A law that the result would break: a mistake of the formatter, and the text must stay as it is.
pub fn format(text: &str, keywords: Option<Lang>) -> Result<Formatted, Broken> {
    let widest = if keywords.is_none() { folding::WIDEST } else { usize::MAX };
    within(widest, text, keywords)
}

/// Lays a policy out on lines of some width.
fn within(widest: usize, text: &str, keywords: Option<Lang>) -> Result<Formatted, Broken> {
    let looked = syntax::look(NOWHERE, text);
    let reading = syntax::read(&looked);
    let read = reading.stretches();
    let formatted = laid_out(text, &read, keywords, widest);
    if formatted.text == text {
        return Ok(formatted);
    }
    let looked_again = syntax::look(NOWHERE, &formatted.text);
    let reading_again = syntax::read(&looked_again);
    let read_again = reading_again.stretches();
    if formatted.unread.is_empty() && reading.meaning() != reading_again.meaning() {
        return Err(Broken::Meaning);
    }
    if comments(text, &read) != comments(&formatted.text, &read_again) {
        return Err(Broken::Comment);
    }
    if laid_out(&formatted.text, &read_again, keywords, widest).text != formatted.text {
        return Err(Broken::Again);
    }
    Ok(formatted)
}

fn laid_out(text: &str, read: &Stretches, keywords: Option<Lang>, widest: usize) -> Formatted {
    let broken = read.items.iter().filter(|stretch| stretch.item.is_none());
    let unread =
        broken.map(|stretch| behind_comments(text, stretch.span.range().start, &read.trivia)).collect();
    let tokens = words::words(text, read, keywords);
    let lines = lines::lines(text, &tokens, &read.trivia, widest);
    Formatted { text: columns::print(&lines, &tokens), unread }
}

/// The first thing behind a place that is no blank and no comment.
fn behind_comments(text: &str, mut place: usize, trivia: &[Trivia]) -> usize {
    loop {
        let rest = text.get(place..).unwrap_or("");
        place = place.saturating_add(rest.len().saturating_sub(rest.trim_start().len()));
        match trivia.iter().find(|it| it.kind != TriviaKind::BlankLines && it.span.start as usize == place) {
            Some(comment) => place = comment.span.end as usize,
            None => return place,
        }
    }
}

/// The comments of a text in order.
fn comments<'t>(text: &'t str, read: &Stretches) -> Vec<&'t str> {
    let comments = read.trivia.iter().filter(|it| it.kind != TriviaKind::BlankLines);
    comments.map(|it| text.get(it.span.range()).unwrap_or("").trim_end()).collect()
}

#[cfg(test)]
mod tests;
