//! Bytes into text. A policy is UTF-8; what is not is named, never guessed at.

use crate::base::{SourceMap, Span, Str};
use crate::diag::Diagnostic;

/// The text of a file of rules or settings, without a byte order mark.
///
/// # Errors
/// What the file is instead of UTF-8, as a diagnostic at the first byte that does not belong. The file is then a source up to
/// that byte.
pub fn decode(bytes: &[u8], name: &str, sources: &mut SourceMap) -> Result<Str, Box<Diagnostic>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let end = match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => return Ok(Str::from(text)),
        Ok(text) => text.find('\0').unwrap_or(0),
        Err(error) => error.valid_up_to(),
    };
    let sound = bytes.get(..end).and_then(|sound| std::str::from_utf8(sound).ok()).unwrap_or("");
    let at = u32::try_from(sound.len()).unwrap_or(u32::MAX);
    let file = sources.add(name, format!("{sound}\u{fffd}"));
    let line = sound.matches('\n').count().saturating_add(1);
    let variant = if is_utf16(bytes) {
        "utf16"
    } else if is_gbk(bytes) {
        "gbk"
    } else {
        ""
    };
    let diagnostic = Diagnostic::new("E521", Span::new(file, at, at.saturating_add(3)))
        .variant(variant)
        .arg("byte", end.saturating_add(1))
        .arg("line", line)
        .note("place")
        .help("save");
    Err(Box::new(diagnostic))
}

/// A byte order mark, or text of which every other byte is zero, as ASCII in UTF-16 is.
fn is_utf16(bytes: &[u8]) -> bool {
    let zeros = |rest: usize| bytes.iter().take(200).skip(rest).step_by(2).filter(|byte| **byte == 0).count();
    let half = bytes.len().min(200).checked_div(4).unwrap_or(0);
    bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff")
        || (half > 0 && zeros(0).max(zeros(1)) > half)
}

/// Every byte beyond ASCII is the first of a pair that GBK knows.
fn is_gbk(bytes: &[u8]) -> bool {
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        match byte {
            0 => return false,
            1..=0x7f => {}
            0x81..=0xfe => match rest.next() {
                Some(0x40..=0x7e | 0x80..=0xfe) => {}
                _ => return false,
            },
            _ => return false,
        }
    }
    true
}
