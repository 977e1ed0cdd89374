//! What persons decided: the answers to judgements, the exceptions from values.

use super::super::judgement::{GrantLine, GrantStanding, JudgementStory, OverrideStory};
use super::super::words::Words;
use super::super::{Explanation, Figure, Unknowing};
use super::Audience;
use super::lines::Lines;
use crate::base::{Lang, Str};
use crate::plan::{GrantTest, Label};
use crate::value::Value;

/// The judgements, where the decision rests on any.
pub(super) fn judgements(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    if story.judgements.is_empty() {
        return;
    }
    out.heading(words.pick("Judgements", "人工核定"));
    for judgement in &story.judgements {
        one(words, judgement, audience, out);
    }
}

/// One judgement.
pub(super) fn one(words: &Words<'_>, it: &JudgementStory, audience: Audience, out: &mut Lines) {
    let title = words.title(&it.name, &it.label);
    out.line(1, &format!("{title}{}{}", words.pick(": ", "："), words.figure(&it.value)));
    if let Some(why) = it.because.as_ref().filter(|why| **why != Unknowing::Referred) {
        out.line(2, &words.unknowing(why));
    }
    let roles = roles(words, &it.roles);
    let asked = match (&it.between, words.lang) {
        (Some((least, most)), Lang::En) => {
            format!("{roles} may answer from {} to {}", words.figure(least), words.figure(most))
        }
        (Some((least, most)), Lang::Zh) => {
            format!("由{roles}核定，介于 {} 至 {}", words.figure(least), words.figure(most))
        }
        (None, Lang::En) => format!("{roles} may answer"),
        (None, Lang::Zh) => format!("由{roles}核定"),
    };
    out.line(2, &format!("{asked}{}{}", words.pick(": ", "："), it.question.pick(words.lang)));
    if it.sound == Some(false) {
        let crossed = words.pick(
            "the lower bound is above the upper one: there is nothing to choose from",
            "下限高于上限，无从核定",
        );
        out.line(2, crossed);
    } else if !it.answered && it.because.is_none() {
        let stand_in = words.figure(&it.stand_in);
        let reason = words.reason(&it.reason).map(|reason| format!(" — {reason}")).unwrap_or_default();
        out.line(
            2,
            &match words.lang {
                Lang::En => format!("not answered yet; until then {stand_in} stands{reason}"),
                Lang::Zh => format!("尚未答复，答复前取 {stand_in}{reason}"),
            },
        );
    }
    records(words, &it.records, audience, out);
}

/// The exceptions, where the decision rests on values from which any may be made.
pub(super) fn exceptions(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    let contradicted =
        |it: &OverrideStory| it.records.iter().any(|line| line.standing == GrantStanding::Contradicted);
    let told = |it: &&OverrideStory| audience == Audience::Auditor || it.applies || contradicted(it);
    if !story.overrides.iter().any(|it| told(&it)) {
        return;
    }
    out.heading(words.pick("Exceptions", "特批"));
    for it in story.overrides.iter().filter(told) {
        exception(words, it, audience, out);
    }
}

/// The exceptions from one value.
pub(super) fn exception(words: &Words<'_>, it: &OverrideStory, audience: Audience, out: &mut Lines) {
    let title = words.title(&it.name, &it.label);
    let (value, computed) = (words.figure(&it.value), words.figure(&it.computed));
    out.line(
        1,
        &match (it.applies, words.lang) {
            (true, Lang::En) => format!("{title}: {value} by exception; without it {computed}"),
            (true, Lang::Zh) => format!("{title}：特批 {value}，若无特批为 {computed}"),
            (false, Lang::En) => format!("{title}: no exception stands; {computed}"),
            (false, Lang::Zh) => format!("{title}：无有效特批，{computed}"),
        },
    );
    if let Some((until, days)) = &it.until {
        out.line(
            2,
            &match words.lang {
                Lang::En if *days == 0 => format!("until {} (today); then {computed}", words.figure(until)),
                Lang::En => format!("until {} (in {}); then {computed}", words.figure(until), in_days(*days)),
                Lang::Zh => format!("至 {}（还有 {days} 天）；其后 {computed}", words.figure(until)),
            },
        );
    }
    if audience == Audience::Auditor {
        let mut rules = vec![match words.lang {
            Lang::En => format!("by {}", roles(words, &it.roles)),
            Lang::Zh => format!("由{}批准", roles(words, &it.roles)),
        }];
        rules.extend(it.most.as_ref().map(|most| match words.lang {
            Lang::En => format!("at most {}", words.figure(most)),
            Lang::Zh => format!("不超过 {}", words.figure(most)),
        }));
        rules.extend(it.length.as_ref().map(|length| match words.lang {
            Lang::En => format!("for at most {}", words.figure(length)),
            Lang::Zh => format!("最长 {}", words.figure(length)),
        }));
        let reason = words.reason(&it.reason).map(|reason| format!(" — {reason}")).unwrap_or_default();
        out.line(2, &format!("{}{reason}", rules.join(words.pick(", ", "，"))));
    }
    records(words, &it.records, audience, out);
}

/// What the customer is told of an exception: until when it holds.
pub(super) fn told(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    let held = story.overrides.iter().filter(|it| it.applies && it.until.is_some());
    if held.clone().next().is_some() {
        out.heading(words.pick("Granted by exception", "特批事项"));
    }
    for it in held {
        let Some((until, _)) = &it.until else { continue };
        let (title, until) = (words.title(&it.name, &it.label), words.figure(until));
        out.line(
            1,
            &match words.lang {
                Lang::En => format!("- {title}: by exception until {until}"),
                Lang::Zh => format!("- {title}：特批，有效至 {until}"),
            },
        );
    }
}

fn in_days(days: i64) -> String {
    if days == 1 { String::from("1 day") } else { format!("{days} days") }
}

fn roles(words: &Words<'_>, roles: &[(Str, Label)]) -> String {
    let names: Vec<String> = roles.iter().map(|(name, label)| words.plain(name, label).to_owned()).collect();
    names.join(words.pick(" or ", "或"))
}

fn records(words: &Words<'_>, records: &[GrantLine], audience: Audience, out: &mut Lines) {
    for record in records {
        let counts = matches!(record.standing, GrantStanding::Stands | GrantStanding::Contradicted);
        if audience == Audience::Auditor || counts {
            out.line(2, &line(words, record));
        }
    }
}

/// `✓ 120,000.00 by Wang Fang (finance head), 2026-10-01 to 2026-12-29, for the customer: Spring Festival stock`
fn line(words: &Words<'_>, record: &GrantLine) -> String {
    let mark = if record.standing == GrantStanding::Stands { "✓" } else { "✗" };
    let role = match &record.role.value {
        Value::Text(role) => words.role(role),
        _ => words.figure(&record.role),
    };
    let who = match &record.person {
        Some(person) => format!("{person}{}{role}{}", words.pick(" (", "（"), words.pick(")", "）")),
        None => role,
    };
    let from = words.figure(&record.from);
    let when = match (&record.until, words.lang) {
        (Some(Figure { value: Value::Date(_), .. }), Lang::En) => {
            let until = record.until.as_ref().map(|until| words.figure(until)).unwrap_or_default();
            format!("{from} to {until}")
        }
        (Some(Figure { value: Value::Date(_), .. }), Lang::Zh) => {
            let until = record.until.as_ref().map(|until| words.figure(until)).unwrap_or_default();
            format!("{from} 至 {until}")
        }
        _ => from,
    };
    let scope = record.scope.as_ref().map(|scope| match words.lang {
        Lang::En => format!(", for {}", words.figure(scope)),
        Lang::Zh => format!("，范围：{}", words.figure(scope)),
    });
    let reason = record.reason.as_ref().map(|reason| format!("{}{reason}", words.pick(": ", "：")));
    let value = words.figure(&record.value);
    let head = match words.lang {
        Lang::En => format!("{mark} {value} by {who}, {when}"),
        Lang::Zh => format!("{mark} {value}，{who}，{when}"),
    };
    let why = match record.standing {
        GrantStanding::Stands => None,
        GrantStanding::Outranked => {
            Some(words.pick("a narrower or later one stands", "另有更具体或更近的一项生效"))
        }
        GrantStanding::Contradicted => Some(
            words.pick("another of the same rank and day says otherwise", "与同级、同日的另一项决定矛盾"),
        ),
        GrantStanding::Fails(test) => Some(fails(words, test)),
    };
    let why = why.map(|why| format!(" — {why}"));
    format!("{head}{}{}{}", scope.unwrap_or_default(), reason.unwrap_or_default(), why.unwrap_or_default())
}

/// Why a record does not count.
fn fails(words: &Words<'_>, test: GrantTest) -> &'static str {
    match test {
        GrantTest::Subject => words.pick("it is about something else", "事项不符"),
        GrantTest::Verdict => words.pick("it was not approved", "未获同意"),
        GrantTest::Role => words.pick("this role may not decide it", "该岗位无权核定"),
        GrantTest::Begun => words.pick("its day has not come", "尚未生效"),
        GrantTest::NotOver => words.pick("it is over", "已到期"),
        GrantTest::Concerns => {
            words.pick("it names another customer or group", "所列对象不是该客户或其所属集团")
        }
        GrantTest::NotNegative => words.pick("it is below zero", "低于零"),
        GrantTest::Floor => words.pick("it is below the floor of the limit", "低于额度的下限"),
        GrantTest::Within => words.pick("it is outside the bounds", "超出允许范围"),
    }
}
