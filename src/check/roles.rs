//! Roles, their order, and who must sign.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Checker;
use super::hir::{self, Signers};
use crate::base::{Label, Span, Str};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Enum, EnumId, EnumSort, Member, Value};

/// As many roles as a set has bits.
const MOST_ROLES: usize = 128;
/// So many signatures may be asked for one thing, in so many ways.
const MOST_SEATS: usize = 8;
const MOST_WAYS: usize = 64;

impl Checker<'_> {
    /// Declares roles; that they stand over others is looked at when all are declared.
    pub(super) fn declare_roles(&mut self, roles: &[ast::Role]) {
        for role in roles {
            self.declare_role(&role.named);
        }
    }

    fn declare_role(&mut self, role: &ast::Named) {
        let label = Self::label(&role.label, &role.name);
        let Some(names) = self.names.get_mut(self.policy) else { return };
        if let Some(first) = names.roles.insert(role.name.text.clone(), role.name.span) {
            self.twice(&role.name, first);
            return;
        }
        if let Some(place) = self.role_place(&role.name.text) {
            self.mention_person(&role.name, place, true);
            return;
        }
        if self.program.roles.len() >= MOST_ROLES {
            let report = Diagnostic::new("E239", role.name.span).arg("name", &role.name.text);
            self.report(report.arg("count", MOST_ROLES.saturating_add(1)).arg("most", MOST_ROLES));
        }
        if let Some(kind) = self.program.role_kind.and_then(|id| self.program.schema.enums.get_mut(id)) {
            kind.members.push(Member { name: role.name.text.clone(), label: label.clone(), apart: false });
        }
        self.program.roles.push(hir::Named { name: role.name.text.clone(), label });
        self.mention(role.name.span, role.name.span, hir::Meaning::Role(self.last_place(true)));
    }

    fn last_place(&self, role: bool) -> u32 {
        let named = if role { self.program.roles.len() } else { self.program.actions.len() };
        u32::try_from(named.saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// Notes that a role or an action that another policy has declared is declared here, too.
    fn mention_person(&mut self, name: &ast::Name, place: u32, role: bool) {
        let declared = |names: &super::context::Names| {
            let people = if role { &names.roles } else { &names.actions };
            people.get(&name.text).copied()
        };
        let first = self.names.iter().find_map(declared).unwrap_or(name.span);
        let means = if role { hir::Meaning::Role(place) } else { hir::Meaning::Action(place) };
        self.mention(name.span, first, means);
    }

    /// Declares actions.
    pub(super) fn declare_actions(&mut self, actions: &[ast::Named]) {
        for action in actions {
            let label = Self::label(&action.label, &action.name);
            let Some(names) = self.names.get_mut(self.policy) else { return };
            if let Some(first) = names.actions.insert(action.name.text.clone(), action.name.span) {
                self.twice(&action.name, first);
                continue;
            }
            let known = self.program.actions.iter().position(|named| named.name == action.name.text);
            match known.and_then(|known| u32::try_from(known).ok()) {
                Some(place) => self.mention_person(&action.name, place, false),
                None => {
                    self.program.actions.push(hir::Named { name: action.name.text.clone(), label });
                    let place = self.last_place(false);
                    self.mention(action.name.span, action.name.span, hir::Meaning::Action(place));
                }
            }
        }
    }

    /// Which role stands over which in the policy. What is not written does not hold: a title says nothing of power. A role that the
    /// policy declares stands where it says; one of a policy that it uses, where that one says.
    pub(super) fn order_roles(&mut self, items: &[ast::Item]) {
        let mut own: Vec<(u32, u32, Span)> = Vec::new();
        for item in items {
            let ast::ItemKind::Roles(roles) = &item.kind else { continue };
            for role in roles {
                for lower in &role.above {
                    self.role(lower);
                    if let (Some(higher), Some(below)) =
                        (self.role_place(&role.named.name.text), self.role_place(&lower.text))
                    {
                        own.push((higher, below, lower.span));
                    }
                }
            }
        }
        let mut written = self.inherited_order();
        written.extend(own.iter().copied());
        if let Some(names) = self.names.get_mut(self.policy) {
            names.above = own;
        }
        let mut over: BTreeSet<(u32, u32)> = BTreeSet::new();
        for (higher, lower, span) in written {
            if let Some(path) = self.way_down(&over, lower, higher) {
                let drawn: Vec<String> = [higher]
                    .into_iter()
                    .chain(path)
                    .map(|role| format!("`{}`", self.role_name(role)))
                    .collect();
                self.report(Diagnostic::new("E250", span).arg("circle", drawn.join(" → ")).help("one_way"));
                continue;
            }
            over.insert((higher, lower));
        }
        // Who stands over a role stands over all below it.
        loop {
            let further: Vec<(u32, u32)> = over
                .iter()
                .flat_map(|(high, middle)| {
                    over.iter().filter(move |(other, _)| other == middle).map(move |(_, low)| (*high, *low))
                })
                .filter(|pair| !over.contains(pair))
                .collect();
            if further.is_empty() {
                break;
            }
            over.extend(further);
        }
        self.program.over.insert(self.policy, over.into_iter().collect());
    }

    /// What the policies that are used say of the roles that this one does not declare itself.
    fn inherited_order(&self) -> Vec<(u32, u32, Span)> {
        let Some(names) = self.names.get(self.policy) else { return Vec::new() };
        let used = names.reach.iter().filter(|id| **id != self.policy);
        let theirs = used.filter_map(|id| self.names.get(*id)).flat_map(|used| used.above.iter().copied());
        theirs.filter(|(higher, ..)| !names.roles.contains_key(&self.role_name(*higher))).collect()
    }

    /// The roles on the way from one down to another, both included; none where there is no such way.
    fn way_down(&self, over: &BTreeSet<(u32, u32)>, from: u32, to: u32) -> Option<Vec<u32>> {
        let mut came: BTreeMap<u32, u32> = BTreeMap::new();
        let mut waiting = vec![from];
        while let Some(role) = waiting.pop() {
            if role == to {
                let mut path = vec![role];
                let mut at = role;
                while at != from {
                    at = *came.get(&at)?;
                    path.push(at);
                }
                path.reverse();
                return Some(path);
            }
            for (_, lower) in over.iter().filter(|(higher, _)| *higher == role) {
                if *lower != from && !came.contains_key(lower) {
                    came.insert(*lower, role);
                    waiting.push(*lower);
                }
            }
        }
        None
    }

    /// The place of a role among all roles.
    pub(crate) fn role_place(&self, name: &str) -> Option<u32> {
        let place = self.program.roles.iter().position(|role| &*role.name == name)?;
        u32::try_from(place).ok()
    }

    fn role_name(&self, place: u32) -> Str {
        self.program.roles.get(place as usize).map_or_else(|| Str::from("?"), |role| role.name.clone())
    }

    /// The enumeration of all roles of the program, by their places.
    pub(crate) fn role_kind(&mut self) -> EnumId {
        if let Some(id) = self.program.role_kind {
            return id;
        }
        let members = self
            .program
            .roles
            .iter()
            .map(|role| Member { name: role.name.clone(), label: role.label.clone(), apart: false })
            .collect();
        let id =
            self.program.schema.enums.push(Enum { name: "role".into(), sort: EnumSort::BuiltIn, members });
        self.program.role_kind = Some(id);
        id
    }

    /// A kind that the language brings along.
    pub(crate) fn built_in_kind(&mut self, name: &str, members: &[(&'static str, &'static str)]) -> EnumId {
        let kinds = &self.program.schema.enums;
        let last = kinds.iter_enumerated().rfind(|(_, it)| it.sort == EnumSort::BuiltIn && &*it.name == name);
        if let Some(id) = last.map(|(id, _)| id) {
            return id;
        }
        let members = members
            .iter()
            .map(|(en, zh)| Member {
                name: Str::from(*en),
                label: Label { en: Str::from(*en), zh: Str::from(*zh) },
                apart: false,
            })
            .collect();
        self.program.schema.enums.push(Enum { name: Str::from(name), sort: EnumSort::BuiltIn, members })
    }

    /// Who must sign; none where something was reported.
    pub(crate) fn signers(&mut self, signers: &ast::Signers) -> Option<Signers> {
        let lowered = self.signers_of(signers, true)?;
        let ways = lowered.alternatives();
        let most = ways.iter().map(Vec::len).max().unwrap_or(0);
        if most > MOST_SEATS || ways.len() > MOST_WAYS {
            self.report(
                Diagnostic::new("E253", signers.span)
                    .variant("many")
                    .arg("seats", MOST_SEATS)
                    .arg("ways", MOST_WAYS),
            );
            return None;
        }
        Some(lowered)
    }

    /// What a case expects of who must sign; reported where no row asks for that.
    pub(super) fn joint(&mut self, signers: &ast::Signers, kind: EnumId, span: Span) -> Option<Value> {
        let found = self.signers(signers)?;
        let known = self.signer_kinds.get(&kind)?;
        let place = known.iter().position(|other| other.same(&found));
        if let Some(place) = place {
            return u32::try_from(place).ok().map(Value::Code);
        }
        let lang = self.written_in();
        let written: Vec<String> =
            known.iter().map(|one| format!("`{}`", one.written(&self.program, lang))).collect();
        let report = Diagnostic::new("E256", span).arg("written", found.written(&self.program, lang));
        self.report(report.arg("known", written.join(", ")).help("known"));
        None
    }

    fn signers_of(&mut self, signers: &ast::Signers, alone: bool) -> Option<Signers> {
        let mut all = |parts: &[ast::Signers]| {
            let parts: Vec<Option<Signers>> = parts.iter().map(|part| self.signers_of(part, false)).collect();
            parts.into_iter().collect::<Option<Vec<Signers>>>()
        };
        match &signers.kind {
            ast::SignersKind::And(parts) => all(parts).map(Signers::And),
            ast::SignersKind::Or(parts) => all(parts).map(Signers::Or),
            ast::SignersKind::Nobody if !alone => {
                self.report(Diagnostic::new("E253", signers.span).help("alone"));
                None
            }
            ast::SignersKind::Nobody => Some(Signers::Nobody),
            ast::SignersKind::Role { role, exactly } => {
                let name = self.role(role);
                Some(Signers::Role { role: self.role_place(&name)?, exactly: exactly.is_some() })
            }
            ast::SignersKind::Error => None,
        }
    }
}
