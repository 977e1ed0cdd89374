//! `versions`: which version of each policy is in force when.

use std::path::PathBuf;

use crate::base::{Lang, Str};
use crate::cli::Exit;
use crate::cli::args::{Format, day};
use crate::cli::session::{Failure, Session};
use crate::cli::table::aligned;
use crate::diag::Diagnostic;
use crate::interop::{self, Cell, WriteError, Writer, WriterOptions};
use crate::store::{self, Roots, Version, shown};
use crate::value::Date;

/// Lists the versions of the policies and when each is in force
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders of rules; without any, those of gradus.toml, or the folder `rules`
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// The day for which to say which version is in force; without it, today
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Date>,
    /// How to print the list
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json, Format::Csv]))]
    pub format: Option<Format>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let roots = Roots::new(session.world, &session.settings, &args.paths);
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
    match args.format.unwrap_or(Format::Pretty) {
        Format::Csv => write(session, interop::Format::Csv, &versions, day, &path)?,
        Format::Json => write(session, interop::Format::Json, &versions, day, &path)?,
        Format::Pretty
        | Format::Plain
        | Format::Concise
        | Format::Jsonl
        | Format::Xlsx
        | Format::Sarif
        | Format::Github => {
            let headings = lang.pick(
                ["policy", "version", "from", "until", "state", "file"],
                ["政策", "版本", "自", "至", "状态", "文件"],
            );
            let date = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
            let rows: Vec<Vec<String>> = versions
                .iter()
                .map(|version| {
                    let state = State::of(version, day).word(lang).to_owned();
                    let (name, number) = (version.name.to_owned(), version.version.to_owned());
                    vec![name, number, date(version.from), date(version.until), state, path(version)]
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
    path: &dyn Fn(&Version<'_>) -> String,
) -> Result<(), Failure> {
    let columns = ["policy", "version", "from", "until", "state", "file"].map(Str::from);
    let options = WriterOptions { mark: true, columns: columns.to_vec(), called: Str::from("versions") };
    let date = |day: Option<Date>| day.map_or(Cell::Empty, Cell::Date);
    let text = |text: &str| Cell::Text(Str::from(text));
    let rows = versions.iter().map(|version| {
        let cells = [
            text(version.name),
            text(version.version),
            date(version.from),
            date(version.until),
            text(State::of(version, day).key()),
            text(&path(version)),
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
