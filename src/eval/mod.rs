//! Plan and facts make a decision.

pub mod facts;

pub use facts::{Facts, Origin, Origins, Place, Records};
