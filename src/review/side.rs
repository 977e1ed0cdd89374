//! A side of a comparison: which rules people mean by what they write.
//!
//! | written | means |
//! |---|---|
//! | `rules/rating.gradus`, `rules` | the policies of a file, of a folder |
//! | `trade_credit@2026.3` | one version of a policy, in the rules of the settings |
//! | `trade_credit` | the version of it that is in force on the day |
//! | `main:rules`, `main:trade_credit@2026.3`, `main:` | the same as the repository had it at a revision of git; behind `main:` alone, the rules of its settings |

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::base::SourceMap;
use crate::diag::Diagnostic;
use crate::engine::{self, Built};
use crate::store::settings::{self, Settings};
use crate::store::{self, PolicyFile, Roots, RulesFolder, World};
use crate::value::Date;

/// Rules that are compared.
#[derive(Clone, Debug)]
pub struct Side {
    /// As people wrote it: `main:rules`.
    pub written: String,
    /// The revision of git, as written; none for the files of today.
    pub revision: Option<String>,
    /// The rules, with what stands beside them.
    pub folder: RulesFolder,
    /// The settings that they stand under: those of the revision, where it has some.
    pub settings: Settings,
    /// The policies that are meant, as places in the files of the folder: those of the file or folder, or the one of the name.
    pub meant: Vec<usize>,
    /// The day for which a name without a version was taken.
    pub day: Date,
}

impl Side {
    /// Reads the rules that are meant by what is written; a name without a version means the one in force on `day`.
    ///
    /// # Errors
    /// There is no such file, policy, version or revision; what is written could mean two things; a policy that is meant does
    /// not read.
    pub fn open(
        world: &dyn World,
        settings: &Settings,
        written: &str,
        day: Date,
        sources: &mut SourceMap,
    ) -> Result<Side, Vec<Diagnostic>> {
        let is_path = world.place(Path::new(written)).is_some();
        let Some((revision, rest)) = written.split_once(':').filter(|_| !is_path) else {
            return Side::read(world, settings, (written, written), day, sources);
        };
        let then = world.at(revision).map_err(|error| {
            let told = Diagnostic::nowhere("E585").arg("revision", revision).arg("reason", &error);
            // Asked for a revision that there is not, git says nothing.
            let variant = if error.to_string().is_empty() { "revision" } else { "" };
            vec![told.variant(variant).help("git")]
        })?;
        let settings = match &settings.path {
            Some(path) if then.place(path).is_some() => {
                settings::find(&*then, Some(path), 0, sources).map_err(|it| vec![*it])?
            }
            Some(_) | None => settings.clone(),
        };
        let side = Side::read(&*then, &settings, (written, rest), day, sources)?;
        Ok(Side { revision: Some(revision.to_owned()), ..side })
    }

    /// Reads the rules of one world: `rest` is what was `written`, without a revision.
    fn read(
        world: &dyn World,
        settings: &Settings,
        (written, rest): (&str, &str),
        day: Date,
        sources: &mut SourceMap,
    ) -> Result<Side, Vec<Diagnostic>> {
        let place = world.place(Path::new(rest)).filter(|_| !rest.is_empty());
        let is_name = rest.is_empty() || store::is_name(rest);
        if place.is_none() && !is_name {
            let missing = Diagnostic::nowhere("E584").arg("path", rest).arg("written", written);
            let variant = if rest == written { "" } else { "then" };
            return Err(vec![missing.variant(variant).help("forms")]);
        }
        if place.is_some() && is_name && !rest.is_empty() {
            // A folder may have the name of a policy: which is meant is not guessed.
            let usual = Roots::new(world, settings, &[]);
            let beside = store::load(world, &usual, settings, &mut SourceMap::new());
            let mut headers = beside.files.iter().filter_map(|file| file.header.as_ref());
            if let Some(header) = headers.find(|header| *header.name == *rest) {
                let both = Diagnostic::nowhere("E584").variant("both").arg("path", rest);
                return Err(vec![both.arg("version", &header.version).help("which")]);
            }
        }
        let given: Vec<PathBuf> = place.map(|_| PathBuf::from(rest)).into_iter().collect();
        let folder = store::load(world, &Roots::new(world, settings, &given), settings, sources);
        let named = place.is_none() && !rest.is_empty();
        let meant = if named {
            vec![folder.select(Some(rest), day).map_err(|none| with_unread(&folder, *none))?]
        } else {
            let asked = |place: &usize| folder.files.get(*place).is_some_and(|file| file.asked);
            (0..folder.files.len()).filter(asked).collect()
        };
        let side = Side {
            written: written.to_owned(),
            revision: None,
            folder,
            settings: settings.clone(),
            meant,
            day,
        };
        let wrong = side.wrong();
        if wrong.is_empty() { Ok(side) } else { Err(wrong) }
    }

    /// What keeps the policies that are meant from being read: files that are not there or cannot be read, mistakes of syntax.
    fn wrong(&self) -> Vec<Diagnostic> {
        let places: BTreeSet<usize> = self.meant.iter().copied().collect();
        let unread = self.folder.concerning(&places).filter(|it| it.code == "E532" || it.code == "E521");
        let files = self.meant.iter().filter_map(|place| self.folder.files.get(*place));
        let syntax = files.flat_map(|file| &file.diagnostics).filter(|it| it.is_error());
        unread.chain(syntax).cloned().collect()
    }

    /// The one policy that is compared: the only one that is meant; of a folder, that of a name, or the one that no other uses.
    ///
    /// # Errors
    /// There is none of that name, none in force on the day, or several could be meant.
    pub fn one(&self, policy: Option<&str>) -> Result<usize, Box<Diagnostic>> {
        match (self.meant.as_slice(), policy) {
            ([only], None) => Ok(*only),
            (_, policy) => self.folder.select(policy, self.day),
        }
    }

    /// The file of a policy.
    #[must_use]
    pub fn file(&self, place: usize) -> Option<&PolicyFile> {
        self.folder.files.get(place)
    }

    /// Builds a policy with all that it uses.
    #[must_use]
    pub fn build(&self, place: usize, sources: &SourceMap) -> Built {
        engine::build(&self.folder, place, sources)
    }
}

/// Why a policy is not found, behind what cannot be read: it may be the one that is missed.
fn with_unread(folder: &RulesFolder, none: Diagnostic) -> Vec<Diagnostic> {
    let syntax = folder.files.iter().flat_map(|file| &file.diagnostics);
    let mut all: Vec<Diagnostic> =
        folder.diagnostics.iter().chain(syntax).filter(|it| it.is_error()).cloned().collect();
    all.push(none);
    all
}
