//! Scorecards, their sections and factors, what is done with a factor that is unknown.

use super::{Expr, Label, Name, Pattern, Reason, Rounding, Row};
use crate::base::Span;

/// `scorecard characteristic { … }`, `scorecard behaviour added { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Scorecard {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// `added`: points are added up, not averaged.
    pub added: Option<Span>,
    /// `base 100`, of an added card.
    pub base: Option<Expr>,
    /// Sections and factors in the order written.
    pub parts: Vec<CardPart>,
    /// `scale 0..10 to 0..100`
    pub scale: Option<Scale>,
    /// `missing …` for the whole card.
    pub missing: Option<Missing>,
    /// `require …`
    pub require: Vec<Require>,
    /// `rounded to 2 decimals`
    pub rounding: Option<Rounding>,
}

/// A section or a factor of a card.
#[derive(Clone, PartialEq, Debug)]
pub enum CardPart {
    /// `section own "…" { … }`
    Section(Section),
    /// `payment_record weight 12`
    Factor(Factor),
}

/// `section own "客户自身特征" { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Section {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// Its factors.
    pub factors: Vec<Factor>,
    /// `missing …` for the section.
    pub missing: Option<Missing>,
    /// The whole section.
    pub span: Span,
}

/// `payment_record weight 12 missing scores 0 cite "…"`
#[derive(Clone, PartialEq, Debug)]
pub struct Factor {
    /// The value that is scored: a fact or a value, possibly dotted; its last name names the factor.
    pub value: Expr,
    /// The name of the factor.
    pub name: Name,
    /// Its label, over the value's own.
    pub label: Label,
    /// What it weighs, or its points.
    pub score: FactorScore,
    /// `missing …` for the factor.
    pub missing: Option<Missing>,
    /// Why.
    pub reason: Reason,
    /// The whole factor.
    pub span: Span,
}

/// How a factor scores.
#[derive(Clone, PartialEq, Debug)]
pub enum FactorScore {
    /// `weight 12`, `weight 20%`; with points where the value is not on the card's scale:
    /// `weight 12 points { … }`.
    Weight(Expr, Option<Vec<Row>>),
    /// `points { below 2 : 0; … }`: rows over the value.
    Points(Vec<Row>),
    /// `points 20 when yes`; the pattern may be any member or bound.
    PointsWhen(Expr, Pattern),
    /// `points -5 per 1, up to -15`
    PointsPer {
        /// The points.
        points: Expr,
        /// For each so much of the value.
        per: Expr,
        /// The most (or least, where negative) that it can come to.
        up_to: Option<Expr>,
    },
}

/// `missing left out | scores <n> | unknown`
#[derive(Clone, PartialEq, Debug)]
pub struct Missing {
    /// What is done.
    pub kind: MissingKind,
    /// Where it stands.
    pub span: Span,
}

/// What is done with a factor that is unknown.
#[derive(Clone, PartialEq, Debug)]
pub enum MissingKind {
    /// It is left out: neither its points nor its weight count.
    LeftOut,
    /// It scores so much.
    Scores(Expr),
    /// The card is unknown.
    Unknown,
}

/// `scale 0..10 to 0..100`
#[derive(Clone, PartialEq, Debug)]
pub struct Scale {
    /// The scale of the factors.
    pub from: (Expr, Expr),
    /// The scale of the card.
    pub to: (Expr, Expr),
    /// Where it stands.
    pub span: Span,
}

/// `require at least 2 known because "…"`
#[derive(Clone, PartialEq, Debug)]
pub struct Require {
    /// How much must be known.
    pub kind: RequireKind,
    /// Why.
    pub reason: Reason,
    /// Where it stands.
    pub span: Span,
}

/// How much of a card must be known.
#[derive(Clone, PartialEq, Debug)]
pub enum RequireKind {
    /// `at least 2 known`: so many factors.
    Known(Expr),
    /// `at least 80% of weight known`
    WeightKnown(Expr),
}
