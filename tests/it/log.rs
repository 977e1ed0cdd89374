//! Logs of decisions: what was decided comes out the same again, and nothing in a log can be changed unseen.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use gradus::base::{Lang, SourceMap};
use gradus::review::log::{self, Head, Log, head_of, torn_of};
use gradus::store::{Disk, Memory, World};
use gradus::value::Date;
use proptest::prelude::*;
use serde_json::json;

use crate::corpus::{files, folder, root};

/// A copy of the small project.
fn project() -> tempfile::TempDir {
    let own = tempfile::tempdir().unwrap();
    let from = folder("projects/small");
    for path in files(&from, "") {
        let to = own.path().join(path.strip_prefix(&from).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(&path, to).unwrap();
    }
    own
}

fn gradus(place: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gradus"));
    command.args(args).current_dir(place).env_clear().env("LANG", "C").output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &*String::from_utf8_lossy(&output.stderr)
}

/// Decides the small project's customers on a day, into `decisions.jsonl`.
fn decide(place: &Path, more: &[&str]) {
    let args =
        ["decide", "customers.csv", "--decision", "review", "--as-of", "2026-10-10", "--max-rejects", "1"];
    let args: Vec<&str> =
        args.into_iter().chain(["--log", "decisions.jsonl"]).chain(more.iter().copied()).collect();
    let output = gradus(place, &args);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

fn replayed(place: &Path, more: &[&str]) -> (Option<i32>, String) {
    let args: Vec<&str> = ["replay", "decisions.jsonl"].into_iter().chain(more.iter().copied()).collect();
    let output = gradus(place, &args);
    (output.status.code(), said(&output))
}

#[test]
fn what_was_decided_comes_out_the_same_again() {
    let project = project();
    decide(project.path(), &[]);
    decide(project.path(), &["--set", "share=20%", "--lang", "zh"]);
    let (exit, text) = replayed(project.path(), &[]);
    assert_eq!((exit, text.trim()), (Some(0), "decisions.jsonl: 4 decisions, 4 come out the same"));
}

/// Every policy of the library, over the example book: facts survive the way into a log and out of it, digit for digit.
#[test]
fn the_example_book_comes_out_the_same_again() {
    let own = tempfile::tempdir().unwrap();
    let log = own.path().join("d.jsonl");
    let log = log.to_str().unwrap();
    for policy in ["trade_credit", "trade_credit@2026.3"] {
        let args = ["decide", "examples/book/customers.csv", "--as-of", "2026-10-15", "--max-rejects", "100"];
        let args: Vec<&str> = args.into_iter().chain(["--policy", policy, "--log", log]).collect();
        let output = gradus(&root(), &args);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}", said(&output));
    }
    let output = gradus(&root(), &["replay", log, "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(told["decisions"].as_u64().unwrap() > 700, "{told}");
    assert_eq!(told["decisions"], told["same"]);
}

#[test]
fn a_policy_that_was_changed_is_named() {
    let project = project();
    decide(project.path(), &[]);
    let policy = project.path().join("rules/small.gradus");
    let text = std::fs::read_to_string(&policy).unwrap();
    assert!(text.contains("10万"));
    std::fs::write(&policy, text.replace("10万", "12万")).unwrap();
    let (exit, text) = replayed(project.path(), &[]);
    assert_eq!(exit, Some(1), "{text}");
    assert!(text.contains("error[E583]") && text.contains("2 could not be made again"), "{text}");
}

/// The facts of one customer are taken out of the file where they are kept apart: the chain holds, and that decision alone cannot be
/// made again.
#[test]
fn one_customer_can_be_erased() {
    let project = project();
    decide(project.path(), &["--log-facts", "facts.jsonl"]);
    let log = std::fs::read_to_string(project.path().join("decisions.jsonl")).unwrap();
    assert!(!log.contains("2400000"), "the facts stand in the log");
    let facts = project.path().join("facts.jsonl");
    let text = std::fs::read_to_string(&facts).unwrap();
    let kept: String =
        text.lines().filter(|line| !line.contains("C002")).map(|line| format!("{line}\n")).collect();
    assert_ne!(kept, text);
    std::fs::write(&facts, kept).unwrap();
    let (exit, text) = replayed(project.path(), &["--log-facts", "facts.jsonl"]);
    assert_eq!(exit, Some(0), "{text}");
    assert!(text.contains("1 come out the same, 1 cannot be made again"), "{text}");
    let output = gradus(project.path(), &["verify", "decisions.jsonl", "--log-facts", "facts.jsonl"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("the facts of 1 were erased"), "{}", said(&output));
}

/// The hash of a line can be repeated with common tools: sorted keys, no blanks, SHA-256.
#[test]
fn a_hash_is_that_of_the_sorted_line() {
    let project = project();
    decide(project.path(), &[]);
    let log = std::fs::read_to_string(project.path().join("decisions.jsonl")).unwrap();
    for line in log.lines() {
        let mut body: std::collections::BTreeMap<String, serde_json::Value> =
            serde_json::from_str(line).unwrap();
        let hash = body.remove("hash").unwrap();
        assert_eq!(&*gradus::plan::digest_of(&serde_json::to_string(&body).unwrap()), hash.as_str().unwrap());
    }
}

// ------------------------------------------------------------------------------------------------ the chain by itself

const PATH: &str = "log.jsonl";

/// A world with a log of so many decisions.
fn logged(count: usize) -> Memory {
    let world = Memory::new(Date(0));
    add(&world, count);
    world
}

fn add(world: &Memory, count: usize) {
    let mut log = open(world);
    for place in 0..count {
        log.decision(
            json!({ "id": format!("C{place}"), "额度": "12万" }),
            json!({ "净资产": "500000" }),
            None,
            Lang::Zh,
        );
    }
    log.flush().unwrap();
}

fn open(world: &Memory) -> Log<'_> {
    Log::open(world, Path::new(PATH), None, &mut SourceMap::new())
        .unwrap_or_else(|_| panic!("a sound log"))
        .log
}

fn text(world: &Memory) -> String {
    String::from_utf8(world.read(Path::new(PATH)).unwrap()).unwrap()
}

fn head(world: &Memory) -> Head {
    log::head(&world.read(&head_of(Path::new(PATH))).unwrap()).unwrap()
}

/// The codes of what is wrong with a log.
fn faults(text: &str, head: &Head) -> Vec<&'static str> {
    let read = log::read(Path::new(PATH), text.as_bytes(), &mut SourceMap::new());
    log::verify(Path::new(PATH), &read, Some(head)).into_iter().map(|it| it.code).collect()
}

#[test]
fn runs_side_by_side_follow_one_another() {
    let world = logged(2);
    let (mut one, mut other) = (open(&world), open(&world));
    for log in [&mut one, &mut other] {
        log.decision(json!({ "id": "C9" }), json!({}), None, Lang::En);
    }
    one.flush().unwrap();
    other.flush().unwrap();
    assert_eq!(faults(&text(&world), &head(&world)), Vec::<&str>::new());
    assert_eq!(head(&world).entries, 4);
}

#[test]
fn the_disk_refuses_what_another_has_added_to() {
    let own = tempfile::tempdir().unwrap();
    let path: PathBuf = own.path().join("log");
    Disk.append_at(&path, 0, 0, b"one\n").unwrap();
    let late = Disk.append_at(&path, 0, 0, b"two\n").unwrap_err();
    assert_eq!(late.kind(), std::io::ErrorKind::WouldBlock);
    Disk.append_at(&path, 4, 2, b"\n").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"on\n");
}

proptest! {
    /// A line changed by one character, dropped, moved or doubled is found, wherever it is.
    #[test]
    fn nothing_is_changed_unseen(count in 1usize..6, which in 0usize..64, kind in 0usize..5, at in 0usize..4096) {
        let world = logged(count);
        let (whole, head) = (text(&world), head(&world));
        prop_assert_eq!(faults(&whole, &head), Vec::<&str>::new());
        let mut lines: Vec<String> = whole.lines().map(str::to_owned).collect();
        let which = which % lines.len();
        match kind {
            0 => { lines.remove(which); }
            1 => { let line = lines[which].clone(); lines.insert(which, line); }
            2 => { let last = lines.len() - 1; lines.swap(which, last); }
            3 => {
                let mut characters: Vec<char> = lines[which].chars().collect();
                let at = at % characters.len();
                characters[at] = if characters[at] == '7' { '8' } else { '7' };
                lines[which] = characters.into_iter().collect();
            }
            _ => { lines.truncate(which); }
        }
        let changed: String = lines.iter().map(|line| format!("{line}\n")).collect();
        prop_assert!(changed == whole || !faults(&changed, &head).is_empty(), "{}", changed);
    }

    /// A run that is killed leaves any beginning of what it wrote: all whole lines before it hold, and the next run goes on behind them.
    #[test]
    fn a_kill_at_any_moment_loses_nothing_before_it(cut in 0usize..4096) {
        let world = logged(2);
        let (before, old_head) = (text(&world), head(&world));
        add(&world, 2);
        let after = text(&world);
        let cut = before.len() + cut % (after.len() - before.len() + 1);
        let killed = Memory::new(Date(0))
            .with(PATH, &after.as_bytes()[..cut])
            .with(head_of(Path::new(PATH)), world.read(&head_of(Path::new(PATH))).unwrap());
        let read = log::read(Path::new(PATH), &after.as_bytes()[..cut], &mut SourceMap::new());
        prop_assert!(read.faults.is_empty());
        prop_assert!(read.entries.len() >= 2);
        prop_assert_eq!(read.torn.is_some(), !after.as_bytes()[..cut].ends_with(b"\n"));
        prop_assert!(log::verify(Path::new(PATH), &read, Some(&old_head)).is_empty());
        add(&killed, 1);
        let goes_on = log::read(Path::new(PATH), text(&killed).as_bytes(), &mut SourceMap::new());
        prop_assert!(goes_on.faults.is_empty() && goes_on.torn.is_none());
        prop_assert_eq!(goes_on.entries.len(), read.entries.len() + 1);
        if let Some(torn) = after.as_bytes().get(read.sound..cut).filter(|torn| !torn.is_empty()) {
            prop_assert_eq!(killed.read(&torn_of(Path::new(PATH))).unwrap(), torn);
        }
    }
}
