//! `versions`: which version of each policy is in force when.

use std::path::PathBuf;

use crate::base::{FileId, Lang, SourceMap, Str};
use crate::cli::Exit;
use crate::cli::args::{Format, Further, Moment};
use crate::cli::gate;
use crate::cli::session::{Failure, Session};
use crate::cli::table::aligned;
use crate::diag::Diagnostic;
use crate::interop::{self, Cell, WriteError, Writer, WriterOptions};
use crate::plan::digest;
use crate::review::approval::{self, Standing};
use crate::review::versions::{Lock, timeline};
use crate::store::{self, Roots, RulesFolder, Version, shown};
use crate::syntax::ast;
use crate::value::Date;

/// Lists the versions of the policies and when each is in force
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Policies by name, files and folders of rules; without any, those of gradus.toml, or the folder `rules`
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// The rules and the day.
    #[command(flatten)]
    pub further: Further,
    /// How to print the list
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json, Format::Csv]))]
    pub format: Option<Format>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let (paths, names) = told_apart(&args.paths, session);
    let roots = Roots::new(session.world, &session.settings, &args.further.with(&paths));
    let mut folder = store::load(session.world, &roots, &session.settings, &mut session.sources);
    // Who has approved a version does not depend on what was known when: the version before it is among all that there are.
    let mut standings = gate::standings(&folder, session)?;
    let Moment { as_of, known_at } = args.further.moment;
    for name in &names {
        if !folder.versions().iter().any(|version| is_named(version, name)) {
            folder.select(Some(name), session.as_of(as_of))?;
        }
    }
    if let Some(known_at) = known_at {
        folder.leave_unknown(known_at);
    }
    let lock = Lock::load(session.world, &session.settings, &mut session.sources).map_err(Failure)?;
    let day = session.as_of(as_of);
    let lang = session.lang();
    let choice = folder.choice(day);
    let versions: Vec<Version<'_>> = folder
        .versions()
        .into_iter()
        .filter(|version| folder.files.get(version.place).is_some_and(|file| file.asked))
        .filter(|version| names.is_empty() || names.iter().any(|name| is_named(version, name)))
        .collect();
    let path = |version: &Version<'_>| {
        folder.files.get(version.place).map_or_else(String::new, |file| shown(&file.path))
    };
    let told: Vec<Told> = versions
        .iter()
        .map(|version| Told {
            path: path(version),
            state: State::of(version, &choice, day),
            released: lock.find(version.name, version.version).map(|it| (it.released, it.by.clone())),
            standing: folder
                .files
                .get(version.place)
                .and_then(|file| standings.remove(&file.file))
                .map(|it| it.1),
            applies: applies(&folder, version, &session.sources),
            beside: beside(&folder, version, &session.sources),
        })
        .collect();
    match args.format.unwrap_or(Format::Pretty) {
        Format::Csv => write(session, interop::Format::Csv, &versions, &told)?,
        Format::Json => write(session, interop::Format::Json, &versions, &told)?,
        Format::Pretty
        | Format::Plain
        | Format::Concise
        | Format::Jsonl
        | Format::Xlsx
        | Format::Sarif
        | Format::Md
        | Format::Junit
        | Format::Html
        | Format::Github => {
            // What few policies say has a column only where one says it.
            let any = |says: &dyn Fn(&Told) -> bool| told.iter().any(says);
            let known = versions.iter().any(|version| version.known.is_some());
            let released = any(&|told| told.released.is_some());
            let signed = any(&|told| told.standing.is_some());
            let (scoped, leaning) =
                (any(&|told| !told.applies.is_empty()), any(&|told| !told.beside.is_empty()));
            let mut headings = vec![
                lang.pick("policy", "政策"),
                lang.pick("version", "版本"),
                lang.pick("from", "自"),
                lang.pick("until", "至"),
            ];
            headings.extend(known.then_some(lang.pick("known from", "公布于")));
            headings.push(lang.pick("state", "状态"));
            headings.extend(released.then_some(lang.pick("released", "发布于")));
            headings.extend(signed.then_some(lang.pick("approval", "批准")));
            headings.push(lang.pick("file", "文件"));
            headings.extend(scoped.then_some(lang.pick("applies when", "适用于")));
            headings.extend(leaning.then_some(lang.pick("files beside it", "所附文件")));
            let date = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
            let rows: Vec<Vec<String>> = versions
                .iter()
                .zip(&told)
                .map(|(version, told)| {
                    let (name, number) = (version.name.to_owned(), version.version.to_owned());
                    let mut row = vec![name, number, date(version.from), date(version.until)];
                    row.extend(known.then(|| date(version.known)));
                    row.push(told.state.word(lang).to_owned());
                    row.extend(released.then(|| date(told.released.as_ref().map(|(day, _)| *day))));
                    row.extend(signed.then(|| told.approval(lang)));
                    row.push(told.path.clone());
                    row.extend(scoped.then(|| told.applies.clone()));
                    let beside = told.beside.iter().map(|(file, digest)| {
                        let short: String = digest.chars().take(SHORT).collect();
                        format!("{file} ({short}…)")
                    });
                    row.extend(leaning.then(|| beside.collect::<Vec<_>>().join(", ")));
                    row
                })
                .collect();
            session.write(&aligned(&headings, &rows, &[]))?;
            if !versions.is_empty() {
                session.write(&format!("\n{}", timeline::draw(&folder, &versions, day)))?;
            }
        }
    }
    session.note(&match (lang, known_at) {
        (Lang::En, None) => format!("as of {day}"),
        (Lang::Zh, None) => format!("以 {day} 为准"),
        (Lang::En, Some(known)) => format!("as of {day}, as known on {known}"),
        (Lang::Zh, Some(known)) => format!("以 {day} 为准，以 {known} 所知为准"),
    });
    let later = folder.later.len();
    if later > 0 {
        session.note(&match lang {
            Lang::En => format!("left out, not known yet: {later}"),
            Lang::Zh => format!("略去当时尚未公布的 {later} 个版本"),
        });
    }
    session.tell(&folder.diagnostics);
    let unreadable = folder.diagnostics.iter().any(|diagnostic| diagnostic.code == "E532");
    Ok(match (unreadable, folder.diagnostics.iter().any(Diagnostic::is_error)) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Found,
        (false, false) => Exit::Done,
    })
}

/// Paths, and names of policies: `trade_credit`, `trade_credit@2026.4`. What stands there as a file or a folder is one.
fn told_apart(written: &[PathBuf], session: &Session<'_>) -> (Vec<PathBuf>, Vec<String>) {
    let (mut paths, mut names) = (Vec::new(), Vec::new());
    for path in written {
        match path.to_str().filter(|text| store::is_name(text) && session.world.place(path).is_none()) {
            Some(name) => names.push(name.to_owned()),
            None => paths.push(path.clone()),
        }
    }
    (paths, names)
}

/// Whether a version is meant by a name, `trade_credit` or `trade_credit@2026.4`.
fn is_named(version: &Version<'_>, written: &str) -> bool {
    match written.split_once('@') {
        Some((name, number)) => version.name == name && version.version == number,
        None => version.name == written,
    }
}

/// So much of a digest is shown to people: `sha256:` and twelve digits.
const SHORT: usize = 19;

/// What is told of a version beside its days.
struct Told {
    path: String,
    state: State,
    /// When and by whom it was released.
    released: Option<(Date, String)>,
    /// Who has approved it and who is missing; none where it need not be approved.
    standing: Option<Standing>,
    /// To whom it applies, as written; nothing for all.
    applies: String,
    /// The scripts and references that it names, each with the digest of its text.
    beside: Vec<(Str, Str)>,
}

impl Told {
    /// `approved`, or how it stands and who is missing.
    fn approval(&self, lang: Lang) -> String {
        let Some(standing) = &self.standing else { return String::new() };
        let (state, missing) =
            (approval::state(&standing.verdict, lang), approval::missing(&standing.missing, lang));
        match (missing.is_empty(), lang) {
            (true, _) => state,
            (false, Lang::En) => format!("{state}: {missing}"),
            (false, Lang::Zh) => format!("{state}：{missing}"),
        }
    }
}

/// To whom a version applies, as its header has it, on one line.
fn applies(folder: &RulesFolder, version: &Version<'_>, sources: &SourceMap) -> String {
    let items = folder.files.get(version.place).map(|file| file.tree.items.as_slice()).unwrap_or_default();
    let span = items.iter().find_map(|item| match &item.kind {
        ast::ItemKind::Policy(policy) => policy.applies.as_ref().map(|applies| applies.when.span),
        _ => None,
    });
    let text = span.and_then(|span| Some(sources.get(span.file)?.slice(span).to_owned()));
    text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The scripts and references that a version names, in the order of their names: what of its meaning stands in other files.
fn beside(folder: &RulesFolder, version: &Version<'_>, sources: &SourceMap) -> Vec<(Str, Str)> {
    let Some(policy) = folder.files.get(version.place).map(|file| file.file) else { return Vec::new() };
    let scripts = folder.scripts.iter().filter(|it| it.policy == policy).map(|it| (&it.name, it.file));
    let tables = folder.references.iter().filter(|it| it.policy == policy).map(|it| (&it.name, it.file));
    let digest =
        |(name, file): (&Str, FileId)| Some((name.clone(), digest::of_text(sources.get(file)?.text())));
    let mut found: Vec<(Str, Str)> = scripts.chain(tables).filter_map(digest).collect();
    found.sort();
    found.dedup();
    found
}

/// A version as seen from a day.
#[derive(Clone, Copy)]
enum State {
    Ended,
    InForce,
    Coming,
    /// It would be in force, had not another replaced it that was known later.
    Replaced,
    /// It would be in force, were it known already.
    NotKnown,
}

impl State {
    /// The state of a version on a day; `choice` are the versions that are chosen from.
    fn of(version: &Version<'_>, choice: &[Version<'_>], day: Date) -> State {
        let is_it = |other: &Version<'_>| other.version == version.version;
        if RulesFolder::in_force(choice, version.name, day).is_some_and(is_it) {
            return State::InForce;
        }
        let known = choice.iter().any(|other| other.name == version.name && is_it(other));
        match (version.is_in_force(day), known) {
            (true, true) => State::Replaced,
            (true, false) => State::NotKnown,
            (false, _) if version.from.is_some_and(|from| day < from) => State::Coming,
            (false, _) => State::Ended,
        }
    }

    fn word(self, lang: Lang) -> &'static str {
        match self {
            State::Ended => lang.pick("ended", "已失效"),
            State::InForce => lang.pick("in force", "有效"),
            State::Coming => lang.pick("coming", "未生效"),
            State::Replaced => lang.pick("replaced", "已被取代"),
            State::NotKnown => lang.pick("not known yet", "未公布"),
        }
    }

    /// The word in machine formats.
    fn key(self) -> &'static str {
        match self {
            State::Ended => "ended",
            State::InForce => "in_force",
            State::Coming => "coming",
            State::Replaced => "replaced",
            State::NotKnown => "not_known",
        }
    }
}

fn write(
    session: &mut Session<'_>,
    format: interop::Format,
    versions: &[Version<'_>],
    told: &[Told],
) -> Result<(), Failure> {
    let columns = [
        "policy",
        "version",
        "from",
        "until",
        "known_from",
        "state",
        "released",
        "released_by",
        "approval",
        "approval_until",
        "approved_by",
        "approval_missing",
        "file",
        "applies_when",
        "files",
    ]
    .map(Str::from);
    let options = WriterOptions { mark: true, columns: columns.to_vec(), called: Str::from("versions") };
    let lang = session.lang();
    let date = |day: Option<Date>| day.map_or(Cell::Empty, Cell::Date);
    let text = |text: &str| Cell::Text(Str::from(text));
    let maybe = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(Str::from(text)) };
    let rows = versions.iter().zip(told).map(|(version, told)| {
        let file = |(name, digest): &(Str, Str)| {
            let parts = [("name", name), ("digest", digest)];
            Cell::Map(parts.map(|(key, part)| (Str::from(key), Cell::Text(part.clone()))).to_vec())
        };
        let signers = |standing: &Standing| {
            let names: Vec<&str> = standing.given.iter().map(|it| &*it.by).collect();
            names.join("; ")
        };
        let line = |(name, digest): &(Str, Str)| format!("{name} {digest}");
        let files = match format {
            interop::Format::Json => Cell::List(told.beside.iter().map(file).collect()),
            _ => maybe(&told.beside.iter().map(line).collect::<Vec<_>>().join("; ")),
        };
        let cells = [
            text(version.name),
            text(version.version),
            date(version.from),
            date(version.until),
            date(version.known),
            text(told.state.key()),
            date(told.released.as_ref().map(|(day, _)| *day)),
            told.released.as_ref().map_or(Cell::Empty, |(_, by)| text(by)),
            told.standing.as_ref().map_or(Cell::Empty, |it| text(it.verdict.key())),
            date(told.standing.as_ref().and_then(|it| it.verdict.until())),
            maybe(&told.standing.as_ref().map_or_else(String::new, signers)),
            maybe(
                &told.standing.as_ref().map_or_else(String::new, |it| approval::missing(&it.missing, lang)),
            ),
            text(&told.path),
            maybe(&told.applies),
            files,
        ];
        columns.iter().cloned().zip(cells).collect::<Vec<_>>()
    });
    let written = (|| {
        let mut writer = Writer::new(Vec::new(), format, options)?;
        for row in rows {
            writer.write(&row)?;
        }
        writer.finish()
    })();
    let bytes = written
        .map_err(|error: WriteError| Diagnostic::nowhere("E907").arg("path", "-").arg("reason", error))?;
    session.write_bytes(&bytes)
}
