//! Operands: names with members, brackets, conditions, aggregates and picks.

use std::collections::BTreeMap;

use super::expressions::{Tall, error, is_expr};
use super::{Lowering, ast};
use crate::diag::Diagnostic;
use crate::syntax::grammar::{Pair, Rule};

/// How many members may follow a name.
const MEMBERS: usize = 16;

/// Aggregates that are trees already, by the place of their first word, which still stands for them.
pub(super) type Folded = BTreeMap<usize, Tall>;

/// What the first word of an aggregate or a pick asks for.
#[derive(Clone, Copy)]
enum Fold {
    Aggregate(ast::AggregateFunction),
    /// An aggregate over a list, or a pick where several values stand in brackets.
    Either(ast::AggregateFunction, ast::Pick),
    Pick(ast::Pick),
}

impl Lowering {
    /// An operand that is no aggregate.
    pub(super) fn primary(&mut self, pair: Pair<'_>) -> Tall {
        let span = self.span(&pair);
        let leaf = |kind| Tall { expr: ast::Expr { kind, span }, height: 1 };
        match pair.as_rule() {
            Rule::literal => match self.literal(pair) {
                Some(literal) => leaf(ast::ExprKind::Literal(literal)),
                None => error(span),
            },
            Rule::path => self.path(pair),
            Rule::paren => {
                let (mut exprs, height) = self.all(pair);
                if exprs.len() == 1 {
                    let inner = exprs.pop().unwrap_or_else(|| error(span).expr);
                    return self.grow(span, height, ast::ExprKind::Group(Box::new(inner)));
                }
                self.report(Diagnostic::new("E119", span).help("square"));
                self.grow(span, height, ast::ExprKind::List(exprs))
            }
            Rule::list => {
                let (exprs, height) = self.all(pair);
                self.grow(span, height, ast::ExprKind::List(exprs))
            }
            Rule::conditional => {
                let (exprs, height) = self.all(pair);
                let mut exprs = exprs.into_iter().map(Box::new);
                match (exprs.next(), exprs.next(), exprs.next()) {
                    (Some(condition), Some(then), Some(otherwise)) => {
                        self.grow(span, height, ast::ExprKind::If(condition, then, otherwise))
                    }
                    _ => error(span),
                }
            }
            Rule::weighted => {
                let mut parts = pair.into_inner().filter(|child| is_expr(child.as_rule()));
                match (parts.next(), parts.next()) {
                    (Some(values), Some(weights)) => {
                        let values = self.primary(values);
                        let (weights, height) = self.all(weights);
                        let kind = ast::ExprKind::WeightedAverage(Box::new(values.expr), weights);
                        self.grow(span, height.max(values.height), kind)
                    }
                    _ => error(span),
                }
            }
            Rule::interest => self.interest(pair),
            Rule::convert => self.convert(pair),
            Rule::instalment => {
                let paren = pair.into_inner().find(|child| child.as_rule() == Rule::paren);
                let (exprs, height) = paren.map_or((Vec::new(), 0), |paren| self.all(paren));
                self.grow(span, height, ast::ExprKind::Instalment(exprs))
            }
            Rule::running => self.running(pair),
            Rule::latest_of => self.latest_of(pair),
            Rule::latest_in => self.latest_in(pair),
            _ => error(span),
        }
    }

    /// All expressions among the children, with the height of the highest.
    pub(super) fn all(&mut self, pair: Pair<'_>) -> (Vec<ast::Expr>, usize) {
        let mut height = 0;
        let exprs = pair
            .into_inner()
            .filter(|child| is_expr(child.as_rule()))
            .map(|child| {
                let tall = self.tall(child);
                height = height.max(tall.height);
                tall.expr
            })
            .collect();
        (exprs, height)
    }

    /// A name with its members and arguments: `collection["F-1"].awaiting`.
    pub(super) fn path(&mut self, pair: Pair<'_>) -> Tall {
        let whole = self.span(&pair);
        let mut path = error(whole);
        for (place, child) in pair.into_inner().enumerate() {
            if place > MEMBERS {
                self.report(Diagnostic::new("E113", whole).variant("members").arg("most", MEMBERS));
                return error(whole);
            }
            let here = self.span(&child);
            let mut height = path.height;
            let kind = match child.as_rule() {
                Rule::kw_today => ast::ExprKind::Today,
                Rule::kw_last => ast::ExprKind::Last,
                Rule::name => ast::ExprKind::Name(self.name(&child)),
                Rule::member => match self.first_name(child) {
                    Some(member) => ast::ExprKind::Member(Box::new(path.expr), member),
                    None => ast::ExprKind::Error,
                },
                _ => {
                    let (arguments, tall) = self.all(child);
                    height = height.max(tall);
                    ast::ExprKind::Apply(Box::new(path.expr), arguments)
                }
            };
            let span = if place == 0 { here } else { crate::base::Span { start: whole.start, ..here } };
            path = self.grow(span, height, kind);
        }
        path
    }

    /// The first name among the children.
    pub(super) fn first_name(&mut self, pair: Pair<'_>) -> Option<ast::Name> {
        let name = pair.into_inner().find(|child| matches!(child.as_rule(), Rule::name | Rule::any_name))?;
        Some(self.name(&name))
    }

    /// Makes trees of the aggregates and picks in a row of operands and operators. An aggregate runs to its `in`,
    /// the inner one first; one without `in` takes the one operand behind it.
    pub(super) fn fold<'i>(&mut self, tokens: Vec<Pair<'i>>, folded: &mut Folded) -> Vec<Pair<'i>> {
        if !tokens.iter().any(|token| matches!(token.as_rule(), Rule::fold | Rule::in_list | Rule::filter)) {
            return tokens;
        }
        let mut row: Vec<Pair<'i>> = Vec::with_capacity(tokens.len());
        let mut open: Vec<usize> = Vec::new();
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token.as_rule() {
                Rule::fold => {
                    open.push(row.len());
                    row.push(token);
                }
                Rule::in_list => {
                    let Some(at) = open.pop() else {
                        self.report(Diagnostic::new("E122", self.span(&token)).variant("in"));
                        continue;
                    };
                    let mut operand = row.split_off(at.saturating_add(1));
                    if let Some(early) = operand.pop_if(|last| last.as_rule() == Rule::filter) {
                        let list = self.span(&token);
                        self.report(
                            Diagnostic::new("E122", self.span(&early)).variant("early").label(list, "list"),
                        );
                    }
                    let filter = tokens.next_if(|next| next.as_rule() == Rule::filter);
                    if let Some(head) = row.last().cloned() {
                        let tree = self.aggregate(&head, operand, Some(token), filter, folded);
                        folded.insert(head.as_span().start(), tree);
                    }
                }
                _ => row.push(token),
            }
        }
        // The last first: `sum of` before `count of x` takes what `count of` has made.
        for at in open.into_iter().rev() {
            let behind = row.split_off(at.saturating_add(1));
            let mut behind = behind.into_iter().peekable();
            let operand: Vec<Pair<'i>> = behind.next().into_iter().collect();
            let filter = behind.next_if(|next| next.as_rule() == Rule::filter);
            if let Some(head) = row.last().cloned() {
                let tree = self.aggregate(&head, operand, None, filter, folded);
                folded.insert(head.as_span().start(), tree);
            }
            row.extend(behind);
        }
        row.retain(|token| {
            let stray = token.as_rule() == Rule::filter;
            if stray {
                self.report(Diagnostic::new("E122", self.span(token)).variant("where"));
            }
            !stray
        });
        row
    }

    fn aggregate(
        &mut self,
        head: &Pair<'_>,
        operand: Vec<Pair<'_>>,
        list: Option<Pair<'_>>,
        filter: Option<Pair<'_>>,
        folded: &mut Folded,
    ) -> Tall {
        let start = self.span(head);
        let (Some(first), Some(last)) = (operand.first(), operand.last()) else {
            self.report(Diagnostic::new("E120", start).variant("operand"));
            return error(start);
        };
        let end = filter.as_ref().or(list.as_ref()).unwrap_or(last);
        let span = start.to(self.span(end));
        let (mut which, mut known) = (None, None);
        for child in head.clone().into_inner() {
            match child.as_rule() {
                Rule::fold_known => known = Some(self.span(&child)),
                rule => which = which.or(fold_of(rule)),
            }
        }
        let Some(which) = which else { return error(span) };
        let several = operand.len() == 1
            && first.as_rule() == Rule::paren
            && first.clone().into_inner().filter(|child| is_expr(child.as_rule())).count() != 1;
        let (function, pick) = match which {
            Fold::Aggregate(function) => (Some(function), None),
            Fold::Either(function, pick) => (Some(function), (several && list.is_none()).then_some(pick)),
            Fold::Pick(pick) => (None, Some(pick)),
        };
        if let Some(pick) = pick {
            if let Some(stray) = list.as_ref().or(filter.as_ref()) {
                self.report(Diagnostic::new("E122", self.span(stray)).variant("pick"));
            }
            if operand.len() != 1 || first.as_rule() != Rule::paren {
                self.report(Diagnostic::new("E120", span).variant("pick"));
                return error(span);
            }
            let (values, height) =
                operand.into_iter().next().map_or((Vec::new(), 1), |paren| self.all(paren));
            return self.grow(span, height, ast::ExprKind::Pick(pick, values));
        }
        let Some(function) = function else { return error(span) };
        let named = list.and_then(|list| self.first_name(list));
        let inner = self.span(first).to(self.span(last));
        let inner = self.climb(operand, folded, inner);
        let mut height = inner.height;
        let filter = filter.map(|filter| {
            let filter = self.filter(filter);
            height = height.max(filter.height);
            filter.expr
        });
        // `count of invoices` counts the items themselves.
        let (operand, list) = match (function, named, inner.expr) {
            (ast::AggregateFunction::Count, None, ast::Expr { kind: ast::ExprKind::Name(list), .. }) => {
                (None, Some(list))
            }
            (_, named, operand) => (Some(operand), named),
        };
        let aggregate = ast::Aggregate { function, known, operand, list, filter };
        self.grow(span, height, ast::ExprKind::Aggregate(Box::new(aggregate)))
    }

    /// The condition of a `where`.
    pub(super) fn condition_of(&mut self, pair: Pair<'_>) -> ast::Expr {
        self.filter(pair).expr
    }

    /// `where not disputed`, `where (…)`
    pub(super) fn filter(&mut self, pair: Pair<'_>) -> Tall {
        let span = self.span(&pair);
        let mut negated = None;
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::op_not => negated = Some(self.span(&child)),
                rule if is_expr(rule) => {
                    let operand = self.primary(child);
                    return match negated {
                        Some(not) => {
                            let whole = not.to(operand.expr.span);
                            let kind = ast::ExprKind::Unary(ast::UnaryOp::Not, Box::new(operand.expr));
                            self.grow(whole, operand.height, kind)
                        }
                        None => operand,
                    };
                }
                _ => {}
            }
        }
        error(span)
    }
}

/// The aggregate that a word asks for; none where it picks one of several values.
pub(super) fn aggregate_of(rule: Rule) -> Option<ast::AggregateFunction> {
    match fold_of(rule)? {
        Fold::Aggregate(function) | Fold::Either(function, _) => Some(function),
        Fold::Pick(_) => None,
    }
}

fn fold_of(rule: Rule) -> Option<Fold> {
    use ast::{AggregateFunction as Of, Pick};
    Some(match rule {
        Rule::fold_sum => Fold::Aggregate(Of::Sum),
        Rule::fold_count => Fold::Aggregate(Of::Count),
        Rule::fold_share => Fold::Aggregate(Of::Share),
        Rule::fold_any => Fold::Aggregate(Of::Any),
        Rule::fold_all => Fold::Aggregate(Of::All),
        Rule::fold_lowest => Fold::Either(Of::Lowest, Pick::Lowest),
        Rule::fold_highest => Fold::Either(Of::Highest, Pick::Highest),
        Rule::fold_average => Fold::Either(Of::Average, Pick::Average),
        Rule::pick_lowest => Fold::Pick(Pick::Lowest),
        Rule::pick_highest => Fold::Pick(Pick::Highest),
        Rule::pick_middle => Fold::Pick(Pick::Middle),
        Rule::pick_average => Fold::Pick(Pick::Average),
        Rule::pick_earliest => Fold::Pick(Pick::Earliest),
        Rule::pick_latest => Fold::Pick(Pick::Latest),
        _ => return None,
    })
}
