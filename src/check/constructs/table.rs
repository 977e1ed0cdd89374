//! `table`: rows over keys, in lists, grids, sets and slices.

use super::common::{nothing_in, unique};
use super::rows::{self, Keys};
use super::slices;
use crate::base::Span;
use crate::check::context::{Checker, Expected, Parameter, Scope};
use crate::check::hir::{self, DefinitionKind};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Type, Unit};

/// `table`
pub(crate) fn table(cx: &mut Checker<'_>, table: &ast::Table, scope: &Scope) -> DefinitionKind {
    let keys = keys(cx, &table.name, &table.keys, scope);
    let inner = inner_scope(&keys, scope);
    let results = results(cx, table, scope);
    heading(cx, table);
    let mode = mode(cx, table, &results);
    if table.rows.is_empty() {
        nothing_in(cx, &table.name, "table");
    }
    if mode != hir::TableMode::All && !keys.is_empty() {
        rows::guards_first(cx, &table.rows);
    }
    let Some(types) = key_types(&keys) else { return DefinitionKind::Error };
    let rows = match (&table.grid, mode) {
        (Some(columns), _) => grid(cx, table, columns, &types, &results, &inner),
        (None, hir::TableMode::BySlices) => slices::rows(cx, table, &types, &results, &inner),
        (None, _) => plain(cx, table, mode, &types, &results, &inner),
    };
    let Some(rows) = rows else { return DefinitionKind::Error };
    if matches!(mode, hir::TableMode::First | hir::TableMode::Unique) {
        rows::reachable(cx, &rows, &types);
    }
    let rounding = rounding(cx, table, &results);
    let Some(results) = results.into_iter().collect::<Option<Vec<_>>>() else { return DefinitionKind::Error };
    let reason = cx.reason(&table.reason);
    DefinitionKind::Table(hir::Table { keys, mode, results, rows, rounding, reason })
}

/// The keys of a table or a correction: values in scope, or typed parameters, never both.
pub(super) fn keys(
    cx: &mut Checker<'_>,
    construct: &ast::Name,
    keys: &[ast::Key],
    scope: &Scope,
) -> Vec<hir::Key> {
    let parameters: Vec<&ast::Name> = keys
        .iter()
        .filter_map(|key| match key {
            ast::Key::Parameter(name, ..) => Some(name),
            ast::Key::Value(_) => None,
        })
        .collect();
    unique(cx, parameters.iter().copied(), construct, "parameter");
    let value = keys.iter().find_map(|key| match key {
        ast::Key::Value(value) => Some(value.span),
        ast::Key::Parameter(..) => None,
    });
    if let (Some(parameter), Some(value)) = (parameters.first(), value) {
        cx.report(
            Diagnostic::new("E310", parameter.span)
                .arg("parameter", &parameter.text)
                .label(value, "value")
                .help("")
                .note(""),
        );
    }
    let mut checked = Vec::new();
    let mut rest = keys.iter().peekable();
    while let Some(key) = rest.next() {
        if let Some(parameter) = rest.peek().and_then(|next| comma_for_colon(cx, key, next, scope)) {
            rest.next();
            checked.push(parameter);
            continue;
        }
        checked.push(match key {
            ast::Key::Value(value) => hir::Key::Value(cx.expr(value, scope, &Expected::Subject)),
            ast::Key::Parameter(name, ty, range) => match cx.type_expr(ty, scope) {
                Some(ty) => {
                    let range = cx.range(range, &ty, scope);
                    hir::Key::Parameter { name: name.text.clone(), ty, range, span: name.span }
                }
                None => hir::Key::Value(Checker::error(name.span)),
            },
        });
    }
    checked
}

/// `by asset, asset_kind`: a name without a meaning before that of a kind is a parameter, and the comma was to be a colon.
fn comma_for_colon(cx: &mut Checker<'_>, key: &ast::Key, next: &ast::Key, scope: &Scope) -> Option<hir::Key> {
    let bare = |key: &ast::Key| match key {
        ast::Key::Value(ast::Expr { kind: ast::ExprKind::Name(name), .. }) => Some(name.clone()),
        _ => None,
    };
    let (name, kind) = (bare(key)?, bare(next)?);
    if !cx.means_nothing(&name.text, scope) || !cx.means_nothing(&kind.text, scope) {
        return None;
    }
    let kinds = &cx.program.schema.enums;
    let id = kinds.iter_enumerated().find(|(_, known)| known.name == kind.text).map(|(id, _)| id)?;
    let between = Span::new(name.span.file, name.span.end, kind.span.start);
    let report = Diagnostic::new("E201", name.span).arg("name", &name.text).arg("kind", &kind.text);
    cx.report(report.fix("key", between, ": ", false));
    let (ty, range) = (Type::Enum(id), hir::ValueRange::default());
    Some(hir::Key::Parameter { name: name.text, ty, range, span: name.span })
}

/// The scope inside a table: its parameters have names there.
pub(super) fn inner_scope(keys: &[hir::Key], scope: &Scope) -> Scope {
    let parameters: Vec<Parameter> = keys
        .iter()
        .filter_map(|key| match key {
            hir::Key::Parameter { name, ty, span, .. } => {
                Some(Parameter { name: name.clone(), ty: ty.clone(), span: *span })
            }
            hir::Key::Value(_) => None,
        })
        .collect();
    if parameters.is_empty() { scope.clone() } else { scope.with_parameters(parameters) }
}

/// The types of the keys; `None` where one could not be checked.
pub(super) fn key_types(keys: &[hir::Key]) -> Option<Vec<Type>> {
    keys.iter()
        .map(|key| match key {
            hir::Key::Value(value) if super::common::broken(value) => None,
            hir::Key::Value(value) => Some(value.ty.clone()),
            hir::Key::Parameter { ty, .. } => Some(ty.clone()),
        })
        .collect()
}

/// The result columns; `None` in place of one whose type could not be read.
fn results(cx: &mut Checker<'_>, table: &ast::Table, scope: &Scope) -> Vec<Option<hir::ResultColumn>> {
    unique(cx, table.results.iter().filter_map(|result| result.name.as_ref()), &table.name, "result");
    if table.results.len() > 1 {
        for result in table.results.iter().filter(|result| result.name.is_none()) {
            cx.report(
                Diagnostic::new("E309", result.ty.span).arg("table", &table.name.text).help("").note(""),
            );
        }
    }
    table
        .results
        .iter()
        .map(|result| {
            let name = result.name.as_ref().unwrap_or(&table.name);
            let label = Checker::label(&result.label, name);
            let ty = cx.type_expr(&result.ty, scope)?;
            Some(hir::ResultColumn { name: result.name.as_ref().map(|name| name.text.clone()), label, ty })
        })
        .collect()
}

/// A heading names the results in their order, so that nobody reads a column under the wrong name.
fn heading(cx: &mut Checker<'_>, table: &ast::Table) {
    let Some(heading) = &table.heading else { return };
    let (Some(first), Some(last)) = (heading.first(), heading.last()) else { return };
    let wanted: Vec<&str> =
        table.results.iter().filter_map(|result| result.name.as_ref()).map(|name| &*name.text).collect();
    let names = wanted.join(", ");
    if wanted.len() != heading.len() {
        let whole = first.span.to(last.span);
        let mut report = Diagnostic::new("E303", whole)
            .variant(if wanted.is_empty() { "unnamed" } else { "count" })
            .arg("got", heading.len())
            .arg("want", wanted.len())
            .arg("names", &names);
        report =
            if wanted.is_empty() { report.help("unnamed") } else { report.fix("names", whole, names, false) };
        cx.report(report);
        return;
    }
    for (name, wanted) in heading.iter().zip(&wanted) {
        if &*name.text != *wanted {
            cx.report(
                Diagnostic::new("E303", name.span)
                    .arg("got", &name.text)
                    .arg("want", wanted)
                    .arg("names", &names)
                    .fix("names", first.span.to(last.span), names, false)
                    .note(""),
            );
            return;
        }
    }
}

/// How the table goes through its rows, with what that asks of it.
fn mode(cx: &mut Checker<'_>, table: &ast::Table, results: &[Option<hir::ResultColumn>]) -> hir::TableMode {
    let written: Vec<(Span, hir::TableMode)> = [
        (table.unique, hir::TableMode::Unique),
        (table.all, hir::TableMode::All),
        (table.by_slices, hir::TableMode::BySlices),
    ]
    .into_iter()
    .filter_map(|(span, mode)| span.map(|span| (span, mode)))
    .collect();
    // `unique … by slices` is no contradiction: bands that follow each other never overlap.
    let Some((span, mode)) = written.last().copied() else { return hir::TableMode::First };
    if table.all.is_some()
        && let Some((first, _)) = written.first().filter(|(first, _)| *first != span)
    {
        cx.report(Diagnostic::new("E308", span).variant("two").label(*first, "other").help("two"));
    }
    if mode != hir::TableMode::First && mode != hir::TableMode::Unique && table.grid.is_some() {
        cx.report(Diagnostic::new("E308", span).variant("grid").help("grid"));
    }
    if mode == hir::TableMode::All {
        match results {
            [Some(hir::ResultColumn { ty: Type::Set(_), .. }) | None] => {}
            [Some(_)] => {
                let at = table.results.first().map_or(span, |result| result.ty.span);
                cx.report(Diagnostic::new("E308", at).label(span, "all").help(""));
            }
            _ => cx.report(Diagnostic::new("E308", span).variant("several").help("several")),
        }
    }
    mode
}

/// The rows of a table that is no grid and goes by no slices.
fn plain(
    cx: &mut Checker<'_>,
    table: &ast::Table,
    mode: hir::TableMode,
    types: &[Type],
    results: &[Option<hir::ResultColumn>],
    scope: &Scope,
) -> Option<Vec<hir::Row>> {
    let keys = Keys { construct: &table.name, types };
    let wanted: Vec<Option<Type>> = results
        .iter()
        .map(|result| match (mode, result.as_ref().map(|result| &result.ty)) {
            // Each row of a collecting table gives one member of the set.
            (hir::TableMode::All, Some(Type::Set(of))) => Some(Type::Enum(*of)),
            (_, ty) => ty.cloned(),
        })
        .collect();
    let mut sound = true;
    let mut rows = Vec::new();
    for row in &table.rows {
        let cells = rows::cells(cx, row, &keys, scope);
        let condition = rows::condition(cx, row, scope);
        let counted = result_count(cx, row, results.len(), "");
        let outcomes = row
            .results
            .iter()
            .zip(&wanted)
            .filter_map(|(outcome, ty)| Some(cx.outcome(outcome, ty.as_ref()?, scope)))
            .collect::<Vec<_>>();
        match cells {
            Some(cells) if counted => rows.push(hir::Row { cells, condition, results: outcomes }),
            _ => sound = false,
        }
    }
    sound.then_some(rows)
}

/// Whether a row has as many results as there are columns; reported where it has not.
pub(super) fn result_count(
    cx: &mut Checker<'_>,
    row: &ast::Row,
    wanted: usize,
    variant: &'static str,
) -> bool {
    if row.results.len() == wanted {
        return true;
    }
    let at = match (row.results.first(), row.results.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => row.span.after(),
    };
    cx.report(
        Diagnostic::new("E302", at)
            .variant(variant)
            .arg("got", row.results.len())
            .arg("want", wanted)
            .help(variant),
    );
    false
}

/// A grid: each row of it becomes one row of two keys a column.
fn grid(
    cx: &mut Checker<'_>,
    table: &ast::Table,
    columns: &[ast::Cell],
    types: &[Type],
    results: &[Option<hir::ResultColumn>],
    scope: &Scope,
) -> Option<Vec<hir::Row>> {
    let [row_key, column_key] = types else {
        cx.report(Diagnostic::new("E311", table.name.span).arg("keys", types.len()).help(""));
        return None;
    };
    let [result] = results else {
        cx.report(
            Diagnostic::new("E311", table.name.span)
                .variant("results")
                .arg("results", results.len())
                .help("results"),
        );
        return None;
    };
    let result = result.as_ref()?;
    let columns: Vec<hir::Cell> = columns.iter().map(|cell| cx.cell(cell, column_key, scope)).collect();
    let keys = Keys { construct: &table.name, types: std::slice::from_ref(row_key) };
    let mut sound = true;
    let mut rows = Vec::new();
    for row in &table.rows {
        let cells = rows::cells(cx, row, &keys, scope);
        let condition = rows::condition(cx, row, scope);
        let counted = result_count(cx, row, columns.len(), "grid");
        let Some(cells) = cells.filter(|_| counted) else {
            sound = false;
            continue;
        };
        // A guard row of a grid looks at no key of the rows; which column it gives still goes by the second key.
        let cell = cells
            .into_iter()
            .next()
            .unwrap_or(hir::Cell { patterns: vec![hir::Pattern::Any], span: row.span });
        for (column, outcome) in columns.iter().zip(&row.results) {
            let outcome = cx.outcome(outcome, &result.ty, scope);
            rows.push(hir::Row {
                cells: vec![cell.clone(), column.clone()],
                condition: condition.clone(),
                results: vec![outcome],
            });
        }
    }
    sound.then_some(rows)
}

/// Only one number can be rounded.
fn rounding(
    cx: &mut Checker<'_>,
    table: &ast::Table,
    results: &[Option<hir::ResultColumn>],
) -> Option<crate::value::Rounding> {
    let rounding = table.rounding.as_ref()?;
    let unit: Option<Unit> = match results {
        [Some(hir::ResultColumn { ty: Type::Number(unit), .. })] => Some(*unit),
        [None] => return None,
        _ => None,
    };
    let Some(unit) = unit else {
        cx.report(Diagnostic::new("E314", rounding.span).arg("table", &table.name.text).help(""));
        return None;
    };
    cx.rounding(rounding, unit)
}
