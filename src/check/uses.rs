//! Headers and uses: which policy of which version is meant, and which of its names come in.

use std::collections::BTreeSet;

use super::Source;
use super::context::{Checker, Declared, Entity, Names};
use super::hir::{self, PolicyId};
use crate::base::{Span, Str, nearest};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Currency, Date, RoundingMode};

/// The name and version of a file; none where it has no `policy`.
fn name_of(file: &ast::File) -> Option<(Str, Str)> {
    let policy = policy_of(file)?;
    let version = policy.version.as_ref().map_or_else(|| Str::from(""), |version| version.value.clone());
    Some((policy.name.text.clone(), version))
}

/// The day that a literal names.
pub(super) fn day(literal: &ast::Literal) -> Option<Date> {
    match literal.kind {
        ast::LiteralKind::Date(year, month, day) => Date::from_ymd(year, month, day),
        ast::LiteralKind::Number(..) | ast::LiteralKind::Bool(_) | ast::LiteralKind::Text(_) => None,
    }
}

fn policy_of(file: &ast::File) -> Option<&ast::Policy> {
    file.items.iter().find_map(|item| match &item.kind {
        ast::ItemKind::Policy(policy) => Some(policy),
        _ => None,
    })
}

/// The mode that a word names.
pub(super) fn rounding_mode(mode: ast::RoundingMode) -> RoundingMode {
    match mode {
        ast::RoundingMode::HalfUp => RoundingMode::HalfUp,
        ast::RoundingMode::HalfEven => RoundingMode::HalfEven,
        ast::RoundingMode::Down => RoundingMode::Down,
        ast::RoundingMode::Up => RoundingMode::Up,
        ast::RoundingMode::Floor => RoundingMode::Floor,
        ast::RoundingMode::Ceiling => RoundingMode::Ceiling,
    }
}

impl<'a> Checker<'a> {
    /// Takes the header of a file in and makes its policy the current one.
    pub(super) fn declare_policy(&mut self, file: &'a ast::File) -> PolicyId {
        let header = policy_of(file);
        let place = Span { end: file.span.start, ..file.span };
        // A header that could not be read is told of already.
        let lost = file.lost.iter().any(|word| matches!(&*word.text, "policy" | "政策"));
        if header.is_none() && !lost {
            self.report(Diagnostic::new("E225", place).variant("missing").help("missing"));
        }
        let mut first: Option<Span> = None;
        for item in &file.items {
            if let ast::ItemKind::Policy(policy) = &item.kind {
                match first {
                    None => first = Some(policy.name.span),
                    Some(span) => self.report(
                        Diagnostic::new("E225", policy.name.span).variant("second").label(span, "first"),
                    ),
                }
            }
        }
        let mut names = Names { chinese: file.chinese, ..Names::default() };
        let mut program = hir::Policy {
            name: Str::from("policy"),
            label: hir::Label { en: Str::from("policy"), zh: Str::from("policy") },
            version: Str::from(""),
            effective_from: None,
            known_from: None,
            effective_until: None,
            currency: Currency::NONE,
            rounding: RoundingMode::HalfUp,
            calendar: None,
            uses: Vec::new(),
            decisions: Vec::new(),
            always: Vec::new(),
            applies: None,
            cases: Vec::new(),
            names: Vec::new(),
            span: place,
        };
        if let Some(policy) = header {
            program.name = policy.name.text.clone();
            program.label = Self::label(&policy.label, &policy.name);
            program.span = policy.name.span;
            program.effective_from = policy.effective_from.as_ref().and_then(day);
            program.known_from = policy.known_from.as_ref().and_then(day);
            program.effective_until = policy.effective_until.as_ref().and_then(day);
            program.calendar = policy.calendar.as_ref().map(|calendar| calendar.value.clone());
            match &policy.version {
                Some(version) => program.version = version.value.clone(),
                None if !file.lost.is_empty() => {}
                None => self.report(
                    Diagnostic::new("E225", policy.name.span)
                        .variant("version")
                        .arg("name", &policy.name.text)
                        .help("version"),
                ),
            }
            if let (Some(from), Some(until), Some(literal)) =
                (program.effective_from, program.effective_until, &policy.effective_until)
                && until < from
            {
                self.report(Diagnostic::new("E225", literal.span).variant("period"));
            }
            if let Some(name) = &policy.currency {
                // Reported once: what is money goes on with the odd currency.
                program.currency = self.currency(name).unwrap_or(program.currency);
                names.currency = Some(program.currency);
            }
            if let Some((mode, _)) = policy.rounding {
                program.rounding = rounding_mode(mode);
                names.rounding = true;
            }
        }
        let id = self.program.policies.push(program);
        names.reach.insert(id);
        self.names.push(names);
        if let Some(policy) = header {
            self.mention(policy.name.span, policy.name.span, hir::Meaning::Policy(id));
        }
        if !file.lost.is_empty() {
            self.lost_lines.insert(id);
        }
        self.unresolved.extend(file.lost.iter().map(|name| (id, name.text.clone())));
        self.policy = id;
        id
    }

    /// Resolves the uses of a file among the policies that stand before it.
    pub(super) fn declare_uses(&mut self, file: &'a ast::File, later: &[Source<'a>]) {
        for item in &file.items {
            if let ast::ItemKind::Use(used) = &item.kind {
                self.declare_use(used, item.span, later);
            }
        }
    }

    fn declare_use(&mut self, used: &'a ast::Use, span: Span, later: &[Source<'a>]) {
        let user = self.policy;
        let before: Vec<PolicyId> = self.program.policies.ids().filter(|id| *id != user).collect();
        let (name, version) = (&used.policy.text, &used.version.value);
        let found = before.iter().copied().find(|id| {
            self.program
                .policies
                .get(*id)
                .is_some_and(|policy| policy.name == *name && policy.version == *version)
        });
        let Some(found) = found else {
            self.missing_use(used, &before, later);
            // The names that it would have brought stand as names that fit everywhere.
            for listed in &used.names {
                self.unresolved.insert((user, listed.text.clone()));
            }
            self.unresolved.insert((user, name.clone()));
            return;
        };
        if let Some(header) = self.program.policies.get(found).map(|policy| policy.span) {
            self.mention(used.policy.span, header, hir::Meaning::Policy(found));
        }
        let reach = self.names.get(found).map(|names| names.reach.clone()).unwrap_or_default();
        let twice = match self.names.get_mut(user) {
            Some(names) => {
                names.reach.extend(reach);
                names.uses.insert(name.clone(), found).is_some()
            }
            None => false,
        };
        if twice {
            self.report(Diagnostic::new("E503", span).arg("name", name));
            return;
        }
        if let Some(policy) = self.program.policies.get_mut(user) {
            policy.uses.push(found);
        }
        for listed in &used.names {
            self.import(listed, found, name);
        }
    }

    fn missing_use(&mut self, used: &ast::Use, before: &[PolicyId], later: &[Source<'a>]) {
        let (name, version) = (&used.policy.text, &used.version.value);
        let mut known: Vec<(Str, Str)> = before
            .iter()
            .filter_map(|id| self.program.policies.get(*id))
            .map(|policy| (policy.name.clone(), policy.version.clone()))
            .collect();
        let own = self.program.policies.get(self.policy).map(|policy| policy.name.clone());
        let after: Vec<(Str, Str)> = later.iter().filter_map(|source| name_of(source.file)).collect();
        let circular = own.as_ref() == Some(name) || after.iter().any(|(n, v)| n == name && v == version);
        known.extend(after);
        let versions: BTreeSet<&str> =
            known.iter().filter(|(known, _)| known == name).map(|(_, version)| &**version).collect();
        let report = Diagnostic::new("E501", used.version.span).arg("name", name).arg("version", version);
        let report = if circular {
            Diagnostic::new("E502", used.policy.span).arg("name", name)
        } else if versions.is_empty() {
            let report = Diagnostic { span: Some(used.policy.span), ..report }.variant("policy");
            match nearest(name, known.iter().map(|(name, _)| &**name)) {
                Some(near) => report.arg("near", near).help("near"),
                None => report.help("folder"),
            }
        } else {
            let list: Vec<String> = versions.iter().map(|version| format!("\"{version}\"")).collect();
            report.arg("versions", list.join(", ")).help("versions")
        };
        self.report(report);
    }

    /// Lets a name of a used policy come in bare.
    fn import(&mut self, listed: &ast::Name, from: PolicyId, policy: &Str) {
        let Some(used) = self.names.get(from) else { return };
        let customer = used.customer.get(&listed.text).copied();
        let items: Vec<_> = used
            .items
            .iter()
            .filter_map(|(list, names)| Some((*list, *names.get(&listed.text)?)))
            .filter(|(_, declared)| !matches!(declared.entity, Entity::Field(..)))
            .collect();
        let kind = used.enums.get(&listed.text).copied();
        if customer.is_none() && items.is_empty() && kind.is_none() {
            let known: Vec<Str> = used.customer.keys().chain(used.enums.keys()).cloned().collect();
            let mut report =
                Diagnostic::new("E504", listed.span).arg("name", &listed.text).arg("policy", policy);
            if let Some(near) = nearest(&listed.text, known.iter().map(|name| &**name)) {
                report = report.arg("near", near).help("near");
            }
            self.report(report);
            self.unresolved.insert((self.policy, listed.text.clone()));
            return;
        }
        let user = self.policy;
        if let Some(declared) = customer {
            self.declare_customer(listed, declared.entity);
            self.mention_declared(listed.span, declared);
        }
        for (_, declared) in &items {
            self.mention_declared(listed.span, *declared);
        }
        if let Some(kind) = kind {
            self.mention_kind(listed.span, kind);
        }
        if let Some(names) = self.names.get_mut(user) {
            for (list, declared) in items {
                let here = Declared { span: listed.span, ..declared };
                names.items.entry(list).or_default().insert(listed.text.clone(), here);
            }
            if let Some(kind) = kind {
                names.enums.insert(listed.text.clone(), kind);
            }
        }
    }

    /// Says of names without a meaning that a policy declares them that is not used: its `use` is what is lacking, once for all.
    pub(super) fn tell_unused(&mut self) {
        let last = self.names.iter_enumerated().last().map(|(_, names)| names.reach.clone());
        let reach = last.unwrap_or_default();
        let unused = || self.names.iter_enumerated().filter(|(id, _)| !reach.contains(id));
        for told in self.diagnostics.iter_mut().filter(|told| told.code == "E201") {
            let Some((_, name)) = told.args.iter().find(|(key, _)| *key == "name").cloned() else { continue };
            let declares = |id: PolicyId, names: &Names| {
                let own = self.program.policies.get(id).is_some_and(|policy| policy.name == name);
                own || told.variant.is_empty() && names.customer.contains_key(&name)
            };
            let told_plainly = ["", "policy"].contains(&told.variant);
            let policy = unused().filter(|_| told_plainly).find(|(id, names)| declares(*id, names));
            let policy = policy.and_then(|(id, _)| self.program.policies.get(id));
            if let (Some(policy), Some(span)) = (policy, told.span) {
                *told = Diagnostic::new("E201", span)
                    .variant("unused")
                    .arg("name", name)
                    .arg("policy", &policy.name)
                    .arg("version", &policy.version)
                    .help("unused");
            }
        }
    }
}
