//! `decide` on a folder of several policies, each for customers of its own.

use std::path::PathBuf;

use super::decide::{Args, Sink, Tally, format, sink, write};
use crate::base::Str;
use crate::cli::args::Format;
use crate::cli::output::{Writer, aligned};
use crate::cli::policy::Ready;
use crate::cli::session::{Failure, Session};
use crate::cli::{Exit, input, scope};
use crate::diag::Diagnostic;
use crate::engine;
use crate::eval::Decider;
use crate::interop::{self, Cell, Reject, Row};

/// What came of one customer.
enum Done {
    Row(Row),
    Line(Vec<String>),
    Rejected(Box<Reject>),
}

/// Decides each customer by the one policy that applies to it; the rows name the policy and stand in the order of the file.
pub(super) fn run(args: &Args, policies: &[Ready], session: &mut Session<'_>) -> Result<Exit, Failure> {
    if !args.compare.is_empty() {
        return Err(Diagnostic::nowhere("E543").variant("compare").help("policy").into());
    }
    let format = format(args.format, session)?;
    let whole = matches!(format, Format::Json | Format::Jsonl);
    let lists = |ready: &Ready| -> Vec<Str> {
        let decision = ready.plan.decisions.get(ready.decision);
        decision.map(|it| it.outputs.iter().map(|output| output.name.clone()).collect()).unwrap_or_default()
    };
    if !whole
        && let [first, rest @ ..] = policies
        && let Some(other) = rest.iter().find(|other| lists(other) != lists(first))
    {
        let name =
            |ready: &Ready| ready.plan.policies.last().map_or_else(|| Str::from("?"), |it| it.name.clone());
        let differ = Diagnostic::nowhere("E543").arg("one", name(first)).arg("other", name(other));
        return Err(differ.help("jsonl").help("policy").into());
    }
    let mut target = match format {
        Format::Pretty | Format::Plain | Format::Concise | Format::Sarif | Format::Github => {
            Sink::Lines(Vec::new())
        }
        Format::Csv => sink(interop::Format::Csv, session)?,
        Format::Json => sink(interop::Format::Json, session)?,
        Format::Jsonl => sink(interop::Format::Jsonl, session)?,
        Format::Xlsx => sink(interop::Format::Xlsx, session)?,
    };
    let lines = matches!(target, Sink::Lines(_));
    let mut tally = Tally::default();
    let mut titles: Vec<Str> = Vec::new();
    for file in &args.facts.files {
        let assigned = scope::assign(policies, &args.facts, file, session)?;
        let mut done: Vec<Option<Done>> = assigned.iter().map(|_| None).collect();
        for (at, ready) in policies.iter().enumerate() {
            let env = ready.environment()?;
            let plan = &ready.plan;
            let decider = Decider::new(plan, ready.decision, &env)
                .ok_or_else(|| Failure::from(Diagnostic::nowhere("E540").variant("none").help("add")))?;
            let decision = decider.decision();
            let writer = Writer::new(plan, decision, &ready.settings, session.lang());
            let policy = plan.policies.last().map_or_else(|| Str::from("?"), |it| it.name.clone());
            if titles.is_empty() {
                titles = writer.titles();
                titles.insert(1.min(titles.len()), Str::from(session.lang().pick("policy", "政策")));
            }
            let needed = engine::facts_needed(plan, decision);
            let reader = input::read(&args.facts, file, &plan.schema, needed, false, session)?;
            let mut scratch = decider.scratch();
            for (place, (assigned, done)) in assigned.iter().zip(&mut done).enumerate() {
                if !matches!(assigned, Ok(own) if *own == at) {
                    continue;
                }
                let facts = match reader.customer(place) {
                    Ok(facts) => facts,
                    Err(reject) => {
                        *done = Some(Done::Rejected(reject));
                        continue;
                    }
                };
                let decided = decider.decide(&facts, &mut scratch, &mut ());
                tally.add(&decided);
                *done = Some(if lines {
                    let mut line = writer.line(&decided);
                    line.insert(1.min(line.len()), policy.to_string());
                    Done::Line(line)
                } else if whole {
                    Done::Row(writer.record(&decided, &facts))
                } else {
                    let mut row = writer.flat(&decided);
                    row.insert(1.min(row.len()), (Str::from("policy"), Cell::Text(policy.clone())));
                    Done::Row(row)
                });
            }
        }
        let mut rejected: Vec<Reject> = Vec::new();
        for (assigned, done) in assigned.into_iter().zip(done) {
            match (assigned, done, &mut target) {
                (Err(reject), ..) | (_, Some(Done::Rejected(reject)), _) => rejected.push(*reject),
                (_, Some(Done::Line(line)), Sink::Lines(lines)) => lines.push(line),
                (_, Some(Done::Row(row)), Sink::File(file)) => write(file, &row)?,
                (_, Some(Done::Line(_) | Done::Row(_)) | None, _) => {}
            }
        }
        tally.rejected = tally.rejected.saturating_add(u64::try_from(rejected.len()).unwrap_or(u64::MAX));
        if let Some(ready) = policies.first() {
            let reader =
                input::read(&args.facts, file, &ready.plan.schema, Default::default(), false, session)?;
            let path: Option<&PathBuf> = args.rejects.as_ref();
            input::tell_rejects(&reader, &rejected, path, session)?;
        }
    }
    match target {
        Sink::File(file) => {
            let bytes = file.finish().map_err(|error| super::decide::unwritable(&error))?;
            session.write_bytes(&bytes)?;
        }
        Sink::Lines(lines) => session.write(&aligned(&titles, &lines))?,
    }
    session.note(&tally.sentence(session.lang()));
    Ok(tally.exit(args.max_rejects))
}
