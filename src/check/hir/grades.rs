//! Scales of grades: bands, apart grades, the rules that move a grade.

use super::{Condition, Expr};
use crate::value::EnumId;

/// `grades`
#[derive(Clone, Debug)]
pub struct Grades {
    /// The scale; its members in the order of the bands, apart grades last.
    pub scale: EnumId,
    /// The score.
    pub score: Expr,
    /// The bands, best first; band `i` gives the member at place `i`.
    pub bands: Vec<Band>,
    /// The apart grades.
    pub apart: Vec<Apart>,
    /// Notches, caps, forces in the order written.
    pub rules: Vec<GradeRule>,
}

/// A band of a scale.
#[derive(Clone, Debug)]
pub struct Band {
    /// The least score.
    pub from: Expr,
    /// Whether that score itself is in.
    pub inclusive: bool,
    /// What the grade needs beside the score.
    pub needs: Condition,
}

/// An apart grade.
#[derive(Clone, Debug)]
pub struct Apart {
    /// Its place in the scale.
    pub code: u32,
    /// It stands where the score is unknown.
    pub when_unknown: bool,
    /// Or where this holds.
    pub condition: Condition,
}

/// A rule on a grade.
#[derive(Clone, Debug)]
pub struct GradeRule {
    /// What it does.
    pub kind: GradeRuleKind,
    /// When.
    pub condition: Condition,
}

/// What a rule on a grade does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GradeRuleKind {
    /// So many notches worse.
    Down(u32),
    /// So many notches better.
    Up(u32),
    /// Not better than this place.
    NotAbove(u32),
    /// This place.
    Force(u32),
}
