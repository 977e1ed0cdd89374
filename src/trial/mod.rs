//! Trying a policy: the cases in it and in case files are run, and what came out otherwise than expected is told.
//!
//! A case file is TOML (docs/case-files.md). It becomes [`ast::Case`](crate::syntax::ast::Case)s that the checker sees behind
//! those of the policy, so that one set of rules holds for both, and every mistake points into the file.

pub mod boundary;
pub mod coverage;
mod find;
pub mod formats;
mod kept;
mod load;
pub mod mutants;
mod read;
mod report;
mod run;
pub mod snapshot;
mod suite;
mod table;
pub mod threads;
mod wanted;
mod watch;
mod words;
mod written;

pub use find::{ENDING, case_files, tried};
pub use kept::KeptCase;
pub use load::{by_policy, kept_folders};
pub use read::{CaseFile, Keep, read};
pub use report::{Painter, failures, json, summary, text};
pub use run::{CaseTrial, PolicyTrial, Story, Tally};
pub use suite::{Asked, Scripting, Subject, Suite, in_order};
pub use wanted::{Wanted, full_name};
pub use watch::Watch;
pub use words::{Miss, misses};
