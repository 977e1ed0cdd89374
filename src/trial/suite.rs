//! A suite: the policies of a project with the cases that try them, loaded and built once.
//!
//! ```text
//! Suite::open ─► Suite::run ─► Vec<PolicyTrial> ─► report
//!      │
//!      └─► Subject: plan, calendars, scripts, cases     what snapshots, coverage and mutants run on
//! ```

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::kept::KeptCase;
use super::load::{self, Found, Placed};
use super::run::{CaseTrial, PolicyTrial, try_case};
use super::threads;
use super::wanted::{Wanted, full_name};
use crate::base::{FileId, Lang, SourceMap, nearest};
use crate::diag::{Diagnostic, Fix};
use crate::engine;
use crate::eval::{CaseResult, ScriptFunction, ScriptHost, run_case};
use crate::plan::{CaseItem, Plan};
use crate::store::{RulesFolder, Settings, World, shown};
use crate::syntax::ast;
use crate::value::{Calendar, Date, Enums};

/// Where policies and case files are taken from, and with how many threads they are built.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asked {
    /// Policies, case files, and folders of them; without any, those of the settings, or the folder `rules`.
    pub paths: Vec<PathBuf>,
    /// The day on which a case that states none chooses the version of its policy; none: today.
    pub as_of: Option<Date>,
    /// The day of what was known: versions that were not known yet do not exist; none: all that stand there.
    pub known_at: Option<Date>,
    /// How many threads; none: as many as there are cores.
    pub jobs: Option<u16>,
}

/// What reads and calls the functions of scripts. It comes from outside, for scripts are a feature of their own.
#[derive(Clone, Copy)]
pub struct Scripting {
    /// What is wrong with the scripts of a plan.
    pub check: fn(&[ScriptFunction]) -> Vec<Diagnostic>,
    /// What calls them.
    pub host: fn(&[ScriptFunction], &Enums) -> Box<dyn ScriptHost + Send>,
}

/// Policies with their cases, built.
pub struct Suite {
    /// The rules they stand in.
    pub folder: RulesFolder,
    /// The policies that can be tried, in the order of their files.
    pub subjects: Vec<Subject>,
    /// What keeps policies and case files from being tried: each mistake once, in the order of the texts.
    pub wrong: Vec<Diagnostic>,
    /// The case files that were read.
    pub case_files: Vec<PathBuf>,
    /// How many threads.
    pub jobs: Option<u16>,
}

/// A policy that is tried: built once, then run as often as its cases, or changes of its plan, want it.
pub struct Subject {
    /// Its place in the folder.
    pub place: usize,
    /// The name of its file.
    pub file: String,
    /// Its plan, with the cases that stand in the policy and in case files.
    pub plan: Plan,
    /// The calendars of the plan, in its order.
    pub calendars: Vec<Calendar>,
    /// The cases of case files, as they stand behind those of the policy.
    pub more: Vec<ast::Item>,
    /// The cases whose decisions are held against those that were accepted.
    pub kept: Vec<KeptCase>,
    /// The case files whose cases alone are tried, where the policy itself was not asked for.
    only: Option<BTreeSet<FileId>>,
    scripts: Option<Box<dyn ScriptHost + Send>>,
}

impl Suite {
    /// Loads policies and case files and builds them. What is wrong with one of them keeps only that one from being tried.
    ///
    /// # Errors
    /// A file that was named is not there or cannot be read as text.
    pub fn open(
        world: &dyn World,
        settings: &Settings,
        asked: &Asked,
        scripting: Option<Scripting>,
        sources: &mut SourceMap,
    ) -> Result<Suite, Box<Diagnostic>> {
        let mut found = load::load(world, settings, &asked.paths, sources)?;
        if let Some(known_at) = asked.known_at {
            found.folder.leave_unknown(known_at);
        }
        let day = asked.as_of.unwrap_or_else(|| world.today());
        let placed = load::placed(&found, day, world, settings);
        Ok(Suite::build(found, placed, asked.jobs, scripting, sources))
    }

    fn build(
        found: Found,
        placed: Placed,
        jobs: Option<u16>,
        scripting: Option<Scripting>,
        sources: &SourceMap,
    ) -> Suite {
        let Placed { mut wrong, cases, kept, broken } = placed;
        let (folder, case_files) = (found.folder, found.paths);
        let asked = |place: usize| folder.files.get(place).is_some_and(|file| file.asked);
        let places: Vec<usize> =
            (0..folder.files.len()).filter(|place| asked(*place) || cases.contains_key(place)).collect();
        let built = threads::map(jobs, &places, |place| {
            let more = cases.get(place).cloned().unwrap_or_default();
            let only = (!asked(*place)).then(|| more.iter().map(|item| item.span.file).collect());
            let built = engine::build_with(&folder, *place, more.clone(), sources);
            let Some(plan) = built.plan.filter(|_| !broken.contains(place)) else {
                return Err(built.diagnostics);
            };
            let scripts = scripting.map(|it| (it.check)(&plan.scripts)).unwrap_or_default();
            if scripts.iter().any(Diagnostic::is_error) {
                return Err(scripts);
            }
            Ok(Subject {
                place: *place,
                file: folder.files.get(*place).map(|file| shown(&file.path)).unwrap_or_default(),
                scripts: scripting.map(|it| (it.host)(&plan.scripts, &plan.schema.enums)),
                calendars: built.calendars,
                plan,
                more,
                kept: kept.get(place).cloned().unwrap_or_default(),
                only,
            })
        });
        let mut subjects = Vec::new();
        for built in built {
            match built {
                Ok(subject) => subjects.push(subject),
                Err(mistakes) => wrong.extend(mistakes.into_iter().filter(Diagnostic::is_error)),
            }
        }
        let wrong = in_order(wrong, &folder, sources);
        Suite { folder, subjects, wrong, case_files, jobs }
    }

    /// Runs the cases that are wanted, on all threads; what is told of failures is told in a language.
    #[must_use]
    pub fn run(&self, wanted: &Wanted, sources: &SourceMap, lang: Lang) -> Vec<PolicyTrial<'_>> {
        let all: Vec<(&Subject, CaseItem)> = self
            .subjects
            .iter()
            .flat_map(|subject| subject.cases(wanted).into_iter().map(move |case| (subject, case)))
            .collect();
        let tried: Vec<CaseTrial> =
            threads::map(self.jobs, &all, |(subject, case)| try_case(subject, case, sources, lang));
        let mut tried = all.iter().zip(tried).peekable();
        let mut policies = Vec::new();
        for subject in &self.subjects {
            let mut cases = Vec::new();
            while let Some((_, case)) = tried.next_if(|((of, _), _)| of.place == subject.place) {
                cases.push(case);
            }
            policies.push(PolicyTrial { subject, cases });
        }
        policies
    }

    /// What is tried by nothing: each policy that was asked for and has no case, each case that expects nothing. Of the policies in
    /// `decided` decisions are kept.
    #[must_use]
    pub fn empty(&self, decided: &BTreeSet<usize>) -> Vec<Diagnostic> {
        let mut empty = Vec::new();
        for subject in &self.subjects {
            let cases = subject.cases(&Wanted::default());
            let items = self.folder.files.get(subject.place).map(|file| file.tree.items.as_slice());
            let name = items.unwrap_or_default().iter().find_map(|item| match &item.kind {
                ast::ItemKind::Policy(policy) => Some(policy.name.span),
                _ => None,
            });
            let is_tried = !cases.is_empty() || decided.contains(&subject.place);
            if let (false, Some(name)) = (is_tried, name) {
                empty.push(Diagnostic::new("E925", name).arg("name", subject.name()).help("write"));
            }
            for case in cases.iter().filter(|case| case.expect.is_empty()) {
                empty.push(Diagnostic::new("E926", case.span).arg("name", &case.name).help("expect"));
            }
        }
        empty
    }

    /// Why no case was run: there is none, or none is of the name that was wanted.
    #[must_use]
    pub fn nothing_ran(&self, wanted: &Wanted) -> Diagnostic {
        let Some(run) = &wanted.run else { return Diagnostic::nowhere("E917").help("write") };
        let all = Wanted::default();
        let mut names: Vec<String> = Vec::new();
        for subject in &self.subjects {
            names.push(subject.name().to_owned());
            names.extend(subject.cases(&all).iter().map(|case| case.name.to_string()));
            names.extend(subject.cases(&all).iter().map(|case| full_name(subject.name(), case)));
        }
        for subject in &self.subjects {
            let kept = subject.kept_cases().into_iter();
            names.extend(kept.map(|(_, case)| case.name.to_string()));
        }
        let none = Diagnostic::nowhere("E917").variant("run").arg("text", run.as_str());
        match nearest(run.as_str(), names.iter().map(String::as_str)) {
            Some(near) => none.arg("near", near).help("near"),
            None => none.help("names"),
        }
    }
}

impl Subject {
    /// The name of the policy.
    #[must_use]
    pub fn name(&self) -> &str {
        self.plan.policies.last().map_or("", |policy| &policy.name)
    }

    /// The version of the policy.
    #[must_use]
    pub fn version(&self) -> &str {
        self.plan.policies.last().map_or("", |policy| &policy.version)
    }

    /// What calls the scripts of the policy.
    #[must_use]
    pub fn scripts(&self) -> Option<&dyn ScriptHost> {
        self.scripts.as_deref().map(|host| host as &dyn ScriptHost)
    }

    /// The cases that are wanted, in the order written, those of case files behind; each with its day settled.
    #[must_use]
    pub fn cases(&self, wanted: &Wanted) -> Vec<CaseItem> {
        let tried = self.places(wanted).into_iter().filter_map(|place| self.plan.cases.get(place));
        tried.map(|case| CaseItem { as_of: case.as_of.or(wanted.as_of), ..case.clone() }).collect()
    }

    /// The cases whose decisions are kept, each with its day settled.
    #[must_use]
    pub fn kept_cases(&self) -> Vec<(&KeptCase, CaseItem)> {
        self.kept_cases_of(&self.plan)
    }

    /// The same as another plan of the policy has them.
    #[must_use]
    pub fn kept_cases_of(&self, plan: &Plan) -> Vec<(&KeptCase, CaseItem)> {
        let case = |kept: &KeptCase| {
            let case = plan.cases.iter().find(|case| case.span == kept.case)?;
            Some(CaseItem { as_of: case.as_of.or(Some(kept.as_of)), ..case.clone() })
        };
        self.kept.iter().filter_map(|kept| Some((kept, case(kept)?))).collect()
    }

    /// The cases that are wanted and expect something, by their places in the plan: in every plan that is built of the same cases
    /// they are the same. One that expects nothing is tried by its snapshot.
    #[must_use]
    pub fn places(&self, wanted: &Wanted) -> Vec<usize> {
        let tried = self.plan.cases.iter().enumerate().filter(|(_, case)| {
            let here = self.only.as_ref().is_none_or(|files| files.contains(&case.span.file));
            let expects = !case.expect.is_empty() || !self.kept.iter().any(|kept| kept.case == case.span);
            here && expects && wanted.admits(self.name(), case)
        });
        tried.map(|(place, _)| place).collect()
    }

    /// What comes of a case on another plan of the same policy: one of whose numbers, rows or bounds were changed and whose
    /// steps, facts and scripts are those of [`Subject::plan`].
    #[must_use]
    pub fn on(&self, plan: &Plan, case: &CaseItem) -> CaseResult {
        run_case(plan, case, &self.calendars, self.scripts())
    }

    /// The first of some cases, by its place, that does not come out as expected on another plan of the same policy.
    #[must_use]
    pub fn first_to_fail(&self, plan: &Plan, cases: &[CaseItem]) -> Option<usize> {
        cases.iter().position(|case| !self.on(plan, case).passed())
    }
}

/// Each mistake once, in the order of the texts; those of policies that only stand beside are for who asks for them.
#[must_use]
pub fn in_order(mut wrong: Vec<Diagnostic>, folder: &RulesFolder, sources: &SourceMap) -> Vec<Diagnostic> {
    wrong.sort_by_key(|it| it.span.map(|span| (span.file, span.start, span.end)));
    let mut told: Vec<Diagnostic> = Vec::new();
    for mut diagnostic in wrong {
        folder.tell_known(&mut diagnostic);
        mend_whole(&mut diagnostic, sources);
        if !told.contains(&diagnostic) {
            told.push(diagnostic);
        }
    }
    told
}

/// A name with escapes has no places within: what would mend a part of it is said in words.
fn mend_whole(diagnostic: &mut Diagnostic, sources: &SourceMap) {
    let is_quoted = |fix: &Fix| {
        fix.edits.iter().any(|(span, _)| {
            sources.get(span.file).is_some_and(|source| source.slice(*span).starts_with(['"', '\'']))
        })
    };
    let (words, mends) =
        std::mem::take(&mut diagnostic.fixes).into_iter().partition::<Vec<Fix>, _>(is_quoted);
    diagnostic.helps.extend(words.into_iter().map(|fix| fix.key));
    diagnostic.fixes = mends;
}
