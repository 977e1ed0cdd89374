//! Margins that floating point has taught people: `< 0.001` for `is 0`, `..60.99` for `below 61`. Here figures are exact.

use crate::base::Span;
use crate::diag::Diagnostic;
use crate::lint::{Policy, read};
use crate::plan::{CellTest, ItemKind, Op, Plan, RowItem, StepId};
use crate::value::{Number, Type, Unit};

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let plan = policy.seen.plan;
    let mut found = Vec::new();
    let steps: Vec<_> = plan.steps.iter().filter(|step| policy.owns(step.span)).collect();
    for step in steps {
        let Op::Compare(_, a, b) = &step.op else { continue };
        let tiny = |value: StepId, bound: StepId| {
            let is_difference = matches!(plan.steps.get(value).map(|it| &it.op), Some(Op::Subtract(..)));
            let bound = read::number(plan, bound)?;
            (is_difference && is_tiny(bound) || is_all_but(plan, value, bound))
                .then(|| shown(plan, value, bound))
        };
        if let Some(bound) = tiny(*a, *b).or_else(|| tiny(*b, *a)) {
            let told = Diagnostic::new("L021", step.span).variant("comparison");
            found.push(told.arg("bound", bound).help("exact").note("exact"));
        }
    }
    for item in policy.items() {
        match &item.kind {
            ItemKind::Table(table) => of_rows(plan, &table.keys, &table.rows, &mut found),
            ItemKind::Scorecard(card) => {
                for factor in &card.factors {
                    of_rows(plan, &[factor.value], &factor.rows, &mut found);
                }
            }
            ItemKind::Grades(grades) => {
                for band in &grades.bands {
                    if let Some(from) =
                        read::number(plan, band.from).filter(|from| is_just_above(plan, grades.score, from))
                    {
                        found.push(band_told(band.span, shown(plan, grades.score, from)));
                    }
                }
            }
            _ => {}
        }
    }
    found.dedup();
    found
}

fn of_rows(plan: &Plan, keys: &[StepId], rows: &[RowItem], found: &mut Vec<Diagnostic>) {
    for row in rows {
        for (key, cell) in keys.iter().zip(&row.cells) {
            for test in &cell.pattern {
                let CellTest::Bounds { lower, upper } = test else { continue };
                let number =
                    |bound: &Option<(StepId, bool)>| bound.and_then(|(step, _)| read::number(plan, step));
                let upper = number(upper).filter(|bound| is_all_but(plan, *key, bound));
                let lower = number(lower).filter(|bound| is_just_above(plan, *key, bound));
                if let Some(bound) = upper.or(lower) {
                    found.push(band_told(cell.span, shown(plan, *key, bound)));
                }
            }
        }
    }
}

fn band_told(span: Span, bound: String) -> Diagnostic {
    Diagnostic::new("L021", span).variant("band").arg("bound", bound).help("touch").note("exact")
}

fn is_tiny(bound: &Number) -> bool {
    let size = bound.abs();
    size.is_positive() && Number::ratio(1, 100).is_some_and(|most| size <= most)
}

/// A bound as it is read: a percent as its figure.
fn figure(plan: &Plan, value: StepId, bound: &Number) -> Number {
    match plan.steps.get(value).map(|step| &step.ty) {
        Some(Type::Number(unit)) if *unit == Unit::PERCENT => bound.mul(&Number::from_i64(100)),
        _ => bound.clone(),
    }
}

fn shown(plan: &Plan, value: StepId, bound: &Number) -> String {
    figure(plan, value, bound).to_string()
}

/// 60.99, 99.999: two decimals or more, and nines alone.
fn is_all_but(plan: &Plan, value: StepId, bound: &Number) -> bool {
    let figure = figure(plan, value, bound);
    let Some(decimals) = figure.decimals().filter(|decimals| *decimals >= 2) else { return false };
    let left = figure.ceil().sub(&figure);
    Some(left) == Number::ONE.div(&Number::power_of_ten(decimals))
}

/// 60.01, 60.001: the first figure of two decimals or more behind a whole one. 0.01 begins what is more than nothing.
fn is_just_above(plan: &Plan, value: StepId, bound: &Number) -> bool {
    let figure = figure(plan, value, bound);
    let Some(decimals) = figure.decimals().filter(|decimals| *decimals >= 2) else { return false };
    let over = figure.sub(&figure.floor());
    !figure.floor().is_zero() && Some(over) == Number::ONE.div(&Number::power_of_ten(decimals))
}
