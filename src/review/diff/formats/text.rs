//! Changes for a terminal.

use super::{places, title};
use crate::base::{Lang, SourceMap};
use crate::review::diff::{Class, Diff, grouped, heading, in_lines, reason, sentence};

/// So wide are the lines of a reason, beside their indent.
const COLUMNS: usize = 110;

/// All changes, construct by construct; `colour` for a terminal that has it.
#[must_use]
pub fn text(diff: &Diff, sources: &SourceMap, lang: Lang, colour: bool) -> String {
    let paint = |code: &str, text: &str| match colour {
        true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        false => text.to_owned(),
    };
    let mut out = String::new();
    for pair in diff.pairs.iter().filter(|pair| !pair.changes.is_empty()) {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&format!("{}\n", paint("1", &title(pair, lang))));
        for (construct, changes) in grouped(&pair.changes) {
            out.push_str(&format!("\n  {}\n", heading(construct, lang)));
            for change in changes {
                let code = match change.class {
                    Class::Mixed => "35",
                    Class::Tighter => "31",
                    Class::Looser => "32",
                    Class::Neutral | Class::LabelOnly => "2",
                };
                out.push_str(&format!(
                    "    {}  {}\n      {}\n      {}\n",
                    paint(code, &format!("[{}]", change.class.word(lang))),
                    sentence(change, lang),
                    paint("2", &in_lines(&reason(change, lang), COLUMNS).join("\n      ")),
                    paint("2", &places(change, sources)),
                ));
            }
        }
    }
    out
}
