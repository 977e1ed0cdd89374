//! What build servers and code hosts take: what every SARIF log and JUnit document of the stories must hold.

use serde_json::Value as Json;

use crate::corpus::{files, folder};

/// What stands on stdout in the snapshots of stories that ask for a format.
fn printed(format: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in files(&folder("cli"), ".snap") {
        let text = std::fs::read_to_string(&path).unwrap();
        // A story may have several commands, each with what it printed.
        let wanted = format!("--format {format}");
        let mut rest = text.as_str();
        while let Some(at) = rest.find(&wanted) {
            rest = &rest[at + wanted.len()..];
            let own = rest.split("\ngradus ").next().unwrap();
            if let Some((_, printed)) = own.split_once("\nSTDOUT\n") {
                let ends = ["\nSTDERR\n", "\nFILE ", "\nEXIT ", "\nCOMMAND"];
                let end = ends.iter().filter_map(|end| printed.find(end)).min().unwrap_or(printed.len());
                found.push((path.display().to_string(), printed[..end].to_owned()));
            }
        }
    }
    assert!(found.len() > 2, "no story asks for {format}");
    found
}

/// Every log that a story prints, of `check`, `lint` and `test`: by the schema of the standard, and the rule of each finding is the one
/// that it names.
#[test]
fn sarif_is_as_its_schema_wants_it() {
    let logs = printed("sarif");
    for command in ["check", "lint", "test"] {
        assert!(
            logs.iter().any(|(name, _)| name.contains(command)),
            "no story of `{command}` asks for sarif"
        );
    }
    for (name, text) in logs {
        let log: Json = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let wrong = crate::schema::sarif(&log);
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        for run in log["runs"].as_array().unwrap() {
            let rules = &run["tool"]["driver"]["rules"];
            for result in run["results"].as_array().unwrap() {
                let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
                assert_eq!(rules[index]["id"], result["ruleId"], "{name}");
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
