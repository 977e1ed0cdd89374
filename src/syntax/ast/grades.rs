//! Scales of grades: bands, apart grades, the rules that move a grade.

use super::{Expr, IfUnknown, Label, Name, Named, Reason};
use crate::base::Span;

/// `grades risk_class from characteristic { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Grades {
    /// The name of the scale and of the value.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// The score.
    pub score: Expr,
    /// The bands, best first.
    pub bands: Vec<Band>,
    /// `NR apart when unknown`
    pub apart: Vec<Apart>,
    /// Notches, caps, forces, in the order written.
    pub rules: Vec<GradeRule>,
}

/// `CA1 "极佳" from 86 needs …`
#[derive(Clone, PartialEq, Debug)]
pub struct Band {
    /// The grade.
    pub grade: Named,
    /// The least score, included.
    pub from: Expr,
    /// `above 86` instead of `from 86`: the bound itself is excluded.
    pub exclusive: bool,
    /// `needs …`, several by `and` in the expression.
    pub needs: Option<Expr>,
    /// What it does where the need cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// `NR "不建议" apart when unknown`
#[derive(Clone, PartialEq, Debug)]
pub struct Apart {
    /// The grade.
    pub grade: Named,
    /// `when unknown`: it stands where the score is unknown.
    pub when_unknown: bool,
    /// `when <condition>`: it stands where this holds.
    pub when: Option<Expr>,
    /// What it does where the condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// `not above CA3 when … if unknown … because …`
#[derive(Clone, PartialEq, Debug)]
pub struct GradeRule {
    /// What it does.
    pub kind: GradeRuleKind,
    /// When.
    pub when: Option<Expr>,
    /// What it does where its condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// What a rule on a grade does.
#[derive(Clone, PartialEq, Debug)]
pub enum GradeRuleKind {
    /// `down 1`
    Down(Expr),
    /// `up 1`
    Up(Expr),
    /// `not above CA3`
    NotAbove(Name),
    /// `force CA6`
    Force(Name),
}
