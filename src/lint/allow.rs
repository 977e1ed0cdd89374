//! `# gradus: allow(cliff) — why`: what the author of a policy has looked at and means.
//!
//! Behind a line it speaks of what begins on that line; on a line of its own, of the line below it, and where a construct begins
//! there, of the whole construct; above the header of the policy, of the whole file.

use super::{NO_REASON, Seen, UNUSED_ALLOW, names};
use crate::base::{Span, Str, nearest};
use crate::diag::{Diagnostic, entry};
use crate::syntax::{TriviaKind, ast};

/// A comment that allows lints.
pub(super) struct Allow {
    /// The lints: the name as written, whether it has allowed something.
    lints: Vec<(Str, bool)>,
    /// Whether it says why.
    has_reason: bool,
    /// The comment.
    span: Span,
    /// The comment with its line where it has one of its own: what goes when it is removed.
    whole: Span,
    /// Where what it allows may begin, the end not included.
    scope: (u32, u32),
}

/// The comments of a policy that allow lints.
pub(super) fn allows(seen: &Seen<'_>) -> Vec<Allow> {
    let comments = seen.trivia.iter().filter_map(|trivia| {
        let own_line = match trivia.kind {
            TriviaKind::CommentLine => true,
            TriviaKind::CommentBehind => false,
            TriviaKind::BlankLines => return None,
        };
        let (lints, reason) = parts(seen.text.get(trivia.span.range())?)?;
        let line = line_of(seen.text, trivia.span.start);
        let end = trivia.span.end;
        let whole = if own_line {
            Span::new(trivia.span.file, line.0, end.saturating_add(1).min(length(seen.text)))
        } else {
            let before = seen.text.get(..trivia.span.start as usize).unwrap_or_default();
            Span::new(trivia.span.file, length(before.trim_end_matches([' ', '\t'])), end)
        };
        let scope = if own_line { scope_below(seen, end) } else { line };
        Some(Allow { lints, has_reason: !reason.is_empty(), span: trivia.span, whole, scope })
    });
    comments.collect()
}

/// The names and the reason of such a comment; none where it is another one.
fn parts(comment: &str) -> Option<(Vec<(Str, bool)>, &str)> {
    let rest = comment.trim_start_matches(['#', ' ']).strip_prefix("gradus")?;
    let rest = rest.trim_start().strip_prefix([':', '：'])?.trim_start();
    let rest = rest.strip_prefix("allow").or_else(|| rest.strip_prefix("允许"))?;
    let (listed, reason) = rest.trim_start().strip_prefix(['(', '（'])?.split_once([')', '）'])?;
    let names = listed.split([',', '，', '、']).map(str::trim).filter(|name| !name.is_empty());
    let is_dash = |ch: char| ch.is_whitespace() || matches!(ch, '—' | '–' | '-' | ':' | '：' | ',' | '，');
    Some((names.map(|name| (Str::from(name), false)).collect(), reason.trim_matches(is_dash)))
}

/// What a comment on a line of its own speaks of.
fn scope_below(seen: &Seen<'_>, end: u32) -> (u32, u32) {
    let behind = seen.text.get(end as usize..).unwrap_or_default();
    let mut at = end;
    // Several comments may stand above one line.
    for line in behind.split_inclusive('\n') {
        let code = line.trim_start();
        if !code.is_empty() && !code.starts_with('#') {
            at = at.saturating_add(length(line).saturating_sub(length(code)));
            break;
        }
        at = at.saturating_add(length(line));
    }
    let line = line_of(seen.text, at);
    let begins = item_at(&seen.file.items, line);
    match begins {
        Some(ast::Item { kind: ast::ItemKind::Policy(_), .. }) => (0, u32::MAX),
        Some(item) => (line.0, item.span.end.max(line.1)),
        None => line,
    }
}

fn item_at(items: &[ast::Item], line: (u32, u32)) -> Option<&ast::Item> {
    items.iter().find_map(|item| {
        if (line.0..line.1).contains(&item.span.start) {
            return Some(item);
        }
        match &item.kind {
            ast::ItemKind::ForEach(each) => item_at(&each.items, line),
            _ => None,
        }
    })
}

/// The line of a place, its line end included.
fn line_of(text: &str, at: u32) -> (u32, u32) {
    let (before, behind) = text.split_at_checked(at as usize).unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |place| place.saturating_add(1));
    let rest = behind.find('\n').map_or(behind.len(), |place| place.saturating_add(1));
    (u32::try_from(start).unwrap_or(u32::MAX), at.saturating_add(u32::try_from(rest).unwrap_or(u32::MAX)))
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// Whether a comment allows this; it is then no longer unused.
pub(super) fn allowed(allows: &mut [Allow], diagnostic: &Diagnostic) -> bool {
    let name = entry(diagnostic.code).map_or("", |entry| entry.name.as_str());
    let Some(at) = diagnostic.span.map(|span| span.start) else { return false };
    let mut found = false;
    for allow in allows.iter_mut().filter(|allow| allow.scope.0 <= at && at < allow.scope.1) {
        for (lint, used) in &mut allow.lints {
            if &**lint == name || **lint == *diagnostic.code {
                *used = true;
                found = true;
            }
        }
    }
    found
}

/// What is wrong with the comments themselves.
pub(super) fn judge(allows: &[Allow]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for allow in allows {
        let unused: Vec<&Str> = allow.lints.iter().filter(|(_, used)| !used).map(|(lint, _)| lint).collect();
        let all = unused.len() == allow.lints.len();
        for lint in unused {
            let is_known = |name: &str| names().any(|known| known == name) || entry(name).is_some();
            let diagnostic = Diagnostic::new(UNUSED_ALLOW, allow.span).arg("lint", lint);
            found.push(match (is_known(lint), nearest(lint, names())) {
                (true, _) if all && allow.lints.len() == 1 => {
                    diagnostic.variant("unused").fix("remove", allow.whole, "", true)
                }
                (true, _) => diagnostic.variant("unused").help("name"),
                (false, Some(near)) => diagnostic.variant("unknown").arg("near", near).help("near"),
                (false, None) => diagnostic.variant("unknown").help("list"),
            });
        }
        if !allow.has_reason {
            let lints: Vec<&str> = allow.lints.iter().map(|(lint, _)| &**lint).collect();
            found.push(Diagnostic::new(NO_REASON, allow.span).arg("lint", lints.join(", ")).help("write"));
        }
    }
    found
}
