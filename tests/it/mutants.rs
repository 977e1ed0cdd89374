//! Mutants: each mistake that is made in a policy is one edit, and what is said to have come of it has.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use gradus::base::{Lang, SourceMap};
use gradus::store::{Disk, Memory, Roots, Settings, World as _, load};
use gradus::trial::mutants::{
    Change, Edit, Fate, Limits, PolicyMutants, Score, Tried, failing, json, run, summary, told,
};
use gradus::trial::{Asked, Suite, Wanted};
use gradus::value::Date;

use crate::corpus::{Outcome, files, folder, root, run as run_corpus};

/// A policy alone in its world.
fn suite(name: &str, text: &str, jobs: Option<u16>, sources: &mut SourceMap) -> Suite {
    let world = Memory::new(Date::from_ymd(2026, 10, 18).unwrap()).with(name, text);
    let asked = Asked { paths: vec![name.into()], jobs, ..Asked::default() };
    let suite = Suite::open(&world, &Settings::default(), &asked, None, sources).unwrap();
    assert!(suite.wrong.is_empty(), "{:#?}", suite.wrong);
    suite
}

/// Every change, however long it takes.
pub(crate) fn no_limits() -> Limits<'static> {
    Limits { lang: Lang::En, lines: None, accepted: &[], is_over: &|| false, begins: &|_| {}, done: &|| {} }
}

fn tried<'s>(suite: &'s Suite, sources: &SourceMap) -> Vec<PolicyMutants<'s>> {
    let wanted = Wanted::default();
    assert_eq!(failing(suite, &wanted), Vec::new());
    run(suite, &wanted, sources, &no_limits())
}

fn fate(tried: &Tried) -> String {
    match &tried.fate {
        Fate::Killed => "noticed".into(),
        Fate::Survived(None) => "NOT NOTICED".into(),
        Fate::Survived(Some(witness)) => {
            let differs: Vec<String> = witness
                .differs
                .iter()
                .map(|it| format!("{} {} → {}", it.name, it.before, it.after))
                .collect();
            let set: Vec<String> =
                witness.changed.iter().map(|(fact, value)| format!("{fact} {value}")).collect();
            let case = witness.case.as_deref().unwrap_or("solved for");
            format!("NOT NOTICED [{case}; {}] {}", set.join(", "), differs.join(", "))
        }
        Fate::Equivalent => "changes nothing".into(),
        Fate::Refused(code) => format!("refused {}", code.unwrap_or("unread")),
        Fate::NotTried => "not tried".into(),
    }
}

#[test]
fn small_policies_have_known_mutants() {
    let mut kinds: BTreeSet<Change> = BTreeSet::new();
    let kinds_seen = std::cell::RefCell::new(&mut kinds);
    run_corpus("trial/mutants", |case| {
        let mut sources = SourceMap::new();
        let suite = suite(&case.name, &case.text, None, &mut sources);
        let policies = tried(&suite, &sources);
        let mut output = String::new();
        for it in &policies[0].tried {
            kinds_seen.borrow_mut().insert(it.mutation.change);
            let line = case.sources.get(case.file).unwrap().line_column(it.mutation.span.start).line;
            let _ = writeln!(output, "{line}: {}: {}", told(&it.mutation, case.lang), fate(it));
        }
        let _ = writeln!(output, "{}", summary(&policies, case.lang));
        case.sources = sources;
        Outcome { diagnostics: Vec::new(), output }
    });
    assert_eq!(kinds, BTreeSet::from(Change::ALL), "a kind of change that no small policy shows");
}

/// Each mutant's text is the policy's but for one stretch, and what is noticed is noticed by what is built of that text.
#[test]
fn a_mutant_is_one_edit() {
    for path in files(&folder("trial/mutants"), ".gradus") {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut sources = SourceMap::new();
        let suite = suite("a.gradus", &text, None, &mut sources);
        for (number, it) in tried(&suite, &sources)[0].tried.iter().enumerate() {
            let Edit::Text(new) = &it.mutation.edit else { continue };
            let changed = it.mutation.applied(&text);
            let span = it.mutation.span.range();
            assert_eq!(&changed[..span.start], &text[..span.start]);
            assert_eq!(&changed[span.start + new.len()..], &text[span.end..]);
            assert_ne!(changed, text);
            // Building the whole text anew comes to what building the one item came to.
            if number % 7 == 0 {
                assert_eq!(
                    whole(&changed),
                    matches!(it.fate, Fate::Killed | Fate::Refused(_)),
                    "{}",
                    told(&it.mutation, Lang::En)
                );
            }
        }
    }
}

/// Whether a text is no policy, or one whose cases fail.
fn whole(text: &str) -> bool {
    let mut sources = SourceMap::new();
    let world = Memory::new(Date::from_ymd(2026, 10, 18).unwrap()).with("a.gradus", text);
    let asked = Asked { paths: vec!["a.gradus".into()], ..Asked::default() };
    let suite = Suite::open(&world, &Settings::default(), &asked, None, &mut sources).unwrap();
    !suite.wrong.is_empty() || !failing(&suite, &Wanted::default()).is_empty()
}

/// The customer that is said to tell two policies apart, put into both as the case that is printed: it passes in the one and
/// fails in the other.
#[test]
fn a_customer_that_is_named_tells_them_apart() {
    let mut found = 0;
    for path in files(&folder("trial/mutants"), ".gradus") {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut sources = SourceMap::new();
        let suite = suite("a.gradus", &text, None, &mut sources);
        for it in &tried(&suite, &sources)[0].tried {
            let (Fate::Survived(Some(witness)), Edit::Text(_)) = (&it.fate, &it.mutation.edit) else {
                continue;
            };
            found += 1;
            let about = told(&it.mutation, Lang::En);
            assert!(!whole(&format!("{text}\n{}\n", witness.text)), "{about}\n{}", witness.text);
            assert!(
                whole(&format!("{}\n{}\n", it.mutation.applied(&text), witness.text)),
                "{about}\n{}",
                witness.text
            );
        }
    }
    assert!(found >= 10, "only {found} customers were named");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let text = std::fs::read_to_string(folder("trial/mutants/bands.gradus")).unwrap();
    let on = |jobs: u16| {
        let mut sources = SourceMap::new();
        let suite = suite("a.gradus", &text, Some(jobs), &mut sources);
        json(&tried(&suite, &sources), &sources, Lang::En)
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn what_there_was_no_time_for_is_counted() {
    let text = std::fs::read_to_string(folder("trial/mutants/bands.gradus")).unwrap();
    let mut sources = SourceMap::new();
    let suite = suite("a.gradus", &text, Some(1), &mut sources);
    let tried = std::sync::atomic::AtomicUsize::new(0);
    let is_over = || tried.load(std::sync::atomic::Ordering::SeqCst) >= 5;
    let done = || {
        tried.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    };
    let limits = Limits { is_over: &is_over, done: &done, ..no_limits() };
    let policies = run(&suite, &Wanted::default(), &sources, &limits);
    let score = Score::of_all(&policies);
    assert_eq!(score.not_tried, policies[0].tried.len() - 5);
    assert!(summary(&policies, Lang::En).contains(&format!("before {} more", score.not_tried)));
}

#[test]
fn the_score_is_rounded_down() {
    let score = Score { killed: 1_999, survived: 1, ..Score::default() };
    assert_eq!(score.percent().unwrap(), "99.9");
    assert!(score.reaches(99) && !score.reaches(100));
    assert_eq!(Score::default().percent(), None);
}

/// What an edit makes of one item is what it makes of the file: of all policies of the library, those in Markdown among them.
#[test]
fn an_item_read_alone_is_the_item_of_its_file() {
    let (mut sources, settings) = (SourceMap::new(), Settings::default());
    let roots = Roots::new(&Disk, &settings, &[root().join("rules")]);
    let folder = load(&Disk, &roots, &settings, &mut sources);
    let is_literate = |path: &Path| path.extension().is_some_and(|ending| ending == "md");
    assert!(folder.files.iter().any(|file| is_literate(&file.path)), "no policy of the library is literate");
    for file in &folder.files {
        for item in &file.tree.items {
            let span = item.span.range();
            let alone = gradus::syntax::parse_item(file.file, &file.program[span.clone()], item.span.start);
            assert_eq!(alone.as_ref(), Ok(item), "{}:{span:?}", file.path.display());
        }
    }
}

/// A policy that stands in Markdown has the changes of the same policy alone, and each comes to the same.
#[test]
fn a_literate_policy_has_the_mutants_of_its_text() {
    let text = std::fs::read_to_string(folder("trial/mutants/bands.gradus")).unwrap();
    let literate = format!("# Bands\n\nWhat the committee has decided.\n\n```gradus\n{text}```\n\nSigned.\n");
    let all = |name: &str, text: &str| {
        let mut sources = SourceMap::new();
        let suite = suite(name, text, None, &mut sources);
        let policies = tried(&suite, &sources);
        policies[0].tried.iter().map(|it| format!("{}: {}", told(&it.mutation, Lang::En), fate(it))).collect()
    };
    let (plain, marked): (Vec<String>, Vec<String>) = (all("a.gradus", &text), all("a.md", &literate));
    assert!(!plain.is_empty());
    assert_eq!(plain, marked);
}

/// The whole library, of which the changes take minutes: a limit of a second ends it about a second after what has to be done
/// anyhow, and what was left is counted.
#[test]
fn a_limit_of_time_is_honoured() {
    let run = |more: &[&str]| {
        let began = Disk.elapsed();
        let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
            .args(["mutants", "--format", "json"])
            .args(more)
            .current_dir(root())
            .env_clear()
            .env("LANG", "C")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = child.stdout.take().unwrap();
        let reader = std::thread::spawn(move || {
            let mut text = String::new();
            said.read_to_string(&mut text).unwrap();
            text
        });
        let ended = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if Disk.elapsed() - began > LONGEST {
                child.kill().unwrap();
                panic!("{more:?} goes on after {LONGEST:?}");
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        (Disk.elapsed() - began, ended.code(), reader.join().unwrap())
    };
    let (nothing, _, _) = run(&["--time-limit", "0s"]);
    let (limited, code, text) = run(&["--time-limit", "1s"]);
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let not_tried: u64 =
        document["policies"].as_array().unwrap().iter().map(|it| it["not_tried"].as_u64().unwrap()).sum();
    assert!(not_tried > 1_000, "only {not_tried} were left");
    assert!(matches!(code, Some(1 | 3)), "{code:?}");
    assert!(limited < nothing * 2 + SPARE, "{limited:?}, where nothing at all takes {nothing:?}");
}

/// What a run may take at all on a machine that has other things to do.
const LONGEST: Duration = Duration::from_secs(300);
/// How much longer it may take than its limit, there: what was begun is finished.
const SPARE: Duration = Duration::from_secs(15);

/// Git says what has changed; a file that it does not have at that revision has changed as a whole.
#[test]
fn git_says_which_lines_have_changed() {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let name = ["-c", "user.name=Li", "-c", "user.email=li@example.com", "-c", "commit.gpgsign=false"];
        let ended = std::process::Command::new("git")
            .current_dir(&folder)
            .args(name)
            .args(arguments)
            .output()
            .unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    };
    let file = folder.path().join("a.gradus");
    std::fs::write(&file, "one\ntwo\nthree\nfour\n").unwrap();
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "first"]);
    assert_eq!(Disk.lines_since(&file, "HEAD").unwrap(), []);
    std::fs::write(&file, "one\n2\n2.5\nthree\n").unwrap();
    assert_eq!(Disk.lines_since(&file, "HEAD").unwrap(), [(2, 3), (4, 5)]);
    let other = folder.path().join("b.gradus");
    std::fs::write(&other, "one\n").unwrap();
    assert_eq!(Disk.lines_since(&other, "HEAD").unwrap(), [(1, usize::MAX)]);
    assert!(Disk.lines_since(&file, "no-such-branch").is_err());
    // What looks like an option of git is a revision that there is not.
    assert!(Disk.lines_since(&file, "--output=x").is_err());
    assert!(!folder.path().join("x").exists());
}
