//! Case files beside the rules: which there are, what stands in them, what each comes to under its policy.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::overlay::Overlay;
use super::project::{Read, read_by};
use crate::base::{FileId, SourceMap, Span, Str};
use crate::check::hir::Mention;
use crate::diag::Diagnostic;
use crate::engine::{self, Built};
use crate::ide;
use crate::store::{self, RulesFolder, World as _, shown};
use crate::syntax::ast;
use crate::trial::{self, CaseFile};

/// A case file as it stands now.
pub(super) struct Held {
    pub(super) path: PathBuf,
    pub(super) file: FileId,
    pub(super) text: Str,
    read: CaseFile,
}

impl Held {
    /// The cases with their names; rows of tables are none of the file's own text.
    pub(super) fn cases(&self) -> impl Iterator<Item = &ast::Case> {
        self.read.cases.iter().filter_map(|item| match &item.kind {
            ast::ItemKind::Case(case) => Some(case),
            _ => None,
        })
    }
}

/// What a case file comes to.
pub(super) struct Tried {
    /// By the place of the policy: the policy with the cases behind its own.
    policies: Vec<(usize, Built)>,
    /// What is wrong with the case file.
    pub(super) wrong: Vec<Diagnostic>,
}

/// The case files of a project.
#[derive(Default)]
pub(super) struct CaseFiles {
    files: Vec<Held>,
    tried: BTreeMap<PathBuf, (Read, Tried)>,
}

impl CaseFiles {
    /// Reads those of some places; one whose text is what it was is not read anew.
    pub(super) fn read(&mut self, world: &Overlay<'_>, places: &[PathBuf], sources: &mut SourceMap) {
        let mut before = std::mem::take(&mut self.files);
        for path in trial::case_files(world, places) {
            let Ok(bytes) = store::read(world, &path) else { continue };
            let Ok(text) = store::decode(&bytes, &shown(&path), sources) else { continue };
            let file = sources.add(shown(&path), text.clone());
            let same = |held: &Held| held.file == file && held.path == path && held.text == text;
            let held = match before.iter().position(same) {
                Some(known) => before.swap_remove(known),
                None => Held { read: trial::read(file, &text, None), path, file, text },
            };
            self.files.push(held);
        }
        let here: BTreeSet<&PathBuf> = self.files.iter().map(|held| &held.path).collect();
        self.tried.retain(|path, _| here.contains(path));
    }

    /// The names of the policies that they try.
    pub(super) fn policies(&self) -> BTreeSet<Str> {
        let policies = self.files.iter().filter_map(|held| held.read.policy.as_ref());
        policies.filter_map(|policy| policy.value.split('@').next().map(Str::from)).collect()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Held> {
        self.files.iter()
    }

    pub(super) fn get(&self, path: &Path) -> Option<&Held> {
        self.files.iter().find(|held| held.path == path)
    }

    /// The texts that a case file rests on, and its cases by the place of their policy.
    fn rests_on(
        &self,
        held: &Held,
        world: &Overlay<'_>,
        folder: &RulesFolder,
        sources: &SourceMap,
    ) -> (Read, BTreeMap<usize, Vec<ast::Item>>, Vec<Diagnostic>) {
        let (cases, wrong) = trial::by_policy(folder, &held.read, world.today());
        let mut read: Read = vec![(held.file, held.text.clone())];
        read.extend(cases.keys().flat_map(|place| read_by(folder, *place, sources)));
        (read, cases, wrong)
    }

    /// Whether what is known of a case file holds of the texts as they stand.
    pub(super) fn is_fresh(
        &self,
        path: &Path,
        world: &Overlay<'_>,
        folder: &RulesFolder,
        sources: &SourceMap,
    ) -> bool {
        let Some(held) = self.get(path) else { return true };
        let (read, ..) = self.rests_on(held, world, folder, sources);
        self.tried.get(path).is_some_and(|(known, _)| *known == read)
    }

    /// Builds the policies of a case file with its cases behind their own.
    pub(super) fn settle(
        &mut self,
        path: &Path,
        world: &Overlay<'_>,
        folder: &RulesFolder,
        sources: &SourceMap,
    ) {
        let Some(held) = self.get(path) else { return };
        let (read, cases, mut wrong) = self.rests_on(held, world, folder, sources);
        let build = |(place, cases)| (place, engine::build_with(folder, place, cases, sources));
        let policies: Vec<(usize, Built)> = cases.into_iter().map(build).collect();
        let own = |it: &&Diagnostic| it.span.is_some_and(|span| span.file == held.file);
        let told = policies.iter().flat_map(|(_, built)| &built.diagnostics);
        wrong.extend(told.filter(own).cloned());
        let wrong = trial::in_order(wrong, folder, sources);
        self.tried.insert(path.to_owned(), (read, Tried { policies, wrong }));
    }

    pub(super) fn tried(&self, path: &Path) -> Option<&Tried> {
        self.tried.get(path).map(|(_, tried)| tried)
    }

    /// What case files say of names.
    pub(super) fn mentions(&self) -> impl Iterator<Item = &Mention> + Clone {
        let own = |held: &Held, mention: &&Mention| mention.at.file == held.file;
        self.files.iter().filter_map(|held| Some((held, self.tried(&held.path)?))).flat_map(
            move |(held, tried)| {
                let all = tried.policies.iter().flat_map(|(_, built)| &built.program.mentions);
                all.filter(move |mention| own(held, mention))
            },
        )
    }
}

impl Tried {
    /// The policy that the case of a name's place was built with, and its place in the folder.
    pub(super) fn policy_of(&self, name: Span) -> Option<(usize, &Built)> {
        let holds = |built: &Built| {
            built.plan.as_ref().is_some_and(|plan| plan.cases.iter().any(|case| case.span == name))
        };
        self.policies.iter().find(|(_, built)| holds(built)).map(|(place, built)| (*place, built))
    }

    /// The policy with a case of which a name stands at a byte of the case file, and that name.
    pub(super) fn named(&self, file: FileId, at: u32) -> Option<(usize, &Built, &Mention)> {
        self.policies
            .iter()
            .find_map(|(place, built)| Some((*place, built, ide::at(&built.program.mentions, file, at)?)))
    }
}
