//! The case files that are written: what stands in them, and how one is told from a file that people have changed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::cover::{Cover, why_unreached};
use super::customer::{Customer, Place, field_of};
use super::make::{Names, case, least};
use super::oracle::{Bench, Oracle};
use super::probe::{Probe, Side, Why, probe};
use super::thresholds::{Threshold, Way};
use crate::base::{Lang, SourceMap, Span, Str};
use crate::plan::{CaseItem, ItemId, Op, Plan, StepId, digest_of};
use crate::trial::coverage::{Goal, Never};
use crate::trial::written::quoted;
use crate::trial::{threads, written};
use crate::value::display::{Show, show};
use crate::value::{Date, Number, Type, Value};

/// How the first line of a generated file begins; behind it stands the digest of all other lines.
const MARK: &str = "# gradus cases ";
/// Figures whose decimals never end are shown with so many.
const SHOWN: u32 = 6;

/// A generated case file, and what is to be told of it.
#[derive(Clone, Debug)]
pub struct Written {
    /// The text, with the mark.
    pub text: String,
    /// How many thresholds, or goals that no other case reaches, there are.
    pub wanted: usize,
    /// How many of them the cases show.
    pub shown: usize,
    /// How many cases there are.
    pub cases: usize,
    /// What no case shows, and why.
    pub unreached: Vec<Unreached>,
}

/// Something that no customer was found for.
#[derive(Clone, Debug)]
pub struct Unreached {
    /// What it is called.
    pub name: Str,
    /// Where it stands.
    pub span: Span,
    /// Why, in words.
    pub why: Str,
    /// Whether it is proved that there is none.
    pub proved: bool,
}

/// What a text is that stands where a generated file belongs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// As it was generated.
    Generated,
    /// Generated, and then changed by hand.
    Edited,
    /// Never generated.
    Foreign,
}

/// Whether a text is as it was generated.
#[must_use]
pub fn kept(text: &str) -> Kept {
    let Some((first, rest)) = text.split_once('\n') else { return Kept::Foreign };
    match first.trim_end().strip_prefix(MARK) {
        Some(digest) if digest == &*digest_of(&rest.replace("\r\n", "\n")) => Kept::Generated,
        Some(_) => Kept::Edited,
        None => Kept::Foreign,
    }
}

fn marked(body: &str) -> String {
    format!("{MARK}{}\n{body}", digest_of(body))
}

/// What a file is written with.
#[derive(Clone, Copy)]
pub struct Pen<'a> {
    /// The plan and what it needs to be run.
    pub bench: Bench<'a>,
    /// The goals of the plan.
    pub goals: &'a [Goal],
    /// The texts of the policies.
    pub sources: &'a SourceMap,
    /// The language of names and comments.
    pub lang: Lang,
    /// How many threads search.
    pub jobs: Option<u16>,
}

/// The cases of one threshold.
struct Section {
    cases: Vec<CaseItem>,
    /// Why the very threshold, or a side, is not among them.
    notes: Vec<String>,
    unreached: Option<Unreached>,
}

/// The customers at thresholds, as a case file.
#[must_use]
pub fn boundaries(pen: &Pen<'_>, thresholds: &[Threshold], known: &[Customer]) -> Written {
    let plan = pen.bench.plan;
    let names = Names::of(plan);
    let sections: Vec<Section> =
        threads::map(pen.jobs, thresholds, |threshold| section(pen, &names, threshold, known));
    let mut taken: BTreeSet<Str> = BTreeSet::new();
    let mut body = head(
        pen,
        pen.lang.pick(
            "Customers just below, at and just above each threshold.",
            "刚好低于、正好等于、刚好高于各阈值的客户。",
        ),
    );
    let mut construct: Option<ItemId> = None;
    let (mut shown, mut cases) = (0_usize, 0_usize);
    let mut unreached = Vec::new();
    for (threshold, section) in thresholds.iter().zip(sections) {
        if !section.cases.is_empty() || !section.notes.is_empty() {
            heading(pen, &mut construct, threshold.item, &mut body);
            let _ = writeln!(body, "\n# {}", line_of(pen, threshold.span));
            section.notes.iter().for_each(|note| {
                let _ = writeln!(body, "# {note}");
            });
        }
        for (nth, mut case) in section.cases.into_iter().enumerate() {
            case.name = free(&mut taken, &case.name);
            if nth > 0 {
                body.push('\n');
            }
            body.push_str(&given_note(pen, &names, &case));
            body.push_str(&written::Pen::of_file(plan, pen.lang).entry(&case));
            cases = cases.saturating_add(1);
        }
        match section.unreached {
            Some(why) => unreached.push(why),
            None => shown = shown.saturating_add(1),
        }
    }
    Written { text: marked(&body), wanted: thresholds.len(), shown, cases, unreached }
}

/// A smallest set, as a case file.
#[must_use]
pub fn covering(pen: &Pen<'_>, cover: &Cover) -> Written {
    let plan = pen.bench.plan;
    let names = Names::of(plan);
    let mut taken: BTreeSet<Str> = BTreeSet::new();
    let mut body = head(
        pen,
        pen.lang.pick(
            "What no other case exercises. None of these can be left out.",
            "其他案例未覆盖之处。其中任何一个都不可省去。",
        ),
    );
    let mut construct: Option<ItemId> = None;
    for covering in &cover.cases {
        let Some(goal) = pen.goals.get(covering.goal) else { continue };
        heading(pen, &mut construct, goal.item, &mut body);
        let _ = writeln!(body, "\n# {}", line_of(pen, goal.span));
        let mut case = covering.case.clone();
        case.name = free(&mut taken, &case.name);
        body.push_str(&given_note(pen, &names, &case));
        body.push_str(&written::Pen::of_file(plan, pen.lang).entry(&case));
    }
    let unreached: Vec<Unreached> = cover
        .unreached
        .iter()
        .filter_map(|(place, tries)| {
            let goal = pen.goals.get(*place)?;
            Some(Unreached {
                name: goal.name.pick(pen.lang).clone(),
                span: goal.span,
                why: why_unreached(goal, *tries, pen.lang),
                proved: goal.never.is_some(),
            })
        })
        .collect();
    let open = unreached.iter().filter(|it| !it.proved).count();
    let wanted = cover.reachable.saturating_sub(cover.before);
    Written {
        text: marked(&body),
        wanted,
        shown: wanted.saturating_sub(open),
        cases: cover.cases.len(),
        unreached,
    }
}

fn head(pen: &Pen<'_>, what: &str) -> String {
    let policy = pen.bench.plan.policies.last();
    let (name, version) = policy.map_or(("", ""), |policy| (&*policy.name, &*policy.version));
    let ours = match pen.lang {
        Lang::En => {
            "Written by `gradus cases`. A file that was changed by hand is overwritten only with --force."
        }
        Lang::Zh => "由 `gradus cases` 生成。经人工改动的文件，只有加 --force 才会被覆盖。",
    };
    format!("# {what}\n# {ours}\n\npolicy = {}\n", quoted(&format!("{name}@{version}")))
}

/// A line that says which construct the cases behind it are about.
fn heading(pen: &Pen<'_>, construct: &mut Option<ItemId>, item: ItemId, body: &mut String) {
    if *construct == Some(item) {
        return;
    }
    *construct = Some(item);
    let Some(item) = pen.bench.plan.items.get(item) else { return };
    let label = item.label.pick(pen.lang);
    let called = if *label == item.name { String::new() } else { format!(": {label}") };
    let _ = writeln!(body, "\n# {} {}{called}", "-".repeat(76), item.name);
}

/// `rules/rating.gradus:14  CA2 from 61`
fn line_of(pen: &Pen<'_>, span: Span) -> String {
    let Some(source) = pen.sources.get(span.file) else { return String::from("?") };
    let text = source.slice(span).lines().next().unwrap_or("");
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut short: String = words.join(" ");
    if short.chars().count() > 100 {
        short = short.chars().take(99).chain(['…']).collect();
    }
    format!("{}:{}  {short}", source.name(), source.line_column(span.start).line)
}

/// A case that gives computed values says so.
fn given_note(pen: &Pen<'_>, names: &Names, case: &CaseItem) -> String {
    let given: Vec<String> = case
        .values
        .iter()
        .filter_map(|(step, _, _)| names.of_step(*step))
        .map(|name| format!("`{name}`"))
        .collect();
    match (given.is_empty(), pen.lang) {
        (true, _) => String::new(),
        (false, Lang::En) => format!("# gives computed values: {}\n", given.join(", ")),
        (false, Lang::Zh) => format!("# 直接给出计算值：{}\n", given.join("、")),
    }
}

/// A name that no other case of the file has.
fn free(taken: &mut BTreeSet<Str>, name: &Str) -> Str {
    let mut own = name.clone();
    for nth in 2..10_000_u32 {
        if taken.insert(own.clone()) {
            break;
        }
        own = format!("{name} ({nth})").into();
    }
    own
}

fn section(pen: &Pen<'_>, names: &Names, threshold: &Threshold, known: &[Customer]) -> Section {
    let proved = threshold.never.as_ref();
    let Some(probe) = probe(pen.bench, threshold, known) else {
        return Section { cases: Vec::new(), notes: Vec::new(), unreached: None };
    };
    let cases = if probe.straddles() { cases(pen, names, threshold, &probe) } else { Vec::new() };
    let straddles = probe.straddles() && !cases.is_empty();
    let notes = if straddles { notes(pen, &probe) } else { Vec::new() };
    let unreached = (!straddles).then(|| {
        let (why, sure) = match proved {
            Some(never) => (of_never(never, pen.lang), true),
            None if probe.straddles() => (
                String::from(pen.lang.pick(
                    "found, but no value with a name rests on it that a case could expect",
                    "已找到，但没有可供案例预期的具名值",
                )),
                false,
            ),
            None => of_sides(pen, &probe),
        };
        Unreached {
            name: threshold.name.pick(pen.lang).clone(),
            span: threshold.span,
            why: why.into(),
            proved: sure,
        }
    });
    Section { cases, notes, unreached }
}

/// The cases of a threshold; none unless those found still lie on both sides of it when they are as small as they can be.
fn cases(pen: &Pen<'_>, names: &Names, threshold: &Threshold, probe: &Probe) -> Vec<CaseItem> {
    let plan = pen.bench.plan;
    let Way { left, right, .. } = probe.way;
    let value = plan.items.get(threshold.item).map(|item| item.value);
    let customers: Vec<Customer> = probe.found().map(|(_, found)| found.customer.clone()).collect();
    let is_fact = matches!(plan.steps.get(left).map(|step| &step.op), Some(Op::Fact(_) | Op::Field(..)));
    let own = (!is_fact).then_some(left);
    let mut tries: Vec<Vec<StepId>> = Vec::new();
    tries.extend(value.map(|value| own.into_iter().chain([value]).collect()));
    tries.extend(own.map(|own| vec![own]));
    tries.extend(names.behind(plan, left, None).into_iter().map(|step| vec![step]));
    tries.extend(names.behind(plan, right, None).into_iter().map(|step| vec![step]));
    for steps in tries {
        let mut kept = vec![left, right];
        kept.extend(value);
        kept.extend(&steps);
        let small = least(pen.bench, &customers, &kept);
        for customers in [&small, &customers] {
            let mut made = Vec::new();
            for ((side, found), customer) in probe.found().zip(customers) {
                let name = title(pen, threshold, probe.way, side, &found.left);
                let Some((customer, case)) = case(pen.bench, names, customer, name, &steps) else { break };
                let mut oracle = Oracle::new(pen.bench, &[left, right]);
                oracle.ask(&customer);
                if oracle.value(left, 0) != found.left || oracle.value(right, 0) != found.right {
                    break;
                }
                made.push(case);
            }
            if made.len() == customers.len() {
                return made;
            }
        }
    }
    Vec::new()
}

/// `risk class, CA2: score ≥ 61: just below, 60.99`
fn title(pen: &Pen<'_>, threshold: &Threshold, way: Way, side: i8, value: &Value) -> Str {
    let name = threshold.name.pick(pen.lang);
    let mut short: String = name.to_string();
    if short.chars().count() > 120 {
        short = short.chars().take(119).chain(['…']).collect();
    }
    let shown = figure_text(pen, way.left, value);
    let text = match (side, pen.lang) {
        (-1, Lang::En) => format!("{short}: just below, {shown}"),
        (0, Lang::En) => format!("{short}: at it, {shown}"),
        (_, Lang::En) => format!("{short}: just above, {shown}"),
        (-1, Lang::Zh) => format!("{short}：刚好低于，{shown}"),
        (0, Lang::Zh) => format!("{short}：正好，{shown}"),
        (_, Lang::Zh) => format!("{short}：刚好高于，{shown}"),
    };
    text.into()
}

/// A value as people read it; a place in an order by its grade.
fn figure_text(pen: &Pen<'_>, step: StepId, value: &Value) -> String {
    let plan = pen.bench.plan;
    let Some(it) = plan.steps.get(step) else { return String::new() };
    if let (Op::Rank(_, kind), Value::Number(place)) = (&it.op, value) {
        let code = place.to_i64().and_then(|place| u32::try_from(place).ok());
        let member = code.and_then(|code| plan.schema.enums.get(*kind)?.member(code));
        if let Some(member) = member {
            return member.name.to_string();
        }
    }
    let how = Show { approximate: Some(SHOWN), ..Show::new(pen.lang) };
    show(value, &it.ty, &plan.schema.enums, &how)
}

/// Why the very threshold, or a side of it, has no customer.
fn notes(pen: &Pen<'_>, probe: &Probe) -> Vec<String> {
    let sides: [(&Side, &str, &str); 3] = [
        (&probe.below, "just below", "刚好低于"),
        (&probe.at, "at it", "正好"),
        (&probe.above, "just above", "刚好高于"),
    ];
    let missing = sides.into_iter().filter_map(|(side, en, zh)| Some((side.as_ref().err()?, en, zh)));
    missing
        .map(|(why, en, zh)| match pen.lang {
            Lang::En => format!("{en}: {}", of_why(pen, probe.way, why)),
            Lang::Zh => format!("{zh}：{}", of_why(pen, probe.way, why)),
        })
        .collect()
}

fn of_sides(pen: &Pen<'_>, probe: &Probe) -> (String, bool) {
    let sides = [&probe.below, &probe.at, &probe.above];
    let whys: Vec<&Why> = sides.into_iter().filter_map(|side| side.as_ref().err()).collect();
    let proof = whys.iter().find(|why| matches!(why, Why::Range(..)));
    match proof.or(whys.first()) {
        Some(why) => (of_why(pen, probe.way, why), matches!(why, Why::Range(..))),
        None => (String::new(), false),
    }
}

fn of_why(pen: &Pen<'_>, way: Way, why: &Why) -> String {
    let plan = pen.bench.plan;
    match (why, pen.lang) {
        (Why::Range(least, most), lang) => range_text(pen, way.left, least, most, lang),
        (Why::Decimals(0), Lang::En) => String::from("no customer, the value is always whole"),
        (Why::Decimals(0), Lang::Zh) => String::from("无此客户，取值总为整数"),
        (Why::Decimals(1), Lang::En) => String::from("no customer, the value has 1 decimal at most"),
        (Why::Decimals(decimals), Lang::En) => {
            format!("no customer, the value has {decimals} decimals at most")
        }
        (Why::Decimals(decimals), Lang::Zh) => format!("无此客户，取值最多 {decimals} 位小数"),
        (Why::Steps(place, low, high), lang) => {
            let (low, high) = (figure_text(pen, way.left, low), figure_text(pen, way.left, high));
            let place = place_text(plan, *place, lang);
            match lang {
                Lang::En => {
                    format!("none found: with the smallest step of {place} it goes from {low} to {high}")
                }
                Lang::Zh => format!("未找到：{place}变动最小一步时，取值由 {low} 变为 {high}"),
            }
        }
        (Why::NotFound(tries), Lang::En) => format!("not found among {tries} customers, which is no proof"),
        (Why::NotFound(tries), Lang::Zh) => format!("试过 {tries} 个客户未找到（并非证明）"),
    }
}

fn range_text(pen: &Pen<'_>, step: StepId, least: &Number, most: &Number, lang: Lang) -> String {
    let is_day = pen.bench.plan.steps.get(step).is_some_and(|step| step.ty == Type::Date);
    let day = |number: &Number| Some(Value::Date(Date(i32::try_from(number.to_i64()?).ok()?)));
    let text = |number: &Number| {
        let value = day(number).filter(|_| is_day).unwrap_or_else(|| Value::Number(number.clone()));
        figure_text(pen, step, &value)
    };
    let (least, most) = (text(least), text(most));
    match lang {
        Lang::En => format!("no customer, it is proved: the value always lies between {least} and {most}"),
        Lang::Zh => format!("已证明无此客户：取值总在 {least} 与 {most} 之间"),
    }
}

fn of_never(never: &Never, lang: Lang) -> String {
    match (never, lang) {
        (Never::Range(_, least, most), Lang::En) => {
            format!("no customer, it is proved: the value always lies between {least} and {most}")
        }
        (Never::Range(_, least, most), Lang::Zh) => {
            format!("已证明无此客户：取值总在 {least} 与 {most} 之间")
        }
        (Never::Constant(_) | Never::Known(_) | Never::Excluded(..), Lang::En) => {
            String::from("no customer, it is proved: it always comes out the same")
        }
        (Never::Constant(_) | Never::Known(_) | Never::Excluded(..), Lang::Zh) => {
            String::from("已证明无此客户：结果恒定")
        }
    }
}

/// What people call a place: the fact, the field of a list.
fn place_text(plan: &Plan, place: Place, lang: Lang) -> String {
    let quotes = |label: &str| match lang {
        Lang::En => format!("`{label}`"),
        Lang::Zh => format!("“{label}”"),
    };
    match (place, field_of(plan, place)) {
        (Place::Value(step), _) => {
            let name = plan.names.iter().find(|(_, named)| **named == step).map_or("?", |(name, _)| name);
            quotes(name)
        }
        (Place::Element(fact, _) | Place::Items(fact), _) => {
            quotes(plan.schema.fields.get(fact).map_or("?", |field| field.label.pick(lang)))
        }
        (Place::Day, _) => String::from(lang.pick("the day", "日期")),
        (_, Some(field)) => quotes(field.label.pick(lang)),
        (Place::Fact(_) | Place::Cell(..), None) => quotes("?"),
    }
}
