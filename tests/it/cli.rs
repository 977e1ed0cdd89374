//! The command as people run it: a case is a file that says what is typed, where, and how it ends.
//!
//! ```toml
//! args  = ["check", "a.gradus"]
//! exit  = 1
//! env   = { GRADUS_LANG = "zh" }       # else none but LANG=C
//! stdin = "…"
//! root  = true                         # run in the root of the package; else in a folder of its own
//! project = "small"                    # begin with a copy of tests/corpus/projects/small
//! keys  = ["wang"]                      # a minisign key is made in `wang.key`; `{wang}` in files stands for its public half
//! files = { "a.gradus" = "…" }         # what stands in that folder besides
//! shows = ["out.csv"]                  # files whose contents are part of the snapshot
//!
//! [[step]]                             # what happens then, in the same folder: a file is edited, a command is typed
//! edit  = [{ file = "rules/a.gradus", was = "weight 12", is = "weight 8" }]
//! write = { "a.snap" = "…" }
//! gone  = ["b.csv", "approvals/*.sig"] # removed; `*` for what is not known beforehand
//! args  = ["test"]                     # none: nothing is typed
//! exit  = 1
//! shows = ["out.csv"]
//! lists = ["snapshots"]                # folders whose files are named
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gradus::base::Lang;
use gradus::store::{Disk, World as _};
use serde::Deserialize;

use crate::corpus::{each, files, folder, root, snapshot};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    args: Vec<String>,
    exit: i32,
    #[serde(default)]
    step: Vec<Step>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    stdin: String,
    #[serde(default)]
    root: bool,
    project: Option<String>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    shows: Vec<String>,
    #[serde(default)]
    keys: Vec<String>,
}

/// What happens after the first command.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    #[serde(default)]
    edit: Vec<Edit>,
    #[serde(default)]
    write: BTreeMap<String, String>,
    #[serde(default)]
    gone: Vec<String>,
    args: Option<Vec<String>>,
    #[serde(default)]
    exit: i32,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    shows: Vec<String>,
    #[serde(default)]
    lists: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    file: String,
    was: String,
    is: String,
}

impl Step {
    /// Does it, and says what came of it.
    fn play(&self, case: &Case, folder: &Path) -> String {
        let mut shown = String::new();
        for edit in &self.edit {
            let path = meant(folder, &edit.file);
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.contains(&edit.was), "{} does not hold `{}`", edit.file, edit.was);
            std::fs::write(path, text.replacen(&edit.was, &edit.is, 1)).unwrap();
            writeln!(shown, "({}: `{}` becomes `{}`)", edit.file, edit.was, edit.is).unwrap();
        }
        for (name, text) in &self.write {
            std::fs::write(folder.join(name), text).unwrap();
            writeln!(shown, "({name} is written)").unwrap();
        }
        for name in &self.gone {
            std::fs::remove_file(meant(folder, name)).unwrap();
            writeln!(shown, "({name} is removed)").unwrap();
        }
        if let Some(args) = &self.args {
            let mut env = case.env.clone();
            env.extend(self.env.clone());
            let (exit, stdout, stderr) = gradus(args, &env, "", folder);
            shown.push_str(&told(args, &self.env, &stdout, &stderr));
            shown.push_str(&files_shown(&self.shows, folder));
            assert_eq!(exit, self.exit, "{shown}");
            writeln!(shown, "\nEXIT {exit}").unwrap();
        }
        for name in &self.lists {
            let mut names: Vec<String> = std::fs::read_dir(folder.join(name))
                .map(|entries| {
                    entries.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect()
                })
                .unwrap_or_default();
            names.sort();
            writeln!(shown, "\nFOLDER {name}\n{}", names.join("\n")).unwrap();
        }
        shown
    }
}

/// The file of a name; of `approvals/*.li.approval` the one that ends so, whatever digest stands in it.
fn meant(folder: &Path, name: &str) -> PathBuf {
    let Some((inside, ending)) = name.split_once('*') else { return folder.join(name) };
    let mut entries = std::fs::read_dir(folder.join(inside)).unwrap().map(|entry| entry.unwrap().path());
    entries.find(|path| path.to_string_lossy().ends_with(ending)).unwrap()
}

/// What was typed, and what it said.
fn told(args: &[String], env: &BTreeMap<String, String>, stdout: &str, stderr: &str) -> String {
    let mut shown = String::new();
    for (name, value) in env {
        write!(shown, "{name}={value} ").unwrap();
    }
    writeln!(shown, "gradus {}", args.join(" ")).unwrap();
    for (head, text) in [("STDOUT", stdout), ("STDERR", stderr)] {
        if !text.is_empty() {
            writeln!(shown, "\n{head}\n{}", text.trim_end()).unwrap();
        }
    }
    shown
}

fn files_shown(names: &[String], folder: &Path) -> String {
    let mut shown = String::new();
    for name in names {
        let text = std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| format!("({error})"));
        writeln!(shown, "\nFILE {name}\n{}", text.trim_end()).unwrap();
    }
    shown
}

/// The day on which the command runs stands in what it records.
fn without_days(text: &str) -> String {
    const KEY: &str = "\"on\":\"";
    let mut pieces = text.split(KEY);
    let mut plain = pieces.next().unwrap().to_owned();
    for piece in pieces {
        plain.push_str(KEY);
        plain.push_str("(day)");
        plain.push_str(&piece[piece.find('"').unwrap_or(0)..]);
    }
    let today = Disk.today();
    let plain = plain.replace(&format!("accepted on {today}"), "accepted on (day)");
    plain.replace(&format!("于 {today} 接受"), "于 (day) 接受")
}

/// So do the days on which somebody signs, and until which one signature may do.
fn without_today(text: &str) -> String {
    let today = Disk.today();
    (0..30).fold(text.to_owned(), |text, days| {
        let day = today.add_days(days).unwrap().to_string();
        text.replace(&day, &if days == 0 { String::from("(today)") } else { format!("(today + {days})") })
    })
}

/// Runs `gradus` and gives exit code, stdout, stderr.
pub(crate) fn gradus(
    args: &[String],
    env: &BTreeMap<String, String>,
    stdin: &str,
    folder: &Path,
) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("LANG", "C")
        .env("TZ", "UTC")
        .envs(env)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads no standard input may have ended by now.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// What a policy's digest is, tests of the plan hold; here it would only change with each of them.
fn without_digests(text: &str) -> String {
    let mut pieces = text.split("sha256:");
    let mut plain = pieces.next().unwrap().to_owned();
    for piece in pieces {
        plain.push_str("sha256:#");
        plain.push_str(piece.trim_start_matches(|ch: char| ch.is_ascii_hexdigit()));
    }
    plain
}

fn hold(path: &Path) {
    let written = std::fs::read_to_string(path).unwrap();
    let case: Case = toml::from_str(&written).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let own = tempfile::tempdir().unwrap();
    let put = |name: &Path, bytes: &[u8]| {
        let file = own.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    };
    if let Some(project) = &case.project {
        let project = folder("projects").join(project);
        for path in files(&project, "") {
            put(path.strip_prefix(&project).unwrap(), &std::fs::read(&path).unwrap());
        }
    }
    let mut public = BTreeMap::new();
    for name in &case.keys {
        let pair = minisign::KeyPair::generate_unencrypted_keypair().unwrap();
        put(Path::new(&format!("{name}.key")), &pair.sk.to_box(None).unwrap().to_bytes());
        public.insert(format!("{{{name}}}"), pair.pk.to_base64());
    }
    for (name, text) in &case.files {
        let text = public.iter().fold(text.clone(), |text, (name, key)| text.replace(name, key));
        put(Path::new(name), text.as_bytes());
    }
    let place = if case.root { root() } else { own.path().to_owned() };
    let (exit, stdout, stderr) = gradus(&case.args, &case.env, &case.stdin, &place);
    let mut shown = told(&case.args, &case.env, &stdout, &stderr);
    shown.push_str(&files_shown(&case.shows, &place));
    writeln!(shown, "\nEXIT {exit}").unwrap();
    assert_eq!(exit, case.exit, "{}\n{shown}", path.display());
    for step in &case.step {
        shown.push_str(&format!("\n---\n{}", step.play(&case, &place)));
    }
    let shown = without_digests(&without_days(&shown));
    let shown = if case.keys.is_empty() { shown } else { without_today(&shown) };
    // A key is another one each time, and so is its number.
    let shown = public.iter().fold(shown, |shown, (name, key)| {
        let number = gradus::review::approval::Key::parse(key).unwrap().name();
        shown.replace(&number, &format!("minisign {name}"))
    });
    snapshot(path, &shown);
}

#[test]
fn commands_say_what_they_are_to_say() {
    each("cli", ".toml", hold);
}

/// What `--help` shows as an example is what the command takes; in both languages the same.
#[test]
fn the_examples_of_help_are_commands() {
    let shown = |lang: Lang| {
        let command = gradus::cli::args::command(lang);
        let of_each = command.get_subcommands().filter_map(|it| it.get_after_help().map(ToString::to_string));
        let lines: Vec<String> =
            of_each.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
        lines.into_iter().filter(|line| line.trim_start().starts_with("gradus ")).collect::<Vec<_>>()
    };
    let english = shown(Lang::En);
    assert_eq!(english, shown(Lang::Zh));
    assert!(english.len() > 30);
    for line in english {
        // Blanks within quotes belong to the word.
        let words = line.trim().split('"').enumerate().flat_map(|(nth, part)| match nth % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        });
        let parsed = gradus::cli::args::command(Lang::En).try_get_matches_from(words);
        assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
    }
}
