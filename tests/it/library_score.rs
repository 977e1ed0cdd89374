//! What the cases of the library are worth: `rules/mutants.toml` says for each policy how many changes of it they notice, and
//! README and docs/mutants.md tell it. A number that has grown old is told: the record keeps the digest of all that it rests on.
//!
//! `.ci/score` counts everything and hands the count over in `GRADUS_SCORE`, a JSON file of `gradus mutants`; with `--update` it
//! has all three written anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use gradus::base::SourceMap;
use gradus::plan::digest_of;
use gradus::store::{Disk, Settings};
use gradus::trial::mutants::{Score, failing, run};
use gradus::trial::{Asked, Subject, Suite, Wanted};

use crate::corpus::{files, root};
use crate::mutants::no_limits;

const REFRESH: &str = "`.ci/score --update` counts anew";
/// What the library must reach in all, and each policy alone, in percent.
const LEAST: (u8, u8) = (95, 90);
/// So many policies are counted anew in every test run.
const COUNTED_ANEW: usize = 4;

/// What is known of a policy.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Entry {
    policy: String,
    score: Score,
    digest: String,
}

/// The policies of the library.
struct Library {
    /// By file, the digest of what its score rests on: itself, what it uses, what uses it, and all their cases.
    digests: BTreeMap<String, String>,
    /// The files that no other policy uses, and of which no decision is kept: their score hangs on their cases alone.
    alone: Vec<String>,
}

fn open(paths: Vec<PathBuf>) -> (Suite, SourceMap) {
    let mut sources = SourceMap::new();
    let asked = Asked { paths, ..Asked::default() };
    let suite = Suite::open(&Disk, &Settings::default(), &asked, None, &mut sources).unwrap();
    assert!(suite.wrong.is_empty(), "{:#?}", suite.wrong);
    (suite, sources)
}

/// The case files of the library, each with the name of its policy.
fn case_files() -> Vec<(String, String)> {
    let folders = ["rules", "examples/ladders"];
    let all = folders.iter().flat_map(|folder| files(&root().join(folder), ".cases.toml"));
    all.map(|path| {
        let text = std::fs::read_to_string(path).unwrap();
        let table: toml::Table = text.parse().unwrap();
        let policy = table["policy"].as_str().unwrap();
        (policy.split('@').next().unwrap().to_owned(), text)
    })
    .collect()
}

/// The policies of which decisions are kept.
fn kept() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("gradus.toml")).unwrap();
    let settings: toml::Table = text.parse().unwrap();
    let usual = settings["decide"]["policy"].as_str();
    let sets = settings["test"]["snapshots"].as_array().unwrap().iter();
    let mut kept: BTreeSet<String> = sets
        .filter_map(|set| set.get("policy").and_then(|it| it.as_str()).or(usual))
        .map(str::to_owned)
        .collect();
    let ladders = files(&root().join("examples/ladders"), ".cases.toml");
    let name =
        |path: PathBuf| path.file_name().unwrap().to_string_lossy().split('.').next().unwrap().to_owned();
    kept.extend(ladders.into_iter().map(name));
    kept
}

impl Library {
    fn read() -> Library {
        let (suite, _) = open(vec!["rules".into()]);
        let text = |file: &str| std::fs::read_to_string(root().join(file)).unwrap();
        let own = |subject: &Subject| {
            let cases: String = case_files()
                .iter()
                .filter(|(name, _)| name == subject.name())
                .map(|(_, text)| &**text)
                .collect();
            format!("{}\n{}\n{cases}", subject.file, text(&subject.file))
        };
        let kept = kept();
        let (mut digests, mut alone) = (BTreeMap::new(), Vec::new());
        for subject in &suite.subjects {
            let uses = suite.folder.with_uses(subject.place);
            let users = suite.subjects.iter().filter(|other| {
                other.place != subject.place && suite.folder.with_uses(other.place).contains(&subject.place)
            });
            let users: Vec<usize> = users.map(|user| user.place).collect();
            if users.is_empty() && !kept.contains(subject.name()) {
                alone.push(subject.file.clone());
            }
            let rests_on =
                suite.subjects.iter().filter(|it| uses.contains(&it.place) || users.contains(&it.place));
            let all: String = rests_on.map(own).collect();
            digests.insert(subject.file.clone(), digest_of(&all).to_string());
        }
        Library { digests, alone }
    }
}

/// The score of each policy of a suite.
fn scores(suite: &Suite, sources: &SourceMap) -> BTreeMap<String, Score> {
    assert_eq!(failing(suite, &Wanted::default()), Vec::new());
    let limits = no_limits();
    let policies = run(suite, &Wanted::default(), sources, &limits);
    policies.iter().map(|it| (it.subject.file.clone(), Score::of(it.tried.iter()))).collect()
}

fn record() -> BTreeMap<String, Entry> {
    let text = std::fs::read_to_string(root().join("rules/mutants.toml")).unwrap_or_default();
    let table: toml::Table = text.parse().unwrap();
    let mut found = BTreeMap::new();
    for entry in table.get("policy").and_then(|it| it.as_array()).into_iter().flatten() {
        let text = |key: &str| entry[key].as_str().unwrap().to_owned();
        let number = |key: &str| usize::try_from(entry[key].as_integer().unwrap()).unwrap();
        let score = Score {
            killed: number("noticed"),
            survived: number("not_noticed"),
            equivalent: number("change_nothing"),
            refused: number("refused"),
            not_tried: 0,
        };
        found.insert(text("file"), Entry { policy: text("policy"), score, digest: text("digest") });
    }
    found
}

fn written(record: &BTreeMap<String, Entry>) -> String {
    let mut out = String::from(
        "# What the cases of each policy are worth: how many changes of it they notice (docs/mutants.md). Written by\n\
         # `.ci/score --update`; a test fails where a policy, what it uses or is used by, or one of their cases has changed since.\n",
    );
    for (file, Entry { policy, score, digest }) in record {
        let Score { killed, survived, equivalent, refused, not_tried: _ } = score;
        let _ = write!(
            out,
            "\n[[policy]]\nfile           = \"{file}\"\npolicy         = \"{policy}\"\nnoticed        = {killed}\n\
             not_noticed    = {survived}\nchange_nothing = {equivalent}\nrefused        = {refused}\ndigest         = \"{digest}\"\n"
        );
    }
    out
}

fn sum(record: &BTreeMap<String, Entry>) -> Score {
    record.values().fold(Score::default(), |all, it| Score {
        killed: all.killed + it.score.killed,
        survived: all.survived + it.score.survived,
        equivalent: all.equivalent + it.score.equivalent,
        refused: all.refused + it.score.refused,
        not_tried: 0,
    })
}

fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The line of the README.
fn line(record: &BTreeMap<String, Entry>) -> String {
    let score = sum(record);
    format!(
        "The library's own score: **{} %**. Its cases notice {} of {} changes of its {} policies; {} more change nothing for any customer, \
         and {} are refused by the checker. [By policy](docs/mutants.md#the-score-of-the-library).",
        score.percent().unwrap(),
        grouped(score.killed),
        grouped(score.counted()),
        record.len(),
        grouped(score.equivalent),
        grouped(score.refused),
    )
}

/// The table of docs/mutants.md.
fn table(record: &BTreeMap<String, Entry>) -> String {
    let mut out = String::from(
        "| policy | noticed | not noticed | change nothing | refused | score |\n|---|---:|---:|---:|---:|---:|\n",
    );
    let mut row = |name: &str, score: &Score| {
        let Score { killed, survived, equivalent, refused, not_tried: _ } = score;
        let percent = score.percent().unwrap();
        let _ = writeln!(
            out,
            "| {name} | {} | {survived} | {equivalent} | {} | {percent} % |",
            grouped(*killed),
            grouped(*refused)
        );
    };
    for Entry { policy, score, .. } in record.values() {
        row(&format!("`{policy}`"), score);
    }
    row("**all**", &sum(record));
    out
}

/// Puts new text between a line that begins so and the next empty line, or checks that it stands there.
fn told_in(file: &str, begins: &str, text: &str, writes: bool) {
    let path = root().join(file);
    let document = std::fs::read_to_string(&path).unwrap();
    let from =
        document.find(begins).unwrap_or_else(|| panic!("{file} has no line that begins with {begins:?}"));
    let to = document[from..].find("\n\n").map_or(document.len(), |at| from + at);
    if writes {
        std::fs::write(&path, format!("{}{}{}", &document[..from], text.trim_end(), &document[to..]))
            .unwrap();
    } else {
        assert_eq!(
            &document[from..to],
            text.trim_end(),
            "{file} tells another score than rules/mutants.toml: {REFRESH}"
        );
    }
}

/// What `gradus mutants --format json` has counted of all policies.
fn counted(path: &str) -> BTreeMap<String, (String, Score)> {
    let text = std::fs::read_to_string(path).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let of_policy = |policy: &serde_json::Value| {
        let number = |key: &str| usize::try_from(policy[key].as_u64().unwrap()).unwrap();
        let text = |key: &str| policy[key].as_str().unwrap().to_owned();
        let score = Score {
            killed: number("killed"),
            survived: number("survived"),
            equivalent: number("equivalent"),
            refused: number("refused"),
            not_tried: number("not_tried"),
        };
        assert_eq!(score.not_tried, 0, "the time ran out");
        (text("file"), (format!("{} {}", text("policy"), text("version")), score))
    };
    document["policies"].as_array().unwrap().iter().map(of_policy).collect()
}

#[test]
fn library_score_is_recorded_and_told() {
    let library = Library::read();
    let mut record = record();
    let writes = std::env::var_os("GRADUS_SCORE_WRITES").is_some();
    if let Ok(path) = std::env::var("GRADUS_SCORE") {
        let with_digest = |(file, (policy, score)): (String, (String, Score))| {
            let digest = library.digests[&file].clone();
            (file, Entry { policy, score, digest })
        };
        let found: BTreeMap<String, Entry> = counted(&path).into_iter().map(with_digest).collect();
        if writes {
            record = found;
            std::fs::write(root().join("rules/mutants.toml"), written(&record)).unwrap();
        } else {
            let apart: Vec<&String> =
                found.keys().filter(|file| found.get(*file) != record.get(*file)).collect();
            assert!(
                apart.is_empty(),
                "{apart:?} come to another score than rules/mutants.toml says: {REFRESH}"
            );
        }
    }
    let is_old = |file: &String| record.get(file).is_none_or(|entry| entry.digest != library.digests[file]);
    let old: Vec<&String> = library.digests.keys().filter(|file| is_old(file)).collect();
    assert!(old.is_empty(), "the score of {old:?} rests on texts that have changed since: {REFRESH}");
    let gone: Vec<&String> = record.keys().filter(|file| !library.digests.contains_key(*file)).collect();
    assert!(gone.is_empty(), "{gone:?} have a score and are no policies: {REFRESH}");
    told_in("README.md", "The library's own score:", &line(&record), writes);
    told_in("docs/mutants.md", "| policy | noticed | not noticed |", &table(&record), writes);
    assert!(sum(&record).reaches(LEAST.0), "{:?}", sum(&record));
    let weak: Vec<&Entry> = record.values().filter(|entry| !entry.score.reaches(LEAST.1)).collect();
    assert!(weak.is_empty(), "{weak:#?}");
}

/// The smallest policies are counted anew in every run: a change of what is tried, or of what counts as noticed, is seen.
#[test]
fn library_score_of_small_policies_is_what_they_come_to() {
    let library = Library::read();
    let record = record();
    let mut small: Vec<&String> = library.alone.iter().filter(|file| record.contains_key(*file)).collect();
    small.sort_by_key(|file| record[*file].score.counted());
    assert!(small.len() >= COUNTED_ANEW, "rules/mutants.toml records too little: {REFRESH}");
    for file in small.into_iter().take(COUNTED_ANEW) {
        let (suite, sources) = open(vec![PathBuf::from(file)]);
        assert_eq!(scores(&suite, &sources)[file], record[file].score, "{file}: {REFRESH}");
    }
}
