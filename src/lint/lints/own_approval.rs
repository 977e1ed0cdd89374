//! Values that rest on what a role has answered, and that the same role then approves alone.

use crate::check::hir::{self, DefinitionKind, Seat};
use crate::diag::Diagnostic;
use crate::lint::{Policy, read};
use crate::plan::{AuthorityItem, Item, ItemKind};

pub(in crate::lint) fn find(policy: &Policy<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for item in policy.items() {
        let ItemKind::Authority(authority) = &item.kind else { continue };
        let proposers = proposers(policy, authority);
        let alone = alone(policy, item);
        let both = proposers.iter().find(|(role, _)| alone.contains(role));
        if let Some((role, proposal)) = both {
            let told = Diagnostic::new("L011", item.span).arg("name", &item.name).arg("role", role);
            found.push(told.arg("proposal", &proposal.name).label(proposal.span, "proposal").help("two"));
        }
    }
    found
}

/// The roles whose answers or exceptions the value rests on, each with the construct that asks it.
fn proposers<'a>(policy: &Policy<'a>, authority: &AuthorityItem) -> Vec<(&'a str, &'a Item)> {
    let plan = policy.seen.plan;
    let under = read::under(plan, [authority.value]);
    let asked = plan.items.iter().filter(|item| under.contains(&item.value));
    let roles = asked.flat_map(|item| match &item.kind {
        ItemKind::Judgement(judgement) => judgement.roles.iter().map(|role| (&**role, item)).collect(),
        ItemKind::Override(exception) => exception.roles.iter().map(|role| (&**role, item)).collect(),
        _ => Vec::new(),
    });
    roles.collect()
}

/// The roles whose signature suffices for some amount.
fn alone<'a>(policy: &Policy<'a>, item: &Item) -> Vec<&'a str> {
    let program = policy.seen.program;
    let definition = policy.definitions().find(|definition| definition.span == item.span);
    let Some(hir::Definition { kind: DefinitionKind::Authority(authority), .. }) = definition else {
        return Vec::new();
    };
    let ways = authority.signers.iter().flat_map(hir::Signers::alternatives);
    let single = ways.filter_map(|way| <[Seat; 1]>::try_from(way).ok());
    single.filter_map(|[seat]| program.roles.get(seat.role as usize)).map(|role| &*role.name).collect()
}
