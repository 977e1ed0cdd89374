//! Tokens into lines: where a line breaks, how far it is indented, which comments stand before and behind it.

use super::folding;
use super::token::{Member, Shape, Token, goes_on};
use crate::syntax::{Trivia, TriviaKind};

/// How far the members of a block stand in from its first line, and the rest of a member from its beginning.
const INDENT: usize = 2;

/// A line as it will be printed.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Whether a blank line stands before it and the comments before it.
    pub(super) apart: bool,
    /// The comments on lines of their own before it, each with whether a blank line stands before it.
    pub(super) comments: Vec<(bool, String)>,
    /// Whether a blank line stands between the comments and the line.
    pub(super) comments_apart: bool,
    /// Its tokens, by place.
    pub(super) tokens: std::ops::Range<usize>,
    /// The blanks before it.
    pub(super) indent: usize,
    /// The blanks before its comments.
    pub(super) comment_indent: usize,
    /// The comment behind it.
    pub(super) behind: Option<String>,
}

impl Line {
    /// The member that begins it.
    pub(super) fn member(&self, tokens: &[Token]) -> Option<Member> {
        tokens.get(self.tokens.start).and_then(|token| token.begins)
    }
}

/// The lines of a text, none wider than `widest` that has a part to break at; behind the last stand the comments of its end.
pub(super) fn lines(source: &str, tokens: &[Token], trivia: &[Trivia], widest: usize) -> Vec<Line> {
    let mut lines = folding::fold(broken(source, tokens, trivia), tokens, widest);
    indent(&mut lines, tokens);
    lines
}

/// Breaks the tokens into lines, with their comments.
fn broken(source: &str, tokens: &[Token], trivia: &[Trivia]) -> Vec<Line> {
    let mut trivia = trivia.iter().filter(|it| it.kind != TriviaKind::BlankLines).peekable();
    let mut lines: Vec<Line> = Vec::new();
    let mut at = 0;
    let ends = tokens.iter().enumerate().map(|(place, token)| (place, Some(token)));
    for (place, token) in ends.chain(std::iter::once((tokens.len(), None))) {
        let start = token.map_or(source.len(), |token| token.start);
        let mut next = Line { tokens: place..place.saturating_add(1), ..Line::default() };
        let mut breaks = 0_usize;
        while let Some(comment) = trivia.next_if(|it| (it.span.start as usize) < start) {
            let (from, to) = (comment.span.start as usize, comment.span.end as usize);
            if to <= at {
                // It lies within what is printed as it was written.
                continue;
            }
            breaks = breaks.saturating_add(count(source, at, from));
            let text = source.get(from..to).unwrap_or("").trim_end().to_owned();
            at = to;
            match lines.last_mut().filter(|line| breaks == 0 && line.behind.is_none()) {
                Some(line) => line.behind = Some(text),
                None => {
                    let first = next.comments.is_empty();
                    next.apart |= first && breaks > 1;
                    next.comments.push((!first && breaks > 1, text));
                }
            }
            breaks = 0;
        }
        breaks = breaks.saturating_add(count(source, at, start));
        at = token.map_or(start, |token| token.end.max(at));
        let Some(token) = token else {
            next.tokens = place..place;
            if !next.comments.is_empty() {
                lines.push(next);
            }
            break;
        };
        if next.comments.is_empty() {
            next.apart = breaks > 1;
        } else {
            next.comments_apart = breaks > 1;
        }
        let has_comment = lines.last().is_some_and(|line| line.behind.is_some());
        // A comma never begins a line; nor does a word in another language than it was written in, with which none goes on.
        let was = source.get(token.start..).unwrap_or("");
        let breaks_here =
            breaks > 0 && token.shape != Shape::Behind && (!goes_on(was) || goes_on(&token.text));
        if lines.is_empty() || token.on_a_line || breaks_here || !next.comments.is_empty() || has_comment {
            if token.closes() || lines.last().is_some_and(|line| ends_open(line, tokens)) {
                // No blank line at the edges of a block, but between comments.
                next.apart &=
                    !next.comments.is_empty() && !lines.last().is_some_and(|line| ends_open(line, tokens));
            }
            if token.closes() {
                next.comments_apart = false;
            }
            lines.push(next);
        } else if let Some(line) = lines.last_mut() {
            line.tokens.end = place.saturating_add(1);
        }
    }
    if let Some(first) = lines.first_mut() {
        first.apart = false;
    }
    lines
}

/// How often a line ends between two places.
fn count(source: &str, from: usize, to: usize) -> usize {
    source.get(from..to).unwrap_or("").matches('\n').count()
}

/// Whether the last thing on a line opens something.
pub(super) fn ends_open(line: &Line, tokens: &[Token]) -> bool {
    line.tokens.end.checked_sub(1).and_then(|last| tokens.get(last)).is_some_and(Token::opens)
}

/// Indents the lines by what is open before each.
pub(super) fn indent(lines: &mut [Line], tokens: &[Token]) {
    // What is open: whether it is a block, and the indent of the line on which it opened.
    let mut open: Vec<(bool, usize)> = Vec::new();
    for line in lines {
        let inner = open.last().map_or(0, |(_, indent)| indent.saturating_add(INDENT));
        let first = tokens.get(line.tokens.start).filter(|_| !line.tokens.is_empty());
        let in_block = open.last().is_none_or(|(is_block, _)| *is_block);
        line.comment_indent = inner;
        line.indent = match first {
            Some(token) if token.shape == Shape::Verbatim => 0,
            Some(token) if token.closes() => open.last().map_or(0, |(_, indent)| *indent),
            // The rest of a member.
            Some(token) if in_block && token.begins.is_none() => {
                line.comment_indent = inner.saturating_add(INDENT);
                inner.saturating_add(INDENT)
            }
            Some(_) | None => inner,
        };
        let goes_on = in_block && first.is_some_and(|token| token.begins.is_none() && !token.closes());
        for token in tokens.get(line.tokens.clone()).unwrap_or_default() {
            if token.opens() {
                // A block stands in from the beginning of its member, on whichever line of its head it opens.
                let is_block = matches!(token.shape, Shape::OpenBlock { .. });
                open.push((is_block, if goes_on && is_block { inner } else { line.indent }));
            } else if token.closes() {
                open.pop();
            }
        }
    }
}
