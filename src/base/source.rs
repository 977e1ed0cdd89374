//! Texts and places in them. Offsets are bytes; lines and columns are made only to be shown.

use super::{IndexVec, Str};

crate::define_index! {
    /// A text in a [`SourceMap`].
    FileId
}

/// A stretch of a text, in bytes: from `start` up to, not including, `end`.
///
/// ```text
/// CA2  from 61
///           ‾‾  Span { start: 10, end: 12 }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text it lies in.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The stretch from `start` up to `end`.
    #[must_use]
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        Span { file, start, end }
    }

    /// The stretch from the beginning of `self` to the end of `other`:
    ///
    /// ```text
    /// cap at  net_assets * 2
    /// ‾‾‾‾‾‾           ‾‾‾‾‾   self, other
    /// ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾   self.to(other)
    /// ```
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The empty place behind the stretch, where something is missing.
    #[must_use]
    pub fn after(self) -> Span {
        Span { start: self.end, ..self }
    }

    /// The stretch as a range of bytes.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl std::fmt::Debug for Span {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}:{}..{}", self.file.0, self.start, self.end)
    }
}

/// A place as people count: the first line is 1, the first column is 1, a column is a character.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

/// One text with its name and the beginnings of its lines.
#[derive(Clone, Debug)]
pub struct Source {
    name: Str,
    text: Str,
    lines: Vec<u32>,
}

impl Source {
    /// A text under the name by which people know it, mostly a path.
    #[must_use]
    pub fn new(name: impl Into<Str>, text: impl Into<Str>) -> Self {
        let text = text.into();
        let mut lines = vec![0];
        lines.extend(text.bytes().zip(1u32..).filter(|(byte, _)| *byte == b'\n').map(|(_, next)| next));
        Source { name: name.into(), text, lines }
    }

    /// The name by which people know the text.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &Str {
        &self.text
    }

    /// The text of a stretch; empty where the stretch is not of this text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// Line and column of a byte. A byte inside a character counts as its beginning.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = self
            .text
            .get(start as usize..)
            .unwrap_or("")
            .char_indices()
            .take_while(|(at, ch)| at.saturating_add(ch.len_utf8()) <= offset.saturating_sub(start) as usize)
            .count();
        LineColumn { line, column: column.saturating_add(1) }
    }

    /// The text of a line, counted from 1, without its line end.
    #[must_use]
    pub fn line(&self, line: usize) -> &str {
        let at = |n: usize| self.lines.get(n).map(|start| *start as usize);
        let (Some(start), end) = (line.checked_sub(1).and_then(at), at(line).unwrap_or(self.text.len()))
        else {
            return "";
        };
        self.text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }
}

/// All texts of a run.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    sources: IndexVec<FileId, Source>,
}

impl SourceMap {
    /// No text yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a text in and gives its id.
    pub fn add(&mut self, name: impl Into<Str>, text: impl Into<Str>) -> FileId {
        self.sources.push(Source::new(name, text))
    }

    /// The text of an id.
    #[must_use]
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.sources.get(file)
    }

    /// All texts with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.sources.iter_enumerated()
    }

    /// `path:line:column` of the beginning of a stretch.
    #[must_use]
    pub fn place(&self, span: Span) -> String {
        match self.get(span.file) {
            Some(source) => {
                let LineColumn { line, column } = source.line_column(span.start);
                format!("{}:{line}:{column}", source.name())
            }
            None => String::from("?"),
        }
    }
}
