//! Signatures: whose count, what they cover, who is still asked, who carries an excess.
//!
//! The rules are those of a second pair of eyes: a person counts once, whatever roles he signs in; who proposed does not
//! approve; the last verdict of a person is the one that stands; what lies after the as-of date has not been said yet.

use std::collections::BTreeMap;

use crate::plan::{Seat, Signed, SignedResult, StepId};
use crate::value::office::person_key;
use crate::value::{Cause, Date, Number, Value};

const PROPOSED: u32 = 0;
const APPROVED: u32 = 1;
const REFUSED: u32 = 2;

/// What became of a record of the list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// It concerns something else.
    Elsewhere,
    /// It is of a day after the as-of date.
    Later,
    /// It proposes; its person cannot approve any more.
    Proposal,
    /// The same person has said something else since, or the same day something less.
    Replaced,
    /// Its person has signed in another role, too: one person counts once.
    SamePerson,
    /// Its person has proposed what is approved.
    ByProposer,
    /// It names no amount.
    NoAmount,
    /// The role in which it is given has no part in this.
    NotAsked,
    /// It refuses.
    Refusal,
    /// It counts for the whole value.
    Counts,
    /// It counts for what is granted, not for the whole value.
    CountsForLess,
    /// It is sound, and adds nothing to the others.
    Spare,
}

/// How far something is granted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Granted {
    /// So much: all of it, or what the signatures cover.
    Amount(Number),
    /// Nothing yet: signatures are missing.
    Awaited,
    /// It was refused, or nobody may grant it.
    Refused,
}

/// What the signatures come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// The roles asked for that somebody has signed for, for the whole value, as bits.
    pub given: u128,
    /// The roles whose signature is missing, as bits.
    pub missing: u128,
    /// How much is granted.
    pub granted: Granted,
    /// What the signer carries.
    pub carried: Number,
    /// Who carries it, by the place of his record.
    pub carrier: Option<usize>,
    /// As much as the signers may sign for without carrying anything; none where that is nothing.
    pub own_limit: Option<Number>,
    /// One approved and another refused.
    pub disputed: bool,
    /// What became of each record.
    pub records: Vec<Weight>,
}

/// Where the steps are read: those of the customer, and those of a record by its place.
pub trait Signatures {
    /// A step of the customer.
    fn value(&self, step: StepId) -> &Value;
    /// A step of a record.
    fn of_record(&self, step: StepId, record: usize) -> &Value;
}

/// A person's verdict that stands.
struct Person {
    roles: u128,
    amount: Option<Number>,
    record: usize,
}

/// Judges the signatures on a value.
///
/// # Errors
/// The cause for which the value, or who must sign for it, is unknown.
pub fn judge(signed: &Signed, records: usize, read: &impl Signatures) -> Result<Judged, Cause> {
    let value = match read.value(signed.value) {
        Value::Number(value) => value.clone(),
        Value::Unknown(cause) => return Err(*cause),
        _ => return Err(Cause::NotComputable(signed.value.0)),
    };
    let needed = match read.value(signed.needed) {
        Value::Code(code) => *code,
        Value::Unknown(cause) => return Err(*cause),
        _ => return Err(Cause::NotComputable(signed.needed.0)),
    };
    let today = match read.value(signed.today) {
        Value::Date(day) => *day,
        _ => return Err(Cause::NotComputable(signed.today.0)),
    };
    let asked = signed.ways.iter().flatten().flatten().chain(&signed.arbiter);
    let asked = asked.fold(0_u128, |roles, seat| roles | seat.may);
    let (mut weights, approvals, refusals) = sort(signed, records, read, today, asked);
    let mut judged = Judged {
        given: 0,
        missing: 0,
        granted: Granted::Refused,
        carried: Number::ZERO,
        carrier: None,
        own_limit: None,
        disputed: !refusals.is_empty() && !approvals.is_empty(),
        records: Vec::new(),
    };
    let ways = |code: u32| signed.ways.get(code as usize).map_or(&[][..], Vec::as_slice);
    let decided = signed.arbiter.filter(|_| judged.disputed);
    let final_word = |person: &Person| decided.is_some_and(|seat| person.roles & seat.may != 0);
    let refused = !refusals.is_empty() && (decided.is_none() || refusals.iter().any(final_word));
    if refused || ways(needed).is_empty() {
        judged.records = weights;
        return Ok(judged);
    }
    // Where there is nothing to approve, nobody need sign.
    if value.is_zero() {
        judged.granted = Granted::Amount(value);
        judged.records = weights;
        return Ok(judged);
    }
    // Where they disagree, who decides is asked in place of all others; where nobody may sign, he may not either.
    let arbitrated = decided.map(|seat| vec![vec![seat]]);
    let asked_for = |code: u32| match &arbitrated {
        Some(ways_of_arbiter) if !ways(code).is_empty() => ways_of_arbiter.as_slice(),
        _ => ways(code),
    };
    let covers = |person: &&Person, amount: &Number| person.amount.as_ref().is_some_and(|own| own >= amount);
    let able = |amount: &Number| approvals.iter().filter(|person| covers(person, amount)).collect::<Vec<_>>();

    let mut amounts: Vec<(Number, u32)> = vec![(value.clone(), needed)];
    let own = approvals.iter().filter_map(|person| {
        let amount = person.amount.clone().filter(|amount| *amount < value)?;
        Some((amount, code(read.of_record(signed.needed_of, person.record))?))
    });
    amounts.extend(own);
    let bounds = signed.bounds.iter().filter_map(|(amount, needed)| {
        let amount = read.value(*amount).as_number().filter(|amount| **amount < value)?;
        Some((amount.clone(), code(read.value(*needed))?))
    });
    amounts.extend(bounds);
    amounts.sort_by(|(left, _), (right, _)| right.cmp(left));
    let covered = amounts.iter().find_map(|(amount, code)| {
        let able = able(amount);
        Some((
            amount.clone(),
            able.iter().map(|it| it.record).collect::<Vec<_>>(),
            full(asked_for(*code), &able)?,
        ))
    });
    let used: Vec<usize> = match &covered {
        Some((_, able, filled)) => filled.iter().filter_map(|place| able.get(*place).copied()).collect(),
        None => Vec::new(),
    };
    judged.own_limit = covered.as_ref().map(|(amount, _, _)| amount.clone());
    judged.granted = covered.map_or(Granted::Awaited, |(amount, _, _)| Granted::Amount(amount));

    let whole = able(&value);
    let (filled, missing) = nearest(asked_for(needed), &whole);
    judged.missing = missing;
    let whole_used: Vec<usize> =
        filled.iter().filter_map(|(place, _)| whole.get(*place)).map(|person| person.record).collect();
    judged.given = filled.iter().fold(0, |roles, (_, seat)| roles | role_bit(*seat));

    if let (Some(part), None) = (&signed.carries, decided) {
        carry(&mut judged, part, &approvals, &value, &amounts, &asked_for);
    }
    for person in &approvals {
        if let Some(weight) = weights.get_mut(person.record) {
            *weight = if whole_used.contains(&person.record) {
                Weight::Counts
            } else if used.contains(&person.record) || judged.carrier == Some(person.record) {
                if person.amount.as_ref().is_some_and(|amount| *amount < value) || judged.missing != 0 {
                    Weight::CountsForLess
                } else {
                    Weight::Counts
                }
            } else {
                Weight::Spare
            };
        }
    }
    judged.records = weights;
    Ok(judged)
}

/// Who may sign something alone and signs for more than that carries what goes beyond.
fn carry<'w>(
    judged: &mut Judged,
    part: &Number,
    approvals: &[Person],
    value: &Number,
    amounts: &[(Number, u32)],
    asked_for: &dyn Fn(u32) -> &'w [Vec<Seat>],
) {
    let alone = |person: &Person| {
        let may = |code: u32| full(asked_for(code), &[person]).is_some();
        amounts.iter().any(|(_, code)| may(*code))
    };
    let own = judged.own_limit.clone();
    let bold = approvals.iter().filter(|person| alone(person));
    let bold = bold.filter_map(|person| {
        let amount = person.amount.as_ref()?.min(value).clone();
        own.as_ref().is_some_and(|own| amount > *own).then_some((amount, person.record))
    });
    let boldest = bold.reduce(|best, other| if other.0 > best.0 { other } else { best });
    if let (Some((amount, record)), Some(own)) = (boldest, own) {
        judged.carried = amount.sub(&own).mul(part);
        judged.carrier = Some(record);
        if amount == *value {
            judged.missing = 0;
        }
        judged.granted = Granted::Amount(amount);
    }
}

/// Who has approved and who has refused, each person by the last that he said; and what became of all other records.
fn sort(
    signed: &Signed,
    records: usize,
    read: &impl Signatures,
    today: Date,
    asked: u128,
) -> (Vec<Weight>, Vec<Person>, Vec<Person>) {
    let [subject, role, person, on, amount, verdict] = signed.fields;
    let mut weights = vec![Weight::Elsewhere; records];
    let mut said: BTreeMap<String, Vec<(usize, Date, u32)>> = BTreeMap::new();
    for (record, weight) in weights.iter_mut().enumerate() {
        let concerns =
            matches!(read.of_record(subject, record), Value::Text(text) if *text == signed.subject);
        let (Value::Text(name), Value::Date(day), Some(verdict)) = (
            read.of_record(person, record),
            read.of_record(on, record),
            code(read.of_record(verdict, record)),
        ) else {
            continue;
        };
        if !concerns {
            continue;
        }
        *weight = match (*day > today, verdict) {
            (true, _) => Weight::Later,
            (false, PROPOSED) => Weight::Proposal,
            (false, _) => Weight::Replaced,
        };
        if *day <= today {
            said.entry(person_key(name)).or_default().push((record, *day, verdict));
        }
    }
    let (mut approvals, mut refusals) = (Vec::new(), Vec::new());
    for all in said.values() {
        let proposer = all.iter().any(|(_, _, verdict)| *verdict == PROPOSED);
        let verdicts = || all.iter().filter(|(_, _, verdict)| *verdict != PROPOSED);
        let Some(last) = verdicts().map(|(_, day, _)| *day).max() else { continue };
        let refuses = verdicts().any(|(_, day, verdict)| *day == last && *verdict == REFUSED);
        let stands = if refuses { REFUSED } else { APPROVED };
        let (mut roles, mut least, mut of) = (0_u128, None::<Option<Number>>, None);
        for (record, _, _) in verdicts().filter(|(_, day, verdict)| *day == last && *verdict == stands) {
            roles |=
                code(read.of_record(role, *record)).map_or(0, |role| 1_u128.checked_shl(role).unwrap_or(0));
            // Of two amounts of one day the lower stands; one that names none names no more than nothing.
            let amount = read.of_record(amount, *record).as_number().cloned();
            least = Some(match least {
                None => amount,
                Some(before) => before.zip(amount).map(|(left, right)| left.min(right)),
            });
            if *of.get_or_insert(*record) != *record
                && let Some(weight) = weights.get_mut(*record)
            {
                *weight = Weight::SamePerson;
            }
        }
        let Some(record) = of else { continue };
        let person = Person { roles: roles & asked, amount: least.flatten(), record };
        let weight = if person.roles == 0 {
            Weight::NotAsked
        } else if refuses {
            Weight::Refusal
        } else if proposer {
            Weight::ByProposer
        } else if person.amount.is_none() {
            Weight::NoAmount
        } else {
            Weight::Spare
        };
        if let Some(place) = weights.get_mut(record) {
            *place = weight;
        }
        match weight {
            Weight::Refusal => refusals.push(person),
            Weight::Spare => approvals.push(person),
            _ => {}
        }
    }
    // In the order of the list, so that of two who could take a seat the first does.
    approvals.sort_by_key(|person: &Person| person.record);
    (weights, approvals, refusals)
}

fn code(value: &Value) -> Option<u32> {
    match value {
        Value::Code(code) => Some(*code),
        _ => None,
    }
}

/// Gives as many seats as can be to different persons: by seat, the place of its person. The seats for which the fewest roles may sign
/// come first, so that a finance head who stands over the credit manager takes his own, and what is missing is the lesser signature.
fn seat(seats: &[Seat], persons: &[&Person]) -> Vec<Option<usize>> {
    let mut taken: Vec<Option<usize>> = vec![None; persons.len()];
    let mut order: Vec<usize> = (0..seats.len()).collect();
    order.sort_by_key(|at| seats.get(*at).map_or(0, |seat| seat.may.count_ones()));
    for at in order {
        let mut asked = vec![false; persons.len()];
        give(at, seats, persons, &mut taken, &mut asked);
    }
    (0..seats.len()).map(|at| taken.iter().position(|seat| *seat == Some(at))).collect()
}

/// Finds a person for a seat; one who has a seat gives it up where another can take that.
fn give(
    at: usize,
    seats: &[Seat],
    persons: &[&Person],
    taken: &mut Vec<Option<usize>>,
    asked: &mut Vec<bool>,
) -> bool {
    let Some(wanted) = seats.get(at) else { return false };
    for (place, person) in persons.iter().enumerate() {
        if person.roles & wanted.may == 0 || asked.get(place).copied().unwrap_or(true) {
            continue;
        }
        if let Some(asked) = asked.get_mut(place) {
            *asked = true;
        }
        let free = match taken.get(place).copied().flatten() {
            None => true,
            Some(other) => give(other, seats, persons, taken, asked),
        };
        if free {
            if let Some(seat) = taken.get_mut(place) {
                *seat = Some(at);
            }
            return true;
        }
    }
    false
}

/// The persons of the first set of signatures that is complete.
fn full(ways: &[Vec<Seat>], persons: &[&Person]) -> Option<Vec<usize>> {
    ways.iter().find_map(|seats| seat(seats, persons).into_iter().collect::<Option<Vec<usize>>>())
}

/// The seats taken in the first of the sets that lack least, each with the place of its person, and the roles of all seats that these lack.
fn nearest(ways: &[Vec<Seat>], persons: &[&Person]) -> (Vec<(usize, Seat)>, u128) {
    let all: Vec<(&Vec<Seat>, Vec<Option<usize>>)> =
        ways.iter().map(|seats| (seats, seat(seats, persons))).collect();
    let lacks = |taken: &[Option<usize>]| taken.iter().filter(|place| place.is_none()).count();
    let Some(least) = all.iter().map(|(_, taken)| lacks(taken)).min() else { return (Vec::new(), 0) };
    let near = || all.iter().filter(|(_, taken)| lacks(taken) == least);
    let filled = near().next().map_or_else(Vec::new, |(seats, taken)| {
        seats.iter().zip(taken).filter_map(|(seat, place)| Some(((*place)?, *seat))).collect()
    });
    let missing = near()
        .flat_map(|(seats, taken)| seats.iter().zip(taken))
        .filter(|(_, place)| place.is_none())
        .fold(0_u128, |roles, (seat, _)| roles | role_bit(*seat));
    (filled, missing)
}

/// The role of a seat as a bit.
fn role_bit(seat: Seat) -> u128 {
    1_u128.checked_shl(seat.role).unwrap_or(0)
}

/// The result that a step asks for.
pub(super) fn result(signed: &Signed, records: usize, read: &impl Signatures, at: u32) -> Value {
    let judged = match judge(signed, records, read) {
        Ok(judged) => judged,
        Err(cause) => return Value::Unknown(cause),
    };
    match signed.result {
        SignedResult::Given => Value::Set(judged.given),
        SignedResult::Missing => Value::Set(judged.missing),
        SignedResult::Granted => match judged.granted {
            Granted::Amount(amount) => Value::Number(amount),
            Granted::Awaited => Value::Unknown(Cause::Referred(at)),
            Granted::Refused => Value::Unknown(Cause::Refused(at)),
        },
        SignedResult::Carried => Value::Number(judged.carried),
        SignedResult::Carrier => {
            let [_, _, person, ..] = signed.fields;
            match judged.carrier {
                Some(record) => read.of_record(person, record).clone(),
                None => Value::Unknown(Cause::NotComputable(at)),
            }
        }
    }
}
