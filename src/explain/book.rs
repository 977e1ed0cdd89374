//! The book in the story of one customer: what its group holds, its own part, its place and what was left when its turn came.

use serde_json::{Value as Json, json as object};

use super::reason::{Reason, reason};
use super::sources::Reader;
use super::{Figure, Unknowing};
use crate::base::Str;
use crate::eval::book::{Doubt, Silent};
use crate::plan::{AggregateFunction, BookEntry, BookItem, BookWhat, Item, Label, Op, StepId};
use crate::value::{Number, Value};

/// Over what a value of the book is taken, and how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Over {
    /// One figure for all members.
    Fold(AggregateFunction),
    /// The part of the whole that the members up to this one have.
    CumulatedShare,
    /// This member's place.
    Rank,
}

/// A value of the book.
#[derive(Clone, Debug)]
pub struct BookStory {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// The name and the label of the portfolio.
    pub portfolio: (Str, Label),
    /// The name and the label of the group, and its key; none over all customers.
    pub group: Option<(Str, Label, Figure)>,
    /// How it is taken.
    pub over: Over,
    /// The value.
    pub value: Figure,
    /// Why it is unknown.
    pub because: Option<Unknowing>,
    /// What this customer brings to it; none for a count.
    pub own: Option<Figure>,
    /// Of a cumulated share, what the members up to this one come to, and what all do.
    pub sums: Option<(Figure, Figure)>,
    /// How many members there are, those left out among them.
    pub members: Figure,
    /// How many were left out.
    pub left_out: Figure,
    /// The first of those left out, by their keys.
    pub left_out_names: Vec<Str>,
    /// Whether members of whom it is unknown are left out.
    pub skip_unknown: bool,
    /// What the budget gives to this customer.
    pub served: Option<Served>,
}

/// What a budget that members share gives to one of them.
#[derive(Clone, Debug)]
pub struct Served {
    /// The budget.
    pub budget: Figure,
    /// The customer's place in the order of serving.
    pub place: Figure,
    /// What was left when its turn came.
    pub left: Figure,
    /// What it asked for.
    pub asked: Figure,
    /// What it gets.
    pub served: Figure,
    /// By what members are ordered, in words of the policy.
    pub order: Vec<StepId>,
    /// Why there is a budget.
    pub reason: Reason,
}

/// Why the book does not tell a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Silence {
    /// The customer is decided alone, without a book.
    Alone,
    /// The book does not hold the customer, or holds it in another group.
    Absent,
    /// What the value is taken over is unknown of this customer.
    LeftOut,
    /// So many records could not be read.
    Rejected(usize),
    /// It is unknown of so many members; the first by its key.
    Unknown(usize, Str),
    /// These two members have different budgets.
    Budgets(Str, Str),
    /// There is nothing to take it over.
    Nothing,
}

/// How many of those left out are named.
const MOST_NAMED: usize = 5;

/// The story of a value of the book.
pub(super) fn story(reader: &Reader<'_>, item: &Item, it: &BookItem) -> Option<BookStory> {
    let entry = reader.plan.book.get(it.entry)?;
    let over = match &entry.what {
        BookWhat::Fold(function) => Over::Fold(*function),
        BookWhat::CumulatedShare(_) => Over::CumulatedShare,
        BookWhat::Rank(_) => Over::Rank,
    };
    let value = reader.figure(item.value);
    let served = it.cap.as_ref().map(|cap| Served {
        budget: reader.figure(cap.budget),
        place: reader.figure(cap.place),
        left: reader.figure(cap.left),
        asked: reader.figure(cap.asked),
        served: reader.figure(cap.served),
        order: order(entry),
        reason: reader.plan.rules.get(cap.rule).map(|rule| reason(reader, &rule.reason)).unwrap_or_default(),
    });
    Some(BookStory {
        name: item.name.clone(),
        label: item.label.clone(),
        portfolio: entry.portfolio.clone(),
        group: entry
            .group
            .as_ref()
            .map(|group| (group.name.clone(), group.label.clone(), reader.figure(group.key))),
        over,
        sums: sums(reader, it, entry, &value),
        because: reader.because(&value.value),
        value,
        own: entry.operand.map(|operand| reader.figure(operand)),
        members: reader.figure(it.members),
        left_out: reader.figure(it.left_out),
        left_out_names: left_out(reader, it),
        skip_unknown: entry.skip_unknown,
        served,
    })
}

fn order(entry: &BookEntry) -> Vec<StepId> {
    entry.cap.iter().flat_map(|cap| cap.keys.iter().map(|key| key.step)).collect()
}

fn left_out(reader: &Reader<'_>, it: &BookItem) -> Vec<Str> {
    let value = reader.book.and_then(|book| book.value(it.entry));
    let group = value.and_then(|value| value.groups.get(&value.members.get(&reader.facts.id)?.group));
    group.map(|group| group.left_out.iter().take(MOST_NAMED).cloned().collect()).unwrap_or_default()
}

/// What the members up to this one come to, and what all do.
fn sums(reader: &Reader<'_>, it: &BookItem, entry: &BookEntry, share: &Figure) -> Option<(Figure, Figure)> {
    let value = reader.book?.value(it.entry)?;
    let whole = value.groups.get(&value.members.get(&reader.facts.id)?.group)?.whole.clone()?;
    let ty = reader.figure(entry.operand?).ty;
    let up_to = share.value.as_number()?.mul(&whole);
    let figure = |number: Number| Figure { value: Value::Number(number), ty: ty.clone() };
    Some((figure(up_to), figure(whole)))
}

/// Why the book does not tell what a step asks of it.
pub(super) fn silence(reader: &Reader<'_>, step: StepId) -> Unknowing {
    let Some(Op::Book(id, ..)) = reader.plan.steps.get(step).map(|it| &it.op) else {
        return Unknowing::NotComputable(Str::from("?"), step);
    };
    let item = reader.plan.items.iter().find_map(|item| match &item.kind {
        crate::plan::ItemKind::Book(book) if book.entry == *id => Some(item.label.clone()),
        _ => None,
    });
    let label = item.unwrap_or_else(|| Label { en: Str::from("?"), zh: Str::from("?") });
    let why = match reader.book.map(|book| book.why_silent(*id, &reader.facts.id)) {
        None => Silence::Alone,
        Some(Some(Silent::Absent)) => Silence::Absent,
        Some(Some(Silent::LeftOut)) => Silence::LeftOut,
        Some(Some(Silent::Doubt(doubt))) => match doubt {
            Doubt::Rejected(count) => Silence::Rejected(*count),
            Doubt::Unknown(count, first) => Silence::Unknown(*count, first.clone()),
            Doubt::Budgets(one, other) => Silence::Budgets(one.clone(), other.clone()),
            Doubt::Nothing => Silence::Nothing,
        },
        // The group has a value, and this customer no part in it: `where` leaves it out.
        Some(None) => Silence::Absent,
    };
    Unknowing::Book(label, why)
}

/// A value of the book as JSON.
pub(super) fn json(story: &BookStory, figure: &dyn Fn(&Figure) -> Json) -> Json {
    object!({
        "name": &*story.name,
        "portfolio": &*story.portfolio.0,
        "group": story.group.as_ref().map(|(name, _, key)| object!({"name": &**name, "key": figure(key)})),
        "value": figure(&story.value),
        "unknown": story.because.as_ref().map(super::json::unknowing),
        "own": story.own.as_ref().map(figure),
        "members": figure(&story.members),
        "left_out": figure(&story.left_out),
        "left_out_first": story.left_out_names.iter().map(|name| &**name).collect::<Vec<_>>(),
        "served": story.served.as_ref().map(|it| object!({
            "budget": figure(&it.budget), "place": figure(&it.place), "left": figure(&it.left),
            "asked": figure(&it.asked), "served": figure(&it.served),
            "reason": super::json::reason(&it.reason),
        })),
    })
}

/// Why the book does not tell, as JSON.
pub(super) fn silence_json(silence: &Silence) -> Json {
    match silence {
        Silence::Alone => object!({"cause": "book", "book": "none"}),
        Silence::Absent => object!({"cause": "book", "book": "absent"}),
        Silence::LeftOut => object!({"cause": "book", "book": "left_out"}),
        Silence::Rejected(count) => object!({"cause": "book", "book": "rejected", "records": count}),
        Silence::Unknown(count, first) => {
            object!({"cause": "book", "book": "unknown", "members": count, "first": &**first})
        }
        Silence::Budgets(one, other) => {
            object!({"cause": "book", "book": "budgets", "members": [&**one, &**other]})
        }
        Silence::Nothing => object!({"cause": "book", "book": "nothing"}),
    }
}
