//! The book: values over all customers or the members of a group, orders among them, budgets that they share.

use crate::base::Span;
use crate::check::bodies::is_error;
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::expr::{result_type, wanted};
use crate::check::hir::{self, AggregateFunction, BookKind, DefinitionKind};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Type, Unit};

/// A value of a portfolio.
pub(crate) fn book(
    cx: &mut Checker<'_>,
    value: &ast::BookValue,
    book: &ast::Portfolio,
    group: Option<&ast::BookGroup>,
    scope: &Scope,
) -> DefinitionKind {
    checked(cx, value, book, group, scope)
        .map_or(DefinitionKind::Error, |it| DefinitionKind::Book(Box::new(it)))
}

fn checked(
    cx: &mut Checker<'_>,
    value: &ast::BookValue,
    book: &ast::Portfolio,
    group: Option<&ast::BookGroup>,
    scope: &Scope,
) -> Option<hir::BookValue> {
    let of_group = match group {
        Some(group) => Some(of_group(cx, group, scope)?),
        None => None,
    };
    let filter = value.filter.as_ref().map(|filter| cx.yes_no(filter, scope));
    let kind = match &value.kind {
        ast::BookValueKind::Fold { function, operand } => {
            fold(cx, *function, operand.as_ref(), value.span, scope)?
        }
        ast::BookValueKind::CumulatedShare(keys) => {
            let made = order(cx, keys, Some("share"), scope)?;
            let first = made.first()?;
            if !matches!(first.value.ty, Type::Number(_)) {
                let report = Diagnostic::new("E277", first.value.span).variant("share").help("share");
                let report = cx.with_type(report, "type", &first.value.ty);
                cx.report(report);
                return None;
            }
            BookKind::CumulatedShare(made)
        }
        ast::BookValueKind::Rank(keys) => BookKind::Rank(order(cx, keys, Some("rank"), scope)?),
    };
    if filter.as_ref().is_some_and(is_error) {
        return None;
    }
    let ty = type_of_kind(&kind)?;
    let rounding = match (&value.rounding, ty.unit()) {
        (None, _) => None,
        (Some(rounding), Some(unit)) => Some(cx.rounding(rounding, unit)?),
        (Some(rounding), None) => {
            let report = Diagnostic::new("E233", rounding.span).variant("type");
            let report = cx.with_type(report, "type", &ty);
            cx.report(report);
            return None;
        }
    };
    let cap = match cap_of(cx, value, book, group, scope, &kind) {
        Capped::Not => None,
        Capped::Wrong => return None,
        Capped::At(cap) => Some(*cap),
    };
    Some(hir::BookValue {
        portfolio: book.name.text.clone(),
        portfolio_label: Checker::label(&book.label, &book.name),
        group: of_group,
        kind,
        filter,
        skip_unknown: value.skip_unknown.is_some(),
        rounding,
        cap,
        reason: cx.reason(&value.reason),
    })
}

/// The type of a value of the book.
pub(crate) fn type_of(value: &hir::BookValue) -> Option<Type> {
    type_of_kind(&value.kind)
}

fn type_of_kind(kind: &BookKind) -> Option<Type> {
    match kind {
        BookKind::Fold { function, operand } => result_type(*function, operand.as_ref().map(|it| &it.ty)),
        BookKind::CumulatedShare(_) => Some(Type::Number(Unit::PERCENT)),
        BookKind::Rank(_) => Some(Type::Number(Unit::NUMBER)),
    }
}

fn of_group(cx: &mut Checker<'_>, group: &ast::BookGroup, scope: &Scope) -> Option<hir::BookGroup> {
    let key = cx.expr(&group.key, scope, &Expected::Subject);
    if is_error(&key) {
        return None;
    }
    match &key.ty {
        Type::Text | Type::Enum(_) | Type::Date | Type::YesNo => {}
        // Two customers are seldom in one group because a computed figure is the same to the last digit.
        Type::Number(unit) if unit.is_plain() => {}
        Type::Number(_) | Type::Set(_) | Type::List(_) | Type::Records(_) => {
            let report = Diagnostic::new("E277", key.span).variant("group").help("group");
            let report = cx.with_type(report, "type", &key.ty);
            cx.report(report);
            return None;
        }
    }
    let name = group.name.text.clone();
    Some(hir::BookGroup { name, label: Checker::label(&group.label, &group.name), key })
}

fn fold(
    cx: &mut Checker<'_>,
    function: AggregateFunction,
    operand: Option<&ast::Expr>,
    span: Span,
    scope: &Scope,
) -> Option<BookKind> {
    let operand = match (function, operand) {
        (AggregateFunction::Count, None) => None,
        (AggregateFunction::Count, Some(operand)) => {
            cx.report(Diagnostic::new("E281", operand.span).help("count"));
            return None;
        }
        (_, Some(operand)) => {
            let operand = cx.expr(operand, scope, &wanted(function));
            if is_error(&operand) {
                return None;
            }
            Some(operand)
        }
        (_, None) => {
            cx.report(Diagnostic::new("E218", span).variant("operand").help("operand"));
            return None;
        }
    };
    Some(BookKind::Fold { function, operand })
}

/// The keys of an order. The last is the customer's own key, so that no two members stand at one place. `by` is what the
/// order is for where its first key goes from the highest down unless it says otherwise.
fn order(
    cx: &mut Checker<'_>,
    keys: &[ast::BookKey],
    by: Option<&'static str>,
    scope: &Scope,
) -> Option<Vec<hir::BookKey>> {
    let mut made = Vec::new();
    let mut sound = true;
    for (place, key) in keys.iter().enumerate() {
        let value = cx.expr(&key.value, scope, &Expected::Subject);
        if is_error(&value) {
            sound = false;
            continue;
        }
        let first = if place == 0 { by } else { None };
        match direction(cx, key, &value, first) {
            Some(highest_first) => made.push(hir::BookKey { value, highest_first }),
            None => sound = false,
        }
    }
    if !sound {
        return None;
    }
    let last = made.last()?;
    if !is_customer_key(cx, &last.value) {
        let own = cx.program.schema.fields.iter().find(|field| field.key).map(|field| field.name.clone());
        let report = Diagnostic::new("E276", last.value.span);
        let report = match own {
            Some(own) => {
                let end = Span { start: last.value.span.end, ..last.value.span };
                report.arg("key", &own).fix("add", end, format!(", {own}"), false)
            }
            None => report.help("declare"),
        };
        cx.report(report);
        return None;
    }
    Some(made)
}

/// Whether the highest comes first; none where a key has no order, or where it must be said and is not.
fn direction(
    cx: &mut Checker<'_>,
    key: &ast::BookKey,
    value: &hir::Expr,
    by: Option<&'static str>,
) -> Option<bool> {
    let said = key.order.map(|(order, _)| order == ast::KeyOrder::HighestFirst);
    match &value.ty {
        Type::Number(_) => match (by, said) {
            // Shares are cumulated from the largest down; that is what the word means.
            (Some("share"), Some(false)) => {
                let span = key.order.map_or(key.span, |(_, span)| span);
                cx.report(Diagnostic::new("E278", span).variant("share"));
                None
            }
            (_, Some(said)) => Some(said),
            (Some(_), None) => Some(true),
            (None, None) => {
                cx.report(Diagnostic::new("E278", key.span).help("say"));
                None
            }
        },
        Type::Date => Some(said.unwrap_or(false)),
        Type::Text | Type::Enum(_) => match key.order {
            None => Some(false),
            Some((_, span)) => {
                cx.report(Diagnostic::new("E278", span).variant("scale").help("drop"));
                None
            }
        },
        Type::YesNo | Type::Set(_) | Type::List(_) | Type::Records(_) => {
            let report = Diagnostic::new("E277", value.span).help("order");
            let report = cx.with_type(report, "type", &value.ty);
            cx.report(report);
            None
        }
    }
}

/// Whether a value is the fact by which customers are told apart.
fn is_customer_key(cx: &Checker<'_>, value: &hir::Expr) -> bool {
    match value.kind {
        hir::ExprKind::Fact(id) => cx.program.schema.fields.get(id).is_some_and(|field| field.key),
        _ => false,
    }
}

/// What budget a value has.
enum Capped {
    Not,
    Wrong,
    At(Box<hir::BookCap>),
}

fn cap_of(
    cx: &mut Checker<'_>,
    value: &ast::BookValue,
    book: &ast::Portfolio,
    group: Option<&ast::BookGroup>,
    scope: &Scope,
    kind: &BookKind,
) -> Capped {
    let mut caps = book.caps(group).filter(|cap| cap.value.text == value.name.text);
    let Some(cap) = caps.next() else { return Capped::Not };
    if let Some(second) = caps.next() {
        let report = Diagnostic::new("E279", second.value.span).variant("twice");
        cx.report(report.arg("name", &value.name.text).label(cap.span, "first"));
        return Capped::Wrong;
    }
    let BookKind::Fold { function: AggregateFunction::Sum, operand: Some(operand) } = kind else {
        let report = Diagnostic::new("E279", cap.value.span).variant("sum");
        cx.report(report.arg("name", &value.name.text).label(value.span, "value").help("sum"));
        return Capped::Wrong;
    };
    if let Some(filter) = &value.filter {
        let report = Diagnostic::new("E279", filter.span).variant("where");
        cx.report(report.arg("name", &value.name.text).label(cap.span, "first").help("where"));
        return Capped::Wrong;
    }
    let budget =
        cx.expr(&cap.budget, scope, &Expected::Type(operand.ty.clone(), Why::at("limit", value.span)));
    let keys = order(cx, &cap.keys, None, scope);
    match (is_error(&budget), keys) {
        (false, Some(keys)) => {
            let reason = cx.reason(&cap.reason);
            Capped::At(Box::new(hir::BookCap { budget, keys, reason, span: cap.span }))
        }
        _ => Capped::Wrong,
    }
}

/// Reports what stands in a portfolio and belongs to nothing in it: a budget of a value of another group, a group without values.
pub(crate) fn stray_caps(cx: &mut Checker<'_>, book: &ast::Portfolio) {
    if book.members.is_empty() {
        cx.report(Diagnostic::new("E336", book.name.span).arg("name", &book.name.text).help(""));
    }
    let groups = book.members.iter().filter_map(|member| match member {
        ast::BookMember::Group(group) => Some(group),
        ast::BookMember::Value(_) | ast::BookMember::Cap(_) => None,
    });
    for group in std::iter::once(None).chain(groups.map(Some)) {
        if let Some(group) = group.filter(|group| group.values.is_empty()) {
            let report = Diagnostic::new("E336", group.name.span).variant("group");
            cx.report(report.arg("name", &group.name.text).help(""));
        }
        let own = |cap: &ast::BookCap| {
            let mut values = book.values().filter(|(_, of)| of.map(|it| it.span) == group.map(|it| it.span));
            values.any(|(value, _)| value.name.text == cap.value.text)
        };
        for cap in book.caps(group).filter(|cap| !own(cap)) {
            cx.report(Diagnostic::new("E279", cap.value.span).arg("name", &cap.value.text).help("beside"));
        }
    }
}
