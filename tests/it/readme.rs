//! The README shows real output: every `console` block is run, and every `gradus` block is checked.
//!
//! A block begins with `$ gradus …`; what follows is what the command prints, stdout before stderr. A line `…` stands for
//! any number of lines that are not shown, and `…` in a line for a part of it.

use std::path::Path;
use std::process::Command;

use crate::corpus::root;

/// The fenced blocks of a language, with the line on which each begins.
fn blocks(text: &str, language: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String, bool)> = None;
    for (number, line) in text.lines().enumerate() {
        match &mut open {
            Some((_, _, wanted)) if line.starts_with("```") => {
                let wanted = *wanted;
                if let (Some((at, block, _)), true) = (open.take(), wanted) {
                    found.push((at, block));
                }
            }
            Some((_, block, _)) => {
                block.push_str(line);
                block.push('\n');
            }
            None => {
                if let Some(info) = line.strip_prefix("```") {
                    open = Some((number + 2, String::new(), info.trim() == language));
                }
            }
        }
    }
    found
}

/// Whether what is shown is what was printed, with `…` for lines, and for parts of lines, that are left out.
pub fn matches(shown: &[&str], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((&"…", rest)) => (0..=printed.len()).any(|skipped| matches(rest, &printed[skipped..])),
        Some((line, rest)) => {
            printed.first().is_some_and(|first| line_matches(line.trim_end(), first.trim_end()))
                && matches(rest, &printed[1..])
        }
    }
}

fn line_matches(shown: &str, printed: &str) -> bool {
    let Some((head, rest)) = shown.split_once('…') else { return shown == printed };
    let Some(printed) = printed.strip_prefix(head) else { return false };
    let ends = std::iter::once(printed.len()).chain(printed.char_indices().map(|(at, _)| at));
    ends.into_iter().any(|at| line_matches(rest, &printed[at..]))
}

fn printed(arguments: &str) -> String {
    printed_in(arguments, &root())
}

/// What a command prints that is run in a folder.
pub fn printed_in(arguments: &str, folder: &Path) -> String {
    let arguments = shell_words(arguments);
    let output = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(&arguments)
        .current_dir(folder)
        .env_clear()
        .env("LANG", "C")
        .output()
        .unwrap();
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Words parted by blanks; single quotes hold words together.
fn shell_words(text: &str) -> Vec<String> {
    text.split('\'')
        .enumerate()
        .flat_map(|(place, part)| {
            if place % 2 == 1 {
                vec![part.to_owned()]
            } else {
                part.split_whitespace().map(str::to_owned).collect()
            }
        })
        .collect()
}

#[test]
fn every_output_is_real() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let consoles = blocks(&readme, "console");
    assert!(consoles.len() >= 3, "the README shows a decision, an explanation and an error message");
    for (line, block) in consoles {
        let (command, shown) = block.split_once('\n').unwrap();
        let arguments =
            command.strip_prefix("$ gradus ").unwrap_or_else(|| panic!("README.md:{line}: no command"));
        let printed = printed(arguments);
        let shown: Vec<&str> = shown.lines().collect();
        let real: Vec<&str> = printed.lines().collect();
        assert!(matches(&shown, &real), "README.md:{line}: `{command}` prints\n\n{printed}");
    }
}

#[test]
fn the_first_block_holds_two_commands() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let shells = blocks(&readme, "sh");
    let commands: Vec<&str> = shells[0].1.lines().collect();
    assert_eq!(commands.len(), 2, "one decides the example book, one passes the tests");
    assert!(commands[0].contains(" decide examples/book/"), "{}", commands[0]);
    assert!(commands[1].starts_with("cargo test"), "{}", commands[1]);
    let script = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(script.contains(commands[1]), ".ci/run runs `{}`", commands[1]);
}
