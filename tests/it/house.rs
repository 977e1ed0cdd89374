//! The house stays as ARCHITECTURE.md draws it: who imports whom, who owns which library, how long a file may be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::corpus::{files, root};

/// A module may import itself and what stands to its right; `lib.rs` and `main.rs` may import all.
const IMPORTS: &[(&str, &str)] = &[
    (
        "cli",
        "lsp engine report review trial prove ide interop script store lint fmt explain eval plan check syntax value diag base",
    ),
    ("lsp", "trial ide lint engine script store explain eval plan check syntax value diag base"),
    (
        "serve",
        "engine report review trial prove ide interop script store lint fmt explain eval plan check syntax value diag base",
    ),
    ("trial", "review engine interop store explain eval plan check syntax value diag base"),
    ("review", "engine interop store explain eval plan check syntax value diag base"),
    ("prove", "engine interop store explain eval plan check syntax value diag base"),
    ("report", "engine interop store explain eval plan check syntax value diag base"),
    ("ide", "lint fmt plan check syntax value diag base"),
    ("lint", "engine store plan check syntax value diag base"),
    ("fmt", "syntax base"),
    ("engine", "store explain eval plan check syntax value diag base"),
    ("interop", "eval value diag base"),
    ("script", "eval value diag base"),
    ("store", "plan check syntax value diag base"),
    ("explain", "eval plan value base"),
    ("eval", "plan value base"),
    ("plan", "check value diag base"),
    ("check", "syntax value diag base"),
    ("syntax", "diag base"),
    ("value", "base"),
    ("diag", "base"),
    ("base", ""),
];

/// Libraries that one module alone may name.
const OWNERS: &[(&str, &[&str])] = &[
    ("pest", &["syntax"]),
    ("pest_derive", &["syntax"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("ctrlc", &["cli"]),
    ("console", &["cli"]),
    ("indicatif", &["cli"]),
    ("rhai", &["script"]),
    ("lsp_types", &["lsp"]),
    ("gen_lsp_types", &["lsp"]),
    ("lsp_server", &["lsp"]),
    ("annotate_snippets", &["diag"]),
    ("csv", &["interop"]),
    ("calamine", &["interop"]),
    ("rust_xlsxwriter", &["interop"]),
    ("encoding_rs", &["interop"]),
    ("quick_junit", &["trial"]),
    ("regex", &["trial", "cli"]),
    ("minisign", &["review"]),
    ("ssh_key", &["review"]),
];

/// How many lines a file may have.
const LONGEST: usize = 800;

struct File {
    name: String,
    /// The module path: `["diag", "render", "full"]`; empty for `lib.rs` and `main.rs`.
    module: Vec<String>,
    text: String,
    /// The text without comments and without the insides of strings.
    code: String,
}

impl File {
    /// Tests of a module stand beside it and may use what they like.
    fn is_test(&self) -> bool {
        self.module.last().is_some_and(|name| name == "tests")
    }
}

fn sources() -> Vec<File> {
    let folder = root().join("src");
    files(&folder, ".rs")
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&path).unwrap();
            let stem = name.trim_end_matches(".rs").trim_end_matches("/mod");
            let module = match stem {
                "lib" | "main" => Vec::new(),
                _ => stem.split('/').map(str::to_owned).collect(),
            };
            File { code: without_words(&text), name, module, text }
        })
        .collect()
}

/// Rust text with comments and the insides of strings and characters made blank.
fn without_words(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |n: usize| chars.get(n).copied().unwrap_or('\0');
    let mut code = String::new();
    let mut n = 0;
    while n < chars.len() {
        let hashes = (n + 1..).take_while(|place| at(*place) == '#').count();
        let raw = at(n) == 'r' && at(n + 1 + hashes) == '"' && !(n > 0 && is_word(at(n - 1)));
        if at(n) == '/' && at(n + 1) == '/' {
            n += (n..).take_while(|place| *place < chars.len() && at(*place) != '\n').count();
        } else if at(n) == '/' && at(n + 1) == '*' {
            n += 2;
            while n < chars.len() && !(at(n) == '*' && at(n + 1) == '/') {
                n += 1;
            }
            n += 2;
        } else if raw {
            n += 2 + hashes;
            while n < chars.len() && !(at(n) == '"' && (1..=hashes).all(|more| at(n + more) == '#')) {
                n += 1;
            }
            n += 1 + hashes;
            code.push_str("\"\"");
        } else if at(n) == '"' {
            n += 1;
            while n < chars.len() && at(n) != '"' {
                n += if at(n) == '\\' { 2 } else { 1 };
            }
            n += 1;
            code.push_str("\"\"");
        } else if at(n) == '\'' && at(n + 1) == '\\' {
            n += (n + 3..).take_while(|place| *place < chars.len() && at(*place) != '\'').count() + 4;
        } else if at(n) == '\'' && at(n + 2) == '\'' {
            n += 3;
        } else {
            code.push(at(n));
            n += 1;
        }
    }
    code
}

fn is_word(ch: char) -> bool {
    ch.is_alphanumeric() || ch == '_'
}

/// The first name of each path behind `prefix`; those in a brace behind it are several.
fn names_behind(code: &str, prefix: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|ch| is_word(*ch)).collect::<String>();
    let mut names = Vec::new();
    for (place, _) in code.match_indices(prefix) {
        if code[..place].ends_with(|ch: char| is_word(ch) || ch == ':' || ch == '$') {
            continue;
        }
        let rest = &code[place + prefix.len()..];
        if let Some(inside) = rest.strip_prefix('{') {
            let mut depth = 0usize;
            let mut first = true;
            for (at, ch) in inside.char_indices() {
                if depth == 0 && first && is_word(ch) {
                    names.push(word(&inside[at..]));
                    first = false;
                }
                match ch {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => first = true,
                    _ => {}
                }
            }
        } else {
            names.push(word(rest));
        }
    }
    names
}

/// What a file imports from the top of the crate: by `crate::`, and by as many `super::` as lead there.
fn imports(file: &File) -> BTreeSet<String> {
    let tops: BTreeSet<&str> = IMPORTS.iter().map(|(name, _)| *name).collect();
    let mut names = names_behind(&file.code, "crate::");
    let up = "super::".repeat(file.module.len());
    if !up.is_empty() {
        names.extend(names_behind(&file.code, &up));
    }
    names.into_iter().filter(|name| tops.contains(name.as_str())).collect()
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let table: BTreeMap<&str, BTreeSet<&str>> =
        IMPORTS.iter().map(|(name, allowed)| (*name, allowed.split_whitespace().collect())).collect();
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|file| !file.module.is_empty() && !file.is_test()) {
        let own = file.module[0].as_str();
        let allowed = table
            .get(own)
            .unwrap_or_else(|| panic!("src/{}: a module that the table does not know", file.name));
        for name in imports(file) {
            if name != own && !allowed.contains(name.as_str()) {
                wrong.push(format!("src/{}: `{own}` imports `{name}`", file.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A table with a circle would allow what it is meant to forbid.
#[test]
fn the_table_has_no_circle() {
    for (place, (name, allowed)) in IMPORTS.iter().enumerate() {
        for other in allowed.split_whitespace() {
            let there = IMPORTS.iter().position(|(name, _)| *name == other);
            // Modules that are still to be built stand in the rows of others only.
            assert!(
                there.is_none_or(|there| there > place),
                "`{name}` may import `{other}`, which stands above it"
            );
        }
    }
}

#[test]
fn libraries_belong_to_their_modules() {
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|file| !file.is_test()) {
        let own = file.module.first().map_or("", String::as_str);
        for (library, owners) in OWNERS {
            let named = file.code.match_indices(library).any(|(place, _)| {
                let before = file.code[..place].chars().next_back().unwrap_or(' ');
                let behind = &file.code[place + library.len()..];
                let in_use = file.code[..place].trim_end().ends_with("use") && behind.starts_with([';', ' ']);
                !is_word(before) && before != ':' && (behind.starts_with("::") || in_use)
            });
            if named && !owners.contains(&own) && !own.is_empty() {
                wrong.push(format!("src/{}: names `{library}`, which belongs to {owners:?}", file.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A feature adds a module and changes no meaning.
#[test]
fn features_stand_only_on_modules() {
    let mut wrong = Vec::new();
    for file in sources() {
        if matches!(file.name.as_str(), "lib.rs" | "cli/mod.rs") {
            continue;
        }
        let lines: Vec<&str> = file.code.lines().map(str::trim).collect();
        for (number, line) in lines.iter().enumerate() {
            let on_a_module = lines
                .get(number + 1)
                .is_some_and(|next| next.starts_with("mod ") || next.starts_with("pub mod "));
            let of_a_feature = line.contains("cfg(feature")
                || line.contains("cfg(not(feature")
                || line.contains("cfg!(feature");
            if of_a_feature && !on_a_module {
                wrong.push(format!("src/{}:{}", file.name, number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "a feature stands on something else than a module: {wrong:#?}");
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let mut wrong = Vec::new();
    for file in sources() {
        let lines = file.text.lines().count();
        if lines > LONGEST {
            wrong.push(format!("src/{}: {lines} lines, at most {LONGEST}", file.name));
        }
        if !file.text.starts_with("//!") && !file.is_test() {
            wrong.push(format!("src/{}: the first line does not say what the file is", file.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_is_left_for_later() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests/it", "benches", "examples", "grammar"] {
        for path in files(&root().join(folder), "") {
            let Ok(text) = fs::read_to_string(&path) else { continue };
            if path.ends_with("house.rs") {
                continue;
            }
            for (number, line) in text.lines().enumerate() {
                let marks = ["todo!", "unimplemented!", "TODO", "FIXME", "XXX:", "#[ignore"];
                if marks.iter().any(|mark| line.contains(mark)) {
                    wrong.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A reader of Cargo.toml learns of each dependency why it is there.
#[test]
fn every_dependency_has_a_line_of_reason() {
    let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut section = "";
    let mut before = "";
    for line in text.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section.contains("dependencies") && line.contains('=') && !line.starts_with([' ', '#']) {
            assert!(before.starts_with("# "), "Cargo.toml: `{line}` has no line of reason above it");
        }
        before = line;
    }
}

/// A snapshot beside a case belongs to that case.
#[test]
fn every_snapshot_beside_a_case_has_its_case() {
    let mut wrong = Vec::new();
    for path in files(&root().join("tests/corpus"), ".snap") {
        let stem = path.file_stem().unwrap();
        let has_case = fs::read_dir(path.parent().unwrap()).unwrap().any(|entry| {
            let other = entry.unwrap().path();
            other != path && (other.file_stem() == Some(stem) || other.file_name() == Some(stem))
        });
        if !has_case {
            wrong.push(path.display().to_string());
        }
    }
    assert!(wrong.is_empty(), "snapshots without a case: {wrong:#?}");
}

/// `without_words` is the eye of the tests above.
#[test]
fn comments_and_strings_are_not_read_as_code() {
    let text = "use crate::base; // crate::cli\nlet x = \"crate::lsp \\\" crate::fmt\"; let y = r#\"crate::ide\"#; 'a'; '\\''; crate::diag";
    let file =
        File { name: String::new(), module: vec!["x".into()], text: text.into(), code: without_words(text) };
    assert_eq!(imports(&file).into_iter().collect::<Vec<_>>(), ["base", "diag"]);
    assert_eq!(names_behind("use crate::{base::{Span, Str}, value};", "crate::"), ["base", "value"]);
}
