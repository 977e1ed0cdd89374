//! The snapshots that wait to be accepted or rejected: finding them, choosing among them, and what becomes of them.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json, json};

use super::file::Snapshot;
use super::moved::{Amounts, add_amounts, kept};
use super::{name_of, pending_path, read, rulebook};
use crate::base::{Lang, SourceMap, nearest};
use crate::diag::Diagnostic;
use crate::plan::digest_of;
use crate::store::{World, shown};
use crate::value::{Date, Number};

/// A snapshot that waits.
#[derive(Clone, PartialEq, Debug)]
pub struct Waiting {
    /// Its file, `….snap`.
    pub path: PathBuf,
    /// What would be accepted.
    pub new: Snapshot,
    /// What was accepted before.
    pub old: Option<Snapshot>,
}

impl Waiting {
    /// The name by which it is asked for.
    #[must_use]
    pub fn name(&self) -> String {
        name_of(&self.path)
    }

    /// What moved and why, as it was found when the snapshot was written; else its first line.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let told = self.new.info.get("moved").and_then(Json::as_array);
        let told: Vec<String> =
            told.into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect();
        if told.is_empty() { self.new.body.lines().take(1).map(str::to_owned).collect() } else { told }
    }

    /// What caused it: the address and the words of each edit; `facts` and the like for what is no edit.
    pub fn because(&self) -> impl Iterator<Item = (&str, &str)> {
        self.new.because()
    }

    /// The customers that it holds.
    #[must_use]
    pub fn customers(&self) -> Vec<String> {
        let decided = self.new.info.get("decided").and_then(Json::as_object);
        decided.into_iter().flat_map(Map::keys).cloned().collect()
    }

    /// The customers whose values are others than accepted, or that are new.
    #[must_use]
    pub fn moved(&self) -> Vec<String> {
        let values = |snapshot: &Snapshot, customer: &str| kept(snapshot, customer, "values").cloned();
        let differs = |customer: &String| {
            let before = self.old.as_ref().and_then(|old| values(old, customer));
            before.is_none() || before != values(&self.new, customer)
        };
        self.customers().into_iter().filter(differs).collect()
    }
}

/// All snapshots that wait in some folders, in the order of their names; and what cannot be read.
#[must_use]
pub fn waiting(
    world: &dyn World,
    folders: &[PathBuf],
    sources: &mut SourceMap,
) -> (Vec<Waiting>, Vec<Diagnostic>) {
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    for path in folders.iter().flat_map(|folder| world.list(folder).unwrap_or_default()) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(own) = name.strip_suffix(".new").filter(|own| own.ends_with(".snap")) else { continue };
        let target = path.with_file_name(own);
        let new = read(&path, world, sources);
        let old =
            if world.place(&target).is_some() { read(&target, world, sources).map(Some) } else { Ok(None) };
        match (new, old) {
            (Ok(new), Ok(old)) => found.push(Waiting { path: target, new, old }),
            // What was accepted cannot be read: it may be replaced, and nothing can be compared.
            (Ok(new), Err(problem)) => {
                wrong.push(*problem);
                found.push(Waiting { path: target, new, old: None });
            }
            (Err(problem), _) => wrong.push(*problem),
        }
    }
    (found, wrong)
}

/// Which of them are meant.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Choice {
    /// Names, paths, customers, or patterns of these with `*` and `?`.
    pub names: Vec<String>,
    /// All that moved because of these edits and of nothing else: their addresses, or the ends of them.
    pub causes: Vec<String>,
    /// All of them.
    pub all: bool,
}

impl Choice {
    /// The places of those that are meant.
    ///
    /// # Errors
    /// A name, a pattern or a cause means none of them.
    pub fn among(&self, waiting: &[Waiting]) -> Result<Vec<usize>, Vec<Diagnostic>> {
        let mut chosen: Vec<usize> = Vec::new();
        let mut wrong = Vec::new();
        let all = || waiting.iter().enumerate();
        if self.all {
            chosen.extend(0..waiting.len());
        }
        for name in &self.names {
            let found: Vec<usize> =
                all().filter(|(_, it)| is_meant(name, it)).map(|(place, _)| place).collect();
            if found.is_empty() {
                let names: Vec<String> = waiting.iter().map(Waiting::name).collect();
                let customers: Vec<String> = waiting.iter().flat_map(Waiting::customers).collect();
                let known = customers.iter().chain(&names).map(String::as_str);
                let none = Diagnostic::nowhere("E564").arg("name", name);
                wrong.push(match nearest(name, known) {
                    Some(near) => none.arg("near", near).help("near"),
                    None => none.help("pending"),
                });
            }
            chosen.extend(found);
        }
        let is_named = |address: &str| self.causes.iter().any(|cause| is_address(cause, address));
        for cause in &self.causes {
            if !waiting.iter().any(|it| it.because().any(|(address, _)| is_address(cause, address))) {
                let known: Vec<&str> =
                    waiting.iter().flat_map(|it| it.because().map(|(address, _)| address)).collect();
                let none = Diagnostic::nowhere("E564").variant("cause").arg("name", cause);
                wrong.push(match nearest(cause, known.iter().copied()) {
                    Some(near) => none.arg("near", near).help("near"),
                    None => none.help("pending"),
                });
            }
        }
        let caused = |it: &Waiting| {
            it.because().next().is_some() && it.because().all(|(address, _)| is_named(address))
        };
        chosen.extend(all().filter(|(_, it)| caused(it)).map(|(place, _)| place));
        chosen.sort_unstable();
        chosen.dedup();
        if wrong.is_empty() { Ok(chosen) } else { Err(wrong) }
    }
}

impl Choice {
    /// Those that moved because of a named edit, but of others, too, that are not named: they are not meant, and are told.
    pub fn mixed<'w>(&self, waiting: &'w [Waiting]) -> impl Iterator<Item = (&'w Waiting, Vec<&'w str>)> {
        let is_named = |address: &str| self.causes.iter().any(|cause| is_address(cause, address));
        waiting.iter().filter_map(move |it| {
            let others: Vec<&str> =
                it.because().map(|(address, _)| address).filter(|address| !is_named(address)).collect();
            let some = it.because().any(|(address, _)| is_named(address));
            (some && !others.is_empty()).then_some((it, others))
        })
    }
}

/// Whether a name or a pattern means a snapshot: by its name, its file or a customer that it holds.
fn is_meant(pattern: &str, it: &Waiting) -> bool {
    let path = shown(&it.path);
    let pattern = pattern.strip_suffix(".new").unwrap_or(pattern);
    let names = [it.name(), path.clone(), path.rsplit('/').next().unwrap_or("").to_owned()];
    names.iter().chain(&it.customers()).any(|name| glob(pattern, name))
}

/// Whether an address is meant: the whole, or a part of it between slashes, so that a construct means all that is in it.
fn is_address(wanted: &str, address: &str) -> bool {
    !wanted.is_empty() && format!("/{address}/").contains(&format!("/{}/", wanted.trim_matches('/')))
}

/// Whether a name is of a pattern: `*` stands for any characters, `?` for one.
#[must_use]
pub fn glob(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut of) = (0_usize, 0_usize);
    // Where the last star stands, and how much of the name it covers so far.
    let mut star: Option<(usize, usize)> = None;
    while let Some(ch) = name.get(of) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, of));
                at = at.saturating_add(1);
            }
            Some(wanted) if *wanted == '?' || wanted == ch => {
                (at, of) = (at.saturating_add(1), of.saturating_add(1));
            }
            Some(_) | None => {
                let Some((place, covered)) = star else { return false };
                let covered = covered.saturating_add(1);
                star = Some((place, covered));
                (at, of) = (place.saturating_add(1), covered);
            }
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|rest| *rest == '*')
}

/// Who accepts, why, and on which day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acceptance {
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub on: Date,
}

/// Accepts a snapshot: it takes the place of the one before, and a line is added to the file of approvals.
///
/// # Errors
/// A file was changed since it was read, or cannot be written.
pub fn accept(
    it: &Waiting,
    acceptance: &Acceptance,
    approvals: &Path,
    base: &str,
    world: &dyn World,
) -> Result<(), Box<Diagnostic>> {
    hold_still(it, world)?;
    let accepted = settled(&it.new);
    let name = rulebook::beneath(base, &shown(&it.path));
    // The line comes first: a snapshot that nobody has signed for must not stand there.
    sign(
        &name,
        it.old.as_ref(),
        &accepted,
        it.because().map(|(address, _)| address),
        acceptance,
        approvals,
        world,
    )?;
    write(&it.path, &accepted, world)?;
    remove(&pending_path(&it.path), world)
}

/// Rejects a snapshot: what was accepted stays.
///
/// # Errors
/// The file was changed since it was read, or cannot be removed.
pub fn reject(it: &Waiting, world: &dyn World) -> Result<(), Box<Diagnostic>> {
    hold_still(it, world)?;
    remove(&pending_path(&it.path), world)
}

/// A snapshot as it stands once accepted: without what it was told of the one before.
#[must_use]
pub fn settled(new: &Snapshot) -> Snapshot {
    let mut accepted = new.clone();
    accepted.info.shift_remove("moved");
    accepted.info.shift_remove("because");
    accepted
}

/// Adds a line to the file of approvals.
///
/// # Errors
/// The file cannot be read or written, or its last line is not whole.
pub fn sign<'a>(
    name: &str,
    old: Option<&Snapshot>,
    new: &Snapshot,
    because: impl Iterator<Item = &'a str>,
    acceptance: &Acceptance,
    approvals: &Path,
    world: &dyn World,
) -> Result<(), Box<Diagnostic>> {
    let customers = new.info.get("decided").and_then(Json::as_object);
    let customers: Vec<&String> = customers.into_iter().flat_map(Map::keys).collect();
    let line = json!({
        "on": acceptance.on.to_string(),
        "by": acceptance.by,
        "reason": acceptance.reason,
        "snapshot": name,
        "customers": customers,
        "before": old.map(|old| digest_of(&old.body).to_string()),
        "after": digest_of(&new.body).to_string(),
        "policy": new.info_text("policy"),
        "version": new.info_text("version"),
        "digest": new.info_text("digest"),
        "because": because.collect::<Vec<_>>(),
    });
    if let Some(folder) = approvals.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        world.make_folder(folder).map_err(|error| unwritable(folder, &error))?;
    }
    for _ in 0..TRIES {
        let known = world.read(approvals).unwrap_or_default();
        if known.last().is_some_and(|last| *last != b'\n') {
            return Err(Box::new(Diagnostic::nowhere("E567").arg("file", shown(approvals)).help("line")));
        }
        let length = u64::try_from(known.len()).unwrap_or(u64::MAX);
        match world.append_at(approvals, length, length, format!("{line}\n").as_bytes()) {
            // Somebody else has accepted something meanwhile: his line stands before this one.
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            done => return done.map_err(|error| unwritable(approvals, &error)),
        }
    }
    Err(unwritable(approvals, &std::io::ErrorKind::WouldBlock.into()))
}

/// So often a line is tried to be added to a file to which others add at the same time.
const TRIES: usize = 16;

/// Writes a snapshot, its folder with it.
///
/// # Errors
/// It cannot be written.
pub fn write(path: &Path, snapshot: &Snapshot, world: &dyn World) -> Result<(), Box<Diagnostic>> {
    write_text(path, &snapshot.write(), world)
}

/// Writes a file, its folder with it; one that says the same already is left alone.
///
/// # Errors
/// It cannot be written.
pub fn write_text(path: &Path, text: &str, world: &dyn World) -> Result<(), Box<Diagnostic>> {
    if world.read(path).is_ok_and(|bytes| bytes == text.as_bytes()) {
        return Ok(());
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        world.make_folder(folder).map_err(|error| unwritable(folder, &error))?;
    }
    world.write(path, text.as_bytes()).map_err(|error| unwritable(path, &error))
}

/// Removes a file; one that is gone already is no mistake.
///
/// # Errors
/// It cannot be removed.
pub fn remove(path: &Path, world: &dyn World) -> Result<(), Box<Diagnostic>> {
    match world.remove(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unwritable(path, &error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Box<Diagnostic> {
    Box::new(Diagnostic::nowhere("E907").arg("path", shown(path)).arg("reason", error).help("other"))
}

/// Both files must still say what they said when they were read.
fn hold_still(it: &Waiting, world: &dyn World) -> Result<(), Box<Diagnostic>> {
    let mut sources = SourceMap::new();
    let path = pending_path(&it.path);
    let now = read(&path, world, &mut sources).ok();
    let old = if world.place(&it.path).is_some() { read(&it.path, world, &mut sources).ok() } else { None };
    if now.as_ref() == Some(&it.new) && old == it.old {
        return Ok(());
    }
    Err(Box::new(Diagnostic::nowhere("E563").variant("meanwhile").arg("name", it.name()).help("again")))
}

/// Removes the rules to which no snapshot of a folder refers any more.
///
/// # Errors
/// A file cannot be removed.
pub fn prune(folder: &Path, world: &dyn World) -> Result<(), Box<Diagnostic>> {
    let files = world.list(folder).unwrap_or_default();
    let ends = |path: &PathBuf, ending: &str| path.to_string_lossy().ends_with(ending);
    let mut sources = SourceMap::new();
    let mut wanted: Vec<String> = Vec::new();
    for path in files.iter().filter(|path| ends(path, ".snap") || ends(path, ".snap.new")) {
        // Of a snapshot that cannot be read nobody knows which rules it refers to.
        let Ok(snapshot) = read(path, world, &mut sources) else { return Ok(()) };
        let text = |key: &str| snapshot.info_text(key).unwrap_or("").to_owned();
        wanted.push(rulebook::RuleBook::file_name(&text("policy"), &text("digest")));
    }
    for path in files.iter().filter(|path| ends(path, rulebook::ENDING)) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !wanted.contains(&name) {
            remove(path, world)?;
        }
    }
    Ok(())
}

/// How many customers and how much money move, in a sentence or two.
#[must_use]
pub fn summary(waiting: &[&Waiting], lang: Lang) -> Vec<String> {
    let customers: usize = waiting.iter().map(|it| it.customers().len()).sum();
    let moved: usize = waiting.iter().map(|it| it.moved().len()).sum();
    let plural = |count: usize, one: &str, several: &str| {
        format!("{count} {}", if count == 1 { one } else { several })
    };
    let mut lines = vec![match lang {
        Lang::En => format!(
            "{} pending, {}: the outcome moves for {moved}, only the way there for {}",
            plural(waiting.len(), "snapshot", "snapshots"),
            plural(customers, "customer", "customers"),
            customers.saturating_sub(moved)
        ),
        Lang::Zh => format!(
            "{} 个快照待定，{customers} 户：结果变动 {moved} 户，仅过程变动 {} 户",
            waiting.len(),
            customers.saturating_sub(moved)
        ),
    }];
    let mut amounts: Vec<Amounts> = Vec::new();
    for it in waiting {
        add_amounts(&mut amounts, it.old.as_ref(), &it.new);
    }
    for sum in amounts {
        let Amounts { name, up, down, other } = sum;
        let mut says = Vec::new();
        let mut side = |(count, by): (usize, Number), en: &str, zh: &str| {
            if count > 0 {
                let by = crate::value::display::grouped(&by.abs().to_string());
                let sign = if en == "up" { "+" } else { "−" };
                says.push(match lang {
                    Lang::En => format!("{count} {en}, {sign}{by} in all"),
                    Lang::Zh => format!("{count} 户{zh}，合计 {sign}{by}"),
                });
            }
        };
        side(up, "up", "上调");
        side(down, "down", "下调");
        if other > 0 {
            says.push(match lang {
                Lang::En => format!("{other} from or to no amount"),
                Lang::Zh => format!("{other} 户由无到有或由有到无"),
            });
        }
        if says.is_empty() {
            says.push(lang.pick("no amount moves", "金额不变").to_owned());
        }
        let currency = waiting.iter().find_map(|it| it.new.info_text("currency")).unwrap_or("");
        let of = match lang {
            Lang::En => format!("{name} ({currency}): "),
            Lang::Zh => format!("{name}（{currency}）："),
        };
        lines.push(format!("{of}{}", says.join(lang.pick("; ", "；"))));
    }
    lines
}
