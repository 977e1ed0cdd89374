//! The policies of `rules/`: what a company could adopt must read, check, compile, and pass its own cases.

use std::path::{Path, PathBuf};

use gradus::base::{Lang, SourceMap, Str};
use gradus::check::{Checked, Source, check};
use gradus::diag::render::{Colour, full};
use gradus::store::{Disk, Roots, RulesFolder, Settings, load};

/// The library as it is read.
fn library() -> (RulesFolder, SourceMap) {
    let settings = Settings::default();
    let mut sources = SourceMap::new();
    let roots = Roots::new(&Disk, &settings, &[PathBuf::from("rules")]);
    let folder = load(&Disk, &roots, &settings, &mut sources);
    (folder, sources)
}

/// A policy with those that it uses, checked.
fn checked(folder: &RulesFolder, sources: &SourceMap, place: usize) -> Checked {
    let script = |name: &str| -> Option<Str> {
        let script = folder.scripts.iter().find(|script| &*script.name == name)?;
        sources.get(script.file).map(|source| source.text().clone())
    };
    let files: Vec<Source<'_>> = folder
        .with_uses(place)
        .into_iter()
        .map(|place| Source { file: &folder.files[place].tree, scripts: &script })
        .collect();
    check(&files)
}

#[test]
fn every_policy_is_read_and_checked_without_a_mistake() {
    let (folder, sources) = library();
    let mut found = full(&folder.diagnostics, &sources, Lang::En, Colour::Without);
    for (place, policy) in folder.files.iter().enumerate() {
        let mut diagnostics = policy.diagnostics.clone();
        if diagnostics.is_empty() {
            diagnostics = checked(&folder, &sources, place).diagnostics;
            diagnostics.retain(|diagnostic| diagnostic.span.is_none_or(|span| span.file == policy.file));
        }
        found.push_str(&full(&diagnostics, &sources, Lang::En, Colour::Without));
    }
    assert!(found.is_empty(), "{found}");
}

#[test]
fn the_library_holds_every_system() {
    let (folder, _) = library();
    let names: Vec<&Path> = folder.files.iter().map(|file| file.path.as_path()).collect();
    assert_eq!(names.len(), 8, "{names:?}");
}
