//! `by slices`: each row for the part of the key in its band, as an agency's fee or a tax is reckoned.

use super::common::fixed;
use super::rows::{self, Keys};
use crate::base::Span;
use crate::check::context::{Checker, Scope};
use crate::check::hir;
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Number, Type, Unit};

/// The rows of a table by slices: ascending upper bounds, the last row open or from the last bound on, then at most one
/// row for an unknown key. The result of a band is a rate: percent where key and result have the same unit.
pub(super) fn rows(
    cx: &mut Checker<'_>,
    table: &ast::Table,
    types: &[Type],
    results: &[Option<hir::ResultColumn>],
    scope: &Scope,
) -> Option<Vec<hir::Row>> {
    let at = table.by_slices.unwrap_or(table.name.span);
    let [Type::Number(key)] = types else {
        let place = if types.len() == 1 { key_span(table) } else { at };
        cx.report(Diagnostic::new("E307", place).help(""));
        return None;
    };
    let result = match results {
        [Some(hir::ResultColumn { ty: Type::Number(result), .. })] => *result,
        [None] => return None,
        _ => {
            let place = table.results.first().map_or(at, |result| result.ty.span);
            cx.report(Diagnostic::new("E307", place).variant("result").help("result"));
            return None;
        }
    };
    let rate = if result.same_dimension(*key) { Some(Unit::PERCENT) } else { result.divide(*key) };
    let Some(rate) = rate else {
        cx.report(Diagnostic::new("E307", at).variant("result").help("result"));
        return None;
    };
    let keys = Keys { construct: &table.name, types };
    let mut rows = Vec::new();
    let mut last: Option<(Number, bool, Span)> = None;
    let mut closed: Option<Span> = None;
    let mut sound = true;
    for row in &table.rows {
        let cells = rows::cells(cx, row, &keys, scope);
        let condition = rows::condition(cx, row, scope);
        if row.cells.is_empty() || row.when.is_some() {
            cx.report(Diagnostic::new("E307", row.span).variant("guard").help("guard"));
            sound = false;
            continue;
        }
        let ([outcome], Some(cells)) = (row.results.as_slice(), cells) else {
            sound = false;
            if row.results.len() != 1 {
                cx.report(
                    Diagnostic::new("E302", row.span).arg("got", row.results.len()).arg("want", 1).help(""),
                );
            }
            continue;
        };
        let Some(band) = cells.first().map(band) else { continue };
        let ty = if matches!(band, Band::Unknown) { Type::Number(result) } else { Type::Number(rate) };
        let outcome = cx.outcome(outcome, &ty, scope);
        sound &= follows(cx, row, &band, &mut last, &mut closed);
        rows.push(hir::Row { cells, condition, results: vec![outcome] });
    }
    if let (true, None, Some((bound, _, span))) = (sound, closed, last) {
        cx.report(
            Diagnostic::new("E307", span)
                .variant("open")
                .arg("bound", super::common::show(&bound, *key))
                .help("open"),
        );
        sound = false;
    }
    sound.then_some(rows)
}

fn key_span(table: &ast::Table) -> Span {
    match table.keys.first() {
        Some(ast::Key::Value(value)) => value.span,
        Some(ast::Key::Parameter(name, ..)) => name.span,
        None => table.name.span,
    }
}

/// What a band takes.
enum Band {
    /// Up to a bound, with whether it is included.
    Upto(Number, bool),
    /// From a bound on, with whether it is included.
    From(Number, bool),
    /// All the rest.
    Rest,
    /// A key that is not known.
    Unknown,
    /// Something else.
    Other,
}

fn band(cell: &hir::Cell) -> Band {
    let [pattern] = cell.patterns.as_slice() else { return Band::Other };
    match pattern {
        hir::Pattern::Any => Band::Rest,
        hir::Pattern::Unknown => Band::Unknown,
        hir::Pattern::Bounds { lower: None, upper: Some((bound, included)) } => {
            fixed(bound).map_or(Band::Other, |bound| Band::Upto(bound, *included))
        }
        hir::Pattern::Bounds { lower: Some((bound, included)), upper: None } => {
            fixed(bound).map_or(Band::Other, |bound| Band::From(bound, *included))
        }
        hir::Pattern::Bounds { .. }
        | hir::Pattern::OrBetter(_)
        | hir::Pattern::OrWorse(_)
        | hir::Pattern::Code(_)
        | hir::Pattern::Equals(_) => Band::Other,
    }
}

/// Whether a band follows the one before it without a gap; reported where it does not.
fn follows(
    cx: &mut Checker<'_>,
    row: &ast::Row,
    band: &Band,
    last: &mut Option<(Number, bool, Span)>,
    closed: &mut Option<Span>,
) -> bool {
    let at = row.cells.first().map_or(row.span, |cell| cell.span);
    if let (Some(closed), false) = (*closed, matches!(band, Band::Unknown)) {
        cx.report(Diagnostic::new("E306", at).label(closed, "earlier").help(""));
        return false;
    }
    match band {
        Band::Unknown => true,
        Band::Rest => {
            *closed = Some(row.span);
            true
        }
        Band::Upto(bound, included) => {
            let rising = last.as_ref().is_none_or(|(before, _, _)| before < bound);
            if !rising {
                let before = last.as_ref().map_or(at, |(_, _, span)| *span);
                cx.report(Diagnostic::new("E307", at).variant("order").label(before, "before").help("order"));
            }
            // A band out of order is told of once; the next one is held against the highest bound so far.
            if rising {
                *last = Some((bound.clone(), *included, at));
            }
            rising
        }
        Band::From(bound, included) => {
            *closed = Some(row.span);
            // The last band begins where the one before it ends; the bound itself belongs to one of the two.
            let joins = last.as_ref().is_some_and(|(before, taken, _)| before == bound && taken != included);
            if !joins {
                let mut report = Diagnostic::new("E307", at).variant("join").help("join");
                if let Some((_, _, span)) = last {
                    report = report.label(*span, "before");
                }
                cx.report(report);
            }
            joins
        }
        Band::Other => {
            cx.report(Diagnostic::new("E307", at).variant("bound").help("bound"));
            false
        }
    }
}
