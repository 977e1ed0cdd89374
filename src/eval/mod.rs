//! Plan and facts make a decision.
//!
//! [`decide`] decides one customer; a [`Decider`] is made ready once and decides many. Where a policy reads the book, a
//! [`Portfolio`] makes one of all customers first.

mod along;
mod applies;
pub mod book;
mod by_date;
mod case;
mod checks;
mod decision;
pub mod facts;
mod live;
pub mod ops;
mod reasons;
mod row;
mod script_host;
pub mod signatures;
mod signed_on;
mod step;
mod trace;

pub use crate::plan::{ScriptFunction, ValueRange};
pub use applies::Applies;
pub use book::{Book, Making, Portfolio};
pub use case::{
    CaseDecision, CaseError, CaseResult, CaseTrace, ExpectOutcome, case_facts, decide_case, run_case, stands,
    trace_case, watch_case,
};
pub use checks::{CheckRecord, HoldRecord};
pub use decision::{
    Decider, Decision, Fault, ItemValue, LadderRecord, MOST_DIGITS, Outcome, OutputValue, Status, decide,
    targets,
};
pub use facts::{Facts, Origin, Origins, Place, Records};
pub use live::{reached, rests_on};
pub use reasons::{OpenQuestion, ReasonRef, ReasonSource};
pub use row::{Env, Program, Scratch};
pub use script_host::{ScriptError, ScriptFailure, ScriptHost};
pub use trace::{Observer, Trace};
