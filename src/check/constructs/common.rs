//! What several constructs ask of their parts: names that stand once, members that exist, figures that are fixed.

use crate::base::Span;
use crate::check::context::Checker;
use crate::check::hir;
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Enum, EnumId, Number, Style, Type, Unit, Value};

/// Reports each name that stands twice; `sort` chooses the words: `factor`, `grade`, `method`, `state`, `step` …
pub(super) fn unique<'a>(
    cx: &mut Checker,
    names: impl IntoIterator<Item = &'a ast::Name>,
    construct: &ast::Name,
    sort: &'static str,
) {
    let mut seen: Vec<&ast::Name> = Vec::new();
    for name in names {
        match seen.iter().find(|earlier| earlier.text == name.text) {
            Some(earlier) => cx.report(
                Diagnostic::new("E312", name.span)
                    .variant(sort)
                    .arg("name", &name.text)
                    .arg("construct", &construct.text)
                    .label(earlier.span, "first")
                    .help(sort),
            ),
            None => seen.push(name),
        }
    }
}

/// Reports a construct in which nothing stands; `sort` chooses the words. Where lines of the file could not be read, they may have
/// stood in it, and that is told.
pub(super) fn nothing_in(cx: &mut Checker, name: &ast::Name, sort: &'static str) {
    if cx.lost_lines.contains(&cx.policy) {
        return;
    }
    cx.report(Diagnostic::new("E300", name.span).variant(sort).arg("name", &name.text).help(sort));
}

/// The enumeration of this number.
pub(super) fn enum_of<'a>(cx: &'a Checker, id: EnumId) -> Option<&'a Enum> {
    cx.program.schema.enums.get(id)
}

/// The number that an expression is, if it is a fixed one.
pub(super) fn fixed(expr: &hir::Expr) -> Option<Number> {
    match &expr.kind {
        hir::ExprKind::Const(Value::Number(number)) => Some(number.clone()),
        hir::ExprKind::Negate(inner) => fixed(inner).map(|number| number.neg()),
        _ => None,
    }
}

/// A fixed number as an expression.
pub(super) fn number(value: Number, unit: Unit, span: Span) -> hir::Expr {
    hir::Expr { kind: hir::ExprKind::Const(Value::Number(value)), ty: Type::Number(unit), span }
}

/// The unit of an expression, if it is a number.
pub(super) fn unit(expr: &hir::Expr) -> Option<Unit> {
    match &expr.ty {
        Type::Number(unit) => Some(*unit),
        _ => None,
    }
}

/// Whether an expression could not be checked; that has been reported already.
pub(super) fn broken(expr: &hir::Expr) -> bool {
    matches!(expr.kind, hir::ExprKind::Error)
}

/// A number as a policy writes it: a percent as its figure with `%`.
pub(super) fn show(number: &Number, unit: Unit) -> String {
    let plain = |number: &Number| number.to_decimal_string().unwrap_or_else(|| number.fraction_string());
    if unit.is_plain() && unit.style == Style::Percent {
        format!("{}%", plain(&number.mul(&Number::from_i64(100))))
    } else {
        plain(number)
    }
}

/// The literal that an expression is, without brackets and sign.
pub(super) fn literal(expr: &ast::Expr) -> Option<&ast::Literal> {
    match &expr.kind {
        ast::ExprKind::Literal(literal) => Some(literal),
        ast::ExprKind::Group(inner) | ast::ExprKind::Unary(ast::UnaryOp::Negate, inner) => literal(inner),
        _ => None,
    }
}

/// Whether an expression is written as a percent.
pub(super) fn written_in_percent(expr: &ast::Expr) -> bool {
    use ast::NumberUnit::{Percent, Permille};
    literal(expr)
        .is_some_and(|literal| matches!(literal.kind, ast::LiteralKind::Number(_, Percent | Permille)))
}

/// Percent or plain number, as an expression is written.
pub(super) fn written_unit(expr: &ast::Expr) -> Unit {
    if written_in_percent(expr) { Unit::PERCENT } else { Unit::NUMBER }
}

/// A place in a list, as the meaning counts.
pub(super) fn place(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// A whole number that is at least 1, as a count is.
pub(super) fn count(number: &Number) -> Option<u32> {
    number.to_i64().filter(|count| *count >= 1).and_then(|count| u32::try_from(count).ok())
}

/// Whether two expressions are the same value, read from the same place: the anchors of two steps.
pub(super) fn same(left: &hir::Expr, right: &hir::Expr) -> bool {
    use hir::ExprKind as Kind;
    match (&left.kind, &right.kind) {
        (Kind::Const(left), Kind::Const(right)) => left == right,
        (Kind::Fact(left), Kind::Fact(right)) => left == right,
        (Kind::Field(list, left), Kind::Field(other, right)) => list == other && left == right,
        (Kind::Param(left), Kind::Param(right)) => left == right,
        (Kind::Value(left, part), Kind::Value(right, other)) => left == right && part == other,
        (Kind::TableParameter(left), Kind::TableParameter(right)) => left == right,
        (Kind::Today, Kind::Today) => true,
        (Kind::EndOfMonth(left), Kind::EndOfMonth(right)) | (Kind::Negate(left), Kind::Negate(right)) => {
            same(left, right)
        }
        (Kind::AddDays(left, by), Kind::AddDays(right, other))
        | (Kind::AddBusinessDays(left, by), Kind::AddBusinessDays(right, other)) => {
            same(left, right) && same(by, other)
        }
        (Kind::AddMonths(left, by, end), Kind::AddMonths(right, other, other_end)) => {
            end == other_end && same(left, right) && same(by, other)
        }
        _ => false,
    }
}

/// The label of the fact or value that an expression is.
pub(super) fn label_of(cx: &Checker, expr: &hir::Expr) -> Option<hir::Label> {
    match expr.kind {
        hir::ExprKind::Value(id, hir::Part::Main) => Some(cx.program.values.get(id)?.label.clone()),
        hir::ExprKind::Param(id) => Some(cx.program.params.get(id)?.label.clone()),
        _ => None,
    }
}
