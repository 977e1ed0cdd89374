//! `correction`: by how much a limit is moved for a grade or a class, 1.2 for `up 20%`.

use super::common::{fixed, nothing_in, number, show};
use super::rows::{self, Keys};
use super::table::{inner_scope, key_types, keys};
use crate::base::Span;
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir::{self, DefinitionKind};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Number, Type, Unit};

/// `correction`
pub(crate) fn correction(
    cx: &mut Checker<'_>,
    correction: &ast::Correction,
    scope: &Scope,
) -> DefinitionKind {
    let keys = keys(cx, &correction.name, &correction.keys, scope);
    let inner = inner_scope(&keys, scope);
    if correction.rows.is_empty() {
        nothing_in(cx, &correction.name, "correction");
    }
    rows::guards_first(cx, &correction.rows);
    let Some(types) = key_types(&keys) else { return DefinitionKind::Error };
    let wanted = Keys { construct: &correction.name, types: &types };
    let mut sound = true;
    let mut found = Vec::new();
    for row in &correction.rows {
        let cells = rows::cells(cx, row, &wanted, &inner);
        let condition = rows::condition(cx, row, &inner);
        let [result] = row.results.as_slice() else {
            cx.report(
                Diagnostic::new("E302", row.span).arg("got", row.results.len()).arg("want", 1).help(""),
            );
            sound = false;
            continue;
        };
        let outcome = outcome(cx, result, &inner);
        match cells.zip(outcome) {
            Some((cells, outcome)) => found.push(hir::Row { cells, condition, results: vec![outcome] }),
            None => sound = false,
        }
    }
    if !sound {
        return DefinitionKind::Error;
    }
    rows::reachable(cx, &found, &types);
    if let ([Type::Enum(of)], false) = (types.as_slice(), found.is_empty()) {
        rows::all_members(cx, &correction.name, &found, *of);
    }
    DefinitionKind::Correction(hir::Correction { keys, rows: found })
}

/// A result of a correction: a factor, `cancel`, `no recommendation`, or what every row may give.
fn outcome(cx: &mut Checker<'_>, outcome: &ast::Outcome, scope: &Scope) -> Option<hir::Outcome> {
    let span = outcome.span;
    let kind = match &outcome.kind {
        ast::OutcomeKind::Up(by) => hir::OutcomeKind::Value(moved(cx, by, true, span, scope)?),
        ast::OutcomeKind::Down(by) => hir::OutcomeKind::Value(moved(cx, by, false, span, scope)?),
        ast::OutcomeKind::Unchanged => {
            hir::OutcomeKind::Value(number(Number::from_i64(1), Unit::RATIO, span))
        }
        ast::OutcomeKind::Cancel => hir::OutcomeKind::Cancel,
        ast::OutcomeKind::NoRecommendation => hir::OutcomeKind::NoRecommendation,
        // A plain value is no correction, and the grammar reads none here.
        ast::OutcomeKind::Value(_)
        | ast::OutcomeKind::Unknown
        | ast::OutcomeKind::Refer(..)
        | ast::OutcomeKind::Refuse
        | ast::OutcomeKind::Signers(_) => {
            return Some(cx.outcome(outcome, &Type::Number(Unit::RATIO), scope));
        }
    };
    Some(hir::Outcome { kind, span })
}

/// The factor of `up 50%` or `down 20%`: 1.5, 0.8.
fn moved(cx: &mut Checker<'_>, by: &ast::Expr, up: bool, span: Span, scope: &Scope) -> Option<hir::Expr> {
    let expected = Expected::Type(Type::Number(Unit::PERCENT), Why::at("correction", span));
    let part = cx.expr(by, scope, &expected);
    let one = Number::from_i64(1);
    if let Some(part) = fixed(&part) {
        let key = if part.is_negative() {
            if up { "negative_up" } else { "negative_down" }
        } else if !up && part > one {
            "over"
        } else {
            let factor = if up { one.add(&part) } else { one.sub(&part) };
            return Some(number(factor, Unit::RATIO, span));
        };
        cx.report(
            Diagnostic::new("E351", by.span).variant(key).arg("part", show(&part, Unit::PERCENT)).help(key),
        );
        return None;
    }
    if super::common::broken(&part) {
        return None;
    }
    let kind = if up { hir::Arithmetic::Add } else { hir::Arithmetic::Subtract };
    let one = number(one, Unit::RATIO, span);
    let factor = hir::ExprKind::Arithmetic(kind, Box::new(one), Box::new(part));
    Some(hir::Expr { kind: factor, ty: Type::Number(Unit::RATIO), span })
}
