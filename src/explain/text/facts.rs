//! What was given and what was not, what was made of it, what is still asked.

use super::super::words::Words;
use super::super::{
    AuthorityStory, Explanation, FactorLine, Figure, GradeStory, MissingLine, OpenLine, OutputLine,
    RoundingLine, Standing, Unknowing, ValueLine,
};
use super::lines::{Lines, Side};
use super::{Audience, approval, factors, interest, rules};
use crate::base::{Lang, Str};
use crate::plan::{HoldStatus, Label, Missing};
use crate::value::{Number, Type, Value};

/// Items of a list that are told one by one; more are counted.
const MOST_ITEMS: usize = 12;

/// What is missing, and what that cost.
pub(super) fn wanted(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    let other_mode = story.scores.iter().any(|score| score.live && score.other_mode.is_some());
    // Who asks the customer asks for what makes a difference.
    let opens = |missing: &MissingLine| audience == Audience::Sales && !missing.opens.is_empty();
    let told = |missing: &&MissingLine| {
        (audience == Audience::Auditor || missing.costs || opens(missing)) && !unasked(story, missing)
    };
    if story.missing.iter().find(told).is_none() && !other_mode {
        return;
    }
    out.heading(match audience {
        Audience::Customer | Audience::Sales => words.pick("What is not provided yet", "尚缺的资料"),
        Audience::Auditor => words.pick("Missing facts, and what they cost", "缺少的资料及其影响"),
    });
    for missing in story.missing.iter().filter(told) {
        let name = words.title(&missing.name, &missing.label);
        let items: Vec<String> = missing.items.iter().map(|item| words.figure(item)).collect();
        let of = match (items.is_empty(), words.lang) {
            (true, _) => String::new(),
            (false, Lang::En) => format!(" of {}", words.items(&items)),
            (false, Lang::Zh) => format!("（{}）", words.items(&items)),
        };
        out.line(1, &format!("- {name}{of}{}{}", words.pick(": ", "："), cost(words, story, missing)));
    }
    for score in story.scores.iter().filter(|score| score.live) {
        let Some(other) = &score.other_mode else { continue };
        let (card, value, other) =
            (words.label(&score.label), words.figure(&score.value), words.figure(other));
        let bands: Vec<String> = score
            .other_grades
            .iter()
            .map(|(_, label, grade)| format!("{} {}", words.label(label), words.figure(grade)))
            .collect();
        let bands = if bands.is_empty() {
            String::new()
        } else {
            format!("{}{}", words.pick(", band: ", "，分档："), bands.join(words.pick(", ", "、")))
        };
        out.line(
            1,
            &match words.lang {
                Lang::En => {
                    format!("{card}: {value}; with what is missing treated the other way: {other}{bands}")
                }
                Lang::Zh => format!("{card}：{value}；若改用另一种缺项处理：{other}{bands}"),
            },
        );
    }
}

/// Whether a fact is only what somebody would have asked to have approved: nobody has.
pub(super) fn unasked(story: &Explanation, missing: &MissingLine) -> bool {
    let of = |name: &Str| {
        let own = |it: &&AuthorityStory| it.name == *name || name.starts_with(&format!("{}.", it.name));
        story.authorities.iter().find(own).and_then(approval::unasked) == Some(&missing.name)
    };
    !missing.feeds.is_empty() && missing.feeds.iter().all(|(name, _)| of(name))
}

/// What a missing fact cost: the points in the cards that count, and what else reads it.
fn cost(words: &Words<'_>, story: &Explanation, missing: &MissingLine) -> String {
    let mut says: Vec<String> = Vec::new();
    for score in story.scores.iter().filter(|score| score.live) {
        // Where one card counts, everybody knows in which points are lost.
        let only = story.scores.iter().filter(|score| score.live).count() == 1;
        let own = |factor: &&FactorLine| missing.items.is_empty() && factor.name == missing.name;
        for factor in score.factors.iter().filter(own) {
            let card = words.label(&score.label);
            // A card that was withheld has lost no points: it wants to know more.
            if !score.value.value.is_known()
                && let Some(text) = factors::withheld(words, score, factor)
            {
                says.push(text);
                continue;
            }
            let lost = words.bare(&factor.lost);
            if score.gathers {
                let counts = words.bare(&factor.points);
                let none = factor.points.value.as_number().is_none_or(Number::is_zero);
                says.extend((!none && !factor.value.value.is_known()).then(|| match words.lang {
                    Lang::En => format!("counts {counts} in {card} as long as it is not known"),
                    Lang::Zh => format!("未查明前在{card}中计 {counts} 分"),
                }));
                continue;
            }
            says.push(match (&factor.missing, words.lang) {
                (Some(Missing::Scores(points)), Lang::En) if only => {
                    format!("{lost} points lost (missing scores {points})")
                }
                (Some(Missing::Scores(points)), Lang::Zh) if only => {
                    format!("失 {lost} 分（缺项计 {points}）")
                }
                (Some(Missing::LeftOut), Lang::En) if only => String::from("no points lost (left out)"),
                (Some(Missing::LeftOut), Lang::Zh) if only => String::from("不失分（剔除）"),
                (None, Lang::En) if only && !factor.value.value.is_known() => format!("{lost} points lost"),
                (None, Lang::Zh) if only && !factor.value.value.is_known() => format!("失 {lost} 分"),
                (Some(Missing::Scores(points)), Lang::En) => {
                    format!("{lost} points lost ({points} scored in {card})")
                }
                (Some(Missing::Scores(points)), Lang::Zh) => format!("失 {lost} 分（在{card}中计 {points}）"),
                (Some(Missing::LeftOut), Lang::En) => format!("no points lost (left out of {card})"),
                (Some(Missing::LeftOut), Lang::Zh) => format!("不失分（在{card}中剔除）"),
                (Some(Missing::Unknown), Lang::En) => format!("makes {card} unknown"),
                (Some(Missing::Unknown), Lang::Zh) => format!("使{card}未知"),
                (None, _) if factor.value.value.is_known() => continue,
                (None, Lang::En) => format!("{lost} points lost (in {card})"),
                (None, Lang::Zh) => format!("失 {lost} 分（在{card}中）"),
            });
        }
    }
    if !missing.opens.is_empty() {
        let steps: Vec<String> = missing.opens.iter().map(|step| words.figure(step)).collect();
        says.push(match words.lang {
            Lang::En => format!("could open {}", steps.join(", ")),
            Lang::Zh => format!("关系到：{}", steps.join("、")),
        });
    }
    let ladder = |name: &Str| story.ladders.iter().any(|ladder| ladder.name == *name);
    let feeds: Vec<&str> = missing
        .feeds
        .iter()
        .filter(|(name, _)| missing.opens.is_empty() || !ladder(name))
        .filter(|(name, _)| !story.scores.iter().any(|score| score.name == *name))
        .map(|(_, label)| words.label(label))
        .collect();
    if !feeds.is_empty() {
        let feeds = feeds.join(words.pick(", ", "、"));
        says.push(match words.lang {
            Lang::En => format!("needed for {feeds}"),
            Lang::Zh => format!("用于{feeds}"),
        });
    }
    if says.is_empty() {
        says.push(words.pick("no part in this decision", "未影响本次结果").to_owned());
    }
    says.join(words.pick("; ", "；"))
}

/// What roles are asked.
pub(super) fn open(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    if story.open.is_empty() {
        if audience == Audience::Auditor && story.not_judged.is_empty() {
            out.gap();
            let known = |output: &OutputLine| output.value.as_ref().is_none_or(|it| it.value.is_known());
            out.line(
                0,
                match story.outputs.iter().all(known) {
                    true => words.pick(
                        "No question is open; everything could be judged.",
                        "没有待答问题，各项规则均已判断。",
                    ),
                    false => words.pick("No question is open.", "没有待答问题。"),
                },
            );
        }
        return;
    }
    out.heading(words.pick("Open questions", "待答问题"));
    // What is asked of several orders is told once, with the orders.
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for open in &story.open {
        let role = words.title(&open.role.0, &open.role.1);
        let text = open.text.as_ref().map(|text| text.pick(words.lang));
        let signs = open.signs.as_ref().map(|(of, much)| (words.name_of(*of), words.figure(much)));
        let mut text = match (text, signs, words.lang) {
            (Some(text), _, _) => format!("{role}{}{text}", words.pick(": ", "：")),
            (None, Some((of, much)), Lang::En) => format!("{role} has still to sign for {of} {much}"),
            (None, Some((of, much)), Lang::Zh) => format!("尚待{role}签批：{of} {much}"),
            (None, None, Lang::En) => format!("{role} has still to decide"),
            (None, None, Lang::Zh) => format!("尚待{role}核定"),
        };
        if open.idle {
            text.push_str(&words.bracketed(words.pick("changes nothing this time", "本次不影响结果")));
        }
        if audience == Audience::Auditor {
            text.push_str(&format!("  {}", words.address(&open.address)));
        }
        gather(&mut told, text, open, words);
    }
    for (text, items) in told {
        out.line(1, &format!("- {}{text}", of_items(words, &items)));
    }
}

/// A text with the item that it concerns: one that stands already takes the item up.
fn gather(told: &mut Vec<(String, Vec<String>)>, text: String, open: &OpenLine, words: &Words<'_>) {
    let item = open.item.as_ref().map(|item| words.bare(item));
    match told.iter_mut().find(|(known, _)| *known == text) {
        Some((_, items)) => items.extend(item.filter(|item| !items.contains(item))),
        None => told.push((text, item.into_iter().collect())),
    }
}

/// `O-1, O-2: `, nothing where no item is concerned.
fn of_items(words: &Words<'_>, items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    format!("{}{}", items.join(words.pick(", ", "、")), words.pick(": ", "："))
}

/// For the customer: what we have still to verify, to approve, to decide; whom we ask inside the house is not told. What holds an
/// order is told with the order.
pub(super) fn looked_into(words: &Words<'_>, story: &Explanation, verify: &[&MissingLine], out: &mut Lines) {
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    let holds = || story.checks.iter().flat_map(|it| &it.items).flat_map(|it| &it.holds);
    let standing = || holds().filter(|hold| hold.is.is_some_and(HoldStatus::stands));
    for missing in verify {
        let fact = words.plain(&missing.name, &missing.label);
        if standing().any(|hold| words.unestablished(&hold.rule.comparisons).iter().any(|it| it == fact)) {
            continue;
        }
        let text = match words.lang {
            // A question is told as one, not as if it were so.
            Lang::En if fact.starts_with("whether ") => format!("{fact}: not yet verified"),
            Lang::En => format!("{fact}, or not: not yet verified"),
            Lang::Zh if fact.contains('否') => format!("{fact}：尚未核实"),
            Lang::Zh => format!("{fact}与否：尚未核实"),
        };
        let text = format!("{text}{}", meanwhile(words, story, &missing.name).unwrap_or_default());
        told.push((text, Vec::new()));
    }
    for open in story.open.iter().filter(|open| !holds().any(|hold| hold.rule.address == open.address)) {
        // What a role is asked is the house's own; that something is still looked into, the letter says at its head.
        let Some((of, _)) = &open.signs else { continue };
        if for_ours(words, story, open) {
            continue;
        }
        let text = match words.lang {
            Lang::En => format!("{}: our approval is awaited", words.name_of(*of)),
            Lang::Zh => format!("{}：尚待我方审批", words.name_of(*of)),
        };
        gather(&mut told, text, open, words);
    }
    if !told.is_empty() {
        out.heading(words.pick("What is still being looked into", "尚在核定的事项"));
        for (text, items) in told {
            out.line(1, &format!("- {}{text}", of_items(words, &items)));
        }
    }
}

/// What a grade that is told is only as long as a fact is not verified, and what it would be else.
fn meanwhile(words: &Words<'_>, story: &Explanation, fact: &Str) -> Option<String> {
    for grade in story.grades.iter().filter(|grade| is_told(words, story, grade)) {
        let Some((else_, facts)) = provisional(grade).filter(|(_, facts)| facts.contains(&fact)) else {
            continue;
        };
        let (name, now, else_) = (words.label(&grade.label), words.bare(&grade.value), words.bare(else_));
        return Some(match (words.lang, facts.len()) {
            (Lang::En, 1) => format!("; until it is, {name} {now}, otherwise {else_}"),
            (Lang::En, _) => format!("; until all of this is, {name} {now}, otherwise {else_}"),
            (Lang::Zh, _) => format!("，核实前{name}暂定 {now}，否则为 {else_}"),
        });
    }
    None
}

/// Whether what is to be signed is kept inside: a debt that is to be written off.
pub(super) fn for_ours(words: &Words<'_>, story: &Explanation, open: &OpenLine) -> bool {
    let name = open.signs.as_ref().map(|(of, _)| words.name_of(*of));
    name.is_some_and(|name| {
        story.outputs.iter().any(|output| output.internal && words.label(&output.label) == name)
    })
}

/// Whether the customer is told a grade: by this decision, or by another where this one does not list it.
fn is_told(words: &Words<'_>, story: &Explanation, grade: &GradeStory) -> bool {
    let is =
        |name: &Str, label: &Label| *name == grade.name || words.label(label) == words.label(&grade.label);
    match story.outputs.iter().find(|output| is(&output.name, &output.label)) {
        Some(output) => !output.internal,
        None => {
            let mut all = words.plan.decisions.iter().flat_map(|decision| &decision.outputs);
            all.any(|output| !output.internal && is(&output.name, &output.label))
        }
    }
}

/// What a grade would be but for rules that apply only because facts are not verified, and these facts; nothing where anything that is
/// established does the same.
pub(super) fn provisional(grade: &GradeStory) -> Option<(&Figure, Vec<&Str>)> {
    let mut pairs = grade.stages.iter().zip(grade.stages.iter().skip(1));
    let (before, stage) = pairs.rfind(|(before, stage)| before.after.value != stage.after.value)?;
    let mut facts: Vec<&Str> = Vec::new();
    for rule in stage.rules.iter().filter(|rule| rule.standing.takes_effect()) {
        let unknown: Vec<&Unknowing> = rule.comparisons.iter().filter_map(|it| it.because.as_ref()).collect();
        if rule.standing != Standing::UnknownApplies || rule.reason.internal || unknown.is_empty() {
            return None;
        }
        for why in unknown {
            let Unknowing::Missing(name, _) = why else { return None };
            if !facts.contains(&name) {
                facts.push(name);
            }
        }
    }
    (!facts.is_empty()).then_some((&before.after, facts))
}

/// The figures of the policy that were read.
pub(super) fn params(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    if story.params.is_empty() {
        return;
    }
    out.heading(words.pick("Parameters", "参数"));
    let rows: Vec<Vec<String>> = story
        .params
        .iter()
        .map(|it| {
            let since = it.since.map(|day| match words.lang {
                Lang::En => format!("since {day}"),
                Lang::Zh => format!("自 {day} 起"),
            });
            let cite = it.cite.as_ref().map(|cite| format!("[{cite}]"));
            let note: Vec<String> = since.into_iter().chain(cite).collect();
            vec![words.title(&it.name, &it.label), words.figure(&it.value), note.join(" ")]
        })
        .collect();
    out.table(1, &[Side::Left, Side::Right, Side::Left], &rows);
}

/// What was decided of each item of a list, an item a row.
pub(super) fn item_by_item(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    let told = story.outputs.iter().filter(|it| audience != Audience::Customer || !it.internal);
    let mut values: Vec<(&OutputLine, &ValueLine)> = told
        .filter_map(|output| {
            let value = story.values.iter().find(|value| value.name == output.name && value.of_items)?;
            Some((output, value))
        })
        .collect();
    while let Some((_, first)) = values.first().copied() {
        let (own, others): (Vec<_>, Vec<_>) = values.into_iter().partition(|(_, it)| it.keys == first.keys);
        values = others;
        if first.keys.iter().any(Option::is_none) || first.keys.is_empty() {
            continue;
        }
        let heads = own.iter().map(|(output, _)| words.plain(&output.name, &output.label).to_owned());
        let mut rows = vec![std::iter::once(String::new()).chain(heads).collect::<Vec<String>>()];
        for (place, key) in first.keys.iter().enumerate().take(MOST_ITEMS) {
            let cells = own.iter().map(|(_, value)| {
                value.values.get(place).map(|figure| words.figure(figure)).unwrap_or_default()
            });
            rows.push(key.iter().map(|key| words.figure(key)).chain(cells).collect());
        }
        let mut sides = vec![Side::Right; own.len().saturating_add(1)];
        if let Some(side) = sides.first_mut() {
            *side = Side::Left;
        }
        out.table(1, &sides, &rows);
        let more = first.keys.len().saturating_sub(MOST_ITEMS);
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
}

/// Values of `let`s, with how they were worked out.
pub(super) fn values(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    if story.values.is_empty() {
        return;
    }
    out.heading(words.pick("Values", "计算值"));
    for value in &story.values {
        if value.unused {
            let title = words.title(&value.name, &value.label);
            let none = words.pick("no result uses it here", "本次结果未用到");
            out.line(1, &format!("{title}{}{none}", words.pick(": ", "：")));
            continue;
        }
        value_line(words, story, value, out);
        interest::stretches(words, story, value, out);
    }
}

fn value_line(words: &Words<'_>, story: &Explanation, value: &ValueLine, out: &mut Lines) {
    let title = words.title(&value.name, &value.label);
    if value.of_items {
        // One or two are not worth leaving out.
        let most =
            if value.values.len() <= MOST_ITEMS.saturating_add(2) { value.values.len() } else { MOST_ITEMS };
        let keyed = |(place, figure): (usize, &Figure)| match value.keys.get(place) {
            Some(Some(key)) => format!("{} {}", words.figure(key), words.figure(figure)),
            Some(None) | None => words.figure(figure),
        };
        let mut figures: Vec<String> = value.values.iter().enumerate().take(most).map(keyed).collect();
        let more = value.values.len().saturating_sub(figures.len());
        if more > 0 {
            figures.push(match words.lang {
                Lang::En => format!("and {more} more"),
                Lang::Zh => format!("另 {more} 笔"),
            });
        }
        let figures = if figures.is_empty() {
            words.pick("(no items)", "（无明细）").to_owned()
        } else {
            figures.join(words.pick("; ", "；"))
        };
        let formula = words.definition(value.step).map(|it| format!(" = {it}")).unwrap_or_default();
        out.line(1, &format!("{title}{formula}{}{figures}", words.pick(", each: ", "，逐笔：")));
        taken(words, value, most, out);
        return;
    }
    let Some(figure) = value.values.first() else { return };
    let shown = words.figure(figure);
    let mut parts = vec![title];
    parts.extend(words.definition(value.step));
    // A sum that fails on a zero is shown with it.
    let zero = matches!(&value.because, Some(Unknowing::DividedByZero(what, _)) if *what == value.name);
    parts.extend(
        words
            .worked(value.step, &story.figures)
            .filter(|worked| (zero || figure.value.is_known()) && *worked != shown),
    );
    // A rounding is no equation: the exact value stands before it.
    let rounding =
        story.roundings.iter().find(|it| it.name == value.name && it.before.value != it.after.value);
    match rounding.filter(|_| figure.value.is_known()) {
        Some(it) => {
            let before = words.figure(&it.before);
            parts.pop_if(|last| *last == before);
            parts.push(format!("{before} → {shown}"));
        }
        None => parts.push(shown),
    }
    parts.dedup();
    let why = value.because.as_ref().map(|why| match words.lang {
        Lang::En => format!(" ({})", words.unknowing(why)),
        Lang::Zh => format!("（{}）", words.unknowing(why)),
    });
    let text = equals(&parts.join(" = "));
    // Of the highest one it is said whose it is, where it is one's alone.
    let from = match value.from.as_slice() {
        [only] => words.bracketed(&words.figure(only)),
        _ => String::new(),
    };
    out.line(1, &format!("{text}{from}{}", why.unwrap_or_default()));
}

/// The row that each item took of a table: items that took the same are told together.
fn taken(words: &Words<'_>, value: &ValueLine, most: usize, out: &mut Lines) {
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for (place, row) in value.rows.iter().enumerate().take(most) {
        let (Some((rule, results)), Some(Some(key))) = (row, value.keys.get(place)) else { continue };
        let results = rules::columns(words, results);
        let number = rule.address.rsplit('/').next().unwrap_or_default();
        let reason = words.reason(&rule.reason).map(|reason| words.behind(&reason)).unwrap_or_default();
        let text = format!(
            "{}{}{} → {}{reason}",
            words.address(number),
            words.pick(", ", "，"),
            words.sentence(rule),
            results
        );
        match told.iter_mut().find(|(known, _)| *known == text) {
            Some((_, keys)) => keys.push(words.figure(key)),
            None => told.push((text, vec![words.figure(key)])),
        }
    }
    for (text, keys) in told {
        out.line(2, &format!("{}{}{text}", words.items(&keys), words.pick(": ", "：")));
    }
}

/// A chain of equations: what is cut off is not equal, and that is said once for each part, `a = b ÷ c ≈ 1.4300`.
pub(super) fn equals(chain: &str) -> String {
    let mut text = String::new();
    for (place, part) in chain.split("= ").enumerate() {
        let plain = part.replace('≈', "");
        match (place, part.contains('≈')) {
            (0, _) => text.push_str(part),
            (_, true) => text.push_str(&format!("≈ {plain}")),
            (_, false) => text.push_str(&format!("= {part}")),
        }
    }
    text.replace("=  ", "= ").replace("≈  ", "≈ ")
}

/// Every rounding.
pub(super) fn roundings(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    // What is unknown was not rounded, nor what had no more digits.
    let changed = |it: &&RoundingLine| it.before.value.is_known() && it.before.value != it.after.value;
    let done = || story.roundings.iter().filter(changed);
    if done().next().is_none() {
        return;
    }
    out.heading(words.pick("Roundings", "舍入"));
    for it in done() {
        let title = words.title(&it.name, &it.label);
        let (before, after, how) =
            (words.figure(&it.before), words.figure(&it.after), words.rounding(&it.rounding));
        out.line(
            1,
            &match words.lang {
                Lang::En => format!("{title}: {before} → {after} ({how})"),
                Lang::Zh => format!("{title}：{before} → {after}（{how}）"),
            },
        );
    }
}

/// What must always hold.
pub(super) fn always(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    if story.always.is_empty() {
        return;
    }
    out.heading(words.pick("What must always hold", "必须始终成立"));
    for it in &story.always {
        let (mark, holds) = match it.holds {
            Some(true) => ("●", words.pick("holds", "成立")),
            Some(false) => ("✗", words.pick("broken", "被违反")),
            None => ("?", words.pick("could not be judged", "无法判断")),
        };
        out.line(1, &format!("{mark} {}{}{holds}", words.phrase(it.step), words.pick(": ", "：")));
        for text in rules::compared(words, &it.comparisons) {
            let only = it.comparisons.len() == 1;
            out.line(3, if only { text.trim_start_matches(['✓', '✗', '?', ' ']) } else { &text });
        }
    }
}

/// What a record of the last ladder holds.
fn last_field(words: &Words<'_>, name: &str) -> Option<&'static str> {
    Some(match name {
        "step" => words.pick("step", "步骤"),
        "on" => words.pick("on", "日期"),
        "approved" => words.pick("approved", "已批准"),
        "held" => words.pick("held", "已暂停"),
        "held_since" => words.pick("held since", "暂停自"),
        _ => return None,
    })
}

/// The facts, and where each came from.
pub(super) fn facts(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    if story.facts.is_empty() && story.references.is_empty() {
        return;
    }
    out.heading(words.pick("Facts", "所依据的资料"));
    let rows: Vec<Vec<String>> = story
        .facts
        .iter()
        .map(|fact| {
            let records = matches!(fact.value.ty, Type::Records(_));
            let all = words.given(&fact.value);
            let (value, listed) = match (&fact.value.value, words.lang) {
                (Value::Number(items), Lang::En) if records => {
                    let one = *items == Number::ONE;
                    (format!("{items} {}", if one { "item" } else { "items" }), String::new())
                }
                (Value::Number(items), Lang::Zh) if records => (format!("{items} 笔"), String::new()),
                (Value::List(values), Lang::En) => (format!("{} values", values.len()), format!("  {all}")),
                (Value::List(values), Lang::Zh) => (format!("{} 个值", values.len()), format!("  {all}")),
                _ => (all, String::new()),
            };
            let origin = match &fact.origin {
                Some((place, written)) if **written == *value || written.is_empty() || records => {
                    place.clone()
                }
                Some((place, written)) => format!("{place} `{written}`"),
                None if !fact.value.value.is_known() => String::new(),
                None if records => String::new(),
                None => words.pick("not given: by default", "未提供，按默认值").to_owned(),
            };
            vec![words.title(&fact.name, &fact.label), value, format!("{origin}{listed}")]
        })
        .collect();
    out.table(1, &[Side::Left, Side::Right, Side::Left], &rows);
    for table in &story.references {
        let title = words.title(&table.name, &table.label);
        let digest: String = table.digest.chars().take(19).collect();
        out.line(
            1,
            &match words.lang {
                Lang::En => format!("{title}: {}, {} rows ({digest}…)", table.file, table.rows),
                Lang::Zh => format!("{title}：{}，{} 行（{digest}…）", table.file, table.rows),
            },
        );
    }
    for fact in &story.facts {
        let Some((names, items)) = &fact.items else { continue };
        if items.is_empty() {
            continue;
        }
        out.line(1, &words.title(&fact.name, &fact.label));
        let last = fact.name.starts_with("last.");
        let head = |(name, label): &(Str, Label)| {
            let known = if last { last_field(words, name) } else { None };
            known.map_or_else(|| words.label(label).to_owned(), str::to_owned)
        };
        // Of what was recorded the last time, the columns that say something: most holds have never stood.
        let says =
            |at: usize| items.iter().any(|(values, _)| values.get(at).is_some_and(|it| it.value.is_known()));
        let shown: Vec<usize> = (0..names.len()).filter(|at| !last || says(*at)).collect();
        let mut rows = vec![shown.iter().filter_map(|at| names.get(*at)).map(head).collect::<Vec<_>>()];
        for (values, place) in items {
            let values = shown.iter().filter_map(|at| values.get(*at));
            let mut row: Vec<String> = values.map(|value| words.given(value)).collect();
            row.push(place.clone().unwrap_or_default());
            rows.push(row);
        }
        let number = |at: usize| {
            items.iter().any(|(values, _)| matches!(values.get(at).map(|it| &it.ty), Some(Type::Number(_))))
        };
        let mut sides: Vec<Side> =
            shown.iter().map(|at| if number(*at) { Side::Right } else { Side::Left }).collect();
        sides.push(Side::Left);
        out.table(2, &sides, &rows);
    }
}
