//! Changes as Markdown, for the comment on a review.

use super::{places, summary, title};
use crate::base::{Lang, SourceMap};
use crate::review::diff::{Diff, grouped, heading, reason, sentence};

/// A table for each policy.
#[must_use]
pub fn markdown(diff: &Diff, (was, is): (&str, &str), sources: &SourceMap, lang: Lang) -> String {
    let head = match lang {
        Lang::En => format!("## What changed in meaning: `{was}` → `{is}`\n\n{}\n", summary(diff, lang)),
        Lang::Zh => format!("## 含义的变化：`{was}` → `{is}`\n\n{}\n", summary(diff, lang)),
    };
    let mut out = head;
    for pair in diff.pairs.iter().filter(|pair| !pair.changes.is_empty()) {
        out.push_str(&format!("\n### {}\n\n", title(pair, lang)));
        out.push_str(lang.pick(
            "| construct | change | class | why | where |\n|---|---|---|---|---|\n",
            "| 构件 | 改动 | 类别 | 缘由 | 位置 |\n|---|---|---|---|---|\n",
        ));
        for (construct, changes) in grouped(&pair.changes) {
            for (place, change) in changes.into_iter().enumerate() {
                let first = if place == 0 { heading(construct, lang) } else { String::new() };
                out.push_str(&format!(
                    "| {} | {} | {} | {} | {} |\n",
                    cell(&first),
                    cell(&sentence(change, lang)),
                    change.class.word(lang),
                    cell(&reason(change, lang)),
                    cell(&places(change, sources)),
                ));
            }
        }
    }
    out
}

/// A text that stays in its cell and is not read as Markdown.
fn cell(text: &str) -> String {
    let mut out = String::new();
    for ch in text.chars() {
        if matches!(ch, '|' | '*' | '_' | '<' | '[' | '\\') {
            out.push('\\');
        }
        out.push(if ch == '\n' { ' ' } else { ch });
    }
    out
}
