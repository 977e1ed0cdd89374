//! JSON documents, as every command writes them.

/// A document as indented text that ends in a line end. Our own structures always serialise.
#[must_use]
pub fn document(of: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(of).unwrap_or_default();
    text.push('\n');
    text
}
