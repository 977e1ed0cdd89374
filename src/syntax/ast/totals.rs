//! Sums whose lines show, and the layers that secure a limit.

use super::{Expr, IfUnknown, Label, Name, Reason, Rounding};
use crate::base::Span;

/// `total exposure "敞口" { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Total {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// The lines in the order written.
    pub lines: Vec<TotalLine>,
    /// `floor at 0`: the total is never less; why, and where that stands.
    pub floor: Option<(Expr, Reason, Span)>,
    /// `rounded to 2 decimals`
    pub rounding: Option<Rounding>,
}

/// `minus deposits = deposit at most receivables`
#[derive(Clone, PartialEq, Debug)]
pub struct TotalLine {
    /// `minus` rather than `plus`.
    pub minus: bool,
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// What it comes to.
    pub value: Expr,
    /// `at most …`: an earlier line, or any amount.
    pub at_most: Option<Expr>,
    /// How it is rounded.
    pub rounding: Option<Rounding>,
    /// `skip unknown`: it is left out where it is unknown.
    pub skip_unknown: Option<Span>,
    /// What is done where it is unknown.
    pub if_unknown: Option<IfUnknown>,
    /// Why it is there.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// `layer mortgage = property_value, haircut 30%, valid until mortgage_end, share at most 50%`. When it counts, and why,
/// stands with its line.
#[derive(Clone, PartialEq, Debug)]
pub struct Layer {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// What the security is worth.
    pub value: Expr,
    /// The part that is taken off.
    pub haircut: Option<Expr>,
    /// The last day on which it is good.
    pub valid_until: Option<Expr>,
    /// How great a part of the whole it may be.
    pub share: Option<Expr>,
}
