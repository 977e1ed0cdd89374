//! Rules folders and settings, in a world that stands in memory.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use gradus::base::SourceMap;
use gradus::diag::Lang;
use gradus::diag::render::{Colour, concise, full};
use gradus::store::{Memory, Place, Roots, RulesFolder, Settings, World, decode, load, settings};
use gradus::value::Date;

use crate::corpus;

fn day() -> Date {
    Date::from_ymd(2026, 10, 1).unwrap()
}

#[test]
fn memory_is_a_world_of_files_and_folders() {
    let world =
        Memory::new(day()).with("rules/a.gradus", "a").with("./rules/sub/b.gradus", "b").with("x/../c", "c");
    assert_eq!(
        world.list(Path::new("rules")).unwrap(),
        [PathBuf::from("rules/a.gradus"), PathBuf::from("rules/sub")]
    );
    assert_eq!(world.list(Path::new(".")).unwrap(), [PathBuf::from("./c"), PathBuf::from("./rules")]);
    assert_eq!(world.place(Path::new("rules/sub")), Some(Place::Folder));
    assert_eq!(world.place(Path::new("rules/../c")), Some(Place::File));
    assert_eq!(world.place(Path::new("nowhere")), None);
    assert!(world.list(Path::new("nowhere")).is_err());
    world.write(Path::new("out.csv"), b"1").unwrap();
    assert_eq!(world.read(Path::new("./out.csv")).unwrap(), b"1");
    assert_eq!(world.today(), day());
}

fn decoded(bytes: &[u8]) -> Result<String, String> {
    let mut sources = SourceMap::new();
    let text = decode(bytes, "a.gradus", &mut sources);
    text.map(|text| text.to_string()).map_err(|diagnostic| concise(&[*diagnostic], &sources, Lang::En))
}

#[test]
fn text_is_utf_8_and_what_is_not_is_named() {
    assert_eq!(decoded("\u{feff}政策".as_bytes()).unwrap(), "政策");
    // 政策 "信用" in GBK.
    let gbk = b"a\n\xd5\xfe\xb2\xdf \"\xd0\xc5\xd3\xc3\"";
    assert_eq!(
        decoded(gbk).unwrap_err(),
        "a.gradus:2:1: error[E521]: this file is written in GBK, not in UTF-8\n"
    );
    let utf16 = b"\xff\xfep\0o\0l\0i\0c\0y\0";
    assert_eq!(
        decoded(utf16).unwrap_err(),
        "a.gradus:1:1: error[E521]: this file is written in UTF-16, not in UTF-8\n"
    );
    assert_eq!(
        decoded(b"p\0o\0l\0i\0c\0y\0").unwrap_err(),
        "a.gradus:1:2: error[E521]: this file is written in UTF-16, not in UTF-8\n"
    );
    assert_eq!(
        decoded(b"\x80\x00\xff").unwrap_err(),
        "a.gradus:1:1: error[E521]: this file is not UTF-8 text\n"
    );
}

fn found(text: &str) -> Result<Settings, String> {
    let world = Memory::new(day()).with("../gradus.toml", text);
    let mut sources = SourceMap::new();
    settings::find(&world, None, 3, &mut sources)
        .map_err(|diagnostic| full(&[*diagnostic], &sources, Lang::En, Colour::Without))
}

#[test]
fn settings_are_found_upwards_and_their_paths_start_where_the_command_was_started() {
    let settings = found("[project]\nname = \"trade credit\"\nrules = [\"rules\"]\nlang = \"zh\"\n[decide]\nlists = { invoices = \"invoices.csv\" }\n[calendars]\ncn = \"calendars/cn.toml\"\n").unwrap();
    assert_eq!(settings.project.rules, [PathBuf::from("../rules")]);
    assert_eq!(settings.calendars["cn"], PathBuf::from("../calendars/cn.toml"));
    assert_eq!(settings.decide.lists["invoices"], PathBuf::from("../invoices.csv"));
    assert_eq!(settings.path, Some(PathBuf::from("../gradus.toml")));

    let world = Memory::new(day());
    assert_eq!(settings::find(&world, None, 3, &mut SourceMap::new()), Ok(Settings::default()));
    let missing = settings::find(&world, Some(Path::new("no.toml")), 3, &mut SourceMap::new()).unwrap_err();
    assert_eq!(
        concise(&[*missing], &SourceMap::new(), Lang::En),
        "error[E906]: there is no file `no.toml`\n"
    );
}

#[test]
fn a_slip_in_the_settings_is_told() {
    insta::assert_snapshot!(
        [
            "[project]\nrule = [\"rules\"]\n",
            "[project]\nlang = \"cn\"\n",
            "[decide]\nwhatever = 1\n",
            "[project]\nrules = 5\n",
            "[project\n",
        ]
        .map(|text| found(text).unwrap_err())
        .concat()
    );
}

/// A folder of the corpus as a world of its own.
fn world_of(folder: &Path) -> Memory {
    corpus::files(folder, "").into_iter().fold(Memory::new(day()), |world, path| {
        let name = path.strip_prefix(folder).unwrap().to_owned();
        world.with(name, std::fs::read(path).unwrap())
    })
}

/// A case is a folder of rules; its name says which codes are told of it.
#[test]
fn folders_are_read_whole_and_their_mistakes_told() {
    let cases = std::fs::read_dir(corpus::folder("store/err")).unwrap();
    let mut cases: Vec<PathBuf> =
        cases.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    cases.sort();
    for case in cases {
        let world = world_of(&case);
        let mut sources = SourceMap::new();
        let settings = settings::find(&world, None, 0, &mut sources).unwrap();
        let folder = load(&world, &Roots::new(&world, &settings, &[]), &settings, &mut sources);
        let mut diagnostics = folder.diagnostics.clone();
        diagnostics.extend(folder.files.iter().flat_map(|file| file.diagnostics.clone()));
        // A line of `ask.txt` asks for a policy, `-` for none by name, on a day.
        for line in std::fs::read_to_string(case.join("ask.txt")).unwrap_or_default().lines() {
            let (wanted, day) = line.split_once(' ').unwrap();
            let chosen = folder.select((wanted != "-").then_some(wanted), Date::parse(day).unwrap());
            diagnostics.push(*chosen.unwrap_err());
        }
        let mut shown = String::from("FILES\n");
        for path in corpus::files(&case, "") {
            let text = std::fs::read(&path).unwrap();
            let name = path.strip_prefix(&case).unwrap().display().to_string();
            writeln!(shown, "{name}\n{}", String::from_utf8_lossy(&text).trim_end()).unwrap();
        }
        shown.push_str("\nVERSIONS\n");
        for version in folder.versions() {
            writeln!(shown, "{} {}: {}", version.name, version.version, version.period()).unwrap();
        }
        shown.push_str("\nDIAGNOSTICS\n");
        shown.push_str(&full(&diagnostics, &sources, Lang::En, Colour::Without));
        shown.push_str(&full(&diagnostics, &sources, Lang::Zh, Colour::Without));
        let name = case.file_name().unwrap().to_str().unwrap();
        let expected: BTreeSet<&str> =
            name.split('-').filter(|word| word.len() == 4 && word.starts_with(['E', 'W'])).collect();
        let found: BTreeSet<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(expected, found, "{name}\n{shown}");
        corpus::hold_words(&diagnostics);
        corpus::snapshot(&case, &shown);
    }
}

const TERMS: &str = "policy terms {\n  version \"2026.1\"\n  effective from 2026-01-01\n  currency CNY\n}\n";
const LATER_TERMS: &str =
    "policy terms {\n  version \"2026.2\"\n  effective from 2026-07-01 until 2026-12-31\n  currency CNY\n}\n";
const RATING: &str = "policy rating {\n  version \"1\"\n  effective from 2026-01-01\n  currency CNY\n}\nuse terms \"2026.1\"\n";

fn library(paths: &[&str]) -> (RulesFolder, SourceMap) {
    let world = Memory::new(day())
        .with("rules/terms@2026.1.gradus", TERMS)
        .with("rules/terms/2026.2.gradus", LATER_TERMS)
        .with("rules/README.md", "# Rules\n\n```gradus\nlet x = 1\n```\n")
        .with(
            "rules/rating.md",
            format!("# 评级\n\nHow we rate.\n\n```gradus\n{RATING}```\n\nNot a rule: {{\n"),
        )
        .with("rules/.git/x.gradus", "no");
    let mut sources = SourceMap::new();
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    let settings = Settings::default();
    let folder = load(&world, &Roots::new(&world, &settings, &paths), &settings, &mut sources);
    (folder, sources)
}

#[test]
fn a_version_without_an_end_gives_way_to_the_next() {
    let (folder, sources) = library(&[]);
    assert_eq!(concise(&folder.diagnostics, &sources, Lang::En), "");
    let versions: Vec<String> = folder
        .versions()
        .iter()
        .map(|version| format!("{} {} {}", version.name, version.version, version.period()))
        .collect();
    assert_eq!(
        versions,
        [
            "rating 1 2026-01-01 …",
            "terms 2026.1 2026-01-01 … 2026-06-30",
            "terms 2026.2 2026-07-01 … 2026-12-31"
        ]
    );
}

#[test]
fn a_policy_is_chosen_by_name_day_and_version() {
    let (folder, sources) = library(&[]);
    let chosen = |wanted: Option<&str>, day: &str| {
        let place = folder.select(wanted, Date::parse(day).unwrap());
        match place {
            Ok(place) => folder.files[place].path.display().to_string(),
            Err(diagnostic) => full(&[*diagnostic], &sources, Lang::En, Colour::Without),
        }
    };
    assert_eq!(chosen(Some("terms"), "2026-06-30"), "rules/terms@2026.1.gradus");
    assert_eq!(chosen(Some("terms"), "2026-07-01"), "rules/terms/2026.2.gradus");
    assert_eq!(chosen(Some("terms@2026.1"), "2030-01-01"), "rules/terms@2026.1.gradus");
    assert_eq!(chosen(None, "2026-07-01"), "rules/rating.md", "terms is used by rating, which alone is left");
    insta::assert_snapshot!(
        [
            chosen(Some("terms"), "2027-01-01"),
            chosen(Some("terms@2027.1"), "2027-01-01"),
            chosen(Some("term"), "2026-01-01"),
            chosen(Some("xxxxxxx"), "2026-01-01"),
        ]
        .concat()
    );
}

#[test]
fn what_a_policy_uses_comes_before_it_from_the_folders_around() {
    let (folder, _) = library(&["rules/rating.md"]);
    let place = folder.select(None, day()).unwrap();
    let paths: Vec<String> = folder
        .with_uses(place)
        .into_iter()
        .map(|place| folder.files[place].path.display().to_string())
        .collect();
    assert_eq!(paths, ["rules/terms@2026.1.gradus", "rules/rating.md"]);
}

/// The places of a literate policy are those of the `.md`.
#[test]
fn a_literate_policy_points_into_its_text() {
    let (folder, sources) = library(&["rules/rating.md"]);
    let place = folder.select(None, day()).unwrap();
    let header = folder.files[place].header.as_ref().unwrap();
    assert_eq!(sources.place(header.span), "rules/rating.md:7:11");
    assert_eq!(sources.get(header.span.file).unwrap().slice(header.span), "\"1\"");
}

/// The page for people shows every setting, and what it shows reads.
#[test]
fn the_page_of_settings_is_true() {
    let page = std::fs::read_to_string(corpus::root().join("docs/settings.md")).unwrap();
    let mut blocks = page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let settings = found(blocks.next().unwrap()).unwrap();
    assert!(
        settings.project.name.is_some()
            && settings.project.lang.is_some()
            && !settings.project.rules.is_empty()
    );
    let decide = settings.decide;
    assert!(decide.policy.is_some() && decide.decision.is_some() && decide.format.is_some());
    assert!(decide.encoding.is_some() && decide.numbers.is_some() && decide.dates.is_some());
    assert!(decide.mapping.is_some() && !decide.lists.is_empty() && decide.strict.is_some());
    assert!(!settings.test.paths.is_empty() && !settings.calendars.is_empty());
    assert!(gradus::value::Calendar::parse(blocks.next().unwrap()).is_ok());
}
