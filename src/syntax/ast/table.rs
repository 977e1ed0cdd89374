//! Rows, in the one shape that tables, corrections, points and tactics share, and the tables made of them.

use super::{Expr, Label, Name, Range, Reason, Rounding, Signers, TypeExpr};
use crate::base::Span;

/// What a rule does where its condition cannot be judged.
#[derive(Clone, PartialEq, Debug)]
pub struct IfUnknown {
    /// What it does.
    pub kind: IfUnknownKind,
    /// Where it is said.
    pub span: Span,
}

/// What a rule does where its condition cannot be judged.
#[derive(Clone, PartialEq, Debug)]
pub enum IfUnknownKind {
    /// `if unknown applies`
    Applies,
    /// `if unknown does not apply`
    DoesNotApply,
    /// `if unknown refer to credit_manager "…"`
    Refer(Name, Option<Label>),
    /// `if unknown refuse`
    Refuse,
}

/// A row: `cells [when condition] : results [if unknown …] [because …] [cite …]`.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// The cells, one a key; empty for a guard row (`when …` alone).
    pub cells: Vec<Cell>,
    /// `when …`
    pub when: Option<Expr>,
    /// The results, one a result column.
    pub results: Vec<Outcome>,
    /// What it does where its condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole row.
    pub span: Span,
}

/// A cell: what a key must be.
#[derive(Clone, PartialEq, Debug)]
pub struct Cell {
    /// One or several by `or`.
    pub patterns: Vec<Pattern>,
    /// Where it stands.
    pub span: Span,
}

/// One pattern of a cell, and what stands behind `is`.
#[derive(Clone, PartialEq, Debug)]
pub struct Pattern {
    /// What it is.
    pub kind: PatternKind,
    /// Where it stands.
    pub span: Span,
}

/// What a value must be.
#[derive(Clone, PartialEq, Debug)]
pub enum PatternKind {
    /// `at most x` · `不超过 x`: x included.
    AtMost(Expr),
    /// `below x` · `不满 x`: x excluded.
    Below(Expr),
    /// `from x` · `满 x`: x included.
    From(Expr),
    /// `above x` · `超过 x`: x excluded.
    Above(Expr),
    /// `from 2 below 5` and the like: both must hold.
    Between(Box<Pattern>, Box<Pattern>),
    /// `a..b`: both included.
    Span(Expr, Expr),
    /// `CA3 or better` · `CA3 及以上`
    OrBetter(Name),
    /// `CA3 or worse` · `CA3 及以下`
    OrWorse(Name),
    /// `any` · `任一`
    Any,
    /// `unknown` · `未知`
    Unknown,
    /// A value: `CA1`, `yes`, `12`, `"GBP"`.
    Value(Expr),
}

/// A result of a row.
#[derive(Clone, PartialEq, Debug)]
pub struct Outcome {
    /// What it is.
    pub kind: OutcomeKind,
    /// Where it stands.
    pub span: Span,
}

/// A result of a row.
#[derive(Clone, PartialEq, Debug)]
pub enum OutcomeKind {
    /// A value: `2.5%`, `net_assets * 2`, `high`.
    Value(Expr),
    /// `unknown`
    Unknown,
    /// `up 50%`, of a correction.
    Up(Expr),
    /// `down 20%`, of a correction.
    Down(Expr),
    /// `unchanged`, of a correction.
    Unchanged,
    /// `cancel`, of a correction.
    Cancel,
    /// `no recommendation`, of a correction.
    NoRecommendation,
    /// `refer to credit_manager "…"`
    Refer(Name, Option<Label>),
    /// `refuse`
    Refuse,
    /// `credit_manager and finance_head`, of an authority.
    Signers(Signers),
}

/// `table limit_percent by appraisal -> share percent, risk level { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// Its keys; none for a table of guard rows alone.
    pub keys: Vec<Key>,
    /// `unique`: no two rows may match; the order means nothing.
    pub unique: Option<Span>,
    /// `all`: every row that matches gives its member.
    pub all: Option<Span>,
    /// Its results. An unnamed result is the table's own value.
    pub results: Vec<ResultColumn>,
    /// `by slices`: each row applies to the part of the key in its band.
    pub by_slices: Option<Span>,
    /// `grid`: the cells of the second key, above the columns.
    pub grid: Option<Vec<Cell>>,
    /// A line of result names above the rows, where one is written: checked against the results.
    pub heading: Option<Vec<Name>>,
    /// The rows. In a grid, each has one cell and as many results as the grid has columns.
    pub rows: Vec<Row>,
    /// How the result is rounded (single numeric result).
    pub rounding: Option<Rounding>,
    /// `because …`, `cite …` of the whole table.
    pub reason: Reason,
}

/// A key of a table: a value in scope, or a typed parameter (`asset: asset_kind`).
#[derive(Clone, PartialEq, Debug)]
pub enum Key {
    /// A value in scope: a name or a dotted name.
    Value(Expr),
    /// A parameter, with its type and range: the table is applied, `haircut[kind]`.
    Parameter(Name, TypeExpr, Range),
}

/// A result of a table.
#[derive(Clone, PartialEq, Debug)]
pub struct ResultColumn {
    /// Its name; none for a table with one unnamed result.
    pub name: Option<Name>,
    /// Its label.
    pub label: Label,
    /// Its type.
    pub ty: TypeExpr,
}
