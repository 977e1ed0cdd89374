//! Deciding what is kept: the customers of the files of facts that `gradus.toml` names, and cases.

use std::collections::BTreeSet;
use std::path::Path;

use super::args::{self, Moment, Rules};
use super::lanes::{Lane, Lanes};
use super::policy::{self, Ready};
use super::session::{Failure, Session};
use super::snapshots::project;
use crate::base::Lang;
use crate::base::{Str, nearest};
use crate::diag::Diagnostic;
use crate::engine;
use crate::eval::{Env, Facts, ScriptHost, Trace, stands};
use crate::interop::Reader;
use crate::plan::Plan;
use crate::script::Host;
use crate::store::settings::{Decide, Per, SnapshotSet};
use crate::store::{RulesFolder, shown};
use crate::trial::coverage::{Goal, Reached, goals, of_decision};
use crate::trial::mutants::People;
use crate::trial::snapshot::cases::{self, Ground};
use crate::trial::snapshot::decided::{Decided, outputs};
use crate::trial::snapshot::{Project, Subject};
use crate::trial::{self, threads};
use crate::value::Calendar;

/// How decisions are made that are kept.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// How many threads.
    pub jobs: Option<u16>,
    /// What is wanted besides the decisions.
    pub look: Look,
}

/// What is wanted besides the decisions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// Nothing.
    Decisions,
    /// What each decision reached of the policy.
    Coverage,
    /// The customers, so that they can be decided again by other plans of the policy.
    People,
}

impl How {
    fn goals(self, plan: &Plan) -> Option<Vec<Goal>> {
        (self.look == Look::Coverage).then(|| goals(plan))
    }
}

/// The decisions of one set.
pub struct Kept {
    /// The place of the policy in the folder.
    pub place: usize,
    /// What decided.
    pub plan: Plan,
    /// What each file is to hold.
    pub subjects: Vec<Subject>,
    /// Customers that could not be read, or are not there; cases that cannot be decided.
    pub wrong: Vec<Diagnostic>,
    /// What each decision reached of the policy, where that is looked at.
    pub reached: Vec<(Str, Reached)>,
    /// The customers, where they are to be decided again.
    pub people: Option<People>,
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

/// What decisions are kept of.
pub enum Set<'s> {
    /// The customers of files of facts.
    Facts(&'s SnapshotSet),
    /// The cases of a policy.
    Cases(&'s trial::Subject),
}

/// Decides all that a set holds by rules that are loaded: those of today, or others of the same project.
///
/// # Errors
/// The policy cannot be built, a file of facts cannot be read at all.
pub fn decide_set(
    set: &Set<'_>,
    folder: &RulesFolder,
    how: How,
    session: &mut Session<'_>,
) -> Result<Kept, Failure> {
    match set {
        Set::Facts(set) => decide(set, folder, how, session),
        Set::Cases(subject) => {
            let built = engine::build_with(folder, subject.place, subject.more.clone(), &session.sources);
            let Some(plan) = built.plan else { return Err(Failure(built.diagnostics)) };
            let scripts = Host::new(&plan.scripts, &plan.schema.enums);
            Ok(of_cases(subject, plan, (&built.calendars, Some(&scripts)), how, session))
        }
    }
}

/// The same by the rules of today.
///
/// # Errors
/// As [`decide_set`].
pub fn decide_today(
    set: &Set<'_>,
    folder: &RulesFolder,
    how: How,
    session: &mut Session<'_>,
) -> Result<Kept, Failure> {
    match set {
        Set::Facts(set) => decide(set, folder, how, session),
        // The policy is built already.
        Set::Cases(subject) => {
            let tools = (subject.calendars.as_slice(), subject.scripts());
            Ok(of_cases(subject, subject.plan.clone(), tools, how, session))
        }
    }
}

/// Decides the cases of a policy that are kept, by the plan of today or another of the same policy.
fn of_cases(
    subject: &trial::Subject,
    plan: Plan,
    (calendars, scripts): (&[Calendar], Option<&dyn ScriptHost>),
    how: How,
    session: &Session<'_>,
) -> Kept {
    let project = project(session);
    let ground = Ground { plan: &plan, calendars, scripts, sources: &session.sources, jobs: how.jobs };
    let cases = subject.kept_cases_of(&plan);
    let goals = how.goals(&plan);
    let (mut decided, mut wrong, mut reached) = (Vec::new(), Vec::new(), Vec::new());
    for ((kept, case), it) in cases.iter().zip(cases::decide(&ground, &cases, &project)) {
        match it {
            Ok(it) => {
                reached.extend(goals.as_ref().map(|goals| {
                    let stands = stands(case);
                    (case.name.clone(), of_decision(&plan, goals, it.decision, &stands, &it.trace))
                }));
                decided.push((*kept, case.clone(), it));
            }
            Err(problem) => wrong.push(*problem),
        }
    }
    let subjects = cases::subjects(&plan, &decided, &project);
    Kept { place: subject.place, plan, subjects, wrong, reached, people: None }
}

/// Decides the customers of a set by rules that are loaded.
///
/// # Errors
/// The policy cannot be built, a file of facts cannot be read at all.
fn decide(
    set: &SnapshotSet,
    folder: &RulesFolder,
    how: How,
    session: &mut Session<'_>,
) -> Result<Kept, Failure> {
    let own = effective(set, &session.settings.decide);
    let usual = std::mem::replace(&mut session.settings.decide, own);
    let kept = decide_so(set, folder, how, session);
    session.settings.decide = usual;
    kept
}

fn decide_so(
    set: &SnapshotSet,
    folder: &RulesFolder,
    how: How,
    session: &mut Session<'_>,
) -> Result<Kept, Failure> {
    let rules = Rules {
        paths: Vec::new(),
        policy: None,
        decision: None,
        moment: Moment { as_of: set.as_of, known_at: None },
        settings: set.set.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        show_personal: false,
    };
    let facts = args::Facts {
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
    let books = lanes.books(&opened, given, how.jobs, session)?;
    let book = books.first().and_then(Option::as_ref);
    let goals = how.goals(&ready.plan);
    let mut people = (how.look == Look::People).then(|| People {
        decision: ready.plan.decisions.get(ready.decision).map(|it| it.name.clone()).unwrap_or_default(),
        day: ready.day,
        settings: ready.settings.clone(),
        kept: Vec::new(),
        book_of: Vec::new(),
        book: book.filter(|_| given.is_some()).cloned(),
    });
    let mut reached = Vec::new();
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
        if let Some(people) = people.as_mut().filter(|_| lane.is_made) {
            people.book_of.extend((0..reader.len()).map(|place| reader.customer(place).ok()));
        }
        all.extend(set.customers.iter().filter_map(|it| reader.nearest(it).map(str::to_owned)));
        let project = project(session);
        let decided =
            threads::map(how.jobs, &places, |place| one(reader, *place, &ready, &env, session, project.lang));
        let mut own = Vec::new();
        for decided in decided {
            match decided {
                Ok((decided, facts, trace)) => {
                    reached.extend(goals.as_ref().map(|goals| {
                        let stands = BTreeSet::new();
                        let own = of_decision(&ready.plan, goals, ready.decision, &stands, &trace);
                        (decided.customer.clone(), own)
                    }));
                    if let Some(people) = &mut people {
                        people.kept.push((decided.customer.clone(), facts));
                    }
                    own.push(decided);
                }
                Err(problems) => wrong.extend(problems),
            }
        }
        subjects.extend(files_of(set, file, own, &ready, &project));
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
    Ok(Kept { place, plan: ready.plan, subjects, wrong, reached, people })
}

fn one(
    reader: &Reader<'_>,
    place: usize,
    ready: &Ready,
    env: &Env<'_>,
    session: &Session<'_>,
    lang: Lang,
) -> Result<(Decided, Facts, Trace), Vec<Diagnostic>> {
    let facts = reader.customer(place).map_err(|reject| reject.problems.clone())?;
    let (story, trace) = engine::story(&ready.plan, ready.decision, &facts, env, &session.sources)
        .map_err(|diagnostic| vec![*diagnostic])?;
    Ok((Decided::of(&story, &ready.plan, lang), facts, trace))
}

/// The files that the customers of one file of facts fill.
fn files_of(
    set: &SnapshotSet,
    file: &Path,
    decided: Vec<Decided>,
    ready: &Ready,
    project: &Project,
) -> Vec<Subject> {
    let plan = &ready.plan;
    let input = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let subject = |customer: Option<&str>, decided: Vec<Decided>| Subject {
        set: ready.settings.clone(),
        decided,
        outputs: outputs(plan, ready.decision),
        ..project.subject(plan, ready.decision, (file, &input), customer, ready.day.to_string())
    };
    match set.per {
        Per::File => vec![subject(None, decided)],
        Per::Customer => {
            let each = decided.into_iter().map(|it| (it.customer.clone(), it));
            each.map(|(customer, it): (Str, Decided)| subject(Some(&customer), vec![it])).collect()
        }
    }
}
