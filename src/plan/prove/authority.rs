//! Authorities: that a small amount never needs a higher authority than a large one.

use super::rows::{self, Combinations};
use super::{Verdict, constant};
use crate::diag::Diagnostic;
use crate::plan::{AuthorityItem, Item, Op, Plan, Seat};
use crate::value::{Number, Value};

/// Warns where the same customer could get more from somebody who could not give him less.
pub(super) fn rises(plan: &Plan, it: &AuthorityItem, item: &Item, found: &mut Vec<Diagnostic>) {
    let Some(Op::Signed(signed)) = plan.steps.get(it.granted).map(|step| &step.op) else { return };
    let table = &it.table;
    // Too many combinations are told where the rows are proved.
    let Some(mut all) = Combinations::new(plan, &table.keys, &table.rows) else { return };
    let types = rows::types(plan, &table.keys);
    let names = rows::key_names(item, &table.keys);
    let caught = rows::caught(&table.keys, &table.rows);
    // The combinations of one customer follow each other: the amount is the last key.
    let mut amounts: Vec<(Number, u32, usize, Vec<Value>)> = Vec::new();
    let mut told: Vec<(u32, u32)> = Vec::new();
    let mut before: Vec<Value> = Vec::new();
    loop {
        let samples: Vec<&Value> = all.current();
        let others: Vec<Value> = samples.iter().rev().skip(1).rev().map(|it| (*it).clone()).collect();
        if all.done || others != before {
            amounts.sort_by(|left, right| left.0.cmp(&right.0));
            for (place, (_, small, row, sample)) in amounts.iter().enumerate() {
                let larger = amounts.iter().skip(place.saturating_add(1));
                for (_, large, _, of_large) in larger {
                    let (lower, higher) =
                        (signed.ways.get(*large as usize), signed.ways.get(*small as usize));
                    let (Some(lower), Some(higher)) = (lower, higher) else { continue };
                    if !told.contains(&(*small, *large))
                        && suffices(higher, lower)
                        && !suffices(lower, higher)
                    {
                        told.push((*small, *large));
                        let name = |code: u32| {
                            let kind = plan.schema.enums.get(it.kind).and_then(|kind| kind.member(code));
                            kind.map_or_else(String::new, |member| member.name.to_string())
                        };
                        let text = |sample: &[Value]| {
                            rows::sample_text(plan, &types, &names, &sample.iter().collect::<Vec<_>>())
                        };
                        let span = table.rows.get(*row).map_or(item.span, |row| rows::place(plan, row, item));
                        found.push(
                            Diagnostic::new("W410", span)
                                .arg("higher", name(*small))
                                .arg("lower", name(*large))
                                .arg("small", text(sample))
                                .arg("large", text(of_large))
                                .help("rise"),
                        );
                    }
                }
            }
            amounts.clear();
            before = others;
        }
        if all.done {
            return;
        }
        let samples = all.current();
        let taken = table.rows.iter().enumerate().find_map(|(place, row)| {
            let says = rows::cells(plan, &[], row, &types, &samples, &caught);
            // What a guard says is not known here; the rows behind it are held against each other.
            (says != Verdict::No && row.guard.is_none()).then_some((place, row, says))
        });
        if let Some((place, row, Verdict::Yes)) = taken
            && let Some(Value::Number(amount)) = samples.last()
            && let Some(Value::Code(code)) = row.results.first().and_then(|step| constant(plan, *step))
        {
            amounts.push((amount.clone(), *code, place, samples.iter().map(|it| (*it).clone()).collect()));
        }
        all.advance();
    }
}

/// Whether whoever has the signatures that the first asks for has those that the second asks for.
fn suffices(these: &[Vec<Seat>], those: &[Vec<Seat>]) -> bool {
    these.iter().all(|signers| {
        let roles: Vec<u32> = signers.iter().map(|seat| seat.role).collect();
        those.iter().any(|seats| seated(seats, &roles))
    })
}

/// Whether persons of these roles can take all seats.
fn seated(seats: &[Seat], roles: &[u32]) -> bool {
    let Some((first, rest)) = seats.split_first() else { return true };
    roles.iter().enumerate().any(|(place, role)| {
        let fits = first.may.checked_shr(*role).is_some_and(|bits| bits & 1 == 1);
        let others: Vec<u32> =
            roles.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, role)| *role).collect();
        fits && seated(rest, &others)
    })
}
