//! What one policy does to a book that another does not: the matrix of grades, the limits, what flips, who moves.

use std::collections::BTreeMap;

use super::decide::{Customer, Run, Seen, Standing};
use super::view::{Figure, Output, Shape, View};
use crate::base::{Label, Str};
use crate::eval::Status;
use crate::value::Number;

/// What is known of a customer beside its decision: the same whatever policy decides.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Figures {
    /// Its name, where the facts have one that may be shown.
    pub name: Option<Str>,
    /// What it owes; none where that is not known, or nothing says what it is.
    pub exposure: Option<Number>,
    /// The segment, where the reader chose one by name.
    pub segment: Option<Label>,
}

/// Customers, and what they owe.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Count {
    /// How many.
    pub customers: usize,
    /// What they owe together; of whom it is not known counts nothing.
    pub exposure: Number,
}

impl Default for Count {
    fn default() -> Count {
        Count { customers: 0, exposure: Number::ZERO }
    }
}

impl Count {
    fn add(&mut self, figures: &Figures) {
        self.customers = self.customers.saturating_add(1);
        if let Some(exposure) = &figures.exposure {
            self.exposure = self.exposure.add(exposure);
        }
    }

    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Count) -> Count {
        Count {
            customers: self.customers.saturating_add(other.customers),
            exposure: self.exposure.add(&other.exposure),
        }
    }
}

/// From where to where.
pub type Way = (Figure, Figure);

/// What an output of the customer comes to under both.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shift {
    /// How many customers go each way, those that stay among them.
    pub ways: BTreeMap<Way, Count>,
    /// The sums over the customers, before and after: what is not known counts 0.
    pub sums: (NumberSum, NumberSum),
    /// What went up in all, and of how many.
    pub up: NumberSum,
    /// What went down in all, as an amount not below 0, and of how many.
    pub down: NumberSum,
}

/// A sum, and over how many.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NumberSum {
    /// The sum.
    pub sum: Number,
    /// Of how many.
    pub count: usize,
}

impl Default for NumberSum {
    fn default() -> NumberSum {
        NumberSum { sum: Number::ZERO, count: 0 }
    }
}

impl NumberSum {
    fn add(&mut self, number: &Number) {
        self.sum = self.sum.add(number);
        self.count = self.count.saturating_add(1);
    }
}

/// What the items of a ladder, of order checks, of a list come to under both.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ItemShift {
    /// How many items go each way; those that stay are counted, too.
    pub ways: BTreeMap<Way, usize>,
    /// How many are held now and were not, and the other way round.
    pub held: usize,
    /// How many were held and are no longer.
    pub released: usize,
    /// How many items there are.
    pub items: usize,
}

/// The limits of the customers of a segment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Segment {
    /// The customers.
    pub all: Count,
    /// Their limits before and after.
    pub sums: (NumberSum, NumberSum),
    /// What they won.
    pub won: NumberSum,
    /// What they lost.
    pub lost: NumberSum,
}

/// An item that moved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MovedItem {
    /// The output, by its place in the view.
    pub output: usize,
    /// The item.
    pub key: Str,
    /// Where it stood; none where it was not there.
    pub was: Option<Standing>,
    /// Where it stands.
    pub is: Option<Standing>,
}

/// A customer that moved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mover {
    /// Its key.
    pub id: Str,
    /// What is known of it besides.
    pub figures: Figures,
    /// How far it was decided, and is.
    pub status: (Status, Status),
    /// The outputs that differ, by their place in the view.
    pub outputs: Vec<(usize, Way)>,
    /// The items that differ.
    pub items: Vec<MovedItem>,
    /// What its limit won, or lost where it is below 0.
    pub change: Number,
    /// What it weighs in the order of movers: the money at stake.
    pub weight: Number,
    /// Reasons that appeared.
    pub appeared: Vec<Label>,
    /// Reasons that went.
    pub went: Vec<Label>,
    /// Reasons that stayed.
    pub stayed: Vec<Label>,
    /// The edits of which each alone moves it, by their places.
    pub causes: Vec<usize>,
    /// The pairs of edits that move it and of which neither alone does.
    pub pairs: Vec<(usize, usize)>,
}

/// What the new side does to the book that the old one does not.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Effect {
    /// The customers that both decide.
    pub all: Count,
    /// Of how many of them it is not known what they owe.
    pub without_exposure: usize,
    /// Customers that only the old side could read, and only the new one.
    pub apart: (usize, usize),
    /// Each output of the customer, by its place in the view.
    pub shifts: BTreeMap<usize, Shift>,
    /// Each output of items, by its place in the view.
    pub items: BTreeMap<usize, ItemShift>,
    /// The limit by segment.
    pub segments: BTreeMap<Str, (Label, Segment)>,
    /// How far customers are decided, before and after.
    pub statuses: BTreeMap<(Status, Status), Count>,
    /// The customers that moved, those with the most money first.
    pub movers: Vec<Mover>,
}

impl Effect {
    /// Compares the book decided under both sides.
    #[must_use]
    pub fn of(view: &View, was: &Run, is: &Run, figures: &BTreeMap<Str, Figures>) -> Effect {
        let mut effect = Effect::default();
        let only = |one: &Run, other: &Run| {
            one.customers.keys().filter(|id| !other.customers.contains_key(*id)).count()
        };
        effect.apart = (only(was, is), only(is, was));
        let nothing = Figures::default();
        for (id, before) in &was.customers {
            let Some(after) = is.customers.get(id) else { continue };
            let own = figures.get(id).unwrap_or(&nothing);
            effect.all.add(own);
            if own.exposure.is_none() {
                effect.without_exposure = effect.without_exposure.saturating_add(1);
            }
            effect.statuses.entry((before.status, after.status)).or_default().add(own);
            let (outputs, items) = effect.customer(view, before, after, own);
            effect.segment(view, before, after, own);
            if outputs.is_empty() && items.is_empty() && before.status == after.status {
                continue;
            }
            let mover = mover(view, id, own, (before, after), outputs, items);
            effect.movers.push(mover);
        }
        effect.movers.sort_by(|one, other| {
            let order = |mover: &Mover| (mover.weight.neg(), mover.id.clone());
            order(one).cmp(&order(other))
        });
        effect
    }

    /// Counts the outputs of one customer; gives those that differ.
    fn customer(
        &mut self,
        view: &View,
        before: &Customer,
        after: &Customer,
        own: &Figures,
    ) -> (Vec<(usize, Way)>, Vec<MovedItem>) {
        let (mut outputs, mut items) = (Vec::new(), Vec::new());
        for (place, output) in view.outputs.iter().enumerate() {
            match (before.seen.get(place), after.seen.get(place)) {
                (Some(Seen::One(was)), Some(Seen::One(is))) => {
                    self.shifts.entry(place).or_default().count(output, was, is, own);
                    if was != is {
                        outputs.push((place, (was.clone(), is.clone())));
                    }
                }
                (Some(Seen::Items(was)), Some(Seen::Items(is))) => {
                    let shift = self.items.entry(place).or_default();
                    items.extend(shift.count(place, was, is));
                }
                _ => {}
            }
        }
        (outputs, items)
    }

    /// Counts the limit of one customer in its segment: the one that the reader chose, or else its grade before.
    fn segment(&mut self, view: &View, before: &Customer, after: &Customer, own: &Figures) {
        let Some(limit) = view.limit else { return };
        let grade = view.grade.and_then(|place| Some((view.output(place)?, one(before, place)?)));
        let (key, label) = match (&own.segment, grade) {
            (Some(segment), _) => (segment.en.clone(), segment.clone()),
            (None, Some((output, figure))) => of_grade(output, figure),
            (None, None) => return,
        };
        let (_, segment) = self.segments.entry(key).or_insert_with(|| (label, Segment::default()));
        segment.all.add(own);
        let (was, is) = (amount(before, limit), amount(after, limit));
        segment.sums.0.add(&was);
        segment.sums.1.add(&is);
        let by = is.sub(&was);
        if by.is_positive() {
            segment.won.add(&by);
        } else if by.is_negative() {
            segment.lost.add(&by.neg());
        }
    }

    /// The shift of an output.
    #[must_use]
    pub fn shift(&self, place: Option<usize>) -> Option<&Shift> {
        self.shifts.get(&place?)
    }
}

/// A grade as a segment: its place keeps the order of the scale.
fn of_grade(output: &Output, figure: &Figure) -> (Str, Label) {
    let place = match figure {
        Figure::Member(name) => output.members.iter().position(|member| member.name == *name),
        _ => None,
    };
    match place.and_then(|place| Some((place, output.members.get(place)?))) {
        Some((place, member)) => (Str::from(format!("{place:04}")), member.label.clone()),
        None => (Str::from("~"), Label { en: Str::from("unknown"), zh: Str::from("未知") }),
    }
}

fn one(customer: &Customer, place: usize) -> Option<&Figure> {
    match customer.seen.get(place)? {
        Seen::One(figure) => Some(figure),
        Seen::Items(_) => None,
    }
}

/// The amount of an output; 0 where it is not known: nobody is granted what nobody knows.
fn amount(customer: &Customer, place: usize) -> Number {
    one(customer, place).and_then(Figure::number).cloned().unwrap_or(Number::ZERO)
}

impl Shift {
    fn count(&mut self, output: &Output, was: &Figure, is: &Figure, own: &Figures) {
        match output.shape {
            Shape::Grade | Shape::Stance => {
                self.ways.entry((was.clone(), is.clone())).or_default().add(own);
            }
            Shape::Limit | Shape::Number => {
                let number = |figure: &Figure| figure.number().cloned();
                let (before, after) = (number(was), number(is));
                before.iter().for_each(|number| self.sums.0.add(number));
                after.iter().for_each(|number| self.sums.1.add(number));
                let zero = || Number::ZERO;
                let by = after.unwrap_or_else(zero).sub(&before.unwrap_or_else(zero));
                if by.is_positive() {
                    self.up.add(&by);
                } else if by.is_negative() {
                    self.down.add(&by.neg());
                }
            }
            Shape::Other | Shape::Ladder | Shape::Checks | Shape::Items => {}
        }
    }

    /// How many customers go one of the ways that a test takes.
    #[must_use]
    pub fn customers(&self, takes: impl Fn(&Figure, &Figure) -> bool) -> Count {
        let taken = self.ways.iter().filter(|((was, is), _)| takes(was, is));
        taken.fold(Count::default(), |sum, (_, count)| sum.plus(count))
    }
}

impl ItemShift {
    fn count(
        &mut self,
        output: usize,
        was: &BTreeMap<Str, Standing>,
        is: &BTreeMap<Str, Standing>,
    ) -> Vec<MovedItem> {
        let mut moved = Vec::new();
        let more = is.keys().filter(|key| !was.contains_key(*key));
        for key in was.keys().chain(more) {
            let (before, after) = (was.get(key), is.get(key));
            self.items = self.items.saturating_add(1);
            let at = |standing: Option<&Standing>| standing.map_or(Figure::Unknown, |it| it.at.clone());
            let ways = self.ways.entry((at(before), at(after))).or_default();
            *ways = ways.saturating_add(1);
            let held = |standing: Option<&Standing>| standing.is_some_and(|it| it.held);
            match (held(before), held(after)) {
                (false, true) => self.held = self.held.saturating_add(1),
                (true, false) => self.released = self.released.saturating_add(1),
                (true, true) | (false, false) => {}
            }
            if before != after {
                let (was, is) = (before.cloned(), after.cloned());
                moved.push(MovedItem { output, key: key.clone(), was, is });
            }
        }
        moved
    }

    /// How many items stand on another step, or have another verdict.
    #[must_use]
    pub fn flipped(&self) -> usize {
        self.ways.iter().filter(|((was, is), _)| was != is).map(|(_, count)| *count).sum()
    }
}

fn mover(
    view: &View,
    id: &Str,
    own: &Figures,
    (before, after): (&Customer, &Customer),
    outputs: Vec<(usize, Way)>,
    items: Vec<MovedItem>,
) -> Mover {
    let change = match view.limit {
        Some(limit) => amount(after, limit).sub(&amount(before, limit)),
        None => Number::ZERO,
    };
    let regraded = outputs.iter().any(|(place, _)| Some(*place) == view.grade);
    let exposed = own.exposure.clone().filter(|_| regraded).unwrap_or(Number::ZERO).abs();
    let lacks = |own: &[Label], other: &[Label]| -> Vec<Label> {
        own.iter().filter(|label| !other.contains(label)).cloned().collect()
    };
    let stayed = before.reasons.iter().filter(|label| after.reasons.contains(label));
    Mover {
        id: id.clone(),
        figures: own.clone(),
        status: (before.status, after.status),
        outputs,
        items,
        weight: change.abs().max(exposed),
        change,
        appeared: lacks(&after.reasons, &before.reasons),
        went: lacks(&before.reasons, &after.reasons),
        stayed: stayed.cloned().collect(),
        causes: Vec::new(),
        pairs: Vec::new(),
    }
}
