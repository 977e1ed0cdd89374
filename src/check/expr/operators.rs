//! Arithmetic, comparisons, logic, and picking one of several values: which units go together, and why others do not.

use super::names::Found;
use super::{is_bare, plain_literal};
use crate::base::Span;
use crate::check::bodies::is_error;
use crate::check::context::{Checker, Entity, Expected, Scope, Why};
use crate::check::hir::{self, Arithmetic, Compare, ExprKind};
use crate::diag::{Diagnostic, Fix};
use crate::syntax::ast;
use crate::value::{Number, Style, Type, Unit, Value};

/// The greatest whole power.
const MOST_POWER: u32 = 32;

/// A product, and its two operands with their types.
type Product = (Span, (Span, Type), (Span, Type));

impl Checker<'_> {
    pub(super) fn binary(
        &mut self,
        op: ast::BinaryOp,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        scope: &Scope,
        expected: &Expected,
    ) -> hir::Expr {
        if let Some(aggregate) = self.open_filter(left, scope).or_else(|| self.open_filter(right, scope)) {
            self.where_wants_brackets(aggregate, span);
            return Self::error(span);
        }
        if op == ast::BinaryOp::Divide && self.not_available(left, right, scope) {
            let told = Diagnostic::new("E151", span).variant("nothing").arg("found", "N/A");
            let told = told.arg_in("word", "unknown", "未知");
            self.report(told.fix("nothing", span, self.spelled("unknown", "未知"), false));
            return Self::error(span);
        }
        match op {
            ast::BinaryOp::Add => self.sum(Arithmetic::Add, left, right, span, scope, expected),
            ast::BinaryOp::Subtract => self.sum(Arithmetic::Subtract, left, right, span, scope, expected),
            ast::BinaryOp::Multiply => self.product(Arithmetic::Multiply, left, right, span, scope),
            ast::BinaryOp::Divide => self.product(Arithmetic::Divide, left, right, span, scope),
            ast::BinaryOp::Power => self.power(left, right, span, scope),
            ast::BinaryOp::Less => self.compare(Compare::Less, left, right, span, scope),
            ast::BinaryOp::LessOrEqual => self.compare(Compare::LessOrEqual, left, right, span, scope),
            ast::BinaryOp::Greater => self.compare(Compare::Greater, left, right, span, scope),
            ast::BinaryOp::GreaterOrEqual => self.compare(Compare::GreaterOrEqual, left, right, span, scope),
            ast::BinaryOp::And | ast::BinaryOp::Or => {
                let mut parts = Vec::new();
                flatten(op, left, &mut parts);
                flatten(op, right, &mut parts);
                // `score > 60 or 70`: what stands behind `or` is a whole comparison.
                if let Some(alone) = parts.iter().skip(1).find(|part| {
                    matches!(
                        plain_literal(part),
                        Some(ast::Literal { kind: ast::LiteralKind::Number(..), .. })
                    )
                }) {
                    self.report(Diagnostic::new("E111", alone.span).variant("operand").help("repeat"));
                    return Self::error(span);
                }
                if let Some(aggregate) = parts.iter().find_map(|part| counts(part)) {
                    self.where_wants_brackets(aggregate, span);
                    return Self::error(span);
                }
                let parts: Vec<hir::Expr> = parts.into_iter().map(|part| self.yes_no(part, scope)).collect();
                if parts.iter().any(is_error) {
                    return Self::error(span);
                }
                let kind = if op == ast::BinaryOp::And { ExprKind::And(parts) } else { ExprKind::Or(parts) };
                hir::Expr { kind, ty: Type::YesNo, span }
            }
        }
    }

    /// `N/A`, which reads as a quotient of two names that nobody has declared.
    fn not_available(&self, left: &ast::Expr, right: &ast::Expr, scope: &Scope) -> bool {
        let is = |expr: &ast::Expr, letter: &str| match &expr.kind {
            ast::ExprKind::Name(name) => {
                name.text.eq_ignore_ascii_case(letter)
                    && matches!(self.lookup(&name.text, scope), Found::Nothing)
            }
            _ => false,
        };
        is(left, "n") && is(right, "a")
    }

    /// An aggregate outside brackets of which `where` has taken one name that is no condition, so that more was meant to belong to it:
    /// `sum of amount in invoices where days_late > 30`.
    fn open_filter<'e>(&mut self, expr: &'e ast::Expr, scope: &Scope) -> Option<&'e ast::Aggregate> {
        match &expr.kind {
            ast::ExprKind::Aggregate(aggregate) => {
                let filter = aggregate.filter.as_ref()?;
                let bare = match &filter.kind {
                    ast::ExprKind::Unary(ast::UnaryOp::Not, inner) => inner,
                    _ => filter,
                };
                let ast::ExprKind::Name(name) = &bare.kind else { return None };
                let list = aggregate.list.as_ref()?;
                let Entity::Fact(list) = self.names.get(scope.policy)?.customer.get(&list.text)?.entity
                else {
                    return None;
                };
                let declared = *self.names.get(scope.policy)?.items.get(&list)?.get(&name.text)?;
                let ty = self.entity_type(declared.entity, name.span)?;
                (ty != Type::YesNo).then_some(aggregate)
            }
            ast::ExprKind::Binary(_, left, right) => {
                self.open_filter(left, scope).or_else(|| self.open_filter(right, scope))
            }
            _ => None,
        }
    }

    fn where_wants_brackets(&mut self, aggregate: &ast::Aggregate, whole: Span) {
        let Some(filter) = &aggregate.filter else { return };
        let condition = Span::new(whole.file, filter.span.start, whole.end);
        let mut told = Diagnostic::new("E143", condition);
        told.fixes.push(Fix {
            key: "brackets",
            edits: vec![
                (Span { end: condition.start, ..condition }, "(".into()),
                (condition.after(), ")".into()),
            ],
            safe: false,
        });
        self.report(told);
    }

    /// Two operands of which a bare one takes the unit of the other.
    fn operands(
        &mut self,
        left: &ast::Expr,
        right: &ast::Expr,
        scope: &Scope,
        lone: &Expected,
        adding: bool,
    ) -> Option<(hir::Expr, hir::Expr)> {
        let (left_expr, right_expr) = match (is_bare(left), is_bare(right)) {
            (false, true) => {
                let left_expr = self.expr(left, scope, &Expected::Ordered(Why::plain("ordered")));
                let right_expr = self.beside(right, &left_expr, scope, adding);
                (left_expr, right_expr)
            }
            (true, false) => {
                let right_expr = self.expr(right, scope, &Expected::Ordered(Why::plain("ordered")));
                let left_expr = self.beside(left, &right_expr, scope, adding);
                (left_expr, right_expr)
            }
            (true, true) => (self.expr(left, scope, lone), self.expr(right, scope, lone)),
            (false, false) => {
                let both = Expected::Ordered(Why::plain("ordered"));
                (self.expr(left, scope, &both), self.expr(right, scope, &both))
            }
        };
        (!is_error(&left_expr) && !is_error(&right_expr)).then_some((left_expr, right_expr))
    }

    /// A bare number beside an operand with a unit.
    fn beside(&mut self, bare: &ast::Expr, other: &hir::Expr, scope: &Scope, adding: bool) -> hir::Expr {
        if is_error(other) {
            return Self::error(bare.span);
        }
        // `1 + growth`: nobody means one percent.
        let one = plain_literal(bare).is_some_and(
            |literal| matches!(&literal.kind, ast::LiteralKind::Number(text, _) if &**text == "1"),
        );
        if adding && one && other.ty == Type::Number(Unit::PERCENT) {
            return self.expr(bare, scope, &Expected::Any);
        }
        let ty = match &other.ty {
            // Days are what is added to a day, but a bare number does not say so.
            Type::Date if adding => return self.expr(bare, scope, &Expected::Any),
            ty => ty.clone(),
        };
        self.expr(bare, scope, &Expected::Type(ty, Why::at("operand", other.span)))
    }

    fn sum(
        &mut self,
        op: Arithmetic,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        scope: &Scope,
        expected: &Expected,
    ) -> hir::Expr {
        if op == Arithmetic::Subtract && self.is_span(left, right, span, expected) {
            return Self::error(span);
        }
        if let Some(stretch) = super::dates::business_days(right) {
            return self.add_business_days(op, left, stretch, span, scope);
        }
        let lone = match expected {
            Expected::Type(Type::Number(_), _) => expected.clone(),
            _ => Expected::Any,
        };
        let Some((left_expr, right_expr)) = self.operands(left, right, scope, &lone, true) else {
            return Self::error(span);
        };
        if matches!(left_expr.ty, Type::Date) || matches!(right_expr.ty, Type::Date) {
            return self.add_to_date(op, left_expr, right_expr, span);
        }
        let (Type::Number(left_unit), Type::Number(right_unit)) = (&left_expr.ty, &right_expr.ty) else {
            return Self::error(span);
        };
        // 85 + 10% is a slip of the pen; only the 1 of `1 + growth` goes with a percent.
        if left_unit.same_dimension(*right_unit)
            && !left_unit.comparable(*right_unit)
            && !is_bare(left)
            && !is_bare(right)
        {
            self.not_comparable(left, &left_expr, right, &right_expr, span);
            return Self::error(span);
        }
        let Some(unit) = left_unit.add_compatible(*right_unit) else {
            self.units_apart(
                if op == Arithmetic::Add { "add" } else { "subtract" },
                &left_expr,
                &right_expr,
                span,
            );
            return Self::error(span);
        };
        arithmetic(op, left_expr, right_expr, unit, span)
    }

    /// `30-45天`, `30-50万` where one value stands: a span to whoever wrote it, a figure below 0 to who reads it. Figures that come
    /// to something, `100% - 15%`, are reckoned. In a cell the text itself has told of it.
    fn is_span(&mut self, left: &ast::Expr, right: &ast::Expr, span: Span, expected: &Expected) -> bool {
        let figure = |expr: &ast::Expr| match &expr.kind {
            ast::ExprKind::Literal(ast::Literal { kind: ast::LiteralKind::Number(text, unit), .. }) => {
                Some((Number::decimal(text)?, *unit))
            }
            _ => None,
        };
        let (Some((from, from_unit)), Some((to, to_unit))) = (figure(left), figure(right)) else {
            return false;
        };
        let of_units = from_unit == to_unit || from_unit == ast::NumberUnit::Bare;
        // 1 less a percent is what is left of the whole.
        let rest = from_unit != to_unit && to_unit == ast::NumberUnit::Percent && from == Number::ONE;
        if from >= to || !of_units || rest {
            return false;
        }
        let in_cell = matches!(expected, Expected::Type(_, why) if why.key == "key");
        if !in_cell {
            let written = |expr: &ast::Expr| match &expr.kind {
                ast::ExprKind::Literal(literal) => literal.written.clone(),
                _ => "…".into(),
            };
            let found = format!("{}-{}", written(left), written(right));
            self.report(Diagnostic::new("E117", span).variant("range").arg("found", found).help("one"));
        }
        true
    }

    /// Refuses a limit, or what a decision shows, in a unit that is a product: money times money, money times days. Told where it
    /// is multiplied.
    pub(crate) fn refuse_product(&mut self, value: &hir::Expr) -> bool {
        let Some(unit) = value.ty.unit().filter(|unit| unit.is_product()) else { return false };
        let whole = Type::Number(unit);
        let (at, operands) = match self.multiplied(value, 0) {
            Some((span, left, right)) => (span, Some((left, right))),
            None => (value.span, None),
        };
        let told = Diagnostic::new("E211", at).variant(if operands.is_some() { "product" } else { "unit" });
        let mut told = self.with_type(told, "unit", &whole).help("product");
        if let Some(((left, left_type), (right, right_type))) = operands {
            told = self.with_type(told, "left", &left_type);
            told = self.with_type(told, "right", &right_type);
            told = told.label(left, "left").label(right, "right");
        }
        if at != value.span && !(value.span.start <= at.start && at.end <= value.span.end) {
            told = told.label(value.span, "shown");
        }
        self.report(told);
        true
    }

    /// Where a value gets its unit by a product: the product, and both operands with their types.
    fn multiplied(&self, value: &hir::Expr, depth: u32) -> Option<Product> {
        let is_product = |of: &hir::Expr| of.ty.unit().is_some_and(Unit::is_product);
        if depth > MOST_POWER || !is_product(value) {
            return None;
        }
        let deeper = depth.saturating_add(1);
        match &value.kind {
            ExprKind::Arithmetic(op, left, right) => {
                let inner = [left, right].into_iter().find_map(|of| self.multiplied(of, deeper));
                let own = *op == Arithmetic::Multiply && !is_product(left) && !is_product(right);
                let both = || ((left.span, left.ty.clone()), (right.span, right.ty.clone()));
                inner.or_else(|| own.then(both).map(|(left, right)| (value.span, left, right)))
            }
            ExprKind::Negate(of) => self.multiplied(of, deeper),
            ExprKind::If(_, one, other) | ExprKind::IfUnknown(one, other) => {
                [one, other].into_iter().find_map(|of| self.multiplied(of, deeper))
            }
            ExprKind::Pick(_, of) => of.iter().find_map(|of| self.multiplied(of, deeper)),
            ExprKind::Value(id, hir::Part::Main) => match &self.program.values.get(*id)?.kind {
                hir::DefinitionKind::Let(it) => self.multiplied(&it.value, deeper),
                _ => None,
            },
            _ => None,
        }
    }

    fn product(
        &mut self,
        op: Arithmetic,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        scope: &Scope,
    ) -> hir::Expr {
        let number = Expected::Number(Why::plain("factor"));
        let left_expr = self.expr(left, scope, &number);
        let right_expr = self.expr(right, scope, &number);
        let (Type::Number(left_unit), Type::Number(right_unit)) = (&left_expr.ty, &right_expr.ty) else {
            return Self::error(span);
        };
        if is_error(&left_expr) || is_error(&right_expr) {
            return Self::error(span);
        }
        if op == Arithmetic::Divide
            && matches!(&right_expr.kind, ExprKind::Const(Value::Number(number)) if number.is_zero())
        {
            self.report(Diagnostic::new("E235", right_expr.span));
            return Self::error(span);
        }
        // `sales / assets * 100%` is the ratio as people read it.
        let as_percent = op == Arithmetic::Multiply && left_unit.is_plain() && is_whole(&right_expr);
        // A bare literal is a plain number that leaves the other's unit as it is: 10% * 2 is a percent.
        let unit = match (op, is_bare(left), is_bare(right)) {
            _ if as_percent => Some(Unit::PERCENT),
            (_, _, true) => Some(*left_unit),
            (Arithmetic::Multiply, true, _) => Some(*right_unit),
            (Arithmetic::Divide, ..) => left_unit.divide(*right_unit),
            _ => left_unit.multiply(*right_unit),
        };
        let Some(unit) = unit else {
            let variant = if op == Arithmetic::Multiply { "multiply" } else { "divide" };
            self.units_apart(variant, &left_expr, &right_expr, span);
            return Self::error(span);
        };
        arithmetic(op, left_expr, right_expr, unit, span)
    }

    /// `5% of x`
    pub(super) fn percent_of(
        &mut self,
        percent: &ast::Expr,
        of: &ast::Expr,
        span: Span,
        scope: &Scope,
    ) -> hir::Expr {
        let percent_type = Type::Number(Unit::PERCENT);
        let percent = self.expr(percent, scope, &Expected::Type(percent_type, Why::plain("percent_of")));
        let of = self.expr(of, scope, &Expected::Number(Why::plain("factor")));
        match &of.ty {
            Type::Number(unit) if !is_error(&percent) && !is_error(&of) => {
                let unit = *unit;
                arithmetic(Arithmetic::Multiply, percent, of, unit, span)
            }
            _ => Self::error(span),
        }
    }

    fn power(&mut self, base: &ast::Expr, exponent: &ast::Expr, span: Span, scope: &Scope) -> hir::Expr {
        let base = self.expr(base, scope, &Expected::Number(Why::plain("factor")));
        let whole = match &exponent.kind {
            ast::ExprKind::Literal(ast::Literal {
                kind: ast::LiteralKind::Number(text, ast::NumberUnit::Bare),
                ..
            }) => text.parse::<u32>().ok().filter(|power| *power <= MOST_POWER),
            _ => None,
        };
        let Some(power) = whole else {
            self.report(Diagnostic::new("E216", exponent.span).arg("most", MOST_POWER));
            return Self::error(span);
        };
        let Type::Number(unit) = base.ty else { return Self::error(span) };
        if is_error(&base) {
            return Self::error(span);
        }
        let Some(unit) = unit.power(power) else {
            let report = self.with_type(Diagnostic::new("E216", span).variant("unit"), "type", &base.ty);
            self.report(report);
            return Self::error(span);
        };
        self.needs_rounding(span, "");
        hir::Expr { kind: ExprKind::Power(Box::new(base), power), ty: Type::Number(unit), span }
    }

    fn compare(
        &mut self,
        op: Compare,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        scope: &Scope,
    ) -> hir::Expr {
        if self.grades_compared(op, left, right, scope) {
            return Self::error(span);
        }
        let Some((left_expr, right_expr)) = self.operands(left, right, scope, &Expected::Any, false) else {
            return Self::error(span);
        };
        let fits = match (&left_expr.ty, &right_expr.ty) {
            (Type::Date, Type::Date) => true,
            (Type::Number(left_unit), Type::Number(right_unit)) => left_unit.comparable(*right_unit),
            _ => false,
        };
        if !fits {
            self.not_comparable(left, &left_expr, right, &right_expr, span);
            return Self::error(span);
        }
        let kind = ExprKind::Compare(op, Box::new(left_expr), Box::new(right_expr));
        hir::Expr { kind, ty: Type::YesNo, span }
    }

    /// `risk_class >= CA2`, `risk_class < "CA4"`: a grade is compared by its place in the scale.
    fn grades_compared(&mut self, op: Compare, left: &ast::Expr, right: &ast::Expr, scope: &Scope) -> bool {
        let (ast::ExprKind::Name(name), Some(member)) = (&left.kind, member_written(right)) else {
            return false;
        };
        let Found::One(declared) = self.lookup(&name.text, scope) else { return false };
        let Some(Type::Enum(kind)) = self.entity_type(declared.entity, name.span) else { return false };
        if self.code(kind, &member).is_none() {
            return false;
        }
        let report = Diagnostic::new("E210", left.span).variant("ordered").note("ordered");
        let report = self.with_type(report, "found", &Type::Enum(kind));
        let sort = self.program.schema.enums.get(kind).map(|kind| kind.sort);
        if sort != Some(crate::value::EnumSort::Grades) {
            self.report(report.help("each"));
            return true;
        }
        // Of grades the best comes first: who is at least CA2 is CA2 or better, who is below CA2 is not.
        let (negated, or) = match op {
            Compare::GreaterOrEqual => (false, "better"),
            Compare::Less => (true, "better"),
            Compare::LessOrEqual => (false, "worse"),
            Compare::Greater => (true, "worse"),
        };
        let chinese = !name.text.is_ascii();
        let written = match (chinese, negated, or) {
            (false, false, or) => format!(" is {member} or {or}"),
            (false, true, or) => format!(" is not {member} or {or}"),
            (true, false, "better") => format!(" 为 {member} 及以上"),
            (true, true, "better") => format!(" 不为 {member} 及以上"),
            (true, false, _) => format!(" 为 {member} 及以下"),
            (true, true, _) => format!(" 不为 {member} 及以下"),
        };
        let behind = Span::new(left.span.file, left.span.end, right.span.end);
        self.report(report.fix("grade", behind, written, false));
        true
    }

    fn not_comparable(
        &mut self,
        left: &ast::Expr,
        left_expr: &hir::Expr,
        right: &ast::Expr,
        right_expr: &hir::Expr,
        span: Span,
    ) {
        if let (Type::Number(left_unit), Type::Number(right_unit)) = (&left_expr.ty, &right_expr.ty)
            && left_unit.same_dimension(*right_unit)
        {
            // The literal is what is wrong, where there is one.
            let (written, wanted, other) = if plain_literal(left).is_some() {
                (left, *right_unit, right_expr.span)
            } else {
                (right, *left_unit, left_expr.span)
            };
            let wanted = Unit {
                style: if wanted.style == Style::Percent { Style::Percent } else { Style::Number },
                ..wanted
            };
            self.percent_and_number(written, wanted, Why::at("operand", other));
            return;
        }
        self.units_apart("compare", left_expr, right_expr, span);
    }

    /// Two units that do not go together: each is named at its operand.
    pub(super) fn units_apart(
        &mut self,
        variant: &'static str,
        left: &hir::Expr,
        right: &hir::Expr,
        span: Span,
    ) {
        let currencies = match (
            left.ty.unit().and_then(|unit| unit.currency),
            right.ty.unit().and_then(|unit| unit.currency),
        ) {
            (Some(left), Some(right)) => left != right,
            _ => false,
        };
        let report = Diagnostic::new("E211", span).variant(variant);
        let report = self.with_money(report, "left", &left.ty, currencies);
        let report = self.with_money(report, "right", &right.ty, currencies);
        let report = report.label(left.span, "left").label(right.span, "right");
        let unit = |expr: &hir::Expr| expr.ty.unit();
        let pair = [unit(left), unit(right)];
        let report = if currencies {
            report.help("currency")
        } else if pair.contains(&Some(Unit::DAYS)) && pair.contains(&Some(Unit::MONTHS)) {
            report.help("months")
        } else if matches!(
            (&left.ty, &right.ty),
            (Type::Date, Type::Number(_)) | (Type::Number(_), Type::Date)
        ) {
            report.help("date")
        } else {
            report
        };
        self.report(report);
    }

    /// `lowest of (a, b)` and its kin.
    pub(super) fn pick(
        &mut self,
        pick: ast::Pick,
        values: &[ast::Expr],
        span: Span,
        scope: &Scope,
        expected: &Expected,
    ) -> hir::Expr {
        let dates = matches!(pick, ast::Pick::Earliest | ast::Pick::Latest);
        if values.is_empty() {
            self.report(Diagnostic::new("E217", span));
            return Self::error(span);
        }
        if pick == ast::Pick::Middle && values.len().is_multiple_of(2) {
            self.report(Diagnostic::new("E217", span).variant("middle").arg("count", values.len()));
            return Self::error(span);
        }
        let hint = match expected {
            Expected::Type(Type::Number(_) | Type::Date, _) => expected.clone(),
            _ => Expected::Ordered(Why::plain("ordered")),
        };
        let values: Vec<&ast::Expr> = values.iter().collect();
        let Some((values, Some(ty))) = self.joined(&values, scope, &hint, "pick") else {
            return Self::error(span);
        };
        let variant = match (&ty, dates) {
            (Type::Date, false) => Some("dates"),
            (Type::Number(_), true) => Some("numbers"),
            _ => None,
        };
        if let Some(variant) = variant {
            self.report(Diagnostic::new("E217", span).variant(variant).help(variant));
            return Self::error(span);
        }
        hir::Expr { kind: ExprKind::Pick(pick, values), ty, span }
    }
}

pub(super) fn arithmetic(
    op: Arithmetic,
    left: hir::Expr,
    right: hir::Expr,
    unit: Unit,
    span: Span,
) -> hir::Expr {
    hir::Expr {
        kind: ExprKind::Arithmetic(op, Box::new(left), Box::new(right)),
        ty: Type::Number(unit),
        span,
    }
}

/// A bare name, or one in quotation marks.
fn member_written(expr: &ast::Expr) -> Option<crate::base::Str> {
    match &expr.kind {
        ast::ExprKind::Name(name) => Some(name.text.clone()),
        ast::ExprKind::Literal(ast::Literal { kind: ast::LiteralKind::Text(text), .. }) => Some(text.clone()),
        _ => None,
    }
}

/// An aggregate that gives no yes or no and ends in a condition, so that the `and` behind it was meant to belong to that:
/// `average of days_late in invoices where not disputed and days_late > 0 days`.
fn counts(expr: &ast::Expr) -> Option<&ast::Aggregate> {
    match &expr.kind {
        ast::ExprKind::Aggregate(aggregate)
            if !matches!(aggregate.function, ast::AggregateFunction::Any | ast::AggregateFunction::All) =>
        {
            aggregate.filter.is_some().then_some(aggregate)
        }
        _ => None,
    }
}

/// The operands of a chain of the same word: `a and b and c`. Brackets stay brackets.
fn flatten<'e>(op: ast::BinaryOp, expr: &'e ast::Expr, parts: &mut Vec<&'e ast::Expr>) {
    match &expr.kind {
        ast::ExprKind::Binary(inner, left, right) if *inner == op => {
            flatten(op, left, parts);
            flatten(op, right, parts);
        }
        _ => parts.push(expr),
    }
}

/// Whether an expression is `100%`: by it a ratio is written as a percent and keeps its value.
fn is_whole(expr: &hir::Expr) -> bool {
    matches!(&expr.kind, ExprKind::Const(Value::Number(number)) if *number == Number::ONE)
        && expr.ty == Type::Number(Unit::PERCENT)
}
