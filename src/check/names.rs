//! Declares the names of a policy before any body is looked at.

use super::Source;
use super::constructs;
use super::context::{Checker, Construct, Declaration, Declared, Entity, Parameter, Scope, State};
use super::hir::{self, DefinitionKind, ValueId};
use crate::base::{Span, Str, nearest};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{Enum, EnumId, EnumSort, FieldId, Member, Type, Unit};

/// As many members as a set has bits.
const MOST_MEMBERS: usize = 128;

impl<'a> Checker<'a> {
    /// Declares all that a file names.
    pub(super) fn declare(&mut self, source: &Source<'a>, later: &[Source<'a>]) {
        let policy = self.declare_policy(source.file);
        let scope = Scope::customer(policy);
        self.declare_uses(source.file, later);
        for item in &source.file.items {
            match &item.kind {
                ast::ItemKind::Roles(roles) => self.declare_roles(roles),
                ast::ItemKind::Actions(actions) => self.declare_actions(actions),
                ast::ItemKind::Kind(kind) => self.declare_kind(kind),
                _ => {}
            }
        }
        self.order_roles(&source.file.items);
        self.declare_enums(&source.file.items);
        for item in &source.file.items {
            if let ast::ItemKind::Facts(facts) = &item.kind {
                self.declare_facts(facts, &scope);
            }
        }
        for item in &source.file.items {
            match &item.kind {
                ast::ItemKind::Param(param) => self.declare_param(param, item.span, &scope),
                ast::ItemKind::Reference(it) => self.declare_reference(it, item.span, source, &scope),
                ast::ItemKind::Script(script) => self.declare_script(script, source.scripts, &scope),
                _ => {}
            }
        }
        self.declare_values(&source.file.items, &scope);
        self.declare_overrides(&source.file.items);
        self.refuse_shadows(policy);
    }

    /// Declares a name of the customer; a second declaration is an error.
    pub(super) fn declare_customer(&mut self, name: &ast::Name, entity: Entity) {
        let Some(names) = self.names.get_mut(self.policy) else { return };
        let declared = Declared { entity, span: name.span };
        match names.customer.get(&name.text).copied() {
            None => {
                names.customer.insert(name.text.clone(), declared);
                let of = self.origin(declared);
                self.mention(name.span, of, entity.meaning());
            }
            // A fact that is listed in `use` and declared here as well is one fact.
            Some(first) if first.entity == entity => {
                let of = self.origin(first);
                self.mention(name.span, of, entity.meaning());
            }
            Some(first) => self.twice(name, first.span),
        }
    }

    /// Where that which a name stands for was declared first: a fact of several policies is one fact, and a name listed in a `use`
    /// is declared elsewhere.
    fn origin(&self, declared: Declared) -> Span {
        let first = match declared.entity {
            Entity::Fact(id) => self.program.schema.fields.get(id).map(|field| field.span),
            Entity::Value(id) => self.program.values.get(id).map(|value| value.name_span),
            Entity::Field(list, place) => match self.program.schema.fields.get(list).map(|list| &list.ty) {
                Some(crate::value::FieldType::Records(fields)) => {
                    fields.get(place as usize).map(|field| field.span)
                }
                _ => None,
            },
            Entity::Param(_) | Entity::Script(_) | Entity::Series(_) | Entity::Reference(_) => None,
        };
        first.unwrap_or(declared.span)
    }

    /// Notes that a name is declared as a value of the items of a list.
    pub(super) fn mention_item(&mut self, at: Span, declared: Declared) {
        let of = self.origin(declared);
        self.mention(at, of, declared.entity.meaning());
    }

    pub(super) fn twice(&mut self, name: &ast::Name, first: Span) {
        self.report(Diagnostic::new("E202", name.span).arg("name", &name.text).label(first, "first"));
    }

    fn declare_kind(&mut self, kind: &ast::Kind) {
        let members: Vec<(&ast::Named, bool)> = kind.members.iter().map(|member| (member, false)).collect();
        self.declare_enum(&kind.name, EnumSort::Kind, &members);
    }

    /// Grades, stances and ladders declare enumerations of their own name.
    fn declare_enums(&mut self, items: &[ast::Item]) {
        for item in items {
            match &item.kind {
                ast::ItemKind::Grades(grades) => {
                    let bands = grades.bands.iter().map(|band| (&band.grade, false));
                    let apart = grades.apart.iter().map(|apart| (&apart.grade, true));
                    let members: Vec<_> = bands.chain(apart).collect();
                    self.declare_enum(&grades.name, EnumSort::Grades, &members);
                }
                ast::ItemKind::Triggers(triggers) => {
                    let states = triggers.states.iter().map(|state| (&state.state, false));
                    let members: Vec<_> = states.chain([(&triggers.otherwise, false)]).collect();
                    self.declare_enum(&triggers.name, EnumSort::Stance, &members);
                }
                ast::ItemKind::Escalation(ladder) => {
                    let members: Vec<_> = ladder.steps.iter().map(|step| (&step.step, false)).collect();
                    self.declare_enum(&ladder.name, EnumSort::Steps, &members);
                }
                ast::ItemKind::Checks(checks) => {
                    let named: Vec<ast::Named> = checks
                        .checks
                        .iter()
                        .map(|check| ast::Named { name: check.name.clone(), label: check.label.clone() })
                        .collect();
                    let members: Vec<_> = named.iter().map(|hold| (hold, false)).collect();
                    self.declare_enum(&checks.name, EnumSort::Holds, &members);
                }
                ast::ItemKind::ForEach(each) => self.declare_enums(&each.items),
                _ => {}
            }
        }
    }

    /// Declares an enumeration of the current policy. A kind of the same members as that of a used policy is the same kind.
    pub(crate) fn declare_enum(
        &mut self,
        name: &ast::Name,
        sort: EnumSort,
        members: &[(&ast::Named, bool)],
    ) -> Option<EnumId> {
        let mut seen: Vec<&ast::Name> = Vec::new();
        for (member, _) in members {
            match seen.iter().find(|other| other.text == member.name.text) {
                // Grades, states and steps that stand twice are told by their construct.
                Some(first) if sort == EnumSort::Kind => self.twice(&member.name, first.span),
                Some(_) => {}
                None => seen.push(&member.name),
            }
        }
        if members.len() > MOST_MEMBERS {
            self.report(
                Diagnostic::new("E239", name.span)
                    .arg("name", &name.text)
                    .arg("count", members.len())
                    .arg("most", MOST_MEMBERS),
            );
        }
        let mut made: Vec<Member> = Vec::new();
        for (member, apart) in members {
            if made.iter().all(|other| other.name != member.name.text) {
                made.push(Member {
                    name: member.name.text.clone(),
                    label: Checker::label(&member.label, &member.name),
                    apart: *apart,
                });
            }
        }
        let policy = self.policy;
        let own = self.names.get(policy).and_then(|names| names.enums.get(&name.text)).copied();
        if let Some(first) = own
            && let Some((_, span)) = self.enum_places.get(&first).copied()
        {
            self.twice(name, span);
            return Some(first);
        }
        let reach = self.names.get(policy).map(|names| names.reach.clone()).unwrap_or_default();
        let same = self.program.schema.enums.iter_enumerated().find(|(id, other)| {
            sort == EnumSort::Kind
                && other.sort == sort
                && other.name == name.text
                && other.members.iter().map(|member| &member.name).eq(made.iter().map(|member| &member.name))
                && self.enum_places.get(id).is_some_and(|(owner, _)| reach.contains(owner))
        });
        let id = match same.map(|(id, _)| id) {
            Some(id) => id,
            None => {
                let id =
                    self.program.schema.enums.push(Enum { name: name.text.clone(), sort, members: made });
                self.enum_places.insert(id, (policy, name.span));
                id
            }
        };
        self.mention_kind(name.span, id);
        for (place, (member, _)) in (0..).zip(members) {
            let span = member.name.span;
            let code = self.program.schema.enums.get(id).and_then(|kind| kind.code(&member.name.text));
            self.member_places.entry((id, code.unwrap_or(place))).or_insert(span);
            self.mention_member(span, id, code.unwrap_or(place));
        }
        if let Some(names) = self.names.get_mut(policy) {
            names.enums.insert(name.text.clone(), id);
        }
        Some(id)
    }

    /// A kind that the language gives, declared when something first needs it: each member by name, English and Chinese.
    pub(crate) fn built_in(&mut self, name: &str, members: &[(&str, &str, &str)]) -> EnumId {
        let enums = &mut self.program.schema.enums;
        let known = enums.iter_enumerated().find(|(_, kind)| &*kind.name == name);
        if let Some((id, _)) = known {
            return id;
        }
        let member = |(name, en, zh): &(&str, &str, &str)| Member {
            name: Str::from(*name),
            label: hir::Label { en: Str::from(*en), zh: Str::from(*zh) },
            apart: false,
        };
        let members = members.iter().map(member).collect();
        enums.push(Enum { name: Str::from(name), sort: EnumSort::BuiltIn, members })
    }

    /// Declares the values of a file, or of the items of a list.
    fn declare_values(&mut self, items: &'a [ast::Item], scope: &Scope) {
        for item in items {
            let (name, label, construct) = match &item.kind {
                ast::ItemKind::Let(value) => (&value.name, &value.label, Construct::Let(value)),
                ast::ItemKind::Table(table) => (&table.name, &table.label, Construct::Table(table)),
                ast::ItemKind::Scorecard(card) => (&card.name, &card.label, Construct::Scorecard(card)),
                ast::ItemKind::Grades(grades) => (&grades.name, &grades.label, Construct::Grades(grades)),
                ast::ItemKind::Correction(correction) => {
                    (&correction.name, &correction.label, Construct::Correction(correction))
                }
                ast::ItemKind::Total(total) => (&total.name, &total.label, Construct::Total(total)),
                ast::ItemKind::Allocation(allocation) => {
                    self.declare_allocation(allocation, item.span, scope);
                    continue;
                }
                ast::ItemKind::Limit(limit) => (&limit.name, &limit.label, Construct::Limit(limit)),
                ast::ItemKind::Triggers(triggers) => {
                    (&triggers.name, &triggers.label, Construct::Triggers(triggers))
                }
                ast::ItemKind::Escalation(ladder) => {
                    (&ladder.name, &ladder.label, Construct::Escalation(ladder))
                }
                ast::ItemKind::Checks(checks) => (&checks.name, &checks.label, Construct::Checks(checks)),
                ast::ItemKind::Judgement(judgement) => {
                    (&judgement.name, &judgement.label, Construct::Judgement(judgement))
                }
                ast::ItemKind::Authority(authority) => {
                    (&authority.name, &authority.label, Construct::Authority(authority))
                }
                ast::ItemKind::Checklist(papers) => {
                    (&papers.name, &papers.label, Construct::Checklist(papers))
                }
                ast::ItemKind::ForEach(each) => {
                    if scope.item.is_none() {
                        self.declare_for_each(each, scope);
                    }
                    continue;
                }
                ast::ItemKind::Portfolio(book) => {
                    self.declare_book(book, scope);
                    continue;
                }
                _ => continue,
            };
            let mut scope = scope.clone();
            if let Construct::Escalation(ast::Escalation { each: Some((item_name, list)), .. })
            | Construct::Checks(ast::Checks { each: Some((item_name, list)), .. }) = construct
            {
                let Some(list) = self.list(list, &scope) else {
                    self.unresolved.insert((scope.policy, name.text.clone()));
                    continue;
                };
                scope = scope.with_item(list, item_name.as_ref().map(|name| name.text.clone()));
            }
            self.declare_value(name, label, construct, item.span, scope);
        }
    }

    /// Declares the values of the items of a list. Where there is no such list, nothing is said of who reads them.
    fn declare_for_each(&mut self, each: &'a ast::ForEach, scope: &Scope) {
        if let Some(list) = self.list(&each.list, scope) {
            let name = each.item.as_ref().map(|name| name.text.clone());
            return self.declare_values(&each.items, &scope.with_item(list, name));
        }
        let names = each.items.iter().filter_map(|item| match &item.kind {
            ast::ItemKind::Let(it) => Some(&it.name),
            ast::ItemKind::Table(it) => Some(&it.name),
            ast::ItemKind::Scorecard(it) => Some(&it.name),
            ast::ItemKind::Grades(it) => Some(&it.name),
            ast::ItemKind::Correction(it) => Some(&it.name),
            ast::ItemKind::Total(it) => Some(&it.name),
            ast::ItemKind::Limit(it) => Some(&it.name),
            ast::ItemKind::Triggers(it) => Some(&it.name),
            ast::ItemKind::Judgement(it) => Some(&it.name),
            ast::ItemKind::Checklist(it) => Some(&it.name),
            _ => None,
        });
        self.unresolved.extend(names.map(|name| (scope.policy, name.text.clone())));
    }

    /// What each item gets, and what is left: two values of one statement of the customer.
    fn declare_allocation(&mut self, allocation: &'a ast::Allocation, span: Span, scope: &Scope) {
        let named = &allocation.applied;
        if scope.item.is_some() {
            // Told when the tree was made.
            return;
        }
        match self.list(&allocation.list, scope) {
            Some(list) => {
                let items = scope.with_item(list, None);
                self.declare_value(&named.name, &named.label, Construct::Allocation(allocation), span, items);
            }
            None => {
                self.unresolved.insert((scope.policy, named.name.text.clone()));
            }
        }
        if let Some(rest) = &allocation.rest {
            let construct = Construct::AllocationRest(allocation);
            self.declare_value(&rest.name, &rest.label, construct, span, scope.clone());
        }
    }

    /// Declares the values of a portfolio. They are the customer's, each under its own name.
    fn declare_book(&mut self, book: &'a ast::Portfolio, scope: &Scope) {
        // Inside `for each` it was reported when it was read.
        if scope.item.is_some() {
            return;
        }
        let own = book.values().map(|(value, _)| value.name.text.clone()).collect();
        let Some(names) = self.names.get_mut(self.policy) else { return };
        names.books.entry(book.name.text.clone()).or_default().append(&mut { own });
        for (value, group) in book.values() {
            let construct = Construct::Book(value, book, group);
            self.declare_value(&value.name, &value.label, construct, value.span, scope.clone());
        }
        constructs::stray_caps(self, book);
    }

    fn declare_value(
        &mut self,
        name: &'a ast::Name,
        label: &ast::Label,
        construct: Construct<'a>,
        span: Span,
        scope: Scope,
    ) {
        let (ty, parameters) = self.declared_type(construct, &scope);
        let id = self.program.values.push(hir::Definition {
            policy: scope.policy,
            name: name.text.clone(),
            label: Self::label(label, name),
            scope: scope.item.map_or(hir::Scope::Customer, hir::Scope::Items),
            ty: ty.clone().unwrap_or(Type::YesNo),
            kind: DefinitionKind::Error,
            name_span: name.span,
            span,
        });
        let item = scope.item;
        self.declarations.push(Declaration {
            construct,
            scope,
            state: State::Waiting,
            ty,
            parameters,
            name_span: name.span,
        });
        match item {
            None => self.declare_customer(name, Entity::Value(id)),
            Some(list) => self.declare_item(name, list, id),
        }
    }

    fn declare_item(&mut self, name: &ast::Name, list: FieldId, id: ValueId) {
        let Some(names) = self.names.get_mut(self.policy) else { return };
        let items = names.items.entry(list).or_default();
        match items.get(&name.text).copied() {
            Some(first) => self.twice(name, first.span),
            None => {
                items.insert(name.text.clone(), Declared { entity: Entity::Value(id), span: name.span });
                self.mention(name.span, name.span, hir::Meaning::Value(id));
            }
        }
    }

    /// What can be told of a value without its body: its type, and its parameters.
    fn declared_type(&mut self, construct: Construct<'a>, scope: &Scope) -> (Option<Type>, Vec<Parameter>) {
        match construct {
            Construct::Let(_)
            | Construct::Limit(_)
            | Construct::Scorecard(_)
            | Construct::Total(_)
            | Construct::Allocation(_)
            | Construct::AllocationRest(_)
            | Construct::Authority(_)
            | Construct::Book(..) => (None, Vec::new()),
            Construct::Judgement(judgement) => (self.type_expr(&judgement.ty, scope), Vec::new()),
            Construct::Checklist(_) => (Some(Type::YesNo), Vec::new()),
            Construct::Correction(_) => (Some(Type::Number(Unit::RATIO)), Vec::new()),
            Construct::Checks(_) => {
                (Some(Type::Enum(self.built_in("checks.verdict", &hir::CHECK_VERDICTS))), Vec::new())
            }
            Construct::Grades(ast::Grades { name, .. })
            | Construct::Triggers(ast::Triggers { name, .. })
            | Construct::Escalation(ast::Escalation { name, .. }) => {
                (self.own_enum(name).map(Type::Enum), Vec::new())
            }
            Construct::Table(table) => {
                let mut parameters = Vec::new();
                for key in &table.keys {
                    if let ast::Key::Parameter(name, ty, _) = key {
                        let known = self.type_expr(ty, scope);
                        if known.is_none() {
                            self.unclear.borrow_mut().push(name.span);
                        }
                        let ty = known.unwrap_or(Type::YesNo);
                        parameters.push(Parameter { name: name.text.clone(), ty, span: name.span });
                    }
                }
                let mut types: Vec<Option<Type>> =
                    table.results.iter().map(|result| self.type_expr(&result.ty, scope)).collect();
                let ty = if types.len() == 1 { types.pop().flatten() } else { None };
                (ty, parameters)
            }
        }
    }

    /// A value of items must not have the name of a value of the customer.
    fn refuse_shadows(&mut self, policy: hir::PolicyId) {
        let Some(names) = self.names.get(policy) else { return };
        let shadows: Vec<_> = names
            .items
            .values()
            .flatten()
            .filter(|(_, declared)| matches!(declared.entity, Entity::Value(_)))
            .filter_map(|(name, declared)| {
                Some((name.clone(), declared.span, names.customer.get(name)?.span))
            })
            .collect();
        for (name, span, customer) in shadows {
            self.report(Diagnostic::new("E209", span).arg("name", name).label(customer, "customer"));
        }
    }

    /// The record list of this name.
    pub(crate) fn list(&mut self, name: &ast::Name, scope: &Scope) -> Option<FieldId> {
        let found = self.names.get(scope.policy).and_then(|names| names.customer.get(&name.text)).copied();
        let report = match found {
            Some(Declared { entity: Entity::Fact(id), span }) => {
                if self.is_records(id) {
                    self.mention(name.span, span, hir::Meaning::Fact(id));
                    return Some(id);
                }
                Diagnostic::new("E223", name.span).arg("name", &name.text).label(span, "declared")
            }
            Some(Declared { span, .. }) => {
                Diagnostic::new("E223", name.span).arg("name", &name.text).label(span, "declared")
            }
            None if self.is_unresolved(scope.policy, name) => return None,
            None => {
                let lists: Vec<Str> = self
                    .names
                    .get(scope.policy)
                    .into_iter()
                    .flat_map(|names| &names.customer)
                    .filter(|(_, declared)| match declared.entity {
                        Entity::Fact(id) => self.is_records(id),
                        _ => false,
                    })
                    .map(|(name, _)| name.clone())
                    .collect();
                let report = Diagnostic::new("E223", name.span).variant("undeclared").arg("name", &name.text);
                match nearest(&name.text, lists.iter().map(|name| &**name)) {
                    Some(near) => report.arg("near", near).help("near"),
                    None => report,
                }
            }
        };
        self.report(report);
        None
    }

    pub(super) fn is_records(&self, id: FieldId) -> bool {
        self.program
            .schema
            .fields
            .get(id)
            .is_some_and(|field| matches!(field.ty, crate::value::FieldType::Records(_)))
    }

    /// The enumeration that a construct of the current policy declares: grades, a stance, the steps of a ladder.
    pub(crate) fn own_enum(&self, name: &ast::Name) -> Option<EnumId> {
        self.names.get(self.policy)?.enums.get(&name.text).copied()
    }

    /// A declared role; reported where it is not declared.
    pub(crate) fn role(&mut self, name: &ast::Name) -> Str {
        self.person(name, true)
    }

    /// A declared action; reported where it is not declared.
    pub(crate) fn action(&mut self, name: &ast::Name) -> Str {
        self.person(name, false)
    }

    fn person(&mut self, name: &ast::Name, role: bool) -> Str {
        let reach = self.names.get(self.policy).map(|names| names.reach.clone()).unwrap_or_default();
        let mut known: Vec<Str> = Vec::new();
        for names in reach.iter().filter_map(|id| self.names.get(*id)) {
            let people = if role { &names.roles } else { &names.actions };
            if let Some(place) = people.get(&name.text).copied() {
                let named = if role { &self.program.roles } else { &self.program.actions };
                let number = named.iter().position(|it| it.name == name.text);
                if let Some(number) = number.and_then(|number| u32::try_from(number).ok()) {
                    let means = if role { hir::Meaning::Role(number) } else { hir::Meaning::Action(number) };
                    self.mention(name.span, place, means);
                }
                return name.text.clone();
            }
            known.extend(people.keys().cloned());
        }
        let report = Diagnostic::new("E204", name.span)
            .variant(if role { "role" } else { "action" })
            .arg("name", &name.text);
        let report = match nearest(&name.text, known.iter().map(|name| &**name)) {
            Some(near) => report.arg("near", near).fix("near", name.span, near, false),
            None => report.help(if role { "role" } else { "action" }),
        };
        self.report(report);
        name.text.clone()
    }

    /// The place of a member in an enumeration; reported where there is none of this name.
    pub(crate) fn enum_member(&mut self, of: EnumId, name: &ast::Name) -> Option<u32> {
        let kind = self.program.schema.enums.get(of)?;
        if let Some(code) = kind.code(&name.text) {
            self.mention_member(name.span, of, code);
            return Some(code);
        }
        // Its members stand on lines that could not be read, and that is told.
        if kind.members.is_empty() && self.lost_lines.contains(&self.policy) {
            return None;
        }
        if let Some(word) = ["any", "unknown"].into_iter().find(|word| word.eq_ignore_ascii_case(&name.text))
        {
            let told = Diagnostic::new("E141", name.span).arg("found", &name.text).arg("word", word);
            self.report(told.fix("when", name.span, word, true));
            return None;
        }
        if super::expr::names::FOR_ALL_OTHERS.contains(&&*name.text) {
            let word = if name.text.is_ascii() { "any" } else { "任一" };
            let told = Diagnostic::new("E201", name.span).arg("name", &name.text);
            self.report(told.fix("any", name.span, word, true));
            return None;
        }
        let mut report = Diagnostic::new("E205", name.span).arg("name", &name.text).arg("kind", &kind.name);
        // `信用等级 为 差`, where 差 is the label of C.
        let mut labelled = kind.members.iter().filter(|member| {
            [&member.label.zh, &member.label.en].into_iter().any(|label| **label == *name.text)
        });
        if let (Some(member), None) = (labelled.next(), labelled.next()) {
            let told = report.variant("label").arg("own", &member.name);
            self.report(told.fix(
                "label",
                name.span,
                crate::check::expr::names::in_ticks(&member.name),
                true,
            ));
            return None;
        }
        let members: Vec<Str> = kind.members.iter().map(|member| member.name.clone()).collect();
        // `A级`, `A级以上`: the grade is known, and how the language says the rest.
        if let Some(written) = grade_in_words(&name.text, &members) {
            self.report(report.arg("near", &written).fix("near", name.span, written, false));
            return None;
        }
        report = match nearest(&name.text, members.iter().map(|name| &**name)) {
            Some(near) => report.arg("near", near).fix("near", name.span, near, false),
            None => {
                let shown: Vec<String> = members.iter().take(8).map(|name| format!("`{name}`")).collect();
                let rest = if members.len() > 8 { ", …" } else { "" };
                report.arg("members", format!("{}{rest}", shown.join(", "))).help("members")
            }
        };
        if let Some((_, span)) = self.enum_places.get(&of) {
            report = report.label(*span, "declared");
        }
        self.report(report);
        None
    }
}

/// How people write of a grade what the language says in a word of its own.
const OF_GRADES: [(&str, &str); 12] = [
    ("级及以上", " 及以上"),
    ("级以上", " 及以上"),
    ("及以上", " 及以上"),
    ("以上", " 及以上"),
    ("级及以下", " 及以下"),
    ("级以下", " 及以下"),
    ("及以下", " 及以下"),
    ("以下", " 及以下"),
    ("等级", ""),
    ("级", ""),
    ("等", ""),
    ("档", ""),
];

/// A member of a kind with what stands behind it in the words of people: `A级` is `A`, `A级以上` is `A 及以上`.
fn grade_in_words(written: &str, members: &[Str]) -> Option<String> {
    let mut words = OF_GRADES.iter();
    words.find_map(|(ending, word)| {
        let stem = written.strip_suffix(ending)?;
        let member = members.iter().find(|member| member.eq_ignore_ascii_case(stem))?;
        Some(format!("{}{word}", super::expr::names::in_ticks(member)))
    })
}
