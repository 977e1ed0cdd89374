//! Numbers by date: parameters whose value changes on a day, references, interest, days of the calendar.

use super::expressions::{Tall, error, is_expr};
use super::words::plain_digit;
use super::{Lowering, ast};
use crate::diag::Diagnostic;
use crate::syntax::grammar::{Pair, Rule};

impl Lowering {
    /// `by date { from … : …; until … }`
    pub(super) fn by_date(&mut self, pair: Pair<'_>) -> ast::ByDate {
        let span = self.span(&pair);
        let (mut periods, mut until) = (Vec::new(), None);
        for child in pair.into_inner() {
            let here = self.span(&child);
            match child.as_rule() {
                Rule::from_day => periods.extend(self.period(child)),
                Rule::until_day => {
                    let day = child.into_inner().find(|part| part.as_rule() == Rule::literal);
                    if let Some(day) = day.and_then(|day| self.literal(day)) {
                        self.once(&mut until, day, here);
                    }
                }
                _ => {}
            }
        }
        ast::ByDate { periods, until, span }
    }

    fn period(&mut self, pair: Pair<'_>) -> Option<ast::PeriodFrom> {
        let span = self.span(&pair);
        let (mut from, mut value) = (None, None);
        let mut reason = ast::Reason::default();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::literal => from = self.literal(child),
                Rule::quantity => value = Some(self.expr(child)),
                _ => self.why(child, &mut reason),
            }
        }
        Some(ast::PeriodFrom { from: from?, value: value?, cite: reason.cite, span })
    }

    /// `reference rates from "rates.csv" { … }`
    pub(super) fn reference(&mut self, pair: Pair<'_>) -> Option<ast::Reference> {
        let (name, label) = self.head(pair.clone());
        let (mut file, mut fields) = (None, Vec::new());
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::text => file = Some(self.text(&child)),
                Rule::fact => fields.extend(self.fact(child)),
                _ => {}
            }
        }
        Some(ast::Reference { name: name?, label, file: file?, fields })
    }

    /// `interest on … from … to … at … basis …, first day excluded`
    pub(super) fn interest(&mut self, pair: Pair<'_>) -> Tall {
        let span = self.span(&pair);
        let (mut operands, mut height) = (Vec::new(), 0);
        let (mut frozen, mut basis, mut first_day, mut last_day) = (None, None, false, true);
        for child in pair.into_inner() {
            let here = self.span(&child);
            match child.as_rule() {
                Rule::sum => {
                    let tall = self.tall(child);
                    height = tall.height.max(height);
                    operands.push(tall.expr);
                }
                Rule::frozen => {
                    let period = child.into_inner().find_map(|part| match part.as_rule() {
                        Rule::period_month => Some(ast::Frozen::Month),
                        Rule::period_quarter => Some(ast::Frozen::Quarter),
                        Rule::frozen_half_year => Some(ast::Frozen::HalfYear),
                        Rule::period_year => Some(ast::Frozen::Year),
                        _ => None,
                    });
                    frozen = period.map(|period| (period, here));
                }
                Rule::basis => {
                    let number = child.into_inner().find(|part| part.as_rule() == Rule::number);
                    basis = match number {
                        Some(number) => self.number(&number).map(ast::Basis::Days),
                        None => Some(ast::Basis::Actual),
                    };
                }
                Rule::first_day => first_day = has(child, Rule::kw_first_day_included),
                Rule::last_day => last_day = has(child, Rule::kw_last_day_included),
                _ => {}
            }
        }
        let mut operands = operands.into_iter();
        let parts = (operands.next(), operands.next(), operands.next(), operands.next(), basis);
        let (Some(principal), Some(from), Some(to), Some(rate), Some(basis)) = parts else {
            return error(span);
        };
        let interest = ast::Interest { principal, from, to, rate, frozen, basis, first_day, last_day };
        self.grow(span, height, ast::ExprKind::Interest(Box::new(interest)))
    }

    /// `convert usd_debt to CNY at usd_cny`
    pub(super) fn convert(&mut self, pair: Pair<'_>) -> Tall {
        let span = self.span(&pair);
        let (mut operands, mut height, mut currency) = (Vec::new(), 0, None);
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::name => currency = Some(self.name(&child)),
                rule if is_expr(rule) => {
                    let tall = self.tall(child);
                    height = tall.height.max(height);
                    operands.push(Box::new(tall.expr));
                }
                _ => {}
            }
        }
        let mut operands = operands.into_iter();
        match (operands.next(), currency, operands.next()) {
            (Some(amount), Some(currency), Some(rate)) => {
                self.grow(span, height, ast::ExprKind::Convert(amount, currency, rate))
            }
            _ => error(span),
        }
    }

    /// `the 7th after d`, `12-31 of year of d`
    pub(super) fn anchor(&mut self, op: &Pair<'_>, of: Box<ast::Expr>) -> ast::ExprKind {
        let span = self.span(op);
        let mut figures: Vec<u8> = Vec::new();
        let mut inside = false;
        for ch in op.as_str().chars() {
            match plain_digit(ch).and_then(|digit| digit.to_digit(10)).and_then(|it| u8::try_from(it).ok()) {
                Some(digit) => {
                    match figures.last_mut() {
                        Some(figure) if inside => {
                            *figure = figure.saturating_mul(10).saturating_add(digit);
                        }
                        Some(_) | None => figures.push(digit),
                    }
                    inside = true;
                }
                None => inside = false,
            }
        }
        match (figures.as_slice(), op.as_rule()) {
            ([day], Rule::day_after | Rule::day_after_zh) => {
                if !(1..=31).contains(day) {
                    self.report(Diagnostic::new("E137", span).arg("day", *day));
                    return ast::ExprKind::Error;
                }
                ast::ExprKind::DayAfter(of, *day)
            }
            ([month, day], _) => {
                let most = match month {
                    1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
                    4 | 6 | 9 | 11 => 30,
                    2 => 29,
                    _ => 0,
                };
                if *day == 0 || *day > most {
                    let written = format!("{month:02}-{day:02}");
                    self.report(Diagnostic::new("E138", span).arg("written", written));
                    return ast::ExprKind::Error;
                }
                ast::ExprKind::OfYear(of, *month, *day)
            }
            _ => ast::ExprKind::Error,
        }
    }
}

fn has(pair: Pair<'_>, rule: Rule) -> bool {
    pair.into_inner().any(|child| child.as_rule() == rule)
}
