//! The days of a ladder: anchors and offsets, delays, holds that stop the clock, grace, holidays.

use super::super::{HoldItem, Op, RuleId, RuleKind, StepId, Take};
use super::Lower;
use crate::base::{Span, Str};
use crate::check::hir;
use crate::value::{FieldId, Number, Type, Unit};

/// What the records say was carried out.
pub(super) struct Record {
    /// The step last done.
    pub(super) done: StepId,
    /// Its place; −1 where none was done.
    pub(super) done_place: StepId,
    /// On which day.
    pub(super) on: StepId,
    /// The place of the highest step that was approved; −1 where none was.
    pub(super) approved_place: StepId,
    /// Days for which the clock stood in holds that are over.
    held: StepId,
    /// Since when a hold stood at the last decision.
    held_since: StepId,
}

/// The holds of a ladder.
pub(super) struct Holds {
    pub(super) items: Vec<HoldItem>,
    /// Whether one stands.
    pub(super) held: StepId,
    /// Since when.
    pub(super) since: StepId,
    /// The days for which the clock has stood up to today.
    pub(super) days: StepId,
    /// Since when the clock stands. What fell on an earlier day has fallen: only the days from then on move. For a step chained
    /// to another, only what came after that one counts.
    clock_since: Option<StepId>,
}

/// The delays of a ladder: rule, the days, the stretch, and whether it applies.
pub(super) type Delays = Vec<(RuleId, StepId, hir::Offset, StepId)>;

impl Lower<'_> {
    /// What the records say of the item.
    pub(super) fn record(&mut self, it: &hir::Escalation, list: Option<FieldId>, span: Span) -> Record {
        let key = match (list, it.last.item_key) {
            (Some(list), Some(place)) => {
                let field = self.program.schema.fields.get(list).map(|field| &field.ty);
                let ty = match field {
                    Some(crate::value::FieldType::Records(fields)) => {
                        fields.get(place as usize).map_or(Type::Text, |field| field.ty.ty(list.0))
                    }
                    Some(_) | None => Type::Text,
                };
                let key = self.push(Op::Field(list, place), ty, span);
                Some((it.last.key, key))
            }
            _ => None,
        };
        let look = |lower: &mut Self, field: u32, ty: Type| {
            lower.push(Op::Lookup { list: it.last.list, key, field }, ty, span)
        };
        let steps = Type::Enum(it.steps_enum);
        let done = look(self, it.last.step, steps.clone());
        let on = look(self, it.last.on, Type::Date);
        let approved = look(self, it.last.approved, steps);
        let held = look(self, it.last.held, Type::Number(Unit::DAYS));
        let held_since = look(self, it.last.held_since, Type::Date);
        let none = self.number(Number::ZERO, Unit::DAYS, span);
        let held = self.if_unknown(held, none, span);
        Record {
            done,
            done_place: self.place_or_none(done, it, span),
            on,
            approved_place: self.place_or_none(approved, it, span),
            held,
            held_since,
        }
    }

    fn place_or_none(&mut self, step: StepId, it: &hir::Escalation, span: Span) -> StepId {
        let place = self.rank(step, it.steps_enum, span);
        let none = self.place(-1, span);
        self.if_unknown(place, none, span)
    }

    /// The holds, since when they stand, and how long the clock has stood. A hold that names no day stands since the day
    /// that was recorded, else since today; one that was recorded and stands no more counts until today.
    pub(super) fn holds(
        &mut self,
        it: &hir::Escalation,
        record: &Record,
        address: &str,
        span: Span,
    ) -> Holds {
        let today = self.push(Op::Today, Type::Date, span);
        let recorded = self.if_unknown(record.held_since, today, span);
        let stops = it.holds.iter().any(|hold| hold.clock_stops);
        let mut items = Vec::new();
        let (mut all, mut clock, mut sinces) = (Vec::new(), Vec::new(), Vec::new());
        for (place, hold) in it.holds.iter().enumerate() {
            let address: Str = format!("{address}/hold {}", place.saturating_add(1)).into();
            let (rule, applies) = self.condition(&hold.condition, RuleKind::Hold, address, None);
            let applies = self.applies(applies, hold.condition.span);
            all.push(applies);
            if hold.clock_stops {
                clock.push(applies);
            }
            if hold.clock_stops || !stops {
                let since = match &hold.since {
                    Some(since) => {
                        let since = self.expr(since);
                        self.if_unknown(since, recorded, span)
                    }
                    None => recorded,
                };
                let none = self.unknown(super::super::Silence::Unknown, Type::Date, span);
                sinces.push(self.choose_if(applies, since, none, Type::Date, span));
            }
            items.push(HoldItem { rule, clock_stops: hold.clock_stops });
        }
        let held = self.or(all, span);
        let since = match sinces.as_slice() {
            [] => self.unknown(super::super::Silence::Unknown, Type::Date, span),
            [only] => *only,
            _ => {
                let op = Op::Pick { take: Take::Lowest, of: sinces, skip_unknown: true };
                self.push(op, Type::Date, span)
            }
        };
        let (days, clock_since) = if stops {
            let stands = self.or(clock, span);
            let began = self.choose_if(stands, since, record.held_since, Type::Date, span);
            let standing = self.days_since(began, today, span);
            let days = self.add(record.held, standing, Type::Number(Unit::DAYS), span);
            (days, Some(began))
        } else {
            (self.number(Number::ZERO, Unit::DAYS, span), None)
        };
        Holds { items, held, since, days, clock_since }
    }

    /// The days from a day until today; none where the day is not known or has not come.
    fn days_since(&mut self, began: StepId, today: StepId, span: Span) -> StepId {
        let days = Type::Number(Unit::DAYS);
        let standing = self.push(Op::DaysBetween(today, began), days.clone(), span);
        let none = self.number(Number::ZERO, Unit::DAYS, span);
        let standing = self.pick(Take::Highest, vec![standing, none], days, span);
        self.if_unknown(standing, none, span)
    }

    /// The delays and whether each applies.
    pub(super) fn delays(&mut self, it: &hir::Escalation, address: &str) -> Delays {
        let mut delays = Vec::new();
        for (place, delay) in it.delays.iter().enumerate() {
            let address: Str = format!("{address}/delay {}", place.saturating_add(1)).into();
            let (rule, applies) = self.condition(&delay.condition, RuleKind::Delay, address, None);
            let applies = self.applies(applies, delay.condition.span);
            let (hir::Offset::Days(by) | hir::Offset::BusinessDays(by) | hir::Offset::Months(by, _)) =
                &delay.by;
            let by = self.expr(by);
            delays.push((rule, by, delay.by.clone(), applies));
        }
        delays
    }

    /// A day with a stretch behind it.
    pub(super) fn later(&mut self, day: StepId, offset: &hir::Offset, span: Span) -> StepId {
        match offset {
            hir::Offset::Days(days) => {
                let days = self.expr(days);
                self.push(Op::AddDays(day, days), Type::Date, span)
            }
            hir::Offset::BusinessDays(days) => {
                let days = self.expr(days);
                match self.calendar() {
                    Some(calendar) => self.push(Op::AddBusinessDays(day, days, calendar), Type::Date, span),
                    None => self.push(Op::AddDays(day, days), Type::Date, span),
                }
            }
            hir::Offset::Months(months, end) => {
                let months = self.expr(months);
                self.push(Op::AddMonths(day, months, *end), Type::Date, span)
            }
        }
    }

    /// The day of a step as written, as it is with delays, holds, grace and holidays, and the days before which it cannot come:
    /// those stay known where the calendar ends before the step does, so that a step of next year leaves this year's in force.
    pub(super) fn rung_day(
        &mut self,
        it: &hir::Escalation,
        step: &hir::LadderStep,
        record: &Record,
        holds: &Holds,
        delays: &Delays,
    ) -> (StepId, StepId, Vec<StepId>) {
        let span = step.condition.span;
        let mut not_before = Vec::new();
        let (plain, moved) = match &step.day {
            hir::StepDay::Anchor { anchor, offset, date, at_the_end } => {
                let plain = self.expr(date);
                if let Some(hir::Offset::BusinessDays(by)) = offset {
                    let by = self.expr(by);
                    if self.bounds(by).range.as_ref().is_some_and(|(least, _)| !least.is_negative()) {
                        not_before.push(self.expr(anchor));
                    }
                }
                let mut day = plain;
                if *at_the_end {
                    day = self.delayed(day, offset.as_ref(), delays, span);
                }
                if let Some(began) = holds.clock_since {
                    let stood = self.stood_before(it, day, began, record, holds);
                    day = self.push(Op::AddDays(day, stood), Type::Date, span);
                }
                (plain, day)
            }
            hir::StepDay::Done { step: other, offset } => {
                let plain = match offset {
                    Some(offset) => self.later(record.on, offset, span),
                    None => record.on,
                };
                let mut day = plain;
                if let Some(began) = holds.clock_since {
                    let today = self.push(Op::Today, Type::Date, span);
                    let began = self.pick(Take::Highest, vec![began, record.on], Type::Date, span);
                    let standing = self.days_since(began, today, span);
                    day = self.push(Op::AddDays(day, standing), Type::Date, span);
                }
                let none = self.unknown(super::super::Silence::Unknown, Type::Date, span);
                let is_done = self.is_code(record.done, vec![*other], span);
                let no = self.yes_no(false, span);
                let is_done = self.if_unknown(is_done, no, span);
                (
                    self.choose_if(is_done, plain, none, Type::Date, span),
                    self.choose_if(is_done, day, none, Type::Date, span),
                )
            }
        };
        let day = self.with_grace(it, moved, span);
        if it.holiday == hir::Holiday::Next && self.calendar().is_some() {
            not_before.push(day);
        }
        (plain, self.on_open_day(it, day, span), not_before)
    }

    /// A day with the grace of the ladder.
    fn with_grace(&mut self, it: &hir::Escalation, day: StepId, span: Span) -> StepId {
        let Some(grace) = &it.grace else { return day };
        let grace = self.expr(grace);
        self.push(Op::AddDays(day, grace), Type::Date, span)
    }

    /// A day, moved as the ladder moves one on which nobody works.
    fn on_open_day(&mut self, it: &hir::Escalation, day: StepId, span: Span) -> StepId {
        match self.calendar() {
            Some(calendar) if it.holiday != hir::Holiday::AsItIs => {
                self.push(Op::ToBusinessDay(day, it.holiday, calendar), Type::Date, span)
            }
            _ => day,
        }
    }

    /// The days for which the clock stood before a day came: those of holds that are over, and those of the one that stands unless it
    /// began behind the day.
    fn stood_before(
        &mut self,
        it: &hir::Escalation,
        day: StepId,
        began: StepId,
        record: &Record,
        holds: &Holds,
    ) -> StepId {
        let span = it.condition.span;
        let after_others = self.push(Op::AddDays(day, record.held), Type::Date, span);
        let after_others = self.with_grace(it, after_others, span);
        let comes = self.on_open_day(it, after_others, span);
        let came = self.compare(hir::Compare::Less, comes, began, span);
        let no = self.yes_no(false, span);
        let came = self.if_unknown(came, no, span);
        self.choose_if(came, record.held, holds.days, Type::Number(Unit::DAYS), span)
    }

    /// Delays move what falls on the due date or behind it; a reminder before it stays, and so does what hangs on an earlier date.
    fn delayed(&mut self, day: StepId, offset: Option<&hir::Offset>, delays: &Delays, span: Span) -> StepId {
        let behind = match offset {
            None => self.yes_no(true, span),
            Some(hir::Offset::Days(by) | hir::Offset::BusinessDays(by) | hir::Offset::Months(by, _)) => {
                let by = self.expr(by);
                match self.bounds(by).range {
                    Some((least, _)) if !least.is_negative() => self.yes_no(true, span),
                    Some((_, most)) if most.is_negative() => self.yes_no(false, span),
                    Some(_) | None => {
                        let none = self.like(0, by, span);
                        self.compare(hir::Compare::GreaterOrEqual, by, none, span)
                    }
                }
            }
        };
        let mut day = day;
        for (_, _, stretch, applies) in delays {
            let later = self.later(day, stretch, span);
            let moves = self.and(vec![behind, *applies], span);
            day = self.choose_if(moves, later, day, Type::Date, span);
        }
        day
    }
}
