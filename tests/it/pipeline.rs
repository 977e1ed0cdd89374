//! Small policies printed at every stage in one snapshot: the text, what was told of it, the plan, the decision, the explanation.
//!
//! The customer stands in the policy's own comments: lines that begin with `#: ` are a file of facts in TOML, `#@ ` is the day, `#? ` who
//! reads the story.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gradus::base::Lang;
use gradus::diag::render::{Colour, full};
use gradus::plan::text;
use gradus::value::Date;

use crate::corpus::{files, folder, snapshot};
use crate::story::{self, Case, ready};

/// The comment lines that begin so, without their beginning.
fn noted(text: &str, mark: &str) -> Vec<String> {
    text.lines().filter_map(|line| line.strip_prefix(mark)).map(str::to_owned).collect()
}

fn stages(path: &std::path::Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let day = noted(&text, "#@ ").pop().unwrap_or_else(|| String::from("2026-10-01"));
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let made = ready(&name, Some(&text), &BTreeMap::new(), Date::parse(&day).unwrap());
    let mut shown = format!("SOURCE\n{}\n", text.trim_end());
    let told = full(&made.built.diagnostics, &made.sources, Lang::En, Colour::Without);
    write!(shown, "\nDIAGNOSTICS\n{}", if told.is_empty() { "(none)\n" } else { told.as_str() }).unwrap();
    let Some(plan) = &made.built.plan else { return shown };
    write!(shown, "\nPLAN\n{}", self::text(plan)).unwrap();
    let case = Case::of(&name, &text, &day, &noted(&text, "#: ").join("\n"));
    let told = story::told(&case);
    write!(shown, "\nDECISION\n{}", told.record).unwrap();
    for who in noted(&text, "#? ") {
        write!(shown, "\nEXPLANATION {who}\n{}", story::view(&told, &who)).unwrap();
    }
    shown
}

#[test]
fn every_stage_of_small_policies() {
    let mut failed = Vec::new();
    for path in files(&folder("pipeline"), ".gradus") {
        if std::panic::catch_unwind(|| snapshot(&path, &stages(&path))).is_err() {
            failed.push(path);
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}
