//! Typed expressions.

use super::{
    AggregateFunction, Interest, ParamId, Part, Pattern, Period, Pick, ReferenceId, ScriptId, SeriesId,
    ValueId,
};
use crate::base::Span;
use crate::value::{FieldId, MonthEnd, Number, Type, Value};

/// A typed expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Type,
    /// Where it stands.
    pub span: Span,
}

/// What an expression is. Operands have the types that the operation asks for; percents are fractions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A value.
    Const(Value),
    /// A fact of the customer.
    Fact(FieldId),
    /// A field of the item.
    Field(FieldId, u32),
    /// A parameter.
    Param(ParamId),
    /// A value, or a part of one.
    Value(ValueId, Part),
    /// The parameter of an applied table, inside it.
    TableParameter(u32),
    /// The as-of date.
    Today,
    /// `-x`
    Negate(Box<Expr>),
    /// `not x`
    Not(Box<Expr>),
    /// `+ - * /` on numbers.
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// `x ^ n`
    Power(Box<Expr>, u32),
    /// `< <= > >=` on numbers or dates.
    Compare(Compare, Box<Expr>, Box<Expr>),
    /// `and`
    And(Vec<Expr>),
    /// `or`
    Or(Vec<Expr>),
    /// `x is …`; `x has …` for a set is [`Pattern::Code`] on a set.
    Is(Box<Expr>, Box<Pattern>),
    /// `x is known`
    IsKnown(Box<Expr>),
    /// `if a then b else c`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `x if unknown y`
    IfUnknown(Box<Expr>, Box<Expr>),
    /// `lowest of (…)`
    Pick(Pick, Vec<Expr>),
    /// An aggregate over the items of a list; operand and filter are values of the item.
    Aggregate {
        /// Which.
        function: AggregateFunction,
        /// Unknown items are left out.
        known: bool,
        /// The list.
        list: FieldId,
        /// What is aggregated; none for a count.
        operand: Option<Box<Expr>>,
        /// Which items count.
        filter: Option<Box<Expr>>,
    },
    /// An aggregate over a list of values.
    ListAggregate {
        /// Which.
        function: AggregateFunction,
        /// Unknown values are left out.
        known: bool,
        /// The list.
        list: Box<Expr>,
    },
    /// `weighted average of x by (…)`; as many weights as the list has values.
    WeightedAverage(Box<Expr>, Vec<Number>),
    /// A day and days behind it.
    AddDays(Box<Expr>, Box<Expr>),
    /// A day and business days behind it, by the calendar of the policy.
    AddBusinessDays(Box<Expr>, Box<Expr>),
    /// A day and months behind it.
    AddMonths(Box<Expr>, Box<Expr>, MonthEnd),
    /// The days from the second to the first.
    DaysBetween(Box<Expr>, Box<Expr>),
    /// `end of month of d`
    EndOfMonth(Box<Expr>),
    /// The first such day of a month after a day; the month's last where it has no such day.
    DayAfter(Box<Expr>, u8),
    /// This month and day in the year of a day; 02-29 is the end of February where there is none.
    OfYear(Box<Expr>, u8, u8),
    /// A parameter by date on a day.
    ByDate(SeriesId, Box<Expr>),
    /// A parameter by date on each day of the interest whose rate it is part of.
    RateThere(SeriesId),
    /// The column of the row of a reference with these keys, in the order of [`super::Reference::keys`].
    Reference(ReferenceId, u32, Vec<Expr>),
    /// `interest on …`
    Interest(Box<Interest>),
    /// `instalment(principal, rate, n)`
    Instalment(Box<[Expr; 3]>),
    /// An amount of another currency and what one unit of that costs.
    Convert(Box<Expr>, Box<Expr>),
    /// The sum over the items up to this one in the order of the keys.
    Running {
        /// The list.
        list: FieldId,
        /// What is summed.
        of: Box<Expr>,
        /// The order.
        keys: Vec<Expr>,
    },
    /// A value of the last item in the order of the keys among those that count.
    LatestIn {
        /// The list.
        list: FieldId,
        /// The value.
        of: Box<Expr>,
        /// The order.
        keys: Vec<Expr>,
        /// Which items count.
        filter: Option<Box<Expr>>,
    },
    /// So many values from the recent end of a list, in its own order.
    Recent {
        /// The list.
        list: Box<Expr>,
        /// How many.
        count: u32,
        /// Whether it begins with its oldest value.
        oldest_first: bool,
    },
    /// Whether each of the last so many steps of a list goes up (or down).
    InARow {
        /// The list.
        list: Box<Expr>,
        /// Up rather than down.
        rises: bool,
        /// How many steps.
        steps: u32,
        /// Whether it begins with its oldest value.
        oldest_first: bool,
    },
    /// `d in the last 12 months`
    InWindow(Box<Expr>, Window),
    /// An applied table.
    Apply(ValueId, u32, Vec<Expr>),
    /// A function of a script.
    Call(ScriptId, Vec<Expr>),
    /// A list of values.
    List(Vec<Expr>),
    /// What could not be checked; reported already.
    Error,
}

/// `+ - * /`
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`; unknown where the divisor is 0.
    Divide,
}

/// `< <= > >=`
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Compare {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Compare {
    /// The comparison that holds where this one does not: `a < b` where not `a >= b`.
    #[must_use]
    pub fn opposite(self) -> Compare {
        match self {
            Compare::Less => Compare::GreaterOrEqual,
            Compare::LessOrEqual => Compare::Greater,
            Compare::Greater => Compare::LessOrEqual,
            Compare::GreaterOrEqual => Compare::Less,
        }
    }

    /// The comparison with its sides changed: `a < b` is `b > a`.
    #[must_use]
    pub fn mirrored(self) -> Compare {
        match self {
            Compare::Less => Compare::Greater,
            Compare::LessOrEqual => Compare::GreaterOrEqual,
            Compare::Greater => Compare::Less,
            Compare::GreaterOrEqual => Compare::LessOrEqual,
        }
    }
}

/// A stretch of days, told from today.
#[derive(Clone, Debug)]
pub enum Window {
    /// After today − n days, up to and including today.
    LastDays(Box<Expr>),
    /// After today − n months (the month's last day where it has no such day), up to and including today.
    LastMonths(Box<Expr>),
    /// A calendar period: this one, or the one before.
    Calendar {
        /// The one before.
        last: bool,
        /// Which.
        period: Period,
    },
}
