//! Tree into meaning: names, types, units. What needs the values of facts to be known — ranges, decimals, unknowns, gaps —
//! is proved on the plan.

mod constructs;
mod context;
mod expr;
pub mod hir;
