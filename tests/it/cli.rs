//! The command as people run it: a case is a file that says what is typed, where, and how it ends.
//!
//! ```toml
//! args  = ["check", "a.gradus"]
//! exit  = 1
//! env   = { GRADUS_LANG = "zh" }       # else none but LANG=C
//! stdin = "…"
//! root  = true                         # run in the root of the package; else in a folder of its own
//! project = "small"                    # begin with a copy of tests/corpus/projects/small
//! files = { "a.gradus" = "…" }         # what stands in that folder besides
//! shows = ["out.csv"]                  # files whose contents are part of the snapshot
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::corpus::{each, files, folder, root, snapshot};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    args: Vec<String>,
    exit: i32,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    stdin: String,
    #[serde(default)]
    root: bool,
    project: Option<String>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    shows: Vec<String>,
}

/// Runs `gradus` and gives exit code, stdout, stderr.
fn gradus(case: &Case, folder: &Path) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(&case.args)
        .current_dir(folder)
        .env_clear()
        .env("LANG", "C")
        .env("TZ", "UTC")
        .envs(&case.env)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads no standard input may have ended by now.
    let _ = child.stdin.take().unwrap().write_all(case.stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// What a policy's digest is, tests of the plan hold; here it would only change with each of them.
fn without_digests(text: &str) -> String {
    let mut pieces = text.split("sha256:");
    let mut plain = pieces.next().unwrap().to_owned();
    for piece in pieces {
        plain.push_str("sha256:#");
        plain.push_str(piece.trim_start_matches(|ch: char| ch.is_ascii_hexdigit()));
    }
    plain
}

fn hold(path: &Path) {
    let written = std::fs::read_to_string(path).unwrap();
    let case: Case = toml::from_str(&written).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let own = tempfile::tempdir().unwrap();
    let put = |name: &Path, bytes: &[u8]| {
        let file = own.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    };
    if let Some(project) = &case.project {
        let project = folder("projects").join(project);
        for path in files(&project, "") {
            put(path.strip_prefix(&project).unwrap(), &std::fs::read(&path).unwrap());
        }
    }
    for (name, text) in &case.files {
        put(Path::new(name), text.as_bytes());
    }
    let place = if case.root { root() } else { own.path().to_owned() };
    let (exit, stdout, stderr) = gradus(&case, &place);
    let mut shown = String::new();
    for (name, value) in &case.env {
        write!(shown, "{name}={value} ").unwrap();
    }
    writeln!(shown, "gradus {}", case.args.join(" ")).unwrap();
    for (head, text) in [("STDOUT", &stdout), ("STDERR", &stderr)] {
        if !text.is_empty() {
            writeln!(shown, "\n{head}\n{}", text.trim_end()).unwrap();
        }
    }
    for name in &case.shows {
        let text = std::fs::read_to_string(place.join(name)).unwrap_or_else(|error| format!("({error})"));
        writeln!(shown, "\nFILE {name}\n{}", text.trim_end()).unwrap();
    }
    writeln!(shown, "\nEXIT {exit}").unwrap();
    let shown = without_digests(&shown);
    assert_eq!(exit, case.exit, "{}\n{shown}", path.display());
    snapshot(path, &shown);
}

#[test]
fn commands_say_what_they_are_to_say() {
    each("cli", ".toml", hold);
}

/// The page of exit codes names them all, and cases end with each that a case can bring about.
#[test]
fn the_page_of_exit_codes_is_whole() {
    use gradus::cli::Exit;
    let page = std::fs::read_to_string(root().join("docs/exit-codes.md")).unwrap();
    for exit in [Exit::Done, Exit::Found, Exit::Failed, Exit::Inconclusive, Exit::Interrupted] {
        assert!(
            page.contains(&format!("| **{}** |", exit.code())),
            "docs/exit-codes.md lacks {}",
            exit.code()
        );
    }
}
