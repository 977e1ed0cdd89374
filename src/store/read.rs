//! The bytes of a file, or why there are none, in words.

use std::io::ErrorKind;
use std::path::Path;

use super::{World, shown};
use crate::base::nearest;
use crate::diag::Diagnostic;

/// The bytes of a file.
///
/// # Errors
/// The file is not there (a name near it in the same folder is told), is a folder, or may not be read.
pub fn read(world: &dyn World, path: &Path) -> Result<Vec<u8>, Box<Diagnostic>> {
    world.read(path).map_err(|error| {
        let variant = match error.kind() {
            ErrorKind::NotFound => "missing",
            ErrorKind::IsADirectory => "folder",
            _ => "",
        };
        let diagnostic =
            Diagnostic::nowhere("E906").variant(variant).arg("path", shown(path)).arg("reason", error);
        Box::new(match nearest_path(world, path) {
            Some(near) if variant == "missing" => diagnostic.arg("near", near).help("near"),
            _ => diagnostic,
        })
    })
}

/// A file in the same folder whose name is near.
fn nearest_path(world: &dyn World, path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name()?.to_str()?;
    let beside = world.list(folder).ok()?;
    let names = beside.iter().filter_map(|other| other.file_name()?.to_str());
    let near = nearest(name, names)?;
    Some(shown(&folder.join(near)))
}
