//! Cases whose decisions are held against those that were accepted: which they are, by what case files and settings say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::find::case_files;
use super::read::Keep;
use crate::base::{Span, Str};
use crate::store::settings::Per;
use crate::store::{Settings, World, shown};
use crate::value::Date;

/// A case whose decision is held against the one that was accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptCase {
    /// Where the name of the case stands.
    pub case: Span,
    /// Which decision.
    pub keep: Keep,
    /// The case file.
    pub file: PathBuf,
    /// One snapshot for each case, or one for all of the file.
    pub per: Per,
    /// The day on which it is decided.
    pub as_of: Date,
}

/// How the settings keep the cases of a file.
#[derive(Clone, Default)]
pub(super) struct Usual {
    /// Which decision.
    pub keep: Keep,
    /// One snapshot for each case, or one for all of the file.
    pub per: Per,
    /// The day of cases that state none.
    pub as_of: Option<Date>,
}

/// How the settings keep the cases of files, by their paths.
pub(super) struct Usuals(BTreeMap<String, Usual>);

impl Usuals {
    /// What the settings say. Of several sets that name a file the first counts.
    pub(super) fn of(world: &dyn World, settings: &Settings) -> Usuals {
        let mut found = BTreeMap::new();
        for set in &settings.test.snapshots {
            for path in case_files(world, &set.cases) {
                let keep = Keep { decision: set.decision.as_deref().map(Str::from), span: None };
                let usual = Usual { keep, per: set.per, as_of: set.as_of };
                found.entry(shown(&path)).or_insert(usual);
            }
        }
        Usuals(found)
    }

    /// How the cases of a file are kept; none where the settings say nothing of it.
    pub(super) fn get(&self, path: &Path) -> Option<&Usual> {
        self.0.get(&shown(path))
    }
}
