//! Words for people: why a rule is there, what a customer reads in its place, what a role is to do.

use super::{Expr, Name, Rounding, Text};
use crate::base::{Span, Str};

/// Why a rule is there, in words for people.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Reason {
    /// `because "超限 {exposure - credit_limit}"`
    pub because: Option<Words>,
    /// `because falling_receipts "…"`: the code of the reason.
    pub code: Option<Name>,
    /// `cite "信用管理制度 §3.2"`
    pub cite: Option<Text>,
    /// `internal`: the customer does not read it.
    pub internal: Option<Span>,
    /// `customer says "…"`: what the customer reads in its place.
    pub customer: Option<(Words, Span)>,
    /// `note to credit_manager "…"`
    pub notes: Vec<Note>,
}

/// `note to credit_manager "核对退票原因"`
#[derive(Clone, PartialEq, Debug)]
pub struct Note {
    /// The role.
    pub role: Name,
    /// What it is told.
    pub words: Words,
    /// Where it stands.
    pub span: Span,
}

/// A text for people: one for all readers, or one in each language.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Words {
    /// Without a language.
    pub plain: Option<Phrase>,
    /// `zh "…"`
    pub zh: Option<Phrase>,
    /// `en "…"`
    pub en: Option<Phrase>,
}

/// A text with figures.
#[derive(Clone, PartialEq, Debug)]
pub struct Phrase {
    /// Text and figures in turn.
    pub pieces: Vec<Piece>,
    /// Where it stands, with its quotation marks.
    pub span: Span,
}

/// A piece of a text.
#[derive(Clone, PartialEq, Debug)]
pub enum Piece {
    /// What is read as it stands; escapes and doubled braces resolved.
    Text(Str),
    /// `{exposure - credit_limit}`
    Figure(Figure),
}

/// `{late_share rounded to 1 decimal}`
#[derive(Clone, PartialEq, Debug)]
pub struct Figure {
    /// What is shown.
    pub value: Expr,
    /// How it is rounded.
    pub rounding: Option<Rounding>,
    /// Where it stands, with its braces.
    pub span: Span,
}
