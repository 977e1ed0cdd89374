//! Interest, stretch by stretch.

use super::super::words::Words;
use super::super::{Explanation, StretchLine, ValueLine};
use super::lines::{Lines, Side};
use crate::base::Lang;

/// Items that are told one by one.
const MOST_ITEMS: usize = 12;

/// From when to when, how many days, at what rate, how much.
pub(super) fn stretches(words: &Words<'_>, story: &Explanation, value: &ValueLine, out: &mut Lines) {
    let mut rows: Vec<Vec<String>> = Vec::new();
    // Why the customer's own is unknown stands on the line above.
    let told = value.interest.iter().filter(|it| it.item.is_some() || it.because.is_none());
    // Items that bear no day of interest say nothing one by one.
    let told = told.filter(|it| it.item.is_none() || it.because.is_some() || !it.stretches.is_empty());
    for interest in told.take(MOST_ITEMS) {
        let of = interest.item.as_ref().map(|item| words.figure(item)).unwrap_or_default();
        if interest.stretches.is_empty() {
            let why = interest.because.as_ref().map(|why| words.unknowing(why));
            let none = why.unwrap_or_else(|| words.pick("no days", "无计息日").to_owned());
            rows.push(vec![of, none, String::new(), String::new(), String::new(), String::new()]);
            continue;
        }
        for (place, line) in interest.stretches.iter().enumerate() {
            let days = match words.lang {
                Lang::En => format!("{} days of {}", line.days, line.basis),
                Lang::Zh => format!("{} 天（年 {} 天）", line.days, line.basis),
            };
            let cite = line.cite.as_ref().map(|cite| format!("[{cite}]")).unwrap_or_default();
            rows.push(vec![
                if place == 0 { of.clone() } else { String::new() },
                format!("{} – {}", line.first, line.last),
                days,
                rate(words, story, line),
                words.figure(&line.amount),
                cite,
            ]);
        }
    }
    if value.interest.iter().all(|interest| interest.item.is_none()) {
        for row in &mut rows {
            row.remove(0);
        }
        out.table(2, &[Side::Left, Side::Right, Side::Right, Side::Right, Side::Left], &rows);
        return;
    }
    out.table(2, &[Side::Left, Side::Left, Side::Right, Side::Right, Side::Right, Side::Left], &rows);
}

/// The rate, with what it was multiplied or added up from: `3% × 150% = 4.5%`.
fn rate(words: &Words<'_>, story: &Explanation, line: &StretchLine) -> String {
    let rate = words.figure(&line.rate);
    match words.worked(line.rate_step, &story.figures).filter(|worked| *worked != rate) {
        Some(worked) => format!("{worked} = {rate}"),
        None => rate,
    }
}
