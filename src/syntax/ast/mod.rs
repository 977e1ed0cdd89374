//! What was written: the tree of a policy file, every node with its place.
//!
//! Literals keep their written form (`120万` stays `120万`), names their spelling. Nothing is resolved here: a bare
//! word may turn out to be a fact, a grade or a member of a kind.

mod approval;
mod book;
mod by_date;
mod checks;
mod judgement;
mod lists;
mod papers;
mod totals;
mod words;

use crate::base::{Span, Str};

pub use approval::{Authority, Beyond, Role, Signers, SignersKind};
pub use book::{BookCap, BookGroup, BookKey, BookMember, BookValue, BookValueKind, KeyOrder, Portfolio};
pub use by_date::{Basis, ByDate, Frozen, Interest, ParamValue, PeriodFrom, Reference};
pub use checks::{Check, Checks, Exclusion, Release, Releaser, Tolerance};
pub use judgement::{AppliesWhen, Judgement, Override, StandIn};
pub use lists::{Allocation, LatestIn, Running};
pub use papers::{Checklist, Paper, Validity, ValidityKind};
pub use totals::{Layer, Total, TotalLine};
pub use words::{Figure, Note, Phrase, Piece, Reason, Words};

/// A file: its items in the order written.
#[derive(Clone, PartialEq, Debug)]
pub struct File {
    /// The items that could be read.
    pub items: Vec<Item>,
    /// The names that what could not be read may have declared: that they have no meaning is told already.
    pub lost: Vec<Str>,
    /// The whole text.
    pub span: Span,
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

/// What a rule does where its condition cannot be judged.
#[derive(Clone, PartialEq, Debug)]
pub struct IfUnknown {
    /// What it does.
    pub kind: IfUnknownKind,
    /// Where it is said.
    pub span: Span,
}

/// What a rule does where its condition cannot be judged.
#[derive(Clone, PartialEq, Debug)]
pub enum IfUnknownKind {
    /// `if unknown applies`
    Applies,
    /// `if unknown does not apply`
    DoesNotApply,
    /// `if unknown refer to credit_manager "…"`
    Refer(Name, Option<Label>),
    /// `if unknown refuse`
    Refuse,
}

/// A row: `cells [when condition] : results [if unknown …] [because …] [cite …]`.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// The cells, one a key; empty for a guard row (`when …` alone).
    pub cells: Vec<Cell>,
    /// `when …`
    pub when: Option<Expr>,
    /// The results, one a result column.
    pub results: Vec<Outcome>,
    /// What it does where its condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole row.
    pub span: Span,
}

/// A cell: what a key must be.
#[derive(Clone, PartialEq, Debug)]
pub struct Cell {
    /// One or several by `or`.
    pub patterns: Vec<Pattern>,
    /// Where it stands.
    pub span: Span,
}

/// One pattern of a cell, and what stands behind `is`.
#[derive(Clone, PartialEq, Debug)]
pub struct Pattern {
    /// What it is.
    pub kind: PatternKind,
    /// Where it stands.
    pub span: Span,
}

/// What a value must be.
#[derive(Clone, PartialEq, Debug)]
pub enum PatternKind {
    /// `at most x` · `不超过 x`: x included.
    AtMost(Expr),
    /// `below x` · `不满 x`: x excluded.
    Below(Expr),
    /// `from x` · `满 x`: x included.
    From(Expr),
    /// `above x` · `超过 x`: x excluded.
    Above(Expr),
    /// `from 2 below 5` and the like: both must hold.
    Between(Box<Pattern>, Box<Pattern>),
    /// `a..b`: both included.
    Span(Expr, Expr),
    /// `CA3 or better` · `CA3 及以上`
    OrBetter(Name),
    /// `CA3 or worse` · `CA3 及以下`
    OrWorse(Name),
    /// `any` · `任一`
    Any,
    /// `unknown` · `未知`
    Unknown,
    /// A value: `CA1`, `yes`, `12`, `"GBP"`.
    Value(Expr),
}

/// A result of a row.
#[derive(Clone, PartialEq, Debug)]
pub struct Outcome {
    /// What it is.
    pub kind: OutcomeKind,
    /// Where it stands.
    pub span: Span,
}

/// A result of a row.
#[derive(Clone, PartialEq, Debug)]
pub enum OutcomeKind {
    /// A value: `2.5%`, `net_assets * 2`, `high`.
    Value(Expr),
    /// `unknown`
    Unknown,
    /// `up 50%`, of a correction.
    Up(Expr),
    /// `down 20%`, of a correction.
    Down(Expr),
    /// `unchanged`, of a correction.
    Unchanged,
    /// `cancel`, of a correction.
    Cancel,
    /// `no recommendation`, of a correction.
    NoRecommendation,
    /// `refer to credit_manager "…"`
    Refer(Name, Option<Label>),
    /// `refuse`
    Refuse,
    /// `credit_manager and finance_head`, of an authority.
    Signers(Signers),
}

/// `table limit_percent by appraisal -> share percent, risk level { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// Its keys; none for a table of guard rows alone.
    pub keys: Vec<Key>,
    /// `unique`: no two rows may match; the order means nothing.
    pub unique: Option<Span>,
    /// `all`: every row that matches gives its member.
    pub all: Option<Span>,
    /// Its results. An unnamed result is the table's own value.
    pub results: Vec<ResultColumn>,
    /// `by slices`: each row applies to the part of the key in its band.
    pub by_slices: Option<Span>,
    /// `grid`: the cells of the second key, above the columns.
    pub grid: Option<Vec<Cell>>,
    /// A line of result names above the rows, where one is written: checked against the results.
    pub heading: Option<Vec<Name>>,
    /// The rows. In a grid, each has one cell and as many results as the grid has columns.
    pub rows: Vec<Row>,
    /// How the result is rounded (single numeric result).
    pub rounding: Option<Rounding>,
    /// `because …`, `cite …` of the whole table.
    pub reason: Reason,
}

/// A key of a table: a value in scope, or a typed parameter (`asset: asset_kind`).
#[derive(Clone, PartialEq, Debug)]
pub enum Key {
    /// A value in scope: a name or a dotted name.
    Value(Expr),
    /// A parameter, with its type and range: the table is applied, `haircut[kind]`.
    Parameter(Name, TypeExpr, Range),
}

/// A result of a table.
#[derive(Clone, PartialEq, Debug)]
pub struct ResultColumn {
    /// Its name; none for a table with one unnamed result.
    pub name: Option<Name>,
    /// Its label.
    pub label: Label,
    /// Its type.
    pub ty: TypeExpr,
}

/// `scorecard characteristic { … }`, `scorecard behaviour added { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Scorecard {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// `added`: points are added up, not averaged.
    pub added: Option<Span>,
    /// `base 100`, of an added card.
    pub base: Option<Expr>,
    /// Sections and factors in the order written.
    pub parts: Vec<CardPart>,
    /// `scale 0..10 to 0..100`
    pub scale: Option<Scale>,
    /// `missing …` for the whole card.
    pub missing: Option<Missing>,
    /// `require …`
    pub require: Vec<Require>,
    /// `rounded to 2 decimals`
    pub rounding: Option<Rounding>,
}

/// A section or a factor of a card.
#[derive(Clone, PartialEq, Debug)]
pub enum CardPart {
    /// `section own "…" { … }`
    Section(Section),
    /// `payment_record weight 12`
    Factor(Factor),
}

/// `section own "客户自身特征" { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Section {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// Its factors.
    pub factors: Vec<Factor>,
    /// `missing …` for the section.
    pub missing: Option<Missing>,
    /// The whole section.
    pub span: Span,
}

/// `payment_record weight 12 missing scores 0 cite "…"`
#[derive(Clone, PartialEq, Debug)]
pub struct Factor {
    /// The value that is scored: a fact or a value, possibly dotted; its last name names the factor.
    pub value: Expr,
    /// The name of the factor.
    pub name: Name,
    /// Its label, over the value's own.
    pub label: Label,
    /// What it weighs, or its points.
    pub score: FactorScore,
    /// `missing …` for the factor.
    pub missing: Option<Missing>,
    /// Why.
    pub reason: Reason,
    /// The whole factor.
    pub span: Span,
}

/// How a factor scores.
#[derive(Clone, PartialEq, Debug)]
pub enum FactorScore {
    /// `weight 12`, `weight 20%`; with points where the value is not on the card's scale:
    /// `weight 12 points { … }`.
    Weight(Expr, Option<Vec<Row>>),
    /// `points { below 2 : 0; … }`: rows over the value.
    Points(Vec<Row>),
    /// `points 20 when yes`; the pattern may be any member or bound.
    PointsWhen(Expr, Pattern),
    /// `points -5 per 1, up to -15`
    PointsPer {
        /// The points.
        points: Expr,
        /// For each so much of the value.
        per: Expr,
        /// The most (or least, where negative) that it can come to.
        up_to: Option<Expr>,
    },
}

/// `missing left out | scores <n> | unknown`
#[derive(Clone, PartialEq, Debug)]
pub struct Missing {
    /// What is done.
    pub kind: MissingKind,
    /// Where it stands.
    pub span: Span,
}

/// What is done with a factor that is unknown.
#[derive(Clone, PartialEq, Debug)]
pub enum MissingKind {
    /// It is left out: neither its points nor its weight count.
    LeftOut,
    /// It scores so much.
    Scores(Expr),
    /// The card is unknown.
    Unknown,
}

/// `scale 0..10 to 0..100`
#[derive(Clone, PartialEq, Debug)]
pub struct Scale {
    /// The scale of the factors.
    pub from: (Expr, Expr),
    /// The scale of the card.
    pub to: (Expr, Expr),
    /// Where it stands.
    pub span: Span,
}

/// `require at least 2 known because "…"`
#[derive(Clone, PartialEq, Debug)]
pub struct Require {
    /// How much must be known.
    pub kind: RequireKind,
    /// Why.
    pub reason: Reason,
    /// Where it stands.
    pub span: Span,
}

/// How much of a card must be known.
#[derive(Clone, PartialEq, Debug)]
pub enum RequireKind {
    /// `at least 2 known`: so many factors.
    Known(Expr),
    /// `at least 80% of weight known`
    WeightKnown(Expr),
}

/// `grades risk_class from characteristic { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Grades {
    /// The name of the scale and of the value.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// The score.
    pub score: Expr,
    /// The bands, best first.
    pub bands: Vec<Band>,
    /// `NR apart when unknown`
    pub apart: Vec<Apart>,
    /// Notches, caps, forces, in the order written.
    pub rules: Vec<GradeRule>,
}

/// `CA1 "极佳" from 86 needs …`
#[derive(Clone, PartialEq, Debug)]
pub struct Band {
    /// The grade.
    pub grade: Named,
    /// The least score, included.
    pub from: Expr,
    /// `above 86` instead of `from 86`: the bound itself is excluded.
    pub exclusive: bool,
    /// `needs …`, several by `and` in the expression.
    pub needs: Option<Expr>,
    /// What it does where the need cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// `NR "不建议" apart when unknown`
#[derive(Clone, PartialEq, Debug)]
pub struct Apart {
    /// The grade.
    pub grade: Named,
    /// `when unknown`: it stands where the score is unknown.
    pub when_unknown: bool,
    /// `when <condition>`: it stands where this holds.
    pub when: Option<Expr>,
    /// What it does where the condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// `not above CA3 when … if unknown … because …`
#[derive(Clone, PartialEq, Debug)]
pub struct GradeRule {
    /// What it does.
    pub kind: GradeRuleKind,
    /// When.
    pub when: Option<Expr>,
    /// What it does where its condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// What a rule on a grade does.
#[derive(Clone, PartialEq, Debug)]
pub enum GradeRuleKind {
    /// `down 1`
    Down(Expr),
    /// `up 1`
    Up(Expr),
    /// `not above CA3`
    NotAbove(Name),
    /// `force CA6`
    Force(Name),
}

/// `correction class_correction by risk_class { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Correction {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// What it goes by.
    pub keys: Vec<Key>,
    /// The rows, with one outcome each.
    pub rows: Vec<Row>,
}

/// `limit credit_limit { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Limit {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// The methods and the lines, in the order written.
    pub lines: Vec<LimitLine>,
}

/// A line of a limit.
#[derive(Clone, PartialEq, Debug)]
pub struct LimitLine {
    /// What it does.
    pub kind: LimitLineKind,
    /// `when …`, of caps, floors, corrections, factors.
    pub when: Option<Expr>,
    /// `skip unknown`: an unknown operand is left out.
    pub skip_unknown: Option<Span>,
    /// What it does where its condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// What a line of a limit does.
#[derive(Clone, PartialEq, Debug)]
pub enum LimitLineKind {
    /// `method assets "营运资产法" = …`
    Method {
        /// Its name.
        name: Name,
        /// Its label.
        label: Label,
        /// What it comes to.
        value: Expr,
        /// How that is rounded.
        rounding: Option<Rounding>,
    },
    /// `take lowest`
    Take(Take, Span),
    /// `correct by class_correction`
    Correct(Expr),
    /// `times purchase_share`
    Times(Expr),
    /// `cap at net_assets`
    Cap(Expr),
    /// `floor at 0`
    Floor(Expr),
    /// `rounded down to multiples of 1_000`
    Round(Rounding),
    /// `layer mortgage = …`
    Layer(Box<Layer>),
    /// `layers for requested`: what the layers are to secure.
    LayersFor(Expr, Span),
}

/// Which of the methods is taken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Take {
    /// The lowest.
    Lowest,
    /// The highest.
    Highest,
    /// The average.
    Average,
    /// The middle one of an odd number.
    Middle,
    /// The first in the order written (with `skip unknown`: the first that is known).
    First,
}

/// `triggers stance else standard { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Triggers {
    /// The name of the stance.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// What stands when nothing fires.
    pub otherwise: Named,
    /// The states with their triggers.
    pub states: Vec<State>,
    /// `strict wins over loose`: winner, loser.
    pub wins: Vec<(Name, Name, Span)>,
    /// `stays at least 30 days`
    pub stays: Option<(Expr, Span)>,
}

/// `strict when any { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct State {
    /// The state.
    pub state: Named,
    /// How many of the triggers must hold.
    pub quorum: Quorum,
    /// The triggers.
    pub triggers: Vec<Trigger>,
    /// Where it stands.
    pub span: Span,
}

/// How many must hold.
#[derive(Clone, PartialEq, Debug)]
pub enum Quorum {
    /// `any`
    Any,
    /// `all`
    All,
    /// `at least 2`
    AtLeast(Expr),
}

/// `inventory_falls "库存减少" when stock_cover < 15 days`
#[derive(Clone, PartialEq, Debug)]
pub struct Trigger {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// When it fires.
    pub when: Expr,
    /// What it does where that cannot be judged; it does not fire where nothing is said.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole trigger.
    pub span: Span,
}

/// `escalation collection for each invoice in invoices when open > 0 { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Escalation {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// The items; none for a ladder of the customer.
    pub each: Option<(Option<Name>, Name)>,
    /// `when …`: which items are on the ladder at all.
    pub when: Option<Expr>,
    /// What that does where it cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// The steps, lowest first.
    pub steps: Vec<Step>,
    /// `climbs one step at a time, at least 7 days apart`
    pub climbs: Option<Climbs>,
    /// `hold when …, clock stops`
    pub holds: Vec<Hold>,
    /// `delay 7 days when …`
    pub delays: Vec<Delay>,
    /// `skip remind when …`
    pub skips: Vec<Skip>,
    /// `tactics by debtor { … }`
    pub tactics: Option<Tactics>,
    /// `grace 3 days`: no step before so many days after its date.
    pub grace: Option<(Expr, Span)>,
    /// `minimum 100 per item, 500 per customer`
    pub minimum: Option<Minimum>,
    /// `one letter per customer at the highest step`
    pub one_letter: Option<Span>,
    /// `on a holiday next business day`
    pub holiday: Option<(Holiday, Span)>,
}

/// `minimum 100 per item, 500 per customer`: below it nothing is chased.
#[derive(Clone, PartialEq, Debug)]
pub struct Minimum {
    /// What is measured; `open` is not assumed: `minimum of open 100 per item`. None where the ladder's list has one money value named in its `when`.
    pub of: Option<Expr>,
    /// The least of an item.
    pub per_item: Option<Expr>,
    /// The least of a customer, all items of the ladder together.
    pub per_customer: Option<Expr>,
    /// Where it stands.
    pub span: Span,
}

/// What is done with a step whose day is not a business day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holiday {
    /// The next business day.
    Next,
    /// The business day before.
    Previous,
    /// It stays.
    AsItIs,
}

/// `step collect "到期催收" at due + 1 day when … : do call, notify credit_manager`
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// The step.
    pub step: Named,
    /// The day of the step; an anchor date with offsets, or `<step> done + 2 days`.
    pub at: StepDay,
    /// Only when this holds.
    pub when: Option<Expr>,
    /// What it does where that cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// What is done.
    pub actions: Vec<StepAction>,
    /// `late notify credit_manager`: what is done when the step's day has passed and it is not done.
    pub late: Vec<StepAction>,
    /// Why.
    pub reason: Reason,
    /// The whole step.
    pub span: Span,
}

/// The day of a step.
#[derive(Clone, PartialEq, Debug)]
pub enum StepDay {
    /// A date: `due + 30 days`.
    Date(Expr),
    /// `at ask done + 2 business days`: so long after another step was done.
    Done {
        /// The other step.
        step: Name,
        /// How long after; none for the same day.
        offset: Option<Expr>,
        /// Where it stands.
        span: Span,
    },
}

/// What a step does.
#[derive(Clone, PartialEq, Debug)]
pub enum StepAction {
    /// `do letter`
    Do(Name),
    /// `notify credit_manager`
    Notify(Name),
    /// `approval general_manager`: the step needs it.
    Approval(Name),
}

/// `climbs one step at a time, at least 7 days apart`
#[derive(Clone, PartialEq, Debug)]
pub struct Climbs {
    /// `at least 7 days apart`
    pub apart: Option<Expr>,
    /// Where it stands.
    pub span: Span,
}

/// `hold when disputed, clock stops because "…"`
#[derive(Clone, PartialEq, Debug)]
pub struct Hold {
    /// When.
    pub when: Expr,
    /// Since which day, where a fact says it.
    pub since: Option<Expr>,
    /// `clock stops`: days move by the length of the hold.
    pub clock_stops: Option<Span>,
    /// What it does where its condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// `delay 7 days when …`: moves the steps after the anchor date.
#[derive(Clone, PartialEq, Debug)]
pub struct Delay {
    /// By how much.
    pub by: Expr,
    /// When; always where nothing is said.
    pub when: Option<Expr>,
    /// What it does where its condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// `skip remind when …`
#[derive(Clone, PartialEq, Debug)]
pub struct Skip {
    /// Which step.
    pub step: Name,
    /// When.
    pub when: Expr,
    /// What it does where its condition cannot be judged.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// `tactics by debtor { tough : silence, soft_and_hard; any : probe }`
#[derive(Clone, PartialEq, Debug)]
pub struct Tactics {
    /// What it goes by.
    pub key: Expr,
    /// The rows; each result is a member of a kind.
    pub rows: Vec<Row>,
    /// Where it stands.
    pub span: Span,
}

/// `decision review "季度评级与授信" { characteristic optional, risk_class }`
#[derive(Clone, PartialEq, Debug)]
pub struct Decision {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// What it lists.
    pub outputs: Vec<Output>,
}

/// `credit_limit optional`
#[derive(Clone, PartialEq, Debug)]
pub struct Output {
    /// A name or a dotted name.
    pub value: Expr,
    /// It may be unknown.
    pub optional: Option<Span>,
    /// Where it stands.
    pub span: Span,
}

/// `case "…" as of 2026-12-05 { given { … } expect { … } }`
#[derive(Clone, PartialEq, Debug)]
pub struct Case {
    /// Its name.
    pub name: Text,
    /// `as of 2026-12-05`
    pub as_of: Option<Literal>,
    /// What is given.
    pub given: Vec<Given>,
    /// What must come out.
    pub expect: Vec<Expect>,
}

/// `current_assets 500万`, `last { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Given {
    /// A fact or a value: a name or a dotted name; `last` for what the last decision said.
    pub target: Expr,
    /// Its value.
    pub value: Datum,
    /// The whole entry.
    pub span: Span,
}

/// A value in the data of a case.
#[derive(Clone, PartialEq, Debug)]
pub struct Datum {
    /// What it is.
    pub kind: DatumKind,
    /// Where it stands.
    pub span: Span,
}

/// A value in the data of a case.
#[derive(Clone, PartialEq, Debug)]
pub enum DatumKind {
    /// A literal, a name of a member, a signed number.
    Value(Expr),
    /// `[ … ]`: values or records.
    List(Vec<Datum>),
    /// `{ number "F-1", amount 3万 }`
    Record(Vec<Entry>),
    /// A text of a case file: the text itself where a text is asked for, else the value written in it.
    Quoted(Text),
    /// `credit_manager and finance_head`: who must sign.
    Joint(Signers),
    /// `unknown`
    Unknown,
}

/// `amount 3万`; of the last decision also `stance.since 2026-10-01`.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The field.
    pub name: Name,
    /// What stands behind its dot.
    pub part: Option<Name>,
    /// Its value.
    pub value: Datum,
}

/// `credit_limit 12.7万`, `credit_limit withheld`, `collection["F-1"].step report`, `because <code>`
#[derive(Clone, PartialEq, Debug)]
pub struct Expect {
    /// What is looked at; none for `because <code>` alone.
    pub target: Option<Expr>,
    /// What it must be.
    pub value: ExpectValue,
    /// `because <code>` behind the value: the reason must be among those of the decision.
    pub because: Option<Name>,
    /// The whole entry.
    pub span: Span,
}

/// What must come out.
#[derive(Clone, PartialEq, Debug)]
pub enum ExpectValue {
    /// This value.
    Value(Datum),
    /// `unknown`
    Unknown,
    /// `withheld`
    Withheld,
    /// `fault`: the whole decision is withheld, because it breaks what must always hold.
    Fault,
    /// `asks credit_manager`: the role is asked something.
    Asks(Name),
    /// Nothing is said of the value, only of the reason.
    Any,
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
