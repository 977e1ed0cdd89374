//! The words of a policy: which name is read where. What only stands in comments, texts and cases is not read.

use std::collections::{BTreeMap, BTreeSet};

use super::Seen;
use crate::base::{Span, Str};
use crate::syntax::{Trivia, TriviaKind, ast};

/// The words of a policy with their places, and which of these declare.
pub(super) struct Words {
    places: BTreeMap<Str, Vec<u32>>,
    declared: BTreeSet<u32>,
    above: BTreeSet<Str>,
    below: BTreeSet<Str>,
}

impl Words {
    pub(super) fn of(seen: &Seen<'_>) -> Words {
        let mut declared = BTreeSet::new();
        declare(&seen.file.items, &mut declared);
        let own = |span: &Span| span.file == seen.file.span.file;
        let values = seen.program.values.iter().map(|value| value.name_span).filter(own);
        declared.extend(values.map(|span| span.start));
        let places = in_text(seen.text, seen.trivia, &seen.file.items);
        Words { places, declared, above: seen.above.clone(), below: seen.below.clone() }
    }

    /// Whether a name is read, here or by policies that use this one.
    pub(super) fn reads(&self, name: &str) -> bool {
        let here = self.places.get(name).is_some_and(|all| all.iter().any(|at| !self.declared.contains(at)));
        here || self.above.contains(name)
    }

    /// Whether a fact is read, here or in any policy around.
    pub(super) fn reads_fact(&self, name: &str) -> bool {
        self.reads(name) || self.below.contains(name)
    }
}

/// The names that a policy reads or declares.
pub(super) fn names_in(text: &str, trivia: &[Trivia], file: &ast::File) -> BTreeSet<Str> {
    in_text(text, trivia, &file.items).into_keys().collect()
}

fn declare(items: &[ast::Item], declared: &mut BTreeSet<u32>) {
    for item in items {
        let names: Vec<&ast::Name> = match &item.kind {
            ast::ItemKind::Facts(facts) => facts.iter().flat_map(fields).collect(),
            ast::ItemKind::Use(used) => used.names.iter().collect(),
            ast::ItemKind::Roles(roles) => roles.iter().map(|role| &role.named.name).collect(),
            ast::ItemKind::Actions(actions) => actions.iter().map(|action| &action.name).collect(),
            ast::ItemKind::Kind(kind) => {
                kind.members.iter().map(|member| &member.name).chain([&kind.name]).collect()
            }
            ast::ItemKind::Param(param) => vec![&param.name],
            ast::ItemKind::ForEach(each) => {
                declare(&each.items, declared);
                Vec::new()
            }
            _ => Vec::new(),
        };
        declared.extend(names.into_iter().map(|name| name.span.start));
    }
}

fn fields(fact: &ast::Fact) -> Vec<&ast::Name> {
    let inner = match &fact.ty.kind {
        ast::TypeKind::Records(fields) => fields.iter().map(|field| &field.name).collect(),
        _ => Vec::new(),
    };
    [vec![&fact.name], inner].concat()
}

fn in_text(text: &str, trivia: &[Trivia], items: &[ast::Item]) -> BTreeMap<Str, Vec<u32>> {
    let comments = trivia.iter().filter(|it| it.kind != TriviaKind::BlankLines).map(|it| it.span);
    let cases = items.iter().filter(|item| matches!(item.kind, ast::ItemKind::Case(_))).map(|item| item.span);
    let mut skipped: Vec<Span> = comments.chain(cases).collect();
    skipped.sort_by_key(|span| span.start);
    let mut scan = Scan { places: BTreeMap::new(), text, word: None, quoted: None, braces: 0 };
    let mut at = 0_usize;
    for span in skipped {
        scan.piece(at, (span.start as usize).max(at));
        at = at.max(span.end as usize);
    }
    scan.piece(at, text.len());
    scan.places
}

struct Scan<'t> {
    places: BTreeMap<Str, Vec<u32>>,
    text: &'t str,
    word: Option<usize>,
    /// What ends the text that is being read.
    quoted: Option<char>,
    braces: usize,
}

impl Scan<'_> {
    fn piece(&mut self, from: usize, to: usize) {
        let Some(piece) = self.text.get(from..to) else { return };
        let mut escaped = false;
        for (at, ch) in piece.char_indices() {
            let at = from.saturating_add(at);
            let of_word = ch.is_alphanumeric() || ch == '_' || ch == '`';
            let reads = self.quoted.is_none() || self.braces > 0;
            match (self.word, of_word && reads) {
                (None, true) => self.word = Some(at),
                (Some(start), false) => self.end(start, at),
                (None, false) | (Some(_), true) => {}
            }
            match (self.quoted, ch) {
                (Some(_), _) if escaped => escaped = false,
                (Some(_), '\\') => escaped = true,
                (Some(end), _) if ch == end && self.braces == 0 => self.quoted = None,
                (Some(_), '{') => self.braces = self.braces.saturating_add(1),
                (Some(_), '}') => self.braces = self.braces.saturating_sub(1),
                (None, '"') => self.quoted = Some('"'),
                (None, '“') => self.quoted = Some('”'),
                (Some(_) | None, _) => {}
            }
        }
        if let Some(start) = self.word {
            self.end(start, to);
        }
    }

    fn end(&mut self, start: usize, end: usize) {
        self.word = None;
        let word = self.text.get(start..end).unwrap_or_default();
        let inner = word.trim_matches('`');
        self.places.entry(Str::from(inner)).or_default().push(u32::try_from(start).unwrap_or(u32::MAX));
    }
}
