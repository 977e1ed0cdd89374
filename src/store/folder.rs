//! What stands in the rules folders: policies with their headers, calendars, scripts.
//!
//! A policy is found by the name and version in its header; names of files do not matter, so that
//! `trade_credit@2026.4.gradus` and `trade_credit/2026.4.gradus` are two ways to keep versions side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Place, Settings, World, decode, shown};
use crate::base::{FileId, SourceMap, Span, Str, nearest};
use crate::diag::Diagnostic;
use crate::syntax::{self, Kept, Trivia, ast};
use crate::value::{Calendar, CalendarMistake, Date};

/// Folders within folders deeper than this are links that go in a circle.
const DEEPEST: usize = 16;

/// All that stands in the rules folders of a run.
#[derive(Clone, Debug, Default)]
pub struct RulesFolder {
    /// The policies: those that were asked for first, each lot in the order of the paths.
    pub files: Vec<PolicyFile>,
    /// The calendars by name.
    pub calendars: BTreeMap<String, CalendarFile>,
    /// The scripts: the policy file that names one, the name written there, and the text.
    pub scripts: Vec<ScriptFile>,
    /// The files of references: the policy file that names one, the name written there, and the text.
    pub references: Vec<ReferenceFile>,
    /// What is wrong with the folders themselves: unreadable files, versions, calendars, scripts. What is wrong within a policy
    /// stands at the policy.
    pub diagnostics: Vec<Diagnostic>,
    /// The day whose knowledge counts where a version is chosen by the day: a version that says from when it was known is chosen
    /// from then on. None: all of them are known.
    pub known_at: Option<Date>,
    /// Policies that were left out because they were not known yet; see [`RulesFolder::leave_unknown`].
    pub later: Vec<PolicyFile>,
}

/// One policy file.
#[derive(Clone, Debug)]
pub struct PolicyFile {
    /// The file.
    pub path: PathBuf,
    /// Its text, as a source.
    pub file: FileId,
    /// What is parsed: the text itself, or the `gradus` blocks of a `.md`, every byte in its place.
    pub program: Str,
    /// The tree.
    pub tree: ast::File,
    /// What the tree was read from.
    pub kept: Kept,
    /// Comments and blank lines.
    pub trivia: Vec<Trivia>,
    /// The mistakes of its syntax.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it was asked for, and does not only stand beside.
    pub asked: bool,
    /// Its header, if it has one with a name and a version.
    pub header: Option<Header>,
}

/// What the header of a policy says of its life.
#[derive(Clone, Debug)]
pub struct Header {
    /// The policy's name.
    pub name: Str,
    /// Its version.
    pub version: Str,
    /// The first day on which it applies.
    pub from: Option<(Date, Span)>,
    /// The last day on which it applies. Without one, it applies until the next version does.
    pub until: Option<(Date, Span)>,
    /// The day from which it was known; none: always.
    pub known: Option<Date>,
    /// The policies and versions that it uses.
    pub uses: Vec<(Str, Str)>,
    /// Where its version stands.
    pub span: Span,
}

/// A calendar of business days.
#[derive(Clone, Debug)]
pub struct CalendarFile {
    /// Its text, as a source.
    pub file: FileId,
    /// Whether its folder or the settings were asked for, and it does not only stand beside a policy file.
    pub asked: bool,
    /// The calendar; `None` if it cannot be read.
    pub calendar: Option<Calendar>,
}

/// A script that a policy names.
#[derive(Clone, Debug)]
pub struct ScriptFile {
    /// The policy file that names it.
    pub policy: FileId,
    /// The name written there.
    pub name: Str,
    /// Its text, as a source.
    pub file: FileId,
}

/// The file of a reference that a policy names.
#[derive(Clone, Debug)]
pub struct ReferenceFile {
    /// The policy file that names it.
    pub policy: FileId,
    /// The name written there.
    pub name: Str,
    /// Its text, as a source.
    pub file: FileId,
}

/// Where a run takes its rules from.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Roots {
    /// Files and folders that were asked for.
    pub asked: Vec<PathBuf>,
    /// Files and folders in which to look for what those use.
    pub around: Vec<PathBuf>,
    /// Texts that stand in no folder, each with the path that it is to have: standard input, an editor's buffer. They stand for
    /// the file of that path.
    pub texts: Vec<(PathBuf, Str)>,
}

impl Roots {
    /// The roots of a run: the paths given; without any, the rules of the settings; without those, the folder `rules`, or else
    /// the folder where the command was started.
    #[must_use]
    pub fn new(world: &dyn World, settings: &Settings, given: &[PathBuf]) -> Roots {
        let usual = match settings.project.rules.as_slice() {
            [] if world.place(Path::new("rules")) == Some(Place::Folder) => vec![PathBuf::from("rules")],
            [] => Vec::new(),
            rules => rules.to_vec(),
        };
        if given.is_empty() {
            let asked = if usual.is_empty() { vec![PathBuf::from(".")] } else { usual };
            return Roots { asked, ..Roots::default() };
        }
        let beside = given.iter().filter(|path| world.place(path) == Some(Place::File));
        let beside =
            beside.filter_map(|path| path.parent()).map(|folder| match folder.as_os_str().is_empty() {
                true => PathBuf::from("."),
                false => folder.to_owned(),
            });
        Roots { asked: given.to_vec(), around: beside.chain(usual).collect(), texts: Vec::new() }
    }
}

/// Reads all policies, calendars and scripts of the roots. Nothing here fails: what cannot be read is told.
#[must_use]
pub fn load(world: &dyn World, roots: &Roots, settings: &Settings, sources: &mut SourceMap) -> RulesFolder {
    Loader::new(world, sources, Vec::new()).all(roots, settings)
}

/// The texts of the policies that were asked for, and what cannot be read: for who lays texts out and needs no tree.
#[must_use]
pub fn texts(
    world: &dyn World,
    roots: &Roots,
    sources: &mut SourceMap,
) -> (Vec<(PathBuf, FileId)>, Vec<Diagnostic>) {
    let mut loader = Loader::new(world, sources, Vec::new());
    loader.reading = Reading::NotAtAll;
    for path in &roots.asked {
        loader.root(path, true);
    }
    let asked = loader.folder.files.into_iter().filter(|file| file.asked);
    (asked.map(|file| (file.path, file.file)).collect(), loader.folder.diagnostics)
}

/// The same a moment later: a policy whose text is what it was is taken from the folder of before and not read anew, and of one
/// that changed, the items that did. Nothing of that folder may have been changed by hand; the source map begins as that of before did.
#[must_use]
pub fn load_again(
    world: &dyn World,
    roots: &Roots,
    settings: &Settings,
    sources: &mut SourceMap,
    before: RulesFolder,
) -> RulesFolder {
    let mut loader = Loader::new(world, sources, before.files);
    loader.reading = Reading::AsTyped;
    loader.all(roots, settings)
}

impl RulesFolder {
    /// The policy file of a source.
    #[must_use]
    pub fn file(&self, file: FileId) -> Option<&PolicyFile> {
        self.files.iter().find(|policy| policy.file == file)
    }

    /// What is wrong with the folders that concerns the policies at some places: not what is wrong with others that merely stand
    /// in the same folder, nor with calendars that only they may name.
    pub fn concerning<'a>(&'a self, places: &'a BTreeSet<usize>) -> impl Iterator<Item = &'a Diagnostic> {
        let named: BTreeSet<&str> = places
            .iter()
            .filter_map(|place| self.files.get(*place))
            .flat_map(|policy| &policy.tree.items)
            .filter_map(|item| match &item.kind {
                ast::ItemKind::Policy(header) => header.calendar.as_ref().map(|name| &*name.value),
                _ => None,
            })
            .collect();
        self.diagnostics.iter().filter(move |diagnostic| {
            let Some(file) = diagnostic.span.map(|span| span.file) else { return true };
            let calendar = self.calendars.iter().find(|(_, calendar)| calendar.file == file);
            match (self.files.iter().position(|policy| policy.file == file), calendar) {
                (Some(place), _) => places.contains(&place),
                (None, Some((name, calendar))) => calendar.asked || named.contains(name.as_str()),
                (None, None) => true,
            }
        })
    }
}

impl PolicyFile {
    /// Changes the tree, and what the header says with it: what an edit would make of the policy, tried before anything is written.
    pub fn change(&mut self, edit: impl FnOnce(&mut ast::File)) {
        edit(&mut self.tree);
        self.kept = Kept::default();
        self.header = header(&self.tree);
    }
}

/// The header of a tree, if it has a name and a version.
fn header(tree: &ast::File) -> Option<Header> {
    let policy = tree.items.iter().find_map(|item| match &item.kind {
        ast::ItemKind::Policy(policy) => Some(policy),
        _ => None,
    })?;
    let version = policy.version.as_ref()?;
    let day = |literal: &Option<ast::Literal>| {
        let literal = literal.as_ref()?;
        match literal.kind {
            ast::LiteralKind::Date(year, month, day) => {
                Some((Date::from_ymd(year, month, day)?, literal.span))
            }
            ast::LiteralKind::Number(..) | ast::LiteralKind::Bool(_) | ast::LiteralKind::Text(_) => None,
        }
    };
    let uses = tree.items.iter().filter_map(|item| match &item.kind {
        ast::ItemKind::Use(used) => Some((used.policy.text.clone(), used.version.value.clone())),
        _ => None,
    });
    Some(Header {
        name: policy.name.text.clone(),
        version: version.value.clone(),
        from: day(&policy.effective_from),
        until: day(&policy.effective_until),
        known: day(&policy.known_from).map(|(day, _)| day),
        uses: uses.collect(),
        span: version.span,
    })
}

struct Loader<'a> {
    world: &'a dyn World,
    sources: &'a mut SourceMap,
    folder: RulesFolder,
    /// Paths read already, each with whether it is a policy: a file may stand under several roots.
    seen: BTreeMap<String, bool>,
    /// How many policies were met, one under two roots counted twice.
    policies: usize,
    /// The files of calendars, each with whether it was asked for.
    calendars: BTreeMap<String, (PathBuf, bool)>,
    /// The policies that were read before and not taken over yet.
    before: Vec<PolicyFile>,
    reading: Reading,
}

/// How policies are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// Texts alone are wanted: a `.gradus` is a policy without being read.
    NotAtAll,
    /// As they stand: somebody is writing them.
    AsTyped,
    /// What is broken as it was likely meant.
    AsMeant,
}

impl<'a> Loader<'a> {
    fn new(world: &'a dyn World, sources: &'a mut SourceMap, before: Vec<PolicyFile>) -> Loader<'a> {
        Loader {
            world,
            sources,
            folder: RulesFolder::default(),
            seen: BTreeMap::new(),
            policies: 0,
            calendars: BTreeMap::new(),
            before,
            reading: Reading::AsMeant,
        }
    }

    /// Reads everything.
    fn all(mut self, roots: &Roots, settings: &Settings) -> RulesFolder {
        for (path, text) in &roots.texts {
            self.seen.insert(shown(&self.world.whole(path)), true);
            let policy = self.policy(path, text, true, &shown(path));
            self.folder.files.push(policy);
        }
        for path in &roots.asked {
            self.root(path, true);
        }
        for path in &roots.around {
            self.root(path, false);
        }
        for (name, path) in &settings.calendars {
            self.calendars.insert(name.clone(), (path.clone(), true));
        }
        let beside = settings.path.as_ref().and_then(|path| path.parent()).unwrap_or(Path::new(""));
        self.calendar_folder(&beside.join("calendars"), settings.path.is_some());
        self.read_calendars();
        self.read_scripts();
        self.read_references();
        let mut folder = self.folder;
        folder.known_at = Some(self.world.today());
        folder.hold_versions();
        folder.hold_calendars();
        folder
    }

    fn policy(&mut self, path: &Path, text: &Str, asked: bool, name: &str) -> PolicyFile {
        let file = self.sources.add(name, text.clone());
        let is_literate = path.extension().is_some_and(|ending| ending == "md");
        let program = if is_literate { Str::from(syntax::literate(text)) } else { text.clone() };
        let same = |known: &PolicyFile| known.file == file && known.path == path && known.program == program;
        if let Some(known) = self.before.iter().position(same) {
            return PolicyFile { asked, ..self.before.swap_remove(known) };
        }
        let as_before = self.before.iter().position(|known| known.file == file && known.path == path);
        let parsed = match as_before.map(|known| self.before.swap_remove(known)) {
            _ if self.reading == Reading::NotAtAll && !is_literate => syntax::parse(file, ""),
            Some(known) => syntax::parse_again(file, &program, known.tree, &known.kept),
            None if self.reading == Reading::AsTyped => syntax::parse_as_typed(file, &program),
            None => syntax::parse(file, &program),
        };
        PolicyFile {
            path: path.to_owned(),
            file,
            program,
            header: header(&parsed.file),
            tree: parsed.file,
            kept: parsed.kept,
            trivia: parsed.trivia,
            diagnostics: parsed.diagnostics,
            asked,
        }
    }

    /// A file or folder that was named.
    fn root(&mut self, path: &Path, asked: bool) {
        let before = (self.policies, self.folder.diagnostics.len());
        match self.world.place(path) {
            Some(Place::File) => self.file(path, asked, true),
            Some(Place::Folder) => self.folder(path, asked, 0),
            None if asked => {
                let missing = Diagnostic::nowhere("E532").variant("missing").arg("path", shown(path));
                self.folder.diagnostics.push(missing.help("folder"));
                return;
            }
            None => return,
        }
        if asked && before == (self.policies, self.folder.diagnostics.len()) {
            let empty = Diagnostic::nowhere("E532").variant("empty").arg("path", shown(path));
            self.folder.diagnostics.push(empty.help("ending").help("folder"));
        }
    }

    fn folder(&mut self, folder: &Path, asked: bool, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        let paths = match self.world.list(folder) {
            Ok(paths) => paths,
            Err(error) => return self.unreadable(folder, &error),
        };
        for path in paths {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if name.starts_with('.') || name == "target" || name == "node_modules" {
                continue;
            }
            match self.world.place(&path) {
                Some(Place::Folder) if name == "calendars" => self.calendar_folder(&path, asked),
                Some(Place::Folder) => self.folder(&path, asked, depth.saturating_add(1)),
                Some(Place::File) if name.ends_with(".gradus") || name.ends_with(".md") => {
                    self.file(&path, asked, false);
                }
                Some(Place::File) | None => {}
            }
        }
    }

    /// A policy file. In a folder, a `.md` without a policy in it is just a text.
    fn file(&mut self, path: &Path, asked: bool, named: bool) {
        // A file that is asked for by one name and stands beside itself by another is one file.
        let own = shown(&self.world.whole(path));
        if let Some(is_policy) = self.seen.get(&own) {
            self.policies = self.policies.saturating_add(usize::from(*is_policy));
            return;
        }
        self.seen.insert(own.clone(), false);
        let told = self.folder.diagnostics.len();
        let Some(text) = self.text(path) else {
            // A file that only stands beside what was asked for is for those who ask for it; one that a policy uses is missed there.
            if !asked {
                self.folder.diagnostics.truncate(told);
            }
            return;
        };
        let is_text = path.extension().is_some_and(|ending| ending == "md") && !named;
        if is_text && !text.contains("```gradus") {
            return;
        }
        let policy = self.policy(path, &text, asked, &self.world.name_of(path));
        if !is_text || policy.header.is_some() {
            self.folder.files.push(policy);
            self.seen.insert(own, true);
            self.policies = self.policies.saturating_add(1);
        }
    }

    fn text(&mut self, path: &Path) -> Option<Str> {
        match self.world.read(path) {
            Ok(bytes) => match decode(&bytes, &self.world.name_of(path), self.sources) {
                Ok(text) => Some(text),
                Err(diagnostic) => {
                    self.folder.diagnostics.push(*diagnostic);
                    None
                }
            },
            Err(error) => {
                self.unreadable(path, &error);
                None
            }
        }
    }

    fn unreadable(&mut self, path: &Path, error: &std::io::Error) {
        let diagnostic = Diagnostic::nowhere("E532").arg("path", shown(path)).arg("reason", error);
        self.folder.diagnostics.push(diagnostic);
    }

    /// The calendars of a folder `calendars`; those named in the settings go before.
    fn calendar_folder(&mut self, folder: &Path, asked: bool) {
        for path in self.world.list(folder).unwrap_or_default() {
            if path.extension().is_some_and(|ending| ending == "toml")
                && let Some(name) = path.file_stem()
            {
                self.calendars.entry(name.to_string_lossy().into_owned()).or_insert((path, asked));
            }
        }
    }

    fn read_calendars(&mut self) {
        for (name, (path, asked)) in std::mem::take(&mut self.calendars) {
            let Some(text) = self.text(&path) else { continue };
            let file = self.sources.add(self.world.name_of(&path), text.clone());
            let calendar = match Calendar::parse(&text) {
                Ok(calendar) => Some(calendar),
                Err(mistakes) => {
                    for error in mistakes {
                        let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
                        let span = Span::new(file, at(error.bytes.start), at(error.bytes.end));
                        self.folder.diagnostics.push(told(&error.mistake, span));
                    }
                    None
                }
            };
            self.folder.calendars.insert(name, CalendarFile { file, asked, calendar });
        }
    }

    /// The scripts that the policies name, each written from the folder of its policy.
    fn read_scripts(&mut self) {
        let mut wanted = Vec::new();
        for policy in &self.folder.files {
            let beside = policy.path.parent().unwrap_or(Path::new(""));
            for item in &policy.tree.items {
                if let ast::ItemKind::Script(script) = &item.kind {
                    wanted.push((policy.file, script.file.clone(), beside.join(&*script.file.value)));
                }
            }
        }
        for (policy, name, path) in wanted {
            if self.world.place(&path) == Some(Place::File) {
                if let Some(text) = self.text(&path) {
                    let file = self.sources.add(self.world.name_of(&path), text);
                    self.folder.scripts.push(ScriptFile { policy, name: name.value, file });
                }
                continue;
            }
            self.missing_file("E531", &name, &path);
        }
    }

    /// The files of references that the policies name, each written from the folder of its policy.
    fn read_references(&mut self) {
        let mut wanted = Vec::new();
        for policy in &self.folder.files {
            let beside = policy.path.parent().unwrap_or(Path::new(""));
            for item in &policy.tree.items {
                if let ast::ItemKind::Reference(it) = &item.kind {
                    wanted.push((policy.file, it.file.clone(), beside.join(&*it.file.value)));
                }
            }
        }
        for (policy, name, path) in wanted {
            if self.world.place(&path) == Some(Place::File) {
                if let Some(text) = self.text(&path) {
                    let file = self.sources.add(self.world.name_of(&path), text);
                    self.folder.references.push(ReferenceFile { policy, name: name.value, file });
                }
                continue;
            }
            self.missing_file("E506", &name, &path);
        }
    }

    /// A file beside a policy that is not there.
    fn missing_file(&mut self, code: &'static str, name: &ast::Text, path: &Path) {
        let beside = path.parent().and_then(|folder| self.world.list(folder).ok()).unwrap_or_default();
        let names: Vec<String> =
            beside.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect();
        let missing = Diagnostic::new(code, name.span).arg("path", &name.value);
        self.folder.diagnostics.push(match nearest(&name.value, names.iter().map(String::as_str)) {
            Some(near) => missing.arg("near", near).help("near"),
            None => missing.help("beside"),
        });
    }
}

impl RulesFolder {
    /// Every calendar that a header names must be there.
    fn hold_calendars(&mut self) {
        for policy in &self.files {
            for item in &policy.tree.items {
                let ast::ItemKind::Policy(header) = &item.kind else { continue };
                let Some(name) = &header.calendar else { continue };
                if self.calendars.contains_key(&*name.value) {
                    continue;
                }
                let unknown = Diagnostic::new("E529", name.span).arg("name", &name.value);
                self.diagnostics.push(
                    match nearest(&name.value, self.calendars.keys().map(String::as_str)) {
                        Some(near) => unknown.arg("near", near).help("near"),
                        None => unknown.help("write"),
                    },
                );
            }
        }
    }
}

/// A mistake in a calendar as a diagnostic.
fn told(mistake: &CalendarMistake, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new("E530", span);
    match mistake {
        CalendarMistake::Toml(reason) => diagnostic.arg("reason", reason.replace('\n', " ")),
        CalendarMistake::UnknownKey(key) => diagnostic.variant("unknown").arg("key", key).help("form"),
        CalendarMistake::MissingKey(key) => diagnostic.variant("missing").arg("key", key).help("form"),
        CalendarMistake::WrongValue(key) => diagnostic.variant("value").arg("key", key).help("form"),
        CalendarMistake::NotAWeekday(day) => diagnostic.variant("weekday").arg("day", day),
        CalendarMistake::NotADay(day) => diagnostic.variant("day").arg("day", day),
        CalendarMistake::Reversed(from, to) => diagnostic.variant("reversed").arg("from", from).arg("to", to),
        CalendarMistake::TooLong(from, to) => diagnostic.variant("long").arg("from", from).arg("to", to),
        CalendarMistake::Outside(day) => diagnostic.variant("outside").arg("day", day),
        CalendarMistake::ClosedAndWorking(day) => diagnostic.variant("both").arg("day", day),
        CalendarMistake::AlreadyWorking(day) => diagnostic.variant("already").arg("day", day),
    }
}
