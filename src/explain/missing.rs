//! Facts that were not given: what reads them, and which of them might have made a difference.

use std::collections::BTreeSet;

use super::build::{Asked, key};
use super::sources::Reader;
use super::{Explanation, Figure, MissingLine, Standing, table};
use crate::base::Str;
use crate::plan::{Item, ItemKind, Scope, StepId};
use crate::value::{FieldId, FieldType};

/// Facts that were not given, and what reads them.
pub(super) fn lines(reader: &Reader<'_>, needed: &BTreeSet<StepId>, asked: &Asked<'_>) -> Vec<MissingLine> {
    let mut read: BTreeSet<FieldId> = BTreeSet::new();
    for output in &asked.decision.outputs {
        read.extend(reader.facts_under(output.step));
    }
    if !asked.stands.is_empty() {
        let counts: BTreeSet<FieldId> = needed.iter().flat_map(|step| reader.facts_read(*step)).collect();
        read.retain(|fact| counts.contains(fact));
    }
    let items: Vec<(&Item, BTreeSet<FieldId>)> = reader
        .plan
        .items
        .iter()
        .filter(|item| needed.contains(&item.value))
        .map(|item| (item, reader.facts_of(item.value)))
        .collect();
    read.into_iter()
        .filter(|fact| reader.facts.value(*fact).is_some_and(|value| !value.is_known()))
        .filter(|fact| !reader.fact_name(*fact).0.starts_with("last."))
        .map(|fact| {
            let (name, label) = reader.fact_name(fact);
            let feeds = items
                .iter()
                .filter(|(_, facts)| facts.contains(&fact))
                .map(|(item, _)| (item.name.clone(), item.label.clone()))
                .collect();
            MissingLine { name, label, feeds, items: Vec::new(), opens: Vec::new(), costs: false }
        })
        .chain(missing_of_items(reader, needed))
        .collect()
}

/// Fields of items that were not given, where a row for what is unknown was taken for want of them.
fn missing_of_items(reader: &Reader<'_>, needed: &BTreeSet<StepId>) -> Vec<MissingLine> {
    let mut found: Vec<MissingLine> = Vec::new();
    let tables = reader.plan.items.iter().filter(|item| {
        matches!(item.kind, ItemKind::Table(_)) && needed.contains(&item.value) && reader.ran(item.value)
    });
    for item in tables {
        let Scope::Items(list) = item.scope else { continue };
        let Some(FieldType::Records(fields)) = reader.plan.schema.fields.get(list).map(|it| &it.ty) else {
            continue;
        };
        let count = reader.facts.records(list).map_or(0, |records| records.items);
        for place in 0..count {
            let of = reader.at_item(place);
            let rows = table::story(&of, item).into_iter().flat_map(|table| table.rows);
            let taken = rows.filter(|row| row.rule.standing.takes_effect());
            let unknown = taken.flat_map(|row| row.rule.comparisons).filter(|it| !it.value.value.is_known());
            let lacking: BTreeSet<u32> = unknown.flat_map(|it| of.fields_under(list, it.step)).collect();
            for field in lacking {
                let Some(field) = fields.get(field as usize).filter(|it| !it.personal) else { continue };
                let (feed, own) = ((item.name.clone(), item.label.clone()), key(reader, list, place));
                let at = match found.iter().position(|line| line.name == field.name) {
                    Some(at) => at,
                    None => {
                        found.push(MissingLine {
                            name: field.name.clone(),
                            label: field.label.clone(),
                            feeds: Vec::new(),
                            items: Vec::new(),
                            opens: Vec::new(),
                            costs: true,
                        });
                        found.len().saturating_sub(1)
                    }
                };
                let Some(line) = found.get_mut(at) else { continue };
                if !line.feeds.contains(&feed) {
                    line.feeds.push(feed);
                }
                line.items.extend(own.filter(|own| !line.items.contains(own)));
            }
        }
    }
    found
}

/// Which of the missing facts might have made a difference.
pub(super) fn costs(reader: &Reader<'_>, story: &mut Explanation) {
    let mut names: BTreeSet<Str> = BTreeSet::new();
    for factor in story.scores.iter().filter(|score| score.live).flat_map(|score| &score.factors) {
        if factor.missing.is_some() || !factor.value.value.is_known() {
            let facts = reader.facts_under(factor.step);
            names.extend(facts.into_iter().map(|fact| reader.fact_name(fact).0));
        }
    }
    let unjudged = story.not_judged.iter().filter(|rule| rule.standing != Standing::UnknownDoesNot);
    let unjudged = unjudged.flat_map(|rule| &rule.comparisons);
    // A rule that applied because something is not given, "net assets are not given", ends when it is.
    for comparison in unjudged.chain(story.reasons.iter().flat_map(|reason| &reason.comparisons)) {
        if let Some(super::Unknowing::Missing(name, _)) = reader.because(&comparison.value.value) {
            names.insert(name);
        }
    }
    // So does a row of a table for what is unknown.
    let said = |table: &&super::TableStory| {
        table.rows.iter().any(|row| row.rule.standing == Standing::Applies && row.rule.reason.text.is_some())
    };
    for (_, key, value) in story.tables.iter().filter(said).flat_map(|table| &table.keys) {
        if !value.value.is_known() {
            let facts = reader.facts_under(*key);
            names.extend(facts.into_iter().map(|fact| reader.fact_name(fact).0));
        }
    }
    // A row that is left out for want of a fact might add what it gives.
    let open = |row: &&super::RowLine| row.rule.standing == Standing::UnknownDoesNot;
    let rows = story.tables.iter().flat_map(|table| &table.rows).filter(open);
    for comparison in rows.filter(|row| !row.rule.reason.internal).flat_map(|row| &row.rule.comparisons) {
        if let Some(super::Unknowing::Missing(name, _)) = reader.because(&comparison.value.value) {
            names.insert(name);
        }
    }
    for output in &story.outputs {
        if let Some(super::Unknowing::Missing(name, _)) = &output.because {
            names.insert(name.clone());
        }
    }
    let rungs = || story.ladders.iter().flat_map(|it| &it.items).flat_map(|it| &it.rungs);
    let opened = |name: &Str| {
        let mut steps: Vec<Figure> = Vec::new();
        for rung in rungs().filter(|rung| rung.rule.standing == Standing::UnknownDoesNot) {
            let waits = rung.rule.comparisons.iter().any(|it| {
                matches!(reader.because(&it.value.value), Some(super::Unknowing::Missing(of, _)) if of == *name)
            });
            if waits && !steps.contains(&rung.step) {
                steps.push(rung.step.clone());
            }
        }
        steps
    };
    let opens: Vec<Vec<Figure>> = story.missing.iter().map(|missing| opened(&missing.name)).collect();
    for (missing, opens) in story.missing.iter_mut().zip(opens) {
        missing.costs |= missing.items.is_empty() && names.contains(&missing.name);
        missing.opens = opens;
    }
}
