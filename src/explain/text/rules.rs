//! Rules one by one: reasons, tables, triggers, and what could not be judged.

use super::super::words::Words;
use super::super::{
    Comparison, Explanation, Figure, ReasonLine, RowLine, RuleLine, StanceStory, Standing, Subject,
    TableStory,
};
use super::Audience;
use super::lines::{Lines, Side};
use crate::base::{Lang, Str};
use crate::plan::{Label, StepId};
use crate::value::Type;

/// A rule in a list apart from its construct: with the construct's name.
fn named(words: &Words<'_>, story: &Explanation, rule: &RuleLine) -> String {
    let colon = words.pick(": ", "：");
    for limit in &story.limits {
        if let Some(line) = limit.lines.iter().find(|line| line.rule.address == rule.address) {
            return format!("{}{colon}{}", words.label(&limit.label), super::money::sentence(words, line));
        }
    }
    let table =
        story.tables.iter().find(|table| table.rows.iter().any(|row| row.rule.address == rule.address));
    match table {
        Some(table) => format!("{}{colon}{}", words.label(&table.label), words.sentence(rule)),
        None => words.sentence(rule),
    }
}

/// A rule with its standing, its reason where it applies, and what it compares: behind it where that is one thing, below it else.
pub(super) fn rule(words: &Words<'_>, rule: &RuleLine, level: usize, out: &mut Lines) {
    rule_as(words, &words.sentence(rule), rule, level, out);
}

fn rule_as(words: &Words<'_>, sentence: &str, rule: &RuleLine, level: usize, out: &mut Lines) {
    let mut text =
        format!("{} {sentence}{}{}", words.mark(rule.standing), words.pick(": ", "："), words.stands(rule));
    // What is asked for gives its reason where it is not met.
    let asks = matches!(rule.subject, Subject::Needs(_) | Subject::Require(_));
    if rule.standing.takes_effect() != asks
        && let Some(reason) = words.reason(&rule.reason)
        && !matches!(&rule.subject, Subject::Trigger(label) if words.label(label) == reason)
    {
        text.push_str(&words.behind(&reason));
    }
    if rule.standing == Standing::NotReached {
        out.line(level, &text);
        return;
    }
    if let [only] = rule.comparisons.as_slice() {
        let comparison = words.comparison(only);
        text.push_str(&match words.lang {
            Lang::En => format!(" ({comparison})"),
            Lang::Zh => format!("（{comparison}）"),
        });
        out.line(level, &text);
        return;
    }
    out.line(level, &text);
    for text in compared(words, &rule.comparisons) {
        out.line(level.saturating_add(2), &text);
    }
}

/// What a rule compares, one line each; what is merely unknown together.
pub(super) fn compared(words: &Words<'_>, comparisons: &[Comparison]) -> Vec<String> {
    let bare = |it: &&Comparison| it.threshold.is_none() && !it.value.value.is_known();
    let unknown: Vec<String> = comparisons.iter().filter(bare).map(|it| words.phrase(it.step)).collect();
    let mut told = Vec::new();
    if unknown.len() > 1 {
        told.push(format!("? {} {}", unknown.join(words.pick(", ", "、")), words.pick("unknown", "未知")));
    }
    for comparison in comparisons.iter().filter(|it| unknown.len() < 2 || !bare(it)) {
        let mark = match comparison.met() {
            Some(true) => "✓",
            Some(false) => "✗",
            None => "?",
        };
        // What several parts of a condition ask of one value is told once.
        let text = format!("{mark} {}", words.comparison(comparison));
        if !told.contains(&text) {
            told.push(text);
        }
    }
    told
}

/// What roles are told.
pub(super) fn notes(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    let mut told: Vec<String> = Vec::new();
    for line in &story.reasons {
        let item = line.item.as_ref().map(|item| format!("{} ", words.bare(item))).unwrap_or_default();
        for (role, text) in &line.reason.notes {
            let (role, text) = (words.role(role), words.label(text));
            let note = format!("- {role}{}{item}{text}", words.pick(": ", "："));
            if !told.contains(&note) {
                told.push(note);
            }
        }
    }
    if !told.is_empty() {
        out.heading(words.pick("Notes", "提示"));
        told.iter().for_each(|note| out.line(1, note));
    }
}

/// Tables and corrections, row by row.
pub(super) fn tables(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    if story.tables.is_empty() {
        return;
    }
    out.heading(words.pick("Tables", "对照表"));
    for table in &story.tables {
        table_story(words, table, out);
    }
}

/// What a table gives, each result with its name where it has one; of a correction what it does.
pub(super) fn results(words: &Words<'_>, table: &TableStory) -> Vec<String> {
    let shown =
        |figure: &Figure| if table.correction { words.correction(figure) } else { words.figure(figure) };
    let result = |(name, label, value): &(Option<Str>, Label, Figure)| match name {
        Some(_) => format!("{} {}", words.label(label), shown(value)),
        None => shown(value),
    };
    table.results.iter().map(result).collect()
}

/// One table.
pub(super) fn table_story(words: &Words<'_>, table: &TableStory, out: &mut Lines) {
    let results = results(words, table);
    let keys = keys(words, table);
    let by = match (keys.is_empty(), words.lang) {
        (true, _) => String::new(),
        (false, Lang::En) => format!(" (by {})", keys.join(", ")),
        (false, Lang::Zh) => format!("（按{}）", keys.join("、")),
    };
    let title = words.title(&table.name, &table.label);
    out.line(1, &format!("{title}{}{}{by}", words.pick(": ", "："), results.join(words.pick(", ", "，"))));
    if let Some(why) = &table.because {
        out.line(2, &words.unknowing(why));
    }
    body(words, table, &results, out);
}

/// The keys of a table with what they are for this customer.
fn keys(words: &Words<'_>, table: &TableStory) -> Vec<String> {
    let key =
        |(_, step, value): &(Str, StepId, Figure)| format!("{} {}", words.phrase(*step), words.figure(value));
    table.keys.iter().map(key).collect()
}

/// The rows by which somebody must sign, below the approval that they belong to.
pub(super) fn signers(words: &Words<'_>, table: &TableStory, out: &mut Lines) {
    let keys = keys(words, table);
    out.line(
        2,
        &match words.lang {
            Lang::En => format!("who must sign, by {}:", keys.join(", ")),
            Lang::Zh => format!("签批权限，按{}：", keys.join("、")),
        },
    );
    body(words, table, &results(words, table), out);
}

fn body(words: &Words<'_>, table: &TableStory, results: &[String], out: &mut Lines) {
    if grid(words, table, results, out) {
        return;
    }
    let types: Vec<(StepId, Type)> =
        table.keys.iter().map(|(_, step, key)| (*step, key.ty.clone())).collect();
    let mut head = vec![String::new()];
    head.extend(table.keys.iter().map(|(_, step, _)| words.phrase(*step)));
    let headed = table.results.iter().any(|(name, ..)| name.is_some());
    head.extend(table.results.iter().map(|(_, label, _)| {
        if headed { words.label(label).to_owned() } else { words.pick("result", "结果").to_owned() }
    }));
    head.push(String::new());
    rows(words, &table.rows, &types, table.correction, Some(head), 2, out);
}

/// Rows in columns: what each asks, what it gives, how it stands and how far the key is from its bound.
pub(super) fn rows(
    words: &Words<'_>,
    rows: &[RowLine],
    keys: &[(StepId, Type)],
    correction: bool,
    head: Option<Vec<String>>,
    level: usize,
    out: &mut Lines,
) {
    let mut shown: Vec<Vec<String>> = head.into_iter().collect();
    let results = rows.iter().map(|row| row.results.len()).max().unwrap_or(0);
    // Behind the row taken nothing was asked: that is told once.
    let unreached = rows.iter().rev().take_while(|row| row.rule.standing == Standing::NotReached).count();
    let reached = rows.len().saturating_sub(unreached);
    for row in rows.iter().take(reached) {
        let mut line = vec![words.mark(row.rule.standing).to_owned()];
        let guard = row.guard.map(|guard| format!("{} {}", words.pick("when", "当"), words.phrase(guard)));
        let mut cells: Vec<String> =
            row.cells.iter().zip(keys).map(|(cell, (_, ty))| words.cell_of(cell, ty, &row.bounds)).collect();
        cells.resize(keys.len(), String::new());
        if keys.is_empty() && guard.is_none() && row.rule.condition.is_none() {
            cells.push(words.pick("otherwise", "其余情形").to_owned());
        }
        if let Some(guard) = guard {
            let at = if row.cells.is_empty() { 0 } else { cells.len().saturating_sub(1) };
            match cells.get_mut(at) {
                Some(cell) => *cell = format!("{cell} {guard}").trim().to_owned(),
                None => cells.push(guard),
            }
        }
        line.extend(cells);
        let mut figures: Vec<String> = row
            .results
            .iter()
            .map(|figure| if correction { words.correction(figure) } else { words.figure(figure) })
            .collect();
        figures.resize(results, String::new());
        line.extend(figures);
        line.push(note(words, row, keys));
        shown.push(line);
    }
    let mut sides = vec![Side::Left; shown.iter().map(Vec::len).max().unwrap_or(0)];
    for (place, side) in sides.iter_mut().enumerate() {
        if place > keys.len().max(1) && place <= keys.len().max(1).saturating_add(results) {
            *side = Side::Right;
        }
    }
    out.table(level, &sides, &shown);
    let text = match (unreached, words.lang) {
        (0, _) => return,
        (1, Lang::En) => String::from("·  1 row below was not reached"),
        (count, Lang::En) => format!("·  {count} rows below were not reached"),
        (count, Lang::Zh) => format!("·  其后 {count} 行无须再看"),
    };
    out.line(level, &text);
}

/// A table by two keys as the grid that it is, each row once; whether it is one.
fn grid(words: &Words<'_>, table: &TableStory, results: &[String], out: &mut Lines) -> bool {
    let [(_, first, one), (_, _, other)] = table.keys.as_slice() else { return false };
    let plain = |row: &RowLine| {
        row.guard.is_none()
            && row.cells.len() == 2
            && row.results.len() == 1
            && !matches!(
                row.rule.standing,
                Standing::UnknownApplies | Standing::UnknownDoesNot | Standing::Unknown
            )
    };
    if results.len() != 1 || !table.rows.iter().all(plain) {
        return false;
    }
    let cell = |row: &RowLine, at: usize, ty: &Type| {
        row.cells.get(at).map(|it| words.cell_of(it, ty, &row.bounds)).unwrap_or_default()
    };
    let mut lines: Vec<(String, Vec<&RowLine>)> = Vec::new();
    for row in &table.rows {
        let key = cell(row, 0, &one.ty);
        match lines.last_mut() {
            Some((known, rows)) if *known == key => rows.push(row),
            _ => lines.push((key, vec![row])),
        }
    }
    let heads =
        |rows: &[&RowLine]| -> Vec<String> { rows.iter().map(|row| cell(row, 1, &other.ty)).collect() };
    let Some(head) = lines.first().map(|(_, rows)| heads(rows)) else { return false };
    if head.len() < 2 || lines.len() < 2 || lines.iter().any(|(_, rows)| heads(rows) != head) {
        return false;
    }
    let mut shown =
        vec![[String::new(), words.phrase(*first)].into_iter().chain(head.iter().cloned()).collect()];
    let mut taken: Option<&RuleLine> = None;
    for (key, rows) in &lines {
        let here = rows.iter().find(|row| row.rule.standing.takes_effect());
        taken = taken.or(here.map(|row| &row.rule));
        let figure = |row: &&RowLine| {
            let text = row
                .results
                .first()
                .map(|it| if table.correction { words.correction(it) } else { words.figure(it) });
            let text = text.unwrap_or_default();
            if row.rule.standing.takes_effect() { format!("→ {text}") } else { text }
        };
        let mark = if here.is_some() { "●" } else { "○" };
        let row = [mark.to_owned(), key.clone()].into_iter().chain(rows.iter().map(figure));
        shown.push(row.collect::<Vec<String>>());
    }
    let mut sides = vec![Side::Left, Side::Left];
    sides.extend(head.iter().map(|_| Side::Right));
    out.table(2, &sides, &shown);
    if let Some(reason) = taken.and_then(|rule| words.reason(&rule.reason)) {
        out.line(2, words.behind(&reason).trim_start());
    }
    true
}

/// How a row stands, how far its key is from its bound, and why it is there.
fn note(words: &Words<'_>, row: &RowLine, keys: &[(StepId, Type)]) -> String {
    let standing = row.rule.standing;
    let mut parts = Vec::new();
    // Of a row that bears its slice people want to see which, not how far the whole is from its bound.
    if let Some((part, amount)) = &row.slice {
        if standing.takes_effect() {
            let (part, amount) = (words.figure(part), words.figure(amount));
            parts.push(match words.lang {
                Lang::En => format!("on {part} = {amount}"),
                Lang::Zh => format!("计 {part}，得 {amount}"),
            });
            parts.extend(words.reason(&row.rule.reason));
        }
        return parts.join(words.pick("; ", "；"));
    }
    match standing {
        Standing::Applies => parts.push(words.pick("← taken", "← 采用").to_owned()),
        Standing::UnknownApplies => {
            parts.push(words.pick("← taken", "← 采用").to_owned());
            parts.push(words.standing(standing).to_owned());
        }
        Standing::UnknownDoesNot | Standing::Unknown => {
            parts.push(words.standing(standing).to_owned());
        }
        Standing::NotReached => parts.push(words.standing(standing).to_owned()),
        Standing::DoesNotApply => {}
    }
    if standing != Standing::NotReached {
        // The keys stand above the rows: of them only the distance is news.
        let far = |it: &Comparison| {
            let key = keys.iter().any(|(step, _)| *step == it.step);
            let far = words.distance(it).filter(|_| key);
            // Of several keys it is said which one is so far away.
            match (key, keys.len() > 1) {
                (true, true) => far.map(|far| format!("{} {far}", words.phrase(it.step))),
                (true, false) => far,
                (false, _) => Some(words.comparison(it)),
            }
        };
        for text in row.rule.comparisons.iter().filter_map(far) {
            if !parts.contains(&text) {
                parts.push(text);
            }
        }
    }
    if standing.takes_effect() {
        let reason = words.reason(&row.rule.reason).map(|reason| words.behind(&reason)).unwrap_or_default();
        return format!("{}{reason}", parts.join(words.pick("; ", "；"))).trim_start().to_owned();
    }
    parts.join(words.pick("; ", "；"))
}

/// Stances, trigger by trigger.
pub(super) fn stances(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    if story.stances.is_empty() {
        return;
    }
    out.heading(words.pick("Stances", "状态判定"));
    for stance in &story.stances {
        stance_story(words, stance, audience, out);
    }
}

/// One stance.
pub(super) fn stance_story(words: &Words<'_>, stance: &StanceStory, audience: Audience, out: &mut Lines) {
    let title = words.title(&stance.name, &stance.label);
    out.line(1, &format!("{title}{}{}", words.pick(": ", "："), words.figure(&stance.value)));
    for group in &stance.groups {
        let state = words.figure(&group.state);
        let (holding, needed, all) = (group.holding, group.needed, group.triggers.len());
        let fires = group.fires == Some(true);
        out.line(
            2,
            &match words.lang {
                Lang::En => format!(
                    "{state}: {holding} of {all} hold, {needed} needed: {}",
                    if fires { "fires" } else { "does not fire" }
                ),
                Lang::Zh => format!(
                    "{state}：{all} 项中 {holding} 项成立，须 {needed} 项：{}",
                    if fires { "触发" } else { "未触发" }
                ),
            },
        );
        for (_, _, trigger) in &group.triggers {
            if audience == Audience::Auditor || trigger.standing != Standing::DoesNotApply {
                rule(words, trigger, 3, out);
            }
        }
    }
    let fresh = words.figure(&stance.fresh);
    out.line(2, &format!("{}{fresh}", words.pick("today's facts alone: ", "仅按当前情况：")));
    if let Some((last, since, stays, kept)) = &stance.dwell {
        let stays = words.figure(stays);
        let text = if last.value.is_known() {
            let (last, since) = (words.figure(last), words.figure(since));
            match (words.lang, *kept) {
                (Lang::En, true) => format!("last: {last} since {since}, stays at least {stays}: kept"),
                (Lang::En, false) => {
                    format!("last: {last} since {since}, stays at least {stays}: need not be kept")
                }
                (Lang::Zh, true) => format!("上次：{last}，自 {since} 起，至少维持 {stays}：维持"),
                (Lang::Zh, false) => format!("上次：{last}，自 {since} 起，至少维持 {stays}：不须维持"),
            }
        } else {
            match words.lang {
                Lang::En => format!("no last stance that would have to stay ({stays})"),
                Lang::Zh => format!("无上次结果，不须维持（{stays}）"),
            }
        };
        out.line(2, &text);
    }
}

/// What could not be judged.
pub(super) fn not_judged(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    if story.not_judged.is_empty() {
        return;
    }
    out.heading(words.pick("Could not be judged", "无法判断"));
    waiting(words, story, out);
    for it in story.not_judged.iter().filter(|it| !waits(story, it)) {
        rule_as(words, &named(words, story, it), it, 1, out);
        out.line(3, &format!("{} {}", words.address(&it.address), it.place));
    }
}

/// Whether a rule is a step of a ladder that is not taken for want of a fact.
fn waits(story: &Explanation, rule: &RuleLine) -> bool {
    let mut rungs = story.ladders.iter().flat_map(|it| &it.items).flat_map(|it| &it.rungs);
    let undecided = matches!(rule.standing, Standing::UnknownDoesNot | Standing::Unknown);
    undecided && rungs.any(|rung| rung.rule.address == rule.address)
}

/// The steps that wait for a fact, a line an item and what is missing: `T-1: justified not given: declined, reviewed wait for it`.
fn waiting(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    let mut told: Vec<(Vec<String>, String, Vec<String>)> = Vec::new();
    for item in story.ladders.iter().flat_map(|ladder| &ladder.items) {
        let mut by_fact: Vec<(String, Vec<String>)> = Vec::new();
        for rung in item.rungs.iter().filter(|rung| waits(story, &rung.rule)) {
            let fact = words.unestablished(&rung.rule.comparisons).join(words.pick(", ", "、"));
            let step = words.figure(&rung.step);
            match by_fact.iter_mut().find(|(known, _)| *known == fact) {
                Some((_, steps)) => steps.push(step),
                None => by_fact.push((fact, vec![step])),
            }
        }
        let key = item.key.as_ref().map(|key| words.figure(key));
        for (fact, steps) in by_fact {
            match told.iter_mut().find(|(_, known, of)| *known == fact && *of == steps) {
                Some((keys, ..)) => keys.extend(key.clone()),
                None => told.push((key.clone().into_iter().collect(), fact, steps)),
            }
        }
    }
    for (keys, fact, steps) in told {
        let keys = words.items(&keys);
        let of = if keys.is_empty() { keys } else { format!("{keys}{}", words.pick(": ", "：")) };
        let steps = steps.join(words.pick(", ", "、"));
        out.line(
            1,
            &match words.lang {
                Lang::En => format!("? {of}{fact} not known; what waits for it: {steps}"),
                Lang::Zh => format!("? {of}{fact}情况不明，以下步骤待定：{steps}"),
            },
        );
    }
}

/// What a row gave, each result with its name where it has one: `form mortgage, haircut 30%`.
pub(super) fn columns(words: &Words<'_>, results: &[(Option<Label>, Figure)]) -> String {
    let one = |(label, figure): &(Option<Label>, Figure)| match label {
        Some(label) => format!("{} {}", words.label(label), words.figure(figure)),
        None => words.figure(figure),
    };
    results.iter().map(one).collect::<Vec<String>>().join(words.pick(", ", "，"))
}

/// What the row of a table for each item gave: `treatment: mortgage, 30%`.
pub(super) fn gave<'s>(
    words: &Words<'_>,
    story: &'s Explanation,
    line: &ReasonLine,
) -> Option<(String, &'s RuleLine)> {
    let key = line.item.as_ref().map(|item| &item.value);
    for value in &story.values {
        let mut rows = value.keys.iter().zip(&value.rows);
        let own = rows.find_map(|(of, row)| {
            let row = row.as_ref().filter(|(rule, _)| rule.address == line.address)?;
            (of.as_ref().map(|of| &of.value) == key).then_some(row)
        });
        if let Some((rule, results)) = own {
            let results = columns(words, results);
            return Some((format!("{}{}{results}", words.label(&value.label), words.pick(": ", "：")), rule));
        }
    }
    None
}
