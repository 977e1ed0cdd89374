//! Types, facts, parameters, values, items.

use super::{Lowering, ast};
use crate::diag::Diagnostic;
use crate::syntax::grammar::{Pair, Rule};

impl Lowering {
    /// A type. `list 6 money` is read from its last word back.
    pub(super) fn type_expr(&mut self, pair: Pair<'_>) -> ast::TypeExpr {
        let span = self.span(&pair);
        let mut lists = Vec::new();
        let mut kind = ast::TypeKind::Error;
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::list_of => {
                    let length = child.into_inner().find(|part| part.as_rule() == Rule::number);
                    lists.push(length.and_then(|number| self.number(&number)));
                }
                Rule::type_money => kind = ast::TypeKind::Money(self.first_name(child)),
                Rule::type_number => kind = ast::TypeKind::Number,
                Rule::type_percent => kind = ast::TypeKind::Percent,
                Rule::type_date => kind = ast::TypeKind::Date,
                Rule::type_days => kind = ast::TypeKind::Days,
                Rule::type_months => kind = ast::TypeKind::Months,
                Rule::type_text => kind = ast::TypeKind::Text,
                Rule::type_yes_no => kind = ast::TypeKind::YesNo,
                Rule::type_set => kind = ast::TypeKind::Set(self.dotted(child)),
                Rule::type_named => kind = ast::TypeKind::Named(self.dotted(child)),
                Rule::type_sign_off => {
                    let of = Some(self.type_expr(child)).filter(|of| of.kind != ast::TypeKind::Error);
                    kind = ast::TypeKind::SignOff(of.map(Box::new));
                }
                Rule::type_exception => kind = ast::TypeKind::Exception(Box::new(self.type_expr(child))),
                Rule::records => {
                    let facts = child.into_inner().filter(|part| part.as_rule() == Rule::fact);
                    kind = ast::TypeKind::Records(facts.filter_map(|fact| self.fact(fact)).collect());
                }
                _ => {}
            }
        }
        if lists.len() > 1 {
            self.report(Diagnostic::new("E113", span).variant("lists"));
            return ast::TypeExpr { kind: ast::TypeKind::Error, span };
        }
        if let Some(length) = lists.pop() {
            kind = ast::TypeKind::List(length, Box::new(ast::TypeExpr { kind, span }));
        }
        ast::TypeExpr { kind, span }
    }

    fn dotted(&mut self, pair: Pair<'_>) -> Vec<ast::Name> {
        pair.into_inner()
            .filter(|child| child.as_rule() == Rule::dotted)
            .flat_map(Pair::into_inner)
            .map(|part| self.name(&part))
            .collect()
    }

    /// `0..10`, `>= 0`, `> 0 <= 5`
    pub(super) fn range(&mut self, pair: Pair<'_>) -> ast::Range {
        let mut range = ast::Range::default();
        for child in pair.into_inner() {
            let span = self.span(&child);
            match child.as_rule() {
                Rule::fixed => {
                    let bound = (self.expr(child), true);
                    let place = if range.from.is_none() { &mut range.from } else { &mut range.to };
                    *place = Some(bound);
                }
                Rule::range_bound => {
                    let (mut lower, mut included, mut bound) = (false, false, None);
                    for part in child.into_inner() {
                        match part.as_rule() {
                            Rule::op_ge => (lower, included) = (true, true),
                            Rule::op_gt => lower = true,
                            Rule::op_le => included = true,
                            Rule::fixed => bound = Some(self.expr(part)),
                            _ => {}
                        }
                    }
                    if let Some(bound) = bound {
                        let place = if lower { &mut range.from } else { &mut range.to };
                        self.once(place, (bound, included), span);
                    }
                }
                _ => {}
            }
        }
        range
    }

    pub(super) fn facts(&mut self, pair: Pair<'_>) -> Vec<ast::Fact> {
        pair.into_inner()
            .filter(|child| child.as_rule() == Rule::fact)
            .filter_map(|fact| self.fact(fact))
            .collect()
    }

    pub(super) fn fact(&mut self, pair: Pair<'_>) -> Option<ast::Fact> {
        let span = self.span(&pair);
        let (name, label) = self.head(pair.clone());
        let mut fact = ast::Fact {
            name: name?,
            label,
            ty: ast::TypeExpr { kind: ast::TypeKind::Error, span },
            range: ast::Range::default(),
            decimals: None,
            optional: None,
            default: None,
            unknown_when: Vec::new(),
            key: None,
            personal: None,
            internal: None,
            oldest_first: None,
            latest_within: None,
            latest_first: None,
            span,
        };
        for child in pair.into_inner() {
            let here = self.span(&child);
            match child.as_rule() {
                Rule::r#type => fact.ty = self.type_expr(child),
                Rule::range => fact.range = self.range(child),
                Rule::decimals => {
                    let number = child.into_inner().find(|part| part.as_rule() == Rule::number);
                    if let Some(number) = number.and_then(|number| self.number(&number)) {
                        self.once(&mut fact.decimals, number, here);
                    }
                }
                Rule::optional => self.once(&mut fact.optional, here, here),
                Rule::default => {
                    if let Some(value) = self.only_expr(child) {
                        self.once(&mut fact.default, value, here);
                    }
                }
                Rule::unknown_when => fact.unknown_when.extend(self.exprs(child)),
                Rule::key_mark => self.once(&mut fact.key, here, here),
                Rule::personal => self.once(&mut fact.personal, here, here),
                Rule::house_fact => self.once(&mut fact.internal, here, here),
                Rule::latest_first => self.once(&mut fact.latest_first, here, here),
                Rule::oldest_first => self.once(&mut fact.oldest_first, here, here),
                Rule::latest_within => {
                    let number = child.into_inner().find(|part| part.as_rule() == Rule::number);
                    if let Some(number) = number.and_then(|number| self.number(&number)) {
                        self.once(&mut fact.latest_within, number, here);
                    }
                }
                _ => {}
            }
        }
        Some(fact)
    }

    pub(super) fn param(&mut self, pair: Pair<'_>) -> Option<ast::Param> {
        let (name, label) = self.head(pair.clone());
        let (mut ty, mut range, mut value) = (None, ast::Range::default(), None);
        let mut reason = ast::Reason::default();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::r#type => ty = Some(self.type_expr(child)),
                Rule::range => range = self.range(child),
                Rule::expr => value = Some(ast::ParamValue::One(self.expr(child))),
                Rule::by_date => value = Some(ast::ParamValue::ByDate(self.by_date(child))),
                _ => self.why(child, &mut reason),
            }
        }
        Some(ast::Param { name: name?, label, ty: ty?, range, value: value?, cite: reason.cite })
    }

    pub(super) fn let_item(&mut self, pair: Pair<'_>) -> Option<ast::Let> {
        let (name, label) = self.head(pair.clone());
        let (mut value, mut rounding) = (None, None);
        let mut reason = ast::Reason::default();
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::expr => value = Some(self.expr(child)),
                Rule::rounding => rounding = self.rounding(child),
                _ => self.why(child, &mut reason),
            }
        }
        Some(ast::Let { name: name?, label, value: value?, rounding, reason })
    }

    pub(super) fn for_each(&mut self, pair: Pair<'_>) -> Option<ast::ForEach> {
        let mut each = None;
        for child in pair.clone().into_inner() {
            if child.as_rule() == Rule::each {
                each = self.each(child);
            }
        }
        let items = self.items(pair);
        for item in &items {
            let fits = matches!(
                item.kind,
                ast::ItemKind::Let(_)
                    | ast::ItemKind::Table(_)
                    | ast::ItemKind::Scorecard(_)
                    | ast::ItemKind::Grades(_)
                    | ast::ItemKind::Correction(_)
                    | ast::ItemKind::Total(_)
            );
            if !fits {
                let mut report = Diagnostic::new("E123", item.span);
                if matches!(item.kind, ast::ItemKind::Authority(_)) {
                    report = report.help("authority");
                }
                self.report(report);
            }
        }
        let (item, list) = each?;
        Some(ast::ForEach { item, list, items })
    }

    /// `invoice in invoices`, or the list alone.
    pub(super) fn each(&mut self, pair: Pair<'_>) -> Option<(Option<ast::Name>, ast::Name)> {
        let mut names: Vec<ast::Name> = pair
            .into_inner()
            .filter(|part| part.as_rule() == Rule::name)
            .map(|part| self.name(&part))
            .collect();
        let list = names.pop()?;
        Some((names.pop(), list))
    }
}
