//! What has another name. A name is looked for where something is gone and something of its kind is new that says the same; the
//! old text is then taken with the new name in it, so that whatever reads it is no change.

use std::collections::BTreeSet;

use super::compare::{Found, Kind, Member};
use super::constructs::files;
use super::seen::{Seen, says};
use super::what;
use crate::base::{SourceMap, Span, Str};
use crate::diag::Diagnostic;
use crate::store::{PolicyFile, RulesFolder};
use crate::syntax::{self, Node, ast};

/// So often names are looked for again: what reads a thing of another name is found to be the same only then.
const ROUNDS: usize = 4;

/// A thing that has another name.
#[derive(Clone, Debug)]
pub struct Renamed {
    /// In which parts, from the outermost; the last is the thing under its new name.
    pub path: Vec<Member>,
    /// What it was called, in the old text.
    pub was: (Str, Span),
    /// What it is called, in the new text.
    pub is: (Str, Span),
}

/// Where the names of an old text have been replaced.
#[derive(Clone, Debug, Default)]
pub struct Moves {
    /// The text with the new names.
    file: Option<crate::base::FileId>,
    /// The text as it was.
    origin: Option<crate::base::FileId>,
    /// Each name: where it begins in the new text, how long it is there and in the old one.
    names: Vec<(u32, u32, u32)>,
}

impl Moves {
    /// The same place in the text as it was.
    pub fn back(&self, span: Span) -> Span {
        let Some(origin) = self.origin.filter(|_| self.file == Some(span.file)) else { return span };
        let at = |place: u32, ends: bool| {
            let mut shift = 0_i64;
            let mut place = place;
            for (start, new, was) in &self.names {
                if start.saturating_add(*new) <= place && *start < place {
                    shift = shift.saturating_add(i64::from(*was)).saturating_sub(i64::from(*new));
                } else if *start < place {
                    // Within a name: its beginning, or its end.
                    place = *start;
                    shift = shift.saturating_add(if ends { i64::from(*was) } else { 0 });
                    break;
                }
            }
            u32::try_from(i64::from(place).saturating_add(shift)).unwrap_or(0)
        };
        Span::new(origin, at(span.start, false), at(span.end, true))
    }
}

/// The old policy with the names of the new one, put into the folder in its place; what was renamed, and where.
pub fn renamed(
    base: &mut RulesFolder,
    place: usize,
    now: &PolicyFile,
    sources: &mut SourceMap,
) -> (Vec<Renamed>, Moves) {
    let Some(then) = base.files.get(place).cloned() else { return (Vec::new(), Moves::default()) };
    let mut text = then.program.clone();
    let mut tree = then.tree.clone();
    let mut moves = Moves::default();
    let mut all: Vec<Renamed> = Vec::new();
    let here = used(&syntax::concrete(now.file, &now.program), &now.program);
    for _ in 0..ROUNDS {
        let nodes = syntax::concrete(moves.file.unwrap_or(then.file), &text);
        let found = candidates(files(&tree, &now.tree), &used(&nodes, &text), &here);
        if found.is_empty() {
            break;
        }
        let mut places = Vec::new();
        for (_, old, new) in &found {
            nodes
                .iter()
                .for_each(|node| names(node, &text, old, &mut |span| places.push((span, new.clone()))));
        }
        places.sort_by_key(|(span, _)| span.start);
        places.dedup_by_key(|(span, _)| span.start);
        let (next, next_moves) = replaced(&text, &places, &moves);
        let id = sources.add(name_of(sources, then.file), next.clone());
        let parsed = syntax::parse(id, &next);
        if parsed.diagnostics.iter().any(Diagnostic::is_error) {
            break;
        }
        all.extend(found.into_iter().map(|(found, old, new)| Renamed {
            path: found.path,
            was: (old, found.was.map_or(tree.span, |seen| moves.back(seen.span))),
            is: (new, found.is.map_or(now.tree.span, |seen| seen.span)),
        }));
        moves = Moves { file: Some(id), origin: Some(then.file), names: next_moves };
        text = next;
        tree = parsed.file;
    }
    if let (Some(id), Some(slot)) = (moves.file, base.files.get_mut(place)) {
        let parsed = syntax::parse(id, &text);
        (slot.file, slot.program, slot.trivia) = (id, text, parsed.trivia);
        slot.change(|old| *old = parsed.file);
        base.scripts.iter_mut().filter(|it| it.policy == then.file).for_each(|it| it.policy = id);
        base.references.iter_mut().filter(|it| it.policy == then.file).for_each(|it| it.policy = id);
    }
    (all, moves)
}

fn name_of(sources: &SourceMap, file: crate::base::FileId) -> Str {
    sources.get(file).map_or_else(|| Str::from(""), |source| Str::from(source.name()))
}

/// Things that are gone, each with the new one that says the same: the old name and the new one.
///
/// `old` and `new` are the names that the texts use.
fn candidates(
    found: Vec<Found<ast::File>>,
    old: &BTreeSet<String>,
    new: &BTreeSet<String>,
) -> Vec<(Found<ast::File>, Str, Str)> {
    let is_named = |one: &Found<ast::File>| {
        one.path.last().is_some_and(|member| {
            let follows = [
                what::POLICY,
                what::USE,
                what::FACTOR,
                what::OUTPUT,
                what::SCRIPT,
                what::PERIOD,
                what::NOT_ABOVE,
                what::FORCE,
                what::PAPER,
            ];
            !follows.contains(&member.kind)
                && !member.name.is_empty()
                && !member.name.contains('.')
                && !member.name.starts_with(|ch: char| ch.is_ascii_digit())
        })
    };
    let (gone, added): (Vec<_>, Vec<_>) = found
        .into_iter()
        .filter(|one| matches!(one.kind, Kind::Added | Kind::Removed) && is_named(one))
        .partition(|one| one.kind == Kind::Removed);
    let mut added = added;
    let mut pairs: Vec<(Found<ast::File>, Str, Str)> = Vec::new();
    for one in gone {
        let Some((name, parents)) = one.path.split_last() else { continue };
        let at = added.iter().position(|other| {
            other.path.split_last().is_some_and(|(new_name, other_parents)| {
                let fresh = !old.contains(&*new_name.name) && !new.contains(&*name.name);
                fresh
                    && new_name.kind == name.kind
                    && parents.len() == other_parents.len()
                    && parents.iter().zip(other_parents).all(|(a, b)| a.kind == b.kind && a.name == b.name)
                    && is_the_same((&one.was, name), (&other.is, new_name))
            })
        });
        if let Some(at) = at {
            let mut other = added.remove(at);
            let was = name.name.clone();
            let is = other.path.last().map_or_else(|| Str::from(""), |member| member.name.clone());
            other.was = one.was;
            pairs.push((other, was, is));
        }
    }
    pairs
}

/// Whether two things say the same apart from their names: all of it, or under the same label most of it.
fn is_the_same((was, old): (&Option<Seen>, &Member), (is, new): (&Option<Seen>, &Member)) -> bool {
    let (Some(was), Some(is)) = (was, is) else { return false };
    let blank = |seen: &Seen, name: &str| seen.says.replace(&format!("\"{name}\""), "\"@\"");
    let (was, is) = (blank(was, &old.name), blank(is, &new.name));
    if was == is {
        return true;
    }
    let has_label = old.label != ast::Label::default();
    has_label && says(&old.label) == says(&new.label)
}

/// The names that a text uses: what stands in labels, reasons and comments is none.
fn used(nodes: &[Node], text: &str) -> BTreeSet<String> {
    fn walk(node: &Node, text: &str, found: &mut BTreeSet<String>) {
        if matches!(node.rule, "name" | "any_name") {
            let written = text.get(node.span.range()).unwrap_or("");
            found.insert(written.trim_matches('`').to_owned());
        }
        node.children.iter().for_each(|child| walk(child, text, found));
    }
    let mut found = BTreeSet::new();
    nodes.iter().for_each(|node| walk(node, text, &mut found));
    found
}

/// Calls `found` with each place at which a name stands.
fn names(node: &Node, text: &str, name: &str, found: &mut impl FnMut(Span)) {
    if matches!(node.rule, "name" | "any_name") {
        let written = text.get(node.span.range()).unwrap_or("");
        if written.trim_matches('`') == name {
            found(node.span);
        }
    }
    if node.rule == "text" {
        in_figures(node.span, text, name, found);
    }
    for child in &node.children {
        names(child, text, name, found);
    }
}

/// The same for the figures in a text for people: `"over the limit by {exposure - credit_limit}"`.
fn in_figures(span: Span, text: &str, name: &str, found: &mut impl FnMut(Span)) {
    let written = text.get(span.range()).unwrap_or("");
    for (at, _) in written.match_indices(name) {
        let (before, behind) = (written.get(..at).unwrap_or(""), written.get(at..).unwrap_or(""));
        let open = before.rfind('{').is_some_and(|open| before.rfind('}').is_none_or(|close| close < open));
        let alone = |ch: Option<char>| !ch.is_some_and(|ch| ch.is_alphanumeric() || ch == '_');
        let is_word = alone(before.chars().next_back())
            && alone(behind.get(name.len()..).and_then(|rest| rest.chars().next()));
        if open && is_word {
            let start = span.start.saturating_add(u32::try_from(at).unwrap_or(0));
            let end = start.saturating_add(u32::try_from(name.len()).unwrap_or(0));
            found(Span { start, end, ..span });
        }
    }
}

/// A text with names replaced, and where they stand in it, together with those that were replaced before.
fn replaced(text: &str, places: &[(Span, Str)], before: &Moves) -> (Str, Vec<(u32, u32, u32)>) {
    let mut out = String::new();
    let mut moved = Vec::new();
    let mut at = 0;
    let length = |text: &str| u32::try_from(text.len()).unwrap_or(u32::MAX);
    for (span, name) in places {
        out.push_str(text.get(at..span.range().start).unwrap_or(""));
        moved.push((length(&out), length(name), span.end.saturating_sub(span.start), span.start));
        out.push_str(name);
        at = span.range().end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    // Names of an earlier round have moved by what this one made longer or shorter before them.
    let mut all: Vec<(u32, u32, u32)> =
        moved.iter().map(|(start, new, was, _)| (*start, *new, *was)).collect();
    for (start, new, was) in &before.names {
        let shift: i64 = moved
            .iter()
            .take_while(|(.., old)| old < start)
            .map(|(_, new, was, _)| i64::from(*new).saturating_sub(i64::from(*was)))
            .sum();
        let start = i64::from(*start).saturating_add(shift);
        all.push((u32::try_from(start).unwrap_or(0), *new, *was));
    }
    all.sort_unstable();
    (Str::from(out), all)
}
