//! Lints: each finds what its page says to avoid, there and only there, and nothing in what its page prefers.

use std::collections::{BTreeMap, BTreeSet};

use gradus::base::FileId;
use gradus::check::{Checked, Source, check};
use gradus::diag::{Diagnostic, entry};
use gradus::lint::{LINTS, Level, Seen, is_lint, run};
use gradus::plan::compile;
use gradus::syntax::parse;
use gradus::value::Date;

use crate::corpus::{self, Case, Outcome};
use crate::plan::files;

const HEADER: &str =
    "policy sample { version \"2026.1\"; effective from 2026-01-01; currency CNY; rounding half_up }\n";

/// What this lint, and the comments, find in a text; or what is wrong with the text.
fn found(file: FileId, text: &str, name: &str) -> Vec<Diagnostic> {
    let parsed = parse(file, text);
    let trees = files(parsed.file);
    let sources: Vec<Source<'_>> =
        trees.iter().map(|file| Source { file, scripts: &|_| None, references: &|_| None }).collect();
    let Checked { program, diagnostics } = check(&sources);
    let compiled = compile(&program, &BTreeMap::new());
    let told: Vec<Diagnostic> =
        parsed.diagnostics.into_iter().chain(diagnostics).chain(compiled.diagnostics).collect();
    if told.iter().any(Diagnostic::is_error) {
        return told;
    }
    let none = BTreeSet::new();
    let seen = Seen {
        program: &program,
        plan: &compiled.plan,
        file: trees.last().unwrap(),
        text,
        kept: &parsed.kept,
        trivia: &parsed.trivia,
        above: &none,
        below: &none,
        tried: false,
        day: Date::parse("2026-10-15").unwrap(),
    };
    let level = |code: &'static str| {
        if entry(code).unwrap().name == name { Level::Warn } else { Level::Allow }
    };
    run(&seen, &told, &level)
}

#[test]
fn a_lint_tells_what_its_page_avoids_and_nothing_of_what_it_prefers() {
    let mut wrong = Vec::new();
    for lint in LINTS {
        let (code, name) = (lint.code, lint.name());
        let codes = |text: &str| -> Vec<&'static str> {
            let has_header = ["policy ", "政策 "].iter().any(|word| text.contains(word));
            let header = if has_header { "" } else { HEADER };
            found(FileId(0), &format!("{header}{text}"), name)
                .iter()
                .map(|diagnostic| diagnostic.code)
                .collect()
        };
        for (lang, [avoid, prefer]) in crate::pages::examples(code) {
            let (told, left) = (codes(&avoid), codes(&prefer));
            if told != [code] {
                wrong.push(format!("{code} {lang:?}: avoid is told of {told:?}"));
            }
            if !left.is_empty() {
                wrong.push(format!("{code} {lang:?}: prefer is told of {left:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// `tests/corpus/lint/<lint>/`: what each lint tells, and what it leaves alone.
#[test]
fn lints_tell_what_they_find() {
    corpus::run("lint", |case: &mut Case| {
        let name = case.name.split('/').nth(1).unwrap().to_owned();
        assert!(is_lint(&name), "{}: the folder is named after a lint", case.name);
        Outcome { diagnostics: found(case.file, &case.text, &name), output: String::new() }
    });
}

#[test]
fn every_lint_has_a_case_and_a_place_in_the_list() {
    let list = std::fs::read_to_string(corpus::root().join("docs/lints.md")).unwrap();
    let (english, chinese) = list.split_once("\n---\n").unwrap();
    for lint in LINTS {
        let name = lint.name();
        assert!(!corpus::files(&corpus::folder(&format!("lint/{name}")), ".gradus").is_empty(), "{name}");
        let row = format!("[`{name}`](diagnostics/{}.md)", lint.code);
        assert!(english.contains(&row) && chinese.contains(&row), "docs/lints.md lacks {row}");
    }
    assert!(LINTS.len() >= 25);
}
