//! What can be folded: blocks in brackets, and comments of several lines.

use crate::base::FileId;
use crate::syntax::{self, Node, TriviaKind};

/// A stretch that can be folded, in bytes: from its first line to its last, which stays seen where it closes a bracket.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fold {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
    /// What it is.
    pub kind: FoldKind,
}

/// What can be folded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum FoldKind {
    /// A block; its closing bracket stays.
    Block,
    /// Comment lines.
    Comment,
}

/// All that can be folded in a text, in its order.
#[must_use]
pub fn folds(file: FileId, text: &str) -> Vec<Fold> {
    let read = syntax::stretches(file, text);
    let mut folds = Vec::new();
    for item in read.items.iter().filter_map(|stretch| stretch.item.as_ref()) {
        blocks(item, text, &mut folds);
    }
    let mut comment: Option<Fold> = None;
    for trivia in &read.trivia {
        match (&mut comment, trivia.kind) {
            // Comment lines follow each other where only blanks and a line end lie between.
            (Some(open), TriviaKind::CommentLine)
                if text.get(open.end as usize..trivia.span.start as usize).is_some_and(|between| {
                    between.trim().is_empty() && between.matches('\n').count() <= 1
                }) =>
            {
                open.end = trivia.span.end;
            }
            (_, TriviaKind::CommentLine) => {
                folds.extend(comment.take());
                let (start, end) = (trivia.span.start, trivia.span.end);
                comment = Some(Fold { start, end, kind: FoldKind::Comment });
            }
            (_, TriviaKind::CommentBehind | TriviaKind::BlankLines) => folds.extend(comment.take()),
        }
    }
    folds.extend(comment);
    folds.retain(|fold| {
        let stretch = text.get(fold.start as usize..fold.end as usize).unwrap_or("");
        stretch.trim_end().contains('\n')
    });
    folds.sort();
    // A block and what it belongs to begin and end on the same lines: they fold as one.
    let line = |at: u32| text.get(..at as usize).map_or(0, |before| before.matches('\n').count());
    folds.dedup_by_key(|fold| (line(fold.start), line(fold.end), fold.kind));
    folds
}

fn blocks(node: &Node, text: &str, folds: &mut Vec<Fold>) {
    let stretch = text.get(node.span.range()).unwrap_or("");
    if stretch.contains('\n') {
        if stretch.trim_end().ends_with(['}', ']', ')', '）', '】', '｝']) {
            folds.push(Fold { start: node.span.start, end: node.span.end, kind: FoldKind::Block });
        }
        for child in &node.children {
            blocks(child, text, folds);
        }
    }
}
