//! The same mistake in several places is one diagnostic, at the first of them.

use std::collections::BTreeMap;

use super::consequences::{NAMING, NOT_OF_LACK, OF_NAMES, OF_ROWS, Places};
use crate::base::{FileId, Span, Str};
use crate::diag::Diagnostic;

/// Which of them means nothing, by code.
const UNKNOWN: [(&str, &str); 11] = [
    ("E201", "name"),
    ("E203", "name"),
    ("E204", "name"),
    ("E205", "name"),
    ("E221", "part"),
    ("E223", "name"),
    ("E291", "name"),
    ("E279", "name"),
    ("E303", "got"),
    ("E504", "name"),
    ("E703", "field"),
];
/// What is told as often as it is met, though it is one mistake: what is lacking, a figure in words, a name that a table or a book
/// takes for another.
const OF_LACK: [&str; 9] = ["E159", "E231", "E233", "E252", "E256", "E279", "E283", "E286", "E303"];
/// What is told of a use that its declaration does not fit.
pub(super) const OF_USES: [&str; 4] = ["E210", "E212", "E218", "E703"];
/// How many further places of one mistake are shown, and mended together.
const PLACES: usize = 4;

/// The name that means nothing; of `over_limit.since` the first.
fn unknown(told: &Diagnostic) -> Option<Str> {
    let (_, key) = UNKNOWN.iter().find(|(code, _)| *code == told.code)?;
    let (_, name) = told.args.iter().find(|(own, _)| own == key)?;
    name.split('.').next().map(Str::from)
}

/// What a use that does not fit reads, and which type it wants of that: the value itself, or the other side of a comparison.
fn uses_of(told: &Diagnostic, places: &Places) -> Vec<(Span, Option<Str>)> {
    let figure = |key: &str| told.args.iter().find(|(own, _)| *own == key).map(|(_, figure)| figure.clone());
    let sides = told.labels.iter().filter(|label| told.code == "E210" && label.key == "operand");
    let sides = sides.map(|label| (label.span, figure("found")));
    let own = told.span.map(|span| (span, figure("expected")));
    own.into_iter().chain(sides).filter_map(|(at, ty)| Some((places.declared_of(at)?, ty))).collect()
}

/// The same mistake in several places is one: told at the first, with the others as labels.
pub(super) fn together(diagnostics: Vec<Diagnostic>, places: &Places) -> Vec<Diagnostic> {
    let mut firsts: BTreeMap<(&'static str, &'static str, Vec<Str>, usize), usize> = BTreeMap::new();
    // A name without a meaning is one mistake of its file, whatever it is taken for.
    let mut unknowns: BTreeMap<(FileId, Str), usize> = BTreeMap::new();
    let mut misread: BTreeMap<Span, (usize, &'static str, Option<Str>)> = BTreeMap::new();
    let mut kept: Vec<Diagnostic> = Vec::new();
    let mut further: BTreeMap<usize, usize> = BTreeMap::new();
    for told in diagnostics {
        let (of_names, of_rows) = (OF_NAMES.contains(&told.code), OF_ROWS.contains(&told.code));
        let of_lack = OF_LACK.contains(&told.code) && !NOT_OF_LACK.contains(&told.variant);
        let of_lack = of_lack && (told.code != "E233" || told.variant == "mode");
        // What is declared with the wrong type does not fit wherever it is read.
        let of_uses = OF_USES.contains(&told.code) && (told.code != "E703" || told.variant == "value");
        let uses = if of_uses { uses_of(&told, places) } else { Vec::new() };
        let known = uses.iter().find(|(of, _)| misread.contains_key(of)).or(uses.first());
        let read = known.map(|(of, _)| *of);
        let Some(span) = told.span.filter(|_| of_names || of_rows || of_lack || read.is_some()) else {
            kept.push(told);
            continue;
        };
        // The names of one policy lack one `use`.
        let naming: &[&str] = if told.variant == "unused" { &["policy"] } else { &NAMING };
        let figures = told.args.iter().filter(|(key, _)| !of_names || naming.contains(key));
        let construct = places.construct_of(span).filter(|_| of_rows);
        let figures: Vec<Str> = figures.map(|(_, figure)| figure.clone()).collect();
        let place = match (construct, read) {
            (Some(place), _) => place.saturating_add(1),
            (None, Some(of)) => of.start as usize,
            (None, None) => 0,
        };
        let key = (told.code, told.variant, figures, place);
        let name = unknown(&told).map(|name| (span.file, name));
        let other = name.as_ref().and_then(|name| unknowns.get(name)).copied();
        let other = other.filter(|place| kept.get(*place).is_some_and(|first| first.code != told.code));
        // A value that a case gives is of the type that the policy reckons with, and two uses that want one type, or any with an
        // order, want it of the declaration.
        let wanted = known.and_then(|(_, wanted)| wanted.clone());
        let given = read.and_then(|of| misread.get(&of)).filter(|(_, code, before)| {
            let agree = before.is_none() || wanted.is_none() || *before == wanted;
            places.in_case(span) || agree && *code == "E210" && told.code == "E210"
        });
        let given = given.map(|(place, ..)| *place);
        if let Some(of) = read {
            misread.entry(of).or_insert((kept.len(), told.code, wanted));
        }
        let Some(first) = firsts.get(&key).copied().or(other).or(given) else {
            if let Some(name) = name {
                unknowns.entry(name).or_insert(kept.len());
            }
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
