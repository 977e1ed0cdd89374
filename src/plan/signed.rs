//! Signatures on a value: what the plan knows of who must sign, before any record of a signature is read.

use std::collections::{BTreeMap, BTreeSet};

use super::{ItemKind, Op, Plan, StepId};
use crate::base::Str;
use crate::value::{FieldId, Number, Value};

/// One of the results of the signatures on a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum SignedResult {
    /// Of the roles asked for those that somebody has signed for, for the whole value: a set of roles.
    Given,
    /// The roles whose signature is still missing: a set of roles; empty where nobody is asked any more.
    Missing,
    /// As much of the value as signatures cover; unknown where they cover nothing.
    Granted,
    /// What the signer carries himself of what he signed beyond his own limit; 0 where nobody did.
    Carried,
    /// Who carries it; unknown where nobody does.
    Carrier,
}

impl SignedResult {
    /// All results.
    pub const ALL: [SignedResult; 5] = [
        SignedResult::Given,
        SignedResult::Missing,
        SignedResult::Granted,
        SignedResult::Carried,
        SignedResult::Carrier,
    ];
}

/// Whatever signatures may name, by the list that they stand in: what is approved, and the holds that are released. A hold of items
/// is named without its item. A list from which judgements are read, too, is left out: its subjects are more.
#[must_use]
pub fn subjects(plan: &Plan) -> BTreeMap<FieldId, BTreeSet<Str>> {
    let mut found: BTreeMap<FieldId, BTreeSet<Str>> = BTreeMap::new();
    for step in &plan.steps {
        match &step.op {
            Op::Signed(signed) => {
                found.entry(signed.list).or_default().insert(signed.subject.clone());
            }
            Op::SignedOn(signed) => {
                let name = match plan.steps.get(signed.subject).map(|subject| &subject.op) {
                    Some(Op::NameOfItem(name, _)) => Some(name.clone()),
                    Some(Op::Const(Value::Text(name))) => Some(name.clone()),
                    _ => None,
                };
                found.entry(signed.list).or_default().extend(name);
            }
            _ => {}
        }
    }
    for item in &plan.items {
        match &item.kind {
            ItemKind::Judgement(it) => found.remove(&it.answers.list),
            ItemKind::Override(it) => found.remove(&it.exceptions.list),
            _ => None,
        };
    }
    found
}

/// One signature that is asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Seat {
    /// The role, by its place among the roles.
    pub role: u32,
    /// The roles that may take it: bits by their places.
    pub may: u128,
}

/// What signatures come to. The records are those of a list of sign-offs; its fields are item steps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signed {
    /// Which result.
    pub result: SignedResult,
    /// The list.
    pub list: FieldId,
    /// The name of what is approved: a record with another subject does not concern it.
    pub subject: Str,
    /// The fields of the records: subject, role, person, day, amount, verdict.
    pub fields: [StepId; 6],
    /// Of each record, who must sign for its amount: a place in `ways`.
    pub needed_of: StepId,
    /// What is approved.
    pub value: StepId,
    /// Who must sign for it: a place in `ways`.
    pub needed: StepId,
    /// The as-of date.
    pub today: StepId,
    /// The greatest amounts of the bands, each with who must sign for it.
    pub bounds: Vec<(StepId, StepId)>,
    /// By place: the sets of signatures of which one must be complete; none where nobody may sign.
    pub ways: Vec<Vec<Vec<Seat>>>,
    /// Who decides where one has approved and another refused.
    pub arbiter: Option<Seat>,
    /// The part of the excess that a signer carries who signs beyond his own limit; none where nobody may.
    pub carries: Option<Number>,
}

impl Signed {
    /// Calls `found` with each step that it reads.
    pub(super) fn each_operand(&self, mut found: impl FnMut(StepId)) {
        self.fields.iter().copied().for_each(&mut found);
        [self.needed_of, self.value, self.needed, self.today].into_iter().for_each(&mut found);
        for (amount, needed) in &self.bounds {
            found(*amount);
            found(*needed);
        }
    }
}
