//! Words for people: texts whose figures are steps.

use std::fmt::Write as _;

use super::{HIDDEN, Plan, StepId};
use crate::base::{Lang, Str};
use crate::value::display::{Show, show};
use crate::value::{EnumId, EnumSort, Type, Value};

pub use crate::check::hir::{Reason, WordsId};

/// A text for people in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Words {
    /// In English.
    pub en: Vec<Piece>,
    /// In Chinese.
    pub zh: Vec<Piece>,
}

/// A piece of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// What is read as it stands.
    Text(Str),
    /// The value of this step.
    Figure(StepId),
}

impl Words {
    /// The pieces that a reader of a language reads.
    #[must_use]
    pub fn pieces(&self, lang: Lang) -> &[Piece] {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }

    /// The steps that it shows, each once.
    #[must_use]
    pub fn figures(&self) -> Vec<StepId> {
        let mut steps: Vec<StepId> = Vec::new();
        for piece in self.en.iter().chain(&self.zh) {
            match piece {
                Piece::Figure(step) if !steps.contains(step) => steps.push(*step),
                Piece::Figure(_) | Piece::Text(_) => {}
            }
        }
        steps
    }

    /// The text with its figures as `show` writes them. A unit that the text itself has behind a figure is not written twice:
    /// of `超期 {days} 天` and `30天` comes `超期 30 天`.
    #[must_use]
    pub fn say(&self, lang: Lang, show: impl Fn(StepId) -> String) -> String {
        let pieces = self.pieces(lang);
        let mut said = String::new();
        for (place, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => said.push_str(text),
                Piece::Figure(step) => {
                    let figure = show(*step);
                    let behind = match pieces.get(place.saturating_add(1)) {
                        Some(Piece::Text(text)) => text.trim_start(),
                        Some(Piece::Figure(_)) | None => "",
                    };
                    said.push_str(without_unit(&figure, behind));
                }
            }
        }
        said
    }

    /// The text with its figures as placeholders that `name` gives: for digests and for readers of a plan.
    pub(super) fn written(&self, name: &dyn Fn(StepId) -> String) -> String {
        let written = |pieces: &[Piece]| {
            let mut text = String::new();
            for piece in pieces {
                match piece {
                    Piece::Text(plain) => text.push_str(&plain.replace('{', "{{")),
                    Piece::Figure(step) => {
                        let _ = write!(text, "{{{}}}", name(*step));
                    }
                }
            }
            text
        };
        let (en, zh) = (written(&self.en), written(&self.zh));
        if en == zh { zh } else { format!("zh {zh} en {en}") }
    }
}

/// A figure without its unit, where the text behind it names that unit.
fn without_unit<'f>(figure: &'f str, behind: &str) -> &'f str {
    const UNITS: [&str; 7] = ["%", " days", " day", " months", " month", "个月", "天"];
    let unit = UNITS.into_iter().find(|unit| figure.ends_with(unit) && behind.starts_with(unit.trim_start()));
    unit.and_then(|unit| figure.strip_suffix(unit)).unwrap_or(figure)
}

impl Plan {
    /// A text for people.
    #[must_use]
    pub fn words(&self, id: WordsId) -> Option<&Words> {
        self.words.get(id)
    }

    /// A text as a reader of a language reads it; `value` gives the values of its figures.
    #[must_use]
    pub fn say<'v>(&self, id: WordsId, lang: Lang, value: impl Fn(StepId) -> Option<&'v Value>) -> String {
        let Some(words) = self.words.get(id) else { return String::new() };
        words.say(lang, |step| {
            let ty = self.steps.get(step).map_or(&Type::YesNo, |it| &it.ty);
            match value(step) {
                Some(value) if value.is_known() && self.is_personal(step) => HIDDEN.to_owned(),
                Some(value) => self.shown(value, ty, lang, false),
                None => lang.pick("unknown", "未知").to_owned(),
            }
        })
    }

    /// The shortest name under which a value is known.
    #[must_use]
    pub fn name_of(&self, step: StepId) -> Option<&Str> {
        let names = self.names.iter().filter(|(_, known)| **known == step).map(|(name, _)| name);
        names.min_by_key(|name| name.len())
    }

    /// A value as people read it, in the currency of the policy: a grade by its name, with its label where that is asked for; a
    /// member of a kind by its label alone; a fraction whose decimals never end with `≈` and four decimals.
    #[must_use]
    pub fn shown(&self, value: &Value, ty: &Type, lang: Lang, labels: bool) -> String {
        match (value, ty) {
            (Value::Code(code), Type::Enum(kind)) => self.member(*kind, *code, lang, labels),
            (Value::Set(members), Type::Set(kind)) if *members != 0 => {
                let codes = (0..u128::BITS).filter(|code| members.checked_shr(*code).unwrap_or(0) & 1 == 1);
                let names: Vec<String> = codes.map(|code| self.member(*kind, code, lang, labels)).collect();
                names.join(lang.pick(", ", "、"))
            }
            _ => {
                let home = self.policies.last().map(|policy| policy.currency);
                let how = Show { home, approximate: Some(4), ..Show::new(lang) };
                show(value, ty, &self.schema.enums, &how)
            }
        }
    }

    fn member(&self, kind: EnumId, code: u32, lang: Lang, labels: bool) -> String {
        let Some(kind) = self.schema.enums.get(kind) else { return code.to_string() };
        let Some(member) = kind.member(code) else { return code.to_string() };
        let label = member.label.pick(lang);
        // A grade that is a word of the language goes by its label; a mark like CA1 stands as it is.
        let word = member.name.chars().all(|ch| ch.is_ascii_lowercase() || ch == '_')
            || !member.name.is_ascii()
            || label.starts_with(&*member.name);
        match (kind.sort, label == &member.name) {
            (EnumSort::Grades, false) if word && !label.is_empty() => label.to_string(),
            (EnumSort::Grades, false) if labels => format!("{} {label}", member.name),
            (EnumSort::Grades, _) => member.name.to_string(),
            (
                EnumSort::Kind | EnumSort::BuiltIn | EnumSort::Stance | EnumSort::Steps | EnumSort::Holds,
                _,
            ) => label.to_string(),
        }
    }

    /// The steps whose values the texts of a reason show, each once.
    #[must_use]
    pub fn figures_of(&self, reason: &Reason) -> Vec<StepId> {
        let mut steps: Vec<StepId> = Vec::new();
        for words in reason.words().filter_map(|id| self.words.get(id)) {
            steps.extend(words.figures());
        }
        steps.sort_unstable();
        steps.dedup();
        steps
    }
}
