//! Stories of pages, played: what is typed there is typed, what is edited is edited, and what is shown is what is printed.
//!
//! A block `shell-session` holds commands behind `$`, each with what it prints, stdout before stderr; a line `…` stands for any
//! number of lines, `…` in a line for any part of it. A block `diff` is an edit of a file: `@@ text` seeks the place of the next
//! lines, which go and come. A block `toml` that begins with `# gradus.toml` is added to the settings.

use std::path::Path;
use std::process::Command;

use gradus::store::{Disk, World as _};

use crate::approval::there;
use crate::corpus::{files, folder, root};
use crate::readme::matches;

enum Block {
    Typed(String),
    Edit(String),
    Added(String),
}

fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<(&str, String)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => match open.take() {
                Some(("shell-session", block)) => found.push(Block::Typed(block)),
                Some(("diff", block)) => found.push(Block::Edit(block)),
                Some(("toml", block)) if block.starts_with("# gradus.toml\n") => {
                    found.push(Block::Added(block))
                }
                _ => {}
            },
            (Some((_, block)), None) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, Some(info)) => open = Some((info, String::new())),
            (None, None) => {}
        }
    }
    found
}

/// A story in a folder of its own.
struct Story {
    own: tempfile::TempDir,
    /// What is another thing each time, as the page has it and as it is here: the day, a key, a number that follows from a digest.
    told: Vec<(String, String)>,
}

impl Story {
    /// In a folder that begins with copies of these, under the same names.
    fn of(from: &Path, names: &[&str]) -> Story {
        let own = tempfile::tempdir().unwrap();
        for name in names {
            let here = from.join(name);
            let found = if here.is_dir() { files(&here, "") } else { vec![here] };
            for path in found {
                let to = own.path().join(path.strip_prefix(from).unwrap());
                std::fs::create_dir_all(to.parent().unwrap()).unwrap();
                std::fs::copy(&path, to).unwrap();
            }
        }
        Story { own, told: Vec::new() }
    }

    fn play(mut self, page: &str, text: &str) {
        let blocks = blocks(text);
        let typed = blocks.iter().filter(|block| matches!(block, Block::Typed(_))).count();
        assert!(typed >= 2, "{page} tells a story");
        for block in blocks {
            match block {
                Block::Edit(edit) => self.edit(&edit),
                Block::Added(text) => self.add(&text),
                Block::Typed(block) => {
                    for command in format!("\n{block}").split("\n$ ").skip(1) {
                        let (typed, shown) = command.split_once('\n').unwrap_or((command, ""));
                        self.hold(page, typed, shown.trim_end());
                    }
                }
            }
        }
    }

    fn hold(&mut self, page: &str, typed: &str, shown: &str) {
        let mut printed = self.type_in(typed);
        // The number of a sheet that is signed follows from what the version means.
        let number = |text: &str| {
            let line = text.lines().find(|line| line.starts_with("check number"));
            line.and_then(|line| line.split_whitespace().last()).map(str::to_owned)
        };
        if let (Some(as_shown), Some(here)) = (number(shown), number(&printed)) {
            self.told.push((as_shown, here));
        }
        for (as_shown, here) in &self.told {
            printed = printed.replace(here, as_shown);
        }
        let (shown, real): (Vec<&str>, Vec<&str>) =
            (shown.lines().collect(), printed.trim_end().lines().collect());
        assert!(matches(&shown, &real), "{page}: `{typed}` prints\n\n{printed}");
    }

    fn type_in(&self, typed: &str) -> String {
        let typed =
            self.told.iter().fold(typed.to_owned(), |typed, (as_shown, here)| typed.replace(as_shown, here));
        let gradus = Path::new(env!("CARGO_BIN_EXE_gradus")).parent().unwrap();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path =
            std::env::join_paths(std::iter::once(gradus.to_owned()).chain(std::env::split_paths(&path)));
        let mut shell = Command::new("sh");
        shell.args(["-c", &typed]).current_dir(self.own.path());
        shell.env_clear().env("LANG", "C").env("HOME", self.own.path()).env("PATH", path.unwrap());
        let output = shell.output().unwrap();
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    /// `--- file`, then lines that go and lines that come.
    fn edit(&self, edit: &str) {
        let (head, lines) = edit.split_once('\n').unwrap();
        let path = self.own.path().join(head.strip_prefix("--- ").unwrap());
        let mut text = std::fs::read_to_string(&path).unwrap();
        for hunk in format!("\n{}", lines.trim_end()).split("\n@@").filter(|hunk| !hunk.trim().is_empty()) {
            let (sought, lines) = hunk.split_once('\n').unwrap();
            let of = |mark: char| {
                lines.lines().filter_map(|line| line.strip_prefix(mark)).collect::<Vec<_>>().join("\n")
            };
            let (goes, comes) = (of('-'), of('+'));
            let place = text.find(sought.trim()).unwrap_or_else(|| panic!("{head} holds `{sought}`"));
            let at = text[place..].find(&goes).unwrap_or_else(|| panic!("{head} holds `{goes}`"));
            text.replace_range(place + at..place + at + goes.len(), &comes);
        }
        std::fs::write(path, text).unwrap();
    }

    /// `# file`, then what is added to it. A key that is cut short is that of Wang, made in the story.
    fn add(&mut self, text: &str) {
        let name = text.lines().next().unwrap().strip_prefix("# ").unwrap();
        let path = self.own.path().join(name);
        let key = std::fs::read_to_string(self.own.path().join("wang.key.pub")).unwrap();
        let text = text.replace("ssh-ed25519 AAAA…", key.trim());
        let before = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, format!("{before}\n{text}")).unwrap();
    }
}

#[test]
fn the_story_of_the_page_is_real() {
    let text = std::fs::read_to_string(root().join("docs/snapshots.md")).unwrap();
    Story::of(&folder("projects/kept"), &["customers.csv", "invoices.csv", "gradus.toml", "rules"])
        .play("docs/snapshots.md", &text);
}

#[test]
fn the_story_of_the_readme_is_real() {
    if !there("ssh-keygen") {
        return;
    }
    let text = std::fs::read_to_string(root().join("README.md")).unwrap();
    let from = text.find("\n## From an edit to a signed version\n").expect("the story stands in the README");
    let story = text[from + 1..].split("\n## ").next().unwrap();
    let mut played = Story::of(
        &root(),
        &[
            "rules",
            "examples/book",
            "examples/groups",
            "examples/ladders",
            "gradus.toml",
            "gradus.lock",
            "released",
            "approvals.jsonl",
        ],
    );
    played.told.push((String::from("2026-11-13"), Disk.today().to_string()));
    played.play("README.md", story);
}
