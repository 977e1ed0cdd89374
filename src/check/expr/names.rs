//! Bare names in expressions: facts, values, parameters, members of kinds.

use crate::base::{Span, Str, nearest};
use crate::check::context::{Checker, Construct, Declared, Entity, Expected, Line, Scope};
use crate::check::hir::{self, ExprKind, Part, PolicyId, ValueId};
use crate::diag::Diagnostic;
use crate::syntax::{apart, ast, figure_meant, stretch_meant};
use crate::value::{EnumId, FieldId, Type, Value};

/// What a bare name stands for.
pub(super) enum Found {
    Nothing,
    Parameter(u32, Type),
    /// A line of the total under way, and what else the name stands for.
    Line(Line, Option<Span>),
    One(Declared),
    /// A field of the item and a value of the customer.
    Both(Declared, Declared),
}

impl Checker<'_> {
    /// Whether a bare name stands for nothing.
    pub(in crate::check) fn means_nothing(&self, name: &str, scope: &Scope) -> bool {
        matches!(self.lookup(name, scope), Found::Nothing)
    }

    pub(super) fn lookup(&self, name: &str, scope: &Scope) -> Found {
        if let Some(place) = scope.parameters.iter().position(|parameter| &*parameter.name == name)
            && let (Some(parameter), Ok(number)) = (scope.parameters.get(place), u32::try_from(place))
        {
            return Found::Parameter(number, parameter.ty.clone());
        }
        let Some(names) = self.names.get(scope.policy) else { return Found::Nothing };
        let item = scope.item.and_then(|list| names.items.get(&list)?.get(name));
        if let Some(line) = scope.lines.iter().rev().find(|line| &*line.name == name) {
            let other = item.or(names.customer.get(name)).map(|declared| declared.span);
            return Found::Line(line.clone(), other);
        }
        match (item, names.customer.get(name)) {
            (Some(item), Some(customer)) => Found::Both(*item, *customer),
            (Some(one), None) | (None, Some(one)) => Found::One(*one),
            (None, None) if self.in_case => {
                self.fact_in_reach(name, scope).map_or(Found::Nothing, Found::One)
            }
            (None, None) => Found::Nothing,
        }
    }

    /// A fact of a used policy: it is the customer's, whichever policy declares it.
    fn fact_in_reach(&self, name: &str, scope: &Scope) -> Option<Declared> {
        let reach = &self.names.get(scope.policy)?.reach;
        reach
            .iter()
            .filter_map(|policy| self.names.get(*policy)?.customer.get(name))
            .find_map(|declared| matches!(declared.entity, Entity::Fact(_)).then_some(*declared))
    }

    /// A bare name: a value in scope, or a member of the kind that its place expects.
    pub(super) fn name(&mut self, name: &ast::Name, scope: &Scope, expected: &Expected) -> hir::Expr {
        let member = match expected {
            Expected::Type(Type::Enum(kind), _) => self.code(*kind, &name.text).map(|code| (*kind, code)),
            _ => None,
        };
        let found = self.lookup(&name.text, scope);
        self.mention_found(name.span, &found, scope);
        match found {
            Found::Parameter(number, ty) => {
                hir::Expr { kind: ExprKind::TableParameter(number), ty, span: name.span }
            }
            Found::Line(line, None) => {
                let part = Part::Line(line.place);
                hir::Expr { kind: ExprKind::Value(line.value, part), ty: line.ty, span: name.span }
            }
            Found::Line(line, Some(other)) => {
                self.report(
                    Diagnostic::new("E282", name.span)
                        .arg("name", &name.text)
                        .label(line.span, "line")
                        .label(other, "other")
                        .help(""),
                );
                Self::error(name.span)
            }
            // That a value of items has this name of the customer was reported where it is declared.
            Found::Both(Declared { entity: Entity::Value(_), .. }, _) => Self::error(name.span),
            Found::Both(item, customer) => {
                self.report(
                    Diagnostic::new("E209", name.span)
                        .variant("use")
                        .arg("name", &name.text)
                        .label(item.span, "item")
                        .label(customer.span, "customer")
                        .help("use"),
                );
                Self::error(name.span)
            }
            Found::One(declared) => match member {
                Some((kind, code)) => self.value_or_member(name, declared, kind, code, scope),
                None => {
                    if let Expected::Any = expected
                        && let [(kind, _)] = self.members_of(name, scope).as_slice()
                    {
                        // `let x = low`, where `low` is a fact as well.
                        if self.entity_type(declared.entity, name.span) == Some(Type::Enum(*kind)) {
                            let kind = *kind;
                            self.two_meanings(name, declared, kind);
                            return Self::error(name.span);
                        }
                    }
                    self.entity(declared.entity, name, scope)
                }
            },
            Found::Nothing => match (member, expected) {
                (Some((kind, code)), _) => {
                    self.mention_member(name.span, kind, code);
                    member_expr(kind, code, name.span)
                }
                (None, Expected::Any) => self.lone_member(name, scope, expected),
                (None, _) => {
                    self.undeclared(name, scope, expected);
                    Self::error(name.span)
                }
            },
        }
    }

    pub(super) fn code(&self, kind: EnumId, name: &str) -> Option<u32> {
        self.program.schema.enums.get(kind)?.code(name)
    }

    /// A name that is a member of the expected kind and a value: the member, where the value does not fit; an error where both do.
    fn value_or_member(
        &mut self,
        name: &ast::Name,
        declared: Declared,
        kind: EnumId,
        code: u32,
        _scope: &Scope,
    ) -> hir::Expr {
        if self.entity_type(declared.entity, name.span) == Some(Type::Enum(kind)) {
            self.two_meanings(name, declared, kind);
            return Self::error(name.span);
        }
        // What the name stands for elsewhere it does not stand for here.
        while self.program.mentions.pop_if(|mention| mention.at == name.span).is_some() {}
        self.mention_member(name.span, kind, code);
        member_expr(kind, code, name.span)
    }

    /// Notes what a name in an expression stands for.
    pub(super) fn mention_found(&mut self, at: Span, found: &Found, scope: &Scope) {
        match found {
            Found::Nothing => {}
            Found::Parameter(place, _) => {
                if let Some(parameter) = scope.parameters.get(*place as usize) {
                    self.mention(at, parameter.span, hir::Meaning::Local);
                }
            }
            Found::Line(line, _) => {
                self.mention(at, line.span, hir::Meaning::Part(line.value, hir::Part::Line(line.place)));
            }
            Found::One(declared) | Found::Both(declared, _) => self.mention_declared(at, *declared),
        }
    }

    fn two_meanings(&mut self, name: &ast::Name, declared: Declared, kind: EnumId) {
        let kind_name = self.enum_name(kind);
        let mut report = Diagnostic::new("E206", name.span)
            .arg("name", &name.text)
            .arg("kind", kind_name)
            .label(declared.span, "value");
        if let Some((_, span)) = self.enum_places.get(&kind) {
            report = report.label(*span, "kind");
        }
        self.report(report.help("member"));
    }

    fn enum_name(&self, kind: EnumId) -> Str {
        self.program.schema.enums.get(kind).map_or_else(|| Str::from("?"), |kind| kind.name.clone())
    }

    /// The type of what a name stands for; none where it is being checked just now and its type is not declared.
    pub(super) fn entity_type(&mut self, entity: Entity, from: Span) -> Option<Type> {
        match entity {
            Entity::Fact(id) => self.program.schema.fields.get(id).map(|field| field.ty.ty(id.0)),
            Entity::Field(list, place) => self.field_type_at(list, place),
            Entity::Param(id) => self.program.params.get(id).map(|param| param.ty.clone()),
            Entity::Value(id) => {
                if self.waits(id) {
                    self.ensure(id, from);
                }
                self.value_type(id)
            }
            Entity::Series(id) => self.program.series.get(id).map(|series| series.ty.clone()),
            Entity::Script(_) | Entity::Reference(_) => None,
        }
    }

    fn field_type_at(&self, list: FieldId, place: u32) -> Option<Type> {
        match &self.program.schema.fields.get(list)?.ty {
            crate::value::FieldType::Records(fields) => {
                fields.get(place as usize).map(|field| field.ty.ty(list.0))
            }
            _ => None,
        }
    }

    /// The kinds in reach that have a member of this name.
    fn members_of(&self, name: &ast::Name, scope: &Scope) -> Vec<(EnumId, u32)> {
        let Some(names) = self.names.get(scope.policy) else { return Vec::new() };
        let mut found: Vec<(EnumId, u32)> = Vec::new();
        for policy in &names.reach {
            for kind in self.names.get(*policy).into_iter().flat_map(|names| names.enums.values()) {
                if let Some(code) = self.code(*kind, &name.text)
                    && !found.contains(&(*kind, code))
                {
                    found.push((*kind, code));
                }
            }
        }
        found
    }

    /// A bare member where nothing is expected: of the one kind that has it.
    fn lone_member(&mut self, name: &ast::Name, scope: &Scope, expected: &Expected) -> hir::Expr {
        match self.members_of(name, scope).as_slice() {
            [] => {
                self.undeclared(name, scope, expected);
                Self::error(name.span)
            }
            [(kind, code)] => {
                self.mention_member(name.span, *kind, *code);
                member_expr(*kind, *code, name.span)
            }
            several => {
                let kinds: Vec<String> =
                    several.iter().map(|(kind, _)| format!("`{}`", self.enum_name(*kind))).collect();
                let first =
                    several.first().map(|(kind, _)| self.enum_name(*kind)).unwrap_or_else(|| Str::from("?"));
                self.report(
                    Diagnostic::new("E206", name.span)
                        .variant("members")
                        .arg("name", &name.text)
                        .arg("kinds", kinds.join(", "))
                        .arg("kind", first)
                        .help("member"),
                );
                Self::error(name.span)
            }
        }
    }

    /// Reports a name that stands for nothing here, with what may have been meant.
    pub(super) fn undeclared(&mut self, name: &ast::Name, scope: &Scope, expected: &Expected) {
        // A name of items, or a member of a kind, stands on other lines than those that could not be read.
        let items = self.names.get(scope.policy).into_iter().flat_map(|names| names.items.values());
        let is_elsewhere = items.into_iter().any(|items| items.contains_key(&name.text))
            || !self.members_of(name, scope).is_empty();
        if !is_elsewhere && self.is_unresolved(scope.policy, name)
            || scope.item.is_some_and(|list| self.unresolved_fields.contains(&(list, name.text.clone())))
        {
            return;
        }
        if let Expected::Type(Type::Enum(kind), _) = expected {
            if let Some(told) = self.without_blanks(name, scope) {
                self.report(told);
                return;
            }
            let near_value = self.nearest_name(name, scope);
            let members = self.members(*kind);
            let near_member = nearest(&name.text, members.iter().map(|name| &**name));
            if near_member.is_some() || near_value.is_none() {
                self.enum_member(*kind, name);
                return;
            }
        }
        if let Some(habit) = self.habit(name, scope) {
            self.report(habit);
            return;
        }
        let report = Diagnostic::new("E201", name.span).arg("name", &name.text);
        // It may be a name of the items of a list, …
        let items = self.names.get(scope.policy).into_iter().flat_map(|names| &names.items);
        let lists: Vec<FieldId> =
            items.filter(|(_, items)| items.contains_key(&name.text)).map(|(list, _)| *list).collect();
        if let Some(list) = lists.first() {
            let list = self.program.schema.fields.get(*list).map(|field| (field.name.clone(), field.span));
            if let Some((list, span)) = list {
                let mut report = Diagnostic::new("E208", name.span)
                    .arg("name", &name.text)
                    .arg("list", list)
                    .label(span, "list");
                report =
                    if scope.item.is_some() { report.variant("other") } else { report.help("aggregate") };
                self.report(report);
                return;
            }
        }
        // … or of a policy that is used.
        let uses: Vec<(Str, PolicyId)> = self
            .names
            .get(scope.policy)
            .map(|names| names.uses.iter().map(|(name, id)| (name.clone(), *id)).collect())
            .unwrap_or_default();
        for (policy, id) in uses {
            if self.names.get(id).is_some_and(|names| names.customer.contains_key(&name.text)) {
                let full = format!("{policy}.{}", name.text);
                self.report(
                    report
                        .variant("used")
                        .arg("policy", &policy)
                        .help("list")
                        .fix("qualify", name.span, full, false),
                );
                return;
            }
        }
        // `x is CA4 or CA5`: what was meant is a second comparison.
        let enums = &self.program.schema.enums;
        let kind = enums
            .iter_enumerated()
            .find(|(_, kind)| kind.members.iter().any(|member| member.name == name.text))
            .map(|(kind, _)| self.enum_name(kind));
        let report = match (kind, self.nearest_name(name, scope)) {
            (Some(kind), _) => report.arg("kind", kind).help("member"),
            _ if FOR_ALL_OTHERS.contains(&&*name.text) => {
                let word = if name.text.is_ascii() { "any" } else { "任一" };
                // In the cell of a row nothing else can be meant; elsewhere `any` cannot stand.
                match expected {
                    Expected::Type(_, why) if why.key == "key" => report.fix("any", name.span, word, true),
                    _ => report.help("any"),
                }
            }
            (None, Some(near)) => report.arg("near", &near).fix("near", name.span, near, false),
            (None, None) => match self.name_inside(name, scope) {
                Some(inside) => report.arg("inside", inside).help("inside"),
                None => report.help("declare"),
            },
        };
        self.report(report);
    }

    /// `信用等级为C`: words that are known, without the blanks between them.
    pub(in crate::check) fn without_blanks(&self, name: &ast::Name, scope: &Scope) -> Option<Diagnostic> {
        let members = || self.program.schema.enums.iter().flat_map(|kind| kind.members.iter());
        let known = |word: &str| {
            self.known_names(scope).is_some_and(|mut names| names.any(|name| name == word))
                || members().any(|member| *member.name == *word)
        };
        let written = apart(&name.text, &known)?;
        let word = written.split(' ').find(|part| !known(part)).unwrap_or(&written);
        let told = Diagnostic::new("E106", name.span).variant("keyword").arg("found", &name.text);
        Some(told.arg("word", word).fix("blank", name.span, written.clone(), true))
    }

    /// A word that is no name but a figure as it is said, a cell of a sheet, what an empty cell is called, or the label of a name.
    fn habit(&self, name: &ast::Name, scope: &Scope) -> Option<Diagnostic> {
        let found = &*name.text;
        if let Some(told) = self.without_blanks(name, scope) {
            return Some(told);
        }
        if let Some(meant) = figure_meant(found) {
            let told = Diagnostic::new("E159", name.span).arg("found", found).arg("written", &meant.written);
            return Some(told.fix("written", name.span, meant.written.clone(), meant.sure));
        }
        if let Some(written) = stretch_meant(found) {
            let told = Diagnostic::new("E151", name.span).variant("between").arg("found", "之间");
            return Some(told.fix("span", name.span, written, false));
        }
        if NOTHING.iter().any(|word| word.eq_ignore_ascii_case(found)) {
            let word = if found.is_ascii() { "unknown" } else { "未知" };
            let told =
                Diagnostic::new("E151", name.span).variant("nothing").arg("found", found).arg("word", word);
            return Some(told.fix("nothing", name.span, word, false));
        }
        if let Some((_, holds)) = YES_AND_NO.iter().find(|(word, _)| word.eq_ignore_ascii_case(found)) {
            let (en, zh) = if *holds { ("yes", "是") } else { ("no", "否") };
            let word = if found.is_ascii() { self.spelled(en, zh) } else { zh };
            let told =
                Diagnostic::new("E151", name.span).variant("word").arg("found", found).arg("word", word);
            return Some(told.fix("when", name.span, word, true));
        }
        if let Some((_, word)) = TODAY.iter().find(|(other, _)| other.eq_ignore_ascii_case(found)) {
            let told =
                Diagnostic::new("E151", name.span).variant("word").arg("found", found).arg("word", word);
            return Some(told.fix("when", name.span, *word, true));
        }
        if matches!(
            found,
            "more" | "less" | "higher" | "lower" | "above" | "below" | "over" | "under" | "更多" | "更少"
        ) {
            let told = Diagnostic::new("E151", name.span).variant("or_more").arg("found", found);
            return Some(told.help("or_more"));
        }
        if let Some(label) = self.labelled(found, scope) {
            let told = Diagnostic::new("E201", name.span).variant("label").arg("name", found);
            return Some(told.arg("own", &label).fix("label", name.span, in_ticks(&label), true));
        }
        if let Some((own, holds)) = self.negated(found, scope) {
            let own = in_ticks(&own);
            let written = if holds { own.clone() } else { format!("{} {own}", self.spelled("not", "非")) };
            let told =
                Diagnostic::new("E201", name.span).variant("negated").arg("name", found).arg("own", &own);
            return Some(told.arg("written", &written).fix("negated", name.span, written, false));
        }
        let letters = found.chars().take_while(char::is_ascii_uppercase).count();
        let is_number = |rest: &str| !rest.is_empty() && rest.chars().all(|ch| ch.is_ascii_digit());
        let is_cell = (1..=2).contains(&letters) && found.get(letters..).is_some_and(is_number);
        // A grade is called A1, too: where one is near, that is said.
        let is_cell = is_cell && self.nearest_name(name, scope).is_none();
        is_cell.then(|| Diagnostic::new("E150", name.span).variant("cell").arg("found", found).help("cell"))
    }

    /// The one name of the policy, or of the items at hand, whose label is this text.
    pub(super) fn labelled(&self, text: &str, scope: &Scope) -> Option<Str> {
        let names = self.names.get(scope.policy)?;
        let items = scope.item.and_then(|list| names.items.get(&list)).into_iter().flatten();
        let mut found = items.chain(&names.customer).filter(|(_, declared)| {
            self.label_of(declared.entity).is_some_and(|label| &*label.zh == text || &*label.en == text)
        });
        let (name, _) = found.next()?;
        found.next().is_none().then(|| name.clone())
    }

    /// `not_sued`, `未被诉`, `is_sued` where `sued` is a name of yes or no; and whether it says that it holds.
    fn negated(&self, text: &str, scope: &Scope) -> Option<(Str, bool)> {
        const BEFORE: &[(&str, bool)] = &[
            ("not_", false),
            ("non_", false),
            ("no_", false),
            ("un", false),
            ("is_", true),
            ("has_", true),
            ("没有", false),
            ("未", false),
            ("非", false),
            ("不", false),
            ("没", false),
            ("无", false),
            ("已", true),
            ("是", true),
        ];
        let names = self.names.get(scope.policy)?;
        let items = scope.item.and_then(|list| names.items.get(&list));
        BEFORE.iter().find_map(|(before, holds)| {
            let rest = text.strip_prefix(before)?;
            let declared = items.and_then(|items| items.get(rest)).or_else(|| names.customer.get(rest))?;
            self.is_yes_or_no(declared.entity).then(|| (Str::from(rest), *holds))
        })
    }

    fn is_yes_or_no(&self, entity: Entity) -> bool {
        use crate::value::FieldType;
        match entity {
            Entity::Fact(id) => {
                self.program.schema.fields.get(id).is_some_and(|field| field.ty == FieldType::YesNo)
            }
            Entity::Field(list, place) => self.field_type_at(list, place) == Some(Type::YesNo),
            Entity::Value(id) => self.program.values.get(id).is_some_and(|value| value.ty == Type::YesNo),
            Entity::Param(_) | Entity::Series(_) | Entity::Script(_) | Entity::Reference(_) => false,
        }
    }

    fn label_of(&self, entity: Entity) -> Option<hir::Label> {
        match entity {
            Entity::Fact(id) => self.program.schema.fields.get(id).map(|field| field.label.clone()),
            Entity::Field(list, place) => match &self.program.schema.fields.get(list)?.ty {
                crate::value::FieldType::Records(fields) => {
                    fields.get(place as usize).map(|field| field.label.clone())
                }
                _ => None,
            },
            Entity::Param(id) => self.program.params.get(id).map(|param| param.label.clone()),
            Entity::Value(id) => self.program.values.get(id).map(|value| value.label.clone()),
            Entity::Series(_) | Entity::Script(_) | Entity::Reference(_) => None,
        }
    }

    /// `月均销售额的2倍`: the longest known name with which other words are written as one.
    fn name_inside(&self, name: &ast::Name, scope: &Scope) -> Option<Str> {
        let known = self.known_names(scope)?;
        let inside = known
            .filter(|known| known.chars().count() >= 2 && !known.is_ascii() && name.text.contains(known));
        inside.max_by_key(|known| known.len()).map(Str::from)
    }

    fn nearest_name(&self, name: &ast::Name, scope: &Scope) -> Option<Str> {
        nearest(&name.text, self.known_names(scope)?).map(Str::from)
    }

    /// The names that stand for values here.
    fn known_names<'s>(&'s self, scope: &'s Scope) -> Option<impl Iterator<Item = &'s str>> {
        let names = self.names.get(scope.policy)?;
        let items =
            scope.item.and_then(|list| names.items.get(&list)).into_iter().flat_map(|items| items.keys());
        let parameters = scope.parameters.iter().map(|parameter| &parameter.name);
        let lines = scope.lines.iter().map(|line| &line.name);
        Some(parameters.chain(lines).chain(items).chain(names.customer.keys()).map(|name| &**name))
    }

    /// The value that a name stands for.
    pub(super) fn entity(&mut self, entity: Entity, name: &ast::Name, scope: &Scope) -> hir::Expr {
        let span = name.span;
        match entity {
            Entity::Fact(id) => match self.program.schema.fields.get(id) {
                Some(field) => hir::Expr { kind: ExprKind::Fact(id), ty: field.ty.ty(id.0), span },
                None => Self::error(span),
            },
            Entity::Field(list, place) => match self.field_type_at(list, place) {
                Some(ty) if scope.item == Some(list) => {
                    hir::Expr { kind: ExprKind::Field(list, place), ty, span }
                }
                Some(_) => {
                    self.not_here(name, list);
                    Self::error(span)
                }
                None => Self::error(span),
            },
            Entity::Param(id) => match self.program.params.get(id) {
                Some(param) => hir::Expr { kind: ExprKind::Param(id), ty: param.ty.clone(), span },
                None => Self::error(span),
            },
            Entity::Series(id) => self.series(id, span),
            Entity::Reference(id) => self.bare_reference(id, span),
            Entity::Value(id) => self.value(id, name, scope),
            Entity::Script(id) => {
                let script = self.program.scripts.get(id).map(|script| script.name.clone());
                self.report(
                    Diagnostic::new("E220", span)
                        .variant("script")
                        .arg("name", script.unwrap_or_else(|| name.text.clone()))
                        .help("script"),
                );
                Self::error(span)
            }
        }
    }

    /// A value of items is no value of the customer.
    pub(super) fn not_here(&mut self, name: &ast::Name, list: FieldId) {
        let (list, span) = match self.program.schema.fields.get(list) {
            Some(field) => (field.name.clone(), field.span),
            None => return,
        };
        self.report(
            Diagnostic::new("E208", name.span)
                .arg("name", &name.text)
                .arg("list", list)
                .label(span, "list")
                .help("aggregate"),
        );
    }

    /// The main value of a construct.
    fn value(&mut self, id: ValueId, name: &ast::Name, scope: &Scope) -> hir::Expr {
        let span = name.span;
        if let Some(hir::Scope::Items(list)) = self.program.values.get(id).map(|value| value.scope)
            && scope.item != Some(list)
        {
            self.not_here(name, list);
            return Self::error(span);
        }
        if !self.ensure(id, span) {
            return Self::error(span);
        }
        let parameters = self.declarations.get(id).map_or(0, |declaration| declaration.parameters.len());
        if parameters > 0 {
            self.report(
                Diagnostic::new("E220", span).arg("name", &name.text).arg("count", parameters).help("apply"),
            );
            return Self::error(span);
        }
        match self.value_type(id) {
            Some(ty) => hir::Expr { kind: ExprKind::Value(id, Part::Main), ty, span },
            None => {
                self.several_results(id, name);
                Self::error(span)
            }
        }
    }

    /// Says that a table with several results is none of them.
    pub(super) fn several_results(&mut self, id: ValueId, name: &ast::Name) {
        let Some(declaration) = self.declarations.get(id) else { return };
        let Construct::Table(table) = declaration.construct else { return };
        let names: Vec<&Str> =
            table.results.iter().filter_map(|result| result.name.as_ref()).map(|name| &name.text).collect();
        let Some(first) = names.first() else { return };
        let shown: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        self.report(
            Diagnostic::new("E221", name.span)
                .variant("several")
                .arg("name", &name.text)
                .arg("parts", shown.join(", "))
                .arg("first", first)
                .help("part"),
        );
    }
}

pub(super) fn member_expr(kind: EnumId, code: u32, span: Span) -> hir::Expr {
    hir::Expr { kind: ExprKind::Const(Value::Code(code)), ty: Type::Enum(kind), span }
}

/// What people write as the key of the last row, which is for all others.
/// A name as it is written in a policy.
pub(in crate::check) fn in_ticks(name: &str) -> String {
    let mut letters = name.chars();
    let begins = letters.next().is_some_and(|ch| unicode_ident::is_xid_start(ch) || ch == '_');
    if begins && letters.all(unicode_ident::is_xid_continue) { name.to_owned() } else { format!("`{name}`") }
}

/// What a cell without a figure is called in sheets and other languages.
const NOTHING: &[&str] = &[
    "null", "nil", "none", "empty", "blank", "missing", "na", "nan", "无", "空", "空白", "空值", "缺失",
    "没有", "未填", "暂无",
];

/// What the day of the decision is called elsewhere.
const TODAY: &[(&str, &str)] = &[
    ("now", "today"),
    ("today", "today"),
    ("current_date", "today"),
    ("今天", "今日"),
    ("当天", "今日"),
    ("当日", "今日"),
    ("当前日期", "今日"),
    ("现在", "今日"),
];

/// What other languages call yes and no.
const YES_AND_NO: &[(&str, bool)] = &[
    ("true", true),
    ("false", false),
    ("yes", true),
    ("no", false),
    ("Y", true),
    ("N", false),
    ("真", true),
    ("假", false),
    ("有", true),
    ("无", false),
];

/// How the row for all others begins elsewhere.
pub(in crate::check) const FOR_ALL_OTHERS: &[&str] = &[
    "otherwise",
    "else",
    "default",
    "others",
    "other",
    "rest",
    "any_other",
    "其他",
    "其它",
    "其余",
    "否则",
    "默认",
];
