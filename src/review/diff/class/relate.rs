//! Two plans, step by step: for all customers at once, is a value of the new one never less, or never more, than that of the old one?
//!
//! A relation is proved from those of the operands: sums, caps, roundings keep a direction, a subtrahend turns it, a
//! condition that holds more often moves customers from one branch to the other. What cannot be proved is [`Dir::Any`].
//! Yes and no are ordered as Kleene has it: no, unknown, yes. Of other values a direction also says that they are unknown for the
//! same customers.

use std::collections::BTreeMap;

use super::side::{Side, Sign, leaf_differs};
use crate::plan::{AggregateFunction, Compare, Op, Plan, Step, StepId, Take};
use crate::value::{Date, EnumId, Number, Precision, Rounding, RoundingMode, Type, Value};

/// Which way a value goes. Codes go up towards the end of their kind: for grades, towards the worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Dir {
    /// It is the same for all customers.
    Same,
    /// It is never less.
    Up,
    /// It is never more.
    Down,
    /// Nothing is proved.
    Any,
}

impl Dir {
    pub(super) fn turned(self) -> Dir {
        match self {
            Dir::Up => Dir::Down,
            Dir::Down => Dir::Up,
            Dir::Same | Dir::Any => self,
        }
    }

    /// Both together.
    pub fn and(self, other: Dir) -> Dir {
        match (self, other) {
            (Dir::Same, dir) | (dir, Dir::Same) => dir,
            (Dir::Up, Dir::Up) => Dir::Up,
            (Dir::Down, Dir::Down) => Dir::Down,
            (Dir::Any | Dir::Up | Dir::Down, _) => Dir::Any,
        }
    }
}

/// How two steps are related.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rel {
    /// Which way it goes.
    pub dir: Dir,
    /// Whether it is unknown for the same customers.
    pub known: bool,
}

pub(super) const SAME: Rel = Rel { dir: Dir::Same, known: true };
pub(super) const ANY: Rel = Rel { dir: Dir::Any, known: false };

/// So deep a pair of steps is looked into.
const DEEPEST: usize = 400;

/// So many pairs of steps are compared; beyond that, nothing more is proved.
const MOST_PAIRS: usize = 400_000;

/// Two plans that are related; or one, in which a step is taken to go up.
pub struct Relate<'p> {
    pub(super) was: Side<'p>,
    pub(super) is: Side<'p>,
    memo: BTreeMap<(StepId, StepId), Rel>,
    /// The same of values below zero taken as zero.
    pub(super) lifted: BTreeMap<(StepId, StepId), Rel>,
    pushed: Option<StepId>,
    depth: usize,
}

impl<'p> Relate<'p> {
    /// Relates an old plan to a new one.
    pub fn new(was: &'p Plan, is: &'p Plan) -> Relate<'p> {
        let differ = |op: &Op, mine: &Plan, other: &Plan| leaf_differs(op, mine, other);
        let old = Side::new(was, |op| differ(op, was, is));
        let new = Side::new(is, |op| differ(op, is, was));
        Relate { was: old, is: new, memo: BTreeMap::new(), lifted: BTreeMap::new(), pushed: None, depth: 0 }
    }

    /// One plan, in which a step goes up: what of it does then?
    pub fn pushed(plan: &'p Plan, step: StepId) -> Relate<'p> {
        let mut relate = Relate {
            was: Side::new(plan, |_| false),
            is: Side::new(plan, |_| false),
            memo: BTreeMap::new(),
            lifted: BTreeMap::new(),
            pushed: Some(step),
            depth: 0,
        };
        relate.was.touch(step);
        relate.is.touch(step);
        relate
    }

    /// How a step of the new plan is related to one of the old plan.
    pub fn of(&mut self, was: StepId, is: StepId) -> Rel {
        if self.pushed == Some(was) && was == is {
            return Rel { dir: Dir::Up, known: true };
        }
        if let Some(rel) = self.memo.get(&(was, is)) {
            return *rel;
        }
        if self.is_deep() {
            return ANY;
        }
        let rel = self.deeper(|relate| relate.look(was, is));
        self.memo.insert((was, is), rel);
        rel
    }

    fn look(&mut self, was: StepId, is: StepId) -> Rel {
        if self.was.means(was) == self.is.means(is) && !self.was.is_touched(was) && !self.is.is_touched(is) {
            return SAME;
        }
        let (Some(old), Some(new)) = (self.was.step(was), self.is.step(is)) else { return ANY };
        if !self.comparable(&old.ty, &new.ty) {
            return ANY;
        }
        let mut rel = self.by_op(old, new);
        if rel.dir == Dir::Any {
            rel = self.by_people(was, is);
        }
        if rel.dir == Dir::Any {
            rel = self.wrapped((was, is), false);
        }
        if rel.dir == Dir::Any {
            rel = by_range(old, new);
        }
        with_known(rel, old, new)
    }

    /// Whether no more pairs are looked into from here.
    pub(super) fn is_deep(&self) -> bool {
        self.depth >= DEEPEST || self.memo.len() >= MOST_PAIRS
    }

    /// Looks into a pair, one deeper.
    pub(super) fn deeper(&mut self, look: impl FnOnce(&mut Self) -> Rel) -> Rel {
        self.depth = self.depth.saturating_add(1);
        let rel = look(self);
        self.depth = self.depth.saturating_sub(1);
        rel
    }

    /// Whether values of two types can be compared: codes, where their kinds have the same members.
    fn comparable(&self, was: &Type, is: &Type) -> bool {
        match (was, is) {
            (Type::Enum(was), Type::Enum(is)) | (Type::Set(was), Type::Set(is)) => {
                let names = |plan: &Plan, id: EnumId| {
                    plan.schema.enums.get(id).map(|kind| {
                        kind.members.iter().map(|it| (it.name.clone(), it.apart)).collect::<Vec<_>>()
                    })
                };
                names(self.was.plan, *was) == names(self.is.plan, *is)
            }
            (Type::Number(_), Type::Number(_))
            | (Type::Date, Type::Date)
            | (Type::YesNo, Type::YesNo)
            | (Type::Text, Type::Text) => true,
            (_, _) => false,
        }
    }

    pub(super) fn all(&mut self, pairs: impl IntoIterator<Item = (StepId, StepId)>) -> Rel {
        let mut all = SAME;
        for (was, is) in pairs {
            let rel = self.of(was, is);
            all = Rel { dir: all.dir.and(rel.dir), known: all.known && rel.known };
        }
        all
    }

    fn turned(&mut self, was: StepId, is: StepId) -> Rel {
        let rel = self.of(was, is);
        Rel { dir: rel.dir.turned(), ..rel }
    }

    fn by_op(&mut self, old: &Step, new: &Step) -> Rel {
        match (&old.op, &new.op) {
            (Op::Const(was), Op::Const(is)) => self.constants((was, &old.ty), is),
            (Op::Param(was), Op::Param(is)) => self.param(*was, *is),
            (Op::ByDate(was, then), Op::ByDate(is, now)) => self.series((*was, *then), (*is, *now)),
            (Op::Same(a), Op::Same(b))
            | (Op::EndOfMonth(a), Op::EndOfMonth(b))
            | (Op::Floor(a), Op::Floor(b)) => self.of(*a, *b),
            (Op::PeriodStart(a, p, n), Op::PeriodStart(b, q, m)) if p == q && n == m => self.of(*a, *b),
            (Op::Add(a, b), Op::Add(c, d)) | (Op::AddDays(a, b), Op::AddDays(c, d)) => {
                self.all([(*a, *c), (*b, *d)])
            }
            (Op::Subtract(a, b), Op::Subtract(c, d)) | (Op::DaysBetween(a, b), Op::DaysBetween(c, d)) => {
                let (first, second) = (self.of(*a, *c), self.turned(*b, *d));
                Rel { dir: first.dir.and(second.dir), known: first.known && second.known }
            }
            (Op::Negate(a), Op::Negate(b)) => self.turned(*a, *b),
            (Op::Multiply(a, b), Op::Multiply(c, d)) => self.product((*a, *b), (*c, *d)),
            (Op::Divide(a, b), Op::Divide(c, d)) => self.quotient((*a, *b), (*c, *d)),
            (Op::Power(a, k), Op::Power(b, l)) if k == l && self.both(*a, *b, Sign::NotNegative) => {
                self.of(*a, *b)
            }
            (Op::Round(a, how), Op::Round(b, other)) => self.round((*a, how), (*b, other)),
            (
                Op::Pick { take, of: was, skip_unknown: skips },
                Op::Pick { take: other, of: is, skip_unknown: also },
            ) if take == other && skips == also => self.pick(*take, *skips, was, is),
            (
                Op::Pick { take, of: was, skip_unknown: skips },
                Op::Pick { take: other, of: is, skip_unknown: also },
            ) if skips == also && was.len() == is.len() => {
                let rel = self.all(was.iter().copied().zip(is.iter().copied()));
                Rel { dir: rel.dir.and(other_take(*take, *other)), known: rel.known }
            }
            (Op::WeightedMean(was), Op::WeightedMean(is)) => self.mean(was, is),
            (Op::WeightedSum(was), Op::WeightedSum(is)) => self.sum(was, is),
            (Op::Compare(was, a, b), Op::Compare(is, c, d)) => self.compare((*was, *a, *b), (*is, *c, *d)),
            (Op::OneOf(a, was), Op::OneOf(b, is)) => self.one_of((*a, was), (*b, is)),
            (Op::And(was), Op::And(is)) => self.several(was, is, Dir::Down),
            (Op::Or(was), Op::Or(is)) => self.several(was, is, Dir::Up),
            (Op::AtLeast(n, was), Op::AtLeast(m, is)) => {
                let by_count = match m.cmp(n) {
                    std::cmp::Ordering::Less => Dir::Up,
                    std::cmp::Ordering::Equal => Dir::Same,
                    std::cmp::Ordering::Greater => Dir::Down,
                };
                let rel = self.several(was, is, Dir::Up);
                Rel { dir: rel.dir.and(by_count), known: false }
            }
            (Op::Not(a), Op::Not(b)) => self.turned(*a, *b),
            (Op::IsKnown(a), Op::IsKnown(b)) => {
                let rel = self.of(*a, *b);
                if rel.dir != Dir::Any && rel.known { SAME } else { ANY }
            }
            (Op::IfUnknown(a, b), Op::IfUnknown(c, d)) => self.all([(*a, *c), (*b, *d)]),
            (Op::If(c, a, b), Op::If(d, x, y)) => self.branches((*c, *a, *b), (*d, *x, *y)),
            (Op::FirstTrue(was), Op::FirstTrue(is)) => self.first_true(was, is),
            (Op::Choose(at, was), Op::Choose(on, is)) => self.choose((*at, was), (*on, is)),
            (Op::Rank(a, kind), Op::Rank(b, _)) => {
                let rel = self.of(*a, *b);
                let ranked = self.was.has_rank(*a, *kind) && self.is.has_rank(*b, *kind);
                if ranked || rel.dir == Dir::Same { rel } else { ANY }
            }
            (Op::OfRank(a, kind), Op::OfRank(b, _)) => {
                let most = Number::from(self.was.ranked(*kind).saturating_sub(1));
                let inside = |step: Option<&Step>| {
                    step.and_then(|it| it.bounds.range.as_ref())
                        .is_some_and(|(least, greatest)| !least.is_negative() && *greatest <= most)
                };
                let rel = self.of(*a, *b);
                if rel.dir == Dir::Same || inside(self.was.step(*a)) && inside(self.is.step(*b)) {
                    rel
                } else {
                    ANY
                }
            }
            (Op::AddBusinessDays(a, b, x), Op::AddBusinessDays(c, d, y)) if self.calendar(*x, *y) => {
                self.all([(*a, *c), (*b, *d)])
            }
            (Op::ToBusinessDay(a, way, x), Op::ToBusinessDay(b, other, y))
                if way == other && self.calendar(*x, *y) =>
            {
                self.of(*a, *b)
            }
            (Op::AddMonths(a, b, way), Op::AddMonths(c, d, other)) if way == other => {
                let months = self.of(*b, *d);
                if months.dir == Dir::Same { self.of(*a, *c) } else { ANY }
            }
            (
                Op::Aggregate { function, known, list, operand, filter },
                Op::Aggregate { function: other, known: also, list: of, operand: with, filter: by },
            ) if function == other && known == also && self.list(*list, *of) => {
                self.aggregate(*function, (*operand, *filter), (*with, *by))
            }
            (Op::Signed(was), Op::Signed(is)) => self.signed(was, is),
            (Op::Book(was, part, key), Op::Book(is, other, also)) if part == other => {
                let keyed = match (key, also) {
                    (Some(key), Some(also)) => self.of(*key, *also).dir == Dir::Same,
                    (None, None) => true,
                    (_, _) => false,
                };
                if keyed { self.book(*part, *was, *is) } else { ANY }
            }
            // What is not among these is the same only where it means the same.
            (_, _) => ANY,
        }
    }

    /// Constants. A grade that stands apart from the order is neither better nor worse than one in it.
    fn constants(&self, (was, ty): (&Value, &Type), is: &Value) -> Rel {
        if let (Type::Enum(kind), Value::Code(then), Value::Code(now)) = (ty, was, is) {
            let members = self.was.plan.schema.enums.get(*kind).map(|kind| kind.members.as_slice());
            let mut apart = (0_u32..).zip(members.unwrap_or_default()).filter(|(_, member)| member.apart);
            if then != now && apart.any(|(code, _)| code == *then || code == *now) {
                return ANY;
            }
        }
        by_value(was, is)
    }

    fn calendar(&self, was: u32, is: u32) -> bool {
        self.was.plan.calendars.get(was as usize) == self.is.plan.calendars.get(is as usize)
    }

    fn list(&self, was: crate::value::FieldId, is: crate::value::FieldId) -> bool {
        let name = |plan: &Plan, id| plan.schema.fields.get(id).map(|field| field.name.clone());
        name(self.was.plan, was) == name(self.is.plan, is)
    }

    fn param(&self, was: u32, is: u32) -> Rel {
        let (Some(was), Some(is)) =
            (self.was.plan.params.get(was as usize), self.is.plan.params.get(is as usize))
        else {
            return ANY;
        };
        if was.name == is.name { by_value(&was.default, &is.default) } else { ANY }
    }

    /// Values by date: compared on each day on which one of them changes.
    fn series(&mut self, (was, then): (u32, StepId), (is, now): (u32, StepId)) -> Rel {
        if self.of(then, now).dir != Dir::Same {
            return ANY;
        }
        let (Some(was), Some(is)) =
            (self.was.plan.series.get(was as usize), self.is.plan.series.get(is as usize))
        else {
            return ANY;
        };
        let first = |it: &crate::plan::Series| it.periods.first().map(|period| period.from);
        if was.name != is.name || was.until != is.until || first(was) != first(is) {
            return ANY;
        }
        let on = |it: &crate::plan::Series, day: Date| {
            it.periods.iter().rfind(|period| period.from <= day).map(|period| period.value.clone())
        };
        let mut dir = Dir::Same;
        for period in was.periods.iter().chain(&is.periods) {
            let (Some(then), Some(now)) = (on(was, period.from), on(is, period.from)) else { return ANY };
            dir = dir.and(by_value(&then, &now).dir);
        }
        Rel { dir, known: true }
    }

    pub(super) fn both(&self, was: StepId, is: StepId, sign: Sign) -> bool {
        self.was.is_of(was, sign) && self.is.is_of(is, sign)
    }

    fn product(&mut self, (a, b): (StepId, StepId), (c, d): (StepId, StepId)) -> Rel {
        let (first, second) = (self.of(a, c), self.of(b, d));
        let turn = |rel: Rel, relate: &Self, was: StepId, is: StepId| {
            if rel.dir == Dir::Same || relate.both(was, is, Sign::NotNegative) {
                rel.dir
            } else if relate.both(was, is, Sign::NotPositive) {
                rel.dir.turned()
            } else {
                Dir::Any
            }
        };
        let (one, other) = (turn(first, self, b, d), turn(second, self, a, c));
        // Both factors may move only where neither is ever below zero: then each step from the one to the other keeps the direction.
        let sound = first.dir == Dir::Same
            || second.dir == Dir::Same
            || self.both(a, c, Sign::NotNegative) && self.both(b, d, Sign::NotNegative);
        Rel { dir: if sound { one.and(other) } else { Dir::Any }, known: first.known && second.known }
    }

    fn quotient(&mut self, (a, b): (StepId, StepId), (c, d): (StepId, StepId)) -> Rel {
        let (first, second) = (self.of(a, c), self.of(b, d));
        if second.dir == Dir::Same {
            let dir = if first.dir == Dir::Same || self.both(b, d, Sign::NotNegative) {
                first.dir
            } else if self.both(b, d, Sign::NotPositive) {
                first.dir.turned()
            } else {
                Dir::Any
            };
            return Rel { dir, known: first.known };
        }
        if !self.both(b, d, Sign::Positive) || !self.both(a, c, Sign::NotNegative) {
            return ANY;
        }
        Rel { dir: first.dir.and(second.dir.turned()), known: first.known && second.known }
    }

    fn round(&mut self, (a, how): (StepId, &Rounding), (b, other): (StepId, &Rounding)) -> Rel {
        let rel = self.of(a, b);
        if how == other {
            return rel;
        }
        let whole = |rounding: &Rounding| match &rounding.precision {
            Precision::Multiples(step) => Some(step.clone()),
            Precision::Decimals(decimals) => {
                Number::ONE.div(&Number::power_of_ten(*decimals)).filter(|_| rounding.mode == how.mode)
            }
        };
        let (Some(was), Some(is)) = (whole(how), whole(other)) else { return ANY };
        let down = match how.mode {
            RoundingMode::Floor => true,
            RoundingMode::Ceiling => false,
            RoundingMode::Down if self.both(a, b, Sign::NotNegative) => true,
            RoundingMode::Up if self.both(a, b, Sign::NotNegative) => false,
            RoundingMode::Down | RoundingMode::Up | RoundingMode::HalfUp | RoundingMode::HalfEven => {
                return ANY;
            }
        };
        let multiple = |of: &Number, by: &Number| of.div(by).is_some_and(|it| it.is_integer());
        // Rounding down to the coarser of two grids, one within the other, gives no more.
        let dir = if how.mode != other.mode {
            Dir::Any
        } else if multiple(&is, &was) {
            if down { Dir::Down } else { Dir::Up }
        } else if multiple(&was, &is) {
            if down { Dir::Up } else { Dir::Down }
        } else {
            Dir::Any
        };
        Rel { dir: rel.dir.and(dir), known: rel.known }
    }

    fn pick(&mut self, take: Take, skips: bool, was: &[StepId], is: &[StepId]) -> Rel {
        if was.len() == is.len() {
            let rel = self.all(was.iter().copied().zip(is.iter().copied()));
            return if rel.dir == Dir::Any && take == Take::Highest { self.floored(was, is) } else { rel };
        }
        let more = match take {
            Take::Lowest => Dir::Down,
            Take::Highest => Dir::Up,
            Take::Average | Take::Middle | Take::First => return ANY,
        };
        let (left, right) = self.matched(was, is);
        // Whether something is left to take must not hang on what is there on one side only.
        let is_sure = |side: &Side<'_>, steps: &[StepId]| steps.iter().all(|step| !side.is_unknown(*step));
        let kept_sure =
            was.iter().filter(|step| !left.contains(step)).any(|step| !self.was.is_unknown(*step));
        let known = if skips { kept_sure } else { is_sure(&self.was, &left) && is_sure(&self.is, &right) };
        let dir = match (left.is_empty(), right.is_empty()) {
            (true, false) => more,
            (false, true) => more.turned(),
            (true, true) => Dir::Same,
            (false, false) => Dir::Any,
        };
        Rel { dir, known }
    }

    /// What stands on one side only, the others being the same.
    fn matched(&mut self, was: &[StepId], is: &[StepId]) -> (Vec<StepId>, Vec<StepId>) {
        let mut right = is.to_vec();
        let mut left = Vec::new();
        for old in was {
            match right.iter().position(|new| self.of(*old, *new).dir == Dir::Same) {
                Some(at) => {
                    right.remove(at);
                }
                None => left.push(*old),
            }
        }
        (left, right)
    }

    /// `and`, `or`: parts that are the same fall away; a part more goes one way.
    fn several(&mut self, was: &[StepId], is: &[StepId], more: Dir) -> Rel {
        let (left, right) = self.matched(was, is);
        if left.len() == right.len() {
            let rel = self.all(left.iter().copied().zip(right.iter().copied()));
            return Rel { dir: rel.dir, known: rel.dir == Dir::Same };
        }
        let dir = match (left.is_empty(), right.is_empty()) {
            (true, false) => more,
            (false, true) => more.turned(),
            (true | false, _) => Dir::Any,
        };
        Rel { dir, known: false }
    }

    fn mean(&mut self, was: &[(Number, StepId)], is: &[(Number, StepId)]) -> Rel {
        let weights = |terms: &[(Number, StepId)]| terms.iter().map(|(it, _)| it.clone()).collect::<Vec<_>>();
        let sound = weights(was) == weights(is) && was.iter().all(|(weight, _)| !weight.is_negative());
        if sound { self.all(was.iter().zip(is).map(|((_, was), (_, is))| (*was, *is))) } else { ANY }
    }

    fn sum(&mut self, was: &[(Number, StepId)], is: &[(Number, StepId)]) -> Rel {
        if was.len() != is.len() || was.iter().chain(is).any(|(weight, _)| weight.is_negative()) {
            return ANY;
        }
        let mut all = SAME;
        for ((weight, old), (other, new)) in was.iter().zip(is) {
            let rel = self.of(*old, *new);
            let by_weight = match other.cmp(weight) {
                std::cmp::Ordering::Equal => Dir::Same,
                _ if !self.both(*old, *new, Sign::NotNegative) => Dir::Any,
                std::cmp::Ordering::Greater => Dir::Up,
                std::cmp::Ordering::Less => Dir::Down,
            };
            all = Rel { dir: all.dir.and(rel.dir).and(by_weight), known: all.known && rel.known };
        }
        all
    }

    fn compare(
        &mut self,
        (was, a, b): (Compare, StepId, StepId),
        (is, c, d): (Compare, StepId, StepId),
    ) -> Rel {
        let (first, second) = (self.of(a, c), self.of(b, d));
        let greater = |op: Compare| matches!(op, Compare::Greater | Compare::GreaterOrEqual);
        let strict = |op: Compare| matches!(op, Compare::Greater | Compare::Less);
        if greater(was) != greater(is) {
            return ANY;
        }
        let by_operands = first.dir.and(second.dir.turned());
        let by_operands = if greater(was) { by_operands } else { by_operands.turned() };
        let by_op = match (strict(was), strict(is)) {
            (true, false) => Dir::Up,
            (false, true) => Dir::Down,
            (true, true) | (false, false) => Dir::Same,
        };
        Rel { dir: by_operands.and(by_op), known: first.known && second.known }
    }

    fn one_of(&mut self, (a, was): (StepId, &[u32]), (b, is): (StepId, &[u32])) -> Rel {
        let rel = self.of(a, b);
        let inside = |some: &[u32], all: &[u32]| some.iter().all(|code| all.contains(code));
        let by_codes = match (inside(was, is), inside(is, was)) {
            (true, true) => Dir::Same,
            (true, false) => Dir::Up,
            (false, true) => Dir::Down,
            (false, false) => Dir::Any,
        };
        // The first codes hold the less often, the further a value goes up; the last ones the more often. One apart stays where it is.
        let ranked = match self.was.step(a).map(|step| &step.ty) {
            Some(Type::Enum(kind)) => self.was.ranked(*kind),
            _ => 0,
        };
        let count = |codes: &[u32]| (0..ranked).filter(|code| codes.contains(code)).count();
        let first = |codes: &[u32]| (0..ranked).take(count(codes)).all(|code| codes.contains(&code));
        let last = |codes: &[u32]| (0..ranked).rev().take(count(codes)).all(|code| codes.contains(&code));
        let by_value = match rel.dir {
            Dir::Same => Dir::Same,
            dir if first(was) && first(is) => dir.turned(),
            dir if last(was) && last(is) => dir,
            Dir::Up | Dir::Down | Dir::Any => Dir::Any,
        };
        Rel { dir: by_codes.and(by_value), known: rel.known }
    }

    fn aggregate(
        &mut self,
        function: AggregateFunction,
        (operand, filter): (Option<StepId>, Option<StepId>),
        (with, by): (Option<StepId>, Option<StepId>),
    ) -> Rel {
        let value = match (operand, with) {
            (Some(was), Some(is)) => self.of(was, is),
            (None, None) => SAME,
            (_, _) => return ANY,
        };
        let counts = match (filter, by) {
            (Some(was), Some(is)) => self.of(was, is),
            (None, None) => SAME,
            (_, _) => return ANY,
        };
        if counts.dir == Dir::Same {
            return value;
        }
        let not_negative = operand.zip(with).is_none_or(|(was, is)| self.both(was, is, Sign::NotNegative));
        match function {
            AggregateFunction::Sum | AggregateFunction::Count if counts.known && not_negative => {
                Rel { dir: value.dir.and(counts.dir), known: value.known }
            }
            AggregateFunction::Any => Rel { dir: value.dir.and(counts.dir), known: false },
            AggregateFunction::All => Rel { dir: value.dir.and(counts.dir.turned()), known: false },
            AggregateFunction::Sum
            | AggregateFunction::Count
            | AggregateFunction::Lowest
            | AggregateFunction::Highest
            | AggregateFunction::Average
            | AggregateFunction::Share => ANY,
        }
    }
}

/// Which way a choice among the same values goes: the lowest is below all others, the highest above.
fn other_take(was: Take, is: Take) -> Dir {
    let rank = |take: Take| match take {
        Take::Lowest => 0,
        Take::Average | Take::Middle | Take::First => 1,
        Take::Highest => 2,
    };
    match rank(is).cmp(&rank(was)) {
        std::cmp::Ordering::Less => Dir::Down,
        std::cmp::Ordering::Equal => Dir::Any,
        std::cmp::Ordering::Greater => Dir::Up,
    }
}

/// Where nothing is said of whether values are unknown for the same customers, nothing is said of them, but of yes and no.
pub(super) fn with_known(rel: Rel, old: &Step, new: &Step) -> Rel {
    let known = rel.known || !old.bounds.unknown && !new.bounds.unknown;
    match (&new.ty, known) {
        (Type::YesNo, _) | (_, true) => Rel { known, ..rel },
        (_, false) => ANY,
    }
}

fn by_value(was: &Value, is: &Value) -> Rel {
    let dir = match (was, is) {
        (Value::Number(was), Value::Number(is)) => by_order(was, is),
        (Value::Date(was), Value::Date(is)) => by_order(was, is),
        (Value::Code(was), Value::Code(is)) => by_order(was, is),
        (Value::Bool(was), Value::Bool(is)) => by_order(was, is),
        (was, is) if was == is => Dir::Same,
        (_, _) => Dir::Any,
    };
    Rel { dir, known: dir != Dir::Any }
}

fn by_order<T: Ord>(was: &T, is: &T) -> Dir {
    match is.cmp(was) {
        std::cmp::Ordering::Less => Dir::Down,
        std::cmp::Ordering::Equal => Dir::Same,
        std::cmp::Ordering::Greater => Dir::Up,
    }
}

/// Values whose ranges do not meet.
fn by_range(old: &Step, new: &Step) -> Rel {
    if old.bounds.unknown || new.bounds.unknown || matches!(old.ty, Type::Enum(_)) {
        return ANY;
    }
    let (Some((least, most)), Some((low, high))) = (&old.bounds.range, &new.bounds.range) else { return ANY };
    let dir = if low >= most {
        Dir::Up
    } else if high <= least {
        Dir::Down
    } else {
        return ANY;
    };
    Rel { dir, known: true }
}
