//! Approvals: what compliance has signed is what decides.
//!
//! ```text
//! plan, version before ─► subject ─┐
//! approvals/*.approval ─► read_all ─┼─► standing ─► what decide and worklist refuse
//! [approval] ─► Rulebook ───────────┘
//! ```
//!
//! A statement is a file that people read; the signature beside it is one of minisign or of `ssh-keygen -Y`, so that both can be verified
//! without Gradus. Nothing here trusts the file alone: what counts is worked out anew each time from what runs and who is listed today.

mod change;
mod file;
mod key;
mod people;
mod refuse;
mod sheet;
mod sign;
mod standing;
mod statement;
mod subject;

pub use change::{Against, Change, Class, words};
pub use file::{Kept, beside, path_of, read_all};
pub use key::{Armour, Key, NAMESPACE, Signature};
pub use people::{Held, Person, Rulebook};
pub use refuse::{doubts, missing, of_release, refusal, state};
pub use sheet::{Layout, Sheet, number, sheet};
pub use sign::{Password, sign};
pub use standing::{Fault, Missing, Standing, Subject, Verdict, Why, standing};
pub use statement::{Form, Statement, one_line};
pub use subject::{changes, subject, tables};
