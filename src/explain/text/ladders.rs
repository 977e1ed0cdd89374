//! Ladders, item by item, step by step.

use super::super::words::Words;
use super::super::{
    Explanation, Figure, LadderItem, LadderStory, Moved, RuleLine, RungLine, Standing, Subject,
};
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

/// The item that a step concerns, by its key and by what it is: `Z0087-02 operating permit`; none for the customer.
pub(super) fn item_of(words: &Words<'_>, item: &LadderItem) -> Option<String> {
    let key = words.figure(item.key.as_ref()?);
    Some(match &item.what {
        Some(what) => format!("{key} {}", words.figure(what)),
        None => key,
    })
}

fn since(words: &Words<'_>, step: &Figure, day: &Figure) -> String {
    let (step, day) = (words.figure(step), words.figure(day));
    match words.lang {
        Lang::En => format!("{step}, since {day}"),
        Lang::Zh => format!("{step}，自 {day} 起"),
    }
}

/// Whether a step has come that was not done because a hold stands.
pub(super) fn undone(item: &LadderItem) -> bool {
    let Some(step) = item.step.as_ref().filter(|_| held(item)) else { return false };
    item.act != Some(true) && item.done.as_ref().is_none_or(|(done, _)| done.value != step.value)
}

/// Whether the step last done is above the one that is in force by its day: a clock that stood, or a step that is now left out, puts the
/// days of steps off that are behind it, and undoes nothing.
pub(super) fn behind(item: &LadderItem) -> bool {
    match (&item.step, &item.done) {
        (Some(step), Some((done, _))) => {
            matches!((&step.value, &done.value), (Value::Code(step), Value::Code(done)) if done > step)
        }
        _ => false,
    }
}

/// The rung of a step.
fn rung<'i>(item: &'i LadderItem, step: &Figure) -> Option<&'i RungLine> {
    item.rungs.iter().find(|rung| rung.step == *step)
}

/// Who approves a step: `the credit manager`.
fn approvers(words: &Words<'_>, rung: &RungLine) -> Option<String> {
    let roles: Vec<&str> = rung.approvers.iter().map(|(name, label)| words.plain(name, label)).collect();
    (!roles.is_empty()).then(|| match words.lang {
        Lang::En => format!("the {}", roles.join(" and the ")),
        Lang::Zh => roles.join("与"),
    })
}

/// The rule by which a step is left out.
pub(super) fn skipped<'i>(item: &'i LadderItem, rung: &RungLine) -> Option<&'i RuleLine> {
    let mut skips = item.rules.iter().filter(|it| it.standing.takes_effect());
    skips.find(|it| matches!(&it.subject, Subject::Skip(step) if *step == rung.step))
}

/// Whether a hold stands.
pub(super) fn held(item: &LadderItem) -> bool {
    item.rules.iter().any(|it| it.kind == RuleKind::Hold && it.standing.takes_effect())
}

/// `awaiting approval of the finance head: shipments stop`
fn awaits(words: &Words<'_>, item: &LadderItem, awaiting: &Figure) -> String {
    let roles = rung(item, awaiting).and_then(|rung| approvers(words, rung));
    let step = words.figure(awaiting);
    match (words.lang, roles) {
        (Lang::En, None) => format!("awaiting approval: {step}"),
        (Lang::En, Some(roles)) => format!("awaiting approval by {roles}: {step}"),
        (Lang::Zh, None) => format!("待批准：{step}"),
        (Lang::Zh, Some(roles)) => format!("待{roles}批准：{step}"),
    }
}

/// `shipments stop: due since 2026-10-01, awaiting approval by the finance head`
pub(super) fn awaited(words: &Words<'_>, rung: &RungLine) -> String {
    let (step, day) = (words.figure(&rung.step), words.figure(&rung.day));
    match (words.lang, approvers(words, rung)) {
        (Lang::En, Some(roles)) => format!("{step} due since {day}, awaiting approval by {roles}"),
        (Lang::En, None) => format!("{step} due since {day}, awaiting approval"),
        (Lang::Zh, Some(roles)) => format!("{day} 起应{step}，待{roles}批准"),
        (Lang::Zh, None) => format!("{day} 起应{step}，待批准"),
    }
}

/// The step that would follow, where its day lies beyond the calendar.
fn beyond(words: &Words<'_>, item: &LadderItem) -> Option<String> {
    let at = match item.step.as_ref().map(|step| &step.value) {
        Some(Value::Code(place)) => usize::try_from(*place).ok()?.checked_add(1)?,
        _ => 0,
    };
    let rung = item.rungs.iter().skip(at).find(|rung| skipped(item, rung).is_none())?;
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

/// The day on which the next step comes at the earliest, where that is behind its own day, and how far apart two steps are.
pub(super) fn earliest<'i>(item: &'i LadderItem, day: &Value) -> Option<(&'i Figure, &'i Figure)> {
    let (earliest, apart) = item.earliest.as_ref()?;
    let later = matches!((&earliest.value, day), (Value::Date(earliest), Value::Date(day)) if earliest > day);
    later.then_some((earliest, apart))
}

/// One item, or the customer.
pub(super) fn one(words: &Words<'_>, item: &LadderItem, audience: Audience, out: &mut Lines) {
    let colon = words.pick(": ", "：");
    let key = item_of(words, item).unwrap_or_else(|| words.pick("customer", "客户").to_owned());
    if item.entry.standing == Standing::DoesNotApply {
        out.line(2, &format!("{key}{colon}{}", words.pick("not on the ladder", "不列入")));
        rule(words, &item.entry, 3, out);
        return;
    }
    let mut says: Vec<String> = Vec::new();
    match (&item.step, &item.day) {
        _ if behind(item) => says.extend(item.done.as_ref().map(|(done, on)| {
            let (done, on) = (words.figure(done), words.figure(on));
            match words.lang {
                Lang::En => format!("{done}, done {on}"),
                Lang::Zh => format!("{on} 已办{done}"),
            }
        })),
        (Some(step), Some(day)) if undone(item) => {
            let (step, day) = (words.figure(step), words.figure(day));
            says.push(match words.lang {
                Lang::En => format!("{step} reached on {day}, not done"),
                Lang::Zh => format!("{day} 已到{step}，未办"),
            });
        }
        (Some(step), Some(day)) => says.push(since(words, step, day)),
        (Some(step), None) => says.push(words.figure(step)),
        (None, _) => says.push(words.pick("no step in force", "尚无步骤生效").to_owned()),
    }
    match item.act {
        Some(true) => {
            let passed = item.step.as_ref().and_then(|step| rung(item, step)?.distance);
            says.push(
                match passed.is_some_and(|days| days < 0) {
                    true => words.pick("not recorded as done: to be done today", "尚无办理记录，今日应办"),
                    false => words.pick("to be done today", "今日应办"),
                }
                .to_owned(),
            );
        }
        Some(false) if held(item) => says.push(words.pick("held", "暂缓中").to_owned()),
        Some(false) if item.step.is_some() => {
            says.push(words.pick("nothing to do today", "今日无须办理").to_owned())
        }
        Some(false) | None => {}
    }
    if let Some(awaiting) = &item.awaiting {
        says.push(awaits(words, item, awaiting));
    }
    // What lies below the step last done does not follow on it.
    let below = |next: &Figure| match (&next.value, &item.done) {
        (Value::Code(next), Some((Figure { value: Value::Code(done), .. }, _))) => next <= done,
        _ => false,
    };
    let next = item.next.as_ref().filter(|(next, _)| item.awaiting.as_ref() != Some(next) && !below(next));
    if let Some((next, day)) = next {
        let rung = rung(item, next);
        let mut why = rung.map(|rung| moved(words, rung)).unwrap_or_default();
        why.extend(rung.filter(|rung| rung.approved == Some(false)).map(|rung| needs_approval(words, rung)));
        let why =
            if why.is_empty() { String::new() } else { words.bracketed(&why.join(words.pick(", ", "，"))) };
        let earliest = earliest(item, &day.value);
        let (next, day) = (words.figure(next), words.figure(day));
        if let Some((earliest, apart)) = earliest {
            let (earliest, apart) = (words.figure(earliest), words.figure(apart));
            says.push(match words.lang {
                Lang::En => format!(
                    "next: {next}, {earliest} at the earliest (by its own day {day}; one step at a time, at least {apart} apart)"
                ),
                Lang::Zh => {
                    format!("下一步：{next}，最早 {earliest}（原定 {day}；逐级进行，间隔至少 {apart}）")
                }
            });
        } else {
            // A day that is past moves nobody: the step follows as soon as the one before is done.
            let passed = rung.and_then(|rung| rung.distance).is_some_and(|days| days < 0);
            says.push(match (passed, words.lang) {
                (false, Lang::En) => format!("next: {next} {day}{why}"),
                (false, Lang::Zh) => format!("下一步：{next} {day}{why}"),
                (true, Lang::En) => {
                    format!("next, when the step before is done: {next}, due since {day}{why}")
                }
                (true, Lang::Zh) => format!("前一步办妥后：{next}，{day} 起应办{why}"),
            });
        }
    }
    if item.next.is_none() && item.awaiting.is_none() {
        says.extend(beyond(words, item));
    }
    if let Some((done, on)) = item.done.as_ref().filter(|_| !behind(item)) {
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
        let rows: Vec<Vec<String>> = item.rungs.iter().map(|rung| row(words, item, rung)).collect();
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
            &format!(
                "{}{}{}{}",
                words.pick("tactics", "策略"),
                item.tactics_by
                    .as_ref()
                    .map(|(key, of)| words.bracketed(&format!("{} {}", words.phrase(*key), words.given(of))))
                    .unwrap_or_default(),
                words.pick(": ", "："),
                tactics.join(words.pick(", ", "、"))
            ),
        );
    }
}

fn needs_approval(words: &Words<'_>, rung: &RungLine) -> String {
    match (approvers(words, rung), words.lang) {
        (None, _) => words.pick("needs approval", "须批准").to_owned(),
        (Some(roles), Lang::En) => format!("needs the approval of {roles}"),
        (Some(roles), Lang::Zh) => format!("须{roles}批准"),
    }
}

fn row(words: &Words<'_>, item: &LadderItem, rung: &RungLine) -> Vec<String> {
    if let Some(skip) = skipped(item, rung) {
        let reason = words.reason(&skip.reason).map(|reason| format!("{}{reason}", words.pick(": ", "：")));
        let says = format!("{}{}", words.pick("left out", "跳过"), reason.unwrap_or_default());
        return vec![String::from("–"), words.figure(&rung.step), words.figure(&rung.day), says];
    }
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
    if let Some((_, on)) = item.done.as_ref().filter(|(step, _)| *step == rung.step) {
        let on = words.figure(on);
        says.push(match words.lang {
            Lang::En => format!("done {on}"),
            Lang::Zh => format!("{on} 已办"),
        });
    }
    let unmet = rung.rule.comparisons.iter().any(|it| it.met() == Some(false));
    if rung.open == Some(false) && unmet && rung.distance.is_some_and(|days| days <= 0) {
        says.push(words.pick("passed over", "不具备条件，略过").to_owned());
    }
    says.extend(moved(words, rung));
    if !rung.late.is_empty() {
        let roles: Vec<&str> = rung.late.iter().map(|(_, label)| words.label(label)).collect();
        let roles = roles.join(words.pick(", ", "、"));
        says.push(format!("{}{roles}", words.pick("late: to be told to ", "逾限：通知")));
    }
    match rung.approved {
        Some(true) => says.push(words.pick("approved", "已批准").to_owned()),
        Some(false) if rung.open == Some(true) => says.push(match (approvers(words, rung), words.lang) {
            (None, _) => words.pick("approval missing", "缺批准").to_owned(),
            (Some(roles), Lang::En) => format!("approval of {roles} missing"),
            (Some(roles), Lang::Zh) => format!("缺{roles}批准"),
        }),
        Some(false) => says.push(needs_approval(words, rung)),
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
    let day = match rung.day.value {
        Value::Unknown(Cause::PastCalendar(_)) => words.pick("not fixed yet", "未定").to_owned(),
        _ => words.figure(&rung.day),
    };
    vec![mark.to_owned(), words.figure(&rung.step), day, says.join(words.pick(", ", "，"))]
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
