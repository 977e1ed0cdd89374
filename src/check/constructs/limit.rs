//! `limit`: methods, which of them is taken, and the lines that correct, cap and round it.

use super::common::{broken, literal, nothing_in, unique, unit};
use super::layers::{Layers, layers};
use crate::base::Span;
use crate::check::context::{Checker, Construct, Expected, Scope, Why};
use crate::check::hir::{self, DefinitionKind};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Type, Unit};

/// `limit`
pub(crate) fn limit(cx: &mut Checker<'_>, limit: &ast::Limit, scope: &Scope) -> DefinitionKind {
    let written: Vec<Written<'_>> = limit.lines.iter().filter_map(method).collect();
    unique(cx, written.iter().map(|method| method.name), &limit.name, "method");
    let secured = layers(cx, limit, scope);
    if written.is_empty() && secured.is_none() {
        nothing_in(cx, &limit.name, "limit");
    }
    order(cx, limit);
    let (methods, own) = methods(cx, limit, &written, scope);
    let Layers { layers, amount: layers_for, unit: of_layers, sound: layers_sound } = secured
        .unwrap_or(Layers { layers: Vec::new(), amount: None, unit: None, sound: !written.is_empty() });
    let own = own.or(of_layers);
    let (take, skip_unknown, take_span, take_reason) = take(cx, limit, &written);
    let mut lines = Vec::new();
    let mut sound = methods.len() == written.len() && own.is_some() && layers_sound;
    for line in &limit.lines {
        match &line.kind {
            ast::LimitLineKind::Method { .. }
            | ast::LimitLineKind::Take(..)
            | ast::LimitLineKind::LayersFor(..) => unconditional(cx, line),
            ast::LimitLineKind::Layer(_) => {}
            ast::LimitLineKind::Correct(_)
            | ast::LimitLineKind::Times(_)
            | ast::LimitLineKind::Cap(_)
            | ast::LimitLineKind::Floor(_)
            | ast::LimitLineKind::Round(_) => match self::line(cx, limit, line, own, scope) {
                Some(line) => lines.push(line),
                None => sound = false,
            },
        }
    }
    if !sound {
        return DefinitionKind::Error;
    }
    DefinitionKind::Limit(hir::Limit {
        methods,
        layers,
        layers_for,
        take,
        skip_unknown,
        take_span,
        take_reason,
        lines,
    })
}

/// The unit of a limit: that of its methods.
pub(crate) fn unit_of(limit: &hir::Limit) -> Option<Unit> {
    let values = limit.methods.iter().map(|method| &method.value);
    let values = values.chain(limit.layers.iter().map(|layer| &layer.value)).chain(&limit.layers_for);
    let mut units = values.filter_map(unit);
    let first = units.next()?;
    Some(units.fold(first, |own, other| own.join(other).unwrap_or(own)))
}

/// A method as written.
struct Written<'a> {
    name: &'a ast::Name,
    label: &'a ast::Label,
    value: &'a ast::Expr,
    rounding: Option<&'a ast::Rounding>,
    line: &'a ast::LimitLine,
}

fn method(line: &ast::LimitLine) -> Option<Written<'_>> {
    match &line.kind {
        ast::LimitLineKind::Method { name, label, value, rounding } => {
            Some(Written { name, label, value, rounding: rounding.as_ref(), line })
        }
        _ => None,
    }
}

/// Methods stand first, then `take`, then what is done with the one that was taken: that is how it is computed.
fn order(cx: &mut Checker<'_>, limit: &ast::Limit) {
    let mut take: Option<Span> = None;
    let mut other: Option<Span> = None;
    for line in &limit.lines {
        let (key, earlier) = match (&line.kind, take, other) {
            (ast::LimitLineKind::Take(..), Some(take), _) => ("twice", take),
            (ast::LimitLineKind::Take(..), None, Some(other)) => ("late", other),
            (ast::LimitLineKind::Method { .. }, Some(earlier), _)
            | (ast::LimitLineKind::Method { .. }, None, Some(earlier)) => ("method", earlier),
            _ => ("", line.span),
        };
        if !key.is_empty() {
            cx.report(Diagnostic::new("E357", line.span).variant(key).label(earlier, "earlier").help(key));
        }
        match &line.kind {
            ast::LimitLineKind::Take(..) => take = take.or(Some(line.span)),
            ast::LimitLineKind::Method { .. }
            | ast::LimitLineKind::Layer(_)
            | ast::LimitLineKind::LayersFor(..) => {}
            _ => other = other.or(Some(line.span)),
        }
    }
}

/// The methods and their common unit. A bare figure takes the unit of the others.
fn methods(
    cx: &mut Checker<'_>,
    limit: &ast::Limit,
    written: &[Written<'_>],
    scope: &Scope,
) -> (Vec<hir::Method>, Option<Unit>) {
    let bare = |method: &Written<'_>| {
        literal(method.value)
            .is_some_and(|literal| matches!(literal.kind, ast::LiteralKind::Number(_, ast::NumberUnit::Bare)))
    };
    let why = Why::at("limit", limit.name.span);
    let mut own: Option<(Unit, Span)> = None;
    let mut values: Vec<Option<hir::Expr>> = Vec::new();
    for method in written {
        if bare(method) {
            values.push(None);
            continue;
        }
        cx.rounded = method.rounding.is_some();
        let value = cx.expr(method.value, scope, &Expected::Number(why));
        cx.rounded = false;
        let value = if cx.refuse_product(&value) { Checker::error(method.value.span) } else { value };
        match (unit(&value).filter(|_| !broken(&value)), own) {
            (Some(unit), None) => own = Some((unit, method.line.span)),
            (Some(unit), Some((first, span))) => match first.join(unit) {
                Some(joined) => own = Some((joined, span)),
                None => cx.report(
                    Diagnostic::new("E359", method.value.span)
                        .arg("limit", &limit.name.text)
                        .arg("method", &method.name.text)
                        .label(span, "first")
                        .help(""),
                ),
            },
            (None, _) => {}
        }
        values.push(Some(value));
    }
    let expected = match own {
        Some((unit, span)) => Expected::Type(Type::Number(unit), Why::at("limit", span)),
        None => Expected::Number(why),
    };
    let mut found = Vec::new();
    for (method, value) in written.iter().zip(values) {
        let value = value.unwrap_or_else(|| cx.expr(method.value, scope, &expected));
        if broken(&value) {
            continue;
        }
        let Some(unit) = unit(&value) else { continue };
        own = own.or(Some((unit, method.line.span)));
        found.push(hir::Method {
            name: method.name.text.clone(),
            label: Checker::label(method.label, method.name),
            value,
            rounding: method.rounding.and_then(|rounding| cx.rounding(rounding, unit)),
            reason: cx.reason(&method.line.reason),
            span: method.line.span,
        });
    }
    (found, own.map(|(unit, _)| unit))
}

/// Which method is taken, whether unknown ones are left out, where that is said, and why.
fn take(
    cx: &mut Checker<'_>,
    limit: &ast::Limit,
    methods: &[Written<'_>],
) -> (ast::Take, bool, Option<Span>, hir::Reason) {
    let written = limit.lines.iter().find_map(|line| match line.kind {
        ast::LimitLineKind::Take(take, span) => Some((take, span, line)),
        _ => None,
    });
    let Some((take, span, line)) = written else {
        if let [first, .., last] = methods {
            cx.report(
                Diagnostic::new("E356", limit.name.span)
                    .arg("limit", &limit.name.text)
                    .arg("methods", methods.len())
                    .label(first.line.span.to(last.line.span), "methods")
                    .help(""),
            );
        }
        return (ast::Take::First, false, None, hir::Reason::default());
    };
    if take == ast::Take::Middle {
        let even = methods.len().is_multiple_of(2);
        let key = if even { "" } else { "skip" };
        if (even && !methods.is_empty()) || line.skip_unknown.is_some() {
            cx.report(Diagnostic::new("E358", span).variant(key).arg("methods", methods.len()).help(key));
        }
    }
    // Among what is left when the lowest is left out, every other is higher; of the highest, none is.
    let can_raise = match take {
        ast::Take::Lowest | ast::Take::Average | ast::Take::First => true,
        // A middle that skips is refused above.
        ast::Take::Middle | ast::Take::Highest => false,
    };
    raise(cx, line, can_raise && methods.len() > 1, "take");
    let reason = cx.reason(&line.reason);
    (take, line.skip_unknown.is_some(), Some(span), reason)
}

/// Warns of what can raise a limit because a fact is missing, unless the policy gives its reason.
fn raise(cx: &mut Checker<'_>, line: &ast::LimitLine, can_raise: bool, key: &'static str) {
    let Some(skip) = line.skip_unknown else { return };
    if can_raise && line.reason.because.is_none() {
        cx.report(Diagnostic::new("W363", skip).variant(key).help("").note(""));
    }
}

/// Methods and `take` hold always; `skip unknown` belongs to what has an operand.
fn unconditional(cx: &mut Checker<'_>, line: &ast::LimitLine) {
    let misplaced = |key: &'static str, span: Span| Diagnostic::new("E362", span).variant(key).help(key);
    if let Some(when) = &line.when {
        cx.report(misplaced("when", when.span));
    } else if let Some(if_unknown) = &line.if_unknown {
        cx.report(misplaced("if_unknown", if_unknown.span));
    }
    let has_none = matches!(line.kind, ast::LimitLineKind::Method { .. } | ast::LimitLineKind::LayersFor(..));
    if let (Some(skip), true) = (line.skip_unknown, has_none) {
        cx.report(misplaced("method", skip));
    }
}

/// A line behind `take`.
fn line(
    cx: &mut Checker<'_>,
    limit: &ast::Limit,
    line: &ast::LimitLine,
    own: Option<Unit>,
    scope: &Scope,
) -> Option<hir::LimitLine> {
    let condition =
        cx.condition(line.when.as_ref(), line.if_unknown.as_ref(), &line.reason, line.span, scope);
    let amount = match own {
        Some(unit) => Expected::Type(Type::Number(unit), Why::at("limit", limit.name.span)),
        None => Expected::Number(Why::at("limit", limit.name.span)),
    };
    let sound = |value: hir::Expr| (!broken(&value)).then_some(value);
    let kind = match &line.kind {
        ast::LimitLineKind::Correct(by) => {
            let value = sound(cx.expr(by, scope, &Expected::Subject))?;
            if !is_correction(cx, &value) {
                cx.report(Diagnostic::new("E361", by.span).help("").note(""));
                return None;
            }
            raise(cx, line, true, "line");
            hir::LimitLineKind::Correct(value)
        }
        ast::LimitLineKind::Times(by) => {
            let value = sound(cx.expr(by, scope, &Expected::Number(Why::at("times", line.span))))?;
            if !unit(&value)?.is_plain() {
                cx.report(Diagnostic::new("E360", by.span).arg("limit", &limit.name.text).help(""));
                return None;
            }
            raise(cx, line, true, "line");
            hir::LimitLineKind::Times(value)
        }
        ast::LimitLineKind::Cap(at) => {
            let value = sound(cx.expr(at, scope, &amount))?;
            raise(cx, line, true, "cap");
            hir::LimitLineKind::Cap(value)
        }
        ast::LimitLineKind::Floor(at) => hir::LimitLineKind::Floor(sound(cx.expr(at, scope, &amount))?),
        ast::LimitLineKind::Round(rounding) => {
            if let Some(skip) = line.skip_unknown {
                cx.report(Diagnostic::new("E362", skip).variant("round").help("round"));
            }
            hir::LimitLineKind::Round(cx.rounding(rounding, own?)?)
        }
        ast::LimitLineKind::Method { .. }
        | ast::LimitLineKind::Take(..)
        | ast::LimitLineKind::Layer(_)
        | ast::LimitLineKind::LayersFor(..) => return None,
    };
    Some(hir::LimitLine { kind, condition, skip_unknown: line.skip_unknown.is_some() })
}

/// Whether a value is a correction's: its own, or that of one applied to a key.
fn is_correction(cx: &Checker<'_>, value: &hir::Expr) -> bool {
    let id = match value.kind {
        hir::ExprKind::Value(id, hir::Part::Main) | hir::ExprKind::Apply(id, ..) => id,
        _ => return false,
    };
    let declared = cx.declarations.get(id);
    declared.is_some_and(|declared| matches!(declared.construct, Construct::Correction(_)))
}
