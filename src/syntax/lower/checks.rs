//! Order checks: holds, tolerances, releases, exclusions.

use super::{Clauses, Lowering, ast};
use crate::diag::Diagnostic;
use crate::syntax::grammar::{Pair, Rule};

impl Lowering {
    pub(super) fn checks(&mut self, pair: Pair<'_>) -> Option<ast::Checks> {
        let (name, label) = self.head(pair.clone());
        let mut checks = ast::Checks {
            name: name?,
            label,
            each: None,
            from: None,
            checks: Vec::new(),
            exclusions: Vec::new(),
        };
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::each => checks.each = self.each(child),
                Rule::from_records => checks.from = self.first_name(child),
                Rule::check => checks.checks.extend(self.check(child)),
                Rule::exclude => checks.exclusions.extend(self.exclusion(child)),
                _ => {}
            }
        }
        Some(checks)
    }

    fn check(&mut self, pair: Pair<'_>) -> Option<ast::Check> {
        let span = self.span(&pair);
        let (mut named, mut tolerance, mut release) = (None, None, None);
        let (mut after_cure, mut at_most) = (None, None);
        let mut clauses = Clauses::default();
        for child in pair.into_inner() {
            let here = self.span(&child);
            match child.as_rule() {
                Rule::named => named = self.named(child),
                Rule::tolerance => {
                    let amounts = child.into_inner().filter(|part| part.as_rule() == Rule::sum);
                    let amounts = amounts.map(|part| self.expr(part)).collect();
                    self.once(&mut tolerance, ast::Tolerance { amounts, span: here }, here);
                }
                Rule::release_by => {
                    if let Some(by) = self.releaser(child) {
                        self.once(&mut release, ast::Release { by, span: here }, here);
                    }
                }
                Rule::after_cure => {
                    if let Some(role) = self.first_name(child) {
                        self.once(&mut after_cure, (role, here), here);
                    }
                }
                Rule::release_days => {
                    if let Some(days) = self.only_expr(child) {
                        self.once(&mut at_most, (days, here), here);
                    }
                }
                _ => self.clause(child, &mut clauses),
            }
        }
        let Clauses { when, if_unknown, reason, .. } = clauses;
        let ast::Named { name, label } = named?;
        let Some(when) = when else {
            self.report(Diagnostic::new("E120", span).variant("condition"));
            return None;
        };
        Some(ast::Check {
            name,
            label,
            when,
            tolerance,
            if_unknown,
            release,
            after_cure,
            at_most,
            reason,
            span,
        })
    }

    fn releaser(&mut self, pair: Pair<'_>) -> Option<ast::Releaser> {
        pair.into_inner().find_map(|part| match part.as_rule() {
            Rule::granted => self.only_expr(part).map(ast::Releaser::Granted),
            Rule::signers => Some(ast::Releaser::Signers(self.signers(part))),
            _ => None,
        })
    }

    fn exclusion(&mut self, pair: Pair<'_>) -> Option<ast::Exclusion> {
        let span = self.span(&pair);
        let (mut when, mut except) = (None, Vec::new());
        let mut clauses = Clauses::default();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::expr => when = Some(self.expr(child)),
                Rule::except => {
                    let names = child.into_inner().filter(|name| name.as_rule() == Rule::name);
                    except.extend(names.map(|name| self.name(&name)));
                }
                _ => self.clause(child, &mut clauses),
            }
        }
        let Clauses { if_unknown, reason, .. } = clauses;
        Some(ast::Exclusion { when: when?, except, if_unknown, reason, span })
    }
}
