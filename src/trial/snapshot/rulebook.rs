//! What the rules said when a decision was accepted: the lines of the policies, without comments and cases, in a file beside the
//! snapshots. The snapshots name it by the digest of the policy.
//!
//! ```text
//! digest sha256:6f0c…
//! == trade_credit 2026.4 rules/trade_credit/2026.4.gradus
//! policy trade_credit zh "客户信用政策" en "trade credit" {
//! …
//! -- calendar cn sha256:77aa…
//! | name = "cn"
//! …
//! ```

use std::ops::Range;

use crate::base::{FileId, SourceMap, Span, Str};
use crate::plan::{Plan, digest_of};
use crate::store::{RulesFolder, shown};
use crate::syntax::{TriviaKind, ast};
use crate::value::office::half_width;

/// How the name of the file ends.
pub const ENDING: &str = ".rules";

/// Of what stands beside a policy so many lines are kept; of more, the digest alone tells that it changed.
const MOST_LINES: usize = 2_000;

/// What rules say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RuleBook {
    /// The digest of the policy.
    pub digest: String,
    /// The policy and those it uses; itself last.
    pub policies: Vec<PolicyText>,
    /// What else belongs to the policy: calendars, scripts, references.
    pub outside: Vec<Outside>,
}

/// A file that belongs to a policy and is none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outside {
    /// What it is, and its name: `calendar cn`.
    pub name: String,
    /// The digest of its text.
    pub digest: String,
    /// What it says, line by line; empty where that was not kept.
    pub lines: Vec<Line>,
}

impl Outside {
    fn of(name: String, file: FileId, sources: &SourceMap) -> Outside {
        let Some(source) = sources.get(file) else { return Outside { name, ..Outside::default() } };
        let mut own = lines(source.text(), file, &[]);
        if own.len() > MOST_LINES {
            own.clear();
        }
        Outside { name, digest: digest_of(source.text()).to_string(), lines: own }
    }
}

/// One policy.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PolicyText {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The file.
    pub file: String,
    /// What it says, line by line.
    pub lines: Vec<Line>,
}

/// A line of a policy that says something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its text, without blanks around it and without a comment.
    pub text: String,
    /// Where it stands; none in rules that are no longer there.
    pub span: Option<Span>,
}

impl Line {
    /// What is compared: the text without its layout. Blanks between words, full-width signs and the marks around texts are no
    /// change; what stands within a text is.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words = String::new();
        let mut closing = None;
        for ch in self.text.chars() {
            match (closing, ch) {
                (Some(mark), _) if ch == mark => closing = None,
                (Some(_), _) => {
                    words.push(ch);
                    continue;
                }
                (None, '"') => closing = Some('"'),
                (None, '“' | '”') => closing = Some('”'),
                (None, '「') => closing = Some('」'),
                (None, _) if ch.is_whitespace() => continue,
                (None, '≤') => words.push_str("<="),
                (None, '≥') => words.push_str(">="),
                (None, '、') => words.push(','),
                (None, _) => words.push_str(&half_width(ch.encode_utf8(&mut [0; 4]))),
            }
            if matches!(ch, '"' | '“' | '”' | '「' | '」') {
                words.push('"');
            }
        }
        words
    }
}

impl RuleBook {
    /// What the rules say of a policy today.
    #[must_use]
    pub fn of(folder: &RulesFolder, place: usize, plan: &Plan, sources: &SourceMap, base: &str) -> RuleBook {
        let order = folder.with_uses(place);
        let mut book = RuleBook { digest: plan.digest.to_string(), ..RuleBook::default() };
        for file in order.iter().filter_map(|at| folder.files.get(*at)) {
            let header = file.header.as_ref();
            let mut hidden: Vec<Range<usize>> = file
                .trivia
                .iter()
                .filter(|it| it.kind != TriviaKind::BlankLines)
                .map(|it| it.span.range())
                .collect();
            hidden.extend(file.tree.items.iter().filter_map(|item| match &item.kind {
                ast::ItemKind::Case(_) => Some(item.span.range()),
                _ => None,
            }));
            hidden.sort_by_key(|range| range.start);
            book.policies.push(PolicyText {
                name: header.map_or_else(String::new, |header| header.name.to_string()),
                version: header.map_or_else(String::new, |header| header.version.to_string()),
                file: beneath(base, &shown(&file.path)),
                lines: lines(&file.program, file.file, &hidden),
            });
            for script in folder.scripts.iter().filter(|script| script.policy == file.file) {
                book.outside.push(Outside::of(format!("script {}", script.name), script.file, sources));
            }
            for table in folder.references.iter().filter(|table| table.policy == file.file) {
                book.outside.push(Outside::of(format!("reference {}", table.name), table.file, sources));
            }
        }
        for name in &plan.calendars {
            if let Some(calendar) = folder.calendars.get(&**name) {
                book.outside.push(Outside::of(format!("calendar {name}"), calendar.file, sources));
            }
        }
        book
    }

    /// The name of its file.
    #[must_use]
    pub fn file_name(policy: &str, digest: &str) -> String {
        let short: String = digest.trim_start_matches("sha256:").chars().take(12).collect();
        format!("{policy}-{short}{ENDING}")
    }

    /// The file.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = format!("digest {}\n", self.digest);
        for policy in &self.policies {
            out.push_str(&format!("== {} {} {}\n", policy.name, policy.version, policy.file));
            for line in &policy.lines {
                // A line that begins as a heading does is set off by a blank.
                let mark = if line.text.starts_with("==") || line.text.starts_with("--") { " " } else { "" };
                out.push_str(&format!("{mark}{}\n", line.text));
            }
        }
        for Outside { name, digest, lines } in &self.outside {
            out.push_str(&format!("-- {name} {digest}\n"));
            out.extend(lines.iter().map(|line| format!("| {}\n", line.text)));
        }
        out
    }

    /// Reads a file; none where it is no such file.
    #[must_use]
    pub fn read(text: &str) -> Option<RuleBook> {
        let mut lines = text.lines();
        let digest = lines.next()?.strip_prefix("digest ")?.trim();
        let mut book = RuleBook { digest: digest.to_owned(), ..RuleBook::default() };
        for line in lines {
            if let Some(head) = line.strip_prefix("== ") {
                let mut parts = head.splitn(3, ' ');
                let mut next = || parts.next().unwrap_or("").to_owned();
                let (name, version, file) = (next(), next(), next());
                book.policies.push(PolicyText { name, version, file, lines: Vec::new() });
            } else if let Some(outside) = line.strip_prefix("-- ") {
                let (name, digest) = outside.rsplit_once(' ')?;
                let (name, digest) = (name.to_owned(), digest.to_owned());
                book.outside.push(Outside { name, digest, lines: Vec::new() });
            } else if let Some(kept) = book.outside.last_mut() {
                let text = line.strip_prefix("| ")?.to_owned();
                kept.lines.push(Line { text, span: None });
            } else {
                let policy = book.policies.last_mut()?;
                policy.lines.push(Line { text: line.trim().to_owned(), span: None });
            }
        }
        Some(book)
    }
}

/// A path from the folder of the settings, where it lies beneath it.
#[must_use]
pub fn beneath(base: &str, path: &str) -> String {
    match path.strip_prefix(base) {
        Some(rest) if base.ends_with('/') => rest.to_owned(),
        Some(_) | None => path.to_owned(),
    }
}

/// The lines of a text that say something, each without what is hidden of it.
fn lines(text: &Str, file: FileId, hidden: &[Range<usize>]) -> Vec<Line> {
    let mut found = Vec::new();
    let mut start = 0_usize;
    for raw in text.split_inclusive('\n') {
        let end = start.saturating_add(raw.len());
        let mut from = start;
        // What is hidden stands at the end of a line, or fills lines; so what is left is one stretch before it.
        let mut until = end;
        for range in hidden.iter().filter(|range| range.start < end && range.end > start) {
            if range.start <= from { from = range.end.min(end) } else { until = until.min(range.start) }
        }
        start = end;
        let piece = text.get(from..until.max(from)).unwrap_or("");
        let trimmed = piece.trim();
        if trimmed.is_empty() {
            continue;
        }
        let lead = piece.len().saturating_sub(piece.trim_start().len());
        let begins = from.saturating_add(lead);
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let span = Span::new(file, place(begins), place(begins.saturating_add(trimmed.len())));
        found.push(Line { text: trimmed.to_owned(), span: Some(span) });
    }
    found
}
