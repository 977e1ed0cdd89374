//! Lines and tables of text; columns are padded by display width, so that Chinese text lines up.

use unicode_width::UnicodeWidthStr;

/// A text in the making.
pub(super) struct Lines {
    text: String,
}

/// On which side of its column a cell stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

impl Lines {
    pub(super) fn new() -> Self {
        Lines { text: String::new() }
    }

    /// A heading, with an empty line above it.
    pub(super) fn heading(&mut self, text: &str) {
        self.text.push('\n');
        self.line(0, text);
    }

    /// A line, indented by two blanks a level; without blanks at its end.
    pub(super) fn line(&mut self, level: usize, text: &str) {
        self.text.push_str(&"  ".repeat(level));
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    /// Rows whose columns line up; `sides` says on which side each column's cells stand.
    pub(super) fn table(&mut self, level: usize, sides: &[Side], rows: &[Vec<String>]) {
        let widths: Vec<usize> = (0..sides.len())
            .map(|column| {
                rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
            })
            .collect();
        for row in rows {
            let mut line = String::new();
            for ((cell, width), side) in row.iter().zip(&widths).zip(sides) {
                let padding = " ".repeat(width.saturating_sub(cell.width()));
                match side {
                    Side::Left => line.extend([cell.as_str(), &padding, "  "]),
                    Side::Right => line.extend([padding.as_str(), cell, "  "]),
                }
            }
            self.line(level, &line);
        }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}
