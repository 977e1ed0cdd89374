//! Coverage: which parts of a policy its tests exercise.
//!
//! [`goals`] says what there is to exercise; [`of_case`] and [`of_decision`] say what a run reached, [`Index`] which case
//! reaches what, [`Coverage`] what all tests of a suite come to. A side of a threshold is reached when a run made the
//! comparison and it came out so; whether the outcome was then as expected is the test's business.

mod goal;
mod goals;
mod html;
mod json;
mod lcov;
mod lines;
mod proof;
mod record;
mod tally;
mod words;

pub use goal::{Goal, GoalKind, Never, Reached, Sight, Threshold};
pub use goals::goals;
pub use html::html;
pub use json::json;
pub use lcov::lcov;
pub use record::{Index, of_case, of_decision, of_trace};
pub use tally::{Count, Coverage, PolicyCoverage, Run};
pub use words::Teller;
