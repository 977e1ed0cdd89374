//! Ladders of collection: steps and their days, holds, delays, skips, tactics.

use super::{Expr, IfUnknown, Label, Name, Named, Reason, Row};
use crate::base::Span;

/// `escalation collection for each invoice in invoices when open > 0 { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Escalation {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// The items; none for a ladder of the customer.
    pub each: Option<(Option<Name>, Name)>,
    /// `when …`: which items are on the ladder at all.
    pub when: Option<Expr>,
    /// What that does where it cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// The steps, lowest first.
    pub steps: Vec<Step>,
    /// `climbs one step at a time, at least 7 days apart`
    pub climbs: Option<Climbs>,
    /// `hold when …, clock stops`
    pub holds: Vec<Hold>,
    /// `delay 7 days when …`
    pub delays: Vec<Delay>,
    /// `skip remind when …`
    pub skips: Vec<Skip>,
    /// `tactics by debtor { … }`
    pub tactics: Option<Tactics>,
    /// `grace 3 days`: no step before so many days after its date.
    pub grace: Option<(Expr, Span)>,
    /// `minimum 100 per item, 500 per customer`
    pub minimum: Option<Minimum>,
    /// `one letter per customer at the highest step`
    pub one_letter: Option<Span>,
    /// `on a holiday next business day`
    pub holiday: Option<(Holiday, Span)>,
}

/// `minimum 100 per item, 500 per customer`: below it nothing is chased.
#[derive(Clone, PartialEq, Debug)]
pub struct Minimum {
    /// What is measured; `open` is not assumed: `minimum of open 100 per item`. None where the ladder's list has one money value named in its `when`.
    pub of: Option<Expr>,
    /// The least of an item.
    pub per_item: Option<Expr>,
    /// The least of a customer, all items of the ladder together.
    pub per_customer: Option<Expr>,
    /// Where it stands.
    pub span: Span,
}

/// What is done with a step whose day is not a business day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holiday {
    /// The next business day.
    Next,
    /// The business day before.
    Previous,
    /// It stays.
    AsItIs,
}

/// `step collect "到期催收" at due + 1 day when … : do call, notify credit_manager`
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// The step.
    pub step: Named,
    /// The day of the step; an anchor date with offsets, or `<step> done + 2 days`.
    pub at: StepDay,
    /// Only when this holds.
    pub when: Option<Expr>,
    /// What it does where that cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// What is done.
    pub actions: Vec<StepAction>,
    /// `late notify credit_manager`: what is done when the step's day has passed and it is not done.
    pub late: Vec<StepAction>,
    /// Why.
    pub reason: Reason,
    /// The whole step.
    pub span: Span,
}

/// The day of a step.
#[derive(Clone, PartialEq, Debug)]
pub enum StepDay {
    /// A date: `due + 30 days`.
    Date(Expr),
    /// `at ask done + 2 business days`: so long after another step was done.
    Done {
        /// The other step.
        step: Name,
        /// How long after; none for the same day.
        offset: Option<Expr>,
        /// Where it stands.
        span: Span,
    },
}

/// What a step does.
#[derive(Clone, PartialEq, Debug)]
pub enum StepAction {
    /// `do letter`
    Do(Name),
    /// `notify credit_manager`
    Notify(Name),
    /// `approval general_manager`: the step needs it.
    Approval(Name),
}

/// `climbs one step at a time, at least 7 days apart`
#[derive(Clone, PartialEq, Debug)]
pub struct Climbs {
    /// `at least 7 days apart`
    pub apart: Option<Expr>,
    /// Where it stands.
    pub span: Span,
}

/// `hold when disputed, clock stops because "…"`
#[derive(Clone, PartialEq, Debug)]
pub struct Hold {
    /// When.
    pub when: Expr,
    /// Since which day, where a fact says it.
    pub since: Option<Expr>,
    /// `clock stops`: days move by the length of the hold.
    pub clock_stops: Option<Span>,
    /// What it does where its condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// `delay 7 days when …`: moves the steps after the anchor date.
#[derive(Clone, PartialEq, Debug)]
pub struct Delay {
    /// By how much.
    pub by: Expr,
    /// When; always where nothing is said.
    pub when: Option<Expr>,
    /// What it does where its condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// `skip remind when …`
#[derive(Clone, PartialEq, Debug)]
pub struct Skip {
    /// Which step.
    pub step: Name,
    /// When.
    pub when: Expr,
    /// What it does where its condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// `tactics by debtor { tough : silence, soft_and_hard; any : probe }`
#[derive(Clone, PartialEq, Debug)]
pub struct Tactics {
    /// What it goes by.
    pub key: Expr,
    /// The rows; each result is a member of a kind.
    pub rows: Vec<Row>,
    /// Where it stands.
    pub span: Span,
}
