//! How long each stage takes: parse, check, compile the policies of `rules/`; decide and explain customers of the example book; run
//! the cases of the library, and of a thousand case files; `gradus test --coverage` of this repository; lay the library out; tell an
//! author what a keystroke did.
//!
//! `cargo bench --bench pipeline`; one stage alone with `cargo bench --bench pipeline -- decide`; `cargo test --bench pipeline` runs
//! each once, to see that it does. What is promised: all of
//! `rules/` is checked within 100 ms, a decision of the composed policy without trace takes less than 10 µs, the whole test run of this
//! repository ends within a second, that of a thousand case files within three, diagnostics arrive 50 ms after a keystroke in the
//! largest file of the library, and the library is laid out within 200 ms.
#![allow(missing_docs, reason = "the functions are the groups of the report")]
#![allow(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a bench stops where its files are not as they should be"
)]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gradus::base::{FileId, Lang, SourceMap, Str};
use gradus::check::{self, Checked};
use gradus::engine::{self, Built};
use gradus::eval::{Decider, Env, Facts, Trace};
use gradus::fmt;
use gradus::interop::{Format, Input, Mapping, Request, read};
use gradus::lsp::Project;
use gradus::plan::{self, Plan};
use gradus::store::{self, Disk, Memory, Place, Roots, RulesFolder, Settings, World};
use gradus::syntax;
use gradus::trial::{self, Asked, Suite, Tally, Wanted};
use gradus::value::{Calendar, Date};

/// The day of the example book.
fn today() -> Date {
    Date::from_ymd(2026, 11, 16).expect("a day")
}

fn file(path: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

/// The policy library.
fn library() -> (RulesFolder, SourceMap) {
    let (settings, mut sources) = (Settings::default(), SourceMap::new());
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let roots = Roots::new(&Disk, &settings, &[rules]);
    let folder = store::load(&Disk, &roots, &settings, &mut sources);
    (folder, sources)
}

fn place(folder: &RulesFolder, name: &str) -> usize {
    // Of several versions the last one.
    let mut files = folder.files.iter();
    let named = files.rposition(|file| file.header.as_ref().is_some_and(|header| &*header.name == name));
    named.expect(name)
}

/// A policy with those that it uses, checked.
fn checked(folder: &RulesFolder, place: usize) -> Checked {
    let none = |_: &str| -> Option<Str> { None };
    let files: Vec<check::Source<'_>> = folder
        .with_uses(place)
        .into_iter()
        .filter_map(|place| folder.files.get(place))
        .map(|file| check::Source { file: &file.tree, scripts: &none, references: &|_| None })
        .collect();
    check::check(&files)
}

/// The composed policy.
fn composed() -> (Plan, Vec<Calendar>, SourceMap) {
    let (folder, sources) = library();
    let Built { plan, calendars, .. } = engine::build(&folder, place(&folder, "trade_credit"), &sources);
    (plan.expect("the composed policy is sound"), calendars, sources)
}

/// The customers of the example book, with the lists that `gradus.toml` names for them.
fn book(plan: &Plan, decision: usize) -> Vec<Facts> {
    let mut sources = SourceMap::new();
    let customers = Input::new("customers.csv", file("examples/book/customers.csv"), Format::Csv);
    let mut request = Request::new(customers);
    request.mapping =
        Mapping::parse("mapping.toml", file("examples/book/mapping.toml"), &plan.schema, &mut sources)
            .expect("a mapping");
    let invoices = Input::new("invoices.csv", file("examples/book/invoices.csv"), Format::Csv);
    request.lists.push(("invoices".into(), invoices));
    for (list, name) in [
        ("orders", "orders"),
        ("documents", "documents"),
        ("sign_offs", "sign_offs"),
        ("exceptions", "exceptions"),
        ("looks_high.answers", "answers"),
        ("securities", "dossiers/securities"),
        ("debts", "dossiers/debts"),
        ("投诉", "dossiers/complaints"),
    ] {
        let path = format!("{name}.csv");
        let rows = Input::new(path.as_str(), file(&format!("examples/book/{path}")), Format::Csv);
        request.lists.push((list.into(), rows));
    }
    let decision = plan.decisions.get(decision).expect("a decision");
    request.needed = Some(engine::facts_needed(plan, decision));
    read(&plan.schema, request, &mut sources).expect("a book").customers
}

fn parse(bench: &mut Criterion) {
    let (folder, sources) = library();
    let texts: Vec<&str> =
        folder.files.iter().filter_map(|file| Some(&**sources.get(file.file)?.text())).collect();
    let mut group = bench.benchmark_group("parse");
    group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
    group.bench_function("all of rules/", |bench| {
        bench.iter(|| {
            for text in &texts {
                black_box(syntax::parse(FileId(0), text));
            }
        });
    });
    group.finish();
}

fn check(bench: &mut Criterion) {
    let (folder, _) = library();
    let mut group = bench.benchmark_group("check");
    let composed = place(&folder, "trade_credit");
    group.bench_function("trade_credit", |bench| bench.iter(|| black_box(checked(&folder, composed))));
    // What `gradus check` does: every policy read, checked, compiled, proved.
    group.bench_function("all of rules/", |bench| {
        bench.iter(|| {
            let (folder, sources) = library();
            for place in 0..folder.files.len() {
                black_box(engine::build(&folder, place, &sources));
            }
        });
    });
    group.finish();
}

fn compile(bench: &mut Criterion) {
    let (folder, _) = library();
    let calendars = folder
        .calendars
        .iter()
        .filter_map(|(name, file)| Some((Str::from(name.as_str()), file.calendar.clone()?)))
        .collect();
    let composed = checked(&folder, place(&folder, "trade_credit"));
    let mut group = bench.benchmark_group("compile");
    group.bench_function("trade_credit", |bench| {
        bench.iter(|| black_box(plan::compile(&composed.program, &calendars)));
    });
    group.finish();
}

fn decide(bench: &mut Criterion) {
    let (plan, calendars, sources) = composed();
    let env = Env { calendars: &calendars, ..Env::on(today()) };
    let mut group = bench.benchmark_group("decide");
    for (place, decision) in plan.decisions.iter().enumerate() {
        let customers = book(&plan, place);
        let decider = Decider::new(&plan, place, &env).expect("a decision");
        let mut scratch = decider.scratch();
        let steps = decider.program().steps();
        let mut next = customers.iter().cycle();
        group.bench_function(format!("{}, {steps} steps", decision.name), |bench| {
            bench.iter(|| next.next().map(|facts| decider.decide(facts, &mut scratch, &mut ())));
        });
        let decider = Decider::whole(&plan, place, &env).expect("a decision");
        let mut scratch = decider.scratch();
        let mut next = customers.iter().cycle();
        group.bench_function(format!("{} with a trace of all", decision.name), |bench| {
            bench.iter(|| {
                let mut trace = Trace::new();
                next.next().map(|facts| (decider.decide(facts, &mut scratch, &mut trace), trace))
            });
        });
        let mut next = customers.iter().cycle();
        group.bench_function(format!("why of {}", decision.name), |bench| {
            bench.iter(|| next.next().map(|facts| engine::why(&plan, place, facts, &env, &sources)));
        });
    }
    group.finish();
}

/// A thousand case files of four cases, as people write them who test and may not change: each a customer of the composed policy.
fn thousand() -> Memory {
    let mut world = Memory::new(today());
    put(&mut world, Path::new("rules"));
    for number in 0..1000 {
        let mut text = String::from("policy = \"trade_credit@2026.3\"\n");
        for (late, class) in [(0, "CA2"), (2, "CA2"), (3, "CA3"), (4, "CA5")] {
            text.push_str(&format!(
                "[[case]]\nname = \"late {late} times\"\nexpect = {{ risk_class = \"{class}\" }}\n[case.given]\n\
                 finance_leaning_strict = 70\n\"finance_leaning_strict.credit\" = 85\nnew_customer = false\n\
                 statements_given = true\npapers = true\nlate_last_year = {late}\nbounced_cheques = 0\nbad_debt = false\n\
                 sued_by_supplier = false\nordered_to_stop = false\ncurrent_ratio = 1.5\ndebt_ratio = \"50%\"\n"
            ));
        }
        world = world.with(format!("cases/{number}.cases.toml"), text);
    }
    world
}

/// Puts a file, or all below a folder, into a world in memory.
fn put(world: &mut Memory, path: &Path) {
    match Disk.place(path) {
        Some(Place::Folder) => {
            Disk.list(path).expect("a folder").iter().for_each(|path| put(world, path));
        }
        Some(Place::File) => {
            let bytes = Disk.read(path).expect("a file");
            world.write(path, &bytes).expect("memory");
        }
        None => {}
    }
}

/// The whole of `gradus test`: what it promises is the library within a second, a thousand case files within three.
fn tried(world: &dyn World, paths: &[&str], settings: &Settings) -> usize {
    let mut sources = SourceMap::new();
    let asked = Asked { paths: paths.iter().map(Into::into).collect(), ..Asked::default() };
    let suite = Suite::open(world, settings, &asked, None, &mut sources).expect("a suite");
    let policies = suite.run(&Wanted::default(), &sources, Lang::En);
    Tally::of(&policies).passed
}

fn test(bench: &mut Criterion) {
    let mut settings = Settings::default();
    settings.calendars.insert("cn".to_owned(), "rules/calendars/cn.toml".into());
    let world = thousand();
    assert_eq!(tried(&world, &["cases"], &settings), 4000, "every case passes");
    let mut group = bench.benchmark_group("test");
    group.sample_size(10);
    group.bench_function("the library", |bench| {
        bench.iter(|| black_box(tried(&world, &["rules"], &settings)));
    });
    group.bench_function("a thousand case files", |bench| {
        bench.iter(|| black_box(tried(&world, &["cases"], &settings)));
    });
    // The command itself, in this repository: cases, decisions that are kept, and what both exercise.
    group.bench_function("gradus test --coverage", |bench| bench.iter(command));
    group.finish();
}

fn command() {
    let run = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(["test", "--coverage", "--quiet", "--update", "no"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the command");
    assert!(run.status.success(), "every case passes, every decision is as accepted");
}

/// What `gradus fmt --check` does with texts that all have to be laid out anew: each is read, laid out, and held to the laws.
fn format(bench: &mut Criterion) {
    let (folder, sources) = library();
    // Two blanks for one between words: a text that is laid out otherwise and means the same.
    let shaken = |text: &str| -> String {
        let lines = text.lines().map(|line| match line.split_once(|ch: char| !ch.is_whitespace()) {
            Some((blanks, _)) => format!("{blanks} {}\n", line.trim_start()),
            None => "\n".to_owned(),
        });
        lines.collect()
    };
    let texts: Vec<String> =
        folder.files.iter().filter_map(|file| Some(shaken(sources.get(file.file)?.text()))).collect();
    let mut group = bench.benchmark_group("fmt");
    group.bench_function("all of rules/, every file changed", |bench| {
        bench.iter(|| black_box(trial::threads::map(None, &texts, |text| fmt::format(text, None))));
    });
    let laid_out: Vec<String> =
        texts.iter().filter_map(|text| Some(fmt::format(text, None).ok()?.text)).collect();
    group.bench_function("all of rules/, nothing to change", |bench| {
        bench.iter(|| black_box(trial::threads::map(None, &laid_out, |text| fmt::format(text, None))));
    });
    group.finish();
}

/// From a keystroke in the largest policy until all that is wrong with it is known: read, parsed, checked, proved, linted.
fn keystroke(bench: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("rules/trade_credit/2026.4.gradus");
    let text = fs::read_to_string(&path).expect("the composed policy");
    let (head, tail) = text.split_once("\nlet ").expect("a value");
    let edits = [text.clone(), format!("{head}\n# looked at\nlet {tail}")];
    let mut project = Project::new(&Disk, Some(root.to_owned()), Lang::En);
    project.open(&path, &text);
    project.read();
    project.settle_all();
    let mut next = edits.iter().cycle();
    bench.bench_function("keystroke in trade_credit", |bench| {
        bench.iter(|| {
            project.open(&path, next.next().map_or("", String::as_str));
            project.read_after_edit(true);
            project.build_next(Some(&path));
            black_box(project.diagnostics().len());
            project.let_go();
        });
    });
}

criterion_group! {
    name = stages;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(3)).without_plots();
    targets = parse, check, compile, decide, test, format, keystroke
}
criterion_main!(stages);
