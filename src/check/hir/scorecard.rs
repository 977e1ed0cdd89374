//! Scorecards: sections, factors, points, what is done with a factor that is unknown.

use super::{Expr, Label, Pattern, Reason, Row};
use crate::base::{Span, Str};
use crate::value::{Number, Rounding};

/// `scorecard`
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// Points are added up rather than averaged by weight.
    pub added: bool,
    /// What an added card begins with.
    pub base: Number,
    /// The sections in order.
    pub sections: Vec<Section>,
    /// The factors in order, each with its section.
    pub factors: Vec<Factor>,
    /// From the scale of the factors to that of the card: (from low, from high, to low, to high).
    pub scale: Option<(Number, Number, Number, Number)>,
    /// How much must be known.
    pub require: Vec<Require>,
    /// How the card is rounded.
    pub rounding: Option<Rounding>,
}

/// A section of a card.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Where it stands.
    pub span: Span,
}

/// A factor of a card.
#[derive(Clone, Debug)]
pub struct Factor {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// The section it stands in.
    pub section: Option<u32>,
    /// What is scored.
    pub value: Expr,
    /// What it weighs; as a fraction where written in percent. None in an added card.
    pub weight: Option<Number>,
    /// How the value becomes points; the value itself where there is nothing.
    pub points: Points,
    /// What is done where it is unknown, resolved from factor, section and card.
    pub missing: Missing,
    /// Whether `missing` was written anywhere for it.
    pub missing_written: bool,
    /// Why.
    pub reason: Reason,
    /// Where it stands.
    pub span: Span,
}

/// How a value becomes points.
#[derive(Clone, Debug)]
pub enum Points {
    /// It is its own score.
    Value,
    /// By rows over the value; each result is a number. A row `unknown` stands over `missing`.
    Rows(Vec<Row>),
    /// So many when the value is so, else none.
    When(Number, Pattern),
    /// So many for each so much, at most (or, where negative, at least) so many.
    Per {
        /// The points.
        points: Number,
        /// For each so much of the value; whole portions count.
        per: Number,
        /// The bound.
        up_to: Option<Number>,
    },
}

/// What is done with an unknown factor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Missing {
    /// It does not count.
    LeftOut,
    /// It scores so much.
    Scores(Number),
    /// The card is unknown.
    Unknown,
}

/// How much of a card must be known.
#[derive(Clone, Debug)]
pub struct Require {
    /// How much.
    pub kind: RequireKind,
    /// Why.
    pub reason: Reason,
    /// Where it stands.
    pub span: Span,
}

/// How much of a card must be known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RequireKind {
    /// So many factors.
    Known(u32),
    /// So great a part of the weight, as a fraction.
    WeightKnown(Number),
}
