//! Whether the text of a snapshot is still the one that somebody signed for: the file of approvals holds its digest.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use super::file::Snapshot;
use crate::plan::digest_of;
use crate::store::World;

/// How the text of a snapshot stands to what was signed for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Signed {
    /// It is the text that was accepted.
    Same,
    /// It was changed since it was accepted.
    Altered {
        /// Who accepted it.
        by: String,
        /// On which day.
        on: String,
    },
    /// No acceptance of it is recorded: another tool accepted it, or somebody put it there.
    Unknown,
}

/// The last acceptance of each snapshot.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Approvals(BTreeMap<String, Json>);

impl Approvals {
    /// Reads the file of approvals; a line that cannot be read signs for nothing, and is told where the next one is to be added.
    #[must_use]
    pub fn read(path: &Path, world: &dyn World) -> Approvals {
        let bytes = world.read(path).unwrap_or_default();
        let mut last = BTreeMap::new();
        for line in String::from_utf8_lossy(&bytes).lines() {
            let Ok(line) = serde_json::from_str::<Json>(line) else { continue };
            if let Some(name) = line.get("snapshot").and_then(Json::as_str) {
                last.insert(name.to_owned(), line);
            }
        }
        Approvals(last)
    }

    /// Who accepted a snapshot last, by its file from the folder of the settings, and on which day.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<(String, String)> {
        let line = self.0.get(name)?;
        let text = |key: &str| line.get(key).and_then(Json::as_str).unwrap_or("").to_owned();
        Some((text("by"), text("on")))
    }

    /// How the text of a snapshot, by its file from the folder of the settings, stands to what was signed for.
    #[must_use]
    pub fn of(&self, name: &str, accepted: &Snapshot) -> Signed {
        let Some(line) = self.0.get(name) else { return Signed::Unknown };
        let text = |key: &str| line.get(key).and_then(Json::as_str).unwrap_or("");
        if text("after") == &*digest_of(&accepted.body) {
            return Signed::Same;
        }
        // What another tool has accepted keeps what was told of the change, or is of other rules than were signed for.
        let is_of_others =
            accepted.info.contains_key("moved") || accepted.info_text("digest") != Some(text("digest"));
        if is_of_others {
            return Signed::Unknown;
        }
        Signed::Altered { by: text("by").to_owned(), on: text("on").to_owned() }
    }
}
