//! Which name of a text stands for what: for who reads along in an editor.

use super::{ParamId, Part, PolicyId, ReferenceId, ScriptId, SeriesId, ValueId, WordsId};
use crate::base::Span;
use crate::value::{EnumId, FieldId};

/// A name where it is written, and what it stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Mention {
    /// The name as it is written.
    pub at: Span,
    /// The name where that is declared; the same place for the declaration itself.
    pub of: Span,
    /// What it stands for.
    pub means: Meaning,
}

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Meaning {
    /// A fact of the customer.
    Fact(FieldId),
    /// A field of a record list, by its place.
    Field(FieldId, u32),
    /// A parameter.
    Param(ParamId),
    /// A parameter by date.
    Series(SeriesId),
    /// A table in a file beside the policy.
    Reference(ReferenceId),
    /// A value.
    Value(ValueId),
    /// A part of a value that the policy names: a method of a limit, a section of a card, a line of a total, a result of a table.
    Part(ValueId, Part),
    /// A function of a script.
    Script(ScriptId),
    /// A member of a kind, a grade, a state, a step, a hold.
    Member(EnumId, u32),
    /// A kind, a grade scale, a stance, the steps of a ladder, the holds of checks.
    Kind(EnumId),
    /// A role, by its place among the roles.
    Role(u32),
    /// An action, by its place among the actions.
    Action(u32),
    /// A policy.
    Policy(PolicyId),
    /// The code of a reason, with its words where the policy gives it, or where it does first. It is declared by being given.
    Reason(Option<WordsId>),
    /// A parameter of an applied table: known inside it alone.
    Local,
}
