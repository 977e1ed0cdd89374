//! The book: portfolios, groups, values over customers, budgets that they share.

use super::expressions::is_expr;
use super::folds::aggregate_of;
use super::{Clauses, Lowering, ast};
use crate::diag::Diagnostic;
use crate::syntax::grammar::{Pair, Rule};

impl Lowering {
    pub(super) fn portfolio(&mut self, pair: Pair<'_>) -> Option<ast::Portfolio> {
        let (name, label) = self.head(pair.clone());
        let mut members = Vec::new();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::book_value => members.extend(self.book_value(child).map(ast::BookMember::Value)),
                Rule::book_group => members.extend(self.book_group(child).map(ast::BookMember::Group)),
                Rule::book_cap => members.extend(self.book_cap(child).map(ast::BookMember::Cap)),
                _ => {}
            }
        }
        Some(ast::Portfolio { name: name?, label, members })
    }

    fn book_group(&mut self, pair: Pair<'_>) -> Option<ast::BookGroup> {
        let span = self.span(&pair);
        let (name, label) = self.head(pair.clone());
        let (mut key, mut values, mut caps) = (None, Vec::new(), Vec::new());
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::path => key = Some(self.expr(child)),
                Rule::book_value => values.extend(self.book_value(child)),
                Rule::book_cap => caps.extend(self.book_cap(child)),
                _ => {}
            }
        }
        Some(ast::BookGroup { name: name?, label, key: key?, values, caps, span })
    }

    fn book_value(&mut self, pair: Pair<'_>) -> Option<ast::BookValue> {
        let span = self.span(&pair);
        let (name, label) = self.head(pair.clone());
        let (mut kind, mut filter, mut rounding) = (None, None, None);
        let mut clauses = Clauses::default();
        for child in pair.into_inner() {
            let place = self.span(&child);
            match child.as_rule() {
                Rule::book_share => kind = Some(ast::BookValueKind::CumulatedShare(self.book_keys(child))),
                Rule::book_rank => kind = Some(ast::BookValueKind::Rank(self.book_keys(child))),
                Rule::book_count => {
                    let function = ast::AggregateFunction::Count;
                    kind = Some(ast::BookValueKind::Fold { function, operand: None });
                }
                Rule::book_fold => kind = self.book_fold(child, &mut clauses),
                Rule::filter => filter = Some(self.condition_of(child)),
                Rule::rounding => {
                    if let Some(read) = self.rounding(child) {
                        self.once(&mut rounding, read, place);
                    }
                }
                _ => self.clause(child, &mut clauses),
            }
        }
        let Clauses { skip_unknown, reason, .. } = clauses;
        Some(ast::BookValue { name: name?, label, kind: kind?, filter, skip_unknown, rounding, reason, span })
    }

    /// `sum of exposure`; `sum of known (exposure)` leaves out what is unknown, as `skip unknown` does.
    fn book_fold(&mut self, pair: Pair<'_>, clauses: &mut Clauses) -> Option<ast::BookValueKind> {
        let span = self.span(&pair);
        let mut function = None;
        let mut operand = None;
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::fold => {
                    for part in child.into_inner() {
                        let place = self.span(&part);
                        match part.as_rule() {
                            Rule::fold_known => self.once(&mut clauses.skip_unknown, place, place),
                            rule => function = function.or(aggregate_of(rule)),
                        }
                    }
                }
                rule if is_expr(rule) => operand = Some(child),
                _ => {}
            }
        }
        // `highest of (a, b)` picks, as it does outside the book.
        let several = |operand: &Pair<'_>| {
            operand.as_rule() == Rule::paren
                && operand.clone().into_inner().filter(|child| is_expr(child.as_rule())).count() != 1
        };
        let (Some(function), false) = (function, operand.as_ref().is_some_and(several)) else {
            self.report(Diagnostic::new("E140", span).help(""));
            return None;
        };
        let operand = operand.map(|operand| self.expr(operand));
        Some(ast::BookValueKind::Fold { function, operand })
    }

    fn book_keys(&mut self, pair: Pair<'_>) -> Vec<ast::BookKey> {
        let keys = pair.into_inner().filter(|child| child.as_rule() == Rule::book_keys);
        let keys: Vec<Pair<'_>> = keys.flat_map(Pair::into_inner).collect();
        keys.into_iter().filter_map(|key| self.book_key(key)).collect()
    }

    fn book_key(&mut self, pair: Pair<'_>) -> Option<ast::BookKey> {
        let span = self.span(&pair);
        let (mut value, mut order) = (None, None);
        for child in pair.into_inner() {
            let place = self.span(&child);
            match child.as_rule() {
                Rule::path => value = Some(self.expr(child)),
                Rule::kw_highest_first => order = Some((ast::KeyOrder::HighestFirst, place)),
                Rule::kw_lowest_first => order = Some((ast::KeyOrder::LowestFirst, place)),
                _ => {}
            }
        }
        Some(ast::BookKey { value: value?, order, span })
    }

    fn book_cap(&mut self, pair: Pair<'_>) -> Option<ast::BookCap> {
        let span = self.span(&pair);
        let keys = self.book_keys(pair.clone());
        let (mut value, mut budget) = (None, None);
        let mut reason = ast::Reason::default();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::name => value = Some(self.name(&child)),
                rule if is_expr(rule) => budget = Some(self.expr(child)),
                _ => self.why(child, &mut reason),
            }
        }
        Some(ast::BookCap { value: value?, budget: budget?, keys, reason, span })
    }
}
