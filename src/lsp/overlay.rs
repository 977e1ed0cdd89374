//! The world as an editor sees it: what it has open stands for the file on the disk.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use crate::store::{Place, World};
use crate::value::Date;

/// A world, and over it the texts that are open.
pub struct Overlay<'w> {
    world: &'w dyn World,
    open: BTreeMap<PathBuf, Vec<u8>>,
    /// What was asked of the disk since [`Overlay::look_anew`].
    looked: Mutex<Looked>,
}

/// What the disk answered at one look: between two keystrokes nobody asks it again.
#[derive(Default)]
struct Looked {
    /// The one name of each file.
    names: BTreeMap<PathBuf, PathBuf>,
    texts: BTreeMap<PathBuf, Vec<u8>>,
    folders: BTreeMap<PathBuf, Vec<PathBuf>>,
    places: BTreeMap<PathBuf, Option<Place>>,
}

impl<'w> Overlay<'w> {
    /// A world over which nothing is open yet.
    #[must_use]
    pub fn new(world: &'w dyn World) -> Overlay<'w> {
        Overlay { world, open: BTreeMap::new(), looked: Mutex::default() }
    }

    /// The world without what is open.
    #[must_use]
    pub fn world(&self) -> &'w dyn World {
        self.world
    }

    /// Opens all that is open elsewhere.
    pub fn open_all(&mut self, other: &Overlay<'_>) {
        self.open.extend(other.open.iter().map(|(path, text)| (path.clone(), text.clone())));
    }

    /// Lets a text stand for a file.
    pub fn open(&mut self, path: &Path, text: &str) {
        self.open.insert(self.world.whole(path), text.as_bytes().to_vec());
    }

    /// Lets the file stand for itself again.
    pub fn close(&mut self, path: &Path) {
        self.open.remove(&self.world.whole(path));
    }

    /// Looks at the disk anew: between two looks, files hold what they held, and no link leads elsewhere.
    pub fn look_anew(&mut self) {
        self.looked = Mutex::default();
    }

    /// What was answered at this look, or is now.
    fn asked<T: Clone>(
        &self,
        path: &Path,
        of: fn(&mut Looked) -> &mut BTreeMap<PathBuf, T>,
        ask: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        let Ok(mut looked) = self.looked.lock() else { return ask() };
        if let Some(known) = of(&mut looked).get(path) {
            return Ok(known.clone());
        }
        let answer = ask()?;
        of(&mut looked).insert(path.to_owned(), answer.clone());
        Ok(answer)
    }

    fn opened(&self, path: &Path) -> Option<&Vec<u8>> {
        if self.open.is_empty() { None } else { self.open.get(&self.whole(path)) }
    }
}

impl World for Overlay<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.opened(path) {
            Some(text) => Ok(text.clone()),
            None => self.asked(path, |looked| &mut looked.texts, || self.world.read(path)),
        }
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.world.write(path, bytes)
    }

    fn append_at(&self, path: &Path, seen: u64, sound: u64, bytes: &[u8]) -> io::Result<()> {
        self.world.append_at(path, seen, sound, bytes)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.world.remove(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.world.make_folder(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.asked(folder, |looked| &mut looked.folders, || self.world.list(folder))
    }

    fn stamp(&self, path: &Path) -> Option<u128> {
        self.world.stamp(path)
    }

    fn place(&self, path: &Path) -> Option<Place> {
        match self.opened(path) {
            Some(_) => Some(Place::File),
            None => {
                let place = self.asked(path, |looked| &mut looked.places, || Ok(self.world.place(path)));
                place.unwrap_or_default()
            }
        }
    }

    fn today(&self) -> Date {
        self.world.today()
    }

    fn elapsed(&self) -> Duration {
        self.world.elapsed()
    }

    fn lines_since(&self, path: &Path, revision: &str) -> io::Result<Vec<(usize, usize)>> {
        self.world.lines_since(path, revision)
    }

    fn at(&self, revision: &str) -> io::Result<Box<dyn World>> {
        self.world.at(revision)
    }

    /// One name for a file, through whatever link it is open.
    fn whole(&self, path: &Path) -> PathBuf {
        let whole = self.asked(path, |looked| &mut looked.names, || Ok(self.world.whole(path)));
        whole.unwrap_or_else(|_| path.to_owned())
    }
}
