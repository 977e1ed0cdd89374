//! Cases: what is given, and what must come out.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::bodies::is_error;
use super::context::{Checker, Declared, Entity, Expected, Scope, Why};
use super::decisions::path;
use super::hir::{self, DefinitionKind, ExpectTarget, ExpectValue, ExprKind, Given};
use super::uses::day;
use crate::base::{FileId, Span, Str, nearest};
use crate::diag::Diagnostic;
use crate::syntax::keywords::keyword;
use crate::syntax::{ast, parse_datum};
use crate::value::{Cause, Field, FieldId, FieldType, Type, Value};

impl Checker<'_> {
    pub(super) fn cases(&mut self, file: &ast::File, scope: &Scope) -> Vec<hir::Case> {
        let mut cases: Vec<hir::Case> = Vec::new();
        let mut called: BTreeMap<(FileId, Str), Span> = BTreeMap::new();
        // In a case the facts of used policies need no `use` of their names: they are the customer's.
        self.in_case = true;
        let decisions: Vec<Str> = file
            .items
            .iter()
            .filter_map(|item| match &item.kind {
                ast::ItemKind::Decision(decision) => Some(decision.name.text.clone()),
                _ => None,
            })
            .collect();
        for item in &file.items {
            if let ast::ItemKind::Case(case) = &item.kind {
                // Cases of case files stand beside those of the policy: each file has names of its own.
                let name = (case.name.span.file, case.name.value.clone());
                match called.entry(name) {
                    Entry::Occupied(first) => self.report(
                        Diagnostic::new("E702", case.name.span)
                            .variant("case")
                            .arg("name", &case.name.value)
                            .label(*first.get(), "first"),
                    ),
                    Entry::Vacant(free) => {
                        free.insert(case.name.span);
                    }
                }
                let case = self.case(case, &decisions, scope);
                cases.push(case);
            }
        }
        self.in_case = false;
        cases
    }

    fn case(&mut self, case: &ast::Case, decisions: &[Str], scope: &Scope) -> hir::Case {
        let mut made = hir::Case {
            name: case.name.value.clone(),
            as_of: case.as_of.as_ref().and_then(day),
            facts: Vec::new(),
            values: Vec::new(),
            item_values: Vec::new(),
            params: Vec::new(),
            expect: Vec::new(),
            span: case.name.span,
        };
        for given in &case.given {
            self.given(given, scope, &mut made);
        }
        made.expect = case.expect.iter().filter_map(|expect| self.expect(expect, decisions, scope)).collect();
        made
    }

    fn given(&mut self, given: &ast::Given, scope: &Scope, case: &mut hir::Case) {
        if let ast::ExprKind::Last = given.target.kind {
            self.given_last(given, scope, case);
            return;
        }
        let target = self.expr(&given.target, scope, &Expected::Subject);
        if is_error(&target) {
            return;
        }
        let name = path(&given.target);
        match target.kind {
            ExprKind::Fact(id) => self.given_fact(id, &name, &given.value, given.target.span, scope, case),
            ExprKind::Value(id, part) => {
                if let Some((.., first)) =
                    case.values.iter().find(|(other, p, ..)| (*other, *p) == (id, part))
                {
                    let first = *first;
                    self.given_twice(&name, given.target.span, first);
                    return;
                }
                if let Some(value) = self.datum(&given.value, &target.ty, scope) {
                    case.values.push((id, part, Given::Value(value), given.target.span));
                }
            }
            ExprKind::ByDate(id, _) => {
                if let Some(series) = self.program.series.get(id) {
                    let name = series.name.clone();
                    self.report(Diagnostic::new("E505", given.target.span).arg("name", name).help("as_of"));
                }
            }
            ExprKind::Param(id) => {
                if let Some((.., first)) = case.params.iter().find(|(other, ..)| *other == id) {
                    let first = *first;
                    self.given_twice(&name, given.target.span, first);
                    return;
                }
                if let Some(value) = self.datum(&given.value, &target.ty, scope)
                    && self.param_admits(id, &value, given.value.span)
                {
                    case.params.push((id, value, given.target.span));
                }
            }
            _ => self.report(Diagnostic::new("E701", given.target.span).arg("name", name)),
        }
    }

    /// Whether a value lies in the range of a parameter; reported where it does not.
    fn param_admits(&mut self, id: hir::ParamId, value: &Value, span: Span) -> bool {
        let (Some(param), Value::Number(number)) = (self.program.params.get(id), value) else { return true };
        let below = param
            .range
            .from
            .as_ref()
            .is_some_and(|(least, inclusive)| number < least || number == least && !inclusive);
        let above = param
            .range
            .to
            .as_ref()
            .is_some_and(|(greatest, inclusive)| number > greatest || number == greatest && !inclusive);
        if !below && !above {
            return true;
        }
        let report = Diagnostic::new("E228", span)
            .variant(if below { "below" } else { "above" })
            .arg("name", &param.name)
            .label(param.span, "range");
        self.report(report);
        false
    }

    fn given_twice(&mut self, name: &str, span: Span, first: Span) {
        self.report(Diagnostic::new("E702", span).arg("name", name).label(first, "first"));
    }

    fn given_fact(
        &mut self,
        id: FieldId,
        name: &str,
        datum: &ast::Datum,
        span: Span,
        scope: &Scope,
        case: &mut hir::Case,
    ) {
        if let Some((.., first)) = case.facts.iter().find(|(other, ..)| *other == id) {
            let first = *first;
            self.given_twice(name, span, first);
            return;
        }
        let Some(field) = self.field_in_cases(id) else { return };
        let Some(datum) = self.unquoted(datum, &field.ty.ty(id.0)) else { return };
        let datum = &*datum;
        let given = match &field.ty {
            FieldType::Records(fields) => match &datum.kind {
                ast::DatumKind::Unknown => Some(Given::Value(Value::Unknown(Cause::Missing(id.0)))),
                _ => self.records(id, fields, name, datum, scope).map(|(records, computed)| {
                    for (value, item, given, at) in computed {
                        let known = case.item_values.iter_mut().find(|(other, ..)| *other == value);
                        let column = match known {
                            Some((_, _, column, _)) => column,
                            None => {
                                case.item_values.push((value, id, vec![None; records.len()], at));
                                let Some((_, _, column, _)) = case.item_values.last_mut() else { continue };
                                column
                            }
                        };
                        if let Some(slot) = column.get_mut(item) {
                            *slot = Some(given);
                        }
                    }
                    Given::Records(records)
                }),
            },
            _ => self.fitting(&field, id.0, datum, scope).map(Given::Value),
        };
        if let Some(given) = given {
            case.facts.push((id, given, span));
        }
    }

    /// A fact that cases give: most give the same, and a list holds many fields.
    fn field_in_cases(&mut self, id: FieldId) -> Option<Arc<Field>> {
        if let Some(known) = self.fields_in_cases.get(&id) {
            return Some(Arc::clone(known));
        }
        let field = Arc::new(self.program.schema.fields.get(id)?.clone());
        self.fields_in_cases.insert(id, Arc::clone(&field));
        Some(field)
    }

    /// A value of a fact, within its range.
    fn fitting(&mut self, field: &Field, id: u32, datum: &ast::Datum, scope: &Scope) -> Option<Value> {
        let value = self.datum(datum, &field.ty.ty(id), scope)?;
        if let FieldType::List { of, .. } = &field.ty
            && matches!(&value, Value::List(values) if values.iter().any(|value| of.misfit(value).is_some()))
        {
            self.admitted_one(of, &value, datum.span);
            return None;
        }
        if field.misfit(&value).is_some() {
            self.admitted(field, &value, datum.span, &ast::Range::default());
            return None;
        }
        Some(value)
    }

    fn admitted_one(&mut self, of: &Field, value: &Value, span: Span) {
        if let Value::List(values) = value {
            for value in values.iter() {
                self.admitted(of, value, span, &ast::Range::default());
            }
        }
    }

    /// `last { stance strict, on 2026-10-01, collection [ … ] }`
    fn given_last(&mut self, given: &ast::Given, scope: &Scope, case: &mut hir::Case) {
        let Some(value) = self.unquoted(&given.value, &Type::Records(0)) else { return };
        let ast::DatumKind::Record(entries) = &value.kind else {
            if !matches!(value.kind, ast::DatumKind::Unknown) {
                self.report(Diagnostic::new("E703", value.span).variant("last"));
            }
            return;
        };
        for ast::Entry { name, part, value } in entries {
            let mut written = format!("last.{}", name.text);
            let span = part.as_ref().map_or(name.span, |part| name.span.to(part.span));
            let fact = match (part, self.ladder_records(name, scope)) {
                (None, Some(list)) => Some(list),
                (None, None) => as_fact(&self.last_member(name, name.span, scope)),
                (Some(part), _) => {
                    written = format!("{written}.{}", part.text);
                    as_fact(&self.last_since(name, part, span, scope))
                }
            };
            if let Some(fact) = fact {
                self.given_fact(fact, &written, value, span, scope, case);
            }
        }
    }

    /// Notes what a name in a record stands for.
    fn mention_entry(&mut self, list: FieldId, entry: &ast::Name, scope: &Scope) {
        let names = self.names.get(scope.policy);
        let declared = names.and_then(|names| names.items.get(&list)?.get(&entry.text)).copied();
        if let Some(declared) = declared {
            self.mention_declared(entry.span, declared);
        }
    }

    /// The records of the ladder or the checks of this name.
    fn ladder_records(&self, name: &ast::Name, scope: &Scope) -> Option<FieldId> {
        let names = self.names.get(scope.policy)?;
        let items = names.items.values().filter_map(|items| items.get(&name.text));
        names.customer.get(&name.text).into_iter().chain(items).find_map(|declared| match declared.entity {
            Entity::Value(id) => match &self.program.values.get(id)?.kind {
                DefinitionKind::Escalation(ladder) => Some(ladder.last.list),
                DefinitionKind::Checks(checks) => Some(checks.last.list),
                _ => None,
            },
            _ => None,
        })
    }

    /// The records of a list, and the computed values of its items that are given beside their fields.
    fn records(
        &mut self,
        list: FieldId,
        fields: &[Field],
        name: &str,
        datum: &ast::Datum,
        scope: &Scope,
    ) -> Option<(Records, Vec<Computed>)> {
        let mut computed: Vec<Computed> = Vec::new();
        let ast::DatumKind::List(items) = &datum.kind else {
            self.report(Diagnostic::new("E703", datum.span).arg("name", name));
            return None;
        };
        let mut records = Vec::with_capacity(items.len());
        let mut keys: Vec<(Value, Span)> = Vec::new();
        let mut whole_records = true;
        for item in items {
            let ast::DatumKind::Record(entries) = &item.kind else {
                self.report(Diagnostic::new("E703", item.span).arg("name", name));
                whole_records = false;
                continue;
            };
            let mut record: Vec<(u32, Value)> = Vec::new();
            for ast::Entry { name: entry, part, value } in entries {
                let whole = part.as_ref().map(|part| ast::Name {
                    text: Str::from(format!("{}.{}", entry.text, part.text)),
                    span: entry.span.to(part.span),
                });
                let entry = whole.as_ref().unwrap_or(entry);
                let place = fields
                    .iter()
                    .position(|field| field.name == entry.text || field.labels.contains(&entry.text));
                let found = place.and_then(|place| Some((u32::try_from(place).ok()?, fields.get(place)?)));
                self.mention_entry(list, entry, scope);
                let Some((place, field)) = found else {
                    if let Some((id, ty)) = self.computed_of_item(list, entry, scope) {
                        let item = records.len();
                        if computed.iter().any(|(other, at, ..)| (*other, *at) == (id, item)) {
                            let twice = Diagnostic::new("E702", entry.span).variant("field");
                            self.report(twice.arg("name", &entry.text));
                        } else if let Some(value) = self.datum(value, &ty, scope) {
                            computed.push((id, item, value, entry.span));
                        } else {
                            whole_records = false;
                        }
                        continue;
                    }
                    if !self.unresolved_fields.contains(&(list, entry.text.clone())) {
                        self.unknown_field(fields, name, entry);
                    }
                    whole_records = false;
                    continue;
                };
                if record.iter().any(|(other, _)| *other == place) {
                    self.report(
                        Diagnostic::new("E702", entry.span).variant("field").arg("name", &entry.text),
                    );
                    continue;
                }
                let Some(value) = self.fitting(field, 0, value, scope) else {
                    whole_records = false;
                    continue;
                };
                if field.key {
                    match keys.iter().find(|(other, _)| *other == value) {
                        Some((_, first)) => self.report(
                            Diagnostic::new("E703", entry.span).variant("twice").label(*first, "first"),
                        ),
                        None => keys.push((value.clone(), entry.span)),
                    }
                }
                record.push((place, value));
            }
            if let Some(key) = fields.iter().position(|field| field.key)
                && !record.iter().any(|(place, _)| *place as usize == key)
                && whole_records
            {
                let key = fields.get(key).map_or_else(|| Str::from("?"), |field| field.name.clone());
                self.report(Diagnostic::new("E703", item.span).variant("key").arg("key", key));
                whole_records = false;
            }
            records.push(record);
        }
        whole_records.then_some((records, computed))
    }

    /// The value that the policy computes for each item of a list under this name.
    fn computed_of_item(
        &self,
        list: FieldId,
        name: &ast::Name,
        scope: &Scope,
    ) -> Option<(hir::ValueId, Type)> {
        let declared = self.names.get(scope.policy)?.items.get(&list)?.get(&name.text)?;
        let Entity::Value(id) = declared.entity else { return None };
        Some((id, self.value_type(id)?))
    }

    fn unknown_field(&mut self, fields: &[Field], name: &str, entry: &ast::Name) {
        let report =
            Diagnostic::new("E703", entry.span).variant("field").arg("name", name).arg("field", &entry.text);
        let near = nearest(&entry.text, fields.iter().map(|field| &*field.name));
        self.report(match near {
            Some(near) => report.arg("near", near).fix("near", entry.span, near, false),
            None => report,
        });
    }

    /// A value of a type in the data of a case.
    fn datum(&mut self, datum: &ast::Datum, ty: &Type, scope: &Scope) -> Option<Value> {
        let why = Why::plain("given");
        let datum = &*self.unquoted(datum, ty)?;
        match (&datum.kind, ty) {
            (ast::DatumKind::Unknown, _) => Some(Value::Unknown(Cause::Missing(0))),
            (ast::DatumKind::Value(value), _) => self.constant(value, ty, scope, why),
            (ast::DatumKind::List(values), Type::List(of)) => {
                let values: Vec<Option<Value>> =
                    values.iter().map(|value| self.datum(value, of, scope)).collect();
                let values: Option<Vec<Value>> = values.into_iter().collect();
                values.map(|values| Value::List(values.into()))
            }
            (ast::DatumKind::List(values), Type::Set(kind)) => {
                let mut bits = 0u128;
                for value in values {
                    match self.datum(value, &Type::Enum(*kind), scope)? {
                        Value::Code(code) => bits |= 1u128.checked_shl(code).unwrap_or(0),
                        _ => return None,
                    }
                }
                Some(Value::Set(bits))
            }
            (ast::DatumKind::Joint(signers), Type::Enum(kind)) if self.signer_kinds.contains_key(kind) => {
                self.joint(signers, *kind, datum.span)
            }
            (
                ast::DatumKind::List(_)
                | ast::DatumKind::Record(_)
                | ast::DatumKind::Joint(_)
                | ast::DatumKind::Quoted(_),
                _,
            ) => {
                let report = self.with_type(Diagnostic::new("E703", datum.span).variant("value"), "type", ty);
                self.report(report);
                None
            }
        }
    }

    /// A text of a case file as what is asked for: the text itself, the name of a member, or the value written in it.
    fn unquoted<'d>(&mut self, datum: &'d ast::Datum, ty: &Type) -> Option<Cow<'d, ast::Datum>> {
        let ast::DatumKind::Quoted(text) = &datum.kind else { return Some(Cow::Borrowed(datum)) };
        let is =
            |role: &str| keyword(role).is_some_and(|word| [word.en, word.zh].contains(&text.value.trim()));
        let expr = match ty {
            Type::Text => {
                let (kind, written) = (ast::LiteralKind::Text(text.value.clone()), text.value.clone());
                ast::ExprKind::Literal(ast::Literal { kind, written, span: text.span })
            }
            // A member needs no back-ticks in quotation marks.
            Type::Enum(_) if !is("unknown") && !text.value.starts_with('`') => {
                ast::ExprKind::Name(ast::Name { text: Str::from(text.value.trim()), span: text.span })
            }
            // A cell left empty in a spreadsheet: whether nothing is known there, nobody has said.
            _ if text.value.trim().is_empty() => {
                self.report(Diagnostic::new("E706", text.span).variant("empty").help("unknown"));
                return None;
            }
            _ => {
                return match parse_datum(text) {
                    // Only kinds have members; elsewhere a name is no value.
                    Ok(ast::Datum {
                        kind: ast::DatumKind::Value(ast::Expr { kind: ast::ExprKind::Name(_), .. }),
                        ..
                    }) if matches!(ty, Type::YesNo | Type::Number(_) | Type::Date) => {
                        let unread = Diagnostic::new("E706", text.span).arg("written", &text.value);
                        self.report(unread.help("form"));
                        None
                    }
                    Ok(datum) => Some(Cow::Owned(datum)),
                    Err(mistakes) => {
                        mistakes.into_iter().for_each(|mistake| self.report(mistake));
                        None
                    }
                };
            }
        };
        let kind = ast::DatumKind::Value(ast::Expr { kind: expr, span: text.span });
        Some(Cow::Owned(ast::Datum { kind, span: datum.span }))
    }

    fn expect(&mut self, expect: &ast::Expect, decisions: &[Str], scope: &Scope) -> Option<hir::Expect> {
        // A line that could not be read may give the reason, and that is told.
        if let Some(code) = &expect.because
            && !self.codes.contains_key(&code.text)
            && self.lost_lines.is_empty()
        {
            let codes: Vec<Str> = self.codes.keys().cloned().collect();
            let report = Diagnostic::new("E704", code.span).arg("code", &code.text);
            self.report(match nearest(&code.text, codes.iter().map(|code| &**code)) {
                Some(near) => report.arg("near", near).fix("near", code.span, near, false),
                None => report.help("codes"),
            });
            return None;
        }
        self.expected_codes.extend(expect.because.clone());
        let empty = matches!(
            &expect.value,
            ast::ExpectValue::Value(ast::Datum { kind: ast::DatumKind::List(values), .. }) if values.is_empty()
        );
        let target = match &expect.target {
            Some(target) => match self.whole_list(target, scope).filter(|_| empty) {
                Some(value) => {
                    return Some(hir::Expect {
                        target: Some(ExpectTarget { value, item: None }),
                        value: ExpectValue::NoItems,
                        because: expect.because.as_ref().map(|code| code.text.clone()),
                        written: written(expect).into(),
                        span: expect.span,
                    });
                }
                None => Some(self.expect_target(target, scope)?),
            },
            None => None,
        };
        let value = match (&expect.value, &target) {
            (ast::ExpectValue::Value(ast::Datum { kind: ast::DatumKind::Unknown, .. }), _)
            | (ast::ExpectValue::Unknown, _) => ExpectValue::Unknown,
            (ast::ExpectValue::Value(datum), Some(target)) => {
                ExpectValue::Value(self.datum(datum, &target.value.ty.clone(), scope)?)
            }
            (ast::ExpectValue::Value(_), None) | (ast::ExpectValue::Any, _) => ExpectValue::Any,
            (ast::ExpectValue::Withheld, _) => ExpectValue::Withheld,
            (ast::ExpectValue::Decided(name, how), _) => {
                ExpectValue::Decided(self.decision_of(name.as_ref(), expect.span, decisions)?, *how)
            }
            (ast::ExpectValue::Asks(role), _) => ExpectValue::Asks(self.role(role)),
            (ast::ExpectValue::Fault, _) => {
                if !self.can_withhold() {
                    self.report(Diagnostic::new("E708", expect.span).help("always"));
                    return None;
                }
                ExpectValue::Fault
            }
        };
        Some(hir::Expect {
            target,
            value,
            because: expect.because.as_ref().map(|code| code.text.clone()),
            written: written(expect).into(),
            span: expect.span,
        })
    }

    /// The decision that a case means, by its place; reported where there is none, or several and no name.
    fn decision_of(&mut self, name: Option<&ast::Name>, span: Span, decisions: &[Str]) -> Option<usize> {
        let found = match name {
            Some(name) => decisions.iter().position(|known| *known == name.text),
            None => (decisions.len() == 1).then_some(0),
        };
        if found.is_none() {
            let known: Vec<String> = decisions.iter().map(|name| format!("`{name}`")).collect();
            let variant = if decisions.is_empty() { "no_decision" } else { "decision" };
            let report = Diagnostic::new("E701", name.map_or(span, |name| name.span)).variant(variant);
            self.report(report.arg("known", known.join(", ")));
        }
        found
    }

    /// What a case looks at: a value, a part of one, a value of an item (`collection["F-1"].step`,
    /// `invoices["F-1"].days_late`), a table applied (`haircut[property]`).
    fn expect_target(&mut self, target: &ast::Expr, scope: &Scope) -> Option<ExpectTarget> {
        let Some(list) = self.list_of_output(target, scope) else {
            let value = self.expr(target, scope, &Expected::Subject);
            if is_error(&value) {
                return None;
            }
            return Some(ExpectTarget { value, item: None });
        };
        let items = scope.with_item(list, None);
        let (stripped, key) = without_key(target);
        let Some(key) = key else {
            let (list, span) = self.list_name(list);
            self.report(
                Diagnostic::new("E701", target.span)
                    .variant("item")
                    .arg("name", path(target))
                    .arg("keyed", keyed(&path(target)))
                    .arg("list", list)
                    .label(span, "list")
                    .help("item"),
            );
            return None;
        };
        let Some(key_type) = self.key_type(list) else {
            let (list, span) = self.list_name(list);
            self.report(
                Diagnostic::new("E231", key.span)
                    .variant("case")
                    .arg("list", list)
                    .label(span, "list")
                    .help("key"),
            );
            return None;
        };
        let item = self.constant(key, &key_type, scope, Why::plain("item_key"));
        if let ast::ExprKind::Name(name) = &stripped.kind
            && let Some(Declared { entity: Entity::Fact(_), .. }) =
                self.names.get(scope.policy).and_then(|names| names.customer.get(&name.text))
        {
            self.report(
                Diagnostic::new("E701", target.span).variant("whole").arg("name", path(target)).help("part"),
            );
            return None;
        }
        let value = self.expr(&stripped, &items, &Expected::Subject);
        if is_error(&value) {
            return None;
        }
        Some(ExpectTarget { value, item: Some(item?) })
    }

    /// Whether something could withhold a decision: a clause that must always hold, decisions of persons that could
    /// contradict each other.
    fn can_withhold(&self) -> bool {
        let judged = |value: &hir::Definition| matches!(value.kind, DefinitionKind::Judgement(_));
        self.has_always
            || !self.program.overrides.is_empty()
            || self.program.values.iter().any(judged)
            || self.program.policies.iter().any(|policy| !policy.always.is_empty())
    }

    /// A value of items named without an item, as in `collection []`: none of its items.
    fn whole_list(&mut self, target: &ast::Expr, scope: &Scope) -> Option<hir::Expr> {
        let ast::ExprKind::Name(_) = target.kind else { return None };
        let list = self.list_of_output(target, scope)?;
        let value = self.expr(target, &scope.with_item(list, None), &Expected::Subject);
        matches!(value.kind, ExprKind::Value(..)).then_some(value)
    }

    fn list_name(&self, list: FieldId) -> (Str, Span) {
        match self.program.schema.fields.get(list) {
            Some(field) => (field.name.clone(), field.span),
            None => (Str::from("?"), Span::new(crate::base::FileId(0), 0, 0)),
        }
    }

    fn key_type(&self, list: FieldId) -> Option<Type> {
        match &self.program.schema.fields.get(list)?.ty {
            FieldType::Records(fields) => {
                fields.iter().find(|field| field.key).map(|field| field.ty.ty(list.0))
            }
            _ => None,
        }
    }
}

/// Records as a case gives them, each by the places of its fields.
type Records = Vec<Vec<(u32, Value)>>;

/// A computed value of an item that a case gives: which, the item by its place, the value, where it is written.
type Computed = (hir::ValueId, usize, Value, Span);

/// A path with the place where the key of its item belongs: `collection["…"].step`.
fn keyed(path: &str) -> String {
    match path.split_once('.') {
        Some((whole, part)) => format!("{whole}[\"…\"].{part}"),
        None => format!("{path}[\"…\"]"),
    }
}

/// A target without the key of its item, and the key.
fn without_key(target: &ast::Expr) -> (ast::Expr, Option<&ast::Expr>) {
    match &target.kind {
        ast::ExprKind::Apply(of, arguments) => ((**of).clone(), arguments.first()),
        ast::ExprKind::Member(of, name) => {
            let (of, key) = without_key(of);
            let kind = ast::ExprKind::Member(Box::new(of), name.clone());
            (ast::Expr { kind, span: target.span }, key)
        }
        _ => (target.clone(), None),
    }
}

/// What is expected, as it is written: for the report of a failure.
fn written(expect: &ast::Expect) -> String {
    let mut words: Vec<String> = Vec::new();
    words.extend(expect.target.as_ref().map(path));
    match &expect.value {
        ast::ExpectValue::Value(value) => words.push(datum_text(value)),
        ast::ExpectValue::Unknown => words.push("unknown".to_owned()),
        ast::ExpectValue::Withheld => words.push("withheld".to_owned()),
        ast::ExpectValue::Fault => words.push("fault".to_owned()),
        ast::ExpectValue::Asks(role) => words.push(format!("asks {}", role.text)),
        ast::ExpectValue::Decided(name, how) => {
            words.push("decision".to_owned());
            words.extend(name.as_ref().map(|name| name.text.to_string()));
            words.push(how.role().to_owned());
        }
        ast::ExpectValue::Any => {}
    }
    if let Some(code) = &expect.because {
        words.push(format!("because {}", code.text));
    }
    words.join(" ")
}

fn datum_text(datum: &ast::Datum) -> String {
    match &datum.kind {
        ast::DatumKind::Value(value) => path(value),
        ast::DatumKind::List(values) => {
            let values: Vec<String> = values.iter().map(datum_text).collect();
            format!("[{}]", values.join(", "))
        }
        ast::DatumKind::Record(entries) => {
            let entries: Vec<String> = entries.iter().map(entry_text).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        ast::DatumKind::Joint(signers) => signers_text(signers),
        ast::DatumKind::Quoted(text) => text.value.trim().to_owned(),
        ast::DatumKind::Unknown => "unknown".to_owned(),
    }
}

fn signers_text(signers: &ast::Signers) -> String {
    let joined = |parts: &[ast::Signers], by: &str| {
        let part = |part: &ast::Signers| match part.kind {
            ast::SignersKind::And(_) | ast::SignersKind::Or(_) => format!("({})", signers_text(part)),
            _ => signers_text(part),
        };
        parts.iter().map(part).collect::<Vec<_>>().join(by)
    };
    match &signers.kind {
        ast::SignersKind::Role { role, exactly: None } => role.text.to_string(),
        ast::SignersKind::Role { role, exactly: Some(_) } => format!("exactly {}", role.text),
        ast::SignersKind::And(parts) => joined(parts, " and "),
        ast::SignersKind::Or(parts) => joined(parts, " or "),
        ast::SignersKind::Nobody => "nobody".to_owned(),
        ast::SignersKind::Error => "?".to_owned(),
    }
}

fn entry_text(entry: &ast::Entry) -> String {
    let part = entry.part.as_ref().map(|part| format!(".{}", part.text)).unwrap_or_default();
    format!("{}{part} {}", entry.name.text, datum_text(&entry.value))
}

fn as_fact(expr: &hir::Expr) -> Option<FieldId> {
    match expr.kind {
        ExprKind::Fact(id) => Some(id),
        _ => None,
    }
}
