//! A change of meaning: what it is, in which class it falls and why, and how it is made alone.

use std::sync::Arc;

use super::compare::{Kind, Member};
use super::seen::{Ends, Shift};
use super::what::What;
use crate::base::{Lang, Span, Str};
use crate::store::RulesFolder;

/// What a change does to customers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// What people call something; nothing is decided otherwise.
    LabelOnly,
    /// Nothing that a customer gets is decided otherwise: a reason, a citation, what is told inside.
    Neutral,
    /// No customer is worse off.
    Looser,
    /// No customer is better off.
    Tighter,
    /// Some may be better off and others worse, or it cannot be proved that it is not so.
    Mixed,
}

impl Class {
    /// All of them, the mildest first.
    pub const ALL: [Class; 5] =
        [Class::LabelOnly, Class::Neutral, Class::Looser, Class::Tighter, Class::Mixed];

    /// Its key, never translated: `label_only`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Class::LabelOnly => "label_only",
            Class::Neutral => "neutral",
            Class::Looser => "looser",
            Class::Tighter => "tighter",
            Class::Mixed => "mixed",
        }
    }

    /// The class of a key.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.key() == key)
    }

    /// In words.
    #[must_use]
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Class::LabelOnly => lang.pick("label only", "仅名称"),
            Class::Neutral => lang.pick("neutral", "中性"),
            Class::Looser => lang.pick("looser", "放宽"),
            Class::Tighter => lang.pick("tighter", "收紧"),
            Class::Mixed => lang.pick("mixed", "有宽有严"),
        }
    }
}

/// Why a change is in its class.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// The digest of what the policy means is the same.
    SameMeaning,
    /// No output comes out otherwise for any customer.
    SameOutputs,
    /// These outputs go one way, the others stay: each by its name, with the way it goes.
    Proved(Vec<(Str, Way)>),
    /// Some outputs can go up, others down: each with its way.
    BothWays(Vec<(Str, Way)>),
    /// Nothing is proved of the first; of the others which way they go.
    Open(Vec<Str>, Vec<(Str, Way)>),
    /// Nothing moves that is better one way: what moves stands in [`Change::also`].
    NoDirection,
    /// It cannot be made alone: without other changes the policy has mistakes.
    NotAlone,
    /// A whole policy is there that was not, or is no longer.
    Whole,
}

/// Which way an output goes, as far as customers are concerned.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Way {
    /// No customer is better off in it.
    NeverBetter,
    /// No customer is worse off in it.
    NeverWorse,
}

/// An output that moves and is better neither way: who must sign, a value for the books.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Also {
    /// Its name.
    pub name: Str,
    /// How it moves.
    pub moves: Moves,
}

/// How a value moves, for all customers at once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Moves {
    /// It is never lower.
    Higher,
    /// It is never higher.
    Lower,
    /// It can come out otherwise.
    Otherwise,
}

impl Moves {
    /// Its key, never translated: `never_lower`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Moves::Higher => "never_lower",
            Moves::Lower => "never_higher",
            Moves::Otherwise => "otherwise",
        }
    }
}

/// What one side says at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// As written there, on one line, without comments.
    pub text: String,
    /// Where.
    pub span: Span,
    /// A day told from another, where it is one.
    pub shift: Option<(String, Shift)>,
    /// From where to where a cell of a table reaches, where it says so.
    pub(super) ends: Option<Ends>,
}

/// How a condition differs from the one that was.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reach {
    /// It holds for fewer: whenever it holds, the old one does.
    Narrower,
    /// It holds for more.
    Wider,
}

/// One change of meaning.
#[derive(Clone)]
pub struct Change {
    /// The policy in which it is made.
    pub policy: Str,
    /// The construct: `scorecard characteristic`; of the header, the policy itself.
    pub construct: Member,
    /// The part of the construct, from the outermost: the section, the factor, the row.
    pub path: Vec<Member>,
    /// What of it: its weight, its condition; the part itself where it is there or not as a whole.
    pub what: What,
    /// What happened.
    pub kind: Kind,
    /// What was said.
    pub was: Option<Told>,
    /// What is said.
    pub is: Option<Told>,
    /// Whether a condition holds for fewer or for more, where that is proved.
    pub reach: Option<Reach>,
    /// Its class.
    pub class: Class,
    /// Why it is in that class.
    pub why: Why,
    /// What else comes out otherwise, and does not bear on the class.
    pub also: Vec<Also>,
    /// The changes without which it cannot be made, by their places among those of its policy.
    pub needs: Vec<usize>,
    /// What is changed in one with it, for none of them can be made without the others: of a border between two rows, the other row.
    pub parts: Vec<Change>,
    pub(super) edit: Arc<dyn Fn(&mut RulesFolder) + Send + Sync>,
}

impl std::fmt::Debug for Change {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {:?} {}", self.address(), self.kind, self.class.key())
    }
}

impl Change {
    /// Its address, the same for the same thing in every comparison: `trade_credit/characteristic/payment_record/weight`.
    #[must_use]
    pub fn address(&self) -> String {
        let mut parts = vec![self.policy.to_string()];
        if *self.construct.name != *self.policy {
            let name = &self.construct.name;
            parts.push(if name.is_empty() { self.construct.kind.key.to_owned() } else { name.to_string() });
        }
        for member in &self.path {
            let named = !member.name.is_empty() && !member.name.starts_with(|ch: char| ch.is_ascii_digit());
            parts.push(match (named, member.name.is_empty()) {
                (true, _) => member.name.to_string(),
                (false, true) => member.kind.key.to_owned(),
                (false, false) => format!("{} {}", member.kind.key, member.name),
            });
        }
        if self.path.last().is_none_or(|member| member.kind != self.what) && self.what != self.construct.kind
        {
            parts.push(self.what.key.to_owned());
        }
        parts.join("/")
    }
}
