//! Order checks: for each item, what every hold is, how far it is from its bound, what cures it and who may release it.

use std::collections::BTreeSet;

use super::condition::line;
use super::sources::Reader;
use super::{Figure, RuleLine};
use crate::base::Str;
use crate::plan::{
    CellPattern, CheckItem, ChecksItem, Compare, HoldStatus, Item, ItemKind, Label, MeasureItem, Op, Signers,
    StepId,
};
use crate::value::{Date, FieldId, Number, Type, Value};

/// Order checks, for the customer or for each item.
#[derive(Clone, Debug)]
pub struct ChecksStory {
    /// The name.
    pub name: Str,
    /// The label.
    pub label: Label,
    /// The items; one without a key for checks on the customer.
    pub items: Vec<CheckedItem>,
}

/// An item with its holds.
#[derive(Clone, Debug)]
pub struct CheckedItem {
    /// Its key.
    pub key: Option<Figure>,
    /// What the checks come to.
    pub verdict: Figure,
    /// The worst hold that stands.
    pub worst: Option<Figure>,
    /// The holds, the gravest first.
    pub holds: Vec<HoldLine>,
    /// What keeps holds from standing.
    pub exclusions: Vec<RuleLine>,
}

/// A hold.
#[derive(Clone, Debug)]
pub struct HoldLine {
    /// The name.
    pub name: Str,
    /// The label.
    pub label: Label,
    /// What it is.
    pub status: Figure,
    /// The same; none where it is not known.
    pub is: Option<HoldStatus>,
    /// Since when.
    pub since: Figure,
    /// The day up to which it is released.
    pub until: Option<Figure>,
    /// Its rule.
    pub rule: RuleLine,
    /// What it compares.
    pub measures: Vec<MeasureLine>,
    /// Who may release it.
    pub release: Signers,
    /// For how much a release must be; none where it needs no amount.
    pub amount: Option<Figure>,
    /// For how many days a release lasts.
    pub at_most: Option<Figure>,
    /// Who must sign after the cure.
    pub after_cure: Option<Signers>,
    /// The plain facts that would exclude it, of which the customer may know: the order is paid before it leaves.
    pub instead: Vec<StepId>,
    /// The day on which it no longer stands of itself, where it rests on how long ago something was.
    pub ends: Option<Figure>,
    /// The row of the authority by which it is released: its address, its keys, what it asks of each.
    pub row: Option<(Str, Vec<GrantKey>)>,
}

/// A key of the row of an authority by which a hold is released.
#[derive(Clone, Debug)]
pub struct GrantKey {
    /// The key; none for the amount that is released.
    pub step: Option<StepId>,
    /// What it is.
    pub value: Figure,
    /// What the row asks of it.
    pub cell: CellPattern,
}

/// A comparison of a hold.
#[derive(Clone, Debug)]
pub struct MeasureLine {
    /// The step of what is measured.
    pub step: StepId,
    /// What it is.
    pub value: Figure,
    /// The step of what it is held against.
    pub threshold_step: StepId,
    /// What that is.
    pub threshold: Figure,
    /// How the two are compared.
    pub how: Compare,
    /// By how much the value has passed the threshold; negative where it has not.
    pub excess: Figure,
    /// By how much it may.
    pub tolerance: Option<Figure>,
    /// By how much it has to go back so that the hold no longer stands; none where it is within its bound.
    pub cure: Option<Figure>,
}

impl MeasureLine {
    /// Whether the value has passed the threshold, and the tolerance.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.cure.is_some()
    }
}

/// The story of checks.
pub(super) fn story(reader: &Reader<'_>, item: &Item, checks: &ChecksItem) -> ChecksStory {
    let items = match checks.list {
        None => one(reader, checks, None).into_iter().collect(),
        Some(list) => {
            let records = reader.facts.records(list);
            let count = records.map_or(0, |records| records.items);
            (0..count)
                .filter_map(|place| {
                    let key = checks.item_key.and_then(|field| {
                        let value = records?.columns.get(field as usize)?.get(place)?.clone();
                        Some(Figure { value, ty: Type::Text })
                    });
                    one(&reader.at_item(place), checks, key)
                })
                .collect()
        }
    };
    ChecksStory { name: item.name.clone(), label: item.label.clone(), items }
}

fn one(reader: &Reader<'_>, checks: &ChecksItem, key: Option<Figure>) -> Option<CheckedItem> {
    let worst = reader.figure(checks.worst);
    let mut holds = Vec::new();
    for (place, hold) in checks.holds.iter().enumerate() {
        holds.push((gravity(reader, hold), self::hold(reader, checks, place, hold)?));
    }
    // The order written breaks ties.
    holds.sort_by_key(|(gravity, _)| *gravity);
    Some(CheckedItem {
        key,
        verdict: reader.figure(checks.verdict),
        worst: worst.value.is_known().then_some(worst),
        holds: holds.into_iter().map(|(_, hold)| hold).collect(),
        exclusions: checks.exclusions.iter().filter_map(|(rule, _)| line(reader, *rule)).collect(),
    })
}

fn status(reader: &Reader<'_>, hold: &CheckItem) -> Option<HoldStatus> {
    match reader.value(hold.status) {
        Value::Code(code) => HoldStatus::of(code),
        _ => None,
    }
}

/// The gravest first: what nobody may release, what somebody may, what waits for a signature, what is released, what is within
/// its tolerance, what is excluded, what is cured.
fn gravity(reader: &Reader<'_>, hold: &CheckItem) -> u8 {
    match status(reader, hold) {
        _ if reader.holds(hold.blocks) == Some(true) => 0,
        None => 1,
        Some(HoldStatus::New | HoldStatus::Standing) => 2,
        Some(HoldStatus::Awaiting) => 3,
        Some(HoldStatus::Released) => 4,
        Some(HoldStatus::WithinTolerance) => 5,
        Some(HoldStatus::Excluded) => 6,
        Some(HoldStatus::Cured) => 7,
        Some(HoldStatus::NotStanding) => 8,
    }
}

fn hold(reader: &Reader<'_>, checks: &ChecksItem, place: usize, hold: &CheckItem) -> Option<HoldLine> {
    let until = reader.figure(hold.until);
    let place = u32::try_from(place).unwrap_or(u32::MAX);
    let own = checks.exclusions.iter().filter(|(_, except)| !except.contains(&place));
    let instead = own.filter_map(|(rule, _)| {
        let rule = reader.plan.rules.get(*rule).filter(|rule| !rule.reason.internal)?;
        rule.condition
            .filter(|condition| is_fact(reader, *condition) && reader.holds(*condition) == Some(false))
    });
    Some(HoldLine {
        name: hold.name.clone(),
        label: hold.label.clone(),
        status: reader.figure(hold.status),
        is: status(reader, hold),
        since: reader.figure(hold.since),
        until: until.value.is_known().then_some(until),
        rule: line(reader, hold.rule)?,
        measures: hold.measures.iter().map(|measure| self::measure(reader, measure)).collect(),
        release: hold
            .releaser(&hold.granted.as_ref().map_or(Value::Bool(false), |(step, _)| reader.value(*step)))
            .clone(),
        amount: hold.amount.map(|amount| reader.figure(amount)),
        at_most: hold.at_most.map(|days| reader.figure(days)),
        after_cure: hold.after_cure.clone(),
        instead: instead.collect(),
        ends: reader.plan.rules.get(hold.rule).and_then(|rule| ends(reader, rule.condition?)),
        row: hold.granted.as_ref().zip(hold.amount).and_then(|((granted, _), of)| row(reader, *granted, of)),
    })
}

/// Whether a condition is a fact of yes or no.
fn is_fact(reader: &Reader<'_>, condition: StepId) -> bool {
    match reader.plan.steps.get(condition).map(|it| &it.op) {
        Some(Op::Fact(_) | Op::Field(..)) => true,
        Some(Op::Same(of)) => is_fact(reader, *of),
        Some(Op::IfUnknown(of, _)) => is_fact(reader, *of),
        _ => false,
    }
}

/// The day on which a condition no longer holds that asks how long ago something was: `changed on ≥ today − 180 days`. Of several
/// of which one is enough, the last of their days.
fn ends(reader: &Reader<'_>, condition: StepId) -> Option<Figure> {
    let last = match &reader.plan.steps.get(condition)?.op {
        Op::Same(of) | Op::IfUnknown(of, _) => return ends(reader, *of),
        Op::Or(parts) => {
            let standing = parts.iter().filter(|part| reader.holds(**part) == Some(true));
            let days: Option<Vec<Date>> = standing.map(|part| passed(reader, *part)).collect();
            days?.into_iter().max()?
        }
        _ => passed(reader, condition).filter(|_| reader.holds(condition) == Some(true))?,
    };
    Some(Figure { value: Value::Date(last), ty: Type::Date })
}

/// The first day on which a day lies too far back.
fn passed(reader: &Reader<'_>, comparison: StepId) -> Option<Date> {
    let op = |step: StepId| reader.plan.steps.get(step).map(|it| &it.op);
    let (how, day, bound) = match op(comparison)? {
        Op::Same(of) | Op::IfUnknown(of, _) => return passed(reader, *of),
        Op::Compare(how, day, bound) => (*how, *day, *bound),
        _ => return None,
    };
    let (Op::AddDays(from, _), Value::Date(day), Value::Date(since)) =
        (op(bound)?, reader.value(day), reader.value(bound))
    else {
        return None;
    };
    let Value::Date(today) = reader.value(*from) else { return None };
    let more = match how {
        Compare::GreaterOrEqual => 1,
        Compare::Greater => 0,
        Compare::Less | Compare::LessOrEqual => return None,
    };
    matches!(op(*from)?, Op::Today).then(|| day.add_days(since.days_until(today).checked_add(more)?))?
}

/// The row of the authority that the run took for so much.
fn row(reader: &Reader<'_>, granted: StepId, amount: StepId) -> Option<(Str, Vec<GrantKey>)> {
    let (taken, rows) = chosen(reader, granted)?;
    let ty = &reader.plan.steps.get(granted)?.ty;
    let it = reader.plan.items.iter().find_map(|item| match &item.kind {
        ItemKind::Authority(it) => {
            let own = reader.plan.steps.get(it.needed).is_some_and(|step| step.ty == *ty);
            (own && it.table.rows.len() == rows).then_some(it)
        }
        _ => None,
    })?;
    let row = it.table.rows.get(taken)?;
    let keys = it.table.keys.iter().zip(&row.cells).map(|(key, cell)| {
        let of_amount = same(reader, *key) == same(reader, it.value);
        GrantKey {
            step: (!of_amount).then_some(*key),
            value: reader.figure(if of_amount { amount } else { *key }),
            cell: cell.pattern.clone(),
        }
    });
    Some((reader.plan.rules.get(row.rule)?.address.clone(), keys.collect()))
}

/// Which row the run took where a table is asked for another amount, and how many it has.
fn chosen(reader: &Reader<'_>, step: StepId) -> Option<(usize, usize)> {
    match &reader.plan.steps.get(step)?.op {
        Op::Same(of) | Op::IfUnknown(of, _) => chosen(reader, *of),
        Op::Choose(place, of) => match reader.value(*place) {
            Value::Code(taken) => Some((taken as usize, of.len())),
            _ => None,
        },
        _ => None,
    }
}

/// The step that a value is handed on from.
fn same(reader: &Reader<'_>, step: StepId) -> StepId {
    match reader.plan.steps.get(step).map(|it| &it.op) {
        Some(Op::Same(of)) => same(reader, *of),
        _ => step,
    }
}

fn measure(reader: &Reader<'_>, measure: &MeasureItem) -> MeasureLine {
    let excess = reader.figure(measure.excess);
    let tolerance = measure.tolerance.map(|tolerance| reader.figure(tolerance));
    let least = tolerance.as_ref().map_or(Some(Number::ZERO), |it| it.value.as_number().cloned());
    let strict = matches!(measure.how, Compare::Greater | Compare::Less) || tolerance.is_some();
    let cure = excess.value.as_number().zip(least).and_then(|(excess, least)| {
        let passed = if strict { *excess > least } else { *excess >= least };
        passed.then(|| excess.sub(&least))
    });
    // Who pays what is old lowers all that is owed, too: where both rest on the same items the distance is none that cures.
    let (own, bound) = (lists(reader, measure.value), lists(reader, measure.threshold));
    let cure = cure.filter(|_| own.is_disjoint(&bound));
    MeasureLine {
        step: measure.value,
        value: reader.figure(measure.value),
        threshold_step: measure.threshold,
        threshold: reader.figure(measure.threshold),
        how: measure.how,
        cure: cure.map(|by| Figure { value: Value::Number(by), ty: excess.ty.clone() }),
        excess,
        tolerance,
    }
}

/// The lists that a value is summed up from, not looking into what is decided of it: a limit stands by itself.
fn lists(reader: &Reader<'_>, step: StepId) -> BTreeSet<FieldId> {
    let decided = |step: StepId| {
        reader
            .plan
            .items
            .iter()
            .any(|item| item.value == step && !matches!(item.kind, ItemKind::Let | ItemKind::Total(_)))
    };
    let (mut found, mut seen, mut waiting) = (BTreeSet::new(), BTreeSet::new(), vec![step]);
    while let Some(step) = waiting.pop() {
        if decided(step) || !seen.insert(step) {
            continue;
        }
        let Some(it) = reader.plan.steps.get(step) else { continue };
        if let Op::Aggregate { list, .. } = &it.op {
            found.insert(*list);
        }
        it.op.each_operand(|operand| waiting.push(operand));
    }
    found
}

/// The rules of the holds and exclusions of an item.
pub(super) fn rules(item: &CheckedItem) -> impl Iterator<Item = &RuleLine> {
    item.holds.iter().map(|hold| &hold.rule).chain(&item.exclusions)
}
