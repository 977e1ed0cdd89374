//! Gradus: a policy language for trade credit and the engine that runs it.
#![forbid(unsafe_code)]

pub mod base;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diag;
pub mod engine;
pub mod eval;
pub mod explain;
pub mod fmt;
pub mod ide;
#[cfg(feature = "files")]
pub mod interop;
pub mod lint;
#[cfg(feature = "lsp")]
pub mod lsp;
pub mod plan;
#[cfg(feature = "review")]
pub mod review;
#[cfg(feature = "script")]
pub mod script;
pub mod store;
pub mod syntax;
#[cfg(feature = "trial")]
pub mod trial;
pub mod value;
