//! Ladders of collection, and what is known of the last run of each.

use super::{Cell, Condition, Expr, Holiday, Label};
use crate::base::{Span, Str};
use crate::value::{EnumId, FieldId, MonthEnd};

/// `escalation`
#[derive(Clone, Debug)]
pub struct Escalation {
    /// The steps as an enumeration, lowest first.
    pub steps_enum: EnumId,
    /// Which items are on the ladder at all.
    pub condition: Condition,
    /// The steps, lowest first; the `i`th is the member at place `i`.
    pub steps: Vec<LadderStep>,
    /// One step at a time, and so long apart at least (days, or business days).
    pub climbs: Option<Climbs>,
    /// What hides the actions.
    pub holds: Vec<Hold>,
    /// What moves the days.
    pub delays: Vec<Delay>,
    /// What leaves steps out.
    pub skips: Vec<Skip>,
    /// Which tactics go with the debtor.
    pub tactics: Option<Tactics>,
    /// No step before so long after its day.
    pub grace: Option<Expr>,
    /// Below these sums nothing is chased: (what is measured, per item, per customer).
    pub minimum: Option<Minimum>,
    /// One letter a customer, at the highest step.
    pub one_letter: bool,
    /// What is done where a step's day is no business day.
    pub holiday: Holiday,
    /// What was carried out so far.
    pub last: LastLadder,
}

/// What the records of a ladder say of what was carried out: the facts `last.<ladder>`, a list of records found by the
/// item's key (a ladder of the customer: one record).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastLadder {
    /// The record list.
    pub list: FieldId,
    /// The field of the item's list that is its key; none for a ladder of the customer.
    pub item_key: Option<u32>,
    /// Its fields by place: the key, the step last done, on which day, the highest step approved,
    /// the days the clock has stood in holds that are over, the day since when a hold stands.
    pub key: u32,
    /// The step last done.
    pub step: u32,
    /// The day on which it was done.
    pub on: u32,
    /// The highest step whose approval was given.
    pub approved: u32,
    /// Days for which the clock has stood in holds that are over.
    pub held: u32,
    /// Since when the standing hold stands.
    pub held_since: u32,
}

/// A step of a ladder.
#[derive(Clone, Debug)]
pub struct LadderStep {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Its day.
    pub day: StepDay,
    /// Only when this holds.
    pub condition: Condition,
    /// The actions, by name.
    pub actions: Vec<Str>,
    /// The roles that are told.
    pub notify: Vec<Str>,
    /// The roles whose approval it needs.
    pub approval: Vec<Str>,
    /// The roles that are told when it is late.
    pub late: Vec<Str>,
}

/// The day of a step.
#[derive(Clone, Debug)]
pub enum StepDay {
    /// An anchor date and what is added to it.
    Anchor {
        /// The date without the offset: `due`.
        anchor: Expr,
        /// The offset; none for the day itself.
        offset: Option<Offset>,
        /// The date with the offset.
        date: Expr,
        /// Whether it hangs on the date on which the ladder ends, the due date of an invoice: what a delay moves. A query when
        /// the goods arrive does not wait because the customer has longer to pay.
        at_the_end: bool,
    },
    /// So long after another step was done.
    Done {
        /// The place of the other step.
        step: u32,
        /// How long after.
        offset: Option<Offset>,
    },
}

/// A stretch of days.
#[derive(Clone, Debug)]
pub enum Offset {
    /// Calendar days, also negative.
    Days(Expr),
    /// Business days.
    BusinessDays(Expr),
    /// Months.
    Months(Expr, MonthEnd),
}

/// `climbs one step at a time, at least 7 days apart`
#[derive(Clone, Debug)]
pub struct Climbs {
    /// So long apart.
    pub apart: Option<Offset>,
    /// Where it stands.
    pub span: Span,
}

/// `hold`
#[derive(Clone, Debug)]
pub struct Hold {
    /// When.
    pub condition: Condition,
    /// Since which day.
    pub since: Option<Expr>,
    /// Whether the days move by its length.
    pub clock_stops: bool,
}

/// `delay`
#[derive(Clone, Debug)]
pub struct Delay {
    /// By how much.
    pub by: Offset,
    /// When.
    pub condition: Condition,
}

/// `skip`
#[derive(Clone, Debug)]
pub struct Skip {
    /// The place of the step.
    pub step: u32,
    /// When.
    pub condition: Condition,
}

/// `tactics`
#[derive(Clone, Debug)]
pub struct Tactics {
    /// What it goes by.
    pub key: Expr,
    /// The kind of the tactics.
    pub tactics: EnumId,
    /// The rows: the cell, the guard, and the members in the order to be tried.
    pub rows: Vec<(Cell, Condition, Vec<u32>)>,
}

/// `minimum`
#[derive(Clone, Debug)]
pub struct Minimum {
    /// What is measured of an item.
    pub of: Expr,
    /// The least of an item.
    pub per_item: Option<Expr>,
    /// The least of all items of a customer together.
    pub per_customer: Option<Expr>,
}
