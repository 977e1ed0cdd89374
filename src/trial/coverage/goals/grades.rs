//! Goals of grades and triggers.

use super::super::goal::{GoalKind, Sight};
use super::{Collector, Site};
use crate::plan::{BandItem, GradesItem, RuleId, StepId, TriggerItem, TriggersItem};
use crate::value::{EnumId, Type, Value};

impl Collector<'_> {
    /// The bands are told by the conditions that give them, so that each stage of the grade is told apart.
    pub(super) fn grades(&mut self, site: &Site, it: &GradesItem) {
        self.expression(site, it.score);
        let apart: Vec<Sight> = it
            .apart
            .iter()
            .filter_map(|apart| self.applies(apart.rule))
            .map(|applies| Sight::Is(applies, false))
            .collect();
        let mut before: Vec<Sight> = apart;
        for band in &it.bands {
            let (en, zh) = self.of_member(site, it.scale, band.code);
            let of = match band.needs {
                Some(rule) => self.site_of(site, rule, &en, &zh),
                None => {
                    let address = format!("{}/{}", site.address, self.member(it.scale, band.code));
                    let name = crate::plan::Label { en: en.into(), zh: zh.into() };
                    Site { address: address.into(), name, span: band.span, ..site.clone() }
                }
            };
            let needs = band.needs.and_then(|rule| self.applies(rule));
            let reached = (!self.is_constant(band.reached)).then_some(Sight::Is(band.reached, true));
            let met = needs.map(|needs| Sight::Is(needs, true));
            let given: Vec<Sight> = before.iter().cloned().chain(reached.clone()).chain(met).collect();
            self.add(&of, GoalKind::Band, Sight::All(given));
            self.expression(&of, band.reached);
            if let (Some(rule), Some(needs)) = (band.needs, needs) {
                let unmet: Vec<Sight> =
                    before.iter().cloned().chain(reached).chain([Sight::Is(needs, false)]).collect();
                let words = ("needs not met", "reached, but its needs are not met", "分数已达而要求不满足");
                self.add_as(&of, GoalKind::Band, words, Sight::All(unmet));
                self.condition(&of, rule);
            }
            before.push(not_given(band, needs));
        }
        for apart in &it.apart {
            let (en, zh) = self.of_member(site, it.scale, apart.code);
            let of = self.site_of(site, apart.rule, &en, &zh);
            if let Some(applies) = self.applies(apart.rule) {
                self.add(&of, GoalKind::Apart, Sight::Is(applies, true));
            }
            self.condition(&of, apart.rule);
        }
        let notches = it.notches.iter().map(|(rule, by)| {
            let (en, zh) = if *by < 0 { ("up", "升") } else { ("down", "降") };
            let by = by.unsigned_abs();
            (*rule, format!("{en} {by}"), format!("{zh} {by} 级"))
        });
        for (rule, en, zh) in notches.collect::<Vec<_>>() {
            self.grade_rule(site, rule, (&en, &zh));
        }
        for (rule, place) in &it.caps {
            let grade = self.member(it.scale, *place);
            let (en, zh) =
                (format!("{}, not above {grade}", site.name.en), format!("{}不高于 {grade}", site.name.zh));
            let of = self.site_of(site, *rule, &en, &zh);
            let better: Vec<u32> = (0..*place).collect();
            let bites = Sight::Among(it.after_notches, better);
            let applies = self.applies(*rule).map(|applies| Sight::Is(applies, true));
            let bites = Sight::All(applies.into_iter().chain([bites]).collect());
            self.add_as(&of, GoalKind::Cap, ("bites", "it bites", "起作用"), bites);
            let worse: Vec<u32> = (*place..u32::try_from(it.bands.len()).unwrap_or(u32::MAX)).collect();
            let idle = match self.applies(*rule) {
                Some(applies) => {
                    Sight::Any(vec![Sight::Is(applies, false), Sight::Among(it.after_notches, worse)])
                }
                None => Sight::Among(it.after_notches, worse),
            };
            self.add_as(&of, GoalKind::Cap, ("does not bite", "it does not bite", "不起作用"), idle);
            self.condition(&of, *rule);
        }
        for (rule, place) in &it.forces {
            let grade = self.member(it.scale, *place);
            self.grade_rule(site, *rule, (&format!("force {grade}"), &format!("强制为 {grade}")));
        }
    }

    fn grade_rule(&mut self, site: &Site, rule: RuleId, (en, zh): (&str, &str)) {
        let of =
            self.site_of(site, rule, &format!("{}, {en}", site.name.en), &format!("{}，{zh}", site.name.zh));
        if let Some(applies) = self.applies(rule) {
            self.add(&of, GoalKind::Notch, Sight::Is(applies, true));
        }
        self.condition(&of, rule);
    }

    fn of_member(&self, site: &Site, scale: EnumId, code: u32) -> (String, String) {
        let name = self.member(scale, code);
        (format!("{} {name}", site.name.en), format!("{} {name}", site.name.zh))
    }

    /// The name of a member of a kind.
    pub(super) fn member(&self, kind: EnumId, code: u32) -> String {
        self.en.value(&Value::Code(code), &Type::Enum(kind))
    }

    /// The label of a member of a kind in both languages.
    pub(super) fn member_words(&self, kind: EnumId, code: u32) -> (String, String) {
        let ty = Type::Enum(kind);
        (self.en.value(&Value::Code(code), &ty), self.zh.value(&Value::Code(code), &ty))
    }

    pub(super) fn triggers(&mut self, site: &Site, it: &TriggersItem) {
        for group in &it.groups {
            self.group(site, it.states, group);
        }
        let states = it.groups.iter().map(|group| group.state).chain([it.otherwise]);
        for state in states {
            let (en, zh) = self.member_words(it.states, state);
            let name = self.state_name(it.states, state);
            let tail = format!("stands {name}");
            let words = (&*tail, &*format!("{en} stands"), &*format!("{zh}成立"));
            self.add_as(site, GoalKind::State, words, Sight::Code(it.fresh, state));
        }
        if let Some((last, _, stays, kept)) = &it.dwell {
            self.expression(site, *stays);
            let kept = Sight::All(vec![Sight::Is(*kept, true), Sight::Differ(*last, it.fresh)]);
            let words =
                ("kept", "the last state is kept for the time that it stays", "在保持期内沿用上次状态");
            self.add_as(site, GoalKind::State, words, kept);
        }
    }

    fn state_name(&self, kind: EnumId, code: u32) -> String {
        let member = self.plan.schema.enums.get(kind).and_then(|kind| kind.member(code));
        member.map(|member| member.name.to_string()).unwrap_or_default()
    }

    /// Each trigger alone: where one is enough, it holds and no other does; where all must hold, it does not and the
    /// others do; where so many must, it holds beside one fewer.
    fn group(&mut self, site: &Site, states: EnumId, group: &TriggerItem) {
        let applies: Vec<Option<StepId>> =
            group.triggers.iter().map(|(_, _, rule)| self.applies(*rule)).collect();
        let count = u32::try_from(applies.len()).unwrap_or(u32::MAX);
        let least = group.at_least.unwrap_or(count);
        let (state_en, state_zh) = self.member_words(states, group.state);
        for (place, (_, label, rule)) in group.triggers.iter().enumerate() {
            let en = format!("{}, {state_en}: {}", site.name.en, label.en);
            let zh = format!("{}，{state_zh}：{}", site.name.zh, label.zh);
            let of = self.site_of(site, *rule, &en, &zh);
            let others: Vec<StepId> = applies
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != place)
                .filter_map(|(_, applies)| *applies)
                .collect();
            if let Some(Some(own)) = applies.get(place) {
                let must_all = least >= count && count > 1;
                let all = |holds: bool| others.iter().map(move |other| Sight::Is(*other, holds));
                let way: Vec<Sight> = match least {
                    _ if must_all => [Sight::Is(*own, false)].into_iter().chain(all(true)).collect(),
                    1 => [Sight::Is(*own, true)].into_iter().chain(all(false)).collect(),
                    _ => vec![Sight::Is(*own, true), Sight::Exactly(least.saturating_sub(1), others.clone())],
                };
                let words = match must_all {
                    true => ("alone", "it alone is lacking", "仅此项不成立"),
                    false => ("alone", "it alone decides", "单独起决定作用"),
                };
                self.add_as(&of, GoalKind::Trigger, words, Sight::All(way));
            }
            self.condition(&of, *rule);
        }
    }
}

/// That a band is not given: the score does not reach it, or its needs are not met.
fn not_given(band: &BandItem, needs: Option<StepId>) -> Sight {
    let below = Sight::Is(band.reached, false);
    match needs {
        Some(needs) => Sight::Any(vec![below, Sight::Is(needs, false)]),
        None => below,
    }
}
