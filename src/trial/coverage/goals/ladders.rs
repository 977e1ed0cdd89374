//! Goals of ladders: each step in force, holds, skips, delays, tactics, what is below the minimum.

use super::super::goal::{GoalKind, Sight};
use super::{Collector, Site};
use crate::plan::{EscalationItem, Label, LadderRung, Op, RowItem, RuleId, StepId};

impl Collector<'_> {
    pub(super) fn ladder(&mut self, site: &Site, it: &EscalationItem) {
        let entry = self.site_of(
            site,
            it.entry,
            &format!("{}, what is on it", site.name.en),
            &format!("{}，适用对象", site.name.zh),
        );
        if let Some(applies) = self.applies(it.entry) {
            for (holds, tail, en, zh) in [
                (true, "on it", "something is on it", "有对象在列"),
                (false, "not on it", "something is not", "有对象不在列"),
            ] {
                self.add_as(&entry, GoalKind::Step, (tail, en, zh), Sight::Is(applies, holds));
            }
        }
        self.condition(&entry, it.entry);
        for (place, rung) in (0_u32..).zip(&it.rungs) {
            self.rung(site, it, rung, place);
        }
        for (place, hold) in it.holds.iter().enumerate() {
            self.numbered(site, GoalKind::Hold, hold.rule, place, ("hold", "暂停"));
        }
        for (place, (delay, days)) in it.delays.iter().enumerate() {
            self.numbered(site, GoalKind::Delay, *delay, place, ("delay", "延后"));
            self.expression(site, *days);
        }
        if let Some(above) = it.above_minimum {
            let words = ("below the minimum", "below the minimum", "低于起点");
            self.add_as(site, GoalKind::Step, words, Sight::Is(above, false));
            self.expression(site, above);
        }
        if let Some((key, _, rows, chosen)) = &it.tactics {
            let rows: Vec<RowItem> = rows.iter().map(|row| row.row.clone()).collect();
            let name = Label {
                en: format!("{}, tactics", site.name.en).into(),
                zh: format!("{}策略", site.name.zh).into(),
            };
            let of = Site { name, ..site.clone() };
            self.taken_rows(&of, GoalKind::Row, &rows, &[*key], *chosen);
        }
    }

    fn numbered(&mut self, site: &Site, kind: GoalKind, rule: RuleId, place: usize, (en, zh): (&str, &str)) {
        let number = place.saturating_add(1);
        let en = format!("{}, {en} {number}", site.name.en);
        let zh = format!("{}{zh} {number}", site.name.zh);
        let of = self.site_of(site, rule, &en, &zh);
        if let Some(applies) = self.applies(rule) {
            self.add(&of, kind, Sight::Is(applies, true));
        }
        self.condition(&of, rule);
    }

    fn rung(&mut self, site: &Site, it: &EscalationItem, rung: &LadderRung, place: u32) {
        let en = format!("{}, step {}", site.name.en, rung.label.en);
        let zh = format!("{}，{}", site.name.zh, rung.label.zh);
        let of = self.site_of(site, rung.rule, &en, &zh);
        self.add(&of, GoalKind::Step, Sight::Code(it.step, place));
        if rung.approved.is_some() {
            let words = ("awaiting", "it waits for its approval", "待批准");
            self.add_as(&of, GoalKind::Step, words, Sight::Code(it.awaiting, place));
        }
        self.condition(&of, rung.rule);
        self.expression(&of, self.written_day(it, rung));
        for come in self.come(rung) {
            if self.walked.insert(come) {
                let called = [("its day come", "已到其日"), ("its day still to come", "未到其日")];
                let called = called.map(|(en, zh)| Label { en: en.into(), zh: zh.into() });
                self.sides(&of, come, Some(called), false);
            }
        }
        for (number, skip) in rung.skips.iter().enumerate() {
            let (en, zh) = (format!("skip of {}", rung.label.en), format!("跳过{}", rung.label.zh));
            self.numbered(site, GoalKind::Skip, *skip, number, (&en, &zh));
        }
    }

    /// The day of a step as written; of one chained to another, without whether that was done.
    fn written_day(&self, it: &EscalationItem, rung: &LadderRung) -> StepId {
        let op = |step: StepId| self.plan.steps.get(step).map(|it| &it.op);
        let Some(Op::If(done, day, _)) = op(rung.plain_day) else { return rung.plain_day };
        let done = match op(*done) {
            Some(Op::IfUnknown(done, _)) => done,
            Some(_) | None => done,
        };
        match op(*done) {
            Some(Op::OneOf(of, _)) if *of == it.done => *day,
            Some(_) | None => rung.plain_day,
        }
    }

    /// The comparisons of today with the day of a step.
    fn come(&self, rung: &LadderRung) -> Vec<StepId> {
        let mut found = Vec::new();
        let mut waiting = vec![rung.open];
        while let Some(step) = waiting.pop() {
            match self.plan.steps.get(step).map(|it| &it.op) {
                Some(Op::And(of) | Op::Or(of)) => waiting.extend(of),
                Some(Op::Compare(_, _, day)) if *day == rung.day => found.push(step),
                _ => {}
            }
        }
        found
    }
}
