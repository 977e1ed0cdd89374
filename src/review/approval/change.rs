//! What a version changes, as far as its approval goes: against what, and of which classes.

use std::collections::BTreeSet;
use std::fmt;

use crate::base::{Lang, Str};
use crate::review::diff;
use crate::store::settings::RuleName;

/// The class of a change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Class {
    /// Customers get less.
    Tighter,
    /// Customers get more.
    Looser,
    /// Some get more and some less, or it cannot be told.
    Mixed,
    /// Something else is told, and nobody gets more or less.
    Neutral,
    /// Words alone.
    LabelOnly,
    /// References, rates and calendars.
    Tables,
    /// The first version of a policy: there is nothing to compare it with.
    First,
}

impl Class {
    /// All of them.
    pub const ALL: [Class; 7] = [
        Class::Tighter,
        Class::Looser,
        Class::Mixed,
        Class::Neutral,
        Class::LabelOnly,
        Class::Tables,
        Class::First,
    ];

    /// The word in files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Class::Tighter => "tighter",
            Class::Looser => "looser",
            Class::Mixed => "mixed",
            Class::Neutral => "neutral",
            Class::LabelOnly => "label_only",
            Class::Tables => "tables",
            Class::First => "first",
        }
    }

    /// The class of a word in files.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.key() == key)
    }

    /// The word for people: that of `gradus diff`, where it has the class.
    #[must_use]
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Class::Tighter => diff::Class::Tighter.word(lang),
            Class::Looser => diff::Class::Looser.word(lang),
            Class::Mixed => diff::Class::Mixed.word(lang),
            Class::Neutral => diff::Class::Neutral.word(lang),
            Class::LabelOnly => diff::Class::LabelOnly.word(lang),
            Class::Tables => lang.pick("tables", "参照表"),
            Class::First => lang.pick("first version", "首个版本"),
        }
    }

    /// The name of its rule in the settings.
    #[must_use]
    pub fn rule(self) -> RuleName {
        match self {
            Class::Tighter => RuleName::Tighter,
            Class::Looser => RuleName::Looser,
            Class::Mixed => RuleName::Mixed,
            Class::Neutral => RuleName::Neutral,
            Class::LabelOnly => RuleName::LabelOnly,
            Class::Tables => RuleName::Tables,
            Class::First => RuleName::First,
        }
    }

    /// Whether who approved a change as `self` has approved one of class `other`: a later Gradus may prove that what was `mixed` to
    /// it before is `tighter`.
    #[must_use]
    pub fn covers(self, other: Class) -> bool {
        match self {
            Class::First => true,
            Class::Mixed => !matches!(other, Class::First | Class::Tables),
            Class::Tighter | Class::Looser => {
                self == other || matches!(other, Class::Neutral | Class::LabelOnly)
            }
            Class::Neutral => matches!(other, Class::Neutral | Class::LabelOnly),
            Class::LabelOnly | Class::Tables => self == other,
        }
    }
}

/// What a version was compared with.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Against {
    /// Nothing: it is the first.
    Nothing,
    /// Another version, or the same one before its tables changed.
    Version {
        /// The version.
        version: Str,
        /// What it means.
        digest: Str,
    },
}

impl fmt::Display for Against {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Against::Nothing => out.write_str("nothing"),
            Against::Version { version, digest } => write!(out, "{version} {digest}"),
        }
    }
}

impl Against {
    /// What a line says.
    #[must_use]
    pub fn read(text: &str) -> Option<Against> {
        if text == "nothing" {
            return Some(Against::Nothing);
        }
        // A version may hold blanks, a digest none.
        let (version, digest) = text.rsplit_once(' ')?;
        Some(Against::Version { version: Str::from(version), digest: Str::from(digest) })
    }
}

/// What a version changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Against what.
    pub against: Against,
    /// Of which classes; never none.
    pub classes: BTreeSet<Class>,
}

/// The classes for people, in their language.
#[must_use]
pub fn words(classes: &BTreeSet<Class>, lang: Lang) -> String {
    let words: Vec<&str> = classes.iter().map(|class| class.word(lang)).collect();
    words.join(lang.pick(", ", "、"))
}
