//! Order checks: for each item, what every hold is, how far it is from its bound, what cures it and who may release it.

use super::condition::line;
use super::sources::Reader;
use super::{Figure, RuleLine};
use crate::base::Str;
use crate::plan::{CheckItem, ChecksItem, Compare, HoldStatus, Item, Label, MeasureItem, Signers, StepId};
use crate::value::{Number, Type, Value};

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
    for hold in &checks.holds {
        holds.push((gravity(reader, hold), self::hold(reader, hold)?));
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

fn hold(reader: &Reader<'_>, hold: &CheckItem) -> Option<HoldLine> {
    let until = reader.figure(hold.until);
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
    })
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

/// The rules of the holds and exclusions of an item.
pub(super) fn rules(item: &CheckedItem) -> impl Iterator<Item = &RuleLine> {
    item.holds.iter().map(|hold| &hold.rule).chain(&item.exclusions)
}
