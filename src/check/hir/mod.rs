//! What a policy means: every name resolved, every expression typed, still in the constructs of a credit department.
//!
//! A used policy stands in the same [`Program`], before the policies that use it; its values keep their own header.

mod approval;
mod book;
mod by_date;
mod checks;
mod judgement;
mod lists;
mod totals;
mod words;

use std::collections::BTreeMap;
mod papers;

use crate::base::{IndexVec, Span, Str};
use crate::syntax::ast;
use crate::value::{Date, EnumId, FieldId, MonthEnd, Number, Rounding, RoundingMode, Schema, Type, Value};

pub use crate::base::Label;
pub use approval::{Authority, ExceptionField, RecordType, SCOPES, Seat, SignOffField, Signers, VERDICTS};
pub use ast::{AggregateFunction, Holiday, Period, Pick, Take};
pub use book::{BookCap, BookGroup, BookKey, BookKind, BookValue};
pub use by_date::{Frozen, Interest, Reference, ReferenceId, Series, SeriesId, SeriesPeriod};
pub use checks::{
    CHECK_VERDICTS, CheckHold, CheckVerdict, Checks, Exclusion, HOLD_STATUSES, HoldStatus, LastChecks,
    Measure, Releaser,
};
pub use judgement::{Grants, Judgement, Override, RoleTest, StandIn};
pub use lists::Allocation;
pub use papers::{Checklist, Paper, Validity, ValidityKind};
pub use totals::{Layer, Total, TotalLine};
pub use words::{Piece, Reason, Shown, Words, WordsId};

crate::define_index! {
    /// A policy of a program.
    PolicyId
}
crate::define_index! {
    /// A named construct that has a value: a `let`, a table, a scorecard, grades, a limit …
    ValueId
}
crate::define_index! {
    /// A parameter.
    ParamId
}
crate::define_index! {
    /// A function of a script.
    ScriptId
}

/// A policy with all that it uses, ready to be lowered.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The policies; used ones before their users, the one that was asked for last.
    pub policies: IndexVec<PolicyId, Policy>,
    /// The facts of all policies, merged by name; the enumerations; and what the last decision said: `last.<value>`,
    /// `last.<value>.since`, `last.on` are optional facts of these names, `last.<ladder>` an optional record list with the fields
    /// of [`LastLadder`].
    pub schema: Schema,
    /// What a what-if may turn.
    pub params: IndexVec<ParamId, Param>,
    /// Parameters whose value changes by date.
    pub series: IndexVec<SeriesId, Series>,
    /// Tables that stand in files beside their policy.
    pub references: IndexVec<ReferenceId, Reference>,
    /// The values of all policies in the order written.
    pub values: IndexVec<ValueId, Definition>,
    /// The functions of scripts.
    pub scripts: IndexVec<ScriptId, Script>,
    /// The texts for people.
    pub words: IndexVec<WordsId, Words>,
    /// The roles, by name, with labels.
    pub roles: Vec<Named>,
    /// Which role stands over which, by their places: (higher, lower), with all that follows from what is written.
    pub over: Vec<(u32, u32)>,
    /// The enumeration of the roles, where a fact has one of them: its members are the roles, place by place.
    pub role_kind: Option<EnumId>,
    /// The lists of sign-offs and of exceptions.
    pub records: BTreeMap<FieldId, RecordType>,
    /// The actions, by name, with labels.
    pub actions: Vec<Named>,
    /// The exceptions that may be made from values.
    pub overrides: BTreeMap<ValueId, Override>,
}

/// A name with its label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The name in the policy.
    pub name: Str,
    /// Its label.
    pub label: Label,
}

/// The header of a policy and what stands in it beside values.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Its version.
    pub version: Str,
    /// The first day on which it applies.
    pub effective_from: Option<Date>,
    /// The last day on which it applies.
    pub effective_until: Option<Date>,
    /// Its currency.
    pub currency: crate::value::Currency,
    /// The mode of a rounding that names none.
    pub rounding: RoundingMode,
    /// The calendar of business days, by name.
    pub calendar: Option<Str>,
    /// The policies it uses.
    pub uses: Vec<PolicyId>,
    /// What is decided.
    pub decisions: Vec<Decision>,
    /// What must hold of every decision.
    pub always: Vec<Always>,
    /// To whom the policy applies; to all where nothing is said.
    pub applies: Option<Expr>,
    /// The cases.
    pub cases: Vec<Case>,
    /// The bare names by which values, facts and parameters can be reached in this policy.
    pub names: Vec<(Str, Target)>,
    /// Where the header stands.
    pub span: Span,
}

/// What a name of a policy stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Target {
    /// A fact.
    Fact(FieldId),
    /// A value.
    Value(ValueId),
    /// A parameter.
    Param(ParamId),
    /// A parameter by date.
    Series(SeriesId),
    /// A reference.
    Reference(ReferenceId),
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// The policy it belongs to.
    pub policy: PolicyId,
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Its type.
    pub ty: Type,
    /// The least and the greatest value allowed, with whether each bound is included.
    pub range: ValueRange,
    /// Its decimals at most, as a fact of its type would have.
    pub decimals: u32,
    /// Its value unless set otherwise.
    pub default: Value,
    /// What the figure follows.
    pub cite: Option<Str>,
    /// Where it stands.
    pub span: Span,
}

/// A declared range.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ValueRange {
    /// The lower bound and whether it is included.
    pub from: Option<(Number, bool)>,
    /// The upper bound and whether it is included.
    pub to: Option<(Number, bool)>,
}

/// Whose value it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Scope {
    /// The customer's.
    Customer,
    /// Each item's of this list.
    Items(FieldId),
}

/// A named construct.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The policy it stands in.
    pub policy: PolicyId,
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Whose value it is.
    pub scope: Scope,
    /// The type of its main value.
    pub ty: Type,
    /// What it is.
    pub kind: DefinitionKind,
    /// The name in the source.
    pub name_span: Span,
    /// The whole construct.
    pub span: Span,
}

/// What a named construct is.
#[derive(Clone, Debug)]
pub enum DefinitionKind {
    /// `let`
    Let(Let),
    /// `table`
    Table(Table),
    /// `scorecard`
    Scorecard(Scorecard),
    /// `grades`
    Grades(Grades),
    /// `correction`: the value is a factor, 1.2 for `up 20%`.
    Correction(Correction),
    /// `limit`
    Limit(Limit),
    /// `triggers`
    Triggers(Triggers),
    /// `escalation`
    Escalation(Box<Escalation>),
    /// `total`
    Total(Total),
    /// `allocate`: the value of each item; what is left is a `let`.
    Allocation(Box<Allocation>),
    /// `checks`: the value is the verdict.
    Checks(Box<Checks>),
    /// `judgement`
    Judgement(Box<Judgement>),
    /// A value of a `portfolio`.
    Book(Box<BookValue>),
    /// `authority`: the value is as much as was granted.
    Authority(Box<Authority>),
    /// `checklist`: the value is whether all is there.
    Checklist(Checklist),
    /// What could not be checked; reported already.
    Error,
}

/// A part of a construct that has a value of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// The construct's own value.
    Main,
    /// The result column of a table.
    Result(u32),
    /// A method of a limit.
    Method(u32),
    /// A layer of a limit: what it bears.
    Layer(u32),
    /// `.unsecured` of a limit: what its layers leave of the amount that they are for.
    Unsecured,
    /// A line of a total.
    Line(u32),
    /// A section of a card, on the card's scale.
    Section(u32),
    /// A factor of a card, on its own scale.
    Factor(u32),
    /// `.of` of a card: the points that were to be had (Σ weight × greatest score of what counts).
    Of,
    /// `.known` of a card: how many factors are known.
    Known,
    /// `.sum` of a card: the points that were got.
    Sum,
    /// `.computed` of a limit: before its last line that rounds. Of a value from which exceptions may be made: what the policy
    /// itself comes to.
    Computed,
    /// `.step` of a ladder: the step in force; the same as its own value.
    Step,
    /// `.awaiting` of a ladder: the step whose approval is missing.
    Awaiting,
    /// `.day` of a ladder: the day of the step in force.
    Day,
    /// `.next` of a ladder: the step that comes next.
    Next,
    /// `.next_day` of a ladder: its day.
    NextDay,
    /// `.held` of a ladder: whether a hold stands.
    Held,
    /// `.act` of a ladder: whether the step in force is to be acted on today.
    Act,
    /// `.needed` of an authority: who must sign.
    Needed,
    /// `.given` of an authority: of the roles asked for those that somebody has signed for, for the whole value.
    Given,
    /// `.missing` of an authority: the roles whose signature is missing.
    Missing,
    /// `.granted` of an authority: as much as signatures cover; the same as its own value.
    Granted,
    /// `.carried` of an authority: what the signer carries of what he signed beyond his own limit.
    Carried,
    /// `.carrier` of an authority: the person who carries it.
    Carrier,
    /// `.tactics` of a ladder: a list of members of their kind, in the order to be tried.
    Tactics,
    /// `.verdict` of checks; the same as their own value.
    Verdict,
    /// `.standing` of checks: the set of the holds that stand.
    Standing,
    /// `.worst` of checks: the worst hold that stands.
    Worst,
    /// What a hold of checks is.
    Hold(u32),
    /// `.served` of a capped sum of the book: what this member gets of the budget.
    Served,
    /// `.left` of a capped sum of the book: what was left when this member's turn came.
    Left,
    /// `.place` of a capped sum of the book: this member's place in the order of serving, from 1.
    Place,
    /// `.budget` of a capped sum of the book.
    Budget,
    /// `.members` of a value of the book: how many members it is taken over.
    Members,
    /// `.left_out` of a value of the book: how many members were left out, it being unknown of them.
    LeftOut,
    /// `.required` of a checklist: the papers that must be there.
    Required,
    /// `.missing` of a checklist: those of them that are not.
    Absent,
    /// `.expired` of a checklist: those that are there and hold no longer.
    Expired,
    /// `.complete` of a checklist: whether all that is required is there and holds; the same as its own value.
    Complete,
}

/// `let`
#[derive(Clone, Debug)]
pub struct Let {
    /// What it is.
    pub value: Expr,
    /// How it is rounded.
    pub rounding: Option<Rounding>,
    /// Why.
    pub reason: Reason,
}

/// What a rule does where its condition cannot be judged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum IfUnknown {
    /// It applies.
    Applies,
    /// It does not apply.
    DoesNotApply,
    /// A role is asked; until it has answered, the rule applies.
    Refer {
        /// The role.
        role: Str,
        /// What it is asked.
        question: Option<Label>,
    },
    /// The customer is refused an answer: what depends on it is unknown.
    Refuse,
}

/// A condition with what happens where it cannot be judged, and why the rule is there.
#[derive(Clone, Debug)]
pub struct Condition {
    /// When; always where there is none.
    pub when: Option<Expr>,
    /// What happens where it cannot be judged. None: nothing was said; an error where it can be unknown, but for a
    /// stance's triggers and for rows, where the search stops.
    pub if_unknown: Option<IfUnknown>,
    /// Why.
    pub reason: Reason,
    /// The whole rule.
    pub span: Span,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// The patterns of the keys; empty for a guard row.
    pub cells: Vec<Cell>,
    /// The guard and the words.
    pub condition: Condition,
    /// The results, one a column.
    pub results: Vec<Outcome>,
}

/// What a key must be.
#[derive(Clone, Debug)]
pub struct Cell {
    /// One of these.
    pub patterns: Vec<Pattern>,
    /// Where it stands.
    pub span: Span,
}

/// What a value must be.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Between bounds, each with whether it is included.
    Bounds {
        /// The lower bound.
        lower: Option<(Expr, bool)>,
        /// The upper bound.
        upper: Option<(Expr, bool)>,
    },
    /// A grade as good as this place in the order or better; unknown for an apart grade.
    OrBetter(u32),
    /// A grade as bad as this place or worse; unknown for an apart grade.
    OrWorse(u32),
    /// This member.
    Code(u32),
    /// This value: a number, a text, yes or no, a day.
    Equals(Expr),
    /// Whatever it is, known or not.
    Any,
    /// Not known.
    Unknown,
}

/// A result.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What it is.
    pub kind: OutcomeKind,
    /// Where it stands.
    pub span: Span,
}

/// A result.
#[derive(Clone, Debug)]
pub enum OutcomeKind {
    /// A value.
    Value(Expr),
    /// Unknown, as the policy says.
    Unknown,
    /// A role is asked; unknown until it has answered.
    Refer {
        /// The role.
        role: Str,
        /// What it is asked.
        question: Option<Label>,
    },
    /// `refuse`: nothing is decided on what is known.
    Refuse,
    /// `cancel`: the factor 0.
    Cancel,
    /// `no recommendation`: withheld.
    NoRecommendation,
}

/// A key of a table.
#[derive(Clone, Debug)]
pub enum Key {
    /// A value in scope.
    Value(Expr),
    /// A typed parameter: the table is applied.
    Parameter {
        /// Its name.
        name: Str,
        /// Its type.
        ty: Type,
        /// Its declared range.
        range: ValueRange,
        /// Where it stands.
        span: Span,
    },
}

/// How a table goes through its rows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TableMode {
    /// The first row that matches.
    First,
    /// The one row that matches; no two may.
    Unique,
    /// All rows that match: the result is a set.
    All,
    /// Each row for the part of the key in its band: the result is a sum.
    BySlices,
}

/// `table`
#[derive(Clone, Debug)]
pub struct Table {
    /// Its keys. A grid has been turned into rows of two keys.
    pub keys: Vec<Key>,
    /// How it goes through its rows.
    pub mode: TableMode,
    /// The results; one without a name where the table itself is the value.
    pub results: Vec<ResultColumn>,
    /// The rows in order.
    pub rows: Vec<Row>,
    /// How the result is rounded.
    pub rounding: Option<Rounding>,
    /// Why the table is there.
    pub reason: Reason,
}

/// A result column.
#[derive(Clone, Debug)]
pub struct ResultColumn {
    /// Its name.
    pub name: Option<Str>,
    /// Its label.
    pub label: Label,
    /// Its type.
    pub ty: Type,
}

/// `scorecard`
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// Points are added up rather than averaged by weight.
    pub added: bool,
    /// What an added card begins with.
    pub base: Number,
    /// The sections in order.
    pub sections: Vec<Section>,
    /// The factors in order, each with its section.
    pub factors: Vec<Factor>,
    /// From the scale of the factors to that of the card: (from low, from high, to low, to high).
    pub scale: Option<(Number, Number, Number, Number)>,
    /// How much must be known.
    pub require: Vec<Require>,
    /// How the card is rounded.
    pub rounding: Option<Rounding>,
}

/// A section of a card.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Where it stands.
    pub span: Span,
}

/// A factor of a card.
#[derive(Clone, Debug)]
pub struct Factor {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// The section it stands in.
    pub section: Option<u32>,
    /// What is scored.
    pub value: Expr,
    /// What it weighs; as a fraction where written in percent. None in an added card.
    pub weight: Option<Number>,
    /// How the value becomes points; the value itself where there is nothing.
    pub points: Points,
    /// What is done where it is unknown, resolved from factor, section and card.
    pub missing: Missing,
    /// Whether `missing` was written anywhere for it.
    pub missing_written: bool,
    /// Why.
    pub reason: Reason,
    /// Where it stands.
    pub span: Span,
}

/// How a value becomes points.
#[derive(Clone, Debug)]
pub enum Points {
    /// It is its own score.
    Value,
    /// By rows over the value; each result is a number. A row `unknown` stands over `missing`.
    Rows(Vec<Row>),
    /// So many when the value is so, else none.
    When(Number, Pattern),
    /// So many for each so much, at most (or, where negative, at least) so many.
    Per {
        /// The points.
        points: Number,
        /// For each so much of the value; whole portions count.
        per: Number,
        /// The bound.
        up_to: Option<Number>,
    },
}

/// What is done with an unknown factor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Missing {
    /// It does not count.
    LeftOut,
    /// It scores so much.
    Scores(Number),
    /// The card is unknown.
    Unknown,
}

/// How much of a card must be known.
#[derive(Clone, Debug)]
pub struct Require {
    /// How much.
    pub kind: RequireKind,
    /// Why.
    pub reason: Reason,
    /// Where it stands.
    pub span: Span,
}

/// How much of a card must be known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RequireKind {
    /// So many factors.
    Known(u32),
    /// So great a part of the weight, as a fraction.
    WeightKnown(Number),
}

/// `grades`
#[derive(Clone, Debug)]
pub struct Grades {
    /// The scale; its members in the order of the bands, apart grades last.
    pub scale: EnumId,
    /// The score.
    pub score: Expr,
    /// The bands, best first; band `i` gives the member at place `i`.
    pub bands: Vec<Band>,
    /// The apart grades.
    pub apart: Vec<Apart>,
    /// Notches, caps, forces in the order written.
    pub rules: Vec<GradeRule>,
}

/// A band of a scale.
#[derive(Clone, Debug)]
pub struct Band {
    /// The least score.
    pub from: Expr,
    /// Whether that score itself is in.
    pub inclusive: bool,
    /// What the grade needs beside the score.
    pub needs: Condition,
}

/// An apart grade.
#[derive(Clone, Debug)]
pub struct Apart {
    /// Its place in the scale.
    pub code: u32,
    /// It stands where the score is unknown.
    pub when_unknown: bool,
    /// Or where this holds.
    pub condition: Condition,
}

/// A rule on a grade.
#[derive(Clone, Debug)]
pub struct GradeRule {
    /// What it does.
    pub kind: GradeRuleKind,
    /// When.
    pub condition: Condition,
}

/// What a rule on a grade does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GradeRuleKind {
    /// So many notches worse.
    Down(u32),
    /// So many notches better.
    Up(u32),
    /// Not better than this place.
    NotAbove(u32),
    /// This place.
    Force(u32),
}

/// `correction`
#[derive(Clone, Debug)]
pub struct Correction {
    /// What it goes by.
    pub keys: Vec<Key>,
    /// The rows; a result is a factor, `cancel` or `no recommendation`.
    pub rows: Vec<Row>,
}

/// `limit`
#[derive(Clone, Debug)]
pub struct Limit {
    /// The methods; none where there are layers.
    pub methods: Vec<Method>,
    /// The layers, from the top; none where there are methods.
    pub layers: Vec<Layer>,
    /// What the layers are to secure.
    pub layers_for: Option<Expr>,
    /// Which of them is taken; `First` where there is one.
    pub take: Take,
    /// Whether unknown methods are left out.
    pub skip_unknown: bool,
    /// Where `take` stands.
    pub take_span: Option<Span>,
    /// Why it is taken so.
    pub take_reason: Reason,
    /// The lines behind `take`, in order.
    pub lines: Vec<LimitLine>,
}

/// A method of a limit.
#[derive(Clone, Debug)]
pub struct Method {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What it comes to.
    pub value: Expr,
    /// How that is rounded.
    pub rounding: Option<Rounding>,
    /// Why.
    pub reason: Reason,
    /// The whole line.
    pub span: Span,
}

/// A line of a limit.
#[derive(Clone, Debug)]
pub struct LimitLine {
    /// What it does.
    pub kind: LimitLineKind,
    /// When.
    pub condition: Condition,
    /// Whether it is left out where its operand is unknown.
    pub skip_unknown: bool,
}

/// What a line of a limit does.
#[derive(Clone, Debug)]
pub enum LimitLineKind {
    /// Multiplies with the factor of a correction.
    Correct(Expr),
    /// Multiplies.
    Times(Expr),
    /// Not above.
    Cap(Expr),
    /// Not below.
    Floor(Expr),
    /// Rounds.
    Round(Rounding),
}

/// `triggers`
#[derive(Clone, Debug)]
pub struct Triggers {
    /// The states: those with triggers in the order written, then the one that stands otherwise.
    pub states: EnumId,
    /// The place of the state that stands when nothing fires.
    pub otherwise: u32,
    /// The states with triggers; the `i`th is the member at place `i`.
    pub groups: Vec<TriggerGroup>,
    /// The places of the groups, winner first; every two are ordered or cannot both fire.
    pub precedence: Vec<u32>,
    /// How many days a stance stays at least.
    pub stays: Option<Expr>,
    /// The facts that hold the last stance and since when.
    pub last: Option<(FieldId, FieldId)>,
}

/// A state with its triggers.
#[derive(Clone, Debug)]
pub struct TriggerGroup {
    /// How many must hold; `None` for all.
    pub at_least: Option<u32>,
    /// The triggers.
    pub triggers: Vec<Trigger>,
    /// Where it stands.
    pub span: Span,
}

/// A trigger.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// When it fires.
    pub condition: Condition,
}

/// `escalation`
#[derive(Clone, Debug)]
pub struct Escalation {
    /// The steps as an enumeration, lowest first.
    pub steps_enum: EnumId,
    /// Which items are on the ladder at all.
    pub condition: Condition,
    /// The steps, lowest first; the `i`th is the member at place `i`.
    pub steps: Vec<LadderStep>,
    /// One step at a time, and so long apart at least (days, or business days).
    pub climbs: Option<Climbs>,
    /// What hides the actions.
    pub holds: Vec<Hold>,
    /// What moves the days.
    pub delays: Vec<Delay>,
    /// What leaves steps out.
    pub skips: Vec<Skip>,
    /// Which tactics go with the debtor.
    pub tactics: Option<Tactics>,
    /// No step before so long after its day.
    pub grace: Option<Expr>,
    /// Below these sums nothing is chased: (what is measured, per item, per customer).
    pub minimum: Option<Minimum>,
    /// One letter a customer, at the highest step.
    pub one_letter: bool,
    /// What is done where a step's day is no business day.
    pub holiday: Holiday,
    /// What was carried out so far.
    pub last: LastLadder,
}

/// What the records of a ladder say of what was carried out: the facts `last.<ladder>`, a list of records found by the
/// item's key (a ladder of the customer: one record).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastLadder {
    /// The record list.
    pub list: FieldId,
    /// The field of the item's list that is its key; none for a ladder of the customer.
    pub item_key: Option<u32>,
    /// Its fields by place: the key, the step last done, on which day, the highest step approved,
    /// the days the clock has stood in holds that are over, the day since when a hold stands.
    pub key: u32,
    /// The step last done.
    pub step: u32,
    /// The day on which it was done.
    pub on: u32,
    /// The highest step whose approval was given.
    pub approved: u32,
    /// Days for which the clock has stood in holds that are over.
    pub held: u32,
    /// Since when the standing hold stands.
    pub held_since: u32,
}

/// A step of a ladder.
#[derive(Clone, Debug)]
pub struct LadderStep {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Its day.
    pub day: StepDay,
    /// Only when this holds.
    pub condition: Condition,
    /// The actions, by name.
    pub actions: Vec<Str>,
    /// The roles that are told.
    pub notify: Vec<Str>,
    /// The roles whose approval it needs.
    pub approval: Vec<Str>,
    /// The roles that are told when it is late.
    pub late: Vec<Str>,
}

/// The day of a step.
#[derive(Clone, Debug)]
pub enum StepDay {
    /// An anchor date and what is added to it.
    Anchor {
        /// The date without the offset: `due`.
        anchor: Expr,
        /// The offset; none for the day itself.
        offset: Option<Offset>,
        /// The date with the offset.
        date: Expr,
    },
    /// So long after another step was done.
    Done {
        /// The place of the other step.
        step: u32,
        /// How long after.
        offset: Option<Offset>,
    },
}

/// A stretch of days.
#[derive(Clone, Debug)]
pub enum Offset {
    /// Calendar days, also negative.
    Days(Expr),
    /// Business days.
    BusinessDays(Expr),
    /// Months.
    Months(Expr, MonthEnd),
}

/// `climbs one step at a time, at least 7 days apart`
#[derive(Clone, Debug)]
pub struct Climbs {
    /// So long apart.
    pub apart: Option<Offset>,
    /// Where it stands.
    pub span: Span,
}

/// `hold`
#[derive(Clone, Debug)]
pub struct Hold {
    /// When.
    pub condition: Condition,
    /// Since which day.
    pub since: Option<Expr>,
    /// Whether the days move by its length.
    pub clock_stops: bool,
}

/// `delay`
#[derive(Clone, Debug)]
pub struct Delay {
    /// By how much.
    pub by: Offset,
    /// When.
    pub condition: Condition,
}

/// `skip`
#[derive(Clone, Debug)]
pub struct Skip {
    /// The place of the step.
    pub step: u32,
    /// When.
    pub condition: Condition,
}

/// `tactics`
#[derive(Clone, Debug)]
pub struct Tactics {
    /// What it goes by.
    pub key: Expr,
    /// The kind of the tactics.
    pub tactics: EnumId,
    /// The rows: the cell, the guard, and the members in the order to be tried.
    pub rows: Vec<(Cell, Condition, Vec<u32>)>,
}

/// `minimum`
#[derive(Clone, Debug)]
pub struct Minimum {
    /// What is measured of an item.
    pub of: Expr,
    /// The least of an item.
    pub per_item: Option<Expr>,
    /// The least of all items of a customer together.
    pub per_customer: Option<Expr>,
}

/// `decision`
#[derive(Clone, Debug)]
pub struct Decision {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What it lists.
    pub outputs: Vec<Output>,
    /// Where it stands.
    pub span: Span,
}

/// An output of a decision.
#[derive(Clone, Debug)]
pub struct Output {
    /// The name as it is listed: `credit_limit`, `limit_percent.share`.
    pub name: Str,
    /// What it is: a value or a part of one.
    pub value: Expr,
    /// It may be unknown.
    pub optional: bool,
    /// Where it stands.
    pub span: Span,
}

/// `always`
#[derive(Clone, Debug)]
pub struct Always {
    /// What must hold.
    pub holds: Expr,
    /// Where it stands.
    pub span: Span,
}

/// `case`
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name.
    pub name: Str,
    /// The day on which it is decided.
    pub as_of: Option<Date>,
    /// The facts that are given; records by their fields.
    pub facts: Vec<(FieldId, Given, Span)>,
    /// The computed values that are given and stand.
    pub values: Vec<(ValueId, Part, Given, Span)>,
    /// The parameters that are set.
    pub params: Vec<(ParamId, Value, Span)>,
    /// What must come out.
    pub expect: Vec<Expect>,
    /// Where it stands.
    pub span: Span,
}

/// A value that a case gives.
#[derive(Clone, PartialEq, Debug)]
pub enum Given {
    /// A value, or unknown.
    Value(Value),
    /// Records: each a value for the fields that are given, by their place.
    Records(Vec<Vec<(u32, Value)>>),
}

/// What must come out of a case.
#[derive(Clone, Debug)]
pub struct Expect {
    /// What is looked at; none where only a reason is expected.
    pub target: Option<ExpectTarget>,
    /// What it must be.
    pub value: ExpectValue,
    /// The reason code that must be among those of the decision.
    pub because: Option<Str>,
    /// As written, for the report of a failure.
    pub written: Str,
    /// Where it stands.
    pub span: Span,
}

/// What a case looks at.
#[derive(Clone, Debug)]
pub struct ExpectTarget {
    /// The value or fact.
    pub value: Expr,
    /// The key of the item, for a value of items.
    pub item: Option<Value>,
}

/// What must come out.
#[derive(Clone, PartialEq, Debug)]
pub enum ExpectValue {
    /// This value, exactly.
    Value(Value),
    /// Unknown, for whatever cause but `withheld`.
    Unknown,
    /// Withheld.
    Withheld,
    /// The decision breaks what must always hold, or two exceptions contradict each other: it is withheld as a whole.
    Fault,
    /// This role is asked something.
    Asks(Str),
    /// No item: nothing is on the ladder, the list is empty.
    NoItems,
    /// Whatever it is.
    Any,
}

/// A function of a script.
#[derive(Clone, Debug)]
pub struct Script {
    /// The policy it belongs to.
    pub policy: PolicyId,
    /// The file, as written.
    pub file: Str,
    /// The text of the file.
    pub source: Str,
    /// The function.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// The types of its parameters.
    pub parameters: Vec<Type>,
    /// The type of its result.
    pub result: Type,
    /// The range of its result.
    pub range: ValueRange,
    /// Where it stands.
    pub span: Span,
}

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
    /// The column of the row of a reference with these keys, in the order of [`Reference::keys`].
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
