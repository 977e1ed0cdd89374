//! The book: values over the customers of a run, and in which order they can be had.
//!
//! A value of the book is no step of one customer: it is made of what some steps gave for all of them. What rests on no
//! such value is the lowest stratum; a value taken over steps of a stratum is read by the one above. So a run goes over its
//! customers once for each stratum, and a circle is impossible where each step reads only earlier ones.

use std::collections::BTreeSet;

use super::{AggregateFunction, BookId, Label, Op, Plan, RuleId, Step, StepId, slice};
use crate::base::{Idx, IndexVec, Span, Str};
use crate::diag::Diagnostic;

/// So many customers a book may hold. Ranges of sums over them are proved with this number.
pub const MOST_CUSTOMERS: u32 = 1_000_000;

/// A value of the book.
#[derive(Clone, Debug)]
pub struct BookEntry {
    /// Its name as the root policy writes it.
    pub name: Str,
    /// The name of the portfolio, and its label.
    pub portfolio: (Str, Label),
    /// The group over whose members it is taken; none: over all customers.
    pub group: Option<BookGroup>,
    /// What it is.
    pub what: BookWhat,
    /// What it is taken over; none for a count.
    pub operand: Option<StepId>,
    /// Whether a member counts; all do where there is none.
    pub filter: Option<StepId>,
    /// Members of whom it is unknown are left out.
    pub skip_unknown: bool,
    /// The budget that the members share.
    pub cap: Option<BookCap>,
    /// Where it stands.
    pub span: Span,
}

/// A group of customers.
#[derive(Clone, Debug)]
pub struct BookGroup {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What its members have in common.
    pub key: StepId,
}

/// What a value of the book is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BookWhat {
    /// One figure for all members.
    Fold(AggregateFunction),
    /// The part of the whole that the members up to this one have, in the order of these keys.
    CumulatedShare(Vec<BookKey>),
    /// The place of this member in the order of these keys, from 1.
    Rank(Vec<BookKey>),
}

/// A key of an order among members; the last is the customer's own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BookKey {
    /// What is compared.
    pub step: StepId,
    /// The highest comes first. Of a scale the best always does.
    pub highest_first: bool,
}

/// A budget that members share.
#[derive(Clone, Debug)]
pub struct BookCap {
    /// How much there is.
    pub budget: StepId,
    /// In which order the members are served.
    pub keys: Vec<BookKey>,
    /// The whole line.
    pub span: Span,
}

/// What is read of a value of the book.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum BookPart {
    /// The value itself: of all members, or of this one where it is a share or a place.
    Value,
    /// What this member gets of the budget.
    Served,
    /// What was left of it when this member's turn came.
    Left,
    /// This member's place in the order of serving, from 1.
    Place,
    /// The budget.
    Budget,
    /// How many members it is taken over.
    Members,
    /// How many members were left out.
    LeftOut,
}

impl BookPart {
    /// The word for it in the text of a plan.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            BookPart::Value => "value",
            BookPart::Served => "served",
            BookPart::Left => "left",
            BookPart::Place => "place",
            BookPart::Budget => "budget",
            BookPart::Members => "members",
            BookPart::LeftOut => "left out",
        }
    }
}

impl BookEntry {
    /// The steps of the members that it is made of, each once.
    #[must_use]
    pub fn inputs(&self) -> Vec<StepId> {
        let mut inputs: Vec<StepId> = self.group.iter().map(|group| group.key).collect();
        inputs.extend(self.filter);
        inputs.extend(self.operand);
        let keys = match &self.what {
            BookWhat::Fold(_) => &[],
            BookWhat::CumulatedShare(keys) | BookWhat::Rank(keys) => keys.as_slice(),
        };
        inputs.extend(keys.iter().map(|key| key.step));
        if let Some(cap) = &self.cap {
            inputs.push(cap.budget);
            inputs.extend(cap.keys.iter().map(|key| key.step));
        }
        let mut seen = BTreeSet::new();
        inputs.retain(|step| seen.insert(*step));
        inputs
    }
}

/// A value of a `portfolio`: its steps beside its own value.
#[derive(Clone, Debug)]
pub struct BookItem {
    /// The value of the book.
    pub entry: BookId,
    /// How many members it is taken over.
    pub members: StepId,
    /// How many members were left out.
    pub left_out: StepId,
    /// Its budget, where the members share one.
    pub cap: Option<BookCapItem>,
}

/// What a budget that members share gives to this one.
#[derive(Clone, Debug)]
pub struct BookCapItem {
    /// What this member gets.
    pub served: StepId,
    /// What was left when its turn came.
    pub left: StepId,
    /// Its place in the order of serving.
    pub place: StepId,
    /// The budget.
    pub budget: StepId,
    /// What it asked for.
    pub asked: StepId,
    /// Whether it gets less.
    pub short: StepId,
    /// The line of the policy.
    pub rule: RuleId,
}

/// What can be computed of all customers before the values of the next stratum are made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stratum {
    /// The steps that read values of lower strata only, at least one of them of the stratum right below.
    pub steps: Vec<StepId>,
    /// The values of the book that can be made when these steps have run for every customer.
    pub gives: Vec<BookId>,
}

/// The strata of some steps, lowest first; none where nothing reads the book.
pub(super) fn strata(steps: &IndexVec<StepId, Step>, book: &IndexVec<BookId, BookEntry>) -> Vec<Stratum> {
    if book.is_empty() {
        return Vec::new();
    }
    let mut of_step: Vec<usize> = Vec::with_capacity(steps.len());
    for step in steps {
        let mut own = 0_usize;
        let at = |of: StepId, below: &[usize]| below.get(of.place()).copied().unwrap_or(0);
        step.op.each_operand(|operand| own = own.max(at(operand, &of_step)));
        if let Op::Book(id, ..) = step.op {
            let inputs = book.get(id).map(BookEntry::inputs).unwrap_or_default();
            let made = inputs.into_iter().map(|input| at(input, &of_step)).max().unwrap_or(0);
            own = own.max(made.saturating_add(1));
        }
        of_step.push(own);
    }
    let most = of_step.iter().copied().max().unwrap_or(0);
    let mut strata = vec![Stratum { steps: Vec::new(), gives: Vec::new() }; most.saturating_add(1)];
    for (id, stratum) in steps.ids().zip(&of_step) {
        if let Some(stratum) = strata.get_mut(*stratum) {
            stratum.steps.push(id);
        }
    }
    for (id, entry) in book.iter_enumerated() {
        let made = entry.inputs().into_iter().filter_map(|input| of_step.get(input.place()).copied()).max();
        if let Some(stratum) = strata.get_mut(made.unwrap_or(0)) {
            stratum.gives.push(id);
        }
    }
    strata
}

/// The targets with all that must be known of the other customers for them, and the values of the book that are read.
#[must_use]
pub fn with_book(plan: &Plan, targets: &[StepId]) -> (Vec<StepId>, BTreeSet<BookId>) {
    let mut all = targets.to_vec();
    let mut read: BTreeSet<BookId> = BTreeSet::new();
    loop {
        let found = slice(plan, &all, &BTreeSet::new()).into_iter().filter_map(|step| {
            match plan.steps.get(step).map(|it| &it.op) {
                Some(Op::Book(id, ..)) => Some(*id),
                _ => None,
            }
        });
        let new: Vec<BookId> = found.filter(|id| !read.contains(id)).collect();
        if new.is_empty() {
            return (all, read);
        }
        for id in new {
            if read.insert(id) {
                all.extend(plan.book.get(id).map(BookEntry::inputs).unwrap_or_default());
            }
        }
    }
}

/// What is wrong with the values of the book, as the ranges of what they are taken over show.
pub(super) fn judge(plan: &Plan) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let can_be_negative = |step: StepId| {
        let range = plan.steps.get(step).and_then(|it| it.bounds.range.as_ref());
        range.is_none_or(|(least, _)| least.is_negative())
    };
    let span = |step: StepId, or: Span| plan.steps.get(step).map_or(or, |it| it.span);
    for entry in &plan.book {
        if let BookWhat::CumulatedShare(keys) = &entry.what
            && let Some(first) = keys.first().filter(|key| can_be_negative(key.step))
        {
            let report = Diagnostic::new("E420", entry.span).arg("name", &entry.name);
            found.push(report.label(span(first.step, entry.span), "operand").help(""));
        }
        if let (Some(cap), Some(operand)) = (&entry.cap, entry.operand.filter(|it| can_be_negative(*it))) {
            let report = Diagnostic::new("E421", cap.span).arg("name", &entry.name);
            found.push(report.label(span(operand, cap.span), "operand").help(""));
        }
    }
    found
}

/// A value of the book in words that are the same for the same value and for no other; steps named by the caller.
pub(super) fn canonical(entry: &BookEntry, name: &dyn Fn(StepId) -> String) -> String {
    let keys = |keys: &[BookKey]| {
        let keys = keys.iter().map(|key| {
            format!("{}{}", name(key.step), if key.highest_first { " highest first" } else { "" })
        });
        keys.collect::<Vec<_>>().join(", ")
    };
    let mut out = format!("{:?} = ", entry.name);
    out.push_str(&match &entry.what {
        BookWhat::Fold(function) => format!("{function:?}"),
        BookWhat::CumulatedShare(of) => format!("cumulated share by {}", keys(of)),
        BookWhat::Rank(of) => format!("rank by {}", keys(of)),
    });
    for (word, step) in [
        (" of ", entry.operand),
        (" where ", entry.filter),
        (" in the group of ", entry.group.as_ref().map(|group| group.key)),
        (" at ", entry.cap.as_ref().map(|cap| cap.budget)),
    ] {
        if let Some(step) = step {
            out.push_str(word);
            out.push_str(&name(step));
        }
    }
    if let Some(cap) = &entry.cap {
        out.push_str(&format!(" in order of {}", keys(&cap.keys)));
    }
    if entry.skip_unknown {
        out.push_str(" skip unknown");
    }
    out
}
