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
    /// The day from which it was known; `None` for always.
    pub known: Option<Date>,
}

impl Version<'_> {
    /// Whether it is in force on a day.
    #[must_use]
    pub fn is_in_force(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Whether it was known on a day.
    #[must_use]
    pub fn is_known(&self, day: Date) -> bool {
        self.known.is_none_or(|known| known <= day)
    }

    /// The days on which it is in force: `2026-10-01 … 2026-12-31`.
    #[must_use]
    pub fn period(&self) -> String {
        let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        format!("{} … {}", day(self.from), day(self.until)).trim().to_owned()
    }
}

/// The version that a header names, as written.
fn version_of(place: usize, header: &Header) -> Version<'_> {
    Version {
        place,
        name: &header.name,
        version: &header.version,
        from: header.from.map(|(day, _)| day),
        until: header.until.map(|(day, _)| day),
        known: header.known,
    }
}

impl RulesFolder {
    /// All versions, by the name of the policy, then by the day from which each is in force, then by the day from which it was
    /// known.
    #[must_use]
    pub fn versions(&self) -> Vec<Version<'_>> {
        self.among(|_| true)
    }

    /// The versions that were known on a day: what came later ends none of them.
    #[must_use]
    pub fn versions_known(&self, day: Date) -> Vec<Version<'_>> {
        self.among(|version| version.is_known(day))
    }

    /// The versions that are chosen from for a day: those that are known today, or will be by that day.
    #[must_use]
    pub fn choice(&self, day: Date) -> Vec<Version<'_>> {
        match self.known_at {
            Some(known_at) => self.versions_known(known_at.max(day)),
            None => self.versions(),
        }
    }

    /// The version of a policy that is in force on a day; of several, the one that was known last, which replaces the others.
    #[must_use]
    pub fn in_force<'v, 'f>(versions: &'v [Version<'f>], name: &str, day: Date) -> Option<&'v Version<'f>> {
        let decides = |version: &&Version<'_>| version.name == name && version.is_in_force(day);
        // Where two are known from the same day, which is an error that is told elsewhere, the first counts.
        versions.iter().rev().filter(decides).max_by_key(|version| version.known)
    }

    /// Takes the policies out that were not known yet on a day: for who asks what was known then, they do not exist.
    pub fn leave_unknown(&mut self, day: Date) {
        let known = |file: &PolicyFile| {
            file.header.as_ref().is_none_or(|header| header.known.is_none_or(|known| known <= day))
        };
        let (stay, later) = std::mem::take(&mut self.files).into_iter().partition(known);
        (self.files, self.later) = (stay, later);
        let gone: Vec<_> = self.later.iter().map(|file| file.file).collect();
        self.diagnostics.retain(|told| told.span.is_none_or(|span| !gone.contains(&span.file)));
        self.known_at = Some(day);
    }

    fn among(&self, wanted: impl Fn(&Version<'_>) -> bool) -> Vec<Version<'_>> {
        let mut by_name: BTreeMap<&str, Vec<Version<'_>>> = BTreeMap::new();
        for (place, file) in self.files.iter().enumerate() {
            let Some(version) = file.header.as_ref().map(|header| version_of(place, header)) else {
                continue;
            };
            if wanted(&version) {
                by_name.entry(version.name).or_default().push(version);
            }
        }
        for versions in by_name.values_mut() {
            versions.sort_by_key(|version| (version.from, version.known, version.version));
            let starts: Vec<Option<Date>> = versions.iter().map(|version| version.from).collect();
            for version in versions.iter_mut().filter(|version| version.until.is_none()) {
                let next = starts.iter().find(|start| **start > version.from);
                version.until = next.and_then(|start| start.and_then(|day| day.add_days(-1)));
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
                Some((name, version)) => {
                    return pinned(&versions, name, version)
                        .map_err(|missing| self.not_known(name, Some(version), day).unwrap_or(missing));
                }
                None => wanted,
            },
            None => self.only_policy(&versions, day)?,
        };
        if let Some(version) = Self::in_force(&self.choice(day), name, day) {
            return Ok(version.place);
        }
        if let Some(later) = self.not_known(name, None, day) {
            return Err(later);
        }
        let all: Vec<&Version<'_>> = versions.iter().filter(|version| version.name == name).collect();
        if all.is_empty() {
            return Err(Box::new(unknown(&versions, name)));
        }
        let periods: Vec<String> =
            all.iter().map(|version| format!("`{}`: {}", version.version, version.period())).collect();
        let latest = all.last().map_or("", |version| version.version);
        Err(Box::new(
            Diagnostic::nowhere("E534")
                .arg("name", name)
                .arg("day", day)
                .arg("periods", periods.join(", "))
                .arg("version", latest)
                .help("periods")
                .help("as_of"),
        ))
    }

    /// That a version, or all that apply on a day, were not known yet; none where that is not why they are missed.
    fn not_known(&self, name: &str, version: Option<&str>, day: Date) -> Option<Box<Diagnostic>> {
        let known_at = self.known_at?;
        let all = self.later.iter().chain(&self.files).filter_map(|file| file.header.as_ref());
        let late: Vec<Version<'_>> = all
            .map(|header| version_of(0, header))
            .filter(|it| it.name == name && !it.is_known(known_at))
            .filter(|it| version.map_or(it.is_in_force(day), |version| it.version == version))
            .collect();
        let told = late.iter().filter_map(|it| Some(format!("`{}`: {}", it.version, it.known?)));
        let told = told.collect::<Vec<_>>().join(", ");
        let report = Diagnostic::nowhere("E556").arg("name", name).arg("day", day).arg("known_at", known_at);
        let report = match version {
            Some(version) => report.variant("version").arg("version", version),
            None => report,
        };
        (!late.is_empty()).then(|| Box::new(report.arg("versions", told).help("versions").help("known_at")))
    }

    /// The policies that were asked for and that no other uses, in force on a day, where there are several and each says to
    /// whom it applies; else none.
    #[must_use]
    pub fn scoped(&self, day: Date) -> Vec<usize> {
        let versions = self.choice(day);
        let names = self.asked_names(&versions).into_iter();
        let in_force = names.filter_map(|name| Self::in_force(&versions, name, day));
        let places: Vec<usize> = in_force.map(|version| version.place).collect();
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
    fn only_policy<'a>(&'a self, versions: &[Version<'a>], day: Date) -> Result<&'a str, Box<Diagnostic>> {
        let names = self.asked_names(versions);
        match names.as_slice() {
            [name] => Ok(name),
            [] => {
                let mut later =
                    self.later.iter().filter(|file| file.asked).filter_map(|file| file.header.as_ref());
                let empty = || Diagnostic::nowhere("E532").variant("empty").arg("path", ".").help("folder");
                Err(later
                    .find_map(|header| self.not_known(&header.name, None, day))
                    .unwrap_or_else(|| Box::new(empty())))
            }
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

    /// A name and version stand in one file; the periods of a policy neither overlap nor leave a gap. Versions that were known from
    /// different days may overlap: the later replaces the earlier from then on.
    pub(super) fn hold_versions(&mut self) {
        let mut found = Vec::new();
        let versions = self.versions();
        // The version that reaches farthest so far, of all and of those that were known from one day.
        let mut farthest: Option<&Version<'_>> = None;
        let mut by_known: BTreeMap<Option<Date>, &Version<'_>> = BTreeMap::new();
        for version in &versions {
            if farthest.is_some_and(|before| before.name != version.name) {
                (farthest, by_known) = (None, BTreeMap::new());
            }
            let overlap = by_known.get(&version.known).and_then(|before| self.overlap(before, version));
            let gap = farthest.and_then(|before| self.gap(before, version));
            found.extend(overlap.or(gap));
            let reaches = |before: &Version<'_>| {
                version.until.is_none_or(|own| before.until.is_some_and(|until| own >= until))
            };
            if farthest.is_none_or(reaches) {
                farthest = Some(version);
            }
            if by_known.get(&version.known).is_none_or(|before| reaches(before)) {
                by_known.insert(version.known, version);
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

    /// What is told of two versions: where the later one starts, and where the earlier one ends.
    fn between(
        &self,
        code: &'static str,
        (earlier, later): (&Version<'_>, &Version<'_>),
        (from, to): (Option<Date>, Option<Date>),
    ) -> Option<Diagnostic> {
        let header =
            |version: &Version<'_>| self.files.get(version.place).and_then(|file| file.header.as_ref());
        let (before, after) = (header(earlier)?, header(later)?);
        let starts = after.from.map_or(after.span, |(_, span)| span);
        let ends = before.until.or(before.from).map_or(before.span, |(_, span)| span);
        let day = |day: Option<Date>| day.map_or_else(|| String::from("…"), |day| day.to_string());
        let report = Diagnostic::new(code, starts)
            .arg("name", &before.name)
            .arg("earlier", &before.version)
            .arg("later", &after.version)
            .arg("from", day(from))
            .arg("to", day(to))
            .label(ends, "other");
        (before.version != after.version).then_some(report)
    }

    fn gap(&self, earlier: &Version<'_>, later: &Version<'_>) -> Option<Diagnostic> {
        let (until, day_before) = (earlier.until?, later.from?.add_days(-1)?);
        let gap = || self.between("W526", (earlier, later), (until.add_days(1), Some(day_before)));
        if until < day_before { Some(gap()?.help("close")) } else { None }
    }

    fn overlap(&self, earlier: &Version<'_>, later: &Version<'_>) -> Option<Diagnostic> {
        if let (Some(until), Some(from)) = (earlier.until, later.from)
            && until < from
        {
            return None;
        }
        let last = match (earlier.until, later.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let overlap = self.between("E525", (earlier, later), (later.from, last))?;
        let overlap = overlap.variant(if last.is_none() { "open" } else { "" }).note("why");
        let written = self.files.get(earlier.place).and_then(|file| file.header.as_ref()?.until);
        let day_before = later.from.and_then(|day| day.add_days(-1));
        Some(match (written, day_before) {
            (Some((_, span)), Some(day)) if earlier.from < later.from => {
                overlap.arg("day", day).fix("until", span, day.to_string(), false).help("known")
            }
            _ => overlap.help("start").help("known"),
        })
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
