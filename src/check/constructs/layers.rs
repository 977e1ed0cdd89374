//! The layers of a limit: what secures it, filled from the top.

use super::common::{broken, fixed, unique, unit};
use crate::base::Span;
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir;
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Number, Type, Unit};

/// What the layers of a limit come to.
pub(super) struct Layers {
    pub(super) layers: Vec<hir::Layer>,
    /// What they are to secure.
    pub(super) amount: Option<hir::Expr>,
    pub(super) unit: Option<Unit>,
    /// Whether all could be checked.
    pub(super) sound: bool,
}

/// The layers of a limit and what they are to secure; none for a limit of methods.
pub(super) fn layers(cx: &mut Checker<'_>, limit: &ast::Limit, scope: &Scope) -> Option<Layers> {
    let written: Vec<(&ast::LimitLine, &ast::Layer)> = limit
        .lines
        .iter()
        .filter_map(|line| match &line.kind {
            ast::LimitLineKind::Layer(layer) => Some((line, &**layer)),
            _ => None,
        })
        .collect();
    let amounts: Vec<(&ast::Expr, Span)> = limit
        .lines
        .iter()
        .filter_map(|line| match &line.kind {
            ast::LimitLineKind::LayersFor(amount, _) => Some((amount, line.span)),
            _ => None,
        })
        .collect();
    let first = written.first().map(|(line, _)| line.span).or(amounts.first().map(|(_, span)| *span))?;
    unique(cx, written.iter().map(|(_, layer)| &layer.name), &limit.name, "layer");
    order(cx, limit, first);
    if let [_, (_, again), ..] = amounts.as_slice() {
        let earlier = amounts.first().map_or(first, |(_, span)| *span);
        cx.report(Diagnostic::new("E349", *again).variant("twice").label(earlier, "earlier"));
    }
    if written.is_empty() {
        cx.report(Diagnostic::new("E349", first).variant("none").help("none"));
    }
    let why = Why::at("limit", limit.name.span);
    let amount = amounts.first().map(|(amount, _)| cx.expr(amount, scope, &Expected::Number(why)));
    let mut own = amount.as_ref().filter(|amount| !broken(amount)).and_then(unit);
    let mut layers = Vec::new();
    for (number, (line, layer)) in written.iter().enumerate() {
        let expected = match own {
            Some(unit) => Expected::Type(Type::Number(unit), why),
            None => Expected::Number(why),
        };
        let on_top = number == 0 && amounts.is_empty();
        if let Some(layer) = self::layer(cx, line, layer, on_top, &expected, scope) {
            own = own.or(unit(&layer.value));
            layers.push(layer);
        }
    }
    let sound = !written.is_empty()
        && layers.len() == written.len()
        && amount.as_ref().is_none_or(|amount| !broken(amount));
    Some(Layers { layers, amount, unit: own, sound })
}

/// Layers stand first and beside no methods: what they bear is what the lines behind cap and round.
fn order(cx: &mut Checker<'_>, limit: &ast::Limit, first: Span) {
    let mut other: Option<Span> = None;
    for line in &limit.lines {
        match &line.kind {
            ast::LimitLineKind::Method { .. } | ast::LimitLineKind::Take(..) => {
                cx.report(Diagnostic::new("E349", line.span).label(first, "layers").help("total"));
                return;
            }
            ast::LimitLineKind::Layer(_) | ast::LimitLineKind::LayersFor(..) => {
                if let Some(earlier) = other {
                    cx.report(Diagnostic::new("E349", line.span).variant("late").label(earlier, "earlier"));
                    return;
                }
            }
            ast::LimitLineKind::Correct(_)
            | ast::LimitLineKind::Times(_)
            | ast::LimitLineKind::Cap(_)
            | ast::LimitLineKind::Floor(_)
            | ast::LimitLineKind::Round(_) => other = other.or(Some(line.span)),
        }
    }
}

fn layer(
    cx: &mut Checker<'_>,
    line: &ast::LimitLine,
    layer: &ast::Layer,
    on_top: bool,
    expected: &Expected,
    scope: &Scope,
) -> Option<hir::Layer> {
    let value = cx.expr(&layer.value, scope, expected);
    let haircut = layer.haircut.as_ref().map(|part| self::part(cx, part, "haircut", scope));
    let share = layer.share.as_ref().map(|part| self::part(cx, part, "share", scope));
    if let (true, Some(share)) = (on_top, &layer.share) {
        cx.report(Diagnostic::new("E350", share.span).arg("layer", &layer.name.text).help(""));
    }
    let mut condition =
        cx.condition(line.when.as_ref(), line.if_unknown.as_ref(), &line.reason, line.span, scope);
    let mut valid_until = None;
    if let Some(until) = &layer.valid_until {
        let last = cx.expr(until, scope, &Expected::Type(Type::Date, Why::plain("date")));
        if broken(&last) {
            return None;
        }
        valid_until = Some(last.clone());
        let today = hir::Expr { kind: hir::ExprKind::Today, ty: Type::Date, span: until.span };
        let compare = hir::ExprKind::Compare(hir::Compare::GreaterOrEqual, Box::new(last), Box::new(today));
        let valid = hir::Expr { kind: compare, ty: Type::YesNo, span: until.span };
        condition.when = Some(match condition.when.take() {
            Some(when) => {
                let span = when.span.to(until.span);
                hir::Expr { kind: hir::ExprKind::And(vec![when, valid]), ty: Type::YesNo, span }
            }
            None => valid,
        });
    }
    let parts = haircut.iter().chain(&share).chain(&condition.when);
    if broken(&value) || parts.into_iter().any(broken) || unit(&value).is_none() {
        return None;
    }
    Some(hir::Layer {
        name: layer.name.text.clone(),
        label: Checker::label(&layer.label, &layer.name),
        value,
        haircut,
        share,
        valid_until,
        guarded: line.when.is_some(),
        condition,
        skip_unknown: line.skip_unknown.is_some(),
    })
}

/// A part of a whole: a percent from 0% to 100%.
fn part(cx: &mut Checker<'_>, part: &ast::Expr, key: &'static str, scope: &Scope) -> hir::Expr {
    let value = cx.expr(part, scope, &Expected::Type(Type::Number(Unit::PERCENT), Why::at(key, part.span)));
    if let Some(number) = fixed(&value)
        && (number.is_negative() || number > Number::ONE)
    {
        cx.report(Diagnostic::new("E350", part.span).variant("range"));
    }
    value
}
