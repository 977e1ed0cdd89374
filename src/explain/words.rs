//! Figures and words for people, in English and Chinese.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{self, Name};
use super::text::Audience;
use super::{Comparison, FaultLine, Figure, Reason, RuleLine, Standing, Subject, Unknowing};
use crate::base::{Lang, Str};
use crate::plan::{Item, ItemKind, Label, Op, Plan, RuleKind, StepId, Take};
use crate::value::display::grouped;
use crate::value::{
    Cause, Currency, EnumId, EnumSort, FieldType, Number, Precision, Rounding, RoundingMode, Style, Type,
    Unit, Value,
};

/// How figures and names are written for one reader.
pub(super) struct Words<'a> {
    pub(super) plan: &'a Plan,
    pub(super) lang: Lang,
    /// What steps are called.
    pub(super) names: BTreeMap<StepId, Name>,
    /// What checklists come to: complete or not.
    checklists: BTreeSet<StepId>,
    audience: Audience,
    home: Option<Currency>,
}

impl<'a> Words<'a> {
    pub(super) fn new(plan: &'a Plan, lang: Lang, audience: Audience) -> Self {
        let home = plan.policies.last().map(|policy| policy.currency);
        let checklist = |item: &&Item| matches!(item.kind, ItemKind::Checklist(_));
        let checklists = plan.items.iter().filter(checklist).map(|item| item.value).collect();
        Words { plan, lang, names: names::names(plan), checklists, audience, home }
    }

    /// The currency in which amounts stand.
    pub(super) fn currency(&self) -> Option<Currency> {
        self.home
    }

    /// Whether this reader is the one who reads.
    pub(super) fn is_for(&self, audience: Audience) -> bool {
        self.audience == audience
    }

    /// One of two texts, by the reader's language.
    pub(super) fn pick(&self, en: &'static str, zh: &'static str) -> &'static str {
        self.lang.pick(en, zh)
    }

    /// A figure with all its digits; a fraction whose digits never end with `≈` and four decimals. A grade with its
    /// label, a member of a kind by its label alone.
    pub(super) fn figure(&self, figure: &Figure) -> String {
        self.shown(figure, true)
    }

    /// The same, a grade by its name alone: inside conditions and cells.
    pub(super) fn bare(&self, figure: &Figure) -> String {
        self.shown(figure, false)
    }

    /// A fact: what nobody has given is not unknown as what was computed may be.
    pub(super) fn given(&self, figure: &Figure) -> String {
        match figure.value {
            Value::Unknown(Cause::Missing(_)) => self.pick("not given", "未提供").to_owned(),
            _ => self.figure(figure),
        }
    }

    fn shown(&self, figure: &Figure, labels: bool) -> String {
        match (&figure.value, &figure.ty) {
            (Value::Unknown(Cause::Withheld(_)), _) => self.pick("withheld", "不予核定").to_owned(),
            (Value::Unknown(Cause::Referred(_)), _) => self.pick("referred", "待核定").to_owned(),
            (Value::Unknown(Cause::Refused(_)), _) => self.pick("refused", "拒绝").to_owned(),
            (Value::Set(members), Type::Set(id))
                if self.plan.schema.enums.get(*id).is_some_and(|kind| kind.sort == EnumSort::BuiltIn) =>
            {
                self.roles(*members, *id)
            }
            // Only the auditor works with parts of a cent.
            (Value::Number(number), Type::Number(unit))
                if unit.money == 1
                    && self.audience != Audience::Auditor
                    && number.decimals().is_none_or(|decimals| decimals > 2) =>
            {
                let cents = Value::Number(number.round(RoundingMode::HalfUp, 2));
                format!("≈{}", self.plan.shown(&cents, &figure.ty, self.lang, labels))
            }
            // A figure and its unit stand apart in Chinese sentences, as `44 天` does that is put together here.
            (Value::Number(_), Type::Number(unit))
                if self.lang == Lang::Zh && (unit.days != 0 || unit.months != 0) =>
            {
                let text = self.plan.shown(&figure.value, &figure.ty, self.lang, labels);
                ["天", "个月"].into_iter().fold(text, |text, unit| match text.strip_suffix(unit) {
                    Some(number) if !number.ends_with(' ') => format!("{number} {unit}"),
                    _ => text,
                })
            }
            _ => self.plan.shown(&figure.value, &figure.ty, self.lang, labels),
        }
    }

    /// That something holds only for the time being.
    pub(super) fn for_now(&self, text: &str) -> String {
        format!("{text}{}", self.pick(", for the time being", "（暂定）"))
    }

    /// A text in brackets behind another.
    pub(super) fn bracketed(&self, text: &str) -> String {
        match self.lang {
            Lang::En => format!(" ({text})"),
            Lang::Zh => format!("（{text}）"),
        }
    }

    /// The members of a set by their labels; `nobody` where there are none.
    fn roles(&self, members: u128, kind: EnumId) -> String {
        let kind = self.plan.schema.enums.get(kind);
        let all = kind.into_iter().flat_map(|kind| &kind.members).zip(0_u32..);
        let labels: Vec<&str> = all
            .filter(|(_, place)| members.checked_shr(*place).is_some_and(|bits| bits & 1 == 1))
            .map(|(member, _)| self.label(&member.label))
            .collect();
        if labels.is_empty() {
            return self.pick("nobody", "无").to_owned();
        }
        labels.join(self.pick(", ", "、"))
    }

    /// `4 more`, in the unit of what it is held against: a ratio beside `80%` is read as a percent.
    fn alike(&self, figure: &Figure, like: &Figure) -> String {
        let unit = |ty: &Type| match ty {
            Type::Number(unit) if unit.is_plain() => Some(*unit),
            _ => None,
        };
        match (unit(&figure.ty), unit(&like.ty)) {
            (Some(own), Some(other)) if own.style != Style::Percent && other.style == Style::Percent => {
                self.bare(&Figure { value: figure.value.clone(), ty: Type::Number(Unit::PERCENT) })
            }
            _ => self.bare(figure),
        }
    }

    /// A figure with its sign, for changes.
    pub(super) fn change(&self, figure: &Figure) -> String {
        // That digits are cut off is said of the amount that the change leads to; less than half a cent is none.
        let text = self.figure(figure).replace('≈', "");
        match figure.value.as_number() {
            Some(number) if !number.is_zero() && !text.contains(|digit| matches!(digit, '1'..='9')) => {
                String::new()
            }
            Some(number) if number.is_positive() => format!("+{text}"),
            _ => text,
        }
    }

    /// A name with its label: `risk_class · customer class`, in Chinese `客户信用等级 · risk_class`. The label alone where it
    /// says as much, and for all but the auditor, who looks things up in the policy.
    pub(super) fn title(&self, name: &Str, label: &Label) -> String {
        if let Some(last) = names::last_label(self.plan, name, self.lang) {
            return last;
        }
        let label = self.label(label);
        if self.audience != Audience::Auditor || label.is_empty() || label.replace(' ', "_") == **name {
            return self.plain_text(name, label).to_owned();
        }
        match self.lang {
            Lang::En => format!("{name} · {label}"),
            Lang::Zh => format!("{label} · {name}"),
        }
    }

    /// The label in the reader's language.
    pub(super) fn label<'l>(&self, label: &'l Label) -> &'l str {
        match self.lang {
            Lang::En => &label.en,
            Lang::Zh => &label.zh,
        }
    }

    /// The label alone where there is one: for readers who do not know the policy's names.
    pub(super) fn plain<'l>(&self, name: &'l Str, label: &'l Label) -> &'l str {
        let label = self.label(label);
        self.plain_text(name, label)
    }

    fn plain_text<'l>(&self, name: &'l str, label: &'l str) -> &'l str {
        if label.is_empty() { name } else { label }
    }

    /// How a rule stands.
    pub(super) fn standing(&self, standing: Standing) -> &'static str {
        match standing {
            Standing::Applies => self.pick("applies", "适用"),
            Standing::DoesNotApply => self.pick("does not apply", "不适用"),
            Standing::UnknownApplies if self.audience == Audience::Auditor => {
                self.pick("not known; the policy then applies it", "情况不明，按政策规定适用")
            }
            Standing::UnknownDoesNot if self.audience == Audience::Auditor => {
                self.pick("not known; the policy then does not apply it", "情况不明，按政策规定不适用")
            }
            Standing::UnknownApplies => {
                self.pick("not yet verified, treated for now as if it were so", "尚未核实，暂按适用处理")
            }
            Standing::UnknownDoesNot => self
                .pick("not yet verified, treated for now as if it were not so", "尚未核实，暂按不适用处理"),
            Standing::Unknown => self.pick("could not be judged", "无法判断"),
            Standing::NotReached => self.pick("not reached", "未及此行"),
        }
    }

    /// The mark in front of a rule.
    pub(super) fn mark(&self, standing: Standing) -> &'static str {
        match standing {
            Standing::Applies => "●",
            Standing::DoesNotApply => "○",
            Standing::UnknownApplies | Standing::UnknownDoesNot | Standing::Unknown => "?",
            Standing::NotReached => "·",
        }
    }

    /// `current_ratio 0.80, bound 1, 0.20 below`.
    pub(super) fn comparison(&self, comparison: &Comparison) -> String {
        let name = self.name_of(comparison.step);
        let value = self.found(comparison);
        let Some(threshold) = &comparison.threshold else { return format!("{name} {value}") };
        // A bound that nobody knows goes by its name, `limit in force until not given`; which day it is then says nothing.
        if let Some(bound) = comparison.bound.filter(|_| !threshold.value.is_known()) {
            let fact = self.is_of_the_customer(bound);
            let state = if fact { self.given(threshold) } else { self.bare(threshold) };
            let unknown = format!("{} {state}", self.name_of(bound));
            let today = matches!(self.plan.steps.get(comparison.step).map(|it| &it.op), Some(Op::Today));
            return if today {
                unknown
            } else {
                format!("{name} {value}{}{unknown}", self.pick(", ", "，"))
            };
        }
        // A day that nobody has given is held against none: of a window both ends would be told.
        if matches!(comparison.value.ty, Type::Date) && !comparison.value.value.is_known() {
            return format!("{name} {value}");
        }
        let own =
            comparison.bound.filter(|bound| self.is_of_the_customer(*bound)).map(|bound| self.name_of(bound));
        let mut text = match self.lang {
            // A bound that is itself a fact has a name: `today 2026-11-16, blocked until 2026-12-05`.
            _ if let Some(bound) = own => {
                format!("{name} {value}{}{bound} {}", self.pick(", ", "，"), self.bare(threshold))
            }
            Lang::En => format!("{name} {value}, bound {}", self.bare(threshold)),
            Lang::Zh => format!("{name} {value}，标准 {}", self.bare(threshold)),
        };
        if let Some(far) = self.distance(comparison) {
            text.push_str(self.pick(", ", "，"));
            text.push_str(&far);
        }
        text
    }

    /// Whether a bound is a fact or the day, not a figure of the policy.
    fn is_of_the_customer(&self, bound: StepId) -> bool {
        matches!(self.plan.steps.get(bound).map(|it| &it.op), Some(Op::Fact(_) | Op::Field(..) | Op::Today))
    }

    /// What was found of what is compared: its value, or why there is none.
    fn found(&self, comparison: &Comparison) -> String {
        if self.checklists.contains(&comparison.step) {
            return self.complete(comparison.value.value.as_bool()).to_owned();
        }
        let value = match &comparison.threshold {
            Some(threshold) => self.alike(&comparison.value, threshold),
            None => self.bare(&comparison.value),
        };
        match &comparison.because {
            Some(Unknowing::Missing(_, label)) if self.label(label) == self.name_of(comparison.step) => {
                self.pick("not given", "未提供").to_owned()
            }
            Some(Unknowing::Withheld | Unknowing::Referred | Unknowing::Refused) | None => value,
            Some(why) => format!("{value}{}", self.aside(why)),
        }
    }

    /// How a checklist stands.
    pub(super) fn complete(&self, complete: Option<bool>) -> &'static str {
        match complete {
            Some(true) => self.pick("complete", "齐备"),
            Some(false) => self.pick("not complete", "不齐备"),
            None => self.pick("not provided", "未提供"),
        }
    }

    /// What a step goes by where its value stands beside it.
    pub(super) fn name_of(&self, step: StepId) -> String {
        match (self.checklists.contains(&step), self.names.get(&step)) {
            (true, Some(name)) => self.papers(self.label(&name.label)).to_owned(),
            _ => self.phrase(step),
        }
    }

    /// The label of a checklist without the word for that it is complete.
    fn papers<'l>(&self, label: &'l str) -> &'l str {
        label.strip_suffix(self.pick(" complete", "齐备")).unwrap_or(label)
    }

    /// What a checklist's papers are called together.
    pub(super) fn papers_of(&self, label: &Label) -> String {
        self.papers(self.label(label)).to_owned()
    }

    /// A checklist as a condition: `必备资料不齐备`; none of what is no checklist.
    pub(super) fn checklist(&self, step: StepId, complete: bool) -> Option<String> {
        let name = self.names.get(&step).filter(|_| self.checklists.contains(&step))?;
        let label = self.papers(self.label(&name.label));
        let state = self.complete(Some(complete));
        Some(format!("{label}{}{state}", self.pick(" ", "")))
    }

    /// What of a rule is not established: the facts that are missing, else what could not be judged; each once.
    pub(super) fn unestablished(&self, comparisons: &[Comparison]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for it in comparisons.iter().filter(|it| !it.value.value.is_known()) {
            let name = match &it.because {
                // Of a record what is missing goes by its field, not by the list.
                Some(Unknowing::Missing(name, label)) if !self.is_list(name) => {
                    self.plain(name, label).to_owned()
                }
                _ => self.name_of(it.step),
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Items by name; of many the first, and how many there are in all. The auditor reads each.
    pub(super) fn items(&self, items: &[String]) -> String {
        const NAMED: usize = 3;
        let comma = self.pick(", ", "、");
        let first = items.get(..NAMED).filter(|_| items.len() > NAMED.saturating_mul(2));
        match (first.filter(|_| self.audience != Audience::Auditor), self.lang) {
            (None, _) => items.join(comma),
            (Some(first), Lang::En) => format!("{} … ({} in all)", first.join(comma), items.len()),
            (Some(first), Lang::Zh) => format!("{}等 {} 笔", first.join(comma), items.len()),
        }
    }

    /// A text in front of a word, with a blank between a figure and a Chinese one.
    pub(super) fn glued(&self, text: &str, word: &str) -> String {
        let blank = text.ends_with(|last: char| last.is_ascii()) && !word.starts_with(' ');
        format!("{text}{}{word}", if blank { " " } else { "" })
    }

    /// How far a value is from its bound: `0.20 below`.
    pub(super) fn distance(&self, comparison: &Comparison) -> Option<String> {
        let threshold = comparison.threshold.as_ref()?;
        let mut text = String::new();
        if let Some(distance) = &comparison.distance {
            let above = match (&comparison.value.value, &threshold.value) {
                (Value::Number(value), Value::Number(bound)) => value.cmp(bound),
                (Value::Date(value), Value::Date(bound)) => value.cmp(bound),
                _ => std::cmp::Ordering::Equal,
            };
            let distance = self.alike(distance, threshold).replace('≈', "");
            let distance = match distance.strip_suffix('%') {
                Some(points) => match self.lang {
                    Lang::En => format!("{points} percentage points"),
                    Lang::Zh => format!("{points} 个百分点"),
                },
                None => distance,
            };
            let distance =
                if distance == "1 percentage points" { String::from("1 percentage point") } else { distance };
            let days = matches!(comparison.value.value, Value::Date(_));
            text.push_str(&match (above, self.lang) {
                (std::cmp::Ordering::Greater, Lang::En) if days => format!("{distance} later"),
                (std::cmp::Ordering::Less, Lang::En) if days => format!("{distance} earlier"),
                (std::cmp::Ordering::Greater, Lang::Zh) if days => format!("晚 {distance}"),
                (std::cmp::Ordering::Less, Lang::Zh) if days => format!("早 {distance}"),
                (std::cmp::Ordering::Greater, Lang::En) => format!("{distance} above"),
                (std::cmp::Ordering::Less, Lang::En) => format!("{distance} below"),
                (std::cmp::Ordering::Equal, Lang::En) => String::from("just on it"),
                (std::cmp::Ordering::Greater, Lang::Zh) => format!("高 {distance}"),
                (std::cmp::Ordering::Less, Lang::Zh) => format!("低 {distance}"),
                (std::cmp::Ordering::Equal, Lang::Zh) => String::from("恰为标准"),
            });
            return Some(text);
        }
        None
    }

    /// A rule as a sentence: `not above CA3 when current ratio < 1`, `流动比率 < 1 时不得高于 CA3`.
    pub(super) fn sentence(&self, rule: &RuleLine) -> String {
        let when = rule.condition.map(|condition| self.phrase(condition));
        let effect = match &rule.subject {
            Subject::Notches(by) => {
                let (down, by) = (*by >= 0, by.unsigned_abs());
                match self.lang {
                    Lang::En => format!("{} {by}", if down { "down" } else { "up" }),
                    Lang::Zh => format!("{} {by} 级", if down { "下调" } else { "上调" }),
                }
            }
            Subject::NotAbove(grade) => {
                format!("{} {}", self.pick("not above", "不得高于"), self.bare(grade))
            }
            Subject::Force(grade) => format!("{} {}", self.pick("forced to", "直接评为"), self.bare(grade)),
            Subject::Apart(grade) => format!("{}{}", self.pick("", "为 "), self.bare(grade)),
            Subject::Needs(grade) => {
                let when = when.unwrap_or_default();
                return format!("{} {} {when}", self.bare(grade), self.pick("needs", "须"));
            }
            Subject::Trigger(label) => {
                let (label, when) = (self.label(label), when.unwrap_or_default());
                if label == when {
                    return when;
                }
                return format!("{label}{}{when}", self.pick(": ", "："));
            }
            Subject::Delay(by) => match self.lang {
                Lang::En => format!("{} later", self.bare(by)),
                Lang::Zh => format!("推迟{}", self.bare(by)),
            },
            Subject::Skip(step) => format!("{}{}", self.pick("left out: ", "跳过"), self.bare(step)),
            Subject::Require(least) => {
                let least = self.bare(least);
                let weight = least.ends_with('%');
                return match (self.lang, weight) {
                    (Lang::En, true) => format!("at least {least} of the weight must be known"),
                    (Lang::En, false) => format!("at least {least} factors must be known"),
                    (Lang::Zh, true) => format!("已知权重须达 {least}"),
                    (Lang::Zh, false) => format!("已知因素须达 {least} 项"),
                };
            }
            Subject::Plain => match rule.kind {
                RuleKind::Hold => self.pick("hold", "暂缓").to_owned(),
                RuleKind::Exclusion => self.pick("excluded", "豁免").to_owned(),
                RuleKind::Entry => self.pick("on the ladder", "列入").to_owned(),
                RuleKind::Require => {
                    return format!("{} {}", self.pick("requires", "须"), when.unwrap_or_default());
                }
                // A row that asks nothing takes what the rows above it leave.
                RuleKind::Row => {
                    return when.unwrap_or_else(|| self.pick("in all other cases", "其余情形").to_owned());
                }
                RuleKind::Band
                | RuleKind::Apart
                | RuleKind::Down
                | RuleKind::Up
                | RuleKind::NotAbove
                | RuleKind::Force
                | RuleKind::Factor
                | RuleKind::Method
                | RuleKind::Line
                | RuleKind::Trigger
                | RuleKind::Rung
                | RuleKind::Delay
                | RuleKind::Check
                | RuleKind::Judgement
                | RuleKind::Override
                | RuleKind::Skip
                | RuleKind::Paper
                | RuleKind::Validity => return when.unwrap_or_else(|| rule.written.to_string()),
            },
        };
        match (when, self.lang) {
            (Some(when), Lang::En) => format!("{effect} when {when}"),
            (Some(when), Lang::Zh) => format!("{}{effect}", self.at(&when)),
            (None, _) => effect,
        }
    }

    /// `净资产 ≤ 0 时`, `新客户时`: a blank where a sign or a figure ends.
    pub(super) fn at(&self, when: &str) -> String {
        self.glued(when, "时")
    }

    /// What is asked for: met or not, where a rule asks for something; else whether it applies.
    pub(super) fn stands(&self, rule: &RuleLine) -> &'static str {
        let asks = matches!(rule.subject, Subject::Needs(_) | Subject::Require(_));
        match (asks, rule.standing) {
            (true, Standing::Applies) => self.pick("met", "满足"),
            (true, Standing::DoesNotApply) => self.pick("not met", "不满足"),
            // A trigger of a stance says nothing of what is unknown: it does not fire.
            (_, Standing::UnknownDoesNot) if matches!(rule.subject, Subject::Trigger(_)) => {
                self.pick("could not be judged, does not fire", "无法判断，不触发")
            }
            _ => self.standing(rule.standing),
        }
    }

    /// A factor of a correction in the words of policies: `up 20%`, `cancelled`.
    pub(super) fn correction(&self, figure: &Figure) -> String {
        let Some(factor) = figure.value.as_number() else { return self.bare(figure) };
        let by = |part: &Number| {
            self.bare(&Figure { value: Value::Number(part.clone()), ty: Type::Number(Unit::PERCENT) })
        };
        if factor.is_zero() {
            return self.pick("cancelled", "取消").to_owned();
        }
        match factor.cmp(&Number::ONE) {
            std::cmp::Ordering::Equal => self.pick("unchanged", "不变").to_owned(),
            std::cmp::Ordering::Greater => {
                format!("{} {}", self.pick("up", "上调"), by(&factor.sub(&Number::ONE)))
            }
            std::cmp::Ordering::Less => {
                format!("{} {}", self.pick("down", "下调"), by(&Number::ONE.sub(factor)))
            }
        }
    }

    /// What a construct comes to before it is rounded or refused goes by the construct's label.
    fn whole(&self, step: StepId) -> String {
        let span = self.plan.steps.get(step).map(|it| it.span);
        let item = self.plan.items.iter().find(|item| Some(item.span) == span);
        match item.filter(|_| !self.names.contains_key(&step)) {
            Some(item) => self.label(&item.label).to_owned(),
            None => self.phrase(step),
        }
    }

    /// Why something is unknown.
    pub(super) fn aside(&self, why: &Unknowing) -> String {
        match self.lang {
            Lang::En => format!(" ({})", self.unknowing(why)),
            Lang::Zh => format!("（{}）", self.unknowing(why)),
        }
    }

    /// `net assets are`, `current ratio is`: a label ends in its noun.
    fn is(&self, label: &str) -> String {
        let many = label.ends_with('s') && !label.ends_with("ss") && !label.ends_with("us");
        format!("{label} {}", if many { "are" } else { "is" })
    }

    /// Whether a fact is a list of records.
    fn is_list(&self, name: &Str) -> bool {
        let fact = self.plan.schema.find(name).and_then(|fact| self.plan.schema.fields.get(fact));
        fact.is_some_and(|fact| matches!(fact.ty, FieldType::Records(_)))
    }

    /// Whether a fact is one that the house alone knows.
    fn is_ours(&self, name: &Str) -> bool {
        let fact = self.plan.schema.find(name).and_then(|fact| self.plan.schema.fields.get(fact));
        fact.is_some_and(|fact| fact.internal)
    }

    /// Whether something is unknown because a row of the policy says so: there is nothing that it would have to say.
    pub(super) fn says_nothing(&self, why: &Unknowing) -> bool {
        let step = match why {
            Unknowing::NotComputable(_, step) => self.plan.steps.get(*step),
            _ => None,
        };
        step.is_some_and(|step| matches!(step.op, Op::Unknown(_)))
    }

    /// Why something is unknown.
    pub(super) fn unknowing(&self, why: &Unknowing) -> String {
        match (why, self.lang) {
            // What the house alone knows the customer cannot send.
            (Unknowing::Missing(name, _), _) if self.audience == Audience::Customer && self.is_ours(name) => {
                self.pick("our own records are not complete yet", "我方内部资料尚不齐备").to_owned()
            }
            // Of a record something is missing that stands in front of this.
            (Unknowing::Missing(name, _), _) if self.is_list(name) => {
                self.pick("not given", "未填").to_owned()
            }
            (Unknowing::Missing(name, label), Lang::En) => format!("not given: {}", self.plain(name, label)),
            (Unknowing::Missing(name, label), Lang::Zh) => format!("{}未提供", self.plain(name, label)),
            (Unknowing::TooLittleKnown(_), _) => self.pick("too little is known", "已知资料不足").to_owned(),
            (why, _) if self.says_nothing(why) => {
                self.pick("no value is set for this case", "此情形不设值").to_owned()
            }
            (Unknowing::NoItem(..), _) => self.pick("no such item", "没有符合条件的明细").to_owned(),
            (Unknowing::NotComputable(..) | Unknowing::DividedByZero(..), _)
                if self.audience == Audience::Customer =>
            {
                self.pick("it could not be worked out from what was given", "依现有资料无法核算").to_owned()
            }
            (Unknowing::DividedByZero(_, by), Lang::En) => {
                format!("cannot be computed: {} 0", self.is(&self.whole(*by)))
            }
            (Unknowing::DividedByZero(_, by), Lang::Zh) => format!("无法计算：{}为 0", self.whole(*by)),
            (Unknowing::NotComputable(_, step), Lang::En) => {
                format!("{} cannot be computed", self.whole(*step))
            }
            (Unknowing::NotComputable(_, step), Lang::Zh) => format!("{}无法计算", self.whole(*step)),
            (Unknowing::Withheld, _) => {
                self.pick("the policy gives no recommendation", "按政策不予核定").to_owned()
            }
            (Unknowing::Referred, _) => self.pick("an answer is awaited", "尚待答复").to_owned(),
            (Unknowing::Refused, _) => {
                self.pick("the policy refuses without this", "缺此项按政策拒绝").to_owned()
            }
            (Unknowing::Script(_), _) if self.audience == Audience::Customer => {
                self.pick("it could not be worked out", "暂无法核算").to_owned()
            }
            (Unknowing::Script(error), _) => {
                format!("{}{}", self.pick("the script failed: ", "脚本执行失败："), self.label(error))
            }
            (Unknowing::Expired(label, day, first, until), _) => {
                let what = self.label(label);
                let before = matches!((day, first), (Some(day), Some(first)) if day < first);
                let known = match (before, first, until, self.lang) {
                    (true, Some(first), _, Lang::En) => format!(", only from {first} on"),
                    (true, Some(first), _, Lang::Zh) => format!("，自 {first} 起才有"),
                    (false, _, Some(until), Lang::En) => format!(", only until {until}"),
                    (false, _, Some(until), Lang::Zh) => format!("，仅至 {until}"),
                    _ => String::new(),
                };
                match (day, self.lang) {
                    (Some(day), Lang::En) => format!("no {what} is known for {day}{known}"),
                    (Some(day), Lang::Zh) => format!("{day} 的{what}未知{known}"),
                    (None, Lang::En) => format!("no {what} is known for that day{known}"),
                    (None, Lang::Zh) => format!("当日的{what}未知{known}"),
                }
            }
            (Unknowing::NoRow(label, keys), _) => {
                let keys: Vec<String> = keys.iter().map(|key| self.figure(key)).collect();
                let (what, keys) = (self.label(label), keys.join(self.pick(", ", "，")));
                match self.lang {
                    Lang::En => format!("{what} has no row for {keys}"),
                    Lang::Zh => format!("{what}中没有 {keys} 这一行"),
                }
            }
            (Unknowing::PastCalendar, _) => {
                self.pick("the calendar ends before that day", "日历在该日之前已止").to_owned()
            }
            (Unknowing::Book(label, silence), _) => super::text::book_silence(self, label, silence),
        }
    }

    /// What went wrong.
    pub(super) fn fault(&self, fault: &FaultLine) -> String {
        match (fault, self.lang) {
            (FaultLine::Always(_, step), Lang::En) => format!("broken: always {}", self.phrase(*step)),
            (FaultLine::Always(_, step), Lang::Zh) => format!("违反：始终 {}", self.phrase(*step)),
            (FaultLine::AlwaysUnknown(_, step, why), _) => {
                let why = why.as_ref().map(|why| self.unknowing(why)).unwrap_or_default();
                let what = self.phrase(*step);
                match self.lang {
                    Lang::En => format!("could not be judged: always {what} ({why})"),
                    Lang::Zh => format!("无法判断：始终 {what}（{why}）"),
                }
            }
            (FaultLine::Digits(name, label, digits), Lang::En) => {
                format!("{} has {digits} digits, more than 28", self.plain(name, label))
            }
            (FaultLine::Digits(name, label, digits), Lang::Zh) => {
                format!("{}有 {digits} 位数字，超过 28 位", self.plain(name, label))
            }
            (FaultLine::Contradiction(name, label, people), Lang::En) => format!(
                "{}: what {} decided contradicts itself, neither stands over the other; one of them must take it back",
                self.plain(name, label),
                people.join(" and ")
            ),
            (FaultLine::Contradiction(name, label, people), Lang::Zh) => format!(
                "{}：{}，彼此同级、同日，无从取舍；须由其中一方撤回",
                self.plain(name, label),
                self.glued(&people.join("、"), "的决定互相矛盾")
            ),
            (FaultLine::Endless(name, label), Lang::En) => {
                format!("{} has decimals that never end", self.plain(name, label))
            }
            (FaultLine::Endless(name, label), Lang::Zh) => {
                format!("{}的小数位无穷无尽", self.plain(name, label))
            }
            (FaultLine::Script(error), _) => {
                format!("{}{}", self.pick("the script failed: ", "脚本执行失败："), self.label(error))
            }
        }
    }

    /// `because` and `cite`, for people: what the policy keeps from the customer is not told to it.
    pub(super) fn reason(&self, reason: &Reason) -> Option<String> {
        if reason.internal && self.audience == Audience::Customer {
            return reason.customer.as_ref().map(|text| self.label(text).to_owned());
        }
        let mut parts = Vec::new();
        if let Some(text) = &reason.text {
            parts.push(self.label(text).to_owned());
        }
        if let Some(cite) = &reason.cite {
            parts.push(format!("[{cite}]"));
        }
        let mut text = parts.join(" ");
        if reason.internal && !text.is_empty() {
            text.push_str(self.pick(" ", ""));
            text.push_str(&self.internal(reason));
        }
        (!text.is_empty()).then_some(text)
    }

    /// The address of a rule; for a Chinese reader its number in Chinese: `sales_volume/record_coefficient/第 6 行`.
    pub(super) fn address(&self, address: &str) -> String {
        if self.lang == Lang::En {
            return address.to_owned();
        }
        let part = |part: &str| {
            let Some((kind, number)) = part.split_once(' ') else { return part.to_owned() };
            match kind {
                "row" => format!("第 {number} 行"),
                "line" => format!("第 {number} 条"),
                "hold" => format!("第 {number} 项暂缓"),
                "delay" => format!("第 {number} 项推迟"),
                "skip" => format!("第 {number} 项跳过"),
                "exclude" => format!("第 {number} 项豁免"),
                "require" => format!("第 {number} 项要求"),
                "always" => format!("第 {number} 项始终"),
                _ => part.to_owned(),
            }
        };
        address.split('/').map(part).collect::<Vec<_>>().join("/")
    }

    /// A reason behind what it explains: a text behind a dash, a mere clause in its brackets.
    pub(super) fn behind(&self, reason: &str) -> String {
        if reason.starts_with('[') { format!(" {reason}") } else { format!(" — {reason}") }
    }

    /// The label of a role.
    pub(super) fn role(&self, role: &Str) -> String {
        let found = self.plan.roles.iter().find(|(name, _)| name == role);
        found.map_or_else(|| role.to_string(), |(name, label)| self.plain(name, label).to_owned())
    }

    /// That a reason is not for the customer, and what the customer reads in its place.
    pub(super) fn internal(&self, reason: &Reason) -> String {
        match (&reason.customer, self.lang) {
            (None, Lang::En) => String::from("(internal)"),
            (None, Lang::Zh) => String::from("（不对外）"),
            (Some(text), Lang::En) => format!("(internal; the customer reads: {})", text.en),
            (Some(text), Lang::Zh) => format!("（不对外；告知客户：{}）", text.zh),
        }
    }

    /// `rounded half_up to 2 decimals`.
    pub(super) fn rounding(&self, rounding: &Rounding) -> String {
        let mode = match rounding.mode {
            RoundingMode::HalfUp => self.pick("half up", "四舍五入"),
            RoundingMode::HalfEven => self.pick("half to even", "四舍六入"),
            RoundingMode::Down => self.pick("down", "去尾"),
            RoundingMode::Up => self.pick("up", "进一"),
            RoundingMode::Floor => self.pick("to the floor", "向下"),
            RoundingMode::Ceiling => self.pick("to the ceiling", "向上"),
        };
        match (&rounding.precision, self.lang) {
            (Precision::Decimals(1), Lang::En) => format!("rounded {mode} to 1 decimal"),
            (Precision::Decimals(0), Lang::En) => format!("rounded {mode} to whole numbers"),
            (Precision::Decimals(0), Lang::Zh) => format!("{mode}取整"),
            (Precision::Decimals(decimals), Lang::En) => format!("rounded {mode} to {decimals} decimals"),
            (Precision::Decimals(decimals), Lang::Zh) => format!("{mode}保留 {decimals} 位小数"),
            (Precision::Multiples(step), Lang::En) => {
                format!("rounded {mode} to multiples of {}", grouped(&step.to_string()))
            }
            (Precision::Multiples(step), Lang::Zh) => {
                format!("按 {} 的整倍数{mode}取整", grouped(&step.to_string()))
            }
        }
    }

    /// `lowest`.
    pub(super) fn take(&self, take: Take) -> &'static str {
        match take {
            Take::Lowest => self.pick("the lowest", "最低者"),
            Take::Highest => self.pick("the highest", "最高者"),
            Take::Average => self.pick("the average", "平均值"),
            Take::Middle => self.pick("the middle one", "居中者"),
            Take::First => self.pick("the first", "首个"),
        }
    }
}

/// Rounds parts to so many decimals so that they still add up to the rounded whole: by largest remainder, ties in the
/// order given. The whole is rounded half away from zero.
pub(super) fn apportion(parts: &[Number], decimals: u32) -> Vec<Number> {
    let unit = Number::power_of_ten(decimals);
    let scaled: Vec<Number> = parts.iter().map(|part| part.mul(&unit)).collect();
    let whole = Number::sum(&scaled).round(RoundingMode::HalfUp, 0);
    let mut floors: Vec<Number> = scaled.iter().map(Number::floor).collect();
    let missing = whole.sub(&Number::sum(&floors)).to_i64().unwrap_or(0);
    let mut by_remainder: Vec<usize> = (0..parts.len()).collect();
    let remainder = |place: usize| match (scaled.get(place), floors.get(place)) {
        (Some(exact), Some(floor)) => exact.sub(floor),
        _ => Number::ZERO,
    };
    let remainders: Vec<Number> = by_remainder.iter().map(|place| remainder(*place)).collect();
    by_remainder.sort_by(|a, b| remainders.get(*b).cmp(&remainders.get(*a)));
    for place in by_remainder.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
        if let Some(floor) = floors.get_mut(place) {
            *floor = floor.add(&Number::ONE);
        }
    }
    floors.iter().map(|floor| floor.div(&unit).unwrap_or(Number::ZERO)).collect()
}
