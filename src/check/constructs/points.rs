//! Points: how a factor's value becomes a score.

use super::common::{fixed, nothing_in, show, unit};
use super::rows::{self, Keys};
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir;
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Number, Type, Unit};

/// The factor that scores, and the unit of its points.
pub(super) struct Scoring<'a> {
    /// The card.
    pub(super) card: &'a ast::Name,
    /// The factor.
    pub(super) factor: &'a ast::Factor,
    /// Whose names its rows see.
    pub(super) scope: &'a Scope,
    /// The unit of the points.
    pub(super) unit: Unit,
}

/// `points { below 2 : 0; … }`
pub(super) fn rows(
    cx: &mut Checker<'_>,
    scoring: &Scoring<'_>,
    written: &[ast::Row],
    value: &hir::Expr,
) -> Option<hir::Points> {
    let Scoring { factor, scope, .. } = scoring;
    if written.is_empty() {
        nothing_in(cx, &factor.name, "points");
        return None;
    }
    rows::guards_first(cx, written);
    let types = [value.ty.clone()];
    let keys = Keys { construct: &factor.name, types: &types };
    let mut sound = true;
    let mut found = Vec::new();
    for row in written {
        let cells = rows::cells(cx, row, &keys, scope);
        let condition = rows::condition(cx, row, scope);
        let [outcome] = row.results.as_slice() else {
            cx.report(
                Diagnostic::new("E302", row.span).arg("got", row.results.len()).arg("want", 1).help(""),
            );
            sound = false;
            continue;
        };
        let outcome = cx.outcome(outcome, &Type::Number(scoring.unit), scope);
        match cells {
            Some(cells) => found.push(hir::Row { cells, condition, results: vec![outcome] }),
            None => sound = false,
        }
    }
    if !sound {
        return None;
    }
    rows::reachable(cx, &found, &types);
    Some(hir::Points::Rows(found))
}

/// `points 20 when yes`
pub(super) fn when(
    cx: &mut Checker<'_>,
    scoring: &Scoring<'_>,
    points: &ast::Expr,
    pattern: &ast::Pattern,
    value: &hir::Expr,
) -> Option<hir::Points> {
    let points = cx.constant_number(points, scoring.unit);
    let pattern = cx.pattern(pattern, &value.ty, scoring.scope);
    Some(hir::Points::When(points?, pattern))
}

/// `points -5 per 1, up to -15`
pub(super) fn per(
    cx: &mut Checker<'_>,
    scoring: &Scoring<'_>,
    (points, per, up_to): (&ast::Expr, &ast::Expr, Option<&ast::Expr>),
    value: &hir::Expr,
) -> Option<hir::Points> {
    let number = cx.constant_number(points, scoring.unit);
    let bound = up_to.map(|up_to| cx.constant_number(up_to, scoring.unit));
    let Some(own) = unit(value) else {
        cx.report(
            Diagnostic::new("E327", scoring.factor.value.span)
                .variant("value")
                .arg("factor", &scoring.factor.name.text)
                .arg("card", &scoring.card.text)
                .help("value"),
        );
        return None;
    };
    let expected = Expected::Type(Type::Number(own), Why::at("per", scoring.factor.value.span));
    let step = fixed(&cx.expr(per, scoring.scope, &expected));
    let Some(step) = step.filter(Number::is_positive) else {
        cx.report(Diagnostic::new("E327", per.span).help(""));
        return None;
    };
    let number = number?;
    let bound = match bound {
        None => None,
        Some(bound) => Some(bound?),
    };
    if let (Some(bound), Some(written)) = (&bound, up_to) {
        // −5 a cheque goes down to −15, never up to 15.
        let agrees = if number.is_negative() { *bound <= number } else { *bound >= number };
        if !agrees {
            let down = number.is_negative();
            cx.report(
                Diagnostic::new("E327", written.span)
                    .variant("bound")
                    .arg("points", show(&number, scoring.unit))
                    .arg("bound", show(bound, scoring.unit))
                    .label(points.span, "points")
                    .help(if down { "down" } else { "up" }),
            );
        }
    }
    Some(hir::Points::Per { points: number, per: step, up_to: bound })
}
