//! Cases and their data.

use super::{Lowering, ast};
use crate::syntax::grammar::{Pair, Rule};

impl Lowering {
    pub(super) fn case(&mut self, pair: Pair<'_>) -> Option<ast::Case> {
        let (mut name, mut as_of, mut given, mut expect) = (None, None, Vec::new(), Vec::new());
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::text => name = Some(self.text(&child)),
                Rule::literal => as_of = self.day(child),
                Rule::given => {
                    let entries = child.into_inner().filter(|part| part.as_rule() == Rule::given_entry);
                    given.extend(entries.filter_map(|entry| self.given(entry)));
                }
                Rule::expect => {
                    let entries = child.into_inner().filter(|part| part.as_rule() == Rule::expect_entry);
                    expect.extend(entries.filter_map(|entry| self.expect(entry)));
                }
                _ => {}
            }
        }
        Some(ast::Case { name: name?, as_of, given, expect })
    }

    /// `decision review open`
    fn decided(&mut self, pair: Pair<'_>) -> Option<ast::ExpectValue> {
        let (mut name, mut how) = (None, None);
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::name => name = Some(self.name(&child)),
                Rule::decided => {
                    how = child.into_inner().next().and_then(|word| match word.as_rule() {
                        Rule::kw_final => Some(ast::Decided::Final),
                        Rule::kw_open => Some(ast::Decided::Open),
                        Rule::kw_refused => Some(ast::Decided::Refused),
                        _ => None,
                    });
                }
                _ => {}
            }
        }
        Some(ast::ExpectValue::Decided(name, how?))
    }

    fn given(&mut self, pair: Pair<'_>) -> Option<ast::Given> {
        let span = self.span(&pair);
        let (mut target, mut value) = (None, None);
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::path => target = Some(self.expr(child)),
                Rule::datum => value = self.datum(child),
                _ => {}
            }
        }
        Some(ast::Given { target: target?, value: value?, span })
    }

    fn expect(&mut self, pair: Pair<'_>) -> Option<ast::Expect> {
        let span = self.span(&pair);
        let (mut target, mut value, mut because) = (None, ast::ExpectValue::Any, None);
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::path => target = Some(self.expr(child)),
                Rule::withheld => value = ast::ExpectValue::Withheld,
                Rule::expect_asks => value = ast::ExpectValue::Asks(self.first_name(child)?),
                Rule::expect_status => value = self.decided(child)?,
                Rule::expect_fault => value = ast::ExpectValue::Fault,
                Rule::datum => {
                    let datum = self.datum(child)?;
                    value = match datum.kind {
                        ast::DatumKind::Unknown => ast::ExpectValue::Unknown,
                        _ => ast::ExpectValue::Value(datum),
                    };
                }
                Rule::expect_because => because = self.first_name(child),
                _ => {}
            }
        }
        Some(ast::Expect { target, value, because, span })
    }

    pub(in crate::syntax) fn datum(&mut self, pair: Pair<'_>) -> Option<ast::Datum> {
        let span = self.span(&pair);
        let child = pair.into_inner().next()?;
        let kind = match child.as_rule() {
            Rule::data_list => ast::DatumKind::List(
                child
                    .into_inner()
                    .filter(|part| part.as_rule() == Rule::datum)
                    .filter_map(|part| self.datum(part))
                    .collect(),
            ),
            Rule::record => ast::DatumKind::Record(
                child
                    .into_inner()
                    .filter(|part| part.as_rule() == Rule::entry)
                    .filter_map(|part| self.entry(part))
                    .collect(),
            ),
            Rule::unknown => ast::DatumKind::Unknown,
            Rule::joint => ast::DatumKind::Joint(self.joint(child)),
            _ => ast::DatumKind::Value(self.expr(child)),
        };
        Some(ast::Datum { kind, span })
    }

    fn entry(&mut self, pair: Pair<'_>) -> Option<ast::Entry> {
        let (mut name, mut part, mut value) = (None, None, None);
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::any_name if name.is_none() => name = Some(self.name(&child)),
                Rule::any_name => part = Some(self.name(&child)),
                Rule::datum => value = self.datum(child),
                _ => {}
            }
        }
        Some(ast::Entry { name: name?, part, value: value? })
    }
}
