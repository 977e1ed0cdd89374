//! What each construct has to do with the steps: for explanations, documents, comparisons of versions.

mod checks;
mod decisions;
mod totals;

pub use checks::{CheckItem, ChecksItem, MeasureItem};
pub use decisions::{AlwaysItem, CaseItem, DecisionItem, ExpectItem, GivenItems, OutputItem};
pub use totals::{AllocationItem, LayerItem, TotalItem, TotalLineItem};

use super::{ChecklistItem, Label, Reason, RuleId, Scope, StepId, Take};
use crate::base::{Span, Str};
use crate::check::hir;
use crate::value::{EnumId, FieldId, Number, Rounding, Type};

/// A construct of a policy.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its name as the root policy writes it.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Its stable address: `trade_credit/limit_percent`.
    pub address: Str,
    /// The policy it stands in, by its place in [`super::Plan::policies`].
    pub policy: usize,
    /// Whose value it is.
    pub scope: Scope,
    /// Its main value.
    pub value: StepId,
    /// Its rounding: the step before, and how. Its value stands in `value` for a `let`, in the item itself else.
    pub rounding: Option<(StepId, Rounding)>,
    /// Why it is there.
    pub reason: Reason,
    /// What it is.
    pub kind: ItemKind,
    /// Where it stands.
    pub span: Span,
}

/// What a construct is.
#[derive(Clone, Debug)]
pub enum ItemKind {
    /// `let`
    Let,
    /// `table`
    Table(TableItem),
    /// `scorecard`
    Scorecard(ScorecardItem),
    /// `grades`
    Grades(GradesItem),
    /// `correction`
    Correction(CorrectionItem),
    /// `limit`
    Limit(LimitItem),
    /// `triggers`
    Triggers(TriggersItem),
    /// `escalation`
    Escalation(Box<EscalationItem>),
    /// `total`
    Total(TotalItem),
    /// `allocate`
    Allocation(AllocationItem),
    /// `checklist`
    Checklist(ChecklistItem),
    /// `checks`
    Checks(Box<ChecksItem>),
    /// `judgement`
    Judgement(Box<JudgementItem>),
    /// `override`, beside the item of the value from which the exceptions are made.
    Override(Box<OverrideItem>),
    /// A value of a `portfolio`.
    Book(super::BookItem),
    /// `authority`
    Authority(Box<AuthorityItem>),
}

/// A question to a role that a rule asks where it cannot be judged, or a result that refers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// The role.
    pub role: Str,
    /// What it is asked.
    pub text: Option<Label>,
}

/// What kind of thing a rule is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum RuleKind {
    /// A row of a table, a correction, of points, of tactics.
    Row,
    /// A band with its need.
    Band,
    /// An apart grade.
    Apart,
    /// A notch down.
    Down,
    /// A notch up.
    Up,
    /// A cap on a grade.
    NotAbove,
    /// A forced grade.
    Force,
    /// `require` of a card.
    Require,
    /// A factor of a card.
    Factor,
    /// A method of a limit.
    Method,
    /// A line of a limit.
    Line,
    /// A trigger.
    Trigger,
    /// A step of a ladder.
    Rung,
    /// Which items are on the ladder.
    Entry,
    /// A hold.
    Hold,
    /// A delay.
    Delay,
    /// A skip.
    Skip,
    /// A hold of order checks.
    Check,
    /// What keeps holds of order checks from standing.
    Exclusion,
    /// A judgement: it applies while it waits for its answer.
    Judgement,
    /// Exceptions from a value: they apply where one counts.
    Override,
    /// A paper of a checklist: it applies where the paper is required.
    Paper,
    /// Whether a paper that is there holds.
    Validity,
}

/// Something that applies or not.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What kind of thing it is.
    pub kind: RuleKind,
    /// Its stable address: `trade_credit/risk_class/not above CA3`, `trade_credit/limit_percent/row 3`.
    pub address: Str,
    /// Its condition before anything is said of unknown; none where it always applies.
    pub condition: Option<StepId>,
    /// Whether it applies, after `if unknown`; none where it always does.
    pub applies: Option<StepId>,
    /// What happens where the condition cannot be judged.
    pub if_unknown: Option<hir::IfUnknown>,
    /// Why it is there.
    pub reason: Reason,
    /// Whose rule it is.
    pub scope: Scope,
    /// Where it stands.
    pub span: Span,
}

/// A cell of a row.
#[derive(Clone, Debug)]
pub struct CellItem {
    /// What the key must be.
    pub pattern: CellPattern,
    /// Whether it is; none for `any`.
    pub holds: Option<StepId>,
    /// Where it stands.
    pub span: Span,
}

/// What a key must be: several by `or`.
pub type CellPattern = Vec<CellTest>;

/// One pattern of a cell, with its bounds as steps (constants mostly).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CellTest {
    /// Between bounds, each with whether it is included.
    Bounds {
        /// The lower bound.
        lower: Option<(StepId, bool)>,
        /// The upper bound.
        upper: Option<(StepId, bool)>,
    },
    /// So good or better.
    OrBetter(u32),
    /// So bad or worse.
    OrWorse(u32),
    /// This member.
    Code(u32),
    /// This value.
    Equals(StepId),
    /// Whatever it is.
    Any,
    /// Not known.
    Unknown,
}

/// A guard of a row.
#[derive(Clone, Debug)]
pub struct GuardItem {
    /// Its condition.
    pub condition: StepId,
    /// Where it stands.
    pub span: Span,
}

/// A row.
#[derive(Clone, Debug)]
pub struct RowItem {
    /// The rule: its condition is all cells and the guard together.
    pub rule: RuleId,
    /// The cells; empty for a guard row.
    pub cells: Vec<CellItem>,
    /// The guard.
    pub guard: Option<GuardItem>,
    /// The results, one a column.
    pub results: Vec<StepId>,
    /// What the results are asked of a role, where the row refers.
    pub question: Option<Question>,
}

/// A band of a key in a table by slices.
#[derive(Clone, Debug)]
pub struct SliceItem {
    /// The part of the key that lies in the band.
    pub part: StepId,
    /// What that part comes to.
    pub amount: StepId,
}

/// `table`, once for each application of a table with parameters.
#[derive(Clone, Debug)]
pub struct TableItem {
    /// How it goes through its rows.
    pub mode: hir::TableMode,
    /// The keys.
    pub keys: Vec<StepId>,
    /// The names of the keys as written.
    pub key_names: Vec<Str>,
    /// The rows in order.
    pub rows: Vec<RowItem>,
    /// The place of the row taken (for `first` and `unique`).
    pub chosen: Option<StepId>,
    /// The result columns: name, label, type, value.
    pub results: Vec<(Option<Str>, Label, Type, StepId)>,
    /// The bands of a table by slices, one a row.
    pub slices: Vec<SliceItem>,
    /// Where it is applied, for a table with parameters.
    pub applied: Option<Span>,
}

/// `scorecard`
#[derive(Clone, Debug)]
pub struct ScorecardItem {
    /// Points are added up.
    pub added: bool,
    /// What an added card begins with.
    pub base: Number,
    /// The sections.
    pub sections: Vec<SectionItem>,
    /// The factors.
    pub factors: Vec<FactorItem>,
    /// From the scale of the factors to that of the card: (from low, from high, to low, to high).
    pub scale: Option<(Number, Number, Number, Number)>,
    /// How many factors are known.
    pub known: StepId,
    /// Σ weight of the factors that are known / Σ weight, a ratio; none in an added card.
    pub weight_known: Option<StepId>,
    /// Σ weight × points of what counts; the points added up with the base in an added card.
    pub sum: StepId,
    /// Σ weight × greatest points of what counts; the greatest sum of an added card.
    pub of: StepId,
    /// The card before `require` and rounding.
    pub raw: StepId,
    /// The same card with the other missing mode: unknown factors scoring the low end where they are left out, left out where they
    /// score. None where no factor can be unknown, and in an added card.
    pub other_mode: Option<StepId>,
    /// How much must be known.
    pub require: Vec<RequireItem>,
}

/// A section of a card.
#[derive(Clone, Debug)]
pub struct SectionItem {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Its value, on the card's scale.
    pub value: StepId,
    /// Where it stands.
    pub span: Span,
}

/// A factor of a card.
#[derive(Clone, Debug)]
pub struct FactorItem {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// The section.
    pub section: Option<usize>,
    /// The rule that carries its reason.
    pub rule: RuleId,
    /// The value scored.
    pub value: StepId,
    /// Its points before anything is said of missing.
    pub points: StepId,
    /// Its points as they count: unknown where it is left out.
    pub counted: StepId,
    /// What it weighs; 1 in an added card.
    pub weight: Number,
    /// The greatest points that it can have.
    pub best: Number,
    /// What is done where it is unknown.
    pub missing: hir::Missing,
    /// The rows of its points, where it has any.
    pub rows: Vec<RowItem>,
}

/// `require`
#[derive(Clone, Debug)]
pub struct RequireItem {
    /// How much.
    pub kind: hir::RequireKind,
    /// The rule; its condition says whether enough is known.
    pub rule: RuleId,
}

/// `grades`
#[derive(Clone, Debug)]
pub struct GradesItem {
    /// The scale.
    pub scale: EnumId,
    /// The score.
    pub score: StepId,
    /// The bands, best first.
    pub bands: Vec<BandItem>,
    /// The apart grades.
    pub apart: Vec<ApartItem>,
    /// The grade by the band alone.
    pub by_band: StepId,
    /// After the needs.
    pub after_needs: StepId,
    /// The notches, down and up: rule and how many (negative: up).
    pub notches: Vec<(RuleId, i64)>,
    /// After the notches.
    pub after_notches: StepId,
    /// The caps: rule and the place that is not passed.
    pub caps: Vec<(RuleId, u32)>,
    /// After the caps.
    pub after_caps: StepId,
    /// The forces: rule and the place.
    pub forces: Vec<(RuleId, u32)>,
}

/// A band.
#[derive(Clone, Debug)]
pub struct BandItem {
    /// Its place in the scale.
    pub code: u32,
    /// The least score.
    pub from: StepId,
    /// Whether it is included.
    pub inclusive: bool,
    /// Whether the score reaches it.
    pub reached: StepId,
    /// The rule of what it needs beside the score.
    pub needs: Option<RuleId>,
    /// Where it stands.
    pub span: Span,
}

/// An apart grade.
#[derive(Clone, Debug)]
pub struct ApartItem {
    /// Its place in the scale.
    pub code: u32,
    /// The rule that says whether it stands.
    pub rule: RuleId,
}

/// `correction`
#[derive(Clone, Debug)]
pub struct CorrectionItem {
    /// The keys.
    pub keys: Vec<StepId>,
    /// The names of the keys as written.
    pub key_names: Vec<Str>,
    /// The rows; the one result of each is the factor.
    pub rows: Vec<RowItem>,
    /// The place of the row taken.
    pub chosen: StepId,
}

/// `limit`
#[derive(Clone, Debug)]
pub struct LimitItem {
    /// The methods; none where there are layers.
    pub methods: Vec<MethodItem>,
    /// The layers from the top; none where there are methods.
    pub layers: Vec<LayerItem>,
    /// What the layers are for, and what they leave of it.
    pub layers_for: Option<(StepId, StepId)>,
    /// Which is taken.
    pub take: Take,
    /// Unknown ones are left out.
    pub skip_unknown: bool,
    /// The rule that says why it is taken so; none where it says nothing.
    pub take_rule: Option<RuleId>,
    /// What is taken.
    pub taken: StepId,
    /// The lines behind, in order.
    pub lines: Vec<LineItem>,
}

/// A method of a limit.
#[derive(Clone, Debug)]
pub struct MethodItem {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What it comes to.
    pub value: StepId,
    /// Its rounding: the step before, and how.
    pub rounding: Option<(StepId, Rounding)>,
    /// The rule that carries its reason.
    pub rule: RuleId,
    /// Where it stands.
    pub span: Span,
}

/// What a line of a limit does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LineKind {
    /// Multiplies with the factor of a correction.
    Correct,
    /// Multiplies.
    Times,
    /// Not above.
    Cap,
    /// Not below.
    Floor,
    /// Rounds.
    Round(Rounding),
}

/// A line of a limit.
#[derive(Clone, Debug)]
pub struct LineItem {
    /// What it does.
    pub kind: LineKind,
    /// With what; none for a rounding.
    pub operand: Option<StepId>,
    /// The operand as written.
    pub operand_name: Option<Str>,
    /// The limit before the line.
    pub before: StepId,
    /// The limit behind it.
    pub after: StepId,
    /// It is left out where its operand is unknown.
    pub skip_unknown: bool,
    /// The rule: when, and why.
    pub rule: RuleId,
}

/// `triggers`
#[derive(Clone, Debug)]
pub struct TriggersItem {
    /// The states.
    pub states: EnumId,
    /// The state that stands when nothing fires.
    pub otherwise: u32,
    /// The groups, by the place of their state: how many must hold, the triggers, whether the group fires.
    pub groups: Vec<TriggerItem>,
    /// The places of the groups, winner first.
    pub precedence: Vec<u32>,
    /// The stance before the dwell time.
    pub fresh: StepId,
    /// The last stance, the day since when, the days that a stance stays at least, and whether it is kept.
    pub dwell: Option<(StepId, StepId, StepId, StepId)>,
}

/// A state with its triggers.
#[derive(Clone, Debug)]
pub struct TriggerItem {
    /// The place of the state.
    pub state: u32,
    /// How many must hold; none for all.
    pub at_least: Option<u32>,
    /// The triggers: name, label, rule.
    pub triggers: Vec<(Str, Label, RuleId)>,
    /// Whether the group fires.
    pub fires: StepId,
}

/// `escalation`
#[derive(Clone, Debug)]
pub struct EscalationItem {
    /// The list; none for a ladder of the customer.
    pub list: Option<FieldId>,
    /// The field of the list that is its key.
    pub item_key: Option<u32>,
    /// The steps as an enumeration.
    pub steps: EnumId,
    /// The rule that says which items are on the ladder.
    pub entry: RuleId,
    /// The steps, lowest first.
    pub rungs: Vec<LadderRung>,
    /// The step in force; unknown where none is (a rank step of −1 says that none is).
    pub step: StepId,
    /// Whether a step is in force.
    pub in_force: StepId,
    /// The step whose approval is missing.
    pub awaiting: StepId,
    /// The day of the step in force.
    pub day: StepId,
    /// The step that comes next.
    pub next: StepId,
    /// Its day.
    pub next_day: StepId,
    /// Whether a hold stands.
    pub held: StepId,
    /// The days for which the clock has stood, up to today.
    pub held_days: StepId,
    /// Since when the standing hold stands.
    pub held_since: StepId,
    /// Whether the step in force is to be acted on today: no hold, not done yet, above the minimum, the highest where only one
    /// letter a customer goes out.
    pub act: StepId,
    /// The step last done, and the day.
    pub done: StepId,
    /// The day on which it was done.
    pub done_on: StepId,
    /// The holds.
    pub holds: Vec<HoldItem>,
    /// The delays: rule and the days.
    pub delays: Vec<(RuleId, StepId)>,
    /// The tactics: key, kind, rows, the place of the row taken.
    pub tactics: Option<(StepId, EnumId, Vec<TacticsRow>, StepId)>,
    /// Whether the item is above the minimum; none where there is none.
    pub above_minimum: Option<StepId>,
    /// At most one step above the last one done.
    pub climbs: bool,
    /// One letter a customer.
    pub one_letter: bool,
    /// The facts that hold what was carried out.
    pub last: hir::LastLadder,
}

/// A step of a ladder.
#[derive(Clone, Debug)]
pub struct LadderRung {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// The rule: its condition beside the day.
    pub rule: RuleId,
    /// Its day, with delays, holds and grace.
    pub day: StepId,
    /// Its day as written, before delays, holds and grace.
    pub plain_day: StepId,
    /// The skips that concern it.
    pub skips: Vec<RuleId>,
    /// Whether it is open: not skipped, its condition met, its day come.
    pub open: StepId,
    /// Whether its approval is given; none where it needs none.
    pub approved: Option<StepId>,
    /// The actions.
    pub actions: Vec<Str>,
    /// The roles that are told.
    pub notify: Vec<Str>,
    /// The roles whose approval it needs.
    pub approval: Vec<Str>,
    /// The roles that are told when it is late.
    pub late: Vec<Str>,
}

/// A hold.
#[derive(Clone, Debug)]
pub struct HoldItem {
    /// The rule.
    pub rule: RuleId,
    /// Whether the days move by its length.
    pub clock_stops: bool,
}

/// A row of tactics.
#[derive(Clone, Debug)]
pub struct TacticsRow {
    /// The cell and the guard.
    pub row: RowItem,
    /// The tactics in the order to be tried.
    pub tactics: Vec<u32>,
}

/// `judgement`
#[derive(Clone, Debug)]
pub struct JudgementItem {
    /// The least and the greatest answer, both included.
    pub between: Option<(StepId, StepId)>,
    /// Whether the lower bound is not above the upper one; none where that is sure.
    pub sound: Option<StepId>,
    /// The roles that may answer; the first is the one that is asked.
    pub roles: Vec<Str>,
    /// What is asked.
    pub question: Question,
    /// The answers.
    pub answers: GrantsItem,
    /// What stands until it is answered.
    pub stand_in: StepId,
    /// The rule: its condition is that it is answered; it applies while it waits.
    pub rule: RuleId,
}

/// `override`
#[derive(Clone, Debug)]
pub struct OverrideItem {
    /// What the policy itself comes to.
    pub computed: StepId,
    /// The roles that may make an exception.
    pub roles: Vec<Str>,
    /// The exceptions.
    pub exceptions: GrantsItem,
    /// The most that one may grant.
    pub most: Option<StepId>,
    /// For how long one may hold.
    pub length: Option<StepId>,
    /// The last day on which the one that stands holds.
    pub ends: StepId,
    /// The rule: its condition is that one counts.
    pub rule: RuleId,
}

/// The records of what persons have decided, and which of them counts. Fields are places in the records of the list.
#[derive(Clone, Debug)]
pub struct GrantsItem {
    /// The list.
    pub list: FieldId,
    /// What a record decides, an item step.
    pub value: StepId,
    /// The day from which a record counts.
    pub from: u32,
    /// The last day on which a record holds, an item step; none where it holds for good.
    pub until: Option<StepId>,
    /// The field of the role.
    pub role: u32,
    /// The field of the person.
    pub person: Option<u32>,
    /// The field of the reason.
    pub reason: Option<u32>,
    /// The field that says for whom, and its enumeration, the narrowest first.
    pub scope: Option<(u32, EnumId)>,
    /// The field that names whom it is for.
    pub key: Option<u32>,
    /// What a record must pass in order to count, item steps that are never unknown.
    pub tests: Vec<(GrantTest, StepId)>,
    /// Whether a record passes all of them.
    pub counts: StepId,
    /// Whether a record is among those that win: of the narrowest scope, the latest.
    pub wins: StepId,
    /// Whether some record counts.
    pub any: StepId,
    /// What the winner decides; unknown where none counts.
    pub granted: StepId,
    /// Whether several win that decide differently.
    pub conflict: StepId,
}

/// What a record must pass in order to count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum GrantTest {
    /// It is about this value.
    Subject,
    /// Its verdict is one that counts.
    Verdict,
    /// It was decided in a role that may decide it.
    Role,
    /// Its first day has come.
    Begun,
    /// Its last day has not passed.
    NotOver,
    /// It names this customer, or its group.
    Concerns,
    /// What it decides lies within the bounds.
    Within,
    /// What it decides is not below zero, where the policy itself never goes there.
    NotNegative,
    /// What it decides is not below the floor of the limit.
    Floor,
}

/// `authority`
#[derive(Clone, Debug)]
pub struct AuthorityItem {
    /// Who must sign: its keys end with the value, its result is `needed`.
    pub table: TableItem,
    /// What is approved.
    pub value: StepId,
    /// Its name, as records of signatures give it.
    pub subject: Str,
    /// The enumeration of all that the rows ask for.
    pub kind: EnumId,
    /// Who must sign.
    pub needed: StepId,
    /// The roles that have signed for the whole value.
    pub given: StepId,
    /// The roles whose signature is missing.
    pub missing: StepId,
    /// As much as was granted.
    pub granted: StepId,
    /// What a signer carries, and who; none where nobody may sign beyond his own limit.
    pub carried: Option<(StepId, StepId)>,
    /// The role that decides where one has approved and another refused.
    pub arbiter: Option<Str>,
}

impl AuthorityItem {
    /// Whether a step waits for signatures: what is granted, and who carries it.
    #[must_use]
    pub fn waits(&self, step: StepId) -> bool {
        step == self.granted || self.carried.is_some_and(|(_, carrier)| step == carrier)
    }
}
