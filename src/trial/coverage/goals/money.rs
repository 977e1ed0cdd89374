//! Goals of limits, totals, allocations and shared budgets: what bites, what changes an amount, what is left out.

use super::super::goal::{GoalKind, Sight};
use super::{Collector, Site, spaced};
use crate::plan::{
    AllocationItem, BookItem, LayerItem, LimitItem, LineItem, LineKind, RuleId, StepId, Take, TotalItem,
    TotalLineItem,
};

impl Collector<'_> {
    pub(super) fn limit(&mut self, site: &Site, it: &LimitItem) {
        let several = it.methods.len() > 1;
        for method in &it.methods {
            let en = format!("{}, method {}", site.name.en, method.label.en);
            let zh = format!("{}，{}", site.name.zh, method.label.zh);
            let of = self.site_of(site, method.rule, &en, &zh);
            let raw = method.rounding.as_ref().map_or(method.value, |(raw, _)| *raw);
            self.written(&of, raw, method.value);
            if several && matches!(it.take, Take::Lowest | Take::Highest) {
                let way = Sight::Same(method.value, it.taken);
                self.add_as(&of, GoalKind::Line, ("taken", "it is the one taken", "被采用"), way);
            }
            if it.skip_unknown && self.can_be_unknown(method.value) {
                let words = ("left out", "unknown, it is left out", "未知，不计");
                self.add_as(&of, GoalKind::MissingData, words, Sight::Unknown(method.value));
            }
        }
        if let Some((amount, _)) = it.layers_for {
            self.expression(site, amount);
        }
        for layer in &it.layers {
            self.layer(site, layer);
        }
        for (place, line) in it.lines.iter().enumerate() {
            self.line(site, line, place);
        }
    }

    fn line(&mut self, site: &Site, line: &LineItem, place: usize) {
        let number = place.saturating_add(1);
        let operand = line.operand.map(|step| (self.en.of(step), self.zh.of(step)));
        let (by, by_zh) = operand.unwrap_or_default();
        let (en, zh) = match &line.kind {
            LineKind::Correct => (format!("corrected by {by}"), format!("按{by_zh}修正")),
            LineKind::Times => (format!("times {by}"), format!("乘以 {by_zh}")),
            LineKind::Cap => (format!("cap at {by}"), format!("上限 {by_zh}")),
            LineKind::Floor => (format!("floor at {by}"), format!("下限 {by_zh}")),
            LineKind::Round(_) => ("rounding".to_owned(), "取整".to_owned()),
        };
        let en = format!("{}, line {number}, {en}", site.name.en);
        let zh = format!("{}第 {number} 行，{zh}", spaced(&site.name.zh));
        let of = self.site_of(site, line.rule, &en, &zh);
        if let Some(operand) = line.operand {
            self.expression(&of, operand);
        }
        match &line.kind {
            LineKind::Cap | LineKind::Floor => self.bites(&of, line.before, line.after),
            LineKind::Correct | LineKind::Times | LineKind::Round(_) => {
                let way = Sight::Differ(line.before, line.after);
                self.add_as(&of, GoalKind::Line, ("changes", "it changes the amount", "改变金额"), way);
                if let Some(applies) = self.applies(line.rule) {
                    let words = ("does not apply", "it does not apply", "不适用");
                    self.add_as(&of, GoalKind::Line, words, Sight::Is(applies, false));
                }
            }
        }
        if let Some(operand) = line.operand.filter(|step| line.skip_unknown && self.can_be_unknown(*step)) {
            let words = ("left out", "unknown, it is left out", "未知，不计");
            self.add_as(&of, GoalKind::MissingData, words, Sight::Unknown(operand));
        }
        self.condition(&of, line.rule);
    }

    fn layer(&mut self, site: &Site, layer: &LayerItem) {
        let en = format!("{}, layer {}", site.name.en, layer.label.en);
        let zh = format!("{}，{}", site.name.zh, layer.label.zh);
        let of = self.site_of(site, layer.rule, &en, &zh);
        self.expression(&of, layer.worth);
        layer.haircut.into_iter().for_each(|step| self.expression(&of, step));
        self.add_as(
            &of,
            GoalKind::Line,
            ("bears", "it bears something", "承担金额"),
            Sight::Positive(layer.bears),
        );
        if let Some((share, most)) = layer.share {
            self.expression(&of, share);
            let bites = Sight::All(vec![Sight::Same(layer.bears, most), Sight::Differ(layer.lendable, most)]);
            self.add_as(&of, GoalKind::Cap, ("bites", "its share bites", "比例上限起作用"), bites);
            let idle = Sight::Same(layer.bears, layer.lendable);
            self.add_as(
                &of,
                GoalKind::Cap,
                ("does not bite", "its share does not bite", "比例上限不起作用"),
                idle,
            );
        }
        if let Some(applies) = self.applies(layer.rule) {
            let words = ("does not count", "it does not count", "不计");
            self.add_as(&of, GoalKind::Line, words, Sight::Is(applies, false));
        }
        if layer.skip_unknown && self.can_be_unknown(layer.worth) {
            let words = ("left out", "unknown, it bears nothing", "未知，不承担");
            self.add_as(&of, GoalKind::MissingData, words, Sight::Unknown(layer.worth));
        }
        self.condition(&of, layer.rule);
    }

    pub(super) fn total(&mut self, site: &Site, it: &TotalItem) {
        for line in &it.lines {
            self.total_line(site, line);
        }
        if let Some((least, rule)) = it.floor {
            let of = self.floor_site(site, rule);
            self.expression(&of, least);
            self.bites(&of, it.sum, it.floored);
        }
    }

    fn floor_site(&self, site: &Site, rule: RuleId) -> Site {
        self.site_of(site, rule, &format!("{}, floor", site.name.en), &format!("{}下限", site.name.zh))
    }

    /// A cap or a floor, by the amounts before and after it.
    fn bites(&mut self, site: &Site, before: StepId, after: StepId) {
        let bites = Sight::Differ(before, after);
        self.add_as(site, GoalKind::Cap, ("bites", "it bites", "起作用"), bites);
        let idle = Sight::Same(before, after);
        self.add_as(site, GoalKind::Cap, ("does not bite", "it does not bite", "不起作用"), idle);
    }

    fn total_line(&mut self, site: &Site, line: &TotalLineItem) {
        let en = format!("{}, {}", site.name.en, line.label.en);
        let zh = format!("{}，{}", site.name.zh, line.label.zh);
        let of = self.site_of(site, line.rule, &en, &zh);
        self.written(&of, line.raw, line.value);
        let some = Sight::Any(vec![Sight::Positive(line.counted)]);
        self.add_as(&of, GoalKind::Line, ("counts", "it counts for something", "计入金额"), some);
        if let Some((most, _)) = line.at_most {
            self.expression(&of, most);
            let capped = line.rounding.as_ref().map_or(line.value, |(capped, _)| *capped);
            self.bites(&of, line.raw, capped);
        }
        if self.can_be_unknown(line.raw) && (line.skip_unknown || line.question.is_some()) {
            let (tail, en, zh) = match line.skip_unknown {
                true => ("left out", "unknown, it is left out", "未知，不计"),
                false => ("asked", "unknown, a role is asked", "未知时询问"),
            };
            self.add_as(&of, GoalKind::MissingData, (tail, en, zh), Sight::Unknown(line.raw));
        }
    }

    pub(super) fn allocation(&mut self, site: &Site, value: StepId, it: &AllocationItem) {
        self.expression(site, it.amount);
        self.expression(site, it.up_to);
        it.keys.iter().for_each(|key| self.expression(site, *key));
        let words = ("served", "an item gets all that it can take", "某项得其全部");
        self.add_as(site, GoalKind::Line, words, Sight::Same(value, it.up_to));
        let words = ("short", "an item gets less than it can take", "某项所得不足");
        self.add_as(site, GoalKind::Line, words, Sight::Differ(value, it.up_to));
    }

    pub(super) fn book(&mut self, site: &Site, it: &BookItem) {
        let Some(entry) = self.plan.book.get(it.entry) else { return };
        let written =
            entry.operand.into_iter().chain(entry.filter).chain(entry.group.as_ref().map(|it| it.key));
        written.collect::<Vec<_>>().into_iter().for_each(|step| self.expression(site, step));
        if let Some(cap) = &it.cap {
            let of = self.site_of(
                site,
                cap.rule,
                &format!("{}, budget", site.name.en),
                &format!("{}，预算", site.name.zh),
            );
            self.expression(&of, cap.budget);
            // Of one customer alone a case says what the book leaves it.
            let bites = Sight::Any(vec![Sight::Is(cap.short, true), Sight::Differ(cap.served, cap.asked)]);
            self.add_as(&of, GoalKind::Cap, ("bites", "it bites", "起作用"), bites);
            let idle = Sight::Any(vec![Sight::Is(cap.short, false), Sight::Same(cap.served, cap.asked)]);
            self.add_as(&of, GoalKind::Cap, ("does not bite", "it does not bite", "不起作用"), idle);
        }
    }
}
