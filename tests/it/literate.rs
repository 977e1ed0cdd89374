//! A policy manual in Markdown under every command: what it does there, and that each place it tells lies in a `gradus` block.

use std::path::Path;
use std::process::Command;

use gradus::store::{Memory, Settings, World as _};
use gradus::trial::Watch;
use gradus::value::Date;

use crate::corpus::root;

const MANUAL: &str = "rules/four_bands.md";
const POLICY: &str = "four_bands@2026.1";

/// A project with the manual of the library, the policy that it uses, and a book of customers.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Desk {
        let desk = Desk { folder: tempfile::tempdir().unwrap() };
        let rating = root().join("rules/rating");
        for name in ["four_bands.md", "four_bands.cases.toml", "characteristic_analysis.gradus"] {
            desk.write(&format!("rules/{name}"), &std::fs::read_to_string(rating.join(name)).unwrap());
        }
        let people =
            "[approval]\nrequired = false\n[[approval.people]]\nname = \"wang\"\nroles = [\"compliance\"]\n";
        desk.write("gradus.toml", &format!("[project]\nrules = [\"rules\"]\n{people}"));
        // Every characteristic 5 or 7; of C3, the accounts are missing.
        let facts = "outward_impression organisation product_and_market market_competition operating_state prospects deal_margin \
            product_demands market_attraction our_competitiveness guarantees replaceability payment_record bank_standing \
            profitability balance_sheet debt_capacity total_capital";
        let heading: Vec<&str> = facts.split_whitespace().collect();
        let row = |of: &str, accounts: &str| [[of; 14].as_slice(), &[accounts; 4]].concat().join(",");
        let rows =
            [("C1", row("5", "5"), "100000"), ("C2", row("7", "7"), "200000"), ("C3", row("7", ""), "")];
        let rows: String = rows.iter().map(|(id, facts, limit)| format!("{id},{facts},{limit}\n")).collect();
        desk.write("book.csv", &format!("id,{},current_limit\n{rows}", heading.join(",")));
        desk
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn manual(&self) -> String {
        std::fs::read_to_string(self.folder.path().join(MANUAL)).unwrap()
    }

    /// Puts something in the place of what stands once in the manual; gives the line.
    fn edit(&self, was: &str, is: &str) -> usize {
        let text = self.manual();
        assert_eq!(text.matches(was).count(), 1, "`{was}` must stand once");
        self.write(MANUAL, &text.replace(was, is));
        text[..text.find(was).unwrap()].matches('\n').count() + 1
    }

    /// What a command says on both streams. Every place in the manual that it tells lies in a block.
    fn says(&self, exit: i32, line: &str) -> String {
        let ran = Command::new(env!("CARGO_BIN_EXE_gradus"))
            .args(line.split(' '))
            .current_dir(self.folder.path())
            .env_clear()
            .env("LANG", "C")
            .output()
            .unwrap();
        let said =
            format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert_eq!(ran.status.code(), Some(exit), "{line}\n{said}");
        let text = self.manual();
        for place in places(&said) {
            assert!(in_block(&text, place), "{line}: line {place} is prose\n{said}");
        }
        said
    }

    /// The same, and that it tells of this line of the manual.
    fn tells(&self, exit: i32, line: &str, place: usize) -> String {
        let said = self.says(exit, line);
        assert!(places(&said).contains(&place), "{line}: not of line {place}\n{said}");
        said
    }
}

/// The lines of the manual that a text tells: `rules/four_bands.md:56:3`, `file=rules/four_bands.md,line=56`.
fn places(said: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for (at, _) in said.match_indices(MANUAL) {
        let behind = &said[at + MANUAL.len()..];
        let behind = behind.strip_prefix(':').or_else(|| behind.strip_prefix(",line="));
        let digits = behind.map(|text| text.split(|ch: char| !ch.is_ascii_digit()).next().unwrap());
        found.extend(digits.and_then(|digits| digits.parse::<usize>().ok()));
    }
    found
}

/// Whether a line stands in a `gradus` block.
fn in_block(text: &str, place: usize) -> bool {
    let mut inside = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.starts_with("```") {
            inside = line == "```gradus";
        } else if number == place {
            return inside;
        }
    }
    false
}

#[test]
fn a_sound_manual_is_taken_by_every_command() {
    let desk = Desk::new();
    let before = desk.manual();
    desk.says(0, "check");
    desk.says(0, &format!("check {MANUAL}"));
    desk.says(0, "lint --deny-warnings --as-of 2026-11-16");
    desk.says(0, "fmt --check");
    let said = desk.says(0, "test --coverage");
    assert!(said.contains("four_bands 2026.1 (rules/four_bands.md): 15 passed"), "{said}");
    let cases = desk.says(0, &format!("cases {MANUAL}"));
    assert!(cases.contains("# rules/four_bands.md:"), "{cases}");
    assert!(desk.says(0, &format!("mutants {MANUAL} --list")).contains(MANUAL));
    let said = desk.says(0, "why C1 book.csv --policy four_bands --as-of 2026-11-16");
    assert!(said.contains("110,000.00"), "{said}");
    let said = desk.says(0, "needs C3 book.csv --policy four_bands --as-of 2026-11-16");
    assert!(said.contains("limit today"), "{said}");
    desk.says(0, "decide book.csv --policy four_bands --as-of 2026-11-16 --log d.log --log-facts d.facts -o d.csv --format csv");
    desk.says(0, "verify d.log --log-facts d.facts");
    desk.says(0, "replay d.log --log-facts d.facts");
    assert!(desk.says(0, "versions").contains(MANUAL));
    desk.says(0, &format!("release {POLICY} --by wang"));
    desk.says(0, &format!("approve {POLICY} --sheet"));
    desk.says(0, &format!("diff {POLICY} {MANUAL}"));
    desk.says(0, "check");
    assert_eq!(desk.manual(), before, "nobody but who is asked to writes into a manual");
}

#[test]
fn what_changed_in_a_manual_is_told_at_its_line() {
    let desk = Desk::new();
    desk.says(0, "decide book.csv --policy four_bands --as-of 2026-11-16 --log d.log --log-facts d.facts");
    desk.says(0, &format!("release {POLICY} --by wang"));
    desk.write("was/four_bands.md", &desk.manual());
    desk.write(
        "was/characteristic_analysis.gradus",
        &std::fs::read_to_string(root().join("rules/rating/characteristic_analysis.gradus")).unwrap(),
    );
    let case = 1 + desk.manual().lines().position(|line| line.starts_with("case \"46 may grow\"")).unwrap();
    let band = desk.edit("from 46  cite", "from 55  cite");
    desk.tells(1, "test", case);
    desk.tells(2, &format!("mutants {MANUAL}"), case);
    desk.tells(1, "test --format github", case);
    desk.tells(1, "diff was rules", band);
    desk.tells(1, "check", band);
    desk.tells(1, "check --format github", band);
    let said = desk.says(0, "impact was rules --facts book.csv --policy four_bands --as-of 2026-11-16");
    assert!(said.contains("band growing") && said.contains("55"), "{said}");
    let said = desk.says(1, "replay d.log --log-facts d.facts");
    assert!(said.contains("E583"), "{said}");
}

#[test]
fn mistakes_lints_and_layout_of_a_manual_are_mended_in_its_blocks() {
    let desk = Desk::new();
    let sound = desk.manual();
    let wrong = desk.edit("from 66  cite", "from ６６  cite");
    desk.edit("by band -> attitude", "by bnd -> attitude");
    let spoilt = desk.manual();
    let said = desk.says(1, "check");
    assert!(said.contains("bnd"), "{said}");
    let table = 1 + spoilt.lines().position(|line| line.contains("by bnd")).unwrap();
    desk.tells(1, "check", table);
    desk.tells(1, "check --format concise", table);
    desk.says(1, "check --diff --unsafe-fixes");
    assert_eq!(desk.manual(), spoilt);
    desk.says(1, "fmt --check");
    desk.says(0, "fmt");
    let laid_out = desk.manual();
    assert!(laid_out.lines().nth(wrong - 1).unwrap().contains("from 66  cite"), "{laid_out}");
    desk.edit("by bnd -> attitude", "by band -> attitude");
    assert_eq!(desk.manual(), sound, "the prose and all that was laid out stands as it did");
    let unused =
        desk.edit("param modest_excess", "param spare_share percent 0%..50% = 10%\n\nparam modest_excess");
    desk.tells(1, "lint --deny-warnings", unused);
    desk.tells(1, "lint --deny-warnings --format github", unused);
}

#[test]
fn a_manual_is_watched() {
    let text = std::fs::read_to_string(root().join("rules/rating/four_bands.md")).unwrap();
    let world = Memory::new(Date::from_ymd(2026, 10, 18).unwrap()).with(MANUAL, text.as_str());
    let mut watch = Watch::new(&world, &[], &Settings::default());
    world.write(Path::new(MANUAL), text.replace("from 46  cite", "from 55  cite").as_bytes()).unwrap();
    assert_eq!(watch.changed(&world), [MANUAL]);
}
