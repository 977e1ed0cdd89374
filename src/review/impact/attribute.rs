//! Which edit does what: each alone, all together, and which pairs interact.
//!
//! The effect of an edit is what a measure becomes with it, less what it is without it. An edit that does not stand without others,
//! as a cap does not without the parameter that it names, is tried with these, and its effect is what it adds to theirs. What a pair
//! does beyond both is its interaction; what all do beyond edits and pairs needs three or more. So the bars of a waterfall add up to the
//! whole, to the last digit, whatever was left untried.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::effect::Effect;
use super::measures::{Measure, Measures};
use crate::base::{Label, Str};

/// So many pairs are tried; of more, so many are drawn.
pub const MOST_PAIRS: usize = 66;

/// From where draws begin: the same run draws the same pairs.
const SEED: u64 = 0x6772_6164_7573;

/// An edit of the rules, or a parameter that is set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cause {
    /// In words: `weight of payment_record 12 → 8`.
    pub words: Label,
    /// Where it stands: `rules/trade_credit/2026.4.gradus:128`; empty where it stands in no file.
    pub place: String,
    /// The class that is proved of it, `tighter`; empty where none is told.
    pub class: String,
}

/// What some edits do to the book.
#[derive(Clone, Debug)]
pub struct Done {
    /// The measures of their effect.
    pub measures: Measures,
    /// The customers that move.
    pub moved: BTreeSet<Str>,
}

impl Done {
    /// What is kept of an effect.
    #[must_use]
    pub fn of(effect: &Effect, measures: Measures) -> Done {
        Done { measures, moved: effect.movers.iter().map(|mover| mover.id.clone()).collect() }
    }
}

/// What one edit does.
#[derive(Clone, Debug)]
pub struct Alone {
    /// What it does by itself, or adds to those that it needs.
    pub measures: Measures,
    /// The other edits without which it does not stand, by their places.
    pub needs: Vec<usize>,
}

/// Two edits that together do something else than both of them apart.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The one and the other, by their places.
    pub edits: (usize, usize),
    /// What they do together beyond what each does alone.
    pub measures: Measures,
}

/// Which edit does what.
#[derive(Clone, Debug)]
pub struct Attribution {
    /// The edits.
    pub causes: Vec<Cause>,
    /// What each does.
    pub alone: Vec<Alone>,
    /// The pairs that interact.
    pub pairs: Vec<Pair>,
    /// How many pairs were tried, of how many that there are.
    pub tried: (usize, usize),
    /// What all of them do.
    pub whole: Measures,
    /// What is left of the whole beyond the edits and the pairs that were tried: three or more together, and pairs not tried.
    pub rest: Measures,
}

impl Attribution {
    /// Whether every pair was tried.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.tried.0 == self.tried.1
    }
}

/// How the edits are tried.
pub trait Trial {
    /// The other edits without which one does not stand, where that is known.
    fn needs(&self, edit: usize) -> Vec<usize>;
    /// Whether an edit changes nothing that is decided, whatever stands beside it: a label.
    fn is_idle(&self, edit: usize) -> bool;
    /// Whether the rules stand with these edits and no others.
    fn stands(&mut self, edits: &[usize]) -> bool;
    /// What these edits do to the book; none where the rules do not stand with them.
    fn run(&mut self, edits: &[usize]) -> Option<Done>;
}

/// Tries the edits: `together` is what all of them do, `nothing` what the measures are where nothing is edited.
#[must_use]
pub fn attribute(
    causes: Vec<Cause>,
    (together, nothing): (&Done, &Measures),
    most_pairs: usize,
    trial: &mut dyn Trial,
) -> Attribution {
    let count = causes.len();
    let all: Vec<usize> = (0..count).collect();
    let mut desk = Desk { trial, known: BTreeMap::new() };
    desk.known.insert(all.clone(), Some(Rc::new(together.clone())));
    let none = nothing.minus(nothing);
    let needs: Vec<Vec<usize>> = all.iter().map(|edit| desk.needs(*edit, &all)).collect();
    let alone: Vec<Alone> = all
        .iter()
        .zip(&needs)
        .map(|(edit, needs)| {
            let set = if desk.trial.is_idle(*edit) { Vec::new() } else { with(needs, &[*edit]) };
            let measures = match (desk.measures(&set, nothing), desk.measures(needs, nothing)) {
                (Some(with), Some(without)) => with.minus(&without),
                (Some(_), None) | (None, _) => none.clone(),
            };
            Alone { measures, needs: needs.clone() }
        })
        .collect();
    let depends = |one: usize, other: usize| needs.get(one).is_some_and(|needs| needs.contains(&other));
    let idle: BTreeSet<usize> = all.iter().copied().filter(|edit| desk.trial.is_idle(*edit)).collect();
    let free: Vec<(usize, usize)> = all
        .iter()
        .flat_map(|one| all.iter().map(move |other| (*one, *other)))
        .filter(|(one, other)| one < other && !depends(*one, *other) && !depends(*other, *one))
        .filter(|(one, other)| !idle.contains(one) && !idle.contains(other))
        .collect();
    let chosen = drawn(&free, most_pairs);
    let mut pairs = Vec::new();
    for (one, other) in &chosen {
        let base = [needs.get(*one), needs.get(*other)]
            .into_iter()
            .flatten()
            .fold(Vec::new(), |all, more| with(&all, more));
        let sets = [with(&base, &[*one, *other]), with(&base, &[*one]), with(&base, &[*other]), base.clone()];
        let done: Option<Vec<Measures>> = sets.iter().map(|set| desk.measures(set, nothing)).collect();
        let Some([both, first, second, neither]) = done.as_deref() else { continue };
        let measures = both.minus(first).minus(second).plus(neither);
        // Two edits that move the same customer, each in its own way, do not interact by that.
        let interact = |measure: &Measure| *measure != Measure::Changed && !measures.get(*measure).is_zero();
        if Measure::ALL.iter().any(interact) {
            pairs.push(Pair { edits: (*one, *other), measures });
        }
    }
    let told = alone.iter().map(|it| &it.measures).chain(pairs.iter().map(|it| &it.measures));
    let whole = together.measures.minus(nothing);
    let rest = told.fold(whole.clone(), |rest, part| rest.minus(part));
    Attribution { causes, whole, alone, pairs, tried: (chosen.len(), free.len()), rest }
}

/// Tells of each mover which edits move it: those of which each alone does, or else the pairs that do.
pub fn blame(effect: &mut Effect, attribution: &Attribution, trial: &mut dyn Trial) {
    let mut desk = Desk { trial, known: BTreeMap::new() };
    let sets: Vec<Option<Rc<Done>>> = attribution
        .alone
        .iter()
        .enumerate()
        .map(
            |(edit, alone)| {
                if alone.measures.is_zero() { None } else { desk.done(&with(&alone.needs, &[edit])) }
            },
        )
        .collect();
    let bases: Vec<Option<Rc<Done>>> =
        attribution.alone.iter().map(|alone| desk.done(&alone.needs)).collect();
    let moves = |done: &Option<Rc<Done>>, id: &Str| done.as_ref().is_some_and(|done| done.moved.contains(id));
    let mut left = Vec::new();
    for (place, mover) in effect.movers.iter_mut().enumerate() {
        let own = sets.iter().zip(&bases).enumerate();
        let own = own.filter(|(_, (set, base))| moves(set, &mover.id) && !moves(base, &mover.id));
        mover.causes = own.map(|(edit, _)| edit).collect();
        if mover.causes.is_empty() {
            left.push(place);
        }
    }
    if left.is_empty() {
        return;
    }
    for pair in &attribution.pairs {
        let (one, other) = pair.edits;
        let needs = |edit: usize| attribution.alone.get(edit).map(|it| it.needs.clone()).unwrap_or_default();
        let set = with(&with(&needs(one), &needs(other)), &[one, other]);
        let done = desk.done(&set);
        for place in &left {
            if let Some(mover) = effect.movers.get_mut(*place).filter(|mover| moves(&done, &mover.id)) {
                mover.pairs.push(pair.edits);
            }
        }
    }
}

/// What was tried already is not tried again.
struct Desk<'d> {
    trial: &'d mut dyn Trial,
    known: BTreeMap<Vec<usize>, Option<Rc<Done>>>,
}

impl Desk<'_> {
    /// What a set of edits does; none for no edit at all, and where the rules do not stand with them.
    fn done(&mut self, set: &[usize]) -> Option<Rc<Done>> {
        if set.is_empty() {
            return None;
        }
        if let Some(known) = self.known.get(set) {
            return known.clone();
        }
        let done = self.trial.run(set).map(Rc::new);
        self.known.insert(set.to_vec(), done.clone());
        done
    }

    /// The measures of a set; those of no edit are nothing.
    fn measures(&mut self, set: &[usize], nothing: &Measures) -> Option<Measures> {
        if set.is_empty() { Some(nothing.clone()) } else { self.done(set).map(|done| done.measures.clone()) }
    }

    /// The other edits without which one does not stand: none of them can be left out.
    fn needs(&mut self, edit: usize, all: &[usize]) -> Vec<usize> {
        if self.trial.is_idle(edit) || self.trial.stands(&[edit]) {
            return Vec::new();
        }
        // What is known to do may still be more than is needed.
        let known = self.trial.needs(edit);
        let mut kept: Vec<usize> = match self.trial.stands(&with(&known, &[edit])) {
            true => known,
            false => all.iter().copied().filter(|other| *other != edit).collect(),
        };
        let mut size = kept.len().div_ceil(2);
        while size > 0 {
            let mut start = 0;
            while start < kept.len() {
                let end = start.saturating_add(size).min(kept.len());
                let parts = [kept.get(..start), kept.get(end..)];
                let fewer: Vec<usize> = parts.into_iter().flatten().flatten().copied().collect();
                if self.trial.stands(&with(&fewer, &[edit])) {
                    kept = fewer;
                } else {
                    start = end;
                }
            }
            size = if size == 1 { 0 } else { size.div_ceil(2) };
        }
        kept
    }
}

/// A set with some more members, in order.
fn with(set: &[usize], more: &[usize]) -> Vec<usize> {
    let all: BTreeSet<usize> = set.iter().chain(more).copied().collect();
    all.into_iter().collect()
}

/// All of them where they are few; else so many, drawn the same way each time, in their order.
fn drawn(all: &[(usize, usize)], most: usize) -> Vec<(usize, usize)> {
    if all.len() <= most {
        return all.to_vec();
    }
    let mut state = SEED;
    let mut keyed: Vec<(u64, (usize, usize))> = all.iter().map(|pair| (next(&mut state), *pair)).collect();
    keyed.sort_unstable();
    let mut chosen: Vec<(usize, usize)> = keyed.into_iter().take(most).map(|(_, pair)| pair).collect();
    chosen.sort_unstable();
    chosen
}

/// The next number of SplitMix64.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
