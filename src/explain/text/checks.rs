//! Order checks, item by item, hold by hold.

use super::super::words::Words;
use super::super::{
    CheckedItem, ChecksStory, Comparison, Explanation, Figure, GrantKey, HoldLine, MeasureLine, Standing,
};
use super::Audience;
use super::lines::Lines;
use super::rules::rule;
use crate::base::Lang;
use crate::plan::{CellTest, CheckVerdict, Compare, HoldStatus, Op, Signers, StepId};
use crate::value::{Number, Type, Unit, Value};

/// The checks with their holds; nothing where the policy has none.
pub(super) fn checks(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    // Where there is no order, nothing is checked.
    let mut checked = story.checks.iter().filter(|checks| !checks.items.is_empty()).peekable();
    if checked.peek().is_none() {
        return;
    }
    out.heading(words.pick("Checks", "核查"));
    for checks in checked {
        out.line(1, &words.title(&checks.name, &checks.label));
        for item in &checks.items {
            one(words, item, audience, out);
        }
    }
}

/// `O-1: blocked — insolvent; over the limit`
fn head(words: &Words<'_>, item: &CheckedItem) -> String {
    let key =
        item.key.as_ref().map_or_else(|| words.pick("customer", "客户").to_owned(), |key| words.figure(key));
    format!("{key}{}{}", words.pick(": ", "："), verdict(words, item, Audience::Auditor))
}

/// `blocked — over the limit; insolvent (not yet verified)`
fn verdict(words: &Words<'_>, item: &CheckedItem, audience: Audience) -> String {
    if audience == Audience::Customer {
        return outcome(words, item);
    }
    let mut text = words.figure(&item.verdict);
    let standing: Vec<String> = item
        .holds
        .iter()
        .filter(|hold| hold.is.is_some_and(HoldStatus::stands))
        .map(|hold| named_hold(words, hold))
        .collect();
    if !standing.is_empty() {
        text.push_str(&format!(" — {}", standing.join(words.pick("; ", "；"))));
    }
    text
}

/// `overdue: cured, awaiting sign-off of credit manager`
pub(super) fn settled(words: &Words<'_>, hold: &HoldLine) -> String {
    let role = hold.after_cure.as_ref().map(|role| signers(words, role)).unwrap_or_default();
    let (label, word) = (words.label(&hold.label), words.figure(&hold.status));
    match words.lang {
        Lang::En => format!("{label}: {word} of {role}"),
        Lang::Zh => format!("{label}：{word}（{role}）"),
    }
}

/// What the customer reads of an order: released or held. Which hold it is stands below, with its way out.
fn outcome(words: &Words<'_>, item: &CheckedItem) -> String {
    outcome_of(words, &item.verdict.value, item.key.is_some())
}

/// The same of a verdict, on an order or on the customer.
pub(super) fn outcome_of(words: &Words<'_>, verdict: &Value, of_order: bool) -> String {
    let verdict = match verdict {
        Value::Code(code) => CheckVerdict::ALL.into_iter().find(|verdict| verdict.code() == *code),
        _ => None,
    };
    match (verdict, of_order) {
        (Some(CheckVerdict::Clear), true) => words.pick("released", "放行"),
        (Some(CheckVerdict::Clear), false) => words.pick("nothing is held", "无暂缓事项"),
        (Some(CheckVerdict::NeedsRelease), _) => {
            words.pick("held, our release is awaited", "暂缓，待我方放行")
        }
        (Some(CheckVerdict::Blocked), _) => words.pick("held", "暂缓"),
        (None, _) => words.pick("still being checked", "尚在核查"),
    }
    .to_owned()
}

/// The label of a hold; of one that could not be judged it is said that it is not established.
fn named_hold(words: &Words<'_>, hold: &HoldLine) -> String {
    let label = words.label(&hold.label);
    match hold.rule.standing {
        Standing::UnknownApplies => {
            format!("{label}{}", words.bracketed(words.pick("not yet verified", "尚未核实")))
        }
        Standing::Applies
        | Standing::DoesNotApply
        | Standing::UnknownDoesNot
        | Standing::Unknown
        | Standing::NotReached => label.to_owned(),
    }
}

/// Orders that are told one by one among what was decided; more are counted.
const MOST_ORDERS: usize = 12;

/// What checks come to, one order a row.
pub(super) fn verdicts(words: &Words<'_>, checks: &ChecksStory, audience: Audience) -> Vec<Vec<String>> {
    let label = words.plain(&checks.name, &checks.label);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for item in checks.items.iter().take(MOST_ORDERS) {
        let name = match &item.key {
            Some(key) => format!("{label} {}", words.figure(key)),
            None => label.to_owned(),
        };
        rows.push(vec![name, verdict(words, item, audience)]);
    }
    let more = checks.items.len().saturating_sub(rows.len());
    if more > 0 {
        rows.push(vec![
            label.to_owned(),
            match words.lang {
                Lang::En => format!("and {more} more"),
                Lang::Zh => format!("另 {more} 笔"),
            },
        ]);
    }
    rows
}

/// One item, or the customer.
pub(super) fn one(words: &Words<'_>, item: &CheckedItem, audience: Audience, out: &mut Lines) {
    out.line(2, &head(words, item));
    for it in &item.holds {
        if audience == Audience::Auditor || it.is != Some(HoldStatus::NotStanding) {
            hold(words, it, out);
        }
    }
    for it in &item.exclusions {
        if audience == Audience::Auditor || it.standing != Standing::DoesNotApply {
            rule(words, it, 3, out);
        }
    }
}

fn hold(words: &Words<'_>, hold: &HoldLine, out: &mut Lines) {
    let mark = match hold.is {
        Some(HoldStatus::New | HoldStatus::Standing | HoldStatus::Awaiting) => "●",
        Some(
            HoldStatus::NotStanding
            | HoldStatus::WithinTolerance
            | HoldStatus::Cured
            | HoldStatus::Excluded
            | HoldStatus::Released,
        ) => "○",
        None => "?",
    };
    let mut text =
        format!("{mark} {}{}{}", words.label(&hold.label), words.pick(": ", "："), status(words, hold));
    let raised = matches!(
        hold.is,
        Some(HoldStatus::New | HoldStatus::Standing | HoldStatus::Released | HoldStatus::Excluded)
    );
    // What is not established is not told as the reason; what is missing stands below.
    let established = hold.rule.standing != Standing::UnknownApplies;
    if raised
        && established
        && let Some(reason) = words.reason(&hold.rule.reason)
    {
        text.push_str(&words.behind(&reason));
    }
    out.line(3, &text);
    for line in measured(words, hold) {
        out.line(5, &line);
    }
    if let Some(line) = way_out(words, hold) {
        out.line(5, &line);
    }
}

/// `standing since 2026-10-01`, `cured, awaiting sign-off of finance head`, `released until 2026-12-01`.
fn status(words: &Words<'_>, hold: &HoldLine) -> String {
    let word = words.figure(&hold.status);
    let judged = match hold.rule.standing {
        Standing::UnknownApplies | Standing::UnknownDoesNot | Standing::Unknown => {
            format!("{}{}", words.pick(", ", "，"), words.standing(hold.rule.standing))
        }
        Standing::Applies | Standing::DoesNotApply | Standing::NotReached => String::new(),
    };
    let since = words.figure(&hold.since);
    let text = match (hold.is, words.lang) {
        (Some(HoldStatus::Standing), Lang::En) => format!("{word} since {since}"),
        (Some(HoldStatus::Standing), Lang::Zh) => format!("{word}，自 {since} 起"),
        (Some(HoldStatus::Awaiting), lang) => {
            let role = hold.after_cure.as_ref().map(|role| signers(words, role)).unwrap_or_default();
            match lang {
                Lang::En => format!("{word} of {role}, since {since}"),
                Lang::Zh => format!("{word}（{role}），自 {since} 起"),
            }
        }
        (Some(HoldStatus::Released), lang) => match (&hold.until, lang) {
            (Some(until), Lang::En) => format!("{word} until {}", words.figure(until)),
            (Some(until), Lang::Zh) => format!("{word}至 {}", words.figure(until)),
            (None, Lang::En) => format!("{word} since {since}"),
            (None, Lang::Zh) => format!("{word}，自 {since} 起"),
        },
        _ => word,
    };
    format!("{text}{judged}")
}

/// What the hold compares: amounts with their distance, else what its condition reads.
fn measured(words: &Words<'_>, hold: &HoldLine) -> Vec<String> {
    let mut lines: Vec<String> = hold.measures.iter().map(|it| measure(words, it)).collect();
    let compared = |it: &&Comparison| !hold.measures.iter().any(|measure| measure.step == it.step);
    if hold.measures.is_empty() {
        for text in hold.rule.comparisons.iter().filter(compared).map(|it| words.comparison(it)) {
            if !lines.contains(&text) {
                lines.push(text);
            }
        }
    }
    lines
}

fn measure(words: &Words<'_>, measure: &MeasureLine) -> String {
    let name = words.phrase(measure.step);
    let (value, bound) = (words.bare(&measure.value), words.bare(&measure.threshold));
    let mut text = match words.lang {
        Lang::En => format!("{name} {value}, bound {}{bound}", named(words, measure)),
        Lang::Zh => format!("{name} {value}，标准 {}{bound}", named(words, measure)),
    };
    let upwards = matches!(measure.how, Compare::Greater | Compare::GreaterOrEqual);
    if let Some(excess) = measure.excess.value.as_number() {
        let by = words.bare(&absolute(&measure.excess, excess));
        let over = !excess.is_negative();
        let far = match (excess.is_zero(), over == upwards, words.lang) {
            (true, _, _) => words.pick("just on it", "恰为标准").to_owned(),
            (false, true, Lang::En) => format!("{by} over"),
            (false, false, Lang::En) => format!("{by} under"),
            (false, true, Lang::Zh) => format!("超出 {by}"),
            (false, false, Lang::Zh) => format!("低 {by}"),
        };
        text.push_str(&format!("{}{far}", words.pick(": ", "：")));
        if let Some(tolerance) = &measure.tolerance {
            let within = over && !excess.is_zero() && !measure.passed();
            let tolerance = words.bare(tolerance);
            text.push_str(&match (within, words.lang) {
                (true, Lang::En) => format!(", within the tolerance of {tolerance}"),
                (false, Lang::En) => format!(", tolerance {tolerance}"),
                (true, Lang::Zh) => format!("，在容差 {tolerance} 之内"),
                (false, Lang::Zh) => format!("，容差 {tolerance}"),
            });
        }
    }
    text
}

/// The name of a bound that is no mere figure, before its figure.
fn named(words: &Words<'_>, measure: &MeasureLine) -> String {
    let name = words.phrase(measure.threshold_step);
    if name == words.bare(&measure.threshold) { String::new() } else { format!("{name} ") }
}

fn absolute(like: &Figure, number: &Number) -> Figure {
    Figure { value: Value::Number(number.abs()), ty: like.ty.clone() }
}

/// What cures the hold, and who may release it.
fn way_out(words: &Words<'_>, hold: &HoldLine) -> Option<String> {
    let semicolon = words.pick("; ", "；");
    match hold.is? {
        HoldStatus::New | HoldStatus::Standing => {
            let mut says: Vec<String> =
                cure(words, hold).map(|cure| or_instead(words, hold, cure)).into_iter().collect();
            says.push(release(words, hold));
            if let Some(role) = &hold.after_cure {
                let role = signers(words, role);
                says.push(match words.lang {
                    Lang::En => format!("after the cure {role} must sign"),
                    Lang::Zh => format!("消除后须{role}签批"),
                });
            }
            Some(says.join(semicolon))
        }
        HoldStatus::Released | HoldStatus::Excluded => cure(words, hold),
        HoldStatus::NotStanding | HoldStatus::WithinTolerance | HoldStatus::Cured | HoldStatus::Awaiting => {
            None
        }
    }
}

/// What has to change so that the hold no longer stands; of several comparisons that must all hold, one is enough.
fn cure(words: &Words<'_>, hold: &HoldLine) -> Option<String> {
    let mut ways: Vec<String> = hold.measures.iter().filter_map(|it| cured_by(words, it)).collect();
    if !ways.is_empty() {
        ways.extend(turned(words, hold));
        let ways = ways.join(words.pick(", or ", "，或"));
        return Some(match words.lang {
            Lang::En => format!("cured when {ways}"),
            Lang::Zh => format!("{ways}，即消除"),
        });
    }
    let condition = hold.rule.condition.filter(|_| hold.rule.standing == Standing::Applies)?;
    if let Some(day) = hold.ends.as_ref().map(|day| words.figure(day)) {
        return Some(match words.lang {
            Lang::En => format!("over by itself on {day}"),
            Lang::Zh => format!("{day} 起自行解除"),
        });
    }
    Some(match (words.settled(condition), words.lang) {
        (Some(settled), Lang::En) => format!("cured as soon as {settled}"),
        (Some(settled), Lang::Zh) => words.glued(&settled, "即消除"),
        (None, Lang::En) => format!("cured when this no longer holds: {}", words.phrase(condition)),
        (None, Lang::Zh) => format!("“{}”不再成立即消除", words.phrase(condition)),
    })
}

/// The facts of yes or no of which another answer ends a hold that asks for several things at once: `not prepaid and …`.
fn turned(words: &Words<'_>, hold: &HoldLine) -> Vec<String> {
    let op = |step: StepId| words.plan.steps.get(step).map(|it| &it.op);
    let plain = |mut step: StepId| {
        while let Some(Op::Same(of) | Op::IfUnknown(of, _)) = op(step) {
            step = *of;
        }
        step
    };
    // A tolerance asks for more beside what the rule asks for.
    let mut waiting: Vec<StepId> = hold.rule.condition.into_iter().collect();
    let mut parts: Vec<StepId> = Vec::new();
    while let Some(step) = waiting.pop() {
        match op(plain(step)) {
            Some(Op::And(inner)) => waiting.extend(inner),
            _ => parts.push(step),
        }
    }
    let own = |fact: StepId| matches!(op(fact), Some(Op::Fact(_) | Op::Field(..)));
    let denied = parts.iter().filter_map(|part| match op(plain(*part)) {
        Some(Op::Not(fact)) if own(plain(*fact)) => Some(words.so(plain(*fact))),
        _ => None,
    });
    denied.collect()
}

/// A cure, or else what would exclude the hold: `or paid before it leaves`.
fn or_instead(words: &Words<'_>, hold: &HoldLine, cure: String) -> String {
    hold.instead.iter().fold(cure, |cure, step| match words.lang {
        Lang::En => format!("{cure}, or {}", words.phrase(*step)),
        Lang::Zh => match cure.strip_suffix("，即消除") {
            Some(cure) => format!("{cure}，或{}，即消除", words.phrase(*step)),
            None => format!("{cure}，或{}", words.phrase(*step)),
        },
    })
}

/// The same for the customer: how far its own figures have to come, and what it may do in place of that.
pub(super) fn cure_for_customer(words: &Words<'_>, hold: &HoldLine) -> Option<String> {
    let ways: Vec<String> = hold.measures.iter().filter_map(|it| own_cure(words, it)).collect();
    let instead = hold.instead.iter().map(|step| words.phrase(*step));
    let turned = if ways.is_empty() { Vec::new() } else { turned(words, hold) };
    let ways: Vec<String> = ways.into_iter().chain(turned).chain(instead).collect();
    if !ways.is_empty() {
        return Some(ways.join(words.pick(", or ", "，或")));
    }
    // What the house has to find out is no cure of the customer's.
    let condition = hold.rule.condition.filter(|_| hold.rule.standing == Standing::Applies)?;
    let ours = hold.rule.comparisons.iter().any(|it| !it.value.value.is_known());
    words.settled(condition).filter(|_| !ours)
}

fn cured_by(words: &Words<'_>, measure: &MeasureLine) -> Option<String> {
    let upwards = matches!(measure.how, Compare::Greater | Compare::GreaterOrEqual);
    let mut text = own_cure(words, measure)?;
    if let Some(bound) = movable(words, measure.threshold_step) {
        text.push_str(&match (upwards, words.lang) {
            (true, Lang::En) => format!(", or {bound} is raised"),
            (false, Lang::En) => format!(", or {bound} is lowered"),
            (true, Lang::Zh) => format!("，或提高{bound}"),
            (false, Lang::Zh) => format!("，或降低{bound}"),
        });
    }
    Some(text)
}

fn own_cure(words: &Words<'_>, measure: &MeasureLine) -> Option<String> {
    let by = measure.cure.as_ref()?;
    if matches!(measure.value.ty, Type::Date) {
        return None;
    }
    let name = words.phrase(measure.step);
    let upwards = matches!(measure.how, Compare::Greater | Compare::GreaterOrEqual);
    let number = (measure.value.value.as_number()?, by.value.as_number()?);
    let aim = if upwards { number.0.sub(number.1) } else { number.0.add(number.1) };
    let aim = words.bare(&Figure { value: Value::Number(aim), ty: measure.value.ty.clone() });
    // On the bound itself a hold with `>=` still stands.
    let just =
        measure.tolerance.is_none() && matches!(measure.how, Compare::GreaterOrEqual | Compare::LessOrEqual);
    let by = words.bare(by);
    // Days do not fall: of them it is told how many they are now.
    let days = matches!(measure.value.ty, Type::Number(unit) if unit == Unit::DAYS || unit == Unit::MONTHS);
    let now = words.bare(&measure.value);
    let more = if just { words.pick("more than ", "逾 ") } else { "" };
    let far = match (days, upwards, words.lang) {
        (true, _, Lang::En) => format!(" (now {now})"),
        (true, _, Lang::Zh) => format!("（现为 {now}）"),
        (false, true, Lang::En) => format!(" ({more}{by} less)"),
        (false, false, Lang::En) => format!(" ({more}{by} more)"),
        (false, true, Lang::Zh) => format!("（减少 {more}{by}）"),
        (false, false, Lang::Zh) => format!("（增加 {more}{by}）"),
    };
    Some(match (upwards, just, words.lang) {
        (true, false, Lang::En) => format!("{name} is at most {aim}{far}"),
        (true, true, Lang::En) => format!("{name} is below {aim}{far}"),
        (false, false, Lang::En) => format!("{name} is at least {aim}{far}"),
        (false, true, Lang::En) => format!("{name} is above {aim}{far}"),
        (true, false, Lang::Zh) => format!("{name}不超过 {aim}{far}"),
        (true, true, Lang::Zh) => format!("{name}低于 {aim}{far}"),
        (false, false, Lang::Zh) => format!("{name}不低于 {aim}{far}"),
        (false, true, Lang::Zh) => format!("{name}高于 {aim}{far}"),
    })
}

/// The name of a bound that is not a figure of the policy.
fn movable(words: &Words<'_>, step: StepId) -> Option<String> {
    let it = words.plan.steps.get(step)?;
    let fact = matches!(it.op, crate::plan::Op::Fact(_) | crate::plan::Op::Field(..));
    let fixed = matches!(it.op, crate::plan::Op::Const(_) | crate::plan::Op::Param(_));
    // A sum in the rule itself is nothing that anybody could raise.
    (fact || !fixed && words.names.contains_key(&step)).then(|| words.phrase(step))
}

/// Who may release it, for how long and by a signature for how much.
fn release(words: &Words<'_>, hold: &HoldLine) -> String {
    let by_row = hold.row.as_ref().map(|(address, keys)| row(words, address, keys)).unwrap_or_default();
    if hold.release == Signers::Nobody {
        return format!("{}{by_row}", words.pick("nobody may release it", "无人可放行"));
    }
    let by = format!("{}{by_row}", signers(words, &hold.release));
    let mut text = format!("{by}{}", words.pick(" may release it", "可放行"));
    if let Some(days) = hold.at_most.as_ref().map(|days| words.bare(days)) {
        text.push_str(&format!("{}{days}", words.pick(" for at most ", "，最长 ")));
    }
    if let Some(amount) = hold.amount.as_ref().map(|amount| words.bare(amount)) {
        text.push_str(&format!("{}{amount}", words.pick(", signing for ", "，签批数额不低于 ")));
    }
    text
}

/// The row of an authority by which somebody may release: `risk class CA4, at most 200,000.00`, for the auditor with its clause.
fn row(words: &Words<'_>, address: &str, keys: &[GrantKey]) -> String {
    let mut says: Vec<String> = Vec::new();
    for key in keys {
        let any = key.cell.iter().any(|test| matches!(test, CellTest::Any));
        says.push(match (key.step, any) {
            (Some(step), _) => format!("{} {}", words.phrase(step), words.bare(&key.value)),
            (None, true) => words.pick("any amount", "任何金额").to_owned(),
            (None, false) => words.cell(&key.cell, &key.value.ty),
        });
    }
    if words.is_for(Audience::Auditor) {
        says.push(words.address(address));
    }
    words.bracketed(&says.join(words.pick(", ", "，")))
}

/// Who signs, the roles as people call them.
fn signers(words: &Words<'_>, signers: &Signers) -> String {
    signers.told(words.lang, &|role| {
        words.plan.roles.get(role as usize).map_or_else(String::new, |(name, label)| {
            let label = words.label(label);
            if label.is_empty() { name.to_string() } else { label.to_owned() }
        })
    })
}
