//! Neighbouring bands with a cliff in the limit: one step down the table, and most of the limit is gone.

use crate::base::Lang;
use crate::diag::Diagnostic;
use crate::lint::{Policy, read};
use crate::plan::{CellTest, ItemKind, Plan, RowItem, StepId};
use crate::value::{EnumSort, Number, Type, Value};

/// A neighbour may be so many times as much.
const STEEPEST: i64 = 3;

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let plan = policy.seen.plan;
    let limits = read::under_limits(plan);
    let mut found = Vec::new();
    for item in policy.items() {
        let (keys, rows, columns) = match &item.kind {
            ItemKind::Table(table) => {
                let columns: Vec<StepId> = table.results.iter().map(|(_, _, _, value)| *value).collect();
                (&table.keys, &table.rows, columns)
            }
            ItemKind::Correction(correction) => (&correction.keys, &correction.rows, vec![item.value]),
            _ => continue,
        };
        let [key] = keys.as_slice() else { continue };
        if !is_ordered(plan, *key) {
            continue;
        }
        for (place, column) in columns.iter().enumerate() {
            if limits.contains(column) {
                found.extend(cliffs(plan, rows, place).map(|told| told.arg("table", &item.name)));
            }
        }
    }
    found
}

fn is_ordered(plan: &Plan, key: StepId) -> bool {
    match plan.steps.get(key).map(|step| &step.ty) {
        Some(Type::Number(_)) => true,
        Some(Type::Enum(id)) => plan.schema.enums.get(*id).is_some_and(|kind| kind.sort == EnumSort::Grades),
        _ => false,
    }
}

/// The neighbours among rows without a guard of which one gives far more than the other; nothing at all is a refusal, no cliff.
fn cliffs<'p>(plan: &'p Plan, rows: &'p [RowItem], column: usize) -> impl Iterator<Item = Diagnostic> + 'p {
    let bands: Vec<(&RowItem, &Number)> = rows
        .iter()
        .filter(|row| row.guard.is_none() && row.cells.iter().any(|cell| is_band(&cell.pattern)))
        .filter_map(|row| Some((row, read::number(plan, *row.results.get(column)?)?)))
        .collect();
    let next = bands.clone().into_iter().skip(1);
    bands.into_iter().zip(next).filter_map(move |((upper, one), (lower, other))| {
        let (least, most) = if one < other { (one, other) } else { (other, one) };
        let steep = least.is_positive() && *most > least.mul(&Number::from_i64(STEEPEST));
        let span = |row: &RowItem| plan.rules.get(row.rule).map(|rule| rule.span);
        let ty = &plan.steps.get(*lower.results.get(column)?)?.ty;
        let shown = |number: &Number, lang: Lang| plan.shown(&Value::Number(number.clone()), ty, lang, false);
        steep.then_some(())?;
        let told = Diagnostic::new("L004", span(lower)?)
            .arg_in("one", shown(one, Lang::En), shown(one, Lang::Zh))
            .arg_in("other", shown(other, Lang::En), shown(other, Lang::Zh));
        Some(told.label(span(upper)?, "neighbour").help("between"))
    })
}

fn is_band(pattern: &[CellTest]) -> bool {
    pattern.iter().any(|test| match test {
        CellTest::Bounds { .. } | CellTest::OrBetter(_) | CellTest::OrWorse(_) | CellTest::Code(_) => true,
        CellTest::Equals(_) | CellTest::Any | CellTest::Unknown => false,
    })
}
