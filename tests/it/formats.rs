//! What build servers and code hosts take: what every SARIF log and JUnit document of the stories must hold.

use serde_json::Value as Json;

use crate::corpus::{files, folder};

/// What stands on stdout in the snapshots of stories that ask for a format.
fn printed(format: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in files(&folder("cli"), ".snap") {
        let text = std::fs::read_to_string(&path).unwrap();
        // Of a story of several commands the first is looked at.
        let first = text.lines().find(|line| line.contains("gradus "));
        let asked = first.is_some_and(|line| line.contains(&format!("--format {format}")));
        if let (true, Some((_, rest))) = (asked, text.split_once("\nSTDOUT\n")) {
            let end =
                ["\nSTDERR\n", "\nFILE ", "\nEXIT "].iter().filter_map(|end| rest.find(end)).min().unwrap();
            found.push((path.display().to_string(), rest[..end].to_owned()));
        }
    }
    assert!(found.len() > 2, "no story asks for {format}");
    found
}

/// What an object of the SARIF schema may hold, and what it must; the schema allows nothing else.
const SARIF: &[(&str, &[&str], &[&str])] = &[
    ("log", &["version", "runs"], &["$schema"]),
    ("run", &["tool"], &["columnKind", "results"]),
    ("tool", &["driver"], &[]),
    ("driver", &["name"], &["semanticVersion", "language", "rules"]),
    ("rule", &["id"], &["name", "help", "defaultConfiguration"]),
    ("configuration", &[], &["level"]),
    ("message", &["text"], &[]),
    ("result", &["message"], &["ruleId", "ruleIndex", "level", "locations", "relatedLocations", "fixes"]),
    ("location", &[], &["physicalLocation", "message"]),
    ("physicalLocation", &["artifactLocation"], &["region"]),
    ("artifactLocation", &["uri"], &[]),
    ("region", &["startLine"], &["startColumn", "endLine", "endColumn", "byteOffset", "byteLength"]),
    ("fix", &["artifactChanges"], &["description"]),
    ("change", &["artifactLocation", "replacements"], &[]),
    ("replacement", &["deletedRegion"], &["insertedContent"]),
];

fn hold<'j>(json: &'j Json, kind: &str) -> &'j serde_json::Map<String, Json> {
    let (_, must, may) = SARIF.iter().find(|(name, ..)| *name == kind).unwrap();
    let object = json.as_object().unwrap_or_else(|| panic!("{kind}: {json}"));
    for key in *must {
        assert!(object.contains_key(*key), "{kind} lacks `{key}`: {json}");
    }
    for key in object.keys() {
        assert!(must.contains(&key.as_str()) || may.contains(&key.as_str()), "{kind} may not have `{key}`");
    }
    object
}

fn list<'j>(object: &'j serde_json::Map<String, Json>, key: &str) -> &'j [Json] {
    object.get(key).map_or(&[], |list| list.as_array().unwrap())
}

fn hold_text(json: &Json) {
    assert!(!hold(json, "message")["text"].as_str().unwrap().is_empty());
}

fn hold_artifact(json: &Json) {
    let uri = hold(json, "artifactLocation")["uri"].as_str().unwrap();
    assert!(uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte)), "{uri}");
}

fn hold_region(json: &Json) {
    let region = hold(json, "region");
    let number = |key: &str| region[key].as_u64().unwrap();
    assert!(number("startLine") >= 1 && number("startColumn") >= 1);
    let (from, to) = ((number("startLine"), number("startColumn")), (number("endLine"), number("endColumn")));
    assert!(from <= to, "{json}");
}

fn hold_location(json: &Json) {
    let location = hold(json, "location");
    let place = hold(&location["physicalLocation"], "physicalLocation");
    hold_artifact(&place["artifactLocation"]);
    hold_region(&place["region"]);
    location.get("message").into_iter().for_each(hold_text);
}

#[test]
fn sarif_is_as_its_schema_wants_it() {
    for (name, text) in printed("sarif") {
        let json: Json = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let log = hold(&json, "log");
        assert_eq!(log["version"], "2.1.0");
        for run in list(log, "runs") {
            let run = hold(run, "run");
            let driver = hold(&hold(&run["tool"], "tool")["driver"], "driver");
            assert_eq!(driver["language"].as_str().unwrap().len(), 2);
            let rules: Vec<&str> = list(driver, "rules")
                .iter()
                .map(|rule| {
                    let rule = hold(rule, "rule");
                    hold_text(&rule["help"]);
                    hold(&rule["defaultConfiguration"], "configuration");
                    rule["id"].as_str().unwrap()
                })
                .collect();
            let mut unique = rules.clone();
            unique.sort_unstable();
            unique.dedup();
            assert_eq!(unique.len(), rules.len(), "{name}: a rule stands twice");
            for result in list(run, "results") {
                let result = hold(result, "result");
                hold_text(&result["message"]);
                let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
                assert_eq!(rules[index], result["ruleId"]);
                assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
                list(result, "locations")
                    .iter()
                    .chain(list(result, "relatedLocations"))
                    .for_each(hold_location);
                for fix in list(result, "fixes") {
                    let changes = list(hold(fix, "fix"), "artifactChanges");
                    assert!(!changes.is_empty());
                    for change in changes {
                        let change = hold(change, "change");
                        hold_artifact(&change["artifactLocation"]);
                        for replacement in list(change, "replacements") {
                            hold_region(&hold(replacement, "replacement")["deletedRegion"]);
                        }
                    }
                }
            }
        }
    }
}

/// Build servers read the counts of the document, not its elements.
#[test]
fn junit_counts_what_it_holds() {
    for (name, text) in printed("junit") {
        let root = text.lines().find(|line| line.starts_with("<testsuites")).unwrap();
        let count = |key: &str| -> usize {
            root.split(&format!("{key}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
        };
        assert_eq!(count("tests"), text.matches("<testcase ").count(), "{name}");
        assert_eq!(count("failures"), text.matches("<failure ").count(), "{name}");
        assert_eq!(count("errors"), text.matches("<error ").count(), "{name}");
        assert!(!text.contains("timestamp="), "{name}: a clock is in it");
    }
}
