//! Customers who are better off by silence: what is missing counts as better than the worst that they could have said.

use std::collections::BTreeSet;

use crate::base::Lang;
use crate::check::hir::{IfUnknown, Missing};
use crate::diag::Diagnostic;
use crate::lint::{Policy, read};
use crate::plan::{
    self, CellTest, Item, ItemKind, LineKind, Plan, RowItem, RuleKind, ScorecardItem, TableItem,
};
use crate::value::{Number, Value};

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let plan = policy.seen.plan;
    let limits = read::under_limits(plan);
    let mut found = Vec::new();
    let mut caps = BTreeSet::new();
    for item in policy.items() {
        match &item.kind {
            ItemKind::Scorecard(card) => of_card(plan, item, card, &mut found),
            ItemKind::Table(table) => {
                for (column, (_, _, _, value)) in table.results.iter().enumerate() {
                    if limits.contains(value) {
                        found.extend(of_table(plan, table, column).map(|told| told.arg("table", &item.name)));
                    }
                }
            }
            ItemKind::Limit(limit) => {
                caps.extend(
                    limit.lines.iter().filter(|line| line.kind == LineKind::Cap).map(|line| line.rule),
                );
            }
            _ => {}
        }
    }
    for (id, rule) in plan.rules.iter_enumerated().filter(|(_, rule)| policy.owns(rule.span)) {
        let harms = matches!(rule.kind, RuleKind::Force | RuleKind::NotAbove | RuleKind::Down);
        if (harms || caps.contains(&id)) && rule.if_unknown == Some(IfUnknown::DoesNotApply) {
            found.push(Diagnostic::new("L008", rule.span).variant("rule").help("applies"));
        }
    }
    found
}

fn of_card(plan: &Plan, item: &Item, card: &ScorecardItem, found: &mut Vec<Diagnostic>) {
    let gathers = plan::gathers(plan, item);
    let mut left_out = None;
    for factor in &card.factors {
        let Some(points) = plan.steps.get(factor.points).filter(|step| step.bounds.unknown) else { continue };
        let here = plan.rules.get(factor.rule).map_or(item.span, |rule| rule.span);
        match (&factor.missing, &points.bounds.range) {
            // In a card of what speaks against the customer the most points are the worst.
            (Missing::Scores(score), Some((_, worst))) if gathers && score < worst => {
                let told = Diagnostic::new("L008", here).variant("scores").arg("name", &factor.name);
                found.push(told.arg("score", score).arg("worst", worst).help("worst"));
            }
            (Missing::Scores(score), Some((worst, _))) if !gathers && score > worst => {
                let told = Diagnostic::new("L008", here).variant("scores").arg("name", &factor.name);
                found.push(told.arg("score", score).arg("worst", worst).help("worst"));
            }
            (Missing::LeftOut, _) if !card.added => {
                left_out.get_or_insert((here, &factor.name));
            }
            (Missing::LeftOut | Missing::Scores(_) | Missing::Unknown, _) => {}
        }
    }
    if let Some((here, name)) = left_out.filter(|_| card.require.is_empty()) {
        let told =
            Diagnostic::new("L008", here).variant("left_out").arg("name", name).arg("card", &item.name);
        found.push(told.help("require"));
    }
}

/// A row `unknown` that gives more than the least of the rows that match what is known.
fn of_table(plan: &Plan, table: &TableItem, column: usize) -> Option<Diagnostic> {
    let result = |row: &RowItem| read::number(plan, *row.results.get(column)?);
    let catches = |row: &&RowItem| row.cells.iter().any(|cell| cell.pattern == [CellTest::Unknown]);
    let silent = table.rows.iter().find(catches)?;
    let least = table.rows.iter().filter(|row| !catches(row)).filter_map(result).min()?;
    let given = result(silent).filter(|given| *given > least)?;
    let ty = &table.results.get(column)?.2;
    let shown = |number: &Number, lang: Lang| plan.shown(&Value::Number(number.clone()), ty, lang, false);
    let here = plan.rules.get(silent.rule)?.span;
    let told = Diagnostic::new("L008", here)
        .variant("row")
        .arg_in("given", shown(given, Lang::En), shown(given, Lang::Zh))
        .arg_in("least", shown(least, Lang::En), shown(least, Lang::Zh));
    Some(told.help("row"))
}
