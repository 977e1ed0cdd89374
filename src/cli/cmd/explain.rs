//! `explain CODE`: the long page of a diagnostic.

use crate::base::{Lang, nearest};
use crate::cli::Exit;
use crate::cli::session::{Failure, Session};
use crate::diag::render::tell;
use crate::diag::{Diagnostic, Part, codes, page};

/// Tells what a diagnostic means: what, why, what to do, with an example
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The code, such as E525, or the name, such as periods-overlap; without one, all are listed
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let lang = session.lang();
    let Some(written) = &args.code else {
        session.write(&list(lang))?;
        return Ok(Exit::Done);
    };
    let wanted = written.trim_matches(['[', ']', ' ']);
    let known =
        codes().values().find(|entry| entry.code.eq_ignore_ascii_case(wanted) || entry.name == wanted);
    match known.and_then(|entry| page(&entry.code, lang)) {
        Some(page) => {
            session.write(&page)?;
            Ok(Exit::Done)
        }
        None => {
            let unknown = Diagnostic::nowhere("E908").arg("code", written);
            let names = codes().values().flat_map(|entry| [entry.code.as_str(), entry.name.as_str()]);
            // Who writes `E526` for `W526` remembers the number: the letter only says how severe it is.
            let digits = wanted.get(1..).filter(|digits| digits.len() == 3);
            let same =
                codes().keys().map(String::as_str).find(|code| digits.is_some() && code.get(1..) == digits);
            let unknown = match same
                .or_else(|| nearest(&wanted.to_ascii_uppercase(), names.clone()))
                .or_else(|| nearest(wanted, names))
            {
                Some(near) => unknown.arg("near", near).help("near"),
                None => unknown,
            };
            Err(unknown.help("list").into())
        }
    }
}

/// Every code with its name and its message, figures left as `…`.
fn list(lang: Lang) -> String {
    let mut text = String::new();
    for entry in codes().values() {
        let code: &'static str = entry.code.as_str();
        // Of several messages the list shows the main one, or else one of them.
        let keys = entry.keys(lang);
        let variants: Vec<&str> = keys.iter().filter_map(|key| key.strip_prefix("message.")).collect();
        let first = variants.first().filter(|_| !variants.contains(&"main"));
        let message = match first.and_then(|key| entry.words(lang, Part::Message, key)) {
            Some(message) => message.to_owned(),
            None => tell(&Diagnostic::nowhere(code), lang).message,
        };
        text.push_str(&format!("{code}  {:<26}  {}\n", entry.name, without_figures(&message)));
    }
    text
}

fn without_figures(message: &str) -> String {
    let mut text = String::new();
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        text.push('…');
        rest = after.split_once('}').map_or("", |(_, behind)| behind);
    }
    text + rest
}
