//! The catalog of messages: every code with its words in English and Chinese.
//!
//! An entry:
//!
//! ```toml
//! [E201]
//! name     = "unknown-name"
//! severity = "error"                                  # error, warning or note
//! en.message    = "`{name}` is not declared"           # or en.message.<variant>
//! en.label      = "no fact, value or parameter has this name"
//! en.help.near  = "did you mean `{near}`?"
//! zh.message    = "`{name}` 未声明"
//! …
//! ```
//!
//! `label` alone stands at the main place; `label.<key>` at further places.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::Severity;
pub use crate::base::Lang;

/// Words that are one text, or several by key.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Keyed(BTreeMap<String, String>),
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    message: Option<Words>,
    label: Option<Words>,
    help: Option<Words>,
    note: Option<Words>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: String,
    severity: String,
    en: Texts,
    zh: Texts,
}

/// One code with its words.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The code, e.g. `E201`.
    pub code: String,
    /// The name in words, e.g. `unknown-name`.
    pub name: String,
    /// How bad it is.
    pub severity: Severity,
    en: Texts,
    zh: Texts,
}

/// Which part of an entry's words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// The sentence that says what is wrong.
    Message,
    /// What is wrong at a place.
    Label,
    /// What to do.
    Help,
    /// Why it is so.
    Note,
}

impl Entry {
    /// The words of a part under a key; the empty key is the part's only text.
    #[must_use]
    pub fn words(&self, lang: Lang, part: Part, key: &str) -> Option<&str> {
        let texts = match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        };
        let words = match part {
            Part::Message => &texts.message,
            Part::Label => &texts.label,
            Part::Help => &texts.help,
            Part::Note => &texts.note,
        };
        match words.as_ref()? {
            Words::One(text) => key.is_empty().then_some(text.as_str()),
            Words::Keyed(texts) => texts.get(if key.is_empty() { "main" } else { key }).map(String::as_str),
        }
    }

    /// All keys of the entry's words in a language, as `part.key`: for the test that holds both languages alike.
    #[must_use]
    pub fn keys(&self, lang: Lang) -> Vec<String> {
        let texts = match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        };
        let mut keys = Vec::new();
        for (part, words) in [
            ("message", &texts.message),
            ("label", &texts.label),
            ("help", &texts.help),
            ("note", &texts.note),
        ] {
            match words {
                Some(Words::One(_)) => keys.push(part.to_owned()),
                Some(Words::Keyed(texts)) => keys.extend(texts.keys().map(|key| format!("{part}.{key}"))),
                None => {}
            }
        }
        keys
    }
}

/// All entries by code.
pub type Catalog = BTreeMap<String, Entry>;

/// The files of the catalog, one an area, so that two people can add codes side by side.
const FILES: &[(&str, &str)] = &[
    ("syntax", include_str!("catalog/syntax.toml")),
    ("check", include_str!("catalog/check.toml")),
    ("constructs", include_str!("catalog/constructs.toml")),
    ("cases", include_str!("catalog/cases.toml")),
    ("plan", include_str!("catalog/plan.toml")),
    ("prove", include_str!("catalog/prove.toml")),
    ("judgements", include_str!("catalog/judgements.toml")),
    ("facts", include_str!("catalog/facts.toml")),
    ("scripts", include_str!("catalog/scripts.toml")),
    ("tool", include_str!("catalog/tool.toml")),
    ("approval", include_str!("catalog/approval.toml")),
    ("lint", include_str!("catalog/lint.toml")),
];

/// The entry of a code, if there is such a code.
#[must_use]
pub fn entry(code: &str) -> Option<&'static Entry> {
    codes().get(code)
}

/// All codes in order.
///
/// A file of the catalog that does not read gives no entries; a test holds every file to reading whole.
#[must_use]
pub fn codes() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        FILES
            .iter()
            .filter_map(|(_, text)| toml::from_str::<BTreeMap<String, Raw>>(text).ok())
            .flatten()
            .map(|(code, raw)| {
                let severity = match raw.severity.as_str() {
                    "note" => Severity::Note,
                    "warning" => Severity::Warning,
                    _ => Severity::Error,
                };
                (code.clone(), Entry { code, name: raw.name, severity, en: raw.en, zh: raw.zh })
            })
            .collect()
    })
}
