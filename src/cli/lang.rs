//! The language of people, found before anything is told to them.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::base::Lang;

/// The language: `--lang`, then `GRADUS_LANG`, then what the system says. gradus.toml, which goes before the last two, is asked
/// by [`Session::foresee`](super::session::Session::foresee).
pub(super) fn of(arguments: &[OsString], variable: &dyn Fn(&str) -> Option<String>) -> Lang {
    asked(arguments, variable).unwrap_or_else(|| of_system(variable))
}

/// The language that the command line asks for.
pub(super) fn of_arguments(arguments: &[OsString]) -> Option<Lang> {
    asked(arguments, &|_| None)
}

/// Whether the command line says anything of the language, be it `auto`: gradus.toml is not asked then.
pub(super) fn is_given(arguments: &[OsString]) -> bool {
    option(arguments, "--lang").is_some()
}

/// The settings that the command line names.
pub(super) fn config(arguments: &[OsString]) -> Option<PathBuf> {
    option(arguments, "--config").map(PathBuf::from)
}

/// What is written behind an option, before clap has read the arguments.
fn option<'a>(arguments: &'a [OsString], name: &str) -> Option<&'a str> {
    let mut arguments =
        arguments.iter().filter_map(|argument| argument.to_str()).take_while(|it| *it != "--");
    while let Some(argument) = arguments.next() {
        if argument == name {
            return arguments.next();
        }
        if let Some(value) = argument.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
            return Some(value);
        }
    }
    None
}

/// The language that was asked for: `--lang`, then `GRADUS_LANG`.
fn asked(arguments: &[OsString], variable: &dyn Fn(&str) -> Option<String>) -> Option<Lang> {
    let written = option(arguments, "--lang").map(str::to_owned).or_else(|| variable("GRADUS_LANG"));
    match written.as_deref() {
        Some("zh") => Some(Lang::Zh),
        Some("en") => Some(Lang::En),
        _ => None,
    }
}

/// The language of the system, as the usual variables tell it.
fn of_system(variable: &dyn Fn(&str) -> Option<String>) -> Lang {
    let told = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable);
    if told.is_some_and(|told| told.to_ascii_lowercase().starts_with("zh")) { Lang::Zh } else { Lang::En }
}
