//! Escalations: steps, holds, delays, tactics.

use super::{Clauses, Lowering, ast};
use crate::base::Span;
use crate::syntax::grammar::{Pair, Rule};

impl Lowering {
    pub(super) fn escalation(&mut self, pair: Pair<'_>) -> Option<ast::Escalation> {
        let (name, label) = self.head(pair.clone());
        let mut ladder = ast::Escalation {
            name: name?,
            label,
            each: None,
            when: None,
            if_unknown: None,
            steps: Vec::new(),
            climbs: None,
            holds: Vec::new(),
            delays: Vec::new(),
            skips: Vec::new(),
            tactics: None,
            grace: None,
            minimum: None,
            one_letter: None,
            holiday: None,
        };
        let mut clauses = Clauses::default();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::each => ladder.each = self.each(child),
                Rule::when | Rule::if_unknown => self.clause(child, &mut clauses),
                _ => self.ladder_member(child, &mut ladder),
            }
        }
        ladder.when = clauses.when;
        ladder.if_unknown = clauses.if_unknown;
        Some(ladder)
    }

    fn ladder_member(&mut self, pair: Pair<'_>, ladder: &mut ast::Escalation) {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::step => ladder.steps.extend(self.step(pair)),
            Rule::climbs => {
                let apart = self.only_expr(pair);
                self.once(&mut ladder.climbs, ast::Climbs { apart, span }, span);
            }
            Rule::hold => ladder.holds.extend(self.hold(pair)),
            Rule::delay => ladder.delays.extend(self.delay(pair)),
            Rule::skip => ladder.skips.extend(self.skip(pair)),
            Rule::tactics => {
                if let Some(tactics) = self.tactics(pair) {
                    self.once(&mut ladder.tactics, tactics, span);
                }
            }
            Rule::grace => {
                if let Some(days) = self.only_expr(pair) {
                    self.once(&mut ladder.grace, (days, span), span);
                }
            }
            Rule::minimum => {
                let minimum = self.minimum(pair);
                self.once(&mut ladder.minimum, minimum, span);
            }
            Rule::one_letter => self.once(&mut ladder.one_letter, span, span),
            Rule::holiday => {
                let which = pair.into_inner().find_map(|part| {
                    Some(match part.as_rule() {
                        Rule::holiday_next => ast::Holiday::Next,
                        Rule::holiday_previous => ast::Holiday::Previous,
                        Rule::holiday_as_it_is => ast::Holiday::AsItIs,
                        _ => return None,
                    })
                });
                if let Some(which) = which {
                    self.once(&mut ladder.holiday, (which, span), span);
                }
            }
            _ => {}
        }
    }

    fn step(&mut self, pair: Pair<'_>) -> Option<ast::Step> {
        let span = self.span(&pair);
        let (mut step, mut at, mut actions, mut late) = (None, None, Vec::new(), Vec::new());
        let mut clauses = Clauses::default();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::named => step = self.named(child),
                Rule::step_date => at = self.only_expr(child).map(ast::StepDay::Date),
                Rule::step_done => {
                    let place = self.span(&child);
                    let offset = self.only_expr(child.clone());
                    at = self.first_name(child).map(|step| ast::StepDay::Done { step, offset, span: place });
                }
                Rule::step_actions => actions = self.actions(child),
                Rule::late => {
                    let inner = child.into_inner().find(|part| part.as_rule() == Rule::step_actions);
                    late.extend(inner.map(|part| self.actions(part)).unwrap_or_default());
                }
                _ => self.clause(child, &mut clauses),
            }
        }
        let Clauses { when, if_unknown, reason, .. } = clauses;
        Some(ast::Step { step: step?, at: at?, when, if_unknown, actions, late, reason, span })
    }

    fn actions(&mut self, pair: Pair<'_>) -> Vec<ast::StepAction> {
        let mut actions = Vec::new();
        for action in pair.into_inner().filter(|part| part.as_rule() == Rule::step_action) {
            let Some(child) = action.into_inner().next() else { continue };
            let rule = child.as_rule();
            let Some(name) = self.first_name(child) else { continue };
            actions.push(match rule {
                Rule::action_notify => ast::StepAction::Notify(name),
                Rule::action_approval => ast::StepAction::Approval(name),
                _ => ast::StepAction::Do(name),
            });
        }
        actions
    }

    fn hold(&mut self, pair: Pair<'_>) -> Option<ast::Hold> {
        let span = self.span(&pair);
        let (mut since, mut clock_stops) = (None, None);
        let mut clauses = Clauses::default();
        for child in pair.into_inner() {
            let here = self.span(&child);
            match child.as_rule() {
                Rule::since => {
                    if let Some(day) = self.only_expr(child) {
                        self.once(&mut since, day, here);
                    }
                }
                Rule::clock_stops => self.once(&mut clock_stops, here, here),
                _ => self.clause(child, &mut clauses),
            }
        }
        let Clauses { when, if_unknown, reason, .. } = clauses;
        let Some(when) = when else {
            self.missing_condition(span);
            return None;
        };
        Some(ast::Hold { when, since, clock_stops, if_unknown, reason, span })
    }

    fn missing_condition(&mut self, span: Span) {
        self.report(crate::diag::Diagnostic::new("E120", span).variant("condition"));
    }

    fn delay(&mut self, pair: Pair<'_>) -> Option<ast::Delay> {
        let span = self.span(&pair);
        let mut by = None;
        let mut clauses = Clauses::default();
        for child in pair.into_inner() {
            if child.as_rule() == Rule::sum {
                by = Some(self.expr(child));
            } else {
                self.clause(child, &mut clauses);
            }
        }
        let Clauses { when, if_unknown, reason, .. } = clauses;
        Some(ast::Delay { by: by?, when, if_unknown, reason, span })
    }

    fn skip(&mut self, pair: Pair<'_>) -> Option<ast::Skip> {
        let span = self.span(&pair);
        let mut step = None;
        let mut clauses = Clauses::default();
        for child in pair.into_inner() {
            if child.as_rule() == Rule::name {
                step = Some(self.name(&child));
            } else {
                self.clause(child, &mut clauses);
            }
        }
        let Clauses { when, if_unknown, reason, .. } = clauses;
        let Some(when) = when else {
            self.missing_condition(span);
            return None;
        };
        Some(ast::Skip { step: step?, when, if_unknown, reason, span })
    }

    fn tactics(&mut self, pair: Pair<'_>) -> Option<ast::Tactics> {
        let span = self.span(&pair);
        let (mut key, mut rows) = (None, Vec::new());
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::path => key = Some(self.expr(child)),
                Rule::points_rows => rows = self.rows(child),
                _ => {}
            }
        }
        Some(ast::Tactics { key: key?, rows, span })
    }

    fn minimum(&mut self, pair: Pair<'_>) -> ast::Minimum {
        let span = self.span(&pair);
        let mut minimum = ast::Minimum { of: None, per_item: None, per_customer: None, span };
        for child in pair.into_inner() {
            let here = self.span(&child);
            match child.as_rule() {
                Rule::path => minimum.of = Some(self.expr(child)),
                Rule::minimum_item => {
                    if let Some(least) = self.only_expr(child) {
                        self.once(&mut minimum.per_item, least, here);
                    }
                }
                Rule::minimum_customer => {
                    if let Some(least) = self.only_expr(child) {
                        self.once(&mut minimum.per_customer, least, here);
                    }
                }
                _ => {}
            }
        }
        minimum
    }
}
