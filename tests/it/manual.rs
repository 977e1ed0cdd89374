//! The manual is executed: every `gradus` block of `docs/language/` and of `docs/needs.md` is a policy that checks and passes its cases.
//!
//! A block stands alone in a folder of its own, as `policy.gradus` unless its fence names a file. What follows it up to the next
//! policy belongs to the same folder: files (```` ```csv customers.csv ````) and what a command prints there
//! (```` ```console ````, first line `$ gradus …`). A block ```` ```gradus error E401 ```` shows a mistake: it is told
//! of this code, and of no other.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use gradus::base::{Lang, SourceMap};
use gradus::diag::Diagnostic;
use gradus::diag::render::{Colour, full};
use gradus::engine::{Built, build};
use gradus::eval::run_case;
use gradus::script::Host;
use gradus::store::{Disk, Roots, Settings, load};

use crate::corpus::{files, root};
use crate::readme::{matches, printed_in};

/// A fenced block of a page.
struct Block {
    /// The words behind the fence: `gradus`, `gradus error E401`, `csv customers.csv`.
    info: Vec<String>,
    /// The line on which its text begins.
    line: usize,
    text: String,
}

/// The fenced blocks of a page, in order.
fn blocks(page: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open = false;
    for (number, line) in page.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(info) => {
                open = true;
                let info = info.split_whitespace().map(str::to_owned).collect();
                found.push(Block { info, line: number + 2, text: String::new() });
            }
            None if open => {
                let block = found.last_mut().unwrap();
                block.text.push_str(line);
                block.text.push('\n');
            }
            None => {}
        }
    }
    found
}

fn pages() -> Vec<PathBuf> {
    let mut pages = files(&root().join("docs/language"), ".md");
    pages.push(root().join("docs/needs.md"));
    pages
}

/// What is wrong with one policy, and with its cases.
fn trial(policy: &Path) -> (Vec<Diagnostic>, String) {
    let settings = Settings::default();
    let mut sources = SourceMap::new();
    let roots = Roots::new(&Disk, &settings, &[policy.to_owned()]);
    let folder = load(&Disk, &roots, &settings, &mut sources);
    let place =
        folder.files.iter().position(|file| file.path.ends_with(policy.file_name().unwrap())).unwrap();
    let Built { plan, calendars, mut diagnostics, .. } = build(&folder, place, &sources);
    diagnostics.extend(folder.diagnostics.iter().cloned());
    if let Some(plan) = &plan {
        diagnostics.extend(gradus::script::check(&plan.scripts));
    }
    let mut told = full(&diagnostics, &sources, Lang::En, Colour::Without);
    if let Some(plan) = plan {
        let scripts = Host::new(&plan.scripts, &plan.schema.enums);
        let own = plan.policies.len() - 1;
        for case in plan.cases.iter().filter(|case| case.policy == own) {
            let result = run_case(&plan, case, &calendars, Some(&scripts));
            if !result.passed() {
                writeln!(told, "case {:?}: {:?} {:?}", case.name, result.errors, result.outcomes).unwrap();
            }
        }
    }
    (diagnostics, told)
}

#[test]
fn a_snippet_of_every_construct_holds_in_both_languages() {
    for language in ["en", "zh"] {
        let policy = root().join(format!("examples/tour/constructs.{language}.gradus"));
        let (diagnostics, told) = trial(&policy);
        assert!(diagnostics.is_empty() && told.is_empty(), "{told}");
    }
}

#[test]
fn every_block_of_the_manual_holds() {
    let pages = pages();
    let wrong = crate::corpus::on_all_hands(&pages, |page| trial_of_page(page));
    assert!(wrong.is_empty(), "{wrong}");
}

/// Sixty shapes in the order of their numbers, each with one policy that has a case, and none with a script.
#[test]
fn every_rule_shape_is_said_in_the_language() {
    let text = fs::read_to_string(root().join("docs/language/rule-shapes.md")).unwrap();
    let shapes: Vec<&str> = text.split("\n## ").skip(1).collect();
    for (number, shape) in shapes.iter().enumerate() {
        assert!(shape.starts_with(&format!("{}. ", number + 1)), "shape {} is not in its place", number + 1);
        // Customers and what a command prints of them may follow where a trap is one of several customers.
        let of_policy = |block: &Block| block.info.first().is_some_and(|word| word == "gradus");
        let policies: Vec<Block> = blocks(shape).into_iter().filter(of_policy).collect();
        assert_eq!(policies.len(), 1, "shape {} has one policy", number + 1);
        assert_eq!(policies[0].info, ["gradus"]);
        assert!(policies[0].text.contains("\ncase \""), "shape {} has a case", number + 1);
        assert!(!policies[0].text.contains("script"), "shape {} needs no script", number + 1);
        assert!(
            shape.contains("*Trap:*") && shape.contains("*陷阱：*"),
            "shape {} tells its trap",
            number + 1
        );
    }
    assert_eq!(shapes.len(), 60);
}

/// What is wrong with the blocks of a page.
fn trial_of_page(page: &Path) -> String {
    let mut wrong = String::new();
    let text = fs::read_to_string(page).unwrap();
    let mut folder: Option<tempfile::TempDir> = None;
    for block in blocks(&text) {
        let place = format!("{}:{}", page.strip_prefix(root()).unwrap().display(), block.line);
        let info: Vec<&str> = block.info.iter().map(String::as_str).collect();
        match info.as_slice() {
            ["gradus", rest @ ..] => {
                let own = tempfile::tempdir().unwrap();
                let codes: BTreeSet<String> = match rest {
                    ["error", codes @ ..] => codes.iter().map(|code| (*code).to_owned()).collect(),
                    [] | [_] => BTreeSet::new(),
                    _ => panic!("{place}: `{}` is no fence of the manual", info.join(" ")),
                };
                let file = match rest {
                    [file] if *file != "error" => (*file).to_owned(),
                    _ => "policy.gradus".to_owned(),
                };
                let policy = own.path().join(file);
                fs::write(&policy, &block.text).unwrap();
                waiting(&text, &block, own.path());
                let (diagnostics, told) = trial(&policy);
                let found: BTreeSet<String> = diagnostics.iter().map(|it| it.code.to_owned()).collect();
                let sound = if codes.is_empty() { told.is_empty() } else { found == codes };
                if !sound {
                    writeln!(wrong, "{place}: expected {codes:?}\n{told}").unwrap();
                }
                folder = Some(own);
            }
            ["console"] => {
                let home = folder.as_ref().unwrap_or_else(|| panic!("{place}: no policy before it"));
                let (command, shown) = block.text.split_once('\n').unwrap();
                let arguments = command
                    .strip_prefix("$ gradus ")
                    .unwrap_or_else(|| panic!("{place}: the first line is `$ gradus …`"));
                let printed = printed_in(arguments, home.path());
                let shown: Vec<&str> = shown.lines().collect();
                let real: Vec<&str> = printed.trim_end().lines().collect();
                if !matches(&shown, &real) {
                    writeln!(wrong, "{place}: `{command}` prints\n\n{printed}").unwrap();
                }
            }
            _ => {}
        }
    }
    wrong
}

/// Files that stand behind a policy are there before it is read: its tables outside, its facts.
fn waiting(page: &str, policy: &Block, home: &Path) {
    let behind = blocks(page).into_iter().filter(|block| block.line > policy.line);
    for block in behind.take_while(|block| block.info.first().is_none_or(|word| word != "gradus")) {
        if let [_, file] = block.info.as_slice() {
            fs::write(home.join(file), &block.text).unwrap();
        }
    }
}
