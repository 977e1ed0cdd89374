//! Going through pending snapshots one by one, with the keys of cargo-insta.
//!
//! What is asked and answered goes through a [`Desk`], so that a test can sit at it as a person does.

use serde_json::Value as Json;

use super::edits::common;
use super::waiting::{Waiting, summary};
use crate::base::Lang;

/// Where a reviewer sits.
pub trait Desk {
    /// Shows a text.
    fn show(&mut self, text: &str);
    /// The next key; none where no more will come.
    fn key(&mut self) -> Option<char>;
}

/// What is done with a snapshot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It takes the place of the one before.
    Accept,
    /// It is thrown away.
    Reject,
    /// It waits on.
    Skip,
}

/// Asks for a verdict on each snapshot. Where no more keys come, the rest is skipped.
#[must_use]
pub fn review(waiting: &[Waiting], desk: &mut dyn Desk, lang: Lang) -> Vec<Verdict> {
    let all: Vec<&Waiting> = waiting.iter().collect();
    desk.show(&format!("{}\n", summary(&all, lang).join("\n")));
    let (mut with_diff, mut with_info) = (true, false);
    let mut verdicts: Vec<Verdict> = Vec::new();
    let mut rest: Option<Verdict> = None;
    for (place, it) in waiting.iter().enumerate() {
        while rest.is_none() {
            desk.show(&page(it, (place, waiting.len()), (with_diff, with_info), lang));
            match desk.key() {
                Some('a') => {
                    verdicts.push(Verdict::Accept);
                    break;
                }
                Some('r') => {
                    verdicts.push(Verdict::Reject);
                    break;
                }
                Some('s') => {
                    verdicts.push(Verdict::Skip);
                    break;
                }
                Some('A') => rest = Some(Verdict::Accept),
                Some('R') => rest = Some(Verdict::Reject),
                Some('S') | None => rest = Some(Verdict::Skip),
                Some('d') => with_diff = !with_diff,
                Some('i') => with_info = !with_info,
                Some(other) => desk.show(&match lang {
                    Lang::En => format!("`{other}` is no key here\n"),
                    Lang::Zh => format!("此处没有 `{other}` 键\n"),
                }),
            }
        }
        verdicts.extend(rest);
    }
    verdicts
}

fn page(it: &Waiting, (place, all): (usize, usize), (diff, info): (bool, bool), lang: Lang) -> String {
    let mut out = format!("\n── {}/{all} · {} ──\n", place.saturating_add(1), it.name());
    for line in it.sentences() {
        out.push_str(&format!("{line}\n"));
    }
    if info {
        out.push('\n');
        for (key, value) in it.new.info.iter().filter(|(key, _)| !matches!(key.as_str(), "moved" | "because"))
        {
            let text = match value {
                Json::String(text) => text.clone(),
                other => other.to_string(),
            };
            out.push_str(&format!("  {key}: {text}\n"));
        }
        if let Some(input) = &it.new.input_file {
            out.push_str(&format!("  input_file: {input}\n"));
        }
    }
    out.push('\n');
    match (&it.old, diff) {
        (Some(old), true) => out.push_str(&difference(&old.body, &it.new.body)),
        (Some(_) | None, _) => it.new.body.lines().for_each(|line| out.push_str(&format!("  {line}\n"))),
    }
    let keys = match lang {
        Lang::En => {
            "a accept   r reject   s skip   A accept all   R reject all   S skip all   d text or difference   i facts and values"
        }
        Lang::Zh => {
            "a 接受   r 拒绝   s 跳过   A 全部接受   R 全部拒绝   S 全部跳过   d 全文或差异   i 资料与数值"
        }
    };
    out.push_str(&format!("\n{keys}\n"));
    out
}

/// So many lines are shown around a difference.
const AROUND: usize = 2;

/// Two texts line by line, `-` before what was and `+` before what is; stretches that are the same are left out but for their ends.
#[must_use]
pub fn difference(was: &str, is: &str) -> String {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (was, is) = (lines(was), lines(is));
    let mut told: Vec<(char, &str)> = Vec::new();
    let (mut a, mut b) = (0, 0);
    let ends = std::iter::once((was.len(), is.len()));
    for (x, y) in common(&was, &is).into_iter().chain(ends) {
        told.extend(was.get(a..x).unwrap_or_default().iter().map(|line| ('-', line.as_str())));
        told.extend(is.get(b..y).unwrap_or_default().iter().map(|line| ('+', line.as_str())));
        told.extend(is.get(y).map(|line| (' ', line.as_str())));
        (a, b) = (x.saturating_add(1), y.saturating_add(1));
    }
    let near = |place: usize| {
        let from = place.saturating_sub(AROUND);
        let until = place.saturating_add(AROUND).saturating_add(1).min(told.len());
        told.get(from..until).unwrap_or_default().iter().any(|(mark, _)| *mark != ' ')
    };
    let mut out = String::new();
    let mut left_out = false;
    for (place, (mark, line)) in told.iter().enumerate() {
        if near(place) {
            left_out = false;
            out.push_str(format!("{mark} {line}").trim_end());
            out.push('\n');
        } else if !left_out {
            left_out = true;
            out.push_str("  …\n");
        }
    }
    out
}
