//! What changed since the last time, and which input did it, in words.

use super::super::change::{Changes, Input, InputChange};
use super::super::words::Words;
use super::super::{Explanation, Figure};
use super::Audience;
use super::lines::{Lines, Side};
use crate::base::Lang;

/// What changed; nothing where there is no record of a last time.
pub(super) fn changes(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    let Some(it) = &story.changes else { return };
    let since = &it.since;
    let inside = |name: &str| story.outputs.iter().any(|output| *output.name == *name && output.internal);
    let shown: Vec<_> =
        it.outputs.iter().filter(|it| audience != Audience::Customer || !inside(&it.name)).collect();
    // Where only what is the house's own has moved, the customer reads nothing of it.
    if shown.is_empty() && !it.outputs.is_empty() {
        return;
    }
    if shown.is_empty() {
        out.gap();
        out.line(
            0,
            &match words.lang {
                Lang::En => format!("Nothing has changed since {since}."),
                Lang::Zh => format!("与 {since} 的评定结果相同。"),
            },
        );
    } else {
        out.heading(&match words.lang {
            Lang::En => format!("What changed since {since}"),
            Lang::Zh => format!("与 {since} 相比的变化"),
        });
        let rows: Vec<Vec<String>> = shown
            .iter()
            .map(|it| {
                let moved = format!("{} → {}", words.figure(&it.before), words.figure(&it.after));
                vec![words.plain(&it.name, &it.label).to_owned(), moved]
            })
            .collect();
        out.table(1, &[Side::Left, Side::Left], &rows);
    }
    if audience != Audience::Customer && !it.outputs.is_empty() {
        inputs(words, it, out);
    }
}

/// Which input did it.
fn inputs(words: &Words<'_>, changes: &Changes, out: &mut Lines) {
    let Some(inputs) = &changes.inputs else {
        out.line(
            1,
            words.pick(
                "Which input did it is not known: the last run did not record its facts (--with-facts).",
                "上次评定未记录所用资料（--with-facts），无从说明由何引起。",
            ),
        );
        return;
    };
    for input in inputs {
        let what = what(words, input);
        let did = match &input.alone {
            None => words.pick("what it did alone is not known", "单独影响无法得知").to_owned(),
            Some(moved) if moved.is_empty() => {
                words.pick("alone it moved nothing", "单独并未改变结果").to_owned()
            }
            Some(moved) => {
                let would: Vec<String> = moved
                    .iter()
                    .map(|(name, label, value)| {
                        format!("{} {}", words.plain(name, label), words.figure(value))
                    })
                    .collect();
                match words.lang {
                    Lang::En => format!("had it stayed as it was: {}", would.join(", ")),
                    Lang::Zh => format!("若无此变化，则{}", would.join("，")),
                }
            }
        };
        out.line(1, &format!("- {what}{}{did}", words.pick("; ", "；")));
    }
    match (changes.together, inputs.len()) {
        (Some(true), 2..) => out.line(
            1,
            words.pick(
                "With the facts and the day set back together, the decision is that of the last time.",
                "资料与日期一并还原，结果即与上次相同。",
            ),
        ),
        (Some(false), 0) => out.line(
            1,
            words.pick(
                "No recorded input differs: what moved it is not recorded.",
                "已记录的资料均无变化，引起变动者未被记录。",
            ),
        ),
        (Some(false), _) => out.line(
            1,
            words.pick(
                "With the facts and the day set back together, it still differs: the policy, a list or something that is not recorded has its part.",
                "资料与日期一并还原后仍与上次不同：政策、明细或未记录的因素亦有影响。",
            ),
        ),
        (Some(true), _) | (None, _) => {}
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
            format!("{}: {after} items, not the same", words.plain(name, label))
        }
        (Input::List(name, label, before, after), Lang::En) => {
            format!("{}: {before} → {after} items", words.plain(name, label))
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
