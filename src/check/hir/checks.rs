//! Order checks: named holds, all judged; which stand, who may release each, what they said the last time.

use super::{Compare, Condition, Expr, Signers};
use crate::base::{Label, Span, Str};
use crate::value::{EnumId, FieldId};

/// `checks`
#[derive(Clone, Debug)]
pub struct Checks {
    /// The policy in which they stand: its roles sign.
    pub policy: super::PolicyId,
    /// The holds as an enumeration, in the order written.
    pub holds_enum: EnumId,
    /// The built-in kind of verdicts, in the order of [`CheckVerdict`].
    pub verdicts: EnumId,
    /// The built-in kind of what a hold may be, in the order of [`HoldStatus`].
    pub statuses: EnumId,
    /// The holds; the `i`th is the member at place `i`.
    pub holds: Vec<CheckHold>,
    /// What keeps holds from standing.
    pub exclusions: Vec<Exclusion>,
    /// What the holds were at the last decision.
    pub last: LastChecks,
    /// The list of the sign-offs by which holds are released; none where the policy has none, and no hold ever is.
    pub sign_offs: Option<FieldId>,
}

/// A hold of order checks.
#[derive(Clone, Debug)]
pub struct CheckHold {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// When it holds the order, before any tolerance.
    pub condition: Condition,
    /// What its condition compares, where it is a comparison of amounts or days, or several joined by `and`.
    pub measures: Vec<Measure>,
    /// Who may release it.
    pub release: Releaser,
    /// For how many days a release lasts.
    pub at_most: Option<Expr>,
    /// Who must sign after the cure.
    pub after_cure: Option<Signers>,
}

/// Who may release a hold.
#[derive(Clone, Debug)]
pub enum Releaser {
    /// These.
    Signers(Signers),
    /// Who may grant an amount by an authority: the authority applied, and what each member that it gives asks for.
    Granted(Expr, Vec<Signers>),
}

/// A comparison of a hold: how far a value has passed its threshold, and how far it may.
#[derive(Clone, Debug)]
pub struct Measure {
    /// How the value is compared with the threshold.
    pub how: Compare,
    /// What is measured.
    pub value: Expr,
    /// What it is held against.
    pub threshold: Expr,
    /// By so much it may pass the threshold without a hold.
    pub tolerance: Option<Expr>,
    /// Where the comparison stands.
    pub span: Span,
}

/// `exclude when … except …`
#[derive(Clone, Debug)]
pub struct Exclusion {
    /// When.
    pub condition: Condition,
    /// The places of the holds that stand all the same.
    pub except: Vec<u32>,
}

/// What the holds of each item were at the last decision: the facts `last.<checks>`, a list of records found by the
/// item's key (checks on the customer: one record). Behind the key, each hold has two fields: what it was, and since when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastChecks {
    /// The record list.
    pub list: FieldId,
    /// The field of the item's list that is its key; none for checks on the customer.
    pub item_key: Option<u32>,
    /// The key by its place in the record.
    pub key: u32,
}

impl LastChecks {
    /// The fields of a hold by place: what it was, since when.
    #[must_use]
    pub fn fields(hold: usize) -> (u32, u32) {
        let status = u32::try_from(hold).unwrap_or(u32::MAX).saturating_mul(2).saturating_add(1);
        (status, status.saturating_add(1))
    }
}

/// What checks come to, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum CheckVerdict {
    /// No hold stands.
    Clear,
    /// Holds stand, and each may be released, or waits for a signature.
    NeedsRelease,
    /// A hold stands that nobody may release.
    Blocked,
}

/// What a hold is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum HoldStatus {
    /// Its condition does not hold, and did not the last time.
    NotStanding,
    /// Its condition holds, but within the tolerance.
    WithinTolerance,
    /// It stood the last time, and stands no more.
    Cured,
    /// It would stand, if no exclusion kept it from it.
    Excluded,
    /// It would stand, if it had not been released.
    Released,
    /// Its condition is gone; a role has still to sign.
    Awaiting,
    /// It stands, and stood the last time.
    Standing,
    /// It stands, and did not the last time.
    New,
}

/// The members of the kind of verdicts: name, English and Chinese.
pub const CHECK_VERDICTS: [(&str, &str, &str); 3] = [
    ("clear", "clear", "通过"),
    ("needs_release", "needs release", "须放行"),
    ("blocked", "blocked", "冻结"),
];

/// The members of the kind of what a hold may be: name, English and Chinese.
pub const HOLD_STATUSES: [(&str, &str, &str); 8] = [
    ("not_standing", "not standing", "未触发"),
    ("within_tolerance", "within tolerance", "容差内"),
    ("cured", "cured", "已消除"),
    ("excluded", "excluded", "已豁免"),
    ("released", "released", "已放行"),
    ("awaiting", "cured, awaiting sign-off", "已消除待批"),
    ("standing", "standing", "未消除"),
    ("new", "new", "新发生"),
];

impl CheckVerdict {
    /// All, in the order of the kind.
    pub const ALL: [CheckVerdict; 3] =
        [CheckVerdict::Clear, CheckVerdict::NeedsRelease, CheckVerdict::Blocked];

    /// Its place in the kind.
    #[must_use]
    pub fn code(self) -> u32 {
        match self {
            CheckVerdict::Clear => 0,
            CheckVerdict::NeedsRelease => 1,
            CheckVerdict::Blocked => 2,
        }
    }
}

impl HoldStatus {
    /// Its place in the kind.
    #[must_use]
    pub fn code(self) -> u32 {
        match self {
            HoldStatus::NotStanding => 0,
            HoldStatus::WithinTolerance => 1,
            HoldStatus::Cured => 2,
            HoldStatus::Excluded => 3,
            HoldStatus::Released => 4,
            HoldStatus::Awaiting => 5,
            HoldStatus::Standing => 6,
            HoldStatus::New => 7,
        }
    }

    /// The status at a place of the kind.
    #[must_use]
    pub fn of(code: u32) -> Option<HoldStatus> {
        Some(match code {
            0 => HoldStatus::NotStanding,
            1 => HoldStatus::WithinTolerance,
            2 => HoldStatus::Cured,
            3 => HoldStatus::Excluded,
            4 => HoldStatus::Released,
            5 => HoldStatus::Awaiting,
            6 => HoldStatus::Standing,
            7 => HoldStatus::New,
            _ => return None,
        })
    }

    /// Whether it keeps the order.
    #[must_use]
    pub fn stands(self) -> bool {
        matches!(self, HoldStatus::Awaiting | HoldStatus::Standing | HoldStatus::New)
    }

    /// Those that say that the hold was raised and not cured since.
    pub const RAISED: [HoldStatus; 4] =
        [HoldStatus::Released, HoldStatus::Awaiting, HoldStatus::Standing, HoldStatus::New];
    /// Those that keep the order.
    pub const STANDING: [HoldStatus; 3] = [HoldStatus::Awaiting, HoldStatus::Standing, HoldStatus::New];
}
