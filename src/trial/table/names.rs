//! The names and labels of a policy, by which the headings of a table are understood.

use std::collections::BTreeMap;

use crate::base::{Str, nearest};
use crate::store::RulesFolder;
use crate::syntax::ast;

/// Whether a value is given by whoever asks, or computed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    /// A fact or a parameter.
    Given,
    /// A value of the policy.
    Computed,
}

/// The names of a policy and of those that it uses.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    sides: BTreeMap<Str, Side>,
    labels: BTreeMap<Str, Vec<Str>>,
}

impl Names {
    /// The names of all versions of a policy that is wanted as `name` or `name@version`.
    pub(super) fn of(folder: &RulesFolder, wanted: &str) -> Names {
        let (name, version) = match wanted.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (wanted, None),
        };
        let mut names = Names::default();
        for (place, file) in folder.files.iter().enumerate() {
            let is_wanted = file.header.as_ref().is_some_and(|header| {
                *header.name == *name && version.is_none_or(|version| *header.version == *version)
            });
            if is_wanted {
                for place in folder.with_uses(place) {
                    let items = folder.files.get(place).map(|file| file.tree.items.as_slice());
                    items.unwrap_or_default().iter().for_each(|item| names.item(&item.kind));
                }
            }
        }
        names
    }

    fn add(&mut self, name: &ast::Name, label: &ast::Label, side: Side) {
        self.sides.insert(name.text.clone(), side);
        for label in [&label.plain, &label.zh, &label.en].into_iter().flatten() {
            let of = self.labels.entry(label.value.clone()).or_default();
            if !of.contains(&name.text) {
                of.push(name.text.clone());
            }
        }
    }

    fn item(&mut self, kind: &ast::ItemKind) {
        match kind {
            ast::ItemKind::Facts(facts) => {
                facts.iter().for_each(|fact| self.add(&fact.name, &fact.label, Side::Given));
            }
            ast::ItemKind::Param(it) => self.add(&it.name, &it.label, Side::Given),
            ast::ItemKind::Let(it) => self.add(&it.name, &it.label, Side::Computed),
            ast::ItemKind::Table(it) => self.add(&it.name, &it.label, Side::Computed),
            ast::ItemKind::Scorecard(it) => self.add(&it.name, &it.label, Side::Computed),
            ast::ItemKind::Grades(it) => self.add(&it.name, &it.label, Side::Computed),
            ast::ItemKind::Correction(it) => self.add(&it.name, &it.label, Side::Computed),
            ast::ItemKind::Limit(it) => self.add(&it.name, &it.label, Side::Computed),
            ast::ItemKind::Triggers(it) => self.add(&it.name, &it.label, Side::Computed),
            ast::ItemKind::Escalation(it) => self.add(&it.name, &it.label, Side::Computed),
            ast::ItemKind::Judgement(it) => self.add(&it.name, &it.label, Side::Computed),
            ast::ItemKind::Authority(it) => self.add(&it.name, &it.label, Side::Computed),
            ast::ItemKind::Checks(it) => self.add(&it.name, &it.label, Side::Computed),
            ast::ItemKind::Checklist(it) => self.add(&it.name, &it.label, Side::Computed),
            ast::ItemKind::Total(it) => self.add(&it.name, &it.label, Side::Computed),
            ast::ItemKind::Policy(_)
            | ast::ItemKind::Use(_)
            | ast::ItemKind::Roles(_)
            | ast::ItemKind::Actions(_)
            | ast::ItemKind::Kind(_)
            | ast::ItemKind::Reference(_)
            | ast::ItemKind::ForEach(_)
            | ast::ItemKind::Override(_)
            | ast::ItemKind::Decision(_)
            | ast::ItemKind::Always(_)
            | ast::ItemKind::Case(_)
            | ast::ItemKind::Script(_)
            | ast::ItemKind::Portfolio(_)
            | ast::ItemKind::Allocation(_) => {}
        }
    }

    /// The side of a name; of `limit_percent.share`, that of `limit_percent`.
    pub(super) fn side(&self, path: &str) -> Option<Side> {
        let name = path.split(['.', '[']).next().unwrap_or(path).trim();
        self.sides.get(name).copied()
    }

    /// The name that a text means: a name itself, or what has it as its label.
    ///
    /// # Errors
    /// The names that share the label.
    pub(super) fn resolve(&self, text: &str) -> Result<Option<Str>, Vec<Str>> {
        if self.side(text).is_some() {
            return Ok(Some(Str::from(text)));
        }
        match self.labels.get(text).map(Vec::as_slice) {
            Some([only]) => Ok(Some(only.clone())),
            Some(several) => Err(several.to_vec()),
            None => Ok(None),
        }
    }

    /// The name or label nearest to a text.
    pub(super) fn near(&self, text: &str) -> Option<String> {
        let known = self.sides.keys().chain(self.labels.keys()).map(|name| &**name);
        nearest(text, known).map(str::to_owned)
    }
}
