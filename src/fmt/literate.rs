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
        // In an item of a list the block stays as far in as its fence, without which it would end the item.
        let fence = markdown.get(..block.start).and_then(|above| above.lines().next_back()).unwrap_or("");
        let indent =
            fence.get(..fence.len().saturating_sub(fence.trim_start_matches(' ').len())).unwrap_or("");
        for line in program.text.split_inclusive('\n') {
            if !line.trim().is_empty() {
                formatted.text.push_str(indent);
            }
            formatted.text.push_str(line);
        }
        formatted.unread.extend(program.unread.iter().map(|place| place.saturating_add(block.start)));
        at = block.end;
    }
    formatted.text.push_str(markdown.get(at..).unwrap_or(""));
    Ok(formatted)
}
