//! What people call a thing, in either language.

use super::{Lang, Str};

/// A label in each language; the name of the thing where the policy gives none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// In English.
    pub en: Str,
    /// In Chinese.
    pub zh: Str,
}

impl Label {
    /// The same in both languages.
    #[must_use]
    pub fn same(text: impl Into<Str>) -> Label {
        let text = text.into();
        Label { en: text.clone(), zh: text }
    }

    /// The label in a language.
    #[must_use]
    pub fn pick(&self, lang: Lang) -> &Str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }

    /// Whether this is what people call the thing, in either language.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        &*self.en == text || &*self.zh == text
    }
}
