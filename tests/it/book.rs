//! The example book: it is what its program makes, every wrong row of it comes back, and the policy that decides it lets nobody
//! gain by silence but where it says so.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use gradus::base::{SourceMap, Str};
use gradus::engine::{Policy, build, choose, facts_needed_of_all};
use gradus::eval::{Decider, Env, Facts, Outcome, Portfolio, Records, run_case};
use gradus::interop::{Format, Input, Mapping, Read, Request, read};
use gradus::store::{Disk, Roots, Settings, load, settings};
use gradus::value::{Calendar, Cause, Date, Default, FieldId, Value};

#[path = "../../examples/make_book/desk.rs"]
mod desk;
#[path = "../../examples/embed.rs"]
mod embed;
#[path = "../../examples/make_book/book.rs"]
mod made;
#[path = "../../examples/make_book/past.rs"]
pub mod past;
#[path = "../../examples/make_book/random.rs"]
pub mod random;
#[path = "../../examples/make_book/words.rs"]
mod words;
#[path = "../../examples/make_book/written.rs"]
pub mod written;

fn day() -> Date {
    Date::parse("2026-11-16").unwrap()
}

fn policy() -> Policy {
    Policy::load(&Disk, &[PathBuf::from("rules")], Some("trade_credit"), day()).unwrap()
}

/// The calendars that the policy names.
fn calendars() -> Vec<Calendar> {
    let (settings, mut sources) = (Settings::default(), SourceMap::new());
    let roots = Roots::new(&Disk, &settings, &[PathBuf::from("rules")]);
    let folder = load(&Disk, &roots, &settings, &mut sources);
    let place = folder.select(Some("trade_credit"), day()).unwrap();
    build(&folder, place, &sources).calendars
}

fn input(name: &str, format: Format) -> Input {
    Input::new(name, fs::read(format!("examples/book/{name}")).unwrap(), format)
}

/// What the decisions read; what a used policy asks for beside that, the book need not have.
fn needed(policy: &Policy) -> BTreeSet<FieldId> {
    let plan = policy.plan();
    plan.decisions.iter().flat_map(|decision| facts_needed_of_all(plan, decision)).collect()
}

/// The lists that the policies of other desks read, as gradus.toml names them.
fn dossiers() -> Vec<(Str, Input)> {
    let settings = settings::find(&Disk, Some(Path::new("gradus.toml")), 0, &mut SourceMap::new()).unwrap();
    let lists = settings.decide.lists.into_iter().filter_map(|(fact, path)| {
        let name = path.strip_prefix("examples/book").ok()?.to_str()?.to_owned();
        name.starts_with("dossiers").then(|| (Str::from(fact), input(&name, Format::Csv)))
    });
    lists.collect()
}

fn customers(policy: &Policy) -> Read {
    let (schema, mut sources) = (&policy.plan().schema, SourceMap::new());
    let mapping = fs::read("examples/book/mapping.toml").unwrap();
    let mut request = Request::new(input("customers.csv", Format::Csv));
    request.needed = Some(needed(policy));
    request.lists.push((Str::from("invoices"), input("invoices.csv", Format::Csv)));
    for list in &desk::LISTS {
        request.lists.push((Str::from(list.fact), input(list.file, Format::Csv)));
    }
    request.lists.extend(dossiers());
    request.last = Some(input("last.jsonl", Format::Jsonl));
    request.mapping = Mapping::parse("mapping.toml", mapping, schema, &mut sources).unwrap();
    read(schema, request, &mut sources).unwrap()
}

#[test]
fn the_book_is_what_its_program_makes() {
    for (name, bytes) in made::files() {
        let kept = fs::read(format!("examples/book/{name}")).unwrap();
        assert!(kept == bytes, "{name} differs: `cargo run --example make_book` writes it anew");
    }
}

/// So many customers are enough to see that what earlier runs recorded is of this book.
pub const RECORDED: usize = 40;

pub fn run(words: &[String]) -> String {
    past::with(Path::new(env!("CARGO_BIN_EXE_gradus")), words)
}

/// What a record says of the facts and of what has been done; what was decided by the rules of then stands as it was decided.
pub fn recorded(lines: &str) -> Vec<serde_json::Value> {
    let read = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let told = |mut line: serde_json::Value| {
        if let Some(values) = line.get_mut("values").and_then(serde_json::Value::as_object_mut) {
            values.values_mut().for_each(|value| *value = serde_json::Value::Null);
        }
        line
    };
    read.map(told).collect()
}

#[test]
fn the_review_of_august_is_what_its_program_makes() {
    let kept = recorded(&fs::read_to_string("examples/book/last.jsonl").unwrap());
    let made = recorded(&made::then::last_decisions(RECORDED, &run));
    assert!(made.len() > RECORDED / 2);
    for (made, kept) in made.iter().zip(&kept) {
        assert_eq!(made, kept, "`cargo run --example make_book` writes it anew");
    }
}

#[test]
fn every_wrong_row_comes_back_and_every_other_customer_is_decided() {
    let read = customers(&policy());
    let wrong: BTreeSet<&str> = read.rejects.iter().filter_map(|reject| reject.id.as_deref()).collect();
    let expected = [
        "C0010", "C0017", "C0044", "C0066", "C0081", "C0102", "C0150", "C0188", "C0203", "C0231", "C0268",
        "C0312", "C0356", "C0991", "C0994", "C0999",
    ];
    assert_eq!(wrong, BTreeSet::from(expected));
    assert_eq!(read.customers.len(), 400 - 13);
    assert_eq!(read.notes.len(), 0, "{:?}", read.notes);
}

/// The first customers as nested JSON and as a workbook are the same as in CSV.
#[test]
fn the_book_reads_the_same_in_every_format() {
    let policy = policy();
    let all = customers(&policy).customers;
    let schema = &policy.plan().schema;
    let mut sources = SourceMap::new();
    let mut request = Request::new(input("first.json", Format::Json));
    request.needed = Some(needed(&policy));
    request.lists.extend(dossiers());
    let json = read(schema, request, &mut sources).unwrap();
    let mapping = fs::read("examples/book/mapping.toml").unwrap();
    let mut request = Request::new(input("first.xlsx", Format::Xlsx));
    request.needed = Some(needed(&policy));
    for list in std::iter::once("invoices").chain(desk::LISTS.iter().map(|list| list.fact)) {
        let mut sheet = input("first.xlsx", Format::Xlsx);
        sheet.sheet = Some(Str::from(list));
        request.lists.push((Str::from(list), sheet));
    }
    request.lists.extend(dossiers());
    request.mapping = Mapping::parse("mapping.toml", mapping, schema, &mut sources).unwrap();
    let workbook = read(schema, request, &mut sources).unwrap();
    assert_eq!(json.customers.len(), 3);
    for facts in json.customers.iter().chain(&workbook.customers) {
        // One of them is wrong in the CSV alone.
        let Some(same) = all.iter().find(|other| other.id == facts.id) else {
            assert_eq!(&*facts.id, "C0017");
            continue;
        };
        for (field, declared) in schema.fields.iter_enumerated() {
            // What was decided the last time stands in neither.
            if !declared.name.starts_with("last.") {
                assert_eq!(facts.value(field), same.value(field), "{} {}", facts.id, declared.name);
                assert_eq!(facts.records(field), same.records(field), "{} {}", facts.id, declared.name);
            }
        }
    }
}

/// Class, limit, term and deposit, and how far each order is from going out, each so that more is better for the customer. No class is
/// as the last one, no limit as none.
fn granted(deciders: &[Decider<'_>], facts: &Facts) -> BTreeMap<Str, i64> {
    let mut granted = BTreeMap::new();
    for decider in deciders {
        let decision = decider.decide(facts, &mut decider.scratch(), &mut ());
        for (output, value) in decider.decision().outputs.iter().zip(&decision.values) {
            let value = match &value.outcome {
                Outcome::One(value) => value,
                Outcome::Checks(orders) => {
                    for order in orders {
                        let Value::Code(verdict) = &order.verdict else { panic!("{:?}", order.verdict) };
                        *granted.entry(Str::from("release")).or_default() -= i64::from(*verdict);
                    }
                    continue;
                }
                _ => continue,
            };
            let cents = |value: &Value| -> Option<i64> {
                let number = value.as_number()?;
                format!("{}", number.mul(&gradus::value::Number::from_i64(10_000)).floor()).parse().ok()
            };
            let rank = match (&*output.name, value) {
                ("risk_class", Value::Code(place)) => -i64::from((*place).min(5)),
                ("credit_limit" | "credit_term", value) => cents(value).unwrap_or(0),
                ("deposit", value) => -cents(value).unwrap(),
                _ => continue,
            };
            granted.insert(output.name.clone(), rank);
        }
    }
    granted
}

/// Every optional fact of the first customers is left out in turn, and every list that somebody keeps on them, each in the book of all.
/// Where somebody is then better off, the policy says so in words: without statements what a customer orders and pays counts, up to a
/// ceiling; a share of purchases that is not given is assumed; what nobody has judged is not held against a good customer; what is not
/// known of our own stock makes nobody strict; a warning that nobody has looked for weighs a quarter, and a new owner of whom nobody
/// knows holds nothing.
#[test]
fn nobody_is_better_off_for_silence_but_where_the_policy_says_so() {
    let policy = policy();
    let plan = policy.plan();
    let schema = &plan.schema;
    let read = customers(&policy);
    let calendars = calendars();
    let alone = Env { calendars: &calendars, ..Env::on(day()) };
    let review = choose(plan, Some("review")).unwrap();
    let book = Portfolio::of(plan, review).unwrap().book(&read.customers, read.rejects.len(), &alone);
    let env = Env { book: Some(&book), ..alone };
    let deciders = ["review", "order_release"]
        .map(|name| Decider::new(plan, choose(plan, Some(name)).unwrap(), &env).unwrap());
    let mut gains: BTreeMap<Str, BTreeSet<Str>> = BTreeMap::new();
    for facts in read.customers.iter().take(120) {
        let before = granted(&deciders, facts);
        for (field, declared) in schema.fields.iter_enumerated() {
            let kept = ["documents", "sign_offs", "exceptions", "looks_high.answers"];
            let mut silent = facts.clone();
            if kept.contains(&&*declared.name) {
                let records = silent.records_mut(field).unwrap();
                *records = Records::empty(field, records.columns.len());
            } else {
                let known = facts.value(field).is_some_and(Value::is_known);
                if declared.default != Default::Unknown || !known || declared.name.starts_with("last.") {
                    continue;
                }
                silent.set(field, Value::Unknown(Cause::Missing(field.0)));
            }
            for (output, now) in granted(&deciders, &silent) {
                if now > before[&output] {
                    gains.entry(declared.name.clone()).or_default().insert(output);
                }
            }
        }
    }
    let told: Vec<String> = gains
        .iter()
        .map(|(fact, outputs)| {
            format!("{fact}: {}", outputs.iter().map(|it| &**it).collect::<Vec<_>>().join(", "))
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_program_that_embeds_the_engine_decides() {
    insta::assert_snapshot!(embed::told().unwrap());
}

/// The policy of the first lesson is sound, and its cases pass.
#[test]
fn the_first_policy_is_sound() {
    let policy = Policy::load(&Disk, &[PathBuf::from("examples/first")], None, day()).unwrap();
    assert!(policy.warnings().is_empty());
    for case in &policy.plan().cases {
        assert!(run_case(policy.plan(), case, &[], None).passed(), "{}", case.name);
    }
}

/// What a run recorded, the next one reads back: a step that is in force is not taken for one that was carried out.
#[test]
fn a_run_reads_back_what_the_last_one_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let record = |day: &str, last: &std::path::Path, to: &str| -> String {
        let to = folder.path().join(to);
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_gradus"))
            .args(["decide", "examples/book/customers.csv", "--decision", "worklist", "--as-of", day])
            .args(["--format", "jsonl", "--max-rejects", "20", "-q", "-o"])
            .arg(&to)
            .arg("--last")
            .arg(last)
            .current_dir(crate::corpus::root())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::read_to_string(to).unwrap()
    };
    let first = record("2026-11-16", &crate::corpus::root().join("examples/book/last.jsonl"), "first.jsonl");
    let second = record("2026-11-20", &folder.path().join("first.jsonl"), "second.jsonl");
    let done = |text: &str| -> Vec<(String, serde_json::Value)> {
        let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        lines
            .map(|line| (line["id"].as_str().unwrap().to_owned(), line["last"]["collection"].clone()))
            .collect()
    };
    assert!(done(&first).iter().any(|(_, records)| records.as_array().is_some_and(|it| !it.is_empty())));
    assert_eq!(done(&first), done(&second), "nothing was carried out between the two runs");
}
