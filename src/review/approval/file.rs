//! Approvals as files: one statement a file, `<policy>@<version>.<digest>.<person>.approval`, its signature beside it.

use std::io;
use std::path::{Path, PathBuf};

use super::key::{Armour, Signature};
use super::statement::Statement;
use crate::base::Str;
use crate::diag::Diagnostic;
use crate::store::{Place, World, shown};

/// How the name of a statement ends.
pub const ENDING: &str = "approval";

/// A statement as it was found.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The file.
    pub path: PathBuf,
    /// What stands in it.
    pub bytes: Vec<u8>,
    /// What it says; none where it is not as it was written.
    pub statement: Option<Statement>,
    /// The signatures beside it; none for a file that is no signature.
    pub signatures: Vec<Option<Signature>>,
}

/// All approvals of a folder, in the order of their names; without the folder, none.
///
/// # Errors
/// A file or the folder cannot be read.
pub fn read_all(world: &dyn World, folder: &Path) -> Result<Vec<Kept>, Box<Diagnostic>> {
    let unreadable = |path: &Path, error: &io::Error| {
        Box::new(Diagnostic::nowhere("E906").arg("path", shown(path)).arg("reason", error))
    };
    if world.place(folder) != Some(Place::Folder) {
        return Ok(Vec::new());
    }
    let paths = world.list(folder).map_err(|error| unreadable(folder, &error))?;
    let mut kept = Vec::new();
    for path in paths {
        if path.extension().is_none_or(|ending| ending != ENDING) {
            continue;
        }
        let read = |path: &Path| world.read(path).map_err(|error| unreadable(path, &error));
        let bytes = read(&path)?;
        let mut signatures = Vec::new();
        for armour in Armour::ALL {
            let beside = beside(&path, armour);
            if world.place(&beside) == Some(Place::File) {
                signatures.push(Signature::read(armour, &read(&beside)?));
            }
        }
        kept.push(Kept { statement: Statement::read(&bytes), path, bytes, signatures });
    }
    Ok(kept)
}

/// Where the signature of a statement stands.
#[must_use]
pub fn beside(statement: &Path, armour: Armour) -> PathBuf {
    let mut name = statement.as_os_str().to_owned();
    name.push(".");
    name.push(armour.ending());
    PathBuf::from(name)
}

/// The file of a statement in a folder.
#[must_use]
pub fn path_of(folder: &Path, statement: &Statement) -> PathBuf {
    let digest: String = statement.digest.trim_start_matches("sha256:").chars().take(8).collect();
    let of = stem(&statement.policy, &statement.version);
    folder.join(format!("{of}.{digest}.{}.{ENDING}", plain(&statement.by)))
}

/// How the names of the files of a version begin.
#[must_use]
pub fn stem(policy: &str, version: &str) -> Str {
    Str::from(format!("{}@{}", plain(policy), plain(version)))
}

/// A name as files can have it.
fn plain(name: &str) -> String {
    let fits = |ch: char| if ch.is_alphanumeric() || matches!(ch, '.' | '-' | '_') { ch } else { '-' };
    name.chars().map(fits).collect()
}
