//! Loose and strict credit: the states and what triggers them.

use super::{Expr, IfUnknown, Label, Name, Named, Reason};
use crate::base::Span;

/// `triggers stance else standard { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Triggers {
    /// The name of the stance.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// What stands when nothing fires.
    pub otherwise: Named,
    /// The states with their triggers.
    pub states: Vec<State>,
    /// `strict wins over loose`: winner, loser.
    pub wins: Vec<(Name, Name, Span)>,
    /// `stays at least 30 days`
    pub stays: Option<(Expr, Span)>,
}

/// `strict when any { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct State {
    /// The state.
    pub state: Named,
    /// How many of the triggers must hold.
    pub quorum: Quorum,
    /// The triggers.
    pub triggers: Vec<Trigger>,
    /// Where it stands.
    pub span: Span,
}

/// How many must hold.
#[derive(Clone, PartialEq, Debug)]
pub enum Quorum {
    /// `any`
    Any,
    /// `all`
    All,
    /// `at least 2`
    AtLeast(Expr),
}

/// `inventory_falls "库存减少" when stock_cover < 15 days`
#[derive(Clone, PartialEq, Debug)]
pub struct Trigger {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// When it fires.
    pub when: Expr,
    /// What it does where that cannot be judged; it does not fire where nothing is said.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole trigger.
    pub span: Span,
}
