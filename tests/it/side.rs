//! How a side of a comparison is named: a file, a folder, a version, each also at a revision of git.

use std::path::Path;
use std::process::Command;

use gradus::base::SourceMap;
use gradus::review::Side;
use gradus::store::{Memory, Settings};
use gradus::value::Date;

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn policy(version: &str, from: &str, rate: &str) -> String {
    format!(
        "policy term {{\n  version \"{version}\"\n  effective from {from}\n  currency CNY\n}}\n\
         facts {{ sales money >= 0 }}\n\
         let room = sales * {rate}\n\
         decision review {{ room }}\n"
    )
}

fn world() -> Memory {
    Memory::new(day("2026-11-05"))
        .with("rules/2026.1.gradus", policy("2026.1", "2026-01-01", "10%"))
        .with("rules/2026.2.gradus", policy("2026.2", "2026-07-01", "12%"))
}

fn open(world: &Memory, written: &str, on: &str) -> Result<Vec<String>, Vec<&'static str>> {
    let mut sources = SourceMap::new();
    let side = Side::open(world, &Settings::default(), written, day(on), &mut sources);
    let side = side.map_err(|wrong| wrong.iter().map(|it| it.code).collect::<Vec<_>>())?;
    assert!(side.meant.iter().all(|place| side.build(*place, &sources).plan.is_some()));
    let version = |place: &usize| side.file(*place).unwrap().header.as_ref().unwrap().version.to_string();
    Ok(side.meant.iter().map(version).collect())
}

#[test]
fn a_side_is_a_file_a_folder_a_policy_or_a_version_of_it() {
    let world = world();
    assert_eq!(open(&world, "rules/2026.1.gradus", "2026-11-05").unwrap(), ["2026.1"]);
    assert_eq!(open(&world, "rules", "2026-11-05").unwrap(), ["2026.1", "2026.2"]);
    assert_eq!(open(&world, "term@2026.1", "2026-11-05").unwrap(), ["2026.1"]);
    assert_eq!(open(&world, "term", "2026-11-05").unwrap(), ["2026.2"]);
    assert_eq!(open(&world, "term", "2026-03-05").unwrap(), ["2026.1"]);
    assert_eq!(open(&world, "rules/2026.9.gradus", "2026-11-05").unwrap_err(), ["E584"]);
    assert_eq!(open(&world, "term@2026.9", "2026-11-05").unwrap_err(), ["E522"]);
    assert_eq!(open(&world, "main:rules", "2026-11-05").unwrap_err(), ["E585"]);
}

/// A word that is a folder and a policy is neither until one says which.
#[test]
fn what_could_mean_two_things_is_not_guessed() {
    let world = world().with("term/old.gradus", policy("2025.1", "2025-01-01", "8%"));
    assert_eq!(open(&world, "term", "2026-11-05").unwrap_err(), ["E584"]);
    assert_eq!(open(&world, "./term", "2026-11-05").unwrap(), ["2025.1"]);
}

/// The files of a revision are those of its commit, not of today; paths are those of the folder in which one stands.
#[test]
fn a_revision_of_git_is_a_world_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let name = ["-c", "user.name=Li", "-c", "user.email=li@example.com", "-c", "commit.gpgsign=false"];
        let ended = Command::new("git").current_dir(&folder).args(name).args(arguments).output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    };
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("credit/rules/term.gradus", &policy("2026.1", "2026-01-01", "10%"));
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "first"]);
    write("credit/rules/term.gradus", &policy("2026.2", "2026-01-01", "12%"));
    let versions = |from: &Path, arguments: &[&str]| {
        let ended = Command::new(env!("CARGO_BIN_EXE_gradus"))
            .current_dir(from)
            .env("GRADUS_LANG", "en")
            .args(arguments)
            .output()
            .unwrap();
        (ended.status.code(), String::from_utf8_lossy(&[ended.stdout, ended.stderr].concat()).into_owned())
    };
    for (from, path) in
        [("credit", "main:rules"), ("", "main:credit/rules"), ("credit/rules", "main:term.gradus")]
    {
        let (exit, told) =
            versions(&folder.path().join(from), &["diff", path, path.trim_start_matches("main:")]);
        assert_eq!(exit, Some(1), "{told}");
        assert!(told.contains("2026.1") && told.contains("2026.2") && told.contains("12%"), "{told}");
    }
    let (exit, told) = versions(folder.path(), &["diff", "other:credit/rules", "credit/rules"]);
    assert_eq!(exit, Some(2), "{told}");
    assert!(told.contains("git knows no revision `other`"), "{told}");
}
