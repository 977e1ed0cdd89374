//! The book: values that one customer has because of the others.

use super::{AggregateFunction, Expr, Label, Reason, Rounding};
use crate::base::{Span, Str};

/// A value of a portfolio.
#[derive(Clone, Debug)]
pub struct BookValue {
    /// The name of the portfolio.
    pub portfolio: Str,
    /// Its label.
    pub portfolio_label: Label,
    /// The group over whose members it is taken; none: over all customers.
    pub group: Option<BookGroup>,
    /// What it is.
    pub kind: BookKind,
    /// Only these members count.
    pub filter: Option<Expr>,
    /// Members of whom it is not known are left out and counted.
    pub skip_unknown: bool,
    /// How it is rounded.
    pub rounding: Option<Rounding>,
    /// The budget that the members share.
    pub cap: Option<BookCap>,
    /// Why.
    pub reason: Reason,
}

/// A group of customers.
#[derive(Clone, Debug)]
pub struct BookGroup {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What its members have in common; a customer of whom it is unknown is a member of none.
    pub key: Expr,
}

/// What a value of a portfolio is.
#[derive(Clone, Debug)]
pub enum BookKind {
    /// One figure for all members.
    Fold {
        /// Which.
        function: AggregateFunction,
        /// What is aggregated; none for a count.
        operand: Option<Expr>,
    },
    /// The part that the members up to this one have of the whole, by the first key from the largest down.
    CumulatedShare(Vec<BookKey>),
    /// The place of this member, 1 for the first.
    Rank(Vec<BookKey>),
}

/// A key of an order among members; the last is the customer's own.
#[derive(Clone, Debug)]
pub struct BookKey {
    /// What is compared.
    pub value: Expr,
    /// Whether the highest comes first. Of a scale the best always does.
    pub highest_first: bool,
}

/// A budget that members share.
#[derive(Clone, Debug)]
pub struct BookCap {
    /// How much there is; the same for all members.
    pub budget: Expr,
    /// In which order they are served.
    pub keys: Vec<BookKey>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}
