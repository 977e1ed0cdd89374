//! The policies of `rules/`: what a company could adopt must read, check, compile, and pass its own cases.

use std::fs;
use std::path::PathBuf;

use gradus::base::{Lang, SourceMap};
use gradus::diag::render::{Colour, full};
use gradus::syntax::parse;

/// The policies of the library, in the order of their names.
fn policies() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir("rules")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "gradus"))
        .collect();
    paths.sort();
    paths
}

#[test]
fn every_policy_is_read_without_a_mistake() {
    let mut found = String::new();
    for path in policies() {
        let text = fs::read_to_string(&path).unwrap();
        let mut sources = SourceMap::new();
        let file = sources.add(path.to_string_lossy().into_owned(), text.clone());
        let parsed = parse(file, &text);
        found.push_str(&full(&parsed.diagnostics, &sources, Lang::En, Colour::Without));
    }
    assert!(found.is_empty(), "{found}");
}
