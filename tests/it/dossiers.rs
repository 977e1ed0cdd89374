//! The dossiers of the example book: every policy of `rules/` decides some of it, by the commands that its page tells, and all that
//! a policy can say is said of somebody.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use gradus::base::{Lang, SourceMap, Str};
use gradus::engine::{self, Built};
use gradus::eval::{Decider, Decision, Env, Facts, Fault, Outcome, Portfolio, Status, Trace};
use gradus::interop::{self, Format, Input, Mapping, Read, Request};
use gradus::plan::{
    EscalationItem, FactorItem, GradesItem, Item, ItemKind, LineKind, Plan, RowItem, RuleId, StepId,
};
use gradus::script::Host;
use gradus::store::{Disk, Roots, RulesFolder, Settings, load};
use gradus::value::{Date, Value};

use crate::book::{past, random, recorded, written};

#[path = "../../examples/make_book/dossiers/mod.rs"]
mod made;

/// The page of the book.
const PAGE: &str = "examples/book/README.md";

fn day() -> Date {
    Date::parse("2026-11-16").unwrap()
}

#[test]
fn the_dossiers_are_what_their_program_makes() {
    let text = |name: &str| fs::read_to_string(format!("examples/book/{name}")).unwrap();
    let files = made::files(&text("customers.csv"), &text("invoices.csv"));
    for (name, bytes) in files.iter().filter(|(name, _)| !name.starts_with("last/")) {
        let kept = fs::read(format!("examples/book/dossiers/{name}")).unwrap();
        assert!(kept == *bytes, "{name} differs: `cargo run --example make_book` writes it anew");
    }
    for (name, made) in made::last::runs(&files, crate::book::RECORDED, &crate::book::run) {
        let kept = recorded(&text(&format!("dossiers/{name}")));
        for (made, kept) in recorded(&made).iter().zip(&kept) {
            assert_eq!(made, kept, "{name}: `cargo run --example make_book` writes it anew");
        }
    }
}

// ------------------------------------------------------------------------------------------------ the commands

/// A command of the page: `gradus decide FILE --policy NAME …`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
struct Command {
    facts: PathBuf,
    policy: String,
    decision: Option<String>,
    lists: Vec<(String, PathBuf)>,
    mapping: Option<PathBuf>,
    last: Option<PathBuf>,
    set: Vec<(String, String)>,
}

impl Command {
    fn parse(written: &str) -> Command {
        let mut words = written.split_whitespace().skip(2);
        let mut command = Command { facts: words.next().unwrap().into(), ..Command::default() };
        while let Some(option) = words.next() {
            let value = words.next().unwrap();
            let pair =
                || value.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
            match option {
                "--policy" => command.policy = value.to_owned(),
                "--decision" => command.decision = Some(value.to_owned()),
                "--list" => command.lists.push((pair().0, pair().1.into())),
                "--map" => command.mapping = Some(value.into()),
                "--last" => command.last = Some(value.into()),
                "--set" => command.set.push(pair()),
                other => panic!("{written}: {other}"),
            }
        }
        command
    }
}

/// The commands of one half of the page, as written.
fn commands(half: &str) -> Vec<&str> {
    half.split('`').filter(|code| code.starts_with("gradus decide ")).collect()
}

fn page() -> (String, String) {
    let page = fs::read_to_string(PAGE).unwrap();
    let (english, chinese) = page.split_once("\n---\n").unwrap();
    (english.to_owned(), chinese.to_owned())
}

fn input(path: &Path) -> Input {
    let name = path.display().to_string();
    Input::new(
        name.as_str(),
        fs::read(path).unwrap_or_else(|_| panic!("{name}")),
        Format::of_name(&name).unwrap(),
    )
}

// ------------------------------------------------------------------------------------------------ what is reached

/// What the runs of one policy came to.
#[derive(Default)]
struct Seen {
    decided: usize,
    /// Who came back, and with which diagnostics.
    rejected: BTreeSet<String>,
    wrong: BTreeSet<String>,
    /// By decision and output, every value.
    values: BTreeMap<(Str, Str), BTreeSet<String>>,
    /// The addresses of all that was reached.
    reached: BTreeSet<String>,
    /// The addresses of all that is there.
    there: BTreeSet<String>,
}

/// Whether a step is yes for the customer or one of its items.
fn holds(trace: &Trace, step: StepId) -> bool {
    values(trace, step).contains(&Value::Bool(true))
}

fn values(trace: &Trace, step: StepId) -> Vec<Value> {
    match (trace.value(step), trace.items(step)) {
        (Some(value), _) => vec![value.clone()],
        (None, Some(values)) => values.to_vec(),
        (None, None) => Vec::new(),
    }
}

impl Seen {
    fn rule(&mut self, plan: &Plan, trace: &Trace, rule: RuleId) {
        let rule = &plan.rules[rule];
        self.there.insert(rule.address.to_string());
        if rule.applies.is_none_or(|step| holds(trace, step)) {
            self.reached.insert(rule.address.to_string());
        }
    }

    fn place(&mut self, address: String, reached: bool) {
        if reached {
            self.reached.insert(address.clone());
        }
        self.there.insert(address);
    }

    /// The rows of a table: the one taken, or all that apply.
    fn rows(&mut self, plan: &Plan, trace: &Trace, rows: &[RowItem], chosen: Option<StepId>) {
        let Some(chosen) = chosen else {
            for row in rows {
                self.rule(plan, trace, row.rule);
            }
            return;
        };
        let taken = values(trace, chosen);
        for (place, row) in rows.iter().enumerate() {
            let code = Value::Code(u32::try_from(place).unwrap());
            self.place(plan.rules[row.rule].address.to_string(), taken.contains(&code));
        }
    }

    /// The points of a factor: the first row that applies.
    fn points(&mut self, plan: &Plan, trace: &Trace, factor: &FactorItem) {
        let many = values(trace, factor.value).len();
        for row in &factor.rows {
            self.there.insert(plan.rules[row.rule].address.to_string());
        }
        for item in 0..many {
            let applies = |row: &&RowItem| {
                plan.rules[row.rule]
                    .applies
                    .is_none_or(|step| trace.item(step, item) == Some(&Value::Bool(true)))
            };
            if let Some(row) = factor.rows.iter().find(applies) {
                self.reached.insert(plan.rules[row.rule].address.to_string());
            }
        }
    }

    fn grades(&mut self, plan: &Plan, trace: &Trace, item: &Item, grades: &GradesItem) {
        let given = values(trace, item.value);
        for (code, member) in plan.schema.enums[grades.scale].members.iter().enumerate() {
            let code = Value::Code(u32::try_from(code).unwrap());
            self.place(format!("{}/{}", item.address, member.name), given.contains(&code));
        }
        let rules = grades.notches.iter().map(|(rule, _)| *rule);
        let rules = rules.chain(grades.caps.iter().chain(&grades.forces).map(|(rule, _)| *rule));
        for rule in rules {
            self.rule(plan, trace, rule);
        }
    }

    fn ladder(&mut self, plan: &Plan, trace: &Trace, ladder: &EscalationItem) {
        // A rank says which step is in force; where none is, the step is unknown.
        let in_force: Vec<Value> = values(trace, ladder.step);
        for (place, rung) in ladder.rungs.iter().enumerate() {
            let code = Value::Code(u32::try_from(place).unwrap());
            self.place(plan.rules[rung.rule].address.to_string(), in_force.contains(&code));
            for skip in &rung.skips {
                self.rule(plan, trace, *skip);
            }
        }
        for rule in
            ladder.holds.iter().map(|hold| hold.rule).chain(ladder.delays.iter().map(|(rule, _)| *rule))
        {
            self.rule(plan, trace, rule);
        }
        if let Some((_, _, rows, chosen)) = &ladder.tactics {
            let rows: Vec<RowItem> = rows.iter().map(|row| row.row.clone()).collect();
            self.rows(plan, trace, &rows, Some(*chosen));
        }
    }

    /// All that one construct says of a customer.
    fn item(&mut self, plan: &Plan, trace: &Trace, item: &Item) {
        match &item.kind {
            ItemKind::Table(table) => self.rows(plan, trace, &table.rows, table.chosen),
            ItemKind::Correction(correction) => {
                self.rows(plan, trace, &correction.rows, Some(correction.chosen));
            }
            ItemKind::Authority(authority) => {
                self.rows(plan, trace, &authority.table.rows, authority.table.chosen);
            }
            ItemKind::Scorecard(card) => {
                for factor in &card.factors {
                    self.points(plan, trace, factor);
                }
            }
            ItemKind::Grades(grades) => self.grades(plan, trace, item, grades),
            ItemKind::Limit(limit) => {
                for line in &limit.lines {
                    let rule = &plan.rules[line.rule];
                    // A floor is a safeguard: no figure of a sound book needs it.
                    if line.kind == LineKind::Floor {
                        continue;
                    }
                    let bites =
                        line.kind != LineKind::Cap || values(trace, line.before) != values(trace, line.after);
                    let applies = rule.applies.is_none_or(|step| holds(trace, step));
                    self.place(rule.address.to_string(), applies && bites);
                }
            }
            ItemKind::Triggers(triggers) => {
                let now = values(trace, item.value);
                for (code, member) in plan.schema.enums[triggers.states].members.iter().enumerate() {
                    let code = Value::Code(u32::try_from(code).unwrap());
                    self.place(format!("{}/{}", item.address, member.name), now.contains(&code));
                }
                for (_, _, rule) in triggers.groups.iter().flat_map(|group| &group.triggers) {
                    self.rule(plan, trace, *rule);
                }
            }
            ItemKind::Escalation(ladder) => self.ladder(plan, trace, ladder),
            ItemKind::Checklist(list) => {
                for paper in &list.papers {
                    self.rule(plan, trace, paper.rule);
                }
            }
            ItemKind::Checks(checks) => {
                for rule in checks.holds.iter().map(|hold| hold.rule) {
                    self.rule(plan, trace, rule);
                }
                for (rule, _) in &checks.exclusions {
                    self.rule(plan, trace, *rule);
                }
            }
            ItemKind::Override(exceptions) => self.rule(plan, trace, exceptions.rule),
            ItemKind::Judgement(judgement) => self.rule(plan, trace, judgement.rule),
            ItemKind::Book(entry) => {
                if let Some(cap) = &entry.cap {
                    self.place(plan.rules[cap.rule].address.to_string(), holds(trace, cap.short));
                }
            }
            ItemKind::Let | ItemKind::Total(_) | ItemKind::Allocation(_) => {}
        }
    }

    /// The outputs of a decision.
    fn outputs(&mut self, plan: &Plan, decided: &Decision) {
        let decision = &plan.decisions[decided.decision];
        for (output, value) in decision.outputs.iter().zip(&decided.values) {
            let key = (decision.name.clone(), output.name.clone());
            let seen = self.values.entry(key).or_default();
            match &value.outcome {
                Outcome::One(Value::Unknown(_)) => {
                    seen.insert("unknown".to_owned());
                }
                Outcome::One(value) => {
                    seen.insert(format!("{value:?}"));
                }
                Outcome::Items(items) => {
                    seen.extend(items.iter().map(|item| format!("{:?}", item.value)));
                }
                Outcome::Ladder(records) => {
                    seen.extend(records.iter().map(|record| format!("{:?}", record.step)));
                }
                Outcome::Checks(records) => {
                    seen.extend(records.iter().map(|record| format!("{:?}", record.verdict)));
                }
            }
        }
    }
}

/// The library as the settings of this repository read it.
struct Library {
    folder: RulesFolder,
    settings: Settings,
    sources: SourceMap,
}

fn library() -> Library {
    let settings: Settings = toml::from_str(&fs::read_to_string("gradus.toml").unwrap()).unwrap();
    let mut sources = SourceMap::new();
    let roots = Roots::new(&Disk, &settings, &[PathBuf::from("rules")]);
    let folder = load(&Disk, &roots, &settings, &mut sources);
    Library { folder, settings, sources }
}

/// Reads what a command reads. What the settings say, they say for their own policy.
fn customers(
    library: &Library,
    sources: &mut SourceMap,
    plan: &Plan,
    decision: usize,
    command: &Command,
) -> Read {
    let mut command = command.clone();
    let settings = &library.settings.decide;
    if settings.policy.as_deref() == Some(command.policy.as_str()) {
        command.mapping = command.mapping.or(settings.mapping.clone());
        let own =
            settings.lists.iter().filter(|(list, _)| !command.lists.iter().any(|(name, _)| name == *list));
        let own: Vec<(String, PathBuf)> = own.map(|(list, path)| (list.clone(), path.clone())).collect();
        command.lists.extend(own);
    }
    let mut request = Request::new(input(&command.facts));
    request.needed = Some(engine::facts_needed(plan, &plan.decisions[decision]));
    for (list, path) in &command.lists {
        request.lists.push((Str::from(list.as_str()), input(path)));
    }
    request.last = command.last.as_deref().map(input);
    if let Some(path) = &command.mapping {
        let (name, bytes) = (path.display().to_string(), fs::read(path).unwrap());
        request.mapping = Mapping::parse(name, bytes, &plan.schema, sources).unwrap();
    }
    interop::read(&plan.schema, request, sources)
        .unwrap_or_else(|problems| panic!("{command:?}: {problems:?}"))
}

/// Runs one command and notes what it comes to.
fn run(library: &Library, sources: &mut SourceMap, command: &Command, seen: &mut Seen) {
    let place = library.folder.select(Some(&command.policy), day()).unwrap();
    let Built { plan: Some(plan), calendars, .. } = engine::build(&library.folder, place, sources) else {
        panic!("{} is not sound", command.policy);
    };
    let settings = &library.settings.decide;
    let own = settings.policy.as_deref() == Some(command.policy.as_str());
    let named = command.decision.clone().or_else(|| settings.decision.clone().filter(|_| own));
    let decision = engine::choose(&plan, named.as_deref()).unwrap();
    let read = customers(library, sources, &plan, decision, command);
    let host = Host::new(&plan.scripts, &plan.schema.enums);
    let env = engine::environment(&plan, day(), &command.set, &calendars, Some(&host)).unwrap();
    let portfolio = Portfolio::of(&plan, decision);
    let book = portfolio.map(|portfolio| portfolio.book(&read.customers, read.rejects.len(), &env));
    let env = Env { book: book.as_ref(), ..env };
    let decider = Decider::whole(&plan, decision, &env).unwrap();
    let root = plan.policies.len() - 1;
    for facts in &read.customers {
        let mut trace = Trace::new();
        let decided = decider.decide(facts, &mut decider.scratch(), &mut trace);
        note(&plan, facts, &decided, seen);
        seen.outputs(&plan, &decided);
        for item in plan.items.iter().filter(|item| item.policy == root) {
            seen.item(&plan, &trace, item);
        }
    }
    seen.decided += read.customers.len();
    assert!(read.rejects.len() <= 20, "{command:?}: the page lets twenty rows be wrong");
    seen.rejected.extend(read.rejects.iter().map(|reject| {
        let codes: Vec<String> = reject.problems.iter().map(|problem| problem.code.to_string()).collect();
        format!("{} {}", reject.id.as_deref().unwrap_or("?"), codes.join(" "))
    }));
}

/// Runs the commands of all policies, with several hands.
fn run_all(library: &Library, commands: &[(String, Vec<Command>)]) -> BTreeMap<String, Seen> {
    let next = AtomicUsize::new(0);
    let hand = || {
        let mut sources = library.sources.clone();
        let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
        while let Some((policy, commands)) = commands.get(next.fetch_add(1, Ordering::Relaxed)) {
            let of_this = seen.entry(policy.clone()).or_default();
            for command in commands {
                run(library, &mut sources, command, of_this);
            }
        }
        seen
    };
    std::thread::scope(|scope| {
        let hands: Vec<_> = (0..4).map(|_| scope.spawn(hand)).collect();
        let seen = hands.into_iter().map(|hand| hand.join());
        seen.flat_map(|seen| seen.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

fn note(plan: &Plan, facts: &Facts, decided: &Decision, seen: &mut Seen) {
    if decided.status == Status::Withheld || decided.faults.iter().any(Fault::withholds) {
        let decision = &plan.decisions[decided.decision].name;
        seen.wrong.insert(format!("{decision} {}: {:?}", facts.id, decided.faults));
    }
}

/// What the book never comes to, and why that is right.
const NEVER: &[(&str, &str)] = &[
    ("risk_matrix/size_of/row 1", "the company makes a profit"),
    (
        "agency_grades/grade_notch/row 2",
        "who has no score has no day of rating either, and the row above answers",
    ),
    ("capped_grades/grade/not above B (2)", "whoever shows statements shows both assets and debts"),
    (
        "credit_limit/credit_limit/line 3",
        "where net assets are not positive the percentage is nothing already",
    ),
    ("four_bands/may_owe/line 2", "who is in that band has no limit to lose"),
    ("working_assets/limit_percent/row 14", "who shows net assets shows the rest of its statements"),
    ("cash_discount/offer/row 2", "the parameters would have to leave no window"),
    ("characteristic_analysis/characteristic/row 1", "the company has chosen other weights"),
    ("characteristic_analysis/characteristic/row 3", "the company has chosen other weights"),
    (
        "characteristic_analysis/characteristic/row 4",
        "the company has chosen another way with what is missing",
    ),
    (
        "characteristic_analysis/characteristic/row 5",
        "the company has chosen another way with what is missing",
    ),
    (
        "characteristic_analysis/characteristic/row 6",
        "the company has chosen another way with what is missing",
    ),
    ("credit_limit/credit_limit/line 4", "its net assets would have to be many times what it has at hand"),
    ("grandfathering/remaining/row 1", "the rule has begun"),
    ("grandfathering/remaining/row 2", "another month"),
    ("grandfathering/remaining/row 3", "another month"),
    ("grandfathering/remaining/row 4", "another month"),
    ("grandfathering/remaining/row 5", "another month"),
    ("grandfathering/remaining/row 7", "another month"),
    ("grandfathering/remaining/row 8", "another month"),
    ("grandfathering/remaining/row 9", "another month"),
    ("grandfathering/remaining/row 10", "another month"),
    ("grandfathering/remaining/row 11", "another month"),
    ("grandfathering/remaining/row 12", "the run-down is not over"),
    ("grandfathering/run_down_plan/ask", "it is the step of the first month"),
    ("sales_volume/coefficient/row 2", "the company goes by grade"),
    ("sales_volume/coefficient/row 3", "the company goes by grade"),
    (
        "trade_credit/collection/court",
        "nothing is late for so long that the general manager has approved a suit",
    ),
    ("trade_credit/credit_limit/line 9", "what the group owes is established for everybody with a limit"),
    (
        "trade_credit/credit_limit/line 10",
        "where net assets are not positive the percentage is nothing already",
    ),
    ("trade_credit/credit_limit/line 11", "its net assets would have to be many times what it has at hand"),
    ("trade_credit/grant/row 8", "who is given no credit has a limit of nothing"),
    ("trade_credit/grant/row 9", "who is given no credit has a limit of nothing"),
    ("trade_credit/periodic_review/suspend", "nobody has approved that credit is suspended"),
    ("trade_credit/risk_class/force CA6 (4)", "the state has ordered nobody to stop"),
    ("客户分类/拜访间隔/row 3", "who is lost has bought nothing for which it would be a key customer"),
    ("客户分类/拜访间隔/row 4", "who has never bought is no key customer"),
    ("客户分类/拜访间隔/row 7", "who is lost has bought nothing for which it would be a main customer"),
    ("客户分类/拜访间隔/row 8", "who has never bought is no main customer"),
    ("客户分类/可享优惠/row 2", "the sales of everybody are on record"),
    ("客户分类/可享优惠/row 3", "nobody is decided without the book"),
    ("客户分类/量级/row 1", "the sales of everybody are on record"),
    ("客户分类/量级/row 6", "nobody is decided without the book"),
];

/// Outputs that are the same for all, and why.
const ALWAYS_THE_SAME: &[(&str, &str, &str)] = &[
    ("cash_discount", "yearly_cost", "it rests on the parameters alone"),
    ("grandfathering", "remaining", "it rests on the day alone"),
];

#[test]
fn every_policy_decides_the_book_and_all_that_it_can_say_is_said() {
    let (english, chinese) = page();
    assert_eq!(commands(&english), commands(&chinese), "both halves of {PAGE} tell the same commands");
    let mut by_policy: BTreeMap<String, Vec<Command>> = BTreeMap::new();
    for command in commands(&english).into_iter().map(Command::parse) {
        by_policy.entry(command.policy.clone()).or_default().push(command);
    }
    let library = library();
    let seen = run_all(&library, &by_policy.into_iter().collect::<Vec<_>>());
    let files = library.folder.files.iter();
    let names: BTreeSet<String> =
        files.filter_map(|file| Some(file.header.as_ref()?.name.to_string())).collect();

    let mut lacking = String::new();
    let mut tell = |line: String| {
        lacking.push_str(&line);
        lacking.push('\n');
    };
    let mut never: BTreeSet<&str> = NEVER.iter().map(|(address, _)| *address).collect();
    for name in &names {
        let Some(seen) = seen.get(name) else {
            tell(format!("{name}: no command of {PAGE} decides it"));
            continue;
        };
        if seen.decided < 20 {
            tell(format!("{name}: only {} customers are decided", seen.decided));
        }
        for wrong in &seen.wrong {
            tell(format!("{name}: {wrong}"));
        }
        for ((decision, output), values) in &seen.values {
            let same = ALWAYS_THE_SAME.iter().any(|(policy, same, _)| policy == name && *same == &**output);
            if (values.len() < 2) != same {
                tell(format!("{name}: {decision}.{output} is always {values:?}"));
            }
        }
        for address in seen.there.difference(&seen.reached) {
            if !never.remove(address.as_str()) {
                tell(format!("never {address}"));
            }
        }
    }
    for address in never {
        tell(format!("{address} is reached, or is no more"));
    }
    assert!(lacking.is_empty(), "{lacking}");

    let mut told = String::new();
    for (name, seen) in &seen {
        let rejected: Vec<&str> = seen.rejected.iter().map(String::as_str).collect();
        told.push_str(&format!("{name}: {}\n", rejected.join(", ")));
    }
    insta::assert_snapshot!(told);
}

/// The commands are commands: what the page writes is what the tool takes. One of them with everything is run by it.
#[test]
fn the_commands_of_the_page_are_what_the_tool_takes() {
    let (english, _) = page();
    for written in commands(&english) {
        let words = written.split_whitespace().map(OsString::from);
        let parsed = gradus::cli::args::command(Lang::En).try_get_matches_from(words);
        assert!(parsed.is_ok(), "{written}: {:?}", parsed.err());
    }
    let most =
        commands(&english).into_iter().max_by_key(|written| written.matches("--list").count()).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(most.split_whitespace().skip(1))
        .args(["--as-of", "2026-11-16", "--max-rejects", "20", "-q", "--format", "jsonl"])
        .current_dir(crate::corpus::root())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{most}: {}", String::from_utf8_lossy(&output.stderr));
}
