//! Columns of text for people, padded by the width that is shown: a Chinese character takes two columns.

use unicode_width::UnicodeWidthStr as _;

/// Rows under a line of headings, two blanks between columns. Columns named in `right` stand at the right.
#[must_use]
pub fn aligned(headings: &[&str], rows: &[Vec<String>], right: &[usize]) -> String {
    let heading: Vec<String> = headings.iter().map(|text| (*text).to_owned()).collect();
    let mut widths = vec![0usize; headings.len()];
    for row in std::iter::once(&heading).chain(rows) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut text = String::new();
    for row in std::iter::once(&heading).chain(rows) {
        let mut line = String::new();
        for (place, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            let (before, behind) =
                if right.contains(&place) { (blanks.as_str(), "") } else { ("", blanks.as_str()) };
            if place > 0 {
                line.push_str("  ");
            }
            line.push_str(before);
            line.push_str(cell);
            line.push_str(behind);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
