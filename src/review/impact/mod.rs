//! What a change of a policy does to a book: both sides decide every customer, and what differs is told by grade, by money and by name,
//! each effect with the edit that caused it.
//!
//! [`decide()`] decides a book under one side; [`Effect`] compares two of them; [`attribute()`] applies the edits alone, in pairs and all
//! together; a [`Report`] holds what came of it, and [`tables`], [`json`], [`md`], [`html`] write it.

pub mod attribute;
pub mod budgets;
pub mod causes;
pub mod condition;
pub mod decide;
pub mod effect;
pub mod html;
pub mod json;
pub mod md;
pub mod measures;
pub mod picture;
pub mod report;
pub mod sheets;
pub mod sweep;
pub mod tables;
pub mod view;

pub use attribute::{Attribution, Cause, Done, Trial, attribute, blame};
pub use budgets::{Budget, Stated, budgets};
pub use condition::{Condition, Judged};
pub use decide::{Cores, Run, decide};
pub use effect::{Effect, Figures};
pub use measures::{Measure, Measures};
pub use report::{Party, Report};
pub use sweep::{Asked, Sweep};
pub use view::{Shape, View, Words};
