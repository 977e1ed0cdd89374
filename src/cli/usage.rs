//! What clap says of the arguments, as diagnostics of our own: with a code, in the reader's language.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Exit;
use super::args::Refusal;
use super::session::{Failure, Session};
use super::words;
use crate::base::{Lang, nearest};
use crate::diag::Diagnostic;
use crate::diag::render::Colour;

/// Prints help or version where they were asked for; else tells what is wrong.
pub(super) fn answer(
    error: &clap::Error,
    arguments: &[OsString],
    command: &clap::Command,
    session: &mut Session<'_>,
) -> Result<Exit, Failure> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = error.render();
            let text = match session.colour() {
                Colour::With => text.ansi().to_string(),
                Colour::Without => text.to_string(),
            };
            let text = words::usage(&text, session.lang());
            session.write(&text)?;
            Ok(Exit::Done)
        }
        _ => Err(told(error, arguments, command).into()),
    }
}

fn told(error: &clap::Error, arguments: &[OsString], command: &clap::Command) -> Diagnostic {
    let text = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::StyledStrs(texts)) => {
            texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    };
    let near = |diagnostic: Diagnostic, kind: ContextKind| {
        let first = match error.get(kind) {
            Some(ContextValue::Strings(texts)) => texts.first().cloned().unwrap_or_default(),
            _ => text(kind),
        };
        if first.is_empty() { diagnostic } else { diagnostic.arg("near", first).help("near") }
    };
    let usage = text(ContextKind::Usage);
    let usage = usage.trim().trim_start_matches("Usage:").trim().replace("\n       ", "\n");
    let usage = match error.kind() {
        ErrorKind::MissingRequiredArgument => without_variables(usage, arguments, command),
        _ => usage,
    };
    let with_usage = |diagnostic: Diagnostic| {
        if usage.is_empty() {
            return diagnostic;
        }
        let [en, zh] = [Lang::En, Lang::Zh].map(|lang| words::usage(&usage, lang));
        diagnostic.arg_in("usage", en, zh).help("usage")
    };
    let argument = text(ContextKind::InvalidArg);
    let value = text(ContextKind::InvalidValue);
    let wrong = || Diagnostic::nowhere("E903").arg("name", quoted(&argument)).arg("value", &value);
    match error.kind() {
        ErrorKind::InvalidSubcommand => near(
            Diagnostic::nowhere("E901").arg("name", text(ContextKind::InvalidSubcommand)),
            ContextKind::SuggestedSubcommand,
        )
        .help("list"),
        // A word that no command takes and that is no option: a misspelt command that clap takes for an argument.
        ErrorKind::UnknownArgument if is_command(&argument, arguments, command) => {
            let names = command.get_subcommands().map(clap::Command::get_name);
            let diagnostic = Diagnostic::nowhere("E901").arg("name", &argument);
            match nearest(&argument, names) {
                Some(near) => diagnostic.arg("near", near).help("near").help("list"),
                None => diagnostic.help("list"),
            }
        }
        ErrorKind::UnknownArgument => {
            with_usage(near(Diagnostic::nowhere("E902").arg("name", &argument), ContextKind::SuggestedArg))
        }
        ErrorKind::InvalidValue if value.is_empty() => known(wrong().variant("missing"), error),
        ErrorKind::InvalidValue => known(near(wrong(), ContextKind::SuggestedValue), error),
        ErrorKind::ValueValidation => match error.source() {
            Some(source) => match source.downcast_ref::<Refusal>() {
                Some(refusal) => wrong().variant("why").arg_in("reason", &refusal.en, &refusal.zh),
                None => wrong().variant("why").arg("reason", source),
            },
            None => wrong(),
        },
        ErrorKind::ArgumentConflict => {
            let other = text(ContextKind::PriorArg);
            let twice = other == argument || other.is_empty();
            let diagnostic =
                Diagnostic::nowhere("E905").arg("name", quoted(&argument)).arg("other", quoted(&other));
            with_usage(if twice { diagnostic.variant("twice") } else { diagnostic })
        }
        ErrorKind::MissingRequiredArgument => {
            with_usage(Diagnostic::nowhere("E904").arg("names", quoted(&argument)))
        }
        ErrorKind::TooManyValues => with_usage(wrong().variant("too_many")),
        // All other kinds are about too few values; their first line says how many.
        _ => {
            let line = error.to_string().lines().next().unwrap_or_default().replace("error: ", "");
            with_usage(wrong().variant("why").arg("reason", line))
        }
    }
}

/// The usage without what a variable has set: with `GRADUS_LANG=zh`, clap shows `--lang <LANG>` as if it had to be typed.
fn without_variables(usage: String, arguments: &[OsString], command: &clap::Command) -> String {
    let typed = |long: &str| {
        let words = arguments.iter().filter_map(|argument| argument.to_str());
        words.filter_map(|word| word.strip_prefix("--")).any(|word| word.split('=').next() == Some(long))
    };
    let longs = command.get_arguments().filter_map(clap::Arg::get_long).filter(|long| !typed(long));
    longs.fold(usage, |usage, long| {
        let parts = usage.split_once(&format!(" --{long} <"));
        let parts = parts.and_then(|(before, after)| Some((before, after.split_once('>')?.1)));
        parts.map_or_else(|| usage.clone(), |(before, after)| format!("{before}{after}"))
    })
}

fn known(diagnostic: Diagnostic, error: &clap::Error) -> Diagnostic {
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) if !values.is_empty() => {
            let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            diagnostic.arg("known", values.join(", ")).help("known")
        }
        _ => diagnostic,
    }
}

/// `--format <FORMAT>` in back-ticks; clap brings some names with quotes of its own.
fn quoted(name: &str) -> String {
    let name = name.trim_matches('\'');
    if name.is_empty() { String::from("`…`") } else { format!("`{name}`") }
}

/// Whether the argument that clap does not know stands where a command should.
fn is_command(argument: &str, arguments: &[OsString], command: &clap::Command) -> bool {
    let first = arguments
        .iter()
        .skip(1)
        .filter_map(|written| written.to_str())
        .find(|written| !written.starts_with('-'));
    let is_known = command.get_subcommands().any(|known| first == Some(known.get_name()));
    !argument.starts_with('-') && !is_known
}
