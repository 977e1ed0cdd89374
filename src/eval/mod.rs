//! Plan and facts make a decision.

pub mod facts;
pub mod ops;
mod row;
mod script_host;
mod trace;

pub use crate::plan::ScriptFunction;
pub use facts::{Facts, Origin, Origins, Place, Records};
pub use row::{Env, Program, Scratch};
pub use script_host::{ScriptError, ScriptFailure, ScriptHost};
pub use trace::{Observer, Trace};
