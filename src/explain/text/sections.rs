//! The sections of the story. An empty section says that it is empty.

use super::super::words::{Words, apportion};
use super::super::{
    Explanation, Figure, GradeStage, GradeStory, LadderItem, LimitStory, RuleLine, ScoreStory, StageKind,
    StanceStory, Standing, TableStory,
};
use super::lines::{Lines, Side};
use super::{Audience, shown};
use crate::plan::{LineKind, Missing, RuleKind};
use crate::value::{Number, Value};

fn empty(words: &Words<'_>, out: &mut Lines) {
    out.line(1, words.pick("(nothing)", "（无）"));
}

/// A rule with its standing, comparisons and reason.
fn rule(words: &Words<'_>, rule: &RuleLine, level: usize, out: &mut Lines) {
    let requires = matches!(rule.kind, RuleKind::Require | RuleKind::Band);
    let stands = if requires { words.met(rule.standing) } else { words.standing(rule.standing) };
    // The reason of a requirement says why it matters that it is not met.
    let tells = if requires { !rule.standing.takes_effect() } else { rule.standing.takes_effect() };
    let reason = words.reason(&rule.reason).filter(|_| tells);
    let reason = reason.map(|reason| format!(" — {reason}")).unwrap_or_default();
    out.line(level, &format!("{} {}: {stands}{reason}", words.mark(rule.standing), rule.written));
    if rule.standing != Standing::NotReached {
        for comparison in &rule.comparisons {
            out.line(level.saturating_add(2), &words.comparison(comparison));
        }
    }
}

/// The reasons of what applies: for the customer.
pub(super) fn reasons(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    out.heading(words.pick("Why", "理由"));
    let mut told: Vec<&str> = Vec::new();
    let rules = story
        .grades
        .iter()
        .flat_map(|grade| {
            let band = grade.stages.first().map(|stage| &stage.after);
            // A need tells something only where it cost the band.
            let told =
                move |stage: &&GradeStage| stage.kind != StageKind::Needs || band != Some(&stage.after);
            grade.stages.iter().filter(told).flat_map(|stage| &stage.rules)
        })
        .chain(story.tables.iter().flat_map(|table| table.rows.iter().map(|row| &row.rule)))
        .chain(story.scores.iter().flat_map(|score| &score.require))
        .chain(story.limits.iter().flat_map(|limit| {
            limit.lines.iter().filter(|line| line.before.value != line.after.value).map(|line| &line.rule)
        }));
    let tells = |rule: &&RuleLine| {
        let requires = matches!(rule.kind, RuleKind::Require | RuleKind::Band);
        requires != rule.standing.takes_effect()
    };
    for rule in rules.filter(tells) {
        if let Some(because) = &rule.reason.because
            && !told.contains(&&**because)
        {
            told.push(because);
            out.line(1, &format!("- {because}"));
        }
    }
    if told.is_empty() {
        empty(words, out);
    }
}

/// What is missing, what it feeds; what roles are asked.
pub(super) fn wanted(words: &Words<'_>, story: &Explanation, out: &mut Lines, audience: Audience) {
    out.heading(words.pick("Missing facts, and what they cost", "缺少的资料及其影响"));
    if story.missing.is_empty() {
        empty(words, out);
    }
    for missing in &story.missing {
        let name = match audience {
            Audience::Customer => words.plain(&missing.name, &missing.label).to_owned(),
            Audience::Sales | Audience::Auditor => words.title(&missing.name, &missing.label),
        };
        let feeds: Vec<&str> = missing.feeds.iter().map(|name| &**name).collect();
        if audience == Audience::Customer || feeds.is_empty() {
            out.line(1, &format!("- {name}"));
        } else {
            out.line(
                1,
                &format!(
                    "- {name}{}{}",
                    words.pick(": read by ", "：用于 "),
                    feeds.join(words.pick(", ", "、"))
                ),
            );
        }
    }
    if audience != Audience::Customer {
        for score in &story.scores {
            if let Some(other) = &score.other_mode {
                out.line(
                    1,
                    &format!(
                        "{} {}{}{}",
                        score.name,
                        words.figure(&score.value),
                        words.pick("; under the other missing mode ", "；若改用另一种缺项处理方式则为 "),
                        words.figure(other)
                    ),
                );
            }
        }
    }
    out.heading(words.pick("Open questions", "待答问题"));
    if story.open.is_empty() {
        empty(words, out);
    }
    for open in &story.open {
        let text = open.text.as_deref().unwrap_or("");
        out.line(1, &format!("- {}: {text}", words.title(&open.role.0, &open.role.1)));
    }
}

/// The grade staircases.
pub(super) fn grades(words: &Words<'_>, story: &Explanation, out: &mut Lines, audience: Audience) {
    out.heading(words.pick("Grades", "等级"));
    if story.grades.is_empty() {
        empty(words, out);
    }
    for grade in &story.grades {
        grade_story(words, grade, out, audience);
    }
}

pub(super) fn grade_story(words: &Words<'_>, grade: &GradeStory, out: &mut Lines, audience: Audience) {
    out.line(1, &format!("{}: {}", words.title(&grade.name, &grade.label), words.figure(&grade.value)));
    if let Some(why) = &grade.because {
        out.line(2, &words.unknowing(why));
    }
    for stage in &grade.stages {
        let title = match stage.kind {
            StageKind::Band => words.pick("band", "分档"),
            StageKind::Needs => words.pick("needs", "必备条件"),
            StageKind::Notches => words.pick("notches", "升降级"),
            StageKind::Caps => words.pick("caps", "封顶"),
            StageKind::Forces => words.pick("forced", "直接评定"),
            StageKind::Apart => words.pick("apart", "另列"),
        };
        let detail = if stage.kind == StageKind::Band {
            format!("  ({} {})", grade.score_name, words.figure(&grade.score))
        } else {
            String::new()
        };
        out.line(2, &format!("{title} → {}{detail}", words.figure(&stage.after)));
        for it in &stage.rules {
            if audience == Audience::Auditor || it.standing != Standing::DoesNotApply {
                rule(words, it, 3, out);
            }
        }
    }
    if let Some((better, from, lacking)) = &grade.next {
        out.line(
            2,
            &format!(
                "{} {}: {} {}, {} {}",
                words.pick("next better band", "上一档"),
                words.figure(better),
                words.pick("from", "满"),
                words.figure(from),
                words.pick("lacking", "尚差"),
                words.figure(lacking)
            ),
        );
    }
}

/// The money staircases.
pub(super) fn limits(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    out.heading(words.pick("Limits", "额度"));
    if story.limits.is_empty() {
        empty(words, out);
    }
    for limit in &story.limits {
        limit_story(words, limit, out);
    }
}

pub(super) fn limit_story(words: &Words<'_>, limit: &LimitStory, out: &mut Lines) {
    let value = shown(words, &limit.value, limit.because.as_ref());
    out.line(1, &format!("{}: {value}", words.title(&limit.name, &limit.label)));
    if let Some(why) = &limit.because {
        out.line(2, &words.unknowing(why));
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    for method in &limit.methods {
        let mark = if method.taken { words.pick("← taken", "← 采用") } else { "" };
        let why = method.because.as_ref().map(|why| words.unknowing(why)).unwrap_or_default();
        rows.push(vec![
            method.written.to_string(),
            String::new(),
            words.figure(&method.value),
            format!("{mark}{why}"),
        ]);
    }
    if limit.methods.len() > 1 {
        rows.push(vec![
            format!("{} {}", words.pick("take", "取"), words.take(limit.take)),
            String::new(),
            words.figure(&limit.taken),
            if limit.skip_unknown {
                words.pick("unknown ones left out", "未知者不计").to_owned()
            } else {
                String::new()
            },
        ]);
    }
    for line in &limit.lines {
        let change = line.change.as_ref().map(|change| words.change(change)).unwrap_or_default();
        let mut note = match (&line.kind, line.skipped) {
            (_, true) => words.pick("left out: its operand is unknown", "未计：其数值未知").to_owned(),
            (LineKind::Correct | LineKind::Times, _) => line
                .operand
                .as_ref()
                .map(|operand| format!("× {}", words.figure(operand)))
                .unwrap_or_default(),
            (LineKind::Cap, _) => bite(words, line.operand.as_ref(), &line.before, &line.after, "≤"),
            (LineKind::Floor, _) => bite(words, line.operand.as_ref(), &line.before, &line.after, "≥"),
            (LineKind::Round(rounding), _) => words.rounding(rounding),
        };
        if !line.rule.standing.takes_effect() || line.rule.standing == Standing::UnknownApplies {
            note = format!("{note} {}", words.standing(line.rule.standing));
        }
        if let Some(reason) = words.reason(&line.rule.reason)
            && line.before.value != line.after.value
        {
            note = format!("{note} — {reason}");
        }
        rows.push(vec![
            line.rule.written.to_string(),
            change,
            words.figure(&line.after),
            note.trim().to_owned(),
        ]);
    }
    out.table(2, &[Side::Left, Side::Right, Side::Right, Side::Left], &rows);
}

/// Whether a cap or a floor bit: `≤ 6,000,000.00, does not bind`.
fn bite(words: &Words<'_>, operand: Option<&Figure>, before: &Figure, after: &Figure, sign: &str) -> String {
    let operand = operand.map(|operand| words.figure(operand)).unwrap_or_default();
    let binds = if before.value == after.value {
        words.pick("does not bind", "未触及")
    } else {
        words.pick("binds", "起作用")
    };
    format!("{sign} {operand}, {binds}")
}

/// The scorecards, factor by factor.
pub(super) fn scores(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    out.heading(words.pick("Scores", "评分"));
    if story.scores.is_empty() {
        empty(words, out);
    }
    for score in &story.scores {
        score_story(words, score, out);
    }
}

fn number_of(figure: &Figure) -> Number {
    figure.value.as_number().cloned().unwrap_or(Number::ZERO)
}

pub(super) fn score_story(words: &Words<'_>, score: &ScoreStory, out: &mut Lines) {
    out.line(1, &format!("{}: {}", words.title(&score.name, &score.label), words.figure(&score.value)));
    if let Some(why) = &score.because {
        out.line(2, &words.unknowing(why));
    }
    let exact: Vec<Number> = std::iter::once(number_of(&score.base))
        .chain(score.factors.iter().map(|factor| number_of(&factor.contribution)))
        .collect();
    let contributions = apportion(&exact, 2);
    let lost = apportion(&score.factors.iter().map(|factor| number_of(&factor.lost)).collect::<Vec<_>>(), 2);
    let mut rows = vec![
        [
            words.pick("factor", "因素"),
            words.pick("weight", "权重"),
            words.pick("value", "数值"),
            words.pick("points", "得分"),
            words.pick("brings", "贡献"),
            words.pick("loses", "失分"),
            "",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    for (place, factor) in score.factors.iter().enumerate() {
        let left_out = !factor.points.value.is_known();
        let note = match (&factor.missing, left_out) {
            (Some(Missing::LeftOut), _) => {
                words.pick("missing: left out, loses nothing", "缺项：剔除，不失分").to_owned()
            }
            (Some(Missing::Scores(points)), _) => {
                format!("{} {points}", words.pick("missing: scores", "缺项：计分"))
            }
            (Some(Missing::Unknown), _) => {
                words.pick("missing: the card is unknown", "缺项：评分未知").to_owned()
            }
            (None, true) => words.pick("left out", "剔除").to_owned(),
            (None, false) => String::new(),
        };
        let shown_part = |parts: &[Number], at: usize| {
            if left_out {
                String::from("–")
            } else {
                parts.get(at).map(|part| part.to_fixed(2)).unwrap_or_default()
            }
        };
        let cite = factor.reason.cite.as_ref().map(|cite| format!("[{cite}]")).unwrap_or_default();
        rows.push(vec![
            words.title(&factor.name, &factor.label),
            words.figure(&factor.weight),
            words.figure(&factor.value),
            if left_out { String::from("–") } else { words.figure(&factor.points) },
            shown_part(&contributions, place.saturating_add(1)),
            shown_part(&lost, place),
            format!("{note} {cite}").trim().to_owned(),
        ]);
    }
    if !number_of(&score.base).is_zero() {
        let base = contributions.first().map(|part| part.to_fixed(2)).unwrap_or_default();
        rows.push(vec![
            words.pick("base", "基础分").to_owned(),
            String::new(),
            String::new(),
            String::new(),
            base,
            String::new(),
            String::new(),
        ]);
    }
    rows.push(vec![
        words.pick("together", "合计").to_owned(),
        String::new(),
        String::new(),
        String::new(),
        Number::sum(&contributions).to_fixed(2),
        Number::sum(&lost).to_fixed(2),
        String::new(),
    ]);
    out.table(
        2,
        &[Side::Left, Side::Right, Side::Right, Side::Right, Side::Right, Side::Right, Side::Left],
        &rows,
    );
    out.line(
        2,
        &format!(
            "{} {} / {}, {} {}/{}{}",
            words.pick("points", "得分"),
            words.figure(&score.sum),
            words.figure(&score.of),
            words.pick("factors known", "已知因素"),
            words.figure(&score.known),
            score.factors_in_all,
            score
                .weight_known
                .as_ref()
                .map(|part| format!(", {} {}", words.pick("weight known", "已知权重"), percent(part)))
                .unwrap_or_default()
        ),
    );
    if let Some(rounding) = &score.rounding {
        out.line(
            2,
            &format!(
                "{} → {} → {}",
                words.figure(&score.raw),
                words.rounding(rounding),
                words.figure(&score.value)
            ),
        );
    }
    for (name, label, value) in &score.sections {
        out.line(
            2,
            &format!(
                "{} {}: {}",
                words.pick("section", "分组"),
                words.title(name, label),
                words.figure(value)
            ),
        );
    }
    for require in &score.require {
        rule(words, require, 2, out);
    }
    if let Some(other) = &score.other_mode {
        out.line(
            2,
            &format!(
                "{} {}",
                words.pick("under the other missing mode:", "若改用另一种缺项处理方式："),
                words.figure(other)
            ),
        );
    }
}

/// A ratio as a percent with two decimals at most.
fn percent(figure: &Figure) -> String {
    let figure = number_of(figure).mul(&Number::from_i64(100));
    format!("{}%", figure.round(crate::value::RoundingMode::HalfUp, 2))
}

/// The points lost, most first: for sales.
pub(super) fn lost(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    out.heading(words.pick("Points lost, most first", "失分，由多到少"));
    let mut found = false;
    for score in &story.scores {
        let mut factors: Vec<_> =
            score.factors.iter().filter(|factor| number_of(&factor.lost).is_positive()).collect();
        factors.sort_by_key(|factor| std::cmp::Reverse(number_of(&factor.lost)));
        for factor in factors {
            found = true;
            out.line(
                1,
                &format!("- {}: {}", words.title(&factor.name, &factor.label), words.figure(&factor.lost)),
            );
        }
    }
    if !found {
        empty(words, out);
    }
}

/// Tables and corrections, row by row.
pub(super) fn tables(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    out.heading(words.pick("Tables", "对照表"));
    if story.tables.is_empty() {
        empty(words, out);
    }
    for table in &story.tables {
        table_story(words, table, out);
    }
}

pub(super) fn table_story(words: &Words<'_>, table: &TableStory, out: &mut Lines) {
    let results: Vec<String> = table
        .results
        .iter()
        .map(|(name, _, value)| match name {
            Some(name) => format!("{name} {}", words.figure(value)),
            None => words.figure(value),
        })
        .collect();
    let keys: Vec<String> =
        table.keys.iter().map(|(name, value)| format!("{name} {}", words.figure(value))).collect();
    let by = if keys.is_empty() { String::new() } else { format!(" ({})", keys.join(", ")) };
    out.line(1, &format!("{}: {}{by}", words.title(&table.name, &table.label), results.join(", ")));
    if let Some(why) = &table.because {
        out.line(2, &words.unknowing(why));
    }
    for row in &table.rows {
        rule(words, &row.rule, 2, out);
    }
}

/// Stances, trigger by trigger.
pub(super) fn stances(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    out.heading(words.pick("Stance", "松紧"));
    if story.stances.is_empty() {
        empty(words, out);
    }
    for stance in &story.stances {
        stance_story(words, stance, out);
    }
}

pub(super) fn stance_story(words: &Words<'_>, stance: &StanceStory, out: &mut Lines) {
    out.line(1, &format!("{}: {}", words.title(&stance.name, &stance.label), words.figure(&stance.value)));
    for group in &stance.groups {
        let fires = match group.fires {
            Some(true) => words.pick("fires", "触发"),
            _ => words.pick("does not fire", "未触发"),
        };
        out.line(
            2,
            &format!(
                "{} {}: {} {} {} {}",
                words.figure(&group.state),
                fires,
                group.holding,
                words.pick("of", "项成立，须"),
                group.needed,
                words.pick("needed", "项")
            ),
        );
        for (_, _, trigger) in &group.triggers {
            rule(words, trigger, 3, out);
        }
    }
    if let Some((last, since, stays, kept)) = &stance.dwell {
        let kept = if *kept { words.pick("kept", "维持") } else { words.pick("not kept", "不维持") };
        out.line(
            2,
            &format!(
                "{} {} {} {}, {} {}: {kept}",
                words.pick("last time", "上次"),
                words.figure(last),
                words.pick("since", "自"),
                words.figure(since),
                words.pick("stays at least", "至少维持"),
                words.figure(stays)
            ),
        );
    }
}

/// Ladders, item by item, step by step.
pub(super) fn ladders(words: &Words<'_>, story: &Explanation, out: &mut Lines, audience: Audience) {
    out.heading(words.pick("Ladders", "催收步骤"));
    if story.ladders.is_empty() {
        empty(words, out);
    }
    for ladder in &story.ladders {
        out.line(1, &words.title(&ladder.name, &ladder.label));
        if ladder.items.is_empty() {
            out.line(2, words.pick("(no items)", "（无明细）"));
        }
        for item in &ladder.items {
            ladder_item(words, item, out, audience);
        }
    }
}

pub(super) fn ladder_item(words: &Words<'_>, item: &LadderItem, out: &mut Lines, audience: Audience) {
    let key =
        item.key.as_ref().map_or_else(|| words.pick("customer", "客户").to_owned(), |key| words.figure(key));
    let mut says: Vec<String> = Vec::new();
    match (&item.step, &item.day) {
        (Some(step), Some(day)) => says.push(format!(
            "{} {} {}",
            words.figure(step),
            words.pick("in force since", "生效自"),
            words.figure(day)
        )),
        (Some(step), None) => says.push(words.figure(step)),
        (None, _) => says.push(words.pick("no step in force", "尚无步骤生效").to_owned()),
    }
    if let Some(awaiting) = &item.awaiting {
        says.push(format!("{} {}", words.pick("awaiting approval of", "待批"), words.figure(awaiting)));
    }
    if let Some((next, day)) = &item.next {
        says.push(format!("{} {} {}", words.pick("next", "下一步"), words.figure(next), words.figure(day)));
    }
    if let Some((done, on)) = &item.done {
        says.push(format!(
            "{} {} {}",
            words.pick("last done", "上次完成"),
            words.figure(done),
            words.figure(on)
        ));
    }
    out.line(2, &format!("{key}: {}", says.join(words.pick("; ", "；"))));
    if audience != Audience::Auditor {
        return;
    }
    rule(words, &item.entry, 3, out);
    for rung in &item.rungs {
        let open = match rung.open {
            Some(true) => words.pick("open", "已到"),
            // Its day has come: what keeps it from being open is its condition, or that it is skipped.
            Some(false) if rung.distance.is_some_and(|days| days <= 0) => words.pick("not open", "不执行"),
            Some(false) => words.pick("not open", "未到"),
            None => words.pick("unknown", "未知"),
        };
        let far = match rung.distance {
            Some(days) if days > 0 => {
                format!(", {} {days} {}", words.pick("in", "还有"), words.pick("days", "天"))
            }
            Some(days) if days < 0 => {
                format!(", {} {}", days.unsigned_abs(), words.pick("days ago", "天前"))
            }
            Some(_) => format!(", {}", words.pick("today", "今日")),
            None => String::new(),
        };
        let moved = if rung.plain_day == rung.day {
            String::new()
        } else {
            format!(" ({} {})", words.pick("as written", "原定"), words.figure(&rung.plain_day))
        };
        let approval = match rung.approved {
            Some(true) => format!(", {}", words.pick("approved", "已批")),
            Some(false) => format!(", {}", words.pick("approval missing", "缺批准")),
            None => String::new(),
        };
        let mark = if rung.open == Some(true) { "●" } else { "○" };
        out.line(
            3,
            &format!(
                "{mark} {} {}{moved}: {open}{far}{approval}",
                words.figure(&rung.step),
                words.figure(&rung.day)
            ),
        );
        for comparison in &rung.rule.comparisons {
            out.line(5, &words.comparison(comparison));
        }
    }
    for it in &item.rules {
        rule(words, it, 3, out);
    }
    if !item.tactics.is_empty() {
        let tactics: Vec<String> = item.tactics.iter().map(|tactic| words.figure(tactic)).collect();
        out.line(3, &format!("{}: {}", words.pick("tactics", "策略"), tactics.join(words.pick(", ", "、"))));
    }
}

/// Values of `let`s.
pub(super) fn values(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    out.heading(words.pick("Values", "计算值"));
    if story.values.is_empty() {
        empty(words, out);
    }
    for value in &story.values {
        let figures: Vec<String> = value.values.iter().map(|figure| words.figure(figure)).collect();
        let why =
            value.because.as_ref().map(|why| format!(" ({})", words.unknowing(why))).unwrap_or_default();
        out.line(1, &format!("{} = {}{why}", words.title(&value.name, &value.label), figures.join(", ")));
    }
}

/// What could not be judged.
pub(super) fn not_judged(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    out.heading(words.pick("Could not be judged", "无法判断"));
    if story.not_judged.is_empty() {
        empty(words, out);
    }
    for it in &story.not_judged {
        rule(words, it, 1, out);
    }
}

/// Every rounding.
pub(super) fn roundings(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    out.heading(words.pick("Roundings", "舍入"));
    if story.roundings.is_empty() {
        empty(words, out);
    }
    for it in &story.roundings {
        out.line(
            1,
            &format!(
                "{}: {} → {} ({})",
                words.title(&it.name, &it.label),
                words.figure(&it.before),
                words.figure(&it.after),
                words.rounding(&it.rounding)
            ),
        );
    }
}

/// What must always hold.
pub(super) fn always(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    out.heading(words.pick("Always", "始终成立"));
    if story.always.is_empty() {
        empty(words, out);
    }
    for it in &story.always {
        let holds = match it.holds {
            Some(true) => words.pick("holds", "成立"),
            Some(false) => words.pick("broken", "被违反"),
            None => words.pick("could not be judged", "无法判断"),
        };
        out.line(1, &format!("{}: {holds}", it.written));
    }
}

/// The facts, and where each came from.
pub(super) fn facts(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    out.heading(words.pick("Facts", "事实"));
    if story.facts.is_empty() {
        empty(words, out);
    }
    let rows: Vec<Vec<String>> = story
        .facts
        .iter()
        .map(|fact| {
            let value = match (&fact.value.value, &fact.value.ty) {
                (Value::Number(items), crate::value::Type::Records(_)) => {
                    format!("{items} {}", words.pick("items", "笔"))
                }
                _ => words.figure(&fact.value),
            };
            let origin = match &fact.origin {
                Some((place, written)) if written.is_empty() => place.clone(),
                Some((place, written)) => format!("{place} `{written}`"),
                None if fact.value.value.is_known() => words.pick("not in a file", "未见于文件").to_owned(),
                None => String::new(),
            };
            vec![words.title(&fact.name, &fact.label), value, origin]
        })
        .collect();
    out.table(1, &[Side::Left, Side::Right, Side::Left], &rows);
}
