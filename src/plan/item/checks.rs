//! Order checks: which step says what of each hold.

use super::super::{Label, LastChecks, RuleId, Signers, StepId};
use crate::base::Str;
use crate::check::hir::{self, HoldStatus};
use crate::value::{EnumId, FieldId, Value};

/// `checks`
#[derive(Clone, Debug)]
pub struct ChecksItem {
    /// The list; none for checks on the customer.
    pub list: Option<FieldId>,
    /// The field of the list that is its key.
    pub item_key: Option<u32>,
    /// The holds as an enumeration.
    pub holds_enum: EnumId,
    /// The kind of what a hold is.
    pub statuses: EnumId,
    /// The holds in the order written.
    pub holds: Vec<CheckItem>,
    /// The exclusions: the rule, and the holds that stand all the same.
    pub exclusions: Vec<(RuleId, Vec<u32>)>,
    /// What it comes to.
    pub verdict: StepId,
    /// The set of the holds that stand.
    pub standing: StepId,
    /// The worst of them; unknown where none stands.
    pub worst: StepId,
    /// The facts that hold what the holds were.
    pub last: LastChecks,
}

/// A hold.
#[derive(Clone, Debug)]
pub struct CheckItem {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// The rule: its condition is the one written, beyond the tolerance.
    pub rule: RuleId,
    /// What it compares.
    pub measures: Vec<MeasureItem>,
    /// What it is.
    pub status: StepId,
    /// Since when.
    pub since: StepId,
    /// Whether it stands and nobody may release it.
    pub blocks: StepId,
    /// The day up to which it is released; unknown where it is not, or without an end.
    pub until: StepId,
    /// Who may release it; nobody here where an authority says who.
    pub release: Signers,
    /// The member that an authority gives for the amount, and what each member asks for.
    pub granted: Option<(StepId, Vec<Signers>)>,
    /// For how much a release must be; none where it needs no amount.
    pub amount: Option<StepId>,
    /// For how many days a release lasts.
    pub at_most: Option<StepId>,
    /// Who must sign after the cure.
    pub after_cure: Option<Signers>,
}

/// A comparison of a hold.
#[derive(Clone, Debug)]
pub struct MeasureItem {
    /// How the value is compared with the threshold.
    pub how: hir::Compare,
    /// What is measured.
    pub value: StepId,
    /// What it is held against.
    pub threshold: StepId,
    /// By how much the value has passed the threshold; negative where it has not.
    pub excess: StepId,
    /// By how much it may.
    pub tolerance: Option<StepId>,
}

impl CheckItem {
    /// Who can do something about a hold of this status: release it, or sign for its cure.
    #[must_use]
    pub fn asked(&self, status: &Value, granted: &Value) -> Option<&Signers> {
        let status = match status {
            Value::Code(code) => HoldStatus::of(*code),
            _ => None,
        };
        match status? {
            HoldStatus::New | HoldStatus::Standing => {
                Some(self.releaser(granted)).filter(|release| **release != Signers::Nobody)
            }
            HoldStatus::Awaiting => self.after_cure.as_ref(),
            HoldStatus::NotStanding
            | HoldStatus::WithinTolerance
            | HoldStatus::Cured
            | HoldStatus::Excluded
            | HoldStatus::Released => None,
        }
    }

    /// Who may release it, where an authority gives this member for the amount.
    #[must_use]
    pub fn releaser(&self, granted: &Value) -> &Signers {
        match (&self.granted, granted) {
            (Some((_, signers)), Value::Code(code)) => signers.get(*code as usize).unwrap_or(&self.release),
            _ => &self.release,
        }
    }
}
