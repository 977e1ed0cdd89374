//! From what the grammar has read to the tree.
//!
//! A rule's children are told by what they are, not by where they stand, so that clauses may come in any order.

mod approval;
mod book;
mod by_date;
mod cases;
mod checks;
mod escalations;
mod expressions;
mod facts;
mod folds;
mod header;
mod judgements;
mod limits;
mod lists;
mod papers;
mod reasons;
mod scorecards;
mod tables;
mod totals;
mod words;

use super::ast;
use super::grammar::{Pair, Rule};
use crate::base::{FileId, Span};
use crate::diag::Diagnostic;

/// The state of one lowering: where the piece begins in its file, and what was found wrong.
pub(super) struct Lowering {
    file: FileId,
    base: u32,
    /// All that is read stands here, where its parts have no places of their own.
    whole: Option<Span>,
    /// Whether literals forget how they were written.
    bare: bool,
    /// What was found wrong.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// What may stand behind a rule.
#[derive(Default)]
struct Clauses {
    when: Option<ast::Expr>,
    if_unknown: Option<ast::IfUnknown>,
    skip_unknown: Option<Span>,
    reason: ast::Reason,
}

impl Lowering {
    /// For a piece of the text of `file` that begins at byte `base`.
    pub(super) fn new(file: FileId, base: u32) -> Self {
        Lowering { file, base, whole: None, bare: false, diagnostics: Vec::new() }
    }

    /// For a text that lies in its file otherwise than it reads: every place is the whole of it.
    pub(super) fn within(whole: Span) -> Self {
        Lowering { file: whole.file, base: 0, whole: Some(whole), bare: false, diagnostics: Vec::new() }
    }

    /// For what a text means, wherever and however it is written: no places, no written forms.
    pub(super) fn bare(file: FileId) -> Self {
        Lowering { bare: true, ..Lowering::within(Span::new(file, 0, 0)) }
    }

    /// The items of a file, or the one item of a piece.
    pub(super) fn items(&mut self, pair: Pair<'_>) -> Vec<ast::Item> {
        pair.into_inner()
            .filter(|child| child.as_rule() == Rule::item)
            .filter_map(|item| self.item(item))
            .collect()
    }

    fn item(&mut self, pair: Pair<'_>) -> Option<ast::Item> {
        let span = self.span(&pair);
        let child = pair.into_inner().next()?;
        let kind = match child.as_rule() {
            Rule::policy => ast::ItemKind::Policy(self.policy(child)?),
            Rule::use_item => ast::ItemKind::Use(self.use_item(child)?),
            Rule::roles => ast::ItemKind::Roles(self.roles(child)),
            Rule::actions => ast::ItemKind::Actions(self.names(child)),
            Rule::kind => ast::ItemKind::Kind(self.kind(child)?),
            Rule::facts => ast::ItemKind::Facts(self.facts(child)),
            Rule::param => ast::ItemKind::Param(self.param(child)?),
            Rule::reference => ast::ItemKind::Reference(self.reference(child)?),
            Rule::let_item => ast::ItemKind::Let(self.let_item(child)?),
            Rule::for_each => ast::ItemKind::ForEach(self.for_each(child)?),
            Rule::table => ast::ItemKind::Table(self.table(child)?),
            Rule::scorecard => ast::ItemKind::Scorecard(self.scorecard(child)?),
            Rule::grades => ast::ItemKind::Grades(self.grades(child)?),
            Rule::correction => ast::ItemKind::Correction(self.correction(child)?),
            Rule::limit => ast::ItemKind::Limit(self.limit(child)?),
            Rule::triggers => ast::ItemKind::Triggers(self.triggers(child)?),
            Rule::escalation => ast::ItemKind::Escalation(self.escalation(child)?),
            Rule::judgement => ast::ItemKind::Judgement(self.judgement(child)?),
            Rule::override_item => ast::ItemKind::Override(self.override_item(child)?),
            Rule::authority => ast::ItemKind::Authority(self.authority(child)?),
            Rule::checks => ast::ItemKind::Checks(self.checks(child)?),
            Rule::checklist => ast::ItemKind::Checklist(self.checklist(child)?),
            Rule::decision => ast::ItemKind::Decision(self.decision(child)?),
            Rule::always => ast::ItemKind::Always(self.only_expr(child)?),
            Rule::case => ast::ItemKind::Case(self.case(child)?),
            Rule::script => ast::ItemKind::Script(self.script(child)?),
            Rule::portfolio => ast::ItemKind::Portfolio(self.portfolio(child)?),
            Rule::total => ast::ItemKind::Total(self.total(child)?),
            Rule::allocation => ast::ItemKind::Allocation(Box::new(self.allocation(child)?)),
            _ => return None,
        };
        Some(ast::Item { kind, span })
    }

    /// The place of what a rule has read, without the blanks behind it.
    fn span(&self, pair: &Pair<'_>) -> Span {
        if let Some(whole) = self.whole {
            return whole;
        }
        let read = pair.as_span();
        let start = u32::try_from(read.start()).unwrap_or(u32::MAX).saturating_add(self.base);
        let length = u32::try_from(read.as_str().trim_end().len()).unwrap_or(u32::MAX);
        Span::new(self.file, start, start.saturating_add(length))
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Sets what may be said once; the second time is reported, the first stands.
    fn once<T>(&mut self, place: &mut Option<T>, value: T, span: Span) {
        if place.is_some() {
            self.report(Diagnostic::new("E118", span));
        } else {
            *place = Some(value);
        }
    }

    /// Takes a clause in; a pair that is no clause is passed over.
    fn clause(&mut self, pair: Pair<'_>, clauses: &mut Clauses) {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::when | Rule::row_when => {
                if let Some(condition) = self.only_expr(pair) {
                    self.once(&mut clauses.when, condition, span);
                }
            }
            Rule::if_unknown => {
                if let Some(rule) = self.if_unknown(pair) {
                    self.once(&mut clauses.if_unknown, rule, span);
                }
            }
            Rule::skip_unknown => self.once(&mut clauses.skip_unknown, span, span),
            _ => self.why(pair, &mut clauses.reason),
        }
    }

    fn if_unknown(&mut self, pair: Pair<'_>) -> Option<ast::IfUnknown> {
        let span = self.span(&pair);
        let kind = pair.into_inner().find_map(|child| match child.as_rule() {
            Rule::kw_applies => Some(ast::IfUnknownKind::Applies),
            Rule::kw_does_not_apply => Some(ast::IfUnknownKind::DoesNotApply),
            Rule::kw_refuse => Some(ast::IfUnknownKind::Refuse),
            Rule::refer => self.refer(child).map(|(role, text)| ast::IfUnknownKind::Refer(role, text)),
            _ => None,
        })?;
        Some(ast::IfUnknown { kind, span })
    }

    fn refer(&mut self, pair: Pair<'_>) -> Option<(ast::Name, Option<ast::Label>)> {
        let (mut role, mut text) = (None, None);
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::name => role = Some(self.name(&child)),
                Rule::label => text = Some(self.label(child)),
                _ => {}
            }
        }
        Some((role?, text))
    }

    fn rounding(&mut self, pair: Pair<'_>) -> Option<ast::Rounding> {
        let span = self.span(&pair);
        let (mut mode, mut precision) = (None, None);
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::rounding_mode => mode = rounding_mode(child),
                Rule::number => precision = self.number(&child).map(ast::Precision::Decimals),
                Rule::sum => precision = Some(ast::Precision::Multiples(self.expr(child))),
                _ => {}
            }
        }
        Some(ast::Rounding { mode, precision: precision?, span })
    }
}

fn rounding_mode(pair: Pair<'_>) -> Option<ast::RoundingMode> {
    pair.into_inner().find_map(|child| match child.as_rule() {
        Rule::kw_half_up => Some(ast::RoundingMode::HalfUp),
        Rule::kw_half_even => Some(ast::RoundingMode::HalfEven),
        Rule::kw_mode_down => Some(ast::RoundingMode::Down),
        Rule::kw_mode_up => Some(ast::RoundingMode::Up),
        Rule::kw_mode_floor => Some(ast::RoundingMode::Floor),
        Rule::kw_mode_ceiling => Some(ast::RoundingMode::Ceiling),
        _ => None,
    })
}
