//! Nothing panics: policies with slips of the pen, put through every stage, and decided for customers of whom little is known.
//!
//! A slip takes a word out, writes one twice, puts one in place of another, or breaks off the file. What still compiles runs.

use std::collections::BTreeMap;

use gradus::base::Lang;
use gradus::base::{FileId, SourceMap, Str};
use gradus::check::{Source, check};
use gradus::eval::{Decider, Env, Facts, Trace};
use gradus::explain::{Asked, Audience, explain, json, render};
use gradus::plan::{Plan, compile, text};
use gradus::syntax::parse;
use gradus::value::{Cause, Date, FieldType, Number, Value};
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, proptest};

use crate::corpus::{files, folder, root};

/// Sound policies that stand alone: of the corpus, and of the library.
fn policies() -> Vec<String> {
    let corpus =
        files(&folder("plan/ok"), ".gradus").into_iter().chain(files(&folder("check/ok"), ".gradus"));
    let library = files(&root().join("rules"), ".gradus");
    let texts = corpus.chain(library).map(|path| std::fs::read_to_string(path).unwrap());
    let found: Vec<String> = texts.filter(|text| text.chars().count() < 12_000).collect();
    assert!(found.len() > 10);
    found
}

/// A slip: where, what kind, and which other word.
type Slip = (usize, u8, usize);

fn slipped(text: &str, slips: &[Slip]) -> String {
    let mut words: Vec<&str> =
        text.split_inclusive([' ', '\n', ',', '(', ')', '{', '}', ':', '，', '：']).collect();
    for (at, kind, other) in slips {
        if words.is_empty() {
            break;
        }
        let at = at % words.len();
        let other = words[other % words.len()];
        match kind % 5 {
            0 => drop(words.remove(at)),
            1 => words.insert(at, words[at]),
            2 => words[at] = other,
            3 => words.insert(at, other),
            _ => words.truncate(at.max(words.len() / 2)),
        }
    }
    words.concat()
}

fn compiled(policy: &str) -> Option<Plan> {
    let parsed = parse(FileId(0), policy);
    let script = |_: &str| Some(Str::from("fn seasonal(x) { 1 }"));
    let checked = check(&[Source { file: &parsed.file, scripts: &script, references: &|_| None }]);
    let errors =
        parsed.diagnostics.iter().chain(&checked.diagnostics).any(gradus::diag::Diagnostic::is_error);
    let compiled = compile(&checked.program, &BTreeMap::new());
    let sound = !errors && !compiled.diagnostics.iter().any(gradus::diag::Diagnostic::is_error);
    sound.then_some(compiled.plan)
}

/// A customer made of a seed: each fact unknown, at an end of its range, or between.
fn customer(plan: &Plan, seed: u64) -> Facts {
    let mut facts = Facts::unknown("C1", &plan.schema);
    let mut state = seed | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    for (id, field) in plan.schema.fields.iter_enumerated() {
        let mut one =
            |ty: &FieldType, range: &Option<(Number, Number)>| value(ty, range.as_ref(), next(), id.0);
        match &field.ty {
            FieldType::Records(fields) => {
                let columns: Vec<Vec<Value>> =
                    fields.iter().map(|it| (0..3).map(|_| one(&it.ty, &it.range)).collect()).collect();
                if let Some(records) = facts.records_mut(id) {
                    records.items = 3;
                    records.columns = columns;
                }
                facts.set(id, Value::List(Vec::new().into()));
            }
            FieldType::List { of, length } => {
                let values: Vec<Value> = (0..length.unwrap_or(2))
                    .map(|_| one(&of.ty, &of.range))
                    .filter(Value::is_known)
                    .collect();
                if length.is_none_or(|length| values.len() == length as usize) {
                    facts.set(id, Value::List(values.into()));
                }
            }
            ty => facts.set(id, one(ty, &field.range)),
        }
    }
    facts
}

fn value(ty: &FieldType, range: Option<&(Number, Number)>, dice: u64, fact: u32) -> Value {
    if dice.is_multiple_of(4) {
        return Value::Unknown(Cause::Missing(fact));
    }
    match ty {
        FieldType::YesNo => Value::Bool(dice.is_multiple_of(3)),
        FieldType::Date => {
            Value::Date(Date::from_ymd(2026, 1, 1).unwrap().add_days((dice % 700) as i64 - 300).unwrap())
        }
        FieldType::Text => Value::Text(Str::from(["", "甲公司", "a"][(dice % 3) as usize])),
        FieldType::Enum(_) => Value::Code((dice % 3) as u32),
        FieldType::Set(_) => Value::Set(u128::from(dice % 8)),
        _ => Value::Number(match (range, dice % 5) {
            (Some((low, _)), 1) => low.clone(),
            (Some((_, high)), 2) => high.clone(),
            (_, 3) => Number::ZERO,
            _ => Number::from_i64((dice % 100) as i64),
        }),
    }
}

fn decide(plan: &Plan, policy: &str, seed: u64) {
    assert!(!text(plan).is_empty());
    let today = Date::from_ymd(2026, 10, 15).unwrap();
    let env = Env::on(today);
    let facts = customer(plan, seed);
    let mut sources = SourceMap::new();
    sources.add("policy.gradus", policy);
    for (place, decision) in plan.decisions.iter().enumerate() {
        let decider = Decider::whole(plan, place, &env).unwrap();
        let mut trace = Trace::new();
        let decided = decider.decide(&facts, &mut decider.scratch(), &mut trace);
        let quick = Decider::new(plan, place, &env).unwrap();
        let again = quick.decide(&facts, &mut quick.scratch(), &mut ());
        assert_eq!(decided.values, again.values, "the trace changes nothing");
        let story = explain(&Asked {
            plan,
            decision,
            facts: &facts,
            trace: &trace,
            decided: &decided,
            today,
            sources: &sources,
            book: None,
            stands: &std::collections::BTreeSet::new(),
        });
        for audience in [Audience::Customer, Audience::Sales, Audience::Auditor] {
            assert!(!render(&story, plan, Lang::Zh, audience).is_empty());
        }
        assert!(json(&story, &plan.schema.enums).is_object());
    }
}

fn slips() -> impl Strategy<Value = Vec<Slip>> {
    proptest::collection::vec((any::<usize>(), any::<u8>(), any::<usize>()), 1..4)
}

#[test]
fn sound_policies_decide_any_customer() {
    for policy in policies() {
        if let Some(plan) = compiled(&policy) {
            for seed in 0..8 {
                decide(&plan, &policy, seed * 7_919 + 3);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn slips_of_the_pen_panic_no_stage(which in any::<usize>(), slips in slips(), seed in any::<u64>()) {
        let policies = policies();
        let policy = slipped(&policies[which % policies.len()], &slips);
        if let Some(plan) = compiled(&policy) {
            decide(&plan, &policy, seed);
            prop_assert!(plan.digest.starts_with("sha256:"));
        }
    }
}
