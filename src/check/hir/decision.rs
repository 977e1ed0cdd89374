//! What a policy decides, what must always hold of it, and the cases that try it.

use super::{Expr, Label, ParamId, Part, ValueId};
use crate::base::{Span, Str};
use crate::value::{Date, FieldId, Value};

/// `decision`
#[derive(Clone, Debug)]
pub struct Decision {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What it lists.
    pub outputs: Vec<Output>,
    /// Where it stands.
    pub span: Span,
}

/// An output of a decision.
#[derive(Clone, Debug)]
pub struct Output {
    /// The name as it is listed: `credit_limit`, `limit_percent.share`.
    pub name: Str,
    /// What it is: a value or a part of one.
    pub value: Expr,
    /// It may be unknown.
    pub optional: bool,
    /// It is the house's own: the customer is not told.
    pub internal: bool,
    /// Where it stands.
    pub span: Span,
}

/// `always`
#[derive(Clone, Debug)]
pub struct Always {
    /// What must hold.
    pub holds: Expr,
    /// Where it stands.
    pub span: Span,
}

/// `case`
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name.
    pub name: Str,
    /// The day on which it is decided.
    pub as_of: Option<Date>,
    /// The facts that are given; records by their fields.
    pub facts: Vec<(FieldId, Given, Span)>,
    /// The computed values that are given and stand.
    pub values: Vec<(ValueId, Part, Given, Span)>,
    /// The computed values of items that are given and stand: by the place of the item, none where it is computed.
    pub item_values: Vec<(ValueId, FieldId, Vec<Option<Value>>, Span)>,
    /// The parameters that are set.
    pub params: Vec<(ParamId, Value, Span)>,
    /// What must come out.
    pub expect: Vec<Expect>,
    /// Where it stands.
    pub span: Span,
}

/// A value that a case gives.
#[derive(Clone, PartialEq, Debug)]
pub enum Given {
    /// A value, or unknown.
    Value(Value),
    /// Records: each a value for the fields that are given, by their place.
    Records(Vec<Vec<(u32, Value)>>),
}

pub use crate::syntax::ast::Decided;

/// What must come out of a case.
#[derive(Clone, Debug)]
pub struct Expect {
    /// What is looked at; none where only a reason is expected.
    pub target: Option<ExpectTarget>,
    /// What it must be.
    pub value: ExpectValue,
    /// The reason code that must be among those of the decision.
    pub because: Option<Str>,
    /// As written, for the report of a failure.
    pub written: Str,
    /// Where it stands.
    pub span: Span,
}

/// What a case looks at.
#[derive(Clone, Debug)]
pub struct ExpectTarget {
    /// The value or fact.
    pub value: Expr,
    /// The key of the item, for a value of items.
    pub item: Option<Value>,
}

/// What must come out.
#[derive(Clone, PartialEq, Debug)]
pub enum ExpectValue {
    /// This value, exactly.
    Value(Value),
    /// Unknown, for whatever cause but `withheld`.
    Unknown,
    /// Withheld.
    Withheld,
    /// The decision breaks what must always hold, or two exceptions contradict each other: it is withheld as a whole.
    Fault,
    /// This role is asked something.
    Asks(Str),
    /// How far a decision is decided, by its place among those of the policy.
    Decided(usize, Decided),
    /// No item: nothing is on the ladder, the list is empty.
    NoItems,
    /// Whatever it is.
    Any,
}
