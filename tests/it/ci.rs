//! The files of `examples/ci` as users copy them: every `gradus` line in them is one that the command takes.

use std::fs;

use gradus::base::Lang;
use gradus::cli::args::command;

use crate::corpus::root;

/// The words of a line as a shell takes them apart; the files use no quotation marks with blanks in between.
fn words(line: &str) -> Vec<&str> {
    let end = line.find(" || ").or_else(|| line.find(" && ")).unwrap_or(line.len());
    line[..end].split_whitespace().collect()
}

#[test]
fn the_commands_of_the_workflows_are_taken() {
    let mut taken = 0;
    for file in [".github/workflows/gradus.yml", ".gitlab-ci.yml", "pre-commit"] {
        let text = fs::read_to_string(root().join("examples/ci").join(file)).unwrap();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim().trim_start_matches("- ").trim_start_matches("run: ");
            if line.starts_with("gradus ") {
                taken += 1;
                let parsed = command(Lang::En).try_get_matches_from(words(line));
                assert!(parsed.is_ok(), "{file}:{}: {line}\n{}", number + 1, parsed.unwrap_err());
            }
        }
    }
    assert!(taken > 8, "the files have few commands: {taken}");
}

/// A workflow with a tab or an odd indent is refused by the host only once it is there.
#[test]
fn the_workflows_are_indented_by_blanks_in_pairs() {
    for file in [".github/workflows/gradus.yml", ".gitlab-ci.yml"] {
        let text = fs::read_to_string(root().join("examples/ci").join(file)).unwrap();
        for (number, line) in text.lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            assert!(!line.contains('\t') && indent % 2 == 0, "{file}:{}: {line}", number + 1);
        }
    }
}
