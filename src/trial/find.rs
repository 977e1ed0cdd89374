//! Where case files stand: named by their paths, or as `*.cases.toml` in folders.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::read::read;
use crate::base::{SourceMap, Str};
use crate::store::{self, Place, World, shown};

/// How a case file in a folder ends.
pub const ENDING: &str = ".cases.toml";
/// Folders within folders deeper than this are links that go in a circle.
const DEEPEST: usize = 16;

/// The case files of paths: files that are named end in `.toml`, those in folders in `.cases.toml`. Each once, in the order of
/// the paths.
#[must_use]
pub fn case_files(world: &dyn World, paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for path in paths {
        match world.place(path) {
            Some(Place::File) if path.extension().is_some_and(|ending| ending == "toml") => {
                add(path.clone(), &mut found);
            }
            Some(Place::Folder) => walk(world, path, &mut |path| {
                if path.to_string_lossy().ends_with(ENDING) {
                    add(path, &mut found);
                }
            }),
            Some(Place::File) | None => {}
        }
    }
    found
}

/// The policies that the case files of paths try, by name. A case file that cannot be read tries nothing; `test` tells of it.
#[must_use]
pub fn tried(world: &dyn World, paths: &[PathBuf]) -> BTreeSet<Str> {
    let policy = |path: &PathBuf| {
        let mut sources = SourceMap::new();
        let bytes = store::read(world, path).ok()?;
        let text = store::decode(&bytes, &shown(path), &mut sources).ok()?;
        let file = sources.add(shown(path), text.clone());
        read(file, &text, None).policy
    };
    let policies = case_files(world, paths);
    let policies = policies.iter().filter_map(policy);
    policies.filter_map(|policy| policy.value.split('@').next().map(Str::from)).collect()
}

/// The case files in the folder of a policy file; of a folder, none.
#[must_use]
pub(super) fn case_files_beside(world: &dyn World, policy: &Path) -> Vec<PathBuf> {
    if world.place(policy) != Some(Place::File) {
        return Vec::new();
    }
    let folder = policy.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut found = Vec::new();
    for path in world.list(folder).unwrap_or_default() {
        if path.to_string_lossy().ends_with(ENDING) && world.place(&path) == Some(Place::File) {
            add(path, &mut found);
        }
    }
    found
}

/// Every file below a folder that a project may hold: not what is hidden, not what tools build.
pub(super) fn walk(world: &dyn World, at: &Path, each: &mut dyn FnMut(PathBuf)) {
    below(world, at, 0, each);
}

fn below(world: &dyn World, at: &Path, depth: usize, each: &mut dyn FnMut(PathBuf)) {
    if depth > DEEPEST {
        return;
    }
    for path in world.list(at).unwrap_or_default() {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with('.') || name == "target" || name == "node_modules" {
            continue;
        }
        match world.place(&path) {
            Some(Place::Folder) => below(world, &path, depth.saturating_add(1), each),
            Some(Place::File) => each(path),
            None => {}
        }
    }
}

fn add(path: PathBuf, found: &mut Vec<PathBuf>) {
    if !found.iter().any(|known| shown(known) == shown(&path)) {
        found.push(path);
    }
}
