//! Lines and tables of text; columns are padded by display width, so that Chinese text lines up, and what is too wide for a
//! page goes on below itself.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// So many columns a line may take; a table whose first columns are wider than this stays as it is.
const WIDTH: usize = 120;
/// So many columns more a cell may take that would leave but a word or two below.
const SLACK: usize = 14;
/// A last column that is narrower than this does not stand beside the others: it goes on below.
const LEAST: usize = 32;

/// A text in the making.
pub(super) struct Lines {
    text: String,
    /// A long name that was told already, and what it goes by from then on.
    short: Option<(String, String)>,
}

/// On which side of its column a cell stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

impl Lines {
    pub(super) fn new() -> Self {
        Lines { text: String::new(), short: None }
    }

    /// From here on a name goes by a shorter one, where it is long; `None` ends that.
    pub(super) fn shorten(&mut self, name: Option<(String, &str)>) {
        self.short = name.filter(|(long, _)| long.width() > LEAST).map(|(long, to)| (long, to.to_owned()));
    }

    fn shortened(&self, text: &str) -> String {
        match &self.short {
            Some((long, short)) => text.replace(long, short),
            None => text.to_owned(),
        }
    }

    /// A heading, with an empty line above it.
    pub(super) fn heading(&mut self, text: &str) {
        self.gap();
        self.line(0, text);
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.text.push('\n');
    }

    /// A line, indented by two blanks a level; without blanks at its end. What does not fit goes on below, two levels deeper.
    pub(super) fn line(&mut self, level: usize, text: &str) {
        let text = self.shortened(text);
        let indent = level.saturating_mul(2);
        let deeper = indent.saturating_add(4);
        let room = |indent: usize| WIDTH.saturating_sub(indent);
        for (place, part) in wrapped(text.trim_end(), room(indent), room(deeper)).iter().enumerate() {
            self.raw(if place == 0 { indent } else { deeper }, part);
        }
    }

    fn raw(&mut self, indent: usize, text: &str) {
        let text = text.trim_end();
        if !text.is_empty() {
            self.text.push_str(&" ".repeat(indent));
            self.text.push_str(text);
        }
        self.text.push('\n');
    }

    /// Rows whose columns line up; `sides` says on which side each column's cells stand. The last cell of a row goes on below
    /// itself where it is too wide.
    pub(super) fn table(&mut self, level: usize, sides: &[Side], rows: &[Vec<String>]) {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| self.shortened(cell)).collect()).collect();
        let widths: Vec<usize> = (0..sides.len())
            .map(|column| {
                rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
            })
            .collect();
        let indent = level.saturating_mul(2);
        for row in &rows {
            let last = row.iter().rposition(|cell| !cell.is_empty()).unwrap_or(0);
            let mut line = String::new();
            for (place, ((cell, width), side)) in row.iter().zip(&widths).zip(sides).enumerate() {
                let at = indent.saturating_add(line.width());
                let wide = at.saturating_add(cell.width()) > WIDTH.saturating_add(SLACK);
                if place == last && place > 0 && wide && *side == Side::Left {
                    let beside = WIDTH.saturating_sub(at);
                    let (below, first) = if beside >= LEAST {
                        (at, cell.as_str())
                    } else {
                        self.raw(indent, &line);
                        line.clear();
                        (indent.saturating_add(6), cell.as_str())
                    };
                    let room = WIDTH.saturating_sub(below);
                    for (nth, part) in wrapped(first, room, room).iter().enumerate() {
                        if nth == 0 && beside >= LEAST {
                            self.raw(indent, &format!("{line}{part}"));
                        } else {
                            self.raw(below, part);
                        }
                    }
                    line.clear();
                    break;
                }
                let padding = " ".repeat(width.saturating_sub(cell.width()));
                match side {
                    Side::Left => line.extend([cell.as_str(), &padding, "  "]),
                    Side::Right => line.extend([padding.as_str(), cell, "  "]),
                }
            }
            if !line.trim().is_empty() {
                self.raw(indent, &line);
            }
        }
    }

    /// Whether nothing was written.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// What was written apart, behind this.
    pub(super) fn append(&mut self, other: Lines) {
        self.text.push_str(&other.text);
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// The text in parts that fit: broken behind blanks, and between Chinese characters where no sign would begin a line.
fn wrapped(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let mut line = String::new();
    // What cannot be broken: a word with the blank behind it, or a Chinese character with the signs behind it.
    for piece in pieces(text) {
        let room = if parts.is_empty() { first } else { rest };
        if !line.is_empty() && line.width().saturating_add(piece.trim_end().width()) > room {
            parts.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        line.push_str(piece);
    }
    parts.push(line);
    parts
}

fn pieces(text: &str) -> Vec<&str> {
    let wide = |ch: char| ch.width() == Some(2);
    let closing = |ch: char| "，。；：、）】》”’！？…]),;:".contains(ch);
    let opening = |ch: char| "（【《“‘[(".contains(ch);
    let mut found = Vec::new();
    let mut start = 0usize;
    let mut before: Option<char> = None;
    // The address of a rule is one word: 满意度与忠诚度/满意度.
    let address = |at: usize| {
        let (before, behind) = text.split_at_checked(at).unwrap_or((text, ""));
        let (head, tail) = (before.rsplit(' ').next(), behind.split(' ').next());
        let word = || head.into_iter().chain(tail);
        word().any(|part| part.contains('/'))
            && !word().any(|part| part.contains(['，', '。', '；', '：', '（', '、']))
    };
    for (at, ch) in text.char_indices() {
        let breaks = match before {
            None => false,
            Some(' ') => ch != ' ',
            Some(last) => {
                ch != ' '
                    && !closing(ch)
                    && !opening(last)
                    && (wide(last) || wide(ch))
                    && (wide(last) == wide(ch) || closing(last))
                    && !address(at)
            }
        };
        if breaks {
            found.extend(text.get(start..at));
            start = at;
        }
        before = Some(ch);
    }
    found.extend(text.get(start..));
    found
}
