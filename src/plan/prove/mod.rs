//! Proofs about tables: no gap, no overlap, no row that can never match, each with a sample that shows it.
//!
//! The keys' domains are cut at every bound that a row mentions. Between two neighbouring cuts all rows answer alike, so
//! one sample of each stretch speaks for all of it, and trying every combination of samples is a proof. Whether a
//! number lies between 60 and 61 at all depends on its decimals, which is why this is done on the plan: 60.4 falls
//! between `46..60` and `61..85` when the score is rounded to one decimal, and there is no such score when it is whole.
//!
//! A bound that is no constant is taken to be everything that the key can be, and by name: `below p` and `from p` touch whatever
//! `p` is, `below p` and `from q` leave a gap where `q` is the greater.

mod authority;
mod domain;
mod grades;
mod rows;

use super::{CellTest, ItemKind, Op, Plan, RowItem, StepId};
use crate::check::hir::TableMode;
use crate::diag::Diagnostic;
use crate::value::{Enums, Number, Style, Type, Value};

/// Proves every table, correction, points table and grade scale of a plan; what fails is reported.
#[must_use]
pub fn prove(plan: &Plan) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for item in &plan.items {
        match &item.kind {
            ItemKind::Table(table) => match table.mode {
                TableMode::First => {
                    rows::first(plan, &table.keys, &table.rows, (item, item.span), &mut found);
                    rows::bins(plan, &table.keys, &table.rows, item, &mut found);
                }
                TableMode::Unique => {
                    rows::first(plan, &table.keys, &table.rows, (item, item.span), &mut found);
                    rows::unique(plan, &table.keys, &table.rows, item, &mut found);
                }
                TableMode::BySlices => {
                    rows::first(plan, &table.keys, &table.rows, (item, item.span), &mut found)
                }
                TableMode::All => {}
            },
            ItemKind::Correction(correction) => {
                rows::first(plan, &correction.keys, &correction.rows, (item, item.span), &mut found);
            }
            ItemKind::Scorecard(card) => {
                for factor in &card.factors {
                    if factor.rows.iter().any(|row| !row.cells.is_empty()) {
                        let at = plan.rules.get(factor.rule).map_or(item.span, |rule| rule.span);
                        rows::first(plan, &[factor.value], &factor.rows, (item, at), &mut found);
                        rows::bins(plan, &[factor.value], &factor.rows, item, &mut found);
                    }
                }
            }
            ItemKind::Authority(authority) => {
                let table = &authority.table;
                rows::first(plan, &table.keys, &table.rows, (item, item.span), &mut found);
                authority::rises(plan, authority, item, &mut found);
            }
            ItemKind::Grades(scale) => grades::bands(plan, scale, item, &mut found),
            ItemKind::Escalation(ladder) => {
                if let Some((key, _, tactics, _)) = &ladder.tactics {
                    let tactics: Vec<RowItem> = tactics.iter().map(|row| row.row.clone()).collect();
                    rows::first(plan, &[*key], &tactics, (item, item.span), &mut found);
                }
            }
            ItemKind::Let
            | ItemKind::Limit(_)
            | ItemKind::Triggers(_)
            | ItemKind::Total(_)
            | ItemKind::Allocation(_)
            | ItemKind::Checks(_)
            | ItemKind::Judgement(_)
            | ItemKind::Override(_)
            | ItemKind::Book(_)
            | ItemKind::Checklist(_) => {}
        }
    }
    found
}

/// What a row's cell says of one sample.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// It is unknown: the search stops there.
    Unknown,
    /// It depends on more than the sample: a bound that is no constant.
    Depends,
}

/// The constant of a step, if it is one.
fn constant(plan: &Plan, step: StepId) -> Option<&Value> {
    match &plan.steps.get(step)?.op {
        Op::Const(value) => Some(value),
        _ => None,
    }
}

/// What the bounds that are no constants are taken to be, one by one.
type Taken<'a> = [(StepId, &'a Value)];

/// One step for all that are the same by name: a parameter is the same wherever it is read.
fn by_name(plan: &Plan, step: StepId) -> StepId {
    let mut step = step;
    loop {
        match plan.steps.get(step).map(|it| &it.op) {
            Some(Op::Same(of)) => step = *of,
            Some(Op::Param(param)) => {
                let same = |id: &StepId| matches!(plan.steps.get(*id), Some(it) if matches!(&it.op, Op::Param(other) if other == param));
                return plan.steps.ids().find(same).unwrap_or(step);
            }
            _ => return step,
        }
    }
}

/// What a bound is: a constant, or what it is taken to be.
fn bound<'a>(plan: &'a Plan, taken: &Taken<'a>, step: StepId) -> Option<&'a Value> {
    constant(plan, step).or_else(|| {
        let step = by_name(plan, step);
        taken.iter().find(|(of, _)| *of == step).map(|(_, value)| *value)
    })
}

/// What one test says of a sample.
fn test<'a>(plan: &'a Plan, taken: &Taken<'a>, test: &CellTest, sample: &Value, ty: &Type) -> Verdict {
    if matches!(test, CellTest::Any) {
        return Verdict::Yes;
    }
    if matches!(test, CellTest::Unknown) {
        return if sample.is_known() { Verdict::No } else { Verdict::Yes };
    }
    if !sample.is_known() {
        return Verdict::Unknown;
    }
    let says = |yes: bool| if yes { Verdict::Yes } else { Verdict::No };
    match test {
        CellTest::Any | CellTest::Unknown => Verdict::Yes,
        CellTest::Code(code) => says(match sample {
            Value::Code(found) => found == code,
            Value::Set(members) => members.checked_shr(*code).is_some_and(|bits| bits & 1 == 1),
            _ => false,
        }),
        CellTest::OrBetter(place) | CellTest::OrWorse(place) => {
            let (Value::Code(found), Type::Enum(scale)) = (sample, ty) else { return Verdict::Depends };
            let apart = plan
                .schema
                .enums
                .get(*scale)
                .and_then(|scale| scale.member(*found))
                .is_some_and(|it| it.apart);
            if apart {
                Verdict::Unknown
            } else {
                says(if matches!(test, CellTest::OrBetter(_)) { found <= place } else { found >= place })
            }
        }
        CellTest::Equals(step) => match constant(plan, *step) {
            Some(value) => says(value == sample),
            None => Verdict::Depends,
        },
        CellTest::Bounds { lower, upper } => {
            let mut verdict = Verdict::Yes;
            for (of, is_lower) in [(lower, true), (upper, false)] {
                let Some((step, included)) = of else { continue };
                let found = bound(plan, taken, *step);
                let Some(ordering) = found.and_then(|found| compare(sample, found)) else {
                    let unknown = found.is_some_and(|found| !found.is_known());
                    verdict = if unknown { Verdict::Unknown } else { Verdict::Depends };
                    continue;
                };
                let inside = if is_lower { ordering.is_gt() } else { ordering.is_lt() };
                if !(inside || *included && ordering.is_eq()) {
                    return Verdict::No;
                }
            }
            verdict
        }
    }
}

/// The order of two numbers or two days.
fn compare(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// A sample in words for people: `0.95`, `12.5%`, `CA3`, `yes`.
fn shown(value: &Value, ty: &Type, enums: &Enums) -> String {
    match (value, ty) {
        (Value::Number(number), Type::Number(unit)) if unit.style == Style::Percent && unit.is_plain() => {
            format!("{}%", number.mul(&Number::from_i64(100)))
        }
        (Value::Number(number), _) => number.to_string(),
        (Value::Code(code), Type::Enum(id)) => enums
            .get(*id)
            .and_then(|it| it.member(*code))
            .map_or_else(|| code.to_string(), |member| member.name.to_string()),
        (Value::Bool(yes), _) => String::from(if *yes { "yes" } else { "no" }),
        (Value::Date(day), _) => day.to_string(),
        (Value::Text(text), _) => format!("\"{text}\""),
        (Value::Unknown(_), _) => String::from("unknown"),
        (Value::Code(_) | Value::Set(_) | Value::List(_), _) => String::from("?"),
    }
}
