//! The rules that an author works on: read anew after each change, as far as something changed, and built policy by policy.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::casefiles::{CaseFiles, Held};
use super::overlay::Overlay;
use crate::base::{FileId, Lang, SourceMap, Span, Str};
use crate::check::hir::{Meaning, Mention, Program};
use crate::diag::Diagnostic;
use crate::engine::{self, Built};
use crate::ide::View;
use crate::lint::{self, Around, Levels};
use crate::store::settings::{self, LangSetting};
use crate::store::{self, Place, PolicyFile, Roots, RulesFolder, Settings, World};
use crate::trial;

/// The texts by which something was built.
pub(super) type Read = Vec<(FileId, Str)>;

/// How long what the disk holds is taken to be what it held, where nobody tells of changes.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What was built of a policy.
struct Made {
    /// By which texts.
    read: Read,
    built: Built,
    /// What is wrong, or likely not meant: mistakes where there are any, else what the lints tell.
    told: Vec<Diagnostic>,
}

/// The rules of a folder, with what is open in the editor.
pub struct Project<'w> {
    /// The world, and what is open over it.
    pub overlay: Overlay<'w>,
    /// When the disk was looked at.
    looked: Duration,
    /// The folder that is open in the editor; none where only files are.
    root: Option<PathBuf>,
    /// The files that are open: they belong to the project wherever they stand.
    open: BTreeSet<PathBuf>,
    settings: Settings,
    sources: SourceMap,
    folder: RulesFolder,
    /// What was built last of each policy.
    built: BTreeMap<PathBuf, Made>,
    /// What was built before and stands for nothing any more.
    past: Vec<Made>,
    /// The policies that are not built as they stand now, by their places.
    stale: BTreeSet<usize>,
    /// The policies that stand as they were built, while others that they are linted beside have changed.
    unlinted: BTreeSet<usize>,
    /// The levels of lints, and the names that policies read.
    levels: Levels,
    around: Around,
    /// The policies that case files try.
    tried: BTreeSet<Str>,
    cases: CaseFiles,
    /// The open case files that are not built as they stand now.
    stale_cases: BTreeSet<PathBuf>,
    /// Whether something was built that nobody has been told of.
    untold: bool,
    /// The language of the one who started the server.
    lang: Lang,
}

impl<'w> Project<'w> {
    /// A project of which nothing is read yet.
    #[must_use]
    pub fn new(world: &'w dyn World, root: Option<PathBuf>, lang: Lang) -> Project<'w> {
        Project {
            overlay: Overlay::new(world),
            looked: Duration::ZERO,
            root,
            open: BTreeSet::new(),
            settings: Settings::default(),
            sources: SourceMap::new(),
            folder: RulesFolder::default(),
            built: BTreeMap::new(),
            past: Vec::new(),
            stale: BTreeSet::new(),
            unlinted: BTreeSet::new(),
            levels: Levels::default(),
            around: Around::default(),
            tried: BTreeSet::new(),
            cases: CaseFiles::default(),
            stale_cases: BTreeSet::new(),
            untold: false,
            lang,
        }
    }

    /// The language of messages: that of gradus.toml, or of the one who started the server.
    #[must_use]
    pub fn lang(&self) -> Lang {
        match self.settings.project.lang {
            Some(LangSetting::En) => Lang::En,
            Some(LangSetting::Zh) => Lang::Zh,
            Some(LangSetting::Auto) | None => self.lang,
        }
    }

    /// Takes a file in that is open, with its text.
    pub fn open(&mut self, path: &Path, text: &str) {
        self.overlay.open(path, text);
        self.open.insert(path.to_owned());
    }

    /// Lets go of a file that was closed.
    pub fn close(&mut self, path: &Path) {
        self.overlay.close(path);
        self.open.remove(path);
    }

    /// Reads the rules as they stand now. Policies whose texts are what they were are not read again, and those that are made of
    /// nothing that changed stay built.
    pub fn read(&mut self) {
        self.overlay.look_anew();
        self.looked = self.overlay.elapsed();
        self.read_as_looked();
    }

    /// The same after a keystroke. Where the editor tells of files that change on the disk, that is not looked at again; where it
    /// does not, at most once a second.
    pub fn read_after_edit(&mut self, is_told: bool) {
        let since = self.overlay.elapsed().saturating_sub(self.looked);
        if is_told || since < LOOK_AGAIN {
            self.read_as_looked();
        } else {
            self.read();
        }
    }

    fn read_as_looked(&mut self) {
        let mut sources = SourceMap::new();
        let mut wrong = Vec::new();
        let config = self.root.as_ref().map(|root| root.join(settings::FILE));
        let config = config.filter(|path| self.overlay.place(path) == Some(Place::File));
        self.settings = match config {
            // What the settings say while somebody writes them is held against nobody.
            Some(path) => {
                settings::find(&self.overlay, Some(&path), 0, &mut sources).unwrap_or_else(|diagnostic| {
                    wrong.push(*diagnostic);
                    Settings::default()
                })
            }
            None => Settings::default(),
        };
        let base = self.settings.path.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        self.levels = Levels::read(&self.settings.lint, base).unwrap_or_else(|diagnostic| {
            wrong.push(*diagnostic);
            Levels::default()
        });
        let roots = self.roots();
        let before = std::mem::take(&mut self.folder);
        self.folder = store::load_again(&self.overlay, &roots, &self.settings, &mut sources, before);
        self.folder.diagnostics.extend(wrong);
        self.cases.read(&self.overlay, &self.places_of_cases(&roots), &mut sources);
        self.sources = sources;
        let here: BTreeSet<&PathBuf> = self.folder.files.iter().map(|file| &file.path).collect();
        self.built.retain(|path, _| here.contains(path));
        self.stale = (0..self.folder.files.len()).filter(|place| !self.is_fresh(*place)).collect();
        self.mark_unlinted();
        let open = self.cases.iter().map(|held| &held.path).filter(|path| self.open.contains(*path));
        let fresh = |path: &PathBuf| self.cases.is_fresh(path, &self.overlay, &self.folder, &self.sources);
        self.stale_cases = open.filter(|path| !fresh(path)).cloned().collect();
    }

    /// Takes note of the policies that are to be linted anew, though they stand as they were built: those that a changed one uses
    /// and of which it reads other names now, and those that a case file tries for the first time, or none any more.
    fn mark_unlinted(&mut self) {
        let mut before = std::mem::take(&mut self.around);
        self.around = before.again(&self.folder);
        let changed = (0..self.folder.files.len()).filter(|place| self.around.differs(&before, *place));
        let mut anew: BTreeSet<usize> = changed.flat_map(|place| self.folder.with_uses(place)).collect();
        let tried = self.cases.policies();
        let name = |place: usize| Some(&self.folder.files.get(place)?.header.as_ref()?.name);
        anew.extend((0..self.folder.files.len()).filter(|place| {
            name(*place).is_some_and(|name| tried.contains(name) != self.tried.contains(name))
        }));
        self.tried = tried;
        self.unlinted.extend(anew);
        self.unlinted.retain(|place| !self.stale.contains(place) && *place < self.folder.files.len());
    }

    /// Where case files stand: beside the rules, where the settings say, and those that are open.
    fn places_of_cases(&self, roots: &Roots) -> Vec<PathBuf> {
        let settings = &self.settings.test;
        let kept = settings.snapshots.iter().flat_map(|set| &set.cases);
        let opened = self.open.iter().filter(|path| path.to_string_lossy().ends_with(trial::ENDING));
        let rules = roots.asked.iter().filter(|path| self.overlay.place(path) == Some(Place::Folder));
        rules.chain(&settings.paths).chain(kept).chain(opened).cloned().collect()
    }

    /// Where the rules stand: as the settings say, or in `rules`, or in the folder itself; and all that is open.
    fn roots(&self) -> Roots {
        let mut asked: Vec<PathBuf> = Vec::new();
        let mut around: Vec<PathBuf> = Vec::new();
        if let Some(root) = &self.root {
            let usual = root.join("rules");
            match self.settings.project.rules.as_slice() {
                [] if self.overlay.place(&usual) == Some(Place::Folder) => asked.push(usual),
                [] => asked.push(root.clone()),
                rules => asked.extend(rules.iter().cloned()),
            }
        }
        for path in &self.open {
            let is_policy = match path.extension().and_then(|ending| ending.to_str()) {
                Some("gradus") => true,
                Some("md") => self
                    .overlay
                    .read(path)
                    .is_ok_and(|bytes| bytes.windows(10).any(|bytes| bytes == b"```gradus\n")),
                _ => false,
            };
            if is_policy {
                asked.push(path.clone());
                let beside = path.parent().map(Path::to_owned);
                around.extend(beside.filter(|folder| self.overlay.place(folder) == Some(Place::Folder)));
            }
        }
        Roots { asked, around, texts: Vec::new() }
    }

    fn is_fresh(&self, place: usize) -> bool {
        let Some(file) = self.folder.files.get(place) else { return true };
        let read = || read_by(&self.folder, place, &self.sources);
        self.built.get(&file.path).is_some_and(|made| made.read == read())
    }

    /// Whether something is still to be built, or what was built is still to be told.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.untold || !self.stale.is_empty() || !self.stale_cases.is_empty() || !self.unlinted.is_empty()
    }

    /// Takes note that all that was built is told.
    pub fn tell(&mut self) {
        self.untold = false;
    }

    /// Builds the next policy or open case file that is not as it stands: this file before all others, then what is open; lints
    /// policies anew last of all. Gives the file.
    pub fn build_next(&mut self, first: Option<&Path>) -> Option<PathBuf> {
        let path = |place: &&usize| self.folder.files.get(**place).map(|file| &file.path);
        let wanted = self.stale.iter().find(|place| path(place).map(PathBuf::as_path) == first);
        let opened = || self.stale.iter().find(|place| path(place).is_some_and(|it| self.open.contains(it)));
        let wanted = wanted.or_else(opened).copied();
        if let Some(cases) = self.stale_cases.first().filter(|_| wanted.is_none()).cloned() {
            self.settle_cases(&cases);
            return Some(cases);
        }
        if let Some(place) = wanted.or_else(|| self.stale.first().copied()) {
            self.build(place);
            return self.folder.files.get(place).map(|file| file.path.clone());
        }
        let place = self.unlinted.pop_first()?;
        let path = self.folder.files.get(place)?.path.clone();
        if let Some(mut made) = self.built.remove(&path) {
            made.told = self.linted(place, &made.built);
            self.built.insert(path.clone(), made);
            self.untold = true;
        }
        Some(path)
    }

    fn build(&mut self, place: usize) {
        self.stale.remove(&place);
        self.unlinted.remove(&place);
        self.untold = true;
        let Some(file) = self.folder.files.get(place) else { return };
        let mut built = engine::build_undigested(&self.folder, place, &self.sources);
        if let Some(plan) = &built.plan {
            built.diagnostics.extend(crate::script::check_among(&plan.scripts, &self.sources));
        }
        let told = self.linted(place, &built);
        let read = read_by(&self.folder, place, &self.sources);
        self.past.extend(self.built.insert(file.path.clone(), Made { read, built, told }));
    }

    /// Lets go of what was built before: taking a policy apart costs a tenth of making it, and nobody need wait for that.
    pub fn let_go(&mut self) {
        self.past.clear();
    }

    /// What is told of a policy: what the lints say in place of the warnings of its own text, at the levels of the settings.
    fn linted(&self, place: usize, built: &Built) -> Vec<Diagnostic> {
        let Some(file) = self.folder.files.get(place) else { return Vec::new() };
        let beside = (&self.around, &self.tried, self.overlay.today());
        let level = |code| self.levels.of(code, &file.path);
        let Some(found) = lint::of_folder(&self.folder, place, built, beside, &level) else {
            return built.diagnostics.clone();
        };
        let warns_here =
            |it: &&Diagnostic| !it.is_error() && it.span.is_some_and(|span: Span| span.file == file.file);
        let others = built.diagnostics.iter().filter(|it| !warns_here(it));
        others.cloned().chain(found).collect()
    }

    /// Builds the policy or the case file of a path, if it is not as it stands.
    pub fn settle(&mut self, path: &Path) {
        if let Some(place) = self.place(path)
            && self.stale.contains(&place)
        {
            self.build(place);
        }
        if self.stale_cases.contains(path) {
            self.settle_cases(path);
        }
    }

    fn settle_cases(&mut self, path: &Path) {
        self.stale_cases.remove(path);
        self.untold = true;
        self.cases.settle(path, &self.overlay, &self.folder, &self.sources);
    }

    /// Builds all that is not as it stands.
    pub fn settle_all(&mut self) {
        while self.build_next(None).is_some() {}
    }

    /// Builds all that is not as it stands, and all case files, open or not: before a name is sought or changed everywhere.
    pub fn settle_everywhere(&mut self) {
        self.settle_all();
        let paths: Vec<PathBuf> = self.cases.iter().map(|held| held.path.clone()).collect();
        for path in paths {
            if !self.cases.is_fresh(&path, &self.overlay, &self.folder, &self.sources) {
                self.cases.settle(&path, &self.overlay, &self.folder, &self.sources);
            }
        }
    }

    /// The case file of a path.
    pub(super) fn case_file(&self, path: &Path) -> Option<&Held> {
        self.cases.get(path)
    }

    /// The case files.
    pub(super) fn case_files(&self) -> &CaseFiles {
        &self.cases
    }

    fn place(&self, path: &Path) -> Option<usize> {
        self.folder.files.iter().position(|file| file.path == path).or_else(|| {
            let whole = self.overlay.whole(path);
            self.folder.files.iter().position(|file| self.overlay.whole(&file.path) == whole)
        })
    }

    /// The policy file of a path.
    #[must_use]
    pub fn file(&self, path: &Path) -> Option<&PolicyFile> {
        self.folder.files.get(self.place(path)?)
    }

    /// All policy files.
    pub fn files(&self) -> impl Iterator<Item = &PolicyFile> {
        self.folder.files.iter()
    }

    /// The texts.
    #[must_use]
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// What was built of the policy of a file.
    #[must_use]
    pub fn built(&self, path: &Path) -> Option<&Built> {
        let file = self.file(path)?;
        self.built.get(&file.path).map(|made| &made.built)
    }

    /// A file in the light of its own policy.
    #[must_use]
    pub fn view(&self, path: &Path) -> Option<View<'_>> {
        let file = self.file(path)?;
        let built = self.built(path)?;
        Some(View {
            sources: &self.sources,
            file: file.file,
            text: &file.program,
            tree: &file.tree,
            program: &built.program,
            plan: built.plan.as_ref(),
            lang: self.lang(),
        })
    }

    /// What the other policies mean that are built: a name of theirs may be written before they are used.
    pub(super) fn beside(&self, path: &Path) -> Vec<&Program> {
        let own = self.file(path).map(|file| &file.path);
        let others = self.built.iter().filter(|(path, _)| Some(*path) != own);
        others.map(|(_, made)| &made.built.program).collect()
    }

    /// A case file in the light of the policy with whose case a name stands at a place.
    pub(super) fn view_of_cases(&self, path: &Path, name: Span) -> Option<View<'_>> {
        let held = self.cases.get(path)?;
        let (place, built, _) = self.cases.tried(path)?.named(held.file, name.start)?;
        Some(View {
            sources: &self.sources,
            file: held.file,
            text: &held.text,
            tree: &self.folder.files.get(place)?.tree,
            program: &built.program,
            plan: built.plan.as_ref(),
            lang: self.lang(),
        })
    }

    /// What all policies and case files that are built say of names.
    pub fn mentions(&self) -> impl Iterator<Item = &Mention> + Clone {
        let policies = self.built.values().flat_map(|made| made.built.program.mentions.iter());
        policies.chain(self.cases.mentions())
    }

    /// The path of a source.
    #[must_use]
    pub fn path(&self, file: FileId) -> Option<PathBuf> {
        match self.folder.file(file) {
            Some(policy) => Some(policy.path.clone()),
            None => self.sources.get(file).map(|source| PathBuf::from(source.name())),
        }
    }

    /// What is wrong, file by file, as far as it is known of policies that are built as they stand; each mistake once, though
    /// several policies use what is wrong. None for a file whose own policy is still to be built.
    #[must_use]
    pub fn diagnostics(&self) -> BTreeMap<PathBuf, Option<Vec<&Diagnostic>>> {
        let mut found: BTreeMap<PathBuf, Option<Vec<&Diagnostic>>> = BTreeMap::new();
        for (place, file) in self.folder.files.iter().enumerate() {
            let fresh = !self.stale.contains(&place);
            found.insert(file.path.clone(), fresh.then(Vec::new));
        }
        let fresh = self.folder.files.iter().enumerate().filter(|(place, _)| !self.stale.contains(place));
        let built = fresh.filter_map(|(_, file)| self.built.get(&file.path));
        let of_policies = built.flat_map(|made| made.told.iter());
        for held in self.cases.iter().filter(|held| self.open.contains(&held.path)) {
            let tried = self.cases.tried(&held.path).filter(|_| !self.stale_cases.contains(&held.path));
            found.insert(held.path.clone(), tried.map(|tried| tried.wrong.iter().collect()));
        }
        for diagnostic in self.folder.diagnostics.iter().chain(of_policies) {
            let Some(path) = diagnostic.span.and_then(|span| self.path(span.file)) else { continue };
            if let Some(of_file) = found.entry(path).or_insert_with(|| Some(Vec::new()))
                && !of_file.iter().any(|known| same(known, diagnostic))
            {
                of_file.push(diagnostic);
            }
        }
        for of_file in found.values_mut().flatten() {
            of_file.sort_by_key(|it| it.span.map(|span: Span| (span.start, span.end)));
        }
        found
    }
}

/// The texts that a policy is made of: its own, those that it uses, and what stands beside them.
pub(super) fn read_by(folder: &RulesFolder, place: usize, sources: &SourceMap) -> Read {
    let order = folder.with_uses(place);
    let files: Vec<&PolicyFile> = order.iter().filter_map(|at| folder.files.get(*at)).collect();
    let mut read: Read = files.iter().map(|file| (file.file, file.program.clone())).collect();
    let of = |policy: FileId| files.iter().any(|file| file.file == policy);
    let scripts = folder.scripts.iter().filter(|it| of(it.policy)).map(|it| it.file);
    let tables = folder.references.iter().filter(|it| of(it.policy)).map(|it| it.file);
    let calendars = folder.calendars.values().map(|it| it.file);
    for file in scripts.chain(tables).chain(calendars) {
        read.extend(sources.get(file).map(|source| (file, source.text().clone())));
    }
    read
}

/// Whether two diagnostics tell of one mistake.
fn same(a: &Diagnostic, b: &Diagnostic) -> bool {
    a.code == b.code && a.span == b.span && a.variant == b.variant && a.args == b.args
}

impl Project<'_> {
    /// The text of a policy or a case file.
    pub(super) fn source(&self, path: &Path) -> Option<FileId> {
        let held = || self.cases.get(path).map(|held| held.file);
        self.file(path).map(|file| file.file).or_else(held)
    }

    /// A name as it is put in place of one that stands somewhere: with the quotes that TOML wants in a case file, where the code of
    /// a reason stands without back-ticks.
    pub(super) fn spelled(&self, at: Span, name: &str, means: Meaning) -> (Span, String) {
        let in_cases = self.cases.iter().find(|held| held.file == at.file);
        let quoted = |text: &str| {
            let (before, behind) = (text.get(..at.range().start), text.get(at.range().end..));
            let line = before.and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
            // What is written within quotes stays within them.
            line.matches(['"', '\'']).count() % 2 == 1
                && behind.is_some_and(|behind| behind.contains(['"', '\'']))
        };
        let plain = |name: &str| name.chars().all(|ch| ch.is_ascii_alphanumeric() || matches!(ch, '_' | '-'));
        let name = match (in_cases, means) {
            (Some(_), Meaning::Reason(_)) => name.trim_matches('`'),
            _ => name,
        };
        match in_cases {
            Some(held) if !quoted(&held.text) && !plain(name) => (at, format!("\"{name}\"")),
            Some(_) | None => (at, name.to_owned()),
        }
    }

    /// What would be wrong, in words, if these edits were made: the first mistake that is not there today. The rules stand
    /// afterwards as they did before.
    pub(super) fn would_break(&mut self, edits: &[(Span, String)]) -> Option<String> {
        let mut edited: BTreeMap<PathBuf, String> = BTreeMap::new();
        let mut edits: Vec<&(Span, String)> = edits.iter().collect();
        edits.sort();
        // From the back, so that the places before stay where they are.
        for (span, text) in edits.into_iter().rev() {
            let Some(path) = self.path(span.file) else { continue };
            let source = self.sources.get(span.file).map(|source| source.text().to_string());
            let whole = edited.entry(path).or_insert_with(|| source.unwrap_or_default());
            if whole.get(span.range()).is_some() {
                whole.replace_range(span.range(), text);
            }
        }
        let mut tried = Project::new(self.overlay.world(), self.root.clone(), self.lang);
        tried.overlay.open_all(&self.overlay);
        tried.open = self.open.clone();
        for (path, text) in &edited {
            tried.overlay.open(path, text);
        }
        tried.read();
        tried.settle_everywhere();
        let (before, after) = (self.mistakes(), tried.mistakes());
        let more = after.len() > before.len();
        after.into_iter().find(|found| more && !before.contains(found)).map(|(_, message)| message)
    }

    /// The mistakes of policies and of all case files that are built, in words.
    fn mistakes(&self) -> Vec<(&'static str, String)> {
        let found = self.diagnostics();
        let opened = |path: &PathBuf| self.open.contains(path);
        let closed = self.cases.iter().filter(|held| !opened(&held.path));
        let closed = closed.filter_map(|held| self.cases.tried(&held.path)).flat_map(|tried| &tried.wrong);
        let all = found.into_values().flatten().flatten().chain(closed).filter(|it| it.is_error());
        all.map(|it| (it.code, crate::diag::render::tell(it, self.lang()).message)).collect()
    }
}
