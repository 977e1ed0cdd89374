//! `replay LOG`: every decision of a log made again, with the version that made it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rayon::prelude::*;
use serde_json::{Value as Json, json};

use super::verify::{Checked, checked};
use crate::base::{Lang, Span, Str, document};
use crate::cli::Exit;
use crate::cli::args::{Format, Moment, Rules};
use crate::cli::output::{APPROVAL, Writer};
use crate::cli::policy::{self, Ready};
use crate::cli::session::{Failure, Session};
use crate::diag::Diagnostic;
use crate::engine;
use crate::eval::book::Book;
use crate::eval::{Decider, Env};
use crate::interop::{self, Input, Reader, Request};
use crate::plan::Plan;
use crate::review::log::{self, Kind};
use crate::store::shown;
use crate::value::Date;

/// Makes every decision of a log again, with the versions named in it, and reports any that comes out otherwise
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The log, as `decide --log` wrote it
    #[arg(value_name = "LOG")]
    pub log: PathBuf,
    /// The file in which its facts are kept apart
    #[arg(long, value_name = "FILE")]
    pub log_facts: Option<PathBuf>,
    /// Files and folders of rules; without it, those of gradus.toml, or the folder `rules`
    #[arg(long = "rules", value_name = "PATH")]
    pub rules: Vec<PathBuf>,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json]))]
    pub format: Option<Format>,
}

/// So many different reasons why decisions could not be made again are told; what is said of one mostly holds of all.
const TOLD: usize = 5;

/// What decisions must have in common to be made again together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Making {
    policy: Str,
    version: Str,
    digest: Str,
    decision: Str,
    day: Str,
    known_at: Str,
    settings: Vec<(String, String)>,
    book: Option<Str>,
    lang: Str,
}

/// A decision of the log.
struct Past<'l> {
    span: Span,
    number: u64,
    id: Str,
    record: &'l Json,
    facts: Option<&'l Json>,
}

/// How a decision came out the second time.
enum Again {
    Same,
    /// What differs: the path, then, now.
    Differs(Vec<(String, String, String)>),
    /// Its facts are not there any more.
    Erased,
    /// It could not be made: why.
    Hindered(Vec<Diagnostic>),
}

/// All decisions by their line, each with how it came out.
type Outcomes = BTreeMap<u64, (Str, Making, Span, Again)>;

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let Checked { read, faults } = checked(&args.log, session)?;
    if !faults.is_empty() {
        session.tell(&faults);
        return Ok(Exit::Found);
    }
    let apart = match &args.log_facts {
        Some(path) => {
            let bytes = session.read(path)?;
            log::facts(path, &bytes, &mut session.sources)
        }
        None => log::Facts::default(),
    };
    if !apart.faults.is_empty() {
        session.tell(&apart.faults);
        return Ok(Exit::Found);
    }
    let mut books: BTreeMap<&Str, &Json> = BTreeMap::new();
    let mut groups: BTreeMap<Making, Vec<Past<'_>>> = BTreeMap::new();
    for (entry, span) in read.entries.iter().zip(&read.spans) {
        match &entry.kind {
            Kind::Book { book, digest } => {
                books.insert(digest, book);
            }
            Kind::Decision { record, facts_digest, facts, book, lang } => {
                let past = Past {
                    span: *span,
                    number: entry.number,
                    id: text(record, "id"),
                    record,
                    facts: facts.as_ref().or_else(|| apart.by_digest.get(facts_digest)),
                };
                groups.entry(making(record, book.clone(), lang)).or_default().push(past);
            }
        }
    }
    let mut outcomes = Outcomes::new();
    for (making, pasts) in groups {
        let book = making.book.as_ref().and_then(|digest| books.get(digest).copied());
        again(&making, &pasts, book, args, session, &mut outcomes)?;
    }
    tell(&outcomes, args, session)
}

fn text(record: &Json, key: &str) -> Str {
    Str::from(record.get(key).and_then(Json::as_str).unwrap_or_default())
}

fn making(record: &Json, book: Option<Str>, lang: &Str) -> Making {
    let set = record.get("set").and_then(Json::as_object);
    let settings = set
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()));
    Making {
        policy: text(record, "policy"),
        version: text(record, "version"),
        digest: text(record, "digest"),
        decision: text(record, "decision"),
        day: text(record, "as_of"),
        known_at: text(record, "known_at"),
        settings: settings.collect(),
        book,
        lang: lang.clone(),
    }
}

/// Makes decisions again that have the same policy, day, parameters and book.
fn again(
    making: &Making,
    pasts: &[Past<'_>],
    book: Option<&Json>,
    args: &Args,
    session: &mut Session<'_>,
    outcomes: &mut Outcomes,
) -> Result<(), Failure> {
    let mut put = |past: &Past<'_>, again: Again| {
        outcomes.insert(past.number, (past.id.clone(), making.clone(), past.span, again));
    };
    let ready = match ready(making, args, session) {
        Ok(ready) => ready,
        Err(Failure(why)) => {
            pasts.iter().for_each(|past| put(past, Again::Hindered(why.clone())));
            return Ok(());
        }
    };
    let plan = &ready.plan;
    if plan.digest != making.digest {
        let altered =
            Diagnostic::nowhere("E583").arg("policy", &making.policy).arg("version", &making.version);
        let altered = altered.arg("then", &making.digest).arg("now", &plan.digest).help("restore");
        pasts.iter().for_each(|past| put(past, Again::Hindered(vec![altered.clone()])));
        return Ok(());
    }
    let book: Option<Book> =
        book.and_then(|book| interop::read_book(document(book).as_bytes()).ok()).map(|it| it.lined_up(plan));
    let env = Env { book: book.as_ref(), ..ready.environment()? };
    let (Some(decision), Some(decider)) =
        (plan.decisions.get(ready.decision), Decider::new(plan, ready.decision, &env))
    else {
        return Ok(());
    };
    let lang = if *making.lang == *"zh" { Lang::Zh } else { Lang::En };
    let writer = Writer::new(plan, decision, &ready.settings, lang).known(ready.known_at);
    let (known, erased): (Vec<&Past<'_>>, Vec<&Past<'_>>) =
        pasts.iter().partition(|past| past.facts.is_some());
    erased.into_iter().for_each(|past| put(past, Again::Erased));
    for batch in batches(&known) {
        let lines: String = batch.iter().filter_map(|past| Some(format!("{}\n", past.facts?))).collect();
        let input = Input::new(shown(&args.log), lines.into_bytes(), interop::Format::Jsonl);
        // What the first reading did not ask for, it may have found missing.
        let needed = match making.book {
            Some(_) => engine::facts_needed_of_all(plan, decision),
            None => engine::facts_needed(plan, decision),
        };
        let request = Request { needed: Some(needed), ..Request::new(input) };
        let reader = match Reader::open(&plan.schema, request, &mut session.sources) {
            Ok(reader) => reader,
            Err(why) => {
                batch.iter().for_each(|past| put(past, Again::Hindered(why.clone())));
                continue;
            }
        };
        let one = |scratch: &mut _, (place, past): (usize, &&Past<'_>)| match reader.customer(place) {
            Ok(facts) => {
                let decided = decider.decide(&facts, scratch, &mut ());
                compare(
                    past.record,
                    &with_approval(interop::object(&writer.record(&decided, &facts)), past.record),
                )
            }
            Err(reject) => Again::Hindered(reject.problems.clone()),
        };
        let made: Vec<Again> = batch.par_iter().enumerate().map_init(|| decider.scratch(), one).collect();
        batch.iter().zip(made).for_each(|(past, again)| put(past, again));
    }
    Ok(())
}

/// The version that made a decision, on its day and with its parameters.
fn ready(making: &Making, args: &Args, session: &mut Session<'_>) -> Result<Ready, Failure> {
    let rules = Rules {
        paths: args.rules.clone(),
        policy: Some(format!("{}@{}", making.policy, making.version)),
        decision: Some(making.decision.to_string()),
        moment: Moment { as_of: Date::parse(&making.day), known_at: Date::parse(&making.known_at) },
        settings: making.settings.clone(),
        show_personal: false,
    };
    let ready = policy::load(&rules, session, |_: &Plan| None)?.into_iter().next();
    ready.ok_or_else(|| Diagnostic::nowhere("E540").variant("none").help("add").into())
}

/// Runs of decisions in which each customer occurs once, as a file of customers may hold them.
fn batches<'a, 'l>(pasts: &[&'a Past<'l>]) -> Vec<Vec<&'a Past<'l>>> {
    let mut batches: Vec<Vec<&Past<'_>>> = Vec::new();
    let mut seen: BTreeSet<&Str> = BTreeSet::new();
    for past in pasts {
        if batches.is_empty() || !seen.insert(&past.id) {
            batches.push(Vec::new());
            seen.clear();
            seen.insert(&past.id);
        }
        if let Some(batch) = batches.last_mut() {
            batch.push(past);
        }
    }
    batches
}

/// A record made again, with what the one in the log says of approvals: that is of the day on which it was made.
fn with_approval(mut now: Json, then: &Json) -> Json {
    if let (Some(record), Some(approval)) = (now.as_object_mut(), then.get(APPROVAL)) {
        record.insert(APPROVAL.to_owned(), approval.clone());
    }
    now
}

/// Holds a record against the one in the log.
fn compare(then: &Json, now: &Json) -> Again {
    if then == now {
        return Again::Same;
    }
    let mut differ = Vec::new();
    walk(String::new(), then, now, &mut differ);
    Again::Differs(differ)
}

fn walk(path: String, then: &Json, now: &Json, differ: &mut Vec<(String, String, String)>) {
    if then == now {
        return;
    }
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match (then, now) {
        (Json::Object(before), Json::Object(after)) => {
            let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for key in keys {
                let side =
                    |object: &serde_json::Map<String, Json>| object.get(key).cloned().unwrap_or(Json::Null);
                walk(below(key), &side(before), &side(after), differ);
            }
        }
        (Json::Array(before), Json::Array(after)) if before.len() == after.len() => {
            for (place, (then, now)) in before.iter().zip(after).enumerate() {
                walk(below(&place.saturating_add(1).to_string()), then, now, differ);
            }
        }
        _ => differ.push((path, plain(then), plain(now))),
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::from("-"),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn tell(outcomes: &Outcomes, args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let count = |wanted: fn(&Again) -> bool| outcomes.values().filter(|(_, _, _, it)| wanted(it)).count();
    let same = count(|again| matches!(again, Again::Same));
    let differ = count(|again| matches!(again, Again::Differs(_)));
    let erased = count(|again| matches!(again, Again::Erased));
    let hindered = count(|again| matches!(again, Again::Hindered(_)));
    let mut told: Vec<Diagnostic> = Vec::new();
    for (_, _, _, again) in outcomes.values() {
        let Again::Hindered(why) = again else { continue };
        for diagnostic in why {
            if told.len() < TOLD && !told.contains(diagnostic) {
                told.push(diagnostic.clone());
            }
        }
    }
    session.tell(&told);
    let text = match args.format {
        Some(Format::Json) => document(&json!({
            "format_version": 1,
            "log": shown(&args.log),
            "decisions": outcomes.len(),
            "same": same,
            "erased": erased,
            "not_made": hindered,
            "differ": outcomes.iter().filter_map(|(line, it)| differing(*line, it)).collect::<Vec<_>>(),
        })),
        _ => report(outcomes, [same, differ, erased, hindered], args, session.lang()),
    };
    session.write(&text)?;
    Ok(if differ > 0 || hindered > 0 { Exit::Found } else { Exit::Done })
}

fn differing(line: u64, (id, making, _, again): &(Str, Making, Span, Again)) -> Option<Json> {
    let Again::Differs(differ) = again else { return None };
    let changes = differ.iter().map(|(path, then, now)| json!({ "path": path, "then": then, "now": now }));
    Some(json!({
        "line": line,
        "id": &**id,
        "policy": &*making.policy,
        "version": &*making.version,
        "as_of": &*making.day,
        "changes": changes.collect::<Vec<_>>(),
    }))
}

fn report(
    outcomes: &Outcomes,
    [same, differ, erased, hindered]: [usize; 4],
    args: &Args,
    lang: Lang,
) -> String {
    let (all, path) = (outcomes.len(), shown(&args.log));
    let mut text = match lang {
        Lang::En => format!("{path}: {all} decisions, {same} come out the same"),
        Lang::Zh => format!("{path}：{all} 项决定，{same} 项重算结果一致"),
    };
    for (count, en, zh) in [
        (differ, "differ", "项不一致"),
        (erased, "cannot be made again, their facts were erased", "项因客户资料已清除无法重算"),
        (hindered, "could not be made again", "项未能重算"),
    ] {
        match (count, lang) {
            (0, _) => {}
            (_, Lang::En) => text.push_str(&format!(", {count} {en}")),
            (_, Lang::Zh) => text.push_str(&format!("，{count} {zh}")),
        }
    }
    text.push('\n');
    for (line, (id, making, _, again)) in outcomes {
        let Again::Differs(differ) = again else { continue };
        let (policy, version, day) = (&making.policy, &making.version, &making.day);
        text.push_str(&match lang {
            Lang::En => format!("\n  line {line}  {id}  {policy}@{version}, {day}\n"),
            Lang::Zh => format!("\n  第 {line} 行  {id}  {policy}@{version}，{day}\n"),
        });
        for (path, then, now) in differ {
            text.push_str(&format!("      {path}  {then} → {now}\n"));
        }
    }
    text
}
