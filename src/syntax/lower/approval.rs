//! Roles, joint signatures, authorities.

use super::Lowering;
use crate::diag::Diagnostic;
use crate::syntax::grammar::{Pair, Rule};
use crate::syntax::keywords::keyword;
use crate::syntax::{apart, ast};

impl Lowering {
    /// `roles { credit_analyst, credit_manager "信用经理" above credit_analyst }`
    pub(super) fn roles(&mut self, pair: Pair<'_>) -> Vec<ast::Role> {
        pair.into_inner()
            .filter(|child| child.as_rule() == Rule::role_names)
            .flat_map(Pair::into_inner)
            .filter(|child| child.as_rule() == Rule::role)
            .filter_map(|role| self.role(role))
            .collect()
    }

    fn role(&mut self, pair: Pair<'_>) -> Option<ast::Role> {
        let (mut named, mut above) = (None, Vec::new());
        let whole = pair.as_span().get_input();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::named => named = self.named(child),
                Rule::role_above => {
                    let names = child.into_inner().filter(|part| part.as_rule() == Rule::name);
                    above.extend(names.map(|part| self.name(&part)));
                }
                _ => {}
            }
        }
        let named = named?;
        if let Some(told) = above_without_blanks(&named, above.is_empty(), whole) {
            self.report(told);
        }
        Some(ast::Role { named, above })
    }

    /// `a and b`, `a or b`, `exactly a`, `nobody`; `and` beside `or` needs brackets, or nobody knows which binds first.
    pub(super) fn signers(&mut self, pair: Pair<'_>) -> ast::Signers {
        let span = self.span(&pair);
        let (mut parts, mut and, mut or) = (Vec::new(), None, None);
        for child in pair.into_inner() {
            let here = self.span(&child);
            match child.as_rule() {
                Rule::signer => parts.extend(self.signer(child)),
                Rule::kw_and => {
                    and.get_or_insert(here);
                }
                Rule::kw_or => {
                    or.get_or_insert(here);
                }
                _ => {}
            }
        }
        let kind = match (parts.len(), and, or) {
            (1, ..) => return parts.remove(0),
            (_, Some(and), Some(or)) => {
                self.report(Diagnostic::new("E130", span).label(and, "and").label(or, "or").help("brackets"));
                ast::SignersKind::Error
            }
            (_, Some(_), None) => ast::SignersKind::And(parts),
            (_, None, Some(_)) => ast::SignersKind::Or(parts),
            (_, None, None) => ast::SignersKind::Error,
        };
        ast::Signers { kind, span }
    }

    /// `a and b`, `exactly a`, where data stand.
    pub(super) fn joint(&mut self, pair: Pair<'_>) -> ast::Signers {
        let exactly = pair.clone().into_inner().any(|part| part.as_rule() == Rule::kw_exactly);
        let span = self.span(&pair);
        match exactly {
            true => self.signer(pair).unwrap_or(ast::Signers { kind: ast::SignersKind::Error, span }),
            false => self.signers(pair),
        }
    }

    fn signer(&mut self, pair: Pair<'_>) -> Option<ast::Signers> {
        let span = self.span(&pair);
        let (mut role, mut exactly) = (None, None);
        for child in pair.into_inner() {
            let here = self.span(&child);
            match child.as_rule() {
                Rule::signers => return Some(self.signers(child)),
                Rule::kw_nobody => return Some(ast::Signers { kind: ast::SignersKind::Nobody, span }),
                Rule::kw_exactly => exactly = Some(here),
                Rule::name => role = Some(self.name(&child)),
                _ => {}
            }
        }
        Some(ast::Signers { kind: ast::SignersKind::Role { role: role?, exactly }, span })
    }

    /// `authority grant for credit_limit by risk_class grid { … }`
    pub(super) fn authority(&mut self, pair: Pair<'_>) -> Option<ast::Authority> {
        let (name, label) = self.head(pair.clone());
        let (mut of, mut keys, mut list, mut grid_span, mut columns) = (None, Vec::new(), None, None, None);
        let (mut rows, mut on_disagreement, mut beyond) = (Vec::new(), None, None);
        let mut reason = ast::Reason::default();
        for child in pair.into_inner() {
            let here = self.span(&child);
            match child.as_rule() {
                Rule::path => of = Some(self.expr(child)),
                Rule::keys => keys = self.keys(child),
                Rule::from_records => list = self.first_name(child),
                Rule::grid => self.once(&mut grid_span, here, here),
                Rule::columns => columns = Some((self.cell_list(child), here)),
                Rule::authority_row => rows.extend(self.row(child)),
                Rule::on_disagreement => {
                    if let Some(role) = self.first_name(child) {
                        self.once(&mut on_disagreement, role, here);
                    }
                }
                Rule::beyond => {
                    let carries = child.into_inner().find(|part| part.as_rule() == Rule::quantity);
                    let carries = carries.map(|part| self.expr(part));
                    self.once(&mut beyond, ast::Beyond { carries, span: here }, here);
                }
                _ => self.why(child, &mut reason),
            }
        }
        // A line of cells without `grid` could be a row that lost its signers: it is never taken for a heading.
        let grid = match (grid_span, columns) {
            (Some(_), Some((cells, _))) => Some(cells),
            (Some(span), None) => {
                self.report(Diagnostic::new("E131", span).help("columns"));
                Some(Vec::new())
            }
            (None, Some((_, span))) => {
                self.report(Diagnostic::new("E131", span).variant("heading").help("grid"));
                None
            }
            (None, None) => None,
        };
        Some(ast::Authority {
            name: name?,
            label,
            of: of?,
            keys,
            list,
            grid,
            grid_span,
            rows,
            on_disagreement,
            beyond,
            reason,
        })
    }
}

/// `财务总监高于信用经理` is one name to the grammar: where both its parts are roles, the blanks beside the word lack.
fn above_without_blanks(named: &ast::Named, alone: bool, text: &str) -> Option<Diagnostic> {
    let word = keyword("above_role")?.zh;
    let (left, right) = named.name.text.split_once(word).filter(|_| alone)?;
    if left.is_empty() || right.is_empty() || !apart::stands_in(text, right) {
        return None;
    }
    let written = format!("{left} {word} {right}");
    let told = Diagnostic::new("E106", named.name.span).variant("keyword").arg("found", &named.name.text);
    Some(told.arg("word", word).fix("blank", named.name.span, written, true))
}
