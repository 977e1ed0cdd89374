//! `checklist`

use super::{Lowering, ast};
use crate::syntax::grammar::{Pair, Rule};

impl Lowering {
    pub(super) fn checklist(&mut self, pair: Pair<'_>) -> Option<ast::Checklist> {
        let (mut name, mut label, mut kind, mut list) = (None, ast::Label::default(), Vec::new(), None);
        let mut papers = Vec::new();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::name if name.is_none() => name = Some(self.name(&child)),
                Rule::name => list = Some(self.name(&child)),
                Rule::label => label = self.label(child),
                Rule::dotted => kind = child.into_inner().map(|part| self.name(&part)).collect(),
                Rule::paper => papers.extend(self.paper(child)),
                _ => {}
            }
        }
        Some(ast::Checklist { name: name?, label, kind, list: list?, papers })
    }

    fn paper(&mut self, pair: Pair<'_>) -> Option<ast::Paper> {
        let span = self.span(&pair);
        let (mut paper, mut when, mut if_unknown, mut validity) = (None, None, None, None);
        let mut reason = ast::Reason::default();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::name => paper = Some(self.name(&child)),
                Rule::when => when = self.only_expr(child),
                Rule::if_unknown => if_unknown = self.if_unknown(child),
                Rule::validity => validity = self.validity(child),
                _ => self.why(child, &mut reason),
            }
        }
        Some(ast::Paper { paper: paper?, when, if_unknown, validity, reason, span })
    }

    fn validity(&mut self, pair: Pair<'_>) -> Option<ast::Validity> {
        let span = self.span(&pair);
        let (mut kind, mut if_unknown) = (None, None);
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::valid_while => kind = self.only_expr(child).map(ast::ValidityKind::While),
                Rule::valid_period => {
                    let mut sums = child.into_inner().filter(|part| part.as_rule() == Rule::sum);
                    if let (Some(length), Some(since)) = (sums.next(), sums.next()) {
                        kind = Some(ast::ValidityKind::Since(self.expr(length), self.expr(since)));
                    }
                }
                Rule::if_unknown => if_unknown = self.if_unknown(child),
                _ => {}
            }
        }
        Some(ast::Validity { kind: kind?, if_unknown, span })
    }
}
