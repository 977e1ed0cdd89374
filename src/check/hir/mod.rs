//! What a policy means: every name resolved, every expression typed, still in the constructs of a credit department.
//!
//! A used policy stands in the same [`Program`], before the policies that use it; its values keep their own header.

mod approval;
mod book;
mod by_date;
mod checks;
mod decision;
mod escalation;
mod expression;
mod grades;
mod judgement;
mod limit;
mod lists;
mod mention;
mod papers;
mod part_names;
mod scorecard;
mod table;
mod totals;
mod triggers;
mod words;

use std::collections::BTreeMap;

use crate::base::{IndexVec, Span, Str};
use crate::value::{Date, EnumId, FieldId, Number, Rounding, RoundingMode, Schema, Type, Value};

pub use crate::base::Label;
pub use crate::syntax::ast::{AggregateFunction, Holiday, Period, Pick, Take};
pub use approval::{Authority, ExceptionField, RecordType, SCOPES, Seat, SignOffField, Signers, VERDICTS};
pub use book::{BookCap, BookGroup, BookKey, BookKind, BookValue};
pub use by_date::{Frozen, Interest, Reference, ReferenceId, Series, SeriesId, SeriesPeriod};
pub use checks::{
    CHECK_VERDICTS, CheckHold, CheckVerdict, Checks, Exclusion, HOLD_STATUSES, HoldStatus, LastChecks,
    Measure, Releaser,
};
pub use decision::{Always, Case, Decided, Decision, Expect, ExpectTarget, ExpectValue, Given, Output};
pub use escalation::{
    Climbs, Delay, Escalation, Hold, LadderStep, LastLadder, Minimum, Offset, Skip, StepDay, Tactics,
};
pub use expression::{Arithmetic, Compare, Expr, ExprKind, Window};
pub use grades::{Apart, Band, GradeRule, GradeRuleKind, Grades};
pub use judgement::{Concerned, Grants, Judgement, Override, RoleTest, StandIn};
pub use limit::{Correction, Limit, LimitLine, LimitLineKind, Method};
pub use lists::Allocation;
pub use mention::{Meaning, Mention};
pub use papers::{Checklist, Paper, Validity, ValidityKind};
pub use part_names::PartName;
pub use scorecard::{Factor, Missing, Points, Require, RequireKind, Scorecard, Section};
pub use table::{Cell, Key, Outcome, OutcomeKind, Pattern, ResultColumn, Row, Table, TableMode};
pub use totals::{Layer, Total, TotalLine};
pub use triggers::{Trigger, TriggerGroup, Triggers};
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
    /// Which role stands over which in each policy, by their places: (higher, lower), with all that follows from what is written.
    pub over: BTreeMap<PolicyId, Vec<(u32, u32)>>,
    /// The enumeration of the roles, where a fact has one of them: its members are the roles, place by place.
    pub role_kind: Option<EnumId>,
    /// The lists of sign-offs and of exceptions.
    pub records: BTreeMap<FieldId, RecordType>,
    /// The actions, by name, with labels.
    pub actions: Vec<Named>,
    /// The exceptions that may be made from values.
    pub overrides: BTreeMap<ValueId, Override>,
    /// Which name stands for what, in the order in which that was found. Nothing that runs rests on it.
    pub mentions: Vec<Mention>,
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
    /// The day from which it was known; none: always.
    pub known_from: Option<Date>,
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
