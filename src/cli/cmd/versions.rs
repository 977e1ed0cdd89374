//! `versions`: which version of each policy is in force when.

use std::path::PathBuf;

use crate::base::{FileId, Lang, SourceMap, Str};
use crate::cli::Exit;
use crate::cli::args::{Format, day};
use crate::cli::session::{Failure, Session};
use crate::cli::table::aligned;
use crate::diag::Diagnostic;
use crate::interop::{self, Cell, WriteError, Writer, WriterOptions};
use crate::plan::digest;
use crate::store::{self, Roots, RulesFolder, Version, shown};
use crate::syntax::ast;
use crate::value::Date;

/// Lists the versions of the policies and when each is in force
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders of rules; without any, those of gradus.toml, or the folder `rules`
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// Further files and folders of rules, as the other commands take them
    #[arg(long = "rules", value_name = "PATH")]
    pub rules: Vec<PathBuf>,
    /// The day for which to say which version is in force; without it, today
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Date>,
    /// How to print the list
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json, Format::Csv]))]
    pub format: Option<Format>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let given: Vec<PathBuf> = args.paths.iter().chain(&args.rules).cloned().collect();
    let roots = Roots::new(session.world, &session.settings, &given);
    let folder = store::load(session.world, &roots, &session.settings, &mut session.sources);
    let day = session.as_of(args.as_of);
    let lang = session.lang();
    let versions: Vec<Version<'_>> = folder
        .versions()
        .into_iter()
        .filter(|version| folder.files.get(version.place).is_some_and(|file| file.asked))
        .collect();
    let path = |version: &Version<'_>| {
        folder.files.get(version.place).map_or_else(String::new, |file| shown(&file.path))
    };
    let told: Vec<Told> = versions
        .iter()
        .map(|version| Told {
            path: path(version),
            applies: applies(&folder, version, &session.sources),
            beside: beside(&folder, version, &session.sources),
        })
        .collect();
    match args.format.unwrap_or(Format::Pretty) {
        Format::Csv => write(session, interop::Format::Csv, &versions, day, &told)?,
        Format::Json => write(session, interop::Format::Json, &versions, day, &told)?,
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
            let mut headings = lang
                .pick(
                    ["policy", "version", "from", "until", "state", "file"],
                    ["政策", "版本", "自", "至", "状态", "文件"],
                )
                .to_vec();
            // Most policies apply to all, and stand alone.
            let scoped = told.iter().any(|told| !told.applies.is_empty());
            let leaning = told.iter().any(|told| !told.beside.is_empty());
            headings.extend(scoped.then_some(lang.pick("applies when", "适用于")));
            headings.extend(leaning.then_some(lang.pick("files beside it", "所附文件")));
            let date = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
            let rows: Vec<Vec<String>> = versions
                .iter()
                .zip(&told)
                .map(|(version, told)| {
                    let state = State::of(version, day).word(lang).to_owned();
                    let (name, number) = (version.name.to_owned(), version.version.to_owned());
                    let (from, until) = (date(version.from), date(version.until));
                    let mut row = vec![name, number, from, until, state, told.path.clone()];
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
        }
    }
    session.note(&match lang {
        Lang::En => format!("as of {day}"),
        Lang::Zh => format!("以 {day} 为准"),
    });
    session.tell(&folder.diagnostics);
    let unreadable = folder.diagnostics.iter().any(|diagnostic| diagnostic.code == "E532");
    Ok(match (unreadable, folder.diagnostics.iter().any(Diagnostic::is_error)) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Found,
        (false, false) => Exit::Done,
    })
}

/// So much of a digest is shown to people: `sha256:` and twelve digits.
const SHORT: usize = 19;

/// What is told of a version beside its days.
struct Told {
    path: String,
    /// To whom it applies, as written; nothing for all.
    applies: String,
    /// The scripts and references that it names, each with the digest of its text.
    beside: Vec<(Str, Str)>,
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
}

impl State {
    fn of(version: &Version<'_>, day: Date) -> State {
        if version.is_in_force(day) {
            State::InForce
        } else if version.from.is_some_and(|from| day < from) {
            State::Coming
        } else {
            State::Ended
        }
    }

    fn word(self, lang: Lang) -> &'static str {
        match self {
            State::Ended => lang.pick("ended", "已失效"),
            State::InForce => lang.pick("in force", "有效"),
            State::Coming => lang.pick("coming", "未生效"),
        }
    }

    /// The word in machine formats.
    fn key(self) -> &'static str {
        match self {
            State::Ended => "ended",
            State::InForce => "in_force",
            State::Coming => "coming",
        }
    }
}

fn write(
    session: &mut Session<'_>,
    format: interop::Format,
    versions: &[Version<'_>],
    day: Date,
    told: &[Told],
) -> Result<(), Failure> {
    let columns =
        ["policy", "version", "from", "until", "state", "file", "applies_when", "files"].map(Str::from);
    let options = WriterOptions { mark: true, columns: columns.to_vec(), called: Str::from("versions") };
    let date = |day: Option<Date>| day.map_or(Cell::Empty, Cell::Date);
    let text = |text: &str| Cell::Text(Str::from(text));
    let maybe = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(Str::from(text)) };
    let rows = versions.iter().zip(told).map(|(version, told)| {
        let file = |(name, digest): &(Str, Str)| {
            let parts = [("name", name), ("digest", digest)];
            Cell::Map(parts.map(|(key, part)| (Str::from(key), Cell::Text(part.clone()))).to_vec())
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
            text(State::of(version, day).key()),
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
