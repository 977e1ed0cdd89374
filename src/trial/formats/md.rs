//! Markdown, for the comment on a review and for the summary of a job: what a credit manager reads who has no terminal.

use super::{Check, CheckKind, Findings, Group, line};
use crate::base::Lang;
use crate::diag::render::tell;

/// So many failures are told in full; a comment has a limit, and a reader, too.
const MOST_TOLD: usize = 50;

/// A headline, a table of what failed in words of the business, and what led there, folded away.
#[must_use]
pub fn md(findings: &Findings<'_>) -> String {
    let lang = findings.lang;
    let failed: Vec<(&Group, &Check)> = findings.failed().collect();
    let mut out = format!("### {}\n", headline(findings, failed.len()));
    for sentence in &findings.headline {
        out.push_str(&format!("\n{}\n", text(sentence)));
    }
    if findings.told().next().is_some() {
        out.push('\n');
        for diagnostic in findings.told() {
            let told = tell(diagnostic, lang);
            let place = told.main.as_ref().map(|(span, _)| line(*span, findings.sources));
            let place = place.map(|place| format!("`{place}`{}", lang.pick(": ", "："))).unwrap_or_default();
            out.push_str(&format!("- {place}{} ({})\n", text(&told.message), told.code));
        }
    }
    if failed.is_empty() {
        return out;
    }
    out.push_str(lang.pick(
        "\n| policy | what | expected | came out |\n|---|---|---|---|\n",
        "\n| 政策 | 案例 | 应得 | 实得 |\n|---|---|---|---|\n",
    ));
    for (group, check) in failed.iter().take(MOST_TOLD) {
        for miss in check.misses() {
            let mut actual = vec![cell(&miss.actual)];
            actual.extend(miss.notes.iter().map(|note| cell(note)));
            actual.retain(|part| !part.is_empty());
            let expected = match check.kind {
                CheckKind::Snapshot if miss.expected.is_empty() => lang.pick("as accepted", "与已接受的相同"),
                CheckKind::Snapshot | CheckKind::Case => &miss.expected,
            };
            let columns = [cell(&group.name), cell(&check.name), cell(expected), actual.join("<br>")];
            out.push_str(&format!("| {} |\n", columns.join(" | ")));
        }
    }
    if let Some(more) = failed.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
        out.push_str(&match lang {
            Lang::En => format!("\n… and {more} more\n"),
            Lang::Zh => format!("\n……另有 {more} 个\n"),
        });
    }
    for (group, check) in failed.iter().take(MOST_TOLD) {
        out.push_str(&details(group, check, findings));
    }
    out
}

fn headline(findings: &Findings<'_>, failed: usize) -> String {
    let all: usize = findings.groups.iter().map(|group| group.checks.len()).sum();
    match (findings.wrong.is_empty(), failed, findings.lang) {
        (false, _, Lang::En) => String::from("❌ policies or case files have mistakes"),
        (false, _, Lang::Zh) => String::from("❌ 政策或案例文件有错误"),
        (true, 0, lang) if !findings.whole.is_empty() => match (all, lang) {
            (0, Lang::En) => String::from("❌ nothing was tried"),
            (0, Lang::Zh) => String::from("❌ 什么也没有测试"),
            (_, Lang::En) => format!("❌ all {all} passed, which is not enough"),
            (_, Lang::Zh) => format!("❌ {all} 个全部通过，但仍有不足"),
        },
        (true, 0, Lang::En) => format!("✅ all {all} passed"),
        (true, 0, Lang::Zh) => format!("✅ {all} 个全部通过"),
        (true, _, Lang::En) => format!("❌ {failed} of {all} failed"),
        (true, _, Lang::Zh) => format!("❌ {all} 个中有 {failed} 个未通过"),
    }
}

/// What led to each value, folded away under the name and the line.
fn details(group: &Group, check: &Check, findings: &Findings<'_>) -> String {
    let lines: Vec<String> = check.misses().iter().flat_map(|miss| miss.lines(findings.lang)).collect();
    let place = check.place.map(|place| line(place, findings.sources)).unwrap_or_else(|| group.file.clone());
    let fence = fence(&lines);
    format!(
        "\n<details><summary>{}{}<code>{}</code></summary>\n\n{fence}text\n{}\n{fence}\n\n</details>\n",
        html(&check.name),
        findings.lang.pick(", ", "，"),
        html(&place),
        lines.join("\n")
    )
}

/// A fence longer than any that stands within.
fn fence(lines: &[String]) -> String {
    let longest = lines
        .iter()
        .map(|line| line.split(|ch| ch != '`').map(str::len).max().unwrap_or(0))
        .max()
        .unwrap_or(0);
    "`".repeat(longest.saturating_add(1).max(3))
}

fn html(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Words as they are, whatever Markdown makes of their characters.
fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut code = false;
    for ch in words.chars() {
        match ch {
            '`' => code = !code,
            '*' | '_' | '[' | ']' | '#' | '~' if !code => out.push('\\'),
            '<' | '>' if !code => {
                out.push_str(if ch == '<' { "&lt;" } else { "&gt;" });
                continue;
            }
            _ => {}
        }
        out.push(ch);
    }
    out
}

/// The same in the cell of a table.
fn cell(words: &str) -> String {
    text(words).replace('|', "\\|").replace('\n', "<br>")
}
