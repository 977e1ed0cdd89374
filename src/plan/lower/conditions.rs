//! Conditions, what stands where they cannot be judged, and the rows that tables, corrections, points and tactics share.

use super::super::{
    CellItem, CellTest, GuardItem, Op, Question, RowItem, Rule, RuleId, RuleKind, Scope, Silence, StepId,
};
use super::Lower;
use crate::base::{Span, Str};
use crate::check::hir;
use crate::value::{Number, Type, Unit, Value};

/// A condition with what was said of its being unknown, to be judged when all steps are there.
pub(in super::super) struct Said {
    /// The condition.
    pub(in super::super) condition: StepId,
    /// What the rule goes by: the condition, or what stands in for it. Nothing else goes by the same step where nothing was said
    /// and something has to be.
    pub(in super::super) applies: StepId,
    /// The whole rule.
    pub(in super::super) span: Span,
    /// The name of the construct.
    pub(in super::super) construct: Str,
    /// What kind of rule it is.
    pub(in super::super) kind: RuleKind,
    /// Whether something was said.
    pub(in super::super) said: bool,
    /// Whether something has to be said: a search through rows stops by itself.
    pub(in super::super) must: bool,
}

/// A condition in steps.
#[derive(Clone, Copy)]
pub(super) struct Judged {
    /// The condition by itself.
    pub(super) condition: Option<StepId>,
    /// Whether the rule applies.
    pub(super) applies: Option<StepId>,
}

impl Lower<'_> {
    /// What stands where a condition cannot be judged.
    pub(super) fn unless_unknown(
        &mut self,
        condition: StepId,
        if_unknown: Option<&hir::IfUnknown>,
        span: Span,
    ) -> StepId {
        match if_unknown {
            None => condition,
            Some(hir::IfUnknown::Applies | hir::IfUnknown::Refer { .. }) => {
                let yes = self.yes_no(true, span);
                self.if_unknown(condition, yes, span)
            }
            Some(hir::IfUnknown::DoesNotApply) => {
                let no = self.yes_no(false, span);
                self.if_unknown(condition, no, span)
            }
            Some(hir::IfUnknown::Refuse) => {
                if !self.can_be_unknown(condition) {
                    return condition;
                }
                let refused = self.unknown(Silence::Refused, Type::YesNo, span);
                self.if_unknown(condition, refused, span)
            }
        }
    }

    /// A condition, judged; `silent` stands where nothing was said.
    pub(super) fn judge(
        &mut self,
        condition: &hir::Condition,
        kind: RuleKind,
        silent: Option<&hir::IfUnknown>,
    ) -> Judged {
        let Some(when) = &condition.when else { return Judged { condition: None, applies: None } };
        let step = self.expr(when);
        self.judge_step(step, condition, kind, silent)
    }

    /// A condition whose step is there, judged.
    pub(super) fn judge_step(
        &mut self,
        step: StepId,
        condition: &hir::Condition,
        kind: RuleKind,
        silent: Option<&hir::IfUnknown>,
    ) -> Judged {
        let must = silent.is_none();
        let applies = self.decided(step, condition.if_unknown.as_ref().or(silent), must, condition.span);
        self.note_said((step, applies), condition, kind, must);
        Judged { condition: Some(step), applies: Some(applies) }
    }

    /// What a rule goes by. Where nothing is said of its being unknown and something has to be, that is a mistake of this rule and
    /// of no other that asks the same: it has a step of its own.
    pub(super) fn decided(
        &mut self,
        step: StepId,
        if_unknown: Option<&hir::IfUnknown>,
        must: bool,
        span: Span,
    ) -> StepId {
        if must && if_unknown.is_none() && self.can_be_unknown(step) {
            return self.left_open(step);
        }
        self.unless_unknown(step, if_unknown, span)
    }

    pub(super) fn note_said(
        &mut self,
        (step, applies): (StepId, StepId),
        condition: &hir::Condition,
        kind: RuleKind,
        must: bool,
    ) {
        let construct = match (self.here(), self.under_way.last()) {
            (Some(definition), Some(id)) => self.public_name(*id, definition),
            _ => Str::from(""),
        };
        let span = condition.when.as_ref().map_or(condition.span, |it| it.span);
        let said = condition.if_unknown.is_some();
        self.findings.said.push(Said { condition: step, applies, span, construct, kind, said, must });
    }

    /// A condition as a rule, with whether it applies; always where it has none.
    pub(super) fn condition(
        &mut self,
        condition: &hir::Condition,
        kind: RuleKind,
        address: Str,
        silent: Option<&hir::IfUnknown>,
    ) -> (RuleId, Option<StepId>) {
        let judged = self.judge(condition, kind, silent);
        let rule = self.judged_rule(judged, condition, kind, address);
        (rule, judged.applies)
    }

    /// The rule of a judged condition.
    pub(super) fn judged_rule(
        &mut self,
        judged: Judged,
        condition: &hir::Condition,
        kind: RuleKind,
        address: Str,
    ) -> RuleId {
        // A table of the customer that is applied to an item judges the item.
        let judges = judged.applies.and_then(|step| self.steps.get(step)).map(|it| it.scope);
        let own = self.here().map_or(Scope::Customer, |it| it.scope);
        let scope = judges.filter(|scope| *scope != Scope::Customer).unwrap_or(own);
        let reason = self.reason(&condition.reason);
        self.rule(Rule {
            kind,
            address,
            condition: judged.condition,
            applies: judged.applies,
            if_unknown: condition.if_unknown.clone(),
            reason,
            scope,
            span: condition.span,
        })
    }

    /// Whether a rule applies, as a step.
    pub(super) fn applies(&mut self, applies: Option<StepId>, span: Span) -> StepId {
        match applies {
            Some(step) => step,
            None => self.yes_no(true, span),
        }
    }

    /// A cell over its key. Where some row asks for the key being unknown, an unknown key goes on to that row; else the search
    /// stops at a cell that cannot be judged.
    fn cell(&mut self, key: StepId, cell: &hir::Cell, caught: bool) -> CellItem {
        let mut pattern = Vec::new();
        let mut codes = Vec::new();
        let mut tests = Vec::new();
        for one in &cell.patterns {
            pattern.push(self.cell_test(one));
            match one {
                hir::Pattern::Code(code) => codes.push(*code),
                _ => tests.push(self.pattern(key, one, cell.span)),
            }
        }
        if !codes.is_empty() {
            tests.push(self.is_code(key, codes, cell.span));
        }
        let mut holds = self.or(tests, cell.span);
        let asks = cell.patterns.iter().any(|one| matches!(one, hir::Pattern::Unknown | hir::Pattern::Any));
        if caught && !asks && self.can_be_unknown(key) {
            let known = self.is_known(key, cell.span);
            holds = self.and(vec![known, holds], cell.span);
        }
        let any = self.constant(holds) == Some(&Value::Bool(true));
        CellItem { pattern, holds: (!any).then_some(holds), span: cell.span }
    }

    fn cell_test(&mut self, pattern: &hir::Pattern) -> CellTest {
        match pattern {
            hir::Pattern::Bounds { lower, upper } => {
                let lower = lower.as_ref().map(|(bound, included)| (self.expr(bound), *included));
                let upper = upper.as_ref().map(|(bound, included)| (self.expr(bound), *included));
                CellTest::Bounds { lower, upper }
            }
            hir::Pattern::OrBetter(place) => CellTest::OrBetter(*place),
            hir::Pattern::OrWorse(place) => CellTest::OrWorse(*place),
            hir::Pattern::Code(code) => CellTest::Code(*code),
            hir::Pattern::Equals(value) => CellTest::Equals(self.expr(value)),
            hir::Pattern::Any => CellTest::Any,
            hir::Pattern::Unknown => CellTest::Unknown,
        }
    }

    /// The rows of a construct over its keys. `if unknown` speaks of the guard where there is one: a class that is not known
    /// does not become this row's because the guard is unknown, too. `must` says that a guard which can be unknown has
    /// to say so, as in a correction; a table's search stops there.
    pub(super) fn rows(
        &mut self,
        keys: &[StepId],
        rows: &[hir::Row],
        columns: &[Type],
        address: &str,
        must: bool,
    ) -> Vec<RowItem> {
        let keys: Vec<(StepId, bool)> = keys
            .iter()
            .enumerate()
            .map(|(column, key)| {
                let cells = rows.iter().filter_map(|row| row.cells.get(column));
                (*key, asks_for_unknown(cells))
            })
            .collect();
        rows.iter()
            .enumerate()
            .map(|(place, row)| self.row(&keys, row, columns, address, place, must))
            .collect()
    }

    fn row(
        &mut self,
        keys: &[(StepId, bool)],
        row: &hir::Row,
        columns: &[Type],
        address: &str,
        place: usize,
        must: bool,
    ) -> RowItem {
        let address: Str = format!("{address}/row {}", place.saturating_add(1)).into();
        let (rule, cells, guard) = self.match_row(keys, &row.cells, &row.condition, address, must);
        let mut question = None;
        let results = row
            .results
            .iter()
            .enumerate()
            .map(|(column, outcome)| {
                let ty = columns.get(column).cloned().unwrap_or(Type::YesNo);
                self.outcome(outcome, ty, &mut question)
            })
            .collect();
        RowItem { rule, cells, guard, results, question }
    }

    /// The cells and the guard of a row, and the rule that they make; each key with whether some row asks for its being
    /// unknown.
    pub(super) fn match_row(
        &mut self,
        keys: &[(StepId, bool)],
        cells: &[hir::Cell],
        condition: &hir::Condition,
        address: Str,
        must: bool,
    ) -> (RuleId, Vec<CellItem>, Option<GuardItem>) {
        let span = condition.span;
        let cells: Vec<CellItem> =
            cells.iter().zip(keys).map(|(cell, (key, caught))| self.cell(*key, cell, *caught)).collect();
        let matched: Vec<StepId> = cells.iter().filter_map(|cell| cell.holds).collect();
        let guard = condition.when.as_ref().map(|when| (self.expr(when), when.span));
        let if_unknown = condition.if_unknown.as_ref();
        let (all, applies) = match guard {
            Some((guard, _)) => {
                let judged = self.decided(guard, if_unknown, must, span);
                self.note_said((guard, judged), condition, RuleKind::Row, must);
                let mut all = matched.clone();
                all.push(guard);
                let mut applies = matched;
                applies.push(judged);
                (self.and(all, span), self.and(applies, span))
            }
            None => {
                let all = self.and(matched, span);
                let applies = self.unless_unknown(all, if_unknown, span);
                if if_unknown.is_some() {
                    self.note_said((all, applies), condition, RuleKind::Row, false);
                }
                (all, applies)
            }
        };
        let always = self.constant(applies) == Some(&Value::Bool(true));
        let judged = if always {
            Judged { condition: None, applies: None }
        } else {
            Judged { condition: Some(all), applies: Some(applies) }
        };
        let rule = self.judged_rule(judged, condition, RuleKind::Row, address);
        (rule, cells, guard.map(|(condition, span)| GuardItem { condition, span }))
    }

    /// Whether each row applies, in order.
    pub(super) fn row_conditions(&mut self, rows: &[RuleId]) -> Vec<StepId> {
        rows.iter()
            .map(|rule| {
                let (applies, span) = match self.rules.get(*rule) {
                    Some(it) => (it.applies, it.span),
                    None => return StepId(0),
                };
                self.applies(applies, span)
            })
            .collect()
    }

    /// The result of a row.
    fn outcome(&mut self, outcome: &hir::Outcome, ty: Type, question: &mut Option<Question>) -> StepId {
        let span = outcome.span;
        match &outcome.kind {
            hir::OutcomeKind::Value(value) => self.expr(value),
            hir::OutcomeKind::Unknown => self.unknown(Silence::Unknown, ty, span),
            hir::OutcomeKind::Refer { role, question: text } => {
                *question = Some(Question { role: role.clone(), text: text.clone() });
                self.unknown(Silence::Referred, ty, span)
            }
            hir::OutcomeKind::Refuse => self.unknown(Silence::Refused, ty, span),
            hir::OutcomeKind::Cancel => self.number(Number::ZERO, Unit::RATIO, span),
            hir::OutcomeKind::NoRecommendation => self.unknown(Silence::Withheld, ty, span),
        }
    }

    /// The place of the first row that applies, and the rows' results column by column.
    pub(super) fn choose_rows(
        &mut self,
        rows: &[RowItem],
        columns: &[Type],
        span: Span,
    ) -> (StepId, Vec<StepId>) {
        let rules: Vec<RuleId> = rows.iter().map(|row| row.rule).collect();
        let conditions = self.row_conditions(&rules);
        let chosen = self.push(Op::FirstTrue(conditions), Type::Number(Unit::NUMBER), span);
        let results = columns
            .iter()
            .enumerate()
            .map(|(column, ty)| {
                let of = rows.iter().map(|row| row.results.get(column).copied().unwrap_or(chosen)).collect();
                self.choose(chosen, of, ty.clone(), span)
            })
            .collect();
        (chosen, results)
    }

    /// The names of keys as written, where they have one; else empty.
    pub(super) fn key_names(&self, keys: &[hir::Key]) -> Vec<Str> {
        keys.iter()
            .map(|key| match key {
                hir::Key::Value(expr) => self.expr_name(expr).unwrap_or_else(|| Str::from("")),
                hir::Key::Parameter { name, .. } => name.clone(),
            })
            .collect()
    }

    /// The steps of keys; a typed parameter is the argument of the application.
    pub(super) fn keys(&mut self, keys: &[hir::Key]) -> Vec<StepId> {
        let arguments = self.arguments.clone();
        let mut arguments = arguments.into_iter();
        keys.iter()
            .map(|key| match key {
                hir::Key::Value(expr) => self.expr(expr),
                hir::Key::Parameter { ty, span, .. } => match arguments.next() {
                    Some(argument) => argument,
                    None => self.value_of(super::nothing(), ty.clone(), *span),
                },
            })
            .collect()
    }
}

/// Whether some cell of a column asks for the key being unknown.
pub(super) fn asks_for_unknown<'c>(mut cells: impl Iterator<Item = &'c hir::Cell>) -> bool {
    cells.any(|cell| cell.patterns.iter().any(|one| matches!(one, hir::Pattern::Unknown)))
}
