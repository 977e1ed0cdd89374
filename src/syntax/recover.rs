//! Reading a file as a whole, and a broken one piece by piece.

use pest::Parser;
use pest::error::InputLocation;

use super::grammar::{GradusParser, Rule};
use super::lower::Lowering;
use super::{Parsed, ast, scan};
use crate::base::{FileId, Span};
use crate::diag::Diagnostic;

pub(super) fn parse(file: FileId, text: &str) -> Parsed {
    let scan = scan::scan(file, text);
    let whole = Span::new(file, 0, u32::try_from(text.len()).unwrap_or(u32::MAX));
    let mut diagnostics = scan.diagnostics;
    let mut items = Vec::new();
    match GradusParser::parse(Rule::file, &scan.text) {
        Ok(mut pairs) => {
            let mut lowering = Lowering::new(file, 0);
            if let Some(pair) = pairs.next() {
                items = lowering.items(pair);
            }
            diagnostics.append(&mut lowering.diagnostics);
        }
        Err(error) => {
            let at = match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => u32::try_from(at).unwrap_or(0),
            };
            diagnostics.push(Diagnostic::new("E101", Span::new(file, at, at.saturating_add(1))));
        }
    }
    Parsed { file: ast::File { items, span: whole }, trivia: scan.trivia, diagnostics }
}
