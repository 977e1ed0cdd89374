//! Values of the book: what the others give is read by one step each, whose bounds are known from what it is taken over.

use super::super::{
    AggregateFunction, BookCap, BookCapItem, BookEntry, BookGroup, BookId, BookItem, BookKey, BookPart,
    BookWhat, Bounds, ItemKind, MOST_CUSTOMERS, Op, RuleKind, Scope, StepId,
};
use super::Lower;
use crate::check::hir;
use crate::value::{Number, Type, Unit};

impl Lower<'_> {
    /// A value of a `portfolio`
    pub(super) fn lower_book(&mut self, id: hir::ValueId, definition: &hir::Definition, it: &hir::BookValue) {
        let group = it.group.as_ref().map(|group| BookGroup {
            name: group.name.clone(),
            label: group.label.clone(),
            key: self.expr(&group.key),
        });
        let filter = it.filter.as_ref().map(|filter| self.expr(filter));
        let (what, operand) = match &it.kind {
            hir::BookKind::Fold { function, operand } => {
                (BookWhat::Fold(*function), operand.as_ref().map(|operand| self.expr(operand)))
            }
            hir::BookKind::CumulatedShare(keys) => {
                let keys = self.book_keys(keys);
                let first = keys.first().map(|key| key.step);
                (BookWhat::CumulatedShare(keys), first)
            }
            hir::BookKind::Rank(keys) => {
                let keys = self.book_keys(keys);
                let first = keys.first().map(|key| key.step);
                (BookWhat::Rank(keys), first)
            }
        };
        let cap = it.cap.as_ref().map(|cap| BookCap {
            budget: self.expr(&cap.budget),
            keys: self.book_keys(&cap.keys),
            span: cap.span,
        });
        let key = group.as_ref().map(|group| group.key);
        let value_bounds = self.book_bounds(&what, operand);
        let cap_bounds =
            cap.as_ref().map(|cap| (self.bounds(cap.budget), self.served_bounds(operand, cap.budget)));
        let entry = self.book.push(BookEntry {
            name: self.public_name(id, definition),
            portfolio: (it.portfolio.clone(), it.portfolio_label.clone()),
            group,
            what,
            operand,
            filter,
            skip_unknown: it.skip_unknown,
            cap,
            span: definition.span,
        });
        let count = Bounds {
            decimals: Some(0),
            range: Some((Number::ZERO, Number::from_i64(i64::from(MOST_CUSTOMERS)))),
            unknown: true,
        };
        let number = Type::Number(Unit::NUMBER);
        let own = definition.ty.clone();
        let raw = self.read_book(entry, BookPart::Value, key, own.clone(), value_bounds, definition);
        let value = self.rounded(raw, it.rounding.as_ref(), definition.span);
        let value = self.name(id, hir::Part::Main, value);
        let part = |lower: &mut Self, of: BookPart, named: hir::Part, ty: Type, bounds: Bounds| {
            let step = lower.read_book(entry, of, key, ty, bounds, definition);
            lower.name(id, named, step)
        };
        let members = part(self, BookPart::Members, hir::Part::Members, number.clone(), count.clone());
        let left_out = part(self, BookPart::LeftOut, hir::Part::LeftOut, number.clone(), count.clone());
        let cap = cap_bounds.map(|(budget, served)| {
            let left = Bounds { range: served.1, ..budget.clone() };
            let left = Bounds { decimals: served.0.decimals, unknown: true, ..left };
            let budget = Bounds { unknown: true, ..budget };
            let served = part(self, BookPart::Served, hir::Part::Served, own.clone(), served.0);
            let line = it.cap.as_ref();
            let words = line.map(|line| self.reason(&line.reason)).unwrap_or_default();
            BookCapItem {
                served,
                left: part(self, BookPart::Left, hir::Part::Left, own.clone(), left),
                place: part(self, BookPart::Place, hir::Part::Place, number, count),
                budget: part(self, BookPart::Budget, hir::Part::Budget, own, budget),
                asked: operand.unwrap_or(served),
                short: self.compare(hir::Compare::Less, served, operand.unwrap_or(served), definition.span),
                rule: self.plain_rule(
                    RuleKind::Line,
                    format!("{}/cap", self.address(definition)).into(),
                    words,
                    line.map_or(definition.span, |line| line.span),
                ),
            }
        });
        let rounding = it.rounding.clone().map(|rounding| (raw, rounding));
        let kind = ItemKind::Book(BookItem { entry, members, left_out, cap });
        let words = self.reason(&it.reason);
        self.item(id, definition, value, rounding, words, kind);
    }

    fn book_keys(&mut self, keys: &[hir::BookKey]) -> Vec<BookKey> {
        keys.iter()
            .map(|key| BookKey { step: self.expr(&key.value), highest_first: key.highest_first })
            .collect()
    }

    fn read_book(
        &mut self,
        entry: BookId,
        part: BookPart,
        key: Option<StepId>,
        ty: Type,
        bounds: Bounds,
        definition: &hir::Definition,
    ) -> StepId {
        let step = self.push_own(Op::Book(entry, part, key), ty, Scope::Customer, definition.span);
        if let Some(it) = self.steps.get_mut(step) {
            it.bounds = Bounds { unknown: true, ..bounds };
        }
        step
    }

    /// What is known of a value over the members: there are so many at most.
    fn book_bounds(&self, what: &BookWhat, operand: Option<StepId>) -> Bounds {
        let of = operand.map(|operand| self.bounds(operand)).unwrap_or_default();
        let most = Number::from_i64(i64::from(MOST_CUSTOMERS));
        let (decimals, range) = match what {
            BookWhat::CumulatedShare(_) => (None, Some((Number::ZERO, Number::ONE))),
            BookWhat::Rank(_) => (Some(0), Some((Number::ONE, most))),
            BookWhat::Fold(AggregateFunction::Sum) => {
                let range = of.range.map(|(least, greatest)| {
                    (least.mul(&most).min(Number::ZERO), greatest.mul(&most).max(Number::ZERO))
                });
                (of.decimals, range)
            }
            BookWhat::Fold(AggregateFunction::Count) => (Some(0), Some((Number::ZERO, most))),
            BookWhat::Fold(AggregateFunction::Lowest | AggregateFunction::Highest) => (of.decimals, of.range),
            BookWhat::Fold(AggregateFunction::Average) => (None, of.range),
            BookWhat::Fold(AggregateFunction::Share) => (None, Some((Number::ZERO, Number::ONE))),
            BookWhat::Fold(AggregateFunction::Any | AggregateFunction::All) => (None, None),
        };
        Bounds { decimals, range, unknown: true }
    }

    /// What is known of what a member gets of a budget, and the range of what is left of it before.
    fn served_bounds(&self, operand: Option<StepId>, budget: StepId) -> (Bounds, Option<(Number, Number)>) {
        let of = operand.map(|operand| self.bounds(operand)).unwrap_or_default();
        let all = self.bounds(budget);
        let decimals = of.decimals.zip(all.decimals).map(|(of, all)| of.max(all));
        let to_zero =
            |range: Option<(Number, Number)>| range.map(|(_, most)| (Number::ZERO, most.max(Number::ZERO)));
        (Bounds { decimals, range: to_zero(of.range), unknown: true }, to_zero(all.range))
    }
}
