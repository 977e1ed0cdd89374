//! Totals line by line, layers from the top, allocations item by item.

use std::cmp::Ordering;

use super::condition::line;
use super::reason::{Reason, reason};
use super::sources::Reader;
use super::{Figure, RuleLine, Unknowing};
use crate::base::Str;
use crate::plan::{AllocationItem, Item, Label, LimitItem, Scope, StepId, TotalItem};
use crate::value::{Date, FieldType, Rounding, Value};

/// A total, of the customer or of each item.
#[derive(Clone, Debug)]
pub struct TotalStory {
    /// The name.
    pub name: Str,
    /// The label.
    pub label: Label,
    /// One for the customer; one an item, with its key, for a total of items.
    pub sums: Vec<TotalSum>,
}

/// One sum.
#[derive(Clone, Debug)]
pub struct TotalSum {
    /// The key of the item.
    pub key: Option<Figure>,
    /// The lines in order.
    pub lines: Vec<TotalLine>,
    /// What the lines come to.
    pub sum: Figure,
    /// What it is not below, why, and whether that was needed.
    pub floor: Option<(Figure, Reason, bool)>,
    /// The sum before it was rounded, and how.
    pub rounding: Option<(Figure, Rounding)>,
    /// The total.
    pub value: Figure,
    /// Why it is unknown.
    pub because: Option<Unknowing>,
}

/// A line of a total.
#[derive(Clone, Debug)]
pub struct TotalLine {
    /// It is taken off.
    pub minus: bool,
    /// The name.
    pub name: Str,
    /// The label.
    pub label: Label,
    /// The step of what it comes to by itself.
    pub step: StepId,
    /// What it comes to by itself.
    pub raw: Figure,
    /// What it is capped at, the step of that, and whether the cap bites.
    pub at_most: Option<(StepId, Figure, bool)>,
    /// The label of the earlier line that it is capped at.
    pub beside: Option<Label>,
    /// What it comes to.
    pub value: Figure,
    /// It was left out because it is unknown.
    pub left_out: bool,
    /// Why it is unknown.
    pub because: Option<Unknowing>,
    /// Its reason.
    pub reason: Reason,
}

/// A layer of a limit.
#[derive(Clone, Debug)]
pub struct LayerLine {
    /// The name.
    pub name: Str,
    /// The label.
    pub label: Label,
    /// The step of what the security is worth.
    pub step: StepId,
    /// What the security is worth.
    pub worth: Figure,
    /// The part taken off.
    pub haircut: Option<Figure>,
    /// The last day on which it is good, and whether that has passed.
    pub valid_until: Option<(Figure, bool)>,
    /// Whether it has a condition of its own beside that.
    pub guarded: bool,
    /// What is left of its worth.
    pub lendable: Figure,
    /// When it counts.
    pub rule: RuleLine,
    /// How great a part it may be, how much that is, and whether it bites.
    pub share: Option<(Figure, Figure, bool)>,
    /// What the layers above left of the amount, and whether that bites.
    pub left: Option<(Figure, bool)>,
    /// What it bears.
    pub bears: Figure,
    /// Why that is unknown.
    pub because: Option<Unknowing>,
}

/// An allocation.
#[derive(Clone, Debug)]
pub struct AllocationStory {
    /// The name of what each item gets.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What is allocated.
    pub amount: Figure,
    /// The step of it.
    pub amount_step: StepId,
    /// The steps of the keys of the order.
    pub keys: Vec<StepId>,
    /// The items in the order in which they are served.
    pub items: Vec<AllocationLine>,
}

/// An item that is served.
#[derive(Clone, Debug)]
pub struct AllocationLine {
    /// Its key.
    pub key: Option<Figure>,
    /// The keys of the order.
    pub order: Vec<Figure>,
    /// What it could take.
    pub up_to: Figure,
    /// What was left for it.
    pub left: Figure,
    /// What it got.
    pub applied: Figure,
    /// Why that is unknown.
    pub because: Option<Unknowing>,
}

/// What is told of a construct: once for the customer, or once an item, with its key.
fn each<T>(reader: &Reader<'_>, item: &Item, tell: impl Fn(&Reader<'_>, Option<Figure>) -> T) -> Vec<T> {
    match item.scope {
        Scope::Customer => vec![tell(reader, None)],
        Scope::Items(list) => {
            let count = reader.facts.records(list).map_or(0, |records| records.items);
            (0..count).map(|place| tell(&reader.at_item(place), key(reader, list, place))).collect()
        }
    }
}

/// The key of an item of a list.
fn key(reader: &Reader<'_>, list: crate::value::FieldId, place: usize) -> Option<Figure> {
    let FieldType::Records(fields) = &reader.plan.schema.fields.get(list)?.ty else { return None };
    let field = fields.iter().position(|field| field.key)?;
    let value = reader.facts.records(list)?.columns.get(field)?.get(place)?.clone();
    Some(Figure { value, ty: fields.get(field)?.ty.ty(list.0) })
}

/// The story of a total.
pub(super) fn total(reader: &Reader<'_>, item: &Item, total: &TotalItem) -> TotalStory {
    let sums = each(reader, item, |reader, key| sum(reader, item, total, key));
    TotalStory { name: item.name.clone(), label: item.label.clone(), sums }
}

fn sum(reader: &Reader<'_>, item: &Item, total: &TotalItem, key: Option<Figure>) -> TotalSum {
    let lines = total.lines.iter().map(|line| {
        let (raw, value) = (reader.figure(line.raw), reader.figure(line.value));
        let reason = reader.plan.rules.get(line.rule).map(|rule| reason(reader, &rule.reason));
        TotalLine {
            minus: line.minus,
            name: line.name.clone(),
            label: line.label.clone(),
            step: line.raw,
            at_most: line.at_most.map(|(step, most)| {
                let most = reader.figure(most);
                let bites =
                    matches!((&raw.value, &most.value), (Value::Number(a), Value::Number(b)) if a > b);
                (step, most, bites)
            }),
            beside: line.beside.and_then(|place| total.lines.get(place as usize)).map(|it| it.label.clone()),
            left_out: line.skip_unknown && !value.value.is_known(),
            because: reader.because(&value.value),
            raw,
            value,
            reason: reason.unwrap_or_default(),
        }
    });
    let value = reader.figure(item.value);
    TotalSum {
        key,
        lines: lines.collect(),
        sum: reader.figure(total.sum),
        floor: total.floor.map(|(least, rule)| {
            let reason = reader.plan.rules.get(rule).map(|rule| reason(reader, &rule.reason));
            let bites = reader.value(total.sum) != reader.value(total.floored);
            (reader.figure(least), reason.unwrap_or_default(), bites)
        }),
        rounding: item.rounding.as_ref().map(|(before, how)| (reader.figure(*before), how.clone())),
        because: reader.because(&value.value),
        value,
    }
}

/// The layers of a limit.
pub(super) fn layers(reader: &Reader<'_>, limit: &LimitItem, today: Date) -> Vec<LayerLine> {
    let over = |a: &Value, b: &Value| matches!((a, b), (Value::Number(a), Value::Number(b)) if a > b);
    let layers = limit.layers.iter().filter_map(|layer| {
        let mut rule = line(reader, layer.rule)?;
        // That it is still valid is told by its last day.
        rule.comparisons.retain(|it| Some(it.step) != layer.valid_until);
        let counts = rule.standing.takes_effect();
        let (lendable, bears) = (reader.figure(layer.lendable), reader.figure(layer.bears));
        let bites = |most: &Figure| counts && over(&lendable.value, &most.value) && bears.value == most.value;
        Some(LayerLine {
            name: layer.name.clone(),
            label: layer.label.clone(),
            step: layer.worth,
            worth: reader.figure(layer.worth),
            haircut: layer.haircut.map(|step| reader.figure(step)),
            valid_until: layer.valid_until.map(|step| {
                let last = reader.figure(step);
                let passed = matches!(&last.value, Value::Date(last) if *last < today);
                (last, passed)
            }),
            guarded: layer.guarded,
            share: layer.share.map(|(share, most)| {
                let most = reader.figure(most);
                let bites = bites(&most);
                (reader.figure(share), most, bites)
            }),
            left: layer.left.map(|left| {
                let left = reader.figure(left);
                let bites = bites(&left);
                (left, bites)
            }),
            because: reader.because(&bears.value),
            rule,
            lendable,
            bears,
        })
    });
    layers.collect()
}

/// The story of an allocation.
pub(super) fn allocation(reader: &Reader<'_>, item: &Item, it: &AllocationItem) -> AllocationStory {
    let mut items = each(reader, item, |reader, key| {
        let applied = reader.figure(item.value);
        AllocationLine {
            key,
            order: it.keys.iter().map(|step| reader.figure(*step)).collect(),
            up_to: reader.figure(it.up_to),
            left: reader.figure(it.left),
            because: reader.because(&applied.value),
            applied,
        }
    });
    items.sort_by(|a, b| {
        let unequal = |(a, b): (&Figure, &Figure)| {
            let order = rank(&a.value, &b.value);
            (order != Ordering::Equal).then_some(order)
        };
        a.order.iter().zip(&b.order).find_map(unequal).unwrap_or(Ordering::Equal)
    });
    AllocationStory {
        name: item.name.clone(),
        label: item.label.clone(),
        amount: reader.figure(it.amount),
        amount_step: it.amount,
        keys: it.keys.clone(),
        items,
    }
}

fn rank(a: &Value, b: &Value) -> Ordering {
    // What is unknown stands last; nothing rests on it.
    a.key_order(b).unwrap_or_else(|| b.is_known().cmp(&a.is_known()))
}
