//! Values and names that stand alone in another file: the texts of a case file.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};

use super::grammar::{GradusParser, Pair, Rule};
use super::lower::Lowering;
use super::scan::scan;
use super::{ast, slips};
use crate::base::Span;
use crate::diag::Diagnostic;

/// Reads a value as it is written in a case: `500万`, `12.5%`, `[1, 2]`, `{ number "F-1", amount 3万 }`.
///
/// The span of the text is that of what stands between its quotes. Where that is longer than the text (it has escapes), every
/// place is the whole of it.
///
/// # Errors
/// Every mistake in it.
pub fn parse_datum(text: &ast::Text) -> Result<ast::Datum, Vec<Diagnostic>> {
    read(text, Rule::datum_alone, "E706", |lowering, pair| match pair.as_rule() {
        Rule::datum => lowering.datum(pair),
        _ => None,
    })
}

/// Reads the name of a value as it is written in a case: `limit_percent.share`, `collection["F-1"].step`, `last.stance.since`.
///
/// # Errors
/// As [`parse_datum`].
pub fn parse_path(text: &ast::Text) -> Result<ast::Expr, Vec<Diagnostic>> {
    read(text, Rule::path_alone, "E707", |lowering, pair| match pair.as_rule() {
        Rule::path => Some(lowering.expr(pair)),
        _ => None,
    })
}

fn read<T>(
    text: &ast::Text,
    rule: Rule,
    code: &'static str,
    take: impl Fn(&mut Lowering, Pair<'_>) -> Option<T>,
) -> Result<T, Vec<Diagnostic>> {
    let whole = text.span;
    let is_plain = text.value.len() == whole.range().len();
    let in_file = |span: Span| {
        if !is_plain {
            return whole;
        }
        let place = |at: u32| at.saturating_add(whole.start).min(whole.end);
        Span::new(whole.file, place(span.start), place(span.end))
    };
    let seen = scan(whole.file, &text.value, false);
    let mut mistakes: Vec<Diagnostic> = seen.diagnostics;
    if seen.too_deep.is_empty() {
        match GradusParser::parse(rule, &seen.text) {
            Ok(mut pairs) => {
                let mut lowering = match is_plain {
                    true => Lowering::new(whole.file, whole.start),
                    false => Lowering::within(whole),
                };
                let parts = pairs.next().map(Pair::into_inner).into_iter().flatten();
                let found = parts.filter_map(|pair| take(&mut lowering, pair)).next();
                let mut found_wrong: Vec<Diagnostic> =
                    mistakes.into_iter().map(|mistake| moved(mistake, &in_file)).collect();
                found_wrong.append(&mut lowering.diagnostics);
                return match found {
                    Some(found) if !found_wrong.iter().any(Diagnostic::is_error) => Ok(found),
                    Some(_) | None => Err(found_wrong),
                };
            }
            Err(error) if mistakes.is_empty() => {
                let at = match error.location {
                    InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
                };
                let rules = match &error.variant {
                    ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
                    ErrorVariant::CustomError { .. } => &[],
                };
                let (source, to) = (&*text.value, text.value.len());
                let place =
                    slips::Place { file: whole.file, source, text: &seen.text, at, from: 0, to, head: "" };
                match slips::recognise(&place, rules) {
                    Some(slip) => mistakes.push(slip),
                    None => {
                        let unread = Diagnostic::new(code, whole).arg("written", &text.value);
                        return Err(vec![unread.help("form")]);
                    }
                }
            }
            Err(_) => {}
        }
    }
    Err(mistakes.into_iter().map(|mistake| moved(mistake, &in_file)).collect())
}

/// A diagnostic of a text at its places in the file.
fn moved(mut diagnostic: Diagnostic, in_file: &impl Fn(Span) -> Span) -> Diagnostic {
    diagnostic.span = diagnostic.span.map(in_file);
    for label in &mut diagnostic.labels {
        label.span = in_file(label.span);
    }
    for fix in &mut diagnostic.fixes {
        for (span, _) in &mut fix.edits {
            *span = in_file(*span);
        }
    }
    diagnostic
}
