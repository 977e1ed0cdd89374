//! `authority`: rows of who must sign, over keys and the amount, and the list that holds the signatures.

use super::common::{broken, nothing_in};
use super::rows::{self, Keys};
use super::table;
use crate::base::{Lang, Span, Str};
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir::{self, DefinitionKind, ExprKind, RecordType, Seat, Signers};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Enum, EnumId, EnumSort, Member, Number, Type, Unit, Value};

/// `authority`
pub(crate) fn authority(cx: &mut Checker<'_>, it: &ast::Authority, scope: &Scope) -> DefinitionKind {
    let of = cx.expr(&it.of, scope, &Expected::Number(Why::at("authority", it.of.span)));
    let mut keys = table::keys(cx, &it.name, &it.keys, scope);
    let list = cx.record_list(it.list.as_ref(), RecordType::SignOff, it.name.span, scope);
    let arbiter = it.on_disagreement.as_ref().map(|role| {
        let name = cx.role(role);
        cx.role_place(&name).map(|role| Seat { role, exactly: false })
    });
    if it.rows.is_empty() {
        nothing_in(cx, &it.name, "authority");
    }
    let subject = match &it.of.kind {
        ast::ExprKind::Name(name) => Some(name.text.clone()),
        ast::ExprKind::Member(..) => Some(Str::from(crate::check::decisions::path(&it.of))),
        _ => {
            cx.report(Diagnostic::new("E254", it.of.span).help("name"));
            None
        }
    };
    let parameter = keys.iter().find_map(|key| match key {
        hir::Key::Parameter { span, .. } => Some(*span),
        hir::Key::Value(_) => None,
    });
    if let Some(span) = parameter {
        cx.report(Diagnostic::new("E254", span).variant("parameter"));
        return DefinitionKind::Error;
    }
    if broken(&of) {
        return DefinitionKind::Error;
    }
    keys.push(hir::Key::Value(of.clone()));
    let rows = all_rows(cx, it, &keys, scope);
    let carries = carries(cx, it, &of.ty, scope);
    let reason = cx.reason(&it.reason);
    let (Some((rows, signers)), Some(list), Some(subject), Some(carries), Some(arbiter)) =
        (rows, list, subject, carries, arbiter.map_or(Some(None), |seat| seat.map(Some)))
    else {
        return DefinitionKind::Error;
    };
    let Some(types) = table::key_types(&keys) else { return DefinitionKind::Error };
    let kind = kind(cx, &it.name, &signers);
    let rows =
        rows.into_iter().map(|(row, at, span)| hir::Row { results: vec![code(at, kind, span)], ..row });
    let rows: Vec<hir::Row> = rows.collect();
    rows::reachable(cx, &rows, &types);
    let label = Checker::label(&it.label, &it.name);
    let results = vec![hir::ResultColumn { name: None, label, ty: Type::Enum(kind) }];
    let mode = hir::TableMode::First;
    let whole = hir::Table { keys, mode, results, rows, rounding: None, reason };
    let mut applied = whole.clone();
    applied.keys.pop();
    applied.keys.push(hir::Key::Parameter {
        name: subject.clone(),
        ty: of.ty.clone(),
        range: hir::ValueRange::default(),
        span: it.of.span,
    });
    if !cx.signs_for(list, &of.ty, it.of.span) {
        return DefinitionKind::Error;
    }
    cx.signer_kinds.insert(kind, signers.clone());
    DefinitionKind::Authority(Box::new(hir::Authority {
        of,
        subject,
        table: whole,
        applied,
        kind,
        signers,
        list,
        arbiter,
        carries,
    }))
}

/// The policy's own money.
fn own_money(cx: &Checker<'_>, scope: &Scope) -> Option<Unit> {
    cx.names.get(scope.policy)?.currency.map(Unit::money)
}

type RowOf = (hir::Row, usize, Span);

/// All rows, each with the place of its signers among all that are asked for. A grid becomes rows of all its cells.
fn all_rows(
    cx: &mut Checker<'_>,
    it: &ast::Authority,
    keys: &[hir::Key],
    scope: &Scope,
) -> Option<(Vec<RowOf>, Vec<Signers>)> {
    let types = table::key_types(keys)?;
    let mut signers: Vec<Signers> = Vec::new();
    let mut rows = Vec::new();
    let mut sound = true;
    let columns: Option<Vec<hir::Cell>> = match &it.grid {
        None => None,
        Some(cells) => {
            let amount = types.last()?;
            if types.len() != 2 {
                let report = Diagnostic::new("E311", it.name.span).variant("authority");
                cx.report(report.arg("keys", types.len().saturating_sub(1)).help("authority"));
                return None;
            }
            Some(cells.iter().map(|cell| cx.cell(cell, amount, scope)).collect())
        }
    };
    let of_row = if columns.is_some() { types.get(..1)? } else { types.as_slice() };
    rows::guards_first(cx, &it.rows);
    for row in &it.rows {
        let cells = rows::cells(cx, row, &Keys { construct: &it.name, types: of_row }, scope);
        let condition = rows::condition(cx, row, scope);
        let wanted = columns.as_ref().map_or(1, Vec::len);
        let variant = if columns.is_some() { "grid" } else { "" };
        let counted = table::result_count(cx, row, wanted, variant);
        let mut places = Vec::new();
        for outcome in &row.results {
            let ast::OutcomeKind::Signers(written) = &outcome.kind else { continue };
            let Some(found) = cx.signers(written) else {
                sound = false;
                continue;
            };
            let known = signers.iter().position(|other| other.same(&found));
            let place = known.unwrap_or_else(|| {
                signers.push(found);
                signers.len().saturating_sub(1)
            });
            places.push((place, outcome.span));
        }
        let Some(cells) = cells.filter(|_| counted) else {
            sound = false;
            continue;
        };
        let of_column =
            |cells: Vec<hir::Cell>| hir::Row { cells, condition: condition.clone(), results: Vec::new() };
        match &columns {
            None => {
                let (place, span) = places.first().copied().unwrap_or((0, row.span));
                rows.push((of_column(cells), place, span));
            }
            Some(columns) => {
                // A guard row of a grid looks at no key of the rows.
                let any = || hir::Cell { patterns: vec![hir::Pattern::Any], span: row.span };
                let cell = cells.into_iter().next().unwrap_or_else(any);
                for (column, (place, span)) in columns.iter().zip(places) {
                    rows.push((of_column(vec![cell.clone(), column.clone()]), place, span));
                }
            }
        }
    }
    sound.then_some((rows, signers))
}

fn code(place: usize, kind: EnumId, span: Span) -> hir::Outcome {
    let value = Value::Code(u32::try_from(place).unwrap_or(u32::MAX));
    let value = hir::Expr { kind: ExprKind::Const(value), ty: Type::Enum(kind), span };
    hir::Outcome { kind: hir::OutcomeKind::Value(value), span }
}

/// The enumeration of all that an authority asks for.
fn kind(cx: &mut Checker<'_>, name: &ast::Name, signers: &[Signers]) -> EnumId {
    let members = signers
        .iter()
        .map(|one| Member {
            name: one.written(&cx.program, Lang::En).into(),
            label: crate::base::Label {
                en: one.read(&cx.program, Lang::En).into(),
                zh: one.read(&cx.program, Lang::Zh).into(),
            },
            apart: false,
        })
        .collect();
    let name = Str::from(format!("{}.needed", name.text));
    cx.program.schema.enums.push(Enum { name, sort: EnumSort::BuiltIn, members })
}

/// The part of the excess that a signer carries; none in the inner place where nobody may sign beyond his own limit.
fn carries(cx: &mut Checker<'_>, it: &ast::Authority, ty: &Type, scope: &Scope) -> Option<Option<Number>> {
    let Some(ast::Beyond { carries: Some(part), span }) = &it.beyond else { return Some(None) };
    if own_money(cx, scope) != ty.unit() {
        let report = Diagnostic::new("E255", *span).variant("unit");
        let report = cx.with_type(report, "type", ty);
        cx.report(report.help("unit"));
        return None;
    }
    let number = cx.constant_number(part, Unit::PERCENT)?;
    if number.is_negative() || number.is_zero() || number > Number::ONE {
        cx.report(Diagnostic::new("E255", part.span).help("range"));
        return None;
    }
    Some(Some(number))
}
