//! Sums whose lines show, and the layers that secure a limit.

use super::{Condition, Expr, IfUnknown, Label, Reason};
use crate::base::{Span, Str};
use crate::value::Rounding;

/// `total`
#[derive(Clone, Debug)]
pub struct Total {
    /// The lines in order; each reads only lines before it.
    pub lines: Vec<TotalLine>,
    /// Not below; why, and where that stands.
    pub floor: Option<(Expr, Reason, Span)>,
    /// How the sum is rounded.
    pub rounding: Option<Rounding>,
}

/// A line of a total.
#[derive(Clone, Debug)]
pub struct TotalLine {
    /// It is taken off rather than added.
    pub minus: bool,
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What it comes to.
    pub value: Expr,
    /// Not above; a bound below 0 counts as 0.
    pub at_most: Option<Expr>,
    /// How it is rounded.
    pub rounding: Option<Rounding>,
    /// It is left out where it is unknown.
    pub skip_unknown: bool,
    /// What is done where it is unknown: a role is asked, or the customer refused.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// A layer of a limit.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What the security is worth.
    pub value: Expr,
    /// The part that is taken off, a percent.
    pub haircut: Option<Expr>,
    /// How great a part it may be, a percent.
    pub share: Option<Expr>,
    /// The last day on which it is good; part of its condition.
    pub valid_until: Option<Expr>,
    /// Whether it has a condition of its own beside that.
    pub guarded: bool,
    /// When it counts: its own condition, and that it has not expired.
    pub condition: Condition,
    /// It bears nothing where its worth is unknown.
    pub skip_unknown: bool,
}
