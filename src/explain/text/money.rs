//! The money staircase: methods, what is taken, line by line to the limit.

use std::collections::BTreeMap;

use super::super::words::Words;
use super::super::{Explanation, Figure, LimitLine, LimitStory, Standing};
use super::Audience;
use super::lines::{Lines, Side};
use super::rules::compared;
use super::totals;
use crate::base::Lang;
use crate::plan::{LineKind, StepId};
use crate::value::{Number, Value};

/// The limits, of money, days, percents.
pub(super) fn limits(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    if story.limits.is_empty() {
        return;
    }
    out.heading(words.pick("Limits", "额度"));
    for limit in &story.limits {
        one(words, &story.figures, limit, audience, out);
    }
}

/// One limit.
pub(super) fn one(
    words: &Words<'_>,
    figures: &BTreeMap<StepId, Figure>,
    limit: &LimitStory,
    audience: Audience,
    out: &mut Lines,
) {
    let title = words.title(&limit.name, &limit.label);
    out.line(1, &format!("{title}{}{}", words.pick(": ", "："), words.figure(&limit.value)));
    if let Some(why) = &limit.because {
        out.line(2, &words.unknowing(why));
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    for method in &limit.methods {
        let shown = words.figure(&method.value);
        let label = words.label(&method.label);
        let mut sum: Vec<String> =
            words.definition(method.step).filter(|sum| sum != label).into_iter().collect();
        if audience == Audience::Auditor && method.because.is_none() {
            sum.extend(words.worked(method.step, figures).filter(|worked| *worked != shown));
        }
        if let Some((before, how)) =
            method.rounding.as_ref().filter(|(before, _)| before.value != method.value.value)
        {
            sum.push(format!("{} → {}", words.figure(before), words.rounding(how)));
        }
        let mut note = Vec::new();
        if method.taken {
            note.push(words.pick("← taken", "← 采用").to_owned());
        }
        if !sum.is_empty() {
            note.push(super::facts::equals(&format!("= {}", sum.join(" = "))));
        }
        note.extend(method.because.as_ref().map(|why| match words.lang {
            Lang::En => format!("({})", words.unknowing(why)),
            Lang::Zh => format!("（{}）", words.unknowing(why)),
        }));
        rows.push(vec![label.to_owned(), String::new(), shown, note.join(" ").replace(" （", "（")]);
    }
    rows.extend(totals::layers(words, limit, audience));
    if limit.methods.len() > 1 {
        let left_out = limit.methods.iter().filter(|method| !method.value.value.is_known()).count();
        let note = match (limit.skip_unknown, left_out, words.lang) {
            (false, ..) => String::new(),
            (true, 0, Lang::En) => String::from("unknown ones would be left out; none is unknown"),
            (true, 0, Lang::Zh) => String::from("未知者不计；本次均可核算"),
            (true, count, Lang::En) => format!("unknown ones are left out: {count}"),
            (true, count, Lang::Zh) => format!("未知者不计：{count} 项"),
        };
        rows.push(vec![
            format!("{}{}", words.pick("take ", "取"), words.take(limit.take)),
            String::new(),
            words.figure(&limit.taken),
            note,
        ]);
    }
    for line in &limit.lines {
        if audience == Audience::Auditor || matters(line) {
            rows.push(row(words, line));
        }
    }
    out.table(2, &[Side::Left, Side::Right, Side::Right, Side::Left], &rows);
}

/// Whether a line says something to who does not check the policy: it moved the limit, is a cap that leaves room, or is not judged.
fn matters(line: &LimitLine) -> bool {
    match line.rule.standing {
        Standing::DoesNotApply | Standing::NotReached => false,
        Standing::Applies if line.skipped => true,
        Standing::Applies => line.before.value != line.after.value || matches!(line.kind, LineKind::Cap),
        Standing::UnknownApplies | Standing::UnknownDoesNot | Standing::Unknown => true,
    }
}

/// The lines that moved a limit and stand as no reason of their own, each with what it moved.
pub(super) fn unsaid(words: &Words<'_>, story: &Explanation) -> Vec<(String, Number)> {
    let mut told = Vec::new();
    for limit in story.limits.iter().filter(|limit| limit.live && limit.value.value.is_known()) {
        let name = words.label(&limit.label);
        for line in limit.lines.iter().filter(|line| line.rule.standing.takes_effect() && !line.skipped) {
            let by = line.change.as_ref().and_then(|it| it.value.as_number()).filter(|by| !by.is_zero());
            let said = story.reasons.iter().any(|reason| reason.address == line.rule.address);
            let (Some(by), false) = (by, said) else { continue };
            let head = match (&line.kind, line.operand_step.zip(line.operand.as_ref())) {
                (LineKind::Times, Some((step, operand))) => {
                    let (what, figure) = (words.phrase(step), words.figure(operand));
                    if what == figure { sentence(words, line) } else { format!("{what} {figure}") }
                }
                (LineKind::Cap | LineKind::Floor, Some(_)) => sentence(words, line),
                _ => continue,
            };
            let (before, after) = (words.figure(&line.before), words.figure(&line.after));
            let change = line.change.as_ref().map(|change| words.change(change)).unwrap_or_default();
            let colon = words.pick(": ", "：");
            let text = format!("{head}{colon}{name} {before} → {after}{}", words.bracketed(&change));
            told.push((text, by.abs()));
        }
    }
    told
}

fn nothing(change: &Figure) -> bool {
    change.value.as_number().is_some_and(Number::is_zero)
}

fn row(words: &Words<'_>, line: &LimitLine) -> Vec<String> {
    let applies = line.rule.standing.takes_effect() && !line.skipped;
    let change = line.change.as_ref().filter(|it| applies && !nothing(it)).map(|change| words.change(change));
    let change = change.unwrap_or_default();
    let mut note = Vec::new();
    match line.rule.standing {
        _ if line.skipped => {
            note.push(words.pick("left out: what it goes by is unknown", "未计：所依数值未知").to_owned());
        }
        Standing::Applies => note.extend(effect(words, line)),
        Standing::UnknownApplies => {
            note.push(words.standing(line.rule.standing).to_owned());
            note.extend(effect(words, line));
        }
        Standing::DoesNotApply | Standing::UnknownDoesNot | Standing::Unknown | Standing::NotReached => {
            note.push(words.standing(line.rule.standing).to_owned());
            note.extend(value_of(words, line));
        }
    }
    if line.rule.condition.is_some() {
        let compared = compared(words, &line.rule.comparisons);
        let plain = |text: String| text.trim_start_matches(['✓', '✗', '?', ' ']).to_owned();
        // A value that several parts of a condition ask is told once.
        for text in compared.into_iter().map(plain) {
            if !note.contains(&text) {
                note.push(text);
            }
        }
    }
    let mut note = note.join(words.pick("; ", "；"));
    if line.before.value != line.after.value
        && let Some(reason) = words.reason(&line.rule.reason)
    {
        note.push_str(&words.behind(&reason));
    }
    vec![sentence(words, line), change, words.figure(&line.after), note]
}

/// The value that a line goes by, where the line names it: `net assets 2,000,000.00`.
fn value_of(words: &Words<'_>, line: &LimitLine) -> Option<String> {
    let name = words.phrase(line.operand_step?);
    let value = words.figure(line.operand.as_ref()?);
    (name != value).then(|| format!("{name} {value}"))
}

/// What a line does: `at most net assets when statements given`.
pub(super) fn sentence(words: &Words<'_>, line: &LimitLine) -> String {
    does(words, &line.kind, line.operand_step, line.rule.condition)
}

/// The same of a line of which no customer is looked at.
pub(super) fn does(
    words: &Words<'_>,
    kind: &LineKind,
    operand: Option<StepId>,
    condition: Option<StepId>,
) -> String {
    let operand = operand.map(|step| words.phrase(step)).unwrap_or_default();
    let what = match (kind, words.lang) {
        (LineKind::Correct, Lang::En) if operand.starts_with("correction") => operand,
        (LineKind::Correct, Lang::En) => format!("corrected by {operand}"),
        (LineKind::Correct, Lang::Zh) if operand.ends_with("修正") => format!("按{operand}"),
        (LineKind::Correct, Lang::Zh) => format!("按{operand}修正"),
        (LineKind::Times, Lang::En) => format!("times {operand}"),
        (LineKind::Times, Lang::Zh) => format!("乘以{}", spaced(&operand)),
        (LineKind::Cap, Lang::En) => format!("cap at {operand}"),
        (LineKind::Cap, Lang::Zh) => format!("不超过{}", spaced(&operand)),
        (LineKind::Floor, Lang::En) => format!("floor at {operand}"),
        (LineKind::Floor, Lang::Zh) => format!("不低于{}", spaced(&operand)),
        (LineKind::Round(rounding), _) => words.rounding(rounding),
    };
    match (condition, words.lang) {
        (Some(condition), Lang::En) => format!("{what} when {}", words.phrase(condition)),
        (Some(condition), Lang::Zh) => format!("{}{what}", words.at(&words.phrase(condition))),
        (None, _) => what,
    }
}

/// A blank between a Chinese word and a figure.
fn spaced(text: &str) -> String {
    if text.starts_with(|first: char| first.is_ascii()) { format!(" {text}") } else { text.to_owned() }
}

/// With what a line works, and whether it bites: `≤ 6,000,000.00: does not bind, 400,000.00 to spare`.
fn effect(words: &Words<'_>, line: &LimitLine) -> Option<String> {
    let operand = line.operand.as_ref();
    match &line.kind {
        LineKind::Correct => {
            let factor = operand?.value.as_number()?;
            Some(
                format!("× {factor} ({})", words.correction(operand?))
                    .replace(" (", words.pick(" (", "（"))
                    .replace(')', words.pick(")", "）")),
            )
        }
        LineKind::Times => Some(format!("× {}", words.figure(operand?))),
        LineKind::Cap | LineKind::Floor => {
            let cap = matches!(line.kind, LineKind::Cap);
            let bound = words.figure(operand?).replace('≈', "");
            if !line.before.value.is_known() || !operand?.value.is_known() {
                return Some(format!("{} {bound}", if cap { "≤" } else { "≥" }));
            }
            let bites = line.before.value != line.after.value;
            let spare = match (&line.before.value, &operand?.value) {
                (Value::Number(before), Value::Number(bound)) if !bites => Some(before.sub(bound).abs()),
                _ => None,
            };
            let spare = spare.filter(|spare| *spare != Number::ZERO).map(|spare| {
                let spare = Figure { value: Value::Number(spare), ty: line.before.ty.clone() };
                let spare = words.figure(&spare).replace('≈', "");
                match words.lang {
                    Lang::En => format!(", {spare} {}", if cap { "to spare" } else { "above it" }),
                    Lang::Zh => format!("，{}{spare}", if cap { "尚余 " } else { "高出 " }),
                }
            });
            Some(format!(
                "{} {bound}{}{}{}",
                if cap { "≤" } else { "≥" },
                words.pick(": ", "："),
                if bites {
                    words.pick("binds", "起作用")
                } else {
                    words.pick("does not bind", "未触及")
                },
                spare.unwrap_or_default()
            ))
        }
        LineKind::Round(_) => None,
    }
}
