//! Goals in expressions and conditions: sides of thresholds, parts that decide, branches, what is said of unknown.

use super::super::goal::{GoalKind, Sight, Threshold};
use super::{Collector, Site};
use crate::base::Str;
use crate::plan::{Compare, IfUnknown, Label, Op, RuleId, StepId, Take};

impl Collector<'_> {
    /// The condition of a rule, and what is said of its being unknown.
    pub(super) fn condition(&mut self, site: &Site, rule: RuleId) {
        let Some(rule) = self.rule(rule) else { return };
        let Some(condition) = rule.condition else { return };
        self.expression(site, condition);
        self.said_of_unknown(site, condition, rule.if_unknown.as_ref(), Vec::new());
    }

    /// What a rule says of a condition that cannot be judged; `beside` is what else must be seen.
    pub(super) fn said_of_unknown(
        &mut self,
        site: &Site,
        condition: StepId,
        said: Option<&IfUnknown>,
        beside: Vec<Sight>,
    ) {
        let Some(said) = said else { return };
        let (en, zh) = match said {
            IfUnknown::Applies => ("if unknown, it applies", "未知时适用"),
            IfUnknown::DoesNotApply => ("if unknown, it does not apply", "未知时不适用"),
            IfUnknown::Refer { .. } => ("if unknown, a role is asked", "未知时询问"),
            IfUnknown::Refuse => ("if unknown, it is refused", "未知时拒绝"),
        };
        let unknown = Sight::Unknown(condition);
        let way = match beside.as_slice() {
            [] => unknown,
            _ => Sight::All([vec![unknown], beside].concat()),
        };
        self.add_as(site, GoalKind::MissingData, ("if unknown", en, zh), way);
    }

    /// An expression as written, up to the values in it that have names.
    pub(super) fn expression(&mut self, site: &Site, step: StepId) {
        if !self.stops.contains(&step) {
            self.body(site, step);
        }
    }

    /// The expression that a value with a name is: `raw` is what is written, `value` what has the name.
    pub(super) fn written(&mut self, site: &Site, raw: StepId, value: StepId) {
        if raw == value { self.body(site, raw) } else { self.expression(site, raw) }
    }

    pub(super) fn body(&mut self, site: &Site, step: StepId) {
        if !self.walked.insert(step) {
            return;
        }
        let Some(it) = self.plan.steps.get(step) else { return };
        match &it.op {
            Op::Compare(..) => self.sides(site, step, None, false),
            Op::And(_) | Op::Or(_) | Op::AtLeast(..) | Op::Not(_) => {
                self.parts(site, step, &[]);
                return;
            }
            Op::If(condition, ..) => {
                let condition = *condition;
                if !matches!(self.plan.steps.get(condition).map(|it| &it.op), Some(Op::Compare(..))) {
                    self.branches(site, step, condition);
                }
            }
            Op::Pick { take: take @ (Take::Lowest | Take::Highest), of, .. } => {
                self.alternatives(site, step, *take, of);
            }
            Op::IfUnknown(of, _) => {
                let (en, zh) = (self.en.of(*of), self.zh.of(*of));
                let tail = format!("{en} · unknown");
                let words = (&*tail, &*format!("{en} unknown"), &*format!("{zh}未知"));
                self.add_as(site, GoalKind::MissingData, words, Sight::Unknown(*of));
            }
            Op::Aggregate { known: true, operand: Some(operand), filter, .. }
                if self.can_be_unknown(*operand) =>
            {
                let (en, zh) = (self.en.of(*operand), self.zh.of(*operand));
                let tail = format!("{en} · left out");
                let words = (&*tail, &*format!("an unknown {en} is left out"), &*format!("未知的{zh}不计"));
                let unknown = Sight::Unknown(*operand);
                let way = match filter {
                    Some(filter) => Sight::All(vec![unknown, Sight::Is(*filter, true)]),
                    None => unknown,
                };
                self.add_as(site, GoalKind::MissingData, words, way);
            }
            // What is done with signatures is the engine's; what other customers are, theirs.
            Op::Signed(_) | Op::SignedOn(_) => return,
            _ => {}
        }
        self.operands(site, step);
    }

    fn operands(&mut self, site: &Site, step: StepId) {
        let Some(it) = self.plan.steps.get(step) else { return };
        for operand in it.op.operands() {
            self.expression(site, operand);
        }
    }

    /// Both sides of a comparison; `called` says what each is where the expression does not tell it well. One that is
    /// never made is told by the values that it would compare.
    pub(super) fn sides(&mut self, site: &Site, compare: StepId, called: Option<[Label; 2]>, would: bool) {
        let span = self.place_of(site, compare);
        let own = |holds: bool| Label {
            en: self.en.so(compare, holds).into(),
            zh: self.zh.so(compare, holds).into(),
        };
        let [words, opposite] = called.unwrap_or_else(|| [own(true), own(false)]);
        for (met, en, zh) in [(true, "met", "满足"), (false, "not met", "不满足")] {
            let name = Label {
                en: Str::from(format!("{}: {} {en}", site.name.en, words.en)),
                zh: Str::from(format!("{}：{} {zh}", site.name.zh, words.zh)),
            };
            let tail = format!("{} · {en}", words.en);
            let way = Sight::Is(compare, met);
            let way = match Threshold::of(self.plan, &way) {
                Some(threshold) if would => Sight::Would(threshold),
                Some(_) | None => way,
            };
            let wants = if met { words.clone() } else { opposite.clone() };
            let goal = self.put(site, GoalKind::Threshold, span, &tail, name, way);
            self.wants(goal, wants);
        }
    }

    /// The parts of a condition, each shown to decide it: of parts that must all hold, one that does not where the others
    /// do; of parts of which one is enough, one that does where the others do not.
    fn parts(&mut self, site: &Site, step: StepId, neutral: &[Sight]) {
        self.walked.insert(step);
        let Some(it) = self.plan.steps.get(step) else { return };
        let (of, beside): (&[StepId], _) = match &it.op {
            Op::And(of) => (of, Beside::Hold),
            Op::Or(of) => (of, Beside::DoNot),
            Op::AtLeast(least, of) => (of, Beside::Exactly(least.saturating_sub(1))),
            Op::Not(of) if self.is_joint(*of) => return self.parts(site, *of, neutral),
            _ => return self.operands(site, step),
        };
        if self.is_range(of) {
            return self.operands(site, step);
        }
        for part in of {
            let others: Vec<StepId> = of.iter().copied().filter(|other| other != part).collect();
            let mut decides = neutral.to_vec();
            match beside {
                Beside::Hold => decides.extend(others.into_iter().map(|other| Sight::Is(other, true))),
                Beside::DoNot => decides.extend(others.into_iter().map(|other| Sight::Is(other, false))),
                Beside::Exactly(count) => decides.push(Sight::Exactly(count, others)),
            }
            if self.is_joint(*part) {
                self.parts(site, *part, &decides);
            } else {
                self.part(site, *part, !matches!(beside, Beside::Hold), decides);
                self.expression(site, *part);
            }
        }
    }

    fn part(&mut self, site: &Site, part: StepId, holds: bool, beside: Vec<Sight>) {
        let (en, zh) = (self.en.so(part, holds), self.zh.so(part, holds));
        let name = Label {
            en: Str::from(format!("{}: {en} alone decides", site.name.en)),
            zh: Str::from(format!("{}：{zh} 单独起决定作用", site.name.zh)),
        };
        let span = self.place_of(site, part);
        let way = Sight::All([vec![Sight::Is(part, holds)], beside].concat());
        self.put(site, GoalKind::Condition, span, &format!("{en} · alone"), name, way);
    }

    /// Whether a part has parts of its own.
    fn is_joint(&self, part: StepId) -> bool {
        if self.stops.contains(&part) || self.walked.contains(&part) {
            return false;
        }
        match self.plan.steps.get(part).map(|it| &it.op) {
            Some(Op::And(of) | Op::Or(of) | Op::AtLeast(_, of)) => !self.is_range(of),
            Some(Op::Not(of)) => self.is_joint(*of),
            _ => false,
        }
    }

    /// `60 to 80`, `in the last 12 months`: one thing that is asked, though it is two comparisons.
    fn is_range(&self, of: &[StepId]) -> bool {
        let bound = |step: StepId| match self.plan.steps.get(step)?.op {
            Op::Compare(how, key, _) => {
                Some((key, matches!(how, Compare::Greater | Compare::GreaterOrEqual)))
            }
            _ => None,
        };
        let [one, other] = of else { return false };
        bound(*one)
            .zip(bound(*other))
            .is_some_and(|((key, lower), (same, above))| key == same && lower != above)
    }

    fn branches(&mut self, site: &Site, step: StepId, condition: StepId) {
        let span = self.place_of(site, step);
        for holds in [true, false] {
            let (en, zh) = (self.en.so(condition, holds), self.zh.so(condition, holds));
            let name = Label {
                en: Str::from(format!("{}: the branch where {en}", site.name.en)),
                zh: Str::from(format!("{}：{zh} 之分支", site.name.zh)),
            };
            let tail = format!("branch · {en}");
            self.put(site, GoalKind::Choice, span, &tail, name, Sight::Is(condition, holds));
        }
    }

    fn alternatives(&mut self, site: &Site, step: StepId, take: Take, of: &[StepId]) {
        let span = self.place_of(site, step);
        let (how, wie) = match take {
            Take::Lowest => ("the lowest", "最低"),
            _ => ("the highest", "最高"),
        };
        for one in of {
            let (en, zh) = (self.en.of(*one), self.zh.of(*one));
            let name = Label {
                en: Str::from(format!("{}: {en} is {how}", site.name.en)),
                zh: Str::from(format!("{}：{zh} 为{wie}", site.name.zh)),
            };
            let tail = format!("{en} · {how}");
            self.put(site, GoalKind::Choice, span, &tail, name, Sight::Same(step, *one));
        }
    }
}

/// What the other parts of a condition must be, so that one decides.
#[derive(Clone, Copy)]
enum Beside {
    Hold,
    DoNot,
    Exactly(u32),
}
