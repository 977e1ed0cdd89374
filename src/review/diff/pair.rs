//! Which policy is compared with which, and what differs between the two.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::change::{Also, Change, Class, Told, Why};
use super::class::{judge, reach};
use super::compare::{Found, Kind};
use super::constructs::files;
use super::renames::{Moves, Renamed, renamed};
use super::seen::Seen;
use super::what;
use super::{Diff, Pair, Version, together};
use crate::base::{SourceMap, Span, Str};
use crate::diag::Diagnostic;
use crate::engine;
use crate::plan::Plan;
use crate::review::Side;
use crate::store::{PolicyFile, RulesFolder};
use crate::syntax::{TriviaKind, ast};

pub(super) fn diff(was: &Side, is: &Side, sources: &mut SourceMap) -> Result<Diff, Vec<Diagnostic>> {
    let couples = couples(was, is);
    let mut base = base(was, is, &couples);
    let places: Vec<Option<usize>> = couples
        .iter()
        .map(|(then, _)| {
            let file = was.file((*then)?)?.file;
            base.files.iter().position(|it| it.file == file)
        })
        .collect();
    let mut names = Vec::new();
    for ((_, now), place) in couples.iter().zip(&places) {
        names.push(match (place, now.and_then(|now| is.file(now))) {
            (Some(place), Some(now)) => under_new_names(&mut base, *place, now, sources),
            (_, _) => (Vec::new(), Moves::default()),
        });
    }
    let mut diff = Diff { base, pairs: Vec::new() };
    let mut wrong = Vec::new();
    for ((couple, place), names) in couples.into_iter().zip(places).zip(names) {
        match pair(&diff.base, (was, is), couple, place, names, sources) {
            Ok(pair) => diff.pairs.push(pair),
            Err(mistakes) => wrong.extend(mistakes.into_iter().filter(Diagnostic::is_error)),
        }
    }
    if wrong.is_empty() { Ok(diff) } else { Err(wrong) }
}

/// The old policy with the names of the new one, put into the folder; as it was, where it would have mistakes under them.
fn under_new_names(
    base: &mut RulesFolder,
    place: usize,
    now: &PolicyFile,
    sources: &mut SourceMap,
) -> (Vec<Renamed>, Moves) {
    let kept = base.clone();
    let (found, moves) = renamed(base, place, now, sources);
    if found.is_empty() || engine::build(base, place, sources).plan.is_some() {
        return (found, moves);
    }
    *base = kept;
    (Vec::new(), Moves::default())
}

/// Two policies that are compared, by their places; either may be missing.
type Couple = (Option<usize>, Option<usize>);

/// The policies that are meant, and those that they use: of the same name and version, else of the same name.
fn couples(was: &Side, is: &Side) -> Vec<Couple> {
    let mut couples: Vec<Couple> = Vec::new();
    let mut then = names(was, &was.meant);
    let now = names(is, &is.meant);
    let take = |then: &mut Vec<(usize, Str, Str)>, name: &str, version: Option<&str>| {
        let fits = |it: &(usize, Str, Str)| *it.1 == *name && version.is_none_or(|version| *it.2 == *version);
        let at = then.iter().rposition(fits)?;
        Some(then.remove(at))
    };
    let mut open = Vec::new();
    for (place, name, version) in now {
        match take(&mut then, &name, Some(&version)) {
            Some((old, ..)) => couples.push((Some(old), Some(place))),
            None => open.push((place, name, version)),
        }
    }
    for (place, name, version) in open {
        // The text of a version was given another number; or it is new, and followed the one in force before it.
        let old = take(&mut then, &name, None).map(|(old, ..)| old).or_else(|| before(was, is, place, &name));
        let alone = was.meant.len() == 1 && is.meant.len() == 1;
        let old = old.or_else(|| alone.then(|| then.pop()).flatten().map(|(old, ..)| old));
        let _ = version;
        couples.push((old, Some(place)));
    }
    couples.extend(then.into_iter().map(|(place, ..)| (Some(place), None)));
    used(was, is, couples)
}

/// The policies at some places, with names and versions, in the order in which versions follow one another.
fn names(side: &Side, places: &[usize]) -> Vec<(usize, Str, Str)> {
    let versions = side.folder.versions();
    let meant = versions.iter().filter(|version| places.contains(&version.place));
    meant.map(|version| (version.place, Str::from(version.name), Str::from(version.version))).collect()
}

/// The version of a policy that was in force before a new one.
fn before(was: &Side, is: &Side, place: usize, name: &str) -> Option<usize> {
    let from = is.file(place)?.header.as_ref()?.from.map(|(day, _)| day);
    let versions = was.folder.versions();
    let mut earlier = versions.iter().filter(|old| old.name == name && (from.is_none() || old.from <= from));
    earlier.next_back().map(|old| old.place)
}

/// Adds the policies that compared ones use on both sides, where those are not compared already; used ones come first.
fn used(was: &Side, is: &Side, couples: Vec<Couple>) -> Vec<Couple> {
    let mut all: Vec<Couple> = Vec::new();
    for (then, now) in couples {
        if let (Some(then), Some(now)) = (then, now) {
            let of = |side: &Side, place: usize| -> Vec<(usize, Str, Str)> {
                names(side, &side.folder.with_uses(place)).into_iter().filter(|it| it.0 != place).collect()
            };
            let old = of(was, then);
            for (place, name, _) in of(is, now) {
                let mate = old.iter().find(|(_, other, _)| *other == name).map(|(old, ..)| *old);
                all.push((mate, Some(place)));
            }
        }
        all.push((then, now));
    }
    // A policy that several use, or that is meant itself, is compared once: where it stands first.
    let mut seen = BTreeSet::new();
    all.retain(|couple| seen.insert(*couple));
    let mated: BTreeSet<usize> = all.iter().filter(|it| it.0.is_some()).filter_map(|it| it.1).collect();
    all.retain(|(then, now)| then.is_some() || now.is_none_or(|now| !mated.contains(&now)));
    all
}

/// The old rules, with what only the new ones have beside them.
fn base(was: &Side, is: &Side, couples: &[Couple]) -> RulesFolder {
    let mut base = RulesFolder { calendars: is.folder.calendars.clone(), ..RulesFolder::default() };
    base.calendars.extend(was.folder.calendars.iter().map(|(name, it)| (name.clone(), it.clone())));
    let sides = [(was, couples.iter().filter_map(|it| it.0).collect::<Vec<_>>()), (is, Vec::new())];
    let new = couples.iter().filter_map(|it| it.1).collect::<Vec<_>>();
    for ((side, places), more) in sides.into_iter().zip([Vec::new(), new]) {
        for place in places.into_iter().chain(more).flat_map(|place| side.folder.with_uses(place)) {
            let Some(file) = side.file(place) else { continue };
            let known = file.header.as_ref().and_then(|it| base.find(&it.name, &it.version));
            if known.is_some() || base.file(file.file).is_some() {
                continue;
            }
            base.files.push(file.clone());
            let of = |policy| policy == file.file;
            base.scripts.extend(side.folder.scripts.iter().filter(|it| of(it.policy)).cloned());
            base.references.extend(side.folder.references.iter().filter(|it| of(it.policy)).cloned());
        }
    }
    base
}

fn version(side: &Side, place: usize, plan: &Plan, sources: &SourceMap) -> Option<Version> {
    let file = side.file(place)?;
    Some(Version {
        place,
        version: file.header.as_ref().map_or_else(|| Str::from(""), |header| header.version.clone()),
        file: sources.get(file.file).map(|source| source.name().to_owned()).unwrap_or_default(),
        digest: plan.digest.clone(),
    })
}

fn pair(
    base: &RulesFolder,
    (was, is): (&Side, &Side),
    (then, now): Couple,
    place: Option<usize>,
    (names, moves): (Vec<Renamed>, Moves),
    sources: &SourceMap,
) -> Result<Pair, Vec<Diagnostic>> {
    let built = |side: &Side, place: Option<usize>| match place {
        Some(place) => {
            let built = side.build(place, sources);
            built.plan.map(|plan| Some((place, plan))).ok_or(built.diagnostics)
        }
        None => Ok(None),
    };
    let (old, new) = match (built(was, then), built(is, now)) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => return Err([old.err(), new.err()].into_iter().flatten().flatten().collect()),
    };
    let told = |side: &Side, of: &Option<(usize, Plan)>| {
        of.as_ref().and_then(|(place, plan)| version(side, *place, plan, sources))
    };
    let name_of = |side: &Side, place: Option<usize>| {
        let header = place.and_then(|place| side.file(place)?.header.clone());
        header.map(|header| header.name)
    };
    let name = name_of(is, now).or_else(|| name_of(was, then)).unwrap_or_else(|| Str::from(""));
    let mut pair =
        Pair { name: name.clone(), was: told(was, &old), is: told(is, &new), place, changes: Vec::new() };
    // Under the names of the new policy, the old one means what it meant.
    let old = match (&names, place, old) {
        (names, Some(at), Some((place, plan))) if !names.is_empty() => {
            Some((place, engine::build(base, at, sources).plan.unwrap_or(plan)))
        }
        (_, _, old) => old,
    };
    let files_of = (
        place.and_then(|at| base.files.get(at)).or_else(|| then.and_then(|it| was.file(it))),
        now.and_then(|it| is.file(it)),
    );
    match (files_of, old, new) {
        ((Some(then), Some(now)), Some((_, old)), Some((_, new))) => {
            let place = place.unwrap_or(0);
            let bare = without_cases(base);
            let compared = Compared { base, bare, place, name, then, now, old, new, moves, sources };
            pair.changes = compared.changes(&is.folder, names);
        }
        ((then, now), ..) => pair.changes = whole(&name, then, now).into_iter().collect(),
    }
    Ok(pair)
}

/// A policy that only one side has.
fn whole(name: &Str, then: Option<&PolicyFile>, now: Option<&PolicyFile>) -> Option<Change> {
    let kind = if then.is_some() { Kind::Removed } else { Kind::Added };
    let header = |file: &PolicyFile| {
        file.tree.items.iter().find_map(|item| match &item.kind {
            ast::ItemKind::Policy(policy) => Some((policy.label.clone(), item.span, policy.name.span)),
            _ => None,
        })
    };
    let (label, span, at) = then.or(now).and_then(header)?;
    let told = Told { text: name.to_string(), span: Span { end: at.end, ..span }, shift: None, ends: None };
    let (was, is) = if then.is_some() { (Some(told), None) } else { (None, Some(told)) };
    Some(Change {
        policy: name.clone(),
        construct: super::Member { kind: what::POLICY, name: name.clone(), label },
        path: Vec::new(),
        what: what::POLICY,
        kind,
        was,
        is,
        reach: None,
        class: Class::Mixed,
        why: Why::Whole,
        also: Vec::new(),
        needs: Vec::new(),
        parts: Vec::new(),
        edit: Arc::new(|_| ()),
    })
}

/// Two policies that both sides have.
struct Compared<'a> {
    base: &'a RulesFolder,
    /// The same without cases.
    bare: RulesFolder,
    place: usize,
    name: Str,
    then: &'a PolicyFile,
    now: &'a PolicyFile,
    old: Plan,
    new: Plan,
    /// Where names of the old text have been replaced.
    moves: Moves,
    sources: &'a SourceMap,
}

impl Compared<'_> {
    fn changes(&self, is: &RulesFolder, names: Vec<Renamed>) -> Vec<Change> {
        let mut found: Vec<Change> = merged(files(&self.then.tree, &self.now.tree))
            .into_iter()
            .filter_map(|it| self.change(it))
            .collect();
        found.extend(self.beside(is));
        self.ordered(&mut found);
        let mut found = together::borders(found, |file, span| {
            let of = if file == self.then.file { self.then } else { self.now };
            on_one_line(of, span)
        });
        if self.old.digest == self.new.digest {
            // Whatever is written otherwise, the same is meant: only what people call things can differ.
            found.retain(|change| change.what == what::LABEL);
        }
        // Names come first: the rest is told in them.
        let mut all: Vec<Change> = names.into_iter().filter_map(|it| self.called(it)).collect();
        let shift = all.len();
        for mut change in self.judged(found) {
            change.needs.iter_mut().for_each(|need| *need = need.saturating_add(shift));
            let parts = change.parts.iter_mut().map(|part| &mut part.was);
            for was in std::iter::once(&mut change.was).chain(parts).flatten() {
                was.span = self.moves.back(was.span);
            }
            all.push(change);
        }
        all
    }

    /// A thing that has another name. The old rules have it already, so that nothing is left to be made.
    fn called(&self, renamed: Renamed) -> Option<Change> {
        let mut path = renamed.path;
        if path.len() > 1 && path.first().is_some_and(|first| first.kind == what::FOR_EACH) {
            path.remove(0);
        }
        let construct = if path.is_empty() { return None } else { path.remove(0) };
        let told =
            |(name, span): (Str, Span)| Some(Told { text: name.to_string(), span, shift: None, ends: None });
        Some(Change {
            policy: self.name.clone(),
            what: path.last().map_or(construct.kind, |member| member.kind),
            construct,
            path,
            kind: Kind::Renamed,
            was: told(renamed.was),
            is: told(renamed.is),
            reach: None,
            class: Class::Neutral,
            why: Why::SameOutputs,
            also: Vec::new(),
            needs: Vec::new(),
            parts: Vec::new(),
            edit: Arc::new(|_| ()),
        })
    }

    /// In the order of the new text, construct by construct; what is no longer there comes last.
    fn ordered(&self, found: &mut [Change]) {
        let mut first: BTreeMap<(&'static str, Str), (u8, u32)> = BTreeMap::new();
        let of = |change: &Change| (change.construct.kind.key, change.construct.name.clone());
        for change in found.iter() {
            let at = match (&change.is, &change.was) {
                (Some(is), _) => (0, is.span.start),
                (None, Some(was)) => (1, was.span.start),
                (None, None) => (2, 0),
            };
            first.entry(of(change)).and_modify(|first| *first = at.min(*first)).or_insert(at);
        }
        found.sort_by_key(|change| {
            let construct = first.get(&of(change)).copied().unwrap_or((2, 0));
            let at = match (&change.is, &change.was) {
                (Some(is), _) => (0, is.span.start),
                (None, Some(was)) => (1, was.span.start),
                (None, None) => (2, 0),
            };
            (construct, at)
        });
    }

    fn told(&self, seen: Option<Seen>, of: &PolicyFile) -> Option<Told> {
        let seen = seen?;
        let text = on_one_line(of, seen.span);
        // A clause behind a comma is shown without it.
        let text = text.trim_start_matches([',', '，', ' ']).to_owned();
        Some(Told { text, span: seen.span, shift: seen.shift, ends: seen.ends })
    }

    fn change(&self, found: Found<ast::File>) -> Option<Change> {
        let mut path = found.path;
        // Values of items stand in their own constructs, whose names are as good as any.
        if path.len() > 1 && path.first().is_some_and(|first| first.kind == what::FOR_EACH) {
            path.remove(0);
        }
        if path.is_empty() {
            return None;
        }
        let construct = path.remove(0);
        let (edit, file) = (found.edit, self.then.file);
        Some(Change {
            policy: self.name.clone(),
            construct,
            path,
            what: found.what,
            kind: found.kind,
            was: self.told(found.was, self.then),
            is: self.told(found.is, self.now),
            reach: None,
            class: Class::Mixed,
            why: Why::NotAlone,
            also: Vec::new(),
            needs: Vec::new(),
            parts: Vec::new(),
            edit: Arc::new(move |folder: &mut RulesFolder| {
                folder
                    .files
                    .iter_mut()
                    .filter(|it| it.file == file)
                    .for_each(|it| it.change(|tree| edit(tree)));
            }),
        })
    }

    /// What stands beside the policy and is another: calendars, scripts, tables of files.
    fn beside(&self, is: &RulesFolder) -> Vec<Change> {
        let mut found = Vec::new();
        let text = |file| self.sources.get(file).map(|source| source.text().clone());
        let (then, now) = (self.then.file, self.now.file);
        for old in self.base.references.iter().filter(|it| it.policy == then) {
            let new = is.references.iter().find(|it| it.policy == now && it.name == old.name);
            if let Some(new) = new.filter(|new| text(new.file) != text(old.file)) {
                let (name, file) = (old.name.clone(), new.file);
                found.push(self.outside(what::REFERENCE, &old.name, (old.file, new.file), move |folder| {
                    let mine = folder.references.iter_mut().filter(|it| it.policy == then && it.name == name);
                    mine.for_each(|it| it.file = file);
                }));
            }
        }
        for old in self.base.scripts.iter().filter(|it| it.policy == then) {
            let new = is.scripts.iter().find(|it| it.policy == now && it.name == old.name);
            if let Some(new) = new.filter(|new| text(new.file) != text(old.file)) {
                let (name, file) = (old.name.clone(), new.file);
                found.push(self.outside(what::SCRIPT, &old.name, (old.file, new.file), move |folder| {
                    let mine = folder.scripts.iter_mut().filter(|it| it.policy == then && it.name == name);
                    mine.for_each(|it| it.file = file);
                }));
            }
        }
        for name in &self.old.calendars {
            let (old, new) = (self.base.calendars.get(&**name), is.calendars.get(&**name));
            if let (Some(old), Some(new)) = (old, new)
                && old.calendar != new.calendar
            {
                let (name, new, files) = (name.clone(), new.clone(), (old.file, new.file));
                found.push(self.outside(what::CALENDAR, &name.clone(), files, move |folder| {
                    folder.calendars.insert(name.to_string(), new.clone());
                }));
            }
        }
        found
    }

    fn outside(
        &self,
        kind: what::What,
        name: &Str,
        (old, new): (crate::base::FileId, crate::base::FileId),
        edit: impl Fn(&mut RulesFolder) + Send + Sync + 'static,
    ) -> Change {
        let lines = |file| -> Vec<String> {
            let text = self.sources.get(file).map(|source| source.text().clone());
            text.unwrap_or_else(|| Str::from("")).lines().map(|line| line.trim().to_owned()).collect()
        };
        let (was, is) = (lines(old), lines(new));
        let ahead = was.iter().zip(&is).take_while(|(was, is)| was == is).count();
        let told = |file, lines: &[String]| {
            let start: usize = self.sources.get(file).map_or(0, |source| {
                source.text().split_inclusive('\n').take(ahead).map(str::len).sum::<usize>()
            });
            let start = u32::try_from(start).unwrap_or(u32::MAX);
            let text = lines.get(ahead).cloned().unwrap_or_default();
            let end = start.saturating_add(u32::try_from(text.len()).unwrap_or(0));
            Some(Told { text, span: Span::new(file, start, end), shift: None, ends: None })
        };
        Change {
            policy: self.name.clone(),
            construct: super::Member { kind, name: name.clone(), label: ast::Label::default() },
            path: Vec::new(),
            what: what::FILE,
            kind: Kind::Changed,
            was: told(old, &was),
            is: told(new, &is),
            reach: None,
            class: Class::Mixed,
            why: Why::NotAlone,
            also: Vec::new(),
            needs: Vec::new(),
            parts: Vec::new(),
            edit: Arc::new(edit),
        }
    }

    /// Each change made alone: what says the same all the same is no change; the others get their class.
    fn judged(&self, found: Vec<Change>) -> Vec<Change> {
        let mut judged = found;
        let alone: Vec<Option<Plan>> = judged.iter().map(|change| self.plan(&[change])).collect();
        let spelled = |change: &Change, plan: &Option<Plan>| {
            matches!(change.kind, Kind::Changed | Kind::Moved)
                && change.what != what::LABEL
                && plan.as_ref().is_some_and(|plan| plan.digest == self.old.digest)
        };
        let keep: Vec<bool> =
            judged.iter().zip(&alone).map(|(change, plan)| !spelled(change, plan)).collect();
        let mut kept = keep.iter();
        judged.retain(|_| kept.next().copied().unwrap_or(true));
        let mut kept = keep.iter();
        let mut alone = alone;
        alone.retain(|_| kept.next().copied().unwrap_or(true));
        // What is added and stands by itself may be what another change needs.
        let stands = |at: &usize| matches!(alone.get(*at), Some(Some(_)));
        let is_added = |at: &usize| judged.get(*at).is_some_and(|it| it.kind == Kind::Added);
        let additions: Vec<usize> = (0..judged.len()).filter(|at| is_added(at) && stands(at)).collect();
        for (change, plan) in judged.iter_mut().zip(&alone) {
            let of_a_condition = matches!(change.what.key, "when" | "needs" | "key" | "tolerance");
            if let (true, Some(plan), Some(told)) = (of_a_condition, plan, &change.was) {
                change.reach = reach(&self.old, plan, told.span);
            }
        }
        let mut classes = Vec::new();
        for (at, plan) in alone.iter().enumerate() {
            classes.push(self.class(&judged, at, plan.as_ref(), &additions));
        }
        for (change, ((class, why, also), needs)) in judged.iter_mut().zip(classes) {
            (change.class, change.why, change.also, change.needs) = (class, why, also, needs);
        }
        together::inseparable(judged, |changes| Some(judge(&self.old, &self.plan(changes)?)))
    }

    /// The class of a change. One that cannot be made alone is made on top of what was added, or else last of all.
    fn class(
        &self,
        changes: &[Change],
        at: usize,
        alone: Option<&Plan>,
        additions: &[usize],
    ) -> (Judged, Vec<usize>) {
        let Some(change) = changes.get(at) else { return unjudged(Class::Mixed, Why::NotAlone) };
        if change.what == what::LABEL {
            return unjudged(Class::LabelOnly, Why::SameMeaning);
        }
        if change.construct.kind == what::CALENDAR {
            // Days of the year are no steps of the plan: what another calendar moves is not looked into.
            return unjudged(Class::Mixed, Why::Open(Vec::new(), Vec::new()));
        }
        if change.construct.kind == what::ALWAYS {
            return unjudged(Class::Mixed, Why::Open(vec![Str::from("always")], Vec::new()));
        }
        if let Some(plan) = alone {
            return (judge(&self.old, plan), Vec::new());
        }
        let others: Vec<usize> = (0..changes.len()).filter(|other| *other != at).collect();
        let added: Vec<usize> = additions.iter().copied().filter(|other| *other != at).collect();
        for needs in [added, others] {
            let before: Vec<&Change> = needs.iter().filter_map(|at| changes.get(*at)).collect();
            let Some(before_plan) = self.plan(&before) else { continue };
            let with: Vec<&Change> = before.into_iter().chain([change]).collect();
            if let Some(plan) = self.plan(&with) {
                return (judge(&before_plan, &plan), needs);
            }
        }
        unjudged(Class::Mixed, Why::NotAlone)
    }

    /// The old policy with some changes made.
    ///
    /// Cases are left out: they say what a policy is held to, not what it is, and are the longer part of most.
    fn plan(&self, changes: &[&Change]) -> Option<Plan> {
        let mut folder = self.bare.clone();
        changes.iter().for_each(|change| (change.edit)(&mut folder));
        engine::build(&folder, self.place, self.sources).plan
    }
}

/// A class with its reason, and what moves beside.
pub(super) type Judged = (Class, Why, Vec<Also>);

fn unjudged(class: Class, why: Why) -> (Judged, Vec<usize>) {
    ((class, why, Vec::new()), Vec::new())
}

fn without_cases(folder: &RulesFolder) -> RulesFolder {
    let mut bare = folder.clone();
    for file in &mut bare.files {
        file.change(|tree| tree.items.retain(|item| !matches!(item.kind, ast::ItemKind::Case(_))));
    }
    bare
}

/// What was taken out of one place and put into another has moved: a factor into another section, a fact into another block.
fn merged(found: Vec<Found<ast::File>>) -> Vec<Found<ast::File>> {
    // In the same construct: a factor of another card is another factor.
    let id = |one: &Found<ast::File>| {
        let (last, first) = (one.path.last()?, one.path.first()?);
        let named = !last.name.is_empty() && !last.name.starts_with(|ch: char| ch.is_ascii_digit());
        named.then(|| (first.kind.key, first.name.clone(), last.kind.key, last.name.clone()))
    };
    let mut gone: BTreeMap<(&'static str, Str, &'static str, Str), Found<ast::File>> = BTreeMap::new();
    let mut rest = Vec::new();
    for one in found {
        match (one.kind, id(&one)) {
            (Kind::Removed, Some(id)) if !gone.contains_key(&id) => {
                gone.insert(id, one);
            }
            _ => rest.push(one),
        }
    }
    let mut merged = Vec::new();
    for one in rest {
        let mate = match (one.kind, id(&one)) {
            (Kind::Added, Some(id)) => gone.remove(&id),
            _ => None,
        };
        let Some(old) = mate else {
            merged.push(one);
            continue;
        };
        let (take, put) = (old.edit, one.edit);
        merged.push(Found {
            kind: Kind::Moved,
            was: old.was,
            edit: Arc::new(move |file: &mut ast::File| {
                take(file);
                put(file);
            }),
            ..one
        });
    }
    merged.extend(gone.into_values());
    merged
}

/// What stands at a place, on one line, without comments.
fn on_one_line(file: &PolicyFile, span: Span) -> String {
    let range = span.range();
    let mut text = String::new();
    let mut at = range.start;
    let comments = file.trivia.iter().filter(|it| it.kind != TriviaKind::BlankLines);
    for comment in
        comments.map(|it| it.span.range()).filter(|it| it.start >= range.start && it.end <= range.end)
    {
        text.push_str(file.program.get(at..comment.start).unwrap_or(""));
        text.push(' ');
        at = comment.end;
    }
    text.push_str(file.program.get(at..range.end).unwrap_or(""));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
