//! Two trees, part by part: what each says of the same thing. What is found can be made alone: it knows how to change the old
//! tree into one that says this one thing as the new does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::seen::{Seen, says};
use super::what::What;
use crate::base::{Span, Str};
use crate::syntax::ast;

/// Changes a part of a tree.
pub type Edit<T> = Arc<dyn Fn(&mut T) + Send + Sync>;

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// It says something else.
    Changed,
    /// It was not there.
    Added,
    /// It is no longer there.
    Removed,
    /// It has another name.
    Renamed,
    /// It stands elsewhere, and that means something.
    Moved,
}

/// A part of a construct: a row, a factor, a band, a step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// What it is.
    pub kind: What,
    /// Its name, or its number: `payment_record`, `3`.
    pub name: Str,
    /// Its label in the new text, or in the old where it is no longer there.
    pub label: ast::Label,
}

/// Something that differs, and the edit that makes it so.
pub struct Found<T: ?Sized> {
    /// In which parts, from the outermost.
    pub path: Vec<Member>,
    /// What of the innermost.
    pub what: What,
    /// What happened.
    pub kind: Kind,
    /// What was said.
    pub was: Option<Seen>,
    /// What is said.
    pub is: Option<Seen>,
    /// The edit.
    pub edit: Edit<T>,
}

/// One thing that a part says.
pub struct Field<T: 'static> {
    /// What it is.
    pub what: What,
    /// What the part says of it.
    pub see: fn(&T) -> Option<Seen>,
    /// What it says even where it stands nowhere: a mode that is not named, a flag.
    pub says: fn(&T) -> String,
    /// Lets the first say what the second does.
    pub take: fn(&mut T, &T),
}

/// A thing that a part says, by the field that holds it.
macro_rules! field {
    ($what:expr, $($path:tt)+) => {
        $crate::review::diff::compare::Field {
            what: $what,
            see: |part| $crate::review::diff::seen::seen(&part.$($path)+),
            says: |part| $crate::review::diff::seen::says(&part.$($path)+),
            take: |part, other| part.$($path)+ = other.$($path)+.clone(),
        }
    };
}
pub(super) use field;

/// A part that can be compared with another of its kind.
pub trait Part: Clone + std::fmt::Debug + Send + Sync + 'static {
    /// Finds what differs.
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>);
}

/// What differs among the things that two parts say.
pub fn fields<T: Part>(was: &T, is: &T, fields: &'static [Field<T>], found: &mut Vec<Found<T>>) {
    for field in fields {
        if (field.says)(was) == (field.says)(is) {
            continue;
        }
        let (then, now) = ((field.see)(was), (field.see)(is));
        let kind = match (&then, &now) {
            (None, Some(_)) => Kind::Added,
            (Some(_), None) => Kind::Removed,
            (Some(_), Some(_)) | (None, None) => Kind::Changed,
        };
        let (take, other) = (field.take, is.clone());
        found.push(Found {
            path: Vec::new(),
            what: field.what,
            kind,
            was: then,
            is: now,
            edit: Arc::new(move |part| take(part, &other)),
        });
    }
}

/// A part in a list.
pub trait Listed: Part {
    /// Under what it is found again: its name, what a row is for.
    fn key(&self) -> String;
    /// What people call it; its place in the list is counted from 1.
    fn member(&self, place: usize) -> Member;
    /// Where it stands. No two parts of a text stand at the same place.
    fn span(&self) -> Span;
    /// Whether the order among its like may mean something.
    const ORDERED: bool = true;
    /// How like this another is, of another key, that may be the same thing with something changed; 0 where it cannot be.
    fn likeness(&self, _other: &Self) -> usize {
        0
    }
}

/// A way from a part to a list in it.
pub struct Lens<T: 'static, U: 'static> {
    /// The list, where there is one.
    pub get: fn(&T) -> Option<&Vec<U>>,
    /// The same, to be changed.
    pub get_mut: fn(&mut T) -> Option<&mut Vec<U>>,
}

/// A list that is a field.
macro_rules! lens {
    ($($path:tt)+) => {
        $crate::review::diff::compare::Lens {
            get: |part| Some(&part.$($path)+),
            get_mut: |part| Some(&mut part.$($path)+),
        }
    };
}
pub(super) use lens;

/// What differs between two lists of a part.
pub fn list<T: Part, U: Listed>(was: &T, is: &T, lens: &Lens<T, U>, found: &mut Vec<Found<T>>) {
    let (Some(was), Some(is)) = ((lens.get)(was), (lens.get)(is)) else { return };
    let get = lens.get_mut;
    for one in lists(was, is) {
        let edit = one.edit;
        found.push(Found {
            path: one.path,
            what: one.what,
            kind: one.kind,
            was: one.was,
            is: one.is,
            edit: Arc::new(move |part| {
                if let Some(list) = get(part) {
                    edit(list);
                }
            }),
        });
    }
}

/// What differs between two lists: what is only in one, what stands elsewhere, what differs within.
pub fn lists<U: Listed>(was: &[U], is: &[U]) -> Vec<Found<Vec<U>>> {
    let mut found = Vec::new();
    let pairs = pairs(was, is);
    let partner: BTreeMap<usize, usize> = pairs.iter().map(|(then, now)| (*now, *then)).collect();
    let kept: BTreeSet<usize> = pairs.iter().map(|(then, _)| *then).collect();
    for (place, part) in was.iter().enumerate().filter(|(place, _)| !kept.contains(place)) {
        let span = part.span();
        let member = part.member(place.saturating_add(1));
        found.push(Found {
            what: member.kind,
            path: vec![member],
            kind: Kind::Removed,
            was: Some(Seen::plain(says(part), span)),
            is: None,
            edit: Arc::new(move |list: &mut Vec<U>| list.retain(|part| part.span() != span)),
        });
    }
    let moved = if U::ORDERED { out_of_order(&pairs) } else { Vec::new() };
    for (place, part) in is.iter().enumerate() {
        let number = place.saturating_add(1);
        let Some(then) = partner.get(&place).and_then(|at| was.get(*at)) else {
            let member = part.member(number);
            let new = part.clone();
            let nearest = nearest(was, is, place, &partner);
            found.push(Found {
                what: member.kind,
                path: vec![member],
                kind: Kind::Added,
                was: None,
                is: Some(Seen::plain(says(part), part.span())),
                edit: Arc::new(move |list: &mut Vec<U>| put(list, new.clone(), &nearest)),
            });
            continue;
        };
        let span = then.span();
        if moved.contains(&place) {
            let member = part.member(number);
            let nearest = nearest(was, is, place, &partner);
            found.push(Found {
                what: member.kind,
                path: vec![member],
                kind: Kind::Moved,
                was: Some(Seen::plain(says(then), span)),
                is: Some(Seen::plain(says(part), part.span())),
                edit: Arc::new(move |list: &mut Vec<U>| {
                    if let Some(at) = list.iter().position(|part| part.span() == span) {
                        let part = list.remove(at);
                        put(list, part, &nearest);
                    }
                }),
            });
        }
        let mut within = Vec::new();
        U::compare(then, part, &mut within);
        for one in within {
            let mut path = vec![part.member(number)];
            path.extend(one.path);
            let edit = one.edit;
            found.push(Found {
                path,
                what: one.what,
                kind: one.kind,
                was: one.was,
                is: one.is,
                edit: Arc::new(move |list: &mut Vec<U>| {
                    list.iter_mut().filter(|part| part.span() == span).for_each(|part| edit(part));
                }),
            });
        }
    }
    found
}

/// Where a part of the new list belongs in the old one: behind the nearest of these that is there, from the last before it.
fn nearest<U: Listed>(was: &[U], is: &[U], place: usize, partner: &BTreeMap<usize, usize>) -> Vec<Span> {
    let before = is.iter().enumerate().take(place).rev();
    before
        .map(|(at, part)| match partner.get(&at).and_then(|then| was.get(*then)) {
            Some(then) => then.span(),
            None => part.span(),
        })
        .collect()
}

/// Puts a part behind the first of some places that is there; else in front.
fn put<U: Listed>(list: &mut Vec<U>, part: U, behind: &[Span]) {
    let at = behind.iter().find_map(|span| list.iter().position(|other| other.span() == *span));
    list.insert(at.map_or(0, |at| at.saturating_add(1)).min(list.len()), part);
}

/// Which parts are the same: those of the same key, the first with the first; then those that are akin, in order.
fn pairs<U: Listed>(was: &[U], is: &[U]) -> Vec<(usize, usize)> {
    let mut free: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, part) in was.iter().enumerate().rev() {
        free.entry(part.key()).or_default().push(place);
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut left = Vec::new();
    for (place, part) in is.iter().enumerate() {
        match free.get_mut(&part.key()).and_then(Vec::pop) {
            Some(then) => pairs.push((then, place)),
            None => left.push(place),
        }
    }
    let mut gone: Vec<usize> = free.into_values().flatten().collect();
    gone.sort_unstable();
    // The likest belong together first; among those that are as like, the first ones.
    let mut akin: Vec<(std::cmp::Reverse<usize>, usize, usize)> = Vec::new();
    for now in left {
        let likeness = |then: usize| Some(was.get(then)?.likeness(is.get(now)?));
        let mates = gone.iter().filter_map(|then| Some((likeness(*then).filter(|it| *it > 0)?, *then)));
        akin.extend(mates.map(|(likeness, then)| (std::cmp::Reverse(likeness), now, then)));
    }
    akin.sort_unstable();
    for (_, now, then) in akin {
        let free = gone.contains(&then) && !pairs.iter().any(|(_, taken)| *taken == now);
        if free {
            gone.retain(|other| *other != then);
            pairs.push((then, now));
        }
    }
    pairs.sort_by_key(|(_, now)| *now);
    pairs
}

/// The places in the new list of those that stand in another order: the fewest that can be said to have moved.
fn out_of_order(pairs: &[(usize, usize)]) -> Vec<usize> {
    // The longest row of parts that kept their order stays; `pairs` is in the order of the new list.
    let mut longest: Vec<(usize, Option<usize>)> = Vec::new();
    for (at, (then, _)) in pairs.iter().enumerate() {
        let mut best = (1_usize, None);
        for (earlier, (other, _)) in pairs.iter().enumerate().take(at) {
            let length = longest.get(earlier).map_or(0, |(length, _)| *length).saturating_add(1);
            if other < then && length > best.0 {
                best = (length, Some(earlier));
            }
        }
        longest.push(best);
    }
    let mut kept = Vec::new();
    let last =
        longest.iter().enumerate().max_by_key(|(at, (length, _))| (*length, usize::MAX.saturating_sub(*at)));
    let mut at = last.map(|(at, _)| at);
    while let Some(place) = at {
        kept.push(place);
        at = longest.get(place).and_then(|(_, before)| *before);
    }
    pairs.iter().enumerate().filter(|(at, _)| !kept.contains(at)).map(|(_, (_, now))| *now).collect()
}

/// What differs within a part that may be there or not, under a part.
pub fn within<T: Part, U: Part>(
    (was, is): (&U, &U),
    get: fn(&mut T) -> Option<&mut U>,
    found: &mut Vec<Found<T>>,
) {
    let mut inner = Vec::new();
    U::compare(was, is, &mut inner);
    for one in inner {
        let edit = one.edit;
        found.push(Found {
            path: one.path,
            what: one.what,
            kind: one.kind,
            was: one.was,
            is: one.is,
            edit: Arc::new(move |part| {
                if let Some(inner) = get(part) {
                    edit(inner);
                }
            }),
        });
    }
}
