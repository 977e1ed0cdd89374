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
        let ordered = keys.iter().enumerate().filter(|(_, key)| is_ordered(plan, **key));
        for along in ordered.map(|(along, _)| along) {
            for (place, column) in columns.iter().enumerate() {
                if limits.contains(column) {
                    found.extend(cliffs(plan, rows, along, place, &item.name));
                }
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

/// The neighbours along one key, all other keys alike, among rows without a guard, of which one gives far more than the other;
/// nothing at all is a refusal, no cliff.
fn cliffs(plan: &Plan, rows: &[RowItem], along: usize, column: usize, table: &str) -> Vec<Diagnostic> {
    let bands: Vec<(&RowItem, &Number)> = rows
        .iter()
        .filter(|row| row.guard.is_none() && row.cells.get(along).is_some_and(|cell| is_band(&cell.pattern)))
        .filter_map(|row| Some((row, read::number(plan, *row.results.get(column)?)?)))
        .collect();
    let mut found = Vec::new();
    for (at, (upper, one)) in bands.iter().enumerate() {
        let below = bands.get(at.saturating_add(1)..).unwrap_or_default();
        // The next row of the same customers: the one for whom all else is alike.
        let next = below.iter().find(|(lower, _)| differ_in(plan, upper, lower, along));
        found.extend(next.and_then(|(lower, other)| told(plan, (upper, one), (lower, other), column, table)));
    }
    found
}

/// Whether the cells of two rows are alike but for one.
fn differ_in(plan: &Plan, one: &RowItem, other: &RowItem, along: usize) -> bool {
    let cells = one.cells.iter().zip(&other.cells).enumerate();
    cells.filter(|(place, _)| *place != along).all(|(_, (one, other))| {
        one.pattern.len() == other.pattern.len()
            && one.pattern.iter().zip(&other.pattern).all(|(one, other)| alike(plan, one, other))
    })
}

fn alike(plan: &Plan, one: &CellTest, other: &CellTest) -> bool {
    let bound = |one: &Option<(StepId, bool)>, other: &Option<(StepId, bool)>| match (one, other) {
        (None, None) => true,
        (Some((one, included)), Some((other, also))) => {
            included == also && read::number(plan, *one) == read::number(plan, *other)
        }
        (Some(_), None) | (None, Some(_)) => false,
    };
    match (one, other) {
        (CellTest::Bounds { lower, upper }, CellTest::Bounds { lower: least, upper: most }) => {
            bound(lower, least) && bound(upper, most)
        }
        _ => one == other,
    }
}

fn told(
    plan: &Plan,
    (upper, one): (&RowItem, &Number),
    (lower, other): (&RowItem, &Number),
    column: usize,
    table: &str,
) -> Option<Diagnostic> {
    let (least, most) = if one < other { (one, other) } else { (other, one) };
    let steep = least.is_positive() && *most > least.mul(&Number::from_i64(STEEPEST));
    let span = |row: &RowItem| plan.rules.get(row.rule).map(|rule| rule.span);
    let ty = &plan.steps.get(*lower.results.get(column)?)?.ty;
    let shown = |number: &Number, lang: Lang| plan.shown(&Value::Number(number.clone()), ty, lang, false);
    steep.then_some(())?;
    let told = Diagnostic::new("L004", span(lower)?)
        .arg_in("one", shown(one, Lang::En), shown(one, Lang::Zh))
        .arg_in("other", shown(other, Lang::En), shown(other, Lang::Zh))
        .arg("table", table);
    Some(told.label(span(upper)?, "neighbour").help("between"))
}

fn is_band(pattern: &[CellTest]) -> bool {
    pattern.iter().any(|test| match test {
        CellTest::Bounds { .. } | CellTest::OrBetter(_) | CellTest::OrWorse(_) | CellTest::Code(_) => true,
        CellTest::Equals(_) | CellTest::Any | CellTest::Unknown => false,
    })
}
