//! Approvals in words.

use super::super::words::Words;
use super::super::{AuthorityStory, Explanation, SignatureLine, TableStory, Unknowing};
use super::Audience;
use super::lines::{Lines, Side};
use super::rules;
use crate::base::{Lang, Str};
use crate::eval::signatures::Weight;
use crate::value::{Number, Value};

/// All approvals; none are no heading.
pub(super) fn approvals(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    if story.authorities.is_empty() {
        return;
    }
    out.heading(words.pick("Approvals", "审批"));
    for authority in &story.authorities {
        one(words, &story.tables, authority, audience, out);
    }
}

/// Whether there is nothing to approve: an amount of 0.
pub(super) fn needless(it: &AuthorityStory) -> bool {
    !it.nobody && !it.refused && it.value.value.as_number().is_some_and(Number::is_zero)
}

/// Whether a row of the policy says that there is nothing to approve.
pub(super) fn none(words: &Words<'_>, it: &AuthorityStory) -> bool {
    it.because.as_ref().is_some_and(|why| words.says_nothing(why)) && !it.value.value.is_known()
}

/// That an approval is not asked for, and why.
pub(super) fn not_asked_for(words: &Words<'_>, tables: &[TableStory], it: &AuthorityStory) -> String {
    let why = || it.because.as_ref().map(|why| words.unknowing(why)).unwrap_or_default();
    let reason = nothing(words, tables, it).unwrap_or_else(why);
    format!("{}{}", words.pick("not asked for", "无须审批"), words.bracketed(&reason))
}

/// The fact that is approved, where nobody has given it: nothing was asked for.
pub(super) fn unasked(it: &AuthorityStory) -> Option<&Str> {
    match &it.because {
        Some(Unknowing::Missing(name, _)) if *name == it.subject => Some(name),
        _ => None,
    }
}

/// One approval.
pub(super) fn one(
    words: &Words<'_>,
    tables: &[TableStory],
    it: &AuthorityStory,
    audience: Audience,
    out: &mut Lines,
) {
    let title = words.title(&it.name, &it.label);
    let (subject, value) = (words.phrase(it.subject_step), words.figure(&it.value));
    let needed = words.figure(&it.needed);
    if none(words, it) {
        let none = not_asked_for(words, tables, it);
        out.line(1, &format!("{title}{}{none}", words.pick(": ", "：")));
        return;
    }
    if unasked(it).is_some() {
        let none = words.pick("nothing was asked for", "无申请");
        out.line(1, &format!("{title}{}{none}", words.pick(": ", "：")));
        return;
    }
    if let Some(why) = &it.because {
        out.line(1, &format!("{title}{}{}", words.pick(": ", "："), words.unknowing(why)));
        return;
    }
    if needless(it) {
        let text = match words.lang {
            Lang::En => format!("{subject} {value}: nothing to approve, nobody need sign"),
            Lang::Zh => format!("{subject} {value}，无须签批"),
        };
        out.line(1, &format!("{title}{}{text}", words.pick(": ", "：")));
        return;
    }
    let who = match (words.lang, it.nobody) {
        (Lang::En, true) => format!("nobody may approve {subject} {value}"),
        (Lang::En, false) => format!("{subject} {value} needs {needed}"),
        (Lang::Zh, true) => format!("{subject} {value} 无人可批"),
        (Lang::Zh, false) => format!("{subject} {value} 须由{needed}签批"),
    };
    out.line(1, &format!("{title}{}{who}", words.pick(": ", "：")));
    if !it.nobody {
        standing(words, it, out);
    }
    if let Some((amount, person, own)) = &it.carried {
        let (amount, person, own) = (words.figure(amount), words.figure(person), words.figure(own));
        out.line(
            2,
            &match words.lang {
                Lang::En => format!("{person} signed beyond the own limit of {own} and carries {amount}"),
                Lang::Zh => format!("{person}签批超出自身权限 {own}，自担 {amount}"),
            },
        );
    }
    let lines: Vec<Vec<String>> = it.signatures.iter().map(|line| signature(words, line)).collect();
    if lines.is_empty() && !it.nobody {
        out.line(2, words.pick("nobody has signed", "尚无签批"));
    }
    out.table(2, &[Side::Left, Side::Left, Side::Left, Side::Left, Side::Right, Side::Left], &lines);
    if audience == Audience::Auditor {
        rules::signers(words, &it.table, out);
    }
}

/// Why there is nothing to approve, where the row that leaves it open says so.
fn nothing(words: &Words<'_>, tables: &[TableStory], it: &AuthorityStory) -> Option<String> {
    let table = tables.iter().find(|table| words.label(&table.label) == words.name_of(it.subject_step))?;
    let row = table.rows.iter().find(|row| row.rule.standing.takes_effect())?;
    row.rule.reason.text.as_ref().map(|text| words.label(text).to_owned())
}

/// Whether it is granted, how much, and who is asked.
fn standing(words: &Words<'_>, it: &AuthorityStory, out: &mut Lines) {
    let granted = words.figure(&it.granted);
    let whole = it.granted.value == it.value.value;
    let text = match (words.lang, it.refused, it.granted.value.is_known(), whole) {
        (Lang::En, true, _, _) => String::from("refused"),
        (Lang::En, _, true, true) => String::from("granted in full"),
        (Lang::En, _, true, false) => format!("granted up to {granted}; for the rest a signature is missing"),
        (Lang::En, _, false, _) => String::from("not granted: a signature is missing"),
        (Lang::Zh, true, _, _) => String::from("已否决"),
        (Lang::Zh, _, true, true) => String::from("全额核准"),
        (Lang::Zh, _, true, false) => format!("核准至 {granted}；其余尚缺签批"),
        (Lang::Zh, _, false, _) => String::from("未核准：尚缺签批"),
    };
    out.line(2, &text);
    if it.disputed {
        let text = match (&it.arbiter, words.lang) {
            (Some(_), Lang::En) => "one approved and another refused: who decides a disagreement is asked",
            (Some(_), Lang::Zh) => "意见不一：转请裁定",
            (None, Lang::En) => "one approved and another refused: the refusal stands",
            (None, Lang::Zh) => "意见不一：以否决为准",
        };
        out.line(2, text);
    }
    for (role, others) in &it.may_sign {
        let role = words.label(role);
        let others: Vec<&str> = others.iter().map(|other| words.label(other)).collect();
        let text = match (words.lang, others.is_empty()) {
            (Lang::En, true) => format!("missing: {role}"),
            (Lang::En, false) => format!("missing: {role}; {} may sign in its place", others.join(", ")),
            (Lang::Zh, true) => format!("缺批：{role}"),
            (Lang::Zh, false) => format!("缺批：{role}；{}可代签", others.join("、")),
        };
        out.line(2, &text);
    }
}

fn signature(words: &Words<'_>, line: &SignatureLine) -> Vec<String> {
    let amount = match line.amount.value {
        Value::Unknown(_) => String::from("-"),
        _ => words.figure(&line.amount),
    };
    vec![
        words.figure(&line.person),
        words.figure(&line.role),
        words.figure(&line.on),
        words.figure(&line.verdict),
        amount,
        weight(words, line.weight).to_owned(),
    ]
}

fn weight(words: &Words<'_>, weight: Weight) -> &'static str {
    match weight {
        Weight::Elsewhere => words.pick("concerns something else", "与此无关"),
        Weight::Later => words.pick("does not count: a later day", "不计：日期在后"),
        Weight::Proposal => words.pick("proposes; cannot sign as well", "提议人，不得签批"),
        Weight::Replaced => {
            words.pick("does not count: replaced by a later verdict", "不计：已被其后的结论取代")
        }
        Weight::SamePerson => words.pick("does not count: one person counts once", "不计：一人只计一次"),
        Weight::ByProposer => words.pick("does not count: signed by who proposed it", "不计：提议人不得签批"),
        Weight::NoAmount => words.pick("does not count: names no amount", "不计：未写明金额"),
        Weight::NotAsked => {
            words.pick("does not count: the role has no part in this", "不计：该岗位无此权限")
        }
        Weight::Refusal => words.pick("refuses", "否决"),
        Weight::Counts => words.pick("counts", "有效"),
        Weight::CountsForLess => words.pick("counts for what is granted", "就核准部分有效"),
        Weight::Spare => words.pick("adds nothing to the others", "有效，但无须"),
    }
}
