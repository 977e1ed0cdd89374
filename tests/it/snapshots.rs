//! Reviewing decisions: the reviewer's keys are pressed, and what is written can be read back.

use gradus::base::Lang;
use gradus::trial::snapshot::file::Snapshot;
use gradus::trial::snapshot::review::{Desk, Verdict, difference, review};
use gradus::trial::snapshot::waiting::{Choice, Waiting, glob};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::corpus::root;

/// The snapshots of this repository are as accepted, and nothing is written where they are not.
#[test]
fn the_accepted_decisions_of_the_example_book_stand() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(["test", "--update", "no", "--unreferenced", "reject", "--run", "@C0", "--quiet"])
        .current_dir(root())
        .output()
        .unwrap();
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}");
    assert!(text.contains("as accepted"), "{text}");
}

/// A reviewer who presses keys that were thought of before.
struct Scripted {
    keys: Vec<char>,
    shown: String,
}

impl Desk for Scripted {
    fn show(&mut self, text: &str) {
        self.shown.push_str(text);
    }

    fn key(&mut self) -> Option<char> {
        (!self.keys.is_empty()).then(|| self.keys.remove(0))
    }
}

fn waits(customer: &str, before: Option<&str>, after: &str, because: &[&str]) -> Waiting {
    let snapshot = |limit: &str| {
        let mut info = Map::new();
        info.insert("currency".into(), json!("CNY"));
        info.insert("granted".into(), json!(["credit_limit"]));
        let values = json!({ "credit_limit": limit });
        info.insert("decided".into(), json!({ customer: { "values": values, "facts": { "late": "3" } } }));
        let body = format!("{customer}\n  class   unchanged\n  credit limit  {limit}\n  end");
        Snapshot { info, body, ..Snapshot::default() }
    };
    let mut new = snapshot(after);
    let because: Vec<(String, String)> =
        because.iter().map(|it| ((*it).to_owned(), format!("{it} 1 → 2"))).collect();
    new.note(&[format!("{customer}: credit limit moves")], because);
    let path = format!("snapshots/policy.review__customers@{customer}.snap").into();
    Waiting { path, new, old: before.map(snapshot) }
}

fn desk(keys: &str) -> (Vec<Verdict>, String) {
    let waiting = [
        waits("C1", Some("120000"), "96000", &["card/payment_record"]),
        waits("C2", Some("50000"), "80000", &["card/payment_record", "facts"]),
        waits("C3", None, "10000", &[]),
        waits("C4", Some("7000"), "7000", &["card/payment_record"]),
    ];
    let mut desk = Scripted { keys: keys.chars().collect(), shown: String::new() };
    (review(&waiting, &mut desk, Lang::En), desk.shown)
}

#[test]
fn each_key_does_what_it_says() {
    use Verdict::{Accept, Reject, Skip};
    assert_eq!(desk("arsa").0, [Accept, Reject, Skip, Accept]);
    assert_eq!(desk("rA").0, [Reject, Accept, Accept, Accept]);
    assert_eq!(desk("aR").0, [Accept, Reject, Reject, Reject]);
    assert_eq!(desk("S").0, [Skip, Skip, Skip, Skip]);
    // Who closes the terminal has accepted nothing more than what was answered.
    assert_eq!(desk("a").0, [Accept, Skip, Skip, Skip]);
    // Keys that only show, and keys that are none, decide nothing.
    assert_eq!(desk("didixa").0, [Accept, Skip, Skip, Skip]);
}

#[test]
fn a_reviewer_sees_the_money_the_cause_and_the_difference() {
    let (_, shown) = desk("S");
    assert!(
        shown.contains("4 snapshots pending, 4 customers: the outcome moves for 3, only the way there for 1"),
        "{shown}"
    );
    assert!(
        shown.contains(
            "credit_limit (CNY): 1 up, +30,000 in all; 1 down, −24,000 in all; 1 from or to no amount"
        ),
        "{shown}"
    );
    assert!(shown.contains("-   credit limit  120000\n+   credit limit  96000"), "{shown}");
    assert!(!shown.contains("late"), "facts are shown when they are asked for: {shown}");
    let (_, shown) = desk("iS");
    assert!(shown.contains("late"), "{shown}");
    let (_, shown) = desk("dS");
    assert!(!shown[shown.rfind("── 1/4").unwrap()..].contains("120000"), "{shown}");
}

#[test]
fn a_cause_means_what_moved_by_it_alone() {
    let waiting = [
        waits("C1", Some("1"), "2", &["card/payment_record"]),
        waits("C2", Some("1"), "2", &["card/payment_record", "facts"]),
        waits("C3", None, "2", &[]),
    ];
    let of = |causes: &[&str]| {
        let causes = causes.iter().map(|it| (*it).to_owned()).collect();
        Choice { causes, ..Choice::default() }
    };
    assert_eq!(of(&["payment_record"]).among(&waiting).unwrap(), [0]);
    assert_eq!(of(&["card/payment_record", "facts"]).among(&waiting).unwrap(), [0, 1]);
    assert!(of(&["record"]).among(&waiting).is_err(), "half a name is no address");
    assert_eq!(of(&["payment_record"]).mixed(&waiting).count(), 1);
    let named = |name: &str| Choice { names: vec![name.to_owned()], ..Choice::default() };
    assert_eq!(named("C?").among(&waiting).unwrap(), [0, 1, 2]);
    assert_eq!(named("*@C3").among(&waiting).unwrap(), [2]);
    assert_eq!(named("snapshots/policy.review__customers@C2.snap.new").among(&waiting).unwrap(), [1]);
    assert!(named("C4").among(&waiting).is_err());
}

#[test]
fn patterns_stand_for_what_they_say() {
    for (pattern, name, is) in [
        ("C*", "C0003", true),
        ("*3", "C0003", true),
        ("C*0*3", "C0003", true),
        ("C0?03", "C0003", true),
        ("C000", "C0003", false),
        ("甲*", "甲公司", true),
        ("*乙*", "甲公司", false),
        ("**", "", true),
        ("?", "", false),
    ] {
        assert_eq!(glob(pattern, name), is, "{pattern} {name}");
    }
}

#[test]
fn a_difference_shows_its_surroundings() {
    let was = "a\nb\nc\nd\ne\nf\ng";
    let is = "a\nb\nc\nD\ne\nf\ng";
    assert_eq!(difference(was, is), "  …\n  b\n  c\n- d\n+ D\n  e\n  f\n  …\n");
}

fn any_json() -> impl Strategy<Value = Json> {
    let text = prop_oneof![
        "[ -~甲公司，：\"'#\\\\\n\t]{0,12}".prop_map(Json::from),
        Just(json!("yes")),
        Just(json!("2026.4")),
        Just(json!("2026-10-15")),
        Just(json!("- a: b")),
        Just(json!("~")),
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
    ];
    text.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map("[ -~甲公司]{1,8}", inner, 0..4)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    /// What is written can be read back, whatever stands in it; with the line ends of Windows, too.
    #[test]
    fn every_snapshot_reads_back(
        info in prop::collection::btree_map("[a-z甲 :]{1,6}", any_json(), 1..4),
        body in "[a-z甲 \n-]{0,40}",
        description in prop::option::of("[ -~甲]{0,20}"),
    ) {
        let body = body.trim_end().to_owned();
        let info: Map<String, Json> = info.into_iter().collect();
        let snapshot = Snapshot { description, info, body, source: Some("gradus.toml".into()), ..Snapshot::default() };
        let written = snapshot.write();
        prop_assert_eq!(Snapshot::read(&written), Ok(snapshot.clone()), "{}", &written);
        let windows = written.replace('\n', "\r\n");
        prop_assert_eq!(Snapshot::read(&windows), Ok(snapshot));
    }

    /// What is no snapshot is told of, and nothing breaks the reader.
    #[test]
    fn no_text_breaks_the_reader(text in "(---\n)?([ a-z\"':|{}\\[\\]~#\t-]{0,12}\n){0,8}(---\n)?[a-z\n]{0,8}") {
        if let Err(wrong) = Snapshot::read(&text) {
            prop_assert!(wrong.line >= 1);
        }
    }
}
