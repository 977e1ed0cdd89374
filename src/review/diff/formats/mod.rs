//! Changes for people and for programs.

mod html;
mod json;
mod md;
mod text;

pub use html::html;
pub use json::json;
pub use md::markdown;
pub use text::text;

use super::{Change, Class, Diff, Pair};
use crate::base::{Lang, SourceMap, Span};
use crate::diag::Severity;
use crate::diag::render::annotation;

/// How many changes there are of each class, the gravest first.
#[must_use]
pub fn counts(diff: &Diff) -> Vec<(Class, usize)> {
    let of = |class: Class| diff.changes().filter(|change| change.class == class).count();
    Class::ALL.into_iter().rev().map(|class| (class, of(class))).filter(|(_, count)| *count > 0).collect()
}

/// One line for all: `4 changes: 1 mixed, 2 tighter, 1 label only`.
#[must_use]
pub fn summary(diff: &Diff, lang: Lang) -> String {
    let counts = counts(diff);
    let all: usize = counts.iter().map(|(_, count)| count).sum();
    let each: Vec<String> =
        counts.iter().map(|(class, count)| format!("{count} {}", class.word(lang))).collect();
    match (all, lang) {
        (0, Lang::En) => String::from("no change of meaning"),
        (0, Lang::Zh) => String::from("含义没有变化"),
        (1, Lang::En) => format!("1 change: {}", each.join(", ")),
        (_, Lang::En) => format!("{all} changes: {}", each.join(", ")),
        (_, Lang::Zh) => format!("共 {all} 处改动：{}", each.join("，")),
    }
}

/// What a pair is called: `trade_credit 2026.3 → 2026.4`.
fn title(pair: &Pair, lang: Lang) -> String {
    match (&pair.was, &pair.is) {
        (Some(was), Some(is)) if was.version == is.version => format!("{} {}", pair.name, is.version),
        (Some(was), Some(is)) => format!("{} {} → {}", pair.name, was.version, is.version),
        (None, Some(is)) => format!("{} {} {}", pair.name, is.version, lang.pick("(new)", "（新增）")),
        (Some(was), None) => {
            format!("{} {} {}", pair.name, was.version, lang.pick("(taken out)", "（删去）"))
        }
        (None, None) => pair.name.to_string(),
    }
}

/// A place without its column, for people.
fn line(sources: &SourceMap, span: Span) -> String {
    let place = sources.place(span);
    place.rsplit_once(':').map_or(place.clone(), |(line, _)| line.to_owned())
}

/// Both places of a change: `rules/a.gradus:91 → 95` where the file is the same.
fn places(change: &Change, sources: &SourceMap) -> String {
    let at = |told: &Option<super::Told>| told.as_ref().map(|told| line(sources, told.span));
    match (at(&change.was), at(&change.is)) {
        (Some(was), Some(is)) if was == is => is,
        (Some(was), Some(is)) => format!("{was} → {is}"),
        (Some(at), None) | (None, Some(at)) => at,
        (None, None) => String::new(),
    }
}

/// Marks on the lines of a change, as a job on GitHub sets them: changes of which it is not proved that nobody is worse off are warnings.
#[must_use]
pub fn github(diff: &Diff, sources: &SourceMap, lang: Lang) -> String {
    let mut out = String::new();
    for change in diff.changes() {
        let severity = match change.class {
            Class::Mixed | Class::Tighter => Severity::Warning,
            Class::Looser | Class::Neutral | Class::LabelOnly => Severity::Note,
        };
        let span = change.is.as_ref().or(change.was.as_ref()).map(|told| told.span);
        let title = format!("{}: {}", change.class.word(lang), super::heading(&change.construct, lang));
        let said = format!("{}\n{}", super::sentence(change, lang), super::reason(change, lang));
        out.push_str(&annotation(severity, sources, span, &title, &said));
    }
    out
}
