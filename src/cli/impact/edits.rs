//! The edits between two sides, made alone, in pairs and all together on the old rules, and each decided on the book.

use std::collections::BTreeMap;

use super::Book;
use super::read::Desk;
use super::sides::{Opened, Prepared, rules};
use crate::base::{Label, Lang, SourceMap, Str};
use crate::cli::cmd::impact::Args;
use crate::cli::policy;
use crate::cli::session::{Failure, Session};
use crate::review::diff::{self, Change, Diff, Why, what};
use crate::review::impact::{Cause, Done, Figures, Run, Trial};

/// The edits between two sides.
pub struct Edits {
    diff: Diff,
    /// The place of the old policy in the rules on which edits are made.
    place: usize,
    /// Each edit, by the places of its policy and of itself there.
    all: Vec<(usize, usize)>,
    /// Those without which each cannot be made.
    needs: Vec<Vec<usize>>,
}

impl Edits {
    /// Finds how the policies of two sides differ, with those that they use; none where the old policy has no mate.
    ///
    /// # Errors
    /// A policy has mistakes.
    pub fn find(old: &Opened, new: &Opened, session: &mut Session<'_>) -> Result<Option<Edits>, Failure> {
        let diff = diff::diff(&old.alone(), &new.alone(), &mut session.sources).map_err(Failure)?;
        let mates = |pair: &diff::Pair| pair.was.as_ref().map(|was| was.place) == Some(old.place);
        let Some(place) = diff.pairs.iter().find(|pair| mates(pair)).and_then(|pair| pair.place) else {
            return Ok(None);
        };
        let mut all = Vec::new();
        let mut needs = Vec::new();
        for (at, pair) in diff.pairs.iter().enumerate() {
            let first = all.len();
            for (number, change) in pair.changes.iter().enumerate() {
                all.push((at, number));
                needs.push(change.needs.iter().map(|need| need.saturating_add(first)).collect());
            }
        }
        let mut edits = Edits { diff, place, all, needs };
        edits.needs = (0..edits.all.len()).map(|edit| edits.closed(edit)).collect();
        Ok(Some(edits))
    }

    /// All that an edit needs, and what that needs.
    fn closed(&self, edit: usize) -> Vec<usize> {
        let mut found = std::collections::BTreeSet::new();
        let mut open = vec![edit];
        while let Some(at) = open.pop() {
            for need in self.needs.get(at).into_iter().flatten() {
                if *need != edit && found.insert(*need) {
                    open.push(*need);
                }
            }
        }
        found.into_iter().collect()
    }

    fn change(&self, edit: usize) -> Option<&Change> {
        let (pair, number) = self.all.get(edit)?;
        self.diff.pairs.get(*pair)?.changes.get(*number)
    }

    /// The edits in words.
    #[must_use]
    pub fn causes(&self, sources: &SourceMap) -> Vec<Cause> {
        let cause = |edit: usize| {
            let change = self.change(edit)?;
            let words = |lang: Lang| {
                let heading = diff::heading(&change.construct, lang);
                Str::from(format!("{heading}{}{}", lang.pick(": ", "："), diff::sentence(change, lang)))
            };
            let told = change.is.as_ref().or(change.was.as_ref());
            let place = told.and_then(|told| {
                let source = sources.get(told.span.file)?;
                Some(format!("{}:{}", source.name(), source.line_column(told.span.start).line))
            });
            Some(Cause {
                words: Label { en: words(Lang::En), zh: words(Lang::Zh) },
                place: place.unwrap_or_default(),
                class: change.class.key().to_owned(),
            })
        };
        (0..self.all.len()).filter_map(cause).collect()
    }
}

/// The edits as they are tried.
pub struct Made<'t, 's, 'w> {
    /// The edits.
    pub edits: &'t Edits,
    /// What the command was asked.
    pub args: &'t Args,
    /// The decisions that are compared.
    pub decisions: &'t [Str],
    /// The book as each set of facts reads it.
    pub desk: &'t mut Desk<'s>,
    /// Where policies are read and told.
    pub session: &'t mut Session<'w>,
    /// The old side, decided.
    pub was: &'t Run,
    /// What is known of each customer besides.
    pub figures: &'t BTreeMap<Str, Figures>,
    /// What all runs have in common.
    pub book: &'t Book<'t>,
    /// The rules with the edits that were tried last.
    pub last: Option<(Vec<usize>, Prepared)>,
}

impl Made<'_, '_, '_> {
    /// The old rules with some edits made; none where they do not stand.
    fn prepared(&mut self, edits: &[usize]) -> Option<Prepared> {
        if let Some((_, prepared)) = self.last.take_if(|(known, _)| known == edits) {
            return Some(prepared);
        }
        let changes: Vec<&Change> = edits.iter().filter_map(|edit| self.edits.change(*edit)).collect();
        let built = self.edits.diff.with(self.edits.place, changes, &self.session.sources);
        let day = self.session.as_of(self.args.rules.moment.as_of);
        let ready = policy::quiet(built, &rules(self.args, false), day)?;
        Some(Prepared { written: String::new(), ready, place: 0 })
    }
}

impl Trial for Made<'_, '_, '_> {
    fn needs(&self, edit: usize) -> Vec<usize> {
        self.edits.needs.get(edit).cloned().unwrap_or_default()
    }

    fn is_idle(&self, edit: usize) -> bool {
        // From when to when a version applies moves no customer that is decided by it.
        let dates = [what::VERSION, what::FROM_DAY, what::UNTIL_DAY];
        self.edits
            .change(edit)
            .is_some_and(|change| change.why == Why::SameMeaning || dates.contains(&change.what))
    }

    fn stands(&mut self, edits: &[usize]) -> bool {
        let prepared = self.prepared(edits);
        let stands = prepared.is_some();
        self.last = prepared.map(|prepared| (edits.to_vec(), prepared));
        stands
    }

    fn run(&mut self, edits: &[usize]) -> Option<Done> {
        let mut side = self.prepared(edits)?;
        side.unite(self.decisions);
        let read = self.desk.read(&side, self.book.cores, false, self.session).ok()?;
        let run = self.book.decide(&side, &side.ready.environment().ok()?, &read, false);
        let (effect, measures, _) = self.book.compare(self.was, &run, self.figures);
        Some(Done::of(&effect, measures))
    }
}
