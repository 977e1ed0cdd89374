//! The real cargo-insta lists, accepts and rejects the snapshots of a project, and writes them as `gradus accept` does.
//!
//! It is looked for in `target/tools/bin`, where `.ci/run` installs it, and among the commands. Where it is missing the test says so;
//! where `CI` is set it fails.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::corpus::{files, folder, root};

fn tool() -> Option<PathBuf> {
    let own = root().join("target/tools/bin/cargo-insta");
    let known = [own, PathBuf::from("cargo-insta")];
    let found = known.into_iter().find(|tool| {
        Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success())
    });
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "cargo-insta is not installed; .ci/run installs it");
        eprintln!(
            "cargo-insta is not installed (cargo install cargo-insta --locked --root target/tools): not tried"
        );
    }
    found
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

/// A project beside a package that holds nothing, for cargo-insta wants one.
struct Stub {
    tool: PathBuf,
    own: tempfile::TempDir,
}

impl Stub {
    fn new(tool: &Path) -> Stub {
        let own = tempfile::tempdir().unwrap();
        let project = folder("projects/kept");
        for path in files(&project, "") {
            let file = own.path().join(path.strip_prefix(&project).unwrap());
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::copy(&path, file).unwrap();
        }
        let manifest = "[package]\nname = \"stub\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n";
        std::fs::write(own.path().join("Cargo.toml"), manifest).unwrap();
        std::fs::create_dir(own.path().join("src")).unwrap();
        std::fs::write(own.path().join("src/lib.rs"), "").unwrap();
        Stub { tool: tool.to_owned(), own }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.own.path().join(name)
    }

    fn gradus(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_gradus"))
            .args(args)
            .current_dir(self.own.path())
            .env("GRADUS_LANG", "en")
            .env_remove("CI")
            .output()
            .unwrap()
    }

    fn insta(&self, args: &[&str]) -> Output {
        let output = Command::new(&self.tool)
            .args(args)
            .arg("--manifest-path")
            .arg(self.path("Cargo.toml"))
            .current_dir(self.own.path())
            .env_remove("CI")
            .env("CARGO_NET_OFFLINE", "true")
            .output()
            .unwrap();
        assert!(output.status.success(), "{args:?}: {}", said(&output));
        output
    }

    /// The names of the snapshots that cargo-insta finds pending.
    fn pending(&self) -> Vec<String> {
        let listed = String::from_utf8(self.insta(&["pending-snapshots", "--as-json"]).stdout).unwrap();
        let mut names: Vec<String> = listed
            .lines()
            .map(|line| {
                let key: serde_json::Value = serde_json::from_str(line).unwrap();
                let path = PathBuf::from(key["path"].as_str().unwrap());
                path.file_name().unwrap().to_string_lossy().into_owned()
            })
            .collect();
        names.sort();
        names
    }

    fn snapshot(&self, customer: &str) -> PathBuf {
        self.path(&format!("snapshots/first.grant__customers@{customer}.snap"))
    }

    fn edit(&self, file: &str, was: &str, is: &str) {
        let path = self.path(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(was));
        std::fs::write(path, text.replacen(was, is, 1)).unwrap();
    }
}

#[test]
fn the_real_cargo_insta_lists_accepts_and_rejects_the_snapshots_of_a_project() {
    let Some(tool) = tool() else { return };
    let (own, other) = (Stub::new(&tool), Stub::new(&tool));
    // All are new: cargo-insta accepts them here, gradus there.
    for stub in [&own, &other] {
        assert_eq!(stub.gradus(&["test"]).status.code(), Some(1));
    }
    let all: Vec<String> =
        ["丙公司", "乙公司", "甲公司"].iter().map(|it| format!("first.grant__customers@{it}.snap")).collect();
    assert_eq!(own.pending(), all);
    own.insta(&["accept"]);
    let accepted = other.gradus(&["accept", "--all", "--by", "li na", "--reason", "first"]);
    assert!(accepted.status.success(), "{}", said(&accepted));
    for customer in ["甲公司", "乙公司", "丙公司"] {
        let read = |stub: &Stub| std::fs::read_to_string(stub.snapshot(customer)).unwrap();
        assert_eq!(read(&own), read(&other), "both write the same file");
    }
    assert!(own.pending().is_empty());
    let green = own.gradus(&["test"]);
    assert!(green.status.success(), "{}", said(&green));

    // An edit moves all three: one is accepted, one rejected, one waits.
    own.edit("rules/first.gradus", "weight 12", "weight 8");
    assert_eq!(own.gradus(&["test"]).status.code(), Some(1));
    assert_eq!(own.pending(), all);
    let before = std::fs::read_to_string(own.snapshot("乙公司")).unwrap();
    own.insta(&["accept", "--snapshot", &own.snapshot("甲公司").to_string_lossy()]);
    own.insta(&["reject", "--snapshot", &own.snapshot("乙公司").to_string_lossy()]);
    assert_eq!(own.pending(), ["first.grant__customers@丙公司.snap"]);
    assert_eq!(std::fs::read_to_string(own.snapshot("乙公司")).unwrap(), before);
    let mixed = own.gradus(&["test", "--update", "no"]);
    let told = said(&mixed);
    assert!(told.contains("snapshots: 1 as accepted, 2 differ"), "{told}");
    // What it accepted carries what was told of the change; it is compared all the same, and told of a later edit.
    own.edit("rules/first.gradus", "from 75", "from 70");
    let told = said(&own.gradus(&["test", "--update", "no"]));
    assert!(
        told.contains("甲公司: class B → A, limit 960,000.00 → 1,000,000.00, because class: A from 75 → 70"),
        "{told}"
    );
}
