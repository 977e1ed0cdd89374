//! Rules folders and settings, in a world that stands in memory.

use std::path::{Path, PathBuf};

use gradus::base::SourceMap;
use gradus::diag::Lang;
use gradus::diag::render::{Colour, concise, full};
use gradus::store::{Memory, Place, Settings, World, decode, settings};
use gradus::value::Date;

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
