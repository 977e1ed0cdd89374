//! Seeing that something a run rests on was changed.
//!
//! Files are looked at again and again, by their stamps: that works on the drives of offices, in containers and in shared
//! folders, where the notices of operating systems do not arrive.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::find::walk;
use crate::store::{Place, Settings, World, settings, shown};

/// What a run may rest on, by the ends of names.
const ENDINGS: &[&str] = &["gradus", "toml", "csv", "tsv", "json", "jsonl", "rhai", "xlsx", "md", "snap"];

/// The files that a run may rest on, as they stood when they were last looked at.
#[derive(Clone, Debug)]
pub struct Watch {
    roots: Vec<PathBuf>,
    seen: BTreeMap<PathBuf, u128>,
}

impl Watch {
    /// Watches what a run of the paths asked for rests on: these and their folders, the rules, the calendars, the cases, the
    /// facts and all that these are read with, as the settings name them, and the settings.
    #[must_use]
    pub fn new(world: &dyn World, asked: &[PathBuf], settings: &Settings) -> Watch {
        let mut roots: Vec<PathBuf> = settings.project.rules.clone();
        roots.extend(settings.test.paths.iter().cloned());
        roots.extend(settings.calendars.values().cloned());
        roots.extend(settings.decide.mapping.iter().cloned());
        roots.extend(settings.decide.lists.values().cloned());
        for set in &settings.test.snapshots {
            roots.extend(set.facts.iter().chain(&set.cases).cloned());
            roots.extend(set.lists.values().cloned());
            roots.extend(set.mapping.iter().chain(&set.last).chain(&set.book).cloned());
        }
        for path in asked {
            // What a policy uses, and the table of a case file, stand beside it.
            match (world.place(path), path.parent()) {
                (Some(Place::File) | None, Some(folder)) => roots.push(folder.to_owned()),
                (Some(Place::Folder) | Some(Place::File) | None, _) => roots.push(path.clone()),
            }
        }
        let beside = settings.path.as_ref().and_then(|path| path.parent());
        roots.extend(beside.map(|folder| folder.join("calendars")));
        if asked.is_empty() && settings.project.rules.is_empty() {
            let rules = PathBuf::from("rules");
            let has_rules = world.place(&rules) == Some(Place::Folder);
            roots.push(if has_rules { rules } else { PathBuf::new() });
        }
        roots.push(settings.path.clone().unwrap_or_else(|| PathBuf::from(settings::FILE)));
        for root in &mut roots {
            if root.as_os_str().is_empty() {
                *root = PathBuf::from(".");
            }
        }
        let seen = look(world, &roots);
        Watch { roots, seen }
    }

    /// How many files are watched.
    #[must_use]
    pub fn files(&self) -> usize {
        self.seen.len()
    }

    /// The files that were written, made or taken away since they were last looked at, in the order of their names.
    pub fn changed(&mut self, world: &dyn World) -> Vec<String> {
        let seen = look(world, &self.roots);
        let old = std::mem::replace(&mut self.seen, seen);
        let written = self.seen.iter().filter(|(path, stamp)| old.get(*path) != Some(stamp));
        let gone = old.keys().filter(|path| !self.seen.contains_key(*path));
        let mut changed: Vec<String> =
            written.map(|(path, _)| shown(path)).chain(gone.map(|path| shown(path))).collect();
        changed.sort();
        changed
    }
}

fn look(world: &dyn World, roots: &[PathBuf]) -> BTreeMap<PathBuf, u128> {
    let mut seen = BTreeMap::new();
    let mut add = |path: PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        if ending.is_some_and(|ending| ENDINGS.contains(&ending))
            && let Some(stamp) = world.stamp(&path)
        {
            seen.insert(path, stamp);
        }
    };
    for root in roots {
        match world.place(root) {
            Some(Place::Folder) => walk(world, root, &mut add),
            Some(Place::File) => add(root.clone()),
            None => {}
        }
    }
    seen
}
