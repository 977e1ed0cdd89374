//! Limits, triggers, decisions.

use super::{Clauses, Lowering, ast};
use crate::syntax::grammar::{Pair, Rule};

impl Lowering {
    pub(super) fn limit(&mut self, pair: Pair<'_>) -> Option<ast::Limit> {
        let (name, label) = self.head(pair.clone());
        let lines = pair
            .into_inner()
            .filter(|child| child.as_rule() == Rule::limit_line)
            .filter_map(|line| self.limit_line(line))
            .collect();
        Some(ast::Limit { name: name?, label, lines })
    }

    fn limit_line(&mut self, pair: Pair<'_>) -> Option<ast::LimitLine> {
        let span = self.span(&pair);
        let mut kind = None;
        let mut clauses = Clauses::default();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::method => kind = self.method(child),
                Rule::layer => kind = self.layer(child, &mut clauses),
                Rule::layers_for => {
                    let place = self.span(&child);
                    kind = self.only_expr(child).map(|amount| ast::LimitLineKind::LayersFor(amount, place));
                }
                Rule::take => {
                    let place = self.span(&child);
                    kind = child
                        .into_inner()
                        .find_map(|part| {
                            Some(match part.as_rule() {
                                Rule::take_lowest => ast::Take::Lowest,
                                Rule::take_highest => ast::Take::Highest,
                                Rule::take_average => ast::Take::Average,
                                Rule::take_middle => ast::Take::Middle,
                                Rule::take_first => ast::Take::First,
                                _ => return None,
                            })
                        })
                        .map(|take| ast::LimitLineKind::Take(take, place));
                }
                Rule::correct_by => kind = self.only_expr(child).map(ast::LimitLineKind::Correct),
                Rule::times => kind = self.only_expr(child).map(ast::LimitLineKind::Times),
                Rule::cap_at => kind = self.only_expr(child).map(ast::LimitLineKind::Cap),
                Rule::floor_at => kind = self.only_expr(child).map(ast::LimitLineKind::Floor),
                Rule::limit_round => {
                    let rounding = child.into_inner().find(|part| part.as_rule() == Rule::rounding);
                    kind = rounding.and_then(|part| self.rounding(part)).map(ast::LimitLineKind::Round);
                }
                _ => self.clause(child, &mut clauses),
            }
        }
        let Clauses { when, if_unknown, skip_unknown, reason } = clauses;
        Some(ast::LimitLine { kind: kind?, when, skip_unknown, if_unknown, reason, span })
    }

    fn method(&mut self, pair: Pair<'_>) -> Option<ast::LimitLineKind> {
        let (name, label) = self.head(pair.clone());
        let (mut value, mut rounding) = (None, None);
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::expr => value = Some(self.expr(child)),
                Rule::rounding => rounding = self.rounding(child),
                _ => {}
            }
        }
        Some(ast::LimitLineKind::Method { name: name?, label, value: value?, rounding })
    }

    pub(super) fn triggers(&mut self, pair: Pair<'_>) -> Option<ast::Triggers> {
        let (name, label) = self.head(pair.clone());
        let (mut otherwise, mut states, mut wins, mut stays) = (None, Vec::new(), Vec::new(), None);
        for child in pair.into_inner() {
            let span = self.span(&child);
            match child.as_rule() {
                Rule::named => otherwise = self.named(child),
                Rule::state => states.extend(self.state(child)),
                Rule::wins => {
                    let mut names = child.into_inner().filter(|part| part.as_rule() == Rule::name);
                    if let (Some(winner), Some(loser)) = (names.next(), names.next()) {
                        wins.push((self.name(&winner), self.name(&loser), span));
                    }
                }
                Rule::stays => {
                    if let Some(least) = self.only_expr(child) {
                        self.once(&mut stays, (least, span), span);
                    }
                }
                _ => {}
            }
        }
        Some(ast::Triggers { name: name?, label, otherwise: otherwise?, states, wins, stays })
    }

    fn state(&mut self, pair: Pair<'_>) -> Option<ast::State> {
        let span = self.span(&pair);
        let (mut state, mut quorum, mut triggers) = (None, None, Vec::new());
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::named => state = self.named(child),
                Rule::quorum => {
                    for part in child.into_inner() {
                        match part.as_rule() {
                            Rule::quorum_any => quorum = Some(ast::Quorum::Any),
                            Rule::quorum_all => quorum = Some(ast::Quorum::All),
                            Rule::quorum_least => quorum = self.only_expr(part).map(ast::Quorum::AtLeast),
                            _ => {}
                        }
                    }
                }
                Rule::trigger => triggers.extend(self.trigger(child)),
                _ => {}
            }
        }
        Some(ast::State { state: state?, quorum: quorum?, triggers, span })
    }

    fn trigger(&mut self, pair: Pair<'_>) -> Option<ast::Trigger> {
        let span = self.span(&pair);
        let (name, label) = self.head(pair.clone());
        let mut clauses = Clauses::default();
        for child in pair.into_inner() {
            self.clause(child, &mut clauses);
        }
        let Clauses { when, if_unknown, reason, .. } = clauses;
        Some(ast::Trigger { name: name?, label, when: when?, if_unknown, reason, span })
    }

    pub(super) fn decision(&mut self, pair: Pair<'_>) -> Option<ast::Decision> {
        let (name, label) = self.head(pair.clone());
        let whole = pair.clone().into_inner().find(|part| part.as_rule() == Rule::internal);
        let whole = whole.map(|part| self.span(&part));
        let mut outputs = Vec::new();
        for child in pair.into_inner().filter(|part| part.as_rule() == Rule::output) {
            let span = self.span(&child);
            let (mut value, mut optional, mut internal) = (None, None, None);
            for part in child.into_inner() {
                let here = self.span(&part);
                match part.as_rule() {
                    Rule::optional => self.once(&mut optional, here, here),
                    Rule::internal => self.once(&mut internal, here, here),
                    Rule::path => value = Some(self.expr(part)),
                    _ => {}
                }
            }
            let internal = internal.or(whole);
            outputs.extend(value.map(|value| ast::Output { value, optional, internal, span }));
        }
        Some(ast::Decision { name: name?, label, outputs })
    }
}
