//! What each construct says, thing by thing.

mod cards;
mod common;
mod declared;
mod people;

pub(super) use super::compare::within;
use super::compare::{Field, Found, Listed, Member, Part, field, fields, lists};
use super::seen::says;
use super::what::{self, What};
use crate::base::{Span, Str};
use crate::syntax::ast;

/// What differs between two files, cases aside: they say what a policy is held to, not what it is.
pub(super) fn files(was: &ast::File, is: &ast::File) -> Vec<Found<ast::File>> {
    let items = |file: &ast::File| -> Vec<ast::Item> {
        file.items.iter().filter(|item| !matches!(item.kind, ast::ItemKind::Case(_))).cloned().collect()
    };
    let found = lists(&items(was), &items(is));
    found
        .into_iter()
        .map(|one| {
            let edit = one.edit;
            Found {
                path: one.path,
                what: one.what,
                kind: one.kind,
                was: one.was,
                is: one.is,
                edit: std::sync::Arc::new(move |file: &mut ast::File| edit(&mut file.items)),
            }
        })
        .collect()
}

/// What an item is, its name and its label.
pub(super) fn item(kind: &ast::ItemKind) -> Member {
    let of = |kind: What, name: &ast::Name, label: &ast::Label| common::named(kind, name, label);
    let plain = |kind: What, name: &str| Member { kind, name: Str::from(name), label: ast::Label::default() };
    match kind {
        ast::ItemKind::Policy(it) => of(what::POLICY, &it.name, &it.label),
        ast::ItemKind::Use(it) => plain(what::USE, &it.policy.text),
        ast::ItemKind::Roles(_) => plain(what::ROLES, ""),
        ast::ItemKind::Actions(_) => plain(what::ACTIONS, ""),
        ast::ItemKind::Kind(it) => of(what::KIND, &it.name, &it.label),
        ast::ItemKind::Facts(_) => plain(what::FACTS, ""),
        ast::ItemKind::Param(it) => of(what::PARAM, &it.name, &it.label),
        ast::ItemKind::Reference(it) => of(what::REFERENCE, &it.name, &it.label),
        ast::ItemKind::Let(it) => of(what::LET, &it.name, &it.label),
        ast::ItemKind::ForEach(it) => plain(what::FOR_EACH, &it.list.text),
        ast::ItemKind::Table(it) => of(what::TABLE, &it.name, &it.label),
        ast::ItemKind::Scorecard(it) => of(what::SCORECARD, &it.name, &it.label),
        ast::ItemKind::Grades(it) => of(what::GRADES, &it.name, &it.label),
        ast::ItemKind::Correction(it) => of(what::CORRECTION, &it.name, &it.label),
        ast::ItemKind::Limit(it) => of(what::LIMIT, &it.name, &it.label),
        ast::ItemKind::Triggers(it) => of(what::TRIGGERS, &it.name, &it.label),
        ast::ItemKind::Escalation(it) => of(what::ESCALATION, &it.name, &it.label),
        ast::ItemKind::Judgement(it) => people::asked(it),
        ast::ItemKind::Override(it) => people::target(it),
        ast::ItemKind::Authority(it) => of(what::AUTHORITY, &it.name, &it.label),
        ast::ItemKind::Checks(it) => of(what::CHECKS, &it.name, &it.label),
        ast::ItemKind::Checklist(it) => of(what::CHECKLIST, &it.name, &it.label),
        ast::ItemKind::Decision(it) => of(what::DECISION, &it.name, &it.label),
        ast::ItemKind::Always(_) => plain(what::ALWAYS, ""),
        ast::ItemKind::Case(it) => plain(what::DECISION, &it.name.value),
        ast::ItemKind::Script(it) => plain(what::SCRIPT, &it.file.value),
        ast::ItemKind::Portfolio(it) => of(what::PORTFOLIO, &it.name, &it.label),
        ast::ItemKind::Total(it) => of(what::TOTAL, &it.name, &it.label),
        ast::ItemKind::Allocation(it) => of(what::ALLOCATION, &it.applied.name, &it.applied.label),
    }
}

impl Listed for ast::Item {
    const ORDERED: bool = false;

    fn key(&self) -> String {
        match &self.kind {
            // Policies that are compared are one policy, whatever they are called.
            ast::ItemKind::Policy(_) => String::from("policy"),
            ast::ItemKind::Always(holds) => format!("always {}", says(holds)),
            ast::ItemKind::Allocation(it) => format!("allocate {} {}", it.list.text, it.applied.name.text),
            kind => {
                let member = item(kind);
                format!("{} {}", member.kind.key, member.name)
            }
        }
    }

    fn member(&self, place: usize) -> Member {
        let member = item(&self.kind);
        if member.kind == what::ALWAYS { common::numbered(what::ALWAYS, place) } else { member }
    }

    fn span(&self) -> Span {
        self.span
    }

    fn likeness(&self, other: &Self) -> usize {
        usize::from(matches!((&self.kind, &other.kind), (ast::ItemKind::Always(_), ast::ItemKind::Always(_))))
    }
}

/// Items of one kind, compared within.
macro_rules! items {
    ($was:ident $is:ident $found:ident $($kind:ident),* $(,)?) => {
        match (&$was.kind, &$is.kind) {
            $((ast::ItemKind::$kind(then), ast::ItemKind::$kind(now)) => within(
                (then, now),
                |item: &mut ast::Item| match &mut item.kind {
                    ast::ItemKind::$kind(it) => Some(it),
                    _ => None,
                },
                $found,
            ),)*
            (ast::ItemKind::Allocation(then), ast::ItemKind::Allocation(now)) => within(
                (&**then, &**now),
                |item: &mut ast::Item| match &mut item.kind {
                    ast::ItemKind::Allocation(it) => Some(&mut **it),
                    _ => None,
                },
                $found,
            ),
            (ast::ItemKind::Always(_), ast::ItemKind::Always(_)) => fields($was, $is, ALWAYS, $found),
            // Keys begin with what an item is, so that two of a pair are of one kind; cases are left out.
            (_, _) => {}
        }
    };
}

/// What must always hold.
const ALWAYS: &[Field<ast::Item>] = &[field!(what::WHEN, kind)];

impl super::seen::Placed for ast::ItemKind {
    fn at(&self) -> Option<Span> {
        match self {
            ast::ItemKind::Always(holds) => Some(holds.span),
            _ => None,
        }
    }
}

impl Part for ast::Item {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        items!(
            was is found
            Policy, Use, Roles, Actions, Kind, Facts, Param, Reference, Let, ForEach, Table, Scorecard, Grades,
            Correction, Limit, Triggers, Escalation, Judgement, Override, Authority, Checks, Checklist,
            Decision, Script, Portfolio, Total,
        );
    }
}

impl Part for ast::ForEach {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        super::compare::list(was, is, &super::compare::lens!(items), found);
    }
}

/// A list that is an item as a whole: roles, actions, facts.
impl<T: Listed> Part for Vec<T> {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        found.extend(lists(was, is));
    }
}
