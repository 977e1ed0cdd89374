//! Lines into text: members of one kind that follow each other share their columns, by the width that people see.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr as _;

use super::lines::{self, Line};
use super::token::{Cell, Member, Token};

/// How far a column may stand behind where the shortest line would have it: one long line must not push the others out of
/// sight.
const FARTHEST: usize = 40;

/// A comment behind a line is its last column.
const COMMENT: Cell = Cell { holds: "comment", nth: 0 };

/// A line in pieces, each the text of a column; the first has none.
struct Pieces {
    pieces: Vec<(Option<Cell>, String)>,
}

/// The text of the lines.
pub(super) fn print(lines: &[Line], tokens: &[Token]) -> String {
    let pieces: Vec<Pieces> = lines.iter().map(|line| pieces(line, tokens)).collect();
    let mut texts: BTreeMap<usize, String> = BTreeMap::new();
    for run in runs(lines, tokens) {
        let of_run: Vec<&Pieces> = run.iter().filter_map(|place| pieces.get(*place)).collect();
        texts.extend(run.iter().copied().zip(aligned(&of_run)));
    }
    let mut out = String::new();
    for (place, line) in lines.iter().enumerate() {
        if line.apart {
            out.push('\n');
        }
        for (apart, comment) in &line.comments {
            if *apart {
                out.push('\n');
            }
            indented(&mut out, line.comment_indent, comment);
        }
        if line.comments_apart && !line.tokens.is_empty() {
            out.push('\n');
        }
        if !line.tokens.is_empty() {
            let text = texts.remove(&place).or_else(|| {
                let alone = pieces.get(place)?;
                aligned(&[alone]).pop()
            });
            indented(&mut out, line.indent, &text.unwrap_or_default());
        }
    }
    out
}

/// How wide a line is without its neighbours, its indent and the comment behind it.
pub(super) fn width(line: &Line, tokens: &[Token]) -> usize {
    aligned(&[&pieces(line, tokens)]).pop().map_or(0, |text| text.width())
}

fn indented(out: &mut String, indent: usize, text: &str) {
    out.extend(std::iter::repeat_n(' ', indent));
    out.push_str(text.trim_end());
    out.push('\n');
}

/// The lines that share their columns: those on which members of one kind begin, in one block, without a blank line between.
fn runs(lines: &[Line], tokens: &[Token]) -> Vec<Vec<usize>> {
    let mut open: BTreeMap<Option<usize>, (&'static str, Vec<usize>)> = BTreeMap::new();
    let mut done = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let Some(Member { within, kind, .. }) = line.member(tokens) else { continue };
        // A case told on several lines has no neighbours to keep in step with.
        if kind == "case" && lines::ends_open(line, tokens) {
            done.extend(open.remove(&within).map(|(_, run)| run));
            continue;
        }
        let apart = line.apart || line.comments_apart || line.comments.iter().any(|(apart, _)| *apart);
        match open.get_mut(&within) {
            Some((of, run)) if *of == kind && !apart => run.push(place),
            _ => {
                let before = open.insert(within, (kind, vec![place]));
                done.extend(before.map(|(_, run)| run));
            }
        }
    }
    done.extend(open.into_values().map(|(_, run)| run));
    done
}

/// A line cut where its member has columns.
fn pieces(line: &Line, tokens: &[Token]) -> Pieces {
    let member = line.member(tokens).map(|member| member.number);
    let mut pieces: Vec<(Option<Cell>, String)> = vec![(None, String::new())];
    let mut before: Option<&Token> = None;
    for token in tokens.get(line.tokens.clone()).unwrap_or_default() {
        // The names of results stand above the results: blank is what the rows have before them.
        let cell = token
            .cell
            .filter(|(cell, of)| Some(*of) == member && (before.is_some() || cell.holds == "result"));
        if let Some((cell, _)) = cell {
            pieces.push((Some(cell), String::new()));
        } else if let (Some(before), Some((_, text))) = (before, pieces.last_mut())
            && before.is_apart_from(token)
        {
            text.push(' ');
        }
        if let Some((_, text)) = pieces.last_mut() {
            text.push_str(&token.text);
        }
        before = Some(token);
    }
    if let Some(comment) = &line.behind {
        pieces.push((Some(COMMENT), comment.clone()));
    }
    Pieces { pieces }
}

/// The texts of the lines of a run.
fn aligned(run: &[&Pieces]) -> Vec<String> {
    let order = order(run);
    // What is printed of each line, and how many of its pieces.
    let mut printed: Vec<(String, usize)> = run
        .iter()
        .map(|line| (line.pieces.first().map_or_else(String::new, |(_, text)| text.clone()), 1))
        .collect();
    for cell in order {
        let with: Vec<usize> = (0..run.len())
            .filter(|at| {
                let next = printed.get(*at).map_or(0, |(_, done)| *done);
                run.get(*at).and_then(|line| line.pieces.get(next)).is_some_and(|(of, _)| *of == Some(cell))
            })
            .collect();
        let needs = |at: usize, printed: &[(String, usize)]| {
            printed.get(at).map_or(0, |(text, _)| text.width().saturating_add(cell.gap()))
        };
        let least = with.iter().map(|at| needs(*at, &printed)).min().unwrap_or(0);
        let farthest = least.saturating_add(FARTHEST);
        let column =
            with.iter().map(|at| needs(*at, &printed)).filter(|need| *need <= farthest).max().unwrap_or(0);
        for at in with {
            let start = needs(at, &printed).max(column);
            let Some((text, done)) = printed.get_mut(at) else { continue };
            let blanks = start.saturating_sub(text.width());
            text.extend(std::iter::repeat_n(' ', blanks));
            if let Some((_, piece)) = run.get(at).and_then(|line| line.pieces.get(*done)) {
                text.push_str(piece);
            }
            *done = done.saturating_add(1);
        }
    }
    // Columns in another order than those of the other lines are set one behind the other.
    for (line, (text, done)) in run.iter().zip(&mut printed) {
        for (cell, piece) in line.pieces.iter().skip(*done) {
            text.extend(std::iter::repeat_n(' ', cell.map_or(1, Cell::gap)));
            text.push_str(piece);
        }
    }
    printed.into_iter().map(|(text, _)| text).collect()
}

/// The columns of a run, in the order in which its lines have them.
fn order(run: &[&Pieces]) -> Vec<Cell> {
    let mut order: Vec<Cell> = Vec::new();
    for line in run {
        let mut behind = 0;
        for cell in line.pieces.iter().filter_map(|(cell, _)| *cell) {
            match order.iter().position(|known| *known == cell) {
                Some(place) => behind = place.saturating_add(1).max(behind),
                None if cell == COMMENT => {
                    order.push(cell);
                    behind = order.len();
                }
                None => {
                    order.insert(behind.min(order.len()), cell);
                    behind = behind.saturating_add(1);
                }
            }
        }
    }
    order
}
