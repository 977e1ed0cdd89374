//! The items of a list in the order of their keys: running sums, the last one.

use std::cmp::Ordering;

use super::ops::{self, Computed};
use crate::plan::StepId;
use crate::value::{Cause, Number, Value};

/// The keys of an item, or why its place is not known.
fn keys_of<'v>(
    item: usize,
    keys: &[StepId],
    read: &impl Fn(usize, StepId) -> &'v Value,
) -> Result<Vec<&'v Value>, Cause> {
    let known = |key: &StepId| match read(item, *key) {
        Value::Unknown(cause) => Err(*cause),
        known => Ok(known),
    };
    keys.iter().map(known).collect()
}

/// How two items lie to each other. Keys end in the list's own, so that two items never lie alike.
fn order(left: &[&Value], right: &[&Value]) -> Ordering {
    let unequal = |(left, right): (&&Value, &&Value)| {
        let order = left.key_order(right).unwrap_or(Ordering::Equal);
        (order != Ordering::Equal).then_some(order)
    };
    left.iter().zip(right).find_map(unequal).unwrap_or(Ordering::Equal)
}

/// The running sums of the items, each in its own place. An item whose place is not known could stand before any other.
pub(super) fn running<'v>(
    items: usize,
    of: impl Fn(usize) -> &'v Value,
    keys: &[StepId],
    read: impl Fn(usize, StepId) -> &'v Value,
    sums: &mut [Value],
) {
    let mut places = Vec::with_capacity(items);
    for item in 0..items {
        match keys_of(item, keys, &read) {
            Ok(keys) => places.push((keys, item)),
            Err(cause) => {
                sums.fill(Value::Unknown(cause));
                return;
            }
        }
    }
    places.sort_by(|(left, _), (right, _)| order(left, right));
    let mut sum = Ok(Number::ZERO);
    for (_, item) in places {
        sum = sum.and_then(|sum| Ok(sum.add(ops::number(of(item), u32::MAX)?)));
        if let Some(place) = sums.get_mut(item) {
            *place = sum.clone().map_or_else(Value::Unknown, Value::Number);
        }
    }
}

/// The value of the last item that counts. An item of which it is not known whether it counts, and one that counts but
/// whose place is not known, could stand behind every other.
pub(super) fn latest<'v>(
    items: usize,
    of: StepId,
    keys: &[StepId],
    filter: Option<StepId>,
    read: impl Fn(usize, StepId) -> &'v Value,
    at: u32,
) -> Computed {
    let mut last: Option<(Vec<&Value>, Result<usize, Cause>)> = None;
    for item in 0..items {
        let counts = match filter.map(|filter| ops::truth(read(item, filter), at)) {
            Some(Ok(false)) => continue,
            Some(Ok(true)) | None => Ok(item),
            Some(Err(cause)) => Err(cause),
        };
        let own = keys_of(item, keys, &read)?;
        if last.as_ref().is_none_or(|(other, _)| order(&own, other) == Ordering::Greater) {
            last = Some((own, counts));
        }
    }
    let (_, item) = last.ok_or(Cause::NotComputable(at))?;
    match read(item?, of) {
        Value::Unknown(cause) => Err(*cause),
        known => Ok(known.clone()),
    }
}
