//! Changes as one JSON document; docs/diff.md says what its keys mean.

use serde::Serialize;

use super::counts;
use crate::base::{Lang, SourceMap, document};
use crate::review::diff::{Change, Diff, Kind, Member, Told, Version, Way, Why, reason, sentence};

#[derive(Serialize)]
struct Document<'a> {
    format_version: u8,
    was: &'a str,
    is: &'a str,
    counts: std::collections::BTreeMap<&'static str, usize>,
    policies: Vec<Policy<'a>>,
}

#[derive(Serialize)]
struct Policy<'a> {
    policy: &'a str,
    was: Option<Side<'a>>,
    is: Option<Side<'a>>,
    changes: Vec<One<'a>>,
}

#[derive(Serialize)]
struct Side<'a> {
    version: &'a str,
    file: &'a str,
    digest: &'a str,
}

#[derive(Serialize)]
struct One<'a> {
    address: String,
    construct: Named<'a>,
    path: Vec<Named<'a>>,
    what: &'static str,
    kind: &'static str,
    class: &'static str,
    because: &'static str,
    outputs: Vec<Output<'a>>,
    also: Vec<Output<'a>>,
    words: String,
    reason: String,
    was: Option<Said<'a>>,
    is: Option<Said<'a>>,
    needs: Vec<usize>,
    parts: Vec<Part<'a>>,
}

/// What is changed in one with it.
#[derive(Serialize)]
struct Part<'a> {
    address: String,
    was: Option<Said<'a>>,
    is: Option<Said<'a>>,
}

#[derive(Serialize)]
struct Named<'a> {
    kind: &'static str,
    name: &'a str,
}

#[derive(Serialize)]
struct Output<'a> {
    name: &'a str,
    way: &'static str,
}

#[derive(Serialize)]
struct Said<'a> {
    text: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
}

/// The document.
#[must_use]
pub fn json(diff: &Diff, (was, is): (&str, &str), sources: &SourceMap, lang: Lang) -> String {
    let policies = diff.pairs.iter().map(|pair| Policy {
        policy: &pair.name,
        was: pair.was.as_ref().map(side),
        is: pair.is.as_ref().map(side),
        changes: pair.changes.iter().map(|change| one(change, sources, lang)).collect(),
    });
    document(&Document {
        format_version: 1,
        was,
        is,
        counts: counts(diff).into_iter().map(|(class, count)| (class.key(), count)).collect(),
        policies: policies.collect(),
    })
}

fn side(version: &Version) -> Side<'_> {
    Side { version: &version.version, file: &version.file, digest: &version.digest }
}

fn named(member: &Member) -> Named<'_> {
    Named { kind: member.kind.key, name: &member.name }
}

fn said<'a>(told: &'a Option<Told>, sources: &'a SourceMap) -> Option<Said<'a>> {
    let told = told.as_ref()?;
    let source = sources.get(told.span.file)?;
    let at = source.line_column(told.span.start);
    Some(Said { text: &told.text, file: source.name(), line: at.line, column: at.column })
}

fn one<'a>(change: &'a Change, sources: &'a SourceMap, lang: Lang) -> One<'a> {
    let kind = match change.kind {
        Kind::Changed => "changed",
        Kind::Added => "added",
        Kind::Removed => "removed",
        Kind::Renamed => "renamed",
        Kind::Moved => "moved",
    };
    let way = |way: Way| match way {
        Way::NeverBetter => "never_better",
        Way::NeverWorse => "never_worse",
    };
    let (because, outputs) = match &change.why {
        Why::SameMeaning => ("same_meaning", Vec::new()),
        Why::SameOutputs => ("same_outputs", Vec::new()),
        Why::NoDirection => ("no_direction", Vec::new()),
        Why::Proved(ways) => ("proved", ways.iter().map(|(name, it)| (name, way(*it))).collect()),
        Why::BothWays(ways) => ("both_ways", ways.iter().map(|(name, it)| (name, way(*it))).collect()),
        Why::Open(names, ways) => {
            let proved = ways.iter().map(|(name, it)| (name, way(*it)));
            ("not_proved", names.iter().map(|name| (name, "open")).chain(proved).collect())
        }
        Why::NotAlone => ("not_alone", Vec::new()),
        Why::Whole => ("whole_policy", Vec::new()),
    };
    One {
        address: change.address(),
        construct: named(&change.construct),
        path: change.path.iter().map(named).collect(),
        what: change.what.key,
        kind,
        class: change.class.key(),
        because,
        outputs: outputs.into_iter().map(|(name, way)| Output { name, way }).collect(),
        also: change.also.iter().map(|it| Output { name: &it.name, way: it.moves.key() }).collect(),
        words: sentence(change, lang),
        reason: reason(change, lang),
        was: said(&change.was, sources),
        is: said(&change.is, sources),
        needs: change.needs.clone(),
        parts: change
            .parts
            .iter()
            .map(|part| Part {
                address: part.address(),
                was: said(&part.was, sources),
                is: said(&part.is, sources),
            })
            .collect(),
    }
}
