//! Limits line by line, and the corrections by which they are moved.

use super::{Condition, Expr, Key, Label, Layer, Reason, Row, Take};
use crate::base::{Span, Str};
use crate::value::Rounding;

/// `correction`
#[derive(Clone, Debug)]
pub struct Correction {
    /// What it goes by.
    pub keys: Vec<Key>,
    /// The rows; a result is a factor, `cancel` or `no recommendation`.
    pub rows: Vec<Row>,
}

/// `limit`
#[derive(Clone, Debug)]
pub struct Limit {
    /// The methods; none where there are layers.
    pub methods: Vec<Method>,
    /// The layers, from the top; none where there are methods.
    pub layers: Vec<Layer>,
    /// What the layers are to secure.
    pub layers_for: Option<Expr>,
    /// Which of them is taken; `First` where there is one.
    pub take: Take,
    /// Whether unknown methods are left out.
    pub skip_unknown: bool,
    /// Where `take` stands.
    pub take_span: Option<Span>,
    /// Why it is taken so.
    pub take_reason: Reason,
    /// The lines behind `take`, in order.
    pub lines: Vec<LimitLine>,
}

/// A method of a limit.
#[derive(Clone, Debug)]
pub struct Method {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What it comes to.
    pub value: Expr,
    /// How that is rounded.
    pub rounding: Option<Rounding>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// A line of a limit.
#[derive(Clone, Debug)]
pub struct LimitLine {
    /// What it does.
    pub kind: LimitLineKind,
    /// When.
    pub condition: Condition,
    /// Whether it is left out where its operand is unknown.
    pub skip_unknown: bool,
}

/// What a line of a limit does.
#[derive(Clone, Debug)]
pub enum LimitLineKind {
    /// Multiplies with the factor of a correction.
    Correct(Expr),
    /// Multiplies.
    Times(Expr),
    /// Not above.
    Cap(Expr),
    /// Not below.
    Floor(Expr),
    /// Rounds.
    Round(Rounding),
}
