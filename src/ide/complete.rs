//! What may be written at a place: names, members, parts, and the words of the language, English and Chinese.

use std::collections::BTreeMap;

use super::View;
use super::rename::spelled;
use crate::base::{Lang, Str};
use crate::check::hir::{self, Meaning, PolicyId};
use crate::syntax::keywords::{KEYWORDS, MEMBERS, items};
use crate::value::{EnumId, FieldType, Type};
use crate::{diag, lint};

/// Something that may be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completion {
    /// What is written.
    pub text: String,
    /// What it is.
    pub kind: CompletionKind,
    /// Type, and how people call it.
    pub detail: String,
    /// The lower, the likelier.
    pub rank: u8,
}

/// What may be written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum CompletionKind {
    /// A fact or a field.
    Fact,
    /// A value.
    Value,
    /// A parameter.
    Param,
    /// A member of a kind, a grade.
    Member,
    /// A kind.
    Kind,
    /// A role, an action.
    Person,
    /// A policy.
    Policy,
    /// A word of the language.
    Keyword,
    /// A lint, in a comment that allows it.
    Lint,
}

/// Where the word begins that ends at a byte: letters, digits, `_`; nothing where none stands before it.
#[must_use]
pub fn word_before(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or("");
    before.trim_end_matches(|ch: char| ch == '_' || unicode_ident::is_xid_continue(ch)).len()
}

/// Where the word begins that is completed at a byte, and what may be written there, the likeliest first.
#[must_use]
pub fn complete(view: &View<'_>, offset: u32) -> (usize, Vec<Completion>) {
    let start = word_before(view.text, offset as usize);
    let before = view.text.get(..start).unwrap_or("");
    if in_comment(before) {
        return lints(view, offset as usize);
    }
    let mut found = Found { view, made: BTreeMap::new() };
    match before.chars().next_back() {
        Some('.' | '．')
            if !before.trim_end_matches(['.', '．']).ends_with(|ch: char| ch.is_ascii_digit()) =>
        {
            found.behind_dot(before.trim_end_matches(['.', '．']));
        }
        _ => {
            let line = before.rsplit('\n').next().unwrap_or("");
            if line.is_empty() {
                found.item_words();
            }
            found.behind_is(before);
            found.names();
            found.words();
        }
    }
    let mut made: Vec<Completion> = found.made.into_values().collect();
    made.sort_by(|a, b| (a.rank, &a.text).cmp(&(b.rank, &b.text)));
    (start, made)
}

/// Within `# gradus: allow(` the names of lints, each with what it finds; in another comment nothing.
fn lints(view: &View<'_>, offset: usize) -> (usize, Vec<Completion>) {
    let before = view.text.get(..offset).unwrap_or("");
    let comment = before.rsplit('\n').next().and_then(|line| line.rsplit('#').next()).unwrap_or("");
    let listed = comment.trim_start().strip_prefix("gradus").map(str::trim_start);
    let listed = listed.and_then(|rest| rest.strip_prefix([':', '：'])).map(str::trim_start);
    let listed = listed.and_then(|rest| rest.strip_prefix("allow").or_else(|| rest.strip_prefix("允许")));
    let listed = listed.and_then(|rest| rest.trim_start().strip_prefix(['(', '（']));
    let Some(listed) = listed.filter(|listed| !listed.contains([')', '）'])) else {
        return (offset, Vec::new());
    };
    let word = listed.rsplit([',', '，', '、']).next().unwrap_or("").trim_start();
    let found = |(code, name): (&'static str, &'static str)| Completion {
        text: name.to_owned(),
        kind: CompletionKind::Lint,
        detail: first_sentence(code, view.lang),
        rank: u8::from(!code.starts_with('L')),
    };
    let mut found: Vec<Completion> = lint::all().map(found).collect();
    found.sort_by(|a, b| (a.rank, &a.text).cmp(&(b.rank, &b.text)));
    (offset.saturating_sub(word.len()), found)
}

/// Whether a place lies in a comment: behind a `#` that is not in a text.
fn in_comment(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or("");
    let mut quoted = false;
    line.chars().any(|ch| {
        match ch {
            '"' | '“' | '”' => quoted = !quoted,
            _ => {}
        }
        ch == '#' && !quoted
    })
}

/// What a code tells of, by the first sentence of its page.
fn first_sentence(code: &str, lang: Lang) -> String {
    let page = diag::page(code, lang).unwrap_or_default();
    let line = page.lines().find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or("");
    let end = line.find(". ").or_else(|| line.find('。')).unwrap_or(line.len());
    line.get(..end).unwrap_or(line).trim_end_matches('.').to_owned()
}

struct Found<'v> {
    view: &'v View<'v>,
    made: BTreeMap<(String, CompletionKind), Completion>,
}

impl Found<'_> {
    fn add(&mut self, text: &str, kind: CompletionKind, detail: String, rank: u8) {
        let key = (text.to_owned(), kind);
        let made = Completion { text: text.to_owned(), kind, detail, rank };
        let known = self.made.entry(key).or_insert_with(|| made.clone());
        if rank < known.rank {
            *known = made;
        }
    }

    fn name(&mut self, name: &str, kind: CompletionKind, detail: String, rank: u8) {
        if let Ok(text) = spelled(name) {
            self.add(&text, kind, detail, rank);
        }
    }

    fn detail(&self, ty: Option<&Type>, label: &hir::Label, name: &str) -> String {
        let ty = ty.map(|ty| ty.describe(&self.view.program.schema.enums, self.view.lang));
        let label = label.pick(self.view.lang);
        let label = (&**label != name).then(|| label.to_string());
        ty.into_iter().chain(label).collect::<Vec<_>>().join(" · ")
    }

    /// The policy that the file holds.
    fn own(&self) -> Option<(PolicyId, &hir::Policy)> {
        let policies = &self.view.program.policies;
        policies.iter_enumerated().find(|(_, policy)| policy.span.file == self.view.file)
    }

    /// The words that begin an item.
    fn item_words(&mut self) {
        for word in items() {
            for spelling in [word.en, word.zh] {
                self.add(spelling, CompletionKind::Keyword, other(word.en, word.zh, spelling), 0);
            }
        }
    }

    /// The words of the language.
    fn words(&mut self) {
        for word in KEYWORDS {
            for spelling in [word.en, word.zh].into_iter().filter(|spelling| !spelling.is_empty()) {
                self.add(spelling, CompletionKind::Keyword, other(word.en, word.zh, spelling), 6);
            }
        }
    }

    /// Members of the kind that the name before `is` has.
    fn behind_is(&mut self, before: &str) {
        let Some(rest) =
            ["is not", "is", "不为", "为"].into_iter().find_map(|word| before.trim_end().strip_suffix(word))
        else {
            return;
        };
        let rest = rest.trim_end();
        let name = rest.get(word_before(rest, rest.len())..).unwrap_or("");
        let program = self.view.program;
        let named = program.mentions.iter().find_map(|mention| {
            let source = self.view.sources.get(mention.at.file)?;
            (mention.at.file == self.view.file && source.slice(mention.at) == name)
                .then(|| type_of(program, mention.means))
                .flatten()
        });
        if let Some(Type::Enum(kind) | Type::Set(kind)) = named {
            self.members(kind, 0);
        }
    }

    fn members(&mut self, kind: EnumId, rank: u8) {
        let Some(kind) = self.view.program.schema.enums.get(kind) else { return };
        for member in &kind.members {
            let label = member.label.pick(self.view.lang);
            let label = if *label == member.name { String::new() } else { format!(" · {label}") };
            self.name(&member.name, CompletionKind::Member, format!("{}{label}", kind.name), rank);
        }
    }

    /// All names that the file may use bare.
    fn names(&mut self) {
        let program = self.view.program;
        let Some((own, _)) = self.own() else { return };
        let names: Vec<(Str, hir::Target)> =
            program.policies.get(own).map(|policy| policy.names.clone()).unwrap_or_default();
        for (name, target) in names {
            self.target(&name, target, 2);
        }
        for field in program.schema.fields.iter() {
            if let FieldType::Records(fields) = &field.ty
                && field.span.file == self.view.file
            {
                for part in fields {
                    let detail = self.detail(Some(&part.ty.ty(0)), &part.label, &part.name);
                    self.name(&part.name, CompletionKind::Fact, format!("{} · {detail}", field.name), 3);
                }
            }
        }
        for value in program.values.iter().filter(|value| value.policy == own) {
            let detail = self.detail(Some(&value.ty), &value.label, &value.name);
            self.name(&value.name, CompletionKind::Value, detail, 2);
        }
        for (id, kind) in program.schema.enums.iter_enumerated() {
            self.name(&kind.name, CompletionKind::Kind, String::new(), 5);
            self.members(id, 4);
        }
        for (named, word) in program
            .roles
            .iter()
            .map(|it| (it, self.view.lang.pick("role", "岗位")))
            .chain(program.actions.iter().map(|it| (it, self.view.lang.pick("action", "动作"))))
        {
            let detail = self.detail(None, &named.label, &named.name);
            self.name(&named.name, CompletionKind::Person, format!("{word} {detail}").trim().to_owned(), 4);
        }
        let used = program.policies.get(own).map(|policy| policy.uses.clone()).unwrap_or_default();
        for policy in used.iter().filter_map(|id| program.policies.get(*id)) {
            self.name(&policy.name, CompletionKind::Policy, policy.version.to_string(), 5);
        }
    }

    fn target(&mut self, name: &str, target: hir::Target, rank: u8) {
        let program = self.view.program;
        match target {
            hir::Target::Fact(id) => {
                if let Some(field) = program.schema.fields.get(id) {
                    let detail = self.detail(Some(&field.ty.ty(id.0)), &field.label, name);
                    self.name(name, CompletionKind::Fact, detail, rank);
                }
            }
            hir::Target::Value(id) => {
                if let Some(value) = program.values.get(id) {
                    let detail = self.detail(Some(&value.ty), &value.label, name);
                    self.name(name, CompletionKind::Value, detail, rank);
                }
            }
            hir::Target::Param(id) => {
                if let Some(param) = program.params.get(id) {
                    let detail = self.detail(Some(&param.ty), &param.label, name);
                    self.name(name, CompletionKind::Param, detail, rank);
                }
            }
            hir::Target::Series(id) => {
                if let Some(series) = program.series.get(id) {
                    let detail = self.detail(Some(&series.ty), &series.label, name);
                    self.name(name, CompletionKind::Param, detail, rank);
                }
            }
            hir::Target::Reference(id) => {
                if let Some(reference) = program.references.get(id) {
                    let detail = self.detail(None, &reference.label, name);
                    self.name(name, CompletionKind::Value, detail, rank);
                }
            }
        }
    }

    /// What stands behind `name.`: members of a kind, names of a used policy, fields of a list, parts of a value.
    fn behind_dot(&mut self, before: &str) {
        let name = before.get(word_before(before, before.len())..).unwrap_or("");
        let program = self.view.program;
        let Some((own, _)) = self.own() else { return };
        if let Some((id, _)) = program.schema.enums.iter_enumerated().find(|(_, kind)| &*kind.name == name) {
            self.members(id, 0);
        }
        let used = program.policies.get(own).map(|policy| policy.uses.clone()).unwrap_or_default();
        for policy in used.iter().filter_map(|id| program.policies.get(*id)) {
            if &*policy.name == name {
                for (bare, target) in policy.names.clone() {
                    self.target(&bare, target, 1);
                }
            }
        }
        for field in program.schema.fields.iter().filter(|field| &*field.name == name) {
            if let FieldType::Records(fields) = &field.ty {
                for part in fields {
                    let detail = self.detail(Some(&part.ty.ty(0)), &part.label, &part.name);
                    self.name(&part.name, CompletionKind::Fact, detail, 0);
                }
            }
        }
        if let Some(value) = program.values.iter().find(|value| &*value.name == name) {
            self.parts(value);
        }
        if matches!(name, "last" | "上次") {
            for value in program.values.iter().filter(|value| value.policy == own) {
                let detail = self.detail(Some(&value.ty), &value.label, &value.name);
                self.name(&value.name, CompletionKind::Value, detail, 1);
            }
        }
    }

    /// The parts of a value: those that the policy names, and those that the language gives.
    fn parts(&mut self, value: &hir::Definition) {
        let mut named: Vec<Str> = Vec::new();
        match &value.kind {
            hir::DefinitionKind::Table(table) => {
                named.extend(table.results.iter().filter_map(|result| result.name.clone()));
            }
            hir::DefinitionKind::Scorecard(card) => {
                named.extend(card.sections.iter().map(|section| section.name.clone()));
                named.extend(card.factors.iter().map(|factor| factor.name.clone()));
            }
            hir::DefinitionKind::Limit(limit) => {
                named.extend(limit.methods.iter().map(|method| method.name.clone()));
                named.extend(limit.layers.iter().map(|layer| layer.name.clone()));
            }
            hir::DefinitionKind::Total(total) => {
                named.extend(total.lines.iter().map(|line| line.name.clone()));
            }
            hir::DefinitionKind::Checks(checks) => {
                named.extend(checks.holds.iter().map(|hold| hold.name.clone()));
            }
            hir::DefinitionKind::Let(_)
            | hir::DefinitionKind::Grades(_)
            | hir::DefinitionKind::Correction(_)
            | hir::DefinitionKind::Triggers(_)
            | hir::DefinitionKind::Escalation(_)
            | hir::DefinitionKind::Allocation(_)
            | hir::DefinitionKind::Judgement(_)
            | hir::DefinitionKind::Book(_)
            | hir::DefinitionKind::Authority(_)
            | hir::DefinitionKind::Checklist(_)
            | hir::DefinitionKind::Error => {}
        }
        for name in named {
            self.name(&name, CompletionKind::Value, value.name.to_string(), 0);
        }
        for (en, zh) in MEMBERS {
            for spelling in [en, zh] {
                self.add(spelling, CompletionKind::Keyword, other(en, zh, spelling), 3);
            }
        }
    }
}

/// The spelling of a word in the other language.
fn other(en: &str, zh: &str, written: &str) -> String {
    if written == en { zh.to_owned() } else { en.to_owned() }
}

fn type_of(program: &hir::Program, means: Meaning) -> Option<Type> {
    match means {
        Meaning::Fact(id) => program.schema.fields.get(id).map(|field| field.ty.ty(id.0)),
        Meaning::Field(list, place) => match &program.schema.fields.get(list)?.ty {
            FieldType::Records(fields) => fields.get(place as usize).map(|field| field.ty.ty(0)),
            _ => None,
        },
        Meaning::Param(id) => program.params.get(id).map(|param| param.ty.clone()),
        Meaning::Series(id) => program.series.get(id).map(|series| series.ty.clone()),
        Meaning::Value(id) => program.values.get(id).map(|value| value.ty.clone()),
        Meaning::Reference(_)
        | Meaning::Part(..)
        | Meaning::Script(_)
        | Meaning::Member(..)
        | Meaning::Kind(_)
        | Meaning::Role(_)
        | Meaning::Action(_)
        | Meaning::Policy(_)
        | Meaning::Reason(_)
        | Meaning::Local => None,
    }
}
