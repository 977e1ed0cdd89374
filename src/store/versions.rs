//! Versions of policies: which is in force when, which one is meant, and what it needs.

use std::collections::BTreeMap;

use super::RulesFolder;
use super::folder::{Header, PolicyFile};
use crate::base::nearest_few;
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::Date;

/// One version of a policy and the days on which it decides.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    /// Its file, as a place in [`RulesFolder::files`].
    pub place: usize,
    /// The policy's name.
    pub name: &'a str,
    /// The version.
    pub version: &'a str,
    /// The first day; `None` for always.
    pub from: Option<Date>,
    /// The last day; `None` for without end. Where the header names none, the day before the next version starts.
    pub until: Option<Date>,
}

impl Version<'_> {
    /// Whether it is in force on a day.
    #[must_use]
    pub fn is_in_force(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// The days on which it is in force: `2026-10-01 … 2026-12-31`.
    #[must_use]
    pub fn period(&self) -> String {
        let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        format!("{} … {}", day(self.from), day(self.until)).trim().to_owned()
    }
}

impl RulesFolder {
    /// All versions, by the name of the policy, then by the day from which each is in force.
    #[must_use]
    pub fn versions(&self) -> Vec<Version<'_>> {
        let mut by_name: BTreeMap<&str, Vec<Version<'_>>> = BTreeMap::new();
        for (place, file) in self.files.iter().enumerate() {
            let Some(header) = &file.header else { continue };
            by_name.entry(&header.name).or_default().push(Version {
                place,
                name: &header.name,
                version: &header.version,
                from: header.from.map(|(day, _)| day),
                until: header.until.map(|(day, _)| day),
            });
        }
        for versions in by_name.values_mut() {
            versions.sort_by(|a, b| (a.from, a.version).cmp(&(b.from, b.version)));
            let starts: Vec<Option<Date>> = versions.iter().skip(1).map(|next| next.from).collect();
            for (version, next) in versions.iter_mut().zip(starts) {
                if version.until.is_none() && next > version.from {
                    version.until = next.and_then(|day| day.add_days(-1));
                }
            }
        }
        by_name.into_values().flatten().collect()
    }

    /// The version that is meant by `wanted` (`name`, or `name@version`) on a day. Without a wish: the policy that was asked for
    /// and that no other uses, if there is one alone.
    ///
    /// # Errors
    /// There is no such policy or version; none is in force on the day; several policies could be meant.
    pub fn select(&self, wanted: Option<&str>, day: Date) -> Result<usize, Box<Diagnostic>> {
        let versions = self.versions();
        let name = match wanted {
            Some(wanted) => match wanted.split_once('@') {
                Some((name, version)) => return pinned(&versions, name, version),
                None => wanted,
            },
            None => self.only_policy(&versions)?,
        };
        let all: Vec<&Version<'_>> = versions.iter().filter(|version| version.name == name).collect();
        if all.is_empty() {
            return Err(Box::new(unknown(&versions, name)));
        }
        all.iter().find(|version| version.is_in_force(day)).map(|version| version.place).ok_or_else(|| {
            let periods: Vec<String> =
                all.iter().map(|version| format!("`{}`: {}", version.version, version.period())).collect();
            let latest = all.last().map_or("", |version| version.version);
            Box::new(
                Diagnostic::nowhere("E534")
                    .arg("name", name)
                    .arg("day", day)
                    .arg("periods", periods.join(", "))
                    .arg("version", latest)
                    .help("periods")
                    .help("as_of"),
            )
        })
    }

    /// The policies that were asked for and that no other uses, in force on a day, where there are several and each says to
    /// whom it applies; else none.
    #[must_use]
    pub fn scoped(&self, day: Date) -> Vec<usize> {
        let versions = self.versions();
        let in_force = versions.iter().filter(|version| version.is_in_force(day));
        let names = self.asked_names(&versions);
        let places: Vec<usize> =
            in_force.filter(|version| names.contains(&version.name)).map(|version| version.place).collect();
        let says = |place: &usize| {
            let items = self.files.get(*place).map(|file| file.tree.items.as_slice()).unwrap_or_default();
            items
                .iter()
                .any(|item| matches!(&item.kind, ast::ItemKind::Policy(policy) if policy.applies.is_some()))
        };
        if places.len() > 1 && places.iter().all(says) { places } else { Vec::new() }
    }

    /// Whether a policy of this name stands in the files and folders that were asked for.
    #[must_use]
    pub fn asks_for(&self, name: &str) -> bool {
        let named = |header: &Header| &*header.name == name;
        self.files.iter().any(|file| file.asked && file.header.as_ref().is_some_and(named))
    }

    /// The names of the policies that were asked for; of several, those that no other uses.
    fn asked_names<'a>(&'a self, versions: &[Version<'a>]) -> Vec<&'a str> {
        let asked = |version: &&Version<'_>| self.files.get(version.place).is_some_and(|file| file.asked);
        let is_used = |name: &str| {
            let headers = self.files.iter().filter_map(|file| file.header.as_ref());
            headers
                .filter(|header| &*header.name != name)
                .any(|header| header.uses.iter().any(|(used, _)| &**used == name))
        };
        let mut names: Vec<&str> = versions.iter().filter(asked).map(|version| version.name).collect();
        names.dedup();
        if names.len() > 1 {
            names.retain(|name| !is_used(name));
        }
        names
    }

    /// The name of the one policy that was asked for and that no other uses.
    fn only_policy<'a>(&'a self, versions: &[Version<'a>]) -> Result<&'a str, Box<Diagnostic>> {
        let names = self.asked_names(versions);
        match names.as_slice() {
            [name] => Ok(name),
            [] => Err(Box::new(Diagnostic::nowhere("E532").variant("empty").arg("path", ".").help("folder"))),
            several => {
                let known = listed(several.iter().copied());
                Err(Box::new(Diagnostic::nowhere("E535").arg("known", known).help("choose")))
            }
        }
    }

    /// A policy with all that it uses: used ones before their users, itself last. What it uses and is not there, or uses in a
    /// circle, is left out; the checker tells of it.
    #[must_use]
    pub fn with_uses(&self, place: usize) -> Vec<usize> {
        let mut order = Vec::new();
        self.visit(place, &mut Vec::new(), &mut order);
        order
    }

    fn visit(&self, place: usize, open: &mut Vec<usize>, order: &mut Vec<usize>) {
        if open.contains(&place) || order.contains(&place) {
            return;
        }
        open.push(place);
        let uses =
            self.files.get(place).and_then(|file| file.header.as_ref()).map(|header| header.uses.as_slice());
        for (name, version) in uses.unwrap_or_default() {
            if let Some(used) = self.find(name, version) {
                self.visit(used, open, order);
            }
        }
        open.pop();
        order.push(place);
    }

    /// Adds to a diagnostic of a `use` whose policy is not there what the folders have instead. The checker sees only the
    /// policies that were found.
    pub fn tell_known(&self, diagnostic: &mut Diagnostic) {
        let used = diagnostic.span.and_then(|span| {
            let items = self.file(span.file)?.tree.items.iter();
            items
                .filter_map(|item| match &item.kind {
                    ast::ItemKind::Use(used) => Some(used),
                    _ => None,
                })
                .find(|used| used.policy.span == span || used.version.span == span)
        });
        let (Some(used), "E501") = (used, diagnostic.code) else { return };
        let versions = self.versions();
        let of_name: Vec<&str> = versions
            .iter()
            .filter(|known| known.name == &*used.policy.text)
            .map(|known| known.version)
            .collect();
        let told =
            Diagnostic::nowhere("E501").arg("name", &used.policy.text).arg("version", &used.version.value);
        let told = if of_name.is_empty() {
            let told = Diagnostic { span: Some(used.policy.span), ..told }.variant("policy");
            match nearest_few(&used.policy.text, versions.iter().map(|known| known.name), 1).as_slice() {
                [near, ..] => told.arg("near", near).help("near"),
                [] => told.help("folder"),
            }
        } else {
            let told = Diagnostic { span: Some(used.version.span), ..told };
            told.arg("versions", listed(of_name.into_iter())).help("versions")
        };
        *diagnostic = told;
    }

    /// The file of a name and version.
    #[must_use]
    pub fn find(&self, name: &str, version: &str) -> Option<usize> {
        self.files.iter().position(|file| {
            file.header.as_ref().is_some_and(|header| &*header.name == name && &*header.version == version)
        })
    }

    /// A name and version stand in one file; the periods of a policy neither overlap nor leave a gap.
    pub(super) fn hold_versions(&mut self) {
        let mut found = Vec::new();
        let versions = self.versions();
        for (earlier, later) in versions.iter().zip(versions.iter().skip(1)) {
            if earlier.name == later.name {
                found.extend(self.hold_pair(earlier, later));
            }
        }
        let mut seen: BTreeMap<(&str, &str), &PolicyFile> = BTreeMap::new();
        for file in &self.files {
            let Some(header) = &file.header else { continue };
            if let Some(first) = seen.insert((&header.name, &header.version), file)
                && let Some(other) = &first.header
            {
                found.push(
                    Diagnostic::new("E524", header.span)
                        .arg("name", &header.name)
                        .arg("version", &header.version)
                        .label(other.span, "other")
                        .help("version")
                        .note("why"),
                );
            }
        }
        self.diagnostics.extend(found);
    }

    fn hold_pair(&self, earlier: &Version<'_>, later: &Version<'_>) -> Option<Diagnostic> {
        let header =
            |version: &Version<'_>| self.files.get(version.place).and_then(|file| file.header.as_ref());
        let (before, after) = (header(earlier)?, header(later)?);
        if before.version == after.version {
            return None;
        }
        let starts = later.from.map_or(after.span, |_| after.from.map_or(after.span, |(_, span)| span));
        let ends = before.until.or(before.from).map_or(before.span, |(_, span)| span);
        let describe = |code: &'static str, from: Option<Date>, to: Option<Date>| {
            let day = |day: Option<Date>| day.map_or_else(|| String::from("…"), |day| day.to_string());
            Diagnostic::new(code, starts)
                .arg("name", &before.name)
                .arg("earlier", &before.version)
                .arg("later", &after.version)
                .arg("from", day(from))
                .arg("to", day(to))
                .label(ends, "other")
        };
        let last = match (earlier.until, later.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let open = if last.is_none() { "open" } else { "" };
        let Some(start) = later.from else {
            // Both hold from the beginning of time.
            return Some(describe("E525", None, last).variant(open).help("start").note("why"));
        };
        let day_before = start.add_days(-1)?;
        match earlier.until {
            Some(until) if until < day_before => {
                let first = until.add_days(1);
                Some(describe("W526", first, Some(day_before)).help("close"))
            }
            Some(until) if until == day_before => None,
            Some(_) | None => {
                let overlap = describe("E525", Some(start), last).variant(open).note("why");
                let overlap = overlap.arg("day", day_before);
                Some(match before.until {
                    Some((_, span)) if earlier.from < later.from => {
                        overlap.fix("until", span, day_before.to_string(), false)
                    }
                    Some(_) | None => overlap.help("start"),
                })
            }
        }
    }
}

fn pinned(versions: &[Version<'_>], name: &str, version: &str) -> Result<usize, Box<Diagnostic>> {
    let all: Vec<&Version<'_>> = versions.iter().filter(|known| known.name == name).collect();
    if all.is_empty() {
        return Err(Box::new(unknown(versions, name)));
    }
    all.iter().find(|known| known.version == version).map(|found| found.place).ok_or_else(|| {
        let known = listed(all.iter().map(|known| known.version));
        let missing =
            Diagnostic::nowhere("E522").variant("version").arg("name", name).arg("version", version);
        Box::new(missing.arg("known", known).help("known"))
    })
}

fn unknown(versions: &[Version<'_>], name: &str) -> Diagnostic {
    let mut names: Vec<&str> = versions.iter().map(|version| version.name).collect();
    names.dedup();
    let missing = Diagnostic::nowhere("E522").arg("name", name);
    match nearest_few(name, names.iter().copied(), 1).as_slice() {
        [near, ..] => missing.arg("near", near).help("near"),
        [] if names.is_empty() => missing.help("folder"),
        [] => missing.arg("known", listed(names.into_iter())).help("known"),
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
