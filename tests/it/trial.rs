//! Case files: what they say of the policy of `tests/corpus/trial`, and what is said of mistakes in them.

use gradus::base::{Lang, SourceMap};
use gradus::store::{Disk, Memory, Settings};
use gradus::trial::{Asked, Painter, Suite, Wanted, json, read, snapshot, summary, text};
use gradus::value::Date;

use crate::corpus::{Case, Outcome, files, folder, root, run_files};

/// The policy of the folder and the files beside the case stand in the world of each.
fn stage(case: &mut Case) -> Outcome {
    let mut world = Memory::new(Date::from_ymd(2026, 10, 18).unwrap())
        .with("policy.gradus", std::fs::read(folder("trial/policy.gradus")).unwrap())
        .with(&case.name, case.text.as_str());
    for path in files(case.path.parent().unwrap(), ".csv") {
        world = world.with(path.strip_prefix(folder("")).unwrap(), std::fs::read(&path).unwrap());
    }
    let mut settings = Settings::default();
    settings.project.rules = vec!["policy.gradus".into()];
    let asked = Asked { paths: vec![case.name.as_str().into()], ..Asked::default() };
    case.sources = SourceMap::new();
    let suite = match Suite::open(&world, &settings, &asked, None, &mut case.sources) {
        Ok(suite) => suite,
        Err(diagnostic) => return Outcome { diagnostics: vec![*diagnostic], output: String::new() },
    };
    if !suite.wrong.is_empty() {
        return Outcome { diagnostics: suite.wrong, output: String::new() };
    }
    let policies = suite.run(&Wanted::default(), &case.sources, case.lang);
    let report = text(&policies, &case.sources, case.lang, Painter(false));
    Outcome { diagnostics: Vec::new(), output: format!("{report}{}\n", summary(&policies, case.lang)) }
}

#[test]
fn sound_case_files_pass() {
    run_files("trial/ok", ".cases.toml", |case| {
        let outcome = stage(case);
        assert!(!outcome.output.contains('✗'), "{}", outcome.output);
        outcome
    });
}

#[test]
fn failures_say_what_came_out_and_why() {
    run_files("trial/fails", ".cases.toml", stage);
}

#[test]
fn mistakes_of_case_files_are_told_in_the_file() {
    run_files("trial/err", ".cases.toml", stage);
}

/// However many threads take turns, what is told stands in the same order.
#[test]
fn the_number_of_threads_changes_nothing() {
    let told = |jobs: u16| {
        let mut settings = Settings::default();
        settings.calendars.insert("cn".to_owned(), root().join("rules/calendars/cn.toml"));
        let mut sources = SourceMap::new();
        let asked = Asked { paths: vec![root().join("rules")], jobs: Some(jobs), ..Asked::default() };
        let suite = Suite::open(&Disk, &settings, &asked, None, &mut sources).unwrap();
        let policies = suite.run(&Wanted::default(), &sources, Lang::En);
        json(&policies, &snapshot::Report::default(), &[], &sources, Lang::En)
    };
    assert!(told(1) == told(7));
}

/// A file that somebody is still writing, or has cut, is read to its end and told of.
#[test]
fn no_piece_of_a_case_file_breaks_the_reader() {
    for path in crate::corpus::files(&folder("trial"), ".cases.toml") {
        let text = std::fs::read_to_string(&path).unwrap();
        for (at, ch) in text.char_indices().step_by(3) {
            let file = gradus::base::FileId(0);
            drop(read(file, &text[..at], None));
            drop(read(file, &format!("{}{}", &text[..at], &text[at + ch.len_utf8()..]), None));
            drop(read(file, &format!("{}\"{}", &text[..at], &text[at..]), None));
        }
    }
}
