//! Grades, found in this order: the band; its needs; notches; caps; forces. All by the place in the order, 0 the best.

use super::super::{ApartItem, BandItem, GradesItem, ItemKind, Op, Reason, RuleId, RuleKind, StepId, Take};
use super::Lower;
use crate::base::{Span, Str};
use crate::check::hir;
use crate::value::{EnumId, Type, Unit};

/// What the steps of one scale share.
struct Scale {
    kind: EnumId,
    /// The worst place in the order.
    last: i64,
    /// Whether an apart grade stands, and which.
    apart: Option<(StepId, StepId)>,
    span: Span,
}

impl Lower<'_> {
    /// `grades`
    pub(super) fn lower_grades(&mut self, id: hir::ValueId, definition: &hir::Definition, it: &hir::Grades) {
        let span = definition.span;
        let ty = Type::Enum(it.scale);
        let score = self.expr(&it.score);
        let (bands, reached, met) = self.bands(definition, it, score);
        let (apart, stands) = self.aparts(definition, it, score);
        let last = i64::try_from(it.bands.len()).unwrap_or(i64::MAX).saturating_sub(1);
        let scale = Scale { kind: it.scale, last, apart: stands, span };
        let plain_band = self.first_true(reached, ty.clone(), span);
        let plain_needs = self.first_true(met, ty.clone(), span);
        let by_band = self.unless_apart(&scale, plain_band);
        let after_needs = self.unless_apart(&scale, plain_needs);

        let rules = self.grade_rules(definition, it);
        let (mut notches, mut caps, mut forces) = (Vec::new(), Vec::new(), Vec::new());
        for (kind, rule, applies) in rules {
            match kind {
                hir::GradeRuleKind::Down(by) => notches.push((rule, i64::from(by), applies)),
                hir::GradeRuleKind::Up(by) => {
                    notches.push((rule, 0_i64.saturating_sub(i64::from(by)), applies))
                }
                hir::GradeRuleKind::NotAbove(place) => caps.push((rule, place, applies)),
                hir::GradeRuleKind::Force(place) => forces.push((rule, place, applies)),
            }
        }
        let band = self.rank(plain_needs, it.scale, span);
        let notched = self.notched(&scale, band, &notches);
        let after_notches = self.stage(&scale, notched, plain_needs, after_needs);
        let capped = self.capped(&scale, notched, &caps);
        let after_caps = self.stage(&scale, capped, plain_needs, after_needs);
        let value = self.forced(&scale, after_caps, &forces);
        let value = self.name(id, hir::Part::Main, value);
        let kind = GradesItem {
            scale: it.scale,
            score,
            bands,
            apart,
            by_band,
            after_needs,
            notches: notches.into_iter().map(|(rule, by, _)| (rule, by)).collect(),
            after_notches,
            caps: caps.into_iter().map(|(rule, place, _)| (rule, place)).collect(),
            after_caps,
            forces: forces.into_iter().map(|(rule, place, _)| (rule, place)).collect(),
        };
        self.item(id, definition, value, None, Reason::default(), ItemKind::Grades(kind));
    }

    /// The bands, whether the score reaches each, and whether its needs are met, too.
    fn bands(
        &mut self,
        definition: &hir::Definition,
        it: &hir::Grades,
        score: StepId,
    ) -> (Vec<BandItem>, Vec<StepId>, Vec<StepId>) {
        let address = self.address(definition);
        let (mut bands, mut all_reached, mut all_met) = (Vec::new(), Vec::new(), Vec::new());
        for (place, band) in it.bands.iter().enumerate() {
            let span = band.needs.span;
            let from = self.expr(&band.from);
            let how = if band.inclusive { hir::Compare::GreaterOrEqual } else { hir::Compare::Greater };
            let reached = self.compare(how, score, from, span);
            let code = super::code(place);
            let address: Str = format!("{address}/{}", self.grade(it.scale, code)).into();
            let (needs, met) = if band.needs.when.is_some() {
                let (rule, applies) = self.condition(&band.needs, RuleKind::Band, address, None);
                let needed = self.applies(applies, span);
                (Some(rule), self.and(vec![reached, needed], span))
            } else {
                (None, reached)
            };
            all_reached.push(reached);
            all_met.push(met);
            bands.push(BandItem { code, from, inclusive: band.inclusive, reached, needs, span });
        }
        (bands, all_reached, all_met)
    }

    /// The apart grades, and whether one stands and which.
    fn aparts(
        &mut self,
        definition: &hir::Definition,
        it: &hir::Grades,
        score: StepId,
    ) -> (Vec<ApartItem>, Option<(StepId, StepId)>) {
        let address = self.address(definition);
        let (mut apart, mut stands, mut codes) = (Vec::new(), Vec::new(), Vec::new());
        for one in &it.apart {
            let span = one.condition.span;
            let mut ways = Vec::new();
            if one.when_unknown && self.can_be_unknown(score) {
                let known = self.is_known(score, span);
                ways.push(self.not(known, span));
            }
            let judged = self.judge(&one.condition, RuleKind::Apart, None);
            ways.extend(judged.applies);
            let holds = self.or(ways, span);
            let address = format!("{address}/{}", self.grade(it.scale, one.code)).into();
            let judged = super::conditions::Judged {
                condition: Some(judged.condition.filter(|_| !one.when_unknown).unwrap_or(holds)),
                applies: Some(holds),
            };
            let rule = self.judged_rule(judged, &one.condition, RuleKind::Apart, address);
            apart.push(ApartItem { code: one.code, rule });
            if self.constant(holds).is_none() {
                stands.push(holds);
                codes.push(self.member(one.code, it.scale, span));
            }
        }
        let span = definition.span;
        let which = match (stands.as_slice(), codes.as_slice()) {
            ([], _) => None,
            ([holds], [code]) => Some((*holds, *code)),
            _ => {
                let first = self.first_true(stands.clone(), Type::Number(Unit::NUMBER), span);
                let which = self.choose(first, codes, Type::Enum(it.scale), span);
                Some((self.or(stands, span), which))
            }
        };
        (apart, which)
    }

    fn grade_rules(
        &mut self,
        definition: &hir::Definition,
        it: &hir::Grades,
    ) -> Vec<(hir::GradeRuleKind, RuleId, StepId)> {
        let address = self.address(definition);
        let mut rules = Vec::new();
        for rule in &it.rules {
            let (kind, words) = match rule.kind {
                hir::GradeRuleKind::Down(by) => (RuleKind::Down, format!("down {by}")),
                hir::GradeRuleKind::Up(by) => (RuleKind::Up, format!("up {by}")),
                hir::GradeRuleKind::NotAbove(code) => {
                    (RuleKind::NotAbove, format!("not above {}", self.grade(it.scale, code)))
                }
                hir::GradeRuleKind::Force(code) => {
                    (RuleKind::Force, format!("force {}", self.grade(it.scale, code)))
                }
            };
            let address = self.rule_address(&address, &words);
            let (id, applies) = self.condition(&rule.condition, kind, address, None);
            let applies = self.applies(applies, rule.condition.span);
            rules.push((rule.kind, id, applies));
        }
        rules
    }

    /// An address that no other rule has: a second `down 1` is `down 1 (2)`.
    fn rule_address(&self, address: &str, words: &str) -> Str {
        let first = format!("{address}/{words}");
        let again = |address: &str| self.rules.iter().any(|rule| &*rule.address == address);
        if !again(&first) {
            return first.into();
        }
        (2_u32..)
            .map(|count| format!("{first} ({count})"))
            .find(|address| !again(address))
            .map_or_else(|| first.clone().into(), Str::from)
    }

    /// The name of a grade.
    fn grade(&self, scale: EnumId, code: u32) -> Str {
        match self.program.schema.enums.get(scale).and_then(|scale| scale.member(code)) {
            Some(member) => member.name.clone(),
            None => code.to_string().into(),
        }
    }

    /// An apart grade where one stands, else the grade in the order.
    fn unless_apart(&mut self, scale: &Scale, grade: StepId) -> StepId {
        match scale.apart {
            Some((stands, code)) => self.choose_if(stands, code, grade, Type::Enum(scale.kind), scale.span),
            None => grade,
        }
    }

    /// The grade of a stage by its place; the grade before where the stage changed nothing.
    fn stage(&mut self, scale: &Scale, place: StepId, plain: StepId, before: StepId) -> StepId {
        if self.steps.get(place).is_some_and(|it| it.op == Op::Rank(plain, scale.kind)) {
            return before;
        }
        let grade = self.of_rank(place, scale.kind, scale.span);
        self.unless_apart(scale, grade)
    }

    /// Notches added up, not past the ends.
    fn notched(&mut self, scale: &Scale, band: StepId, notches: &[(RuleId, i64, StepId)]) -> StepId {
        if notches.is_empty() {
            return band;
        }
        let (span, plain) = (scale.span, Type::Number(Unit::NUMBER));
        let none = self.place(0, span);
        let mut place = band;
        for (_, by, applies) in notches {
            let by = self.place(*by, span);
            let by = self.choose_if(*applies, by, none, plain.clone(), span);
            place = self.add(place, by, plain.clone(), span);
        }
        let worst = self.place(scale.last, span);
        let place = self.pick(Take::Highest, vec![place, none], plain.clone(), span);
        self.pick(Take::Lowest, vec![place, worst], plain, span)
    }

    /// Not above the lowest cap that applies.
    fn capped(&mut self, scale: &Scale, place: StepId, caps: &[(RuleId, u32, StepId)]) -> StepId {
        if caps.is_empty() {
            return place;
        }
        let (span, plain) = (scale.span, Type::Number(Unit::NUMBER));
        let mut of = vec![place];
        for (_, cap, applies) in caps {
            let cap = self.place(i64::from(*cap), span);
            let none = self.place(0, span);
            of.push(self.choose_if(*applies, cap, none, plain.clone(), span));
        }
        self.pick(Take::Highest, of, plain, span)
    }

    /// The worst of the forced grades, whether or not there is a score; else what stood before.
    fn forced(&mut self, scale: &Scale, before: StepId, forces: &[(RuleId, u32, StepId)]) -> StepId {
        let mut worst_last: Vec<(u32, StepId)> =
            forces.iter().map(|(_, code, applies)| (*code, *applies)).collect();
        worst_last.sort_by_key(|(code, _)| *code);
        let mut grade = before;
        for (code, applies) in worst_last {
            let forced = self.member(code, scale.kind, scale.span);
            grade = self.choose_if(applies, forced, grade, Type::Enum(scale.kind), scale.span);
        }
        grade
    }
}
