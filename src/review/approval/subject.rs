//! What of a version is to be approved: its digest, and what it changes against the version before.

use std::collections::BTreeSet;

use super::change::{Against, Change, Class};
use super::standing::Subject;
use crate::base::{FileId, Lang, SourceMap};
use crate::plan::{Plan, digest};
use crate::review::Side;
use crate::review::diff::what::{self, What};
use crate::review::diff::{self, Diff};
use crate::store::{RulesFolder, Settings};
use crate::syntax::ast;
use crate::value::Date;

/// The subject of a version that stands at a place of the folder and was built.
#[must_use]
pub fn subject(folder: &RulesFolder, place: usize, plan: &Plan, sources: &SourceMap) -> Subject {
    let header = folder.files.get(place).and_then(|file| file.header.as_ref());
    let (policy, version) =
        header.map_or_else(Default::default, |header| (header.name.clone(), header.version.clone()));
    Subject {
        change: change(folder, place, sources),
        digest: plan.digest.clone(),
        rules: digest::without_tables(plan),
        policy,
        version,
    }
}

/// What a version changes. Without a version before that can be read, it is a first one: that asks for most.
fn change(folder: &RulesFolder, place: usize, sources: &SourceMap) -> Change {
    let first = Change { against: Against::Nothing, classes: BTreeSet::from([Class::First]) };
    let Some(diff) = compared(folder, place, sources) else { return first };
    let Some((version, digest)) =
        diff.pairs.last().and_then(|pair| pair.was.as_ref()).map(|was| (&was.version, &was.digest))
    else {
        return first;
    };
    let mut classes: BTreeSet<Class> = diff.changes().filter(|change| !is_own(change)).map(class).collect();
    if classes.is_empty() {
        // Another number or other days, and nothing else: nobody gets anything else.
        classes.insert(Class::Neutral);
    }
    Change { against: Against::Version { version: version.clone(), digest: digest.clone() }, classes }
}

/// How a version differs from the one of the same policy that applied before; none where there is none that can be read.
fn compared(folder: &RulesFolder, place: usize, sources: &SourceMap) -> Option<Diff> {
    let before = before(folder, place)?;
    let side = |place: usize| Side {
        written: String::new(),
        revision: None,
        folder: folder.clone(),
        settings: Settings::default(),
        meant: vec![place],
        day: Date(0),
    };
    diff::diff(&side(before), &side(place), &mut sources.clone()).ok()
}

/// The version of the same policy that applied before.
fn before(folder: &RulesFolder, place: usize) -> Option<usize> {
    let versions = folder.versions();
    let at = versions.iter().position(|version| version.place == place)?;
    let (before, this) = (versions.get(at.checked_sub(1)?)?, versions.get(at)?);
    (before.name == this.name).then_some(before.place)
}

/// What every version has of its own: its number and its days. They are signed, and change nothing that a customer gets.
fn is_own(change: &diff::Change) -> bool {
    change.construct.kind == what::POLICY
        && [what::VERSION, what::FROM_DAY, what::UNTIL_DAY, what::KNOWN_FROM].contains(&change.what)
}

/// References, rates and calendars are a class of their own, whatever they do to whom.
fn class(change: &diff::Change) -> Class {
    let kind = change.construct.kind;
    let beside = change.what == what::FILE && [what::REFERENCE, what::CALENDAR].contains(&kind);
    let is_period = |what: What| what == what::PERIOD || what == what::UNTIL_DAY && kind == what::PARAM;
    if beside || is_period(change.what) || change.path.iter().any(|member| is_period(member.kind)) {
        return Class::Tables;
    }
    match change.class {
        diff::Class::LabelOnly => Class::LabelOnly,
        diff::Class::Neutral => Class::Neutral,
        diff::Class::Looser => Class::Looser,
        diff::Class::Tighter => Class::Tighter,
        diff::Class::Mixed => Class::Mixed,
    }
}

/// What a version changes, in words, each with its class.
#[must_use]
pub fn changes(
    folder: &RulesFolder,
    place: usize,
    sources: &SourceMap,
    lang: Lang,
) -> Vec<(Option<Class>, String)> {
    let diff = compared(folder, place, sources);
    let told = diff.iter().flat_map(Diff::changes).map(|change| {
        let class = (!is_own(change)).then(|| class(change));
        (class, format!("{}: {}", diff::heading(&change.construct, lang), diff::sentence(change, lang)))
    });
    told.collect()
}

/// What a version is asked for whose rules were approved: the tables that it would decide by, each with the digest of its text. What they
/// were is not known any more.
#[must_use]
pub fn tables(
    folder: &RulesFolder,
    place: usize,
    sources: &SourceMap,
    lang: Lang,
) -> Vec<(Option<Class>, String)> {
    let rules = lang.pick(
        "the rules are those that were approved; references, rates or calendars are others",
        "规则与所批准的相同；参照表、利率或日历有变",
    );
    let mut told = vec![(Some(Class::Tables), rules.to_owned())];
    let policy = folder.files.get(place).map(|file| file.file);
    let mut found: Vec<(&What, &str, FileId)> = Vec::new();
    let references = folder.references.iter().filter(|it| Some(it.policy) == policy);
    found.extend(references.map(|it| (&what::REFERENCE, &*it.name, it.file)));
    let calendar = folder.files.get(place).and_then(|file| calendar(&file.tree));
    let calendar = calendar.and_then(|name| folder.calendars.get_key_value(name));
    found.extend(calendar.map(|(name, it)| (&what::CALENDAR, name.as_str(), it.file)));
    for (kind, name, file) in found {
        let Some(source) = sources.get(file) else { continue };
        let line = format!("{} {name}: {}", lang.pick(kind.en, kind.zh), digest::of_text(source.text()));
        told.push((None, line));
    }
    told
}

/// The calendar that a policy names.
fn calendar(tree: &ast::File) -> Option<&str> {
    tree.items.iter().find_map(|item| match &item.kind {
        ast::ItemKind::Policy(policy) => policy.calendar.as_ref().map(|name| &*name.value),
        _ => None,
    })
}
