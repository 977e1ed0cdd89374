//! `pending`: the decisions that wait to be accepted or rejected.

use serde_json::json;

use crate::base::Lang;
use crate::cli::Exit;
use crate::cli::args::Format;
use crate::cli::session::{Failure, Session};
use crate::cli::snapshots;
use crate::store::shown;
use crate::trial::snapshot::pending_path;
use crate::trial::snapshot::waiting::{Waiting, summary};

/// Lists the decisions that are not as accepted and wait for a verdict
#[derive(Debug, clap::Args)]
pub struct Args {
    /// How to print the list
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json]))]
    pub format: Option<Format>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let waiting = snapshots::pending(session);
    let lang = session.lang();
    let text = match args.format {
        Some(Format::Json) => as_json(&waiting),
        _ => as_text(&waiting, lang),
    };
    session.write(&text)?;
    if waiting.is_empty() {
        session.note(lang.pick("nothing is pending", "没有待定的快照"));
        return Ok(Exit::Done);
    }
    session.note(lang.pick(
        "to go through them: `gradus review`; or `gradus accept NAMES --by NAME --reason TEXT`, `gradus reject NAMES`",
        "逐个审阅：`gradus review`；或 `gradus accept 名称 --by 姓名 --reason 理由`、`gradus reject 名称`",
    ));
    Ok(Exit::Found)
}

fn as_text(waiting: &[Waiting], lang: Lang) -> String {
    if waiting.is_empty() {
        return String::new();
    }
    let all: Vec<&Waiting> = waiting.iter().collect();
    let mut out = summary(&all, lang).join("\n");
    out.push('\n');
    for (address, words, count) in causes(waiting) {
        out.push_str(&match lang {
            Lang::En => format!("{count} because {words}  --cause {address}\n"),
            Lang::Zh => format!("{count} 个，原因：{words}  --cause {address}\n"),
        });
    }
    for it in waiting {
        out.push_str(&format!("\n  {}\n", it.name()));
        for line in it.sentences() {
            out.push_str(&format!("      {line}\n"));
        }
    }
    out
}

/// The edits that moved something: address, words, how many snapshots.
fn causes(waiting: &[Waiting]) -> Vec<(String, String, usize)> {
    let mut found: Vec<(String, String, usize)> = Vec::new();
    for (address, words) in waiting.iter().flat_map(Waiting::because) {
        match found.iter_mut().find(|(known, ..)| known == address) {
            Some((_, _, count)) => *count = count.saturating_add(1),
            None => found.push((address.to_owned(), words.to_owned(), 1)),
        }
    }
    found
}

fn as_json(waiting: &[Waiting]) -> String {
    let all: Vec<&Waiting> = waiting.iter().collect();
    let each = waiting.iter().map(|it| {
        let because: Vec<_> =
            it.because().map(|(address, words)| json!({ "address": address, "change": words })).collect();
        json!({
            "name": it.name(),
            "file": shown(&pending_path(&it.path)),
            "new": it.old.is_none(),
            "customers": it.customers(),
            "moved": it.moved(),
            "because": because,
            "text": it.sentences(),
        })
    });
    let document = json!({
        "format_version": 1,
        "summary": summary(&all, Lang::En),
        "pending": each.collect::<Vec<_>>(),
    });
    crate::base::document(&document)
}
