//! The header of a policy and what it declares: uses, kinds, facts and their types, parameters, scripts.

use super::{AppliesWhen, Expr, Label, Literal, Name, Named, ParamValue, Text};
use crate::base::Span;

/// The header of a policy.
#[derive(Clone, PartialEq, Debug)]
pub struct Policy {
    /// The policy's name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// `version "2026.4"`
    pub version: Option<Text>,
    /// `effective from 2026-10-01`
    pub effective_from: Option<Literal>,
    /// `until 2026-12-31`, that day included.
    pub effective_until: Option<Literal>,
    /// `known from 2026-09-15`
    pub known_from: Option<Literal>,
    /// `currency CNY`
    pub currency: Option<Name>,
    /// `rounding half_up`: the mode where a rounding names none.
    pub rounding: Option<(RoundingMode, Span)>,
    /// `calendar "cn"`: the calendar of business days.
    pub calendar: Option<Text>,
    /// `applies when …`: to whom it applies.
    pub applies: Option<AppliesWhen>,
}

/// How a rounding rounds; the meaning of each stands at [`crate::value::RoundingMode`] (this module imports no values).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RoundingMode {
    /// `half_up` · `四舍五入`
    HalfUp,
    /// `half_even` · `四舍六入`
    HalfEven,
    /// `down` · `去尾`
    Down,
    /// `up` · `进一`
    Up,
    /// `floor` · `向下`
    Floor,
    /// `ceiling` · `向上`
    Ceiling,
}

/// `use working_assets "2026.2": working_assets, appraisal`
#[derive(Clone, PartialEq, Debug)]
pub struct Use {
    /// The policy used.
    pub policy: Name,
    /// The version it is pinned to.
    pub version: Text,
    /// The names that come in bare; all others only as `policy.name`.
    pub names: Vec<Name>,
}

/// `kind level { low "低", … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Kind {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// Its members.
    pub members: Vec<Named>,
}

/// A fact: `net_assets "净资产" money optional`. Also a field of a record list.
#[derive(Clone, PartialEq, Debug)]
pub struct Fact {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// Its type.
    pub ty: TypeExpr,
    /// `0..10`, `>= 0`, `> 0`: each bound with its side.
    pub range: Range,
    /// `2 decimals`
    pub decimals: Option<Literal>,
    /// `optional`
    pub optional: Option<Span>,
    /// `default 0`
    pub default: Option<Expr>,
    /// `unknown when 0`; several separated by `or`.
    pub unknown_when: Vec<Expr>,
    /// `key`
    pub key: Option<Span>,
    /// `personal`
    pub personal: Option<Span>,
    /// `internal`
    pub internal: Option<Span>,
    /// `oldest first` of a list of values.
    pub oldest_first: Option<Span>,
    /// `latest within 7 days`, of the day by which a reference is read.
    pub latest_within: Option<Literal>,
    /// `latest first` of a list of values.
    pub latest_first: Option<Span>,
    /// The whole fact.
    pub span: Span,
}

/// The range behind a type.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Range {
    /// The lower bound; `true` where the bound itself is included.
    pub from: Option<(Expr, bool)>,
    /// The upper bound; `true` where the bound itself is included.
    pub to: Option<(Expr, bool)>,
}

/// A type as written.
#[derive(Clone, PartialEq, Debug)]
pub struct TypeExpr {
    /// What it is.
    pub kind: TypeKind,
    /// Where it stands.
    pub span: Span,
}

/// A type as written.
#[derive(Clone, PartialEq, Debug)]
pub enum TypeKind {
    /// `money`, `money in USD`
    Money(Option<Name>),
    /// `number`
    Number,
    /// `percent`
    Percent,
    /// `date`
    Date,
    /// `days`
    Days,
    /// `months`
    Months,
    /// `text`
    Text,
    /// `yes/no`
    YesNo,
    /// A kind or a grade scale: `debtor_type`, `characteristic_analysis.risk_class`.
    Named(Vec<Name>),
    /// `set of warning`
    Set(Vec<Name>),
    /// `list 6 money`, `list money`
    List(Option<Literal>, Box<TypeExpr>),
    /// `list { … }`
    Records(Vec<Fact>),
    /// `sign_off`, `sign_off of days`, in a list: a signature, or a refusal, with the type of the amounts that are signed for;
    /// without one, money.
    SignOff(Option<Box<TypeExpr>>),
    /// `exception of money`, in a list: what was decided otherwise, with the type of what then stands.
    Exception(Box<TypeExpr>),
    /// What could not be read; reported already.
    Error,
}

/// `param standard_term "标准信用期限" days 0..180 = 30 days`
#[derive(Clone, PartialEq, Debug)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// Its type.
    pub ty: TypeExpr,
    /// Its range.
    pub range: Range,
    /// Its value unless set otherwise, or its values by date.
    pub value: ParamValue,
    /// What the figure follows.
    pub cite: Option<Text>,
}

/// `script "seasonality.rhai" { seasonal(list 12 money) -> percent }`
#[derive(Clone, PartialEq, Debug)]
pub struct Script {
    /// The file beside the policy.
    pub file: Text,
    /// The functions that it must hold.
    pub functions: Vec<ScriptFunction>,
}

/// `seasonal(list 12 money) -> percent`
#[derive(Clone, PartialEq, Debug)]
pub struct ScriptFunction {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// The types of its parameters.
    pub parameters: Vec<TypeExpr>,
    /// The type of its result.
    pub result: TypeExpr,
    /// The range of the result, where one is declared: outside it, the call failed.
    pub range: Range,
    /// Where it stands.
    pub span: Span,
}
