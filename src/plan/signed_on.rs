//! The day since which something is signed, by as many persons as it needs.

use super::StepId;
use crate::value::FieldId;

/// What is looked for in a list of sign-offs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedOn {
    /// The list of sign-offs.
    pub list: FieldId,
    /// The text that names what is signed.
    pub subject: StepId,
    /// The sets of signatures of which one must be complete; each signature by the roles that may give it, as bits.
    pub ways: Vec<Vec<u128>>,
    /// A signature for less than this does not count, nor does one that names no amount; without it, none need name one.
    pub amount: Option<StepId>,
}
