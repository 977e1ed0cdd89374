//! A text as the grammar reads it, rule by rule: for who changes a text and must know what each stretch of it is.
//!
//! The tree of [`ast`] says what was meant; it has no place for a word such as `below`, and none for the comma before a
//! clause. Here each rule of the grammar that is not silent has a node, keywords too.

use pest::Parser;

use super::ast;
use super::grammar::{GradusParser, Pair, Rule};
use super::lower::Lowering;
use super::scan::scan;
use crate::base::{FileId, Span};
use crate::diag::Diagnostic;

/// What one rule of the grammar has read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    /// The rule: `row`, `kw_at_most`, `number`.
    pub rule: String,
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

    /// The children of a rule.
    pub fn children_of<'n>(&'n self, rule: &'n str) -> impl Iterator<Item = &'n Node> {
        self.children.iter().filter(move |child| child.rule == rule)
    }
}

/// The items of a text; none where it does not read as a whole.
#[must_use]
pub fn concrete(file: FileId, text: &str) -> Vec<Node> {
    let seen = scan(file, text, false);
    if !seen.too_deep.is_empty() {
        return Vec::new();
    }
    let Ok(pairs) = GradusParser::parse(Rule::file, &seen.text) else { return Vec::new() };
    let items = pairs.flat_map(Pair::into_inner).filter(|pair| pair.as_rule() == Rule::item);
    items.flat_map(Pair::into_inner).map(|pair| node(file, pair)).collect()
}

fn node(file: FileId, pair: Pair<'_>) -> Node {
    let read = pair.as_span();
    let at = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    let start = at(read.start());
    let length = at(read.as_str().trim_end().len());
    Node {
        rule: format!("{:?}", pair.as_rule()),
        span: Span::new(file, start, start.saturating_add(length)),
        children: pair.into_inner().map(|child| node(file, child)).collect(),
    }
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
