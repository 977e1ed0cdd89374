//! Versions that were released and must stay as they are: whether they do, and which edit says otherwise.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::session::Session;
use super::snapshots::base;
use crate::base::{Lang, SourceMap, Span, Str};
use crate::diag::Diagnostic;
use crate::engine;
use crate::plan::{Plan, digest};
use crate::review::versions::{Lock, Release};
use crate::store::{RulesFolder, shown};
use crate::trial::snapshot::edits::{Edit, called, edits, undone};
use crate::trial::snapshot::rulebook::RuleBook;

/// The folder beside the lock file in which the rules of released versions are kept.
const FOLDER: &str = "released";

/// So many edits are tried one by one; of more, each counts as one that changes the meaning.
const MOST_TRIED: usize = 40;

/// A policy of the folder that was built, with its plan if it is sound.
pub type Built = BTreeMap<usize, Option<Plan>>;

/// The file that keeps what a released version said.
#[must_use]
pub fn kept_path(lock: &Path, name: &str, digest: &str) -> PathBuf {
    lock.with_file_name(FOLDER).join(RuleBook::file_name(name, digest))
}

/// Holds the policies that were built to what was released: each edit once, with all versions that it alters.
#[must_use]
pub fn hold(
    lock: &Lock,
    folder: &RulesFolder,
    built: &Built,
    whole: bool,
    session: &mut Session<'_>,
) -> Vec<Diagnostic> {
    let mut found = Found::default();
    for release in lock.standing() {
        match folder.find(&release.name, &release.version) {
            Some(place) => {
                if let Some(plan) = built.get(&place) {
                    one(release, folder, (place, plan.as_ref()), session, &mut found);
                }
            }
            None if whole => found.gone.push(gone(release, folder, session)),
            None => {}
        }
    }
    found.told()
}

/// What was found; the same edit may alter several versions, each that uses the policy in which it stands.
#[derive(Default)]
struct Found {
    edits: Vec<(Diagnostic, Vec<String>)>,
    gone: Vec<Diagnostic>,
}

impl Found {
    fn add(&mut self, told: Diagnostic, release: &Release) {
        let told = match release.span {
            Some(span) => told.label(span, "release"),
            None => told,
        };
        let told = told.arg("day", release.released).arg("by", &release.by);
        let same = |(other, _): &&mut (Diagnostic, Vec<String>)| {
            let what = |it: &Diagnostic| it.args.iter().find(|(key, _)| *key == "what").cloned();
            (other.code, other.variant, other.span) == (told.code, told.variant, told.span)
                && what(other) == what(&told)
        };
        match self.edits.iter_mut().find(same) {
            Some((_, titles)) => titles.push(release.title()),
            None => self.edits.push((told, vec![release.title()])),
        }
    }

    fn told(self) -> Vec<Diagnostic> {
        let edits = self.edits.into_iter().map(|(told, titles)| {
            let first = titles.first().cloned().unwrap_or_default();
            let all: Vec<String> = titles.iter().map(|title| format!("`{title}`")).collect();
            told.arg("versions", all.join(", ")).arg("first", first)
        });
        edits.chain(self.gone).collect()
    }
}

/// What a released version said, from the file that keeps it; none where the file is not there or is that of another.
fn kept(release: &Release, session: &Session<'_>) -> Option<RuleBook> {
    let path = kept_path(&Lock::path(&session.settings), &release.name, &release.digest);
    let bytes = session.world.read(&path).ok()?;
    RuleBook::read(std::str::from_utf8(&bytes).ok()?).filter(|book| book.digest == release.digest)
}

fn one(
    release: &Release,
    folder: &RulesFolder,
    (place, plan): (usize, Option<&Plan>),
    session: &mut Session<'_>,
    found: &mut Found,
) {
    let header = folder.files.get(place).and_then(|file| file.header.as_ref());
    let (Some(header), base) = (header, base(session)) else { return };
    let Some(plan) = plan else {
        return found.add(Diagnostic::new("E550", header.span).variant("unread").help("undo"), release);
    };
    if *plan.digest == *release.digest {
        return;
    }
    let was = kept(release, session);
    let now = RuleBook::of(folder, place, plan, &session.sources, &base);
    let changed = was.as_ref().map(|was| edits(was, &now)).unwrap_or_default();
    if *digest::of_rules(plan) == *release.rules {
        let outside: Vec<&Edit> = changed.iter().filter(|edit| edit.outside.is_some()).collect();
        for edit in &outside {
            found.add(beside(edit.outside.as_deref().unwrap_or_default(), folder, header.span), release);
        }
        if outside.is_empty() {
            found.add(beside("", folder, header.span), release);
        }
        return;
    }
    let meant = meant(&changed, folder, place, plan, session);
    if meant.is_empty() {
        let unknown = Diagnostic::new("E550", header.span).variant("unknown").help("undo").note("why");
        let path = kept_path(&Lock::path(&session.settings), &release.name, &release.digest);
        let unknown = unknown.arg("file", shown(&path));
        found.add(if was.is_none() { unknown.note("kept") } else { unknown }, release);
    }
    for edit in meant {
        let named = |lang: Lang| called(edit, plan, &session.sources, &base, lang).words;
        let span = edit.span().or_else(|| script(edit.outside.as_deref(), folder)).unwrap_or(header.span);
        let told = Diagnostic::new("E550", span).arg_in("what", named(Lang::En), named(Lang::Zh));
        let told = match &edit.was {
            Some(was) => {
                let was: Vec<&str> = was.split_whitespace().collect();
                told.arg("was", was.join(" ")).help("was")
            }
            None => told,
        };
        found.add(told.help("undo").note("why"), release);
    }
}

/// The edits without which the policy would mean something else than it does: not those of labels alone.
fn meant<'e>(
    changed: &'e [Edit],
    folder: &RulesFolder,
    place: usize,
    plan: &Plan,
    session: &mut Session<'_>,
) -> Vec<&'e Edit> {
    let inside = changed.iter().filter(|edit| edit.outside.is_none()).count();
    changed
        .iter()
        .filter(|edit| match &edit.outside {
            // A calendar or a reference is told of where nothing else changed.
            Some(outside) => outside.starts_with("script "),
            None if inside > MOST_TRIED => true,
            None => undone(folder, &[*edit], &mut session.sources)
                .and_then(|folder| engine::build(&folder, place, &session.sources).plan)
                .is_none_or(|without| without.digest != plan.digest),
        })
        .collect()
}

/// A calendar or a reference that is not the one of the release: `calendar cn`; an empty name where it is not known which.
fn beside(outside: &str, folder: &RulesFolder, header: Span) -> Diagnostic {
    let (kind, name) = outside.split_once(' ').unwrap_or_default();
    let file = match kind {
        "calendar" => folder.calendars.get(name).map(|it| it.file),
        _ => folder.references.iter().find(|it| *it.name == *name).map(|it| it.file),
    };
    let (en, zh) = match kind {
        "calendar" => (format!("calendar `{name}`"), format!("日历 `{name}` ")),
        "reference" => (format!("reference `{name}`"), format!("参照表 `{name}` ")),
        _ => (String::from("calendar or reference"), String::from("日历或参照表")),
    };
    let span = file.map_or(header, |file| Span::new(file, 0, 0));
    Diagnostic::new("E555", span).arg_in("what", en, zh).help("amend").note("why")
}

fn script(outside: Option<&str>, folder: &RulesFolder) -> Option<Span> {
    let name = outside?.strip_prefix("script ")?;
    let script = folder.scripts.iter().find(|it| *it.name == *name)?;
    Some(Span::new(script.file, 0, 0))
}

/// A released version that no file holds; where its file holds another, that one.
fn gone(release: &Release, folder: &RulesFolder, session: &Session<'_>) -> Diagnostic {
    let base = base(session);
    let told = |told: Diagnostic| {
        told.arg("name", &release.name).arg("version", &release.version).arg("day", release.released)
    };
    let file = kept(release, session).and_then(|book| Some(book.policies.last()?.file.clone()));
    let heir = file.and_then(|path| {
        let here = folder.files.iter().find(|file| shown(&file.path) == format!("{base}{path}"))?;
        here.header.as_ref()
    });
    match (heir, release.span) {
        (Some(heir), at) => {
            let now = format!("{}@{}", heir.name, heir.version);
            let renamed = told(Diagnostic::new("E551", heir.span)).variant("renamed").arg("now", now);
            let renamed = renamed.help("name");
            match at {
                Some(at) => renamed.label(at, "release"),
                None => renamed,
            }
        }
        (None, Some(at)) => told(Diagnostic::new("E551", at)).help("restore"),
        (None, None) => told(Diagnostic::nowhere("E551")).help("restore"),
    }
}

/// What a version says, to be kept beside the lock file.
#[must_use]
pub fn rules(folder: &RulesFolder, place: usize, plan: &Plan, sources: &SourceMap, base: &str) -> Str {
    Str::from(RuleBook::of(folder, place, plan, sources, base).write())
}
