//! What may be written, as it is found: names by their types, words by their language, each once, the likeliest first.

use std::collections::BTreeMap;

use super::View;
use super::complete::{Completion, CompletionKind, word_before};
use super::rename::spelled;
use crate::check::hir::{self, DefinitionKind, Meaning, PolicyId, Program, Target};
use crate::syntax::keywords::KEYWORDS;
use crate::value::{Currency, EnumId, Field, FieldType, Type};

/// How far behind what fits a word of the other language stands.
const OTHER_LANGUAGE: u8 = 8;

/// Currencies that are named often, with what people call them.
const CURRENCIES: [(&str, &str, &str); 8] = [
    ("CNY", "yuan", "人民币"),
    ("USD", "US dollar", "美元"),
    ("EUR", "euro", "欧元"),
    ("HKD", "Hong Kong dollar", "港元"),
    ("JPY", "yen", "日元"),
    ("GBP", "pound", "英镑"),
    ("SGD", "Singapore dollar", "新加坡元"),
    ("AUD", "Australian dollar", "澳元"),
];

/// The type that a place wants, as far as that is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Wanted {
    /// Nothing is known of it.
    Anything,
    /// Something to reckon with or to compare: a number, a day.
    Number,
    /// What goes with a value of this type.
    Type(Type),
}

impl Wanted {
    fn takes(&self, ty: &Type) -> bool {
        match (self, ty) {
            (Wanted::Anything, _) => true,
            (Wanted::Number, ty) => matches!(ty, Type::Number(_) | Type::Date),
            (Wanted::Type(Type::Number(_)), ty) => matches!(ty, Type::Number(_)),
            (Wanted::Type(Type::Enum(kind) | Type::Set(kind)), ty) => match ty {
                Type::Enum(other) | Type::Set(other) => kind == other,
                _ => false,
            },
            (Wanted::Type(wanted), ty) => wanted == ty,
        }
    }
}

/// What was found for a place.
pub(super) struct Found<'v> {
    view: &'v View<'v>,
    /// What the other policies mean.
    beside: &'v [&'v Program],
    /// The byte at which the word begins.
    start: usize,
    /// Whether the construct around is written in Chinese.
    zh: bool,
    made: BTreeMap<(String, CompletionKind), Completion>,
}

impl<'v> Found<'v> {
    /// Nothing yet.
    pub(super) fn new(view: &'v View<'v>, beside: &'v [&'v Program], start: usize, zh: bool) -> Found<'v> {
        Found { view, beside, start, zh, made: BTreeMap::new() }
    }

    /// All that was found, the likeliest first.
    pub(super) fn in_order(self) -> Vec<Completion> {
        let mut made: Vec<Completion> = self.made.into_values().collect();
        made.sort_by(|a, b| (a.rank, &a.text).cmp(&(b.rank, &b.text)));
        made
    }

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

    /// A word of the language, with its spelling in the other.
    pub(super) fn word(&mut self, text: &str, other: &str, rank: u8) {
        let rank = if text.is_ascii() == self.zh { OTHER_LANGUAGE } else { rank };
        self.add(text, CompletionKind::Keyword, other.to_owned(), rank);
    }

    /// All words of the language.
    pub(super) fn all_words(&mut self) {
        for word in KEYWORDS {
            for (text, other) in [(word.en, word.zh), (word.zh, word.en)] {
                if !text.is_empty() {
                    self.word(text, other, 6);
                }
            }
        }
    }

    fn detail(&self, ty: Option<&Type>, label: &hir::Label, name: &str) -> String {
        self.detail_in(self.view.program, ty, label, name)
    }

    fn detail_in(&self, program: &Program, ty: Option<&Type>, label: &hir::Label, name: &str) -> String {
        let ty = ty.map(|ty| ty.describe(&program.schema.enums, self.view.lang));
        let label = label.pick(self.view.lang);
        let label = (&**label != name).then(|| label.to_string());
        ty.into_iter().chain(label).collect::<Vec<_>>().join(" · ")
    }

    /// The policy that the file holds.
    fn own(&self) -> Option<(PolicyId, &'v hir::Policy)> {
        let policies = &self.view.program.policies;
        policies.iter_enumerated().find(|(_, policy)| policy.span.file == self.view.file)
    }

    /// The construct that is being written, as far as it is sound.
    fn around(&self) -> Option<&'v hir::Definition> {
        let at = u32::try_from(self.start).ok()?;
        let holds = |it: &&hir::Definition| {
            it.span.file == self.view.file && it.span.start <= at && at <= it.span.end
        };
        self.view
            .program
            .values
            .iter()
            .filter(holds)
            .min_by_key(|it| it.span.end.saturating_sub(it.span.start))
    }

    fn members(&mut self, kind: EnumId, rank: u8) {
        let Some(kind) = self.view.program.schema.enums.get(kind) else { return };
        for member in &kind.members {
            let label = member.label.pick(self.view.lang);
            let label = if *label == member.name { String::new() } else { format!(" · {label}") };
            self.name(&member.name, CompletionKind::Member, format!("{}{label}", kind.name), rank);
        }
    }

    /// The kinds, grade scales, stances.
    pub(super) fn kinds(&mut self, rank: u8) {
        for kind in self.view.program.schema.enums.iter() {
            self.name(&kind.name, CompletionKind::Kind, String::new(), rank);
        }
    }

    /// What may stand for a value: members of the kind that is wanted, and the names that the file may use bare.
    pub(super) fn values(&mut self, wanted: &Wanted, condition: bool) {
        let program = self.view.program;
        if let Wanted::Type(Type::Enum(kind) | Type::Set(kind)) = wanted {
            self.members(*kind, 0);
        }
        let Some((own, policy)) = self.own() else { return };
        for (name, target) in &policy.names {
            self.target(name, *target, wanted, 2);
        }
        for value in program.values.iter().filter(|value| value.policy == own && wanted.takes(&value.ty)) {
            let detail = self.detail(Some(&value.ty), &value.label, &value.name);
            self.name(&value.name, CompletionKind::Value, detail, 2);
        }
        let here = |field: &&Field| {
            condition && field.span.file == self.view.file && !field.name.starts_with("last.")
        };
        for field in program.schema.fields.iter().filter(here) {
            if let FieldType::Records(fields) = &field.ty {
                for part in fields.iter().filter(|part| wanted.takes(&part.ty.ty(0))) {
                    let detail = self.detail(Some(&part.ty.ty(0)), &part.label, &part.name);
                    self.name(&part.name, CompletionKind::Fact, format!("{} · {detail}", field.name), 3);
                }
            }
        }
        if *wanted == Wanted::Anything && condition {
            for id in program.schema.enums.ids() {
                self.members(id, 5);
            }
            self.kinds(6);
        }
        for used in policy.uses.iter().filter_map(|id| program.policies.get(*id)) {
            self.name(&used.name, CompletionKind::Policy, used.version.to_string(), 7);
        }
    }

    /// What a case gives, or looks at.
    pub(super) fn subjects(&mut self, expects: bool) {
        let Some((own, policy)) = self.own() else { return };
        for (name, target) in &policy.names {
            let computed = matches!(target, Target::Value(_) | Target::Reference(_));
            self.target(name, *target, &Wanted::Anything, if computed == expects { 2 } else { 5 });
        }
        let values = self.view.program.values.iter().filter(|value| value.policy == own);
        for value in values {
            let detail = self.detail(Some(&value.ty), &value.label, &value.name);
            self.name(&value.name, CompletionKind::Value, detail, if expects { 2 } else { 5 });
        }
    }

    fn target(&mut self, name: &str, target: Target, wanted: &Wanted, rank: u8) {
        self.target_in(self.view.program, name, target, wanted, rank);
    }

    fn target_in(&mut self, program: &Program, name: &str, target: Target, wanted: &Wanted, rank: u8) {
        let (ty, label, kind) = match target {
            Target::Fact(id) => match program.schema.fields.get(id) {
                Some(field) => (Some(field.ty.ty(id.0)), &field.label, CompletionKind::Fact),
                None => return,
            },
            Target::Value(id) => match program.values.get(id) {
                Some(value) => (Some(value.ty.clone()), &value.label, CompletionKind::Value),
                None => return,
            },
            Target::Param(id) => match program.params.get(id) {
                Some(param) => (Some(param.ty.clone()), &param.label, CompletionKind::Param),
                None => return,
            },
            Target::Series(id) => match program.series.get(id) {
                Some(series) => (Some(series.ty.clone()), &series.label, CompletionKind::Param),
                None => return,
            },
            Target::Reference(id) => match program.references.get(id) {
                Some(reference) => (None, &reference.label, CompletionKind::Value),
                None => return,
            },
        };
        if ty.as_ref().is_none_or(|ty| wanted.takes(ty)) {
            let detail = self.detail_in(program, ty.as_ref(), label, name);
            self.name(name, kind, detail, rank);
        }
    }

    /// Currencies: those of the policies first.
    pub(super) fn currencies(&mut self) {
        let program = self.view.program;
        let named = program.policies.iter().map(|policy| policy.currency);
        let named: Vec<Currency> = named.filter(|known| *known != Currency::NONE).collect();
        for (code, en, zh) in CURRENCIES {
            let rank = u8::from(!named.iter().any(|known| known.to_string() == code));
            self.add(code, CompletionKind::Value, self.view.lang.pick(en, zh).to_owned(), rank);
        }
        for known in named {
            self.add(&known.to_string(), CompletionKind::Value, String::new(), 0);
        }
    }

    /// The roles.
    pub(super) fn roles(&mut self) {
        let word = self.view.lang.pick("role", "岗位");
        self.people(&self.view.program.roles, word);
    }

    /// The actions.
    pub(super) fn actions(&mut self) {
        let word = self.view.lang.pick("action", "动作");
        self.people(&self.view.program.actions, word);
    }

    fn people(&mut self, all: &[hir::Named], word: &str) {
        for named in all {
            let detail = self.detail(None, &named.label, &named.name);
            self.name(&named.name, CompletionKind::Person, format!("{word} {detail}").trim().to_owned(), 0);
        }
    }

    /// The lists of records.
    pub(super) fn lists(&mut self) {
        let Some((_, policy)) = self.own() else { return };
        for (name, target) in &policy.names {
            let Target::Fact(id) = target else { continue };
            let field = self.view.program.schema.fields.get(*id);
            if let Some(field) = field.filter(|field| matches!(field.ty, FieldType::Records(_))) {
                let detail = self.detail(None, &field.label, name);
                self.name(name, CompletionKind::Fact, detail, 0);
            }
        }
    }

    /// The policies that are known beside the own one.
    pub(super) fn policies(&mut self) {
        let all = std::iter::once(self.view.program).chain(self.beside.iter().copied());
        for policy in all.flat_map(|it| it.policies.iter()).filter(|it| it.span.file != self.view.file) {
            self.name(&policy.name, CompletionKind::Policy, policy.version.to_string(), 0);
        }
    }

    /// Behind the colon of a `use`: the names of the policy that is used, of the version that is named if that is there.
    pub(super) fn names_of_used(&mut self, before: &str) {
        let named = before.split_whitespace().nth(1).unwrap_or("");
        let version = before.split(['"', '“', '”', '「', '」']).nth(1).unwrap_or("");
        let all = || std::iter::once(self.view.program).chain(self.beside.iter().copied());
        let known = || {
            let of = |program: &'v Program| program.policies.iter().map(move |policy| (program, policy));
            all().flat_map(of).filter(|(_, policy)| &*policy.name == named)
        };
        let used = known().find(|(_, policy)| &*policy.version == version).or_else(|| known().next());
        let Some((program, policy)) = used else { return };
        for (name, target) in &policy.names {
            self.target_in(program, name, *target, &Wanted::Anything, 0);
        }
    }

    /// The members that the construct around declares: its grades, states, steps, holds.
    pub(super) fn own_members(&mut self, before: &str) {
        let kinds = &self.view.program.schema.enums;
        let name = before.split_whitespace().nth(1).unwrap_or("");
        // While a line of it is wrong, the construct may be no more than a name.
        let named = || kinds.iter_enumerated().find(|(_, kind)| &*kind.name == name).map(|(id, _)| id);
        let kind = self.around().and_then(|around| match &around.kind {
            DefinitionKind::Grades(grades) => Some(grades.scale),
            DefinitionKind::Triggers(triggers) => Some(triggers.states),
            DefinitionKind::Escalation(ladder) => Some(ladder.steps_enum),
            DefinitionKind::Checks(checks) => Some(checks.holds_enum),
            _ => None,
        });
        if let Some(kind) = kind.or_else(named) {
            self.members(kind, 0);
        }
    }

    /// The codes of reasons that the policy gives.
    pub(super) fn codes(&mut self) {
        let (file, sources) = (self.view.file, self.view.sources);
        let mentions = self.view.program.mentions.iter();
        let codes = mentions.filter(|it| it.at.file == file && matches!(it.means, Meaning::Reason(_)));
        let codes: Vec<&str> = codes.filter_map(|it| Some(sources.get(file)?.slice(it.at))).collect();
        for code in codes {
            let word = self.view.lang.pick("code of a reason", "理由代码");
            self.add(code, CompletionKind::Value, word.to_owned(), 2);
        }
    }

    /// The judgements.
    pub(super) fn judgements(&mut self) {
        let values = self.view.program.values.iter();
        for value in values.filter(|value| matches!(value.kind, DefinitionKind::Judgement(_))) {
            let detail = self.detail(Some(&value.ty), &value.label, &value.name);
            self.name(&value.name, CompletionKind::Value, detail, 0);
        }
    }

    /// The fields of a list; of `last` what the policy computes.
    pub(super) fn fields_of(&mut self, list: &str, rank: u8) {
        if matches!(list, "last" | "上次") {
            return self.behind_last();
        }
        for field in self.view.program.schema.fields.iter().filter(|field| &*field.name == list) {
            if let FieldType::Records(fields) = &field.ty {
                for part in fields {
                    let detail = self.detail(Some(&part.ty.ty(0)), &part.label, &part.name);
                    self.name(&part.name, CompletionKind::Fact, detail, rank);
                }
            }
        }
    }

    fn behind_last(&mut self) {
        let own = self.own().map(|(own, _)| own);
        for value in self.view.program.values.iter().filter(|value| Some(value.policy) == own) {
            let detail = self.detail(Some(&value.ty), &value.label, &value.name);
            self.name(&value.name, CompletionKind::Value, detail, 1);
        }
        for (text, other) in [("on", "日期"), ("日期", "on")] {
            self.word(text, other, 2);
        }
    }

    /// What stands behind `name.`: members of a kind, names of a used policy, fields of a list, values of a portfolio, the parts
    /// that the named construct has.
    pub(super) fn behind_dot(&mut self, before: &str) {
        let (base, name) = path(before);
        let program = self.view.program;
        let Some((own, policy)) = self.own() else { return };
        if matches!(base, Some("last" | "上次")) {
            for (text, other) in [("since", "起始日"), ("起始日", "since")] {
                self.word(text, other, 0);
            }
            return;
        }
        let of = |name: &str| {
            let mut used = policy.uses.iter().filter_map(|id| Some((*id, program.policies.get(*id)?)));
            used.find(|(_, policy)| &*policy.name == name)
        };
        if let Some(base) = base {
            if let Some((used, _)) = of(base) {
                self.parts(used, name);
            }
            return;
        }
        if matches!(name, "last" | "上次") {
            return self.behind_last();
        }
        for (id, kind) in program.schema.enums.iter_enumerated() {
            if &*kind.name == name {
                self.members(id, 0);
            }
        }
        if let Some((_, used)) = of(name) {
            for (bare, target) in &used.names {
                self.target(bare, *target, &Wanted::Anything, 1);
            }
        }
        self.fields_of(name, 0);
        self.fields_of_item(name);
        for value in program.values.iter().filter(|value| value.policy == own) {
            if let DefinitionKind::Book(book) = &value.kind
                && &*book.portfolio == name
            {
                let detail = self.detail(Some(&value.ty), &value.label, &value.name);
                self.name(&value.name, CompletionKind::Value, detail, 0);
            }
        }
        self.parts(own, name);
    }

    /// `invoice.` within `for each invoice in invoices { … }`: the fields of the list.
    fn fields_of_item(&mut self, item: &str) {
        let before = self.view.text.get(..self.start).unwrap_or("");
        let list = before.lines().rev().find_map(|line| {
            let rest =
                ["for each", "逐笔"].into_iter().find_map(|word| line.trim_start().split_once(word))?.1;
            let mut words = rest.split_whitespace();
            let named = words.next()? == item && matches!(words.next()?, "in" | "于");
            named.then(|| words.next())?
        });
        if let Some(list) = list {
            self.fields_of(list.trim_end_matches(['{', '｛']), 0);
        }
    }

    /// The parts of a value: each in both languages where the language gives it.
    fn parts(&mut self, policy: PolicyId, name: &str) {
        let program = self.view.program;
        let reached = |value: &hir::Definition| value.policy == policy;
        let bare = program.policies.get(policy).and_then(|policy| {
            policy.names.iter().find_map(|(known, target)| match target {
                Target::Value(id) if &**known == name => Some(*id),
                _ => None,
            })
        });
        let own = program.values.iter_enumerated().find(|(_, it)| reached(it) && &*it.name == name);
        let Some(id) = own.map(|(id, _)| id).or(bare) else { return };
        for (en, zh) in program.part_names(id) {
            if en == zh {
                self.name(&en, CompletionKind::Value, name.to_owned(), 0);
            } else {
                self.word(&en, &zh, 1);
                self.word(&zh, &en, 1);
            }
        }
    }

    /// The type of the name or part that a text ends with.
    pub(super) fn of_name(&self, text: &str) -> Wanted {
        let (base, name) = path(text);
        let program = self.view.program;
        let Some((own, policy)) = self.own() else { return Wanted::Anything };
        let target = policy.names.iter().find(|(known, _)| &**known == name).map(|(_, target)| *target);
        let of_target = target.filter(|_| base.is_none()).and_then(|target| match target {
            Target::Fact(id) => program.schema.fields.get(id).map(|field| field.ty.ty(id.0)),
            Target::Value(id) => program.values.get(id).map(|value| value.ty.clone()),
            Target::Param(id) => program.params.get(id).map(|param| param.ty.clone()),
            Target::Series(id) => program.series.get(id).map(|series| series.ty.clone()),
            Target::Reference(_) => None,
        });
        let value = || {
            let mut values = program.values.iter().filter(|value| base.is_none() && value.policy == own);
            values.find(|value| &*value.name == name).map(|value| value.ty.clone())
        };
        // A part, or a name of another policy, where it was read before.
        let mention = || {
            let file = self.view.file;
            let source = self.view.sources.get(file)?;
            program.mentions.iter().find_map(|mention| {
                let here = mention.at.file == file && source.slice(mention.at) == name;
                here.then(|| self.meant(mention.means)).flatten()
            })
        };
        let field = || {
            let fields = program.schema.fields.iter().filter_map(|field| match &field.ty {
                FieldType::Records(fields) => Some(fields),
                _ => None,
            });
            let mut fields = fields.flatten().filter(|field: &&Field| &*field.name == name);
            fields.next().map(|field| field.ty.ty(0))
        };
        of_target.or_else(value).or_else(mention).or_else(field).map_or(Wanted::Anything, Wanted::Type)
    }

    fn meant(&self, means: Meaning) -> Option<Type> {
        let program = self.view.program;
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

    /// The type of a cell or of a result of the rows that are being written.
    pub(super) fn of_column(&self, head: &str, is_result: bool, place: usize) -> Wanted {
        let key = |keys: &[hir::Key]| match keys.get(place) {
            Some(hir::Key::Value(value)) => Wanted::Type(value.ty.clone()),
            Some(hir::Key::Parameter { ty, .. }) => Wanted::Type(ty.clone()),
            None => Wanted::Anything,
        };
        let Some(around) = self.around() else { return Wanted::Anything };
        match &around.kind {
            DefinitionKind::Table(table) if is_result => {
                // In a grid, all columns hold the one result.
                let result = table.results.get(place).or(table.results.last());
                let result = result.map(|result| result.ty.clone());
                result.map_or(Wanted::Anything, Wanted::Type)
            }
            DefinitionKind::Table(table) => key(&table.keys),
            DefinitionKind::Correction(correction) if !is_result => key(&correction.keys),
            DefinitionKind::Authority(authority) if !is_result => key(&authority.table.keys),
            DefinitionKind::Scorecard(_) if !is_result => {
                self.of_name(head.split_whitespace().next().unwrap_or(""))
            }
            DefinitionKind::Escalation(_) if !is_result => self.of_name(head),
            _ => Wanted::Anything,
        }
    }

    /// The kind that the line of a fact names.
    pub(super) fn of_declared(&self, line: &str) -> Wanted {
        let words = line.split_whitespace();
        let kinds = &self.view.program.schema.enums;
        let kind =
            |word: &str| kinds.iter_enumerated().find(|(_, kind)| &*kind.name == word).map(|(id, _)| id);
        words.filter_map(kind).next_back().map_or(Wanted::Anything, |kind| Wanted::Type(Type::Enum(kind)))
    }
}

/// The name that a text ends with, and what it is a part of.
fn path(text: &str) -> (Option<&str>, &str) {
    let text = text.trim_end();
    let ticked = text.strip_suffix('`').and_then(|rest| Some((rest.rfind('`')?, rest)));
    let (rest, name) = match ticked {
        Some((open, rest)) => {
            (text.get(..open).unwrap_or(""), rest.get(open..).unwrap_or("").trim_matches('`'))
        }
        None => {
            let start = word_before(text, text.len());
            (text.get(..start).unwrap_or(""), text.get(start..).unwrap_or(""))
        }
    };
    let base =
        rest.strip_suffix(['.', '．']).map(|rest| rest.get(word_before(rest, rest.len())..).unwrap_or(""));
    (base.filter(|base| !base.is_empty() && !base.starts_with(|ch: char| ch.is_ascii_digit())), name)
}
