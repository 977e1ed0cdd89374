//! Words for people: their figures typed, both languages beside one another.

use super::{Expr, Rounding};
use crate::base::{Span, Str};

crate::define_index! {
    /// A text for people.
    WordsId
}

/// Why a rule is there.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reason {
    /// The code.
    pub code: Option<Str>,
    /// The words.
    pub because: Option<WordsId>,
    /// The citation.
    pub cite: Option<Str>,
    /// The customer does not read it.
    pub internal: bool,
    /// What the customer reads in its place.
    pub customer: Option<WordsId>,
    /// What roles are told: the role, the words.
    pub notes: Vec<(Str, WordsId)>,
}

impl Reason {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.code.is_none()
            && self.because.is_none()
            && self.cite.is_none()
            && self.customer.is_none()
            && self.notes.is_empty()
    }

    /// The texts that it says to somebody.
    pub fn words(&self) -> impl Iterator<Item = WordsId> + '_ {
        self.because.into_iter().chain(self.customer).chain(self.notes.iter().map(|(_, words)| *words))
    }
}

/// A text for people in both languages. Where the policy gives one text, it stands for both.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// In English.
    pub en: Vec<Piece>,
    /// In Chinese.
    pub zh: Vec<Piece>,
    /// What its pieces show.
    pub figures: Vec<Shown>,
}

/// A piece of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// What is read as it stands.
    Text(Str),
    /// The figure at this place.
    Figure(u32),
}

/// What a text shows of the customer.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The value.
    pub value: Expr,
    /// How it is rounded.
    pub rounding: Option<Rounding>,
    /// Where it stands.
    pub span: Span,
}
