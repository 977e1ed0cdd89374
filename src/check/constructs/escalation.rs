//! `escalation`: a ladder of steps over the items of a list, or over the customer.

use super::common::{broken, nothing_in, unique, unit};
use super::rows::{self, Keys};
use super::steps::{self, stretch};
use super::triggers::days;
use crate::base::{Span, nearest};
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir::{self, DefinitionKind};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{EnumId, EnumSort, Type, Unit};

/// `escalation`
pub(crate) fn escalation(cx: &mut Checker<'_>, ladder: &ast::Escalation, scope: &Scope) -> DefinitionKind {
    unique(cx, ladder.steps.iter().map(|step| &step.step.name), &ladder.name, "step");
    if ladder.steps.is_empty() {
        nothing_in(cx, &ladder.name, "ladder");
    }
    let Some(scope) = items(cx, ladder, scope) else { return DefinitionKind::Error };
    let scope = &scope;
    let nothing = ast::Reason::default();
    let at = ladder.when.as_ref().map_or(ladder.name.span, |when| when.span);
    let condition = cx.condition(ladder.when.as_ref(), ladder.if_unknown.as_ref(), &nothing, at, scope);
    let Some(own) = cx.own_enum(&ladder.name) else { return DefinitionKind::Error };
    let steps = steps::steps(cx, ladder, own, scope);
    let climbs = ladder.climbs.as_ref().map(|climbs| hir::Climbs {
        apart: climbs.apart.as_ref().and_then(|apart| stretch(cx, apart, scope)),
        span: climbs.span,
    });
    let holds: Vec<hir::Hold> = ladder.holds.iter().map(|hold| self::hold(cx, hold, scope)).collect();
    let delays: Vec<hir::Delay> =
        ladder.delays.iter().filter_map(|delay| self::delay(cx, delay, scope)).collect();
    let skips: Vec<hir::Skip> =
        ladder.skips.iter().filter_map(|skip| self::skip(cx, skip, own, scope)).collect();
    let tactics = ladder.tactics.as_ref().and_then(|tactics| self::tactics(cx, ladder, tactics, scope));
    let grace = ladder.grace.as_ref().and_then(|(grace, span)| days(cx, grace, *span, scope));
    let minimum = ladder.minimum.as_ref().and_then(|minimum| self::minimum(cx, minimum, &condition, scope));
    if let (Some(letter), None) = (ladder.one_letter, scope.item) {
        cx.report(Diagnostic::new("E385", letter).arg("ladder", &ladder.name.text).help(""));
    }
    if let Some((_, span)) = ladder.holiday.filter(|(holiday, _)| *holiday != ast::Holiday::AsItIs) {
        cx.needs_calendar(span, "holiday");
    }
    if ladder.steps.is_empty() {
        return DefinitionKind::Error;
    }
    let (Some(steps), Some(last)) = (steps, cx.last_ladder(&ladder.name, own, scope)) else {
        return DefinitionKind::Error;
    };
    DefinitionKind::Escalation(Box::new(hir::Escalation {
        steps_enum: own,
        condition,
        steps,
        climbs,
        holds,
        delays,
        skips,
        tactics,
        grace,
        minimum,
        one_letter: ladder.one_letter.is_some(),
        holiday: ladder.holiday.map_or(ast::Holiday::AsItIs, |(holiday, _)| holiday),
        last,
    }))
}

/// The scope of the ladder: the items of its list, or the customer.
fn items(cx: &mut Checker<'_>, ladder: &ast::Escalation, scope: &Scope) -> Option<Scope> {
    match (&ladder.each, scope.item) {
        (None, _) | (Some(_), Some(_)) => Some(scope.clone()),
        (Some((name, list)), None) => {
            let list = cx.list(list, scope)?;
            Some(scope.with_item(list, name.as_ref().map(|name| name.text.clone())))
        }
    }
}

fn hold(cx: &mut Checker<'_>, hold: &ast::Hold, scope: &Scope) -> hir::Hold {
    let condition = cx.condition(Some(&hold.when), hold.if_unknown.as_ref(), &hold.reason, hold.span, scope);
    let expected = Expected::Type(Type::Date, Why::at("since", hold.span));
    let since = hold.since.as_ref().map(|since| cx.expr(since, scope, &expected));
    hir::Hold {
        condition,
        since: since.filter(|since| !broken(since)),
        clock_stops: hold.clock_stops.is_some(),
    }
}

fn delay(cx: &mut Checker<'_>, delay: &ast::Delay, scope: &Scope) -> Option<hir::Delay> {
    let condition =
        cx.condition(delay.when.as_ref(), delay.if_unknown.as_ref(), &delay.reason, delay.span, scope);
    Some(hir::Delay { by: stretch(cx, &delay.by, scope)?, condition })
}

fn skip(cx: &mut Checker<'_>, skip: &ast::Skip, own: EnumId, scope: &Scope) -> Option<hir::Skip> {
    let condition = cx.condition(Some(&skip.when), skip.if_unknown.as_ref(), &skip.reason, skip.span, scope);
    Some(hir::Skip { step: cx.enum_member(own, &skip.step)?, condition })
}

/// The tactics: rows over one key, each with members of one kind in the order to be tried.
fn tactics(
    cx: &mut Checker<'_>,
    ladder: &ast::Escalation,
    tactics: &ast::Tactics,
    scope: &Scope,
) -> Option<hir::Tactics> {
    let key = cx.expr(&tactics.key, scope, &Expected::Subject);
    if tactics.rows.is_empty() {
        cx.report(
            Diagnostic::new("E300", tactics.span)
                .variant("tactics")
                .arg("name", &ladder.name.text)
                .help("tactics"),
        );
        return None;
    }
    let kind = kind_of(cx, tactics)?;
    if broken(&key) {
        return None;
    }
    rows::guards_first(cx, &tactics.rows);
    let types = [key.ty.clone()];
    let keys = Keys { construct: &ladder.name, types: &types };
    let mut sound = true;
    let mut found = Vec::new();
    for row in &tactics.rows {
        let cells = rows::cells(cx, row, &keys, scope);
        let condition = rows::condition(cx, row, scope);
        let mut members = Vec::new();
        for result in &row.results {
            match word(result) {
                Some(name) => match cx.enum_member(kind, name) {
                    Some(member) if members.contains(&member) => {
                        cx.report(
                            Diagnostic::new("E382", name.span)
                                .variant("twice")
                                .arg("tactic", &name.text)
                                .help("twice"),
                        );
                    }
                    Some(member) => members.push(member),
                    None => sound = false,
                },
                None => {
                    cx.report(Diagnostic::new("E382", result.span).help(""));
                    sound = false;
                }
            }
        }
        match cells {
            Some(cells) => found.push(hir::Row { cells, condition, results: Vec::new() }),
            None => sound = false,
        }
        if let Some(row) = found.last_mut() {
            // The members stand beside the row; a row of a ladder's tactics has no other results.
            row.results =
                members.into_iter().map(|member| outcome(member, kind, row.condition.span)).collect();
        }
    }
    if !sound {
        return None;
    }
    rows::reachable(cx, &found, &types);
    let rows = found.into_iter().map(|row| {
        let any = hir::Cell { patterns: vec![hir::Pattern::Any], span: row.condition.span };
        let members = row.results.iter().filter_map(code).collect();
        (row.cells.into_iter().next().unwrap_or(any), row.condition, members)
    });
    Some(hir::Tactics { key, tactics: kind, rows: rows.collect() })
}

fn outcome(member: u32, of: EnumId, span: Span) -> hir::Outcome {
    let kind = hir::ExprKind::Const(crate::value::Value::Code(member));
    hir::Outcome { kind: hir::OutcomeKind::Value(hir::Expr { kind, ty: Type::Enum(of), span }), span }
}

fn code(outcome: &hir::Outcome) -> Option<u32> {
    match &outcome.kind {
        hir::OutcomeKind::Value(hir::Expr {
            kind: hir::ExprKind::Const(crate::value::Value::Code(code)),
            ..
        }) => Some(*code),
        _ => None,
    }
}

/// The name that a result is.
fn word(outcome: &ast::Outcome) -> Option<&ast::Name> {
    match &outcome.kind {
        ast::OutcomeKind::Value(ast::Expr { kind: ast::ExprKind::Name(name), .. }) => Some(name),
        _ => None,
    }
}

/// The kind of the tactics: the one that has most of the words that the rows give, so that a typo in the first row
/// does not put the blame on all the others.
fn kind_of(cx: &mut Checker<'_>, tactics: &ast::Tactics) -> Option<EnumId> {
    let words: Vec<&ast::Name> = tactics.rows.iter().flat_map(|row| &row.results).filter_map(word).collect();
    let enums = cx.program.schema.enums.iter_enumerated();
    let kinds = enums.filter(|(_, kind)| kind.sort == EnumSort::Kind);
    let known =
        kinds.map(|(id, kind)| (id, words.iter().filter(|word| kind.code(&word.text).is_some()).count()));
    // Of two kinds with as many of the words, the one declared first.
    let mut best: Option<(EnumId, usize)> = None;
    for (id, count) in known.filter(|(_, count)| *count > 0) {
        if best.is_none_or(|(_, most)| count > most) {
            best = Some((id, count));
        }
    }
    if best.is_none() {
        let at = words.first().map_or(tactics.span, |word| word.span);
        let name = words.first().map_or("", |word| &*word.text);
        let kinds = cx.program.schema.enums.iter().filter(|kind| kind.sort == EnumSort::Kind);
        let members = kinds.flat_map(|kind| &kind.members).map(|member| &*member.name);
        let report = Diagnostic::new("E382", at).variant("none").arg("tactic", name);
        let report = match nearest(name, members) {
            Some(near) => report.arg("near", near).fix("near", at, near, false),
            None => report.help("none"),
        };
        cx.report(report);
    }
    best.map(|(id, _)| id)
}

/// What is too small to be chased: an amount of the item, and the least of it.
fn minimum(
    cx: &mut Checker<'_>,
    minimum: &ast::Minimum,
    condition: &hir::Condition,
    scope: &Scope,
) -> Option<hir::Minimum> {
    let of = match &minimum.of {
        Some(of) => {
            let value = cx.expr(of, scope, &Expected::Number(Why::at("minimum", minimum.span)));
            (!broken(&value)).then_some(value)?
        }
        None => {
            let mut amounts = Vec::new();
            if let Some(when) = &condition.when {
                amounts_in(when, &mut amounts);
            }
            match amounts.as_slice() {
                [only] => only.clone(),
                _ => {
                    cx.report(Diagnostic::new("E383", minimum.span).help(""));
                    return None;
                }
            }
        }
    };
    let unit = unit(&of)?;
    let expected = Expected::Type(Type::Number(unit), Why::at("minimum", of.span));
    let mut least = |written: &Option<ast::Expr>| {
        let value = cx.expr(written.as_ref()?, scope, &expected);
        (!broken(&value)).then_some(value)
    };
    let (per_item, per_customer) = (least(&minimum.per_item), least(&minimum.per_customer));
    if let (Some(per_item), None) = (&minimum.per_item, scope.item) {
        cx.report(Diagnostic::new("E383", per_item.span).variant("customer").help("customer"));
        return None;
    }
    Some(hir::Minimum { of, per_item, per_customer })
}

/// The amounts of money that a condition names, each once.
fn amounts_in(expr: &hir::Expr, found: &mut Vec<hir::Expr>) {
    use hir::ExprKind as Kind;
    match &expr.kind {
        Kind::Fact(_) | Kind::Field(..) | Kind::Value(..) => {
            let money = unit(expr).is_some_and(|unit| {
                unit.same_dimension(Unit { currency: unit.currency, money: 1, ..Unit::NUMBER })
            });
            if money && !found.iter().any(|earlier| super::common::same(earlier, expr)) {
                found.push(expr.clone());
            }
        }
        Kind::Negate(inner) | Kind::Not(inner) | Kind::IsKnown(inner) | Kind::Is(inner, _) => {
            amounts_in(inner, found)
        }
        Kind::Arithmetic(_, left, right) | Kind::Compare(_, left, right) | Kind::IfUnknown(left, right) => {
            amounts_in(left, found);
            amounts_in(right, found);
        }
        Kind::And(parts) | Kind::Or(parts) => parts.iter().for_each(|part| amounts_in(part, found)),
        _ => {}
    }
}
