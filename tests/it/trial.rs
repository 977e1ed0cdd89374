//! Case files: what they say of the policy of `tests/corpus/trial`, and what is said of mistakes in them.

use gradus::engine::build_with;
use gradus::store::{self, Memory, Roots, Settings};
use gradus::trial::{Painter, PolicyTrial, Wanted, read, run, summary, text};
use gradus::value::Date;

use crate::corpus::{Case, Outcome, folder, run_files};

fn stage(case: &mut Case) -> Outcome {
    let policy = std::fs::read_to_string(folder("trial/policy.gradus")).unwrap();
    let world = Memory::new(Date::from_ymd(2026, 10, 18).unwrap()).with("policy.gradus", policy);
    let roots = Roots { asked: vec!["policy.gradus".into()], ..Roots::default() };
    let rules = store::load(&world, &roots, &Settings::default(), &mut case.sources);
    let cases = read(case.file, &case.text);
    let built = build_with(&rules, 0, cases.cases, &case.sources);
    let mut diagnostics = cases.diagnostics;
    diagnostics.extend(built.diagnostics);
    let Some(plan) = built.plan.filter(|_| diagnostics.is_empty()) else {
        return Outcome { diagnostics, output: String::new() };
    };
    let trials = run(&plan, &Wanted::default(), &built.calendars, None, &case.sources, case.lang);
    let policies = [PolicyTrial { plan, file: "policy.gradus".to_owned(), cases: trials }];
    let report = text(&policies, &case.sources, case.lang, Painter(false));
    Outcome { diagnostics, output: format!("{report}{}\n", summary(&policies, case.lang)) }
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

/// A file that somebody is still writing, or has cut, is read to its end and told of.
#[test]
fn no_piece_of_a_case_file_breaks_the_reader() {
    for path in crate::corpus::files(&folder("trial"), ".cases.toml") {
        let text = std::fs::read_to_string(&path).unwrap();
        for (at, ch) in text.char_indices().step_by(3) {
            let file = gradus::base::FileId(0);
            drop(read(file, &text[..at]));
            drop(read(file, &format!("{}{}", &text[..at], &text[at + ch.len_utf8()..])));
            drop(read(file, &format!("{}\"{}", &text[..at], &text[at..])));
        }
    }
}
