//! Expressions: operands and operators in a row become a tree by precedence.

use std::cell::RefCell;
use std::sync::LazyLock;

use pest::pratt_parser::{Assoc, Op, PrattParser};

use super::folds::Folded;
use super::{Lowering, ast};
use crate::base::Span;
use crate::diag::{Diagnostic, Fix};
use crate::syntax::days;
use crate::syntax::grammar::{Pair, Rule};

/// How high the tree of an expression may be; every operator of a chain counts. A higher one is split by a `let`.
const HEIGHT: usize = 256;
/// How many operands and operators may stand in a row.
const TOKENS: usize = 1_000;
/// How many signs, `not`s, `sum of`s may stand in a row before one operand.
const PREFIXES: usize = 8;

/// The table at the head of the grammar, from the loosest to the tightest.
static PRATT: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    let left = |rule| Op::infix(rule, Assoc::Left);
    PrattParser::new()
        .op(left(Rule::op_fallback))
        .op(left(Rule::op_or) | left(Rule::slip_or))
        .op(left(Rule::op_and) | left(Rule::slip_and))
        .op(Op::prefix(Rule::op_not) | Op::prefix(Rule::slip_not))
        .op(left(Rule::op_lt)
            | left(Rule::op_le)
            | left(Rule::op_gt)
            | left(Rule::op_ge)
            | left(Rule::slip_equal)
            | left(Rule::slip_not_equal)
            | Op::postfix(Rule::is_known)
            | Op::postfix(Rule::is_unknown)
            | Op::postfix(Rule::is_part)
            | Op::postfix(Rule::in_a_row))
        .op(Op::postfix(Rule::window))
        .op(Op::postfix(Rule::or_month_end))
        .op(left(Rule::op_add) | left(Rule::op_subtract))
        .op(left(Rule::op_multiply) | left(Rule::op_divide))
        .op(Op::prefix(Rule::minus)
            | Op::prefix(Rule::kw_end_of_month_of)
            | Op::prefix(Rule::day_after)
            | Op::prefix(Rule::of_year)
            | Op::postfix(Rule::month_end_zh)
            | Op::postfix(Rule::day_after_zh)
            | Op::postfix(Rule::of_year_zh)
            | left(Rule::op_of)
            | left(Rule::op_of_zh))
        .op(left(Rule::op_power))
});

/// A tree with its height, so that no tree grows too high for those who walk it.
pub(super) struct Tall {
    /// The tree.
    pub(super) expr: ast::Expr,
    /// How many nodes lie between its root and its farthest leaf.
    pub(super) height: usize,
}

/// What could not be read and was reported.
pub(super) fn error(span: Span) -> Tall {
    Tall { expr: ast::Expr { kind: ast::ExprKind::Error, span }, height: 1 }
}

impl Lowering {
    /// An expression: of the rules `expr`, `sum`, `quantity`, and of what may stand in their places.
    pub(in crate::syntax) fn expr(&mut self, pair: Pair<'_>) -> ast::Expr {
        self.tall(pair).expr
    }

    /// The first expression among the children.
    pub(super) fn only_expr(&mut self, pair: Pair<'_>) -> Option<ast::Expr> {
        self.exprs(pair).into_iter().next()
    }

    /// All expressions among the children.
    pub(super) fn exprs(&mut self, pair: Pair<'_>) -> Vec<ast::Expr> {
        pair.into_inner().filter(|child| is_expr(child.as_rule())).map(|child| self.expr(child)).collect()
    }

    pub(super) fn tall(&mut self, pair: Pair<'_>) -> Tall {
        let span = self.span(&pair);
        if !matches!(pair.as_rule(), Rule::expr | Rule::sum | Rule::quantity | Rule::fixed) {
            return self.primary(pair);
        }
        let tokens: Vec<Pair<'_>> = pair.into_inner().collect();
        if tokens.len() > TOKENS {
            self.report(Diagnostic::new("E114", span).variant("operands").arg("most", TOKENS).help("split"));
            return error(span);
        }
        let mut prefixes = 0usize;
        for token in &tokens {
            prefixes = if is_prefix(token.as_rule()) { prefixes.saturating_add(1) } else { 0 };
            if prefixes > PREFIXES {
                self.report(Diagnostic::new("E113", span).variant("prefixes").arg("most", PREFIXES));
                return error(span);
            }
        }
        if let Some(told) = self.other_fold(&tokens) {
            self.report(told);
            return error(span);
        }
        let mut folded = Folded::new();
        let tokens = self.fold(tokens, &mut folded);
        self.climb(tokens, &mut folded, span)
    }

    /// `max of late in invoices`: what aggregates are called elsewhere.
    fn other_fold(&self, tokens: &[Pair<'_>]) -> Option<Diagnostic> {
        const OTHERS: &[(&str, &str)] = &[
            ("total", "sum"),
            ("number", "count"),
            ("max", "highest"),
            ("maximum", "highest"),
            ("largest", "highest"),
            ("min", "lowest"),
            ("minimum", "lowest"),
            ("smallest", "lowest"),
            ("mean", "average"),
            ("avg", "average"),
        ];
        let over_items = tokens.iter().any(|token| token.as_rule() == Rule::in_list);
        tokens.windows(2).find_map(|two| {
            let [first, second] = two else { return None };
            let found = first.as_str().trim();
            let (_, word) = OTHERS.iter().find(|(other, _)| *other == found)?;
            if second.as_rule() != Rule::op_of || !over_items && *word != "count" {
                return None;
            }
            let span = self.span(first);
            let told = Diagnostic::new("E151", span).variant("word").arg("found", found).arg("word", word);
            Some(told.fix("when", span, *word, true))
        })
    }

    /// Makes one tree of operands and operators in a row.
    pub(super) fn climb(&mut self, tokens: Vec<Pair<'_>>, folded: &mut Folded, span: Span) -> Tall {
        if !well_formed(&tokens) {
            self.report(Diagnostic::new("E120", span).variant("operand"));
            return error(span);
        }
        let state = RefCell::new((self, folded));
        PRATT
            .map_primary(|token| {
                let (lowering, folded) = &mut *state.borrow_mut();
                match folded.remove(&token.as_span().start()) {
                    Some(done) => done,
                    None => lowering.primary(token),
                }
            })
            .map_prefix(|op, operand| state.borrow_mut().0.prefix(&op, operand))
            .map_postfix(|operand, op| state.borrow_mut().0.postfix(operand, op))
            .map_infix(|left, op, right| state.borrow_mut().0.infix(left, &op, right))
            .parse(tokens.into_iter())
    }

    /// Puts a node above its parts; too high a tree is reported and given up.
    pub(super) fn grow(&mut self, span: Span, height: usize, kind: ast::ExprKind) -> Tall {
        let height = height.saturating_add(1);
        if height > HEIGHT {
            // Told once: whatever stands above a part that is too high is far higher.
            if height == HEIGHT.saturating_add(1) {
                let told = Diagnostic::new("E113", span).variant("expression");
                self.report(told.arg("most", HEIGHT).help("split"));
            }
            return Tall { height: HEIGHT.saturating_mul(2), ..error(span) };
        }
        Tall { expr: ast::Expr { kind, span }, height }
    }

    fn prefix(&mut self, op: &Pair<'_>, operand: Tall) -> Tall {
        let at = self.span(op);
        let inner = Box::new(operand.expr);
        let span = at.to(inner.span);
        let kind = match op.as_rule() {
            Rule::minus => ast::ExprKind::Unary(ast::UnaryOp::Negate, inner),
            Rule::kw_end_of_month_of => ast::ExprKind::EndOfMonth(inner),
            Rule::day_after | Rule::of_year => self.anchor(op, inner),
            Rule::slip_not => {
                self.report(Diagnostic::new("E110", at).variant("not").fix("not", at, "not ", true));
                ast::ExprKind::Unary(ast::UnaryOp::Not, inner)
            }
            _ => ast::ExprKind::Unary(ast::UnaryOp::Not, inner),
        };
        self.grow(span, operand.height, kind)
    }

    fn postfix(&mut self, operand: Tall, op: Pair<'_>) -> Tall {
        let at = self.span(&op);
        let span = operand.expr.span.to(at);
        let rule = op.as_rule();
        if matches!(rule, Rule::is_known | Rule::is_unknown | Rule::is_part | Rule::in_a_row)
            && compares(&operand.expr)
        {
            self.report(Diagnostic::new("E111", at).label(operand.expr.span, "first").help("and"));
        }
        let mut height = operand.height;
        let value = Box::new(operand.expr);
        let kind = match rule {
            Rule::is_known => ast::ExprKind::IsKnown { value, known: true },
            Rule::is_unknown => ast::ExprKind::IsKnown { value, known: false },
            Rule::window => match self.window(op) {
                Some(window) => ast::ExprKind::InWindow(value, Box::new(window)),
                None => ast::ExprKind::Error,
            },
            Rule::or_month_end => ast::ExprKind::OrMonthEnd(value),
            Rule::in_a_row => self.in_a_row(value, op),
            Rule::month_end_zh => ast::ExprKind::EndOfMonth(value),
            Rule::day_after_zh | Rule::of_year_zh => self.anchor(&op, value),
            _ => {
                let negated = op.clone().into_inner().any(|child| child.as_rule() == Rule::kw_is_not);
                if let Some(told) = self.one_of_list(&value, negated, &op) {
                    self.report(told);
                    return error(span);
                }
                let pattern = op.into_inner().find(|child| child.as_rule() == Rule::is_pattern);
                match pattern.and_then(|pattern| self.is_pattern(pattern)) {
                    Some((pattern, tall)) => {
                        height = height.max(tall);
                        ast::ExprKind::Is { value, negated, pattern: Box::new(pattern) }
                    }
                    None => ast::ExprKind::Error,
                }
            }
        };
        self.grow(span, height, kind)
    }

    /// `class is (B, C)`, `信用等级 为 [B，C]`: each is compared by itself.
    fn one_of_list(&self, value: &ast::Expr, negated: bool, op: &Pair<'_>) -> Option<Diagnostic> {
        let text = op.as_str().trim_end();
        let open = text.find(['(', '（', '[', '【'])?;
        let inside = text.get(open..)?.strip_prefix(['(', '（', '[', '【'])?;
        let inside = inside.strip_suffix([')', '）', ']', '】'])?;
        let is_name = |part: &&str| !part.is_empty() && part.chars().all(unicode_ident::is_xid_continue);
        let parts: Vec<&str> = inside.split([',', '，', '、']).map(str::trim).collect();
        let ast::ExprKind::Name(name) = &value.kind else { return None };
        if parts.len() < 2 || !parts.iter().all(is_name) || self.whole.is_some() {
            return None;
        }
        let is = text.get(..open)?.trim_end();
        let joint = match (is.is_ascii(), negated) {
            (true, true) => " and ",
            (true, false) => " or ",
            (false, true) => " 且 ",
            (false, false) => " 或 ",
        };
        let each: Vec<String> = parts.iter().map(|part| format!("{} {is} {part}", name.text)).collect();
        let written = format!("({})", each.join(joint));
        let at = self.span(op);
        let found = text.get(open..)?;
        let told = Diagnostic::new("E151", at).variant("each").arg("found", found).arg("written", &written);
        Some(told.fix("each", value.span.to(at), written, false))
    }

    fn is_pattern(&mut self, pair: Pair<'_>) -> Option<(ast::Pattern, usize)> {
        let span = self.span(&pair);
        let child = pair.into_inner().next()?;
        let (kind, height) = match child.as_rule() {
            Rule::or_better => (ast::PatternKind::OrBetter(self.first_name(child)?), 1),
            Rule::or_worse => (ast::PatternKind::OrWorse(self.first_name(child)?), 1),
            _ => {
                let tall = self.tall(child);
                (ast::PatternKind::Value(tall.expr), tall.height)
            }
        };
        Some((ast::Pattern { kind, span }, height))
    }

    fn infix(&mut self, left: Tall, op: &Pair<'_>, right: Tall) -> Tall {
        let at = self.span(op);
        let rule = op.as_rule();
        let span = left.expr.span.to(right.expr.span);
        if let Some(told) = days::of_arithmetic(&left.expr, op.as_str().trim(), at, &right.expr) {
            self.report(told);
            return error(span);
        }
        let height = left.height.max(right.height);
        if let Some(middle) = self.chained(&left.expr, op, &right.expr) {
            let kind = match binary_op(rule) {
                Some(op) => ast::ExprKind::Binary(op, Box::new(middle), Box::new(right.expr)),
                None => ast::ExprKind::Error,
            };
            let second = self.grow(span, height, kind);
            let kind = ast::ExprKind::Binary(ast::BinaryOp::And, Box::new(left.expr), Box::new(second.expr));
            return self.grow(span, second.height, kind);
        }
        self.judge_neighbours(&left.expr, rule, at, &right.expr);
        // A name in Chinese beside an operator tells the language of the policy, as does the word with which the item begins.
        let named = matches!(&left.expr.kind, ast::ExprKind::Name(name) if !name.text.is_ascii());
        let begins = op.as_span().get_input().trim_start();
        let chinese = named || begins.starts_with(|ch: char| !ch.is_ascii() && ch.is_alphabetic());
        let (left, right) = (Box::new(left.expr), Box::new(right.expr));
        let kind = match rule {
            Rule::op_fallback => ast::ExprKind::IfUnknown(left, right),
            Rule::op_of => ast::ExprKind::PercentOf(left, right),
            Rule::op_of_zh => ast::ExprKind::PercentOf(right, left),
            Rule::slip_equal | Rule::slip_not_equal => {
                let pattern =
                    Box::new(ast::Pattern { span: right.span, kind: ast::PatternKind::Value(*right) });
                ast::ExprKind::Is { value: left, negated: rule == Rule::slip_not_equal, pattern }
            }
            _ => match binary_op(rule) {
                Some(op) => ast::ExprKind::Binary(op, left, right),
                None => ast::ExprKind::Error,
            },
        };
        // `≠` is the full-width twin of `is not`; the others are spellings of other languages.
        let foreign = match rule {
            Rule::slip_equal => Some(("equal", "is", "为")),
            Rule::slip_not_equal if !op.as_str().starts_with('≠') => Some(("not_equal", "is not", "不为")),
            Rule::slip_and => Some(("and", "and", "且")),
            Rule::slip_or => Some(("or", "or", "或")),
            _ => None,
        };
        if let Some((variant, en, zh)) = foreign {
            let found = op.as_str().trim();
            let word = apart(op, if chinese { zh } else { en });
            self.report(
                Diagnostic::new("E110", at)
                    .variant(variant)
                    .arg("found", found)
                    .fix("replace", at, word, true),
            );
        }
        self.grow(span, height, kind)
    }

    /// `61 <= x <= 85`: told, and read as the two comparisons that were meant; gives what stands in the middle.
    fn chained(&mut self, left: &ast::Expr, op: &Pair<'_>, right: &ast::Expr) -> Option<ast::Expr> {
        let ast::ExprKind::Binary(first, _, middle) = &left.kind else { return None };
        let up = |op| matches!(op, ast::BinaryOp::Less | ast::BinaryOp::LessOrEqual);
        let down = |op| matches!(op, ast::BinaryOp::Greater | ast::BinaryOp::GreaterOrEqual);
        let second = binary_op(op.as_rule())?;
        if !(up(*first) && up(second) || down(*first) && down(second)) {
            return None;
        }
        let at = self.span(op);
        let told = Diagnostic::new("E111", at).label(left.span, "first");
        // Where a text is put together its parts have no places of their own, and none is shown or mended.
        let input = op.as_span().get_input();
        let place = |at: u32| (at.saturating_sub(self.base)) as usize;
        let written = input.get(place(middle.span.start)..place(middle.span.end)).unwrap_or("");
        if self.whole.is_some() || written.is_empty() {
            self.report(told.help("and"));
            return Some((**middle).clone());
        }
        let chinese = !written.is_ascii();
        let joined = format!(" {} {written}", if chinese { "且" } else { "and" });
        let begins = Span { end: left.span.start, ..left.span };
        let behind = left.span.after();
        let mut told = told;
        told.fixes.push(Fix {
            key: "both",
            edits: vec![(begins, "(".into()), (behind, joined.into()), (right.span.after(), ")".into())],
            safe: true,
        });
        self.report(told);
        Some((**middle).clone())
    }

    /// Comparisons do not chain; `and` mixed with `or`, or with `if unknown`, needs brackets.
    fn judge_neighbours(&mut self, left: &ast::Expr, rule: Rule, at: Span, right: &ast::Expr) {
        match rule {
            Rule::op_lt
            | Rule::op_le
            | Rule::op_gt
            | Rule::op_ge
            | Rule::slip_equal
            | Rule::slip_not_equal
                if compares(left) =>
            {
                self.report(Diagnostic::new("E111", at).label(left.span, "first").help("and"));
            }
            Rule::op_or | Rule::slip_or => {
                for side in [left, right] {
                    if matches!(side.kind, ast::ExprKind::Binary(ast::BinaryOp::And, ..)) {
                        let mut diagnostic =
                            Diagnostic::new("E112", at).variant("and_or").label(side.span, "side");
                        let before = Span { end: side.span.start, ..side.span };
                        diagnostic.fixes.push(Fix {
                            key: "brackets",
                            edits: vec![(before, "(".into()), (side.span.after(), ")".into())],
                            safe: false,
                        });
                        self.report(diagnostic);
                    }
                }
            }
            Rule::op_fallback => {
                for (side, loose) in [(left, false), (right, true)] {
                    let joins = matches!(
                        side.kind,
                        ast::ExprKind::Binary(ast::BinaryOp::And | ast::BinaryOp::Or, ..)
                            | ast::ExprKind::Unary(ast::UnaryOp::Not, _)
                    );
                    if joins || loose && compares(side) {
                        self.report(Diagnostic::new("E112", at).variant("fallback").label(side.span, "side"));
                    }
                }
            }
            _ => {}
        }
    }

    fn window(&mut self, pair: Pair<'_>) -> Option<ast::Window> {
        let span = self.span(&pair);
        let mut kind = None;
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::window_period => {
                    let (mut last, mut period) = (false, None);
                    for part in child.into_inner() {
                        match part.as_rule() {
                            Rule::window_last => last = true,
                            Rule::period_month => period = Some(ast::Period::Month),
                            Rule::period_quarter => period = Some(ast::Period::Quarter),
                            Rule::period_year => period = Some(ast::Period::Year),
                            _ => {}
                        }
                    }
                    kind = period.map(|period| ast::WindowKind::Calendar { last, period });
                }
                rule if is_expr(rule) => kind = Some(ast::WindowKind::Last(self.expr(child))),
                _ => {}
            }
        }
        Some(ast::Window { kind: kind?, span })
    }
}

/// Whether a rule stands for an expression.
pub(super) fn is_expr(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::expr
            | Rule::sum
            | Rule::quantity
            | Rule::fixed
            | Rule::path
            | Rule::literal
            | Rule::paren
            | Rule::list
            | Rule::conditional
            | Rule::weighted
            | Rule::interest
            | Rule::instalment
            | Rule::convert
            | Rule::running
            | Rule::latest_of
            | Rule::latest_in
    )
}

fn is_prefix(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::minus
            | Rule::op_not
            | Rule::slip_not
            | Rule::kw_end_of_month_of
            | Rule::day_after
            | Rule::of_year
            | Rule::fold
    )
}

fn is_postfix(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::is_known
            | Rule::is_unknown
            | Rule::is_part
            | Rule::in_a_row
            | Rule::window
            | Rule::or_month_end
            | Rule::month_end_zh
            | Rule::day_after_zh
            | Rule::of_year_zh
    )
}

/// INVARIANT: the Pratt parser is given operands and operators in turn and nothing else, so that it never panics.
/// An aggregate that has become a tree stands there as its first word.
fn well_formed(tokens: &[Pair<'_>]) -> bool {
    let mut wants_operand = true;
    for token in tokens {
        let rule = token.as_rule();
        if wants_operand {
            if is_prefix(rule) && rule != Rule::fold {
                continue;
            }
            if !is_expr(rule) && rule != Rule::fold {
                return false;
            }
            wants_operand = false;
        } else if !is_postfix(rule) {
            if is_expr(rule) || is_prefix(rule) || matches!(rule, Rule::in_list | Rule::filter) {
                return false;
            }
            wants_operand = true;
        }
    }
    !wants_operand
}

/// Whether an expression compares, without brackets around it.
fn compares(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ast::ExprKind::Is { .. } | ast::ExprKind::IsKnown { .. } | ast::ExprKind::InARow { .. } => true,
        ast::ExprKind::Binary(op, ..) => matches!(
            op,
            ast::BinaryOp::Less
                | ast::BinaryOp::LessOrEqual
                | ast::BinaryOp::Greater
                | ast::BinaryOp::GreaterOrEqual
        ),
        _ => false,
    }
}

fn binary_op(rule: Rule) -> Option<ast::BinaryOp> {
    Some(match rule {
        Rule::op_add => ast::BinaryOp::Add,
        Rule::op_subtract => ast::BinaryOp::Subtract,
        Rule::op_multiply => ast::BinaryOp::Multiply,
        Rule::op_divide => ast::BinaryOp::Divide,
        Rule::op_power => ast::BinaryOp::Power,
        Rule::op_lt => ast::BinaryOp::Less,
        Rule::op_le => ast::BinaryOp::LessOrEqual,
        Rule::op_gt => ast::BinaryOp::Greater,
        Rule::op_ge => ast::BinaryOp::GreaterOrEqual,
        Rule::op_and | Rule::slip_and => ast::BinaryOp::And,
        Rule::op_or | Rule::slip_or => ast::BinaryOp::Or,
        _ => return None,
    })
}

/// A word in the place of a sign, apart from what stands beside the sign: `被起诉=否` is `被起诉 为 否`.
fn apart(sign: &Pair<'_>, word: &str) -> String {
    let span = sign.as_span();
    let text = span.get_input();
    let before = text.get(..span.start()).unwrap_or("").ends_with(char::is_whitespace);
    let behind = text.get(span.end()..).unwrap_or("").starts_with(char::is_whitespace);
    format!("{}{word}{}", if before { "" } else { " " }, if behind { "" } else { " " })
}
