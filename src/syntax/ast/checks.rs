//! Order checks: named holds on each order, each with its tolerance and who may release it.

use super::{Expr, IfUnknown, Label, Name, Reason, Signers};
use crate::base::Span;

/// `checks release "发货核查" for each order in orders { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Checks {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// The items; none for checks on the customer.
    pub each: Option<(Option<Name>, Name)>,
    /// `from sign_offs`: the list of the sign-offs; the only one of the policy where none is named.
    pub from: Option<Name>,
    /// The holds in the order written.
    pub checks: Vec<Check>,
    /// `exclude when … except …`
    pub exclusions: Vec<Exclusion>,
}

/// A hold: `over_limit "超额度" when exposure > credit_limit, by more than 5% of credit_limit, release by …`
#[derive(Clone, PartialEq, Debug)]
pub struct Check {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// When it holds the order.
    pub when: Expr,
    /// `by more than 5% of credit_limit`: what may be passed without a hold.
    pub tolerance: Option<Tolerance>,
    /// What it does where its condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// `release by …`
    pub release: Option<Release>,
    /// `needs sign-off of finance_head after cure`
    pub after_cure: Option<(Name, Span)>,
    /// `at most 30 days`: how long a release lasts.
    pub at_most: Option<(Expr, Span)>,
    /// Why.
    pub reason: Reason,
    /// The whole hold.
    pub span: Span,
}

/// `by more than 5 days and 1万`: one amount for each comparison of the condition.
#[derive(Clone, PartialEq, Debug)]
pub struct Tolerance {
    /// The amounts in the order of the comparisons.
    pub amounts: Vec<Expr>,
    /// Where it is said.
    pub span: Span,
}

/// `release by …`
#[derive(Clone, PartialEq, Debug)]
pub struct Release {
    /// Who may release.
    pub by: Releaser,
    /// Where it is said.
    pub span: Span,
}

/// Who may release a hold.
#[derive(Clone, PartialEq, Debug)]
pub enum Releaser {
    /// `grant[exposure + amount]`: who may grant that amount by an authority.
    Granted(Expr),
    /// `credit_manager or general_manager`, `nobody`
    Signers(Signers),
}

/// `exclude when amount < 1000 or placed is today except insolvent`
#[derive(Clone, PartialEq, Debug)]
pub struct Exclusion {
    /// When.
    pub when: Expr,
    /// The holds that stand all the same.
    pub except: Vec<Name>,
    /// What it does where its condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}
