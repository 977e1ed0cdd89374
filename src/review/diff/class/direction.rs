//! Which way a customer is the better off: the higher a limit, the nearer a grade to the first of its scale, the longer a term.

use std::collections::BTreeSet;

use super::relate::{Dir, Relate};
use crate::plan::{
    BookPart, CellTest, GradesItem, Item, ItemKind, LimitItem, LineKind, Op, OutputItem, Plan, StepId,
    TableItem,
};
use crate::value::{Number, Type, Unit, Value};

/// Whether a customer is the better off, the higher a value is; none where the policy does not tell.
///
/// Limits of money, what is granted of them, what they get of a shared budget, and corrections are better the higher; grades the
/// nearer to the first. Days or a percent that worse grades get less of, as a term is, is better the higher; one that they get
/// more of, as a deposit is, the lower. Of any other number it is asked which way limits, grades and holds would go if it went up.
pub(super) fn better(plan: &Plan, output: &OutputItem) -> Option<bool> {
    anchored(plan, output).or_else(|| pushed(plan, output))
}

/// The step that a value is, whatever it is called.
fn root(plan: &Plan, step: StepId) -> StepId {
    let mut at = step;
    while let Some(Op::Same(of)) = plan.steps.get(at).map(|step| &step.op) {
        at = *of;
    }
    at
}

fn item<'p>(plan: &'p Plan, output: &OutputItem) -> Option<&'p Item> {
    let own = output.item.and_then(|item| plan.items.get(item)).filter(|item| item.value == output.step);
    // A limit with exceptions has the name of what is computed, and the value of what they make of it.
    let exceptions = || {
        let mut all = plan.items.iter().filter(|item| matches!(item.kind, ItemKind::Override(_)));
        all.find(|item| item.value == output.step)
    };
    own.or_else(exceptions)
}

/// What a construct tells of its own value.
fn anchored(plan: &Plan, output: &OutputItem) -> Option<bool> {
    if let Some(Op::Book(_, BookPart::Served, _)) = plan.steps.get(output.step).map(|step| &step.op) {
        return Some(true);
    }
    match &item(plan, output)?.kind {
        ItemKind::Limit(limit) => of_limit(plan, limit, output.step),
        ItemKind::Override(it) => {
            let limit = plan.items.iter().find_map(|item| match &item.kind {
                ItemKind::Limit(limit) if root(plan, item.value) == root(plan, it.computed) => Some(limit),
                _ => None,
            });
            of_limit(plan, limit?, it.computed)
        }
        ItemKind::Grades(_) => Some(false),
        ItemKind::Correction(_) => Some(true),
        ItemKind::Authority(it) => {
            matches!(plan.steps.get(it.value).map(|step| &step.ty), Some(ty) if is_money(ty)).then_some(true)
        }
        ItemKind::Table(_) => by_grade(plan, output.step),
        _ => None,
    }
}

fn is_money(ty: &Type) -> bool {
    ty.unit().is_some_and(|unit| unit.currency.is_some())
}

/// A limit of money is better the higher. Of a term or a deposit, the classes tell; else its lines do: what cannot be capped but
/// only raised, where something speaks against a customer, is asked of him.
fn of_limit(plan: &Plan, limit: &LimitItem, value: StepId) -> Option<bool> {
    if plan.steps.get(value).is_some_and(|step| is_money(&step.ty)) {
        return Some(true);
    }
    let by_lines = || {
        let conditional = |kind: &LineKind| {
            limit.lines.iter().any(|line| {
                line.kind == *kind && plan.rules.get(line.rule).is_some_and(|rule| rule.applies.is_some())
            })
        };
        match (conditional(&LineKind::Cap), conditional(&LineKind::Floor)) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            (true, true) | (false, false) => None,
        }
    };
    by_grade(plan, value).or_else(by_lines)
}

/// What the tables by grade behind days or a percent tell: whether a worse grade gets less, or more.
fn by_grade(plan: &Plan, value: StepId) -> Option<bool> {
    let unit = plan.steps.get(value)?.ty.unit()?;
    if unit.days == 0 && unit != Unit::PERCENT {
        return None;
    }
    let behind = behind(plan, value);
    let mut told = plan.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Table(table) => {
            let column = table.results.iter().position(|(.., step)| behind.contains(step))?;
            falls_with_grade(plan, table, column)
        }
        _ => None,
    });
    let first = told.next()?;
    told.all(|other| other == first).then_some(first)
}

/// The steps that a value is taken from, as it is or with a factor, a cap, a floor.
fn behind(plan: &Plan, value: StepId) -> BTreeSet<StepId> {
    let mut found = BTreeSet::new();
    let mut open = vec![value];
    while let Some(at) = open.pop() {
        if !found.insert(at) {
            continue;
        }
        match plan.steps.get(at).map(|step| &step.op) {
            Some(Op::Same(of) | Op::Round(of, _) | Op::Floor(of)) => open.push(*of),
            Some(Op::If(_, a, b) | Op::IfUnknown(a, b)) => open.extend([*a, *b]),
            Some(Op::Pick { of, .. }) => open.extend(of),
            Some(_) | None => {}
        }
    }
    found
}

/// Whether worse grades get less of a column: yes, no; none where it is neither, or the table does not go by a grade.
fn falls_with_grade(plan: &Plan, table: &TableItem, column: usize) -> Option<bool> {
    let scale = |step: &StepId| match plan.steps.get(*step).map(|step| &step.ty) {
        Some(Type::Enum(kind)) => plan.items.iter().find_map(|item| match &item.kind {
            ItemKind::Grades(GradesItem { scale, bands, .. }) if scale == kind => Some(bands.len()),
            _ => None,
        }),
        _ => None,
    };
    let (key, ranked) = table.keys.iter().enumerate().find_map(|(at, step)| Some((at, scale(step)?)))?;
    // Rows that ask the same beside the grade are held against each other.
    let mut groups: std::collections::BTreeMap<String, Vec<(u32, Number)>> =
        std::collections::BTreeMap::new();
    for row in &table.rows {
        let cell = row.cells.get(key)?;
        let mut grades = cell.pattern.iter().filter_map(|test| match test {
            CellTest::Code(code) => Some(*code),
            CellTest::OrBetter(_) => Some(0),
            CellTest::OrWorse(code) => Some(*code),
            CellTest::Bounds { .. } | CellTest::Equals(_) | CellTest::Any | CellTest::Unknown => None,
        });
        let Some(best) = grades.next().map(|first| grades.fold(first, u32::min)) else { continue };
        if usize::try_from(best).is_ok_and(|best| best >= ranked) {
            continue;
        }
        let value = match row.results.get(column).and_then(|step| plan.steps.get(*step)).map(|step| &step.op)
        {
            Some(Op::Const(Value::Number(value))) => value.clone(),
            _ => return None,
        };
        let beside: Vec<_> = row
            .cells
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != key)
            .map(|(_, cell)| &cell.pattern)
            .collect();
        let guard = row.guard.as_ref().map(|guard| guard.condition);
        groups.entry(format!("{beside:?} {guard:?}")).or_default().push((best, value));
    }
    let (mut less, mut more) = (false, false);
    for rows in groups.values_mut() {
        rows.sort();
        for ((_, better), (_, worse)) in rows.iter().zip(rows.iter().skip(1)) {
            less |= worse < better;
            more |= worse > better;
        }
    }
    (less != more).then_some(less)
}

/// Which way limits, grades and holds on orders go where a value goes up.
fn pushed(plan: &Plan, output: &OutputItem) -> Option<bool> {
    match plan.steps.get(output.step).map(|step| &step.ty) {
        Some(Type::Number(_) | Type::Date | Type::YesNo) => {}
        Some(Type::Enum(_) | Type::Set(_) | Type::Text | Type::List(_) | Type::Records(_)) | None => {
            return None;
        }
    }
    let mut pushed = Relate::pushed(plan, output.step);
    let mut told = Vec::new();
    let mut seen = BTreeSet::new();
    for other in plan.decisions.iter().flat_map(|decision| &decision.outputs) {
        if !seen.insert(other.step) {
            continue;
        }
        let moved: Vec<(StepId, bool)> = match item(plan, other).map(|item| &item.kind) {
            Some(ItemKind::Checks(checks)) => checks
                .holds
                .iter()
                .filter_map(|hold| {
                    let rule = plan.rules.get(hold.rule)?;
                    Some((rule.applies.or(rule.condition)?, false))
                })
                .collect(),
            _ => anchored(plan, other).map(|up| (other.step, up)).into_iter().collect(),
        };
        for (step, up) in moved {
            match pushed.of(step, step).dir {
                Dir::Same => {}
                Dir::Any => return None,
                Dir::Up => told.push(up),
                Dir::Down => told.push(!up),
            }
        }
    }
    let first = *told.first()?;
    told.iter().all(|up| *up == first).then_some(first)
}
