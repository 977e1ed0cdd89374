//! What is read by date: parameters, references, interest, instalments, other currencies, days of the calendar.

use std::collections::BTreeSet;

use crate::base::{Span, Str};
use crate::check::bodies::is_error;
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir::{self, ExprKind, ReferenceId, SeriesId};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Currency, MOST_INSTALMENTS, Number, Type, Unit, Value};

impl Checker<'_> {
    /// A parameter by date, named bare: at today; in the rate of interest, on each day of the stretch.
    pub(super) fn series(&mut self, id: SeriesId, span: Span) -> hir::Expr {
        let Some(series) = self.program.series.get(id) else { return Self::error(span) };
        let ty = series.ty.clone();
        if let Some(read) = &mut self.in_rate {
            if !read.contains(&id) {
                read.push(id);
            }
            return hir::Expr { kind: ExprKind::RateThere(id), ty, span };
        }
        let today = hir::Expr { kind: ExprKind::Today, ty: Type::Date, span };
        hir::Expr { kind: ExprKind::ByDate(id, Box::new(today)), ty, span }
    }

    /// `base_rate[due]`
    pub(super) fn series_on(&mut self, id: SeriesId, arguments: &[hir::Expr], span: Span) -> hir::Expr {
        match (self.program.series.get(id), arguments) {
            (Some(series), [day]) => {
                let ty = series.ty.clone();
                hir::Expr { kind: ExprKind::ByDate(id, Box::new(day.clone())), ty, span }
            }
            _ => Self::error(span),
        }
    }

    /// The types of the keys of a reference, in the order declared.
    pub(super) fn reference_keys(&self, id: ReferenceId) -> Vec<(Type, Span)> {
        let Some(reference) = self.program.references.get(id) else { return Vec::new() };
        let keys = reference.columns.iter().filter(|column| column.key);
        keys.map(|column| (column.ty.ty(0), column.span)).collect()
    }

    /// `rates["USD/CNY", today].rate`; the keys are given in the order declared.
    pub(super) fn reference_cell(
        &mut self,
        id: ReferenceId,
        keys: Vec<hir::Expr>,
        column: Option<&ast::Name>,
        span: Span,
    ) -> hir::Expr {
        let Some(reference) = self.program.references.get(id) else { return Self::error(span) };
        let values: Vec<String> = reference
            .columns
            .iter()
            .filter(|column| !column.key)
            .map(|column| format!("`.{}`", column.name))
            .collect();
        let place = column.and_then(|name| {
            reference.columns.iter().position(|column| column.name == name.text && !column.key)
        });
        let found = place.and_then(|place| Some((place, reference.columns.get(place)?.ty.ty(0))));
        let Some((place, ty)) = found else {
            let report = Diagnostic::new("E269", column.map_or(span, |name| name.span))
                .variant(if column.is_some() { "none" } else { "" })
                .arg("name", &reference.name)
                .arg("part", column.map_or("", |name| &*name.text))
                .arg("columns", values.join(", "));
            self.report(report.help("columns"));
            return Self::error(span);
        };
        // The key that is read by `latest within` comes last.
        let mut ordered: Vec<hir::Expr> = Vec::new();
        let written: Vec<u32> = (0_u32..)
            .zip(&reference.columns)
            .filter(|(_, column)| column.key)
            .map(|(place, _)| place)
            .collect();
        for key in &reference.keys {
            let at = written.iter().position(|place| place == key);
            ordered.extend(at.and_then(|at| keys.get(at)).cloned());
        }
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        hir::Expr { kind: ExprKind::Reference(id, place, ordered), ty, span }
    }

    /// A reference without a key is no value.
    pub(super) fn bare_reference(&mut self, id: ReferenceId, span: Span) -> hir::Expr {
        if let Some(reference) = self.program.references.get(id) {
            let keys: Vec<String> = reference
                .columns
                .iter()
                .filter(|column| column.key)
                .map(|column| column.name.to_string())
                .collect();
            let value = reference.columns.iter().find(|column| !column.key);
            let report = Diagnostic::new("E269", span)
                .variant("bare")
                .arg("name", &reference.name)
                .arg("keys", keys.join(", "))
                .arg("column", value.map_or("", |column| &*column.name));
            self.report(report.help("bare"));
        }
        Self::error(span)
    }

    /// `interest on open from due to today at base_rate + 8% …`
    pub(super) fn interest(&mut self, it: &ast::Interest, span: Span, scope: &Scope) -> hir::Expr {
        let principal = self.expr(&it.principal, scope, &Expected::Number(Why::plain("factor")));
        let from = self.expr(&it.from, scope, &Expected::Type(Type::Date, Why::plain("interest_day")));
        let to = self.expr(&it.to, scope, &Expected::Type(Type::Date, Why::plain("interest_day")));
        let outer = self.in_rate.replace(Vec::new());
        let rate_type = Type::Number(Unit::PERCENT);
        let rate = self.expr(&it.rate, scope, &Expected::Type(rate_type, Why::plain("interest_rate")));
        let series = std::mem::replace(&mut self.in_rate, outer).unwrap_or_default();
        let basis = match &it.basis {
            ast::Basis::Actual => None,
            ast::Basis::Days(literal) => match &literal.kind {
                ast::LiteralKind::Number(text, ast::NumberUnit::Bare) if matches!(&**text, "360" | "365") => {
                    text.parse::<u32>().ok()
                }
                _ => {
                    self.report(Diagnostic::new("E264", literal.span).arg("written", &literal.written));
                    return Self::error(span);
                }
            },
        };
        let operands = [&principal, &from, &to, &rate];
        if operands.iter().any(|operand| is_error(operand)) {
            return Self::error(span);
        }
        match principal.ty.unit() {
            Some(unit) if unit.money == 1 && unit.days == 0 && unit.months == 0 => {}
            _ => {
                let report = self.with_type(Diagnostic::new("E266", principal.span), "type", &principal.ty);
                self.report(report);
                return Self::error(span);
            }
        }
        if let Some((name, read, series)) = self.reads_today(&rate) {
            self.report(
                Diagnostic::new("E273", it.rate.span)
                    .arg("name", name)
                    .arg("series", series)
                    .label(read, "read")
                    .help("inline"),
            );
            return Self::error(span);
        }
        if let Some((_, at)) = &it.frozen
            && series.is_empty()
        {
            self.report(Diagnostic::new("E265", *at).label(rate.span, "rate").help("name"));
            return Self::error(span);
        }
        let ty = principal.ty.clone();
        let interest = hir::Interest {
            principal,
            from,
            to,
            rate,
            series,
            frozen: it.frozen.as_ref().map(|(frozen, _)| *frozen),
            basis,
            first_day: it.first_day,
            last_day: it.last_day,
        };
        hir::Expr { kind: ExprKind::Interest(Box::new(interest)), ty, span }
    }

    /// A value in a rate that reads a parameter by date bare, so at today: its name, where it does so, the parameter.
    fn reads_today(&self, rate: &hir::Expr) -> Option<(Str, Span, Str)> {
        let mut waiting: Vec<(&hir::Expr, Option<hir::ValueId>)> = vec![(rate, None)];
        let mut seen = BTreeSet::new();
        while let Some((expr, within)) = waiting.pop() {
            match &expr.kind {
                ExprKind::ByDate(id, day) if day.span == expr.span => {
                    let name = within.map(|id| self.value_name(id))?;
                    return Some((name, expr.span, self.program.series.get(*id)?.name.clone()));
                }
                ExprKind::Value(id, hir::Part::Main) if seen.insert(*id) => {
                    if let Some(hir::DefinitionKind::Let(it)) =
                        self.program.values.get(*id).map(|it| &it.kind)
                    {
                        waiting.push((&it.value, Some(within.unwrap_or(*id))));
                    }
                }
                ExprKind::Negate(of) => waiting.push((of, within)),
                ExprKind::Arithmetic(_, left, right) | ExprKind::IfUnknown(left, right) => {
                    waiting.extend([(&**left, within), (&**right, within)]);
                }
                ExprKind::If(_, then, otherwise) => {
                    waiting.extend([(&**then, within), (&**otherwise, within)]);
                }
                ExprKind::Pick(_, of) => waiting.extend(of.iter().map(|of| (of, within))),
                _ => {}
            }
        }
        None
    }

    /// `instalment(principal, rate, n)`
    pub(super) fn instalment(&mut self, operands: &[ast::Expr], span: Span, scope: &Scope) -> hir::Expr {
        let [principal, rate, count] = operands else {
            self.report(Diagnostic::new("E271", span).variant("count").arg("count", operands.len()));
            return Self::error(span);
        };
        self.needs_rounding(span, "instalment");
        let rounded = std::mem::replace(&mut self.rounded, false);
        let principal = self.expr(principal, scope, &Expected::Number(Why::plain("factor")));
        let percent = Type::Number(Unit::PERCENT);
        let rate = self.expr(rate, scope, &Expected::Type(percent, Why::plain("interest_rate")));
        let number = Type::Number(Unit::NUMBER);
        let count = self.expr(count, scope, &Expected::Type(number, Why::plain("instalments")));
        self.rounded = rounded;
        if [&principal, &rate, &count].iter().any(|operand| is_error(operand)) {
            return Self::error(span);
        }
        match principal.ty.unit() {
            Some(unit) if unit.money == 1 && unit.days == 0 && unit.months == 0 => {}
            _ => {
                let report = Diagnostic::new("E271", principal.span).variant("money");
                let report = self.with_type(report, "type", &principal.ty);
                self.report(report);
                return Self::error(span);
            }
        }
        if let ExprKind::Const(Value::Number(number)) = &count.kind {
            let most = Number::from(MOST_INSTALMENTS);
            if !number.is_integer() || !number.is_positive() || *number > most {
                self.report(Diagnostic::new("E271", count.span).arg("most", MOST_INSTALMENTS));
                return Self::error(span);
            }
        }
        let ty = principal.ty.clone();
        let operands = Box::new([principal, rate, count]);
        hir::Expr { kind: ExprKind::Instalment(operands), ty, span }
    }

    /// Reports a power or an instalment that no rounding stands behind.
    pub(super) fn needs_rounding(&mut self, span: Span, variant: &'static str) {
        if !self.rounded {
            self.report(Diagnostic::new("E270", span).variant(variant).help("rounded"));
        }
    }

    /// `convert usd_debt to CNY at usd_cny`
    pub(super) fn convert(
        &mut self,
        amount: &ast::Expr,
        currency: &ast::Name,
        rate: &ast::Expr,
        span: Span,
        scope: &Scope,
    ) -> hir::Expr {
        let amount = self.expr(amount, scope, &Expected::Number(Why::plain("factor")));
        let rate_expr = self.expr(rate, scope, &Expected::Number(Why::plain("factor")));
        let Some(to) = self.currency(currency) else { return Self::error(span) };
        if is_error(&amount) || is_error(&rate_expr) {
            return Self::error(span);
        }
        let from = match amount.ty.unit() {
            Some(Unit { money: 1, days: 0, months: 0, currency: Some(from), .. }) => from,
            _ => {
                let report = Diagnostic::new("E272", amount.span).variant("money");
                let report = self.with_type(report, "type", &amount.ty);
                self.report(report);
                return Self::error(span);
            }
        };
        if from == to {
            self.report(Diagnostic::new("E272", amount.span).variant("same").arg("currency", to));
            return Self::error(span);
        }
        let plain = rate_expr.ty.unit().is_some_and(|unit| unit == Unit::NUMBER || unit == Unit::RATIO);
        let dated = dated(&rate_expr);
        if !plain || !dated {
            let variant = if plain { "dated" } else { "rate" };
            let report =
                Diagnostic::new("E272", rate_expr.span).variant(variant).arg("from", from).arg("to", to);
            let report = self.with_type(report, "type", &rate_expr.ty);
            self.report(report.help("rate"));
            return Self::error(span);
        }
        // A reference that names its pair says which way its rate goes.
        if let ExprKind::Reference(_, _, keys) = &rate_expr.kind {
            let pair = keys.iter().find_map(|key| match &key.kind {
                ExprKind::Const(Value::Text(text)) => pair(text).map(|pair| (pair, key.span)),
                _ => None,
            });
            if let Some(((base, quote), at)) = pair
                && (base, quote) != (from, to)
            {
                self.report(
                    Diagnostic::new("E272", at)
                        .variant("pair")
                        .arg("pair", format!("{base}/{quote}"))
                        .arg("from", from)
                        .arg("to", to)
                        .label(amount.span, "amount")
                        .help("pair"),
                );
                return Self::error(span);
            }
        }
        let ty = Type::Number(Unit::money(to));
        hir::Expr { kind: ExprKind::Convert(Box::new(amount), Box::new(rate_expr)), ty, span }
    }

    /// `the 7th after d`, `12-31 of year of d`: days that not every month has say what is done where it has none.
    pub(super) fn anchor(
        &mut self,
        of: &ast::Expr,
        month: Option<u8>,
        day: u8,
        span: Span,
        scope: &Scope,
    ) -> hir::Expr {
        let always = match month {
            None => day <= 28,
            Some(month) => (month, day) != (2, 29),
        };
        if !always {
            match &mut self.month_end {
                Some(used) => *used = true,
                None => {
                    let variant = if month.is_some() { "leap" } else { "anchor" };
                    let told = Diagnostic::new("E213", span).variant(variant).arg("day", day);
                    self.report(self.with_month_end(told, span));
                    return Self::error(span);
                }
            }
        }
        let of = self.expr(of, scope, &Expected::Type(Type::Date, Why::plain("anchor")));
        if is_error(&of) {
            return of;
        }
        let kind = match month {
            None => ExprKind::DayAfter(Box::new(of), day),
            Some(month) => ExprKind::OfYear(Box::new(of), month, day),
        };
        hir::Expr { kind, ty: Type::Date, span }
    }
}

/// Whether a rate is one of a day: a parameter by date or a cell of a reference, also with a stand-in.
fn dated(rate: &hir::Expr) -> bool {
    match &rate.kind {
        ExprKind::ByDate(..) | ExprKind::RateThere(_) | ExprKind::Reference(..) => true,
        ExprKind::IfUnknown(rate, other) => dated(rate) && dated(other),
        _ => false,
    }
}

/// `USD/CNY`
fn pair(text: &str) -> Option<(Currency, Currency)> {
    let (base, quote) = text.split_once('/')?;
    Some((Currency::parse(base.trim())?, Currency::parse(quote.trim())?))
}
