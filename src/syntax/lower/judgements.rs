//! Judgements and exceptions.

use super::{Lowering, ast};
use crate::base::Span;
use crate::syntax::grammar::{Pair, Rule};

impl Lowering {
    pub(super) fn judgement(&mut self, pair: Pair<'_>) -> Option<ast::Judgement> {
        let (name, label) = self.head(pair.clone());
        let (mut ty, mut between, mut roles, mut question) = (None, None, Vec::new(), None);
        let (mut from, mut valid, mut stand_in) = (None, None, None);
        let mut reason = ast::Reason::default();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::r#type => ty = Some(self.type_expr(child)),
                Rule::between => {
                    let mut bounds = child.into_inner().filter(|part| part.as_rule() == Rule::sum);
                    if let (Some(least), Some(most)) = (bounds.next(), bounds.next()) {
                        between = Some((self.expr(least), self.expr(most)));
                    }
                }
                Rule::by_role => roles = self.by_role(child),
                // The label of the value stands before its type.
                Rule::label if ty.is_some() => question = Some(self.label(child)),
                Rule::from_records => from = self.first_name(child),
                Rule::valid_for => valid = self.only_expr(child),
                Rule::until_answered => stand_in = self.stand_in(child),
                _ => self.why(child, &mut reason),
            }
        }
        Some(ast::Judgement {
            name: name?,
            label,
            ty: ty?,
            between,
            roles,
            question: question?,
            from,
            valid,
            stand_in: stand_in?,
            reason,
        })
    }

    fn stand_in(&mut self, pair: Pair<'_>) -> Option<ast::StandIn> {
        pair.into_inner().find_map(|child| {
            let span: Span = self.span(&child);
            Some(match child.as_rule() {
                Rule::stand_in_lowest => ast::StandIn::Lowest(span),
                Rule::stand_in_highest => ast::StandIn::Highest(span),
                Rule::unknown => ast::StandIn::Unknown(span),
                Rule::sum => ast::StandIn::Value(self.expr(child)),
                _ => return None,
            })
        })
    }

    /// `by finance_head or general_manager`
    fn by_role(&mut self, pair: Pair<'_>) -> Vec<ast::Name> {
        let names = pair.into_inner().filter(|part| part.as_rule() == Rule::name);
        names.map(|name| self.name(&name)).collect()
    }

    pub(super) fn override_item(&mut self, pair: Pair<'_>) -> Option<ast::Override> {
        let (mut target, mut from, mut most, mut roles, mut length) = (None, None, None, Vec::new(), None);
        let mut reason = ast::Reason::default();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::path => target = Some(self.expr(child)),
                Rule::from_records => from = self.first_name(child),
                Rule::override_most => most = self.only_expr(child),
                Rule::by_role => roles = self.by_role(child),
                Rule::for_at_most => length = self.only_expr(child),
                _ => self.why(child, &mut reason),
            }
        }
        Some(ast::Override { target: target?, from: from?, most, roles, length, reason })
    }
}
