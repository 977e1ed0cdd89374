//! A text as the grammar reads it, rule by rule: for who changes a text and must know what each stretch of it is.
//!
//! The tree of [`ast`] says what was meant; it has no place for a word such as `below`, and none for the comma before a
//! clause. Here each rule of the grammar that is not silent has a node, keywords too.

use std::sync::OnceLock;

use pest::Parser;
use pest::iterators::Pairs;

use super::again::Kept;
use super::ast;
use super::grammar::{GradusParser, Pair, Rule};
use super::keywords::keyword;
use super::lower::Lowering;
use super::scan::{Scan, Trivia, scan};
use crate::base::{FileId, Span};
use crate::diag::Diagnostic;

/// What one rule of the grammar has read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    /// The rule: `row`, `kw_at_most`, `number`.
    pub rule: &'static str,
    /// Where it stands, without the blanks behind it.
    pub span: Span,
    /// What its parts have read, in the order of the text.
    pub children: Vec<Node>,
}

impl Node {
    /// The first child of a rule.
    #[must_use]
    pub fn child(&self, rule: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.rule == rule)
    }

    /// The same so many bytes further on, in a file.
    fn moved(&self, file: FileId, by: u32) -> Node {
        let span = Span::new(file, self.span.start.saturating_add(by), self.span.end.saturating_add(by));
        let children = self.children.iter().map(|child| child.moved(file, by)).collect();
        Node { rule: self.rule, span, children }
    }

    /// The children of a rule.
    pub fn children_of<'n>(&'n self, rule: &'n str) -> impl Iterator<Item = &'n Node> {
        self.children.iter().filter(move |child| child.rule == rule)
    }
}

/// The items of a text; none where it does not read as a whole.
#[must_use]
pub fn concrete(file: FileId, text: &str) -> Vec<Node> {
    let looked = look(file, text);
    let found = read(&looked).pairs.map(|pairs| items(file, 0, pairs).collect());
    found.unwrap_or_default()
}

/// The items of a text as they were read last, each by its text: what has not changed is not read again.
#[derive(Clone, Debug, Default)]
pub struct Known(Vec<(String, Node)>);

/// The items of a text but for its cases, of which a policy may have more than all else; without those that do not read.
///
/// `kept` is what the tree of the text was read from: where that has every item, the text is not looked through again.
#[must_use]
pub fn rules_alone(file: FileId, text: &str, kept: &Kept, known: &mut Known) -> Vec<Node> {
    if let Some(pieces) = kept.pieces(text) {
        return rules_of(file, pieces, known);
    }
    let seen = scan(file, text, false);
    if !seen.too_deep.is_empty() || !seen.balanced {
        return Vec::new();
    }
    let mut pieces = Vec::new();
    let mut start = 0;
    let ends = seen.ends.iter().filter(|(_, block)| block.is_none()).map(|(place, _)| *place);
    for end in ends.chain(std::iter::once(text.len())) {
        let end = end.max(start);
        let piece = seen.text.get(start..end).unwrap_or("");
        if !piece.trim().is_empty() {
            pieces.push((start, piece));
        }
        start = end;
    }
    rules_of(file, pieces, known)
}

/// The items of pieces of a text that hold one each, but for cases; each piece with its place.
fn rules_of(file: FileId, pieces: Vec<(usize, &str)>, known: &mut Known) -> Vec<Node> {
    let is_case = |piece: &str| {
        let word = keyword("case").map(|word| [word.en, word.zh]);
        word.into_iter().flatten().any(|word| piece.trim_start().starts_with(word))
    };
    let mut before = std::mem::take(&mut known.0);
    let mut found = Vec::new();
    for (start, piece) in pieces.into_iter().filter(|(_, piece)| !is_case(piece)) {
        let read = match before.iter().position(|(text, _)| text == piece) {
            Some(place) => Some(before.swap_remove(place)),
            None => GradusParser::parse(Rule::item_alone, piece)
                .ok()
                .and_then(|pairs| Some((piece.to_owned(), items(file, 0, pairs).next()?))),
        };
        if let Some((text, item)) = read {
            found.push(item.moved(file, u32::try_from(start).unwrap_or(u32::MAX)));
            known.0.push((text, item));
        }
    }
    found
}

/// What lies between two line ends outside all brackets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// Where it stands, with the blanks and comments before it.
    pub span: Span,
    /// The item; none where the grammar does not read it.
    pub item: Option<Node>,
}

/// A text cut into its items, broken ones too.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stretches {
    /// The items in the order of the text, each with what stands before it. What follows the last is comments and blanks.
    pub items: Vec<Stretch>,
    /// Comments and blank lines in the order of the text.
    pub trivia: Vec<Trivia>,
}

/// A text that is looked through, for the grammar to be let near.
pub struct Looked {
    file: FileId,
    length: usize,
    seen: Scan,
    /// Signs of the text that the grammar is not shown, or is shown as others: brackets without twins, characters that nobody sees.
    hidden: Vec<usize>,
}

/// Looks a text through.
#[must_use]
pub fn look(file: FileId, text: &str) -> Looked {
    let mut seen = scan(file, text, false);
    if !seen.balanced {
        seen = scan(file, text, true);
    }
    let told = seen.diagnostics.iter().filter_map(|told| told.span).map(|span| span.range().start);
    let hidden = told.filter(|at| text.as_bytes().get(*at) != seen.text.as_bytes().get(*at)).collect();
    Looked { file, length: text.len(), seen, hidden }
}

/// A text that the grammar has read once, to be told in several ways.
pub struct Reading<'s> {
    looked: &'s Looked,
    /// Nothing where the text does not read as a whole.
    pairs: Option<Pairs<'s, Rule>>,
}

/// Reads a text.
#[must_use]
pub fn read(looked: &Looked) -> Reading<'_> {
    let sound = looked.seen.too_deep.is_empty();
    let pairs = sound.then(|| GradusParser::parse(Rule::file, &looked.seen.text).ok()).flatten();
    Reading { looked, pairs }
}

impl Reading<'_> {
    /// The text cut into its items. An item of which the grammar was not shown every sign is not read, and a text whose brackets nest
    /// too deep is one broken stretch.
    #[must_use]
    pub fn stretches(&self) -> Stretches {
        let Looked { file, length, seen, hidden } = self.looked;
        let at = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let until = |start: u32, item: Node| Stretch {
            span: Span::new(*file, start, item.span.end),
            item: Some(item),
        };
        let mut found: Vec<Stretch> = match &self.pairs {
            Some(pairs) => {
                let mut start = 0;
                let items = items(*file, 0, pairs.clone()).map(|item| {
                    let stretch = until(start, item);
                    start = stretch.span.end;
                    stretch
                });
                items.collect()
            }
            None => pieces(*file, *length, seen, until),
        };
        let end = found.last().map_or(0, |last| last.span.range().end);
        if hidden.iter().any(|place| *place >= end) {
            found.push(Stretch { span: Span::new(*file, at(end), at(*length)), item: None });
        }
        let mut items: Vec<Stretch> = Vec::with_capacity(found.len());
        for mut stretch in found {
            if let Some(place) = hidden.iter().find(|place| stretch.span.range().contains(place)) {
                stretch.item = None;
                // What stands behind an item on its last line is not parted from it.
                let between = |last: &Stretch| seen.text.get(last.span.range().end..*place).unwrap_or("");
                if let Some(last) = items.last_mut().filter(|last| !between(last).contains('\n')) {
                    *last = Stretch { span: Span { end: stretch.span.end, ..last.span }, item: None };
                    continue;
                }
            }
            items.push(stretch);
        }
        Stretches { items, trivia: seen.trivia.clone() }
    }

    /// What the text means: its items with no places, and each literal as plainly as it can be written. Two texts that differ in
    /// layout, comments or the language of their keywords alone mean the same. None where the text does not read as a whole.
    #[must_use]
    pub fn meaning(&self) -> Option<Vec<ast::Item>> {
        let pair = self.pairs.clone()?.next()?;
        Some(Lowering::bare(self.looked.file).items(pair))
    }
}

/// Cuts a text into its items.
#[must_use]
pub fn stretches(file: FileId, text: &str) -> Stretches {
    read(&look(file, text)).stretches()
}

/// The items of a text that does not read as a whole, each read by itself.
fn pieces(file: FileId, length: usize, seen: &Scan, until: impl Fn(u32, Node) -> Stretch) -> Vec<Stretch> {
    let at = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    if !seen.too_deep.is_empty() {
        return vec![Stretch { span: Span::new(file, 0, at(length)), item: None }];
    }
    let mut found: Vec<Stretch> = Vec::new();
    let mut start = 0;
    let ends = seen.ends.iter().filter(|(_, block)| block.is_none()).map(|(place, _)| *place);
    for end in ends.chain(std::iter::once(length)) {
        let end = end.max(start);
        let piece = seen.text.get(start..end).unwrap_or("");
        if !piece.trim().is_empty() {
            let read = GradusParser::parse(Rule::item_alone, piece).ok();
            let item = read.and_then(|pairs| items(file, at(start), pairs).next());
            let span = Span::new(file, at(start), at(start.saturating_add(piece.trim_end().len())));
            // What cannot be read and stands on one line is one stretch, whatever parts it.
            let on_a_line =
                !piece.split(|ch: char| !ch.is_whitespace()).next().is_some_and(|it| it.contains('\n'));
            match (item, found.last_mut()) {
                (None, Some(last)) if last.item.is_none() && on_a_line => last.span.end = span.end,
                (item, _) => {
                    found.push(item.map_or(Stretch { span, item: None }, |item| until(span.start, item)))
                }
            }
            start = found.last().map_or(start, |last| last.span.end as usize);
        }
    }
    found
}

/// The items among what the grammar has read of a text that begins at byte `base` of its file.
fn items(file: FileId, base: u32, pairs: Pairs<'_, Rule>) -> impl Iterator<Item = Node> {
    let items = pairs.flat_map(Pair::into_inner).filter(|pair| pair.as_rule() == Rule::item);
    items.flat_map(Pair::into_inner).map(move |pair| node(file, base, pair))
}

fn node(file: FileId, base: u32, pair: Pair<'_>) -> Node {
    let read = pair.as_span();
    let at = |place: usize| u32::try_from(place).unwrap_or(u32::MAX).saturating_add(base);
    let start = at(read.start());
    let length = u32::try_from(read.as_str().trim_end().len()).unwrap_or(u32::MAX);
    Node {
        rule: name(pair.as_rule()),
        span: Span::new(file, start, start.saturating_add(length)),
        children: pair.into_inner().map(|child| node(file, base, child)).collect(),
    }
}

/// The name of a rule.
fn name(rule: Rule) -> &'static str {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let mut names = Vec::new();
        for rule in Rule::all_rules() {
            let place = *rule as usize;
            names.resize(names.len().max(place.saturating_add(1)), String::new());
            if let Some(name) = names.get_mut(place) {
                *name = format!("{rule:?}");
            }
        }
        names
    });
    names.get(rule as usize).map_or("", String::as_str)
}

/// Reads the text of one item as if it stood at byte `start` of the file: what an edit has made of it, without reading the rest
/// of the file again.
///
/// # Errors
/// What is wrong with it; nothing where the grammar does not read it at all.
pub fn parse_item(file: FileId, text: &str, start: u32) -> Result<ast::Item, Vec<Diagnostic>> {
    let seen = scan(file, text, false);
    let mut wrong = seen.diagnostics;
    let read = if seen.too_deep.is_empty() {
        GradusParser::parse(Rule::item_alone, &seen.text)
    } else {
        return Err(wrong);
    };
    let Ok(mut pairs) = read else { return Err(wrong) };
    let mut lowering = Lowering::new(file, start);
    let item = pairs.next().and_then(|pair| lowering.items(pair).pop());
    wrong.append(&mut lowering.diagnostics);
    match item {
        Some(item) if !wrong.iter().any(Diagnostic::is_error) => Ok(item),
        Some(_) | None => Err(wrong),
    }
}
