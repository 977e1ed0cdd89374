//! Ladders, item by item, step by step.

use super::super::words::Words;
use super::super::{Explanation, Figure, LadderItem, LadderStory, Moved, RungLine, Standing, Subject};
use super::Audience;
use super::lines::{Lines, Side};
use super::rules::rule;
use crate::base::Lang;
use crate::plan::RuleKind;
use crate::value::{Cause, Number, Value};

/// The ladders with their steps.
pub(super) fn ladders(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    // What no step concerns is for who checks the policy.
    let told =
        |item: &&LadderItem| audience == Audience::Auditor || item.entry.standing != Standing::DoesNotApply;
    let shown =
        |ladder: &&LadderStory| audience == Audience::Auditor || ladder.items.iter().any(|it| told(&it));
    if story.ladders.iter().find(shown).is_none() {
        return;
    }
    out.heading(words.pick("Ladders", "跟进步骤"));
    for ladder in story.ladders.iter().filter(shown) {
        out.line(1, &words.title(&ladder.name, &ladder.label));
        if ladder.items.is_empty() {
            out.line(2, words.pick("(no items)", "（无明细）"));
        }
        for item in ladder.items.iter().filter(told) {
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

/// Whether a hold stands.
fn held(item: &LadderItem) -> bool {
    item.rules.iter().any(|it| it.kind == RuleKind::Hold && it.standing.takes_effect())
}

/// `awaiting approval of the finance head: shipments stop`
fn awaits(words: &Words<'_>, item: &LadderItem, awaiting: &Figure) -> String {
    let rung = item.rungs.iter().find(|rung| rung.step == *awaiting);
    let roles: Vec<&str> = rung
        .into_iter()
        .flat_map(|rung| &rung.approvers)
        .map(|(name, label)| words.plain(name, label))
        .collect();
    let step = words.figure(awaiting);
    match (words.lang, roles.is_empty()) {
        (Lang::En, true) => format!("awaiting approval: {step}"),
        (Lang::En, false) => format!("awaiting approval by the {}: {step}", roles.join(" and the ")),
        (Lang::Zh, true) => format!("待批准：{step}"),
        (Lang::Zh, false) => format!("待{}批准：{step}", roles.join("与")),
    }
}

/// The step that would follow, where its day lies beyond the calendar.
fn beyond(words: &Words<'_>, item: &LadderItem) -> Option<String> {
    let at = match item.step.as_ref().map(|step| &step.value) {
        Some(Value::Code(place)) => usize::try_from(*place).ok()?.checked_add(1)?,
        _ => 0,
    };
    let skipped = |rung: &RungLine| {
        let skips = item.rules.iter().filter(|it| it.standing.takes_effect());
        skips.into_iter().any(|it| matches!(&it.subject, Subject::Skip(step) if *step == rung.step))
    };
    let rung = item.rungs.iter().skip(at).find(|rung| !skipped(rung))?;
    if !matches!(rung.day.value, Value::Unknown(Cause::PastCalendar(_))) {
        return None;
    }
    let (step, written) = (words.figure(&rung.step), words.figure(&rung.plain_day));
    Some(match words.lang {
        Lang::En => format!(
            "next: {step}, as written {written}; on which business day is beyond the end of the calendar"
        ),
        Lang::Zh => format!("下一步：{step}，原定 {written}；顺延至哪一工作日，超出日历范围"),
    })
}

/// One item, or the customer.
pub(super) fn one(words: &Words<'_>, item: &LadderItem, audience: Audience, out: &mut Lines) {
    let colon = words.pick(": ", "：");
    let key =
        item.key.as_ref().map_or_else(|| words.pick("customer", "客户").to_owned(), |key| words.figure(key));
    if item.entry.standing == Standing::DoesNotApply {
        out.line(2, &format!("{key}{colon}{}", words.pick("not on the ladder", "不列入")));
        rule(words, &item.entry, 3, out);
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
        Some(false) if held(item) => says.push(words.pick("held", "暂缓中").to_owned()),
        Some(false) if item.step.is_some() => {
            says.push(words.pick("nothing to do today", "今日无须办理").to_owned())
        }
        Some(false) | None => {}
    }
    if let Some(awaiting) = &item.awaiting {
        says.push(awaits(words, item, awaiting));
    }
    if let Some((next, day)) = item.next.as_ref().filter(|(next, _)| item.awaiting.as_ref() != Some(next)) {
        let rung = item.rungs.iter().find(|rung| rung.step == *next);
        let why = rung.map(|rung| moved(words, rung)).unwrap_or_default();
        let why =
            if why.is_empty() { String::new() } else { words.bracketed(&why.join(words.pick(", ", "，"))) };
        says.push(format!(
            "{}{} {}{why}",
            words.pick("next: ", "下一步："),
            words.figure(next),
            words.figure(day)
        ));
    }
    if item.next.is_none() && item.awaiting.is_none() {
        says.extend(beyond(words, item));
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
        (None, _) if matches!(rung.day.value, Value::Unknown(Cause::PastCalendar(_))) => {
            words.pick("beyond the end of the calendar", "超出日历范围").to_owned()
        }
        (None, _) => words.pick("no day", "无日期").to_owned(),
    });
    says.extend(moved(words, rung));
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

/// The day that is written where it is another, and what moved it.
fn moved(words: &Words<'_>, rung: &RungLine) -> Vec<String> {
    if rung.plain_day == rung.day {
        return Vec::new();
    }
    let written = format!("{}{}", words.pick("as written ", "原定 "), words.figure(&rung.plain_day));
    let by = rung.moved.iter().map(|it| match (it, words.lang) {
        (Moved::Delay(days), Lang::En) => format!("delayed by {}", words.figure(days)),
        (Moved::Delay(days), Lang::Zh) => format!("推迟 {}", words.figure(days)),
        (Moved::Clock(days), Lang::En) => format!("the clock stood for {}", words.figure(days)),
        (Moved::Clock(days), Lang::Zh) => format!("计时暂停 {}", words.figure(days)),
        (Moved::Grace(days), Lang::En) => format!("{} of grace", words.figure(days)),
        (Moved::Grace(days), Lang::Zh) => format!("宽限 {}", words.figure(days)),
        (Moved::Closed { later: true }, _) => {
            words.pick("a closed day: on the next business day", "遇休息日顺延").to_owned()
        }
        (Moved::Closed { later: false }, _) => {
            words.pick("a closed day: on the business day before", "遇休息日提前").to_owned()
        }
    });
    std::iter::once(written).chain(by).collect()
}
