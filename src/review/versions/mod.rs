//! The versions of policies over time: which were released and must stay as they are ([`lock`]), and which is in force when, drawn
//! ([`timeline`]).

pub mod lock;
pub mod timeline;

pub use lock::{Lock, Release};
