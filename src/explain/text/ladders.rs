//! Ladders, item by item, step by step.

use super::super::words::Words;
use super::super::{Explanation, Figure, LadderItem, RungLine, Standing};
use super::Audience;
use super::lines::{Lines, Side};
use super::rules::rule;
use crate::base::Lang;
use crate::value::Number;

/// The ladders with their steps.
pub(super) fn ladders(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    if story.ladders.is_empty() {
        return;
    }
    out.heading(words.pick("Ladders", "催收与提醒步骤"));
    for ladder in &story.ladders {
        out.line(1, &words.title(&ladder.name, &ladder.label));
        if ladder.items.is_empty() {
            out.line(2, words.pick("(no items)", "（无明细）"));
        }
        for item in &ladder.items {
            one(words, item, audience, out);
        }
    }
}

fn since(words: &Words<'_>, step: &Figure, day: &Figure) -> String {
    let (step, day) = (words.figure(step), words.figure(day));
    match words.lang {
        Lang::En => format!("{step}, since {day}"),
        Lang::Zh => format!("{step}，自 {day} 起"),
    }
}

/// One item, or the customer.
pub(super) fn one(words: &Words<'_>, item: &LadderItem, audience: Audience, out: &mut Lines) {
    let colon = words.pick(": ", "：");
    let key =
        item.key.as_ref().map_or_else(|| words.pick("customer", "客户").to_owned(), |key| words.figure(key));
    if item.entry.standing == Standing::DoesNotApply {
        if audience == Audience::Auditor {
            out.line(2, &format!("{key}{colon}{}", words.pick("not on the ladder", "不列入")));
            rule(words, &item.entry, 3, out);
        }
        return;
    }
    let mut says: Vec<String> = Vec::new();
    match (&item.step, &item.day) {
        (Some(step), Some(day)) => says.push(since(words, step, day)),
        (Some(step), None) => says.push(words.figure(step)),
        (None, _) => says.push(words.pick("no step in force", "尚无步骤生效").to_owned()),
    }
    match item.act {
        Some(true) => says.push(words.pick("to be done today", "今日应办").to_owned()),
        Some(false) if item.step.is_some() => {
            says.push(words.pick("nothing to do today", "今日无须办理").to_owned())
        }
        Some(false) | None => {}
    }
    if let Some(awaiting) = &item.awaiting {
        says.push(format!("{}{}", words.pick("awaiting approval: ", "待批准："), words.figure(awaiting)));
    }
    if let Some((next, day)) = item.next.as_ref().filter(|(next, _)| item.awaiting.as_ref() != Some(next)) {
        says.push(format!(
            "{}{} {}",
            words.pick("next: ", "下一步："),
            words.figure(next),
            words.figure(day)
        ));
    }
    if let Some((done, on)) = &item.done {
        says.push(format!(
            "{}{} {}",
            words.pick("last done: ", "上次完成："),
            words.figure(done),
            words.figure(on)
        ));
    }
    if let Some(days) =
        item.held_days.as_ref().filter(|days| days.value.as_number().is_some_and(Number::is_positive))
    {
        says.push(format!("{}{}", words.pick("the clock has stood for ", "计时已暂停 "), words.figure(days)));
    }
    out.line(2, &format!("{key}{colon}{}", says.join(words.pick("; ", "；"))));
    if audience == Audience::Auditor {
        rule(words, &item.entry, 3, out);
        let rows: Vec<Vec<String>> = item.rungs.iter().map(|rung| row(words, rung)).collect();
        out.table(3, &[Side::Left, Side::Left, Side::Left, Side::Left], &rows);
    }
    for it in &item.rules {
        if audience == Audience::Auditor || it.standing != Standing::DoesNotApply {
            rule(words, it, 3, out);
        }
    }
    if !item.tactics.is_empty() {
        let tactics: Vec<String> = item.tactics.iter().map(|tactic| words.figure(tactic)).collect();
        out.line(
            3,
            &format!("{}{}", words.pick("tactics: ", "策略："), tactics.join(words.pick(", ", "、"))),
        );
    }
}

fn row(words: &Words<'_>, rung: &RungLine) -> Vec<String> {
    let mark = match rung.open {
        Some(true) => "●",
        Some(false) => "○",
        None => "?",
    };
    let mut says = Vec::new();
    says.push(match (rung.distance, words.lang) {
        (Some(days), Lang::En) if days > 0 => format!("in {days} {}", if days == 1 { "day" } else { "days" }),
        (Some(days), Lang::Zh) if days > 0 => format!("还有 {days} 天"),
        (Some(0), _) => words.pick("today", "今日").to_owned(),
        (Some(days), Lang::En) => {
            let days = days.unsigned_abs();
            format!("{days} {} ago", if days == 1 { "day" } else { "days" })
        }
        (Some(days), Lang::Zh) => format!("{} 天前", days.unsigned_abs()),
        (None, _) => words.pick("no day", "无日期").to_owned(),
    });
    if rung.plain_day != rung.day {
        says.push(format!("{}{}", words.pick("as written ", "原定 "), words.figure(&rung.plain_day)));
    }
    if !rung.late.is_empty() {
        let roles: Vec<&str> = rung.late.iter().map(|(_, label)| words.label(label)).collect();
        let roles = roles.join(words.pick(", ", "、"));
        says.push(format!("{}{roles}", words.pick("late: to be told to ", "逾限：通知")));
    }
    match rung.approved {
        Some(true) => says.push(words.pick("approved", "已批准").to_owned()),
        Some(false) if rung.open == Some(true) => {
            says.push(words.pick("approval missing", "缺批准").to_owned())
        }
        Some(false) => says.push(words.pick("needs approval", "须批准").to_owned()),
        None => {}
    }
    if let Some(condition) = rung.rule.condition.filter(|_| !rung.rule.comparisons.is_empty()) {
        let comparisons: Vec<String> = rung.rule.comparisons.iter().map(|it| words.comparison(it)).collect();
        let comparisons = comparisons.join(words.pick("; ", "；"));
        says.push(match words.lang {
            Lang::En => format!("when {} ({comparisons})", words.phrase(condition)),
            Lang::Zh => format!("须 {}（{comparisons}）", words.phrase(condition)),
        });
    }
    vec![
        mark.to_owned(),
        words.figure(&rung.step),
        words.figure(&rung.day),
        says.join(words.pick(", ", "，")),
    ]
}
