//! The laws of the formatter on narrow pages, where nearly every line is folded.
#![expect(clippy::disallowed_methods, reason = "a test reads the corpora where they lie")]

use std::path::{Path, PathBuf};

use super::within;
use crate::syntax;

/// The policies of a folder and of the folders in it; of manuals, the blocks.
fn policies(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    let entries = std::fs::read_dir(folder).expect("the folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            policies(&path, found);
            continue;
        }
        let text = || std::fs::read_to_string(&path).unwrap_or_default();
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("gradus") => found.push((path.clone(), text())),
            Some("md") => {
                let manual = text();
                let blocks = syntax::blocks(&manual).into_iter();
                found.extend(blocks.map(|block| (path.clone(), manual.get(block).unwrap_or("").to_owned())));
            }
            _ => {}
        }
    }
}

#[test]
fn every_text_keeps_the_laws_on_any_width() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for folder in ["rules", "examples", "tests/corpus", "docs"] {
        policies(&root.join(folder), &mut texts);
    }
    assert!(texts.len() > 700, "the corpora are not where they were: {} texts", texts.len());
    let mut broken = Vec::new();
    for (path, text) in &texts {
        // Some policies have hundreds of cases that are written alike.
        let cases = text.match_indices("\ncase ").chain(text.match_indices("\n案例 "));
        let text = cases.map(|(at, _)| at).nth(12).and_then(|at| text.get(..at)).unwrap_or(text);
        for widest in [30, 60] {
            if let Err(law) = within(widest, text, None) {
                broken.push(format!("{} on {widest}: {law:?}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{} texts\n{}", broken.len(), broken.join("\n"));
}
