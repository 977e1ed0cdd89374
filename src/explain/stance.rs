//! Stances: every trigger, how many hold, and whether the last stance was kept.

use super::condition::line_of;
use super::sources::Reader;
use super::{Figure, StanceGroup, StanceStory, Subject};
use crate::plan::{Item, TriggersItem};
use crate::value::{Type, Value};

/// The story of a stance.
pub(super) fn story(reader: &Reader<'_>, item: &Item, triggers: &TriggersItem) -> StanceStory {
    let groups = triggers
        .groups
        .iter()
        .map(|group| {
            let lines: Vec<_> = group
                .triggers
                .iter()
                .filter_map(|(name, label, rule)| {
                    let line = line_of(reader, *rule, Subject::Trigger(label.clone()))?;
                    Some((name.clone(), label.clone(), line))
                })
                .collect();
            StanceGroup {
                state: Figure { value: Value::Code(group.state), ty: Type::Enum(triggers.states) },
                needed: group.at_least.map_or(lines.len(), |least| least as usize),
                holding: lines.iter().filter(|(_, _, rule)| rule.standing.takes_effect()).count(),
                fires: reader.holds(group.fires),
                triggers: lines,
            }
        })
        .collect();
    StanceStory {
        name: item.name.clone(),
        label: item.label.clone(),
        groups,
        fresh: reader.figure(triggers.fresh),
        dwell: triggers.dwell.map(|(last, since, stays, kept)| {
            (
                reader.figure(last),
                reader.figure(since),
                reader.figure(stays),
                reader.holds(kept).unwrap_or(false),
            )
        }),
        value: reader.figure(item.value),
    }
}
