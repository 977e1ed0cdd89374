//! What is seen before anything is parsed: comments, blank lines, brackets, the ends of lines.
//!
//! The scan makes the text that the grammar reads: the same bytes at the same places, but line ends inside ( ) and
//! [ ] are blanks, and so are the comments before them.

use crate::base::{FileId, Span};
use crate::diag::Diagnostic;

/// A comment or a blank line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trivia {
    /// What it is.
    pub kind: TriviaKind,
    /// Where it stands: a comment from its `#` to the end of its line, blank lines from the first to the last.
    pub span: Span,
}

/// What stands between the words of a policy without meaning anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TriviaKind {
    /// `# …` on a line of its own.
    CommentLine,
    /// `# …` behind something.
    CommentBehind,
    /// One or several blank lines.
    BlankLines,
}

/// What a scan has found.
pub(super) struct Scan {
    /// The text for the grammar, byte for byte as long as the text itself.
    pub(super) text: String,
    /// Comments and blank lines in order.
    pub(super) trivia: Vec<Trivia>,
    /// What was found wrong.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Looks through a text.
pub(super) fn scan(file: FileId, text: &str) -> Scan {
    let mut trivia = Vec::new();
    let mut out: Vec<u8> = text.as_bytes().to_vec();
    let mut stack: Vec<char> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut line_has_code = false;
    let at = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut blank_from: Option<usize> = None;
    let mut line_start = 0usize;
    while let Some((place, ch)) = chars.next() {
        match ch {
            '\n' => {
                if !line_has_code && text.get(line_start..place).is_some_and(|line| line.trim().is_empty()) {
                    blank_from.get_or_insert(line_start);
                }
                if matches!(stack.last(), Some('(' | '[')) {
                    if let Some(byte) = out.get_mut(place) {
                        *byte = b' ';
                    }
                }
                line_has_code = false;
                line_start = place.saturating_add(1);
            }
            '#' => {
                let mut end = place.saturating_add(1);
                while let Some((next, _)) = chars.next_if(|(_, ch)| *ch != '\n') {
                    end = next.saturating_add(
                        text.get(next..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8),
                    );
                }
                let kind = if line_has_code { TriviaKind::CommentBehind } else { TriviaKind::CommentLine };
                if let Some(from) = blank_from.take() {
                    if from < line_start {
                        trivia.push(Trivia {
                            kind: TriviaKind::BlankLines,
                            span: Span::new(file, at(from), at(line_start)),
                        });
                    }
                }
                trivia.push(Trivia { kind, span: Span::new(file, at(place), at(end)) });
                if matches!(stack.last(), Some('(' | '[')) {
                    for byte in out.iter_mut().take(end).skip(place) {
                        *byte = b' ';
                    }
                }
                line_has_code = true;
            }
            _ if ch.is_whitespace() => {}
            _ => {
                if let Some(from) = blank_from.take() {
                    if from < line_start {
                        trivia.push(Trivia {
                            kind: TriviaKind::BlankLines,
                            span: Span::new(file, at(from), at(line_start)),
                        });
                    }
                }
                line_has_code = true;
                match ch {
                    '"' | '“' | '「' => {
                        let close = match ch {
                            '“' => '”',
                            '「' => '」',
                            _ => '"',
                        };
                        while let Some((_, next)) = chars.next_if(|(_, ch)| *ch != '\n') {
                            if next == '\\' {
                                chars.next_if(|(_, ch)| *ch != '\n');
                            } else if next == close {
                                break;
                            }
                        }
                    }
                    '(' | '（' => stack.push('('),
                    '[' | '【' => stack.push('['),
                    '{' | '｛' => stack.push('{'),
                    ')' | '）' | ']' | '】' | '}' | '｝' => {
                        stack.pop();
                    }
                    _ => {}
                }
            }
        }
    }
    let text = String::from_utf8(out).unwrap_or_else(|_| text.to_owned());
    Scan { text, trivia, diagnostics: Vec::new() }
}
