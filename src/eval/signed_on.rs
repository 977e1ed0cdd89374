//! Whether something is signed, and since when: each seat of a set taken by another person.

use super::facts::Records;
use crate::plan::SignOffField;
use crate::value::office::person_key;
use crate::value::{Date, Number, Value};

/// What a person has signed.
struct Signature {
    /// His name as it is compared.
    person: String,
    /// The roles in which he signed on that day, as bits.
    roles: u128,
    on: Date,
}

/// The last that a person has said.
struct LastWord {
    signature: Signature,
    approves: bool,
    /// Whether it is for as much as is asked for.
    enough: bool,
}

/// The places of the verdicts.
const PROPOSED: u32 = 0;
const APPROVED: u32 = 1;

/// The day since which one of the sets is complete; of several ways to fill it, the one whose oldest signature is youngest, for
/// that one is the first to expire. None where no set is.
///
/// The rules are those of an approval: only signatures up to today count, and of a person only what he said last: who refuses later
/// withdraws what he signed, and of one day a refusal stands before an approval and the lower amount before the higher. Who has
/// proposed something does not sign for it. Where an amount is asked for, a signature that names none covers nothing.
pub(super) fn signed_on(
    records: &Records,
    subject: &Value,
    ways: &[Vec<u128>],
    amount: Option<&Number>,
    today: Date,
) -> Option<Date> {
    let given = signatures(records, subject, amount, today);
    let mut days: Vec<Date> = given.iter().map(|one| one.on).collect();
    days.sort_unstable();
    days.dedup();
    let complete = |since: Date| ways.iter().any(|way| !way.is_empty() && filled(way, &given, since));
    days.into_iter().rev().find(|day| complete(*day))
}

fn signatures(records: &Records, subject: &Value, amount: Option<&Number>, today: Date) -> Vec<Signature> {
    let field = |field: SignOffField, item: usize| records.columns.get(field.place() as usize)?.get(item);
    let mut last: Vec<LastWord> = Vec::new();
    let mut proposers: Vec<String> = Vec::new();
    for item in 0..records.items {
        if field(SignOffField::Subject, item) != Some(subject) {
            continue;
        }
        let (
            Some(Value::Text(person)),
            Some(Value::Code(role)),
            Some(Value::Date(on)),
            Some(Value::Code(verdict)),
        ) = (
            field(SignOffField::Person, item),
            field(SignOffField::Role, item),
            field(SignOffField::On, item),
            field(SignOffField::Verdict, item),
        )
        else {
            continue;
        };
        if *on > today {
            continue;
        }
        let person = person_key(person);
        if *verdict == PROPOSED {
            proposers.push(person);
            continue;
        }
        let enough = match (amount, field(SignOffField::Amount, item)) {
            (None, _) => true,
            (Some(least), Some(Value::Number(signed))) => signed >= least,
            (Some(_), _) => false,
        };
        let roles = 1_u128.checked_shl(*role).unwrap_or(0);
        let approves = *verdict == APPROVED;
        let word = LastWord { signature: Signature { person, roles, on: *on }, approves, enough };
        match last.iter_mut().find(|known| known.signature.person == word.signature.person) {
            Some(known) if known.signature.on < *on => *known = word,
            Some(known) if known.signature.on == *on => {
                if known.approves == approves {
                    known.signature.roles |= roles;
                    known.enough &= enough;
                } else if !approves {
                    *known = word;
                }
            }
            Some(_) => {}
            None => last.push(word),
        }
    }
    last.into_iter()
        .filter(|word| word.approves && word.enough && !proposers.contains(&word.signature.person))
        .map(|word| word.signature)
        .collect()
}

/// Whether the seats of a set can be given to as many persons, with signatures since a day.
fn filled(seats: &[u128], given: &[Signature], since: Date) -> bool {
    let persons: Vec<&Signature> = given.iter().filter(|one| one.on >= since).collect();
    let mut taken: Vec<Option<usize>> = vec![None; persons.len()];
    seats.iter().enumerate().all(|(at, _)| {
        let mut seen = vec![false; persons.len()];
        seat(seats, at, &persons, &mut taken, &mut seen)
    })
}

/// Finds a person for a seat; one who sits already may change places.
fn seat(
    seats: &[u128],
    at: usize,
    persons: &[&Signature],
    taken: &mut Vec<Option<usize>>,
    seen: &mut Vec<bool>,
) -> bool {
    let Some(roles) = seats.get(at) else { return false };
    for (place, person) in persons.iter().enumerate() {
        if seen.get(place) != Some(&false) || roles & person.roles == 0 {
            continue;
        }
        if let Some(seen) = seen.get_mut(place) {
            *seen = true;
        }
        let free = match taken.get(place).copied().flatten() {
            None => true,
            Some(other) => seat(seats, other, persons, taken, seen),
        };
        if free && let Some(taken) = taken.get_mut(place) {
            *taken = Some(at);
            return true;
        }
    }
    false
}
