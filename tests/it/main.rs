//! All integration tests, one binary: one module an area, cases as files under `tests/corpus`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test stops where something is not as it should be, and reads its cases from files"
)]

mod approval;
mod book;
mod book_laws;
mod boundary;
mod bounds;
mod by_date;
mod cargo_insta;
mod catalog;
mod check;
mod ci;
mod cli;
mod corpus;
mod coverage;
mod diff;
mod digest;
mod dossiers;
mod eval;
mod exits;
mod facts;
mod fixes;
mod fmt;
mod formats;
mod house;
mod impact;
mod laws;
mod laws_rules;
mod library_score;
mod lint;
mod literate;
mod log;
mod lsp;
mod manual;
mod mend;
mod mutants;
mod naive;
mod once;
mod pages;
mod parse;
mod pipeline;
mod plan;
mod plans;
mod played;
mod readme;
mod reasons;
mod render;
mod robust;
mod rules;
mod schema;
mod script;
mod side;
mod snapshots;
mod store;
mod story;
mod textmate;
mod tree;
mod trial;
mod watch;
