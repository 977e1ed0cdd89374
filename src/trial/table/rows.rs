//! Rows into cases.

use super::columns::{Column, Says, spelled};
use super::declared::Declared;
use crate::base::{SourceMap, Span, Str};
use crate::diag::Diagnostic;
use crate::interop::{Text, TextRow, Texts};
use crate::syntax::keywords::keyword;
use crate::syntax::{ast, parse_datum};
use crate::trial::read::CaseFile;
use crate::value::office::{parse_office_date, parse_office_number};

/// Adds a case for each row.
pub(super) fn read(
    declared: &Declared,
    columns: &[Column],
    texts: &Texts,
    file: &mut CaseFile,
    sources: &SourceMap,
) {
    let mut found = false;
    for row in texts.rows() {
        found = true;
        match row {
            Ok(row) => {
                let mut reading = Reading { declared, mistakes: Vec::new() };
                let case = reading.case(columns, &row, sources);
                let broken = !reading.mistakes.is_empty();
                file.diagnostics.extend(reading.mistakes);
                if case.expect.is_empty() && declared.keep.is_none() && !broken {
                    let name = &case.name.value;
                    file.diagnostics.push(
                        Diagnostic::new("E732", row.span).variant("expects").arg("name", name).help("cell"),
                    );
                }
                file.kept.extend(declared.keep.clone().map(|keep| (case.name.span, keep)));
                file.cases.push(ast::Item { kind: ast::ItemKind::Case(case), span: row.span });
            }
            Err(mistake) => file.diagnostics.push(*mistake),
        }
    }
    if !found {
        let from = &declared.from;
        file.diagnostics.push(Diagnostic::new("E732", from.span).variant("empty").arg("file", &from.value));
    }
}

struct Reading<'d> {
    declared: &'d Declared,
    mistakes: Vec<Diagnostic>,
}

impl Reading<'_> {
    /// A case from a row; an empty cell says nothing.
    fn case(&mut self, columns: &[Column], row: &TextRow, sources: &SourceMap) -> ast::Case {
        let (mut name, mut as_of) = (None, self.declared.as_of.clone());
        let (mut given, mut expect) = (Vec::new(), Vec::new());
        for (column, cell) in columns.iter().zip(&row.cells).filter(|(_, cell)| !cell.value.is_empty()) {
            let text = with_unit(self.plain(cell), column.unit.as_deref());
            let span = cell.span;
            match &column.says {
                Says::Name => name = Some(text),
                Says::Day => as_of = self.day(&text),
                Says::Given(target) => {
                    let value = ast::Datum { kind: ast::DatumKind::Quoted(text), span };
                    given.push(ast::Given { target: target.clone(), value, span });
                }
                Says::Expect(target) => {
                    let value = expected(text);
                    expect.push(ast::Expect { target: Some(target.clone()), value, because: None, span });
                }
                Says::Because => {
                    let codes = pieces(cell);
                    expect.extend(codes.map(|code| {
                        let span = code.span;
                        ast::Expect { target: None, value: ast::ExpectValue::Any, because: Some(code), span }
                    }));
                }
                Says::Asks => {
                    let role = ast::Name { text: text.value, span };
                    let value = ast::ExpectValue::Asks(role);
                    expect.push(ast::Expect { target: None, value, because: None, span });
                }
                Says::Fault => {
                    if is_word("yes", &text.value) || &*text.value == "true" {
                        let value = ast::ExpectValue::Fault;
                        expect.push(ast::Expect { target: None, value, because: None, span });
                    } else {
                        self.mistakes.push(
                            Diagnostic::new("E732", span)
                                .variant("fault")
                                .arg("written", &text.value)
                                .help("fault"),
                        );
                    }
                }
                Says::Nothing => {}
            }
        }
        given.extend(
            self.declared.given.iter().filter(|common| !gives(&given, common)).cloned().collect::<Vec<_>>(),
        );
        let more: Vec<ast::Expect> =
            self.declared.expect.iter().filter(|common| !expects(&expect, common)).cloned().collect();
        expect.extend(more);
        let name = name.unwrap_or_else(|| {
            let line = sources.get(row.span.file).map_or(0, |source| source.line_column(row.span.start).line);
            ast::Text { value: Str::from(format!("row {line}")), span: row.span }
        });
        ast::Case { name, as_of, given, expect }
    }

    /// The cell as a policy writes it, where the case file declares how the table writes numbers and days.
    fn plain(&self, cell: &Text) -> ast::Text {
        let as_is = || ast::Text { value: cell.value.clone(), span: cell.span };
        if let Some(style) = &self.declared.dates
            && let Ok(day) = parse_office_date(&cell.value, style)
        {
            return ast::Text { value: Str::from(day.to_string()), span: cell.span };
        }
        let Some(style) = &self.declared.numbers else { return as_is() };
        let end = cell.value.rfind(|ch: char| ch.is_ascii_digit()).map_or(0, |at| at.saturating_add(1));
        let (figure, unit) = cell.value.split_at_checked(end).unwrap_or(("", &cell.value));
        match parse_office_number(figure, style) {
            Ok(number) if !figure.is_empty() => {
                ast::Text { value: Str::from(format!("{number}{unit}")), span: cell.span }
            }
            Ok(_) | Err(_) => as_is(),
        }
    }

    fn day(&mut self, text: &ast::Text) -> Option<ast::Literal> {
        let datum = match parse_datum(text) {
            Ok(datum) => datum,
            Err(mistakes) => {
                self.mistakes.extend(mistakes);
                return None;
            }
        };
        match datum.kind {
            ast::DatumKind::Value(ast::Expr { kind: ast::ExprKind::Literal(literal), .. })
                if matches!(literal.kind, ast::LiteralKind::Date(..)) =>
            {
                Some(literal)
            }
            _ => {
                self.mistakes.push(Diagnostic::new("E705", text.span).variant("day").arg("key", "as_of"));
                None
            }
        }
    }
}

fn gives(given: &[ast::Given], common: &ast::Given) -> bool {
    given.iter().any(|own| spelled(&own.target) == spelled(&common.target))
}

/// Whether a row says itself what is expected of a value. Reasons, questions and faults that are common are expected of all rows.
fn expects(expect: &[ast::Expect], common: &ast::Expect) -> bool {
    let Some(target) = &common.target else { return false };
    expect.iter().filter_map(|own| own.target.as_ref()).any(|own| spelled(own) == spelled(target))
}

/// The cell with the unit of its column behind it: `500` with `万` is `500万`. A cell that says its unit itself stands as it is.
fn with_unit(text: ast::Text, unit: Option<&str>) -> ast::Text {
    match unit {
        Some(unit) if text.value.ends_with(|ch: char| ch.is_ascii_digit()) => {
            ast::Text { value: Str::from(format!("{}{unit}", text.value)), ..text }
        }
        _ => text,
    }
}

/// What must come out.
fn expected(text: ast::Text) -> ast::ExpectValue {
    if is_word("unknown", &text.value) {
        ast::ExpectValue::Unknown
    } else if is_word("withheld", &text.value) {
        ast::ExpectValue::Withheld
    } else {
        let span = text.span;
        ast::ExpectValue::Value(ast::Datum { kind: ast::DatumKind::Quoted(text), span })
    }
}

/// Whether a text is the keyword of a role, in either language.
fn is_word(role: &str, text: &str) -> bool {
    keyword(role).is_some_and(|word| [word.en, word.zh].contains(&text))
}

/// The codes of a cell: `often_late; large_orders`.
fn pieces(cell: &Text) -> impl Iterator<Item = ast::Name> {
    let plain = cell.span.range().len() == cell.value.len();
    let mut at = 0usize;
    cell.value.split([';', '；', ',', '，', '、']).filter_map(move |piece| {
        let word = piece.trim();
        let blanks = piece.len().saturating_sub(piece.trim_start().len());
        let start = at.saturating_add(blanks);
        let behind = cell.value.get(at.saturating_add(piece.len())..)?;
        at = at.saturating_add(piece.len()).saturating_add(behind.chars().next().map_or(0, char::len_utf8));
        if word.is_empty() {
            return None;
        }
        let place = |byte: usize| cell.span.start.saturating_add(u32::try_from(byte).unwrap_or(0));
        let span = match plain {
            true => Span::new(cell.span.file, place(start), place(start.saturating_add(word.len()))),
            false => cell.span,
        };
        Some(ast::Name { text: Str::from(word), span })
    })
}
