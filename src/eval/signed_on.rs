//! Whether something is signed, and since when: each seat of a set taken by another person.

use super::facts::Records;
use crate::plan::SignOffField;
use crate::value::{Date, Number, Value};

/// What a person has signed.
struct Signature<'r> {
    person: &'r Value,
    /// The role, by its place.
    role: u32,
    on: Date,
}

/// The places of the verdicts.
const PROPOSED: u32 = 0;
const APPROVED: u32 = 1;

/// The day since which one of the sets is complete; of several ways to fill it, the one whose oldest signature is youngest, for
/// that one is the first to expire. None where no set is.
///
/// Only signatures up to today count, and of a person in one role only the last one: who refuses later withdraws what he signed. Who
/// has proposed something does not sign for it.
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

fn signatures<'r>(
    records: &'r Records,
    subject: &Value,
    amount: Option<&Number>,
    today: Date,
) -> Vec<Signature<'r>> {
    let field = |field: SignOffField, item: usize| records.columns.get(field.place() as usize)?.get(item);
    let mut last: Vec<(Signature<'r>, u32, bool)> = Vec::new();
    let mut proposers: Vec<&Value> = Vec::new();
    for item in 0..records.items {
        if field(SignOffField::Subject, item) != Some(subject) {
            continue;
        }
        let (Some(person), Some(Value::Code(role)), Some(Value::Date(on)), Some(Value::Code(verdict))) = (
            field(SignOffField::Person, item),
            field(SignOffField::Role, item),
            field(SignOffField::On, item),
            field(SignOffField::Verdict, item),
        ) else {
            continue;
        };
        if *on > today || !person.is_known() {
            continue;
        }
        if *verdict == PROPOSED {
            proposers.push(person);
            continue;
        }
        let enough = match (amount, field(SignOffField::Amount, item)) {
            (Some(least), Some(Value::Number(signed))) => signed >= least,
            _ => true,
        };
        let one = Signature { person, role: *role, on: *on };
        match last.iter_mut().find(|(known, ..)| known.person == person && known.role == *role) {
            // Of two on one day, the refusal stands.
            Some((known, stands, counts)) if known.on < *on || known.on == *on && *verdict != APPROVED => {
                (*known, *stands, *counts) = (one, *verdict, enough);
            }
            Some(_) => {}
            None => last.push((one, *verdict, enough)),
        }
    }
    last.into_iter()
        .filter(|(one, verdict, enough)| *verdict == APPROVED && *enough && !proposers.contains(&one.person))
        .map(|(one, ..)| one)
        .collect()
}

/// Whether the seats of a set can be given to as many persons, with signatures since a day.
fn filled(seats: &[u128], given: &[Signature<'_>], since: Date) -> bool {
    let mut persons: Vec<&Value> = Vec::new();
    for one in given {
        if !persons.contains(&one.person) {
            persons.push(one.person);
        }
    }
    let may = |seat: u128, person: &Value| {
        given.iter().any(|one| {
            one.person == person
                && one.on >= since
                && seat.checked_shr(one.role).is_some_and(|bits| bits & 1 == 1)
        })
    };
    let mut taken: Vec<Option<usize>> = vec![None; persons.len()];
    seats.iter().enumerate().all(|(at, _)| {
        let mut seen = vec![false; persons.len()];
        seat(seats, at, &persons, &may, &mut taken, &mut seen)
    })
}

/// Finds a person for a seat; one who sits already may change places.
fn seat(
    seats: &[u128],
    at: usize,
    persons: &[&Value],
    may: &dyn Fn(u128, &Value) -> bool,
    taken: &mut Vec<Option<usize>>,
    seen: &mut Vec<bool>,
) -> bool {
    let Some(role) = seats.get(at) else { return false };
    for (place, person) in persons.iter().enumerate() {
        if seen.get(place) != Some(&false) || !may(*role, person) {
            continue;
        }
        if let Some(seen) = seen.get_mut(place) {
            *seen = true;
        }
        let free = match taken.get(place).copied().flatten() {
            None => true,
            Some(other) => seat(seats, other, persons, may, taken, seen),
        };
        if free && let Some(taken) = taken.get_mut(place) {
            *taken = Some(at);
            return true;
        }
    }
    false
}
