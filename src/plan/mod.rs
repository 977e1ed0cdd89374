//! Meaning into what runs: a flat list of small steps, and beside it what each construct of the policy has to do with them.
//!
//! A [`Step`] refers only to earlier steps. There are some sixty operations ([`Op`]) and no construct of the language among
//! them: a scorecard is a weighted mean, a grade is the first band that holds, then arithmetic on its place. The
//! interpreter, the proofs, the differ read steps; people read [`Item`]s, which say which step is which weight, row, cap.
//!
//! An item step is computed once for each item of its list; it may read steps of the customer and of the same item.

mod book;
pub mod by_date;
pub mod digest;
mod gathers;
mod infer;
mod item;
mod lower;
mod operands;
mod papers;
mod personal;
pub mod prove;
mod roots;
mod signed;
mod signed_on;
mod slice;
mod text;
mod totality;
mod words;

pub use book::{
    BookCap, BookCapItem, BookEntry, BookGroup, BookItem, BookKey, BookPart, BookWhat, MOST_CUSTOMERS,
    Stratum, with_book,
};
pub use item::{
    AllocationItem, AlwaysItem, ApartItem, AuthorityItem, BandItem, CaseItem, CellItem, CellPattern,
    CellTest, CheckItem, ChecksItem, CorrectionItem, DecisionItem, EscalationItem, ExpectItem, FactorItem,
    GivenItems, GradesItem, GrantTest, GrantsItem, GuardItem, HoldItem, Item, ItemKind, JudgementItem,
    LadderRung, LayerItem, LimitItem, LineItem, LineKind, MeasureItem, MethodItem, OutputItem, OverrideItem,
    Question, RequireItem, RowItem, Rule, RuleKind, ScorecardItem, SectionItem, SliceItem, TableItem,
    TacticsRow, TotalItem, TotalLineItem, TriggerItem, TriggersItem,
};

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::base::{IndexVec, Span, Str};
use crate::check::hir;
use crate::diag::Diagnostic;
use crate::value::{
    Calendar, Currency, Date, EnumId, Field, FieldId, MonthEnd, Number, Rounding, Schema, Type, Value,
};

pub use by_date::{Anchor, Frozen, Interest, Reference, Series, SeriesPeriod, Stretch};
pub use digest::of_text as digest_of;
pub use gathers::gathers;
pub use papers::{ChecklistItem, PaperItem, ValidityItem};
pub use personal::HIDDEN;
pub use signed::{Seat, Signed, SignedResult, subjects};
pub use signed_on::SignedOn;
pub use slice::{facts_under, slice};
pub use text::{text, value_text};
pub use words::{Piece, Reason, Words, WordsId};

pub use hir::{
    AggregateFunction, CheckVerdict, Compare, Decided, ExpectValue, Given, HoldStatus, Holiday, IfUnknown,
    Label, LastChecks, LastLadder, Missing, Period, RequireKind, Scope, SignOffField, Signers, TableMode,
    Take, ValueRange,
};

crate::define_index! {
    /// A step of a plan.
    StepId
}
crate::define_index! {
    /// A rule of a plan: something that applies or not, with a reason.
    RuleId
}
crate::define_index! {
    /// A value of the book.
    BookId
}
crate::define_index! {
    /// A construct of a policy.
    ItemId
}

/// A plan, and what was found on the way to it.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The plan; it runs only where no diagnostic is an error.
    pub plan: Plan,
    /// What is wrong: conditions that nobody decides, outputs that can be unknown, endless decimals, gaps of tables.
    pub diagnostics: Vec<Diagnostic>,
}

/// Lowers a checked program to a plan and proves what rests on the values of facts: that every condition is decided, every
/// output known, finite and short enough, every table without gap.
///
/// The calendars are part of what the policy means, and so of its digest.
#[must_use]
pub fn compile(program: &hir::Program, calendars: &BTreeMap<Str, Calendar>) -> Compiled {
    let mut compiled = compile_undigested(program);
    compiled.plan.digest = digest::digest(&compiled.plan, calendars);
    compiled
}

/// The same without the digest, which costs as much as the rest and which an editor wants of few of the plans that it makes, one
/// a keystroke: [`digested`] makes up for it.
#[must_use]
pub fn compile_undigested(program: &hir::Program) -> Compiled {
    let mut lower = lower::Lower::new(program);
    lower.all();
    let (plan, findings) = lower.finish();
    let mut proofs = prove::prove(&plan);
    let mut diagnostics = totality::judge(program, &plan, findings, &mut proofs);
    diagnostics.extend(book::judge(&plan));
    diagnostics.extend(proofs);
    Compiled { plan, diagnostics }
}

/// A plan with its digest; `calendars` are those that it names, in their order.
#[must_use]
pub fn digested<'a>(plan: &'a Plan, calendars: &[Calendar]) -> Cow<'a, Plan> {
    if !plan.digest.is_empty() {
        return Cow::Borrowed(plan);
    }
    let named: BTreeMap<Str, Calendar> =
        plan.calendars.iter().cloned().zip(calendars.iter().cloned()).collect();
    let digest = digest::digest(plan, &named);
    Cow::Owned(Plan { digest, ..plan.clone() })
}

/// A policy as it runs.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The policies, used ones first, the one that was asked for last.
    pub policies: Vec<PolicyInfo>,
    /// The facts, with what the last decision said among them.
    pub schema: Schema,
    /// The roles, with labels.
    pub roles: Vec<(Str, Label)>,
    /// The actions, with labels.
    pub actions: Vec<(Str, Label)>,
    /// The parameters, by the number in [`Op::Param`].
    pub params: Vec<Param>,
    /// The parameters by date, by the number in [`Op::ByDate`].
    pub series: Vec<Series>,
    /// The tables that stand in files, by the number in [`Op::Reference`].
    pub references: Vec<Reference>,
    /// The steps; each refers only to earlier ones.
    pub steps: IndexVec<StepId, Step>,
    /// The rules.
    pub rules: IndexVec<RuleId, Rule>,
    /// The values of the book, by the number in [`Op::Book`].
    pub book: IndexVec<BookId, BookEntry>,
    /// Which steps can be computed before which values of the book are there. Empty where nothing reads the book.
    pub strata: Vec<Stratum>,
    /// The constructs in the order written, those of used policies first.
    pub items: IndexVec<ItemId, Item>,
    /// Every name under which a step can be asked for, as the root policy writes it: `credit_limit`,
    /// `credit_limit.assets`, `working_assets.appraisal`.
    pub names: BTreeMap<Str, StepId>,
    /// What is decided.
    pub decisions: Vec<DecisionItem>,
    /// What must hold of every decision.
    pub always: Vec<AlwaysItem>,
    /// Whether the policy applies to the customer; to all where there is none.
    pub applies: Option<StepId>,
    /// The cases.
    pub cases: Vec<CaseItem>,
    /// The calendars by name, by the number in the steps.
    pub calendars: Vec<Str>,
    /// The functions of scripts, by the number in [`Op::Script`].
    pub scripts: Vec<ScriptFunction>,
    /// The texts for people.
    pub words: IndexVec<WordsId, Words>,
    /// The digest of what the policy means: `sha256:…`, lower-case hexadecimal; empty in a plan of [`compile_undigested`].
    pub digest: Str,
}

/// The header of a policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyInfo {
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
    pub currency: Currency,
    /// Where the header stands.
    pub span: Span,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name; with its policy where the root does not know it bare.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Its type.
    pub ty: Type,
    /// Its range.
    pub range: hir::ValueRange,
    /// Its decimals at most.
    pub decimals: u32,
    /// Its value unless set otherwise.
    pub default: Value,
    /// What the figure follows.
    pub cite: Option<Str>,
    /// Where it stands.
    pub span: Span,
}

/// A function of a script.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScriptFunction {
    /// The file, as written.
    pub file: Str,
    /// The text of the file.
    pub source: Str,
    /// The function.
    pub name: Str,
    /// The types of its parameters.
    pub parameters: Vec<Type>,
    /// The type of its result.
    pub result: Type,
    /// The range of its result: outside it the call has failed.
    pub range: hir::ValueRange,
    /// Where it is declared.
    pub span: Span,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it does.
    pub op: Op,
    /// The type of its value.
    pub ty: Type,
    /// Whose value it is.
    pub scope: Scope,
    /// What is known of its value before any customer is seen.
    pub bounds: Bounds,
    /// Where it comes from.
    pub span: Span,
}

/// What is known of a value before any customer is seen. Columns, proofs and diffs rest on it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bounds {
    /// How many decimals a number can have; none: it can be endless. Percents as fractions.
    pub decimals: Option<u32>,
    /// The least and the greatest number; none where there is no bound. Percents as fractions.
    pub range: Option<(Number, Number)>,
    /// Whether it can be unknown.
    pub unknown: bool,
}

/// What a step does. Operands are earlier steps. An unknown operand makes the result unknown with the same cause,
/// unless it is said otherwise; yes and no follow Kleene.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Op {
    /// A value.
    Const(Value),
    /// A fact of the customer.
    Fact(FieldId),
    /// A field of the item: the list, the field's place.
    Field(FieldId, u32),
    /// A parameter.
    Param(u32),
    /// The as-of date.
    Today,
    /// The same value once more: under a name of its own, or for each item where the operand is the customer's. A case may
    /// set one named value and leave the other.
    Same(StepId),

    /// Sum of two numbers.
    Add(StepId, StepId),
    /// Difference of two numbers.
    Subtract(StepId, StepId),
    /// Product of two numbers.
    Multiply(StepId, StepId),
    /// Quotient of two numbers; not computable where the divisor is 0.
    Divide(StepId, StepId),
    /// The number with the other sign.
    Negate(StepId),
    /// A whole power.
    Power(StepId, u32),
    /// Rounds a number; for a percent, decimals count in the percent figure.
    Round(StepId, Rounding),
    /// The greatest whole number not above it.
    Floor(StepId),
    /// One of several numbers or dates. With `skip_unknown`, unknown ones are left out; nothing left is not computable.
    Pick {
        /// Which.
        take: Take,
        /// The operands, in the order written.
        of: Vec<StepId>,
        /// Unknown ones are left out.
        skip_unknown: bool,
    },
    /// Σ weight × value / Σ weight over the terms that are known; not computable where none is.
    WeightedMean(Vec<(Number, StepId)>),
    /// Σ weight × value over the terms that are known; 0 where none is.
    WeightedSum(Vec<(Number, StepId)>),
    /// Σ weight over the terms that are known; terms of any type, only whether they are known counts.
    KnownWeight(Vec<(Number, StepId)>),

    /// Compares numbers, dates.
    Compare(hir::Compare, StepId, StepId),
    /// Whether both are the same value.
    Equal(StepId, StepId),
    /// Whether a code is one of these.
    OneOf(StepId, Vec<u32>),
    /// Whether a set holds this member.
    Has(StepId, u32),
    /// All hold.
    And(Vec<StepId>),
    /// One holds.
    Or(Vec<StepId>),
    /// It does not hold.
    Not(StepId),
    /// At least so many hold: yes when so many do, no when fewer could, unknown between.
    AtLeast(u32, Vec<StepId>),
    /// Whether it is known; never unknown itself.
    IsKnown(StepId),
    /// The first, or where it is unknown the second.
    IfUnknown(StepId, StepId),
    /// The second where the first holds, else the third; only the one taken is asked whether it is known.
    If(StepId, StepId, StepId),
    /// The place of the first condition that holds, as a code. An unknown condition stops the search: unknown.
    /// None holding is not computable.
    FirstTrue(Vec<StepId>),
    /// The operand at the place that the first step gives; only that one is asked whether it is known.
    Choose(StepId, Vec<StepId>),
    /// The set of the codes whose condition holds; unknown where one is unknown.
    Collect(Vec<(StepId, u32)>),
    /// Unknown because the policy says so.
    Unknown(Silence),

    /// The place of a member in its order, as a number; not computable for an apart grade.
    Rank(StepId, EnumId),
    /// The member at a place in the order; not computable where no member stands there, as at −1.
    OfRank(StepId, EnumId),

    /// A day so many days later.
    AddDays(StepId, StepId),
    /// A day so many business days later, by the calendar of this number.
    AddBusinessDays(StepId, StepId, u32),
    /// The day itself if it is a business day of the calendar of this number, else the next (or previous) one.
    ToBusinessDay(StepId, hir::Holiday, u32),
    /// A day so many months later.
    AddMonths(StepId, StepId, MonthEnd),
    /// The days from the second to the first.
    DaysBetween(StepId, StepId),
    /// The last day of its month.
    EndOfMonth(StepId),
    /// A day of the calendar told from another day.
    Anchor(StepId, Anchor),
    /// The first day of the period in which the day lies, so many periods later.
    PeriodStart(StepId, Period, i32),

    /// An aggregate over the items of a list. Over nothing, sum and count are 0, the rest is not computable. A list that
    /// may be missing and is makes it unknown: nobody is better off for leaving a list out.
    Aggregate {
        /// Which.
        function: AggregateFunction,
        /// Unknown items are left out.
        known: bool,
        /// The list.
        list: FieldId,
        /// The item step that is aggregated; none for a count.
        operand: Option<StepId>,
        /// The item step that says which items count.
        filter: Option<StepId>,
    },
    /// An aggregate over a list of values.
    ListAggregate {
        /// Which.
        function: AggregateFunction,
        /// Unknown values are left out.
        known: bool,
        /// The list.
        list: StepId,
    },
    /// Σ weight × value / Σ weight over a list of values, one weight a value.
    ListWeightedMean(StepId, Vec<Number>),
    /// The sum over the items up to this one, itself included, in the order of the keys. An item whose value is unknown makes
    /// its own sum and those behind it unknown, an item whose place is unknown all of them.
    Running {
        /// The list.
        list: FieldId,
        /// The item step that is summed.
        of: StepId,
        /// The item steps by which the items are put in order.
        keys: Vec<StepId>,
    },
    /// The value of the last item in the order of the keys among those that count. Not computable where none counts; unknown
    /// where an item that may count could stand behind it.
    Latest {
        /// The list.
        list: FieldId,
        /// The item step that is read.
        of: StepId,
        /// The item steps by which the items are put in order.
        keys: Vec<StepId>,
        /// The item step that says which items count.
        filter: Option<StepId>,
    },
    /// So many values from the recent end of a list, in its own order; not computable where it has fewer.
    Recent {
        /// The list.
        list: StepId,
        /// How many.
        count: u32,
        /// Whether it begins with its oldest value.
        oldest_first: bool,
    },
    /// Whether each of the last so many steps of a list goes up, or down: no where one is known not to, unknown where one may
    /// not; not computable where the list has fewer values than that.
    InARow {
        /// The list.
        list: StepId,
        /// Up rather than down; a step that stays level is neither.
        rises: bool,
        /// How many steps.
        steps: u32,
        /// Whether it begins with its oldest value.
        oldest_first: bool,
    },
    /// A list of values.
    List(Vec<StepId>),
    /// The field of the record of a list whose key field is the same as this step's value; missing where there is none.
    /// Without a key, the field of the only record.
    Lookup {
        /// The list of records.
        list: FieldId,
        /// Its key field and the step with the key looked for.
        key: Option<(u32, StepId)>,
        /// The field that is read.
        field: u32,
    },
    /// The name of a value of an item, as a policy writes it: `release.over_limit["O-1"]`, with the key that the step gives.
    NameOfItem(Str, StepId),
    /// The day since which something is signed; not computable where it is not.
    SignedOn(Box<SignedOn>),
    /// What signatures on a value come to.
    Signed(Box<Signed>),
    /// A function of a script.
    Script(u32, Vec<StepId>),
    /// The parameter by date of this number on a day; unknown on days for which it has no value.
    ByDate(u32, StepId),
    /// The column of the row of the reference of this number with these keys; unknown where there is no such row.
    Reference {
        /// The reference.
        table: u32,
        /// The place of the column.
        column: u32,
        /// The keys, in the order of [`Reference::keys`].
        keys: Vec<StepId>,
    },
    /// Interest: Σ principal × rate × days / days of the year over the stretches of one rate. Unknown where no rate is
    /// known for a day that counts; a rate of a stretch that does not come in is not asked whether it is known.
    Interest(Box<Interest>),
    /// The equal instalment of a debt: principal, rate of a period, number of periods.
    Instalment(StepId, StepId, StepId),
    /// What the book says of this customer, or of the group of which this step gives the key. Unknown where the customer is
    /// decided alone.
    Book(BookId, BookPart, Option<StepId>),
}

/// Why a policy leaves something unknown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Silence {
    /// A result `unknown`.
    Unknown,
    /// `no recommendation`.
    Withheld,
    /// A role is asked.
    Referred,
    /// `refuse`.
    Refused,
    /// Too little of a card is known.
    TooLittleKnown,
}
