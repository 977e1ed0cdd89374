//! The book: what one customer has to do with another.

use super::{AggregateFunction, Expr, Label, Name, Reason, Rounding};
use crate::base::Span;

/// `portfolio book { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Portfolio {
    /// The name of the book: `book.total` reads a value of it.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// What stands in it, in the order written.
    pub members: Vec<BookMember>,
}

impl Portfolio {
    /// The budgets of a group, or those of all customers.
    pub fn caps<'a>(&'a self, group: Option<&'a BookGroup>) -> impl Iterator<Item = &'a BookCap> {
        let of_all = self.members.iter().filter(move |_| group.is_none()).filter_map(|member| match member {
            BookMember::Cap(cap) => Some(cap),
            BookMember::Value(_) | BookMember::Group(_) => None,
        });
        of_all.chain(group.into_iter().flat_map(|group| &group.caps))
    }

    /// The values, each with the group in which it stands.
    pub fn values(&self) -> impl Iterator<Item = (&BookValue, Option<&BookGroup>)> {
        self.members.iter().flat_map(|member| {
            let (alone, group) = match member {
                BookMember::Value(value) => (Some(value), None),
                BookMember::Group(group) => (None, Some(group)),
                BookMember::Cap(_) => (None, None),
            };
            let of_group =
                group.into_iter().flat_map(|group| group.values.iter().map(move |it| (it, Some(group))));
            alone.into_iter().map(|value| (value, None)).chain(of_group)
        })
    }
}

/// What stands in a portfolio.
#[derive(Clone, PartialEq, Debug)]
pub enum BookMember {
    /// A value over all customers.
    Value(BookValue),
    /// A group of customers with the values over its members.
    Group(BookGroup),
    /// A budget that all customers share.
    Cap(BookCap),
}

/// `group affiliates by group_id { … }`: customers with the same key are members of one group.
#[derive(Clone, PartialEq, Debug)]
pub struct BookGroup {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// What its members have in common.
    pub key: Expr,
    /// The values over its members.
    pub values: Vec<BookValue>,
    /// The budgets that its members share.
    pub caps: Vec<BookCap>,
    /// From its first word to its last brace.
    pub span: Span,
}

/// `group_exposure = sum of exposure, skip unknown`
#[derive(Clone, PartialEq, Debug)]
pub struct BookValue {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// What it is.
    pub kind: BookValueKind,
    /// `where …`: only these members count.
    pub filter: Option<Expr>,
    /// `skip unknown`: members of whom it is not known are left out, and counted.
    pub skip_unknown: Option<Span>,
    /// How it is rounded.
    pub rounding: Option<Rounding>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// What a value of the book is.
#[derive(Clone, PartialEq, Debug)]
pub enum BookValueKind {
    /// `sum of exposure`, `count of members`: one figure for all members.
    Fold {
        /// Which.
        function: AggregateFunction,
        /// What is aggregated; none for `count of members`.
        operand: Option<Expr>,
    },
    /// `cumulated share by year_sales, id`: from the largest down, the member's own share included.
    CumulatedShare(Vec<BookKey>),
    /// `rank by year_sales, id`: 1 for the first.
    Rank(Vec<BookKey>),
}

/// A key of an order among members.
#[derive(Clone, PartialEq, Debug)]
pub struct BookKey {
    /// What is compared.
    pub value: Expr,
    /// Which end comes first, where that is said.
    pub order: Option<(KeyOrder, Span)>,
    /// Where it stands.
    pub span: Span,
}

/// Which end of an order comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyOrder {
    /// `highest first`
    HighestFirst,
    /// `lowest first`
    LowestFirst,
}

/// `cap used at branch_budget serve in order of risk_class, id`
#[derive(Clone, PartialEq, Debug)]
pub struct BookCap {
    /// The sum that is capped.
    pub value: Name,
    /// The budget.
    pub budget: Expr,
    /// In which order the members are served.
    pub keys: Vec<BookKey>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}
