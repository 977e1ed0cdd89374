//! The policies of `rules/`: what a company could adopt must be sound, and pass its own cases.

use std::fmt::Write as _;
use std::path::PathBuf;

use gradus::base::{Lang, SourceMap};
use gradus::diag::render::{Colour, full};
use gradus::engine::{Built, build};
use gradus::eval::{CaseResult, run_case};
use gradus::plan::{CaseItem, Plan};
use gradus::store::{Disk, Roots, RulesFolder, Settings, load};

/// The library as it is read.
fn library() -> (RulesFolder, SourceMap) {
    let settings = Settings::default();
    let mut sources = SourceMap::new();
    let roots = Roots::new(&Disk, &settings, &[PathBuf::from("rules")]);
    let folder = load(&Disk, &roots, &settings, &mut sources);
    (folder, sources)
}

#[test]
fn every_policy_is_sound() {
    let (folder, sources) = library();
    let mut found = full(&folder.diagnostics, &sources, Lang::En, Colour::Without);
    for (place, policy) in folder.files.iter().enumerate() {
        let mut diagnostics = build(&folder, place, &sources).diagnostics;
        diagnostics.retain(|diagnostic| diagnostic.span.is_none_or(|span| span.file == policy.file));
        found.push_str(&full(&diagnostics, &sources, Lang::En, Colour::Without));
    }
    assert!(found.is_empty(), "{found}");
}

#[test]
fn every_case_passes() {
    let (folder, sources) = library();
    let mut failed = String::new();
    for place in 0..folder.files.len() {
        let Built { plan: Some(plan), calendars, .. } = build(&folder, place, &sources) else { continue };
        let own = plan.policies.len() - 1;
        for case in plan.cases.iter().filter(|case| case.policy == own) {
            let result = run_case(&plan, case, &calendars, None);
            if !result.passed() {
                tell(&plan, case, &result, &sources, &mut failed);
            }
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

/// Why a case failed.
fn tell(plan: &Plan, case: &CaseItem, result: &CaseResult, sources: &SourceMap, out: &mut String) {
    writeln!(out, "{} {:?}", sources.place(case.span), case.name).unwrap();
    for error in &result.errors {
        writeln!(out, "    {error:?}").unwrap();
    }
    for (expect, outcome) in case.expect.iter().zip(&result.outcomes) {
        if !outcome.passed {
            let why = expect.step.map(|step| &plan.steps[step].ty);
            writeln!(
                out,
                "    {}: {:?}, reason {:?} ({why:?})",
                expect.written, outcome.actual, outcome.reason
            )
            .unwrap();
        }
    }
}

#[test]
fn the_library_holds_every_system() {
    let (folder, _) = library();
    let names: Vec<&str> =
        folder.files.iter().filter_map(|file| file.header.as_ref()).map(|header| &*header.name).collect();
    assert_eq!(
        names,
        [
            "characteristic_analysis",
            "collection_ladder",
            "credit_limit",
            "receipts",
            "sales_volume",
            "trade_credit",
            "working_assets",
            "信用政策松紧"
        ]
    );
}
