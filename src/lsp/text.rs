//! Texts as an editor counts them: lines from 0, and in a line units of UTF-16 or bytes, as it has been agreed.

use serde::{Deserialize, Serialize};

/// In what the characters of a line are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of 16 bits: a character beyond the basic plane, as 𠮷 in a name, counts two.
    Utf16,
}

impl Encoding {
    /// How much a character counts.
    fn of(self, ch: char) -> usize {
        match self {
            Encoding::Utf8 => ch.len_utf8(),
            Encoding::Utf16 => ch.len_utf16(),
        }
    }
}

/// A place in a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Position {
    /// The line, from 0.
    pub line: usize,
    /// What stands before the place in its line.
    pub character: usize,
}

/// A stretch of a text, its end not included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Range {
    /// Its beginning.
    pub start: Position,
    /// The place behind it.
    pub end: Position,
}

/// A text, and where its lines begin.
#[derive(Clone, Debug)]
pub struct Text {
    text: String,
    starts: Vec<usize>,
}

impl Text {
    /// Takes a text. Lines end with `\n`, `\r\n` or `\r`, as editors count them.
    #[must_use]
    pub fn new(text: String) -> Text {
        let mut starts = vec![0];
        let mut bytes = text.bytes().enumerate().peekable();
        while let Some((at, byte)) = bytes.next() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.peek().is_none_or(|(_, next)| *next != b'\n'),
                _ => false,
            };
            if ends {
                starts.push(at.saturating_add(1));
            }
        }
        Text { text, starts }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// A line without what ends it, and where it begins.
    fn line(&self, line: usize) -> Option<(usize, &str)> {
        let start = self.starts.get(line).copied()?;
        let end = self.starts.get(line.saturating_add(1)).copied().unwrap_or(self.text.len());
        Some((start, self.text.get(start..end)?.trim_end_matches(['\n', '\r'])))
    }

    /// The byte of a place. One behind the end of its line is that end, one behind the last line the end of the text, and one
    /// inside a character its beginning.
    #[must_use]
    pub fn offset(&self, place: Position, encoding: Encoding) -> usize {
        let Some((start, line)) = self.line(place.line) else { return self.text.len() };
        let mut left = place.character;
        for (at, ch) in line.char_indices() {
            let width = encoding.of(ch);
            if left < width {
                return start.saturating_add(at);
            }
            left = left.saturating_sub(width);
        }
        start.saturating_add(line.len())
    }

    /// The place of a byte. One inside a character counts as its beginning.
    #[must_use]
    pub fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let rest = self.text.get(start..).unwrap_or("");
        let within = offset.saturating_sub(start);
        let before = rest.char_indices().take_while(|(at, ch)| at.saturating_add(ch.len_utf8()) <= within);
        Position { line, character: before.map(|(_, ch)| encoding.of(ch)).sum() }
    }

    /// The places of a stretch of bytes.
    #[must_use]
    pub fn range(&self, bytes: std::ops::Range<usize>, encoding: Encoding) -> Range {
        Range { start: self.position(bytes.start, encoding), end: self.position(bytes.end, encoding) }
    }

    /// Puts a text in place of a stretch; of the whole where there is none.
    pub fn change(&mut self, range: Option<Range>, new: &str, encoding: Encoding) {
        let text = match range {
            None => new.to_owned(),
            Some(range) => {
                let (start, end) = (self.offset(range.start, encoding), self.offset(range.end, encoding));
                let (start, end) = (start.min(end), start.max(end));
                let (head, tail) = (self.text.get(..start).unwrap_or(""), self.text.get(end..).unwrap_or(""));
                [head, new, tail].concat()
            }
        };
        *self = Text::new(text);
    }
}

#[cfg(test)]
mod tests;
