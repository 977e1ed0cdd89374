//! What a person decides: a judgement inside bounds, an exception from what the policy came to.

use super::{Expr, Label, Name, Reason, TypeExpr};
use crate::base::Span;

/// `judgement granted "核定额" money between monthly * 4 and monthly * 5 by credit_manager asks "…" until answered lowest`
#[derive(Clone, PartialEq, Debug)]
pub struct Judgement {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// What is answered.
    pub ty: TypeExpr,
    /// The least and the greatest answer, both included.
    pub between: Option<(Expr, Expr)>,
    /// The roles that may answer; the first is the one that is asked.
    pub roles: Vec<Name>,
    /// What is asked.
    pub question: Label,
    /// `from sign_offs`: the list of the answers; the judgement's own where none is named.
    pub from: Option<Name>,
    /// `valid for 12 months`: for how long an answer counts.
    pub valid: Option<Expr>,
    /// What stands until it is answered.
    pub stand_in: StandIn,
    /// Why.
    pub reason: Reason,
}

/// What stands until a judgement is answered.
#[derive(Clone, PartialEq, Debug)]
pub enum StandIn {
    /// `lowest`: the lower bound.
    Lowest(Span),
    /// `highest`: the upper bound.
    Highest(Span),
    /// `unknown`
    Unknown(Span),
    /// A value.
    Value(Expr),
}

/// `override credit_limit from exceptions at most 120% of credit_limit.computed by finance_head for at most 90 days`
#[derive(Clone, PartialEq, Debug)]
pub struct Override {
    /// The value from which an exception is made: a name.
    pub target: Expr,
    /// The list of the exceptions.
    pub from: Name,
    /// `at most …`: the most that an exception may grant; for a grade, the best one.
    pub most: Option<Expr>,
    /// The roles that may make one.
    pub roles: Vec<Name>,
    /// `for at most 90 days`
    pub length: Option<Expr>,
    /// Why.
    pub reason: Reason,
}

/// `applies when branch is south`: to whom a policy applies.
#[derive(Clone, PartialEq, Debug)]
pub struct AppliesWhen {
    /// When.
    pub when: Expr,
    /// Where it stands.
    pub span: Span,
}
