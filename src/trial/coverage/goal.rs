//! What there is to exercise in a policy, and how a run shows that it did.

use std::cmp::Ordering;

use crate::base::{Lang, Span, Str};
use crate::eval::Trace;
use crate::plan::{Compare, ItemId, Label, Op, Plan, RuleId, Scope, StepId};
use crate::value::{Number, Value};

/// Something that tests can exercise: a row, a side of a threshold, a cap that bites.
#[derive(Clone, Debug)]
pub struct Goal {
    /// Its stable address: `trade_credit/limit_percent/row 3`, `trade_credit/risk_class/CA1 · score ≥ 86 · not met`. The
    /// words in it are those of the English labels. No two goals of a policy share one.
    pub address: Str,
    /// What kind of thing it is.
    pub kind: GoalKind,
    /// The construct that it is a part of.
    pub item: ItemId,
    /// The rule that shows it; none where it is a part of an expression.
    pub rule: Option<RuleId>,
    /// What it is called: `row 3 of limit percent: appraisal ≤ -3.9 not met`.
    pub name: Label,
    /// The part of the policy that it is about: `row 3 of limit percent`.
    pub about: Label,
    /// What a run must have in order to reach it, in words; none where its ways tell it.
    pub wants: Option<Label>,
    /// Where it stands in the policy.
    pub span: Span,
    /// How it is shown. A table that is applied in several places shows each of its rows in several ways: one is enough.
    pub ways: Vec<Sight>,
    /// Why no customer can ever reach it; none where one may.
    pub never: Option<Never>,
}

/// The kinds of goals, in the order of reports.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum GoalKind {
    /// A row of a table, of points, of tactics, of an authority is taken.
    Row,
    /// A row of a correction is taken.
    Correction,
    /// A grade is given by its band.
    Band,
    /// An apart grade stands.
    Apart,
    /// A comparison comes out as met, or as not met.
    Threshold,
    /// A trigger, by itself, decides whether its group fires.
    Trigger,
    /// A state stands.
    State,
    /// A part of a condition, by itself, decides it.
    Condition,
    /// A branch of an expression is taken; one of several values is the lowest or highest.
    Choice,
    /// A cap or a floor bites, or does not.
    Cap,
    /// Another line of a limit or a total changes what is before it, or is left out.
    Line,
    /// A notch, a forced grade applies.
    Notch,
    /// A step of a ladder is in force.
    Step,
    /// A hold of a ladder stands.
    Hold,
    /// A skip leaves a step out.
    Skip,
    /// A delay moves a step.
    Delay,
    /// An order check holds an order, or lets it pass in one of its ways.
    Check,
    /// An exception counts, or is refused.
    Exception,
    /// A judgement is answered, or waits.
    Judgement,
    /// A paper is there, or lacking.
    Paper,
    /// Something is not known, and what the policy says of that happens.
    MissingData,
}

impl GoalKind {
    /// All kinds, in the order of reports.
    pub const ALL: [GoalKind; 21] = [
        GoalKind::Row,
        GoalKind::Correction,
        GoalKind::Band,
        GoalKind::Apart,
        GoalKind::Threshold,
        GoalKind::Trigger,
        GoalKind::State,
        GoalKind::Condition,
        GoalKind::Choice,
        GoalKind::Cap,
        GoalKind::Line,
        GoalKind::Notch,
        GoalKind::Step,
        GoalKind::Hold,
        GoalKind::Skip,
        GoalKind::Delay,
        GoalKind::Check,
        GoalKind::Exception,
        GoalKind::Judgement,
        GoalKind::Paper,
        GoalKind::MissingData,
    ];

    /// Its name for programs; never translated.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            GoalKind::Row => "row",
            GoalKind::Correction => "correction",
            GoalKind::Band => "band",
            GoalKind::Apart => "apart",
            GoalKind::Threshold => "threshold",
            GoalKind::Trigger => "trigger",
            GoalKind::State => "state",
            GoalKind::Condition => "condition",
            GoalKind::Choice => "choice",
            GoalKind::Cap => "cap",
            GoalKind::Line => "line",
            GoalKind::Notch => "notch",
            GoalKind::Step => "step",
            GoalKind::Hold => "hold",
            GoalKind::Skip => "skip",
            GoalKind::Delay => "delay",
            GoalKind::Check => "check",
            GoalKind::Exception => "exception",
            GoalKind::Judgement => "judgement",
            GoalKind::Paper => "paper",
            GoalKind::MissingData => "missing_data",
        }
    }

    /// Its name for people, as the heading of a column of figures.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            GoalKind::Row => lang.pick("rows", "行"),
            GoalKind::Correction => lang.pick("corrections", "修正行"),
            GoalKind::Band => lang.pick("bands", "等级分数段"),
            GoalKind::Apart => lang.pick("apart grades", "另列等级"),
            GoalKind::Threshold => lang.pick("sides of thresholds", "阈值两侧"),
            GoalKind::Trigger => lang.pick("triggers alone", "单独起作用的触发"),
            GoalKind::State => lang.pick("states", "状态"),
            GoalKind::Condition => lang.pick("parts of conditions", "条件各部分"),
            GoalKind::Choice => lang.pick("choices", "取舍"),
            GoalKind::Cap => lang.pick("caps and floors", "上下限"),
            GoalKind::Line => lang.pick("lines", "额度各行"),
            GoalKind::Notch => lang.pick("notches and forced grades", "升降级与强制等级"),
            GoalKind::Step => lang.pick("steps", "阶梯步骤"),
            GoalKind::Hold => lang.pick("holds", "暂停"),
            GoalKind::Skip => lang.pick("skips", "跳过"),
            GoalKind::Delay => lang.pick("delays", "延后"),
            GoalKind::Check => lang.pick("order checks", "订单检查"),
            GoalKind::Exception => lang.pick("exceptions", "例外"),
            GoalKind::Judgement => lang.pick("judgements", "人工判断"),
            GoalKind::Paper => lang.pick("papers", "资料"),
            GoalKind::MissingData => lang.pick("missing data", "缺失数据"),
        }
    }
}

/// What must be seen in one run so that a goal is reached; of steps of items, for one and the same item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sight {
    /// This condition came out so.
    Is(StepId, bool),
    /// This code, or this place of a row, came out.
    Code(StepId, u32),
    /// One of these codes came out.
    Among(StepId, Vec<u32>),
    /// This is known.
    Known(StepId),
    /// This is not known.
    Unknown(StepId),
    /// This is known and above 0.
    Positive(StepId),
    /// Both are known, and differ.
    Differ(StepId, StepId),
    /// Both are known, and are the same.
    Same(StepId, StepId),
    /// So many of these conditions hold, no more and no less.
    Exactly(u32, Vec<StepId>),
    /// The two sides of a comparison stand so that it would come out so: that of a table by slices is not made, its bands
    /// are cut off at their bounds.
    Would(Threshold),
    /// All of these are seen.
    All(Vec<Sight>),
    /// One of these is seen.
    Any(Vec<Sight>),
}

/// Why no customer can reach a goal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Never {
    /// The condition always comes out the same.
    Constant(StepId),
    /// The value always lies on one side: its least and greatest.
    Range(StepId, Number, Number),
    /// It is always known.
    Known(StepId),
    /// Two parts of what must be seen exclude each other.
    Excluded(StepId, StepId),
}

/// A side of a comparison of a number or a day with a bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Threshold {
    /// The comparison.
    pub compare: StepId,
    /// How the key is compared with the bound.
    pub how: Compare,
    /// What is compared: a fact, or a value derived from facts. Of a grade, its place in the order as a number.
    pub key: StepId,
    /// The bound: mostly a constant or a parameter.
    pub bound: StepId,
    /// Whether this is the side on which the comparison holds.
    pub met: bool,
}

impl Goal {
    /// The comparisons that it is a side of: one for each place where its table is applied, none for other kinds.
    #[must_use]
    pub fn thresholds(&self, plan: &Plan) -> Vec<Threshold> {
        if self.kind != GoalKind::Threshold {
            return Vec::new();
        }
        self.ways.iter().filter_map(|way| Threshold::of(plan, way)).collect()
    }

    /// Whether a run showed it.
    #[must_use]
    pub fn seen(&self, plan: &Plan, trace: &Trace) -> bool {
        self.ways.iter().any(|way| way.seen(plan, trace))
    }

    /// The steps that show it.
    #[must_use]
    pub fn steps(&self) -> Vec<StepId> {
        let mut steps = Vec::new();
        self.ways.iter().for_each(|way| way.each_step(&mut |step| steps.push(step)));
        steps.sort_unstable();
        steps.dedup();
        steps
    }
}

impl Threshold {
    pub(super) fn of(plan: &Plan, way: &Sight) -> Option<Threshold> {
        let (compare, met) = match way {
            Sight::Is(compare, met) => (compare, met),
            Sight::Would(threshold) => return Some(*threshold),
            _ => return None,
        };
        let Op::Compare(how, a, b) = plan.steps.get(*compare)?.op else { return None };
        let fixed = |step: StepId| {
            matches!(plan.steps.get(step).map(|it| &it.op), Some(Op::Const(_) | Op::Param(_) | Op::Today))
        };
        let (how, key, bound) = if fixed(a) && !fixed(b) { (how.mirrored(), b, a) } else { (how, a, b) };
        Some(Threshold { compare: *compare, how, key, bound, met: *met })
    }
}

/// The order of two numbers or two days.
fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn compared(how: Compare, ordering: Ordering) -> bool {
    match how {
        Compare::Less => ordering.is_lt(),
        Compare::LessOrEqual => ordering.is_le(),
        Compare::Greater => ordering.is_gt(),
        Compare::GreaterOrEqual => ordering.is_ge(),
    }
}

impl Sight {
    /// Whether a run showed it: of the customer, or of one item.
    #[must_use]
    pub fn seen(&self, plan: &Plan, trace: &Trace) -> bool {
        let mut items = None;
        self.each_step(&mut |step| {
            if items.is_none() && matches!(plan.steps.get(step).map(|it| it.scope), Some(Scope::Items(_))) {
                items = trace.items(step).map(<[Value]>::len);
            }
        });
        (0..items.unwrap_or(1)).any(|item| self.holds(&|step| trace.item(step, item)))
    }

    fn holds<'t>(&self, read: &impl Fn(StepId) -> Option<&'t Value>) -> bool {
        let code = |step: StepId| match read(step) {
            Some(Value::Code(code)) => Some(*code),
            _ => None,
        };
        let known = |step: StepId| read(step).filter(|value| value.is_known());
        match self {
            Sight::Is(step, so) => read(*step) == Some(&Value::Bool(*so)),
            Sight::Code(step, wanted) => code(*step) == Some(*wanted),
            Sight::Among(step, wanted) => code(*step).is_some_and(|code| wanted.contains(&code)),
            Sight::Known(step) => known(*step).is_some(),
            Sight::Unknown(step) => read(*step).is_some_and(|value| !value.is_known()),
            Sight::Positive(step) => known(*step).and_then(Value::as_number).is_some_and(Number::is_positive),
            Sight::Differ(a, b) => known(*a).zip(known(*b)).is_some_and(|(a, b)| a != b),
            Sight::Same(a, b) => known(*a).zip(known(*b)).is_some_and(|(a, b)| a == b),
            Sight::Exactly(count, of) => {
                let values: Option<Vec<bool>> =
                    of.iter().map(|step| read(*step).and_then(Value::as_bool)).collect();
                let holding = values.map(|values| values.into_iter().filter(|holds| *holds).count());
                holding == usize::try_from(*count).ok()
            }
            Sight::Would(it) => known(it.key).zip(known(it.bound)).is_some_and(|(key, bound)| {
                order(key, bound).is_some_and(|ordering| compared(it.how, ordering) == it.met)
            }),
            Sight::All(of) => of.iter().all(|one| one.holds(read)),
            Sight::Any(of) => of.iter().any(|one| one.holds(read)),
        }
    }

    /// Calls `found` with each step that is looked at.
    pub fn each_step(&self, found: &mut impl FnMut(StepId)) {
        match self {
            Sight::Is(step, _)
            | Sight::Code(step, _)
            | Sight::Among(step, _)
            | Sight::Known(step)
            | Sight::Unknown(step)
            | Sight::Positive(step) => found(*step),
            Sight::Differ(a, b) | Sight::Same(a, b) => {
                found(*a);
                found(*b);
            }
            Sight::Would(it) => {
                found(it.key);
                found(it.bound);
            }
            Sight::Exactly(_, of) => of.iter().copied().for_each(found),
            Sight::All(of) | Sight::Any(of) => of.iter().for_each(|one| one.each_step(found)),
        }
    }
}

/// Which goals of a policy were reached, by their places in what [`goals`](super::goals) gives.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reached {
    words: Vec<u64>,
}

impl Reached {
    /// None reached.
    #[must_use]
    pub fn none() -> Reached {
        Reached::default()
    }

    /// Notes a goal.
    pub fn add(&mut self, goal: usize) {
        let (word, bit) = place(goal);
        if self.words.len() <= word {
            self.words.resize(word.saturating_add(1), 0);
        }
        if let Some(word) = self.words.get_mut(word) {
            *word |= bit;
        }
    }

    /// Whether a goal was reached.
    #[must_use]
    pub fn has(&self, goal: usize) -> bool {
        let (word, bit) = place(goal);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Adds all that another run reached.
    pub fn merge(&mut self, other: &Reached) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (own, new) in self.words.iter_mut().zip(&other.words) {
            *own |= new;
        }
    }

    /// How many goals of another run this one has not reached.
    #[must_use]
    pub fn lacks(&self, other: &Reached) -> usize {
        other.iter().filter(|goal| !self.has(*goal)).count()
    }

    /// The goals reached, in their order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.words.len().saturating_mul(64)).filter(|goal| self.has(*goal))
    }
}

fn place(goal: usize) -> (usize, u64) {
    let bit = u32::try_from(goal % 64).unwrap_or(0);
    (goal / 64, 1_u64.checked_shl(bit).unwrap_or(0))
}
