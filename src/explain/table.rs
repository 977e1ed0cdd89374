//! Tables and corrections: every row, the one taken marked.

use super::condition::line;
use super::sources::Reader;
use super::{Figure, RowLine, Standing, TableStory};
use crate::plan::{CellPattern, CellTest, Item, ItemKind, Op, RowItem, StepId, TableItem};
use crate::value::Value;

/// The story of a table or a correction.
pub(super) fn story(reader: &Reader<'_>, item: &Item) -> Option<TableStory> {
    let (keys, key_names, rows, chosen) = match &item.kind {
        ItemKind::Table(table) => (&table.keys, &table.key_names, &table.rows, table.chosen),
        ItemKind::Correction(correction) => {
            (&correction.keys, &correction.key_names, &correction.rows, Some(correction.chosen))
        }
        ItemKind::Authority(authority) => {
            let table = &authority.table;
            (&table.keys, &table.key_names, &table.rows, table.chosen)
        }
        ItemKind::Let
        | ItemKind::Scorecard(_)
        | ItemKind::Grades(_)
        | ItemKind::Limit(_)
        | ItemKind::Total(_)
        | ItemKind::Allocation(_)
        | ItemKind::Triggers(_)
        | ItemKind::Escalation(_)
        | ItemKind::Checks(_)
        | ItemKind::Judgement(_)
        | ItemKind::Override(_)
        | ItemKind::Book(_)
        | ItemKind::Checklist(_) => return None,
    };
    let results = match &item.kind {
        ItemKind::Table(table) => table
            .results
            .iter()
            .map(|(name, label, _, step)| (name.clone(), label.clone(), reader.figure(*step)))
            .collect(),
        ItemKind::Authority(authority) => vec![(None, item.label.clone(), reader.figure(authority.needed))],
        _ => vec![(None, item.label.clone(), reader.figure(item.value))],
    };
    let value = reader.value(item.value);
    let mut rows = self::rows(reader, rows, chosen, collects(item));
    if let ItemKind::Table(table) = &item.kind {
        sliced(reader, table, &mut rows);
    }
    Some(TableStory {
        name: item.name.clone(),
        label: item.label.clone(),
        keys: keys
            .iter()
            .enumerate()
            .map(|(column, key)| {
                let name = key_names.get(column).cloned().unwrap_or_else(|| reader.words(*key));
                (name, *key, reader.figure(*key))
            })
            .collect(),
        rows,
        results,
        because: reader.because(&value),
        correction: matches!(item.kind, ItemKind::Correction(_)),
    })
}

/// What lies in each row of a table by slices; a row in which nothing lies bears nothing.
fn sliced(reader: &Reader<'_>, table: &TableItem, rows: &mut [RowLine]) {
    for (row, slice) in rows.iter_mut().zip(&table.slices) {
        let (part, amount) = (reader.figure(slice.part), reader.figure(slice.amount));
        let Some(size) = part.value.as_number() else { continue };
        row.rule.standing = if size.is_zero() { Standing::DoesNotApply } else { Standing::Applies };
        row.slice = Some((part, amount));
    }
}

/// Whether every row that applies gives its result: a table that collects, or one by slices.
fn collects(item: &Item) -> bool {
    matches!(&item.kind, ItemKind::Table(table) if table.chosen.is_none() && table.applied.is_none())
}

/// The rows with their standing; rows behind the one taken were not asked, unless all are.
pub(super) fn rows(
    reader: &Reader<'_>,
    rows: &[RowItem],
    chosen: Option<StepId>,
    collects: bool,
) -> Vec<RowLine> {
    let taken = match chosen.map(|chosen| reader.value(chosen)) {
        Some(Value::Code(place)) => Some(place as usize),
        _ => None,
    };
    let mut stopped = false;
    rows.iter()
        .enumerate()
        .filter_map(|(place, row)| {
            let mut rule = line(reader, row.rule)?;
            if stopped || taken.is_some_and(|taken| place > taken) {
                rule.standing = Standing::NotReached;
            }
            stopped |= match chosen {
                Some(_) => rule.standing == Standing::Unknown,
                None => !collects && rule.standing != Standing::DoesNotApply,
            };
            let (cells, guard) = super::phrase::asks(row);
            Some(RowLine {
                rule,
                bounds: bounds(reader, &cells),
                cells,
                guard,
                results: row.results.iter().map(|step| reader.figure(*step)).collect(),
                slice: None,
            })
        })
        .collect()
}

/// What the bounds of a row are that go by a name: a figure of the policy, a fact, something worked out.
fn bounds(reader: &Reader<'_>, cells: &[CellPattern]) -> Vec<(StepId, Figure)> {
    let of = |test: &CellTest| match test {
        CellTest::Bounds { lower, upper } => [lower.map(|(step, _)| step), upper.map(|(step, _)| step)],
        CellTest::Equals(step) => [Some(*step), None],
        CellTest::OrBetter(_)
        | CellTest::OrWorse(_)
        | CellTest::Code(_)
        | CellTest::Any
        | CellTest::Unknown => [None, None],
    };
    let steps = cells.iter().flat_map(|cell| cell.iter()).flat_map(of).flatten();
    let named = |step: &StepId| {
        let op = reader.plan.steps.get(*step).map(|it| &it.op);
        !matches!(op, Some(Op::Const(_)) | None) && !reader.plan.is_personal(*step)
    };
    steps.filter(named).map(|step| (step, reader.figure(step))).collect()
}
