//! A comparison as Markdown: the comment on a review.

use super::report::Report;
use super::tables::{Section, Table, sections};
use crate::base::Lang;

/// Sections that a reader of a comment opens where needed.
const FOLDED: [&str; 5] = ["figures", "statuses", "pairs", "steps", "sweep"];

/// The comment, in the reader's language.
#[must_use]
pub fn md(report: &Report, lang: Lang) -> String {
    let mut out = String::new();
    for section in sections(report, lang) {
        let level = if section.key == "summary" { "##" } else { "###" };
        if FOLDED.contains(&section.key) {
            let title = escaped(&section.title);
            out.push_str(&format!("<details><summary>{title}</summary>\n\n{}</details>\n\n", body(&section)));
        } else {
            out.push_str(&format!("{level} {}\n\n{}", escaped(&section.title), body(&section)));
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn body(section: &Section) -> String {
    let mut out = String::new();
    for line in &section.lines {
        out.push_str(&format!("- {}\n", escaped(line)));
    }
    if !section.lines.is_empty() {
        out.push('\n');
    }
    for table in &section.tables {
        if !table.caption.is_empty() {
            out.push_str(&format!("**{}**\n\n", escaped(&table.caption)));
        }
        out.push_str(&grid(table));
        out.push('\n');
    }
    out
}

fn grid(table: &Table) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let is_figure = |column: usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.get(column));
        column > 0 && cells.all(super::tables::Entry::is_figure)
    };
    let mut out = line(table.heads.iter().map(|head| escaped(head)).collect());
    let rule = |(column, _): (usize, &String)| String::from(if is_figure(column) { "--:" } else { "---" });
    out.push_str(&line(table.heads.iter().enumerate().map(rule).collect()));
    for row in &table.rows {
        out.push_str(&line(row.iter().map(|entry| escaped(&entry.shown)).collect()));
    }
    out
}

/// What Markdown would take for its own; what stands between back-ticks is left as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quoted = false;
    for ch in text.chars() {
        quoted ^= ch == '`';
        match ch {
            '|' => out.push_str("\\|"),
            '<' if !quoted => out.push_str("&lt;"),
            '>' if !quoted => out.push_str("&gt;"),
            '\\' | '*' | '_' | '[' | ']' | '#' if !quoted => {
                out.push('\\');
                out.push(ch);
            }
            '\n' => out.push(' '),
            _ => out.push(ch),
        }
    }
    out
}
