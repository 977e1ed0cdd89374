//! The decisions that `gradus.toml` wants kept: deciding them, holding them against what was accepted, and telling what moved.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use regex::Regex;

use super::args::{Facts, Rules};
use super::lanes::{Lane, Lanes};
use super::policy::{self, Ready};
use super::session::{Failure, Session};
use crate::base::{Lang, Str, nearest};
use crate::diag::Diagnostic;
use crate::engine;
use crate::eval::Env;
use crate::interop::Reader;
use crate::plan::Plan;
use crate::store::settings::{Decide, FILE, LangSetting, Per, SnapshotSet};
use crate::store::{self, Roots, RulesFolder, shown};
use crate::trial::snapshot::cause::{Causes, Texts, causes};
use crate::trial::snapshot::decided::{Decided, outputs};
use crate::trial::snapshot::edits::{Edit, edits, undone};
use crate::trial::snapshot::file::Snapshot;
use crate::trial::snapshot::moved::moved;
use crate::trial::snapshot::rulebook::{RuleBook, beneath};
use crate::trial::snapshot::waiting::{self, Acceptance};
use crate::trial::snapshot::{FOLDER, Finding, Report, State, Subject, file_name, judge, pending_path};
use crate::trial::{snapshot, threads};

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
    /// How many threads.
    pub jobs: Option<u16>,
}

/// The decisions of one set.
pub struct Kept {
    /// The place of the policy in the folder.
    pub place: usize,
    /// What decided.
    pub plan: Plan,
    /// What each file is to hold.
    pub subjects: Vec<Subject>,
    /// Customers that could not be read, or are not there.
    pub wrong: Vec<Diagnostic>,
}

/// The folder of the settings, with a slash behind it; empty where the command was started there.
#[must_use]
pub fn base(session: &Session<'_>) -> String {
    let folder = session.settings.path.as_deref().and_then(Path::parent).map(shown).unwrap_or_default();
    if folder.is_empty() || folder.ends_with('/') { folder } else { format!("{folder}/") }
}

/// The language in which decisions are kept: that of the project, whatever the reader's.
fn lang_of(session: &Session<'_>) -> Lang {
    match session.settings.project.lang {
        Some(LangSetting::Zh) => Lang::Zh,
        Some(LangSetting::En | LangSetting::Auto) | None => Lang::En,
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
    let all: BTreeSet<PathBuf> = sets.flat_map(|set| &set.facts).map(|file| beside(file)).collect();
    all.into_iter().collect()
}

/// The rules of the project.
#[must_use]
pub fn rules(session: &mut Session<'_>) -> RulesFolder {
    let roots = Roots::new(session.world, &session.settings, &[]);
    store::load(session.world, &roots, &session.settings, &mut session.sources)
}

/// What a set says of deciding, on what `[decide]` says of the same policy.
fn effective(set: &SnapshotSet, usual: &Decide) -> Decide {
    let name_of = |wanted: &str| wanted.split('@').next().unwrap_or("").to_owned();
    let same = match (&set.policy, &usual.policy) {
        (Some(own), Some(usual)) => name_of(own) == name_of(usual),
        (None, _) => true,
        (Some(_), None) => false,
    };
    let mut decide = if same { usual.clone() } else { Decide::default() };
    let or = |own: &Option<String>, usual: Option<String>| own.clone().or(usual);
    decide.policy = or(&set.policy, decide.policy);
    decide.decision = or(&set.decision, decide.decision);
    decide.encoding = or(&set.encoding, decide.encoding);
    decide.numbers = or(&set.numbers, decide.numbers);
    decide.dates = or(&set.dates, decide.dates);
    decide.mapping = set.mapping.clone().or(decide.mapping);
    decide.lists.extend(set.lists.clone());
    decide
}

/// Decides the customers of a set by rules that are loaded.
///
/// # Errors
/// The policy cannot be built, a file of facts cannot be read at all.
pub fn decide(
    set: &SnapshotSet,
    folder: &RulesFolder,
    jobs: Option<u16>,
    session: &mut Session<'_>,
) -> Result<Kept, Failure> {
    let own = effective(set, &session.settings.decide);
    let usual = std::mem::replace(&mut session.settings.decide, own);
    let kept = decide_so(set, folder, jobs, session);
    session.settings.decide = usual;
    kept
}

fn decide_so(
    set: &SnapshotSet,
    folder: &RulesFolder,
    jobs: Option<u16>,
    session: &mut Session<'_>,
) -> Result<Kept, Failure> {
    let rules = Rules {
        paths: Vec::new(),
        policy: None,
        decision: None,
        as_of: Some(set.as_of),
        settings: set.set.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        show_personal: false,
    };
    let facts = Facts {
        files: set.facts.clone(),
        stdin_filename: None,
        lists: Vec::new(),
        map: None,
        last: set.last.clone(),
        book: set.book.clone(),
        strict: false,
        sheet: None,
        encoding: None,
        numbers: None,
        dates: None,
    };
    let (place, ready) = policy::of(folder, &rules, session)?;
    let given = facts.book.as_deref();
    let lanes = Lanes::new(vec![Lane::new(&ready, given)?], true);
    let mut opened = Vec::new();
    for file in &facts.files {
        opened.push(lanes.open(&facts, file, false, session)?);
    }
    let books = lanes.books(&opened, given, jobs, session)?;
    let book = books.first().and_then(Option::as_ref);
    let mut subjects = Vec::new();
    let mut wrong = Vec::new();
    let mut found: BTreeSet<&str> = BTreeSet::new();
    let mut all: Vec<String> = Vec::new();
    for (file, source) in facts.files.iter().zip(&opened) {
        let (Some(reader), Some(lane)) = (source.reader(0), lanes.get(0)) else { continue };
        let env = Env { book, ..lane.env.clone() };
        let places: Vec<usize> = match set.customers.as_slice() {
            [] => (0..reader.len()).collect(),
            wanted => wanted
                .iter()
                .filter_map(|customer| {
                    let place = reader.find(customer)?;
                    found.insert(customer);
                    Some(place)
                })
                .collect(),
        };
        all.extend(set.customers.iter().filter_map(|it| reader.nearest(it).map(str::to_owned)));
        let lang = lang_of(session);
        let decided = threads::map(jobs, &places, |place| one(reader, *place, &ready, &env, session, lang));
        let mut own = Vec::new();
        for decided in decided {
            match decided {
                Ok(decided) => own.push(decided),
                Err(problems) => wrong.extend(problems),
            }
        }
        subjects.extend(files_of(set, file, own, &ready, session));
    }
    for customer in set.customers.iter().filter(|customer| !found.contains(customer.as_str())) {
        let files: Vec<String> = facts.files.iter().map(|file| shown(file)).collect();
        let missing = Diagnostic::nowhere("E562").arg("customer", customer).arg("files", files.join(", "));
        wrong.push(match nearest(customer, all.iter().map(String::as_str)) {
            Some(near) => missing.arg("near", near).help("near"),
            None => missing.help("settings"),
        });
    }
    drop(opened);
    drop(lanes);
    Ok(Kept { place, plan: ready.plan, subjects, wrong })
}

fn one(
    reader: &Reader<'_>,
    place: usize,
    ready: &Ready,
    env: &Env<'_>,
    session: &Session<'_>,
    lang: Lang,
) -> Result<Decided, Vec<Diagnostic>> {
    let facts = reader.customer(place).map_err(|reject| reject.problems.clone())?;
    let story = engine::why(&ready.plan, ready.decision, &facts, env, &session.sources)
        .map_err(|diagnostic| vec![*diagnostic])?;
    Ok(Decided::of(&story, &ready.plan, lang))
}

/// The files that the customers of one file of facts fill.
fn files_of(
    set: &SnapshotSet,
    file: &Path,
    decided: Vec<Decided>,
    ready: &Ready,
    session: &Session<'_>,
) -> Vec<Subject> {
    let plan = &ready.plan;
    let (name, version) = plan.policies.last().map_or(("", ""), |policy| (&*policy.name, &*policy.version));
    let decision = plan.decisions.get(ready.decision).map_or("", |decision| &*decision.name);
    let input = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let base = base(session);
    let lang = lang_of(session);
    let policy = plan.policies.last().map_or("", |policy| &**policy.label.pick(lang));
    let decided_as = plan.decisions.get(ready.decision).map_or("", |decision| &**decision.label.pick(lang));
    let title = match lang {
        Lang::En => format!("{decided_as}, by {policy}"),
        Lang::Zh => format!("{decided_as}，依据{policy}"),
    };
    let subject = |customer: Option<&str>, decided: Vec<Decided>| Subject {
        path: beside(file).join(file_name(name, decision, &input, customer)),
        source: session
            .settings
            .path
            .as_deref()
            .map_or_else(|| FILE.to_owned(), |path| beneath(&base, &shown(path))),
        input_file: Some(beneath(&base, &shown(file))),
        policy: (name.to_owned(), version.to_owned(), plan.digest.to_string()),
        decision: decision.to_owned(),
        title: title.clone(),
        as_of: ready.day.to_string(),
        set: ready.settings.clone(),
        currency: plan.policies.last().map(|policy| policy.currency.to_string()).unwrap_or_default(),
        decided,
        outputs: outputs(plan, ready.decision),
    };
    match set.per {
        Per::File => vec![subject(None, decided)],
        Per::Customer => {
            let each = decided.into_iter().map(|it| (it.customer.clone(), it));
            each.map(|(customer, it): (Str, Decided)| subject(Some(&customer), vec![it])).collect()
        }
    }
}

/// Decides all sets and holds them against what was accepted.
///
/// # Errors
/// A snapshot cannot be written.
pub fn run(folder: &RulesFolder, options: &Options, session: &mut Session<'_>) -> Result<Report, Failure> {
    let mut report = Report::default();
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    let mut whole = options.run.is_none();
    for set in session.settings.test.snapshots.clone() {
        let mut kept = match decide(&set, folder, options.jobs, session) {
            Ok(kept) => kept,
            Err(Failure(problems)) => {
                whole = false;
                report.wrong.extend(problems);
                continue;
            }
        };
        whole = whole && kept.wrong.is_empty();
        report.wrong.extend(kept.wrong.iter().cloned());
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
        unreferenced(&wanted, options, session, &mut report)?;
    }
    Ok(report)
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
    set: &SnapshotSet,
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
    let asked = |subject: &&Subject| options.run.as_ref().is_none_or(|run| run.is_match(&subject.name()));
    for subject in kept.subjects.iter().filter(asked) {
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
        let in_project = lang_of(session);
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
        let finding = tell(lang, causes.0, writes);
        if writes {
            let mut new = subject.snapshot();
            let told = tell(in_project, causes.1, writes);
            if state == State::Changed {
                new.note(&told.sentences(in_project), told.causes.named(in_project));
            }
            let rules = RuleBook::file_name(&subject.policy.0, &subject.policy.2);
            waiting::write_text(&subject.path.with_file_name(rules), &book.write(), session.world)?;
            if options.update == Update::Always {
                accept_at_once(subject, accepted.as_ref(), &new, session)?;
                report.accepted.push((subject.policy_name(), subject.name()));
                continue;
            }
            waiting::write(&pending_path(&subject.path), &new, session.world)?;
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
    set: &SnapshotSet,
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
    for ((policy, digest), places) in by_digest {
        let changed: Vec<(&Subject, &Snapshot)> = places
            .iter()
            .filter_map(|place| {
                let (subject, _, accepted) = differing.get(*place)?;
                Some((*subject, accepted.as_ref()?))
            })
            .collect();
        let rules = if digest == book.digest {
            Some(Vec::new())
        } else {
            changed.first().and_then(|(subject, _)| {
                let path = subject.path.with_file_name(RuleBook::file_name(&policy, &digest));
                let bytes = session.world.read(&path).ok()?;
                let was = RuleBook::read(std::str::from_utf8(&bytes).ok()?)?;
                Some(edits(&was, book))
            })
        };
        let base = base(session);
        let (lang, in_project) = (session.lang(), lang_of(session));
        let sources = session.sources.clone();
        let mut memo: BTreeMap<String, Texts> = BTreeMap::new();
        let mut again = |undo: &[&Edit]| -> Texts {
            let key = format!("{undo:?}");
            if let Some(known) = memo.get(&key) {
                return known.clone();
            }
            let texts = undone(folder, undo, &mut session.sources).and_then(|folder| {
                let quiet = session.hush(true);
                let decided = decide(set, &folder, options.jobs, session).ok();
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
    options: &Options,
    session: &Session<'_>,
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
    let folder = rules(session);
    let mut found = BTreeMap::new();
    for set in session.settings.test.snapshots.clone() {
        let quiet = session.hush(true);
        let kept = decide(&set, &folder, None, session);
        session.hush(quiet);
        let kept = kept?;
        found.extend(kept.subjects.into_iter().map(|subject| (shown(&subject.path), subject.body())));
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
    if !report.unreferenced.is_empty() {
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
