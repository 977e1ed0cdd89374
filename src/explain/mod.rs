//! Why a decision is what it is: plan and trace made into an [`Explanation`], and that into text or JSON.
//!
//! The explanation is data: every factor, row, cap, trigger, step with its value, threshold and distance, also where it
//! did not apply or could not be judged. Its figures are exact; only the text rounds, and says so.

mod authority;
mod book;
mod build;
mod change;
mod checks;
mod condition;
mod interest;
mod json;
mod judgement;
mod ladder;
mod missing;
mod money;
mod names;
mod needs;
mod ours;
mod papers;
mod phrase;
mod phrases;
mod reason;
mod score;
mod sources;
mod staircase;
mod stance;
mod table;
mod text;
mod totals;
mod words;

use crate::base::Str;
use crate::plan::{CellPattern, HIDDEN, Label, RuleKind, StepId, Take};
use crate::value::{Date, Rounding, Type, Value};

pub use book::{BookStory, Over, Served, Silence};
pub use build::{Asked, explain};
pub use change::{Again, Changes, changes, fingerprint, kept, value_of};
pub use checks::{CheckedItem, ChecksStory, GrantKey, HoldLine, MeasureLine};
pub use interest::{InterestStory, StretchLine};
pub use json::{json, value_json};
pub use judgement::{GrantLine, GrantStanding, JudgementStory, OverrideStory};
pub use ladder::{LadderItem, LadderStory, Moved, RungLine};
pub use needs::{Anew, Change, Given, Move, Need, NeedKind, Needs, needs, needs_json};
pub use papers::{ChecklistStory, Counted, PaperLine, PaperStanding};
pub use phrases::Phrases;
pub use reason::{Reason, ReasonLine};
pub use text::{
    Audience, Run, excerpt, near_miss, needs_text, phrase, record, render, rule_called, unknown_because,
};
pub use totals::{AllocationLine, AllocationStory, LayerLine, TotalLine, TotalStory, TotalSum};

/// A value with its type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Figure {
    /// The value.
    pub value: Value,
    /// Its type.
    pub ty: Type,
}

impl Figure {
    /// What is shown of a personal value: that it is known, or why it is not.
    fn hidden(self) -> Figure {
        match self.value {
            Value::Unknown(_) => self,
            _ => Figure { value: Value::Text(Str::from(HIDDEN)), ty: Type::Text },
        }
    }
}

/// The whole story of one customer.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The customer's key.
    pub customer: Str,
    /// The policy: name, label, version, digest.
    pub policy: (Str, Label, Str, Str),
    /// The as-of date, ISO.
    pub as_of: String,
    /// The day of what was known, ISO, where it was asked for.
    pub known_at: Option<String>,
    /// The decision: name, label.
    pub decision: (Str, Label),
    /// `final`, `open`, `refused` or `withheld`.
    pub status: &'static str,
    /// What the decision lists.
    pub outputs: Vec<OutputLine>,
    /// What changed since a recorded decision; none where none was given.
    pub changes: Option<Changes>,
    /// The rules that shaped it, in the order of the policy.
    pub reasons: Vec<ReasonLine>,
    /// The values of all steps of the customer: what sums are worked out with.
    pub figures: std::collections::BTreeMap<StepId, Figure>,
    /// The scorecards.
    pub scores: Vec<ScoreStory>,
    /// The grades.
    pub grades: Vec<GradeStory>,
    /// The limits.
    pub limits: Vec<LimitStory>,
    /// The totals.
    pub totals: Vec<TotalStory>,
    /// The allocations.
    pub allocations: Vec<AllocationStory>,
    /// The tables and corrections.
    pub tables: Vec<TableStory>,
    /// The stances.
    pub stances: Vec<StanceStory>,
    /// The approvals.
    pub authorities: Vec<AuthorityStory>,
    /// The ladders.
    pub ladders: Vec<LadderStory>,
    /// The names of all roles, by their places.
    pub roles: Vec<Str>,
    /// The order checks.
    pub checks: Vec<ChecksStory>,
    /// The judgements.
    pub judgements: Vec<JudgementStory>,
    /// The values from which exceptions may be made.
    pub overrides: Vec<OverrideStory>,
    /// What the customer has because of the others.
    pub book: Vec<BookStory>,
    /// The papers.
    pub checklists: Vec<ChecklistStory>,
    /// The values of `let`s and parameters.
    pub values: Vec<ValueLine>,
    /// Every rounding that was done.
    pub roundings: Vec<RoundingLine>,
    /// What was not given, and what that cost.
    pub missing: Vec<MissingLine>,
    /// What could not be judged.
    pub not_judged: Vec<RuleLine>,
    /// What roles are asked.
    pub open: Vec<OpenLine>,
    /// What must hold of every decision.
    pub always: Vec<AlwaysLine>,
    /// What went wrong for this customer.
    pub faults: Vec<FaultLine>,
    /// The facts that were read, and where each came from.
    pub facts: Vec<FactLine>,
    /// The tables outside that were read.
    pub references: Vec<ReferenceLine>,
    /// The figures of the policy that were read.
    pub params: Vec<ParamLine>,
}

/// What went wrong for a customer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FaultLine {
    /// This `always` clause is broken; the decision is withheld.
    Always(Str, StepId),
    /// This `always` clause could not be judged, and why.
    AlwaysUnknown(Str, StepId, Option<Unknowing>),
    /// This output (name, label) has so many digits, more than 28.
    Digits(Str, Label, u32),
    /// This output (name, label) has decimals that never end.
    Endless(Str, Label),
    /// A script failed with this error.
    Script(Label),
    /// Decisions of persons of the same rank contradict each other: of this value (name, label), by these.
    Contradiction(Str, Label, Vec<Str>),
}

/// An output of the decision.
#[derive(Clone, Debug)]
pub struct OutputLine {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Its value; none for a ladder of items, which has a story of its own.
    pub value: Option<Figure>,
    /// Why it is unknown.
    pub because: Option<Unknowing>,
    /// It is the house's own: who must sign, how tight the policy is, what speaks against the customer.
    pub internal: bool,
}

/// Why a value is unknown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unknowing {
    /// This fact was not given: name, label.
    Missing(Str, Label),
    /// A division by zero, nothing to pick from, no row: in the construct or expression of this text and step.
    NotComputable(Str, StepId),
    /// A division by what is 0: the construct or expression, and the step of the divisor.
    DividedByZero(Str, StepId),
    /// No item of a list is of the kind that is looked at: the construct or expression, its step.
    NoItem(Str, StepId),
    /// Less of a scorecard is known than it requires: its name.
    TooLittleKnown(Str),
    /// The policy gives no recommendation.
    Withheld,
    /// A role is asked.
    Referred,
    /// The policy refuses.
    Refused,
    /// A script failed with this error.
    Script(Label),
    /// A calendar ended.
    PastCalendar,
    /// A parameter by date has no value on a day: its label, the day, the first and the last day on which it has one.
    Expired(Label, Option<Date>, Option<Date>, Option<Date>),
    /// A reference has no row: its label, the keys looked for.
    NoRow(Label, Vec<Figure>),
    /// The book does not tell the value of this label, and why.
    Book(Label, Silence),
}

/// How a rule stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Standing {
    /// Its condition holds.
    Applies,
    /// It does not.
    DoesNotApply,
    /// It could not be judged, and applies.
    UnknownApplies,
    /// It could not be judged, and does not apply.
    UnknownDoesNot,
    /// It could not be judged, and makes what depends on it unknown.
    Unknown,
    /// An earlier row was taken; it was not asked.
    NotReached,
}

impl Standing {
    /// Whether the rule takes effect.
    #[must_use]
    pub fn takes_effect(self) -> bool {
        matches!(self, Standing::Applies | Standing::UnknownApplies)
    }
}

/// A comparison that a condition makes.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The comparison as written.
    pub written: Str,
    /// What is compared, as written.
    pub name: Str,
    /// What is compared.
    pub step: StepId,
    /// What it is.
    pub value: Figure,
    /// What it is held against.
    pub threshold: Option<Figure>,
    /// The step of what it is held against, where it is worked out or given.
    pub bound: Option<StepId>,
    /// Whether the comparison holds.
    pub holds: Option<bool>,
    /// The rule asks that it does not hold: `not disputed`.
    pub denied: bool,
    /// How far the value is from the threshold, for numbers and days.
    pub distance: Option<Figure>,
    /// Why the value is unknown.
    pub because: Option<Unknowing>,
}

impl Comparison {
    /// Whether it is as the rule asks.
    #[must_use]
    pub fn met(&self) -> Option<bool> {
        self.holds.map(|holds| holds != self.denied)
    }
}

/// What a rule does.
#[derive(Clone, Debug)]
pub enum Subject {
    /// What its kind says.
    Plain,
    /// So many grades down; up where negative.
    Notches(i64),
    /// Not above this grade.
    NotAbove(Figure),
    /// This grade.
    Force(Figure),
    /// What this grade needs.
    Needs(Figure),
    /// This apart grade.
    Apart(Figure),
    /// The trigger of this label.
    Trigger(Label),
    /// So many days later.
    Delay(Figure),
    /// This step is left out.
    Skip(Figure),
    /// At least so many factors, or so great a part of the weight, must be known.
    Require(Figure),
}

/// A rule with its standing.
#[derive(Clone, Debug)]
pub struct RuleLine {
    /// Its stable address.
    pub address: Str,
    /// What kind of thing it is.
    pub kind: RuleKind,
    /// As written: `not above CA3 when current_ratio < 1`.
    pub written: Str,
    /// What it does.
    pub subject: Subject,
    /// When it does so; none where it always does.
    pub condition: Option<StepId>,
    /// How it stands.
    pub standing: Standing,
    /// What its condition compares.
    pub comparisons: Vec<Comparison>,
    /// `because`, `cite`, code.
    pub reason: Reason,
    /// `file:line:column`.
    pub place: String,
}

/// A scorecard.
#[derive(Clone, Debug)]
pub struct ScoreStory {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Its value.
    pub value: Figure,
    /// Why it is unknown.
    pub because: Option<Unknowing>,
    /// The factors in the order of the policy.
    pub factors: Vec<FactorLine>,
    /// The sections: name, label, value.
    pub sections: Vec<(Str, Label, Figure)>,
    /// What the card begins with, on its own scale.
    pub base: Figure,
    /// Points got, points to be had, factors known, factors in all.
    pub sum: Figure,
    /// The points to be had of what counts.
    pub of: Figure,
    /// How many factors are known.
    pub known: Figure,
    /// How many there are.
    pub factors_in_all: usize,
    /// The part of the weight that is known.
    pub weight_known: Option<Figure>,
    /// `require` lines.
    pub require: Vec<RuleLine>,
    /// The card before rounding.
    pub raw: Figure,
    /// How it was rounded.
    pub rounding: Option<Rounding>,
    /// The card under the other missing mode, where a factor was missing.
    pub other_mode: Option<Figure>,
    /// The bands that the card would then reach: name, label, grade.
    pub other_grades: Vec<(Str, Label, Figure)>,
    /// Points are added up.
    pub added: bool,
    /// It gathers what speaks against the customer: nothing is lost in it, what occurred adds to it.
    pub gathers: bool,
    /// Whether the outcome of this customer rests on it.
    pub live: bool,
}

/// A factor of a scorecard.
#[derive(Clone, Debug)]
pub struct FactorLine {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// The name of its section.
    pub section: Option<Str>,
    /// The step of the value scored.
    pub step: StepId,
    /// The value scored.
    pub value: Figure,
    /// Its points as they count; unknown where it is left out.
    pub points: Figure,
    /// What it weighs.
    pub weight: Figure,
    /// What it brings to the card, exactly.
    pub contribution: Figure,
    /// What it loses against the best that it could have, exactly.
    pub lost: Figure,
    /// How it was treated where it was missing: `None` when it was known.
    pub missing: Option<crate::plan::Missing>,
    /// Why it is there.
    pub reason: Reason,
    /// The rows of its points.
    pub rows: Vec<RowLine>,
}

/// Grades as a staircase.
#[derive(Clone, Debug)]
pub struct GradeStory {
    /// The name.
    pub name: Str,
    /// The label.
    pub label: Label,
    /// The score.
    pub score: Figure,
    /// The score as written.
    pub score_name: Str,
    /// The step of the score.
    pub score_step: StepId,
    /// The stages, first to last.
    pub stages: Vec<GradeStage>,
    /// The grade.
    pub value: Figure,
    /// Why it is unknown.
    pub because: Option<Unknowing>,
    /// The next better grade, what its band asks for, and how much of the score is missing.
    pub next: Option<(Figure, Figure, Figure)>,
}

/// A stage of a grade.
#[derive(Clone, Debug)]
pub struct GradeStage {
    /// Which.
    pub kind: StageKind,
    /// The grade behind the stage.
    pub after: Figure,
    /// The rules of the stage.
    pub rules: Vec<RuleLine>,
}

/// The stages of a grade, in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum StageKind {
    /// The band that the score reaches.
    Band,
    /// What the band needs.
    Needs,
    /// Notches.
    Notches,
    /// Caps.
    Caps,
    /// Forces.
    Forces,
    /// Apart grades.
    Apart,
}

/// A limit as a staircase.
#[derive(Clone, Debug)]
pub struct LimitStory {
    /// The name.
    pub name: Str,
    /// The label.
    pub label: Label,
    /// The methods: name, label, value, whether it is the one taken.
    pub methods: Vec<MethodLine>,
    /// The layers from the top.
    pub layers: Vec<LayerLine>,
    /// What the layers are for, and what they leave of it.
    pub layers_for: Option<(Figure, Figure)>,
    /// Whether the outcome of this customer rests on it.
    pub live: bool,
    /// Which is taken.
    pub take: Take,
    /// Whether unknown ones were left out.
    pub skip_unknown: bool,
    /// What is taken.
    pub taken: Figure,
    /// The lines.
    pub lines: Vec<LimitLine>,
    /// The limit.
    pub value: Figure,
    /// Why it is unknown.
    pub because: Option<Unknowing>,
}

/// A method of a limit.
#[derive(Clone, Debug)]
pub struct MethodLine {
    /// The name.
    pub name: Str,
    /// The label.
    pub label: Label,
    /// As written.
    pub written: Str,
    /// The step of its value.
    pub step: StepId,
    /// What it comes to.
    pub value: Figure,
    /// Why it is unknown.
    pub because: Option<Unknowing>,
    /// Its rounding: the exact value before, and how.
    pub rounding: Option<(Figure, Rounding)>,
    /// Whether it is what was taken.
    pub taken: bool,
}

/// A line of a limit.
#[derive(Clone, Debug)]
pub struct LimitLine {
    /// The line as written.
    pub rule: RuleLine,
    /// What it does.
    pub kind: crate::plan::LineKind,
    /// With what.
    pub operand: Option<Figure>,
    /// The step of what it does it with.
    pub operand_step: Option<StepId>,
    /// The limit before.
    pub before: Figure,
    /// The limit behind.
    pub after: Figure,
    /// The change, where both are numbers.
    pub change: Option<Figure>,
    /// It was left out because its operand is unknown.
    pub skipped: bool,
}

/// A table or a correction.
#[derive(Clone, Debug)]
pub struct TableStory {
    /// The name.
    pub name: Str,
    /// The label.
    pub label: Label,
    /// The keys: as written, step, value.
    pub keys: Vec<(Str, StepId, Figure)>,
    /// The rows.
    pub rows: Vec<RowLine>,
    /// The results: name, label, value.
    pub results: Vec<(Option<Str>, Label, Figure)>,
    /// Why the first result is unknown.
    pub because: Option<Unknowing>,
    /// The results are factors.
    pub correction: bool,
}

/// A row.
#[derive(Clone, Debug)]
pub struct RowLine {
    /// The row as a rule.
    pub rule: RuleLine,
    /// What it asks of each key; empty for a row that only has a condition.
    pub cells: Vec<CellPattern>,
    /// What the bounds in it that go by a name are.
    pub bounds: Vec<(StepId, Figure)>,
    /// Its condition beside them.
    pub guard: Option<StepId>,
    /// Its results.
    pub results: Vec<Figure>,
    /// Of a table by slices: the part of the key that lies in the row, and what it comes to.
    pub slice: Option<(Figure, Figure)>,
}

/// An approval.
#[derive(Clone, Debug)]
pub struct AuthorityStory {
    /// The name.
    pub name: Str,
    /// The label.
    pub label: Label,
    /// What is approved, as records of signatures call it.
    pub subject: Str,
    /// Its step.
    pub subject_step: StepId,
    /// How much it is.
    pub value: Figure,
    /// Who must sign.
    pub needed: Figure,
    /// Why that is unknown.
    pub because: Option<Unknowing>,
    /// Nobody may approve it.
    pub nobody: bool,
    /// As much as was granted.
    pub granted: Figure,
    /// It was refused, or nobody may approve it.
    pub refused: bool,
    /// One approved and another refused.
    pub disputed: bool,
    /// The role that decides then.
    pub arbiter: Option<Str>,
    /// The roles that have signed for the whole value.
    pub given: Figure,
    /// The roles whose signature is missing.
    pub missing: Figure,
    /// Each of them, with the roles that may sign in its place.
    pub may_sign: Vec<(Label, Vec<Label>)>,
    /// The signatures, with what became of each.
    pub signatures: Vec<SignatureLine>,
    /// What a signer carries, who, and how far his own limit goes.
    pub carried: Option<(Figure, Figure, Figure)>,
    /// The rows.
    pub table: TableStory,
}

/// A signature.
#[derive(Clone, Debug)]
pub struct SignatureLine {
    /// Who.
    pub person: Figure,
    /// In which role.
    pub role: Figure,
    /// On which day.
    pub on: Figure,
    /// For how much.
    pub amount: Figure,
    /// With which verdict.
    pub verdict: Figure,
    /// What became of it.
    pub weight: crate::eval::signatures::Weight,
}

/// A stance.
#[derive(Clone, Debug)]
pub struct StanceStory {
    /// The name.
    pub name: Str,
    /// The label.
    pub label: Label,
    /// The groups: state, how many must hold, how many do, whether it fires, the triggers with names and labels.
    pub groups: Vec<StanceGroup>,
    /// What today's facts alone would give.
    pub fresh: Figure,
    /// The last stance, since when, how long it stays at least, whether it was kept.
    pub dwell: Option<(Figure, Figure, Figure, bool)>,
    /// The stance.
    pub value: Figure,
}

/// The triggers of a state.
#[derive(Clone, Debug)]
pub struct StanceGroup {
    /// The state.
    pub state: Figure,
    /// How many must hold.
    pub needed: usize,
    /// How many do.
    pub holding: usize,
    /// Whether it fires.
    pub fires: Option<bool>,
    /// The triggers.
    pub triggers: Vec<(Str, Label, RuleLine)>,
}

/// The row that an item took of a table, and what it gives, each result by its label.
pub type RowTaken = (RuleLine, Vec<(Option<Label>, Figure)>);

/// A value.
#[derive(Clone, Debug)]
pub struct ValueLine {
    /// The name.
    pub name: Str,
    /// The label.
    pub label: Label,
    /// As written.
    pub written: Str,
    /// The step of its value.
    pub step: StepId,
    /// It is a value of items.
    pub of_items: bool,
    /// The value; several for values of items.
    pub values: Vec<Figure>,
    /// For values of items, the key of each.
    pub keys: Vec<Option<Figure>>,
    /// Of a highest or lowest one, the items that it comes from.
    pub from: Vec<Figure>,
    /// Of a table for each item, the row that each took, and its results.
    pub rows: Vec<Option<RowTaken>>,
    /// The interest in it, stretch by stretch; for values of items, of each.
    pub interest: Vec<InterestStory>,
    /// It is interest of items, and of none of them a result rests on it: another law governs them all.
    pub unused: bool,
    /// Why it is unknown.
    pub because: Option<Unknowing>,
}

/// A table outside that was read.
#[derive(Clone, Debug)]
pub struct ReferenceLine {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// The file, as the policy writes it.
    pub file: Str,
    /// How many rows it has.
    pub rows: usize,
    /// The digest of its text.
    pub digest: Str,
}

/// A figure of the policy that the decision read.
#[derive(Clone, Debug)]
pub struct ParamLine {
    /// Its name.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// What it is.
    pub value: Figure,
    /// Since when, of one that holds by date.
    pub since: Option<Date>,
    /// What it follows.
    pub cite: Option<Str>,
}

/// A rounding that was done.
#[derive(Clone, Debug)]
pub struct RoundingLine {
    /// Of what.
    pub name: Str,
    /// Its label.
    pub label: Label,
    /// Before.
    pub before: Figure,
    /// How.
    pub rounding: Rounding,
    /// Behind.
    pub after: Figure,
}

/// A fact that was not given.
#[derive(Clone, Debug)]
pub struct MissingLine {
    /// The name.
    pub name: Str,
    /// The label.
    pub label: Label,
    /// What it feeds: names and labels of constructs that read it themselves.
    pub feeds: Vec<(Str, Label)>,
    /// Of a field of a list, the keys of the items that lack it; none of a fact of the customer.
    pub items: Vec<Figure>,
    /// The steps of ladders that are not open for want of it.
    pub opens: Vec<Figure>,
    /// Whether the outcome might be another if it were given: a factor that is scored without it, a rule that applies unjudged, an
    /// output that is unknown.
    pub costs: bool,
}

/// A question to a role.
#[derive(Clone, Debug)]
pub struct OpenLine {
    /// The role, with its label.
    pub role: (Str, Label),
    /// What it is asked.
    pub text: Option<Label>,
    /// What waits for the signature, and how much it is: the step, the figure.
    pub signs: Option<(StepId, Figure)>,
    /// The key of the item it concerns.
    pub item: Option<Figure>,
    /// The rule that asks.
    pub address: Str,
    /// Whether this outcome does not rest on the answer: it is asked all the same, as the policy wants it.
    pub idle: bool,
}

/// What must hold of every decision.
#[derive(Clone, Debug)]
pub struct AlwaysLine {
    /// As written.
    pub written: Str,
    /// The step that says whether it holds.
    pub step: StepId,
    /// Whether it holds.
    pub holds: Option<bool>,
    /// What it compares.
    pub comparisons: Vec<Comparison>,
}

/// The items of a list: the fields by name and label, each item's values and its place.
pub type Records = (Vec<(Str, Label)>, Vec<(Vec<Figure>, Option<String>)>);

/// A fact.
#[derive(Clone, Debug)]
pub struct FactLine {
    /// The name.
    pub name: Str,
    /// The label.
    pub label: Label,
    /// The value.
    pub value: Figure,
    /// Where it came from: `customers.csv:14:3`, and as written; none for a default or what was not given.
    pub origin: Option<(String, Str)>,
    /// The items of a list of records: the fields by name and label, each item's values and its place.
    pub items: Option<Records>,
    /// It is personal.
    pub personal: bool,
}
