//! The pages of `docs/diagnostics` are true: what a page calls wrong is told of its code, and what it shows as the repair is not.
//!
//! Pages of what `check` and `lint` find in one policy are held beside their stages (`parse`, `check`, `plan`, `lint`). Every other page has
//! a file `tests/corpus/pages/<code>.toml` that says what stands around its blocks; the English half is run in English, the Chinese in Chinese.
//! The first block of a half is wrong, the last is right, and any between them say which in a comment.
//!
//! ```toml
//! as       = "customers.csv"            # the file that a block becomes; several: each line that begins with `policy` begins the next, if any
//! command  = "decide customers.csv"     # what is typed behind `gradus`
//! files    = { "rules/a.gradus" = "…" } # what stands there besides
//! gbk      = ["customers.csv"]          # files that are not UTF-8
//! copy     = ["rules/limits/credit_limit.gradus"]   # files and folders of the repository, at the same place; `from -> to` elsewhere
//! project  = "small"                    # begin with a copy of tests/corpus/projects/small
//! before   = ["release a@2026.1 …"]     # typed behind `gradus` before the block is there; `! …` must fail; `$ …` is a line for the shell
//! then     = [{ file = "a.gradus", was = "60 days", is = "90 days" }, { file = "b.csv", write = "…" }, { file = "c.csv", gone = true }]
//! keys     = { "wang.key" = "{wang}" }  # secret keys of minisign, and the text that stands for the public half
//! env      = { GRADUS_AS_OF = "2026-10-10" }
//! stdin    = "…"
//! right_exit = 1                        # how the command ends with the repair, where not with 0
//! also     = ["E612"]                   # codes that are told besides, of both
//! ```
//!
//! Without `as` the blocks are ```` ```console ````, and their lines `$ …` are typed one by one; only the last of the wrong one may fail;
//! one before it may have found something, as `gradus test` does. What
//! stands below such a line is what it prints, `…` for what is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use gradus::diag::{Lang, Severity, codes, entry};
use serde::Deserialize;

use crate::corpus::{files, folder, on_all_hands, root};
use crate::readme::matches;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Scene {
    #[serde(rename = "as")]
    becomes: Names,
    command: Option<String>,
    files: BTreeMap<String, String>,
    gbk: Vec<String>,
    copy: Vec<String>,
    project: Option<String>,
    before: Vec<String>,
    then: Vec<Then>,
    keys: BTreeMap<String, String>,
    env: BTreeMap<String, String>,
    stdin: String,
    right_exit: i32,
    also: BTreeSet<String>,
}

/// One name or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Names {
    One(String),
    Several(Vec<String>),
}

impl Default for Names {
    fn default() -> Names {
        Names::Several(Vec::new())
    }
}

impl Names {
    fn list(&self) -> &[String] {
        match self {
            Names::One(name) => std::slice::from_ref(name),
            Names::Several(names) => names,
        }
    }
}

/// What happens to a file between `before` and the command.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Then {
    file: String,
    #[serde(default)]
    was: String,
    #[serde(default)]
    is: String,
    write: Option<String>,
    #[serde(default)]
    gone: bool,
}

/// A fenced block of a half.
struct Block {
    fence: String,
    text: String,
}

/// What a line that was typed came to.
struct Done {
    exit: i32,
    printed: String,
}

impl Done {
    /// The codes told, with the word of their severity before them: `error[E605]`.
    fn told(&self) -> BTreeSet<(String, String)> {
        let mut told = BTreeSet::new();
        for (at, _) in self.printed.match_indices('[') {
            let (before, after) = (&self.printed[..at], &self.printed[at + 1..]);
            let Some((code, _)) = after.split_once(']') else { continue };
            let word = ["error", "warning", "note", "错误", "警告", "说明"]
                .into_iter()
                .find(|word| before.ends_with(word));
            if let (Some(word), true) = (word, codes().contains_key(code)) {
                told.insert((word.to_owned(), code.to_owned()));
            }
        }
        told
    }
}

/// The two halves of a page, in their languages.
fn halves(code: &str) -> [(Lang, String); 2] {
    let text = fs::read_to_string(root().join(format!("docs/diagnostics/{code}.md"))).unwrap();
    let (english, chinese) = text.split_once("\n---\n").unwrap();
    [(Lang::En, english.to_owned()), (Lang::Zh, chinese.to_owned())]
}

fn blocks(half: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open = false;
    for line in half.lines() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(fence) => {
                open = true;
                found.push(Block { fence: fence.trim().to_owned(), text: String::new() });
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

/// The wrong and the right ones of a half.
fn parted(blocks: Vec<Block>) -> Result<Vec<(bool, Block)>, String> {
    let last = blocks.len().checked_sub(1).filter(|last| *last > 0);
    let last = last.ok_or_else(|| format!("a wrong block and its repair, but there are {}", blocks.len()))?;
    let said = |block: &Block, words: [&str; 2]| {
        let comments = block.text.lines().filter_map(|line| line.split_once('#').or(line.split_once("//")));
        comments
            .flat_map(|(_, comment)| comment.split([' ', ':', ',', '.']))
            .any(|word| words.contains(&word))
    };
    let mut parted = Vec::new();
    for (place, block) in blocks.into_iter().enumerate() {
        let wrong = match place {
            0 => true,
            _ if place == last => false,
            _ if said(&block, ["wrong", "错"]) => true,
            _ if said(&block, ["right", "对"]) => false,
            _ => return Err(format!("block {} says neither `# wrong` nor `# right`", place + 1)),
        };
        parted.push((wrong, block));
    }
    Ok(parted)
}

/// The wrong and the right text of each half of a page whose blocks are policies. A Chinese half without any is shown with the English ones.
pub(crate) fn examples(code: &str) -> Vec<(Lang, [String; 2])> {
    let mut found: Vec<(Lang, [String; 2])> = Vec::new();
    for (lang, half) in halves(code) {
        let blocks = blocks(&half).into_iter().filter(|block| block.fence == "gradus");
        let texts: Vec<String> = blocks.map(|block| block.text).collect();
        if lang == Lang::Zh && texts.is_empty() {
            continue;
        }
        let two = texts.try_into();
        found.push((lang, two.unwrap_or_else(|texts| panic!("{code} {lang:?}: wrong and right: {texts:?}"))));
    }
    found
}

impl Scene {
    /// A folder in which everything stands but the block.
    fn stage(&self) -> (tempfile::TempDir, BTreeMap<String, String>) {
        let own = tempfile::tempdir().unwrap();
        let mut public = BTreeMap::new();
        for (name, stands) in &self.keys {
            let pair = minisign::KeyPair::generate_unencrypted_keypair().unwrap();
            put(own.path(), name, &pair.sk.to_box(None).unwrap().to_bytes());
            public.insert(stands.clone(), pair.pk.to_base64());
        }
        if let Some(project) = &self.project {
            copied(&folder("projects").join(project), own.path());
        }
        for name in &self.copy {
            let (from, to) = name.split_once(" -> ").unwrap_or((name, name));
            copied(&root().join(from), &own.path().join(to));
        }
        for (name, text) in &self.files {
            self.write(own.path(), name, text, &public);
        }
        (own, public)
    }

    /// Writes a file in its encoding, with the keys of today.
    fn write(&self, home: &Path, name: &str, text: &str, public: &BTreeMap<String, String>) {
        let text = public.iter().fold(text.to_owned(), |text, (name, key)| text.replace(name, key));
        if self.gbk.iter().any(|it| it == name) {
            put(home, name, &encoding_rs::GBK.encode(&text).0);
        } else {
            put(home, name, text.as_bytes());
        }
    }

    /// What a block comes to: what the last line typed did, or why it came to nothing.
    fn play(&self, lang: Lang, block: &Block, wrong: bool) -> Result<Done, String> {
        let (own, public) = self.stage();
        let home = own.path();
        for line in &self.before {
            let (line, fails) = line.strip_prefix("! ").map_or((line.as_str(), false), |line| (line, true));
            let line = line.strip_prefix("$ ").map_or_else(|| format!("gradus {line}"), str::to_owned);
            let done = self.typed(home, &line, lang);
            if (done.exit != 0) != fails {
                return Err(format!("before: `{line}` ends with {}\n{}", done.exit, done.printed));
            }
        }
        for then in &self.then {
            let path = home.join(&then.file);
            if then.gone {
                fs::remove_file(&path).map_err(|error| format!("{}: {error}", then.file))?;
            } else if let Some(text) = &then.write {
                self.write(home, &then.file, text, &public);
            } else {
                let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", then.file))?;
                if !text.contains(&then.was) {
                    return Err(format!("{} does not hold `{}`", then.file, then.was));
                }
                fs::write(&path, text.replacen(&then.was, &then.is, 1)).unwrap();
            }
        }
        let Some(command) = &self.command else { return self.lines(home, lang, block, wrong) };
        let names = self.becomes.list();
        let pieces = pieces(&block.text, names.len());
        if pieces.len() > names.len() {
            return Err(format!("{} files, but the block has {}", names.len(), pieces.len()));
        }
        for (name, text) in names.iter().zip(&pieces) {
            self.write(home, name, text, &public);
        }
        Ok(self.typed(home, &format!("gradus {command}"), lang))
    }

    /// Types the lines of a console, and holds what is shown of them.
    fn lines(&self, home: &Path, lang: Lang, block: &Block, wrong: bool) -> Result<Done, String> {
        let mut steps: Vec<(&str, Vec<&str>)> = Vec::new();
        for line in block.text.lines().filter(|line| !line.starts_with("# ")) {
            match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(line), _) => steps.push((line, Vec::new())),
                (None, Some((_, shown))) => shown.push(line),
                (None, None) => return Err(format!("`{line}` stands before the first line `$ …`")),
            }
        }
        let mut last = None;
        let count = steps.len();
        for (place, (line, shown)) in steps.into_iter().enumerate() {
            let done = self.typed(home, line, lang);
            let real: Vec<&str> = done.printed.trim_end().lines().collect();
            if !shown.is_empty() && !matches(&shown, &real) {
                return Err(format!("`{line}` prints\n\n{}", done.printed));
            }
            // `gradus test` ends with 1 where something differs, and so goes the work on.
            if place + 1 < count && !(0..=1).contains(&done.exit) {
                return Err(format!("`{line}` ends with {}\n{}", done.exit, done.printed));
            }
            last = Some(done);
        }
        let kind = if wrong { "wrong" } else { "right" };
        last.ok_or_else(|| format!("nothing is typed in the {kind} block"))
    }

    /// Types a line. What it prints is its output and then its messages.
    fn typed(&self, home: &Path, line: &str, lang: Lang) -> Done {
        let binary = Path::new(env!("CARGO_BIN_EXE_gradus")).parent().unwrap();
        let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap_or_default());
        let language = if lang == Lang::Zh { "zh" } else { "en" };
        let mut child = Command::new("sh")
            .args(["-c", line])
            .current_dir(home)
            .env_clear()
            .env("LANG", "C")
            .env("TZ", "UTC")
            .env("PATH", path)
            .env("HOME", home)
            .env("GRADUS_LANG", language)
            .envs(["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"].map(|name| (name, "Li Qiang")))
            .envs(["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"].map(|name| (name, "li.qiang@example.com")))
            .envs(&self.env)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that reads no standard input may have ended by now.
        let _ = child.stdin.take().unwrap().write_all(self.stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Done {
            exit: output.status.code().unwrap_or(-1),
            printed: format!("{}{}", text(&output.stdout), text(&output.stderr)),
        }
    }
}

fn put(home: &Path, name: &str, bytes: &[u8]) {
    let file = home.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

/// Copies a file, or a folder with all that stands in it.
fn copied(from: &Path, to: &Path) {
    if from.is_file() {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
        return;
    }
    for path in files(from, "") {
        put(to, path.strip_prefix(from).unwrap().to_str().unwrap(), &fs::read(&path).unwrap());
    }
}

/// The texts of the files that a block stands for.
fn pieces(text: &str, count: usize) -> Vec<String> {
    if count < 2 {
        return vec![text.to_owned()];
    }
    let mut pieces: Vec<String> = Vec::new();
    for line in text.lines() {
        if pieces.is_empty() || line.starts_with("policy ") || line.starts_with("政策 ") {
            pieces.push(String::new());
        }
        writeln!(pieces.last_mut().unwrap(), "{line}").unwrap();
    }
    pieces
}

/// What is untrue of a page.
fn trial(code: &str) -> String {
    let mut untrue = String::new();
    let path = folder("pages").join(format!("{code}.toml"));
    let scene: Scene = match toml::from_str(&fs::read_to_string(path).unwrap()) {
        Ok(scene) => scene,
        Err(error) => return format!("{code}.toml: {error}\n"),
    };
    let told_as = match entry(code).unwrap().severity {
        Severity::Error => ["error", "错误"],
        Severity::Warning => ["warning", "警告"],
        Severity::Note => ["note", "说明"],
    };
    for (lang, half) in halves(code) {
        let of_scene = |block: &Block| (block.fence == "console") == scene.command.is_none();
        let blocks: Vec<Block> = blocks(&half).into_iter().filter(of_scene).collect();
        let parted = match parted(blocks) {
            Ok(parted) => parted,
            Err(why) => {
                writeln!(untrue, "{code} {lang:?}: {why}").unwrap();
                continue;
            }
        };
        for (wrong, block) in parted {
            let kind = if wrong { "wrong" } else { "right" };
            let done = match scene.play(lang, &block, wrong) {
                Ok(done) => done,
                Err(why) => {
                    writeln!(untrue, "{code} {lang:?} {kind}: {why}").unwrap();
                    continue;
                }
            };
            let mut told = done.told();
            told.retain(|(_, other)| other == code || !scene.also.contains(other));
            let word = told_as[usize::from(lang == Lang::Zh)].to_owned();
            let meant = if wrong { BTreeSet::from([(word, code.to_owned())]) } else { BTreeSet::new() };
            if told != meant || (!wrong && done.exit != scene.right_exit) {
                let Done { exit, printed } = done;
                writeln!(untrue, "{code} {lang:?} {kind}: exit {exit}, told {told:?}\n{printed}").unwrap();
            }
        }
    }
    untrue
}

/// The codes of the files that say how pages are played.
fn scenes() -> BTreeSet<String> {
    let stem = |path: &std::path::PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    files(&folder("pages"), ".toml").iter().map(stem).collect()
}

/// Whether a page is held where what it speaks of is found.
fn held_elsewhere(code: &str) -> bool {
    crate::parse::holds_page(code)
        || crate::check::holds_page(code)
        || crate::plan::holds_page(code)
        || code.starts_with('L')
}

/// `PAGES=E60` plays those alone whose code begins so.
#[test]
fn pages_are_played() {
    let only = std::env::var("PAGES").unwrap_or_default();
    let scenes: Vec<String> = scenes().into_iter().filter(|code| code.starts_with(&only)).collect();
    let untrue = on_all_hands(&scenes, |code| trial(code));
    assert!(untrue.is_empty(), "{untrue}");
}

/// No page shows a mistake that nobody makes, or a repair that does not mend.
#[test]
fn every_page_is_held_by_a_test() {
    let scenes = scenes();
    let mut wrong = Vec::new();
    for code in codes().keys() {
        let mut by = Vec::new();
        by.extend(held_elsewhere(code).then_some("the test of its stage"));
        by.extend(scenes.contains(code).then_some("tests/corpus/pages"));
        if by.len() != 1 {
            wrong.push(format!("{code}: {by:?}"));
        }
    }
    wrong.extend(
        scenes.iter().filter(|code| entry(code).is_none()).map(|code| format!("{code}: no such code")),
    );
    assert!(wrong.is_empty(), "each page is held by one test:\n{}", wrong.join("\n"));
}
