//! Coverage: what there is to exercise in the policies of `tests/corpus/coverage`, and what their cases exercise of it.

use std::fmt::Write as _;

use gradus::base::{Lang, SourceMap};
use gradus::script;
use gradus::store::{Disk, Memory, Settings};
use gradus::trial::coverage::{Coverage, GoalKind, Teller, goals, of_case};
use gradus::trial::{Asked, Scripting, Suite, Wanted};
use gradus::value::Date;

use crate::corpus::{Case, Outcome, run};

/// Every place of a policy, with the runs that reach it or what would.
fn stage(case: &mut Case) -> Outcome {
    let world = Memory::new(Date::from_ymd(2026, 10, 18).unwrap()).with("policy.gradus", case.text.as_str());
    let mut settings = Settings::default();
    settings.project.rules = vec!["policy.gradus".into()];
    case.sources = SourceMap::new();
    let suite = match Suite::open(&world, &settings, &Asked::default(), None, &mut case.sources) {
        Ok(suite) => suite,
        Err(diagnostic) => return Outcome { diagnostics: vec![*diagnostic], output: String::new() },
    };
    if !suite.wrong.is_empty() {
        return Outcome { diagnostics: suite.wrong, output: String::new() };
    }
    let trials = suite.run(&Wanted::default(), &case.sources, case.lang);
    for trial in trials.iter().flat_map(|policy| &policy.cases) {
        assert!(trial.result.passed(), "{}: {} fails", case.name, trial.case.name);
    }
    let coverage = Coverage::of(&suite, &Wanted::default());
    let mut output = String::new();
    for policy in &coverage.policies {
        let teller = Teller::new(&policy.subject.plan, case.lang);
        for (place, goal) in policy.goals.iter().enumerate() {
            let line = case.sources.get(goal.span.file).unwrap().line_column(goal.span.start).line;
            let (mark, said) = match (teller.never(goal), policy.reached.has(place)) {
                (Some(never), _) => ('∅', never),
                (None, true) => ('✓', format!("{} × {}", goal.name.pick(case.lang), policy.times(place))),
                (None, false) => ('✗', teller.gap(goal)),
            };
            writeln!(output, "{mark} {line:>3} {:<12} {said}", goal.kind.name()).unwrap();
        }
    }
    let count = coverage.count();
    writeln!(output, "{} / {}, {} %", count.reached, count.of, count.percent()).unwrap();
    Outcome { diagnostics: Vec::new(), output }
}

#[test]
fn every_kind_of_place_is_told_and_reached() {
    run("coverage", stage);
}

/// Each kind of goal stands in some case, so that none is only promised.
#[test]
fn no_kind_of_place_is_left_out() {
    let shown: String = crate::corpus::files(&crate::corpus::folder("coverage"), ".snap")
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    for kind in GoalKind::ALL {
        let reached = shown
            .lines()
            .any(|line| line.starts_with('✓') && line.split_whitespace().nth(2) == Some(kind.name()));
        assert!(reached, "no case of tests/corpus/coverage reaches a goal of kind `{}`", kind.name());
    }
}

const SCRIPTING: Scripting = Scripting {
    check: script::check,
    host: |functions, enums| Box::new(script::Host::new(functions, enums)),
};

/// The library as the settings of this repository read it.
fn library(sources: &mut SourceMap) -> Suite {
    let settings: Settings = toml::from_str(&std::fs::read_to_string("gradus.toml").unwrap()).unwrap();
    let asked = Asked { paths: vec!["rules".into()], ..Asked::default() };
    let suite = Suite::open(&Disk, &settings, &asked, Some(SCRIPTING), sources).unwrap();
    assert!(suite.wrong.is_empty(), "{:?}", suite.wrong);
    suite
}

/// The library's own cases take every row and come to both sides of every threshold.
#[test]
fn the_library_takes_every_row_and_both_sides_of_every_threshold() {
    let mut sources = SourceMap::new();
    let suite = library(&mut sources);
    let coverage = Coverage::of(&suite, &Wanted::default());
    let mut left = String::new();
    for policy in &coverage.policies {
        let teller = Teller::new(&policy.subject.plan, Lang::En);
        for (_, goal) in policy.gaps() {
            let held = matches!(
                goal.kind,
                GoalKind::Row | GoalKind::Correction | GoalKind::Band | GoalKind::Apart | GoalKind::Threshold
            );
            if held {
                let runs = policy.runs.len();
                writeln!(left, "{}: {} ({runs} runs)", sources.place(goal.span), teller.gap(goal)).unwrap();
            }
        }
    }
    assert!(left.is_empty(), "places of the library that no case exercises:\n{left}");
}

/// No two goals of a policy share an address, none is without a place, and each says what would reach it in both languages.
#[test]
fn goals_of_the_library_are_told_apart() {
    let mut sources = SourceMap::new();
    let suite = library(&mut sources);
    for subject in &suite.subjects {
        let goals = goals(&subject.plan);
        let tellers = [Lang::En, Lang::Zh].map(|lang| Teller::new(&subject.plan, lang));
        let mut addresses: Vec<&str> = goals.iter().map(|goal| &*goal.address).collect();
        addresses.sort_unstable();
        let all = addresses.len();
        addresses.dedup();
        assert_eq!(all, addresses.len(), "{}: an address stands twice", subject.name());
        for goal in &goals {
            let file = sources.get(goal.span.file).unwrap();
            assert_eq!(file.name(), subject.file, "{} stands in another policy", goal.address);
            assert!(!goal.ways.is_empty(), "{} has no way", goal.address);
            for teller in &tellers {
                assert!(!teller.gap(goal).contains('…'), "{}", goal.address);
            }
            if goal.kind == GoalKind::Threshold {
                assert_eq!(goal.thresholds(&subject.plan).len(), goal.ways.len(), "{}", goal.address);
            }
        }
    }
}

/// A case that says the same under another name reaches the same; one that expects nothing of a value reaches nothing in it.
#[test]
fn a_case_reaches_what_its_expectations_rest_on() {
    let world = Memory::new(Date::from_ymd(2026, 10, 18).unwrap()).with(
        "policy.gradus",
        r#"policy one { version "1"; currency CNY; rounding half_up }
facts { orders money >= 0; age days 0..1_000 }
let large = if orders >= 100万 then 20万 else 5万
let young = age < 180 days
case "large"       { given { orders 120万 } expect { large 20万 } }
case "large too"   { given { orders 150万 } expect { large 20万 } }
case "given"       { given { large 20万 }   expect { large 20万 } }
case "not enough"  { given { age 10 days }  expect { large 5万 } }
"#,
    );
    let mut settings = Settings::default();
    settings.project.rules = vec!["policy.gradus".into()];
    let mut sources = SourceMap::new();
    let suite = Suite::open(&world, &settings, &Asked::default(), None, &mut sources).unwrap();
    let subject = &suite.subjects[0];
    let goals = goals(&subject.plan);
    let reached: Vec<Vec<&str>> = subject
        .cases(&Wanted::default())
        .iter()
        .map(|case| {
            let (_, reached) = of_case(&subject.plan, &goals, case, &subject.calendars, None);
            reached.iter().map(|goal| &*goals[goal].address).collect()
        })
        .collect();
    assert_eq!(reached[0], ["one/large · orders ≥ 1,000,000.00 · met"]);
    assert_eq!(reached[0], reached[1]);
    assert!(reached[2].is_empty() && reached[3].is_empty(), "{reached:?}");
}

/// Where the rules stand, and whether settings name their calendar, changes nothing of what their cases exercise.
#[test]
fn rules_are_exercised_alike_from_wherever_they_are_named() {
    let open = |settings: &Settings, path: std::path::PathBuf| {
        let mut sources = SourceMap::new();
        let asked = Asked { paths: vec![path], ..Asked::default() };
        let suite = Suite::open(&Disk, settings, &asked, Some(SCRIPTING), &mut sources).unwrap();
        assert!(suite.wrong.is_empty(), "{:?}", suite.wrong);
        let coverage = Coverage::of(&suite, &Wanted::default());
        let told = coverage.policies.iter().map(|policy| {
            let gaps: Vec<String> = policy.gaps().map(|(_, goal)| goal.address.to_string()).collect();
            format!("{} {:?} {gaps:?}", policy.subject.name(), policy.count(None))
        });
        told.collect::<Vec<_>>()
    };
    let settings: Settings = toml::from_str(&std::fs::read_to_string("gradus.toml").unwrap()).unwrap();
    assert_eq!(
        open(&Settings::default(), crate::corpus::root().join("rules/limits")),
        open(&settings, "rules/limits".into())
    );
}
