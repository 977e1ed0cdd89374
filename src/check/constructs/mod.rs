//! The constructs of a credit department: tables, scorecards, grades, corrections, limits, totals, triggers, escalations, order
//! checks, the book.
//!
//! Each turns its tree into its meaning and says what is wrong with it as far as no figure has to be computed: weights
//! that do not make 100%, bands out of order, a step that is not declared. What depends on the ranges of computed values
//! — gaps between rows, unknowns that leak, decimals without end — is proved on the plan.

mod allocation;
mod authority;
mod book;
mod checks;
mod common;
mod correction;
mod escalation;
mod grades;
mod judgement;
mod layers;
mod limit;
mod papers;
mod points;
mod rows;
mod scorecard;
mod slices;
mod steps;
mod table;
mod total;
mod triggers;

pub(crate) use allocation::{allocation, rest as allocation_rest};
pub(crate) use authority::authority;
pub(crate) use book::type_of as book_type;
pub(crate) use book::{book, stray_caps};
pub(crate) use checks::checks;
pub(crate) use correction::correction;
pub(crate) use escalation::escalation;
pub(crate) use grades::grades;
pub(crate) use judgement::{exception, judgement};
pub(crate) use limit::limit;
pub(crate) use limit::unit_of as limit_unit;
pub(crate) use papers::checklist;
pub(crate) use scorecard::scorecard;
pub(crate) use scorecard::unit_of as scorecard_unit;
pub(crate) use table::table;
pub(crate) use total::total;
pub(crate) use total::unit_of as total_unit;
pub(crate) use triggers::triggers;
