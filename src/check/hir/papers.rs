//! `checklist`, with its members, fields and conditions resolved.

use super::{Condition, Expr, Offset};
use crate::value::{EnumId, FieldId};

/// `checklist`
#[derive(Clone, Debug)]
pub struct Checklist {
    /// The kind of the papers.
    pub kind: EnumId,
    /// The list of those that are there.
    pub list: FieldId,
    /// Its field that says which paper it is.
    pub field: u32,
    /// The papers, in the order written.
    pub papers: Vec<Paper>,
}

/// A paper.
#[derive(Clone, Debug)]
pub struct Paper {
    /// Its place in the kind.
    pub code: u32,
    /// When it is required, and why.
    pub condition: Condition,
    /// Until when one that is there holds; for ever where there is none.
    pub validity: Option<Validity>,
}

/// Until when a paper holds.
#[derive(Clone, Debug)]
pub struct Validity {
    /// What it hangs on.
    pub kind: ValidityKind,
    /// Whether it holds where that cannot be judged; the condition itself stands in `kind`.
    pub condition: Condition,
}

/// What the validity of a paper hangs on.
#[derive(Clone, Debug)]
pub enum ValidityKind {
    /// It holds while this holds.
    While(Expr),
    /// So long since this day, that last day included.
    Since(Offset, Expr),
}
