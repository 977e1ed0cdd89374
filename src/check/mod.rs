//! Tree into meaning: names, types, units. What needs the values of facts to be known — ranges, decimals, unknowns, gaps —
//! is proved on the plan.

mod bodies;
mod by_date;
mod cases;
mod consequences;
mod constructs;
mod context;
mod decisions;
mod exceptions;
mod expr;
mod facts;
pub mod hir;
mod last;
mod merge;
mod names;
mod order;
mod params;
mod records;
mod reference_file;
mod roles;
mod together;
mod types;
mod uses;
mod words;

use crate::base::{FileId, Str};
use crate::diag::Diagnostic;
use crate::syntax::ast;

/// A policy file to be checked.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// Its tree.
    pub file: &'a ast::File,
    /// The text of a script beside it, by the name that the policy gives it; none where it cannot be read, which is
    /// told by who looked for it.
    pub scripts: &'a dyn Fn(&str) -> Option<Str>,
    /// The file of a reference beside it, by the name that the policy gives it; likewise.
    pub references: &'a dyn Fn(&str) -> Option<(FileId, Str)>,
}

/// What a check gives: the program as far as it is sound, and every mistake.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The program. Runs only where no diagnostic is an error.
    pub program: hir::Program,
    /// What was found, file by file in the order of the sources, by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks policies: used ones first, the one that is asked for last. A `use` is resolved by name and version among the
/// sources that stand before its file.
#[must_use]
pub fn check(sources: &[Source<'_>]) -> Checked {
    let mut checker = context::Checker::new();
    for (place, source) in sources.iter().enumerate() {
        checker.declare(source, sources.get(place.saturating_add(1)..).unwrap_or_default());
    }
    checker.check_bodies();
    checker.check_words();
    checker.mention_parts();
    checker.refuse_shared_last();
    for (policy, source) in checker.program.policies.ids().zip(sources) {
        checker.finish(policy, source);
    }
    checker.mention_codes();
    checker.tell_unused();
    last::label(&mut checker.program, &checker.last_of);
    let context::Checker { program, mut diagnostics, unclear, .. } = checker;
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.map(|span| (span.file, span.start)));
    let mut diagnostics = consequences::without(&program, sources, &unclear.into_inner(), diagnostics);
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.map(|span| (span.file, span.start)));
    Checked { program, diagnostics }
}
