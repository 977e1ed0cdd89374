//! One mistake, one diagnostic: what only follows from a mistake that is told is left out, and a name that means nothing is told once,
//! with the places where it stands.
//!
//! What follows is found by what it speaks of: a name on a line that could not be read, or one that is declared by a construct with a
//! mistake in it. A mistake is never taken for a consequence of itself, so that of any text at least one is told.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, hir};
use crate::base::{Span, Str};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::FieldType;

/// What says that a name is not there, or is not what it is taken for: as often as it is used, though it is one mistake.
const OF_NAMES: [&str; 13] =
    ["E201", "E203", "E204", "E205", "E208", "E221", "E222", "E223", "E501", "E505", "E701", "E703", "E704"];
/// The figures of such a diagnostic that are names.
const NAMING: [&str; 6] = ["name", "kind", "part", "field", "code", "list"];
/// What is told of every row where the head of a table is wrong.
const OF_ROWS: [&str; 2] = ["E301", "E302"];
/// What is told of a construct as a whole, and depends on lines of it that may not have been read.
const OF_WHOLE: [&str; 10] = ["E300", "E309", "E321", "E341", "E342", "W346", "E353", "E356", "E367", "E369"];
/// How many further places of one mistake are shown, and mended together.
const PLACES: usize = 4;

/// The diagnostics without those that only follow from others.
pub(super) fn without(
    program: &hir::Program,
    sources: &[Source<'_>],
    unclear: &[Span],
    diagnostics: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let unread = sources.iter().any(|source| !source.file.lost.is_empty());
    let wrong = diagnostics.iter().filter(|told| told.is_error()).count();
    if !unread && (wrong == 0 || diagnostics.len() < 2) {
        return diagnostics;
    }
    let mut places = Places::of(program, sources);
    let (names, mut kept): (Vec<_>, Vec<_>) =
        diagnostics.into_iter().partition(|told| OF_NAMES.contains(&told.code));
    kept.retain(|told| !places.follows_from_a_gap(told));
    let heads: Vec<Span> = spans_of(&kept, &["E131"]);
    let twice: Vec<Span> = spans_of(&kept, &["E202", "E312"]);
    kept.retain(|told| {
        let Some(span) = told.span else { return true };
        // Without the head of its columns no row of a grid has the right number of cells; and what stands twice is wrong in all it says.
        let of_rows = OF_ROWS.contains(&told.code) && heads.iter().any(|head| places.share(*head, span));
        let of_twin = told.code.starts_with("E3") && told.code != "E312" && twice.contains(&span);
        !of_rows && !of_twin
    });
    unclear.iter().for_each(|span| places.break_at(Some(*span)));
    places.spread();
    let mut unknown: BTreeMap<Str, &'static str> = BTreeMap::new();
    for told in names {
        let same = |(key, name): &(&'static str, Str)| {
            NAMING.contains(key) && unknown.get(name).is_some_and(|code| *code != told.code)
        };
        if !places.is_consequence(&told) && !told.args.iter().any(same) {
            let name = told.args.iter().find(|(key, _)| *key == "name");
            let is_plain = ["E201", "E203", "E204", "E223"].contains(&told.code);
            if let Some((_, name)) = name.filter(|_| is_plain) {
                unknown.entry(name.clone()).or_insert(told.code);
            }
            kept.push(told);
        }
    }
    together(kept, &places)
}

fn spans_of(told: &[Diagnostic], codes: &[&str]) -> Vec<Span> {
    told.iter().filter(|told| codes.contains(&told.code)).filter_map(|told| told.span).collect()
}

/// A construct as far as mistakes spread by it.
struct Construct {
    span: Span,
    names: Vec<Str>,
    /// Where its names are declared.
    declared: Vec<Span>,
    is_header: bool,
    is_broken: bool,
    /// Whether lines of it could not be read.
    has_gap: bool,
}

/// The constructs of all sources, and what stands in which.
struct Places {
    constructs: Vec<Construct>,
    /// Which construct reads which.
    reads: BTreeSet<(usize, usize)>,
    lost: BTreeSet<Str>,
    /// Facts, fields, parameters, values and members that could be read.
    known: BTreeSet<Str>,
    /// Whether the header of the policy that is asked for could not be read.
    headless: bool,
    /// Whether it uses others.
    uses: bool,
}

impl Places {
    fn of(program: &hir::Program, sources: &[Source<'_>]) -> Places {
        let mut constructs = Vec::new();
        for source in sources {
            collect(&source.file.items, &mut constructs);
        }
        for value in program.values.iter() {
            if let Some(construct) = innermost(&mut constructs, value.name_span) {
                construct.names.push(value.name.clone());
                construct.declared.push(value.name_span);
                construct.is_broken |= matches!(value.kind, hir::DefinitionKind::Error);
            }
        }
        let lost = || sources.iter().flat_map(|source| &source.file.lost);
        for word in lost() {
            if let Some(construct) = innermost(&mut constructs, word.span) {
                (construct.is_broken, construct.has_gap) = (true, true);
            }
        }
        let by_name: BTreeMap<Span, usize> = constructs
            .iter()
            .enumerate()
            .flat_map(|(place, it)| it.declared.iter().map(move |span| (*span, place)))
            .collect();
        let mut reads = BTreeSet::new();
        for mention in program.mentions.iter().filter(|mention| mention.at != mention.of) {
            let read = by_name.get(&mention.of);
            let reader = constructs.iter().rposition(|it| holds(it.span, mention.at));
            reads.extend(read.zip(reader).map(|(read, reader)| (*read, reader)));
        }
        let last = sources.last().map(|source| source.file);
        let has_header =
            last.is_some_and(|file| file.items.iter().any(|it| matches!(it.kind, ast::ItemKind::Policy(_))));
        Places {
            constructs,
            reads,
            uses: last
                .is_some_and(|file| file.items.iter().any(|it| matches!(it.kind, ast::ItemKind::Use(_)))),
            headless: !has_header && last.is_some_and(|file| !file.lost.is_empty()),
            known: known(program),
            lost: lost().map(|word| word.text.clone()).collect(),
        }
    }

    /// Whether two places stand in the same construct.
    fn share(&self, one: Span, other: Span) -> bool {
        let of = |span| self.constructs.iter().rposition(|construct| holds(construct.span, span));
        of(one).is_some() && of(one) == of(other)
    }

    /// Notes that a construct holds a mistake.
    fn break_at(&mut self, span: Option<Span>) {
        let found = span.and_then(|span| innermost(&mut self.constructs, span));
        if let Some(construct) = found {
            construct.is_broken = true;
        }
    }

    /// What reads a broken construct is broken.
    fn spread(&mut self) {
        loop {
            let mut more = false;
            for (read, reader) in &self.reads {
                let broken = self.constructs.get(*read).is_some_and(|read| read.is_broken);
                if let Some(reader) = self.constructs.get_mut(*reader).filter(|it| broken && !it.is_broken) {
                    (reader.is_broken, more) = (true, true);
                }
            }
            if !more {
                return;
            }
        }
    }

    /// Whether a diagnostic of a name speaks of what could not be read, or of what a broken construct declares.
    fn is_consequence(&self, told: &Diagnostic) -> bool {
        // Without its header it is not known what the policy uses.
        if self.headless && self.uses || told.code == "E501" {
            return self.headless;
        }
        // It is declared, and elsewhere than where it is read.
        if told.code == "E208" {
            return false;
        }
        let broken = || self.constructs.iter().filter(|construct| construct.is_broken);
        if told.code == "E704" && (!self.lost.is_empty() || broken().next().is_some()) {
            return true;
        }
        let mut named = told.args.iter().filter(|(key, _)| NAMING.contains(key)).map(|(_, name)| name);
        if named.clone().any(|name| self.lost.contains(name) && !self.known.contains(name)) {
            return true;
        }
        // Of a name it is known where it is declared, or there is only one. No construct is its own excuse.
        let stands = |construct: &&Construct| told.span.is_some_and(|span| holds(construct.span, span));
        let declared = told.labels.iter().find(|label| label.key == "declared").map(|label| label.span);
        match declared {
            Some(declared) => {
                broken().any(|construct| holds(construct.span, declared) && !stands(&construct))
            }
            None if told.code == "E201" => false,
            None => named.any(|name| broken().any(|it| it.names.contains(name) && !stands(&it))),
        }
    }

    /// Whether a diagnostic says of a construct as a whole what may be otherwise with the lines that could not be read.
    fn follows_from_a_gap(&self, told: &Diagnostic) -> bool {
        let Some(span) = told.span else { return false };
        match (told.code, told.variant) {
            ("E224" | "E225", "missing" | "version") => {
                self.headless || self.constructs.iter().any(|it| it.is_header && it.has_gap)
            }
            (code, _) if OF_WHOLE.contains(&code) => {
                self.constructs.iter().any(|it| it.has_gap && holds(it.span, span))
            }
            _ => false,
        }
    }
}

fn known(program: &hir::Program) -> BTreeSet<Str> {
    let fields = program.schema.fields.iter().flat_map(|field| {
        let inner = match &field.ty {
            FieldType::Records(fields) => fields.as_slice(),
            _ => &[],
        };
        inner.iter().map(|inner| inner.name.clone()).chain([field.name.clone()])
    });
    let params = program.params.iter().map(|param| param.name.clone());
    let values = program.values.iter().map(|value| value.name.clone());
    let members = program.schema.enums.iter().flat_map(|kind| &kind.members);
    let members = members.map(|member| member.name.clone());
    fields.chain(params).chain(values).chain(members).collect()
}

/// The constructs of a file, what stands inside behind what it stands in.
fn collect(items: &[ast::Item], into: &mut Vec<Construct>) {
    for item in items {
        let names = match &item.kind {
            ast::ItemKind::Kind(kind) => vec![kind.name.text.clone()],
            _ => Vec::new(),
        };
        into.push(Construct {
            span: item.span,
            names,
            declared: Vec::new(),
            is_header: matches!(item.kind, ast::ItemKind::Policy(_)),
            is_broken: false,
            has_gap: false,
        });
        if let ast::ItemKind::ForEach(each) = &item.kind {
            collect(&each.items, into);
        }
    }
}

fn innermost(constructs: &mut [Construct], span: Span) -> Option<&mut Construct> {
    constructs.iter_mut().rev().find(|construct| holds(construct.span, span))
}

fn holds(whole: Span, part: Span) -> bool {
    whole.file == part.file && whole.start <= part.start && part.end <= whole.end
}

/// The same mistake in several places is one: told at the first, with the others as labels.
fn together(diagnostics: Vec<Diagnostic>, places: &Places) -> Vec<Diagnostic> {
    let mut firsts: BTreeMap<(&'static str, &'static str, Vec<Str>, usize), usize> = BTreeMap::new();
    let mut kept: Vec<Diagnostic> = Vec::new();
    let mut further: BTreeMap<usize, usize> = BTreeMap::new();
    for told in diagnostics {
        let (of_names, of_rows) = (OF_NAMES.contains(&told.code), OF_ROWS.contains(&told.code));
        let Some(span) = told.span.filter(|_| of_names || of_rows) else {
            kept.push(told);
            continue;
        };
        let figures = told.args.iter().filter(|(key, _)| of_rows || NAMING.contains(key));
        let construct = places.constructs.iter().rposition(|it| of_rows && holds(it.span, span));
        let figures: Vec<Str> = figures.map(|(_, figure)| figure.clone()).collect();
        let key = (told.code, told.variant, figures, construct.map_or(0, |place| place.saturating_add(1)));
        let Some(first) = firsts.get(&key).copied() else {
            firsts.insert(key, kept.len());
            kept.push(told);
            continue;
        };
        let count = further.entry(first).or_default();
        *count = count.saturating_add(1);
        if let Some(first) = kept.get_mut(first).filter(|_| *count <= PLACES) {
            first.labels.push(crate::diag::Label { span, key: "again", args: Vec::new() });
            for (fix, same) in first.fixes.iter_mut().zip(told.fixes) {
                if fix.key == same.key && fix.safe == same.safe {
                    fix.edits.extend(same.edits);
                }
            }
        }
    }
    for (place, count) in further {
        let more = count.saturating_sub(PLACES);
        let first = kept.get_mut(place).filter(|_| more > 0);
        if let Some(label) = first.and_then(|first| first.labels.last_mut()) {
            (label.key, label.args) = ("more", vec![("more", Str::from(more.to_string()))]);
        }
    }
    kept
}
