//! The decisions that `gradus.toml` wants kept: deciding them, holding them against what was accepted, and telling what moved.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use regex::Regex;

use super::cmd::test::SCRIPTING;
use super::kept::{How, Kept, Look, Set, decide_set, decide_today};
use super::session::{Failure, Session};
use crate::base::{Lang, Str};
use crate::diag::Diagnostic;
use crate::store::settings::{FILE, LangSetting, SnapshotSet};
use crate::store::{self, Roots, RulesFolder, shown};
use crate::trial::mutants::Accepted;
use crate::trial::snapshot::cause::{Causes, Texts, causes};
use crate::trial::snapshot::decided::Decided;
use crate::trial::snapshot::edits::{Edit, edits, undone};
use crate::trial::snapshot::file::Snapshot;
use crate::trial::snapshot::moved::moved;
use crate::trial::snapshot::rulebook::{RuleBook, beneath};
use crate::trial::snapshot::signed::{Approvals, Signed};
use crate::trial::snapshot::waiting::{self, Acceptance};
use crate::trial::snapshot::{FOLDER, Finding, Project, Report, State, Subject, judge, pending_path};
use crate::trial::{Asked, Suite, kept_folders, snapshot};

/// What is done with decisions that are not as accepted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Update {
    /// Nothing is written.
    No,
    /// They are written as `.snap.new`.
    New,
    /// They are accepted at once.
    Always,
    /// As `new`; nothing is written where `CI` is set.
    Auto,
}

/// What is done with snapshots that nothing asks for any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Unreferenced {
    /// Nothing.
    Ignore,
    /// They are listed.
    Warn,
    /// They are listed, and the command ends with 1.
    Reject,
    /// They are deleted.
    Delete,
}

/// How `gradus test` goes about snapshots.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is written.
    pub update: Update,
    /// What becomes of snapshots that nothing asks for.
    pub unreferenced: Unreferenced,
    /// Only snapshots of whose name this matches a part.
    pub run: Option<Regex>,
    /// How it is decided.
    pub how: How,
    /// Only those of the cases that are tried: paths were named, and the customers of the project are not among them.
    pub cases_alone: bool,
}

/// The folder of the settings, with a slash behind it; empty where the command was started there.
#[must_use]
pub fn base(session: &Session<'_>) -> String {
    let folder = session.settings.path.as_deref().and_then(Path::parent).map(shown).unwrap_or_default();
    if folder.is_empty() || folder.ends_with('/') { folder } else { format!("{folder}/") }
}

/// The project whose decisions are kept.
#[must_use]
pub fn project(session: &Session<'_>) -> Project {
    let base = base(session);
    let own = session.settings.path.as_deref();
    Project {
        settings: own.map_or_else(|| FILE.to_owned(), |path| beneath(&base, &shown(path))),
        base,
        lang: match session.settings.project.lang {
            Some(LangSetting::Zh) => Lang::Zh,
            Some(LangSetting::En | LangSetting::Auto) | None => Lang::En,
        },
    }
}

/// The file of approvals.
#[must_use]
pub fn approvals(session: &Session<'_>) -> PathBuf {
    let usual = || {
        let folder = session.settings.path.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        folder.join("approvals.jsonl")
    };
    session.settings.test.approvals.clone().unwrap_or_else(usual)
}

fn beside(file: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).join(FOLDER)
}

/// The folders in which the snapshots of the project stand.
#[must_use]
pub fn folders(session: &Session<'_>) -> Vec<PathBuf> {
    let sets = session.settings.test.snapshots.iter();
    let mut all: BTreeSet<PathBuf> = sets.flat_map(|set| &set.facts).map(|file| beside(file)).collect();
    all.extend(kept_folders(session.world, &session.settings));
    all.into_iter().collect()
}

/// The rules of the project.
#[must_use]
pub fn rules(session: &mut Session<'_>) -> RulesFolder {
    let roots = Roots::new(session.world, &session.settings, &[]);
    store::load(session.world, &roots, &session.settings, &mut session.sources)
}

/// Decides all sets and holds them against what was accepted.
///
/// # Errors
/// A snapshot cannot be written.
pub fn run(suite: &Suite, options: &Options, session: &mut Session<'_>) -> Result<Report, Failure> {
    let mut report = Report::default();
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    let mut whole = options.run.is_none() && !options.cases_alone && suite.wrong.is_empty();
    let of_settings = if options.cases_alone { Vec::new() } else { session.settings.test.snapshots.clone() };
    let of_facts = of_settings.iter().filter(|set| !set.facts.is_empty()).map(Set::Facts);
    let of_cases = suite.subjects.iter().filter(|it| !it.kept.is_empty()).map(Set::Cases);
    for set in of_facts.chain(of_cases) {
        let folder = &suite.folder;
        let mut kept = match decide_today(&set, folder, options.how, session) {
            Ok(kept) => kept,
            Err(Failure(problems)) => {
                whole = false;
                report.wrong.extend(problems);
                continue;
            }
        };
        whole = whole && kept.wrong.is_empty();
        report.wrong.extend(kept.wrong.iter().cloned());
        report.policies.insert(kept.place);
        report.reached.extend(kept.reached.drain(..).map(|(name, reached)| (kept.place, name, reached)));
        kept.subjects.retain(|subject| {
            // File systems that do not tell cases apart would keep two of them in one file.
            let is_first = wanted.insert(shown(&subject.path).to_lowercase());
            if !is_first {
                report.wrong.push(Diagnostic::nowhere("E561").arg("file", shown(&subject.path)).help("one"));
            }
            is_first
        });
        hold(&set, &kept, folder, options, session, &mut report)?;
    }
    if whole {
        unreferenced(&wanted, &suite.case_files, options, session, &mut report)?;
    }
    Ok(report)
}

/// The decisions that stand as they were accepted, ready to be made again by other plans of their policies: what they would notice,
/// a test would. Gives how many others there are.
///
/// # Errors
/// The policy cannot be built, facts cannot be read.
pub fn accepted(
    suite: &Suite,
    options: &Options,
    session: &mut Session<'_>,
) -> Result<(Vec<Accepted>, usize), Failure> {
    let (mut found, mut others) = (Vec::new(), 0_usize);
    let mut of_settings =
        if options.cases_alone { Vec::new() } else { session.settings.test.snapshots.clone() };
    // Where policies were named, only their decisions are made.
    let usual = session.settings.decide.policy.clone();
    of_settings.retain(|set| {
        let policy = set.policy.as_ref().or(usual.as_ref());
        let name = policy.and_then(|policy| policy.split('@').next());
        name.is_none_or(|name| suite.subjects.iter().any(|subject| subject.name() == name))
    });
    let of_facts = of_settings.iter().filter(|set| !set.facts.is_empty()).map(Set::Facts);
    let of_cases = suite.subjects.iter().filter(|it| !it.kept.is_empty()).map(Set::Cases);
    for set in of_facts.chain(of_cases) {
        let kept = decide_today(&set, &suite.folder, options.how, session)?;
        let Some(subject) = suite.subjects.iter().find(|subject| subject.place == kept.place) else {
            continue;
        };
        let mut same: BTreeSet<Str> = BTreeSet::new();
        for it in kept.subjects.iter().filter(|it| is_asked(it, options)) {
            match judge(it, session.world, &mut session.sources).state {
                State::Same => same.extend(it.decided.iter().map(|it| it.customer.clone())),
                State::New | State::Changed | State::Broken => others = others.saturating_add(1),
            }
        }
        match (&set, kept.people) {
            (Set::Facts(_), Some(mut people)) => {
                people.kept.retain(|(customer, _)| same.contains(customer));
                found.push(Accepted::people(subject, people));
            }
            (Set::Facts(_), None) => {}
            (Set::Cases(_), _) => found.push(Accepted::cases(subject, &same)),
        }
    }
    Ok((found, others))
}

/// Whether a snapshot is among those that `--run` names: by its name, or by `policy/customer`.
fn is_asked(subject: &Subject, options: &Options) -> bool {
    let named = |run: &Regex| {
        let own = |it: &Decided| run.is_match(&format!("{}/{}", subject.policy.0, it.customer));
        run.is_match(&subject.name()) || subject.decided.iter().any(own)
    };
    options.run.as_ref().is_none_or(named)
}

/// Whether anything may be written.
fn writes(update: Update, session: &Session<'_>) -> bool {
    match update {
        Update::No => false,
        Update::New | Update::Always => true,
        Update::Auto => !session.terminal.ci,
    }
}

fn hold(
    set: &Set<'_>,
    kept: &Kept,
    folder: &RulesFolder,
    options: &Options,
    session: &mut Session<'_>,
    report: &mut Report,
) -> Result<(), Failure> {
    let base = base(session);
    let writes = writes(options.update, session);
    let mut is_moved = false;
    let mut differing: Vec<(&Subject, State, Option<Snapshot>)> = Vec::new();
    for subject in kept.subjects.iter().filter(|it| is_asked(it, options)) {
        report.customers = report.customers.saturating_add(subject.decided.len());
        let judged = judge(subject, session.world, &mut session.sources);
        report.wrong.extend(judged.problem.map(|problem| *problem));
        match judged.state {
            State::Same => {
                report.same.push((subject.policy_name(), subject.name()));
                // What waited is decided as accepted again: nothing waits any more.
                let pending = pending_path(&subject.path);
                if writes && session.world.place(&pending).is_some() {
                    waiting::remove(&pending, session.world)?;
                    is_moved = true;
                }
            }
            state @ (State::New | State::Changed | State::Broken) => {
                differing.push((subject, state, judged.accepted));
            }
        }
    }
    if differing.is_empty() {
        return if is_moved { prune(kept, session) } else { Ok(()) };
    }
    let book = RuleBook::of(folder, kept.place, &kept.plan, &session.sources, &base);
    let found = find_causes(set, kept, (folder, &book), &differing, options, session);
    let lang = session.lang();
    for ((subject, state, accepted), causes) in differing.into_iter().zip(found) {
        let in_project = project(session).lang;
        let tell = |lang: Lang, causes: Causes, written: bool| Finding {
            name: subject.name(),
            policy: subject.policy_name(),
            file: beneath(&base, &shown(&subject.path)),
            state: state.clone(),
            customers: subject.decided.iter().map(|it| it.customer.clone()).collect(),
            moved: moved(accepted.as_ref(), &subject.decided, &kept.plan, &subject.outputs, lang),
            causes,
            written,
        };
        let mut finding = tell(lang, causes.0, writes);
        if writes {
            let mut new = subject.snapshot();
            let told = tell(in_project, causes.1, writes);
            if state == State::Changed {
                new.note(&told.sentences(in_project), told.causes.named(in_project));
            }
            let rules = RuleBook::file_name(&subject.policy.0, &subject.policy.2);
            let rules = subject.path.with_file_name(rules);
            let kept = waiting::write_text(&rules, &book.write(), session.world);
            let accepts = options.update == Update::Always;
            let done = kept.map_err(Failure::from).and_then(|()| match accepts {
                true => accept_at_once(subject, accepted.as_ref(), &new, session),
                false => Ok(waiting::write(&pending_path(&subject.path), &new, session.world)?),
            });
            match done {
                Ok(()) if accepts => {
                    report.accepted.push((subject.policy_name(), subject.name()));
                    continue;
                }
                Ok(()) => {}
                // Where one cannot be written, all others are told all the same.
                Err(Failure(problems)) => {
                    finding.written = false;
                    report.wrong.extend(problems);
                }
            }
        }
        report.findings.push(finding);
    }
    if writes { prune(kept, session) } else { Ok(()) }
}

/// Removes the rules that no snapshot of a set needs any more.
fn prune(kept: &Kept, session: &Session<'_>) -> Result<(), Failure> {
    for folder in kept.subjects.iter().filter_map(|it| it.path.parent()).collect::<BTreeSet<_>>() {
        waiting::prune(folder, session.world)?;
    }
    Ok(())
}

fn accept_at_once(
    subject: &Subject,
    accepted: Option<&Snapshot>,
    new: &Snapshot,
    session: &Session<'_>,
) -> Result<(), Failure> {
    let acceptance =
        Acceptance { by: String::from("--update always"), reason: String::new(), on: session.as_of(None) };
    let name = beneath(&base(session), &shown(&subject.path));
    let because: Vec<String> = new.because().map(|(address, _)| address.to_owned()).collect();
    let because = because.iter().map(String::as_str);
    let settled = waiting::settled(new);
    waiting::sign(&name, accepted, &settled, because, &acceptance, &approvals(session), session.world)?;
    waiting::write(&subject.path, &settled, session.world)?;
    waiting::remove(&pending_path(&subject.path), session.world)?;
    Ok(())
}

/// Why each subject differs: in the reader's language, and in that of the project.
fn find_causes(
    set: &Set<'_>,
    kept: &Kept,
    (folder, book): (&RulesFolder, &RuleBook),
    differing: &[(&Subject, State, Option<Snapshot>)],
    options: &Options,
    session: &mut Session<'_>,
) -> Vec<(Causes, Causes)> {
    let mut found = vec![(Causes::default(), Causes::default()); differing.len()];
    let mut by_digest: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (place, (_, _, accepted)) in differing.iter().enumerate() {
        if let Some(accepted) = accepted {
            let text = |key: &str| accepted.info_text(key).unwrap_or("").to_owned();
            by_digest.entry((text("policy"), text("digest"))).or_default().push(place);
        }
    }
    let signed = Approvals::read(&approvals(session), session.world);
    let own_base = base(session);
    for ((subject, state, _), slot) in differing.iter().zip(&mut found) {
        if *state == State::New {
            let gone = signed.last(&beneath(&own_base, &shown(&subject.path)));
            (slot.0.by_hand, slot.1.by_hand) = (gone.clone(), gone);
        }
    }
    for ((policy, digest), places) in by_digest {
        let changed: Vec<(&Subject, &Snapshot, Signed)> = places
            .iter()
            .filter_map(|place| {
                let (subject, _, accepted) = differing.get(*place)?;
                let accepted = accepted.as_ref()?;
                let name = beneath(&own_base, &shown(&subject.path));
                Some((*subject, accepted, signed.of(&name, accepted)))
            })
            .collect();
        let rules = if digest == book.digest {
            Some(Vec::new())
        } else {
            changed.first().and_then(|(subject, _, _)| {
                let path = subject.path.with_file_name(RuleBook::file_name(&policy, &digest));
                let bytes = session.world.read(&path).ok()?;
                let was = RuleBook::read(std::str::from_utf8(&bytes).ok()?)?;
                Some(edits(&was, book))
            })
        };
        let base = own_base.clone();
        let (lang, in_project) = (session.lang(), project(session).lang);
        let sources = session.sources.clone();
        let mut memo: BTreeMap<String, Texts> = BTreeMap::new();
        let again_how = How { look: Look::Decisions, ..options.how };
        let mut again = |undo: &[&Edit]| -> Texts {
            let key = format!("{undo:?}");
            if let Some(known) = memo.get(&key) {
                return known.clone();
            }
            let texts = undone(folder, undo, &mut session.sources).and_then(|folder| {
                let quiet = session.hush(true);
                let decided = decide_set(set, &folder, again_how, session).ok();
                session.hush(quiet);
                let subjects = decided?.subjects.into_iter();
                Some(subjects.map(|subject| (subject.path.clone(), subject.body())).collect())
            });
            memo.insert(key, texts.clone());
            texts
        };
        let rules = rules.as_deref();
        let own = causes(&changed, rules, &kept.plan, &sources, (&base, lang), &mut again);
        let told = causes(&changed, rules, &kept.plan, &sources, (&base, in_project), &mut again);
        for (place, both) in places.iter().zip(own.into_iter().zip(told)) {
            if let Some(slot) = found.get_mut(*place) {
                *slot = both;
            }
        }
    }
    found
}

/// Files in the folders of snapshots that no set asks for.
fn unreferenced(
    wanted: &BTreeSet<String>,
    case_files: &[PathBuf],
    options: &Options,
    session: &mut Session<'_>,
    report: &mut Report,
) -> Result<(), Failure> {
    if options.unreferenced == Unreferenced::Ignore {
        return Ok(());
    }
    let base = base(session);
    for folder in folders(session) {
        for path in session.world.list(&folder).unwrap_or_default() {
            let name = shown(&path);
            let own = name.strip_suffix(".new").unwrap_or(&name);
            if !own.ends_with(".snap") || wanted.contains(&own.to_lowercase()) {
                continue;
            }
            // Another project's tests, or a case file that this run has not read, may ask for it.
            let read = snapshot::read(&path, session.world, &mut session.sources).ok();
            let source = read.and_then(|it| it.source).map(|source| PathBuf::from(format!("{base}{source}")));
            let is_others = source.as_ref().is_some_and(|source| {
                let is_ours = session.settings.path.as_deref().is_none_or(|own| shown(own) == shown(source));
                let is_read = case_files.iter().any(|known| shown(known) == shown(source));
                !is_ours && !is_read && session.world.place(source).is_some()
            });
            if is_others {
                continue;
            }
            if options.unreferenced == Unreferenced::Delete {
                waiting::remove(&path, session.world)?;
            }
            report.unreferenced.push(beneath(&base, &name));
        }
        if options.unreferenced == Unreferenced::Delete {
            waiting::prune(&folder, session.world)?;
        }
    }
    Ok(())
}

/// What is decided today for each snapshot file: whether what waits there is still what would be accepted.
///
/// # Errors
/// The policy cannot be built, facts cannot be read.
pub fn bodies(session: &mut Session<'_>) -> Result<BTreeMap<String, String>, Failure> {
    let mut found = BTreeMap::new();
    let quiet = session.hush(true);
    let all = sets_of_today(session);
    session.hush(quiet);
    for kept in all? {
        found.extend(kept.subjects.into_iter().map(|subject| (shown(&subject.path), subject.body())));
    }
    Ok(found)
}

fn sets_of_today(session: &mut Session<'_>) -> Result<Vec<Kept>, Failure> {
    let how = How { jobs: None, look: Look::Decisions };
    let mut found = Vec::new();
    let sets = session.settings.test.snapshots.clone();
    let of_facts: Vec<&SnapshotSet> = sets.iter().filter(|set| !set.facts.is_empty()).collect();
    if !of_facts.is_empty() {
        let folder = rules(session);
        for set in of_facts {
            found.push(decide_today(&Set::Facts(set), &folder, how, session)?);
        }
    }
    if !kept_folders(session.world, &session.settings).is_empty() {
        let asked = Asked::default();
        let suite =
            Suite::open(session.world, &session.settings, &asked, Some(SCRIPTING), &mut session.sources)?;
        for subject in suite.subjects.iter().filter(|it| !it.kept.is_empty()) {
            found.push(decide_today(&Set::Cases(subject), &suite.folder, how, session)?);
        }
    }
    Ok(found)
}

/// Those that wait and are meant must be what would be decided today.
///
/// # Errors
/// One is of rules or facts that changed since; one is of nothing that is decided any more.
pub fn hold_fresh(chosen: &[&waiting::Waiting], session: &mut Session<'_>) -> Result<(), Failure> {
    let today = bodies(session)?;
    let mut wrong = Vec::new();
    for it in chosen {
        let stale = |variant: &'static str, help: &'static str| {
            Diagnostic::nowhere("E563").variant(variant).arg("name", it.name()).help(help)
        };
        match today.get(&shown(&it.path)) {
            Some(body) if *body == it.new.body => {}
            Some(_) => wrong.push(stale("main", "again")),
            None => wrong.push(stale("gone", "unreferenced")),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure(wrong)) }
}

/// All that waits in the project; what cannot be read is told.
#[must_use]
pub fn pending(session: &mut Session<'_>) -> Vec<waiting::Waiting> {
    let folders = folders(session);
    let (found, wrong) = snapshot::waiting::waiting(session.world, &folders, &mut session.sources);
    session.tell(&wrong);
    found
}

/// Says what to type next, and what nothing asks for.
pub fn tell(report: &Report, unreferenced: Unreferenced, session: &Session<'_>) {
    let lang = session.lang();
    for line in report.next(lang) {
        session.note(&line);
    }
    if !report.unreferenced.is_empty() && unreferenced != Unreferenced::Reject {
        let files: String = report.unreferenced.iter().map(|file| format!("\n  {file}")).collect();
        let deleted = unreferenced == Unreferenced::Delete;
        session.note(&match (lang, deleted) {
            (Lang::En, false) => {
                format!(
                    "nothing asks for these snapshots any more (`--unreferenced delete` removes them):{files}"
                )
            }
            (Lang::En, true) => format!("removed, for nothing asks for them any more:{files}"),
            (Lang::Zh, false) => format!("以下快照已无人过问（`--unreferenced delete` 可删除）：{files}"),
            (Lang::Zh, true) => format!("以下快照已无人过问，已删除：{files}"),
        });
    }
}
