//! The formatter: its laws over every policy of the repository, and what it makes of a few.

use gradus::base::{FileId, Lang};
use gradus::diag::Diagnostic;
use gradus::fmt::{format, format_literate};
use gradus::syntax::{literate, parse};
use proptest::prelude::*;

use crate::corpus::{self, Outcome, files, root};

/// Every text of the repository that the language is written in: corpora, library, examples, manual; the last by their blocks.
fn everything() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for folder in ["rules", "examples", "tests/corpus", "docs"] {
        for path in
            files(&root().join(folder), ".gradus").into_iter().chain(files(&root().join(folder), ".md"))
        {
            let name = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
            let ending = path.extension().and_then(|ending| ending.to_str());
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            match ending {
                Some("gradus") => texts.push((name, text)),
                Some("md") => {
                    let blocks = gradus::syntax::blocks(&text);
                    texts.extend(blocks.into_iter().enumerate().map(|(place, block)| {
                        (format!("{name}, block {}", place + 1), text.get(block).unwrap_or("").to_owned())
                    }));
                }
                _ => {}
            }
        }
    }
    assert!(texts.len() > 700, "the corpora are not where they were: {} texts", texts.len());
    texts
}

/// A text without most of its cases, of which some policies have hundreds that are written alike.
fn short(text: &str) -> &str {
    let cases = text.match_indices("\ncase ").chain(text.match_indices("\n案例 "));
    cases.map(|(place, _)| place).nth(12).and_then(|place| text.get(..place)).unwrap_or(text)
}

/// The text means the same, no comment is lost, formatting it again changes nothing: `format` itself holds this, and refuses
/// otherwise.
#[test]
fn every_text_keeps_the_laws() {
    let mut broken = Vec::new();
    for (name, text) in everything() {
        if let Err(law) = format(&text, None) {
            broken.push(format!("{name}: {law:?}"));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn chinese_to_english_and_back_is_the_same_text() {
    let mut broken = Vec::new();
    for (name, text) in everything() {
        let text = short(&text);
        // What is refused means nothing yet: which of two things it meant, the other language would have to know.
        if parse(FileId(0), text).diagnostics.iter().any(Diagnostic::is_error) {
            continue;
        }
        let in_chinese = |text: &str| format(text, Some(Lang::Zh)).map(|chinese| chinese.text);
        let chinese = in_chinese(text);
        let english = chinese.as_ref().map(|text| format(text, Some(Lang::En)).map(|english| english.text));
        let back = match &english {
            Ok(Ok(english)) => in_chinese(english),
            Ok(Err(law)) => Err(*law),
            Err(law) => Err(**law),
        };
        if back.is_err() || back != chinese {
            broken.push(format!("{name}\n{chinese:?}\n---\n{back:?}"));
        }
    }
    assert!(
        broken.is_empty(),
        "{} texts\n{}",
        broken.len(),
        broken.into_iter().take(3).collect::<Vec<_>>().join("\n")
    );
}

/// Only what could not be read stays as it was, byte for byte.
#[test]
fn what_cannot_be_read_stays() {
    for (name, text) in everything() {
        let Ok(formatted) = format(&text, None) else { continue };
        for place in &formatted.unread {
            let rest = text.get(*place..).unwrap_or("").trim_start();
            let line = rest.lines().next().unwrap_or("").trim_end();
            assert!(formatted.text.contains(line), "{name}: `{line}` is gone");
        }
    }
}

#[test]
fn a_manual_keeps_what_stands_between_its_blocks() {
    let manual = "# 规则\n\n```gradus\nlet  a=1\n```\n\n- x\n   ```gradus\n   let b   = 2\n   ```\n  1. y\n     ~~~Gradus\n     let e   = 5\n     ~~~\n````md\n```gradus\nlet c=3\n```\n````\n```gradus\nlet d=4";
    let formatted = format_literate(manual, None).expect("a law");
    insta::assert_snapshot!(formatted.text);
    assert_eq!(literate(manual).len(), manual.len());
}

#[test]
fn layouts() {
    corpus::run("fmt", |case| {
        let laid_out = |keywords| format(&case.text, keywords).expect("a law").text;
        let output = format!(
            "{}\n--------- in Chinese\n{}\n--------- in English\n{}",
            laid_out(None),
            laid_out(Some(Lang::Zh)),
            laid_out(Some(Lang::En))
        );
        Outcome { output, ..Outcome::default() }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Blanks between words are layout: more or fewer of them give the same text.
    #[test]
    fn blanks_do_not_count(seeds in proptest::collection::vec(0_usize..4, 200..400)) {
        let path = root().join("rules/approval/approval_authority.gradus");
        let text = std::fs::read_to_string(path).expect("the policy");
        let mut blanks = seeds.iter().cycle();
        let mut shaken = String::new();
        for line in text.lines() {
            // Comments and texts keep their blanks.
            let mut quoted = line.trim_start().starts_with('#');
            for ch in line.chars() {
                shaken.push(ch);
                quoted ^= ch == '"';
                if ch == ' ' && !quoted {
                    shaken.extend(std::iter::repeat_n(' ', *blanks.next().expect("endless")));
                }
            }
            shaken.push('\n');
        }
        prop_assert_eq!(format(&shaken, None), format(&text, None));
    }
}

#[test]
fn the_library_and_the_examples_are_laid_out() {
    for folder in ["rules", "examples", "templates"] {
        for path in
            files(&root().join(folder), ".gradus").into_iter().chain(files(&root().join(folder), ".md"))
        {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let formatted = match path.extension().and_then(|ending| ending.to_str()) {
                Some("gradus") => format(&text, None),
                Some("md") => format_literate(&text, None),
                _ => continue,
            };
            let formatted = formatted.expect("a law").text;
            assert!(formatted == text, "{} is not laid out: gradus fmt {folder}", path.display());
        }
    }
}
