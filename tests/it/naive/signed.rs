//! Signatures, found by trying every way to seat people.

use super::Naive::{Set, Text, Unknown};
use super::*;
use gradus::plan::{Seat, Signed, SignedResult};

struct Verdict {
    record: usize,
    person: String,
    day: Date,
    verdict: u32,
    role: u32,
    amount: Option<BigRational>,
}

fn has(roles: u128, role: u32) -> bool {
    roles >> role & 1 == 1
}

/// A name without what typing makes of it: full-width letters and blanks, capitals, blanks too many.
fn plainly(name: &str) -> String {
    let narrow = |sign: char| match sign {
        '\u{3000}' => ' ',
        'Ａ'..='Ｚ' => char::from_u32(sign as u32 - 'Ａ' as u32 + 'A' as u32).unwrap(),
        'ａ'..='ｚ' => char::from_u32(sign as u32 - 'ａ' as u32 + 'a' as u32).unwrap(),
        other => other,
    };
    let name: String = name.chars().map(narrow).collect();
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether all seats can be given to different people.
fn seated(seats: &[Seat], people: &[&BTreeSet<u32>]) -> bool {
    let Some((first, rest)) = seats.split_first() else { return true };
    (0..people.len()).any(|at| {
        let mut others = people.to_vec();
        let roles = others.remove(at);
        roles.iter().any(|role| has(first.may, *role)) && seated(rest, &others)
    })
}

impl World<'_> {
    pub(super) fn signed(&self, it: &Signed, id: StepId) -> Found {
        let Naive::Number(value) = known(self.value(it.value, None))? else { panic!("no number") };
        let needed = self.code(it.needed, None)?;
        if let Value::Unknown(cause) = self.facts.value(it.list).unwrap() {
            return Err(*cause);
        }
        let text = |step, record| match self.value(step, Some(record)) {
            Text(text) => text,
            other => panic!("{other:?} is no text"),
        };
        let verdicts: Vec<Verdict> = (0..self.facts.records(it.list).unwrap().items)
            .filter(|record| text(it.fields[0], *record) == *it.subject)
            .map(|record| Verdict {
                record,
                person: plainly(&text(it.fields[2], record)),
                day: self.date(it.fields[3], Some(record)).unwrap(),
                verdict: self.code(it.fields[5], Some(record)).unwrap(),
                role: self.code(it.fields[1], Some(record)).unwrap(),
                amount: self.number(it.fields[4], Some(record)).ok(),
            })
            .filter(|verdict| verdict.day <= self.today)
            .collect();
        let asked =
            |role: u32| it.ways.iter().flatten().flatten().chain(&it.arbiter).any(|seat| has(seat.may, role));
        // By the place of the record: the roles and the amount of each person who approves, the roles of each who refuses.
        let mut approve: BTreeMap<usize, (BTreeSet<u32>, Option<BigRational>)> = BTreeMap::new();
        let mut refuse: Vec<BTreeSet<u32>> = Vec::new();
        for person in verdicts.iter().map(|verdict| &verdict.person).collect::<BTreeSet<_>>() {
            let own: Vec<&Verdict> = verdicts.iter().filter(|verdict| verdict.person == *person).collect();
            let spoken: Vec<&&Verdict> = own.iter().filter(|verdict| verdict.verdict != 0).collect();
            let Some(last) = spoken.iter().map(|verdict| verdict.day).max() else { continue };
            let last: Vec<&&&Verdict> = spoken.iter().filter(|verdict| verdict.day == last).collect();
            let says = if last.iter().any(|verdict| verdict.verdict == 2) { 2 } else { 1 };
            let stands: Vec<_> = last.iter().filter(|verdict| verdict.verdict == says).collect();
            let roles: BTreeSet<u32> = stands.iter().map(|it| it.role).filter(|role| asked(*role)).collect();
            if roles.is_empty() {
                continue;
            }
            if says == 2 {
                refuse.push(roles);
                continue;
            }
            let none = stands.iter().any(|verdict| verdict.amount.is_none());
            let least = stands.iter().filter_map(|verdict| verdict.amount.clone()).min().filter(|_| !none);
            if own.iter().all(|verdict| verdict.verdict != 0) && least.is_some() {
                approve.insert(stands[0].record, (roles, least));
            }
        }
        let disputed = !refuse.is_empty() && !approve.is_empty();
        let arbiter = it.arbiter.filter(|_| disputed);
        let by_arbiter =
            |roles: &BTreeSet<u32>| arbiter.is_some_and(|seat| roles.iter().any(|role| has(seat.may, *role)));
        let refused = !refuse.is_empty() && (arbiter.is_none() || refuse.iter().any(by_arbiter));
        let over = refused || it.ways[needed as usize].is_empty();
        let ways = |code: u32| match (&it.ways[code as usize], arbiter) {
            (ways, Some(seat)) if !ways.is_empty() => vec![vec![seat]],
            (ways, _) => ways.clone(),
        };
        let able = |amount: &BigRational| -> Vec<(usize, &BTreeSet<u32>)> {
            let enough = |own: &Option<BigRational>| own.as_ref().is_some_and(|own| own >= amount);
            approve.iter().filter(|(_, (_, own))| enough(own)).map(|(at, (roles, _))| (*at, roles)).collect()
        };
        let full = |amount: &BigRational, code: u32| {
            let people: Vec<_> = able(amount).into_iter().map(|(_, roles)| roles).collect();
            ways(code).iter().any(|seats| seated(seats, &people))
        };
        let mut amounts = Vec::new();
        for (record, (_, amount)) in &approve {
            if let (Some(amount), Ok(code)) = (amount, self.code(it.needed_of, Some(*record))) {
                amounts.push((amount.clone(), code));
            }
        }
        for (amount, code) in &it.bounds {
            if let (Ok(amount), Ok(code)) = (self.number(*amount, None), self.code(*code, None)) {
                amounts.push((amount, code));
            }
        }
        // What the value itself needs is asked of the value alone.
        amounts.retain(|(amount, _)| *amount < value);
        amounts.push((value.clone(), needed));
        let own = amounts.iter().filter(|(amount, code)| !over && full(amount, *code)).map(|it| &it.0).max();
        let mut bold: Option<(BigRational, usize)> = None;
        if let (Some(own), Some(_), None) = (own, &it.carries, arbiter) {
            for (record, (roles, amount)) in &approve {
                let alone =
                    amounts.iter().any(|(_, code)| ways(*code).iter().any(|seats| seated(seats, &[roles])));
                let amount = amount.clone().unwrap().min(value.clone());
                if alone && amount > *own && bold.as_ref().is_none_or(|(most, _)| amount > *most) {
                    bold = Some((amount, *record));
                }
            }
        }
        // Nothing is asked for: nobody signs, and nobody carries.
        let none = value.is_zero() && !over;
        let people = able(&value);
        Ok(match it.result {
            SignedResult::Given | SignedResult::Missing if none => Set(BTreeSet::new()),
            SignedResult::Granted if none => Naive::Number(value),
            SignedResult::Given | SignedResult::Missing => {
                let people: Vec<_> = people.into_iter().map(|(_, roles)| roles).collect();
                let lacks: Vec<(Vec<Seat>, Vec<u32>)> = ways(needed)
                    .iter()
                    .map(|seats| {
                        let (mut kept, mut lack) = (Vec::new(), Vec::new());
                        // The seats for which the fewest may sign come first.
                        let mut seats = seats.clone();
                        seats.sort_by_key(|seat| seat.may.count_ones());
                        for seat in seats {
                            kept.push(seat);
                            if !seated(&kept, &people) {
                                kept.pop();
                                lack.push(seat.role);
                            }
                        }
                        (kept, lack)
                    })
                    .collect();
                let least = lacks.iter().map(|(_, lack)| lack.len()).min().unwrap_or(0);
                let carried = bold.as_ref().is_some_and(|(amount, _)| *amount == value);
                let mut near = lacks.into_iter().filter(|(_, lack)| lack.len() == least);
                Set(match it.result {
                    _ if over => BTreeSet::new(),
                    SignedResult::Given => {
                        near.next().into_iter().flat_map(|(kept, _)| kept).map(|seat| seat.role).collect()
                    }
                    _ if carried => BTreeSet::new(),
                    _ => near.flat_map(|(_, lack)| lack).collect(),
                })
            }
            SignedResult::Granted => match (bold, own) {
                _ if over => return Err(Cause::Refused(id.0)),
                (Some((amount, _)), _) => Naive::Number(amount),
                (None, Some(own)) => Naive::Number(own.clone()),
                (None, None) => return Err(Cause::Referred(id.0)),
            },
            SignedResult::Carried => match (bold, own, &it.carries) {
                (Some((amount, _)), Some(own), Some(part)) => {
                    Naive::Number((amount - own) * BigRational::from(part))
                }
                _ => Naive::Number(BigRational::zero()),
            },
            SignedResult::Carrier => match bold {
                Some((_, record)) => self.value(it.fields[2], Some(record)),
                None => Unknown(Cause::NotComputable(id.0)),
            },
        })
    }
}
