//! `[lint]` in gradus.toml: which lint is told, and which one counts as an error, for all policies or those of a folder.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use super::{LINTS, Lint, group_of, is_lint, names};
use crate::base::nearest;
use crate::diag::{Diagnostic, entry};

/// What becomes of what a lint finds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// It is not told.
    Allow,
    /// It is told.
    Warn,
    /// It is an error.
    Deny,
}

const LEVELS: [(&str, Level); 3] = [("allow", Level::Allow), ("warn", Level::Warn), ("deny", Level::Deny)];

/// Levels by the name of a lint, of a group, or `all`.
type ByName = BTreeMap<String, Level>;

/// The levels of a project.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    everywhere: ByName,
    /// The same for the policies of a folder, in the order written.
    folders: Vec<(PathBuf, ByName)>,
}

impl Levels {
    /// Reads `[lint]`. Folders are written from `base`.
    ///
    /// # Errors
    /// A lint that there is not, or a level that is none: the first of them.
    pub fn read(table: &toml::Table, base: &Path) -> Result<Levels, Box<Diagnostic>> {
        let mut levels = Levels::default();
        for (key, value) in table {
            match value {
                toml::Value::Table(folders) if key == "folders" => {
                    for (folder, own) in folders {
                        let toml::Value::Table(own) = own else {
                            return Err(Box::new(no_level(&own.to_string())));
                        };
                        let own = own
                            .iter()
                            .map(|(key, value)| level(key, value))
                            .collect::<Result<ByName, _>>()?;
                        levels.folders.push((plain(&base.join(folder)), own));
                    }
                }
                _ => levels.everywhere.extend([level(key, value)?]),
            }
        }
        Ok(levels)
    }

    /// The level of a code for a policy at a path: what is said of the lint goes before what is said of its group, that before
    /// what is said of all; what is said of a folder goes before what is said everywhere.
    #[must_use]
    pub fn of(&self, code: &str, path: &Path) -> Level {
        let path = plain(path);
        let usual = LINTS.iter().find(|lint| lint.code == code).map_or(Level::Warn, |lint| lint.usual);
        let name = entry(code).map_or(code, |entry| entry.name.as_str());
        let folders = self.folders.iter().filter(|(folder, _)| path.starts_with(folder)).map(|(_, own)| own);
        let mut said = std::iter::once(&self.everywhere).chain(folders).filter_map(|own| {
            let by_group = || own.get(group_of(code)?);
            own.get(name).or_else(by_group).or_else(|| own.get("all"))
        });
        said.next_back().copied().unwrap_or(usual)
    }
}

fn level(key: &str, value: &toml::Value) -> Result<(String, Level), Box<Diagnostic>> {
    let groups = LINTS.iter().map(|lint: &Lint| lint.group);
    if key != "all" && !is_lint(key) && !groups.clone().any(|group| group == key) {
        let unknown = Diagnostic::nowhere("E533").variant("unknown").arg("key", key);
        let unknown = match nearest(key, names().chain(groups)) {
            Some(near) => unknown.arg("near", near).help("near"),
            None => unknown,
        };
        return Err(Box::new(unknown.help("page")));
    }
    let written = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let known = LEVELS.iter().find(|(name, _)| *name == written);
    known.map(|(_, level)| (key.to_owned(), *level)).ok_or_else(|| Box::new(no_level(&written)))
}

fn no_level(written: &str) -> Diagnostic {
    let wrong = Diagnostic::nowhere("E533").variant("value").arg("value", written);
    wrong.arg("known", "`allow`, `warn`, `deny`").help("known").help("page")
}

/// A path without `.` in it: `./rules` is `rules`.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}
