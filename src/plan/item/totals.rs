//! Totals, layers, allocations: which step is which line.

use super::super::{Label, Question, RuleId, StepId};
use crate::base::{Span, Str};
use crate::value::{FieldId, Rounding};

/// `total`
#[derive(Clone, Debug)]
pub struct TotalItem {
    /// The lines in order.
    pub lines: Vec<TotalLineItem>,
    /// What they come to.
    pub sum: StepId,
    /// Not below: the least, and the rule that carries its reason.
    pub floor: Option<(StepId, RuleId)>,
    /// What the sum and its floor come to, before the total is rounded.
    pub floored: StepId,
}

/// A line of a total.
#[derive(Clone, Debug)]
pub struct TotalLineItem {
    /// It is taken off rather than added.
    pub minus: bool,
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What it comes to before it is capped and rounded.
    pub raw: StepId,
    /// What it is capped at: as the policy names it, and as it counts, not below 0.
    pub at_most: Option<(StepId, StepId)>,
    /// The earlier line that it is capped at.
    pub beside: Option<u32>,
    /// Its rounding: the step before, and how.
    pub rounding: Option<(StepId, Rounding)>,
    /// What it comes to.
    pub value: StepId,
    /// What goes into the sum: 0 where it is left out.
    pub counted: StepId,
    /// It is left out where it is unknown.
    pub skip_unknown: bool,
    /// What a role is asked where it is unknown.
    pub question: Option<Question>,
    /// The rule that carries its reason.
    pub rule: RuleId,
    /// Where it stands.
    pub span: Span,
}

/// A layer of a limit.
#[derive(Clone, Debug)]
pub struct LayerItem {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What the security is worth.
    pub worth: StepId,
    /// The part that is taken off.
    pub haircut: Option<StepId>,
    /// The last day on which it is good.
    pub valid_until: Option<StepId>,
    /// Whether it has a condition of its own beside that.
    pub guarded: bool,
    /// What is left of its worth.
    pub lendable: StepId,
    /// How great a part it may be, and how much that is.
    pub share: Option<(StepId, StepId)>,
    /// What the layers above leave of the amount.
    pub left: Option<StepId>,
    /// What it bears.
    pub bears: StepId,
    /// It bears nothing where its worth is unknown.
    pub skip_unknown: bool,
    /// The rule: when it counts, and why.
    pub rule: RuleId,
    /// Where it stands.
    pub span: Span,
}

/// `allocate`
#[derive(Clone, Debug)]
pub struct AllocationItem {
    /// The list.
    pub list: FieldId,
    /// What is allocated.
    pub amount: StepId,
    /// The order.
    pub keys: Vec<StepId>,
    /// What an item can take, not below 0.
    pub up_to: StepId,
    /// What is left for it when the items before it have been served.
    pub left: StepId,
}
