//! What each column of a table means.

use std::collections::BTreeSet;

use super::declared::{Declared, Meaning};
use super::names::{Names, Side};
use crate::base::{Span, Str, nearest};
use crate::diag::Diagnostic;
use crate::interop::{Text, Texts};
use crate::syntax::keywords::keyword;
use crate::syntax::{ast, parse_path};

/// A column that is read.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// What its cells say.
    pub says: Says,
    /// What stands behind every number.
    pub unit: Option<Str>,
}

/// What the cells of a column say.
#[derive(Clone, Debug)]
pub(super) enum Says {
    /// The name of the case.
    Name,
    /// Its day.
    Day,
    /// What is given under this name.
    Given(ast::Expr),
    /// What must come out under this name.
    Expect(ast::Expr),
    /// The codes of reasons that must be given.
    Because,
    /// The role of whom something must be asked.
    Asks,
    /// Whether the whole decision must be withheld.
    Fault,
    /// Nothing that is read.
    Nothing,
}

/// The columns of a table.
///
/// # Errors
/// Every heading that means nothing, two things, or what another means already; a declared heading that there is not; a table
/// that expects nothing.
pub(super) fn read(
    declared: &Declared,
    texts: &Texts,
    names: &Names,
) -> Result<Vec<Column>, Vec<Diagnostic>> {
    let headings: Vec<Text> = texts.headings().collect();
    let mut reading = Reading { declared, names, mistakes: Vec::new() };
    let mut columns: Vec<Column> = Vec::new();
    let mut seen: Vec<(String, Span)> = Vec::new();
    for heading in &headings {
        let column = reading.column(heading).unwrap_or(Column { says: Says::Nothing, unit: None });
        if let Some(key) = key(&column.says) {
            match seen.iter().find(|(known, _)| *known == key) {
                Some((_, first)) => reading.mistakes.push(
                    Diagnostic::new("E731", heading.span)
                        .variant("twice")
                        .arg("heading", &heading.value)
                        .label(*first, "first"),
                ),
                None => seen.push((key, heading.span)),
            }
        }
        columns.push(column);
    }
    let mut mistakes = reading.mistakes;
    let known: BTreeSet<&str> = headings.iter().map(|heading| &*heading.value).collect();
    let said = declared.columns.iter().map(|meaning| &meaning.heading).chain(&declared.name);
    for heading in said.filter(|heading| !known.contains(&*heading.value)) {
        let none = Diagnostic::new("E731", heading.span)
            .variant("absent")
            .arg("heading", &heading.value)
            .arg("file", &declared.from.value);
        let near = nearest(&heading.value, known.iter().copied()).map(str::to_owned);
        let all: Vec<String> = known.iter().map(|heading| format!("`{heading}`")).collect();
        mistakes.push(match near {
            Some(near) => none.arg("near", near).help("near"),
            None => none.arg("known", all.join(", ")).help("headings"),
        });
    }
    let expects =
        |column: &Column| matches!(column.says, Says::Expect(_) | Says::Because | Says::Asks | Says::Fault);
    if mistakes.is_empty()
        && declared.expect.is_empty()
        && declared.keep.is_none()
        && !columns.iter().any(expects)
    {
        let whole = headings.first().zip(headings.last()).map(|(first, last)| first.span.to(last.span));
        let none = Diagnostic::new("E731", whole.unwrap_or(declared.from.span)).variant("expects");
        mistakes.push(none.help("expects"));
    }
    if mistakes.is_empty() { Ok(columns) } else { Err(mistakes) }
}

/// By what two columns say the same.
fn key(says: &Says) -> Option<String> {
    match says {
        Says::Name => Some("name".to_owned()),
        Says::Day => Some("as of".to_owned()),
        Says::Given(target) => Some(format!("given {}", spelled(target))),
        Says::Expect(target) => Some(format!("expect {}", spelled(target))),
        Says::Asks => Some("asks".to_owned()),
        Says::Fault => Some("fault".to_owned()),
        // Reasons may stand in as many columns as people like.
        Says::Because | Says::Nothing => None,
    }
}

/// A name without its places: `limit_percent.share`.
pub(super) fn spelled(target: &ast::Expr) -> String {
    match &target.kind {
        ast::ExprKind::Name(name) => name.text.to_string(),
        ast::ExprKind::Member(of, name) => format!("{}.{}", spelled(of), name.text),
        ast::ExprKind::Apply(of, arguments) => {
            let keys: Vec<String> = arguments.iter().map(spelled).collect();
            format!("{}[{}]", spelled(of), keys.join(", "))
        }
        ast::ExprKind::Literal(literal) => literal.written.to_string(),
        ast::ExprKind::Last => "last".to_owned(),
        // The names of values in cases have no other parts.
        _ => String::new(),
    }
}

/// Whether a text is the keyword of a role, in either language.
fn is(role: &str, text: &str) -> bool {
    keyword(role).is_some_and(|word| [word.en, word.zh].contains(&text))
}

/// What stands behind `given.` or `expect.`, in either language.
fn behind<'t>(role: &str, text: &'t str) -> Option<&'t str> {
    let word = keyword(role)?;
    [word.en, word.zh]
        .into_iter()
        .find_map(|word| text.strip_prefix(word)?.strip_prefix(['.', '．', '：', ':']))
}

struct Reading<'d> {
    declared: &'d Declared,
    names: &'d Names,
    mistakes: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn column(&mut self, heading: &Text) -> Option<Column> {
        let names_cases = self.declared.name.as_ref().is_some_and(|name| name.value == heading.value);
        if names_cases {
            return Some(Column { says: Says::Name, unit: None });
        }
        let meaning = self.declared.columns.iter().find(|it| it.heading.value == heading.value);
        let unit = meaning.and_then(|meaning| meaning.unit.as_ref()).map(|unit| unit.value.clone());
        // What the case file says stands there; what the heading says itself stands in the table.
        let text = match meaning {
            Some(Meaning { is, .. }) => is.clone(),
            None => ast::Text { value: heading.value.clone(), span: heading.span },
        };
        let says = self.says(&text)?;
        Some(Column { says, unit })
    }

    fn says(&mut self, text: &ast::Text) -> Option<Says> {
        let written = &*text.value;
        match written {
            "name" | "名称" if self.declared.name.is_none() => return Some(Says::Name),
            "as_of" | "as of" | "截至" => return Some(Says::Day),
            "-" => return Some(Says::Nothing),
            _ => {}
        }
        if let Some(path) = behind("given", written) {
            return self.target(path, text).map(Says::Given);
        }
        if let Some(path) = behind("expect", written) {
            return match path {
                _ if is("because", path) => Some(Says::Because),
                _ if is("asks", path) => Some(Says::Asks),
                _ if is("fault", path) => Some(Says::Fault),
                _ => self.target(path, text).map(Says::Expect),
            };
        }
        if is("because", written) {
            return Some(Says::Because);
        }
        match self.names.resolve(written) {
            Ok(Some(name)) => match self.names.side(&name) {
                Some(Side::Given) => self.path(&name, text).map(Says::Given),
                Some(Side::Computed) | None => {
                    let side = Diagnostic::new("E731", text.span).variant("side");
                    self.mistakes.push(side.arg("heading", written).help("side"));
                    None
                }
            },
            Ok(None) => {
                let unknown = Diagnostic::new("E731", text.span).arg("heading", written);
                self.mistakes.push(match self.names.near(written) {
                    Some(near) => unknown.arg("near", near).help("near"),
                    None => unknown.help("columns"),
                });
                None
            }
            Err(several) => {
                self.ambiguous(written, &several, text.span);
                None
            }
        }
    }

    /// The name behind `given.` and `expect.`: as the policy has it, or a label.
    fn target(&mut self, path: &str, text: &ast::Text) -> Option<ast::Expr> {
        match self.names.resolve(path.trim()) {
            Ok(Some(name)) => self.path(&name, text),
            // The checker knows more names than stand at the top of files, and says what is near.
            Ok(None) => self.path(path.trim(), text),
            Err(several) => {
                self.ambiguous(path, &several, text.span);
                None
            }
        }
    }

    fn ambiguous(&mut self, label: &str, several: &[Str], span: Span) {
        let known: Vec<String> = several.iter().map(|name| format!("`{name}`")).collect();
        self.mistakes.push(
            Diagnostic::new("E731", span)
                .variant("label")
                .arg("heading", label)
                .arg("known", known.join(", "))
                .help("known"),
        );
    }

    fn path(&mut self, path: &str, text: &ast::Text) -> Option<ast::Expr> {
        // Where the name is what the text ends with, it has a place of its own.
        let plain = text.span.range().len() == text.value.len() && text.value.ends_with(path);
        let length = u32::try_from(path.len()).unwrap_or(0);
        let span = match plain {
            true => Span { start: text.span.end.saturating_sub(length), ..text.span },
            false => text.span,
        };
        match parse_path(&ast::Text { value: Str::from(path), span }) {
            Ok(target) => Some(target),
            Err(mistakes) => {
                self.mistakes.extend(mistakes);
                None
            }
        }
    }
}
