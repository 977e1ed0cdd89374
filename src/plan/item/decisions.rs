//! What a policy decides, what must always hold of it, and its cases.

use super::super::{ItemId, Label, StepId};
use crate::base::{Span, Str};
use crate::check::hir;
use crate::value::{Date, FieldId, Value};

/// `decision`
#[derive(Clone, Debug)]
pub struct DecisionItem {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What it lists.
    pub outputs: Vec<OutputItem>,
    /// Where it stands.
    pub span: Span,
}

/// An output of a decision.
#[derive(Clone, Debug)]
pub struct OutputItem {
    /// The name as it is listed.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// The step.
    pub step: StepId,
    /// The construct it is the value of, where it is one.
    pub item: Option<ItemId>,
    /// It may be unknown.
    pub optional: bool,
    /// It is the house's own: the customer is not told.
    pub internal: bool,
    /// Where it stands.
    pub span: Span,
}

/// `always`
#[derive(Clone, Debug)]
pub struct AlwaysItem {
    /// Whether it holds.
    pub holds: StepId,
    /// Its stable address: `trade_credit/always 1`.
    pub address: Str,
    /// Where it stands.
    pub span: Span,
}

/// `case`
#[derive(Clone, Debug)]
pub struct CaseItem {
    /// Its name.
    pub name: Str,
    /// The policy it stands in.
    pub policy: usize,
    /// The day on which it is decided.
    pub as_of: Option<Date>,
    /// The facts that are given.
    pub facts: Vec<(FieldId, hir::Given, Span)>,
    /// The computed values that are given and stand.
    pub values: Vec<(StepId, Value, Span)>,
    /// The computed values of items that are given and stand.
    pub item_values: Vec<GivenItems>,
    /// The parameters that are set, by number.
    pub params: Vec<(u32, Value, Span)>,
    /// What must come out.
    pub expect: Vec<ExpectItem>,
    /// Where it stands.
    pub span: Span,
}

/// A computed value of items that a case gives.
#[derive(Clone, Debug)]
pub struct GivenItems {
    /// The step, one of items.
    pub step: StepId,
    /// By the place of the item, what is given; where nothing is, it is computed.
    pub values: Vec<Option<Value>>,
}

impl GivenItems {
    /// Whether it is given of every item, so that nothing it rests on is needed.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.values.iter().all(Option::is_some)
    }
}

/// What must come out.
#[derive(Clone, Debug)]
pub struct ExpectItem {
    /// The step; none where only a reason is expected.
    pub step: Option<StepId>,
    /// The key of the item, for an item step.
    pub item: Option<Value>,
    /// What it must be.
    pub value: hir::ExpectValue,
    /// The reason code that must be among those of the decision.
    pub because: Option<Str>,
    /// As written.
    pub written: Str,
    /// Where it stands.
    pub span: Span,
}
