//! What we tell people: a [`Diagnostic`] is data; `render` makes text of it.
//!
//! The words stand in the catalog (`catalog/*.toml`, English and Chinese side by side). Code that finds a
//! mistake names its code, the places, and the figures; it never holds a sentence.

mod catalog;
mod mend;
mod pages;
pub mod render;

use crate::base::{Span, Str};
pub use catalog::{Catalog, Entry, Lang, Part, codes, entry};
pub use mend::{Mended, mend, mending};
pub use pages::page;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// For the reader to know; nothing has to be done.
    Note,
    /// The policy runs, but something in it is likely not what was meant.
    Warning,
    /// The policy does not run.
    Error,
}

/// A place with a word on what is wrong there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The key of the words in the code's entry, `label.<key>`.
    pub key: &'static str,
    /// Figures for these words alone, over those of the diagnostic.
    pub args: Vec<(&'static str, Str)>,
}

/// A change of the text that mends the mistake.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// The key of the words in the code's entry, `help.<key>`.
    pub key: &'static str,
    /// What to put in place of what.
    pub edits: Vec<(Span, Str)>,
    /// Whether it can be applied without being looked at.
    pub safe: bool,
}

/// One mistake, warning or note.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The code, e.g. `E201`, for people to look up; its words stand in the catalog.
    pub code: &'static str,
    /// The place that is wrong: shown if only one place can be shown. None for what has no place in a text.
    pub span: Option<Span>,
    /// Figures and names that the words of the catalog mention in braces.
    pub args: Vec<(&'static str, Str)>,
    /// Those of them that read otherwise in Chinese: the name of a type.
    pub zh: Vec<(&'static str, Str)>,
    /// Which of the entry's messages, where it has several; empty for the only one.
    pub variant: &'static str,
    /// Further places, each with its words.
    pub labels: Vec<Label>,
    /// What to do: keys of `help.<key>`.
    pub helps: Vec<&'static str>,
    /// Why it is so: keys of `note.<key>`.
    pub notes: Vec<&'static str>,
    /// Changes that mend it.
    pub fixes: Vec<Fix>,
    /// Its place is told and the text there is not shown: it holds what is personal.
    pub hides_text: bool,
    /// How bad the settings of a project call it; none: as the catalog says.
    pub level: Option<Severity>,
}

impl Diagnostic {
    /// A diagnostic of a code at a place.
    #[must_use]
    pub fn new(code: &'static str, span: Span) -> Self {
        Diagnostic { span: Some(span), ..Self::nowhere(code) }
    }

    /// A diagnostic of a code that has no place in a text.
    #[must_use]
    pub fn nowhere(code: &'static str) -> Self {
        Diagnostic {
            code,
            span: None,
            args: Vec::new(),
            zh: Vec::new(),
            variant: "",
            labels: Vec::new(),
            helps: Vec::new(),
            notes: Vec::new(),
            fixes: Vec::new(),
            hides_text: false,
            level: None,
        }
    }

    /// Adds a figure or a name that the words mention as `{key}`.
    #[must_use]
    pub fn arg(mut self, key: &'static str, value: impl std::fmt::Display) -> Self {
        self.args.push((key, Str::from(value.to_string())));
        self
    }

    /// Adds words that the words of the catalog mention as `{key}`, in English and in Chinese: `yes/no`, `是/否`.
    #[must_use]
    pub fn arg_in(
        mut self,
        key: &'static str,
        en: impl std::fmt::Display,
        zh: impl std::fmt::Display,
    ) -> Self {
        self.zh.push((key, Str::from(zh.to_string())));
        self.arg(key, en)
    }

    /// Chooses one of several messages of the code.
    #[must_use]
    pub fn variant(mut self, variant: &'static str) -> Self {
        self.variant = variant;
        self
    }

    /// Adds a further place with the words `label.<key>`.
    #[must_use]
    pub fn label(mut self, span: Span, key: &'static str) -> Self {
        self.labels.push(Label { span, key, args: Vec::new() });
        self
    }

    /// Adds a further place with the words `label.<key>` and a figure for these words alone.
    #[must_use]
    pub fn label_with(mut self, span: Span, key: &'static str, figure: (&'static str, Str)) -> Self {
        self.labels.push(Label { span, key, args: vec![figure] });
        self
    }

    /// Adds what to do, the words `help.<key>`.
    #[must_use]
    pub fn help(mut self, key: &'static str) -> Self {
        self.helps.push(key);
        self
    }

    /// Adds why it is so, the words `note.<key>`.
    #[must_use]
    pub fn note(mut self, key: &'static str) -> Self {
        self.notes.push(key);
        self
    }

    /// Adds a change that mends it.
    #[must_use]
    pub fn fix(mut self, key: &'static str, span: Span, replacement: impl Into<Str>, safe: bool) -> Self {
        self.fixes.push(Fix { key, edits: vec![(span, replacement.into())], safe });
        self
    }

    /// How bad it is, as the settings say, or else the catalog.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.level.unwrap_or_else(|| entry(self.code).map_or(Severity::Error, |entry| entry.severity))
    }

    /// Whether the policy does not run because of it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }
}
