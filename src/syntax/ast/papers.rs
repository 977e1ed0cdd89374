//! `checklist`: which papers must be there, and until when they hold.

use super::{Expr, IfUnknown, Label, Name, Reason};
use crate::base::Span;

/// `checklist papers "必备资料" of paper against documents { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Checklist {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// The kind of the papers.
    pub kind: Vec<Name>,
    /// The list of those that are there.
    pub list: Name,
    /// The papers.
    pub papers: Vec<Paper>,
}

/// `statements when requested >= 25_000 valid 18 months since period_end`
#[derive(Clone, PartialEq, Debug)]
pub struct Paper {
    /// A member of the kind.
    pub paper: Name,
    /// When it is required; always where there is none.
    pub when: Option<Expr>,
    /// What it does where that cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Until when one that is there holds; for ever where there is none.
    pub validity: Option<Validity>,
    /// Why it is required.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// Until when a paper holds.
#[derive(Clone, PartialEq, Debug)]
pub struct Validity {
    /// What it hangs on.
    pub kind: ValidityKind,
    /// Whether it holds where that cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Where it stands.
    pub span: Span,
}

/// What the validity of a paper hangs on.
#[derive(Clone, PartialEq, Debug)]
pub enum ValidityKind {
    /// `valid while not_revoked`
    While(Expr),
    /// `valid 18 months since period_end`: how long, since when.
    Since(Expr, Expr),
}
