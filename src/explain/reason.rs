//! Why a rule is there, with the figures of this customer.

use super::sources::Reader;
use super::{Comparison, Figure, Standing};
use crate::base::{Lang, Str};
use crate::plan::{self, Label, WordsId};

/// Why a rule is there, its texts with the figures of this customer, in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reason {
    /// The code.
    pub code: Option<Str>,
    /// The words.
    pub text: Option<Label>,
    /// The citation.
    pub cite: Option<Str>,
    /// The customer does not read it.
    pub internal: bool,
    /// What the customer reads in its place.
    pub customer: Option<Label>,
    /// What roles are told: the role, the words.
    pub notes: Vec<(Str, Label)>,
}

/// A rule that shaped the decision.
#[derive(Clone, Debug)]
pub struct ReasonLine {
    /// Its stable address.
    pub address: Str,
    /// The construct it stands in, where it is a factor of a card: the factor's label.
    pub factor: Option<Label>,
    /// Code, words, citation.
    pub reason: Reason,
    /// The points that it cost, exactly.
    pub lost: Option<Figure>,
    /// The points that it added to a card that gathers what speaks against the customer, exactly.
    pub added: Option<Figure>,
    /// How the rule stands, and what it compares.
    pub standing: Standing,
    /// What its condition compares.
    pub comparisons: Vec<Comparison>,
    /// The key of the item it concerns.
    pub item: Option<Figure>,
    /// Whether what the customer is told of the outcome rests on the construct it stands in.
    pub counts: bool,
    /// Whether the outcome does, with what the house keeps to itself.
    pub live: bool,
}

impl Reason {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.code.is_none() && self.text.is_none() && self.cite.is_none() && self.customer.is_none()
    }
}

/// The words of a rule for the customer (or the item) that is looked at.
pub(super) fn reason(reader: &Reader<'_>, reason: &plan::Reason) -> Reason {
    let say = |id: WordsId| {
        let words = reader.plan.words(id)?;
        let in_lang = |lang: Lang| {
            Str::from(words.say(lang, |step| {
                let figure = reader.figure(step);
                reader.plan.shown(&figure.value, &figure.ty, lang, false)
            }))
        };
        Some(Label { en: in_lang(Lang::En), zh: in_lang(Lang::Zh) })
    };
    Reason {
        code: reason.code.clone(),
        text: reason.because.and_then(say),
        cite: reason.cite.clone(),
        internal: reason.internal,
        customer: reason.customer.and_then(say),
        notes: reason.notes.iter().filter_map(|(role, id)| Some((role.clone(), say(*id)?))).collect(),
    }
}
