//! `gradus test --watch`: what is seen of changes, and how the command ends.

use gradus::store::{Memory, Settings, World};
use gradus::trial::Watch;
use gradus::value::Date;

fn world() -> Memory {
    Memory::new(Date::from_ymd(2026, 10, 18).unwrap())
        .with("gradus.toml", "[project]\n")
        .with("rules/a.gradus", "policy a { }")
        .with("rules/deep/rates.csv", "day,rate\n")
        .with("rules/.hidden.toml", "x = 1\n")
        .with("rules/notes.txt", "nothing")
        .with("cases/late.cases.toml", "policy = \"a\"\n")
}

fn write(world: &Memory, path: &str, text: &str) {
    world.write(path.as_ref(), text.as_bytes()).unwrap();
}

#[test]
fn what_a_run_rests_on_is_watched() {
    let world = world();
    let mut watch = Watch::new(&world, &[], &Settings::default());
    assert_eq!(watch.files(), 3, "the settings, the rules, and what they read");
    assert!(watch.changed(&world).is_empty());
    write(&world, "rules/a.gradus", "policy b { }");
    write(&world, "rules/new.cases.toml", "");
    write(&world, "rules/notes.txt", "something");
    write(&world, "cases/late.cases.toml", "policy = \"b\"\n");
    assert_eq!(watch.changed(&world), ["rules/a.gradus", "rules/new.cases.toml"]);
    assert!(watch.changed(&world).is_empty(), "told once");
}

#[test]
fn the_neighbours_of_a_file_that_is_named_are_watched() {
    let world = world();
    let mut settings = Settings::default();
    settings.project.rules = vec!["rules/a.gradus".into()];
    let mut watch = Watch::new(&world, &["cases/late.cases.toml".into()], &settings);
    write(&world, "cases/late.csv", "name\n");
    assert_eq!(watch.changed(&world), ["cases/late.csv"]);
    write(&world, "rules/a.gradus", "policy c { }");
    write(&world, "rules/deep/rates.csv", "");
    assert_eq!(watch.changed(&world), ["rules/a.gradus"]);
}

/// The command itself: it runs, sees a change, runs again, and ends by Ctrl-C with the code of the contract.
#[cfg(unix)]
#[test]
fn a_watch_runs_again_and_ends_by_ctrl_c() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    use std::sync::mpsc;
    use std::time::Duration;

    let folder = tempfile::tempdir().unwrap();
    let policy = |half: &str| {
        format!(
            "policy a {{ version \"1\"; currency CNY; rounding half_up }}\nfacts {{ orders money }}\nlet half = orders / 2\n\
             case \"half\" {{ given {{ orders 10 }} expect {{ half {half} }} }}\n"
        )
    };
    let path = folder.path().join("a.gradus");
    std::fs::write(&path, policy("5")).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(["test", "--watch"])
        .current_dir(folder.path())
        .env_clear()
        .env("LANG", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (send, lines) = mpsc::channel();
    let stderr = child.stderr.take().unwrap();
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines() {
            let _ = send.send(line.unwrap());
        }
    });
    let until = |wanted: &str| {
        let mut seen = Vec::new();
        while let Ok(line) = lines.recv_timeout(Duration::from_secs(60)) {
            seen.push(line);
            if seen.last().unwrap().contains(wanted) {
                return seen;
            }
        }
        panic!("`{wanted}` was not said: {seen:?}");
    };
    let first = until("watching 1 file;");
    assert!(first.iter().any(|line| line.contains("1 passed")), "{first:?}");
    std::fs::write(&path, policy("50")).unwrap();
    let second = until("watching 1 file;");
    assert!(
        second[0].contains("changed: ./a.gradus") || second[0].contains("changed: a.gradus"),
        "{second:?}"
    );
    assert!(second.iter().any(|line| line.contains("1 failed")), "{second:?}");
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
