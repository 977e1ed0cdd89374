//! Which names the text of a construct mentions: only to check values after those that they need.

use super::context::Construct;
use crate::syntax::ast;

/// The names that a construct mentions, each as often as it stands there.
pub(super) fn names(construct: Construct<'_>) -> Vec<&str> {
    let mut walk = Walk::default();
    match construct {
        Construct::Let(value) => walk.expr(&value.value),
        Construct::Table(table) => {
            walk.keys(&table.keys);
            table.grid.iter().flatten().for_each(|cell| walk.cell(cell));
            walk.rows(&table.rows);
        }
        Construct::Scorecard(card) => card.parts.iter().for_each(|part| match part {
            ast::CardPart::Section(section) => section.factors.iter().for_each(|factor| walk.factor(factor)),
            ast::CardPart::Factor(factor) => walk.factor(factor),
        }),
        Construct::Grades(grades) => {
            walk.expr(&grades.score);
            for band in &grades.bands {
                walk.expr(&band.from);
                walk.maybe(band.needs.as_ref());
            }
            grades.apart.iter().for_each(|apart| walk.maybe(apart.when.as_ref()));
            grades.rules.iter().for_each(|rule| walk.maybe(rule.when.as_ref()));
        }
        Construct::Correction(correction) => {
            walk.keys(&correction.keys);
            walk.rows(&correction.rows);
        }
        Construct::Limit(limit) => limit.lines.iter().for_each(|line| walk.line(line)),
        Construct::Triggers(triggers) => {
            for state in &triggers.states {
                state.triggers.iter().for_each(|trigger| walk.expr(&trigger.when));
            }
            walk.maybe(triggers.stays.as_ref().map(|(days, _)| days));
        }
        Construct::Escalation(ladder) => walk.ladder(ladder),
        Construct::Total(total) => {
            for line in &total.lines {
                walk.expr(&line.value);
                walk.maybe(line.at_most.as_ref());
            }
            walk.maybe(total.floor.as_ref().map(|(least, ..)| least));
        }
        Construct::Allocation(it) | Construct::AllocationRest(it) => {
            walk.expr(&it.amount);
            walk.all(&it.keys);
            walk.expr(&it.up_to);
        }
        Construct::Checks(checks) => walk.checks(checks),
        Construct::Judgement(judgement) => {
            if let Some((least, most)) = &judgement.between {
                walk.expr(least);
                walk.expr(most);
            }
            walk.maybe(judgement.valid.as_ref());
            if let ast::StandIn::Value(value) = &judgement.stand_in {
                walk.expr(value);
            }
        }
        Construct::Book(value, book, group) => walk.book(value, book, group),
        Construct::Authority(authority) => {
            walk.expr(&authority.of);
            walk.keys(&authority.keys);
            walk.rows(&authority.rows);
            authority.grid.iter().flatten().for_each(|cell| walk.cell(cell));
        }
        Construct::Checklist(papers) => papers.papers.iter().for_each(|paper| walk.paper(paper)),
    }
    walk.names
}

#[derive(Default)]
struct Walk<'a> {
    names: Vec<&'a str>,
}

impl<'a> Walk<'a> {
    fn maybe(&mut self, expr: Option<&'a ast::Expr>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    fn all(&mut self, exprs: &'a [ast::Expr]) {
        exprs.iter().for_each(|expr| self.expr(expr));
    }

    fn keys(&mut self, keys: &'a [ast::Key]) {
        for key in keys {
            match key {
                ast::Key::Value(value) => self.expr(value),
                ast::Key::Parameter(..) => {}
            }
        }
    }

    fn rows(&mut self, rows: &'a [ast::Row]) {
        for row in rows {
            row.cells.iter().for_each(|cell| self.cell(cell));
            self.maybe(row.when.as_ref());
            for result in &row.results {
                match &result.kind {
                    ast::OutcomeKind::Value(expr)
                    | ast::OutcomeKind::Up(expr)
                    | ast::OutcomeKind::Down(expr) => self.expr(expr),
                    ast::OutcomeKind::Unknown
                    | ast::OutcomeKind::Unchanged
                    | ast::OutcomeKind::Cancel
                    | ast::OutcomeKind::NoRecommendation
                    | ast::OutcomeKind::Refer(..)
                    | ast::OutcomeKind::Refuse
                    | ast::OutcomeKind::Signers(_) => {}
                }
            }
        }
    }

    fn cell(&mut self, cell: &'a ast::Cell) {
        cell.patterns.iter().for_each(|pattern| self.pattern(pattern));
    }

    fn pattern(&mut self, pattern: &'a ast::Pattern) {
        match &pattern.kind {
            ast::PatternKind::AtMost(expr)
            | ast::PatternKind::Below(expr)
            | ast::PatternKind::From(expr)
            | ast::PatternKind::Above(expr)
            | ast::PatternKind::Value(expr) => self.expr(expr),
            ast::PatternKind::Between(lower, upper) => {
                self.pattern(lower);
                self.pattern(upper);
            }
            ast::PatternKind::Span(from, to) => {
                self.expr(from);
                self.expr(to);
            }
            ast::PatternKind::OrBetter(_)
            | ast::PatternKind::OrWorse(_)
            | ast::PatternKind::Any
            | ast::PatternKind::Unknown => {}
        }
    }

    fn factor(&mut self, factor: &'a ast::Factor) {
        self.expr(&factor.value);
        match &factor.score {
            ast::FactorScore::Weight(_, rows) => rows.iter().for_each(|rows| self.rows(rows)),
            ast::FactorScore::Points(rows) => self.rows(rows),
            ast::FactorScore::PointsWhen(_, pattern) => self.pattern(pattern),
            ast::FactorScore::PointsPer { .. } => {}
        }
    }

    fn line(&mut self, line: &'a ast::LimitLine) {
        self.maybe(line.when.as_ref());
        match &line.kind {
            ast::LimitLineKind::Method { value: expr, .. }
            | ast::LimitLineKind::Correct(expr)
            | ast::LimitLineKind::Times(expr)
            | ast::LimitLineKind::Cap(expr)
            | ast::LimitLineKind::Floor(expr) => self.expr(expr),
            ast::LimitLineKind::LayersFor(amount, _) => self.expr(amount),
            ast::LimitLineKind::Layer(layer) => {
                self.expr(&layer.value);
                self.maybe(layer.haircut.as_ref());
                self.maybe(layer.valid_until.as_ref());
                self.maybe(layer.share.as_ref());
            }
            ast::LimitLineKind::Take(..) | ast::LimitLineKind::Round(_) => {}
        }
    }

    fn book(
        &mut self,
        value: &'a ast::BookValue,
        book: &'a ast::Portfolio,
        group: Option<&'a ast::BookGroup>,
    ) {
        self.maybe(group.map(|group| &group.key));
        self.maybe(value.filter.as_ref());
        match &value.kind {
            ast::BookValueKind::Fold { operand, .. } => self.maybe(operand.as_ref()),
            ast::BookValueKind::CumulatedShare(keys) | ast::BookValueKind::Rank(keys) => {
                keys.iter().for_each(|key| self.expr(&key.value));
            }
        }
        for cap in book.caps(group).filter(|cap| cap.value.text == value.name.text) {
            self.expr(&cap.budget);
            cap.keys.iter().for_each(|key| self.expr(&key.value));
        }
    }

    fn ladder(&mut self, ladder: &'a ast::Escalation) {
        self.maybe(ladder.when.as_ref());
        for step in &ladder.steps {
            match &step.at {
                ast::StepDay::Date(day) => self.expr(day),
                ast::StepDay::Done { offset, .. } => self.maybe(offset.as_ref()),
            }
            self.maybe(step.when.as_ref());
        }
        self.maybe(ladder.climbs.as_ref().and_then(|climbs| climbs.apart.as_ref()));
        for hold in &ladder.holds {
            self.expr(&hold.when);
            self.maybe(hold.since.as_ref());
        }
        for delay in &ladder.delays {
            self.expr(&delay.by);
            self.maybe(delay.when.as_ref());
        }
        ladder.skips.iter().for_each(|skip| self.expr(&skip.when));
        if let Some(tactics) = &ladder.tactics {
            self.expr(&tactics.key);
            self.rows(&tactics.rows);
        }
        self.maybe(ladder.grace.as_ref().map(|(days, _)| days));
        if let Some(minimum) = &ladder.minimum {
            self.maybe(minimum.of.as_ref());
            self.maybe(minimum.per_item.as_ref());
            self.maybe(minimum.per_customer.as_ref());
        }
    }

    fn checks(&mut self, checks: &'a ast::Checks) {
        for check in &checks.checks {
            self.expr(&check.when);
            check.tolerance.iter().for_each(|tolerance| self.all(&tolerance.amounts));
            self.maybe(check.at_most.as_ref().map(|(days, _)| days));
            match check.release.as_ref().map(|release| &release.by) {
                Some(ast::Releaser::Granted(granted)) => self.expr(granted),
                Some(ast::Releaser::Signers(_)) | None => {}
            }
        }
        checks.exclusions.iter().for_each(|exclusion| self.expr(&exclusion.when));
    }

    fn paper(&mut self, paper: &'a ast::Paper) {
        self.maybe(paper.when.as_ref());
        match paper.validity.as_ref().map(|validity| &validity.kind) {
            Some(ast::ValidityKind::While(condition)) => self.expr(condition),
            Some(ast::ValidityKind::Since(length, since)) => {
                self.expr(length);
                self.expr(since);
            }
            None => {}
        }
    }

    fn expr(&mut self, expr: &'a ast::Expr) {
        match &expr.kind {
            ast::ExprKind::Name(name) => self.names.push(&name.text),
            ast::ExprKind::Literal(_) | ast::ExprKind::Today | ast::ExprKind::Last | ast::ExprKind::Error => {
            }
            // `working_assets.appraisal` may be the value of a policy, so the member counts as well.
            ast::ExprKind::Member(of, name) => {
                self.expr(of);
                self.names.push(&name.text);
            }
            ast::ExprKind::Apply(of, arguments) => {
                self.expr(of);
                self.all(arguments);
            }
            ast::ExprKind::List(values)
            | ast::ExprKind::Pick(_, values)
            | ast::ExprKind::Instalment(values) => self.all(values),
            ast::ExprKind::Interest(interest) => {
                for part in [&interest.principal, &interest.from, &interest.to, &interest.rate] {
                    self.expr(part);
                }
            }
            ast::ExprKind::Group(of)
            | ast::ExprKind::Unary(_, of)
            | ast::ExprKind::WeightedAverage(of, _)
            | ast::ExprKind::OrMonthEnd(of)
            | ast::ExprKind::EndOfMonth(of)
            | ast::ExprKind::DayAfter(of, _)
            | ast::ExprKind::OfYear(of, ..)
            | ast::ExprKind::IsKnown { value: of, .. } => self.expr(of),
            ast::ExprKind::Binary(_, left, right)
            | ast::ExprKind::IfUnknown(left, right)
            | ast::ExprKind::Convert(left, _, right)
            | ast::ExprKind::PercentOf(left, right) => {
                self.expr(left);
                self.expr(right);
            }
            ast::ExprKind::Is { value, pattern, .. } => {
                self.expr(value);
                self.pattern(pattern);
            }
            ast::ExprKind::If(condition, then, otherwise) => {
                self.expr(condition);
                self.expr(then);
                self.expr(otherwise);
            }
            ast::ExprKind::Running(running) => {
                self.expr(&running.of);
                self.all(&running.keys);
            }
            ast::ExprKind::LatestIn(latest) => {
                self.expr(&latest.of);
                self.all(&latest.keys);
                self.maybe(latest.filter.as_ref());
            }
            ast::ExprKind::LatestOf(_, of) | ast::ExprKind::InARow { of, .. } => self.expr(of),
            ast::ExprKind::Aggregate(aggregate) => {
                self.maybe(aggregate.operand.as_ref());
                self.maybe(aggregate.filter.as_ref());
            }
            ast::ExprKind::InWindow(day, window) => {
                self.expr(day);
                match &window.kind {
                    ast::WindowKind::Last(length) => self.expr(length),
                    ast::WindowKind::Calendar { .. } => {}
                }
            }
        }
    }
}
