//! Expressions and literals, each with its written form.

use super::{Interest, LatestIn, Name, Pattern, Running};
use crate::base::{Span, Str};

/// A literal with its written form.
#[derive(Clone, PartialEq, Debug)]
pub struct Literal {
    /// What it is.
    pub kind: LiteralKind,
    /// As written.
    pub written: Str,
    /// Where it stands.
    pub span: Span,
}

/// What a literal is. Figures are plain decimal text, full-width digits and `_` resolved, 万 and 亿 multiplied out,
/// percents still as the percent figure: `25万` is `250000`, `12.5%` is `12.5` with [`NumberUnit::Percent`].
#[derive(Clone, PartialEq, Debug)]
pub enum LiteralKind {
    /// A number with its unit.
    Number(Str, NumberUnit),
    /// `2026-10-01`: year, month, day; a day that the calendar has.
    Date(i16, u8, u8),
    /// `yes` · `是`, `no` · `否`
    Bool(bool),
    /// A text.
    Text(Str),
}

/// The unit glued or set behind a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NumberUnit {
    /// None: it takes the unit that its place asks for.
    Bare,
    /// `%`
    Percent,
    /// `‰`
    Permille,
    /// `days` · `天`
    Days,
    /// `business days` · `个工作日`
    BusinessDays,
    /// `months` · `个月`
    Months,
    /// `元`: money of the policy's currency.
    Yuan,
}

/// An expression.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, PartialEq, Debug)]
pub enum ExprKind {
    /// A literal.
    Literal(Literal),
    /// A name: of a fact, a value, a parameter, a member of a kind, a grade.
    Name(Name),
    /// `today` · `今日`
    Today,
    /// `last.stance`, `last.on`, `last.stance.since` are members of this.
    Last,
    /// `limit_percent.share`
    Member(Box<Expr>, Name),
    /// `haircut[kind]`, `collection["F-1"]`, `seasonal[contracts]`: the bracket touches the name.
    Apply(Box<Expr>, Vec<Expr>),
    /// `[1, 2, 3]`, and the weights `(1, 2, 3)` behind `by`.
    List(Vec<Expr>),
    /// `( … )`, kept for the formatter.
    Group(Box<Expr>),
    /// `-x`, `not x`
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`, `a and b`, `a < b`
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `x is CA2 or better`, `x is not 0`, `flags is …`
    Is {
        /// What is looked at.
        value: Box<Expr>,
        /// `is not`.
        negated: bool,
        /// What it must be; a bare value, a grade bound.
        pattern: Box<Pattern>,
    },
    /// `x is known`, `x is unknown`
    IsKnown {
        /// What is looked at.
        value: Box<Expr>,
        /// `is known` rather than `is unknown`.
        known: bool,
    },
    /// `if a then b else c`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `x if unknown y`
    IfUnknown(Box<Expr>, Box<Expr>),
    /// `5% of x`
    PercentOf(Box<Expr>, Box<Expr>),
    /// `lowest of (a, b)`, `average of (a, b, c)`
    Pick(Pick, Vec<Expr>),
    /// `sum of open * days_late in invoices where not disputed`
    Aggregate(Box<Aggregate>),
    /// `weighted average of collections by (1, 2, 3, 4, 5, 6)`
    WeightedAverage(Box<Expr>, Vec<Expr>),
    /// `delivered in the last 12 months`
    InWindow(Box<Expr>, Box<Window>),
    /// `due + 1 month, or month end`: what an addition of months does where the month has no such day.
    OrMonthEnd(Box<Expr>),
    /// `end of month of d`
    EndOfMonth(Box<Expr>),
    /// `the 7th after d`: the first 7th behind it.
    DayAfter(Box<Expr>, u8),
    /// `12-31 of year of d`: month and day; only a leap year has 02-29.
    OfYear(Box<Expr>, u8, u8),
    /// `interest on open from due to today at base_rate + 8% basis 365, first day excluded`
    Interest(Box<Interest>),
    /// `instalment(principal, rate, n)`, as many operands as were written.
    Instalment(Vec<Expr>),
    /// `convert usd_debt to CNY at usd_cny`
    Convert(Box<Expr>, Name, Box<Expr>),
    /// `running sum of open by due, number`
    Running(Box<Running>),
    /// `latest outcome in events by on, id where (…)`
    LatestIn(Box<LatestIn>),
    /// `latest 6 of contracts`: so many values from the recent end.
    LatestOf(Literal, Box<Expr>),
    /// `collections rises for 3 in a row`
    InARow {
        /// The list.
        of: Box<Expr>,
        /// `rises` rather than `falls`.
        rises: bool,
        /// How many steps; one value more is looked at.
        steps: Literal,
    },
    /// What could not be read; reported already.
    Error,
}

/// An operator with one operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `-`
    Negate,
    /// `not`
    Not,
}

/// An operator with two operands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `^`, with a whole literal behind it.
    Power,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `and`
    And,
    /// `or`
    Or,
}

/// Which of several values is picked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Pick {
    /// `lowest of`
    Lowest,
    /// `highest of`
    Highest,
    /// `middle of`
    Middle,
    /// `average of`
    Average,
    /// `earliest of`
    Earliest,
    /// `latest of`
    Latest,
}

/// `sum of known (paid) in invoices where (delivered in last quarter)`
#[derive(Clone, PartialEq, Debug)]
pub struct Aggregate {
    /// Which.
    pub function: AggregateFunction,
    /// `known`: unknown items are left out.
    pub known: Option<Span>,
    /// What is aggregated; none for `count of invoices`.
    pub operand: Option<Expr>,
    /// The list. None where the operand itself is a list of values: `sum of contracts`.
    pub list: Option<Name>,
    /// `where …`
    pub filter: Option<Expr>,
}

/// What an aggregate does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum AggregateFunction {
    /// `sum of`
    Sum,
    /// `count of`
    Count,
    /// `lowest of`
    Lowest,
    /// `highest of`
    Highest,
    /// `average of`
    Average,
    /// `share of (condition) in list`: the part of the items for which it holds.
    Share,
    /// `any of`
    Any,
    /// `all of`
    All,
}

/// A stretch of days, told from today.
#[derive(Clone, PartialEq, Debug)]
pub struct Window {
    /// Which.
    pub kind: WindowKind,
    /// Where it stands.
    pub span: Span,
}

/// A stretch of days.
#[derive(Clone, PartialEq, Debug)]
pub enum WindowKind {
    /// `in the last 12 months`: after today − 12 months, up to and including today.
    Last(Expr),
    /// `in this month`, `in last quarter`
    Calendar {
        /// `last` rather than `this`.
        last: bool,
        /// The period.
        period: Period,
    },
}

/// A calendar period.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Period {
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// A year.
    Year,
}
