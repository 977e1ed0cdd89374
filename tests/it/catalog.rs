//! Every code has its words in both languages, a page, and a case that it is told of.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use gradus::base::SourceMap;
use gradus::diag::render::{Colour, full};
use gradus::diag::{Lang, Severity, codes};

use crate::corpus::{self, expected, files, folder};

/// The files of the catalog.
fn areas() -> Vec<String> {
    let paths = files(&corpus::root().join("src/diag/catalog"), ".toml");
    paths.iter().map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect()
}

/// A file of the catalog that does not read would be left out in silence.
#[test]
fn every_file_of_the_catalog_reads_whole() {
    let mut seen = BTreeMap::new();
    for area in areas() {
        let text = fs::read_to_string(corpus::root().join(format!("src/diag/catalog/{area}.toml"))).unwrap();
        let table: toml::Table = toml::from_str(&text).unwrap_or_else(|error| panic!("{area}.toml: {error}"));
        let order: Vec<&String> = table.keys().collect();
        assert!(order.is_sorted_by_key(|code| code[1..].to_owned()), "{area}.toml: codes in ascending order");
        for code in table.keys() {
            assert!(
                codes().contains_key(code),
                "{area}.toml: {code} does not read; see the head of catalog.rs"
            );
            assert_eq!(seen.insert(code.clone(), area.clone()), None, "{code} stands twice");
        }
    }
    assert_eq!(seen.len(), codes().len());
}

#[test]
fn both_languages_have_the_same_words() {
    for entry in codes().values() {
        assert_eq!(entry.keys(Lang::En), entry.keys(Lang::Zh), "{}: words of one language only", entry.code);
        assert!(
            entry.keys(Lang::En).iter().any(|key| key.starts_with("message")),
            "{}: no message",
            entry.code
        );
    }
}

/// A figure that one language shows, the other shows, too; its order is free.
#[test]
fn both_languages_show_the_same_figures() {
    for area in areas() {
        let text = fs::read_to_string(corpus::root().join(format!("src/diag/catalog/{area}.toml"))).unwrap();
        let table: toml::Table = toml::from_str(&text).unwrap();
        for (code, entry) in &table {
            let (mut en, mut zh) = (BTreeMap::new(), BTreeMap::new());
            figures("", &entry["en"], &mut en);
            figures("", &entry["zh"], &mut zh);
            for (key, figures) in &en {
                // A language may leave out a figure that only its grammar does not need (a plural's count).
                let Some(others) = zh.get(key) else { continue };
                assert_eq!(figures, others, "{code}{key}: other figures in the other language");
            }
        }
    }
}

fn figures(key: &str, words: &toml::Value, found: &mut BTreeMap<String, BTreeSet<String>>) {
    match words {
        toml::Value::Table(table) => {
            for (name, words) in table {
                figures(&format!("{key}.{name}"), words, found);
            }
        }
        toml::Value::String(text) => {
            let keys =
                text.split('{').skip(1).filter_map(|piece| piece.split_once('}')).map(|(name, _)| name);
            let keys = keys.filter(|name| name.chars().all(|ch| ch.is_ascii_lowercase() || ch == '_'));
            found.insert(key.to_owned(), keys.filter(|name| !name.is_empty()).map(str::to_owned).collect());
        }
        other => panic!("{key}: {other} is no text"),
    }
}

#[test]
fn codes_are_a_letter_and_three_digits_and_names_are_unique() {
    let mut names = BTreeSet::new();
    for entry in codes().values() {
        let (letter, digits) = entry.code.split_at(1);
        assert!(digits.len() == 3 && digits.chars().all(|ch| ch.is_ascii_digit()), "{}", entry.code);
        let right = match entry.severity {
            Severity::Error => "E",
            // A lint is a warning unless the settings call it an error.
            Severity::Warning if letter == "L" => "L",
            Severity::Warning | Severity::Note => "W",
        };
        assert_eq!(letter, right, "{}: the letter does not say its severity", entry.code);
        let plain = entry.name.chars().all(|ch| ch.is_ascii_lowercase() || ch.is_ascii_digit() || ch == '-');
        assert!(plain, "{}: `{}` is not lower-case words with hyphens", entry.code, entry.name);
        assert!(names.insert(&entry.name), "{}: the name `{}` stands twice", entry.code, entry.name);
    }
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let pages: BTreeSet<String> = files(&corpus::root().join("docs/diagnostics"), ".md")
        .iter()
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "README")
        .collect();
    let codes: BTreeSet<String> = codes().keys().cloned().collect();
    let missing: Vec<&String> = codes.difference(&pages).collect();
    assert!(missing.is_empty(), "no page docs/diagnostics/<code>.md for {missing:?}");
    let stray: Vec<&String> = pages.difference(&codes).collect();
    assert!(stray.is_empty(), "pages without a code: {stray:?}");
    for code in &codes {
        let text = fs::read_to_string(corpus::root().join(format!("docs/diagnostics/{code}.md"))).unwrap();
        assert!(text.starts_with(&format!("# {code}")), "{code}.md: the first line is `# {code}: …`");
        let (english, chinese) = text.split_once("\n---\n").unwrap_or_else(|| {
            panic!("{code}.md: the Chinese half, behind a line `---`, is missing");
        });
        for (half, todo, words) in [
            (english, "**What to do.**", ["Wrong:", "Avoid:"]),
            (chinese, "**怎么办。**", ["错误:", "宜避免:"]),
        ] {
            assert!(half.contains(todo), "{code}.md: no `{todo}`");
            let says = words.iter().any(|word| half.contains(&format!("\n{word}\n")));
            assert!(says, "{code}.md: `{}` stands before what is wrong", words[0]);
        }
    }
}

/// A case names its codes in its first line, in its file's name, or (a folder that is one case) in the folder's.
#[test]
fn every_code_is_told_of_a_case() {
    let mut told = BTreeSet::new();
    for path in files(&folder(""), "") {
        let name = path.strip_prefix(folder("")).unwrap().to_string_lossy().into_owned();
        let is_error_case =
            path.components().any(|part| matches!(part.as_os_str().to_str(), Some("err" | "cli" | "lint")));
        if !is_error_case || name.ends_with(".snap") {
            continue;
        }
        told.extend(name.split(['/', '\\', '-', '.', '_']).map(str::to_owned));
        told.extend(expected(&String::from_utf8_lossy(&fs::read(&path).unwrap())));
    }
    let untold: Vec<&String> = codes().keys().filter(|code| !told.contains(*code)).collect();
    assert!(untold.is_empty(), "no case under tests/corpus/*/err names {untold:?}");
}

/// The first block of a page may show a slip of the pen; what comes after it is read by people who copy it.
#[test]
fn the_repairs_that_pages_show_can_be_read() {
    let mut wrong = Vec::new();
    for path in files(&corpus::root().join("docs/diagnostics"), ".md") {
        let text = fs::read_to_string(&path).unwrap();
        let halves = text
            .split("\n---\n")
            .map(|half| half.split("```gradus\n").skip(1).map(|rest| rest.split("\n```").next().unwrap()));
        for block in halves.flat_map(|blocks| blocks.skip(1)) {
            let mut sources = SourceMap::new();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let file = sources.add(name, format!("{block}\n"));
            let mistakes = gradus::syntax::parse(file, &format!("{block}\n")).diagnostics;
            if !mistakes.is_empty() {
                wrong.push(full(&mistakes, &sources, Lang::En, Colour::Without));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

/// Code names codes, the catalog has their words: neither without the other.
#[test]
fn the_catalog_has_the_codes_that_the_source_names() {
    let mut named = BTreeSet::new();
    for path in files(&corpus::root().join("src"), ".rs") {
        let text = fs::read_to_string(&path).unwrap();
        for quoted in text.split('"') {
            let is_code = quoted.len() == 4
                && quoted.starts_with(['E', 'W', 'L'])
                && quoted[1..].chars().all(|ch| ch.is_ascii_digit());
            if is_code {
                named.insert(quoted.to_owned());
            }
        }
    }
    let known: BTreeSet<String> = codes().keys().cloned().collect();
    let unknown: Vec<&String> = named.difference(&known).collect();
    assert!(unknown.is_empty(), "the source names codes that the catalog has not: {unknown:?}");
    let unused: Vec<&String> = known.difference(&named).collect();
    assert!(unused.is_empty(), "the catalog has codes that no source names: {unused:?}");
}
