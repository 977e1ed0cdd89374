//! Loose and strict credit: the states and what triggers them.

use super::{Condition, Expr, Label};
use crate::base::{Span, Str};
use crate::value::{EnumId, FieldId};

/// `triggers`
#[derive(Clone, Debug)]
pub struct Triggers {
    /// The states: those with triggers in the order written, then the one that stands otherwise.
    pub states: EnumId,
    /// The place of the state that stands when nothing fires.
    pub otherwise: u32,
    /// The states with triggers; the `i`th is the member at place `i`.
    pub groups: Vec<TriggerGroup>,
    /// The places of the groups, winner first; every two are ordered or cannot both fire.
    pub precedence: Vec<u32>,
    /// How many days a stance stays at least.
    pub stays: Option<Expr>,
    /// The facts that hold the last stance and since when.
    pub last: Option<(FieldId, FieldId)>,
}

/// A state with its triggers.
#[derive(Clone, Debug)]
pub struct TriggerGroup {
    /// How many must hold; `None` for all.
    pub at_least: Option<u32>,
    /// The triggers.
    pub triggers: Vec<Trigger>,
    /// Where it stands.
    pub span: Span,
}

/// A trigger.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// When it fires.
    pub condition: Condition,
}
