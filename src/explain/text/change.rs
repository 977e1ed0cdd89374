//! What changed since the last time, and which input did it, in words.

use super::super::change::{Changes, Input, InputChange, OutputChange, Would};
use super::super::words::Words;
use super::super::{Explanation, Figure, LadderItem};
use super::lines::{Lines, Side};
use super::{Audience, checks, ladders, letter};
use crate::base::{Lang, Str};
use crate::plan::Label;

/// So many items are told one by one; a customer with a hundred invoices reads how many more there are.
const MOST_ITEMS: usize = 12;

/// What changed; nothing where there is no record of a last time.
pub(super) fn changes(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    let Some(it) = &story.changes else { return };
    let inside = |name: &str| story.outputs.iter().any(|output| *output.name == *name && output.internal);
    let read = |name: &str| audience != Audience::Customer || !inside(name);
    // A step that only the house notices is none that a customer is told of, nor what came before it.
    let of = |it: &OutputChange| {
        let ladder = story.ladders.iter().find(|ladder| ladder.name == it.name);
        ladder.and_then(|ladder| {
            ladder.items.iter().find(|item| {
                it.item.is_none()
                    || item
                        .key
                        .as_ref()
                        .is_some_and(|key| Some(words.bare(key).as_str()) == it.item.as_deref())
            })
        })
    };
    let noticed = |it: &OutputChange| {
        let Some(of) = of(it) else { return true };
        !ladders::undone(of) && it.after.as_ref().is_none_or(|after| letter::told(of, &after.value))
    };
    let shown: Vec<_> = it
        .outputs
        .iter()
        .filter(|it| read(&it.name) && (audience != Audience::Customer || noticed(it)))
        // What was done is not undone by a clock that stood.
        .filter(|it| !of(it).is_some_and(ladders::behind))
        .collect();
    let unrecorded: Vec<_> = it.unrecorded.iter().filter(|(name, _)| read(name)).collect();
    // Where only what is the house's own has moved or was recorded, the customer reads nothing of it.
    let recorded = story.outputs.iter().filter(|output| read(&output.name)).count() > unrecorded.len();
    if shown.is_empty() && (!it.outputs.is_empty() || !recorded) {
        return;
    }
    let since = &it.since;
    if shown.is_empty() {
        out.gap();
        out.line(0, &unchanged(words, since, &unrecorded, audience));
    } else {
        out.heading(&match words.lang {
            Lang::En => format!("What changed since {since}"),
            Lang::Zh => format!("与 {since} 相比的变化"),
        });
        // Items of which the same is to tell are told together.
        let mut rows: Vec<(String, Vec<String>, String)> = Vec::new();
        for it in &shown {
            let (label, item, moved) = row(words, story, it, audience);
            match rows.iter_mut().find(|(of, _, same)| item.is_some() && *of == label && *same == moved) {
                Some((_, items, _)) => items.extend(item),
                None => rows.push((label, item.into_iter().collect(), moved)),
            }
        }
        let told = rows.iter().take(MOST_ITEMS).map(|(label, items, moved)| {
            let name =
                if items.is_empty() { label.clone() } else { format!("{label} {}", words.items(items)) };
            vec![name, moved.clone()]
        });
        out.table(1, &[Side::Left, Side::Left], &told.collect::<Vec<_>>());
        if let Some(more) = rows.len().checked_sub(MOST_ITEMS).filter(|more| *more > 0) {
            out.line(
                1,
                &match words.lang {
                    Lang::En => format!("and {more} more"),
                    Lang::Zh => format!("另有 {more} 项"),
                },
            );
        }
        if !unrecorded.is_empty() && audience != Audience::Customer {
            out.line(1, &not_recorded(words, &unrecorded));
        }
    }
    if audience != Audience::Customer {
        inputs(words, it, out);
    }
}

/// `credit limit  200,000.00 → 150,000.00`, `collection F-1  first → second`
fn row(
    words: &Words<'_>,
    story: &Explanation,
    it: &OutputChange,
    audience: Audience,
) -> (String, Option<String>, String) {
    let name = words.plain(&it.name, &it.label).to_owned();
    // What an item is stands with it here, too.
    let ladder = story.ladders.iter().find(|ladder| ladder.name == it.name);
    let of = ladder.and_then(|ladder| {
        let key = |item: &&LadderItem| {
            item.key.as_ref().map(|key| words.bare(key)) == it.item.as_deref().map(str::to_owned)
        };
        ladder.items.iter().find(key)
    });
    let what = of.and_then(|item| item.what.as_ref()).map(|what| format!(" {}", words.figure(what)));
    let item = it.item.as_ref().map(|item| format!("{item}{}", what.unwrap_or_default()));
    let verdict = audience == Audience::Customer && story.checks.iter().any(|checks| checks.name == it.name);
    let figure = |figure: &Figure| match verdict {
        true => checks::outcome_of(words, &figure.value, it.item.is_some()),
        false => words.figure(figure),
    };
    // Nor is the step before it, where only the house noticed that.
    let inside = |step: &Figure| {
        let item = of.or_else(|| ladder.and_then(|ladder| ladder.items.first()));
        audience == Audience::Customer && item.is_some_and(|item| !letter::told(item, &step.value))
    };
    let before = it.before.as_ref().filter(|before| !inside(before));
    let moved = match (&before, &it.after) {
        (Some(before), Some(after)) => format!("{} → {}", figure(before), figure(after)),
        (None, Some(after)) => format!("{}{}", words.pick("new: ", "新增："), figure(after)),
        (Some(before), None) => {
            format!("{} → {}", figure(before), words.pick("no longer on the list", "已不在其中"))
        }
        (None, None) => String::new(),
    };
    (name, item, moved)
}

/// An output by its label, with the item of which it is told.
fn called(words: &Words<'_>, name: &Str, label: &Label, item: Option<&str>) -> String {
    let label = words.plain(name, label);
    match item {
        Some(item) => format!("{label} {item}"),
        None => label.to_owned(),
    }
}

/// That nothing differs, as far as the record tells.
fn unchanged(words: &Words<'_>, since: &str, unrecorded: &[&(Str, Label)], audience: Audience) -> String {
    match (unrecorded.is_empty(), words.lang) {
        (true, Lang::En) => format!("Nothing has changed since {since}."),
        (true, Lang::Zh) => format!("与 {since} 的评定结果相同。"),
        (false, Lang::En) if audience == Audience::Customer => {
            format!("What we told you on {since} has not changed.")
        }
        (false, Lang::Zh) if audience == Audience::Customer => format!("{since} 告知的结果没有变化。"),
        (false, Lang::En) => {
            format!(
                "Of what was recorded on {since} nothing has changed. {}",
                not_recorded(words, unrecorded)
            )
        }
        (false, Lang::Zh) => {
            format!("与 {since} 的记录相比没有变化。{}", not_recorded(words, unrecorded))
        }
    }
}

fn not_recorded(words: &Words<'_>, unrecorded: &[&(Str, Label)]) -> String {
    let names: Vec<&str> = unrecorded.iter().map(|(name, label)| words.plain(name, label)).collect();
    match words.lang {
        Lang::En => format!("Not recorded then: {}.", names.join("; ")),
        Lang::Zh => format!("当时未记录：{}。", names.join("、")),
    }
}

/// Which input did it: first those that did something by themselves, then the others in one line.
fn inputs(words: &Words<'_>, changes: &Changes, out: &mut Lines) {
    let moved = !changes.outputs.is_empty();
    let Some(inputs) = &changes.inputs else {
        if moved {
            // How a run records them concerns who runs it.
            out.line(
                1,
                match words.is_for(Audience::Auditor) {
                    true => words.pick(
                        "Which input did it is not known: the last run did not record its facts (--with-facts).",
                        "上次评定未记录所用资料（--with-facts），无从说明由何引起。",
                    ),
                    false => words.pick(
                        "Which input did it is not known: the last run did not record its facts.",
                        "上次评定未记录所用资料，无从说明由何引起。",
                    ),
                },
            );
        }
        return;
    };
    for input in inputs {
        let what = what(words, input);
        let did = match &input.alone {
            None => words.pick("what it did by itself is not known", "其单独影响无法得知").to_owned(),
            Some(alone) if alone.is_empty() => continue,
            Some(alone) => {
                let would = would(words, alone);
                match words.lang {
                    Lang::En => format!("had it stayed as it was: {}", would.join(", ")),
                    Lang::Zh => format!("若无此变化，则{}", would.join("，")),
                }
            }
        };
        out.line(1, &format!("- {what}{}{did}", words.pick("; ", "；")));
    }
    let idle = inputs.iter().filter(|input| input.alone.as_ref().is_some_and(Vec::is_empty));
    let idle: Vec<String> = idle.map(|input| self::what(words, input)).collect();
    if !idle.is_empty() {
        out.line(
            1,
            &match words.lang {
                Lang::En => format!("Changed too, but moved nothing by itself: {}.", idle.join("; ")),
                Lang::Zh => format!("另有变化，但单独未改变结果：{}。", idle.join("；")),
            },
        );
    }
    if !moved {
        return;
    }
    match (changes.together, inputs.len()) {
        (Some(true), 2..) => out.line(
            1,
            words.pick(
                "With all of these as they were, the decision would be that of the last time.",
                "以上各项均无变化时，结果与上次相同。",
            ),
        ),
        (Some(false), 0) => out.line(
            1,
            words.pick(
                "No recorded fact differs: what moved it is not recorded.",
                "已记录的资料均无变化，引起变动者未被记录。",
            ),
        ),
        (Some(false), _) => out.line(1, rest(words, inputs)),
        (Some(true), _) | (None, _) => {}
    }
}

/// What outputs would be: items of which the same is to tell are told together.
fn would(words: &Words<'_>, alone: &[Would]) -> Vec<String> {
    let mut told: Vec<(&Str, &Label, Vec<String>, String)> = Vec::new();
    for it in alone {
        let value = match &it.value {
            // An item that stands on no step.
            Some(value) if it.item.is_some() && !value.value.is_known() => {
                words.pick("not there yet", "尚无").to_owned()
            }
            Some(value) => words.figure(value),
            None => words.pick("would not be there", "不在其中").to_owned(),
        };
        let item = it.item.as_ref().map(|item| item.to_string());
        let same = |(name, _, items, known): &&mut (&Str, &Label, Vec<String>, String)| {
            **name == it.name && !items.is_empty() && item.is_some() && *known == value
        };
        match told.iter_mut().find(same) {
            Some((.., items, _)) => items.extend(item),
            None => told.push((&it.name, &it.label, item.into_iter().collect(), value)),
        }
    }
    let line = |(name, label, items, value): &(&Str, &Label, Vec<String>, String)| {
        let items = (!items.is_empty()).then(|| words.items(items));
        format!("{} {value}", called(words, name, label, items.as_deref()))
    };
    told.iter().take(MOST_ITEMS).map(line).collect()
}

/// What else has its part where facts and day do not account for all of it.
fn rest(words: &Words<'_>, inputs: &[InputChange]) -> &'static str {
    let of_policy = inputs.iter().any(|input| matches!(input.input, Input::Policy(..) | Input::Text));
    let of_list = inputs.iter().any(|input| matches!(input.input, Input::List(..)));
    match (of_policy, of_list) {
        (true, true) => words.pick(
            "With the facts and the day as they were it would still differ: the policy or the lists named above have their part.",
            "资料与日期均无变化时结果仍与上次不同：上述政策或明细亦有影响。",
        ),
        (true, false) => words.pick(
            "With the facts and the day as they were it would still differ: the policy has its part.",
            "资料与日期均无变化时结果仍与上次不同：政策亦有影响。",
        ),
        (false, true) => words.pick(
            "With the facts and the day as they were it would still differ: the lists named above have their part.",
            "资料与日期均无变化时结果仍与上次不同：上述明细亦有影响。",
        ),
        (false, false) => words.pick(
            "With the facts and the day as they were it would still differ: something that is not recorded has its part.",
            "资料与日期均无变化时结果仍与上次不同：另有未记录的因素。",
        ),
    }
}

fn what(words: &Words<'_>, input: &InputChange) -> String {
    let moved =
        |before: &Figure, after: &Figure| format!("{} → {}", words.figure(before), words.figure(after));
    match (&input.input, words.lang) {
        (Input::Fact(name, label, before, after), _) => {
            format!("{} {}", words.plain(name, label), moved(before, after))
        }
        (Input::List(name, label, before, after), Lang::En) if before == after => {
            format!("{}: {after} as before, but not the same", words.plain(name, label))
        }
        (Input::List(name, label, before, after), Lang::En) => {
            format!("{}: {after} instead of {before}", words.plain(name, label))
        }
        (Input::List(name, label, before, after), Lang::Zh) if before == after => {
            format!("{}：{after} 笔，内容有变", words.plain(name, label))
        }
        (Input::List(name, label, before, after), Lang::Zh) => {
            format!("{}：{before} 笔 → {after} 笔", words.plain(name, label))
        }
        (Input::Day(before, after), Lang::En) => format!("the day {before} → {after}"),
        (Input::Day(before, after), Lang::Zh) => format!("评定日 {before} → {after}"),
        (Input::Policy(before, after), Lang::En) => format!("the policy, version {before} → {after}"),
        (Input::Policy(before, after), Lang::Zh) => format!("政策版本 {before} → {after}"),
        (Input::Text, Lang::En) => {
            String::from("the policy: its text or its parameters, under the same version")
        }
        (Input::Text, Lang::Zh) => String::from("政策：同一版本的条文或参数有变"),
    }
}
