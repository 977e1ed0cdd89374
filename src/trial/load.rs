//! Loading: the rules, the case files, and which policy each case is of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::find::{case_files, case_files_beside};
use super::kept::{KeptCase, Usuals};
use super::read::{CaseFile, read};
use super::{snapshot, table};
use crate::base::SourceMap;
use crate::diag::Diagnostic;
use crate::store::{self, Place, Roots, RulesFolder, Settings, World, shown};
use crate::syntax::ast;
use crate::value::Date;

/// The rules, and the case files.
pub(super) struct Found {
    pub folder: RulesFolder,
    pub files: Vec<CaseFile>,
    /// The paths of the case files.
    pub paths: Vec<PathBuf>,
}

/// Reads policies and case files.
///
/// # Errors
/// A file that was named is not there or cannot be read as text.
pub(super) fn load(
    world: &dyn World,
    settings: &Settings,
    given: &[PathBuf],
    sources: &mut SourceMap,
) -> Result<Found, Box<Diagnostic>> {
    let is_case_file = |path: &&PathBuf| path.extension().is_some_and(|ending| ending == "toml");
    let (named, rules): (Vec<&PathBuf>, Vec<&PathBuf>) = given.iter().partition(is_case_file);
    let rules: Vec<PathBuf> = rules.into_iter().cloned().collect();
    let mut roots = Roots::new(world, settings, &rules);
    let mut places: Vec<PathBuf> = named.iter().map(|path| (*path).clone()).collect();
    if rules.is_empty() && !named.is_empty() {
        // Only the cases of these files are run; their policies stand in the usual folders, or beside them.
        let beside = named.iter().filter_map(|path| path.parent());
        let beside = beside.map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
        let usual = std::mem::take(&mut roots.asked);
        roots.around = usual.into_iter().chain(beside.map(Path::to_owned)).collect();
    } else {
        places.extend(roots.asked.iter().cloned());
    }
    if given.is_empty() {
        places.extend(settings.test.paths.iter().cloned());
        places.extend(kept_places(world, settings)?);
    }
    let mut paths = case_files(world, &places);
    // A policy that is named is tried with its own cases, wherever they stand; who names case files means these alone.
    let ties = named.is_empty() && rules.iter().any(|path| world.place(path) == Some(Place::File));
    let tied = if ties { own_case_files(world, settings, &rules, &paths)? } else { Vec::new() };
    let first_tied = paths.len();
    paths.extend(tied);
    let mut files = Vec::new();
    let usuals = Usuals::of(world, settings);
    for path in named.into_iter().filter(|path| !paths.contains(path)) {
        store::read(world, path)?;
    }
    for path in &paths {
        let bytes = store::read(world, path)?;
        let text = store::decode(&bytes, &shown(path), sources)?;
        let file = sources.add(shown(path), text.clone());
        files.push(read(file, &text, usuals.get(path).map(|usual| usual.keep.clone())));
    }
    let mut folder = store::load(world, &roots, settings, sources);
    if ties {
        let is_asked = |wanted: &str| {
            let name = wanted.split('@').next().unwrap_or(wanted);
            let headers =
                folder.files.iter().filter(|file| file.asked).filter_map(|file| file.header.as_ref());
            headers.into_iter().any(|header| &*header.name == name)
        };
        let mut place = 0_usize;
        let read = files.into_iter().zip(paths);
        (files, paths) = (Vec::new(), Vec::new());
        for (mut file, path) in read {
            file.tied = place >= first_tied;
            place = place.saturating_add(1);
            let is_own = file.policy.as_ref().is_some_and(|policy| is_asked(&policy.value));
            if !file.tied || is_own {
                files.push(file);
                paths.push(path);
            }
        }
    }
    for (path, file) in paths.iter().zip(&mut files) {
        table::add(world, path, file, &folder, sources);
    }
    // A folder of case files alone is a folder with something to run.
    let holds_cases = |path: &str| paths.iter().any(|file| file.starts_with(path));
    folder.diagnostics.retain(|it| {
        let path = it.args.iter().find(|(key, _)| *key == "path").map(|(_, path)| &**path);
        !(it.code == "E532" && it.variant == "empty" && path.is_some_and(holds_cases))
    });
    Ok(Found { folder, files, paths })
}

/// The case files in which cases of policies that are named may stand: those beside them, and those of the settings.
fn own_case_files(
    world: &dyn World,
    settings: &Settings,
    rules: &[PathBuf],
    known: &[PathBuf],
) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    let mut places = match settings.project.rules.as_slice() {
        [] => vec![PathBuf::from("rules")],
        rules => rules.to_vec(),
    };
    places.extend(settings.test.paths.iter().cloned());
    places.extend(kept_places(world, settings)?);
    let mut found: Vec<PathBuf> = Vec::new();
    let beside = rules.iter().flat_map(|path| case_files_beside(world, path));
    for path in beside.chain(case_files(world, &places)) {
        let is_known = |known: &[PathBuf]| known.iter().any(|it| world.whole(it) == world.whole(&path));
        if !is_known(known) && !is_known(&found) {
            found.push(path);
        }
    }
    Ok(found)
}

/// The case files, and folders of them, that the settings want kept.
///
/// # Errors
/// One is not there, or is no case file.
fn kept_places(world: &dyn World, settings: &Settings) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    let named: Vec<PathBuf> = settings.test.snapshots.iter().flat_map(|set| set.cases.clone()).collect();
    for path in &named {
        let is_one = path.extension().is_some_and(|ending| ending == "toml");
        match world.place(path) {
            Some(Place::Folder) => {}
            Some(Place::File) if is_one => {}
            Some(Place::File) => {
                return Err(Box::new(Diagnostic::nowhere("E711").arg("path", shown(path)).help("ending")));
            }
            None => drop(store::read(world, path)?),
        }
    }
    Ok(named)
}

/// The folders in which the snapshots of case files stand.
#[must_use]
pub fn kept_folders(world: &dyn World, settings: &Settings) -> Vec<PathBuf> {
    let mut places = Roots::new(world, settings, &[]).asked;
    places.extend(settings.test.paths.iter().cloned());
    places.extend(settings.test.snapshots.iter().flat_map(|set| set.cases.clone()));
    let usuals = Usuals::of(world, settings);
    let mut found: Vec<PathBuf> = Vec::new();
    for path in case_files(world, &places) {
        let mut sources = SourceMap::new();
        let Ok(bytes) = store::read(world, &path) else { continue };
        let Ok(text) = store::decode(&bytes, &shown(&path), &mut sources) else { continue };
        let file = sources.add(shown(&path), text.clone());
        let own = read(file, &text, usuals.get(&path).map(|usual| usual.keep.clone()));
        let folder = path.parent().unwrap_or(Path::new("")).join(snapshot::FOLDER);
        if own.keeps() && !found.contains(&folder) {
            found.push(folder);
        }
    }
    found
}

/// The cases of case files with their policies.
#[derive(Default)]
pub(super) struct Placed {
    /// What is wrong with folders and case files.
    pub wrong: Vec<Diagnostic>,
    /// The cases, by the place of their policy.
    pub cases: BTreeMap<usize, Vec<ast::Item>>,
    /// The cases whose decisions are kept, by the place of their policy.
    pub kept: BTreeMap<usize, Vec<KeptCase>>,
    /// Policies with a case file that is wrong: all its mistakes are told, its cases are not run.
    pub broken: BTreeSet<usize>,
}

/// Brings each case to its policy; `day` is that of cases which state none.
pub(super) fn placed(found: &Found, day: Date, world: &dyn World, settings: &Settings) -> Placed {
    let mut placed = Placed::default();
    let usuals = Usuals::of(world, settings);
    for (file, path) in found.files.iter().zip(&found.paths) {
        let usual = usuals.get(path).cloned().unwrap_or_default();
        placed.wrong.extend(file.diagnostics.iter().cloned());
        let Some(policy) = &file.policy else { continue };
        for item in &file.cases {
            let ast::ItemKind::Case(case) = &item.kind else { continue };
            let stated = stated(case);
            let keep = file.kept.iter().find(|(span, _)| *span == case.name.span).map(|(_, keep)| keep);
            let own = stated.or(keep.and(usual.as_of));
            if keep.is_some() && own.is_none() {
                let dayless = Diagnostic::new("E709", case.name.span).arg("case", &case.name.value);
                placed.wrong.push(dayless.help("day"));
                continue;
            }
            match policy_of(&found.folder, policy, own.unwrap_or(day)) {
                // A file of all versions of a policy, where one version is asked for.
                Ok(place) if file.tied && !found.folder.files.get(place).is_some_and(|it| it.asked) => {}
                Ok(place) => {
                    if let (Some(keep), Some(day)) = (keep, own) {
                        placed.kept.entry(place).or_default().push(KeptCase {
                            case: case.name.span,
                            keep: keep.clone(),
                            file: path.clone(),
                            per: usual.per,
                            as_of: day,
                        });
                    }
                    placed.cases.entry(place).or_default().push(item.clone());
                    if !file.diagnostics.is_empty() {
                        placed.broken.insert(place);
                    }
                }
                Err(diagnostic) => placed.wrong.push(*diagnostic),
            }
        }
    }
    let asked = (0..found.folder.files.len()).filter(|place| {
        found.folder.files.get(*place).is_some_and(|file| file.asked) || placed.cases.contains_key(place)
    });
    let run: BTreeSet<usize> = asked.flat_map(|place| found.folder.with_uses(place)).collect();
    placed.wrong.extend(found.folder.concerning(&run).filter(|it| it.is_error()).cloned());
    placed
}

/// The day that a case states.
fn stated(case: &ast::Case) -> Option<Date> {
    match case.as_of.as_ref()?.kind {
        ast::LiteralKind::Date(year, month, day) => Date::from_ymd(year, month, day),
        _ => None,
    }
}

/// The cases of one case file, by the place of their policy in the folder, and what is wrong with the file; `day` is that of cases
/// which state none. Rows of tables are no part of it.
#[must_use]
pub fn by_policy(
    folder: &RulesFolder,
    file: &CaseFile,
    day: Date,
) -> (BTreeMap<usize, Vec<ast::Item>>, Vec<Diagnostic>) {
    let (mut cases, mut wrong) = (BTreeMap::<usize, Vec<ast::Item>>::new(), file.diagnostics.clone());
    let Some(policy) = &file.policy else { return (cases, wrong) };
    for item in &file.cases {
        let ast::ItemKind::Case(case) = &item.kind else { continue };
        match policy_of(folder, policy, stated(case).unwrap_or(day)) {
            Ok(place) => cases.entry(place).or_default().push(item.clone()),
            Err(diagnostic) if wrong.contains(&diagnostic) => {}
            Err(diagnostic) => wrong.push(*diagnostic),
        }
    }
    (cases, wrong)
}

/// The policy of a case file: the only version there is, or the one in force on the day of the case.
fn policy_of(folder: &RulesFolder, wanted: &ast::Text, day: Date) -> Result<usize, Box<Diagnostic>> {
    let of_name = |header: &store::Header| *header.name == *wanted.value;
    let versions: Vec<usize> = (0..folder.files.len())
        .filter(|place| folder.files.get(*place).and_then(|file| file.header.as_ref()).is_some_and(of_name))
        .collect();
    match versions.as_slice() {
        [only] => Ok(*only),
        _ => folder.select(Some(&wanted.value), day).map_err(|mut diagnostic| {
            diagnostic.span = Some(wanted.span);
            diagnostic.helps.retain(|help| !matches!(*help, "as_of" | "folder"));
            diagnostic
        }),
    }
}
