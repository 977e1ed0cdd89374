//! Rows with their cells and results, and the tables made of them.

use super::{Condition, Expr, Label, Reason, ValueRange};
use crate::base::{Span, Str};
use crate::value::{Rounding, Type};

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// The patterns of the keys; empty for a guard row.
    pub cells: Vec<Cell>,
    /// The guard and the words.
    pub condition: Condition,
    /// The results, one a column.
    pub results: Vec<Outcome>,
}

/// What a key must be.
#[derive(Clone, Debug)]
pub struct Cell {
    /// One of these.
    pub patterns: Vec<Pattern>,
    /// Where it stands.
    pub span: Span,
}

/// What a value must be.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Between bounds, each with whether it is included.
    Bounds {
        /// The lower bound.
        lower: Option<(Expr, bool)>,
        /// The upper bound.
        upper: Option<(Expr, bool)>,
    },
    /// A grade as good as this place in the order or better; unknown for an apart grade.
    OrBetter(u32),
    /// A grade as bad as this place or worse; unknown for an apart grade.
    OrWorse(u32),
    /// This member.
    Code(u32),
    /// This value: a number, a text, yes or no, a day.
    Equals(Expr),
    /// Whatever it is, known or not.
    Any,
    /// Not known.
    Unknown,
}

/// A result.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What it is.
    pub kind: OutcomeKind,
    /// Where it stands.
    pub span: Span,
}

/// A result.
#[derive(Clone, Debug)]
pub enum OutcomeKind {
    /// A value.
    Value(Expr),
    /// Unknown, as the policy says.
    Unknown,
    /// A role is asked; unknown until it has answered.
    Refer {
        /// The role.
        role: Str,
        /// What it is asked.
        question: Option<Label>,
    },
    /// `refuse`: nothing is decided on what is known.
    Refuse,
    /// `cancel`: the factor 0.
    Cancel,
    /// `no recommendation`: withheld.
    NoRecommendation,
}

/// A key of a table.
#[derive(Clone, Debug)]
pub enum Key {
    /// A value in scope.
    Value(Expr),
    /// A typed parameter: the table is applied.
    Parameter {
        /// Its name.
        name: Str,
        /// Its type.
        ty: Type,
        /// Its declared range.
        range: ValueRange,
        /// Where it stands.
        span: Span,
    },
}

/// How a table goes through its rows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TableMode {
    /// The first row that matches.
    First,
    /// The one row that matches; no two may.
    Unique,
    /// All rows that match: the result is a set.
    All,
    /// Each row for the part of the key in its band: the result is a sum.
    BySlices,
}

/// `table`
#[derive(Clone, Debug)]
pub struct Table {
    /// Its keys. A grid has been turned into rows of two keys.
    pub keys: Vec<Key>,
    /// How it goes through its rows.
    pub mode: TableMode,
    /// The results; one without a name where the table itself is the value.
    pub results: Vec<ResultColumn>,
    /// The rows in order.
    pub rows: Vec<Row>,
    /// How the result is rounded.
    pub rounding: Option<Rounding>,
    /// Why the table is there.
    pub reason: Reason,
}

/// A result column.
#[derive(Clone, Debug)]
pub struct ResultColumn {
    /// Its name.
    pub name: Option<Str>,
    /// Its label.
    pub label: Label,
    /// Its type.
    pub ty: Type,
}
