//! What a person decides: judgements inside bounds, exceptions from what a policy came to.

use super::{Expr, Label, Reason};
use crate::base::{Span, Str};
use crate::value::{EnumId, FieldId};

/// `judgement`
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The least and the greatest answer, both included.
    pub between: Option<(Expr, Expr)>,
    /// The roles that may answer; the first is the one that is asked.
    pub roles: Vec<Str>,
    /// What is asked.
    pub question: Label,
    /// The answers.
    pub answers: Grants,
    /// For how long an answer counts.
    pub valid: Option<Expr>,
    /// What stands until it is answered.
    pub stand_in: StandIn,
    /// Why.
    pub reason: Reason,
}

/// What stands until a judgement is answered.
#[derive(Clone, Debug)]
pub enum StandIn {
    /// The lower bound.
    Lowest,
    /// The upper bound.
    Highest,
    /// Nothing.
    Unknown,
    /// This value.
    Value(Expr),
}

/// `override`: an exception from a value, and under what conditions one counts.
#[derive(Clone, Debug)]
pub struct Override {
    /// The roles that may make an exception.
    pub roles: Vec<Str>,
    /// The exceptions.
    pub exceptions: Grants,
    /// The most that one may grant; for a grade, the best one.
    pub most: Option<Expr>,
    /// For how long one may hold.
    pub length: Option<Expr>,
    /// Why.
    pub reason: Reason,
    /// Where it stands.
    pub span: Span,
}

/// The records of what persons have decided: answers to a judgement, exceptions from a value. A field is its place among
/// those of the list.
#[derive(Clone, Debug)]
pub struct Grants {
    /// The list.
    pub list: FieldId,
    /// What was decided, read of a record.
    pub value: Expr,
    /// The day from which it counts.
    pub from: u32,
    /// The last day on which it counts.
    pub until: Option<u32>,
    /// The role in which it was decided.
    pub role: u32,
    /// In which roles it counts.
    pub by: RoleTest,
    /// Who decided it.
    pub person: Option<u32>,
    /// Why.
    pub reason: Option<u32>,
    /// What it is about, and by which names that is this value.
    pub subject: Option<(u32, Vec<Str>)>,
    /// For whom it was decided, by members of an enumeration of which the narrowest comes first.
    pub scope: Option<(u32, EnumId)>,
    /// Whom it names: the text, with the members of the enumeration that stand for the customer and for its group.
    pub key: Option<Concerned>,
    /// The verdict, and the members under which it counts.
    pub verdict: Option<(u32, Vec<u32>)>,
}

/// The field that names whom a record is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Concerned {
    /// The field, a text.
    pub place: u32,
    /// The member of the scope that stands for the customer.
    pub customer: Option<u32>,
    /// The member of the scope that stands for its group.
    pub group: Option<u32>,
}

/// In which roles a decision counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RoleTest {
    /// These members of an enumeration.
    Codes(Vec<u32>),
    /// One of these texts: names and labels.
    Texts(Vec<Str>),
}
