//! Goals of what people decide: order checks and their release, judgements, exceptions, papers.

use super::super::goal::{GoalKind, Sight};
use super::{Collector, Site};
use crate::plan::{
    CheckItem, ChecklistItem, ChecksItem, GrantTest, GrantsItem, HoldStatus, JudgementItem, OverrideItem,
    PaperItem, Signers, StepId,
};
use crate::value::EnumId;

impl Collector<'_> {
    pub(super) fn checks(&mut self, site: &Site, it: &ChecksItem) {
        for hold in &it.holds {
            self.check(site, hold);
        }
        for (place, (rule, except)) in it.exclusions.iter().enumerate() {
            let number = place.saturating_add(1);
            let en = format!("{}, exclusion {number}", site.name.en);
            let zh = format!("{}排除 {number}", site.name.zh);
            let of = self.site_of(site, *rule, &en, &zh);
            let excluded = (0_u32..).zip(&it.holds).filter(|(place, _)| !except.contains(place));
            let excluded = excluded.map(|(_, hold)| Sight::Code(hold.status, HoldStatus::Excluded.code()));
            let some = Sight::Any(excluded.collect());
            let applies = self.applies(*rule).map(|applies| Sight::Is(applies, true));
            let way = Sight::All(applies.into_iter().chain([some]).collect());
            let words = ("keeps", "it keeps a hold from standing", "使扣留不成立");
            self.add_as(&of, GoalKind::Check, words, way);
            self.condition(&of, *rule);
        }
    }

    fn check(&mut self, site: &Site, hold: &CheckItem) {
        let en = format!("{}, {}", site.name.en, hold.label.en);
        let zh = format!("{}，{}", site.name.zh, hold.label.zh);
        let of = self.site_of(site, hold.rule, &en, &zh);
        let add = |collector: &mut Self, statuses: &[HoldStatus], tail: &str, en: &str, zh: &str| {
            let codes = statuses.iter().map(|status| status.code()).collect();
            collector.add_as(&of, GoalKind::Check, (tail, en, zh), Sight::Among(hold.status, codes));
        };
        add(self, &[HoldStatus::New, HoldStatus::Standing], "stands", "it stands", "成立");
        let quiet = [HoldStatus::NotStanding, HoldStatus::Cured];
        add(self, &quiet, "does not stand", "it does not stand", "不成立");
        if hold.measures.iter().any(|measure| measure.tolerance.is_some()) {
            let within = [HoldStatus::WithinTolerance];
            add(self, &within, "within tolerance", "within its tolerance", "在容差内");
        }
        if hold.granted.is_some() || hold.release != Signers::Nobody {
            add(self, &[HoldStatus::Released], "released", "it is released", "已放行");
        }
        if hold.after_cure.is_some() {
            let words = ("awaiting", "cured, it waits for a signature", "已消除，待签批");
            add(self, &[HoldStatus::Awaiting], words.0, words.1, words.2);
        }
        self.condition(&of, hold.rule);
        for step in
            hold.at_most.into_iter().chain(hold.measures.iter().filter_map(|measure| measure.tolerance))
        {
            self.expression(&of, step);
        }
    }

    pub(super) fn judgement(&mut self, site: &Site, it: &JudgementItem) {
        let site = Site { rule: Some(it.rule), ..site.clone() };
        let words = ("answered", "it is answered", "已有答复");
        self.add_as(&site, GoalKind::Judgement, words, Sight::Is(it.answers.wins, true));
        let words = ("unanswered", "it waits for its answer", "尚无答复");
        self.add_as(&site, GoalKind::Judgement, words, Sight::Unknown(it.answers.granted));
        if let Some((least, most)) = it.between {
            self.refused(&site, GoalKind::Judgement, &it.answers, GrantTest::Within, "out of bounds");
            for step in [least, most, it.stand_in] {
                self.expression(&site, step);
            }
        }
        if it.answers.until.is_some() {
            self.refused(&site, GoalKind::Judgement, &it.answers, GrantTest::NotOver, "over");
        }
    }

    pub(super) fn exception(&mut self, site: &Site, it: &OverrideItem) {
        let en = format!("{}, exception", site.name.en);
        let zh = format!("{}特批", site.name.zh);
        let site = self.site_of(site, it.rule, &en, &zh);
        let words = ("counts", "one counts", "有效");
        self.add_as(&site, GoalKind::Exception, words, Sight::Is(it.exceptions.wins, true));
        let words = ("none", "none counts", "无有效特批");
        self.add_as(&site, GoalKind::Exception, words, Sight::Unknown(it.exceptions.granted));
        if let Some(most) = it.most {
            self.refused(&site, GoalKind::Exception, &it.exceptions, GrantTest::Within, "out of bounds");
            self.expression(&site, most);
        }
        if it.exceptions.until.is_some() {
            self.refused(&site, GoalKind::Exception, &it.exceptions, GrantTest::NotOver, "over");
        }
    }

    /// A record that does not count for just one reason.
    fn refused(&mut self, site: &Site, kind: GoalKind, of: &GrantsItem, test: GrantTest, tail: &str) {
        let Some((_, fails)) = of.tests.iter().find(|(own, _)| *own == test) else { return };
        let (en, zh) = match test {
            GrantTest::Within => ("one is refused for being out of bounds", "有一项因超出范围不计"),
            GrantTest::NotOver => ("one no longer holds", "有一项已过有效期"),
            GrantTest::Subject => ("one is about something else", "有一项所指不同"),
            GrantTest::Verdict => ("one decides against it", "有一项予以否决"),
            GrantTest::Role => ("one is of a role that may not", "有一项角色无权"),
            GrantTest::Concerns => ("one names another customer", "有一项所列对象不符"),
            GrantTest::NotNegative => ("one is below zero", "有一项低于零"),
            GrantTest::Floor => ("one is below the floor", "有一项低于下限"),
            GrantTest::Begun => ("one has not begun", "有一项尚未生效"),
        };
        let others =
            of.tests.iter().filter(|(own, _)| *own != test).map(|(_, holds)| Sight::Is(*holds, true));
        let way = Sight::All([Sight::Is(*fails, false)].into_iter().chain(others).collect());
        self.add_as(site, kind, (tail, en, zh), way);
    }

    pub(super) fn checklist(&mut self, site: &Site, it: &ChecklistItem) {
        for paper in &it.papers {
            self.paper(site, it.kind, paper);
        }
    }

    fn paper(&mut self, site: &Site, kind: EnumId, paper: &PaperItem) {
        let (en, zh) = self.member_words(kind, paper.code);
        let en = format!("{}, {en}", site.name.en);
        let zh = format!("{}，{zh}", site.name.zh);
        let of = self.site_of(site, paper.rule, &en, &zh);
        let required = self.applies(paper.rule);
        let asked = |way: Sight| {
            Sight::All(required.map(|step| Sight::Is(step, true)).into_iter().chain([way]).collect())
        };
        let there = asked(Sight::Is(paper.holds, true));
        self.add_as(&of, GoalKind::Paper, ("there", "required and there", "须交且有效"), there);
        let lacking = asked(Sight::Is(paper.lacking, true));
        self.add_as(&of, GoalKind::Paper, ("lacking", "required and lacking", "须交而缺"), lacking);
        if let Some(required) = required {
            let words = ("not required", "not required", "无须提交");
            self.add_as(&of, GoalKind::Paper, words, Sight::Is(required, false));
        }
        self.condition(&of, paper.rule);
        if let Some(validity) = &paper.validity {
            self.valid(&of, paper.is, validity.rule);
        }
    }

    fn valid(&mut self, site: &Site, is: StepId, rule: crate::plan::RuleId) {
        let Some(applies) = self.applies(rule) else { return };
        let over = Sight::All(vec![Sight::Is(is, true), Sight::Is(applies, false)]);
        self.add_as(site, GoalKind::Paper, ("expired", "there, but no longer valid", "已交但已失效"), over);
        let of = Site { rule: Some(rule), ..site.clone() };
        self.condition(&of, rule);
    }
}
