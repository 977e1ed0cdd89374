//! Totals, layers and allocations, each line with its sum.

use std::collections::BTreeMap;

use super::super::totals::{AllocationStory, LayerLine, TotalLine, TotalStory, TotalSum};
use super::super::words::Words;
use super::super::{Explanation, Figure, LimitStory, Standing};
use super::Audience;
use super::lines::{Lines, Side};
use super::rules::compared;
use crate::base::Lang;
use crate::plan::StepId;
use crate::value::Number;

/// Items that are told one by one; more are counted.
const MOST_ITEMS: usize = 12;

/// The totals and allocations; nothing where there are none.
pub(super) fn totals(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    if !story.totals.is_empty() {
        out.heading(words.pick("Totals", "合计"));
        for total in &story.totals {
            self::total(words, &story.figures, total, audience, out);
        }
    }
    if !story.allocations.is_empty() {
        out.heading(words.pick("Allocations", "分配"));
        for it in &story.allocations {
            allocation(words, it, out);
        }
    }
}

/// One total.
pub(super) fn total(
    words: &Words<'_>,
    figures: &BTreeMap<StepId, Figure>,
    total: &TotalStory,
    audience: Audience,
    out: &mut Lines,
) {
    let title = words.title(&total.name, &total.label);
    for sum in total.sums.iter().take(MOST_ITEMS) {
        self::sum(words, figures, &title, sum, audience, out);
    }
    more(words, total.sums.len(), out);
}

fn more(words: &Words<'_>, items: usize, out: &mut Lines) {
    let more = items.saturating_sub(MOST_ITEMS);
    if more > 0 {
        out.line(
            1,
            &match words.lang {
                Lang::En => format!("and {more} more"),
                Lang::Zh => format!("另 {more} 笔"),
            },
        );
    }
}

fn sum(
    words: &Words<'_>,
    figures: &BTreeMap<StepId, Figure>,
    title: &str,
    sum: &TotalSum,
    audience: Audience,
    out: &mut Lines,
) {
    let key = sum.key.as_ref().map(|key| format!(" {}", words.figure(key))).unwrap_or_default();
    let why = sum.because.as_ref().map(|why| words.aside(why)).unwrap_or_default();
    out.line(1, &format!("{title}{key}{}{}{why}", words.pick(": ", "："), words.figure(&sum.value)));
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in &sum.lines {
        let sign = if line.minus { "−" } else { "+" };
        let value = words.figure(&line.value);
        let value = if line.left_out { String::from("0") } else { value };
        let label = words.label(&line.label);
        let note = note(words, figures, line, sum.key.is_some(), audience).join(words.pick("; ", "；"));
        // A line that adds nothing gives no reason for it.
        let adds = !line.value.value.as_number().is_some_and(Number::is_zero);
        let reason = words.reason(&line.reason).filter(|_| adds);
        let reason = reason.map(|reason| words.behind(&reason)).unwrap_or_default();
        rows.push(vec![format!("{sign} {label}"), value, format!("{note}{reason}")]);
    }
    if let Some((least, reason, bites)) = &sum.floor {
        let what = format!("{} {}", words.pick("not below", "不低于"), words.figure(least));
        let said = match (bites, words.reason(reason)) {
            (true, Some(reason)) => format!("{} — {reason}", words.pick("binds", "起作用")),
            (true, None) => words.pick("binds", "起作用").to_owned(),
            (false, _) => words.pick("does not bind", "未触及").to_owned(),
        };
        rows.push(vec![what, words.figure(&sum.sum), said]);
    }
    if let Some((before, how)) = sum.rounding.as_ref().filter(|(before, _)| before.value != sum.value.value) {
        let note = format!("{} → {}", words.figure(before), words.figure(&sum.value));
        rows.push(vec![words.rounding(how), words.figure(&sum.value), note]);
    }
    out.table(2, &[Side::Left, Side::Right, Side::Left], &rows);
}

/// How a line came about, what capped it, why it was left out.
fn note(
    words: &Words<'_>,
    figures: &BTreeMap<StepId, Figure>,
    line: &TotalLine,
    of_item: bool,
    audience: Audience,
) -> Vec<String> {
    let mut note = Vec::new();
    let label = words.label(&line.label);
    note.extend(line.because.as_ref().map(|why| {
        let left_out = if line.left_out { words.pick("left out: ", "未计：") } else { "" };
        format!("{left_out}{}", words.unknowing(why))
    }));
    let mut sum: Vec<String> = Vec::new();
    if line.because.is_none() {
        let phrase = words.phrase(line.step);
        sum.extend(words.definition(line.step).filter(|sum| sum != label));
        if sum.is_empty() && phrase != label {
            sum.push(phrase);
        }
        let shown = words.figure(&line.raw);
        if audience == Audience::Auditor && !of_item {
            let known = sum.last().cloned();
            let worked = words.worked(line.step, figures);
            sum.extend(worked.filter(|worked| *worked != shown && Some(worked) != known.as_ref()));
        }
        if line.raw.value != line.value.value {
            sum.push(shown);
        }
    }
    if !sum.is_empty() {
        note.push(format!("= {}", sum.join(" = ")));
    }
    if let Some((step, most, bites)) = &line.at_most {
        let name = match &line.beside {
            Some(label) => words.label(label).to_owned(),
            None => words.phrase(*step),
        };
        let most = words.figure(most);
        let named = if name == most { most } else { format!("{name} {most}") };
        let said =
            if *bites { words.pick("binds", "起作用") } else { words.pick("does not bind", "未触及") };
        note.push(match words.lang {
            Lang::En => format!("at most {named}: {said}"),
            Lang::Zh => format!("不超过{}{named}：{said}", if named.is_ascii() { " " } else { "" }),
        });
    }
    note
}

/// The layers of a limit, from the top.
pub(super) fn layers(words: &Words<'_>, limit: &LimitStory, audience: Audience) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for layer in &limit.layers {
        let note = layer_note(words, layer, audience).join(words.pick("; ", "；"));
        let reason =
            (!layer.rule.standing.takes_effect()).then(|| words.reason(&layer.rule.reason)).flatten();
        let reason = reason.map(|reason| words.behind(&reason)).unwrap_or_default();
        rows.push(vec![
            words.label(&layer.label).to_owned(),
            String::new(),
            words.figure(&layer.bears),
            format!("{note}{reason}"),
        ]);
    }
    if let Some((amount, unsecured)) = &limit.layers_for {
        rows.push(vec![
            words.pick("unsecured", "无担保").to_owned(),
            String::new(),
            words.figure(unsecured),
            match words.lang {
                Lang::En => format!("of {}", words.figure(amount)),
                Lang::Zh => format!("共 {}", words.figure(amount)),
            },
        ]);
    }
    rows
}

fn layer_note(words: &Words<'_>, layer: &LayerLine, audience: Audience) -> Vec<String> {
    let mut note = Vec::new();
    note.extend(layer.because.as_ref().map(|why| words.unknowing(why)));
    match (&layer.haircut, words.lang) {
        (Some(haircut), Lang::En) => note.push(format!(
            "worth {} less {} = {}",
            words.figure(&layer.worth),
            words.figure(haircut),
            words.figure(&layer.lendable)
        )),
        (Some(haircut), Lang::Zh) => note.push(format!(
            "价值 {}，折扣 {}，可用 {}",
            words.figure(&layer.worth),
            words.figure(haircut),
            words.figure(&layer.lendable)
        )),
        (None, lang) if layer.worth.value != layer.bears.value => {
            note.push(format!("{} {}", lang.pick("worth", "价值"), words.figure(&layer.worth)));
        }
        (None, _) => {}
    }
    let standing = layer.rule.standing;
    match (&layer.valid_until, words.lang) {
        (Some((last, true)), Lang::En) if last.value.is_known() => {
            note.push(format!("expired: valid until {}", words.figure(last)));
        }
        (Some((last, true)), Lang::Zh) if last.value.is_known() => {
            note.push(format!("已过期：有效至 {}", words.figure(last)));
        }
        (Some((last, false)), lang) if audience == Audience::Auditor => {
            note.push(format!("{} {}", lang.pick("valid until", "有效至"), words.figure(last)));
        }
        (Some(_) | None, _) => {}
    }
    if !standing.takes_effect() {
        note.push(match standing {
            Standing::DoesNotApply => words.pick("bears nothing", "不予承担").to_owned(),
            other => words.standing(other).to_owned(),
        });
    }
    if layer.guarded && (audience == Audience::Auditor || !standing.takes_effect()) {
        let plain = |text: String| text.trim_start_matches(['✓', '✗', '?', ' ']).to_owned();
        note.extend(compared(words, &layer.rule.comparisons).into_iter().map(plain));
    }
    let says = |bites: bool| {
        if bites { words.pick("binds", "起作用") } else { words.pick("does not bind", "未触及") }
    };
    if let Some((share, most, bites)) = &layer.share
        && (*bites || audience == Audience::Auditor)
    {
        let (share, most) = (words.figure(share), words.figure(most));
        note.push(match words.lang {
            Lang::En => format!("at most {share} of the whole, {most}: {}", says(*bites)),
            Lang::Zh => format!("占比不超过 {share}，即 {most}：{}", says(*bites)),
        });
    }
    if let Some((left, true)) = &layer.left {
        let left = words.figure(left);
        note.push(match words.lang {
            Lang::En => format!("no more than {left} was left"),
            Lang::Zh => format!("上层之后只余 {left}"),
        });
    }
    note
}

/// One allocation.
pub(super) fn allocation(words: &Words<'_>, it: &AllocationStory, out: &mut Lines) {
    let title = words.title(&it.name, &it.label);
    let (amount, figure) = (words.phrase(it.amount_step), words.figure(&it.amount));
    let keys: Vec<String> = it.keys.iter().map(|key| words.phrase(*key)).collect();
    out.line(
        1,
        &match words.lang {
            Lang::En => format!("{title}: {amount} {figure}, by {}", keys.join(", ")),
            Lang::Zh => format!("{title}：{amount} {figure}，顺序 {}", keys.join("、")),
        },
    );
    if it.items.is_empty() {
        out.line(2, words.pick("(no items)", "（无明细）"));
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    for item in it.items.iter().take(MOST_ITEMS) {
        let key = item.key.as_ref().map(|key| words.figure(key)).unwrap_or_default();
        // The list's own key stands last among the keys of the order, and is told already.
        let others = item.order.len().saturating_sub(1);
        let order: Vec<String> = item.order.iter().take(others).map(|key| words.figure(key)).collect();
        let (up_to, left) = (words.figure(&item.up_to), words.figure(&item.left));
        let note = match (&item.because, words.lang) {
            (Some(why), _) => words.unknowing(why),
            (None, Lang::En) => format!("of {up_to}; {left} was left"),
            (None, Lang::Zh) => format!("应收 {up_to}，此前余 {left}"),
        };
        rows.push(vec![key, order.join(" "), words.figure(&item.applied), note]);
    }
    out.table(2, &[Side::Left, Side::Left, Side::Right, Side::Left], &rows);
    more(words, it.items.len(), out);
}
