//! What the customer is told: a letter. What was decided and why, what would improve it, what is not provided yet, what is still
//! looked into, what to do about each hold, the next date. No weights, no bounds, nothing that the policy keeps inside the house.

use super::super::words::Words;
use super::super::{
    Comparison, Explanation, GradeStory, HoldLine, LadderItem, LadderStory, MissingLine, RuleLine, RungLine,
    StageKind, Standing, Subject,
};
use super::lines::Lines;
use super::{
    Audience, begins_latin, change, checks, decided, facts, judgement, ladders, outputs, papers, reasons,
    staircase,
};
use crate::base::{Idx, Lang};
use crate::plan::{HoldStatus, RuleKind};
use crate::value::{Cause, FieldId, FieldType, Value};

/// The letter.
pub(super) fn letter(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    out.line(
        0,
        &match words.lang {
            Lang::En => format!("To customer {}", story.customer),
            Lang::Zh => format!("致客户 {}：", story.customer),
        },
    );
    out.gap();
    let withheld = !matches!(story.status, "final" | "open" | "refused");
    // A decision of which all is the house's own is none for the customer, but for the words that the policy has for it.
    if !withheld && story.outputs.iter().all(|output| output.internal) {
        let mut said = Lines::new();
        reasons::reasons(words, story, Audience::Customer, &mut said);
        out.line(
            0,
            match said.is_empty() {
                true => words.pick(
                    "This decision is for our own use; there is nothing in it to tell the customer.",
                    "本项评定仅供我方内部使用，无须告知客户。",
                ),
                false => words.pick(
                    "This decision is for our own use; of it we tell you only this.",
                    "本项评定供我方内部使用，仅告知贵方如下。",
                ),
            },
        );
        out.append(said);
        return;
    }
    let lists = !decided(words, story, Audience::Customer).is_empty();
    let mut body = Lines::new();
    sections(words, story, withheld, &mut body);
    if !lists && !withheld && story.status != "refused" && body.is_empty() {
        nothing(words, story, out);
        return;
    }
    opening(words, story, lists, out);
    if !withheld {
        outputs(words, story, Audience::Customer, out);
    }
    out.append(body);
}

/// What stands below what was decided.
fn sections(words: &Words<'_>, story: &Explanation, withheld: bool, out: &mut Lines) {
    if !withheld {
        change::changes(words, story, Audience::Customer, out);
        reasons::reasons(words, story, Audience::Customer, out);
        better(words, story, out);
        judgement::told(words, story, out);
    }
    let (wanted, verify) = awaited(words, story);
    self::wanted(words, &wanted, out);
    if story.checklists.iter().any(|list| list.papers.iter().any(papers::asked)) {
        papers::papers(words, story, Audience::Customer, out);
    }
    facts::looked_into(words, story, &verify, out);
    if !withheld {
        holds(words, story, out);
        steps(words, story, out);
    }
}

/// What this is about, in a sentence or two.
fn opening(words: &Words<'_>, story: &Explanation, lists: bool, out: &mut Lines) {
    let as_of = &story.as_of;
    let decision = words.title(&story.decision.0, &story.decision.1);
    let policy = words.title(&story.policy.0, &story.policy.1);
    let version = &story.policy.2;
    let currency = words.currency().map(|currency| currency.to_string()).unwrap_or_default();
    let by = match words.lang {
        Lang::En => format!("{decision}, by {policy} {version}; amounts in {currency}"),
        Lang::Zh => {
            format!(
                "{decision}，依据{}{policy} {version}；金额单位 {currency}",
                if begins_latin(&policy) { " " } else { "" }
            )
        }
    };
    let refused = story.authorities.iter().any(|it| it.refused);
    let opening = match (if awaits(words, story) { story.status } else { "final" }, words.lang) {
        ("final", Lang::En) => format!("This is what we decided as of {as_of} ({by}):"),
        ("final", Lang::Zh) => format!("截至 {as_of} 的评定结果如下（{by}）："),
        ("open", Lang::En) => {
            format!("This is what we decided as of {as_of} ({by}); some of it is still being looked into:")
        }
        ("open", Lang::Zh) => format!("截至 {as_of} 的评定结果如下，部分事项尚在核定（{by}）："),
        ("refused", Lang::En) if refused => format!("This could not be granted as of {as_of} ({by}):"),
        ("refused", Lang::Zh) if refused => format!("截至 {as_of}，本次申请未获批准（{by}）："),
        ("refused", Lang::En) => {
            format!("We could not decide as of {as_of} ({by}): some of what we need has not been provided.")
        }
        ("refused", Lang::Zh) => format!("截至 {as_of}，所需资料尚未齐备，暂无法评定（{by}）："),
        (_, Lang::En) => {
            format!("Your case is still being checked as of {as_of}; nothing is granted yet.")
        }
        (_, Lang::Zh) => format!("截至 {as_of}，贵方事项尚在核查，暂不核定。"),
    };
    // Where nothing is listed below, the sentence ends.
    let ended = match (lists, words.lang) {
        (true, _) => opening,
        (false, Lang::En) => opening.replace("):", ")."),
        (false, Lang::Zh) => opening.replace("）：", "）。").replace("如下", "见后"),
    };
    out.line(0, &ended);
}

/// Whether anything is open that concerns the customer, where the decision is open: not what is asked for an output of the house's own,
/// nor what changes nothing. Of any other decision it always is as its status says.
fn awaits(words: &Words<'_>, story: &Explanation) -> bool {
    story.status != "open"
        || story.open.is_empty()
        || story.open.iter().any(|open| !open.idle && !facts::for_ours(words, story, open))
}

/// That there is nothing to tell.
fn nothing(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    let as_of = &story.as_of;
    let decision = words.title(&story.decision.0, &story.decision.1);
    let (policy, version) = (words.title(&story.policy.0, &story.policy.1), &story.policy.2);
    out.line(
        0,
        &match words.lang {
            Lang::En => format!(
                "As of {as_of} there is nothing to decide or to do in your case ({decision}, by {policy} {version})."
            ),
            Lang::Zh => format!(
                "截至 {as_of}，贵方无须评定或办理的事项（{decision}，依据{}{policy} {version}）。",
                if begins_latin(&policy) { " " } else { "" }
            ),
        },
    );
}

/// What holds a grade down, and the next better one; only where the customer is told its grade anyway.
fn better(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    let listed = |name: &str, label: &str| {
        let mut told = story.outputs.iter().filter(|output| !output.internal);
        told.any(|output| *output.name == *name || words.label(&output.label) == label)
    };
    let mut lines: Vec<String> = Vec::new();
    for grade in story.grades.iter().filter(|grade| listed(&grade.name, words.label(&grade.label))) {
        // Where something holds the grade whatever else is mended, that is what is told.
        let (lowered, held) = (lowered(words, grade), held(words, grade));
        let forced = grade.stages.last().is_some_and(|stage| stage.kind == StageKind::Forces && still(grade));
        match held.filter(|_| lowered.is_empty() || forced) {
            Some(held) => lines.push(held),
            None => lines.extend(lowered),
        }
        lines.extend(needed(words, grade));
        lines.extend(
            next(words, grade).filter(|_| listed(&grade.score_name, &words.phrase(grade.score_step))),
        );
    }
    if !lines.is_empty() {
        out.heading(words.pick("What would improve it", "如何提升"));
        lines.iter().for_each(|line| out.line(1, line));
    }
}

/// What lowered the grade, stage by stage, where it was one thing that the customer may know.
fn lowered(words: &Words<'_>, grade: &GradeStory) -> Vec<String> {
    let mut lines = Vec::new();
    for (before, stage) in grade.stages.iter().zip(grade.stages.iter().skip(1)) {
        let mut rules = stage.rules.iter().filter(|rule| rule.standing.takes_effect());
        let (Some(rule), None) = (rules.next(), rules.next()) else { continue };
        let worse = match (&before.after.value, &stage.after.value) {
            (Value::Code(before), Value::Code(after)) => after > before,
            _ => false,
        };
        let told = rule.standing == Standing::Applies
            && !rule.reason.internal
            && stage.kind != StageKind::Apart
            && stage.kind != StageKind::Needs;
        let Some(text) = rule.reason.text.as_ref().filter(|_| worse && told) else { continue };
        let (name, text) = (words.label(&grade.label), words.label(text));
        let (from, to) = (words.bare(&before.after), words.bare(&stage.after));
        lines.push(match words.lang {
            Lang::En => format!("- {name}: “{text}” lowers it from {from} to {to}"),
            Lang::Zh => format!("- {name}：因“{text}”，由 {from} 降为 {to}"),
        });
    }
    lines
}

/// Whether the last stage leaves the grade as it was, which it would give, too.
fn still(grade: &GradeStory) -> bool {
    let mut last = grade.stages.iter().rev();
    match (last.next(), last.next()) {
        (Some(stage), Some(before)) => stage.after.value == before.after.value,
        _ => false,
    }
}

/// What holds a grade whatever the points, where more points would lift it else: a force, a cap. Nothing where one of the house's own
/// does so, too.
fn held(words: &Words<'_>, grade: &GradeStory) -> Option<String> {
    let (next, ..) = grade.next.as_ref().filter(|_| !staircase::lifts(grade))?;
    let (Value::Code(next), Value::Code(now)) = (&next.value, &grade.value.value) else { return None };
    let rules = || grade.stages.iter().flat_map(|stage| &stage.rules);
    let holds = |rule: &&RuleLine| {
        rule.standing.takes_effect()
            && match &rule.subject {
                Subject::Force(to) => to.value == grade.value.value,
                Subject::NotAbove(to) => matches!(to.value, Value::Code(cap) if cap > *next && cap == *now),
                _ => false,
            }
    };
    if rules().filter(holds).any(|rule| rule.reason.internal) {
        return None;
    }
    let forced = rules().filter(holds).any(|rule| matches!(rule.subject, Subject::Force(_)));
    let mut whys: Vec<String> = Vec::new();
    // What is not verified stands among what is still looked into.
    for rule in rules().filter(holds).filter(|rule| rule.standing == Standing::Applies) {
        if forced == matches!(rule.subject, Subject::Force(_)) {
            let text = words.label(rule.reason.text.as_ref()?);
            let text = format!("“{text}”");
            if !whys.contains(&text) {
                whys.push(text);
            }
        }
    }
    let many = whys.len() > 1;
    let why = (!whys.is_empty()).then(|| whys.join(words.pick(" and ", "、")))?;
    let (name, to) = (words.label(&grade.label), words.bare(&grade.value));
    Some(match (words.lang, forced) {
        (Lang::En, true) => {
            format!("- {name}: stays {to} as long as {why} {}", if many { "hold" } else { "holds" })
        }
        (Lang::En, false) => {
            format!("- {name}: not above {to} as long as {why} {}", if many { "hold" } else { "holds" })
        }
        (Lang::Zh, true) => format!("- {name}：{why}未消除前仍为 {to}"),
        (Lang::Zh, false) => format!("- {name}：{why}未消除前不高于 {to}"),
    })
}

/// What the bands that the score reaches need besides, and by how much the customer's own figures miss it; nothing of the bounds.
fn needed(words: &Words<'_>, grade: &GradeStory) -> Vec<String> {
    let mut lines = Vec::new();
    let mut before: Option<&Value> = None;
    for stage in &grade.stages {
        let (Some(Value::Code(from)), Value::Code(to)) = (before, &stage.after.value) else {
            before = Some(&stage.after.value);
            continue;
        };
        before = Some(&stage.after.value);
        let past = |it: &&RuleLine| match &it.subject {
            Subject::Needs(wanted) => {
                matches!(wanted.value, Value::Code(wanted) if (*from..*to).contains(&wanted))
            }
            _ => false,
        };
        let missed = stage.rules.iter().filter(past).filter(|it| it.standing != Standing::Applies);
        for rule in missed.filter(|it| !it.reason.internal) {
            let Subject::Needs(wanted) = &rule.subject else { continue };
            let short: Vec<String> = rule.comparisons.iter().filter_map(|it| short_of(words, it)).collect();
            if short.is_empty() {
                continue;
            }
            let (name, wanted) = (words.label(&grade.label), words.bare(wanted));
            let short = short.join(words.pick(" and ", "，"));
            lines.push(match words.lang {
                Lang::En => format!("- {name}: {wanted} needs more than the score: {short}"),
                Lang::Zh => format!("- {name}：{wanted} 另有条件未满足：{short}"),
            });
        }
    }
    lines
}

/// `interest cover is 0.6 short`
fn short_of(words: &Words<'_>, comparison: &Comparison) -> Option<String> {
    let missed = comparison.met() == Some(false);
    let (threshold, distance) = (comparison.threshold.as_ref()?, comparison.distance.as_ref()?);
    let (value, bound) = (comparison.value.value.as_number()?, threshold.value.as_number()?);
    let (name, by) = (words.name_of(comparison.step), words.bare(distance).replace('≈', ""));
    missed.then(|| match (value < bound, words.lang) {
        (true, Lang::En) => format!("{name} is {by} short"),
        (false, Lang::En) => format!("{name} is {by} too much"),
        (true, Lang::Zh) => format!("{name}尚差 {by}"),
        (false, Lang::Zh) => format!("{name}超出 {by}"),
    })
}

/// The next better band, where no rule of the grade is kept from the customer.
fn next(words: &Words<'_>, grade: &GradeStory) -> Option<String> {
    // A cap of the house's own that does not stand between the two grades is none of the customer's concern.
    let moves = grade.stages.iter().filter(|stage| stage.kind == StageKind::Notches);
    let mut moves = moves.flat_map(|stage| &stage.rules);
    if moves.any(|rule| rule.standing.takes_effect() && rule.reason.internal) {
        return None;
    }
    if !staircase::lifts(grade) {
        return None;
    }
    let (next, from, lacking) = grade.next.as_ref()?;
    let name = words.label(&grade.label);
    let (next, from, lacking) = (words.figure(next), words.bare(from), words.bare(lacking));
    Some(match words.lang {
        Lang::En => {
            format!("- {name}: the next better band, {next}, begins at {from}; yours is {lacking} short")
        }
        Lang::Zh => format!("- {name}：上一档“{next}”须达 {from}，贵方尚差 {lacking}"),
    })
}

/// What is not known and made a difference: what the customer has to provide, and what we have to find out. What only rules inside
/// the house read is neither, nor is a sign of danger: nobody asks a customer whether its owner cannot be reached.
fn awaited<'s>(words: &Words<'_>, story: &'s Explanation) -> (Vec<&'s MissingLine>, Vec<&'s MissingLine>) {
    let reads = |missing: &MissingLine, value: &Value| match value {
        Value::Unknown(Cause::Missing(fact)) => words
            .plan
            .schema
            .fields
            .get(FieldId::new(*fact as usize))
            .is_some_and(|it| it.name == missing.name),
        _ => false,
    };
    let inside = |missing: &MissingLine| {
        let mut rules = story
            .not_judged
            .iter()
            .filter(|rule| rule.comparisons.iter().any(|it| reads(missing, &it.value.value)))
            .peekable();
        rules.peek().is_some() && rules.all(|rule| rule.reason.internal)
    };
    let sign = |missing: &MissingLine| {
        let gathered = story.scores.iter().filter(|score| score.gathers);
        gathered.flat_map(|score| &score.factors).any(|factor| factor.name == missing.name)
    };
    let field = |missing: &MissingLine| {
        words.plan.schema.find(&missing.name).and_then(|fact| words.plan.schema.fields.get(fact))
    };
    let question =
        |missing: &&MissingLine| field(missing).is_some_and(|field| matches!(field.ty, FieldType::YesNo));
    // What the house alone knows is asked of no customer.
    let of_the_house = |missing: &&MissingLine| field(missing).is_some_and(|field| field.internal);
    let unasked = |missing: &MissingLine| facts::unasked(story, missing);
    let told = story.missing.iter().filter(|missing| {
        missing.costs && missing.items.is_empty() && !inside(missing) && !sign(missing) && !unasked(missing)
    });
    let (verify, wanted): (Vec<_>, Vec<_>) = told.partition(question);
    (wanted.into_iter().filter(|missing| !of_the_house(missing)).collect(), verify)
}

/// What the customer has to provide.
fn wanted(words: &Words<'_>, wanted: &[&MissingLine], out: &mut Lines) {
    if wanted.is_empty() {
        return;
    }
    out.heading(words.pick("What has not been provided yet", "尚未提供的资料"));
    for missing in wanted {
        out.line(1, &format!("- {}", words.plain(&missing.name, &missing.label)));
    }
}

/// The orders that are held, and what to do about it.
fn holds(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    // What holds several orders is told once, with the orders that it holds.
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for item in story.checks.iter().flat_map(|checks| &checks.items) {
        let key = item.key.as_ref().map(|key| words.figure(key));
        for text in item.holds.iter().filter_map(|it| hold(words, it)) {
            match told.iter_mut().find(|(known, _)| *known == text) {
                Some((_, keys)) => keys.extend(key.clone()),
                None => told.push((text, key.clone().into_iter().collect())),
            }
        }
    }
    if told.is_empty() {
        return;
    }
    out.heading(words.pick("What is held, and how it is settled", "暂缓事项及解除办法"));
    for (text, keys) in told {
        let keys = keys.join(words.pick(", ", "、"));
        let keys = if keys.is_empty() { keys } else { format!("{keys}{}", words.pick(": ", "：")) };
        out.line(1, &format!("- {keys}{text}"));
    }
}

/// A hold that stands, and its cure; what is kept from the customer only in the words that the policy has for it.
fn hold(words: &Words<'_>, hold: &HoldLine) -> Option<String> {
    let stands = hold.is.filter(|is| is.stands())?;
    // What could not be judged is not told as if it were so.
    let rule = &hold.rule;
    let reason = words.reason(&rule.reason);
    if rule.reason.internal {
        return reason;
    }
    if rule.standing == Standing::UnknownApplies {
        let label = words.label(&hold.label).to_owned();
        let told = reason.unwrap_or(label);
        return Some(reasons::unjudged(words, rule.standing, &rule.comparisons, told, Audience::Customer));
    }
    let label = words.label(&hold.label);
    // What is settled is not told in the figures that raised it.
    if stands == HoldStatus::Awaiting {
        return Some(format!(
            "{label}{}",
            words.pick(" — settled, and waiting for our signature", "，已消除，待我方签批")
        ));
    }
    let mut text = match reason.filter(|reason| reason != label) {
        Some(reason) => format!("{label} — {reason}"),
        None => label.to_owned(),
    };
    if let Some(cure) = checks::cure_for_customer(words, hold) {
        text.push_str(&match words.lang {
            Lang::En => format!("; it is settled as soon as {cure}"),
            Lang::Zh => format!("；{}", words.glued(&cure, "即可消除")),
        });
    }
    Some(text)
}

/// The steps in force, and when the next follows.
fn steps(words: &Words<'_>, story: &Explanation, out: &mut Lines) {
    let mut lines: Vec<String> = Vec::new();
    for (ladder, item) in story
        .ladders
        .iter()
        .filter(|ladder| !ours(story, ladder))
        .flat_map(|ladder| ladder.items.iter().map(move |item| (ladder, item)))
    {
        let says = step(words, item, &story.as_of);
        if says.is_empty() {
            continue;
        }
        let what = ladders::item_of(words, item).unwrap_or_else(|| words.label(&ladder.label).to_owned());
        let says = says.join(words.pick("; ", "；"));
        lines.push(format!("- {what}{}{says}", words.pick(": ", "：")));
    }
    if !lines.is_empty() {
        out.heading(words.pick("Where things stand, and what follows", "目前进展与后续"));
        lines.iter().for_each(|line| out.line(1, line));
    }
}

/// Whether a ladder is listed as the house's own.
fn ours(story: &Explanation, ladder: &LadderStory) -> bool {
    story.outputs.iter().any(|output| output.internal && output.name == ladder.name)
}

/// Whether the customer is told of a step: it does something that the customer notices, and is not kept inside.
pub(super) fn told(item: &LadderItem, step: &Value) -> bool {
    item.rungs.iter().any(|rung| rung.step.value == *step && !rung.inside && !rung.rule.reason.internal)
}

/// The last step before one that the customer noticed.
fn last_told<'i>(item: &'i LadderItem, step: &Value) -> Option<&'i RungLine> {
    let at = item.rungs.iter().position(|rung| rung.step.value == *step)?;
    let open = |rung: &&RungLine| rung.open == Some(true) && ladders::skipped(item, rung).is_none();
    let mut before = item.rungs.iter().take(at).filter(open);
    before.rfind(|rung| told(item, &rung.step.value) && rung.distance.is_some_and(|days| days <= 0))
}

fn step(words: &Words<'_>, item: &LadderItem, as_of: &str) -> Vec<String> {
    let mut says = Vec::new();
    let (Some(step), Some(day)) = (&item.step, &item.day) else { return says };
    // A step that was reached while things are held was not taken: the one last done is, and why nothing follows, where that is told.
    if ladders::undone(item) || ladders::behind(item) {
        if let Some((done, on)) = item.done.as_ref().filter(|(done, _)| told(item, &done.value)) {
            let (done, on) = (words.figure(done), words.figure(on));
            says.push(match words.lang {
                Lang::En => format!("{done}, {on}"),
                Lang::Zh => format!("{on} {done}"),
            });
        }
        let holds =
            item.rules.iter().filter(|it| it.kind == RuleKind::Hold && it.standing == Standing::Applies);
        let why: Vec<String> = holds
            .filter(|it| !it.reason.internal || it.reason.customer.is_some())
            .filter_map(|it| words.reason(&it.reason))
            .collect();
        says.extend(
            (!why.is_empty())
                .then(|| format!("{}{}", words.pick("held: ", "暂缓："), why.join(words.pick("; ", "；")))),
        );
        return says;
    }
    if told(item, &step.value) {
        let (step, day) = (words.figure(step), words.figure(day));
        says.push(match words.lang {
            Lang::En => format!("{step}, since {day}"),
            Lang::Zh => format!("{day} 起，{step}"),
        });
    } else if let Some(before) = last_told(item, &step.value) {
        // What the house alone notices came after what the customer did.
        let (step, day) = (words.figure(&before.step), words.figure(&before.day));
        says.push(match words.lang {
            Lang::En => format!("{step}, since {day}"),
            Lang::Zh => format!("{day} 起，{step}"),
        });
    }
    // What is held is not threatened, and what waits for a signature of ours has no day.
    let held = item.rules.iter().any(|it| it.kind == RuleKind::Hold && it.standing.takes_effect());
    let next = item
        .next
        .as_ref()
        .filter(|(next, _)| !held && told(item, &next.value) && item.awaiting.as_ref() != Some(next));
    if let Some((next, day)) = next {
        // A day that is past moves nobody: the step follows as soon as the one before is done.
        let passed = matches!(&day.value, Value::Date(day) if *day.to_string() <= *as_of);
        let earliest = ladders::earliest(item, &day.value).map(|(earliest, _)| words.figure(earliest));
        let (next, day) = (words.figure(next), words.figure(day));
        let then = if says.is_empty() { "" } else { "then, " };
        says.push(match (words.lang, passed) {
            (Lang::En, _) if let Some(day) = earliest => {
                format!("{then}unless it is settled, on {day} at the earliest: {next}")
            }
            (Lang::Zh, _) if let Some(day) = earliest => format!("未了结的，最早 {day} 起{next}"),
            (Lang::En, false) => format!("{then}unless it is settled, on {day}: {next}"),
            (Lang::Zh, false) => format!("未了结的，{day} 起{next}"),
            (Lang::En, true) => format!("{then}unless it is settled: {next}"),
            (Lang::Zh, true) => format!("未了结的，随后{next}"),
        });
    }
    says
}
