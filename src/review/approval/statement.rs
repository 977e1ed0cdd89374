//! What is signed: a short text that people read and that names everything a signature must not be used for twice.
//!
//! ```text
//! gradus approval 1
//! policy: trade_credit
//! version: 2026.4
//! digest: sha256:…              what the version means, with its tables
//! rules: sha256:…               what it means without references, rates and calendars
//! against: 2026.3 sha256:…      what it was compared with; `nothing` for a first version
//! classes: looser, tighter
//! author: 李强
//! by: 王敏
//! role: compliance
//! on: 2026-11-22
//! form: signed                  or `paper 3f2a-91bc`, or `emergency until 2026-11-27`
//! reason: …
//! ```
//!
//! There is one way to write it: what does not read back to its own bytes was altered. An approval on paper ends with a hash of the lines
//! before, `check: sha256:…`. That is no signature; it tells that somebody edited the file.

use std::collections::BTreeSet;

use super::change::{Against, Class};
use crate::base::Str;
use crate::plan::digest;
use crate::value::Date;

/// The first line, with the number of the form.
const HEAD: &str = "gradus approval 1";

/// What somebody approves, and as what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// The policy.
    pub policy: Str,
    /// Its version.
    pub version: Str,
    /// The digest of what it means.
    pub digest: Str,
    /// The digest of what it means without its tables.
    pub rules: Str,
    /// What it was compared with.
    pub against: Against,
    /// The classes of the change.
    pub classes: BTreeSet<Class>,
    /// Who wrote the version.
    pub authors: Vec<Str>,
    /// Who approves.
    pub by: Str,
    /// As what.
    pub role: Str,
    /// The day.
    pub on: Date,
    /// How.
    pub form: Form,
    /// Why.
    pub reason: Str,
}

/// How an approval was given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Form {
    /// Signed with a key.
    Signed,
    /// Signed with a key, by one alone for the time being.
    Emergency {
        /// The last day on which that suffices.
        until: Date,
    },
    /// Signed on paper.
    Paper {
        /// The check number of the sheet.
        sheet: Str,
        /// The digest of a scan of it.
        scan: Option<Str>,
    },
}

impl Statement {
    /// The text, to the byte.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}\n");
        let mut line = |key: &str, value: &str| {
            text.push_str(key);
            text.push_str(": ");
            text.push_str(value);
            text.push('\n');
        };
        line("policy", &self.policy);
        line("version", &self.version);
        line("digest", &self.digest);
        line("rules", &self.rules);
        line("against", &self.against.to_string());
        line("classes", &self.classes.iter().map(|class| class.key()).collect::<Vec<_>>().join(", "));
        for author in &self.authors {
            line("author", author);
        }
        line("by", &self.by);
        line("role", &self.role);
        line("on", &self.on.to_string());
        match &self.form {
            Form::Signed => line("form", "signed"),
            Form::Emergency { until } => line("form", &format!("emergency until {until}")),
            Form::Paper { sheet, scan } => {
                line("form", &format!("paper {sheet}"));
                if let Some(scan) = scan {
                    line("scan", scan);
                }
            }
        }
        line("reason", &self.reason);
        if let Form::Paper { .. } = self.form {
            let check = digest::of_text(&text);
            text.push_str(&format!("check: {check}\n"));
        }
        text
    }

    /// The statement of a text; none where it is not written exactly as [`Statement::text`] writes it.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Statement> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut lines = Lines { lines: text.lines().collect(), at: 0 };
        if lines.next()? != HEAD {
            return None;
        }
        let (policy, version) = (lines.value("policy")?, lines.value("version")?);
        let (digest, rules) = (lines.value("digest")?, lines.value("rules")?);
        let against = Against::read(&lines.value("against")?)?;
        let classes = lines.value("classes")?;
        let classes = classes.split(", ").map(Class::of_key).collect::<Option<BTreeSet<Class>>>()?;
        let mut authors = Vec::new();
        while let Some(author) = lines.value("author") {
            authors.push(author);
        }
        let (by, role) = (lines.value("by")?, lines.value("role")?);
        let on = Date::parse(&lines.value("on")?)?;
        let form = lines.value("form")?;
        let form = match form.split_once(' ') {
            None if &*form == "signed" => Form::Signed,
            Some(("emergency", rest)) => {
                Form::Emergency { until: Date::parse(rest.strip_prefix("until ")?)? }
            }
            Some(("paper", sheet)) => Form::Paper { sheet: Str::from(sheet), scan: lines.value("scan") },
            None | Some(_) => return None,
        };
        let reason = lines.value("reason")?;
        let statement = Statement {
            policy,
            version,
            digest,
            rules,
            against,
            classes,
            authors,
            by,
            role,
            on,
            form,
            reason,
        };
        (statement.text().as_bytes() == bytes).then_some(statement)
    }
}

struct Lines<'t> {
    lines: Vec<&'t str>,
    at: usize,
}

impl<'t> Lines<'t> {
    fn next(&mut self) -> Option<&'t str> {
        let line = self.lines.get(self.at)?;
        self.at = self.at.saturating_add(1);
        Some(line)
    }

    /// The value of a key, if it stands on the next line.
    fn value(&mut self, key: &str) -> Option<Str> {
        let value = self.lines.get(self.at)?.strip_prefix(key)?.strip_prefix(": ")?;
        self.at = self.at.saturating_add(1);
        (!value.is_empty()).then(|| Str::from(value))
    }
}

/// What people type on one line: blanks are one blank, and there are no characters that nobody sees.
#[must_use]
pub fn one_line(text: &str) -> Str {
    let seen = |ch: &char| {
        !ch.is_control()
            && !matches!(ch, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let blank = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Str::from(blank.chars().filter(seen).collect::<String>())
}
