//! Expressions into steps.

use super::super::{AggregateFunction, Anchor, Op, Scope, Silence, StepId, Take};
use super::{Lower, nothing};
use crate::base::Span;
use crate::check::hir;
use crate::value::{EnumId, MonthEnd, Number, Type, Unit, Value};

impl Lower<'_> {
    /// The step of an expression.
    pub(super) fn expr(&mut self, expr: &hir::Expr) -> StepId {
        let (span, ty) = (expr.span, || expr.ty.clone());
        match &expr.kind {
            hir::ExprKind::Const(value) => self.value_of(value.clone(), ty(), span),
            hir::ExprKind::Fact(field) => self.push(Op::Fact(*field), ty(), span),
            hir::ExprKind::Field(list, place) => self.push(Op::Field(*list, *place), ty(), span),
            hir::ExprKind::Param(param) => self.push(Op::Param(param.0), ty(), span),
            hir::ExprKind::Value(id, part) => self.part(*id, *part, span),
            hir::ExprKind::TableParameter(place) => match self.arguments.get(*place as usize) {
                Some(argument) => *argument,
                None => self.value_of(nothing(), ty(), span),
            },
            hir::ExprKind::Today => self.push(Op::Today, Type::Date, span),
            hir::ExprKind::Negate(a) => {
                let a = self.expr(a);
                self.negate(a, ty(), span)
            }
            hir::ExprKind::Not(a) => {
                let a = self.expr(a);
                self.not(a, span)
            }
            hir::ExprKind::Arithmetic(how, a, b) => {
                let (a, b) = (self.expr(a), self.expr(b));
                match how {
                    hir::Arithmetic::Add => self.add(a, b, ty(), span),
                    hir::Arithmetic::Subtract => self.subtract(a, b, ty(), span),
                    hir::Arithmetic::Multiply => self.multiply(a, b, ty(), span),
                    hir::Arithmetic::Divide => self.divide(a, b, ty(), span),
                }
            }
            hir::ExprKind::Power(a, exponent) => {
                let a = self.expr(a);
                self.push(Op::Power(a, *exponent), ty(), span)
            }
            hir::ExprKind::Compare(how, a, b) => {
                let (a, b) = (self.expr(a), self.expr(b));
                self.compare(*how, a, b, span)
            }
            hir::ExprKind::And(of) => {
                let of = of.iter().map(|it| self.expr(it)).collect();
                self.and(of, span)
            }
            hir::ExprKind::Or(of) => {
                let of = of.iter().map(|it| self.expr(it)).collect();
                self.or(of, span)
            }
            hir::ExprKind::Is(a, pattern) => {
                let a = self.expr(a);
                self.pattern(a, pattern, span)
            }
            hir::ExprKind::IsKnown(a) => {
                let a = self.expr(a);
                self.is_known(a, span)
            }
            hir::ExprKind::If(c, a, b) => {
                let (c, a, b) = (self.expr(c), self.expr(a), self.expr(b));
                self.choose_if(c, a, b, ty(), span)
            }
            hir::ExprKind::IfUnknown(a, b) => {
                let (a, b) = (self.expr(a), self.expr(b));
                let step = self.if_unknown(a, b, span);
                if step != a {
                    self.set_type(step, &expr.ty);
                }
                step
            }
            hir::ExprKind::Pick(pick, of) => {
                let of = of.iter().map(|it| self.expr(it)).collect();
                let take = match pick {
                    hir::Pick::Lowest | hir::Pick::Earliest => Take::Lowest,
                    hir::Pick::Highest | hir::Pick::Latest => Take::Highest,
                    hir::Pick::Middle => Take::Middle,
                    hir::Pick::Average => Take::Average,
                };
                self.pick(take, of, ty(), span)
            }
            hir::ExprKind::Aggregate { function, known, list, operand, filter } => {
                let operand = operand.as_ref().map(|it| self.expr(it));
                let filter = filter.as_ref().map(|it| self.expr(it));
                let operand = operand.map(|it| self.for_items(it, Scope::Items(*list)));
                let filter = filter.map(|it| self.for_items(it, Scope::Items(*list)));
                let (function, known, list) = (*function, *known, *list);
                self.push(Op::Aggregate { function, known, list, operand, filter }, ty(), span)
            }
            hir::ExprKind::ListAggregate { function, known, list } => {
                let list = self.expr(list);
                self.push(Op::ListAggregate { function: *function, known: *known, list }, ty(), span)
            }
            hir::ExprKind::WeightedAverage(list, weights) => {
                let list = self.expr(list);
                self.push(Op::ListWeightedMean(list, weights.clone()), ty(), span)
            }
            hir::ExprKind::AddDays(day, days) => {
                let (day, days) = (self.expr(day), self.expr(days));
                self.push(Op::AddDays(day, days), Type::Date, span)
            }
            hir::ExprKind::AddBusinessDays(day, days) => {
                let (day, days) = (self.expr(day), self.expr(days));
                match self.calendar() {
                    Some(calendar) => self.push(Op::AddBusinessDays(day, days, calendar), Type::Date, span),
                    None => self.value_of(nothing(), Type::Date, span),
                }
            }
            hir::ExprKind::AddMonths(day, months, end) => {
                let (day, months) = (self.expr(day), self.expr(months));
                self.push(Op::AddMonths(day, months, *end), Type::Date, span)
            }
            hir::ExprKind::DaysBetween(a, b) => {
                let (a, b) = (self.expr(a), self.expr(b));
                self.push(Op::DaysBetween(a, b), Type::Number(Unit::DAYS), span)
            }
            hir::ExprKind::EndOfMonth(day) => {
                let day = self.expr(day);
                self.push(Op::EndOfMonth(day), Type::Date, span)
            }
            hir::ExprKind::DayAfter(day, which) => {
                let day = self.expr(day);
                self.push(Op::Anchor(day, Anchor::DayAfter(*which)), Type::Date, span)
            }
            hir::ExprKind::OfYear(day, month, which) => {
                let day = self.expr(day);
                self.push(Op::Anchor(day, Anchor::OfYear(*month, *which)), Type::Date, span)
            }
            hir::ExprKind::ByDate(series, day) => {
                let day = self.expr(day);
                self.push(Op::ByDate(series.0, day), ty(), span)
            }
            hir::ExprKind::RateThere(series) => self.rate_there(*series, ty(), span),
            hir::ExprKind::Reference(table, column, keys) => {
                let keys = keys.iter().map(|it| self.expr(it)).collect();
                self.push(Op::Reference { table: table.0, column: *column, keys }, ty(), span)
            }
            hir::ExprKind::Interest(it) => self.interest(it, ty(), span),
            hir::ExprKind::Instalment(of) => {
                let [principal, rate, count] = &**of;
                let (principal, rate, count) = (self.expr(principal), self.expr(rate), self.expr(count));
                self.push(Op::Instalment(principal, rate, count), ty(), span)
            }
            hir::ExprKind::Convert(amount, rate) => {
                let (amount, rate) = (self.expr(amount), self.expr(rate));
                self.multiply(amount, rate, ty(), span)
            }
            hir::ExprKind::Running { list, of, keys } => {
                let of = self.expr(of);
                let of = self.for_items(of, Scope::Items(*list));
                let keys = self.order_of(keys, *list);
                self.push(Op::Running { list: *list, of, keys }, ty(), span)
            }
            hir::ExprKind::LatestIn { list, of, keys, filter } => {
                let of = self.expr(of);
                let of = self.for_items(of, Scope::Items(*list));
                let keys = self.order_of(keys, *list);
                let filter = filter.as_ref().map(|filter| {
                    let filter = self.expr(filter);
                    self.for_items(filter, Scope::Items(*list))
                });
                self.push(Op::Latest { list: *list, of, keys, filter }, ty(), span)
            }
            hir::ExprKind::Recent { list, count, oldest_first } => {
                let list = self.expr(list);
                let (count, oldest_first) = (*count, *oldest_first);
                self.push(Op::Recent { list, count, oldest_first }, ty(), span)
            }
            hir::ExprKind::InARow { list, rises, steps, oldest_first } => {
                let list = self.expr(list);
                let (rises, steps, oldest_first) = (*rises, *steps, *oldest_first);
                self.push(Op::InARow { list, rises, steps, oldest_first }, Type::YesNo, span)
            }
            hir::ExprKind::InWindow(day, window) => {
                let day = self.expr(day);
                self.in_window(day, window, span)
            }
            hir::ExprKind::Apply(table, column, keys) => {
                let keys: Vec<StepId> = keys.iter().map(|it| self.expr(it)).collect();
                self.apply(*table, *column, keys, span)
            }
            hir::ExprKind::Call(script, arguments) => {
                let arguments = arguments.iter().map(|it| self.expr(it)).collect();
                self.push(Op::Script(script.0, arguments), ty(), span)
            }
            hir::ExprKind::List(of) => {
                let of = of.iter().map(|it| self.expr(it)).collect();
                self.push(Op::List(of), ty(), span)
            }
            hir::ExprKind::Error => self.unknown(Silence::Unknown, ty(), span),
        }
    }

    /// `d in the last 12 months`: after today − 12 months, up to and including today; a calendar period from its first day
    /// to the day before the next one's.
    fn in_window(&mut self, day: StepId, window: &hir::Window, span: Span) -> StepId {
        let today = self.push(Op::Today, Type::Date, span);
        let (first, after) = match window {
            hir::Window::LastDays(days) => {
                let days = self.expr(days);
                let back = self.negate(days, Type::Number(Unit::DAYS), span);
                let before = self.push(Op::AddDays(today, back), Type::Date, span);
                return self.after_until(day, before, today, span);
            }
            hir::Window::LastMonths(months) => {
                let months = self.expr(months);
                let back = self.negate(months, Type::Number(Unit::MONTHS), span);
                let before = self.push(Op::AddMonths(today, back, MonthEnd::Last), Type::Date, span);
                return self.after_until(day, before, today, span);
            }
            hir::Window::Calendar { last, period } => {
                let (from, to) = if *last { (-1, 0) } else { (0, 1) };
                let first = self.push(Op::PeriodStart(today, *period, from), Type::Date, span);
                (first, self.push(Op::PeriodStart(today, *period, to), Type::Date, span))
            }
        };
        let from = self.compare(hir::Compare::GreaterOrEqual, day, first, span);
        let to = self.compare(hir::Compare::Less, day, after, span);
        self.and(vec![from, to], span)
    }

    fn after_until(&mut self, day: StepId, before: StepId, today: StepId, span: Span) -> StepId {
        let from = self.compare(hir::Compare::Greater, day, before, span);
        let to = self.compare(hir::Compare::LessOrEqual, day, today, span);
        self.and(vec![from, to], span)
    }

    /// Whether a value is so.
    pub(super) fn pattern(&mut self, key: StepId, pattern: &hir::Pattern, span: Span) -> StepId {
        match pattern {
            hir::Pattern::Bounds { lower, upper } => {
                let mut of = Vec::new();
                if let Some((bound, included)) = lower {
                    let bound = self.expr(bound);
                    let how = if *included { hir::Compare::GreaterOrEqual } else { hir::Compare::Greater };
                    of.push(self.compare(how, key, bound, span));
                }
                if let Some((bound, included)) = upper {
                    let bound = self.expr(bound);
                    let how = if *included { hir::Compare::LessOrEqual } else { hir::Compare::Less };
                    of.push(self.compare(how, key, bound, span));
                }
                self.and(of, span)
            }
            hir::Pattern::OrBetter(place) => self.by_rank(key, hir::Compare::LessOrEqual, *place, span),
            hir::Pattern::OrWorse(place) => self.by_rank(key, hir::Compare::GreaterOrEqual, *place, span),
            hir::Pattern::Code(code) => self.is_code(key, vec![*code], span),
            hir::Pattern::Equals(value) => {
                let value = self.expr(value);
                self.push(Op::Equal(key, value), Type::YesNo, span)
            }
            hir::Pattern::Any => self.yes_no(true, span),
            hir::Pattern::Unknown => {
                let known = self.is_known(key, span);
                self.not(known, span)
            }
        }
    }

    /// Whether a code is one of these; for a set, whether it holds one of them.
    pub(super) fn is_code(&mut self, key: StepId, codes: Vec<u32>, span: Span) -> StepId {
        if let (Type::Set(_), codes) = (self.ty(key), &codes) {
            let of = codes.iter().map(|code| self.push(Op::Has(key, *code), Type::YesNo, span)).collect();
            return self.or(of, span);
        }
        if let Some(Value::Code(code)) = self.constant(key) {
            let yes = codes.contains(code);
            return self.yes_no(yes, span);
        }
        self.push(Op::OneOf(key, codes), Type::YesNo, span)
    }

    fn by_rank(&mut self, key: StepId, how: hir::Compare, place: u32, span: Span) -> StepId {
        let kind = match self.ty(key) {
            Type::Enum(kind) => kind,
            _ => EnumId(0),
        };
        let rank = self.rank(key, kind, span);
        let place = self.place(i64::from(place), span);
        self.compare(how, rank, place, span)
    }

    /// An aggregate over the items of a list, made by a construct.
    pub(super) fn aggregate(
        &mut self,
        function: AggregateFunction,
        list: crate::value::FieldId,
        operand: StepId,
        filter: Option<StepId>,
        span: Span,
    ) -> StepId {
        let operand = self.for_items(operand, Scope::Items(list));
        let filter = filter.map(|it| self.for_items(it, Scope::Items(list)));
        let ty = self.ty(operand);
        let op = Op::Aggregate { function, known: true, list, operand: Some(operand), filter };
        self.push(op, ty, span)
    }

    /// A number of the unit of another step.
    pub(super) fn like(&mut self, number: i64, step: StepId, span: Span) -> StepId {
        let ty = self.ty(step);
        self.value_of(Value::Number(Number::from_i64(number)), ty, span)
    }
}
