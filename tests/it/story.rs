//! Decisions with their explanations: a customer and a day go in, the record of the decision and the story in each language and
//! for each reader come out.
//!
//! ```toml
//! policy   = "trade_credit"            # one of rules/, or with `text` the name in it
//! text     = '''…'''                   # a policy of the case's own
//! scripts  = { "s.rhai" = "…" }        # what stands beside it
//! decision = "review"
//! as_of    = "2026-12-05"
//! set      = { standard_term = "45" }
//! shows    = ["en auditor", "zh sales"]
//! facts    = '''…'''                   # the customer, as a file in TOML
//! last     = '''…'''                   # what was decided the last time, as JSONL
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use gradus::base::{Lang, SourceMap};
use gradus::diag::render::{Colour, full};
use gradus::engine::{self, Built};
use gradus::eval::{Decider, Env, Facts, Outcome, Portfolio, ReasonSource, Trace};
use gradus::explain::{self, Asked, Audience, Explanation};
use gradus::interop::{self, Format, Input, Request};
use gradus::plan::{LineKind, Plan};
use gradus::script::Host;
use gradus::store::{Disk, Memory, Roots, Settings, World, load};
use gradus::value::{Date, Value};
use serde::Deserialize;

use crate::corpus::{each, folder, root, snapshot};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    policy: String,
    text: Option<String>,
    #[serde(default)]
    scripts: BTreeMap<String, String>,
    decision: Option<String>,
    as_of: String,
    #[serde(default)]
    set: BTreeMap<String, String>,
    #[serde(default)]
    shows: Vec<String>,
    facts: String,
    last: Option<String>,
}

impl Case {
    /// A case of a policy's text and a customer's.
    pub fn of(policy: &str, text: &str, as_of: &str, facts: &str) -> Case {
        Case {
            policy: policy.to_owned(),
            text: Some(text.to_owned()),
            scripts: BTreeMap::new(),
            decision: None,
            as_of: as_of.to_owned(),
            set: BTreeMap::new(),
            shows: Vec::new(),
            facts: facts.to_owned(),
            last: None,
        }
    }
}

/// A policy ready to decide, with all that it needs.
pub struct Ready {
    pub sources: SourceMap,
    pub built: Built,
}

/// Builds a policy of the library, or of a text of its own.
pub fn ready(policy: &str, text: Option<&str>, scripts: &BTreeMap<String, String>, day: Date) -> Ready {
    let settings = Settings::default();
    let mut sources = SourceMap::new();
    let mut memory = Memory::new(day);
    if let Some(text) = text {
        memory = memory.with("rules/policy.gradus", text);
        for (name, script) in scripts {
            memory = memory.with(format!("rules/{name}"), script.as_str());
        }
    }
    let (world, rules): (&dyn World, PathBuf) = match text {
        Some(_) => (&memory, PathBuf::from("rules")),
        None => (&Disk, PathBuf::from("rules")),
    };
    let roots = Roots::new(world, &settings, &[rules]);
    let folder = load(world, &roots, &settings, &mut sources);
    let place = folder
        .select(Some(policy), day)
        .unwrap_or_else(|problem| panic!("{}", full(&[*problem], &sources, Lang::En, Colour::Without)));
    let built = engine::build(&folder, place, &sources);
    Ready { sources, built }
}

/// One customer's story, with the plan it was told of and the record of the decision.
pub struct Told {
    pub plan: Plan,
    pub story: Explanation,
    pub record: String,
}

pub fn told(case: &Case) -> Told {
    let day = Date::parse(&case.as_of).unwrap();
    let Ready { mut sources, built } = ready(&case.policy, case.text.as_deref(), &case.scripts, day);
    let errors = || full(&built.diagnostics, &sources, Lang::En, Colour::Without);
    let plan = built.plan.clone().unwrap_or_else(|| panic!("{}", errors()));
    let decision = engine::choose(&plan, case.decision.as_deref()).unwrap();
    let mut request = Request::new(Input::new("customer.toml", case.facts.as_bytes(), Format::Toml));
    request.origins = true;
    request.needed = Some(engine::facts_needed_of_all(&plan, &plan.decisions[decision]));
    request.last = case.last.as_ref().map(|last| Input::new("last.jsonl", last.as_bytes(), Format::Jsonl));
    let read = interop::read(&plan.schema, request, &mut sources)
        .unwrap_or_else(|problems| panic!("{}", full(&problems, &sources, Lang::En, Colour::Without)));
    let rejected =
        read.rejects.iter().map(|reject| full(&reject.problems, &sources, Lang::En, Colour::Without));
    assert_eq!(rejected.collect::<String>(), "", "the customer is rejected");
    assert_eq!(read.notes, [], "{}", full(&read.notes, &sources, Lang::En, Colour::Without));
    let facts = &read.customers[0];
    let settings: Vec<(String, String)> = case.set.clone().into_iter().collect();
    let host = Host::new(&plan.scripts, &plan.schema.enums);
    let env = engine::environment(&plan, day, &settings, &built.calendars, Some(&host)).unwrap();
    // Several customers make a book; the first one's story is told.
    let portfolio = Portfolio::of(&plan, decision).filter(|_| read.customers.len() > 1);
    let book = portfolio.map(|portfolio| portfolio.book(&read.customers, 0, &env));
    let env = Env { book: book.as_ref(), ..env };
    let decider = Decider::whole(&plan, decision, &env).unwrap();
    let mut trace = Trace::new();
    let decided = decider.decide(facts, &mut decider.scratch(), &mut trace);
    let record = record(&plan, facts, &decided);
    let asked = Asked {
        plan: &plan,
        decision: &plan.decisions[decision],
        facts,
        trace: &trace,
        decided: &decided,
        today: day,
        sources: &sources,
        book: book.as_ref(),
        stands: &std::collections::BTreeSet::new(),
    };
    let story = explain::explain(&asked);
    let again = explain::explain(&asked);
    hold_laws(&plan, &story, &again);
    let mut story = story;
    story.changes = case.last.as_ref().and_then(|last| {
        let mut records =
            last.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let record = records.find(|record| record["id"].as_str() == Some(&facts.id))?;
        since(&plan, decision, facts, &env, &record)
    });
    Told { plan, story, record }
}

/// What changed since a record.
fn since(
    plan: &Plan,
    decision: usize,
    facts: &Facts,
    env: &Env<'_>,
    record: &serde_json::Value,
) -> Option<explain::Changes> {
    let decide = |facts: &Facts, day: Date| {
        let decider = Decider::new(plan, decision, &Env { today: day, ..env.clone() }).unwrap();
        let decided = decider.decide(facts, &mut decider.scratch(), &mut ());
        decided.values.into_iter().map(|value| value.outcome).collect()
    };
    let (today, decision) = (env.today, &plan.decisions[decision]);
    let again = explain::Again { plan, decision, facts, today, decide: &decide, by_version: &|_| None };
    explain::changes(&again, record)
}

/// The decision as data.
fn record(plan: &Plan, facts: &Facts, decided: &gradus::eval::Decision) -> String {
    let mut out = String::new();
    writeln!(out, "{} {}", facts.id, decided.status.name()).unwrap();
    for (value, output) in decided.values.iter().zip(&plan.decisions[decided.decision].outputs) {
        let ty = &plan.steps[output.step].ty;
        let shown = match &value.outcome {
            Outcome::One(value) => explain::value_json(value, ty, &plan.schema.enums).to_string(),
            Outcome::Items(items) => format!("{} items", items.len()),
            Outcome::Checks(records) => {
                let ty = |record: &gradus::eval::CheckRecord| {
                    explain::value_json(&record.verdict, ty, &plan.schema.enums).to_string()
                };
                records.iter().map(ty).collect::<Vec<_>>().join(", ")
            }
            Outcome::Ladder(items) => format!("{} on the ladder", items.len()),
        };
        writeln!(out, "  {} = {shown}", output.name).unwrap();
    }
    for reason in &decided.reasons {
        if let ReasonSource::Rule(rule) = reason.source {
            let lost = reason.lost.as_ref().map(|lost| format!(", {lost} lost")).unwrap_or_default();
            writeln!(out, "  because {}{lost}", plan.rules[rule].address).unwrap();
        }
    }
    for open in &decided.open {
        writeln!(out, "  asks {} about {}", open.role, plan.rules[open.rule].address).unwrap();
    }
    for fault in &decided.faults {
        writeln!(out, "  fault {fault:?}").unwrap();
    }
    out
}

/// What holds of every story.
fn hold_laws(plan: &Plan, story: &Explanation, again: &Explanation) {
    let number = |value: &Value| value.as_number().cloned();
    for score in &story.scores {
        let Some(raw) = number(&score.raw.value) else { continue };
        let mut sum = number(&score.base.value).unwrap();
        for factor in &score.factors {
            sum = sum.add(&number(&factor.contribution.value).unwrap());
        }
        assert_eq!(sum, raw, "the parts of {} do not add up", score.name);
    }
    for limit in &story.limits {
        let mut before = &limit.taken.value;
        for line in &limit.lines {
            assert_eq!(before, &line.before.value, "the lines of {} do not hang together", limit.name);
            if let (Some(change), Some(from), Some(to)) =
                (&line.change, number(&line.before.value), number(&line.after.value))
            {
                assert_eq!(from.add(&number(&change.value).unwrap()), to);
            }
            if matches!(line.kind, LineKind::Round(_)) && !line.rule.standing.takes_effect() {
                assert_eq!(line.before.value, line.after.value);
            }
            before = &line.after.value;
        }
        if !limit.lines.is_empty() {
            assert_eq!(before, &limit.value.value, "{} is not what its last line says", limit.name);
        }
    }
    for grade in &story.grades {
        assert_eq!(grade.stages.last().unwrap().after.value, grade.value.value, "{}", grade.name);
    }
    let json = explain::json(story, &plan.schema.enums);
    assert!(no_floats(&json), "a float in the JSON");
    assert_eq!(json.to_string(), explain::json(again, &plan.schema.enums).to_string());
    for lang in [Lang::En, Lang::Zh] {
        for audience in [Audience::Customer, Audience::Sales, Audience::Auditor] {
            let text = explain::render(story, plan, lang, audience);
            assert_eq!(text, explain::render(again, plan, lang, audience));
            for line in text.lines() {
                assert_eq!(line, line.trim_end(), "blanks at the end");
            }
            assert!(!text.contains('…') || audience == Audience::Auditor, "something is cut off:\n{text}");
            hold_reader(plan, story, lang, audience, &text);
        }
    }
}

/// What a reader may count on.
fn hold_reader(plan: &Plan, story: &Explanation, lang: Lang, audience: Audience, text: &str) {
    for (line, next) in text.lines().zip(text.lines().skip(1)).skip(3) {
        let heading = !line.is_empty() && !line.starts_with(' ') && !line.ends_with(['.', '。', '：', ':']);
        assert!(!heading || !next.is_empty(), "nothing stands under `{line}`:\n{text}");
    }
    let texts =
        |label: &gradus::plan::Label| if lang == Lang::En { label.en.clone() } else { label.zh.clone() };
    match audience {
        Audience::Customer => {
            for rule in &plan.rules {
                assert!(!text.contains(&*rule.address) || !rule.address.contains('/'), "an address:\n{text}");
            }
            let lines: Vec<&str> = text.lines().map(|line| line.trim_start_matches([' ', '-'])).collect();
            for line in story.reasons.iter().filter(|line| line.reason.internal) {
                let told =
                    line.reason.text.as_ref().filter(|told| line.reason.customer.as_ref() != Some(told));
                if let Some(told) = told {
                    assert!(!lines.contains(&&*texts(told)), "kept from the customer, and told:\n{text}");
                }
            }
            for word in ["weight", "权重", ", bound ", "，标准 ", "points lost", "失分"] {
                assert!(!text.contains(word), "`{word}` is told to the customer:\n{text}");
            }
        }
        Audience::Sales | Audience::Auditor => {
            let numbered: Vec<&str> = text
                .lines()
                .filter_map(|line| line.strip_prefix("  ")?.split_once(". "))
                .map(|(number, _)| number)
                .filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
                .collect();
            let counted: Vec<String> = (1..=numbered.len()).map(|number| number.to_string()).collect();
            assert_eq!(numbered, counted, "reasons out of their order:\n{text}");
        }
    }
    if audience == Audience::Auditor {
        // What goes on below itself is found once the line is whole again.
        let whole: String = text.split_whitespace().collect();
        for line in &story.reasons {
            let address: String = numbered(&line.address, lang).split_whitespace().collect();
            // What gives no words and moved nothing stands in its table, with its clause.
            let clause = line.reason.cite.as_ref().filter(|_| line.reason.text.is_none());
            let clause = clause.map(|cite| cite.split_whitespace().collect::<String>());
            let told = whole.contains(&address) || clause.is_some_and(|clause| whole.contains(&clause));
            assert!(told, "`{}` is not told:\n{text}", line.address);
        }
    }
}

/// An address as a reader of a language reads it: `t/row 3`, `t/第 3 行`.
fn numbered(address: &str, lang: Lang) -> String {
    let part = |part: &str| match (lang, part.split_once(' ')) {
        (Lang::Zh, Some((kind, number))) => {
            let unit = [
                ("row", "行"),
                ("line", "条"),
                ("hold", "项暂缓"),
                ("delay", "项推迟"),
                ("skip", "项跳过"),
                ("exclude", "项豁免"),
                ("require", "项要求"),
                ("always", "项始终"),
            ]
            .into_iter()
            .find(|(known, _)| *known == kind);
            unit.map_or_else(|| part.to_owned(), |(_, unit)| format!("第 {number} {unit}"))
        }
        _ => part.to_owned(),
    };
    address.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn no_floats(json: &serde_json::Value) -> bool {
    match json {
        serde_json::Value::Number(number) => !number.is_f64(),
        serde_json::Value::Array(values) => values.iter().all(no_floats),
        serde_json::Value::Object(object) => object.values().all(no_floats),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::String(_) => true,
    }
}

/// What a policy's digest is, tests of the plan hold.
fn without_digest(text: &str) -> String {
    let mut pieces = text.split("sha256:");
    let mut plain = pieces.next().unwrap().to_owned();
    for piece in pieces {
        plain.push_str("sha256:#");
        plain.push_str(piece.trim_start_matches(|ch: char| ch.is_ascii_hexdigit()));
    }
    plain
}

/// The story as one reader reads it: `zh sales`.
pub fn view(told: &Told, who: &str) -> String {
    let (lang, audience) = who.split_once(' ').unwrap();
    let lang = match lang {
        "en" => Lang::En,
        "zh" => Lang::Zh,
        other => panic!("no language `{other}`"),
    };
    let audience = match audience {
        "customer" => Audience::Customer,
        "sales" => Audience::Sales,
        "auditor" => Audience::Auditor,
        other => panic!("no reader `{other}`"),
    };
    without_digest(&explain::render(&told.story, &told.plan, lang, audience))
}

fn hold(path: &Path) {
    let text = std::fs::read_to_string(path).unwrap();
    let case: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    std::env::set_current_dir(root()).unwrap();
    let told = told(&case);
    let mut shown = format!("SOURCE\n{}\n\nDECISION\n{}", text.trim_end(), told.record);
    for who in &case.shows {
        write!(shown, "\nSTORY {who}\n{}", view(&told, who)).unwrap();
    }
    snapshot(path, &shown);
}

#[test]
fn decisions_explain_themselves() {
    each("eval", ".toml", hold);
}

/// The policy of three_readers.gradus, and its customer.
fn three_readers() -> (String, String) {
    let text = std::fs::read_to_string(folder("pipeline").join("three_readers.gradus")).unwrap();
    let customer = text.lines().filter_map(|line| line.strip_prefix("#: ")).collect::<Vec<_>>().join("\n");
    (text, customer)
}

fn found(text: &str, words: &[&str]) {
    let whole = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in words {
        assert!(whole.contains(word), "`{word}` is not told:\n{text}");
    }
}

#[test]
fn the_customer_gets_a_letter() {
    let (text, customer) = three_readers();
    let told = told(&Case::of("three_readers", &text, "2026-10-01", &customer));
    let letter = view(&told, "en customer");
    found(
        &letter,
        &[
            "To customer C1",
            "credit limit",
            "paid late 3 times within a year [rules 12]",
            "under review by us",
        ],
    );
    found(&letter, &["What has not been provided yet", "size of the firm"]);
    found(&letter, &["over the limit", "it is settled as soon as"]);
    // What the credit manager is still asked rests on a rule whose reason is kept inside.
    for kept in ["the credit manager has still to decide", "sued", "30%", "70%", "may release", "CR-7"] {
        assert!(!letter.contains(kept), "`{kept}` is told to the customer:\n{letter}");
    }
    let letter = view(&told, "zh customer");
    found(
        &letter,
        &["致客户 C1：", "一年内逾期 3 次 [rules 12]", "我方复核中", "尚未提供的资料", "企业规模"],
    );
    assert!(!letter.contains("起诉") && !letter.contains("尚待信用经理核定"), "{letter}");
}

#[test]
fn sales_reads_what_moved_what_and_what_to_do() {
    let (text, customer) = three_readers();
    let told = told(&Case::of("three_readers", &text, "2026-10-01", &customer));
    let sales = view(&told, "en sales");
    found(&sales, &["1. O-1: the order takes the exposure over the limit: needs release"]);
    found(
        &sales,
        &[
            "class B → C",
            "class C → D",
            "credit limit 200,000.00 → 120,000.00 (-80,000.00, the cap of 120,000.00 binds)",
        ],
    );
    found(&sales, &["credit manager may release it", "size of the firm: 30 points lost"]);
    // Its class is forced: no points would lift it.
    assert!(!sales.contains("next better band"), "{sales}");
    found(&view(&told, "zh sales"), &["信用等级 B → C", "上限 120,000.00 起作用"]);
}

#[test]
fn the_auditor_reads_each_reason_with_its_clause_and_place() {
    let (text, customer) = three_readers();
    let told = told(&Case::of("three_readers", &text, "2026-10-01", &customer));
    let auditor = view(&told, "en auditor");
    found(
        &auditor,
        &["[rules 12] three_readers/class/down 1", "(internal; the customer reads: under review by us)"],
    );
    found(
        &auditor,
        &["● D 0% ← taken", "with what is missing treated the other way: score 100, band A good"],
    );
    assert!(!auditor.contains("No question is open"), "{auditor}");
}

/// What changed since a record, of the customer of three_readers.gradus.
fn changed(record: serde_json::Value) -> explain::Changes {
    let (text, customer) = three_readers();
    let day = Date::parse("2026-10-01").unwrap();
    let Ready { mut sources, built } = ready("three_readers", Some(&text), &BTreeMap::new(), day);
    let plan = built.plan.unwrap();
    let mut request = Request::new(Input::new("customer.toml", customer.as_bytes(), Format::Toml));
    request.needed = Some(engine::facts_needed(&plan, &plan.decisions[0]));
    let read = interop::read(&plan.schema, request, &mut sources).unwrap();
    let env = engine::environment(&plan, day, &[], &built.calendars, None).unwrap();
    since(&plan, 0, &read.customers[0], &env, &record).unwrap()
}

/// The story of a case says of each fact where the case gives it, and calls a default what it does not give.
#[test]
fn the_story_of_a_case_says_where_its_facts_stand() {
    let text = "policy sample { version \"1\"; effective from 2026-01-01; currency CNY; rounding half_up }\n\
                facts { asked money; paid money default 0 }\n\
                let open = asked - paid\n\
                decision review { open }\n\
                case \"half is paid\" { given { asked 20万 } expect { open 20万 } }\n";
    let Ready { sources, built } =
        ready("sample", Some(text), &BTreeMap::new(), Date::parse("2026-10-01").unwrap());
    let plan = built.plan.unwrap();
    let (story, _) = engine::why_case(&plan, 0, &plan.cases[0], (&[], None), &sources).unwrap();
    let told = explain::render(&story, &plan, Lang::En, Audience::Auditor);
    let line =
        |name: &str| told.lines().rfind(|line| line.trim_start().starts_with(name)).unwrap().to_owned();
    assert!(line("asked").ends_with("policy.gradus:5:31"), "{told}");
    assert!(line("paid").ends_with("not given: by default"), "{told}");
}

#[test]
fn each_input_that_differs_says_what_it_did() {
    let record = serde_json::json!({
        "as_of": "2026-09-01", "version": "0", "digest": "sha256:0", "decision": "review",
        "values": { "class": "B", "credit_limit": "200000" },
        "facts": { "late": "1", "lawsuit": false, "assets": "900000", "payment": "10" },
    });
    let changes = changed(record);
    let outputs: Vec<&str> = changes.outputs.iter().map(|it| &*it.name).collect();
    assert_eq!(outputs, ["class", "credit_limit"]);
    let mut told = Vec::new();
    for input in changes.inputs.unwrap() {
        let moved: Option<Vec<String>> =
            input.alone.map(|it| it.iter().map(|would| would.name.to_string()).collect());
        told.push((format!("{:?}", input.input).split('(').next().unwrap().to_owned(), moved));
    }
    let fact = |moved: &[&str]| (String::from("Fact"), Some(moved.iter().map(ToString::to_string).collect()));
    // Late or not, the lawsuit keeps the class where it is; the assets moved the limit; the day moved nothing; the policy of
    // then is not at hand.
    let expected = [
        fact(&[]),
        fact(&["class", "discount"]),
        fact(&["credit_limit"]),
        (String::from("Day"), Some(Vec::new())),
        (String::from("Policy"), None),
    ];
    assert_eq!(told, expected);
    assert_eq!(changes.together, Some(true));
}

#[test]
fn a_record_without_facts_tells_what_changed_and_no_more() {
    let changes = changed(
        serde_json::json!({ "as_of": "2026-09-01", "values": { "class": "D", "credit_limit": "5" } }),
    );
    assert_eq!(changes.outputs.len(), 1);
    assert!(changes.inputs.is_none() && changes.together.is_none());
}
