//! Rows, in the one shape that they have in tables, corrections, points and tactics, and which of them can be reached.

use std::collections::BTreeSet;

use super::common::{enum_of, fixed, place};
use crate::base::Span;
use crate::check::context::{Checker, Scope};
use crate::check::hir;
use crate::diag::{Diagnostic, Fix};
use crate::syntax::ast;
use crate::value::{EnumId, EnumSort, Number, Type, Value};

/// What the cells of a row are held against.
pub(super) struct Keys<'a> {
    /// The construct that the rows belong to.
    pub(super) construct: &'a ast::Name,
    /// The type of each key; none for a key that could not be checked.
    pub(super) types: &'a [Type],
}

/// `B、C : 2%` under one key: the cells are names, and joined by `or` they are one cell.
fn alternatives(cx: &Checker, row: &ast::Row) -> Option<Fix> {
    let is_name = |cell: &ast::Cell| {
        cell.patterns.iter().all(|pattern| {
            matches!(&pattern.kind, ast::PatternKind::Value(ast::Expr { kind: ast::ExprKind::Name(_), .. }))
        })
    };
    let names = row.cells.iter().all(is_name);
    let or = cx.spelled(" or ", " 或 ");
    let between = row.cells.windows(2).filter_map(|two| {
        let [one, other] = two else { return None };
        Some((Span { start: one.span.end, end: other.span.start, ..one.span }, or.into()))
    });
    names.then(|| Fix { key: "alternatives", edits: between.collect(), safe: false })
}

/// The cells of a row, one a key; none for a guard row, or for `any` where there is no key. `None` where they do not
/// fit the keys, which has been reported.
pub(super) fn cells(cx: &mut Checker, row: &ast::Row, keys: &Keys, scope: &Scope) -> Option<Vec<hir::Cell>> {
    let any = |cell: &ast::Cell| cell.patterns.iter().all(|pattern| pattern.kind == ast::PatternKind::Any);
    if keys.types.is_empty() && row.cells.len() == 1 && row.cells.iter().all(any) {
        return Some(Vec::new());
    }
    if row.cells.is_empty() && row.when.is_some() {
        return Some(Vec::new());
    }
    if row.cells.len() != keys.types.len() {
        let at = match (row.cells.first(), row.cells.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => row.span,
        };
        let mut report = Diagnostic::new("E301", at)
            .arg("got", row.cells.len())
            .arg("keys", keys.types.len())
            .arg("construct", &keys.construct.text);
        if keys.types.is_empty() {
            report = report.variant("none").help("none");
        } else {
            let joined = keys.types.len() == 1;
            let help = if joined { "alternatives" } else { "any" };
            report = report.label(keys.construct.span, "keys");
            report = match alternatives(cx, row).filter(|_| joined) {
                Some(fix) => {
                    report.fixes.push(fix);
                    report
                }
                None => report.help(help),
            };
        }
        cx.report(report);
        return None;
    }
    Some(row.cells.iter().zip(keys.types).map(|(cell, ty)| cx.cell(cell, ty, scope)).collect())
}

/// The guard of a row with its words.
pub(super) fn condition(cx: &mut Checker, row: &ast::Row, scope: &Scope) -> hir::Condition {
    cx.condition(row.when.as_ref(), row.if_unknown.as_ref(), &row.reason, row.span, scope)
}

/// Guard rows stand before all others: the keys are looked at only where no guard holds.
pub(super) fn guards_first(cx: &mut Checker, rows: &[ast::Row]) {
    let Some(first) = rows.iter().find(|row| !row.cells.is_empty()) else { return };
    let late = rows.iter().filter(|row| row.cells.is_empty() && row.span.start > first.span.start);
    let reports: Vec<Diagnostic> = late
        .map(|row| Diagnostic::new("E304", row.span).label(first.span, "first").help("").note(""))
        .collect();
    for report in reports {
        cx.report(report);
    }
}

/// Reports each row that an earlier one takes everything from. Rows of one written row (a grid) are told of once.
pub(super) fn reachable(cx: &mut Checker, rows: &[hir::Row], keys: &[Type]) {
    let mut told = BTreeSet::new();
    for (at, row) in rows.iter().enumerate() {
        for cell in &row.cells {
            repeated_member(cx, cell, &mut told);
        }
        let earlier = rows.iter().take(at).find(|earlier| {
            earlier.condition.when.is_none()
                && earlier.condition.span != row.condition.span
                && covers(cx, &earlier.cells, row, keys)
        });
        let Some(earlier) = earlier else { continue };
        if !told.insert(row.condition.span) {
            continue;
        }
        let everything = earlier.cells.iter().all(takes_all);
        let code = if everything { "E306" } else { "E305" };
        let at = row.cells.first().zip(row.cells.last()).map_or(row.condition.span, |(first, last)| {
            if first.span.start <= last.span.start { first.span.to(last.span) } else { row.condition.span }
        });
        cx.report(Diagnostic::new(code, at).label(earlier.condition.span, "earlier").help(""));
    }
}

/// Reports a member that stands twice in one cell: `CA5 or CA5`.
fn repeated_member(cx: &mut Checker, cell: &hir::Cell, told: &mut BTreeSet<Span>) {
    let mut codes = BTreeSet::new();
    let twice = cell.patterns.iter().any(|pattern| match pattern {
        hir::Pattern::Code(code) => !codes.insert(*code),
        _ => false,
    });
    if twice && told.insert(cell.span) {
        cx.report(Diagnostic::new("E305", cell.span).variant("cell").help("cell"));
    }
}

fn takes_all(cell: &hir::Cell) -> bool {
    cell.patterns.iter().any(|pattern| matches!(pattern, hir::Pattern::Any))
}

/// Whether a row with these cells and no guard takes everything that `row` could.
fn covers(cx: &Checker, earlier: &[hir::Cell], row: &hir::Row, keys: &[Type]) -> bool {
    if earlier.is_empty() {
        // The last row of a table without keys.
        return true;
    }
    earlier.len() == row.cells.len()
        && earlier
            .iter()
            .zip(&row.cells)
            .zip(keys)
            .all(|((earlier, later), key)| cell_covers(cx, earlier, later, key))
}

fn cell_covers(cx: &Checker, earlier: &hir::Cell, later: &hir::Cell, key: &Type) -> bool {
    if takes_all(earlier) {
        return true;
    }
    if let Type::Enum(id) = key {
        return match (members(cx, earlier, *id), members(cx, later, *id)) {
            (Some(earlier), Some(later)) => later.is_subset(&earlier),
            _ => false,
        };
    }
    later.patterns.iter().all(|later| earlier.patterns.iter().any(|earlier| pattern_covers(earlier, later)))
}

/// Whether a pattern over a number, a text, a day takes all that another does, both being fixed.
fn pattern_covers(earlier: &hir::Pattern, later: &hir::Pattern) -> bool {
    use hir::Pattern;
    match (earlier, later) {
        (Pattern::Unknown, Pattern::Unknown) => true,
        (Pattern::Equals(left), Pattern::Equals(right)) => match (&left.kind, &right.kind) {
            (hir::ExprKind::Const(left), hir::ExprKind::Const(right)) => left == right,
            _ => false,
        },
        (Pattern::Bounds { lower, upper }, Pattern::Bounds { lower: from, upper: to }) => {
            side_covers(lower.as_ref(), from.as_ref(), |bound, other| bound < other)
                && side_covers(upper.as_ref(), to.as_ref(), |bound, other| bound > other)
        }
        _ => false,
    }
}

/// Whether one bound lets everything through that another of the same side does.
fn side_covers(
    bound: Option<&(hir::Expr, bool)>,
    other: Option<&(hir::Expr, bool)>,
    wider: impl Fn(&Number, &Number) -> bool,
) -> bool {
    let Some((bound, included)) = bound else { return true };
    let Some((other, other_included)) = other else { return false };
    match (fixed(bound), fixed(other)) {
        (Some(bound), Some(other)) => {
            wider(&bound, &other) || (bound == other && (*included || !*other_included))
        }
        _ => false,
    }
}

/// What a cell over an enumeration takes: its members, and [`None`] among them where it takes unknown.
/// `None` where that cannot be said.
pub(super) fn members(cx: &Checker, cell: &hir::Cell, of: EnumId) -> Option<BTreeSet<Option<u32>>> {
    let members = &enum_of(cx, of)?.members;
    let mut taken = BTreeSet::new();
    for pattern in &cell.patterns {
        match pattern {
            hir::Pattern::Code(code) => {
                taken.insert(Some(*code));
            }
            hir::Pattern::Equals(hir::Expr { kind: hir::ExprKind::Const(Value::Code(code)), .. }) => {
                taken.insert(Some(*code));
            }
            hir::Pattern::OrBetter(bound) | hir::Pattern::OrWorse(bound) => {
                let better = matches!(pattern, hir::Pattern::OrBetter(_));
                let places = members.iter().enumerate().filter(|(_, member)| !member.apart);
                let places = places.map(|(index, _)| place(index));
                taken.extend(
                    places.filter(|code| if better { code <= bound } else { code >= bound }).map(Some),
                );
            }
            hir::Pattern::Any => {
                taken.extend(members.iter().enumerate().map(|(index, _)| Some(place(index))));
                taken.insert(None);
            }
            hir::Pattern::Unknown => {
                taken.insert(None);
            }
            hir::Pattern::Bounds { .. } | hir::Pattern::Equals(_) => return None,
        }
    }
    Some(taken)
}

/// Reports the members of a kind or scale that no row takes; a row with a guard alone does not take one.
pub(super) fn all_members(cx: &mut Checker, construct: &ast::Name, rows: &[hir::Row], of: EnumId) {
    let mut taken = BTreeSet::new();
    for row in rows.iter().filter(|row| row.condition.when.is_none()) {
        match row.cells.first() {
            Some(cell) => match members(cx, cell, of) {
                Some(members) => taken.extend(members),
                None => return,
            },
            // A guard row without a guard: reported where it stands.
            None => return,
        }
    }
    let Some(scale) = enum_of(cx, of) else { return };
    let open: Vec<String> = scale
        .members
        .iter()
        .enumerate()
        .filter(|(index, _)| !taken.contains(&Some(place(*index))))
        .map(|(_, member)| format!("`{}`", member.name))
        .collect();
    if open.is_empty() {
        return;
    }
    let guarded = rows.iter().any(|row| row.condition.when.is_some());
    let variant = if scale.sort == EnumSort::Grades { "grades" } else { "" };
    let mut report = Diagnostic::new("E353", construct.span)
        .variant(variant)
        .arg("construct", &construct.text)
        .arg("members", open.join(", "))
        .help("");
    if guarded {
        report = report.note("");
    }
    cx.report(report);
}
