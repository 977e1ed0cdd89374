//! What earlier runs recorded of the book: its customers are decided as their files stood then, and what came of it is kept with the
//! facts it rested on, so that `why --last` can say which of them has moved a result since.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value as Json};

/// Runs the command with arguments in the folder of the repository, and gives what it writes.
pub type Run<'r> = &'r dyn Fn(&[String]) -> String;

/// A run on a day that is past.
pub struct Past {
    /// The day, ISO.
    pub day: &'static str,
    /// The policy; its version in force on the day decides.
    pub policy: &'static str,
    /// The decisions whose outputs are kept; the policy's only one where none is named.
    pub decisions: &'static [&'static str],
    /// The file of customers as it stood.
    pub customers: Vec<u8>,
    /// The lists as they stood, by their facts.
    pub lists: Vec<(&'static str, Vec<u8>)>,
    /// What the run before it had recorded.
    pub before: String,
}

impl Past {
    /// What was recorded of each customer: what was decided, since when it stands, the facts that were read.
    pub fn records(&self, run: Run<'_>) -> BTreeMap<String, Map<String, Json>> {
        let folder = tempfile::tempdir().expect("a folder for the files of then");
        let put = |name: &str, bytes: &[u8]| -> String {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).expect("a file of then can be written");
            path.display().to_string()
        };
        let customers = put("customers.csv", &self.customers);
        let mut words: Vec<String> = ["decide", &customers, "--policy", self.policy, "--as-of", self.day]
            .into_iter()
            .chain(["--format", "jsonl", "--with-facts", "--max-rejects", "1000", "-q"])
            .map(String::from)
            .collect();
        for (place, (fact, bytes)) in self.lists.iter().enumerate() {
            let path = put(&format!("list{place}.csv"), bytes);
            words.extend([String::from("--list"), format!("{fact}={path}")]);
        }
        words.extend([String::from("--last"), put("before.jsonl", self.before.as_bytes())]);
        let mut found: BTreeMap<String, Map<String, Json>> = BTreeMap::new();
        let decisions: Vec<Option<&str>> = match self.decisions {
            [] => vec![None],
            named => named.iter().copied().map(Some).collect(),
        };
        for decision in decisions {
            let of = decision.into_iter().flat_map(|name| [String::from("--decision"), name.to_owned()]);
            for line in run(&words.iter().cloned().chain(of).collect::<Vec<_>>()).lines() {
                let Ok(Json::Object(mut line)) = serde_json::from_str::<Json>(line) else { continue };
                let id = line.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
                let record = found.entry(id).or_default();
                for part in ["policy", "version"] {
                    record.insert(part.to_owned(), line.remove(part).unwrap_or_default());
                }
                for part in ["values", "since", "last", "facts"] {
                    let into = record.entry(part).or_insert_with(|| Json::Object(Map::new()));
                    if let (Json::Object(into), Some(Json::Object(own))) = (into, line.remove(part)) {
                        into.extend(own);
                    }
                }
            }
        }
        found
    }
}

/// A line of a file of records: what was decided on a day, and under `last` what has been carried out up to now.
pub fn line(id: &str, as_of: &str, record: &Map<String, Json>, done: Map<String, Json>) -> String {
    let mut line = Map::new();
    line.insert("id".to_owned(), id.into());
    line.insert("as_of".to_owned(), as_of.into());
    for part in ["policy", "version", "values", "since"] {
        line.extend(record.get(part).map(|own| (part.to_owned(), own.clone())));
    }
    let mut last = record.get("last").and_then(Json::as_object).cloned().unwrap_or_default();
    last.extend(done);
    line.insert("last".to_owned(), Json::Object(last));
    line.extend(record.get("facts").map(|facts| ("facts".to_owned(), facts.clone())));
    format!("{}\n", Json::Object(line))
}

/// The rows of a table that were there on a day: those whose day in a column is not after it, or is not told.
pub fn until(table: &[u8], heading: &str, day: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(table);
    let mut lines = text.lines();
    let head = lines.next().unwrap_or_default();
    let place = head.split(',').position(|known| known == heading);
    let there = |line: &&str| {
        let own = place.and_then(|place| line.split(',').nth(place)).unwrap_or_default();
        own <= day
    };
    let kept = std::iter::once(head).chain(lines.filter(there));
    kept.map(|line| format!("{line}\n")).collect::<String>().into_bytes()
}

/// The command that this repository builds, run in its folder.
pub fn with(command: &Path, words: &[String]) -> String {
    let output = std::process::Command::new(command)
        .args(words)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("GRADUS_AS_OF")
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
