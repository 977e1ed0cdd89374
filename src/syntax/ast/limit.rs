//! Limits line by line, and the corrections by which they are moved.

use super::{Expr, IfUnknown, Key, Label, Layer, Name, Reason, Rounding, Row};
use crate::base::Span;

/// `correction class_correction by risk_class { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Correction {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// What it goes by.
    pub keys: Vec<Key>,
    /// The rows, with one outcome each.
    pub rows: Vec<Row>,
}

/// `limit credit_limit { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Limit {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// The methods and the lines, in the order written.
    pub lines: Vec<LimitLine>,
}

/// A line of a limit.
#[derive(Clone, PartialEq, Debug)]
pub struct LimitLine {
    /// What it does.
    pub kind: LimitLineKind,
    /// `when …`, of caps, floors, corrections, factors.
    pub when: Option<Expr>,
    /// `skip unknown`: an unknown operand is left out.
    pub skip_unknown: Option<Span>,
    /// What it does where its condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// What a line of a limit does.
#[derive(Clone, PartialEq, Debug)]
pub enum LimitLineKind {
    /// `method assets "营运资产法" = …`
    Method {
        /// Its name.
        name: Name,
        /// Its label.
        label: Label,
        /// What it comes to.
        value: Expr,
        /// How that is rounded.
        rounding: Option<Rounding>,
    },
    /// `take lowest`
    Take(Take, Span),
    /// `correct by class_correction`
    Correct(Expr),
    /// `times purchase_share`
    Times(Expr),
    /// `cap at net_assets`
    Cap(Expr),
    /// `floor at 0`
    Floor(Expr),
    /// `rounded down to multiples of 1_000`
    Round(Rounding),
    /// `layer mortgage = …`
    Layer(Box<Layer>),
    /// `layers for requested`: what the layers are to secure.
    LayersFor(Expr, Span),
}

impl LimitLineKind {
    /// The name and the label of a line that has them: a method, a layer.
    #[must_use]
    pub fn named(&self) -> Option<(&Name, &Label)> {
        match self {
            LimitLineKind::Method { name, label, .. } => Some((name, label)),
            LimitLineKind::Layer(layer) => Some((&layer.name, &layer.label)),
            LimitLineKind::Take(..)
            | LimitLineKind::Correct(_)
            | LimitLineKind::Times(_)
            | LimitLineKind::Cap(_)
            | LimitLineKind::Floor(_)
            | LimitLineKind::Round(_)
            | LimitLineKind::LayersFor(..) => None,
        }
    }
}

/// Which of the methods is taken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Take {
    /// The lowest.
    Lowest,
    /// The highest.
    Highest,
    /// The average.
    Average,
    /// The middle one of an odd number.
    Middle,
    /// The first in the order written (with `skip unknown`: the first that is known).
    First,
}
