//! Ladders: for the customer or each item, every step with its day and how far off it is.

use super::condition::{distance, line, line_of};
use super::sources::Reader;
use super::{Figure, RuleLine, Subject};
use crate::base::Str;
use crate::plan::{EscalationItem, Item, Label, Op, StepId};
use crate::value::{Type, Value};

/// A ladder, for the customer or for each item.
#[derive(Clone, Debug)]
pub struct LadderStory {
    /// The name.
    pub name: Str,
    /// The label.
    pub label: Label,
    /// The items; one without a key for a ladder of the customer.
    pub items: Vec<LadderItem>,
}

/// An item on a ladder.
#[derive(Clone, Debug)]
pub struct LadderItem {
    /// Its key.
    pub key: Option<Figure>,
    /// What it is, where its record says so right behind the key: a permit, a bank guarantee.
    pub what: Option<Figure>,
    /// Whether it is on the ladder at all.
    pub entry: RuleLine,
    /// The step in force; none where none is.
    pub step: Option<Figure>,
    /// The day of the step in force.
    pub day: Option<Figure>,
    /// The step whose approval is missing.
    pub awaiting: Option<Figure>,
    /// The next step and its day.
    pub next: Option<(Figure, Figure)>,
    /// The day before which the next step does not come, one step being taken at a time, and how far apart two steps are at least.
    pub earliest: Option<(Figure, Figure)>,
    /// Whether it is to be acted on today.
    pub act: Option<bool>,
    /// The step last done and the day.
    pub done: Option<(Figure, Figure)>,
    /// For how many days the clock has stood.
    pub held_days: Option<Figure>,
    /// The steps.
    pub rungs: Vec<RungLine>,
    /// Holds, delays, skips.
    pub rules: Vec<RuleLine>,
    /// The tactics.
    pub tactics: Vec<Figure>,
    /// What they go by.
    pub tactics_by: Option<(StepId, Figure)>,
}

/// A step of a ladder.
#[derive(Clone, Debug)]
pub struct RungLine {
    /// The step.
    pub step: Figure,
    /// Its rule: the condition beside the day.
    pub rule: RuleLine,
    /// Its day as written.
    pub plain_day: Figure,
    /// Its day with delays and holds.
    pub day: Figure,
    /// What moved it from the one to the other, in the order in which it did.
    pub moved: Vec<Moved>,
    /// Days until it (negative: since).
    pub distance: Option<i64>,
    /// Nothing is done that the customer would notice: roles of the house are told, no more.
    pub inside: bool,
    /// Whether it is open.
    pub open: Option<bool>,
    /// Whether its approval is given; none where it needs none.
    pub approved: Option<bool>,
    /// Whose approval it needs: roles by name and label.
    pub approvers: Vec<(Str, Label)>,
    /// Who is told that it should have been done: roles by name and label.
    pub late: Vec<(Str, Label)>,
}

/// What moves the day of a step.
#[derive(Clone, Debug)]
pub enum Moved {
    /// A delay of the ladder, by so many days.
    Delay(Figure),
    /// The clock stood for so many days.
    Clock(Figure),
    /// The days of grace.
    Grace(Figure),
    /// It fell on a closed day and follows on the next business day, or comes before it.
    Closed {
        /// Whether it is put off.
        later: bool,
    },
}

/// The story of a ladder.
pub(super) fn story(
    reader: &Reader<'_>,
    item: &Item,
    ladder: &EscalationItem,
    today: crate::value::Date,
) -> LadderStory {
    let items = match ladder.list {
        None => one(reader, ladder, None, today).into_iter().collect(),
        Some(list) => {
            let records = reader.facts.records(list);
            let count = records.map_or(0, |records| records.items);
            (0..count)
                .filter_map(|place| {
                    let key = ladder.item_key.and_then(|field| {
                        let value = records?.columns.get(field as usize)?.get(place)?.clone();
                        Some(Figure { value, ty: Type::Text })
                    });
                    one(&reader.at_item(place), ladder, key, today)
                })
                .collect()
        }
    };
    LadderStory { name: item.name.clone(), label: item.label.clone(), items }
}

fn one(
    reader: &Reader<'_>,
    ladder: &EscalationItem,
    key: Option<Figure>,
    today: crate::value::Date,
) -> Option<LadderItem> {
    let known = |step: StepId| {
        let figure = reader.figure(step);
        figure.value.is_known().then_some(figure)
    };
    let in_force = reader.holds(ladder.in_force).unwrap_or(false);
    let act = in_force && reader.holds(ladder.act) == Some(true);
    let role = |name: &Str| {
        let label = reader.plan.roles.iter().find(|(known, _)| known == name).map(|(_, label)| label.clone());
        (name.clone(), label.unwrap_or_else(|| Label::same(name.clone())))
    };
    // Late is what is still to be done when its day has passed.
    let late = |place: usize, day: &Figure| {
        act && matches!(reader.value(ladder.step), Value::Code(step) if step as usize == place)
            && matches!(&day.value, Value::Date(day) if *day < today)
    };
    let rungs = ladder
        .rungs
        .iter()
        .enumerate()
        .filter_map(|(place, rung)| {
            let day = reader.figure(rung.day);
            Some(RungLine {
                step: Figure { value: Value::Code(u32::try_from(place).ok()?), ty: Type::Enum(ladder.steps) },
                rule: line(reader, rung.rule)?,
                plain_day: reader.figure(rung.plain_day),
                moved: moved(reader, ladder, rung.day, rung.plain_day),
                distance: match &day.value {
                    Value::Date(day) => Some(today.days_until(*day)),
                    _ => None,
                },
                day,
                late: if late(place, &reader.figure(rung.day)) {
                    rung.late.iter().map(role).collect()
                } else {
                    Vec::new()
                },
                inside: !rung.notify.is_empty() && rung.actions.is_empty() && rung.approval.is_empty(),
                open: reader.holds(rung.open),
                approved: rung.approved.map(|approved| reader.holds(approved).unwrap_or(false)),
                approvers: rung.approval.iter().map(role).collect(),
            })
        })
        .collect();
    let mut rules: Vec<_> = ladder.holds.iter().filter_map(|hold| line(reader, hold.rule)).collect();
    rules.extend(
        ladder
            .delays
            .iter()
            .filter_map(|(rule, by)| line_of(reader, *rule, Subject::Delay(reader.figure(*by)))),
    );
    for (place, rung) in ladder.rungs.iter().enumerate() {
        let step = Figure {
            value: Value::Code(u32::try_from(place).unwrap_or(u32::MAX)),
            ty: Type::Enum(ladder.steps),
        };
        rules
            .extend(rung.skips.iter().filter_map(|rule| line_of(reader, *rule, Subject::Skip(step.clone()))));
    }
    let tactics = match &ladder.tactics {
        Some((_, kind, rows, chosen)) => match reader.value(*chosen) {
            Value::Code(place) => rows
                .get(place as usize)
                .map(|row| {
                    row.tactics.iter().map(|code| Figure { value: Value::Code(*code), ty: Type::Enum(*kind) })
                })
                .into_iter()
                .flatten()
                .collect(),
            _ => Vec::new(),
        },
        None => Vec::new(),
    };
    Some(LadderItem {
        key,
        what: ladder.list.and_then(|list| reader.what(list)),
        entry: line(reader, ladder.entry)?,
        step: if in_force { known(ladder.step) } else { None },
        day: if in_force { known(ladder.day) } else { None },
        awaiting: known(ladder.awaiting),
        next: known(ladder.next).zip(known(ladder.next_day)),
        earliest: apart(reader, ladder).filter(|_| act).and_then(|apart| {
            let day = today.add_days(apart.value.as_number()?.to_i64()?)?;
            Some((Figure { value: Value::Date(day), ty: Type::Date }, apart))
        }),
        act: reader.holds(ladder.act),
        done: known(ladder.done).zip(known(ladder.done_on)),
        held_days: known(ladder.held_days).filter(|_| {
            let never =
                matches!(reader.plan.steps.get(ladder.held_days).map(|it| &it.op), Some(Op::Const(_)));
            !never
        }),
        rungs,
        rules,
        tactics_by: ladder.tactics.as_ref().map(|(key, ..)| (*key, reader.figure(*key))),
        tactics,
    })
}

/// How many days two steps are apart at least, where one is taken at a time.
fn apart(reader: &Reader<'_>, ladder: &EscalationItem) -> Option<Figure> {
    let op = |step: StepId| {
        let mut step = step;
        while let Op::Same(of) = &reader.plan.steps.get(step)?.op {
            step = *of;
        }
        Some(&reader.plan.steps.get(step)?.op)
    };
    // The next step comes on the later of its own day and so many days behind the one last done.
    let Op::If(_, later, _) = op(ladder.next_day).filter(|_| ladder.climbs)? else { return None };
    let Op::Pick { of, .. } = op(*later)? else { return None };
    match op(*of.get(1)?)? {
        Op::AddDays(_, by) => Some(reader.figure(*by)),
        _ => None,
    }
}

/// What moved the day of a step from the day that is written, in the order in which it did.
fn moved(reader: &Reader<'_>, ladder: &EscalationItem, day: StepId, written: StepId) -> Vec<Moved> {
    let mut found = Vec::new();
    let mut step = day;
    let op = |step: StepId| reader.plan.steps.get(step).map(|it| &it.op);
    while step != written {
        match op(step) {
            Some(Op::ToBusinessDay(before, ..)) => {
                if let (Value::Date(from), Value::Date(to)) = (reader.value(*before), reader.value(step))
                    && from != to
                {
                    found.push(Moved::Closed { later: to > from });
                }
                step = *before;
            }
            Some(Op::AddDays(before, by)) => {
                let figure = reader.figure(*by);
                if figure.value.as_number().is_some_and(|by| !by.is_zero()) {
                    // The grace of a ladder is written in the policy; how long a clock stood comes of the facts.
                    let clock =
                        *by == ladder.held_days || !matches!(op(*by), Some(Op::Const(_) | Op::Param(_)));
                    found.push(if clock { Moved::Clock(figure) } else { Moved::Grace(figure) });
                }
                step = *before;
            }
            Some(Op::If(condition, then, otherwise)) => {
                let before = reader.figure(*otherwise);
                if !before.value.is_known() {
                    step = *then;
                    continue;
                }
                if reader.holds(*condition) == Some(true) {
                    found.extend(distance(&reader.figure(*then), &before).map(Moved::Delay));
                }
                step = *otherwise;
            }
            Some(Op::Same(of)) => step = *of,
            _ => break,
        }
    }
    found.reverse();
    found
}
