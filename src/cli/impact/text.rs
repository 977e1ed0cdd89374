//! A comparison for a terminal.

use crate::base::Lang;
use crate::cli::table::aligned;
use crate::review::impact::Report;
use crate::review::impact::tables::{Section, Table, sections};

/// The report in lines.
#[must_use]
pub fn text(report: &Report, lang: Lang) -> String {
    let mut out = String::new();
    for (place, section) in sections(report, lang).iter().enumerate() {
        if place > 0 {
            out.push('\n');
        }
        out.push_str(&section.title);
        out.push('\n');
        for line in &section.lines {
            out.push_str(&format!("  {line}\n"));
        }
        for table in &section.tables {
            match section.key {
                "movers" => movers(table, lang, &mut out),
                "edits" => edits(table, &mut out),
                _ => plain(section, table, &mut out),
            }
        }
    }
    out
}

fn plain(section: &Section, table: &Table, out: &mut String) {
    if !table.caption.is_empty() {
        out.push_str(&format!("  {}\n", table.caption));
    } else if section.tables.len() == 1 && !section.lines.is_empty() {
        out.push('\n');
    }
    out.push_str(&indented(&grid(&table.heads, &rows(table), table)));
}

fn rows(table: &Table) -> Vec<Vec<String>> {
    table.rows.iter().map(|row| row.iter().map(|entry| entry.shown.clone()).collect()).collect()
}

fn grid(heads: &[String], rows: &[Vec<String>], table: &Table) -> String {
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let is_figure = |column: &usize| {
        let cells = table.rows.iter().filter_map(|row| row.get(*column));
        *column > 0 && cells.into_iter().all(super::super::super::review::impact::tables::Entry::is_figure)
    };
    let right: Vec<usize> = (0..heads.len()).filter(is_figure).collect();
    aligned(&heads, rows, &right)
}

fn indented(text: &str) -> String {
    text.lines()
        .map(|line| if line.is_empty() { String::from("\n") } else { format!("  {line}\n") })
        .collect()
}

/// The edits by their numbers, then what each does: their words are too long for a column.
fn edits(table: &Table, out: &mut String) {
    for row in &table.rows {
        if let (Some(number), Some(words)) = (row.first(), row.get(1))
            && !number.shown.is_empty()
        {
            out.push_str(&format!("  #{} {}\n", number.shown, words.shown));
        }
    }
    out.push('\n');
    let heads: Vec<String> =
        std::iter::once(String::new()).chain(table.heads.iter().skip(2).cloned()).collect();
    let mut narrow = table.clone();
    for row in &mut narrow.rows {
        let number = row.first().map(|entry| entry.shown.clone()).unwrap_or_default();
        if !number.is_empty()
            && let Some(words) = row.get_mut(1)
        {
            words.shown = format!("#{number}");
        }
        if !row.is_empty() {
            row.remove(0);
        }
    }
    out.push_str(&indented(&grid(&heads, &rows(&narrow), &narrow)));
}

/// Each mover in lines of its own.
fn movers(table: &Table, lang: Lang, out: &mut String) {
    for row in &table.rows {
        let at = |place: usize| row.get(place).map(|entry| entry.shown.as_str()).unwrap_or_default();
        let blank = |text: &str| text.is_empty() || text == "·";
        let change = if blank(at(2)) { String::new() } else { format!(" ({})", at(2)) };
        out.push_str(&format!("  {}: {}{change}\n", at(0), at(1)));
        for (head, place) in [("", 4), (lang.pick("edit ", "修改 "), 5)] {
            if !blank(at(place)) {
                out.push_str(&format!("      {head}{}\n", at(place)));
            }
        }
    }
}
