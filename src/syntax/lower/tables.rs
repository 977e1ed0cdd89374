//! Tables and corrections: rows, cells, outcomes.

use super::{Clauses, Lowering, ast};
use crate::base::Span;
use crate::diag::Diagnostic;
use crate::syntax::figures::with_unit_of;
use crate::syntax::grammar::{Pair, Rule};
use crate::syntax::{bounds, phrases};

impl Lowering {
    pub(super) fn table(&mut self, pair: Pair<'_>) -> Option<ast::Table> {
        let (name, label) = self.head(pair.clone());
        let mut table = ast::Table {
            name: name?,
            label,
            keys: Vec::new(),
            unique: None,
            all: None,
            results: Vec::new(),
            by_slices: None,
            grid: None,
            heading: None,
            rows: Vec::new(),
            rounding: None,
            reason: ast::Reason::default(),
        };
        let mut grid = None;
        for child in pair.into_inner() {
            let span = self.span(&child);
            match child.as_rule() {
                Rule::keys => table.keys = self.keys(child),
                Rule::results => {
                    let results = child.into_inner().filter(|part| part.as_rule() == Rule::result);
                    table.results = results.filter_map(|part| self.result(part)).collect();
                }
                Rule::unique => self.once(&mut table.unique, span, span),
                Rule::all => self.once(&mut table.all, span, span),
                Rule::grid => self.once(&mut grid, span, span),
                Rule::by_slices => self.once(&mut table.by_slices, span, span),
                Rule::table_body => {
                    self.table_body(child, &mut table, grid);
                    if grid.is_none() {
                        let columns = table.results.len();
                        table.rows.iter_mut().for_each(|row| self.judge_commas(row, columns));
                    }
                }
                _ => self.why(child, &mut table.reason),
            }
        }
        Some(table)
    }

    fn table_body(&mut self, pair: Pair<'_>, table: &mut ast::Table, grid: Option<Span>) {
        let mut columns = None;
        for child in pair.into_inner() {
            let span = self.span(&child);
            match child.as_rule() {
                Rule::columns => {
                    let (written, told) = (child.as_str().trim().to_owned(), self.diagnostics.len());
                    columns = Some((span, self.cell_list(child), written, told));
                }
                Rule::row => table.rows.extend(self.row(child)),
                Rule::rounding => {
                    if let Some(rounding) = self.rounding(child) {
                        self.once(&mut table.rounding, rounding, span);
                    }
                }
                _ => {}
            }
        }
        match (grid, columns) {
            (Some(_), Some((_, cells, ..))) => table.grid = Some(cells),
            (Some(grid), None) => {
                self.report(Diagnostic::new("E120", grid).variant("grid"));
                table.grid = Some(Vec::new());
            }
            (None, Some((span, cells, written, told_before))) => {
                let count = cells.len();
                let names: Vec<ast::Name> = cells.into_iter().filter_map(heading_name).collect();
                if names.len() == count {
                    table.heading = Some(names);
                } else if let Some(told) = row_of_commas(&written, span, table) {
                    // That its figures could be one number is told with it.
                    self.diagnostics.truncate(told_before);
                    self.report(told);
                } else {
                    self.report(Diagnostic::new("E120", span).variant("heading"));
                }
            }
            (None, None) => {}
        }
    }

    pub(super) fn keys(&mut self, pair: Pair<'_>) -> Vec<ast::Key> {
        let mut keys = Vec::new();
        for key in pair.into_inner().filter(|part| part.as_rule() == Rule::key) {
            let Some(child) = key.into_inner().next() else { continue };
            if child.as_rule() == Rule::path {
                keys.push(ast::Key::Value(self.expr(child)));
                continue;
            }
            let (mut name, mut ty, mut range) = (None, None, ast::Range::default());
            for part in child.into_inner() {
                match part.as_rule() {
                    Rule::name => name = Some(self.name(&part)),
                    Rule::r#type => ty = Some(self.type_expr(part)),
                    Rule::range => range = self.range(part),
                    _ => {}
                }
            }
            if let (Some(name), Some(ty)) = (name, ty) {
                keys.push(ast::Key::Parameter(name, ty, range));
            }
        }
        keys
    }

    fn result(&mut self, pair: Pair<'_>) -> Option<ast::ResultColumn> {
        let (name, label) = self.head(pair.clone());
        let ty = pair.into_inner().find(|part| part.as_rule() == Rule::r#type)?;
        Some(ast::ResultColumn { name, label, ty: self.type_expr(ty) })
    }

    /// The rows of points and tactics.
    pub(super) fn rows(&mut self, pair: Pair<'_>) -> Vec<ast::Row> {
        pair.into_inner()
            .filter(|part| part.as_rule() == Rule::row)
            .filter_map(|part| self.row(part))
            .collect()
    }

    /// A row of a table, of points, of tactics, of a correction.
    pub(super) fn row(&mut self, pair: Pair<'_>) -> Option<ast::Row> {
        let span = self.span(&pair);
        let (mut cells, mut results) = (Vec::new(), Vec::new());
        let mut clauses = Clauses::default();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::cells => cells = self.cell_list(child),
                Rule::outcomes => {
                    let parts = child.into_inner().filter(|part| part.as_rule() == Rule::outcome);
                    results = parts.filter_map(|part| self.outcome(part)).collect();
                }
                Rule::correction_outcome => results.extend(self.outcome(child)),
                Rule::signers => {
                    let signers = self.signers(child);
                    let span = signers.span;
                    results.push(ast::Outcome { kind: ast::OutcomeKind::Signers(signers), span });
                }
                _ => self.clause(child, &mut clauses),
            }
        }
        let Clauses { when, if_unknown, reason, .. } = clauses;
        Some(ast::Row { cells, when, results, if_unknown, reason, span })
    }

    pub(super) fn cell_list(&mut self, pair: Pair<'_>) -> Vec<ast::Cell> {
        let mut cells = Vec::new();
        for cell in pair.into_inner().filter(|part| part.as_rule() == Rule::cell) {
            let span = self.span(&cell);
            let patterns = cell
                .into_inner()
                .filter(|part| part.as_rule() == Rule::pattern)
                .filter_map(|part| self.pattern(part))
                .collect();
            cells.push(ast::Cell { patterns, span });
        }
        cells
    }

    /// One pattern of a cell.
    pub(super) fn pattern(&mut self, pair: Pair<'_>) -> Option<ast::Pattern> {
        let span = self.span(&pair);
        let mut parts = Vec::new();
        for child in pair.into_inner() {
            let here = self.span(&child);
            let kind = match child.as_rule() {
                Rule::any => ast::PatternKind::Any,
                Rule::unknown => ast::PatternKind::Unknown,
                Rule::at_most => ast::PatternKind::AtMost(self.only_expr(child)?),
                Rule::below => ast::PatternKind::Below(self.only_expr(child)?),
                Rule::from => ast::PatternKind::From(self.only_expr(child)?),
                Rule::above => ast::PatternKind::Above(self.only_expr(child)?),
                Rule::or_better => ast::PatternKind::OrBetter(self.first_name(child)?),
                Rule::or_worse => ast::PatternKind::OrWorse(self.first_name(child)?),
                Rule::sum => {
                    let written = child.as_str().trim_end().to_owned();
                    let begins = child.as_span().get_input().trim_start();
                    let chinese = begins.starts_with(|ch: char| !ch.is_ascii());
                    let mut value = self.expr(child);
                    self.judge_span(&written, &value);
                    if self.judge_stroke(&value, chinese) {
                        value.kind = ast::ExprKind::Error;
                    }
                    if self.judge_ending(&value) {
                        value.kind = ast::ExprKind::Error;
                    }
                    ast::PatternKind::Value(value)
                }
                _ => continue,
            };
            parts.push(ast::Pattern { kind, span: here });
        }
        let mut parts = parts.into_iter();
        let kind = match (parts.next()?, parts.next()) {
            (one, None) => one.kind,
            (
                ast::Pattern { kind: ast::PatternKind::Value(from), .. },
                Some(ast::Pattern { kind: ast::PatternKind::Value(to), .. }),
            ) => ast::PatternKind::Span(from, to),
            (lower, Some(upper)) => ast::PatternKind::Between(Box::new(lower), Box::new(upper)),
        };
        Some(ast::Pattern { kind, span })
    }

    /// `12,5%` among the results: two results to the grammar, one number to whoever wrote it, and read as that one.
    fn judge_commas(&mut self, row: &mut ast::Row, columns: usize) {
        let number = |outcome: &ast::Outcome| match &outcome.kind {
            ast::OutcomeKind::Value(ast::Expr { kind: ast::ExprKind::Literal(literal), .. }) => {
                Some(literal.clone())
            }
            _ => None,
        };
        let mut place = 0_usize;
        while row.results.len() > columns {
            let next = place.saturating_add(1);
            let (Some(one), Some(other)) = (row.results.get(place), row.results.get(next)) else { return };
            let span = one.span.to(other.span);
            let touch = one.span.end.saturating_add(1) == other.span.start;
            let (Some(one), Some(other)) = (number(one).filter(|_| touch), number(other)) else {
                place = next;
                continue;
            };
            if !one.written.ends_with(|ch: char| ch.is_ascii_digit()) {
                place = next;
                continue;
            }
            let written = format!("{},{}", one.written, other.written);
            let plain = format!("{}.{}", one.written, other.written);
            self.report(
                Diagnostic::new("E108", span).arg("written", written).fix("plain", span, plain, false),
            );
            let value = ast::Expr { kind: ast::ExprKind::Error, span };
            row.results.splice(place..=next, [ast::Outcome { kind: ast::OutcomeKind::Value(value), span }]);
        }
    }

    /// `CA2以上` is one name to the grammar. A name of Chinese characters alone may well end so. Whether it is told to be no name.
    fn judge_ending(&mut self, value: &ast::Expr) -> bool {
        let ast::ExprKind::Name(name) = &value.kind else { return false };
        if let Some(written) = bounds::both_ends(&name.text, true) {
            let told = Diagnostic::new("E117", name.span).variant("ending").arg("found", &name.text);
            self.report(told.arg("written", &written).fix("written", name.span, written, true));
            return true;
        }
        if let Some((phrase, word)) = bounds::glued_bound(&name.text) {
            let end = name.span.start.saturating_add(u32::try_from(phrase.len()).unwrap_or(0));
            let told = Diagnostic::new("E106", name.span).variant("keyword");
            let told = told.arg("found", &name.text).arg("word", phrase);
            self.report(told.fix("blank", Span { end, ..name.span }, format!("{word} "), true));
            return true;
        }
        let endings = [
            ("及以上", "及以上"),
            ("及以下", "及以下"),
            ("以上", "及以上"),
            ("以下", "及以下"),
            ("以内", "及以下"),
        ];
        let cut =
            endings.into_iter().find_map(|(ending, word)| Some((name.text.strip_suffix(ending)?, word)));
        if let Some((stem, word)) = cut
            && stem.ends_with(|ch: char| ch.is_ascii_alphanumeric())
        {
            let written = format!("{stem} {word}");
            self.report(
                Diagnostic::new("E117", name.span)
                    .variant("ending")
                    .arg("found", &name.text)
                    .arg("written", &written)
                    .fix("written", name.span, written, true),
            );
            return true;
        }
        false
    }

    /// `AA/A` in a cell is a division to the grammar, and two grades to whoever wrote it. Whether it is told.
    fn judge_stroke(&mut self, value: &ast::Expr, chinese: bool) -> bool {
        let ast::ExprKind::Binary(ast::BinaryOp::Divide, one, other) = &value.kind else { return false };
        let (ast::ExprKind::Name(one), ast::ExprKind::Name(other)) = (&one.kind, &other.kind) else {
            return false;
        };
        // Grades and members of kinds are short, and figures that are divided are not: `AA/A`, no `sales/days`.
        let short =
            |name: &ast::Name| name.text.chars().count() <= 3 && name.text.starts_with(char::is_uppercase);
        // `N/A` is what an empty cell is called.
        let told = short(one) && short(other) && !(&*one.text == "N" && &*other.text == "A");
        if told {
            let sign = Span { start: one.span.end, end: other.span.start, ..value.span };
            let stroke = Diagnostic::new("E151", sign).variant("word").arg("found", "/");
            let word = if chinese { "或" } else { "or" };
            self.report(stroke.arg("word", word).fix("when", sign, format!(" {word} "), false));
        }
        told
    }

    /// `46-61` in a cell is a subtraction to the grammar and a span to whoever wrote it.
    fn judge_span(&mut self, written: &str, value: &ast::Expr) {
        let literal = |expr: &ast::Expr| matches!(expr.kind, ast::ExprKind::Literal(_));
        if let ast::ExprKind::Binary(ast::BinaryOp::Subtract, from, to) = &value.kind
            && literal(from)
            && literal(to)
        {
            let sign = Span { start: from.span.end, end: to.span.start, ..value.span };
            let ends = written.split_once(['-', '−', '－']).map(|(from, to)| (from.trim(), to.trim()));
            let unit =
                ends.map(|(from, to)| with_unit_of(from, to).replacen(from, "", 1)).unwrap_or_default();
            self.report(Diagnostic::new("E117", value.span).variant("range").arg("found", written).fix(
                "dots",
                sign,
                format!("{unit}.."),
                false,
            ));
        }
    }

    fn outcome(&mut self, pair: Pair<'_>) -> Option<ast::Outcome> {
        let span = self.span(&pair);
        let child = pair.into_inner().next()?;
        let kind = match child.as_rule() {
            Rule::unknown => ast::OutcomeKind::Unknown,
            Rule::refer => {
                let (role, text) = self.refer(child)?;
                ast::OutcomeKind::Refer(role, text)
            }
            Rule::refuse => ast::OutcomeKind::Refuse,
            Rule::raise => ast::OutcomeKind::Up(self.only_expr(child)?),
            Rule::lower => ast::OutcomeKind::Down(self.only_expr(child)?),
            Rule::unchanged => ast::OutcomeKind::Unchanged,
            Rule::cancel => ast::OutcomeKind::Cancel,
            Rule::no_recommendation => ast::OutcomeKind::NoRecommendation,
            _ => ast::OutcomeKind::Value(self.expr(child)),
        };
        Some(ast::Outcome { kind, span })
    }

    pub(super) fn correction(&mut self, pair: Pair<'_>) -> Option<ast::Correction> {
        let (name, label) = self.head(pair.clone());
        let (mut keys, mut rows) = (Vec::new(), Vec::new());
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::keys => keys = self.keys(child),
                Rule::correction_body => {
                    let parts = child.into_inner().filter(|part| part.as_rule() == Rule::correction_row);
                    rows = parts.filter_map(|part| self.row(part)).collect();
                }
                _ => {}
            }
        }
        Some(ast::Correction { name: name?, label, keys, rows })
    }
}

/// `61,85,10%` as the first line: a row of a file, whose cells commas alone part.
fn row_of_commas(written: &str, span: Span, table: &ast::Table) -> Option<Diagnostic> {
    let cells: Vec<&str> = written.split([',', '，', '、']).map(str::trim).collect();
    let figures = cells.iter().filter(|cell| cell.starts_with(|ch: char| ch.is_ascii_digit())).count();
    let row = phrases::row_meant(&cells, table.keys.len(), table.results.len()).filter(|_| figures > 0)?;
    let told = Diagnostic::new("E153", span).variant("commas").arg("written", &row).help("row");
    Some(told.fix("commas", span, row, false))
}

/// The name in a cell of a heading.
fn heading_name(cell: ast::Cell) -> Option<ast::Name> {
    let mut patterns = cell.patterns.into_iter();
    match (patterns.next()?.kind, patterns.next()) {
        (ast::PatternKind::Value(ast::Expr { kind: ast::ExprKind::Name(name), .. }), None) => Some(name),
        _ => None,
    }
}
