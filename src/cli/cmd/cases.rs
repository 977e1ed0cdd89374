//! `cases [PATHS]`: customers at the thresholds of policies, and a smallest set for what no case reaches, as case files.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::test::SCRIPTING;
use crate::base::{Lang, document, nearest};
use crate::cli::Exit;
use crate::cli::args::{Format, day};
use crate::cli::session::{Failure, Session};
use crate::diag::Diagnostic;
use crate::store::shown;
use crate::trial::boundary::{self, Bench, Kept, Pen, Unreached, Written};
use crate::trial::coverage::{Goal, goals};
use crate::trial::{Asked, Subject, Suite};
use crate::value::Date;

/// Writes customers just below, at and just above each threshold, as case files
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Policies by name, or files and folders of them; without any, those of gradus.toml, or the folder `rules`
    #[arg(value_name = "POLICY|PATHS")]
    pub paths: Vec<PathBuf>,
    /// Further files and folders of rules, as the other commands take them
    #[arg(long = "rules", value_name = "PATH")]
    pub rules: Vec<PathBuf>,
    /// Only thresholds of this construct, or whose address begins so: `trade_credit/risk_class`
    #[arg(long = "for", value_name = "ADDRESS")]
    pub address: Option<String>,
    /// A smallest set of cases for what no other case exercises; none of the set can be left out
    #[arg(long, visible_alias = "cover", conflicts_with = "address")]
    pub smallest: bool,
    /// Write nothing; end with 1 where a file is not as it would be written
    #[arg(long = "check")]
    pub check_only: bool,
    /// Overwrite also files that were changed by hand
    #[arg(long, conflicts_with = "check_only")]
    pub force: bool,
    /// The day for customers of policies that ask for one
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Date>,
    /// How to tell what was found: `json` is one document with each policy, its file or text, and what no customer was found for
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Json]))]
    pub format: Option<Format>,
    /// How many threads search; without it, all cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let folder = session.take_target();
    let is_place = |path: &&PathBuf| session.world.place(path).is_some() || path.components().count() > 1;
    let (places, wanted): (Vec<&PathBuf>, Vec<&PathBuf>) = args.paths.iter().partition(is_place);
    let asked = Asked {
        paths: places.into_iter().chain(&args.rules).cloned().collect(),
        as_of: args.as_of,
        known_at: None,
        jobs: args.jobs,
    };
    let mut suite =
        Suite::open(session.world, &session.settings, &asked, Some(SCRIPTING), &mut session.sources)?;
    session.tell(&suite.wrong);
    if suite.wrong.iter().any(Diagnostic::is_error) {
        return Ok(Exit::Failed);
    }
    let wanted: Vec<String> = wanted.iter().map(|path| shown(path)).collect();
    let places = chosen(&suite, &wanted, session.as_of(args.as_of))?;
    suite.subjects.retain(|subject| places.contains(&subject.place));
    for subject in &mut suite.subjects {
        // What was generated before is no test of people: it neither guides the search nor counts as there.
        let sources = &session.sources;
        subject.plan.cases.retain(|case| {
            let source = sources.get(case.span.file);
            source.is_none_or(|source| boundary::kept(source.text()) == Kept::Foreign)
        });
    }
    if args.check_only && folder.is_none() {
        return Err(Diagnostic::nowhere("E940").variant("check").help("folder").into());
    }
    let as_json = args.format == Some(Format::Json);
    if suite.subjects.len() > 1 && folder.is_none() && !as_json {
        let several = Diagnostic::nowhere("E940").arg("count", suite.subjects.len());
        return Err(several.help("folder").into());
    }
    let mut exit = Exit::Done;
    let mut met = Vec::new();
    let mut told: Vec<Json> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for subject in &suite.subjects {
        let goals = goals(&subject.plan);
        seen.extend(goals.iter().map(|goal| goal.address.to_string()));
        let Some(written) = written(subject, &goals, args, session) else { continue };
        met.push(subject.place);
        exit = exit.max(open(&written, args));
        tell(subject, &written, args, session);
        let place = folder.as_ref().filter(|_| written.cases > 0);
        let place = place.map(|folder| folder.join(file_name(subject, &suite, args)));
        told.push(json_of(subject, &written, place.as_deref(), session));
        if written.cases == 0 {
            continue;
        }
        match &place {
            None if as_json => {}
            None => session.write(&written.text)?,
            Some(path) => exit = exit.max(put(path, &written, args, session)?),
        }
    }
    if let (Some(address), true) = (&args.address, met.is_empty()) {
        return Err(no_such(address, &suite, &seen).into());
    }
    if as_json {
        session.write(&document(&json!({ "format_version": 1, "policies": told })))?;
    }
    Ok(exit)
}

/// A policy with what was found of it, for programs; the text only where it is written to no file.
fn json_of(subject: &Subject, written: &Written, path: Option<&Path>, session: &Session<'_>) -> Json {
    let unreached = written.unreached.iter().map(|it| {
        let source = session.sources.get(it.span.file);
        json!({
            "name": &*it.name,
            "file": source.map(|source| source.name()),
            "line": source.map(|source| source.line_column(it.span.start).line),
            "why": &*it.why,
            "proved": it.proved,
        })
    });
    json!({
        "policy": subject.name(),
        "version": subject.version(),
        "wanted": written.wanted,
        "shown": written.shown,
        "cases": written.cases,
        "unreached": unreached.collect::<Vec<_>>(),
        "file": path.map(shown),
        "text": path.is_none().then_some(&written.text),
    })
}

/// The policies that are asked for by name; all where none is.
fn chosen(suite: &Suite, wanted: &[String], day: Date) -> Result<Vec<usize>, Failure> {
    if wanted.is_empty() {
        return Ok(suite.subjects.iter().map(|subject| subject.place).collect());
    }
    let mut places = Vec::new();
    for name in wanted {
        let versions = suite.subjects.iter().filter(|subject| subject.name() == name);
        let versions: Vec<usize> = versions.map(|subject| subject.place).collect();
        match versions.as_slice() {
            [] => places
                .push(suite.folder.select(Some(name), day).map_err(|diagnostic| Failure(vec![*diagnostic]))?),
            versions => places.extend(versions),
        }
    }
    Ok(places)
}

/// The file of a policy; none where it has nothing of what is asked for.
fn written(subject: &Subject, goals: &[Goal], args: &Args, session: &Session<'_>) -> Option<Written> {
    let bench = Bench { plan: &subject.plan, calendars: &subject.calendars, scripts: subject.scripts() };
    let pen = Pen { bench, goals, sources: &session.sources, lang: session.lang(), jobs: args.jobs };
    let known = boundary::known(&subject.plan, args.as_of);
    if args.smallest {
        return Some(boundary::covering(&pen, &boundary::cover(&pen, &known)));
    }
    let mut thresholds = boundary::thresholds(&subject.plan, goals);
    if let Some(address) = &args.address {
        thresholds.retain(|threshold| {
            let of = threshold.goals.iter().filter_map(|goal| goals.get(*goal));
            let item = subject.plan.items.get(threshold.item);
            of.into_iter().any(|goal| goal.address.starts_with(address.as_str()))
                || item.is_some_and(|item| *item.name == **address)
        });
        if thresholds.is_empty() {
            return None;
        }
    }
    Some(boundary::boundaries(&pen, &thresholds, &known))
}

/// How a command ends that leaves this unreached: only a whole set is asked to reach everything.
fn open(written: &Written, args: &Args) -> Exit {
    let open = written.unreached.iter().any(|it| !it.proved);
    if args.smallest && open { Exit::Found } else { Exit::Done }
}

fn file_name(subject: &Subject, suite: &Suite, args: &Args) -> String {
    let same = suite.subjects.iter().filter(|other| other.name() == subject.name()).count();
    let version = if same > 1 { format!("@{}", subject.version()) } else { String::new() };
    let kind = if args.smallest { "smallest" } else { "boundary" };
    format!("{}{version}.{kind}.cases.toml", subject.name())
}

/// Writes a file, or says whether it would be written otherwise.
fn put(path: &Path, written: &Written, args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let lang = session.lang();
    let there = match session.world.place(path) {
        Some(_) => Some(String::from_utf8_lossy(&session.read(path)?).into_owned()),
        None => None,
    };
    let same = there.as_deref().is_some_and(|there| there.replace("\r\n", "\n") == written.text);
    if args.check_only {
        if same {
            return Ok(Exit::Done);
        }
        let line = match (there.is_some(), lang) {
            (true, Lang::En) => format!("{}: not up to date\n", shown(path)),
            (true, Lang::Zh) => format!("{}：不是最新\n", shown(path)),
            (false, Lang::En) => format!("{}: missing\n", shown(path)),
            (false, Lang::Zh) => format!("{}：缺少\n", shown(path)),
        };
        say(&line, args, session)?;
        return Ok(Exit::Found);
    }
    if let Some(there) = &there
        && boundary::kept(there) != Kept::Generated
        && !same
        && !args.force
    {
        let variant = if boundary::kept(there) == Kept::Edited { "" } else { "foreign" };
        session.tell(&[Diagnostic::nowhere("E941").variant(variant).arg("path", shown(path)).help("force")]);
        return Ok(Exit::Failed);
    }
    if !same {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            session.make_folder(folder)?;
        }
        session.write_file(path, written.text.as_bytes())?;
    }
    say(&format!("{}\n", shown(path)), args, session)?;
    Ok(Exit::Done)
}

/// A line of the result; a document for programs says it in its own way.
fn say(line: &str, args: &Args, session: &mut Session<'_>) -> Result<(), Failure> {
    if args.format == Some(Format::Json) { Ok(()) } else { session.write(line) }
}

/// What was found of a policy, and what was not.
fn tell(subject: &Subject, written: &Written, args: &Args, session: &Session<'_>) {
    let (name, version) = (subject.name(), subject.version());
    let Written { wanted, shown, cases, unreached, .. } = written;
    let proved = unreached.iter().filter(|it| it.proved).count();
    let text = match (args.smallest, session.lang()) {
        (false, Lang::En) => {
            format!(
                "{name} {version}: {shown} of {wanted} thresholds, {cases} cases; {proved} can have no customer"
            )
        }
        (false, Lang::Zh) => {
            format!(
                "{name} {version}：{wanted} 个阈值中的 {shown} 个，{cases} 个案例；{proved} 个不可能有客户"
            )
        }
        (true, Lang::En) => {
            let more = if session.verbose() > 0 { "" } else { " (-v names them)" };
            format!(
                "{name} {version}: {shown} of {wanted} parts that no other case exercises, {cases} cases; {proved} proved out of reach{more}"
            )
        }
        (true, Lang::Zh) => {
            let more = if session.verbose() > 0 { "" } else { "（-v 逐一列出）" };
            format!(
                "{name} {version}：其他案例未覆盖的 {wanted} 处中的 {shown} 处，{cases} 个案例；已证明不可达 {proved} 处{more}"
            )
        }
    };
    session.note(&text);
    let told = unreached.iter().filter(|it| !it.proved || session.verbose() > 0);
    let lines: Vec<String> = told.map(|it| line(it, session)).collect();
    if !lines.is_empty() {
        session.note(&lines.join("\n"));
    }
}

fn line(unreached: &Unreached, session: &Session<'_>) -> String {
    let place = match session.sources.get(unreached.span.file) {
        Some(source) => format!("{}:{}", source.name(), source.line_column(unreached.span.start).line),
        None => String::from("?"),
    };
    format!("  {place}  {}\n      {}", unreached.name, unreached.why)
}

fn no_such(address: &str, suite: &Suite, seen: &[String]) -> Diagnostic {
    let names = suite.subjects.iter().flat_map(|subject| subject.plan.items.iter().map(|item| &*item.name));
    let none = Diagnostic::nowhere("E942").arg("address", address);
    match nearest(address, names.chain(seen.iter().map(String::as_str))) {
        // It is there, but compares nothing.
        Some(near) if near == address => none.variant("compares_nothing").help("form"),
        Some(near) => none.arg("near", near).help("near"),
        None => none.help("form"),
    }
}
