//! Papers that are missing or hold no longer, each supplied: with a record of it that holds.

use std::collections::BTreeSet;

use super::aims::Aims;
use super::values::of_type;
use super::{Company, Need, NeedKind, Search, effect};
use crate::base::Str;
use crate::eval::{self, Facts, Records};
use crate::plan::{self, ChecklistItem, ItemKind, Label, PaperItem};
use crate::value::{Default, Field, FieldId, FieldType, Value};

/// So many records are made up for one paper at most.
const MOST_RECORDS: usize = 64;

/// A paper that is wanted.
#[derive(Clone)]
pub(super) struct Lacking<'p> {
    list: &'p ChecklistItem,
    paper: &'p PaperItem,
}

/// Each paper that is wanted, and for each checklist all of them; and those that can be supplied.
pub(super) fn papers<'p>(search: &mut Search<'_, 'p>) -> (Vec<Need>, Vec<Lacking<'p>>) {
    let plan = search.plan;
    let targets = eval::targets(plan, search.decider.decision());
    let read: BTreeSet<_> = plan::slice(plan, &targets, &BTreeSet::new()).into_iter().collect();
    let (mut found, mut lacking) = (Vec::new(), Vec::new());
    for item in &plan.items {
        let ItemKind::Checklist(list) = &item.kind else { continue };
        let (required, missing, expired) = list.sets;
        let steps = [item.value, required, missing, expired];
        let papers = list.papers.iter().flat_map(|paper| [paper.given, paper.holds, paper.lacking]);
        if steps.into_iter().chain(papers).any(|step| read.contains(&step)) {
            of_list(search, list, &(item.name.clone(), item.label.clone()), &mut found, &mut lacking);
        }
    }
    (found, lacking)
}

/// What facts move only where papers are supplied too: with as few papers as will do.
pub(super) fn with_facts(
    search: &mut Search<'_, '_>,
    lacking: &[Lacking<'_>],
    company: &[Company],
    known: &[Need],
) -> Vec<Need> {
    let mut found: Vec<Need> = Vec::new();
    let single = known.iter().filter(|need| need.kind == NeedKind::Fact);
    let single = single.filter_map(|need| search.plan.schema.find(&need.parts.first()?.0));
    let single = single.map(|fact| Company { facts: vec![fact], whole: None, rounds: 1 });
    for them in single.chain(company.iter().cloned()).collect::<Vec<_>>() {
        if lacking.is_empty() {
            break;
        }
        let Some(mut need) = joint(search, lacking, &them) else { break };
        drop_known(&mut need, known, &found);
        if need.moves.is_empty() {
            continue;
        }
        let mut papers = lacking.to_vec();
        for place in (0..lacking.len()).rev() {
            let mut fewer = papers.clone();
            fewer.remove(place);
            let Some(mut other) = joint(search, &fewer, &them) else { break };
            drop_known(&mut other, known, &found);
            if need.moves.iter().all(|one| other.moves.iter().any(|it| it.same(one))) {
                (papers, need) = (fewer, other);
            }
        }
        need.parts.extend(papers.iter().map(|it| label(search, it.list, it.paper)));
        need.moves.iter_mut().for_each(effect::settle);
        found.push(need);
    }
    search.base = search.facts.clone();
    found
}

/// Leaves out what others do already: of amounts and days any move of the same output, of the rest the same outcome.
fn drop_known(need: &mut Need, known: &[Need], found: &[Need]) {
    for other in known.iter().chain(found).flat_map(|it| &it.moves) {
        need.moves.iter_mut().for_each(|one| effect::drop_same(one, other));
    }
    need.moves.retain(|one| !one.is_empty());
}

/// What facts move where papers are supplied.
fn joint(search: &mut Search<'_, '_>, papers: &[Lacking<'_>], them: &Company) -> Option<Need> {
    let mut base = search.facts.clone();
    for it in papers {
        base = supplied(search, &base, it.list, it.paper)?.0;
    }
    search.base = base;
    Some(search.joint(&them.facts, them.rounds))
}

fn of_list<'p>(
    search: &mut Search<'_, 'p>,
    list: &'p ChecklistItem,
    name: &(Str, Label),
    found: &mut Vec<Need>,
    can: &mut Vec<Lacking<'p>>,
) {
    let start = search.facts.clone();
    if search.decide(&start).is_none() {
        return;
    }
    let lacking = |search: &Search<'_, '_>, paper: &PaperItem| {
        *search.scratch.value(paper.lacking, 0) != Value::Bool(false)
    };
    let wanted: Vec<&'p PaperItem> = list.papers.iter().filter(|paper| lacking(search, paper)).collect();
    let mut all = start.clone();
    let mut each: Vec<Need> = Vec::new();
    for paper in wanted {
        let mut need = Need::of(NeedKind::Paper, vec![label(search, list, paper)]);
        match supplied(search, &start, list, paper) {
            Some((facts, holds)) => {
                can.push(Lacking { list, paper });
                need.no_record = !holds;
                if let Some(then) = search.decide(&facts) {
                    search.note(&mut need, &then, &[]);
                }
            }
            None => need.no_record = true,
        }
        all = supplied(search, &all, list, paper).map_or(all, |(facts, _)| facts);
        need.moves.iter_mut().for_each(effect::settle);
        each.push(need);
    }
    if each.len() > 1
        && let Some(then) = search.decide(&all)
    {
        let parts = each.iter().flat_map(|need| need.parts.clone()).collect();
        let mut need = Need::of(NeedKind::Together, parts);
        need.whole = Some(name.clone());
        search.note(&mut need, &then, &[]);
        need.moves.iter_mut().for_each(effect::settle);
        // What one of them does alone is told there.
        drop_known(&mut need, &each, &[]);
        if !need.moves.is_empty() {
            found.push(need);
        }
    }
    found.extend(each);
}

fn label(search: &Search<'_, '_>, list: &ChecklistItem, paper: &PaperItem) -> (Str, Label) {
    let kind = search.plan.schema.enums.get(list.kind);
    let member = kind.and_then(|kind| kind.member(paper.code));
    member.map_or_else(|| (Str::from("?"), Label::same("?")), |it| (it.name.clone(), it.label.clone()))
}

/// The facts with a record of the paper, and whether it holds: where none can be made up that does, what else is missing may hinder it.
fn supplied(
    search: &mut Search<'_, '_>,
    facts: &Facts,
    list: &ChecklistItem,
    paper: &PaperItem,
) -> Option<(Facts, bool)> {
    let FieldType::Records(fields) = &search.plan.schema.fields.get(list.list)?.ty else { return None };
    let choices: Vec<Vec<Value>> = fields
        .iter()
        .enumerate()
        .map(|(place, field)| match u32::try_from(place) == Ok(list.field) {
            true => vec![Value::Code(paper.code)],
            false => choices(search, field, list.list),
        })
        .collect();
    let keyed = fields.get(list.field as usize).is_some_and(|field| field.key);
    let mut fallback: Option<Facts> = None;
    for number in 0..MOST_RECORDS {
        let mut rest = number;
        let mut record = Vec::new();
        for values in &choices {
            let at = rest.checked_rem(values.len()).unwrap_or(0);
            rest = rest.checked_div(values.len()).unwrap_or(0);
            let missing = Value::Unknown(crate::value::Cause::Missing(list.list.0));
            record.push(values.get(at).cloned().unwrap_or(missing));
        }
        if rest > 0 {
            break;
        }
        let mut other = facts.clone();
        other.set(list.list, Value::List(Vec::new().into()));
        let records = other.records_mut(list.list)?;
        if keyed {
            *records = without(records, list.field as usize, paper.code);
        }
        records.push(record);
        search.decide(&other)?;
        if *search.scratch.value(paper.holds, 0) == Value::Bool(true) {
            return Some((other, true));
        }
        fallback.get_or_insert(other);
    }
    Some((fallback?, false))
}

/// The values that a field of a new record may have.
fn choices(search: &Search<'_, '_>, field: &Field, list: FieldId) -> Vec<Value> {
    let (mut values, _) = of_type(search.plan, field, &Aims::default(), search.today, &[]);
    values.retain(|value| field.misfit(value).is_none() && !field.unknown_when.contains(value));
    values.truncate(8);
    match &field.default {
        Default::Required => {}
        Default::Unknown => values.push(Value::Unknown(crate::value::Cause::Missing(list.0))),
        Default::Value(value) => values.insert(0, value.clone()),
    }
    values
}

/// The records without those of a paper.
fn without(records: &Records, field: usize, code: u32) -> Records {
    let mut kept = Records::empty(records.field, records.columns.len());
    for item in 0..records.items {
        let of = |column: &Vec<Value>| column.get(item).cloned();
        if records.columns.get(field).and_then(of) != Some(Value::Code(code)) {
            kept.push(records.columns.iter().filter_map(of));
        }
    }
    kept
}
