//! Expressions: names resolved, types and units told.

mod aggregates;
mod along;
mod apply;
mod by_date;
mod dates;
mod members;
pub(super) mod names;
mod operators;
mod parts;
mod patterns;

pub(crate) use aggregates::{result_type, wanted};

use super::bodies::is_error;
use super::context::{Checker, Expected, Scope, Why};
use super::facts::MOST_DECIMALS;
use super::hir::{self, ExprKind};
use super::uses::{day, rounding_mode};
use crate::base::Span;
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Number, Precision, Rounding, Style, Type, Unit, Value};

impl Checker<'_> {
    /// An expression of the type that its place expects.
    pub(crate) fn expr(&mut self, expr: &ast::Expr, scope: &Scope, expected: &Expected) -> hir::Expr {
        let found = self.infer(expr, scope, expected);
        self.fit(found, expr, expected, scope)
    }

    /// A yes or no.
    pub(crate) fn yes_no(&mut self, expr: &ast::Expr, scope: &Scope) -> hir::Expr {
        self.expr(expr, scope, &Expected::Type(Type::YesNo, Why::plain("condition")))
    }

    /// A condition with what it does where it cannot be judged, and why it is there.
    pub(crate) fn condition(
        &mut self,
        when: Option<&ast::Expr>,
        if_unknown: Option<&ast::IfUnknown>,
        reason: &ast::Reason,
        span: Span,
        scope: &Scope,
    ) -> hir::Condition {
        let when = when.map(|when| self.yes_no(when, scope));
        let if_unknown = if_unknown.map(|rule| match &rule.kind {
            ast::IfUnknownKind::Applies => hir::IfUnknown::Applies,
            ast::IfUnknownKind::DoesNotApply => hir::IfUnknown::DoesNotApply,
            ast::IfUnknownKind::Refer(role, question) => hir::IfUnknown::Refer {
                role: self.role(role),
                question: question.as_ref().map(Self::question),
            },
            ast::IfUnknownKind::Refuse => hir::IfUnknown::Refuse,
        });
        hir::Condition { when, if_unknown, reason: self.reason_in(reason, scope), span }
    }

    /// A result that must be of this type. The outcomes of corrections (`up 50%`) stand in corrections alone: the grammar
    /// has none of them elsewhere.
    pub(crate) fn outcome(&mut self, outcome: &ast::Outcome, ty: &Type, scope: &Scope) -> hir::Outcome {
        let kind = match &outcome.kind {
            ast::OutcomeKind::Value(value) => hir::OutcomeKind::Value(self.expr(
                value,
                scope,
                &Expected::Type(ty.clone(), Why::plain("result")),
            )),
            ast::OutcomeKind::Unknown => hir::OutcomeKind::Unknown,
            ast::OutcomeKind::Refer(role, question) => hir::OutcomeKind::Refer {
                role: self.role(role),
                question: question.as_ref().map(Self::question),
            },
            ast::OutcomeKind::Refuse => hir::OutcomeKind::Refuse,
            ast::OutcomeKind::Up(_)
            | ast::OutcomeKind::Down(_)
            | ast::OutcomeKind::Unchanged
            | ast::OutcomeKind::Cancel
            | ast::OutcomeKind::NoRecommendation
            | ast::OutcomeKind::Signers(_) => hir::OutcomeKind::Value(Self::error(outcome.span)),
        };
        hir::Outcome { kind, span: outcome.span }
    }

    /// A rounding of a value of this unit.
    pub(crate) fn rounding(&mut self, rounding: &ast::Rounding, unit: Unit) -> Option<Rounding> {
        let own = self.names.get(self.policy).is_some_and(|names| names.rounding);
        let policy = self.program.policies.get(self.policy);
        let mode = match (rounding.mode, policy) {
            (Some(mode), _) => rounding_mode(mode),
            (None, Some(policy)) => {
                let (mode, header) = (policy.rounding, policy.span);
                if !own {
                    self.report(
                        Diagnostic::new("E233", rounding.span)
                            .variant("mode")
                            .label(header, "header")
                            .help("mode"),
                    );
                }
                mode
            }
            (None, None) => return None,
        };
        let precision = match &rounding.precision {
            ast::Precision::Decimals(literal) => {
                Precision::Decimals(self.whole(literal, 0, MOST_DECIMALS)?)
            }
            ast::Precision::Multiples(step) => {
                let number = self.constant_number(step, unit)?;
                if !number.is_positive() {
                    self.report(Diagnostic::new("E233", step.span).variant("multiple"));
                    return None;
                }
                Precision::Multiples(number)
            }
        };
        Some(Rounding { mode, precision })
    }

    /// Holds an expression against what its place expects.
    fn fit(
        &mut self,
        found: hir::Expr,
        written: &ast::Expr,
        expected: &Expected,
        scope: &Scope,
    ) -> hir::Expr {
        if is_error(&found) {
            return found;
        }
        let (fits, why) = match expected {
            Expected::Any | Expected::Subject => return found,
            Expected::Number(why) => (matches!(found.ty, Type::Number(_)), why),
            Expected::Ordered(why) => (matches!(found.ty, Type::Number(_) | Type::Date), why),
            Expected::Type(ty, why) => (accepts(ty, &found.ty), why),
        };
        if fits {
            return found;
        }
        self.mismatch(&found.ty, written, expected, *why, scope);
        Self::error(found.span)
    }

    /// A text where a value is wanted: `""` for an empty cell, a name or a label in quotation marks, a grade, a day or a figure in them.
    fn text_for_a_value(
        &self,
        written: &ast::Expr,
        expected: &Expected,
        scope: &Scope,
    ) -> Option<Diagnostic> {
        let ast::ExprKind::Literal(ast::Literal { kind: ast::LiteralKind::Text(text), .. }) = &written.kind
        else {
            return None;
        };
        let span = written.span;
        if text.trim().is_empty() {
            let told = Diagnostic::new("E151", span).variant("nothing").arg("found", "\"\"");
            let told = told.arg_in("word", "unknown", "未知");
            return Some(told.fix("nothing", span, self.spelled("unknown", "未知"), false));
        }
        let told = Diagnostic::new("E142", span).arg("found", text);
        let is_name = !matches!(self.lookup(text, scope), names::Found::Nothing);
        let member = match expected {
            Expected::Type(Type::Enum(kind), _) => self.code(*kind, text).is_some(),
            Expected::Type(Type::YesNo, _) => {
                let word = match &*text.to_ascii_lowercase() {
                    "y" | "yes" | "true" => "yes",
                    "n" | "no" | "false" => "no",
                    "是" => "是",
                    "否" => "否",
                    _ => return None,
                };
                return Some(told.arg("own", word).fix("bare", span, word, true));
            }
            _ => false,
        };
        let own = if is_name || member { Some(text.clone()) } else { self.labelled(text, scope) };
        if let Some(own) = own {
            return Some(told.fix("bare", span, names::in_ticks(&own), true));
        }
        let figure = text.trim();
        let is_figure = figure.starts_with(|ch: char| ch.is_ascii_digit())
            && figure
                .chars()
                .all(|ch| ch.is_ascii_digit() || matches!(ch, '.' | '-' | '%' | '_' | '万' | '亿'));
        is_figure.then(|| told.variant("figure").fix("bare", span, figure, false))
    }

    fn mismatch(&mut self, found: &Type, written: &ast::Expr, expected: &Expected, why: Why, scope: &Scope) {
        if let Some(told) = self.text_for_a_value(written, expected, scope) {
            self.report(told);
            return;
        }
        if let (Expected::Type(Type::Number(wanted), _), Type::Number(given)) = (expected, found)
            && wanted.same_dimension(*given)
        {
            self.percent_and_number(written, *wanted, why);
            return;
        }
        let report = Diagnostic::new("E210", written.span);
        let report = match expected {
            Expected::Type(ty, _) => {
                let currencies = matches!((ty, found), (Type::Number(a), Type::Number(b))
                    if a.currency != b.currency && a.money == b.money && a.days == b.days && a.months == b.months);
                let report = if currencies { report.variant("currency") } else { report };
                self.with_money(
                    self.with_money(report, "expected", ty, currencies),
                    "found",
                    found,
                    currencies,
                )
            }
            Expected::Ordered(_) => {
                let report = self.with_type(report.variant("ordered"), "found", found);
                if matches!(found, Type::Enum(_)) { report.help("grade") } else { report }
            }
            Expected::Any | Expected::Subject | Expected::Number(_) => {
                self.with_type(report.variant("number"), "found", found)
            }
        };
        let report = match why.span {
            Some(span) => report.label(span, why.key),
            None => report.note(why.key),
        };
        let report = match (expected, found) {
            (Expected::Type(Type::Number(days), _), Type::Number(months))
                if *days == Unit::DAYS && *months == Unit::MONTHS
                    || *days == Unit::MONTHS && *months == Unit::DAYS =>
            {
                report.help("months")
            }
            // What a case gives is no condition that a comparison would make.
            (Expected::Type(Type::YesNo, why), Type::Number(_)) if why.key != "given" => {
                report.help("condition")
            }
            _ => report,
        };
        self.report(report);
    }

    pub(super) fn with_money(
        &self,
        report: Diagnostic,
        key: &'static str,
        ty: &Type,
        currency: bool,
    ) -> Diagnostic {
        if !currency {
            return self.with_type(report, key, ty);
        }
        let enums = &self.program.schema.enums;
        report.arg_in(
            key,
            ty.describe_with_currency(enums, crate::base::Lang::En),
            ty.describe_with_currency(enums, crate::base::Lang::Zh),
        )
    }

    /// 10 where a percent is meant, 10% where a number is.
    fn percent_and_number(&mut self, written: &ast::Expr, wanted: Unit, why: Why) {
        let percent = wanted.style == Style::Percent;
        let mut report =
            Diagnostic::new("E212", written.span).variant(if percent { "percent" } else { "number" });
        if let Some(literal) = plain_literal(written)
            && let ast::LiteralKind::Number(text, _) = &literal.kind
        {
            if percent {
                // 1.5 may be 150% as a fraction is written, or 1.5% with its sign forgotten: who wrote it knows, and above 1 it
                // mostly is the sign. 30 is no fraction.
                let plain = Number::decimal(&text.replace('_', ""));
                let is_share = plain.as_ref().is_some_and(|number| *number <= Number::ONE);
                let share = plain.map(|number| number.mul(&Number::from_i64(100)));
                if let Some(share) = share.filter(|share| *share <= Number::from_i64(200)) {
                    let figure = format!("{share}%");
                    report = report.arg("share", &figure).fix("share", literal.span, figure, false);
                }
                if &**text != "1" {
                    let figure = format!("{text}%");
                    report = report.arg("figure", &figure).fix("percent", literal.span, figure, false);
                }
                if !is_share {
                    report.fixes.reverse();
                }
            } else {
                report = report.arg("figure", text).fix("number", literal.span, text.clone(), false);
            }
        }
        let report = match why.span {
            Some(span) => report.label(span, why.key),
            None => report.note(why.key),
        };
        self.report(report);
    }

    fn infer(&mut self, expr: &ast::Expr, scope: &Scope, expected: &Expected) -> hir::Expr {
        let rounded = self.rounded;
        self.rounded &= carries_rounding(&expr.kind);
        let found = self.infer_kind(expr, scope, expected);
        self.rounded = rounded;
        found
    }

    fn infer_kind(&mut self, expr: &ast::Expr, scope: &Scope, expected: &Expected) -> hir::Expr {
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Literal(literal) => self.literal(literal, expr, scope, expected),
            ast::ExprKind::Name(name) => self.name(name, scope, expected),
            ast::ExprKind::Today => hir::Expr { kind: ExprKind::Today, ty: Type::Date, span },
            ast::ExprKind::Last => {
                self.report(Diagnostic::new("E222", span).variant("alone"));
                Self::error(span)
            }
            ast::ExprKind::Member(of, name) => self.member(of, name, span, scope, expected),
            ast::ExprKind::Apply(of, arguments) => self.apply(of, arguments, None, span, scope),
            ast::ExprKind::List(values) => self.list_of(values, span, scope, expected),
            ast::ExprKind::Group(of) => {
                let inner = self.infer(of, scope, expected);
                hir::Expr { span, ..inner }
            }
            ast::ExprKind::Unary(ast::UnaryOp::Negate, of) => self.negate(of, span, scope, expected),
            ast::ExprKind::Unary(ast::UnaryOp::Not, of) => {
                let inner = self.yes_no(of, scope);
                if is_error(&inner) {
                    return inner;
                }
                hir::Expr { kind: ExprKind::Not(Box::new(inner)), ty: Type::YesNo, span }
            }
            ast::ExprKind::Binary(op, left, right) => self.binary(*op, left, right, span, scope, expected),
            ast::ExprKind::Is { value, negated, pattern } => {
                let subject = self.expr(value, scope, &Expected::Subject);
                if is_error(&subject) {
                    return subject;
                }
                let pattern = self.pattern_against(pattern, &subject.ty, Some(subject.span), scope);
                if matches!(&pattern, hir::Pattern::Equals(value) if is_error(value)) {
                    return Self::error(span);
                }
                let is = hir::Expr {
                    kind: ExprKind::Is(Box::new(subject), Box::new(pattern)),
                    ty: Type::YesNo,
                    span,
                };
                negate_if(*negated, is)
            }
            ast::ExprKind::IsKnown { value, known } => {
                let subject = self.expr(value, scope, &Expected::Subject);
                if is_error(&subject) {
                    return subject;
                }
                let is = hir::Expr { kind: ExprKind::IsKnown(Box::new(subject)), ty: Type::YesNo, span };
                negate_if(!*known, is)
            }
            ast::ExprKind::If(condition, then, otherwise) => {
                self.if_else(expr, [condition, then, otherwise], scope, expected)
            }
            ast::ExprKind::IfUnknown(value, instead) => {
                let value_expr = self.infer(value, scope, expected);
                let value_expr = self.fit(value_expr, value, expected, scope);
                let instead = if is_error(&value_expr) {
                    self.expr(instead, scope, expected)
                } else {
                    let why = Why::at("instead", value_expr.span);
                    self.expr(instead, scope, &Expected::Type(value_expr.ty.clone(), why))
                };
                if is_error(&value_expr) || is_error(&instead) {
                    return Self::error(span);
                }
                let ty = value_expr.ty.join(&instead.ty).unwrap_or_else(|| value_expr.ty.clone());
                hir::Expr { kind: ExprKind::IfUnknown(Box::new(value_expr), Box::new(instead)), ty, span }
            }
            ast::ExprKind::PercentOf(percent, of) => self.percent_of(percent, of, span, scope),
            ast::ExprKind::Pick(pick, values) => self.pick(*pick, values, span, scope, expected),
            ast::ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, span, scope),
            ast::ExprKind::WeightedAverage(of, weights) => self.weighted_average(of, weights, span, scope),
            ast::ExprKind::Running(running) => self.running(running, span, scope),
            ast::ExprKind::LatestIn(latest) => self.latest_in(latest, span, scope),
            ast::ExprKind::LatestOf(count, of) => self.latest_of(count, of, span, scope),
            ast::ExprKind::InARow { of, rises, steps } => self.in_a_row(of, *rises, steps, span, scope),
            ast::ExprKind::InWindow(day, window) => self.in_window(day, window, span, scope),
            ast::ExprKind::OrMonthEnd(of) => self.or_month_end(of, span, scope, expected),
            ast::ExprKind::EndOfMonth(of) => {
                let day = self.expr(of, scope, &Expected::Type(Type::Date, Why::plain("date")));
                if is_error(&day) {
                    return day;
                }
                hir::Expr { kind: ExprKind::EndOfMonth(Box::new(day)), ty: Type::Date, span }
            }
            ast::ExprKind::DayAfter(of, day) => self.anchor(of, None, *day, span, scope),
            ast::ExprKind::OfYear(of, month, day) => self.anchor(of, Some(*month), *day, span, scope),
            ast::ExprKind::Interest(interest) => self.interest(interest, span, scope),
            ast::ExprKind::Instalment(operands) => self.instalment(operands, span, scope),
            ast::ExprKind::Convert(amount, currency, rate) => {
                self.convert(amount, currency, rate, span, scope)
            }
            ast::ExprKind::Error => Self::error(span),
        }
    }

    fn literal(
        &mut self,
        literal: &ast::Literal,
        written: &ast::Expr,
        scope: &Scope,
        expected: &Expected,
    ) -> hir::Expr {
        let span = literal.span;
        let constant = |value: Value, ty: Type| hir::Expr { kind: ExprKind::Const(value), ty, span };
        match &literal.kind {
            ast::LiteralKind::Date(..) => match day(literal) {
                Some(day) => constant(Value::Date(day), Type::Date),
                None => Self::error(span),
            },
            ast::LiteralKind::Bool(yes) => constant(Value::Bool(*yes), Type::YesNo),
            ast::LiteralKind::Text(text) => constant(Value::Text(text.clone()), Type::Text),
            ast::LiteralKind::Number(text, unit) => {
                let Some(number) = Number::decimal(text) else {
                    self.report(
                        Diagnostic::new("E229", span).variant("figure").arg("written", &literal.written),
                    );
                    return Self::error(span);
                };
                let (number, unit) = match unit {
                    ast::NumberUnit::Bare => match self.bare(&number, written, expected) {
                        Some(unit) => (number, unit),
                        None => return Self::error(span),
                    },
                    ast::NumberUnit::Percent => (scaled(&number, 2), Unit::PERCENT),
                    ast::NumberUnit::Permille => (scaled(&number, 3), Unit::PERCENT),
                    ast::NumberUnit::Days => (number, Unit::DAYS),
                    ast::NumberUnit::Months => (number, Unit::MONTHS),
                    ast::NumberUnit::Yuan => match self.own_money(scope, span) {
                        Some(unit) => (number, unit),
                        None => return Self::error(span),
                    },
                    ast::NumberUnit::BusinessDays => {
                        self.report(Diagnostic::new("E214", span).arg("written", &literal.written));
                        return Self::error(span);
                    }
                };
                constant(Value::Number(number), Type::Number(unit))
            }
        }
    }

    /// The unit that the place of a bare number asks for; none where that was reported.
    fn bare(&mut self, number: &Number, written: &ast::Expr, expected: &Expected) -> Option<Unit> {
        match expected {
            Expected::Type(Type::Number(unit), why) => {
                if unit.style == Style::Percent && unit.is_plain() && !number.is_zero() {
                    self.percent_and_number(written, *unit, *why);
                    return None;
                }
                Some(if *unit == Unit::RATIO { Unit::NUMBER } else { *unit })
            }
            Expected::Any
            | Expected::Subject
            | Expected::Number(_)
            | Expected::Ordered(_)
            | Expected::Type(..) => Some(Unit::NUMBER),
        }
    }

    fn negate(&mut self, of: &ast::Expr, span: Span, scope: &Scope, expected: &Expected) -> hir::Expr {
        let hint = match expected {
            Expected::Type(Type::Number(_), _) => expected.clone(),
            _ => Expected::Number(Why::plain("negate")),
        };
        let inner = self.infer(of, scope, &hint);
        if is_error(&inner) {
            return inner;
        }
        match (&inner.kind, &inner.ty) {
            (ExprKind::Const(Value::Number(number)), ty) => {
                hir::Expr { kind: ExprKind::Const(Value::Number(number.neg())), ty: ty.clone(), span }
            }
            (_, Type::Number(_)) => {
                let ty = inner.ty.clone();
                hir::Expr { kind: ExprKind::Negate(Box::new(inner)), ty, span }
            }
            _ => {
                self.mismatch(
                    &inner.ty,
                    of,
                    &Expected::Number(Why::plain("negate")),
                    Why::plain("negate"),
                    scope,
                );
                Self::error(span)
            }
        }
    }

    /// A list of values, or the members of a set.
    fn list_of(&mut self, values: &[ast::Expr], span: Span, scope: &Scope, expected: &Expected) -> hir::Expr {
        if let Expected::Type(Type::Set(kind), _) = expected {
            let ty = Type::Enum(*kind);
            let mut bits = 0u128;
            let mut whole = true;
            for value in values {
                let member = self.constant(value, &ty, scope, Why::plain("set"));
                match member {
                    Some(Value::Code(code)) => bits |= 1u128.checked_shl(code).unwrap_or(0),
                    _ => whole = false,
                }
            }
            if !whole {
                return Self::error(span);
            }
            return hir::Expr { kind: ExprKind::Const(Value::Set(bits)), ty: Type::Set(*kind), span };
        }
        let hint = match expected {
            Expected::Type(Type::List(of), why) => Expected::Type((**of).clone(), *why),
            _ => Expected::Any,
        };
        let values: Vec<&ast::Expr> = values.iter().collect();
        match self.joined(&values, scope, &hint, "list") {
            Some((values, Some(ty))) => {
                hir::Expr { kind: ExprKind::List(values), ty: Type::List(Box::new(ty)), span }
            }
            Some((values, None)) => match expected {
                Expected::Type(ty @ Type::List(_), _) => {
                    hir::Expr { kind: ExprKind::List(values), ty: ty.clone(), span }
                }
                _ => {
                    self.report(Diagnostic::new("E217", span).variant("empty"));
                    Self::error(span)
                }
            },
            None => Self::error(span),
        }
    }

    /// Expressions that must have one type: branches, values to pick from. None where one could not be checked.
    fn joined(
        &mut self,
        values: &[&ast::Expr],
        scope: &Scope,
        expected: &Expected,
        key: &'static str,
    ) -> Option<(Vec<hir::Expr>, Option<Type>)> {
        let mut hint = expected.clone();
        let mut early: Option<(usize, hir::Expr)> = None;
        let open = !matches!(expected, Expected::Type(..));
        if open && let Some(place) = values.iter().position(|value| !is_bare(value)) {
            // The first value with a unit of its own says what bare numbers beside it are.
            let first = self.expr(values.get(place)?, scope, expected);
            if !is_error(&first) {
                hint = Expected::Type(first.ty.clone(), Why::at(key, first.span));
            }
            early = Some((place, first));
        }
        let mut lowered = Vec::with_capacity(values.len());
        for (place, value) in values.iter().enumerate() {
            match early.take_if(|(first, _)| *first == place) {
                Some((_, first)) => lowered.push(first),
                None => {
                    let value = self.expr(value, scope, &hint);
                    lowered.push(value);
                }
            }
        }
        if lowered.iter().any(is_error) {
            return None;
        }
        let mut types = lowered.iter().map(|value| value.ty.clone());
        let first = types.next();
        let ty = first.map(|first| types.fold(first, |ty, other| ty.join(&other).unwrap_or(ty)));
        Some((lowered, ty))
    }

    fn if_else(
        &mut self,
        whole: &ast::Expr,
        [condition, then, otherwise]: [&ast::Expr; 3],
        scope: &Scope,
        expected: &Expected,
    ) -> hir::Expr {
        if depth_of_ifs(whole) > 2 {
            self.report(Diagnostic::new("E215", whole.span).help("table"));
            return Self::error(whole.span);
        }
        let condition = self.yes_no(condition, scope);
        let branches = self.joined(&[then, otherwise], scope, expected, "branch");
        let Some((mut branches, Some(ty))) = branches else { return Self::error(whole.span) };
        let (Some(otherwise), Some(then)) = (branches.pop(), branches.pop()) else {
            return Self::error(whole.span);
        };
        if is_error(&condition) {
            return Self::error(whole.span);
        }
        hir::Expr {
            kind: ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise)),
            ty,
            span: whole.span,
        }
    }
}

/// Whether a value of the type `given` may stand where `wanted` is asked for.
fn accepts(wanted: &Type, given: &Type) -> bool {
    wanted.join(given).is_some()
}

fn negate_if(negate: bool, expr: hir::Expr) -> hir::Expr {
    if !negate {
        return expr;
    }
    let span = expr.span;
    hir::Expr { kind: ExprKind::Not(Box::new(expr)), ty: Type::YesNo, span }
}

/// A percent or permille figure as its fraction.
fn scaled(number: &Number, places: u32) -> Number {
    number.div(&Number::power_of_ten(places)).unwrap_or(Number::ZERO)
}

/// Whether a number has no unit of its own: a bare literal, also with a sign, in brackets, or added to another one.
pub(super) fn is_bare(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ast::ExprKind::Literal(literal) => {
            matches!(literal.kind, ast::LiteralKind::Number(_, ast::NumberUnit::Bare))
        }
        ast::ExprKind::Group(of) | ast::ExprKind::Unary(ast::UnaryOp::Negate, of) => is_bare(of),
        ast::ExprKind::Binary(ast::BinaryOp::Add | ast::BinaryOp::Subtract, left, right) => {
            is_bare(left) && is_bare(right)
        }
        ast::ExprKind::If(_, then, otherwise) => is_bare(then) && is_bare(otherwise),
        ast::ExprKind::Pick(_, values) => values.iter().all(is_bare),
        ast::ExprKind::Name(_)
        | ast::ExprKind::Today
        | ast::ExprKind::Last
        | ast::ExprKind::Member(..)
        | ast::ExprKind::Apply(..)
        | ast::ExprKind::List(_)
        | ast::ExprKind::Unary(ast::UnaryOp::Not, _)
        | ast::ExprKind::Binary(..)
        | ast::ExprKind::Is { .. }
        | ast::ExprKind::IsKnown { .. }
        | ast::ExprKind::IfUnknown(..)
        | ast::ExprKind::PercentOf(..)
        | ast::ExprKind::Aggregate(_)
        | ast::ExprKind::WeightedAverage(..)
        | ast::ExprKind::InWindow(..)
        | ast::ExprKind::OrMonthEnd(_)
        | ast::ExprKind::EndOfMonth(_)
        | ast::ExprKind::DayAfter(..)
        | ast::ExprKind::OfYear(..)
        | ast::ExprKind::Interest(_)
        | ast::ExprKind::Instalment(_)
        | ast::ExprKind::Convert(..)
        | ast::ExprKind::Running(_)
        | ast::ExprKind::LatestIn(_)
        | ast::ExprKind::LatestOf(..)
        | ast::ExprKind::InARow { .. }
        | ast::ExprKind::Error => false,
    }
}

/// Whether the rounding behind a value is that of its operands' arithmetic as well.
fn carries_rounding(kind: &ast::ExprKind) -> bool {
    matches!(
        kind,
        ast::ExprKind::Group(_)
            | ast::ExprKind::Unary(ast::UnaryOp::Negate, _)
            | ast::ExprKind::Binary(
                ast::BinaryOp::Add
                    | ast::BinaryOp::Subtract
                    | ast::BinaryOp::Multiply
                    | ast::BinaryOp::Divide
                    | ast::BinaryOp::Power,
                ..
            )
            | ast::ExprKind::PercentOf(..)
            | ast::ExprKind::IfUnknown(..)
            | ast::ExprKind::Instalment(_)
    )
}

/// The literal that an expression is, also with a sign or in brackets.
pub(super) fn plain_literal(expr: &ast::Expr) -> Option<&ast::Literal> {
    match &expr.kind {
        ast::ExprKind::Literal(literal) => Some(literal),
        ast::ExprKind::Group(of) | ast::ExprKind::Unary(ast::UnaryOp::Negate, of) => plain_literal(of),
        _ => None,
    }
}

/// How deep `if`s stand directly in one another.
fn depth_of_ifs(expr: &ast::Expr) -> usize {
    match &expr.kind {
        ast::ExprKind::Group(of) => depth_of_ifs(of),
        ast::ExprKind::If(condition, then, otherwise) => [condition, then, otherwise]
            .into_iter()
            .map(|part| depth_of_ifs(part))
            .max()
            .unwrap_or(0)
            .saturating_add(1),
        _ => 0,
    }
}
