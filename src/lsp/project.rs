//! The rules that an author works on: read anew after each change, as far as something changed, and built policy by policy.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::overlay::Overlay;
use crate::base::{FileId, Lang, SourceMap, Span, Str};
use crate::check::hir::Mention;
use crate::diag::Diagnostic;
use crate::engine::{self, Built};
use crate::ide::View;
use crate::store::settings::{self, LangSetting};
use crate::store::{self, Place, PolicyFile, Roots, RulesFolder, Settings, World};

/// A text by which a policy was built.
type Read = Vec<(FileId, Str)>;

/// The rules of a folder, with what is open in the editor.
pub struct Project<'w> {
    /// The world, and what is open over it.
    pub overlay: Overlay<'w>,
    /// The folder that is open in the editor; none where only files are.
    root: Option<PathBuf>,
    /// The files that are open: they belong to the project wherever they stand.
    open: BTreeSet<PathBuf>,
    settings: Settings,
    sources: SourceMap,
    folder: RulesFolder,
    /// What was built last of each policy, and by which texts.
    built: BTreeMap<PathBuf, (Read, Built)>,
    /// The policies that are not built as they stand now, by their places.
    stale: BTreeSet<usize>,
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
            root,
            open: BTreeSet::new(),
            settings: Settings::default(),
            sources: SourceMap::new(),
            folder: RulesFolder::default(),
            built: BTreeMap::new(),
            stale: BTreeSet::new(),
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
        let roots = self.roots();
        let before = std::mem::take(&mut self.folder);
        self.folder = store::load_again(&self.overlay, &roots, &self.settings, &mut sources, before);
        self.folder.diagnostics.extend(wrong);
        self.sources = sources;
        let here: BTreeSet<&PathBuf> = self.folder.files.iter().map(|file| &file.path).collect();
        self.built.retain(|path, _| here.contains(path));
        self.stale = (0..self.folder.files.len()).filter(|place| !self.is_fresh(*place)).collect();
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

    /// The texts that a policy is made of: its own, those that it uses, and what stands beside them.
    fn read_by(&self, place: usize) -> Read {
        let order = self.folder.with_uses(place);
        let files: Vec<&PolicyFile> = order.iter().filter_map(|at| self.folder.files.get(*at)).collect();
        let mut read: Read = files.iter().map(|file| (file.file, file.program.clone())).collect();
        let of = |policy: FileId| files.iter().any(|file| file.file == policy);
        let scripts = self.folder.scripts.iter().filter(|it| of(it.policy)).map(|it| it.file);
        let tables = self.folder.references.iter().filter(|it| of(it.policy)).map(|it| it.file);
        let calendars = self.folder.calendars.values().map(|it| it.file);
        for file in scripts.chain(tables).chain(calendars) {
            read.extend(self.sources.get(file).map(|source| (file, source.text().clone())));
        }
        read
    }

    fn is_fresh(&self, place: usize) -> bool {
        let Some(file) = self.folder.files.get(place) else { return true };
        self.built.get(&file.path).is_some_and(|(read, _)| *read == self.read_by(place))
    }

    /// Whether a policy is still to be built, or what was built is still to be told.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.untold || !self.stale.is_empty()
    }

    /// Takes note that all that was built is told.
    pub fn tell(&mut self) {
        self.untold = false;
    }

    /// Builds the next policy that is not as it stands: the one of this file before all others, then those that are open. Gives
    /// its file.
    pub fn build_next(&mut self, first: Option<&Path>) -> Option<PathBuf> {
        let path = |place: &&usize| self.folder.files.get(**place).map(|file| &file.path);
        let wanted = self.stale.iter().find(|place| path(place).map(PathBuf::as_path) == first);
        let opened = || self.stale.iter().find(|place| path(place).is_some_and(|it| self.open.contains(it)));
        let place = *wanted.or_else(opened).or_else(|| self.stale.iter().next())?;
        self.build(place);
        self.folder.files.get(place).map(|file| file.path.clone())
    }

    fn build(&mut self, place: usize) {
        self.stale.remove(&place);
        self.untold = true;
        let Some(file) = self.folder.files.get(place) else { return };
        let mut built = engine::build(&self.folder, place, &self.sources);
        if let Some(plan) = &built.plan {
            built.diagnostics.extend(crate::script::check(&plan.scripts));
        }
        self.built.insert(file.path.clone(), (self.read_by(place), built));
    }

    /// Builds the policy of a file, if it is not as it stands.
    pub fn settle(&mut self, path: &Path) {
        if let Some(place) = self.place(path)
            && self.stale.contains(&place)
        {
            self.build(place);
        }
    }

    /// Builds all that is not as it stands.
    pub fn settle_all(&mut self) {
        while self.build_next(None).is_some() {}
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
        self.built.get(&file.path).map(|(_, built)| built)
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

    /// What all policies that are built say of names.
    pub fn mentions(&self) -> impl Iterator<Item = &Mention> + Clone {
        self.built.values().flat_map(|(_, built)| built.program.mentions.iter())
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
        let of_policies = built.flat_map(|(_, built)| built.diagnostics.iter());
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

/// Whether two diagnostics tell of one mistake.
fn same(a: &Diagnostic, b: &Diagnostic) -> bool {
    a.code == b.code && a.span == b.span && a.variant == b.variant && a.args == b.args
}

impl Project<'_> {
    /// What would be wrong, in words, if a text stood at these places: the first mistake that is not there today. The rules stand
    /// afterwards as they did before.
    pub fn would_break(&mut self, places: &BTreeSet<Span>, text: &str) -> Option<String> {
        let mut edited: BTreeMap<PathBuf, String> = BTreeMap::new();
        // From the back, so that the places before stay where they are.
        for span in places.iter().rev() {
            let Some(path) = self.path(span.file) else { continue };
            let source = self.sources.get(span.file).map(|source| source.text().to_string());
            let whole = edited.entry(path).or_insert_with(|| source.unwrap_or_default());
            if whole.get(span.range()).is_some() {
                whole.replace_range(span.range(), text);
            }
        }
        let errors = |project: &Self| -> Vec<(&'static str, String)> {
            let found = project.diagnostics();
            let all = found.into_values().flatten().flatten().filter(|it| it.is_error());
            all.map(|it| (it.code, crate::diag::render::tell(it, project.lang()).message)).collect()
        };
        let before = errors(self);
        let mut tried = Project::new(self.overlay.world(), self.root.clone(), self.lang);
        tried.overlay.open_all(&self.overlay);
        tried.open = self.open.clone();
        for (path, text) in &edited {
            tried.overlay.open(path, text);
        }
        tried.read();
        tried.settle_all();
        let after = errors(&tried);
        let more = after.len() > before.len();
        after.into_iter().find(|found| more && !before.contains(found)).map(|(_, message)| message)
    }
}
