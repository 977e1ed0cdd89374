//! Changes that are one: the border between two rows, which stands in both; and what cannot be made without one another.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::change::{Change, Told, Why};
use super::compare::Kind;
use super::pair::Judged;
use super::seen::{End, Ends};
use super::what;
use crate::base::{FileId, Span};
use crate::store::RulesFolder;
use crate::value::Number;

/// So many changes of one construct that do not stand alone are tried two by two; of more, all of them are one.
const MOST_TRIED: usize = 12;

/// A border that was moved is one change, though it stands in the row above it and in the row below: `46..60` and `61..85` become `46..59`
/// and `60..85`. `text` shows a place as written.
pub(super) fn borders(found: Vec<Change>, text: impl Fn(FileId, Span) -> String) -> Vec<Change> {
    let mut open: Vec<Option<Change>> = found.into_iter().map(Some).collect();
    for at in 0..open.len() {
        for other in 0..open.len() {
            let (Some(Some(one)), Some(Some(two))) = (open.get(at), open.get(other)) else { continue };
            let Some((was, is)) = border(one, two) else { continue };
            let told = |end: &End| {
                let (span, ends) = (end.span, None);
                Some(Told { text: text(span.file, span), span, shift: None, ends })
            };
            let (was, is) = (told(&was), told(&is));
            if let (Some(upper), Some(lower)) =
                (open.get_mut(at).and_then(Option::take), open.get_mut(other).and_then(Option::take))
            {
                let all = one_of(upper, vec![lower]);
                let first = at.min(other);
                if let Some(slot) = open.get_mut(first) {
                    *slot = Some(Change { what: what::BORDER, was, is, ..all });
                }
            }
            break;
        }
    }
    open.into_iter().flatten().collect()
}

/// The lower end of an upper row, before and now, where it moves with the upper end of a lower row.
fn border(upper: &Change, lower: &Change) -> Option<(End, End)> {
    let is_cell = |change: &Change| {
        change.kind == Kind::Changed
            && change.what == what::KEY
            && change.parts.is_empty()
            && change.path.len() >= 2
    };
    if !is_cell(upper) || !is_cell(lower) || upper.construct != lower.construct {
        return None;
    }
    let column = |change: &Change| change.path.last().cloned();
    let outer = |change: &Change| change.path.get(..change.path.len().saturating_sub(2)).map(<[_]>::to_vec);
    if column(upper) != column(lower) || outer(upper) != outer(lower) {
        return None;
    }
    let ends = |told: &Option<Told>| told.as_ref().and_then(|told| told.ends.clone());
    let (above, below) = ((ends(&upper.was)?, ends(&upper.is)?), (ends(&lower.was)?, ends(&lower.is)?));
    let same = |one: &Option<End>, other: &Option<End>| {
        one.as_ref().map(|end| &end.says) == other.as_ref().map(|end| &end.says)
    };
    if !same(&above.0.high, &above.1.high) || !same(&below.0.low, &below.1.low) {
        return None;
    }
    let was = gap(&below.0, &above.0)?;
    let is = gap(&below.1, &above.1)?;
    (was == is).then_some((above.0.low?, above.1.low?))
}

/// How far the upper row begins behind the end of the lower one; zero, where both say the same.
fn gap(below: &Ends, above: &Ends) -> Option<Number> {
    let (high, low) = (below.high.as_ref()?, above.low.as_ref()?);
    if high.says == low.says {
        return Some(Number::ZERO);
    }
    let gap = low.figure.as_ref()?.sub(high.figure.as_ref()?);
    (!gap.is_negative()).then_some(gap)
}

/// Changes none of which stands without the others are one: a member taken out of a row and a row of its own for it. Two by two, or else
/// all of a construct.
pub(super) fn inseparable(
    changes: Vec<Change>,
    judged: impl Fn(&[&Change]) -> Option<Judged>,
) -> Vec<Change> {
    let mut groups: Vec<(Vec<usize>, Judged)> = Vec::new();
    let mut by_construct: BTreeMap<(&'static str, String), Vec<usize>> = BTreeMap::new();
    for (at, change) in changes.iter().enumerate().filter(|(_, change)| change.why == Why::NotAlone) {
        let construct = &change.construct;
        by_construct.entry((construct.kind.key, construct.name.to_string())).or_default().push(at);
    }
    let all = |places: &[usize]| judged(&places.iter().filter_map(|at| changes.get(*at)).collect::<Vec<_>>());
    for mut open in by_construct.into_values() {
        if open.len() <= MOST_TRIED {
            let mut at = 0;
            while let Some(one) = open.get(at).copied() {
                let rest = open.get(at.saturating_add(1)..).unwrap_or_default().to_vec();
                let mate = rest.into_iter().find_map(|other| Some((other, all(&[one, other])?)));
                match mate {
                    Some((other, class)) => {
                        groups.push((vec![one, other], class));
                        open.retain(|it| *it != one && *it != other);
                    }
                    None => at = at.saturating_add(1),
                }
            }
        }
        if open.len() > 1
            && let Some(class) = all(&open)
        {
            groups.push((open, class));
        }
    }
    if groups.is_empty() { changes } else { joined(changes, &groups) }
}

/// The changes with those of each group as one, in the place of its first.
fn joined(changes: Vec<Change>, groups: &[(Vec<usize>, Judged)]) -> Vec<Change> {
    let first = |at: usize| {
        groups
            .iter()
            .find(|(group, _)| group.contains(&at))
            .map_or(at, |(group, _)| group.first().copied().unwrap_or(at))
    };
    let kept: Vec<usize> = (0..changes.len()).filter(|at| first(*at) == *at).collect();
    let mut open: Vec<Option<Change>> = changes.into_iter().map(Some).collect();
    let mut all = Vec::new();
    for at in &kept {
        let Some(mut change) = open.get_mut(*at).and_then(Option::take) else { continue };
        if let Some((group, (class, why, also))) = groups.iter().find(|(group, _)| group.contains(at)) {
            let parts = group.iter().filter_map(|part| open.get_mut(*part).and_then(Option::take)).collect();
            change = one_of(change, parts);
            (change.class, change.why, change.also) = (*class, why.clone(), also.clone());
            change.needs.clear();
        }
        let needs = change.needs.iter().filter_map(|need| kept.iter().position(|it| *it == first(*need)));
        change.needs = needs.collect::<std::collections::BTreeSet<usize>>().into_iter().collect();
        all.push(change);
    }
    all
}

/// One change of several.
fn one_of(first: Change, parts: Vec<Change>) -> Change {
    let edits: Vec<_> = std::iter::once(&first).chain(&parts).map(|change| change.edit.clone()).collect();
    Change {
        edit: Arc::new(move |folder: &mut RulesFolder| edits.iter().for_each(|edit| edit(folder))),
        parts,
        ..first
    }
}
