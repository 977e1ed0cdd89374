//! How commands end: one table, `tests/corpus/exits.toml`, holds what the page of exit codes says.

use std::collections::BTreeMap;

use gradus::cli::Exit;
use serde::Deserialize;

use crate::cli::gradus;
use crate::corpus::{files, folder, root};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    row: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    says: String,
    args: Vec<String>,
    exit: i32,
    #[serde(default)]
    before: Vec<Vec<String>>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// Ctrl-C is pressed once this was said on stderr.
    interrupt: Option<String>,
}

/// Runs a command until it says something, presses Ctrl-C, and tells how it ended.
#[cfg(unix)]
fn interrupted(args: &[String], said: &str, folder: &std::path::Path) -> Option<i32> {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};

    let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("LANG", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains(said)), "`{said}` was not said");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    // What is still said is read, so that nobody waits for a pipe that is full.
    lines.for_each(drop);
    child.wait().unwrap().code()
}

/// The text with one blank between words, so that a line of the table may run over two of the page.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn commands_end_as_the_page_says() {
    let page = plain(&std::fs::read_to_string(root().join("docs/exit-codes.md")).unwrap());
    for exit in [Exit::Done, Exit::Found, Exit::Failed, Exit::Inconclusive, Exit::Interrupted] {
        assert!(
            page.contains(&format!("| **{}** |", exit.code())),
            "docs/exit-codes.md lacks {}",
            exit.code()
        );
    }
    let table: Table = toml::from_str(&std::fs::read_to_string(folder("exits.toml")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for row in &table.row {
        assert!(page.contains(&plain(&row.says)), "docs/exit-codes.md does not say: {}", row.says);
        let own = tempfile::tempdir().unwrap();
        let put = |name: &std::path::Path, bytes: &[u8]| {
            let file = own.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, bytes).unwrap();
        };
        let project = folder("projects/kept");
        for path in files(&project, "") {
            put(path.strip_prefix(&project).unwrap(), &std::fs::read(&path).unwrap());
        }
        for args in &row.before {
            gradus(args, &BTreeMap::new(), "", own.path());
        }
        for (name, text) in &row.files {
            put(std::path::Path::new(name), text.as_bytes());
        }
        #[cfg(unix)]
        if let Some(said) = &row.interrupt {
            assert_eq!(interrupted(&row.args, said, own.path()), Some(row.exit), "{:?}", row.args);
            continue;
        }
        let (exit, stdout, stderr) = gradus(&row.args, &row.env, "", own.path());
        if exit != row.exit {
            wrong.push(format!("gradus {}: {exit}, not {}\n{stdout}{stderr}", row.args.join(" "), row.exit));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
