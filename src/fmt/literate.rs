//! The `gradus` blocks of a Markdown text, each formatted where it stands.

use super::{Broken, Formatted, format};
use crate::base::Lang;
use crate::syntax;

/// Lays the `gradus` blocks of a policy manual out; what stands between them stays.
///
/// # Errors
/// As [`format()`].
pub fn format_literate(markdown: &str, keywords: Option<Lang>) -> Result<Formatted, Broken> {
    let mut formatted = Formatted { text: String::with_capacity(markdown.len()), unread: Vec::new() };
    let mut at = 0;
    for block in syntax::blocks(markdown) {
        formatted.text.push_str(markdown.get(at..block.start).unwrap_or(""));
        let program = format(markdown.get(block.clone()).unwrap_or(""), keywords)?;
        formatted.text.push_str(&program.text);
        formatted.unread.extend(program.unread.iter().map(|place| place.saturating_add(block.start)));
        at = block.end;
    }
    formatted.text.push_str(markdown.get(at..).unwrap_or(""));
    Ok(formatted)
}
