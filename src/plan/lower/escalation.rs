//! Ladders: which step is in force, what it waits for, what comes next, and whether to act today.

use super::super::{
    AggregateFunction, EscalationItem, ItemKind, LadderRung, Op, Reason, RuleId, RuleKind, Scope, StepId,
    TacticsRow, Take,
};
use super::conditions::asks_for_unknown;
use super::ladder::{Delays, Holds, Record};
use super::{Lower, code};
use crate::base::{Span, Str};
use crate::check::hir;
use crate::value::{EnumId, FieldId, Type, Unit, Value};

/// The rungs with what decides between them.
struct Rungs {
    items: Vec<LadderRung>,
    /// Whether each counts: not skipped, its condition met.
    eligible: Vec<StepId>,
    days: Vec<StepId>,
}

/// The tactics of a ladder: key, kind, rows, and the place of the row taken.
type Tactics = (StepId, EnumId, Vec<TacticsRow>, StepId);

impl Lower<'_> {
    /// `escalation`
    pub(super) fn lower_escalation(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        it: &hir::Escalation,
    ) {
        let span = definition.span;
        let list = match definition.scope {
            Scope::Items(list) => Some(list),
            Scope::Customer => None,
        };
        let address = self.address(definition);
        let kind = it.steps_enum;
        let entry_address: Str = format!("{address}/entry").into();
        let (entry, on_ladder) = self.condition(&it.condition, RuleKind::Entry, entry_address, None);
        let on_ladder = self.applies(on_ladder, it.condition.span);
        let record = self.record(it, list, span);
        let holds = self.holds(it, &record, &address, span);
        let delays = self.delays(it, &address);
        let rungs = self.rungs(it, &record, &holds, &delays, &address);
        let (place, candidate) = self.in_force(it, &record, &rungs, on_ladder, span);

        let step = self.of_rank(place, kind, span);
        let step = self.name(id, hir::Part::Main, step);
        self.alias(id, hir::Part::Step, step);
        let nowhere = self.place(-1, span);
        let in_force = self.compare(hir::Compare::Greater, place, nowhere, span);
        let waits = self.compare(hir::Compare::Greater, candidate, place, span);
        let waiting = self.choose_if(waits, candidate, nowhere, Type::Number(Unit::NUMBER), span);
        let awaiting = self.of_rank(waiting, kind, span);
        let awaiting = self.name(id, hir::Part::Awaiting, awaiting);
        let day = self.choose(step, rungs.days.clone(), Type::Date, span);
        let day = self.name(id, hir::Part::Day, day);
        let (next, next_day) = self.next(it, &record, &rungs, (on_ladder, place), span);
        let next = self.name(id, hir::Part::Next, next);
        let next_day = self.name(id, hir::Part::NextDay, next_day);
        let held = self.and(vec![on_ladder, holds.held], span);
        let held = self.name(id, hir::Part::Held, held);
        let above_minimum = self.above_minimum(it, list, on_ladder, span);
        let act = self.act(it, &record, list, (in_force, place, held), above_minimum, span);
        let act = self.name(id, hir::Part::Act, act);
        let tactics = self.tactics(it, &address, span);
        if let Some((_, kind, rows, chosen)) = &tactics {
            let value = self.tactics_value(*kind, rows, *chosen, span);
            self.name(id, hir::Part::Tactics, value);
        }
        let ladder = EscalationItem {
            list,
            item_key: it.last.item_key,
            steps: kind,
            entry,
            rungs: rungs.items,
            step,
            in_force,
            awaiting,
            day,
            next,
            next_day,
            held,
            held_days: holds.days,
            held_since: holds.since,
            act,
            done: record.done,
            done_on: record.on,
            holds: holds.items,
            delays: delays.into_iter().map(|(rule, days, _, _)| (rule, days)).collect(),
            tactics,
            above_minimum,
            climbs: it.climbs.is_some(),
            one_letter: it.one_letter,
            last: it.last.clone(),
        };
        self.item(id, definition, step, None, Reason::default(), ItemKind::Escalation(Box::new(ladder)));
    }

    fn rungs(
        &mut self,
        it: &hir::Escalation,
        record: &Record,
        holds: &Holds,
        delays: &Delays,
        address: &str,
    ) -> Rungs {
        let skips: Vec<(u32, RuleId, StepId)> = it
            .skips
            .iter()
            .enumerate()
            .map(|(place, skip)| {
                let address: Str = format!("{address}/skip {}", place.saturating_add(1)).into();
                let (rule, applies) = self.condition(&skip.condition, RuleKind::Skip, address, None);
                (skip.step, rule, self.applies(applies, skip.condition.span))
            })
            .collect();
        let mut rungs = Rungs { items: Vec::new(), eligible: Vec::new(), days: Vec::new() };
        for (place, step) in it.steps.iter().enumerate() {
            let span = step.condition.span;
            let address: Str = format!("{address}/{}", step.name).into();
            let (rule, applies) = self.condition(&step.condition, RuleKind::Rung, address, None);
            let mut eligible: Vec<StepId> = applies.into_iter().collect();
            let own: Vec<&(u32, RuleId, StepId)> =
                skips.iter().filter(|(of, _, _)| *of == code(place)).collect();
            for (_, _, skip) in &own {
                eligible.push(self.not(*skip, span));
            }
            let eligible = self.and(eligible, span);
            let (plain_day, day, not_before) = self.rung_day(it, step, record, holds, delays);
            let come = self.come(step, place, record, (day, not_before), span);
            let open = self.and(vec![eligible, come], span);
            let approved = (!step.approval.is_empty()).then(|| self.approved(place, record, span));
            rungs.items.push(LadderRung {
                name: step.name.clone(),
                label: step.label.clone(),
                rule,
                day,
                plain_day,
                skips: own.iter().map(|(_, rule, _)| *rule).collect(),
                open,
                approved,
                actions: step.actions.clone(),
                notify: step.notify.clone(),
                approval: step.approval.clone(),
                late: step.late.clone(),
            });
            rungs.eligible.push(eligible);
            rungs.days.push(day);
        }
        rungs
    }

    /// Whether the day of a step has come. One chained to another has not come before that was done, and stays come once it
    /// is done itself.
    fn come(
        &mut self,
        step: &hir::LadderStep,
        place: usize,
        record: &Record,
        (day, not_before): (StepId, Vec<StepId>),
        span: Span,
    ) -> StepId {
        let today = self.push(Op::Today, Type::Date, span);
        let days = not_before.into_iter().chain([day]);
        let come = days.map(|day| self.compare(hir::Compare::GreaterOrEqual, today, day, span)).collect();
        let come = self.and(come, span);
        match &step.day {
            hir::StepDay::Anchor { .. } => come,
            hir::StepDay::Done { .. } => {
                let known = self.is_known(day, span);
                let come = self.and(vec![known, come], span);
                let done = self.reached(record.done_place, place, span);
                self.or(vec![done, come], span)
            }
        }
    }

    /// Whether a place has been reached.
    fn reached(&mut self, by: StepId, place: usize, span: Span) -> StepId {
        let place = self.place(i64::try_from(place).unwrap_or(i64::MAX), span);
        self.compare(hir::Compare::GreaterOrEqual, by, place, span)
    }

    /// Whether a step's approval is given: it or a higher one was approved, or was done already.
    fn approved(&mut self, place: usize, record: &Record, span: Span) -> StepId {
        let given = self.reached(record.approved_place, place, span);
        let done = self.reached(record.done_place, place, span);
        self.or(vec![given, done], span)
    }

    /// The place of the step in force and of the one that would be if every approval were given; −1 for none.
    fn in_force(
        &mut self,
        it: &hir::Escalation,
        record: &Record,
        rungs: &Rungs,
        on_ladder: StepId,
        span: Span,
    ) -> (StepId, StepId) {
        let plain = Type::Number(Unit::NUMBER);
        let nowhere = self.place(-1, span);
        let reach = it.climbs.as_ref().map(|climbs| self.reach(climbs, record, rungs, span));
        let (mut open, mut approved) = (vec![nowhere], vec![nowhere]);
        for (place, rung) in rungs.items.iter().enumerate() {
            let number = self.place(i64::try_from(place).unwrap_or(i64::MAX), span);
            let mut conditions = vec![rung.open];
            if let Some(reach) = reach {
                conditions.push(self.compare(hir::Compare::LessOrEqual, number, reach, span));
            }
            let allowed = self.and(conditions.clone(), span);
            open.push(self.choose_if(allowed, number, nowhere, plain.clone(), span));
            conditions.extend(rung.approved);
            let allowed = self.and(conditions, span);
            approved.push(self.choose_if(allowed, number, nowhere, plain.clone(), span));
        }
        let open = self.pick(Take::Highest, open, plain.clone(), span);
        let approved = self.pick(Take::Highest, approved, plain.clone(), span);
        let place = self.choose_if(on_ladder, approved, nowhere, plain.clone(), span);
        (place, self.choose_if(on_ladder, open, nowhere, plain, span))
    }

    /// How far the ladder may climb today: one above the last step done, of those that count; not before the time between two
    /// steps is over.
    fn reach(&mut self, climbs: &hir::Climbs, record: &Record, rungs: &Rungs, span: Span) -> StepId {
        let next = self.first_above(record.done_place, rungs, span);
        let Some(apart) = &climbs.apart else { return next };
        let today = self.push(Op::Today, Type::Date, span);
        let free = self.later(record.on, apart, climbs.span);
        let over = self.compare(hir::Compare::GreaterOrEqual, today, free, climbs.span);
        let yes = self.yes_no(true, span);
        let over = self.if_unknown(over, yes, span);
        self.choose_if(over, next, record.done_place, Type::Number(Unit::NUMBER), span)
    }

    /// The first step above a place that counts; the number of steps where there is none.
    fn first_above(&mut self, above: StepId, rungs: &Rungs, span: Span) -> StepId {
        let plain = Type::Number(Unit::NUMBER);
        let none = self.place(i64::try_from(rungs.items.len()).unwrap_or(i64::MAX), span);
        let mut of = vec![none];
        for (place, eligible) in rungs.eligible.iter().enumerate() {
            let number = self.place(i64::try_from(place).unwrap_or(i64::MAX), span);
            let higher = self.compare(hir::Compare::Less, above, number, span);
            let counts = self.and(vec![*eligible, higher], span);
            of.push(self.choose_if(counts, number, none, plain.clone(), span));
        }
        self.pick(Take::Lowest, of, plain, span)
    }

    /// What comes next, and on which day: its own, and not before the time between two steps is over.
    fn next(
        &mut self,
        it: &hir::Escalation,
        record: &Record,
        rungs: &Rungs,
        (on_ladder, place): (StepId, StepId),
        span: Span,
    ) -> (StepId, StepId) {
        let above = self.first_above(place, rungs, span);
        let nowhere = self.place(-1, span);
        let above = self.choose_if(on_ladder, above, nowhere, Type::Number(Unit::NUMBER), span);
        let next = self.of_rank(above, it.steps_enum, span);
        let mut day = self.choose(next, rungs.days.clone(), Type::Date, span);
        if let Some(apart) = it.climbs.as_ref().and_then(|climbs| climbs.apart.as_ref()) {
            let free = self.later(record.on, apart, span);
            let later = self.pick(Take::Highest, vec![day, free], Type::Date, span);
            let known = self.is_known(record.on, span);
            day = self.choose_if(known, later, day, Type::Date, span);
        }
        (next, day)
    }

    /// Whether what is measured reaches the minimum of an item and of a customer. What cannot be measured is chased.
    fn above_minimum(
        &mut self,
        it: &hir::Escalation,
        list: Option<FieldId>,
        on_ladder: StepId,
        span: Span,
    ) -> Option<StepId> {
        let minimum = it.minimum.as_ref()?;
        let of = self.expr(&minimum.of);
        let mut enough = Vec::new();
        if let Some(least) = &minimum.per_item {
            let least = self.expr(least);
            enough.push(self.compare(hir::Compare::GreaterOrEqual, of, least, span));
        }
        if let Some(least) = &minimum.per_customer {
            let least = self.expr(least);
            let all = match list {
                Some(list) => self.aggregate(AggregateFunction::Sum, list, of, Some(on_ladder), span),
                None => of,
            };
            enough.push(self.compare(hir::Compare::GreaterOrEqual, all, least, span));
        }
        let yes = self.yes_no(true, span);
        let enough: Vec<StepId> = enough.into_iter().map(|one| self.if_unknown(one, yes, span)).collect();
        Some(self.and(enough, span))
    }

    /// Whether the step in force is to be acted on today.
    fn act(
        &mut self,
        it: &hir::Escalation,
        record: &Record,
        list: Option<FieldId>,
        (in_force, place, held): (StepId, StepId, StepId),
        above_minimum: Option<StepId>,
        span: Span,
    ) -> StepId {
        let fresh = self.compare(hir::Compare::Less, record.done_place, place, span);
        let free = self.not(held, span);
        let mut conditions = vec![in_force, fresh, free];
        conditions.extend(above_minimum);
        let act = self.and(conditions, span);
        match list.filter(|_| it.one_letter) {
            Some(list) => {
                // An item that cannot be judged does not keep the others' letters back.
                let no = self.yes_no(false, span);
                let acts = self.if_unknown(act, no, span);
                let highest = self.aggregate(AggregateFunction::Highest, list, place, Some(acts), span);
                let nowhere = self.place(-1, span);
                let highest = self.if_unknown(highest, nowhere, span);
                let is_highest = self.compare(hir::Compare::GreaterOrEqual, place, highest, span);
                self.and(vec![act, is_highest], span)
            }
            None => act,
        }
    }

    fn tactics(&mut self, it: &hir::Escalation, address: &str, span: Span) -> Option<Tactics> {
        let tactics = it.tactics.as_ref()?;
        let key = self.expr(&tactics.key);
        let caught = asks_for_unknown(tactics.rows.iter().map(|(cell, _, _)| cell));
        let mut rows = Vec::new();
        let mut rules = Vec::new();
        for (place, (cell, condition, members)) in tactics.rows.iter().enumerate() {
            let address: Str = format!("{address}/tactics/row {}", place.saturating_add(1)).into();
            let (rule, cells, guard) =
                self.match_row(&[(key, caught)], std::slice::from_ref(cell), condition, address, false);
            rules.push(rule);
            let results = members.iter().map(|code| self.member(*code, tactics.tactics, span)).collect();
            let row = super::super::RowItem { rule, cells, guard, results, question: None };
            rows.push(TacticsRow { row, tactics: members.clone() });
        }
        let conditions = self.row_conditions(&rules);
        let chosen = self.first_true(conditions, Type::Number(Unit::NUMBER), span);
        Some((key, tactics.tactics, rows, chosen))
    }

    /// The tactics in the order to be tried.
    fn tactics_value(&mut self, kind: EnumId, rows: &[TacticsRow], chosen: StepId, span: Span) -> StepId {
        let ty = Type::List(Box::new(Type::Enum(kind)));
        let of = rows
            .iter()
            .map(|row| {
                let members: Vec<Value> = row.tactics.iter().map(|code| Value::Code(*code)).collect();
                self.value_of(Value::List(members.into()), ty.clone(), span)
            })
            .collect();
        self.choose(chosen, of, ty.clone(), span)
    }
}
