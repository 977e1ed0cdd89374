//! Approvals: who must sign and by which row, who has signed, what did not count and why, who is still asked.

use super::sources::Reader;
use super::{AuthorityStory, Figure, SignatureLine, table};
use crate::eval::signatures::{Granted, Signatures, Weight, judge};
use crate::plan::{AuthorityItem, Item, Label, Op, Plan, Signed, StepId};
use crate::value::{Cause, Type, Value};

static NOTHING: Value = Value::Unknown(Cause::NotComputable(u32::MAX));

/// The signatures as a run left them.
struct Left<'r, 'a>(&'r Reader<'a>);

impl Signatures for Left<'_, '_> {
    fn value(&self, step: StepId) -> &Value {
        self.0.trace.value(step).unwrap_or(&NOTHING)
    }

    fn of_record(&self, step: StepId, record: usize) -> &Value {
        self.0.trace.items(step).and_then(|values| values.get(record)).unwrap_or(&NOTHING)
    }
}

/// The story of an approval.
pub(super) fn story(reader: &Reader<'_>, item: &Item, it: &AuthorityItem) -> Option<AuthorityStory> {
    let rows = table::story(reader, item)?;
    let signed = signed(reader.plan, it.granted)?;
    let records = reader.facts.records(signed.list).map_or(0, |records| records.items);
    let left = Left(reader);
    let judged = judge(signed, records, &left).ok();
    let needed = reader.value(it.needed);
    let figure = |step: StepId, record: usize| Figure {
        value: left.of_record(step, record).clone(),
        ty: reader.plan.steps.get(step).map_or(Type::YesNo, |it| it.ty.clone()),
    };
    let [_, role, person, on, amount, verdict] = signed.fields;
    let weights = judged.as_ref().map(|judged| judged.records.clone()).unwrap_or_default();
    let signatures = weights
        .iter()
        .enumerate()
        .filter(|(_, weight)| **weight != Weight::Elsewhere)
        .map(|(record, weight)| SignatureLine {
            person: figure(person, record),
            role: figure(role, record),
            on: figure(on, record),
            amount: figure(amount, record),
            verdict: figure(verdict, record),
            weight: *weight,
        })
        .collect();
    let money = |value: Value| Figure { value, ty: reader.figure(it.granted).ty };
    let missing = judged.as_ref().map_or(0, |judged| judged.missing);
    let carried = judged.as_ref().and_then(|judged| {
        let person = figure(person, judged.carrier?);
        Some((
            money(Value::Number(judged.carried.clone())),
            person,
            money(Value::Number(judged.own_limit.clone()?)),
        ))
    });
    Some(AuthorityStory {
        name: item.name.clone(),
        label: item.label.clone(),
        subject: it.subject.clone(),
        subject_step: it.value,
        value: reader.figure(it.value),
        because: reader.because(&needed),
        needed: reader.figure(it.needed),
        nobody: matches!(needed, Value::Code(code) if signed.ways.get(code as usize).is_some_and(Vec::is_empty)),
        granted: reader.figure(it.granted),
        refused: judged.as_ref().is_some_and(|judged| judged.granted == Granted::Refused),
        disputed: judged.as_ref().is_some_and(|judged| judged.disputed),
        arbiter: it.arbiter.clone(),
        given: reader.figure(it.given),
        missing: reader.figure(it.missing),
        may_sign: may_sign(reader.plan, signed, &needed, missing),
        signatures,
        carried,
        table: rows,
    })
}

/// What the signatures on a value are judged by.
fn signed(plan: &Plan, step: StepId) -> Option<&Signed> {
    let mut step = step;
    loop {
        match &plan.steps.get(step)?.op {
            Op::Signed(signed) => return Some(signed),
            Op::Same(of) => step = *of,
            _ => return None,
        }
    }
}

/// Each role that is asked, with the higher ones that may sign in its place.
fn may_sign(plan: &Plan, signed: &Signed, needed: &Value, missing: u128) -> Vec<(Label, Vec<Label>)> {
    let has = |roles: u128, place: u32| roles.checked_shr(place).is_some_and(|bits| bits & 1 == 1);
    let label = |place: u32| plan.roles.get(place as usize).map(|(_, label)| label.clone());
    let of_needed = match needed {
        Value::Code(code) => signed.ways.get(*code as usize),
        _ => None,
    };
    let seats = of_needed.into_iter().flatten().flatten().chain(&signed.arbiter);
    let mut told: Vec<(u32, u128)> = Vec::new();
    for seat in seats.filter(|seat| has(missing, seat.role)) {
        // A role that may be asked exactly and not exactly is told with the fewer that may take its place.
        match told.iter_mut().find(|(role, _)| *role == seat.role) {
            Some((_, may)) => *may &= seat.may,
            None => told.push((seat.role, seat.may)),
        }
    }
    let roles = u32::try_from(plan.roles.len()).unwrap_or(0);
    told.into_iter()
        .filter_map(|(role, may)| {
            let others = (0..roles).filter(|place| *place != role && has(may, *place)).filter_map(label);
            Some((label(role)?, others.collect()))
        })
        .collect()
}
