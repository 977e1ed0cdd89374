//! The policies around one: what they read of it counts as read.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::words::names_in;
use super::{Level, Seen, run_again};
use crate::base::{FileId, Str};
use crate::diag::Diagnostic;
use crate::engine::Built;
use crate::store::{PolicyFile, RulesFolder};
use crate::syntax::Known;
use crate::value::Date;

/// The names that the policies of a folder read or declare.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// By the place of the policy: its text, and the names in it.
    names: Vec<(FileId, Str, Arc<BTreeSet<Str>>)>,
    /// The constructs of the policies as they were read last.
    known: BTreeMap<FileId, RefCell<Known>>,
}

impl Around {
    /// The names of a folder.
    #[must_use]
    pub fn of(folder: &RulesFolder) -> Around {
        Around::default().again(folder)
    }

    /// The same a moment later: a text that is what it was is not read anew.
    #[must_use]
    pub fn again(&mut self, folder: &RulesFolder) -> Around {
        let names = |file: &PolicyFile| {
            let known = self.names.iter().find(|(id, text, _)| *id == file.file && *text == file.program);
            let names = match known {
                Some((_, _, names)) => Arc::clone(names),
                None => Arc::new(names_in(&file.program, &file.trivia, &file.tree)),
            };
            (file.file, file.program.clone(), names)
        };
        let names = folder.files.iter().map(names).collect();
        let mut known = std::mem::take(&mut self.known);
        known.retain(|file, _| folder.file(*file).is_some());
        for file in &folder.files {
            known.entry(file.file).or_default();
        }
        Around { names, known }
    }

    /// Whether the policy at a place reads or declares other names than the one that stood there before.
    #[must_use]
    pub fn differs(&self, before: &Around, place: usize) -> bool {
        self.names.get(place).map(|(_, _, names)| names) != before.names.get(place).map(|(_, _, names)| names)
    }

    /// The names of those of the policies that are wanted, by their places, but for one.
    fn names(&self, place: usize, wanted: impl Fn(usize) -> bool) -> BTreeSet<Str> {
        let others = self.names.iter().enumerate().filter(|(other, _)| *other != place && wanted(*other));
        others.flat_map(|(_, (_, _, names))| names.iter()).cloned().collect()
    }
}

/// Lints the policy at a place of a folder; none where it has mistakes, so that nothing can be said of how it runs. `tried` holds
/// the names of policies that case files try; `level` is told a code.
#[must_use]
pub fn of_folder(
    folder: &RulesFolder,
    place: usize,
    built: &Built,
    (around, tried, day): (&Around, &BTreeSet<Str>, Date),
    level: &dyn Fn(&'static str) -> Level,
) -> Option<Vec<Diagnostic>> {
    let (file, plan) = (folder.files.get(place)?, built.plan.as_ref()?);
    let name = file.header.as_ref().map(|header| &header.name);
    let uses_it = |other: usize| {
        let header = folder.files.get(other).and_then(|other| other.header.as_ref());
        header.is_some_and(|other| other.uses.iter().any(|(used, _)| Some(used) == name))
    };
    let used = folder.with_uses(place);
    let (above, below) = (around.names(place, uses_it), around.names(place, |other| used.contains(&other)));
    let seen = Seen {
        program: &built.program,
        plan,
        file: &file.tree,
        text: &file.program,
        kept: &file.kept,
        trivia: &file.trivia,
        above: &above,
        below: &below,
        tried: name.is_some_and(|name| tried.contains(name)),
        day,
    };
    let nothing = RefCell::default();
    let known = around.known.get(&file.file).unwrap_or(&nothing);
    Some(run_again(&seen, known, &built.diagnostics, level))
}
