//! The only door to files and to the day's date.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Seek as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use super::git::{self, git};
use crate::value::Date;

/// What stands at a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// A file.
    File,
    /// A folder.
    Folder,
}

/// What the tool can see and change of the world outside.
pub trait World: Send + Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// What the system says: not there, not allowed, a folder.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Writes a file whole, in place of what stood there.
    ///
    /// # Errors
    /// What the system says: no such folder, not allowed, no space.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Adds to a file that others may add to: only where it is still `seen` bytes long, of which the first `sound` are kept. What
    /// was added is on the disk when this returns. A file that is not there is 0 bytes long.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::WouldBlock`] where the file has another length by now.
    fn append_at(&self, path: &Path, seen: u64, sound: u64, bytes: &[u8]) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// What the system says: not there, not allowed, a folder.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes a folder, with those above it; one that is there already stays.
    ///
    /// # Errors
    /// What the system says: not allowed, a file of that name.
    fn make_folder(&self, path: &Path) -> io::Result<()>;

    /// The names in a folder, each as the folder's path with the name behind it, in the order of their bytes.
    ///
    /// # Errors
    /// What the system says: not there, not allowed, no folder.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// What changes whenever a file is written: to see that it was, without reading it. `None` where there is none.
    fn stamp(&self, path: &Path) -> Option<u128>;

    /// What stands at a path; `None` for nothing, or nothing that may be seen.
    fn place(&self, path: &Path) -> Option<Place>;

    /// The day, where the machine stands. A command takes it once and records it.
    fn today(&self) -> Date;

    /// How long this has gone on: for limits of time that a command was given, for nothing else.
    fn elapsed(&self) -> Duration;

    /// The lines of a file that are not as they were at a revision of git: first and last, from 1. Of a file that the revision
    /// does not have, all of them.
    ///
    /// # Errors
    /// What git says: no repository, no such revision; or that there is no git.
    fn lines_since(&self, path: &Path, revision: &str) -> io::Result<Vec<(usize, usize)>>;

    /// The files as they were at a revision of git. Nothing can be written there.
    ///
    /// # Errors
    /// What git says: no repository, no such revision; or that there is no git.
    fn at(&self, revision: &str) -> io::Result<Box<dyn World>>;

    /// The one name of a file that may be named in several ways: from here, from the root, through a link.
    fn whole(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }

    /// What people are shown a file of this world as: its path; at a revision of git, behind the revision.
    fn name_of(&self, path: &Path) -> String {
        super::shown(path)
    }

    /// Who has written a file since a text came into it, as git knows: each by name and address. What is not committed yet was written
    /// by the one who works here.
    ///
    /// # Errors
    /// What git says: no repository; or that there is no git.
    fn writers(&self, _path: &Path, _text: &str) -> io::Result<Vec<[String; 2]>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// The signature of an SSH key over a text, as `ssh-keygen -Y sign` writes it; it may ask for a passphrase at the terminal.
    ///
    /// # Errors
    /// What ssh-keygen says; [`io::ErrorKind::NotFound`] where there is none.
    fn ssh_sign(&self, _key: &Path, _namespace: &str, _text: &[u8]) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// The disk and the clock of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

#[expect(clippy::disallowed_methods, reason = "this is the door to the file system and to the clock")]
impl World for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        std::fs::write(path, bytes)
    }

    fn append_at(&self, path: &Path, seen: u64, sound: u64, bytes: &[u8]) -> io::Result<()> {
        let mut file =
            std::fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        // The system lets go of the lock when the file is closed, also where this process is killed.
        file.lock()?;
        if file.metadata()?.len() != seen {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        if sound < seen {
            file.set_len(sound)?;
        }
        file.seek(io::SeekFrom::Start(sound))?;
        file.write_all(bytes)?;
        file.sync_data()
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            paths.push(entry?.path());
        }
        paths.sort();
        Ok(paths)
    }

    fn stamp(&self, path: &Path) -> Option<u128> {
        let metadata = std::fs::metadata(path).ok()?;
        let written = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        // Some file systems count whole seconds: the length tells what a second hides.
        Some(written.as_nanos().wrapping_mul(31).wrapping_add(u128::from(metadata.len())))
    }

    fn whole(&self, path: &Path) -> PathBuf {
        std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
    }

    fn place(&self, path: &Path) -> Option<Place> {
        let metadata = std::fs::metadata(path).ok()?;
        Some(if metadata.is_dir() { Place::Folder } else { Place::File })
    }

    fn today(&self) -> Date {
        let today = jiff::Zoned::now().date();
        let month_and_day = u8::try_from(today.month()).ok().zip(u8::try_from(today.day()).ok());
        month_and_day.and_then(|(month, day)| Date::from_ymd(today.year(), month, day)).unwrap_or(Date(0))
    }

    #[expect(clippy::disallowed_types, reason = "a limit of time is held against the clock of the machine")]
    fn elapsed(&self) -> Duration {
        static BEGAN: OnceLock<std::time::Instant> = OnceLock::new();
        BEGAN.get_or_init(std::time::Instant::now).elapsed()
    }

    fn lines_since(&self, path: &Path, revision: &str) -> io::Result<Vec<(usize, usize)>> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let commit = &git::commit(folder, revision)?;
        if git(folder, &["cat-file", "-e", &format!("{commit}:./{name}")]).is_err() {
            return Ok(vec![(1, usize::MAX)]);
        }
        let plain = ["diff", "--no-color", "--no-ext-diff", "--no-textconv", "--unified=0"];
        let diff = git(folder, &[&plain[..], &[commit, "--", &name]].concat())?;
        Ok(diff.lines().filter_map(changed_lines).collect())
    }

    fn writers(&self, path: &Path, text: &str) -> io::Result<Vec<[String; 2]>> {
        git::writers(path, text)
    }

    fn ssh_sign(&self, key: &Path, namespace: &str, text: &[u8]) -> io::Result<Vec<u8>> {
        let mut child = std::process::Command::new("ssh-keygen")
            .args(["-q", "-Y", "sign", "-n", namespace, "-f"])
            .arg(key)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()?;
        // What it does not read it says on its other stream.
        let _ = child.stdin.take().map(|mut input| input.write_all(text));
        let output = child.wait_with_output()?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(io::Error::other(said.lines().last().unwrap_or_default().trim().to_owned()))
    }

    fn at(&self, revision: &str) -> io::Result<Box<dyn World>> {
        Ok(Box::new(git::Revision::open(revision, self.today())?))
    }
}

/// The lines that a hunk has put in: `@@ -12,2 +12,3 @@` are 12 to 14. One that only takes lines out stands between two: both count.
fn changed_lines(line: &str) -> Option<(usize, usize)> {
    let new = line.strip_prefix("@@ ")?.split(' ').find_map(|part| part.strip_prefix('+'))?;
    let (first, count) = new.split_once(',').unwrap_or((new, "1"));
    let (first, count): (usize, usize) = (first.parse().ok()?, count.parse().ok()?);
    Some(match count {
        0 => (first, first.saturating_add(1)),
        _ => (first, first.saturating_add(count).saturating_sub(1)),
    })
}

/// A world that stands in memory: for tests, editors, and programs that keep their rules elsewhere.
#[derive(Debug)]
pub struct Memory {
    files: Mutex<BTreeMap<PathBuf, Vec<u8>>>,
    today: Date,
}

impl Memory {
    /// An empty world on a day.
    #[must_use]
    pub fn new(today: Date) -> Self {
        Memory { files: Mutex::default(), today }
    }

    /// The world with a file more.
    #[must_use]
    pub fn with(self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files().insert(plain(path.as_ref()), bytes.into());
        self
    }

    fn files(&self) -> std::sync::MutexGuard<'_, BTreeMap<PathBuf, Vec<u8>>> {
        // A thread that panicked in between cannot have left half a file: each change is one insertion.
        self.files.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl World for Memory {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.files().get(&plain(path)) {
            Some(bytes) => Ok(bytes.clone()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.files().insert(plain(path), bytes.to_vec());
        Ok(())
    }

    fn append_at(&self, path: &Path, seen: u64, sound: u64, bytes: &[u8]) -> io::Result<()> {
        let mut files = self.files();
        let file = files.entry(plain(path)).or_default();
        let length = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length(file) != seen {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        file.truncate(usize::try_from(sound).unwrap_or(usize::MAX));
        file.extend_from_slice(bytes);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.files().remove(&plain(path)).map(|_| ()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        // Folders are where files stand; a file is in the way of one.
        match self.files().contains_key(&plain(path)) {
            true => Err(io::ErrorKind::AlreadyExists.into()),
            false => Ok(()),
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let inside = plain(folder);
        let names: BTreeSet<PathBuf> = self
            .files()
            .keys()
            .filter_map(|path| path.strip_prefix(&inside).ok()?.components().next())
            .map(|name| folder.join(name))
            .collect();
        if names.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(names.into_iter().collect()) }
    }

    fn stamp(&self, path: &Path) -> Option<u128> {
        let files = self.files();
        let bytes = files.get(&plain(path))?;
        Some(bytes.iter().fold(0, |sum: u128, byte| sum.wrapping_mul(257).wrapping_add(u128::from(*byte))))
    }

    fn place(&self, path: &Path) -> Option<Place> {
        let path = plain(path);
        let files = self.files();
        if files.contains_key(&path) {
            return Some(Place::File);
        }
        files.keys().any(|file| file.starts_with(&path)).then_some(Place::Folder)
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

    fn at(&self, _: &str) -> io::Result<Box<dyn World>> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// A path without `.`, and without `x/..`.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            _ => plain.push(part),
        }
    }
    plain
}
