//! The lock file: every version that was released, with the digest of what it meant then.
//!
//! It is read by people and merged by git: one block a release, in the order of names and versions, so that two releases on two
//! branches stand in different places or are solved by keeping both. What was released is never rewritten. A calendar or a table
//! of rates that is published anew changes what a released version comes to, though nobody touched its rules; so a block may
//! amend another, with a reason, and both stay.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use crate::base::{FileId, SourceMap, Span};
use crate::diag::Diagnostic;
use crate::store::settings::day;
use crate::store::{self, Place, Settings, World, shown};
use crate::value::Date;

/// The name of the file.
pub const FILE: &str = "gradus.lock";

/// What the file says of itself when it is made.
const HEAD: &str = "\
# The versions that were released, written by `gradus release`. A version that stands here is never edited: `gradus check` holds every
# policy to its digest. After a merge conflict keep the blocks of both sides; their order does not matter.
";

/// The released versions of a project.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lock {
    /// The comment above the first block, as it stands in the file.
    pub head: String,
    /// The releases, as the file has them.
    pub releases: Vec<Release>,
}

/// A version as it was released.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Release {
    /// The policy's name.
    pub name: String,
    /// The version.
    pub version: String,
    /// The digest of what it meant, with all that belongs to it: `sha256:…`.
    pub digest: String,
    /// The digest without calendars and references.
    pub rules: String,
    /// The first day on which it applies, as its header has it.
    pub from: Option<Date>,
    /// The last day, as its header has it.
    pub until: Option<Date>,
    /// The day from which it was known, as its header has it.
    pub known: Option<Date>,
    /// The day on which it was released.
    pub released: Date,
    /// Who released it.
    pub by: String,
    /// Why, where it was said; always for one that amends.
    pub reason: Option<String>,
    /// The digest of the release that this one amends.
    pub amends: Option<String>,
    /// Where its name stands in the lock file; none for one that was just made.
    pub span: Option<Span>,
}

impl Release {
    /// Name and version: `trade_credit@2026.3`.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }
}

/// The file as TOML has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    release: Vec<Block>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    name: Spanned<String>,
    version: String,
    digest: Spanned<String>,
    rules: Spanned<String>,
    from: Option<Day>,
    until: Option<Day>,
    known_from: Option<Day>,
    released: Day,
    by: String,
    reason: Option<String>,
    amends: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
struct Day(#[serde(deserialize_with = "day")] Date);

impl Lock {
    /// Where the lock file of a project stands.
    #[must_use]
    pub fn path(settings: &Settings) -> PathBuf {
        let beside = settings.path.as_ref().and_then(|path| path.parent()).unwrap_or(Path::new(""));
        settings.project.lock.clone().unwrap_or_else(|| beside.join(FILE))
    }

    /// The lock file of a project; an empty one where there is none yet. The file becomes a source.
    ///
    /// # Errors
    /// It cannot be read, or is no lock file; or it holds one version twice.
    pub fn load(
        world: &dyn World,
        settings: &Settings,
        sources: &mut SourceMap,
    ) -> Result<Lock, Vec<Diagnostic>> {
        let path = Lock::path(settings);
        if world.place(&path) != Some(Place::File) {
            return Ok(Lock { head: HEAD.to_owned(), releases: Vec::new() });
        }
        let bytes = store::read(world, &path).map_err(|wrong| vec![*wrong])?;
        let text = store::decode(&bytes, &shown(&path), sources).map_err(|wrong| vec![*wrong])?;
        let file = sources.add(shown(&path), text.clone());
        Lock::read(file, &text)
    }

    /// A lock file from its text.
    ///
    /// # Errors
    /// As [`Lock::load`]: all mistakes at once, each at its place.
    pub fn read(file: FileId, text: &str) -> Result<Lock, Vec<Diagnostic>> {
        if let Some(mark) = conflict(file, text) {
            return Err(vec![Diagnostic::new("E552", mark).variant("conflict").help("both")]);
        }
        let at = |range: std::ops::Range<usize>| {
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            Span::new(file, place(range.start), place(range.end))
        };
        let written: Written = toml::from_str(text).map_err(|error| {
            let wrong = match error.span() {
                Some(range) => Diagnostic::new("E552", at(range)),
                None => Diagnostic::nowhere("E552"),
            };
            vec![wrong.arg("reason", error.message().replace('\n', " ")).help("form")]
        })?;
        let mut wrong = Vec::new();
        let mut releases: Vec<Release> = Vec::new();
        for block in written.release {
            for digest in [&block.digest, &block.rules].into_iter().filter(|it| !is_digest(it.as_ref())) {
                let odd = Diagnostic::new("E552", at(digest.span())).variant("digest");
                wrong.push(odd.arg("written", digest.as_ref()).help("form"));
            }
            releases.push(Release {
                span: Some(at(block.name.span())),
                name: block.name.into_inner(),
                version: block.version,
                digest: block.digest.into_inner(),
                rules: block.rules.into_inner(),
                from: block.from.map(|day| day.0),
                until: block.until.map(|day| day.0),
                known: block.known_from.map(|day| day.0),
                released: block.released.0,
                by: block.by,
                reason: block.reason,
                amends: block.amends,
            });
        }
        let head = text.split_inclusive('\n').take_while(|line| is_comment(line)).collect();
        let lock = Lock { head, releases };
        wrong.extend(lock.twice());
        if wrong.is_empty() { Ok(lock) } else { Err(wrong) }
    }

    /// Versions that were released twice, the second not as an amendment of the first.
    fn twice(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (place, release) in self.releases.iter().enumerate() {
            let before = self.releases.iter().take(place);
            let rival = before
                .filter(|it| it.name == release.name && it.version == release.version)
                .find(|it| it.amends == release.amends);
            let (Some(rival), Some(span)) = (rival, release.span) else { continue };
            let same = if rival.digest == release.digest { "same" } else { "" };
            let told = Diagnostic::new("E553", span)
                .variant(same)
                .arg("name", &release.name)
                .arg("version", &release.version)
                .arg("by", &rival.by)
                .arg("on", rival.released)
                .arg("other_by", &release.by)
                .arg("other_on", release.released);
            let told = if same.is_empty() { told.help("decide") } else { told.help("one") };
            found.push(match rival.span {
                Some(span) => told.label(span, "other"),
                None => told,
            });
        }
        found
    }

    /// The release of a version that counts: the one that no other amends.
    #[must_use]
    pub fn find(&self, name: &str, version: &str) -> Option<&Release> {
        let of = |it: &&Release| it.name == name && it.version == version;
        let amended =
            |it: &Release| self.releases.iter().filter(of).any(|by| by.amends.as_ref() == Some(&it.digest));
        self.releases.iter().filter(of).find(|it| !amended(it))
    }

    /// The releases that count, one for each version, in the order of the file.
    pub fn standing(&self) -> impl Iterator<Item = &Release> {
        let counts = |it: &&Release| {
            self.find(&it.name, &it.version).is_some_and(|standing| standing.digest == it.digest)
        };
        self.releases.iter().filter(counts)
    }

    /// Adds a release.
    pub fn add(&mut self, release: Release) {
        self.releases.push(release);
        self.releases.sort_by(|a, b| {
            (&a.name, &a.version, a.amends.is_some(), a.released).cmp(&(
                &b.name,
                &b.version,
                b.amends.is_some(),
                b.released,
            ))
        });
    }

    /// The file.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = String::new();
        out.push_str(&self.head);
        for release in &self.releases {
            let text = |text: &str| Some(toml::Value::String(text.to_owned()).to_string());
            let date = |day: Option<Date>| day.map(|day| day.to_string());
            let entries = [
                ("name", text(&release.name)),
                ("version", text(&release.version)),
                ("digest", text(&release.digest)),
                ("rules", text(&release.rules)),
                ("from", date(release.from)),
                ("until", date(release.until)),
                ("known_from", date(release.known)),
                ("released", date(Some(release.released))),
                ("by", text(&release.by)),
                ("reason", release.reason.as_deref().and_then(text)),
                ("amends", release.amends.as_deref().and_then(text)),
            ];
            out.push_str("\n[[release]]\n");
            for (key, value) in entries {
                out.extend(value.map(|value| format!("{key} = {value}\n")));
            }
        }
        out
    }
}

fn is_comment(line: &str) -> bool {
    line.starts_with('#')
}

fn is_digest(text: &str) -> bool {
    let hex = |ch: char| ch.is_ascii_digit() || matches!(ch, 'a'..='f');
    text.strip_prefix("sha256:").is_some_and(|digits| digits.len() == 64 && digits.chars().all(hex))
}

/// The first mark that git leaves where two sides differ.
fn conflict(file: FileId, text: &str) -> Option<Span> {
    let mut start = 0_usize;
    for line in text.split_inclusive('\n') {
        let end = start.saturating_add(line.trim_end().len());
        if ["<<<<<<< ", "=======", ">>>>>>> "].iter().any(|mark| line.starts_with(mark)) {
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            return Some(Span::new(file, place(start), place(end)));
        }
        start = start.saturating_add(line.len());
    }
    None
}
