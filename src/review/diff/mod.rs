//! What changed in meaning between two sides: not in text, but in what is said of weights, rows, caps, steps.
//!
//! ```text
//! Side ─► pairs of policies ─► compare: what each part says ─► Change: what, where, in which class, and the edit that makes it alone
//! ```
//!
//! Layout, comments, the language of keywords, the order of what does not depend on order, and other spellings of the same number are no change.
//! A change can be made alone on the old rules ([`Diff::with`]): that is how its class is proved, and how its effects are told apart.

mod change;
mod class;
mod compare;
mod constructs;
pub mod formats;
mod pair;
mod renames;
mod seen;
mod together;
pub mod what;
mod words;

pub use change::{Also, Change, Class, Moves, Reach, Told, Way, Why};
pub use compare::{Kind, Member};
pub use seen::Shift;
pub use words::{grouped, heading, in_lines, reason, sentence};

use crate::base::{SourceMap, Str};
use crate::diag::Diagnostic;
use crate::engine::{self, Built};
use crate::review::Side;
use crate::store::RulesFolder;

/// How two sides differ.
#[derive(Clone, Debug)]
pub struct Diff {
    /// The old rules on which changes are made; it holds also the policies that only the new rules have.
    pub base: RulesFolder,
    /// The policies, those that others use first.
    pub pairs: Vec<Pair>,
}

/// A policy of one side and the one of the other side that it is compared with.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Its name; on the new side, where it has another there.
    pub name: Str,
    /// The old one.
    pub was: Option<Version>,
    /// The new one.
    pub is: Option<Version>,
    /// The place of the old one in [`Diff::base`]; none where there is no old one.
    pub place: Option<usize>,
    /// What changed, construct by construct.
    pub changes: Vec<Change>,
}

/// A policy of one side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    /// Its place in the files of its side.
    pub place: usize,
    /// Its version.
    pub version: Str,
    /// The name of its file, as people are shown it.
    pub file: String,
    /// The digest of what it means.
    pub digest: Str,
}

/// How two sides differ.
///
/// # Errors
/// A policy that is compared has mistakes: all of them at once.
pub fn diff(was: &Side, is: &Side, sources: &mut SourceMap) -> Result<Diff, Vec<Diagnostic>> {
    pair::diff(was, is, sources)
}

impl Diff {
    /// Whether nothing has changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.iter().all(|pair| pair.changes.is_empty())
    }

    /// All changes, in order.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.pairs.iter().flat_map(|pair| &pair.changes)
    }

    /// The gravest class of all changes; none where there is no change.
    #[must_use]
    pub fn class(&self) -> Option<Class> {
        self.changes().map(|change| change.class).max()
    }

    /// The old rules with some changes made, in the order given.
    #[must_use]
    pub fn made<'c>(&self, changes: impl IntoIterator<Item = &'c Change>) -> RulesFolder {
        let mut folder = self.base.clone();
        for change in changes {
            (change.edit)(&mut folder);
        }
        folder
    }

    /// Builds a policy of [`Diff::base`] with some changes made: those without which they cannot be made are the caller's to
    /// name ([`Change::needs`]).
    #[must_use]
    pub fn with<'c>(
        &self,
        place: usize,
        changes: impl IntoIterator<Item = &'c Change>,
        sources: &SourceMap,
    ) -> Built {
        engine::build(&self.made(changes), place, sources)
    }
}

impl Pair {
    /// A change with all that it needs, in the order in which they are made.
    #[must_use]
    pub fn alone(&self, change: usize) -> Vec<&Change> {
        let mut wanted = std::collections::BTreeSet::from([change]);
        let mut open = vec![change];
        while let Some(at) = open.pop() {
            for need in self.changes.get(at).map(|it| it.needs.as_slice()).unwrap_or_default() {
                if wanted.insert(*need) {
                    open.push(*need);
                }
            }
        }
        wanted.into_iter().filter_map(|at| self.changes.get(at)).collect()
    }
}
