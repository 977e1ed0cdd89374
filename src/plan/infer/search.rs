//! Whether a search through conditions can end without an answer: at one that is unknown, or past the last.
//!
//! The values that the conditions look at are cut at every bound that they mention; between two cuts all conditions answer
//! alike, so that trying one sample of each stretch, in all combinations, is a proof. What cannot be settled counts as open.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::super::{Op, StepId};
use super::unknown::Asked;
use crate::base::Str;
use crate::check::hir::Compare;
use crate::value::{Date, Number, Type, Value};

/// So many combinations are tried.
const MOST_COMBINATIONS: usize = 20_000;
/// So often a condition is asked.
const MOST_ASKED: usize = 10_000_000;

/// What conditions look at: a step, or how two compare.
type Key = (StepId, Option<StepId>);

/// One sample of a key.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Sample {
    Unknown,
    Known,
    Number(Number),
    Code(u32),
    Bool(bool),
    Text(Option<Str>),
    Order(Ordering),
}

/// What a condition says of a combination.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Truth {
    Yes,
    No,
    Unknown,
}

#[derive(Default)]
struct Keys {
    /// The cuts of numbers and days, the texts that are asked for.
    cuts: BTreeMap<Key, BTreeSet<Number>>,
    texts: BTreeMap<Key, BTreeSet<Str>>,
    /// How often each is asked, and whether ever the other way round.
    asked: BTreeMap<Key, (u32, bool)>,
}

/// Whether the search for the first condition that holds can fail.
pub(super) fn can_fail(asked: &mut Asked<'_, '_>, conditions: &[StepId]) -> bool {
    let always = |step: &StepId| matches!(asked.plan.op(*step), Some(Op::Const(Value::Bool(true))));
    let until = conditions.iter().position(always);
    let tried = conditions.get(..until.unwrap_or(conditions.len())).unwrap_or(conditions);
    if until.is_some() && !tried.iter().any(|step| asked.can_be(*step)) {
        return false;
    }
    let mut keys = Keys::default();
    for condition in tried {
        keys.collect(asked, *condition, false);
    }
    let mut samples: Vec<(Key, Vec<Sample>)> = Vec::new();
    for (key, (times, turned)) in &keys.asked {
        samples.push((*key, keys.samples(asked, *key, *times == 1 && !turned)));
    }
    let total = samples.iter().try_fold(1_usize, |total, (_, of)| total.checked_mul(of.len()));
    let asks = total.and_then(|total| total.checked_mul(tried.len()));
    if total.is_none_or(|total| total > MOST_COMBINATIONS) || asks.is_none_or(|asks| asks > MOST_ASKED) {
        return too_many(asked, tried);
    }
    let mut at = vec![0_usize; samples.len()];
    loop {
        let row: BTreeMap<Key, &Sample> =
            samples.iter().zip(&at).filter_map(|((key, of), at)| Some((*key, of.get(*at)?))).collect();
        if row.len() == samples.len() && fails(asked, tried, until.is_some(), &row) {
            return true;
        }
        // On to the next combination, the last key first.
        let mut turned_over = true;
        for ((_, of), at) in samples.iter().zip(at.iter_mut()).rev() {
            *at = at.saturating_add(1);
            if *at < of.len() {
                turned_over = false;
                break;
            }
            *at = 0;
        }
        if turned_over {
            return false;
        }
    }
}

/// Whether the search can fail where all that it asks is too much to try. A condition that is always known can only end it earlier:
/// the bands below those with many needs may then decide alone, by the score.
fn too_many(asked: &mut Asked<'_, '_>, tried: &[StepId]) -> bool {
    if tried.iter().any(|step| asked.can_be(*step)) {
        return true;
    }
    let keys_of = |asked: &mut Asked<'_, '_>, step: StepId| -> BTreeSet<Key> {
        let mut keys = Keys::default();
        keys.collect(asked, step, false);
        keys.asked.into_keys().collect()
    };
    let Some(last) = tried.last() else { return true };
    let enough = keys_of(asked, *last);
    let alone: Vec<StepId> =
        tried.iter().copied().filter(|step| keys_of(asked, *step).is_subset(&enough)).collect();
    alone.len() == tried.len() || can_fail(asked, &alone)
}

fn fails(asked: &Asked<'_, '_>, tried: &[StepId], caught: bool, row: &BTreeMap<Key, &Sample>) -> bool {
    for condition in tried {
        match truth(asked, *condition, row) {
            Truth::Yes => return false,
            Truth::Unknown => return true,
            Truth::No => {}
        }
    }
    !caught
}

/// A bound as a number: days count from the first one.
fn bound(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::Date(day) => Some(Number::from_i64(i64::from(day.0))),
        _ => None,
    }
}

impl Keys {
    fn note(&mut self, key: Key, turned: bool) {
        let entry = self.asked.entry(key).or_insert((0, false));
        entry.0 = entry.0.saturating_add(1);
        entry.1 |= turned;
    }

    fn collect(&mut self, asked: &mut Asked<'_, '_>, condition: StepId, turned: bool) {
        let plan = asked.plan;
        let constant = |step: StepId| match plan.op(step) {
            Some(Op::Const(value)) => Some(value),
            _ => None,
        };
        match plan.op(condition) {
            Some(Op::Const(_)) => {}
            Some(Op::And(of) | Op::Or(of)) => of.iter().for_each(|it| self.collect(asked, *it, turned)),
            Some(Op::Not(a)) => self.collect(asked, *a, !turned),
            Some(Op::IfUnknown(a, b)) => {
                self.collect(asked, *a, turned);
                self.collect(asked, *b, turned);
            }
            Some(Op::IsKnown(a)) => self.note((*a, None), true),
            Some(Op::OneOf(a, _)) => self.note((*a, None), true),
            Some(Op::Compare(_, a, b) | Op::Equal(a, b)) => match (constant(*a), constant(*b)) {
                (None, Some(value)) => self.against(asked, *a, value),
                (Some(value), None) => self.against(asked, *b, value),
                _ => {
                    self.note((*a, Some(*b)), true);
                    for one in [*a, *b] {
                        if asked.can_be(one) {
                            self.note((one, None), true);
                        }
                    }
                }
            },
            _ => self.note((condition, None), turned),
        }
    }

    /// A comparison with a constant.
    fn against(&mut self, asked: &Asked<'_, '_>, step: StepId, value: &Value) {
        if let Some(Op::Rank(of, _)) = asked.plan.op(step) {
            self.note((*of, None), true);
            return;
        }
        let key = (step, None);
        self.note(key, true);
        match value {
            Value::Text(text) => {
                self.texts.entry(key).or_default().insert(text.clone());
            }
            _ => self.cuts.entry(key).or_default().extend(bound(value)),
        }
    }

    /// The samples of a key. A yes or no that is asked once can only end the search earlier where it holds.
    fn samples(&self, asked: &mut Asked<'_, '_>, key: Key, once: bool) -> Vec<Sample> {
        if key.1.is_some() {
            return [Ordering::Less, Ordering::Equal, Ordering::Greater].map(Sample::Order).to_vec();
        }
        let step = asked.plan.step(key.0);
        let mut samples = match step.map(|it| &it.ty) {
            Some(Type::YesNo) if once => vec![Sample::Bool(false)],
            Some(Type::YesNo) => vec![Sample::Bool(false), Sample::Bool(true)],
            Some(Type::Enum(kind)) => match asked.plan.program.schema.enums.get(*kind) {
                Some(kind) => (0..kind.members.len())
                    .filter_map(|it| u32::try_from(it).ok())
                    .map(Sample::Code)
                    .collect(),
                None => vec![Sample::Known],
            },
            Some(Type::Number(_) | Type::Date) if self.cuts.contains_key(&key) => self.numbers(asked, key),
            Some(Type::Text) => {
                let texts = self.texts.get(&key).into_iter().flatten().cloned().map(Some);
                texts.chain([None]).map(Sample::Text).collect()
            }
            Some(_) | None => vec![Sample::Known],
        };
        if asked.can_be(key.0) {
            samples.push(Sample::Unknown);
        }
        samples
    }

    /// One number of each stretch: the cuts, the ends, and between two neighbours one that the decimals allow.
    fn numbers(&self, asked: &Asked<'_, '_>, key: Key) -> Vec<Sample> {
        let Some(step) = asked.plan.step(key.0) else { return Vec::new() };
        let mut cuts = self.cuts.get(&key).cloned().unwrap_or_default();
        let (range, decimals) = match step.ty {
            Type::Date => {
                let ends =
                    (Number::from_i64(i64::from(Date::MIN.0)), Number::from_i64(i64::from(Date::MAX.0)));
                (Some(ends), Some(0))
            }
            _ => (step.bounds.range.clone(), step.bounds.decimals),
        };
        let (least, most) = match (range, cuts.first(), cuts.last()) {
            (Some(range), _, _) => range,
            (None, Some(first), Some(last)) => (first.sub(&Number::ONE), last.add(&Number::ONE)),
            (None, _, _) => (Number::ZERO, Number::ZERO),
        };
        cuts.retain(|cut| least <= *cut && *cut <= most);
        cuts.insert(least);
        cuts.insert(most);
        let fine = decimals.and_then(|decimals| Number::ONE.div(&Number::power_of_ten(decimals)));
        let cuts: Vec<Number> = cuts.into_iter().collect();
        let half = Number::ratio(1, 2).unwrap_or(Number::ZERO);
        let mut samples = Vec::new();
        for (place, cut) in cuts.iter().enumerate() {
            // A cut with more decimals than the value can have is none of its values.
            let admitted = decimals.is_none_or(|most| cut.decimals().is_some_and(|own| own <= most));
            if admitted {
                samples.push(cut.clone());
            }
            let Some(next) = cuts.get(place.saturating_add(1)) else { continue };
            let between = match (&fine, decimals) {
                (Some(fine), Some(decimals)) => {
                    cut.round(crate::value::RoundingMode::Floor, decimals).add(fine)
                }
                _ => cut.add(next).mul(&half),
            };
            if between < *next {
                samples.push(between);
            }
        }
        samples.into_iter().map(Sample::Number).collect()
    }
}

/// What a condition says of a combination.
fn truth(asked: &Asked<'_, '_>, condition: StepId, row: &BTreeMap<Key, &Sample>) -> Truth {
    let plan = asked.plan;
    let says = |yes: bool| if yes { Truth::Yes } else { Truth::No };
    let sample = |step: StepId| row.get(&(step, None)).copied();
    let constant = |step: StepId| match plan.op(step) {
        Some(Op::Const(value)) => Some(value),
        _ => None,
    };
    match plan.op(condition) {
        Some(Op::Const(value)) => value.as_bool().map_or(Truth::Unknown, says),
        Some(Op::And(of)) => together(of.iter().map(|it| truth(asked, *it, row)), Truth::No, Truth::Yes),
        Some(Op::Or(of)) => together(of.iter().map(|it| truth(asked, *it, row)), Truth::Yes, Truth::No),
        Some(Op::Not(a)) => match truth(asked, *a, row) {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            Truth::Unknown => Truth::Unknown,
        },
        Some(Op::IfUnknown(a, b)) => match truth(asked, *a, row) {
            Truth::Unknown => truth(asked, *b, row),
            known => known,
        },
        Some(Op::IsKnown(a)) => says(sample(*a) != Some(&Sample::Unknown)),
        Some(Op::OneOf(a, codes)) => match sample(*a) {
            Some(Sample::Code(code)) => says(codes.contains(code)),
            _ => Truth::Unknown,
        },
        Some(Op::Equal(a, b)) => match (constant(*a), constant(*b)) {
            (None, Some(value)) => equals(sample(*a), value),
            (Some(value), None) => equals(sample(*b), value),
            _ => pair(row, *a, *b).map_or(Truth::Unknown, |order| says(order.is_eq())),
        },
        Some(Op::Compare(how, a, b)) => {
            let order = match (constant(*a), constant(*b)) {
                (None, Some(value)) => against(asked, *a, value, row),
                (Some(value), None) => against(asked, *b, value, row).map(Ordering::reverse),
                _ => pair(row, *a, *b),
            };
            order.map_or(Truth::Unknown, |order| {
                says(match how {
                    Compare::Less => order.is_lt(),
                    Compare::LessOrEqual => order.is_le(),
                    Compare::Greater => order.is_gt(),
                    Compare::GreaterOrEqual => order.is_ge(),
                })
            })
        }
        _ => match sample(condition) {
            Some(Sample::Bool(yes)) => says(*yes),
            _ => Truth::Unknown,
        },
    }
}

fn together(of: impl Iterator<Item = Truth>, deciding: Truth, otherwise: Truth) -> Truth {
    let mut all = otherwise;
    for one in of {
        if one == deciding {
            return deciding;
        }
        if one == Truth::Unknown {
            all = Truth::Unknown;
        }
    }
    all
}

fn equals(sample: Option<&Sample>, value: &Value) -> Truth {
    let equal = match (sample, value) {
        (Some(Sample::Number(number)), _) => bound(value).as_ref() == Some(number),
        (Some(Sample::Code(code)), Value::Code(other)) => code == other,
        (Some(Sample::Bool(yes)), Value::Bool(other)) => yes == other,
        (Some(Sample::Text(text)), Value::Text(other)) => text.as_ref() == Some(other),
        _ => return Truth::Unknown,
    };
    if equal { Truth::Yes } else { Truth::No }
}

fn against(
    asked: &Asked<'_, '_>,
    step: StepId,
    value: &Value,
    row: &BTreeMap<Key, &Sample>,
) -> Option<Ordering> {
    let against = bound(value)?;
    if let Some(Op::Rank(of, kind)) = asked.plan.op(step) {
        let Some(Sample::Code(code)) = row.get(&(*of, None)) else { return None };
        let member = asked.plan.program.schema.enums.get(*kind)?.member(*code)?;
        return (!member.apart).then(|| Number::from_i64(i64::from(*code)).cmp(&against));
    }
    match row.get(&(step, None)) {
        Some(Sample::Number(number)) => Some(number.cmp(&against)),
        _ => None,
    }
}

/// How two steps compare in a combination; none where one of them is unknown in it.
fn pair(row: &BTreeMap<Key, &Sample>, a: StepId, b: StepId) -> Option<Ordering> {
    let unknown = |step: StepId| row.get(&(step, None)) == Some(&&Sample::Unknown);
    match row.get(&(a, Some(b))) {
        Some(Sample::Order(order)) if !unknown(a) && !unknown(b) => Some(*order),
        _ => None,
    }
}
