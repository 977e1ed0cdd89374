//! Texts and their trees: what reads, what does not and how that is told, and that nothing ends the parser.

use gradus::base::FileId;
use gradus::syntax::{
    Kept, Known, Parsed, TriviaKind, literate, parse, parse_again, parse_as_typed, rules_alone,
};
use proptest::prelude::*;

use crate::corpus::{self, Outcome, files, folder};
use crate::tree::{shape, tree};

fn read(text: &str) -> Parsed {
    parse(FileId(0), text)
}

fn codes(text: &str) -> Vec<&'static str> {
    read(text).diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn what_reads() {
    corpus::run("parse/ok", |case| {
        let parsed = parse(case.file, &case.text);
        Outcome { diagnostics: parsed.diagnostics, output: tree(&parsed.file.items) }
    });
}

#[test]
fn what_does_not_read() {
    corpus::run("parse/err", |case| {
        let parsed = parse(case.file, &case.text);
        Outcome { diagnostics: parsed.diagnostics, output: tree(&parsed.file.items) }
    });
}

/// `x.en.gradus` and `x.zh.gradus` say the same in two languages: their trees have one shape.
#[test]
fn twins_have_one_shape() {
    let mut twins = 0;
    let tour = crate::corpus::root().join("examples/tour");
    let english = files(&folder("parse/ok"), ".en.gradus").into_iter().chain(files(&tour, ".en.gradus"));
    for english in english {
        let chinese = english.to_string_lossy().replace(".en.gradus", ".zh.gradus");
        let [en, zh] = [english.to_string_lossy().into_owned(), chinese]
            .map(|path| shape(&read(&std::fs::read_to_string(path).unwrap()).file.items));
        similar_asserts(&en, &zh);
        twins += 1;
    }
    assert!(twins > 1);
}

fn similar_asserts(en: &str, zh: &str) {
    for (line, (one, other)) in en.lines().zip(zh.lines()).enumerate() {
        assert_eq!(one, other, "line {line} of the shapes");
    }
    assert_eq!(en.lines().count(), zh.lines().count());
}

/// Every keyword stands in a file that reads, in the language to which it belongs.
#[test]
fn every_keyword_is_used_in_the_corpus() {
    for (ending, zh) in [(".en.gradus", false), (".zh.gradus", true)] {
        let paths = files(&folder("parse/ok"), ending);
        let texts: Vec<String> = paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
        let missing: Vec<&str> = gradus::syntax::keywords::KEYWORDS
            .iter()
            .map(|keyword| if zh { keyword.zh } else { keyword.en })
            .filter(|word| !texts.iter().any(|text| text.contains(word)))
            .collect();
        assert!(missing.is_empty(), "{ending}: {missing:?}");
    }
}

/// Whether a page is of a slip of the pen; what the checker tells of such slips, its own test shows.
pub(crate) fn holds_page(code: &str) -> bool {
    code.starts_with("E1") && !crate::check::holds_page(code)
}

/// A page shows a mistake and its repair: the first block has the code, the second has none.
#[test]
fn the_pages_of_syntax_are_true() {
    let mut untrue = Vec::new();
    for page in files(&corpus::root().join("docs/diagnostics"), ".md") {
        let code = page.file_stem().unwrap().to_string_lossy().into_owned();
        if !holds_page(&code) {
            continue;
        }
        for (lang, [wrong, right]) in crate::pages::examples(&code) {
            let (told, left) = (codes(&wrong), codes(&right));
            if told.is_empty() || told.iter().any(|found| *found != code) {
                untrue.push(format!("{code} {lang:?}: the wrong block is told of {told:?}"));
            }
            if !left.is_empty() {
                untrue.push(format!("{code} {lang:?}: the repair still has {left:?}"));
            }
        }
    }
    assert!(untrue.is_empty(), "{untrue:#?}");
}

/// Brackets, conditions, signs, members and chains without end are answered, in a test's small stack.
#[test]
fn nothing_is_too_deep() {
    let many = 1_500;
    let deep = [
        format!("let a = {}1{}", "(".repeat(many), ")".repeat(many)),
        format!("let a = {}", "(".repeat(many)),
        format!("let a = {}", "f[".repeat(many)),
        format!("facts {{ a {} money }}", "list { a ".repeat(many)),
        format!("facts {{ a {} money }}", "list ".repeat(many)),
        "for each a {".repeat(many),
        format!("let a = {}1", "if x then 1 else ".repeat(many)),
        format!("let a = {}1", "if ".repeat(many)),
        format!("设 a = {}1", "若 ".repeat(many)),
        format!("let a = {}1", "- ".repeat(many)),
        format!("let a = {}1", "not ".repeat(many)),
        format!("let a = {}1", "sum of ".repeat(many)),
        format!("let a = {}b", "end of month of ".repeat(many)),
        format!("let a = {}1", "weighted average of ".repeat(many)),
        format!("let a = 1{}", " + 1".repeat(many)),
        format!("let a = 1{}", " if unknown 1".repeat(many)),
        format!("let a = 1{}", " is 1".repeat(many)),
        format!("let a = 1{}", " ^ 1".repeat(many)),
        format!("let a = b{}", ".b".repeat(many)),
        format!("let a = b{}", "[1]".repeat(many)),
        format!("let a = {}", "lowest of (1, ".repeat(60) + "1" + &*")".repeat(60)),
        format!("let a = {}", "sum of (sum of a + ".repeat(30) + "1" + &*")".repeat(30)),
        format!("let a = {}", "(- - - - - - - - ".repeat(60) + "1" + &*")".repeat(60)),
        format!("let a = {}", format!("({}", "1 + ".repeat(250)).repeat(60) + "1" + &*")".repeat(60)),
        format!("table t by a -> money {{ {} : 1 }}", "from 1 below 2 or ".repeat(many) + "any"),
        format!("case \"a\" {{ given {{ a {}1 }} }}", "[".repeat(many)),
        format!("case \"a\" {{ given {{ a {}1 }} }}", "{ a ".repeat(many)),
        "\"".repeat(many),
        "{".repeat(many),
        "}".repeat(many),
        ")".repeat(many),
        "let a = (\n".repeat(many),
    ];
    for text in &deep {
        let parsed = read(text);
        assert!(parsed.diagnostics.len() < 200_000, "{}", &text[..20]);
    }
}

#[test]
fn a_file_has_a_largest_size() {
    assert_eq!(codes(&"# \n".repeat(2 << 20)), ["E114"]);
}

/// Comments and blank lines come in the order of the text, each with what it holds.
#[test]
fn trivia_come_in_order() {
    let text = "# one\n\n\nlet a = (1 + # two\n  2)\n\n  # three\r\nlet b = \"# none\" # four";
    let parsed = read(text);
    let found: Vec<(TriviaKind, &str)> =
        parsed.trivia.iter().map(|trivia| (trivia.kind, &text[trivia.span.range()])).collect();
    let expected = [
        (TriviaKind::CommentLine, "# one"),
        (TriviaKind::BlankLines, "\n\n"),
        (TriviaKind::CommentBehind, "# two"),
        (TriviaKind::BlankLines, "\n"),
        (TriviaKind::CommentLine, "# three"),
        (TriviaKind::CommentBehind, "# four"),
    ];
    assert_eq!(found, expected);
    assert_eq!(parsed.diagnostics, []);
}

/// The blocks of a Markdown file are one program, whose places are places of the file.
#[test]
fn literate_policies_keep_their_places() {
    let markdown = "# 政策\n\n```gradus\nlet a = 1\n```\n文字 `let c`\n```gradus\nlet b = a +\n```\n";
    let program = literate(markdown);
    assert_eq!(program.len(), markdown.len());
    let parsed = read(&program);
    assert_eq!(parsed.file.items.len(), 1);
    assert_eq!(
        parsed.file.items[0].span.range(),
        markdown.find("let a").unwrap()..markdown.find("\n```\n文").unwrap()
    );
    assert_eq!(parsed.diagnostics.len(), 1);
}

fn corpus_texts() -> Vec<String> {
    let paths = files(&folder("parse"), ".gradus");
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// Every place of a diagnostic and of the trivia lies in the text, on the borders of characters.
fn sound(text: &str) {
    let parsed = read(text);
    let spans = parsed.trivia.iter().map(|trivia| trivia.span);
    let told = parsed.diagnostics.iter().flat_map(|told| {
        told.span
            .into_iter()
            .chain(told.labels.iter().map(|label| label.span))
            .chain(told.fixes.iter().flat_map(|fix| fix.edits.iter().map(|(span, _)| *span)))
    });
    for span in spans.chain(told) {
        assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_never_end_the_parser(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        sound(&String::from_utf8_lossy(&bytes));
    }

    /// Words and signs of the language in any order.
    #[test]
    fn words_never_end_the_parser(words in proptest::collection::vec(0usize..1000, 0..80)) {
        let signs = ["{", "}", "(", ")", "[", "]", ":", "=", "->", ",", ";", "\n", "\n", "-", "+", "..", "\"a\"", "“", "1", "90天",
            "5%", "2026-10-01", "x", "`", "#", "满86", "净资产", "\u{200b}", "\u{3000}", "<=", "若"];
        let keywords = gradus::syntax::keywords::KEYWORDS;
        let text: Vec<&str> = words.iter().map(|at| match signs.get(at % (signs.len() * 2)) {
            Some(sign) => *sign,
            None => { let word = &keywords[at % keywords.len()]; if at % 2 == 0 { word.en } else { word.zh } }
        }).collect();
        sound(&text.join(" "));
    }

    /// A file of the corpus with pieces cut out, doubled and swapped.
    #[test]
    fn changes_never_end_the_parser(which in 0usize..100, cuts in proptest::collection::vec((0usize..20_000, 0usize..60, 0u8..4), 1..6)) {
        let texts = corpus_texts();
        let mut chars: Vec<char> = texts[which % texts.len()].chars().collect();
        for (at, length, how) in cuts {
            let start = at % chars.len().max(1);
            let end = (start + length).min(chars.len());
            let piece: Vec<char> = chars[start..end].to_vec();
            match how {
                0 => { chars.drain(start..end); }
                1 => { chars.splice(start..start, piece); }
                2 => { chars.drain(start..end); let to = (at / 3) % (chars.len() + 1); chars.splice(to..to, piece); }
                _ => { chars.truncate(end); }
            }
        }
        sound(&chars.into_iter().collect::<String>());
    }
}

/// A text after an edit: some characters at a place give way to others, or the line there stands twice.
fn edited(text: &str, at: prop::sample::Index, length: usize, new: &str) -> String {
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let first = at.index(ends.len());
    let (start, end) = (ends[first], ends[(first + length).min(ends.len() - 1)]);
    let line = text[start..].split_inclusive('\n').next().unwrap_or_default();
    let new = if new == "twice" { line } else { new };
    format!("{}{new}{}", &text[..start], &text[end..])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Who reads after each edit what has changed has the tree, the comments and the mistakes of who reads all of the text.
    #[test]
    fn what_is_read_again_is_what_is_read(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..9, prop::sample::select(vec![
            "", "x", "\n", "\nwhen ", "\n当 ", "{", "}", "(", ")", "（", "\"", "“", "#", "净", "；", "; ", "`", " 86-100 ", "twice",
            "\nlet a = 1\n", "let ", "if ", "\u{200b}", "", "", "",
        ])), 1..7),
    ) {
        let mut texts = files(&folder("parse/ok"), ".gradus");
        for library in ["customers", "limits", "rating", "receivables", "watch"] {
            texts.extend(files(&corpus::root().join("rules").join(library), ".gradus"));
        }
        let read: Vec<String> = texts.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
        let read: Vec<String> = read.into_iter().filter(|text| text.len() < 20_000).collect();
        let mut text = read[which.index(read.len())].clone();
        let mut before = parse_as_typed(FileId(0), &text);
        let mut known = Known::default();
        for (at, length, new) in edits {
            text = edited(&text, at, length, new);
            let (again, whole) = (parse_again(FileId(0), &text, before.file, &before.kept), parse_as_typed(FileId(0), &text));
            prop_assert_eq!(&again.file, &whole.file, "{}", text);
            prop_assert_eq!(&again.trivia, &whole.trivia);
            prop_assert_eq!(&again.diagnostics, &whole.diagnostics, "{}", text);
            // The lints, which see sound texts alone, read what was kept; the same as who looks the text through.
            if again.diagnostics.is_empty() {
                let kept = rules_alone(FileId(0), &text, &again.kept, &mut known);
                let looked = rules_alone(FileId(0), &text, &Kept::default(), &mut Known::default());
                prop_assert_eq!(kept, looked, "{}", text);
            }
            before = again;
        }
    }
}

/// Only what changed is read again: an item behind it is moved, not made anew.
#[test]
fn what_stands_behind_an_edit_is_moved() {
    let text = "policy p {\n  version \"1\"\n}\n\nlet a = 1\n\nlet b \"乙\" = a + 2\n";
    let next = text.replace("= 1", "= 1000").replace("let b", "# 中\nlet b");
    let before = read(text);
    let again = parse_again(FileId(0), &next, before.file, &before.kept);
    assert_eq!(again.file, read(&next).file);
    assert_eq!(&next[again.file.items[2].span.range()], "let b \"乙\" = a + 2");
}
