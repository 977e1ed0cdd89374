//! Totals, and the layers of a limit.

use super::{Clauses, Lowering, ast};
use crate::syntax::grammar::{Pair, Rule};

impl Lowering {
    pub(super) fn total(&mut self, pair: Pair<'_>) -> Option<ast::Total> {
        let (name, label) = self.head(pair.clone());
        let (mut lines, mut floor, mut rounding) = (Vec::new(), None, None);
        for child in pair.into_inner() {
            let span = self.span(&child);
            match child.as_rule() {
                Rule::total_line => lines.extend(self.total_line(child)),
                Rule::total_floor => {
                    let mut reason = ast::Reason::default();
                    let mut least = None;
                    for part in child.into_inner() {
                        match part.as_rule() {
                            Rule::expr => least = Some(self.expr(part)),
                            _ => self.why(part, &mut reason),
                        }
                    }
                    if let Some(least) = least {
                        self.once(&mut floor, (least, reason, span), span);
                    }
                }
                Rule::rounding => {
                    if let Some(how) = self.rounding(child) {
                        self.once(&mut rounding, how, span);
                    }
                }
                _ => {}
            }
        }
        Some(ast::Total { name: name?, label, lines, floor, rounding })
    }

    fn total_line(&mut self, pair: Pair<'_>) -> Option<ast::TotalLine> {
        let span = self.span(&pair);
        let (name, label) = self.head(pair.clone());
        let (mut minus, mut value, mut at_most, mut rounding) = (false, None, None, None);
        let mut clauses = Clauses::default();
        for child in pair.into_inner() {
            let here = self.span(&child);
            match child.as_rule() {
                Rule::total_minus => minus = true,
                Rule::expr => value = Some(self.expr(child)),
                Rule::total_at_most => {
                    if let Some(most) = self.only_expr(child) {
                        self.once(&mut at_most, most, here);
                    }
                }
                Rule::rounding => {
                    if let Some(how) = self.rounding(child) {
                        self.once(&mut rounding, how, here);
                    }
                }
                _ => self.clause(child, &mut clauses),
            }
        }
        let Clauses { if_unknown, skip_unknown, reason, .. } = clauses;
        let (name, value) = (name?, value?);
        Some(ast::TotalLine {
            minus,
            name,
            label,
            value,
            at_most,
            rounding,
            skip_unknown,
            if_unknown,
            reason,
            span,
        })
    }

    /// A layer; when it counts and why goes to the clauses of its line.
    pub(super) fn layer(&mut self, pair: Pair<'_>, clauses: &mut Clauses) -> Option<ast::LimitLineKind> {
        let (name, label) = self.head(pair.clone());
        let (mut value, mut haircut, mut valid_until, mut share) = (None, None, None, None);
        for child in pair.into_inner() {
            let here = self.span(&child);
            let place = match child.as_rule() {
                Rule::expr => {
                    value = Some(self.expr(child));
                    continue;
                }
                Rule::haircut => &mut haircut,
                Rule::valid_until => &mut valid_until,
                Rule::share_at_most => &mut share,
                _ => {
                    self.clause(child, clauses);
                    continue;
                }
            };
            if let Some(part) = self.only_expr(child) {
                self.once(place, part, here);
            }
        }
        let (name, value) = (name?, value?);
        Some(ast::LimitLineKind::Layer(Box::new(ast::Layer {
            name,
            label,
            value,
            haircut,
            valid_until,
            share,
        })))
    }
}
