//! The book: what the group holds, this customer's part, its turn.

use super::super::words::Words;
use super::super::{BookStory, Explanation, Figure, Over, Served, Silence};
use super::Audience;
use super::lines::Lines;
use crate::base::{Lang, Str};
use crate::plan::{AggregateFunction, Label};
use crate::value::{Number, Value};

/// What the customer has because of the others.
pub(super) fn told(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    if story.book.is_empty() {
        return;
    }
    out.heading(words.pick("The book", "账簿"));
    for value in &story.book {
        one(words, value, audience, out);
    }
}

fn one(words: &Words<'_>, story: &BookStory, audience: Audience, out: &mut Lines) {
    let title = words.title(&story.name, &story.label);
    out.line(1, &format!("{title}{}{}", words.pick(": ", "："), words.figure(&story.value)));
    if let Some(why) = &story.because {
        out.line(2, &words.unknowing(why));
    }
    if story.members.value.is_known() {
        out.line(2, &over(words, story));
    }
    // The other customers' names are nobody's business but the auditor's.
    if let Some(left_out) = left_out(words, story, audience) {
        out.line(2, &left_out);
    }
    if let Some(served) = story.served.as_ref().filter(|it| it.served.value.is_known()) {
        out.line(2, &turn(words, served));
        if served.served.value != served.asked.value
            && let Some(reason) = words.reason(&served.reason)
        {
            out.line(2, &format!("— {reason}"));
        }
    }
}

/// Over whom the value is taken, and this customer's part of it.
fn over(words: &Words<'_>, story: &BookStory) -> String {
    let members = words.figure(&story.members);
    let single = story.members.value == Value::Number(Number::ONE);
    let group = match (&story.group, words.lang) {
        (None, Lang::En) if single => String::from("over the only customer of the book"),
        (None, Lang::En) => format!("over all {members} customers of the book"),
        (None, Lang::Zh) => format!("账簿全部 {members} 户"),
        (Some((_, label, key)), Lang::En) => format!(
            "{} {}: {members} {}",
            words.label(label),
            words.figure(key),
            if single { "member" } else { "members" }
        ),
        (Some((_, label, key)), Lang::Zh) => {
            format!("{} {}：{members} 户", words.label(label), words.figure(key))
        }
    };
    let Some(own) = &story.own else { return group };
    let figure = words.figure(own);
    let part = match (story.over, words.lang) {
        (Over::Fold(AggregateFunction::Sum), Lang::En) => {
            format!("this customer brings {figure}{}", part(words, story))
        }
        (Over::Fold(AggregateFunction::Sum), Lang::Zh) => format!("本户 {figure}{}", part(words, story)),
        (Over::CumulatedShare, Lang::En) => {
            format!("from the largest down to this customer, which has {figure}{}", sums(words, story))
        }
        (Over::CumulatedShare, Lang::Zh) => {
            format!("由大到小累计至本户，本户 {figure}{}", sums(words, story))
        }
        (Over::Fold(_) | Over::Rank, Lang::En) => format!("this customer has {figure}"),
        (Over::Fold(_) | Over::Rank, Lang::Zh) => format!("本户 {figure}"),
    };
    format!("{group}{}{part}", words.pick("; ", "；"))
}

/// The two sums of a cumulated share: `: 304,061,000.00 of 313,894,000.00 in all`.
fn sums(words: &Words<'_>, story: &BookStory) -> String {
    let Some((up_to, whole)) = &story.sums else { return String::new() };
    let (up_to, whole) = (words.figure(up_to), words.figure(whole));
    match words.lang {
        Lang::En => format!(": together {up_to} of {whole} in all"),
        Lang::Zh => format!("，累计 {up_to}，全部 {whole}"),
    }
}

/// The part of a sum that is this customer's, where that is a part.
fn part(words: &Words<'_>, story: &BookStory) -> String {
    let (Some(own), Some(whole)) =
        (story.own.as_ref().and_then(|own| own.value.as_number()), story.value.value.as_number())
    else {
        return String::new();
    };
    if !whole.is_positive() || own.is_negative() {
        return String::new();
    }
    let Some(part) = own.div(whole) else { return String::new() };
    let hundredth = part.round(crate::value::RoundingMode::HalfUp, 4);
    let ty = crate::value::Type::Number(crate::value::Unit::PERCENT);
    let about = if hundredth == part { "" } else { "≈ " };
    let shown = words.figure(&Figure { value: Value::Number(hundredth), ty });
    match words.lang {
        Lang::En => format!(" ({about}{shown} of it)"),
        Lang::Zh => format!("（占 {about}{shown}）"),
    }
}

fn left_out(words: &Words<'_>, story: &BookStory, audience: Audience) -> Option<String> {
    let count = story.left_out.value.as_number()?.to_i64().filter(|count| *count > 0)?;
    let names = match audience {
        Audience::Auditor if !story.left_out_names.is_empty() => {
            let names: Vec<&str> = story.left_out_names.iter().map(|name| &**name).collect();
            let more = i64::try_from(names.len()).is_ok_and(|named| named < count);
            let more = if more { words.pick(", …", "……") } else { "" };
            let names = names.join(words.pick(", ", "、"));
            match words.lang {
                Lang::En => format!(" ({names}{more})"),
                Lang::Zh => format!("（{names}{more}）"),
            }
        }
        Audience::Auditor | Audience::Sales | Audience::Customer => String::new(),
    };
    Some(match (story.skip_unknown, words.lang) {
        (true, Lang::En) => format!("left out, it being unknown of them: {count}{names}"),
        (true, Lang::Zh) => format!("未知而未计：{count} 户{names}"),
        (false, Lang::En) => format!("unknown of: {count}{names}"),
        (false, Lang::Zh) => format!("未知：{count} 户{names}"),
    })
}

/// This customer's turn when the budget was given out.
fn turn(words: &Words<'_>, it: &Served) -> String {
    let order: Vec<String> = it.order.iter().map(|step| words.phrase(*step)).collect();
    let order = order.join(words.pick(", ", "、"));
    let (budget, place, left, asked, served) = (
        words.figure(&it.budget),
        words.figure(&it.place),
        words.figure(&it.left),
        words.figure(&it.asked),
        words.figure(&it.served),
    );
    match words.lang {
        Lang::En => format!(
            "budget {budget}, served in order of {order}: at its turn, number {place}, {left} was left; it asked for {asked} and gets {served}"
        ),
        Lang::Zh => format!(
            "预算 {budget}，按{order}依次满足：轮到第 {place} 位时剩余 {left}；应得 {asked}，实得 {served}"
        ),
    }
}

/// Why the book does not tell a value.
pub(in super::super) fn silence(words: &Words<'_>, label: &Label, silence: &Silence) -> String {
    let label = words.label(label);
    let named = |name: &Str| name.to_string();
    match (silence, words.lang) {
        (Silence::Alone, Lang::En) => format!("{label} is known only among all customers: give --book"),
        (Silence::Alone, Lang::Zh) => format!("{label}须与全体客户一并得出：请给出 --book"),
        (Silence::Absent, Lang::En) => format!("the book holds no {label} of this customer"),
        (Silence::Absent, Lang::Zh) => format!("账簿中没有本户的{label}"),
        (Silence::LeftOut, Lang::En) => {
            format!("this customer is left out of {label}: what it goes by is unknown")
        }
        (Silence::LeftOut, Lang::Zh) => format!("{label}未计本户：所依数值未知"),
        (Silence::Rejected(1), Lang::En) => {
            format!("a record could not be read, and it may belong to {label}")
        }
        (Silence::Rejected(count), Lang::En) => {
            format!("{count} records could not be read, and they may belong to {label}")
        }
        (Silence::Rejected(count), Lang::Zh) => format!("有 {count} 条记录无法读取，可能属于{label}"),
        (Silence::Unknown(1, first), Lang::En) => {
            format!("{label}: what it goes by is unknown of customer {}", named(first))
        }
        (Silence::Unknown(count, first), Lang::En) => {
            format!("{label}: what it goes by is unknown of {count} members, {} among them", named(first))
        }
        (Silence::Unknown(count, first), Lang::Zh) => {
            format!("{label}：有 {count} 户所依数值未知，如 {}", named(first))
        }
        (Silence::Budgets(one, other), Lang::En) => {
            format!("{label}: customers {} and {} have different budgets", named(one), named(other))
        }
        (Silence::Budgets(one, other), Lang::Zh) => {
            format!("{label}：客户 {} 与 {} 的预算不一致", named(one), named(other))
        }
        (Silence::Nothing, Lang::En) => format!("{label} is taken over nothing"),
        (Silence::Nothing, Lang::Zh) => format!("{label}没有可计的数值"),
    }
}
