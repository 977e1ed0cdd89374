//! Scorecards and grades.

use super::{Clauses, Lowering, ast};
use crate::diag::Diagnostic;
use crate::syntax::grammar::{Pair, Rule};

impl Lowering {
    pub(super) fn scorecard(&mut self, pair: Pair<'_>) -> Option<ast::Scorecard> {
        let (name, label) = self.head(pair.clone());
        let mut card = ast::Scorecard {
            name: name?,
            label,
            added: None,
            base: None,
            parts: Vec::new(),
            scale: None,
            missing: None,
            require: Vec::new(),
            rounding: None,
        };
        for child in pair.into_inner() {
            let span = self.span(&child);
            match child.as_rule() {
                Rule::added => card.added = Some(span),
                Rule::base => {
                    if let Some(base) = self.only_expr(child) {
                        self.once(&mut card.base, base, span);
                    }
                }
                Rule::section => card.parts.extend(self.section(child).map(ast::CardPart::Section)),
                Rule::factor => card.parts.extend(self.factor(child).map(ast::CardPart::Factor)),
                Rule::scale_line => {
                    let mut bounds = self.exprs(child).into_iter();
                    if let (Some(a), Some(b), Some(c), Some(d)) =
                        (bounds.next(), bounds.next(), bounds.next(), bounds.next())
                    {
                        self.once(&mut card.scale, ast::Scale { from: (a, b), to: (c, d), span }, span);
                    }
                }
                Rule::missing => {
                    if let Some(missing) = self.missing(child) {
                        self.once(&mut card.missing, missing, span);
                    }
                }
                Rule::require => card.require.extend(self.require(child)),
                Rule::rounding => {
                    if let Some(rounding) = self.rounding(child) {
                        self.once(&mut card.rounding, rounding, span);
                    }
                }
                _ => {}
            }
        }
        Some(card)
    }

    fn section(&mut self, pair: Pair<'_>) -> Option<ast::Section> {
        let span = self.span(&pair);
        let (name, label) = self.head(pair.clone());
        let (mut factors, mut missing) = (Vec::new(), None);
        for child in pair.into_inner() {
            let here = self.span(&child);
            match child.as_rule() {
                Rule::factor => factors.extend(self.factor(child)),
                Rule::missing => {
                    if let Some(rule) = self.missing(child) {
                        self.once(&mut missing, rule, here);
                    }
                }
                _ => {}
            }
        }
        Some(ast::Section { name: name?, label, factors, missing, span })
    }

    fn factor(&mut self, pair: Pair<'_>) -> Option<ast::Factor> {
        let span = self.span(&pair);
        let mut label = ast::Label::default();
        let (mut value, mut weight, mut points, mut missing) = (None, None, None, None);
        let mut reason = ast::Reason::default();
        for child in pair.into_inner() {
            let here = self.span(&child);
            match child.as_rule() {
                Rule::path => value = Some(self.expr(child)),
                Rule::label => label = self.label(child),
                Rule::weight => {
                    if let Some(expr) = self.only_expr(child) {
                        self.once(&mut weight, expr, here);
                    }
                }
                Rule::points => {
                    if let Some(score) = self.points(child) {
                        self.once(&mut points, score, here);
                    }
                }
                Rule::missing => {
                    if let Some(rule) = self.missing(child) {
                        self.once(&mut missing, rule, here);
                    }
                }
                _ => self.why(child, &mut reason),
            }
        }
        let value = value?;
        let name = last_name(&value)?;
        let score = match (weight, points) {
            (Some(weight), None) => ast::FactorScore::Weight(weight, None),
            (Some(weight), Some(ast::FactorScore::Points(rows))) => {
                ast::FactorScore::Weight(weight, Some(rows))
            }
            (Some(weight), Some(_)) => {
                self.report(Diagnostic::new("E120", span).variant("weighted_points"));
                ast::FactorScore::Weight(weight, None)
            }
            (None, Some(points)) => points,
            (None, None) => {
                self.report(Diagnostic::new("E120", span).variant("factor").arg("factor", &name.text));
                return None;
            }
        };
        Some(ast::Factor { value, name, label, score, missing, reason, span })
    }

    fn points(&mut self, pair: Pair<'_>) -> Option<ast::FactorScore> {
        let child = pair.into_inner().find(|part| {
            matches!(part.as_rule(), Rule::points_rows | Rule::points_per | Rule::points_when)
        })?;
        match child.as_rule() {
            Rule::points_rows => Some(ast::FactorScore::Points(self.rows(child))),
            Rule::points_when => {
                let pattern = child.clone().into_inner().find(|part| part.as_rule() == Rule::pattern)?;
                let pattern = self.pattern(pattern)?;
                Some(ast::FactorScore::PointsWhen(self.only_expr(child)?, pattern))
            }
            _ => {
                let reversed = child.clone().into_inner().find(|part| part.as_rule() == Rule::points_per_zh);
                let is_reversed = reversed.is_some();
                let mut figures = self.exprs(reversed.unwrap_or(child)).into_iter();
                let (first, second, up_to) = (figures.next()?, figures.next()?, figures.next());
                let (points, per) = if is_reversed { (second, first) } else { (first, second) };
                Some(ast::FactorScore::PointsPer { points, per, up_to })
            }
        }
    }

    fn missing(&mut self, pair: Pair<'_>) -> Option<ast::Missing> {
        let span = self.span(&pair);
        for child in pair.into_inner() {
            let kind = match child.as_rule() {
                Rule::missing_left_out => ast::MissingKind::LeftOut,
                Rule::missing_scores => ast::MissingKind::Scores(self.only_expr(child)?),
                Rule::missing_unknown => ast::MissingKind::Unknown,
                _ => continue,
            };
            return Some(ast::Missing { kind, span });
        }
        None
    }

    fn require(&mut self, pair: Pair<'_>) -> Option<ast::Require> {
        let span = self.span(&pair);
        let (mut least, mut of_weight) = (None, false);
        let mut reason = ast::Reason::default();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::quantity => least = Some(self.expr(child)),
                Rule::require_weight => of_weight = true,
                _ => self.why(child, &mut reason),
            }
        }
        let least = least?;
        let kind =
            if of_weight { ast::RequireKind::WeightKnown(least) } else { ast::RequireKind::Known(least) };
        Some(ast::Require { kind, reason, span })
    }

    pub(super) fn grades(&mut self, pair: Pair<'_>) -> Option<ast::Grades> {
        let (name, label) = self.head(pair.clone());
        let (mut score, mut bands, mut apart, mut rules) = (None, Vec::new(), Vec::new(), Vec::new());
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::path => score = Some(self.expr(child)),
                Rule::band => bands.extend(self.band(child)),
                Rule::apart => apart.extend(self.apart(child)),
                Rule::grade_down | Rule::grade_up | Rule::grade_not_above | Rule::grade_force => {
                    rules.extend(self.grade_rule(child));
                }
                _ => {}
            }
        }
        Some(ast::Grades { name: name?, label, score: score?, bands, apart, rules })
    }

    fn band(&mut self, pair: Pair<'_>) -> Option<ast::Band> {
        let span = self.span(&pair);
        let (name, label) = self.head(pair.clone());
        let (mut from, mut exclusive, mut needs) = (None, false, None);
        let mut clauses = Clauses::default();
        for child in pair.into_inner() {
            let here = self.span(&child);
            match child.as_rule() {
                rule @ (Rule::from | Rule::above) => {
                    exclusive = rule == Rule::above;
                    from = self.only_expr(child);
                }
                Rule::needs => {
                    if let Some(need) = self.only_expr(child) {
                        self.once(&mut needs, need, here);
                    }
                }
                _ => self.clause(child, &mut clauses),
            }
        }
        let Clauses { if_unknown, reason, .. } = clauses;
        let grade = ast::Named { name: name?, label };
        Some(ast::Band { grade, from: from?, exclusive, needs, if_unknown, reason, span })
    }

    fn apart(&mut self, pair: Pair<'_>) -> Option<ast::Apart> {
        let span = self.span(&pair);
        let (name, label) = self.head(pair.clone());
        let mut when_unknown = false;
        let mut clauses = Clauses::default();
        for child in pair.into_inner() {
            if child.as_rule() == Rule::apart_unknown {
                when_unknown = true;
            } else {
                self.clause(child, &mut clauses);
            }
        }
        let Clauses { when, if_unknown, reason, .. } = clauses;
        let grade = ast::Named { name: name?, label };
        Some(ast::Apart { grade, when_unknown, when, if_unknown, reason, span })
    }

    fn grade_rule(&mut self, pair: Pair<'_>) -> Option<ast::GradeRule> {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        let mut kind = None;
        let mut clauses = Clauses::default();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::quantity if rule == Rule::grade_down => {
                    kind = Some(ast::GradeRuleKind::Down(self.expr(child)))
                }
                Rule::quantity => kind = Some(ast::GradeRuleKind::Up(self.expr(child))),
                Rule::name if rule == Rule::grade_force => {
                    kind = Some(ast::GradeRuleKind::Force(self.name(&child)))
                }
                Rule::name => kind = Some(ast::GradeRuleKind::NotAbove(self.name(&child))),
                _ => self.clause(child, &mut clauses),
            }
        }
        let Clauses { when, if_unknown, reason, .. } = clauses;
        Some(ast::GradeRule { kind: kind?, when, if_unknown, reason, span })
    }
}

/// The name by which a factor is known: the last of its dotted name.
fn last_name(value: &ast::Expr) -> Option<ast::Name> {
    match &value.kind {
        ast::ExprKind::Name(name) | ast::ExprKind::Member(_, name) => Some(name.clone()),
        ast::ExprKind::Apply(inner, _) => last_name(inner),
        _ => None,
    }
}
