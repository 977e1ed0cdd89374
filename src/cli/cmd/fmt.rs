//! `fmt [PATHS]`: one layout for all policies.

use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::base::{FileId, Lang};
use crate::cli::Exit;
use crate::cli::session::{Failure, Session};
use crate::diag::Diagnostic;
use crate::fmt::{Broken, Formatted, format, format_literate};
use crate::store::{self, Roots, shown};
use crate::syntax::{literate, parse};
use crate::trial::threads;

/// Lays policies out: one layout, whoever typed them
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders of rules; `-` is standard input; without any, those of gradus.toml, or the folder `rules`
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// Write nothing; end with 1 where a file is not laid out so
    #[arg(long = "check", id = "check_only")]
    pub check_only: bool,
    /// Write nothing; show what would change
    #[arg(long)]
    pub diff: bool,
    /// The name under which standard input (`-`) is shown; one that ends in `.md` is a policy manual
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
}

/// A text to lay out.
struct Given {
    /// Where it stands; none for standard input.
    path: Option<PathBuf>,
    /// The name under which it is shown.
    name: String,
    text: String,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let keywords = session.lang_of_the_command_line();
    let (mut changed, mut unread, mut seen) = (0_usize, 0_usize, 0_usize);
    let all = given(args, session)?;
    let laid_out = threads::map(None, &all, |given| laid_out(given, keywords));
    for (given, formatted) in all.iter().zip(laid_out) {
        seen = seen.saturating_add(1);
        let formatted = match formatted {
            Ok(formatted) => formatted,
            // A mistake of the formatter never reaches a file.
            Err(_) => {
                unread = unread.saturating_add(1);
                session.tell(&[Diagnostic::nowhere("W947")
                    .variant("law")
                    .arg("path", &given.name)
                    .help("report")]);
                continue;
            }
        };
        let mistakes = if formatted.unread.is_empty() { Vec::new() } else { mistakes(given) };
        for place in &formatted.unread {
            unread = unread.saturating_add(1);
            session.tell(&[left_alone(given, *place, &mistakes)]);
        }
        let differs = formatted.text != given.text;
        changed = changed.saturating_add(usize::from(differs));
        match &given.path {
            _ if args.diff => {
                let name = &given.name;
                let diff = TextDiff::from_lines(given.text.as_str(), formatted.text.as_str());
                session.write(&diff.unified_diff().header(name, name).to_string())?;
            }
            _ if args.check_only && differs => session.write(&format!("{}\n", given.name))?,
            _ if args.check_only => {}
            Some(path) if differs => session.write_file(path, formatted.text.as_bytes())?,
            Some(_) => {}
            None => session.write(&formatted.text)?,
        }
    }
    let only_looks = args.check_only || args.diff;
    session.note(&summary(seen, changed, only_looks, session.lang()));
    Ok(if unread > 0 || only_looks && changed > 0 { Exit::Found } else { Exit::Done })
}

/// The texts that were asked for.
fn given(args: &Args, session: &mut Session<'_>) -> Result<Vec<Given>, Failure> {
    let (stdin, paths): (Vec<&PathBuf>, Vec<&PathBuf>) =
        args.paths.iter().partition(|path| path.as_os_str() == "-");
    let mut given = Vec::new();
    if let Some(path) = stdin.first() {
        let bytes = session.read(path)?;
        let name = args.stdin_filename.clone().unwrap_or_else(|| "<stdin>".to_owned());
        let text = store::decode(&bytes, &name, &mut session.sources)?.to_string();
        given.push(Given { path: None, name, text });
        if paths.is_empty() {
            return Ok(given);
        }
    }
    let paths: Vec<PathBuf> = paths.into_iter().cloned().collect();
    let roots = Roots::new(session.world, &session.settings, &paths);
    let (files, unreadable) = store::texts(session.world, &roots, &mut session.sources);
    if !unreadable.is_empty() {
        return Err(Failure(unreadable));
    }
    for (path, file) in files {
        let text = session.sources.get(file).map(|source| source.text().to_string());
        given.push(Given { name: shown(&path), path: Some(path), text: text.unwrap_or_default() });
    }
    Ok(given)
}

fn is_literate(given: &Given) -> bool {
    Path::new(&given.name).extension().is_some_and(|ending| ending == "md")
}

fn laid_out(given: &Given, keywords: Option<Lang>) -> Result<Formatted, Broken> {
    if is_literate(given) { format_literate(&given.text, keywords) } else { format(&given.text, keywords) }
}

/// Where a text cannot be read, in order.
fn mistakes(given: &Given) -> Vec<usize> {
    let program = if is_literate(given) { literate(&given.text) } else { given.text.clone() };
    let told = parse(FileId(0), &program).diagnostics;
    told.iter().filter(|told| told.is_error()).filter_map(|told| Some(told.span?.range().start)).collect()
}

/// A stretch that could not be read and stays as it is: the line on which the mistake stands, as far as it is known.
fn left_alone(given: &Given, place: usize, mistakes: &[usize]) -> Diagnostic {
    let there = mistakes.iter().copied().find(|at| *at >= place).unwrap_or(place);
    let before = given.text.get(..there).unwrap_or("");
    let line = before.matches('\n').count().saturating_add(1);
    Diagnostic::nowhere("W947").arg("path", &given.name).arg("line", line).help("check")
}

fn summary(seen: usize, changed: usize, only_looks: bool, lang: Lang) -> String {
    let files = |count: usize| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    match (lang, only_looks) {
        (Lang::En, false) => format!("{} laid out, {changed} changed", files(seen)),
        (Lang::En, true) => format!("{} looked at, {changed} would change", files(seen)),
        (Lang::Zh, false) => format!("排版 {seen} 个文件, 改动 {changed} 个"),
        (Lang::Zh, true) => format!("查看 {seen} 个文件, {changed} 个需要改动"),
    }
}
