//! `worklist FACTS…`: what to do today and next for each invoice.

use std::path::PathBuf;

use super::decide::Tally;
use crate::base::{Lang, Str};
use crate::cli::args::{Facts, Format, Rules};
use crate::cli::gate::Gate;
use crate::cli::lanes::{Lane, Lanes};
use crate::cli::output::{aligned, released_by};
use crate::cli::session::{Failure, Session};
use crate::cli::{Exit, input, lanes, policy};
use crate::diag::Diagnostic;
use crate::eval::{CheckRecord, LadderRecord, Outcome};
use crate::interop::{self, Cell, Row, WriterOptions};
use crate::plan::{
    CheckItem, CheckVerdict, ChecksItem, DecisionItem, EscalationItem, ItemKind, Label, LadderRung, Plan,
    Signers,
};
use crate::value::{Date, Member, Type, Value};

/// Lists what to do today and next for each invoice
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The customers and how their files are written.
    #[command(flatten)]
    pub facts: Facts,
    /// The policy that decides.
    #[command(flatten)]
    pub rules: Rules,
    /// How to print the list
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Csv, Format::Json, Format::Jsonl]))]
    pub format: Option<Format>,
    /// Only what is to be done today
    #[arg(long)]
    pub due: bool,
    /// The file for the customers that could not be read, with what is wrong with each
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// How many customers may be rejected before the command ends with 1
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub max_rejects: u64,
}

/// The ladder of an output, if it is one.
fn ladder<'p>(plan: &'p Plan, decision: &DecisionItem, place: usize) -> Option<&'p EscalationItem> {
    match &plan.items.get(decision.outputs.get(place)?.item?)?.kind {
        ItemKind::Escalation(ladder) => Some(ladder),
        _ => None,
    }
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let with_ladder = |plan: &Plan| {
        plan.decisions.iter().position(|decision| {
            (0..decision.outputs.len()).any(|place| ladder(plan, decision, place).is_some())
        })
    };
    let policies = policy::load_held(&args.rules, session, with_ladder, Gate::Refuse)?;
    let given = args.facts.book.as_deref();
    let lanes = policies.iter().map(|ready| Lane::new(ready, given)).collect::<Result<Vec<_>, _>>()?;
    let named = args.rules.policy.is_some() || session.settings.decide.policy.is_some();
    let lanes = Lanes::new(lanes, named);
    let lists = |lane: &Lane<'_>| {
        let (plan, decision) = (&lane.ready.plan, lane.decision);
        let listed =
            |place| ladder(plan, decision, place).is_some() || checks(plan, decision, place).is_some();
        (0..decision.outputs.len()).any(listed)
    };
    if !lanes.iter().any(lists) {
        let decision = lanes.get(0).map(|lane| lane.decision.name.clone()).unwrap_or_default();
        return Err(Diagnostic::nowhere("E916").arg("decision", decision).help("ladder").into());
    }
    let is_made = lanes.iter().any(|lane| lane.is_made);
    let mut opened = Vec::new();
    for file in args.facts.files.iter().filter(|_| is_made) {
        opened.push(lanes.open(&args.facts, file, false, session)?);
    }
    let books = lanes.books(&opened, given, None, session)?;
    let deciders = lanes.deciders(&books)?;
    let mut opened = opened.into_iter();
    let format = args.format.unwrap_or(Format::Pretty);
    let people = matches!(format, Format::Pretty | Format::Plain);
    let how = Shown { lang: session.lang(), people };
    let mut rows: Vec<Row> = Vec::new();
    let mut tally = Tally::default();
    for file in &args.facts.files {
        let source = match opened.next() {
            Some(source) => source,
            None => lanes.open(&args.facts, file, false, session)?,
        };
        let rejected = lanes::run_all(&source, &deciders, None, session, |at, facts, decided, _| {
            let Some(lane) = lanes.get(at) else { return Ok(()) };
            let (plan, decision) = (&lane.ready.plan, lane.decision);
            let first = rows.len();
            tally.add(&decided);
            for (place, value) in decided.values.iter().enumerate() {
                if let (Some(checks), Outcome::Checks(records)) =
                    (checks(plan, decision, place), &value.outcome)
                {
                    let clear = Value::Code(CheckVerdict::Clear.code());
                    let told = records.iter().filter(|record| !args.due || record.verdict != clear);
                    let name = listed(decision, place, how);
                    rows.extend(told.map(|record| checked(plan, checks, &facts.id, &name, record, how)));
                }
                let (Some(ladder), Outcome::Ladder(records)) =
                    (ladder(plan, decision, place), &value.outcome)
                else {
                    continue;
                };
                let name = listed(decision, place, how);
                let rows_of = records
                    .iter()
                    .filter(|record| record.step.is_known() || record.next.is_known())
                    .filter(|record| !args.due || record.act == Value::Bool(true))
                    .map(|record| row(plan, ladder, &facts.id, &name, record, decided.as_of, how));
                rows.extend(rows_of);
            }
            if lanes.are_several() {
                for row in rows.iter_mut().skip(first) {
                    row.insert(1.min(row.len()), (Str::from("policy"), Cell::Text(lane.name.clone())));
                }
            }
            Ok(())
        })?;
        tally.rejected = tally.rejected.saturating_add(u64::try_from(rejected.len()).unwrap_or(u64::MAX));
        if let Some(reader) = source.reader(0) {
            input::tell_rejects(reader, &rejected, args.rejects.as_ref(), session)?;
        }
    }
    let rows = alike(rows);
    print(&rows, format, session)?;
    session.note(&tally.sentence(session.lang()));
    Ok(tally.exit(args.max_rejects))
}

/// How the list is written: for people by labels, in files by names.
#[derive(Clone, Copy)]
struct Shown {
    lang: Lang,
    people: bool,
}

/// A step, a verdict.
fn called(member: &Member, shown: Shown) -> Cell {
    Cell::Text(if shown.people { member.label.pick(shown.lang).clone() } else { member.name.clone() })
}

/// The ladder or the checks of an output.
fn listed(decision: &DecisionItem, place: usize, shown: Shown) -> Str {
    let Some(output) = decision.outputs.get(place) else { return Str::from("") };
    if shown.people { output.label.pick(shown.lang).clone() } else { output.name.clone() }
}

/// The order checks whose verdict an output is.
fn checks<'p>(plan: &'p Plan, decision: &DecisionItem, place: usize) -> Option<&'p ChecksItem> {
    let output = decision.outputs.get(place)?;
    match &plan.items.get(output.item?)?.kind {
        ItemKind::Checks(checks) => Some(checks),
        _ => None,
    }
}

/// One order: what the checks come to, which holds stand, who may release them.
fn checked(
    plan: &Plan,
    checks: &ChecksItem,
    customer: &Str,
    name: &Str,
    record: &CheckRecord,
    shown: Shown,
) -> Row {
    let ty = plan.steps.get(checks.verdict).map(|step| step.ty.clone());
    let verdict = match (&record.verdict, ty) {
        (Value::Code(code), Some(Type::Enum(id))) => {
            let member = plan.schema.enums.get(id).and_then(|it| it.member(*code));
            member.map_or(Cell::Empty, |member| called(member, shown))
        }
        _ => Cell::Empty,
    };
    let lang = shown.lang;
    let releases = record.releases(checks);
    let standing: Vec<&str> = releases.iter().map(|(hold, _)| &**hold.label.pick(lang)).collect();
    // Of several holds each says who releases it: what one role lets go another may still hold.
    let asked: Vec<String> = match releases.as_slice() {
        [(_, by)] => vec![released_by(plan, *by, lang)],
        several => {
            let by = |(hold, by): &(&CheckItem, Option<&Signers>)| {
                let by = released_by(plan, *by, lang);
                format!("{}{}{by}", hold.label.pick(lang), lang.pick(": ", "："))
            };
            several.iter().map(by).collect()
        }
    };
    let (standing, asked) = (standing.join(lang.pick(", ", "、")), asked.join(lang.pick("; ", "；")));
    let key = match &record.key {
        Some(Value::Text(key)) => Cell::Text(key.clone()),
        Some(other) => Cell::Text(Str::from(format!("{other:?}"))),
        None => Cell::Empty,
    };
    let text = |text: String| if text.is_empty() { Cell::Empty } else { Cell::Text(Str::from(text)) };
    vec![
        (Str::from("customer"), Cell::Text(customer.clone())),
        (Str::from("checks"), Cell::Text(name.clone())),
        (Str::from("item"), key),
        (Str::from("verdict"), verdict),
        (Str::from("standing"), text(standing)),
        (Str::from("release_by"), text(asked)),
    ]
}

/// Rows of ladders and of checks under the same columns.
fn alike(rows: Vec<Row>) -> Vec<Row> {
    let mut columns: Vec<Str> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    let whole = |row: Row| -> Row {
        let cell = |column: &Str| {
            let found = row.iter().find(|(name, _)| name == column);
            found.map_or(Cell::Empty, |(_, cell)| cell.clone())
        };
        columns.iter().map(|column| (column.clone(), cell(column))).collect()
    };
    rows.into_iter().map(whole).collect()
}

/// One item: where it stands, what to do today, what comes next.
fn row(
    plan: &Plan,
    ladder: &EscalationItem,
    customer: &Str,
    name: &Str,
    record: &LadderRecord,
    today: Date,
    shown: Shown,
) -> Row {
    let lang = shown.lang;
    let label = |labels: &[(Str, Label)], name: &Str| {
        let found = labels.iter().find(|(known, _)| known == name).map(|(_, label)| label);
        let text = found.map(|label| if lang == Lang::Zh { &label.zh } else { &label.en });
        text.filter(|text| !text.is_empty()).unwrap_or(name).to_string()
    };
    let listed = |labels: &[(Str, Label)], names: &[Str]| {
        names.iter().map(|name| label(labels, name)).collect::<Vec<_>>().join(", ")
    };
    let member = |value: &Value, ty: &Type| match (value, ty) {
        (Value::Code(code), Type::Enum(id)) => plan
            .schema
            .enums
            .get(*id)
            .and_then(|it| it.member(*code))
            .map_or(Cell::Empty, |member| called(member, shown)),
        (Value::Date(day), _) => Cell::Date(*day),
        _ => Cell::Empty,
    };
    // Who is told that a step is late is told from the day after it.
    let late = matches!(&record.day, Value::Date(day) if *day < today);
    let told = |rung: &LadderRung| {
        let mut roles = rung.notify.clone();
        roles.extend(rung.late.iter().filter(|_| late).filter(|role| !rung.notify.contains(role)).cloned());
        listed(&plan.roles, &roles)
    };
    let steps = Type::Enum(ladder.steps);
    let rung = record.rung(ladder).filter(|_| record.act == Value::Bool(true));
    let key = match &record.key {
        Some(Value::Text(key)) => Cell::Text(key.clone()),
        Some(other) => Cell::Text(Str::from(format!("{other:?}"))),
        None => Cell::Empty,
    };
    let tactics: Vec<String> = match &ladder.tactics {
        Some((_, kind, _, _)) => record
            .tactics(ladder)
            .iter()
            .filter_map(|code| {
                let member = plan.schema.enums.get(*kind)?.member(*code)?;
                Some(if shown.people { member.label.pick(lang).to_string() } else { member.name.to_string() })
            })
            .collect(),
        None => Vec::new(),
    };
    let text = |text: String| if text.is_empty() { Cell::Empty } else { Cell::Text(Str::from(text)) };
    vec![
        (Str::from("customer"), Cell::Text(customer.clone())),
        (Str::from("ladder"), Cell::Text(name.clone())),
        (Str::from("item"), key),
        (Str::from("step"), member(&record.step, &steps)),
        (Str::from("since"), member(&record.day, &Type::Date)),
        (Str::from("do"), text(rung.map(|rung| listed(&plan.actions, &rung.actions)).unwrap_or_default())),
        (Str::from("notify"), text(rung.map(told).unwrap_or_default())),
        (Str::from("awaiting"), member(&record.awaiting, &steps)),
        (Str::from("next"), member(&record.next, &steps)),
        (Str::from("next_day"), member(&record.next_day, &Type::Date)),
        (Str::from("held"), Cell::Bool(record.held == Value::Bool(true))),
        (Str::from("tactics"), text(tactics.join(", "))),
    ]
}

/// A heading in the reader's language; the columns of files are keys and stay as they are.
fn title(name: &Str, lang: Lang) -> Str {
    let zh = match &**name {
        "customer" => "客户",
        "policy" => "政策",
        "ladder" => "催收",
        "item" => "单据",
        "step" => "步骤",
        "since" => "生效自",
        "do" => "执行",
        "notify" => "通知",
        "awaiting" => "待批",
        "next" => "下一步",
        "next_day" => "下一步日期",
        "held" => "暂缓",
        "tactics" => "策略",
        "checks" => "核查",
        "verdict" => "结论",
        "standing" => "未消除项",
        "release_by" => "放行",
        other => other,
    };
    if lang == Lang::Zh { Str::from(zh) } else { name.clone() }
}

fn print(rows: &[Row], format: Format, session: &mut Session<'_>) -> Result<(), Failure> {
    let file = match format {
        Format::Csv => interop::Format::Csv,
        Format::Json => interop::Format::Json,
        Format::Jsonl => interop::Format::Jsonl,
        Format::Xlsx => interop::Format::Xlsx,
        Format::Pretty
        | Format::Plain
        | Format::Concise
        | Format::Sarif
        | Format::Github
        | Format::Md
        | Format::Junit
        | Format::Html => {
            let headings: Vec<Str> = rows
                .first()
                .map(|row| row.iter().map(|(name, _)| title(name, session.lang())).collect())
                .unwrap_or_default();
            let lines: Vec<Vec<String>> = rows
                .iter()
                .map(|row| {
                    row.iter()
                        .map(|(_, cell)| match cell {
                            Cell::Text(text) => text.to_string(),
                            Cell::Date(day) => day.to_string(),
                            Cell::Bool(true) => session.lang().pick("held", "暂缓").to_owned(),
                            _ => String::new(),
                        })
                        .collect()
                })
                .collect();
            return session.write(&aligned(&headings, &lines));
        }
    };
    let options = WriterOptions { mark: true, columns: Vec::new(), called: Str::from("worklist") };
    let unwritable = |error: interop::WriteError| {
        Failure::from(Diagnostic::nowhere("E907").arg("path", "-").arg("reason", error))
    };
    let mut writer = interop::Writer::new(Vec::new(), file, options).map_err(unwritable)?;
    for row in rows {
        writer.write(row).map_err(unwritable)?;
    }
    let bytes = writer.finish().map_err(unwritable)?;
    session.write_bytes(&bytes)
}
