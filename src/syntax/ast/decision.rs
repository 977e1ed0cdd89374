//! What a policy decides, and the cases that say what must come out.

use super::{Expr, Label, Literal, Name, Signers, Text};
use crate::base::Span;

/// `decision review "季度评级与授信" { characteristic optional, risk_class }`. One that is `internal` as a whole has `internal` outputs.
#[derive(Clone, PartialEq, Debug)]
pub struct Decision {
    /// Its name.
    pub name: Name,
    /// Its label.
    pub label: Label,
    /// What it lists.
    pub outputs: Vec<Output>,
}

/// `credit_limit optional`, `behaviour internal`
#[derive(Clone, PartialEq, Debug)]
pub struct Output {
    /// A name or a dotted name.
    pub value: Expr,
    /// It may be unknown.
    pub optional: Option<Span>,
    /// It is the house's own: the customer is not told.
    pub internal: Option<Span>,
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
    /// `decision review open`: how far a decision is decided; without a name, the one that there is.
    Decided(Option<Name>, Decided),
    /// Nothing is said of the value, only of the reason.
    Any,
}

/// How far a decision is decided, as a case expects it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Decided {
    /// `final`: nothing is open.
    Final,
    /// `open`: a role has still to answer.
    Open,
    /// `refused`: the policy refuses to decide on what is known.
    Refused,
}

impl Decided {
    /// All of them.
    pub const ALL: [Decided; 3] = [Decided::Final, Decided::Open, Decided::Refused];

    /// The role of its word: `final`, `open`, `refused`.
    #[must_use]
    pub fn role(self) -> &'static str {
        match self {
            Decided::Final => "final",
            Decided::Open => "open",
            Decided::Refused => "refused",
        }
    }
}
