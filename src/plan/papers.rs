//! `checklist`: which step is which of a paper.

use super::{RuleId, StepId};
use crate::value::{EnumId, FieldId};

/// `checklist`
#[derive(Clone, Debug)]
pub struct ChecklistItem {
    /// The kind of the papers.
    pub kind: EnumId,
    /// The list of those that are there.
    pub list: FieldId,
    /// Its field that says which paper it is.
    pub field: u32,
    /// The papers, in the order written.
    pub papers: Vec<PaperItem>,
    /// Those that must be there, those of them that are not, those that hold no longer: sets of the kind.
    pub sets: (StepId, StepId, StepId),
}

/// A paper.
#[derive(Clone, Debug)]
pub struct PaperItem {
    /// Its place in the kind.
    pub code: u32,
    /// Its rule: it applies where the paper is required.
    pub rule: RuleId,
    /// Whether it is required.
    pub required: StepId,
    /// Whether one is there.
    pub given: StepId,
    /// Whether one is there that holds.
    pub holds: StepId,
    /// Whether it is required and there is none that holds.
    pub lacking: StepId,
    /// Of each record of the list, whether it is this paper.
    pub is: StepId,
    /// What is said of its validity; none where it holds for ever.
    pub validity: Option<ValidityItem>,
}

/// What is said of the validity of a paper.
#[derive(Clone, Debug)]
pub struct ValidityItem {
    /// Its rule, of each record: it applies where the paper holds.
    pub rule: RuleId,
    /// Of each record, its last day; none where it hangs on a condition.
    pub until: Option<StepId>,
}
