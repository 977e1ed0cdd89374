//! The language of people, found before anything is told to them.

use std::ffi::OsString;

use crate::base::Lang;

/// The language: `--lang`, then `GRADUS_LANG`, then what the system says. gradus.toml is asked later, when it has been read.
pub(super) fn of(arguments: &[OsString], variable: &dyn Fn(&str) -> Option<String>) -> Lang {
    asked(arguments, variable).unwrap_or_else(|| of_system(variable))
}

/// The language that the command line asks for.
pub(super) fn of_arguments(arguments: &[OsString]) -> Option<Lang> {
    asked(arguments, &|_| None)
}

/// The language that was asked for: `--lang`, then `GRADUS_LANG`.
fn asked(arguments: &[OsString], variable: &dyn Fn(&str) -> Option<String>) -> Option<Lang> {
    let arguments: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    let options = arguments.split(|argument| *argument == "--").next().unwrap_or_default();
    let behind = options.iter().position(|option| *option == "--lang").and_then(|place| place.checked_add(1));
    let written = behind
        .and_then(|place| options.get(place).copied())
        .or_else(|| options.iter().find_map(|option| option.strip_prefix("--lang=")))
        .map(str::to_owned)
        .or_else(|| variable("GRADUS_LANG"));
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
