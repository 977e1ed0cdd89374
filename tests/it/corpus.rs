//! Cases as files: a file goes in, its codes are held against its first line, its output against a snapshot.
//!
//! The first line of a case may say `# expect: E201, W305`, the second `# lang: zh`. A case of which nothing is
//! expected must have no diagnostics at all. The snapshot of `x.gradus` is `x.snap` beside it.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

use gradus::base::{FileId, SourceMap};
use gradus::diag::render::{Colour, full};
use gradus::diag::{Diagnostic, Lang, Part, entry};

/// One case: a file of the corpus, already a source.
pub struct Case {
    /// The path below `tests/corpus`, with slashes; its name in the source map, too.
    pub name: String,
    /// The file on the disk.
    pub path: PathBuf,
    /// The text.
    pub text: String,
    /// The codes that it expects.
    pub expect: BTreeSet<String>,
    /// The language of its messages.
    pub lang: Lang,
    /// The only text, this one; a stage may add others.
    pub sources: SourceMap,
    /// This text.
    pub file: FileId,
}

/// What a stage made of a case.
#[derive(Default)]
pub struct Outcome {
    /// What it told.
    pub diagnostics: Vec<Diagnostic>,
    /// What it made, as text; empty where only the diagnostics count.
    pub output: String,
}

/// `tests/corpus/<folder>`.
pub fn folder(folder: &str) -> PathBuf {
    root().join("tests/corpus").join(folder)
}

/// The root of the package.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder whose name ends so, in order. No folder, no files.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Runs a stage over every `.gradus` file below `tests/corpus/<folder>`. All cases run; all failures are told.
pub fn run(name: &str, stage: impl Fn(&mut Case) -> Outcome) {
    run_files(name, ".gradus", stage);
}

/// The same for files of another ending.
pub fn run_files(name: &str, ending: &str, stage: impl Fn(&mut Case) -> Outcome) {
    each(name, ending, |path| {
        let mut case = read(path);
        let outcome = stage(&mut case);
        hold(&case, &outcome);
    });
}

/// Holds every file of a folder whose name ends so; one that fails lets the others be held, and all that fail are named.
pub fn each(name: &str, ending: &str, mut hold: impl FnMut(&Path)) {
    let mut failed = Vec::new();
    let paths = files(&folder(name), ending);
    assert!(!paths.is_empty(), "no case in tests/corpus/{name}");
    for path in paths {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| hold(&path))) {
            failed.push((path, panic));
        }
    }
    if let Some((_, panic)) = failed.pop() {
        for (path, _) in &failed {
            eprintln!("failed, too: {}", path.display());
        }
        resume_unwind(panic);
    }
}

/// Reads a case.
pub fn read(path: &Path) -> Case {
    let text = fs::read_to_string(path).unwrap();
    let name = path.strip_prefix(folder("")).unwrap().to_string_lossy().replace('\\', "/");
    let mut sources = SourceMap::new();
    let file = sources.add(name.as_str(), text.as_str());
    let lang = if text.lines().take(2).any(|line| line.trim() == "# lang: zh") { Lang::Zh } else { Lang::En };
    Case { expect: expected(&text), name, path: path.to_owned(), text, lang, sources, file }
}

/// The codes that the first line of a text expects.
pub fn expected(text: &str) -> BTreeSet<String> {
    let first = text.trim_start_matches('\u{feff}').lines().next().unwrap_or("");
    let Some((_, codes)) = first.split_once("expect:") else { return BTreeSet::new() };
    codes.split(',').map(|code| code.trim().to_owned()).filter(|code| !code.is_empty()).collect()
}

/// Holds an outcome against the case: its codes against the first line, all of it against the snapshot.
fn hold(case: &Case, outcome: &Outcome) {
    let shown = show(case, outcome);
    let found: BTreeSet<String> =
        outcome.diagnostics.iter().map(|diagnostic| diagnostic.code.to_owned()).collect();
    assert_eq!(case.expect, found, "{}: the first line expects other codes\n{shown}", case.name);
    hold_words(&outcome.diagnostics);
    snapshot(&case.path, &shown);
}

/// Every word that a diagnostic names stands in the catalog, in both languages, and every figure that the words show was given.
pub fn hold_words(diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let code = diagnostic.code;
        let entry = entry(code).unwrap_or_else(|| panic!("{code} is not in the catalog"));
        for lang in [Lang::En, Lang::Zh] {
            let hold = |part: Part, key: &str| {
                assert!(entry.words(lang, part, key).is_some(), "{code}: no {part:?} `{key}` in {lang:?}");
            };
            hold(Part::Message, diagnostic.variant);
            diagnostic.labels.iter().for_each(|label| hold(Part::Label, label.key));
            diagnostic.helps.iter().for_each(|key| hold(Part::Help, key));
            diagnostic.notes.iter().for_each(|key| hold(Part::Note, key));
            diagnostic.fixes.iter().for_each(|fix| hold(Part::Help, fix.key));
            for (part, key, text) in tell_bare(diagnostic, lang) {
                assert!(text.is_none(), "{code}: {part:?} `{key}` in {lang:?} lacks the figure {text:?}");
            }
        }
    }
}

/// The figures that the words of a diagnostic show and nobody gave.
fn tell_bare(diagnostic: &Diagnostic, lang: Lang) -> Vec<(Part, &'static str, Option<String>)> {
    let entry = entry(diagnostic.code).unwrap();
    let given = |name: &str, more: &[(&'static str, gradus::base::Str)]| {
        more.iter().chain(&diagnostic.args).chain(&diagnostic.zh).any(|(known, _)| *known == name)
    };
    let lacks = |part: Part, key: &'static str, more: &[(&'static str, gradus::base::Str)]| {
        let words = entry.words(lang, part, key).unwrap_or_default();
        let names = words.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()));
        let is_name =
            |name: &String| !name.is_empty() && name.chars().all(|ch| ch.is_ascii_lowercase() || ch == '_');
        (part, key, names.filter(is_name).find(|name| !given(name, more)))
    };
    let mut found = vec![lacks(Part::Message, diagnostic.variant, &[])];
    if diagnostic.span.is_some() {
        let key = if entry.words(lang, Part::Label, diagnostic.variant).is_some() {
            diagnostic.variant
        } else {
            ""
        };
        found.push(lacks(Part::Label, key, &[]));
    }
    found.extend(diagnostic.labels.iter().map(|label| lacks(Part::Label, label.key, &label.args)));
    found.extend(diagnostic.helps.iter().map(|key| lacks(Part::Help, key, &[])));
    found.extend(diagnostic.notes.iter().map(|key| lacks(Part::Note, key, &[])));
    found.extend(diagnostic.fixes.iter().map(|fix| lacks(Part::Help, fix.key, &[])));
    found
}

/// The source, then what was told, then what was made: a change of a snapshot reads alone.
pub fn show(case: &Case, outcome: &Outcome) -> String {
    let mut shown = format!("SOURCE\n{}\n", case.text.trim_end());
    if !outcome.diagnostics.is_empty() {
        shown.push_str("\nDIAGNOSTICS\n");
        shown.push_str(&full(&outcome.diagnostics, &case.sources, case.lang, Colour::Without));
    }
    if !outcome.output.is_empty() {
        shown.push_str("\nOUTPUT\n");
        shown.push_str(&outcome.output);
    }
    shown
}

/// Holds a text against the snapshot beside a case.
pub fn snapshot(case: &Path, shown: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(case.parent().unwrap());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_input_file(case);
    let name = case.file_stem().unwrap().to_string_lossy().into_owned();
    settings.bind(|| insta::assert_snapshot!(name, shown));
}

/// What is said of each, on as many hands as there are: a page of documentation plays its commands, and waits for them.
pub fn on_all_hands<T: Sync>(all: &[T], say: impl Fn(&T) -> String + Sync) -> String {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let hands = std::thread::available_parallelism().map_or(2, usize::from);
    let said: Vec<String> = std::thread::scope(|scope| {
        let work = || {
            let take = || all.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
            std::iter::from_fn(take).map(&say).collect::<String>()
        };
        let hands: Vec<_> = (0..hands).map(|_| scope.spawn(work)).collect();
        hands.into_iter().map(|hand| hand.join().unwrap()).collect()
    });
    said.concat()
}
