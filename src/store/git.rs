//! The files of a repository as they were at a revision of git: a [`World`] that is read and not written.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::world::plain;
use super::{Place, World, shown};
use crate::value::Date;

/// What git says, asked in a folder.
pub(super) fn git(folder: &Path, arguments: &[&str]) -> io::Result<String> {
    asked(folder, arguments).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The same, as bytes: a file of rules need not be UTF-8.
fn asked(folder: &Path, arguments: &[&str]) -> io::Result<Vec<u8>> {
    let asked = Command::new("git").current_dir(folder).args(arguments).output()?;
    if asked.status.success() {
        return Ok(asked.stdout);
    }
    let said = String::from_utf8_lossy(&asked.stderr);
    let first = said.lines().next().unwrap_or("").trim_start_matches("fatal: ").to_owned();
    Err(io::Error::other(first))
}

/// The commit that a revision names.
pub(super) fn commit(folder: &Path, revision: &str) -> io::Result<String> {
    let wanted = format!("{revision}^{{commit}}");
    let commit = git(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])?;
    Ok(commit.trim().to_owned())
}

/// Who has written a file since a text came into it: each by name and address. What is not committed yet was written by the one who
/// works here.
pub(super) fn writers(path: &Path, text: &str) -> io::Result<Vec<[String; 2]>> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut writers: Vec<[String; 2]> = Vec::new();
    if !git(folder, &["status", "--porcelain", "--", &name])?.trim().is_empty() {
        let own = |key: &str| git(folder, &["config", key]).map(|said| said.trim().to_owned());
        writers.push([own("user.name").unwrap_or_default(), own("user.email").unwrap_or_default()]);
    }
    // Without a commit yet there is no log.
    let search = format!("-S{text}");
    let logged =
        |more: &[&str]| git(folder, &[&["log"][..], more, &["--", &name]].concat()).unwrap_or_default();
    let came = logged(&["--format=%H", "--reverse", &search]);
    let since = came.lines().next().map(|commit| format!("{commit}..HEAD"));
    let mut told = since.as_deref().map_or_else(String::new, |range| logged(&["--format=%an%x09%ae", range]));
    if let Some(commit) = came.lines().next() {
        told.push_str(&git(folder, &["show", "--no-patch", "--format=%an%x09%ae", commit])?);
    }
    for line in told.lines() {
        let Some((name, address)) = line.split_once('\t') else { continue };
        writers.push([name.to_owned(), address.to_owned()]);
    }
    writers.sort();
    writers.dedup();
    Ok(writers)
}

/// The files of a commit. Paths are those of the folder where the command was started, as for files of today.
#[derive(Clone, Debug)]
pub(super) struct Revision {
    /// The revision, as written.
    written: String,
    /// The root of the repository.
    top: PathBuf,
    /// Where the command was started, from there.
    prefix: PathBuf,
    /// The files from the root, each with the id of its content.
    files: BTreeMap<PathBuf, String>,
    today: Date,
}

impl Revision {
    /// What a revision holds, asked for where the command was started.
    pub(super) fn open(revision: &str, today: Date) -> io::Result<Revision> {
        let here = Path::new(".");
        let commit = commit(here, revision)?;
        let top = PathBuf::from(git(here, &["rev-parse", "--show-toplevel"])?.trim());
        let prefix = PathBuf::from(git(here, &["rev-parse", "--show-prefix"])?.trim());
        let listed = git(here, &["ls-tree", "-r", "-z", "--full-tree", &commit])?;
        let files = listed.split('\0').filter_map(|entry| {
            // `100644 blob 83ba…<tab>rules/rating.gradus`; links and other repositories have other modes.
            let (what, path) = entry.split_once('\t')?;
            let id = what.strip_prefix("100")?.split_once(" blob ")?.1;
            Some((PathBuf::from(path), id.to_owned()))
        });
        Ok(Revision { written: revision.to_owned(), files: files.collect(), top, prefix, today })
    }

    /// A path from the root of the repository.
    fn inside(&self, path: &Path) -> PathBuf {
        match path.strip_prefix(&self.top) {
            Ok(inside) => plain(inside),
            Err(_) => plain(&self.prefix.join(path)),
        }
    }

    fn sealed<T>(&self) -> io::Result<T> {
        Err(io::Error::new(
            io::ErrorKind::ReadOnlyFilesystem,
            format!("`{}` is a revision of git", self.written),
        ))
    }
}

impl World for Revision {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.files.get(&self.inside(path)) {
            Some(id) => asked(Path::new("."), &["cat-file", "blob", id]),
            None if self.place(path).is_some() => Err(io::ErrorKind::IsADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        self.sealed()
    }

    fn append_at(&self, _: &Path, _: u64, _: u64, _: &[u8]) -> io::Result<()> {
        self.sealed()
    }

    fn remove(&self, _: &Path) -> io::Result<()> {
        self.sealed()
    }

    fn make_folder(&self, _: &Path) -> io::Result<()> {
        self.sealed()
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let inside = self.inside(folder);
        let names = self.files.keys().filter_map(|path| path.strip_prefix(&inside).ok()?.components().next());
        let paths: BTreeSet<PathBuf> = names.map(|name| folder.join(name)).collect();
        if paths.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(paths.into_iter().collect()) }
    }

    fn stamp(&self, path: &Path) -> Option<u128> {
        // A commit does not change: whatever stands in it was written once.
        self.files.contains_key(&self.inside(path)).then_some(0)
    }

    fn place(&self, path: &Path) -> Option<Place> {
        let inside = self.inside(path);
        if self.files.contains_key(&inside) {
            return Some(Place::File);
        }
        self.files.keys().any(|file| file.starts_with(&inside)).then_some(Place::Folder)
    }

    fn today(&self) -> Date {
        self.today
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn lines_since(&self, _: &Path, _: &str) -> io::Result<Vec<(usize, usize)>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn at(&self, revision: &str) -> io::Result<Box<dyn World>> {
        Ok(Box::new(Revision::open(revision, self.today)?))
    }

    fn name_of(&self, path: &Path) -> String {
        format!("{}:{}", self.written, shown(path))
    }
}
