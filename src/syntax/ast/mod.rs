//! What was written: the tree of a policy file, every node with its place.
//!
//! Literals keep their written form (`120万` stays `120万`), names their spelling. Nothing is resolved here: a bare
//! word may turn out to be a fact, a grade or a member of a kind.

mod approval;
mod book;
mod by_date;
mod checks;
mod decision;
mod declarations;
mod escalation;
mod expression;
mod grades;
mod judgement;
mod limit;
mod lists;
mod moves;
mod papers;
mod scorecard;
mod table;
mod totals;
mod triggers;
mod words;

use crate::base::{Span, Str};

pub use approval::{Authority, Beyond, Role, Signers, SignersKind};
pub use book::{BookCap, BookGroup, BookKey, BookMember, BookValue, BookValueKind, KeyOrder, Portfolio};
pub use by_date::{Basis, ByDate, Frozen, Interest, ParamValue, PeriodFrom, Reference};
pub use checks::{Check, Checks, Exclusion, Release, Releaser, Tolerance};
pub use decision::{Case, Datum, DatumKind, Decided, Decision, Entry, Expect, ExpectValue, Given, Output};
pub use declarations::{
    Fact, Kind, Param, Policy, Range, RoundingMode, Script, ScriptFunction, TypeExpr, TypeKind, Use,
};
pub use escalation::{
    Climbs, Delay, Escalation, Hold, Holiday, Minimum, Skip, Step, StepAction, StepDay, Tactics,
};
pub use expression::{
    Aggregate, AggregateFunction, BinaryOp, Expr, ExprKind, Literal, LiteralKind, NumberUnit, Period, Pick,
    UnaryOp, Window, WindowKind,
};
pub use grades::{Apart, Band, GradeRule, GradeRuleKind, Grades};
pub use judgement::{AppliesWhen, Judgement, Override, StandIn};
pub use limit::{Correction, Limit, LimitLine, LimitLineKind, Take};
pub use lists::{Allocation, LatestIn, Running};
pub(super) use moves::{Change, Moves, Shift};
pub use papers::{Checklist, Paper, Validity, ValidityKind};
pub use scorecard::{
    CardPart, Factor, FactorScore, Missing, MissingKind, Require, RequireKind, Scale, Scorecard, Section,
};
pub use table::{
    Cell, IfUnknown, IfUnknownKind, Key, Outcome, OutcomeKind, Pattern, PatternKind, ResultColumn, Row, Table,
};
pub use totals::{Layer, Total, TotalLine};
pub use triggers::{Quorum, State, Trigger, Triggers};
pub use words::{Figure, Note, Phrase, Piece, Reason, Words};

/// A file: its items in the order written.
#[derive(Clone, PartialEq, Debug)]
pub struct File {
    /// The items that could be read.
    pub items: Vec<Item>,
    /// The words of what could not be read, which may have declared them: that they have no meaning is told already.
    pub lost: Vec<Name>,
    /// The lines with a mistake that were read as they were likely meant, or could not be read whole: what else seems wrong there
    /// may follow from that.
    pub mended: Vec<Span>,
    /// The whole text.
    pub span: Span,
    /// Whether it begins with a Chinese keyword: what is proposed for the text is written so, too.
    pub chinese: bool,
}

/// A name as written, NFC, without back-ticks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    /// The name.
    pub text: Str,
    /// Where it stands.
    pub span: Span,
}

/// A text literal: its meaning (escapes and `{{` resolved) and its place with the quotes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    /// What it says.
    pub value: Str,
    /// Where it stands.
    pub span: Span,
}

/// The label behind a name: one text, or one in each language.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Label {
    /// A label without a language: `"营运资本"`.
    pub plain: Option<Text>,
    /// `zh "…"`.
    pub zh: Option<Text>,
    /// `en "…"`.
    pub en: Option<Text>,
}

/// A name with its label: a role, an action, a member of a kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The name.
    pub name: Name,
    /// Its label.
    pub label: Label,
}

/// One construct at the top of a file.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// From its first word to its last brace.
    pub span: Span,
}

/// What an item is.
#[derive(Clone, PartialEq, Debug)]
pub enum ItemKind {
    /// `policy trade_credit "…" { … }`
    Policy(Policy),
    /// `use working_assets "2026.2": appraisal`
    Use(Use),
    /// `roles { … }`
    Roles(Vec<Role>),
    /// `actions { … }`
    Actions(Vec<Named>),
    /// `kind level { … }`
    Kind(Kind),
    /// `facts { … }`
    Facts(Vec<Fact>),
    /// `param standard_term days 0..180 = 30 days`
    Param(Param),
    /// `reference rates from "rates.csv" { … }`
    Reference(Reference),
    /// `let current_ratio = …`
    Let(Let),
    /// `for each invoice in invoices { … }`
    ForEach(ForEach),
    /// `table … { … }`
    Table(Table),
    /// `scorecard … { … }`
    Scorecard(Scorecard),
    /// `grades … from … { … }`
    Grades(Grades),
    /// `correction … by … { … }`
    Correction(Correction),
    /// `limit … { … }`
    Limit(Limit),
    /// `triggers … else … { … }`
    Triggers(Triggers),
    /// `escalation … { … }`
    Escalation(Escalation),
    /// `judgement … by … asks "…" until answered …`
    Judgement(Judgement),
    /// `override … from … by …`
    Override(Override),
    /// `authority … for … { … }`
    Authority(Authority),
    /// `checks … { … }`
    Checks(Checks),
    /// `checklist … of … against … { … }`
    Checklist(Checklist),
    /// `decision … { … }`
    Decision(Decision),
    /// `always …`
    Always(Expr),
    /// `case "…" { … }`
    Case(Case),
    /// `script "…" { … }`
    Script(Script),
    /// `portfolio book { … }`
    Portfolio(Portfolio),
    /// `total exposure { … }`
    Total(Total),
    /// `allocate cash over invoices by due, number up to open -> applied`
    Allocation(Box<Allocation>),
}

/// `let current_ratio "流动比率" = … rounded to 2 decimals`
#[derive(Clone, PartialEq, Debug)]
pub struct Let {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// What it is.
    pub value: Expr,
    /// How it is rounded.
    pub rounding: Option<Rounding>,
    /// `because …`, `cite …`
    pub reason: Reason,
}

/// `rounded down to multiples of 1_000`
#[derive(Clone, PartialEq, Debug)]
pub struct Rounding {
    /// The mode; the policy's own where none is named.
    pub mode: Option<RoundingMode>,
    /// To what.
    pub precision: Precision,
    /// Where it stands.
    pub span: Span,
}

/// To what is rounded.
#[derive(Clone, PartialEq, Debug)]
pub enum Precision {
    /// `to 2 decimals`
    Decimals(Literal),
    /// `to multiples of 1_000`
    Multiples(Expr),
}

/// `for each invoice in invoices { … }`: values of each item.
#[derive(Clone, PartialEq, Debug)]
pub struct ForEach {
    /// The item's own name, which may be left out.
    pub item: Option<Name>,
    /// The list.
    pub list: Name,
    /// `let`s, tables, scorecards, grades, corrections of the item.
    pub items: Vec<Item>,
}
