//! Case files: TOML into the tree of cases, every part at its place in the file.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::table::Declared;
use crate::base::{FileId, Span, Str, nearest};
use crate::diag::Diagnostic;
use crate::syntax::keywords::keyword;
use crate::syntax::{ast, parse_datum, parse_path};

/// A case file.
#[derive(Clone, Debug, Default)]
pub struct CaseFile {
    /// The policy whose cases these are: a name, or `name@version`.
    pub policy: Option<ast::Text>,
    /// The cases, as items of that policy.
    pub cases: Vec<ast::Item>,
    /// The cases whose decisions are held against those accepted: where the name of each stands, and how.
    pub kept: Vec<(Span, Keep)>,
    /// Read because the policy was named, not the file.
    pub(super) tied: bool,
    /// The tables whose rows are cases, still to be read.
    pub(super) tables: Vec<Declared>,
    /// Every mistake of the file itself.
    pub diagnostics: Vec<Diagnostic>,
}

/// That the decision of a case is held against the one that was accepted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Keep {
    /// The decision, by name; none: the only one that the policy makes.
    pub decision: Option<Str>,
    /// Where that is said in the case file; none where the settings say it.
    pub span: Option<Span>,
}

/// The keys of the file, and of a case.
const FILE_KEYS: &[&str] = &["policy", "snapshot", "case", "table"];
const CASE_KEYS: &[&str] = &["name", "as_of", "snapshot", "given", "expect"];
/// The names under which a case gives parameters, beside their own.
const PARAMS: [&str; 2] = ["params", "参数"];

impl CaseFile {
    /// Whether decisions of its cases are kept, those of its tables among them.
    #[must_use]
    pub fn keeps(&self) -> bool {
        !self.kept.is_empty() || self.tables.iter().any(|table| table.keep.is_some())
    }
}

pub(super) type Key<'d> = Spanned<std::borrow::Cow<'d, str>>;
pub(super) type Value<'d> = Spanned<DeValue<'d>>;

/// Reads a case file. Its decisions are kept as `usual` says, unless the file says otherwise.
#[must_use]
pub fn read(file: FileId, text: &str, usual: Option<Keep>) -> CaseFile {
    let mut reader = Reader { file, source: text, found: CaseFile::default(), keep: usual };
    match DeTable::parse(text) {
        Ok(document) => reader.document(document.get_ref()),
        Err(error) => {
            let start = error.span().map_or(0, |range| range.start);
            let reason = error.message().trim().replace('\n', ", ");
            let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
            let span = reader.span(&(start..start.saturating_add(line.trim_end().len())));
            let broken = Diagnostic::new("E705", span).arg("reason", reason).help("page");
            // `a.b = 1` behind `a = 2` is no TOML, but what a policy has: a limit and its methods.
            let dotted = line.split('=').next().is_some_and(|key| key.contains('.') && !key.contains('"'));
            reader.report(if dotted { broken.help("dots") } else { broken });
        }
    }
    reader.found
}

/// What stands before a name: `limit_percent` of `limit_percent.share`.
pub(super) type Before<'b> = Option<&'b ast::Expr>;

pub(super) struct Reader<'s> {
    file: FileId,
    source: &'s str,
    pub(super) found: CaseFile,
    /// How the decisions of this file are kept, where a case does not say it itself.
    pub(super) keep: Option<Keep>,
}

impl Reader<'_> {
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, place(range.start), place(range.end))
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.found.diagnostics.push(diagnostic);
    }

    /// A text with the place of what stands between its quotes; with its whole place where it has escapes.
    pub(super) fn text(&self, value: &str, range: &Range<usize>) -> ast::Text {
        let whole = self.span(range);
        let raw = self.source.get(range.clone()).unwrap_or("");
        let quoted = ["\"\"\"", "'''", "\"", "'", ""].into_iter().find(|quote| {
            raw.strip_prefix(quote)
                .and_then(|raw| raw.strip_suffix(quote))
                .is_some_and(|inner| inner == value)
        });
        let span = match quoted {
            Some(quote) => {
                let by = u32::try_from(quote.len()).unwrap_or(0);
                Span { start: whole.start.saturating_add(by), end: whole.end.saturating_sub(by), ..whole }
            }
            None => whole,
        };
        ast::Text { value: Str::from(value), span }
    }

    pub(super) fn key(&self, key: &Key<'_>) -> ast::Text {
        self.text(key.get_ref(), &key.span())
    }

    fn document(&mut self, document: &DeTable<'_>) {
        let (mut has_policy, mut has_cases) = (false, false);
        if let Some((_, value)) = document.iter().find(|(key, _)| key.get_ref() == "snapshot") {
            self.keep = self.keeping(value);
        }
        for (key, value) in document {
            match key.get_ref().as_ref() {
                "snapshot" => {}
                "policy" => {
                    has_policy = true;
                    match value.get_ref() {
                        DeValue::String(policy) => {
                            self.found.policy = Some(self.text(policy, &value.span()));
                        }
                        _ => self.wrong("text", "policy", value),
                    }
                }
                "case" => {
                    has_cases = true;
                    match value.get_ref() {
                        DeValue::Array(cases) => {
                            for case in cases {
                                match case.get_ref() {
                                    DeValue::Table(table) => self.case(table, &case.span()),
                                    _ => self.wrong("cases", "case", case),
                                }
                            }
                        }
                        _ => self.wrong("cases", "case", value),
                    }
                }
                "table" => {
                    has_cases = true;
                    match value.get_ref() {
                        DeValue::Array(tables) => {
                            for table in tables {
                                match table.get_ref() {
                                    DeValue::Table(entries) => self.table(entries, self.span(&table.span())),
                                    _ => self.wrong("tables", "table", table),
                                }
                            }
                        }
                        _ => self.wrong("tables", "table", value),
                    }
                }
                _ => {
                    // It may be what a key that is missing was meant to be.
                    (has_policy, has_cases) = (true, true);
                    self.unknown_key(key, FILE_KEYS);
                }
            }
        }
        let start = Span::new(self.file, 0, 0);
        if !has_policy {
            self.report(
                Diagnostic::new("E705", start).variant("missing").arg("key", "policy").help("policy"),
            );
        }
        if !has_cases {
            self.report(
                Diagnostic::new("E705", start).variant("missing").arg("key", "[[case]]").help("page"),
            );
        }
    }

    pub(super) fn wrong(&mut self, variant: &'static str, key: &str, value: &Value<'_>) {
        let span = self.span(&value.span());
        self.report(Diagnostic::new("E705", span).variant(variant).arg("key", key));
    }

    pub(super) fn unknown_key(&mut self, key: &Key<'_>, known: &[&str]) {
        let text = self.key(key);
        let unknown = Diagnostic::new("E705", text.span).variant("unknown").arg("key", &text.value);
        let quoted: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
        self.report(match nearest(&text.value, known.iter().copied()) {
            Some(near) => unknown.arg("near", near).help("near"),
            None => unknown.arg("known", quoted.join(", ")).help("known"),
        });
    }

    fn case(&mut self, table: &DeTable<'_>, range: &Range<usize>) {
        let span = self.span(range);
        let (mut name, mut as_of) = (None, None);
        let (mut given, mut expect) = (Vec::new(), Vec::new());
        let (mut expects, mut misspelt) = (None, false);
        let mut keep = self.keep.clone();
        for (key, value) in table {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("name", DeValue::String(text)) => name = Some(self.text(text, &value.span())),
                ("name", _) => {
                    self.wrong("text", "name", value);
                    name = Some(ast::Text { value: Str::from("?"), span });
                }
                ("as_of", _) => as_of = self.day(value),
                ("snapshot", _) => keep = self.keeping(value),
                ("given", DeValue::Table(entries)) => self.given(None, entries, &mut given),
                ("expect", DeValue::Table(entries)) => {
                    expects = Some(self.key(key).span);
                    self.expect(None, entries, &mut expect);
                }
                (entries @ ("given" | "expect"), _) => {
                    expects = Some(span);
                    self.wrong("table", entries, value);
                }
                _ => {
                    misspelt = true;
                    self.unknown_key(key, CASE_KEYS);
                }
            }
        }
        let lacks = |key| Diagnostic::new("E705", span).variant("missing").arg("key", key);
        match expects {
            None if misspelt || keep.is_some() => {}
            None => self.report(lacks("expect").help("expect")),
            Some(at) if expect.is_empty() && self.found.diagnostics.is_empty() => {
                self.report(Diagnostic::new("E705", at).variant("empty").help("expect"));
            }
            Some(_) => {}
        }
        let Some(name) = name else {
            if !misspelt {
                self.report(lacks("name"));
            }
            return;
        };
        self.found.kept.extend(keep.map(|keep| (name.span, keep)));
        let kind = ast::ItemKind::Case(ast::Case { name, as_of, given, expect });
        self.found.cases.push(ast::Item { kind, span });
    }

    /// `snapshot = true`, or the decision that is kept where the policy makes several.
    pub(super) fn keeping(&mut self, value: &Value<'_>) -> Option<Keep> {
        match value.get_ref() {
            DeValue::Boolean(true) => Some(Keep::default()),
            DeValue::Boolean(false) => None,
            DeValue::String(name) => {
                let text = self.text(name, &value.span());
                Some(Keep { decision: Some(text.value), span: Some(text.span) })
            }
            _ => {
                self.wrong("snapshot", "snapshot", value);
                // It was meant to be kept; what it expects is not missing.
                Some(Keep::default())
            }
        }
    }

    /// A day, written as TOML has it or as a text.
    pub(super) fn day(&mut self, value: &Value<'_>) -> Option<ast::Literal> {
        let datum = match value.get_ref() {
            DeValue::String(text) => {
                let text = self.text(text, &value.span());
                self.parsed(&text)?
            }
            _ => self.datum(value)?,
        };
        match datum.kind {
            ast::DatumKind::Value(ast::Expr { kind: ast::ExprKind::Literal(literal), .. })
                if matches!(literal.kind, ast::LiteralKind::Date(..)) =>
            {
                Some(literal)
            }
            _ => {
                self.wrong("day", "as_of", value);
                None
            }
        }
    }

    fn parsed(&mut self, text: &ast::Text) -> Option<ast::Datum> {
        match parse_datum(text) {
            Ok(datum) => Some(datum),
            Err(mistakes) => {
                self.found.diagnostics.extend(mistakes);
                None
            }
        }
    }

    /// `limit_percent.share`, behind what stands before it.
    fn target(&mut self, before: Before<'_>, key: &Key<'_>) -> Option<ast::Expr> {
        let text = self.key(key);
        match parse_path(&text) {
            Ok(path) => match before {
                Some(before) => behind(before, path).or_else(|| {
                    let unread = Diagnostic::new("E707", text.span).arg("written", &text.value).help("form");
                    self.report(unread);
                    None
                }),
                None => Some(path),
            },
            Err(mistakes) => {
                self.found.diagnostics.extend(mistakes);
                None
            }
        }
    }

    pub(super) fn given(&mut self, before: Before<'_>, entries: &DeTable<'_>, found: &mut Vec<ast::Given>) {
        for (key, value) in entries {
            let name = key.get_ref().as_ref();
            if let DeValue::Table(inner) = value.get_ref()
                && before.is_none()
                && PARAMS.contains(&name)
            {
                self.given(None, inner, found);
                continue;
            }
            let Some(target) = self.target(before, key) else { continue };
            let span = self.span(&key.span()).to(self.span(&value.span()));
            match value.get_ref() {
                DeValue::Table(inner) if matches!(target.kind, ast::ExprKind::Last) => {
                    let entries = self.last(inner);
                    let (kind, at) = (ast::DatumKind::Record(entries), self.span(&value.span()));
                    found.push(ast::Given { target, value: ast::Datum { kind, span: at }, span });
                }
                DeValue::Table(inner) => self.given(Some(&target), inner, found),
                _ => {
                    if let Some(value) = self.datum(value) {
                        found.push(ast::Given { target, value, span });
                    }
                }
            }
        }
    }

    /// What the last decision said: `stance = "strict"`, `"stance.since" = "2026-10-01"`, `stance.since = 2026-10-01`.
    fn last(&mut self, table: &DeTable<'_>) -> Vec<ast::Entry> {
        let mut entries = Vec::new();
        for (key, value) in table {
            let text = self.key(key);
            let whole = ast::Name { text: text.value.clone(), span: text.span };
            if let DeValue::Table(parts) = value.get_ref() {
                for (part, value) in parts {
                    let text = self.key(part);
                    let part = ast::Name { text: text.value, span: text.span };
                    if let Some(value) = self.datum(value) {
                        entries.push(ast::Entry { name: whole.clone(), part: Some(part), value });
                    }
                }
                continue;
            }
            let Some(value) = self.datum(value) else { continue };
            entries.push(match text.value.rsplit_once('.') {
                Some((name, part)) => {
                    let is_plain = text.span.range().len() == text.value.len();
                    let dot = text.span.start.saturating_add(u32::try_from(name.len()).unwrap_or(0));
                    let (left, right) = match is_plain {
                        true => (
                            Span { end: dot, ..text.span },
                            Span { start: dot.saturating_add(1), ..text.span },
                        ),
                        false => (text.span, text.span),
                    };
                    let name = ast::Name { text: Str::from(name.trim()), span: left };
                    let part = ast::Name { text: Str::from(part.trim()), span: right };
                    ast::Entry { name, part: Some(part), value }
                }
                None => ast::Entry { name: whole, part: None, value },
            });
        }
        entries
    }

    pub(super) fn expect(&mut self, before: Before<'_>, entries: &DeTable<'_>, found: &mut Vec<ast::Expect>) {
        for (key, value) in entries {
            let name = key.get_ref().as_ref();
            if before.is_none() && is("because", name) {
                self.codes(name, value, found);
                continue;
            }
            if before.is_none()
                && is("asks", name)
                && let DeValue::String(role) = value.get_ref()
            {
                let text = self.text(role, &value.span());
                let (name, span) = (Str::from(text.value.trim()), text.span);
                let value = ast::ExpectValue::Asks(ast::Name { text: name, span });
                found.push(ast::Expect { target: None, value, because: None, span });
                continue;
            }
            if before.is_none()
                && is("decision", name)
                && let DeValue::String(written) = value.get_ref()
            {
                // "open", or "review open" where there are several decisions.
                let text = self.text(written, &value.span());
                let (named, word) = match text.value.trim().rsplit_once(char::is_whitespace) {
                    Some((named, word)) => (Some(named.trim()), word),
                    None => (None, text.value.trim()),
                };
                let how = ast::Decided::ALL.into_iter().find(|how| is(how.role(), word));
                match how {
                    Some(how) => {
                        let span = text.span;
                        let named = named.map(|named| ast::Name { text: Str::from(named), span });
                        let value = ast::ExpectValue::Decided(named, how);
                        found.push(ast::Expect { target: None, value, because: None, span });
                    }
                    None => self.wrong("decision", name, value),
                }
                continue;
            }
            if before.is_none() && is("fault", name) {
                match value.get_ref() {
                    DeValue::Boolean(true) => {
                        let (value, span) = (ast::ExpectValue::Fault, self.key(key).span);
                        found.push(ast::Expect { target: None, value, because: None, span });
                    }
                    _ => self.wrong("fault", name, value),
                }
                continue;
            }
            let Some(target) = self.target(before, key) else { continue };
            let span = self.span(&key.span()).to(self.span(&value.span()));
            let expected = match value.get_ref() {
                DeValue::Table(inner) => {
                    self.expect(Some(&target), inner, found);
                    continue;
                }
                DeValue::String(text) if is("unknown", text) => Some(ast::ExpectValue::Unknown),
                DeValue::String(text) if is("withheld", text) => Some(ast::ExpectValue::Withheld),
                _ => self.datum(value).map(ast::ExpectValue::Value),
            };
            if let Some(value) = expected {
                found.push(ast::Expect { target: Some(target), value, because: None, span });
            }
        }
    }

    /// The codes of reasons that must be given.
    fn codes(&mut self, key: &str, value: &Value<'_>, found: &mut Vec<ast::Expect>) {
        let one = |reader: &mut Self, value: &Value<'_>, found: &mut Vec<ast::Expect>| match value.get_ref() {
            DeValue::String(code) => {
                let text = reader.text(code, &value.span());
                let (value, span) = (ast::ExpectValue::Any, text.span);
                let because = Some(ast::Name { text: Str::from(text.value.trim()), span });
                found.push(ast::Expect { target: None, value, because, span });
            }
            _ => reader.wrong("codes", key, value),
        };
        match value.get_ref() {
            DeValue::Array(codes) => codes.iter().for_each(|code| one(self, code, found)),
            _ => one(self, value, found),
        }
    }

    /// A value; a text is left to the checker, who knows what is asked for.
    fn datum(&mut self, value: &Value<'_>) -> Option<ast::Datum> {
        let span = self.span(&value.span());
        let kind = match value.get_ref() {
            DeValue::String(text) => ast::DatumKind::Quoted(self.text(text, &value.span())),
            DeValue::Boolean(yes) => {
                let word = keyword(if *yes { "yes" } else { "no" }).map_or("", |word| word.en);
                let kind = ast::LiteralKind::Bool(*yes);
                let literal = ast::Literal { kind, written: Str::from(word), span };
                ast::DatumKind::Value(ast::Expr { kind: ast::ExprKind::Literal(literal), span })
            }
            DeValue::Integer(_) | DeValue::Float(_) => return self.literal(&value.span()),
            DeValue::Datetime(day) => {
                if day.time.is_some() || day.offset.is_some() {
                    self.wrong("time", "", value);
                    return None;
                }
                return self.literal(&value.span());
            }
            DeValue::Array(values) => {
                let values: Vec<Option<ast::Datum>> = values.iter().map(|value| self.datum(value)).collect();
                ast::DatumKind::List(values.into_iter().collect::<Option<_>>()?)
            }
            DeValue::Table(table) => {
                let mut entries = Vec::new();
                for (key, value) in table {
                    let key = self.key(key);
                    let name = ast::Name { text: key.value, span: key.span };
                    entries.push(ast::Entry { name, part: None, value: self.datum(value)? });
                }
                ast::DatumKind::Record(entries)
            }
        };
        Some(ast::Datum { kind, span })
    }

    /// A number or a day that TOML and policies write alike; TOML allows `+5`.
    fn literal(&mut self, range: &Range<usize>) -> Option<ast::Datum> {
        let raw = self.source.get(range.clone()).unwrap_or("");
        let plus = usize::from(raw.starts_with('+'));
        let range = range.start.saturating_add(plus)..range.end;
        let raw = self.source.get(range.clone()).unwrap_or("");
        let text = ast::Text { value: Str::from(raw), span: self.span(&range) };
        if raw.ends_with(|ch: char| ch.is_ascii_digit()) {
            return self.parsed(&text);
        }
        // TOML has `inf` and `nan`.
        self.report(Diagnostic::new("E706", text.span).arg("written", raw).help("form"));
        None
    }
}

/// Whether a text is the keyword of a role, in either language.
fn is(role: &str, text: &str) -> bool {
    keyword(role).is_some_and(|word| [word.en, word.zh].contains(&text.trim()))
}

/// A name behind what stands before its first dot.
fn behind(before: &ast::Expr, path: ast::Expr) -> Option<ast::Expr> {
    let span = path.span;
    let kind = match path.kind {
        ast::ExprKind::Name(name) => ast::ExprKind::Member(Box::new(before.clone()), name),
        ast::ExprKind::Member(of, name) => ast::ExprKind::Member(Box::new(behind(before, *of)?), name),
        ast::ExprKind::Apply(of, arguments) => {
            ast::ExprKind::Apply(Box::new(behind(before, *of)?), arguments)
        }
        _ => return None,
    };
    Some(ast::Expr { kind, span })
}
