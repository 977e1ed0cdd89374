//! Expressions and conditions in the reader's own words: labels for names, signs for operators, so that a Chinese reader of an
//! English policy reads no English word, and the other way round.

use std::collections::BTreeMap;

use super::Figure;
use super::names::{is_quality, last_label};
use super::words::Words;
use crate::base::Lang;
use crate::plan::{
    AggregateFunction, Anchor, CellPattern, CellTest, Compare, Op, Period, Plan, RowItem, StepId, Take,
};
use crate::value::{EnumId, FieldType, Number, Type, Value};

/// Expressions nested deeper than this end in `…`.
const DEEPEST: u32 = 16;

/// How tightly an expression holds together; looser ones inside tighter ones take brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    Or,
    And,
    Compared,
    Sum,
    Product,
    Leaf,
}

/// What stands where a name would.
#[derive(Clone, Copy)]
enum Leaves<'f> {
    /// The name.
    Names,
    /// The value that it has.
    Values(&'f BTreeMap<StepId, Figure>),
}

impl Words<'_> {
    /// A step as people call it: its label, or the expression it is.
    pub(super) fn phrase(&self, step: StepId) -> String {
        self.print(step, Leaves::Names, Hold::Or, 0)
    }

    /// What has to be so that a condition no longer holds, where that is one plain thing: `the papers are complete` for `papers
    /// not complete`, `exposure is known` for `exposure is unknown`.
    pub(super) fn settled(&self, condition: StepId) -> Option<String> {
        let mut step = condition;
        while let Op::Same(inner) = &self.plan.steps.get(step)?.op {
            step = *inner;
        }
        let Op::Not(denied) = &self.plan.steps.get(step)?.op else { return None };
        if self.checklist(*denied, true).is_some() {
            let papers = self.leaf(*denied);
            return Some(match self.lang {
                Lang::En => format!("the {papers} are complete"),
                Lang::Zh => format!("{papers}齐备"),
            });
        }
        match &self.plan.steps.get(*denied)?.op {
            Op::IsKnown(_) => Some(self.phrase(*denied)),
            _ => None,
        }
    }

    /// What a named value is made of: `current assets − current liabilities`; none where it is a mere name or figure.
    pub(super) fn definition(&self, step: StepId) -> Option<String> {
        self.defined(step, Leaves::Names)
    }

    /// The same with the values of this customer for the names: `620,800.00 − 369,523.00`.
    pub(super) fn worked(&self, step: StepId, figures: &BTreeMap<StepId, Figure>) -> Option<String> {
        self.defined(step, Leaves::Values(figures))
    }

    fn defined(&self, step: StepId, leaves: Leaves<'_>) -> Option<String> {
        let mut step = step;
        loop {
            match &self.plan.steps.get(step)?.op {
                Op::Same(inner) if !self.names.contains_key(inner) => step = *inner,
                Op::Same(inner) => return Some(self.print(*inner, leaves, Hold::Or, 1)),
                Op::Round(inner, _) if self.names.contains_key(&step) && !self.names.contains_key(inner) => {
                    step = *inner;
                }
                // How a named value is rounded stands behind its exact value.
                Op::Round(inner, _) if self.names.contains_key(&step) => {
                    return Some(self.print(*inner, leaves, Hold::Or, 1));
                }
                Op::Fact(_) | Op::Field(..) | Op::Param(_) | Op::Today if matches!(leaves, Leaves::Names) => {
                    return Some(self.leaf(step));
                }
                Op::Const(_) | Op::Fact(_) | Op::Field(..) | Op::Param(_) | Op::Today => return None,
                Op::FirstTrue(_) | Op::Choose(..) => return None,
                Op::And(_) | Op::Or(_) | Op::AtLeast(..) | Op::Not(_) | Op::IsKnown(_)
                    if matches!(leaves, Leaves::Values(_)) =>
                {
                    return None;
                }
                _ => return Some(self.operation(step, leaves, Hold::Or, 0)),
            }
        }
    }

    /// One of several: `CA3 or CA4`; in Chinese with blanks only beside letters and figures.
    fn either(&self, of: &[String]) -> String {
        let mut of = of.iter();
        let first = of.next().cloned().unwrap_or_default();
        of.fold(first, |all, next| self.joined(&all, "or", "或", next))
    }

    /// Two texts with a word between them; in Chinese without blanks, but beside letters and figures.
    fn joined(&self, left: &str, en: &str, zh: &str, right: &str) -> String {
        if self.lang == Lang::En {
            return format!("{left} {en} {right}");
        }
        let before = if left.ends_with(|last: char| last.is_ascii()) { " " } else { "" };
        let behind = if right.starts_with(|first: char| first.is_ascii()) { " " } else { "" };
        format!("{left}{before}{zh}{behind}{right}")
    }

    fn print(&self, step: StepId, leaves: Leaves<'_>, within: Hold, depth: u32) -> String {
        if depth > DEEPEST {
            return String::from("…");
        }
        let leaf = self.names.contains_key(&step)
            || self.plan.steps.get(step).is_some_and(|it| {
                matches!(it.op, Op::Fact(_) | Op::Field(..) | Op::Param(_) | Op::Today | Op::Const(_))
            });
        // What holds on a day is a figure of that day.
        // So is what a whole list comes to inside a sum.
        if let (
            Leaves::Values(figures),
            Some(Op::ByDate(..) | Op::Reference { .. } | Op::Aggregate { .. } | Op::Latest { .. }),
        ) = (leaves, self.plan.steps.get(step).map(|it| &it.op))
            && let Some(figure) = figures.get(&step)
        {
            return self.bare(figure);
        }
        match leaves {
            Leaves::Names if leaf => self.checklist(step, true).unwrap_or_else(|| self.leaf(step)),
            Leaves::Values(figures) if leaf => match figures.get(&step) {
                Some(figure) => self.bare(figure),
                None => self.leaf(step),
            },
            Leaves::Names | Leaves::Values(_) => self.operation(step, leaves, within, depth),
        }
    }

    /// The label of a step that has one.
    fn leaf(&self, step: StepId) -> String {
        if let Some(name) = self.names.get(&step) {
            return last_label(self.plan, &name.name, self.lang)
                .unwrap_or_else(|| self.label(&name.label).to_owned());
        }
        let Some(it) = self.plan.steps.get(step) else { return String::from("…") };
        match &it.op {
            Op::Fact(fact) => self.plan.schema.fields.get(*fact).map_or_else(String::new, |field| {
                last_label(self.plan, &field.name, self.lang)
                    .unwrap_or_else(|| self.label(&field.label).to_owned())
            }),
            Op::Field(list, place) => match self.plan.schema.fields.get(*list).map(|field| &field.ty) {
                Some(FieldType::Records(fields)) => fields
                    .get(*place as usize)
                    .map_or_else(String::new, |field| self.label(&field.label).to_owned()),
                _ => String::new(),
            },
            Op::Param(number) => self
                .plan
                .params
                .get(*number as usize)
                .map_or_else(String::new, |param| self.label(&param.label).to_owned()),
            Op::Today => self.pick("today", "今日").to_owned(),
            Op::Const(value) => self.bare(&Figure { value: value.clone(), ty: it.ty.clone() }),
            _ => String::from("…"),
        }
    }

    fn operation(&self, step: StepId, leaves: Leaves<'_>, within: Hold, depth: u32) -> String {
        let Some(it) = self.plan.steps.get(step) else { return String::from("…") };
        let deeper = depth.saturating_add(1);
        let inner = |step: StepId, hold: Hold| self.print(step, leaves, hold, deeper);
        let all = |steps: &[StepId], hold: Hold| -> Vec<String> {
            steps.iter().map(|step| inner(*step, hold)).collect()
        };
        let listed = |steps: &[StepId]| all(steps, Hold::Or).join(self.pick(", ", "、"));
        let two = |a: StepId, sign: &str, b: StepId, hold: Hold, right: Hold| {
            let other = inner(b, right);
            // A sign behind a sign takes brackets: `5 − (-6)`.
            let other = if other.starts_with(['-', '−']) { format!("({other})") } else { other };
            bracketed(format!("{} {sign} {other}", inner(a, hold)), hold < within)
        };
        match &it.op {
            Op::Add(a, b) | Op::AddDays(a, b) | Op::AddMonths(a, b, _) => {
                // `today − 12 months` is a day so many months of the other sign later.
                match self.plan.steps.get(*b).map(|it| (&it.op, &it.ty)) {
                    Some((Op::Const(Value::Number(number)), ty)) if number.is_negative() => {
                        let by = self.bare(&Figure { value: Value::Number(number.neg()), ty: ty.clone() });
                        bracketed(format!("{} − {by}", inner(*a, Hold::Sum)), Hold::Sum < within)
                    }
                    Some((Op::Negate(by), _)) if !self.names.contains_key(b) => {
                        two(*a, "−", *by, Hold::Sum, Hold::Product)
                    }
                    _ => two(*a, "+", *b, Hold::Sum, Hold::Sum),
                }
            }
            Op::AddBusinessDays(a, b, _) => {
                let text = two(*a, "+", *b, Hold::Sum, Hold::Sum);
                format!("{text}{}", self.pick(" of business", "（工作日）"))
            }
            Op::Subtract(a, b) | Op::DaysBetween(a, b) => two(*a, "−", *b, Hold::Sum, Hold::Product),
            Op::Multiply(a, b) => two(*a, "×", *b, Hold::Product, Hold::Product),
            Op::Divide(a, b) => two(*a, "÷", *b, Hold::Product, Hold::Leaf),
            Op::Negate(a) => format!("−{}", inner(*a, Hold::Leaf)),
            Op::Power(a, by) => format!("{}^{by}", inner(*a, Hold::Leaf)),
            Op::Same(a) | Op::Rank(a, _) | Op::OfRank(a, _) => self.print(*a, leaves, within, deeper),
            Op::Round(a, rounding) => {
                format!(
                    "{}{}{}{}",
                    self.pick("(", "（"),
                    inner(*a, Hold::Or),
                    self.pick(", ", "，"),
                    self.rounding(rounding)
                ) + self.pick(")", "）")
            }
            Op::Floor(a) => format!("{}({})", self.pick("whole part of ", "取整"), inner(*a, Hold::Or)),
            Op::Pick { take, of, .. } => {
                if let [only] = of.as_slice() {
                    return self.print(*only, leaves, within, deeper);
                }
                let how = match (take, matches!(it.ty, Type::Date), of.len() == 2) {
                    (Take::Lowest, true, true) => self.pick("the earlier", "取较早者"),
                    (Take::Highest, true, true) => self.pick("the later", "取较晚者"),
                    (Take::Lowest, true, false) => self.pick("the earliest", "取最早者"),
                    (Take::Highest, true, false) => self.pick("the latest", "取最晚者"),
                    (Take::Lowest, false, true) => self.pick("the lower", "取较小者"),
                    (Take::Highest, false, true) => self.pick("the higher", "取较大者"),
                    (Take::Lowest, false, false) => self.pick("the lowest", "取最小者"),
                    (Take::Highest, false, false) => self.pick("the highest", "取最大者"),
                    (Take::Average, ..) => self.pick("the average", "取平均"),
                    (Take::Middle, ..) => self.pick("the middle one", "取居中者"),
                    (Take::First, ..) => self.pick("the first", "取首个"),
                };
                match self.lang {
                    Lang::En => format!("{how} of ({})", listed(of)),
                    Lang::Zh => format!("（{}，{how}）", listed(of)),
                }
            }
            Op::Compare(how, a, b) => self.compared(*how, *a, *b, leaves, within, deeper),
            Op::Equal(a, b) => {
                let text = self.joined(&inner(*a, Hold::Compared), "is", "为", &inner(*b, Hold::Sum));
                bracketed(text, Hold::Compared < within)
            }
            Op::OneOf(a, codes) => {
                let ty = self.plan.steps.get(*a).map_or(Type::YesNo, |it| it.ty.clone());
                let members: Vec<String> = codes.iter().map(|code| self.member(&ty, *code)).collect();
                let members = self.either(&members);
                bracketed(self.joined(&inner(*a, Hold::Sum), "is", "为", &members), Hold::Compared < within)
            }
            Op::Has(a, code) => {
                // What is in a set is a member of its kind.
                let ty = match self.plan.steps.get(*a).map(|it| &it.ty) {
                    Some(Type::Set(kind)) => Type::Enum(*kind),
                    other => other.cloned().unwrap_or(Type::YesNo),
                };
                format!("{} {} {}", inner(*a, Hold::Sum), self.pick("has", "含"), self.member(&ty, *code))
            }
            Op::And(parts) => {
                if let Some(text) = self.window(parts, &inner) {
                    return bracketed(text, Hold::Compared < within);
                }
                bracketed(all(parts, Hold::Compared).join(self.pick(" and ", " 且 ")), Hold::And < within)
            }
            Op::Or(parts) => {
                bracketed(all(parts, Hold::Compared).join(self.pick(" or ", " 或 ")), Hold::Or < within)
            }
            Op::AtLeast(least, parts) => match self.lang {
                Lang::En => format!("at least {least} of ({})", listed(parts)),
                Lang::Zh => format!("至少 {least} 项成立（{}）", listed(parts)),
            },
            Op::Not(a) => self.denied(*a, leaves, deeper),
            Op::IsKnown(a) => format!("{}{}", inner(*a, Hold::Leaf), self.pick(" is known", "已知")),
            // Worked out with figures, only what counted stands.
            Op::IfUnknown(a, b) if let Some(known) = known(leaves, *a) => {
                self.print(if known { *a } else { *b }, leaves, within, deeper)
            }
            Op::If(condition, a, b) if let Some(holds) = holds(leaves, *condition) => {
                self.print(if holds { *a } else { *b }, leaves, within, deeper)
            }
            Op::IfUnknown(a, b) => match self.lang {
                Lang::En => bracketed(
                    format!("{}, if unknown {}", inner(*a, Hold::Sum), inner(*b, Hold::Sum)),
                    within > Hold::Or,
                ),
                Lang::Zh if within > Hold::Or => {
                    format!("（{}，未知时取 {}）", inner(*a, Hold::Or), inner(*b, Hold::Sum))
                }
                Lang::Zh => format!("{}（未知时取 {}）", inner(*a, Hold::Sum), inner(*b, Hold::Sum)),
            },
            Op::If(condition, a, b) => match self.lang {
                Lang::En => bracketed(
                    format!(
                        "if {} then {} else {}",
                        inner(*condition, Hold::Or),
                        inner(*a, Hold::And),
                        inner(*b, Hold::And)
                    ),
                    within > Hold::Or,
                ),
                Lang::Zh => bracketed(
                    format!(
                        "若 {} 则 {}，否则 {}",
                        inner(*condition, Hold::Or),
                        inner(*a, Hold::And),
                        inner(*b, Hold::And)
                    ),
                    within > Hold::Or,
                ),
            },
            Op::EndOfMonth(a) => match self.lang {
                Lang::En => format!("end of the month of {}", inner(*a, Hold::Leaf)),
                Lang::Zh => format!("{}所在月的月末", inner(*a, Hold::Leaf)),
            },
            Op::Anchor(a, Anchor::DayAfter(day)) => match self.lang {
                Lang::En => {
                    let end = if *day > 28 { ", or month end" } else { "" };
                    format!("the {} after {}{end}", ordinal(*day), inner(*a, Hold::Leaf))
                }
                Lang::Zh => {
                    let end = if *day > 28 { "（逢月末）" } else { "" };
                    format!("{}之后首个 {day} 日{end}", spaced(&inner(*a, Hold::Leaf)))
                }
            },
            Op::Anchor(a, Anchor::OfYear(month, day)) => match self.lang {
                Lang::En => format!("{month:02}-{day:02} of the year of {}", inner(*a, Hold::Leaf)),
                Lang::Zh => format!("{}当年 {month:02}-{day:02}", spaced(&inner(*a, Hold::Leaf))),
            },
            Op::ByDate(series, on) => {
                let what = self.plan.series.get(*series as usize).map_or("…", |it| self.label(&it.label));
                let today = matches!(self.plan.steps.get(*on).map(|it| &it.op), Some(Op::Today));
                match self.lang {
                    Lang::En if today => format!("today's {what}"),
                    Lang::Zh if today => format!("今日{what}"),
                    Lang::En => format!("{what} of {}", inner(*on, Hold::Leaf)),
                    Lang::Zh => format!("{}之{what}", spaced(&inner(*on, Hold::Leaf))),
                }
            }
            Op::Reference { table, column, keys } => {
                let table = self.plan.references.get(*table as usize);
                let column = table.and_then(|it| it.columns.get(*column as usize));
                let (table, column) = (
                    table.map_or("…", |it| self.label(&it.label)),
                    column.map_or("…", |it| self.label(&it.label)),
                );
                match self.lang {
                    Lang::En => format!("{column} of {} in {table}", listed(keys)),
                    Lang::Zh => format!("{table}（{}）{column}", listed(keys)),
                }
            }
            Op::Interest(it) => {
                let (of, from, to) =
                    (inner(it.principal, Hold::Leaf), inner(it.from, Hold::Leaf), inner(it.to, Hold::Leaf));
                match self.lang {
                    Lang::En => format!("interest on {of} from {from} to {to}"),
                    Lang::Zh => {
                        format!("{}自{}至{}的利息", spaced(&of), spaced(&from), spaced(&to)).trim().to_owned()
                    }
                }
            }
            Op::Instalment(of, rate, count) => {
                let (of, rate, count) =
                    (inner(*of, Hold::Leaf), inner(*rate, Hold::Sum), inner(*count, Hold::Leaf));
                match self.lang {
                    Lang::En => format!("instalment of {of} at {rate} a period over {count} periods"),
                    Lang::Zh => {
                        format!("{}按每期 {rate} 分 {count} 期等额还款", spaced(&of)).trim().to_owned()
                    }
                }
            }
            Op::ToBusinessDay(a, ..) => match self.lang {
                Lang::En => format!("{}, on a business day", inner(*a, Hold::Sum)),
                Lang::Zh => format!("{}（遇节假日调整）", inner(*a, Hold::Sum)),
            },
            Op::PeriodStart(_, period, away) => self.period(*period, *away),
            Op::Aggregate { function, operand, filter, list, .. } => {
                // What is more than a name is held together: `(amount − paid)之和`.
                let what = operand.map(|operand| self.print(operand, Leaves::Names, Hold::Leaf, deeper));
                let list = self.plan.schema.fields.get(*list).map_or("", |field| self.label(&field.label));
                let only = filter.map(|filter| self.phrase(filter));
                let function = match (function, matches!(it.ty, Type::Date)) {
                    (AggregateFunction::Lowest, true) => self.pick("earliest", "的最早者"),
                    (AggregateFunction::Highest, true) => self.pick("latest", "的最晚者"),
                    (function, _) => self.aggregate(*function),
                };
                let of = what.as_deref().unwrap_or(list);
                match (self.lang, only) {
                    (Lang::En, Some(only)) => format!("{function} of {of} where {only}"),
                    (Lang::En, None) => format!("{function} of {of}"),
                    (Lang::Zh, Some(only)) => format!("{of}{function}（仅 {only}）"),
                    (Lang::Zh, None) => format!("{of}{function}"),
                }
            }
            Op::ListAggregate { function, list, .. } => {
                let function = self.aggregate(*function);
                match self.lang {
                    Lang::En => format!("{function} of {}", inner(*list, Hold::Leaf)),
                    Lang::Zh => format!("{}{function}", inner(*list, Hold::Leaf)),
                }
            }
            Op::ListWeightedMean(list, weights) => {
                let weights: Vec<String> = weights.iter().map(Number::to_string).collect();
                match self.lang {
                    Lang::En => {
                        format!(
                            "average of {} weighted by ({})",
                            inner(*list, Hold::Leaf),
                            weights.join(", ")
                        )
                    }
                    Lang::Zh => format!("{}按（{}）加权平均", inner(*list, Hold::Leaf), weights.join("、")),
                }
            }
            Op::Running { of, keys, .. } => match self.lang {
                Lang::En => format!("running sum of {} by {}", inner(*of, Hold::Sum), listed(keys)),
                Lang::Zh => format!("{}的累计（顺序 {}）", inner(*of, Hold::Sum), listed(keys)),
            },
            Op::Latest { list, of, keys, filter } => {
                let list = self.plan.schema.fields.get(*list).map_or("", |field| self.label(&field.label));
                let (of, keys) = (self.phrase(*of), listed(keys));
                let only = filter.map(|filter| self.phrase(filter));
                match (self.lang, only) {
                    (Lang::En, Some(only)) => format!("latest {of} in {list} by {keys} where {only}"),
                    (Lang::En, None) => format!("latest {of} in {list} by {keys}"),
                    (Lang::Zh, Some(only)) => format!("{list}中最近的{of}（顺序 {keys}，仅 {only}）"),
                    (Lang::Zh, None) => format!("{list}中最近的{of}（顺序 {keys}）"),
                }
            }
            Op::Recent { list, count, .. } => match self.lang {
                Lang::En => format!("the latest {count} of {}", inner(*list, Hold::Leaf)),
                Lang::Zh => format!("{}的最近 {count} 项", inner(*list, Hold::Leaf)),
            },
            Op::InARow { list, rises, steps, .. } => {
                let list = inner(*list, Hold::Leaf);
                match self.lang {
                    Lang::En => {
                        format!("{list} {} for {steps} in a row", if *rises { "rising" } else { "falling" })
                    }
                    Lang::Zh => format!("{list}连{} {steps} 期", if *rises { "升" } else { "降" }),
                }
            }
            Op::List(of) => format!("[{}]", listed(of)),
            Op::Script(function, of) => {
                let name = self.plan.scripts.get(*function as usize).map_or("…", |script| &script.name);
                format!("{name}({})", listed(of))
            }
            Op::Book(id, ..) => self.plan.book.get(*id).map_or("…", |entry| &entry.name).to_owned(),
            Op::Unknown(_) => self.pick("unknown", "未知").to_owned(),
            Op::Choose(_, of) => listed(of),
            Op::NameOfItem(name, key) => format!("{name}[{}]", inner(*key, Hold::Or)),
            Op::SignedOn(signed) => {
                let subject = inner(signed.subject, Hold::Leaf);
                match self.lang {
                    Lang::En => format!("the day since which {subject} is signed"),
                    Lang::Zh => format!("{subject} 签批齐备之日"),
                }
            }
            Op::Lookup { list, field, .. } => {
                let list = self.plan.schema.fields.get(*list);
                let record = match list.map(|it| &it.ty) {
                    Some(FieldType::Records(fields)) => fields.get(*field as usize),
                    _ => None,
                };
                let label = record.map_or("…", |field| self.label(&field.label));
                let list = list.map_or("…", |field| self.label(&field.label));
                format!("{list}{}{label}", self.pick(" · ", "·"))
            }
            Op::Signed(signed) => {
                let list = self.plan.schema.fields.get(signed.list);
                let list = list.map_or("…", |field| self.label(&field.label));
                match self.lang {
                    Lang::En => format!("signatures in {list}"),
                    Lang::Zh => format!("{list}中的签批"),
                }
            }
            Op::WeightedMean(of) | Op::WeightedSum(of) | Op::KnownWeight(of) => {
                listed(&of.iter().map(|(_, step)| *step).collect::<Vec<_>>())
            }
            Op::Collect(of) => listed(&of.iter().map(|(step, _)| *step).collect::<Vec<_>>()),
            Op::FirstTrue(of) => listed(of),
            Op::Const(_) | Op::Fact(_) | Op::Field(..) | Op::Param(_) | Op::Today => self.leaf(step),
        }
    }

    /// A comparison, whether or not the plan has it.
    pub(super) fn compare(&self, how: Compare, a: StepId, b: StepId) -> String {
        self.compared(how, a, b, Leaves::Names, Hold::Or, 0)
    }

    /// That a step is not so.
    pub(super) fn not(&self, step: StepId) -> String {
        self.denied(step, Leaves::Names, 0)
    }

    fn compared(
        &self,
        how: Compare,
        a: StepId,
        b: StepId,
        leaves: Leaves<'_>,
        within: Hold,
        depth: u32,
    ) -> String {
        let constant = |step: StepId| match self.plan.steps.get(step).map(|it| &it.op) {
            Some(Op::Const(Value::Number(place))) => {
                place.to_i64().and_then(|place| u32::try_from(place).ok())
            }
            _ => None,
        };
        let text = match (self.plan.steps.get(a).map(|it| &it.op), constant(b)) {
            (Some(Op::Rank(grade, scale)), Some(place)) => {
                let grade = self.print(*grade, leaves, Hold::Sum, depth);
                let bound = self.bound(how, *scale, place);
                self.joined(&grade, "is", "为", &bound)
            }
            _ => format!(
                "{} {} {}",
                self.print(a, leaves, Hold::Sum, depth),
                sign(how),
                self.print(b, leaves, Hold::Sum, depth)
            ),
        };
        bracketed(text, Hold::Compared < within)
    }

    /// `CA4 or worse` from a comparison of places, 0 the best.
    fn bound(&self, how: Compare, scale: EnumId, place: u32) -> String {
        let member = self.member(&Type::Enum(scale), place);
        match how {
            Compare::LessOrEqual => self.or_better(&member),
            Compare::GreaterOrEqual => self.or_worse(&member),
            Compare::Less => format!("{}{member}", self.pick("better than ", "优于 ")),
            Compare::Greater => format!("{}{member}", self.pick("worse than ", "差于 ")),
        }
    }

    fn or_better(&self, member: &str) -> String {
        match self.lang {
            Lang::En => format!("{member} or better"),
            Lang::Zh => self.glued(member, "及以上"),
        }
    }

    fn or_worse(&self, member: &str) -> String {
        match self.lang {
            Lang::En => format!("{member} or worse"),
            Lang::Zh => self.glued(member, "及以下"),
        }
    }

    fn denied(&self, step: StepId, leaves: Leaves<'_>, depth: u32) -> String {
        if let Some(text) = self.checklist(step, false) {
            return text;
        }
        let named = self.names.contains_key(&step);
        let inner = self.print(step, leaves, Hold::Leaf, depth);
        match self.plan.steps.get(step).map(|it| &it.op) {
            Some(Op::IsKnown(a)) if !named => {
                format!("{}{}", self.print(*a, leaves, Hold::Leaf, depth), self.pick(" is unknown", "未知"))
            }
            Some(Op::OneOf(a, codes)) if !named => {
                let ty = self.plan.steps.get(*a).map_or(Type::YesNo, |it| it.ty.clone());
                let members: Vec<String> = codes.iter().map(|code| self.member(&ty, *code)).collect();
                let members = members.join(self.pick(" or ", "或"));
                self.joined(&self.print(*a, leaves, Hold::Sum, depth), "is not", "不为", &members)
            }
            Some(Op::Fact(_) | Op::Field(..)) => self.no(&inner),
            _ if named => self.no(&inner),
            _ => format!("{}{inner}", self.pick("not ", "并非")),
        }
    }

    /// That what goes by this name is not so: `not disputed`, `is not late`, `its floor is not met`, `special approval is no`.
    fn no(&self, name: &str) -> String {
        if self.lang == Lang::Zh {
            return format!("{name}为否");
        }
        if let Some(rest) = name.strip_prefix("is ") {
            return format!("is not {rest}");
        }
        if let Some(what) = name.strip_suffix(" holds") {
            return format!("{what} does not hold");
        }
        match [" is ", " are "].into_iter().find_map(|verb| Some((verb, name.split_once(verb)?))) {
            Some((verb, (what, state))) => format!("{what}{verb}not {state}"),
            None if is_quality(name) => format!("not {name}"),
            None => format!("{name} is no"),
        }
    }

    /// That a fact is so: `it is prepaid`, `special approval is yes`.
    pub(super) fn so(&self, step: StepId) -> String {
        let name = self.phrase(step);
        match (self.lang, name.strip_prefix("is ")) {
            (Lang::En, Some(rest)) => format!("it is {rest}"),
            (Lang::En, None) if is_quality(&name) => format!("it is {name}"),
            (Lang::En, None) => format!("{name} is yes"),
            (Lang::Zh, _) => format!("{name}为是"),
        }
    }

    fn period(&self, period: Period, away: i32) -> String {
        let what = self.stretch(period, away);
        match self.lang {
            Lang::En => format!("the first day of {what}"),
            Lang::Zh => format!("{what}首日"),
        }
    }

    /// `last quarter`, 上季度
    fn stretch(&self, period: Period, away: i32) -> String {
        let what = match period {
            Period::Month => self.pick("month", "月"),
            Period::Quarter => self.pick("quarter", "季度"),
            Period::Year => self.pick("year", "年"),
        };
        let which = match away {
            0 => self.pick("this ", "本"),
            -1 => self.pick("last ", "上"),
            1 => self.pick("next ", "下"),
            _ => self.pick("another ", "另一"),
        };
        format!("{which}{what}")
    }

    /// What was written as a window, `on in the last 12 months`, and is two comparisons in the plan.
    fn window(&self, parts: &[StepId], inner: &dyn Fn(StepId, Hold) -> String) -> Option<String> {
        let op = |step: StepId| self.plan.steps.get(step).map(|it| &it.op);
        let [from, to] = parts else { return None };
        let (Op::Compare(_, day, first), Op::Compare(until, same, last)) = (op(*from)?, op(*to)?) else {
            return None;
        };
        let window = match (op(*first)?, op(*last)?) {
            (Op::PeriodStart(_, period, away), Op::PeriodStart(..)) => self.stretch(*period, *away),
            (Op::AddDays(_, back) | Op::AddMonths(_, back, _), Op::Today)
                if *until == Compare::LessOrEqual =>
            {
                let length = match op(*back)? {
                    Op::Negate(length) => inner(*length, Hold::Leaf),
                    Op::Const(Value::Number(back)) => {
                        let (value, ty) = (Value::Number(back.neg()), self.plan.steps.get(*first)?);
                        let ty = match ty.op {
                            Op::AddDays(_, back) | Op::AddMonths(_, back, _) => {
                                self.plan.steps.get(back)?.ty.clone()
                            }
                            _ => return None,
                        };
                        self.bare(&Figure { value, ty })
                    }
                    _ => return None,
                };
                match self.lang {
                    Lang::En => format!("the last {length}"),
                    Lang::Zh => format!("近 {length}"),
                }
            }
            _ => return None,
        };
        let day = (day == same).then(|| inner(*day, Hold::Sum))?;
        Some(format!("{day} {}{window}", self.pick("in ", "在")))
    }

    fn aggregate(&self, function: AggregateFunction) -> &'static str {
        match function {
            AggregateFunction::Sum => self.pick("sum", "之和"),
            AggregateFunction::Count => self.pick("count", "笔数"),
            AggregateFunction::Lowest => self.pick("lowest", "的最小值"),
            AggregateFunction::Highest => self.pick("highest", "的最大值"),
            AggregateFunction::Average => self.pick("average", "的平均值"),
            AggregateFunction::Share => self.pick("share", "占比"),
            AggregateFunction::Any => self.pick("any", "有任一"),
            AggregateFunction::All => self.pick("all", "均成立"),
        }
    }

    /// What a cell asks of its key: `≤ -4.6`, `CA3 or worse`, `any`.
    pub(super) fn cell(&self, pattern: &CellPattern, ty: &Type) -> String {
        self.cell_of(pattern, ty, &[])
    }

    /// The same, with what the bounds that go by a name are: `< what money costs us, a year (12%)`.
    pub(super) fn cell_of(&self, pattern: &CellPattern, ty: &Type, bounds: &[(StepId, Figure)]) -> String {
        let tests: Vec<String> = pattern.iter().map(|test| self.test(test, ty, bounds)).collect();
        tests.join(self.pick(" or ", " 或 "))
    }

    fn test(&self, test: &CellTest, ty: &Type, bounds: &[(StepId, Figure)]) -> String {
        let bound = |step: StepId| {
            let figure = bounds.iter().find(|(known, _)| *known == step).map(|(_, figure)| self.bare(figure));
            let figure = figure.map(|figure| self.bracketed(&figure)).unwrap_or_default();
            format!("{}{figure}", self.phrase(step))
        };
        match test {
            CellTest::Bounds { lower: Some((low, true)), upper: Some((high, true)) } => {
                format!("{} – {}", bound(*low), bound(*high))
            }
            CellTest::Bounds { lower, upper } => {
                let side = |side: &Option<(StepId, bool)>, with: &str, without: &str| {
                    side.map(|(step, included)| {
                        format!("{} {}", if included { with } else { without }, bound(step))
                    })
                };
                let sides: Vec<String> =
                    [side(lower, "≥", ">"), side(upper, "≤", "<")].into_iter().flatten().collect();
                sides.join(self.pick(" and ", " 且 "))
            }
            CellTest::OrBetter(code) => self.or_better(&self.member(ty, *code)),
            CellTest::OrWorse(code) => self.or_worse(&self.member(ty, *code)),
            CellTest::Code(code) => self.member(ty, *code),
            CellTest::Equals(step) => bound(*step),
            CellTest::Any => self.pick("any", "任意").to_owned(),
            CellTest::Unknown => self.pick("unknown", "未知").to_owned(),
        }
    }

    /// The member of a kind or scale.
    pub(super) fn member(&self, ty: &Type, code: u32) -> String {
        self.bare(&Figure { value: Value::Code(code), ty: ty.clone() })
    }
}

/// Whether a value is known, where figures stand for names.
fn known(leaves: Leaves<'_>, step: StepId) -> Option<bool> {
    match leaves {
        Leaves::Names => None,
        Leaves::Values(figures) => figures.get(&step).map(|figure| figure.value.is_known()),
    }
}

/// Whether a condition holds, where figures stand for names.
fn holds(leaves: Leaves<'_>, step: StepId) -> Option<bool> {
    match leaves {
        Leaves::Names => None,
        Leaves::Values(figures) => figures.get(&step)?.value.as_bool(),
    }
}

/// Blanks between a figure and the Chinese words around it.
fn spaced(text: &str) -> String {
    let ascii = |ch: Option<char>| ch.is_some_and(|ch| ch.is_ascii());
    let before = if ascii(text.chars().next()) { " " } else { "" };
    let behind = if ascii(text.chars().next_back()) { " " } else { "" };
    format!("{before}{text}{behind}")
}

/// `7th`, `21st`.
fn ordinal(day: u8) -> String {
    let ending = match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    };
    format!("{day}{ending}")
}

/// What a row asks of its keys and beside them.
pub(super) fn asks(row: &RowItem) -> (Vec<CellPattern>, Option<StepId>) {
    (
        row.cells.iter().map(|cell| cell.pattern.clone()).collect(),
        row.guard.as_ref().map(|guard| guard.condition),
    )
}

fn sign(how: Compare) -> &'static str {
    match how {
        Compare::Less => "<",
        Compare::LessOrEqual => "≤",
        Compare::Greater => ">",
        Compare::GreaterOrEqual => "≥",
    }
}

fn bracketed(text: String, brackets: bool) -> String {
    if brackets { format!("({text})") } else { text }
}

/// The figures of all steps of the customer that were run: what stands for a name in a sum that is worked out.
pub(super) fn figures(plan: &Plan, of: impl Fn(StepId) -> Option<Value>) -> BTreeMap<StepId, Figure> {
    plan.steps
        .iter_enumerated()
        .filter_map(|(id, step)| {
            let figure = Figure { value: of(id)?, ty: step.ty.clone() };
            Some((id, if plan.is_personal(id) { figure.hidden() } else { figure }))
        })
        .collect()
}
