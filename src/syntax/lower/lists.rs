//! What is read along a list.

use super::expressions::{Tall, error, is_expr};
use super::{Lowering, ast};
use crate::syntax::grammar::{Pair, Rule};

impl Lowering {
    pub(super) fn allocation(&mut self, pair: Pair<'_>) -> Option<ast::Allocation> {
        let (mut amount, mut up_to, mut list, mut applied, mut rest) = (None, None, None, None, None);
        let mut keys = Vec::new();
        let mut reason = ast::Reason::default();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::sum => {
                    let place = if amount.is_none() { &mut amount } else { &mut up_to };
                    *place = Some(self.expr(child));
                }
                Rule::name => list = Some(self.name(&child)),
                Rule::order_keys => keys = self.exprs(child),
                Rule::named => applied = self.named(child),
                Rule::allocation_rest => {
                    let named = child.into_inner().find(|part| part.as_rule() == Rule::named);
                    rest = named.and_then(|named| self.named(named));
                }
                _ => self.why(child, &mut reason),
            }
        }
        Some(ast::Allocation {
            amount: amount?,
            list: list?,
            keys,
            up_to: up_to?,
            applied: applied?,
            rest,
            reason,
        })
    }

    /// `running sum of open by due, number`
    pub(super) fn running(&mut self, pair: Pair<'_>) -> Tall {
        let span = self.span(&pair);
        let (mut of, mut keys) = (None, Vec::new());
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::order_keys => keys = self.exprs(child),
                rule if is_expr(rule) => of = Some(self.tall(child)),
                _ => {}
            }
        }
        let Some(of) = of else { return error(span) };
        let running = ast::Running { of: of.expr, keys };
        self.grow(span, of.height, ast::ExprKind::Running(Box::new(running)))
    }

    /// `latest 6 of contracts`
    pub(super) fn latest_of(&mut self, pair: Pair<'_>) -> Tall {
        let span = self.span(&pair);
        let (mut count, mut of) = (None, None);
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::number => count = self.number(&child),
                rule if is_expr(rule) => of = Some(self.primary(child)),
                _ => {}
            }
        }
        let (Some(count), Some(of)) = (count, of) else { return error(span) };
        self.grow(span, of.height, ast::ExprKind::LatestOf(count, Box::new(of.expr)))
    }

    /// `latest outcome in events by on, id where (…)`
    pub(super) fn latest_in(&mut self, pair: Pair<'_>) -> Tall {
        let span = self.span(&pair);
        let (mut of, mut list, mut keys, mut filter) = (None, None, Vec::new(), None);
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::name => list = Some(self.name(&child)),
                Rule::order_keys => keys = self.exprs(child),
                Rule::filter => filter = Some(self.filter(child)),
                rule if is_expr(rule) => of = Some(self.primary(child)),
                _ => {}
            }
        }
        let (Some(of), Some(list)) = (of, list) else { return error(span) };
        let height = filter.as_ref().map_or(of.height, |filter| filter.height.max(of.height));
        let latest = ast::LatestIn { of: of.expr, list, keys, filter: filter.map(|filter| filter.expr) };
        self.grow(span, height, ast::ExprKind::LatestIn(Box::new(latest)))
    }

    /// `rises for 3 in a row`, behind a list.
    pub(super) fn in_a_row(&mut self, of: Box<ast::Expr>, pair: Pair<'_>) -> ast::ExprKind {
        let (mut rises, mut steps) = (false, None);
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::rises => rises = true,
                Rule::number => steps = self.number(&child),
                _ => {}
            }
        }
        match steps {
            Some(steps) => ast::ExprKind::InARow { of, rises, steps },
            None => ast::ExprKind::Error,
        }
    }
}
