//! What a terminal shows: the lines in question, underlined, with words beside them.

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet, normalize_untrusted_str,
};

use super::{Place, Told, severity_word, tell};
use crate::base::SourceMap;
use crate::diag::{Diagnostic, Lang, Severity};

/// Whether text carries escape sequences for colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Colour {
    /// Plain text: files, pipes, snapshots.
    Without,
    /// For a terminal.
    With,
}

/// Every diagnostic with its lines of source, underlined, and its help and notes; one blank line behind each.
#[must_use]
pub fn full(diagnostics: &[Diagnostic], sources: &SourceMap, lang: Lang, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Without => Renderer::plain(),
        Colour::With => Renderer::styled(),
    };
    let mut out = String::new();
    for diagnostic in diagnostics {
        let told = tell(diagnostic, lang);
        out.push_str(&renderer.render(&groups(&told, diagnostic.hides_text, sources, lang)));
        out.push_str("\n\n");
    }
    out
}

fn groups<'a>(told: &'a Told, hides_text: bool, sources: &'a SourceMap, lang: Lang) -> Vec<Group<'a>> {
    let level = match told.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title =
        level.with_name(severity_word(told.severity, lang)).primary_title(clean(&told.message)).id(told.code);
    let mut group = Group::with_title(title);
    group = match &told.main {
        Some((span, _)) if hides_text => match Place::new(sources, *span) {
            Some(place) => {
                let at = place.from();
                group.element(Origin::path(place.source.name()).line(at.line).char_column(at.column))
            }
            None => group,
        },
        _ => group.elements(snippets(told, sources)),
    };
    for help in &told.helps {
        group = group.element(help_level(lang).message(clean(help)));
    }
    for note in &told.notes {
        group = group.element(note_level(lang).message(clean(note)));
    }
    let mut groups = vec![group];
    groups.extend(told.fixes.iter().filter_map(|fix| {
        let patches: Vec<(Place<'_>, &str)> =
            fix.edits.iter().filter_map(|(span, new)| Some((Place::new(sources, *span)?, &**new))).collect();
        let first = patches.first()?.0;
        let excerpt = Excerpt::new(first, patches.iter().map(|(place, _)| *place));
        let patches = patches
            .into_iter()
            .filter(|(place, _)| place.same_source(&first))
            .map(|(place, new)| Patch::new(excerpt.range(place), clean(new)));
        let snippet = Snippet::source(excerpt.text).line_start(excerpt.line).patches(patches);
        Some(Group::with_title(help_level(lang).secondary_title(clean(&fix.title))).element(snippet))
    }));
    groups
}

fn help_level(lang: Lang) -> Level<'static> {
    match lang {
        Lang::En => Level::HELP,
        Lang::Zh => Level::HELP.with_name("建议"),
    }
}

fn note_level(lang: Lang) -> Level<'static> {
    match lang {
        Lang::En => Level::NOTE,
        Lang::Zh => Level::NOTE.with_name("说明"),
    }
}

/// Text from a file may hold escape sequences; a terminal must not obey them.
fn clean(text: &str) -> String {
    normalize_untrusted_str(text)
}

/// One snippet a file, the file of the main place first.
fn snippets<'a>(told: &'a Told, sources: &'a SourceMap) -> Vec<Snippet<'a, Annotation<'a>>> {
    let marks: Vec<(Place<'a>, AnnotationKind, &'a str)> = told
        .main
        .iter()
        .map(|mark| (mark, AnnotationKind::Primary))
        .chain(told.labels.iter().map(|mark| (mark, AnnotationKind::Context)))
        .filter_map(|((span, words), kind)| Some((Place::new(sources, *span)?, kind, words.as_str())))
        .collect();
    let mut files: Vec<Place<'a>> = Vec::new();
    for (place, _, _) in &marks {
        if !files.iter().any(|known| known.same_source(place)) {
            files.push(*place);
        }
    }
    files
        .into_iter()
        .map(|file| {
            let here = || marks.iter().filter(|(place, _, _)| place.same_source(&file));
            let excerpt = Excerpt::new(file, here().map(|(place, _, _)| *place));
            let annotations = here().map(|(place, kind, words)| {
                let label = (!words.is_empty()).then(|| clean(words));
                kind.span(excerpt.range(*place)).label(label)
            });
            Snippet::source(excerpt.text)
                .line_start(excerpt.line)
                .path(file.source.name())
                .annotations(annotations.collect::<Vec<_>>())
        })
        .collect()
}

/// The lines that a snippet can show: a policy of thousands of lines is not searched again for each diagnostic.
struct Excerpt<'a> {
    text: &'a str,
    start: usize,
    line: usize,
}

impl<'a> Excerpt<'a> {
    fn new(file: Place<'a>, places: impl Iterator<Item = Place<'a>>) -> Self {
        let (mut start, mut end) = (file.start, file.end);
        for place in places.filter(|place| place.same_source(&file)) {
            start = start.min(place.start);
            end = end.max(place.end);
        }
        let whole: &str = file.source.text();
        let before = whole.get(..start as usize).unwrap_or("");
        let first = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
        let behind = whole.get(end as usize..).unwrap_or("");
        let last =
            behind.find('\n').map_or(whole.len(), |at| at.saturating_add(end as usize).saturating_add(1));
        let line = file.source.line_column(start).line;
        Excerpt { text: whole.get(first..last).unwrap_or(whole), start: first, line }
    }

    fn range(&self, place: Place<'_>) -> std::ops::Range<usize> {
        let range = place.range();
        range.start.saturating_sub(self.start)..range.end.saturating_sub(self.start)
    }
}
