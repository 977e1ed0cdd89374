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
        let Built { plan: Some(plan), calendars, .. } = build(&folder, place, &sources) else {
            panic!("{} is not sound", folder.files[place].path.display());
        };
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

/// The published and worked-out figures of each system: a case that is taken out or bent is missed here.
#[test]
fn the_vectors_stand() {
    let vectors: [(&str, &[&str]); 6] = [
        (
            "characteristic_analysis",
            &[
                "characteristic 62.94, risk_class CA2",
                "characteristic 59.44, risk_class CA3",
                "characteristic 63.08, risk_class CA2",
                "characteristic 57.40, risk_class CA3",
                "characteristic 65.36, risk_class CA2",
                "characteristic 63.40, risk_class CA2",
            ],
        ),
        (
            "working_assets",
            &[
                "working_assets 425万, appraisal 2.12, limit_percent.share 25%",
                "working_assets_limit 106.25万",
                "working_assets 300万, appraisal -1.58, limit_percent.share 12.5%",
                "working_assets_limit 37.50万",
                "working_assets 85万, appraisal -3.59, limit_percent.share 5%, working_assets_limit 4.25万",
                "working_assets 1150万, appraisal 4.65, limit_percent.share 25%",
                "working_assets_limit 287.50万",
                "working_assets 30万, appraisal -5.43, limit_percent.share 0%, working_assets_limit 0",
            ],
        ),
        ("credit_limit", &["credit_limit.assets 106.25万, grade_correction 120%, credit_limit 12.75万"]),
        (
            "sales_volume",
            &[
                "sales_base 600万, sales_limit 480万",
                "overdue_load 50万, record_coefficient.record_score 50, sales_limit 225万",
            ],
        ),
        ("receipts", &["plain_average 104.17, receipts_base 223.81, receipts_limit 179.05"]),
        ("trade_credit", &["class_correction 120%, capacity 12.75万, credit_limit 12.7万"]),
    ];
    for (name, expected) in vectors {
        let text = std::fs::read_to_string(format!("rules/{name}.gradus")).unwrap();
        for vector in expected {
            assert!(text.contains(vector), "{name} has no case with {vector}");
        }
    }
    // The bounds of the percentages, both sides of each.
    let text = std::fs::read_to_string("rules/working_assets.gradus").unwrap();
    for (appraisal, share) in [
        ("-4.60", "0%"),
        ("-4.59", "2.5%"),
        ("-3.90", "2.5%"),
        ("-3.89", "5%"),
        ("-1.80", "10%"),
        ("-1.79", "12.5%"),
        ("0.30", "17.5%"),
        ("0.31", "20%"),
        ("0.99", "20%"),
        ("1.00", "25%"),
    ] {
        let given = format!("given {{ appraisal {appraisal}, net_assets 100万 }}");
        let line = text.lines().find(|line| line.contains(&given)).unwrap();
        assert!(line.contains(&format!("limit_percent.share {share} ")), "{line}");
    }
}
