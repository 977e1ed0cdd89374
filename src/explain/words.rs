//! Figures and words for people, in English and Chinese.

use super::{Comparison, FaultLine, Figure, Standing, Unknowing};
use crate::base::{Lang, Str};
use crate::plan::{Label, Plan, Reason, Take};
use crate::value::display::{Show, show};
use crate::value::{Currency, Number, Precision, Rounding, RoundingMode, Value};

/// How figures and names are written for one reader.
pub(super) struct Words<'a> {
    pub(super) plan: &'a Plan,
    pub(super) lang: Lang,
    home: Option<Currency>,
}

impl<'a> Words<'a> {
    pub(super) fn new(plan: &'a Plan, lang: Lang) -> Self {
        Words { plan, lang, home: plan.policies.last().map(|policy| policy.currency) }
    }

    /// One of two texts, by the reader's language.
    pub(super) fn pick(&self, en: &'static str, zh: &'static str) -> &'static str {
        self.lang.pick(en, zh)
    }

    /// A figure with all its digits; a fraction whose digits never end with `≈` and four decimals.
    pub(super) fn figure(&self, figure: &Figure) -> String {
        let how = Show { home: self.home, approximate: Some(4), ..Show::new(self.lang) };
        show(&figure.value, &figure.ty, &self.plan.schema.enums, &how)
    }

    /// A figure with its sign, for changes.
    pub(super) fn change(&self, figure: &Figure) -> String {
        let text = self.figure(figure);
        match figure.value.as_number() {
            Some(number) if number.is_positive() => format!("+{text}"),
            _ => text,
        }
    }

    /// A name with its label: `risk_class · customer class`, in Chinese `客户信用等级 · risk_class`.
    pub(super) fn title(&self, name: &Str, label: &Label) -> String {
        let label = self.label(label);
        if label == &**name {
            return name.to_string();
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
        if label.is_empty() { name } else { label }
    }

    /// How a rule stands.
    pub(super) fn standing(&self, standing: Standing) -> &'static str {
        match standing {
            Standing::Applies => self.pick("applies", "适用"),
            Standing::DoesNotApply => self.pick("does not apply", "不适用"),
            Standing::UnknownApplies => self.pick("could not be judged, applies", "无法判断，按适用处理"),
            Standing::UnknownDoesNot => {
                self.pick("could not be judged, does not apply", "无法判断，按不适用处理")
            }
            Standing::Unknown => self.pick("could not be judged", "无法判断"),
            Standing::NotReached => self.pick("not reached", "未及此行"),
        }
    }

    /// How a requirement stands: a band's need, what a scorecard requires.
    pub(super) fn met(&self, standing: Standing) -> &'static str {
        match standing {
            Standing::Applies => self.pick("met", "满足"),
            Standing::DoesNotApply => self.pick("not met", "不满足"),
            Standing::UnknownApplies => self.pick("could not be judged, met", "无法判断，按满足处理"),
            Standing::UnknownDoesNot => self.pick("could not be judged, not met", "无法判断，按不满足处理"),
            Standing::Unknown | Standing::NotReached => self.standing(standing),
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
        let value = self.figure(&comparison.value);
        // What a scorecard knows has no name in the policy.
        let name = if comparison.name.is_empty() { self.pick("known", "已知") } else { &comparison.name };
        let Some(threshold) = &comparison.threshold else {
            return format!("{name} {value}");
        };
        let mut text = match self.lang {
            Lang::En => format!("{name} {value}, bound {}", self.figure(threshold)),
            Lang::Zh => format!("{name} {value}，界限 {}", self.figure(threshold)),
        };
        if let Some(distance) = &comparison.distance {
            let above = match (&comparison.value.value, &threshold.value) {
                (Value::Number(value), Value::Number(bound)) => value.cmp(bound),
                (Value::Date(value), Value::Date(bound)) => value.cmp(bound),
                _ => std::cmp::Ordering::Equal,
            };
            let distance = self.figure(distance);
            text.push_str(&match (above, self.lang) {
                (std::cmp::Ordering::Greater, Lang::En) => format!(", {distance} above"),
                (std::cmp::Ordering::Less, Lang::En) => format!(", {distance} below"),
                (std::cmp::Ordering::Equal, Lang::En) => String::from(", just on it"),
                (std::cmp::Ordering::Greater, Lang::Zh) => format!("，高出 {distance}"),
                (std::cmp::Ordering::Less, Lang::Zh) => format!("，低 {distance}"),
                (std::cmp::Ordering::Equal, Lang::Zh) => String::from("，恰在界限上"),
            });
        }
        text
    }

    /// Why something is unknown.
    pub(super) fn unknowing(&self, why: &Unknowing) -> String {
        match (why, self.lang) {
            (Unknowing::Missing(name, label), _) => {
                format!("{} {}", self.title(name, label), self.pick("was not given", "未提供"))
            }
            (Unknowing::NotComputable(what), Lang::En) => format!("`{what}` cannot be computed"),
            (Unknowing::NotComputable(what), Lang::Zh) => format!("`{what}` 无法计算"),
            (Unknowing::TooLittleKnown(card), Lang::En) => format!("too little is known for `{card}`"),
            (Unknowing::TooLittleKnown(card), Lang::Zh) => format!("`{card}` 的已知资料不足"),
            (Unknowing::Withheld, _) => {
                self.pick("the policy gives no recommendation", "按政策不予核定").to_owned()
            }
            (Unknowing::Referred, _) => self.pick("a role has been asked", "已转请核定").to_owned(),
            (Unknowing::Refused, _) => {
                self.pick("the policy refuses without this", "缺此项按政策拒绝").to_owned()
            }
            (Unknowing::Script(error), Lang::En) => format!("the script failed: {error}"),
            (Unknowing::Script(error), Lang::Zh) => format!("脚本执行失败：{error}"),
            (Unknowing::PastCalendar, _) => {
                self.pick("the calendar ends before that day", "日历在该日之前已止").to_owned()
            }
        }
    }

    /// What went wrong.
    pub(super) fn fault(&self, fault: &FaultLine) -> String {
        match (fault, self.lang) {
            (FaultLine::Always(written), Lang::En) => format!("broken: always {written}"),
            (FaultLine::Always(written), Lang::Zh) => format!("违反：始终 {written}"),
            (FaultLine::AlwaysUnknown(written, why), _) => {
                let why = why.as_ref().map(|why| format!(" ({})", self.unknowing(why))).unwrap_or_default();
                format!("{} {written}{why}", self.pick("could not be judged: always", "无法判断：始终"))
            }
            (FaultLine::Digits(name, digits), Lang::En) => {
                format!("{name} has {digits} digits, more than 28")
            }
            (FaultLine::Digits(name, digits), Lang::Zh) => format!("{name} 有 {digits} 位数字，超过 28 位"),
            (FaultLine::Endless(name), Lang::En) => format!("{name} has decimals that never end"),
            (FaultLine::Endless(name), Lang::Zh) => format!("{name} 的小数位无穷无尽"),
            (FaultLine::Script(error), _) => {
                format!("{}{error}", self.pick("the script failed: ", "脚本执行失败："))
            }
        }
    }

    /// `because` and `cite`, for people.
    pub(super) fn reason(&self, reason: &Reason) -> Option<String> {
        let mut parts = Vec::new();
        if let Some(because) = &reason.because {
            parts.push(because.to_string());
        }
        if let Some(cite) = &reason.cite {
            parts.push(format!("[{cite}]"));
        }
        (!parts.is_empty()).then(|| parts.join(" "))
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
            (Precision::Decimals(decimals), Lang::En) => format!("rounded {mode} to {decimals} decimals"),
            (Precision::Decimals(decimals), Lang::Zh) => format!("{mode}保留 {decimals} 位小数"),
            (Precision::Multiples(step), Lang::En) => format!("rounded {mode} to multiples of {step}"),
            (Precision::Multiples(step), Lang::Zh) => format!("{mode}取整到 {step}"),
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
