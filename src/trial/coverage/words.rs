//! Goals in words: what nobody has tried, and what would.

use super::goal::{Goal, GoalKind, Never, Sight};
use crate::base::Lang;
use crate::explain::Phrases;
use crate::plan::{Op, Plan, StepId};
use crate::value::{Type, Value};

/// How a goal is told that nobody reached.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// By the part of the policy, and what would reach it.
    PartAndWants,
    /// By its name, and what would reach it.
    NameAndWants,
    /// By its name, which says it all.
    Name,
}

impl Told {
    fn of(kind: GoalKind) -> Told {
        match kind {
            GoalKind::Row
            | GoalKind::Correction
            | GoalKind::Band
            | GoalKind::Threshold
            | GoalKind::Trigger
            | GoalKind::Condition => Told::PartAndWants,
            GoalKind::Apart
            | GoalKind::Choice
            | GoalKind::Notch
            | GoalKind::Hold
            | GoalKind::Skip
            | GoalKind::Delay
            | GoalKind::MissingData => Told::NameAndWants,
            GoalKind::State
            | GoalKind::Cap
            | GoalKind::Line
            | GoalKind::Step
            | GoalKind::Check
            | GoalKind::Exception
            | GoalKind::Judgement
            | GoalKind::Paper => Told::Name,
        }
    }
}

/// So many other parts of a condition are told beside the one that decides.
const MOST_BESIDE: usize = 3;

/// Tells of the goals of one plan to readers of one language.
pub struct Teller<'p> {
    plan: &'p Plan,
    lang: Lang,
    phrases: Phrases<'p>,
}

impl<'p> Teller<'p> {
    /// For a plan, in a language.
    #[must_use]
    pub fn new(plan: &'p Plan, lang: Lang) -> Teller<'p> {
        Teller { plan, lang, phrases: Phrases::new(plan, lang) }
    }

    /// What is not exercised, and what would do it: `row 3 of limit percent: no case has appraisal ≤ -3.9`.
    #[must_use]
    pub fn gap(&self, goal: &Goal) -> String {
        let about = match Told::of(goal.kind) {
            Told::PartAndWants => &goal.about,
            Told::NameAndWants | Told::Name => &goal.name,
        };
        let about = about.pick(self.lang);
        match (self.wants(goal), self.lang) {
            (Some(wants), Lang::En) => format!("{about}: no case has {wants}"),
            (Some(wants), Lang::Zh) => format!("{about}：没有案例满足 {wants}"),
            (None, Lang::En) => format!("{about}: no case shows it"),
            (None, Lang::Zh) => format!("{about}：没有案例"),
        }
    }

    /// What a run must have in order to reach a goal; none where its name says it all.
    #[must_use]
    pub fn wants(&self, goal: &Goal) -> Option<String> {
        let way = goal.ways.first()?;
        if let Some(wants) = &goal.wants {
            return Some(wants.pick(self.lang).to_string());
        }
        if Told::of(goal.kind) == Told::Name {
            return None;
        }
        if matches!(goal.kind, GoalKind::Row | GoalKind::Correction)
            && let Some(rule) = goal.rule.and_then(|rule| self.plan.rules.get(rule))
        {
            return Some(match rule.condition {
                Some(condition) => self.phrases.so(condition, true),
                None => self.lang.pick("what no row before it takes", "前面各行均不取者").to_owned(),
            });
        }
        self.sight(way)
    }

    fn sight(&self, way: &Sight) -> Option<String> {
        // What stands for a condition that is not known is told elsewhere.
        let so = |step: StepId, holds: bool| match self.plan.steps.get(step).map(|it| &it.op) {
            Some(Op::IfUnknown(condition, _)) => self.phrases.so(*condition, holds),
            Some(_) | None => self.phrases.so(step, holds),
        };
        match way {
            Sight::Is(step, holds) => Some(so(*step, *holds)),
            Sight::Would(it) => Some(so(it.compare, it.met)),
            Sight::Code(step, code) => self.codes(*step, &[*code]),
            Sight::Among(step, codes) => self.codes(*step, codes),
            Sight::Known(step) => Some(self.known(*step, true)),
            Sight::Unknown(step) => Some(self.known(*step, false)),
            Sight::Positive(step) => Some(match self.lang {
                Lang::En => format!("{} above 0", self.phrases.of(*step)),
                Lang::Zh => format!("{} 大于 0", self.phrases.of(*step)),
            }),
            Sight::Differ(..) | Sight::Same(..) => None,
            Sight::Exactly(0, of) => {
                Some(of.iter().map(|step| so(*step, false)).collect::<Vec<_>>().join(self.and()))
            }
            Sight::Exactly(count, of) => {
                let of: Vec<String> = of.iter().map(|step| so(*step, true)).collect();
                Some(match self.lang {
                    Lang::En => format!("exactly {count} of ({})", of.join(", ")),
                    Lang::Zh => format!("恰有 {count} 项成立（{}）", of.join("、")),
                })
            }
            Sight::All(of) => {
                let parts: Option<Vec<String>> = of.iter().map(|one| self.sight(one)).collect();
                let parts = parts?;
                let (first, rest) = parts.split_first()?;
                if rest.is_empty() {
                    return Some(first.clone());
                }
                if rest.len() > MOST_BESIDE {
                    let others = rest.len();
                    return Some(match self.lang {
                        Lang::En => format!("{first}, while the {others} other parts leave it to decide"),
                        Lang::Zh => format!("{first}，而其余 {others} 项不起决定作用"),
                    });
                }
                let rest = rest.join(self.and());
                Some(match self.lang {
                    Lang::En => format!("{first}, while {rest}"),
                    Lang::Zh => format!("{first}，且 {rest}"),
                })
            }
            Sight::Any(of) => {
                let parts: Option<Vec<String>> = of.iter().map(|one| self.sight(one)).collect();
                let parts = parts?;
                Some(match parts.as_slice() {
                    [only] => only.clone(),
                    _ => format!("({})", parts.join(self.lang.pick(" or ", " 或 "))),
                })
            }
        }
    }

    fn and(&self) -> &'static str {
        self.lang.pick(" and ", " 且 ")
    }

    fn known(&self, step: StepId, known: bool) -> String {
        let phrase = self.phrases.of(step);
        if self.plan.steps.get(step).is_some_and(|it| it.ty == Type::YesNo) && !known {
            return match self.lang {
                Lang::En => format!("left open whether {phrase}"),
                Lang::Zh => format!("{phrase} 无法判定"),
            };
        }
        match (self.lang, known) {
            (Lang::En, true) => format!("{phrase} known"),
            (Lang::En, false) => format!("{phrase} unknown"),
            (Lang::Zh, true) => format!("{phrase} 已知"),
            (Lang::Zh, false) => format!("{phrase} 未知"),
        }
    }

    fn codes(&self, step: StepId, codes: &[u32]) -> Option<String> {
        let it = self.plan.steps.get(step)?;
        let Type::Enum(_) = &it.ty else { return None };
        // What a condition picks from has no words of its own.
        if matches!(it.op, Op::FirstTrue(_)) {
            return None;
        }
        let members: Vec<String> =
            codes.iter().map(|code| self.phrases.value(&Value::Code(*code), &it.ty)).collect();
        let members = members.join(self.lang.pick(" or ", "或"));
        let phrase = self.phrases.of(step);
        Some(match self.lang {
            Lang::En => format!("{phrase} {members}"),
            Lang::Zh => format!("{phrase} 为 {members}"),
        })
    }

    /// Why nobody can reach a goal; none where somebody can.
    #[must_use]
    pub fn never(&self, goal: &Goal) -> Option<String> {
        let name = goal.name.pick(self.lang);
        let reason = match goal.never.as_ref()? {
            Never::Constant(_) => self.lang.pick("it always comes out the same", "结果恒定").to_owned(),
            Never::Range(step, low, high) => {
                let ty = self.plan.steps.get(*step).map_or(Type::YesNo, |it| it.ty.clone());
                let bound =
                    |number: &crate::value::Number| self.phrases.value(&Value::Number(number.clone()), &ty);
                let (of, low, high) = (self.phrases.of(*step), bound(low), bound(high));
                match self.lang {
                    Lang::En => format!("{of} always lies between {low} and {high}"),
                    Lang::Zh => format!("{of} 恒在 {low} 与 {high} 之间"),
                }
            }
            Never::Known(step) => match self.lang {
                Lang::En => format!("{} is always known", self.phrases.of(*step)),
                Lang::Zh => format!("{} 恒为已知", self.phrases.of(*step)),
            },
            Never::Excluded(a, b) if a == b => self
                .lang
                .pick("it asks for a condition and its opposite", "同时要求某条件及其反面")
                .to_owned(),
            Never::Excluded(a, b) => match self.lang {
                Lang::En => {
                    format!("{} and {} leave no value for it", self.phrases.of(*a), self.phrases.of(*b))
                }
                Lang::Zh => format!("{} 与 {} 使其无值可取", self.phrases.of(*a), self.phrases.of(*b)),
            },
        };
        Some(match self.lang {
            Lang::En => format!("{name}: {reason}"),
            Lang::Zh => format!("{name}：{reason}"),
        })
    }
}
