//! What a policy means: names, types, units, and what is said of mistakes in them.

use gradus::base::Str;
use gradus::check::{Checked, Source, check};
use gradus::syntax::{ast, parse};

use crate::corpus::{Case, Outcome, run};

/// A case may hold several policies, used ones first: each `policy` begins the file of the next.
pub fn files(tree: ast::File) -> Vec<ast::File> {
    let (span, chinese) = (tree.span, tree.chinese);
    let mut files: Vec<ast::File> = Vec::new();
    for item in tree.items {
        if files.is_empty() || matches!(item.kind, ast::ItemKind::Policy(_)) {
            files.push(ast::File {
                items: Vec::new(),
                lost: tree.lost.clone(),
                mended: tree.mended.clone(),
                span,
                chinese,
            });
        }
        files.last_mut().unwrap().items.push(item);
    }
    files
}

/// The only script that a case has beside it.
fn script(name: &str) -> Option<Str> {
    (name == "seasonality.rhai").then(|| Str::from("fn seasonal(sales) { sales[11] / sales[0] }"))
}

fn stage(case: &mut Case) -> Outcome {
    let parsed = parse(case.file, &case.text);
    let one = case.text.contains("# one file");
    let files = if one { vec![parsed.file] } else { files(parsed.file) };
    let sources: Vec<Source<'_>> =
        files.iter().map(|file| Source { file, scripts: &script, references: &|_| None }).collect();
    let Checked { diagnostics, .. } = check(&sources);
    Outcome {
        diagnostics: parsed.diagnostics.into_iter().chain(diagnostics).collect(),
        output: String::new(),
    }
}

#[test]
fn sound_policies_have_nothing_said_of_them() {
    run("check/ok", stage);
}

#[test]
fn mistakes_are_told_with_their_place_and_reason() {
    run("check/err", stage);
}

/// Policies as people write them who come from Excel and Word, several mistakes a file.
#[test]
fn habits_of_offices_are_told_how_the_language_has_them() {
    run("habits/err", stage);
    let count = crate::corpus::files(&crate::corpus::folder("habits/err"), ".gradus").len();
    assert!(count >= 120, "{count} policies");
}

/// Whether the checker finds what a page speaks of in one text.
pub(crate) fn holds_page(code: &str) -> bool {
    // E505 is told of a command, E506 of a folder, E705 to E709 of case files.
    let areas = ["E142", "E143", "E15", "E2", "E3", "W3", "E50", "E70"];
    let of_others = ["E505", "E506", "E705", "E706", "E707", "E709"];
    areas.iter().any(|area| code.starts_with(area)) && !of_others.contains(&code)
}

/// The first block of a page shows its mistake, the second its repair; so do those of its Chinese half, where that has its own.
#[test]
fn pages_show_what_they_speak_of() {
    let mut untrue = Vec::new();
    for path in crate::corpus::files(&crate::corpus::root().join("docs/diagnostics"), ".md") {
        let code = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !holds_page(&code) {
            continue;
        }
        let codes = |text: &str| -> Vec<&'static str> {
            let parsed = parse(gradus::base::FileId(0), text);
            let files = files(parsed.file);
            let sources: Vec<Source<'_>> =
                files.iter().map(|file| Source { file, scripts: &script, references: &|_| None }).collect();
            let checked = check(&sources);
            parsed.diagnostics.iter().chain(&checked.diagnostics).map(|diagnostic| diagnostic.code).collect()
        };
        for (lang, [wrong, right]) in crate::pages::examples(&code) {
            let (told, left) = (codes(&wrong), codes(&right));
            if told != [code.as_str()] {
                untrue.push(format!("{code} {lang:?}: the wrong block is told of {told:?}"));
            }
            if !left.is_empty() {
                untrue.push(format!("{code} {lang:?}: the repair still has {left:?}"));
            }
        }
    }
    assert!(untrue.is_empty(), "{untrue:#?}");
}

fn codes_of(text: &str) -> Vec<&'static str> {
    let parsed = parse(gradus::base::FileId(0), text);
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics.first());
    let sources = [Source { file: &parsed.file, scripts: &script, references: &|_| None }];
    check(&sources).diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

const HEADER: &str =
    "policy sample { version \"2026.1\"; currency CNY; rounding half_up }\nfacts { base number }\n";

/// Values that are written last one first are checked first one first: no chain is too long for the stack.
#[test]
fn a_long_chain_of_values_is_no_deep_one() {
    let mut text = HEADER.to_owned();
    for place in (1..=3000).rev() {
        text.push_str(&format!("let v{place} = v{} + 1\n", place - 1));
    }
    text.push_str("let v0 = base\n");
    assert!(codes_of(&text).is_empty());
}

/// A circle of any length is drawn once, or said to be too long, and ends.
#[test]
fn a_long_circle_ends() {
    for length in [2, 50, 3000] {
        let mut text = HEADER.to_owned();
        for place in 0..length {
            text.push_str(&format!("let v{place} = v{} + 1\n", (place + 1) % length));
        }
        assert_eq!(codes_of(&text), ["E207"], "{length} values");
    }
}

/// Whatever word (here: each sixty-first) is taken out of a sound policy or put in twice: the check ends, and what it could not make sense of was told.
#[test]
fn nothing_is_dropped_in_silence() {
    for name in ["whole", "items", "units", "chinese"] {
        let path = crate::corpus::folder("check/ok").join(format!("{name}.gradus"));
        let text = std::fs::read_to_string(path).unwrap();
        let words: Vec<(usize, &str)> = text
            .split_whitespace()
            .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
            .collect();
        for (at, word) in words.iter().step_by(61) {
            let without = format!("{}{}", &text[..*at], &text[at + word.len()..]);
            let twice = format!("{}{word} {}", &text[..*at], &text[*at..]);
            for changed in [without, twice] {
                let parsed = parse(gradus::base::FileId(0), &changed);
                let told = parsed.diagnostics.len();
                let files = files(parsed.file);
                let sources: Vec<Source<'_>> = files
                    .iter()
                    .map(|file| Source { file, scripts: &script, references: &|_| None })
                    .collect();
                let checked = check(&sources);
                let unclear = format!("{:?}", checked.program).contains("kind: Error");
                let told = told > 0 || checked.diagnostics.iter().any(gradus::diag::Diagnostic::is_error);
                assert!(told || !unclear, "{name}: nothing is said of `{word}` at {at}\n{changed}");
            }
        }
    }
}
